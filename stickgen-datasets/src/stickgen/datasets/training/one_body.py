"""Every motion on the same skeleton: the bone lengths of the core's standing figure of 1.70 m.

Bones keep their directions and the root's path is scaled by the length of the legs
(`stickgen.datasets.synth.layering.fitted`). Legs of other proportions then put the feet elsewhere:
planted feet are held where they stand by `stickgen.core.kinematics.foot_lock`.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from stickgen.core import kinematics, ops
from stickgen.core.types import Motion
from stickgen.datasets.contacts import Flags
from stickgen.datasets.synth.layering import fitted

Array = NDArray[np.float64]


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
    joints = kinematics.foot_lock(body.joints[:, 0].astype(np.float64), planted)
    held = Motion.from_joints(
        joints, fps=body.fps, present=body.present, actions=body.actions, overlay=body.overlay,
        face=body.face,
    )  # fmt: skip
    return ops.canonical(ops.on_ground(held)) if grounded else ops.canonical(held)


def relabelled(motion: Motion, action: int, overlay: int = -1) -> Motion:
    """Return *motion* with one main action, and one overlay, in all its frames."""
    shape = (motion.n_frames, motion.n_actors)
    return replace(motion, actions=np.full(shape, action), overlay=np.full(shape, overlay))
