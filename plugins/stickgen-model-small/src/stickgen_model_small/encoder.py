"""`StaticEncoder`: words to vectors by looking them up, with numpy alone.

One vector a WordPiece token, distilled from the sentence transformer all-MiniLM-L6-v2 by
``scripts/distil.py`` (see the README for how and for the credit).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core.errors import PluginError
from stickgen_model_small.wordpiece import WordPiece

DIM: Final = 192
"""Numbers in a vector."""

_FILES: Final = Path(__file__).parent / "static"


class StaticEncoder:
    """A text encoder that needs no model, no download and about 0.1 ms a sentence.

    A token's vector does not depend on its neighbours: word order is told by the order of
    `tokens`, and `encode` does not see it. Rare words weigh more than common ones: the length of
    a token vector is its smooth inverse frequency (Arora et al. 2017), so the mean over a sentence
    is about what happens in it. Characters of other scripts have no vectors.

    The tables are opened at first use and read through a memory map. A damaged installation
    raises `PluginError`.
    """

    api_version: ClassVar[int] = 1
    name: str = "static"
    dim: int = DIM

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit-length sentence vectors ``[N, 192]``; zeros where no word is known."""
        out = np.zeros((len(texts), self.dim), np.float32)
        for row, text in zip(out, texts, strict=True):
            row[:] = self.tokens(text).sum(axis=0)
        length = np.linalg.norm(out, axis=1, keepdims=True)
        np.divide(out, length, out=out, where=length > 0)
        return out

    def tokens(self, text: str) -> NDArray[np.float32]:
        """Return one vector a token ``[n_tokens, 192]`` in the order of the words.

        A word the vocabulary does not hold whole gives one token for each of its pieces; a word
        that cannot be spelled with it gives none.
        """
        ids = self._wordpiece.ids(text)
        rows, scale = self._table
        found: NDArray[np.float32] = rows[ids].astype(np.float32) * scale[ids, None]
        return found

    @cached_property
    def _wordpiece(self) -> WordPiece:
        try:
            lines = (_FILES / "vocabulary.txt").read_text("utf-8").split("\n")
        except (OSError, UnicodeDecodeError) as e:
            raise _damaged("vocabulary.txt", e) from e
        return WordPiece(lines[:-1])

    @cached_property
    def _table(self) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
        """The vectors ``[V, 192]`` int8 and the factor ``[V]`` to multiply each row by."""
        n = len(self._wordpiece.vocabulary)
        vectors: NDArray[np.int8] = _load("vectors.npy", (n, self.dim), np.int8)
        scale: NDArray[np.float32] = _load("scale.npy", (n,), np.float32)
        return vectors, scale


def _load(name: str, shape: tuple[int, ...], dtype: type[np.generic]) -> NDArray[Any]:
    """Return a read-only memory map of one of the arrays."""
    try:
        array: NDArray[Any] = np.asarray(np.load(_FILES / name, mmap_mode="r", allow_pickle=False))
    except (OSError, ValueError, EOFError) as e:
        raise _damaged(name, e) from e
    if array.shape != shape or array.dtype != dtype:
        raise _damaged(name, f"it holds {array.dtype} {list(array.shape)}")
    return array


def _damaged(name: str, cause: object) -> PluginError:
    return PluginError(
        f"the static text encoder cannot read its file {name} ({cause});"
        " reinstall stickgen-model-small"
    )
