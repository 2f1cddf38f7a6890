"""A body that walks, posed the plain way: one frame, one joint at a time, rotations by scipy.

It shares no code with stickgen-datasets. The walker faces its own +z at rest, y up, as SMPL bodies
do, and is then set upright in a z-up world.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation

PARENTS = [-1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 12, 13, 14, 16, 17, 18, 19]
NUMBERS = {
    "l_hip": 1, "r_hip": 2, "l_knee": 4, "r_knee": 5, "l_ankle": 7, "r_ankle": 8, "neck": 12,
    "l_shoulder": 16, "r_shoulder": 17, "l_elbow": 18, "r_elbow": 19, "l_wrist": 20, "r_wrist": 21,
}  # fmt: skip
"""Joints of the schema that are joints of the body, with their number there."""

REST = np.array(
    [
        [0, 0.95, 0], [0.09, 0.87, 0], [-0.09, 0.87, 0], [0, 1.06, 0], [0.1, 0.47, 0.01],
        [-0.1, 0.47, 0.01], [0, 1.2, 0], [0.1, 0.08, -0.02], [-0.1, 0.08, -0.02], [0, 1.26, 0],
        [0.11, 0.02, 0.11], [-0.11, 0.02, 0.11], [0, 1.43, 0], [0.06, 1.38, 0], [-0.06, 1.38, 0],
        [0, 1.5, 0.02], [0.18, 1.39, 0], [-0.18, 1.39, 0], [0.44, 1.39, 0], [-0.44, 1.39, 0],
        [0.69, 1.39, 0], [-0.69, 1.39, 0],
    ]
)  # fmt: skip
"""A rest skeleton of our own; its origin is on the ground."""


@dataclass
class Walk:
    """Axis-angle rotations ``[T, 22, 3]`` and translation ``[T, 3]`` of a z-up world."""

    rotations: np.ndarray
    translation: np.ndarray
    fps: float


def walk(
    fps: float = 50.0, seconds: float = 2.0, raised: str = "left", heading: float = 30.0
) -> Walk:
    """Return somebody who walks, turning a little, with one hand raised above the shoulder."""
    n = round(fps * seconds)
    t = np.arange(n) / fps
    step = np.sin(2 * np.pi * t)
    angles = np.zeros((n, 22, 3))
    angles[:, 1, 0], angles[:, 2, 0] = -25 * step, 25 * step
    angles[:, 4, 0], angles[:, 5, 0] = 20 - 15 * step, 20 + 15 * step
    angles[:, 3, 0] = 4
    angles[:, 12, 1] = 10 * step
    up, down = (16, 17) if raised == "left" else (17, 16)
    angles[:, up, 2] = 60 if raised == "left" else -60
    angles[:, down, 2] = 75 if raised == "left" else -75
    angles[:, 18, 1], angles[:, 19, 1] = -20 + 5 * step, 20
    rotations = np.stack(
        [Rotation.from_euler("xyz", angles[:, j], degrees=True).as_rotvec() for j in range(22)],
        axis=1,
    )
    yaw = heading + 5 * step
    upright = Rotation.from_euler("x", 90, degrees=True)
    root = Rotation.from_euler("z", yaw[:, None], degrees=True) * upright
    rotations[:, 0] = root.as_rotvec()
    forward = np.array([np.sin(np.radians(heading)), -np.cos(np.radians(heading)), 0.0])
    translation = 1.2 * t[:, None] * forward + [3.0, -2.0, 0.0]
    return Walk(rotations, translation, fps)


def pose(rest: np.ndarray, walk: Walk) -> np.ndarray:
    """Return the joints ``[T, 22, 3]`` of a body at *rest* that walks, z up."""
    out = np.zeros((len(walk.rotations), 22, 3))
    for frame, (rotations, translation) in enumerate(
        zip(walk.rotations, walk.translation, strict=True)
    ):
        world: list[np.ndarray] = []
        for joint, parent in enumerate(PARENTS):
            matrix = np.eye(4)
            matrix[:3, :3] = Rotation.from_rotvec(rotations[joint]).as_matrix()
            matrix[:3, 3] = rest[joint] - (rest[parent] if parent >= 0 else 0.0)
            if parent >= 0:
                matrix = world[parent] @ matrix
            world.append(matrix)
            out[frame, joint] = matrix[:3, 3] + translation
    return out


def y_up(points: np.ndarray) -> np.ndarray:
    """Return z-up points with y up."""
    return np.stack([points[..., 0], points[..., 2], -points[..., 1]], axis=-1)


def distance_after_turning(found: np.ndarray, expected: np.ndarray) -> float:
    """Return the largest distance of points ``[T, n, 3]``, y up, once turned about y and moved.

    One turn and one move for all frames, the best there are: a reflection stays visible.
    """
    a, b = found.reshape(-1, 3), expected.reshape(-1, 3)
    a, b = a - a.mean(axis=0), b - b.mean(axis=0)
    za, zb = a[:, 0] + 1j * a[:, 2], b[:, 0] + 1j * b[:, 2]
    turn = np.vdot(za, zb)
    za = za * turn / abs(turn)
    apart = np.stack([za.real - zb.real, a[:, 1] - b[:, 1], za.imag - zb.imag], axis=-1)
    return float(np.linalg.norm(apart, axis=-1).max())


def facing(joints: np.ndarray, hips: tuple[int, int] = (1, 2)) -> np.ndarray:
    """Return the angle from +z to where the hips face, about y, in radians."""
    across = joints[:, hips[0]] - joints[:, hips[1]]
    forward = np.cross(across, [0.0, 1.0, 0.0])
    return np.arctan2(forward[:, 0], forward[:, 2])


def features_of(joints: np.ndarray, hips: tuple[int, int] = (1, 2)) -> np.ndarray:
    """Return the features of *joints*, one frame less: the published recipe, with scipy."""
    n, n_joints = joints.shape[:2]
    angles = np.unwrap(facing(joints, hips))
    rows = np.zeros((n - 1, 12 * n_joints - 1))
    for t in range(n - 1):
        here = Rotation.from_euler("y", -angles[t])
        after = Rotation.from_euler("y", -angles[t + 1])
        rows[t, 0] = -(angles[t + 1] - angles[t]) / 2
        rows[t, 1:3] = after.apply(joints[t + 1, 0] - joints[t, 0])[[0, 2]]
        rows[t, 3] = joints[t, 0, 1]
        local = joints[t, 1:] - joints[t, 0] * [1, 0, 1]
        rows[t, 4 : 1 + 3 * n_joints] = here.apply(local).ravel()
        rows[t, -4:] = [1, 1, 0, 0]
    return rows


def write_smplh(path: Path, walk: Walk, **changes: object) -> Path:
    """Write *walk* as AMASS wrote SMPL+H files; *changes* replace or (None) remove arrays."""
    n = len(walk.rotations)
    poses = np.zeros((n, 156))
    poses[:, :66] = walk.rotations.reshape(n, 66)
    arrays: dict[str, object] = {
        "trans": walk.translation,
        "gender": np.array("female"),
        "mocap_framerate": np.array(walk.fps),
        "betas": np.linspace(-1, 1, 16),
        "dmpls": np.zeros((n, 8)),
        "poses": poses,
    }
    return _write(path, arrays, changes)


def write_smplx(path: Path, walk: Walk, **changes: object) -> Path:
    """Write *walk* as AMASS writes SMPL-X files."""
    n = len(walk.rotations)
    flat = walk.rotations.reshape(n, 66)
    arrays: dict[str, object] = {
        "gender": np.array("neutral"),
        "surface_model_type": np.array("smplx"),
        "mocap_frame_rate": np.array(walk.fps),
        "mocap_time_length": np.array(n / walk.fps),
        "trans": walk.translation,
        "betas": np.linspace(-1, 1, 16),
        "num_betas": np.array(16),
        "root_orient": flat[:, :3],
        "pose_body": flat[:, 3:],
        "pose_hand": np.zeros((n, 90)),
        "pose_jaw": np.zeros((n, 3)),
        "pose_eye": np.zeros((n, 6)),
    }
    return _write(path, arrays, changes)


def _write(path: Path, arrays: dict[str, object], changes: dict[str, object]) -> Path:
    arrays = {key: value for key, value in (arrays | changes).items() if value is not None}
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, **arrays)
    return path
