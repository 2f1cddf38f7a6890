"""JSON files that come with datasets, read with one sentence for whatever is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from stickgen.core.errors import SourceError


def read_json(path: Path) -> Any:
    """Return what the JSON file at *path* holds.

    Raises:
        SourceError: it cannot be read or is not JSON.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise SourceError(path, f"cannot be read ({error.strerror or error})") from None
    except RecursionError:
        raise SourceError(path, "is nested too deeply") from None
    except ValueError as error:
        raise SourceError(
            path, f"is not JSON ({error})", hint="it is empty, cut short or damaged"
        ) from None


def read_json_object(path: Path) -> dict[str, Any]:
    """Return the object in the JSON file at *path*; raises `SourceError` for anything else."""
    data = read_json(path)
    if not isinstance(data, dict):
        raise SourceError(path, f"holds a {type(data).__name__}, expected an object")
    return data
