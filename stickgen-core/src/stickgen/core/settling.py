"""What a model draws, made to stand: bones kept, limbs within their limits, feet on the ground.

A sampler leaves a little noise from frame to frame, feet that creep while they carry the body and,
now and then, a joint that bends as none can. Here that is put right without drawing anything anew.

**Contents**
    - `settled`: all of it, for joints in the world.
    - `calmed`: without the noise from frame to frame.
    - `limber`: elbows that do not fold shut, knees that bend backward.
    - `standing`: when each foot stands.
    - `above_ground`: nothing in the ground.
    - `eased_from`: a motion that goes on from a pose.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core import features, schema
from stickgen.core.kinematics import Body, envelope, foot_lock, unit
from stickgen.core.physics import stretches
from stickgen.core.schema import J

Array = NDArray[np.float64]

SETTLE: Final = 0.3
"""Seconds in which the difference to the pose before is left behind."""

CALM: Final = 0.8
"""Frames over which what a model draws is smoothed: so its jerk is that of recordings."""

SLIDING: Final = 2.5
"""Speed of an ankle in m/s from which a foot is not held, whatever the model says of it."""

LOW: Final = (0.030, 0.045)
"""How far above a flat-standing ankle a foot lands, and leaves the ground, in heights."""

STEP: Final = 0.2
"""How far a standing foot may slide before it takes a step instead of being held, in heights."""

SLOW: Final = (0.35, 0.70)
"""Speed at which a foot lands, and is no longer standing, in heights a second."""

CARRIED: Final = 3.0
"""Frames over which the way of a body is made to agree with the feet that carry it."""

DROP: Final = 0.012
"""How far a body comes down for a held foot out of reach, in heights; then the heel rises."""

FOLDED: Final = (20.0, 40.0)
"""Degrees between the two bones of an arm or a leg: what they fold to at most, and from where on
they are slowed down on the way there.
"""

_PELVIS = J["pelvis_center"]


def settled(
    joints: Array, contacts: Array, body: Body, begins: Array | None, fps: float,
    *, carry: bool = True,
) -> Array:  # fmt: skip
    """Return world joints ``[T, 16, 3]`` with the bones of *body*, that stand firmly.

    *contacts* ``[T, 2]`` says from 0 to 1 which foot stands as far as the model knows; *begins*
    ``[16, 3]`` is the first frame, if it is given. Where *carry* is False the body keeps its way
    over the ground, whatever its feet do.
    """
    joints = limber(features.keep_bones(joints, body))
    if begins is not None:
        joints = features.keep_bones(eased_from(joints, begins, fps), body)
    stands = standing(joints, contacts, body, fps)
    if carry:
        joints = _carried(joints, stands, CARRIED * fps / features.MODEL_FPS)
        stands = standing(joints, contacts, body, fps)
    held = _on_the_ground(joints, stands, body)
    held = above_ground(foot_lock(
        held, stands, from_first=begins is not None, drop=DROP * body.height
    ))  # fmt: skip
    if begins is not None:
        held = features.keep_bones(eased_from(held, begins, fps), body)
    out = _knees_forward(held)
    if begins is not None:
        out[0] = held[0]
    return out


def calmed(joints: Array) -> Array:
    """Return *joints* ``[T, 16, 3]`` without the noise that a sampler leaves from frame to frame.

    A Gaussian of `CALM` frames, the ends mirrored through their points; bones get a little short.
    """
    radius = min(4, len(joints) - 1)
    if radius < 1:
        return joints
    kernel = np.exp(-0.5 * (np.arange(-radius, radius + 1) / CALM) ** 2)
    padding = ((radius, radius), (0, 0), (0, 0))
    padded = np.pad(joints, padding, mode="reflect", reflect_type="odd")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * radius + 1, axis=0)
    return np.asarray(windows @ (kernel / kernel.sum()))


# -- limbs ---------------------------------------------------------------------------------------


def limber(joints: Array) -> Array:
    """Return *joints* ``[T, 16, 3]`` whose elbows and knees do not fold shut and whose knees do not
    bend forward. Hips and shoulders, and the ankles of legs that were not folded, stay.
    """
    out = joints.copy()
    for side in "lr":
        _opened(out, J[f"{side}_shoulder"], J[f"{side}_elbow"], J[f"{side}_wrist"])
        _opened(out, J[f"{side}_hip"], J[f"{side}_knee"], J[f"{side}_ankle"])
    return _knees_forward(out)


def _opened(joints: Array, root: int, middle: int, end: int) -> None:
    """Open a limb of *joints*, in place, where its bones are nearer to each other than `FOLDED`."""
    back, lower = joints[:, root] - joints[:, middle], joints[:, end] - joints[:, middle]
    along = unit(back)
    size = np.linalg.norm(lower, axis=-1, keepdims=True)
    cos = np.sum(along * lower, axis=-1, keepdims=True) / np.maximum(size, 1e-9)
    angle = np.degrees(np.arccos(np.clip(cos, -1.0, 1.0)))
    least, free = FOLDED
    wanted = np.radians(least + (free - least) * angle / free)
    side = lower - size * cos * along
    # bones that lie on each other open forward, if that is a way to open
    ahead = np.cross(joints[:, J["r_hip"]] - joints[:, J["l_hip"]], along)
    side = np.where(angle < 1.0, ahead, side)
    bent = size * (np.cos(wanted) * along + np.sin(wanted) * unit(side))
    tight = angle[:, 0] < free
    joints[tight, end] = (joints[:, middle] + bent)[tight]


def _knees_forward(joints: Array) -> Array:
    """Return *joints* whose knees are in front of the line from hip to ankle: a knee behind it is
    brought to its front, hip and ankle stay.
    """
    out = joints.copy()
    right = unit(joints[:, J["r_hip"]] - joints[:, J["l_hip"]])
    for side in "lr":
        hip, knee, ankle = (J[f"{side}_{part}"] for part in ("hip", "knee", "ankle"))
        line = unit(joints[:, ankle] - joints[:, hip])
        ahead = np.cross(right, line)
        across = np.linalg.norm(ahead, axis=-1)
        bend = joints[:, knee] - joints[:, hip]
        offset = np.sum(bend * unit(ahead), axis=-1)
        # of a leg spread to the side nobody can tell where its front is
        behind = (offset < 0.0) & (across > 0.3)
        out[behind, knee] -= (2.0 * offset[:, None] * unit(ahead))[behind]
    return out


# -- feet ----------------------------------------------------------------------------------------


def standing(
    joints: Array, contacts: Array, body: Body, fps: float, *, slide: float = STEP
) -> NDArray[np.bool_]:
    """Return when the left and the right foot stand ``[T, 2]``.

    A foot stands that lands low and slow, until it is neither (`LOW` and `SLOW` hold two limits
    each, so that noise does not tear a contact apart), and one of which the model says so in
    *contacts* ``[T, 2]``, unless it is high or fast. One that slides by more than *slide* heights
    takes a step.
    """
    ankles = joints[:, features.ANKLES]
    rise = ankles[..., 1] / body.height - schema.ANKLE_HEIGHT
    speed = np.zeros(rise.shape)
    if len(joints) > 1:
        speed = np.linalg.norm(np.gradient(ankles, 1.0 / fps, axis=0), axis=-1)
    said = (contacts > 0.5) & (speed < SLIDING) & (rise < LOW[1])
    lands = said | ((rise < LOW[0]) & (speed < SLOW[0] * body.height))
    holds = said | ((rise < LOW[1]) & (speed < SLOW[1] * body.height))
    out = np.zeros(lands.shape, np.bool_)
    for foot in range(2):
        for start, stop in stretches(holds[:, foot]):
            out[start:stop, foot] = lands[start:stop, foot].any()
    out = _steady(out, fps)
    for foot in range(2):
        for start, stop in stretches(out[:, foot]):
            _tear(out[:, foot], ankles[:, foot], speed[:, foot], start, stop, slide * body.height)
    return out


def _carried(joints: Array, stands: NDArray[np.bool_], width: float) -> Array:
    """Return *joints* ``[T, 16, 3]`` that move over the ground as their standing feet say.

    A model draws poses better than the way between them: a body that goes further than its steps
    drags its feet along. So every step of the pelvis is corrected by what the feet of *stands*
    ``[T, 2]`` slid within about *width* frames (weighted by a Gaussian); in flight, and long after
    it, it stays as it is.
    """
    if len(joints) < 3:
        return joints
    both = stands[1:] & stands[:-1]
    slid = np.diff(joints[:, features.ANKLES][..., [0, 2]], axis=0) * both[..., None]
    carried = both.any(axis=1)
    gap = -slid.sum(axis=1) / np.maximum(both.sum(axis=1), 1)[:, None]
    radius = min(int(3.0 * width) + 1, len(gap) - 1)
    kernel = np.exp(-0.5 * (np.arange(-radius, radius + 1) / width) ** 2)
    pad = ((radius, radius), (0, 0))
    rows = np.pad(np.column_stack([gap, carried]), pad)
    sums = np.lib.stride_tricks.sliding_window_view(rows, 2 * radius + 1, axis=0) @ kernel
    # a little weight on no correction: what is far from any contact gets none
    step = sums[:, :2] / (sums[:, 2:] + 0.15 * kernel.sum())
    out = joints.copy()
    out[1:, :, 0] += np.cumsum(step[:, 0])[:, None]
    out[1:, :, 2] += np.cumsum(step[:, 1])[:, None]
    return out


def _tear(
    stands: NDArray[np.bool_], ankle: Array, speed: Array, start: int, stop: int, reach: float
) -> None:
    """Break a contact in place, where the foot is fastest, until no part slides beyond *reach*:
    a leg cannot hold on to a place that the body has left.
    """
    parts = [(start, stop)]
    while parts:
        start, stop = parts.pop()
        own = ankle[start:stop][:, [0, 2]]
        if len(own) < 3 or np.linalg.norm(own - np.median(own, axis=0), axis=-1).max() <= reach:
            continue
        fastest = start + 1 + int(np.argmax(speed[start + 1 : stop - 1]))
        first, last = max(fastest - 1, start), min(fastest + 2, stop)
        stands[first:last] = False
        parts += [(start, first), (last, stop)]


def _steady(stands: NDArray[np.bool_], fps: float) -> NDArray[np.bool_]:
    """Return contacts ``[T, 2]`` without gaps or stretches shorter than a tenth of a second."""
    width = max(1, round(0.1 * fps))
    out = stands.copy()
    for foot in range(2):
        for value in (True, False):
            track = out[:, foot]
            for start, stop in stretches(track != value):
                if stop - start < width and start > 0 and stop < len(track):
                    track[start:stop] = value
    return out


def _on_the_ground(joints: Array, stands: NDArray[np.bool_], body: Body) -> Array:
    """Return *joints* moved up or down, smoothly, so that standing ankles are at their height and
    nothing is below the ground.
    """
    ankle = joints[:, features.ANKLES, 1]
    error = np.where(stands, body.ankle_height - ankle, 0.0)
    count = stands.sum(axis=1)
    shift = np.divide(error.sum(axis=1), count, out=np.zeros(len(joints)), where=count > 0)
    known = np.flatnonzero(count > 0)
    if len(known):
        shift = np.interp(np.arange(len(joints)), known, shift[known])
        kernel = np.hanning(9)[1:-1]
        padded = np.pad(shift, len(kernel) // 2, mode="edge")
        shift = np.convolve(padded, kernel / kernel.sum(), mode="valid")
    out = joints.copy()
    out[..., 1] += shift[:, None]
    return above_ground(out)


def above_ground(joints: Array) -> Array:
    """Return *joints* lifted, smoothly, where one of them is in the ground."""
    deep = np.maximum(0.0, 0.02 - joints[..., 1].min(axis=1))
    out: Array = joints.copy()
    out[..., 1] += envelope(deep, 2)[:, None]
    return out


def eased_from(joints: Array, pose: Array, fps: float) -> Array:
    """Return *joints* whose first frame is *pose*; the difference fades in `SETTLE` seconds."""
    gap = pose - joints[0]
    u = np.clip(np.arange(len(joints)) / (SETTLE * fps), 0.0, 1.0)
    fade = 1.0 - u * u * (3.0 - 2.0 * u)
    # how far the pelvis is off along the ground stays: bodies do not glide
    level = gap[_PELVIS] * (1.0, 0.0, 1.0)
    return np.asarray(joints + level + fade[:, None, None] * (gap - level), dtype=np.float64)
