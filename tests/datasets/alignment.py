"""Points laid onto points: what is left of a difference when place, turn and size are given away.

No mirroring is allowed, so a body whose left is its right does not fit.
"""

from __future__ import annotations

import numpy as np

LIMBS = tuple(
    f"{side}_{part}"
    for side in "lr"
    for part in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
)


def laid_onto(points: np.ndarray, target: np.ndarray, size: bool = True) -> np.ndarray:
    """Return *points* ``[..., 3]`` moved, turned and (with *size*) scaled as near to *target*
    as can be (Kabsch, Umeyama)."""
    a, b = points.reshape(-1, 3), target.reshape(-1, 3)
    mean_a, mean_b = a.mean(axis=0), b.mean(axis=0)
    u, s, vt = np.linalg.svd((a - mean_a).T @ (b - mean_b))
    sign = np.array([1.0, 1.0, np.sign(np.linalg.det(u @ vt))])
    scale = (s * sign).sum() / ((a - mean_a) ** 2).sum() if size else 1.0
    return (scale * (a - mean_a) @ (u * sign) @ vt + mean_b).reshape(points.shape)


def distance(points: np.ndarray, target: np.ndarray) -> float:
    """Return the largest distance between two points that belong together."""
    return float(np.linalg.norm(points - target, axis=-1).max())
