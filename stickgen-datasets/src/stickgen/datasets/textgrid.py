"""Praat TextGrid files: the words of a recording and when they are said.

A Praat text file is a row of free-standing numbers, "texts" in double quotes and <flags>; whatever
else stands in it is a comment, which is how the long and the short form are one. See
https://www.fon.hum.uva.nl/praat/manual/TextGrid_file_formats.html.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from stickgen.core.errors import SourceError

_TOKEN: Final = re.compile(r'"((?:[^"]|"")*)"|<\w+>|[^\s"]+')
_NUMBER: Final = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_SILENCES: Final = frozenset({"", "sil", "sp", "spn", "silence", "<eps>", "<sil>", "<s>", "</s>"})
_MAX_BYTES: Final = 50_000_000


@dataclass(frozen=True, slots=True)
class Word:
    """A *text* said from *start* to *end* seconds."""

    text: str
    start: float
    end: float


def read_words(path: Path) -> tuple[Word, ...]:
    """Return the words in a TextGrid, silences left out.

    They are those of the interval tier called words, else of the first one.

    Raises:
        SourceError: it is not a TextGrid, cut short, or its times run backwards.
    """
    reader = _Reader(path)
    if [reader.text(), reader.text()] != ["ooTextFile", "TextGrid"]:
        raise reader.error("is not a TextGrid")
    reader.number()
    reader.number()
    tiers = []
    for _ in range(reader.count()):
        kind, name = reader.text(), reader.text()
        reader.number()
        reader.number()
        words: list[Word] = []
        for _ in range(reader.count()):
            start = reader.number()
            end = reader.number() if kind == "IntervalTier" else start
            text = reader.text().strip()
            if end < start or (words and start < words[-1].end - 1e-6):
                raise reader.error(f"the interval {start:g} to {end:g} s runs backwards")
            words.append(Word(text, start, end))
        if kind == "IntervalTier":
            tiers.append((name.lower(), words))
    if not tiers:
        raise SourceError(path, "holds no tier of intervals")
    chosen = next((words for name, words in tiers if name in ("words", "word")), tiers[0][1])
    return tuple(word for word in chosen if word.text.lower() not in _SILENCES)


class _Reader:
    """The numbers and texts of a Praat file, one after the other."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            if path.stat().st_size > _MAX_BYTES:
                raise SourceError(path, "is too large for a TextGrid")
            data = path.read_bytes()
        except OSError as error:
            raise SourceError(path, f"cannot be read ({error.strerror or error})") from None
        encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        try:
            self._text = data.decode(encoding)
        except UnicodeDecodeError:
            raise SourceError(path, "is not text in UTF-8 or UTF-16") from None
        self._matches = _TOKEN.finditer(self._text)
        self._at = 0

    def error(self, cause: str) -> SourceError:
        """Return the error for the token that was read last."""
        line = self._text.count("\n", 0, self._at) + 1
        return SourceError(self.path, cause, place=f"line {line}")

    def text(self) -> str:
        """Return the next text, without its quotes."""
        for match in self._matches:
            self._at = match.start()
            if match[0].startswith('"'):
                return match[1].replace('""', '"')
            if _NUMBER.fullmatch(match[0]):
                raise self.error(f"holds the number {match[0][:20]} where a text should be")
        raise self._short()

    def number(self) -> float:
        """Return the next number."""
        for match in self._matches:
            self._at = match.start()
            if match[0].startswith('"'):
                raise self.error(f"holds the text {match[0][:40]} where a number should be")
            if _NUMBER.fullmatch(match[0]):
                value = float(match[0])
                if not math.isfinite(value):
                    raise self.error(f"{match[0][:20]} is not finite")
                return value
        raise self._short()

    def count(self) -> int:
        """Return the next number, of things that follow."""
        value = self.number()
        if value != int(value) or not 0 <= value <= len(self._text):
            raise self.error(f"{value:g} is no number of things in this file")
        return int(value)

    def _short(self) -> SourceError:
        self._at = len(self._text)
        return self.error("ends too early: it is empty or cut short")
