"""Planning and staging with the offline defaults: CPU seconds of one core for 250 frames."""

from __future__ import annotations

import time

from figures import report

from stickgen.core import pipeline

PROMPTS = (
    ("one actor", "A person walks and waves", 0.15),
    ("one actor, five actions", "A man walks, jumps, waves, sits down and reads", 0.15),
    ("two who meet", "A man walks to a woman and they shake hands", 0.5),
    ("ten who play baseball", "Two teams play baseball", 1.0),
    ("twenty who dance", "Twenty people dance", 1.0),
    ("twenty who run and jump", "Twenty people run, then jump and wave", 1.0),
    ("twenty who play soccer", "Two teams of ten people play soccer", 1.0),
)
REPEATS = 3

BY_DEFAULT = (PROMPTS[0], PROMPTS[-2], PROMPTS[-1])
"""Staged by the default generators, too: what the model redraws of it must not make crowds slow."""

if __name__ == "__main__":
    pipeline.perform(pipeline.plan("A person waves"), generator="procedural")  # imports
    for name, prompt, most in PROMPTS:
        best, planning = float("inf"), float("inf")
        for seed in range(REPEATS):
            start = time.process_time()
            script = pipeline.plan(prompt, duration=10.0)
            planned = time.process_time()
            scene = pipeline.perform(script, seed=seed, generator="procedural")
            best = min(best, time.process_time() - start)
            planning = min(planning, planned - start)
        assert scene.motion.n_frames == 250
        report(f"plan and stage: {name}", best, "s", target=f"value <= {most:g}")
        report(f"plan and stage: {name}, of that the plan", planning, "s")
    pipeline.perform(pipeline.plan("A person walks"))  # weights
    for name, prompt, _ in BY_DEFAULT:
        best = float("inf")
        for seed in range(REPEATS):
            start = time.process_time()
            scene = pipeline.perform(pipeline.plan(prompt, duration=10.0), seed=seed)
            best = min(best, time.process_time() - start)
        assert scene.motion.n_frames == 250
        report(f"plan and stage by default: {name}", best, "s")
