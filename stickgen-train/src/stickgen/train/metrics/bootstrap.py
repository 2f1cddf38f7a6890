"""Confidence intervals that respect where samples come from.

Clips cut from one recording, and generations for one caption under several seeds, resemble each
other. So not samples but recordings are drawn with replacement (the cluster bootstrap; Davison and
Hinkley 1997, section 3.8), each with all that belongs to it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stickgen.core.errors import UsageError


class Interval(NamedTuple):
    """A figure and the bounds of its 95 % confidence interval."""

    value: float
    low: float
    high: float


def bootstrap(
    statistic: Callable[[NDArray[np.intp]], float],
    recordings: Sequence[str],
    rng: np.random.Generator,
    repeats: int = 200,
) -> Interval:
    """Return ``statistic(rows)`` of all rows and its 95 % percentile interval.

    Args:
        statistic: called with row numbers, some of them repeated.
        recordings: the recording of each row.
        rng: draws the recordings.
        repeats: how many resamples.
    """
    names, owner = np.unique(np.asarray(recordings), return_inverse=True)
    if not len(names):
        raise UsageError("there is nothing to bootstrap; give at least one row")
    members = [np.flatnonzero(owner == i) for i in range(len(names))]
    value = float(statistic(np.arange(len(owner))))
    if len(names) == 1:
        return Interval(value, float("nan"), float("nan"))
    draws = []
    for _ in range(repeats):
        rows = np.concatenate([members[i] for i in rng.integers(0, len(names), size=len(names))])
        draws.append(float(statistic(rows)))
    low, high = np.nanpercentile(draws, [2.5, 97.5]) if np.isfinite(draws).any() else (np.nan,) * 2
    return Interval(value, float(low), float(high))


def mean_interval(
    values: Sequence[float] | NDArray[np.float64],
    recordings: Sequence[str],
    rng: np.random.Generator,
    repeats: int = 200,
) -> Interval:
    """Return the mean of *values* (NaN left out) with its interval by recording."""
    array = np.asarray(values, dtype=np.float64)
    known = np.isfinite(array)
    if not known.any():
        return Interval(float("nan"), float("nan"), float("nan"))
    array, names = array[known], np.asarray(recordings)[known]
    return bootstrap(lambda rows: float(array[rows].mean()), list(names), rng, repeats)


def kernel_distance_interval(
    a: NDArray[np.float64],
    b: NDArray[np.float64],
    of_a: Sequence[str],
    of_b: Sequence[str],
    rng: np.random.Generator,
    repeats: int = 200,
) -> Interval:
    """Return the kernel distance of *a* ``[N, D]`` and *b* ``[M, D]`` with its interval.

    Like `stickgen.train.metrics.distributions.kernel_distance`, but pairs within one recording are
    left out of the terms within a set: what is drawn twice would otherwise count as alike. One
    draw of recordings serves both sets.
    """
    names, owner = np.unique(np.asarray([*of_a, *of_b]), return_inverse=True)
    ra, rb = owner[: len(a)], owner[len(a) :]

    def blocks(
        x: NDArray[np.float64],
        y: NDArray[np.float64],
        rx: NDArray[np.intp],
        ry: NDArray[np.intp],
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        kernel = (x @ y.T / x.shape[1] + 1.0) ** 3
        left, right = np.eye(len(names))[rx], np.eye(len(names))[ry]
        return left.T @ kernel @ right, np.outer(left.sum(axis=0), right.sum(axis=0))

    parts = [blocks(a, a, ra, ra), blocks(b, b, rb, rb), blocks(a, b, ra, rb)]
    for total, count in parts[:2]:
        np.fill_diagonal(total, 0.0)
        np.fill_diagonal(count, 0.0)

    def statistic(weight: NDArray[np.float64]) -> float:
        means = [
            float(weight @ total @ weight) / max(float(weight @ count @ weight), 1e-12)
            for total, count in parts
        ]
        return float(means[0] + means[1] - 2.0 * means[2])

    value = statistic(np.ones(len(names)))
    if len(names) < 3:
        return Interval(value, float("nan"), float("nan"))
    draws = [
        statistic(rng.multinomial(len(names), np.full(len(names), 1.0 / len(names))).astype(float))
        for _ in range(repeats)
    ]
    low, high = np.percentile(draws, [2.5, 97.5])
    return Interval(value, float(low), float(high))
