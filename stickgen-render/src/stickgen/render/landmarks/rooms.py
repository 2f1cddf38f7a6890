"""Walls and what stands or hangs in rooms."""

from __future__ import annotations

from collections.abc import Callable
from math import cos, pi, sin
from typing import Final

from stickgen.render.landmarks.plants import fern
from stickgen.render.landmarks.shapes import (
    DARK,
    GLASS,
    GOLD,
    RED,
    STEEL,
    WOOD,
    disc,
    line,
    post,
)
from stickgen.render.outlines import BODY, Part, Picture, box, oval, part, picture_of


def window() -> Picture:
    return picture_of(
        "#cfe4ee",
        part(box(-0.8, 0.0, 0.8, 1.5)),
        line((0, 0), (0, 1.5), wide=0.8),
        line((-0.8, 0.75), (0.8, 0.75), wide=0.8),
        part(box(-0.9, -0.12, 0.9, 0.0), "#efe4d2", 0.7),
    )


def blinds() -> Picture:
    slats = [line((-0.95, y), (0.95, y), wide=0.5) for y in (0.25 * k for k in range(1, 7))]
    return picture_of("#d7e8ef", part(box(-1.0, 0.0, 1.0, 1.75)), *slats)


def porthole() -> Picture:
    stars = [disc(x, y, 0.035, "#f4f1e4", 0.0) for x, y in ((-0.3, 0.9), (0.2, 0.65), (0.1, 1.15))]
    return picture_of(
        "#10142a",
        part(oval(0, 0.85, 0.85, 0.85), "#8d96a6", 0.9),
        part(oval(0, 0.85, 0.66, 0.66), BODY, 0.7),
        *stars,
    )


def earth_window() -> Picture:
    globe = [*oval(0.0, -0.55, 1.5, 1.5, 20, 160)]
    stars = [disc(x, y, 0.035, "#f4f1e4", 0.0) for x, y in ((-1.2, 1.25), (-0.5, 1.35), (1.0, 1.2))]
    return picture_of(
        "#0c1022",
        part(box(-1.75, -0.14, 1.75, 1.7, 0.3), "#8d96a6", 0.9),
        part(box(-1.6, 0.0, 1.6, 1.55, 0.25)),
        part(globe, "#6fa8d6", 0.6),
        *stars,
    )


def console() -> Picture:
    lights = [
        part(box(x, y, x + 0.16, y + 0.1), t, 0.3)
        for x, y, t in (
            (-0.8, 0.75, "#7fd0a8"),
            (-0.5, 0.75, GOLD),
            (-0.2, 0.75, "#e37d6e"),
            (0.45, 0.75, "#7fb8e0"),
        )
    ]
    return picture_of(
        "#7c8696",
        part([(-1.0, 0.0), (-1.1, 0.65), (-0.95, 0.95), (0.95, 0.95), (1.1, 0.65), (1.0, 0.0)]),
        part(box(-0.7, 1.0, 0.7, 1.65, 0.06), "#5d7fa8", 0.7),
        *lights,
    )


def panel() -> Picture:
    return picture_of(
        "#5b6472",
        part(box(-0.8, 0.0, 0.8, 3.6, 0.1), BODY, 0.7),
        line((-0.8, 1.2), (0.8, 1.2), wide=0.5),
        line((-0.8, 2.6), (0.8, 2.6), wide=0.5),
        *(disc(x, 0.6, 0.07, "#8fd0e0", 0.3) for x in (-0.4, 0.0, 0.4)),
    )


def painting() -> Picture:
    land = [(-0.6, 0.15), (-0.2, 0.6), (0.1, 0.35), (0.4, 0.7), (0.6, 0.15)]
    return picture_of(
        "#f3ead6",
        part(box(-0.8, 0.0, 0.8, 1.15), "#c9a254", 0.8),
        part(box(-0.65, 0.13, 0.65, 1.02), BODY, 0.5),
        part(land, "#9db98e", 0.4),
        disc(0.3, 0.85, 0.1, RED, 0.3),
    )


def portrait() -> Picture:
    return picture_of(
        "#e9dcc4",
        part(box(-0.5, 0.0, 0.5, 1.3), "#c9a254", 0.8),
        part(box(-0.38, 0.12, 0.38, 1.18), BODY, 0.5),
        part([(-0.3, 0.12), (-0.22, 0.5), (0.22, 0.5), (0.3, 0.12)], "#7a6c9a", 0.4),
        disc(0, 0.72, 0.19, "#f0cfae", 0.5),
    )


def statue() -> Picture:
    body = [(-0.28, 0.9), (-0.32, 1.6), (-0.1, 1.75), (0.1, 1.75), (0.32, 1.6), (0.26, 0.9)]
    return picture_of(
        "#dcd7cd",
        part(box(-0.5, 0.0, 0.5, 0.85), "#c9c2b4", 0.8),
        part(box(-0.6, 0.78, 0.6, 0.92), BODY, 0.7),
        part(body),
        disc(0, 1.98, 0.2, BODY, 0.8),
    )


def column() -> Picture:
    flutes = [line((x, 0.35), (x, 3.2), wide=0.4) for x in (-0.12, 0.0, 0.12)]
    return picture_of(
        "#e4dccb",
        part(box(-0.26, 0.25, 0.26, 3.25), BODY, 0.8),
        *flutes,
        part(box(-0.42, 0.0, 0.42, 0.25), BODY, 0.8),
        part(box(-0.45, 3.25, 0.45, 3.55), BODY, 0.8),
    )


def rope() -> Picture:
    posts = [post(x, 0.0, 0.85, 0.07, "#c9a254") for x in (-0.9, 0.9)]
    sag = oval(0.0, 0.85, 0.9, 0.3, 180, 360)
    return picture_of(
        RED,
        *posts,
        line(*sag, wide=1.3),
        *(disc(x, 0.9, 0.07, "#c9a254", 0.4) for x in (-0.9, 0.9)),
    )


def bookshelf() -> Picture:
    books: list[Part] = []
    tints = ("#c98b7d", "#8fae94", "#8aa5c4", "#d9b978", "#a893b8", "#b9a58a")
    for shelf in range(4):
        y = 0.12 + 0.72 * shelf
        x = -0.95
        k = shelf
        while x < 0.85:
            wide = 0.12 + 0.05 * ((k * 7) % 3)
            tall = 0.44 + 0.06 * ((k * 5) % 3)
            books.append(part(box(x, y, x + wide, y + tall), tints[k % 6], 0.4))
            x += wide + 0.02
            k += 1
    shelves = [
        part(box(-1.05, 0.04 + 0.72 * s, 1.05, 0.12 + 0.72 * s), "#8d6a4a", 0.5) for s in range(5)
    ]
    return picture_of("#b08c66", part(box(-1.1, 0.0, 1.1, 3.0)), *books, *shelves)


def blackboard() -> Picture:
    chalk = [
        line((-1.2, 1.1), (-0.2, 1.1), wide=0.6),
        line((-1.2, 0.8), (0.1, 0.8), wide=0.6),
        part(oval(0.9, 0.75, 0.35, 0.35), "", 0.6),
    ]
    return picture_of(
        "#7f9d8c",
        part(box(-1.75, 0.0, 1.75, 1.5), "#a9805a", 0.9),
        part(box(-1.62, 0.1, 1.62, 1.4), BODY, 0.6),
        *chalk,
    )


def desk() -> Picture:
    return picture_of(
        WOOD,
        post(-0.6, 0, 0.7, 0.09, "#8d6a4a"),
        post(0.6, 0, 0.7, 0.09, "#8d6a4a"),
        part(box(-0.75, 0.68, 0.75, 0.8), BODY, 0.8),
        part(box(-0.3, 0.86, 0.3, 1.28, 0.03), GLASS, 0.7),
        part(box(-0.05, 0.8, 0.05, 0.87), DARK, 0.4),
    )


def school_desk() -> Picture:
    return picture_of(
        WOOD,
        line((-0.4, 0.0), (-0.35, 0.6), wide=1.0),
        line((0.4, 0.0), (0.35, 0.6), wide=1.0),
        part([(-0.55, 0.6), (-0.5, 0.74), (0.5, 0.74), (0.55, 0.6)]),
        part(box(-0.2, 0.74, 0.1, 0.8), "#c98b7d", 0.4),
    )


def clock() -> Picture:
    return picture_of(
        "#fbf6ea",
        part(oval(0, 0.4, 0.4, 0.4)),
        line((0, 0.4), (0, 0.68)),
        line((0, 0.4), (0.2, 0.34)),
    )


def plant() -> Picture:
    leaves = fern().parts
    grown = [
        p._replace(points=tuple((0.5 * x, 0.5 + 0.75 * y) for x, y in p.points)) for p in leaves
    ]
    return picture_of(
        "#93bd83",
        *grown,
        part([(-0.24, 0.55), (-0.17, 0.0), (0.17, 0.0), (0.24, 0.55)], "#c98b6e", 0.8),
    )


def pendant() -> Picture:
    return picture_of(
        "#e9c479",
        line((0, 0), (0, -1.1), wide=0.7),
        part([(-0.08, -1.0), (-0.4, -1.4), (0.4, -1.4), (0.08, -1.0)]),
        part(oval(0, -1.42, 0.12, 0.08), "#fff3c8", 0.4),
    )


def set_table() -> Picture:
    cloth = [
        (-0.8, 0.8),
        (-0.9, 0.25),
        (-0.5, 0.32),
        (0.0, 0.24),
        (0.5, 0.32),
        (0.9, 0.25),
        (0.8, 0.8),
    ]
    return picture_of(
        "#f7f1e6",
        post(0, 0, 0.5, 0.12, WOOD),
        part(cloth),
        part(oval(0, 0.8, 0.8, 0.07), BODY, 0.7),
        part([(-0.04, 0.84), (-0.12, 1.1), (0.12, 1.1), (0.04, 0.84)], "#c9dfe8", 0.5),
        line((0, 1.1), (0.03, 1.3)),
        disc(0.03, 1.34, 0.08, RED, 0.4),
    )


def curtain() -> Picture:
    folds = [line((x, 0.0), (0.9 * x, 4.2), wide=0.6) for x in (-0.55, -0.2, 0.15, 0.5)]
    return picture_of("#a23b3f", part([(-0.95, 0.0), (-0.8, 4.3), (0.8, 4.3), (0.85, 0.0)]), *folds)


def valance() -> Picture:
    scallops = [
        part(oval(x, 0.0, 0.5, 0.42, 180, 360), BODY, 0.7) for x in (-4 + k for k in range(9))
    ]
    return picture_of("#8e2f35", part(box(-4.6, 0.0, 4.6, 0.7)), *scallops)


def spotlight() -> Picture:
    return picture_of(
        "#fff2b8",
        part([(-0.12, 0.0), (0.12, 0.0), (1.5, -4.6), (-0.1, -4.6)], "#4a4660", 0.0),
        part([(-0.22, 0.25), (-0.16, -0.1), (0.2, -0.1), (0.22, 0.25)], "#8a8892", 0.7),
    )


def hospital_bed() -> Picture:
    return picture_of(
        "#eef2f3",
        line((-1.1, 0.0), (-1.1, 1.1), wide=1.2),
        line((1.1, 0.0), (1.1, 0.8), wide=1.2),
        part(box(-1.1, 0.45, 1.1, 0.68, 0.05)),
        part(oval(-0.75, 0.76, 0.28, 0.12), "#ffffff", 0.7),
        part(box(-0.4, 0.6, 1.1, 0.78, 0.05), "#a9cfd6", 0.7),
    )


def drip() -> Picture:
    return picture_of(
        "#dff0f4",
        line((0, 0), (0, 2.1), wide=1.0),
        line((-0.3, 2.1), (0.3, 2.1)),
        line((-0.3, 0), (0.3, 0), wide=1.0),
        part(box(-0.34, 1.5, -0.1, 2.05, 0.06), BODY, 0.7),
    )


def red_cross() -> Picture:
    cross = [
        (-0.15, 0.1),
        (0.15, 0.1),
        (0.15, 0.4),
        (0.45, 0.4),
        (0.45, 0.7),
        (0.15, 0.7),
        (0.15, 1.0),
        (-0.15, 1.0),
        (-0.15, 0.7),
        (-0.45, 0.7),
        (-0.45, 0.4),
        (-0.15, 0.4),
    ]
    return picture_of(
        "#d8594c", part(box(-0.62, -0.06, 0.62, 1.16, 0.1), "#ffffff", 0.8), part(cross, BODY, 0.5)
    )


def wall_bars() -> Picture:
    rungs = [line((-0.65, y), (0.65, y), wide=1.0) for y in (0.3 + 0.35 * k for k in range(8))]
    return picture_of("#caa06c", *(post(x, 0, 3.0, 0.12, BODY) for x in (-0.7, 0.7)), *rungs)


def punching_bag() -> Picture:
    return picture_of(
        "#c25a4c",
        line((0, 0), (0, -0.9), wide=0.9),
        part(box(-0.28, -2.35, 0.28, -0.9, 0.14)),
        part(box(-0.28, -1.4, 0.28, -1.25), "#e8d9c0", 0.4),
    )


def dumbbells() -> Picture:
    rack = [post(x, 0, 1.0, 0.1, DARK) for x in (-0.9, 0.9)]
    shelves = [part(box(-1.0, y, 1.0, y + 0.07), STEEL, 0.6) for y in (0.35, 0.9)]
    bells = [
        disc(x, y, 0.12, DARK, 0.4)
        for y in (0.54, 1.09)
        for x in (-0.7, -0.45, -0.1, 0.15, 0.5, 0.75)
    ]
    return picture_of(STEEL, *rack, *shelves, *bells)


def gear() -> Picture:
    teeth = [
        (r * sin(k * pi / 10), 0.9 + r * cos(k * pi / 10))
        for k in range(20)
        for r in ((0.9 if k % 4 < 2 else 0.68),)
    ]
    return picture_of("#b9b3aa", part(teeth), part(oval(0, 0.9, 0.26, 0.26), "#e6e0d6", 0.7))


def pipes() -> Picture:
    tubes = [
        part(box(-2.2, y, 2.2, y + 0.22), t, 0.7) for y, t in ((0.0, "#b8b0a4"), (0.35, "#c99a7a"))
    ]
    bands = [part(box(x, -0.04, x + 0.14, 0.61), "#9a938a", 0.5) for x in (-1.6, -0.2, 1.2)]
    return picture_of("#b8b0a4", *tubes, *bands, part(box(0.5, -2.6, 0.72, 0.0), "#b8b0a4", 0.7))


def tank() -> Picture:
    return picture_of(
        "#c3beb4",
        *(post(x, 0, 0.5, 0.1, DARK) for x in (-0.5, 0.5)),
        part(box(-0.75, 0.4, 0.75, 2.4, 0.3)),
        line((-0.75, 1.0), (0.75, 1.0), wide=0.6),
        line((-0.75, 1.8), (0.75, 1.8), wide=0.6),
        disc(0.3, 1.4, 0.17, "#fbf6ea", 0.6),
    )


def factory() -> Picture:
    roof = [(-1.8, 1.2), (-1.8, 1.8), (-0.6, 1.2), (-0.6, 1.8), (0.6, 1.2), (0.6, 1.8), (1.8, 1.2)]
    return picture_of(
        "#c8b9a8",
        part(box(1.0, 0, 1.45, 3.0), "#b9917c", 0.8),
        part([(-1.8, 0.0), *roof, (1.8, 0.0)]),
    )


def pallet_rack() -> Picture:
    boxes = [
        part(box(x, y, x + 0.62, y + 0.55), t, 0.5)
        for y, row in ((0.12, 0), (1.12, 1), (2.12, 2))
        for x, t in ((-1.05, "#d0a56f"), (-0.3 + 0.1 * row, "#c49660"), (0.45, "#dcb583"))
        if (row, t) != (1, "#c49660")
    ]
    posts = [post(x, 0, 3.1, 0.1, "#7d93ad") for x in (-1.2, 0.0, 1.2)]
    beams = [part(box(-1.2, y, 1.2, y + 0.1), "#d98e58", 0.5) for y in (0.02, 1.02, 2.02, 3.0)]
    return picture_of("#7d93ad", *boxes, *posts, *beams)


def roller_door() -> Picture:
    return picture_of(
        "#c6cad0",
        part(box(-1.4, 0.0, 1.4, 2.7)),
        *(line((-1.4, y), (1.4, y), wide=0.5) for y in (0.3 * k for k in range(1, 9))),
    )


def escalator() -> Picture:
    ramp = [(-1.6, 0.0), (-1.1, 0.0), (1.4, 2.0), (2.0, 2.0), (2.0, 1.7), (1.5, 1.7), (-0.6, 0.0)]
    rail = line((-1.5, 0.55), (-1.1, 0.55), (1.35, 2.5), (2.0, 2.5), wide=1.3)
    steps = [
        line((-0.9 + 0.32 * k, 0.1 + 0.26 * k), (-0.6 + 0.32 * k, 0.1 + 0.26 * k), wide=0.5)
        for k in range(7)
    ]
    return picture_of("#b9c0c8", part(ramp), *steps, rail)


def menu() -> Picture:
    return picture_of(
        "#5f6b62",
        part(box(-0.5, 0.0, 0.5, 1.2), "#a9805a", 0.8),
        part(box(-0.42, 0.08, 0.42, 1.12), BODY, 0.4),
        *(line((-0.28, y), (0.28, y), wide=0.5) for y in (0.35, 0.55, 0.75, 0.95)),
    )


KINDS: Final[dict[str, Callable[[], Picture]]] = {
    "window": window,
    "blinds": blinds,
    "porthole": porthole,
    "earth_window": earth_window,
    "console": console,
    "panel": panel,
    "painting": painting,
    "portrait": portrait,
    "statue": statue,
    "column": column,
    "rope": rope,
    "bookshelf": bookshelf,
    "blackboard": blackboard,
    "desk": desk,
    "school_desk": school_desk,
    "clock": clock,
    "plant": plant,
    "pendant": pendant,
    "set_table": set_table,
    "curtain": curtain,
    "valance": valance,
    "spotlight": spotlight,
    "hospital_bed": hospital_bed,
    "drip": drip,
    "red_cross": red_cross,
    "wall_bars": wall_bars,
    "punching_bag": punching_bag,
    "dumbbells": dumbbells,
    "gear": gear,
    "pipes": pipes,
    "tank": tank,
    "factory": factory,
    "pallet_rack": pallet_rack,
    "roller_door": roller_door,
    "escalator": escalator,
    "menu": menu,
}
