"""Poses between given ones: key frames filled in, and motions whose end meets their beginning.

A generator may offer

    inbetween(motion, keyed, text, rng) -> Motion

which returns *motion* ``[T, 1]`` with its frames where *keyed* ``[T]`` is True as they are and the
others made anew. `fill` asks it, and interpolates where there is none.

**Contents**
    - `spread`: the poses of a ``.motion`` file as frames of a longer motion.
    - `fill`: every actor's frames between the given ones.
    - `looped`: the same motion, whose last frame is followed by its first.
    - `through`: a smooth curve through points that does not overshoot.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core import schema
from stickgen.core.errors import DataError, UsageError
from stickgen.core.features import ANKLES, point_bones
from stickgen.core.kinematics import bone_lengths, foot_lock
from stickgen.core.types import Motion

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

LOOP_SECONDS: Final = 0.8
"""Seconds at the end of a loop in which it comes back to its beginning."""

CONTEXT: Final = 8
"""Frames before and after a gap that a generator sees of a motion."""

TRAVELS: Final = 0.5
"""Metres between first and last place from which a loop is gone on the spot."""

RESTS: Final = 0.02
"""Metres that an ankle may move from one key to the next and still stand between them."""

_PELVIS: Final = schema.J["pelvis_center"]


def spread(keys: Motion, fps: float, frames: int | None = None) -> tuple[Motion, Flags]:
    """Return a motion at *fps* that holds every pose of *keys* at its time, and which frames are
    given ``[T, A]``; the others are interpolated.

    An actor's poses are the frames in which he is present, so that a file of two frames a second
    gives a key every half second, and one of 25 with most frames absent gives keys anywhere. The
    motion ends with the last key unless *frames* says later.

    Raises `DataError` for an actor without a pose and `UsageError` for *frames* before the last.
    """
    at = np.round(np.arange(keys.n_frames) * (fps / keys.fps)).astype(int)
    used = at[keys.present.any(axis=1)]
    total = int(used.max()) + 1 if frames is None and len(used) else frames or 1
    if len(used) and used.max() >= total:
        raise UsageError(
            f"the last key frame is at {used.max() / fps:g} s, after the end at {total / fps:g} s"
        )
    keyed = np.zeros((total, keys.n_actors), np.bool_)
    joints = np.zeros((total, keys.n_actors, schema.N_JOINTS, 3))
    labels = np.zeros((2, total, keys.n_actors), np.int64)
    for actor in range(keys.n_actors):
        given = np.flatnonzero(keys.present[:, actor])
        if not len(given):
            raise DataError(f"actor {actor} of the key frames is nowhere present")
        keyed[at[given], actor] = True
        joints[at[given], actor] = keys.joints[given, actor]
        joints[:, actor] = interpolated(joints[:, actor], keyed[:, actor])
        # what is done at a key goes on until the next
        since = np.maximum(np.searchsorted(at[given], np.arange(total), side="right") - 1, 0)
        labels[0, :, actor] = keys.actions[given[since], actor]
        labels[1, :, actor] = keys.overlay[given[since], actor]
    solid = keys.depth is not None
    motion = Motion.from_joints(
        joints if solid else joints[..., :2], fps=fps, actions=labels[0], overlay=labels[1]
    )
    return motion, keyed


def fill(
    motion: Motion,
    keyed: Flags,
    texts: Sequence[str],
    generator: Any,
    rng: np.random.Generator,
) -> tuple[Motion, tuple[str, ...]]:
    """Return *motion* with the frames that are not *keyed* ``[T, A]`` made by *generator*, or
    interpolated where it does not make such, and what a person should know of it.

    *texts* say for each actor what happens.
    """
    maker = getattr(generator, "inbetween", None)
    warnings = []
    if maker is not None and motion.depth is None:
        warnings.append("key frames without depth are interpolated, the model moves in space")
        maker = None
    elif maker is None:
        name = type(generator).__name__
        warnings.append(
            f"{name} makes no poses between given ones; they are interpolated"
            " (--generator small draws them)"
        )
    joints = np.array(motion.joints, np.float64)
    for actor in range(motion.n_actors):
        own = keyed[:, actor]
        if own.all() or not own.any():
            continue
        if maker is None:
            joints[:, actor] = interpolated(joints[:, actor], own)
            continue
        alone = Motion.from_joints(
            joints[:, actor], fps=motion.fps, actions=motion.actions[:, actor],
            overlay=motion.overlay[:, actor],
        )  # fmt: skip
        made = maker(alone, own, texts[actor], rng)
        joints[:, actor] = np.where(own[:, None, None], joints[:, actor], made.joints[:, 0])
    return _with(motion, joints), tuple(warnings)


def looped(
    motion: Motion, texts: Sequence[str], generator: Any, rng: np.random.Generator
) -> tuple[Motion, tuple[str, ...]]:
    """Return *motion* with an end that leads back to its first frame, and what a person should
    know of it: shown again and again, it has no seam.

    The last `LOOP_SECONDS` (a third of a short motion) are made anew by `fill`. Somebody who gets
    further than `TRAVELS` goes on the spot, as on a treadmill. Actors who come or leave stay as
    they are. Raises `UsageError` for a motion of less than half a second.
    """
    total = motion.n_frames
    if motion.seconds < 0.5:
        raise UsageError(f"a motion of {motion.seconds:.2g} s is too short for a loop")
    gap = min(round(LOOP_SECONDS * motion.fps), total // 3)
    seen = min(CONTEXT, total // 3)
    warnings: list[str] = []
    joints = np.array(motion.joints, np.float64)
    labels = [motion.actions, motion.overlay]
    for actor in range(motion.n_actors):
        if not motion.present[:, actor].all():
            continue
        way = joints[-1, actor, _PELVIS] - joints[0, actor, _PELVIS]
        way[1] = 0.0
        if np.linalg.norm(way) > TRAVELS:
            share = np.arange(total) / (total - 1)
            joints[:, actor] -= share[:, None, None] * way
            warnings.append("for the loop, whoever travels does so on the spot")
        part = np.r_[total - gap - seen : total, 0:seen]
        keyed = np.ones(len(part), np.bool_)
        keyed[seen : seen + gap] = False
        window = joints[part, actor]
        window[~keyed] = interpolated(window, keyed)[~keyed]
        solid = window if motion.depth is not None else window[..., :2]
        piece = Motion.from_joints(
            solid, fps=motion.fps, actions=labels[0][part, actor], overlay=labels[1][part, actor]
        )
        made, told = fill(piece, keyed[:, None], [texts[actor]], generator, rng)
        # to interpolate so short a way is nothing to tell
        warnings += [] if getattr(generator, "inbetween", None) is None else told
        joints[total - gap :, actor] = made.joints[seen : seen + gap, 0]
    return _with(motion, joints), tuple(dict.fromkeys(warnings))


def interpolated(joints: Array, keyed: Flags) -> Array:
    """Return *joints* ``[T, 16, 3]`` with the frames that are not *keyed* ``[T]`` put between those
    that are: smoothly, with the bones' lengths, and a foot that rests from one key to the next at
    its place.
    """
    at = np.flatnonzero(keyed)
    root = through(at, joints[at, _PELVIS], len(joints))
    local = through(at, joints[at] - joints[at, _PELVIS, None], len(joints))
    out = local + root[:, None]
    lengths = through(at, bone_lengths(joints[at]), len(joints))
    out = point_bones(out, lengths)
    stands = np.zeros((len(joints), 2), np.bool_)
    for foot, ankle in enumerate(ANKLES):
        for a, b in itertools.pairwise(at):
            step = np.linalg.norm(joints[b, ankle] - joints[a, ankle])
            stands[a : b + 1, foot] |= bool(b > a + 1 and step < RESTS)
    # bones of a flat pose get shorter as they turn away; there is no leg to hold a foot with
    if stands.any() and np.ptp(lengths, axis=0).max() < 1e-3:
        out = foot_lock(out, stands)
    out[at] = joints[at]
    return out


def through(at: NDArray[np.integer], values: NDArray[np.floating], frames: int) -> Array:
    """Return a smooth curve ``[frames, ...]`` through *values* ``[K, ...]`` at the frames *at*.

    Piecewise cubic with the slopes of Fritsch & Butland (1984), so that it does not overshoot;
    constant before the first and after the last.
    """
    x, y = np.asarray(at, np.float64), np.asarray(values, np.float64)
    t = np.clip(np.arange(frames, dtype=np.float64), x[0], x[-1])
    if len(x) == 1:
        return np.repeat(y, frames, axis=0)
    shape = (-1,) + (1,) * (y.ndim - 1)
    width = np.diff(x).reshape(shape)
    slope = np.diff(y, axis=0) / width
    inner = np.zeros_like(y)
    a, b = slope[:-1], slope[1:]
    both = (a * b) > 0
    size = np.where(both, a + b, 1.0)
    inner[1:-1] = np.where(both, 2.0 * a * b / size, 0.0)
    inner[0], inner[-1] = slope[0], slope[-1]
    i = np.clip(np.searchsorted(x, t, side="right") - 1, 0, len(x) - 2)
    h = width[i]
    u = (t - x[i]).reshape(shape) / h
    out = (
        (1 + 2 * u) * (1 - u) ** 2 * y[i] + u * (1 - u) ** 2 * h * inner[i]
        + u**2 * (3 - 2 * u) * y[i + 1] + u**2 * (u - 1) * h * inner[i + 1]
    )  # fmt: skip
    return np.asarray(out)


def _with(motion: Motion, joints: Array) -> Motion:
    """Return *motion* with other joints ``[T, A, 16, 3]``, flat if it is."""
    joints = np.where(motion.present[..., None, None], schema.with_mid_hip(joints), 0.0)
    depth = None if motion.depth is None else joints[..., 2].astype(np.float32)
    frames = schema.joints_to_segments(joints[..., :2]).astype(np.float32)
    return replace(motion, frames=frames, depth=depth)
