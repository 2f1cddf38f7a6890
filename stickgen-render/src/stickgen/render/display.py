"""The display list: what is to be painted, in order, without saying by which library.

**Conventions**
    Pixels, x to the right, y down, origin at the top left corner of the picture; a pixel's centre
    is at .5. A colour is (red, green, blue, alpha), each 0-1, not premultiplied.

**Contents**
    - `Path`: outlines made of lines, cubic Bezier curves and ellipses.
    - `Fill`, `Stroke`, `Shade`, `Glow`: solid area, line, linear gradient, soft ellipse.
    - `PushClip`, `PopClip`: limit what follows to the inside of a path.
    - `Snapshot`, `Knockout`: remember a part of the picture, and bring it back along a line.
    - `Pixels`: a small picture, such as a line of text or the grain of paper.
    - `Bloom`: the light that strokes throw around themselves, or their reflection on a floor.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Colour: TypeAlias = tuple[float, float, float, float]
Point: TypeAlias = tuple[float, float]
Stops: TypeAlias = tuple[tuple[float, Colour], ...]
"""Gradient stops: (offset 0-1, colour), offsets rising."""

_KAPPA: Final = 0.5522847498307936
"""Control length of a cubic that draws a quarter of a unit circle: 4/3 (sqrt 2 - 1)."""


class Path:
    """An outline: a string of codes and the flat list of the numbers they use.

    Codes: ``M`` move (x, y), ``L`` line (x, y), ``C`` cubic (x1, y1, x2, y2, x3, y3), ``O`` a whole
    circle as a figure of its own (cx, cy, r), ``Z`` close.
    """

    __slots__ = ("codes", "numbers")

    def __init__(self) -> None:
        self.codes = ""
        self.numbers: list[float] = []

    def move(self, x: float, y: float) -> Path:
        self.codes += "M"
        self.numbers += (x, y)
        return self

    def line(self, x: float, y: float) -> Path:
        self.codes += "L"
        self.numbers += (x, y)
        return self

    def curve(self, x1: float, y1: float, x2: float, y2: float, x3: float, y3: float) -> Path:
        self.codes += "C"
        self.numbers += (x1, y1, x2, y2, x3, y3)
        return self

    def close(self) -> Path:
        self.codes += "Z"
        return self

    def circle(self, cx: float, cy: float, r: float) -> Path:
        self.codes += "O"
        self.numbers += (cx, cy, r)
        return self

    def ellipse(self, cx: float, cy: float, ax: Point, by: Point) -> Path:
        """Add an ellipse by its half axes *ax* and *by*, two vectors at right angles."""
        (ax0, ax1), (by0, by1) = ax, by
        ux, uy, vx, vy = ax0 * _KAPPA, ax1 * _KAPPA, by0 * _KAPPA, by1 * _KAPPA
        right, left = (cx + ax0, cy + ax1), (cx - ax0, cy - ax1)
        bottom, top = (cx + by0, cy + by1), (cx - by0, cy - by1)
        self.codes += "MCCCCZ"
        self.numbers += (
            *right,
            *(right[0] + vx, right[1] + vy, bottom[0] + ux, bottom[1] + uy, *bottom),
            *(bottom[0] - ux, bottom[1] - uy, left[0] + vx, left[1] + vy, *left),
            *(left[0] - vx, left[1] - vy, top[0] - ux, top[1] - uy, *top),
            *(top[0] + ux, top[1] + uy, right[0] - vx, right[1] - vy, *right),
        )
        return self

    def polyline(self, points: Sequence[float], closed: bool = False) -> Path:
        """Add straight lines through *points* = x0, y0, x1, y1, ..."""
        self.codes += "M" + "L" * (len(points) // 2 - 1) + ("Z" if closed else "")
        self.numbers += points
        return self

    def rectangle(self, x: float, y: float, width: float, height: float) -> Path:
        return self.polyline((x, y, x + width, y, x + width, y + height, x, y + height), True)

    def bounds(self) -> tuple[float, float, float, float]:
        """Return (left, top, right, bottom) of a box that holds the path; control points count."""
        xs: list[float] = []
        ys: list[float] = []
        i = 0
        for code in self.codes:
            if code == "O":
                cx, cy, r = self.numbers[i : i + 3]
                xs += (cx - r, cx + r)
                ys += (cy - r, cy + r)
                i += 3
            elif code != "Z":
                n = 6 if code == "C" else 2
                xs += self.numbers[i : i + n : 2]
                ys += self.numbers[i + 1 : i + n : 2]
                i += n
        if not xs:
            return (0.0, 0.0, 0.0, 0.0)
        return (min(xs), min(ys), max(xs), max(ys))


def rounded(points: Sequence[Point], radius: float) -> Path:
    """Return the path through *points* whose inner corners are rounded.

    Each corner is replaced by a curve that leaves the legs *radius* before and after it, or 45 %
    of the shorter leg where there is no room; where the legs fold back on each other (less than
    about 50 degrees apart) the corner stays sharper, for a curve that doubles back has no round
    end. Points that coincide count once.
    """
    path = Path()
    kept = [points[0]]
    for p in points[1:]:
        if abs(p[0] - kept[-1][0]) + abs(p[1] - kept[-1][1]) > 1e-6:
            kept.append(p)
    numbers = [*kept[0]]
    codes = "M"
    if len(kept) == 1:
        codes = "ML"
        numbers += kept[0]
    for i in range(1, len(kept) - 1):
        (ax, ay), (bx, by), (cx, cy) = kept[i - 1], kept[i], kept[i + 1]
        ux, uy, vx, vy = ax - bx, ay - by, cx - bx, cy - by
        la = (ux * ux + uy * uy) ** 0.5
        lc = (vx * vx + vy * vy) ** 0.5
        fold = (ux * vx + uy * vy) / (la * lc)
        q = min(radius, 0.45 * la, 0.45 * lc) * min(1.0, (1.0 - fold) / 0.35)
        a, c = q / la, q / lc
        numbers += (
            *(bx + ux * a, by + uy * a),
            *(bx + ux * a * 0.34, by + uy * a * 0.34),
            *(bx + vx * c * 0.34, by + vy * c * 0.34),
            *(bx + vx * c, by + vy * c),
        )
        codes += "LC"
    if len(kept) > 1:
        numbers += kept[-1]
        codes += "L"
    path.codes = codes
    path.numbers = numbers
    return path


def trimmed(points: Sequence[Point], start: float) -> list[Point] | None:
    """Return *points* without the first *start* pixels of their length, None if nothing is left."""
    for i in range(len(points) - 1):
        (ax, ay), (bx, by) = points[i], points[i + 1]
        length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5
        if length > start:
            t = start / length
            return [(ax + (bx - ax) * t, ay + (by - ay) * t), *points[i + 1 :]]
        start -= length
    return None


class Fill(NamedTuple):
    """The inside of a path in one colour."""

    path: Path
    colour: Colour


class Stroke(NamedTuple):
    """A line along a path, round at its corners and, if *round_caps*, at its ends."""

    path: Path
    colour: Colour
    width: float
    round_caps: bool = True


class Shade(NamedTuple):
    """The inside of a path in a gradient from point *a* to point *b*."""

    path: Path
    a: Point
    b: Point
    stops: Stops


class Glow(NamedTuple):
    """A soft ellipse: the stops run from its centre to its rim."""

    cx: float
    cy: float
    rx: float
    ry: float
    stops: Stops


class PushClip(NamedTuple):
    """What follows, up to the matching `PopClip`, is painted inside the path only."""

    path: Path


class PopClip(NamedTuple):
    """End of the innermost clip."""


class Snapshot(NamedTuple):
    """Remember the picture as it is inside the box (left, top, right, bottom)."""

    box: tuple[float, float, float, float]


class Knockout(NamedTuple):
    """Bring back the last snapshot along a line with flat ends."""

    path: Path
    width: float


class Pixels(NamedTuple):
    """A picture, uint8 RGBA ``[h, w, 4]`` not premultiplied, with its top left corner at (x, y).

    With *inside* it is painted only where something has been painted before. The array must not
    change afterwards: backends keep what they made of it.
    """

    x: int
    y: int
    pixels: NDArray[np.uint8]
    inside: bool = False


class Bloom(NamedTuple):
    """Blurred strokes whose light is added to the picture.

    *radius* in pixels is how far the light reaches; *halo* is the strength of a second, softer
    light that reaches three times as far. With *floor*, a height in pixels, the light is
    not added where the strokes are but mirrored about that line, fading over *fade* pixels below.
    """

    strokes: tuple[Stroke, ...]
    radius: float
    strength: float
    floor: float | None = None
    fade: float = 0.0
    halo: float = 0.0


Op: TypeAlias = (
    Fill | Stroke | Shade | Glow | PushClip | PopClip | Snapshot | Knockout | Pixels | Bloom
)
DisplayList: TypeAlias = Iterable[Op]


def colour(text: str, alpha: float = 1.0) -> Colour:
    """Return the colour of ``#rrggbb`` or ``#rgb``; raises `ValueError` for anything else."""
    digits = text.strip().removeprefix("#")
    if len(digits) == 3:
        digits = "".join(2 * c for c in digits)
    if len(digits) != 6 or not set(digits.lower()) <= set("0123456789abcdef"):
        raise ValueError(f"{text!r} is not a colour of the form #rrggbb")
    r, g, b = (int(digits[i : i + 2], 16) / 255.0 for i in (0, 2, 4))
    return (r, g, b, alpha)


def mix(a: Colour, b: Colour, t: float) -> Colour:
    """Return the colour *t* of the way from *a* to *b*, with *a*'s alpha."""
    return (
        a[0] + (b[0] - a[0]) * t,
        a[1] + (b[1] - a[1]) * t,
        a[2] + (b[2] - a[2]) * t,
        a[3],
    )
