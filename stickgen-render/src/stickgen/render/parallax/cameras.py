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
from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

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

    ``position`` and ``target`` ``[3]`` in metres, ``fov`` in degrees, ``matrix`` ``[3, 4]``
    float64: (u, v, w) = matrix (x, y, z, 1), the pixel is (u / w, v / w) and w the distance along
    the optical axis in metres.
    """

    position: Array
    target: Array
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
    seed: int, key: int, view: int, step: int, centre: Array, radius: float, size: int
) -> PictureCamera:
    """Return the camera of a picture of *size* x *size* pixels.

    *centre* ``[3]`` is the middle of the figures at that moment and *radius* how far they reach
    around it at most in the clip: they are wholly in the picture.
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
    target = np.array(
        [
            centre[0] + shift * (2.0 * off_x - 1.0),
            centre[1] + shift * (2.0 * off_y - 1.0),
            centre[2] + shift * (2.0 * off_z - 1.0),
        ]
    )
    level = cos(elevation)
    toward = np.array([level * sin(azimuth), sin(elevation), level * cos(azimuth)])
    position = target + distance * toward
    return PictureCamera(position, target, fov, camera_matrix(position, target, fov, size))


def camera_matrix(position: Array, target: Array, fov: float, size: int) -> Array:
    """Return the matrix ``[3, 4]`` of an upright camera (see `PictureCamera`)."""
    x, y, z = (float(a - b) for a, b in zip(position, target, strict=True))
    length = (x * x + y * y + z * z) ** 0.5
    toward = (x / length, y / length, z / length)
    flat = max((toward[0] ** 2 + toward[2] ** 2) ** 0.5, 1e-9)
    right = (toward[2] / flat, 0.0, -toward[0] / flat)
    up = (
        toward[1] * right[2],
        toward[2] * right[0] - toward[0] * right[2],
        -toward[1] * right[0],
    )
    focal, middle = 0.5 * size / tan(radians(0.5 * fov)), 0.5 * size
    rows = [
        [focal * r - middle * t for r, t in zip(right, toward, strict=True)],
        [-focal * u - middle * t for u, t in zip(up, toward, strict=True)],
        [-t for t in toward],
    ]
    px, py, pz = position.tolist()
    for row in rows:
        row.append(-(row[0] * px + row[1] * py + row[2] * pz))
    return np.array(rows)


def project(matrix: Array, points: Array) -> tuple[Array, Array]:
    """Return pixels ``[..., 2]`` and distances ``[...]`` of *points* ``[..., 3]``."""
    seen = points @ matrix[:, :3].T + matrix[:, 3]
    return seen[..., :2] / seen[..., 2:], seen[..., 2]


def _between(limits: tuple[float, float], share: float) -> float:
    return limits[0] + (limits[1] - limits[0]) * share
