"""GIF: one palette for the whole clip, made from sampled frames; the frames are then streamed.

Where the backdrop is left out, pixels less than half covered are see-through and the others solid:
a GIF knows nothing between.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core.drawing import open_drawing
from stickgen.core.protocols import Drawing, Progress
from stickgen.core.types import RenderOptions, Scene
from stickgen.render.drawing import comment
from stickgen.render.png import straight
from stickgen.render.shot import at_rate
from stickgen.render.video import frame_rate, pyav

SAMPLES: Final = 24
"""Frames the palette is made from."""

_TRAILER: Final = b"\x3b"


class GifExporter:
    """An endless loop for pages and chats."""

    api_version: ClassVar[int] = 1
    media_type: ClassVar[str] = "image/gif"

    def write(
        self, scene: Scene, path: Path, options: RenderOptions, progress: Progress | None = None
    ) -> None:
        """Write *scene* to *path* as an endlessly looping GIF, with provenance as its comment."""
        library = pyav()
        scene = at_rate(scene, options.fps)
        drawing: Drawing = open_drawing(scene, replace(options, fps=None))
        if options.transparent:
            drawing = _Straight(drawing)
        total = len(drawing)
        height, width = drawing.frame(0).shape[:2]
        time_base = 1 / frame_rate(scene.motion.fps)
        size = {"width": width, "height": height, "time_base": time_base}
        sampled = np.unique(np.linspace(0, total - 1, min(SAMPLES, total)).round().astype(int))
        palette = self._palette(library, drawing, sampled.tolist(), size, options.transparent)

        graph = library.filter.Graph()
        source = graph.add_buffer(format=drawing.pixel_format, name="frames", **size)
        colours = graph.add_buffer(
            width=palette.width,
            height=palette.height,
            format=palette.format.name,
            time_base=time_base,
            name="palette",
        )
        dither = "none" if options.transparent else "bayer:bayer_scale=4"
        apply = graph.add("paletteuse", f"dither={dither}:diff_mode=rectangle:alpha_threshold=128")
        sink = graph.add("buffersink")
        source.link_to(apply, 0, 0)
        colours.link_to(apply, 0, 1)
        apply.link_to(sink)
        graph.configure()
        palette.pts = 0
        palette.time_base = time_base
        colours.push(palette)
        colours.push(None)

        with library.open(str(path), "w", format="gif", options={"loop": "0"}) as container:
            stream = container.add_stream("gif", rate=1 / time_base)
            stream.width, stream.height, stream.pix_fmt = width, height, "pal8"
            stream.codec_context.time_base = time_base
            for index in range(total):
                source.push(_frame(library, drawing, index, time_base))
                for frame in _pulled(library, sink):
                    container.mux(stream.encode(frame))
                if progress is not None:
                    progress(index + 1, total)
            source.push(None)
            for frame in _pulled(library, sink):
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        text = comment(scene)
        if text:
            _append_comment(path, text)

    def _palette(
        self,
        library: Any,
        drawing: Drawing,
        indices: list[int],
        size: dict[str, Any],
        transparent: bool,
    ) -> Any:
        graph = library.filter.Graph()
        source = graph.add_buffer(format=drawing.pixel_format, **size)
        reserve = int(transparent)
        make = graph.add("palettegen", f"stats_mode=full:reserve_transparent={reserve}")
        sink = graph.add("buffersink")
        source.link_to(make)
        make.link_to(sink)
        graph.configure()
        for n, index in enumerate(indices):
            frame = _frame(library, drawing, index, size["time_base"])
            frame.pts = n
            source.push(frame)
        source.push(None)
        return next(_pulled(library, sink))


class _Straight:
    """A drawing whose frames are RGBA with the alpha divided out, which the filters expect."""

    pixel_format = "rgba"

    def __init__(self, drawing: Drawing) -> None:
        self._drawing = drawing

    def __len__(self) -> int:
        return len(self._drawing)

    def frame(self, index: int) -> NDArray[np.uint8]:
        return straight(self._drawing.frame(index), self._drawing.pixel_format, True)


def _frame(library: Any, drawing: Drawing, index: int, time_base: Any) -> Any:
    """Return frame *index* as a picture of its own memory (filters keep what they are given)."""
    frame = library.VideoFrame.from_ndarray(drawing.frame(index), format=drawing.pixel_format)
    frame.pts = index
    frame.time_base = time_base
    return frame


def _pulled(library: Any, sink: Any) -> Iterator[Any]:
    """Yield the frames a filter graph has ready."""
    while True:
        try:
            yield sink.pull()
        except (library.error.BlockingIOError, library.error.EOFError):
            return


def _append_comment(path: Path, text: str) -> None:
    """Put *text* into the GIF at *path* as a comment extension before its trailer."""
    data = path.read_bytes()
    if not data.endswith(_TRAILER):
        return
    raw = text.encode("ascii", "replace")
    blocks = b"".join(
        bytes([len(raw[i : i + 255])]) + raw[i : i + 255] for i in range(0, len(raw), 255)
    )
    with path.open("r+b") as handle:
        handle.seek(len(data) - 1)
        handle.write(b"\x21\xfe" + blocks + b"\x00" + _TRAILER)
