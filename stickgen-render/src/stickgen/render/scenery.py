"""The pieces of a backdrop laid out for a shot: where each landmark and each ridge is to be drawn.

**Conventions**
    Panorama pixels are those of a picture 720 lines high; the picture's own are `unit` times as
    large. Points of a piece have y down, with the piece's base at the origin.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from stickgen.render.backdrops import Backdrop, Layer, Standing
from stickgen.render.display import Colour, Op, Path, Shade, colour, mix
from stickgen.render.figure import HEAD
from stickgen.render.landmarks import landmark
from stickgen.render.landscape import Horizon, ridge
from stickgen.render.outlines import BODY, Part
from stickgen.render.shot import Shot

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Piece:
    """A landmark: its parts with their points ``[N, 2]`` and colours, and half its width."""

    standing: Standing
    parts: tuple[tuple[Array, Part, Colour], ...]
    half: float
    height: float


_MOMENTS = 24
"""At how many moments of a travelling shot it is looked what stands behind the actors."""
_LAMPS = ("light_shaft", "spotlight")
_FEATHERS = 6


def is_light(piece: Piece, part: Part) -> bool:
    """Return whether *part* of *piece* is a beam of light, not a thing: four points, the first two
    at its source.
    """
    return piece.standing.kind in _LAMPS and part.line == 0.0


def beam(points: Array, tint: Colour, strength: float) -> list[Op]:
    """Return a beam of light over *points* ``[4, 2]``, the first two at its source: it thins
    toward its sides and fades toward its end. *strength* is its alpha in the middle of the source.
    """
    left, right, far_right, far_left = points
    near, far = 0.5 * (left + right), 0.5 * (far_left + far_right)
    a, b = (float(near[0]), float(near[1])), (float(far[0]), float(far[1]))
    alpha = 1.0 - (1.0 - strength) ** (1.0 / _FEATHERS)
    r, g, b_, _ = tint
    stops = (
        (0.0, (r, g, b_, alpha)),
        (0.55, (r, g, b_, 0.55 * alpha)),
        (1.0, (r, g, b_, 0.0)),
    )
    ops: list[Op] = []
    for i in range(_FEATHERS):
        wide = 1.0 - i / _FEATHERS
        around = np.stack(
            [near + (left - near) * wide, near + (right - near) * wide,
             far + (far_right - far) * wide, far + (far_left - far) * wide]
        )  # fmt: skip
        ops.append(Shade(Path().polyline(around.ravel().tolist(), closed=True), a, b, stops))
    return ops


@cache
def pieces(place: Backdrop) -> tuple[Piece, ...]:
    """Return the landmarks of *place*, the farthest first."""
    out = []
    haze = colour(place.sky[2])
    for each in sorted(place.landmarks, key=lambda s: (not s.hanging, s.share)):
        shape = landmark(each.kind)
        fade = min(place.haze * (1.3 - each.share), 0.9)
        parts = []
        for part in shape.parts:
            tint = each.tint or shape.tint if part.tint in (BODY, "") else part.tint
            if each.tint is not None and part.tint not in (BODY, ""):
                # The whole thing takes on the light of the place, not its body alone.
                tint = _toned(part.tint, each.tint, 0.35)
            points = np.array(part.points) * (each.size, -each.size)
            seen = mix(colour(tint), haze, fade)
            if place.cast is not None:
                seen = mix(seen, colour(place.cast[0]), place.cast[1])
            parts.append((points, part, seen))
        out.append(Piece(each, tuple(parts), shape.half * each.size, shape.height * each.size))
    return tuple(out)


def _toned(tint: str, toward: str, share: float) -> str:
    r, g, b, _ = mix(colour(tint), colour(toward), share)
    return f"#{round(255 * r):02x}{round(255 * g):02x}{round(255 * b):02x}"


def unit(shot: Shot, horizon: Horizon, index: int) -> float:
    """Return how many pixels of the picture a pixel of the panorama takes in frame *index*."""
    return shot.height / 720.0 * float(horizon.zoom[index])


def _period(shot: Shot, place: Backdrop) -> float:
    """Return the panorama's period in its own pixels: never less than the picture is wide."""
    return max(place.period, 720.0 * shot.width / shot.height + 40.0)


def across(shot: Shot, horizon: Horizon, index: int, share: float) -> tuple[float, float]:
    """Return (a, b): panorama pixel p is drawn at a p + b, for a layer of that *share*."""
    k = unit(shot, horizon, index)
    middle = float(shot.camera.centre[index, 0])
    shift = float(horizon.turn[index] - share * horizon.travel[index])
    zoom = float(horizon.zoom[index])
    return k, middle + zoom * (shift - middle)


def columns(
    shot: Shot, horizon: Horizon, index: int, piece: Piece, place: Backdrop, offset: float
) -> list[float]:
    """Return the x in pixels at which *piece* is seen in frame *index*."""
    share = 0.0 if piece.standing.hanging else piece.standing.share
    a, b = across(shot, horizon, index, share)
    period = _period(shot, place)
    reach = piece.half * a
    beyond = shot.width + shot.height if shot.camera.roll[index] else 0.0
    first = (piece.standing.at + offset) * a + b
    step = period * a
    first = (first + reach + beyond) % step - reach - beyond
    out = []
    while first < shot.width + reach + beyond:
        out.append(first)
        first += step
    return out


def ridge_line(shot: Shot, horizon: Horizon, index: int, layer: Layer, beyond: float) -> Array:
    """Return the upper edge ``[N, 2]`` of *layer* in pixels, y as height over the horizon."""
    share = 0.0 if layer.down else layer.share
    a, b = across(shot, horizon, index, share)
    low, high = (-beyond - b) / a, (shot.width + beyond - b) / a
    x, y = ridge(layer.form, low, high, layer.period, layer.phase)
    rise = np.maximum(layer.height + layer.swing * y, 4.0)
    return np.stack([a * x + b, a * rise], axis=-1)


def best_offset(shot: Shot, horizon: Horizon, place: Backdrop) -> float:
    """Return how far to move the landmarks along the panorama so that actors stand free of them.

    The largest is kept in the picture. A camera that goes along passes some all the same; what
    counts is where the actors are longest.
    """
    cast = shot.cast
    if not place.landmarks or not cast.visible.any():
        return 0.0
    still = shot.camera.still
    moments = np.unique(np.linspace(0, shot.n_frames - 1, 1 if still else _MOMENTS).astype(int))
    period = _period(shot, place)
    shown = shot.width / across(shot, horizon, 0, 0.0)[0]
    standing = [p for p in pieces(place) if not p.standing.hanging]
    things = [p for p in standing if p.half < 0.2 * shown]
    if not things:
        return 0.0
    offsets = np.arange(0.0, period, 20.0)
    total = 0.03 * np.minimum(offsets, period - offsets) / period
    largest = max(standing, key=lambda p: (p.half * p.height, -p.standing.at))
    stays = float(np.ptp(horizon.travel)) < 0.25 * shot.width
    if stays and largest.half < 0.3 * shown:
        at = (largest.standing.at + offsets) % period
        lost = np.maximum(largest.half - at, at + largest.half - shown) / (2.0 * largest.half)
        total = total + np.clip(lost, 0.0, 1.0)
    walls = [p for p in standing if p.half >= 0.2 * shown]
    half = np.array([p.half for p in things])
    for index in moments.tolist():
        now = cast.visible if still else cast.visible & (np.arange(shot.n_frames) == index)[:, None]
        busy, wide = _busy(shot, now)
        if not len(busy):
            continue
        for piece in walls:
            a, b = across(shot, horizon, index, piece.standing.share)
            away = (busy[:, :1] - b) / a - (piece.standing.at + offsets)
            away = np.abs((away + 0.5 * period) % period - 0.5 * period)
            touches = np.clip(1.0 - np.abs(away - piece.half) / (wide / a), 0.0, 1.0)
            total = total + (busy[:, 1:] * touches).sum(axis=0) / len(moments)
        for n, piece in enumerate(things):
            a, b = across(shot, horizon, index, piece.standing.share)
            places = piece.standing.at + offsets
            # How far the columns are from the nearest of the pieces that repeat every period.
            away = (busy[:, :1] - b) / a - places
            away = np.abs((away + 0.5 * period) % period - 0.5 * period)
            # What reaches up to the heads disturbs most.
            strong = min(max(0.16 * piece.height * a / wide, 0.3), 1.5)
            hides = strong * np.clip(1.0 - (away - half[n]) / (wide / a), 0.0, 1.0)
            total = total + (busy[:, 1:] * hides).sum(axis=0) / len(moments)
            if still:
                edge = np.minimum(np.abs(places % period), np.abs(places % period - shown))
                total = total + np.where(edge < 0.5 * half[n], 0.4, 0.0)
    return float(offsets[int(np.argmin(total))])


def _busy(shot: Shot, now: NDArray[np.bool_]) -> tuple[Array, float]:
    """Return columns of the picture that actors are in at the times *now* ``[T, A]``, as ``[N, 2]``
    = x in pixels and a weight, and how far things should keep from them.

    Between two actors who stand close together nothing should be seen, either.
    """
    cast = shot.cast
    if not now.any():
        return np.zeros((0, 2)), 1.0
    size = float(cast.size[now].mean())
    columns_ = [cast.points[..., p, 0][now] for p in (0, HEAD)]
    heads = np.where(now, cast.points[..., HEAD, 0], np.inf)
    ordered = np.sort(heads, axis=1)
    with np.errstate(invalid="ignore"):
        close = np.diff(ordered, axis=1) < 0.75 * size
    columns_.append((0.5 * (ordered[:, 1:] + ordered[:, :-1]))[close])
    if shot.stage is not None:
        # So does what flies: it would be lost before a crown or a roof.
        path = shot.stage.base[now.any(axis=1), :, 0]
        columns_.append(path[:, np.ptp(path, axis=0) > size].ravel())
    count, edges = np.histogram(np.concatenate(columns_), bins=48)
    centres = 0.5 * (edges[1:] + edges[:-1])
    weight = np.sqrt(count / count.max())
    return np.stack([centres, weight], axis=-1)[count > 0], 0.16 * size
