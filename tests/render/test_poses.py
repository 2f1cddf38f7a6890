"""Open silhouettes: what is moved for the picture's sake, and what stays."""

from __future__ import annotations

import numpy as np
import pytest

from stickgen.core.schema import J
from stickgen.core.types import Motion, Prop, RenderOptions, Scene
from stickgen.render.figure import ARMS, LEGS, figures
from stickgen.render.poses import best_frames
from stickgen.render.shot import shoot


def _drawn(motion, **how):
    return shoot(Scene(motion, **how), RenderOptions(width=640, height=360))


def test_resting_limbs_leave_the_trunk_and_each_other(motions):
    shot = _drawn(motions.stand())
    raw = figures(motions.stand())
    before, _ = shot.camera.project(raw.points)
    after, size = shot.cast.points, shot.cast.size[0, 0]
    arm = ARMS[1]
    room = [
        np.mean([abs(p[0, 0, arm.start + i, 0] - p[0, 0, 1, 0]) for i in (2, 3)]) / size
        for p in (before, after)
    ]
    assert room[1] > room[0] + 0.01
    gaps = [abs(p[0, 0, LEGS[0].stop - 2, 0] - p[0, 0, LEGS[1].stop - 2, 0]) / size
            for p in (before, after)]  # fmt: skip
    assert gaps[1] > gaps[0] + 0.05
    assert shot.openness[0] > 0.6


def test_bones_keep_their_length_and_standing_feet_their_place(motions):
    motion = motions.stand(seconds=2)
    raw, new = figures(motion).points, _drawn(motion).figures.points
    for arm in ARMS:
        for a in range(arm.start + 1, arm.stop - 1):
            bones = [np.linalg.norm(p[:, 0, a] - p[:, 0, a + 1], axis=-1) for p in (raw, new)]
            assert bones[1] == pytest.approx(bones[0], rel=1e-6)
    for leg in LEGS:
        hip, heel = leg.start, leg.start + 2
        long = [np.linalg.norm(p[:, 0, hip] - p[:, 0, heel], axis=-1) for p in (raw, new)]
        assert long[1] == pytest.approx(long[0], rel=0.04)
        assert np.ptp(new[:, 0, heel], axis=0).max() < 1e-3


def test_who_walks_or_holds_something_is_left_as_he_is(motions):
    walk = motions.walk(seconds=2)
    assert np.array_equal(_drawn(walk).figures.points[:, :, 12:], figures(walk).points[:, :, 12:])
    stand = motions.stand()
    hand = stand.joints[0, 0, J["r_wrist"]].astype(float)
    raw = figures(stand).points[:, 0, ARMS[1]]
    held = _drawn(stand, props=(Prop("cup", hand),)).figures.points[:, 0, ARMS[1]]
    assert np.abs(held - raw).max() < 1e-9
    assert np.abs(_drawn(stand).figures.points[:, 0, ARMS[1]] - raw).max() > 0.01


def test_only_a_hand_before_the_face_is_drawn_over_it(motions):
    joints = motions.stand_joints()
    head = joints[:, J["head_center"]]
    for side, out, over in (("r", (0.05, 0.0, 0.25), True), ("r", (0.6, 0.1, 0.3), False)):
        posed = joints.copy()
        wrist = head + np.array(out)
        posed[:, J[f"{side}_wrist"]] = wrist
        posed[:, J[f"{side}_elbow"]] = 0.5 * (wrist + posed[:, J[f"{side}_shoulder"]])
        shot = shoot(Scene(Motion.from_joints(posed[:, None])), RenderOptions(view="front"))
        if over:
            shot = shoot(Scene(Motion.from_joints(posed[:, None])), RenderOptions(view="side"))
        assert bool(shot.cast.over_face[0, 0, 1]) is over


def test_the_best_frame_is_near_and_clearly_better():
    score = np.zeros(100)
    score[[12, 30, 58]] = 0.2, 1.0, 0.9
    assert best_frames(score, [10, 50], 10) == [12, 58]
    assert best_frames(score, [80], 10) == [80]
