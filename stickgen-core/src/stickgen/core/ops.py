"""Functions from motion to motion: resample, turn, mirror, cut, join, and simple measures.

**Conventions**
    Every function returns a new `Motion` (or the same object where nothing changes), built
    through joints, so that joints always meet. What is rigid keeps bone lengths. Angles are
    counter-clockwise seen from above: 0 faces +x, +90 degrees faces -z, away from the viewer, and
    the direction of a heading h is (cos h, 0, -sin h). Absent frames stay zero. Turning needs
    depth: a motion without it is returned unchanged, with a `FlatMotionWarning` shown once.

**Contents**
    - `resample`, `slice_frames`, `concat`: along time.
    - `yaw`, `orbit`, `mirror`, `translate`, `scale`, `normalise`, `on_ground`,
      `canonical`: in space.
    - `together`, `select`: who is in it.
    - `bounds`, `heading`, `root_speed`, `standing_height`, `bone_lengths`: measures.
    - `left_in`: the state an actor is left in, for a motion to go on from.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stickgen.core import schema
from stickgen.core.actions import NO_OVERLAY
from stickgen.core.errors import SchemaError, UsageError
from stickgen.core.schema import J
from stickgen.core.types import ActorState, Motion

Array = NDArray[np.float64]

_PELVIS: Final = J["pelvis_center"]
_PARENTS: Final = np.array(schema.PARENTS[1:])
_CHAIN: Final = 0.845
"""(shin + thigh + torso + neck to head centre) / standing height of the project's own figure."""
_TINY: Final = 1e-9


class FlatMotionWarning(UserWarning):
    """A motion without depth was asked for something that needs it."""


class Bounds(NamedTuple):
    """The box around everyone present: ``low`` and ``high`` are float64 ``[3]`` in metres."""

    low: Array
    high: Array


# -- building blocks -----------------------------------------------------------------------------


def _warn_flat(what: str) -> None:
    """Warn that *what* needs depth; the fixed place makes Python show each sentence once."""
    warnings.warn(
        f"{what} needs depth, which this motion does not have; it is left as it is",
        FlatMotionWarning,
        stacklevel=1,
    )


def _with_joints(motion: Motion, joints: Array, **tracks: Any) -> Motion:
    """Return *motion* with other joints ``[T, A, 16, 3]``; absent frames are set to zero."""
    kept: dict[str, Any] = {
        "fps": motion.fps,
        "present": motion.present,
        "actions": motion.actions,
        "overlay": motion.overlay,
        "face": motion.face,
    } | tracks
    joints = np.where(kept["present"][..., None, None], joints, 0.0)
    return Motion.from_joints(joints if motion.depth is not None else joints[..., :2], **kept)


def _joints(motion: Motion) -> Array:
    return motion.joints.astype(np.float64)


def _bones(joints: Array) -> Array:
    """Return each joint relative to its parent ``[..., 15, 3]``, the root left out."""
    return joints[..., 1:, :] - joints[..., _PARENTS, :]


def _from_bones(root: Array, bones: Array) -> Array:
    """Return joints ``[..., 16, 3]`` from the root ``[..., 3]`` and bones ``[..., 15, 3]``."""
    joints = np.empty((*root.shape[:-1], schema.N_JOINTS, root.shape[-1]))
    joints[..., _PELVIS, :] = root
    for child, parent in enumerate(schema.PARENTS[1:], start=1):
        joints[..., child, :] = joints[..., parent, :] + bones[..., child - 1, :]
    return joints


def _with_lengths(bones: Array, lengths: Array, fallback: Array) -> Array:
    """Return *bones* stretched to *lengths* ``[..., 15]``; *fallback* where one has none."""
    norm = np.linalg.norm(bones, axis=-1)
    ok = norm > np.maximum(_TINY, 1e-3 * lengths)
    scaled = bones * (lengths / np.where(ok, norm, 1.0))[..., None]
    return np.where(ok[..., None], scaled, fallback)


def _arc(a: Array, b: Array) -> Array:
    """Return the rotation vectors (axis times radians) that turn *a* ``[..., 3]`` towards *b*.

    Opposite vectors are turned in the plane they share with x or, where they lie along it, y.
    """
    normal = np.cross(a, b)
    sine, cosine = np.linalg.norm(normal, axis=-1), (a * b).sum(axis=-1)
    angle = np.arctan2(sine, cosine)
    along_x = np.abs(a[..., :1]) > 0.9 * np.linalg.norm(a, axis=-1, keepdims=True)
    other = np.where(along_x, np.array([0.0, 1.0, 0.0]), np.array([1.0, 0.0, 0.0]))
    clear = sine > 1e-6 * (np.abs(cosine) + _TINY)
    axis = np.where(clear[..., None], normal, np.cross(a, other))
    length = np.linalg.norm(axis, axis=-1)
    scale = np.divide(angle, length, out=np.zeros_like(angle), where=length > _TINY**2)
    rotation: Array = axis * scale[..., None]
    return rotation


def _rotated(vectors: Array, rotation: Array) -> Array:
    """Return *vectors* ``[..., 3]`` turned by rotation vectors (Rodrigues' formula)."""
    angle = np.linalg.norm(rotation, axis=-1, keepdims=True)
    axis = rotation / np.maximum(angle, _TINY)
    along = (axis * vectors).sum(axis=-1, keepdims=True)
    turned: Array = (
        vectors * np.cos(angle)
        + np.cross(axis, vectors) * np.sin(angle)
        + axis * along * (1.0 - np.cos(angle))
    )
    return turned


def _positive(value: float, name: str) -> float:
    if not (np.isfinite(value) and value > 0):
        raise UsageError(f"{name} is {value}, expected a positive number")
    return float(value)


# -- along time ----------------------------------------------------------------------------------


def resample(motion: Motion, fps: float) -> Motion:
    """Return *motion* at *fps* frames per second; the same object if that is its rate already.

    Frame i shows the time i / fps. The duration is kept to half a frame. Positions are linear
    between frames; with depth the root is linear and each bone turns, so bones keep their length.
    Actions, overlay, face and presence are those of the nearest frame, and an absent neighbour is
    never mixed in. Raises `UsageError` for a rate that is not positive.
    """
    fps = _positive(fps, "fps")
    if fps == motion.fps:
        return motion
    n = max(1, int(np.floor(motion.n_frames / motion.fps * fps + 0.5)))
    at = np.minimum(np.arange(n) * (motion.fps / fps), motion.n_frames - 1)
    near = np.minimum(np.floor(at + 0.5).astype(np.intp), motion.n_frames - 1)
    at = np.where(np.abs(at - near) < 1e-9, near, at)
    low = np.floor(at).astype(np.intp)
    high = np.minimum(low + 1, motion.n_frames - 1)
    both = motion.present[low] & motion.present[high]
    f = np.where(both, (at - low)[:, None], 0.0)[..., None, None]
    joints = _joints(motion)
    a, b = joints[np.where(both.T, low, near).T, np.arange(motion.n_actors)], joints[high]
    mixed = a + (b - a) * f
    if motion.depth is not None:
        bones_a, bones_b = _bones(a), _bones(b)
        length_a, length_b = (np.linalg.norm(x, axis=-1) for x in (bones_a, bones_b))
        lengths = length_a + (length_b - length_a) * f[..., 0]
        turned = _with_lengths(_bones(mixed), lengths, bones_a)
        mixed = np.where(f > 0, _from_bones(mixed[..., _PELVIS, :], turned), a)
    return _with_joints(
        motion,
        mixed,
        fps=fps,
        present=motion.present[near],
        actions=motion.actions[near],
        overlay=motion.overlay[near],
        face=None if motion.face is None else motion.face[near],
    )


def slice_frames(motion: Motion, start: int = 0, stop: int | None = None) -> Motion:
    """Return frames *start* to *stop* (exclusive), with Python's meaning of negative numbers.

    Raises `UsageError` when nothing is left.
    """
    part = slice(start, stop)
    if len(range(*part.indices(motion.n_frames))) == 0:
        raise UsageError(
            f"frames {start} to {stop} of a motion of {motion.n_frames} frames hold nothing"
        )
    return replace(
        motion,
        frames=motion.frames[part],
        depth=None if motion.depth is None else motion.depth[part],
        present=motion.present[part],
        actions=motion.actions[part],
        overlay=motion.overlay[part],
        face=None if motion.face is None else motion.face[part],
    )


def concat(motions: Sequence[Motion], blend: float = 0.2, follow: bool = False) -> Motion:
    """Return the motions one after another at the first one's frame rate.

    Every piece keeps its frames (the result has the sum of their numbers). At a seam the next
    piece starts where the previous one was heading, with its velocity, and eases into its own
    course within *blend* seconds: a cubic that takes the gap in place and velocity to zero
    (inertialisation; D. Bollo, GDC 2018). With depth it moves the root and turns every bone, so
    bones keep their length; a flat motion's joints move in the plane. With *follow* each next
    piece is first moved over the ground and turned, all its actors together, to begin where the
    previous one ended.

    If one piece is flat the result is flat (with a `FlatMotionWarning`); a piece without a face
    gets a neutral one where others have one. Raises `UsageError` for no motions or a negative
    blend, `SchemaError` when the numbers of actors differ.
    """
    if not motions:
        raise UsageError("there is no motion to join, expected at least one")
    if not (np.isfinite(blend) and blend >= 0):
        raise UsageError(f"blend is {blend}, expected seconds of at least 0")
    fps, n_actors = motions[0].fps, motions[0].n_actors
    for i, piece in enumerate(motions):
        if piece.n_actors != n_actors:
            raise SchemaError(
                f"motion {i} has {piece.n_actors} actors, the first one {n_actors};"
                " join motions of the same actors"
            )
    pieces = [resample(piece, fps) for piece in motions]
    if len(pieces) == 1:
        return pieces[0]
    solid = all(piece.depth is not None for piece in pieces)
    if not solid and any(piece.depth is not None for piece in pieces):
        _warn_flat("joining in 3-D")
    faced = any(piece.face is not None for piece in pieces)
    joined: list[Array] = []
    before: Motion | None = None
    for piece in pieces:
        joints = _joints(piece)
        if not solid:
            joints[..., 2] = 0.0
        if before is not None:
            previous = joined[-1]
            if follow:
                joints = _followed(previous, before.present, joints, piece.present, solid)
            joints = _eased(previous, before.present, joints, piece.present, blend * fps, solid)
        joined.append(joints)
        before = piece

    def face(piece: Motion) -> NDArray[np.float32]:
        if piece.face is not None:
            return piece.face
        return np.zeros((piece.n_frames, n_actors, 7), np.float32)

    present = np.concatenate([piece.present for piece in pieces])
    joints = np.where(present[..., None, None], np.concatenate(joined), 0.0)
    return Motion.from_joints(
        joints if solid else joints[..., :2],
        fps=fps,
        present=present,
        actions=np.concatenate([piece.actions for piece in pieces]),
        overlay=np.concatenate([piece.overlay for piece in pieces]),
        face=np.concatenate([face(piece) for piece in pieces]) if faced else None,
    )


def _seam(
    previous: Array, was: NDArray[np.bool_], following: Array, now: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], Array, Array]:
    """Return who crosses the seam ``[A]``, and both sides' velocities per frame ``[A, 16, 3]``."""
    crosses = was[-1] & now[0]
    before, after = np.zeros_like(previous[-1]), np.zeros_like(following[0])
    if len(previous) > 1:
        before = np.where(was[-2][:, None, None], previous[-1] - previous[-2], 0.0)
    if len(following) > 1:
        after = np.where(now[1][:, None, None], following[1] - following[0], 0.0)
    return crosses, before, after


def _followed(
    previous: Array,
    was: NDArray[np.bool_],
    following: Array,
    now: NDArray[np.bool_],
    solid: bool,
) -> Array:
    """Return *following* moved and turned over the ground to begin where *previous* ended.

    The turn is the least-squares one between the hips and shoulders of all actors (Kabsch in the
    plane): in a gait the two swing against each other, so their mean is the direction of travel.
    """
    crosses, step, _ = _seam(previous, was, following, now)
    if not crosses.any():
        return following
    target = (previous[-1] + step)[crosses]
    origin = following[0][crosses]
    trunk = [J["l_hip"], J["r_hip"], J["l_shoulder"], J["r_shoulder"]]
    p, q = (side[:, trunk][..., [0, 2]].reshape(-1, 2) for side in (target, origin))
    p, q = p - p.mean(axis=0), q - q.mean(axis=0)
    angle = 0.0
    if solid:
        angle = float(np.arctan2((q[:, 1] * p[:, 0] - q[:, 0] * p[:, 1]).sum(), (p * q).sum()))
    centre = origin[:, _PELVIS].mean(axis=0)
    moved = _turned(following, angle, (centre[0], centre[2]))
    shift = target[:, _PELVIS].mean(axis=0) - centre
    placed: Array = moved + shift * np.array([1.0, 0.0, 1.0])
    return placed


def _eased(
    previous: Array,
    was: NDArray[np.bool_],
    following: Array,
    now: NDArray[np.bool_],
    frames: float,
    solid: bool,
) -> Array:
    """Return *following* with its first *frames* bent to leave *previous* smoothly."""
    crosses, before, after = _seam(previous, was, following, now)
    n = min(len(following), int(np.ceil(frames)))
    if n < 1 or not crosses.any():
        return following
    start = following[0] - after  # where the next piece would have been at the previous frame
    s = np.minimum(np.arange(1, n + 1) / (n + 1), 1.0)[:, None, None, None]
    place = 2 * s**3 - 3 * s**2 + 1
    speed = (s**3 - 2 * s**2 + s) * (n + 1)

    def gap(last: Array, last_step: Array, first: Array, first_step: Array) -> Array:
        return np.asarray((last - first) * place + (last_step - first_step) * speed)

    head = following[:n]
    if solid:
        own, last, first = _bones(head), _bones(previous[-1]), _bones(following[0])
        spin_before = _arc(last - _bones(before), last)
        spin_after = _arc(first, first + _bones(after))
        swing = _arc(_rotated(first, -spin_after), last)
        bones = _rotated(own, swing * place + (spin_before - spin_after) * speed)
        shift = gap(previous[-1], before, start, after)[:, :, _PELVIS]
        bent = _from_bones(head[:, :, _PELVIS] + shift, bones)
    else:
        bent = head + gap(previous[-1], before, start, after)
    mixed = np.where((crosses & now[:n])[..., None, None], bent, head)
    return np.concatenate([mixed, following[n:]])


# -- in space ------------------------------------------------------------------------------------


def _turned(joints: Array, angle: float | Array, about: tuple[float, float]) -> Array:
    """Return *joints* ``[T, A, 16, 3]`` turned by *angle* radians (a number or ``[T, 1, 1]``)."""
    cos, sin = np.cos(angle), np.sin(angle)
    x, z = joints[..., 0] - about[0], joints[..., 2] - about[1]
    out = joints.copy()
    out[..., 0] = about[0] + x * cos + z * sin
    out[..., 2] = about[1] - x * sin + z * cos
    return out


def yaw(motion: Motion, degrees: float, about: tuple[float, float] = (0.0, 0.0)) -> Motion:
    """Return *motion* turned about the vertical through *about* = (x, z), all actors together.

    +90 turns one who faces +x to face -z. Without depth: unchanged, with a `FlatMotionWarning`.
    """
    if not np.isfinite(degrees):
        raise UsageError(f"yaw is {degrees} degrees, expected a finite number")
    if degrees % 360.0 == 0.0:
        return motion
    if motion.depth is None:
        _warn_flat("turning a motion")
        return motion
    angle = float(np.radians(degrees % 360.0))
    return _with_joints(motion, _turned(_joints(motion), angle, about))


def orbit(motion: Motion, degrees: ArrayLike, about: tuple[float, float] | None = None) -> Motion:
    """Return *motion* as seen by a camera that went *degrees* around it, counter-clockwise.

    *degrees* is a number or one a frame ``[T]``; 30 maps +x to (cos 30°, 0, sin 30°), the
    three-quarter view. The centre *about* = (x, z) defaults to the middle of the `bounds`.
    Without depth: unchanged, with a `FlatMotionWarning`.
    """
    angles = np.asarray(degrees, dtype=np.float64)
    if angles.shape not in ((), (motion.n_frames,)) or not np.isfinite(angles).all():
        raise UsageError(
            f"orbit takes one finite angle or {motion.n_frames} of them, one a frame,"
            f" not an array of shape {list(angles.shape)}"
        )
    if motion.depth is None:
        _warn_flat("orbiting a motion")
        return motion
    if about is None:
        low, high = bounds(motion)
        about = (float(low[0] + high[0]) / 2.0, float(low[2] + high[2]) / 2.0)
    radians = np.radians(-np.broadcast_to(angles, (motion.n_frames,)))[:, None, None]
    return _with_joints(motion, _turned(_joints(motion), radians, about))


def mirror(motion: Motion, axis: Literal["z", "x"] = "z") -> Motion:
    """Return the mirror image: a right-handed wave becomes a left-handed one; twice is nothing.

    The body is reflected and its left and right joints change names (`schema.SYMMETRY`). With the
    default *axis* "z" the mirror is the picture plane: who walks to +x still walks to +x, a turn
    to the left becomes a turn to the right, and toward the viewer becomes away; a flat motion
    keeps its outline and swaps sides. *axis* "x" reflects left and right of the picture instead,
    so travel along x is reversed. The face is untouched, and so are the actions.
    """
    if axis not in ("z", "x"):
        raise UsageError(f"mirror axis is {axis!r}, expected 'z' or 'x'")
    joints = _joints(motion)[:, :, list(schema.SYMMETRY)]
    joints[..., 2 if axis == "z" else 0] *= -1.0
    return _with_joints(motion, joints)


def translate(motion: Motion, offset: Sequence[float]) -> Motion:
    """Return *motion* moved by *offset* = (x, y, z) metres, everyone together."""
    shift = np.asarray(offset, dtype=np.float64)
    if shift.shape != (3,) or not np.isfinite(shift).all():
        raise UsageError(f"offset is {list(offset)}, expected three finite numbers (x, y, z)")
    if not shift.any():
        return motion
    if motion.depth is None and shift[2] != 0.0:
        _warn_flat("moving along z")
    return _with_joints(motion, _joints(motion) + shift)


def scale(motion: Motion, factor: float) -> Motion:
    """Return *motion* scaled about the origin of the ground by *factor* > 0, everyone together."""
    factor = _positive(factor, "scale factor")
    return motion if factor == 1.0 else _with_joints(motion, _joints(motion) * factor)


def normalise(motion: Motion, height: float = schema.HEIGHT) -> Motion:
    """Return *motion* scaled about the ground's origin until the median actor stands *height* tall.

    One factor for everybody, so that people who touch still touch and feet stay on the ground.
    """
    height = _positive(height, "height")
    return scale(motion, height / float(np.median(standing_height(motion))))


def on_ground(motion: Motion) -> Motion:
    """Return *motion* lifted or lowered, everyone together, to stand on the ground.

    The lowest 1 % of all ankle heights becomes the height of a flat-standing ankle, 0.045 H.
    """
    ankles = _joints(motion)[:, :, [J["l_ankle"], J["r_ankle"]], 1]
    lowest = ankles - (schema.ANKLE_HEIGHT * standing_height(motion))[:, None]
    heights = lowest[motion.present]
    if not heights.size:
        return motion
    return translate(motion, (0.0, -float(np.percentile(heights, 1.0)), 0.0))


def canonical(motion: Motion) -> Motion:
    """Return *motion* in the canonical view: actor 0 first faces +x with its pelvis at x = z = 0.

    One rigid yaw and one shift for everybody, nothing per frame, heights untouched. "First" is
    actor 0's first present frame; its heading comes from the hips, else from where its root
    travels. A flat motion is only shifted, with a `FlatMotionWarning` if it would have to turn.
    """
    here = np.flatnonzero(motion.present[:, 0])
    if not here.size:
        return motion
    joints = _joints(motion)
    first = joints[here[0], 0]
    origin = (float(first[_PELVIS, 0]), float(first[_PELVIS, 2]))
    if motion.depth is None:
        if _travel_heading(joints[here, 0]) not in (None, 0.0):
            _warn_flat("turning a motion to face +x")
        return translate(motion, (-origin[0], 0.0, 0.0))
    hips = first[J["r_hip"]] - first[J["l_hip"]]
    across = float(np.hypot(hips[0], hips[2]))
    if across > max(0.01, 0.3 * float(np.linalg.norm(hips))):
        angle = float(heading(first))
    else:
        angle = _travel_heading(joints[here, 0]) or 0.0
    turned = _turned(joints, -angle, origin) - np.array([origin[0], 0.0, origin[1]])
    return _with_joints(motion, turned)


def _travel_heading(joints: Array) -> float | None:
    """Return the heading of the root's farthest point in ``[T, 16, 3]``, None within 0.2 m."""
    path = joints[:, _PELVIS][:, [0, 2]] - joints[0, _PELVIS][[0, 2]]
    far = path[np.argmax(np.linalg.norm(path, axis=-1))]
    if np.linalg.norm(far) < 0.2:
        return None
    return float(np.arctan2(-far[1], far[0]))


# -- who is in it --------------------------------------------------------------------------------


def together(motions: Sequence[Motion]) -> Motion:
    """Return one motion with the actors of all of them, at the first one's frame rate.

    A shorter one's actors are absent after its end. The result has depth if all have (else a
    `FlatMotionWarning` where some have), and a face if one has.
    """
    if not motions:
        raise UsageError("there is no motion to put together, expected at least one")
    pieces = [resample(piece, motions[0].fps) for piece in motions]
    if len(pieces) == 1:
        return pieces[0]
    n = max(piece.n_frames for piece in pieces)
    solid = all(piece.depth is not None for piece in pieces)
    if not solid and any(piece.depth is not None for piece in pieces):
        _warn_flat("putting motions together in 3-D")
    faced = any(piece.face is not None for piece in pieces)

    def track(name: str, fill: float, tail: tuple[int, ...] = ()) -> NDArray[Any]:
        columns = []
        for piece in pieces:
            value = getattr(piece, name)
            if value is None:
                value = np.zeros((piece.n_frames, piece.n_actors, *tail), np.float32)
            out = np.full((n, *value.shape[1:]), fill, dtype=value.dtype)
            out[: piece.n_frames] = value
            columns.append(out)
        return np.concatenate(columns, axis=1)

    return Motion(
        track("frames", 0.0),
        fps=pieces[0].fps,
        depth=track("depth", 0.0, (schema.N_JOINTS,)) if solid else None,
        present=track("present", False),
        actions=track("actions", 0),
        overlay=track("overlay", NO_OVERLAY),
        face=track("face", 0.0, (7,)) if faced else None,
    )


def select(motion: Motion, actors: Sequence[int]) -> Motion:
    """Return only the given *actors*, in that order; `UsageError` for one that is not there."""
    index = list(actors)
    if not index or any(not 0 <= i < motion.n_actors for i in index):
        raise UsageError(f"actors {index} of a motion with {motion.n_actors}: no such actors")
    return replace(
        motion,
        frames=motion.frames[:, index],
        depth=None if motion.depth is None else motion.depth[:, index],
        present=motion.present[:, index],
        actions=motion.actions[:, index],
        overlay=motion.overlay[:, index],
        face=None if motion.face is None else motion.face[:, index],
    )


# -- measures ------------------------------------------------------------------------------------


def bounds(motion: Motion) -> Bounds:
    """Return the box around the joints of everyone present (points: add the width of the limbs).

    The box is empty at the origin if nobody is ever present.
    """
    points = _joints(motion)[motion.present]
    if not len(points):
        return Bounds(np.zeros(3), np.zeros(3))
    return Bounds(points.min(axis=(0, 1)), points.max(axis=(0, 1)))


def heading(joints: NDArray[np.floating]) -> Array:
    """Return the direction faced ``[...]`` in radians (-pi, pi] of *joints* ``[..., 16, 3]``.

    Taken from the hips, or from the shoulders where the hips stand one above the other (less
    than a third of their distance is horizontal); 0 where neither tells.
    """
    joints = np.asarray(joints, dtype=np.float64)
    hips = joints[..., J["r_hip"], :] - joints[..., J["l_hip"], :]
    shoulders = joints[..., J["r_shoulder"], :] - joints[..., J["l_shoulder"], :]

    def clear(across: Array) -> NDArray[np.bool_]:
        flat = np.hypot(across[..., 0], across[..., 2])
        return np.asarray((flat > 1e-6) & (flat > 0.3 * np.linalg.norm(across, axis=-1)))

    right = np.where(clear(hips)[..., None], hips, shoulders)
    angle = np.arctan2(right[..., 0], right[..., 2])
    return np.where(clear(right), angle, 0.0)


def left_in(motion: Motion, action: str, actor: int = 0) -> ActorState:
    """Return the state in which *actor*, who did *action*, is left at the end of *motion*.

    There is no velocity where *motion* has only one frame.
    """
    joints = motion.joints[-2:, actor].astype(np.float64)
    pose = joints[-1]
    return ActorState(
        position=(float(pose[_PELVIS, 0]), float(pose[_PELVIS, 2])),
        heading=float(heading(pose)),
        action=action,
        pose=pose,
        velocity=(pose - joints[0]) * motion.fps if len(joints) > 1 else None,
    )


def root_speed(motion: Motion) -> Array:
    """Return the pelvis's speed over the ground ``[T, A]`` in m/s (central differences)."""
    root = _joints(motion)[:, :, _PELVIS][..., [0, 2]]
    if motion.n_frames < 2:
        return np.zeros((motion.n_frames, motion.n_actors))
    speed = np.linalg.norm(np.gradient(root, 1.0 / motion.fps, axis=0), axis=-1)
    return np.where(_settled(motion.present), speed, 0.0)


def _settled(present: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return where an actor is present in this frame and both neighbours."""
    out = present.copy()
    out[1:] &= present[:-1]
    out[:-1] &= present[1:]
    return out


def bone_lengths(motion: Motion) -> Array:
    """Return the lengths of the 12 segments ``[T, A, 12]`` in metres (as drawn, if flat)."""
    joints = _joints(motion)
    bones = joints[:, :, schema.SEGMENT_ENDS] - joints[:, :, schema.SEGMENT_STARTS]
    return np.asarray(np.linalg.norm(bones, axis=-1))


def standing_height(motion: Motion) -> Array:
    """Return how tall each actor ``[A]`` stands, in metres, estimated from its bones.

    Shin + thigh + torso + neck to head centre are 0.845 of the height of the project's own
    figure. Each bone counts with its median over the frames present (its 95th percentile in a
    flat motion, where bones are foreshortened), legs with the mean of both sides. An actor that
    is never present, or has no size, counts as 1.70 m.
    """
    lengths = bone_lengths(motion)
    heights = np.full(motion.n_actors, schema.HEIGHT)
    percentile = 50.0 if motion.depth is not None else 95.0
    names = [name for name, _, _ in schema.SEGMENTS]
    for actor in range(motion.n_actors):
        here = lengths[motion.present[:, actor], actor]
        if not len(here):
            continue
        bone = dict(zip(names, np.percentile(here, percentile, axis=0), strict=True))
        legs = sum(bone[f"{side}_{part}"] for side in "lr" for part in ("thigh", "shin")) / 2.0
        chain = float(legs + bone["upper_torso"] + bone["lower_torso"] + bone["head"])
        if chain > 1e-3:
            heights[actor] = chain / _CHAIN
    return heights
