"""InterHuman: pickled pairs and processed ones, written from a plain forward kinematics."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest
from plain_smpl import NUMBERS, Walk, distance_after_turning, pose, walk, y_up

from stickgen.core.actions import ACTIONS
from stickgen.core.errors import SourceError
from stickgen.core.schema import J
from stickgen.core.testing import ConverterContract
from stickgen.core.types import Clip
from stickgen.datasets.interhuman import InterHumanConverter
from stickgen.datasets.smpl import REST_JOINTS

CAPTIONS = (
    "two people walk side by side, one with the left hand raised.\n"
    "the two of them stroll along together.\n\n"
    "both persons walk forward.\n"
)
HEIGHT_OF_ROOT = 1.02
"""Where the neutral body's origin is when it stands on z = 0."""


def pair(frames: int = 120, fps: float = 60.0) -> tuple[Walk, Walk]:
    """Return two people who walk side by side, the first with the left hand raised."""
    first = walk(fps, frames / fps, raised="left")
    second = walk(fps, frames / fps, raised="right")
    lift = np.array([0.0, 0.0, HEIGHT_OF_ROOT])
    aside = np.array([0.7, 0.4, 0.0])
    return (
        Walk(first.rotations, first.translation + lift, fps),
        Walk(second.rotations, second.translation + lift + aside, fps),
    )


def person(each: Walk, **changes: object) -> dict[str, object]:
    flat = each.rotations.reshape(len(each.rotations), 66)
    entry: dict[str, object] = {
        "trans": each.translation,
        "root_orient": flat[:, :3],
        "pose_body": flat[:, 3:],
        "betas": np.linspace(-1, 1, 10),
    }
    return {key: value for key, value in (entry | changes).items() if value is not None}


def entries(two: tuple[Walk, Walk], **changes: object) -> dict[str, object]:
    table: dict[str, object] = {
        "mocap_framerate": two[0].fps,
        "frames": len(two[0].translation),
        "person1": person(two[0]),
        "person2": person(two[1]),
    }
    return {key: value for key, value in (table | changes).items() if value is not None}


def write(root: Path, content: object, name: str = "17", protocol: int = 4) -> Path:
    path = root / "motions" / f"{name}.pkl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps(content, protocol))
    (root / "annots").mkdir(exist_ok=True)
    (root / "annots" / f"{name}.txt").write_text(CAPTIONS)
    (root / "split").mkdir(exist_ok=True)
    (root / "split" / "val.txt").write_text("16\n17\n")
    (root / "split" / "train.txt").write_text("1\n2\n")
    return path


def write_processed(root: Path, two: tuple[Walk, Walk], name: str = "17") -> Path:
    """Write positions of 62 joints and 51 rotations, of which only the body's are told apart."""
    for i, each in enumerate(two, start=1):
        joints = pose(REST_JOINTS, each)
        n = len(joints)
        rows = np.hstack([joints.reshape(n, 66), np.full((n, 120), 0.3), np.full((n, 306), 0.1)])
        path = root / "motions_processed" / f"person{i}" / f"{name}.npy"
        path.parent.mkdir(parents=True, exist_ok=True)
        np.save(path, rows.astype(np.float32))
    return root / "motions_processed" / "person1" / f"{name}.npy"


def convert(path: Path, root: Path, **settings: object) -> Clip:
    (clip,) = InterHumanConverter(**{"height": None, **settings}).read(path, root)
    return clip


class TestInterHuman(ConverterContract):
    name = "interhuman"

    def sample(self, folder: Path) -> Path:
        write(folder, entries(pair()))
        write_processed(folder, pair(60, 30.0), "3")
        return folder


def expected(two: tuple[Walk, Walk], scale: float, every: float) -> np.ndarray:
    """Return the shared joints of both people ``[T, 2 * n, 3]``, y up, at 25 frames a second."""
    numbers = list(NUMBERS.values())
    out = []
    for each in two:
        all_frames = y_up(pose(REST_JOINTS * scale, each)[:, numbers])
        out.append(all_frames[np.arange(0, len(all_frames), every).astype(int)])
    return np.concatenate(out, axis=1)


def found(clip: Clip) -> np.ndarray:
    columns = [J[name] for name in NUMBERS]
    both = clip.motion.joints.astype(float)[:, :, columns]
    return np.concatenate([both[:, 0], both[:, 1]], axis=1)


def test_both_bodies_are_where_plain_kinematics_puts_them(tmp_path: Path) -> None:
    two = pair(100, 50.0)
    clip = convert(write(tmp_path, entries(two)), tmp_path)
    assert clip.motion.n_actors == 2
    scale = clip.meta["body_scale"]
    assert scale == pytest.approx(1.0, abs=0.05)
    # one turn and one move for both together: their places relative to each other are kept
    assert distance_after_turning(found(clip), expected(two, scale, 2)) < 1e-3


def test_processed_files_give_the_same_bodies(tmp_path: Path) -> None:
    two = pair(100, 50.0)
    path = write_processed(tmp_path, two)
    clip = convert(path, tmp_path, fps=50.0)
    assert distance_after_turning(found(clip), expected(two, 1.0, 2)) < 1e-3
    assert clip.clip_id == "motions_processed/17"
    assert convert(path, tmp_path).meta["temporal"]["original_fps"] == 30.0


def test_left_and_right_and_upright(tmp_path: Path) -> None:
    clip = convert(write(tmp_path, entries(pair())), tmp_path)
    for actor, up, down in ((0, "l", "r"), (1, "r", "l")):
        points = clip.motion.joints[:, actor]
        wrist = points[:, J[f"{up}_wrist"], 1] - points[:, J[f"{up}_shoulder"], 1]
        other = points[:, J[f"{down}_wrist"], 1] - points[:, J[f"{down}_shoulder"], 1]
        assert wrist.min() > 0.1
        assert other.max() < -0.2
        assert points[0, J["l_hip"], 2] < points[0, J["r_hip"], 2]
        assert 1.3 < points[0, J["head_center"], 1] < 1.9
        assert abs(points[:, [J["l_ankle"], J["r_ankle"]], 1].min() - 0.08) < 0.06
    travelled = clip.motion.joints[-1, 0, 0] - clip.motion.joints[0, 0, 0]
    assert travelled[0] == pytest.approx(1.2 * 1.96, abs=0.2)


def test_captions_split_and_actions(tmp_path: Path) -> None:
    clip = convert(write(tmp_path, entries(pair())), tmp_path)
    assert len(clip.texts) == 3
    assert clip.texts[2] == "both persons walk forward."
    assert clip.split == "val"
    assert {ACTIONS[i].name for i in np.unique(clip.motion.actions)} == {"walk"}
    assert clip.licence.startswith("CC-BY-NC-SA")
    assert abs(clip.motion.seconds - 2.0) <= 1 / 25
    (tmp_path / "annots" / "17.txt").unlink()
    clip = convert(tmp_path / "motions" / "17.pkl", tmp_path)
    assert clip.texts == ()
    assert clip.meta["text_from"] == "none"


def test_the_shorter_one_ends_the_clip(tmp_path: Path) -> None:
    first, second = pair()
    short = person(Walk(second.rotations[:80], second.translation[:80], 60.0))
    clip = convert(write(tmp_path, entries((first, second), person2=short)), tmp_path)
    assert clip.meta["temporal"]["original_num_frames"] == 80


def test_one_file_a_recording(tmp_path: Path) -> None:
    write(tmp_path, entries(pair()), "17")
    write_processed(tmp_path, pair(60, 30.0), "17")
    write_processed(tmp_path, pair(60, 30.0), "18")
    found_files = InterHumanConverter().find(tmp_path)
    assert [path.relative_to(tmp_path).as_posix() for path in found_files] == [
        "motions/17.pkl",
        "motions_processed/person1/18.npy",
    ]


class Bomb:
    def __reduce__(self) -> object:
        import os

        return (os.system, ("touch ran",))


def broken(case: str) -> object:
    first, second = pair()
    nan = first.translation.copy()
    nan[7, 1] = np.nan
    flat = first.rotations.reshape(-1, 66)
    return {
        "a list": [1, 2],
        "nobody": {"mocap_framerate": 60.0},
        "one person": entries((first, second), person2=None),
        "no rate": entries((first, second), mocap_framerate=None),
        "rate of 0": entries((first, second), mocap_framerate=0),
        "a person is an array": entries((first, second), person1=np.zeros(3)),
        "nan": entries((first, second), person1=person(first, trans=nan)),
        "no trans": entries((first, second), person1=person(first, trans=None)),
        "wrong width": entries((first, second), person2=person(second, pose_body=flat[:, :30])),
        "wrong length": entries((first, second), person2=person(second, trans=nan[:-1])),
        "words": entries((first, second), person1=person(first, trans=np.array(["a"] * 120))),
        "empty": entries((first, second), person1=person(first, root_orient=np.zeros((0, 3)))),
        "bomb": entries((first, second), person1=Bomb()),
    }[case]


@pytest.mark.parametrize(
    ("case", "says"),
    [
        ("a list", "holds a list, expected a dictionary"),
        ("nobody", "'person1': is missing, the dictionary holds mocap_framerate"),
        ("one person", "'person2': is missing"),
        ("no rate", "'mocap_framerate': is missing"),
        ("rate of 0", "'mocap_framerate': must be positive"),
        ("a person is an array", "'person1': holds a ndarray"),
        ("nan", "'person1', 'trans', row 7: holds a number that is not finite"),
        ("no trans", "'person1', 'trans': is missing"),
        ("wrong width", r"'person2', 'pose_body': has the shape \[120, 30\], expected \[120, 63\]"),
        ("wrong length", r"'person2', 'trans': has the shape \[119, 3\]"),
        ("words", "'person1', 'trans': holds <U1 values"),
        ("empty", "'person1', 'root_orient': is empty"),
        ("bomb", r"asks for '\w+\.system', which is no plain data"),
    ],
)
def test_bad_pickles_are_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str, says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    path = write(tmp_path, broken(case))
    with pytest.raises(SourceError, match=says) as caught:
        convert(path, tmp_path)
    assert "17.pkl" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "ran").exists()


def test_truncated_and_foreign_files(tmp_path: Path) -> None:
    path = write(tmp_path, entries(pair()))
    whole = path.read_bytes()
    for data in (b"", whole[: len(whole) // 2], whole[:-1], b"not a pickle"):
        path.write_bytes(data)
        with pytest.raises(SourceError, match=r"17\.pkl"):
            convert(path, tmp_path)


def test_bad_processed_files(tmp_path: Path) -> None:
    path = write_processed(tmp_path, pair(60, 30.0))
    partner = tmp_path / "motions_processed" / "person2" / "17.npy"
    np.save(partner, np.zeros((60, 20)))
    with pytest.raises(SourceError, match="has 20 columns"):
        convert(path, tmp_path)
    np.save(partner, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(SourceError, match="pickled"):
        convert(path, tmp_path)
    partner.unlink()
    with pytest.raises(SourceError, match="has no partner"):
        convert(path, tmp_path)
    lone = tmp_path / "17.npy"
    np.save(lone, np.zeros((60, 492)))
    with pytest.raises(SourceError, match="lies in no folder of a person"):
        convert(lone, tmp_path)
