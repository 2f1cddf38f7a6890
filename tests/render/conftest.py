"""Motions made by plain code, so that the pictures under test depend on nothing else.

Tests get them as the fixture ``motions``: ``motions.walk(seconds=2)``.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from stickgen.core.schema import ANKLE_HEIGHT, N_JOINTS, J
from stickgen.core.types import Motion

THIGH, SHIN, TORSO, HEAD = 0.2255, 0.2195, 0.272, 0.128
UPPER_ARM, FOREARM = 0.160, 0.152


def _along(angle, length):
    """A bone in the plane the figure walks in: angle 0 hangs down, positive swings forward."""
    return np.stack([np.sin(angle) * length, -np.cos(angle) * length, np.zeros_like(angle)], -1)


def _leg(hip, ankle):
    """Knee of a leg from hip to ankle (both [T, 3]), bent forward."""
    gap = ankle - hip
    length = np.linalg.norm(gap, axis=-1)
    reach = np.minimum(length, 0.999 * (THIGH + SHIN))
    cosine = (THIGH**2 + reach**2 - SHIN**2) / (2 * THIGH * reach)
    bend = np.arccos(np.clip(cosine, -1, 1))
    angle = np.arctan2(gap[:, 0], -gap[:, 1])
    return hip + _along(angle + bend, THIGH)


def _body(pelvis, lean, ankles, arms, elbows, height):
    """Joints [T, 16, 3] facing +x from pelvis [T, 3] and angles [T] (fractions of the height)."""
    n = len(pelvis)
    j = np.zeros((n, N_JOINTS, 3))
    j[:, J["pelvis_center"]] = pelvis
    up = np.stack([np.sin(lean), np.cos(lean), 0 * lean], -1)
    j[:, J["chest"]] = pelvis + 0.55 * TORSO * up
    j[:, J["neck"]] = pelvis + TORSO * up
    j[:, J["head_center"]] = pelvis + (TORSO + HEAD) * up
    for side, z, k in (("l", -1.0, 0), ("r", 1.0, 1)):
        out = np.array([0.0, 0.0, z])
        hip = pelvis + 0.050 * out
        shoulder = j[:, J["neck"]] - 0.030 * up + 0.085 * out
        ankle = ankles[k] + np.array([0.0, 0.0, 0.045 * z])
        j[:, J[f"{side}_hip"]] = hip
        j[:, J[f"{side}_ankle"]] = ankle
        j[:, J[f"{side}_knee"]] = _leg(hip, ankle)
        j[:, J[f"{side}_shoulder"]] = shoulder
        elbow = shoulder + _along(arms[k], UPPER_ARM) + 0.02 * out
        j[:, J[f"{side}_elbow"]] = elbow
        j[:, J[f"{side}_wrist"]] = elbow + _along(arms[k] + elbows[k], FOREARM)
    return j * height


def walk_joints(seconds=4.0, fps=25.0, speed=1.3, height=1.70):
    """A plain walk along +x: feet planted for 60 % of the stride, arms against the legs."""
    n = round(seconds * fps)
    t = np.arange(n) / fps
    v = speed / height
    period = 1.08
    stride = v * period
    x = v * t
    ankles = []
    for phase in (0.0, 0.5):
        p = (t / period + phase) % 1.0
        start = (t / period + phase - p) * stride - phase * stride
        planted = p < 0.60
        s = np.clip((p - 0.60) / 0.40, 0, 1)
        ease = s * s * (3 - 2 * s)
        fx = start + np.where(planted, 0.0, ease * stride) + 0.30 * stride
        lift = np.where(planted, 0.0, np.sin(np.pi * s) * 0.075)
        heel_off = np.clip((p - 0.42) / 0.18, 0, 1) * planted
        fy = ANKLE_HEIGHT + np.maximum(lift, 0) + 0.035 * heel_off * (1 - s)
        fy = np.where(planted, fy, fy + 0.035 * (1 - s) ** 2)
        ankles.append(np.stack([fx, fy, 0 * t], -1))
    w = 2 * np.pi * t / period
    pelvis = np.stack([x, 0.476 + 0.009 * np.cos(2 * w - 0.6), 0 * t], -1)
    arms = [-0.42 * np.cos(w - 0.3), 0.42 * np.cos(w - 0.3)]
    elbows = [0.30 + 0.18 * np.cos(w - 0.3 + np.pi), 0.30 + 0.18 * np.cos(w - 0.3)]
    return _body(pelvis, np.full(n, 0.045), ankles, arms, elbows, height)


def stand_joints(seconds=2.0, fps=25.0, height=1.70, x=0.0, z=0.0):
    n = max(1, round(seconds * fps))
    t = np.arange(n) / fps
    breath = 0.003 * np.sin(2 * np.pi * t / 3.2)
    pelvis = np.stack([0 * t, 0.486 + breath, 0 * t], -1)
    ankles = [
        np.tile([0.03, ANKLE_HEIGHT, 0.0], (n, 1)),
        np.tile([-0.03, ANKLE_HEIGHT, 0.0], (n, 1)),
    ]
    arms = [np.full(n, 0.10), np.full(n, -0.12)]
    elbows = [np.full(n, 0.25), np.full(n, 0.2)]
    joints = _body(pelvis, np.full(n, 0.02), ankles, arms, elbows, height)
    return joints + np.array([x, 0.0, z])


def yawed(joints, degrees, about=None):
    """*joints* turned counter-clockwise seen from above."""
    a = np.radians(degrees)
    m = np.array([[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]])
    centre = np.zeros(3) if about is None else np.asarray(about)
    return (joints - centre) @ m.T + centre


def walk(fps=25.0, **how):
    joints = walk_joints(fps=fps, **how)
    return Motion.from_joints(joints, fps=fps, actions=np.ones(len(joints)))


def stand(fps=25.0, action=0, **how):
    joints = stand_joints(fps=fps, **how)
    return Motion.from_joints(joints, fps=fps, actions=np.full(len(joints), action))


def crowd(n, seconds=1.0, fps=25.0):
    """*n* standers in a loose group, each facing another way."""
    actors = []
    for i in range(n):
        x, z = 0.9 * (i % 5) - 1.8, -0.8 * (i // 5)
        joints = yawed(stand_joints(seconds, fps, height=1.55 + 0.05 * (i % 7)), 47.0 * i)
        actors.append(joints + np.array([x, 0.0, z]))
    return Motion.from_joints(np.stack(actors, axis=1), fps=fps)


@pytest.fixture(scope="session")
def motions():
    """Functions that make motions and joints."""
    return SimpleNamespace(
        walk=walk,
        stand=stand,
        crowd=crowd,
        walk_joints=walk_joints,
        stand_joints=stand_joints,
        yawed=yawed,
    )


@pytest.fixture(scope="session")
def draw():
    """Return a function from a scene (or a motion) and options to its cairo drawing."""
    from stickgen.core.types import RenderOptions, Scene
    from stickgen.render.cairo import CairoRenderer

    def opened(scene, **options):
        scene = scene if isinstance(scene, Scene) else Scene(scene)
        return CairoRenderer().open(scene, RenderOptions(**options))

    return opened
