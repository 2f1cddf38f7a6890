"""A small figure for tests: it stands, three frames long, and raises its left hand a little."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from stickgen.core.actions import action
from stickgen.core.schema import ANKLE_HEIGHT, HEIGHT, JOINTS, J
from stickgen.core.types import ActorState, Beat, Caption, Motion, Prop, Scene

# Height above the ground and distance from the midline (positive: outward), as fractions of the
# standing height.
_PLACES = {
    "pelvis_center": (0.490, 0.0),
    "chest": (0.640, 0.0),
    "neck": (0.762, 0.0),
    "head_center": (0.890, 0.0),
    "shoulder": (0.732, 0.085),
    "elbow": (0.572, 0.100),
    "wrist": (0.421, 0.105),
    "hip": (0.490, 0.050),
    "knee": (0.2645, 0.055),
    "ankle": (ANKLE_HEIGHT, 0.060),
}


def standing(height: float = HEIGHT, x: float = 0.0, z: float = 0.0) -> NDArray[np.float64]:
    """Return the joints ``[16, 3]`` of a figure standing at (x, z), facing +x."""
    joints = np.empty((len(JOINTS), 3))
    for index, name in enumerate(JOINTS):
        side, _, part = name.partition("_")
        up, out = _PLACES.get(name) or _PLACES[part]
        joints[index] = (0.0, up, -out if side == "l" else out)
    return joints * height + (x, 0.0, z)


def tiny_motion(actors: int = 1, frames: int = 3, fps: float = 25.0) -> Motion:
    """Return *actors* figures side by side for *frames* frames, always the same."""
    joints = np.empty((frames, actors, len(JOINTS), 3))
    for actor in range(actors):
        figure = standing(x=1.2 * actor)
        shoulder, elbow, wrist = figure[[J["l_shoulder"], J["l_elbow"], J["l_wrist"]]]
        for frame in range(frames):
            angle = 0.4 * np.sin(2.0 * np.pi * frame / fps)
            cos, sin = np.cos(angle), np.sin(angle)
            swing = np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])
            joints[frame, actor] = figure
            joints[frame, actor, J["l_elbow"]] = shoulder + swing @ (elbow - shoulder)
            joints[frame, actor, J["l_wrist"]] = shoulder + swing @ (wrist - shoulder)
    waves = np.full((frames, actors), action("wave").index)
    return Motion.from_joints(joints, fps, actions=waves)


def tiny_scene(actors: int = 2) -> Scene:
    """Return `tiny_motion` on a stage with a ball, a caption and a record of where it is from."""
    return Scene(
        tiny_motion(actors),
        props=(Prop("ball", np.array([0.6, 0.0, 0.3])),),
        captions=(Caption("Hello", 0.0, 0.12, actor=0),),
        meta={"prompt": "Somebody waves", "seed": 7},
    )


class StillGenerator:
    """A generator for tests of what calls one: everybody stands still at their place."""

    api_version: ClassVar[int] = 1
    max_actors: ClassVar[int] = 1

    def generate(
        self,
        beat: Beat,
        actors: Sequence[ActorState],
        rng: np.random.Generator,
        *,
        fps: float = 25.0,
    ) -> Motion:
        """Return ``beat.seconds`` (or the action's own length) of standing; *rng* is not used."""
        row = action(beat.action)
        n_frames = max(1, round((beat.seconds or row.seconds) * fps))
        figures = np.stack([standing(actor.height, *actor.position) for actor in actors])
        joints = np.repeat(figures[None], n_frames, axis=0)
        return Motion.from_joints(joints, fps, actions=np.full(joints.shape[:2], row.index))
