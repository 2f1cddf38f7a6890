"""Small outlines that many landmarks share."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, sin
from typing import Final

from stickgen.render.display import Point
from stickgen.render.outlines import Part, box, oval, part

WOOD: Final = "#a98259"
STEEL: Final = "#a9b0ba"
GLASS: Final = "#bcd9e6"
DARK: Final = "#5d5a63"
RED: Final = "#d2715f"
GOLD: Final = "#ecc56a"


def line(*points: Point, wide: float = 0.8) -> Part:
    """Return an open line through *points*, *wide* times the usual outline."""
    return part(points, "", wide, closed=False)


def post(x: float, low: float, high: float, wide: float, tint: str) -> Part:
    """Return an upright bar at *x* from *low* to *high*."""
    return part(box(x - wide / 2, low, x + wide / 2, high), tint, 0.6)


def disc(x: float, y: float, r: float, tint: str, wide: float = 0.6) -> Part:
    """Return a disc about (x, y)."""
    return part(oval(x, y, r, r), tint, wide)


def turned(points: Sequence[Point], angle: float, x: float = 0.0, y: float = 0.0) -> list[Point]:
    """Return *points* turned by *angle* radians about the origin, then moved to (x, y)."""
    c, s = cos(angle), sin(angle)
    return [(x + px * c - py * s, y + px * s + py * c) for px, py in points]
