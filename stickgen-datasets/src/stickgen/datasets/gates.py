"""The quality gates a converted motion must pass, each with a name.

============== ====================================================================================
rule           a clip is refused when
============== ====================================================================================
frame rate     its source runs at less than 1 or more than 240 frames a second
length         it has fewer than 25 frames
bone lengths   a bone differs by more than 2 % from its median length
speed          a joint is faster than 15 m/s for more than 0.08 s (2 frames of 25 a second) in a
               row, or for more than a tenth of the time
teleport       the pelvis moves by more than 0.6 m from one frame to the next
ground         no ankle comes within 0.1 m of its standing height (flying, swimming and climbing
               are exempt)
============== ====================================================================================
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core import schema
from stickgen.core.errors import SourceError
from stickgen.core.schema import J
from stickgen.core.types import Motion

FPS_RANGE: Final = (1.0, 240.0)
MIN_FRAMES: Final = 25
BONE_TOLERANCE: Final = 0.02
MAX_SPEED: Final = 15.0
MAX_FAST_SECONDS: Final = 0.08
MAX_FAST_SHARE: Final = 0.1
MAX_STEP: Final = 0.6
GROUND_MARGIN: Final = 0.1

_BONES: Final = np.array([[J[a], J[b]] for _, a, b in schema.SEGMENTS])


class Refused(SourceError):  # noqa: N818 - reads as what it is
    """A clip that was read but does not pass a gate; ``rule`` is the name of the gate."""

    def __init__(self, path: object, rule: str, cause: str) -> None:
        self.rule = rule
        self.reason = cause
        super().__init__(path, f"refused by the rule {rule!r}: {cause}")

    def __reduce__(self) -> tuple[object, ...]:
        return (Refused, (self.path, self.rule, self.reason))


def check_frame_rate(path: Path, fps: float) -> None:
    """Raise `Refused` when a source's frame rate is outside `FPS_RANGE`."""
    low, high = FPS_RANGE
    if not low <= fps <= high:
        raise Refused(path, "frame rate", f"{fps:g} frames a second, expected {low:g} to {high:g}")


def check_motion(path: Path, motion: Motion, height: float, airborne: bool = False) -> None:
    """Raise `Refused` with the first gate that *motion* does not pass.

    Args:
        path: the file it came from.
        motion: the motion in metres, on the ground.
        height: standing height of the figure in metres.
        airborne: whether the feet may stay off the ground throughout.
    """
    if motion.n_frames < MIN_FRAMES:
        raise Refused(path, "length", f"{motion.n_frames} frames, expected at least {MIN_FRAMES}")
    joints = motion.joints.astype(np.float64)
    if motion.depth is not None:
        lengths = np.linalg.norm(joints[:, :, _BONES[:, 0]] - joints[:, :, _BONES[:, 1]], axis=-1)
        median = np.median(lengths, axis=0)
        if (median < 1e-3).any():
            actor, bone = (int(i) for i in np.argwhere(median < 1e-3)[0])
            raise Refused(
                path, "bone lengths", f"{schema.SEGMENTS[bone][0]} of actor {actor} has no length"
            )
        change = np.abs(lengths / median - 1.0)
        if change.max() > BONE_TOLERANCE:
            frame, actor, bone = (int(i) for i in np.unravel_index(change.argmax(), change.shape))
            raise Refused(
                path,
                "bone lengths",
                f"{schema.SEGMENTS[bone][0]} of actor {actor} differs by {100 * change.max():.1f} %"
                f" from its median at {frame / motion.fps:.2f} s, expected at most 2 %",
            )
    step = np.linalg.norm(np.diff(joints, axis=0), axis=-1)
    pelvis = step[:, :, J["pelvis_center"]] * motion.fps / schema.FPS
    if pelvis.size and pelvis.max() > MAX_STEP:
        frame = int(pelvis.max(axis=1).argmax())
        raise Refused(
            path,
            "teleport",
            f"the pelvis moves {pelvis.max():.2f} m between {frame / motion.fps:.2f} s and the next"
            f" frame, expected at most {MAX_STEP:g} m",
        )
    ankles = joints[:, :, [J["l_ankle"], J["r_ankle"]], 1] - schema.ANKLE_HEIGHT * height
    gap = np.abs(ankles).min(axis=(0, 2))
    if not airborne and gap.max() > GROUND_MARGIN:
        raise Refused(
            path,
            "ground",
            f"the feet never come closer to the ground than {gap.max():.2f} m, expected"
            f" {GROUND_MARGIN:g} m",
        )


def check_speed(path: Path, joints: NDArray[np.float64], fps: float) -> None:
    """Raise `Refused` when a joint of ``[T, 16, 3]`` metres is too fast for too long.

    Asked of every recorded frame, since a leg that flicks out and back within a few hundredths of
    a second can hide between two frames of 25 a second.
    """
    fast = np.linalg.norm(np.diff(joints, axis=0), axis=-1) * fps > MAX_SPEED
    if not fast.any():
        return
    allowed = max(1, round(MAX_FAST_SECONDS * fps))
    count = np.zeros((len(fast) + 1, fast.shape[1]), dtype=np.intp)
    np.cumsum(fast, axis=0, out=count[1:])
    run = count[allowed + 1 :] - count[: -allowed - 1] == allowed + 1
    if run.any():
        frame, joint = (int(i) for i in np.argwhere(run)[0])
        raise Refused(
            path,
            "speed",
            f"{schema.JOINTS[joint]} is faster than {MAX_SPEED:g} m/s for more than"
            f" {MAX_FAST_SECONDS:g} s from {frame / fps:.2f} s on",
        )
    share = float(fast.any(axis=1).mean())
    if share > MAX_FAST_SHARE:
        joint = int(fast.sum(axis=0).argmax())
        raise Refused(
            path,
            "speed",
            f"joints, {schema.JOINTS[joint]} above all, are faster than {MAX_SPEED:g} m/s in"
            f" {100 * share:.0f} % of the frames, expected at most {100 * MAX_FAST_SHARE:.0f} %",
        )
