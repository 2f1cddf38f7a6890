"""A generator that needs nothing: bodies that glide, so that the stager can be tested alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from stickgen.core import schema
from stickgen.core.actions import NO_OVERLAY
from stickgen.core.actions import action as row_of
from stickgen.core.errors import UsageError
from stickgen.core.types import ActorState, Beat, Motion

J = schema.J


def figure(x: float, z: float, heading: float) -> np.ndarray:
    """Return the joints [16, 3] of a figure standing at (x, z)."""
    right = np.array([np.sin(heading), 0.0, np.cos(heading)])
    joints = np.zeros((schema.N_JOINTS, 3))
    heights = {"pelvis_center": 0.83, "chest": 1.08, "neck": 1.30, "head_center": 1.50,
               "shoulder": 1.25, "elbow": 0.98, "wrist": 0.72, "hip": 0.83, "knee": 0.45,
               "ankle": 0.0765}  # fmt: skip
    for name, index in J.items():
        part = name[2:] if name[:2] in {"l_", "r_"} else name
        wide = 0.145 if part in {"shoulder", "elbow", "wrist"} else 0.085
        side = {"l_": -wide, "r_": wide}.get(name[:2], 0.0)
        joints[index] = [x, heights[part], z] + side * right
    return joints


class Glider:
    """Moves rigid figures at the action's speed; stops 0.75 m before a target."""

    api_version: ClassVar[int] = 1
    max_actors: ClassVar[int] = 20

    def __init__(self, *, refuses: Sequence[str] = (), jumps: float = 0.0) -> None:
        self.refuses = refuses
        self.jumps = jumps
        self.calls: list[tuple[Beat, tuple[ActorState, ...]]] = []

    def generate(
        self,
        beat: Beat,
        actors: Sequence[ActorState],
        rng: np.random.Generator,
        *,
        fps: float = 25.0,
    ) -> Motion:
        if beat.action in self.refuses or beat.overlay in self.refuses:
            raise UsageError(f"cannot perform {beat.action}")
        if len(actors) > self.max_actors:
            raise UsageError("too many actors")
        self.calls.append((beat, tuple(actors)))
        row = row_of(beat.action)
        n = max(1, round((beat.seconds or row.seconds) * fps))
        tracks = []
        for state in actors:
            heading = {"left": np.pi, "right": 0.0}.get(beat.direction or "", state.heading)
            reach = np.inf
            if beat.direction == "toward" and state.target is not None:
                dx, dz = np.subtract(state.target, state.position)
                heading = float(np.arctan2(-dz, dx))
                reach = max(0.0, float(np.hypot(dx, dz)) - 0.75)
            way = np.minimum(np.arange(n) / fps * row.speed * beat.speed, reach) + self.jumps
            x = state.position[0] + way * np.cos(heading)
            z = state.position[1] - way * np.sin(heading)
            tracks.append(np.stack([figure(a, b, heading) for a, b in zip(x, z, strict=True)]))
        over = row_of(beat.overlay).index if beat.overlay else NO_OVERLAY
        return Motion.from_joints(
            np.stack(tracks, axis=1),
            fps=fps,
            actions=np.full((n, len(actors)), row.index),
            overlay=np.full((n, len(actors)), over),
        )


class Soloist(Glider):
    """Takes one actor at a time."""

    max_actors: ClassVar[int] = 1
