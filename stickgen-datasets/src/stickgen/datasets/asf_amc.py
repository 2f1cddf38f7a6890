"""Acclaim skeletons and motions: an ``.asf`` for the body, an ``.amc`` for what it does.

Format: https://research.cs.wisc.edu/graphics/Courses/cs-838-1999/Jeff/ASF-AMC.html. A bone has a
direction and a length in the axes of the standing skeleton, and axes of its own (``axis``) about
which its degrees of freedom (``dof``) turn it; bones without any keep their place. The unit of
length is an inch divided by the ``length`` in ``:units``, 0.45 in the CMU database.

A joint of the track is where a bone begins and is called by that bone: the knee is ``ltibia``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core.errors import SourceError
from stickgen.datasets.tracks import Array, SkeletonTrack, from_euler, multiply

MAX_BONES: Final = 500
"""More bones than any skeleton has that was recorded."""
INCH: Final = 0.0254

_AXES: Final = {"x": 0, "y": 1, "z": 2}
_DOFS: Final = frozenset({"rx", "ry", "rz"})
_ROOT_DOFS: Final = frozenset({"tx", "ty", "tz", "rx", "ry", "rz"})


@dataclass
class Bone:
    """One bone: its vector at rest, its own axes, and its degrees of freedom as they are listed."""

    name: str
    vector: Array = field(default_factory=lambda: np.zeros(3))
    axis: Array = field(default_factory=lambda: np.zeros(3))
    axis_order: str = "xyz"
    dof: tuple[str, ...] = ()
    parent: int = -1


@dataclass(frozen=True, eq=False)
class AsfFile:
    """The skeleton in an ASF file; the root comes first, parents before their children.

    ``position`` is where the root rests, ``metres`` a unit of length, None where the file does not
    say; angles are in degrees.
    """

    bones: list[Bone]
    position: Array
    metres: float | None


def read_asf(path: Path) -> AsfFile:
    """Return the skeleton in the ASF file at *path*.

    Raises:
        SourceError: it is not one; names the line.
    """
    lines = _lines(path)
    sections = _sections(path, lines)
    for name in (":root", ":bonedata", ":hierarchy"):
        if name not in sections:
            raise SourceError(
                path,
                f"has no {name} section",
                place=f"line {lines[-1][0]}",
                hint="it is cut short or no ASF skeleton",
            )
    units = {words[0].lower(): words for _, words in sections.get(":units", [])}
    degrees = _angle_unit(path, sections.get(":units", []))
    length = units.get("length", ["", "0"])
    metres = _inch_share(path, length, sections.get(":units", []))
    root, position = _root(path, sections[":root"], degrees)
    bones = [root, *_bones(path, sections[":bonedata"], degrees)]
    return AsfFile(_ordered(path, bones, sections[":hierarchy"]), position, metres)


_Line = tuple[int, list[str]]


def _lines(path: Path) -> list[_Line]:
    """Return the words of each line that has any, with the line's number; comments left out."""
    try:
        text = path.read_bytes().decode("latin-1")
    except OSError as error:
        raise SourceError(path, f"cannot be read ({error.strerror or error})") from None
    lines = []
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.split("#", 1)[0].split()
        if words:
            lines.append((number, words))
    if not lines:
        raise SourceError(path, "is empty")
    return lines


def _sections(path: Path, lines: list[_Line]) -> dict[str, list[_Line]]:
    sections: dict[str, list[_Line]] = {}
    current: list[_Line] | None = None
    for number, words in lines:
        if words[0].startswith(":"):
            current = sections.setdefault(words[0].lower(), [])
        elif current is None:
            raise SourceError(
                path,
                "is not an ASF file: it does not begin with a section such as :version",
                place=f"line {number}",
            )
        else:
            current.append((number, words))
    return sections


def _angle_unit(path: Path, units: list[_Line]) -> float:
    """Return degrees in a unit of angle."""
    for number, words in units:
        if words[0].lower() == "angle":
            unit = words[1].lower() if len(words) > 1 else ""
            if unit.startswith("deg"):
                return 1.0
            if unit.startswith("rad"):
                return float(np.degrees(1.0))
            raise SourceError(
                path, f"angle must be deg or rad, not {unit[:20]!r}", place=f"line {number}"
            )
    return 1.0


def _inch_share(path: Path, words: list[str], units: list[_Line]) -> float | None:
    """Return metres in a unit of length; a length of 1 or none says nothing."""
    number = next((n for n, w in units if w[0].lower() == "length"), 0)
    share = _floats(path, number, words[1:], 1)[0] if number else 0.0
    if share < 0:
        raise SourceError(path, f"length must be positive, not {share:g}", place=f"line {number}")
    return INCH / share if share and share != 1.0 else None


def _floats(path: Path, number: int, words: list[str], count: int) -> Array:
    try:
        values = np.array([float(word) for word in words[:count]])
    except ValueError:
        values = np.zeros(0)
    if len(values) < count or not np.isfinite(values).all():
        shown = " ".join(words)[:40]
        raise SourceError(
            path,
            f"expected {count} finite number{'s' if count > 1 else ''}, found {shown!r}",
            place=f"line {number}",
        )
    return values


def _order(path: Path, number: int, word: str) -> str:
    order = word.lower()
    if sorted(order) != ["x", "y", "z"]:
        raise SourceError(
            path, f"the order of axes must be like XYZ, not {word[:20]!r}", place=f"line {number}"
        )
    return order


def _root(path: Path, lines: list[_Line], degrees: float) -> tuple[Bone, Array]:
    root = Bone("root", dof=("tx", "ty", "tz", "rx", "ry", "rz"))
    position = np.zeros(3)
    for number, words in lines:
        key = words[0].lower()
        if key == "order":
            root.dof = tuple(word.lower() for word in words[1:])
            unknown = [word for word in root.dof if word not in _ROOT_DOFS]
            if unknown or len(set(root.dof)) < len(root.dof):
                raise SourceError(
                    path,
                    f"the root's order must hold each of TX TY TZ RX RY RZ at most once,"
                    f" not {' '.join(words[1:])[:60]!r}",
                    place=f"line {number}",
                )
        elif key == "axis":
            root.axis_order = _order(path, number, words[1] if len(words) > 1 else "")
        elif key == "position":
            position = _floats(path, number, words[1:], 3)
        elif key == "orientation":
            root.axis = _floats(path, number, words[1:], 3) * degrees
    return root, position


def _bones(path: Path, lines: list[_Line], degrees: float) -> list[Bone]:
    bones: list[Bone] = []
    bone: Bone | None = None
    direction, length = np.zeros(3), 0.0
    for number, words in lines:
        key = words[0].lower()
        if key == "begin":
            bone, direction, length = Bone(""), np.zeros(3), 0.0
        elif bone is None:
            raise SourceError(
                path, f"{words[0][:20]!r} stands outside begin and end", place=f"line {number}"
            )
        elif key == "end":
            if not bone.name:
                raise SourceError(path, "a bone has no name", place=f"line {number}")
            size = float(np.linalg.norm(direction))
            if length and not size:
                raise SourceError(
                    path, f"the bone {bone.name!r} has no direction", place=f"line {number}"
                )
            bone.vector = direction * (length / size) if size else direction
            bones.append(bone)
            bone = None
            if len(bones) > MAX_BONES:
                raise SourceError(path, f"declares more than {MAX_BONES} bones")
        elif key == "name":
            bone.name = words[1] if len(words) > 1 else ""
        elif key == "direction":
            direction = _floats(path, number, words[1:], 3)
        elif key == "length":
            length = float(_floats(path, number, words[1:], 1)[0])
        elif key == "axis":
            bone.axis = _floats(path, number, words[1:], 3) * degrees
            bone.axis_order = _order(path, number, words[4] if len(words) > 4 else "XYZ")
        elif key == "dof":
            bone.dof = tuple(word.lower() for word in words[1:])
            other = [word for word in bone.dof if word not in _DOFS]
            if other:
                raise SourceError(
                    path,
                    f"the bone {bone.name!r} moves by {other[0][:20]!r}, only turns (rx ry rz) are"
                    " read",
                    place=f"line {number}",
                )
    if bone is not None:
        raise SourceError(
            path, f"the bone {bone.name!r} is not finished", hint="the file is cut short"
        )
    return bones


def _ordered(path: Path, bones: list[Bone], lines: list[_Line]) -> list[Bone]:
    """Return the bones with their parents, those before them."""
    by_name = {bone.name: bone for bone in bones}
    if len(by_name) < len(bones):
        names = [bone.name for bone in bones]
        twice = next(name for name in names if names.count(name) > 1)
        raise SourceError(path, f"there are two bones called {twice!r}")
    children: dict[str, list[str]] = {}
    placed = {"root"}
    for number, words in lines:
        if words[0].lower() in ("begin", "end"):
            continue
        for name in words:
            if name not in by_name:
                raise SourceError(
                    path, f"there is no bone {name[:40]!r} to connect", place=f"line {number}"
                )
        for name in words[1:]:
            if name in placed:
                raise SourceError(
                    path, f"the bone {name!r} hangs from two bones", place=f"line {number}"
                )
            placed.add(name)
        children.setdefault(words[0], []).extend(words[1:])
    order = ["root"]
    for name in order:
        for child in children.get(name, []):
            by_name[child].parent = order.index(name)
            order.append(child)
    lost = [name for name in by_name if name not in order]
    if lost:
        raise SourceError(path, f"the bone {lost[0]!r} is not connected to the root")
    return [by_name[name] for name in order]


def read_amc(path: Path, skeleton: AsfFile) -> SkeletonTrack:
    """Return the motion in the AMC file at *path* of a *skeleton*.

    Raises:
        SourceError: it is not one, is cut short or does not fit the skeleton; names the line.
    """
    values, degrees = _values(path, skeleton)
    bones = skeleton.bones
    n_frames = len(values)
    rotations = np.zeros((n_frames, len(bones), 4))
    translations = np.repeat(skeleton.position[None], n_frames, axis=0)
    column = 0
    for joint, bone in enumerate(bones):
        turns: Array = np.zeros((n_frames, 1, 3))
        order = [kind for kind in bone.dof if kind[0] == "r"]
        axes = [_AXES[kind[1]] for kind in order]
        for kind in bone.dof:
            if kind[0] == "t":
                translations[:, _AXES[kind[1]]] += values[:, column]
            else:
                # the first one listed turns first, so it is the innermost
                turns[:, 0, 2 - order.index(kind)] = values[:, column] * degrees
            column += 1
        spare = [axis for axis in range(3) if axis not in axes]
        own = from_euler(turns, np.array([[*axes, *spare][::-1]]))[:, 0]
        frame = _axes_of(bone)
        back = frame * np.array([1.0, -1.0, -1.0, -1.0])
        rotations[:, joint] = multiply(multiply(frame, own), back)
    offsets = np.array(
        [bones[bone.parent].vector if bone.parent >= 0 else np.zeros(3) for bone in bones]
    )
    return SkeletonTrack(
        names=[bone.name for bone in bones],
        parents=[bone.parent for bone in bones],
        offsets=offsets,
        rotations=rotations,
        moving=[0],
        translations=translations[:, None],
    )


def _axes_of(bone: Bone) -> Array:
    """Return the quaternion ``[4]`` that turns the world's axes into the bone's own."""
    order: NDArray[np.intp] = np.array([_AXES[letter] for letter in bone.axis_order], dtype=np.intp)
    turned: Array = from_euler(bone.axis[order][None, ::-1], order[None, ::-1])[0]
    return turned


def _values(path: Path, skeleton: AsfFile) -> tuple[Array, float]:
    """Return the numbers ``[T, n]`` of all bones in order, and degrees in a unit of angle."""
    try:
        text = path.read_bytes().decode("latin-1")
    except OSError as error:
        raise SourceError(path, f"cannot be read ({error.strerror or error})") from None
    if not text.strip():
        raise SourceError(path, "is empty")
    start = re.search(r"^[ \t]*\d+[ \t]*\r?$", text, re.MULTILINE)
    header = text[: start.start()] if start else text
    flags = [line.strip().upper() for line in header.splitlines() if line.strip().startswith(":")]
    if start is None:
        raise SourceError(
            path, "holds no frame", hint="it is cut short or no AMC motion", place="line 1"
        )
    degrees = float(np.degrees(1.0)) if ":RADIANS" in flags else 1.0
    frames: list[list[float]] = []
    bones = {bone.name: (i, len(bone.dof)) for i, bone in enumerate(skeleton.bones)}
    starts = np.cumsum([0, *(len(bone.dof) for bone in skeleton.bones)]).tolist()
    width = starts[-1]
    first_line = header.count("\n")
    row: list[float] = []
    seen: set[str] = set()
    moving = {name for name, (_, count) in bones.items() if count}

    def close(line: int) -> None:
        if frames and seen != moving:
            missing = next(name for name in bones if name in moving - seen)
            raise SourceError(
                path,
                f"the bone {missing!r} is missing",
                place=f"line {line} (frame {len(frames) - 1})",
                hint="the file is cut short or belongs to another skeleton",
            )

    number = first_line
    for number, line in enumerate(text[start.start() :].splitlines(), start=first_line + 1):
        words = line.split()
        if not words or words[0][0] in "#:":
            continue
        if len(words) == 1 and words[0].isdigit():
            close(number)
            row, seen = [0.0] * width, set()
            frames.append(row)
            continue
        place = f"line {number} (frame {len(frames) - 1})"
        if words[0] not in bones:
            raise SourceError(path, f"the skeleton has no bone {words[0][:40]!r}", place=place)
        index, count = bones[words[0]]
        if words[0] in seen:
            raise SourceError(path, f"the bone {words[0]!r} is there twice", place=place)
        try:
            numbers = [float(word) for word in words[1:]]
        except ValueError:
            raise SourceError(
                path, f"the bone {words[0]!r} holds something that is no number", place=place
            ) from None
        if len(numbers) != count:
            raise SourceError(
                path,
                f"the bone {words[0]!r} has {len(numbers)} numbers, its skeleton {count}",
                place=place,
                hint="the file is cut short or belongs to another skeleton",
            )
        row[starts[index] : starts[index] + count] = numbers
        seen.add(words[0])
    close(number)
    values = np.array(frames).reshape(len(frames), width)
    bad = ~np.isfinite(values).all(axis=1)
    if bad.any():
        raise SourceError(
            path, "holds a number that is not finite", place=f"frame {int(bad.argmax())}"
        )
    return values, degrees
