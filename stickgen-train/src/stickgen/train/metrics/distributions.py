"""How far one set of motions is from another, by the distributions of their features.

Features are rows ``[N, D]`` of any encoder: the kinematic ones of
`stickgen.train.evaluation.features` or the embeddings of a trained evaluator. Nothing here knows
which; compare figures only when features, N and D are the same.

**Contents**
    - `frechet_distance` (FID), with the true matrix square root.
    - `kernel_distance` (KID), the unbiased MMD², which has no floor that grows as N shrinks.
    - `diversity`, `multimodality`: mean distances within a set and within a caption.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stickgen.core.errors import UsageError

Array = NDArray[np.float64]


def frechet_distance(a: ArrayLike, b: ArrayLike) -> float:
    """Return the Fréchet distance of the Gaussians fitted to *a* ``[N, D]`` and *b* ``[M, D]``.

    ``|m1 - m2|² + Tr(S1 + S2 - 2 (S1 S2)^½)`` (Dowson and Landau 1982; Heusel et al. 2017).
    The square root is exact: ``(S1 S2)^½`` has the trace of ``(S1^½ S2 S1^½)^½``, whose argument
    is symmetric and non-negative. Biased upwards for N near D: print the distance of two halves of
    the real set beside it. Zero for equal sets, in squared units of the features.
    """
    a, b = _rows(a, "first", 2), _rows(b, "second", 2)
    _same_width(a, b)
    gap = a.mean(axis=0) - b.mean(axis=0)
    first, second = np.atleast_2d(np.cov(a.T)), np.atleast_2d(np.cov(b.T))
    root = _root(first)
    cross = np.linalg.eigvalsh(_symmetric(root @ second @ root))
    spread = np.trace(first) + np.trace(second) - 2.0 * np.sqrt(np.maximum(cross, 0.0)).sum()
    return float(max(gap @ gap + spread, 0.0))


def kernel_distance(a: ArrayLike, b: ArrayLike) -> float:
    """Return the unbiased squared maximum mean discrepancy of *a* ``[N, D]`` and *b* ``[M, D]``.

    With the cubic kernel ``k(x, y) = (x·y / D + 1)³`` (Bińkowski et al. 2018). Its expectation is
    0 when both are drawn from one distribution, whatever N is, so it may be slightly negative.
    """
    a, b = _rows(a, "first", 2), _rows(b, "second", 2)
    _same_width(a, b)

    def kernel(x: Array, y: Array) -> Array:
        return np.asarray((x @ y.T / x.shape[1] + 1.0) ** 3)

    def within(x: Array) -> float:
        k, n = kernel(x, x), len(x)
        return float((k.sum() - np.trace(k)) / (n * (n - 1)))

    return within(a) + within(b) - 2.0 * float(kernel(a, b).mean())


def diversity(rows: ArrayLike, rng: np.random.Generator, pairs: int = 300) -> float:
    """Return the mean distance of *pairs* random pairs of different rows ``[N, D]``.

    Neither more nor less is better: closer to that of real motion is (Guo et al. 2020).
    """
    rows = _rows(rows, "only", 2)
    first = rng.integers(0, len(rows), size=pairs)
    second = (first + rng.integers(1, len(rows), size=pairs)) % len(rows)
    return float(np.linalg.norm(rows[first] - rows[second], axis=1).mean())


def multimodality(groups: ArrayLike) -> float:
    """Return the mean distance between motions made for one caption; *groups* ``[C, R, D]``.

    All R (R - 1) / 2 pairs of each of C captions count; 0 for a generator that always answers the
    same (Guo et al. 2020, who draw random pairs).
    """
    array = np.asarray(groups, dtype=np.float64)
    if array.ndim != 3 or array.shape[1] < 2 or not array.shape[0]:
        raise UsageError(
            f"multimodality needs features [captions, repeats of at least 2, D], not shape"
            f" {list(array.shape)}"
        )
    first, second = np.triu_indices(array.shape[1], k=1)
    return float(np.linalg.norm(array[:, first] - array[:, second], axis=-1).mean())


def _rows(values: ArrayLike, which: str, least: int) -> Array:
    rows = np.asarray(values, dtype=np.float64)
    if rows.ndim != 2 or len(rows) < least or not rows.shape[1]:
        raise UsageError(
            f"the {which} set of features has shape {list(rows.shape)}, expected"
            f" [at least {least}, D]"
        )
    if not np.isfinite(rows).all():
        raise UsageError(f"the {which} set of features is not finite")
    return rows


def _same_width(a: Array, b: Array) -> None:
    if a.shape[1] != b.shape[1]:
        raise UsageError(f"features of {a.shape[1]} and of {b.shape[1]} numbers do not compare")


def _symmetric(matrix: Array) -> Array:
    return (matrix + matrix.T) / 2.0


def _root(matrix: Array) -> Array:
    """Return the symmetric square root of a covariance matrix."""
    values, vectors = np.linalg.eigh(_symmetric(matrix))
    return np.asarray((vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T)
