"""The neon style: glowing tubes at night, over a floor that mirrors them."""

from __future__ import annotations

from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from stickgen.render.display import (
    Bloom,
    Colour,
    Fill,
    Glow,
    Op,
    Path,
    Shade,
    Stops,
    Stroke,
    colour,
    mix,
    rounded,
)
from stickgen.render.figure import (
    ARMS,
    CORNER,
    HEAD,
    HEAD_RADIUS,
    LEGS,
    SPINE_CORNER,
)
from stickgen.render.props import BODY, outline_path
from stickgen.render.shot import Shot
from stickgen.render.styles.normal import FaceColours, NormalStyle

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

    def _night(self, out: list[Op], shot: Shot, index: int) -> None:
        w, h = shot.width, shot.height
        k = h / 720.0
        edge = float(self._set_for(shot).horizon.edge[index])
        turn = float(self._set_for(shot).horizon.turn[index])
        beyond = self._reach(shot, index)
        sky = Path().rectangle(-beyond, -beyond, w + 2 * beyond, edge + beyond)
        stops = tuple(zip((0.0, 0.5, 1.0), (colour(c) for c in _NIGHT), strict=True))
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
        out.append(Glow(cx, cy, 620.0 * k, 420.0 * k, _fading(0.62, 0.14, 0.62, 0.34)))
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
        floor = Path().rectangle(-beyond, edge, w + 2 * beyond, max(float(h), edge + 1) + beyond)
        stops = tuple(zip((0.0, 1.0), (colour(c) for c in _FLOOR), strict=True))
        foot = self._point(shot, index, 0.5 * w, max(float(h), edge + 0.2 * h))
        out.append(Shade(self._rolled(shot, index, floor), b, foot, stops))

    def _grid(self, out: list[Op], shot: Shot, index: int) -> None:
        """Append lines of the world's ground: the floor moves as the ground does."""
        camera = shot.camera
        k = shot.height / 720.0
        edge = float(self._set_for(shot).horizon.edge[index])
        step = 0.42 * float(shot.figures.height.max())
        axes = camera.axes
        level = axes[0, 2] * np.array([1.0, 0.0, 1.0])
        norm = float(np.linalg.norm(level))
        back = level / norm if norm > 1e-6 else np.array([0.0, 0.0, 1.0])
        across = np.array([back[2], 0.0, -back[0]])
        position, distance = camera.position[index], float(camera.distance[index])
        toward = axes[index, 2]
        aim = position - toward * distance
        far = distance + camera.reach
        half = 0.75 * far * shot.width / float(camera.focal[index])
        near_depth = 0.2 * distance

        def line(a: Array, b: Array) -> tuple[float, float, float, float] | None:
            ends = np.stack([a, b]) - position
            local = ends @ axes[index].T
            depth = -local[:, 2]
            if depth.max() <= near_depth:
                return None
            if depth.min() < near_depth:
                i = int(depth.argmin())
                t = (near_depth - depth[i]) / (depth[1 - i] - depth[i])
                local[i] += t * (local[1 - i] - local[i])
                depth = -local[:, 2]
            x = camera.centre[index, 0] + camera.focal[index] * local[:, 0] / depth
            y = camera.centre[index, 1] - camera.focal[index] * local[:, 1] / depth
            return (float(x[0]), float(y[0]), float(x[1]), float(y[1]))

        u0, w0 = float(aim @ across), float(aim @ back)
        deep = np.arange(np.floor((w0 - camera.reach) / step), np.ceil((w0 + distance) / step) + 1)
        wide = np.arange(np.floor((u0 - half) / step), np.ceil((u0 + half) / step) + 1)
        turned = float(abs(toward @ across)) > 0.02
        if turned:
            deep = np.arange(np.floor((w0 - half) / step), np.ceil((w0 + half) / step) + 1)
        rows, columns = Path(), Path()
        low_u, high_u = (u0 - half, u0 + half)
        low_w = w0 - (half if turned else camera.reach)
        high_w = w0 + (half if turned else distance)
        for w in (deep[deep * step > low_w] * step).tolist():
            found = line(low_u * across + w * back, high_u * across + w * back)
            if found:
                rows.move(*found[:2]).line(*found[2:])
        for u in (wide * step).tolist():
            found = line(u * across + low_w * back, u * across + high_w * back)
            if found:
                columns.move(*found[:2]).line(*found[2:])
        r, g, b, _ = _GRID
        for path in (rows, columns):
            if path.codes:
                out.append(Stroke(path, (r, g, b, 0.15), 4.5 * k))
                out.append(Stroke(path, (r, g, b, 0.42), 1.5 * k))
        if turned:
            # A turned grid may reach over the horizon's edge: night covers it again.
            cover = Path().rectangle(0.0, edge - 1.5 * k, float(shot.width), 1.5 * k)
            out.append(Fill(self._rolled(shot, index, cover), colour(_NIGHT[2])))
        beyond = self._reach(shot, index)
        rim = Path().polyline((-beyond, edge, shot.width + beyond, edge))
        rim = self._rolled(shot, index, rim)
        r, g, b, _ = _HORIZON
        for width, alpha in ((9.0, 0.12), (5.0, 0.2), (2.2, 0.85)):
            out.append(Stroke(rim, (r, g, b, alpha), width * k))

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

    # -- actors ----------------------------------------------------------------------------------

    def _shadow(self, out: list[Op], shot: Shot, index: int, actor: int) -> None:
        """Append the light on the floor and the reflection in it."""
        x, y, rx, ry, fade = self._set_for(shot).shadows.pool[index, actor].tolist()
        r, g, b, _ = self._light(shot, actor)
        out.append(Glow(x, y, 1.25 * rx, 1.1 * ry, _fading(r, g, b, round(0.26 * fade, 2))))
        size = float(shot.cast.size[index, actor])
        floor = y + 0.018 * size
        points = [tuple(p) for p in shot.cast.points[index, actor].tolist()]
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

    def _glowing(self, out: list[Op], path: Path, tint: Colour, line: float) -> None:
        for width, alpha in _TUBE:
            out.append(Stroke(path, (*tint[:3], alpha), width * line))
        core = mix(tint, _WHITE, 0.8)
        out.append(Stroke(path, (*core[:3], 0.95), max(_CORE * line, 1.0)))

    def _actor(self, out: list[Op], shot: Shot, index: int, actor: int) -> None:
        cast = shot.cast
        points = [tuple(p) for p in cast.points[index, actor].tolist()]
        size, line = float(cast.size[index, actor]), float(cast.line[index, actor])
        tint = self._light(shot, actor)
        front = tuple(side for side in (0, 1) if cast.arm_front[index, actor, side])
        back = tuple(side for side in (0, 1) if side not in front)
        radius = HEAD_RADIUS * size
        body = self._tubes(points, size, back)
        skull, ornaments = self._skull_of(shot, index, actor, points[HEAD], radius, tint)
        arms = self._tubes(points, size, front, trunk=False) if front else None
        lit = [body, skull] + ([arms] if arms else [])
        strokes = tuple(Stroke(path, (*tint[:3], 0.9), 0.9 * line) for path in lit)
        out.append(Bloom(strokes, 0.035 * size, 0.62))
        out.append(Bloom(strokes, 0.11 * size, 0.55))
        self._glowing(out, body, tint, line)
        out.append(Fill(skull, _PLATE))
        out += ornaments
        ink = mix(tint, _WHITE, 0.55)
        self._features(out, shot, index, actor, points[HEAD], radius, ink, skull)
        self._glowing(out, skull, tint, line)
        if arms is not None:
            self._glowing(out, arms, tint, line)

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


def _lit(tint: Colour) -> Colour:
    """Return *tint* as a tube's light: as bright as it can be, and coloured if it was."""
    high, low = max(tint[:3]), min(tint[:3])
    if high < 1e-3:
        return (0.82, 0.88, 1.0, 1.0)
    pure = 0.55 if high - low > 0.12 else 0.0
    r, g, b = ((c - pure * low) / max(high - pure * low, 1e-6) for c in tint[:3])
    return (r, g, b, 1.0)
