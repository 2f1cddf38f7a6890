"""What a motion model sees of a body: 47 numbers a frame, from which the joints are rebuilt.

**Layout** (metres and seconds at `MODEL_FPS`, a body of the standing height `HEIGHT`)

    ======  =======================================================================
    0-1     velocity of the pelvis along x and z since the frame before, m/s
    2       height of the pelvis
    3-5     the left hip relative to the pelvis (the right hip is its mirror point)
    6-44    the thirteen joints of `FREE`, each relative to the pelvis
    45-46   left and right foot on the ground: 1 or 0
    ======  =======================================================================

So 15 joints are free and the mid-hip is the mid-hip by construction: whatever a model says, the
segments of the result meet. A clip is seen from its own first frame: its pelvis starts over the
origin and the hips face +x.

**Contents**
    - `encode`, `decode`: joints to features and back.
    - `keep_bones`, `point_bones`: joints with the bones of a given body, or of given lengths.
    - `turn`: joints turned about the vertical.
    - `foot_contacts`: when feet stand, from the joints alone.
    - `ENVIRONMENT_HEAD`: what the 32 numbers of a model's environment head are.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core import schema
from stickgen.core.environments import PROFILE_FIELDS
from stickgen.core.errors import DataError
from stickgen.core.kinematics import Body

Array = NDArray[np.float64]

MODEL_FPS: Final = schema.FPS
"""Frames a second of every model."""

_PELVIS, _L_HIP, _R_HIP = (schema.J[name] for name in ("pelvis_center", "l_hip", "r_hip"))

FREE: Final[tuple[int, ...]] = tuple(
    i for i in range(schema.N_JOINTS) if i not in (_PELVIS, _L_HIP, _R_HIP)
)
"""The joints that features 6-44 place, by index."""

DIM: Final = 3 + 3 + 3 * len(FREE) + 2
"""Numbers a frame: 47."""

CONTACTS: Final = slice(DIM - 2, DIM)
"""Where the contacts of the feet are."""

ANKLES: Final = (schema.J["l_ankle"], schema.J["r_ankle"])

ENVIRONMENT_HEAD: Final[tuple[str, ...]] = (
    *PROFILE_FIELDS,
    "l_foot_contact",
    "r_foot_contact",
    "l_hand_contact",
    "r_hand_contact",
    "actor_dx",
    "actor_dy",
    "actor_dz",
    "actor_distance",
    "prop_dx",
    "prop_dy",
    "prop_dz",
    "prop_distance",
    "l_foot_height",
    "r_foot_height",
    "pelvis_height",
    "lowest_height",
)
"""Names of the 32 numbers of the environment head, index by index.

16 fields of the environment's profile; contact of the feet with the ground and of the hands with
the ground or the own body's support (0-1); the offset in metres from the pelvis to the nearest
other actor and to the nearest prop and their distances (zeros where there is none); the heights
in metres of both ankles, the pelvis and the lowest joint over the ground.
"""


def encode(joints: NDArray[np.floating], contacts: NDArray[np.generic]) -> NDArray[np.float32]:
    """Return the features ``[T, 47]`` of *joints* ``[T, 16, 3]`` and *contacts* ``[T, 2]``."""
    joints = np.asarray(joints, dtype=np.float64)
    if joints.ndim != 3 or joints.shape[1:] != (schema.N_JOINTS, 3) or not len(joints):
        raise DataError(f"joints have shape {list(joints.shape)}, expected [T, 16, 3]")
    out = np.empty((len(joints), DIM), np.float32)
    root = 0.5 * (joints[:, _L_HIP] + joints[:, _R_HIP])
    if len(joints) > 1:
        velocity = np.diff(root[:, [0, 2]], axis=0) * MODEL_FPS
        out[1:, 0:2] = velocity
        out[0, 0:2] = velocity[0]
    else:
        out[:, 0:2] = 0.0
    out[:, 2] = root[:, 1]
    out[:, 3:6] = joints[:, _L_HIP] - root
    out[:, 6:45] = (joints[:, FREE] - root[:, None]).reshape(len(joints), -1)
    out[:, CONTACTS] = contacts
    return out


def decode(features: NDArray[np.floating]) -> tuple[Array, Array]:
    """Return the joints ``[T, 16, 3]`` and the contacts ``[T, 2]`` (0-1) of *features* ``[T, 47]``.

    The pelvis of the first frame is over the origin. Bones are as long as the features say: see
    `keep_bones`.
    """
    features = np.asarray(features, dtype=np.float64)
    root = np.zeros((len(features), 3))
    root[1:, [0, 2]] = np.cumsum(features[1:, 0:2], axis=0) / MODEL_FPS
    root[:, 1] = features[:, 2]
    joints = np.empty((len(features), schema.N_JOINTS, 3))
    joints[:, _PELVIS] = root
    joints[:, _L_HIP] = root + features[:, 3:6]
    joints[:, _R_HIP] = root - features[:, 3:6]
    joints[:, FREE] = root[:, None] + features[:, 6:45].reshape(len(features), -1, 3)
    return joints, np.clip(features[:, CONTACTS], 0.0, 1.0)


def keep_bones(joints: NDArray[np.floating], body: Body) -> Array:
    """Return *joints* ``[..., 16, 3]`` with the bones of *body*, each pointing where it pointed."""
    return point_bones(joints, body.lengths)


def point_bones(joints: NDArray[np.floating], lengths: NDArray[np.floating]) -> Array:
    """Return *joints* ``[..., 16, 3]`` with bones of *lengths* ``[..., 16]``, each pointing where
    it pointed.

    The tree is walked from the pelvis outward: p_child = p_parent + length * direction.
    """
    joints = np.asarray(joints, dtype=np.float64)
    out = np.array(joints, dtype=np.float64)
    for joint, parent in enumerate(schema.PARENTS):
        if parent < 0:
            continue
        bone = joints[..., joint, :] - joints[..., parent, :]
        length = np.maximum(np.linalg.norm(bone, axis=-1, keepdims=True), 1e-6)
        wanted = lengths[..., joint, None]
        out[..., joint, :] = out[..., parent, :] + wanted * bone / length
    return out


def turn(points: NDArray[np.floating], angle: float) -> Array:
    """Return *points* ``[..., 3]`` turned by *angle* radians about y, counter-clockwise from above.

    A body that faces *heading* faces ``heading + angle`` afterwards.
    """
    points = np.asarray(points, dtype=np.float64)
    cos, sin = np.cos(angle), np.sin(angle)
    out = np.array(points, dtype=np.float64)
    out[..., 0] = cos * points[..., 0] + sin * points[..., 2]
    out[..., 2] = -sin * points[..., 0] + cos * points[..., 2]
    return out


def foot_contacts(joints: NDArray[np.floating], height: float = schema.HEIGHT) -> NDArray[np.bool_]:
    """Return when the left and the right foot stand ``[T, 2]``, from *joints* at `MODEL_FPS`.

    A foot stands while its ankle is within `schema.PLANTED_MARGIN` of its standing height and
    slow: below 0.35 m/s to begin a contact, up to 0.8 m/s to go on with it (hysteresis).
    """
    joints = np.asarray(joints, dtype=np.float64)
    ankle = joints[:, ANKLES]
    low = ankle[..., 1] < (schema.ANKLE_HEIGHT + schema.PLANTED_MARGIN) * height
    speed = np.zeros(ankle.shape[:2])
    if len(joints) > 1:
        step = np.linalg.norm(np.diff(ankle, axis=0), axis=-1) * MODEL_FPS
        speed[1:] = step
        speed[0] = step[0]
        speed[1:-1] = 0.5 * (step[:-1] + step[1:])
    begin, go_on = low & (speed < 0.35), low & (speed < 0.8)
    out = begin.copy()
    for order in (range(1, len(out)), range(len(out) - 2, -1, -1)):
        back = 1 if order.step > 0 else -1
        for t in order:
            out[t] |= go_on[t] & out[t - back]
    return out
