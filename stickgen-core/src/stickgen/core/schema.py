"""The 48-number motion schema: 16 joints, 12 segments, and how the two map onto each other.

**Conventions**
    Metres, seconds, y up, ground at y = 0, x to the right, z toward the viewer (right-handed).
    "l" is the figure's own left. A frame of one actor is 12 segments x (x1, y1, x2, y2) = 48
    floats in the picture plane; each joint's z travels beside it as *depth* (16 floats).
    In the canonical view a figure faces +x, so its left is at z < 0 and its right at z > 0.

**Contents**
    - `JOINTS`, `SEGMENTS`, `PARENTS`, `SYMMETRY`: the names and the order of everything.
    - `joints_to_segments`, `segments_to_joints`: the two maps, inverse to each other.
    - `connectivity_error`: the first of the nine rules a frame breaks, by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

SCHEMA_VERSION: Final = 3
"""Version of the layout below; readers accept it and refuse a newer one."""

SKELETON_TYPE: Final = "stick_figure_12_segment_v3"
"""Name of the layout in ``.motion`` files."""

FPS: Final = 25.0
"""Nominal frame rate; any rate is legal."""

HEIGHT: Final = 1.70
"""Standing height in metres of a figure whose clip says nothing else."""

ANKLE_HEIGHT: Final = 0.045
"""Height of a flat-standing ankle, as a fraction of the standing height."""

PLANTED_MARGIN: Final = 0.030
"""A foot is planted while its ankle is within this fraction of the height of `ANKLE_HEIGHT`."""

JOINTS: Final[tuple[str, ...]] = (
    "pelvis_center",
    "chest",
    "neck",
    "head_center",
    "l_shoulder",
    "r_shoulder",
    "l_elbow",
    "r_elbow",
    "l_wrist",
    "r_wrist",
    "l_hip",
    "r_hip",
    "l_knee",
    "r_knee",
    "l_ankle",
    "r_ankle",
)
"""The 16 canonical joints in the order of every ``[..., 16, ...]`` array."""

J: Final[dict[str, int]] = {name: i for i, name in enumerate(JOINTS)}
"""Joint name to index."""

SEGMENTS: Final[tuple[tuple[str, str, str], ...]] = (
    ("head", "neck", "head_center"),
    ("upper_torso", "neck", "chest"),
    ("lower_torso", "chest", "pelvis_center"),
    ("l_upper_arm", "l_shoulder", "l_elbow"),
    ("l_forearm", "l_elbow", "l_wrist"),
    ("r_upper_arm", "r_shoulder", "r_elbow"),
    ("r_forearm", "r_elbow", "r_wrist"),
    ("l_thigh", "l_hip", "l_knee"),
    ("l_shin", "l_knee", "l_ankle"),
    ("r_thigh", "r_hip", "r_knee"),
    ("r_shin", "r_knee", "r_ankle"),
    ("pelvis_width", "l_hip", "r_hip"),
)
"""The 12 segments in order: (name, start joint, end joint)."""

N_JOINTS: Final = len(JOINTS)
N_SEGMENTS: Final = len(SEGMENTS)
DIM: Final = 4 * N_SEGMENTS
"""Floats a frame of one actor: 48."""

PARENTS: Final[tuple[int, ...]] = tuple(
    -1 if parent is None else J[parent]
    for parent in (
        None,
        "pelvis_center",
        "chest",
        "neck",
        "neck",
        "neck",
        "l_shoulder",
        "r_shoulder",
        "l_elbow",
        "r_elbow",
        "pelvis_center",
        "pelvis_center",
        "l_hip",
        "r_hip",
        "l_knee",
        "r_knee",
    )
)
"""Parent of each joint in the kinematic tree rooted at the mid-hip; -1 for the root."""

SYMMETRY: Final[tuple[int, ...]] = tuple(
    J["r" + name[1:]]
    if name.startswith("l_")
    else J["l" + name[1:]]
    if name.startswith("r_")
    else i
    for i, name in enumerate(JOINTS)
)
"""For each joint the index of its mirror image (itself for joints on the midline)."""

SEGMENT_STARTS: Final[NDArray[np.intp]] = np.array([J[a] for _, a, _ in SEGMENTS])
SEGMENT_ENDS: Final[NDArray[np.intp]] = np.array([J[b] for _, _, b in SEGMENTS])

_START, _END = 0, 1
_S: Final[dict[str, int]] = {name: i for i, (name, _, _) in enumerate(SEGMENTS)}

_JOINT_SOURCE: Final[tuple[tuple[int, int], ...]] = tuple(
    next(
        (_S[segment], end)
        for segment, end in (
            ("head", _START),
            ("head", _END),
            ("upper_torso", _END),
            ("lower_torso", _END),
            ("l_upper_arm", _START),
            ("l_upper_arm", _END),
            ("l_forearm", _END),
            ("r_upper_arm", _START),
            ("r_upper_arm", _END),
            ("r_forearm", _END),
            ("pelvis_width", _START),
            ("pelvis_width", _END),
            ("l_thigh", _END),
            ("r_thigh", _END),
            ("l_shin", _END),
            ("r_shin", _END),
        )
        if SEGMENTS[_S[segment]][1 + end] == joint
    )
    for joint in JOINTS
)
_SOURCE_SEGMENT: Final[NDArray[np.intp]] = np.array([s for s, _ in _JOINT_SOURCE])
_SOURCE_END: Final[NDArray[np.intp]] = np.array([e for _, e in _JOINT_SOURCE])

CONNECTIVITY_TOLERANCE: Final = 1e-5
"""Two points meet when they differ by at most this times ``max(1, |x|)``."""


@dataclass(frozen=True, slots=True)
class BrokenRule:
    """Where a motion breaks a connectivity rule, and by how many metres."""

    rule: str
    frame: int
    actor: int
    gap: float


_RULES: Final[tuple[tuple[str, tuple[int, int], tuple[int, int]], ...]] = (
    ("head.start = upper_torso.start", (_S["head"], _START), (_S["upper_torso"], _START)),
    ("upper_torso.end = lower_torso.start", (_S["upper_torso"], _END), (_S["lower_torso"], _START)),
    ("l_thigh.start = pelvis_width.start", (_S["l_thigh"], _START), (_S["pelvis_width"], _START)),
    ("r_thigh.start = pelvis_width.end", (_S["r_thigh"], _START), (_S["pelvis_width"], _END)),
    ("l_upper_arm.end = l_forearm.start", (_S["l_upper_arm"], _END), (_S["l_forearm"], _START)),
    ("r_upper_arm.end = r_forearm.start", (_S["r_upper_arm"], _END), (_S["r_forearm"], _START)),
    ("l_thigh.end = l_shin.start", (_S["l_thigh"], _END), (_S["l_shin"], _START)),
    ("r_thigh.end = r_shin.start", (_S["r_thigh"], _END), (_S["r_shin"], _START)),
)
_ONE: Final = tuple(np.array([one for _, one, _ in _RULES]).T)
_TWO: Final = tuple(np.array([two for _, _, two in _RULES]).T)
"""The segments and the ends of the points that meet."""

_MIDPOINT_RULE: Final = "lower_torso.end = midpoint of pelvis_width"

CONNECTIVITY_RULES: Final[tuple[str, ...]] = tuple(
    [name for name, _, _ in _RULES[:2]] + [_MIDPOINT_RULE] + [name for name, _, _ in _RULES[2:]]
)
"""Names of the nine rules."""


def joints_to_segments(joints: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return the segments ``[..., 48]`` of *joints* ``[..., 16, 2 or 3]``; z is dropped."""
    joints = np.asarray(joints)
    out = np.empty((*joints.shape[:-2], N_SEGMENTS, 4), dtype=np.float32)
    out[..., 0:2] = joints[..., SEGMENT_STARTS, :2]
    out[..., 2:4] = joints[..., SEGMENT_ENDS, :2]
    return out.reshape(*joints.shape[:-2], DIM)


def segments_to_joints(segments: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return the joints ``[..., 16, 2]`` of *segments* ``[..., 48]`` or ``[..., 12, 4]``."""
    segments = np.asarray(segments, dtype=np.float32)
    if segments.shape[-1] == DIM:
        segments = segments.reshape(*segments.shape[:-1], N_SEGMENTS, 4)
    points = segments.reshape(*segments.shape[:-1], 2, 2)
    return points[..., _SOURCE_SEGMENT, _SOURCE_END, :]


def with_mid_hip(joints: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return *joints* ``[..., 16, D]`` with pelvis_center moved to the midpoint of the hips."""
    out = np.array(joints, dtype=np.float64)
    out[..., J["pelvis_center"], :] = 0.5 * (out[..., J["l_hip"], :] + out[..., J["r_hip"], :])
    return out


def connectivity_error(
    frames: NDArray[np.floating],
    present: NDArray[np.bool_] | None = None,
    tolerance: float = CONNECTIVITY_TOLERANCE,
) -> BrokenRule | None:
    """Return the first rule that *frames* ``[T, A, 48]`` break, or None.

    Points meet when they differ by at most *tolerance* times max(1, |x|). Rules are tried in the
    order of `CONNECTIVITY_RULES`; within a rule the first frame wins. Entries where *present*
    ``[T, A]`` is False are not looked at. NaN never meets anything.
    """
    points = np.asarray(frames, dtype=np.float64).reshape(*frames.shape[:-1], N_SEGMENTS, 2, 2)
    pelvis = points[:, :, _S["pelvis_width"]]
    a = np.empty((*points.shape[:2], len(_RULES) + 1, 2))
    b = np.empty_like(a)
    a[:, :, :-1], b[:, :, :-1] = points[:, :, _ONE[0], _ONE[1]], points[:, :, _TWO[0], _TWO[1]]
    a[:, :, -1], b[:, :, -1] = points[:, :, _S["lower_torso"], _END], pelvis.mean(axis=-2)
    gap = np.abs(a - b)
    limit = tolerance * np.maximum(1.0, np.maximum(np.abs(a), np.abs(b)))
    broken = ~(gap <= limit).all(axis=-1)
    if present is not None:
        broken &= present[..., None]
    if not broken.any():
        return None
    names = [*(name for name, _, _ in _RULES), _MIDPOINT_RULE]
    for name in CONNECTIVITY_RULES:
        rule = names.index(name)
        if broken[..., rule].any():
            frame, actor = (int(i) for i in np.argwhere(broken[..., rule])[0])
            return BrokenRule(name, frame, actor, float(gap[frame, actor, rule].max()))
    return None
