"""Ways round people: where somebody who walks to somebody else passes those who stand between."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

Point = tuple[float, float]

ROOM: Final = 0.75
"""Metres at which one passes somebody without touching."""

ASIDE: Final = 0.95
"""Metres by which a way leads round those in it."""

_ENDS: Final = 0.5
"""Somebody this near to either end of a way is no obstacle, m."""


def detour(start: Point, end: Point, others: Sequence[Point]) -> list[Point]:
    """Return the points (x, z) by which a way from *start* to *end* leads round *others*.

    There are none where nobody stands within `ROOM` of the straight way; else one beside the first
    in the way and one beside the last, on the side where less people stand.
    """
    dx, dz = end[0] - start[0], end[1] - start[1]
    far = math.hypot(dx, dz)
    if far < 2.0 * _ENDS:
        return []
    ux, uz = dx / far, dz / far
    along = [((x - start[0]) * ux + (z - start[1]) * uz) for x, z in others]
    beside = [(-(x - start[0]) * uz + (z - start[1]) * ux) for x, z in others]
    between = [i for i, s in enumerate(along) if _ENDS < s < far - _ENDS]
    hit = [i for i in between if abs(beside[i]) < ROOM]
    if not hit:
        return []
    sides = {}
    for sign in (1.0, -1.0):
        reach = max(sign * beside[i] for i in hit) + ASIDE
        met = sum(1 for i in between if i not in hit and abs(sign * reach - beside[i]) < ROOM)
        sides[sign] = (met, max(reach, 0.3))
    sign = min(sides, key=lambda s: (sides[s][0], sides[s][1], -s))
    offset = sign * sides[sign][1]
    first, last = min(along[i] for i in hit), max(along[i] for i in hit)
    points = [first, last] if last - first > 0.8 else [0.5 * (first + last)]
    return [(start[0] + s * ux - offset * uz, start[1] + s * uz + offset * ux) for s in points]
