"""Forward kinematics keeps bones, two-bone IK reaches what can be reached, planted feet stay."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from stickgen.core import schema
from stickgen.core.errors import DataError
from stickgen.core.kinematics import (
    Body,
    axis_rotation,
    bone_lengths,
    envelope,
    euler,
    foot_lock,
    leg_room,
    rotation_between,
    slerp,
    two_bone_ik,
    unit,
)

J = schema.J
ANKLES = [J["l_ankle"], J["r_ankle"]]


def vectors(low: float = -1.0, high: float = 1.0, n: int = 3) -> st.SearchStrategy[np.ndarray]:
    return arrays(np.float64, (n,), elements=st.floats(low, high))


directions = vectors().filter(lambda v: np.linalg.norm(v) > 0.1)


# -- bodies --------------------------------------------------------------------------------------


def test_a_standing_body_has_the_height_and_the_feet_it_says() -> None:
    body = Body(1.8)
    joints = body.rest()
    assert joints[J["l_ankle"], 1] == pytest.approx(schema.ANKLE_HEIGHT * 1.8)
    top = joints[J["head_center"], 1] + 0.112 * 1.8
    assert top == pytest.approx(1.8, rel=0.01)
    assert body.pelvis_height == pytest.approx(0.49 * 1.8)
    assert body.leg == pytest.approx(body.thigh + body.shin)
    assert body.arm == pytest.approx(body.upper_arm + body.forearm)


def test_at_rest_it_faces_x_with_its_left_away_from_the_viewer() -> None:
    joints = Body().rest()
    for part in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle"):
        left, right = joints[J[f"l_{part}"]], joints[J[f"r_{part}"]]
        assert left[2] < 0 < right[2]
        np.testing.assert_allclose(left * [1, 1, -1], right, atol=1e-12)


def test_the_pelvis_is_the_mid_hip() -> None:
    joints = Body().rest()
    np.testing.assert_allclose(joints, schema.with_mid_hip(joints), atol=1e-12)


@pytest.mark.parametrize("height", [0.0, -1.0, float("nan"), float("inf")])
def test_a_body_without_a_height_is_refused(height: float) -> None:
    with pytest.raises(DataError, match="height"):
        Body(height)


@given(
    angles=arrays(np.float64, (4, 16, 3), elements=st.floats(-3.1, 3.1)),
    root=vectors(-5, 5),
    height=st.floats(0.4, 2.5),
)
def test_forward_kinematics_keeps_every_bone(
    angles: np.ndarray, root: np.ndarray, height: float
) -> None:
    body = Body(height)
    joints = body.forward(euler("yzx", *np.moveaxis(angles, -1, 0)), root)
    np.testing.assert_allclose(joints[:, 0], np.broadcast_to(root, (4, 3)))
    np.testing.assert_allclose(bone_lengths(joints), np.tile(body.lengths, (4, 1)), atol=1e-9)


def test_a_rotation_turns_the_bone_it_names_and_all_that_hangs_on_it() -> None:
    body = Body()
    rotations = np.tile(np.eye(3), (16, 1, 1))
    rotations[J["r_elbow"]] = axis_rotation(2, np.pi / 2)  # the upper arm, forward and level
    joints = body.forward(rotations, np.array([0.0, body.pelvis_height, 0.0]))
    arm = joints[J["r_wrist"]] - joints[J["r_shoulder"]]
    np.testing.assert_allclose(arm, [body.arm, 0, 0], atol=1e-9)
    same = [i for i in range(16) if i not in (J["r_elbow"], J["r_wrist"])]
    np.testing.assert_allclose(joints[same], body.rest()[same])


# -- rotations -----------------------------------------------------------------------------------


@given(a=directions, b=directions)
def test_rotation_between_turns_one_direction_into_the_other(a: np.ndarray, b: np.ndarray) -> None:
    rotation = rotation_between(a, b)
    np.testing.assert_allclose(rotation @ unit(a), unit(b), atol=1e-6)
    np.testing.assert_allclose(rotation @ rotation.T, np.eye(3), atol=1e-6)
    assert np.linalg.det(rotation) == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("a", [[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.3, -0.5, 0.8]])
def test_opposite_directions_have_a_half_turn_between_them(a: list[float]) -> None:
    rotation = rotation_between(a, -np.array(a))
    np.testing.assert_allclose(rotation @ unit(a), -unit(a), atol=1e-9)
    assert np.linalg.det(rotation) == pytest.approx(1.0)


@given(a=directions, b=directions, weight=st.floats(0, 1))
def test_slerp_divides_the_arc(a: np.ndarray, b: np.ndarray, weight: float) -> None:
    whole = np.arccos(np.clip(unit(a) @ unit(b), -1, 1))
    if not 1e-3 < whole < 3.1:
        return
    part = slerp(a, b, weight)
    assert np.arccos(np.clip(unit(a) @ part, -1, 1)) == pytest.approx(weight * whole, abs=1e-5)


def test_angles_are_counter_clockwise_seen_against_the_axis() -> None:
    np.testing.assert_allclose(axis_rotation(1, np.pi / 2) @ [1, 0, 0], [0, 0, -1], atol=1e-12)
    np.testing.assert_allclose(axis_rotation(2, np.pi / 2) @ [1, 0, 0], [0, 1, 0], atol=1e-12)


# -- two bones -----------------------------------------------------------------------------------


@given(
    root=vectors(-3, 3),
    line=directions,
    distance=st.floats(0.06, 0.74),
    pole=directions,
)
def test_two_bones_reach_what_is_within_reach(
    root: np.ndarray, line: np.ndarray, distance: float, pole: np.ndarray
) -> None:
    upper, lower = 0.40, 0.35
    target = root + unit(line) * distance
    middle, end = two_bone_ik(root, target, upper, lower, pole)
    np.testing.assert_allclose(end, target, atol=1e-6)
    assert np.linalg.norm(middle - root) == pytest.approx(upper, abs=1e-9)
    assert np.linalg.norm(end - middle) == pytest.approx(lower, abs=1e-9)
    across = pole - (pole @ unit(line)) * unit(line)
    if np.linalg.norm(across) > 1e-3:
        assert (middle - root) @ across >= -1e-9


@given(root=vectors(-3, 3), line=directions, distance=st.floats(0.0, 20.0), pole=vectors())
def test_two_bones_keep_their_lengths_whatever_is_asked(
    root: np.ndarray, line: np.ndarray, distance: float, pole: np.ndarray
) -> None:
    middle, end = two_bone_ik(root, root + unit(line) * distance, 0.40, 0.35, pole)
    assert np.isfinite(middle).all()
    assert np.isfinite(end).all()
    assert np.linalg.norm(middle - root) == pytest.approx(0.40, abs=1e-6)
    assert np.linalg.norm(end - middle) == pytest.approx(0.35, abs=1e-6)
    if distance > 0.8:
        np.testing.assert_allclose(end, root + unit(line) * 0.75, atol=1e-6)


def test_two_bones_work_on_many_frames_at_once() -> None:
    rng = np.random.default_rng(0)
    targets = rng.normal(0, 0.3, (50, 3))
    middle, end = two_bone_ik(np.zeros(3), targets, 0.4, 0.4, np.array([1.0, 0, 0]))
    assert middle.shape == end.shape == (50, 3)
    near = np.linalg.norm(targets, axis=-1) < 0.79
    np.testing.assert_allclose(end[near], targets[near], atol=1e-6)


# -- feet ----------------------------------------------------------------------------------------


def sliding_body(frames: int = 60) -> tuple[np.ndarray, np.ndarray]:
    """Return a body that glides and bobs on stiff legs, and contacts as of somebody walking."""
    body = Body()
    t = np.arange(frames) / 25.0
    joints = np.tile(body.rest(), (frames, 1, 1))
    joints[:, :, 0] += 0.25 * t[:, None]
    joints[:, :, 1] += (0.02 * np.sin(9 * t) - 0.03)[:, None]
    for side in "lr":
        hip, ankle = joints[:, J[f"{side}_hip"]], joints[:, J[f"{side}_ankle"]]
        joints[:, J[f"{side}_knee"]], joints[:, J[f"{side}_ankle"]] = two_bone_ik(
            hip, ankle, body.thigh, body.shin, np.array([1.0, 0, 0])
        )
    left = (t % 1.0) < 0.6
    return joints, np.stack([left, ~left | ((t % 1.0) > 0.5)], axis=1)


def test_foot_lock_holds_planted_ankles_still() -> None:
    joints, planted = sliding_body()
    held = foot_lock(joints, planted)
    for foot, ankle in enumerate(ANKLES):
        steps = np.linalg.norm(np.diff(held[:, ankle], axis=0), axis=-1)
        both = planted[1:, foot] & planted[:-1, foot]
        assert steps[both].max() < 1e-6
        before = np.linalg.norm(np.diff(joints[:, ankle], axis=0), axis=-1)
        assert before[both].mean() > 5e-3


def test_foot_lock_keeps_bones_and_the_upper_body() -> None:
    joints, planted = sliding_body()
    held = foot_lock(joints, planted)
    np.testing.assert_allclose(bone_lengths(held), bone_lengths(joints), atol=1e-6)
    upper = [i for i, name in enumerate(schema.JOINTS) if not name.endswith(("knee", "ankle"))]
    moved = held[:, upper] - joints[:, upper]
    np.testing.assert_allclose(moved, np.broadcast_to(moved[:, :1], moved.shape), atol=1e-12)
    np.testing.assert_allclose(moved[..., [0, 2]], 0.0)


def test_foot_lock_does_not_jump_between_contacts() -> None:
    joints, planted = sliding_body()
    held = foot_lock(joints, planted)
    assert np.abs(np.diff(held[:, ANKLES], axis=0)).max() < 0.12


def test_foot_lock_brings_the_body_down_to_a_foot_out_of_reach() -> None:
    body = Body()
    joints = np.tile(body.rest(), (20, 1, 1))
    joints[10:, :, 1] += 0.10
    held = foot_lock(joints, np.ones((20, 2), dtype=bool))
    ankles = held[:, ANKLES]
    np.testing.assert_allclose(ankles, np.broadcast_to(ankles[:1], ankles.shape), atol=1e-6)
    assert (held[10:, 0, 1] < joints[10:, 0, 1] - 0.04).all()


def test_foot_lock_without_contact_changes_nothing() -> None:
    joints, _ = sliding_body()
    held = foot_lock(joints, np.zeros((len(joints), 2), dtype=bool))
    np.testing.assert_allclose(held, joints, atol=1e-6)


def test_foot_lock_refuses_other_shapes() -> None:
    joints, planted = sliding_body()
    with pytest.raises(DataError, match="joints have shape"):
        foot_lock(joints[:, :5], planted)
    with pytest.raises(DataError, match="planted has shape"):
        foot_lock(joints, planted[:-1])


def test_leg_room_is_what_is_left_of_the_leg() -> None:
    body = Body()
    rest = body.rest()
    hips = rest[None, [J["l_hip"], J["r_hip"]]]
    ankles = rest[None, ANKLES]
    assert leg_room(hips, ankles, body.leg)[0] == pytest.approx(0.0, abs=1e-9)
    assert leg_room(hips - [0, 0.1, 0], ankles, body.leg)[0] == pytest.approx(0.1)
    assert np.isinf(leg_room(hips, ankles, body.leg, np.array([[False, False]])))[0]


@given(values=arrays(np.float64, (30,), elements=st.floats(0, 1)), radius=st.integers(0, 5))
def test_an_envelope_is_nowhere_below(values: np.ndarray, radius: int) -> None:
    out = envelope(values, radius)
    assert out.shape == values.shape
    assert (out >= values - 1e-12).all()
    assert out.max() <= values.max() + 1e-12
