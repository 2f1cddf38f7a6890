"""Measure how near to recordings the motions lie that the model redraws, beside their drafts.

    python scripts/nearness.py STORE [--figure nearness.svg] [--set KEY=NUMBER] [--clips 150]

STORE is what `stickgen data training` makes. The generator ``procedural`` and the model with the
phases ``draft`` are asked for as many captions of recorded clips, as evenly over the actions as
there are clips. A logistic regression learns to tell recordings from procedural motions by their
kinematic features (`stickgen.train.evaluation.features.kinematic`), five times, each time without a
fifth of the recordings, and judges those it has not seen: recording, draft and redrawn draft of the
same caption. The second figure of a row is for a regression that is shown redrawn drafts instead of
drafts and the recordings themselves: how well it tells them apart is what is still missing.
Printed as well are jerk, the energy of the joints' velocities by frequency, how far seeds differ
and how far joints have been moved. Needs stickgen-train and stickgen-procedural.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stickgen.core import schema
from stickgen.core.storage import ClipStore
from stickgen.core.types import Motion
from stickgen.train.evaluation import features, samples
from stickgen.train.evaluation.samples import Sample
from stickgen.train.evaluation.systems import Plugin

Array = NDArray[np.float64]

FOLDS = 5
SHORTEST = 40
"""Frames a clip needs for its rhythm to be told."""
STRENGTH = 0.02
"""Of the ridge penalty, a sample."""
BANDS = ((0.0, 1.0), (1.0, 2.0), (2.0, 4.0), (4.0, 8.0), (8.0, 12.5))
"""Hz; a band goes up to its second number."""
COLOURS = {"recordings": "#1b7f5c", "redrawn": "#d2691e", "drafts": "#5b6b8c"}


def spread(clips: list[Sample], most: int) -> list[Sample]:
    """Return at most so many *clips*, in turn one of each action."""
    by_action = defaultdict(list)
    for i in np.random.default_rng(0).permutation(len(clips)):
        by_action[clips[i].action].append(clips[i])
    rounds = max(map(len, by_action.values()))
    turns = [
        each[k] for k in range(rounds) for _, each in sorted(by_action.items()) if k < len(each)
    ]
    return turns[:most]


def learnt(rows: Array, real: NDArray[np.bool_]) -> Array:
    """Return the weights ``[D + 1]`` of a logistic regression, by Newton's method."""
    x = np.column_stack([rows, np.ones(len(rows))])
    weights = np.zeros(x.shape[1])
    for _ in range(30):
        chance = 1.0 / (1.0 + np.exp(-np.clip(x @ weights, -30.0, 30.0)))
        slope = x.T @ (chance - real) / len(x) + STRENGTH * weights
        bend = (x.T * (chance * (1.0 - chance))) @ x / len(x) + STRENGTH * np.eye(len(weights))
        weights -= np.linalg.solve(bend, slope)
    return weights


def judged(real: Array, made: Array, others: list[Array], recordings: list[str]) -> list[Array]:
    """Return the logits ``[N]`` of *real* ``[N, D]``, *made* and *others*: above 0 for a recording.

    Who judges row i has seen no row of its recording.
    """
    names = sorted(set(recordings))
    order = np.random.default_rng(0).permutation(len(names))
    fold = np.array([dict(zip(names, order % FOLDS, strict=True))[each] for each in recordings])
    both = np.concatenate([real, made])
    middle, scale = both.mean(axis=0), both.std(axis=0) + 1e-6
    scaled = [np.clip((each - middle) / scale, -5.0, 5.0) for each in (real, made, *others)]
    out = [np.zeros(len(real)) for _ in scaled]
    for k in range(FOLDS):
        seen = fold != k
        rows = np.concatenate([scaled[0][seen], scaled[1][seen]])
        weights = learnt(rows, np.repeat([True, False], int(seen.sum())))
        for each, logits in zip(scaled, out, strict=True):
            own = np.column_stack([each[~seen], np.ones(int((~seen).sum()))])
            logits[~seen] = own @ weights
    return out


def told_apart(better: Array, worse: Array) -> float:
    """Return how often a row of *better* has the higher logit: 0.5 if they cannot be told apart."""
    above = (better[:, None] > worse).mean() + 0.5 * (better[:, None] == worse).mean()
    return float(above)


def spectrum(joints: list[Array]) -> Array:
    """Return the energy of the velocities in `BANDS`, (m/s)² of all joints about the pelvis, mean
    over the motions; each is ``[T, 16, 3]`` in metres.
    """
    rows = []
    for each in joints:
        own = np.diff(each - each[:, :1], axis=0) * schema.FPS
        n = len(own)
        power = np.abs(np.fft.rfft(own * np.hanning(n)[:, None, None], axis=0)) ** 2
        power = power.sum(axis=2).mean(axis=1) / (n * (np.hanning(n) ** 2).sum() / 2.0)
        frequency = np.fft.rfftfreq(n, 1.0 / schema.FPS)
        rows.append([power[(frequency > a) & (frequency <= b)].sum() for a, b in BANDS])
    return np.asarray(np.mean(rows, axis=0))


def jerk(joints: list[Array]) -> float:
    """Return the mean third difference of the joints, m/s³."""
    each = [np.linalg.norm(np.diff(j, 3, axis=0), axis=-1).mean() for j in joints]
    return float(np.mean(each)) * schema.FPS**3


def apart(a: list[Array], b: list[Array]) -> float:
    """Return the mean distance in cm of the joints of *a* and *b*, each about its pelvis."""
    gaps = []
    for one, two in zip(a, b, strict=True):
        frames = min(len(one), len(two))
        own = [j[:frames] - j[:frames, :1] * (1.0, 0.0, 1.0) for j in (one, two)]
        gaps.append(np.linalg.norm(own[0] - own[1], axis=-1).mean())
    return 100.0 * float(np.mean(gaps))


def bodies(motions: list[Motion]) -> list[Array]:
    return [motion.joints[:, 0].astype(np.float64) for motion in motions]


def drawing(logits: dict[str, Array], energy: dict[str, Array]) -> str:
    """Return an SVG: how the logits are spread, and the energy of movements beside recordings."""
    out = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 860 330" font-family="sans-serif"'
        ' font-size="13">',
        '<rect width="860" height="330" fill="#ffffff"/>',
        '<text x="30" y="24" fill="#222">Taken for a recording, by one that has not seen it</text>',
        '<text x="480" y="24" fill="#222">Energy of movement, recordings = 1</text>',
    ]
    low, high = -8.0, 10.0
    at = np.linspace(low, high, 120)
    curves = {}
    for name, values in logits.items():
        near = np.exp(-0.5 * ((at[:, None] - np.clip(values, low, high)) / 0.7) ** 2)
        curves[name] = near.sum(axis=1) / len(values)
    top = max(curve.max() for curve in curves.values())
    for k, (name, curve) in enumerate(curves.items()):
        points = " ".join(
            f"{30 + 390 * (x - low) / (high - low):.1f},{280 - 225 * y / top:.1f}"
            for x, y in zip(at, curve, strict=True)
        )
        out.append(
            f'<polyline points="{points}" fill="none" stroke="{COLOURS[name]}" stroke-width="2.5"/>'
        )
        out.append(f'<text x="330" y="{56 + 18 * k}" fill="{COLOURS[name]}">{name}</text>')
    out.append('<line x1="30" y1="280" x2="420" y2="280" stroke="#888"/>')
    for tick in range(-8, 11, 4):
        x = 30 + 390 * (tick - low) / (high - low)
        out.append(f'<text x="{x:.0f}" y="298" fill="#555" text-anchor="middle">{tick}</text>')
    out.append('<text x="225" y="318" fill="#555" text-anchor="middle">logit</text>')
    shares = {name: energy[name] / energy["recordings"] for name in ("redrawn", "drafts")}
    tall = max(1.2, *(float(share.max()) for share in shares.values()))
    for k, (a, b) in enumerate(BANDS):
        for side, name in enumerate(("drafts", "redrawn")):
            height = 225 * float(shares[name][k]) / tall
            x = 488 + 72 * k + 26 * side
            out.append(
                f'<rect x="{x}" y="{280 - height:.1f}" width="24" height="{height:.1f}"'
                f' fill="{COLOURS[name]}"/>'
            )
        out.append(
            f'<text x="{513 + 72 * k}" y="298" fill="#555" text-anchor="middle">{a:g}–{b:g}</text>'
        )
    level = 280 - 225 / tall
    out.append(
        f'<line x1="480" y1="{level:.1f}" x2="845" y2="{level:.1f}"'
        f' stroke="{COLOURS["recordings"]}" stroke-width="2.5"/>'
    )
    out.append('<text x="662" y="318" fill="#555" text-anchor="middle">Hz</text>')
    return "\n".join([*out, "</svg>", ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("store", type=Path)
    parser.add_argument("--figure", type=Path)
    parser.add_argument("--model", default="small")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=NUMBER")
    parser.add_argument("--clips", type=int, default=150)
    given = parser.parse_args()
    say = sys.stdout.write
    corpus = samples.load(ClipStore(given.store))
    held_out = {each.clip_id for each in (*corpus.val, *corpus.test)}
    every = [s for s in (*corpus.train, *corpus.val, *corpus.test) if s.motion.n_frames >= SHORTEST]
    clips = spread(every, given.clips)
    requests = [clip.request(0) for clip in clips]
    options: dict[str, Any] = {"phases": "draft"}
    for pair in given.set:
        key, _, value = pair.partition("=")
        options[key] = float(value) if "." in value else int(value)
    drafts = Plugin("drafts", "procedural")
    redrawn = Plugin("redrawn", given.model, options)
    motions = {
        "recordings": [clip.motion for clip in clips],
        "redrawn": redrawn.perform(requests, 0),
        "drafts": drafts.perform(requests, 0),
    }
    rows = {
        name: features.kinematic_rows([features.joints_of(motion) for motion in each])
        for name, each in motions.items()
    }
    recordings = [clip.recording for clip in clips]
    real, draft, ours = judged(rows["recordings"], rows["drafts"], [rows["redrawn"]], recordings)
    logits = {"recordings": real, "redrawn": ours, "drafts": draft}
    true, made = judged(rows["recordings"], rows["redrawn"], [], recordings)
    joints = {name: bodies(each) for name, each in motions.items()}
    energy = {name: spectrum(each) for name, each in joints.items()}
    say(f"{len(clips)} captions of {len(set(recordings))} recordings\n")
    say("| | logit | taken for a recording | as real as recordings | jerk, m/s³ |")
    say("".join(f" {a:g}–{b:g} Hz |" for a, b in BANDS) + "\n" + "|---" * (5 + len(BANDS)) + "|\n")
    for name, each in logits.items():
        bands = "".join(f" {value:.3f} |" for value in energy[name])
        say(f"| {name} | {each.mean():+.2f} | {(each > 0).mean():.0%} |")
        say(f" {told_apart(each, real):.2f} | {jerk(joints[name]):.0f} |{bands}\n")
    new = np.array([clip.clip_id in held_out for clip in clips])
    say(f"of the {new.sum()} clips no model was trained on: ")
    say(", ".join(f"{name} {each[new].mean():+.2f}" for name, each in logits.items()) + "\n")
    say(
        f"a judge that has seen redrawn drafts tells recordings from them in"
        f" {told_apart(true, made):.0%} of the pairs, one of drafts from them in"
        f" {told_apart(real, draft):.0%}\n"
    )
    single = [i for i, each in enumerate(requests) if len(each.beats) == 1][:60]
    moved = apart(*([joints[name][i] for i in single] for name in ("drafts", "redrawn")))
    say(f"joints are {moved:.1f} cm from where the draft has them\n")
    few = [requests[i] for i in single]
    for system in (drafts, redrawn):
        one, two = (bodies(system.perform(few, seed)) for seed in (0, 1))
        say(f"two seeds of {system.name} differ by {apart(one, two):.1f} cm\n")
    if given.figure:
        given.figure.write_text(drawing(logits, energy), "utf-8")
        say(f"{given.figure}\n")


if __name__ == "__main__":
    main()
