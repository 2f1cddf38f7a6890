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
from stickgen.render.display import Colour, colour, mix
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

    Only for a camera that stands still; 0 otherwise.
    """
    if not shot.camera.still or not place.landmarks:
        return 0.0
    cast = shot.cast
    if not cast.visible.any():
        return 0.0
    a, b = across(shot, horizon, 0, 0.0)
    columns_ = np.concatenate(
        [cast.points[..., 0, 0][cast.visible], cast.points[..., HEAD, 0][cast.visible]]
    )
    wide = 0.10 * float(cast.size[cast.visible].mean()) / a
    busy, edges = np.histogram((columns_ - b) / a, bins=64)
    centres = 0.5 * (edges[1:] + edges[:-1])
    weight = np.sqrt(busy / busy.max())
    period = _period(shot, place)
    shown = shot.width / a
    best, cost = 0.0, np.inf
    things = [p for p in pieces(place) if not p.standing.hanging and p.half < 0.2 * shown]
    for offset in np.arange(0.0, period, 20.0):
        total = 0.03 * min(offset, period - offset) / period
        for piece in things:
            at = (piece.standing.at + offset) % period
            gap = np.abs(centres - at) - piece.half - wide
            total += float((weight * np.clip(-gap / 20.0, 0.0, 1.0)).sum())
            edge = min(abs(at), abs(at - shown))
            total += 0.4 if edge < 0.5 * piece.half else 0.0
        if total < cost - 1e-9:
            best, cost = float(offset), total
    return best
