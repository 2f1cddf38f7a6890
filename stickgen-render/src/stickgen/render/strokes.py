"""Lines drawn by hand: limbs sampled along their length, ribbons of changing width, hatching.

All randomness comes from generators the caller seeds, so a picture depends on its scene alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from math import hypot
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stickgen.render.display import Path, Point, rounded

Array = NDArray[np.float64]

_T: Final = np.linspace(0.0, 1.0, 7)[1:, None]
_S: Final = 1.0 - _T
_BENDS: Final = (_S**3, 3 * _S * _S * _T, 3 * _S * _T * _T, _T**3)
"""What the four points of a cubic weigh at six places along it."""


def sampled(points: Sequence[Point], corner: float, n: int = 26) -> Array:
    """Return *n* points ``[n, 2]`` evenly along the line through *points* with rounded corners."""
    numbers = np.array(rounded(points, corner).numbers)  # a point, a leg and a curve each, a point
    bends = numbers[2:-2].reshape(-1, 4, 1, 2)
    a, b, c, d = _BENDS
    line = np.empty((7 * len(bends) + 2, 2))
    line[0], line[-1] = numbers[:2], numbers[-2:]
    inner = line[1:-1].reshape(-1, 7, 2)
    inner[:, 0] = bends[:, 0, 0]
    inner[:, 1:] = a * bends[:, 0] + b * bends[:, 1] + c * bends[:, 2] + d * bends[:, 3]
    return spaced(line, n)


@lru_cache(maxsize=64)
def _counted(n: int) -> Array:
    return np.arange(float(n))


def spaced(line: Array, n: int) -> Array:
    """Return *n* points ``[n, 2]`` at equal steps along *line* ``[m, 2]``."""
    step = line[1:] - line[:-1]
    along = np.zeros(len(line))
    np.cumsum(np.hypot(step[:, 0], step[:, 1]), out=along[1:])
    at = _counted(n) * (along[-1] / (n - 1))
    at[-1] = along[-1]
    out = np.empty((n, 2))
    out[:, 0], out[:, 1] = np.interp(at, along, line[:, 0]), np.interp(at, along, line[:, 1])
    return out


def dense(line: Array, n: int) -> Array:
    """Return *line* with about *n* points, its corners kept."""
    legs = len(line) - 1
    t = np.linspace(0.0, 1.0, max(3, n // legs), endpoint=False)[:, None]
    pieces = [line[i] + t * (line[i + 1] - line[i]) for i in range(legs)]
    return np.concatenate([*pieces, line[-1:]])


def sides(around: Array, least: float) -> list[tuple[Array, float]]:
    """Return the straight sides of *around* ``[n, 2]`` as lines of their own, with their lengths.

    Sides shorter than *least* join the one before them.
    """
    found: list[Array] = []
    chain = around[:1]
    for a, b in pairwise(around):
        if len(chain) > 1 and float(np.hypot(*(b - a))) >= least:
            found.append(chain)
            chain = a[None]
        chain = np.concatenate([chain, b[None]])
    found.append(chain)
    return [(side, float(np.hypot(*np.diff(side, axis=0).T).sum())) for side in found]


def normals(line: Array) -> Array:
    """Return unit vectors ``[n, 2]`` at right angles to *line*."""
    t = np.empty_like(line)
    t[1:-1] = line[2:] - line[:-2]
    t[0], t[-1] = line[1] - line[0], line[-1] - line[-2]
    length = np.hypot(t[:, 0], t[:, 1])[:, None]
    t /= np.maximum(length, 1e-9)
    out = np.empty_like(t)
    np.negative(t[:, 1], out=out[:, 0])
    out[:, 1] = t[:, 0]
    return out


def ribbon(line: Array, width: Array | float, path: Path | None = None) -> Path:
    """Return the area within half of *width* of *line* as a polygon, added to *path* if given."""
    offset = normals(line) * (0.5 * np.reshape(width, (-1, 1)))
    around = np.concatenate([line - offset, (line + offset)[::-1]])  # runs round as circles do
    return (path or Path()).polyline(around.ravel().tolist(), closed=True)


@lru_cache(maxsize=64)
def between(n: int, knots: int) -> Array:
    """Return the matrix ``[n, knots]`` that interpolates *knots* numbers linearly at *n* places."""
    at = np.linspace(0.0, knots - 1.0, n)
    index = np.arange(knots)
    return np.stack([np.interp(at, index, row) for row in np.eye(knots)], axis=-1)


@lru_cache(maxsize=64)
def swelling(n: int) -> Array:
    """Return the width of a pencil line at *n* places along it: thinner at its ends."""
    u = np.linspace(0.0, 1.0, n)
    return np.asarray(0.72 + 0.28 * np.sin(np.pi * np.clip(1.05 * u, 0.0, 1.0)) ** 0.7)


def wobbled(line: Array, amount: float, rng: np.random.Generator, every: int = 6) -> Array:
    """Return *line* pushed about by up to some *amount* pixels, smoothly."""
    n = len(line)
    knots = max(3, n // every)
    return np.asarray(line + amount * (between(n, knots) @ rng.standard_normal((knots, 2))))


def overshot(line: Array, amount: float, rng: np.random.Generator) -> Array:
    """Return *line* lengthened at both ends by up to *amount* pixels."""
    out = np.empty((len(line) + 2, 2))
    out[1:-1] = line
    for end, first, second in ((0, 1, 2), (-1, -2, -3)):
        away = out[first] - out[second]
        away = away / max(hypot(*away.tolist()), 1e-9) * amount * rng.random()
        out[end] = out[first] + away
    return out


def hatch(
    box: tuple[float, float, float, float], angle: float, gap: float, rng: np.random.Generator
) -> Path:
    """Return slightly uneven parallel lines at *angle* radians, *gap* pixels apart, over a box."""
    left, top, right, bottom = box
    cx, cy = 0.5 * (left + right), 0.5 * (top + bottom)
    half = 0.5 * float(np.hypot(right - left, bottom - top)) + gap
    n = min(int(2.0 * half / max(gap, 0.5)) + 1, 400)
    at = np.linspace(-half, half, n) + 0.14 * gap * rng.standard_normal(n)
    bend = 0.5 * gap * rng.standard_normal(n)
    d, e = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
    middle = np.array([cx, cy]) + at[:, None] * e
    a, b, c = middle - half * d, middle + 0.25 * bend[:, None] * e, middle + half * d
    path = Path()
    path.codes = "MLL" * n
    path.numbers = np.concatenate([a, b, c], axis=1).ravel().tolist()
    return path


def noise(height: int, width: int, scales: Sequence[int], seed: int) -> Array:
    """Return noise ``[height, width]`` of unit spread: a sum of grains of the sizes *scales*."""
    rng = np.random.default_rng(seed)
    total = np.zeros((height, width), dtype=np.float32)
    for scale in scales:
        grid = rng.standard_normal((height // scale + 2, width // scale + 2)).astype(np.float32)
        total += _enlarged(grid, scale, height, width)
    return np.asarray(total / max(float(total.std()), 1e-9), dtype=np.float64)


def _enlarged(grid: NDArray[np.float32], k: int, height: int, width: int) -> NDArray[np.float32]:
    if k == 1:
        return grid[:height, :width]
    y, x = np.arange(height) / k, np.arange(width) / k
    y0, x0 = y.astype(np.intp), x.astype(np.intp)
    fy, fx = (y - y0).astype(np.float32)[:, None], (x - x0).astype(np.float32)[None]
    rows = grid[y0] * (1 - fy) + grid[y0 + 1] * fy
    return np.asarray(rows[:, x0] * (1 - fx) + rows[:, x0 + 1] * fx)


def paper(
    height: int, width: int, tint: Sequence[float], grain: float, scales: Sequence[int], seed: int
) -> NDArray[np.uint8]:
    """Return a sheet of paper, uint8 RGBA ``[height, width, 4]``, darker toward its edges."""
    y = (np.arange(height)[:, None] + 0.5) / height - 0.5
    x = (np.arange(width)[None] + 0.5) / width - 0.5
    edge = np.clip((np.hypot(x * 1.25, y * 1.25) - 0.42) / 0.45, 0.0, 1.0) ** 1.5
    light = 1.0 + grain * noise(height, width, scales, seed) - 0.13 * edge
    out = np.empty((height, width, 4), dtype=np.uint8)
    warm = (0.0, 0.015, 0.05)
    for i in range(3):
        out[..., i] = np.clip(255.0 * tint[i] * (light - warm[i] * edge), 0.0, 255.0)
    out[..., 3] = 255
    out.flags.writeable = False
    return out
