"""DeepMimic motions: a humanoid of fixed size, one JSON object in a ``.txt`` file.

``Frames`` holds one row of 44 numbers a key frame: how long it lasts, the root's place, then
rotations as quaternions (w, x, y, z), knees and elbows as one angle about z. The figure faces +x,
y is up and its right is at +z; its measures are those of ``humanoid3d.txt`` of the project
(https://github.com/xbpeng/DeepMimic), which is no motion and is skipped. The hands do not move.

A motion that says it wraps is a cycle: one that lasts less than a clip must is repeated, each time
from where the one before ended, as DeepMimic plays it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final, Unpack

import numpy as np

from stickgen.core import schema
from stickgen.core.errors import SourceError
from stickgen.datasets.canonical import Take
from stickgen.datasets.cmu_index import CMU_LICENCE, describe
from stickgen.datasets.gates import MIN_FRAMES
from stickgen.datasets.sentences import sentence
from stickgen.datasets.source import Companion, Settings, SourceConverter, clip_name
from stickgen.datasets.tracks import Array, SkeletonTrack

_SKELETON: Final[tuple[tuple[str, str, tuple[float, float, float], int], ...]] = (
    ("root", "", (0.0, 0.0, 0.0), 4),
    ("chest", "root", (0.0, 0.236151, 0.0), 4),
    ("neck", "chest", (0.0, 0.223894, 0.0), 4),
    ("right_hip", "root", (0.0, 0.0, 0.084887), 4),
    ("right_knee", "right_hip", (0.0, -0.421546, 0.0), 1),
    ("right_ankle", "right_knee", (0.0, -0.409870, 0.0), 4),
    ("right_shoulder", "chest", (-0.02405, 0.24350, 0.18311), 4),
    ("right_elbow", "right_shoulder", (0.0, -0.274788, 0.0), 1),
    ("right_wrist", "right_elbow", (0.0, -0.258947, 0.0), 0),
    ("left_hip", "root", (0.0, 0.0, -0.084887), 4),
    ("left_knee", "left_hip", (0.0, -0.421546, 0.0), 1),
    ("left_ankle", "left_knee", (0.0, -0.409870, 0.0), 4),
    ("left_shoulder", "chest", (-0.02405, 0.24350, -0.18311), 4),
    ("left_elbow", "left_shoulder", (0.0, -0.274788, 0.0), 1),
    ("left_wrist", "left_elbow", (0.0, -0.258947, 0.0), 0),
    ("head", "neck", (0.0, 0.0622, 0.0), 0),
)
"""Joint, parent, offset in metres, and how many numbers of a row turn it.

``head`` is not in the file: it is the skull's base from which half a head leads to the centre of
the head's sphere, 0.175 m above the neck.
"""
ROW: Final = 4 + sum(count for *_, count in _SKELETON)
"""Numbers in a row: 44."""
_EVEN: Final = 1e-3
"""Key frames whose durations differ by less than this share are evenly spaced."""
_UNEVEN_FPS: Final = 100.0
"""Rate at which unevenly spaced key frames are looked at, a multiple of 25."""
_MAX_SECONDS: Final = 3600.0
_UNIT_ERROR: Final = 0.5
"""Quaternions edited by hand are up to 0.15 off length 1; beyond this they are none."""

_CMU: Final = re.compile(r"\d+_\d+")
_TEXTS: Final[dict[str, str]] = {
    "backflip": "A person does a backflip.",
    "bridge": "A person bends back into a bridge.",
    "cartwheel": "A person does a cartwheel.",
    "crawl": "A person crawls on hands and knees.",
    "dance a": "A person dances.",
    "dance b": "A person dances with big steps.",
    "dance spin": "A person dances and spins around.",
    "getup facedown": "A person lying face down gets up.",
    "getup faceup": "A person lying on the back gets up.",
    "jog": "A person jogs.",
    "jump": "A person jumps up.",
    "kick": "A person kicks.",
    "long walk": "A person walks around for a while.",
    "long zombie": "A person walks around like a zombie.",
    "punch": "A person punches.",
    "ready to walk": "A person stands ready, then starts to walk.",
    "roll": "A person rolls over on the ground.",
    "run": "A person runs.",
    "run jump": "A person runs, then jumps.",
    "run roll": "A person runs, then rolls over on the ground.",
    "sideflip": "A person does a side flip.",
    "spin": "A person spins around.",
    "spinkick": "A person does a spinning kick.",
    "stealthy walk": "A person walks stealthily.",
    "walk": "A person walks.",
    "walk to ready": "A person walks, then stands ready.",
    "zombie walk": "A person walks like a zombie.",
    "high jump fosbury flop": "A person does a high jump over the bar backwards.",
    "high jump scissor": "A person does a high jump with a scissor kick.",
    "high jump straddle": "A person does a high jump face down over the bar.",
    "run jumpto box": "A person runs and jumps onto a box.",
    "sprint curves": "A person sprints along a curve.",
}
"""What the published motions show, by the words of their file names."""


@dataclass(frozen=True, eq=False)
class DeepMimicFile:
    """What a DeepMimic file holds.

    ``times`` are the seconds at which the key frames are reached; the last one's duration counts
    only for cycles that are joined, and is 0 in most files. ``wraps`` says whether it is a cycle.
    """

    times: Array
    root: Array
    rotations: Array
    wraps: bool


def read_deepmimic(path: Path) -> DeepMimicFile:
    """Return the motion in the DeepMimic file at *path*.

    Raises:
        SourceError: it is not one; names the key frame that is wrong.
    """
    rows, wraps = _rows(path)
    for number, row in enumerate(rows):
        if not isinstance(row, list) or len(row) != ROW:
            held = f"{len(row)} numbers" if isinstance(row, list) else "no list"
            raise SourceError(path, f"holds {held}, expected {ROW}", place=f"key frame {number}")
        if any(isinstance(x, bool) or not isinstance(x, (int, float)) for x in row):
            raise SourceError(
                path, "holds something that is not a number", place=f"key frame {number}"
            )
    try:
        values = np.array(rows, dtype=np.float64)
    except OverflowError:
        raise SourceError(path, "holds a number that is beyond any stage") from None
    bad = ~np.isfinite(values).all(axis=1)
    if bad.any():
        raise SourceError(
            path, "holds a number that is not finite", place=f"key frame {int(bad.argmax())}"
        )
    durations = values[:-1, 0]
    if (durations <= 0).any():
        raise SourceError(
            path,
            f"lasts {durations[durations <= 0][0]:g} s, expected more than 0",
            place=f"key frame {int((durations <= 0).argmax())}",
        )
    if durations.sum() > _MAX_SECONDS:
        raise SourceError(path, f"lasts {durations.sum():g} s, expected at most {_MAX_SECONDS:g}")
    return DeepMimicFile(
        times=np.concatenate([[0.0], np.cumsum(durations)]),
        root=values[:, 1:4],
        rotations=_rotations(path, values),
        wraps=wraps,
    )


def _rows(path: Path) -> tuple[list[Any], bool]:
    """Return the rows and whether the motion wraps."""
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise SourceError(path, f"cannot be read ({error.strerror or error})") from None
    except UnicodeDecodeError:
        raise SourceError(path, "is not text in UTF-8") from None
    except RecursionError:
        raise SourceError(path, "is nested deeper than any motion") from None
    except ValueError as error:
        raise SourceError(
            path, f"is not JSON ({error})", hint="it is cut short or no DeepMimic motion"
        ) from None
    rows = data.get("Frames") if isinstance(data, dict) else None
    if not isinstance(rows, list):
        raise SourceError(path, "holds no list of 'Frames'", hint="only DeepMimic motions are read")
    if len(rows) < 2:
        raise SourceError(path, f"holds {len(rows)} key frames, expected at least 2")
    loop = data.get("Loop", "none")
    if loop not in ("wrap", "none"):
        raise SourceError(path, f"must be wrap or none, not {str(loop)[:40]!r}", place="key 'Loop'")
    return rows, loop == "wrap"


def _rotations(path: Path, values: Array) -> Array:
    """Return unit quaternions ``[T, J, 4]`` from the rows ``[T, 44]``."""
    out = np.zeros((len(values), len(_SKELETON), 4))
    out[..., 0] = 1.0
    column = 4
    for joint, (name, _, _, count) in enumerate(_SKELETON):
        if count == 4:
            turn = values[:, column : column + 4]
            norm = np.linalg.norm(turn, axis=1)
            off = np.abs(norm - 1.0) > _UNIT_ERROR
            if off.any():
                frame = int(off.argmax())
                raise SourceError(
                    path,
                    f"the rotation of {name} has the length {norm[frame]:.3g}, expected 1",
                    place=f"key frame {frame}",
                )
            out[:, joint] = turn / norm[:, None]
        elif count == 1:
            half = 0.5 * values[:, column]
            out[:, joint, 0], out[:, joint, 3] = np.cos(half), np.sin(half)
        column += count
    return out


def repeated(motion: DeepMimicFile, cycles: int) -> DeepMimicFile:
    """Return a cycle played *cycles* times, each from where the one before ended on the ground."""
    way = (motion.root[-1] - motion.root[0]) * [1.0, 0.0, 1.0]
    keep = slice(None, -1)
    turns = range(cycles)
    last = [motion.times[-1:] * cycles]
    return DeepMimicFile(
        times=np.concatenate([motion.times[keep] + k * motion.times[-1] for k in turns] + last),
        root=np.concatenate(
            [motion.root[keep] + k * way for k in turns] + [motion.root[-1:] + (cycles - 1) * way]
        ),
        rotations=np.concatenate([motion.rotations[keep]] * cycles + [motion.rotations[-1:]]),
        wraps=motion.wraps,
    )


@dataclass(frozen=True, eq=False)
class _Retimed:
    """A track of unevenly spaced frames, seen at an even rate; see `tracks.Track`.

    ``places`` holds the (fractional) frame of *track* for each even one.
    """

    track: SkeletonTrack
    places: Array

    @property
    def names(self) -> Sequence[str]:
        return self.track.names

    @property
    def parents(self) -> Sequence[int]:
        return self.track.parents

    @property
    def n_frames(self) -> int:
        return len(self.places)

    def locate(self, frames: Array, joints: Sequence[int], tips: Sequence[int] = ()) -> Array:
        """See `tracks.Track.locate`."""
        even = np.arange(len(self.places), dtype=np.float64)
        return self.track.locate(np.interp(frames, even, self.places), joints, tips)


def deepmimic_track(motion: DeepMimicFile) -> tuple[SkeletonTrack | _Retimed, float]:
    """Return the body of *motion* and its frames a second."""
    names = [name for name, *_ in _SKELETON]
    track = SkeletonTrack(
        names=names,
        parents=[names.index(parent) if parent else -1 for _, parent, *_ in _SKELETON],
        offsets=np.array([offset for _, _, offset, _ in _SKELETON]),
        rotations=motion.rotations,
        moving=[0],
        translations=motion.root[:, None],
    )
    steps = np.diff(motion.times)
    fps = 1.0 / float(steps.mean())
    if np.ptp(steps) <= _EVEN * steps.mean():
        return track, _tidy(fps)
    count = int(np.floor(motion.times[-1] * _UNEVEN_FPS + 1e-6)) + 1
    seconds = np.arange(count, dtype=np.float64) / _UNEVEN_FPS
    frames = np.interp(seconds, motion.times, np.arange(len(motion.times), dtype=np.float64))
    return _Retimed(track, frames), _UNEVEN_FPS


def _tidy(fps: float) -> float:
    """Return the whole number that *fps* rounds to when six written digits allow it."""
    whole = float(round(fps))
    return whole if whole and abs(fps / whole - 1.0) < 1e-4 else fps


class DeepMimicConverter(SourceConverter):
    """Motions in the format of DeepMimic, its own and those others made.

    Args:
        index: the table of CMU trials, for files called by a trial, e.g. ``07_11.txt``; looked
            for beside the files and above them if not given.
        settings: see `SourceConverter`.
    """

    name: ClassVar[str] = "deepmimic"
    licence: ClassVar[str] = "MIT"
    download: ClassVar[str] = "https://github.com/xbpeng/DeepMimic: the folder data/motions"
    companions: ClassVar[tuple[Companion, ...]] = (
        Companion("cmu_index.csv", "what CMU trials show"),
    )
    citation: ClassVar[str] = (
        "Peng et al., DeepMimic: Example-Guided Deep Reinforcement Learning of Physics-Based"
        " Character Skills, ACM Transactions on Graphics 37(4), 2018"
    )
    layout: ClassVar[str] = (
        "*.txt at any depth, e.g. data/motions of https://github.com/xbpeng/DeepMimic; optionally"
        " cmu_index.csv beside or above them for files called by a CMU trial"
    )
    suffixes: ClassVar[tuple[str, ...]] = (".txt",)
    fps_rule: ClassVar[str] = "the duration of each key frame"
    text_rule: ClassVar[str] = "the file name; for CMU trials cmu_index.csv"

    def __init__(self, *, index: str | Path | None = None, **settings: Unpack[Settings]) -> None:
        super().__init__(**settings)
        self.index = Path(index) if index is not None else None

    def find(self, root: Path) -> list[Path]:
        """Return the files of motions under *root*, in a fixed order: not the characters."""
        if root.is_file():
            return [root]
        return [path for path in super().find(root) if _holds_frames(path)]

    def takes(self, path: Path, root: Path) -> Iterator[Take]:
        """Yield the one performance of a file."""
        motion = read_deepmimic(path)
        cycles = 1
        shortest = MIN_FRAMES / schema.FPS
        if motion.wraps and motion.times[-1] < shortest:
            cycles = int(np.ceil(shortest / motion.times[-1]))
            motion = repeated(motion, cycles)
        track, fps = deepmimic_track(motion)
        name = clip_name(path, root)
        mirrored = path.stem.endswith("_mirror")
        recording = name.removesuffix("_mirror")
        trial = path.stem if _CMU.fullmatch(path.stem) else ""
        described = describe(path, trial, self.index) if trial else None
        yield Take(
            tracks=[track],
            fps=self.fps_given or fps,
            name=name,
            texts=described.texts if described else _texts(path.stem),
            up=self.up_axis,
            unit=self.metres,
            recording=f"cmu/{trial}" if trial else recording,
            subject=trial.split("_")[0],
            licence=f"MIT; {CMU_LICENCE}" if trial and not self.licence_given else "",
            parent=recording if mirrored and path.with_stem(path.stem[:-7]).is_file() else None,
            meta={
                "wraps": motion.wraps,
                "cycles": cycles,
                "text_from": described.origin if described else "file name",
                **(described.meta if described else {}),
            },
        )


def _holds_frames(path: Path) -> bool:
    """Return whether the file looks like a motion, or like nothing (then it is worth an error)."""
    try:
        with path.open("rb") as stream:
            beginning = stream.read(65536)
    except OSError:
        return True
    return b'"Frames"' in beginning or b'"Skeleton"' not in beginning


def _texts(stem: str) -> tuple[str, ...]:
    """Return the sentence about a file by its name: "humanoid3d_spinkick" kicks and spins."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", stem.removeprefix("humanoid3d_"))
    words = [word.lower() for word in re.findall(r"[^\W\d_]+", spaced)]
    words = [word for word in words if word not in ("mirror", "vc", "humanoid")]
    plain = " ".join(words)
    text = _TEXTS.get(plain) or sentence([plain])
    return (text,) if text else ()
