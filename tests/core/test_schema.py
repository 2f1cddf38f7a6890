"""The 48-number schema and its two maps."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from stickgen.core import schema

coordinates = st.floats(-100, 100, width=32)


@given(arrays(np.float32, (3, 2, 16, 3), elements=coordinates))
def test_joints_survive_the_way_through_segments(joints):
    joints = schema.with_mid_hip(joints).astype(np.float32)
    segments = schema.joints_to_segments(joints)
    assert segments.shape == (3, 2, 48)
    np.testing.assert_array_equal(schema.segments_to_joints(segments), joints[..., :2])
    np.testing.assert_array_equal(
        schema.segments_to_joints(segments.reshape(3, 2, 12, 4)), joints[..., :2]
    )
    assert schema.connectivity_error(segments) is None


def test_the_layout_is_the_published_one():
    assert schema.DIM == 48
    assert [name for name, _, _ in schema.SEGMENTS][:3] == ["head", "upper_torso", "lower_torso"]
    joints = np.arange(48, dtype=float).reshape(16, 3)
    segments = schema.joints_to_segments(joints)
    neck, head = joints[schema.J["neck"]], joints[schema.J["head_center"]]
    assert segments[:4].tolist() == [neck[0], neck[1], head[0], head[1]]
    left, right = joints[schema.J["l_hip"]], joints[schema.J["r_hip"]]
    assert segments[44:].tolist() == [left[0], left[1], right[0], right[1]]
    assert segments[28:30].tolist() == [left[0], left[1]]


def test_left_and_right_are_each_others_mirror_image():
    assert [schema.SYMMETRY[i] for i in schema.SYMMETRY] == list(range(16))
    for name, i in schema.J.items():
        other = schema.JOINTS[schema.SYMMETRY[i]]
        assert other == (name if name[1] != "_" else {"l": "r", "r": "l"}[name[0]] + name[1:])


def test_every_joint_hangs_on_an_earlier_one():
    assert schema.PARENTS[0] == -1
    assert all(0 <= parent < i for i, parent in enumerate(schema.PARENTS) if i)


# For each rule the number of a coordinate whose change breaks it and no rule before it.
BREAKS = {
    "head.start = upper_torso.start": 0,
    "upper_torso.end = lower_torso.start": 8,
    "lower_torso.end = midpoint of pelvis_width": 10,
    "l_thigh.start = pelvis_width.start": 28,
    "r_thigh.start = pelvis_width.end": 36,
    "l_upper_arm.end = l_forearm.start": 16,
    "r_upper_arm.end = r_forearm.start": 24,
    "l_thigh.end = l_shin.start": 32,
    "r_thigh.end = r_shin.start": 41,
}


@pytest.mark.parametrize("rule", schema.CONNECTIVITY_RULES)
def test_a_broken_rule_is_named_with_its_place(rule, figure):
    frames = np.tile(schema.joints_to_segments(figure.stand()), (5, 2, 1))
    frames[3, 1, BREAKS[rule]] += 0.01
    broken = schema.connectivity_error(frames)
    assert (broken.rule, broken.frame, broken.actor) == (rule, 3, 1)
    assert broken.gap == pytest.approx(0.01, abs=1e-5)
    present = np.ones((5, 2), bool)
    present[3, 1] = False
    assert schema.connectivity_error(frames, present) is None
    assert schema.connectivity_error(frames, tolerance=0.02) is None


def test_not_a_number_meets_nothing(figure):
    frames = np.tile(schema.joints_to_segments(figure.stand()), (1, 1, 1))
    frames[0, 0, 0] = np.nan
    assert schema.connectivity_error(frames).rule == "head.start = upper_torso.start"
