"""Every motion on the same skeleton: the bone lengths of the core's standing figure of 1.70 m.

Bones keep their directions and the root's path is scaled by the length of the legs
(`stickgen.datasets.synth.layering.fitted`). Legs of other proportions then put the feet elsewhere:
planted feet are held where they stand by `stickgen.core.kinematics.foot_lock`, and a body that
lies is lifted out of the ground.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core import kinematics, ops, schema
from stickgen.core.schema import J
from stickgen.core.types import Motion
from stickgen.datasets.contacts import Flags
from stickgen.datasets.synth.layering import fitted

Array = NDArray[np.float64]

_FLOOR: Final = np.full(schema.N_JOINTS, 0.02)
"""How near the ground each joint may come, in metres; the head's middle not so near."""
_FLOOR[J["head_center"]] = 0.08


def lengths() -> Array:
    """Return the bone lengths ``[16]`` of the figure, in metres."""
    return np.asarray(kinematics.Body().lengths)


def on_one_body(motion: Motion, planted: Flags, grounded: bool = True) -> Motion:
    """Return *motion* of one actor on the figure's skeleton, its planted feet held.

    Args:
        motion: one actor, 3-D.
        planted: when the feet stand, ``[T, 2]``.
        grounded: put the figure on the ground; not for what flies or climbs.
    """
    body = fitted(motion, lengths())
    if not grounded:
        lowest = float(motion.joints[..., 1].min() - body.joints[..., 1].min())
        body = ops.translate(body, (0.0, lowest, 0.0))
    joints = body.joints[:, 0].astype(np.float64)
    if grounded:
        joints[..., 1] += _sunk(joints, body.fps)[:, None]
    joints = kinematics.foot_lock(joints, planted)
    if grounded:  # what the feet pulled down again
        joints[..., 1] += _sunk(joints, body.fps)[:, None]
    return ops.canonical(
        Motion.from_joints(
            joints,
            fps=body.fps,
            present=body.present,
            actions=body.actions,
            overlay=body.overlay,
            face=body.face,
        )
    )


def _sunk(joints: Array, fps: float) -> Array:
    """Return by how much a body must be lifted ``[T]`` so that no part of it is in the ground.

    Whose hips, hands or head lie on the ground, lies deeper when its ankles have come down to where
    those of the figure are.
    """
    below = (_FLOOR - joints[..., 1]).max(axis=-1)
    return kinematics.envelope(np.maximum(below, 0.0), round(0.12 * fps))


def relabelled(motion: Motion, action: int, overlay: int = -1) -> Motion:
    """Return *motion* with one main action, and one overlay, in all its frames."""
    shape = (motion.n_frames, motion.n_actors)
    return replace(motion, actions=np.full(shape, action), overlay=np.full(shape, overlay))
