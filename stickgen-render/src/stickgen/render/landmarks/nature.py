"""Mountains, ice and rock; moons and clouds."""

from __future__ import annotations

from collections.abc import Callable
from math import sin
from typing import Final

from stickgen.render.landmarks.shapes import (
    disc,
    line,
)
from stickgen.render.outlines import BODY, Picture, box, oval, part, picture_of


def volcano() -> Picture:
    cone = [(-3.4, 0.0), (-0.75, 2.9), (-0.35, 2.75), (0.3, 2.8), (0.75, 2.95), (3.5, 0.0)]
    lava = [
        (-0.72, 2.86),
        (-0.35, 2.75),
        (0.3, 2.8),
        (0.72, 2.92),
        (0.5, 2.4),
        (0.62, 1.5),
        (0.3, 1.9),
        (0.15, 1.0),
        (-0.1, 2.1),
        (-0.35, 1.6),
        (-0.4, 2.4),
    ]
    smoke = [disc(x, y, r, "#6a5458", 0.4) for x, y, r in ((-0.2, 3.5, 0.5), (0.35, 4.1, 0.65))]
    return picture_of("#4b3236", *smoke, part(cone), part(lava, "#f26a2e", 0.6))


def snow_peak() -> Picture:
    rock = [(-2.6, 0.0), (-1.2, 1.7), (-0.7, 1.5), (0.1, 3.1), (0.8, 1.9), (1.2, 2.1), (2.7, 0.0)]
    cap = [
        (-0.52, 1.85),
        (0.1, 3.1),
        (0.62, 2.2),
        (0.38, 2.3),
        (0.16, 2.05),
        (-0.08, 2.35),
        (-0.26, 1.95),
    ]
    return picture_of("#b9c0cb", part(rock), part(cap, "#fbfcfd", 0.5))


def iceberg() -> Picture:
    body = [(-1.5, 0.0), (-1.1, 0.8), (-0.5, 0.7), (0.0, 1.6), (0.5, 1.1), (0.9, 1.2), (1.5, 0.0)]
    face = [(0.0, 1.6), (0.5, 1.1), (0.35, 0.0), (-0.15, 0.0)]
    return picture_of("#e8f3f9", part(body), part(face, "#c6dfec", 0.5))


def igloo() -> Picture:
    dome = [*oval(0.0, 0.0, 1.2, 1.05, 0, 180)]
    door = [*oval(0.55, 0.0, 0.4, 0.55, 0, 180)]
    rows = [
        line(*oval(0.0, y - 0.25, 1.2 * (1 - y * y) ** 0.5, 0.3, 20, 160), wide=0.5)
        for y in (0.35, 0.65)
    ]
    hole = [*oval(0.58, 0.0, 0.26, 0.4, 0, 180)]
    return picture_of("#eef6fb", part(dome), *rows, part(door), part(hole, "#8fa6b8", 0.6))


def crystal() -> Picture:
    shards = [
        part(
            [
                (x - w, 0.0),
                (x - w + lean, h * 0.75),
                (x + lean * 1.3, h),
                (x + w + lean, h * 0.7),
                (x + w, 0.0),
            ],
            tint,
            0.7,
        )
        for x, w, h, lean, tint in (
            (-0.45, 0.2, 1.0, -0.25, "#b6dbee"),
            (0.45, 0.22, 1.2, 0.28, "#9ccbe6"),
            (0.0, 0.26, 1.9, 0.0, BODY),
        )
    ]
    return picture_of("#cdeaf6", *shards)


def spike() -> Picture:
    return picture_of(
        "#6b6570",
        part([(-0.5, 0.0), (-0.16, 0.9), (0.0, 2.1), (0.14, 1.0), (0.5, 0.0)]),
        line((0.02, 1.6), (0.1, 0.5), wide=0.5),
    )


def crater() -> Picture:
    return picture_of(
        "#8b8b90",
        part(oval(0.0, 0.0, 1.1, 0.24), BODY, 0.7),
        part(oval(0.05, -0.03, 0.85, 0.16), "#6b6b70", 0.4),
    )


def boulder() -> Picture:
    body = [
        (-0.7, 0.1),
        (-0.55, 0.6),
        (-0.05, 0.85),
        (0.5, 0.6),
        (0.7, 0.1),
        (0.3, -0.35),
        (-0.4, -0.3),
    ]
    return picture_of(
        "#7d7884",
        part(body),
        part(oval(0.1, 0.25, 0.2, 0.13), "#65606b", 0.4),
        part(oval(-0.3, 0.4, 0.1, 0.08), "#65606b", 0.4),
    )


def earth() -> Picture:
    lands = [
        [
            *oval(-0.35, 1.25, 0.34, 0.26),
        ],
        [*oval(0.25, 0.75, 0.38, 0.3)],
        [*oval(0.45, 1.4, 0.2, 0.12)],
    ]
    return picture_of(
        "#7fb4dc", part(oval(0, 1, 1, 1)), *(part(land, "#9cc48c", 0.0) for land in lands)
    )


def moon() -> Picture:
    pits = [
        part(oval(x, y, r, r), "#d9d6c8", 0.3)
        for x, y, r in ((-0.3, 1.3, 0.2), (0.35, 0.9, 0.26), (-0.2, 0.6, 0.14))
    ]
    return picture_of("#f1eedf", part(oval(0, 1, 1, 1)), *pits)


def rainbow() -> Picture:
    bands = []
    for i, tint in enumerate(("#f2a7a0", "#f6cf9b", "#f7ecab", "#b5dcb0", "#a9cdea", "#c6b5e2")):
        a, b = 4.0 - 0.22 * i, 3.78 - 0.22 * i
        bands.append(
            part([*oval(0, 0, a, a, 0, 180), *reversed(oval(0, 0, b, b, 0, 180))], tint, 0.3)
        )
    return picture_of("#f2a7a0", *bands)


def aurora() -> Picture:
    veils = []
    for y, tint in ((0.0, "#4f9f8f"), (0.9, "#4a7fae"), (1.7, "#7566ad")):
        low = [(-4 + 0.5 * i, y + 0.35 * sin(0.9 * i + y)) for i in range(17)]
        veils.append(part([*low, *((x + 0.25, ly + 0.75) for x, ly in reversed(low))], tint, 0.4))
    return picture_of("#4f9f8f", *veils)


def lightning() -> Picture:
    bolt = [
        (0.1, 3.2),
        (-0.5, 1.6),
        (-0.05, 1.7),
        (-0.35, 0.0),
        (0.6, 2.0),
        (0.12, 1.95),
        (0.6, 3.2),
    ]
    return picture_of("#ffe69a", part(bolt, BODY, 0.7))


def dark_cloud() -> Picture:
    puffs = [(-1.3, 0.5, 0.6), (-0.5, 0.8, 0.8), (0.5, 0.75, 0.75), (1.3, 0.45, 0.55)]
    flat = part(box(-1.5, 0.0, 1.5, 0.5, 0.2), BODY, 0.0)
    return picture_of(
        "#9aa1ad",
        flat,
        *(part(oval(x, y, r, r * 0.8), BODY, 0.0) for x, y, r in puffs),
        part(
            [
                (-1.85, 0.2),
                *oval(-1.3, 0.5, 0.6, 0.48, 180, 80),
                *oval(-0.5, 0.8, 0.8, 0.64, 140, 40),
                *oval(0.5, 0.75, 0.75, 0.6, 110, 30),
                *oval(1.3, 0.45, 0.55, 0.44, 90, -20),
                (1.4, 0.02),
                (-1.5, 0.0),
            ],
            BODY,
            0.6,
        ),
    )


def cloud_island() -> Picture:
    rock = [(-1.3, 0.0), (-0.6, -0.7), (0.0, -1.2), (0.5, -0.6), (1.3, 0.0)]
    return picture_of(
        "#c9b6d8",
        part(rock),
        part(oval(0, 0, 1.35, 0.16), "#b9d7a2", 0.7),
        part(box(-0.5, 0.05, 0.5, 0.95), "#efe6f2", 0.7),
        *(
            part([(x - 0.24, 0.95), (x, 1.75), (x + 0.24, 0.95)], "#e3a3b4", 0.7)
            for x in (-0.35, 0.35)
        ),
    )


def waves() -> Picture:
    return picture_of(
        "#ffffff",
        *(
            line(*((x + 0.28 * i, y + (0.0 if i % 2 else 0.1)) for i in range(4)), wide=0.8)
            for x, y in ((-1.4, 0.0), (0.4, 0.25), (-0.6, 0.55))
        ),
    )


def light_shaft() -> Picture:
    return picture_of(
        "#3f7fae", part([(-0.3, 0.0), (0.3, 0.0), (1.6, -5.2), (0.4, -5.2)], BODY, 0.0)
    )


KINDS: Final[dict[str, Callable[[], Picture]]] = {
    "volcano": volcano,
    "snow_peak": snow_peak,
    "iceberg": iceberg,
    "igloo": igloo,
    "crystal": crystal,
    "spike": spike,
    "crater": crater,
    "boulder": boulder,
    "earth": earth,
    "moon": moon,
    "rainbow": rainbow,
    "aurora": aurora,
    "lightning": lightning,
    "dark_cloud": dark_cloud,
    "cloud_island": cloud_island,
    "waves": waves,
    "light_shaft": light_shaft,
}
