"""The normal style: warm paper sky, soft hills, bold figures with faces."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import cos, sin
from typing import ClassVar, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stickgen.core.errors import UsageError
from stickgen.core.types import Look
from stickgen.render.backdrops import Backdrop, Layer, backdrop
from stickgen.render.captions import draw_captions
from stickgen.render.display import (
    Colour,
    Fill,
    Glow,
    Knockout,
    Op,
    Path,
    Point,
    PopClip,
    PushClip,
    Shade,
    Snapshot,
    Stops,
    Stroke,
    colour,
    mix,
    rounded,
    trimmed,
)
from stickgen.render.faces import HAIR_YAW, HIDDEN_YAW, draw_face, draw_hair, turned
from stickgen.render.figure import (
    ARMS,
    CORNER,
    HALO,
    HAND,
    HEAD,
    HEAD_OUTLINE,
    HEAD_RADIUS,
    LEGS,
    SPINE_CORNER,
    TORSO,
)
from stickgen.render.flights import flight_line
from stickgen.render.landmarks import landmark
from stickgen.render.landscape import Horizon, Marks, behind, floor_lines, ground_marks, horizon
from stickgen.render.outlines import BODY, Part
from stickgen.render.props import outline_path, picture
from stickgen.render.scenery import (
    beam,
    best_offset,
    columns,
    is_light,
    pieces,
    ridge_line,
    unit,
)
from stickgen.render.shadows import Shadows, cast_shadows
from stickgen.render.shot import Shot
from stickgen.render.strokes import ribbon
from stickgen.render.trails import Trails, seen, trail_line, trails
from stickgen.render.weather import KINDS, Flakes, flakes, lightning

Array = NDArray[np.float64]

PALETTE: Final = (
    "#24242c",
    "#c2301d",
    "#23648f",
    "#2f7a4b",
    "#7b3f98",
    "#a54a14",
    "#0f726c",
    "#b02a66",
)
"""Colours of the actors by index; it starts over after the last."""

LIGHTS: Final = (
    "#f3efe4",
    "#ff8f78",
    "#8fcaf2",
    "#8fdca6",
    "#d8b0f0",
    "#f2b780",
    "#7fdad0",
    "#f7a1c8",
)
"""The same for dark places."""

_ALIEN: Final = 3
"""The place of green in both lists: aliens are green unless told otherwise."""

SKY: Final = backdrop("earth_normal").sky
_SUN: Final = colour("#f8c95f")
_MOON: Final = colour("#eef0e6")
_PLATE: Final = colour("#fffdf8")
_DARK_PLATE: Final = colour("#262531")
_MOUTH: Final = colour("#8e2f2f")
_TONGUE: Final = colour("#e08a80")
_TEETH: Final = colour("#fffdf6")
_PAPER: Final = colour("#fbf5e9")
_FAR: Final = 0.26
"""How far a far limb's colour goes toward the backdrop."""
_LEAST_CONTRAST: Final = 4.5
_SEAM: Final = 0.71
"""How far the edge of an arm that crosses its own body goes toward paper."""
_TRUNK: Final = 0.13
"""How far the trunk goes toward paper, so that an arm before it is darker than it."""
_SHADE: Final = (0.16, 0.12, 0.08)
_OUTLINE: Final = colour("#3a3633")
_DIRT: Final = colour("#cfa877")
_SMALLEST_BROW: Final = 22.0
_SMALLEST_MOUTH: Final = 13.0
_SMALLEST_FACE: Final = 7.0


def _soft(alpha: float) -> Stops:
    r, g, b = _SHADE
    return ((0.0, (r, g, b, alpha)), (0.55, (r, g, b, 0.55 * alpha)), (1.0, (r, g, b, 0.0)))


def _contact(alpha: float) -> Stops:
    r, g, b = _SHADE
    return ((0.0, (r, g, b, alpha)), (1.0, (r, g, b, 0.0)))


_POOLS: Final = tuple(_soft(0.22 * i / 32.0) for i in range(33))
_CONTACTS: Final = tuple(_contact(0.42 * i / 32.0) for i in range(33))


def actor_colour(look: Look, index: int, palette: tuple[str, ...] = PALETTE) -> Colour:
    """Return the colour of an actor; a look with a bad one raises `UsageError`."""
    if look.colour is None:
        place = _ALIEN if look.kind == "alien" and len(palette) == len(PALETTE) else index
        return colour(palette[place % len(palette)])
    try:
        return colour(look.colour)
    except ValueError as error:
        raise UsageError(f"actor {index}: {error}") from None


def luminance(tint: Colour) -> float:
    """Return the relative luminance of *tint* (WCAG 2: sRGB, 0 black to 1 white)."""
    r, g, b = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in tint[:3])
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(a: Colour, b: Colour) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2)."""
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def far_tone(ink: Colour, paper: Colour) -> Colour:
    """Return the colour of a far limb: *ink* toward *paper*, as far as a contrast of 4.5 allows.

    At most `_FAR` of the way, at least a third of that: the sides must tell apart.
    """
    for share in (1.0, 0.8, 0.6, 0.45):
        tone = mix(ink, paper, share * _FAR)
        if contrast(tone, paper) >= _LEAST_CONTRAST:
            return tone
    return mix(ink, paper, 0.34 * _FAR)


def deepened(ink: Colour, place: Backdrop) -> Colour:
    """Return *ink* darkened until it stands off from the sky of *place* and what is before it."""
    sky = [colour(tint) for tint in place.sky[1:]]
    land = [colour(tint) for tint in (place.ground[0], *(layer.tint for layer in place.layers))]
    for share in (0.0, 0.12, 0.24, 0.36, 0.48):
        tone = mix(ink, (0.0, 0.0, 0.0, 1.0), share)
        apart = all(contrast(tone, each) >= _LEAST_CONTRAST for each in sky)
        if apart and all(contrast(tone, each) >= 3.2 for each in land):
            break
    return tone


def lightened(ink: Colour) -> Colour:
    """Return *ink* lightened until it stands off from a dark place."""
    for share in (0.0, 0.2, 0.35, 0.5, 0.65, 0.8):
        tone = mix(ink, (1.0, 0.98, 0.94, 1.0), share)
        if luminance(tone) >= 0.36:
            return tone
    return mix(ink, (1.0, 0.98, 0.94, 1.0), 0.9)


TINTS: Final[dict[str, tuple[Colour, ...]]] = {
    "snow": ((1.0, 1.0, 1.0, 0.88),),
    "bubbles": ((0.72, 0.90, 1.0, 0.60),),
    "ash": ((1.0, 0.55, 0.22, 0.85), (0.62, 0.56, 0.55, 0.70), (0.50, 0.45, 0.45, 0.6)),
    "leaves": (colour("#c9963f", 0.9), colour("#8fae5c", 0.9), colour("#b9693a", 0.9)),
    "wind": (colour("#c9963f", 0.9), colour("#8fae5c", 0.9), colour("#b9693a", 0.9)),
    "sand": (colour("#c79a5c", 0.38),),
    "fog": ((0.93, 0.93, 0.92, 0.34),),
    "petals": (colour("#f2b3c0", 0.9), colour("#fbe3e6", 0.95)),
    "confetti": (
        colour("#e2574c", 0.9),
        colour("#f0b840", 0.9),
        colour("#4f9fd8", 0.9),
        colour("#63b36f", 0.9),
        colour("#b07cd0", 0.9),
    ),
    "fireflies": ((1.0, 0.93, 0.55, 0.95),),
}
"""Colours of what drifts through a picture."""


def draw_flakes(
    out: list[Op], seen: Flakes, shape: str, tints: tuple[Colour, ...], k: float
) -> None:
    """Append the flakes *seen*, one path for each colour; *k* is the picture's height over 720."""
    n = len(tints)
    chosen = np.minimum((seen.pick * n).astype(int), n - 1)
    for i, tint in enumerate(tints):
        which = chosen == i
        if not which.any():
            continue
        columns_ = (seen.x, seen.y, seen.size, seen.turn, seen.glow)
        rows = np.stack(columns_, axis=-1)[which].tolist()
        path = Path()
        if shape == "puff":
            r, g, b, a = tint
            mist = ((0.0, (r, g, b, a)), (0.6, (r, g, b, 0.5 * a)), (1.0, (r, g, b, 0.0)))
            out += [Glow(x, y, 1.5 * size, 0.34 * size, mist) for x, y, size, _, _ in rows]
            continue
        if shape == "spark":
            for x, y, size, _, glow in rows:
                r, g, b, a = tint
                level = round(a * (0.15 + 0.85 * glow), 1)
                soft = ((0.0, (r, g, b, 0.6 * level)), (1.0, (r, g, b, 0.0)))
                out.append(Glow(x, y, 4.0 * size, 4.0 * size, soft))
                path.circle(x, y, size * (0.5 + 0.5 * glow))
            out.append(Fill(path, tint))
            continue
        for x, y, size, turn, _ in rows:
            c, s_ = cos(turn), sin(turn)
            if shape == "streak":
                path.move(x, y).line(x - size * c, y - size * s_)
            elif shape in ("dot", "ring"):
                path.circle(x, y, size)
            elif shape == "leaf":
                fold = 0.28 + 0.22 * abs(sin(1.7 * turn))
                path.ellipse(x, y, (size * c, size * s_), (-fold * size * s_, fold * size * c))
            else:
                flat = 0.25 + 0.5 * abs(sin(1.3 * turn))
                ax, ay, bx, by = size * c, size * s_, -flat * size * s_, flat * size * c
                path.polyline(
                    (
                        x - ax - bx,
                        y - ay - by,
                        x + ax - bx,
                        y + ay - by,
                        x + ax + bx,
                        y + ay + by,
                        x - ax + bx,
                        y - ay + by,
                    ),
                    closed=True,
                )
        if shape in ("streak", "ring"):
            out.append(Stroke(path, tint, (1.9 if shape == "streak" else 1.6) * k))
        else:
            out.append(Fill(path, tint))


def _beside(seen: Flakes, shot: Shot, index: int) -> Flakes:
    """Return the flakes that hide no head and no hand."""
    cast = shot.cast
    who = np.flatnonzero(cast.visible[index])
    if not 0 < len(who) <= 8:
        return seen
    places = cast.points[index, who][:, [HEAD, *(arm.stop - 1 for arm in ARMS)]]
    reach = np.array([0.155, 0.075, 0.075]) * cast.size[index, who][:, None]
    x, y = (seen.x[:, None, None] - places[..., 0]), (seen.y[:, None, None] - places[..., 1])
    free = (np.hypot(x, y) > reach + seen.size[:, None, None]).all(axis=(1, 2))
    return Flakes(*(each[free] for each in seen))


class FaceColours(NamedTuple):
    """Colours of a face, and the width of its lines in head radii."""

    mouth: Colour
    tongue: Colour
    teeth: Colour
    line: float


@dataclass(frozen=True, eq=False)
class _Set:
    """What is worked out once for a shot."""

    horizon: Horizon
    behind: Array
    marks: Marks
    shadows: Shadows
    inks: tuple[Colour, ...]
    tones: tuple[tuple[Colour, Colour, Colour], ...]
    offset: float
    trails: Trails


class NormalStyle:
    """Bold jointed figures with faces in front of a soft landscape."""

    api_version: ClassVar[int] = 1
    name: str = "normal"
    palette: ClassVar[tuple[str, ...]] = PALETTE
    lights: ClassVar[tuple[str, ...]] = LIGHTS
    paper: ClassVar[Colour] = _PAPER
    face: ClassVar[FaceColours] = FaceColours(_MOUTH, _TONGUE, _TEETH, 0.085)
    bubble: ClassVar[tuple[Colour, Colour]] = (colour("#fffdf8"), colour("#3a3633"))
    shine: ClassVar[tuple[float, float]] = (0.30, 0.55)
    """How white a beam of light is, and how strong (alpha at its source)."""

    def _dark(self, shot: Shot) -> bool:
        """Return whether figures are light on a dark ground."""
        return shot.place.dark

    def __init__(self) -> None:
        self._set_for = lru_cache(maxsize=4)(self._build)

    def _build(self, shot: Shot) -> _Set:
        tall = float(shot.figures.height.max())
        marks = ground_marks(shot.camera, spacing=0.62 * tall)
        land = horizon(shot.camera)
        light = not self._dark(shot)
        palette = shot.palette or (self.palette if light else self.lights)
        inks = tuple(actor_colour(look, i, palette) for i, look in enumerate(shot.looks))
        if not light:
            inks = tuple(lightened(ink) for ink in inks)
        elif not shot.palette and self.name == "normal":
            inks = tuple(
                ink if look.colour else deepened(ink, shot.place)
                for ink, look in zip(inks, shot.looks, strict=True)
            )
        paper = self.paper if light else colour(shot.place.sky[2])
        seam = self.paper if light else colour(shot.place.sky[0])
        return _Set(
            horizon=land,
            behind=behind(shot.camera, shot.figures, shot.cast.visible),
            marks=marks,
            shadows=cast_shadows(shot.figures, shot.camera),
            inks=inks,
            tones=tuple(
                (ink, far_tone(ink, paper), mix(ink, seam, _SEAM if light else 0.8)) for ink in inks
            ),
            offset=best_offset(shot, land, shot.place),
            trails=trails(shot.figures, shot.trails),
        )

    # -- scenery ---------------------------------------------------------------------------------

    def fixed(self, shot: Shot) -> list[Op]:
        out: list[Op] = []
        if not shot.transparent and self._steady(shot):
            self._sky(out, shot, 0)
            self._clouds(out, shot, 0)
            if shot.camera.still:
                self._layers(out, shot, 0)
            self._ground(out, shot, 0)
            if shot.camera.still:
                self._above(out, shot, 0)
                self._floor(out, shot, 0)
                self._landmarks(out, shot, 0)
        return out

    def _steady(self, shot: Shot) -> bool:
        """Return whether the horizon stays where it is and the camera never turns."""
        h = self._set_for(shot).horizon
        return bool(
            np.ptp(h.edge) < 0.25 and np.ptp(h.turn) < 0.25 and np.ptp(shot.camera.roll) == 0.0
        )

    def _turner(self, shot: Shot, index: int) -> tuple[float, float, float, float]:
        """Return cos, sin of the roll and the centre it turns about."""
        roll = float(shot.camera.roll[index])
        cx, cy = shot.camera.centre[index]
        return cos(roll), sin(roll), float(cx), float(cy)

    def _rolled(self, shot: Shot, index: int, path: Path) -> Path:
        """Turn *path* in place with the camera's roll (points only: no circles)."""
        c, s, cx, cy = self._turner(shot, index)
        if s == 0.0 and c == 1.0:
            return path
        n = path.numbers
        for i in range(0, len(n), 2):
            x, y = n[i] - cx, n[i + 1] - cy
            n[i], n[i + 1] = cx + c * x - s * y, cy + s * x + c * y
        return path

    def _point(self, shot: Shot, index: int, x: float, y: float) -> tuple[float, float]:
        c, s, cx, cy = self._turner(shot, index)
        x, y = x - cx, y - cy
        return (cx + c * x - s * y, cy + s * x + c * y)

    def _reach(self, shot: Shot, index: int) -> float:
        """Return how far beyond the picture a rolled backdrop must go."""
        return 0.0 if shot.camera.roll[index] == 0.0 else float(shot.width + shot.height)

    def _sky_edge(self, shot: Shot, index: int) -> float:
        """Return the height the sky hangs from: the ground's edge, while that is in the picture."""
        return min(float(self._set_for(shot).horizon.edge[index]), 0.80 * shot.height)

    def _sky(self, out: list[Op], shot: Shot, index: int) -> None:
        w, h = shot.width, shot.height
        place = shot.place
        edge = self._sky_edge(shot, index)
        stops = tuple(zip((0.0, 0.78, 1.0), (colour(c) for c in place.sky), strict=True))
        a = self._point(shot, index, 0.5 * w, edge - 0.78 * h)
        b = self._point(shot, index, 0.5 * w, edge + 0.08 * h)
        out.append(Shade(Path().rectangle(0, 0, w, h), a, b, stops))
        if place.stars:
            self._stars(out, shot, index)
        if place.light == "none":
            return
        k = h / 720.0
        x = 0.82 * w + float(self._set_for(shot).horizon.turn[index])
        x, y = self._point(shot, index, x, edge - 414.0 * k)
        sun = place.light == "sun"
        r, g, b_, _ = colour("#ffdf8e" if sun else "#aab6d8")
        strong = 0.55 if sun else 0.30
        glow = ((0.0, (r, g, b_, strong)), (0.08, (r, g, b_, strong)), (1.0, (r, g, b_, 0.0)))
        out.append(Glow(x, y, 260.0 * k, 260.0 * k, glow))
        out.append(Fill(Path().circle(x, y, (52.0 if sun else 42.0) * k), _SUN if sun else _MOON))

    def _stars(self, out: list[Op], shot: Shot, index: int) -> None:
        """Append a sky of stars that turns with the camera; the larger ones are brighter."""
        w, k = float(shot.width), shot.height / 720.0
        edge = float(self._set_for(shot).horizon.edge[index])
        turn = float(self._set_for(shot).horizon.turn[index])
        dim, bright = Path(), Path()
        for u, v, r, light in np.random.default_rng(3).random((150, 4)).tolist():
            x = (u * 1.6 * w + turn + 0.1 * w) % (1.6 * w) - 0.1 * w
            y = v**1.2 * (edge - 30.0 * k)
            if edge > 0:
                spot = self._point(shot, index, x, y)
                (bright if light > 0.72 else dim).circle(*spot, (0.6 + 1.2 * r) * k)
        out += [Fill(dim, (0.85, 0.90, 1.0, 0.35)), Fill(bright, (0.95, 0.97, 1.0, 0.8))]

    def _clouds(self, out: list[Op], shot: Shot, index: int) -> None:
        h = self._set_for(shot).horizon
        k = shot.height / 720.0
        shift = float(h.turn[index])
        tint = (*colour(shot.place.cloud)[:3], 0.92)
        places = ((210.0, 434.0, 1.0), (620.0, 468.0, 0.7), (960.0, 410.0, 0.85))
        for n, (at, up, scale) in enumerate(places[: shot.place.clouds]):
            period = 1450.0 * k + 170.0 * k * n
            first = at * shot.width / 1280.0 + shift
            x = (first + 160.0 * k) % period - 160.0 * k
            while x < shot.width + 160.0 * k:
                cx, cy = self._point(shot, index, x, self._sky_edge(shot, index) - up * k)
                q = k * scale
                cloud = Path()
                for dx, dy, r in ((-46, 6, 26), (-12, -10, 36), (28, -2, 30), (58, 10, 20)):
                    cloud.circle(cx + dx * q, cy + dy * q, r * q)
                cloud.rectangle(cx - 46 * q, cy + 4 * q, 104 * q, 27.9 * q)
                out.append(Fill(cloud, tint))
                x += period

    def _base(self, shot: Shot, index: int) -> float:
        """Return the height in pixels on which the landmarks stand."""
        return float(self._set_for(shot).horizon.edge[index])

    def _ridge(self, shot: Shot, index: int, layer: Layer) -> Array:
        """Return the outline ``[N, 2]`` of *layer* in pixels, before the camera's roll."""
        k = shot.height / 720.0
        beyond = self._reach(shot, index) + 24.0 * k
        line = ridge_line(shot, self._set_for(shot).horizon, index, layer, beyond)
        foot = self._base(shot, index) + k
        if layer.down:
            line[:, 1], foot = line[:, 1], -beyond
        else:
            line[:, 1] = self._base(shot, index) - line[:, 1]
        ends = np.array([[line[-1, 0], foot], [line[0, 0], foot]])
        return np.concatenate([line, ends])

    def _layers(self, out: list[Op], shot: Shot, index: int, *, down: bool = False) -> None:
        for layer in shot.place.layers:
            if layer.down == down:
                outline = self._ridge(shot, index, layer).ravel().tolist()
                path = self._rolled(shot, index, Path().polyline(outline, closed=True))
                out.append(Fill(path, colour(layer.tint)))

    def _landmarks(self, out: list[Op], shot: Shot, index: int, *, hanging: bool = False) -> None:
        settings = self._set_for(shot)
        h, place = settings.horizon, shot.place
        k = unit(shot, h, index)
        sky = 0.0 if place.indoor else max(self._sky_edge(shot, index) - 547.0 * k, 0.0)
        for piece in pieces(place):
            standing = piece.standing
            if standing.hanging != hanging:
                continue
            y = sky + k * standing.up if hanging else self._base(shot, index) - k * standing.up
            for x in columns(shot, h, index, piece, place, settings.offset):
                for points, part, tint in piece.parts:
                    if is_light(piece, part):
                        self._shine(out, shot, index, points * k + (x, y), tint)
                        continue
                    path = Path().polyline((points * k + (x, y)).ravel().tolist(), part.closed)
                    self._landmark_part(out, self._rolled(shot, index, path), part, tint, k)

    def _shine(self, out: list[Op], shot: Shot, index: int, points: Array, tint: Colour) -> None:
        """Append a beam of light over *points* ``[4, 2]``."""
        corners = [self._point(shot, index, x, y) for x, y in points.tolist()]
        bright = mix(tint, (1.0, 1.0, 0.94, 1.0), self.shine[0])
        out += beam(np.array(corners), bright, self.shine[1])

    def _above(self, out: list[Op], shot: Shot, index: int) -> None:
        """Append what comes down from above: ceilings of rock, lamps, clouds."""
        self._layers(out, shot, index, down=True)
        self._landmarks(out, shot, index, hanging=True)

    def _landmark_part(self, out: list[Op], path: Path, part: Part, tint: Colour, k: float) -> None:
        """Append one part of something far away: flat, with an edge a little darker than it."""
        if part.closed and part.tint:
            out.append(Fill(path, tint))
        if part.line and not (part.closed and part.tint and part.line < 0.5):
            edge = mix(tint, _OUTLINE, 0.30 if part.closed and part.tint else 0.42)
            out.append(Stroke(path, edge, 2.2 * part.line * k))

    def _ground(self, out: list[Op], shot: Shot, index: int) -> None:
        w, h = shot.width, shot.height
        edge = float(self._set_for(shot).horizon.edge[index])
        beyond = self._reach(shot, index)
        bottom = max(float(h), edge + 0.2 * h)
        path = Path().rectangle(-beyond, edge, w + 2 * beyond, bottom + beyond - edge)
        stops = tuple(zip((0.0, 1.0), (colour(c) for c in shot.place.ground), strict=True))
        a = self._point(shot, index, 0.5 * w, edge)
        b = self._point(shot, index, 0.5 * w, bottom)
        out.append(Shade(self._rolled(shot, index, path), a, b, stops))

    def _floor(self, out: list[Op], shot: Shot, index: int) -> None:
        """Append what the ground is made of: marks, joints of tiles, the lines of a road."""
        floor = shot.place.floor
        if floor in ("meadow", "stones", "sand", "snow", "cracks", "water", "clouds"):
            self._marks(out, shot, index)
        k = shot.height / 720.0
        tint = colour(shot.place.accent)
        edge = self._base(shot, index)
        infield = self._infield(shot, index)
        if infield is not None:
            path, dirt = infield, mix(colour(shot.place.ground[1]), _DIRT, 0.8)
            out += [PushClip(self._below(shot, index)), Fill(path, dirt), PopClip()]
        elif floor in ("tiles", "boards", "lanes", "road", "rink"):
            step = 0.62 if floor in ("tiles", "boards") else 1.5
            rows, lines = floor_lines(
                shot.camera, index, step, deep=floor != "boards", wide=floor in ("tiles", "boards")
            )
            path = Path()
            for found in (rows, lines):
                for x0, y0, x1, y1 in found.tolist():
                    if max(y0, y1) > edge + k or shot.camera.roll[index]:
                        path.move(x0, y0).line(x1, y1)
            if path.codes:
                wide = {"tiles": 1.4, "boards": 1.4, "lanes": 4.0, "road": 4.5, "rink": 5.0}[floor]
                out += [
                    PushClip(self._below(shot, index)),
                    Stroke(path, (*tint[:3], 0.75), wide * k, round_caps=False),
                    PopClip(),
                ]

    def _infield(self, shot: Shot, index: int) -> Path | None:
        """Return the bare earth between and around the bases of a ball game, None without bases."""
        stage = shot.stage
        if stage is None:
            return None
        which = [i for i, each in enumerate(stage.pictures) if each is picture("base")]
        if len(which) < 3 or not stage.seen[index, which].all():
            return None
        corners = stage.ground[index, which]
        middle = corners.mean(axis=0)
        away = corners - middle
        away = away[np.argsort(np.arctan2(away[:, 1], away[:, 0]))]
        around = [(float(x), float(y)) for x, y in middle + 1.35 * away]
        reach = 0.5 * float(np.hypot(*np.ptp(away, axis=0)))
        return rounded([*around, around[0], around[1]], 0.25 * reach).close()

    def _below(self, shot: Shot, index: int) -> Path:
        """Return the part of the picture that is ground."""
        edge = self._base(shot, index)
        beyond = self._reach(shot, index)
        bottom = max(float(shot.height), edge + 1.0) + beyond
        path = Path().rectangle(-beyond, edge, shot.width + 2 * beyond, bottom - edge)
        return self._rolled(shot, index, path)

    def _marks(self, out: list[Op], shot: Shot, index: int) -> None:
        marks = self._set_for(shot).marks
        camera = shot.camera
        local = (marks.position - camera.position[index]) @ camera.axes[index].T
        depth = -local[:, 2]
        nearest = 0.15 * camera.distance[index]
        farthest = camera.distance[index] + camera.reach
        scale = camera.focal[index] / np.maximum(depth, nearest)
        x = camera.centre[index, 0] + local[:, 0] * scale
        y = camera.centre[index, 1] - local[:, 1] * scale
        seen = (depth > nearest) & (depth < 0.985 * farthest)
        seen &= (x > -30.0) & (x < shot.width + 30.0) & (y < shot.height + 20.0)
        seen &= y > self._base(shot, index)
        tall = float(shot.figures.height.max())
        tufts, pebbles, dashes = Path(), Path(), Path()
        line = 0.0072 * tall * float(camera.focal[index] / camera.distance[index])
        rows = np.stack([x, y, scale * tall, marks.kind, marks.size, marks.lean, depth], axis=-1)[
            seen
        ]
        for px, py, metre, kind, size, lean, _ in rows.tolist():
            if kind == 0:
                q = metre * (0.020 + 0.018 * size)
                tilt = (lean - 0.5) * 0.8
                for side, length in ((-0.55, 0.8), (0.0, 1.15), (0.5, 0.75)):
                    tip = (side + tilt) * q
                    tufts.move(px + 0.28 * side * q, py)
                    tufts.curve(
                        *(px + 0.3 * side * q, py - 0.4 * q * length),
                        *(px + 0.5 * tip, py - 0.8 * q * length),
                        *(px + tip, py - q * length),
                    )
            elif kind == 1:
                q = metre * (0.007 + 0.009 * size)
                pebbles.ellipse(px, py, (q * 1.5, 0.0), (0.0, q * 0.55))
            else:
                q = metre * (0.035 + 0.06 * size)
                dashes.move(px - q, py).line(px + q, py)
        near = colour(shot.place.ground[1])
        accent, floor = colour(shot.place.accent), shot.place.floor
        soft = mix(near, accent, 0.5)
        if dashes.codes and floor != "clouds":
            out.append(Stroke(dashes, soft, line))
        if pebbles.codes and floor not in ("water", "snow"):
            out.append(Fill(pebbles, soft if floor != "clouds" else accent))
        if tufts.codes and floor in ("meadow", "cracks"):
            out.append(Stroke(tufts, accent, line))

    def changing(self, shot: Shot) -> tuple[float, float, float, float]:
        """Return the box (left, top, right, bottom) that holds all that moves in the whole clip."""
        width, height = float(shot.width), float(shot.height)
        steady = shot.transparent or self._steady(shot)
        if not steady or (shot.place.weather and not shot.transparent):
            return (0.0, 0.0, width, height)
        cast, seen = shot.cast, shot.cast.visible
        shadows = self._set_for(shot).shadows
        boxes = []
        if seen.any():
            reach = (0.20 * cast.size[seen])[:, None]
            points = cast.points[seen]
            pools = np.concatenate([shadows.pool[seen][:, None], shadows.contact[seen]], axis=1)
            middle, half = pools[..., 0:2], pools[..., 2:4]
            boxes = [
                (points.min(axis=1) - reach).min(axis=0),
                (points.max(axis=1) + reach).max(axis=0),
                (middle - half).min(axis=(0, 1)),
                (middle + half).max(axis=(0, 1)),
            ]
        if not (shot.camera.still or shot.transparent):
            edge = float(self._set_for(shot).horizon.edge.min())
            place = shot.place
            if any(layer.down for layer in place.layers) or any(
                each.hanging for each in place.landmarks
            ):
                return (0.0, 0.0, width, height)
            tops = [each.height + 1.4 * each.swing for each in place.layers if not each.down]
            tops += [p.standing.up + p.height for p in pieces(place) if not p.standing.hanging]
            edge = min(edge, self._base(shot, 0))
            boxes.append(np.array([0.0, edge - (max(tops, default=0.0) + 8.0) * height / 720.0]))
            boxes.append(np.array([width, height]))
        if shot.stage is not None:
            things = shot.stage.box()[shot.stage.seen]
            if len(things):
                hit = shot.flights is not None and bool((shot.flights.hit >= 0).any())
                more = 0.4 * float(shot.stage.scale.max()) if hit else 0.0
                boxes += [things[:, :2].min(axis=0) - more, things[:, 2:].max(axis=0) + more]
        if shot.captions:
            return (0.0, 0.0, width, height)
        if not boxes:
            return (0.0, 0.0, 0.0, 0.0)
        low, high = np.min(boxes, axis=0) - 1.0, np.max(boxes, axis=0) + 1.0
        low, high = np.clip(low, 0.0, (width, height)), np.clip(high, 0.0, (width, height))
        return (float(low[0]), float(low[1]), float(high[0]), float(high[1]))

    # -- actors ----------------------------------------------------------------------------------

    def frame(self, shot: Shot, index: int) -> list[Op]:
        out: list[Op] = []
        if not shot.transparent:
            self._scenery(out, shot, index)
            self._weather(out, shot, index, before=False)
        order = shot.paint_order(index)
        for kind, i in order:
            if kind == "actor":
                self._shadow(out, shot, index, i)
            else:
                self._prop_shadow(out, shot, index, i)
        for kind, i in order:
            if kind == "actor":
                self._trails(out, shot, index, i)
                self._actor(out, shot, index, i)
            else:
                self._flight(out, shot, index, i)
                self._prop(out, shot, index, i)
        if not shot.transparent:
            self._weather(out, shot, index, before=True)
        draw_captions(out, shot, index, self.bubble)
        return out

    def _weather(self, out: list[Op], shot: Shot, index: int, *, before: bool) -> None:
        """Append what falls or drifts behind the actors, or *before* them."""
        kind = shot.place.weather
        if kind not in KINDS:
            return
        h = self._set_for(shot).horizon
        seconds = index / shot.figures.fps
        shift = float(h.turn[index] - h.travel[index])
        seen = flakes(kind, seconds, shot.width, shot.height, shift, before=before)
        if before:
            seen = _beside(seen, shot, index)
        tints = self._weather_tints(shot, kind)
        k = shot.height / 720.0
        if kind == "storm" and not before:
            self._lightning(out, shot, seconds)
        draw_flakes(out, seen, KINDS[kind].shape, tints, k)

    def _weather_tints(self, shot: Shot, kind: str) -> tuple[Colour, ...]:
        """Return the colours of the flakes of *kind*."""
        if kind in ("rain", "storm"):
            return ((0.78, 0.86, 0.95, 0.42),) if shot.place.dark else ((0.40, 0.49, 0.60, 0.46),)
        if kind == "snow" and not shot.place.dark:
            return ((1.0, 1.0, 1.0, 0.95), (0.90, 0.94, 1.0, 0.85))
        return TINTS[kind]

    def _lightning(self, out: list[Op], shot: Shot, seconds: float) -> None:
        """Append a bolt and the light it throws on everything behind the actors."""
        bright, which = lightning(seconds)
        if bright <= 0.0:
            return
        k = shot.height / 720.0
        u, v = np.random.default_rng((8, which)).random(2).tolist()
        x, y = (0.12 + 0.76 * u) * shot.width, (0.50 + 0.06 * v) * shot.height
        whole = Path().rectangle(0.0, 0.0, float(shot.width), float(shot.height))
        out.append(Fill(whole, (0.86, 0.90, 1.0, 0.20 * bright)))
        for part in landmark("lightning").parts:
            points = np.array(part.points) * (96.0 * k, -112.0 * k) + (x, y)
            path = Path().polyline(points.ravel().tolist(), closed=True)
            out.append(Fill(path, (1.0, 0.95, 0.74, min(1.0, 0.4 + bright))))

    def _scenery(self, out: list[Op], shot: Shot, index: int) -> None:
        """Append what moves behind the actors."""
        if not self._steady(shot):
            self._sky(out, shot, index)
            self._clouds(out, shot, index)
            self._layers(out, shot, index)
            self._ground(out, shot, index)
        elif not shot.camera.still:
            self._layers(out, shot, index)
        if not shot.camera.still:
            self._above(out, shot, index)
            self._floor(out, shot, index)
            self._landmarks(out, shot, index)

    def _shadow(self, out: list[Op], shot: Shot, index: int, actor: int) -> None:
        if shot.place.floor == "none" and not shot.transparent:
            return
        shadows = self._set_for(shot).shadows
        x, y, rx, ry, fade = shadows.pool[index, actor].tolist()
        out.append(Glow(x, y, rx, ry, _POOLS[round(32 * fade)]))
        for x, y, rx, ry, strength in shadows.contact[index, actor].tolist():
            if strength > 0.02:
                out.append(Glow(x, y, rx, ry, _CONTACTS[round(32 * strength)]))

    def _trails(self, out: list[Op], shot: Shot, index: int, actor: int) -> None:
        """Append the trails of fast hands and feet, and the ticks where one has struck."""
        found = self._set_for(shot).trails
        line = float(shot.cast.line[index, actor])
        size = float(shot.cast.size[index, actor])
        fps = shot.figures.fps
        tint = self._set_for(shot).tones[actor][1]
        for end in range(4):
            back = max(1, round(0.5 * 0.24 * fps))
            strength = float(found.strength[max(0, index - back) : index + 1, actor, end].max())
            if strength > 0.02:
                path = trail_line(found, shot.camera, index, actor, end, fps)
                if len(path) > 2:
                    self._trail(out, path, 0.9 * line, tint, strength)
            struck = int(found.struck[index, actor, end])
            if struck >= 0:
                at = found.path[struck, actor, end]
                ahead = at + 0.1 * found.aim[max(struck - 2, 0), actor, end]
                (x, y), (ax, ay) = seen(np.stack([at, ahead]), shot.camera, index).tolist()
                angle = float(np.arctan2(ay - y, ax - x))
                age = (index - struck) * 25.0 / fps / 4.0
                ticks = Path()
                for turn in (-0.75, 0.0, 0.75):
                    c, s_ = cos(angle + turn), sin(angle + turn)
                    near, far = (0.075 + 0.03 * age) * size, (0.125 + 0.03 * age) * size
                    ticks.move(x + near * c, y + near * s_).line(x + far * c, y + far * s_)
                self._ticks(out, ticks, 0.34 * line, tint, 1.0 - 0.7 * age)

    def _flight(self, out: list[Op], shot: Shot, index: int, prop: int) -> None:
        """Append the trail of a thing in flight, and the ticks where it was hit."""
        stage, found, fps = shot.stage, shot.flights, shot.figures.fps
        if stage is None or found is None:
            return
        scale = float(stage.scale[index, prop])
        radius = scale * max(0.5 * stage.pictures[prop].height, 0.08)
        strength = float(found.strength[index, prop])
        if strength > 0.0:
            path = flight_line(found, shot.camera, index, prop, fps)
            if len(path) > 2:
                self._trail(out, path, 1.1 * radius, _OUTLINE, strength)
        hit = int(found.hit[index, prop])
        if hit < 0:
            return
        at = found.path[hit, prop]
        ahead = at + 0.1 * found.aim[hit, prop]
        (x, y), (ax, ay) = seen(np.stack([at, ahead]), shot.camera, index).tolist()
        angle = float(np.arctan2(ay - y, ax - x))
        age = (index - hit) * 25.0 / fps / 5.0
        ticks = Path()
        for turn in (-2.1, -1.2, 1.2, 2.1, 3.1):
            c, s = cos(angle + turn), sin(angle + turn)
            near, far = (1.35 + 0.5 * age) * radius, (2.3 + 0.7 * age) * radius
            ticks.move(x + near * c, y + near * s).line(x + far * c, y + far * s)
        self._ticks(out, ticks, max(0.2 * radius, 1.6), _OUTLINE, 1.0 - 0.6 * age)

    def _trail(
        self, out: list[Op], path: Array, width: float, tint: Colour, strength: float
    ) -> None:
        """Append a ribbon that thins and fades toward where it began."""
        shares = np.linspace(0.0, 1.0, len(path))
        half = len(path) // 2
        for part, alpha in ((slice(0, None), 0.16), (slice(half, None), 0.16)):
            outline = ribbon(path[part], width * shares[part] ** 0.7)
            out.append(Fill(outline, (*tint[:3], alpha * (0.4 + 0.6 * strength))))

    def _ticks(self, out: list[Op], ticks: Path, width: float, tint: Colour, alpha: float) -> None:
        """Append the marks of a strike."""
        out.append(Stroke(ticks, (*tint[:3], 0.85 * alpha), width))

    def _prop_shadow(self, out: list[Op], shot: Shot, index: int, prop: int) -> None:
        stage = shot.stage
        assert stage is not None
        x, y = stage.ground[index, prop].tolist()
        rx = 1.25 * stage.pictures[prop].half * float(stage.scale[index, prop])
        fade = 1.0 / (1.0 + 1.6 * float(stage.lift[index, prop]))
        out.append(Glow(x, y, rx * (1.35 - 0.35 * fade), 0.2 * rx + 2.0, _POOLS[round(32 * fade)]))

    def _prop(self, out: list[Op], shot: Shot, index: int, prop: int) -> None:
        stage = shot.stage
        assert stage is not None
        shape = stage.pictures[prop]
        body = stage.tints[prop] or colour(shape.tint)
        size = float(stage.scale[index, prop]) * max(shape.height, shape.half)
        line = min(5.0 * shot.height / 720.0, max(0.11 * size, 1.2))
        for part in shape.parts:
            path = outline_path(stage.outline(index, prop, part), part.closed)
            if part.tint and part.closed:
                out.append(Fill(path, body if part.tint == BODY else colour(part.tint)))
            if part.line:
                out.append(Stroke(path, _OUTLINE, line * part.line))

    def _actor(self, out: list[Op], shot: Shot, index: int, actor: int) -> None:
        cast = shot.cast
        points = [(x, y) for x, y in cast.points[index, actor].tolist()]
        size, line = float(cast.size[index, actor]), float(cast.line[index, actor])
        air, haze = colour(shot.place.sky[2]), float(cast.haze[index, actor])
        ink, far, seam = (mix(tone, air, haze) for tone in self._set_for(shot).tones[actor])
        shade = cast.shade[index, actor].tolist()
        near_arm, near_leg = cast.near[index, actor].tolist()
        front = cast.arm_front[index, actor].tolist()
        over = cast.over_face[index, actor].tolist()
        corner, halo = CORNER * size, max(HALO * size, 0.8)

        def limb(part: slice, side: int, thin: float) -> None:
            path_points = points[part]
            tint = mix(ink, far, shade[side])
            width = line * (1.0 - (1.0 - thin) * shade[side])
            out.append(Stroke(rounded(path_points, corner), tint, width))
            if thin == 0.94:
                x, y = path_points[-1]
                out.append(Fill(Path().circle(x, y, HAND * width), tint))

        def arm(side: int) -> None:
            if front[side]:
                self._seam(out, points, side, near_leg, line, halo, corner, seam)
            limb(ARMS[side], side, 0.94)
            folded = trimmed(points[ARMS[side].start + 2 : ARMS[side].stop], 1.1 * line)
            if folded is not None and folds(points[ARMS[side]][1:]):
                # A forearm back on its own upper arm is set off like one before the trunk.
                own = capsules((points[ARMS[side]][1:3],), 0.52 * line)
                tint, path = mix(ink, far, shade[side]), rounded(folded, corner)
                out.append(PushClip(own))
                out.append(Stroke(path, seam, line + 2.0 * halo))
                out.append(PopClip())
                out.append(Stroke(path, tint, line * (1.0 - 0.06 * shade[side])))
                out.append(Fill(Path().circle(*folded[-1], HAND * line), tint))

        far_arm, far_leg = 1 - near_arm, 1 - near_leg
        if not front[far_arm]:
            arm(far_arm)
        if not front[near_arm]:
            arm(near_arm)
        crossing = crossing_of(points[LEGS[near_leg]], points[LEGS[far_leg]])
        if crossing > 0.05:
            xs, ys = [p[0] for p in points[12:]], [p[1] for p in points[12:]]
            box = (min(xs) - line, min(ys) - line, max(xs) + line, max(ys) + line)
            out.append(Snapshot(box))
        limb(LEGS[far_leg], far_leg, 0.97)
        if crossing > 0.05:
            rest = trimmed(points[LEGS[near_leg]], 2.2 * line)
            if rest is not None:
                out.append(Knockout(rounded(rest, corner), line + 2.0 * halo * crossing))

        hx, hy = points[HEAD]
        nx, ny = points[2]
        radius = HEAD_RADIUS * size
        length = ((hx - nx) ** 2 + (hy - ny) ** 2) ** 0.5
        trunk = list(points[0:3])
        if length > radius:
            t = (length - 0.9 * radius) / length
            trunk.append((nx + (hx - nx) * t, ny + (hy - ny) * t))
        out.append(
            Stroke(rounded(trunk, SPINE_CORNER * size), mix(ink, seam, _TRUNK), TORSO * line)
        )
        limb(LEGS[near_leg], near_leg, 0.97)
        for side in (far_arm, near_arm):
            if front[side] and not over[side]:
                arm(side)
        self._head(out, shot, index, actor, (hx, hy), radius, ink)
        for side in (far_arm, near_arm):
            if front[side] and over[side]:
                arm(side)

    def _seam(
        self,
        out: list[Op],
        points: list[Point],
        side: int,
        near_leg: int,
        line: float,
        halo: float,
        corner: float,
        tint: Colour,
    ) -> None:
        """Append the light edge an arm has where it crosses its own body.

        It is painted inside trunk, near leg and upper arm only: it sets the arm off and never
        reaches through to the backdrop, so nothing is cut.
        """
        chain = points[ARMS[side]]
        rest = trimmed(chain, 1.7 * line)
        if rest is None:
            return
        half = 0.5 * TORSO * line
        body = capsules((points[0:3], points[LEGS[near_leg]]), half)
        out += [PushClip(body), Stroke(rounded(rest, corner), tint, line + 2.0 * halo), PopClip()]

    def _features(
        self,
        out: list[Op],
        shot: Shot,
        index: int,
        actor: int,
        centre: tuple[float, float],
        radius: float,
        ink: Colour,
        skull: Path,
    ) -> None:
        """Append eyes, brows and mouth, inside *skull*, in the colours of the style."""
        cast, people = shot.cast, shot.figures
        yaw, pitch = float(cast.yaw[index, actor]), float(cast.pitch[index, actor])
        tilt = float(cast.tilt[index, actor])
        if 2.0 * radius < _SMALLEST_FACE:
            return
        if abs(yaw) > HAIR_YAW and 2.0 * radius >= _SMALLEST_MOUTH:
            draw_hair(
                out, centre=centre, radius=0.95 * radius, yaw=yaw, pitch=pitch, tilt=tilt,
                ink=ink, line=self.face.line,
            )  # fmt: skip
        if abs(yaw) >= HIDDEN_YAW:
            return
        spills = abs(turned(yaw)) > 0.50 or abs(pitch) > 0.4 or abs(tilt) > 0.75
        if spills:
            out.append(PushClip(skull))
        draw_face(
            out,
            people.faces[index, actor].tolist(),
            centre=centre,
            radius=0.95 * radius,
            yaw=yaw,
            pitch=pitch,
            tilt=0.9 * tilt if abs(tilt) < 1.2 else tilt,
            eyes=float(people.eyes[index, actor]),
            gaze=(float(cast.gaze[index, actor, 0]), float(cast.gaze[index, actor, 1])),
            ink=ink,
            inside=self.face.mouth,
            tongue=self.face.tongue,
            teeth_colour=self.face.teeth,
            line=self.face.line,
            detail=2 if 2 * radius >= _SMALLEST_BROW else int(2 * radius >= _SMALLEST_MOUTH),
        )
        if spills:
            out.append(PopClip())

    def _skull_of(
        self,
        shot: Shot,
        index: int,
        actor: int,
        centre: tuple[float, float],
        radius: float,
        ink: Colour,
    ) -> tuple[Path, list[Op]]:
        """Return the outline of a head and what sits on it."""
        kind = shot.looks[actor].kind
        tilt = float(shot.cast.tilt[index, actor])
        ornaments: list[Op] = []
        outline = max(HEAD_OUTLINE / HEAD_RADIUS * radius, 1.6)
        _crown_ornament(ornaments, kind, *centre, radius, tilt, ink, outline)
        return _skull(kind, *centre, radius, tilt), ornaments

    def _head(
        self,
        out: list[Op],
        shot: Shot,
        index: int,
        actor: int,
        centre: tuple[float, float],
        radius: float,
        ink: Colour,
    ) -> None:
        x, y = centre
        yaw, tilt = float(shot.cast.yaw[index, actor]), float(shot.cast.tilt[index, actor])
        outline = max(HEAD_OUTLINE / HEAD_RADIUS * radius, 1.6)
        dark = self._dark(shot)
        plate = _DARK_PLATE if dark else _PLATE
        behind = min(max((abs(yaw) - 2.3) / 0.45, 0.0), 1.0)
        if behind > 0.0:
            plate = mix(plate, ink, 0.12 * behind)
        kind = shot.looks[actor].kind
        skull = _skull(kind, x, y, radius, tilt)
        _crown_ornament(out, kind, x, y, radius, tilt, ink, outline)
        out.append(Fill(skull, plate))
        self._features(out, shot, index, actor, centre, radius, ink, skull)
        out.append(Stroke(skull, ink, outline))


def capsules(chains: Iterable[Sequence[Point]], half: float) -> Path:
    """Return the area within *half* of the lines through each of *chains*."""
    path = Path()
    for chain in chains:
        for (ax, ay), (bx, by) in pairwise(chain):
            length = max(((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5, 1e-6)
            px, py = half * (by - ay) / length, half * (ax - bx) / length
            path.polyline(
                (ax + px, ay + py, bx + px, by + py, bx - px, by - py, ax - px, ay - py),
                closed=True,
            )
        for x, y in chain:
            path.circle(x, y, half)
    return path


def crossing_of(near: Sequence[Point], far: Sequence[Point]) -> float:
    """Return 0-1: how much two legs cross rather than lie along each other.

    Where they lie along each other a gap between them would leave slivers.
    """
    most = 0.0
    for (a, b), (c, d) in zip(pairwise(near[:3]), pairwise(far[:3]), strict=True):
        ux, uy, vx, vy = b[0] - a[0], b[1] - a[1], d[0] - c[0], d[1] - c[1]
        both = max(((ux * ux + uy * uy) * (vx * vx + vy * vy)) ** 0.5, 1e-6)
        most = max(most, abs(ux * vy - uy * vx) / both)
    return min(max((most - 0.14) / 0.22, 0.0), 1.0)


def folds(chain: Sequence[Point]) -> bool:
    """Return whether a limb of three points folds back on itself: less than 60 degrees."""
    (ax, ay), (bx, by), (cx, cy) = chain
    ux, uy, vx, vy = ax - bx, ay - by, cx - bx, cy - by
    both = max(((ux * ux + uy * uy) * (vx * vx + vy * vy)) ** 0.5, 1e-6)
    return bool((ux * vx + uy * vy) / both > 0.5)


def _skull(kind: str, x: float, y: float, r: float, tilt: float) -> Path:
    """Return the outline of a head: round, square for a robot, a tall oval for an alien."""
    c, s = cos(tilt), sin(tilt)
    if kind == "alien":
        a, b = 0.90 * r, 1.10 * r
        return Path().ellipse(x, y, (a * c, a * s), (-b * s, b * c))
    if kind != "robot":
        return Path().circle(x, y, r)
    side = 0.93 * r
    around = ((0, -1), (1, -1), (1, 1), (-1, 1), (-1, -1), (0, -1))
    corners = [(x + side * (a * c - b * s), y + side * (a * s + b * c)) for a, b in around]
    return rounded(corners, 0.34 * r).close()


def _crown_ornament(
    out: list[Op],
    kind: str,
    x: float,
    y: float,
    r: float,
    tilt: float,
    ink: Colour,
    outline: float,
) -> None:
    """Append what sits on a head: a robot's aerial, an alien's feelers, an animal's ears."""
    c, s = cos(tilt), sin(tilt)

    def at(px: float, py: float) -> tuple[float, float]:
        return (x + (px * c - py * s) * r, y + (px * s + py * c) * r)

    if kind == "robot":
        out.append(Stroke(Path().move(*at(0, -0.9)).line(*at(0, -1.35)), ink, 0.8 * outline))
        out.append(Fill(Path().circle(*at(0, -1.42), 0.15 * r), ink))
    elif kind == "alien":
        feelers = Path()
        for side in (-1.0, 1.0):
            feelers.move(*at(0.3 * side, -0.9)).line(*at(0.55 * side, -1.4))
            out.append(Fill(Path().circle(*at(0.57 * side, -1.44), 0.13 * r), ink))
        out.append(Stroke(feelers, ink, 0.7 * outline))
    elif kind == "animal":
        for side in (-1.0, 1.0):
            ear = Path().move(*at(0.22 * side, -0.90)).line(*at(0.78 * side, -1.38))
            ear.line(*at(0.92 * side, -0.45)).close()
            out.append(Fill(ear, _PLATE))
            out.append(Stroke(ear, ink, outline))
