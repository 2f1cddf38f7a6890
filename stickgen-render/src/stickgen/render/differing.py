"""Which part of a picture differs from the one before: all that an animation needs to store."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels."""


def differing_box(before: NDArray[np.uint8], after: NDArray[np.uint8], grid: int = 1) -> Box:
    """Return the smallest box that holds all pixels in which two pictures ``[H, W, C]`` differ.

    Its left and top edges are multiples of *grid*; it holds at least one pixel.
    """
    height = len(after)
    rows = np.flatnonzero((before != after).reshape(height, -1).any(axis=1))
    if len(rows) == 0:
        return (0, 0, 1, 1)
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    different = before[top:bottom] != after[top:bottom]
    columns = np.flatnonzero(different.any(axis=(0, 2)))
    left, right = int(columns[0]), int(columns[-1]) + 1
    return (left // grid * grid, top // grid * grid, right, bottom)


def ticks(n_frames: int, fps: float, per_second: int) -> list[int]:
    """Return the duration of each frame in units of 1 / *per_second* s; the sum never drifts."""
    edges = np.rint(np.arange(n_frames + 1) * (per_second / fps)).astype(int)
    return np.maximum(np.diff(edges), 1).tolist()  # type: ignore[no-any-return]
