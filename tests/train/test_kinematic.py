"""The kinematic figures, on motions whose figures are known beforehand."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickgen.core import ops, registries, schema
from stickgen.core.errors import UsageError
from stickgen.core.schema import J
from stickgen.core.testing import MetricContract
from stickgen.core.testing.figures import standing
from stickgen.core.types import Motion
from stickgen.train.metrics.kinematic import KinematicMetrics

FPS = 25.0


def measure(*motions: Motion, **context: object) -> dict[str, float]:
    return KinematicMetrics().measure(motions, **context)


def moved(offset: Callable[[np.ndarray], np.ndarray], frames: int = 50, fps: float = FPS) -> Motion:
    """Return a standing figure that is displaced by *offset* of the time ``[T]`` in seconds."""
    times = np.arange(frames) / fps
    joints = np.repeat(standing()[None], frames, axis=0)
    joints += offset(times).reshape(frames, 1, 3)
    return Motion.from_joints(joints, fps=fps)


def along_x(x: np.ndarray) -> np.ndarray:
    return np.stack([x, 0 * x, 0 * x], axis=-1)


class TestKinematic(MetricContract):
    name = "kinematic"


def test_a_stander() -> None:
    figures = measure(moved(lambda t: along_x(0 * t)))
    still = ("foot_skate", "root_speed", "jerk", "joint_speed", "joint_speed_max", "bone_error_max")
    assert all(figures[name] == 0.0 for name in (*still, "joint_limit", "ground_penetration"))
    assert figures["planted_fraction"] == 1.0


@given(speed=st.floats(0.1, 3.0), fps=st.sampled_from([12.5, 25.0, 60.0]))
def test_a_stander_who_is_dragged_along(speed: float, fps: float) -> None:
    figures = measure(moved(lambda t: along_x(speed * t), fps=fps))
    assert figures["root_speed"] == pytest.approx(speed, rel=1e-3)
    assert figures["joint_speed"] == pytest.approx(speed, rel=1e-3)
    assert figures["foot_skate"] == pytest.approx(speed / fps / schema.HEIGHT, rel=0.02)


def test_jerk_of_a_swing_is_that_of_its_formula() -> None:
    omega, reach, fps = 6.0, 0.3, 200.0
    figures = measure(moved(lambda t: along_x(reach * np.sin(omega * t)), 400, fps))
    times = np.arange(400) / fps
    expected = np.abs(reach * omega**3 * np.cos(omega * times)).mean()
    assert figures["jerk"] == pytest.approx(expected, rel=0.02)


def test_who_stands_in_the_ground_and_who_floats() -> None:
    down = measure(moved(lambda t: along_x(0 * t)[:, [1, 0, 2]] - [0.0, 0.3, 0.0]))
    lowest = standing()[:, 1].min()
    assert down["ground_penetration"] == pytest.approx(0.3 - lowest, abs=1e-5)
    assert down["valid"] == 0.0
    up = measure(moved(lambda t: along_x(0 * t)[:, [1, 0, 2]] - [0.0, -0.5, 0.0]))
    assert up["ground_penetration"] == 0.0
    assert up["planted_fraction"] == 0.0
    assert "foot_skate" not in up


def test_a_bone_that_grows() -> None:
    joints = np.repeat(standing()[None], 50, axis=0)
    bone = joints[0, J["l_wrist"]] - joints[0, J["l_elbow"]]
    joints[40, J["l_wrist"]] += 0.25 * bone
    figures = measure(Motion.from_joints(joints, fps=FPS))
    assert figures["bone_error_max"] == pytest.approx(0.25, abs=1e-3)
    assert figures["bone_error"] == pytest.approx(0.25 / 50, abs=1e-3)


def bent(side: str, degrees: float) -> Motion:
    """Return a stander, facing +x, with one knee bent: forward for positive *degrees*."""
    joints = standing()
    knee, ankle = J[f"{side}_knee"], J[f"{side}_ankle"]
    length = np.linalg.norm(joints[ankle] - joints[knee])
    angle = np.radians(degrees)
    joints[ankle] = joints[knee] + length * np.array([np.sin(angle), -np.cos(angle), 0.0])
    return Motion.from_joints(np.repeat(joints[None], 10, axis=0), fps=FPS)


@pytest.mark.parametrize("side", ["l", "r"])
@pytest.mark.parametrize("view", [0.0, 77.0, 180.0])
@pytest.mark.parametrize(
    ("degrees", "limit"), [(0, 0.0), (10, 0.0), (-90, 0.0), (-150, 0.0), (35, 0.25), (90, 0.25)]
)
def test_knees_bend_backwards_only(side: str, view: float, degrees: float, limit: float) -> None:
    assert measure(ops.yaw(bent(side, degrees), view))["joint_limit"] == limit


def test_an_elbow_folded_flat() -> None:
    joints = standing()
    joints[J["r_wrist"]] = joints[J["r_shoulder"]]
    motion = Motion.from_joints(np.repeat(joints[None], 10, axis=0), fps=FPS)
    assert measure(motion)["joint_limit"] == 0.25


def test_a_flat_motion_has_no_bones_to_judge() -> None:
    flat = dataclasses.replace(moved(lambda t: along_x(t)), depth=None)
    figures = measure(flat)
    assert not {"bone_error", "bone_error_max", "joint_limit"} & figures.keys()
    assert figures["root_speed"] == pytest.approx(1.0, rel=1e-3)


def test_figures_of_several_are_weighted_by_their_frames() -> None:
    fast, slow = moved(lambda t: along_x(2 * t), 75), moved(lambda t: along_x(1 * t), 25)
    assert measure(fast, slow)["root_speed"] == pytest.approx(1.75, rel=1e-3)
    assert measure(fast, slow)["joint_speed_max"] == pytest.approx(2.0, rel=1e-3)


def test_an_actor_who_is_away_is_not_measured() -> None:
    present = np.ones((50, 2), np.bool_)
    present[20:, 1] = False
    both = ops.together([moved(lambda t: along_x(t)), moved(lambda t: along_x(t))])
    frames, depth = np.array(both.frames), np.array(both.depth)
    frames[20:, 1], depth[20:, 1] = 0.0, 0.0
    figures = measure(dataclasses.replace(both, frames=frames, depth=depth, present=present))
    assert figures["joint_speed_max"] == pytest.approx(1.0, rel=1e-3)
    assert figures["jerk"] == pytest.approx(0.0, abs=0.2)  # float32 noise
    assert figures["bone_error_max"] < 1e-4


def test_ratios_to_real_motion() -> None:
    swing = moved(lambda t: along_x(0.1 * np.sin(9 * t)))
    double = moved(lambda t: along_x(0.2 * np.sin(9 * t)))
    figures = measure(double, reference=[swing])
    assert figures["jerk_ratio"] == pytest.approx(2.0, rel=0.01)
    assert figures["foot_skate_ratio"] == pytest.approx(2.0, rel=0.01)
    still = moved(lambda t: along_x(0 * t))
    assert "jerk_ratio" not in measure(double, reference=[still])


def test_one_frame_is_enough() -> None:
    figures = measure(moved(lambda t: along_x(t), frames=1))
    assert figures["planted_fraction"] == 1.0
    assert "jerk" not in figures


def test_nothing_to_measure() -> None:
    with pytest.raises(UsageError, match="no motion"):
        measure()


def test_real_clips_are_sound(real_data: Callable[[str], Path]) -> None:
    if "bvh" not in registries.converters:
        pytest.skip("needs stickgen-datasets")
    converter = registries.converters.create("bvh")
    root = real_data("cmu_bvh")
    paths = [path for path in converter.find(root) if path.stem in ("02_01", "07_01", "49_02")]
    assert paths
    motions = [clip.motion for path in paths for clip in converter.read(path, root)]
    figures = measure(*motions)
    assert figures["joint_limit"] < 0.01
    assert figures["bone_error_max"] < 0.01
    assert 0.5 < figures["planted_fraction"] <= 1.0
    rng = np.random.default_rng(0)
    noisy = [
        Motion.from_joints(m.joints + rng.normal(0.0, 0.02, m.joints.shape), fps=m.fps)
        for m in motions
    ]
    worse = measure(*noisy, reference=motions)
    assert worse["jerk_ratio"] > 3.0
    assert worse["bone_error"] > 0.02
