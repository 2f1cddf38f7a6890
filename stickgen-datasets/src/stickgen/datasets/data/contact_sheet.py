"""Clips as strips of poses, drawn by whichever renderer is installed."""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core import ops
from stickgen.core.drawing import open_drawing
from stickgen.core.types import CameraTrack, Clip, Motion, RenderOptions, Scene

POSES: Final = 6
"""Poses of a strip, evenly through the clip from its first frame to its last."""

TILE: Final = (132, 124)
"""Width and height of a pose, in pixels."""

_YAW: Final = 30.0
_FOV: Final = 20.0
_HEAD: Final = 0.22
"""From the middle of a head to the edge of the picture, in metres."""


def strip(clip: Clip) -> bytes:
    """Return *clip* as a PNG picture of `POSES` poses side by side.

    Raises `PluginError` where no renderer is installed or none works.
    """
    width, height = TILE
    motion = _poses(clip.motion)
    options = RenderOptions(width=width, height=height, fps=motion.fps, transparent=True)
    drawing = open_drawing(Scene(motion, camera=_close(motion)), options)
    picture = np.full((height, POSES * width, 3), 255, dtype=np.uint8)
    order = [2, 1, 0] if drawing.pixel_format == "bgra" else [0, 1, 2]
    for i in range(len(drawing)):
        frame = drawing.frame(i)
        paper = 255 - frame[..., 3:]  # colours are premultiplied: what is left is white paper
        picture[:, i * width : (i + 1) * width] = frame[..., order] + paper
    return png(picture)


def _poses(motion: Motion) -> Motion:
    """Return the frames that are drawn, as a motion of their own."""
    index = np.linspace(0, motion.n_frames - 1, POSES).round().astype(np.intp)
    return replace(
        motion,
        frames=motion.frames[index],
        depth=None if motion.depth is None else motion.depth[index],
        present=motion.present[index],
        actions=motion.actions[index],
        overlay=motion.overlay[index],
        face=None if motion.face is None else motion.face[index],
    )


def _close(motion: Motion) -> CameraTrack:
    """Return a camera that has everyone in the middle of every pose, all at one scale."""
    yaw = np.radians(_YAW if motion.depth is not None else 0.0)
    toward = np.array([np.sin(yaw), 0.0, np.cos(yaw)])
    boxes = [ops.bounds(ops.slice_frames(motion, i, i + 1)) for i in range(motion.n_frames)]
    target = np.array([(low + high) / 2.0 for low, high in boxes])
    top = max(float(high[1]) for _, high in boxes) + _HEAD
    target[:, 1] = top / 2.0
    wide = max(float(np.hypot(*(high - low)[[0, 2]])) for low, high in boxes)
    size = max(1.12 * top, (wide + 2.0 * _HEAD) * TILE[1] / TILE[0], 0.5)
    distance = size / 2.0 / np.tan(np.radians(_FOV) / 2.0)
    frames = motion.n_frames
    return CameraTrack(target + distance * toward, target, np.full(frames, _FOV), np.zeros(frames))


def png(picture: NDArray[np.uint8]) -> bytes:
    """Return the RGB *picture* ``[H, W, 3]`` as a PNG file (ISO/IEC 15948)."""
    height, width = picture.shape[:2]
    rows = np.zeros((height, 1 + 3 * width), dtype=np.uint8)
    rows[:, 1:] = picture.reshape(height, -1)

    def chunk(name: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + check

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows.tobytes(), 9))
        + chunk(b"IEND", b"")
    )
