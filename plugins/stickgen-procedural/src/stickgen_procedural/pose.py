"""A pose as a flat row of numbers that may be added, blended and keyed, and its way to joints.

The upper body is 15 angles (`UPPER`), in radians, relative to where the hips face:

- lean, side: the lower torso forward and to the right of vertical;
- bend, tilt: the upper torso beyond the lower; twist: the shoulder line, left shoulder forward
  is negative;
- nod, cock: the head forward and to the right, beyond the 40 % of the torso's lean it follows;
- per arm four: raise and spread, the arc from a reference direction (forward, down and out) to
  the upper arm; roll of the elbow about the upper arm; elbow, the flexion of the forearm. The arc
  has its only singular point behind and above the body, where no arm goes.

Legs are ankles in the world plus the outward turn of the knee. Directions in the body's frame are
(forward, up, right), of an arm (forward, up, outward).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stickgen.core import schema
from stickgen.core.kinematics import Body, axis_rotation, euler, two_bone_ik, unit
from stickgen_procedural.curves import cross

Array = NDArray[np.float64]

UPPER: Final = 15
LEAN, SIDE, BEND, TILT, TWIST, NOD, COCK = range(7)
ARM: Final = (slice(7, 11), slice(11, 15))
"""Columns of the left and of the right arm: raise, spread, roll, elbow."""

HEAD_FOLLOWS: Final = 0.4

_REFERENCE: Final = unit([0.55, -0.62, 0.55])
_FLEX: Final = unit(
    np.array([0.6, 0.75, -0.25]) - np.dot([0.6, 0.75, -0.25], _REFERENCE) * _REFERENCE
)
_RAISE: Final = _FLEX
_SPREAD: Final = cross(_REFERENCE, _RAISE)

J: Final = schema.J
_LEGS: Final = tuple(tuple(J[f"{s}_{p}"] for p in ("hip", "knee", "ankle")) for s in "lr")
_ARMS: Final = tuple(tuple(J[f"{s}_{p}"] for p in ("shoulder", "elbow", "wrist")) for s in "lr")


def arm_angles(upper: ArrayLike, fore: ArrayLike) -> Array:
    """Return the angles ``[..., 4]`` of an arm from the (forward, up, out) of its bones."""
    upper, fore = unit(upper), unit(fore)
    if upper.shape != fore.shape:
        upper, fore = np.broadcast_arrays(upper, fore)
    total = np.add.reduce  # np.sum and np.clip take longer to call than to work
    cos = np.minimum(np.maximum(total(upper * _REFERENCE, axis=-1), -1.0), 1.0)
    arc = np.arccos(cos)
    way = unit(upper - cos[..., None] * _REFERENCE)
    along = total(fore * upper, axis=-1, keepdims=True)
    elbow = np.arccos(np.minimum(np.maximum(along[..., 0], -1.0), 1.0))
    zero = _carried(way, arc)
    flexed = fore - along * upper
    roll = np.arctan2(total(flexed * cross(upper, zero), axis=-1), total(flexed * zero, axis=-1))
    out = np.empty((*arc.shape, 4))
    out[..., 0], out[..., 1] = arc * (way @ _RAISE), arc * (way @ _SPREAD)
    out[..., 2], out[..., 3] = np.where(elbow < 1e-3, 0.0, roll), elbow
    return out


def _carried(way: Array, arc: Array) -> Array:
    """Return the flexion direction carried from the reference along an *arc* in direction *way*."""
    part = (way @ _FLEX)[..., None]
    cos, sin = np.cos(arc)[..., None], np.sin(arc)[..., None]
    return np.asarray(_FLEX + (cos - 1.0) * part * way - sin * part * _REFERENCE)


def arm_bones(angles: NDArray[np.floating]) -> tuple[Array, Array]:
    """Return the directions (forward, up, out) of upper arm and forearm, each ``[..., 3]``."""
    arc = np.hypot(angles[..., 0], angles[..., 1])
    way = angles[..., :1] * _RAISE + angles[..., 1:2] * _SPREAD
    way = way / np.where(arc > 1e-9, arc, 1.0)[..., None]
    upper = np.cos(arc)[..., None] * _REFERENCE + np.sin(arc)[..., None] * way
    zero = _carried(way, arc)
    roll, elbow = angles[..., 2, None], angles[..., 3, None]
    flexed = np.cos(roll) * zero + np.sin(roll) * cross(upper, zero)
    return upper, np.asarray(np.cos(elbow) * upper + np.sin(elbow) * flexed)


def arm_reach(body: Body, wrist: ArrayLike, elbow: ArrayLike) -> Array:
    """Return the angles ``[..., 4]`` that bring the wrist to a place seen from the shoulder.

    *wrist* is (forward, up, out) in metres, *elbow* the direction in which the elbow points.
    """
    wrist = np.asarray(wrist, dtype=np.float64)
    origin = np.zeros(3)
    middle, end = two_bone_ik(
        origin, wrist, body.upper_arm, body.forearm, np.asarray(elbow, dtype=np.float64)
    )
    return arm_angles(middle, end - middle)


@dataclass(eq=False)
class Pose:
    """T poses of one body: pelvis ``[T, 3]``, yaw and roll of the hips ``[T]``, upper ``[T, 15]``,
    ankles ``[T, 2, 3]`` (left, right) and outward turn of the knees ``[T, 2]``.
    """

    pelvis: Array
    yaw: Array
    roll: Array
    upper: Array
    ankles: Array
    knees: Array


def hips(body: Body, pose: Pose) -> Array:
    """Return the hip joints ``[T, 2, 3]``."""
    line = euler("yx", pose.yaw, pose.roll)[..., :, 2] * body.lengths[J["l_hip"]]
    return np.stack([pose.pelvis - line, pose.pelvis + line], axis=1)


def chest_frame(pose: Pose) -> Array:
    """Return the rotation ``[T, 3, 3]`` of the shoulders (columns: forward, up, right)."""
    upper = pose.upper
    pitch, side = upper[:, LEAN] + upper[:, BEND], upper[:, SIDE] + upper[:, TILT]
    return euler("yzxy", pose.yaw, -pitch, side, upper[:, TWIST])


def shoulders(body: Body, pose: Pose) -> Array:
    """Return the shoulder joints ``[T, 2, 3]``."""
    upper, lengths = pose.upper, body.lengths
    face = axis_rotation(1, pose.yaw)
    pitch, side = upper[:, LEAN] + upper[:, BEND], upper[:, SIDE] + upper[:, TILT]
    lower = face @ euler("zx", -upper[:, LEAN], upper[:, SIDE])
    higher = face @ euler("zx", -pitch, side)
    neck = pose.pelvis + lower[..., 1] * lengths[J["chest"]] + higher[..., 1] * lengths[J["neck"]]
    frame = chest_frame(pose)
    return np.stack([neck + frame @ body.offsets[J[f"{s}_shoulder"]] for s in "lr"], axis=1)


def joints(body: Body, pose: Pose) -> Array:
    """Return the joints ``[T, 16, 3]`` of *pose*; every bone has exactly the body's length."""
    out = np.empty((len(pose.pelvis), schema.N_JOINTS, 3))
    upper, lengths = pose.upper, body.lengths
    face = axis_rotation(1, pose.yaw)
    pitch, side = upper[:, LEAN] + upper[:, BEND], upper[:, SIDE] + upper[:, TILT]
    lower = face @ euler("zx", -upper[:, LEAN], upper[:, SIDE])
    higher = face @ euler("zx", -pitch, side)
    head = face @ euler(
        "zx", -(HEAD_FOLLOWS * pitch + upper[:, NOD]), HEAD_FOLLOWS * side + upper[:, COCK]
    )
    shoulders = higher @ axis_rotation(1, upper[:, TWIST])
    out[:, J["pelvis_center"]] = pose.pelvis
    out[:, J["chest"]] = pose.pelvis + lower[..., 1] * lengths[J["chest"]]
    out[:, J["neck"]] = out[:, J["chest"]] + higher[..., 1] * lengths[J["neck"]]
    out[:, J["head_center"]] = out[:, J["neck"]] + head[..., 1] * lengths[J["head_center"]]
    hip = hips(body, pose)
    for i, (shoulder, elbow, wrist) in enumerate(_ARMS):
        outward = np.array([1.0, 1.0, -1.0 if i == 0 else 1.0])
        out[:, shoulder] = out[:, J["neck"]] + shoulders @ body.offsets[shoulder]
        d, f = arm_bones(upper[:, ARM[i]])
        out[:, elbow] = out[:, shoulder] + lengths[elbow] * _apply(shoulders, d * outward)
        out[:, wrist] = out[:, elbow] + lengths[wrist] * _apply(shoulders, f * outward)
    for i, (hip_joint, knee, ankle) in enumerate(_LEGS):
        out[:, hip_joint] = hip[:, i]
        out[:, knee], out[:, ankle] = two_bone_ik(
            hip[:, i], pose.ankles[:, i], body.thigh, body.shin, knee_pole(pose, hip[:, i], i)
        )
    return out


CLEAR: Final = 0.008
"""How far above the ground hands, elbows and knees are kept, as a fraction of the height."""


def above_ground(body: Body, joints: Array) -> Array:
    """Return *joints* ``[T, 16, 3]`` with hands lifted out of the ground, and elbows and knees
    turned about the line of their limb where they would be under it; bones keep their length.
    """
    floor = CLEAR * body.height
    limbs = [*_ARMS, *_LEGS]
    for root, middle, end in limbs:
        low = (joints[:, middle, 1] < floor) | (joints[:, end, 1] < floor)
        if not low.any():
            continue
        a, m, b = joints[low, root], joints[low, middle], joints[low, end].copy()
        b[:, 1] = np.maximum(b[:, 1], floor)
        pole = m - 0.5 * (a + b)
        if (root, middle, end) in _ARMS:
            # A straight arm that has to give way bends as elbows do: back and out.
            right = unit(joints[low, J["r_shoulder"]] - joints[low, J["l_shoulder"]])
            out = right if root == J["r_shoulder"] else -right
            back = np.stack([-right[:, 2], np.zeros(len(right)), right[:, 0]], axis=-1)
            pole = pole + 0.06 * body.height * (back + 0.4 * out)
        middle_, end_ = two_bone_ik(
            a, b, float(body.lengths[middle]), float(body.lengths[end]), pole
        )
        along = unit(end_ - a)
        centre = a + np.sum((middle_ - a) * along, axis=-1, keepdims=True) * along
        out = middle_ - centre
        radius = np.linalg.norm(out, axis=-1)
        up = unit(np.array([0.0, 1.0, 0.0]) - along[:, 1:2] * along)
        side = cross(along, up)
        steep = np.maximum(radius * up[:, 1], 1e-9)
        cos = np.clip((floor - centre[:, 1]) / steep, -1.0, 1.0)
        turn = np.where(np.sum(out * side, axis=-1) < 0, -1.0, 1.0) * np.sqrt(1.0 - cos**2)
        lifted = centre + radius[:, None] * (cos[:, None] * up + turn[:, None] * side)
        under = middle_[:, 1] < floor
        joints[low, middle] = np.where(under[:, None], lifted, middle_)
        joints[low, end] = end_
    return joints


def knee_pole(pose: Pose, hip: Array, side: int) -> Array:
    """Return where the knee of one leg points ``[T, 3]``: forward of the leg, turned outward."""
    face = euler("yx", pose.yaw, pose.roll)
    local = _into(face, pose.ankles[:, side] - hip)
    sign = -1.0 if side == 0 else 1.0
    sagittal = unit(np.stack([-local[:, 1], local[:, 0], np.zeros(len(local))], axis=-1))
    out = np.cos(pose.knees[:, side, None]) * sagittal
    out[:, 2] += sign * np.sin(pose.knees[:, side])
    return _apply(face, out)


def read(joints: Array) -> Pose:
    """Return the pose of *joints* ``[T, 16, 3]`` of any body: the inverse of `joints`."""
    line = unit(joints[:, J["r_hip"]] - joints[:, J["l_hip"]])
    yaw = np.arctan2(line[:, 0], line[:, 2])
    roll = -np.arcsin(np.clip(line[:, 1], -1.0, 1.0))
    face = axis_rotation(1, yaw)
    upper = np.zeros((len(joints), UPPER))

    def direction(a: str, b: str) -> tuple[Array, Array]:
        d = _into(face, unit(joints[:, J[b]] - joints[:, J[a]]))
        return np.arctan2(d[:, 0], d[:, 1]), np.arcsin(np.clip(d[:, 2], -1.0, 1.0))

    upper[:, LEAN], upper[:, SIDE] = direction("pelvis_center", "chest")
    pitch, side = direction("chest", "neck")
    upper[:, BEND] = _wrapped(pitch - upper[:, LEAN])
    upper[:, TILT] = side - upper[:, SIDE]
    pitch = upper[:, LEAN] + upper[:, BEND]
    nod, cock = direction("neck", "head_center")
    upper[:, NOD] = _wrapped(nod - HEAD_FOLLOWS * pitch)
    upper[:, COCK] = cock - HEAD_FOLLOWS * side
    higher = face @ euler("zx", -pitch, side)
    across = _into(higher, unit(joints[:, J["r_shoulder"]] - joints[:, J["l_shoulder"]]))
    upper[:, TWIST] = np.arctan2(across[:, 0], across[:, 2])
    shoulders = higher @ axis_rotation(1, upper[:, TWIST])
    for i, (shoulder, elbow, wrist) in enumerate(_ARMS):
        outward = np.array([1.0, 1.0, -1.0 if i == 0 else 1.0])
        d = _into(shoulders, joints[:, elbow] - joints[:, shoulder]) * outward
        f = _into(shoulders, joints[:, wrist] - joints[:, elbow]) * outward
        upper[:, ARM[i]] = arm_angles(d, f)
    ankles = np.stack([joints[:, leg[2]] for leg in _LEGS], axis=1)
    pose = Pose(joints[:, J["pelvis_center"]], yaw, roll, upper, ankles, np.zeros((len(joints), 2)))
    for i, (hip, knee, ankle) in enumerate(_LEGS):
        pole = knee_pole(pose, joints[:, hip], i)
        along = unit(joints[:, ankle] - joints[:, hip])
        bend = joints[:, knee] - joints[:, hip]
        bend = bend - np.sum(bend * along, axis=-1, keepdims=True) * along
        sign = -1.0 if i == 0 else 1.0
        sideways = cross(along, pole)
        sideways *= np.sign(np.sum(sideways * face[..., 2], axis=-1, keepdims=True)) * sign
        angle = np.arctan2(np.sum(bend * sideways, axis=-1), np.sum(bend * pole, axis=-1))
        straight = np.linalg.norm(bend, axis=-1) < 0.02
        pose.knees[:, i] = np.where(straight, 0.0, np.clip(angle, -0.3, 1.2))
    return pose


def _apply(rotation: Array, vector: Array) -> Array:
    return np.asarray(np.einsum("...ij,...j->...i", rotation, vector))


def _into(rotation: Array, vector: Array) -> Array:
    return np.asarray(np.einsum("...ji,...j->...i", rotation, vector))


def _wrapped(angle: Array) -> Array:
    return np.asarray((angle + np.pi) % (2 * np.pi) - np.pi)
