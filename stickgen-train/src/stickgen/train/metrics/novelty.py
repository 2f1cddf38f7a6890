"""How near a motion is to the nearest one that was learnt from.

A generator that replays its training clips is at distance 0, one that makes motions of its own is
as far away as held-out real motion is. Compare with the same figure of held-out clips: much less
is memory, much more is noise.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stickgen.core.errors import UsageError

Array = NDArray[np.float64]

_CHUNK: Final = 64


def nearest_distances(rows: ArrayLike, train: ArrayLike) -> Array:
    """Return the Euclidean distance ``[N]`` of each of *rows* ``[N, D]`` to the nearest of *train*.

    *train* is ``[M, D]`` of the same features; the unit is theirs.
    """
    a, b = np.asarray(rows, dtype=np.float64), np.asarray(train, dtype=np.float64)
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[1] or not len(b):
        raise UsageError(
            f"features of shapes {list(a.shape)} and {list(b.shape)} do not compare; expected"
            " [N, D] and [at least 1, D]"
        )
    out = np.empty(len(a))
    for start in range(0, len(a), _CHUNK):
        part = a[start : start + _CHUNK]
        squared = (part**2).sum(axis=1)[:, None] + (b**2).sum(axis=1) - 2.0 * part @ b.T
        out[start : start + _CHUNK] = np.sqrt(np.maximum(squared.min(axis=1), 0.0))
    return out
