"""How fast AMASS becomes clips without a body model: read, pose, resample, turn, check and write.

The take is an SMPL+H file of 20,000 frames, 120 a second, laid out as AMASS writes them. The
baseline is the same file posed one frame and one joint at a time with SciPy's rotations, which is
only one of those steps. Times are those of the CPU.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from figures import report
from scipy.spatial.transform import Rotation

from stickgen.core.storage import ClipStore
from stickgen.datasets.amass import AmassConverter
from stickgen.datasets.smpl import PARENTS, REST_JOINTS

FRAMES = 20_000
BASELINE_FRAMES = 300
FPS = 120.0


def take() -> dict[str, np.ndarray]:
    """Return the arrays of an AMASS file: somebody who strolls, fingers included."""
    rng = np.random.default_rng(1)
    times = np.arange(FRAMES) / FPS
    waves = np.sin(times[:, None] * rng.uniform(1, 4, 156) + rng.uniform(0, 6, 156))
    poses = 0.15 * waves
    poses[:, 3:9] *= 0.5  # the hips
    upright = Rotation.from_euler("x", np.pi / 2)
    poses[:, :3] = (Rotation.from_euler("z", 0.2 * waves[:, :1]) * upright).as_rotvec()
    trans = np.stack([0 * times, -times, 0.98 + 0 * times], axis=1)
    return {
        "poses": poses,
        "trans": trans,
        "betas": np.zeros(16),
        "dmpls": np.zeros((FRAMES, 8)),
        "gender": np.array("neutral"),
        "mocap_framerate": np.array(FPS),
    }


def plain_frames_per_second(arrays: dict[str, np.ndarray]) -> float:
    """Return how many frames a second a plain loop poses."""
    start = time.process_time()
    for pose in arrays["poses"][:BASELINE_FRAMES]:
        world: list[tuple[Rotation, np.ndarray]] = []
        for joint, parent in enumerate(PARENTS):
            turn = Rotation.from_rotvec(pose[3 * joint : 3 * joint + 3])
            place = REST_JOINTS[joint]
            if parent >= 0:
                above, origin = world[parent]
                place = origin + above.apply(place - REST_JOINTS[parent])
                turn = above * turn
            world.append((turn, place))
    return BASELINE_FRAMES / (time.process_time() - start)


def stickgen_frames_per_second(path: Path, folder: Path) -> float:
    """Return how many frames a second become a clip in a store."""
    start = time.process_time()
    with ClipStore(folder).writer() as writer:
        writer.add(path.name, list(AmassConverter().read(path, path.parent)))
    return FRAMES / (time.process_time() - start)


def main() -> None:
    """Measure both, the best of three runs each, and print one line."""
    arrays = take()
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        path = root / "stroll_poses.npz"
        np.savez(path, **arrays)
        baseline = max(plain_frames_per_second(arrays) for _ in range(3))
        ours = max(stickgen_frames_per_second(path, root / f"clips{i}") for i in range(3))
    report(
        "AMASS to clip store, no body model, one core",
        ours,
        "frames/s",
        baseline=baseline,
        target="value >= 50000",
    )


if __name__ == "__main__":
    sys.exit(main())
