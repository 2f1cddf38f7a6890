"""A body whose joints are known at any time, in the canonical view: it faces +x, left is at z < 0.

Files of datasets that may not be shared are written from it, each test putting it into the
format's own axes and unit; what must come out is `joints`. It shares no code with the converters.
"""

from __future__ import annotations

import numpy as np

JOINTS = (
    "pelvis_center", "chest", "neck", "head_center",
    "l_shoulder", "r_shoulder", "l_elbow", "r_elbow", "l_wrist", "r_wrist",
    "l_hip", "r_hip", "l_knee", "r_knee", "l_ankle", "r_ankle",
)  # fmt: skip
LOWER_TORSO = (0.03, 0.25, 0.0)
UPPER_TORSO = (-0.03, 0.2038, 0.0)  # the chest is at 55 % of the way along both
HEAD = (0.02, 0.21, 0.0)
THIGH, SHIN = 0.41, 0.39
UPPER_ARM, FOREARM = 0.28, 0.25
HEIGHT = (
    THIGH + SHIN + sum(float(np.linalg.norm(bone)) for bone in (LOWER_TORSO, UPPER_TORSO, HEAD))
) / 0.845
"""How tall the bones make it: they are 0.845 of the project's own figure."""


def joints(seconds: np.ndarray, speed: float = 0.5, side: float = 0.0) -> np.ndarray:
    """Return ``[T, 16, 3]``: it walks at *speed* m/s, *side* metres to its right of the origin.

    The left arm is stretched out to the front and beats time from the elbow, the right one hangs.
    """
    seconds = np.asarray(seconds, dtype=float)
    at: dict[str, np.ndarray] = {}

    def put(name: str, parent: str | None, step: object) -> None:
        base = at[parent] if parent else np.zeros((len(seconds), 3))
        at[name] = base + np.broadcast_to(np.asarray(step, dtype=float), base.shape)

    put("pelvis_center", None, (0.0, 0.045 * HEIGHT + THIGH + SHIN, side))
    at["pelvis_center"][:, 0] += speed * seconds
    put("chest", "pelvis_center", LOWER_TORSO)
    put("neck", "chest", UPPER_TORSO)
    put("head_center", "neck", HEAD)
    for letter, z in (("l", -1.0), ("r", 1.0)):
        put(f"{letter}_hip", "pelvis_center", (0.0, 0.0, 0.09 * z))
        put(f"{letter}_knee", f"{letter}_hip", (0.0, -THIGH, 0.0))
        put(f"{letter}_ankle", f"{letter}_knee", (0.0, -SHIN, 0.0))
        put(f"{letter}_shoulder", "neck", (0.0, -0.05, 0.16 * z))
    beat = 0.6 * np.sin(2.0 * np.pi * 0.5 * seconds)
    put("l_elbow", "l_shoulder", (UPPER_ARM, 0.0, 0.0))
    put("l_wrist", "l_elbow", FOREARM * np.stack([np.cos(beat), np.sin(beat), 0 * beat], axis=-1))
    put("r_elbow", "r_shoulder", (0.0, -UPPER_ARM, 0.0))
    put("r_wrist", "r_elbow", (0.0, -FOREARM, 0.0))
    return np.stack([at[name] for name in JOINTS], axis=1)


def at_25(frames: int, fps: float) -> np.ndarray:
    """Return the times of the 25 frames a second that fit into *frames* frames at *fps*."""
    return np.arange(int(np.floor((frames - 1) * 25.0 / fps + 1e-6)) + 1) / 25.0


def assert_stands(points: np.ndarray) -> None:
    """Assert that the first of poses ``[T, 16, 3]`` stands, in the canonical view."""
    x, y, z = np.asarray(points[0], dtype=float).T
    index = {name: i for i, name in enumerate(JOINTS)}
    assert 1.5 < y[index["head_center"]] + 0.1 < 2.0
    assert y[index["neck"]] > y[index["chest"]] > y[index["pelvis_center"]]
    for part in ("hip", "shoulder", "knee", "ankle"):
        assert z[index[f"l_{part}"]] < -0.02
        assert z[index[f"r_{part}"]] > 0.02
    for letter in "lr":
        hip, knee, ankle = (index[f"{letter}_{part}"] for part in ("hip", "knee", "ankle"))
        assert y[hip] > y[knee] > y[ankle]
    assert abs(x[index["pelvis_center"]]) < 1e-4
