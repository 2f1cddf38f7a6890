"""What a dataset's converter declares, and what it gets for that.

A converter is one class: it says what its files are called, where they come from and how to parse
one of them into `Take`s. Everything after that is shared (`stickgen.datasets.canonical`).
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, TypedDict

from stickgen.core import schema
from stickgen.core.errors import SourceError, UsageError
from stickgen.core.types import Clip
from stickgen.datasets.canonical import UNITS, UP_AXES, Take, to_clip
from stickgen.datasets.gates import Refused


class Refusals(SourceError):  # noqa: N818 - reads as what it is
    """Several clips of one file were refused; ``refusals`` holds the reason of each."""

    def __init__(self, path: object, refusals: Sequence[SourceError]) -> None:
        self.refusals = tuple(refusals)
        super().__init__(path, f"{len(refusals)} clips refused, the first one: {refusals[0].cause}")

    def __reduce__(self) -> tuple[object, ...]:
        return (Refusals, (self.path, self.refusals))


class Settings(TypedDict, total=False):
    """The settings every converter takes, for subclasses that pass them on; see there."""

    joint_map: Mapping[str, str] | None
    fps: float | None
    up: str | None
    unit: str | float | None
    licence: str | None
    height: float | None


@dataclass(frozen=True, slots=True)
class Companion:
    """Files that belong beside the recordings: ``pattern`` (several with |) and what they hold.

    Without one that is ``needed`` nothing can be converted.
    """

    pattern: str
    what: str
    needed: bool = False

    def count(self, root: Path) -> int:
        """Return how many there are under *root*, or beside or just above it."""
        patterns = self.pattern.split("|")
        below = {path for each in patterns for path in root.rglob(each)} if root.is_dir() else set()
        above = {path for each in patterns for path in root.parent.glob(each)}
        return len(below or above)


class SourceConverter:
    """Base of the first-party converters; see `stickgen.core.protocols.Converter`.

    A subclass declares the class variables and implements `takes`. Options given to the
    constructor overrule what a file or the declaration says.

    Args:
        joint_map: role to joint name for skeletons that are not recognised.
        fps: true frame rate of the files.
        up: axis that points up, y or z.
        unit: metres in a unit of length, or one of m, cm, mm, inch, cmu.
        licence: licence recorded with every clip.
        height: standing height in metres given to the figures, or None to keep their own.
    """

    api_version: ClassVar[int] = 1
    name: ClassVar[str]
    licence: ClassVar[str]
    citation: ClassVar[str]
    download: ClassVar[str]
    """What to get from where."""
    companions: ClassVar[tuple[Companion, ...]] = ()
    """Files that are looked for beside the recordings."""
    layout: ClassVar[str]
    suffixes: ClassVar[tuple[str, ...]]
    """Endings of the files, in lower case."""
    up: ClassVar[str | None] = "y"
    """Axis that points up; None: judged by how people stand."""
    unit: ClassVar[float | None] = 1.0
    """Metres in a unit of length; None: judged by the skeleton's height."""
    fps_rule: ClassVar[str]
    """Where the frame rate comes from, in words."""
    text_rule: ClassVar[str]
    """Where descriptions come from, in words."""

    def __init__(
        self,
        *,
        joint_map: Mapping[str, str] | None = None,
        fps: float | None = None,
        up: str | None = None,
        unit: str | float | None = None,
        licence: str | None = None,
        height: float | None = schema.HEIGHT,
    ) -> None:
        if up is not None and up not in UP_AXES:
            raise UsageError(f"up is {up!r}, expected one of {', '.join(UP_AXES)}")
        if fps is not None and not 0 < fps < float("inf"):
            raise UsageError(f"fps is {fps}, expected a positive number")
        if height is not None and not 0 < height < float("inf"):
            raise UsageError(f"height is {height}, expected a positive number of metres")
        self.height = height
        self.joint_map = dict(joint_map or {})
        self.fps_given = fps
        self.up_axis = up or self.up
        self.metres = metres_in(unit) if unit is not None else self.unit
        self.licence_given = licence

    def __init_subclass__(cls) -> None:
        """Put the settings passed on by ``**settings`` into the signature they are checked by."""
        super().__init_subclass__()
        own = inspect.signature(cls.__init__).parameters.values()
        if any(each.kind is each.VAR_KEYWORD for each in own):
            base = inspect.signature(cls.__mro__[1]).parameters.values()
            kept = [each for each in own if each.kind is each.KEYWORD_ONLY]
            names = {each.name for each in kept}
            merged = [*kept, *(each for each in base if each.name not in names)]
            cls.__signature__ = inspect.Signature(merged)  # type: ignore[attr-defined]

    def find(self, root: Path) -> list[Path]:
        """Return the files under *root* (or *root* itself, if it is one) in a fixed order."""
        if root.is_file():
            return [root]
        if not root.is_dir():
            raise SourceError(root, "is neither a file nor a folder")
        return sorted(
            path
            for path in root.rglob("*")
            if path.suffix.lower() in self.suffixes and path.is_file()
        )

    def takes(self, path: Path, root: Path) -> Iterator[Take | SourceError]:
        """Yield the performances recorded in the file at *path*.

        One that cannot be read, where others can, is yielded as the error that says why.
        """
        raise TypeError(f"{type(self).__name__} does not implement takes()")

    def read(self, path: Path, root: Path) -> Iterator[Clip]:
        """Yield the clips of one file; those that can be had come first, then what was refused.

        Raises:
            SourceError: the file cannot be read.
            Refused: its one clip does not pass a quality gate.
            Refusals: several of its clips do not.
        """
        refused: list[SourceError] = []
        for take in self.takes(path, root):
            if isinstance(take, SourceError):
                refused.append(take)
                continue
            try:
                yield to_clip(
                    path,
                    take,
                    self.name,
                    self.licence_given or self.licence,
                    self.joint_map,
                    height=self.height,
                )
            except Refused as error:
                which = "" if take.name == clip_name(path, root) else f" (clip {take.name})"
                refused.append(Refused(path, error.rule, error.reason + which))
            except SourceError as error:
                refused.append(error)
        if len(refused) == 1:
            raise refused[0]
        if refused:
            raise Refusals(path, refused)


def metres_in(unit: str | float) -> float:
    """Return metres in *unit*, a name of `UNITS` or a number; else raise `UsageError`."""
    if isinstance(unit, str) and unit in UNITS:
        return UNITS[unit]
    try:
        metres = float(unit)
    except ValueError:
        metres = 0.0
    if not 0 < metres < float("inf"):
        raise UsageError(
            f"unit is {unit!r}, expected {', '.join(UNITS)} or a positive number of metres"
        )
    return metres


def clip_name(path: Path, root: Path) -> str:
    """Return the name of a file within *root*, without its ending: "subject/take_01"."""
    if root.is_file() or not path.is_relative_to(root):
        return path.stem
    return path.relative_to(root).with_suffix("").as_posix()
