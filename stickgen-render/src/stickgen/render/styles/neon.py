"""The neon style: glowing tubes at night, over a floor that mirrors them."""

from __future__ import annotations

from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from stickgen.render.backdrops import backdrop
from stickgen.render.display import (
    Bloom,
    Colour,
    Fill,
    Glow,
    Op,
    Path,
    PopClip,
    PushClip,
    Shade,
    Stops,
    Stroke,
    colour,
    mix,
    rounded,
    trimmed,
)
from stickgen.render.figure import (
    ARMS,
    CORNER,
    HEAD,
    HEAD_RADIUS,
    LEGS,
    SPINE_CORNER,
)
from stickgen.render.landscape import floor_lines
from stickgen.render.outlines import BODY, Part
from stickgen.render.props import outline_path
from stickgen.render.shot import Shot
from stickgen.render.styles.normal import TINTS, FaceColours, NormalStyle, capsules, crossing_of

Array = NDArray[np.float64]

PALETTE: Final = (
    "#25e9ff",
    "#ff3fd0",
    "#ffe14d",
    "#39ff88",
    "#ff9b3d",
    "#a98bff",
    "#ff5c6c",
    "#9dff3d",
)
_NIGHT: Final = ("#05060f", "#0d0a26", "#2a0f4a")
_FLOOR: Final = ("#0a0720", "#04040c")
_GRID: Final = colour("#b14bff")
_HORIZON: Final = colour("#ff6ae0")
_PLATE: Final = (0.03, 0.02, 0.09, 0.86)
_WHITE: Final = (1.0, 1.0, 1.0, 1.0)
_TUBE: Final = ((1.25, 0.22), (0.72, 0.85))
"""Widths in limb lines and alphas of the coloured part of a tube, outside first."""
_CORE: Final = 0.27
_FADE: Final = 0.46
"""How far down the floor a reflection goes, in figure heights."""


def _fading(r: float, g: float, b: float, alpha: float) -> Stops:
    return ((0.0, (r, g, b, alpha)), (0.5, (r, g, b, 0.45 * alpha)), (1.0, (r, g, b, 0.0)))


class NeonStyle(NormalStyle):
    """Tubes of light with dark faces, a setting sun and a grid that runs to the horizon."""

    name: str = "neon"
    palette: ClassVar[tuple[str, ...]] = PALETTE
    lights: ClassVar[tuple[str, ...]] = PALETTE
    face: ClassVar[FaceColours] = FaceColours(
        colour("#2a0a2e"), colour("#ff5fb8"), colour("#0d0a26"), 0.085
    )
    bubble: ClassVar[tuple[Colour, Colour]] = (colour("#120c2c"), colour("#e6e0ff"))

    # -- scenery ---------------------------------------------------------------------------------

    def fixed(self, shot: Shot) -> list[Op]:
        out: list[Op] = []
        if not shot.transparent and self._steady(shot):
            self._night(out, shot, 0)
            if shot.camera.still:
                self._grid(out, shot, 0)
        return out

    def _scenery(self, out: list[Op], shot: Shot, index: int) -> None:
        if not self._steady(shot):
            self._night(out, shot, index)
        if not shot.camera.still:
            self._grid(out, shot, index)

    def _dark(self, shot: Shot) -> bool:
        """It is always night here."""
        return True

    def _night(self, out: list[Op], shot: Shot, index: int) -> None:
        w, h = shot.width, shot.height
        k = h / 720.0
        edge = float(self._set_for(shot).horizon.edge[index])
        turn = float(self._set_for(shot).horizon.turn[index])
        beyond = self._reach(shot, index)
        sky = Path().rectangle(-beyond, -beyond, w + 2 * beyond, edge + beyond)
        place = shot.place
        plain = place == backdrop("earth_normal")
        nights = [colour(c) for c in _NIGHT]
        if not plain:
            for n, day in enumerate(place.sky):
                nights[n] = mix(nights[n], _dimmed(colour(day)), (0.3, 0.5, 0.6)[n])
        stops = tuple(zip((0.0, 0.5, 1.0), nights, strict=True))
        a = self._point(shot, index, 0.5 * w, edge - 0.7 * h)
        b = self._point(shot, index, 0.5 * w, edge)
        out.append(Fill(Path().rectangle(0, 0, w, h), colour(_NIGHT[0])))
        out.append(Shade(self._rolled(shot, index, sky), a, b, stops))
        rng = np.random.default_rng(3)
        dim, bright = Path(), Path()
        for u, v, r, light in rng.random((110, 4)).tolist():
            x = (u * 1.6 * w + turn + 0.1 * w) % (1.6 * w) - 0.1 * w
            y = v**1.3 * (edge - 60.0 * k)
            if edge > 0:
                spot = self._point(shot, index, x, y)
                (bright if light > 0.72 else dim).circle(*spot, (0.5 + 1.1 * r) * k)
        out += [Fill(dim, (0.8, 0.9, 1.0, 0.28)), Fill(bright, (0.86, 0.93, 1.0, 0.65))]
        cx, cy = self._point(shot, index, 0.5 * w + turn, edge)
        if plain:
            out.append(Glow(cx, cy, 620.0 * k, 420.0 * k, _fading(0.62, 0.14, 0.62, 0.34)))
            self._setting_sun(out, shot, index)
        elif place.light != "none":
            x, y = self._point(shot, index, 0.82 * w + turn, edge - 400.0 * k)
            tint = _HORIZON if place.light == "sun" else colour("#a9c4ff")
            out.append(Glow(x, y, 180.0 * k, 180.0 * k, _fading(tint[0], tint[1], tint[2], 0.4)))
            self._glowing(out, Path().circle(x, y, 46.0 * k), tint, 9.0 * k)
        floor = Path().rectangle(-beyond, edge, w + 2 * beyond, max(float(h), edge + 1) + beyond)
        stops = tuple(zip((0.0, 1.0), (colour(c) for c in _FLOOR), strict=True))
        foot = self._point(shot, index, 0.5 * w, max(float(h), edge + 0.2 * h))
        if place.floor == "none":
            stops = ((0.0, nights[2]), (1.0, nights[0]))
        out.append(Shade(self._rolled(shot, index, floor), b, foot, stops))

    def _setting_sun(self, out: list[Op], shot: Shot, index: int) -> None:
        w, k = shot.width, shot.height / 720.0
        edge = float(self._set_for(shot).horizon.edge[index])
        turn = float(self._set_for(shot).horizon.turn[index])
        # The sun: slices of one disc, thinner toward the horizon.
        mx, my, r = 0.5 * w + turn, edge - 62.0 * k, 150.0 * k
        bars = [(my - r, my - 34.0 * k)]
        y, gap = my - 31.0 * k, 3.0 * k
        while y < edge - 4.0 * k:
            bars.append((y, min(y + 17.0 * k - gap, edge)))
            y += 17.0 * k
            gap += 1.5 * k
        top = self._point(shot, index, mx, my - r)
        low = self._point(shot, index, mx, edge)
        tints = tuple(
            zip(
                (0.0, 0.55, 1.0),
                (
                    mix(colour(c), colour(_NIGHT[2]), 0.46)
                    for c in ("#ffcf5e", "#ff4f93", "#7a2cff")
                ),
                strict=True,
            )
        )
        for y0, y1 in bars:
            if y1 <= y0:
                continue
            turns = np.arccos(np.clip(((y0 - my) / r, (y1 - my) / r), -1.0, 1.0))
            ys = my + r * np.cos(np.linspace(turns[0], turns[1], 24 if y1 < my else 4))
            half = np.sqrt(np.maximum(r * r - (ys - my) ** 2, 0.0))
            right = np.stack([mx + half, ys], axis=-1)
            left = np.stack([mx - half, ys], axis=-1)[::-1]
            path = Path().polyline(np.concatenate([right, left]).ravel().tolist(), closed=True)
            out.append(Shade(self._rolled(shot, index, path), top, low, tints))

    def _grid(self, out: list[Op], shot: Shot, index: int) -> None:
        """Append what stands before the sky, and lines of the world's ground, which moves."""
        k = shot.height / 720.0
        edge = float(self._set_for(shot).horizon.edge[index])
        place = shot.place
        plain = place == backdrop("earth_normal")
        if not plain:
            self._layers(out, shot, index)
            floor = self._below(shot, index)
            stops = tuple(zip((0.0, 1.0), (colour(c) for c in _FLOOR), strict=True))
            a, b = (
                self._point(shot, index, 0.0, edge),
                self._point(shot, index, 0.0, edge + 200 * k),
            )
            out.append(Shade(floor, a, b, stops))
            self._above(out, shot, index)
        r, g, b_, _ = mix(_GRID, _lit(colour(place.accent)), 0.0 if plain else 0.45)
        if place.floor != "none":
            step = 0.42 * float(shot.figures.height.max())
            out.append(PushClip(self._below(shot, index)))
            for found in floor_lines(shot.camera, index, step, deep=True, wide=True):
                path = Path()
                for x0, y0, x1, y1 in found.tolist():
                    path.move(x0, y0).line(x1, y1)
                if path.codes:
                    out.append(Stroke(path, (r, g, b_, 0.15), 4.5 * k))
                    out.append(Stroke(path, (r, g, b_, 0.42), 1.5 * k))
            out.append(PopClip())
            beyond = self._reach(shot, index)
            rim = Path().polyline((-beyond, edge, shot.width + beyond, edge))
            rim = self._rolled(shot, index, rim)
            r, g, b_, _ = _HORIZON
            for width, alpha in ((9.0, 0.12), (5.0, 0.2), (2.2, 0.85)):
                out.append(Stroke(rim, (r, g, b_, alpha), width * k))
        if not plain:
            self._landmarks(out, shot, index)

    def _layers(self, out: list[Op], shot: Shot, index: int, *, down: bool = False) -> None:
        k = shot.height / 720.0
        for layer in shot.place.layers:
            if layer.down != down or (layer.form == "flat" and layer.height > 200.0):
                continue
            outline = self._ridge(shot, index, layer)
            path = self._rolled(shot, index, Path().polyline(outline.ravel().tolist(), True))
            tint = _vivid(colour(layer.tint))
            out.append(Fill(path, (*mix(colour(_NIGHT[1]), tint, 0.07)[:3], 0.92)))
            ridge = Path().polyline(outline[:-2].ravel().tolist())
            ridge = self._rolled(shot, index, ridge)
            out.append(Stroke(ridge, (*tint[:3], 0.14), 7.0 * k))
            out.append(Stroke(ridge, (*tint[:3], 0.50), 1.8 * k))

    def _landmark_part(self, out: list[Op], path: Path, part: Part, tint: Colour, k: float) -> None:
        """Append one part of something far away: a thin tube around the dark."""
        light = _vivid(tint)
        filled = part.closed and bool(part.tint)
        if filled and part.line:
            out.append(Fill(path, (*mix(_PLATE, light, 0.10)[:3], 0.85)))
        if part.line and not (filled and part.line < 0.35):
            wide = max(part.line, 0.5)
            out.append(Stroke(path, (*light[:3], 0.16), 6.0 * wide * k))
            out.append(Stroke(path, (*light[:3], 0.66), 1.9 * wide * k))
        elif filled:
            left, top, right, bottom = path.bounds()
            large = max(right - left, bottom - top) > 120.0 * k
            out.append(Fill(path, (*light[:3], 0.10 if large else 0.45)))

    def changing(self, shot: Shot) -> tuple[float, float, float, float]:
        if not (shot.camera.still or shot.transparent):
            return (0.0, 0.0, float(shot.width), float(shot.height))
        left, top, right, bottom = super().changing(shot)
        size = float(shot.cast.size[shot.cast.visible].max(initial=0.0))
        pad = 0.42 * max(size, 0.12 * shot.height)
        return (
            max(left - pad, 0.0),
            max(top - pad, 0.0),
            min(right + pad, float(shot.width)),
            min(bottom + pad + _FADE * size, float(shot.height)),
        )

    def _trail(
        self, out: list[Op], path: Array, width: float, tint: Colour, strength: float
    ) -> None:
        """Append light that hangs in the air, brightest where it is newest."""
        light = _lit(tint)
        third = len(path) // 3
        for cut, wide, alpha in ((0, 0.5, 0.14), (third, 0.4, 0.2), (2 * third, 0.26, 0.5)):
            line = Path().polyline(path[cut:].ravel().tolist())
            out.append(Stroke(line, (*light[:3], alpha * (0.4 + 0.6 * strength)), wide * width))

    def _ticks(self, out: list[Op], ticks: Path, width: float, tint: Colour, alpha: float) -> None:
        self._glowing(out, ticks, _lit(tint), 1.6 * width, alpha)

    def _weather_tints(self, shot: Shot, kind: str) -> tuple[Colour, ...]:
        if kind in ("rain", "storm", "snow", "bubbles"):
            return ((0.45, 0.86, 1.0, 0.55),)
        if kind == "fog":
            return ((0.42, 0.32, 0.72, 0.22),)
        return tuple((*_lit(tint)[:3], 0.8) for tint in TINTS[kind])

    # -- actors ----------------------------------------------------------------------------------

    def _shadow(self, out: list[Op], shot: Shot, index: int, actor: int) -> None:
        """Append the light on the floor and the reflection in it."""
        x, y, rx, ry, fade = self._set_for(shot).shadows.pool[index, actor].tolist()
        r, g, b, _ = self._light(shot, actor)
        out.append(Glow(x, y, 1.25 * rx, 1.1 * ry, _fading(r, g, b, round(0.26 * fade, 2))))
        size = float(shot.cast.size[index, actor])
        floor = y + 0.018 * size
        points = [(px, py) for px, py in shot.cast.points[index, actor].tolist()]
        path = self._tubes(points, size, (0, 1))
        x, y = points[HEAD]
        path.circle(x, y, HEAD_RADIUS * size)
        stroke = Stroke(path, (r, g, b, 0.9), 0.8 * float(shot.cast.line[index, actor]))
        out.append(Bloom((stroke,), 0.026 * size, 0.42, floor, _FADE * size))

    def _light(self, shot: Shot, actor: int) -> Colour:
        return _lit(self._set_for(shot).inks[actor])

    @staticmethod
    def _tubes(
        points: list[tuple[float, float]], size: float, arms: tuple[int, ...], trunk: bool = True
    ) -> Path:
        path = Path()
        chains = [(points[ARMS[side]], CORNER) for side in arms]
        if trunk:
            chains += [(points[leg], CORNER) for leg in LEGS]
            head, neck = points[HEAD], points[2]
            away = max(float(np.hypot(head[0] - neck[0], head[1] - neck[1])), 1e-6)
            t = max(away - HEAD_RADIUS * size, 0.0) / away
            top = (neck[0] + (head[0] - neck[0]) * t, neck[1] + (head[1] - neck[1]) * t)
            chains.append(([*points[0:3], top], SPINE_CORNER))
        for chain, corner in chains:
            line = rounded(chain, corner * size)
            path.codes += line.codes
            path.numbers += line.numbers
        return path

    def _spine(self, points: list[tuple[float, float]], size: float) -> Path:
        head, neck = points[HEAD], points[2]
        away = max(float(np.hypot(head[0] - neck[0], head[1] - neck[1])), 1e-6)
        t = max(away - HEAD_RADIUS * size, 0.0) / away
        top = (neck[0] + (head[0] - neck[0]) * t, neck[1] + (head[1] - neck[1]) * t)
        return rounded([*points[0:3], top], SPINE_CORNER * size)

    def _glowing(
        self, out: list[Op], path: Path, tint: Colour, line: float, bright: float = 1.0
    ) -> None:
        """Append a tube of light; a *bright* less than 1 is one farther away."""
        for width, alpha in _TUBE:
            out.append(Stroke(path, (*tint[:3], alpha * bright), width * line))
        core = mix(tint, _WHITE, 0.8 * bright)
        out.append(Stroke(path, (*core[:3], 0.95 * bright), max(_CORE * line, 1.0)))

    def _actor(self, out: list[Op], shot: Shot, index: int, actor: int) -> None:
        cast = shot.cast
        points = [(x, y) for x, y in cast.points[index, actor].tolist()]
        size, line = float(cast.size[index, actor]), float(cast.line[index, actor])
        tint = self._light(shot, actor)
        near_arm, near_leg = cast.near[index, actor].tolist()
        shade = cast.shade[index, actor].tolist()
        front = [bool(f) for f in cast.arm_front[index, actor]]
        radius = HEAD_RADIUS * size
        skull, ornaments = self._skull_of(shot, index, actor, points[HEAD], radius, tint)
        whole = self._tubes(points, size, (0, 1))
        strokes = tuple(Stroke(path, (*tint[:3], 0.9), 0.9 * line) for path in (whole, skull))
        out.append(Bloom(strokes, 0.035 * size, 0.62, halo=0.55))

        dark = (*_PLATE[:3], 0.55)

        def limb(part: slice, away: float) -> None:
            path = rounded(points[part], CORNER * size)
            self._glowing(out, path, tint, line, 1.0 - 0.46 * away)

        def arm(side: int) -> None:
            if front[side]:
                self._seam(out, points, side, near_leg, 1.1 * line, 0.28 * line, 0.0, dark)
            limb(ARMS[side], shade[side])

        far_arm, far_leg = 1 - near_arm, 1 - near_leg
        for side in (far_arm, near_arm):
            if not front[side]:
                arm(side)
        limb(LEGS[far_leg], shade[far_leg])
        rest = trimmed(points[LEGS[near_leg]], 2.2 * line)
        if rest is not None and crossing_of(points[LEGS[near_leg]], points[LEGS[far_leg]]) > 0.4:
            out += [
                PushClip(capsules((points[LEGS[far_leg]],), 0.7 * line)),
                Stroke(rounded(rest, CORNER * size), dark, 1.6 * line),
                PopClip(),
            ]
        self._glowing(out, self._spine(points, size), tint, line)
        limb(LEGS[near_leg], shade[near_leg])
        if front[far_arm]:
            arm(far_arm)
        out.append(Fill(skull, _PLATE))
        out += ornaments
        ink = mix(tint, _WHITE, 0.55)
        self._features(out, shot, index, actor, points[HEAD], radius, ink, skull)
        self._glowing(out, skull, tint, line)
        if front[near_arm]:
            arm(near_arm)

    # -- props -----------------------------------------------------------------------------------

    def _prop_shadow(self, out: list[Op], shot: Shot, index: int, prop: int) -> None:
        stage = shot.stage
        assert stage is not None
        x, y = stage.ground[index, prop].tolist()
        rx = 1.3 * stage.pictures[prop].half * float(stage.scale[index, prop])
        r, g, b, _ = _lit(stage.tints[prop] or colour(stage.pictures[prop].tint))
        fade = 1.0 / (1.0 + 1.6 * float(stage.lift[index, prop]))
        out.append(Glow(x, y, rx, 0.2 * rx + 2.0, _fading(r, g, b, round(0.22 * fade, 2))))

    def _prop(self, out: list[Op], shot: Shot, index: int, prop: int) -> None:
        stage = shot.stage
        assert stage is not None
        shape = stage.pictures[prop]
        body = stage.tints[prop] or colour(shape.tint)
        scale = float(stage.scale[index, prop])
        k = shot.height / 720.0
        width = min(7.0 * k, max(0.14 * scale * max(shape.height, shape.half), 1.4))
        paths: list[tuple[Path, Colour, float]] = []
        inside: list[tuple[Path, float]] = []
        for part in shape.parts:
            path = outline_path(stage.outline(index, prop, part), part.closed)
            tint = _lit(colour(part.tint) if part.tint not in ("", BODY) else body)
            if part.line:
                paths.append((path, tint, width * max(part.line, 0.5)))
                if part.closed and part.tint:
                    inside.append((path, 0.62))
        strokes = tuple(Stroke(path, (*tint[:3], 0.8), w) for path, tint, w in paths)
        if strokes:
            out.append(Bloom(strokes, 0.012 * shot.height, 0.5))
        for path, alpha in inside:
            out.append(Fill(path, (*_PLATE[:3], alpha)))
        for path, tint, w in paths:
            self._glowing(out, path, tint, w)


def _dimmed(tint: Colour) -> Colour:
    """Return the colour of a sky at night that is *tint* by day."""
    pure = _lit(tint)
    return (0.16 * pure[0], 0.13 * pure[1], 0.22 * pure[2], 1.0)


def _vivid(tint: Colour) -> Colour:
    """Return *tint* as the light of something far away: greys turn violet, the rest purer."""
    high, low = max(tint[:3]), min(tint[:3])
    if high - low < 0.05:
        return (0.62, 0.52, 1.0, 1.0)
    pure = [(c - 0.86 * low) / max(high - 0.86 * low, 1e-6) for c in tint[:3]]
    return mix((pure[0], pure[1], pure[2], 1.0), (0.62, 0.52, 1.0, 1.0), 0.16)


def _lit(tint: Colour) -> Colour:
    """Return *tint* as a tube's light: as bright as it can be, and coloured if it was."""
    high, low = max(tint[:3]), min(tint[:3])
    if high < 1e-3:
        return (0.82, 0.88, 1.0, 1.0)
    pure = 0.55 if high - low > 0.12 else 0.0
    r, g, b = ((c - pure * low) / max(high - pure * low, 1e-6) for c in tint[:3])
    return (r, g, b, 1.0)
