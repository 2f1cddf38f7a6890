"""The store of clips: nothing lost, nothing twice, readable by anyone."""

import json
import os
import subprocess
import sys
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from stickgen.core import physics
from stickgen.core.errors import DataError, OutputError, PluginError, SourceError, UsageError
from stickgen.core.storage import ClipStore
from stickgen.core.storage.clips import STORE_VERSION
from stickgen.core.types import CameraTrack, Clip, Motion

pa = pytest.importorskip("pyarrow", reason="needs pyarrow: pip install stickgen-core[store]")
pq = pytest.importorskip("pyarrow.parquet", reason="needs pyarrow")


def clip(figure, clip_id, frames=6, **fields):
    return Clip(Motion.from_joints(figure.walk(frames)), clip_id, **fields)


def rich(figure, clip_id="rich"):
    joints = np.stack([figure.walk(9), figure.walk(9) + np.array([1, 0, 1])], axis=1)
    present = np.ones((9, 2), bool)
    present[:4, 1] = False
    joints[~present] = 0
    motion = Motion.from_joints(
        joints,
        fps=29.97,
        present=present,
        actions=np.full((9, 2), 41),
        overlay=np.full((9, 2), 5),
        face=np.full((9, 2, 7), 0.25),
    )
    camera = CameraTrack(np.full((9, 3), 1.5), np.zeros((9, 3)), np.full(9, 30.0), np.arange(9.0))
    return Clip(
        motion,
        clip_id,
        texts=("Two people laugh.", "Zwei lachen, ü"),
        source="test",
        licence="CC0-1.0",
        recording_id="r1",
        subject="s1",
        parent_id="parent",
        split="train",
        camera=camera,
        meta={"quality": {"score": 0.5}, "tags": ["a"], "n": np.int64(3)},
    )


def fill(store, figure, keys, **options):
    with store.writer(**options) as writer:
        for key in keys:
            writer.add(key, [clip(figure, f"{key}-{i}") for i in range(2)])


def same(a, b):
    np.testing.assert_array_equal(a.motion.frames, b.motion.frames)
    np.testing.assert_array_equal(a.motion.present, b.motion.present)
    np.testing.assert_array_equal(a.motion.actions, b.motion.actions)
    np.testing.assert_array_equal(a.motion.overlay, b.motion.overlay)
    for name in ("depth", "face"):
        x, y = getattr(a.motion, name), getattr(b.motion, name)
        assert (x is None) == (y is None)
        if x is not None:
            np.testing.assert_array_equal(x, y)
    assert a.motion.fps == b.motion.fps


# -- reading and writing -------------------------------------------------------------------------


def test_a_clip_comes_back_with_all_it_had(figure, tmp_path):
    store = ClipStore(tmp_path / "s")
    clips = [rich(figure), clip(figure, "bare")]
    flat = Motion.from_joints(figure.walk(3)[..., :2])
    with store.writer() as writer:
        assert writer.add("one", clips) is True
        assert writer.add("two", [Clip(flat, "flat")]) is True
    assert len(store) == 3
    assert store.clip_ids() == ("rich", "bare", "flat")
    for before, after in zip([*clips, Clip(flat, "flat")], store, strict=True):
        same(before, after)
    back = store.clip("rich")
    for name in ("texts", "source", "licence", "recording_id", "subject", "parent_id", "split"):
        assert getattr(back, name) == getattr(clips[0], name)
    assert back.meta == {"quality": {"score": 0.5}, "tags": ["a"], "n": 3}
    np.testing.assert_array_equal(back.camera.position, clips[0].camera.position)
    np.testing.assert_array_equal(back.camera.roll, clips[0].camera.roll)
    bare = store.clip("bare")
    assert (bare.parent_id, bare.split, bare.camera, dict(bare.meta)) == (None, None, None, {})
    with pytest.raises(DataError, match="holds no clip 'other'"):
        store.clip("other")
    assert repr(store) == f"ClipStore({str(tmp_path / 's')!r})"


@given(
    joints=arrays(np.float32, (4, 2, 16, 3), elements=st.floats(-100, 100, width=32)),
    fps=st.floats(1, 240),
    text=st.text(max_size=20),
    deep=st.booleans(),
)
@settings(max_examples=20, deadline=None)
def test_any_clip_survives_bit_by_bit(tmp_path_factory, joints, fps, text, deep):
    motion = Motion.from_joints(joints if deep else joints[..., :2], fps=fps)
    store = ClipStore(tmp_path_factory.mktemp("s"))
    before = Clip(motion, text or "x", texts=(text,), meta={"text": text})
    with store.writer() as writer:
        writer.add("k", [before])
    (after,) = store
    same(before, after)
    assert (after.clip_id, after.texts, after.meta) == (before.clip_id, before.texts, before.meta)


def test_others_can_read_it_without_us(figure, tmp_path):
    with ClipStore(tmp_path).writer() as writer:
        writer.add("k", [rich(figure)])
    table = pq.read_table(tmp_path)
    row = table.to_pylist()[0]
    shape = (row["n_frames"], row["n_actors"])
    motion = rich(figure).motion
    np.testing.assert_array_equal(np.reshape(row["motion"], (*shape, 48)), motion.frames)
    np.testing.assert_array_equal(np.reshape(row["depth"], (*shape, 16)), motion.depth)
    np.testing.assert_array_equal(np.reshape(row["physics"], (*shape, 6)), physics.features(motion))
    assert np.reshape(row["camera"], (9, 8))[:, 6].tolist() == [30.0] * 9
    assert np.shape(row["face"]) == (9 * 2 * 7,)
    assert json.loads(row["meta"])["n"] == 3
    metadata = pq.read_schema(tmp_path / "shard-000000.parquet").metadata
    assert metadata[b"stickgen.store_version"] == str(STORE_VERSION).encode()


def test_iteration_reads_one_group_at_a_time(figure, tmp_path):
    store = ClipStore(tmp_path)
    with store.writer(shard_clips=80) as writer:
        for k in range(50):
            writer.add(f"k{k}", [clip(figure, f"k{k}-{i}", 2) for i in range(2)])
    assert len(store.shards) == 2
    file = pq.ParquetFile(store.shards[0])
    assert [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)] == [32, 32, 16]
    walker = iter(store)
    assert next(walker).clip_id == "k0-0"
    assert len(list(walker)) == 99
    assert store.clip("k39-1").clip_id == "k39-1"  # the last row of the last group
    assert store.clip("k40-0").clip_id == "k40-0"


# -- writing again -------------------------------------------------------------------------------


def test_a_store_is_not_overwritten_unless_asked(figure, tmp_path):
    store = ClipStore(tmp_path / "s")
    fill(store, figure, ["a", "b"])
    with pytest.raises(OutputError, match=r"holds a clip store already; give --resume to continue"):
        fill(store, figure, ["c"])
    assert store.finished() == {"a", "b"}
    fill(store, figure, ["c"], force=True)
    assert store.finished() == {"c"}
    assert store.clip_ids() == ("c-0", "c-1")


def test_resuming_adds_what_is_missing(figure, tmp_path):
    store = ClipStore(tmp_path)
    fill(store, figure, ["a", "b"])
    with store.writer(resume=True) as writer:
        assert writer.finished == {"a", "b"}
        assert writer.add("a", [clip(figure, "new")]) is False
        assert writer.add("empty", []) is True
        assert writer.add("c", [clip(figure, "c-0")]) is True
        assert writer.finished == {"a", "b", "c", "empty"}
        with pytest.raises(DataError, match=r"has a clip 'a-1' already \(adding d\)"):
            writer.add("d", [clip(figure, "a-1")])
        with pytest.raises(DataError, match="has a clip 'e' already"):
            writer.add("e", [clip(figure, "e"), clip(figure, "e")])
    assert store.finished() == {"a", "b", "c", "empty"}
    assert store.clip_ids() == ("a-0", "a-1", "b-0", "b-1", "c-0")
    fill(store, figure, ["a", "c"], resume=True)
    assert len(store.shards) == 2


def test_a_store_of_nothing_but_refused_files_remembers_them(tmp_path):
    store = ClipStore(tmp_path)
    with store.writer() as writer:
        writer.add("bad.bvh", [])
    assert (len(store), store.clip_ids(), list(store)) == (0, (), [])
    assert store.finished() == {"bad.bvh"}


def test_a_key_is_never_split(figure, tmp_path):
    store = ClipStore(tmp_path)
    with store.writer(shard_clips=3) as writer:
        writer.add("a", [clip(figure, f"a{i}", 2) for i in range(2)])
        writer.add("b", [clip(figure, f"b{i}", 2) for i in range(10)])
        assert [pq.read_metadata(shard).num_rows for shard in store.shards] == [12]
        writer.add("c", [clip(figure, "c")])
    assert [pq.read_metadata(shard).num_rows for shard in store.shards] == [12, 1]


def test_what_is_complete_is_kept_when_the_run_is_interrupted(figure, tmp_path):
    store = ClipStore(tmp_path)

    def run():
        with store.writer() as writer:
            writer.add("a", [clip(figure, "a")])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run()
    assert store.finished() == {"a"}
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["shard-000000.parquet"]


def test_a_clip_that_cannot_be_stored_leaves_its_key_out(figure, tmp_path):
    store = ClipStore(tmp_path)
    with store.writer() as writer:
        writer.add("a", [clip(figure, "a")])
        with pytest.raises(DataError, match=r"clip 'bad' cannot be stored: meta\.x: nan is not"):
            writer.add("b", [clip(figure, "b"), clip(figure, "bad", meta={"x": float("nan")})])
        assert writer.finished == {"a"}
    assert store.clip_ids() == ("a",)


def test_there_is_one_writer_at_a_time(figure, tmp_path):
    store = ClipStore(tmp_path)
    with store.writer() as writer:
        writer.add("a", [])
        with pytest.raises(OutputError, match="another process is writing the clip store"):
            store.writer(resume=True).__enter__()
    assert not (tmp_path / ".writer.lock").exists()
    with pytest.raises(UsageError, match="inside its with statement"):
        writer.add("b", [])
    with pytest.raises(UsageError, match="shard_clips is 0"):
        store.writer(shard_clips=0)


def test_a_lock_that_is_removed_while_it_is_taken_does_not_count(tmp_path, monkeypatch):
    monkeypatch.setattr("os.path.samestat", lambda one, other: False)
    with pytest.raises(OutputError, match="another process is writing the clip store"):
        ClipStore(tmp_path).writer().__enter__()


def test_the_index_sees_shards_that_come_later(figure, tmp_path):
    reader = ClipStore(tmp_path)
    fill(ClipStore(tmp_path), figure, ["a"])
    assert reader.clip_ids() == ("a-0", "a-1")
    fill(ClipStore(tmp_path), figure, ["b"], resume=True)
    assert reader.clip("b-1").clip_id == "b-1"


WORKER = """
import os, signal, sys
from pathlib import Path
import numpy as np
from stickgen.core.storage import ClipStore
from stickgen.core.types import Clip, Motion

folder, moment = sys.argv[1:]
replace, done = Path.replace, []

def die():
    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))

def fatal(self, target):
    done.append(target)
    if moment == "before" and len(done) == 3:
        die()
    replace(self, target)
    if moment == "after" and len(done) == 3:
        die()

Path.replace = fatal
motion = Motion.from_joints(np.random.default_rng(0).normal(size=(40, 16, 3)))
with ClipStore(folder).writer(resume=True, shard_clips=4) as writer:
    print("ready", flush=True)
    for k in range(40):
        key = f"file{k:02}"
        if key not in writer.finished:
            writer.add(key, [Clip(motion, f"{key}-{i}") for i in range(3)])
"""


def work(folder, moment="never"):
    """Start a process that fills the store in *folder* and kills itself at *moment*."""
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(folder), moment], stdout=subprocess.PIPE, text=True
    )
    with worker.stdout:
        assert worker.stdout.readline() == "ready\n"
    return worker


def test_a_killed_writer_loses_at_most_a_shard_and_duplicates_nothing(tmp_path):
    """Killed around its third rename and at any time, restarted each time, then left to finish."""
    store = ClipStore(tmp_path)
    keys = 0
    for moment, shards in (("before", 2), ("after", 3), ("before", 2), ("any", 0)):
        worker = work(tmp_path, moment)
        if moment == "any":
            time.sleep(0.02)
            worker.kill()
        assert worker.wait(60) != 0
        ids = store.clip_ids()
        assert len(ids) == len(set(ids)) == sum(1 for _ in store)
        # Whole keys only, and all that the finished shards hold is there.
        assert sorted(ids) == sorted(f"{key}-{i}" for key in store.finished() for i in range(3))
        assert len(store.finished()) >= keys + 2 * shards
        keys = len(store.finished())
    (tmp_path / ".shard-000099.parquet").write_bytes(b"half a shard")
    assert work(tmp_path).wait(60) == 0
    assert store.finished() == {f"file{k:02}" for k in range(40)}
    assert len(store.clip_ids()) == len(set(store.clip_ids())) == len(store) == 120
    assert all(entry.name.startswith("shard-") for entry in tmp_path.iterdir())


# -- trouble -------------------------------------------------------------------------------------


def test_a_place_that_cannot_be_written_is_an_output_error(figure, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match=r"the clip store .* cannot be written: "):
        fill(ClipStore(tmp_path / "file" / "s"), figure, ["a"])

    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    store = ClipStore(tmp_path / "s")
    monkeypatch.setattr(pq, "write_table", full)
    with pytest.raises(OutputError, match="cannot be written: no space left on device"):
        fill(store, figure, ["a"])
    assert list(store.path.iterdir()) == []
    monkeypatch.setattr(pq, "write_table", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        fill(store, figure, ["a"])
    monkeypatch.undo()
    fill(store, figure, ["a"])
    monkeypatch.setattr(type(tmp_path), "unlink", full)
    with pytest.raises(OutputError, match="no space left on device"):
        fill(store, figure, ["a"], force=True)


def test_a_folder_that_is_no_store_is_refused(tmp_path):
    with pytest.raises(SourceError, match="there is no such store"):
        len(ClipStore(tmp_path / "none"))
    with pytest.raises(SourceError, match=r"not a clip store: it has no shard-\*\.parquet"):
        list(ClipStore(tmp_path))
    assert ClipStore(tmp_path).finished() == frozenset()
    pq.write_table(pa.table({"x": [1]}), tmp_path / "shard-000000.parquet")
    with pytest.raises(SourceError, match=r"no clip shard: no stickgen\.store_version"):
        ClipStore(tmp_path).clip_ids()


@pytest.mark.parametrize("data", [b"", b"PAR1", b"noise" * 100, b"PAR1" + b"\xff" * 100 + b"PAR1"])
def test_a_damaged_shard_is_named(figure, tmp_path, data):
    store = ClipStore(tmp_path)
    fill(store, figure, ["a"])
    (tmp_path / "shard-000001.parquet").write_bytes(data)
    for use in (len, list, ClipStore.clip_ids, ClipStore.finished):
        with pytest.raises(SourceError, match=r"shard-000001\.parquet: the shard is damaged") as e:
            use(store)
        assert "\n" not in str(e.value)
    with pytest.raises(SourceError, match="the shard is damaged"):
        fill(store, figure, ["b"], resume=True)
    assert not (tmp_path / ".writer.lock").exists()


def test_a_shard_with_a_hole_is_named_when_it_is_read(figure, tmp_path):
    store = ClipStore(tmp_path)
    fill(store, figure, ["a"])
    data = bytearray(store.shards[0].read_bytes())
    data[40 : len(data) // 2] = os.urandom(len(data) // 2 - 40)
    store.shards[0].write_bytes(data)
    with pytest.raises(SourceError, match="shard-000000"):
        list(store)


def rewrite(store, change, metadata=None):
    """Replace the first shard of *store* by ``change(table)``."""
    path = store.shards[0]
    table = pq.read_table(path)
    kept = dict(table.schema.metadata) | (metadata or {})
    pq.write_table(change(table).replace_schema_metadata(kept), path)


def test_a_newer_store_is_refused_and_an_older_one_is_read(figure, tmp_path):
    store = ClipStore(tmp_path)
    fill(store, figure, ["a"])
    newer = {b"stickgen.store_version": str(STORE_VERSION + 1).encode()}
    rewrite(store, lambda table: table, newer)
    with pytest.raises(SourceError, match=r"store_version 2 is newer than 1.*; upgrade stickgen"):
        len(store)
    optional = ["overlay", "face", "camera", "present", "split", "parent_id", "texts", "subject"]
    older = {b"stickgen.store_version": b"0"}
    rewrite(store, lambda table: table.drop_columns(optional), older)
    old = store.clip("a-1")
    assert (old.texts, old.subject, old.split, old.camera) == ((), "", None, None)
    assert (old.motion.overlay == -1).all()
    same(clip(figure, "x"), old)
    rewrite(store, lambda table: table, {b"stickgen.vocabulary_version": b"99"})
    with pytest.raises(SourceError, match="vocabulary_version 99 is newer than 1"):
        len(store)


def put(table, name, values):
    at = table.column_names.index(name)
    field = table.schema.field(name).with_nullable(True)
    return table.set_column(at, field, pa.array(values, field.type))


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("motion", [0.0] * 7, r"motion has 7 numbers, expected \[6, 1, 48\]"),
        ("motion", None, "column 'motion' is missing"),
        ("motion", [float("nan")] * 288, "motion frames is not finite at frame 0"),
        ("depth", [0.0], "depth has 1 numbers"),
        ("fps", -1.0, "motion has fps -1.0"),
        ("fps", None, "column 'fps' is missing"),
        ("n_frames", 0, r"motion has 288 numbers, expected \[0, 1, 48\]"),
        ("actions", [99] * 6, "motion actions holds 99 at frame 0, actor 0"),
        ("meta", "{", "Expecting property name"),
    ],
)
def test_a_bad_row_is_named(figure, tmp_path, name, value, message):
    store = ClipStore(tmp_path)
    with store.writer() as writer:
        writer.add("a", [clip(figure, "a-0"), clip(figure, "a-1")])
    rewrite(store, lambda t: put(t, name, [t.column(name)[0].as_py(), value]))
    walker = iter(store)
    same(next(walker), clip(figure, "a-0"))
    with pytest.raises(SourceError, match=message) as caught:
        next(walker)
    assert "shard-000000.parquet, clip 'a-1': " in str(caught.value)


def test_a_row_without_its_columns_is_named(figure, tmp_path):
    store = ClipStore(tmp_path)
    fill(store, figure, ["a"])
    rewrite(store, lambda table: table.drop_columns(["n_frames"]))
    with pytest.raises(SourceError, match="column 'n_frames' is missing"):
        list(store)


def test_damaged_keys_and_vanishing_rows_are_named(figure, tmp_path):
    store = ClipStore(tmp_path)
    fill(store, figure, ["a"])
    ids = store.clip_ids()
    rewrite(store, lambda table: table.slice(0, 1), {b"stickgen.keys": b"[1"})
    with pytest.raises(SourceError, match="the list of keys in the file metadata is damaged"):
        store.finished()
    with pytest.raises(SourceError, match="clip 'a-1' is gone; the store changed while"):
        store.clip(ids[1])


def test_without_pyarrow_one_sentence_says_what_to_install(figure, tmp_path, monkeypatch):
    store = ClipStore(tmp_path)
    fill(store, figure, ["a"])
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    for use in (len, list, lambda s: s.writer(resume=True).__enter__()):
        with pytest.raises(PluginError, match=r'pip install "stickgen\[store\]"'):
            use(store)


def test_a_foreign_name_does_not_upset_the_numbering(figure, tmp_path):
    store = ClipStore(tmp_path)
    fill(store, figure, ["a"])
    store.shards[0].rename(tmp_path / "shard-merged.parquet")
    fill(store, figure, ["b"], resume=True)
    assert sorted(s.name for s in store.shards) == ["shard-000000.parquet", "shard-merged.parquet"]
    assert store.finished() == {"a", "b"}
