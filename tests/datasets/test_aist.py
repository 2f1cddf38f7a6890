"""AIST++: keypoints written from a body whose joints are known, SMPL dances from plain FK."""

from __future__ import annotations

import pickle
from pathlib import Path

import known_body
import numpy as np
import pytest
from plain_smpl import NUMBERS, Walk, distance_after_turning, pose, walk

from stickgen.core import schema
from stickgen.core.actions import ACTIONS
from stickgen.core.errors import SourceError, UsageError
from stickgen.core.schema import J
from stickgen.core.testing import ConverterContract
from stickgen.core.types import Clip
from stickgen.datasets.aist import AistConverter, aist_name
from stickgen.datasets.smpl import REST_JOINTS

NAME = "gBR_sBM_cAll_d04_mBR2_ch01"
FPS = 60.0
COCO = (
    "nose", "l_eye", "r_eye", "l_ear", "r_ear", "l_shoulder", "r_shoulder", "l_elbow", "r_elbow",
    "l_wrist", "r_wrist", "l_hip", "r_hip", "l_knee", "r_knee", "l_ankle", "r_ankle",
)  # fmt: skip
FACE = {
    "nose": (0.11, -0.02, 0.0), "l_eye": (0.09, 0.02, -0.03), "r_eye": (0.09, 0.02, 0.03),
    "l_ear": (0.0, 0.0, -0.08), "r_ear": (0.0, 0.0, 0.08),
}  # fmt: skip


def keypoints(frames: int = 180, speed: float = 0.5) -> np.ndarray:
    """Return ``[T, 17, 3]`` in centimetres: the known body on a stage where it faces +z."""
    points = known_body.joints(np.arange(frames) / FPS, speed)
    index = {name: i for i, name in enumerate(known_body.JOINTS)}
    head = points[:, index["head_center"]]
    found = [head + FACE[name] if name in FACE else points[:, index[name]] for name in COCO]
    x, y, z = np.moveaxis(np.stack(found, axis=1), -1, 0)
    return 100.0 * np.stack([-z + 1.5, y, x - 2.0], axis=-1)


def write(root: Path, content: object, kind: str = "keypoints3d", name: str = NAME) -> Path:
    path = root / kind / f"{name}.pkl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps(content, 2))
    return path


def optimised(points: np.ndarray) -> dict[str, np.ndarray]:
    raw = points.copy()
    raw[3:9, 5] = np.nan
    return {"keypoints3d": raw, "keypoints3d_optim": points}


def dance(seconds: float = 2.0) -> Walk:
    """Return somebody who walks in a world with y up, as the plain walker in z-up axes."""
    return walk(FPS, seconds)


def smpl(each: Walk, scaling: float = 93.0, **changes: object) -> dict[str, object]:
    """Return a file of ``motions``: *scaling* times the model's size, y up, centimetres."""
    from scipy.spatial.transform import Rotation

    n = len(each.rotations)
    down = Rotation.from_euler("x", -90, degrees=True)
    poses = np.zeros((n, 72))
    poses[:, :66] = each.rotations.reshape(n, 66)
    poses[:, :3] = (down * Rotation.from_rotvec(poses[:, :3])).as_rotvec()
    entry: dict[str, object] = {
        "smpl_loss": 1.7,
        "smpl_poses": poses,
        "smpl_scaling": np.array([scaling]),
        "smpl_trans": scaling * (down.apply(each.translation) + np.array([0, 1.3, 0])),
    }
    return {key: value for key, value in (entry | changes).items() if value is not None}


def convert(path: Path, root: Path, **settings: object) -> Clip:
    (clip,) = AistConverter(**{"height": None, **settings}).read(path, root)
    return clip


def joints(clip: Clip) -> np.ndarray:
    return clip.motion.joints[:, 0].astype(float)


class TestAist(ConverterContract):
    name = "aist"

    def sample(self, folder: Path) -> Path:
        write(folder, optimised(keypoints()))
        write(folder, smpl(dance()), "motions", "gWA_sFM_cAll_d27_mWA5_ch21")
        (folder / "keypoints2d").mkdir()
        (folder / "keypoints2d" / f"{NAME}.pkl").write_bytes(b"large")
        return folder


def test_keypoints_become_the_joints_of_the_body(tmp_path: Path) -> None:
    clip = convert(write(tmp_path, optimised(keypoints())), tmp_path)
    expected = known_body.joints(known_body.at_25(180, FPS))
    neck, chest = J["neck"], J["chest"]
    measured = [i for i in range(16) if i not in (neck, chest)]
    got = joints(clip)
    np.testing.assert_allclose(got[:, measured], expected[:, measured], atol=1e-3)
    shoulders = 0.5 * (expected[:, J["l_shoulder"]] + expected[:, J["r_shoulder"]])
    own_neck = shoulders + 0.19 * (expected[:, J["head_center"]] - shoulders)
    np.testing.assert_allclose(got[:, neck], own_neck, atol=1e-3)
    torso = expected[:, J["pelvis_center"]]
    np.testing.assert_allclose(got[:, chest], torso + 0.55 * (own_neck - torso), atol=0.02)
    known_body.assert_stands(got)


def test_left_stays_left(tmp_path: Path) -> None:
    points = joints(convert(write(tmp_path, optimised(keypoints())), tmp_path))
    assert np.ptp(points[:, J["l_wrist"], 1]) > 0.2
    assert np.ptp(points[:, J["r_wrist"], 1]) < 1e-3
    assert points[0, J["l_hip"], 2] < -0.05 < 0.05 < points[0, J["r_hip"], 2]


def test_smpl_dances_are_where_plain_kinematics_puts_them(tmp_path: Path) -> None:
    each = dance()
    clip = convert(write(tmp_path, smpl(each, fps=None), "motions"), tmp_path)
    frames = np.arange(0, len(each.rotations), FPS / 25)
    whole = frames[np.abs(frames - np.rint(frames)) < 1e-6].astype(int)
    bodies = pose(REST_JOINTS, Walk(each.rotations, 0 * each.translation, FPS))
    # the plain walker's axes have z up, and the body turns about its own pelvis
    bodies = bodies - bodies[:, :1]
    bodies = np.stack([bodies[..., 0], bodies[..., 2], -bodies[..., 1]], axis=-1)
    travel = np.stack(
        [each.translation[:, 0], each.translation[:, 2], -each.translation[:, 1]], axis=-1
    )
    expected = 0.93 * (bodies + travel[:, None])[whole][:, list(NUMBERS.values())]
    step = round(len(frames) / len(whole))
    got = joints(clip)[::5][:, [J[name] for name in NUMBERS]]
    assert step == 5
    assert distance_after_turning(got, expected) < 1e-3


def test_a_raised_left_hand_stays_left_in_smpl_dances(tmp_path: Path) -> None:
    points = joints(convert(write(tmp_path, smpl(dance()), "motions"), tmp_path))
    assert (points[:, J["l_wrist"], 1] - points[:, J["l_shoulder"], 1]).min() > 0.1
    assert (points[:, J["r_wrist"], 1] - points[:, J["r_shoulder"], 1]).max() < -0.1
    assert points[0, J["l_hip"], 2] < points[0, J["r_hip"], 2]
    assert points[-1, 0, 0] - points[0, 0, 0] > 1.5


def test_the_name_tells_genre_music_and_tempo(tmp_path: Path) -> None:
    (tmp_path / "splits").mkdir()
    (tmp_path / "splits" / "crossmodal_test.txt").write_text(f"{NAME}\n")
    clip = convert(write(tmp_path, optimised(keypoints())), tmp_path)
    assert clip.texts[0] == "A person dances break dance."
    assert "100 beats per minute" in clip.texts[2]
    assert clip.meta["genre"] == "break dance"
    assert clip.meta["situation"] == "basic dance"
    assert clip.meta["music"] == {"code": "mBR2", "bpm": 100}
    assert clip.subject == "d04"
    assert clip.split == "test"
    assert {ACTIONS[i].name for i in np.unique(clip.motion.actions)} == {"dance"}
    house = aist_name("gHO_sFM_cAll_d20_mHO5_ch09")
    assert house is not None
    assert house.bpm == 135
    style = aist_name("gLH_sBM_c01_d16_mLH0_ch02")
    assert style is not None
    assert style.sentences[1] == "A dancer performs an LA style hip hop routine."
    assert aist_name("walk") is None


def test_wavering_keypoints_give_constant_bones(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    points = keypoints() + rng.normal(0.0, 0.8, (180, 17, 3))
    clip = convert(write(tmp_path, optimised(points)), tmp_path)
    got = joints(clip)
    lengths = np.stack(
        [np.linalg.norm(got[:, J[a]] - got[:, J[b]], axis=-1) for _, a, b in schema.SEGMENTS]
    )
    assert np.abs(lengths / np.median(lengths, axis=1, keepdims=True) - 1).max() < 0.02
    off = np.linalg.norm(got - known_body.joints(known_body.at_25(180, FPS)), axis=-1)
    assert np.median(off) < 0.03


def test_a_bending_back_bends(tmp_path: Path) -> None:
    """A torso that comes nearer to the hips is not pushed out to its full length."""
    points = keypoints(speed=0.0)
    upper = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    share = np.clip(3.0 * np.sin(np.linspace(0, np.pi, 180)) - 2.0, 0, 1)[:, None]
    points[:, upper, 1] -= 12.0 * share
    points[:, upper, 2] += 6.0 * share
    got = joints(convert(write(tmp_path, optimised(points)), tmp_path))
    torso = np.linalg.norm(got[:, J["neck"]] - got[:, J["pelvis_center"]], axis=-1)
    assert torso.min() < 0.85 * torso.max()
    middle = got[len(got) // 2]
    straight = middle[J["pelvis_center"]] + 0.55 * (middle[J["neck"]] - middle[J["pelvis_center"]])
    assert middle[J["chest"], 0] < straight[0] - 0.05  # the back is round, to behind


def test_missing_keypoints(tmp_path: Path) -> None:
    points = keypoints()
    whole = joints(convert(write(tmp_path, {"keypoints3d": points}), tmp_path))
    points[50:60, 9] = np.nan
    got = joints(convert(write(tmp_path, {"keypoints3d": points}), tmp_path))
    np.testing.assert_allclose(got, whole, atol=0.02)
    points[60, 9] = np.nan
    with pytest.raises(SourceError, match="'keypoints3d', row 50: keypoint 9 is missing for more"):
        convert(write(tmp_path, {"keypoints3d": points}), tmp_path)
    points = keypoints()
    points[0, 2] = np.nan
    with pytest.raises(SourceError, match="keypoint 2 is missing"):
        convert(write(tmp_path, {"keypoints3d": points}), tmp_path)


def test_which_files_are_taken(tmp_path: Path) -> None:
    other = "gWA_sFM_cAll_d27_mWA5_ch21"
    write(tmp_path, {}, "keypoints3d")
    write(tmp_path, {}, "motions")
    write(tmp_path, {}, "keypoints3d", other)
    write(tmp_path, {}, "keypoints2d", other)
    write(tmp_path, {}, "motions", "gJS_sFM_cAll_d01_mJS0_ch01")
    (tmp_path / "ignore_list.txt").write_text("gJS_sFM_cAll_d01_mJS0_ch01\n")

    def found(**settings: str) -> list[str]:
        paths = AistConverter(**settings).find(tmp_path)
        return [path.relative_to(tmp_path).as_posix() for path in paths]

    assert found() == [f"keypoints3d/{other}.pkl", f"motions/{NAME}.pkl"]
    assert found(kind="motions") == [f"motions/{NAME}.pkl"]
    assert len(found(kind="keypoints3d")) == 2
    with pytest.raises(UsageError, match="expected motions or keypoints3d"):
        AistConverter(kind="videos")


class Bomb:
    def __reduce__(self) -> object:
        import os

        return (os.system, ("touch ran",))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ([1], "holds a list"),
        ({}, "holds neither"),
        ({"keypoints3d": np.zeros((50, 16, 3))}, r"has the shape \[50, 16, 3\]"),
        ({"keypoints3d": np.zeros((0, 17, 3))}, "is empty"),
        ({"keypoints3d": np.zeros((40, 17, 3))}, "without size"),
        ({"keypoints3d": np.full((40, 17, 3), np.nan)}, "keypoint 0 is missing"),
        ({"keypoints3d": "many"}, "'keypoints3d': holds <U4"),
        ({"smpl_poses": np.zeros((40, 72))}, "'smpl_trans': is missing"),
        ({"smpl_poses": np.zeros((40, 66))}, "expected"),
        (
            {"smpl_poses": np.zeros((40, 72)), "smpl_trans": np.zeros((40, 3)), "smpl_scaling": 0},
            "'smpl_scaling': must be positive",
        ),
        ({"keypoints3d": Bomb()}, r"asks for '\w+\.system'"),
    ],
)
def test_bad_files_are_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: object, says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    path = write(tmp_path, content)
    with pytest.raises(SourceError, match=says) as caught:
        convert(path, tmp_path)
    assert f"{NAME}.pkl" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "ran").exists()


def test_truncated_files(tmp_path: Path) -> None:
    path = write(tmp_path, optimised(keypoints()))
    whole = path.read_bytes()
    for data in (b"", whole[:1000], whole[:-1], b"not a pickle"):
        path.write_bytes(data)
        with pytest.raises(SourceError, match=r"\.pkl: "):
            convert(path, tmp_path)
