"""Measure the shipped model: processor time, memory, and what its bodies do, action by action.

Usage: python scripts/measure.py [--backend numpy|onnx] [--phases both] [--seeds 4] [--speed]
"""

from __future__ import annotations

import argparse
import resource
import sys
import time

import numpy as np

from stickgen.core import features, validator
from stickgen.core.actions import action
from stickgen.core.schema import J
from stickgen.core.types import ActorState, Beat
from stickgen_model_small.generator import SmallGenerator

ACTIONS = ("idle", "walk", "run", "jump", "wave", "sit", "dance", "punch", "kick", "clap", "bow")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--phases", choices=("both", "plan", "refine", "draft"))
    parser.add_argument("--backend", choices=("numpy", "onnx"), default="numpy")
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--speed", action="store_true", help="time and memory only")
    given = parser.parse_args()
    say = sys.stdout.write
    for threads in (1, 0):
        small = SmallGenerator(phases=given.phases, threads=threads, backend=given.backend)
        times = []
        for seed in range(6):
            start = time.process_time(), time.perf_counter()
            rng = np.random.default_rng(seed)
            small.sample("A person walks.", 250, rng, actions=np.full(250, action("walk").index))
            times.append((time.process_time() - start[0], time.perf_counter() - start[1]))
        (first, _), warm = times[0], np.min(times[1:], axis=0)
        name = f"{given.backend}, {'one thread' if threads else 'its own choice of threads'}"
        say(f"250 frames by {name}: {first:.2f} s of processor time cold, {warm[0]:.2f} s warm;")
        say(f" {warm[1]:.2f} s by the clock, warm\n")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say(f"peak memory {peak:.0f} MB\n")
    if given.speed:
        return
    say("action  speed m/s  planted %  skate m/s  jerk m/s3  sound %\n")
    for name in ACTIONS:
        rows = []
        for seed in range(given.seeds):
            rng = np.random.default_rng(seed)
            motion = small.generate(Beat((0,), name, seconds=3.0), [ActorState()], rng)
            joints = np.asarray(motion.joints[:, 0], np.float64)
            stands = features.foot_contacts(joints)
            slide = np.linalg.norm(np.diff(joints[:, features.ANKLES], axis=0), axis=-1) * 25
            way = joints[-1, J["pelvis_center"]] - joints[0, J["pelvis_center"]]
            rows.append((
                float(np.hypot(way[0], way[2])) / 3.0,
                100.0 * float(stands.mean()),
                float((slide * stands[1:]).sum() / max(int(stands[1:].sum()), 1)),
                float(np.abs(np.diff(joints, 3, axis=0)).mean() * 25**3),
                100.0 * validator.check(motion).ok,
            ))  # fmt: skip
        speed, planted, skate, jerk, sound = np.mean(rows, axis=0)
        say(f"{name:7s} {speed:9.2f}  {planted:9.0f}  {skate:9.2f}  {jerk:9.0f}  {sound:7.0f}\n")


if __name__ == "__main__":
    main()
