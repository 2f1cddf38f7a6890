"""Poses between given ones, and loops, whoever makes them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from stickgen.core import inbetween
from stickgen.core.casting import Casting, filler
from stickgen.core.errors import DataError, UsageError
from stickgen.core.kinematics import Body, axis_rotation, bone_lengths, foot_lock
from stickgen.core.schema import J
from stickgen.core.types import Motion

RNG = np.random.default_rng(0)


def posed(turn: float = 0.0, x: float = 0.0) -> np.ndarray:
    """A body whose left arm is lifted by *turn* radians."""
    rotations = np.broadcast_to(np.eye(3), (16, 3, 3)).copy()
    rotations[J["l_elbow"]] = axis_rotation(2, turn)
    return Body().forward(rotations, np.array([x, Body().pelvis_height, 0.0]))


def sparse() -> Motion:
    """Three poses, one of them in the middle of a 25 fps file, the rest absent."""
    joints = np.zeros((11, 1, 16, 3))
    present = np.zeros((11, 1), np.bool_)
    for frame, pose in ((0, posed()), (4, posed(1.2)), (10, posed(0.2))):
        joints[frame, 0], present[frame] = pose, True
    return Motion.from_joints(joints, fps=25.0, present=present, actions=np.full((11, 1), 5))


class Stepping:
    """Makes every frame between given ones a body with its arm straight ahead."""

    good_at = ("walk",)

    def inbetween(self, motion: Motion, keyed: Any, text: str, rng: Any) -> Motion:
        self.text = text
        joints = np.repeat(posed(1.57)[None, None], motion.n_frames, axis=0)
        return Motion.from_joints(joints, fps=motion.fps)


def test_poses_come_at_their_times_and_bones_keep_their_lengths_between() -> None:
    for fps, at in ((25.0, (0, 4, 10)), (50.0, (0, 8, 20))):
        motion, keyed = inbetween.spread(sparse(), fps)
        assert motion.n_frames == at[-1] + 1
        assert tuple(np.flatnonzero(keyed[:, 0])) == at
        np.testing.assert_allclose(motion.joints[at[1], 0], posed(1.2), atol=1e-5)
        np.testing.assert_allclose(
            bone_lengths(motion.joints[:, 0])[:, 1:] / Body().lengths[1:], 1.0, atol=1e-3
        )
        hand = motion.joints[:, 0, J["l_wrist"], 1]
        assert hand[at[0]] < hand[at[1] // 2] < hand[at[1]]
        assert (motion.actions == 5).all()


def test_a_foot_that_rests_from_key_to_key_does_not_move() -> None:
    joints = np.zeros((21, 16, 3))
    # the body moves forward over its feet
    joints[[0, 20]] = foot_lock(np.stack([posed(), posed(1.0, x=0.1)]), np.ones((2, 2), np.bool_))
    keyed = np.zeros(21, np.bool_)
    keyed[[0, 20]] = True
    out = inbetween.interpolated(joints, keyed)
    for ankle in ("l_ankle", "r_ankle"):
        np.testing.assert_allclose(out[:, J[ankle]], out[:1, J[ankle]].repeat(21, 0), atol=5e-3)


def test_what_is_given_stays_and_the_rest_is_made_by_who_can() -> None:
    motion, keyed = inbetween.spread(sparse(), 25.0)
    maker = Stepping()
    filled, warnings = inbetween.fill(motion, keyed, ["A person waves."], maker, RNG)
    assert maker.text == "A person waves."
    assert not warnings
    np.testing.assert_array_equal(filled.joints[keyed], motion.joints[keyed])
    np.testing.assert_allclose(filled.joints[2, 0], posed(1.57), atol=1e-5)
    # nobody can: interpolated, and said
    same, warnings = inbetween.fill(motion, keyed, ["…"], object(), RNG)
    assert "interpolated" in warnings[0]
    np.testing.assert_allclose(same.joints, motion.joints, atol=1e-5)


def test_a_loop_comes_back() -> None:
    angles = np.linspace(0.0, 1.5, 50)
    joints = np.stack([posed(a, x=0.2 * a) for a in angles])[:, None]
    motion = Motion.from_joints(joints, fps=25.0)
    assert np.abs(motion.joints[-1] - motion.joints[0]).max() > 0.3
    out, warnings = inbetween.looped(motion, ["…"], object(), RNG)
    assert not warnings
    np.testing.assert_array_equal(out.joints[:30], motion.joints[:30])
    steps = np.abs(np.diff(np.concatenate([out.joints, out.joints[:1]]), axis=0)).max(
        axis=(1, 2, 3)
    )
    assert steps[-1] < 0.06
    assert steps.max() < 0.15


def test_who_travels_loops_on_the_spot() -> None:
    joints = np.stack([posed(0.0, x=0.05 * i) for i in range(60)])[:, None]
    out, warnings = inbetween.looped(Motion.from_joints(joints), ["…"], object(), RNG)
    assert "on the spot" in warnings[0]
    assert np.ptp(out.joints[:, 0, J["pelvis_center"], 0]) < 0.01


def test_of_a_casting_the_one_that_is_good_at_it_is_asked() -> None:
    class Last:
        api_version = max_actors = 1

    one, last = Stepping(), Last()
    one.max_actors = 1  # type: ignore[attr-defined]
    casting = Casting([one, last])  # type: ignore[list-item]
    assert filler(casting) is one
    assert filler(casting, {"walk"}) is one
    assert filler(casting, {"jump"}) is last
    assert filler(one, {"jump"}) is one


def test_refuses_what_cannot_be() -> None:
    with pytest.raises(UsageError, match="after the end"):
        inbetween.spread(sparse(), 25.0, 5)
    nobody = Motion.from_joints(np.zeros((3, 1, 16, 3)), present=np.zeros((3, 1), np.bool_))
    with pytest.raises(DataError, match="nowhere present"):
        inbetween.spread(nobody, 25.0)
    with pytest.raises(UsageError, match="too short"):
        inbetween.looped(Motion.from_joints(posed()[None, None]), ["…"], object(), RNG)


def test_a_curve_through_points_does_not_overshoot() -> None:
    curve = inbetween.through(np.array([2, 5, 9]), np.array([0.0, 1.0, 1.0]), 12)
    np.testing.assert_allclose(curve[[2, 5, 9]], [0.0, 1.0, 1.0])
    assert curve.min() >= 0.0
    assert curve.max() <= 1.0 + 1e-12
    np.testing.assert_allclose(curve[[0, 11]], [0.0, 1.0])
