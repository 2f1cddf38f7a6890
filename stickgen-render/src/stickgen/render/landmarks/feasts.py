"""Grounds for sport, stages, fairs and the people who came."""

from __future__ import annotations

from collections.abc import Callable
from math import cos, pi, sin
from typing import Final

from stickgen.render.landmarks.shapes import (
    DARK,
    GOLD,
    RED,
    STEEL,
    WOOD,
    disc,
    line,
    post,
)
from stickgen.render.outlines import BODY, Part, Picture, box, oval, part, picture_of


def stand() -> Picture:
    tints = ("#d98f7d", "#8aa5c4", "#e6cf8d", "#9db98e", "#c7a6cf", "#f2ede2")
    heads = [
        disc(x, 0.55 + 0.45 * row, 0.13, tints[(i * 5 + row * 2) % 6], 0.3)
        for row in range(4)
        for i, x in enumerate(-2.7 + 0.36 * k + 0.16 * (row % 2) for k in range(15))
    ]
    rows = [part(box(-3.0, 0.4 * r, 3.0, 0.4 * r + 0.42), BODY, 0.4) for r in range(5)]
    return picture_of("#d4d3da", *rows, *heads)


def floodlight() -> Picture:
    lamps = [
        disc(x, y, 0.13, "#fff3c8", 0.5) for y in (4.0, 4.35) for x in (-0.42, -0.14, 0.14, 0.42)
    ]
    return picture_of(
        STEEL,
        post(0, 0, 3.8, 0.13, BODY),
        part(box(-0.65, 3.8, 0.65, 4.55, 0.06), "#8d93a0", 0.7),
        *lamps,
    )


def scoreboard() -> Picture:
    return _scoreboard(*(post(x, 0, 1.2, 0.12, DARK) for x in (-0.9, 0.9)))


def high_scoreboard() -> Picture:
    """A scoreboard on one mast, that is seen over people's heads."""
    return _scoreboard(post(0.0, -3.4, 1.2, 0.2, DARK))


def _scoreboard(*masts: Part) -> Picture:
    return picture_of(
        "#474b57",
        *masts,
        part(box(-1.3, 1.1, 1.3, 2.5, 0.06)),
        part(box(-1.0, 1.5, -0.35, 2.1), "#e8b65a", 0.4),
        part(box(0.35, 1.5, 1.0, 2.1), "#e8b65a", 0.4),
        part(box(-0.12, 1.7, 0.12, 1.9), "#e37d6e", 0.4),
    )


def goal() -> Picture:
    net = [
        line((x, 0.0), (x * 0.95, 1.5), wide=0.35) for x in (-1.2, -0.8, -0.4, 0.0, 0.4, 0.8, 1.2)
    ]
    net += [line((-1.5, y), (1.5, y), wide=0.35) for y in (0.3, 0.6, 0.9, 1.2)]
    return picture_of(
        "#fdfdfb", *net, line((-1.6, 0.0), (-1.6, 1.6), (1.6, 1.6), (1.6, 0.0), wide=1.6)
    )


def hoop() -> Picture:
    net = [line((x, 2.2), (x * 0.6, 1.8), wide=0.5) for x in (-0.26, -0.09, 0.09, 0.26)]
    return picture_of(
        "#f6f2ea",
        post(0, 0, 2.2, 0.13, DARK),
        part(box(-0.75, 2.1, 0.75, 3.05), BODY, 0.9),
        part(box(-0.28, 2.3, 0.28, 2.7), "", 0.7),
        part(oval(0, 2.2, 0.3, 0.06), "#e07b4a", 1.0),
        *net,
    )


def hurdle() -> Picture:
    return picture_of(
        "#f6f2ea",
        post(-0.5, 0, 0.9, 0.07, DARK),
        post(0.5, 0, 0.9, 0.07, DARK),
        part(box(-0.62, 0.8, 0.62, 1.0), BODY, 0.7),
        part(box(-0.2, 0.8, 0.2, 1.0), RED, 0.4),
    )


def corner_flag() -> Picture:
    return picture_of(
        RED, line((0, 0), (0, 1.5), wide=1.0), part([(0, 1.5), (0.6, 1.3), (0, 1.1)], BODY, 0.7)
    )


def arch_wall() -> Picture:
    arches = [
        part(
            [
                (x - 0.42, 0.0),
                (x - 0.42, 1.1),
                *oval(x, 1.1, 0.42, 0.42, 180, 0)[1:-1],
                (x + 0.42, 1.1),
                (x + 0.42, 0.0),
            ],
            "#9c8667",
            0.7,
        )
        for x in (-2.2, -1.1, 0.0, 1.1, 2.2)
    ]
    top = [
        part(
            [
                (x - 0.3, 2.0),
                (x - 0.3, 2.5),
                *oval(x, 2.5, 0.3, 0.3, 180, 0)[1:-1],
                (x + 0.3, 2.5),
                (x + 0.3, 2.0),
            ],
            "#9c8667",
            0.6,
        )
        for x in (-2.2, -1.1, 0.0, 1.1, 2.2)
    ]
    return picture_of(
        "#dcc7a4", part(box(-2.8, 0.0, 2.8, 3.1)), *arches, *top, line((-2.8, 1.75), (2.8, 1.75))
    )


def speaker() -> Picture:
    return picture_of(
        "#3d3a4c",
        part(box(-0.55, 0.0, 0.55, 2.4, 0.05)),
        part(oval(0, 0.7, 0.4, 0.4), "#5a5670", 0.7),
        part(oval(0, 1.75, 0.26, 0.26), "#5a5670", 0.7),
    )


def truss() -> Picture:
    zig = [(-3.4 + 0.4 * k, 0.0 if k % 2 else 0.4) for k in range(18)]
    return picture_of(
        "#8a8892",
        line((-3.4, 0), (3.4, 0), wide=1.0),
        line((-3.4, 0.4), (3.4, 0.4), wide=1.0),
        line(*zig, wide=0.6),
    )


def bunting() -> Picture:
    tints = ("#e2806f", "#f0c56a", "#8fbf8a", "#88aee0", "#c79ad6")
    flags = []
    for k in range(11):
        x = -2.75 + 0.55 * k
        y = -0.5 + 0.06 * (x * x) / 1.2
        flags.append(part([(x - 0.2, y), (x + 0.2, y), (x, y - 0.45)], tints[k % 5], 0.5))
    cord = line(*((-3.0 + 0.5 * k, -0.5 + 0.05 * (-3.0 + 0.5 * k) ** 2) for k in range(13)))
    return picture_of("#e2806f", cord, *flags)


def balloons() -> Picture:
    tints = ("#e2806f", "#f0c56a", "#88aee0")
    return picture_of(
        "#e2806f",
        *(line((0, 0), (x, y)) for x, y in ((-0.35, 1.2), (0.05, 1.6), (0.42, 1.15))),
        *(
            part(oval(x, y + 0.34, 0.27, 0.35), t, 0.7)
            for (x, y), t in zip(((-0.35, 1.2), (0.05, 1.6), (0.42, 1.15)), tints, strict=True)
        ),
    )


def disco_ball() -> Picture:
    grid = [line(*oval(0, -1.3, 0.55 * k, 0.55, 90, 270), wide=0.4) for k in (0.3, 0.7)]
    grid += [line(*oval(0, -1.3, 0.55 * k, 0.55, -90, 90), wide=0.4) for k in (0.3, 0.7)]
    return picture_of(
        "#c9c6d8",
        line((0, 0), (0, -0.75)),
        part(oval(0, -1.3, 0.55, 0.55)),
        *grid,
        line((-0.5, -1.1), (0.5, -1.1), wide=0.4),
        line((-0.5, -1.5), (0.5, -1.5), wide=0.4),
    )


def flower_arch() -> Picture:
    blooms = [
        disc(1.05 * cos(a), 1.5 + 1.05 * sin(a), 0.17, t, 0.4)
        for a, t in ((pi * k / 8, ("#f0b7bf", "#fbf2e4", "#e59aa8")[k % 3]) for k in range(9))
    ]
    blooms += [disc(x, y, 0.14, "#9cbf85", 0.3) for x in (-1.05, 1.05) for y in (0.3, 0.7, 1.1)]
    return picture_of(
        "#f6efe4",
        line((-1.05, 0), (-1.05, 1.5), *oval(0, 1.5, 1.05, 1.05, 180, 0)[1:], (1.05, 0), wide=1.8),
        *blooms,
    )


def church() -> Picture:
    return picture_of(
        "#f1e9da",
        part(box(-1.1, 0.0, 1.1, 1.5)),
        part([(-1.25, 1.5), (0.0, 2.4), (1.25, 1.5)], "#b9857c", 0.8),
        part(box(-0.32, 1.5, 0.32, 2.9)),
        part([(-0.42, 2.9), (0.0, 3.9), (0.42, 2.9)], "#b9857c", 0.8),
        line((0, 3.9), (0, 4.35)),
        line((-0.14, 4.18), (0.14, 4.18)),
        part(
            [
                (-0.25, 0),
                (-0.25, 0.6),
                *oval(0, 0.6, 0.25, 0.25, 180, 0)[1:-1],
                (0.25, 0.6),
                (0.25, 0),
            ],
            WOOD,
            0.7,
        ),
    )


def stall() -> Picture:
    stripes = [
        part(
            [(x, 1.85), (x + 0.3, 1.85), (x + 0.34, 1.45), (x - 0.02, 1.45)],
            "#7fae8c" if i % 2 else "#fbf5e6",
            0.5,
        )
        for i, x in enumerate(-1.2 + 0.3 * k for k in range(8))
    ]
    fruit = [
        disc(x, 0.83 + 0.1 * (i % 2), 0.11, t, 0.4)
        for i, (x, t) in enumerate(
            (-0.95 + 0.2 * k, ("#e2806f", "#f0c56a", "#a5c48d")[k // 4]) for k in range(10)
        )
    ]
    return picture_of(
        "#c79c6c",
        *(post(x, 0, 1.5, 0.08, WOOD) for x in (-1.1, 1.1)),
        *fruit,
        part(box(-1.15, 0.0, 1.15, 0.75)),
        *stripes,
    )


def tent() -> Picture:
    stripes = [
        part(
            [(x * 0.15, 2.3), (x, 0.9), (x + 0.45, 0.9), ((x + 0.45) * 0.15, 2.3)],
            "#e2806f" if i % 2 else "#fbf2e4",
            0.5,
        )
        for i, x in enumerate((-1.35, -0.9, -0.45, 0.0, 0.45, 0.9))
    ]
    return picture_of(
        "#f3e4cf",
        part(box(-1.25, 0.0, 1.25, 0.95)),
        *stripes,
        line((0, 2.3), (0, 2.75)),
        part([(0, 2.75), (0.45, 2.62), (0, 2.5)], GOLD, 0.5),
        part([(-0.3, 0.0), (0.0, 0.9), (0.3, 0.0)], "#8f6f5b", 0.6),
    )


def ferris_wheel() -> Picture:
    spokes = [
        line((0, 2.4), (1.9 * cos(k * pi / 4), 2.4 + 1.9 * sin(k * pi / 4)), wide=0.5)
        for k in range(8)
    ]
    tints = ("#e2806f", "#f0c56a", "#8fbf8a", "#88aee0")
    cabins = [
        disc(1.9 * cos(k * pi / 4), 2.25 + 1.9 * sin(k * pi / 4), 0.24, tints[k % 4], 0.6)
        for k in range(8)
    ]
    return picture_of(
        "#b9a9c4",
        line((-0.9, 0), (0, 2.4), (0.9, 0), wide=1.5),
        part(oval(0, 2.4, 1.9, 1.9), "", 1.2),
        *spokes,
        *cabins,
    )


def lantern() -> Picture:
    return picture_of(
        "#ef9a6a",
        line((0, 0), (0, -0.5)),
        part(oval(0, -0.85, 0.32, 0.36), BODY, 0.7),
        line((-0.3, -0.75), (0.3, -0.75), wide=0.4),
        line((-0.3, -0.98), (0.3, -0.98), wide=0.4),
    )


def crowd() -> Picture:
    tints = ("#b7b0bf", "#a9b4c2", "#c4b3a6", "#b0bda9")
    people: list[Part] = []
    for k in range(9):
        x, t = -1.9 + 0.48 * k, tints[k % 4]
        rise = 0.12 * ((k * 7) % 3)
        people.append(
            part(
                [
                    (x - 0.24, 0.0),
                    (x - 0.22, 0.62 + rise),
                    (x + 0.22, 0.62 + rise),
                    (x + 0.24, 0.0),
                ],
                t,
                0.5,
            )
        )
        people.append(disc(x, 0.86 + rise, 0.19, t, 0.6))
    return picture_of("#b7b0bf", *people)


def cheering() -> Picture:
    base = crowd()
    arms = [
        line((-1.9 + 0.48 * k, 0.6), (-1.9 + 0.48 * k + (0.2 if k % 2 else -0.2), 1.3), wide=1.2)
        for k in range(0, 9, 2)
    ]
    return Picture("#3a3550", (*arms, *(p._replace(tint=BODY) for p in base.parts)), base.half, 1.4)


def placards() -> Picture:
    base = crowd()
    signs: list[Part] = []
    for x, y, t in (
        (-1.5, 1.7, "#fbf5e6"),
        (-0.4, 2.0, "#f3cf86"),
        (0.75, 1.75, "#fbf5e6"),
        (1.55, 2.05, "#eba394"),
    ):
        signs += [
            post(x, 0.6, y, 0.06, WOOD),
            part(box(x - 0.4, y, x + 0.4, y + 0.52), t, 0.8),
            line((x - 0.25, y + 0.34), (x + 0.25, y + 0.34), wide=0.6),
            line((x - 0.25, y + 0.18), (x + 0.15, y + 0.18), wide=0.6),
        ]
    return Picture(base.tint, (*signs, *base.parts), base.half, 2.6)


def drum() -> Picture:
    return picture_of(
        "#d98f7d",
        part(oval(0, 0.5, 0.5, 0.5)),
        part(oval(0, 0.5, 0.36, 0.36), "#fbf5e6", 0.7),
        line((0.5, 1.0), (0.2, 0.6), wide=1.0),
    )


KINDS: Final[dict[str, Callable[[], Picture]]] = {
    "stand": stand,
    "floodlight": floodlight,
    "scoreboard": scoreboard,
    "high_scoreboard": high_scoreboard,
    "goal": goal,
    "hoop": hoop,
    "hurdle": hurdle,
    "corner_flag": corner_flag,
    "arch_wall": arch_wall,
    "speaker": speaker,
    "truss": truss,
    "bunting": bunting,
    "balloons": balloons,
    "disco_ball": disco_ball,
    "flower_arch": flower_arch,
    "church": church,
    "stall": stall,
    "tent": tent,
    "ferris_wheel": ferris_wheel,
    "lantern": lantern,
    "crowd": crowd,
    "cheering": cheering,
    "placards": placards,
    "drum": drum,
}
