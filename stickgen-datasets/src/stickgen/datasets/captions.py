"""Captions of HumanML3D and KIT-ML, and the lists that say which part a clip belongs to.

A line is ``caption#tokens#start#end``: the sentence, its words with their parts of speech, and the
seconds it is about; 0.0 and 0.0 stand for the whole clip.
"""

from __future__ import annotations

import math
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from stickgen.core.errors import SourceError

SPLITS: Final[tuple[str, ...]] = ("train", "val", "test")
_MAX_SIZE: Final = 500_000_000
"""Most bytes that are unpacked; HumanML3D's captions are below 20 MB."""


@dataclass(frozen=True, slots=True)
class Caption:
    """A sentence, and the seconds of the clip it is about; ``start`` = ``end`` = 0: all of it."""

    text: str
    start: float = 0.0
    end: float = 0.0


class Captions:
    """The captions under *root*: ``texts/*.txt``, else ``texts.zip``."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def of(self, name: str) -> tuple[Caption, ...]:
        """Return the captions of the clip *name*, none if there are none.

        Raises:
            SourceError: they cannot be read; names the file and the line.
        """
        path = self.root / "texts" / f"{name}.txt"
        if path.is_file():
            try:
                data = path.read_bytes()
            except OSError as error:
                raise SourceError(path, f"cannot be read ({error.strerror or error})") from None
            return parse_captions(path, data)
        archive = self.root / "texts.zip"
        if not archive.is_file():
            return ()
        found = _unpacked(archive, archive.stat().st_mtime_ns).get(name)
        return () if found is None else parse_captions(archive, found[1], found[0])


@lru_cache(maxsize=1)
def _unpacked(archive: Path, stamp: int) -> dict[str, tuple[str, bytes]]:
    """Return the caption files in *archive* by clip: name and content.

    All are read at once, since opening an archive of 29,000 files takes longer than reading a
    clip; together they are below 20 MB. *stamp* makes a changed archive be read again.
    """
    table = {}
    try:
        with zipfile.ZipFile(archive) as bundle:
            files = [
                each
                for each in bundle.infolist()
                if each.filename.endswith(".txt") and "__MACOSX" not in each.filename
            ]
            if sum(each.file_size for each in files) > _MAX_SIZE:
                raise SourceError(archive, "holds more text than captions can be")
            for each in files:
                name = each.filename.rsplit("/", 1)[-1].removesuffix(".txt")
                table[name] = each.filename, bundle.read(each)
    except OSError as error:
        raise SourceError(archive, f"cannot be read ({error.strerror or error})") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise SourceError(
            archive, f"cannot be unpacked ({error})", hint="it is cut short or damaged"
        ) from None
    return table


def parse_captions(path: Path, data: bytes, member: str = "") -> tuple[Caption, ...]:
    """Return the captions in the bytes of a caption file; see the top of the module for a line.

    Raises:
        SourceError: a line is not one; names it.
    """
    where = f"{member}, " if member else ""
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise SourceError(path, "is not text in UTF-8", place=member or None) from None
    found = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        text, *rest = line.split("#")
        text = " ".join(text.split())
        if not text:
            raise SourceError(path, "has no caption", place=f"{where}line {number}")
        start, end = _seconds(path, rest, f"{where}line {number}")
        found.append(Caption(text, start, end))
    return tuple(found)


def _seconds(path: Path, fields: list[str], place: str) -> tuple[float, float]:
    """Return start and end of the fields after the caption; (0, 0) for the whole clip."""
    if len(fields) < 3:
        return 0.0, 0.0
    try:
        start, end = (float(field) for field in fields[1:3])
    except ValueError:
        raise SourceError(
            path, f"start and end are {fields[1]!r} and {fields[2]!r}, not seconds", place=place
        ) from None
    # The published files write nan where nobody gave a time.
    start, end = (0.0 if math.isnan(value) else value for value in (start, end))
    if start == end == 0.0:
        return 0.0, 0.0
    if not 0 <= start < end < math.inf:
        raise SourceError(path, f"goes from {start:g} to {end:g} s", place=place)
    return start, end


def splits_of(root: Path) -> Mapping[str, str]:
    """Return the part each clip belongs to, by clip: the lists train.txt, val.txt and test.txt."""
    paths = [path for split in SPLITS if (path := root / f"{split}.txt").is_file()]
    return _splits(tuple((path, path.stat().st_mtime_ns) for path in paths))


@lru_cache(maxsize=4)
def _splits(lists: tuple[tuple[Path, int], ...]) -> Mapping[str, str]:
    """Return the lists' names with their parts; *lists* are paths and when they were changed."""
    table: dict[str, str] = {}
    for path, _ in lists:
        try:
            names = path.read_text(encoding="utf-8-sig").split()
        except OSError as error:
            raise SourceError(path, f"cannot be read ({error.strerror or error})") from None
        except UnicodeDecodeError:
            raise SourceError(path, "is not text in UTF-8") from None
        table |= dict.fromkeys(names, path.stem)
    return table
