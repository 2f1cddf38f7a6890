"""A draft and what a model makes of it, put together: alive as the one, exact as the other.

A model that begins at a *draft*, a motion made by rules, gives it the weight, the unevenness and
the overlapping of recordings. What makes the draft readable is not the model's to change: where
feet and hands hold on to the world, where a body sits, how far a blow reaches, that a cup gets to
the mouth. `grafted` takes the one from the model and the other from the draft.

All joints are ``[T, 16, 3]`` of the standard body, at `features.MODEL_FPS`.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core import features, schema
from stickgen.core.kinematics import Body, envelope, leg_room, two_bone_ik, unit
from stickgen.core.physics import stretches
from stickgen.core.schema import J
from stickgen.core.settling import above_ground, limber, standing

Array = NDArray[np.float64]

FPS: Final = features.MODEL_FPS

STILL: Final = 0.12
"""Speed in m/s below which a hand, a foot or a pelvis rests."""

PASSES: Final = 0.25
"""Speed of the pelvis in m/s from which a hand at rest holds on to something."""

CHANGE: Final = 1.5
"""Frames (deviation of a Gaussian) over which the model changes a draft: what is quick in a motion
is the draft's.
"""

DRIFT: Final = 0.5
"""Seconds over which the way of a body is the draft's; what is quicker is the model's."""

SWAY: Final = 0.06
"""How far the pelvis may be beside the way of the draft, in metres."""

NEAR: Final = (0.22, 0.40)
"""Metres from a hand to the head or to the other hand: up to where it is exactly as far as in the
draft, and from where on it is free.
"""

HIGH: Final = (0.35, 0.60)
"""Heights of an ankle in metres: from the second on a foot is as high as in the draft."""

LEANING: Final = (0.88, 0.985)
"""Cosines of the lean of a trunk: from 10 degrees on it begins to be the draft's, at 28 it is."""

RAISED: Final = (-0.35, -0.10)
"""Metres of a wrist over its shoulder: from the second on an arm that is stretched is aimed."""

STRETCHED: Final = (0.80, 0.95)
"""Shares of the length of an arm: from the second on it is stretched."""

LIFTED: Final = (0.05, 0.30)
"""Metres of a wrist over its shoulder: from the second on any arm is where the draft has it."""

LOW: Final = 0.75
"""Share of the standing height of the pelvis below which a pelvis at rest has a support."""

FADE: Final = 0.4
"""Seconds in which the model comes in at the beginning, and goes out at the end."""

SLIDE: Final = 0.06
"""How far a standing foot of a draft may slide before it takes a step, in heights."""

STEP: Final = 0.3
"""Seconds in which a foot comes to where the draft sets it, and leaves from there."""

REACH: Final = 0.994
"""Share of the length of a leg that it is stretched to at most."""

MOST: Final = 0.015
"""How far a body comes down for a standing foot out of reach, in metres."""

AROUND: Final = 3
"""Frames before and after an arm is stretched or raised in which it is on the way there."""

SOFT: Final = 2.5
"""Frames (deviation of a Gaussian) over which a hold begins and ends."""

_PELVIS, _CHEST, _NECK, _HEAD = (
    J[part] for part in ("pelvis_center", "chest", "neck", "head_center")
)
_ARMS: Final = tuple(
    tuple(J[f"{s}_{part}"] for part in ("shoulder", "elbow", "wrist")) for s in "lr"
)
_LEGS: Final = tuple(tuple(J[f"{s}_{part}"] for part in ("hip", "knee", "ankle")) for s in "lr")


def grafted(draft: Array, drawn: Array) -> Array:
    """Return what is to be seen of *drawn*, the motion a model has made of *draft*.

    The way over the ground, feet and hands that hold on to the world, a pelvis that rests on
    something or is in the air, the reach of arms and of legs in the air, hands that are raised, at
    the head or at each other are the draft's; all else is the model's, but for the first and the
    last pose, from which and to which it fades.
    """
    body = Body()
    contacts = features.foot_contacts(draft).astype(np.float64)
    stands = standing(draft, contacts, body, FPS, slide=SLIDE)
    root = drawn[:, _PELVIS, None] - draft[:, _PELVIS, None]
    out = draft + root + _smooth(drawn - draft - root, CHANGE)
    out = limber(features.keep_bones(out, body))
    out += _way(draft, out, np.asarray(~stands.any(axis=1)))[:, None]
    share = _share(len(out))[:, None]
    out = features.keep_bones(draft + share[:, None] * (out - draft), body)
    out = _trunk(out, draft)
    _head(out, draft)
    for side in (0, 1):
        _arm(out, draft, side)
    _meet(out, draft)
    feet = [_foot(out, draft, side, stands[:, side], share) for side in (0, 1)]
    hips = out[:, [leg[0] for leg in _LEGS]]
    room = leg_room(hips, np.stack(feet, axis=1), REACH * body.leg, stands)
    out[..., 1] -= envelope(np.clip(-room, 0.0, MOST), 3)[:, None]
    for leg, foot in zip(_LEGS, feet, strict=True):
        _bend(out, leg, foot)
    out = above_ground(limber(out))
    # nothing of all that at the very ends
    edge = np.minimum(4.0 * share, 1.0)[:, None]
    return features.keep_bones(draft + edge * (out - draft), body)


def _speed(points: Array) -> Array:
    """Return the speed ``[T]`` of *points* ``[T, 3]`` in m/s."""
    if len(points) < 2:
        return np.zeros(len(points))
    return np.asarray(np.linalg.norm(np.gradient(points, 1.0 / FPS, axis=0), axis=-1))


def _smooth(values: Array, width: float) -> Array:
    """Return *values* ``[T, ...]`` under a Gaussian of *width* frames, the ends held."""
    radius = max(1, int(3.0 * width))
    kernel = np.exp(-0.5 * (np.arange(-radius, radius + 1) / width) ** 2)
    padded = np.pad(values, [(radius, radius)] + [(0, 0)] * (values.ndim - 1), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * radius + 1, axis=0)
    return np.asarray(windows @ (kernel / kernel.sum()))


def _weight(flags: NDArray[np.bool_]) -> Array:
    """Return 1 where *flags* ``[T]`` are True, falling to 0 within a few frames beside them."""
    wide = _smooth(flags.astype(np.float64), SOFT)
    return np.where(flags, 1.0, np.clip(2.0 * wide, 0.0, 1.0))


def _share(frames: int) -> Array:
    """Return how much of the model is in each of so many *frames*: none at either end."""
    at = np.arange(frames)
    u = np.clip(np.minimum(at, frames - 1 - at) / (FADE * FPS), 0.0, 1.0)
    return np.asarray(u * u * (3.0 - 2.0 * u))


def _below(values: Array, limits: tuple[float, float]) -> Array:
    """Return 1 for *values* up to the first of *limits*, 0 from the second on, eased between."""
    u = np.clip((limits[1] - values) / (limits[1] - limits[0]), 0.0, 1.0)
    return np.asarray(u * u * (3.0 - 2.0 * u))


def _way(draft: Array, out: Array, flies: NDArray[np.bool_]) -> Array:
    """Return what to add to the body *out* ``[T, 3]`` so that it goes the way of the draft; *flies*
    ``[T]`` says when no foot stands.
    """
    gap = draft[:, _PELVIS] - out[:, _PELVIS]
    slow = _smooth(gap, DRIFT * FPS)
    sway = gap - slow
    size = np.linalg.norm(sway, axis=-1, keepdims=True)
    sway = sway * np.minimum(1.0, SWAY / np.maximum(size, 1e-9))
    shift = gap - sway
    # up and down as the model does it, unless something carries the pelvis
    height = np.clip(gap[:, 1], -SWAY, SWAY)
    shift[:, 1] = gap[:, 1] - height
    pelvis = draft[:, _PELVIS]
    held = (_speed(pelvis) < STILL) & (pelvis[:, 1] < LOW * Body().pelvis_height)
    w = _weight(held | flies)[:, None]
    return np.asarray((1.0 - w) * shift + w * gap)


def _reached(out: Array, draft: Array, limb: tuple[int, ...]) -> Array:
    """Return where the end of a *limb* of *out* is if it reaches as far as that of the draft."""
    root, _, end = limb
    line = out[:, end] - out[:, root]
    reach = np.linalg.norm(draft[:, end] - draft[:, root], axis=-1, keepdims=True)
    return np.asarray(out[:, root] + reach * unit(line))


def _bend(out: Array, limb: tuple[int, ...], target: Array) -> None:
    """Bend a *limb* of *out*, in place, so that its end is at *target* ``[T, 3]``."""
    root, middle, end = limb
    lengths = Body().lengths
    line = unit(out[:, end] - out[:, root])
    bend = out[:, middle] - out[:, root]
    pole = bend - np.sum(bend * line, axis=-1, keepdims=True) * line
    out[:, middle], out[:, end] = two_bone_ik(
        out[:, root], target, float(lengths[middle]), float(lengths[end]), pole
    )


def _trunk(out: Array, draft: Array) -> Array:
    """Return *out* whose trunk leans as in the draft where that leans far."""
    lean = unit(draft[:, _NECK] - draft[:, _PELVIS])[:, 1]
    w = 0.8 * _below(lean, LEANING)[:, None]
    bones, asked = (each - each[:, np.maximum(schema.PARENTS, 0)] for each in (out, draft))
    for joint in (_CHEST, _NECK):
        bones[:, joint] = (1.0 - w) * bones[:, joint] + w * asked[:, joint]
    bent = out.copy()
    for joint, parent in enumerate(schema.PARENTS):
        if parent >= 0:
            bent[:, joint] = bent[:, parent] + bones[:, joint]
    return features.keep_bones(bent, Body())


def _head(out: Array, draft: Array) -> None:
    """Let the head of *out* be held as in the draft, in place, where a hand is at it."""
    near = np.zeros(len(out))
    for _, _, wrist in _ARMS:
        near = np.maximum(
            near, _below(np.linalg.norm(draft[:, wrist] - draft[:, _HEAD], axis=-1), NEAR)
        )
    bone = out[:, _HEAD] - out[:, _NECK]
    asked = draft[:, _HEAD] - draft[:, _NECK]
    line = unit((1.0 - near)[:, None] * bone + near[:, None] * asked)
    out[:, _HEAD] = out[:, _NECK] + float(Body().lengths[_HEAD]) * line


def _arm(out: Array, draft: Array, side: int) -> None:
    shoulder, _, wrist = _ARMS[side]
    arm = draft[:, wrist] - draft[:, shoulder]
    stretched = 1.0 - _below(np.linalg.norm(arm, axis=-1) / Body().arm, STRETCHED)
    aimed = stretched * (1.0 - _below(arm[:, 1], RAISED))
    aimed = envelope(np.maximum(aimed, 1.0 - _below(arm[:, 1], LIFTED)), AROUND)[:, None]
    far = envelope(stretched, AROUND)[:, None]
    target = (1.0 - far) * out[:, wrist] + far * _reached(out, draft, _ARMS[side])
    target = (1.0 - aimed) * target + aimed * (out[:, shoulder] + arm)
    offset = draft[:, wrist] - draft[:, _HEAD]
    w = _below(np.linalg.norm(offset, axis=-1), NEAR)[:, None]
    target = (1.0 - w) * target + w * (out[:, _HEAD] + offset)
    holds = (_speed(draft[:, wrist]) < STILL) & (_speed(draft[:, _PELVIS]) > PASSES)
    w = _weight(holds)[:, None]
    _bend(out, _ARMS[side], (1.0 - w) * target + w * draft[:, wrist])


def _meet(out: Array, draft: Array) -> None:
    """Let hands of *out* that meet in the draft meet, in place."""
    left, right = _ARMS[0][2], _ARMS[1][2]
    gap = draft[:, right] - draft[:, left]
    w = _below(np.linalg.norm(gap, axis=-1), NEAR)[:, None]
    if not w.any():
        return
    middle = 0.5 * (out[:, left] + out[:, right])
    for side, sign in ((0, -0.5), (1, 0.5)):
        wrist = _ARMS[side][2]
        _bend(out, _ARMS[side], (1.0 - w) * out[:, wrist] + w * (middle + sign * gap))


def _foot(out: Array, draft: Array, side: int, stands: NDArray[np.bool_], share: Array) -> Array:
    """Return where the foot of a *side* belongs ``[T, 3]``; *share* ``[T, 1]`` of it is the
    model's.

    A foot that *stands* is where the draft sets it, on one place: its heel may rise there, but it
    does not slide. One in the air moves half as the model has it, one that is high as the draft.
    """
    hip, _, ankle = _LEGS[side]
    w = 0.5 + 0.5 * (1.0 - _below(draft[:, ankle, 1], HIGH)[:, None])
    free = (1.0 - w) * _reached(out, draft, _LEGS[side])
    free += w * (out[:, hip] + draft[:, ankle] - draft[:, hip])
    set_down = draft[:, ankle].copy()
    speed = _speed(draft[:, ankle])
    for start, stop in stretches(stands):
        place = start + int(np.argmin(speed[start:stop]))
        set_down[start:stop, [0, 2]] = draft[place, ankle][[0, 2]]
    set_down = draft[:, ankle] + share * (set_down - draft[:, ankle])
    rests = stands | (speed < STILL)
    target = free + _eased(set_down - free, rests)
    least = np.minimum(draft[:, ankle, 1], schema.ANKLE_HEIGHT * schema.HEIGHT)
    target[:, 1] = np.maximum(target[:, 1], least)
    return np.asarray(target)


def _eased(gap: Array, known: NDArray[np.bool_]) -> Array:
    """Return *gap* ``[T, 3]`` where it is *known*, falling to 0 within `STEP` before and after."""
    at = np.flatnonzero(known)
    if not len(at):
        return np.zeros_like(gap)
    frames = np.arange(len(gap))
    after = np.searchsorted(at, frames)
    following = at[np.minimum(after, len(at) - 1)]
    last = at[np.maximum(np.where(following == frames, after, after - 1), 0)]
    shares = [_below(np.abs(frames - end) / FPS, (0.0, STEP))[:, None] for end in (last, following)]
    whole = np.maximum(shares[0] + shares[1], 1.0)
    return np.asarray((shares[0] * gap[last] + shares[1] * gap[following]) / whole)
