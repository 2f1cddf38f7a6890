"""Animated WebP: a loop with full colour and soft transparency at a fraction of a GIF's size.

Format: https://developers.google.com/speed/webp/docs/riff_container. Pillow compresses the
pictures; the container is our own, so that a clip of any length is streamed and only the box of the
pixels that changed is stored after the first picture.
"""

from __future__ import annotations

import io
import struct
from dataclasses import replace
from pathlib import Path
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core.drawing import open_drawing
from stickgen.core.errors import UsageError
from stickgen.core.protocols import Progress
from stickgen.core.types import RenderOptions, Scene
from stickgen.render.differing import differing_box, ticks
from stickgen.render.drawing import comment
from stickgen.render.png import straight
from stickgen.render.shot import at_rate

QUALITIES: Final = {"draft": (70, 0), "standard": (85, 2), "high": (95, 4)}
"""Quality and effort of the compression."""

_ALPHA, _XMP, _ANIMATION = 0x10, 0x04, 0x02
_REPLACE: Final = 0x02
"""A frame takes the place of what was there instead of being blended over it."""


class WebpExporter:
    """An endless loop for pages, small and with soft edges."""

    api_version: ClassVar[int] = 1
    media_type: ClassVar[str] = "image/webp"

    def write(
        self, scene: Scene, path: Path, options: RenderOptions, progress: Progress | None = None
    ) -> None:
        """Write *scene* to *path*, with provenance as XMP metadata."""
        if options.quality not in QUALITIES:
            names = ", ".join(QUALITIES)
            raise UsageError(f"unknown quality {options.quality!r}; use one of {names}")
        scene = at_rate(scene, options.fps)
        drawing = open_drawing(scene, replace(options, fps=None))
        total = len(drawing)
        quality, effort = QUALITIES[options.quality]
        durations = ticks(total, scene.motion.fps, 1000)
        height, width = drawing.frame(0).shape[:2]
        record = comment(scene)
        flags = _ANIMATION | (_ALPHA if options.transparent else 0) | (_XMP if record else 0)

        before: NDArray[np.uint8] | None = None
        with path.open("wb") as file:
            file.write(b"RIFF\0\0\0\0WEBP")
            file.write(_chunk(b"VP8X", bytes([flags, 0, 0, 0]) + _u24(width - 1, height - 1)))
            file.write(_chunk(b"ANIM", struct.pack("<IH", 0, 0)))
            for index in range(total):
                pixels = straight(drawing.frame(index), drawing.pixel_format, options.transparent)
                box = (0, 0, width, height)
                if before is not None:
                    box = differing_box(before, pixels, grid=2)
                left, top, right, bottom = box
                picture = _encoded(pixels[top:bottom, left:right], quality, effort)
                place = _u24(left // 2, top // 2, right - left - 1, bottom - top - 1)
                head = place + _u24(durations[index]) + bytes([_REPLACE])
                file.write(_chunk(b"ANMF", head + picture))
                before = pixels
                if progress is not None:
                    progress(index + 1, total)
            if record:
                file.write(_chunk(b"XMP ", _xmp(record)))
            size = file.tell()
            file.seek(4)
            file.write(struct.pack("<I", size - 8))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def _u24(*numbers: int) -> bytes:
    """Return *numbers* as three bytes each, the lowest first."""
    return b"".join(number.to_bytes(3, "little") for number in numbers)


def _encoded(pixels: NDArray[np.uint8], quality: int, effort: int) -> bytes:
    """Return the chunks ALPH and VP8 of a picture."""
    from PIL import Image

    buffer = io.BytesIO()
    image = Image.fromarray(np.ascontiguousarray(pixels))
    image.save(buffer, "WEBP", quality=quality, method=effort, alpha_quality=100)
    data = buffer.getvalue()
    out, at = b"", 12
    while at + 8 <= len(data):
        kind, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        end = at + 8 + size + size % 2
        if kind in (b"ALPH", b"VP8 ", b"VP8L"):
            out += data[at:end]
        at = end
    return out


def _xmp(record: str) -> bytes:
    """Return an XMP packet that describes the picture by *record*."""
    from xml.sax.saxutils import escape

    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{escape(record)}</rdf:li></rdf:Alt>'
        "</dc:description></rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()
