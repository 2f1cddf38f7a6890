"""Where the centre of mass is and how it moves."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickgen.core import ops, physics, schema
from stickgen.core.schema import J
from stickgen.core.types import Motion


def test_the_segments_weigh_a_whole_body():
    assert sum(mass for _, mass, _ in physics.MASSES) == pytest.approx(1.0)
    assert physics.JOINT_WEIGHTS.sum() == pytest.approx(1.0)
    assert {name for name, _, _ in physics.MASSES} == {
        name for name, _, _ in schema.SEGMENTS if name != "pelvis_width"
    }


def test_the_centre_of_mass_of_a_stander_is_in_the_belly(figure):
    # Winter: about 0.56 of the height above the ground (ours has no mass in feet below the ankle).
    centre = physics.centre_of_mass(Motion.from_joints(figure.stand()[None]))[0, 0]
    assert centre[1] / figure.height == pytest.approx(0.56, abs=0.03)
    np.testing.assert_allclose(centre[[0, 2]], 0, atol=1e-6)


def test_one_raised_arm_lifts_the_centre_by_its_share(figure):
    joints = figure.stand()
    before = physics.centre_of_mass(Motion.from_joints(joints[None]))
    joints[[J["r_elbow"], J["r_wrist"]], 1] += 1.0
    after = physics.centre_of_mass(Motion.from_joints(joints[None]))
    # elbow: 0.436 of the upper arm, and what the forearm does not put on the wrist
    assert (after - before)[0, 0, 1] == pytest.approx(0.436 * 0.028 + 0.022, abs=1e-6)


def test_a_thrown_figure_falls_with_g(figure):
    t = np.arange(40) / 50
    path = np.stack([2 * t, 3 * t - 0.5 * 9.81 * t**2, 0 * t], axis=-1)
    motion = Motion.from_joints(figure.stand() + path[:, None], fps=50)
    out = physics.features(motion)
    assert out.shape == (40, 1, 6)
    assert out.dtype == np.float32
    np.testing.assert_allclose(out[..., 0], 2, atol=1e-3)
    np.testing.assert_allclose(out[1:-1, 0, 1], 3 - 9.81 * t[1:-1], atol=1e-3)
    np.testing.assert_allclose(out[..., 2], 0, atol=0.02)
    np.testing.assert_allclose(out[..., 3], -9.81, atol=0.02)
    np.testing.assert_array_equal(out[..., 4:], out[..., :2])


@given(factor=st.floats(0.5, 2.0))
def test_physics_scale_with_the_figure(figure, factor):
    motion = Motion.from_joints(figure.walk(20))
    np.testing.assert_allclose(
        physics.features(ops.scale(motion, factor)),
        factor * physics.features(motion),
        atol=0.01,
    )


def test_entering_and_leaving_are_no_movements(figure):
    joints = np.tile(figure.stand() + np.array([3.0, 0, 0]), (12, 1, 1))
    present = np.ones((12, 1), bool)
    present[:4] = present[6] = present[8] = present[11:] = False
    joints[~present[:, 0]] = 0
    motion = Motion.from_joints(joints, present=present)
    assert physics.stretches(present[:, 0]) == [(4, 6), (7, 8), (9, 11)]
    assert (physics.features(motion) == 0).all()
