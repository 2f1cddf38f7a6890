"""Bodies seen as points: bones get one length, short gaps are bridged.

A camera estimates every joint anew in every frame, so a forearm is 26 cm long here and 24 cm a
moment later. A skeleton cannot do that, and the quality gates rightly refuse it. `steady` keeps
what was measured well, the directions of the bones and the place of the pelvis, and gives each
bone the median of its measured lengths: joint after joint from the pelvis outwards, a bone points
where it pointed and ends where its length says. The hips stay symmetrical about their middle.
Nothing is smoothed over time. What moves is as far off as the measured lengths were wrong: a body
whose bones were constant comes back as it was.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stickgen.datasets.tracks import Array

LONGEST_GAP: Final = 10
"""Frames without a body, or without a joint, that are bridged; beyond them a recording is cut."""

_SLACK: Final = 0.06
"""By how much a flexible link may shorten before it bends, as a share of its length."""

BoolArray = NDArray[np.bool_]


def steady(
    points: Array, parents: Sequence[int], hips: tuple[int, int], flexible: Sequence[int] = ()
) -> Array:
    """Return *points* ``[T, J, 3]`` with every bone at its median length.

    Args:
        points: joint positions; joint 0 is the root and becomes the middle of the hips.
        parents: index of each joint's parent, before it in the order; -1 for the root.
        hips: indices of both hips, children of the root.
        flexible: joints that are linked to their parent by more than one bone, as the neck is to
            the pelvis; they may come nearer. The upper quartile of their distance counts as full
            length, and so does what is within 6 % of it: a bend begins where noise ends.
    """
    left, right = hips
    middle = 0.5 * (points[:, left] + points[:, right])
    measured = points.copy()
    measured[:, 0] = middle
    out = np.empty_like(measured)
    out[:, 0] = middle
    across = _directions(measured[:, left] - measured[:, right])
    half = 0.5 * float(np.median(np.linalg.norm(points[:, left] - points[:, right], axis=-1)))
    out[:, left], out[:, right] = middle + half * across, middle - half * across
    for joint, parent in enumerate(parents):
        if parent < 0 or joint in hips:
            continue
        bone = measured[:, joint] - measured[:, parent]
        lengths = np.linalg.norm(bone, axis=-1)
        if joint in flexible:
            wanted = np.minimum((1.0 + _SLACK) * lengths, np.percentile(lengths, 75.0))
        else:
            wanted = np.full(len(lengths), np.median(lengths))
        out[:, joint] = out[:, parent] + wanted[:, None] * _directions(bone)
    return out


def _directions(vectors: Array) -> Array:
    """Return *vectors* ``[T, 3]`` at length 1; one without a direction takes its neighbour's."""
    length = np.linalg.norm(vectors, axis=-1)
    clear = length > 1e-6
    if not clear.any():
        return np.zeros_like(vectors)
    nearest = np.flatnonzero(clear)[_nearest(np.flatnonzero(clear), len(vectors))]
    out: Array = vectors[nearest] / length[nearest, None]
    return out


def _nearest(known: NDArray[np.intp], n: int) -> NDArray[np.intp]:
    """Return for each of *n* frames which entry of *known* is nearest to it."""
    frames = np.arange(n)
    after = np.searchsorted(known, frames).clip(0, len(known) - 1)
    before = np.maximum(after - 1, 0)
    closer = np.abs(known[before] - frames) < np.abs(known[after] - frames)
    return np.where(closer, before, after)


def bridged(seen: BoolArray, longest: int = LONGEST_GAP) -> BoolArray:
    """Return *seen* ``[T]`` with gaps of at most *longest* frames between seen ones closed."""
    out = seen.copy()
    known = np.flatnonzero(seen)
    for a, b in itertools.pairwise(known):
        if 1 < b - a <= longest + 1:
            out[a:b] = True
    return out


def runs(flags: BoolArray) -> list[tuple[int, int]]:
    """Return where *flags* ``[T]`` are true: (first frame, frame after the last) of each run."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def interpolated(points: Array, seen: BoolArray) -> Array:
    """Return *points* ``[T, ...]`` with frames not *seen* ``[T]`` put between their neighbours.

    Before the first and after the last frame seen, those are held.
    """
    if seen.all():
        return points
    known = np.flatnonzero(seen)
    frames = np.arange(len(points), dtype=np.float64)
    flat = points.reshape(len(points), -1)
    columns = [np.interp(frames, known, column[known]) for column in flat.T]
    return np.stack(columns, axis=-1).reshape(points.shape)
