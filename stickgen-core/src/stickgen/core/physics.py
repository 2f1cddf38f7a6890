"""Where the centre of mass of a figure is and how it moves.

Segment masses and centres after D. A. Winter, *Biomechanics and Motor Control of Human Movement*,
table 4.1 (segment mass / body mass; centre of mass / segment length from the proximal end). The
table's segments map to the schema's like this:

==================  =====  ========================================================================
Winter              mass   here
==================  =====  ========================================================================
head and neck       0.081  at head_center
thorax              0.216  along upper_torso, 0.82 of the way from neck (C7-T1) to chest (T12-L1)
abdomen and pelvis  0.281  along lower_torso: abdomen 0.139 at 0.44 from chest to its end (L4-L5,
                           taken as half of the segment), pelvis 0.142 at 0.105 past that end
                           towards the mid-hip
upper arm           0.028  0.436 from shoulder to elbow, each side
forearm and hand    0.022  0.682 from elbow to wrist, each side
thigh               0.100  0.433 from hip to knee, each side
leg and foot        0.061  0.606 from knee to ankle, each side
==================  =====  ========================================================================

The masses sum to 1: 0.081 + 0.216 + 0.139 + 0.142 + 2 (0.028 + 0.022 + 0.100 + 0.061) = 1.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core import schema
from stickgen.core.types import FloatArray, Motion

MASSES: Final[tuple[tuple[str, float, float], ...]] = (
    ("head", 0.081, 1.0),
    ("upper_torso", 0.216, 0.82),
    ("lower_torso", 0.139, 0.5 * 0.44),
    ("lower_torso", 0.142, 0.5 + 0.5 * 0.105),
    ("l_upper_arm", 0.028, 0.436),
    ("l_forearm", 0.022, 0.682),
    ("r_upper_arm", 0.028, 0.436),
    ("r_forearm", 0.022, 0.682),
    ("l_thigh", 0.100, 0.433),
    ("l_shin", 0.061, 0.606),
    ("r_thigh", 0.100, 0.433),
    ("r_shin", 0.061, 0.606),
)
"""(segment, share of the body's mass, place of its centre from the segment's start to its end)."""


def _weights() -> NDArray[np.float64]:
    """Return how much each joint ``[16]`` weighs in the centre of mass."""
    weights = np.zeros(schema.N_JOINTS)
    ends = {name: (schema.J[a], schema.J[b]) for name, a, b in schema.SEGMENTS}
    for name, mass, along in MASSES:
        start, end = ends[name]
        weights[start] += mass * (1.0 - along)
        weights[end] += mass * along
    return weights


JOINT_WEIGHTS: Final[NDArray[np.float64]] = _weights()
"""Share of each joint ``[16]`` in the centre of mass; they sum to 1."""


def centre_of_mass(motion: Motion) -> NDArray[np.float64]:
    """Return the centre of mass ``[T, A, 3]`` in metres (z 0 for a flat motion)."""
    centre: NDArray[np.float64] = np.einsum("tajd,j->tad", motion.joints, JOINT_WEIGHTS)
    return centre


def features(motion: Motion) -> FloatArray:
    """Return physics ``[T, A, 6]`` = vx vy ax ay px py of the centre of mass in the picture plane.

    Velocity in m/s and acceleration in m/s² by central differences (one-sided at the first and
    last frame of each stretch in which the actor is present, where the acceleration is that of
    the neighbouring frame); momentum for a 1 kg body, so equal to the velocity. Zero where the
    actor is absent or present for a single frame.
    """
    centre = centre_of_mass(motion)[..., :2]
    out = np.zeros((motion.n_frames, motion.n_actors, 6))
    for actor in range(motion.n_actors):
        for start, stop in stretches(motion.present[:, actor]):
            path = centre[start:stop, actor]
            if len(path) < 2:
                continue
            velocity = np.gradient(path, 1.0 / motion.fps, axis=0)
            acceleration = np.zeros_like(path)
            if len(path) > 2:
                acceleration[1:-1] = (path[2:] - 2.0 * path[1:-1] + path[:-2]) * motion.fps**2
                acceleration[0], acceleration[-1] = acceleration[1], acceleration[-2]
            out[start:stop, actor] = np.concatenate([velocity, acceleration, velocity], axis=-1)
    return out.astype(np.float32)


def stretches(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the (start, stop) of each run of True in *flags* ``[T]``, stop exclusive."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]
