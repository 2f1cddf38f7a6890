"""Measure walks, runs, jumps, kicks, punches and waves: recorded ones beside the generator's own.

    stickgen convert --source bvh cmu_bvh/ -o clips/
    python measure_clips.py clips/

prints the tables of docs/reference/procedural.md. Lengths are metres of figures 1.70 m tall.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stickgen.core import schema
from stickgen.core.storage import ClipStore
from stickgen.core.types import ActorState, Beat, Motion
from stickgen_procedural import ProceduralGenerator

Array = NDArray[np.float64]
J = schema.J
H = schema.HEIGHT

WALKS = ["02_01", "02_02", "07_01", "07_02", "07_03", "07_06", "07_09"]
WALKS += ["08_01", "08_03", "08_08", "10_04", "12_01"]
RUNS = ["09_01", "09_02", "09_03", "09_05", "09_08", "09_11"]
JUMPS = ["13_39", "13_40", "13_41", "13_42", "02_04"]
STRIKES = ["13_18", "02_05"]
KICKS = ["135_04", "10_01", "10_02", "10_03", "10_06", "11_01"]
WAVES = ["13_26"]


def angle(a: Array, b: Array, c: Array) -> Array:
    """Return the flexion at *b* in degrees: 0 when a, b, c are in line."""
    u, v = a - b, c - b
    cos = np.sum(u * v, -1) / np.linalg.norm(u, axis=-1) / np.linalg.norm(v, axis=-1)
    return np.asarray(180.0 - np.degrees(np.arccos(np.clip(cos, -1, 1))))


def span(values: Array) -> str:
    """Return the 3rd to the 97th percentile."""
    low, high = np.percentile(values, [3, 97])
    return f"{low:.0f} to {high:.0f}"


def both(j: Array, part: str) -> Array:
    """Return the left and the right joint of a pair ``[T, 2, 3]``."""
    return j[:, [J[f"l_{part}"], J[f"r_{part}"]]]


def gait(motion: Motion) -> dict[str, object]:
    """Return the figures of somebody who goes straight on."""
    j, fps = motion.joints[:, 0].astype(np.float64), motion.fps
    pelvis = j[:, 0]
    way = (pelvis[-1] - pelvis[0]) * [1, 0, 1]
    speed = float(np.linalg.norm(way) / (len(j) - 1) * fps)
    way /= np.linalg.norm(way)
    gap = (both(j, "ankle")[:, 0] - both(j, "ankle")[:, 1]) @ way
    gap = gap - gap.mean()
    auto = np.correlate(gap, gap, "full")[len(gap) - 1 :] / np.arange(len(gap), 0, -1)
    low, high = int(0.35 * fps), min(int(1.6 * fps), len(gap) - 4)
    good = auto[low:high] > 0.9 * auto[low:high].max()
    at = low + int(np.argmax(good))
    while at < high - 1 and auto[at + 1] > auto[at]:
        at += 1
    if low < at < high - 1:
        a, b, c = auto[at - 1 : at + 2]
        cycle = (at + 0.5 * (a - c) / (a - 2 * b + c)) / fps
    else:
        cycle = at / fps
    ankles = both(j, "ankle")
    near = np.abs(ankles[..., 1] - schema.ANKLE_HEIGHT * H) < schema.PLANTED_MARGIN * H
    fast = np.linalg.norm(np.gradient(ankles, 1 / fps, axis=0), axis=-1)
    steps = np.linalg.norm(np.diff(ankles[..., [0, 2]], axis=0), axis=-1)
    held = near[1:] & near[:-1]
    ahead = (ankles - pelvis[:, None]) @ way

    def tilt(a: Array, b: Array) -> Array:
        return np.asarray(np.degrees(np.arctan2((b - a) @ way, (a - b)[..., 1])))

    drift = np.polyval(np.polyfit(np.arange(len(j)), pelvis[:, 1], 1), np.arange(len(j)))
    return {
        "speed m/s": f"{speed:.2f}",
        "cycle s": f"{cycle:.2f}",
        "step m": f"{speed * cycle / 2:.2f}",
        "stance": f"{(near & (fast < max(0.8, 0.35 * speed))).mean():.2f}",
        "pelvis bob m": f"{np.ptp(pelvis[:, 1] - drift):.3f}",
        "ankle ahead m": f"{ahead.min():.2f} to {ahead.max():.2f}",
        "ankle high m": f"{ankles[..., 1].max() - schema.ANKLE_HEIGHT * H:.2f}",
        "knee °": span(angle(both(j, "hip"), both(j, "knee"), ankles)),
        "thigh °": span(tilt(both(j, "hip"), both(j, "knee"))),
        "upper arm °": span(tilt(both(j, "shoulder"), both(j, "elbow"))),
        "elbow °": span(angle(both(j, "shoulder"), both(j, "elbow"), both(j, "wrist"))),
        "lean °": f"{-np.median(tilt(j[:, J['neck']], pelvis)):.0f}",
        "skate % H": f"{100 * steps[held].mean() / H:.2f}" if held.any() else "-",
    }


def leap(motion: Motion) -> dict[str, object]:
    """Return the figures of the highest jump."""
    j, fps = motion.joints[:, 0].astype(np.float64), motion.fps
    low = both(j, "ankle")[..., 1].min(axis=-1) - schema.ANKLE_HEIGHT * H
    up = low > 0.08
    edges = np.flatnonzero(np.diff(np.concatenate([[0], up.astype(int), [0]])))
    start, end = max(
        zip(edges[::2], edges[1::2], strict=True), key=lambda e: low[e[0] : e[1]].max()
    )
    stands = np.median(j[:, 0, 1])
    around = j[max(0, start - int(0.8 * fps)) : start, 0, 1]
    after = j[end : end + int(0.6 * fps), 0, 1]
    return {
        "in the air s": f"{(end - start) / fps:.2f}",
        "ankles rise m": f"{low[start:end].max():.2f}",
        "pelvis rises m": f"{j[start:end, 0, 1].max() - stands:.2f}",
        "crouch m": f"{stands - around.min():.2f}" if len(around) else "-",
        "landing m": f"{stands - after.min():.2f}" if len(after) else "-",
    }


def limb(motion: Motion, part: str, root: str) -> dict[str, object]:
    """Return the reach, speed and height of the busier of two hands or feet."""
    j, fps = motion.joints[:, 0].astype(np.float64), motion.fps
    ends = both(j, part)
    rates = np.linalg.norm(np.gradient(ends - j[:, :1], 1 / fps, axis=0), axis=-1)
    busy = int(np.percentile(rates, 99.5, axis=0).argmax())
    length = np.linalg.norm(ends - both(j, root), axis=-1)
    middle = both(j, "elbow" if part == "wrist" else "knee")
    whole = np.linalg.norm(middle - both(j, root), axis=-1) + np.linalg.norm(ends - middle, axis=-1)
    return {
        "fastest m/s": f"{np.percentile(rates[:, busy], 99.5):.1f}",
        "reach of the limb": f"{np.percentile((length / whole)[:, busy], 99.5):.2f}",
        "highest m": f"{ends[:, busy, 1].max():.2f}",
    }


def table(title: str, rows: Sequence[tuple[str, dict[str, object]]]) -> None:
    """Write a Markdown table to standard output."""
    heads = list(rows[0][1])
    lines = ["", f"### {title}", "", "| clip | " + " | ".join(heads) + " |"]
    lines.append("|---" * (len(heads) + 1) + "|")
    for name, facts in rows:
        lines.append(f"| {name} | " + " | ".join(str(facts[head]) for head in heads) + " |")
    sys.stdout.write("\n".join(lines) + "\n")


def own(action: str, **facts: object) -> Motion:
    """Return what the generator makes of an action."""
    beat = Beat((0,), action, seconds=10.0, **facts)  # type: ignore[arg-type]
    return ProceduralGenerator().generate(beat, [ActorState()], np.random.default_rng(3))


def main(store: Path) -> None:
    """Write all tables for the clips in *store*."""
    clips = {clip.clip_id.rpartition("/")[2]: clip.motion for clip in ClipStore(store)}

    def here(names: Sequence[str]) -> list[str]:
        return [name for name in names if name in clips]

    for title, names, actions in (
        ("Walking", WALKS, ["walk"]),
        ("Running", RUNS, ["run", "sprint"]),
    ):
        rows = [(name, gait(clips[name])) for name in here(names)]
        table(title, rows + [(f"**{a}**", gait(own(a))) for a in actions])
    table(
        "Jumping",
        [(name, leap(clips[name])) for name in here(JUMPS)]
        + [("**jump**", leap(own("jump", repetitions=1)))],
    )
    for title, names, action, part, root in (
        ("Punching", STRIKES, "punch", "wrist", "shoulder"),
        ("Kicking", KICKS, "kick", "ankle", "hip"),
        ("Waving", WAVES, "wave", "wrist", "shoulder"),
    ):
        rows = [(name, limb(clips[name], part, root)) for name in here(names)]
        table(title, [*rows, (f"**{action}**", limb(own(action), part, root))])


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: measure_clips.py STORE (a folder written by stickgen convert)")
    main(Path(sys.argv[1]))
