"""From a recorded body to a clip: units, axes, resampling, the canonical view, what is derived."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from bvh_text import ARMS_DOWN, HIP_HEIGHT, Angles, bvh_text
from plain_bvh import PlainBvh

from stickgen.core import schema
from stickgen.core.errors import SourceError, UsageError
from stickgen.core.schema import J
from stickgen.core.types import Clip
from stickgen.datasets.bvh import BvhConverter
from stickgen.datasets.canonical import Take
from stickgen.datasets.gates import Refused
from stickgen.datasets.source import Refusals, SourceConverter
from stickgen.datasets.tracks import PointTrack

BODY_HEIGHT = 1.836
"""What 80 cm of legs, 53 of torso and 10 to the skull add up to."""


def convert(folder: Path, text: str, name: str = "stand.bvh", **options: Any) -> Clip:
    path = folder / name
    path.write_text(text)
    (clip,) = BvhConverter(**options).read(path, folder)
    return clip


def joints(clip: Clip) -> np.ndarray:
    return clip.motion.joints[:, 0].astype(np.float64)


def bone_change(clip: Clip) -> float:
    points = joints(clip)
    lengths = np.stack(
        [np.linalg.norm(points[:, J[a]] - points[:, J[b]], axis=-1) for _, a, b in schema.SEGMENTS]
    )
    return float(np.abs(lengths / np.median(lengths, axis=1, keepdims=True) - 1).max())


def walk_root(speed: float, fps: float = 25.0, toward: float = 0.0) -> Any:
    """Return a root that moves at *speed* m/s, *toward* radians from +z, in cm."""

    def root(frame: int) -> tuple[float, float, float]:
        way = 100.0 * speed * frame / fps
        return (500.0 + way * np.sin(toward), HIP_HEIGHT, -300.0 + way * np.cos(toward))

    return root


def twist(frame: float) -> Angles:
    """Return a body that bends its spine, nods and swings its arms, a lot."""
    s = np.sin(0.35 * frame)
    return {
        "Spine": (20 * s, 30 * s, 10.0),
        "Spine1": (-15 * s, 40 * s, 25 * s),
        "Neck": (0.0, 20 * s, 0.0),
        "Head": (0.0, 35 * s, 10 * s),
        "LeftArm": (-85.0, 60 * s, 0.0),
        "RightArm": (85.0, -60 * s, 0.0),
        "LeftForeArm": (0.0, 0.0, -60 - 30 * s),
        "LeftUpLeg": (0.0, -25 * s, 0.0),
        "RightUpLeg": (0.0, 25 * s, 0.0),
    }


def test_a_stander_stands(tmp_path: Path) -> None:
    points = joints(convert(tmp_path, bvh_text()))
    x, y, z = points[0].T
    assert 1.5 < y[J["head_center"]] + schema.HEIGHT * 0.065 < 2.0
    assert y[J["head_center"]] > y[J["neck"]] > y[J["chest"]] > y[J["pelvis_center"]]
    assert y[J["l_hip"]] > y[J["l_knee"]] > y[J["l_ankle"]]
    assert y[J["l_ankle"]] == pytest.approx(schema.ANKLE_HEIGHT * schema.HEIGHT, abs=1e-4)
    for part in ("hip", "shoulder", "knee", "ankle", "wrist"):
        assert z[J[f"l_{part}"]] < -0.02
        assert z[J[f"r_{part}"]] > 0.02
    assert abs(x).max() < 0.1


@pytest.mark.parametrize("toward", [0.0, 1.0, 2.5, -2.0])
def test_a_walk_goes_to_plus_x_at_its_speed(tmp_path: Path, toward: float) -> None:
    clip = convert(
        tmp_path,
        bvh_text(
            frames=75,
            root=walk_root(1.2, toward=toward),
            angles=lambda frame: {**ARMS_DOWN, "Hips": (0.0, 0.0, np.degrees(toward))},
        ),
        height=None,
    )
    pelvis = joints(clip)[:, J["pelvis_center"]]
    assert pelvis[0, [0, 2]] == pytest.approx([0, 0], abs=1e-6)
    np.testing.assert_allclose(pelvis[:, 0], 1.2 * np.arange(75) / 25, atol=1e-4)
    np.testing.assert_allclose(pelvis[:, 2], 0, atol=1e-4)


@pytest.mark.parametrize("fps", [24.0, 30.0, 50.0, 60.0, 72.0, 100.0, 120.0])
def test_time_is_kept_at_any_rate(tmp_path: Path, fps: float) -> None:
    frames = int(3 * fps)
    clip = convert(
        tmp_path,
        bvh_text(frames=frames, frame_time=f"{1 / fps:.7f}", root=walk_root(1.0, fps)),
        height=None,
    )
    assert abs(clip.motion.seconds - frames / fps) <= 1 / 25 + 1e-9
    x = joints(clip)[:, J["pelvis_center"], 0]
    np.testing.assert_allclose(x, np.arange(len(x)) / 25, atol=2e-4)
    assert clip.meta["temporal"]["original_fps"] == pytest.approx(fps, rel=1e-6)


def test_a_whole_multiple_of_25_takes_frames_as_they_are(tmp_path: Path) -> None:
    dense = bvh_text(frames=301, frame_time="0.01", angles=lambda frame: twist(frame / 4))
    first = joints(convert(tmp_path, dense))
    second = joints(convert(tmp_path, bvh_text(frames=76, angles=twist)))
    np.testing.assert_allclose(first, second, atol=2e-3)


@pytest.mark.parametrize("frame_time", ["0.04", "0.0333333", "0.1"])
def test_bones_are_rigid_whatever_the_spine_does(tmp_path: Path, frame_time: str) -> None:
    clip = convert(tmp_path, bvh_text(frames=150, frame_time=frame_time, angles=twist))
    assert bone_change(clip) < 0.003


def test_the_chest_stays_near_the_spine(tmp_path: Path) -> None:
    clip = convert(tmp_path, bvh_text(angles=twist))
    points = joints(clip)
    plain = PlainBvh(tmp_path / "stand.bvh")
    scale = schema.HEIGHT / clip.meta["height"] / 100
    for frame in range(0, 60, 7):
        pose = plain.pose(frame)
        pelvis = (pose["LeftUpLeg"] + pose["RightUpLeg"]) / 2
        # 55 % of 5 + 10 + 18 + 20 cm along the spine lies on the bone from Spine to Spine1
        on_spine = pose["Spine"] + (pose["Spine1"] - pose["Spine"]) * (0.55 * 53 - 15) / 18
        expected = [np.linalg.norm(on_spine - p) * scale for p in (pelvis, pose["Neck"])]
        chest = points[frame, J["chest"]]
        got = [np.linalg.norm(chest - points[frame, J[name]]) for name in ("pelvis_center", "neck")]
        assert got == pytest.approx(expected, abs=0.03)


@pytest.mark.parametrize(
    ("scale", "unit"), [(1.0, "cm"), (0.01, "m"), (10.0, "mm"), (1 / 2.54, "inch")]
)
def test_the_unit_is_told_by_the_height(tmp_path: Path, scale: float, unit: str) -> None:
    clip = convert(tmp_path, bvh_text(scale=scale), height=None)
    assert clip.meta["unit"] == unit
    assert clip.meta["height"] == pytest.approx(BODY_HEIGHT, abs=0.01)


def test_unknown_units_give_a_figure_of_standard_height(tmp_path: Path) -> None:
    clip = convert(tmp_path, bvh_text(scale=0.28))
    assert clip.meta["unit"].startswith("unknown")
    assert 1.5 < joints(clip)[0, J["head_center"], 1] < 1.7


def test_unit_and_height_given(tmp_path: Path) -> None:
    clip = convert(tmp_path, bvh_text(), unit="inch", height=None)
    assert clip.meta["height"] == pytest.approx(BODY_HEIGHT * 2.54, abs=0.03)
    small = convert(tmp_path, bvh_text(), height=1.2)
    tall = convert(tmp_path, bvh_text(), height=1.8)
    np.testing.assert_allclose(joints(tall), joints(small) * 1.5, atol=1e-5)


def test_z_up_is_recognised_and_can_be_said(tmp_path: Path) -> None:
    upright = convert(tmp_path, bvh_text(angles=twist))
    # the same body in axes where z is up: turned by 90 degrees about x at the root
    tipped = bvh_text(
        angles=lambda frame: {**twist(frame), "Hips": (0.0, 90.0, 0.0)},
        root=lambda frame: (0.0, 0.0, HIP_HEIGHT),
    )
    for options in ({}, {"up": "z"}):
        clip = convert(tmp_path, tipped, **options)
        assert clip.meta["up"] == "z"
        np.testing.assert_allclose(joints(clip), joints(upright), atol=1e-5)


def test_lying_down_is_not_taken_for_another_axis(tmp_path: Path) -> None:
    lying = bvh_text(
        angles=lambda frame: {**ARMS_DOWN, "Hips": (0.0, -90.0, 0.0)},
        root=lambda frame: (40.0, 9.0, 400.0),
    )
    clip = convert(tmp_path, lying, name="lie_down.bvh")
    assert clip.meta["up"] == "y"
    assert np.ptp(joints(clip)[0, :, 1]) < 0.4


def t_pose_then(pose: Any, frames: int) -> Any:
    return lambda frame: {} if frame < frames else pose(frame)


@pytest.mark.parametrize("held", [1, 2, 4])
def test_an_inserted_t_pose_goes(tmp_path: Path, held: int) -> None:
    text = bvh_text(
        frames=240, frame_time="0.0083333", angles=t_pose_then(lambda f: ARMS_DOWN, held)
    )
    clip = convert(tmp_path, text)
    assert clip.meta["setup_frames"] == held
    wrist = joints(clip)[:, J["l_wrist"], 1]
    assert wrist.max() < 1.0


def test_a_smoothed_t_pose_goes_with_its_glide(tmp_path: Path) -> None:
    def glide(frame: int) -> Angles:
        share = min(1.0, max(0.0, frame / 5))
        return {"LeftArm": (-85.0 * share, 0, 0), "RightArm": (85.0 * share, 0, 0)}

    clip = convert(tmp_path, bvh_text(frames=240, frame_time="0.0083333", angles=glide))
    assert 5 <= clip.meta["setup_frames"] <= 7
    assert joints(clip)[:, J["l_wrist"], 1].max() < 1.0


def test_somebody_who_really_holds_a_t_pose_keeps_it(tmp_path: Path) -> None:
    def lower(frame: int) -> Angles:
        share = min(1.0, max(0.0, (frame - 60) / 60))
        return {"LeftArm": (-85.0 * share, 0, 0), "RightArm": (85.0 * share, 0, 0)}

    clip = convert(tmp_path, bvh_text(frames=240, frame_time="0.0083333", angles=lower))
    assert clip.meta["setup_frames"] == 0
    assert clip.motion.n_frames == 50


@pytest.mark.parametrize(
    ("rule", "options"),
    [
        ("length", {"frames": 24}),
        ("frame rate", {"frame_time": "0.001"}),
        ("frame rate", {"frame_time": "2"}),
        ("teleport", {"root": lambda f: (0.0 if f < 30 else 300.0, HIP_HEIGHT, 0.0)}),
        ("ground", {"root": lambda f: (0.0, HIP_HEIGHT + 60, 0.0)}),
        (
            "speed",
            {
                "frames": 240,
                "frame_time": "0.0083333",
                "angles": lambda f: {**ARMS_DOWN, "LeftArm": (-130.0 * max(f - 99, 0), 0, 0)},
            },
        ),
    ],
)  # fmt: skip
def test_each_gate_names_its_rule(tmp_path: Path, rule: str, options: dict[str, Any]) -> None:
    with pytest.raises(Refused) as caught:
        convert(tmp_path, bvh_text(**options))
    assert caught.value.rule == rule
    assert str(tmp_path / "stand.bvh") in str(caught.value)


def test_a_bone_that_grows_is_refused(tmp_path: Path) -> None:
    text = bvh_text(frames=40)
    lines = text.splitlines()
    at = next(i for i, line in enumerate(lines) if line.strip() == "JOINT LeftLeg")
    lines[at + 3] = "CHANNELS 4 Zrotation Xrotation Yrotation Yposition"
    order = [line.split()[1] for line in lines if line.split()[0] in ("ROOT", "JOINT")]
    column = 3 + 3 * (order.index("LeftLeg") + 1)
    start = lines.index("MOTION") + 3
    for i in range(start, len(lines)):
        row = lines[i].split()
        row.insert(column, f"{-40 - 0.1 * (i - start)}")
        lines[i] = " ".join(row)
    with pytest.raises(Refused, match="l_thigh") as caught:
        convert(tmp_path, "\n".join(lines) + "\n")
    assert caught.value.rule == "bone lengths"


def test_climbers_may_stay_off_the_ground(tmp_path: Path) -> None:
    text = bvh_text(root=lambda f: (0.0, HIP_HEIGHT + 60, 0.0))
    clip = convert(tmp_path, text, name="climbing_a_ladder.bvh")
    assert joints(clip)[:, [J["l_ankle"], J["r_ankle"]], 1].min() > 0.5


def test_feet_below_the_floor_are_lifted_onto_it(tmp_path: Path) -> None:
    clip = convert(tmp_path, bvh_text(root=lambda f: (0.0, 0.0, 0.0)))
    assert joints(clip)[0, J["l_ankle"], 1] == pytest.approx(0.0765, abs=1e-4)


def test_wrong_options_say_so() -> None:
    for options in ({"up": "w"}, {"fps": -1.0}, {"unit": "furlong"}, {"unit": 0}, {"height": 0.0}):
        with pytest.raises(UsageError, match="expected"):
            BvhConverter(**options)


# -- a converter somebody else writes ------------------------------------------------------------

POINTS = (
    "head", "neck", "l_shoulder", "r_shoulder", "l_elbow", "r_elbow", "l_wrist", "r_wrist",
    "l_hip", "r_hip", "l_knee", "r_knee", "l_ankle", "r_ankle", "spine",
)  # fmt: skip
PARENTS = dict(
    zip(POINTS, ("neck", "spine", "neck", "neck", "l_shoulder", "r_shoulder", "l_elbow", "r_elbow",
                 "spine", "spine", "l_hip", "r_hip", "l_knee", "r_knee", None), strict=True)
)  # fmt: skip
ORDER = ("spine", "neck", "head", *[p for p in POINTS if p not in ("spine", "neck", "head")])


class PointsConverter(SourceConverter):
    """One module's worth: files of joint positions, two people in one of them."""

    name: ClassVar[str] = "points"
    licence: ClassVar[str] = "CC0-1.0"
    citation: ClassVar[str] = "none"
    layout: ClassVar[str] = "*.npy"
    suffixes: ClassVar[tuple[str, ...]] = (".npy",)
    fps_rule: ClassVar[str] = "always 20"
    text_rule: ClassVar[str] = "none"

    def takes(self, path: Path, root: Path) -> Iterator[Take]:
        people = np.load(path)
        if people.ndim != 4:
            raise SourceError(path, "must have four axes")
        parents = [ORDER.index(PARENTS[n]) if PARENTS[n] else -1 for n in ORDER]
        for i, group in enumerate(np.array_split(people, 2) if len(people) > 2 else [people]):
            tracks = [PointTrack(ORDER, parents, person) for person in group]
            yield Take(
                tracks, fps=20.0, name=f"{path.stem}{i}", texts=["they walk"], up=self.up_axis
            )


def person(x: float, z: float, frames: int = 60, speed: float = 1.0) -> np.ndarray:
    """Return [T, 15, 3]: somebody at (x, z) who faces +z and walks."""
    at = {
        "spine": (0, 1.1, 0), "neck": (0, 1.4, 0), "head": (0, 1.5, 0),
        "l_shoulder": (0.17, 1.38, 0), "l_elbow": (0.2, 1.1, 0), "l_wrist": (0.2, 0.85, 0.02),
        "l_hip": (0.09, 0.9, 0), "l_knee": (0.09, 0.5, 0.02), "l_ankle": (0.09, 0.08, 0),
    }  # fmt: skip
    at |= {"r" + n[1:]: (-p[0], p[1], p[2]) for n, p in at.items() if n.startswith("l_")}
    pose = np.array([at[name] for name in ORDER], dtype=float)
    way = np.zeros((frames, 1, 3))
    way[:, 0, 2] = speed * np.arange(frames) / 20
    return pose + way + [x, 0, z]


def test_two_people_keep_their_distance(tmp_path: Path) -> None:
    np.save(tmp_path / "pair.npy", np.stack([person(3.0, 1.0), person(4.0, 2.0)]))
    converter = PointsConverter(height=None)
    (path,) = converter.find(tmp_path)
    (clip,) = converter.read(path, tmp_path)
    pelvis = clip.motion.joints[:, :, J["pelvis_center"]].astype(float)
    gap = pelvis[:, 1] - pelvis[:, 0]
    # one metre ahead and one to the left: ahead is +x, left is -z
    np.testing.assert_allclose(gap[:, [0, 2]], [[1.0, -1.0]] * len(gap), atol=1e-4)
    assert clip.motion.n_actors == 2
    assert abs(clip.motion.seconds - 3.0) <= 1 / 25 + 1e-9
    assert set(np.unique(clip.motion.actions)) == {1}
    assert clip.licence == "CC0-1.0"


def test_points_between_frames_keep_bone_lengths(tmp_path: Path) -> None:
    body = person(0, 0, 60, 0.0)
    elbow, wrist = ORDER.index("l_elbow"), ORDER.index("l_wrist")
    angle = np.radians(50.0 * np.arange(60))
    body[:, wrist] = body[:, elbow] + 0.25 * np.stack(
        [np.zeros(60), np.cos(angle), np.sin(angle)], axis=-1
    )
    np.save(tmp_path / "swing.npy", body[None])
    (clip,) = PointsConverter().read(tmp_path / "swing.npy", tmp_path)
    assert bone_change(clip) < 0.002


def test_what_is_good_in_a_file_is_kept(tmp_path: Path) -> None:
    people = np.stack([person(0, 0), person(1, 0), person(0, 0), person(1, 0)])
    people[2, 30:] += 5.0  # the second pair jumps
    np.save(tmp_path / "four.npy", people)
    clips: list[Clip] = []
    with pytest.raises(Refused, match="teleport"):
        clips.extend(PointsConverter().read(tmp_path / "four.npy", tmp_path))
    assert [clip.clip_id for clip in clips] == ["four0"]
    people[0, 30:] += 5.0
    np.save(tmp_path / "none.npy", people)
    with pytest.raises(Refusals, match="2 clips refused") as caught:
        list(PointsConverter().read(tmp_path / "none.npy", tmp_path))
    assert len(caught.value.refusals) == 2
