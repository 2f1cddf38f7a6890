"""Lower-casing WordPiece: text to the ids of a vocabulary, exactly as uncased BERT splits it.

Follows the reference tokenizer step by step: control characters go, accents are stripped after
canonical decomposition, letters are lowered one by one, Chinese characters and punctuation stand
alone, and each remaining word is cut greedily into the longest pieces the vocabulary holds (Wu et
al. 2016, "Google's Neural Machine Translation System", section 4.1).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

CONTINUATION: Final = "##"
"""Prefix of a piece that continues a word."""

MAX_WORD: Final = 100
"""A word of more characters is unknown as a whole."""

_CHINESE: Final = (
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F),
    (0x2B920, 0x2CEAF),
    (0xF900, 0xFAFF),
    (0x2F800, 0x2FA1F),
)
_DROPPED: Final = frozenset({"Cc", "Cf", "Co", "Cs"})


class WordPiece:
    """Splits text by the pieces of *vocabulary*, whose positions are the ids."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self.vocabulary = tuple(vocabulary)
        self._ids = {piece: i for i, piece in enumerate(self.vocabulary)}
        self._longest = max((len(p.removeprefix(CONTINUATION)) for p in self.vocabulary), default=0)
        self._known: dict[str, tuple[int, ...]] = {}

    def ids(self, text: str) -> list[int]:
        """Return the ids of *text* in order; words the vocabulary cannot spell are left out."""
        return [i for word in words(text) for i in self.pieces(word)]

    def pieces(self, word: str) -> tuple[int, ...]:
        """Return the ids of the pieces of one *word* of `words`, empty if it cannot be spelled."""
        found = self._known.get(word)
        if found is None:
            found = self._split(word)
            if len(self._known) < 65536:
                self._known[word] = found
        return found

    def _split(self, word: str) -> tuple[int, ...]:
        if len(word) > MAX_WORD:
            return ()
        out: list[int] = []
        start = 0
        while start < len(word):
            prefix = CONTINUATION if start else ""
            for end in range(min(len(word), start + self._longest), start, -1):
                piece = self._ids.get(prefix + word[start:end])
                if piece is not None:
                    out.append(piece)
                    start = end
                    break
            else:
                return ()
        return tuple(out)


def words(text: str) -> Iterator[str]:
    """Yield the lower-cased words and punctuation marks of *text* in order."""
    if not text.isascii():
        text = unicodedata.normalize("NFD", "".join(_clean(c) for c in text))
        text = "".join(c for c in text if unicodedata.category(c) != "Mn")
        text = "".join(c.lower() for c in text)
    else:
        text = "".join(c for c in text if (c >= " " and c != "\x7f") or c in "\t\n\r").lower()
    for chunk in text.split():
        if chunk.isalnum():
            yield chunk
            continue
        start = 0
        for i, c in enumerate(chunk):
            if _is_punctuation(c):
                if start < i:
                    yield chunk[start:i]
                yield c
                start = i + 1
        if start < len(chunk):
            yield chunk[start:]


def _clean(c: str) -> str:
    """Return *c* without control characters, set apart if it is Chinese, a space if it is one."""
    if c in "\t\n\r":
        return " "
    if c == "\ufffd" or unicodedata.category(c) in _DROPPED:
        return ""
    if c.isspace():
        return " "
    code = ord(c)
    if code >= 0x3400 and any(low <= code <= high for low, high in _CHINESE):
        return f" {c} "
    return c


def _is_punctuation(c: str) -> bool:
    code = ord(c)
    if code < 128:
        return not c.isalnum() and 33 <= code <= 126
    return unicodedata.category(c).startswith("P")
