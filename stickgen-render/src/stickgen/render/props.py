"""Things on stage: what each kind of prop looks like, and where the props of a shot are.

A prop is drawn from outlines in metres, x to the right, y up, its base at the origin, always turned
to the viewer; each style paints them its own way. Sizes are those of real things up to what fits
beside a figure: a house is as high as two people, not ten.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from math import cos, pi, sin
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core.errors import SchemaError, UsageError
from stickgen.core.types import Prop
from stickgen.render.camera import Camera
from stickgen.render.display import Colour, Path, Point, colour
from stickgen.render.outlines import BODY, Part, Picture, ball, box, legs, oval, part, picture_of
from stickgen.render.smoothing import unit

Array = NDArray[np.float64]

# -- kinds ---------------------------------------------------------------------------------------


def _chair() -> Picture:
    """A stool on one column: its legs cannot be taken for those of who sits on it."""
    foot = [*oval(0, 0.02, 0.19, 0.035, 0, 180), (-0.19, 0.0), (0.19, 0.0)]
    column = part([(-0.026, 0.04), (-0.022, 0.40), (0.022, 0.40), (0.026, 0.04)], "#9c6a3d", 0.7)
    rim = [*oval(0, 0.395, 0.215, 0.042, 180, 360), *oval(0, 0.428, 0.215, 0.042, 0, 180)]
    seat = part(oval(0, 0.428, 0.215, 0.042), "#d29a5e", 0.7)
    return picture_of("#b97f49", part(foot, "#9c6a3d", 0.7), column, part(rim), seat)


def _bench() -> Picture:
    feet = legs(((-0.52, -0.56, 0.41), (0.52, 0.56, 0.41)), 0.07, "#8a5c35")
    return picture_of(
        "#b97f49",
        *feet,
        part(box(-0.68, 0.395, 0.68, 0.45, 0.02)),
    )


def _table() -> Picture:
    feet = legs(((-0.50, -0.57, 0.70), (0.50, 0.57, 0.70)), 0.06, "#9c6a3d")
    return picture_of("#c08a54", *feet, part(box(-0.64, 0.69, 0.64, 0.745, 0.02)))


def _tree() -> Picture:
    trunk = [(-0.15, 0.0), (-0.10, 0.5), (-0.09, 1.35), (0.09, 1.35), (0.11, 0.5), (0.18, 0.0)]
    crown: list[Point] = []
    for x, y, r, a, b in (
        (0.40, 1.52, 0.42, -118, 68),
        (0.0, 2.06, 0.53, -20, 200),
        (-0.40, 1.54, 0.43, 112, 298),
        (0.0, 1.36, 0.26, 205, 335),
    ):
        crown += oval(x, y, r, r, a, b)
    light = [
        part(oval(x, y, r, r), "#8dc27d", 0.0)
        for x, y, r in ((-0.13, 2.20, 0.26), (0.26, 1.72, 0.20), (-0.40, 1.64, 0.19))
    ]
    return picture_of("#78b06c", part(trunk, "#9a6a44"), part(crown), *light)


def _rock() -> Picture:
    body = [(-0.42, 0.0), (-0.36, 0.26), (-0.12, 0.48), (0.16, 0.40), (0.38, 0.16), (0.44, 0.0)]
    lit = [(-0.30, 0.24), (-0.11, 0.41), (0.04, 0.37), (-0.08, 0.22)]
    crack = part([(0.16, 0.36), (0.12, 0.22), (0.19, 0.12)], "", 0.7, closed=False)
    return picture_of("#a9a39a", part(body), part(lit, "#c3beb5", 0.0), crack)


def _grass() -> Picture:
    blades = []
    for x, lean, h in (
        (-0.12, -0.09, 0.15),
        (-0.05, -0.02, 0.24),
        (0.03, 0.04, 0.20),
        (0.11, 0.1, 0.14),
    ):
        blades.append(part([(x - 0.028, 0.0), (x + lean, h), (x + 0.028, 0.0)], BODY, 0.6))
    return picture_of("#83b467", *blades)


def _house() -> Picture:
    return picture_of(
        "#f1ddb8",
        part(box(-1.15, 0.0, 1.15, 1.65)),
        part([(-1.42, 1.60), (0.0, 2.75), (1.42, 1.60)], "#c25a45"),
        part(box(-0.24, 0.0, 0.24, 0.98, 0.03), "#9a6a44"),
        part(oval(0.15, 0.48, 0.03, 0.03), "#3a3633", 0.0),
        *(part(box(x - 0.22, 0.72, x + 0.22, 1.20), "#a8d3e6", 0.8) for x in (-0.68, 0.68)),
        *(part([(x, 0.72), (x, 1.20)], "", 0.6, closed=False) for x in (-0.68, 0.68)),
    )


def _building() -> Picture:
    windows = [
        part(box(x - 0.15, y, x + 0.15, y + 0.34), "#f7dc8a" if (i + j) % 3 else "#a8c8d8", 0.5)
        for j, y in enumerate((0.95, 1.65, 2.35, 3.05))
        for i, x in enumerate((-0.58, 0.0, 0.58))
    ]
    door = part(box(-0.25, 0.0, 0.25, 0.68), "#6b5a4c", 0.8)
    return picture_of("#b7b6c4", part(box(-0.95, 0.0, 0.95, 3.65, 0.04)), *windows, door)


def _stadium() -> Picture:
    bowl = [(-2.3, 0.0), (-2.6, 1.1), *oval(0, 1.1, 2.6, 0.42, 180, 360), (2.6, 1.1), (2.3, 0.0)]
    return picture_of(
        "#c9cbd6",
        part(oval(0, 1.12, 2.6, 0.44), "#7fb06a"),
        part(bowl),
        *(
            part([(x, 0.0), (1.12 * x, 0.74)], "", 0.6, closed=False)
            for x in (-1.5, -0.5, 0.5, 1.5)
        ),
    )


def _baseball() -> Picture:
    seams = [
        part(oval(x, 0.055, 0.05, 0.05, a, b), "", 0.5, closed=False)
        for x, a, b in ((-0.07, -50, 50), (0.07, 130, 230))
    ]
    return ball("#fffaf0", 0.055, *seams)


def _basketball() -> Picture:
    r = 0.135
    return ball(
        "#f28c38",
        r,
        part([(-r, r), (-0.4 * r, 1.08 * r), (0.4 * r, 1.08 * r), (r, r)], "", 0.6, closed=False),
        part(oval(-1.15 * r, r, 0.95 * r, 1.2 * r, -52, 52), "", 0.6, closed=False),
        part(oval(1.15 * r, r, 0.95 * r, 1.2 * r, 128, 232), "", 0.6, closed=False),
    )


def _soccer_ball() -> Picture:
    r = 0.125
    star = [(0.4 * r * sin(k * 2 * pi / 5), r + 0.4 * r * cos(k * 2 * pi / 5)) for k in range(5)]
    rays = [part([(x, y), (x * 2.2, r + (y - r) * 2.2)], "", 0.5, closed=False) for x, y in star]
    return ball("#fffdf8", r, *rays, part(star, "#3a3633", 0.5))


def _bat() -> Picture:
    body = [
        (-0.016, 0.0), (0.016, 0.0), (0.016, 0.36), (0.042, 0.62),
        *oval(0, 0.80, 0.042, 0.045, 0, 180), (-0.042, 0.62), (-0.016, 0.36),
    ]  # fmt: skip
    return picture_of(
        "#d2a263", part(body, BODY, 0.8), part(box(-0.03, 0.0, 0.03, 0.03), BODY, 0.8)
    )


def _glove() -> Picture:
    palm = [(-0.10, 0.0), (-0.13, 0.16), *oval(-0.085, 0.22, 0.035, 0.05, 180, 0)]
    palm += [*oval(-0.015, 0.25, 0.035, 0.05, 180, 0), *oval(0.055, 0.23, 0.035, 0.05, 180, 0)]
    palm += [(0.09, 0.12), (0.16, 0.16), (0.17, 0.10), (0.09, 0.0)]
    return picture_of("#a9683a", part(palm, BODY, 0.9))


def _base() -> Picture:
    top = [(-0.24, 0.04), (-0.16, 0.085), (0.16, 0.085), (0.24, 0.04)]
    return picture_of(
        "#fffdf8", part([(-0.24, 0.0), *top, (0.24, 0.0)], "#e4ddcc", 0.8), part(top, BODY, 0.8)
    )


def _laptop() -> Picture:
    return picture_of(
        "#b9bdc6",
        part(box(-0.17, 0.02, 0.17, 0.25, 0.015)),
        part(box(-0.145, 0.045, 0.145, 0.228), "#9fd0e6", 0.5),
        part([(-0.22, 0.0), (-0.18, 0.03), (0.18, 0.03), (0.22, 0.0)], BODY, 0.9),
    )


def _mirrored(shape: Picture) -> Picture:
    """Return *shape* as seen from its other side."""
    parts = [each._replace(points=tuple((-x, y) for x, y in each.points)) for each in shape.parts]
    return picture_of(shape.tint, *parts)


def _laptop_right() -> Picture:
    """An open laptop from the side, its screen before somebody who looks to the right."""
    lid = [(0.125, 0.018), (0.215, 0.255), (0.238, 0.247), (0.150, 0.010)]
    glow = [(0.118, 0.040), (0.198, 0.250)]
    return picture_of(
        "#b9bdc6",
        part(lid, BODY, 0.7),
        part(glow, "", 0.5, closed=False),
        part(box(-0.165, 0.0, 0.155, 0.026, 0.01), BODY, 0.7),
    )


def _laptop_left() -> Picture:
    return _mirrored(_laptop_right())


def _desk_right() -> Picture:
    """A desk from the side: all it stands on is far from who sits at its left end."""
    foot = [(0.20, 0.0), (0.22, 0.05), (0.62, 0.05), (0.64, 0.0)]
    leg = [(0.45, 0.04), (0.45, 0.70), (0.57, 0.70), (0.57, 0.04)]
    return picture_of(
        "#c08a54",
        part(foot, "#9c6a3d", 0.6),
        part(leg, "#9c6a3d", 0.6),
        part(box(-0.50, 0.69, 0.64, 0.745, 0.02)),
    )


def _desk_left() -> Picture:
    return _mirrored(_desk_right())


def _phone() -> Picture:
    return picture_of(
        "#4c4f5a",
        part(box(-0.045, 0.0, 0.045, 0.17, 0.015), BODY, 0.7),
        part(box(-0.034, 0.025, 0.034, 0.148), "#9fd0e6", 0.3),
    )


def _computer() -> Picture:
    return picture_of(
        "#5b5f6b",
        part([(-0.13, 0.0), (-0.04, 0.05), (-0.04, 0.14), (0.04, 0.14), (0.04, 0.05), (0.13, 0.0)]),
        part(box(-0.31, 0.12, 0.31, 0.52, 0.02)),
        part(box(-0.275, 0.155, 0.275, 0.485), "#9fd0e6", 0.5),
    )


def _food() -> Picture:
    apple = [
        *oval(0.045, 0.10, 0.075, 0.095, -110, 115),
        *oval(-0.045, 0.10, 0.075, 0.095, 65, 290),
    ]
    leaf = [(0.0, 0.20), (0.05, 0.245), (0.11, 0.235), (0.06, 0.20)]
    stem = part([(0.0, 0.18), (-0.01, 0.23)], "", 0.7, closed=False)
    return picture_of("#d6503f", part(apple, BODY, 0.8), stem, part(leaf, "#78b06c", 0.6))


def _plate() -> Picture:
    dish = [*oval(0, 0.045, 0.19, 0.034, 180, 0), (0.10, 0.0), (-0.10, 0.0)]
    inner = part(oval(0, 0.048, 0.12, 0.018), "#e9e2d2", 0.4)
    return picture_of("#fffdf8", part(dish, BODY, 0.8), inner)


def _cup() -> Picture:
    handle = part(oval(0.062, 0.075, 0.042, 0.036, -100, 100), "", 0.9, closed=False)
    return picture_of(
        "#f4efe4",
        handle,
        part([(-0.05, 0.0), (-0.066, 0.14), (0.066, 0.14), (0.05, 0.0)], BODY, 0.8),
    )


def _spaceship() -> Picture:
    hull = [
        (-0.42, 0.35),
        (-0.46, 1.3),
        (-0.32, 2.1),
        (0.0, 2.75),
        (0.32, 2.1),
        (0.46, 1.3),
        (0.42, 0.35),
    ]
    fins = [[(s * 0.42, 1.0), (s * 0.95, 0.25), (s * 0.92, 0.0), (s * 0.38, 0.42)] for s in (-1, 1)]
    return picture_of(
        "#e8e6ee",
        *(part(fin, "#d8432e") for fin in fins),
        part([(-0.25, 0.35), (-0.3, 0.12), (0.3, 0.12), (0.25, 0.35)], "#6b6f7a"),
        part(hull),
        part(oval(0, 1.62, 0.2, 0.2), "#9fd0e6"),
        part([(-0.36, 2.0), (0.0, 2.75), (0.36, 2.0)], "#d8432e"),
    )


def _planet() -> Picture:
    ring = [*oval(0, 0.8, 1.25, 0.26, 160, 380), *reversed(oval(0, 0.84, 1.0, 0.16, 170, 370))]
    bands = [part(oval(0, y, 0.6, 0.10, 200, 340), "", 0.6, closed=False) for y in (1.15, 0.62)]
    return picture_of("#e0a85c", part(oval(0, 0.8, 0.8, 0.8)), *bands, part(ring, "#c9b8e0", 0.8))


def _star() -> Picture:
    points = [
        (r * sin(k * pi / 5), 0.25 + r * cos(k * pi / 5))
        for k in range(10)
        for r in (0.27 if k % 2 == 0 else 0.115,)
    ]
    return picture_of("#f8c95f", part(points))


def _ufo() -> Picture:
    lights = [part(oval(x, 0.30, 0.07, 0.05), "#f8e08a", 0.5) for x in (-0.55, 0.0, 0.55)]
    return picture_of(
        "#9aa0b4",
        part(oval(0, 0.42, 0.48, 0.44, 0, 180), "#bfe3ee"),
        part(oval(0, 0.34, 1.0, 0.24)),
        *lights,
    )


def _crate() -> Picture:
    return picture_of(
        "#dba45c",
        part(box(-0.29, 0.0, 0.29, 0.48)),
        part(box(-0.22, 0.07, 0.22, 0.41), "", 0.8),
        part([(-0.22, 0.07), (0.22, 0.41)], "", 0.8, closed=False),
    )


def _hoop() -> Picture:
    """A basket on a post, its rim at 3.05 m."""
    net = [(-0.22, 3.02), (-0.13, 2.62), (0.13, 2.62), (0.22, 3.02)]
    meshes = [part([(x, 3.02), (0.6 * x, 2.62)], "", 0.35, closed=False) for x in (-0.08, 0.08)]
    return picture_of(
        "#f4f1ea",
        part(box(0.42, 0.0, 0.54, 3.2), "#6f7479", 0.7),
        part(box(-0.46, 3.0, 0.46, 3.7, 0.03), BODY, 0.8),
        part(box(-0.17, 3.08, 0.17, 3.36), "", 0.6),
        part(net, "", 0.4, closed=False),
        *meshes,
        part(oval(0.0, 3.05, 0.23, 0.045), "#e8763a", 0.7),
    )


def _goal() -> Picture:
    """A soccer goal seen from in front, somewhat smaller than a real one."""
    meshes = [[(0.25 * x, 0.0), (0.25 * x, 1.9)] for x in range(-5, 6)]
    meshes += [[(-1.5, 0.27 * y), (1.5, 0.27 * y)] for y in range(1, 7)]
    return picture_of(
        "#f4f4f0",
        *(part(mesh, "", 0.25, closed=False) for mesh in meshes),
        part(box(-1.5, 1.84, 1.5, 1.95), BODY, 0.6),
        part(box(-1.55, 0.0, -1.44, 1.95), BODY, 0.6),
        part(box(1.44, 0.0, 1.55, 1.95), BODY, 0.6),
    )


def _ring() -> Picture:
    """The far side of a boxing ring: posts and three ropes."""
    ropes = [part([(-1.45, y), (1.45, y)], "", 0.8, closed=False) for y in (0.55, 0.95, 1.35)]
    posts = [
        part(box(x - 0.07, 0.0, x + 0.07, 1.5, 0.03), tint, 0.7)
        for x, tint in ((-1.45, "#c8443a"), (1.45, "#3565b5"))
    ]
    mat = part(box(-1.7, 0.0, 1.7, 0.1), "#d8d2c4", 0.6)
    return picture_of("#d8d2c4", mat, *ropes, *posts)


def _finish() -> Picture:
    """A finish line: two posts and a chequered banner."""
    squares = [
        part(box(-1.0 + 0.25 * i, 2.05 + 0.18 * (i % 2), -0.75 + 0.25 * i, 2.23 + 0.18 * (i % 2)),
             "#2b2b2b", 0.0)
        for i in range(8)
    ]  # fmt: skip
    return picture_of(
        "#f6f4ee",
        part(box(-1.06, 0.0, -0.98, 2.45), "#8c9299", 0.6),
        part(box(0.98, 0.0, 1.06, 2.45), "#8c9299", 0.6),
        part(box(-1.0, 2.05, 1.0, 2.41), BODY, 0.7),
        *squares,
    )


def _book() -> Picture:
    """An open book, its spine below."""
    left = [(0.0, 0.0), (-0.17, 0.06), (-0.17, 0.27), (0.0, 0.21)]
    right = [(-x, y) for x, y in left]
    return picture_of("#b5483c", part(left), part(right))


def _microphone() -> Picture:
    """A microphone to hold, somewhat larger than a real one."""
    handle = [(-0.018, 0.0), (-0.03, 0.2), (0.03, 0.2), (0.018, 0.0)]
    mesh = part([(-0.05, 0.245), (0.05, 0.245)], "", 0.5, closed=False)
    return picture_of(
        "#e6e8ee", part(handle, "#3f424d", 0.7), part(oval(0, 0.245, 0.056, 0.06), BODY, 0.8), mesh
    )


_KINDS: Final[dict[str, Callable[[], Picture]]] = {
    "tree": _tree,
    "rock": _rock,
    "grass": _grass,
    "building": _building,
    "house": _house,
    "stadium": _stadium,
    "ball": lambda: ball("#e2574c", 0.12, part(oval(0.0, 0.12, 0.12, 0.045), "#fff4e4", 0.5)),
    "baseball": _baseball,
    "basketball": _basketball,
    "soccer_ball": _soccer_ball,
    "bat": _bat,
    "glove": _glove,
    "base": _base,
    "laptop": _laptop,
    "laptop_right": _laptop_right,
    "laptop_left": _laptop_left,
    "desk_right": _desk_right,
    "desk_left": _desk_left,
    "phone": _phone,
    "computer": _computer,
    "table": _table,
    "chair": _chair,
    "bench": _bench,
    "food": _food,
    "plate": _plate,
    "cup": _cup,
    "spaceship": _spaceship,
    "planet": _planet,
    "star": _star,
    "ufo": _ufo,
    "crate": _crate,
    "hoop": _hoop,
    "goal": _goal,
    "ring": _ring,
    "finish": _finish,
    "book": _book,
    "microphone": _microphone,
}

KINDS: Final = frozenset(_KINDS)
"""The kinds of prop there is a picture for."""


@cache
def picture(kind: str) -> Picture:
    """Return how *kind*, one of `KINDS`, looks."""
    return _KINDS[kind]()


# -- a shot's props ------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Stage:
    """The props of a clip seen through its camera.

    ``base`` ``[T, P, 2]`` and ``ground`` ``[T, P, 2]`` in pixels: the props' bases and the points
    of the ground under them; ``scale`` ``[T, P]`` pixels for a metre of the prop, ``depth``
    ``[T, P]`` metres from the camera, ``lift`` ``[T, P]`` metres above the ground, ``turn``
    ``[T, P]`` radians it has rolled (clockwise), ``lean`` ``[T, P]`` radians it is tilted about its
    base (clockwise) and ``reach`` ``[T, P]`` how much of its height is then seen (0-1),
    ``seen`` ``[T, P]``.
    """

    pictures: tuple[Picture, ...]
    tints: tuple[Colour | None, ...]
    base: Array
    ground: Array
    scale: Array
    depth: Array
    lift: Array
    turn: Array
    lean: Array
    reach: Array
    seen: NDArray[np.bool_]

    def box(self, index: int | slice = slice(None)) -> Array:
        """Return left, top, right, bottom ``[..., P, 4]`` of all a prop paints, shadow included."""
        half = np.array([p.half for p in self.pictures]) * 1.35 + 0.06
        tall = np.array([p.height for p in self.pictures]) * 1.05 + 0.06
        wide = np.where([p.rolls for p in self.pictures], np.maximum(half, tall), half)
        leans = np.abs(self.lean[index]) > 1e-6
        wide = np.where(leans, half + tall, wide)
        scale, base, ground = self.scale[index], self.base[index], self.ground[index]
        left = base[..., 0] - wide * scale
        right = base[..., 0] + wide * scale
        top = base[..., 1] - tall * scale
        bottom = np.maximum(base[..., 1], ground[..., 1]) + (0.30 * half + 0.06) * scale
        bottom = np.where(leans, np.maximum(bottom, base[..., 1] + (half + tall) * scale), bottom)
        return np.stack([left, top, right, bottom], axis=-1)

    def outline(self, index: int, prop: int, part: Part) -> list[Point]:
        """Return the points of *part* of *prop* in frame *index*, in pixels."""
        x, y = self.base[index, prop].tolist()
        k = float(self.scale[index, prop])
        turn = float(self.turn[index, prop])
        lean, reach = float(self.lean[index, prop]), float(self.reach[index, prop])
        if lean != 0.0 or reach != 1.0:
            c, s = cos(lean), sin(lean)
            return [
                (x + k * (px * c + py * reach * s), y - k * (py * reach * c - px * s))
                for px, py in part.points
            ]
        if turn == 0.0:
            return [(x + k * px, y - k * py) for px, py in part.points]
        middle = 0.5 * self.pictures[prop].height
        c, s = cos(turn), sin(turn)
        return [
            (
                x + k * (px * c + (py - middle) * s),
                y - k * (middle + (py - middle) * c - px * s),
            )
            for px, py in part.points
        ]


def known(props: Sequence[Prop]) -> tuple[Prop, ...]:
    """Return the props there are pictures for; warns once about the kinds that have none."""
    unknown = sorted({prop.kind for prop in props if prop.kind not in KINDS})
    if unknown:
        warnings.warn(
            f"no picture for the props {', '.join(unknown)}, so they are left out;"
            f" there are pictures for {', '.join(sorted(KINDS))}",
            stacklevel=2,
        )
    return tuple(prop for prop in props if prop.kind in KINDS)


def places(props: Sequence[Prop], n_frames: int) -> Array:
    """Return the bases of *props* as ``[T, P, 3]``; raises `SchemaError` for impossible ones."""
    out = np.empty((n_frames, len(props), 3))
    for i, prop in enumerate(props):
        position = np.asarray(prop.position, dtype=np.float64)
        if position.shape not in ((3,), (n_frames, 3)):
            raise SchemaError(
                f"prop {i} ({prop.kind}) has a position of shape {list(position.shape)};"
                f" use [3] or [{n_frames}, 3]"
            )
        if not (np.isfinite(position).all() and np.isfinite(prop.scale) and prop.scale > 0):
            raise SchemaError(f"prop {i} ({prop.kind}) has a position or scale that is not finite")
        out[:, i] = position
    return out


def corners(props: Sequence[Prop], bases: Array) -> Array:
    """Return the ends of what *props* at *bases* ``[T, P, 3]`` fill: ``[T, 4 P, 3]`` metres."""
    ends = []
    for i, prop in enumerate(props):
        shape = picture(prop.kind)
        half, tall = shape.half * prop.scale, shape.height * prop.scale
        for dx, dy, dz in ((-half, 0.0, 0.0), (half, 0.0, 0.0), (0.0, tall, 0.0), (0.0, 0.0, 0.0)):
            ends.append(bases[:, i] + (dx, dy, dz))
    return np.stack(ends, axis=1)


def stage(props: Sequence[Prop], bases: Array, camera: Camera) -> Stage:
    """Return *props* at *bases* ``[T, P, 3]`` as *camera* sees them."""
    base, depth = camera.project(bases)
    ground, _ = camera.project(bases * np.array([1.0, 0.0, 1.0]))
    sizes = np.array([prop.scale for prop in props])
    near = 0.1 * camera.distance[:, None]
    scale = camera.focal[:, None] / np.maximum(depth, near) * sizes
    pictures = tuple(picture(prop.kind) for prop in props)
    tints: list[Colour | None] = []
    for i, prop in enumerate(props):
        try:
            tints.append(None if prop.colour is None else colour(prop.colour))
        except ValueError as error:
            raise UsageError(f"prop {i} ({prop.kind}): {error}") from None
    across = np.einsum("tj,tpj->tp", camera.axes[:, 0], bases - bases[:1])
    radius = np.array([0.5 * p.height for p in pictures]) * sizes
    turn = np.where([p.rolls for p in pictures], across / np.maximum(radius, 0.02), 0.0)
    lean, reach = np.zeros_like(depth), np.ones_like(depth)
    for i, prop in enumerate(props):
        if prop.axis is None:
            continue
        axis = np.broadcast_to(np.asarray(prop.axis, dtype=np.float64), bases[:, i].shape)
        if not np.isfinite(axis).all():
            raise SchemaError(f"prop {i} ({prop.kind}) has an axis that is not finite")
        axis = unit(axis, (0.0, 1.0, 0.0))
        right = (axis * camera.axes[:, 0]).sum(axis=-1)
        up = (axis * camera.axes[:, 1]).sum(axis=-1)
        lean[:, i] = np.arctan2(right, up)
        reach[:, i] = np.maximum(np.hypot(right, up), 0.12)
    return Stage(
        pictures=pictures,
        tints=tuple(tints),
        base=base,
        ground=ground,
        scale=scale,
        depth=depth,
        lift=np.maximum(bases[..., 1], 0.0),
        turn=turn,
        lean=lean,
        reach=reach,
        seen=depth > near,
    )


def paint_order(
    actors: Sequence[int], depth_of_actor: Sequence[float], depth_of_prop: Sequence[float]
) -> list[tuple[str, int]]:
    """Return ("prop" or "actor", index) from back to front.

    *actors* are in their order already; a prop as far away as an actor comes before him.
    """
    rest = sorted(range(len(depth_of_prop)), key=lambda i: -depth_of_prop[i])
    out: list[tuple[str, int]] = []
    for actor in actors:
        while rest and depth_of_prop[rest[0]] > depth_of_actor[actor] - 0.05:
            out.append(("prop", rest.pop(0)))
        out.append(("actor", actor))
    return out + [("prop", i) for i in rest]


def outline_path(points: Sequence[Point], closed: bool) -> Path:
    """Return straight lines through *points*."""
    return Path().polyline([v for p in points for v in p], closed)
