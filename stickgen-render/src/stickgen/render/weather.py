"""What falls, rises or drifts through a picture: rain and snow, leaves and bubbles, fog and sparks.

Each flake is a number of its own from which its path follows for all time, so that nothing
flickers and a picture depends on its time alone, not on the frames before it.
"""

from __future__ import annotations

from functools import cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Kind(NamedTuple):
    """How one kind moves: how many there are behind and before the actors, the speed to the right
    and down, its size (all in pixels of a picture 720 lines high, and pixels a second), how far it
    sways and how often a second, and its shape: streak, dot, ring, leaf, scrap, puff, spark.
    """

    behind: int
    before: int
    right: float
    down: float
    size: float
    sway: float
    rate: float
    shape: str


KINDS: Final[dict[str, Kind]] = {
    "rain": Kind(150, 50, -140.0, 920.0, 24.0, 0.0, 0.0, "streak"),
    "storm": Kind(190, 70, -470.0, 1080.0, 30.0, 0.0, 0.0, "streak"),
    "snow": Kind(170, 44, 14.0, 72.0, 4.0, 20.0, 0.28, "dot"),
    "bubbles": Kind(34, 9, 4.0, -64.0, 6.0, 12.0, 0.5, "ring"),
    "ash": Kind(56, 14, 18.0, -44.0, 2.8, 22.0, 0.33, "dot"),
    "leaves": Kind(16, 5, 40.0, 46.0, 9.0, 34.0, 0.36, "leaf"),
    "wind": Kind(18, 7, 330.0, 30.0, 9.0, 40.0, 0.6, "leaf"),
    "sand": Kind(60, 20, 360.0, 14.0, 16.0, 4.0, 0.7, "streak"),
    "fog": Kind(9, 4, 16.0, 0.0, 250.0, 8.0, 0.06, "puff"),
    "petals": Kind(20, 6, 20.0, 42.0, 6.0, 26.0, 0.4, "leaf"),
    "confetti": Kind(44, 12, 6.0, 70.0, 6.0, 16.0, 0.7, "scrap"),
    "fireflies": Kind(26, 6, 5.0, -4.0, 3.2, 46.0, 0.11, "spark"),
}
"""The kinds a `Backdrop` may name."""


class Flakes(NamedTuple):
    """Flakes of one frame: ``x``, ``y`` and ``size`` in pixels, ``turn`` in radians, ``pick`` 0-1
    to choose among colours, ``glow`` 0-1 for those that come and go.
    """

    x: Array
    y: Array
    size: Array
    turn: Array
    pick: Array
    glow: Array


@cache
def _numbers(kind: str, before: bool) -> Array:
    """Return six numbers 0-1 for each flake ``[N, 6]``."""
    which = list(KINDS).index(kind)
    how = KINDS[kind]
    return np.random.default_rng((41, which, before)).random(
        (how.before if before else how.behind, 6)
    )


def flakes(
    kind: str, seconds: float, width: int, height: int, shift: float, *, before: bool
) -> Flakes:
    """Return the flakes of *kind* at *seconds* in a picture of *width* x *height*.

    *shift* is how far the scene at the actors' distance has moved to the right, in pixels; flakes
    before the actors move with it, those behind by a share of it.
    """
    how = KINDS[kind]
    u = _numbers(kind, before)
    k = height / 720.0
    near = 1.25 if before else 0.55 + 0.45 * u[:, 2]
    margin = (2.0 if how.shape == "puff" else 4.0) * how.size * k
    wide, tall = width + 2.0 * margin, height + 2.0 * margin
    pace = 0.8 + 0.4 * u[:, 3]
    phase = 2.0 * np.pi * (how.rate * (0.75 + 0.5 * u[:, 5]) * seconds + u[:, 4])
    # As many as fit a wider picture as densely as 16:9.
    x = u[:, 0] * wide + near * pace * how.right * k * seconds + (0.5 + 0.5 * near) * shift
    x = np.mod(x + how.sway * k * near * np.sin(phase), wide) - margin
    y = u[:, 1] * tall + near * pace * how.down * k * seconds
    if how.down == 0.0:
        y = (0.48 + 0.46 * u[:, 1]) * height
    elif how.shape == "spark":
        y = (0.30 + 0.62 * u[:, 1]) * height + how.sway * k * np.sin(1.3 * phase + 6.0 * u[:, 0])
    else:
        y = np.mod(y + 0.25 * how.sway * k * np.cos(phase), tall) - margin
    size = how.size * k * near * (0.7 + 0.6 * u[:, 5])
    turn = phase + 2.0 * np.pi * u[:, 2]
    if how.shape == "streak":
        turn = np.full(len(u), np.arctan2(how.down, how.right))
    glow = 0.5 + 0.5 * np.sin(2.0 * np.pi * (0.4 * seconds * pace + u[:, 4]))
    return Flakes(x, y, size, turn, u[:, 3], glow)


FLASH_SECONDS: Final = 0.24


def lightning(seconds: float) -> tuple[float, int]:
    """Return how bright the lightning of a storm is (0-1) and which of the bolts it is.

    One bolt in about five seconds, never two within three.
    """
    which = int((seconds - 1.2) // 4.7)
    if seconds < 1.2:
        return 0.0, 0
    begin = 1.2 + 4.7 * which + 1.4 * float(np.random.default_rng((7, which)).random())
    since = seconds - begin
    return (1.0 - since / FLASH_SECONDS, which) if 0.0 <= since < FLASH_SECONDS else (0.0, which)
