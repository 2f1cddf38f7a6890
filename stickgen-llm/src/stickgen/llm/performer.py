"""One actor's track through a scene: what has been performed so far, and the state it left."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from stickgen.core import ops, schema
from stickgen.core.types import ActorState, Motion
from stickgen.llm.placement import Mark

SEAM = 0.03
"""A joint that is further than this, in metres, from where it was heading makes a seam seen."""

DOWN = 0.75
"""Hips nearer to the ankles than this share of the legs' length are those of somebody seated."""

BLEND = 0.25
"""Seconds in which a seam is eased."""


@dataclass(slots=True)
class Performer:
    """The pieces of one actor in order; each continues the one before it."""

    mark: Mark
    kind: str = "human"
    environment: str = "earth_normal"
    weather: str | None = None
    pieces: list[Motion] = field(default_factory=list)
    frames: int = 0
    last_action: str | None = None

    def state(self, target: tuple[float, float] | None = None) -> ActorState:
        """Return what a generator is told: the mark at first, then the end of the last piece."""
        if not self.pieces:
            return ActorState(
                position=(self.mark.x, self.mark.z),
                heading=self.mark.heading,
                kind=self.kind,
                target=target,
                environment=self.environment,
                weather=self.weather,
            )
        pose, velocity, fps = self._end()
        pelvis = pose[schema.J["pelvis_center"]]
        across = ops.heading(pose[None])
        return ActorState(
            position=(float(pelvis[0]), float(pelvis[2])),
            heading=float(across[0]),
            kind=self.kind,
            action=self.last_action,
            pose=pose,
            velocity=velocity * fps,
            target=target,
            environment=self.environment,
            weather=self.weather,
        )

    @property
    def position(self) -> tuple[float, float]:
        """(x, z) on the ground now."""
        if not self.pieces:
            return self.mark.x, self.mark.z
        pelvis = self.pieces[-1].joints[-1, 0, schema.J["pelvis_center"]]
        return float(pelvis[0]), float(pelvis[2])

    @property
    def footing(self) -> tuple[float, float]:
        """(x, z) on the ground between the feet now: where somebody seated gets up."""
        if not self.pieces:
            return self.mark.x, self.mark.z
        ankles = self.pieces[-1].joints[-1, 0, [schema.J["l_ankle"], schema.J["r_ankle"]]]
        return float(ankles[:, 0].mean()), float(ankles[:, 2].mean())

    @property
    def down(self) -> bool:
        """Whether he sits, kneels or lies now, and first has to get up if he is to go anywhere."""
        if not self.pieces:
            return False
        pose = self.pieces[-1].joints[-1, 0].astype(np.float64)
        hip, knee, ankle = (pose[schema.J[f"l_{part}"]] for part in ("hip", "knee", "ankle"))
        leg = np.linalg.norm(hip - knee) + np.linalg.norm(knee - ankle)
        return bool(hip[1] - ankle[1] < DOWN * leg)

    def _end(self) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
        """Return the last pose, how far each joint moved in the last frame, and the frame rate."""
        joints = self.pieces[-1].joints[-2:, 0].astype(np.float64)
        if len(joints) < 2 and len(self.pieces) > 1:
            before = self.pieces[-2].joints[-1:, 0].astype(np.float64)
            joints = np.concatenate([before, joints])
        step = joints[-1] - joints[0] if len(joints) > 1 else np.zeros_like(joints[-1])
        return joints[-1], step, self.pieces[-1].fps

    def asked(self, frames: int) -> int:
        """Return how many frames to ask for: one more where the first may repeat the last pose."""
        return frames + (1 if self.pieces else 0)

    def add(self, motion: Motion, frames: int, action: str) -> bool:
        """Append *frames* frames of the one-actor *motion*; return whether a seam had to be eased.

        A first frame that repeats the last pose is dropped, a motion that is too short holds its
        last frame, one that is too long is cut.
        """
        eased = False
        if self.pieces:
            pose, step, _ = self._end()
            first = motion.joints[0, 0].astype(np.float64)
            repeats = np.abs(first - pose).max() <= np.abs(first - pose - step).max()
            if repeats and motion.n_frames > frames:
                motion = ops.slice_frames(motion, 1)
            first = motion.joints[0, 0].astype(np.float64)
            if np.abs(first - pose - step).max() > max(SEAM, 0.5 * np.abs(step).max()):
                last = self.pieces[-1]
                tail = ops.slice_frames(last, max(0, last.n_frames - 2))
                joined = ops.concat([tail, motion], blend=BLEND)
                motion = ops.slice_frames(joined, tail.n_frames)
                eased = True
        if motion.n_frames > frames:
            motion = ops.slice_frames(motion, 0, frames)
        elif motion.n_frames < frames:
            motion = held(motion, frames)
        self.pieces.append(motion)
        self.frames += frames
        self.last_action = action
        return eased


def held(motion: Motion, frames: int) -> Motion:
    """Return *motion* with its last frame held until there are *frames*."""
    index = np.minimum(np.arange(frames), motion.n_frames - 1)
    return replace(
        motion,
        frames=motion.frames[index],
        depth=None if motion.depth is None else motion.depth[index],
        present=motion.present[index],
        actions=motion.actions[index],
        overlay=motion.overlay[index],
        face=None if motion.face is None else motion.face[index],
    )
