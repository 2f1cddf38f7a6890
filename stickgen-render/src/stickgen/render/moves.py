"""Camera moves: how a camera that frames a scene is panned, zoomed, tracked, craned, shaken.

Every move changes one thing over its time (a turn, a distance, a height, a focal length), and the
changes of all moves add up, so that a dolly and an orbit make a spiral.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core.camera_moves import CameraMove
from stickgen.core.errors import UsageError
from stickgen.core.types import CameraTrack
from stickgen.render.camera import Camera
from stickgen.render.figure import HEAD, Figures
from stickgen.render.smoothing import gaussian, gaussian_between

Array = NDArray[np.float64]

_SHOTS: Final = {"wide": 0.78, "medium": 1.75, "close-up": 3.4}
"""Zoom of a shot over the automatic framing."""
_EYE_LINE: Final = 0.40
"""Where a medium shot or a close-up puts the head, from the top of the picture."""


def eased(p: Array, easing: str) -> Array:
    """Return the progress (0-1) of a move at the share *p* of its time."""
    p = np.clip(p, 0.0, 1.0)
    if easing == "linear":
        return np.asarray(p)
    if easing == "ease":
        return np.asarray(p**3 * (10.0 - 15.0 * p + 6.0 * p * p))
    return np.asarray(p * p * (3.0 - 2.0 * p))


def progress(move: CameraMove, n_frames: int, fps: float) -> Array:
    """Return how far *move* has come in each frame ``[T]``, 0 before it and 1 after it."""
    last = (n_frames - 1) / fps
    end = last if move.end is None else move.end
    t = np.arange(n_frames) / fps
    return eased((t - move.start) / max(end - move.start, 1.0 / fps), move.easing)


def inside(move: CameraMove, n_frames: int, fps: float) -> NDArray[np.bool_]:
    """Return in which frames ``[T]`` *move* is under way."""
    t = np.arange(n_frames) / fps
    return np.asarray((t >= move.start - 1e-9) & (t <= (np.inf if move.end is None else move.end)))


def moved(camera: Camera, moves: Sequence[CameraMove], figures: Figures) -> Camera:
    """Return *camera* with *moves* made; frames of the clip and everything else stay."""
    if not moves:
        return camera
    n, fps = len(camera.position), figures.fps
    hold = [move for move in moves if move.kind == "static"]
    for move in hold:
        camera = _held(camera, inside(move, n, fps))
    for move in moves:
        if move.kind == "track":
            camera = _tracked(camera, figures, inside(move, n, fps))
    tall = float(figures.height.max())
    turn, closer, rise, aside = np.zeros(n), np.ones(n), np.zeros(n), np.zeros(n)
    zoom, tilt, roll = np.ones(n), np.zeros(n), np.zeros(n)
    shake = np.zeros((n, 2))
    pan = np.zeros(n)
    face = np.zeros(n)
    shown = figures.present.copy()
    for move in moves:
        p = progress(move, n, fps)
        if move.kind == "zoom":
            zoom *= move.amount ** (p if move.way == "in" else 1.0 - p)
        elif move.kind == "dolly" and move.way in ("in", "out"):
            closer *= move.amount ** (p if move.way == "in" else 1.0 - p)
        elif move.kind == "dolly":
            aside += (move.amount if move.way == "right" else -move.amount) * (p - 0.5)
        elif move.kind == "pan" and move.way in ("left", "right"):
            pan += (move.amount if move.way == "right" else -move.amount) * (p - 0.5)
        elif move.kind == "pan":
            tilt += (move.amount if move.way == "up" else -move.amount) * (p - 0.5)
        elif move.kind == "crane":
            rise += move.amount * (tall / 1.7) * (p if move.way == "up" else 1.0 - p)
        elif move.kind == "orbit":
            turn += np.radians(move.amount) * p * (1.0 if move.way == "right" else -1.0)
        elif move.kind == "shake":
            within = inside(move, n, fps)
            shake_, roll_ = _shaken(n, fps)
            fade = gaussian(within.astype(np.float64), 0.12 * fps)[:, None].clip(0.0, 1.0)
            shake += move.amount * fade * shake_
            roll += move.amount * fade[:, 0] * roll_
        elif move.kind in _SHOTS:
            within = inside(move, n, fps)
            zoom = np.where(within, zoom * _SHOTS[move.kind], zoom)
            face = np.where(within & (move.kind != "wide"), 1.0, face)
            if move.on:
                meant = np.isin(np.arange(figures.n_actors), move.on)
                shown &= meant[None] | ~within[:, None]

    camera = _walked(camera, turn, closer, rise, aside)
    focal = camera.focal * zoom
    centre = camera.centre.copy()
    if face.any():
        centre = _on_the_face(replace(camera, focal=focal), figures, face, shown)
    elif float(np.max(zoom * closer)) > 1.0 + 1e-9:
        centre = _head_kept(replace(camera, focal=focal, centre=centre), figures)
    centre = centre + shake * camera.height
    centre[:, 1] += tilt * camera.height
    axes = camera.axes
    if pan.any():
        angle = np.arctan(pan * camera.width / focal)
        axes = _yawed(axes, -angle)
    if roll.any():
        axes = _rolled(axes, roll)
    varies = any(
        float(np.ptp(values, axis=0).max()) > 1e-9
        for values in (camera.position, axes.reshape(n, 9), focal[:, None], centre)
    )
    return replace(
        camera,
        axes=axes,
        focal=focal,
        centre=centre,
        roll=camera.roll + roll,
        still=not varies,
    )


def _held(camera: Camera, within: NDArray[np.bool_]) -> Camera:
    """Return *camera* standing where it first was in the frames *within*."""
    first = int(np.argmax(within))
    wide = within[:, None]
    still = bool(within.all())
    return replace(
        camera,
        position=np.where(wide, camera.position[first], camera.position),
        axes=np.where(wide[..., None], camera.axes[first], camera.axes),
        focal=np.where(within, camera.focal[first], camera.focal),
        centre=np.where(wide, camera.centre[first], camera.centre),
        roll=np.where(within, camera.roll[first], camera.roll),
        distance=np.where(within, camera.distance[first], camera.distance),
        still=camera.still or still,
    )


def _tracked(camera: Camera, figures: Figures, within: NDArray[np.bool_]) -> Camera:
    """Return *camera* going beside the first actor in the frames *within*, easing in and out."""
    if not figures.present[:, 0].any():
        return camera
    root = figures.points[:, 0, 0] * np.array([1.0, 0.0, 1.0])
    seen = np.flatnonzero(figures.present[:, 0])
    nearest = seen[np.clip(np.searchsorted(seen, np.arange(len(root))), 0, len(seen) - 1)]
    path = gaussian(root[nearest], 0.6 * figures.fps)
    aim = camera.position - camera.axes[:, 2] * camera.distance[:, None]
    away = (path - aim) * np.array([1.0, 0.0, 1.0])
    share = gaussian(within.astype(np.float64), 0.35 * figures.fps).clip(0.0, 1.0)
    position = camera.position + away * share[:, None]
    return replace(camera, position=position, still=camera.still and not np.ptp(position, 0).any())


def _walked(camera: Camera, turn: Array, closer: Array, rise: Array, aside: Array) -> Camera:
    """Return *camera* gone round, toward, above and along what it looks at."""
    toward, right = camera.axes[:, 2], camera.axes[:, 0]
    aim = camera.position - toward * camera.distance[:, None]
    level = np.abs(toward[:, 1]).max() < 1e-6
    # A camera that looks level stands above the ground it frames; it keeps to that ground.
    lift = camera.position[:, 1] if level else np.zeros(len(turn))
    centre = aim - lift[:, None] * np.array([0.0, 1.0, 0.0])
    if level:
        centre[:, 1] = np.maximum(centre[:, 1], 0.0)
    offset = (camera.position - centre) / closer[:, None]
    position = centre + _about_y(offset, turn) + aside[:, None] * right
    axes = np.stack([_about_y(camera.axes[:, i], turn) for i in range(3)], axis=1)
    distance = camera.distance / closer
    if rise.any():
        pitch = np.arctan2(rise, distance)
        position[:, 1] += rise
        c, s = np.cos(pitch)[:, None], np.sin(pitch)[:, None]
        up, back = axes[:, 1], axes[:, 2]
        axes = np.stack([axes[:, 0], up * c - back * s, back * c + up * s], axis=1)
        distance = np.hypot(distance, rise)
    moving = any(float(np.ptp(track)) > 1e-9 for track in (turn, closer, rise, aside))
    return replace(
        camera,
        position=position,
        axes=axes,
        distance=distance,
        still=camera.still and not moving,
    )


def _on_the_face(camera: Camera, figures: Figures, face: Array, shown: NDArray[np.bool_]) -> Array:
    """Return the pixels ``[T, 2]`` of the optical axis that keep heads in the picture.

    Where *face* is 0 nothing changes. The heads of those *shown* ``[T, A]`` share the picture:
    their middle is aimed at.
    """
    pixels, _ = camera.project(figures.points[:, :, HEAD])
    count = np.maximum(shown.sum(axis=1), 1)[:, None]
    middle = np.where(shown[..., None], pixels, 0.0).sum(axis=1) / count
    there = shown.any(axis=1)
    if not there.any():
        return camera.centre
    index = np.arange(len(middle))
    for axis in range(2):
        middle[:, axis] = np.interp(index, index[there], middle[there, axis])
    wanted = np.array([0.5 * camera.width, _EYE_LINE * camera.height])
    shift = gaussian_between(camera.cuts, wanted - middle, 0.5 * figures.fps)
    return np.asarray(camera.centre + face[:, None] * shift)


def _head_kept(camera: Camera, figures: Figures) -> Array:
    """Return the pixels ``[T, 2]`` of the optical axis that keep the actors in a closer picture.

    Lower where heads would leave at the top; aside where somebody would leave at a side, so that a
    camera that comes nearer comes nearer to where they are by then.
    """
    pixels, depth = camera.project(figures.points)
    reach = 0.12 * figures.height[None] * camera.focal[:, None] / np.maximum(depth[..., HEAD], 1e-3)
    there = figures.present & (depth.min(axis=2) > 0.0)
    top = np.where(there, pixels[:, :, HEAD, 1] - reach, np.inf).min(axis=1)
    left = np.where(there, pixels[..., 0].min(axis=2) - 0.4 * reach, np.inf).min(axis=1)
    right = np.where(there, pixels[..., 0].max(axis=2) + 0.4 * reach, -np.inf).max(axis=1)
    seen = np.isfinite(left) & np.isfinite(right)
    edge = 0.07 * camera.width
    inward = np.maximum(edge - left, 0.0) + np.minimum(camera.width - edge - right, 0.0)
    both = (left < edge) & (right > camera.width - edge)
    inward = np.where(both, 0.5 * (camera.width - left - right), inward)
    down = np.maximum(0.07 * camera.height - top, 0.0)
    shift = np.stack([np.where(seen, inward, 0.0), np.where(seen, down, 0.0)], axis=-1)
    return np.asarray(camera.centre + gaussian_between(camera.cuts, shift, 0.4 * figures.fps))


def _about_y(vectors: Array, angle: Array) -> Array:
    """Return *vectors* ``[T, 3]`` turned about the vertical, counter-clockwise from above."""
    c, s = np.cos(angle), np.sin(angle)
    x, y, z = vectors[:, 0], vectors[:, 1], vectors[:, 2]
    return np.stack([c * x + s * z, y, c * z - s * x], axis=-1)


def _yawed(axes: Array, angle: Array) -> Array:
    return np.stack([_about_y(axes[:, i], angle) for i in range(3)], axis=1)


def _rolled(axes: Array, roll: Array) -> Array:
    c, s = np.cos(roll)[:, None], np.sin(roll)[:, None]
    right, up = axes[:, 0], axes[:, 1]
    return np.stack([right * c + up * s, up * c - right * s, axes[:, 2]], axis=1)


def _shaken(n_frames: int, fps: float) -> tuple[Array, Array]:
    """Return the sway of a camera held by hand: pictures' heights ``[T, 2]`` and radians ``[T]``.

    Sums of sines between 0.7 and 4 Hz that never repeat within a clip; no randomness.
    """
    t = np.arange(n_frames) / fps
    waves = np.array([(0.71, 1.0), (1.37, 0.7), (2.29, 0.45), (3.61, 0.3)])
    out = np.zeros((n_frames, 3))
    for axis, phase in enumerate((0.0, 1.9, 3.7)):
        for i, (rate, size) in enumerate(waves):
            out[:, axis] += size * np.sin(2.0 * np.pi * rate * t + phase + 2.3 * i * (axis + 1))
    return 0.0052 * out[:, :2], 0.0036 * out[:, 2]


@dataclass(frozen=True, slots=True)
class Key:
    """Where a camera is at a moment: ``seconds``, then position and target in metres, the vertical
    angle of view and the roll in degrees. ``easing`` is how it goes on from here: linear, smooth
    or ease.
    """

    seconds: float
    position: tuple[float, float, float]
    target: tuple[float, float, float]
    fov: float = 30.0
    roll: float = 0.0
    easing: str = "smooth"


def keyframed(keys: Sequence[Key], n_frames: int, fps: float) -> CameraTrack:
    """Return the track of a camera that passes through *keys*, *n_frames* long.

    Between two keys a linear camera goes straight at a constant speed, one that eases stops at
    both; a smooth one passes through its keys without a stop: cubic Hermite pieces whose slopes
    never overshoot (Fritsch and Carlson 1980), so that its speed is continuous (C1).
    """
    if not keys:
        raise UsageError("a camera track needs at least one key")
    keys = sorted(keys, key=lambda key: key.seconds)
    at = np.array([key.seconds for key in keys])
    if len(at) > 1 and np.diff(at).min() < 1e-6:
        raise UsageError(f"two camera keys stand at {at[int(np.diff(at).argmin())]:g} s")
    values = np.array([(*key.position, *key.target, key.fov, key.roll) for key in keys])
    t = np.clip(np.arange(n_frames) / fps, at[0], at[-1])
    if len(keys) == 1:
        out = np.repeat(values, n_frames, axis=0)
    else:
        i = np.clip(np.searchsorted(at, t, side="right") - 1, 0, len(keys) - 2)
        long = at[i + 1] - at[i]
        p = ((t - at[i]) / long)[:, None]
        a, b = values[i], values[i + 1]
        slope = _slopes(at, values)
        h = long[:, None]
        smooth = (
            a * (1 + 2 * p) * (1 - p) ** 2
            + h * slope[i] * p * (1 - p) ** 2
            + b * p * p * (3 - 2 * p)
            + h * slope[i + 1] * p * p * (p - 1)
        )
        kinds = np.array([key.easing for key in keys])[i][:, None]
        out = np.where(kinds == "linear", a + (b - a) * p, smooth)
        out = np.where(kinds == "ease", a + (b - a) * eased(p, "ease"), out)
    return CameraTrack(out[:, 0:3], out[:, 3:6], out[:, 6], out[:, 7])


def _slopes(at: Array, values: Array) -> Array:
    """Return slopes ``[K, D]`` at the keys that keep the curve between its neighbours."""
    chord = np.diff(values, axis=0) / np.diff(at)[:, None]
    slope = np.zeros_like(values)
    if len(at) > 2:
        before, after = chord[:-1], chord[1:]
        same = before * after > 0
        mean = 2.0 * before * after / np.where(same, before + after, 1.0)
        slope[1:-1] = np.where(same, mean, 0.0)
    return slope
