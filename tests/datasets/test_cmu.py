"""The CMU database: ASF/AMC against its own BVH conversion and against known joints."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from alignment import LIMBS, distance, laid_onto
from bvh_text import ARMS_DOWN, bvh_text
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from stickgen.core import schema
from stickgen.core.errors import SourceError
from stickgen.core.schema import J
from stickgen.core.testing import ConverterContract
from stickgen.core.types import Clip
from stickgen.datasets.bvh import BvhConverter
from stickgen.datasets.cmu import CmuConverter
from stickgen.datasets.cmu_index import texts_of

# name, parent, direction, length, axis, dof: a body as the database describes one, in 1/0.45 inch
BONES = (
    ("lhipjoint", "root", (0.6, -0.8, 0.0), 2.4, (0, 0, 0), ""),
    ("lfemur", "lhipjoint", (0.34202, -0.939693, 0), 7.2, (0, 0, 20), "rx ry rz"),
    ("ltibia", "lfemur", (0.34202, -0.939693, 0), 7.5, (0, 0, 20), "rx"),
    ("lfoot", "ltibia", (0.07, -0.18, 0.98), 2.4, (-90, 0, 20), "rx rz"),
    ("rhipjoint", "root", (-0.6, -0.8, 0.0), 2.4, (0, 0, 0), ""),
    ("rfemur", "rhipjoint", (-0.34202, -0.939693, 0), 7.2, (0, 0, -20), "rx ry rz"),
    ("rtibia", "rfemur", (-0.34202, -0.939693, 0), 7.5, (0, 0, -20), "rx"),
    ("rfoot", "rtibia", (-0.07, -0.18, 0.98), 2.4, (-90, 0, -20), "rx rz"),
    ("lowerback", "root", (0.01, 0.99, -0.09), 2.0, (0, 0, 0), "rx ry rz"),
    ("upperback", "lowerback", (0.02, 0.99, -0.02), 2.1, (0, 0, 0), "rx ry rz"),
    ("thorax", "upperback", (0.02, 0.99, 0.02), 2.0, (0, 0, 0), "rx ry rz"),
    ("lowerneck", "thorax", (-0.03, 0.99, 0.1), 1.7, (0, 0, 0), "rx ry rz"),
    ("upperneck", "lowerneck", (0.05, 0.99, -0.07), 1.7, (0, 0, 0), "rx ry rz"),
    ("head", "upperneck", (0.02, 0.99, -0.03), 1.7, (0, 0, 0), "rx ry rz"),
    ("lclavicle", "thorax", (0.94, 0.33, -0.08), 3.5, (0, 0, 0), "ry rz"),
    ("lhumerus", "lclavicle", (1, 0, 0), 5.1, (180, 30, 90), "rx ry rz"),
    ("lradius", "lhumerus", (1, 0, 0), 3.3, (180, 30, 90), "rx"),
    ("lwrist", "lradius", (1, 0, 0), 1.6, (180, 30, 90), "ry"),
    ("rclavicle", "thorax", (-0.94, 0.33, -0.08), 3.5, (0, 0, 0), "ry rz"),
    ("rhumerus", "rclavicle", (-1, 0, 0), 5.1, (180, -30, -90), "rx ry rz"),
    ("rradius", "rhumerus", (-1, 0, 0), 3.3, (180, -30, -90), "rx"),
    ("rwrist", "rradius", (-1, 0, 0), 1.6, (180, -30, -90), "ry"),
)
AT = {"hip": "femur", "knee": "tibia", "ankle": "foot",
      "shoulder": "humerus", "elbow": "radius", "wrist": "wrist"}  # fmt: skip
Angles = dict[str, tuple[float, ...]]


def asf_text(angle: str = "deg") -> str:
    share = 1.0 if angle == "deg" else np.pi / 180
    lines = [
        "# made by a test", ":version 1.10", ":name TEST", ":units", "  mass 1.0",
        "  length 0.45", f"  angle {angle}", ":documentation", "   none", ":root",
        "   order TX TY TZ RX RY RZ", "   axis XYZ", "   position 0 0 0",
        "   orientation 0 0 0", ":bonedata",
    ]  # fmt: skip
    for number, (name, _, direction, length, axis, dof) in enumerate(BONES, start=1):
        lines += ["  begin", f"     id {number}", f"     name {name}"]
        lines += [f"     direction {' '.join(str(x) for x in direction)}", f"     length {length}"]
        lines += [f"     axis {' '.join(repr(x * share) for x in axis)}  XYZ"]
        if dof:
            lines += [f"    dof {dof}", *["    limits (-160.0 20.0)"][: len(dof)]]
        lines += ["  end"]
    lines += [":hierarchy", "  begin", "    root lhipjoint rhipjoint lowerback"]
    for name, *_ in BONES:
        children = [bone[0] for bone in BONES if bone[1] == name]
        if children:
            lines.append(f"    {name} {' '.join(children)}")
    return "\r\n".join([*lines, "  end", ""])


def amc_text(frames: list[Angles], flag: str = ":DEGREES") -> str:
    share = np.pi / 180 if flag == ":RADIANS" else 1.0
    lines = ["#!OML:ASF made by a test", ":FULLY-SPECIFIED", flag]
    for number, angles in enumerate(frames, start=1):
        root = angles.get("root", (0.0, 16.5, 0.0, 0.0, 0.0, 0.0))
        turned = [*root[:3], *(x * share for x in root[3:])]
        lines += [str(number), "root " + " ".join(repr(float(x)) for x in turned)]
        for name, _, _, _, _, dof in BONES:
            if dof:
                values = angles.get(name, (0.0,) * len(dof.split()))
                lines.append(f"{name} " + " ".join(repr(float(x) * share) for x in values))
    return "\r\n".join([*lines, ""])


def known_joints(angles: Angles) -> dict[str, np.ndarray]:
    """Return where the limbs are: matrices of scipy, as the format's description has it."""
    root = angles.get("root", (0.0, 16.5, 0.0, 0.0, 0.0, 0.0))
    turn = {"root": Rotation.from_euler("xyz", root[3:], degrees=True)}
    ends = {"root": np.array(root[:3])}
    starts = {}
    for name, parent, direction, length, axis, dof in BONES:
        own = Rotation.from_euler("xyz", axis, degrees=True)
        values = angles.get(name, (0.0,) * len(dof.split()))
        around = Rotation.identity()
        for kind, value in zip(dof.split(), values, strict=True):
            around = Rotation.from_euler(kind[1], value, degrees=True) * around
        turn[name] = turn[parent] * own * around * own.inv()
        unit = np.array(direction) / np.linalg.norm(direction)
        starts[name] = ends[parent]
        ends[name] = ends[parent] + turn[name].apply(unit * length)
    return {limb: starts[limb[0] + AT[limb[2:]]] * 0.0254 / 0.45 for limb in LIMBS}


def moved(k: int) -> Angles:
    """Return a pose with the arms down that goes on with *k*."""
    s = np.sin(k / 20)
    return {
        "root": (0.02 * k, 16.5, 0.3 * s, 3 * s, 10 * s, -4 * s),
        "lfemur": (-25 * s, 5 * s, 3.0), "ltibia": (30 + 25 * s,), "lfoot": (5 * s, 2.0),
        "rfemur": (25 * s, -5 * s, -3.0), "rtibia": (30 - 25 * s,),
        "lowerback": (5 * s, 3 * s, 0.0), "upperback": (0.0, 4 * s, 2 * s), "thorax": (s, s, s),
        "lclavicle": (2 * s, 1.0), "lhumerus": (20 * s, 10.0, -70.0), "lradius": (35 + 20 * s,),
        "rhumerus": (-10 * s, -5.0, 75.0), "rradius": (25.0,), "head": (0.0, 20 * s, 0.0),
    }  # fmt: skip


def convert(folder: Path, frames: list[Angles], flag: str = ":DEGREES", **options: object) -> Clip:
    (folder / "02.asf").write_text(asf_text("deg" if flag == ":DEGREES" else "rad"))
    path = folder / "02_01.amc"
    path.write_text(amc_text(frames, flag))
    (clip,) = CmuConverter(**options).read(path, folder)
    return clip


class TestContract(ConverterContract):
    name = "cmu"

    def sample(self, folder: Path) -> Path:
        (folder / "02.asf").write_text(asf_text())
        (folder / "02_01.amc").write_text(amc_text([moved(k) for k in range(150)]))
        (folder / "more").mkdir()
        (folder / "more" / "05_02.bvh").write_text(bvh_text(frames=40))
        return folder


@pytest.mark.parametrize("flag", [":DEGREES", ":RADIANS"])
def test_joints_are_where_they_are_known_to_be(tmp_path: Path, flag: str) -> None:
    frames = [moved(k) for k in range(289)]
    clip = convert(tmp_path, frames, flag, height=None)
    assert clip.meta["temporal"]["original_fps"] == 120.0
    assert clip.motion.n_frames == 61
    exact = range(0, 61, 5)  # 25 and 120 a second meet every fifth
    known = [known_joints(frames[k * 24 // 5]) for k in exact]
    expected = np.array([[pose[limb] for limb in LIMBS] for pose in known])
    got = clip.motion.joints[list(exact), 0][:, [J[limb] for limb in LIMBS]].astype(float)
    assert distance(laid_onto(expected, got, size=False), got) < 1e-3


def test_a_stander_stands_and_left_is_left(tmp_path: Path) -> None:
    down = {"lhumerus": (0.0, 0.0, -80.0), "rhumerus": (0.0, 0.0, 80.0)}
    clip = convert(tmp_path, [{**down, "lradius": (90.0,)} for _ in range(130)])
    points = clip.motion.joints[0, 0].astype(float)
    assert 1.4 < points[J["head_center"], 1] < 1.75
    assert points[J["l_hip"], 2] < 0 < points[J["r_hip"], 2]
    assert points[J["pelvis_center"], 1] > points[J["l_knee"], 1] > points[J["l_ankle"], 1]
    expected = known_joints({**down, "lradius": (90.0,)})
    bent = np.linalg.norm(expected["l_wrist"] - expected["l_shoulder"])
    straight = np.linalg.norm(expected["r_wrist"] - expected["r_shoulder"])
    got = [np.linalg.norm(points[J[f"{s}_wrist"]] - points[J[f"{s}_shoulder"]]) for s in "lr"]
    assert bent < 0.8 * straight
    assert got[0] / got[1] == pytest.approx(bent / straight, abs=0.01)


def rms(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the root of the mean square distance of each joint."""
    return np.sqrt(((a - b) ** 2).sum(axis=-1).mean(axis=0))


def test_one_take_in_two_formats_is_one_motion(real_data: Callable[[str], Path]) -> None:
    folder = real_data("asf_amc") / "asf_amc"
    (amc,) = CmuConverter().read(folder / "01_01.amc", folder)
    (bvh,) = CmuConverter().read(folder / "01_01.bvh", folder)
    assert bvh.meta["setup_frames"] == 1  # the inserted T-pose
    assert bvh.meta["thorax"] == "restored"
    a, b = (clip.motion.joints[:, 0].astype(float) for clip in (amc, bvh))
    assert len(a) == len(b) == 573
    assert rms(laid_onto(a, b, size=False), b).max() < 0.01  # 3 cm would do
    # without the bone the conversion has lost, the shoulders hang 11 cm lower
    (raw,) = BvhConverter(height=None).read(folder / "01_01.bvh", folder)
    (own,) = CmuConverter(height=None).read(folder / "01_01.amc", folder)
    a, b = (clip.motion.joints[:, 0].astype(float) for clip in (own, raw))
    apart = [
        np.linalg.norm(points[:, J["l_shoulder"]] - points[:, J["pelvis_center"]], axis=-1).mean()
        for points in (a, b)
    ]
    assert 0.09 < apart[0] - apart[1] < 0.13


def test_the_real_files(real_data: Callable[[str], Path]) -> None:
    folder = real_data("asf_amc")
    converter = CmuConverter(index=real_data("cmu_index.csv"))
    paths = converter.find(folder)
    assert [path.name for path in paths] == [
        "01_01.amc", "02_01.amc", "02_03.amc", "02_04.amc", "03_01.amc"
    ]  # fmt: skip
    clips = {path.stem: clip for path in paths for clip in converter.read(path, folder)}
    walk = clips["02_01"]
    assert walk.texts == ("A person walks.", "walk")
    assert (walk.subject, walk.recording_id) == ("02", "cmu/02_01")
    assert walk.meta["subject_category"] == "various expressions and human behaviors"
    pelvis = walk.motion.joints[:, 0, J["pelvis_center"]].astype(float)
    way = pelvis[-1] - pelvis[0]
    assert way[0] > 2.0
    assert abs(way[2]) < 0.25 * way[0]
    assert 1.6 < walk.meta["height"] < 2.0  # the unit is right
    jump = clips["02_04"].motion.joints[:, 0, J["pelvis_center"], 1]
    assert jump.max() > jump[0] + 0.2
    for clip in clips.values():
        assert np.isfinite(clip.motion.joints).all()
        top = float(np.median(clip.motion.joints[:, 0, J["head_center"], 1]))
        assert top > 0.7 * schema.HEIGHT


@pytest.mark.parametrize(
    ("description", "texts"),
    [
        ("walk", ("A person walks.", "walk")),
        ("playground - climb, hang, swing",
         ("A person climbs, hangs, then swings.", "playground - climb, hang, swing")),
        ("run/jog", ("A person runs.", "run/jog")),
        ("slow walk", ("A person does a slow walk.", "slow walk")),
        ("cartwheels", ("A person cartwheels.", "cartwheels")),
        ("cow", ("cow",)),
        ("180", ()),
        ("brushing teeth", ("A person is brushing teeth.", "brushing teeth")),
        ("Run Turn Left", ("A person runs, then turns left.", "Run Turn Left")),
        ("stretch and cartwheel",
         ("A person stretches, then cartwheels.", "stretch and cartwheel")),
        ("A gives B a shoulder rub; B sits, A stands",
         ("A gives B a shoulder rub; B sits, A stands",)),
        ("Unknown", ()),
        ("", ()),
    ],
)  # fmt: skip
def test_descriptions_become_sentences(description: str, texts: tuple[str, ...]) -> None:
    assert texts_of(description) == texts


def test_tables_are_found_and_damage_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "subjects" / "02"
    folder.mkdir(parents=True)
    (tmp_path / "cmu_index.csv").write_text(
        "trial,description,subject_category,fps\n2_1,hop on one foot,hops,60\n"
    )
    clip = convert(folder, [moved(k) for k in range(130)])
    assert clip.texts[-1] == "hop on one foot"
    assert clip.meta["temporal"]["original_fps"] == 60.0
    (tmp_path / "cmu_index.csv").write_text("trial,description,fps\n02_01,hop,fast\n")
    with pytest.raises(SourceError, match=r"cmu_index.csv, row '02_01'.*'fast'"):
        convert(folder, [moved(k) for k in range(130)])
    with pytest.raises(SourceError, match="no such table"):
        convert(folder, [moved(k) for k in range(130)], index=tmp_path / "nowhere.csv")


def test_bvh_conversions_are_read_too(tmp_path: Path) -> None:
    path = tmp_path / "05_02.bvh"
    path.write_text(bvh_text(frames=60, angles=lambda k: {} if k == 0 else ARMS_DOWN))
    (clip,) = CmuConverter().read(path, tmp_path)
    assert clip.meta["setup_frames"] == 1
    assert clip.subject == "05"


def good() -> tuple[str, str]:
    return asf_text(), amc_text([moved(k) for k in range(130)])


@pytest.mark.parametrize(
    ("what", "old", "new", "says"),
    [
        ("asf", ":hierarchy", ":other", "no :hierarchy"),
        ("asf", "length 7.2", "length long", "line 2.*'long'"),
        ("asf", "direction 1 0 0", "direction nan 0 0", "finite numbers"),
        ("asf", "dof rx ry rz", "dof rx l", "moves by 'l'"),
        ("asf", "angle deg", "angle turns", "deg or rad"),
        ("asf", "name rfoot", "name lfoot", "two bones called 'lfoot'"),
        ("asf", "    ltibia lfoot", "    ltibia lfemur lfoot", "hangs from two bones"),
        ("asf", "    root lhipjoint rhipjoint", "    root rhipjoint", "not connected"),
        ("asf", "    ltibia lfoot", "    ltibia left", "no bone 'left'"),
        ("asf", "XYZ", "XXZ", "order of axes"),
        ("asf", ":version 1.10", "HIERARCHY", "not an ASF file"),
        ("amc", "lfemur", "femur", "no bone 'femur'"),
        ("amc", "ltibia 30.0", "ltibia 30.0 1.0", "line 7.*2 numbers, its skeleton 1"),
        ("amc", "ltibia 30.0", "ltibia x", "line 7 .frame 0.*no number"),
        ("amc", "ltibia 30.0", "ltibia inf", "not finite"),
        ("amc", "ltibia 30.0\r\n", "", "'ltibia' is missing"),
        ("amc", "ltibia 30.0", "lfemur 0 0 0", "'lfemur' is there twice"),
    ],
)  # fmt: skip
def test_damage_is_named(tmp_path: Path, what: str, old: str, new: str, says: str) -> None:
    texts = dict(zip(("asf", "amc"), good(), strict=True))
    assert old in texts[what]
    texts[what] = texts[what].replace(old, new, 1)
    (tmp_path / "02.asf").write_bytes(texts["asf"].encode())
    (tmp_path / "02_01.amc").write_bytes(texts["amc"].encode())
    with pytest.raises(SourceError, match=says) as caught:
        list(CmuConverter().read(tmp_path / "02_01.amc", tmp_path))
    assert str(tmp_path) in str(caught.value)


def test_truncated_and_empty_files_are_named(tmp_path: Path) -> None:
    asf, amc = good()
    path = tmp_path / "02_01.amc"
    path.write_text(amc)
    with pytest.raises(SourceError, match=r"its skeleton 02\.asf is neither beside"):
        list(CmuConverter().read(path, tmp_path))
    (tmp_path / "02.asf").write_text(asf)
    for content in (b"", b"\x80\x04cos\nsystem\n", amc.encode()[:5000], b":DEGREES\n"):
        path.write_bytes(content)
        with pytest.raises(SourceError, match="02_01"):
            list(CmuConverter().read(path, tmp_path))
    path.write_text(amc)
    for content in (b"", asf.encode()[:1000], b"\x00\x01"):
        (tmp_path / "02.asf").write_bytes(content)
        with pytest.raises(SourceError, match=r"02\.asf"):
            list(CmuConverter().read(path, tmp_path))


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    at=st.integers(0, 6000), what=st.binary(max_size=6), cut=st.booleans(), skeleton=st.booleans()
)
def test_damage_raises_nothing_but_source_errors(
    tmp_path: Path, at: int, what: bytes, cut: bool, skeleton: bool
) -> None:
    asf, amc = (text.encode() for text in SHORT)
    whole = asf if skeleton else amc
    damaged = whole[:at] + what + (b"" if cut else whole[at + len(what) :])
    (tmp_path / "02.asf").write_bytes(damaged if skeleton else asf)
    (tmp_path / "02_01.amc").write_bytes(amc if skeleton else damaged)
    with contextlib.suppress(SourceError):
        list(CmuConverter(fps=30).read(tmp_path / "02_01.amc", tmp_path))


SHORT = asf_text(), amc_text([moved(k) for k in range(31)])
