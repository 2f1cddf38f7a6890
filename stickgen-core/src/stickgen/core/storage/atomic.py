"""Files that appear whole or not at all."""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from stickgen.core.errors import OutputError

_PATTERN: Final = re.compile(r"%0?(\d*)d")
_CANNOT_WRITE: Final = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO, errno.ENAMETOOLONG}
)


@contextmanager
def atomic_path(path: str | os.PathLike[str], force: bool = False) -> Iterator[Path]:
    """Yield a temporary path beside *path*, with its suffix, that becomes *path* at success.

    Missing folders are made. When the block ends well, what it wrote is renamed onto *path* in one
    step; when it raises (`KeyboardInterrupt` included), everything it wrote is removed, and so are
    the folders made for it. A *path* whose name holds a number pattern (``frame_%04d.png``) yields
    the same name in a temporary folder, and every file written there is moved to its place; with
    *force* an old sequence of that name is replaced as a whole. A symbolic link is written through.

    Raises `OutputError` when *path* exists and *force* is not given, when it is a folder or a
    device, when it cannot be written, or when the block wrote nothing.
    """
    path = Path(path)
    try:
        final = Path(os.path.realpath(path)) if path.is_symlink() else path
        _refuse(path, final, force)
        made = _make_folder(final.parent)
    except OSError as error:
        raise _cannot(path, error) from error
    sequence = _PATTERN.search(final.name) is not None
    stem = re.sub(r"[^\w.-]", "", final.stem)[:40]
    temporary = final.with_name(
        f".{stem}-{secrets.token_hex(4)}" + ("" if sequence else final.suffix)
    )
    try:
        try:
            if sequence:
                temporary.mkdir()
            else:
                # Learn now, not after minutes of work, whether the folder can be written to.
                os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
                temporary.unlink()
        except OSError as error:
            raise _cannot(path, error) from error
        yield temporary / final.name if sequence else temporary
        try:
            if sequence:
                _place_sequence(temporary, final, path)
            else:
                _place(temporary, final, path)
        except OSError as error:
            raise _cannot(path, error) from error
    except BaseException as error:
        _remove(temporary)
        _remove_folders(made)
        if isinstance(error, OSError) and error.errno in _CANNOT_WRITE:
            raise _cannot(path, error) from error
        raise


def _cannot(path: Path, error: OSError) -> OutputError:
    reason = (error.strerror or str(error)).lower()
    return OutputError(f"{path} cannot be written: {reason}; choose another place with -o")


def _pieces(final: Path) -> list[Path]:
    """Return the files of the sequence *final* that exist."""
    match = _PATTERN.search(final.name)
    assert match is not None
    name = re.compile(
        re.escape(final.name[: match.start()])
        + rf"\d{{{int(match[1] or 1)},}}"
        + re.escape(final.name[match.end() :])
    )
    if not final.parent.is_dir():
        return []
    return [entry for entry in final.parent.iterdir() if name.fullmatch(entry.name)]


def _refuse(path: Path, final: Path, force: bool) -> None:
    """Raise `OutputError` if *final* must not be written."""
    if not final.name:
        raise OutputError(f"{path} is not the name of a file; give one with -o")
    if "\0" in str(final):
        raise OutputError(f"{str(path)!r} is not the name of a file: it holds a null character")
    if _PATTERN.search(final.name):
        pieces = [] if force else _pieces(final)
        if pieces:
            raise OutputError(f"{min(pieces)} exists already; give --force to overwrite it")
        return
    try:
        mode = final.stat().st_mode
    except FileNotFoundError:
        return
    if stat.S_ISDIR(mode):
        raise OutputError(f"{path} is a folder; give the name of a file in it with -o")
    if not stat.S_ISREG(mode):
        raise OutputError(f"{path} is a device, not a file; give the name of a file with -o")
    if not force:
        raise OutputError(f"{path} exists already; give --force to overwrite it")


def _make_folder(folder: Path) -> list[Path]:
    """Make *folder* and its parents; return the new ones, outermost first."""
    missing: list[Path] = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    made: list[Path] = []
    try:
        for new in reversed(missing):
            new.mkdir(exist_ok=True)
            made.append(new)
    except OSError:
        _remove_folders(made)
        raise
    return made


def _remove_folders(made: list[Path]) -> None:
    """Remove the folders of `_make_folder` that are empty."""
    for folder in reversed(made):
        with suppress(OSError):
            folder.rmdir()


def _place(temporary: Path, final: Path, path: Path) -> None:
    """Rename the file *temporary* to *final*, safely on disk."""
    if not temporary.exists():
        raise OutputError(f"{path} was not written: its exporter produced no file")
    sync(temporary)
    temporary.replace(final)


def _place_sequence(temporary: Path, final: Path, path: Path) -> None:
    """Move every file of the folder *temporary* beside *final*, in place of an older sequence."""
    new = sorted(temporary.iterdir())
    if not new:
        raise OutputError(f"{path} was not written: its exporter produced no file")
    stale = set(_pieces(final)) - {final.with_name(piece.name) for piece in new}
    for piece in new:
        piece.replace(final.with_name(piece.name))
    for old in stale:
        old.unlink()
    temporary.rmdir()


def _remove(temporary: Path) -> None:
    with suppress(OSError):
        if temporary.is_dir():
            shutil.rmtree(temporary)
        else:
            temporary.unlink()


def sync(path: Path) -> None:
    """Wait until the file or folder *path* is on the disk, where the system can tell."""
    with suppress(OSError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
