"""The pictures of a `ParallaxDataset` as files: a folder of PNG a clip, or tar shards.

**Layouts**
    png
        ``<clip>/view_00000_f000.png`` (view, step; the step is left out where a view has only
        one) and ``<clip>/metadata.json``, written last: ``sample_id``, ``actor_id`` (None where
        several actors share the pictures), ``minimal_mode``, ``views``, ``frames_per_view``,
        ``motion_total_frames``, ``fps``, ``skeleton_type`` and ``frames``, one entry a picture:
        ``file``, ``view_id``, ``step_index``, ``motion_frame_index``, ``camera`` (``position``,
        ``target`` in metres, ``fov`` in degrees). Then what is ours: ``size``, ``seed``,
        ``texts``, ``source``, ``licence``.
    wds
        ``parallax-000000.tar``, … of at most `SHARD_BYTES` each, in the layout of WebDataset: the
        picture ``<clip>_v00000_f000.png`` is followed by ``<clip>_v00000_f000.json``.

``parallax.json`` beside them says with which settings all was made. Files appear complete or not
at all, and what is complete is not drawn again when a stopped run is resumed.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import signal
import tarfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

from stickgen.core import __version__
from stickgen.core.errors import DataError, OutputError, StickgenError, UsageError
from stickgen.core.protocols import Progress
from stickgen.core.schema import SKELETON_TYPE
from stickgen.render.parallax.cameras import PictureCamera
from stickgen.render.parallax.dataset import ParallaxDataset
from stickgen.render.workers import cores, keep_memory

FORMATS: Final = ("png", "wds")
SHARD_BYTES: Final = 500_000_000
MANIFEST: Final = "parallax.json"
_BATCH: Final = 500
"""About as many pictures are one task of a worker."""
_PART: Final = ".part"


class Task(NamedTuple):
    """Views *first* to *last* (not included) of a motion."""

    motion: int
    first: int
    last: int


@dataclass
class Summary:
    """What a run has done: pictures drawn now, clips that were complete before, clips left out
    with the reason, and the files (of png: the folders) there are.
    """

    pictures: int = 0
    kept: int = 0
    skipped: list[str] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)


def write_pictures(
    source: str | Path,
    out: Path,
    *,
    views: int = 250,
    frames_per_view: int = 4,
    size: int = 256,
    seed: int = 0,
    form: str = "png",
    jobs: int = 0,
    limit: int | None = None,
    resume: bool = False,
    force: bool = False,
    strict: bool = False,
    shard_bytes: int = SHARD_BYTES,
    progress: Progress | None = None,
) -> Summary:
    """Draw the motions of *source* (a store or a ``.motion`` file) into the folder *out*.

    Args:
        source: what to draw.
        out: where to; it must be new or empty unless *resume* or *force*.
        views: cameras a motion.
        frames_per_view: pictures a camera.
        size: width and height in pixels.
        seed: another seed gives other cameras and moments.
        form: png or wds.
        jobs: worker processes; 0 for one a core.
        limit: at most so many clips.
        resume: go on where an earlier run with the same settings was stopped.
        force: replace what an earlier run has left.
        strict: raise for a clip that cannot be drawn, instead of leaving it out.
        shard_bytes: most bytes in a tar shard.
        progress: called with pictures done and in all.

    Raises:
        UsageError: a setting is out of range, or differs from those of the run to be resumed.
        OutputError: *out* holds something, or cannot be written.
        DataError: no clip can be drawn; or, with *strict*, one cannot.
    """
    if form not in FORMATS:
        raise UsageError(f"unknown format {form!r}; use png or wds")
    settings: dict[str, Any] = {
        "views": views,
        "frames_per_view": frames_per_view,
        "size": size,
        "seed": seed,
    }
    dataset = ParallaxDataset(source, masks=False, **settings)
    names = dataset.clip_ids[:limit]
    manifest = {
        "stickgen": __version__,
        "format": form,
        **settings,
        "clips": len(names),
        "clips_digest": hashlib.sha256("\n".join(names).encode()).hexdigest(),
        "shards": [],
    }
    with _guarded(out):
        manifest = _prepare(out, manifest, resume, force)
        step = max(1, _BATCH // frames_per_view)
        tasks = [
            Task(motion, first, min(first + step, views))
            for motion in range(len(names))
            for first in range(0, views, step)
        ]
        pool = _Pool(str(source), {**settings, "clips": names}, jobs or cores())
        write = _write_folders if form == "png" else _write_shards
        summary = Summary()
        with pool:
            write(out, dataset, tasks, pool, manifest, summary, strict, shard_bytes, progress)
    if not summary.paths:
        raise DataError(f"none of the {len(names)} clips can be drawn: {summary.skipped[0]}")
    return summary


@contextmanager
def _guarded(out: Path) -> Iterator[None]:
    """Turn an error of the file system into one sentence."""
    try:
        yield
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise OutputError(f"{out} cannot be written: {reason}; choose another -o") from error


def _prepare(out: Path, manifest: dict[str, Any], resume: bool, force: bool) -> dict[str, Any]:
    """Make the folder *out* ready and return the manifest to go on with."""
    there = out / MANIFEST
    if out.exists() and not out.is_dir():
        raise OutputError(f"{out} is a file; name a folder with -o")
    if out.is_dir() and any(out.iterdir()):
        if not there.is_file():
            raise OutputError(f"{out} holds other files; name a new folder with -o")
        if not (resume or force):
            raise OutputError(
                f"{out} holds pictures already; give --resume to go on or --force to replace them"
            )
        if resume and not force:
            try:
                old = json.loads(there.read_text(encoding="utf-8"))
                differing = [
                    key for key in manifest if key != "shards" and old[key] != manifest[key]
                ]
            except (ValueError, KeyError, TypeError):
                raise OutputError(f"{there} is damaged; give --force to begin anew") from None
            if differing:
                key = differing[0]
                raise UsageError(
                    f"{out} was begun with another {key.replace('_', ' ')}: {old[key]!r}, not"
                    f" {manifest[key]!r}; repeat its settings or give --force to begin anew"
                )
            _remove_parts(out)
            return dict(old)
        shutil.rmtree(out)
    out.mkdir(parents=True, exist_ok=True)
    _write_json(there, manifest)
    return manifest


def _remove_parts(out: Path) -> None:
    """Remove what a killed run has left unfinished."""
    for part in out.glob(f".*{_PART}"):
        if part.is_dir():
            shutil.rmtree(part, ignore_errors=True)
        else:
            part.unlink(missing_ok=True)


def _write_json(path: Path, document: dict[str, Any]) -> None:
    _write_text(path, json.dumps(document, ensure_ascii=False))


def _write_text(path: Path, line: str) -> None:
    temporary = path.with_name(f".{path.name}{_PART}")
    temporary.write_text(line + "\n", "utf-8")
    temporary.replace(path)


def folder_name(clip_id: str) -> str:
    """Return *clip_id* as the name of a folder, without dots, the same for no two clips."""
    plain = re.sub(r"[^\w-]+", "_", clip_id, flags=re.ASCII)[:64]
    if plain and plain == clip_id:
        return plain
    return f"{plain.strip('_') or 'clip'}-{hashlib.sha256(clip_id.encode()).hexdigest()[:8]}"


def _row(file: str, view: int, step: int, frame: int, camera: PictureCamera) -> str:
    """Return what the metadata say of one picture, as JSON; *file* is plain ASCII."""
    position = ", ".join([repr(round(v, 6)) for v in camera.position])
    target = ", ".join([repr(round(v, 6)) for v in camera.target])
    return (
        f'{{"file": "{file}", "view_id": {view}, "step_index": {step},'
        f' "motion_frame_index": {frame}, "camera": {{"position": [{position}],'
        f' "target": [{target}], "fov": {round(camera.fov, 6)!r}}}}}'
    )


def _clip_facts(dataset: ParallaxDataset, motion: int) -> dict[str, Any]:
    """Return what the metadata say of a clip, before its pictures."""
    clip = dataset.subject(motion).clip
    return {
        "sample_id": clip.clip_id,
        "actor_id": 0 if clip.motion.n_actors == 1 else None,
        "minimal_mode": False,
        "views": dataset.views,
        "frames_per_view": dataset.frames_per_view,
        "motion_total_frames": clip.motion.n_frames,
        "fps": clip.motion.fps,
        "skeleton_type": SKELETON_TYPE,
        "size": dataset.size,
        "seed": dataset.seed,
        "actors": clip.motion.n_actors,
        "texts": list(clip.texts),
        "source": clip.source,
        "licence": clip.licence,
    }


# -- one folder a clip -----------------------------------------------------------------------------


def _write_folders(
    out: Path,
    dataset: ParallaxDataset,
    tasks: list[Task],
    pool: _Pool,
    manifest: dict[str, Any],
    summary: Summary,
    strict: bool,
    shard_bytes: int,
    progress: Progress | None,
) -> None:
    names = [folder_name(name) for name in dataset.clip_ids]
    total = sum(task.last - task.first for task in tasks) * dataset.frames_per_view
    done = 0
    wanted = []
    for task in tasks:
        if (out / names[task.motion] / "metadata.json").is_file():
            done += (task.last - task.first) * dataset.frames_per_view
            if task.first == 0:
                summary.kept += 1
                summary.paths.append(out / names[task.motion])
        else:
            wanted.append(task)
    rows: list[str] = []
    bad: set[int] = set()

    def part(motion: int) -> Path:
        return out / f".{names[motion]}{_PART}"

    try:
        calls = ((task, str(part(task.motion))) for task in wanted)
        for (task, _), result in pool.map(_draw_files, calls):
            if isinstance(result, StickgenError):
                if strict:
                    raise result
                if task.motion not in bad:
                    summary.skipped.append(str(result))
                bad.add(task.motion)
            else:
                rows += result
                summary.pictures += len(result)
            done += (task.last - task.first) * dataset.frames_per_view
            if task.last == dataset.views:
                if task.motion in bad:
                    shutil.rmtree(part(task.motion), ignore_errors=True)
                else:
                    facts = json.dumps(_clip_facts(dataset, task.motion), ensure_ascii=False)
                    frames = f', "frames": [{", ".join(rows)}]}}'
                    _write_text(part(task.motion) / "metadata.json", facts[:-1] + frames)
                    final = out / names[task.motion]
                    part(task.motion).replace(final)
                    summary.paths.append(final)
                rows = []
            if progress is not None:
                progress(done, total)
    except BaseException:
        pool.stop()
        _remove_parts(out)
        raise


def _draw_files(dataset: ParallaxDataset, task: Task, folder: str) -> Any:
    """Write the pictures of *task* into *folder*; return their rows of metadata, each as JSON, or
    the error.
    """
    rows = []
    steps = dataset.frames_per_view
    place = Path(folder)
    try:
        dataset.subject(task.motion)
        place.mkdir(exist_ok=True)
        for view, step, data, frame, camera in dataset.pngs(task.motion, task.first, task.last):
            file = f"view_{view:05d}.png" if steps == 1 else f"view_{view:05d}_f{step:03d}.png"
            _write_file(f"{folder}/{file}", data)
            rows.append(_row(file, view, step, frame, camera))
    except StickgenError as error:
        return error
    return rows


def _write_file(path: str, data: bytes) -> None:
    """Write *data* to *path* by as few calls as can be: a picture takes little longer to draw."""
    handle = os.open(
        path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o666
    )
    try:
        while data:
            data = data[os.write(handle, data) :]
    finally:
        os.close(handle)


# -- tar shards ------------------------------------------------------------------------------------


def _write_shards(
    out: Path,
    dataset: ParallaxDataset,
    tasks: list[Task],
    pool: _Pool,
    manifest: dict[str, Any],
    summary: Summary,
    strict: bool,
    shard_bytes: int,
    progress: Progress | None,
) -> None:
    shards: list[dict[str, Any]] = manifest["shards"]
    per_view = dataset.frames_per_view
    total = sum(task.last - task.first for task in tasks) * per_view
    begun = sum(shard["tasks"] for shard in shards)
    if begun:
        summary.kept = tasks[begun - 1].motion + (begun == len(tasks))
    summary.paths += [out / shard["file"] for shard in shards]
    done = sum(task.last - task.first for task in tasks[:begun]) * per_view
    bad: set[int] = set()
    file: BinaryIO | None = None
    size = count = pictures = 0

    def name() -> str:
        return f"parallax-{len(shards):06d}.tar"

    def close() -> None:
        nonlocal file, size, count, pictures
        if file is None:
            return
        file.write(b"\0" * (2 * tarfile.BLOCKSIZE))
        file.write(b"\0" * (-file.tell() % tarfile.RECORDSIZE))
        file.close()
        file = None
        final = out / name()
        (out / f".{final.name}{_PART}").replace(final)
        shards.append({"file": final.name, "tasks": count, "pictures": pictures})
        _write_json(out / MANIFEST, manifest)
        summary.paths.append(final)
        size = count = pictures = 0

    try:
        for (task,), result in pool.map(_draw_tar, ((task,) for task in tasks[begun:])):
            if isinstance(result, StickgenError):
                if strict:
                    raise result
                if task.motion not in bad:
                    summary.skipped.append(str(result))
                bad.add(task.motion)
            else:
                if size and size + len(result) + tarfile.RECORDSIZE > shard_bytes:
                    close()
                if file is None:
                    file = (out / f".{name()}{_PART}").open("wb")
                file.write(result)
                size += len(result)
                new = (task.last - task.first) * per_view
                pictures += new
                summary.pictures += new
            count += 1
            done += (task.last - task.first) * per_view
            if progress is not None:
                progress(done, total)
        close()
    except BaseException:
        pool.stop()
        if file is not None:
            file.close()
        _remove_parts(out)
        raise


def _draw_tar(dataset: ParallaxDataset, task: Task) -> Any:
    """Return the pictures of *task* and their JSON as a piece of a tar archive, or the error."""
    out = io.BytesIO()

    def add(file: str, data: bytes) -> None:
        out.write(_tar_header(file, len(data)))
        out.write(data)
        out.write(b"\0" * (-len(data) % tarfile.BLOCKSIZE))

    try:
        clip = dataset.subject(task.motion).clip
        stem = folder_name(clip.clip_id)
        facts = {"sample_id": clip.clip_id, "text": clip.texts[0] if clip.texts else ""}
        begin = json.dumps(facts, ensure_ascii=False)[:-1]
        for view, step, data, frame, camera in dataset.pngs(task.motion, task.first, task.last):
            key = f"{stem}_v{view:05d}_f{step:03d}"
            add(f"{key}.png", data)
            row = _row(f"{key}.png", view, step, frame, camera)
            add(f"{key}.json", f"{begin}, {row[1:]}".encode())
    except StickgenError as error:
        return error
    return out.getvalue()


def _blank_header() -> bytes:
    entry = tarfile.TarInfo()
    entry.mode = 0o644
    header = bytearray(entry.tobuf(tarfile.USTAR_FORMAT))
    header[148:156] = b" " * 8  # what the checksum counts in place of itself
    return bytes(header)


_HEADER: Final = _blank_header()


def _tar_header(name: str, size: int) -> bytes:
    """Return the header of a file in a tar archive: `tarfile` takes as long as a small drawing.

    *name* has at most 100 ASCII characters.
    """
    header = bytearray(_HEADER)
    header[: len(name)] = name.encode("ascii")
    header[124:136] = b"%011o\0" % size
    header[148:155] = b"%06o\0" % sum(header)
    return bytes(header)


# -- workers ---------------------------------------------------------------------------------------

_own: ParallaxDataset | None = None
"""The dataset of a worker process."""


def _begin(source: str, settings: dict[str, Any]) -> None:
    """Make a worker ready: it keeps its memory, and leaves Ctrl-C to its parent."""
    global _own
    with suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    keep_memory()
    _own = ParallaxDataset(source, masks=False, cache=4, **settings)


def _work(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    assert _own is not None
    return function(_own, *arguments)


class _Pool:
    """Calls a function of (dataset, …) in *jobs* processes, or here if that is one."""

    def __init__(self, source: str, settings: dict[str, Any], jobs: int) -> None:
        self._arguments = (source, settings)
        self._jobs = jobs
        self._executor: ProcessPoolExecutor | None = None

    def __enter__(self) -> _Pool:
        if self._jobs > 1:
            import multiprocessing

            self._executor = ProcessPoolExecutor(
                self._jobs,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_begin,
                initargs=self._arguments,
            )
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Begin nothing new, and wait for what is being done."""
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)

    def map(
        self, function: Callable[..., Any], calls: Iterable[tuple[Any, ...]]
    ) -> Iterator[tuple[tuple[Any, ...], Any]]:
        """Yield (arguments, result) of each of *calls*, in their order."""
        if self._executor is None:
            keep_memory()
            source, settings = self._arguments
            dataset = ParallaxDataset(source, masks=False, cache=4, **settings)
            for arguments in calls:
                yield arguments, function(dataset, *arguments)
            return
        waiting: deque[tuple[tuple[Any, ...], Future[Any]]] = deque()
        for arguments in calls:
            waiting.append((arguments, self._executor.submit(_work, function, arguments)))
            if len(waiting) > 2 * self._jobs:
                first, future = waiting.popleft()
                yield first, future.result()
        while waiting:
            first, future = waiting.popleft()
            yield first, future.result()
