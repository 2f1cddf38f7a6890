"""`draw`: pictures of poses from random sides, drawn on the fly for training on pictures.

A picture shows the first pose of a window in the window's own coordinates, so that the seven
numbers of its camera (position and target in metres, field of view in degrees) tell from where the
figure that is asked for is seen. Any renderer of the registry draws them.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core import features, registries
from stickgen.core.schema import joints_to_segments
from stickgen.core.types import CameraTrack, Motion, RenderOptions, Scene

FIELD: Final = (30.0, 55.0)
"""Narrowest and widest field of view, degrees."""

ELEVATION: Final = (-5.0, 30.0)
"""Lowest and highest place of the camera, degrees over the figure's middle."""

ROOM: Final = (1.1, 1.5)
"""How much further away the camera stands than it must to see the whole figure."""


APART: Final = 1e-3
"""Poses a second of what is drawn: each is a picture of its own, none a trail of the one before."""


def camera(joints: NDArray[np.floating], rng: np.random.Generator) -> NDArray[np.float32]:
    """Return a camera ``[7]`` that sees the whole of *joints* ``[16, 3]`` from a random side."""
    low, high = joints.min(axis=0), joints.max(axis=0)
    middle = 0.5 * (low + high)
    reach = float(np.linalg.norm(joints - middle, axis=1).max()) + 0.15
    turn = rng.uniform(-np.pi, np.pi)
    rise = np.radians(rng.uniform(*ELEVATION))
    field = rng.uniform(*FIELD)
    far = reach / np.sin(np.radians(0.5 * field)) * rng.uniform(*ROOM)
    toward = np.array(
        [np.cos(rise) * np.sin(turn), np.sin(rise), np.cos(rise) * np.cos(turn)], np.float64
    )
    return np.array([*(middle + far * toward), *middle, field], np.float32)


def first_poses(values: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the joints ``[B, 16, 3]`` in the first frame of windows of features ``[B, T, 47]``."""
    return np.stack([features.decode(window[:1])[0][0] for window in values])


def of_windows(
    values: NDArray[np.float32], rng: np.random.Generator, size: int = 64
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Return a picture ``[B, size, size, 3]`` of the first pose of each window and its camera
    ``[B, 7]``.
    """
    joints = first_poses(values)
    cameras = np.stack([camera(pose, rng) for pose in joints])
    return draw(joints, cameras, size), cameras


def draw(
    joints: NDArray[np.floating],
    cameras: NDArray[np.floating],
    size: int = 64,
    renderer: str | None = None,
    style: str = "normal",
) -> NDArray[np.uint8]:
    """Return pictures ``[B, size, size, 3]`` of poses ``[B, 16, 3]`` from *cameras* ``[B, 7]``.

    Raises `PluginError` where no renderer is installed.
    """
    name = renderer or ("cairo" if "cairo" in registries.renderers else "pillow")
    painter = registries.renderers.create(name)
    segments = joints_to_segments(np.asarray(joints[..., :2], np.float32))
    # hours apart, so that nothing is drawn of a movement from one pose to the next
    motion = Motion(
        segments[:, None], depth=np.asarray(joints[..., 2], np.float32)[:, None], fps=APART
    )
    track = CameraTrack(
        np.asarray(cameras[:, 0:3], np.float64), np.asarray(cameras[:, 3:6], np.float64),
        np.asarray(cameras[:, 6], np.float64), np.zeros(len(cameras)),
    )  # fmt: skip
    options = RenderOptions(
        width=size, height=size, quality="draft", transparent=True, theme="light", style=style
    )
    drawing = painter.open(Scene(motion, camera=track), options)
    swapped = drawing.pixel_format == "bgra"
    out = np.zeros((len(joints), size, size, 3), np.uint8)
    for i in range(len(joints)):
        frame = drawing.frame(i)
        white = 255 - frame[..., 3:].astype(np.int16)
        colours = frame[..., [2, 1, 0]] if swapped else frame[..., :3]
        out[i] = np.clip(colours.astype(np.int16) + white, 0, 255)
    return out
