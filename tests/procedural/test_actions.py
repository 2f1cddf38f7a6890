"""Every action: believable on its own, and recognisable by what makes it that action."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from stage import ANKLES, H, J, after, flights, heading, joints, made, perform, speeds

from stickgen.core import physics, schema, validator
from stickgen.core.actions import action
from stickgen.core.kinematics import Body, bone_lengths
from stickgen_procedural import ProceduralGenerator
from stickgen_procedural.person import STYLES

ACTIONS = ProceduralGenerator.actions
ON_THE_SPOT = [name for name in ACTIONS if action(name).speed == 0]


def wrists(motion, side: str) -> np.ndarray:
    return joints(motion)[:, J[f"{side}_wrist"]]


# -- what holds for all --------------------------------------------------------------------------


AT_RATES = [
    *((name, 25.0) for name in ACTIONS),
    *((name, (12.0, 60.0)[i % 2]) for i, name in enumerate(ACTIONS)),
]


@pytest.mark.parametrize(("name", "fps"), AT_RATES)
def test_passes_the_validator_on_bones_of_fixed_length(name: str, fps: float) -> None:
    motion = perform(name, seconds=6.0, fps=fps)
    report = validator.check(motion)
    assert fps < 25 or report.ok, str(report)
    bones = bone_lengths(joints(motion))
    np.testing.assert_allclose(bones, np.broadcast_to(Body().lengths, bones.shape), atol=2e-5)


@pytest.mark.parametrize("name", ACTIONS)
def test_nothing_is_under_the_ground_and_knees_bend_forward(name: str) -> None:
    motion = perform(name, seconds=6.0)
    j = joints(motion)
    assert j[..., 1].min() > -0.02
    if name == "cartwheel":  # its hips turn over sideways: there is no forward to bend to
        return
    facing = heading(motion)
    ahead = np.stack([np.cos(facing), 0 * facing, -np.sin(facing)], axis=-1)
    for side in "lr":
        hip, knee, ankle = (j[:, J[f"{side}_{part}"]] for part in ("hip", "knee", "ankle"))
        along = (ankle - hip) / np.linalg.norm(ankle - hip, axis=-1, keepdims=True)
        bend = knee - hip - np.sum((knee - hip) * along, axis=-1, keepdims=True) * along
        # A quarter turn from the leg in the plane of the walk: forward of a hanging leg, on top of
        # one kicked out, below one drawn up behind.
        front = -along[:, 1:2] * ahead
        front[:, 1] += np.sum(along * ahead, axis=-1)
        clear = np.linalg.norm(bend, axis=-1) > 0.03
        assert (np.sum(bend * front, axis=-1)[clear] > 0).all()


@pytest.mark.parametrize("style", sorted(STYLES))
def test_every_action_passes_the_validator_in_every_style_and_shows_it(style: str) -> None:
    for name in ACTIONS:
        motion = perform(name, seconds=5.0, style=style)
        report = validator.check(motion)
        assert report.ok, f"{name}: {report}"
        j = joints(motion)
        assert j[..., 1].min() > -0.02, name
        plain = joints(perform(name, seconds=5.0))
        other = np.linalg.norm((j - j[:, :1]) - (plain - plain[:, :1]), axis=-1).max()
        assert style == "neutral" or other > 0.03, name


@pytest.mark.parametrize("name", ["backflip", "hop", "jumping_jacks", "shooting"])
def test_what_leaves_the_ground_falls_with_gravity(name: str) -> None:
    motion = perform(name, repetitions=1, seconds=5.0, fps=100.0)
    ankles = joints(motion)[:, ANKLES, 1].min(axis=-1)
    air = np.flatnonzero(ankles > (schema.ANKLE_HEIGHT + 0.035) * H)
    assert len(air) > 5
    middle = air[len(air) // 4 : -len(air) // 4]
    fall = physics.features(motion)[middle, 0, 3]
    assert np.median(fall) == pytest.approx(-9.81, abs=0.6)


@pytest.mark.parametrize("name", ["fall", "lie_down"])
def test_who_goes_down_lies_flat_and_gets_up_again(name: str) -> None:
    down = perform(name, seconds=5.0)
    assert joints(down)[-1, :, 1].max() < 0.22 * H
    up = perform("idle", after(down, name), seconds=4.0)
    assert joints(up)[-1, J["head_center"], 1] > 0.8 * H
    assert validator.check(up).ok


@pytest.mark.parametrize("name", ACTIONS)
def test_elbows_do_not_bend_backward(name: str) -> None:
    """A forearm folds toward the front of the upper arm, seen from the chest."""
    j = joints(perform(name, seconds=6.0))
    for side in "lr":
        shoulder, elbow, wrist = (j[:, J[f"{side}_{p}"]] for p in ("shoulder", "elbow", "wrist"))
        upper, fore = elbow - shoulder, wrist - elbow
        hanging = upper[:, 1] < -0.8 * np.linalg.norm(upper, axis=-1)
        across = j[:, J["r_shoulder"]] - j[:, J["l_shoulder"]]
        chest_ahead = np.stack([across[:, 2], 0 * across[:, 0], -across[:, 0]], axis=-1)
        ahead = np.sum((fore - upper) * chest_ahead, axis=-1)
        assert (ahead[hanging] > -0.03).all()


@pytest.mark.parametrize("name", ACTIONS)
def test_the_same_seed_repeats_and_another_varies(name: str) -> None:
    one, two = made(name, seconds=2.0, seed=5), made(name, seconds=2.0, seed=5)
    np.testing.assert_array_equal(one.frames, two.frames)
    np.testing.assert_array_equal(one.depth, two.depth)
    other = made(name, seconds=2.0, seed=6)
    assert np.abs(one.frames - other.frames).max() > 0.005


@pytest.mark.parametrize(
    ("name", "height"), [(name, (1.0, 2.2)[i % 2]) for i, name in enumerate(ACTIONS)]
)
def test_scales_with_the_figure(name: str, height: float) -> None:
    from stickgen.core.types import ActorState

    j = joints(perform(name, ActorState(height=height), seconds=4.0))
    bones = bone_lengths(j)
    np.testing.assert_allclose(bones, np.broadcast_to(Body(height).lengths, bones.shape), atol=3e-5)
    assert j[..., 1].min() > -0.02
    if name not in validator.OFF_GROUND - {"jump", "backflip", "cartwheel"}:
        assert j[:, ANKLES, 1].min() < 0.05 * height


@pytest.mark.parametrize("name", ON_THE_SPOT)
def test_planted_feet_do_not_move_on_the_spot(name: str) -> None:
    motion = perform(name, seconds=6.0)
    steps = ("jump", "celebrate", "kicking", "push", "pitching", "throwing", "batting",
        "dance", "jumping_jacks", "fielding")  # fmt: skip
    limit = 0.4 if name in (*steps, "fall", "get_up", "lie_down", "cartwheel") else 0.15
    assert 100 * validator.foot_skate(motion).skate[0] < limit


@pytest.mark.parametrize("name", ACTIONS)
def test_is_never_still(name: str) -> None:
    j = joints(perform(name, seconds=6.0))
    assert (np.abs(np.diff(j, axis=0)).max(axis=(1, 2)) > 1e-4).mean() > 0.95


# -- going ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "speed", "skate", "planted"),
    [("walk", 1.3, 0.5, 0.55), ("run", 3.15, 0.5, 0.28), ("sprint", 6.0, 1.0, 0.2)],
)
@pytest.mark.parametrize("seed", range(6))
def test_goes_at_its_speed_on_planted_feet(
    name: str, speed: float, skate: float, planted: float, seed: int
) -> None:
    motion = perform(name, seconds=6.0, seed=seed)
    j = joints(motion)
    went = np.linalg.norm(j[-1, 0, [0, 2]] - j[0, 0, [0, 2]]) / 6.0
    assert went == pytest.approx(speed, rel=0.12)
    near = np.abs(j[:, ANKLES, 1] - schema.ANKLE_HEIGHT * H) < schema.PLANTED_MARGIN * H
    assert near.mean() > planted
    steps = np.linalg.norm(np.diff(j[:, ANKLES][..., [0, 2]], axis=0), axis=-1)
    assert 100 * steps[near[1:] & near[:-1]].mean() / H < skate


def test_a_walker_always_has_a_foot_down_and_a_runner_flies() -> None:
    def airborne(name: str) -> float:
        ankles = joints(perform(name, seconds=6.0))[:, ANKLES, 1].min(axis=-1)
        return float((ankles > (schema.ANKLE_HEIGHT + schema.PLANTED_MARGIN) * H).mean())

    assert airborne("walk") == 0.0
    assert airborne("run") > 0.12
    assert airborne("sprint") > 0.2


@pytest.mark.parametrize("name", ["walk", "run", "sprint"])
def test_arms_swing_against_the_legs(name: str) -> None:
    j = joints(perform(name, seconds=6.0))
    for side in "lr":
        arm = j[:, J[f"{side}_wrist"], 0] - j[:, J[f"{side}_shoulder"], 0]
        leg = j[:, J[f"{side}_ankle"], 0] - j[:, J[f"{side}_hip"], 0]
        assert np.corrcoef(arm, leg)[0, 1] < -0.5


def test_a_walking_pelvis_is_highest_over_the_foot_and_a_running_one_lowest() -> None:
    def at_midstance(name: str) -> float:
        j = joints(perform(name, seconds=8.0, fps=100.0))
        height = j[:, 0, 1]
        under = []
        for ankle in ANKLES:
            over = np.abs(j[:, ankle, 0] - j[:, 0, 0]) < 0.05
            low = j[:, ankle, 1] < 0.08
            under.append(over & low)
        return float(height[under[0] | under[1]].mean() - height.mean())

    assert at_midstance("walk") > 0.01
    assert at_midstance("run") < -0.01


def test_the_head_is_steadier_than_the_hips() -> None:
    j = joints(perform("walk", seconds=8.0))
    turn = j[:, J["r_hip"]] - j[:, J["l_hip"]]
    hips = np.degrees(np.arctan2(turn[:, 0], turn[:, 2]))
    shoulder = j[:, J["r_shoulder"]] - j[:, J["l_shoulder"]]
    chest = np.degrees(np.arctan2(shoulder[:, 0], shoulder[:, 2]))
    assert np.corrcoef(hips, chest)[0, 1] < -0.8  # the shoulders turn against the hips
    head = j[:, J["head_center"]] - j[:, J["neck"]]
    assert np.degrees(np.arctan2(head[:, 0], head[:, 1])).std() < 1.5


@pytest.mark.parametrize(("speed", "slower"), [(0.6, True), (1.5, False)])
def test_speed_changes_pace_and_stride_together(speed: float, slower: bool) -> None:
    def crossings(motion) -> int:
        j = joints(motion)
        gap = j[:, J["l_ankle"], 0] - j[:, J["r_ankle"], 0]
        return int((np.diff(np.sign(gap)) != 0).sum())

    plain, other = perform("walk", seconds=10.0), perform("walk", seconds=10.0, speed=speed)
    ratio = joints(other)[-1, 0, 0] / joints(plain)[-1, 0, 0]
    assert ratio == pytest.approx(speed, rel=0.1)
    pace = crossings(other) / crossings(plain)
    assert (speed < pace < 1) if slower else (1 < pace < speed)


def test_backward_goes_backward_facing_forward() -> None:
    motion = perform("walk", seconds=5.0, direction="backward")
    j = joints(motion)
    assert j[-1, 0, 0] < -1.5
    assert np.abs(heading(motion)).max() < 0.5
    assert 100 * validator.foot_skate(motion).skate[0] < 0.6


@pytest.mark.parametrize(
    ("direction", "x", "z"), [("left", -1, 0), ("right", 1, 0), ("toward", 0, 1), ("away", 0, -1)]
)
def test_directions_are_those_of_the_picture(direction: str, x: int, z: int) -> None:
    first = perform("idle", seconds=1.0)
    motion = perform("walk", after(first, "idle"), seconds=6.0, direction=direction)
    j = joints(motion)
    way = j[-1, 0] - j[len(j) // 2, 0]
    way = way[[0, 2]] / np.linalg.norm(way[[0, 2]])
    np.testing.assert_allclose(way, [x, z], atol=0.1)
    report = validator.check(motion)
    assert report.ok, str(report)


def test_walks_up_to_a_partner_and_stops_there() -> None:
    from stickgen.core.types import ActorState

    j = joints(perform("walk", ActorState(target=(3.0, 0.0)), seconds=6.0, direction="toward"))
    assert j[-1, 0, 0] == pytest.approx(3.0 - 0.75, abs=0.15)
    assert speeds(j[-10:], 25.0).max() < 0.3


# -- on the spot ---------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 2, 3, 5])
@pytest.mark.parametrize("fps", [25.0, 50.0])
def test_jumps_as_often_as_asked(count: int, fps: float) -> None:
    assert flights(perform("jump", repetitions=count, fps=fps)) == count
    assert flights(perform("jump", repetitions=count, seconds=9.0, fps=fps)) == count


def test_the_rest_of_the_time_is_idled_away() -> None:
    motion = perform("jump", repetitions=1, seconds=6.0)
    assert motion.n_frames == 150
    doing = np.flatnonzero(motion.actions[:, 0] == action("jump").index)
    assert 25 < len(doing) < 60
    assert (motion.actions[doing[-1] + 1 :, 0] == action("idle").index).all()


@pytest.mark.parametrize("intensity", [0.6, 1.0, 1.6])
def test_a_jumper_falls_with_gravity(intensity: float) -> None:
    motion = perform("jump", repetitions=1, seconds=4.0, fps=100.0, intensity=intensity)
    ankles = joints(motion)[:, ANKLES, 1].min(axis=-1)
    air = np.flatnonzero(ankles > 0.20)
    fall = physics.features(motion)[air[3:-3], 0, 3]
    assert np.abs(fall + 9.81).max() < 0.3
    assert ankles.max() == pytest.approx(0.0765 + 0.40 * intensity, rel=0.3)


def test_a_jump_forward_lands_ahead_without_sliding() -> None:
    motion = perform("jump", repetitions=2, direction="forward", seconds=5.0)
    assert joints(motion)[-1, 0, 0] == pytest.approx(2 * 0.62, abs=0.12)
    assert flights(motion) == 2
    assert 100 * validator.foot_skate(motion).skate[0] < 0.4


def test_a_jumper_crouches_first_and_swings_the_arms() -> None:
    j = joints(perform("jump", repetitions=1, seconds=4.0))
    top = int(j[:, 0, 1].argmax())
    before = j[:top, 0, 1]
    assert before.min() < 0.75 * before[0]
    hands = j[:, [J["l_wrist"], J["r_wrist"]]].mean(axis=1)
    shoulders = j[:, [J["l_shoulder"], J["r_shoulder"]]].mean(axis=1)
    assert (hands - shoulders)[int(before.argmin()), 0] < -0.2
    assert (hands - shoulders)[top, 1] > 0.1
    landing = j[top : top + 20, 0, 1]
    assert landing.min() < 0.85 * before[0]


@pytest.mark.parametrize("hand", ["left", "right"])
def test_a_wave_raises_the_hand_named_and_swings_it(hand: str) -> None:
    j = joints(perform("wave", seconds=4.0, hand=hand))
    side, other = hand[0], "r" if hand == "left" else "l"
    middle = slice(25, 75)
    wrist, elbow = j[middle, J[f"{side}_wrist"]], j[middle, J[f"{side}_elbow"]]
    shoulder = j[middle, J[f"{side}_shoulder"]]
    assert (wrist[:, 1] > shoulder[:, 1] + 0.15).all()
    assert (elbow[:, 1] > shoulder[:, 1] - 0.05).all()
    fore = wrist - elbow
    swing = np.arctan2(np.linalg.norm(fore[:, [0, 2]], axis=-1), fore[:, 1])
    assert np.degrees(np.ptp(swing)) > 25
    across = j[middle, J["r_shoulder"]] - j[middle, J["l_shoulder"]]
    lateral = np.sum((wrist - elbow) * across, axis=-1)
    turns = (np.diff(np.sign(np.diff(lateral))) != 0).sum()
    assert 5 <= turns <= 11  # about two waves a second, for two seconds
    assert (j[middle, J[f"{other}_wrist"], 1] < j[middle, J["neck"], 1] - 0.3).all()


@pytest.mark.parametrize("count", [3, 6])
def test_hands_meet_in_every_clap(count: int) -> None:
    motion = perform("clap", repetitions=count, seconds=5.0, fps=100.0)
    gap = np.linalg.norm(wrists(motion, "l") - wrists(motion, "r"), axis=-1)
    together = gap < 0.07
    times = (np.diff(np.concatenate([[0], together.astype(int), [0]])) == 1).sum()
    assert times == count
    assert gap[together].min() < 0.06


def test_hands_do_not_pass_through_each_other() -> None:
    j = joints(perform("clap", seconds=5.0, fps=100.0))
    across = j[:, J["r_shoulder"]] - j[:, J["l_shoulder"]]
    gap = np.sum((j[:, J["r_wrist"]] - j[:, J["l_wrist"]]) * across, axis=-1)
    assert (gap > 0).all()


@pytest.mark.parametrize("hand", ["left", "right"])
@pytest.mark.parametrize("target", [(4.0, 0.0), (3.0, -2.0)])
def test_pointing_is_straight_at_the_target_and_holds(
    hand: str, target: tuple[float, float]
) -> None:
    from stickgen.core.types import ActorState

    j = joints(perform("point", ActorState(target=target), seconds=4.0, hand=hand))
    side = hand[0]
    shoulder, wrist = j[:, J[f"{side}_shoulder"]], j[:, J[f"{side}_wrist"]]
    arm = (wrist - shoulder)[35:75]
    assert np.linalg.norm(arm, axis=-1).min() > 0.95 * Body().arm
    aim = np.array([target[0], 1.15, target[1]]) - shoulder[35:75]
    cos = np.sum(arm * aim, axis=-1) / np.linalg.norm(arm, axis=-1) / np.linalg.norm(aim, axis=-1)
    assert np.degrees(np.arccos(cos)).max() < 8
    assert speeds(wrist[40:75, None], 25.0).max() < 0.25


def test_punches_alternate_and_reach_out() -> None:
    motion = perform("punch", repetitions=4, seconds=6.0, fps=100.0)
    j = joints(motion)
    reach = {s: wrists(motion, s)[:, 0] - j[:, J[f"{s}_shoulder"], 0] for s in "lr"}
    out = []
    for side, length in reach.items():
        full = length > 0.85 * Body().arm
        starts = np.flatnonzero(np.diff(full.astype(int)) == 1)
        out += [(start, side) for start in starts]
    sides = [side for _, side in sorted(out)]
    assert len(sides) == 4
    assert all(a != b for a, b in itertools.pairwise(sides))
    fast = max(speeds(wrists(motion, s)[:, None], 100.0).max() for s in "lr")
    assert 6 < fast < 15


@pytest.mark.parametrize("hand", ["left", "right"])
def test_a_punch_with_one_hand_uses_that_hand(hand: str) -> None:
    motion = perform("punch", repetitions=2, seconds=4.0, hand=hand)
    forward = {s: wrists(motion, s)[:, 0].max() for s in "lr"}
    assert max(forward, key=forward.__getitem__) == hand[0]


@pytest.mark.parametrize("count", [1, 2])
def test_a_kick_goes_hip_high_off_one_leg(count: int) -> None:
    motion = perform("kick", repetitions=count, seconds=2.2 * count + 1)
    j = joints(motion)
    heights = j[:, ANKLES, 1]
    kicking = int(heights.max(axis=0).argmax())
    support = j[:, ANKLES[1 - kicking]]
    assert heights[:, kicking].max() > 0.85 * j[0, 0, 1]
    assert np.ptp(support, axis=0).max() < 1e-6
    high = heights[:, kicking] > 0.6
    assert (np.diff(high.astype(int)) == 1).sum() == count
    peak = int(heights[:, kicking].argmax())
    leg = np.linalg.norm(
        j[peak, ANKLES[kicking]] - j[peak, J["l_hip" if kicking == 0 else "r_hip"]]
    )
    assert leg > 0.95 * Body().leg  # the knee is straight when it lands
    wound_up = j[:peak, ANKLES[kicking], 0].min()
    assert wound_up < j[0, ANKLES[kicking], 0] - 0.2
    np.testing.assert_allclose(j[-1, ANKLES[kicking]], j[0, ANKLES[kicking]], atol=1e-3)


def test_sitting_down_and_standing_up() -> None:
    down = perform("sit", seconds=4.0)
    j = joints(down)
    assert j[-1, 0, 1] == pytest.approx(0.30 * H, abs=0.02)
    thigh = j[-1, J["r_knee"]] - j[-1, J["r_hip"]]
    assert abs(np.degrees(np.arctan2(thigh[1], np.hypot(thigh[0], thigh[2])))) < 20
    lean = j[:, J["neck"], 0] - j[:, 0, 0]
    assert lean.max() > 0.25  # the weight stays over the feet on the way down
    hand, knee = j[-1, J["r_wrist"]], j[-1, J["r_knee"]]
    assert np.linalg.norm(hand - knee) < 0.30
    up = perform("stand", after(down, "sit"), seconds=3.0)
    k = joints(up)
    assert k[-1, 0, 1] > 0.475 * H
    assert 100 * validator.foot_skate(up).skate[0] < 0.1
    assert k[0, 0, 1] == pytest.approx(j[-1, 0, 1], abs=0.01)


def test_somebody_seated_stays_seated_to_wave_and_gets_up_to_walk() -> None:
    seat = after(perform("sit", seconds=3.0), "sit")
    waving = joints(perform("wave", seat, seconds=3.0))
    assert waving[:, 0, 1].max() < 0.33 * H
    hands = waving[:, [J["l_wrist"], J["r_wrist"]], 1]
    assert hands.max() > waving[0, J["head_center"], 1] - 0.1
    walking = perform("walk", seat, seconds=5.0)
    assert joints(walking)[-1, 0, 0] - joints(walking)[0, 0, 0] > 3.0
    assert 100 * validator.foot_skate(walking).skate[0] < 0.5


def test_idling_breathes_and_shifts_the_weight() -> None:
    j = joints(perform("idle", seconds=10.0))
    assert 0.02 < np.ptp(j[:, 0, [0, 2]], axis=0).max() < 0.20
    assert np.abs(j[:, ANKLES] - j[:1, ANKLES]).max() < 1e-6
    assert speeds(j, 25.0).max() < 1.3


# -- more ----------------------------------------------------------------------------------------


def test_a_bow_folds_at_the_hips_and_comes_up() -> None:
    j = joints(perform("bow", repetitions=1, seconds=4.0))
    lean = np.degrees(np.arctan2(j[:, J["neck"], 0] - j[:, 0, 0], j[:, J["neck"], 1] - j[:, 0, 1]))
    assert 45 < lean.max() < 75
    assert abs(lean[-1]) < 6
    deepest = int(lean.argmax())
    feet = j[deepest, ANKLES, 0].mean()
    assert j[deepest, 0, 0] < feet - 0.08  # the hips go back to keep the balance


def test_a_kneeler_has_one_knee_on_the_ground_and_one_foot_before_it() -> None:
    j = joints(perform("kneel", seconds=4.0))
    knees = j[-1, [J["l_knee"], J["r_knee"]], 1]
    assert knees.min() < 0.06 * H
    assert 0.24 * H < knees.max() < 0.32 * H
    assert np.ptp(j[-1, ANKLES, 0]) > 0.5


def test_a_croucher_is_low_on_both_feet() -> None:
    j = joints(perform("crouch", seconds=3.0))
    assert j[-1, 0, 1] < 0.25 * H
    np.testing.assert_allclose(j[-1, ANKLES, 1], schema.ANKLE_HEIGHT * H, atol=0.01)


@pytest.mark.parametrize(("count", "half_turns"), [(1, 1), (2, 2)])
def test_turning_about_takes_steps(count: int, half_turns: int) -> None:
    motion = perform("turn", repetitions=count, seconds=4.0)
    facing = heading(motion)
    assert abs(facing[-1] - facing[0]) == pytest.approx(np.pi * half_turns, abs=0.25)
    assert np.linalg.norm(joints(motion)[-1, 0] - joints(motion)[0, 0]) < 0.15
    assert 100 * validator.foot_skate(motion).skate[0] < 0.15


def test_a_marcher_lifts_the_knees() -> None:
    def knee(name: str) -> float:
        j = joints(perform(name, seconds=4.0))
        return float((j[:, J["l_hip"], 1] - j[:, J["l_knee"], 1]).min())

    assert knee("march") < 0.12
    assert knee("walk") > 0.2


def test_celebrating_is_hopping_with_both_arms_up() -> None:
    motion = perform("celebrate", seconds=4.0, fps=50.0)
    j = joints(motion)
    middle = slice(60, 150)
    for side in "lr":
        up = j[middle, J[f"{side}_wrist"], 1] - j[middle, J["neck"], 1]
        assert (up > 0.1).all()
    assert flights(motion) >= 2


@pytest.mark.parametrize("name", ["salute", "drinking", "shout"])
def test_the_hand_goes_to_the_head(name: str) -> None:
    motion = perform(name, seconds=4.0, hand="right")
    gap = np.linalg.norm(wrists(motion, "r") - joints(motion)[:, J["head_center"]], axis=-1)
    assert gap.min() < 0.165 * H  # a wrist, with the hand before the mouth
    assert gap[0] > 0.3 * H


def test_nods_are_counted() -> None:
    j = joints(perform("nod", repetitions=3, seconds=4.0, fps=50.0))
    head = j[:, J["head_center"], 0] - j[:, J["neck"], 0]
    low = head > 0.5 * (head.max() + head[0])
    assert (np.diff(low.astype(int)) == 1).sum() == 3


def test_guarding_throws_no_punch_and_fighting_does() -> None:
    def reach(name: str) -> float:
        motion = perform(name, seconds=5.0)
        j = joints(motion)
        return max(
            float((wrists(motion, s)[:, 0] - j[:, J[f"{s}_shoulder"], 0]).max()) for s in "lr"
        )

    assert reach("fight_stance") < 0.35
    assert reach("fight") > 0.45
