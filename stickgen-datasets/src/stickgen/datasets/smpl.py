"""The body shared by SMPL, SMPL+H and SMPL-X: 22 joints, turned by axis-angle rotations.

Their first 22 joints are the same, in the same order; hands and face come after them and are not
needed here. Files are in metres.

`REST_JOINTS` is the neutral SMPL-X body of mean shape at rest, y up, facing +z with its left hand
at +x: 22 positions published in nv-tlabs/kimodo under the Apache licence 2.0.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from stickgen.datasets.tracks import Array, SkeletonTrack

JOINTS: Final[tuple[str, ...]] = (
    "pelvis",
    "left_hip",
    "right_hip",
    "spine1",
    "left_knee",
    "right_knee",
    "spine2",
    "left_ankle",
    "right_ankle",
    "spine3",
    "left_foot",
    "right_foot",
    "neck",
    "left_collar",
    "right_collar",
    "head",
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_wrist",
    "right_wrist",
)
"""The 22 body joints in the models' order."""

PARENTS: Final[tuple[int, ...]] = (
    -1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 12, 13, 14, 16, 17, 18, 19,
)  # fmt: skip
"""Index of each joint's parent."""

REST_JOINTS: Final[Array] = np.array(
    [
        (0.00225, -0.37226, 0.01233),
        (0.05455, -0.4662, -0.01528),
        (-0.05494, -0.47881, -0.00989),
        (0.00076, -0.25933, -0.01265),
        (0.11342, -0.88264, -0.02183),
        (-0.10301, -0.87637, -0.02395),
        (0.00766, -0.1137, -0.01951),
        (0.07168, -1.32022, -0.05135),
        (-0.08853, -1.32322, -0.04198),
        (-0.00268, -0.05761, 0.00161),
        (0.12097, -1.3855, 0.07491),
        (-0.1291, -1.38851, 0.0851),
        (-0.0137, 0.11375, -0.02722),
        (0.04505, 0.03003, -0.00677),
        (-0.04931, 0.029, -0.01326),
        (0.01095, 0.28914, -0.00276),
        (0.17133, 0.08771, -0.02066),
        (-0.15865, 0.08267, -0.02238),
        (0.44424, 0.01786, -0.05975),
        (-0.45068, 0.04723, -0.04694),
        (0.72041, 0.03911, -0.06223),
        (-0.72256, 0.0424, -0.06339),
    ]
)
"""Positions ``[22, 3]`` at rest, metres, y up."""

_TOE_HEIGHT: Final = 0.02
"""Where the toe joints are in a standing body, metres above the ground."""


def smpl_track(rotations: Array, translation: Array, rest: Array = REST_JOINTS) -> SkeletonTrack:
    """Return the body that stands at *rest* turned by *rotations*.

    Args:
        rotations: axis-angle rotations ``[T, 22, 3]`` in radians, the first one of the whole body.
        translation: where the model's origin is ``[T, 3]``.
        rest: joints of the body at rest ``[22, 3]`` in the model's frame.
    """
    rest = np.asarray(rest, dtype=np.float64)
    offsets = rest.copy()
    offsets[1:] -= rest[list(PARENTS[1:])]
    return SkeletonTrack(
        names=JOINTS,
        parents=PARENTS,
        offsets=offsets,
        rotations=from_axis_angle(rotations),
        moving=(0,),
        translations=(translation + rest[0])[:, None],
    )


def fitted_scale(rotations: Array, translation: Array) -> float:
    """Return the size of the neutral body, 1 = as it is, at which its feet stand on z = 0.

    For bodies of unknown shape: where the hips are recorded at 0.9 m and the neutral legs are
    1.0 m long, feet would sink into the ground. Only upright frames count, and of them the tenth
    in which the body comes out smallest, since feet are also lifted. Where nobody stands, or the
    answer is no size of a grown person (0.8 to 1.15), the floor is elsewhere and 1 is returned.

    Args:
        rotations: axis-angle rotations ``[T, 22, 3]`` in radians of a z-up world.
        translation: where the model's origin is ``[T, 3]`` in metres.
    """
    frames = np.unique(np.linspace(0, len(rotations) - 1, 200).round().astype(np.intp))
    track = smpl_track(rotations[frames], np.zeros((len(frames), 3)))
    toes = track.locate(np.arange(len(frames), dtype=np.float64), [10, 11])[..., 2].min(axis=1)
    upright = toes < -0.85 * float(REST_JOINTS[0, 1] - REST_JOINTS[10:12, 1].mean())
    if not upright.any():
        return 1.0
    sizes = (translation[frames, 2][upright] - _TOE_HEIGHT) / -toes[upright]
    size = float(np.percentile(sizes, 10))
    return size if 0.8 <= size <= 1.15 else 1.0


def from_axis_angle(vectors: NDArray[np.floating]) -> Array:
    """Return unit quaternions ``[..., 4]`` (w, x, y, z) of axis-angle *vectors* ``[..., 3]``."""
    half = 0.5 * np.asarray(vectors, dtype=np.float64)
    angle = np.sqrt(np.einsum("...i,...i->...", half, half))
    out = np.empty((*half.shape[:-1], 4))
    np.cos(angle, out=out[..., 0])
    ratio = np.ones_like(angle)  # sin(x) / x
    np.divide(np.sin(angle), angle, out=ratio, where=angle > 0.0)
    np.multiply(half, ratio[..., None], out=out[..., 1:])
    return out
