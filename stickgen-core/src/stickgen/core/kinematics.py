"""Bodies of fixed bones: forward kinematics, two-bone inverse kinematics and foot locking.

All functions are vectorised over leading axes (frames first). Positions are metres in the world of
`stickgen.core.schema` (y up); a body at rest stands upright, faces +x and lets its arms hang.

**Contents**
    - `Body`: bone offsets and lengths; `Body.forward` turns rotations into joints.
    - `two_bone_ik`: knee (or elbow) and reachable ankle (or wrist), analytically.
    - `leg_room`: how high the pelvis may be so that both feet are within reach.
    - `foot_lock`: holds planted ankles still by moving the legs.
    - `axis_rotation`, `euler`, `rotation_between`, `slerp`: small rotation helpers.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stickgen.core import schema
from stickgen.core.errors import DataError

Array = NDArray[np.float64]

UP: Final = np.array([0.0, 1.0, 0.0])

_FRACTIONS: Final[dict[str, tuple[float, float, float]]] = {
    "chest": (0.0, 0.272 * 0.55, 0.0),
    "neck": (0.0, 0.272 * 0.45, 0.0),
    "head_center": (0.0, 0.128, 0.0),
    "shoulder": (0.0, -0.030, 0.085),
    "elbow": (0.0, -0.160, 0.0),
    "wrist": (0.0, -0.152, 0.0),
    "hip": (0.0, 0.0, 0.050),
    "knee": (0.0, -0.2255, 0.0),
    "ankle": (0.0, -0.2195, 0.0),
}
"""Bone from its parent at rest as fractions of the height; of paired joints the right one."""


def axis_rotation(axis: int, angle: ArrayLike) -> Array:
    """Return rotations ``[..., 3, 3]`` by *angle* radians about x, y or z (axis 0, 1, 2)."""
    angle = np.asarray(angle, dtype=np.float64)
    out = np.zeros((*angle.shape, 3, 3))
    i, j = (axis + 1) % 3, (axis + 2) % 3
    cos, sin = np.cos(angle), np.sin(angle)
    out[..., axis, axis] = 1.0
    out[..., i, i] = out[..., j, j] = cos
    out[..., i, j], out[..., j, i] = -sin, sin
    return out


def euler(order: str, *angles: ArrayLike) -> Array:
    """Return the product of axis rotations, e.g. ``euler("yzx", yaw, pitch, roll)`` = Ry Rz Rx."""
    out = np.eye(3)
    for name, angle in zip(order, angles, strict=True):
        out = out @ axis_rotation("xyz".index(name), angle)
    return out


def unit(vector: ArrayLike) -> Array:
    """Return *vector* ``[..., 3]`` scaled to length 1 (a zero vector stays zero)."""
    vector = np.asarray(vector, dtype=np.float64)
    length = _length(vector)
    return vector / np.where(length > 1e-12, length, 1.0)


def _length(vector: Array) -> Array:
    """Return the lengths ``[..., 1]`` of *vector* ``[..., 3]``, more quickly than numpy does."""
    return np.asarray(np.sqrt(np.add.reduce(vector * vector, axis=-1, keepdims=True)))


def rotation_between(a: ArrayLike, b: ArrayLike) -> Array:
    """Return the smallest rotations ``[..., 3, 3]`` that turn directions *a* into *b* ``[..., 3]``.

    Opposite directions are turned about an arbitrary axis at right angles to *a*.
    """
    a, b = np.broadcast_arrays(unit(a), unit(b))
    cos = np.sum(a * b, axis=-1)
    axis = np.cross(a, b)
    opposite = cos < -1.0 + 1e-12
    if np.any(opposite):
        side = np.cross(a, np.where(np.abs(a[..., :1]) < 0.9, [1.0, 0, 0], [0, 1.0, 0]))
        axis = np.where(opposite[..., None], unit(side), axis)
    x, y, z = axis[..., 0], axis[..., 1], axis[..., 2]
    zero = np.zeros_like(x)
    k = np.stack([zero, -z, y, z, zero, -x, -y, x, zero], axis=-1).reshape(*x.shape, 3, 3)
    scale = np.where(opposite, 2.0, 1.0 / np.where(opposite, 1.0, 1.0 + cos))
    linear = np.where(opposite, 0.0, 1.0)
    turn = np.eye(3) + linear[..., None, None] * k + scale[..., None, None] * (k @ k)
    return np.asarray(turn, dtype=np.float64)


def slerp(a: ArrayLike, b: ArrayLike, weight: ArrayLike) -> Array:
    """Return the directions *weight* (0-1) of the way along the arc from *a* to *b*."""
    a, b = unit(a), unit(b)
    weight = np.asarray(weight, dtype=np.float64)[..., None]
    angle = np.arccos(np.clip(np.sum(a * b, axis=-1, keepdims=True), -1.0, 1.0))
    sin = np.sin(angle)
    straight = sin < 1e-6
    safe = np.where(straight, 1.0, sin)
    wa = np.where(straight, 1.0 - weight, np.sin((1.0 - weight) * angle) / safe)
    wb = np.where(straight, weight, np.sin(weight * angle) / safe)
    return unit(wa * a + wb * b)


@dataclass(frozen=True, eq=False)
class Body:
    """A stick figure of a given standing *height* in metres and its bones.

    ``offsets`` ``[16, 3]`` is each joint relative to its parent at rest; ``lengths`` ``[16]`` its
    bone's length (0 for the root).
    """

    height: float = schema.HEIGHT
    offsets: Array = field(init=False, repr=False)
    lengths: Array = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if not (np.isfinite(self.height) and self.height > 0):
            raise DataError(f"a body needs a positive height, not {self.height}")
        offsets = np.zeros((schema.N_JOINTS, 3))
        for i, name in enumerate(schema.JOINTS):
            side, _, part = name.partition("_")
            if name in _FRACTIONS:
                offsets[i] = _FRACTIONS[name]
            elif side in ("l", "r"):
                offsets[i] = _FRACTIONS[part]
                offsets[i, 2] *= -1.0 if side == "l" else 1.0
        offsets *= self.height
        object.__setattr__(self, "offsets", offsets)
        object.__setattr__(self, "lengths", np.linalg.norm(offsets, axis=-1))

    @property
    def thigh(self) -> float:
        return float(self.lengths[schema.J["l_knee"]])

    @property
    def shin(self) -> float:
        return float(self.lengths[schema.J["l_ankle"]])

    @property
    def leg(self) -> float:
        """Length of the straight leg from hip to ankle."""
        return self.thigh + self.shin

    @property
    def upper_arm(self) -> float:
        return float(self.lengths[schema.J["l_elbow"]])

    @property
    def forearm(self) -> float:
        return float(self.lengths[schema.J["l_wrist"]])

    @property
    def arm(self) -> float:
        """Length of the straight arm from shoulder to wrist."""
        return self.upper_arm + self.forearm

    @property
    def ankle_height(self) -> float:
        """Height of the ankle of a flat foot on the ground."""
        return schema.ANKLE_HEIGHT * self.height

    @property
    def pelvis_height(self) -> float:
        """Height of the pelvis when standing with straight legs."""
        return self.ankle_height + self.leg

    def rest(self) -> Array:
        """Return the joints ``[16, 3]`` standing upright at the origin, facing +x."""
        root = np.array([0.0, self.pelvis_height, 0.0])
        return self.forward(np.broadcast_to(np.eye(3), (schema.N_JOINTS, 3, 3)), root)

    def forward(self, rotations: NDArray[np.floating], root: NDArray[np.floating]) -> Array:
        """Return the joints ``[..., 16, 3]`` of local *rotations* ``[..., 16, 3, 3]``.

        ``rotations[j]`` turns the bone that ends at joint j (and all that hangs on it) relative to
        its parent bone; the root's turns the whole body. *root* ``[..., 3]`` is pelvis_center.
        """
        rotations = np.asarray(rotations, dtype=np.float64)
        world = np.empty(rotations.shape)
        joints = np.empty(rotations.shape[:-1])
        world[..., 0, :, :] = rotations[..., 0, :, :]
        joints[..., 0, :] = root
        for j in range(1, schema.N_JOINTS):
            parent = schema.PARENTS[j]
            world[..., j, :, :] = world[..., parent, :, :] @ rotations[..., j, :, :]
            joints[..., j, :] = joints[..., parent, :] + world[..., j, :, :] @ self.offsets[j]
        return joints


def bone_lengths(joints: NDArray[np.floating]) -> Array:
    """Return the length ``[..., 16]`` of the bone that ends at each joint (0 for the root)."""
    joints = np.asarray(joints, dtype=np.float64)
    parents = np.array([max(p, 0) for p in schema.PARENTS])
    return np.asarray(np.linalg.norm(joints - joints[..., parents, :], axis=-1))


def two_bone_ik(
    root: NDArray[np.floating],
    target: NDArray[np.floating],
    upper: float,
    lower: float,
    pole: NDArray[np.floating],
) -> tuple[Array, Array]:
    """Return the middle joint and the end ``[..., 3]`` of two bones that reach for *target*.

    *upper* and *lower* are the bone lengths (kept exactly), *pole* ``[..., 3]`` the direction in
    which the middle joint points away from the straight line. A target out of reach is approached
    as far as the bones allow, along the line from the root; the end returned tells.
    """
    root, target, pole = np.broadcast_arrays(
        np.asarray(root, dtype=np.float64), np.asarray(target, np.float64), np.asarray(pole, float)
    )
    line = target - root
    distance = _length(line)
    along = np.where(distance > 1e-9, line / np.maximum(distance, 1e-9), -UP)
    reach = np.minimum(np.maximum(distance, abs(upper - lower) + 1e-9), upper + lower)
    out = pole - np.add.reduce(pole * along, axis=-1, keepdims=True) * along
    size = _length(out)
    if np.any(size < 1e-9):
        other = np.cross(along, np.where(np.abs(along[..., :1]) < 0.9, [1.0, 0, 0], [0, 0, 1.0]))
        out = np.where(size < 1e-9, other, out)
    out = unit(out)
    projection = (upper**2 - lower**2 + reach**2) / (2.0 * reach)
    offset = np.sqrt(np.maximum(upper**2 - projection**2, 0.0))
    return root + projection * along + offset * out, root + reach * along


def leg_room(
    hips: NDArray[np.floating],
    ankles: NDArray[np.floating],
    leg: float | NDArray[np.floating],
    planted: NDArray[np.bool_] | None = None,
) -> Array:
    """Return by how many metres ``[T]`` the hips may rise before a leg is over-stretched.

    *hips* and *ankles* are ``[T, 2, 3]``, *leg* the full length of a leg; negative values say how
    far the pelvis must come down. Feet that are not *planted* ``[T, 2]`` do not limit it.
    """
    gap = np.asarray(hips, dtype=np.float64) - ankles
    level = np.sum(gap[..., [0, 2]] ** 2, axis=-1)
    room = np.sqrt(np.maximum(np.square(leg) - level, 0.0)) - gap[..., 1]
    if planted is not None:
        room = np.where(planted, room, np.inf)
    return np.asarray(room.min(axis=-1))


def envelope(values: NDArray[np.floating], radius: int) -> Array:
    """Return a smooth curve ``[T]`` that is nowhere below *values* ``[T]`` (all >= 0).

    A running maximum over *radius* frames either side, then a running mean of the same width.
    """
    heights = np.array(values, dtype=np.float64)
    if radius <= 0:
        return heights
    width = 2 * radius + 1
    padded = np.pad(heights, 2 * radius, mode="edge")
    highest = np.lib.stride_tricks.sliding_window_view(padded, width).max(axis=-1)
    return np.asarray(np.lib.stride_tricks.sliding_window_view(highest, width).mean(axis=-1))


def _runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the half-open intervals where *flags* ``[T]`` is True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _anchor_offsets(ankle: Array, planted: NDArray[np.bool_], from_first: bool) -> Array:
    """Return what to add to *ankle* ``[T, 3]`` so that it rests while planted, eased in between."""
    offset = np.zeros_like(ankle)
    runs = _runs(planted)
    if not runs:
        return offset
    for start, stop in runs:
        rest = np.median(ankle[start:stop], axis=0)
        if from_first and start == 0:
            rest = ankle[0]
        offset[start:stop] = rest - ankle[start:stop]
    offset[: runs[0][0]] = offset[runs[0][0]]
    offset[runs[-1][1] :] = offset[runs[-1][1] - 1]
    for (_, stop), (start, _) in itertools.pairwise(runs):
        u = np.arange(1, start - stop + 1)[:, None] / (start - stop + 1)
        ease = u * u * (3.0 - 2.0 * u)
        offset[stop:start] = (1.0 - ease) * offset[stop - 1] + ease * offset[start]
    return offset


def foot_lock(
    joints: NDArray[np.floating],
    planted: NDArray[np.bool_],
    *,
    smoothing: int = 3,
    from_first: bool = False,
    drop: float = np.inf,
) -> Array:
    """Return *joints* ``[T, 16, 3]`` with every planted ankle held still by its leg.

    *planted* ``[T, 2]`` says when the left and the right foot stand. In each stretch of contact the
    ankle rests at its median place (with *from_first* a foot that stands at the beginning stays
    where it is); between two stretches its correction is eased from one to the
    other. Where a held foot would be out of reach the body comes down (over *smoothing* frames
    either side), but by no more than *drop* metres: from there on the heel of the straight leg
    rises, as that of a foot left behind does. Bone lengths and everything above the hips are kept;
    only such a foot, or one whose hold is further from the hip than the leg is long, measured along
    the ground, may still move.
    """
    out = np.array(joints, dtype=np.float64)
    planted = np.asarray(planted, dtype=np.bool_)
    if out.ndim != 3 or out.shape[1:] != (schema.N_JOINTS, 3):
        raise DataError(f"joints have shape {list(out.shape)}, expected [T, 16, 3]")
    if planted.shape != (len(out), 2):
        raise DataError(f"planted has shape {list(planted.shape)}, expected [{len(out)}, 2]")
    legs = [[schema.J[f"{s}_{part}"] for part in ("hip", "knee", "ankle")] for s in "lr"]
    lengths = np.median(bone_lengths(out), axis=0)
    targets = np.empty((len(out), 2, 3))
    poles = []
    for foot, (hip, knee, ankle) in enumerate(legs):
        straight = out[:, ankle] - out[:, hip]
        bend = out[:, knee] - out[:, hip]
        along = unit(straight)
        poles.append(bend - np.sum(bend * along, axis=-1, keepdims=True) * along)
        targets[:, foot] = out[:, ankle] + _anchor_offsets(
            out[:, ankle], planted[:, foot], from_first
        )
    hips = out[:, [legs[0][0], legs[1][0]]]
    leg = np.array([lengths[knee] + lengths[ankle] for _, knee, ankle in legs])
    room = leg_room(hips, targets, leg * (1.0 - 1e-9), planted)
    out[..., 1] -= envelope(np.clip(-room, 0.0, drop), smoothing)[:, None]
    # Airborne feet are targets in the world, not parts of the lowered body: both legs are solved.
    for foot, (hip, knee, ankle) in enumerate(legs):
        out[:, knee], out[:, ankle] = two_bone_ik(
            out[:, hip], targets[:, foot], lengths[knee], lengths[ankle], poles[foot]
        )
    return out
