"""The normal style: warm paper sky, soft hills, bold figures with faces."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import cos, sin
from typing import ClassVar, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stickgen.core.errors import UsageError
from stickgen.core.types import Look
from stickgen.render.captions import draw_captions
from stickgen.render.display import (
    Colour,
    Fill,
    Glow,
    Knockout,
    Op,
    Path,
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
from stickgen.render.faces import HIDDEN_YAW, draw_face, turned
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
from stickgen.render.landscape import Horizon, Marks, ground_marks, hill_line, horizon
from stickgen.render.props import BODY, outline_path
from stickgen.render.shadows import Shadows, cast_shadows
from stickgen.render.shot import Shot

Array = NDArray[np.float64]

PALETTE: Final = (
    "#24242c",
    "#d8432e",
    "#23648f",
    "#2f7a4b",
    "#7b3f98",
    "#a54a14",
    "#0f726c",
    "#b02a66",
)
"""Colours of the actors by index; it starts over after the last."""

SKY: Final = ("#fdf6e6", "#f9efdc", "#f3e6cf")
HILLS: Final = (
    ("#dfe3c4", 94.0, 46.0, 1496.0, 2.8, 0.10),
    ("#cfd8b0", 46.0, 30.0, 1496.0, 4.8, 0.20),
)
"""Colour, height over the ground's edge and swing (pixels of a 720-line picture), period, phase,
and share of the camera's travel, from back to front."""
GROUND: Final = ("#e9d9b6", "#dcc79b")
_TREES: Final = (
    (96.0, 1.0, ((-15.0, -44.0, 19.0), (15.0, -46.0, 18.0), (0.0, -64.0, 22.0))),
    (470.0, 0.62, ((-14.0, -42.0, 17.0), (13.0, -40.0, 19.0), (2.0, -58.0, 20.0))),
    (548.0, 0.9, ((0.0, -46.0, 21.0), (-10.0, -66.0, 15.0), (9.0, -72.0, 14.0))),
    (1010.0, 0.74, ((-17.0, -38.0, 18.0), (16.0, -42.0, 20.0), (-2.0, -56.0, 19.0))),
)
"""Distant trees: place on a panorama of `_TREE_PERIOD`, size, and the discs of the crown."""
_TREE_PERIOD: Final = 1330.0
_TREE_SHARE: Final = 0.26
_CROWN: Final = colour("#b7c995")
_TRUNK: Final = colour("#b9a784")
_SUN: Final = colour("#f8c95f")
_CLOUD: Final = (1.0, 1.0, 1.0, 0.92)
_PLATE: Final = colour("#fffdf8")
_MOUTH: Final = colour("#8e2f2f")
_TONGUE: Final = colour("#e08a80")
_TEETH: Final = colour("#fffdf6")
_PAPER: Final = colour("#fbf5e9")
_FAR: Final = 0.26
"""How far a far limb's colour goes toward the backdrop."""
_WAIST: Final = 0.52
"""The part of the lower spine that no gap cuts through."""
_TUFT: Final = colour("#b7b27c")
_PEBBLE: Final = colour("#cdb78a")
_DASH: Final = colour("#d3be90")
_SHADE: Final = (0.16, 0.12, 0.08)
_OUTLINE: Final = colour("#3a3633")
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
        return colour(palette[index % len(palette)])
    try:
        return colour(look.colour)
    except ValueError as error:
        raise UsageError(f"actor {index}: {error}") from None


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
    marks: Marks
    shadows: Shadows
    inks: tuple[Colour, ...]


class NormalStyle:
    """Bold jointed figures with faces in front of a soft landscape."""

    api_version: ClassVar[int] = 1
    name: str = "normal"
    palette: ClassVar[tuple[str, ...]] = PALETTE
    face: ClassVar[FaceColours] = FaceColours(_MOUTH, _TONGUE, _TEETH, 0.085)
    bubble: ClassVar[tuple[Colour, Colour]] = (colour("#fffdf8"), colour("#3a3633"))

    def __init__(self) -> None:
        self._set_for = lru_cache(maxsize=4)(self._build)

    def _build(self, shot: Shot) -> _Set:
        tall = float(shot.figures.height.max())
        marks = ground_marks(shot.camera, spacing=0.62 * tall)
        return _Set(
            horizon=horizon(shot.camera),
            marks=marks,
            shadows=cast_shadows(shot.figures, shot.camera),
            inks=tuple(actor_colour(look, i, self.palette) for i, look in enumerate(shot.looks)),
        )

    # -- scenery ---------------------------------------------------------------------------------

    def fixed(self, shot: Shot) -> list[Op]:
        out: list[Op] = []
        if shot.transparent:
            return out
        steady = self._steady(shot)
        if steady:
            self._sky(out, shot, 0)
            self._clouds(out, shot, 0)
            if shot.camera.still:
                self._hills(out, shot, 0)
                self._trees(out, shot, 0)
            self._ground(out, shot, 0)
            if shot.camera.still:
                self._marks(out, shot, 0)
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
        edge = self._sky_edge(shot, index)
        stops = tuple(zip((0.0, 0.78, 1.0), (colour(c) for c in SKY), strict=True))
        a = self._point(shot, index, 0.5 * w, edge - 0.78 * h)
        b = self._point(shot, index, 0.5 * w, edge + 0.08 * h)
        out.append(Shade(Path().rectangle(0, 0, w, h), a, b, stops))
        k = h / 720.0
        x = 0.82 * w + float(self._set_for(shot).horizon.turn[index])
        x, y = self._point(shot, index, x, edge - 414.0 * k)
        r, g, b_, _ = colour("#ffdf8e")
        glow = ((0.0, (r, g, b_, 0.55)), (0.08, (r, g, b_, 0.55)), (1.0, (r, g, b_, 0.0)))
        out.append(Glow(x, y, 260.0 * k, 260.0 * k, glow))
        out.append(Fill(Path().circle(x, y, 52.0 * k), _SUN))

    def _clouds(self, out: list[Op], shot: Shot, index: int) -> None:
        h = self._set_for(shot).horizon
        k = shot.height / 720.0
        shift = float(h.turn[index])
        for n, (at, up, scale) in enumerate(((210.0, 434.0, 1.0), (620.0, 468.0, 0.7))):
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
                out.append(Fill(cloud, _CLOUD))
                x += period

    def _hills(self, out: list[Op], shot: Shot, index: int) -> None:
        h = self._set_for(shot).horizon
        k = shot.height / 720.0
        beyond = self._reach(shot, index) + 24.0 * k
        edge = float(h.edge[index])
        x = np.arange(-beyond, shot.width + beyond + 16.0 * k, 16.0 * k)
        numbers = np.empty((len(x) + 2, 2))
        numbers[1:-1, 0] = x
        numbers[0] = (x[0], edge + k)
        numbers[-1] = (x[-1], edge + k)
        for tint, height, swing, period, phase, share in HILLS:
            along = x - h.turn[index] + share * h.travel[index]
            line = height + swing * hill_line(along / k, period, phase)
            numbers[1:-1, 1] = edge - k * np.maximum(line, 4.0)
            path = Path().polyline(numbers.ravel().tolist(), closed=True)
            out.append(Fill(self._rolled(shot, index, path), colour(tint)))

    def _trees(self, out: list[Op], shot: Shot, index: int) -> None:
        h = self._set_for(shot).horizon
        k = shot.height / 720.0
        beyond = self._reach(shot, index) + 60.0 * k
        shift = float(h.turn[index] - _TREE_SHARE * h.travel[index])
        edge = float(h.edge[index]) + 2.0 * k
        period = _TREE_PERIOD * k
        trunks, crowns = Path(), Path()
        for at, size, discs in _TREES:
            x = (at * k + shift + beyond) % period - beyond
            q = k * size
            while x < shot.width + beyond:
                foot, top = (
                    self._point(shot, index, x, edge),
                    self._point(shot, index, x, edge - 50 * q),
                )
                trunks.move(*foot).line(*top)
                for dx, dy, r in discs:
                    crowns.circle(*self._point(shot, index, x + dx * q, edge + dy * q), r * q)
                x += period
        out.append(Stroke(trunks, _TRUNK, 5.0 * k, round_caps=False))
        out.append(Fill(crowns, _CROWN))

    def _ground(self, out: list[Op], shot: Shot, index: int) -> None:
        w, h = shot.width, shot.height
        edge = float(self._set_for(shot).horizon.edge[index])
        beyond = self._reach(shot, index)
        bottom = max(float(h), edge + 0.2 * h)
        path = Path().rectangle(-beyond, edge, w + 2 * beyond, bottom + beyond - edge)
        stops = tuple(zip((0.0, 1.0), (colour(c) for c in GROUND), strict=True))
        a = self._point(shot, index, 0.5 * w, edge)
        b = self._point(shot, index, 0.5 * w, bottom)
        out.append(Shade(self._rolled(shot, index, path), a, b, stops))

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
        tall = float(shot.figures.height.max())
        tufts, pebbles, dashes = Path(), Path(), Path()
        line = 0.0072 * tall * float(camera.focal[index] / camera.distance[index])
        rows = np.stack([x, y, scale * tall, marks.kind, marks.size, marks.lean, depth], axis=-1)[
            seen
        ]
        for px, py, unit, kind, size, lean, _ in rows.tolist():
            if kind == 0:
                q = unit * (0.020 + 0.018 * size)
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
                q = unit * (0.007 + 0.009 * size)
                pebbles.ellipse(px, py, (q * 1.5, 0.0), (0.0, q * 0.55))
            else:
                q = unit * (0.035 + 0.06 * size)
                dashes.move(px - q, py).line(px + q, py)
        if dashes.codes:
            out.append(Stroke(dashes, _DASH, line))
        if pebbles.codes:
            out.append(Fill(pebbles, _PEBBLE))
        if tufts.codes:
            out.append(Stroke(tufts, _TUFT, line))

    def changing(self, shot: Shot) -> tuple[float, float, float, float]:
        """Return the box (left, top, right, bottom) that holds all that moves in the whole clip."""
        width, height = float(shot.width), float(shot.height)
        steady = shot.transparent or self._steady(shot)
        if not steady:
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
            skyline = max(rise + 1.4 * swing for _, rise, swing, *_ in HILLS)
            boxes.append(np.array([0.0, edge - (skyline + 4.0) * height / 720.0]))
            boxes.append(np.array([width, height]))
        if shot.stage is not None:
            things = shot.stage.box()[shot.stage.seen]
            if len(things):
                boxes += [things[:, :2].min(axis=0), things[:, 2:].max(axis=0)]
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
        order = shot.paint_order(index)
        for kind, i in order:
            if kind == "actor":
                self._shadow(out, shot, index, i)
            else:
                self._prop_shadow(out, shot, index, i)
        for kind, i in order:
            if kind == "actor":
                self._actor(out, shot, index, i)
            else:
                self._prop(out, shot, index, i)
        draw_captions(out, shot, index, self.bubble)
        return out

    def _scenery(self, out: list[Op], shot: Shot, index: int) -> None:
        """Append what moves behind the actors."""
        if not self._steady(shot):
            self._sky(out, shot, index)
            self._clouds(out, shot, index)
            self._hills(out, shot, index)
            self._trees(out, shot, index)
            self._ground(out, shot, index)
            self._marks(out, shot, index)
        elif not shot.camera.still:
            self._hills(out, shot, index)
            self._trees(out, shot, index)
            self._marks(out, shot, index)

    def _shadow(self, out: list[Op], shot: Shot, index: int, actor: int) -> None:
        shadows = self._set_for(shot).shadows
        x, y, rx, ry, fade = shadows.pool[index, actor].tolist()
        out.append(Glow(x, y, rx, ry, _POOLS[round(32 * fade)]))
        for x, y, rx, ry, strength in shadows.contact[index, actor].tolist():
            if strength > 0.02:
                out.append(Glow(x, y, rx, ry, _CONTACTS[round(32 * strength)]))

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
        points = [tuple(p) for p in cast.points[index, actor].tolist()]
        size, line = float(cast.size[index, actor]), float(cast.line[index, actor])
        ink = self._set_for(shot).inks[actor]
        shade = cast.shade[index, actor].tolist()
        near_arm, near_leg = cast.near[index, actor].tolist()
        front = cast.arm_front[index, actor].tolist()
        corner, halo = CORNER * size, max(HALO * size, 0.8)

        xs, ys = [p[0] for p in points], [p[1] for p in points]
        reach = HEAD_RADIUS * size + line
        out.append(Snapshot((min(xs) - reach, min(ys) - reach, max(xs) + reach, max(ys) + reach)))

        (px, py), (qx, qy) = points[0], points[1]
        waist = Path().polyline((px, py, px + _WAIST * (qx - px), py + _WAIST * (qy - py)))

        def limb(part: slice, side: int, thin: float, gap: float | None) -> None:
            path_points = points[part]
            tint = mix(ink, _PAPER, _FAR * shade[side])
            width = line * (1.0 - (1.0 - thin) * shade[side])
            if gap is not None:
                rest = trimmed(path_points, gap * line)
                if rest is not None:
                    out.append(Knockout(rounded(rest, corner), width + 2.0 * halo))
                    if part in ARMS:
                        # An arm across the waist must not part the trunk from the hips.
                        out.append(Stroke(waist, ink, TORSO * line))
            out.append(Stroke(rounded(path_points, corner), tint, width))
            if thin == 0.94:
                x, y = path_points[-1]
                out.append(Fill(Path().circle(x, y, HAND * width), tint))

        def arm(side: int) -> None:
            limb(ARMS[side], side, 0.94, 4.6 if side == near_arm or front[side] else None)

        far_arm, far_leg = 1 - near_arm, 1 - near_leg
        if not front[far_arm]:
            arm(far_arm)
        if not front[near_arm]:
            arm(near_arm)
        limb(LEGS[far_leg], far_leg, 0.97, None)

        hx, hy = points[HEAD]
        nx, ny = points[2]
        radius = HEAD_RADIUS * size
        length = ((hx - nx) ** 2 + (hy - ny) ** 2) ** 0.5
        trunk = list(points[0:3])
        if length > radius:
            t = (length - 0.9 * radius) / length
            trunk.append((nx + (hx - nx) * t, ny + (hy - ny) * t))
        out.append(Stroke(rounded(trunk, SPINE_CORNER * size), ink, TORSO * line))
        limb(LEGS[near_leg], near_leg, 0.97, 2.2)
        if front[far_arm]:
            arm(far_arm)
        self._head(out, shot, index, actor, (hx, hy), radius, ink)
        if front[near_arm]:
            arm(near_arm)

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
        if 2.0 * radius < _SMALLEST_FACE or abs(yaw) >= HIDDEN_YAW:
            return
        spills = abs(turned(yaw)) > 0.54 or abs(pitch) > 0.4
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
        plate = _PLATE
        behind = min(max((abs(yaw) - 2.3) / 0.45, 0.0), 1.0)
        if behind > 0.0:
            plate = mix(_PLATE, ink, 0.12 * behind)
        kind = shot.looks[actor].kind
        skull = _skull(kind, x, y, radius, tilt)
        _crown_ornament(out, kind, x, y, radius, tilt, ink, outline)
        out.append(Fill(skull, plate))
        self._features(out, shot, index, actor, centre, radius, ink, skull)
        out.append(Stroke(skull, ink, outline))


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
