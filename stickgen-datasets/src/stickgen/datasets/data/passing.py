"""Clips on their way from store to store: read one by one, written whole or not at all.

**Contents**
    - `Tally`: what became of the clips of a run.
    - `usable`: the clips of some stores, those that cannot be read left out and listed.
    - `new_store`, `new_file`: outputs that appear at success.
    - `rank`: a number for a clip that is as good as random and always the same.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stickgen.core.errors import DataError, OutputError, SourceError, StickgenError, UsageError
from stickgen.core.protocols import Progress
from stickgen.core.storage import ClipStore, ClipWriter, atomic_path
from stickgen.core.types import Clip


@dataclass(frozen=True, slots=True)
class Skipped:
    """A clip that was left out: where it was, the rule it broke, and the whole sentence."""

    clip: str
    rule: str
    reason: str


@dataclass(slots=True)
class Tally:
    """How many clips were ``read`` and ``written`` (with how many ``frames``), and the others."""

    strict: bool = False
    read: int = 0
    written: int = 0
    frames: int = 0
    skipped: list[Skipped] = field(default_factory=list)

    def skip(self, clip: str, rule: str, reason: str) -> None:
        """Take note of a clip that is left out; with ``strict`` raise `DataError` instead."""
        if self.strict:
            raise DataError(reason)
        self.skipped.append(Skipped(clip, rule, reason))

    def add(self, writer: ClipWriter, clip: Clip) -> None:
        """Write *clip*, and count it; one that cannot be written is skipped."""
        try:
            writer.add(clip.clip_id, [clip])
        except DataError as error:
            self.skip(clip.clip_id, "writable", str(error))
            return
        self.written += 1
        self.frames += clip.motion.n_frames

    def attempt(self, clip: Clip, change: Callable[[Clip], Clip]) -> Clip | None:
        """Return the *change* of *clip*, or skip it and return None where that fails."""
        try:
            return change(clip)
        except DataError as error:
            self.skip(clip.clip_id, "change", f"clip {clip.clip_id!r}: {error}")
            return None


def opened(path: Path) -> ClipStore:
    """Return the store at *path*; `SourceError` where there is none."""
    store = ClipStore(path)
    if not store.shards:
        next(iter(store), None)  # says what is there instead
    return store


def usable(
    stores: Sequence[ClipStore], tally: Tally, progress: Progress | None = None
) -> Iterator[tuple[int, Clip]]:
    """Yield every clip that can be read, with the index of its store; skip the others."""
    total = sum(_length(store) for store in stores)
    for index, store in enumerate(stores):
        for clip in store.scan():
            tally.read += 1
            if isinstance(clip, SourceError):
                tally.skip(_place(clip), "readable", str(clip))
            else:
                yield index, clip
            if progress is not None:
                progress(tally.read, max(total, tally.read))


def _length(store: ClipStore) -> int:
    return sum(1 for _ in store.rows("clip_id"))


def _place(error: SourceError) -> str:
    return f"{error.path}, {error.place}" if error.place else error.path


def rank(*parts: object) -> int:
    """Return a number of 64 bits that depends on *parts* alone, and on nothing of this process."""
    text = "\0".join(map(str, parts))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def uniform(*parts: object) -> float:
    """Return a number in [0, 1) that depends on *parts* alone."""
    return rank(*parts) / 2.0**64


def beside(store: Path, suffix: str) -> Path:
    """Return the path of a file that belongs to *store* and lies beside it."""
    return store.with_name(f"{store.name}.{suffix}")


@contextmanager
def new_store(path: Path, force: bool = False) -> Iterator[ClipWriter]:
    """Yield a writer to a store that becomes *path* when the block ends well.

    It is written in a hidden folder beside *path*, so a store may be rewritten while it is read.
    Raises `OutputError` when there is a store at *path* and not *force*, or something else.
    """
    refuse(path, force)
    temporary = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    try:
        with ClipStore(temporary).writer() as writer:
            yield writer
        _place_store(temporary, path)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def refuse(path: Path, force: bool) -> None:
    """Raise `OutputError` if a store must not be written to *path*."""
    if path.name in ("", "..") or (path.exists() and not path.is_dir()):
        raise OutputError(f"{path} is no folder; name one for the store with -o")
    if ClipStore(path).shards:
        if not force:
            raise OutputError(f"{path} holds a clip store already; give --force to replace it")
    elif path.is_dir() and any(path.iterdir()):
        raise OutputError(f"{path} is a folder with other things in it; name a new one with -o")


def _place_store(temporary: Path, path: Path) -> None:
    """Put the store *temporary* in the place of *path*."""
    if not ClipStore(temporary).shards:
        raise DataError(f"nothing is left for {path}; it was not written")
    old = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    try:
        if path.exists():
            path.rename(old)
        temporary.rename(path)
    except OSError as error:
        if old.exists() and not path.exists():
            old.rename(path)
        reason = (error.strerror or str(error)).lower()
        raise OutputError(f"{path} cannot be written: {reason}") from error
    shutil.rmtree(old, ignore_errors=True)


def write_json(document: dict[str, Any], path: Path, force: bool = False) -> None:
    """Write *document* to *path*, whole or not at all."""
    with atomic_path(path, force) as temporary:
        temporary.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", "utf-8")


def share(value: float, name: str) -> float:
    """Return *value* if it is a share above 0 and at most 1; else raise `UsageError`."""
    if not 0.0 < value <= 1.0:
        raise UsageError(f"{name} is {value:g}, expected a number above 0 and at most 1")
    return value


__all__ = [
    "Skipped", "StickgenError", "Tally", "beside", "new_store", "opened", "rank", "refuse",
    "share", "uniform", "usable", "write_json",
]  # fmt: skip
