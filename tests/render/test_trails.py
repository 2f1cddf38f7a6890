"""Trails of fast hands and feet, and the marks of strikes."""

from __future__ import annotations

import numpy as np

from stickgen.core.schema import J
from stickgen.core.types import Motion, RenderOptions, Scene
from stickgen.render.figure import figures
from stickgen.render.shot import shoot
from stickgen.render.styles.normal import NormalStyle
from stickgen.render.trails import trails


def _punch(motions, seconds=2.0, fps=25.0):
    """A stander whose left hand shoots forward by half a metre in 0.1 s at 1 s and stops."""
    joints = motions.stand_joints(seconds, fps=fps)
    t = np.arange(len(joints)) / fps
    reach = 0.55 * np.clip((t - 1.0) / 0.1, 0.0, 1.0)
    joints[:, J["l_wrist"], 0] += reach
    joints[:, J["l_wrist"], 1] += reach
    return Motion.from_joints(joints, fps=fps)


def test_a_punch_leaves_a_trail_and_a_mark(motions):
    found = trails(figures(_punch(motions)), always=False)
    swift = np.flatnonzero(found.strength[:, 0, 0] > 0.1)
    assert len(swift) > 0
    assert 24 <= swift.min() <= swift.max() <= 29
    struck = np.flatnonzero(found.struck[:, 0, 0] >= 0)
    assert 2 <= len(struck) <= 5
    assert struck.min() >= 26
    assert (found.struck[:, 0, 1:] < 0).all()


def test_walking_and_standing_leave_none_unless_asked_for(motions):
    for motion in (motions.walk(seconds=3), motions.stand(seconds=1)):
        found = trails(figures(motion), always=False)
        assert not found.strength.any()
        assert (found.struck < 0).all()
    assert trails(figures(motions.walk(seconds=3)), always=True).strength.max() > 0.1


def test_trails_are_painted_while_they_last(motions):
    shot = shoot(Scene(_punch(motions)), RenderOptions())
    counts = [len(NormalStyle().frame(shot, index)) for index in range(shot.n_frames)]
    assert max(counts[25:32]) > counts[10]
    assert counts[45] == counts[10]


def test_a_single_frame_has_no_trail(motions):
    still = motions.stand(seconds=0.04)
    assert not trails(figures(still), always=True).strength.any()
