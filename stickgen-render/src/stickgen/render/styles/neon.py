"""The neon style: glowing tubes at night, over a floor that mirrors them."""

from __future__ import annotations

from functools import lru_cache
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from stickgen.render.backdrops import Backdrop, backdrop
from stickgen.render.display import (
    Bloom,
    Colour,
    Fill,
    Glow,
    Op,
    Path,
    Point,
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
from stickgen.render.scenery import columns, pieces, unit
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
_NIGHT: Final = ("#05060f", "#120b33", "#33115a")
_FLOOR: Final = ("#0d0828", "#04040c")
_GRID: Final = colour("#a24bff")
_HORIZON: Final = colour("#ff6ae0")
_PLATE: Final = (0.03, 0.02, 0.09, 0.86)
_WHITE: Final = (1.0, 1.0, 1.0, 1.0)
_TUBE: Final = ((1.30, 0.13), (1.02, 0.22), (0.72, 0.85))
"""Widths in limb lines and alphas of the coloured part of a tube, outside first."""
_CORE: Final = 0.27
_GAP: Final = ((1.70, 0.34), (1.45, 0.50), (1.22, 0.60))
"""Widths in limb lines and alphas of the dark around a limb that passes before another."""
_FARTHER: Final = (0.22, 0.20, 1.0, 1.0)
"""What the light of a far limb tends to."""
_SUN: Final = 158.0
"""Radius of the sun, in pixels of a picture 720 lines high."""
_SUN_PLACES: Final = (0.5, 0.72, 0.28, 0.86, 0.14)
"""Where the sun may set, as shares of the width; the first is the best."""
_MIRROR: Final = 0.42
"""How strong a reflection in the floor is."""
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
    shine: ClassVar[tuple[float, float]] = (0.0, 0.42)

    def __init__(self) -> None:
        super().__init__()
        self._sunset = lru_cache(maxsize=4)(self._sun_place)

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
        edge = float(self._set_for(shot).horizon.edge[index])
        turn = float(self._set_for(shot).horizon.turn[index])
        beyond = self._reach(shot, index)
        place = shot.place
        afloat = place.floor == "none"
        sky = Path().rectangle(
            -beyond, -beyond, w + 2 * beyond, (float(h) if afloat else edge) + 2 * beyond
        )
        nights = [colour(c) for c in _NIGHT]
        if not _open_land(place):
            for n, day in enumerate(place.sky):
                nights[n] = mix(nights[n], _dimmed(colour(day), (0.4, 0.7, 1.0)[n]), 0.45)
        stops = tuple(zip((0.0, 0.52, 1.0), nights, strict=True))
        a = self._point(shot, index, 0.5 * w, edge - 0.7 * h)
        b = self._point(shot, index, 0.5 * w, edge)
        out.append(Fill(Path().rectangle(0, 0, w, h), nights[0]))
        out.append(Shade(self._rolled(shot, index, sky), a, b, stops))
        if not place.indoor:
            self._night_sky(out, shot, index, edge, turn)
        if afloat:
            return
        floor = Path().rectangle(-beyond, edge, w + 2 * beyond, max(float(h), edge + 1) + beyond)
        stops = tuple(zip((0.0, 1.0), (colour(c) for c in _FLOOR), strict=True))
        foot = self._point(shot, index, 0.5 * w, max(float(h), edge + 0.2 * h))
        out.append(Shade(self._rolled(shot, index, floor), b, foot, stops))

    def _night_sky(self, out: list[Op], shot: Shot, index: int, edge: float, turn: float) -> None:
        """Append stars, the glow over the horizon, and a sun that sets or a moon."""
        w, k = shot.width, shot.height / 720.0
        place = shot.place
        rng = np.random.default_rng(3)
        dim, bright = Path(), Path()
        for u, v, r, light in rng.random((110, 4)).tolist():
            x = (u * 1.6 * w + turn + 0.1 * w) % (1.6 * w) - 0.1 * w
            y = v**1.3 * (edge - 60.0 * k)
            if edge > 0:
                spot = self._point(shot, index, x, y)
                (bright if light > 0.72 else dim).circle(*spot, (0.5 + 1.1 * r) * k)
        out += [Fill(dim, (0.8, 0.9, 1.0, 0.28)), Fill(bright, (0.86, 0.93, 1.0, 0.65))]
        if place.floor == "none":
            return
        share = self._sunset(shot)
        sets = share is not None
        if share is None:
            share = 0.5
        cx, cy = self._point(shot, index, share * w + turn, edge)
        r, g, b, _ = (0.62, 0.14, 0.62, 1.0) if sets else _vivid(colour(place.sky[2]))
        strong = 0.40 if sets else 0.16
        out.append(Glow(cx, cy, 0.56 * w, 420.0 * k, _fading(r, g, b, strong)))
        if sets:
            self._setting_sun(out, shot, index, share)
        elif place.light == "moon":
            x, y = self._point(shot, index, 0.82 * w + turn, edge - 400.0 * k)
            tint = colour("#a9c4ff")
            out.append(Glow(x, y, 190.0 * k, 190.0 * k, _fading(*tint[:3], 0.45)))
            disc = Path().circle(x, y, 46.0 * k)
            out.append(Fill(disc, (*mix(colour(_NIGHT[1]), tint, 0.35)[:3], 1.0)))
            self._glowing(out, disc, tint, 9.0 * k)

    def _sun_place(self, shot: Shot) -> float | None:
        """Return where across the picture the sun sets, 0-1: behind nobody's head, if that can be,
        and not behind walls; None where there is no sun.
        """
        place = shot.place
        plain = _open_land(place)
        if not (plain or place.light == "sun"):
            return None
        cast, w = shot.cast, shot.width
        heads = cast.points[..., HEAD, 0][cast.visible] / w
        room = _SUN * shot.height / 720.0 / w
        walls = []
        if not plain:
            settings = self._set_for(shot)
            k = unit(shot, settings.horizon, 0)
            for piece in pieces(place):
                if not piece.standing.hanging and piece.half * k > 0.3 * room * w:
                    found = columns(shot, settings.horizon, 0, piece, place, settings.offset)
                    walls += [(x / w, piece.half * k / w) for x in found]

        def hidden(share: float) -> float:
            head = np.clip(1.3 - np.abs(heads - share) / room, 0.0, 1.0)
            return float(head.mean()) if len(heads) else 0.0

        def covered(share: float) -> float:
            across = share + room * np.linspace(-1.0, 1.0, 21)
            behind = [np.abs(across - x) < half for x, half in walls]
            return float(np.any(behind, axis=0).mean()) if behind else 0.0

        best = min(_SUN_PLACES, key=lambda s: hidden(s) + 2.0 * covered(s) + 0.3 * abs(s - 0.5))
        return best if covered(best) < 0.7 else None

    def _setting_sun(self, out: list[Op], shot: Shot, index: int, share: float) -> None:
        w, k = shot.width, shot.height / 720.0
        edge = float(self._set_for(shot).horizon.edge[index])
        turn = float(self._set_for(shot).horizon.turn[index])
        # The sun: slices of one disc, thinner toward the horizon.
        mx, my, r = share * w + turn, edge - 66.0 * k, _SUN * k
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
                    mix(colour(c), colour(_NIGHT[2]), 0.34)
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
        plain = _open_land(place)
        if not plain:
            self._layers(out, shot, index)
            if place.floor != "none":
                floor = self._below(shot, index)
                stops = tuple(zip((0.0, 1.0), (colour(c) for c in _FLOOR), strict=True))
                a, b = (
                    self._point(shot, index, 0.0, edge),
                    self._point(shot, index, 0.0, edge + 200 * k),
                )
                out.append(Shade(floor, a, b, stops))
            self._above(out, shot, index)
        r, g, b_, _ = mix(_GRID, _vivid(colour(place.accent)), 0.0 if plain else 0.25)
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
            top, foot = float(outline[:-2, 1].min()), float(outline[-1, 1])
            high = (*mix(colour(_NIGHT[1]), tint, 0.20)[:3], 0.94)
            low = (*mix(colour(_NIGHT[0]), tint, 0.03)[:3], 0.94)
            a, b = self._point(shot, index, 0.0, top), self._point(shot, index, 0.0, foot)
            out.append(Shade(path, a, b, ((0.0, high), (1.0, low))))
            ridge = Path().polyline(outline[:-2].ravel().tolist())
            self._far_tube(out, self._rolled(shot, index, ridge), tint, 2.0 * k)

    def _shine(self, out: list[Op], shot: Shot, index: int, points: Array, tint: Colour) -> None:
        super()._shine(out, shot, index, points, _vivid(tint))

    def _landmark_part(self, out: list[Op], path: Path, part: Part, tint: Colour, k: float) -> None:
        """Append one part of something far away: a thin tube around the dark."""
        light = _vivid(tint)
        filled = part.closed and bool(part.tint)
        if filled and part.line:
            out.append(Fill(path, (*mix(_PLATE, light, 0.10)[:3], 0.96)))
        if part.line and not (filled and part.line < 0.35):
            self._far_tube(out, path, light, 2.0 * max(part.line, 0.55) * k)
        elif filled:
            out.append(Fill(path, (*light[:3], 0.55)))

    def _far_tube(self, out: list[Op], path: Path, tint: Colour, width: float) -> None:
        """Append a tube *width* pixels thin, and the light around it."""
        out.append(Stroke(path, (*tint[:3], 0.09), 6.5 * width))
        out.append(Stroke(path, (*tint[:3], 0.17), 3.2 * width))
        out.append(Stroke(path, (*mix(tint, _WHITE, 0.22)[:3], 0.92), width))

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
        """Append the light on the floor and the reflection in it, where there is a floor."""
        if shot.place.floor == "none" and not shot.transparent:
            return
        x, y, rx, ry, fade = self._set_for(shot).shadows.pool[index, actor].tolist()
        r, g, b, _ = self._light(shot, actor)
        out.append(Glow(x, y, 1.25 * rx, 1.1 * ry, _fading(r, g, b, round(0.26 * fade, 2))))
        # High above the floor the mirror image would hang apart from the figure, cut off.
        up = (1.0 / max(fade, 1e-3) - 1.0) / 3.2
        strength = round(_MIRROR * min(max(1.2 - up / 0.3, 0.0), 1.0), 2)
        if strength <= 0.0:
            return
        size = float(shot.cast.size[index, actor])
        floor = y + 0.004 * size
        points = [(px, py) for px, py in shot.cast.points[index, actor].tolist()]
        path = self._tubes(points, size, (0, 1))
        x, y = points[HEAD]
        path.circle(x, y, HEAD_RADIUS * size)
        stroke = Stroke(path, (r, g, b, 0.9), 0.8 * float(shot.cast.line[index, actor]))
        out.append(Bloom((stroke,), 0.026 * size, strength, floor, _FADE * size))

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

    def _around(
        self, out: list[Op], path: Path, line: float, before: tuple[list[Point], ...]
    ) -> None:
        """Append the dark that sets a limb along *path* off from those it passes *before*."""
        out.append(PushClip(capsules(before, 0.66 * line)))
        for width, alpha in _GAP:
            out.append(Stroke(path, (*_PLATE[:3], alpha), width * line, round_caps=False))
        out.append(PopClip())

    def _actor(self, out: list[Op], shot: Shot, index: int, actor: int) -> None:
        cast = shot.cast
        points = [(x, y) for x, y in cast.points[index, actor].tolist()]
        size, line = float(cast.size[index, actor]), float(cast.line[index, actor])
        tint = mix(self._light(shot, actor), _PLATE, float(cast.haze[index, actor]))
        near_arm, near_leg = cast.near[index, actor].tolist()
        shade = cast.shade[index, actor].tolist()
        front = [bool(f) for f in cast.arm_front[index, actor]]
        over = cast.over_face[index, actor].tolist()
        radius = HEAD_RADIUS * size
        skull, ornaments = self._skull_of(shot, index, actor, points[HEAD], radius, tint)
        far_arm, far_leg = 1 - near_arm, 1 - near_leg
        corner = CORNER * size
        paths = {part.start: rounded(points[part], corner) for part in (*ARMS, *LEGS)}

        def limb(part: slice, away: float) -> None:
            light = mix(tint, _FARTHER, 0.34 * away)
            line_, bright = (1.0 - 0.12 * away) * line, 1.0 - 0.26 * away
            self._glowing(out, paths[part.start], light, line_, bright)

        def around(part: slice, *before: list[Point]) -> None:
            rest = trimmed(points[part], 1.9 * line)
            if rest is not None:
                self._around(out, rounded(rest, corner), line, before)

        trunk, leg = points[0:3], points[LEGS[near_leg]]

        for side in (far_arm, near_arm):
            if not front[side]:
                limb(ARMS[side], shade[side])
        limb(LEGS[far_leg], shade[far_leg])
        if crossing_of(points[LEGS[near_leg]], points[LEGS[far_leg]]) > 0.4:
            around(LEGS[near_leg], points[LEGS[far_leg]])
        spine = self._spine(points, size)
        self._glowing(out, spine, tint, line)
        limb(LEGS[near_leg], shade[near_leg])
        for side in (far_arm, near_arm):
            if front[side]:
                around(ARMS[side], trunk, leg)
                if not over[side]:
                    limb(ARMS[side], shade[side])
        # The light comes after the dark between the limbs, so that no dark edge is left in it.
        near = [spine, paths[LEGS[near_leg].start], paths[ARMS[near_arm].start], skull]
        far = [paths[LEGS[far_leg].start], paths[ARMS[far_arm].start]]
        strokes = [Stroke(path, (*tint[:3], 0.9), 0.9 * line) for path in near]
        away = max(shade)
        dim = (*mix(tint, _FARTHER, 0.34 * away)[:3], 0.9 - 0.3 * away)
        strokes += [Stroke(path, dim, 0.9 * line) for path in far]
        out.append(Bloom(tuple(strokes), 0.040 * size, 0.62, halo=0.80))
        out.append(Fill(skull, _PLATE))
        out += ornaments
        ink = mix(tint, _WHITE, 0.55)
        self._features(out, shot, index, actor, points[HEAD], radius, ink, skull)
        self._glowing(out, skull, tint, line)
        for side in (far_arm, near_arm):
            if front[side] and over[side]:
                limb(ARMS[side], shade[side])

    # -- props -----------------------------------------------------------------------------------

    def _prop_shadow(self, out: list[Op], shot: Shot, index: int, prop: int) -> None:
        stage = shot.stage
        assert stage is not None
        if shot.place.floor == "none":
            return
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
            own = colour(part.tint) if part.tint not in ("", BODY) else body
            # What is nearly black shines violet, as far things do, beside what is white.
            tint = _vivid(own) if max(own[:3]) < 0.35 else _lit(own)
            if part.line:
                left, top, right, bottom = path.bounds()
                slim = 0.34 * min(right - left, bottom - top) if part.closed else width
                thick = min(width * max(part.line, 0.5), max(slim, 1.4))
                paths.append((path, tint, thick))
                if part.closed and part.tint:
                    inside.append((path, 0.62))
        strokes = tuple(Stroke(path, (*tint[:3], 0.8), w) for path, tint, w in paths)
        if strokes:
            out.append(Bloom(strokes, 0.014 * shot.height, 0.7, halo=0.4))
        for path, alpha in inside:
            out.append(Fill(path, (*_PLATE[:3], alpha)))
        for path, tint, w in paths:
            self._glowing(out, path, tint, w)


def _open_land(place: Backdrop) -> bool:
    """Return whether *place* is the land of no place in particular, in whatever weather."""
    return place.landmarks == backdrop("earth_normal").landmarks


def _dimmed(tint: Colour, share: float) -> Colour:
    """Return the colour of a sky at night that is *tint* by day, brighter with *share*."""
    r, g, b, _ = _vivid(tint)
    return (0.24 * share * r, 0.17 * share * g, 0.34 * share * b, 1.0)


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
