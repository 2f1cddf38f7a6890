"""Outlines of things: the parts a picture is made of, and the shapes they are built from.

Outlines are in metres, x to the right, y up, the base at the origin; each style paints them its
own way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Final, NamedTuple

from stickgen.render.display import Point

BODY: Final = "body"
"""The tint of the parts that take the colour of `Prop.colour`."""


class Part(NamedTuple):
    """One outline: ``points`` in metres, ``tint`` #rrggbb, `BODY` or "" for no filling, ``line``
    the width of its outline as a share of the usual one, 0 for none.
    """

    points: tuple[Point, ...]
    tint: str = BODY
    line: float = 1.0
    closed: bool = True


@dataclass(frozen=True)
class Picture:
    """How a kind of prop looks: its own colour, its parts from back to front, half its width and
    its height in metres, and whether it rolls when it moves.
    """

    tint: str
    parts: tuple[Part, ...]
    half: float
    height: float
    rolls: bool = False


# -- outlines ------------------------------------------------------------------------------------


def oval(x: float, y: float, rx: float, ry: float, a: float = 0.0, b: float = 360.0) -> list[Point]:
    """Return points on an ellipse from *a* to *b* degrees (counter-clockwise, 0 = right)."""
    n = max(6, round(abs(b - a) / (15.0 if max(rx, ry) < 0.15 else 7.5)))
    whole = abs(b - a) >= 360.0
    angles = [(a + (b - a) * i / n) * pi / 180.0 for i in range(n if whole else n + 1)]
    return [(x + rx * cos(t), y + ry * sin(t)) for t in angles]


def box(left: float, bottom: float, right: float, top: float, r: float = 0.0) -> list[Point]:
    """Return a rectangle with corners rounded by *r*."""
    if r <= 0.0:
        return [(left, bottom), (right, bottom), (right, top), (left, top)]
    return [
        *oval(right - r, top - r, r, r, 0, 90),
        *oval(left + r, top - r, r, r, 90, 180),
        *oval(left + r, bottom + r, r, r, 180, 270),
        *oval(right - r, bottom + r, r, r, 270, 360),
    ]


def part(points: Sequence[Point], tint: str = BODY, line: float = 1.0, closed: bool = True) -> Part:
    return Part(tuple(points), tint, line, closed)


def picture_of(tint: str, *parts: Part, rolls: bool = False) -> Picture:
    xs = [abs(x) for part in parts for x, _ in part.points]
    ys = [y for part in parts for _, y in part.points]
    return Picture(tint, parts, max(xs), max(ys), rolls)


def ball(tint: str, r: float, *marks: Part) -> Picture:
    return picture_of(tint, part(oval(0, r, r, r)), *marks, rolls=True)


def legs(places: Sequence[tuple[float, float, float]], wide: float, tint: str) -> list[Part]:
    """Return legs from (top x, foot x, top y) down to the ground."""
    h = 0.5 * wide
    return [
        part([(top - h, y), (foot - 0.8 * h, 0.0), (foot + 0.8 * h, 0.0), (top + h, y)], tint, 0.6)
        for top, foot, y in places
    ]
