"""Put a trained checkpoint into this package: weights, ONNX graphs and what the generator should
know.

    python scripts/package.py CHECKPOINT CORPUS [--good-at walk --good-at run] [--guidance 2.5]

Needs stickgen-train, onnx and onnxruntime. CHECKPOINT is a folder `stickgen train` wrote, CORPUS
the folder ``corpus`` beside it: from it comes, for each action, whether recorded clips taught it.
Where its recordings are cut otherwise than a beat wants them, an action is asked for as its
procedural clips are (`OTHERWISE`).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

from stickgen.core.actions import ACTIONS, action
from stickgen.core.sampling import SOURCES
from stickgen.train.corpus import Corpus
from stickgen.train.onnx_export import export

TARGET = Path(__file__).parent.parent / "src" / "stickgen_model_small" / "model"

ENOUGH = 500
"""Recorded frames from which on an action is asked for as it was recorded."""

OTHERWISE = {
    "sit": "procedural", "jump": "procedural", "get_up": "procedural",
    "kick": "real", "kicking": "real",
}  # fmt: skip
"""Actions asked for otherwise than their recordings' length says, as was judged by eye and by the
classifier: recordings sit low and lean, hop more than jump and get up by rolling; of kicks there
are few recordings, but those are better kicks.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--good-at", action="append", default=[])
    parser.add_argument("--phases", choices=("both", "plan", "refine"), default="both")
    parser.add_argument("--guidance", type=float, default=2.5)
    parser.add_argument("--plan-guidance", type=float, default=2.0)
    parser.add_argument("--steps", type=int, default=8, help="of the refiner")
    parser.add_argument("--temperature", type=float, default=1.0, help="of the noise at first")
    parser.add_argument("--candidates", type=int, default=1, help="of which the best is kept")
    parser.add_argument("--start", type=float, default=0.3, help="how much is left of a draft")
    parser.add_argument("--target", type=Path, default=TARGET)
    given = parser.parse_args()
    found = export(given.checkpoint, given.target)
    recorded: Counter[int] = Counter()
    for track in Corpus(given.corpus).tracks:
        if not track.held_out and SOURCES[track.source] == "real":
            recorded[track.main] += track.frames
    path = given.target / "config.json"
    config = json.loads(path.read_text("utf-8"))
    config["best_source"] = {
        row.name: SOURCES.index("real" if recorded[row.index] >= ENOUGH else "procedural")
        for row in ACTIONS
    }
    for name, source in OTHERWISE.items():
        config["best_source"][action(name).name] = SOURCES.index(source)
    config["recipe"] = {
        "phases": given.phases,
        "steps": given.steps,
        "guidance": given.guidance,
        "plan_guidance": given.plan_guidance,
        "temperature": given.temperature,
        "candidates": given.candidates,
    }
    # a draft shows what was asked for: there is nothing to choose among
    config["drafts"] = {"start": given.start, "candidates": 1}
    for name in given.good_at:
        action(name)
    config["good_at"] = given.good_at
    config.get("training", {}).pop("settings", None)
    path.write_text(json.dumps(config, indent=1) + "\n", "utf-8")
    for name, value in found.items():
        sys.stdout.write(f"{name} differs from PyTorch by {value:.1e}\n")


if __name__ == "__main__":
    main()
