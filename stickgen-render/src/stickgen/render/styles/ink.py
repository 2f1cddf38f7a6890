"""The ink style: brush strokes and washed hills on rice paper, with one red accent."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from stickgen.render.backdrops import Backdrop, Layer, backdrop
from stickgen.render.display import (
    Colour,
    Fill,
    Glow,
    Op,
    Path,
    Pixels,
    Shade,
    Stops,
    Stroke,
    colour,
    mix,
    rounded,
)
from stickgen.render.figure import ARMS, HEAD, HEAD_RADIUS, LEGS
from stickgen.render.outlines import BODY, Part
from stickgen.render.props import outline_path
from stickgen.render.scenery import beam, columns, is_light, pieces, ridge_line, unit
from stickgen.render.shot import Shot
from stickgen.render.strokes import (
    between,
    dense,
    normals,
    overshot,
    paper,
    ribbon,
    sampled,
    sides,
    spaced,
    wobbled,
)
from stickgen.render.styles.normal import FaceColours, NormalStyle, folds

Array = NDArray[np.float64]

PALETTE: Final = (
    "#15130f",
    "#a3231b",
    "#27415c",
    "#39502f",
    "#5a3155",
    "#6d431b",
    "#22504d",
    "#7c2b4a",
)
_PAPER: Final = colour("#f3ead8")
_PLATE: Final = colour("#f6eedd", 0.97)
_INK: Final = colour("#15130f")
_RED: Final = colour("#b8281f")
_SLATE: Final = colour("#1e1c1a")
_BONE: Final = colour("#efe6d2")
_BOIL: Final = 6.25
"""How often a second the strokes are drawn anew: every fourth frame of 25."""
_POINTS: Final = 34
_HILLS: Final = (
    (150.0, 62.0, 1180.0, 1.9, 0.06, 0.14),
    (96.0, 44.0, 900.0, 4.1, 0.12, 0.20),
    (50.0, 26.0, 640.0, 0.7, 0.20, 0.27),
)
"""Height over the horizon, swing, period (pixels of a 720-line picture), phase, share of the
camera's travel, and darkness, from back to front."""


_LEAFY: Final = frozenset({"pine", "snowy_pine", "round_tree", "bent_tree", "twisted_tree", "tree"})
"""Landmarks whose green is dabbed on."""


@lru_cache(maxsize=64)
def _tapered(n: int, taper: tuple[float, float]) -> Array:
    """Return the width of a stroke at *n* places: it swells and thins over shares of its length."""
    u = np.linspace(0.0, 1.0, n)
    profile = np.minimum((u + 0.05) / max(taper[0], 0.01), (1.05 - u) / max(taper[1], 0.01))
    return np.asarray(np.minimum(profile, 1.0) ** 0.55)


def _stroke(
    body: Path,
    thin: Path,
    thick: Path,
    line: Array,
    width: float,
    rng: np.random.Generator,
    taper: tuple[float, float],
    dry: float,
    press: Array | float = 1.0,
) -> None:
    """Add one stroke to *body*, and the gaps its bristles leave to *thin* and *thick*."""
    n = len(line)
    knots = max(4, n // 5)
    uneven = between(n, knots) @ rng.standard_normal(knots)
    profile = np.clip(_tapered(n, taper) * (1.0 + 0.05 * uneven) * press, 0.12, 1.6)
    ribbon(line, profile * width, body)
    for i in (0, -1):
        r = 0.48 * width * float(profile[i])
        body.ellipse(float(line[i, 0]), float(line[i, 1]), (r, 0.0), (0.0, r))
    if dry <= 0.0 or width < 3.0:
        return
    aside = normals(line)
    for _ in range(min(int(0.75 * width), 16)):
        offset = (rng.random() - 0.5) * 0.94
        begin = 1.0 - dry * (0.35 + 0.65 * rng.random())
        i = int(np.clip(begin * n, 1, n - 3))
        j = int(np.clip((begin + 0.06 + 0.28 * rng.random()) * n, i + 2, n))
        reach = (offset * width * np.minimum(profile[i:j], 1.0))[:, None]
        streak = (line[i:j] + aside[i:j] * reach).ravel().tolist()
        (thin if rng.random() < 0.5 else thick).polyline(streak)


def _bristles(out: list[Op], thin: Path, thick: Path, width: float, under: Colour) -> None:
    """Append the gaps of strokes of that *width*, through which *under* is seen."""
    for path, share in ((thin, 0.045), (thick, 0.085)):
        if path.codes:
            out.append(Stroke(path, (*under[:3], 0.85), max(share * width, 0.6)))


def _wash(alpha: float) -> Stops:
    r, g, b = 0.05, 0.05, 0.06
    return ((0.0, (r, g, b, alpha)), (0.6, (r, g, b, 0.52 * alpha)), (1.0, (r, g, b, 0.0)))


_POOLS: Final = tuple(_wash(0.40 * i / 32.0) for i in range(33))


def _inside(spots: Array, line: Array) -> NDArray[np.bool_]:
    """Return which of *spots* ``[N, 2]`` lie inside the closed outline *line* ``[M, 2]``."""
    x, y = spots[:, :1], spots[:, 1:]
    ax, ay = line.T
    bx, by = np.roll(line, -1, axis=0).T
    with np.errstate(divide="ignore", invalid="ignore"):
        cut = ax + (y - ay) * (bx - ax) / (by - ay)
    crossed = ((ay > y) != (by > y)) & (x < cut)
    return np.asarray(crossed.sum(axis=1) % 2 == 1)


class InkStyle(NormalStyle):
    """Tapered brush ribbons that run dry, on paper with washed hills."""

    name: str = "ink"
    shapes_every: ClassVar[int] = 2
    palette: ClassVar[tuple[str, ...]] = PALETTE
    face: ClassVar[FaceColours] = FaceColours(
        colour("#7d1f1a"), colour("#d0776a"), colour("#f6eedd"), 0.10
    )
    bubble: ClassVar[tuple[Colour, Colour]] = (colour("#faf4e6"), colour("#15130f"))

    def __init__(self) -> None:
        super().__init__()
        self._painted_for = lru_cache(maxsize=4)(self._new_painted)
        self._pine_ops = lru_cache(maxsize=4)(self._new_pine)
        self._ground_stroke = lru_cache(maxsize=8)(self._new_ground_stroke)
        self._sheet = lru_cache(maxsize=2)(
            lambda width, height, tint: paper(height, width, tint[:3], 0.014, (1, 2, 6, 40), seed=4)
        )

    def _dark(self, shot: Shot) -> bool:
        """Paper stays light in the darkest place; only a wish for the dark gives a rubbing."""
        return shot.dark

    def _paper(self, shot: Shot) -> Colour:
        return _SLATE if shot.dark else _PAPER

    def _ink(self, shot: Shot) -> Colour:
        return _BONE if shot.dark else _INK

    def _base(self, shot: Shot, index: int) -> float:
        """Return the height of the stroke of the ground: nobody stands behind it."""
        return float(self._set_for(shot).behind[index]) + 4.0 * shot.height / 720.0

    def _seed(self, shot: Shot, index: int, what: int) -> np.random.Generator:
        return np.random.default_rng((int(index * _BOIL / shot.figures.fps + 1e-6), what))

    def _brush(
        self,
        out: list[Op],
        line: Array,
        width: float,
        tint: Colour,
        rng: np.random.Generator,
        taper: tuple[float, float] = (0.10, 0.35),
        dry: float = 0.0,
        press: Array | float = 1.0,
        under: Colour | None = _PAPER,
    ) -> None:
        """Append one stroke: thin at its ends, uneven, and streaked by *under* where it runs dry.

        *taper* is the share of the length over which the stroke swells and thins, *dry* the share
        over which bristles leave gaps.
        """
        body, thin, thick = Path(), Path(), Path()
        _stroke(body, thin, thick, line, width, rng, taper, dry, press)
        out.append(Fill(body, tint))
        if under is not None:
            _bristles(out, thin, thick, width, under)

    # -- scenery ---------------------------------------------------------------------------------

    def fixed(self, shot: Shot) -> list[Op]:
        out: list[Op] = []
        if not shot.transparent:
            out.append(Pixels(0, 0, self._sheet(shot.width, shot.height, self._paper(shot))))
            if self._steady(shot):
                self._light(out, shot, 0)
            if shot.camera.still:
                self._land(out, shot, 0)
            self._seal(out, shot)
        return out

    def _scenery(self, out: list[Op], shot: Shot, index: int) -> None:
        if shot.camera.still:
            return
        if not self._steady(shot):
            self._light(out, shot, index)
        self._land(out, shot, index)
        self._seal(out, shot)

    def _light(self, out: list[Op], shot: Shot, index: int) -> None:
        """Append what is in the sky: the red sun and birds, a moon, stars, the dark of a night."""
        k = shot.height / 720.0
        if shot.place.dark and not shot.dark:
            r, g, b, _ = _INK
            stops = ((0.0, (r, g, b, 0.42)), (0.45, (r, g, b, 0.16)), (1.0, (r, g, b, 0.0)))
            sky = Path().rectangle(0.0, 0.0, float(shot.width), 0.8 * shot.height)
            out.append(Shade(sky, (0.0, 0.0), (0.0, 0.8 * shot.height), stops))
        if shot.place.weather == "snow" and not (shot.dark or shot.place.dark):
            r, g, b, _ = colour("#39424f")
            foot = 0.86 * shot.height
            stops = ((0.0, (r, g, b, 0.44)), (0.6, (r, g, b, 0.22)), (1.0, (r, g, b, 0.0)))
            sky = Path().rectangle(0.0, 0.0, float(shot.width), foot)
            out.append(Shade(sky, (0.0, 0.0), (0.0, foot), stops))
        if shot.place.stars:
            turn = float(self._set_for(shot).horizon.turn[index])
            path = Path()
            for u, v, r in np.random.default_rng(3).random((60, 3)).tolist():
                x = (u * 1.6 * shot.width + turn + 0.1 * shot.width) % (1.6 * shot.width)
                spot = self._point(shot, index, x - 0.1 * shot.width, v * 0.6 * shot.height)
                path.circle(*spot, (1.0 + 1.8 * r) * k)
            out.append(Fill(path, (*(_BONE if shot.dark else _PAPER)[:3], 0.9)))
        if shot.place.light == "sun":
            self._sun(out, shot, index)
        elif shot.place.light == "moon":
            edge = self._sky_edge(shot, index)
            x = 0.82 * shot.width + float(self._set_for(shot).horizon.turn[index])
            x, y = self._point(shot, index, x, edge - 400.0 * k)
            out.append(Fill(Path().circle(x, y, 46.0 * k), (*_BONE[:3], 0.92)))

    def _sun(self, out: list[Op], shot: Shot, index: int) -> None:
        k = shot.height / 720.0
        edge = self._sky_edge(shot, index)
        x, y = 0.82 * shot.width + float(self._set_for(shot).horizon.turn[index]), edge - 400.0 * k
        x, y = self._point(shot, index, x, y)
        out.append(Fill(Path().circle(x, y, 57.0 * k), (*_RED[:3], 0.93)))
        a = np.linspace(0.6, 0.6 + 5.9, 60)
        rim = np.stack([x + 57.5 * k * np.cos(a), y + 57.5 * k * np.sin(a)], axis=-1)
        rng = np.random.default_rng(3)
        self._brush(out, rim, 8.0 * k, (*_RED[:3], 0.75), rng, (0.1, 0.4), 0.5)
        for dx, dy, q in ((-330.0, -20.0, 1.0), (-282.0, -42.0, 0.7), (-250.0, -10.0, 0.55)):
            bx, by = x + dx * k, y + dy * k
            for wing in (-1.0, 1.0):
                line = np.array([(wing * 20, -5), (wing * 12, -11), (wing * 5, -6), (0, 0)])
                line = spaced(line * q * k + (bx, by), 10)
                self._brush(out, line, 3.6 * q * k, (*self._ink(shot)[:3], 0.9), rng, (0.7, 0.15))

    def _land(self, out: list[Op], shot: Shot, index: int) -> None:
        meadow = shot.place == backdrop("earth_normal")
        h = self._set_for(shot).horizon
        k = shot.height / 720.0
        beyond = self._reach(shot, index) + 24.0 * k
        foot = self._base(shot, index)
        tint = (0.10, 0.10, 0.13) if not shot.dark else (0.80, 0.78, 0.72)
        if meadow or (shot.dark and shot.place.light == "moon" and not shot.place.landmarks):
            chains = [
                (Layer("#000000", rise, swing, period, phase, share), dark)
                for rise, swing, period, phase, share, dark in _HILLS
            ]
        else:
            darks = (0.19, 0.27, 0.33)
            chains = [
                (each._replace(height=1.15 * each.height), darks[min(n, 2)])
                for n, each in enumerate(shot.place.layers)
                if not each.down
            ]
        for layer, dark in chains:
            line = ridge_line(shot, h, index, layer, beyond)
            along = (line[:, 0] - h.turn[index] + layer.share * h.travel[index]) / k
            rough = 3.0 * np.sin(along * 0.071 + layer.phase)
            rough = rough + 1.6 * np.sin(along * 0.163 + 2 * layer.phase)
            rough = 0.0 * rough if layer.form in ("flat", "skyline") else rough
            lift = 54.0 * k if meadow else 0.0  # the washes of the meadow rise behind the ground
            top = foot - lift - np.maximum(line[:, 1] + k * rough, 6.0 * k)
            crest = float(top.min())
            low = foot - 20.0 * k if meadow else foot
            numbers = np.empty((len(line) + 2, 2))
            numbers[1:-1, 0], numbers[1:-1, 1] = line[:, 0], top
            numbers[0], numbers[-1] = (line[0, 0], low), (line[-1, 0], low)
            path = Path().polyline(numbers.ravel().tolist(), closed=True)
            stops = ((0.0, (*tint, 1.2 * dark)), (0.42, (*tint, 0.66 * dark)), (1.0, (*tint, 0.0)))
            a = self._point(shot, index, 0.0, crest)
            b = self._point(shot, index, 0.0, low)
            out.append(Shade(self._rolled(shot, index, path), a, b, stops))
            crest_line = numbers[1:-1]
            band = np.concatenate([crest_line, crest_line[::-1] + np.array([0.0, 2.8 * k])])
            rim = Path().polyline(band.ravel().tolist(), closed=True)
            out.append(Fill(self._rolled(shot, index, rim), (*self._paper(shot)[:3], 0.9 * dark)))
        if meadow:
            self._pine(out, shot, index)
        else:
            self._painted(out, shot, index)
        if shot.place.floor != "none":
            self._strokes_of_ground(out, shot, index)

    def _painted(self, out: list[Op], shot: Shot, index: int) -> None:
        """Append the landmarks: washed in, then drawn with the brush."""
        settings = self._set_for(shot)
        h, place = settings.horizon, shot.place
        k = unit(shot, h, index)
        sky = 0.0 if place.indoor else max(self._sky_edge(shot, index) - 547.0 * k, 0.0)
        painted = self._painted_for(place, round(k, 4), shot.dark)
        for piece, ops in zip(pieces(place), painted, strict=True):
            standing = piece.standing
            y = sky + k * standing.up if standing.hanging else self._base(shot, index)
            y -= 0.0 if standing.hanging else k * standing.up
            for x in columns(shot, h, index, piece, place, settings.offset):
                self._placed(out, shot, index, ops, x, y)

    def _new_painted(self, place: Backdrop, k: float, dark: bool) -> list[list[Op]]:
        rng = np.random.default_rng(31)
        ink, ground = (_BONE, _SLATE) if dark else (_INK, _PAPER)
        everything = []
        for piece in pieces(place):
            out: list[Op] = []
            leafy = piece.standing.kind in _LEAFY
            for points, part, tint in piece.parts:
                line = points * k
                size = float(np.ptp(points, axis=0).max())
                filled = part.closed and bool(part.tint)
                if is_light(piece, part):
                    out += beam(line, ground, 0.75)
                elif filled and leafy and size > 24.0 and tint[1] > 0.96 * max(tint[0], tint[2]):
                    self._leaves(out, line, k, ink, ground, rng)
                elif filled and size < 13.0:
                    out.append(Fill(Path().polyline(line.ravel().tolist(), True), (*ink[:3], 0.46)))
                else:
                    if filled:
                        self._washed(out, line, part, tint, k, ink, ground, rng)
                    if part.line and not (filled and part.line < 0.35):
                        self._outlined(out, line, part, size, k, ink, ground, rng)
            everything.append(out)
        return everything

    def _washed(
        self,
        out: list[Op],
        line: Array,
        part: Part,
        tint: Colour,
        k: float,
        ink: Colour,
        ground: Colour,
        rng: np.random.Generator,
    ) -> None:
        """Append a wash over the area inside *line*: it pools at its foot and along its edge, and
        bleeds a little beyond it.
        """
        size = float(np.ptp(line, axis=0).max())
        path = Path().polyline(line.ravel().tolist(), True)
        grey = 0.3 * tint[0] + 0.59 * tint[1] + 0.11 * tint[2]
        wash = mix(mix(tint, (grey, grey, grey, 1.0), 0.72), ink, 0.24)
        if part.line:
            out.append(Fill(path, (*ground[:3], 0.90)))
        _, top, _, bottom = path.bounds()
        a, b = (*wash[:3], 0.16), (*mix(wash, ink, 0.30)[:3], 0.58)
        out.append(Shade(path, (0.0, top), (0.0, bottom + 1.0), ((0.0, a), (1.0, b))))
        if size < 44.0 * k:
            return
        around = np.concatenate([line, line[:1]])
        edge = spaced(around, 44) if len(line) > 12 else dense(around, 44)
        pool = (*mix(wash, ink, 0.4)[:3], 0.16)
        for amount, wide in ((1.6, 5.0), (2.6, 9.0)):
            rough = wobbled(edge, amount * k, rng, every=4)
            bled = Path().polyline(rough.ravel().tolist(), closed=True)
            out.append(Stroke(bled, (*pool[:3], 0.10 if wide > 6.0 else 0.16), wide * k))

    def _outlined(
        self,
        out: list[Op],
        line: Array,
        part: Part,
        size: float,
        k: float,
        ink: Colour,
        ground: Colour,
        rng: np.random.Generator,
    ) -> None:
        """Append the strokes that draw *line*: one for each straight side, one round a curve, each
        begun wet and heavy and lifted dry.
        """
        around = np.concatenate([line, line[:1]]) if part.closed else line
        if len(line) > 12:
            if part.closed:
                start = int(rng.integers(len(line)))
                around = np.concatenate([np.roll(line, -start, axis=0), line[start : start + 1]])
            strokes = [spaced(around, int(np.clip(size / 3.0, 20, 64)))]
        else:
            strokes = [
                dense(side, int(np.clip(length / (6.3 * k), 9, 40)))
                for side, length in sides(around, 9.0 * k)
            ]
        thick = 5.4 * k * max(part.line, 0.42) * float(np.clip((size / 150.0) ** 0.4, 0.5, 1.2))
        body, thin, thick_gaps = Path(), Path(), Path()
        for side in strokes:
            smooth = wobbled(overshot(side, 1.6 * k, rng), 0.5 * k, rng)
            n = len(smooth)
            swell = between(n, 4) @ rng.uniform(0.62, 1.25, 4)
            taper = (0.05, float(rng.uniform(0.25, 0.6)))
            dry = float(rng.choice((0.35, 0.55, 0.9)))
            _stroke(body, thin, thick_gaps, smooth, thick, rng, taper, dry, swell)
        out.append(Fill(body, (*ink[:3], 0.78)))
        _bristles(out, thin, thick_gaps, thick, ground)

    def _leaves(
        self,
        out: list[Op],
        line: Array,
        k: float,
        ink: Colour,
        ground: Colour,
        rng: np.random.Generator,
    ) -> None:
        """Append foliage within *line*: a pale wash under dabs of the tip of the brush."""
        path = Path().polyline(line.ravel().tolist(), True)
        left, top, right, bottom = path.bounds()
        out.append(Fill(path, (*ground[:3], 0.80)))
        a, b = (*ink[:3], 0.08), (*ink[:3], 0.26)
        out.append(Shade(path, (0.0, top), (0.0, bottom + 1.0), ((0.0, a), (1.0, b))))
        n = int(np.clip((right - left) * (bottom - top) / (52.0 * k * k), 24, 90))
        spots = rng.uniform((left, top), (right, bottom), (n, 2))
        spots = spots[_inside(spots, line)]
        rim = line[rng.integers(len(line), size=max(n // 3, 10))]
        ahead = np.roll(line, -1, axis=0)[rng.integers(len(line), size=len(rim))]
        close = np.hypot(*(ahead - rim).T) < 0.3 * (right - left)
        rim = np.where(close[:, None], rim + rng.random((len(rim), 1)) * (ahead - rim), rim)
        spots = np.concatenate([spots, rim])
        low = (spots[:, 1] - top) / max(bottom - top, 1e-6)
        dabs = (Path(), Path(), Path())
        turn = rng.normal(0.5, 0.7, len(spots))
        sizes = k * rng.uniform(3.2, 7.0, len(spots))
        for (x, y), angle, size, share in zip(
            spots.tolist(), turn.tolist(), sizes.tolist(), low.tolist(), strict=True
        ):
            c, s = size * float(np.cos(angle)), size * float(np.sin(angle))
            which = min(int(3.0 * (0.55 * share + 0.45 * rng.random())), 2)
            dabs[which].polyline(
                (x - c, y - s, x - 0.38 * s, y + 0.38 * c, x + c, y + s, x + 0.3 * s, y - 0.3 * c),
                closed=True,
            )
        for dab, alpha in zip(dabs, (0.30, 0.52, 0.80), strict=True):
            if dab.codes:
                out.append(Fill(dab, (*ink[:3], alpha)))

    def _placed(
        self,
        out: list[Op],
        shot: Shot,
        index: int,
        ops: list[Op],
        x: float,
        y: float | None = None,
    ) -> None:
        """Append *ops*, drawn about the origin, with their origin at (x, y), by default on the
        ground.
        """
        c, s, cx, cy = self._turner(shot, index)
        turn = np.array([[c, s], [-s, c]])
        y = self._base(shot, index) if y is None else y
        shift = np.array([x - cx, y - cy])

        def at(points: Array) -> Array:
            return np.asarray((points + shift) @ turn + (cx, cy))

        for op in ops:
            if not isinstance(op, Fill | Stroke | Shade):
                continue
            moved = Path()
            moved.codes = op.path.codes
            moved.numbers = at(np.reshape(op.path.numbers, (-1, 2))).ravel().tolist()
            if isinstance(op, Shade):
                a, b = at(np.array([op.a, op.b])).tolist()
                out.append(op._replace(path=moved, a=(a[0], a[1]), b=(b[0], b[1])))
            else:
                out.append(op._replace(path=moved))

    def _strokes_of_ground(self, out: list[Op], shot: Shot, index: int) -> None:
        k = shot.height / 720.0
        h = self._set_for(shot).horizon
        shift = float(h.turn[index] - 0.3 * h.travel[index])
        period = max(1360.0, shot.width / k + 80.0) * k
        for seed, at, length, y, width, alpha in (
            (14, 30.0, 1190.0, 2.0, 13.0, 0.93),
            (15, 170.0, 800.0, 19.0, 5.0, 0.35),
        ):
            long = length * period / 1360.0
            if not shot.camera.still and seed == 14:
                long = period + 90.0 * k  # no gap may pass under the feet
            ops = self._ground_stroke(seed, long, y * k, width * k, alpha, k, shot.dark)
            x = (at * k + shift) % period
            for start in (x - period, x):
                if start <= shot.width and start + long >= 0.0:
                    self._placed(out, shot, index, ops, start)

    def _new_ground_stroke(
        self,
        seed: int,
        length: float,
        y: float,
        width: float,
        alpha: float,
        k: float,
        dark: bool,
    ) -> list[Op]:
        u = np.linspace(0.0, length, 110)
        line = np.stack([u, y + 3.0 * k * np.sin(0.006 * u / k + 1.0)], axis=-1)
        out: list[Op] = []
        rng = np.random.default_rng(seed)
        ink, under = (_BONE, _SLATE) if dark else (_INK, _PAPER)
        tint = (*ink[:3], alpha)
        self._brush(out, line, width, tint, rng, (0.10, 0.35), 0.9, under=under)
        return out

    def _pine(self, out: list[Op], shot: Shot, index: int) -> None:
        k = shot.height / 720.0
        h = self._set_for(shot).horizon
        shift = float(h.turn[index] - 0.3 * h.travel[index])
        period = max(1700.0 * k, shot.width + 400.0 * k)
        x = (112.0 * k + shift + 180.0 * k) % period - 180.0 * k
        if -180.0 * k < x < shot.width + 180.0 * k:
            self._placed(out, shot, index, self._pine_ops(k), x)

    def _new_pine(self, k: float) -> list[Op]:
        rng = np.random.default_rng(21)
        out: list[Op] = []

        def at(points: Sequence[tuple[float, float]], n: int, corner: float = 0.0) -> Array:
            return sampled([(px * k, py * k) for px, py in points], corner * k, n)

        trunk = at([(-2, 6), (4, -80), (-10, -170), (14, -256)], 50, 55.0)
        self._brush(out, trunk, 15.0 * k, (*_INK[:3], 0.95), rng, (0.02, 0.7), 0.25)
        needles = (Path(), Path(), Path())
        for px, py, length, sign in (
            (-2, -132, 62, -1),
            (-4, -174, 70, 1),
            (0, -210, 54, -1),
            (8, -240, 44, 1),
        ):
            branch = [(px, py), (px + sign * 0.5 * length, py - 12), (px + sign * length, py - 8)]
            self._brush(out, at(branch, 20, 12.0), 6.5 * k, (*_INK[:3], 0.95), rng, (0.05, 0.6))
            for _ in range(34):
                share = rng.random()
                qx = px + sign * length * (0.2 + 0.95 * share) + rng.normal(0, 8)
                qy = py - 11 + rng.normal(0, 6.5) - 7 * np.sin(3 * share)
                angle, size = rng.normal(-1.57, 0.75), 12 + 9 * rng.random()
                tip = (qx + size * np.cos(angle), qy + size * np.sin(angle))
                tuft = needles[int(3 * rng.random())]
                tuft.move(qx * k, qy * k).line(tip[0] * k, tip[1] * k)
        for path, alpha, width in zip(needles, (0.55, 0.75, 0.95), (1.7, 1.4, 1.9), strict=True):
            out.append(Stroke(path, (*_INK[:3], alpha), width * k))
        return out

    def _seal(self, out: list[Op], shot: Shot) -> None:
        k = min(shot.height, shot.width) / 720.0
        x, y = shot.width - 70.0 * k, shot.height - 62.0 * k
        around = ((-20, -22), (22, -22), (22, 22), (-22, 22), (-22, -22), (-20, -22))
        box = [(x + dx * k, y + dy * k) for dx, dy in around]
        out.append(Fill(rounded(box, 3.0 * k), (*_RED[:3], 0.92)))
        mark = Path().circle(x, y - 10 * k, 5.2 * k)
        for line in (
            ((0, -4), (0, 6)),
            ((-10, 14), (0, 6), (10, 14)),
            ((-11, -1), (0, 1), (11, -3)),
        ):
            mark.polyline([v for px, py in line for v in (x + px * k, y + py * k)])
        out.append(Stroke(mark, colour("#f6eedd"), 3.2 * k))

    def changing(self, shot: Shot) -> tuple[float, float, float, float]:
        if not (shot.camera.still or shot.transparent):
            return (0.0, 0.0, float(shot.width), float(shot.height))
        left, top, right, bottom = super().changing(shot)
        pad = 8.0 + 0.01 * shot.height
        return (
            max(left - pad, 0.0),
            max(top - pad, 0.0),
            min(right + pad, float(shot.width)),
            min(bottom + pad, float(shot.height)),
        )

    def _weather_tints(self, shot: Shot, kind: str) -> tuple[Colour, ...]:
        r, g, b, _ = self._ink(shot)
        if kind == "fog":
            return ((*self._paper(shot)[:3], 0.66),)
        if kind in ("petals", "leaves", "wind", "confetti", "fireflies"):
            return ((*_RED[:3], 0.8), (r, g, b, 0.6))
        if kind == "snow" and not shot.dark:
            return ((1.0, 0.99, 0.97, 0.95),)
        return ((r, g, b, 0.38),)

    # -- actors ----------------------------------------------------------------------------------

    def _shadow(self, out: list[Op], shot: Shot, index: int, actor: int) -> None:
        if shot.place.floor == "none" and not shot.transparent:
            return
        x, y, rx, ry, fade = self._set_for(shot).shadows.pool[index, actor].tolist()
        out.append(Glow(x, y, 1.05 * rx, 0.8 * ry, _POOLS[round(32 * fade)]))
        size = float(shot.cast.size[index, actor])
        sole = float(shot.cast.points[index, actor, [14, 15, 18, 19], 1].max()) + 0.022 * size
        off = abs(sole - self._base(shot, index)) / size
        if fade > 0.9 and off > 0.025 and not shot.transparent:
            # Who stands before or behind the stroke of the ground has one of his own.
            line = np.stack(
                [np.linspace(x - 0.9 * rx, x + 0.9 * rx, _POINTS), np.full(_POINTS, sole)], -1
            )
            tint, rng = (*self._ink(shot)[:3], 0.85), np.random.default_rng(900 + actor)
            thick = max(5.0 * shot.height / 720.0, 1.0)
            self._brush(out, line, thick, tint, rng, (0.3, 0.5), 0.6, under=self._paper(shot))

    def _prop_shadow(self, out: list[Op], shot: Shot, index: int, prop: int) -> None:
        stage = shot.stage
        assert stage is not None
        x, y = stage.ground[index, prop].tolist()
        rx = 1.25 * stage.pictures[prop].half * float(stage.scale[index, prop])
        fade = 1.0 / (1.0 + 1.6 * float(stage.lift[index, prop]))
        out.append(Glow(x, y, rx, 0.16 * rx + 2.0, _POOLS[round(32 * fade)]))

    def _actor(self, out: list[Op], shot: Shot, index: int, actor: int) -> None:
        cast = shot.cast
        points = [(x, y) for x, y in cast.points[index, actor].tolist()]
        size = float(cast.size[index, actor])
        w = 1.18 * float(cast.line[index, actor])
        haze = float(cast.haze[index, actor])
        ink = (*mix(self._set_for(shot).inks[actor], self._paper(shot), haze)[:3], 0.97)
        near_arm, near_leg = cast.near[index, actor].tolist()
        front = cast.arm_front[index, actor].tolist()
        over = cast.over_face[index, actor].tolist()
        shade = cast.shade[index, actor].tolist()
        rng = self._seed(shot, index, actor)
        under = None if shot.transparent else self._paper(shot)
        u = np.linspace(0.0, 1.0, _POINTS)
        heel = 1.0 + 0.18 * np.exp(-(((u - 0.86) / 0.1) ** 2))

        def arm(side: int) -> None:
            if front[side]:
                wet = mix(ink, self._paper(shot), 0.62)
                self._seam(out, points, side, near_leg, w, 0.008 * size, 0.06 * size, wet)
            tint = mix(ink, self._paper(shot), 0.42 * shade[side])
            line = sampled(points[ARMS[side]], 0.06 * size, _POINTS)
            thick = (0.95 - 0.1 * shade[side]) * w
            if folds(points[ARMS[side]][1:]):
                out.append(Fill(Path().circle(*points[ARMS[side].start + 2], 0.46 * thick), tint))
            dry = 0.10 if front[side] else 0.26
            self._brush(out, line, thick, tint, rng, (0.10, 0.48), dry, under=under)

        def leg(side: int) -> None:
            tint = mix(ink, self._paper(shot), 0.42 * shade[side])
            line = sampled(points[LEGS[side]], 0.06 * size, _POINTS)
            thick = (1.02 - 0.07 * shade[side]) * w
            self._brush(out, line, thick, tint, rng, (0.08, 0.26), press=heel)

        far_arm, far_leg = 1 - near_arm, 1 - near_leg
        for side in (far_arm, near_arm):
            if not front[side]:
                arm(side)
        leg(far_leg)
        head, neck = points[HEAD], points[2]
        radius = HEAD_RADIUS * size
        trunk = [
            *points[0:3],
            (neck[0] + 0.5 * (head[0] - neck[0]), neck[1] + 0.5 * (head[1] - neck[1])),
        ]
        self._brush(out, sampled(trunk, 0.2 * size, _POINTS), 1.10 * w, ink, rng, (0.04, 0.10))
        leg(near_leg)
        for side in (far_arm, near_arm):
            if front[side] and not over[side]:
                arm(side)
        self._ink_head(out, shot, index, actor, head, radius, ink, rng, w)
        for side in (far_arm, near_arm):
            if front[side] and over[side]:
                arm(side)

    def _ink_head(
        self,
        out: list[Op],
        shot: Shot,
        index: int,
        actor: int,
        centre: tuple[float, float],
        radius: float,
        ink: Colour,
        rng: np.random.Generator,
        w: float,
    ) -> None:
        skull, ornaments = self._skull_of(shot, index, actor, centre, radius, ink)
        out += ornaments
        out.append(Fill(skull, _PLATE if not shot.dark else (*_SLATE[:3], 0.97)))
        self._features(out, shot, index, actor, centre, radius, ink, skull)
        if shot.looks[actor].kind in ("robot", "alien"):
            out.append(Stroke(skull, ink, 0.8 * w))
            return
        start = -1.05 if float(shot.cast.yaw[index, actor]) > 0.0 else 3.5
        a = np.linspace(start, start + 2 * np.pi * 1.03, 64)
        line = np.stack([centre[0] + radius * np.cos(a), centre[1] + 1.01 * radius * np.sin(a)], -1)
        press = 0.62 + 0.48 * np.sin(np.pi * np.linspace(0.0, 1.0, 64)) ** 1.2
        under = None if shot.transparent else self._paper(shot)
        self._brush(out, line, 0.9 * w, ink, rng, (0.03, 0.30), 0.28, press, under)

    def _prop(self, out: list[Op], shot: Shot, index: int, prop: int) -> None:
        stage = shot.stage
        assert stage is not None
        shape = stage.pictures[prop]
        chosen = stage.tints[prop]
        k = shot.height / 720.0
        rng = self._seed(shot, index, 500 + prop)
        scale = float(stage.scale[index, prop])
        width = min(6.0 * k, max(0.10 * scale * max(shape.height, shape.half), 1.0))
        for part in shape.parts:
            points = stage.outline(index, prop, part)
            path = outline_path(points, part.closed)
            if part.tint and part.closed:
                tint = colour(shape.tint if part.tint == BODY else part.tint)
                if part.tint == BODY and chosen is not None:
                    tint = chosen
                else:
                    grey = 0.3 * tint[0] + 0.59 * tint[1] + 0.11 * tint[2]
                    tint = mix(tint, (grey, grey, grey, 1.0), 0.72)
                if part.line:
                    out.append(Fill(path, self._paper(shot)))
                _, top, _, bottom = path.bounds()
                a, b = (*tint[:3], 0.30), (*mix(tint, _INK, 0.35)[:3], 0.72)
                out.append(Shade(path, (0.0, top), (0.0, bottom + 1.0), ((0.0, a), (1.0, b))))
            if part.line:
                line = np.asarray([*points, *points[:2]] if part.closed else points)
                n = int(np.clip(len(line) * 2, 32, 90))
                smooth = spaced(line, n) if len(points) > 12 else dense(line, n)
                thick = width * max(part.line, 0.5)
                tint = (*self._ink(shot)[:3], 0.93)
                under = None if shot.transparent else self._paper(shot)
                self._brush(out, smooth, thick, tint, rng, (0.06, 0.22), 0.3, under=under)
