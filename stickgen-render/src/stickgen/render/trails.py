"""Trails of fast hands and feet, and the marks where they strike.

A trail is where a hand or a foot has been in the last few frames, in the world, so that it stands
still when the camera goes by. A strike is a fast movement that ends at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stickgen.render.camera import Camera
from stickgen.render.figure import ARMS, LEGS, Figures
from stickgen.render.smoothing import gaussian

Array = NDArray[np.float64]

ENDS: Final = (ARMS[0].stop - 1, ARMS[1].stop - 1, LEGS[0].stop - 1, LEGS[1].stop - 1)
"""Left and right wrist, left and right toe, as points of a figure."""

SWIFT: Final = 1.3
"""Speed in heights a second, beside the body's own, from which trails are drawn when asked for."""
STRIKING: Final = 2.9
"""Speed from which they are always drawn."""
SECONDS: Final = 0.24
"""How long a trail lasts."""
_KICK_HEIGHT: Final = 0.2
"""A foot above this share of the height may be kicking."""
_SETTLED: Final = 1.0
"""Speed in m/s below which a body stands and strikes rather than travels."""
MARK_FRAMES: Final = 4
"""How many frames (of 25 a second) the marks of a strike stay."""


@dataclass(frozen=True, eq=False)
class Trails:
    """``path`` ``[T, A, 4, 3]`` in metres, ``strength`` ``[T, A, 4]`` 0-1 of each trail,
    ``struck`` ``[T, A, 4]`` the frame of the last strike or -1, ``aim`` ``[T, A, 4, 3]`` the unit
    vector of the movement.
    """

    path: Array
    strength: Array
    struck: NDArray[np.int64]
    aim: Array


def trails(figures: Figures, always: bool) -> Trails:
    """Return the trails of *figures*; *always* counts every swift movement, not only strikes."""
    path = figures.points[:, :, ENDS]
    n, fps = len(path), figures.fps
    beside = path - figures.points[:, :, :1]
    velocity = np.gradient(beside, axis=0) * fps if n > 1 else np.zeros_like(beside)
    speed = np.linalg.norm(velocity, axis=-1) / figures.height[None, :, None]
    least = SWIFT if always else STRIKING
    strength = np.clip((speed - least) / least, 0.0, 1.0)
    strength *= figures.present[..., None]
    # The feet of walkers and runners are swift, too, but they strike nothing.
    high = path[..., 1] > _KICK_HEIGHT * figures.height[None, :, None]
    root = figures.points[:, :, 0] * np.array([1.0, 0.0, 1.0])
    going = np.linalg.norm(np.gradient(root, axis=0) * fps, axis=-1) if n > 1 else root[..., 0]
    settled = gaussian(going, 0.2 * fps) < _SETTLED
    blow = settled[..., None] & (high | (np.arange(4) < 2))
    if not always:
        strength = np.where(blow, strength, 0.0)
    aim = velocity / np.maximum(np.linalg.norm(velocity, axis=-1, keepdims=True), 1e-9)
    struck = np.full(speed.shape, -1, dtype=np.int64)
    after = max(1, round(0.08 * fps))
    for actor in range(speed.shape[1]):
        for end in range(4):
            track = speed[:, actor, end]
            for t in range(1, n - after):
                peak = blow[t, actor, end] and track[t] > STRIKING
                peak = peak and track[t] >= track[t - 1] and track[t] >= track[t + 1]
                if peak and track[t + after] < 0.45 * track[t]:
                    last = min(n, t + after + max(2, round(MARK_FRAMES * fps / 25.0)))
                    struck[t + after : last, actor, end] = t + after
    return Trails(path, strength, struck, aim)


def trail_line(
    trails: Trails, camera: Camera, index: int, actor: int, end: int, fps: float
) -> Array:
    """Return a trail ``[N, 2]`` in pixels, the oldest point first; fewer than 3 points for none."""
    back = max(2, round(SECONDS * fps))
    first = max(0, index - back)
    points = trails.path[first : index + 1, actor, end]
    pixels = seen(points, camera, index)
    return curve(pixels) if len(pixels) > 2 else pixels


def seen(points: Array, camera: Camera, index: int) -> Array:
    """Return *points* ``[N, 3]`` in pixels as the camera sees them in frame *index*."""
    local = (points - camera.position[index]) @ camera.axes[index].T
    depth = np.maximum(-local[:, 2], 0.05 * camera.distance[index])
    scale = camera.focal[index] / depth
    x = camera.centre[index, 0] + local[:, 0] * scale
    y = camera.centre[index, 1] - local[:, 1] * scale
    return np.stack([x, y], axis=-1)


def curve(points: Array, steps: int = 4) -> Array:
    """Return a Catmull-Rom curve through *points* ``[N, 2]``."""
    padded = np.concatenate([2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]])
    t = np.arange(steps)[:, None] / steps
    out = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        out.append(
            0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2
                   + (3 * b - a - 3 * c + d) * t**3)
        )  # fmt: skip
    return np.concatenate([*out, points[-1:]])
