"""Somebody who sits has something to sit on."""

from __future__ import annotations

import numpy as np

from stickgen.core.actions import action
from stickgen.core.testing import standing
from stickgen.core.types import Motion
from stickgen.llm.furniture import BEHIND, seats


def lowered(drop: float, name: str) -> Motion:
    """Return a figure whose body sinks by *drop* m in a second and stays there for another."""
    pose = standing()
    sink = np.minimum(np.arange(50) / 25.0, 1.0) * drop
    joints = pose[None] - sink[:, None, None] * np.array([0.0, 1.0, 0.0])
    actions = np.full((50, 1), action(name).index)
    return Motion.from_joints(joints, actions=actions)


def test_a_chair_stands_under_whoever_sits() -> None:
    motion = lowered(0.33, "sit")
    (chair,) = seats(motion)
    hips = motion.joints[-1, 0, 0]
    assert chair.kind == "chair"
    assert np.allclose(chair.position, [hips[0], 0.0, hips[2] - BEHIND], atol=1e-6)


def test_nobody_else_gets_one() -> None:
    assert seats(lowered(0.33, "crouch")) == ()
    assert seats(lowered(0.0, "sit")) == ()
    assert seats(lowered(0.75, "sit")) == ()
