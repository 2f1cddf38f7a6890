"""Trees, flowers and what else grows, on land and under water."""

from __future__ import annotations

from collections.abc import Callable
from math import cos, pi, sin
from typing import Final

from stickgen.render.display import Point
from stickgen.render.landmarks.shapes import (
    DARK,
    GOLD,
    WOOD,
    disc,
    line,
    post,
    turned,
)
from stickgen.render.outlines import BODY, Part, Picture, box, oval, part, picture_of


def pine() -> Picture:
    tiers = [
        part([(-w, y), (w, y), (0.0, y + h)], BODY, 0.8)
        for w, y, h in ((0.95, 0.55, 1.35), (0.75, 1.25, 1.25), (0.52, 1.95, 1.15))
    ]
    return picture_of("#8fb08a", post(0, 0, 0.6, 0.22, WOOD), *tiers)


def snowy_pine() -> Picture:
    caps = [
        part([(-w, y), (-w * 0.2, y - 0.12), (w * 0.35, y - 0.02), (w, y), (0.0, y + h)], tint, 0.7)
        for w, y, h, tint in (
            (0.95, 0.55, 1.3, "#8aa79a"),
            (0.62, 1.0, 0.85, "#f4f8fb"),
            (0.72, 1.3, 1.2, "#8aa79a"),
            (0.46, 1.9, 0.75, "#f4f8fb"),
        )
    ]
    return picture_of("#8aa79a", post(0, 0, 0.6, 0.22, WOOD), *caps)


def round_tree() -> Picture:
    crown = [
        part(oval(x, y, r, r * 0.94), BODY, 0.0)
        for x, y, r in ((-0.55, 1.75, 0.62), (0.55, 1.7, 0.66), (0.0, 2.3, 0.72))
    ]
    rim: list[Point] = [
        *oval(0.55, 1.7, 0.66, 0.62, -100, 60),
        *oval(0.0, 2.3, 0.72, 0.68, 10, 170),
        *oval(-0.55, 1.75, 0.62, 0.58, 120, 280),
    ]
    return picture_of("#b7c995", post(0, 0, 1.4, 0.2, "#b9a784"), *crown, part(rim, BODY, 0.8))


def trunk() -> Picture:
    """A trunk so tall that its crown is above every picture, a stump of a branch on it."""
    body = [
        (-0.36, 0.0), (-0.21, 0.45), (-0.17, 2.0), (-0.15, 9.5),
        (0.15, 9.5), (0.17, 2.0), (0.20, 0.5), (0.26, 0.2), (0.40, 0.0),
    ]  # fmt: skip
    bark = [
        line((x, y), (x + 0.02, y + 0.7), wide=0.5)
        for x, y in ((-0.06, 0.9), (0.07, 2.2), (-0.05, 3.6))
    ]
    stump = part([(0.15, 3.05), (0.42, 3.32), (0.46, 3.26), (0.16, 2.88)], BODY, 0.6)
    return picture_of("#b59a78", stump, part(body, BODY, 0.8), *bark)


def bare_tree() -> Picture:
    body = [(-0.22, 0.0), (-0.1, 0.9), (-0.07, 2.0), (0.05, 2.0), (0.12, 0.9), (0.25, 0.0)]
    twigs = [
        line((0.0, 1.1), (-0.55, 1.65), (-0.75, 2.2), wide=1.3),
        line((0.0, 1.4), (0.6, 2.0), (0.95, 2.15), wide=1.3),
        line((-0.02, 1.9), (-0.2, 2.5), (-0.12, 2.9), wide=1.1),
        line((0.02, 1.9), (0.35, 2.55), wide=1.0),
        line((-0.5, 1.6), (-0.95, 1.75), wide=0.8),
    ]
    return picture_of("#8d7f70", part(body, BODY, 0.8), *twigs)


def twisted_tree() -> Picture:
    body = [
        (-0.4, 0.0),
        (-0.18, 0.5),
        (-0.32, 1.1),
        (-0.05, 1.8),
        (-0.1, 2.3),
        (0.18, 2.3),
        (0.22, 1.7),
        (0.02, 1.1),
        (0.2, 0.5),
        (0.5, 0.0),
    ]
    crown = [disc(x, y, r, "#8fb4a8", 0.7) for x, y, r in ((-0.5, 2.5, 0.5), (0.6, 2.45, 0.52))]
    eye = part(oval(0.0, 1.35, 0.09, 0.14), "#f5dc8c", 0.5)
    return picture_of("#9a86a8", *crown, disc(0.05, 2.9, 0.6, "#8fb4a8", 0.7), part(body), eye)


def bent_tree() -> Picture:
    body = [(-0.14, 0.0), (0.0, 0.8), (0.5, 1.7), (0.62, 1.62), (0.18, 0.75), (0.16, 0.0)]
    crown = [
        *oval(0.9, 1.9, 0.75, 0.36, 100, 320),
        (2.1, 1.78),
        (1.5, 1.9),
        (2.0, 2.16),
        *oval(1.0, 2.05, 0.5, 0.3, 20, 120),
    ]
    return picture_of("#a9c48d", part(body, WOOD, 0.8), part(crown))


def palm() -> Picture:
    trunk = [(-0.16, 0.0), (-0.02, 1.2), (0.3, 2.5), (0.45, 2.46), (0.16, 1.15), (0.14, 0.0)]
    leaves = []
    for angle, size in ((-0.5, 1.15), (0.35, 1.2), (1.2, 0.95), (2.0, 1.1), (2.9, 1.2), (3.7, 0.9)):
        blade = [(0.0, 0.0), (0.35, 0.17), (0.8, 0.08), (1.0, -0.2), (0.7, -0.04), (0.3, -0.02)]
        flip = -1.0 if pi / 2 < angle < 1.5 * pi else 1.0
        blade = [(x * size, y * size * flip) for x, y in blade]
        leaves.append(part(turned(blade, angle, 0.38, 2.5), BODY, 0.6))
    return picture_of("#9fc381", part(trunk, "#c2a277", 0.8), *leaves)


def fern() -> Picture:
    leaves = []
    for lean, tall in ((-1.0, 0.7), (-0.5, 1.05), (0.0, 1.25), (0.55, 1.0), (1.05, 0.65)):
        leaves.append(
            part(
                [
                    (-0.07, 0.0),
                    (lean * 0.5 - 0.14, tall * 0.6),
                    (lean, tall),
                    (lean * 0.5 + 0.12, tall * 0.5),
                    (0.07, 0.0),
                ],
                BODY,
                0.6,
            )
        )
    return picture_of("#93bd83", *leaves)


def vines() -> Picture:
    """Hang it with the base in the sky: it reaches downward."""
    strands = []
    for x, n in ((-0.7, 5), (-0.2, 7), (0.35, 4), (0.8, 6)):
        strands.append(line(*((x + 0.06 * (-1) ** i, -0.32 * i) for i in range(n + 1)), wide=0.8))
        strands += [
            part(oval(x + 0.12 * (-1) ** i, -0.32 * i, 0.13, 0.07), BODY, 0.5)
            for i in range(1, n + 1)
        ]
    return picture_of("#8fb87c", *strands)


def cactus() -> Picture:
    stem = box(-0.2, 0.0, 0.2, 2.2, 0.2)
    arms = [
        [
            (-0.2, 0.75),
            (-0.7, 0.75),
            (-0.7, 1.5),
            *oval(-0.57, 1.5, 0.13, 0.14, 180, 0)[1:],
            (-0.44, 1.0),
            (-0.2, 1.0),
        ],
        [
            (0.2, 1.05),
            (0.66, 1.05),
            (0.66, 1.75),
            *oval(0.53, 1.75, 0.13, 0.14, 0, 180)[1:],
            (0.4, 1.3),
            (0.2, 1.3),
        ],
    ]
    ribs = [line((x, 0.15), (x, 2.0), wide=0.5) for x in (-0.07, 0.08)]
    return picture_of("#a3c08c", *(part(arm, BODY, 0.8) for arm in arms), part(stem), *ribs)


def reeds() -> Picture:
    parts: list[Part] = []
    for x, lean, tall in (
        (-0.3, -0.1, 1.0),
        (-0.1, 0.04, 1.4),
        (0.12, -0.03, 1.2),
        (0.3, 0.1, 0.9),
    ):
        parts.append(line((x, 0.0), (x + lean, tall), wide=0.7))
        parts.append(part(oval(x + lean, tall, 0.06, 0.2), "#a4805c", 0.5))
    return picture_of("#a9b77f", *parts)


def flower() -> Picture:
    petals = [
        disc(0.11 * cos(k * 2 * pi / 5), 0.48 + 0.11 * sin(k * 2 * pi / 5), 0.09, BODY, 0.4)
        for k in range(5)
    ]
    return picture_of("#e59aa8", line((0, 0), (0, 0.42)), *petals, disc(0, 0.48, 0.07, GOLD, 0.3))


def mushroom() -> Picture:
    cap = [*oval(0.0, 0.72, 0.62, 0.52, 0, 180), (-0.3, 0.64), (0.3, 0.64)]
    dots = [disc(x, y, r, "#fff6e2", 0.4) for x, y, r in ((-0.28, 0.9, 0.09), (0.12, 1.02, 0.1))]
    stem = [(-0.17, 0.0), (-0.12, 0.7), (0.12, 0.7), (0.17, 0.0)]
    return picture_of("#d88a86", part(stem, "#efe4cc", 0.8), part(cap), *dots)


def kelp() -> Picture:
    parts = []
    for x, tall in ((-0.3, 2.2), (0.05, 3.0), (0.38, 1.8)):
        n = 9
        side = [(x + 0.14 * sin(2.4 * i + 6 * x), tall * i / n) for i in range(n + 1)]
        edge = [(px + 0.16 * (1 - i / n), py) for i, (px, py) in enumerate(side)]
        parts.append(part([*side, *reversed(edge)], BODY, 0.6))
    return picture_of("#6fae92", *parts)


def coral() -> Picture:
    branches = [
        part(
            [
                (-0.08, 0.0),
                (x - 0.09, y),
                *oval(x, y, 0.09, 0.1, 180, 0)[1:-1],
                (x + 0.09, y),
                (0.1, 0.0),
            ],
            BODY,
            0.6,
        )
        for x, y in ((-0.55, 0.75), (-0.2, 1.1), (0.2, 0.95), (0.55, 0.6))
    ]
    return picture_of("#e59a8d", *branches)


def fish() -> Picture:
    body = [*oval(0.0, 0.25, 0.42, 0.22, -155, 155), (-0.7, 0.5), (-0.6, 0.25), (-0.7, 0.0)]
    return picture_of("#f2b45f", part(body), disc(0.22, 0.3, 0.04, DARK, 0.3))


KINDS: Final[dict[str, Callable[[], Picture]]] = {
    "pine": pine,
    "snowy_pine": snowy_pine,
    "round_tree": round_tree,
    "trunk": trunk,
    "bare_tree": bare_tree,
    "twisted_tree": twisted_tree,
    "bent_tree": bent_tree,
    "palm": palm,
    "fern": fern,
    "vines": vines,
    "cactus": cactus,
    "reeds": reeds,
    "flower": flower,
    "mushroom": mushroom,
    "kelp": kelp,
    "coral": coral,
    "fish": fish,
}
