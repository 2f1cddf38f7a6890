"""What a written file says about itself: how it was made, and the command that makes it again.

The same inputs give the same record: there is no date in it unless ``SOURCE_DATE_EPOCH`` is set
or a date is asked for.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from typing import Any, Final

from stickgen.core import __version__
from stickgen.core.errors import PluginError, UsageError

DEFAULTS: Final[Mapping[str, object]] = {"planner": "rules", "stager": "theatre", "fps": 25.0}
"""Settings of ``stickgen generate`` that the command need not repeat."""

_FLAGS: Final = ("seed", "duration", "fps", "planner", "generator", "stager")


def collect(*, dated: bool = False, **facts: Any) -> dict[str, Any]:
    """Return the JSON-able record to embed in a file.

    It holds ``stickgen`` (the version), the *facts* that are not None (prompt, seed, generator,
    planner, stager, duration, fps, …), ``command`` where there is a prompt, ``created`` (UTC, ISO
    8601) where ``SOURCE_DATE_EPOCH`` is set or *dated* is true, and what plugins add by the hook
    ``stickgen_provenance``. A plugin adds keys and replaces none: two that disagree about a key,
    or one that uses a key of ours, raise `PluginError`.
    """
    record: dict[str, Any] = {"stickgen": __version__}
    record.update((key, value) for key, value in facts.items() if value is not None)
    if record.get("prompt"):
        record["command"] = command(**record)
    created = _created(dated)
    if created is not None:
        record["created"] = created
    from stickgen.core import hooks

    for contribution in hooks.manager().hook.stickgen_provenance():
        for key, value in contribution.items():
            if key in record and record[key] != value:
                raise PluginError(
                    f"a hook stickgen_provenance says {key!r} is {value!r} where the record has"
                    f" {record[key]!r}; it must use a key of its own"
                )
            record[key] = value
    return record


def command(prompt: str, **facts: Any) -> str:
    """Return the shell command that generates the same motion again, outputs left out.

    Example:
        >>> command("A person walks", seed=7, planner="rules")
        "stickgen generate 'A person walks' --seed 7"
    """
    words = ["stickgen", "generate", prompt]
    for name in _FLAGS:
        value = facts.get(name)
        if value is not None and value != DEFAULTS.get(name):
            words += [f"--{name}", f"{value:g}" if isinstance(value, float) else str(value)]
    for adapter in facts.get("lora") or ():
        words += ["--lora", str(adapter)]
    if facts.get("loop"):
        words.append("--loop")
    for name in ("image", "image_camera", "keyframes"):
        if facts.get(name):
            words += [f"--{name.replace('_', '-')}", str(facts[name])]
    return shlex.join(words)


def comment(record: Mapping[str, Any]) -> str:
    """Return *record* as one line of text, for formats that hold a comment and no more."""
    import json

    return json.dumps(record, ensure_ascii=False, sort_keys=True, default=str)


def _created(dated: bool) -> str | None:
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch and not dated:
        return None
    from datetime import UTC, datetime

    if not epoch:
        return datetime.now(UTC).isoformat(timespec="seconds")
    try:
        return datetime.fromtimestamp(int(epoch), UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        raise UsageError(f"SOURCE_DATE_EPOCH is {epoch!r}, expected seconds since 1970") from None
