"""All the real BVH files: what share becomes clips, and whether the clips are right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from plain_bvh import PlainBvh

from stickgen.core import schema
from stickgen.core.schema import J
from stickgen.core.types import Clip
from stickgen.datasets.bvh import BvhConverter
from stickgen.datasets.gates import Refused

Converted = tuple[list[tuple[Path, Clip]], dict[str, str]]
SOURCES = ("cmu_bvh", "bandai", "animated_drawings")
REFUSED = {
    "05_16": "speed",
    "05_17": "speed",
    "05_19": "speed",
    "09_10": "speed",
    "dataset-1_dash_normal_001": "length",
    "dataset-1_run_normal_001": "length",
}
"""Legs that flick at up to 90 m/s, and clips of less than a second."""


@pytest.fixture(scope="module")
def converted(real_data: Callable[[str], Path]) -> dict[str, Converted]:
    out: dict[str, Converted] = {}
    for source in SOURCES:
        root = real_data(source)
        converter = BvhConverter()
        clips: list[tuple[Path, Clip]] = []
        refused: dict[str, str] = {}
        for path in converter.find(root):
            try:
                clips += [(path, clip) for clip in converter.read(path, root)]
            except Refused as error:
                refused[path.stem] = error.rule
        out[source] = clips, refused
    return out


@pytest.mark.parametrize(
    ("source", "files"), [("cmu_bvh", 154), ("bandai", 229), ("animated_drawings", 4)]
)
def test_nearly_all_become_clips(converted, source: str, files: int) -> None:
    clips, refused = converted[source]
    assert len(clips) + len(refused) == files
    assert len(clips) >= 0.95 * files
    assert refused.items() <= REFUSED.items()


@pytest.mark.parametrize("source", SOURCES)
def test_bones_are_rigid_and_time_is_kept(converted, source: str) -> None:
    ends = [(J[a], J[b]) for _, a, b in schema.SEGMENTS]
    for path, clip in converted[source][0]:
        points = clip.motion.joints[:, 0].astype(float)
        lengths = np.stack([np.linalg.norm(points[:, a] - points[:, b], axis=-1) for a, b in ends])
        change = np.abs(lengths / np.median(lengths, axis=1, keepdims=True) - 1).max()
        assert change < 0.01, path
        words = path.read_text(encoding="utf-8").split()
        frames = int(words[words.index("Frames:") + 1]) - clip.meta["setup_frames"]
        fps = clip.meta["temporal"]["original_fps"]
        assert abs(clip.motion.seconds - frames / fps) <= 1 / 25 + 1e-9, path
        assert clip.meta["setup_frames"] / fps < 0.2, path


def test_the_index_knows_the_true_frame_rate(converted) -> None:
    seconds = {clip.clip_id.split("/")[-1]: clip for _, clip in converted["cmu_bvh"][0]}
    assert seconds["60_01"].meta["temporal"]["original_fps"] == 60.0
    assert seconds["02_01"].meta["temporal"]["original_fps"] == 120.0
    assert seconds["02_01"].texts == ("walk",)
    assert seconds["02_01"].subject == "02"


def test_the_inserted_t_pose_is_gone(converted) -> None:
    daz = [clip for _, clip in converted["cmu_bvh"][0] if clip.meta["skeleton"] == "daz43"]
    assert sum(clip.meta["setup_frames"] > 0 for clip in daz) >= 0.99 * len(daz)
    for source in ("bandai", "animated_drawings"):
        assert not any(clip.meta["setup_frames"] for _, clip in converted[source][0])


def test_a_stander_stands(converted) -> None:
    for source in SOURCES:
        for path, clip in converted[source][0]:
            if "stand" not in " ".join(clip.texts) and "wave" not in " ".join(clip.texts):
                continue
            y = np.median(clip.motion.joints[:, 0, :, 1], axis=0)
            top = y[J["head_center"]] + 0.065 * schema.HEIGHT
            if "sit" in " ".join(clip.texts):
                continue
            assert 1.5 < top < 2.0, path
            assert y[J["neck"]] > y[J["pelvis_center"]] > y[J["l_knee"]] > y[J["l_ankle"]], path


def walks_and_runs(converted) -> list[tuple[str, float, float]]:
    """Return what each clip described as just that does: text, m/s along x, degrees off +x."""
    out = []
    for source in SOURCES:
        for _, clip in converted[source][0]:
            if clip.texts not in (("walk",), ("run",)):
                continue
            pelvis = clip.motion.joints[:, 0, J["pelvis_center"]].astype(float)
            step = np.diff(pelvis, axis=0) * clip.motion.fps
            middle = step[len(step) // 4 : -(len(step) // 4)]
            way = pelvis[-1] - pelvis[0]
            off = float(np.degrees(np.arctan2(way[2], way[0])))
            out.append((clip.texts[0], float(np.median(middle[:, 0])), off))
    return out


def test_walks_walk_and_runs_run_to_plus_x(converted) -> None:
    found = walks_and_runs(converted)
    assert len(found) >= 35
    assert all(abs(off) < 15 for _, _, off in found)
    runs = [speed for text, speed, _ in found if text == "run"]
    walks = [speed for text, speed, _ in found if text == "walk"]
    assert all(speed > 2.5 for speed in runs)
    assert all(0.75 < speed < 1.65 for speed in walks)
    # one modern dancer and one tai chi master stroll, one performer strides
    assert sum(0.9 <= speed <= 1.6 for speed in walks) >= len(walks) - 4


BONES = ("UpperLeg", "LowerLeg", "Foot", "UpperArm", "LowerArm", "Hand")
NAMES = {
    "daz": ("{}Thigh", "{}Shin", "{}Foot", "{}Shldr", "{}ForeArm", "{}Hand", "l", "r"),
    "cmu31": ("{}Hip", "{}Knee", "{}Ankle", "{}Shoulder", "{}Elbow", "{}Wrist", "Left", "Right"),
    "bandai": (*(f"{part}_{{}}" for part in BONES), "L", "R"),
    "mixamo": ("{}UpLeg", "{}Leg", "{}Foot", "{}Arm", "{}ForeArm", "{}Hand", "Left", "Right"),
}  # fmt: skip
PARTS = ("hip", "knee", "ankle", "shoulder", "elbow", "wrist")


@pytest.mark.parametrize(
    ("source", "stem", "naming", "up"),
    [
        ("cmu_bvh", "02_01", "daz", "y"),
        ("cmu_bvh", "13_11", "daz", "y"),
        ("cmu_bvh", "10_01", "daz", "y"),
        ("cmu_bvh", "60_01", "daz", "y"),
        ("cmu_bvh", "131_01", "cmu31", "y"),
        ("bandai", "dataset-2_wave-left-hand_active_010", "bandai", "y"),
        ("bandai", "dataset-1_kick_normal_001", "bandai", "y"),
        ("animated_drawings", "jumping_jacks", "cmu31", "y"),
        ("animated_drawings", "dab", "mixamo", "z"),
        ("animated_drawings", "jesse_dance", "mixamo", "y"),
    ],
)
def test_limbs_are_where_another_kinematics_puts_them(
    converted, source: str, stem: str, naming: str, up: str
) -> None:
    """Left is left and right is right: the limbs match plain matrices, turned by one yaw."""
    found = [pair for pair in converted[source][0] if pair[0].stem == stem]
    assert found, f"{stem} was not converted"
    path, clip = found[0]
    plain = PlainBvh(path)
    *forms, left, right = NAMES[naming]
    wanted = {
        f"{side}_{part}": form.format(word)
        for side, word in (("l", left), ("r", right))
        for part, form in zip(PARTS, forms, strict=True)
    }
    fps, first = clip.meta["temporal"]["original_fps"], clip.meta["setup_frames"]
    # only frames of the clip that fall on a recorded frame
    exact = [
        k for k in range(clip.motion.n_frames) if abs(k * fps / 25 - round(k * fps / 25)) < 1e-6
    ]
    exact = exact[:: max(1, len(exact) // 12)]
    expected = []
    for k in exact:
        pose = plain.pose(first + round(k * fps / 25))
        expected.append([pose[name] for name in wanted.values()])
    points = np.array(expected)
    if up == "z":
        points = points[..., [0, 2, 1]] * [1, 1, -1]
    got = clip.motion.joints[exact, 0].astype(float)[:, [J[name] for name in wanted]]
    index = {name: i for i, name in enumerate(wanted)}
    thigh = [np.linalg.norm(p[0, index["l_hip"]] - p[0, index["l_knee"]]) for p in (got, points)]
    points = points * (thigh[0] / thigh[1])
    across = points[0, index["r_hip"]] - points[0, index["l_hip"]]
    # the hips' line from left to right becomes +z
    cos, sin = np.array([across[2], across[0]]) / np.hypot(across[0], across[2])
    x, z = points[..., 0] * cos - points[..., 2] * sin, points[..., 0] * sin + points[..., 2] * cos
    points = np.stack([x, points[..., 1], z], axis=-1)
    middle = 0.5 * (points[0, index["r_hip"]] + points[0, index["l_hip"]])
    points[..., [0, 2]] -= middle[[0, 2]]
    points[..., 1] += got[0, 0, 1] - points[0, 0, 1]
    np.testing.assert_allclose(got, points, atol=2e-4)


def test_the_left_hand_waves_where_the_left_hand_should(converted) -> None:
    seen = 0
    for path, clip in converted["bandai"][0]:
        for word, waving, other in (("left-hand", "l", "r"), ("right-hand", "r", "l")):
            if f"wave-{word}" in path.stem or f"raise-up-{word}" in path.stem:
                joints = clip.motion.joints[:, 0]
                top = joints[..., 1].max(axis=0)
                assert top[J[f"{waving}_wrist"]] > top[J[f"{other}_wrist"]] + 0.2, path
                side = -1 if waving == "l" else 1
                assert side * joints[0, J[f"{waving}_hip"], 2] > 0.05, path
                seen += 1
    assert seen > 25
