"""Biovision Hierarchy files: the parser, and the converter ``bvh`` for any folder of them.

Format: https://research.cs.wisc.edu/graphics/Courses/cs-838-1999/Jeff/BVH.html. A HIERARCHY block
of nested joints (OFFSET, CHANNELS, End Site) is followed by a MOTION block: ``Frames:``,
``Frame Time:`` and one line of numbers a frame. Any rotation order, position channels on any joint
(they take the place of the OFFSET), joints with fewer than three rotations, scientific notation,
tabs, CRLF and joint names of several words are read.

The hierarchy is read by the ``bvh`` package; the numbers are read by numpy, because the package
splits every one of them into a Python string first (``tests/bench/bench_bvh.py`` measures both).
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core.errors import SourceError
from stickgen.datasets.canonical import Take
from stickgen.datasets.sidecars import read_sidecar
from stickgen.datasets.source import Companion, SourceConverter, clip_name
from stickgen.datasets.tracks import SkeletonTrack

MAX_JOINTS: Final = 2000
"""More joints than any body has; a file that declares them is not a recording of one."""

_AXIS: Final = {"X": 0, "Y": 1, "Z": 2}
_MOTION: Final = re.compile(rb"^[ \t]*MOTION[ \t]*\r?$", re.MULTILINE)
_FRAMES: Final = re.compile(rb"^[ \t]*Frames[ \t]*:[ \t]*(\S+)[ \t]*\r?$", re.MULTILINE)
_FRAME_TIME: Final = re.compile(
    rb"^[ \t]*Frame[ \t]+Time[ \t]*:[ \t]*(\S+)[ \t]*\r?$", re.MULTILINE
)
_OUR_JOINTS: Final = {"chest": "Chest", "head_center": "HeadCenter"}
"""What the joints that others do not have are called in files that stickgen wrote."""
_SUBJECT: Final = re.compile(r"(\d+)_\d+$")
"""CMU file names: subject and trial."""
_EXACT_RATES: Final = (24.0, 25.0, 30.0, 48.0, 50.0, 60.0, 72.0, 90.0, 100.0, 120.0, 144.0, 150.0,
                       180.0, 200.0, 240.0)  # fmt: skip
_FILM_RATES: Final = (24000 / 1001, 30000 / 1001, 60000 / 1001, 120000 / 1001)


@dataclass(frozen=True, eq=False)
class BvhFile:
    """What a BVH file holds: the moving skeleton, and the frame rate its header gives."""

    track: SkeletonTrack
    fps: float


def read_bvh(path: Path) -> BvhFile:
    """Return the contents of the BVH file at *path*.

    Raises:
        SourceError: the file cannot be read, is not BVH, is cut short, or its numbers do not
            fit its hierarchy; the sentence names the line, and the frame if it is in the motion.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SourceError(path, f"cannot be read ({error.strerror or error})") from None
    data = data.removeprefix(b"\xef\xbb\xbf")
    if not data.strip():
        raise SourceError(path, "is empty")
    if not data.lstrip().startswith(b"HIERARCHY"):
        raise SourceError(
            path, "is not a BVH file: it does not begin with HIERARCHY", place="line 1"
        )
    motion = _MOTION.search(data)
    if motion is None:
        raise SourceError(
            path,
            "has no MOTION block",
            place=f"line {_line(data, len(data.rstrip()))}",
            hint="the file is cut short or holds a skeleton only",
        )
    joints = _hierarchy(path, data[: motion.start()])
    count, fps, start = _motion_header(path, data, motion.end())
    channels = [(j, kind) for j, joint in enumerate(joints) for kind in joint.channels]
    if not channels:
        raise SourceError(path, "no joint has a channel, so nothing moves")
    values = _numbers(path, data, start, count, channels, joints)
    return BvhFile(_track(joints, channels, values), fps)


@dataclass
class _Joint:
    name: str
    parent: int
    offset: tuple[float, float, float]
    channels: tuple[str, ...]


def _hierarchy(path: Path, header: bytes) -> list[_Joint]:
    """Return the joints of the HIERARCHY block, parents first, in the order of their channels."""
    from bvh import Bvh, BvhNode

    text = header.decode("utf-8", errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    _check_braces(path, text)
    lines = (line.strip() for line in re.sub(r"([{}])", r"\n\1\n", text).split("\n"))
    parsed = Bvh("\n".join(line for line in lines if line) + "\n")

    joints: list[_Joint] = []
    stack: list[tuple[BvhNode, int]] = [(root, -1) for root in parsed.root.filter("ROOT")]
    if not stack:
        raise SourceError(path, "the hierarchy has no ROOT joint", place="line 1")
    stack.reverse()
    while stack:
        node, parent = stack.pop()
        name = " ".join(node.value[1:]) or f"joint {len(joints)}"
        if len(joints) >= MAX_JOINTS:
            raise SourceError(path, f"declares more than {MAX_JOINTS} joints")
        joints.append(_Joint(name, parent, _offset(path, node, name), _channels(path, node, name)))
        index = len(joints) - 1
        stack.extend((child, index) for child in reversed(list(node.filter("JOINT"))))
    return joints


def _check_braces(path: Path, text: str) -> None:
    """Refuse a hierarchy whose braces do not match, naming the line."""
    depth = 0
    named = False
    for number, line in enumerate(text.split("\n"), start=1):
        for token in line.replace("{", " { ").replace("}", " } ").split():
            if token == "{":
                if not named:
                    raise SourceError(
                        path, "a brace opens before any joint", place=f"line {number}"
                    )
                depth += 1
            elif token == "}":
                depth -= 1
                if depth < 0:
                    raise SourceError(
                        path, "a brace closes that was never opened", place=f"line {number}"
                    )
            elif token in ("ROOT", "JOINT", "End"):
                named = True
    if depth:
        raise SourceError(
            path, f"{depth} brace(s) are never closed", place=f"line {text.count(chr(10)) + 1}"
        )


def _offset(path: Path, node: Any, name: str) -> tuple[float, float, float]:
    for child in node.filter("OFFSET"):
        try:
            x, y, z = (float(value) for value in child.value[1:4])
        except ValueError:
            break
        if not np.isfinite((x, y, z)).all():
            break
        return x, y, z
    raise SourceError(path, "has no OFFSET of three numbers", place=f"joint {name!r}")


def _channels(path: Path, node: Any, name: str) -> tuple[str, ...]:
    for child in node.filter("CHANNELS"):
        kinds = tuple(kind.lower() for kind in child.value[2:])
        if len(child.value) < 2 or child.value[1] != str(len(kinds)):
            raise SourceError(
                path,
                f"CHANNELS announces {' '.join(child.value[1:2]) or 'nothing'}"
                f" and names {len(kinds)}",
                place=f"joint {name!r}",
            )
        for kind in kinds:
            if kind[:1].upper() not in _AXIS or kind[1:] not in ("position", "rotation"):
                raise SourceError(path, f"has an unknown channel {kind!r}", place=f"joint {name!r}")
        if sum(kind.endswith("rotation") for kind in kinds) > 3 or len(set(kinds)) < len(kinds):
            raise SourceError(path, "has a channel twice", place=f"joint {name!r}")
        return kinds
    return ()


def _motion_header(path: Path, data: bytes, start: int) -> tuple[int, float, int]:
    """Return the frame count, the frame rate and where the numbers begin."""
    window = data[start : start + 4096]
    frames, time = _FRAMES.search(window), _FRAME_TIME.search(window)
    line = _line(data, start)
    if frames is None:
        raise SourceError(path, "'Frames:' is missing", place=f"line {line + 1}")
    if time is None:
        raise SourceError(path, "'Frame Time:' is missing", place=f"line {line + 2}")
    try:
        count = int(frames[1])
    except ValueError:
        count = 0
    if count < 1:
        raise SourceError(
            path,
            f"'Frames:' must be a positive whole number, not {_shown(frames[1])}",
            place=f"line {_line(data, start + frames.start(1))}",
        )
    fps = frame_rate(time[1].decode("ascii", errors="replace"))
    if fps is None:
        raise SourceError(
            path,
            f"'Frame Time:' must be a positive number of seconds, not {_shown(time[1])}",
            place=f"line {_line(data, start + time.start(1))}",
        )
    return count, fps, start + max(frames.end(), time.end())


def frame_rate(seconds: str) -> float | None:
    """Return the frames a second of a frame time as written, or None if it is not one.

    A frame time is written with few digits (``.00833`` for 120 fps): of the usual rates that round
    to the same digits the nearest is meant.
    """
    try:
        value = float(seconds)
    except ValueError:
        return None
    if not np.isfinite(value) or value <= 0:
        return None
    mantissa, _, exponent = seconds.lower().partition("e")
    half = 0.5 * 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))
    for rates in (_EXACT_RATES, _FILM_RATES):
        near = [rate for rate in rates if abs(1 / rate - value) <= half * (1 + 1e-9)]
        if near:
            return min(near, key=lambda rate: abs(rate - 1 / value))
    return 1 / value


def _numbers(
    path: Path,
    data: bytes,
    start: int,
    count: int,
    channels: list[tuple[int, str]],
    joints: list[_Joint],
) -> NDArray[np.float64]:
    """Return the motion block as ``[frames, channels]``."""
    width = len(channels)
    block = data[start:]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            values = np.fromstring(block, dtype=np.float64, sep=" ")
        except (DeprecationWarning, ValueError):
            raise _bad_number(path, data, start, width) from None
    if values.size != count * width:
        raise _wrong_count(path, data, start, count, width, int(values.size))
    result: NDArray[np.float64] = values.reshape(count, width)
    if not np.isfinite(result).all():
        frame, column = (int(i) for i in np.argwhere(~np.isfinite(result))[0])
        joint, kind = channels[column]
        raise SourceError(
            path,
            f"{kind} of {joints[joint].name!r} is {result[frame, column]}, not a finite number",
            place=f"frame {frame}",
        )
    return result


def _bad_number(path: Path, data: bytes, start: int, width: int) -> SourceError:
    """Return the error for the first word of the motion block that is not a number."""
    first = _line(data, start)
    frame = 0
    for number, line in enumerate(data[start:].split(b"\n")):
        words = line.split()
        for word in words:
            try:
                float(word)
            except ValueError:
                return SourceError(
                    path,
                    f"{_shown(word)} is not a number",
                    place=f"line {first + number} (frame {frame})",
                )
        frame += bool(words)
    return SourceError(
        path, f"the motion block is not rows of {width} numbers", place=f"line {first}"
    )


def _wrong_count(
    path: Path, data: bytes, start: int, count: int, width: int, size: int
) -> SourceError:
    """Return the error for a motion block of *size* numbers instead of *count* x *width*."""
    first = _line(data, start)
    rows = 0
    for number, line in enumerate(data[start:].split(b"\n")):
        n = len(line.split())
        if n and n != width:
            return SourceError(
                path,
                f"the row holds {n} numbers, the hierarchy has {width} channels",
                place=f"line {first + number} (frame {rows})",
                hint="the file is cut short or damaged",
            )
        rows += bool(n)
    return SourceError(
        path,
        f"'Frames:' announces {count} frames, the file holds {rows}",
        place=f"line {first}",
        hint="the file is cut short or damaged",
    )


def _track(
    joints: list[_Joint], channels: list[tuple[int, str]], values: NDArray[np.float64]
) -> SkeletonTrack:
    n_frames, n_joints = len(values), len(joints)
    rotations = np.zeros((n_frames, n_joints, 3))
    axes = np.tile(np.arange(3, dtype=np.intp), (n_joints, 1))
    turns = [0] * n_joints
    moving = sorted({joint for joint, kind in channels if kind.endswith("position")})
    offsets = np.array([joint.offset for joint in joints])
    translations = np.repeat(offsets[moving][None], n_frames, axis=0)
    row = {joint: k for k, joint in enumerate(moving)}
    for column, (joint, kind) in enumerate(channels):
        axis = _AXIS[kind[0].upper()]
        if kind.endswith("position"):
            translations[:, row[joint], axis] = values[:, column]
        else:
            rotations[:, joint, turns[joint]] = values[:, column]
            axes[joint, turns[joint]] = axis
            turns[joint] += 1
    return SkeletonTrack(
        names=[joint.name for joint in joints],
        parents=[joint.parent for joint in joints],
        offsets=offsets,
        rotations=rotations,
        axes=axes,
        moving=moving,
        translations=translations,
    )


def _line(data: bytes, position: int) -> int:
    return data.count(b"\n", 0, position) + 1


def _shown(word: bytes) -> str:
    text = word[:40].decode("ascii", errors="backslashreplace")
    return repr(text) if len(word) <= 40 else repr(text + "...")


class BvhConverter(SourceConverter):
    """Any folder of BVH files."""

    name: ClassVar[str] = "bvh"
    licence: ClassVar[str] = "unknown"
    download: ClassVar[str] = "anywhere: this converter reads the BVH files you have"
    companions: ClassVar[tuple[Companion, ...]] = (
        Companion("index.csv", "descriptions and true frame rates"),
    )
    citation: ClassVar[str] = "none: the files' own"
    layout: ClassVar[str] = (
        "*.bvh at any depth; beside them optionally index.csv (columns file or id, text, fps),"
        " <stem>.txt with one description a line, or <stem>.json with content and style"
    )
    suffixes: ClassVar[tuple[str, ...]] = (".bvh",)
    up: ClassVar[str | None] = None
    unit: ClassVar[float | None] = None
    fps_rule: ClassVar[str] = "index.csv, else 'Frame Time' in the header"
    text_rule: ClassVar[str] = "index.csv, else <stem>.txt, <stem>.json or the file name"

    def takes(self, path: Path, root: Path) -> Iterator[Take]:
        """Yield the one performance of a BVH file."""
        content = read_bvh(path)
        sidecar = read_sidecar(path)
        name = clip_name(path, root)
        subject = _SUBJECT.match(path.stem)
        yield Take(
            tracks=[content.track],
            fps=self.fps_given or sidecar.fps or content.fps,
            name=name,
            texts=sidecar.texts,
            up=self.up_axis,
            unit=self.metres,
            setup_frames=True,
            subject=subject[1] if subject else "",
            joint_map=_OUR_JOINTS if set(_OUR_JOINTS.values()) <= set(content.track.names) else {},
            meta={**sidecar.meta, "text_from": sidecar.origin},
        )
