"""A text encoder that needs no files: signed feature hashing.

A sentence is the sum of its features: words, pairs of neighbouring words, and the 3- to 5-grams of
characters of each word between the marks ``<`` and ``>``. A feature's place among the *dim* numbers
and its sign come from a hash of it, so that features which meet in one place cancel on average
(Weinberger et al., Feature Hashing for Large Scale Multitask Learning, 2009). Words weigh 1, pairs
½, and the n-grams of a word together 1 in length. The vector is made of unit length.

Words are close when they are spelt alike and sentences when they share words. Nothing here knows
that "run" and "sprint" are much the same: for that there are the learnt encoders.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core.errors import UsageError

DIM: Final = 512
N_GRAMS: Final = (3, 4, 5)
_PAIR: Final = 0.5
_EMPTY: Final = "<>"
"""Stands for a text without a word, so that its vector has a length."""

Feature = tuple[NDArray[np.intp], NDArray[np.float32]]


class HashEncoder:
    """Unit vectors of sentences and of their words, the same on every machine.

    Args:
        dim: how many numbers a vector has; more of them, fewer collisions.
    """

    api_version: ClassVar[int] = 1
    name = "hash"

    def __init__(self, dim: int = DIM) -> None:
        if isinstance(dim, bool) or not isinstance(dim, int) or not 8 <= dim <= 65_536:
            raise UsageError(f"dim is {dim!r}, expected a whole number from 8 to 65536")
        self.dim = dim

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit-length vectors ``[N, dim]``."""
        out = np.zeros((len(texts), self.dim), dtype=np.float32)
        for row, text in zip(out, texts, strict=True):
            found = words(text)
            for word in found:
                places, values = _word(word, self.dim)
                np.add.at(row, places, values)
            for first, second in pairwise(found):
                place, sign = _place(f"{first} {second}", self.dim)
                row[place] += _PAIR * sign
            _unit(row, text, self.dim)
        return out

    def tokens(self, text: str) -> NDArray[np.float32]:
        """Return one unit vector a word ``[n, dim]``, in order; one for a text without words."""
        found = words(text)
        out = np.zeros((len(found), self.dim), dtype=np.float32)
        for row, word in zip(out, found, strict=True):
            places, values = _word(word, self.dim)
            np.add.at(row, places, values)
            _unit(row, word, self.dim)
        return out


def words(text: str) -> list[str]:
    """Return the words of *text* in lower case; whatever is no word counts sign by sign."""
    found = re.findall(r"[^\W_]+(?:['’-][^\W_]+)*|[^\s\w]|_", text.lower())
    return found or [_EMPTY]


@lru_cache(maxsize=65_536)
def _place(feature: str, dim: int) -> tuple[int, float]:
    """Return where *feature* counts among *dim* numbers, and with which sign."""
    digest = hashlib.blake2b(feature.encode(), digest_size=8).digest()
    value = int.from_bytes(digest, "little")
    return (value >> 1) % dim, 1.0 if value & 1 else -1.0


@lru_cache(maxsize=65_536)
def _word(word: str, dim: int) -> Feature:
    """Return places and values of *word* and of its n-grams."""
    marked = f"<{word}>"
    grams = [marked[i : i + n] for n in N_GRAMS for i in range(len(marked) - n + 1)]
    found = [(_place(word, dim), 1.0)]
    found += [(_place(f"#{gram}", dim), len(grams) ** -0.5) for gram in grams]
    places = np.array([place for (place, _), _ in found], dtype=np.intp)
    values = np.array([sign * weight for (_, sign), weight in found], dtype=np.float32)
    return places, values


def _unit(row: NDArray[np.float32], text: str, dim: int) -> None:
    """Make *row* of unit length; where everything cancelled, the place of the text itself."""
    length = float(np.linalg.norm(row))
    if length > 1e-6:
        row /= length
    else:
        row[:] = 0.0
        row[_place(f"={text}", dim)[0]] = 1.0
