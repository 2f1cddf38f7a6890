"""Seats: nobody sits on nothing.

Where somebody sits off the ground a chair is put under him. It stands a little farther from the
viewer than the path that leads to it, so that a walker who stops and sits down passes in front of
it and not through it.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from stickgen.core import ops
from stickgen.core.actions import action
from stickgen.core.schema import J
from stickgen.core.types import Motion, Prop

SEATED: Final = (0.2, 0.4)
"""Heights of the hips, as fractions of the standing height, between which one sits on a chair."""

BEHIND: Final = 0.12
"""How much farther from the viewer than the hips the chair stands, m."""

SAME_SEAT: Final = 0.35
"""Someone who sits down again within this distance takes the same chair, m."""

SAME_BENCH: Final = 0.55
"""Those who sit within this distance share a bench, m."""

STEADY: Final = 0.05
"""The hips move less than this, in m/s, once somebody is seated."""


def seats(motion: Motion, kind: str = "chair") -> tuple[Prop, ...]:
    """Return a chair or what else *kind* says for every place where an actor of *motion* sits.

    A place is where the hips rest, at a chair's height, while the main action is to sit or the
    body has not left the seat since; the chair is there for the whole scene.
    """
    joints = motion.joints.astype(np.float64)
    hips = joints[:, :, J["pelvis_center"]]
    heights = ops.standing_height(motion)
    chairs: list[Prop] = []
    for actor in range(motion.n_actors):
        level = hips[:, actor, 1] / max(float(heights[actor]), 1e-6)
        step = np.diff(hips[:, actor], axis=0, prepend=hips[:1, actor])
        speed = np.linalg.norm(step, axis=-1) * motion.fps
        sitting = motion.actions[:, actor] == action("sit").index
        resting = sitting & (level > SEATED[0]) & (level < SEATED[1]) & (speed < STEADY)
        taken: list[np.ndarray] = []
        for frame in np.flatnonzero(resting):
            x, z = hips[frame, actor, 0], hips[frame, actor, 2]
            if all(np.hypot(x - seat[0], z - seat[1]) > SAME_SEAT for seat in taken):
                taken.append(np.array([x, z]))
        scale = float(heights[actor]) / 1.70
        chairs += [Prop(kind, np.array([x, 0.0, z - BEHIND]), scale) for x, z in taken]
    return tuple(_shared(chairs)) if kind == "bench" else tuple(chairs)


def _shared(benches: list[Prop]) -> list[Prop]:
    """Return *benches* without those on whose neighbour there is room for one more."""
    kept: list[Prop] = []
    for bench in benches:
        gaps = [float(np.abs(bench.position - other.position)[[0, 2]].max()) for other in kept]
        if not gaps or min(gaps) > SAME_BENCH:
            kept.append(bench)
    return kept
