"""Stores to other formats and back: ``.pt`` lists, and folders of ``.motion`` files."""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from stickgen.core.errors import DataError, OutputError, SourceError, UsageError
from stickgen.core.protocols import Progress
from stickgen.core.storage import atomic_path, read_motion, write_motion
from stickgen.core.storage.scene_json import plain
from stickgen.core.types import Clip, Scene
from stickgen.datasets.data import reference_file
from stickgen.datasets.data.passing import Tally, new_store, opened, refuse, usable

CLIPS_PER_FILE: Final = 1000
_FIELDS: Final = ("clip_id", "source", "licence", "recording_id", "subject", "parent_id", "split")
_PATTERN: Final = re.compile(r"%0?\d*d")
_LONGEST: Final = 120


def export(
    store: Path,
    out: Path,
    *,
    clips_per_file: int = CLIPS_PER_FILE,
    force: bool = False,
    strict: bool = False,
    progress: Progress | None = None,
) -> Tally:
    """Write the clips of *store* to *out*: a ``.pt`` file, or a folder of ``.motion`` files.

    A ``.pt`` name with a number pattern writes files of *clips_per_file* clips each.

    Raises:
        UsageError: *out* is a file of another kind.
        PluginError: ``.pt``, and torch is not installed.
    """
    if out.suffix == ".pt":
        return _export_pt(store, out, clips_per_file, force, Tally(strict), progress)
    if out.suffix and out.suffix != ".motion" and not out.is_dir():
        raise UsageError(f"{out} is neither a .pt file nor a folder for .motion files")
    return _export_motions(store, out, force, Tally(strict), progress)


def _export_pt(
    store: Path,
    out: Path,
    clips_per_file: int,
    force: bool,
    tally: Tally,
    progress: Progress | None,
) -> Tally:
    reference_file.torch()
    several = _PATTERN.search(out.name) is not None
    with atomic_path(out, force) as temporary:
        waiting: list[Clip] = []
        number = 0
        for _, clip in usable([opened(store)], tally, progress):
            waiting.append(clip)
            tally.written += 1
            tally.frames += clip.motion.n_frames
            if several and len(waiting) == clips_per_file:
                reference_file.write(waiting, temporary.with_name(temporary.name % number))
                waiting, number = [], number + 1
        if not tally.written:
            raise DataError(f"{store} has no clip to export")
        if not several:
            reference_file.write(waiting, temporary)
        elif waiting:
            reference_file.write(waiting, temporary.with_name(temporary.name % number))
    return tally


def _export_motions(
    store: Path, out: Path, force: bool, tally: Tally, progress: Progress | None
) -> Tally:
    if out.exists() and not out.is_dir():
        raise OutputError(f"{out} is a file; name a folder with -o")
    if out.is_dir() and any(out.iterdir()) and not force:
        raise OutputError(f"{out} holds something already; give --force to write into it")
    temporary = out.with_name(f".{out.name}-{secrets.token_hex(4)}")
    taken: set[str] = set()
    try:
        for _, clip in usable([opened(store)], tally, progress):
            name = _file_name(clip.clip_id, taken)
            write_motion(scene_of(clip), temporary / f"{name}.motion")
            tally.written += 1
            tally.frames += clip.motion.n_frames
        if not tally.written:
            raise DataError(f"{store} has no clip to export")
        _move(temporary, out)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise OutputError(f"{out} cannot be written: {reason}") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return tally


def _move(temporary: Path, out: Path) -> None:
    """Move every file of the folder *temporary* to its place in *out*."""
    if not out.exists():
        temporary.rename(out)
        return
    for path in sorted(temporary.rglob("*.motion")):
        final = out / path.relative_to(temporary)
        final.parent.mkdir(parents=True, exist_ok=True)
        path.replace(final)


def _file_name(clip_id: str, taken: set[str]) -> str:
    """Return a name for a clip's file that no other has, upper and lower case being the same."""
    parts = [
        re.sub(r"[^\w.~+-]", "_", part).strip(".")[:_LONGEST] or "_" for part in clip_id.split("/")
    ]
    name = first = "/".join(part for part in parts if part)
    number = 2
    while name.lower() in taken:
        name, number = f"{first}-{number}", number + 1
    taken.add(name.lower())
    return name


def scene_of(clip: Clip) -> Scene:
    """Return *clip* as a scene that carries everything else in its provenance."""
    facts: dict[str, Any] = {name: getattr(clip, name) for name in _FIELDS}
    facts |= {"texts": list(clip.texts), "meta": plain(clip.meta, "meta")}
    prompt = clip.texts[0] if clip.texts else ""
    return Scene(clip.motion, camera=clip.camera, meta={"prompt": prompt, "clip": facts})


def clip_of(scene: Scene, name: str) -> Clip:
    """Return the clip of a scene; what it does not say of itself is made up of *name*."""
    facts = scene.meta.get("clip")
    facts = facts if isinstance(facts, Mapping) else {}
    known = {key: value for key in _FIELDS if isinstance(value := facts.get(key), str) and value}
    known = {
        "clip_id": name,
        "recording_id": known.get("clip_id", name),
        "source": "motion",
    } | known
    texts = facts.get("texts")
    if not isinstance(texts, list):
        texts = [scene.meta.get("prompt") or scene.meta.get("description")]
    meta = facts.get("meta")
    return Clip(
        scene.motion,
        texts=tuple(text for text in texts if isinstance(text, str) and text.strip()),
        camera=scene.camera,
        meta=dict(meta) if isinstance(meta, Mapping) else {},
        **known,
    )


def import_(
    source: Path,
    out: Path,
    *,
    name: str | None = None,
    licence: str | None = None,
    force: bool = False,
    strict: bool = False,
    progress: Progress | None = None,
) -> Tally:
    """Write the clips of *source* to the store *out*.

    Args:
        source: a ``.pt`` or ``.motion`` file, or a folder of them.
        out: the new store.
        name: the source recorded with every clip, instead of what the files say.
        licence: the licence recorded with every clip, likewise.
        force: replace what is there.
        strict: stop at the first clip that cannot be used.
        progress: called with files done and to do.
    """
    refuse(out, force)
    files = _files(source)
    tally = Tally(strict)
    with new_store(out, force) as writer:
        for done, path in enumerate(files, start=1):
            for clip in _read(path, source):
                tally.read += 1
                if isinstance(clip, SourceError):
                    place = f"{clip.path}, {clip.place}" if clip.place else clip.path
                    tally.skip(place, "readable", str(clip))
                    continue
                if name is not None:
                    clip = replace(clip, source=name)
                if licence is not None:
                    clip = replace(clip, licence=licence)
                tally.add(writer, clip)
            if progress is not None:
                progress(done, len(files))
    return tally


def _files(source: Path) -> list[Path]:
    if source.is_dir():
        files = sorted(p for p in source.rglob("*") if p.suffix in (".pt", ".motion"))
        if not files:
            raise SourceError(source, "holds no .pt and no .motion file")
        return files
    if not source.exists():
        raise SourceError(source, "there is no such file or folder")
    if source.suffix not in (".pt", ".motion"):
        raise UsageError(f"{source} is neither a .pt nor a .motion file, nor a folder of them")
    return [source]


def _read(path: Path, source: Path) -> Iterator[Clip | SourceError]:
    """Yield what is in the file *path*; a file that cannot be read is one error."""
    try:
        if path.suffix == ".pt":
            yield from reference_file.read(path)
        else:
            base = source if source.is_dir() else path.parent
            yield clip_of(read_motion(path), path.relative_to(base).with_suffix("").as_posix())
    except SourceError as error:
        yield error
