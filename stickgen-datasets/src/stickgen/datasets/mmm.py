"""Motions of the Master Motor Map: the raw ``*_mmm.xml`` files of KIT-ML.

Such a file holds, for every frame, where the root is (millimetres, z up), how it is turned (roll,
pitch, yaw) and the angles of 44 joints of a reference body, scaled to the height of the person.
That body faces +y at rest with its left at -x, and its segments have the lengths of Winter's table
as fractions of the height (`SEGMENTS`); the rotations of one ball joint are nested in the order
x, z, y.

Terlemez et al., Master Motor Map (MMM), Humanoids 2014; Winter, Biomechanics and Motor Control of
Human Movement.
"""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core.errors import SourceError
from stickgen.datasets.tracks import Array, SkeletonTrack

_X, _Y, _Z = 0, 1, 2

# Joint, parent, place in the parent's frame as fractions of the body's height, axes of rotation.
SEGMENTS: Final[tuple[tuple[str, str, tuple[float, float, float], str], ...]] = (
    ("root", "", (0.0, 0.0, 0.0), ""),
    ("BP", "root", (0.0, 0.0, 0.040), "xzy"),
    ("BT", "BP", (0.0, 0.0, 0.060), "xzy"),
    ("BLN", "BT", (0.0, 0.0, 0.210), "xzy"),
    ("BUN", "BLN", (0.0, 0.0, 0.030), "xzy"),
    *(
        segment
        for side, sign in (("L", -1.0), ("R", 1.0))
        for segment in (
            (f"{side}S", "BT", (sign * 0.110, 0.0, 0.188), "xzy"),
            (f"{side}E", f"{side}S", (0.0, 0.0, -0.188), "xz"),
            (f"{side}W", f"{side}E", (0.0, 0.0, -0.145), "xy"),
            (f"{side}H", "root", (sign * 0.052, 0.0, 0.0), "xzy"),
            (f"{side}K", f"{side}H", (0.0, 0.0, -0.245), "x"),
            (f"{side}A", f"{side}K", (0.0, 0.0, -0.246), "xzy"),
        )
    ),
)
"""The reference body, down to wrists and ankles."""

_NAMES: Final = {
    "BLN": "neck",
    "BUN": "head",
    **{
        f"{letter}{key}": f"{side}_{part}"
        for letter, side in (("L", "left"), ("R", "right"))
        for key, part in (
            ("S", "shoulder"),
            ("E", "elbow"),
            ("W", "wrist"),
            ("H", "hip"),
            ("K", "knee"),
            ("A", "ankle"),
        )
    },
}
_HEIGHTS: Final = (0.5, 2.5)


@dataclass(frozen=True, slots=True)
class MmmMotion:
    """A body in millimetres, z up; the height in metres it was scaled to, and whose it is."""

    track: SkeletonTrack
    fps: float
    height: float
    subject: str


def read_mmm(path: Path) -> MmmMotion:
    """Return the motion in the file at *path*.

    Raises:
        SourceError: it is not one, or scales the body in a way this reader does not know.
    """
    motion = _human(path, _tree(path))
    height = _height(path, motion)
    order = [joint.get("name", "") for joint in motion.findall("JointOrder/Joint")]
    frames = motion.findall("MotionFrames/MotionFrame")
    if not frames:
        raise SourceError(path, "holds no frames", place="element 'MotionFrames'")
    times = _column(path, frames, "Timestep", 1)[:, 0]
    place = _column(path, frames, "RootPosition", 3)
    turn = _column(path, frames, "RootRotation", 3)
    angles = _column(path, frames, "JointPosition", len(order))
    steps = np.diff(times)
    if not (steps.size and (steps > 0).all()):
        raise SourceError(path, "has time steps that do not grow", place="element 'Timestep'")
    return MmmMotion(
        track=_track(path, height, order, place, turn, angles),
        fps=round(float(1.0 / np.median(steps)), 6),
        height=height,
        subject=motion.get("name", ""),
    )


def _tree(path: Path) -> ElementTree.Element:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SourceError(path, f"cannot be read ({error.strerror or error})") from None
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise SourceError(path, "declares entities, which motion files do not need")
    try:
        return ElementTree.fromstring(data)
    except ElementTree.ParseError as error:
        raise SourceError(
            path, f"is not XML ({error})", hint="it is empty, cut short or damaged"
        ) from None


def _human(path: Path, root: ElementTree.Element) -> ElementTree.Element:
    """Return the motion of a person; objects have motions of their own."""
    motions = root.findall("Motion") if root.tag == "MMM" else []
    for motion in motions:
        if motion.find("JointOrder") is not None and motion.find("MotionFrames") is not None:
            return motion
    if any(motion.find("Sensors") is not None for motion in motions):
        raise SourceError(
            path, "is a Master Motor Map file of version 2", hint="KIT-ML's are of version 1"
        )
    raise SourceError(path, "holds no motion of a person", place="element 'Motion'")


def _height(path: Path, motion: ElementTree.Element) -> float:
    config = motion.find("ModelProcessorConfig")
    place = "element 'ModelProcessorConfig'"
    kind = config.get("type", "") if config is not None else ""
    if config is None or kind != "Winter":
        raise SourceError(
            path,
            f"scales the reference body by {kind or 'nothing'!r}, only 'Winter' is known",
            place=place,
        )
    if config.find("SegmentLength") is not None or config.find("SegmentLengths") is not None:
        raise SourceError(
            path, "gives segments lengths of their own, which is not supported", place=place
        )
    try:
        height = float(config.findtext("Height", ""))
    except ValueError:
        height = 0.0
    if not _HEIGHTS[0] <= height <= _HEIGHTS[1]:
        raise SourceError(
            path, f"has no height in metres, but {config.findtext('Height')!r}", place=place
        )
    return height


def _column(path: Path, frames: list[ElementTree.Element], tag: str, width: int) -> Array:
    """Return the numbers under *tag* in every frame ``[T, width]``."""
    words = [(frame.findtext(tag) or "").split() for frame in frames]
    for number, row in enumerate(words):
        if len(row) != width:
            raise SourceError(
                path,
                f"{tag} holds {len(row)} numbers, expected {width}",
                place=f"frame {number}",
            )
    try:
        values: Array = np.array(words, dtype=np.float64)
    except ValueError as error:
        raise SourceError(path, f"{tag} holds no numbers ({error})") from None
    if not np.isfinite(values).all():
        number = int(np.argwhere(~np.isfinite(values))[0][0])
        raise SourceError(path, f"{tag} is not finite", place=f"frame {number}")
    return values


def _track(
    path: Path, height: float, order: list[str], place: Array, turn: Array, angles: Array
) -> SkeletonTrack:
    column = {name: k for k, name in enumerate(order)}
    joints = [name for name, *_ in SEGMENTS]
    rotations = np.zeros((len(place), len(joints), 3))
    axes: NDArray[np.intp] = np.tile(np.array([_X, _Z, _Y], dtype=np.intp), (len(joints), 1))
    # Roll, pitch and yaw turn about the world's x, y and z in that order.
    axes[0] = (_Z, _Y, _X)
    rotations[:, 0] = turn[:, ::-1]
    missing = []
    for k, (name, _, _, turns) in enumerate(SEGMENTS):
        for slot, axis in enumerate("xzy"):
            if axis in turns:
                joint = f"{name}{axis}_joint"
                if joint in column:
                    rotations[:, k, slot] = angles[:, column[joint]]
                else:
                    missing.append(joint)
    if missing:
        raise SourceError(
            path, f"has no angles of {', '.join(missing[:4])}", place="element 'JointOrder'"
        )
    scale = 1000.0 * height
    return SkeletonTrack(
        names=[_NAMES.get(name, name) for name in joints],
        parents=[joints.index(parent) if parent else -1 for _, parent, _, _ in SEGMENTS],
        offsets=np.array([offset for _, _, offset, _ in SEGMENTS]) * scale,
        rotations=np.degrees(rotations),
        axes=axes,
        moving=(0,),
        translations=place[:, None],
    )
