"""NTU RGB+D and LSMB19 files for tests, written from the known body as a Kinect would see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import known_body
import numpy as np

BETWEEN = {
    "SpineBase": ("pelvis_center", "pelvis_center", 0.0),
    "SpineMid": ("chest", "chest", 0.0),
    "Neck": ("neck", "head_center", 0.4),
    "Head": ("head_center", "head_center", 0.0),
    "SpineShoulder": ("neck", "neck", 0.0),
}
ORDER = (
    "SpineBase", "SpineMid", "Neck", "Head",
    "l_shoulder", "l_elbow", "l_wrist", "l_wrist", "r_shoulder", "r_elbow", "r_wrist", "r_wrist",
    "l_hip", "l_knee", "l_ankle", "l_ankle", "r_hip", "r_knee", "r_ankle", "r_ankle",
    "SpineShoulder", "l_wrist", "l_wrist", "r_wrist", "r_wrist",
)  # fmt: skip
"""What stands for each of the 25 joints, in the order of the published list."""


def seen_by_kinect(points: np.ndarray) -> np.ndarray:
    """Return ``[T, 25, 3]`` in camera space: somebody 3.2 m away who walks towards the camera.

    x is to the sensor's left, where the body's right is; z away from it; the floor is at -0.9 m.
    """
    index = {name: i for i, name in enumerate(known_body.JOINTS)}

    def joint(name: str) -> np.ndarray:
        if name not in BETWEEN:
            return points[:, index[name]]
        a, b, share = BETWEEN[name]
        return (1 - share) * points[:, index[a]] + share * points[:, index[b]]

    body = np.stack([joint(name) for name in ORDER], axis=1)
    x, y, z = np.moveaxis(body, -1, 0)
    return np.stack([z + 0.3, y - 0.9, 3.2 - x], axis=-1)


def skeleton_text(
    bodies: Mapping[str, tuple[np.ndarray, Sequence[bool] | None]], newline: str = "\r\n"
) -> str:
    """Return a ``.skeleton`` file; *bodies* are joints ``[T, 25, 3]`` and when each is tracked."""
    n_frames = len(next(iter(bodies.values()))[0])
    lines = [str(n_frames)]
    for frame in range(n_frames):
        there = [
            (name, points[frame])
            for name, (points, seen) in bodies.items()
            if seen is None or seen[frame]
        ]
        lines.append(str(len(there)))
        for name, points in there:
            lines += [f"{name} 0 1 1 1 1 0 0.02764709 0.05745083 2", "25"]
            for x, y, z in points:
                lines.append(
                    f"{x:.7g} {y:.7g} {z:.7g} 277.419 191.8218 1036.233 519.1677"
                    " -0.2059419 0.05349901 0.9692109 -0.1239193 2"
                )
    return newline.join(lines) + newline


def sample_text(samples: Mapping[str, np.ndarray]) -> str:
    """Return a file of LSMB19 samples: name to joints ``[T, 25, 3]``."""
    lines = []
    for name, points in samples.items():
        lines.append(name)
        for frame in points:
            lines.append("; ".join(f"{x:.7g}, {y:.7g}, {z:.7g}" for x, y, z in frame))
    return "\n".join(lines) + "\n"
