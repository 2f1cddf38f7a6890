"""The whole run: deterministic, resumable after a kill, valid, and honest about what it refused."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from stickgen.core import ops, validator
from stickgen.core.actions import ACTIONS, action
from stickgen.core.errors import OutputError, PluginError, UsageError
from stickgen.core.registries import generators
from stickgen.core.storage import ClipStore
from stickgen.core.testing.figures import StillGenerator
from stickgen.core.types import ActorState, Beat, Clip, Motion
from stickgen.datasets.synth.command import synth
from stickgen.datasets.synth.production import MOST_DRAWS, Composer, Recipe, synthesise
from stickgen.datasets.synth.repertoire import repertoire

FEW = ("nod", "bow", "walk", "clap")

pytestmark = pytest.mark.skipif(
    "procedural" not in generators, reason="stickgen-procedural is not installed"
)


def same(a: Clip, b: Clip) -> bool:
    tracks = ("frames", "depth", "present", "actions", "overlay")
    facts = ("clip_id", "texts", "source", "licence", "recording_id", "split")
    return (
        all(np.array_equal(getattr(a.motion, t), getattr(b.motion, t)) for t in tracks)
        and all(getattr(a, f) == getattr(b, f) for f in facts)
        and json.dumps(a.meta, sort_keys=True) == json.dumps(b.meta, sort_keys=True)
    )


def stores_equal(a: Path, b: Path) -> bool:
    left, right = list(ClipStore(a)), list(ClipStore(b))
    return len(left) == len(right) and all(map(same, left, right))


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store as a converter leaves it: people of another size, walking, waving, running."""
    folder = tmp_path_factory.mktemp("mocap")
    maker = generators.create("procedural")
    clips = []
    for i, (name, text, licence) in enumerate(
        [
            ("walk", "A person walks over to the window.", "CC0-1.0"),
            ("walk", "walk", "CC0-1.0"),
            ("wave", "A person waves with the left hand.", "CC-BY-4.0"),
            ("run", "A man runs.", "CC-BY-4.0"),
            ("idle", "something nobody knows", "CC0-1.0"),
            ("drinking", "A person drinks.", "Terms of the Lab"),
        ]
    ):
        beat = Beat((0,), name, seconds=4.0)
        motion = maker.generate(beat, [ActorState(height=1.8)], np.random.default_rng(i))
        row = np.full((motion.n_frames, 1), action(name).index)
        motion = Motion(motion.frames, depth=motion.depth, actions=row)
        clips.append(Clip(motion, f"lab/{i}", (text,), "lab", licence, recording_id=f"take-{i}"))
    with ClipStore(folder / "store").writer() as writer:
        writer.add("lab", clips)
    return folder / "store"


# -- what is made --------------------------------------------------------------------------------


def test_clips_are_valid_labelled_and_of_every_action() -> None:
    composer = Composer(Recipe(seed=5))
    actions = composer.actions
    rejected, shown = [], set()
    for index in range(len(actions)):
        clip, refused = composer.clip(index)
        rejected += refused
        assert clip is not None
        assert clip.source == "synth"
        assert clip.licence == "MIT"
        assert validator.check(clip.motion).ok
        assert clip.motion.depth is not None
        assert 1.0 <= clip.motion.seconds <= 15.0
        first = clip.motion.joints[0, 0]
        np.testing.assert_allclose(first[0, [0, 2]], 0.0, atol=1e-4)
        assert abs(float(ops.heading(first[None])[0])) < 1e-3
        assert 1 <= len(clip.texts) <= 4
        used = set(np.unique(clip.motion.actions)) | set(np.unique(clip.motion.overlay))
        shown |= used
        assert action(composer.action(index)).index in used
    assert {action(name).index for name in actions} <= shown
    assert len(rejected) <= 0.1 * len(actions), [(r.action, r.rule) for r in rejected]


def test_real_clips_become_parts_with_their_licences(recordings: Path) -> None:
    composer = Composer(Recipe(seed=1, stores=(recordings,), real=1.0))
    assert {part.clip_id for part in composer.parts.all} == {
        "lab/0", "lab/1", "lab/2", "lab/3", "lab/5",
    }  # fmt: skip
    composed: list[Clip] = []
    for index in range(70):
        clip, _ = composer.clip(index)
        assert clip is not None
        assert (clip.source == "composed") == ("parts" in clip.meta)
        if clip.source == "composed":
            composed.append(clip)
    assert len(composed) > 12
    assert {clip.meta["kind"] for clip in composed} >= {"sequence", "overlay"}
    for clip in composed:
        licences = {part["licence"] for part in clip.meta["parts"]}
        assert licences <= set(clip.meta["licences"])
        assert all(licence in clip.licence for licence in licences)
        assert set(clip.meta["licences"]) - licences <= {"MIT"}
        assert (clip.meta["generator"] is not None) == ("MIT" in clip.meta["licences"])
        assert clip.recording_id in {part["recording_id"] for part in clip.meta["parts"]}
        assert validator.check(clip.motion).ok
        lengths = ops.bone_lengths(clip.motion)
        assert np.abs(lengths / np.median(lengths, axis=0) - 1.0).max() < 0.001
    assert any("window" in text for clip in composed for text in clip.texts)


def test_a_clip_depends_on_nothing_but_seed_and_index(recordings: Path) -> None:
    recipe = Recipe(seed=11, stores=(recordings,))
    forward, other = Composer(recipe), Composer(recipe)
    first = {i: forward.clip(i)[0] for i in range(12)}
    for i in (7, 3, 11):
        again = other.clip(i)[0]
        assert again is not None
        assert first[i] is not None
        assert same(first[i], again)  # type: ignore[arg-type]
    changed = Composer(Recipe(seed=12, stores=(recordings,)))
    assert sum(same(first[i], changed.clip(i)[0]) for i in first) == 0  # type: ignore[arg-type]


def test_the_number_of_workers_changes_nothing(tmp_path: Path, recordings: Path) -> None:
    recipe = Recipe(seed=3, actions=FEW, stores=(recordings,))
    one = synthesise(recipe, tmp_path / "one", 24, jobs=1)
    two = synthesise(recipe, tmp_path / "two", 24, jobs=2)
    assert one.clips == two.clips == 24
    assert stores_equal(tmp_path / "one", tmp_path / "two")


# -- kill and resume -----------------------------------------------------------------------------

SCRIPT = """
import sys
from pathlib import Path
from stickgen.datasets.synth.production import Recipe, synthesise
if __name__ == "__main__":
    synthesise(Recipe(seed=3, actions=("nod", "bow", "walk", "clap")), Path(sys.argv[1]), 60,
               jobs=int(sys.argv[2]), shard_clips=8)
"""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store that the script makes if nobody stops it."""
    store = tmp_path_factory.mktemp("whole") / "store"
    synthesise(Recipe(seed=3, actions=FEW), store, 60, shard_clips=8)
    return store


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.skipif(sys.platform == "win32", reason="platform: no SIGKILL")
def test_a_killed_run_is_continued_without_loss_or_duplicates(
    tmp_path: Path, whole: Path, jobs: int
) -> None:
    script, store = tmp_path / "run.py", tmp_path / "killed"
    script.write_text(SCRIPT)
    process = subprocess.Popen(
        [sys.executable, str(script), str(store), str(jobs)], start_new_session=True
    )
    deadline = time.monotonic() + 600
    while len(ClipStore(store).shards) < 2 and time.monotonic() < deadline:
        assert process.poll() is None, "it ended before it could be killed"
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    left = len(ClipStore(store))
    assert 0 < left < 60
    recipe = Recipe(seed=3, actions=FEW)
    summary = synthesise(recipe, store, 60, resume=True, shard_clips=8)
    assert summary.done_before == left
    assert summary.clips == 60 - left
    ids = ClipStore(store).clip_ids()
    assert ids == tuple(f"synth/3/{i:06d}" for i in range(60))
    assert stores_equal(store, whole)


def test_a_finished_store_can_grow(tmp_path: Path) -> None:
    recipe = Recipe(seed=2, actions=FEW)
    synthesise(recipe, tmp_path / "a", 6)
    summary = synthesise(recipe, tmp_path / "a", 10, resume=True)
    assert (summary.done_before, summary.clips) == (6, 4)
    synthesise(recipe, tmp_path / "b", 10)
    assert stores_equal(tmp_path / "a", tmp_path / "b")


def test_a_store_of_another_recipe_is_not_continued(tmp_path: Path) -> None:
    synthesise(Recipe(seed=2, actions=FEW), tmp_path / "a", 3)
    before = [path.read_bytes() for path in ClipStore(tmp_path / "a").shards]
    with pytest.raises(UsageError, match="another recipe"):
        synthesise(Recipe(seed=4, actions=FEW), tmp_path / "a", 3, resume=True)
    with pytest.raises(OutputError):
        synthesise(Recipe(seed=2, actions=FEW), tmp_path / "a", 3)
    with pytest.raises(UsageError, match="made of itself"):
        synthesise(Recipe(stores=(tmp_path / "a",)), tmp_path / "a", 3, force=True)
    assert before == [path.read_bytes() for path in ClipStore(tmp_path / "a").shards]


# -- other generators ----------------------------------------------------------------------------


class Picky:
    """A generator of a third party: declares nothing, walks, and waves on top; at most alone."""

    api_version = 1
    max_actors = 1

    def __init__(self) -> None:
        self._own = generators.create("procedural")

    def generate(self, beat: Beat, actors: Any, rng: Any, *, fps: float = 25.0) -> Motion:
        if beat.action not in ("walk", "sit") or beat.overlay not in (None, "wave"):
            raise UsageError("only walking, sitting and waving on top")
        if beat.style == "drunk":
            raise UsageError("not drunk")
        motion: Motion = self._own.generate(beat, actors, rng, fps=fps)
        return motion


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two generators that are installed for the time of a test."""
    for name, factory in (("picky", Picky), ("still", StillGenerator)):
        monkeypatch.setitem(generators._registered, name, factory)


def test_a_generator_that_declares_nothing_is_asked() -> None:
    can = repertoire(Picky())
    assert can.actions == ("walk", "sit")
    assert can.overlays == ("wave",)
    assert "drunk" not in can.styles
    assert "sad" in can.styles
    everything = repertoire(generators.create("procedural"))
    assert set(everything.actions) <= {row.name for row in ACTIONS}
    assert {"wave", "clap", "talk"} <= set(everything.overlays)


def test_a_generator_that_can_do_nothing_is_refused() -> None:
    class Nothing(Picky):
        def generate(self, *args: Any, **kwargs: Any) -> Motion:
            raise UsageError("no")

    with pytest.raises(PluginError, match="performs no action"):
        repertoire(Nothing())


def test_any_registered_generator_composes(registered: None) -> None:
    composer = Composer(Recipe(generator="picky"))
    kinds = set()
    for index in range(40):
        clip, _ = composer.clip(index)
        assert clip is not None
        kinds.add(clip.meta["kind"])
        assert clip.meta["generator"].startswith("picky")
    assert {"single", "sequence", "overlay", "several"} <= kinds


def test_what_never_passes_is_given_up_and_listed(registered: None, tmp_path: Path) -> None:
    recipe = Recipe(generator="still", actions=("clap",))
    summary = synthesise(recipe, tmp_path / "s", 2)
    assert summary.clips == 0
    assert summary.given_up == 2
    assert summary.first_draw_rate == 0.0
    assert summary.first == {"clap": (2, 0)}
    assert len(summary.rejections) == 2 * MOST_DRAWS
    assert "frozen" in summary.rules
    assert all("motionless" in r.reason for r in summary.rejections if r.rule == "frozen")


# -- the command ---------------------------------------------------------------------------------


def test_the_command_writes_a_store_and_says_how_it_went(tmp_path: Path) -> None:
    store = tmp_path / "store"
    arguments = ["-o", str(store), "-n", "6", "--action", "nod", "--seed", "1", "--json"]
    result = CliRunner().invoke(synth, arguments)
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    assert document["clips"] == 6
    assert document["first_draw_rate"] >= 0.5
    assert document["actions"]["nod"]["clips"] == 6
    assert len(ClipStore(store)) == 6
    grown = CliRunner().invoke(synth, [*arguments[:2], "-n", "8", *arguments[4:], "--resume"])
    assert json.loads(grown.stdout)["done_before"] == 6


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["--resume", "--force"], UsageError),
        (["--action", "juggle"], UsageError),
        (["--generator", "nobody"], PluginError),
        (["--seconds", "1"], UsageError),
        (["--fps", "0"], UsageError),
    ],
)
def test_the_command_refuses(tmp_path: Path, arguments: list[str], error: type) -> None:
    result = CliRunner().invoke(synth, ["-o", str(tmp_path / "s"), "-n", "2", *arguments])
    assert isinstance(result.exception, error)
    assert not (tmp_path / "s").exists()


def test_the_command_imports_no_numpy() -> None:
    code = (
        "import sys, stickgen.datasets.synth.command;"
        " assert not {'numpy', 'pyarrow', 'scipy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
