"""How a benchmark reports a figure: one JSON line, which ``nox -s bench`` makes a table of."""

from __future__ import annotations

import json
import os


def report(
    name: str,
    value: float,
    unit: str,
    *,
    baseline: float | None = None,
    target: str | None = None,
) -> None:
    """Print one figure.

    Args:
        name: what was measured.
        value: the figure, in *unit*.
        unit: "ms", "frames/s", "MB".
        baseline: the same figure of what it is compared with; the ratio is value / baseline.
        target: what it should reach, about ``value`` or ``ratio``: "ratio >= 15".
    """
    ratio = None if baseline is None else value / baseline
    row = {
        "name": name,
        "value": value,
        "unit": unit,
        "baseline": baseline,
        "ratio": ratio,
        "target": target,
    }
    print(json.dumps(row), flush=True)


def as_installed(folder: str) -> dict[str, str]:
    """Return the environment for a command that finds compiled modules in *folder* and leaves them
    there, as pip does when it installs: run it once before its time counts.
    """
    keep = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return keep | {"PYTHONPYCACHEPREFIX": folder}
