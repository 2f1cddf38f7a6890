"""What a model draws is made to stand: seen on bodies whose faults are known."""

from __future__ import annotations

import numpy as np
import pytest

from stickgen.core import features, validator
from stickgen.core.kinematics import Body, bone_lengths
from stickgen.core.schema import J
from stickgen.core.settling import calmed, limber, settled, standing
from stickgen.core.types import Motion

BODY = Body()
FRAMES = 40


def at_rest(frames: int = FRAMES) -> np.ndarray:
    return np.repeat(BODY.rest()[None], frames, axis=0)


def both_feet(frames: int = FRAMES) -> np.ndarray:
    return np.ones((frames, 2))


def gliding(speed: float, frames: int = FRAMES) -> np.ndarray:
    """A body that stands still and moves along x all the same, m/s."""
    joints = at_rest(frames)
    joints[..., 0] += speed * np.arange(frames)[:, None] / 25.0
    return joints


def test_a_body_at_rest_stays_as_it_is() -> None:
    out = settled(at_rest(), both_feet(), BODY, None, 25.0)
    np.testing.assert_allclose(out, at_rest(), atol=0.02)


def test_a_body_goes_no_further_than_its_feet_carry_it() -> None:
    out = settled(gliding(0.4), both_feet(), BODY, None, 25.0)
    went = out[-1, 0, 0] - out[0, 0, 0]
    assert went < 0.2 * 0.4 * FRAMES / 25.0
    there = settled(gliding(0.4), both_feet(), BODY, None, 25.0, carry=False)
    assert there[-1, 0, 0] - there[0, 0, 0] == pytest.approx(0.4 * (FRAMES - 1) / 25.0, abs=0.02)


def test_a_body_in_flight_keeps_its_way() -> None:
    joints = gliding(3.0)
    joints[..., 1] += 0.4
    out = settled(joints, np.zeros((FRAMES, 2)), BODY, None, 25.0)
    np.testing.assert_allclose(out[..., 0], joints[..., 0], atol=1e-6)


def test_a_foot_left_behind_lifts_its_heel_before_the_body_sinks() -> None:
    joints = gliding(0.25)
    ankle = J["l_ankle"]
    # the right foot is in the air, the left one is said to stand while the body goes on
    joints[:, J["r_ankle"], 1] += 0.2
    contacts = np.tile([1.0, 0.0], (FRAMES, 1))
    out = settled(joints, contacts, BODY, None, 25.0, carry=False)
    assert np.ptp(out[:, 0, 1]) < 0.05
    assert np.ptp(out[:20, ankle, 0]) < 0.06
    np.testing.assert_allclose(bone_lengths(out)[:, 1:], at_bones()[:, 1:], rtol=0.01)


def at_bones() -> np.ndarray:
    return np.repeat(BODY.lengths[None], FRAMES, axis=0)


def test_knees_bend_backward_only() -> None:
    joints = at_rest()
    sunk = 0.1
    joints[:, [i for i in range(16) if "ankle" not in name(i)], 1] -= sunk
    for side in "lr":
        joints[:, J[f"{side}_knee"], 0] -= 0.2
    joints = features.keep_bones(joints, BODY)
    assert not validator.check(Motion.from_joints(joints[:, None])).ok
    out = limber(joints)
    for part in ("hip", "ankle"):
        np.testing.assert_array_equal(out[:, J[f"l_{part}"]], joints[:, J[f"l_{part}"]])
    assert (out[:, J["l_knee"], 0] > out[:, J["l_hip"], 0]).all()
    np.testing.assert_allclose(bone_lengths(out), bone_lengths(joints), atol=1e-9)
    broken = {issue.rule for issue in validator.check(Motion.from_joints(out[:, None])).issues}
    assert "joint_limits" not in broken


def name(joint: int) -> str:
    return next(key for key, value in J.items() if value == joint)


def test_arms_do_not_fold_shut() -> None:
    joints = at_rest()
    # a forearm that turns from straight down to all the way up along the upper arm
    angle = np.linspace(0.0, np.pi, FRAMES)
    forearm = np.stack([np.sin(angle), -np.cos(angle), 0 * angle], axis=-1) * BODY.forearm
    joints[:, J["l_wrist"]] = joints[:, J["l_elbow"]] + forearm
    out = limber(joints)
    upper = out[:, J["l_shoulder"]] - out[:, J["l_elbow"]]
    lower = out[:, J["l_wrist"]] - out[:, J["l_elbow"]]
    cos = np.sum(upper * lower, axis=-1) / (BODY.upper_arm * BODY.forearm)
    between = np.degrees(np.arccos(np.clip(cos, -1, 1)))
    assert between.min() > 19.0
    # it gets there without a jerk, and an open arm is left alone
    assert (np.diff(between) < 1e-6).all()
    np.testing.assert_allclose(out[:20], joints[:20], atol=1e-9)


def test_a_foot_that_passes_fast_does_not_stand_whatever_the_model_says() -> None:
    assert standing(gliding(0.1), both_feet(), BODY, 25.0).all()
    assert not standing(gliding(4.0), both_feet(), BODY, 25.0).any()


def test_noise_from_frame_to_frame_goes_and_the_motion_stays() -> None:
    slow = gliding(1.0)
    noisy = slow + 0.01 * np.random.default_rng(1).standard_normal(slow.shape)
    np.testing.assert_allclose(calmed(slow), slow, atol=1e-9)
    assert np.abs(calmed(noisy) - slow).mean() < 0.7 * np.abs(noisy - slow).mean()


def test_a_given_first_frame_is_the_first_frame() -> None:
    first = BODY.rest()
    first[:, 0] += 0.1
    out = settled(gliding(0.3), both_feet(), BODY, first, 25.0)
    np.testing.assert_allclose(out[0], first, atol=0.01)


@pytest.mark.parametrize("frames", [1, 2, 3])
def test_short_motions_settle_too(frames: int) -> None:
    out = settled(gliding(1.0, frames), both_feet(frames), BODY, None, 25.0)
    assert out.shape == (frames, 16, 3)
    assert np.isfinite(out).all()
