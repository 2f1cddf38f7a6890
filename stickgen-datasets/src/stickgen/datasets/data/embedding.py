"""The vectors of every caption of a store, computed once.

**File** (safetensors; ``STORE.embeddings-ENCODER.safetensors`` beside the store)
    ============  =====  ==========  =========================================================
    tensor        type   shape       value
    ============  =====  ==========  =========================================================
    embeddings    F32    N x dim     a unit vector for each different caption
    offsets       I64    N + 1       where each caption begins in ``texts``, and where it ends
    texts         U8     bytes       the captions in UTF-8, one after another
    ============  =====  ==========  =========================================================

    The metadata says ``encoder``, its ``settings`` and where it came from (``origin``). The
    captions are a tensor and no keys, since the head of such a file is small and JSON.

`Embeddings` reads it: a mapping from caption to vector. Vectors that are in the file already are
taken from it as long as all that the metadata says is the same.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core.errors import OutputError, PluginError, SourceError
from stickgen.core.protocols import Progress, TextEncoder
from stickgen.core.registries import text_encoders
from stickgen.core.storage import atomic_path
from stickgen.datasets.data.passing import beside, opened

Vectors = NDArray[np.float32]

FORMAT: Final = "stickgen-embeddings-1"
BATCH: Final = 256
_TENSORS: Final = ("embeddings", "offsets", "texts")


@dataclass(frozen=True, slots=True)
class Embedded:
    """What became of a run: how many captions there are, and how many had to be encoded."""

    path: Path
    encoder: str
    dim: int
    captions: int
    encoded: int


class Embeddings(Mapping[str, Vectors]):
    """The vectors in the file at *path*, by caption; they are read when they are asked for.

    Raises `SourceError` for a file that is damaged or something else.
    """

    def __init__(self, path: Path) -> None:
        from safetensors import SafetensorError, safe_open

        self.path = path
        try:
            self._file = safe_open(path, framework="numpy")
            with self._file as file:
                self.meta = dict(file.metadata() or {})
                if self.meta.get("format") != FORMAT or set(file.keys()) != set(_TENSORS):
                    raise SourceError(path, "this is no file of embeddings")
                offsets = file.get_tensor("offsets")
                blob = file.get_tensor("texts").tobytes()
                shape = file.get_slice("embeddings").get_shape()
        except (SafetensorError, OSError, ValueError, TypeError) as error:
            reason = (str(error).splitlines() or [type(error).__name__])[0].rstrip(". ")
            raise SourceError(path, f"the embeddings cannot be read ({reason})") from error
        if (
            len(shape) != 2
            or shape[0] + 1 != len(offsets)
            or (np.diff(offsets) < 0).any()
            or offsets[0] != 0
            or offsets[-1] != len(blob)
        ):
            raise SourceError(path, "the captions and the vectors do not fit together")
        try:
            self._rows = {
                blob[a:b].decode(): i for i, (a, b) in enumerate(pairwise(offsets.tolist()))
            }
        except UnicodeDecodeError as error:
            raise SourceError(path, "a caption is no UTF-8") from error
        self.dim = int(shape[1])
        self._vectors = _mapped(path, len(self._rows), self.dim)

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __getitem__(self, text: str) -> Vectors:
        return np.array(self._vectors[self._rows[text]])


def _mapped(path: Path, count: int, dim: int) -> Vectors:
    """Return the tensor ``embeddings`` as a view of the file, read page by page."""
    with path.open("rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        start = 8 + length + int(json.loads(file.read(length))["embeddings"]["data_offsets"][0])
    return np.memmap(path, np.dtype("<f4"), "r", start, (count, dim)) if count else _none(dim)


def _none(dim: int) -> Vectors:
    return np.zeros((0, dim), np.float32)


def embed(
    store: Path,
    encoder: str,
    *,
    settings: Mapping[str, Any] | None = None,
    out: Path | None = None,
    batch: int = BATCH,
    force: bool = False,
    progress: Progress | None = None,
) -> Embedded:
    """Encode every different caption of *store* and write the vectors to *out*.

    A file that this encoder wrote is brought up to date; *force* encodes everything anew, and
    replaces a file of another kind.

    Args:
        store: the store.
        encoder: name of a text encoder.
        settings: what the encoder is made with.
        out: the file; beside the store by default.
        batch: captions handed to the encoder at once.
        force: replace what is there.
        progress: called with captions done and to do.

    Raises:
        PluginError: there is no such encoder, or it returns something else than it should.
        OutputError: something else is at *out*.
    """
    settings = dict(settings or {})
    reference = text_encoders.resolve(encoder)
    plugin = text_encoders.create(encoder, **settings)
    path = out or beside(store, f"embeddings-{reference.name}.safetensors")
    meta = {
        "format": FORMAT,
        "encoder": reference.name,
        "origin": reference.origin,
        "dim": str(plugin.dim),
        "settings": json.dumps(settings, sort_keys=True, default=str),
    }
    known = _known(path, meta, force)
    captions = _captions(store)
    todo = sum(text not in known for text in captions) if known is not None else len(captions)
    with atomic_path(path, force=True) as temporary:
        vectors = _allocate(temporary, captions, plugin.dim, meta)
        _fill(vectors, captions, plugin, known, batch, todo, progress)
        if len(captions):
            assert isinstance(vectors, np.memmap)
            vectors.flush()
        del vectors, known
    return Embedded(path, reference.name, plugin.dim, len(captions), todo)


def _known(path: Path, meta: Mapping[str, str], force: bool) -> Embeddings | None:
    """Return what is in the file at *path* and still holds."""
    if force or not path.exists():
        return None
    try:
        known = Embeddings(path)
    except SourceError as error:
        raise OutputError(
            f"{path} exists and holds no embeddings; give --force to overwrite it"
        ) from error
    if known.meta.get("encoder") != meta["encoder"]:
        raise OutputError(
            f"{path} holds the embeddings of {known.meta.get('encoder')!r}; give --force to"
            " overwrite it"
        )
    return known if dict(known.meta) == dict(meta) else None


def _captions(store: Path) -> list[str]:
    """Return the different captions of *store*, in order."""
    seen: dict[str, None] = {}
    for row in opened(store).rows("texts"):
        seen.update(dict.fromkeys(row["texts"] or ()))
    return list(seen)


def _allocate(path: Path, captions: list[str], dim: int, meta: Mapping[str, str]) -> Vectors:
    """Write everything but the vectors to *path*; return the place for them, which is the file's.

    The layout is that of the safetensors format: eight bytes with the length of a JSON head, the
    head, and the tensors at the offsets it names.
    """
    blobs = [text.encode() for text in captions]
    offsets = np.zeros(len(blobs) + 1, dtype="<i8")
    np.cumsum([len(blob) for blob in blobs], out=offsets[1:])
    sizes = {"embeddings": 4 * dim * len(blobs), "offsets": offsets.nbytes, "texts": offsets[-1]}
    shapes = {"embeddings": [len(blobs), dim], "offsets": [len(blobs) + 1], "texts": [offsets[-1]]}
    kinds = {"embeddings": "F32", "offsets": "I64", "texts": "U8"}
    head: dict[str, Any] = {"__metadata__": dict(meta)}
    at = 0
    for name in _TENSORS:
        end = at + int(sizes[name])
        head[name] = {
            "dtype": kinds[name],
            "shape": [int(n) for n in shapes[name]],
            "data_offsets": [at, end],
        }
        at = end
    text = json.dumps(head).encode()
    text += b" " * (-len(text) % 8)
    start = 8 + len(text)
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        file.seek(start + sizes["embeddings"])
        file.write(offsets.tobytes())
        file.writelines(blobs)
    if not blobs:
        return _none(dim)
    return np.memmap(path, np.dtype("<f4"), "r+", start, (len(blobs), dim))


def _fill(
    vectors: Vectors,
    captions: list[str],
    plugin: TextEncoder,
    known: Embeddings | None,
    batch: int,
    todo: int,
    progress: Progress | None,
) -> None:
    done = 0
    missing = []
    for i, text in enumerate(captions):
        if known is not None and text in known:
            vectors[i] = known[text]
        else:
            missing.append(i)
    for start in range(0, len(missing), batch):
        rows = missing[start : start + batch]
        found = np.asarray(plugin.encode([captions[i] for i in rows]), dtype=np.float32)
        if found.shape != (len(rows), plugin.dim) or not np.isfinite(found).all():
            raise PluginError(
                f"text encoder {plugin.name!r} returned an array of shape {list(found.shape)}"
                f" with numbers that are {'' if np.isfinite(found).all() else 'not all '}finite,"
                f" expected {[len(rows), plugin.dim]}"
            )
        vectors[rows] = found
        done += len(rows)
        if progress is not None:
            progress(done, todo)
