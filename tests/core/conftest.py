"""Figures with known joints, for the tests of the core."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from stickgen.core.schema import J

H = 1.70


def stand(height: float = H) -> np.ndarray:
    """Joints [16, 3] of a figure that faces +x on the ground, its left at z < 0."""
    joints = np.zeros((16, 3))
    for name, y in (
        ("pelvis_center", 0.490),
        ("chest", 0.490 + 0.55 * 0.272),
        ("neck", 0.762),
        ("head_center", 0.890),
    ):
        joints[J[name], 1] = y
    for side, sign in (("l", -1.0), ("r", 1.0)):
        for name, y, z in (
            ("hip", 0.490, 0.050),
            ("knee", 0.2645, 0.050),
            ("ankle", 0.045, 0.050),
            ("shoulder", 0.732, 0.085),
            ("elbow", 0.572, 0.085),
            ("wrist", 0.420, 0.085),
        ):
            joints[J[f"{side}_{name}"]] = (0.0, y, sign * z)
    return joints * height


def walk(frames: int = 50, fps: float = 25.0, speed: float = 1.2) -> np.ndarray:
    """Joints [T, 16, 3] of a walk to +x with rigid bones, one foot resting at any time.

    The right arm is held up, so that left and right can be told apart.
    """
    base = stand()
    leg = (0.2255 + 0.2195) * H
    t = np.arange(frames) / fps
    stride = 0.7  # seconds a step takes
    phase = t / stride
    foot = np.floor(phase).astype(int) % 2  # which foot rests
    swing = np.arcsin(speed * stride * (0.5 - (phase % 1.0)) / leg)
    out = np.tile(base, (frames, 1, 1))
    out[:, :, 0] += (speed * t)[:, None]
    for side, k in (("l", 0), ("r", 1)):
        angle = np.where(foot == k, swing, -swing)
        for name, length in (("knee", 0.2255 * H), ("ankle", leg)):
            hip = out[:, J[f"{side}_hip"]]
            out[:, J[f"{side}_{name}"], 0] = hip[:, 0] + length * np.sin(angle)
            out[:, J[f"{side}_{name}"], 1] = hip[:, 1] - length * np.cos(angle)
    # Lower the body onto the resting foot.
    low = out[:, [J["l_ankle"], J["r_ankle"]], 1].min(axis=1) - 0.045 * H
    out[:, :, 1] -= low[:, None]
    shoulder = out[:, J["r_shoulder"]]
    out[:, J["r_elbow"]] = shoulder + np.array([0.0, 0.0, 0.160 * H])
    out[:, J["r_wrist"]] = out[:, J["r_elbow"]] + np.array([0.0, 0.152 * H, 0.0])
    return out


@pytest.fixture(scope="session")
def figure() -> SimpleNamespace:
    """Functions ``stand(height)`` and ``walk(frames, fps, speed)`` that return joints."""
    return SimpleNamespace(stand=stand, walk=walk, height=H)
