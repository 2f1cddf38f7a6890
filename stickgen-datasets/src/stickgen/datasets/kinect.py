"""The body a Kinect v2 sees: 25 joints in the axes of its camera.

Camera space is right-handed, in metres: x to the sensor's left, y up, z away from it. Whoever
faces the sensor has their left at smaller x. Here x and z are both negated (half a turn about y),
so that z points toward the viewer and left stays left. The camera knows no floor: heights count
from the lowest ankle.

Joints: Microsoft, Kinect for Windows SDK 2.0, enumeration JointType. SpineShoulder, between the
shoulders, is what the schema calls neck; Head is the middle of the head.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from stickgen.datasets.points import BoolArray, interpolated, steady
from stickgen.datasets.tracks import Array, PointTrack

FPS: Final = 30.0

JOINTS: Final[tuple[str, ...]] = (
    "SpineBase", "SpineMid", "Neck", "Head",
    "ShoulderLeft", "ElbowLeft", "WristLeft", "HandLeft",
    "ShoulderRight", "ElbowRight", "WristRight", "HandRight",
    "HipLeft", "KneeLeft", "AnkleLeft", "FootLeft",
    "HipRight", "KneeRight", "AnkleRight", "FootRight",
    "SpineShoulder", "HandTipLeft", "ThumbLeft", "HandTipRight", "ThumbRight",
)  # fmt: skip
"""The 25 joints in the order of the files."""

JOINT_MAP: Final = {"neck": "SpineShoulder", "head_center": "Head"}

_TREE: Final[tuple[tuple[str, str | None], ...]] = (
    ("SpineBase", None),
    ("HipLeft", "SpineBase"),
    ("HipRight", "SpineBase"),
    ("SpineMid", "SpineBase"),
    ("SpineShoulder", "SpineMid"),
    ("Head", "SpineShoulder"),
    ("ShoulderLeft", "SpineShoulder"),
    ("ElbowLeft", "ShoulderLeft"),
    ("WristLeft", "ElbowLeft"),
    ("ShoulderRight", "SpineShoulder"),
    ("ElbowRight", "ShoulderRight"),
    ("WristRight", "ElbowRight"),
    ("KneeLeft", "HipLeft"),
    ("AnkleLeft", "KneeLeft"),
    ("KneeRight", "HipRight"),
    ("AnkleRight", "KneeRight"),
)
"""The joints that are used, each with its parent; SpineBase is put to the middle of the hips."""
_NAMES: Final = [name for name, _ in _TREE]
_PARENTS: Final = [-1 if parent is None else _NAMES.index(parent) for _, parent in _TREE]
_COLUMNS: Final = [JOINTS.index(name) for name in _NAMES]
_HIPS: Final = (_NAMES.index("HipLeft"), _NAMES.index("HipRight"))
_ANKLES: Final = [_NAMES.index("AnkleLeft"), _NAMES.index("AnkleRight")]


def kinect_tracks(bodies: list[tuple[Array, BoolArray]]) -> list[PointTrack]:
    """Return the tracks of *bodies* seen together: positions ``[T, 25, 3]`` and when each was seen.

    Frames in which a body was not seen are interpolated.
    """
    found = [
        steady(interpolated(points[:, _COLUMNS], seen), _PARENTS, _HIPS) for points, seen in bodies
    ]
    floor = min(float(points[:, _ANKLES, 1].min()) for points in found)
    turned = [points * np.array([-1.0, 1.0, -1.0]) - [0.0, floor, 0.0] for points in found]
    return [PointTrack(_NAMES, _PARENTS, points) for points in turned]
