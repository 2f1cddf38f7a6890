"""What a motion looks like in numbers, without any learnt model.

A motion ``[T, 16, 3]`` of one actor becomes, first, tracks of its own body (`local`): every joint
seen from the pelvis and from the direction the body faces, so that where a clip happens and whither
it is turned does not matter. `kinematic` then boils the tracks down to one row of statistics per
motion, whatever its length: means, spreads, speeds, joint angles, travel, rhythm and contact.

Heights are in body heights, speeds in heights a second, angles in radians; all at 25 fps.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stickgen.core import ops, schema
from stickgen.core.errors import UsageError
from stickgen.core.schema import J
from stickgen.core.types import Motion

Array = NDArray[np.float64]

SHORTEST: Final = 8
"""Frames below which a motion has no rhythm and no acceleration to speak of."""

_BANDS: Final = ((0.0, 0.6), (0.6, 1.2), (1.2, 2.0), (2.0, 3.2), (3.2, 5.0), (5.0, 12.0))
"""Bands of the spectrum, Hz: a slow walk steps at 1.5, a run at 3."""

_MIRROR: Final = np.array(schema.SYMMETRY)


class Local(NamedTuple):
    """A body in its own frame: ``joints`` ``[T, 16, 3]``, and how that frame moves.

    Of the joints, x points where the body faces, y up from the ground, z to its right; the pelvis
    is at x = z = 0. ``forward``, ``sideways`` (heights a second) and ``turning`` (rad/s) are
    ``[T]``.
    """

    joints: Array
    forward: Array
    sideways: Array
    turning: Array


def joints_of(motion: Motion, actor: int = 0) -> Array:
    """Return one actor's joints ``[T, 16, 3]`` in body heights at 25 fps, where it is present.

    Raises `UsageError` for a motion without depth or of fewer than `SHORTEST` frames.
    """
    if motion.depth is None:
        raise UsageError("a flat motion cannot be compared with 3-D ones; it has no depth")
    if abs(motion.fps - schema.FPS) > 1e-6:
        motion = ops.resample(motion, schema.FPS)
    joints = motion.joints[motion.present[:, actor], actor].astype(np.float64)
    if len(joints) < SHORTEST:
        raise UsageError(
            f"a motion of {len(joints)} frames is too short to be measured; give {SHORTEST} or more"
        )
    return np.asarray(joints / float(ops.standing_height(motion)[actor]))


def mirrored(joints: Array) -> Array:
    """Return *joints* ``[..., 16, 3]`` with left and right exchanged."""
    return np.asarray(joints[..., _MIRROR, :] * np.array([1.0, 1.0, -1.0]))


def local(joints: Array) -> Local:
    """Return the body of *joints* ``[T, 16, 3]`` (heights, 25 fps) in its own frame.

    The direction it faces is smoothed over half a second, and carried on where hips and shoulders
    do not tell (lying, cartwheels), so that a swinging hip turns in the frame and not with it.
    """
    pelvis = joints[:, J["pelvis_center"]]
    facing = _facing(joints)
    cos, sin = np.cos(facing)[:, None], np.sin(facing)[:, None]
    x, z = joints[..., 0] - pelvis[:, :1], joints[..., 2] - pelvis[:, 2:]
    body = np.stack([cos * x - sin * z, joints[..., 1], sin * x + cos * z], axis=-1)
    velocity = np.gradient(pelvis, 1.0 / schema.FPS, axis=0)
    return Local(
        body,
        cos[:, 0] * velocity[:, 0] - sin[:, 0] * velocity[:, 2],
        sin[:, 0] * velocity[:, 0] + cos[:, 0] * velocity[:, 2],
        np.gradient(facing, 1.0 / schema.FPS),
    )


def tracks(joints: Array) -> NDArray[np.float32]:
    """Return what an evaluator sees of *joints* ``[T, 16, 3]``: ``[T, 99]``.

    48 places and 48 velocities of the joints in the body's own frame, and its travel (forward,
    sideways, turning). Velocities are scaled by 0.2 to be as large as places.
    """
    own = local(joints)
    speed = np.gradient(own.joints, 1.0 / schema.FPS, axis=0) * 0.2
    travel = np.stack([own.forward, own.sideways, own.turning], axis=-1) * 0.5
    flat = (own.joints.reshape(len(joints), -1), speed.reshape(len(joints), -1), travel)
    return np.concatenate(flat, axis=-1).astype(np.float32)


TRACKS: Final = 99
"""Width of `tracks`."""


def kinematic(joints: Array) -> Array:
    """Return one row ``[D]`` of statistics of *joints* ``[T, 16, 3]`` (heights, 25 fps)."""
    own = local(joints)
    body = own.joints[:, 1:]
    world = np.linalg.norm(np.gradient(joints, 1.0 / schema.FPS, axis=0), axis=-1)
    angles = _angles(own.joints)
    feet = joints[:, [J["l_ankle"], J["r_ankle"]], 1] - schema.ANKLE_HEIGHT
    low = feet < schema.PLANTED_MARGIN
    height = joints[:, J["pelvis_center"], 1]
    seconds = len(joints) / schema.FPS
    path = np.hypot(own.forward, own.sideways)
    net = joints[-1, 0, [0, 2]] - joints[0, 0, [0, 2]]
    wrists = own.joints[:, [J["l_wrist"], J["r_wrist"]]]
    parts = [
        body.mean(axis=0).ravel(),
        body.std(axis=0).ravel(),
        np.log1p(world.mean(axis=0)),
        np.log1p(world.std(axis=0)),
        np.log1p(world.max(axis=0)),
        *(f(angles, axis=0) for f in (np.mean, np.std, np.min, np.max)),
        [height.min(), height.max(), height.mean(), height.std()],
        [own.forward.mean(), own.forward.std(), own.sideways.mean(), own.sideways.std()],
        [np.log1p(path.mean()), np.log1p(np.linalg.norm(net) / seconds)],
        [np.abs(own.turning).mean(), own.turning.mean(), own.turning.std()],
        [low.any(axis=1).mean(), low.all(axis=1).mean(), feet.min(), feet.max()],
        [np.linalg.norm(wrists[:, 0] - wrists[:, 1], axis=-1).mean()],
        [_together(wrists[:, 0, 1], wrists[:, 1, 1]), _together(feet[:, 0], feet[:, 1])],
        _rhythm(own, height),
    ]
    return np.concatenate([np.asarray(part, dtype=np.float64) for part in parts])


def kinematic_rows(motions: list[Array]) -> Array:
    """Return the rows ``[N, D]`` of `kinematic` of several motions."""
    return np.stack([kinematic(joints) for joints in motions])


class Whitening(NamedTuple):
    """A map to *k* uncorrelated numbers, learnt from training motions: ``(row - mean) @ axes``."""

    mean: Array
    axes: Array

    def __call__(self, rows: Array) -> Array:
        """Return the coordinates ``[N, k]`` of *rows* ``[N, D]``."""
        return np.asarray((rows - self.mean) @ self.axes)


def whitening(rows: Array, k: int = 32) -> Whitening:
    """Return the *k* strongest principal axes of *rows* ``[N, D]``, after scaling each column.

    Distances between distributions need far fewer numbers than there are samples. The coordinates
    keep their own variances (a plain PCA of standardised columns), divided by the root of the mean
    one, so that figures are of order 1.
    """
    mean, spread = rows.mean(axis=0), rows.std(axis=0)
    scale = np.where(spread > 1e-6, 1.0 / np.maximum(spread, 1e-6), 0.0)
    _, strength, axes = np.linalg.svd((rows - mean) * scale, full_matrices=False)
    k = min(k, len(axes))
    size = np.sqrt(np.mean(strength[:k] ** 2) / max(len(rows), 1))
    return Whitening(mean, (scale[:, None] * axes[:k].T) / max(float(size), 1e-9))


def _facing(joints: Array) -> Array:
    """Return the unwrapped, smoothed direction faced ``[T]`` in radians."""
    across = joints[:, J["r_hip"]] - joints[:, J["l_hip"]]
    across = across + (joints[:, J["r_shoulder"]] - joints[:, J["l_shoulder"]])
    # a lying body points nowhere: weigh each frame by how level its hips and shoulders are
    level = across[:, [0, 2]]
    width = 12
    padded = np.pad(level, ((width // 2, width // 2), (0, 0)), mode="edge")
    kernel = np.ones(width + 1) / (width + 1)
    smooth = np.stack([np.convolve(padded[:, i], kernel, mode="valid") for i in range(2)], axis=-1)
    return np.unwrap(np.arctan2(smooth[:, 0], smooth[:, 1]))


def _angles(body: Array) -> Array:
    """Return the angles ``[T, 14]`` at knees, elbows, hips, shoulders, trunk and head, radians."""

    def unit(a: str, b: str) -> Array:
        line = body[:, J[b]] - body[:, J[a]]
        return np.asarray(line / np.maximum(np.linalg.norm(line, axis=-1, keepdims=True), 1e-9))

    def between(a: Array, b: Array) -> Array:
        return np.asarray(np.arccos(np.clip((a * b).sum(axis=-1), -1.0, 1.0)))

    up = np.broadcast_to([0.0, 1.0, 0.0], (len(body), 3))
    trunk = unit("pelvis_center", "neck")
    columns = [
        between(trunk, up),
        np.arctan2(trunk[:, 0], trunk[:, 1]),
        unit("neck", "head_center")[:, 0],
    ]
    for side in ("l", "r"):
        thigh, shin = unit(f"{side}_hip", f"{side}_knee"), unit(f"{side}_knee", f"{side}_ankle")
        arm = unit(f"{side}_shoulder", f"{side}_elbow")
        forearm = unit(f"{side}_elbow", f"{side}_wrist")
        columns += [between(thigh, shin), between(arm, forearm), between(trunk, -thigh)]
        columns += [between(-trunk, arm), np.arctan2(thigh[:, 0], -thigh[:, 1])]
    columns.append(unit("neck", "head_center")[:, 1])
    return np.stack(columns, axis=-1)


def _rhythm(own: Local, height: Array) -> Array:
    """Return the energy in `_BANDS` of wrists, ankles and pelvis height, log10, ``[36]``."""
    ends = [own.joints[:, J[name], axis] for name in ("l_ankle", "r_ankle") for axis in (0,)]
    ends += [own.joints[:, J[name], 1] for name in ("l_wrist", "r_wrist")]
    signals = np.stack([*ends, height, own.joints[:, J["l_wrist"], 2]])
    signals = signals - signals.mean(axis=1, keepdims=True)
    n = signals.shape[1]
    power = np.abs(np.fft.rfft(signals * np.hanning(n), axis=1)) ** 2 / n**2
    frequency = np.fft.rfftfreq(n, 1.0 / schema.FPS)
    bands = [power[:, (frequency >= a) & (frequency < b)].sum(axis=1) for a, b in _BANDS]
    return np.log10(np.stack(bands) + 1e-8).ravel()


def _together(a: Array, b: Array) -> float:
    """Return the correlation of two signals ``[T]``, 0 where one of them stands still."""
    a, b = a - a.mean(), b - b.mean()
    size = np.sqrt((a @ a) * (b @ b))
    return float(a @ b / size) if size > 1e-6 else 0.0
