"""When each foot stands on the ground, by its ankle's height and speed, with hysteresis.

A contact begins when the ankle is low and slow and ends when it is clearly not: two thresholds
each, so that noise does not break a stance and a running ankle that passes low in its swing does
not begin one.

=========  ==============  ========================================
what       to begin        to go on
=========  ==============  ========================================
height     0.030 H         0.050 H above the foot's resting height
speed      0.45 m/s        0.9 m/s, or
           0.20 v          0.50 v of the body's own speed v
=========  ==============  ========================================

H is the standing height. A foot's resting height is the median height of its ankle while it is
slow and near the lowest place either ankle has: skeletons put the ankle 4 to 9 % of H above the
sole, and not always the same on both sides. The body's speed is that of the middle of both
ankles, over 0.5 s: nobody runs with ankles as quiet as a walker's. Stretches shorter than 0.05 s
are no contacts, and gaps of less than 0.05 s in one are filled.

Recordings are judged frame by frame at their own rate, before anything is reduced to 25 frames a
second: a stance of a running foot lasts about 0.15 s, and speeds over two frames of 25 a second
smear it. An ankle that rises over a toe that still stands is not in contact: the figure has no
toes, and its foot would have to slide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core import ops
from stickgen.core.schema import J
from stickgen.core.types import Motion

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

LOW: Final = (0.030, 0.050)
"""Heights above rest, as fractions of the standing height, to begin and to go on."""
SLOW: Final = (0.45, 0.9)
SLOW_SHARE: Final = (0.2, 0.5)
"""Speeds in m/s, and as shares of the body's own, to begin and to go on."""
SHORTEST: Final = 0.05
"""Seconds of the shortest contact, and of the longest gap that is filled."""

KEY: Final = "contacts"
"""Where the contacts are in the ``meta`` of a clip."""

FEET: Final = ("left", "right")
ANKLES: Final = (J["l_ankle"], J["r_ankle"])

_FLOOR: Final = 0.06
"""How far above the lowest ankle a foot can rest, as a fraction of the standing height."""


def of_motion(motion: Motion) -> Flags:
    """Return whether the left and the right foot of each actor stand, ``[T, A, 2]``."""
    joints = motion.joints.astype(np.float64)
    heights = ops.standing_height(motion)
    out = np.zeros((motion.n_frames, motion.n_actors, 2), dtype=np.bool_)
    for actor in range(motion.n_actors):
        here = np.flatnonzero(motion.present[:, actor])
        if here.size:
            ankles = joints[here][:, actor, list(ANKLES)]
            out[here, actor] = of_ankles(ankles, motion.fps, float(heights[actor]))
    return out


def of_ankles(ankles: Array, fps: float, height: float) -> Flags:
    """Return whether each foot stands, ``[T, 2]``.

    Args:
        ankles: their places ``[T, 2, 3]`` in metres, y up; the ground may be at any height.
        fps: frames a second.
        height: standing height in metres.
    """
    floor = float(np.percentile(ankles[..., 1], 1.0))
    own = _pace(ankles.mean(axis=1), fps)
    begin, go_on = (np.maximum(SLOW[i], SLOW_SHARE[i] * own) for i in range(2))
    out = np.zeros(ankles.shape[:2], dtype=np.bool_)
    for foot in range(2):
        place = ankles[:, foot]
        rate = _speed(place, fps)
        near = place[:, 1] < floor + _FLOOR * height
        slow = near & (rate < begin)
        rest = float(np.median(place[slow, 1])) if slow.any() else floor
        above = (place[:, 1] - rest) / height
        out[:, foot] = _standing(
            (above < LOW[0]) & (rate < begin), (above < LOW[1]) & (rate < go_on), fps
        )
    return out


def _speed(place: Array, fps: float) -> Array:
    """Return the speed ``[T]`` in m/s of a point ``[T, 3]``, over the two frames around each."""
    if len(place) < 2:
        return np.zeros(len(place))
    return np.asarray(np.linalg.norm(np.gradient(place, 1.0 / fps, axis=0), axis=-1))


def _pace(place: Array, fps: float) -> Array:
    """Return the speed over the ground ``[T]`` of a point ``[T, 3]``, over half a second."""
    reach = max(1, round(0.25 * fps))
    index = np.arange(len(place))
    before, after = np.maximum(index - reach, 0), np.minimum(index + reach, len(place) - 1)
    way = np.linalg.norm((place[after] - place[before])[:, [0, 2]], axis=-1)
    return np.asarray(way * fps / np.maximum(after - before, 1))


def _standing(begin: Flags, go_on: Flags, fps: float) -> Flags:
    out = np.zeros(len(begin), dtype=np.bool_)
    for start, stop in runs(go_on):
        out[start:stop] = begin[start:stop].any()
    least = max(1, round(SHORTEST * fps))
    for start, stop in runs(~out):
        if start > 0 and stop < len(out) and stop - start < least:
            out[start:stop] = True
    for start, stop in runs(out):
        if start > 0 and stop < len(out) and stop - start < least:
            out[start:stop] = False
    return out


def runs(flags: Flags) -> list[tuple[int, int]]:
    """Return the half-open intervals in which *flags* ``[T]`` hold."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def to_meta(flags: Flags) -> list[dict[str, list[list[int]]]]:
    """Return contacts ``[T, A, 2]`` as they are stored: for each actor and foot [start, stop)."""
    return [
        {
            side: [[start, stop] for start, stop in runs(flags[:, actor, foot])]
            for foot, side in enumerate(FEET)
        }
        for actor in range(flags.shape[1])
    ]


def from_meta(meta: Mapping[str, Any], motion: Motion) -> Flags:
    """Return the contacts ``[T, A, 2]`` in the *meta* of a clip; those of *motion* without any."""
    stored: Sequence[Mapping[str, Sequence[Sequence[int]]]] | None = meta.get(KEY)
    if stored is None:
        return of_motion(motion)
    out = np.zeros((motion.n_frames, motion.n_actors, 2), dtype=np.bool_)
    for actor, feet in enumerate(stored[: motion.n_actors]):
        for foot, side in enumerate(FEET):
            for start, stop in feet[side]:
                out[start:stop, actor, foot] = True
    return out
