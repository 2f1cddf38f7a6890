"""`KinematicMetrics`: how bodies move, without any learnt model.

All figures are means over the frames in which an actor is present, of all actors of all motions
together, unless said otherwise. Compare a generator with real motion of the same actions, never
with an absolute: a real runner's low ankle "skates" too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core import validator
from stickgen.core.errors import SchemaError, UsageError
from stickgen.core.schema import J
from stickgen.core.types import Motion

Array = NDArray[np.float64]

FOLD_LIMIT: Final = 160.0
"""Degrees by which a knee or an elbow folds, passively (Kapandji, Physiology of the Joints)."""

OVERSTRETCH_LIMIT: Final = 20.0
"""Degrees by which a knee may bend forward: 10 of a lax knee and 10 for the turn of the leg."""

_LIMBS: Final = {
    side + part: tuple(J[side + joint] for joint in joints)
    for side in ("l_", "r_")
    for part, joints in (
        ("arm", ("shoulder", "elbow", "wrist")),
        ("leg", ("hip", "knee", "ankle")),
    )
}


class KinematicMetrics:
    """Foot skate, speed, jerk, bone lengths and joint limits of motions."""

    api_version: ClassVar[int] = 1

    def measure(
        self,
        motions: Sequence[Motion],
        *,
        reference: Sequence[Motion] | None = None,
        **context: Any,
    ) -> dict[str, float]:
        """Return the figures of *motions*; a figure that nothing can be said about is left out.

        =====================  ==================================================================
        foot_skate             horizontal step of a planted foot per frame, as a fraction of H
        planted_fraction       share of frames with a foot planted
        root_speed             speed of the pelvis over the ground, m/s
        jerk                   third difference of a joint's position, m/s³ (mean over joints)
        joint_speed            speed of the fastest joint, m/s
        joint_speed_max        the fastest a joint ever moves, m/s
        bone_error             largest share by which a bone differs from its median length
        bone_error_max         the largest of them all
        ground_penetration     depth of the lowest joint under the ground, m (0 above it)
        joint_limit            share of knees and elbows beyond their range (`FOLD_LIMIT`,
                               `OVERSTRETCH_LIMIT`)
        valid                  share of motions in which the motion validator finds no fault
        jerk_ratio             jerk divided by that of the *reference* motions, if given
        foot_skate_ratio       the same for foot_skate
        =====================  ==================================================================

        H is the standing height; planted is what `stickgen.core.validator.planted` says. Bones
        and limits need depth. Raises `UsageError` without motions and `SchemaError` for one that
        is not finite. Other *context* is not looked at.
        """
        figures = _measure(motions)
        if reference is not None:
            real = _measure(reference)
            for name in ("jerk", "foot_skate"):
                if name in figures and real.get(name, 0.0) > 0.0:
                    figures[f"{name}_ratio"] = figures[name] / real[name]
        return figures


def _measure(motions: Sequence[Motion]) -> dict[str, float]:
    if not motions:
        raise UsageError("there is no motion to measure; give at least one")
    samples: dict[str, list[tuple[Array, Array]]] = {}  # (values, weights) of each motion
    for number, motion in enumerate(motions):
        if not np.isfinite(motion.joints).all():
            raise SchemaError(
                f"motion {number} is not finite, so nothing is measured; mend it first"
            )
        for name, values, weights in _samples(motion):
            samples.setdefault(name, []).append((values.ravel(), weights.ravel()))
    figures: dict[str, float] = {}
    for name, found in samples.items():
        values = np.concatenate([v for v, _ in found])
        weights = np.concatenate([w for _, w in found])
        if not weights.any():
            continue
        if name.endswith("_max"):
            figures[name] = float(values[weights > 0].max())
        else:
            figures[name] = float(np.average(values, weights=weights))
    return figures


def _samples(motion: Motion) -> Iterator[tuple[str, Array, Array]]:
    """Yield (name, values, weights) of each figure; both arrays have one shape."""
    report = validator.check(motion)
    present = motion.present.astype(np.float64)
    frames = present.sum(axis=0)

    skate = validator.foot_skate(motion)
    contact = validator.planted(motion)
    held = (contact[1:] & contact[:-1]).sum(axis=(0, 2)).astype(np.float64)
    yield "foot_skate", np.nan_to_num(skate.skate), held
    yield "planted_fraction", skate.planted, frames
    yield "root_speed", skate.root_speed, frames
    yield ("jerk", *_jerk(motion))

    tracks = report.tracks
    moving = present * np.roll(present, 1, axis=0)  # here and one frame before
    moving[0] = 0.0
    for name in ("joint_speed", "joint_speed_max"):
        yield name, tracks["joint_speed"], moving
    if "bone_error" in tracks:
        for name in ("bone_error", "bone_error_max"):
            yield name, tracks["bone_error"], present
        yield ("joint_limit", *_beyond_limits(motion))
    yield "ground_penetration", np.maximum(-tracks["lowest"], 0.0), present
    yield "valid", np.array([float(report.ok)]), np.ones(1)


def _jerk(motion: Motion) -> tuple[Array, Array]:
    """Return the mean jerk of the joints and whether it is known, both ``[T - 3, A]``."""
    joints = motion.joints.astype(np.float64)
    if motion.n_frames < 4:
        return np.zeros(0), np.zeros(0)
    jerk = np.linalg.norm(np.diff(joints, n=3, axis=0), axis=-1).mean(axis=-1) * motion.fps**3
    here = motion.present
    return jerk, (here[3:] & here[2:-1] & here[1:-2] & here[:-3]).astype(np.float64)


def _beyond_limits(motion: Motion) -> tuple[Array, Array]:
    """Return which knees and elbows are beyond their range and which are there, ``[4, T, A]``.

    A knee bends forward when its shin points to the front of the thigh, the front being square to
    the thigh and to the line through the hips. Where the thigh points along that line, the front
    is not defined and only the fold counts.
    """
    joints = motion.joints.astype(np.float64)
    across = _unit(joints[..., J["r_hip"], :] - joints[..., J["l_hip"], :])
    beyond = []
    for name, (root, middle, end) in _LIMBS.items():
        upper = _unit(joints[..., middle, :] - joints[..., root, :])
        lower = _unit(joints[..., end, :] - joints[..., middle, :])
        bend = np.degrees(np.arccos(np.clip((upper * lower).sum(axis=-1), -1.0, 1.0)))
        out = bend > FOLD_LIMIT
        if name.endswith("leg"):
            front = np.cross(across, upper)  # the turn of "up" into "front" about the hips
            clear = np.linalg.norm(front, axis=-1) > 0.7
            forward = (_unit(front) * lower).sum(axis=-1)
            out |= clear & (forward > np.sin(np.radians(OVERSTRETCH_LIMIT)))
        beyond.append(out)
    values = np.stack(beyond).astype(np.float64)
    return values, np.broadcast_to(motion.present, values.shape).astype(np.float64)


def _unit(vectors: Array) -> Array:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9))
