"""HumanML3D: joints and features are one motion, captions keep their seconds and their side."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from plain_smpl import NUMBERS, REST, distance_after_turning, facing, features_of, pose, walk, y_up
from scipy.spatial.transform import Rotation

from stickgen.core.errors import SourceError
from stickgen.core.schema import J
from stickgen.core.testing import ConverterContract
from stickgen.core.types import Clip
from stickgen.datasets.captions import parse_captions
from stickgen.datasets.humanml3d import HumanML3DConverter, recover_joints

NAMES = list(NUMBERS)
CAPTION = "a person walks forward#a/DET person/NOUN walk/VERB forward/ADV#0.0#0.0\n"


def recorded(raised: str = "left", seconds: float = 4.0) -> np.ndarray:
    """Return joints ``[T, 22, 3]`` at 20 frames a second, y up, from the origin, facing +z."""
    joints = y_up(pose(REST, walk(fps=20.0, seconds=seconds, raised=raised, heading=0.0)))
    first = facing(joints[:1])[0]
    joints = Rotation.from_euler("y", -first).apply(joints.reshape(-1, 3)).reshape(joints.shape)
    return joints - joints[0, 0] * [1, 0, 1]


def lay_out(root: Path, joints: np.ndarray, name: str = "000001", captions: str = CAPTION) -> Path:
    (root / "new_joints").mkdir(parents=True, exist_ok=True)
    (root / "texts").mkdir(exist_ok=True)
    path = root / "new_joints" / f"{name}.npy"
    np.save(path, joints.astype(np.float32))
    (root / "texts" / f"{name}.txt").write_text(captions, encoding="utf-8")
    return path


def convert(path: Path, root: Path, **settings: object) -> list[Clip]:
    return list(HumanML3DConverter(**settings).read(path, root))


def points(clip: Clip, names: list[str] = NAMES) -> np.ndarray:
    return clip.motion.joints[:, 0].astype(float)[:, [J[name] for name in names]]


class TestContract(ConverterContract):
    name = "humanml3d"

    def sample(self, folder: Path) -> Path:
        lay_out(folder, recorded())
        (folder / "new_joint_vecs").mkdir()
        for name in ("000001", "000002"):
            np.save(folder / "new_joint_vecs" / f"{name}.npy", features_of(recorded()))
        np.save(folder / "Mean.npy", np.zeros(263))
        return folder


def test_joints_and_features_of_the_real_sample_agree(real_data: Callable[[str], Path]) -> None:
    root = real_data("humanml3d") / "humanml3d"
    joints = np.load(root / "new_joints" / "012314.npy")
    features = np.load(root / "new_joint_vecs" / "012314.npy").astype(float)
    assert np.linalg.norm(recover_joints(features) - joints, axis=-1).max() < 0.01
    (one,) = convert(root / "new_joints" / "012314.npy", root)
    (two,) = convert(root / "new_joint_vecs" / "012314.npy", root)
    assert np.abs(one.motion.frames - two.motion.frames).max() < 0.01
    assert one.split == "train"
    assert abs(one.motion.seconds - 170 / 20) <= 1 / 25


def test_joints_are_found_and_preferred(tmp_path: Path) -> None:
    root = TestContract().sample(tmp_path)
    found = [path.relative_to(root).as_posix() for path in HumanML3DConverter().find(root)]
    assert found == ["new_joint_vecs/000002.npy", "new_joints/000001.npy"]


@pytest.mark.parametrize("kind", ["joints", "features", "normalised"])
def test_joints_are_where_they_were(tmp_path: Path, kind: str) -> None:
    joints = recorded()
    path = lay_out(tmp_path, joints)
    if kind != "joints":
        features = features_of(joints)
        if kind == "normalised":
            rng = np.random.default_rng(3)
            mean, std = rng.normal(size=263), rng.uniform(0.5, 2, size=263)
            np.save(tmp_path / "Mean.npy", mean)
            np.save(tmp_path / "Std.npy", std)
            features = (features - mean) / std
        (tmp_path / "new_joint_vecs").mkdir()
        path = tmp_path / "new_joint_vecs" / "000001.npy"
        np.save(path, features)
    (clip,) = convert(path, tmp_path, height=None)
    # 20 and 25 frames a second meet five times a second
    found = points(clip)[::5]
    expected = joints[::4, [NUMBERS[name] for name in NAMES]]
    n = min(len(found), len(expected))
    assert n >= 19
    assert distance_after_turning(found[:n], expected[:n]) < 1e-3


@pytest.mark.parametrize("raised", ["left", "right"])
def test_left_stays_left(tmp_path: Path, raised: str) -> None:
    (clip,) = convert(lay_out(tmp_path, recorded(raised)), tmp_path)
    joints = clip.motion.joints[:, 0]
    up, other = ("l", "r") if raised == "left" else ("r", "l")
    assert (joints[:, J[f"{up}_wrist"], 1] > joints[:, J[f"{up}_shoulder"], 1]).all()
    assert (joints[:, J[f"{other}_wrist"], 1] < joints[:, J[f"{other}_shoulder"], 1]).all()
    assert (joints[:, J["l_hip"], 2] < joints[:, J["r_hip"], 2]).all()
    assert joints[-1, J["pelvis_center"], 0] > 3.0
    assert np.median(joints[:, J["head_center"], 1]) > np.median(joints[:, J["neck"], 1]) > 1.2


def test_normalised_features_need_what_made_them(tmp_path: Path) -> None:
    (tmp_path / "new_joint_vecs").mkdir()
    path = tmp_path / "new_joint_vecs" / "000001.npy"
    np.save(path, (features_of(recorded()) - 0.3) / 0.7)
    with pytest.raises(SourceError, match=r"Mean\.npy"):
        convert(path, tmp_path)
    np.save(tmp_path / "Mean.npy", np.zeros(263))
    np.save(tmp_path / "Std.npy", np.ones(263))
    with pytest.raises(SourceError, match="another"):
        convert(path, tmp_path)
    np.save(tmp_path / "Std.npy", np.ones(251))
    with pytest.raises(SourceError, match=r"Std\.npy"):
        convert(path, tmp_path)


def test_captions_about_a_part_cut_that_part(tmp_path: Path) -> None:
    text = (
        "a man walks.#a/DET#0.0#0.0\n"
        "someone walks slowly#some/DET#nan#nan\n"
        "he steps with the left foot#he/PRON#1.0#3.0\n"
    )
    whole, part = convert(lay_out(tmp_path, recorded(), captions=text), tmp_path, height=None)
    assert whole.texts == ("a man walks.", "someone walks slowly")
    assert part.texts == ("he steps with the left foot",)
    assert part.clip_id == "000001@1-3"
    assert part.recording_id == whole.recording_id == "000001"
    assert abs(part.motion.seconds - 2.0) < 1 / 25 + 1e-9
    first = points(whole)[25 : 25 + 45]
    assert distance_after_turning(points(part)[:45], first) < 1e-3


def test_captions_in_an_archive(tmp_path: Path) -> None:
    path = lay_out(tmp_path, recorded())
    (tmp_path / "texts" / "000001.txt").unlink()
    with zipfile.ZipFile(tmp_path / "texts.zip", "w") as bundle:
        bundle.writestr("__MACOSX/texts/._000001.txt", b"\x00\xff")
        bundle.writestr("texts/000001.txt", CAPTION)
    (clip,) = convert(path, tmp_path)
    assert clip.texts == ("a person walks forward",)
    assert clip.meta["action"] == "walk"


def test_a_mirror_shares_the_recording_of_its_original(tmp_path: Path) -> None:
    paths = [lay_out(tmp_path, recorded(), name) for name in ("000001", "M000001")]
    (tmp_path / "train.txt").write_text("000001\nM000001\n")
    (one,), (two,) = (convert(path, tmp_path) for path in paths)
    assert one.recording_id == two.recording_id
    assert (one.parent_id, two.parent_id) == (None, "000001")
    assert one.clip_id != two.clip_id
    assert (one.split, two.split) == ("train", "train")
    assert (one.meta["mirror"], two.meta["mirror"]) == (False, True)


def test_pieces_of_one_take_share_its_recording(tmp_path: Path) -> None:
    paths = [lay_out(tmp_path, recorded(), name) for name in ("000001", "000002")]
    (tmp_path / "index.csv").write_text(
        "source_path,start_frame,end_frame,new_name\n"
        "./pose_data/KIT/3/kick_high_left02_poses.npy,0,117,000001.npy\n"
        "./pose_data/KIT/3/kick_high_left02_poses.npy,117,-1,000002.npy\n"
    )
    (one,), (two,) = (convert(path, tmp_path) for path in paths)
    assert one.recording_id == two.recording_id == "KIT/3/kick_high_left02_poses"


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("a man#x#two#three", "line 1"),
        ("a man#x#3.0#1.0", "line 1"),
        ("fine#x#0.0#0.0\n#x#0.0#0.0", "line 2"),
        ("a man#x#-1#2", "line 1"),
        ("a man#x#0#inf", "line 1"),
    ],
)
def test_a_bad_caption_is_named(tmp_path: Path, line: str, place: str) -> None:
    path = lay_out(tmp_path, recorded(), captions=line)
    with pytest.raises(SourceError, match=place):
        convert(path, tmp_path)


def test_captions_beyond_the_clip_are_named(tmp_path: Path) -> None:
    path = lay_out(tmp_path, recorded(), captions="a man#x#30.0#40.0")
    with pytest.raises(SourceError, match="30 to 40 s"):
        convert(path, tmp_path)


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"PK\x03\x04"])
def test_damaged_caption_files_are_named(tmp_path: Path, data: bytes) -> None:
    path = lay_out(tmp_path, recorded())
    (tmp_path / "texts" / "000001.txt").unlink()
    (tmp_path / "texts.zip").write_bytes(data)
    with pytest.raises(SourceError, match=r"texts\.zip"):
        convert(path, tmp_path)
    with pytest.raises(SourceError, match="UTF-8"):
        parse_captions(path, b"\xff\xfe\x00")


HOSTILE = {
    "not a number": np.full((80, 22, 3), np.nan),
    "infinite": np.full((80, 22, 3), np.inf),
    "other joints": np.zeros((80, 24, 3)),
    "other features": np.zeros((80, 251)),
    "flat": np.zeros(80),
    "no frames": np.zeros((0, 22, 3)),
    "words": np.full((80, 22, 3), "x"),
    "pickled": np.array([{"a": 1}], dtype=object),
    "no size": np.zeros((80, 22, 3)),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_wrong_array_is_one_sentence(tmp_path: Path, case: str) -> None:
    path = lay_out(tmp_path, recorded())
    np.save(path, HOSTILE[case], allow_pickle=True)
    with pytest.raises(SourceError) as caught:
        convert(path, tmp_path)
    assert "000001.npy" in str(caught.value)
    assert "\n" not in str(caught.value)
