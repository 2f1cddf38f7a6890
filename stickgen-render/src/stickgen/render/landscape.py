"""The land behind the actors: where the horizon is, how hills move past, what lies on the ground.

Distant things are laid out along a panorama measured in pixels. Turning the camera moves the whole
of it; moving the camera sideways moves each layer by its own share (parallax). Marks on the ground
are real points in the world.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stickgen.render.camera import Camera

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Horizon:
    """Where things lie in each frame, in pixels of the unrolled picture.

    ``edge`` ``[T]`` the height at which the ground ends, ``travel`` ``[T]`` how far the camera has
    moved sideways in pixels at the actors' distance, ``turn`` ``[T]`` how far it has turned, in
    pixels of the panorama.
    """

    edge: Array
    travel: Array
    turn: Array


def horizon(camera: Camera) -> Horizon:
    """Return the horizon of each frame of *camera*."""
    toward = camera.axes[:, 2]
    level = toward * np.array([1.0, 0.0, 1.0])
    length = np.linalg.norm(level, axis=-1, keepdims=True)
    level = np.where(length > 1e-6, level / np.maximum(length, 1e-12), [0.0, 0.0, 1.0])
    azimuth = np.unwrap(np.arctan2(level[:, 0], level[:, 2]))
    across = np.stack([level[:, 2], np.zeros(len(level)), -level[:, 0]], axis=-1)
    up = np.cross(toward, across)
    ahead = -level
    far = ahead * (camera.distance + camera.reach)[:, None]
    far[:, 1] -= np.maximum(camera.position[:, 1], 0.0)
    forward = np.maximum(-(far * toward).sum(-1), 1e-3 * camera.distance)
    edge = camera.centre[:, 1] - camera.focal * (far * up).sum(-1) / forward
    edge = np.clip(edge, -4.0 * camera.height, 5.0 * camera.height)
    start = camera.position[0]
    travel = ((camera.position - start) * across).sum(-1) * camera.focal / camera.distance
    turn = -(azimuth - azimuth[0]) * camera.focal
    return Horizon(edge=edge, travel=travel, turn=turn)


def hill_line(x: Array, period: float, phase: float) -> Array:
    """Return the height of a chain of hills over *x*, between -1.4 and 1.4, smooth everywhere."""
    return np.asarray(
        np.sin(2.0 * np.pi * x / period + phase)
        + 0.4 * np.sin(2.0 * np.pi * x / (0.382 * period) + 1.7 * phase)
    )


_MOST_MARKS = 4000


@dataclass(frozen=True, eq=False)
class Marks:
    """Things on the ground: ``position`` ``[N, 3]`` metres, ``kind`` ``[N]`` 0 = tuft, 1 = pebble,
    2 = dash, ``size`` ``[N]`` and ``lean`` ``[N]``, each 0-1.
    """

    position: Array
    kind: NDArray[np.int64]
    size: Array
    lean: Array


def ground_marks(camera: Camera, spacing: float) -> Marks:
    """Return the marks on all the ground *camera* comes to see, about one per *spacing* squared.

    The same place of the world always carries the same mark.
    """
    axes = camera.axes[0]
    level = axes[2] * np.array([1.0, 0.0, 1.0])
    norm = float(np.linalg.norm(level))
    level = level / norm if norm > 1e-6 else np.array([0.0, 0.0, 1.0])
    across = np.array([level[2], 0.0, -level[0]])
    u = camera.position @ across
    w = camera.position @ level
    far = float((camera.distance + camera.reach).max())
    half = 0.55 * far * camera.width / float(camera.focal.min())
    turning = float(np.ptp(camera.axes[:, 2], axis=0).max()) > 1e-6
    low_u, high_u = float(u.min()) - half, float(u.max()) + half
    low_w, high_w = float(w.min()) - far, float(w.max())
    if turning:
        low_u, high_u, high_w = low_u - far, high_u + far, high_w + far
    while (high_u - low_u) * (high_w - low_w) / spacing**2 > _MOST_MARKS:
        spacing *= 1.5
    i = np.arange(np.floor(low_u / spacing), np.ceil(high_u / spacing) + 1)
    j = np.arange(np.floor(low_w / spacing), np.ceil(high_w / spacing) + 1)
    cells = np.stack(np.meshgrid(i, j, indexing="ij"), axis=-1).reshape(-1, 2)
    noise = _noise(cells, 5)
    place = (cells + 0.5 + 0.8 * (noise[:, :2] - 0.5)) * spacing
    position = place[:, :1] * across + place[:, 1:] * level
    kept = noise[:, 2] < 0.72
    kind = np.digitize(noise[:, 2], (0.30, 0.52)).astype(np.int64)
    return Marks(position[kept], kind[kept], noise[kept, 3], noise[kept, 4])


def _noise(cells: Array, n: int) -> Array:
    """Return *n* numbers 0-1 for each cell ``[N, 2]``, by hashing (splitmix64's finaliser)."""
    with np.errstate(over="ignore"):
        a = cells[:, 0].astype(np.int64).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        b = cells[:, 1].astype(np.int64).astype(np.uint64) * np.uint64(0xC2B2AE3D27D4EB4F)
        out = np.empty((len(cells), n))
        for k in range(n):
            z = a ^ (b + np.uint64(k + 1) * np.uint64(0x165667B19E3779F9))
            z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            z = z ^ (z >> np.uint64(31))
            out[:, k] = (z >> np.uint64(11)).astype(np.float64) / 2.0**53
    return out
