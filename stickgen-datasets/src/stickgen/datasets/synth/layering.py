"""Put parts of motions together: the same bones for all, the arms of one on the body of another.

What is carried over are directions of bones, never positions; every bone is hung on its parent
again with the length it has in the body it joins, so that lengths stay exact.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core import kinematics, ops, schema
from stickgen.core.actions import NO_OVERLAY, action
from stickgen.core.errors import SchemaError
from stickgen.core.schema import J
from stickgen.core.types import Motion

Array = NDArray[np.float64]

UPPER: Final = tuple(
    J[name] for name in ("head_center", "l_elbow", "r_elbow", "l_wrist", "r_wrist")
)
"""Joints at the ends of the bones that are taken from the upper motion."""

EASE: Final = 0.35
"""Seconds in which the arms go over to the other motion and back."""

_PARENTS: Final = np.array([max(parent, 0) for parent in schema.PARENTS])


def skeleton(motion: Motion, actor: int = 0) -> Array:
    """Return the median length ``[16]`` of the bone that ends at each joint (0 for the root)."""
    here = motion.present[:, actor]
    lengths = kinematics.bone_lengths(motion.joints[here, actor])
    return np.asarray(np.median(lengths, axis=0))


def fitted(motion: Motion, lengths: Array) -> Motion:
    """Return *motion* of one actor on a body with the bone *lengths* ``[16]``.

    Every bone keeps its direction; the path of the pelvis is scaled by the length of the legs, and
    the figure is put on the ground. Raises `SchemaError` for a flat motion or several actors.
    """
    _solid(motion)
    joints = motion.joints[:, 0].astype(np.float64)
    old = skeleton(motion)
    leg = [J["l_knee"], J["l_ankle"], J["r_knee"], J["r_ankle"]]
    ratio = float(lengths[leg].sum() / max(old[leg].sum(), 1e-6))
    directions = kinematics.unit(joints - joints[:, _PARENTS])
    root = joints[0, 0] + (joints[:, 0] - joints[0, 0]) * ratio
    floor = schema.ANKLE_HEIGHT * float(ops.standing_height(motion)[0])
    new_floor = floor * ratio
    root[:, 1] = new_floor + (joints[:, 0, 1] - floor) * ratio
    out = _hung(root, directions, lengths)
    return ops.on_ground(_with(motion, out))


def layered(lower: Motion, upper: Motion, start: int = 0, name: str | None = None) -> Motion:
    """Return *lower* with the head and the arms of *upper* from frame *start* on.

    The arms and the head move against the chest as in *upper*; legs, pelvis, trunk and the way over
    the ground stay those of *lower*, and so do all bone lengths. At both ends the arms go over
    within `EASE` seconds. The overlay track names the action *name*, by default the main action of
    *upper*, where its arms have the upper hand.

    Args:
        lower: what the body does, one actor, 3-D.
        upper: what the arms do, one actor, 3-D; at the frame rate of *lower* if it differs.
        start: frame of *lower* at which *upper* begins.
        name: the action written into the overlay track.

    Raises:
        SchemaError: a motion is flat or has several actors, or *start* is outside *lower*.
    """
    _solid(lower)
    _solid(upper)
    upper = ops.resample(upper, lower.fps)
    if not 0 <= start < lower.n_frames:
        raise SchemaError(f"frame {start} is outside a motion of {lower.n_frames} frames")
    below, above = (part.joints[:, 0].astype(np.float64) for part in (lower, upper))
    frames = np.arange(lower.n_frames)
    weight = _weight(frames - start, upper.n_frames, lower.n_frames - start, lower.fps)
    source = np.clip(frames - start, 0, upper.n_frames - 1)

    trunk, other = chest_frames(below), chest_frames(above)[source]
    ends, starts = list(UPPER), _PARENTS[list(UPPER)]
    own = kinematics.unit(below[:, ends] - below[:, starts])
    taken = kinematics.unit(above[source][:, ends] - above[source][:, starts])
    own = np.einsum("tji,tbj->tbi", trunk, own)
    taken = np.einsum("tji,tbj->tbi", other, taken)
    mixed = kinematics.slerp(own, taken, weight[:, None] * np.ones(len(ends)))
    directions = kinematics.unit(below - below[:, _PARENTS])
    directions[:, ends] = np.einsum("tij,tbj->tbi", trunk, mixed)
    lengths = kinematics.bone_lengths(below)
    out = _hung(below[:, 0], directions, lengths)

    overlay = np.array(lower.overlay[:, 0])
    label = upper.actions[source, 0] if name is None else np.full(len(frames), action(name).index)
    over = weight > 0.5
    overlay[over] = np.where(label[over] == lower.actions[over, 0], NO_OVERLAY, label[over])
    return replace(_with(lower, out), overlay=overlay[:, None])


def chest_frames(joints: Array) -> Array:
    """Return the axes of the chest ``[T, 3, 3]`` as columns: forward, up, to the right."""
    up = kinematics.unit(joints[:, J["neck"]] - joints[:, J["chest"]])
    across = joints[:, J["r_shoulder"]] - joints[:, J["l_shoulder"]]
    across = kinematics.unit(across - np.sum(across * up, axis=-1, keepdims=True) * up)
    return np.stack([np.cross(up, across), up, across], axis=-1)


def _weight(age: NDArray[np.int64], length: int, room: int, fps: float) -> Array:
    """Return how much of the upper motion shows, 0-1; it stays where it outlasts the lower one."""
    ease = max(1.0, EASE * fps)
    rise = np.clip(age / ease, 0.0, 1.0)
    fall = np.clip((length - 1 - age) / ease, 0.0, 1.0) if length < room else np.ones(len(age))
    weight = np.where(age < 0, 0.0, np.minimum(rise, fall))
    return np.asarray(weight * weight * (3.0 - 2.0 * weight))


def _hung(root: Array, directions: Array, lengths: Array) -> Array:
    """Return joints ``[T, 16, 3]`` from the root and each bone's direction and length."""
    bones = directions * np.broadcast_to(lengths, directions.shape[:-1])[..., None]
    out = np.empty_like(bones)
    out[:, 0] = root
    for joint, parent in enumerate(schema.PARENTS[1:], start=1):
        out[:, joint] = out[:, parent] + bones[:, joint]
    return out


def _with(motion: Motion, joints: Array) -> Motion:
    return Motion.from_joints(
        joints,
        fps=motion.fps,
        present=motion.present,
        actions=motion.actions,
        overlay=motion.overlay,
        face=motion.face,
    )


def _solid(motion: Motion) -> None:
    if motion.depth is None or motion.n_actors != 1 or not motion.present.all():
        raise SchemaError("parts are put together from 3-D motions of one actor who never leaves")
