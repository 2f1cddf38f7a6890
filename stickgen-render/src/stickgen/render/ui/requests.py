"""What the page may ask for, checked: each request becomes the words of a ``stickgen`` command."""

from __future__ import annotations

import math
import secrets
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any, Final

from stickgen.core.errors import UsageError

MOST_CHARACTERS: Final = 2000
MOST_SECONDS: Final = 120.0
LARGEST_SEED: Final = 2**31 - 1
SIZES: Final = ("1280x720", "1920x1080", "640x360", "1080x1080", "720x1280")
VIEWS: Final = ("three-quarter", "side", "front")

_PROMPT_FIELDS: Final = frozenset({"prompt", "seed", "duration", "style", "view", "size", "camera"})
_EXPORT_FIELDS: Final = frozenset({"format", "style", "view", "size", "camera", "transparent"})


def cameras() -> list[str]:
    """Return the moves and shots of a camera."""
    from stickgen.core.camera_moves import WAYS

    return list(WAYS)


def formats() -> list[dict[str, str]]:
    """Return every format there is an exporter for: its suffix and its media type."""
    from stickgen.core import registries
    from stickgen.core.errors import PluginError

    out = []
    for name in registries.exporters:
        try:
            media = str(registries.exporters.get(name).media_type)  # type: ignore[attr-defined]
        except PluginError:
            continue
        out.append({"format": name, "media_type": media})
    return out


def choices() -> dict[str, Any]:
    """Return what the page offers to choose from."""
    from stickgen.core import registries

    return {
        "styles": list(registries.styles),
        "views": list(VIEWS),
        "sizes": list(SIZES),
        "cameras": cameras(),
        "formats": formats(),
        "most_characters": MOST_CHARACTERS,
        "most_seconds": MOST_SECONDS,
    }


def generating(request: object) -> tuple[list[str], int]:
    """Return the words of the command that performs *request*, and its seed.

    Raises `UsageError` naming the field that cannot be.
    """
    fields = _fields(request, _PROMPT_FIELDS)
    prompt = fields.get("prompt")
    if not isinstance(prompt, str) or not prompt.strip():
        raise UsageError("prompt: say what happens")
    if len(prompt) > MOST_CHARACTERS or "\0" in prompt:
        raise UsageError(f"prompt: at most {MOST_CHARACTERS} characters of plain text")
    seed = fields.get("seed")
    if seed is None:
        seed = secrets.randbelow(LARGEST_SEED)
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed <= LARGEST_SEED:
        raise UsageError(f"seed: a whole number from 0 to {LARGEST_SEED}")
    words = ["generate", "--seed", str(seed), *_look(fields)]
    duration = fields.get("duration")
    if duration is not None:
        number = isinstance(duration, int | float) and not isinstance(duration, bool)
        if not number or not math.isfinite(duration) or not 0 < duration <= MOST_SECONDS:
            raise UsageError(f"duration: more than 0 and at most {MOST_SECONDS:g} seconds")
        words += ["--duration", f"{duration:g}"]
    return [*words, "-o", "scene.motion", "-o", "player.html", "--", prompt], seed


def exporting(request: object) -> tuple[list[str], str]:
    """Return the words of the command that exports as *request* says, and the file it writes."""
    fields = _fields(request, _EXPORT_FIELDS)
    form = fields.get("format")
    known = [each["format"] for each in formats()]
    if form not in known:
        raise UsageError(f"format: one of {', '.join(known)}")
    words = ["render", "scene.motion", "--force", *_look(fields)]
    if fields.get("transparent") is True:
        words.append("--transparent")
    name = f"stickgen.{form}"
    assert PurePath(name).name == name
    return [*words, "-o", name], name


def _fields(request: object, known: frozenset[str]) -> Mapping[str, Any]:
    if not isinstance(request, dict):
        raise UsageError("the request is not a JSON object")
    unknown = sorted(set(request) - known)
    if unknown:
        raise UsageError(f"unknown field {unknown[0]!r}")
    return request


def _look(fields: Mapping[str, Any]) -> list[str]:
    """Return the words that choose style, view, size and camera."""
    from stickgen.core import registries

    words: list[str] = []
    for name, allowed in (
        ("style", tuple(registries.styles)),
        ("view", VIEWS),
        ("size", SIZES),
        ("camera", tuple(cameras())),
    ):
        value = fields.get(name)
        if value is None or (name == "camera" and value == ""):
            continue
        if value not in allowed:
            raise UsageError(f"{name}: one of {', '.join(allowed)}")
        words += [f"--{name}", str(value)]
    return words
