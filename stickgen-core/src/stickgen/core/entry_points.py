"""Entry points of the installed distributions, read from their folders. Stdlib only.

`importlib.metadata` takes as long to import and to ask as all the rest of ``stickgen --help``: it
brings the email package along and reads every distribution's description. Here one small file of
each is read, and the head of the description of those that match. `importlib.metadata` is asked
where a distribution may lie elsewhere than in a folder: in an archive, or with an importer of its
own.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any, NamedTuple


class Provider(NamedTuple):
    """A distribution: its name, its version ("" where it says none), and its entry points, each
    (group, name, value).
    """

    name: str
    version: str
    points: tuple[tuple[str, str, str], ...]


def providers(path: Iterable[str], prefix: str) -> Iterator[Provider]:
    """Yield the distributions on *path* with an entry point group that starts with *prefix*.

    They come in the order of *path*, remains of a distribution that has no name left out.
    """
    path = list(path)
    if any(_finds(finder) for finder in sys.meta_path):
        yield from _asked(path, prefix)
        return
    for entry in path:
        folder = Path(entry)
        if folder.is_dir():
            yield from _in_folder(folder, prefix)
        elif folder.exists():
            yield from _asked([entry], prefix)


def target(value: str) -> Any:
    """Return what the target of an entry point, ``module:attribute.of.it [extra]``, stands for.

    Raises whatever the import of the module raises, and `AttributeError`.
    """
    module, _, names = value.partition("[")[0].strip().partition(":")
    found: Any = import_module(module.strip())
    for name in filter(None, names.strip().split(".")):
        found = getattr(found, name)
    return found


def _finds(finder: object) -> bool:
    """Return whether *finder* knows distributions that are not in folders of the path."""
    return finder is not PathFinder and hasattr(finder, "find_distributions")


def _asked(path: list[str], prefix: str) -> Iterator[Provider]:
    from importlib.metadata import distributions

    for dist in distributions(path=path):
        text = dist.read_text("entry_points.txt") or ""
        description = dist.read_text("METADATA") or dist.read_text("PKG-INFO") or ""
        yield from _read(text, description.splitlines(), prefix)


def _in_folder(folder: Path, prefix: str) -> Iterator[Provider]:
    try:
        children = list(folder.iterdir())
    except OSError:
        return
    egg = folder.name.lower().endswith(".egg")
    for child in children:
        low = child.name.lower()
        if not (low.endswith((".dist-info", ".egg-info")) or (egg and low == "egg-info")):
            continue
        text = _text(child / "entry_points.txt")
        if f"[{prefix}" in text:
            description = _text(child / "METADATA") or _text(child / "PKG-INFO")
            yield from _read(text, description.splitlines(), prefix)


def _text(path: Path) -> str:
    """Return what *path* holds, "" where it is missing or not text."""
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _read(text: str, description: Iterable[str], prefix: str) -> Iterator[Provider]:
    """Yield what the texts of a distribution say, if it has a name and matches."""
    points = []
    group = ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("[") and line.endswith("]"):
            group = line[1:-1]
        elif group.startswith(prefix) and line and not line.startswith("#"):
            name, _, value = line.partition("=")
            points.append((group, name.strip(), value.strip()))
    head = {"name": "", "version": ""}
    for line in description:
        if not line.strip():
            break
        key, colon, value = line.partition(":")
        if colon and head.get(key.lower()) == "":
            head[key.lower()] = value.strip()
    if points and head["name"]:
        yield Provider(head["name"], head["version"], tuple(points))
