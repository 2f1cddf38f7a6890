"""APNG: an animated PNG, lossless and with full transparency, for pages and chats.

Format: https://www.w3.org/TR/png-3/#apng-frame-based-animation. After the first picture only the
box of the pixels that changed is stored. A program that knows no APNG shows the first picture.
"""

from __future__ import annotations

import struct
from dataclasses import replace
from pathlib import Path
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core.drawing import open_drawing
from stickgen.core.protocols import Progress
from stickgen.core.types import RenderOptions, Scene
from stickgen.render.differing import Box, differing_box
from stickgen.render.drawing import comment
from stickgen.render.png import SIGNATURE, chunk, compressed, header, straight, text_chunk
from stickgen.render.shot import at_rate
from stickgen.render.video import frame_rate

_KEEP: Final = 0
"""Dispose: leave the frame where it is. Blend: replace what was there."""


class ApngExporter:
    """An endless lossless loop with soft edges on any background."""

    api_version: ClassVar[int] = 1
    media_type: ClassVar[str] = "image/apng"

    def write(
        self, scene: Scene, path: Path, options: RenderOptions, progress: Progress | None = None
    ) -> None:
        """Write *scene* to *path*, with provenance in a tEXt chunk."""
        scene = at_rate(scene, options.fps)
        drawing = open_drawing(scene, replace(options, fps=None))
        total = len(drawing)
        rate = frame_rate(scene.motion.fps)
        sequence = 0

        def control(box: Box) -> bytes:
            nonlocal sequence
            left, top, right, bottom = box
            size_and_place = (right - left, bottom - top, left, top)
            delay = (rate.denominator, rate.numerator)
            data = struct.pack(">IIIIIHHBB", sequence, *size_and_place, *delay, _KEEP, _KEEP)
            sequence += 1
            return chunk(b"fcTL", data)

        before: NDArray[np.uint8] | None = None
        with path.open("wb") as file:
            for index in range(total):
                pixels = straight(drawing.frame(index), drawing.pixel_format, options.transparent)
                if before is None:
                    height, width = pixels.shape[:2]
                    file.write(SIGNATURE + header(pixels))
                    file.write(chunk(b"acTL", struct.pack(">II", total, 0)))
                    file.write(text_chunk("Software", "stickgen"))
                    record = comment(scene)
                    if record:
                        file.write(text_chunk("Comment", record))
                    file.write(control((0, 0, width, height)))
                    file.write(chunk(b"IDAT", compressed(pixels)))
                else:
                    left, top, right, bottom = box = differing_box(before, pixels)
                    file.write(control(box))
                    number = struct.pack(">I", sequence)
                    sequence += 1
                    part = pixels[top:bottom, left:right]
                    file.write(chunk(b"fdAT", number + compressed(part)))
                before = pixels
                if progress is not None:
                    progress(index + 1, total)
            file.write(chunk(b"IEND", b""))
