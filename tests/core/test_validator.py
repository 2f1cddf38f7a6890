"""The checks on a motion: every rule fires for its defect and for nothing else."""

from dataclasses import replace

import numpy as np
import pytest

from stickgen.core import ops, schema, validator
from stickgen.core.actions import action
from stickgen.core.errors import SchemaError, UsageError
from stickgen.core.kinematics import two_bone_ik
from stickgen.core.schema import J
from stickgen.core.types import Motion


def walk(figure, frames=75, **tracks):
    return Motion.from_joints(figure.walk(frames), **tracks)


def stander(figure, frames=50):
    """Somebody who stands and breathes."""
    joints = np.tile(figure.stand(), (frames, 1, 1))
    arm = [J["r_wrist"], J["l_wrist"]]
    joints[:, arm, 0] += 0.01 * np.sin(np.arange(frames) / 4)[:, None]
    return joints


def only(report, rule):
    """The one issue of *report*, which is of *rule*."""
    assert report.rules == (rule,), str(report)
    assert not report.ok
    return report.issues[0]


def test_a_walk_and_a_stander_break_no_rule(figure):
    for joints in (figure.walk(75), stander(figure)):
        report = validator.check(Motion.from_joints(joints))
        assert report.ok, str(report)
        assert str(report) == "no rule is broken"
        assert report.rules == ()
        assert set(report.tracks) == {
            "joint_speed", "acceleration", "lowest", "bone_error", "planted", "skate",
        }  # fmt: skip
        assert all(len(track) == len(joints) for track in report.tracks.values())
    flat = Motion.from_joints(figure.walk(75)[..., :2])
    assert validator.check(flat).ok
    assert "bone_error" not in validator.check(flat).tracks


@pytest.mark.parametrize("fps", [0.5, 300.0])
def test_the_frame_rate_must_be_one_of_a_recording(figure, fps):
    motion = Motion.from_joints(figure.stand()[None], fps=fps)
    issue = only(validator.check(motion), "fps")
    assert str(issue) == f"fps: the frame rate is {fps:g} Hz, expected 1 to 240"


def test_a_bone_that_stretches_is_named(figure):
    joints = stander(figure)
    joints[20:23, [J["head_center"]], 1] += 0.02
    issue = only(validator.check(Motion.from_joints(joints)), "bone_length")
    assert (issue.start, issue.stop, issue.actor) == (20, 23, 0)
    assert "actor 0's head differs by 9.2% from its median length at frames 20-22" in issue.message
    loose = validator.Limits(bone_tolerance=0.1)
    assert validator.check(Motion.from_joints(joints), loose).ok


def whirl(figure, frames, speed):
    """A stander whose right hand moves at *speed* m/s on a circle during *frames*."""
    joints = stander(figure)
    radius = 0.152 * figure.height
    angle = np.zeros(50)
    angle[10 : 10 + frames] = speed / radius / 25
    angle = np.cumsum(angle)
    elbow = joints[:, J["r_elbow"]]
    joints[:, J["r_wrist"]] = elbow + radius * np.stack(
        [np.sin(angle), -np.cos(angle), 0 * angle], axis=-1
    )
    return Motion.from_joints(joints)


def test_a_joint_may_be_fast_for_two_frames_only(figure):
    # A hand on a 26 cm circle cannot step farther than its diameter: 12.9 m/s at 25 fps.
    # (The whirled hand stays where its elbow is folded: not what is looked at here.)
    limits = validator.Limits(joint_speed=8.0, limits_share=1.0)
    assert validator.check(whirl(figure, 2, 10), limits).ok
    issue = only(validator.check(whirl(figure, 5, 10), limits), "joint_speed")
    assert (issue.start, issue.stop) == (10, 15)
    assert "actor 0's r_wrist moves at" in issue.message
    shaking = figure.stand() + np.array([0.8, 0, 0]) * (np.arange(50) % 2)[:, None, None]
    report = validator.check(Motion.from_joints(shaking))
    assert {"joint_speed", "acceleration", "teleport"} <= set(report.rules)


def test_a_jittering_joint_accelerates_too_much(figure):
    joints = stander(figure)
    angle = 1.6 * (np.arange(50) % 2)
    joints[:, J["l_wrist"]] = joints[:, J["l_elbow"]] + 0.26 * np.stack(
        [np.sin(angle), -np.cos(angle), 0 * angle], axis=-1
    )
    motion = Motion.from_joints(joints, fps=30)
    issue = only(validator.check(motion, validator.Limits(acceleration=500)), "acceleration")
    assert "actor 0's l_wrist accelerates at" in issue.message
    assert validator.check(motion).ok


def test_a_leap_to_another_place_is_a_teleport(figure):
    joints = figure.walk(75)
    joints[40:, :, 0] += 0.5
    issue = only(validator.check(Motion.from_joints(joints)), "teleport")
    assert (issue.start, issue.stop) == (40, 41)
    assert "leaps by 0.5" in issue.message
    assert "from frame 39 to 40" in issue.message
    # At 2 frames a second half a metre is a step.
    slow = Motion.from_joints(figure.walk(75)[::12], fps=25 / 12)
    assert validator.check(slow).ok


def test_sinking_into_the_ground_is_noticed_by_the_centimetre(figure):
    ankle = 0.045 * figure.height
    sunk = Motion.from_joints(stander(figure) - [0, ankle + 0.03, 0])
    issue = only(validator.check(sunk), "penetration")
    assert "is 3.0 cm under the ground at frames 0-49" in issue.message
    assert validator.check(Motion.from_joints(stander(figure) - [0, ankle + 0.019, 0])).ok
    dip = stander(figure)
    dip[[10, 11, 30, 31, 32]] -= [0, ankle + 0.03, 0]
    issue = validator.check(Motion.from_joints(dip)).issues[-1]
    assert (issue.rule, issue.start, issue.stop) == ("penetration", 30, 33)


def test_a_frozen_figure_is_found_and_a_short_hold_is_not(figure):
    frozen = Motion.from_joints(np.tile(figure.stand(), (50, 1, 1)))
    issue = only(validator.check(frozen), "frozen")
    assert (issue.start, issue.stop) == (1, 50)
    assert issue.message == "actor 0 is motionless in 100% of the frames"
    assert validator.check(ops.slice_frames(frozen, 0, 20)).ok
    held = figure.walk(50)
    held[20:45] = held[20]
    held[45:] = held[20]  # 30 of 50 frames
    assert "frozen" not in validator.check(Motion.from_joints(held)).rules


def test_feet_must_come_to_the_ground_unless_the_action_leaves_it(figure):
    up = ops.translate(Motion.from_joints(stander(figure)), (0, 0.3, 0))
    issue = only(validator.check(up), "grounded")
    assert "feet never come nearer to the ground than 0.30 m" in issue.message
    assert validator.check(up, off_ground=True).ok
    flying = replace(up, actions=np.full((50, 1), action("flying").index))
    assert validator.check(flying).ok
    assert validator.check(ops.translate(up, (0, -0.21, 0))).ok


def test_a_pushed_statue_skates_and_a_walker_does_not(figure):
    pushed = stander(figure)
    pushed[:, :, 0] += (1.2 * np.arange(50) / 25)[:, None]
    motion = Motion.from_joints(pushed)
    issue = only(validator.check(motion), "foot_skate")
    assert "slide at 1.20 m/s while its body moves at 1.20 m/s" in issue.message
    crawling = replace(motion, actions=np.full((50, 1), action("crawling").index))
    assert validator.check(crawling).ok
    lifted = ops.translate(motion, (0, 0.09, 0))  # nowhere planted
    assert validator.check(lifted).ok


def test_a_foot_is_planted_by_its_height_alone(figure):
    heights = np.array([0.045, 0.016, 0.074, 0.010, 0.080]) * figure.height
    joints = np.tile(figure.stand(), (5, 1, 1))
    joints[:, J["l_ankle"], 1] = heights
    joints[:, J["l_ankle"], 0] = np.arange(5) * 3.0  # however fast
    contact = validator.planted(Motion.from_joints(joints[..., :2]))
    assert contact.shape == (5, 1, 2)
    joints[:, J["l_ankle"], 0] = 0
    contact = validator.planted(Motion.from_joints(joints))
    assert contact[:, 0, 1].all()
    assert contact[:, 0, 0].tolist() == [True, True, True, False, False]


def test_skate_is_a_share_of_the_height_with_its_context(figure):
    pushed = np.tile(figure.stand(), (50, 1, 1))
    pushed[:, :, 0] += (0.02 * 1.7 * np.arange(50))[:, None]
    both = ops.together(
        [
            Motion.from_joints(pushed),
            walk(figure, 50),
            ops.translate(walk(figure, 50), (0, 1, 0)),
        ]
    )
    out = validator.foot_skate(both)
    np.testing.assert_allclose(out.skate[0], 0.02, rtol=0.01)
    assert 0 < out.skate[1] < 0.04  # its swinging foot passes low
    assert np.isnan(out.skate[2])
    assert out.planted.tolist() == [1.0, 1.0, 0.0]
    np.testing.assert_allclose(out.root_speed, [0.85, 1.2, 1.2], rtol=1e-3)


def test_absent_frames_are_not_judged(figure):
    joints = np.stack([figure.walk(60), figure.walk(60) + np.array([4, 0, 1])], axis=1)
    present = np.ones((60, 2), bool)
    present[:20, 1] = present[50:, 1] = False
    joints[~present] = 0
    gone = np.zeros((60, 1), bool)
    report = validator.check(Motion.from_joints(joints, present=present))
    assert report.ok, str(report)
    assert validator.check(walk(figure, 60, present=gone)).ok
    assert validator.foot_skate(walk(figure, 60, present=gone)).planted.tolist() == [0.0]


def test_issues_name_the_actor_and_come_in_the_order_of_the_rules(figure):
    bad = stander(figure) - np.array([0, 0.3, 0])
    bad[30:, :, 0] += 2.0
    motion = ops.together([Motion.from_joints(stander(figure)), Motion.from_joints(bad)])
    report = validator.check(motion)
    assert report.rules == ("teleport", "penetration")
    assert {issue.actor for issue in report.issues} == {1}
    assert str(report).startswith("teleport: actor 1 leaps by 2.0")


def test_raw_arrays_may_break_what_a_motion_refuses_to_hold(figure):
    motion = walk(figure, 60)
    frames = np.array(motion.frames)
    assert validator.check_arrays(frames, 25, depth=motion.depth).ok
    assert validator.check_arrays(frames[:, 0], 25).ok
    bad = frames.copy()
    bad[7, 0, 3] = np.inf
    issue = only(validator.check_arrays(bad, 25), "finite")
    assert (issue.start, issue.message) == (7, "actor 0 has frames that is not finite at frame 7")
    depth = np.array(motion.depth)
    depth[9] = np.nan
    assert only(validator.check_arrays(frames, 25, depth=depth), "finite").start == 9
    bad = frames.copy()
    bad[5, 0, 32] += 0.1
    issue = only(validator.check_arrays(bad, 25), "connectivity")
    assert (issue.start, "'l_thigh.end = l_shin.start'" in issue.message) == (5, True)
    assert only(validator.check_arrays(frames, float("nan")), "fps").message.endswith("nan")
    assert validator.check_arrays(frames, 25, limits=validator.Limits(fps_high=20)).rules == (
        "fps",
    )
    with pytest.raises(SchemaError, match="frames have shape"):
        validator.check_arrays(np.zeros((3, 1, 20)), 25)


def test_a_bad_start_and_a_short_motion_do_not_confuse_it(figure):
    assert validator.check(Motion.from_joints(figure.stand()[None])).ok
    assert validator.check(walk(figure, 2)).ok


def test_a_knee_bent_forward_is_no_knee(figure):
    joints = stander(figure)
    up = np.ones(16)
    up[[J["l_ankle"], J["r_ankle"]]] = 0.0
    joints[..., 1] -= 0.10 * up
    for side in "lr":
        hip, ankle = joints[:, J[f"{side}_hip"]], joints[:, J[f"{side}_ankle"]]
        lengths = (0.2255 * figure.height, 0.2195 * figure.height)
        facing = np.cross(joints[:, J["neck"]] - joints[:, 0], joints[:, J["r_hip"]] - joints[:, 0])
        knee, _ = two_bone_ik(hip, ankle, *lengths, -facing)
        joints[:, J[f"{side}_knee"]] = knee
    report = validator.check(Motion.from_joints(joints))
    issue = only(report, "joint_limits")
    assert "bends a joint as no body can" in issue.message
    assert report.by_frame["joint_limits"].mean() > 0.1
    assert not report.safe
    assert validator.check(Motion.from_joints(joints[..., :2])).ok  # no depth, no telling


@pytest.mark.parametrize("fps", [25.0, 100.0])
def test_noise_jitters_and_a_walk_does_not(figure, fps):
    joints = figure.walk(int(3 * fps), fps)
    noise = np.random.default_rng(1).normal(0, 0.008, joints.shape)
    limits = validator.Limits(bone_tolerance=1.0, joint_speed=99, acceleration=1e5)
    assert "jitter" in validator.check(Motion.from_joints(joints + noise, fps), limits).rules
    assert validator.check(Motion.from_joints(joints, fps), limits).ok
    bare = validator.check(Motion.from_joints(joints + noise, fps))
    assert not bare.safe


def test_two_actors_cannot_be_in_one_place(figure):
    one = figure.walk(75)
    twin = Motion.from_joints(np.stack([one, one], axis=1))
    report = validator.check(twin)
    assert report.rules == ("overlap",)
    assert {issue.actor for issue in report.issues} == {0, 1}
    assert report.safe
    assert report.score == pytest.approx(1 - 0.5 / 3)
    beside = Motion.from_joints(np.stack([one, one + np.array([0, 0, 0.8])], axis=1))
    assert validator.check(beside).ok


def test_the_place_changes_what_is_allowed(figure):
    afloat = Motion.from_joints(stander(figure) + np.array([0, 0.3, 0]))
    assert validator.check(afloat).rules == ("grounded",)
    assert validator.check(afloat, environment="underwater").ok
    assert validator.check(afloat, environment="moon").rules == ("grounded",)
    sunk = Motion.from_joints(stander(figure) - np.array([0, 0.3, 0]))
    assert validator.check(sunk, environment="grassland").rules
    assert validator.check(sunk, environment="lake").ok
    statue = np.tile(figure.stand(), (75, 1, 1))
    statue[:, :, 0] += 0.05 * np.arange(75)[:, None]
    assert "foot_skate" in validator.check(Motion.from_joints(statue)).rules
    assert validator.check(Motion.from_joints(statue), environment="rink").ok
    assert validator.limits_in("rink").joint_speed == pytest.approx(1.5 * 15)
    with pytest.raises(UsageError, match="nowhere"):
        validator.check(afloat, environment="nowhere")


def test_every_rule_has_a_severity_and_scores_add_up(figure):
    assert set(validator.SEVERITY) == set(validator.RULES)
    fine = validator.check(Motion.from_joints(figure.walk(75)))
    assert fine.safe
    assert fine.score == 1.0
    frozen = validator.check(Motion.from_joints(np.tile(figure.stand(), (75, 1, 1))))
    assert not frozen.safe
    assert frozen.score == pytest.approx(0.7)
    assert frozen.by_frame["frozen"][1:].all()


def test_real_clips_pass(real_data):
    """Recorded motion at its own rate: nearly all of it is believable."""
    root = real_data("cmu_bvh")
    paths = sorted(root.rglob("*.bvh"))[:40:4]
    passed = [validator.check(recorded(path)).ok for path in paths]
    assert np.mean(passed) >= 0.9


def test_the_rules_are_all_documented():
    assert all(rule in validator.__doc__ for rule in validator.RULES)
    assert schema.ANKLE_HEIGHT == 0.045


def test_real_walks_and_runs_pass(real_data):
    """Real recordings break no rule, by an FK that shares no code with the converters."""
    root = real_data("cmu_bvh")
    for name in ("02_01", "07_01", "09_01"):
        path = next(iter(root.rglob(f"{name}.bvh")), None)
        assert path is not None, f"{name}.bvh is not in cmu_bvh.zip"
        report = validator.check(recorded(path))
        assert report.ok, f"{name}: {report}"


CMU = {"neck": "neck", "head_center": "head"} | {
    f"{side}_{joint}": side + name
    for side in "lr"
    for joint, name in (
        ("shoulder", "Shldr"),
        ("elbow", "ForeArm"),
        ("wrist", "Hand"),
        ("hip", "Thigh"),
        ("knee", "Shin"),
        ("ankle", "Foot"),
    )
}


def recorded(path):
    """The motion of a CMU file: plain FK over its hierarchy, 120 Hz, T-pose frame left out."""
    lines = iter(path.read_text().splitlines())
    names, parents, offsets, channels, stack = [], [], [], [], []
    for line in lines:
        word = line.split()
        if word[0] in ("ROOT", "JOINT", "End"):
            names.append(word[1])
            parents.append(stack[-1] if stack else -1)
            channels.append([])
        elif word[0] == "{":
            stack.append(len(names) - 1)
        elif word[0] == "}":
            stack.pop()
        elif word[0] == "OFFSET":
            offsets.append([float(v) for v in word[1:]])
        elif word[0] == "CHANNELS":
            channels[-1] = word[2:]
        elif word[0] == "MOTION":
            break
    next(lines), next(lines)
    values = np.array([line.split() for line in lines if line.strip()], float)[1:]
    column, world, turn = 0, {}, {}
    for k in range(len(names)):
        place = np.tile(offsets[k], (len(values), 1))
        local = np.tile(np.eye(3), (len(values), 1, 1))
        for kind in channels[k]:
            value = values[:, column]
            column += 1
            axis = "XYZ".index(kind[0])
            if kind.endswith("position"):
                place[:, axis] = value
            else:
                c, s = np.cos(np.radians(value)), np.sin(np.radians(value))
                a, b = (axis + 1) % 3, (axis + 2) % 3
                step = np.tile(np.eye(3), (len(values), 1, 1))
                step[:, a, a], step[:, a, b], step[:, b, a], step[:, b, b] = c, -s, s, c
                local = local @ step
        parent = parents[k]
        if parent < 0:
            world[k], turn[k] = place, local
        else:
            world[k] = world[parent] + np.einsum("tij,tj->ti", turn[parent], place)
            turn[k] = turn[parent] @ local
    joints = np.zeros((len(values), 16, 3))
    for joint, name in CMU.items():
        joints[:, J[joint]] = world[names.index(name)]
    joints[:, 0] = (joints[:, J["l_hip"]] + joints[:, J["r_hip"]]) / 2
    leg = np.linalg.norm(joints[0, J["l_knee"]] - joints[0, J["l_ankle"]])
    joints *= 0.42 / leg
    # The chest where both torso bones have a constant length, bent forward a little.
    neck, pelvis = joints[:, J["neck"]], joints[:, 0]
    apart = np.linalg.norm(neck - pelvis, axis=-1, keepdims=True)
    side = joints[:, J["r_hip"]] - joints[:, J["l_hip"]]
    forward = np.cross(neck - pelvis, side)
    forward /= np.linalg.norm(forward, axis=-1, keepdims=True)
    half = 0.51 * apart.max()
    joints[:, J["chest"]] = (neck + pelvis) / 2 + forward * np.sqrt(half**2 - (apart / 2) ** 2)
    motion = ops.resample(Motion.from_joints(joints, fps=120.0), 25)
    return ops.canonical(ops.on_ground(motion))
