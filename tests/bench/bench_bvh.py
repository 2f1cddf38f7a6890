"""How fast BVH becomes clips: parse, place, resample, turn, check and write, on one core.

The recording has the 31 joints of the CMU skeleton, 120 frames a second and 20,000 frames. The
baseline is the ``bvh`` package reading the same numbers, which is only the first of those steps.
Times are those of the CPU, so that a busy machine does not change them.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from bvh import Bvh
from figures import report

from stickgen.core.storage import ClipStore
from stickgen.datasets.bvh import BvhConverter

FRAMES = 20_000
BASELINE_FRAMES = 1_000
_LEG = (
    ("{0}HipJoint", 0, 0, 0),
    ("{1}UpLeg", 8, -9, 4),
    ("{1}Leg", 14, -39, 0),
    ("{1}Foot", 13, -37, 0),
    ("{1}ToeBase", 1, -2, 12),
)
_ARM = (
    ("{1}Shoulder", 0, 10, 0),
    ("{1}Arm", 18, 8, 0),
    ("{1}ForeArm", 28, 0, 0),
    ("{1}Hand", 21, 0, 0),
    ("{1}FingerBase", 0, 0, 0),
    ("{0}Fingers", 7, 0, 0),
    ("{0}Thumb", 5, 0, 5),
)
_TRUNK = ("LowerBack", 0, 0, 0), ("Spine", 0, 11, 0), ("Spine1", 0, 11, 0)
_HEAD = ("Neck", 0, 11, 0), ("Neck1", 0, 10, 1), ("Head", 0, 10, 0)


def recording(frames: int) -> str:
    """Return a BVH file of a 31-joint body that strolls, with noise in every channel."""
    lines = ["HIERARCHY", "ROOT Hips", "{", "OFFSET 0 0 0"]
    lines += ["CHANNELS 6 Xposition Yposition Zposition Zrotation Yrotation Xrotation"]
    joints = 1

    def open_joint(name: str, x: float, y: float, z: float) -> None:
        nonlocal joints
        joints += 1
        lines.extend([f"JOINT {name}", "{", f"OFFSET {x} {y} {z}"])
        lines.append("CHANNELS 3 Zrotation Yrotation Xrotation")

    def chain(bones: tuple[tuple[str, float, float, float], ...], side: int = 1) -> None:
        letter, word = ("L", "Left") if side > 0 else ("R", "Right")
        for name, x, y, z in bones:
            open_joint(name.format(letter, word), side * x, y, z)
        lines.extend(["End Site", "{", "OFFSET 0 4 0", "}"])
        lines.extend("}" * len(bones))

    chain(_LEG)
    chain(_LEG, -1)
    for bone in _TRUNK:
        open_joint(*bone)
    chain(_HEAD)
    chain(_ARM)
    chain(_ARM, -1)
    lines.extend("}" * (len(_TRUNK) + 1))
    rng = np.random.default_rng(1)
    times = np.arange(frames) / 120.0
    values = 8.0 * np.sin(
        times[:, None] * rng.uniform(1, 4, 3 * joints + 3) + rng.uniform(0, 6, 3 * joints + 3)
    )
    values[:, [6, 7, 8, 21, 22, 23]] = 0.0  # the hip joints: a pelvis is rigid
    values[:, 0:3] = np.stack([40 * np.sin(0.1 * times), 90 + 0 * times, 40 * times], axis=1)
    lines += ["MOTION", f"Frames: {frames}", "Frame Time: .0083333"]
    lines += [" ".join(f"{value:.4f}" for value in row) for row in values]
    return "\n".join(lines) + "\n"


def package_frames_per_second(text: str) -> float:
    """Return how many frames a second the ``bvh`` package reads as numbers."""
    start = time.process_time()
    parsed = Bvh(text)
    for row in parsed.frames:
        [float(value) for value in row]
    return len(parsed.frames) / (time.process_time() - start)


def stickgen_frames_per_second(path: Path, folder: Path) -> float:
    """Return how many frames a second become a clip in a store."""
    start = time.process_time()
    with ClipStore(folder).writer() as writer:
        writer.add(path.name, list(BvhConverter().read(path, path.parent)))
    return FRAMES / (time.process_time() - start)


def main() -> None:
    """Measure both, the best of three runs each, and print one line."""
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        path = root / "walk.bvh"
        path.write_text(recording(FRAMES), encoding="ascii")
        small = recording(BASELINE_FRAMES)
        baseline = max(package_frames_per_second(small) for _ in range(3))
        ours = max(stickgen_frames_per_second(path, root / f"clips{i}") for i in range(3))
    report(
        "BVH to clip store, 31 joints, one core",
        ours,
        "frames/s",
        baseline=baseline,
        target="value >= 15000",
    )


if __name__ == "__main__":
    sys.exit(main())
