"""NTU RGB+D and NTU RGB+D 120: bodies seen by Kinect cameras, one ``.skeleton`` text a recording.

A file holds the number of frames, and for each frame the number of bodies and each body: a line of
10 numbers (tracking id, clipped edges, hands' confidence and state, whether it is restricted, lean
x and y, tracking state), the number of joints, and for each of 25 joints 12 numbers of which the
first three are its place in camera space.

**Who is kept.** A tracking id comes and goes: a body that appears within ten frames of, and half a
metre from, where another one vanished is taken for the same person. Of the people found the one
tracked longest is kept, and in classes of two people the next one as well. Where the first one is
missing for more than ten frames the recording is cut; the second one may come and go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

import numpy as np

from stickgen.core.errors import SourceError
from stickgen.datasets.canonical import Take
from stickgen.datasets.kinect import FPS, JOINT_MAP, JOINTS, kinect_tracks
from stickgen.datasets.ntu_labels import LABELS, NtuLabel
from stickgen.datasets.points import LONGEST_GAP, BoolArray, bridged, runs
from stickgen.datasets.source import SourceConverter, clip_name
from stickgen.datasets.tracks import Array

MIN_SEEN: Final = 11
"""Frames a second person must be seen to count as one; the camera sees furniture as well."""

_NAME: Final = re.compile(r"S(\d{3})C(\d{3})P(\d{3})R(\d{3})A(\d{3})")
_MAX_FRAMES: Final = 100_000
_MAX_BODIES: Final = 6
"""Bodies a Kinect tracks at the same time."""
_NEAR: Final = 0.5
"""Metres between where a body vanished and where the same person appears again."""
_SHORTEST: Final = 30
"""Frames of the shortest piece that makes a clip of 25 frames at 25 a second."""
_TRAIN: Final = frozenset({
    1, 2, 4, 5, 8, 9, 13, 14, 15, 16, 17, 18, 19, 25, 27, 28, 31, 34, 35, 38, 45, 46, 47, 49, 50,
    52, 53, 54, 55, 56, 57, 58, 59, 70, 74, 78, 80, 81, 82, 83, 84, 85, 86, 89, 91, 92, 93, 94, 95,
    97, 98, 100, 103,
})  # fmt: skip
"""Performers of the training part of the datasets' cross-subject protocol."""


@dataclass(frozen=True, slots=True)
class NtuName:
    """What a recording's name says: SsssCcccPpppRrrrAaaa."""

    setup: int
    camera: int
    performer: int
    replication: int
    code: int

    @property
    def label(self) -> NtuLabel | None:
        """The class, None if it is none of the 120."""
        return LABELS.get(self.code)

    @property
    def performance(self) -> str:
        """What the three cameras saw at the same time: the name without its camera."""
        return f"S{self.setup:03d}P{self.performer:03d}R{self.replication:03d}A{self.code:03d}"

    @property
    def split(self) -> str:
        """The part of the cross-subject protocol."""
        return "train" if self.performer in _TRAIN else "test"

    @property
    def facts(self) -> dict[str, object]:
        """What goes into a clip's meta."""
        return {
            "setup": self.setup,
            "camera": self.camera,
            "replication": self.replication,
            "label_code": self.code,
            "label": self.label.name if self.label else "",
        }


def ntu_name(stem: str) -> NtuName | None:
    """Return what the name of a recording says, None if it is not one."""
    found = _NAME.match(stem)
    return NtuName(*(int(part) for part in found.groups())) if found else None


@dataclass(frozen=True, eq=False)
class Body:
    """One person: joints ``[T, 25, 3]`` in camera space, valid where ``seen`` ``[T]``."""

    points: Array
    seen: BoolArray


def read_skeleton(path: Path) -> list[Body]:
    """Return the bodies in a ``.skeleton`` file, one a tracking id, in the order of appearance.

    Raises:
        SourceError: it is not one, or cut short; names the line and the frame.
    """
    lines = _Lines(path)
    n_frames = lines.count("the number of frames", _MAX_FRAMES)
    if n_frames == 0:
        raise SourceError(path, "announces no frames", place="line 1")
    bodies: dict[str, Body] = {}
    for frame in range(n_frames):
        lines.where = f"frame {frame}"
        for _ in range(lines.count("the number of bodies", _MAX_BODIES)):
            tracking_id = lines.words("a body", 10)[0]
            n_joints = lines.count("the number of joints", len(JOINTS))
            if n_joints != len(JOINTS):
                raise lines.error(f"announces {n_joints} joints, expected {len(JOINTS)}")
            points = np.array([lines.place() for _ in JOINTS])
            if not points.any():
                continue
            body = bodies.setdefault(
                tracking_id,
                Body(np.zeros((n_frames, len(JOINTS), 3)), np.zeros(n_frames, dtype=np.bool_)),
            )
            body.points[frame], body.seen[frame] = points, True
    lines.end(n_frames)
    return list(bodies.values())


class _Lines:
    """The lines of a file that are not empty, read one after the other."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.where = ""
        try:
            text = path.read_text(encoding="ascii")
        except OSError as error:
            raise SourceError(path, f"cannot be read ({error.strerror or error})") from None
        except UnicodeDecodeError:
            raise SourceError(path, "is not a text of numbers") from None
        self._lines = [(i, line) for i, line in enumerate(text.split("\n"), 1) if line.strip()]
        self._next = 0
        if not self._lines:
            raise SourceError(path, "is empty")

    def error(self, cause: str, hint: str | None = None) -> SourceError:
        """Return the error for the line that was read last."""
        number = self._lines[max(self._next - 1, 0)][0]
        place = f"line {number} ({self.where})" if self.where else f"line {number}"
        return SourceError(self.path, cause, place=place, hint=hint)

    def words(self, what: str, n: int) -> list[str]:
        """Return the *n* words of the next line, which is about *what*."""
        if self._next >= len(self._lines):
            raise self.error(f"ends where {what} should follow", "the file is cut short")
        words = self._lines[self._next][1].split()
        self._next += 1
        if len(words) != n:
            raise self.error(f"holds {len(words)} numbers, expected {what} of {n}")
        return words

    def count(self, what: str, most: int) -> int:
        """Return the whole number on the next line, from 0 to *most*."""
        word = self.words(what, 1)[0]
        value = int(word) if word.isdigit() and len(word) < 10 else -1
        if not 0 <= value <= most:
            raise self.error(f"{what} must be 0 to {most}, not {word[:40]!r}")
        return value

    def place(self) -> list[float]:
        """Return the place of a joint, the first three of the next line's 12 numbers."""
        words = self.words("a joint", 12)[:3]
        try:
            values = [float(word) for word in words]
        except ValueError:
            raise self.error(f"{' '.join(words)[:60]!r} is not a place") from None
        if not np.isfinite(values).all():
            raise self.error(f"{' '.join(words)[:60]!r} is not finite")
        return values

    def end(self, n_frames: int) -> None:
        """Raise when there is more to read."""
        if self._next < len(self._lines):
            self._next += 1
            raise self.error(f"goes on after the {n_frames} frames that line 1 announces")


def people(bodies: list[Body]) -> list[Body]:
    """Return who is there, the one tracked longest first; see the top of the module.

    Of people tracked equally long the one who moves more comes first.
    """
    joined: list[Body] = []
    for body in sorted(bodies, key=lambda each: int(each.seen.argmax())):
        for i, earlier in enumerate(joined):
            if _continues(earlier, body):
                points = np.where(body.seen[:, None, None], body.points, earlier.points)
                joined[i] = Body(points, earlier.seen | body.seen)
                break
        else:
            joined.append(body)

    def rank(body: Body) -> tuple[int, float]:
        return int(body.seen.sum()), float(body.points[body.seen].std(axis=0).sum())

    return sorted(joined, key=rank, reverse=True)


def _continues(earlier: Body, later: Body) -> bool:
    """Return whether *later* is the same person as *earlier*, under a new tracking id."""
    last = int(np.flatnonzero(earlier.seen)[-1])
    first = int(later.seen.argmax())
    if not 0 < first - last <= LONGEST_GAP + 1:
        return False
    return float(np.linalg.norm(earlier.points[last, 0] - later.points[first, 0])) <= _NEAR


def pieces(bodies: list[Body], most: int) -> list[tuple[int, int, list[Body]]]:
    """Return the stretches in which somebody is there: (first frame, end, who is there).

    At most *most* of *bodies*, which are in order, are kept. Stretches too short for a clip are
    left out where there is a longer one.
    """
    found = []
    for start, end in runs(bridged(bodies[0].seen)):
        part = [Body(body.points[start:end], body.seen[start:end]) for body in bodies[:most]]
        kept = [part[0], *(body for body in part[1:] if body.seen.sum() >= MIN_SEEN)]
        found.append((start, end, kept))
    long = [piece for piece in found if piece[1] - piece[0] >= _SHORTEST]
    return long or found


def kinect_takes(
    path: Path, name: str, bodies: list[Body], recorded: NtuName | None, fps: float
) -> Iterator[Take]:
    """Yield the takes of one recording, several where it is cut.

    Args:
        path: the file, for errors.
        name: name of the recording's clip.
        bodies: the bodies that were tracked.
        recorded: what the recording's name says, None if nothing.
        fps: frame rate.
    """
    found = people([body for body in bodies if body.seen.any()])
    if not found:
        raise SourceError(path, "holds no body in any frame", place=name)
    label = recorded.label if recorded else None
    cut = pieces(found, label.people if label else 2)
    for number, (start, end, kept) in enumerate(cut, start=1):
        present = np.stack([bridged(body.seen) for body in kept], axis=1)
        yield Take(
            tracks=kinect_tracks([(body.points, body.seen) for body in kept]),
            fps=fps,
            name=name if len(cut) == 1 else f"{name}_{number}",
            texts=label.sentences if label else (),
            action=label.action if label else None,
            up="y",
            unit=1.0,
            recording=recorded.performance if recorded else name,
            subject=f"P{recorded.performer:03d}" if recorded else "",
            split=recorded.split if recorded else None,
            joint_map=JOINT_MAP,
            present=None if present.all() else present,
            meta={
                **(recorded.facts if recorded else {}),
                "people_seen": len(found),
                "frames_kept": [start, end],
                "frames_bridged": int((present[:, 0] & ~kept[0].seen).sum()),
                "text_from": "label" if label else "none",
            },
        )


class NtuConverter(SourceConverter):
    """NTU RGB+D, 60 and 120 classes, one or two people."""

    name: ClassVar[str] = "ntu"
    licence: ClassVar[str] = "NTU RGB+D (academic research only, no redistribution)"
    download: ClassVar[str] = (
        "https://rose1.ntu.edu.sg/dataset/actionRecognition, after registration: 3-D skeletons"
    )
    citation: ClassVar[str] = (
        "Shahroudy et al., NTU RGB+D: A Large Scale Dataset for 3D Human Activity Analysis, CVPR"
        " 2016; Liu et al., NTU RGB+D 120: A Large-Scale Benchmark for 3D Human Activity"
        " Understanding, TPAMI 2020"
    )
    layout: ClassVar[str] = "SsssCcccPpppRrrrAaaa.skeleton at any depth"
    suffixes: ClassVar[tuple[str, ...]] = (".skeleton",)
    fps_rule: ClassVar[str] = "always 30"
    text_rule: ClassVar[str] = "sentences for the class in the file name"

    def takes(self, path: Path, root: Path) -> Iterator[Take]:
        """Yield the one performance of a file, in pieces where nobody was seen for long."""
        yield from kinect_takes(
            path,
            clip_name(path, root),
            read_skeleton(path),
            ntu_name(path.stem),
            self.fps_given or FPS,
        )
