"""Hands that meet: the last centimetres between two right hands, closed by the arms alone.

A generator aims both hands at one point; what moves a body besides (a current, low gravity, a slip
on ice) moves the hands apart again. Here both arms bend a little more, or less, so that they meet.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core.actions import action
from stickgen.core.kinematics import two_bone_ik
from stickgen.core.schema import J
from stickgen.core.types import Motion

Array = NDArray[np.float64]

CLASPS: Final[dict[str, float]] = {"handshake": 0.10, "high_five": 0.01}
"""Actions whose right hands meet, and by how much more than the least the gap between the hands may
be, in metres, while they count as met."""

FARTHEST: Final = 0.6
"""Hands that do not come nearer than this, in metres, are left alone."""

EASE_SECONDS: Final = 0.3
"""How long the arms take to give in, and to come back."""

_ARM: Final = (J["r_shoulder"], J["r_elbow"], J["r_wrist"])


def clasp(motion: Motion, name: str) -> Motion:
    """Return *motion* ``[T, 2]`` of the action *name* of `CLASPS` with the right hands brought
    together where they are nearest; bone lengths stay as they are.
    """
    if motion.depth is None or motion.n_actors != 2:
        return motion
    joints = motion.joints.astype(np.float64)
    wrists = joints[:, :, _ARM[2]]
    gap = np.linalg.norm(wrists[:, 0] - wrists[:, 1], axis=-1)
    both = (motion.actions == action(name).index).all(axis=1)
    if not both.any():
        return motion
    nearest = int(np.where(both, gap, np.inf).argmin())
    if gap[nearest] > FARTHEST:
        return motion
    weight = _weight(gap, nearest, CLASPS[name], motion.fps)
    point = wrists.mean(axis=1)
    lengths = []
    for actor in (0, 1):
        arm = joints[:, actor, list(_ARM)]
        lengths.append((float(np.linalg.norm(arm[0, 1] - arm[0, 0])),
                        float(np.linalg.norm(arm[0, 2] - arm[0, 1]))))  # fmt: skip
    for _ in range(8):  # to where both can reach
        for actor in (0, 1):
            shoulder = joints[:, actor, _ARM[0]]
            way = point - shoulder
            far = np.linalg.norm(way, axis=-1, keepdims=True)
            most = 0.998 * sum(lengths[actor])
            point = shoulder + way * np.minimum(1.0, most / np.maximum(far, 1e-9))
    for actor in (0, 1):
        shoulder, elbow, wrist = (joints[:, actor, i] for i in _ARM)
        target = wrist + weight[:, None] * (point - wrist)
        bent, end = two_bone_ik(shoulder, target, *lengths[actor], elbow - 0.5 * (shoulder + wrist))
        moved = weight > 1e-6
        joints[moved, actor, _ARM[1]] = bent[moved]
        joints[moved, actor, _ARM[2]] = end[moved]
    tracks = {"present": motion.present, "actions": motion.actions, "overlay": motion.overlay}
    return Motion.from_joints(joints, fps=motion.fps, face=motion.face, **tracks)


def _weight(gap: Array, nearest: int, slack: float, fps: float) -> Array:
    """Return how far the hands are brought together ``[T]``: wholly while they are as near as
    *slack* allows, eased before and after.
    """
    first = last = nearest
    while first > 0 and gap[first - 1] <= gap[nearest] + slack:
        first -= 1
    while last < len(gap) - 1 and gap[last + 1] <= gap[nearest] + slack:
        last += 1
    frames = np.arange(len(gap))
    away = np.maximum(np.maximum(first - frames, frames - last), 0) / fps
    share = np.clip(1.0 - away / EASE_SECONDS, 0.0, 1.0)
    return np.asarray(share * share * (3.0 - 2.0 * share))
