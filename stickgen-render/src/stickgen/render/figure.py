"""Drawn anatomy: what the joints do not say but a figure needs.

The schema has no feet, no head directions and no drawn thickness. They are derived here, in world
coordinates and for the whole clip at once, so that nothing jumps from frame to frame.

**Conventions**
    T frames, A actors, side 0 = left, 1 = right; metres, y up. H is an actor's standing height
    including the outline of the head. Proportions are fractions of H.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core.schema import ANKLE_HEIGHT, HEIGHT, J
from stickgen.core.types import Motion
from stickgen.render.faces import face_tracks
from stickgen.render.smoothing import gaussian, smoothstep, unit

Array = NDArray[np.float64]

LINE: Final = 0.040
"""Width of a limb."""
HEAD_OUTLINE: Final = 0.027
HEAD_RADIUS: Final = 0.112 - 0.5 * HEAD_OUTLINE
"""To the middle of the outline: the head measures 0.224 H from edge to edge."""
TORSO: Final = 1.06
"""Width of the torso in limb lines."""
CORNER: Final = 0.058
"""Radius of knees and elbows."""
SPINE_CORNER: Final = 0.20
FOOT: Final = 0.080
"""From under the ankle to the tip of the foot."""
SOLE: Final = 0.5 * LINE
"""Height of a planted foot's centre line: half a line, so that its edge lies on the ground."""
HAND: Final = 0.60
"""Radius of a hand in limb lines."""
HALO: Final = 0.0100
"""Width of the gap a near limb leaves around itself."""
COLLAR: Final = 0.020
"""Where the arms meet the spine, below the neck."""

# Points of a figure, in the order of `Figures.points`.
SPINE: Final = slice(0, 3)
"""Pelvis, chest, neck."""
HEAD: Final = 3
ARMS: Final = (slice(4, 8), slice(8, 12))
"""Left and right: collar, shoulder, elbow, wrist."""
LEGS: Final = (slice(12, 16), slice(16, 20))
"""Left and right: hip, knee, heel, toe."""
N_POINTS: Final = 20

_SHOULDER_SHARE: Final = 0.50
"""How far out toward the shoulder joint the drawn shoulder lies."""
_HIP_SHARE: Final = 0.32


@dataclass(frozen=True, eq=False)
class Figures:
    """The actors of a clip, ready to be looked at from anywhere.

    ``points`` ``[T, A, N_POINTS, 3]``, ``height`` ``[A]`` = H, ``across`` ``[T, A, 3]`` the unit
    vector from the right to the left side, ``heading`` ``[T, A, 3]`` the horizontal unit vector
    the body faces, ``facing`` ``[T, A, 3]`` the unit vector the face looks along, ``crown``
    ``[T, A, 3]`` the unit vector from neck to head, ``faces`` and ``eyes`` as
    `stickgen.render.faces.face_tracks`, ``present`` ``[T, A]``.
    """

    points: Array
    height: Array
    across: Array
    heading: Array
    facing: Array
    crown: Array
    faces: Array
    eyes: Array
    present: NDArray[np.bool_]
    fps: float
    flat: bool

    @property
    def n_frames(self) -> int:
        return int(self.points.shape[0])

    @property
    def n_actors(self) -> int:
        return int(self.points.shape[1])


def heights(joints: Array, present: NDArray[np.bool_], flat: bool) -> Array:
    """Return each actor's standing height ``[A]`` from the lengths of its bones.

    Legs, torso and neck make 0.845 H; the ankle's height and the head's radius the rest. A flat
    motion shows bones shortened, so their longest (95th percentile) appearance counts there. An
    actor without any length gets the standard height.
    """
    chains = (
        ("l_hip", "l_knee"),
        ("l_knee", "l_ankle"),
        ("r_hip", "r_knee"),
        ("r_knee", "r_ankle"),
        ("pelvis_center", "chest"),
        ("chest", "neck"),
        ("neck", "head_center"),
    )
    weights = (0.5, 0.5, 0.5, 0.5, 1.0, 1.0, 1.0)
    out = np.full(joints.shape[1], HEIGHT)
    for actor in range(joints.shape[1]):
        seen = joints[present[:, actor], actor]
        if len(seen) == 0:
            continue
        total = 0.0
        for (a, b), weight in zip(chains, weights, strict=True):
            lengths = np.linalg.norm(seen[:, J[a]] - seen[:, J[b]], axis=-1)
            total += weight * float(np.percentile(lengths, 95 if flat else 50))
        h = total / 0.845
        if h > 1e-3:
            out[actor] = h
    return out


def _held(track: Array, valid: NDArray[np.bool_], default: tuple[float, ...]) -> Array:
    """Return *track* ``[T, A, D]`` with its invalid entries replaced by the nearest earlier one."""
    out = np.array(track)
    for actor in range(track.shape[1]):
        good = np.flatnonzero(valid[:, actor])
        if len(good) == 0:
            out[:, actor] = default
            continue
        nearest = good[np.clip(np.searchsorted(good, np.arange(len(track)), "right") - 1, 0, None)]
        out[:, actor] = track[nearest, actor]
    return out


def _flat_direction(joints: Array, fps: float) -> Array:
    """Return +1 or -1 ``[T, A]``: the way each actor of a flat motion faces along x.

    The way it travels if it does, else the way its knees bend.
    """
    root = joints[:, :, J["pelvis_center"], 0]
    speed = np.gradient(gaussian(root, 0.2 * fps), axis=0) * fps if len(root) > 1 else root * 0.0
    bend = np.zeros_like(root)
    for side in "lr":
        hip, knee, ankle = (joints[:, :, J[f"{side}_{n}"], 0] for n in ("hip", "knee", "ankle"))
        bend += knee - 0.5 * (hip + ankle)
    out = np.empty_like(root)
    for actor in range(root.shape[1]):
        sign = 1.0 if bend[:, actor].mean() >= -0.005 else -1.0
        moving = np.flatnonzero(np.abs(speed[:, actor]) > 0.3)
        if len(moving):
            sign = float(np.sign(speed[moving[0], actor]))
        for t in range(len(root)):
            if abs(speed[t, actor]) > 0.3:
                sign = float(np.sign(speed[t, actor]))
            out[t, actor] = sign
    return out


def figures(motion: Motion) -> Figures:
    """Return the drawn anatomy of *motion*."""
    joints = motion.joints.astype(np.float64)
    present = np.asarray(motion.present)
    flat = motion.depth is None
    height = heights(joints, present, flat)
    H = height[None, :, None]
    up = np.array([0.0, 1.0, 0.0])

    if flat:
        sign = _flat_direction(joints, motion.fps)
        hips = np.zeros((*sign.shape, 3))
        hips[..., 2] = -sign
        shoulders = hips
    else:
        raw_hips = joints[:, :, J["l_hip"]] - joints[:, :, J["r_hip"]]
        raw_shoulders = joints[:, :, J["l_shoulder"]] - joints[:, :, J["r_shoulder"]]
        wide = np.linalg.norm(raw_hips, axis=-1) > 0.01 * height
        broad = np.linalg.norm(raw_shoulders, axis=-1) > 0.01 * height
        either = np.where(wide[..., None], unit(raw_hips), unit(raw_shoulders))
        hips = _held(either, wide | broad, (0.0, 0.0, -1.0))
        shoulders = np.where(broad[..., None], unit(raw_shoulders), hips)
    hips = unit(gaussian(hips, 0.05 * motion.fps), hips)
    shoulders = unit(gaussian(shoulders, 0.05 * motion.fps), shoulders)

    ahead = np.cross(hips, up)
    ahead_length = np.linalg.norm(ahead, axis=-1)
    heading = _held(unit(ahead), ahead_length > 0.2, (1.0, 0.0, 0.0))

    neck, head = joints[:, :, J["neck"]], joints[:, :, J["head_center"]]
    chest, pelvis = joints[:, :, J["chest"]], joints[:, :, J["pelvis_center"]]
    torso_up = unit(neck - pelvis, up)
    crown = unit(head - neck, torso_up)
    # Shoulders swing with the arms; the head follows them half way.
    facing = np.cross(unit(hips + shoulders, hips), crown)
    facing = _held(unit(facing), np.linalg.norm(facing, axis=-1) > 0.2, (1.0, 0.0, 0.0))

    points = np.empty((motion.n_frames, motion.n_actors, N_POINTS, 3))
    points[:, :, 0], points[:, :, 1], points[:, :, 2] = pelvis, chest, neck
    points[:, :, HEAD] = head
    collar = neck + unit(chest - neck, -torso_up) * (COLLAR * H)
    for side, name in enumerate("lr"):
        arm, leg = ARMS[side].start, LEGS[side].start
        shoulder = joints[:, :, J[f"{name}_shoulder"]]
        points[:, :, arm] = collar
        points[:, :, arm + 1] = collar + _SHOULDER_SHARE * (shoulder - collar)
        points[:, :, arm + 2] = joints[:, :, J[f"{name}_elbow"]]
        points[:, :, arm + 3] = joints[:, :, J[f"{name}_wrist"]]
        hip, knee = joints[:, :, J[f"{name}_hip"]], joints[:, :, J[f"{name}_knee"]]
        ankle = joints[:, :, J[f"{name}_ankle"]]
        points[:, :, leg] = pelvis + _HIP_SHARE * (hip - pelvis)
        points[:, :, leg + 1] = knee
        heel, toe = _foot(knee, ankle, hips, heading, torso_up, height, motion.fps)
        points[:, :, leg + 2], points[:, :, leg + 3] = heel, toe

    faces, eyes = face_tracks(motion)
    return Figures(
        points=points,
        height=height,
        across=unit(hips + shoulders, hips),
        heading=heading,
        facing=facing,
        crown=crown,
        faces=faces,
        eyes=eyes,
        present=present,
        fps=motion.fps,
        flat=flat,
    )


def _foot(
    knee: Array,
    ankle: Array,
    across: Array,
    heading: Array,
    torso: Array,
    height: Array,
    fps: float,
) -> tuple[Array, Array]:
    """Return the heel and the tip of a foot ``[T, A, 3]``.

    In the air a foot stands square to the shin, toe a little down; it is stretched where the
    *torso* lies in the air or the water. Near the ground it turns flat,
    pointing where the body faces. Its tip never goes below the ground: a heel that lifts pivots
    on the toe, a toe that comes first in front of the body points up because the shin leans back.
    """
    H = height[None, :, None]
    down = np.array([0.0, -1.0, 0.0])
    shin = unit(ankle - knee, down)
    side = unit(across - (across * shin).sum(-1, keepdims=True) * shin, across)
    square = unit(np.cross(shin, side), heading)
    lift = ankle[..., 1] / height[None, :] - ANKLE_HEIGHT
    afloat = (1.0 - smoothstep(torso[..., 1], 0.3, 0.7)) * smoothstep(lift, 0.10, 0.25)
    droop = np.radians(18.0 + 50.0 * afloat)[..., None]
    free = np.cos(droop) * square + np.sin(droop) * shin
    upright = smoothstep(-shin[..., 1], 0.05, 0.55)
    # A leg that lies on the ground keeps its foot square; a standing one puts it flat.
    flatness = ((1.0 - smoothstep(lift, 0.008, 0.075)) * upright)[..., None]
    direction = unit(free * (1.0 - flatness) + heading * flatness, heading)
    direction = unit(gaussian(direction, 0.03 * fps), direction)
    below = unit(shin * (1.0 - flatness) + down * flatness, down)
    heel = ankle + below * ((ANKLE_HEIGHT - SOLE) * H)
    heel[..., 1] = np.maximum(heel[..., 1], np.minimum(SOLE * height, ankle[..., 1]))
    tip = heel + direction * (FOOT * H)
    floor = np.minimum(SOLE * height, heel[..., 1] + 0.35 * FOOT * height)
    # Swing a tip that would sink up to the floor, keeping the foot's length.
    sunk = tip[..., 1] < floor
    rise = np.clip((floor - heel[..., 1]) / (FOOT * height), -0.97, 0.97)
    flat_part = direction * np.array([1.0, 0.0, 1.0])
    level = unit(flat_part, heading)
    swung = level * np.sqrt(1.0 - rise**2)[..., None]
    swung[..., 1] = rise
    tip = np.where(sunk[..., None], heel + swung * (FOOT * H), tip)
    return heel, np.asarray(tip)
