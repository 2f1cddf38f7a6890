"""Pictures from many sides: the same on the fly and in files, and what comes with them is true."""

from __future__ import annotations

import io
import json
import pickle
import tarfile

import numpy as np
import pytest
from PIL import Image

from stickgen.core.cli.main import main
from stickgen.core.errors import DataError, OutputError, UsageError
from stickgen.core.types import Clip, Motion
from stickgen.render.parallax import ParallaxDataset
from stickgen.render.parallax.cameras import camera_matrix, moment, project, uniforms
from stickgen.render.parallax.files import folder_name, write_pictures
from stickgen.render.parallax.painter import PARTS, divide_alpha


def two(motions, seconds=0.8, away=0):
    """Two walkers side by side, the second of whom comes *away* frames late."""
    one = motions.walk_joints(seconds=seconds)
    joints = np.stack([one, one + np.array([0.3, 0.0, -0.9])], axis=1)
    present = np.ones(joints.shape[:2], dtype=bool)
    present[:away, 1] = False
    joints = np.where(present[..., None, None], joints, 0.0)
    return Motion.from_joints(joints, present=present, actions=np.ones(joints.shape[:2]))


def dataset(motions, **settings):
    settings = {"views": 5, "frames_per_view": 3, "size": 96, **settings}
    return ParallaxDataset([motions.walk(seconds=0.8), two(motions)], **settings)


@pytest.fixture
def store(motions, tmp_path):
    from stickgen.core.storage import ClipStore

    pytest.importorskip("pyarrow")
    path = tmp_path / "store"
    flat = motions.walk(seconds=0.4)
    clips = [
        Clip(motions.walk(seconds=0.8), "take/1", texts=("A person walks",), licence="MIT"),
        Clip(Motion(flat.frames), "flat"),
        Clip(two(motions), "take 2"),
    ]
    with ClipStore(path).writer() as writer:
        for clip in clips:
            writer.add(clip.clip_id, [clip])
    return path


# -- items -----------------------------------------------------------------------------------------


def test_an_item_depends_on_its_place_alone(motions):
    data = dataset(motions)
    forward = [data[i] for i in range(len(data))]
    again = dataset(motions)
    for i in (29, 3, 17):
        item = again[i]
        assert item.keys() == forward[i].keys()
        for key, value in item.items():
            assert np.array_equal(value, forward[i][key]), key
    assert len(data) == 2 * 5 * 3
    assert [(d["motion"], d["view"], d["step"]) for d in forward[14:16]] == [(0, 4, 2), (1, 0, 0)]
    assert np.array_equal(data[-1]["image"], forward[-1]["image"])
    with pytest.raises(IndexError):
        data[30]


def test_other_seeds_and_other_motions_have_other_cameras(motions):
    a, b = dataset(motions), dataset(motions, seed=1)
    assert not np.array_equal(a[0]["camera_pose"], b[0]["camera_pose"])
    assert not np.array_equal(a[0]["camera_pose"], a[15]["camera_pose"])
    same = ParallaxDataset([Clip(two(motions), "motion-000001")], frames_per_view=3)
    assert np.array_equal(same.camera(0, 2, 1)[1].position, a.camera(1, 2, 1)[1].position)


def test_it_can_be_sent_to_another_process(motions):
    data = dataset(motions)
    first = data[7]["image"]
    copy = pickle.loads(pickle.dumps(data))
    assert np.array_equal(copy[7]["image"], first)


def test_random_numbers_are_even_and_unrelated():
    values = np.array([uniforms(0, 7, view, step) for view in range(60) for step in range(-1, 40)])
    assert values.min() >= 0.0
    assert values.max() < 1.0
    assert np.abs(values.mean(axis=0) - 0.5).max() < 0.03
    assert np.abs(np.corrcoef(values.T) - np.eye(8)).max() < 0.08


def test_moments_run_through_the_clip():
    assert [moment(0.5, step, 4, 100) for step in range(4)] == [12, 37, 62, 87]
    assert moment(0.999999, 3, 4, 1) == 0


def test_the_matrix_is_a_camera():
    position, target = np.array([3.0, 2.0, 4.0]), np.array([0.5, 1.0, -0.5])
    matrix = camera_matrix(position, target, 50.0, 200)
    pixels, away = project(matrix, target[None])
    assert pixels[0] == pytest.approx([100.0, 100.0])
    assert away[0] == pytest.approx(np.linalg.norm(position - target))
    above, _ = project(matrix, target[None] + [0.0, 0.3, 0.0])
    assert above[0, 1] < 100.0
    assert above[0, 0] == pytest.approx(100.0)
    right = np.cross(target - position, [0.0, 1.0, 0.0])
    beside, _ = project(matrix, target[None] + 0.1 * right)
    assert beside[0, 0] > 100.0


def test_figures_are_wholly_in_the_picture_and_fill_it(motions):
    data = dataset(motions, views=40, frames_per_view=1)
    shares = []
    for i in range(len(data)):
        alpha = data[i]["image"][..., 3] > 0
        edge = np.concatenate([alpha[0], alpha[-1], alpha[:, 0], alpha[:, -1]])
        assert not edge.any(), i
        rows, columns = np.nonzero(alpha)
        shares.append(max(np.ptp(rows), np.ptp(columns)) / data.size)
    assert min(shares) > 0.3
    assert np.mean(shares) > 0.5


def test_all_sides_are_seen(motions):
    data = dataset(motions, views=60, frames_per_view=1)
    poses = np.array([data.camera(0, view, 0)[1].pose for view in range(60)])
    around = np.degrees(np.arctan2(poses[:, 0] - poses[:, 3], poses[:, 2] - poses[:, 5])) % 360
    assert len(np.unique(around // 45)) == 8
    assert ((poses[:, 6] >= 39) & (poses[:, 6] <= 56)).all()


def test_joints_lie_on_their_parts(motions):
    """Hands and feet that nothing hides show the mask of the limb they belong to."""
    data = dataset(motions, size=256, views=12)
    hits = 0
    for i in range(0, len(data), 4):
        item = data[i]
        for actor in np.flatnonzero(item["present"]):
            for joint, part in ((6, "l_arm"), (9, "r_arm"), (12, "l_leg"), (3, "head")):
                x, y = item["joints"][actor, joint].astype(int)
                if item["actors"][y, x] == actor + 1:
                    hits += item["parts"][y, x] == PARTS.index(part) + 1
                    hits -= item["parts"][y, x] == 0
    assert hits > 25


def test_masks_cover_what_the_picture_shows(motions):
    item = dataset(motions, size=256)[20]
    solid = item["image"][..., 3] == 255
    masked = item["parts"] > 0
    assert (masked == (item["actors"] > 0)).all()
    assert (solid & ~masked).mean() < 0.002
    assert (masked & (item["image"][..., 3] == 0)).mean() < 0.002
    assert set(np.unique(item["parts"])) <= set(range(len(PARTS) + 1))


def test_what_is_nearer_is_painted_later(motions):
    data = dataset(motions, views=30, frames_per_view=1)
    for i in range(30, 60, 3):
        item = data[i]
        actors = item["order"] // len(PARTS)
        gap = item["depth"][0].mean() - item["depth"][1].mean()
        if abs(gap) > 0.8:  # one stands clear behind the other
            assert actors[0] == (0 if gap > 0 else 1)
            assert actors[-1] == (1 if gap > 0 else 0)


def test_an_absent_actor_leaves_zeros(motions):
    data = ParallaxDataset([two(motions, away=14)], views=2, frames_per_view=4, size=64)
    items = [data[i] for i in range(4)]
    assert items[0]["present"].tolist() == [True, False]
    assert items[-1]["present"].tolist() == [True, True]
    assert not items[0]["joints"][1].any()
    assert not items[0]["motion_frame"][1].any()
    assert (items[0]["order"][6:] == -1).all()
    assert set(np.unique(items[0]["actors"])) == {0, 1}
    for item, (*_, png, _, _) in zip(items, data.pngs(0, 0, 1), strict=True):
        with Image.open(io.BytesIO(png)) as image:
            assert np.array_equal(np.asarray(image), item["image"])


def test_all_items_have_one_shape(motions):
    data = ParallaxDataset([motions.walk(seconds=0.4), two(motions)], views=1, size=64)
    a, b = data[0], data[len(data) - 1]
    assert {k: np.shape(v) for k, v in a.items()} == {k: np.shape(v) for k, v in b.items()}
    assert a["joints"].shape == (2, 16, 2)
    less = ParallaxDataset([two(motions)], views=1, size=64, max_actors=1, masks=False)[0]
    assert less["joints"].shape == (1, 16, 2)
    assert sorted(less["order"].tolist()) == list(range(6))
    assert "parts" not in less


@pytest.mark.torch
def test_the_loader_of_torch_takes_it(motions):
    torch = pytest.importorskip("torch")
    data = dataset(motions)
    loader = torch.utils.data.DataLoader(data, batch_size=4, num_workers=0)
    batch = next(iter(loader))
    assert batch["image"].shape == (4, 96, 96, 4)
    assert batch["camera"].dtype == torch.float32
    assert np.array_equal(batch["image"][2].numpy(), data[2]["image"])
    assert batch["clip_id"] == ["motion-000000"] * 4


def test_alpha_is_divided_out_as_everywhere_else():
    from stickgen.render.png import straight

    rng = np.random.default_rng(0)
    alpha = rng.integers(0, 256, (64, 64, 1))
    picture = np.concatenate([rng.integers(0, 256, (64, 64, 3)) * alpha // 255, alpha], axis=-1)
    picture = picture.astype(np.uint8)
    wanted = straight(picture, "rgba", True)
    divide_alpha(picture)
    assert np.array_equal(picture, wanted)


# -- odd motions -----------------------------------------------------------------------------------


def test_motions_that_have_one_side_are_refused(motions):
    flat = motions.walk(seconds=0.2)
    with pytest.raises(DataError, match="no depth"):
        ParallaxDataset([Motion(flat.frames)])[0]
    nobody = Motion.from_joints(np.zeros((3, 1, 16, 3)), present=np.zeros((3, 1), dtype=bool))
    with pytest.raises(DataError, match="shows nobody"):
        ParallaxDataset([nobody])[0]
    with pytest.raises(DataError, match="no motion"):
        ParallaxDataset([])


@pytest.mark.parametrize("kind", ["one frame", "20 actors", "a point", "giant"])
def test_odd_motions_are_drawn(motions, kind):
    motion = {
        "one frame": lambda: motions.stand(seconds=0.04),
        "20 actors": lambda: motions.crowd(20, seconds=0.12),
        "a point": lambda: Motion.from_joints(np.zeros((2, 1, 16, 3))),
        "giant": lambda: Motion.from_joints(1e5 * motions.walk_joints(seconds=0.2)),
    }[kind]()
    item = ParallaxDataset([motion], views=2, frames_per_view=2, size=64)[3]
    assert item["image"].any()
    assert np.isfinite(item["joints"]).all()


@pytest.mark.parametrize(
    "settings", [{"views": 0}, {"frames_per_view": 0}, {"size": 5}, {"size": 99999}, {"seed": -1}]
)
def test_settings_out_of_range_are_refused(motions, settings):
    with pytest.raises(UsageError):
        dataset(motions, **settings)


# -- files -----------------------------------------------------------------------------------------


def test_files_hold_what_the_dataset_draws(motions, store, tmp_path):
    out = tmp_path / "out"
    summary = write_pictures(store, out, views=3, frames_per_view=2, size=64, jobs=1)
    assert summary.pictures == 12
    assert len(summary.skipped) == 1
    data = ParallaxDataset(store, clips=["take/1"], views=3, frames_per_view=2, size=64)
    folder = out / folder_name("take/1")
    told = json.loads((folder / "metadata.json").read_text())
    assert told["sample_id"] == "take/1"
    assert told["actor_id"] == 0
    assert told["views"] == 3
    assert told["frames_per_view"] == 2
    assert told["motion_total_frames"] == 20
    assert told["fps"] == 25
    assert told["skeleton_type"] == "stick_figure_12_segment_v3"
    assert sorted(p.name for p in folder.iterdir()) == sorted(
        ["metadata.json", *(row["file"] for row in told["frames"])]
    )
    assert told["frames"][3]["file"] == "view_00001_f001.png"
    for i, row in enumerate(told["frames"]):
        item = data[i]
        with Image.open(folder / row["file"]) as image:
            assert image.mode == "RGBA"
            assert np.array_equal(np.asarray(image), item["image"])
        assert (row["view_id"], row["step_index"]) == (item["view"], item["step"])
        assert row["motion_frame_index"] == item["frame"]
        pose = [*row["camera"]["position"], *row["camera"]["target"], row["camera"]["fov"]]
        assert pose == pytest.approx(item["camera_pose"].tolist(), abs=1e-4)


def test_shards_are_webdataset_and_no_larger_than_asked(store, tmp_path):
    out = tmp_path / "out"
    limit = 150_000
    write_pictures(
        store, out, views=40, frames_per_view=1, size=64, form="wds", jobs=1, shard_bytes=limit
    )
    shards = sorted(out.glob("*.tar"))
    samples = {}
    for shard in shards:
        assert shard.stat().st_size <= limit
        with tarfile.open(shard) as archive:
            for member in archive:
                key, _, extension = member.name.partition(".")
                samples.setdefault(key, {})[extension] = archive.extractfile(member).read()
    assert len(samples) == 80
    assert len(shards) > 1
    for key, sample in samples.items():
        assert set(sample) == {"png", "json"}, key
    data = ParallaxDataset(store, clips=["take 2"], views=40, frames_per_view=1, size=64)
    sample = samples[f"{folder_name('take 2')}_v00007_f000"]
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(sample["png"]))), data[7]["image"])
    assert json.loads(sample["json"])["sample_id"] == "take 2"


@pytest.mark.parametrize("form", ["png", "wds"])
def test_a_stopped_run_is_resumed(store, tmp_path, form, monkeypatch):
    monkeypatch.setattr("stickgen.render.parallax.files._BATCH", 20)
    settings = {"views": 30, "frames_per_view": 2, "size": 32, "form": form, "jobs": 1}
    settings["shard_bytes"] = 60_000

    def contents(folder):
        return {
            str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()
        }

    whole = tmp_path / "whole"
    write_pictures(store, whole, **settings)

    def stop(done, total):
        if done > 0.7 * total:
            raise KeyboardInterrupt

    part = tmp_path / "part"
    with pytest.raises(KeyboardInterrupt):
        write_pictures(store, part, **settings, progress=stop)
    left = contents(part)
    assert 1 < len(left) < len(contents(whole))
    assert not [name for name in left if ".part" in name]
    with pytest.raises(OutputError, match="--resume"):
        write_pictures(store, part, **settings)
    with pytest.raises(UsageError, match="another seed"):
        write_pictures(store, part, **{**settings, "seed": 5}, resume=True)
    summary = write_pictures(store, part, **settings, resume=True)
    assert 0 < summary.pictures < 120
    assert contents(part) == contents(whole)
    assert write_pictures(store, part, **settings, resume=True).pictures == 0


def test_two_processes_write_the_same_files(store, tmp_path):
    for jobs in (1, 2):
        write_pictures(
            store, tmp_path / f"jobs{jobs}", views=30, frames_per_view=2, size=32, jobs=jobs
        )
    one, two_ = (
        {p.relative_to(tmp_path / name): p.read_bytes() for p in (tmp_path / name).rglob("*.*")}
        for name in ("jobs1", "jobs2")
    )
    assert one == two_


def test_a_folder_of_somebody_else_is_left_alone(store, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.tex").write_text("years of work")
    for force in (False, True):
        with pytest.raises(OutputError, match="other files"):
            write_pictures(store, out, views=1, size=32, jobs=1, force=force)
    assert [p.name for p in out.iterdir()] == ["thesis.tex"]


def test_strict_stops_and_leaves_nothing_half_done(store, tmp_path):
    with pytest.raises(DataError, match="flat"):
        write_pictures(store, tmp_path / "out", views=2, size=32, jobs=1, strict=True)
    names = [folder_name("take/1"), "parallax.json"]
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == sorted(names)


def test_no_two_clips_share_a_folder():
    names = ["a/b", "a_b", "a.b", "a b", "", "..", "x" * 300, "x" * 301, "Ä"]
    folders = [folder_name(name) for name in names]
    assert len(set(folders)) == len(names)
    assert all(folder and set(folder) - {"."} and "." not in folder for folder in folders)


def test_the_command(store, tmp_path, capsys):
    out = tmp_path / "out"
    command = ["parallax", str(store), "-o", str(out), "--views", "2", "--size", "32"]
    assert main([*command, "--jobs", "1", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["pictures"] == 16
    assert told["clips"] == 2
    assert len(told["skipped"]) == 1
    assert main([*command, "--jobs", "1"]) == 6
    assert main(["parallax", str(tmp_path / "nowhere"), "-o", str(out)]) == 4
    assert main([*command, "--views", "0"]) == 2


def test_a_motion_file_will_do(motions, tmp_path):
    from stickgen.core.pipeline import export
    from stickgen.core.types import Scene

    path = tmp_path / "walk.motion"
    export(Scene(motions.walk(seconds=0.4), meta={"prompt": "A person walks"}), path)
    data = ParallaxDataset(path, views=1, frames_per_view=1, size=32)
    assert data[0]["text"] == "A person walks"
    assert data[0]["clip_id"] == "walk"
