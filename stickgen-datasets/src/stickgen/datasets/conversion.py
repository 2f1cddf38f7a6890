"""Run a converter over a folder: by one worker or several, into a store or into one file.

Files are read by the workers and written in the order of `Converter.find`, so that the store is
the same whatever the number of workers. At most a few files per worker are in memory. A file is
written whole or not at all; what a converter refuses is left out and comes back in the summary.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stickgen.core.errors import DataError, SourceError, StickgenError, UsageError
from stickgen.core.protocols import Converter, Progress
from stickgen.core.registries import converters
from stickgen.core.storage import ClipStore, write_motion
from stickgen.core.types import Clip, Scene
from stickgen.datasets.engines import Engine, in_order
from stickgen.datasets.gates import Refused
from stickgen.datasets.source import Companion, Refusals


@dataclass(frozen=True, slots=True)
class Refusal:
    """A clip that was left out: its file, the rule it broke, and the whole sentence."""

    file: str
    rule: str
    reason: str


@dataclass(slots=True)
class Summary:
    """What became of a run.

    ``files`` were found, ``done_before`` of them were in the store already; ``clips`` with
    ``frames`` frames were written now; ``refused`` were left out.
    """

    files: int = 0
    done_before: int = 0
    clips: int = 0
    frames: int = 0
    seconds: float = 0.0
    refused: list[Refusal] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Job:
    """What to convert: the converter's name and settings, and the folder or file."""

    source: str
    config: Mapping[str, Any]
    root: Path

    def converter(self) -> Converter:
        """Return the converter, made with the settings."""
        return converters.create(self.source, **self.config)


def convert_to_store(
    job: Job,
    store: Path,
    *,
    jobs: int | None = None,
    engine: Engine = "local",
    resume: bool = False,
    force: bool = False,
    strict: bool = False,
    limit: int | None = None,
    progress: Progress | None = None,
) -> Summary:
    """Convert everything *job* finds into the clip store at *store* and return the summary.

    Args:
        job: what to convert.
        store: folder of the store.
        jobs: workers, and
        engine: where they are (`stickgen.datasets.engines`).
        resume: continue a store that is there; files that are in it are not read again.
        force: empty a store that is there.
        strict: stop at the first clip that is refused.
        limit: convert at most this many files.
        progress: called with files done and files to do.

    Raises:
        SourceError: nothing is found, or with *strict* a file is refused.
        OutputError: the store exists or cannot be written.
    """
    started = time.perf_counter()
    paths = found(job, limit)
    summary = Summary(files=len(paths))
    with ClipStore(store).writer(resume=resume, force=force) as writer:
        keys = {path: _key(path, job.root) for path in paths}
        todo = [path for path in paths if keys[path] not in writer.finished]
        summary.done_before = len(paths) - len(todo)
        for path, clips in _collect(job, todo, jobs, engine, strict, summary, progress):
            writer.add(keys[path], clips)
    summary.seconds = time.perf_counter() - started
    return summary


def convert_to_motion(job: Job, target: Path, *, force: bool = False) -> Summary:
    """Convert the one clip *job* finds into the ``.motion`` file *target*.

    Raises:
        UsageError: there are several files or several clips.
        SourceError: the file is refused.
    """
    started = time.perf_counter()
    paths = found(job, None)
    if len(paths) > 1:
        raise UsageError(
            f"{target.name} takes one clip and {job.root} holds {len(paths)} files;"
            " name one of them, or write to a folder"
        )
    summary = Summary(files=1)
    clips = [
        clip for _, part in _collect(job, paths, 1, "local", True, summary, None) for clip in part
    ]
    if len(clips) != 1:
        raise UsageError(
            f"{target.name} takes one clip and {paths[0]} holds {len(clips)}; write to a folder"
        )
    clip = clips[0]
    meta = {"prompt": " ".join(clip.texts), "source": clip.source, "licence": clip.licence}
    write_motion(Scene(clip.motion, meta=meta | {"clip_id": clip.clip_id}), target, force=force)
    summary.seconds = time.perf_counter() - started
    return summary


def check(
    job: Job,
    *,
    jobs: int | None = None,
    engine: Engine = "local",
    strict: bool = False,
    limit: int | None = None,
    progress: Progress | None = None,
) -> Summary:
    """Read everything *job* finds, write nothing, and return what would become of it."""
    started = time.perf_counter()
    paths = found(job, limit)
    summary = Summary(files=len(paths))
    for _ in _collect(job, paths, jobs, engine, strict, summary, progress):
        pass
    summary.seconds = time.perf_counter() - started
    return summary


@dataclass(frozen=True, slots=True)
class Inventory:
    """What a folder holds for a converter: recordings, and its companions with their number."""

    files: int
    companions: tuple[tuple[Companion, int], ...]

    @property
    def missing(self) -> tuple[Companion, ...]:
        """The companions that are not there."""
        return tuple(each for each, count in self.companions if not count)


def inventory(job: Job) -> Inventory:
    """Return what is there and what is missing for *job*, by the names of files alone.

    Raises `SourceError` when there is nothing to convert.
    """
    converter = job.converter()
    companions: tuple[Companion, ...] = getattr(converter, "companions", ())
    return Inventory(
        len(found(job, None)), tuple((each, each.count(job.root)) for each in companions)
    )


def found(job: Job, limit: int | None) -> list[Path]:
    """Return the files *job* is about; raises `SourceError` when there are none."""
    converter = job.converter()
    if not job.root.exists():
        raise SourceError(job.root, "there is no such file or folder")
    paths = list(converter.find(job.root))
    if not paths:
        download = getattr(converter, "download", "")
        get = f"; to be had from {download}" if download else ""
        raise SourceError(
            job.root,
            f"holds nothing for {job.source!r}",
            hint=f"expected {converter.layout}{get}",
        )
    return paths[:limit]


def _key(path: Path, root: Path) -> str:
    """Return the name of *path* in the store: its place as seen from *root*, even if outside."""
    return path.name if path == root else Path(os.path.relpath(path, root)).as_posix()


def _collect(
    job: Job,
    paths: Sequence[Path],
    jobs: int | None,
    engine: Engine,
    strict: bool,
    summary: Summary,
    progress: Progress | None,
) -> Iterator[tuple[Path, list[Clip]]]:
    """Yield the files that gave clips, with them, in the order of *paths*; fill in *summary*."""
    results = in_order(_reader, (job,), paths, jobs=jobs, engine=engine)
    for done, (path, (clips, refusals)) in enumerate(zip(paths, results, strict=True), start=1):
        if refusals and strict:
            raise DataError(refusals[0].reason)
        summary.refused += refusals
        summary.clips += len(clips)
        summary.frames += sum(clip.motion.n_frames for clip in clips)
        if clips:
            yield path, clips
        if progress is not None:
            progress(done, len(paths))


_Result = tuple[list[Clip], list[Refusal]]


def _reader(job: Job) -> Callable[[Path], _Result]:
    """Return the work on one file of *job*."""
    converter = job.converter()
    return lambda path: _read(converter, path, job.root)


def _read(converter: Converter, path: Path, root: Path) -> _Result:
    """Return the clips of one file and why others were left out; a bad file raises nothing."""
    clips: list[Clip] = []
    try:
        clips.extend(converter.read(path, root))
    except Refusals as error:
        return clips, [_refusal(path, each) for each in error.refusals]
    except StickgenError as error:
        return clips, [_refusal(path, error)]
    except Exception as error:
        reason = f"{path}: the converter failed with {type(error).__name__}: {error}"
        return clips, [Refusal(str(path), "converter", reason)]
    return clips, []


def _refusal(path: Path, error: StickgenError) -> Refusal:
    rule = error.rule if isinstance(error, Refused) else "readable"
    return Refusal(str(path), rule, str(error))
