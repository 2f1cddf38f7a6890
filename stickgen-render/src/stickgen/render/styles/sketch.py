"""The sketch style: pencil on grainy paper, redrawn eight times a second."""

from __future__ import annotations

from functools import lru_cache
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from stickgen.render.backdrops import Backdrop, backdrop
from stickgen.render.display import (
    Colour,
    Fill,
    Op,
    Path,
    Pixels,
    PopClip,
    PushClip,
    Stroke,
    colour,
    mix,
)
from stickgen.render.figure import ARMS, HEAD, HEAD_RADIUS, LEGS
from stickgen.render.outlines import BODY
from stickgen.render.props import outline_path
from stickgen.render.scenery import columns, is_light, pieces, unit
from stickgen.render.shot import Shot
from stickgen.render.strokes import (
    dense,
    hatch,
    noise,
    normals,
    overshot,
    paper,
    ribbon,
    sampled,
    sides,
    spaced,
    swelling,
    wobbled,
)
from stickgen.render.styles.normal import TINTS, FaceColours, NormalStyle, folds
from stickgen.render.trails import seen

Array = NDArray[np.float64]

PALETTE: Final = (
    "#2b2b33",
    "#b8392a",
    "#2f5d8c",
    "#3c6f3a",
    "#6a3f86",
    "#96561a",
    "#1f6f6a",
    "#a03163",
)
_PAPER: Final = colour("#f7f3e9")
_GRAPHITE: Final = colour("#3a3a42")
_BLUE: Final = colour("#5b8fd0")
_BOARD: Final = colour("#26302f")
_CHALK: Final = colour("#e9ece4")
_SUNLIGHT: Final = colour("#f6d98a")
_SHINE: Final = 0.3141
"""The alpha that marks a beam of light among what is drawn."""
_SUN_AT: Final = 1050.0
_GHOST_SECONDS: Final = 0.28
"""How far back the pose is that is drawn faintly in blue."""
_BOIL: Final = 8.0
"""How often a second the lines are drawn anew."""


class SketchStyle(NormalStyle):
    """Pencil ribbons, hatching and blue guide lines on paper."""

    name: str = "sketch"
    shapes_every: ClassVar[int] = 2
    palette: ClassVar[tuple[str, ...]] = PALETTE
    face: ClassVar[FaceColours] = FaceColours(
        colour("#9b4a44"), colour("#d98b80"), colour("#fbf8f0"), 0.09
    )
    bubble: ClassVar[tuple[Colour, Colour]] = (colour("#fbf8f0"), colour("#3a3a42"))
    shine: ClassVar[tuple[float, float]] = (0.0, 0.34)

    def __init__(self) -> None:
        super().__init__()
        self._sheet = lru_cache(maxsize=2)(_sheet)
        self._land_for = lru_cache(maxsize=4)(_land)
        self._drawn_for = lru_cache(maxsize=4)(_drawn)

    def _dark(self, shot: Shot) -> bool:
        """Paper stays light in the darkest place; only a wish for the dark gives a blackboard."""
        return shot.dark

    def _paper(self, shot: Shot) -> Colour:
        return _BOARD if shot.dark else _PAPER

    def _seed(self, shot: Shot, index: int, what: int) -> np.random.Generator:
        return np.random.default_rng((int(index * _BOIL / shot.figures.fps + 1e-6), what))

    # -- scenery ---------------------------------------------------------------------------------

    def fixed(self, shot: Shot) -> list[Op]:
        out: list[Op] = []
        if not shot.transparent:
            sheet, grain = self._sheet(shot.width, shot.height, shot.dark)
            out.append(Pixels(0, 0, sheet))
            if shot.camera.still:
                self._land(out, shot, 0)
                out.append(Pixels(0, 0, grain))
        return out

    def _scenery(self, out: list[Op], shot: Shot, index: int) -> None:
        if not shot.camera.still:
            self._land(out, shot, index)
            out.append(Pixels(0, 0, self._sheet(shot.width, shot.height, shot.dark)[1]))

    def _base(self, shot: Shot, index: int) -> float:
        """Return the height of the drawn ground line: nobody stands behind it."""
        return float(self._set_for(shot).behind[index]) + 2.0 * shot.height / 720.0

    def _land(self, out: list[Op], shot: Shot, index: int) -> None:
        if shot.place == backdrop("earth_normal"):
            self._meadow(out, shot, index)
        else:
            self._place(out, shot, index)
        marks: list[Op] = []
        self._floor(marks, shot, index)
        k = shot.height / 720.0
        if shot.place.floor in ("meadow", "stones", "sand", "cracks"):
            self._tufts(out, shot, index)
        for op in marks:
            if isinstance(op, Stroke):
                tint = (*self._pencil(shot)[:3], 0.30)
                out.append(op._replace(colour=tint, width=max(1.0, 2.0 * k)))
            elif isinstance(op, PushClip | PopClip):
                out.append(op)

    def _tufts(self, out: list[Op], shot: Shot, index: int) -> None:
        """Append blades of grass along the line of the ground."""
        h = self._set_for(shot).horizon
        k = shot.height / 720.0
        base, beyond = self._base(shot, index), self._reach(shot, index) + 40.0 * k
        shift = float(h.turn[index] - 0.26 * h.travel[index])
        step = 118.0 * k
        first = int(np.floor((-beyond - shift) / step))
        last = int(np.ceil((shot.width + beyond - shift) / step))
        path = Path()
        for n in range(first, last + 1):
            u = np.random.default_rng((17, n % 512)).random(9).tolist()
            if u[0] > 0.62:
                continue
            x = (n + 0.7 * u[1]) * step + shift
            for i, lean in enumerate((-0.75, -0.3, 0.15, 0.6)):
                tall = (11.0 + 13.0 * u[2 + i]) * k * (1.0 - 0.3 * abs(lean))
                foot = x + 7.0 * lean * k
                top = (foot + (0.55 * lean + 0.2 * (u[6] - 0.5)) * tall, base - tall)
                bend = (foot + 0.1 * lean * tall, base - 0.55 * tall)
                points = [self._point(shot, index, *p) for p in ((foot, base + k), bend, top)]
                path.polyline([v for p in points for v in p])
        if path.codes:
            out.append(Stroke(path, (*self._pencil(shot)[:3], 0.55), max(1.7 * k, 0.8)))

    def _meadow(self, out: list[Op], shot: Shot, index: int) -> None:
        h = self._set_for(shot).horizon
        k = shot.height / 720.0
        edge = self._base(shot, index)
        sky = self._sky_edge(shot, index)
        period, pieces_ = self._land_for(round(max(shot.width / k + 420.0, 1500.0)))
        beyond = self._reach(shot, index) + 210.0 * k
        for at, share, hangs, tint, polygons in pieces_:
            shift = float(h.turn[index] - share * h.travel[index])
            x = (at * k + shift + beyond) % (period * k) - beyond
            if max(float(polygon[:, 0].max()) for polygon in polygons) > 400.0:
                x -= period * k  # a long line may begin well to the left of the picture
            while x < shot.width + beyond:
                path = Path()
                for polygon in polygons:
                    placed = polygon * k + (x, sky if hangs else edge)
                    path.polyline(placed.ravel().tolist(), closed=True)
                out.append(Fill(self._rolled(shot, index, path), tint))
                x += period * k

    def _pencil(self, shot: Shot) -> Colour:
        return _CHALK if shot.dark else _GRAPHITE

    def _place(self, out: list[Op], shot: Shot, index: int) -> None:
        """Append any place but the meadow: ridges, landmarks and the line of the ground."""
        settings = self._set_for(shot)
        h, place = settings.horizon, shot.place
        k = unit(shot, h, index)
        pencil = self._pencil(shot)
        paper_ = self._paper(shot)
        base = self._base(shot, index)
        self._in_the_sky(out, shot, index)
        if place.stars:
            self._crosses(out, shot, index)
        for n, layer in enumerate(place.layers):
            outline = self._ridge(shot, index, layer)
            path = self._rolled(shot, index, Path().polyline(outline.ravel().tolist(), True))
            wash = mix(colour(layer.tint), pencil, 0.25)
            out.append(Fill(path, (*paper_[:3], 0.75)))
            out.append(Fill(path, (*wash[:3], 0.10)))
            if place.dark and shot.camera.still and layer.form != "flat":
                lines = hatch(path.bounds(), -0.75, 11.0 * k, np.random.default_rng(41 + n))
                stroke = Stroke(lines, (*wash[:3], 0.34), max(1.5 * k, 0.8))
                out += [PushClip(path), stroke, PopClip()]
            line = outline[:-2]
            for push, alpha in ((0.0, 0.58), (1.9, 0.32)):
                x = line[:, 0] - h.turn[index] + layer.share * h.travel[index]
                loose = (0.5 + push) * k
                shake = np.stack([0.0 * x, loose * np.sin(0.021 * x / k + n + push)], axis=-1)
                edge = ribbon(line + shake + (0.0, push * k), max(1.7 * k, 0.9))
                out.append(Fill(self._rolled(shot, index, edge), (*pencil[:3], alpha)))
        sky = 0.0 if place.indoor else max(self._sky_edge(shot, index) - 547.0 * k, 0.0)
        for piece, drawn in zip(pieces(place), self._drawn_for(place, shot.dark), strict=True):
            standing = piece.standing
            y = sky + k * standing.up if standing.hanging else base - k * standing.up
            for x in columns(shot, h, index, piece, place, settings.offset):
                for tint, polygons in drawn:
                    if len(polygons) == 1 and tint[3] == _SHINE:
                        self._shine(out, shot, index, polygons[0] * k + (x, y), tint)
                        continue
                    path = Path()
                    for polygon in polygons:
                        path.polyline((polygon * k + (x, y)).ravel().tolist(), closed=True)
                    out.append(Fill(self._rolled(shot, index, path), tint))
        if place.floor != "none":
            a, b = -self._reach(shot, index) - 20.0, shot.width + self._reach(shot, index) + 20.0
            x = np.arange(a, b + 16.0 * k, 16.0 * k)
            world = x - h.turn[index] + 0.26 * h.travel[index]
            for push, wide, alpha in ((0.0, 3.0, 0.72), (3.0, 1.6, 0.5)):
                y = base + push * k + 2.0 * k * np.sin(0.0071 * world / k + push)
                edge = ribbon(np.stack([x, y], axis=-1), max(wide * k, 1.0))
                out.append(Fill(self._rolled(shot, index, edge), (*pencil[:3], alpha)))

    def _shine(self, out: list[Op], shot: Shot, index: int, points: Array, tint: Colour) -> None:
        """Append a beam of light: a faint wash, and pencil strokes along it that break off."""
        k = shot.height / 720.0
        rng = np.random.default_rng(23)
        left, right, far_right, far_left = points
        area = Path().polyline(points.ravel().tolist(), closed=True)
        out.append(Fill(self._rolled(shot, index, area), (*tint[:3], 0.05)))
        n = max(3, round(float(np.hypot(*(far_right - far_left))) / (15.0 * k)))
        for across in (np.arange(n) + 0.5) / n:
            across += float(rng.normal(0.0, 0.12 / n))
            a = left + (right - left) * across
            b = far_left + (far_right - far_left) * across
            reach = float(rng.uniform(0.55, 0.95))
            edge = 1.0 - abs(2.0 * across - 1.0)
            for begin, end, alpha in ((0.0, 0.45, 0.26), (0.42, 1.0, 0.17)):
                u = np.linspace(begin * reach, end * reach, 12)[:, None]
                line = wobbled(a + (b - a) * u, 0.7 * k, rng)
                path = ribbon(line, 1.5 * k * swelling(len(line)))
                strong = alpha * (0.7 + 0.5 * edge)
                out.append(Fill(self._rolled(shot, index, path), (*self._pencil(shot)[:3], strong)))

    def _in_the_sky(self, out: list[Op], shot: Shot, index: int) -> None:
        """Append the sun and the clouds of `_meadow` where the place has them, or a ring for the
        moon.
        """
        k = shot.height / 720.0
        place = shot.place
        y = self._sky_edge(shot, index)
        turn = float(self._set_for(shot).horizon.turn[index])
        for at, _, hangs, tint, polygons in self._land_for(1500)[1]:
            sun = at == _SUN_AT
            if not hangs or not (place.light == "sun" if sun else place.clouds > 0):
                continue
            x = (0.82 if sun else at / 1280.0) * shot.width + turn
            path = Path()
            for polygon in polygons:
                path.polyline((polygon * k + (x, y)).ravel().tolist(), closed=True)
            out.append(Fill(self._rolled(shot, index, path), tint))
        if place.light == "moon":
            x = 0.82 * shot.width + turn
            moon = Path().circle(*self._point(shot, index, x, y - 400.0 * k), 40.0 * k)
            out.append(Stroke(moon, (*self._pencil(shot)[:3], 0.7), 2.4 * k))

    def _crosses(self, out: list[Op], shot: Shot, index: int) -> None:
        """Append stars as a pencil makes them: two short strokes across each other."""
        k = shot.height / 720.0
        turn = float(self._set_for(shot).horizon.turn[index])
        path = Path()
        for u, v, r in np.random.default_rng(3).random((46, 3)).tolist():
            x = (u * 1.6 * shot.width + turn + 0.1 * shot.width) % (1.6 * shot.width)
            x, y = self._point(shot, index, x - 0.1 * shot.width, v * 0.62 * shot.height)
            d = (2.5 + 4.0 * r) * k
            path.move(x - d, y).line(x + d, y).move(x, y - d).line(x, y + d)
        out.append(Stroke(path, (*self._pencil(shot)[:3], 0.5), max(1.5 * k, 0.8)))

    def changing(self, shot: Shot) -> tuple[float, float, float, float]:
        if not (shot.camera.still or shot.transparent):
            return (0.0, 0.0, float(shot.width), float(shot.height))
        left, top, right, bottom = super().changing(shot)
        size = shot.cast.size[shot.cast.visible]
        pad = 0.12 * float(size.max(initial=0.0)) + 10.0
        return (
            max(left - pad, 0.0),
            max(top - pad, 0.0),
            min(right + pad, float(shot.width)),
            min(bottom + pad, float(shot.height)),
        )

    def _trail(
        self, out: list[Op], path: Array, width: float, tint: Colour, strength: float
    ) -> None:
        """Append two pencil arcs beside the way."""
        aside = normals(path)
        for push, cut in ((-0.45, 0), (0.5, len(path) // 4)):
            line = (path + push * width * aside)[cut:-1]
            if len(line) > 2:
                thin = max(0.14 * width, 1.0)
                out.append(Fill(ribbon(line, thin), (*tint[:3], 0.30 + 0.25 * strength)))

    def _weather_tints(self, shot: Shot, kind: str) -> tuple[Colour, ...]:
        r, g, b, _ = self._pencil(shot)
        if kind in ("rain", "storm", "sand", "bubbles", "snow", "ash"):
            return ((r, g, b, 0.42),)
        if kind == "fog":
            return ((*self._paper(shot)[:3], 0.72),)
        return tuple((*mix(tint, (r, g, b, 1.0), 0.25)[:3], 0.7) for tint in TINTS[kind])

    # -- actors ----------------------------------------------------------------------------------

    def _shadow(self, out: list[Op], shot: Shot, index: int, actor: int) -> None:
        if shot.place.floor == "none" and not shot.transparent:
            return
        x, y, rx, ry, fade = self._set_for(shot).shadows.pool[index, actor].tolist()
        self._hatched_pool(out, shot, index, actor, (x, y, 0.86 * rx, 0.55 * ry), 0.46 * fade)
        sole = float(shot.cast.points[index, actor, [14, 15, 18, 19], 1].max())
        size = float(shot.cast.size[index, actor])
        sole += 0.02 * size
        off = abs(sole - self._base(shot, index)) / size
        if fade > 0.9 and off > 0.02 and shot.place.floor != "none":
            # Who stands before or behind the line of the ground has a piece of it of his own.
            line = np.stack([np.linspace(x - 0.8 * rx, x + 0.8 * rx, 12), np.full(12, sole)], -1)
            rng = self._seed(shot, 0, 900 + actor)
            k = shot.height / 720.0
            self._line(out, line, max(2.2 * k, 1.0), (*self._pencil(shot)[:3], 0.6), rng, 0.8 * k)

    def _prop_shadow(self, out: list[Op], shot: Shot, index: int, prop: int) -> None:
        stage = shot.stage
        assert stage is not None
        x, y = stage.ground[index, prop].tolist()
        rx = 1.15 * stage.pictures[prop].half * float(stage.scale[index, prop])
        fade = 1.0 / (1.0 + 1.6 * float(stage.lift[index, prop]))
        self._hatched_pool(out, shot, index, 300 + prop, (x, y, rx, 0.13 * rx + 2.0), 0.42 * fade)

    def _hatched_pool(
        self,
        out: list[Op],
        shot: Shot,
        index: int,
        what: int,
        pool: tuple[float, float, float, float],
        strength: float,
    ) -> None:
        x, y, rx, ry = pool
        k = shot.height / 720.0
        area = Path().ellipse(x, y, (rx, 0.0), (0.0, ry))
        rng = self._seed(shot, index, 7 + 13 * what)
        lines = hatch((x - rx, y - ry, x + rx, y + ry), -0.13, max(4.6 * k, 1.6), rng)
        out += [
            PushClip(area),
            Stroke(lines, (*self._pencil(shot)[:3], strength), max(2.0 * k, 0.8)),
            PopClip(),
        ]

    def _line(
        self,
        out: list[Op],
        line: Array,
        width: float,
        tint: Colour,
        rng: np.random.Generator,
        amount: float,
        over: float = 0.0,
    ) -> None:
        line = wobbled(line, amount, rng)
        if over:
            line = overshot(line, over, rng)
        thick = width * (0.92 + 0.16 * rng.random())
        out.append(Fill(ribbon(line, thick * swelling(len(line))), tint))

    def _circle(
        self,
        out: list[Op],
        centre: tuple[float, float],
        radius: float,
        width: float,
        tint: Colour,
        rng: np.random.Generator,
        passes: int,
        amount: float,
    ) -> None:
        for i in range(passes):
            start = 2 * np.pi * rng.random()
            a = np.linspace(
                start, start + 2 * np.pi + 0.18 + 0.2 * rng.random(), 44 if radius > 12.0 else 18
            )
            r = radius * (1.0 + 0.018 * np.sin(2 * a + 6.0 * rng.random()))
            line = np.stack([centre[0] + r * np.cos(a), centre[1] + r * np.sin(a)], axis=-1)
            self._line(
                out, line, width, (*tint[:3], tint[3] * (1.0 if i == 0 else 0.6)), rng, amount
            )

    def _actor(self, out: list[Op], shot: Shot, index: int, actor: int) -> None:
        cast = shot.cast
        points = [(x, y) for x, y in cast.points[index, actor].tolist()]
        size, w = float(cast.size[index, actor]), float(cast.line[index, actor])
        haze = float(cast.haze[index, actor])
        ink = mix(self._set_for(shot).inks[actor], self._paper(shot), haze)
        near_arm, near_leg = cast.near[index, actor].tolist()
        front = cast.arm_front[index, actor].tolist()
        over = cast.over_face[index, actor].tolist()
        shade = cast.shade[index, actor].tolist()
        rng = self._seed(shot, index, actor)
        radius = HEAD_RADIUS * size
        head, neck = points[HEAD], points[2]

        def limb(chain: list[tuple[float, float]], alpha: float, thick: float = 1.0) -> None:
            line = sampled(chain, 0.05 * size)
            side = normals(line) * w
            for offset in (-0.19, 0.20):
                self._line(
                    out,
                    line + offset * thick * side,
                    0.56 * thick * w,
                    (*ink[:3], alpha),
                    rng,
                    0.06 * w,
                    0.22 * w,
                )

        def arm(side: int) -> None:
            if front[side]:
                erased = (*self._paper(shot)[:3], 0.36 - 0.2 * shade[side])
                self._seam(out, points, side, near_leg, w, 0.007 * size, 0.05 * size, erased)
            limb(points[ARMS[side]], 0.88 - 0.36 * shade[side], 0.92)
            if folds(points[ARMS[side]][1:]):
                elbow = Path().circle(*points[ARMS[side].start + 2], 0.36 * w)
                out.append(Fill(elbow, (*ink[:3], 0.88 - 0.36 * shade[side])))
            self._circle(
                out,
                points[ARMS[side].stop - 1],
                0.38 * w,
                0.36 * w,
                (*ink[:3], 0.85),
                rng,
                2,
                0.05 * w,
            )

        self._ghost(out, shot, index, actor)
        guide = (*_BLUE[:3], 0.42)
        thin = max(0.16 * w, 0.9)
        spine = sampled(
            [head, neck, points[1], points[0], points[LEGS[near_leg].start + 1]], 0.2 * size
        )
        self._line(out, spine, thin, guide, rng, 0.1 * w, 2.0 * w)
        self._circle(out, head, 1.10 * radius, thin, guide, rng, 1, 0.12 * w)

        far_arm, far_leg = 1 - near_arm, 1 - near_leg
        for side in (far_arm, near_arm):
            if not front[side]:
                arm(side)
        # Nothing that stands behind shows through the paler leg.
        bare = Path().polyline(sampled(points[LEGS[far_leg]], 0.05 * size).ravel().tolist())
        out.append(Stroke(bare, (*self._paper(shot)[:3], 0.85), 0.86 * w))
        limb(points[LEGS[far_leg]], 0.88 - 0.36 * shade[far_leg], 0.94)
        hip = Path().circle(*points[0], 0.40 * w)
        out.append(Fill(hip, (*ink[:3], 0.88)))
        trunk = list(points[0:3])
        away = float(np.hypot(head[0] - neck[0], head[1] - neck[1]))
        if away > radius:
            t = (away - 0.9 * radius) / away
            trunk.append((neck[0] + (head[0] - neck[0]) * t, neck[1] + (head[1] - neck[1]) * t))
        limb(trunk, 0.88, 1.06)
        limb(points[LEGS[near_leg]], 0.88)
        for side in (far_arm, near_arm):
            if front[side] and not over[side]:
                arm(side)
        self._pencil_head(out, shot, index, actor, head, radius, ink, rng, w)
        for side in (far_arm, near_arm):
            if front[side] and over[side]:
                arm(side)
        self._grain(out, shot, points, radius + 2.0 * w)

    def _ghost(self, out: list[Op], shot: Shot, index: int, actor: int) -> None:
        """Append the pose of a moment ago as a faint blue construction, once it is another one."""
        cast, people = shot.cast, shot.figures
        back = index - round(_GHOST_SECONDS * people.fps)
        if back < 0 or not cast.visible[back, actor] or not people.present[back, actor]:
            return
        size, w = float(cast.size[index, actor]), float(cast.line[index, actor])
        points = seen(people.points[back, actor], shot.camera, index)
        moved = np.hypot(*(points - cast.points[index, actor]).T)
        strong = min(max((float(moved.max()) / size - 0.05) / 0.12, 0.0), 1.0)
        if strong <= 0.0:
            return
        before = [(float(x), float(y)) for x, y in points]
        radius = HEAD_RADIUS * size
        around = np.linspace(0.0, 2.0 * np.pi, 33)
        ring = points[HEAD] + radius * np.stack([np.cos(around), np.sin(around)], axis=-1)
        lines = [sampled(before[part], 0.05 * size, 22) for part in (*ARMS, *LEGS)]
        lines += [sampled(before[0:3], 0.05 * size, 16), ring]
        free = _clear_of(shot, index, np.concatenate(lines), 0.075 * size)
        # What is left of a pose that the figure stands on would be mere scraps.
        strong *= min(max((float(free.mean()) - 0.55) / 0.2, 0.0), 1.0)
        if strong <= 0.0:
            return
        limbs, heads, at = Path(), Path(), 0
        for number, line in enumerate(lines):
            kept = free[at : at + len(line)]
            at += len(line)
            path = heads if number == len(lines) - 1 else limbs
            for run in np.split(np.arange(len(line)), np.flatnonzero(np.diff(kept)) + 1):
                if kept[run[0]] and len(run) > 3:
                    path.polyline(line[run].ravel().tolist())
        tint = (*_BLUE[:3], 0.20 * strong)
        for path, wide in ((limbs, 0.82), (heads, 0.42)):
            if path.codes:
                out.append(Stroke(path, tint, wide * w))

    def _grain(
        self, out: list[Op], shot: Shot, points: list[tuple[float, float]], by: float
    ) -> None:
        """Append the paper's tooth over what has been drawn around *points*."""
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        left, top = max(min(xs) - by, 0.0), max(min(ys) - by, 0.0)
        right, bottom = min(max(xs) + by, shot.width), min(max(ys) + by, shot.height)
        if right <= left or bottom <= top:
            return
        grain = self._sheet(shot.width, shot.height, shot.dark)[1]
        out += [
            PushClip(Path().rectangle(int(left), int(top), int(right - left), int(bottom - top))),
            Pixels(0, 0, grain, inside=shot.transparent),
            PopClip(),
        ]

    def _pencil_head(
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
        pencil = (*ink[:3], 0.85)
        skull, ornaments = self._skull_of(shot, index, actor, centre, radius, pencil)
        out += ornaments
        out.append(Fill(skull, self._paper(shot)))
        self._features(out, shot, index, actor, centre, radius, pencil, skull)
        if shot.looks[actor].kind in ("robot", "alien"):
            out.append(Stroke(skull, pencil, 0.6 * w))
        else:
            self._circle(out, centre, radius, 0.46 * w, pencil, rng, 3, 0.055 * w)

    def _prop(self, out: list[Op], shot: Shot, index: int, prop: int) -> None:
        stage = shot.stage
        assert stage is not None
        shape = stage.pictures[prop]
        body = stage.tints[prop] or colour(shape.tint)
        k = shot.height / 720.0
        rng = self._seed(shot, index, 500 + prop)
        scale = float(stage.scale[index, prop])
        width = min(3.6 * k, max(0.08 * scale * max(shape.height, shape.half), 1.0))
        around: list[tuple[float, float]] = []
        for part in shape.parts:
            points = stage.outline(index, prop, part)
            around += points
            path = outline_path(points, part.closed)
            if part.tint and part.closed:
                tint = body if part.tint == BODY else colour(part.tint)
                gap = max(min(9.0 * k, 0.16 * scale), 3.0 * k)
                lines = hatch(path.bounds(), -0.75, gap, rng)
                if part.line:
                    out.append(Fill(path, self._paper(shot)))
                out += [
                    Fill(path, (*tint[:3], 0.16)),
                    PushClip(path),
                    Stroke(lines, (*tint[:3], 0.55), max(0.32 * gap, 1.0)),
                    PopClip(),
                ]
            if part.line:
                closed = [*points, points[0]] if part.closed else points
                line = np.asarray(closed)
                n = max(len(line), min(60, int(_length(line) / (7.0 * k)) + 4))
                line = spaced(line, n) if len(line) > 12 else dense(line, n)
                for alpha in (0.8, 0.5):
                    tint = (*self._pencil(shot)[:3], alpha)
                    self._line(out, line, width * max(part.line, 0.5), tint, rng, 0.9 * k, 3.0 * k)
        self._grain(out, shot, around, 6.0 * k)


def _clear_of(shot: Shot, index: int, spots: Array, margin: float) -> NDArray[np.bool_]:
    """Return which of *spots* ``[K, 2]`` lie farther than *margin* from everybody in a frame."""
    cast = shot.cast
    free = np.ones(len(spots), dtype=np.bool_)
    for actor in np.flatnonzero(cast.visible[index])[:12].tolist():
        points = cast.points[index, actor]
        a = points[[0, 1, 2, *(i + n for i in (4, 8, 12, 16) for n in range(3))]]
        b = points[[1, 2, HEAD, *(i + n for i in (5, 9, 13, 17) for n in range(3))]]
        way = b - a
        along = ((spots[:, None] - a) * way).sum(-1) / np.maximum((way * way).sum(-1), 1e-9)
        away = spots[:, None] - a - np.clip(along, 0.0, 1.0)[..., None] * way
        free &= (np.hypot(away[..., 0], away[..., 1]) > margin).all(axis=1)
        head = np.hypot(*(spots - points[HEAD]).T)
        free &= head > HEAD_RADIUS * float(cast.size[index, actor]) + margin
    return free


def _hatching(
    line: Array, angle: float, gap: float, width: float, rng: np.random.Generator
) -> list[Array]:
    """Return thin ribbons at *angle* clipped to the closed outline *line*."""
    c, s = np.cos(angle), np.sin(angle)
    turned_line = line @ np.array([[c, -s], [s, c]])
    a, b = turned_line, np.roll(turned_line, -1, axis=0)
    found = []
    low, high = float(turned_line[:, 1].min()), float(turned_line[:, 1].max())
    for level in np.arange(low + 0.5 * gap, high, gap)[:60]:
        level += rng.normal(0.0, 0.12 * gap)
        cut = (a[:, 1] - level) * (b[:, 1] - level) < 0
        t = (level - a[cut, 1]) / (b[cut, 1] - a[cut, 1])
        xs = np.sort(a[cut, 0] + t * (b[cut, 0] - a[cut, 0]))
        for x0, x1 in zip(xs[::2], xs[1::2], strict=False):
            if x1 - x0 < 2.0:
                continue
            half = 0.5 * width
            strip = np.array(
                [(x0, level - half), (x1, level - half), (x1, level + half), (x0, level + half)]
            )
            found.append(strip @ np.array([[c, s], [-s, c]]))
    return found


def _drawn(place: Backdrop, dark: bool) -> list[list[tuple[Colour, list[Array]]]]:
    """Return each landmark of *place* as filled polygons, from back to front."""
    rng = np.random.default_rng(11)
    pencil = _CHALK if dark else _GRAPHITE
    ground = _BOARD if dark else _PAPER
    out = []
    for piece in pieces(place):
        drawn: list[tuple[Colour, list[Array]]] = []
        for points, part, tint in piece.parts:
            size = float(np.ptp(points, axis=0).max())
            if is_light(piece, part):
                drawn.append(((*mix(tint, _SUNLIGHT, 0.5)[:3], _SHINE), [points]))
                continue
            if part.closed and part.tint:
                drawn.append(((*ground[:3], 0.92), [points]))
                if size > 8.0:
                    lines = _hatching(points, -0.75, 7.5 if size > 40.0 else 4.5, 1.9, rng)
                    strong = mix(tint, pencil, 0.22)
                    drawn.append(((*strong[:3], 0.16), [points]))
                    if size > 70.0:
                        low = points[:, 1] > 0.5 * (points[:, 1].min() + points[:, 1].max())
                        if low.sum() > 2:
                            lines = lines + _hatching(points[low], 0.5, 13.0, 1.7, rng)
                    if lines:
                        drawn.append(((*strong[:3], 0.62), lines))
                else:
                    drawn.append(((*mix(tint, pencil, 0.2)[:3], 0.75), [points]))
            if part.line and not (part.closed and part.tint and part.line < 0.35):
                around = np.concatenate([points, points[:1]]) if part.closed else points
                if len(around) > 12:
                    n = max(len(around), min(48, int(_length(around) / 9.0) + 3))
                    strokes = [spaced(around, n)]
                else:
                    strokes = [
                        dense(side, int(np.clip(length / 13.0, 4, 24)))
                        for side, length in sides(around, 10.0)
                    ]
                ribbons = []
                for turn in range(2 if size > 24.0 else 1):
                    for stroke in strokes:
                        loose = (1.0 if turn == 0 else 1.7) if size > 24.0 else 0.3
                        line = wobbled(stroke, loose, rng)
                        if size > 24.0:
                            line = overshot(line, 4.0, rng)
                        aside = normals(line) * (0.5 * 2.7 * max(part.line, 0.45))
                        aside = aside * swelling(len(line))[:, None]
                        ribbons.append(np.concatenate([line + aside, (line - aside)[::-1]]))
                drawn.append(((*pencil[:3], 0.66), ribbons))
        out.append(drawn)
    return out


def _length(line: Array) -> float:
    step = np.diff(line, axis=0)
    return float(np.hypot(step[:, 0], step[:, 1]).sum())


def _sheet(width: int, height: int, dark: bool) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return the paper and its grain: paper that shows through the pencil, RGBA ``[h, w, 4]``."""
    tint = _BOARD if dark else _PAPER
    sheet = paper(height, width, tint[:3], 0.03 if dark else 0.016, (1, 2, 24, 90), seed=3)
    grain = np.empty((height, width, 4), dtype=np.uint8)
    grain[..., :3] = [round(255 * c) for c in tint[:3]]
    tooth = 0.08 + 0.17 * noise(height, width, (1, 2), seed=9)
    grain[..., 3] = np.clip(255.0 * tooth, 0.0, 150.0)
    grain.flags.writeable = False
    return sheet, grain


Piece = tuple[float, float, bool, Colour, list[Array]]
"""Place on the panorama, share of the camera's travel, whether it hangs in the sky, colour,
polygons in pixels of a 720-line picture."""


def _land(period: int) -> tuple[float, list[Piece]]:
    """Return the period of the panorama and what is drawn on it."""
    rng = np.random.default_rng(5)
    pieces: list[Piece] = []

    def area(line: Array, width: float, amount: float = 1.3, over: float = 5.0) -> Array:
        line = overshot(wobbled(np.asarray(line, dtype=np.float64), amount, rng), over, rng)
        u = np.linspace(0.0, 1.0, len(line))
        profile = width * (0.7 + 0.3 * np.sin(np.pi * u) ** 0.7)
        offset = normals(line) * (0.5 * profile[:, None])
        return np.concatenate([line + offset, (line - offset)[::-1]])

    def straight(x0: float, y0: float, x1: float, y1: float, n: int = 8) -> Array:
        return np.stack([np.linspace(x0, x1, n), np.linspace(y0, y1, n)], axis=-1)

    def ring(x: float, y: float, rx: float, ry: float, a: float, b: float, n: int = 40) -> Array:
        t = np.linspace(a, b, n)
        return np.stack([x + rx * np.cos(t), y + ry * np.sin(t)], axis=-1)

    def inside(line: Array, angle: float, gap: float, width: float) -> list[Array]:
        """Return hatching clipped to the closed outline *line*."""
        c, s = np.cos(angle), np.sin(angle)
        turned_line = line @ np.array([[c, -s], [s, c]])
        found = []
        for level in np.arange(turned_line[:, 1].min() + 0.5 * gap, turned_line[:, 1].max(), gap):
            level += rng.normal(0.0, 0.12 * gap)
            a, b = turned_line, np.roll(turned_line, -1, axis=0)
            cut = (a[:, 1] - level) * (b[:, 1] - level) < 0
            t = (level - a[cut, 1]) / (b[cut, 1] - a[cut, 1])
            xs = np.sort(a[cut, 0] + t * (b[cut, 0] - a[cut, 0]))
            for x0, x1 in zip(xs[::2], xs[1::2], strict=False):
                back = straight(x0 + 2.0, level, x1 - 2.0, level, 5) @ np.array([[c, s], [-s, c]])
                found.append(area(back, width, 0.5, 0.0))
        return found

    gold, graphite = colour("#c98a1c", 0.7), _GRAPHITE[:3]
    sun = [area(ring(0, -400, 50, 50, 0.4 + i, 6.9 + i), 2.6, 1.6) for i in range(2)]
    for i in range(12):
        c, s = np.cos(i / 12 * 2 * np.pi + 0.1), np.sin(i / 12 * 2 * np.pi + 0.1)
        far = 88 + 6 * (i % 2)
        sun.append(area(straight(66 * c, -400 + 66 * s, far * c, -400 + far * s, 6), 2.6, 0.9, 3.0))
    pieces.append((_SUN_AT, 0.0, True, gold, sun))
    fill = inside(ring(0, -400, 47, 47, 0, 2 * np.pi), -0.8, 9.0, 2.2)
    pieces.append((_SUN_AT, 0.0, True, colour("#e0a32e", 0.5), fill))
    for at, up, q in ((212.0, 430.0, 1.0), (640.0, 462.0, 0.72)):
        cloud = []
        for dx, dy, r in ((-50, 10, 24), (-14, -6, 36), (32, 4, 28)):
            for _ in range(2):
                top = ring(dx * q, dy * q - up, r * q, r * q, 1.02 * np.pi, 1.99 * np.pi, 14)
                cloud.append(area(top, 2.2, 1.1, 3.0))
        cloud += [area(straight(-78 * q, 12 * q - up, 66 * q, 12 * q - up), 2.2) for _ in range(2)]
        pieces.append((at, 0.0, True, (*graphite, 0.55), cloud))
    hills = []
    x = np.arange(0.0, period + 1.0, 20.0)
    turns = 2 * np.pi * x / period
    line = np.stack([x, -52 - 24 * np.sin(3 * turns + 1.0) - 12 * np.sin(7 * turns)], axis=-1)
    hills += [area(line, 2.0, 0.8, 0.0) for _ in range(2)]
    pieces.append((0.0, 0.16, False, (*graphite, 0.26), hills))
    ground = [
        area(np.stack([x, 2.0 * np.sin(9 * turns)], axis=-1), 3.0, 1.2, 8.0),
        area(np.stack([x, 3.0 + 2.0 * np.sin(11 * turns)], axis=-1)[4:-20], 1.6, 1.4, 8.0),
    ]
    pieces.append((0.0, 0.26, False, (*graphite, 0.72), ground))
    for at, q in ((118.0, 1.0), (1236.0, 0.78), (820.0, 0.55)):
        t = np.linspace(0.0, 2 * np.pi, 90)
        r = 62 + 6.5 * np.sin(7 * t) + 3 * np.sin(3 * t + at)
        crown = np.stack([1.02 * r * np.cos(t), -172 + 0.92 * r * np.sin(t)], axis=-1) * q
        trunk = [straight(s * 9 * q, 0, s * 6 * q, -118 * q) for s in (-1, 1)]
        lines = [area(side, 2.8, 1.2) for side in trunk for _ in range(2)]
        lines += [area(crown, 2.8, 1.8) for _ in range(2)]
        stem = np.concatenate([trunk[0], trunk[1][::-1]])
        green = inside(crown, -0.75, 9.0, 2.4) + inside(crown[:46] * [1, 1], 0.5, 11.0, 2.0)
        pieces.append((at, 0.26, False, colour("#7a5638", 0.5), inside(stem, 1.1, 8.0, 1.8)))
        pieces.append((at, 0.26, False, colour("#4f8a4a", 0.42), green))
        pieces.append((at, 0.26, False, (*graphite, 0.72), lines))
    return float(period), pieces
