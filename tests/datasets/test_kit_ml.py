"""KIT-ML: reflected positions get their sides back, raw files are posed by the reference body."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from plain_smpl import REST, distance_after_turning, features_of, pose, walk, y_up
from scipy.spatial.transform import Rotation

from stickgen.core.errors import SourceError
from stickgen.core.schema import J
from stickgen.core.testing import ConverterContract
from stickgen.core.types import Clip
from stickgen.datasets.kit_ml import KitMlConverter
from stickgen.datasets.mmm import read_mmm

NUMBERS = {
    "neck": 3, "l_shoulder": 5, "l_elbow": 6, "l_wrist": 7, "r_shoulder": 8, "r_elbow": 9,
    "r_wrist": 10, "l_hip": 11, "l_knee": 12, "l_ankle": 13, "r_hip": 16, "r_knee": 17,
    "r_ankle": 18,
}  # fmt: skip
NAMES = list(NUMBERS)
FROM_SMPL = [0, 3, 6, 12, 15, 16, 18, 20, 17, 19, 21, 1, 4, 7, 10, 10, 2, 5, 8, 11, 11]


def recorded(raised: str = "left", heading: float = 0.0) -> np.ndarray:
    """Return the 21 joints ``[T, 21, 3]`` at 12.5 frames a second, millimetres, y up."""
    body = y_up(pose(REST, walk(fps=12.5, seconds=4.0, raised=raised, heading=heading)))
    joints = body[:, FROM_SMPL].copy()
    for ankle, ball, toe in ((13, 14, 15), (18, 19, 20)):
        joints[:, ball] = 0.5 * (joints[:, ankle] + joints[:, toe])
    return 1000 * joints


def save(root: Path, array: np.ndarray, folder: str = "new_joints") -> Path:
    (root / folder).mkdir(parents=True, exist_ok=True)
    (root / "texts").mkdir(exist_ok=True)
    (root / "texts" / "00001.txt").write_text("a person walks#a/DET#0.0#0.0\n")
    path = root / folder / "00001.npy"
    np.save(path, array)
    return path


def convert(path: Path, root: Path, **settings: object) -> Clip:
    (clip,) = KitMlConverter(**settings).read(path, root)
    return clip


def points(clip: Clip) -> np.ndarray:
    return clip.motion.joints[:, 0].astype(float)[:, [J[name] for name in NAMES]]


class TestFeatures(ConverterContract):
    name = "kit_ml"

    def sample(self, folder: Path) -> Path:
        save(folder, recorded())
        return folder


class TestRaw(ConverterContract):
    name = "kit_ml"

    def sample(self, folder: Path) -> Path:
        write_raw(folder / "00017_mmm.xml", *raw_walk())
        return folder


@pytest.mark.parametrize("reflected", [False, True])
@pytest.mark.parametrize("heading", [0.0, 130.0])
def test_joints_are_where_they_were(tmp_path: Path, reflected: bool, heading: float) -> None:
    joints = recorded(heading=heading)
    sign = np.array([-1.0 if reflected else 1.0, 1, 1])
    clip = convert(save(tmp_path, joints * sign), tmp_path, height=None)
    assert clip.meta["reflected"] is reflected
    assert clip.texts == ("a person walks",)
    found = points(clip)[::2]
    expected = joints[:, [NUMBERS[name] for name in NAMES]] / 1000
    assert len(found) == len(expected)
    assert distance_after_turning(found, expected) < 1e-3
    assert abs(clip.motion.seconds - 4.0) <= 2 / 25


def test_features_of_251_numbers(tmp_path: Path) -> None:
    joints = recorded()
    features = features_of(joints * [-1, 1, 1], hips=(16, 11))
    clip = convert(save(tmp_path, features, "new_joint_vecs"), tmp_path, height=None)
    expected = joints[:-1, [NUMBERS[name] for name in NAMES]] / 1000
    assert features.shape[1] == 251
    assert distance_after_turning(points(clip)[::2], expected) < 1e-3


@pytest.mark.parametrize("raised", ["left", "right"])
def test_left_stays_left(tmp_path: Path, raised: str) -> None:
    joints = convert(save(tmp_path, recorded(raised) * [-1, 1, 1]), tmp_path).motion.joints[:, 0]
    up, other = ("l", "r") if raised == "left" else ("r", "l")
    assert (joints[:, J[f"{up}_wrist"], 1] > joints[:, J[f"{up}_shoulder"], 1]).all()
    assert (joints[:, J[f"{other}_wrist"], 1] < joints[:, J[f"{other}_shoulder"], 1]).all()
    assert (joints[:, J["l_hip"], 2] < joints[:, J["r_hip"], 2]).all()
    assert joints[-1, J["pelvis_center"], 0] > 3.0
    assert 1.4 < np.median(joints[:, J["head_center"], 1]) < 1.75


def test_feet_that_point_nowhere_are_refused(tmp_path: Path) -> None:
    joints = recorded()
    joints[:, [14, 15]] = joints[:, [13]] - [0, 60, 0]
    joints[:, [19, 20]] = joints[:, [18]] - [0, 60, 0]
    with pytest.raises(SourceError, match="left and right"):
        convert(save(tmp_path, joints), tmp_path)


# The reference body as it is published: lengths in thousandths of the height.
BODY = {
    "BP": ("root", (0, 0, 40)), "BT": ("BP", (0, 0, 60)), "collar": ("BT", (0, 0, 188)),
    "BLN": ("collar", (0, 0, 22)), "BUN": ("BLN", (0, 0, 30)),
    "LSC": ("collar", (-87, 0, 0)), "LS": ("LSC", (-23, 0, 0)), "LE": ("LS", (0, 0, -188)),
    "LW": ("LE", (0, 0, -145)),
    "RSC": ("collar", (87, 0, 0)), "RS": ("RSC", (23, 0, 0)), "RE": ("RS", (0, 0, -188)),
    "RW": ("RE", (0, 0, -145)),
    "LH": ("root", (-52, 0, 0)), "LK": ("LH", (0, 0, -245)), "LA": ("LK", (0, 0, -246)),
    "RH": ("root", (52, 0, 0)), "RK": ("RH", (0, 0, -245)), "RA": ("RK", (0, 0, -246)),
}  # fmt: skip
ANGLES = [
    "BLNx", "BLNy", "BLNz", "BPx", "BPy", "BPz", "BTx", "BTy", "BTz", "BUNx", "BUNy", "BUNz",
    "LAx", "LAy", "LAz", "LEx", "LEz", "LHx", "LHy", "LHz", "LKx", "LSx", "LSy", "LSz", "LWx",
    "LWy", "LFx", "LMrot", "RAx", "RAy", "RAz", "REx", "REz", "RHx", "RHy", "RHz", "RKx", "RSx",
    "RSy", "RSz", "RWx", "RWy", "RFx", "RMrot",
]  # fmt: skip
RAW_NAMES = {
    "neck": "BLN",
    **{
        f"{side.lower()}_{part}": side + letter
        for side in "LR"
        for part, letter in zip(
            ("hip", "knee", "ankle", "shoulder", "elbow", "wrist"), "HKASEW", strict=True
        )
    },
}


def raw_walk(n: int = 201) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return root place, roll-pitch-yaw and 44 angles of somebody who walks, left hand up."""
    t = np.arange(n) / 100.0
    step = np.sin(2 * np.pi * t)
    angles = np.zeros((n, len(ANGLES)))
    for name, values in {
        "LHx": 0.4 * step, "RHx": -0.4 * step, "LKx": -0.4 + 0.2 * step, "RKx": -0.4 - 0.2 * step,
        "BPx": 0.1 * step, "BTz": 0.2 * step, "BTy": 0.1 + 0 * t, "BLNz": 0.3 * step,
        "LSx": 2.6 + 0 * t, "LSz": 0.3 * step, "LSy": 0.2 + 0 * t, "RSx": 0.3 * step,
        "LEx": 0.5 + 0 * t, "LEz": 0.3 + 0 * t, "LHz": 0.1 * step, "LHy": 0.1 + 0 * t,
    }.items():  # fmt: skip
        angles[:, ANGLES.index(name)] = values
    turn = np.stack([0.05 * step, 0.03 + 0 * t, 0.7 + 0.2 * step], axis=1)
    place = np.stack([-800 * t + 100, 900 * t, 900 + 10 * step], axis=1)
    return place, turn, angles


def plain_pose(
    place: np.ndarray, turn: np.ndarray, angles: np.ndarray, height: float
) -> np.ndarray:
    """Return the joints of `RAW_NAMES` ``[T, 13, 3]`` in metres, y up."""
    out = []
    for frame in range(len(place)):
        row = dict(zip(ANGLES, angles[frame], strict=True))
        roll, pitch, yaw = turn[frame]
        root = np.eye(4)
        for axis, angle in (("z", yaw), ("y", pitch), ("x", roll)):
            root[:3, :3] = root[:3, :3] @ Rotation.from_euler(axis, angle).as_matrix()
        root[:3, 3] = place[frame] / 1000
        world = {"root": root}
        for name, (parent, offset) in BODY.items():
            matrix = np.eye(4)
            matrix[:3, 3] = np.array(offset) / 1000 * height
            for axis in "xzy":
                angle = row.get(f"{name}{axis}", 0.0)
                matrix[:3, :3] = matrix[:3, :3] @ Rotation.from_euler(axis, angle).as_matrix()
            world[name] = world[parent] @ matrix
        out.append([world[name][:3, 3] for name in RAW_NAMES.values()])
    return y_up(np.array(out))


def write_raw(
    path: Path,
    place: np.ndarray,
    turn: np.ndarray,
    angles: np.ndarray,
    height: float = 1.82,
    config: str = "<ModelProcessorConfig type='Winter'><Height>{}</Height></ModelProcessorConfig>",
) -> Path:
    """Write a file as the KIT data base does."""

    def words(row: np.ndarray) -> str:
        return " ".join(f"{value:.6g}" for value in row)

    lines = ["<?xml version='1.0'?>", "<MMM>", "\t<Motion name='subject_id_4'>"]
    lines += ["\t\t<Model>", "\t\t\t<File>mmm.xml</File>", "\t\t</Model>", config.format(height)]
    lines += ["\t\t<JointOrder>"]
    lines += [f"\t\t\t<Joint name='{name}_joint'/>" for name in ANGLES]
    lines += ["\t\t</JointOrder>", "\t\t<MotionFrames>"]
    for k in range(len(place)):
        lines += [
            "\t\t\t<MotionFrame>",
            f"\t\t\t\t<Timestep>{k / 100:.6g}</Timestep>",
            f"\t\t\t\t<RootPosition>{words(place[k])}</RootPosition>",
            f"\t\t\t\t<RootRotation>{words(turn[k])}</RootRotation>",
            f"\t\t\t\t<JointPosition>{words(angles[k])} </JointPosition>",
            f"\t\t\t\t<JointVelocity>{words(0 * angles[k])} </JointVelocity>",
            "\t\t\t</MotionFrame>",
        ]
    lines += ["\t\t</MotionFrames>", "\t</Motion>", "</MMM>"]
    path.write_text("\n".join(lines))
    return path


def test_raw_files_are_posed_by_the_reference_body(tmp_path: Path) -> None:
    path = write_raw(tmp_path / "00017_mmm.xml", *raw_walk())
    (tmp_path / "00017_annotations.json").write_text('["A person walks.", "Somebody waves."]')
    (tmp_path / "00017_meta.json").write_text('{"source": {"institution": {"name": "kit"}}}')
    (found_path,) = KitMlConverter().find(tmp_path)
    clip = convert(found_path, tmp_path, height=None)
    assert clip.texts == ("A person walks.", "Somebody waves.")
    assert clip.clip_id == "00017"
    assert clip.meta["temporal"]["original_fps"] == 100.0
    assert clip.meta["subject_height"] == 1.82
    assert clip.meta["kit_source"] == {"institution": {"name": "kit"}}
    expected = plain_pose(*raw_walk(), 1.82)[::4]
    found = clip.motion.joints[:, 0].astype(float)[:, [J[name] for name in RAW_NAMES]]
    assert distance_after_turning(found, expected) < 1e-3
    joints = clip.motion.joints[:, 0]
    assert (joints[:, J["l_wrist"], 1] > joints[:, J["r_wrist"], 1]).all()
    assert (joints[:, J["l_hip"], 2] < joints[:, J["r_hip"], 2]).all()
    assert joints[-1, J["pelvis_center"], 0] > 1.5
    assert path == found_path


WINTER = "<ModelProcessorConfig type='Winter'><Height>{}</Height>%s</ModelProcessorConfig>"


@pytest.mark.parametrize(
    ("config", "place"),
    [
        ("", "ModelProcessorConfig"),
        ("<ModelProcessorConfig type='Scaled'/>", "Scaled"),
        (WINTER % "<SegmentLength name='LK' unit='mm'>410</SegmentLength>", "SegmentLength"),
        (WINTER.replace("{}", "tall") % "", "tall"),
    ],
)
def test_bodies_scaled_in_unknown_ways_are_refused(tmp_path: Path, config: str, place: str) -> None:
    path = write_raw(tmp_path / "1_mmm.xml", *raw_walk(), config=config)
    with pytest.raises(SourceError, match="ModelProcessorConfig") as caught:
        read_mmm(path)
    assert place in str(caught.value) or "lengths of their own" in str(caught.value)


DAMAGE = {
    "entities": ("<MMM>", "<!DOCTYPE a [<!ENTITY b 'c'>]><MMM>", "entities"),
    "no motion": ("<Motion ", "<Emotion ", "XML"),
    "other root": ("MMM>", "KKK>", "no motion"),
    "not a number": ("<Timestep>0.01<", "<Timestep>soon<", "Timestep"),
    "too few": ("<RootPosition>92 9 900.628<", "<RootPosition>92 9<", "frame 1"),
    "not finite": ("<RootPosition>92 9 900.628<", "<RootPosition>92 9 nan<", "frame 1"),
    "no such joint": ("<Joint name='LHx_joint'/>", "<Joint name='what'/>", "LHx_joint"),
    "time stands": ("<Timestep>0.01<", "<Timestep>0<", "Timestep"),
}


@pytest.mark.parametrize("case", DAMAGE)
def test_a_damaged_raw_file_is_one_sentence(tmp_path: Path, case: str) -> None:
    path = write_raw(tmp_path / "1_mmm.xml", *raw_walk())
    old, new, place = DAMAGE[case]
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    with pytest.raises(SourceError, match=r"1_mmm\.xml") as caught:
        convert(path, tmp_path)
    assert place in str(caught.value)
    assert "\n" not in str(caught.value)


def test_version_2_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "1_mmm.xml"
    path.write_text("<MMM><Motion name='a'><Sensors/></Motion></MMM>")
    with pytest.raises(SourceError, match="version 2"):
        read_mmm(path)


@pytest.mark.parametrize(
    ("name", "content"),
    [("annotations", "{}"), ("annotations", "[1]"), ("annotations", "["), ("meta", "[]")],
)
def test_damaged_neighbours_are_named(tmp_path: Path, name: str, content: str) -> None:
    path = write_raw(tmp_path / "1_mmm.xml", *raw_walk())
    (tmp_path / f"1_{name}.json").write_text(content)
    with pytest.raises(SourceError, match=f"1_{name}"):
        convert(path, tmp_path)


@pytest.mark.parametrize("shape", [(50, 22, 3), (50, 263), (0, 21, 3), (50,)])
def test_other_shapes_are_named(tmp_path: Path, shape: tuple[int, ...]) -> None:
    with pytest.raises(SourceError, match=r"00001\.npy"):
        convert(save(tmp_path, np.zeros(shape)), tmp_path)


def test_a_truncated_array_is_named(tmp_path: Path) -> None:
    path = save(tmp_path, recorded())
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(SourceError, match=r"00001\.npy"):
        convert(path, tmp_path)
