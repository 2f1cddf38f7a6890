"""MP4: H.264 in yuv420p, colours by BT.709 and labelled so, made by several processes."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core.drawing import open_drawing
from stickgen.core.errors import PluginError, UsageError
from stickgen.core.protocols import Drawing, Progress
from stickgen.core.types import RenderOptions, Scene
from stickgen.render.drawing import comment, opaque
from stickgen.render.shot import at_rate, check_size
from stickgen.render.workers import Tick, parts, workers

if TYPE_CHECKING:
    from types import ModuleType

QUALITIES: Final = {
    "draft": {"preset": "ultrafast", "crf": "24"},
    "standard": {
        "preset": "veryfast",
        "crf": "20",
        "x264-params": "bframes=0:rc-lookahead=10:me=dia:subme=1",
    },
    "high": {"preset": "medium", "crf": "16"},
}
"""Settings of x264, all tuned for animation. Doing without B-frames costs flat pictures like ours
a sixth more bytes and saves a quarter of the time; the quickest search for movement costs 8 % more
bytes at the same error and saves a third."""

_BT709: Final = 1
_LIMITED: Final = 1


@dataclass(frozen=True, slots=True)
class Encoded:
    """A compressed frame: its bytes, times in units of one frame, and whether it starts a GOP."""

    data: bytes
    pts: int
    dts: int
    duration: int
    key: bool


def pyav() -> ModuleType:
    """Return PyAV; raises `PluginError` if it is missing or broken."""
    try:
        import av
    except (ImportError, OSError) as error:
        raise PluginError(
            f"video needs PyAV, which cannot be loaded ({error}); pip install av"
        ) from error
    return av  # type: ignore[no-any-return, unused-ignore]


def frame_rate(fps: float) -> Fraction:
    """Return *fps* as a fraction: 23.976 and its like as n / 1001, others to a thousandth."""
    for n in (24000, 30000, 60000, 120000):
        if abs(fps - n / 1001) < 5e-4:
            return Fraction(n, 1001)
    return Fraction(fps).limit_denominator(1000)


def _configure(context: Any, options: RenderOptions, fps: float) -> None:
    """Set up an encoder; the same for every part, so that one header serves all."""
    rate = frame_rate(fps)
    context.width, context.height = options.width, options.height
    context.pix_fmt = "yuv420p"
    context.framerate = rate
    context.time_base = 1 / rate
    context.thread_count = 1
    context.colorspace = context.color_primaries = context.color_trc = _BT709
    context.color_range = _LIMITED
    context.options = {**QUALITIES[options.quality], "tune": "animation"}


def encode_frames(
    drawing: Drawing, frames: range, encode: Callable[[Any], list[Any]], tick: Tick
) -> list[Encoded]:
    """Draw and encode *frames*; the times of the result begin at 0."""
    convert = Converter(drawing)
    out: list[Encoded] = []

    def keep(packets: list[Any]) -> None:
        for packet in packets:
            if packet.pts is None or packet.dts is None:
                continue
            out.append(
                Encoded(
                    bytes(packet), packet.pts, packet.dts, packet.duration or 1, packet.is_keyframe
                )
            )

    for i, index in enumerate(frames):
        frame = convert(drawing.frame(index))
        frame.pts = i
        keep(encode(frame))
        tick(i + 1)
    keep(encode(None))
    return out


class Converter:
    """Turns drawn frames into yuv420p by BT.709.

    The first frame is converted whole, later ones only where the drawing says they may differ:
    conversion costs as much as drawing. The result is overwritten by the next call.
    """

    def __init__(self, drawing: Drawing) -> None:
        from av.video.reformatter import VideoReformatter

        self._format = drawing.pixel_format
        self._box = getattr(drawing, "changing", None)
        self._reformatter = VideoReformatter()
        self._frame: Any = None

    def __call__(self, pixels: NDArray[np.uint8]) -> Any:
        if self._frame is None or self._box is None:
            self._frame = self._converted(pixels)
            return self._frame
        left, top, right, bottom = self._box
        part = self._converted(pixels[top:bottom, left:right])
        self._frame.make_writable()
        for plane, (to, new) in enumerate(zip(self._frame.planes, part.planes, strict=True)):
            shift = 0 if plane == 0 else 1
            target = np.frombuffer(to, np.uint8).reshape(-1, to.line_size)
            source = np.frombuffer(new, np.uint8).reshape(-1, new.line_size)
            rows = slice(top >> shift, bottom >> shift)
            columns = slice(left >> shift, right >> shift)
            target[rows, columns] = source[: new.height, : new.width]
        return self._frame

    def _converted(self, pixels: NDArray[np.uint8]) -> Any:
        from av.video.reformatter import ColorRange, Colorspace

        picture = pyav().VideoFrame.from_numpy_buffer(pixels, format=self._format)
        return self._reformatter.reformat(
            picture,
            format="yuv420p",
            dst_colorspace=Colorspace.ITU709,
            src_color_range=ColorRange.JPEG,
            dst_color_range=ColorRange.MPEG,
            threads=1,
        )


def encode_part(scene: Scene, options: RenderOptions, frames: range, tick: Tick) -> list[Encoded]:
    """Draw and encode *frames* of *scene* by an encoder of their own."""
    library = pyav()
    context = library.CodecContext.create("libx264", "w")
    _configure(context, options, scene.motion.fps)
    context.flags |= int(library.codec.context.Flags.global_header)
    return encode_frames(open_drawing(scene, options), frames, context.encode, tick)


def write_parts(
    encode_part: Callable[[Scene, RenderOptions, range, Tick], list[Encoded]],
    scene: Scene,
    options: RenderOptions,
    container: Any,
    stream: Any,
    progress: Progress | None,
) -> None:
    """Write all frames of *scene* to *stream* of *container*.

    The first part is drawn and encoded here by the encoder of the stream, the others by processes
    that run *encode_part*, whose packets follow.
    """
    library = pyav()
    total = scene.motion.n_frames
    time_base = 1 / frame_rate(scene.motion.fps)
    first, *others = parts(total, options.jobs)
    with workers(encode_part, [(scene, options, frames) for frames in others]) as helpers:

        def tick(own: int) -> None:
            for helper in helpers:
                helper.poll()
            if progress is not None:
                progress(own + sum(helper.done for helper in helpers), total)

        def mux(encoded: list[Encoded], offset: int) -> None:
            for each in encoded:
                packet = library.Packet(each.data)
                packet.time_base = time_base
                packet.pts, packet.dts = each.pts + offset, each.dts + offset
                packet.duration = each.duration
                packet.is_keyframe = each.key
                packet.stream = stream
                container.mux(packet)

        mux(encode_frames(open_drawing(scene, options), first, stream.encode, tick), 0)
        for helper, frames in zip(helpers, others, strict=True):
            mux(helper.result(lambda _: tick(len(first))), frames.start)
    if progress is not None:
        progress(total, total)


def even(options: RenderOptions, what: str = "mp4") -> RenderOptions:
    """Return *options* with even width and height, which yuv420p needs; warns if that cuts."""
    width, height = options.width & ~1, options.height & ~1
    if (width, height) != (options.width, options.height):
        warnings.warn(
            f"{what} needs even sizes, so {options.width}x{options.height} becomes"
            f" {width}x{height}",
            stacklevel=3,
        )
    return replace(options, width=width, height=height)


class Mp4Exporter:
    """H.264 video that plays everywhere."""

    api_version: ClassVar[int] = 1
    media_type: ClassVar[str] = "video/mp4"

    def write(
        self, scene: Scene, path: Path, options: RenderOptions, progress: Progress | None = None
    ) -> None:
        """Write *scene* to *path*, with provenance in the comment tag."""
        if options.quality not in QUALITIES:
            names = ", ".join(QUALITIES)
            raise UsageError(f"unknown quality {options.quality!r}; use one of {names}")
        check_size(options.width, options.height)
        library = pyav()
        options = opaque(even(options), "mp4")
        scene = at_rate(scene, options.fps)
        options = replace(options, fps=None)
        lean = replace(scene, script=None, meta={})
        with library.open(
            str(path), "w", format="mp4", options={"movflags": "+faststart"}
        ) as container:
            text = comment(scene)
            if text:
                container.metadata["comment"] = text
            stream = container.add_stream("libx264", rate=frame_rate(scene.motion.fps))
            _configure(stream.codec_context, options, scene.motion.fps)
            write_parts(encode_part, lean, options, container, stream, progress)
