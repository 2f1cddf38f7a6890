"""How soon the command line answers: ``stickgen --help`` beside an empty Python."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

from figures import report

RUNS = 21


def median_ms(*command: str | Path) -> float:
    """Return the median wall time of *command*, in ms, after one run to warm the caches."""
    times = []
    for _ in range(RUNS + 1):
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:]) * 1000


if __name__ == "__main__":
    stickgen = Path(sys.executable).parent / "stickgen"
    empty = median_ms(sys.executable, "-c", "pass")
    report("start: python -c pass, median", empty, "ms")
    report(
        "start: stickgen --help, median",
        median_ms(stickgen, "--help"),
        "ms",
        baseline=empty,
        target="value <= 150",
    )
