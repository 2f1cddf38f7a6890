"""Houses and what stands in streets and castles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

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


def tower() -> Picture:
    windows = [
        part(box(x - 0.17, y, x + 0.17, y + 0.3), "#f4e2b0" if (i + j) % 3 else GLASS, 0.4)
        for j, y in enumerate(0.5 + 0.62 * k for k in range(8))
        for i, x in enumerate((-0.55, 0.0, 0.55))
    ]
    return picture_of("#c4c7d2", part(box(-0.95, 0.0, 0.95, 5.6)), *windows)


def shop() -> Picture:
    stripes = [
        part(
            [(x, 1.75), (x + 0.36, 1.75), (x + 0.4, 1.35), (x - 0.02, 1.35)],
            "#e2806f" if i % 2 else "#faf3e4",
            0.5,
        )
        for i, x in enumerate(-1.44 + 0.36 * k for k in range(8))
    ]
    return picture_of(
        "#e6d8bd",
        part(box(-1.5, 0.0, 1.5, 2.9)),
        part(box(-1.3, 0.15, 0.35, 1.35), GLASS, 0.7),
        part(box(0.6, 0.0, 1.25, 1.35), WOOD, 0.7),
        part(box(-1.1, 2.05, 1.1, 2.55), "#f7efdd", 0.7),
        *stripes,
    )


def lamp() -> Picture:
    return picture_of(
        DARK,
        post(0, 0, 2.6, 0.09, BODY),
        part(box(-0.14, 0.0, 0.14, 0.14), BODY, 0.6),
        part([(-0.2, 2.6), (-0.28, 3.05), (0.28, 3.05), (0.2, 2.6)], "#f9e3a0", 0.7),
        part([(-0.34, 3.05), (0.0, 3.3), (0.34, 3.05)], BODY, 0.6),
    )


def traffic_light() -> Picture:
    lights = [
        disc(0, y, 0.1, t, 0.4) for y, t in ((2.75, "#d8503f"), (2.45, GOLD), (2.15, "#7fb36a"))
    ]
    return picture_of(
        DARK, post(0, 0, 2.0, 0.1, BODY), part(box(-0.2, 1.95, 0.2, 2.95, 0.06)), *lights
    )


def car() -> Picture:
    body = [
        (-1.5, 0.25),
        (-1.5, 0.7),
        (-0.95, 0.8),
        (-0.6, 1.25),
        (0.5, 1.25),
        (0.95, 0.8),
        (1.5, 0.68),
        (1.55, 0.25),
    ]
    glass = [(-0.75, 0.82), (-0.5, 1.13), (0.4, 1.13), (0.72, 0.82)]
    wheels = [disc(x, 0.25, 0.27, DARK, 0.7) for x in (-0.9, 0.95)]
    return picture_of("#d98f7d", part(body), part(glass, GLASS, 0.6), *wheels)


def water_tower() -> Picture:
    legs_ = [line((x, 0.0), (x * 0.8, 1.4), wide=1.2) for x in (-0.7, -0.25, 0.25, 0.7)]
    return picture_of(
        WOOD,
        *legs_,
        line((-0.65, 0.4), (0.6, 1.2), wide=0.7),
        part(box(-0.75, 1.4, 0.75, 2.7)),
        part([(-0.85, 2.7), (0.0, 3.35), (0.85, 2.7)], "#b5837a", 0.8),
    )


def antenna() -> Picture:
    return picture_of(
        STEEL,
        line((0, 0), (0, 2.4), wide=1.2),
        line((-0.5, 2.1), (0.5, 2.1)),
        line((-0.35, 1.75), (0.35, 1.75)),
        part(box(-0.6, 0, 0.6, 0.6), BODY, 0.8),
        disc(-0.3, 0.3, 0.18, "#8e959f", 0.5),
    )


def brick_wall() -> Picture:
    courses: list[Part] = []
    for row in range(9):
        y = 0.45 * row
        courses.append(line((-2.4, y), (2.4, y), wide=0.5))
        shift = 0.35 * (row % 2)
        courses += [
            line((-2.2 + 0.7 * i + shift, y), (-2.2 + 0.7 * i + shift, y + 0.45), wide=0.4)
            for i in range(6)
        ]
    return picture_of("#d9b9a4", part(box(-2.4, 0.0, 2.4, 4.05)), *courses)


def dark_wall() -> Picture:
    return Picture("#33323c", brick_wall().parts, 2.4, 4.05)


def dumpster() -> Picture:
    return picture_of(
        "#8fae94",
        part([(-0.9, 0.1), (-1.0, 1.0), (1.0, 1.0), (0.9, 0.1)]),
        part([(-1.08, 1.0), (-0.95, 1.2), (0.95, 1.2), (1.08, 1.0)], "#7d9a82", 0.8),
        *(line((x, 0.15), (x, 0.95), wide=0.6) for x in (-0.45, 0.0, 0.45)),
        *(disc(x, 0.07, 0.09, DARK, 0.4) for x in (-0.65, 0.65)),
    )


def fire_escape() -> Picture:
    parts: list[Part] = []
    for y in (1.6, 2.9):
        parts.append(part(box(-0.85, y, 0.85, y + 0.08), BODY, 0.6))
        parts += [line((x, y), (x, y + 0.5), wide=0.6) for x in (-0.85, -0.4, 0.0, 0.4, 0.85)]
        parts.append(line((-0.85, y + 0.5), (0.85, y + 0.5), wide=0.8))
    parts += [
        line((-0.6, 1.6), (0.5, 2.9), wide=1.0),
        line((0.5, 0.3), (0.5, 1.6)),
        line((0.75, 0.3), (0.75, 1.6)),
    ]
    return picture_of(DARK, *parts)


def train() -> Picture:
    windows = [
        part(box(x, 1.2, x + 0.75, 1.85, 0.08), GLASS, 0.6) for x in (-2.6, -1.5, 0.75, 1.85)
    ]
    doors = [part(box(x, 0.3, x + 0.42, 2.0), "#d8dbe2", 0.6) for x in (-0.45, 0.02)]
    return picture_of(
        "#d3d8e0",
        part(box(-2.9, 0.2, 2.9, 2.4, 0.25)),
        part(box(-2.9, 0.75, 2.9, 0.98), "#d2715f", 0.4),
        *windows,
        *doors,
    )


def sign() -> Picture:
    return picture_of(
        "#7fa3c7",
        post(0, 0, 2.0, 0.08, DARK),
        disc(0, 2.3, 0.42, BODY, 0.9),
        part(box(-0.55, 2.2, 0.55, 2.42), "#f4f1ea", 0.5),
    )


def parapet() -> Picture:
    return picture_of(
        "#cdbfae", part(box(-3.0, 0.0, 3.0, 0.75)), part(box(-3.0, 0.75, 3.0, 0.92), "#bfae9b", 0.7)
    )


def castle() -> Picture:
    def turret(x: float, w: float, h: float) -> list[Part]:
        teeth = [
            part(box(x - w + 2 * w * i / 5, h, x - w + 2 * w * (i + 1) / 5, h + 0.25), BODY, 0.6)
            for i in (0, 2, 4)
        ]
        return [
            part(box(x - w, 0.0, x + w, h)),
            *teeth,
            part(box(x - 0.09, h * 0.6, x + 0.09, h * 0.78), "#8a7d70", 0.5),
        ]

    flag = [line((0.0, 3.35), (0.0, 4.2)), part([(0.0, 4.2), (0.75, 4.0), (0.0, 3.8)], RED, 0.6)]
    gate = [(-0.4, 0.0), (-0.4, 0.8), *oval(0, 0.8, 0.4, 0.4, 180, 0)[1:-1], (0.4, 0.8), (0.4, 0.0)]
    return picture_of(
        "#cfc6b8",
        part(box(-2.4, 0.0, 2.4, 1.6)),
        *turret(-2.4, 0.55, 2.6),
        *turret(2.4, 0.55, 2.6),
        *turret(0.0, 0.9, 3.1),
        *flag,
        part(gate, "#8f7257", 0.8),
    )


def torch() -> Picture:
    flame = [(-0.16, 0.55), (-0.2, 0.8), (0.0, 1.25), (0.18, 0.82), (0.15, 0.55)]
    return picture_of(
        WOOD,
        part([(-0.07, 0.0), (-0.12, 0.55), (0.12, 0.55), (0.07, 0.0)], BODY, 0.7),
        part(flame, "#f7a441", 0.6),
        part(oval(0, 0.75, 0.07, 0.14), "#fff0b0", 0.0),
    )


def cell() -> Picture:
    bars = [line((x, 0.1), (x, 2.0), wide=1.3) for x in (-0.5, -0.17, 0.17, 0.5)]
    return picture_of(
        "#17161c", part(box(-0.75, 0.0, 0.75, 2.2, 0.05)), *bars, line((-0.75, 1.1), (0.75, 1.1))
    )


def chain() -> Picture:
    return picture_of("#8a8892", *(part(oval(0, -0.2 * i, 0.06, 0.12), "", 0.8) for i in range(7)))


KINDS: Final[dict[str, Callable[[], Picture]]] = {
    "tower": tower,
    "shop": shop,
    "lamp": lamp,
    "traffic_light": traffic_light,
    "car": car,
    "water_tower": water_tower,
    "antenna": antenna,
    "brick_wall": brick_wall,
    "dark_wall": dark_wall,
    "dumpster": dumpster,
    "fire_escape": fire_escape,
    "train": train,
    "sign": sign,
    "parapet": parapet,
    "castle": castle,
    "torch": torch,
    "cell": cell,
    "chain": chain,
}
