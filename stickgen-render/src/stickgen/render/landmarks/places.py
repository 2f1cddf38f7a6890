"""Boats and bridges; winter, the far planets."""

from __future__ import annotations

from collections.abc import Callable
from math import cos, pi, sin
from typing import Final

from stickgen.render.landmarks.shapes import (
    DARK,
    RED,
    STEEL,
    WOOD,
    disc,
    line,
    post,
    turned,
)
from stickgen.render.outlines import BODY, Picture, box, oval, part, picture_of


def sailboat() -> Picture:
    return picture_of(
        "#c98b6e",
        line((0, 0.3), (0, 2.3), wide=1.0),
        part([(0.06, 2.3), (1.0, 0.55), (0.06, 0.55)], "#fffdf6", 0.8),
        part([(-0.06, 2.0), (-0.7, 0.6), (-0.06, 0.6)], "#f0e3d0", 0.8),
        part([(-1.0, 0.4), (-0.75, 0.0), (0.75, 0.0), (1.05, 0.4)]),
    )


def parasol() -> Picture:
    wedges = [
        part([(0.0, 2.2), *[(x, 1.5 + 0.0 * x) for x in (a, a + 0.45)]], t, 0.5)
        for a, t in ((-0.9, RED), (-0.45, "#fbf5e6"), (0.0, RED), (0.45, "#fbf5e6"))
    ]
    return picture_of(RED, post(0, 0, 2.0, 0.06, WOOD), *wedges)


def jetty() -> Picture:
    return picture_of(
        WOOD,
        *(post(x, -0.15, 0.55, 0.12, "#8d6a4a") for x in (-1.2, -0.3, 0.6, 1.3)),
        part(box(-1.5, 0.4, 1.5, 0.55)),
    )


def bridge() -> Picture:
    deck = [
        (-2.2, 0.0),
        *oval(0, 0.0, 2.2, 1.0, 180, 0)[1:-1],
        (2.2, 0.0),
        (1.6, 0.0),
        *oval(0, 0.0, 1.6, 0.7, 0, 180)[1:-1],
        (-1.6, 0.0),
    ]
    rail = [
        line(
            (x, 1.0 * (1 - (x / 2.2) ** 2) ** 0.5),
            (x, 0.4 + 1.0 * (1 - (x / 2.2) ** 2) ** 0.5),
            wide=0.7,
        )
        for x in (-1.6, -0.8, 0.0, 0.8, 1.6)
    ]
    return picture_of(
        "#c7b39a",
        part(deck),
        *rail,
        line(*((x, y + 0.4) for x, y in oval(0, 0, 2.0, 1.0, 160, 20)), wide=0.9),
    )


def ladder() -> Picture:
    return picture_of(
        "#c9d3da",
        line((-0.25, -0.5), (-0.25, 0.7), *oval(-0.05, 0.7, 0.2, 0.25, 180, 20)[1:], wide=1.2),
        line((0.25, -0.5), (0.25, 0.7), *oval(0.45, 0.7, 0.2, 0.25, 180, 20)[1:], wide=1.2),
        *(line((-0.25, y), (0.25, y), wide=0.8) for y in (-0.2, 0.15, 0.5)),
    )


def diving_board() -> Picture:
    return picture_of(
        "#f6f2ea",
        *(post(x, 0, 1.4, 0.1, STEEL) for x in (-0.9, -0.3)),
        part(box(-1.1, 1.35, 1.5, 1.5, 0.05), BODY, 0.9),
        line((-0.9, 1.5), (-0.9, 2.1)),
        line((-0.9, 2.1), (-0.1, 2.1)),
    )


def lane_rope() -> Picture:
    return picture_of(
        RED,
        *(disc(-4 + 0.5 * k, 0.0, 0.12, RED if k % 2 else "#fdfdfb", 0.4) for k in range(17)),
    )


def snowman() -> Picture:
    return picture_of(
        "#fdfdfd",
        disc(0, 0.5, 0.5, BODY, 0.8),
        disc(0, 1.2, 0.37, BODY, 0.8),
        disc(0, 1.75, 0.27, BODY, 0.8),
        part([(0.05, 1.78), (0.42, 1.72), (0.05, 1.68)], "#ec9a55", 0.5),
        *(disc(x, 1.84, 0.035, DARK, 0.2) for x in (-0.07, 0.12)),
        line((-0.35, 1.25), (-0.85, 1.6)),
        line((0.35, 1.25), (0.85, 1.55)),
        part(box(-0.22, 1.95, 0.22, 2.3), DARK, 0.6),
        part(box(-0.36, 1.92, 0.36, 2.0), DARK, 0.5),
    )


def windmill() -> Picture:
    blades = []
    for k in range(4):
        blades.append(
            part(
                turned(
                    [(0.0, -0.05), (1.5, -0.05), (1.5, 0.3), (0.2, 0.25)],
                    0.5 + k * pi / 2,
                    0.0,
                    2.5,
                ),
                "#f6efe2",
                0.6,
            )
        )
    return picture_of(
        "#d9c9b2",
        part([(-0.7, 0.0), (-0.42, 2.4), (0.42, 2.4), (0.7, 0.0)]),
        part([(-0.5, 2.4), (0.0, 3.0), (0.5, 2.4)], "#b9857c", 0.7),
        part(box(-0.18, 0.0, 0.18, 0.6), WOOD, 0.6),
        *blades,
        disc(0, 2.5, 0.1, DARK, 0.4),
    )


def umbrella() -> Picture:
    top = [*oval(0, 1.4, 0.85, 0.6, 0, 180)]
    return picture_of(
        "#d8594c",
        line((0, 0.1), (0, 1.9), wide=0.9),
        part(top),
        line((-0.3, 1.4), (0, 2.0), (0.3, 1.4), wide=0.5),
    )


def puddle() -> Picture:
    return picture_of(
        "#b9c9d6",
        part(oval(0, 0, 0.9, 0.13), BODY, 0.6),
        part(oval(0.1, 0.01, 0.5, 0.06), "#d3dfe8", 0.3),
    )


def dome() -> Picture:
    return picture_of(
        "#e8e6e6",
        part(oval(0, 0, 1.3, 1.2, 0, 180)),
        line(*oval(0, 0, 0.55, 1.2, 0, 180), wide=0.6),
        line((-1.1, 0.62), (1.1, 0.62), wide=0.6),
        part(box(1.1, 0.0, 1.8, 0.6), BODY, 0.8),
        line((0, 1.2), (0, 1.75)),
    )


def rover() -> Picture:
    return picture_of(
        "#e3e3e6",
        *(disc(x, 0.2, 0.2, DARK, 0.6) for x in (-0.6, 0.0, 0.6)),
        part(box(-0.75, 0.35, 0.75, 0.65)),
        part([(-0.8, 0.7), (-0.5, 0.82), (0.6, 0.82), (0.8, 0.7)], "#7f8fb8", 0.6),
        line((0.5, 0.8), (0.5, 1.3), wide=1.0),
        part(box(0.35, 1.25, 0.7, 1.45), BODY, 0.6),
    )


def alien_plant() -> Picture:
    stalks = [
        line((0, 0), (-0.25, 0.8), (-0.7, 1.4), wide=1.2),
        line((0, 0), (0.1, 1.1), (0.05, 1.9), wide=1.4),
        line((0, 0), (0.4, 0.7), (0.75, 1.1), wide=1.2),
    ]
    bulbs = [
        disc(x, y, r, BODY, 0.8)
        for x, y, r in ((-0.75, 1.55, 0.28), (0.05, 2.15, 0.36), (0.85, 1.2, 0.24))
    ]
    return picture_of(
        "#c9a6dc",
        *stalks,
        *bulbs,
        *(disc(x, y, 0.09, "#fdf3c0", 0.3) for x, y in ((-0.75, 1.6), (0.05, 2.2), (0.85, 1.24))),
    )


def ring_planet() -> Picture:
    ring = [*oval(0, 1.0, 1.75, 0.4, 165, 375), *reversed(oval(0, 1.05, 1.4, 0.24, 172, 368))]
    return picture_of(
        "#e3bd8c",
        part(oval(0, 1, 1, 1)),
        part(oval(0, 1.35, 0.86, 0.1), "#d2a877", 0.0),
        part(oval(0, 0.75, 0.93, 0.1), "#d2a877", 0.0),
        part(ring, "#d9c7e6", 0.7),
    )


def galaxy() -> Picture:
    arms = [
        part(
            [
                (r * cos(a + s), 1.0 + 0.45 * r * sin(a + s))
                for r, a in ((0.15 + 0.11 * k, 0.5 * k) for k in range(11))
            ],
            "",
            0.8,
            closed=False,
        )
        for s in (0.0, pi)
    ]
    return picture_of("#a99ad8", *arms, part(oval(0, 1.0, 0.2, 0.12), "#f3e9ff", 0.4))


KINDS: Final[dict[str, Callable[[], Picture]]] = {
    "sailboat": sailboat,
    "parasol": parasol,
    "jetty": jetty,
    "bridge": bridge,
    "ladder": ladder,
    "diving_board": diving_board,
    "lane_rope": lane_rope,
    "snowman": snowman,
    "windmill": windmill,
    "umbrella": umbrella,
    "puddle": puddle,
    "dome": dome,
    "rover": rover,
    "alien_plant": alien_plant,
    "ring_planet": ring_planet,
    "galaxy": galaxy,
}
