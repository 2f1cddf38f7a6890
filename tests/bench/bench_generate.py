"""From a sentence to a video, cold: a new process each time, 10 s at 1280x720 and 25 fps.

Modules are compiled beforehand, as they are where stickgen was installed: the best of three counts.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from figures import as_installed, report

PROMPTS = (
    "A person walks and waves",
    "A girl runs, then jumps",
    "Two friends wave",
)

if __name__ == "__main__":
    stickgen = Path(sys.executable).parent / "stickgen"
    with tempfile.TemporaryDirectory() as folder:
        environment = as_installed(f"{folder}/compiled")
        for number, prompt in enumerate(PROMPTS):
            best, document = float("inf"), {}
            for attempt in range(3):
                target = Path(folder) / f"{number}-{attempt}.mp4"
                start = time.perf_counter()
                done = subprocess.run(
                    [stickgen, "generate", prompt, "--seed", "7", "--duration", "10",
                     "--json", "-o", target],
                    check=True, capture_output=True, text=True, env=environment,
                )  # fmt: skip
                seconds = time.perf_counter() - start
                if seconds < best:
                    best, document = seconds, json.loads(done.stdout)
            report(f"generate: {prompt!r} to mp4, cold", best, "s", target="value <= 4")
            for step, spent in document["seconds"].items():
                report(f"generate: {prompt!r}, of that {step}", spent, "s")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    report("generate: largest process", peak, "MB", target="value <= 400")
