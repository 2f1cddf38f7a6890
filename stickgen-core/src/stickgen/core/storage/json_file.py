"""JSON and YAML files as they come from outside: read whole, or refused in one sentence."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

from stickgen.core.errors import SourceError


def read_object(path: Path, kind: str, largest: int) -> dict[str, Any]:
    """Return the JSON object in the file *path*.

    Args:
        path: the file.
        kind: what it should be, with its article, for the errors.
        largest: size in bytes beyond which it is not read.

    Raises:
        SourceError: it is missing, unreadable, too large, or holds something else.
    """
    data = _read(path, kind, largest)
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise SourceError(
            path, f"this is not text, so it is not {kind}", place=f"byte {error.start}"
        ) from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        cause = f"this is not JSON ({error.msg[:1].lower()}{error.msg[1:]})"
        hint = "the file may be cut off" if error.pos >= len(data) - 1 else None
        raise SourceError(path, cause, place=place, hint=hint) from error
    except RecursionError as error:
        raise SourceError(path, f"the JSON is nested too deeply to be {kind}") from error
    except ValueError as error:
        raise SourceError(path, "a whole number in the JSON is absurdly long") from error
    if not isinstance(document, dict):
        raise SourceError(path, f"the JSON is not an object, so it is not {kind}")
    return document


def read_yaml_object(path: Path, kind: str, largest: int) -> dict[str, Any]:
    """Return the mapping in the YAML file *path*, as `read_object` does; tags and aliases are
    refused, so that a small file cannot become a large one.

    Raises `PluginError` where pyyaml is not installed.
    """
    import importlib

    from stickgen.core.errors import PluginError

    try:
        yaml: Any = importlib.import_module("yaml")
    except ImportError:
        raise PluginError(
            f"{path}: reading YAML needs pyyaml; install it with: pip install pyyaml"
        ) from None
    data = _read(path, kind, largest)
    try:
        text = data.decode("utf-8-sig")
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text)):
            raise SourceError(path, f"aliases (*name) are not allowed in {kind}")
        document = yaml.safe_load(text)
    except UnicodeDecodeError as error:
        raise SourceError(
            path, f"this is not text, so it is not {kind}", place=f"byte {error.start}"
        ) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        cause = getattr(error, "problem", None) or type(error).__name__
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else None
        raise SourceError(path, f"this is not YAML ({cause})", place=place) from error
    if not isinstance(document, dict):
        raise SourceError(path, f"the YAML is not a mapping, so it is not {kind}")
    return document


def _read(path: Path, kind: str, largest: int) -> bytes:
    """Return the bytes of *path*, which must be a file of a sane size with something in it."""
    try:
        info = path.stat()
        if not stat.S_ISREG(info.st_mode):
            found = "a folder" if stat.S_ISDIR(info.st_mode) else "not a regular file"
            raise SourceError(path, f"this is {found}, expected {kind}")
        if info.st_size > largest:
            raise SourceError(
                path, f"the file has {info.st_size:,} bytes, more than the {largest:,} allowed"
            )
        data = path.read_bytes()
    except OSError as error:
        raise SourceError(path, (error.strerror or str(error)).lower()) from error
    if not data.strip():
        raise SourceError(path, "the file is empty")
    return data
