"""Beats, states and measures shared by the tests of the procedural generator."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from stickgen.core import schema
from stickgen.core.types import ActorState, Beat, Motion
from stickgen_procedural import ProceduralGenerator

J = schema.J
H = schema.HEIGHT
ANKLES = [J["l_ankle"], J["r_ankle"]]


def perform(
    action: str, state: ActorState | None = None, *, seed: int = 3, fps: float = 25.0, **beat: Any
) -> Motion:
    """Return what one actor does; what begins with nothing before it is made once and shared."""
    if state is None:
        return _from_nothing(action, seed, fps, tuple(sorted(beat.items())))
    return made(action, state, seed=seed, fps=fps, **beat)


def made(
    action: str, state: ActorState | None = None, *, seed: int = 3, fps: float = 25.0, **beat: Any
) -> Motion:
    """Return what one actor does, made anew."""
    generator = ProceduralGenerator()
    rng = np.random.default_rng(seed)
    return generator.generate(Beat((0,), action, **beat), [state or ActorState()], rng, fps=fps)


@cache
def _from_nothing(action: str, seed: int, fps: float, beat: tuple[tuple[str, Any], ...]) -> Motion:
    return made(action, seed=seed, fps=fps, **dict(beat))


def joints(motion: Motion) -> np.ndarray:
    """Return the joints ``[T, 16, 3]`` of the only actor in double precision."""
    return motion.joints[:, 0].astype(np.float64)


def after(motion: Motion, action: str, **facts: Any) -> ActorState:
    """Return the state of the actor at the end of *motion*."""
    j = joints(motion)
    across = j[-1, J["r_hip"]] - j[-1, J["l_hip"]]
    return ActorState(
        position=(float(j[-1, 0, 0]), float(j[-1, 0, 2])),
        heading=float(np.arctan2(across[0], across[2])),
        action=action,
        pose=j[-1],
        velocity=(j[-1] - j[-2]) * motion.fps,
        **facts,
    )


def heading(motion: Motion) -> np.ndarray:
    """Return the way the hips face in radians ``[T]``."""
    j = joints(motion)
    across = j[:, J["r_hip"]] - j[:, J["l_hip"]]
    return np.unwrap(np.arctan2(across[:, 0], across[:, 2]))


def speeds(j: np.ndarray, fps: float) -> np.ndarray:
    """Return the speed of each joint in m/s ``[T - 1, 16]``."""
    return np.linalg.norm(np.diff(j, axis=0), axis=-1) * fps


def flights(motion: Motion, height: float = H) -> int:
    """Return how often both ankles are off the ground for more than 0.15 s running."""
    ankles = joints(motion)[:, ANKLES, 1].min(axis=-1)
    up = ankles > (schema.ANKLE_HEIGHT + 0.05) * height
    edges = np.flatnonzero(np.diff(np.concatenate([[0], up.astype(int), [0]])))
    long = (edges[1::2] - edges[::2]) > 0.15 * motion.fps
    return int(long.sum())
