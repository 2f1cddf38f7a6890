"""A store of clips: a folder of Parquet shards, readable by pyarrow, DuckDB, pandas and Ray.

**Layout**
    ``shard-000000.parquet`` and so on, one row a clip. Arrays are flat lists in C order; their
    shapes follow from ``n_frames`` (T) and ``n_actors`` (A).

    ==================  ===========================================================
    column              value
    ==================  ===========================================================
    clip_id             unique in the store
    recording_id,       texts; parent_id and split may be null
    subject, parent_id,
    split
    texts               list of texts
    source, licence     texts
    fps                 frames per second (double)
    n_frames, n_actors  T and A
    motion              float list, T x A x 48
    depth               float list, T x A x 16, null for a flat motion
    present             bool list, T x A, null if everyone always is
    actions, overlay    int16 lists, T x A
    physics             float list, T x A x 6 (`stickgen.core.physics.features`)
    camera              float list, T x 8: position, target, fov, roll; may be null
    face                float list, T x A x 7; may be null
    meta                a JSON object
    ==================  ===========================================================

    The file metadata holds ``stickgen.store_version``, ``stickgen.vocabulary_version`` and
    ``stickgen.keys``, the JSON list of the keys (source files, say) whose clips the shard has.

**Crash safety**
    A shard is written under a temporary name, synced and renamed, and holds whole keys only. So
    whatever is in the store is valid at any moment, and the keys of its shards are what is done.
    One writer at a time: a lock file keeps a second one out.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core import physics, schema
from stickgen.core.actions import VOCABULARY_VERSION
from stickgen.core.errors import DataError, OutputError, PluginError, SourceError, UsageError
from stickgen.core.storage.atomic import sync
from stickgen.core.storage.scene_json import RecordError, plain
from stickgen.core.types import CameraTrack, Clip, Motion

if TYPE_CHECKING:
    import pyarrow as pa

STORE_VERSION: Final = 1
"""Version of the columns; older stores are read, newer ones refused."""

SHARD_CLIPS: Final = 256
"""Clips after which a shard is written."""

_GROUP: Final = 32
"""Rows of a row group: what is read to get at one clip."""

_VERSION_KEY: Final = b"stickgen.store_version"
_VOCABULARY_KEY: Final = b"stickgen.vocabulary_version"
_KEYS_KEY: Final = b"stickgen.keys"
_FLOATS: Final = ("motion", "depth", "physics", "camera", "face")


def _pyarrow() -> Any:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise PluginError(
            'a clip store needs pyarrow, which is not installed: pip install "stickgen[store]"'
        ) from error
    return pyarrow


def _columns() -> pa.Schema:
    pa = _pyarrow()
    text, floats, numbers = pa.string(), pa.list_(pa.float32()), pa.list_(pa.int16())
    required = {
        "clip_id": text,
        "recording_id": text,
        "subject": text,
        "texts": pa.list_(text),
        "source": text,
        "licence": text,
        "fps": pa.float64(),
        "n_frames": pa.int32(),
        "n_actors": pa.int32(),
        "motion": floats,
        "actions": numbers,
        "overlay": numbers,
        "physics": floats,
        "meta": text,
    }
    optional = {
        "parent_id": text,
        "split": text,
        "depth": floats,
        "present": pa.list_(pa.bool_()),
        "camera": floats,
        "face": floats,
    }
    fields = [pa.field(name, kind, nullable=False) for name, kind in required.items()]
    fields += [pa.field(name, kind) for name, kind in optional.items()]
    return pa.schema(fields)


class ClipStore:
    """The clips in the folder *path*; iterating reads them shard by shard.

    Nothing is opened before it is asked for. Reading raises `SourceError` for a folder without
    shards and for a shard that is damaged, foreign or written by a newer stickgen, and
    `PluginError` where pyarrow is missing.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self._places: dict[str, tuple[Path, int]] | None = None
        self._seen: tuple[Path, ...] = ()

    def __repr__(self) -> str:
        return f"ClipStore({str(self.path)!r})"

    @property
    def shards(self) -> tuple[Path, ...]:
        """The Parquet files, in order; none where there is no store."""
        return tuple(sorted(self.path.glob("shard-*.parquet")))

    def __len__(self) -> int:
        return sum(self._open(shard).metadata.num_rows for shard in self._found())

    def __iter__(self) -> Iterator[Clip]:
        for shard in self._found():
            yield from self._read(shard)

    def scan(self) -> Iterator[Clip | SourceError]:
        """Iterate over everything there is, going on after what cannot be read.

        In the place of a clip, or of a group of clips or a shard, that cannot be read stands the
        error that says why.
        """
        for shard in self._found():
            try:
                file = self._open(shard)
                groups = range(file.num_row_groups)
            except SourceError as error:
                yield error
                continue
            for group in groups:
                try:
                    table = self._guarded(shard, file.read_row_group, group)
                except SourceError as error:
                    yield error
                    continue
                for row in range(table.num_rows):
                    try:
                        clip: Clip | SourceError = self._clip(shard, table, row)
                    except SourceError as error:
                        clip = error
                    yield clip

    def rows(self, *columns: str) -> Iterator[dict[str, Any]]:
        """Yield the named *columns* of every clip and nothing else: a cheap look at a large store.

        A column that a shard does not have is None. What cannot be read is left out: it is `scan`
        that tells.
        """
        for shard in self._found():
            try:
                file = self._open(shard)
                known = set(file.schema_arrow.names)
                wanted = [name for name in columns if name in known]
                for group in range(file.num_row_groups):
                    table = self._guarded(shard, file.read_row_group, group, columns=wanted)
                    for row in table.to_pylist():
                        yield {name: row.get(name) for name in columns}
            except SourceError:
                continue

    def clip_ids(self) -> tuple[str, ...]:
        """Return the identifiers of all clips, in the order of iteration."""
        return tuple(self._index())

    def clip(self, clip_id: str) -> Clip:
        """Return the clip called *clip_id*; `DataError` if there is none."""
        try:
            shard, row = self._index()[clip_id]
        except KeyError:
            raise DataError(f"{self.path} holds no clip {clip_id!r}") from None
        file = self._open(shard)
        for group in range(file.num_row_groups):
            rows = file.metadata.row_group(group).num_rows
            if row < rows:
                return self._clip(shard, self._guarded(shard, file.read_row_group, group), row)
            row -= rows
        raise SourceError(shard, f"clip {clip_id!r} is gone; the store changed while it was read")

    def finished(self) -> frozenset[str]:
        """Return the keys whose clips are in the store (see `ClipWriter.add`)."""
        return frozenset(key for shard in self.shards for key in self._keys(shard))

    def writer(
        self, resume: bool = False, force: bool = False, shard_clips: int = SHARD_CLIPS
    ) -> ClipWriter:
        """Return a writer, to be used in a ``with`` statement.

        A store that is there already is continued with *resume*, emptied with *force*, else an
        `OutputError`. A shard is written whenever *shard_clips* clips have come together.
        """
        return ClipWriter(self, resume=resume, force=force, shard_clips=shard_clips)

    # Reading.

    def _found(self) -> tuple[Path, ...]:
        shards = self.shards
        if not shards:
            if not self.path.exists():
                raise SourceError(self.path, "there is no such store")
            raise SourceError(self.path, "this is not a clip store: it has no shard-*.parquet")
        return shards

    def _guarded(self, shard: Path, call: Any, *args: Any, **kwargs: Any) -> Any:
        """Return what *call* returns; what pyarrow finds wrong with *shard* is a SourceError."""
        pa = _pyarrow()
        try:
            return call(*args, **kwargs)
        except (pa.ArrowException, OSError, ValueError) as error:
            reason = (str(error).splitlines() or [type(error).__name__])[0].rstrip(". ")
            raise SourceError(shard, f"the shard is damaged ({reason})") from error

    def _open(self, shard: Path) -> Any:
        """Return the opened ParquetFile of *shard*, checked to be ours and not too new."""
        _pyarrow()
        import pyarrow.parquet as pq

        file = self._guarded(shard, pq.ParquetFile, shard)
        metadata = file.schema_arrow.metadata or {}
        for key, newest in (
            (_VERSION_KEY, STORE_VERSION),
            (_VOCABULARY_KEY, VOCABULARY_VERSION),
        ):
            version = metadata.get(key, b"")
            if not version.isdigit():
                raise SourceError(shard, f"this Parquet file is no clip shard: no {key.decode()}")
            if int(version) > newest:
                raise SourceError(
                    shard,
                    f"{key.decode()} {int(version)} is newer than {newest}, the newest this"
                    " stickgen reads",
                    hint="upgrade stickgen",
                )
        return file

    def _keys(self, shard: Path) -> list[str]:
        metadata = self._open(shard).schema_arrow.metadata
        try:
            keys = json.loads(metadata.get(_KEYS_KEY, b"[]"))
        except ValueError as error:
            raise SourceError(shard, "the list of keys in the file metadata is damaged") from error
        return [str(key) for key in keys]

    def _index(self) -> dict[str, tuple[Path, int]]:
        """Return where each clip is, read anew when shards have come or gone."""
        shards = self._found()
        if self._places is None or shards != self._seen:
            places: dict[str, tuple[Path, int]] = {}
            for shard in shards:
                file = self._open(shard)
                table = self._guarded(shard, file.read, columns=["clip_id"])
                for row, clip_id in enumerate(table.column(0).to_pylist()):
                    places[clip_id] = (shard, row)
            self._places, self._seen = places, shards
        return self._places

    def _read(self, shard: Path) -> Iterator[Clip]:
        file = self._open(shard)
        for group in range(file.num_row_groups):
            table = self._guarded(shard, file.read_row_group, group)
            for row in range(table.num_rows):
                yield self._clip(shard, table, row)

    def _clip(self, shard: Path, table: pa.Table, row: int) -> Clip:
        """Return the clip in *row*; `SourceError` names the shard, the clip and what is wrong."""
        values = {name: table.column(name)[row] for name in table.column_names}
        name = "?"
        try:
            name = str(values["clip_id"].as_py())
            return _from_row(values)
        except (DataError, KeyError, ValueError, TypeError, AttributeError) as error:
            cause = f"column {error} is missing" if isinstance(error, KeyError) else str(error)
            raise SourceError(shard, cause, place=f"clip {name!r}") from error


def _from_row(values: dict[str, Any]) -> Clip:
    def number(name: str) -> Any:
        value = values[name].as_py()
        if value is None:
            raise KeyError(name)
        return value

    frames, actors = number("n_frames"), number("n_actors")

    def array(name: str, *tail: int, axes: tuple[int, ...] = (frames, actors)) -> Any:
        value = values.get(name)
        if value is None or not value.is_valid:
            return None
        flat: NDArray[Any] = value.values.to_numpy(zero_copy_only=False)
        shape = (*axes, *tail)
        if flat.size != np.prod(shape):
            raise ValueError(f"{name} has {flat.size} numbers, expected {list(shape)}")
        return flat.reshape(shape)

    def text(name: str) -> Any:
        return values[name].as_py() if name in values else None

    frames_array = array("motion", schema.DIM)
    if frames_array is None:
        raise KeyError("motion")
    motion = Motion(
        frames_array,
        fps=number("fps"),
        depth=array("depth", schema.N_JOINTS),
        present=array("present"),
        actions=array("actions"),
        overlay=array("overlay"),
        face=array("face", 7),
    )
    camera = array("camera", 8, axes=(frames,))
    return Clip(
        motion=motion,
        clip_id=text("clip_id"),
        texts=tuple(text("texts") or ()),
        source=text("source") or "",
        licence=text("licence") or "",
        recording_id=text("recording_id") or "",
        subject=text("subject") or "",
        parent_id=text("parent_id"),
        split=text("split"),
        camera=None
        if camera is None
        else CameraTrack(camera[:, :3], camera[:, 3:6], camera[:, 6], camera[:, 7]),
        meta=json.loads(text("meta") or "{}"),
    )


def _to_row(clip: Clip) -> dict[str, Any]:
    motion, camera = clip.motion, clip.camera
    try:
        meta = json.dumps(plain(clip.meta, "meta"), ensure_ascii=False)
    except RecordError as error:
        raise DataError(f"clip {clip.clip_id!r} cannot be stored: {error}") from error

    def flat(array: NDArray[Any] | None, kind: type[Any]) -> NDArray[Any] | None:
        return None if array is None else array.astype(kind).ravel()

    return {
        "clip_id": clip.clip_id,
        "recording_id": clip.recording_id,
        "subject": clip.subject,
        "parent_id": clip.parent_id,
        "split": clip.split,
        "texts": list(clip.texts),
        "source": clip.source,
        "licence": clip.licence,
        "fps": motion.fps,
        "n_frames": motion.n_frames,
        "n_actors": motion.n_actors,
        "motion": flat(motion.frames, np.float32),
        "depth": flat(motion.depth, np.float32),
        "present": None if motion.present.all() else flat(motion.present, np.bool_),
        "actions": flat(motion.actions, np.int16),
        "overlay": flat(motion.overlay, np.int16),
        "physics": flat(physics.features(motion), np.float32),
        "camera": None
        if camera is None
        else np.concatenate(
            [camera.position, camera.target, camera.fov[:, None], camera.roll[:, None]], axis=1
        )
        .astype(np.float32)
        .ravel(),
        "face": flat(motion.face, np.float32),
        "meta": meta,
    }


class ClipWriter:
    """Adds clips to a store; made by `ClipStore.writer`, used in a ``with`` statement.

    Memory is bounded by one shard. Leaving the block writes what has come together, also when an
    exception ends it, since every key in it is complete.
    """

    def __init__(self, store: ClipStore, *, resume: bool, force: bool, shard_clips: int) -> None:
        if shard_clips < 1:
            raise UsageError(f"shard_clips is {shard_clips}, expected at least 1")
        self._store = store
        self._resume, self._force, self._shard_clips = resume, force, shard_clips
        self._finished: set[str] = set()
        self._ids: set[str] = set()
        self._rows: list[dict[str, Any]] = []
        self._waiting: list[str] = []
        self._lock: IO[bytes] | None = None
        self._next = 0

    @property
    def finished(self) -> frozenset[str]:
        """The keys whose clips are in the store or waiting for the next shard."""
        return frozenset(self._finished)

    def __enter__(self) -> ClipWriter:
        _pyarrow()
        store = self._store
        existing = store.shards
        if existing and not (self._resume or self._force):
            raise OutputError(
                f"{store.path} holds a clip store already; give --resume to continue it or --force"
                " to begin anew"
            )
        try:
            store.path.mkdir(parents=True, exist_ok=True)
            self._lock = _locked(store.path / ".writer.lock")
        except OSError as error:
            raise self._cannot(error) from error
        try:
            for leftover in store.path.glob(".shard-*"):
                leftover.unlink()
            if self._force and not self._resume:
                for shard in store.shards:
                    shard.unlink()
            elif store.shards:
                self._finished = set(store.finished())
                self._ids = set(store.clip_ids())
                self._next = 1 + max(_number(shard) for shard in store.shards)
        except BaseException as error:
            self._unlock()
            if isinstance(error, OSError):
                raise self._cannot(error) from error
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self.flush()
        finally:
            self._unlock()

    def add(self, key: str, clips: Sequence[Clip]) -> bool:
        """Add all the *clips* of *key* (one source file, say): they appear together or not at all.

        No clips is fine: the key is then finished with nothing. Returns False, and adds nothing,
        if the key is finished already. Raises `DataError` for a clip_id that the store has.
        """
        if self._lock is None:
            raise UsageError("a ClipWriter is used inside its with statement")
        if key in self._finished:
            return False
        rows = [_to_row(clip) for clip in clips]
        new = [str(row["clip_id"]) for row in rows]
        for i, clip_id in enumerate(new):
            if clip_id in self._ids or clip_id in new[:i]:
                raise DataError(f"{self._store.path} has a clip {clip_id!r} already (adding {key})")
        self._ids.update(new)
        self._finished.add(key)
        self._waiting.append(key)
        self._rows += rows
        if len(self._rows) >= self._shard_clips:
            self.flush()
        return True

    def flush(self) -> None:
        """Write what has come together as a shard; afterwards it survives anything."""
        if not self._waiting:
            return
        pa = _pyarrow()
        import pyarrow.parquet as pq

        final = self._store.path / f"shard-{self._next:06d}.parquet"
        temporary = final.with_name("." + final.name)
        columns = _columns().with_metadata(
            {
                _VERSION_KEY: str(STORE_VERSION).encode(),
                _VOCABULARY_KEY: str(VOCABULARY_VERSION).encode(),
                _KEYS_KEY: json.dumps(self._waiting).encode(),
            }
        )
        table = pa.Table.from_pylist(self._rows, schema=columns)
        floats = [f"{name}.list.element" for name in _FLOATS]
        try:
            pq.write_table(
                table,
                temporary,
                row_group_size=_GROUP,
                compression="zstd",
                use_dictionary=["source", "licence", "split", "subject"],
                use_byte_stream_split=floats,
            )
            sync(temporary)
            temporary.replace(final)
            sync(final.parent)
        except BaseException as error:
            with suppress(OSError):
                temporary.unlink()
            if isinstance(error, OSError):
                raise self._cannot(error) from error
            raise
        self._next += 1
        self._rows, self._waiting = [], []

    def _cannot(self, error: OSError) -> OutputError:
        reason = (error.strerror or str(error)).lower()
        return OutputError(f"the clip store {self._store.path} cannot be written: {reason}")

    def _unlock(self) -> None:
        if self._lock is not None:
            with suppress(OSError):  # an open file cannot be removed everywhere: it may stay
                (self._store.path / ".writer.lock").unlink()
            self._lock.close()
            self._lock = None


def _number(shard: Path) -> int:
    digits = shard.stem.removeprefix("shard-")
    return int(digits) if digits.isdecimal() else -1


def _locked(path: Path) -> IO[bytes]:
    """Return the opened file *path*, held by this process alone until it is closed or dies."""
    file = path.open("ab")
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not os.path.samestat(os.fstat(file.fileno()), path.stat()):
            raise OSError("the lock file was removed while it was taken")
    except OSError as error:
        file.close()
        raise OutputError(
            f"another process is writing the clip store {path.parent}; wait for it to end"
        ) from error
    return file
