"""Things in flight: where a ball has just been, and the marks where a foot or a bat sends it off.

A thing is hit when its velocity jumps, it is fast afterwards, somebody is near and nobody held it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stickgen.render.camera import Camera
from stickgen.render.figure import Figures
from stickgen.render.trails import ENDS, MARK_FRAMES, curve, seen

Array = NDArray[np.float64]

SWIFT: Final = 3.0
"""Speed in m/s from which a thing leaves a trail."""
SECONDS: Final = 0.36
"""How long the trail lasts."""
_JUMP: Final = 3.5
"""Change of velocity, in m/s from one frame to the next but one, that only a blow brings about."""
_NEAR: Final = 1.0
"""Metres within which somebody's hand or foot must be; a bat is as long."""
_HELD: Final = 0.3
"""A thing this near to a hand just before is thrown, not hit."""


@dataclass(frozen=True, eq=False)
class Flights:
    """``path`` ``[T, P, 3]`` the middles of the things in metres, ``strength`` ``[T, P]`` 0-1 of
    each trail, ``hit`` ``[T, P]`` the frame of the last hit or -1, ``aim`` ``[T, P, 3]`` the unit
    vector of the movement.
    """

    path: Array
    strength: Array
    hit: NDArray[np.int64]
    aim: Array


def flights(figures: Figures, path: Array, rolls: NDArray[np.bool_]) -> Flights:
    """Return the flights of things at *path* ``[T, P, 3]``; only those that roll can fly."""
    n, fps = len(path), figures.fps
    step = np.diff(path, axis=0, append=path[-1:]) * fps
    speed = np.linalg.norm(step, axis=-1)
    strength = np.clip((speed - SWIFT) / SWIFT, 0.0, 1.0) * rolls
    aim = step / np.maximum(speed, 1e-9)[..., None]
    hit = np.full(speed.shape, -1, dtype=np.int64)
    last = max(2, round(MARK_FRAMES * fps / 25.0)) + 1
    before = max(1, round(0.08 * fps))
    ends = figures.points[:, :, ENDS].reshape(n, -1, 3)
    hands = figures.points[:, :, ENDS[:2]].reshape(n, -1, 3)
    for thing in np.flatnonzero(rolls):
        jump = np.linalg.norm(step[1:, thing] - step[:-1, thing], axis=-1)
        for t in np.flatnonzero((jump > _JUMP) & (speed[1:, thing] > SWIFT)) + 1:
            if hit[t, thing] >= 0 or t < before:
                continue
            at, earlier = path[t, thing], path[t - before, thing]
            near = np.linalg.norm(ends[t] - at, axis=-1).min(initial=np.inf)
            held = np.linalg.norm(hands[t - before] - earlier, axis=-1).min(initial=np.inf)
            if near < _NEAR and held > _HELD:
                hit[t : t + last, thing] = t
    return Flights(path, strength, hit, aim)


def flight_line(flights: Flights, camera: Camera, index: int, thing: int, fps: float) -> Array:
    """Return a trail ``[N, 2]`` in pixels, the oldest point first; fewer than 3 points for none.

    It begins where the thing was hit, or became swift.
    """
    first = max(0, index - max(2, round(SECONDS * fps)))
    slow = np.flatnonzero(flights.strength[first:index, thing] <= 0.0)
    if len(slow):
        first += int(slow[-1]) + 1
    pixels = seen(flights.path[first : index + 1, thing], camera, index)
    return curve(pixels) if len(pixels) > 2 else pixels
