"""What a player page knows about a scene: one JSON object, the heavy tracks packed as base64.

**Layout** (T frames, A actors, P props; all numbers little-endian, C order)

    ==========  ====================================================================
    key         value
    ==========  ====================================================================
    title       the prompt, "" if there is none; ``seed``, ``command``, ``version``
    fps         frames a second; ``frames`` T
    size        width and height of the framed picture, pixels
    flat        True: the motion has no depth and cannot be orbited
    style       the style to begin with
    actors      per actor ``name``, ``kind``, ``own`` (its colour is its own, not the
                style's), ``inks`` its colour in each style, ``far`` and ``seam`` those of
                its far limbs and of the edge of an arm before it in the normal style,
                ``height`` (m)
    figure      proportions of a body, as fractions of its height
    unit        metres per step of ``points``; ``origin`` the metres of step 0
    points      int16 ``[T, A, N_POINTS + 2, 3]``: `figure.Figures.points`, then both ankles
    turns       int8 ``[T, A, 9]`` in 1/127: across, facing and crown
    faces       uint8 ``[T, A, 12]``: the face's parameters and the eyes, 110 (v + 1)
    present     uint8 ``[T, A]``, or null if everyone always is
    camera      float32 ``[T or 1, 13]``: position, right, up, focal length and centre
                in picture heights, distance; ``reach`` metres of ground beyond;
                ``cuts`` the frames at which another picture begins
    trails      null, or ``swift`` uint8 ``[T, A, 4]`` the strength of the trails of hands
                and feet, ``flown`` uint8 ``[T, P]`` of things; ``strikes`` and ``hits``:
                first and last frame, actor or prop, place and aim
    props       ``parts``, ``half``, ``height``, ``rolls``, ``scale``, ``tint`` and
                ``position``, three numbers or float32 ``[T, 3]``
    captions    ``text``, ``start``, ``end`` (s), ``actor`` or null
    place       the backdrop: see `stickgen.render.player.places`
    ==========  ====================================================================
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core import __version__
from stickgen.core.errors import UsageError
from stickgen.core.schema import J
from stickgen.core.types import Prop, RenderOptions, Scene
from stickgen.render import figure
from stickgen.render.display import Colour, colour, mix
from stickgen.render.drawing import open_shot, open_style
from stickgen.render.figure import Figures
from stickgen.render.outlines import Picture
from stickgen.render.player.places import hex_of, place_of
from stickgen.render.props import known, picture
from stickgen.render.shot import Shot, at_rate
from stickgen.render.smoothing import gaussian
from stickgen.render.styles.normal import (
    LIGHTS,
    PALETTE,
    actor_colour,
    deepened,
    far_tone,
    lightened,
)
from stickgen.render.trails import trails

STYLES: Final = ("normal", "sketch", "ink", "neon")
"""The styles the page can draw, in the order of its menu."""

_PAPER: Final = colour("#fbf5e9")
"""What the far limbs of the normal style go toward by day."""
_FACE_STEPS: Final = 110.0
_FINEST: Final = 0.001
"""Finest step of a packed point, m."""


def document(scene: Scene, options: RenderOptions) -> dict[str, Any]:
    """Return the JSON object of *scene*, framed and dressed as *options* say.

    Raises what drawing it would raise: `SchemaError` for values that are not finite, `UsageError`
    for impossible colours, sizes and frame rates.
    """
    scene = at_rate(scene, options.fps)
    shot = open_shot(scene, replace(options, fps=None))
    people = shot.figures
    points, unit, origin = _points(scene, people)
    inks = {name: _inks(name, shot) for name in STYLES}
    meta = scene.meta
    return {
        "version": __version__,
        "title": str(meta.get("prompt") or ""),
        "seed": meta.get("seed"),
        "command": str(meta.get("command") or ""),
        "fps": round(float(people.fps), 6),
        "frames": people.n_frames,
        "size": [options.width, options.height],
        "flat": people.flat,
        "style": options.style if options.style in STYLES else STYLES[0],
        "place": place_of(shot),
        "figure": {
            "line": figure.LINE,
            "head_radius": figure.HEAD_RADIUS,
            "head_outline": figure.HEAD_OUTLINE,
            "torso": figure.TORSO,
            "corner": figure.CORNER,
            "spine_corner": figure.SPINE_CORNER,
            "hand": figure.HAND,
            "halo": figure.HALO,
        },
        "actors": [
            {
                "name": look.name,
                "kind": look.kind,
                "own": look.colour is not None or bool(shot.palette),
                "inks": {name: inks[name][i] for name in STYLES},
                **_tones(colour(inks["normal"][i]), shot),
                "height": round(float(people.height[i]), 5),
            }
            for i, look in enumerate(scene.looks)
        ],
        "unit": unit,
        "origin": origin,
        "points": points,
        "turns": _packed(np.rint(_turns(people) * 127.0), "<i1"),
        "faces": _packed(np.rint((_faces(people) + 1.0) * _FACE_STEPS), "<u1"),
        "present": None if people.present.all() else _packed(people.present, "<u1"),
        "camera": _packed(_camera(shot), "<f4"),
        "cuts": list(shot.camera.cuts),
        "trails": _trails(shot),
        "reach": round(float(shot.camera.reach), 4),
        "props": [_prop(i, prop) for i, prop in enumerate(known(scene.props))],
        "captions": [
            {"text": c.text, "start": c.start, "end": c.end, "actor": c.actor}
            for c in scene.captions
        ],
    }


def _packed(values: NDArray[Any], kind: str) -> str:
    """Return *values* as base64 of *kind*, clipped to what it holds."""
    dtype = np.dtype(kind)
    if dtype.kind in "iu":
        bounds = np.iinfo(dtype)
        values = np.clip(values, bounds.min, bounds.max)
    return base64.b64encode(np.ascontiguousarray(values, dtype=dtype).tobytes()).decode("ascii")


def _points(scene: Scene, people: Figures) -> tuple[str, float, list[float]]:
    """Return the packed points, the metres of a step and the metres of step 0."""
    joints = scene.motion.joints.astype(np.float64)
    ankles = joints[:, :, [J["l_ankle"], J["r_ankle"]]]
    points = np.concatenate([people.points, ankles], axis=2)
    shown = (
        points[people.present] if people.present.any() else points.reshape(-1, *points.shape[2:])
    )
    low, high = shown.min(axis=(0, 1)), shown.max(axis=(0, 1))
    middle = 0.5 * (low + high)
    # The ground stays at a whole step, so that planted feet stay on it.
    reach = float(np.max(high - low)) * 0.5
    unit = max(_FINEST, reach / 32000.0)
    origin = np.rint(middle / unit) * unit
    return (
        _packed(np.rint((points - origin) / unit), "<i2"),
        float(f"{unit:.9g}"),
        [float(f"{value:.9g}") for value in origin],
    )


def _turns(people: Figures) -> NDArray[np.float64]:
    """Return across, facing and crown ``[T, A, 9]``, as smooth as a head's turns are drawn."""
    fps = people.fps
    return np.concatenate(
        [
            gaussian(people.across, 0.05 * fps),
            gaussian(people.facing, 0.05 * fps),
            gaussian(people.crown, 0.04 * fps),
        ],
        axis=-1,
    )


def _faces(people: Figures) -> NDArray[np.float64]:
    return np.concatenate([people.faces, people.eyes[..., None]], axis=-1)


def _camera(shot: Shot) -> NDArray[np.float64]:
    """Return one row a frame, a single one where the camera stands still."""
    camera = shot.camera
    rows = np.concatenate(
        [
            camera.position,
            camera.axes[:, 0],
            camera.axes[:, 1],
            camera.focal[:, None] / shot.height,
            camera.centre[:, :1] / shot.height - 0.5 * shot.width / shot.height,
            camera.centre[:, 1:] / shot.height,
            camera.distance[:, None],
        ],
        axis=1,
    )
    return rows[:1] if camera.still else rows


def _trails(shot: Shot) -> dict[str, Any] | None:
    """Return the trails and the marks of blows, None if there are none in the whole clip."""
    bodies, things = trails(shot.figures, shot.trails), shot.flights
    n = shot.n_frames
    flown = np.zeros((n, 0)) if things is None else things.strength
    strikes = _marks(bodies.struck.reshape(n, -1), bodies.path, bodies.aim, 2, 4)
    hits = [] if things is None else _marks(things.hit, things.path, things.aim, 0, 1)
    if not (strikes or hits or bodies.strength.any() or flown.any()):
        return None
    return {
        "swift": _packed(np.rint(255.0 * bodies.strength), "<u1"),
        "flown": _packed(np.ceil(255.0 * flown), "<u1"),
        "strikes": strikes,
        "hits": hits,
    }


def _marks(
    struck: NDArray[np.int64],
    path: NDArray[np.float64],
    aim: NDArray[np.float64],
    before: int,
    of_each: int,
) -> list[list[float]]:
    """Return for each mark the first and last frame, whose it is, the place and the aim.

    *struck* ``[T, N]`` is the frame of the last blow or -1; *aim* counts *before* frames earlier.
    """
    n = len(struck)
    places, aims = path.reshape(n, -1, 3), aim.reshape(n, -1, 3)
    out: list[list[float]] = []
    for column in range(struck.shape[1]):
        for at in np.unique(struck[:, column]):
            if at < 0:
                continue
            frames = np.flatnonzero(struck[:, column] == at)
            where = [*places[at, column], *aims[max(at - before, 0), column]]
            rounded = [round(float(value), 4) for value in where]
            out.append([int(frames[0]), int(frames[-1]), column // of_each, *rounded])
    return out


def _prop(index: int, prop: Prop) -> dict[str, Any]:
    shape: Picture = picture(prop.kind)
    position = np.asarray(prop.position, dtype=np.float64)
    try:
        own = None if prop.colour is None else colour(prop.colour)
    except ValueError as error:
        raise UsageError(f"prop {index} ({prop.kind}): {error}") from None
    return {
        "kind": prop.kind,
        "tint": shape.tint if own is None else hex_of(own),
        "parts": [
            {
                "points": [round(value, 4) for point in part.points for value in point],
                "tint": part.tint,
                "line": part.line,
                "closed": part.closed,
            }
            for part in shape.parts
        ],
        "half": round(shape.half, 4),
        "height": round(shape.height, 4),
        "rolls": shape.rolls,
        "scale": round(float(prop.scale), 5),
        "position": (
            [round(float(value), 4) for value in position]
            if position.ndim == 1
            else _packed(position, "<f4")
        ),
    }


def _inks(style: str, shot: Shot) -> list[str]:
    """Return the colours of the actors in *style*, as that style would choose them."""
    own: Sequence[str] = getattr(open_style(style), "palette", PALETTE)
    dark = style == "normal" and shot.place.dark
    palette = shot.palette or (LIGHTS if dark else tuple(own))
    inks = [actor_colour(look, i, palette) for i, look in enumerate(shot.looks)]
    if dark:
        inks = [lightened(ink) for ink in inks]
    elif style == "normal" and not shot.palette:
        inks = [
            ink if look.colour else deepened(ink, shot.place)
            for ink, look in zip(inks, shot.looks, strict=True)
        ]
    return [hex_of(ink) for ink in inks]


def _tones(ink: Colour, shot: Shot) -> dict[str, str]:
    """Return the colours of far limbs and seams of a body of *ink* in the normal style."""
    dark = shot.place.dark
    paper = colour(shot.place.sky[2]) if dark else _PAPER
    edge = mix(ink, colour(shot.place.sky[0]), 0.8) if dark else mix(ink, _PAPER, 0.6)
    return {"far": hex_of(far_tone(ink, paper)), "seam": hex_of(edge)}
