"""Scripts at rest: the JSON or YAML that ``stickgen story -o`` writes and a person edits."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Final

from stickgen.core.actions import action
from stickgen.core.errors import SourceError, UsageError
from stickgen.core.storage.json_file import read_object, read_yaml_object
from stickgen.core.storage.scene_json import RecordError, script_from_json
from stickgen.core.types import Beat, Script

LARGEST: Final = 16 << 20
"""Bytes beyond which a file is not read as a script."""

MAX_SECONDS: Final = 600.0
"""Longest beat, s."""

MAX_ROLES: Final = 100
MAX_REPETITIONS: Final = 1000


def read_script(path: str | os.PathLike[str]) -> Script:
    """Return the script in a JSON file, or in a YAML file (``.yaml``, ``.yml``).

    Raises `PluginError` where YAML cannot be read, and `SourceError` naming the key and the cause:
    a missing key, a value of the wrong type or out of range, an action that is not in the table, a
    file written by a newer stickgen.
    """
    path = Path(path)
    read = read_yaml_object if path.suffix.lower() in {".yaml", ".yml"} else read_object
    document = {"prompt": "", **read(path, "a script", LARGEST)}
    try:
        script = script_from_json(document)
        if not script.roles or len(script.roles) > MAX_ROLES:
            raise RecordError(
                "script.roles", f"{len(script.roles)} roles, expected 1 to {MAX_ROLES}"
            )
        if not script.beats:
            raise RecordError("script.beats", "no beats, expected at least one")
        for i, beat in enumerate(script.beats):
            _check_beat(beat, f"script.beats[{i}]")
    except RecordError as error:
        raise SourceError(path, error.cause, place=f"key {error.place!r}") from error
    return script


def _check_beat(beat: Beat, place: str) -> None:
    for key in ("action", "overlay"):
        name = getattr(beat, key)
        if name is not None:
            try:
                action(name)
            except UsageError as error:
                raise RecordError(f"{place}.{key}", str(error)) from None
    if not beat.actors:
        raise RecordError(f"{place}.actors", "nobody does it")
    if beat.seconds is not None and not 0 < beat.seconds <= MAX_SECONDS:
        raise RecordError(
            f"{place}.seconds", f"{beat.seconds:g} is not between 0 and {MAX_SECONDS:g}"
        )
    if beat.repetitions is not None and not 1 <= beat.repetitions <= MAX_REPETITIONS:
        raise RecordError(
            f"{place}.repetitions", f"{beat.repetitions} is not between 1 and {MAX_REPETITIONS}"
        )
    for key, low, high in (("speed", 0.05, 10.0), ("intensity", 0.0, 2.0)):
        value = getattr(beat, key)
        if not (math.isfinite(value) and low <= value <= high):
            raise RecordError(f"{place}.{key}", f"{value:g} is not between {low:g} and {high:g}")
