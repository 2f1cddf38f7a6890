"""The place a scene plays in, as the page knows it.

**Layout** (pixels of a panorama 720 lines high, y down where it is not a height)

    ==========  ====================================================================
    key         value
    ==========  ====================================================================
    name        the environment's; ``sky``, ``ground``, ``light``, ``floor``, ``dark``,
                ``clouds``, ``cloud``, ``stars``, ``indoor``, ``accent``: as `Backdrop`
    layers      ``tint``, ``share``, ``down``, ``span`` and ``line``, x and height of
                its upper edge along one span, after which it repeats
    shapes      outlines by kind: ``points`` (m), ``line``, ``closed``, ``filled``
    pieces      ``kind``, ``at``, ``size``, ``up``, ``share``, ``hanging``, ``tints``
                (a colour for each part), ``half``; they repeat after ``period``
    weather     null, or how the flakes move (`weather.Kind`) and their ``tints``
    ==========  ====================================================================
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from stickgen.render.backdrops import Layer
from stickgen.render.display import Colour
from stickgen.render.landmarks import landmark
from stickgen.render.landscape import horizon, ridge
from stickgen.render.scenery import best_offset, pieces
from stickgen.render.shot import Shot
from stickgen.render.styles.normal import TINTS
from stickgen.render.weather import KINDS

_SPAN: Final = 3200.0
"""Least length of a layer before it repeats, in panorama pixels."""
_RAIN: Final = {
    False: ((0.40, 0.49, 0.60, 0.46),),
    True: ((0.78, 0.86, 0.95, 0.42),),
}


def hex_of(tint: Colour) -> str:
    """Return *tint* as #rrggbb, without its alpha."""
    return "#" + "".join(f"{round(255 * value):02x}" for value in tint[:3])


def place_of(shot: Shot) -> dict[str, Any]:
    """Return the JSON object of the place of *shot*."""
    place = shot.place
    found = pieces(place)
    offset = best_offset(shot, horizon(shot.camera), place)
    period = max(place.period, 720.0 * shot.width / shot.height + 40.0)
    kinds = sorted({piece.standing.kind for piece in found})
    return {
        "sky": list(place.sky),
        "ground": list(place.ground),
        "light": place.light,
        "floor": place.floor,
        "dark": place.dark,
        "clouds": place.clouds,
        "cloud": place.cloud,
        "stars": place.stars,
        "indoor": place.indoor,
        "accent": place.accent,
        "period": round(period, 2),
        "layers": [_layer(layer) for layer in place.layers],
        "shapes": {
            kind: [
                {
                    "points": [round(v, 3) for point in part.points for v in point],
                    "line": part.line,
                    "closed": part.closed,
                    "filled": bool(part.closed and part.tint),
                }
                for part in landmark(kind).parts
            ]
            for kind in kinds
        },
        "pieces": [
            {
                "kind": piece.standing.kind,
                "at": round((piece.standing.at + offset) % period, 2),
                "size": round(piece.standing.size, 3),
                "up": piece.standing.up,
                "share": piece.standing.share,
                "hanging": piece.standing.hanging,
                "half": round(piece.half, 2),
                "tints": [hex_of(tint) for _, _, tint in piece.parts],
            }
            for piece in found
        ],
        "weather": _weather(place.weather, place.dark),
    }


def _layer(layer: Layer) -> dict[str, Any]:
    """Return a layer with its edge along one span, whose end meets its beginning."""
    step = layer.period / 9.0 if layer.form == "skyline" else layer.period
    span = float(np.ceil(_SPAN / step) * step)
    seam = 0.0 if layer.form == "skyline" else 0.1 * span
    x, y = ridge(layer.form, 0.0, span + seam, layer.period, layer.phase)
    rise = np.maximum(layer.height + layer.swing * y, 4.0)
    if layer.form == "flat":
        x, rise = np.array([0.0, span]), rise[:2]
    elif seam:
        # Over the first tenth it comes from where the span goes on to.
        inside, after = (x >= 0.0) & (x <= span), np.interp(x + span, x, rise)
        share = np.clip(x / seam, 0.0, 1.0)
        rise = after * (1.0 - share) + rise * share
        x, rise = x[inside], rise[inside]
    else:
        x, rise = np.clip(x, 0.0, span), rise
    pairs = np.stack([x, rise], axis=-1).round(1)
    return {
        "tint": layer.tint,
        "share": layer.share,
        "down": layer.down,
        "form": layer.form,
        "span": round(span, 2),
        "line": pairs.ravel().tolist(),
    }


def _weather(kind: str | None, dark: bool) -> dict[str, Any] | None:
    if kind not in KINDS:
        return None
    tints = _RAIN[dark] if kind in ("rain", "storm") else TINTS[kind]
    if kind == "snow" and not dark:
        tints = ((1.0, 1.0, 1.0, 0.95), (0.72, 0.80, 0.88, 0.75))
    return {"kind": kind, **KINDS[kind]._asdict(), "tints": [list(tint) for tint in tints]}
