"""PNG: one picture, or a numbered sequence where the path says ``%04d``.

The writer is our own: fast compression of unfiltered rows by ISA-L makes files of the usual size
in a fraction of the usual time.
"""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import replace
from pathlib import Path
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core.drawing import open_drawing
from stickgen.core.errors import UsageError
from stickgen.core.protocols import Progress
from stickgen.core.schema import J
from stickgen.core.types import Motion, RenderOptions, Scene
from stickgen.render.drawing import comment
from stickgen.render.shot import at_rate

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_PATTERN: Final = re.compile(r"%0?\d*d")


def is_sequence(path: Path) -> bool:
    """Return whether the name of *path* holds a number pattern such as ``%04d``."""
    return _PATTERN.search(path.name) is not None


def numbered(path: Path, index: int) -> Path:
    """Return *path* with the number pattern of its name filled in."""
    name = _PATTERN.sub(lambda pattern: pattern[0] % index, path.name, count=1)
    return path.with_name(name)


def chunk(kind: bytes, data: bytes) -> bytes:
    """Return a chunk of a PNG file: length, kind, data and checksum."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def header(pixels: NDArray[np.uint8]) -> bytes:
    """Return the IHDR chunk of *pixels* ``[H, W, 3 or 4]``."""
    height, width, channels = pixels.shape
    kind = 2 if channels == 3 else 6
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0))


def text_chunk(keyword: str, value: str) -> bytes:
    """Return a tEXt chunk; characters that Latin-1 lacks become question marks."""
    data = keyword.encode("latin-1")[:79] + b"\0" + value.encode("latin-1", "replace")
    return chunk(b"tEXt", data)


def compressed(pixels: NDArray[np.uint8]) -> bytes:
    """Return the rows of *pixels*, unfiltered, as a zlib stream."""
    from isal import isal_zlib

    height, width, channels = pixels.shape
    rows = np.zeros((height, 1 + width * channels), dtype=np.uint8)
    rows[:, 1:] = pixels.reshape(height, -1)
    return isal_zlib.compress(rows, 2)


def encode_png(pixels: NDArray[np.uint8], text: dict[str, str] | None = None) -> bytes:
    """Return the PNG file of *pixels* ``[H, W, 3]`` RGB or ``[H, W, 4]`` RGBA, not premultiplied.

    *text* becomes tEXt chunks: keywords of at most 79 Latin-1 characters.
    """
    texts = [text_chunk(keyword, value) for keyword, value in (text or {}).items()]
    data = chunk(b"IDAT", compressed(pixels))
    return b"".join([SIGNATURE, header(pixels), *texts, data, chunk(b"IEND", b"")])


def straight(frame: NDArray[np.uint8], pixel_format: str, transparent: bool) -> NDArray[np.uint8]:
    """Return a drawing's *frame* as RGB, or as RGBA with the alpha divided out if *transparent*."""
    order = [2, 1, 0] if pixel_format == "bgra" else [0, 1, 2]
    if not transparent:
        return np.ascontiguousarray(frame[..., order])
    out = np.ascontiguousarray(frame[..., [*order, 3]])
    alpha = out[..., 3]
    partly = (alpha > 0) & (alpha < 255)
    if partly.any():
        some = out[partly].astype(np.uint16)
        a = some[:, 3:]
        out[partly, :3] = np.minimum((some[:, :3] * 255 + a // 2) // a, 255).astype(np.uint8)
    return out


def best_frame(motion: Motion) -> int:
    """Return the frame that shows most of a clip at a glance: limbs spread, and most actors there.

    Frames in the first and last tenth count a little less, so that poses of rest lose.
    """
    joints = motion.joints
    root = joints[:, :, J["pelvis_center"]][:, :, None]
    limbs = [J[f"{side}_{name}"] for side in "lr" for name in ("wrist", "ankle", "elbow", "knee")]
    spread = np.linalg.norm(joints[:, :, limbs] - root, axis=-1).sum(axis=-1)
    weight = np.where(motion.present, spread, 0.0).sum(axis=1)
    position = np.linspace(0.0, 1.0, motion.n_frames)
    edge = np.minimum(position, 1.0 - position)
    return int(np.argmax(weight * (0.9 + np.minimum(edge, 0.1))))


class PngExporter:
    """A still picture, or every frame of the clip as a picture of its own."""

    api_version: ClassVar[int] = 1
    media_type: ClassVar[str] = "image/png"

    def write(
        self, scene: Scene, path: Path, options: RenderOptions, progress: Progress | None = None
    ) -> None:
        """Write the picture at ``options.still`` seconds (None: a telling one) to *path*.

        A *path* with a number pattern gets all frames, numbered from 0, beside each other.
        """
        scene = at_rate(scene, options.fps)
        options = replace(options, fps=None)
        motion = scene.motion
        sequence = is_sequence(path)
        if sequence:
            frames = range(motion.n_frames)
        elif options.still is None:
            frames = range(best_frame(motion), best_frame(motion) + 1)
        else:
            if not 0.0 <= options.still <= motion.seconds:
                raise UsageError(
                    f"there is no picture at {options.still:g} s; the clip lasts"
                    f" {motion.seconds:g} s"
                )
            index = min(round(options.still * motion.fps), motion.n_frames - 1)
            frames = range(index, index + 1)
        drawing = open_drawing(scene, options)
        text = {"Software": "stickgen"}
        record = comment(scene)
        if record:
            text["Comment"] = record
        for done, index in enumerate(frames, start=1):
            pixels = straight(drawing.frame(index), drawing.pixel_format, options.transparent)
            target = numbered(path, index) if sequence else path
            target.write_bytes(encode_png(pixels, text))
            if progress is not None:
                progress(done, len(frames))
