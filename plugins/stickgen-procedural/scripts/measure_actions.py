"""Measure every action in every style: validity, sliding feet, accelerations, seams, transitions.

    stickgen convert --source bvh cmu_bvh/ -o clips/
    python measure_actions.py --real clips/            # everything, a few minutes
    python measure_actions.py --only walk,run --quick  # while working on an action

prints the tables of docs/reference/procedural.md. Lengths are metres of figures 1.70 m tall.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stickgen.core import schema, validator
from stickgen.core.actions import ACTIONS, action
from stickgen.core.environments import ENVIRONMENTS
from stickgen.core.kinematics import Body, bone_lengths
from stickgen.core.types import ActorState, Beat, Motion
from stickgen_procedural import ProceduralGenerator
from stickgen_procedural.person import STYLES

Array = NDArray[np.float64]
J, H, FPS = schema.J, schema.HEIGHT, schema.FPS

SECONDS = 6.0
INTENSITIES = (0.5, 1.0, 1.6)
MEETINGS = ("handshake", "high_five")
GENERATOR = ProceduralGenerator()


def act(
    name: str, states: Sequence[ActorState] | None = None, seed: int = 3, **facts: object
) -> Motion:
    """Return what the generator makes of an action."""
    states = list(states or [ActorState()])
    beat = Beat(tuple(range(len(states))), name, **facts)  # type: ignore[arg-type]
    return GENERATOR.generate(beat, states, np.random.default_rng(seed), fps=FPS)


def after(motion: Motion, name: str) -> ActorState:
    """Return the state of the only actor at the end of *motion*."""
    j = motion.joints[:, 0].astype(np.float64)
    across = j[-1, J["r_hip"]] - j[-1, J["l_hip"]]
    return ActorState(
        position=(float(j[-1, 0, 0]), float(j[-1, 0, 2])),
        heading=float(np.arctan2(across[0], across[2])),
        action=name,
        pose=j[-1],
        velocity=(j[-1] - j[-2]) * motion.fps,
    )


def accelerations(joints: Array, fps: float) -> Array:
    """Return the acceleration of every joint in m/s² ``[T - 2, 16]``."""
    return np.asarray(np.linalg.norm(np.diff(joints, n=2, axis=0), axis=-1) * fps**2)


def speeds(joints: Array, fps: float) -> Array:
    """Return the speed of every joint in m/s ``[T - 1, 16]``."""
    return np.asarray(np.linalg.norm(np.diff(joints, axis=0), axis=-1) * fps)


def loudest(motion: Motion) -> float:
    """Return the top speed of any joint of the only actor in m/s."""
    return float(speeds(motion.joints[:, 0].astype(np.float64), motion.fps).max())


def recorded(stores: Sequence[Path]) -> list[tuple[str, Array]]:
    """Return main action and accelerations ``[T - 2, 16]`` of every recorded clip at 25 Hz."""
    from stickgen.core import ops
    from stickgen.core.storage import ClipStore

    out = []
    for store in stores:
        for clip in ClipStore(store):
            motion = clip.motion
            if motion.depth is None or motion.n_frames < 10 or not validator.check(motion).ok:
                continue
            at = ops.resample(motion, FPS) if motion.fps != FPS else motion
            joints = at.joints[:, 0].astype(np.float64)
            scale = H / float(validator.standing_height(motion)[0])
            name = ACTIONS[int(np.bincount(at.actions[:, 0]).argmax())].name
            out.append((name, accelerations(joints * scale, FPS)))
    return out


def rows(
    names: Sequence[str], styles: Sequence[str], intensities: Sequence[float], seeds: int
) -> Iterator[dict[str, Any]]:
    """Yield the figures of each action over all styles, intensities and seeds."""
    bones = Body().lengths
    for name in names:
        seconds = max(SECONDS, action(name).seconds)
        worst: dict[str, float] = {"skate": 0.0, "bone": 0.0, "low": 0.0, "p999": 0.0, "top": 0.0}
        planted, roots, took, skates = [], [], [], []
        accepted = total = 0
        strength: list[Array] = []
        failures: dict[str, int] = {}
        at = ""
        for style, loud, seed in itertools.product(styles, intensities, range(seeds)):
            begun = time.process_time()
            motion = act(name, seed=seed, style=style, intensity=loud, seconds=seconds)
            took.append(time.process_time() - begun)
            joints = motion.joints[:, 0].astype(np.float64)
            report = validator.check(motion)
            accepted += report.ok
            total += 1
            for issue in report.issues:
                failures[issue.rule] = failures.get(issue.rule, 0) + 1
            foot = validator.foot_skate(motion)
            skate = float(np.nan_to_num(foot.skate[0])) * 100
            skates.append(skate)
            if skate > worst["skate"]:
                worst["skate"], at = skate, f"{style} {loud:g} #{seed}"
            planted.append(float(foot.planted[0]))
            roots.append(float(foot.root_speed[0]))
            worst["bone"] = max(worst["bone"], float(np.abs(bone_lengths(joints) - bones).max()))
            worst["low"] = max(worst["low"], float(-joints[..., 1].min()))
            acc = accelerations(joints, FPS)
            worst["p999"] = max(worst["p999"], float(np.percentile(acc, 99.9)))
            worst["top"] = max(worst["top"], float(acc.max()))
            strength.append(acc.ravel())
        yield {
            "name": name, "accepted": accepted, "total": total, "failures": failures,
            "skate": float(np.mean(skates)), "worst skate": worst["skate"], "at": at,
            "planted": float(np.mean(planted)), "root": float(np.mean(roots)),
            "bone": worst["bone"], "low": worst["low"], "p999": worst["p999"], "top": worst["top"],
            "ms": 1000 * float(np.median(took)), "accelerations": np.concatenate(strength),
        }  # fmt: skip


def seam(name: str, seed: int = 0) -> tuple[float, float]:
    """Return the largest acceleration about the joint of a beat with the same beat after it, and
    the largest within the first (m/s²).
    """
    first = act(name, seed=seed, seconds=SECONDS)
    then = act(name, [after(first, name)], seed=seed + 1, seconds=SECONDS)
    joined = np.concatenate([first.joints[:, 0], then.joints[:, 0]]).astype(np.float64)
    acc = accelerations(joined, FPS).max(axis=-1)
    n = first.n_frames
    return float(acc[n - 3 : n + 2].max()), float(np.delete(acc, slice(n - 3, n + 2)).max())


def meeting(name: str, apart: float, place: str = "earth_normal", style: str = "neutral") -> Array:
    """Return how far the right wrists of two who meet are from each other in m ``[T]``."""
    states = [
        ActorState((0.0, 0.0), 0.0, target=(apart, 0.0), environment=place),
        ActorState((apart, 0.0), np.pi, target=(0.0, 0.0), environment=place),
    ]
    wrist = act(name, states, style=style).joints.astype(np.float64)[:, :, J["r_wrist"]]
    return np.asarray(np.linalg.norm(wrist[:, 0] - wrist[:, 1], axis=-1))


def meetings() -> Iterator[tuple[str, float, float, int, float]]:
    """Yield (action, how far apart, nearest the right wrists come in m, frames within 3 cm, nearest
    they come in the worst environment or style).
    """
    for name, apart in itertools.product(MEETINGS, (0.6, 0.75, 0.9, 1.1)):
        gap = meeting(name, apart)
        others = [meeting(name, apart, place=here.name) for here in ENVIRONMENTS]
        others += [meeting(name, apart, style=style) for style in STYLES]
        worst = max(float(other.min()) for other in others)
        yield name, apart, float(gap.min()), int((gap <= 0.03).sum()), worst


def transitions(
    names: Sequence[str], styles: Sequence[str], share: float, seed: int = 0
) -> Iterator[tuple[str, str, str, float, bool]]:
    """Yield (from, to, style, top joint speed relative to the louder action's, accepted)."""
    rng = np.random.default_rng(seed)
    for style in styles:
        own = {name: act(name, seed=7, style=style, seconds=4.0) for name in names}
        loud = {
            name: max(
                float(
                    speeds(
                        act(name, seed=s, style=style, seconds=5.0).joints[:, 0].astype(np.float64),
                        FPS,
                    ).max()
                )
                for s in (7, 8, 9)
            )
            for name in names
        }
        for one, two in itertools.product(names, names):
            if rng.random() > share:
                continue
            first = own[one]
            cut = int(rng.integers(first.n_frames // 2, first.n_frames + 1))
            head = Motion.from_joints(first.joints[:cut], fps=FPS)
            then = act(two, [after(head, one)], seed=9, style=style, seconds=4.0)
            joined = np.concatenate([head.joints[-2:, 0], then.joints[:, 0]]).astype(np.float64)
            top = float(speeds(joined, FPS).max())
            ok = validator.check(then).ok
            yield one, two, style, top / max(loud[one], loud[two], 1.0), ok


def say(*lines: str) -> None:
    """Write lines to standard output."""
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Write all tables."""
    ask = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    ask.add_argument("--real", type=Path, nargs="*", default=[], help="stores of recorded clips")
    ask.add_argument("--only", default="", help="names of actions, by commas")
    ask.add_argument("--quick", action="store_true", help="three styles, one seed, few transitions")
    ask.add_argument("--parts", default="actions,seams,meetings,transitions")
    ask.add_argument("--share", type=float, default=None, help="share of the pairs that is tried")
    ask.add_argument("--seeds", type=int, default=2)
    given = ask.parse_args()
    names = given.only.split(",") if given.only else [row.name for row in ACTIONS]
    styles = ("neutral", "angry", "drunk") if given.quick else tuple(STYLES)
    parts = given.parts.split(",")
    limit = np.inf
    if given.real:
        named = recorded(given.real)
        clips = [clip for _, clip in named]
        every = np.concatenate([clip.ravel() for clip in clips])
        tops = np.array([clip.max() for clip in clips])
        limit = float(np.percentile(every, 99.9))
        say(
            f"{len(clips)} recorded clips, {len(every):,} accelerations of joints at 25 Hz:"
            f" 99.9th percentile {limit:.0f} m/s², largest {every.max():.0f};"
            f" largest of a clip: median {np.median(tops):.0f},"
            f" 99.9th percentile {np.percentile(tops, 99.9):.0f}"
        )
        strong: dict[str, float] = {}
        for name, clip in named:
            strong[name] = max(strong.get(name, 0.0), float(np.percentile(clip, 99.9)))
        say(
            "99.9th percentile of the strongest recorded clip of an action: "
            + ", ".join(f"{n} {v:.0f}" for n, v in sorted(strong.items(), key=lambda x: -x[1]))
        )
    if "actions" in parts:
        say(
            "",
            "| action | accepted | skate % H (worst) | planted % | root m/s | bone error mm |"
            " under ground cm | acceleration 99.9 % (largest) m/s² | ms |",
            "|---" * 9 + "|",
        )
        ours: list[Array] = []
        for r in rows(names, styles, INTENSITIES, 1 if given.quick else given.seeds):
            ours.append(r["accelerations"])
            bad = f" {r['failures']}" if r["failures"] else ""
            over = " **over**" if r["worst skate"] >= 0.5 or r["p999"] > limit else ""
            say(
                f"| {r['name']} | {r['accepted']}/{r['total']}{bad} |"
                f" {r['skate']:.3f} ({r['worst skate']:.3f} {r['at']}) | {100 * r['planted']:.0f} |"
                f" {r['root']:.2f} | {1000 * r['bone']:.3f} | {100 * max(r['low'], 0):.1f} |"
                f" {r['p999']:.0f} ({r['top']:.0f}) | {r['ms']:.0f} |{over}"
            )
        all_ours = np.concatenate(ours)
        say(
            "",
            f"all together: {len(all_ours):,} accelerations of joints, 99.9th percentile"
            f" {np.percentile(all_ours, 99.9):.0f} m/s²",
        )
    if "seams" in parts:
        say(
            "",
            "| action after itself | acceleration at the joint m/s² | largest elsewhere |",
            "|---" * 3 + "|",
        )
        for name in names:
            if action(name).loops:
                at, elsewhere = seam(name)
                over = " **over**" if at > elsewhere + 5.0 else ""
                say(f"| {name} | {at:.0f} | {elsewhere:.0f} |{over}")
    if "meetings" in parts:
        say(
            "",
            "| two who | apart m | nearest mm | frames within 3 cm |"
            " nearest in the worst environment or style mm |",
            "|---" * 5 + "|",
        )
        for name, apart, near, frames, worst in meetings():
            say(f"| {name} | {apart:g} | {1000 * near:.1f} | {frames} | {1000 * worst:.1f} |")
    if "transitions" in parts:
        share = given.share if given.share is not None else (0.1 if given.quick else 0.25)
        found = list(transitions(names, ("neutral",) if given.quick else tuple(STYLES), share))
        ratios = np.array([row[3] for row in found])
        refused = [row for row in found if not row[4]]
        say(
            "",
            f"{len(found)} transitions: {100 * (ratios <= 1.5).mean():.2f} % within 1.5 times the"
            f" louder action's top speed, median {np.median(ratios):.2f},"
            f" largest {ratios.max():.2f};"
            f" {len(refused)} refused by the validator",
        )
        for one, two, style, ratio, ok in sorted(found, key=lambda row: -row[3]):
            if ratio > 1.5 or not ok:
                say(f"  {one} -> {two} ({style}): {ratio:.2f}{'' if ok else ' refused'}")


if __name__ == "__main__":
    main()
