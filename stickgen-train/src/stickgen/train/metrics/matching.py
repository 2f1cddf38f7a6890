"""Do motions belong to their sentences? R-precision, median rank and MM-Dist.

Both work on embeddings of one joint space, row i of the texts belonging to row i of the motions,
as they come from a text-motion evaluator (`stickgen.train.evaluation.evaluator`).
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stickgen.core.errors import UsageError

Array = NDArray[np.float64]

POOL: Final = 32
"""Texts a motion is to be told among: its own and 31 others (Guo et al. 2022)."""

REPEATS: Final = 20
"""How often pools are drawn."""

SAME_CAPTION: Final = 0.95
"""Two texts as similar as this say the same, so they never meet in one pool."""


class RPrecision(NamedTuple):
    """Shares of motions whose own text is among the k nearest, and how far that varies.

    ``top`` ``[3]`` for k = 1, 2, 3 and ``margin`` ``[3]``, 1.96 standard errors over the repeats;
    ``pool`` is the number of texts in a pool: chance is k / pool.
    """

    top: Array
    margin: Array
    pool: int


def r_precision(
    texts: ArrayLike,
    motions: ArrayLike,
    rng: np.random.Generator,
    *,
    similarity: ArrayLike | None = None,
    pool: int = POOL,
    repeats: int = REPEATS,
) -> RPrecision:
    """Return how often a motion's text is among the 1, 2, 3 nearest of a pool (Guo et al. 2022).

    For every motion ``[N, D]`` a pool of its own and *pool* - 1 other texts ``[N, D]`` is drawn,
    *repeats* times. No two texts of a pool are more alike than `SAME_CAPTION` by *similarity*
    ``[N, N]``; where too few different texts exist for a pool, it is smaller, for all motions.
    Ties count against the motion in the measure in which they would happen by chance.
    """
    found, size = _trials(texts, motions, rng, similarity, pool, repeats)
    share = found.mean(axis=1)
    margin = 1.96 * share.std(axis=0, ddof=1) / np.sqrt(repeats) if repeats > 1 else np.zeros(3)
    return RPrecision(share.mean(axis=0), margin, size)


def hits(
    texts: ArrayLike,
    motions: ArrayLike,
    rng: np.random.Generator,
    *,
    similarity: ArrayLike | None = None,
    pool: int = POOL,
    repeats: int = REPEATS,
) -> tuple[Array, int]:
    """Return for each motion how often its text is among the 1, 2, 3 nearest ``[N, 3]``.

    And the size of the pools. Their mean over motions is `r_precision`; one by one they can be
    bootstrapped by recording.
    """
    found, size = _trials(texts, motions, rng, similarity, pool, repeats)
    return found.mean(axis=0), size


def _trials(
    texts: ArrayLike,
    motions: ArrayLike,
    rng: np.random.Generator,
    similarity: ArrayLike | None,
    pool: int,
    repeats: int,
) -> tuple[Array, int]:
    """Return whether the own text was found ``[repeats, N, 3]``, and the size of the pools."""
    texts, motions = _pair(texts, motions)
    n = len(texts)
    alike = np.eye(n, dtype=np.bool_)
    if similarity is not None:
        alike |= np.asarray(similarity) > SAME_CAPTION
    size = min(pool, _distinct(alike))
    if size < 4:
        raise UsageError(f"R-precision needs at least 4 texts that differ, there are {size}")
    distance = np.linalg.norm(motions[:, None] - texts[None], axis=-1)
    found = np.zeros((repeats, n, 3))
    for repeat in range(repeats):
        for row in range(n):
            others = _draw(row, alike, size - 1, rng)
            own, rest = distance[row, row], distance[row, others]
            rank = (rest < own).sum() + rng.binomial(int((rest == own).sum()), 0.5)
            found[repeat, row] = rank < np.arange(1, 4)
    return found, size


def median_rank(texts: ArrayLike, motions: ArrayLike) -> float:
    """Return the median place (1 = first) of a motion's text among all texts, both ``[N, D]``."""
    texts, motions = _pair(texts, motions)
    distance = np.linalg.norm(motions[:, None] - texts[None], axis=-1)
    own = np.diagonal(distance)[:, None]
    return float(np.median((distance < own).sum(axis=1) + 1))


def mm_dist(texts: ArrayLike, motions: ArrayLike) -> float:
    """Return the mean Euclidean distance of a motion to its text, both ``[N, D]``.

    The evaluator's embeddings have length 1, so this lies between 0 and 2; it is 1.41 for two that
    have nothing to do with each other.
    """
    texts, motions = _pair(texts, motions)
    return float(np.linalg.norm(texts - motions, axis=1).mean())


def _pair(texts: ArrayLike, motions: ArrayLike) -> tuple[Array, Array]:
    a, b = np.asarray(texts, dtype=np.float64), np.asarray(motions, dtype=np.float64)
    if a.ndim != 2 or a.shape != b.shape or not len(a):
        raise UsageError(
            f"embeddings of texts and motions have shapes {list(a.shape)} and {list(b.shape)},"
            " expected the same [N, D]"
        )
    return a, b


def _draw(
    row: int, alike: NDArray[np.bool_], count: int, rng: np.random.Generator
) -> NDArray[np.intp]:
    """Return *count* texts, or as many as there are, that differ from *row*'s and each other."""
    barred = alike[row].copy()
    chosen: list[int] = []
    for other in rng.permutation(len(alike)):
        if not barred[other]:
            chosen.append(int(other))
            if len(chosen) == count:
                break
            barred |= alike[other]
    return np.array(chosen, dtype=np.intp)


def _distinct(alike: NDArray[np.bool_]) -> int:
    """Return how many texts can be had of which no two are alike, taken in order."""
    barred = np.zeros(len(alike), dtype=np.bool_)
    count = 0
    for row in range(len(alike)):
        if not barred[row]:
            count += 1
            barred |= alike[row]
    return count
