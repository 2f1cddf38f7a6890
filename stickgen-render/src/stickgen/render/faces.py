"""Faces: what an expression looks like, how faces change over time, and how one is drawn.

A face is a row of `N_PARAMETERS` numbers in units of the head's radius, x to the figure's left
as seen by the viewer when it looks at them, y down. Everything is continuous, so two faces blend
by blending their rows.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core.actions import ACTIONS, EXPRESSIONS
from stickgen.core.types import Motion
from stickgen.render.display import Colour, Fill, Op, Path, Stroke, mix
from stickgen.render.smoothing import gaussian

Array = NDArray[np.float64]

PARAMETERS: Final = (
    "brow_inner",
    "brow_outer",
    "eye_width",
    "eye_height",
    "mouth_width",
    "mouth_corner",
    "lip_upper",
    "lip_lower",
    "reach_upper",
    "reach_lower",
    "teeth",
)
"""Heights of the brow's ends; half axes of the eye; half width of the mouth, heights of its
corners and of the control points of both lips, how far these reach out to the corners (0-1), and
how much of the open mouth is teeth (0-1)."""

N_PARAMETERS: Final = len(PARAMETERS)

# Each expression with its mouth at rest and with its mouth wide open.
_EXPRESSIONS: Final[dict[str, tuple[tuple[float, ...], tuple[float, ...]]]] = {
    "neutral": (
        (-0.43, -0.43, 0.105, 0.165, 0.29, 0.40, 0.46, 0.47, 0.45, 0.45, 0.0),
        (-0.47, -0.46, 0.110, 0.175, 0.26, 0.32, 0.36, 0.98, 0.50, 0.80, 0.0),
    ),
    "happy": (
        (-0.55, -0.47, 0.115, 0.185, 0.41, 0.31, 0.40, 0.80, 0.50, 0.75, 0.0),
        (-0.60, -0.52, 0.115, 0.185, 0.43, 0.25, 0.34, 1.08, 0.50, 0.78, 0.0),
    ),
    "sad": (
        (-0.60, -0.36, 0.105, 0.160, 0.29, 0.54, 0.26, 0.27, 0.45, 0.45, 0.0),
        (-0.62, -0.36, 0.105, 0.160, 0.27, 0.66, 0.06, 0.50, 0.85, 0.45, 0.0),
    ),
    "surprised": (
        (-0.68, -0.63, 0.140, 0.215, 0.15, 0.46, 0.19, 0.73, 1.00, 1.00, 0.0),
        (-0.70, -0.65, 0.145, 0.225, 0.20, 0.45, 0.02, 0.94, 1.00, 1.00, 0.0),
    ),
    "angry": (
        (-0.23, -0.50, 0.110, 0.140, 0.33, 0.37, 0.33, 0.70, 0.50, 0.80, 1.0),
        (-0.20, -0.50, 0.110, 0.140, 0.35, 0.31, 0.26, 0.99, 0.50, 0.85, 1.0),
    ),
    "excited": (
        (-0.66, -0.58, 0.135, 0.210, 0.44, 0.27, 0.37, 0.94, 0.50, 0.76, 0.0),
        (-0.69, -0.61, 0.135, 0.210, 0.45, 0.21, 0.30, 1.13, 0.50, 0.80, 0.0),
    ),
}
_REST: Final = np.array([_EXPRESSIONS[name][0] for name in EXPRESSIONS])
_OPEN: Final = np.array([_EXPRESSIONS[name][1] for name in EXPRESSIONS])

# The mouth of each shape of the reference's table while it is spoken: half width, corners, lips,
# their reach, teeth; at rest between syllables and wide open.
_MOUTHS: Final = np.array(
    [
        ((0.24, 0.42, 0.44, 0.45, 0.45, 0.45, 0.0), (0.25, 0.41, 0.42, 0.50, 0.45, 0.50, 0.0)),
        ((0.38, 0.34, 0.42, 0.60, 0.50, 0.75, 0.0), (0.42, 0.28, 0.36, 0.98, 0.50, 0.78, 0.0)),
        ((0.29, 0.54, 0.28, 0.32, 0.60, 0.50, 0.0), (0.29, 0.60, 0.14, 0.62, 0.80, 0.50, 0.0)),
        ((0.27, 0.40, 0.38, 0.62, 0.55, 0.70, 0.0), (0.29, 0.34, 0.24, 1.00, 0.60, 0.80, 0.0)),
        ((0.33, 0.36, 0.30, 0.80, 0.55, 0.80, 0.0), (0.39, 0.26, 0.16, 1.20, 0.60, 0.88, 0.0)),
        ((0.13, 0.46, 0.26, 0.66, 1.00, 1.00, 0.0), (0.17, 0.46, 0.14, 0.80, 1.00, 1.00, 0.0)),
        ((0.19, 0.45, 0.16, 0.78, 1.00, 1.00, 0.0), (0.23, 0.44, -0.04, 0.98, 1.00, 1.00, 0.0)),
    ]
)

EASE_SECONDS: Final = 0.3
"""How long a face takes to change from one expression to the next."""
BLINK_SECONDS: Final = 0.12

# Speech: rate in Hz and the range of the mouth's openness (the reference's table).
_SPEECH: Final = {
    "talk": (8.0, 0.2, 0.5),
    "shout": (6.0, 0.6, 1.0),
    "whisper": (10.0, 0.1, 0.3),
    "sing": (4.0, 0.4, 0.8),
}
_EYES_CLOSED: Final = 3
_SINGING: Final = 6


def _speech_rate(hz: float, fps: float) -> float:
    """Return the rate of a mouth's swing that *fps* can show: at most a sixth of it."""
    return min(hz * 0.5, fps / 6.0)


def face_tracks(motion: Motion) -> tuple[Array, Array]:
    """Return the faces ``[T, A, N_PARAMETERS]`` of *motion* and how open the eyes are ``[T, A]``.

    The expression is taken from the motion's face track, else from the table of actions; it is
    eased over `EASE_SECONDS`. A track whose openness moves while it speaks and whose eyes close now
    and then is followed as it is; else the mouth swings at the rate of the speech and the eyes
    blink every 3 to 5 s, at times that depend on the actor's index only.
    """
    n_frames, n_actors = motion.n_frames, motion.n_actors
    seconds = np.arange(n_frames) / motion.fps
    expression = np.zeros((n_frames, n_actors), dtype=np.int64)
    mouth = np.zeros((n_frames, n_actors))
    shape = np.zeros((n_frames, n_actors), dtype=np.int64)
    spoken = np.zeros((n_frames, n_actors))
    eyes = np.ones((n_frames, n_actors))
    if motion.face is not None:
        face = motion.face.astype(np.float64)
        expression = np.clip(np.rint(face[..., 0]), 0, len(EXPRESSIONS) - 1).astype(np.int64)
        mouth = np.clip(face[..., 4], 0.0, 1.0)
        rate = np.minimum(np.abs(face[..., 6]) * 0.5, motion.fps / 6.0)
        phase = 2.0 * np.pi * np.cumsum(rate, axis=0) / motion.fps
        speaking = face[..., 5] > 0.5
        most = np.where(speaking, mouth, 0.0).max(axis=0)
        least = np.where(speaking, mouth, 1.0).min(axis=0)
        held = speaking & (most - least < 0.05)  # a track that says how wide, not how it moves
        mouth = np.where(held, np.clip(mouth + 0.22 * np.sin(phase), 0.0, 1.0), mouth)
        eyes = np.where(np.rint(face[..., 1]) == _EYES_CLOSED, 0.0, eyes)
        shape = np.clip(np.rint(face[..., 3]), 0, len(_MOUTHS) - 1).astype(np.int64)
        spoken = np.where(speaking, 0.85, 0.0)
    else:
        names = {name: i for i, name in enumerate(EXPRESSIONS)}
        main = np.array([names[a.expression] for a in ACTIONS])
        expression = main[motion.actions]
        second = np.where(motion.overlay >= 0, main[motion.overlay], 0)
        expression = np.where(second > 0, second, expression)
        for row in ACTIONS:
            if row.speech is None:
                continue
            hz, low, high = _SPEECH[row.speech]
            active = (motion.actions == row.index) | (motion.overlay == row.index)
            if active.any():
                wave = _talking(seconds, _speech_rate(hz, motion.fps), low, high)
                mouth = np.where(active, wave[:, None], mouth)
                if row.speech == "sing":
                    spoken = np.where(active, 0.7, spoken)
                    shape = np.where(active, _SINGING, shape)
    weights = np.eye(len(EXPRESSIONS))[expression]
    sigma = 0.3 * EASE_SECONDS * motion.fps
    weights = np.clip(gaussian(weights, sigma), 0.0, 1.0)
    weights /= weights.sum(axis=-1, keepdims=True)
    eased = np.clip(gaussian(mouth, 0.03 * motion.fps), 0.0, 1.0)[..., None]
    faces = weights @ _REST * (1.0 - eased) + weights @ _OPEN * eased
    mouth_part = slice(PARAMETERS.index("mouth_width"), N_PARAMETERS)
    pull = np.clip(gaussian(spoken, sigma), 0.0, 1.0)[..., None]
    shapes = np.clip(gaussian(np.eye(len(_MOUTHS))[shape], 0.02 * motion.fps), 0.0, 1.0)
    said = shapes @ _MOUTHS[:, 0] * (1.0 - eased) + shapes @ _MOUTHS[:, 1] * eased
    faces[..., mouth_part] += (said - faces[..., mouth_part]) * pull
    for actor in range(n_actors):
        if eyes[:, actor].min() > 0.0:  # a track that blinks by itself needs no more of it
            eyes[:, actor] = _blinks(seconds, actor, motion.fps)
    return faces, eyes


def _talking(seconds: Array, hz: float, low: float, high: float) -> Array:
    """Return the openness of a talking mouth: syllables at *hz*, grouped into words."""
    beat = 0.5 - 0.5 * np.cos(2.0 * np.pi * hz * seconds)
    words = 0.75 + 0.25 * np.sin(2.0 * np.pi * 0.37 * hz * seconds + 0.7)
    return np.asarray(low + (high - low) * beat * words)


def _blinks(seconds: Array, actor: int, fps: float) -> Array:
    """Return how open the eyes of *actor* are, 1 except for a short dip every 3 to 5 s."""
    rng = np.random.default_rng((20, actor))
    length = max(BLINK_SECONDS, 2.0 / fps)
    lids = np.ones(len(seconds))
    at = 0.8 + 2.4 * rng.random()
    while at < seconds[-1]:
        lids = np.minimum(lids, np.clip(np.abs(seconds - at) / (0.5 * length) - 0.35, 0.0, 1.0))
        at += 3.0 + 2.0 * rng.random()
    return lids


HIDDEN_YAW: Final = 2.75
"""Beyond this yaw in radians no part of the face is seen."""
_PROFILE: Final = 1.1
_FARTHEST: Final = 0.53
_LEAVING: Final = 2.3


def turned(yaw: float) -> float:
    """Return how far a face slides over its head, in head radii, at *yaw* radians from the viewer.

    0.45 sin(1.25 yaw) up to 1.1 rad. From there to 2.3 rad it hardly moves on: like draughtsmen do,
    a figure that looks half away still shows its face. Beyond, the face goes round the head and
    out of sight.
    """
    a = min(abs(yaw), HIDDEN_YAW)
    x = 0.45 * float(np.sin(1.25 * min(a, _PROFILE)))
    x += 0.07 * min(max((a - _PROFILE) / (_LEAVING - _PROFILE), 0.0), 1.0)
    if a > _LEAVING:
        x += 1.1 * ((a - _LEAVING) / (HIDDEN_YAW - _LEAVING)) ** 2
    return x if yaw >= 0 else -x


def draw_face(
    out: list[Op],
    parameters: list[float],
    *,
    centre: tuple[float, float],
    radius: float,
    yaw: float,
    pitch: float,
    tilt: float,
    eyes: float,
    gaze: tuple[float, float] = (0.0, 0.0),
    ink: Colour,
    inside: Colour,
    tongue: Colour,
    teeth_colour: Colour,
    line: float = 0.085,
    detail: int = 2,
) -> None:
    """Append the ops of one face.

    *yaw* and *pitch* are the head's turn to the viewer's right and down, *tilt* its lean
    (clockwise), all in radians. *gaze* is where the eyes look, right and down, -1 to 1. *detail* 2
    draws all, 1 leaves out brows, 0 brows and mouth.
    """
    (bi, bo, ew, eh, mw, mc, lu, ll, ru, rl, teeth) = parameters
    cos, sin = float(np.cos(tilt)) * radius, float(np.sin(tilt)) * radius
    ox, oy = centre
    slide = turned(yaw)
    if abs(slide) <= _FARTHEST:
        # A head that hangs to the side still shows its face, a little nearer to its middle.
        hanging = min(max((abs(tilt) - 0.75) / 0.6, 0.0), 1.0)
        slide *= 1.0 - 0.3 * hanging
    drop = 0.42 * float(np.sin(pitch))
    squash = max(0.3, 1.0 - 0.42 * slide * slide)

    def place(x: float, y: float) -> tuple[float, float]:
        y += drop
        return (ox + x * cos - y * sin, oy + x * sin + y * cos)

    def across(x: float) -> float:
        far = x * slide > 0
        return slide + x * squash * (1.0 - 0.42 * abs(slide) if far else 1.0)

    width = line * radius
    pupils = Path()
    brows = Path()
    for side in (-1.0, 1.0):
        ex = across(side * 0.31)
        narrow = squash * (0.82 if side * slide > 0.1 else 1.0)
        rx, ry = ew * narrow, max(eh * eyes, 0.035)
        if eyes < 0.3:
            rx *= 1.25
        x, y = place(ex + 0.075 * gaze[0], -0.10 + 0.04 * (1.0 - eyes) + 0.06 * gaze[1])
        pupils.ellipse(x, y, (rx * cos, rx * sin), (-ry * sin, ry * cos))
        if detail >= 2:
            inner, outer = across(side * 0.16), across(side * 0.47)
            top = min(bi, bo) - 0.03
            brows.move(*place(inner, bi)).curve(
                *place(inner + (outer - inner) * 0.4, top),
                *place(inner + (outer - inner) * 0.6, top),
                *place(outer, bo),
            )
    out.append(Fill(pupils, ink))
    if detail >= 2:
        out.append(Stroke(brows, ink, width))
    if detail == 0:
        return
    left, right, middle = across(-mw), across(mw), across(0.0)
    a, b = place(left, mc), place(right, mc)
    upper1 = place(middle + (left - middle) * ru, lu)
    upper2 = place(middle + (right - middle) * ru, lu)
    lower1 = place(middle + (left - middle) * rl, ll)
    lower2 = place(middle + (right - middle) * rl, ll)
    mouth = Path().move(*a).curve(*upper1, *upper2, *b)
    gap = ll - lu
    if gap > 0.06:
        mouth.curve(*lower2, *lower1, *a).close()
        out.append(Fill(mouth, mix(inside, teeth_colour, teeth)))
        if gap > 0.3 and teeth < 0.5:
            out.append(Fill(_tongue(b, lower2, lower1, a), tongue))
    out.append(Stroke(mouth, ink, width))


HAIR_YAW: Final = 2.3
"""From this yaw in radians on hair is seen at the back of the head."""
_STRANDS: Final = ((-1.05, 0.02), (-0.5, -0.22), (0.05, -0.06), (0.55, -0.25), (1.0, 0.0))
"""Azimuth from the middle of the back of the head and elevation, in radians, of the strands' tips;
all come from the whorl.
"""
_WHORL: Final = (0.12, 0.72)


def draw_hair(
    out: list[Op],
    *,
    centre: tuple[float, float],
    radius: float,
    yaw: float,
    pitch: float,
    tilt: float,
    ink: Colour,
    line: float = 0.085,
) -> None:
    """Append a few strands on the back of a head, as far as it is seen: so a head that looks away
    is not an empty ring. *yaw*, *pitch* and *tilt* as for `draw_face`.
    """
    cos, sin = float(np.cos(tilt)) * radius, float(np.sin(tilt)) * radius
    ox, oy = centre
    drop = 0.35 * float(np.sin(pitch))
    shown = min((abs(yaw) - HAIR_YAW) / 0.25, 1.0)
    for azimuth, low in _STRANDS:
        seen = float(np.cos(yaw + np.pi + azimuth))
        strength = shown * min((seen - 0.1) / 0.3, 1.0)
        if strength <= 0.0:
            continue
        points = []
        for share in (0.18, 0.45, 0.75, 1.0):
            turn = yaw + np.pi + _WHORL[0] + (azimuth - _WHORL[0]) * min(1.5 * share, 1.0)
            elevation = _WHORL[1] + (low - _WHORL[1]) * share
            x = 0.94 * float(np.sin(turn) * np.cos(elevation))
            y = -0.94 * float(np.sin(elevation)) - drop
            points.append((ox + x * cos - y * sin, oy + x * sin + y * cos))
        strand = Path().move(*points[0]).curve(*points[1], *points[2], *points[3])
        out.append(Stroke(strand, (*ink[:3], ink[3] * 0.85 * strength), line * radius))


_TONGUE_RISE: Final = 1.25


def _tongue(
    a: tuple[float, float],
    b: tuple[float, float],
    c: tuple[float, float],
    d: tuple[float, float],
) -> Path:
    """Return a tongue: the middle of the lower lip a-b-c-d, arched over upward."""

    def at(t: float) -> tuple[float, float]:
        s = 1.0 - t
        w = (s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t)
        return (
            w[0] * a[0] + w[1] * b[0] + w[2] * c[0] + w[3] * d[0],
            w[0] * a[1] + w[1] * b[1] + w[2] * c[1] + w[3] * d[1],
        )

    right, low, left = at(0.27), at(0.5), at(0.73)
    lift = (
        (0.5 * (right[0] + left[0]) - low[0]) * _TONGUE_RISE,
        (0.5 * (right[1] + left[1]) - low[1]) * _TONGUE_RISE,
    )
    path = Path().move(*right)
    path.line(*at(0.38)).line(*low).line(*at(0.62)).line(*left)
    path.curve(
        left[0] * 0.75 + right[0] * 0.25 + lift[0],
        left[1] * 0.75 + right[1] * 0.25 + lift[1],
        right[0] * 0.75 + left[0] * 0.25 + lift[0],
        right[1] * 0.75 + left[1] * 0.25 + lift[1],
        *right,
    )
    return path.close()
