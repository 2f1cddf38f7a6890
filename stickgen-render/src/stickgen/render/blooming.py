"""The light around bright lines: where it reaches, and how it is blurred."""

from __future__ import annotations

from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from stickgen.render.display import Bloom

HALO = 3
"""How many times farther a bloom's second light reaches."""
_TAPS = (0.0625, 0.25, 0.375, 0.25, 0.0625)


def bloom_box(op: Bloom, width: int, height: int) -> tuple[float, float, int, int, float] | None:
    """Return left, top (pixels), width, height (small pixels) and pixels a small pixel.

    None where the light does not reach a picture of *width* x *height*.
    """
    k = max(2.0, op.radius / 2.5)
    boxes = [stroke.path.bounds() for stroke in op.strokes]
    if not boxes:
        return None
    reach = 1.5 * op.radius * (HALO if op.halo else 1.0)
    margin = reach + max(stroke.width for stroke in op.strokes)
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


def blurred(pixels: NDArray[np.uint8], strength: float, halo: float = 0.0) -> NDArray[np.uint8]:
    """Return *pixels* ``[h, w, 4]`` blurred over about three pixels and times *strength*.

    *halo* is the strength of the same light blurred over `HALO` times as many.
    """
    sharp: NDArray[np.float32] = pixels.astype(np.float32)
    out = np.float32(strength) * _soft(sharp)
    if halo:
        high, wide = sharp.shape[:2]
        padded = np.pad(sharp, ((0, -high % HALO), (0, -wide % HALO), (0, 0)))
        blocks = padded.reshape(padded.shape[0] // HALO, HALO, padded.shape[1] // HALO, HALO, 4)
        small = _soft(blocks.mean(axis=(1, 3), dtype=np.float32))
        large = _soft(small.repeat(HALO, axis=0).repeat(HALO, axis=1))
        out += np.float32(halo) * large[:high, :wide]
    return np.clip(out, 0.0, 255.0, out=out).astype(np.uint8)


def _soft(light: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return *light* ``[h, w, 4]`` blurred twice by five taps along both axes."""
    out = light
    for axis in (0, 1):
        for _ in range(2):
            n = out.shape[axis]
            shape = list(out.shape)
            shape[axis] = n + 4
            wide = np.zeros(shape, dtype=np.float32)
            window = (slice(None),) * axis
            wide[(*window, slice(2, n + 2))] = out
            out = np.float32(_TAPS[0]) * wide[(*window, slice(0, n))]
            part = np.empty_like(out)
            for i in range(1, 5):
                out += np.multiply(wide[(*window, slice(i, i + n))], np.float32(_TAPS[i]), out=part)
    return out
