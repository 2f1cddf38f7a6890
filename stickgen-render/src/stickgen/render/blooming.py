"""The light around bright lines: where it reaches, and how it is blurred."""

from __future__ import annotations

from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from stickgen.render.display import Bloom

_TAPS = (0.0625, 0.25, 0.375, 0.25, 0.0625)


def bloom_box(op: Bloom, width: int, height: int) -> tuple[float, float, int, int, float] | None:
    """Return left, top (pixels), width, height (small pixels) and pixels a small pixel.

    None where the light does not reach a picture of *width* x *height*.
    """
    k = max(2.0, op.radius / 2.5)
    boxes = [stroke.path.bounds() for stroke in op.strokes]
    if not boxes:
        return None
    margin = 1.5 * op.radius + max(stroke.width for stroke in op.strokes)
    below = height if op.floor is None else 2.0 * op.floor
    left = max(min(b[0] for b in boxes) - margin, -margin)
    top = max(min(b[1] for b in boxes) - margin, -margin)
    right = min(max(b[2] for b in boxes) + margin, width + margin)
    bottom = min(max(b[3] for b in boxes) + margin, below + margin)
    if op.floor is not None:
        top = max(top, op.floor - op.fade - margin)
    if right <= left or bottom <= top:
        return None
    # Whole small pixels of a fixed grid, or the light would shimmer as the strokes move.
    left, top = k * floor(left / k), k * floor(top / k)
    return (left, top, ceil((right - left) / k), ceil((bottom - top) / k), k)


def blurred(pixels: NDArray[np.uint8], strength: float) -> NDArray[np.uint8]:
    """Return *pixels* ``[h, w, 4]`` blurred over about three pixels and times *strength*."""
    out: NDArray[np.float32] = pixels.astype(np.float32)
    for axis in (0, 1):
        for _ in range(2):
            pad = [(2, 2) if i == axis else (0, 0) for i in range(3)]
            wide = np.pad(out, pad)
            n = out.shape[axis]
            window = (slice(None),) * axis
            out = sum(
                (np.float32(t) * wide[(*window, slice(i, i + n))] for i, t in enumerate(_TAPS)),
                start=np.zeros_like(out),
            )
    return np.asarray(np.clip(out * np.float32(strength), 0.0, 255.0), dtype=np.uint8)
