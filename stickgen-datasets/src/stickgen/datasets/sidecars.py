"""What stands beside a motion file: an index of its folder, a label, a description.

Looked for in this order: a row of ``index.csv`` in the same folder (columns ``file`` or ``id``,
and any of ``text``, ``fps``); a ``.txt`` with the same stem, one description a line; a ``.json``
with the same stem that names ``content`` and ``style``; the words of the file name.
"""

from __future__ import annotations

import csv
import json
import math
import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

from stickgen.core.errors import SourceError

_PLAIN_STYLES: Final = frozenset({"normal", "neutral"})
_DATASET_NAME: Final = re.compile(r"dataset-\d+_(?P<content>[^_]+)_(?P<style>[^_]+)_\d+")
"""File names of the Bandai Namco Research motion dataset."""


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What is known about a motion file beside what is in it.

    ``texts`` are descriptions, ``origin`` tells where they come from, ``fps`` is the true frame
    rate where an index gives one, ``meta`` everything else worth keeping.
    """

    texts: tuple[str, ...] = ()
    origin: str = "none"
    fps: float | None = None
    meta: dict[str, str] = field(default_factory=dict)


def read_sidecar(path: Path) -> Sidecar:
    """Return what the files beside *path* and its name say about it.

    Raises:
        SourceError: a sidecar is there but cannot be read; names the sidecar.
    """
    index = path.with_name("index.csv")
    row = _index(index, _stamp(index)).get(path.name) if index.is_file() else None
    row = row or {}
    fps = _positive(index, row.get("fps"), path.name)
    meta = {
        k: v for k, v in row.items() if v and k in ("subject_category", "skeleton", "header_fps")
    }
    if row.get("text"):
        return Sidecar((row["text"],), "index.csv", fps, meta)
    texts = _described(path.with_suffix(".txt"))
    if texts:
        return Sidecar(texts, ".txt", fps, meta)
    content, style = _labelled(path)
    if content:
        text = content if style in _PLAIN_STYLES or not style else f"{content}, {style}"
        return Sidecar((text,), "label", fps, meta | {"content": content, "style": style})
    words = _words(path.stem)
    return Sidecar((words,), "file name", fps, meta) if words else Sidecar((), "none", fps, meta)


def _stamp(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


@lru_cache(maxsize=8)
def _index(path: Path, stamp: int) -> dict[str, dict[str, str]]:
    """Return the rows of an index by file name; *stamp* makes a changed index be read again."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = [
                {
                    (k or "").strip().lower(): (v or "").strip()
                    for k, v in row.items()
                    if isinstance(v, str)
                }
                for row in csv.DictReader(stream)
            ]
    except OSError as error:
        raise SourceError(path, f"cannot be read ({error.strerror or error})") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise SourceError(path, f"is not a CSV table ({error})") from None
    table = {}
    for row in rows:
        name = row.get("file") or (f"{row['id']}.bvh" if row.get("id") else "")
        if name:
            table[Path(name).name] = row
    return table


def _positive(path: Path, value: str | None, name: str) -> float | None:
    if not value:
        return None
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and number > 0):
        raise SourceError(
            path, f"fps must be a positive number, not {value!r}", place=f"row {name!r}"
        )
    return number


def _described(path: Path) -> tuple[str, ...]:
    if not path.is_file():
        return ()
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise SourceError(path, f"cannot be read ({error.strerror or error})") from None
    except UnicodeDecodeError:
        raise SourceError(path, "is not text in UTF-8") from None
    return tuple(line.strip() for line in lines if line.strip())


def _labelled(path: Path) -> tuple[str, str]:
    """Return content and style: of the label file if it has them in words, else of the name."""
    name = _DATASET_NAME.fullmatch(path.stem)
    content, style = (name["content"], name["style"]) if name else ("", "")
    label = path.with_suffix(".json")
    if label.is_file():
        try:
            data = json.loads(label.read_text(encoding="utf-8"))
        except OSError as error:
            raise SourceError(label, f"cannot be read ({error.strerror or error})") from None
        except ValueError as error:
            raise SourceError(label, f"is not JSON ({error})") from None
        if isinstance(data, dict):
            content = data["content"] if isinstance(data.get("content"), str) else content
            style = data["style"] if isinstance(data.get("style"), str) else style
    return _words(content), _words(style)


def _words(name: str) -> str:
    """Return the words in a file name or a label: "jumpingJacks_02" is "jumping jacks"."""
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return " ".join(re.findall(r"[^\W\d_]+", name)).lower()
