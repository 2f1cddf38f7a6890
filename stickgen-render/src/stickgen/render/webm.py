"""WebM: VP9 that every browser plays, with an alpha channel where the backdrop is left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, Final

from stickgen.core.drawing import open_drawing
from stickgen.core.errors import UsageError
from stickgen.core.protocols import Drawing, Progress
from stickgen.core.types import RenderOptions, Scene
from stickgen.render.drawing import comment
from stickgen.render.png import straight
from stickgen.render.shot import at_rate, check_size
from stickgen.render.video import Encoded, encode_frames, even, frame_rate, pyav, write_parts
from stickgen.render.workers import Tick

QUALITIES: Final = {
    "draft": {"cpu-used": "8", "crf": "40"},
    "standard": {"cpu-used": "6", "crf": "32"},
    "high": {"cpu-used": "4", "crf": "24"},
}
"""Settings of libvpx-vp9; all for constant quality in real-time mode, which looks no frame ahead
and so needs no frame that is never shown: those cannot carry alpha."""

_BT709: Final = 1
_LIMITED: Final = 1


def _configure(context: Any, options: RenderOptions, fps: float) -> None:
    """Set up an encoder; the same for every part of a clip."""
    rate = frame_rate(fps)
    context.width, context.height = options.width, options.height
    context.pix_fmt = "yuva420p" if options.transparent else "yuv420p"
    context.framerate = rate
    context.time_base = 1 / rate
    context.thread_count = 1
    context.bit_rate = 0
    context.gop_size = max(1, round(5.0 * fps))
    context.colorspace = context.color_primaries = context.color_trc = _BT709
    context.color_range = _LIMITED
    context.options = {
        **QUALITIES[options.quality],
        "deadline": "realtime",
        "lag-in-frames": "0",
        "auto-alt-ref": "0",
        "row-mt": "0",
    }


def encode_part(scene: Scene, options: RenderOptions, frames: range, tick: Tick) -> list[Encoded]:
    """Draw and encode *frames* of *scene*, without alpha, by an encoder of their own."""
    context = pyav().CodecContext.create("libvpx-vp9", "w")
    _configure(context, options, scene.motion.fps)
    return encode_frames(open_drawing(scene, options), frames, context.encode, tick)


def _with_alpha(drawing: Drawing, frames: range) -> Iterator[Any]:
    """Yield *frames* as yuva420p by BT.709, colours not premultiplied."""
    from av.video.reformatter import ColorRange, Colorspace, VideoReformatter

    library, reformatter = pyav(), VideoReformatter()
    for i, index in enumerate(frames):
        pixels = straight(drawing.frame(index), drawing.pixel_format, True)
        frame = reformatter.reformat(
            library.VideoFrame.from_ndarray(pixels, format="rgba"),
            format="yuva420p",
            dst_colorspace=Colorspace.ITU709,
            src_color_range=ColorRange.JPEG,
            dst_color_range=ColorRange.MPEG,
            threads=1,
        )
        frame.pts = i
        yield frame


class WebmExporter:
    """VP9 video for pages; with ``transparent`` the page shows through."""

    api_version: ClassVar[int] = 1
    media_type: ClassVar[str] = "video/webm"

    def write(
        self, scene: Scene, path: Path, options: RenderOptions, progress: Progress | None = None
    ) -> None:
        """Write *scene* to *path*, with provenance in the comment tag."""
        if options.quality not in QUALITIES:
            names = ", ".join(QUALITIES)
            raise UsageError(f"unknown quality {options.quality!r}; use one of {names}")
        check_size(options.width, options.height)
        library = pyav()
        options = even(options, "webm")
        scene = at_rate(scene, options.fps)
        options = replace(options, fps=None)
        lean = replace(scene, script=None, meta={})
        total = scene.motion.n_frames
        rate = frame_rate(scene.motion.fps)

        # A random identifier would be written into every file without "bitexact".
        with library.open(
            str(path), "w", format="webm", options={"fflags": "+bitexact"}
        ) as container:
            text = comment(scene)
            if text:
                container.metadata["comment"] = text
            stream = container.add_stream("libvpx-vp9", rate=rate)
            _configure(stream.codec_context, options, scene.motion.fps)
            if options.transparent:
                # Alpha travels beside the packets, so they go from encoder to file as they are.
                stream.metadata["alpha_mode"] = "1"
                drawing = open_drawing(lean, options)
                for done, frame in enumerate(_with_alpha(drawing, range(total)), start=1):
                    container.mux(stream.encode(frame))
                    if progress is not None:
                        progress(done, total)
                container.mux(stream.encode(None))
                return
            write_parts(encode_part, lean, options, container, stream, progress)
