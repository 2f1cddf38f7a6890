"""Where the joints of one recorded body are: rotations on a skeleton, or points in space.

A converter's parser returns one of two tracks, and the shared path asks either of them the same
question, `locate`: where are these joints at these (fractional) frames?

**Conventions**
    Positions are in the file's own axes and unit. Quaternions are (w, x, y, z). A frame number
    may be fractional: rotations are interpolated by slerp and joints then placed by forward
    kinematics, so that bones keep their length; points are interpolated linearly.

**Contents**
    - `Track`: what the shared path relies on.
    - `SkeletonTrack`: joint offsets plus Euler angles or quaternions for every frame.
    - `PointTrack`: joint positions for every frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Track(Protocol):
    """The joints of one body over time, in the file's own axes and unit."""

    @property
    def names(self) -> Sequence[str]: ...

    @property
    def parents(self) -> Sequence[int]:
        """Index of each joint's parent, before it in the order; -1 for a root."""
        ...

    @property
    def n_frames(self) -> int: ...

    def locate(self, frames: Array, joints: Sequence[int], tips: Sequence[int] = ()) -> Array:
        """Return positions ``[N, len(joints) + len(tips), 3]`` at *frames* ``[N]``.

        The tip of a joint is the point that continues the bone leading to it: the joint plus its
        bone vector, turned as the joint itself is turned. The tip of a skull's base is above it.
        """
        ...


def multiply(a: Array, b: Array) -> Array:
    """Return the Hamilton product of quaternions ``[..., 4]``: first *b*, then *a*."""
    w1, x1, y1, z1 = a[..., 0], a[..., 1], a[..., 2], a[..., 3]
    w2, x2, y2, z2 = b[..., 0], b[..., 1], b[..., 2], b[..., 3]
    out = np.empty(np.broadcast_shapes(a.shape, b.shape))
    out[..., 0] = w1 * w2 - x1 * x2 - y1 * y2 - z1 * z2
    out[..., 1] = w1 * x2 + x1 * w2 + y1 * z2 - z1 * y2
    out[..., 2] = w1 * y2 - x1 * z2 + y1 * w2 + z1 * x2
    out[..., 3] = w1 * z2 + x1 * y2 - y1 * x2 + z1 * w2
    return out


def rotate(q: Array, v: Array) -> Array:
    """Return vectors *v* ``[..., 3]`` turned by unit quaternions *q* ``[..., 4]``."""
    w, x, y, z = q[..., 0], q[..., 1], q[..., 2], q[..., 3]
    a, b, c = v[..., 0], v[..., 1], v[..., 2]
    # v + 2 w (u x v) + 2 u x (u x v), with u the vector part
    tx, ty, tz = 2 * (y * c - z * b), 2 * (z * a - x * c), 2 * (x * b - y * a)
    out = np.empty((*np.broadcast_shapes(q.shape[:-1], v.shape[:-1]), 3))
    out[..., 0] = a + w * tx + y * tz - z * ty
    out[..., 1] = b + w * ty + z * tx - x * tz
    out[..., 2] = c + w * tz + x * ty - y * tx
    return out


def from_euler(degrees: Array, axes: NDArray[np.intp]) -> Array:
    """Return the quaternions ``[..., J, 4]`` of Euler angles *degrees* ``[..., J, 3]``.

    *axes* ``[J, 3]`` holds, for each joint, the axis (0 = x, 1 = y, 2 = z) of its first, second
    and third rotation as written; they compose about moving axes, the first one outermost.
    """
    half = np.radians(degrees) * 0.5
    cos, sin = np.cos(half), np.sin(half)
    joints = np.arange(axes.shape[0])
    result: Array | None = None
    for k in range(3):
        q = np.zeros((*degrees.shape[:-1], 4))
        q[..., 0] = cos[..., k]
        q[..., joints, 1 + axes[:, k]] = sin[..., k]
        result = q if result is None else multiply(result, q)
    assert result is not None
    return result


def slerp(a: Array, b: Array, t: Array) -> Array:
    """Return unit quaternions ``[..., 4]`` a share *t* (0-1) of the short way from *a* to *b*."""
    dot = np.einsum("...i,...i->...", a, b)
    sign = np.where(dot < 0, -1.0, 1.0)
    angle = np.arccos(np.clip(dot * sign, -1.0, 1.0))
    sine = np.sin(angle)
    near = sine < 1e-6
    sine = np.where(near, 1.0, sine)
    wa = np.where(near, 1.0 - t, np.sin((1.0 - t) * angle) / sine)
    wb = np.where(near, t, np.sin(t * angle) / sine) * sign
    out: Array = a * wa[..., None] + b * wb[..., None]
    out /= np.linalg.norm(out, axis=-1, keepdims=True)
    return out


@dataclass(frozen=True, eq=False)
class SkeletonTrack:
    """A skeleton that moves by rotations.

    Args:
        names: joint names, parents before children.
        parents: index of each joint's parent, -1 for a root.
        offsets: each joint in its parent's frame ``[J, 3]``.
        rotations: Euler angles in degrees ``[T, J, 3]`` when *axes* is given, else unit
            quaternions ``[T, J, 4]``.
        axes: order of the Euler angles ``[J, 3]``, see `from_euler`.
        moving: joints whose place in their parent's frame is recorded for every frame.
        translations: those places ``[T, len(moving), 3]``.
    """

    names: Sequence[str]
    parents: Sequence[int]
    offsets: Array
    rotations: Array
    axes: NDArray[np.intp] | None = None
    moving: Sequence[int] = ()
    translations: Array | None = None

    @property
    def n_frames(self) -> int:
        return int(self.rotations.shape[0])

    def locate(self, frames: Array, joints: Sequence[int], tips: Sequence[int] = ()) -> Array:
        """See `Track.locate`."""
        chain = self._ancestors([*joints, *tips])
        place = {joint: i for i, joint in enumerate(chain)}
        low, share = _split(frames, self.n_frames)
        exact = not share.any()
        local = self._local(low, chain)
        if not exact:
            local = slerp(local, self._local(low + (share > 0), chain), share[:, None])
        position = np.empty((len(frames), len(chain), 3))
        world = np.empty((len(frames), len(chain), 4))
        moving = {joint: k for k, joint in enumerate(self.moving)}
        for i, joint in enumerate(chain):
            step = self.offsets[joint]
            if joint in moving and self.translations is not None:
                track = self.translations[:, moving[joint]]
                step = track[low]
                if not exact:
                    step = step + share[:, None] * (track[low + (share > 0)] - step)
            parent = self.parents[joint]
            if parent < 0:
                position[:, i] = step
                world[:, i] = local[:, i]
            else:
                p = place[parent]
                position[:, i] = position[:, p] + rotate(world[:, p], step)
                world[:, i] = multiply(world[:, p], local[:, i])
        found = [position[:, place[joint]] for joint in joints]
        for joint in tips:
            i = place[joint]
            found.append(position[:, i] + rotate(world[:, i], self.offsets[joint]))
        return np.stack(found, axis=1)

    def _ancestors(self, joints: Sequence[int]) -> list[int]:
        """Return *joints* and everything above them, parents first."""
        needed: set[int] = set()
        for joint in joints:
            while joint >= 0 and joint not in needed:
                needed.add(joint)
                joint = self.parents[joint]
        return sorted(needed)

    def _local(self, frames: NDArray[np.intp], chain: list[int]) -> Array:
        values = self.rotations[frames[:, None], chain]
        return values if self.axes is None else from_euler(values, self.axes[chain])


@dataclass(frozen=True, eq=False)
class PointTrack:
    """Joint *positions* ``[T, J, 3]`` recorded for every frame.

    Between two frames each bone turns and its length changes evenly, so that a bone of constant
    length keeps it.
    """

    names: Sequence[str]
    parents: Sequence[int]
    positions: Array

    @property
    def n_frames(self) -> int:
        return int(self.positions.shape[0])

    def locate(self, frames: Array, joints: Sequence[int], tips: Sequence[int] = ()) -> Array:
        """See `Track.locate`; the tip of a joint continues its bone straight on."""
        low, share = _split(frames, self.n_frames)
        points = self.positions[low]
        if share.any():
            points = self._between(points, self.positions[low + (share > 0)], share[:, None])
        ends = points[:, list(tips)]
        bones = ends - points[:, [max(self.parents[tip], 0) for tip in tips]]
        return np.concatenate([points[:, list(joints)], ends + bones], axis=1)

    def _between(self, a: Array, b: Array, share: Array) -> Array:
        """Return the points a *share* ``[N, 1]`` of the way from *a* to *b* ``[N, J, 3]``."""
        straight = a + share[..., None] * (b - a)
        out = straight.copy()
        for joint, parent in enumerate(self.parents):
            if parent < 0:
                continue
            bone = straight[:, joint] - straight[:, parent]
            before, after = (np.linalg.norm(x[:, joint] - x[:, parent], axis=-1) for x in (a, b))
            wanted = before + share[:, 0] * (after - before)
            length = np.maximum(np.linalg.norm(bone, axis=-1), 1e-9)
            out[:, joint] = out[:, parent] + bone * (wanted / length)[:, None]
        return out


def _split(frames: Array, n_frames: int) -> tuple[NDArray[np.intp], Array]:
    """Return the frame before each of *frames* and the share of the way to the next one."""
    frames = np.clip(np.asarray(frames, dtype=np.float64), 0.0, n_frames - 1.0)
    nearest = np.rint(frames)
    frames = np.where(np.abs(frames - nearest) < 1e-6, nearest, frames)
    low = np.floor(frames).astype(np.intp)
    return low, frames - low
