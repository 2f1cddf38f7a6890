"""Let a classifier that has seen recorded clips only name what the generator makes.

    stickgen convert --source bvh cmu_bvh/ -o clips/cmu/
    stickgen convert --source bandai bandai/ -o clips/bandai/      # and so on, any number of stores
    python name_clips.py clips/*

First it is tested on recordings held out (whole recordings, mirrored copies with them), then it is
trained on all of them and names procedural clips. The classifier is a linear discriminant with a
shrunk covariance on the directions of the bones and the speeds of the joints, in the frame of the
hips, so that neither the size nor the view of a figure counts. Prints the tables of
docs/reference/procedural.md.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stickgen.core import ops, schema, validator
from stickgen.core.storage import ClipStore
from stickgen.core.types import ActorState, Beat, Clip, Motion
from stickgen_procedural import ProceduralGenerator

Array = NDArray[np.float64]
J, FPS = schema.J, schema.FPS

CLASSES: dict[str, tuple[str, tuple[str, ...]]] = {
    "walk": (
        r"^(slow )?walk(/stride)?$|^a person (does a slow )?walks?( \w+ly)?( with .*)?\.?$",
        ("walk",),
    ),
    "run": (
        r"^run(/jog)?\b"
        r"|^a person (runs|jogs|dashes|sprints)( left| right| along a curve| \w+ly)?\.$",
        ("run", "sprint"),
    ),
    "jump": (
        r"^(forward )?jump$"
        r"|^a person (does a forward jump|jumps( up| and lands| high and lands)?)\.$",
        ("jump",),
    ),
    "dance": (r"\bdance|\bdances\b", ("dance",)),
    "kick": (
        r"kick ball|kicks ball|front kick|mawashigeri|^a person kicks( \w+ly)?\.$",
        ("kick", "kicking"),
    ),
    "fight": (r"boxing|punch", ("fight", "punch")),
    "wave": (r"\bwaves? (goodbye|the (left|right) hand)|\bwaves\b(?!.*both)|bye", ("wave",)),
    "bow": (r"\bbows?\b", ("bow",)),
    "sit": (r"^sit on|^a person (sits|does a sit)", ("sit",)),
    "dribbling": (r"dribbl", ("dribbling",)),
    "climbing": (r"climb ladder|climbs? (a )?ladder", ("climbing",)),
    "laugh": (r"^laugh$|\blaughs\b", ("laugh",)),
    "drinking": (r"drink", ("drinking",)),
    "cartwheel": (r"cartwheel", ("cartwheel",)),
    "get_up": (r"gets? up|stands up\.$", ("get_up",)),
    "jumping_jacks": (r"^(a person does )?jumping jacks\.?$", ("jumping_jacks",)),
}
"""Of each class: which texts of recorded clips belong to it, and which actions of ours."""

FEWEST = 5
"""Recordings a class needs."""


def samples(clip: Clip) -> Iterator[Motion]:
    """Yield a recorded clip at 25 Hz, and cut into pieces of six seconds if it is long."""
    motion = ops.resample(clip.motion, FPS) if clip.motion.fps != FPS else clip.motion
    piece = int(6 * FPS)
    if motion.n_frames <= 1.5 * piece:
        yield motion
        return
    for start in range(0, motion.n_frames - piece + 1, piece):
        yield ops.slice_frames(motion, start, start + piece)


def features(motion: Motion) -> Array:
    """Return what a clip looks like, whoever does it and whichever way he faces."""
    joints = motion.joints[:, 0].astype(np.float64)
    height = float(validator.standing_height(motion)[0])
    across = joints[:, J["r_hip"]] - joints[:, J["l_hip"]]
    yaw = np.unwrap(np.arctan2(across[:, 0], across[:, 2]))
    cos, sin = np.cos(yaw), np.sin(yaw)
    turn = np.zeros((len(joints), 3, 3))
    turn[:, 0, 0], turn[:, 0, 2], turn[:, 1, 1] = cos, -sin, 1.0
    turn[:, 2, 0], turn[:, 2, 2] = sin, cos
    local = np.einsum("tij,tkj->tki", turn, joints - joints[:, :1]) / height
    bones = np.stack(
        [
            local[:, J[b]] - local[:, J[a]]
            for _, a, b in schema.SEGMENTS
            if a != "l_hip" or b != "r_hip"
        ],
        axis=1,
    )
    bones /= np.maximum(np.linalg.norm(bones, axis=-1, keepdims=True), 1e-6)
    rate = np.linalg.norm(np.diff(local, axis=0), axis=-1) * motion.fps
    root = np.diff(joints[:, 0], axis=0) * motion.fps / height
    gone = np.linalg.norm(root[:, [0, 2]], axis=-1)
    low = joints[:, [J["l_ankle"], J["r_ankle"]], 1].min(axis=-1) / height
    hands = local[:, [J["l_wrist"], J["r_wrist"]]]
    apart = np.linalg.norm(hands[:, 0] - hands[:, 1], axis=-1)
    flat = bones.reshape(len(bones), -1)
    tall = joints[:, 0, 1] / height

    def spread(values: Array) -> Array:
        return np.concatenate([np.percentile(values, q, axis=0).ravel() for q in (5, 50, 95)])

    return np.concatenate(
        [
            spread(flat), flat.std(axis=0), spread(rate[:, 1:]), spread(tall[:, None]),
            spread(gone[:, None]), spread(np.abs(root[:, 1:2])), spread(low[:, None]),
            spread(hands[..., 1]), spread(apart[:, None]), [np.ptp(yaw)],
        ]
    )  # fmt: skip


class Namer:
    """A linear discriminant with a shrunk covariance, and equal chances for all classes."""

    def __init__(self, rows: Array, names: Sequence[str], shrink: float = 0.25) -> None:
        self.classes = sorted(set(names))
        self.mean, self.scale = rows.mean(axis=0), rows.std(axis=0) + 1e-3
        x = self._scaled(rows)
        label = np.array([self.classes.index(name) for name in names])
        self.centres = np.stack([x[label == c].mean(axis=0) for c in range(len(self.classes))])
        rest = x - self.centres[label]
        weight = 1.0 / np.bincount(label)[label]
        cov = (rest * weight[:, None]).T @ rest / weight.sum()
        ridge = np.trace(cov) / len(cov)
        cov = (1.0 - shrink) * cov + shrink * ridge * np.eye(len(cov))
        self.inverse = np.linalg.inv(cov)

    def _scaled(self, rows: Array) -> Array:
        return np.clip((rows - self.mean) / self.scale, -4.0, 4.0)

    def __call__(self, rows: Array) -> list[str]:
        """Return the class of each of *rows*."""
        gap = self._scaled(rows)[:, None] - self.centres[None]
        far = np.einsum("nci,ij,ncj->nc", gap, self.inverse, gap)
        return [self.classes[i] for i in far.argmin(axis=1)]


def recording(clip: Clip) -> str:
    """Return what a clip is a recording of: one trial may come in two formats."""
    return clip.clip_id.rpartition("/")[2]


def gather(stores: Sequence[Path]) -> tuple[Array, list[str], list[str]]:
    """Return features, class and recording of every recorded clip of a class, and its mirror's."""
    rows, names, groups = [], [], []
    for store in stores:
        for clip in ClipStore(store):
            text = clip.texts[0].lower() if clip.texts else ""
            of = [name for name, (pattern, _) in CLASSES.items() if re.search(pattern, text)]
            if len(of) != 1 or clip.motion.depth is None or clip.motion.n_frames < 20:
                continue
            for motion in samples(clip):
                for shown in (motion, ops.mirror(motion)):
                    rows.append(features(shown))
                    names.append(of[0])
                    groups.append(recording(clip))
    return np.array(rows), names, groups


def held_out(rows: Array, names: list[str], groups: list[str], folds: int = 8) -> list[str]:
    """Return what each clip is called by a classifier that has not seen its recording."""
    order = sorted(set(groups))
    rng = np.random.default_rng(0)
    fold_of = dict(zip(order, rng.permutation(len(order)) % folds, strict=True))
    fold = np.array([fold_of[group] for group in groups])
    out = [""] * len(names)
    for f in range(folds):
        train, test = np.flatnonzero(fold != f), np.flatnonzero(fold == f)
        namer = Namer(rows[train], [names[i] for i in train])
        for i, name in zip(test, namer(rows[test]), strict=True):
            out[i] = name
    return out


def procedural(actions: Sequence[str]) -> tuple[Array, list[str]]:
    """Return the features of what the generator makes of *actions*, and what each clip is."""
    generator, rows, what = ProceduralGenerator(), [], []
    for name in actions:
        for style in ("neutral", "happy", "tired", "angry"):
            for seed in range(6):
                beat = Beat((0,), name, seconds=5.0, style=style)
                rng = np.random.default_rng(seed)
                rows.append(features(generator.generate(beat, [ActorState()], rng)))
                what.append(f"{name} ({style})")
    return np.array(rows), what


def main(stores: Sequence[Path]) -> None:
    """Write the tables for the clips in *stores*."""
    rows, names, groups = gather(stores)
    count = {
        name: len({g for n, g in zip(names, groups, strict=True) if n == name}) for name in CLASSES
    }
    kept = [name for name in CLASSES if count[name] >= FEWEST]
    keep = [i for i, name in enumerate(names) if name in kept]
    rows, names, groups = rows[keep], [names[i] for i in keep], [groups[i] for i in keep]
    guess = held_out(rows, names, groups)
    namer = Namer(rows, names)
    lines = [
        "| class | recordings | held-out clips named right | our clips named right | taken for |"
    ]
    lines.append("|---" * 5 + "|")
    right_real = np.array([a == b for a, b in zip(guess, names, strict=True)])
    rights, shares = [], []
    for name in kept:
        mine = np.array([n == name for n in names])
        ours, _ = procedural(CLASSES[name][1])
        called = namer(ours)
        right = np.array([c == name for c in called])
        rights.append(right)
        shares.append(right_real[mine].mean())
        other = sorted({c for c in called if c != name}, key=lambda c: -called.count(c))
        taken = ", ".join(f"{c} {called.count(c)}" for c in other)
        lines.append(
            f"| {name} | {count[name]} | {100 * right_real[mine].mean():.0f} % of {mine.sum()} |"
            f" {100 * right.mean():.0f} % of {len(right)} | {taken} |"
        )
    lines.append(
        f"| all {len(kept)} | {sum(count[n] for n in kept)} | {100 * right_real.mean():.1f} %"
        f" (mean of classes {100 * np.mean(shares):.1f} %) |"
        f" {100 * np.concatenate(rights).mean():.1f} %"
        f" (mean of classes {100 * np.mean([r.mean() for r in rights]):.1f} %) | |"
    )
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: name_clips.py STORE... (folders written by stickgen convert)")
    main([Path(name) for name in sys.argv[1:]])
