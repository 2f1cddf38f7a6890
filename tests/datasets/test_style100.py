"""100STYLE: files written as published, from a known skeleton."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from alignment import LIMBS, distance, laid_onto
from bvh_text import ARMS_DOWN, HIP_HEIGHT, Angles, bvh_text
from plain_bvh import PlainBvh

from stickgen.core.errors import SourceError
from stickgen.core.schema import J
from stickgen.core.testing import ConverterContract
from stickgen.core.types import Clip
from stickgen.datasets.style100 import CONTENTS, Style100Converter, sentences

NAMES = {"Spine": "Chest", "Spine1": "Chest2"} | {
    f"{side}{word}": f"{side}{own}"
    for side in ("Left", "Right")
    for word, own in (("Arm", "Shoulder"), ("ForeArm", "Elbow"), ("Hand", "Wrist"),
                      ("UpLeg", "Hip"), ("Leg", "Knee"), ("Foot", "Ankle"))
}  # fmt: skip
PARTS = {"hip": "Hip", "knee": "Knee", "ankle": "Ankle",
         "shoulder": "Shoulder", "elbow": "Elbow", "wrist": "Wrist"}  # fmt: skip
HEADER = "STYLE_NAME," + ",".join(f"{code}_START,{code}_STOP" for code in CONTENTS)


def moved(frame: int) -> Angles:
    """Return a walk's pose: before frame 60 and after 240 a T-pose, the left arm bent."""
    if not 60 <= frame < 240:
        return {}
    s = float(np.sin(frame / 12))
    return {**ARMS_DOWN, "LeftForeArm": (0.0, 0.0, -60.0), "LeftUpLeg": (0.0, -25 * s, 0.0),
            "RightUpLeg": (0.0, 25 * s, 0.0), "LeftLeg": (0.0, 25.0, 0.0),
            "RightLeg": (0.0, 25.0, 0.0)}  # fmt: skip


def dataset(folder: Path, style: str = "Angry", code: str = "BW", cut: str = "60,240") -> Path:
    (folder / style).mkdir(exist_ok=True)
    path = folder / style / f"{style}_{code}.bvh"
    path.write_text(
        bvh_text(
            frames=300, frame_time="0.016667", order="YXZ", angles=moved,
            root=lambda k: (0.0, HIP_HEIGHT, -1.5 * k),
            rename=lambda name: NAMES.get(name, name),
        )
    )  # fmt: skip
    cells = [cut if each == code else "N/A,N/A" for each in CONTENTS]
    (folder / "Frame_Cuts.csv").write_text(f"{HEADER}\n{style},{','.join(cells)}\n")
    (folder / "Dataset_List.csv").write_text(
        f"Style Name,Description,Stochastic\n{style},Feeling very cross,No\n"
    )
    return path


def convert(path: Path, root: Path, **options: object) -> Clip:
    (clip,) = Style100Converter(**options).read(path, root)
    return clip


class TestContract(ConverterContract):
    name = "100style"

    def sample(self, folder: Path) -> Path:
        dataset(folder)
        return folder


def test_what_is_outside_the_cuts_is_gone_and_joints_are_known(tmp_path: Path) -> None:
    path = dataset(tmp_path)
    clip = convert(path, tmp_path, height=None)
    assert abs(clip.motion.seconds - 180 / 60) <= 1 / 25
    plain = PlainBvh(path)
    exact = range(0, clip.motion.n_frames, 5)  # 25 and 60 a second meet every fifth
    poses = [plain.pose(60 + k * 12 // 5) for k in exact]
    sides = {"l": "Left", "r": "Right"}
    expected = np.array(
        [[pose[sides[limb[0]] + PARTS[limb[2:]]] / 100 for limb in LIMBS] for pose in poses]
    )
    got = clip.motion.joints[list(exact), 0][:, [J[limb] for limb in LIMBS]].astype(float)
    assert distance(laid_onto(expected, got, size=False), got) < 1e-3


def test_backwards_is_backwards_and_left_is_left(tmp_path: Path) -> None:
    points = convert(dataset(tmp_path), tmp_path).motion.joints[:, 0].astype(float)
    assert points[-1, J["pelvis_center"], 0] < -1.5
    assert (points[:, J["l_hip"], 2] < points[:, J["r_hip"], 2]).all()
    reach = np.linalg.norm(points[:, J["l_wrist"]] - points[:, J["l_shoulder"]], axis=-1)
    other = np.linalg.norm(points[:, J["r_wrist"]] - points[:, J["r_shoulder"]], axis=-1)
    assert (reach < 0.95 * other).all()
    first = points[0]
    assert 1.4 < first[J["head_center"], 1] < 1.75
    assert first[J["l_wrist"], 1] < 1.1  # the T-pose is cut off


def test_style_and_content_are_told(tmp_path: Path) -> None:
    clip = convert(dataset(tmp_path), tmp_path)
    assert clip.texts[0] == "A person walks backwards in an angry way."
    assert clip.texts[2] == "In an angry way, a person walks backwards."
    assert clip.meta["style"] == "Angry"
    assert clip.meta["style_description"] == "Feeling very cross"
    assert clip.meta["action"] == "walk"
    assert clip.licence == "CC-BY-4.0"
    assert sentences("Neutral", "FR") == (
        "A person runs forwards.", "Someone is running forwards."
    )  # fmt: skip
    assert sentences("MoonBoots", "ID")[0] == "A person stands in place in the style moon boots."
    for code in CONTENTS:
        for text in sentences("Zombie", code):
            assert re.fullmatch(r"[A-Z][^.]*\.", text)
            assert "zombie" in text.lower()


@pytest.mark.parametrize(
    ("cut", "says"),
    [
        ("60,400", "frames 60 to 400 are not in Angry_BW.bvh, which has 300"),
        ("240,60", "frames 240 to 60"),
        ("-5,60", "frames -5 to 60"),
        ("x,240", "line 2, column BW_START.*'x' is no frame number"),
        ("inf,240", "no frame number"),
        ("N/A,N/A", "tells no frames for Angry_BW.bvh"),
        ("60,70", "length"),
    ],
)
def test_wrong_cuts_are_named(tmp_path: Path, cut: str, says: str) -> None:
    path = dataset(tmp_path, cut=cut)
    with pytest.raises(SourceError, match=says):
        convert(path, tmp_path)


def test_missing_tables_and_odd_names_are_named(tmp_path: Path) -> None:
    path = dataset(tmp_path)
    (tmp_path / "Dataset_List.csv").unlink()
    assert "style_description" not in convert(path, tmp_path).meta
    (tmp_path / "Frame_Cuts.csv").write_bytes(b"\x80\x04\xff")
    with pytest.raises(SourceError, match=r"Frame_Cuts\.csv.*not a CSV table"):
        convert(path, tmp_path)
    (tmp_path / "Frame_Cuts.csv").unlink()
    with pytest.raises(SourceError, match=r"Frame_Cuts\.csv, which tells"):
        convert(path, tmp_path)
    odd = path.rename(path.with_name("Angry_XX.bvh"))
    with pytest.raises(SourceError, match="does not tell style and content"):
        convert(odd, tmp_path)


def test_a_truncated_file_is_named(tmp_path: Path) -> None:
    path = dataset(tmp_path)
    path.write_text(path.read_text()[:-300])
    with pytest.raises(SourceError, match="cut short"):
        convert(path, tmp_path)
