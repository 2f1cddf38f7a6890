"""How much of each group may stay so that none is more than its share.

Groups of n_1 .. n_S clips are to be cut to k_g ≤ n_g so that no k_g is more than the fraction f of
what is left, K = Σ k_g, and K is as large as can be.

**When it can be met.** S groups can each have at most f of the whole only if S·f ≥ 1: of two
sources one always has at least half. Below that the smallest share that can be had is 1/S, so the
fraction used is max(f, 1/S), S counting the groups that have clips.

**How.** T(N) = Σ min(n_g, ⌊f·N⌋) is what is left if no group may have more than ⌊f·N⌋. T does
not decrease, so N ← T(N), begun at the number of all clips, comes down to the largest N with
T(N) = N (Knaster and Tarski). Then k_g = min(n_g, ⌊f·N⌋) ≤ f·N = f·K. The fraction is kept as a
ratio of whole numbers, so that a third of 3 is 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

Name = TypeVar("Name")


@dataclass(frozen=True, slots=True)
class Cap:
    """The fraction that was ``asked`` for and the one ``used``, and the clips a group may keep."""

    asked: float
    used: float
    limit: int


def cap(counts: Mapping[Name, int], fraction: float) -> Cap:
    """Return how many clips a group of *counts* may keep so that none exceeds *fraction* of all.

    >>> cap({"a": 100, "b": 10, "c": 10, "d": 10}, 0.4).limit
    20
    """
    sizes = [count for count in counts.values() if count > 0]
    if not sizes:
        return Cap(fraction, fraction, 0)
    used = max(Fraction(fraction).limit_denominator(10_000), Fraction(1, len(sizes)))
    whole = sum(sizes)
    while True:
        limit = int(used * whole)
        left = sum(min(size, limit) for size in sizes)
        if left == whole:
            return Cap(fraction, float(used), limit)
        whole = left
