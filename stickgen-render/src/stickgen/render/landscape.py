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
from stickgen.render.figure import LEGS, Figures

Array = NDArray[np.float64]

_BEHIND = 0.30
"""How far behind what the camera looks at a line behind everybody may be, in its distance."""


@dataclass(frozen=True, eq=False)
class Horizon:
    """Where things lie in each frame, in pixels of the unrolled picture.

    ``edge`` ``[T]`` the height at which the ground ends, ``travel`` ``[T]`` how far the camera has
    moved sideways in pixels at the actors' distance, ``turn`` ``[T]`` how far it has turned, in
    pixels of the panorama, ``zoom`` ``[T]`` how much larger things far away are than in the first
    frame.
    """

    edge: Array
    travel: Array
    turn: Array
    zoom: Array


def horizon(camera: Camera) -> Horizon:
    """Return the horizon of each frame of *camera*."""
    level = _level(camera)
    azimuth = np.unwrap(np.arctan2(level[:, 0], level[:, 2]))
    across = np.stack([level[:, 2], np.zeros(len(level)), -level[:, 0]], axis=-1)
    edge = _ground_at(camera, camera.distance + camera.reach)
    start = camera.position[0]
    travel = ((camera.position - start) * across).sum(-1) * camera.focal[0] / camera.distance[0]
    turn = -(azimuth - azimuth[0]) * camera.focal[0]
    zoom = np.asarray(camera.focal / camera.focal[0])
    return Horizon(edge=edge, travel=travel, turn=turn, zoom=zoom)


def behind(camera: Camera, figures: Figures, visible: NDArray[np.bool_]) -> Array:
    """Return the height ``[T]`` in pixels of a level line of the ground behind everybody *visible*
    ``[T, A]``: as far away from one cut to the next as the farthest foot comes there, though not
    much farther than what the camera looks at.
    """
    feet = figures.points[:, :, [leg.start + n for leg in LEGS for n in (2, 3)]]
    away = ((camera.position[:, None, None] - feet) * _level(camera)[:, None, None]).sum(-1)
    aim = np.maximum(_aim(camera), 0.05 * camera.distance)
    beyond = np.where(visible, away.max(axis=2) - aim[:, None], 0.0).max(axis=1, initial=0.0)
    for part in np.split(np.arange(len(aim)), [cut for cut in camera.cuts if 0 < cut < len(aim)]):
        beyond[part] = beyond[part].max()
    return _ground_at(camera, aim + np.minimum(beyond, _BEHIND * camera.distance))


def _level(camera: Camera) -> Array:
    """Return the horizontal unit vector ``[T, 3]`` toward the camera."""
    level = camera.axes[:, 2] * np.array([1.0, 0.0, 1.0])
    length = np.linalg.norm(level, axis=-1, keepdims=True)
    return np.where(length > 1e-6, level / np.maximum(length, 1e-12), [0.0, 0.0, 1.0])


def _aim(camera: Camera) -> Array:
    """Return how far away ``[T]`` along the ground is what the camera looks at."""
    along = np.linalg.norm(camera.axes[:, 2] * np.array([1.0, 0.0, 1.0]), axis=-1)
    return np.asarray(camera.distance * along)


def _ground_at(camera: Camera, distance: Array) -> Array:
    """Return the height in pixels ``[T]`` of the ground *distance* ``[T]`` metres away."""
    toward, level = camera.axes[:, 2], _level(camera)
    up = np.cross(toward, np.stack([level[:, 2], 0.0 * level[:, 1], -level[:, 0]], axis=-1))
    far = -level * distance[:, None]
    far[:, 1] -= np.maximum(camera.position[:, 1], 0.0)
    forward = np.maximum(-(far * toward).sum(-1), 1e-3 * camera.distance)
    height = camera.centre[:, 1] - camera.focal * (far * up).sum(-1) / forward
    return np.asarray(np.clip(height, -4.0 * camera.height, 5.0 * camera.height))


def hill_line(x: Array, period: float, phase: float) -> Array:
    """Return the height of a chain of hills over *x*, between -1.4 and 1.4, smooth everywhere."""
    return np.asarray(
        np.sin(2.0 * np.pi * x / period + phase)
        + 0.4 * np.sin(2.0 * np.pi * x / (0.382 * period) + 1.7 * phase)
    )


def ridge(form: str, low: float, high: float, period: float, phase: float) -> tuple[Array, Array]:
    """Return places from *low* to *high* and the height there, -1.4 to 1.4, of a chain of *form*.

    Forms: hills, dunes, peaks, rocks, canopy, puffs, waves, skyline, flat. The same place always
    has the same height.
    """
    if form == "flat":
        return np.array([low, high]), np.zeros(2)
    if form == "skyline":
        step = period / 9.0
        first, last = int(np.floor(low / step)), int(np.ceil(high / step))
        cells = np.stack(
            [np.arange(first, last + 1), np.full(last - first + 1, int(phase * 97))], -1
        )
        tall = 2.0 * _noise(cells, 1)[:, 0] - 1.0
        x = np.repeat(np.arange(first, last + 2) * step, 2)[1:-1]
        return x, np.repeat(tall, 2)
    step = {"rocks": 9.0, "canopy": 7.0, "puffs": 9.0, "peaks": 12.0, "waves": 8.0}.get(form, 16.0)
    x = np.arange(np.floor(low / step), np.ceil(high / step) + 1) * step
    a = 2.0 * np.pi * x / period
    if form == "dunes":
        y = (
            1.6 * np.abs(np.sin(0.5 * a + phase)) ** 0.8
            - 1.0
            + 0.3 * np.sin(1.37 * a + 2.0 * phase)
        )
    elif form in ("peaks", "rocks"):
        saw = [np.abs(np.mod(k * a / np.pi + k * phase, 2.0) - 1.0) for k in (1.0, 2.31, 5.17)]
        y = 1.7 * saw[0] + 0.9 * saw[1] + 0.4 * saw[2] - 1.5
        if form == "rocks":
            y = np.sign(y) * np.abs(y) ** 1.5
    elif form in ("canopy", "puffs"):
        n = 6.0 if form == "canopy" else 2.5
        bumps = np.abs(np.sin(n * 0.5 * a + phase)) + 0.6 * np.abs(
            np.sin(n * 0.81 * a + 2.0 * phase)
        )
        y = bumps + 0.5 * np.sin(0.7 * a + phase) - 0.8
    elif form == "waves":
        y = 1.6 * np.abs(np.sin(0.5 * a + phase)) - 0.9
    else:
        y = hill_line(x, period, phase)
    return x, np.asarray(y)


def floor_lines(
    camera: Camera, index: int, step: float, *, deep: bool, wide: bool
) -> tuple[Array, Array]:
    """Return lines of a grid of *step* metres on the ground, in pixels ``[N, 4]`` = x0 y0 x1 y1.

    The first array holds the lines at equal distance (*deep*), the second those that run away from
    the viewer (*wide*); those not asked for are empty. The grid belongs to the world.
    """
    axes = camera.axes
    level = axes[0, 2] * np.array([1.0, 0.0, 1.0])
    norm = float(np.linalg.norm(level))
    back = level / norm if norm > 1e-6 else np.array([0.0, 0.0, 1.0])
    across = np.array([back[2], 0.0, -back[0]])
    position, distance = camera.position[index], float(camera.distance[index])
    toward = axes[index, 2]
    aim = position - toward * distance
    half = 0.75 * (distance + camera.reach) * camera.width / float(camera.focal[index])
    turned = float(abs(toward @ across)) > 0.02
    near_depth = 0.2 * distance
    u0, w0 = float(aim @ across), float(aim @ back)
    low_u, high_u = u0 - half, u0 + half
    low_w = w0 - (half if turned else camera.reach)
    high_w = w0 + (half if turned else distance)

    def seen(starts: Array, ends: Array) -> Array:
        local = (np.stack([starts, ends], axis=1) - position) @ axes[index].T
        depth = -local[..., 2]
        local = local[depth.max(axis=1) > near_depth]
        depth = -local[..., 2]
        nearer = depth.argmin(axis=1)
        rows = np.arange(len(local))
        close, open_ = depth[rows, nearer], depth[rows, 1 - nearer]
        t = np.where(
            close < near_depth, (near_depth - close) / np.maximum(open_ - close, 1e-9), 0.0
        )
        local[rows, nearer] += t[:, None] * (local[rows, 1 - nearer] - local[rows, nearer])
        depth = np.maximum(-local[..., 2], near_depth)
        x = camera.centre[index, 0] + camera.focal[index] * local[..., 0] / depth
        y = camera.centre[index, 1] - camera.focal[index] * local[..., 1] / depth
        return np.stack([x[:, 0], y[:, 0], x[:, 1], y[:, 1]], axis=-1)

    none = np.zeros((0, 4))
    rows_found = columns_found = none
    if deep:
        w = np.arange(np.floor(low_w / step), np.ceil(high_w / step) + 1) * step
        w = w[(w > low_w) & (w < high_w)][:400, None]
        rows_found = seen(low_u * across + w * back, high_u * across + w * back)
    if wide:
        u = np.arange(np.floor(low_u / step), np.ceil(high_u / step) + 1)[:400, None] * step
        columns_found = seen(u * across + low_w * back, u * across + high_w * back)
    return rows_found, columns_found


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
