"""A generator: everyone stands and breathes, whatever the beat asks for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from stickgen.core.actions import action
from stickgen.core.kinematics import Body
from stickgen.core.schema import J
from stickgen.core.types import ActorState, Beat, Motion

BREATHS_A_SECOND = 0.25
RISE = 0.004
"""How far a breath lifts the upper body, as a fraction of the standing height."""
BLEND = 0.4
"""Seconds in which a body leaves the pose it comes from."""


class TemplateGenerator:
    """Stands where the actor is, facing where it faces, and breathes."""

    api_version: ClassVar[int] = 1
    max_actors: ClassVar[int] = 1

    def generate(
        self,
        beat: Beat,
        actors: Sequence[ActorState],
        rng: np.random.Generator,
        *,
        fps: float = 25.0,
    ) -> Motion:
        """Return the motion ``[T, A]`` of *beat*; *rng* chooses where in a breath it begins."""
        row = action(beat.action)
        n_frames = max(1, round((beat.seconds or row.seconds) * fps))
        seconds = np.arange(n_frames) / fps
        arrived = np.clip(seconds / BLEND, 0.0, 1.0)[:, None, None]
        joints = np.empty((n_frames, len(actors), len(J), 3))
        for index, actor in enumerate(actors):
            breath = np.sin(2.0 * np.pi * (BREATHS_A_SECOND * seconds + rng.uniform()))
            standing = np.repeat(_standing(actor)[None], n_frames, axis=0)
            standing[:, J["chest"] : J["l_hip"], 1] += (RISE * actor.height * breath)[:, None]
            start = standing if actor.pose is None else actor.pose
            joints[:, index] = (1.0 - arrived) * start + arrived * standing
        return Motion.from_joints(joints, fps, actions=np.full(joints.shape[:2], row.index))


def _standing(actor: ActorState) -> NDArray[np.float64]:
    """Return the joints ``[16, 3]`` of *actor* standing at its place."""
    cos, sin = np.cos(actor.heading), np.sin(actor.heading)
    turn = np.array([[cos, 0.0, sin], [0.0, 1.0, 0.0], [-sin, 0.0, cos]])
    x, z = actor.position
    return np.asarray(Body(actor.height).rest() @ turn.T + [x, 0.0, z])
