"""Soft shadows on the ground: one pool under each actor and a small one under each planted foot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stickgen.render.camera import Camera
from stickgen.render.figure import HEAD, LEGS, SOLE, SPINE, Figures
from stickgen.render.smoothing import smoothstep

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Shadows:
    """Ellipses in pixels: ``pool`` ``[T, A, 5]`` and ``contact`` ``[T, A, 2, 5]`` = centre x, y,
    half width, half height, strength 0-1.
    """

    pool: Array
    contact: Array


def cast_shadows(figures: Figures, camera: Camera) -> Shadows:
    """Return the shadows of a clip.

    The pool spans feet and hips (and the upper body as it comes down to the ground) and fades
    with the height h of the lowest point as 1 / (1 + 3.2 h / H).
    """
    points = figures.points
    H = figures.height[None, :]
    ground = points * np.array([1.0, 0.0, 1.0])
    pixels, depth = camera.project(ground)
    depth = np.maximum(depth, 0.05 * camera.distance[:, None, None])
    flatten = np.clip(np.abs(camera.position[:, None, 1]) / depth[:, :, 0], 0.10, 0.9)

    def size(metres: Array) -> Array:
        return np.asarray(metres * camera.focal[:, None] / depth[:, :, 0])

    # Everything casts its shadow, but what is high up only a faint one: it counts less.
    parts = [1, 2, HEAD, *range(LEGS[0].start, LEGS[1].stop)]
    root = pixels[:, :, :1]
    lowest = points[:, :, parts, 1].min(axis=2, keepdims=True)
    low = 1.0 - smoothstep((points[:, :, parts, 1] - lowest) / H[..., None], 0.12, 0.46)
    under = np.concatenate([root, root + (pixels[:, :, parts] - root) * low[..., None]], axis=2)
    left, right = under[..., 0].min(axis=2), under[..., 0].max(axis=2)
    top, bottom = under[..., 1].min(axis=2), under[..., 1].max(axis=2)
    half = np.maximum(0.5 * (right - left) + size(0.07 * H), size(0.17 * H))
    thick = np.maximum(
        0.35 * (bottom - top) + size(0.03 * H), size(0.17 * H) * np.maximum(0.26, flatten)
    )
    everything = [*range(SPINE.start, SPINE.stop), HEAD, *range(LEGS[0].start, LEGS[1].stop)]
    clearance = np.maximum(points[:, :, everything, 1].min(axis=2) / H - SOLE, 0.0)
    fade = 1.0 / (1.0 + 3.2 * clearance)
    grow = 1.0 + 0.35 * np.minimum(clearance, 1.0)
    centre_y = 0.5 * (0.5 * (top + bottom) + root[:, :, 0, 1])
    pool = np.stack(
        [0.5 * (left + right), centre_y + size(0.012 * H), half * grow, thick * grow, fade], axis=-1
    )

    feet = np.empty((*points.shape[:2], 2, 5))
    for side, leg in enumerate(LEGS):
        knee, heel, toe = leg.start + 1, leg.start + 2, leg.start + 3
        spot = 0.5 * (pixels[:, :, heel] + pixels[:, :, toe])
        # A shin that lies on the ground casts one as long as itself.
        lies = 1.0 - smoothstep(points[:, :, knee, 1] / H, 0.04, 0.09)
        shin = spot + (pixels[:, :, knee] - spot) * lies[..., None]
        ends = np.stack([pixels[:, :, heel, 0], pixels[:, :, toe, 0], shin[..., 0]])
        first, last = ends.min(axis=0), ends.max(axis=0)
        spot = np.stack([0.5 * (first + last), 0.5 * (spot + shin)[..., 1]], axis=-1)
        spread = 0.5 * (last - first)
        lowest = np.minimum(points[:, :, heel, 1], points[:, :, toe, 1]) / H - SOLE
        feet[:, :, side, 0:2] = spot
        feet[:, :, side, 1] += size(0.006 * H)
        feet[:, :, side, 2] = spread + size(0.045 * H)
        feet[:, :, side, 3] = np.maximum(size(0.018 * H), 2.0)
        feet[:, :, side, 4] = np.clip(1.0 - np.maximum(lowest, 0.0) / 0.05, 0.0, 1.0)
    return Shadows(pool=pool, contact=feet)
