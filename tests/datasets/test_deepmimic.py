"""DeepMimic motions: real ones against another kinematics, written ones against known joints."""

from __future__ import annotations

import contextlib
import json
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from alignment import LIMBS, distance, laid_onto
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from stickgen.core.errors import SourceError
from stickgen.core.schema import J
from stickgen.core.testing import ConverterContract
from stickgen.core.types import Clip
from stickgen.datasets.deepmimic import DeepMimicConverter
from stickgen.datasets.gates import Refused

REFUSED = {"88_06": "speed", "90_16": "ground"}
"""A kicking foot at 18 m/s for a fifth of a second, and feet that never reach the floor."""


def still() -> list[float]:
    """Return a row of somebody standing: 0.05 s, the root at 0.88 m, nothing turned."""
    one = [1.0, 0.0, 0.0, 0.0]
    legs = [*one, 0.0, *one, *one, 0.0]
    return [0.05, 0.0, 0.8764, 0.0, *one, *one, *one, *legs, *legs]


def written(path: Path, rows: list[list[float]], **other: object) -> Path:
    path.write_text(json.dumps({"Loop": "none", "Frames": rows, **other}))
    return path


def clip_of(path: Path, **options: object) -> Clip:
    (clip,) = DeepMimicConverter(**options).read(path, path.parent)
    return clip


class TestContract(ConverterContract):
    name = "deepmimic"

    def sample(self, folder: Path) -> Path:
        (folder / "more").mkdir()
        written(folder / "humanoid3d_walk.txt", [still()] * 40)
        written(folder / "more" / "humanoid3d_kick.txt", [still()] * 30)
        (folder / "humanoid3d.txt").write_text('{"Skeleton": {"Joints": []}}')
        return folder


class PlainHumanoid:
    """The character of ``humanoid3d.txt`` posed by matrices, sharing no code with the converter."""

    def __init__(self, character: Path) -> None:
        self.joints = json.loads(character.read_text())["Skeleton"]["Joints"]

    def pose(self, row: list[float]) -> dict[str, np.ndarray]:
        position, column = np.array(row[1:4]), 4
        place: dict[int, np.ndarray] = {}
        turn: dict[int, Rotation] = {}
        for joint in self.joints:
            number, parent = joint["ID"], joint["Parent"]
            count = {"none": 4, "spherical": 4, "revolute": 1, "fixed": 0}[joint["Type"]]
            values, column = row[column : column + count], column + count
            own = Rotation.identity()
            if count == 4:
                own = Rotation.from_quat([*values[1:], values[0]])
            elif count == 1:
                own = Rotation.from_rotvec([0.0, 0.0, values[0]])
            if parent < 0:
                place[number], turn[number] = position, own
            else:
                offset = [joint["AttachX"], joint["AttachY"], joint["AttachZ"]]
                place[number] = place[parent] + turn[parent].apply(offset)
                turn[number] = turn[parent] * own
        assert column == len(row)
        names = [joint["Name"] for joint in self.joints]
        short = [name.replace("left_", "l_").replace("right_", "r_") for name in names]
        return {name: place[joint["ID"]] for name, joint in zip(short, self.joints, strict=True)}


@pytest.mark.parametrize("name", ["humanoid3d_dance_a", "humanoid3d_cartwheel", "humanoid3d_kick"])
def test_limbs_are_where_another_kinematics_puts_them(
    real_data: Callable[[str], Path], name: str
) -> None:
    folder = real_data("deepmimic") / "deepmimic"
    rows = json.loads((folder / f"{name}.txt").read_text())["Frames"]
    plain = PlainHumanoid(folder / "humanoid3d.txt")
    clip = clip_of(folder / f"{name}.txt", height=None)
    starts = np.cumsum([0.0, *(row[0] for row in rows[:-1])])
    times = np.arange(clip.motion.n_frames) / 25
    nearest = np.abs(times[:, None] - starts).argmin(axis=1)
    exact = np.flatnonzero(np.abs(starts[nearest] - times) < 2e-4)[:40]
    assert len(exact) >= 5
    poses = [plain.pose(rows[nearest[k]]) for k in exact]
    expected = np.array([[pose[limb] for limb in (*LIMBS, "neck")] for pose in poses])
    got = clip.motion.joints[exact, 0][:, [J[limb] for limb in (*LIMBS, "neck")]].astype(float)
    assert distance(laid_onto(expected, got), got) < 2e-3


@pytest.mark.parametrize(("source", "files"), [("deepmimic", 31), ("cmu_deepmimic_format", 96)])
def test_nearly_all_real_motions_become_clips(
    real_data: Callable[[str], Path], source: str, files: int
) -> None:
    root = real_data(source)
    converter = DeepMimicConverter(index=real_data("cmu_index.csv"))
    paths = converter.find(root)
    assert len(paths) == files
    clips: dict[str, Clip] = {}
    refused: dict[str, str] = {}
    for path in paths:
        try:
            (clips[path.stem],) = converter.read(path, root)
        except Refused as error:
            refused[path.stem] = error.rule
    assert refused.items() <= REFUSED.items()
    assert len(clips) >= 0.97 * files
    assert all(clip.texts for clip in clips.values())
    flip = clips["humanoid3d_backflip"].motion.joints[:, 0].astype(float)
    upside_down = flip[:, J["head_center"], 1] < flip[:, J["pelvis_center"], 1] - 0.2
    in_the_air = flip[:, [J["l_ankle"], J["r_ankle"]], 1].min(axis=1) > 0.5
    assert (upside_down & in_the_air).any()
    assert clips["humanoid3d_backflip"].texts == ("A person does a backflip.",)
    if source == "cmu_deepmimic_format":
        assert clips["02_01"].texts[0] == "A person walks."
        assert clips["02_01"].subject == "02"
        assert "CMU" in clips["02_01"].licence
        assert "CMU" not in clips["humanoid3d_backflip"].licence
    else:
        mirror = clips["humanoid3d_long_walk1_mirror"]
        assert mirror.parent_id == clips["humanoid3d_long_walk1"].clip_id
        assert mirror.recording_id == clips["humanoid3d_long_walk1"].recording_id
        run = clips["humanoid3d_run"].motion.joints[:, 0, J["pelvis_center"], 0].astype(float)
        assert clips["humanoid3d_run"].meta["cycles"] == 2
        assert (np.diff(run) > 0.03).all()  # no stop where the cycle begins anew


def test_a_stander_stands_and_left_is_left(tmp_path: Path) -> None:
    rows = [still() for _ in range(40)]
    for k, row in enumerate(rows):
        angle = min(k, 20) / 20 * 2.0
        row[39:43] = [math.cos(angle / 2), 0.0, 0.0, math.sin(angle / 2)]
    # columns 39-42 turn the left shoulder about z: the arm goes forward and up
    clip = clip_of(written(tmp_path / "raise_left_arm.txt", rows))
    points = clip.motion.joints[:, 0].astype(float)
    assert points[-1, J["l_wrist"], 1] > points[-1, J["r_wrist"], 1] + 0.5
    assert points[-1, J["l_wrist"], 0] > 0.3  # forward
    assert (points[:, J["l_hip"], 2] < points[:, J["r_hip"], 2]).all()
    first = points[0]
    assert 1.5 < first[J["head_center"], 1] < 1.7
    assert first[J["l_ankle"], 1] == pytest.approx(0.0765, abs=1e-3)
    assert first[J["neck"], 1] > first[J["pelvis_center"], 1] > first[J["l_knee"], 1]


def test_time_follows_the_durations(tmp_path: Path) -> None:
    rows = [still() for _ in range(40)]
    for k, row in enumerate(rows):
        row[0] = 0.02 if k % 2 else 0.06
    clip = clip_of(written(tmp_path / "stand.txt", rows))
    seconds = sum(row[0] for row in rows[:-1])
    assert abs((clip.motion.n_frames - 1) / 25 - seconds) <= 1 / 25
    for k, row in enumerate(rows):  # evenly forward in time, though not in frames
        row[1] = sum(each[0] for each in rows[:k])
    clip = clip_of(written(tmp_path / "walk.txt", rows), height=None)
    x = clip.motion.joints[:, 0, J["pelvis_center"], 0].astype(float)
    np.testing.assert_allclose(np.diff(x), 0.04, atol=2e-3)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda rows: rows[7].pop(), "key frame 7.*43 numbers, expected 44"),
        (lambda rows: rows[7].append(0.0), "key frame 7.*45 numbers"),
        (lambda rows: rows[3].__setitem__(5, "x"), "key frame 3.*not a number"),
        (lambda rows: rows[3].__setitem__(5, math.nan), "key frame 3.*not finite"),
        (lambda rows: rows[3].__setitem__(5, 10**400), "beyond any stage"),
        (lambda rows: rows[3].__setitem__(0, -1.0), "key frame 3.*lasts -1 s"),
        (lambda rows: rows[3].__setitem__(4, 0.0), "key frame 3.*root has the length 0"),
        (lambda rows: rows[3].__setitem__(0, 1e9), "at most 3600"),
        (lambda rows: rows.__setitem__(9, 5), "key frame 9.*no list"),
        (lambda rows: rows.clear(), "0 key frames"),
    ],
)  # fmt: skip
def test_wrong_rows_are_named(
    tmp_path: Path, change: Callable[[list[list[float]]], object], says: str
) -> None:
    rows = [still() for _ in range(30)]
    change(rows)
    path = written(tmp_path / "bad.txt", rows)
    with pytest.raises(SourceError, match=says) as caught:
        clip_of(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "not JSON"),
        (b'{"Frames": [[0.1, 2', "not JSON"),
        (b"[1, 2]", "no list of 'Frames'"),
        (b'{"Frames": 3}', "no list of 'Frames'"),
        (b"\xff\xfe\x00", "not text"),
        (b"[" * 200_000, "nested|not JSON"),
        (b"\x80\x04\x95cposix\nsystem\n", "not text|not JSON"),
    ],
)
def test_what_is_no_motion_is_refused(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "bad.txt"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=says):
        clip_of(path)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(at=st.integers(0, 2000), what=st.binary(max_size=6), cut=st.booleans())
def test_damage_raises_nothing_but_source_errors(
    tmp_path: Path, at: int, what: bytes, cut: bool
) -> None:
    whole = json.dumps({"Loop": "wrap", "Frames": [still()] * 26}).encode()
    path = tmp_path / "bad.txt"
    path.write_bytes(whole[:at] + what + (b"" if cut else whole[at + len(what) :]))
    with contextlib.suppress(SourceError):
        clip_of(path)
