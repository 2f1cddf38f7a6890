"""How soon the command line answers: ``stickgen --help`` beside an empty Python.

Modules are compiled beforehand, as they are where stickgen was installed.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from figures import as_installed, report

RUNS = 21


def median_ms(environment: dict[str, str], *command: str | Path) -> float:
    """Return the median wall time of *command*, in ms, after one run to warm the caches."""
    times = []
    for _ in range(RUNS + 1):
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True, env=environment)
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:]) * 1000


if __name__ == "__main__":
    stickgen = Path(sys.executable).parent / "stickgen"
    with tempfile.TemporaryDirectory() as folder:
        environment = as_installed(folder)
        empty = median_ms(environment, sys.executable, "-c", "pass")
        helped = median_ms(environment, stickgen, "--help")
    report("start: python -c pass, median", empty, "ms")
    report("start: stickgen --help, median", helped, "ms", baseline=empty, target="value <= 150")
