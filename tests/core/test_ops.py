"""Functions from motion to motion."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stickgen.core import ops, schema
from stickgen.core.errors import SchemaError, UsageError
from stickgen.core.schema import J
from stickgen.core.types import Motion

FLAT = pytest.warns(ops.FlatMotionWarning)


def walk(figure, frames=50, fps=25.0, **tracks):
    return Motion.from_joints(figure.walk(frames, fps), fps=fps, **tracks)


def flat(motion):
    return Motion.from_joints(motion.joints[..., :2], fps=motion.fps)


def cast(figure, frames=30):
    """Two walkers side by side; the second enters late and leaves early."""
    second = figure.walk(frames)[:, :, :] + np.array([0.5, 0.0, 1.0])
    joints = np.stack([figure.walk(frames), second], axis=1)
    present = np.ones((frames, 2), bool)
    present[:5, 1] = present[-3:, 1] = False
    joints[~present] = 0
    face = np.zeros((frames, 2, 7), np.float32)
    face[..., 2] = 10
    actions = np.ones((frames, 2), int)
    actions[:, 1] = np.arange(frames) // 10
    return Motion.from_joints(joints, present=present, face=face, actions=actions)


def close(a, b, atol=1e-5):
    np.testing.assert_allclose(a.joints, b.joints, atol=atol)
    np.testing.assert_array_equal(a.present, b.present)
    np.testing.assert_array_equal(a.actions, b.actions)
    np.testing.assert_array_equal(a.overlay, b.overlay)
    assert a.fps == b.fps
    assert (a.depth is None) == (b.depth is None)


def lengths_kept(before, after, atol=1e-5):
    a, b = ops.bone_lengths(before), ops.bone_lengths(after)
    np.testing.assert_allclose(
        np.median(a[before.present], axis=0), np.median(b[after.present], axis=0), atol=atol
    )
    spread = np.ptp(b[after.present], axis=0)
    assert spread.max() < 1e-4


# -- resample ------------------------------------------------------------------------------------


@given(frames=st.integers(1, 120), old=st.floats(1, 240), new=st.floats(1, 240))
@settings(deadline=None)
def test_resampling_keeps_the_duration(figure, frames, old, new):
    motion = Motion.from_joints(figure.walk(frames), fps=old)
    out = ops.resample(motion, new)
    assert out.fps == new
    assert abs(out.seconds - motion.seconds) <= 0.5 / new + 1e-9 or out.n_frames == 1
    np.testing.assert_allclose(out.joints[0], motion.joints[0], atol=1e-6)


def test_the_same_rate_gives_the_same_object(figure):
    motion = walk(figure)
    assert ops.resample(motion, 25) is motion


def test_resampling_shows_the_same_time(figure):
    fast = walk(figure, 240, fps=120.0)
    slow = ops.resample(fast, 24.0)
    np.testing.assert_allclose(slow.joints, fast.joints[::5], atol=1e-6)
    odd = ops.resample(fast, 25.0)
    x = odd.joints[:, 0, J["pelvis_center"], 0]
    np.testing.assert_allclose(x, 1.2 * np.arange(50) / 25, atol=1e-5)


def test_bones_keep_their_length_between_frames(figure):
    t = np.arange(30) / 30
    joints = np.tile(figure.stand(), (30, 1, 1))
    angle = 40 * t  # a hand that whirls at 40 rad/s: 76 degrees a frame
    whirl = np.stack([np.cos(angle), np.sin(angle), np.zeros(30)], axis=-1)
    joints[:, J["r_wrist"]] = joints[:, J["r_elbow"]] + 0.25 * whirl
    out = ops.resample(Motion.from_joints(joints, fps=30), 25)
    lengths_kept(Motion.from_joints(joints, fps=30), out)


def test_a_bone_that_flips_over_does_not_vanish(figure):
    joints = np.tile(figure.stand(), (2, 1, 1))
    joints[1, J["r_wrist"]] = 2 * joints[1, J["r_elbow"]] - joints[1, J["r_wrist"]]
    motion = Motion.from_joints(joints, fps=1)
    lengths_kept(motion, ops.resample(motion, 2))


def test_flat_motions_are_interpolated_in_the_plane(figure):
    motion = flat(walk(figure, 30, fps=30.0))
    out = ops.resample(motion, 60)
    assert out.depth is None
    middle = (motion.joints[:-1] + motion.joints[1:]) / 2
    np.testing.assert_allclose(out.joints[1:-1:2], middle, atol=1e-5)


def test_labels_are_those_of_the_nearest_frame_and_the_absent_stay_out(figure):
    motion = cast(figure)
    out = ops.resample(motion, 50)
    assert set(np.unique(out.face[..., 2])) == {10.0}
    assert out.actions[:, 1].tolist() == [min(29, int(i / 2 + 0.5)) // 10 for i in range(60)]
    assert (out.joints[~out.present] == 0).all()
    second = out.joints[out.present[:, 1], 1]
    assert second[:, J["head_center"], 1].min() > 1.3  # nobody is mixed with an absent frame
    assert out.present[:, 1].sum() == pytest.approx(2 * motion.present[:, 1].sum(), abs=2)


@pytest.mark.parametrize("fps", [0, -1, float("nan"), float("inf")])
def test_a_rate_must_be_positive(figure, fps):
    with pytest.raises(UsageError, match=r"fps is .*, expected a positive number"):
        ops.resample(walk(figure, 3), fps)


def test_slices_keep_every_track(figure):
    motion = cast(figure)
    part = ops.slice_frames(motion, 10, -5)
    assert part.n_frames == 15
    np.testing.assert_array_equal(part.joints, motion.joints[10:-5])
    np.testing.assert_array_equal(part.face, motion.face[10:-5])
    np.testing.assert_array_equal(part.actions, motion.actions[10:-5])
    with pytest.raises(UsageError, match="frames 7 to 7 of a motion of 30 frames hold nothing"):
        ops.slice_frames(motion, 7, 7)


# -- concat --------------------------------------------------------------------------------------


@given(
    counts=st.lists(st.integers(1, 30), min_size=1, max_size=4),
    blend=st.floats(0, 2),
    follow=st.booleans(),
)
@settings(deadline=None)
def test_joined_pieces_have_the_sum_of_their_lengths(figure, counts, blend, follow):
    pieces = [walk(figure, n) for n in counts]
    out = ops.concat(pieces, blend=blend, follow=follow)
    assert out.n_frames == sum(counts)
    np.testing.assert_allclose(out.joints[: counts[0]], pieces[0].joints, atol=1e-5)
    lengths_kept(pieces[0], out)


def test_a_seam_is_smooth_and_short(figure):
    still = Motion.from_joints(np.tile(figure.stand(), (25, 1, 1)))
    bent = figure.stand()
    bent[J["r_elbow"]] = bent[J["r_shoulder"]] + [0.0, 0.0, 0.16 * 1.7]
    bent[J["r_wrist"]] = bent[J["r_elbow"]] + [0.0, 0.152 * 1.7, 0.0]
    raised = Motion.from_joints(np.tile(bent, (25, 1, 1)))
    hard = ops.concat([still, raised], blend=0)
    soft = ops.concat([still, raised], blend=0.4)
    wrist = J["r_wrist"]

    def fastest(motion):
        return np.linalg.norm(np.diff(motion.joints[:, 0, wrist], axis=0), axis=-1).max()

    assert fastest(soft) < 0.25 * fastest(hard)
    np.testing.assert_allclose(soft.joints[35:], raised.joints[10:], atol=1e-5)
    lengths_kept(still, soft)


def test_a_seam_keeps_the_velocity(figure):
    whole = walk(figure, 60)
    parts = [ops.slice_frames(whole, 0, 30), ops.slice_frames(whole, 30)]
    moved = ops.translate(parts[1], (0.3, 0.0, 0.0))  # starts 0.3 m too far
    out = ops.concat([parts[0], moved], blend=0.4)
    speed = np.diff(out.joints[:, 0, 0, 0]) * 25
    assert np.abs(np.diff(speed)).max() < 0.65
    assert speed[29] == pytest.approx(1.2, abs=0.3)


def test_following_goes_on_from_where_the_last_piece_ended(figure):
    first = ops.yaw(walk(figure, 36), 90)  # ends walking away from the viewer
    out = ops.concat([first, walk(figure, 36), walk(figure, 36)], follow=True)
    root = out.joints[:, 0, 0]
    step = np.diff(root[:, [0, 2]], axis=0) * 25
    np.testing.assert_allclose(step[:, 0], 0, atol=0.1)
    np.testing.assert_allclose(step[:, 1], -1.2, atol=0.1)
    np.testing.assert_allclose(ops.heading(out.joints), np.pi / 2, atol=0.05)
    np.testing.assert_allclose(root[:, 1].min(), first.joints[:, 0, 0, 1].min(), atol=0.02)


def test_following_moves_a_pair_as_one(figure):
    motion = cast(figure)
    whole = ops.slice_frames(motion, 5, -3)
    out = ops.concat([whole, ops.yaw(whole, 130)], follow=True, blend=0)
    gap = np.linalg.norm(out.joints[:, 0, 0] - out.joints[:, 1, 0], axis=-1)
    np.testing.assert_allclose(gap, gap[0], atol=1e-3)
    np.testing.assert_allclose(np.diff(out.joints[:, :, 0, 0], axis=0) * 25, 1.2, atol=0.05)


def test_who_does_not_cross_the_seam_is_left_alone(figure):
    motion = cast(figure)
    out = ops.concat([motion, motion], follow=True)
    np.testing.assert_array_equal(out.present, np.concatenate([motion.present] * 2))
    assert (out.joints[~out.present] == 0).all()
    gone = Motion.from_joints(motion.joints, present=np.zeros((30, 2), bool))
    assert not ops.concat([gone, motion], follow=True).present[:30].any()


def test_pieces_of_other_rates_and_kinds_are_joined(figure):
    fast = walk(figure, 60, fps=60.0)
    faced = walk(figure, 25, face=np.ones((25, 1, 7)))
    out = ops.concat([faced, fast])
    assert (out.n_frames, out.fps) == (50, 25.0)
    assert (out.face[:25] == 1).all()
    assert (out.face[25:] == 0).all()
    with FLAT:
        mixed = ops.concat([faced, flat(faced)])
    assert mixed.depth is None
    still_flat = ops.concat([flat(faced), flat(faced)], follow=True)
    np.testing.assert_allclose(np.diff(still_flat.joints[:, 0, 0, 0]), 1.2 / 25, atol=0.01)
    assert ops.concat([faced]) is faced


def test_what_cannot_be_joined_is_refused(figure):
    with pytest.raises(UsageError, match="no motion to join"):
        ops.concat([])
    with pytest.raises(UsageError, match="blend is -1"):
        ops.concat([walk(figure)], blend=-1)
    with pytest.raises(SchemaError, match="motion 1 has 2 actors, the first one 1"):
        ops.concat([walk(figure), cast(figure)])


# -- in space ------------------------------------------------------------------------------------


@given(turns=st.integers(-3, 3))
def test_a_full_turn_changes_nothing(figure, turns):
    motion = walk(figure, 5)
    assert ops.yaw(motion, 360.0 * turns) is motion


@given(degrees=st.floats(-720, 720), about=st.tuples(st.floats(-5, 5), st.floats(-5, 5)))
@settings(deadline=None)
def test_turning_back_restores_and_is_rigid(figure, degrees, about):
    motion = walk(figure, 5)
    turned = ops.yaw(motion, degrees, about)
    lengths_kept(motion, turned, atol=1e-4)
    close(ops.yaw(turned, -degrees, about), motion, atol=1e-4)
    np.testing.assert_allclose(turned.joints[..., 1], motion.joints[..., 1], atol=1e-5)


def test_a_yaw_is_counter_clockwise_from_above(figure):
    away = ops.yaw(walk(figure), 90)
    np.testing.assert_allclose(ops.heading(away.joints), np.pi / 2, atol=1e-5)
    assert away.joints[-1, 0, 0, 2] < -2.0
    assert away.joints[-1, 0, 0, 0] == pytest.approx(0, abs=1e-5)


def test_the_three_quarter_view_shows_the_right_side_of_a_walker(figure):
    seen = ops.orbit(walk(figure), 30, about=(0.0, 0.0))
    direction = (seen.joints[-1, 0, 0] - seen.joints[0, 0, 0]) * [1, 0, 1]
    np.testing.assert_allclose(
        direction / np.linalg.norm(direction),
        [np.cos(np.pi / 6), 0, np.sin(np.pi / 6)],
        atol=0.01,
    )


def test_an_orbit_may_differ_from_frame_to_frame(figure):
    motion = walk(figure, 4)
    seen = ops.orbit(motion, [0, 90, 180, 270])
    low, high = ops.bounds(motion)
    centre = (low + high) / 2
    np.testing.assert_allclose(seen.joints[0], motion.joints[0], atol=1e-5)
    np.testing.assert_allclose(
        seen.joints[2, ..., 0] - centre[0], centre[0] - motion.joints[2, ..., 0], atol=1e-5
    )
    for bad in ([0, 1], float("nan")):
        with pytest.raises(UsageError, match="orbit takes one finite angle or 4 of them"):
            ops.orbit(motion, bad)


def test_a_flat_motion_cannot_turn_and_says_so(figure):
    motion = flat(walk(figure, 5))
    with FLAT:
        assert ops.yaw(motion, 30) is motion
    with FLAT:
        assert ops.orbit(motion, 30) is motion
    with pytest.raises(UsageError, match="yaw is inf degrees"):
        ops.yaw(motion, float("inf"))


@pytest.mark.parametrize("axis", ["z", "x"])
def test_mirroring_twice_is_the_identity(figure, axis):
    motion = cast(figure)
    once = ops.mirror(motion, axis)
    assert np.abs(once.joints - motion.joints).max() > 0.1
    lengths_kept(motion, ops.mirror(motion, axis), atol=1)
    close(ops.mirror(once, axis), motion, atol=1e-6)
    np.testing.assert_array_equal(once.face, motion.face)


def test_a_raised_right_hand_becomes_a_raised_left_hand(figure):
    motion = walk(figure)
    image = ops.mirror(motion)
    shoulder, right, left = J["l_shoulder"], J["r_wrist"], J["l_wrist"]
    assert (motion.joints[:, 0, right, 1] > motion.joints[:, 0, shoulder, 1]).all()
    assert (image.joints[:, 0, left, 1] > image.joints[:, 0, shoulder, 1]).all()
    assert (image.joints[:, 0, right, 1] < image.joints[:, 0, shoulder, 1]).all()
    # It still walks to +x, and its left is still its left.
    np.testing.assert_allclose(ops.heading(image.joints), 0, atol=1e-6)
    assert image.joints[-1, 0, 0, 0] == pytest.approx(motion.joints[-1, 0, 0, 0])
    assert (image.joints[:, 0, J["l_hip"], 2] < 0).all()
    # The other mirror sends it the other way.
    back = ops.mirror(motion, "x")
    assert back.joints[-1, 0, 0, 0] == pytest.approx(-motion.joints[-1, 0, 0, 0])
    np.testing.assert_allclose(np.abs(ops.heading(back.joints)), np.pi, atol=1e-6)
    assert (back.joints[:, 0, J["l_hip"], 2] > 0).all()


def test_a_left_turn_becomes_a_right_turn(figure):
    joints = np.stack([figure.stand()] * 10)
    turning = ops.orbit(Motion.from_joints(joints), -np.arange(10) * 9, about=(0, 0))
    heading = ops.heading(turning.joints)[:, 0]
    assert heading[-1] == pytest.approx(np.radians(81), abs=1e-5)
    np.testing.assert_allclose(ops.heading(ops.mirror(turning).joints)[:, 0], -heading, atol=1e-5)


def test_a_flat_mirror_keeps_the_outline_and_swaps_sides(figure):
    motion = flat(walk(figure))
    image = ops.mirror(motion)
    np.testing.assert_allclose(image.joints[:, :, J["l_wrist"]], motion.joints[:, :, J["r_wrist"]])
    with pytest.raises(UsageError, match="mirror axis is 'y'"):
        ops.mirror(motion, "y")


def test_moving_and_scaling(figure):
    motion = cast(figure)
    moved = ops.translate(motion, (1, 2, 3))
    there = motion.present
    np.testing.assert_allclose(
        moved.joints[there], motion.joints[there] + np.array([1, 2, 3]), atol=1e-5
    )
    assert (moved.joints[~there] == 0).all()
    assert ops.translate(motion, (0, 0, 0)) is motion
    with FLAT:
        ops.translate(flat(motion), (0, 0, 1))
    doubled = ops.scale(motion, 2)
    np.testing.assert_allclose(doubled.joints, 2 * motion.joints, atol=1e-5)
    assert ops.scale(motion, 1) is motion
    with pytest.raises(UsageError, match="scale factor is 0"):
        ops.scale(motion, 0)
    for bad in ((1, 2), (1, 2, float("nan"))):
        with pytest.raises(UsageError, match="expected three finite numbers"):
            ops.translate(motion, bad)


def test_normalising_makes_everyone_taller_by_the_same(figure):
    child = figure.stand(1.2)[None]
    joints = np.stack([child, figure.stand(1.8)[None] + 1.0], axis=1)
    motion = Motion.from_joints(joints)
    np.testing.assert_allclose(ops.standing_height(motion), [1.2, 1.8], atol=0.01)
    out = ops.normalise(motion)
    np.testing.assert_allclose(ops.standing_height(out), [1.36, 2.04], atol=0.01)


def test_a_motion_is_put_on_the_ground(figure):
    motion = ops.translate(walk(figure), (0, 0.7, 0))
    on = ops.on_ground(motion)
    assert on.joints[:, 0, [J["l_ankle"], J["r_ankle"]], 1].min() == pytest.approx(
        0.045 * 1.7, abs=0.005
    )
    gone = Motion.from_joints(motion.joints, present=np.zeros((50, 1), bool))
    assert ops.on_ground(gone) is gone


@given(degrees=st.floats(-180, 180), x=st.floats(-5, 5), z=st.floats(-5, 5))
@settings(deadline=None)
def test_the_canonical_view_undoes_any_turn_and_shift(figure, degrees, x, z):
    motion = walk(figure, 10)
    elsewhere = ops.translate(ops.yaw(motion, degrees), (x, 0, z))
    close(ops.canonical(elsewhere), motion, atol=1e-4)


def test_the_canonical_view_keeps_a_pair_together(figure):
    motion = cast(figure)
    out = ops.canonical(ops.yaw(motion, 77, about=(3, 1)))
    close(out, motion, atol=1e-4)
    late = ops.select(motion, [1, 0])  # actor 0 is now the one who enters at frame 5
    here = ops.canonical(late)
    np.testing.assert_allclose(here.joints[5, 0, 0, [0, 2]], 0, atol=1e-6)


def test_the_canonical_view_of_one_whose_hips_do_not_tell(figure):
    joints = figure.walk(20)
    for side in "lr":  # on the side: one hip above the other
        joints[:, J[f"{side}_hip"]] = joints[:, 0] + [0, 0.08 if side == "l" else -0.08, 0]
    motion = Motion.from_joints(joints)
    out = ops.canonical(ops.yaw(motion, 50))
    travel = out.joints[-1, 0, 0] - out.joints[0, 0, 0]
    np.testing.assert_allclose(travel[[0, 2]] / np.hypot(travel[0], travel[2]), [1, 0], atol=1e-3)
    still = Motion.from_joints(np.tile(joints[:1], (5, 1, 1)) + np.eye(3)[0])
    np.testing.assert_allclose(ops.canonical(still).joints[0, 0, 0, [0, 2]], 0, atol=1e-6)


def test_the_canonical_view_of_flat_and_empty_motions(figure):
    motion = flat(ops.translate(walk(figure), (2, 0, 0)))
    assert ops.canonical(motion).joints[0, 0, 0, 0] == pytest.approx(0)
    with FLAT:
        ops.canonical(flat(ops.mirror(walk(figure), "x")))
    gone = Motion.from_joints(figure.walk(3), present=np.zeros((3, 1), bool))
    assert ops.canonical(gone) is gone


# -- who, and measures ---------------------------------------------------------------------------


def test_motions_are_put_together_and_picked_apart(figure):
    long, short = walk(figure, 40, face=np.ones((40, 1, 7))), walk(figure, 25)
    both = ops.together([long, short])
    assert (both.n_frames, both.n_actors) == (40, 2)
    assert both.present[:, 1].tolist() == [True] * 25 + [False] * 15
    assert (both.face[:, 1] == 0).all()
    close(ops.select(both, [0]), long)
    close(ops.slice_frames(ops.select(both, [1]), 0, 25), short)
    with FLAT:
        assert ops.together([long, flat(short)]).depth is None
    assert ops.together([long]) is long
    with pytest.raises(UsageError, match="no motion to put together"):
        ops.together([])
    with pytest.raises(UsageError, match=r"actors \[2\] of a motion with 2"):
        ops.select(both, [2])


def test_the_box_holds_everyone_present_and_nobody_else(figure):
    motion = cast(figure)
    low, high = ops.bounds(motion)
    points = motion.joints[motion.present]
    assert (points >= low - 1e-6).all()
    assert (points <= high + 1e-6).all()
    assert low[1] > 0.05  # absent frames are zeros, which do not count
    empty = ops.bounds(Motion.from_joints(figure.walk(2), present=np.zeros((2, 1), bool)))
    assert empty.low.tolist() == empty.high.tolist() == [0, 0, 0]


def test_heading_looks_at_the_shoulders_when_the_hips_do_not_tell(figure):
    joints = figure.stand()
    assert ops.heading(joints) == pytest.approx(0)
    joints[J["l_hip"]] = joints[J["r_hip"]]
    joints[:, [0, 2]] = joints[:, [2, 0]] * [1, -1]  # turned to face -z
    assert ops.heading(joints) == pytest.approx(np.pi / 2)
    joints[J["l_shoulder"]] = joints[J["r_shoulder"]]
    assert ops.heading(joints) == 0


def test_root_speed_is_that_of_the_pelvis_over_the_ground(figure):
    np.testing.assert_allclose(ops.root_speed(walk(figure)), 1.2, atol=1e-4)
    assert ops.root_speed(walk(figure, 1)).tolist() == [[0.0]]
    late = ops.root_speed(cast(figure))
    assert late[4:6, 1].tolist() == [0, 0]  # entering is no movement


@pytest.mark.parametrize("height", [1.2, 1.7, 2.0])
def test_standing_height_does_not_depend_on_the_pose(figure, height):
    motion = ops.scale(walk(figure), height / 1.7)
    assert ops.standing_height(motion)[0] == pytest.approx(height, rel=0.005)
    assert ops.standing_height(flat(motion))[0] == pytest.approx(height, rel=0.01)


def test_a_figure_without_size_counts_as_grown_up():
    motion = Motion(np.zeros((2, 2, 48)), present=np.array([[True, False]] * 2))
    assert ops.standing_height(motion).tolist() == [schema.HEIGHT] * 2


def test_a_motion_goes_on_where_it_was_left(figure):
    motion = ops.translate(ops.yaw(walk(figure), 40.0), (1.0, 0.0, -2.0))
    left = ops.left_in(motion, "walk")
    ahead = np.array([np.cos(left.heading), -np.sin(left.heading)])
    speed = left.velocity[J["pelvis_center"]][[0, 2]]
    assert speed @ ahead > 0.9 * np.linalg.norm(speed) > 0.3
    np.testing.assert_allclose(left.pose, motion.joints[-1, 0], atol=1e-6)
    np.testing.assert_allclose(left.position, motion.joints[-1, 0, J["pelvis_center"]][[0, 2]])
    assert ops.left_in(ops.slice_frames(motion, 0, 1), "walk").velocity is None
