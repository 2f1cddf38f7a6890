"""Where the camera stands in each picture: a pure function of seed, motion, view and step.

The random numbers are counter-based: BLAKE2b, keyed with the seed, of the counter (motion, view,
step), so any picture can be made without the ones before it, and by any process.

**Conventions**
    World metres, y up (see `stickgen.core.schema`); pixels with y down, the picture is square.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from functools import lru_cache
from math import cos, radians, sin, tan
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Point: TypeAlias = tuple[float, float, float]
"""Metres."""

ELEVATION: Final = (-4.0, 32.0)
"""Degrees above the horizon from which a view may look down."""
FIELD: Final = (40.0, 55.0)
"""Angle of view in degrees."""
CLOSENESS: Final = (1.0, 1.35)
"""Distance, as a multiple of the one at which the figures just fit into the picture."""
_OFF_CENTRE: Final = 0.03
"""How far the middle of the figures may lie off the optical axis, in radii of theirs."""
_SWAY: Final = (1.2, 1.0, 0.02, 1.0)
"""Change from step to step of a view: azimuth and elevation in degrees, distance as a fraction,
angle of view in degrees."""


@dataclass(frozen=True, eq=False)
class PictureCamera:
    """The camera of one picture.

    ``position`` and ``target`` in metres, ``fov`` in degrees, ``matrix`` ``[3, 4]``
    float64: (u, v, w) = matrix (x, y, z, 1), the pixel is (u / w, v / w) and w the distance along
    the optical axis in metres.
    """

    position: Point
    target: Point
    fov: float
    matrix: Array

    @property
    def pose(self) -> NDArray[np.float32]:
        """Position, target and fov in one vector ``[7]``."""
        return np.array([*self.position, *self.target, self.fov], dtype=np.float32)


def motion_key(name: str) -> int:
    """Return the 64-bit number by which random numbers know the motion called *name*."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")


@lru_cache(maxsize=8)  # a view is asked for at each of its steps
def uniforms(seed: int, key: int, view: int, step: int) -> tuple[float, ...]:
    """Return eight numbers in [0, 1) that belong to a step of a view (step -1: to the view)."""
    counter = struct.pack("<Qqq", key, view, step)
    digest = hashlib.blake2b(counter, key=seed.to_bytes(8, "little")).digest()
    return tuple((word >> 11) * 2.0**-53 for word in struct.unpack("<8Q", digest))


def moment(share: float, step: int, steps: int, n_frames: int) -> int:
    """Return the frame of a step: *share* (0-1) of the way through its part of the clip."""
    return min(int((step + share) / steps * n_frames), n_frames - 1)


def picture_camera(
    seed: int, key: int, view: int, step: int, centre: Point, radius: float, size: int
) -> PictureCamera:
    """Return the camera of a picture of *size* x *size* pixels.

    *centre* is the middle of the figures at that moment and *radius* how far they reach around it
    at most in the clip: they are wholly in the picture.
    """
    turn, rise, near, wide, off_x, off_y, off_z, _ = uniforms(seed, key, view, -1)
    _, sway_turn, sway_rise, sway_near, sway_wide, *_ = uniforms(seed, key, view, step)
    azimuth = radians(360.0 * turn + _SWAY[0] * (2.0 * sway_turn - 1.0))
    elevation = radians(_between(ELEVATION, rise) + _SWAY[1] * (2.0 * sway_rise - 1.0))
    field = _between(FIELD, wide)
    fits = radius / sin(radians(0.5 * (field - _SWAY[3])))
    distance = fits * (_between(CLOSENESS, near) + _OFF_CENTRE)
    distance *= 1.0 + _SWAY[2] * sway_near
    fov = field + _SWAY[3] * (2.0 * sway_wide - 1.0)
    shift = _OFF_CENTRE * radius / 3.0**0.5
    x = centre[0] + shift * (2.0 * off_x - 1.0)
    y = centre[1] + shift * (2.0 * off_y - 1.0)
    z = centre[2] + shift * (2.0 * off_z - 1.0)
    level = cos(elevation)
    position = (
        x + distance * (level * sin(azimuth)),
        y + distance * sin(elevation),
        z + distance * (level * cos(azimuth)),
    )
    target = x, y, z
    return PictureCamera(position, target, fov, camera_matrix(position, target, fov, size))


def focal_length(fov: float, size: int) -> float:
    """Return the focal length, in pixels, of a picture *size* pixels high with angle *fov*."""
    return 0.5 * size / tan(radians(0.5 * fov))


def camera_matrix(position: Point, target: Point, fov: float, size: int) -> Array:
    """Return the matrix ``[3, 4]`` of an upright camera (see `PictureCamera`)."""
    px, py, pz = position
    x, y, z = px - target[0], py - target[1], pz - target[2]
    length = (x * x + y * y + z * z) ** 0.5
    x, y, z = x / length, y / length, z / length
    flat = max((x * x + z * z) ** 0.5, 1e-9)
    right_x, right_z = z / flat, -x / flat
    up_x, up_y, up_z = y * right_z, z * right_x - x * right_z, -y * right_x
    focal, middle = focal_length(fov, size), 0.5 * size
    rows = (
        (focal * right_x - middle * x, -middle * y, focal * right_z - middle * z),
        (-focal * up_x - middle * x, -focal * up_y - middle * y, -focal * up_z - middle * z),
        (-x, -y, -z),
    )
    return np.array([(a, b, c, -(a * px + b * py + c * pz)) for a, b, c in rows])


def project(matrix: Array, points: Array) -> tuple[Array, Array]:
    """Return pixels ``[..., K, 2]`` and distances ``[..., K]`` of *points* ``[..., K, 3]`` seen
    through *matrix* ``[..., 3, 4]``.

    Sums are taken in one order, whatever is projected along with them and by whichever machine, so
    that a picture does not depend on the batch it is made in.
    """
    x, y, z = (points[..., None, :, axis] for axis in range(3))
    a, b, c, d = (matrix[..., column, None] for column in range(4))
    seen = a * x + b * y + c * z + d
    pixels = seen[..., :2, :] / seen[..., 2:, :]
    return pixels.swapaxes(-1, -2), np.ascontiguousarray(seen[..., 2, :])


def _between(limits: tuple[float, float], share: float) -> float:
    return limits[0] + (limits[1] - limits[0]) * share
