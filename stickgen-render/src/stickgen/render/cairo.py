"""Drawing with the cairo library, by pycairo where it is installed, else by cairocffi."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from math import ceil, floor
from types import ModuleType, SimpleNamespace
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core.errors import PluginError
from stickgen.core.types import RenderOptions, Scene
from stickgen.render.blooming import bloom_box, blurred
from stickgen.render.display import (
    Bloom,
    DisplayList,
    Fill,
    Glow,
    Knockout,
    Path,
    Pixels,
    PopClip,
    PushClip,
    Shade,
    Snapshot,
    Stops,
    Stroke,
)
from stickgen.render.drawing import open_shot, open_style
from stickgen.render.shot import Shot
from stickgen.render.styles.base import Box, PictureStyle, changing

_TAU: Final = 6.283185307179586
_LONG: Final = 12
"""Paths of more numbers than this are handed over in one piece where that is faster."""


@cache
def library() -> ModuleType:
    """Return the module that speaks to cairo; raises `PluginError` if there is none."""
    try:
        import cairo
    except ImportError:
        pass
    else:
        return cairo  # type: ignore[no-any-return, unused-ignore]
    try:
        import cairocffi
    except (ImportError, OSError) as error:
        raise PluginError(
            "the cairo renderer finds no cairo library; install libcairo2 (Debian: apt-get install"
            " libcairo2) or use the pillow renderer"
        ) from error
    return cairocffi  # type: ignore[no-any-return, unused-ignore]


class CairoRenderer:
    """Draws with cairo: the best edges for their price."""

    api_version: ClassVar[int] = 1

    def open(self, scene: Scene, options: RenderOptions) -> CairoDrawing:
        """Return the drawing of *scene*; raises `PluginError` where libcairo is missing."""
        return CairoDrawing(library(), open_shot(scene, options), open_style(options.style))


class CairoDrawing:
    """A shot drawn by cairo; frames are premultiplied BGRA in one reused buffer."""

    pixel_format = "bgra"

    def __init__(self, cairo: ModuleType, shot: Shot, style: PictureStyle) -> None:
        self.shot = shot
        self._style = style
        self._canvas = _Canvas(cairo, shot.width, shot.height)
        backdrop = _Canvas(cairo, shot.width, shot.height)
        backdrop.paint(style.fixed(shot))
        self._backdrop = backdrop
        np.copyto(self._canvas.pixels, backdrop.pixels)
        left, top, right, bottom = self.changing
        self._moving = (slice(top, bottom), slice(left, right))

    def __len__(self) -> int:
        return self.shot.n_frames

    @property
    def changing(self) -> Box:
        """The box (left, top, right, bottom) outside which all frames are alike."""
        return changing(self._style, self.shot)

    def frame(self, index: int) -> NDArray[np.uint8]:
        """Return frame *index* as uint8 ``[H, W, 4]``; the next call overwrites it."""
        self._canvas.pixels[self._moving] = self._backdrop.pixels[self._moving]
        self._canvas.touched()
        self._canvas.paint(self._style.frame(self.shot, index))
        return self._canvas.pixels

    def bounds(self, index: int) -> tuple[float, float, float, float] | None:
        """Return the box of the actors in frame *index*, in pixels."""
        return self.shot.bounds(index)


class _Canvas:
    """A cairo surface over a numpy buffer, and the painting of display lists on it."""

    def __init__(self, cairo: ModuleType, width: int, height: int) -> None:
        self._cairo = cairo
        self.pixels: NDArray[np.uint8] = np.zeros((height, width, 4), dtype=np.uint8)
        self._surface: Any = cairo.ImageSurface.create_for_data(
            self.pixels.data.cast("B"), cairo.FORMAT_ARGB32, width, height, 4 * width
        )
        self._context: Any = cairo.Context(self._surface)
        self._context.set_line_join(cairo.LINE_JOIN_ROUND)
        self._context.set_line_cap(cairo.LINE_CAP_ROUND)
        self._round = True
        self._pen = pen(cairo, self._context)
        self._add = _tracer(cairo, self._context)
        self._memory: tuple[NDArray[np.uint8], Any] | None = None
        self._remembers = False
        self._small: _Canvas | None = None
        self._light: _Canvas | None = None
        self._glows: dict[Stops, Any] = {}
        self._pictures: dict[int, tuple[NDArray[np.uint8], NDArray[np.uint8], Any]] = {}
        self._painters = {
            Fill: self._fill,
            Stroke: self._stroke,
            Shade: self._shade,
            Glow: self._glow,
            PushClip: self._push_clip,
            PopClip: self._pop_clip,
            Snapshot: self._snapshot,
            Knockout: self._knockout,
            Pixels: self._paste,
            Bloom: self._bloom,
        }

    def touched(self) -> None:
        """Tell cairo that the pixels were written by someone else."""
        self._surface.mark_dirty()

    def paint(self, ops: DisplayList) -> None:
        """Paint *ops* in order and make the pixels readable."""
        painters = self._painters
        for op in ops:
            painters[type(op)](op)  # type: ignore[operator]
        self._context.new_path()  # raises what has gone wrong meanwhile
        self._surface.flush()

    def _trace(self, path: Path) -> None:
        context = self._pen
        numbers = path.numbers
        if len(numbers) > _LONG and self._add(path):
            return
        i = 0
        for code in path.codes:
            if code == "L":
                context.line_to(numbers[i], numbers[i + 1])
                i += 2
            elif code == "C":
                context.curve_to(*numbers[i : i + 6])
                i += 6
            elif code == "M":
                context.move_to(numbers[i], numbers[i + 1])
                i += 2
            elif code == "O":
                context.new_sub_path()
                context.arc(numbers[i], numbers[i + 1], numbers[i + 2], 0.0, _TAU)
                context.close_path()
                i += 3
            else:
                context.close_path()

    def _fill(self, op: Fill) -> None:
        self._trace(op.path)
        self._pen.set_source_rgba(*op.colour)
        self._pen.fill()

    def _stroke(self, op: Stroke) -> None:
        context = self._pen
        self._caps(op.round_caps)
        self._trace(op.path)
        context.set_source_rgba(*op.colour)
        context.set_line_width(op.width)
        context.stroke()

    def _caps(self, round_caps: bool) -> None:
        if round_caps != self._round:
            cairo = self._cairo
            self._context.set_line_cap(cairo.LINE_CAP_ROUND if round_caps else cairo.LINE_CAP_BUTT)
            self._round = round_caps

    def _shade(self, op: Shade) -> None:
        gradient = self._cairo.LinearGradient(*op.a, *op.b)
        for offset, tint in op.stops:
            gradient.add_color_stop_rgba(offset, *tint)
        self._trace(op.path)
        self._context.set_source(gradient)
        self._pen.fill()

    def _glow(self, op: Glow) -> None:
        gradient = self._glows.get(op.stops)
        if gradient is None:
            gradient = self._cairo.RadialGradient(0.0, 0.0, 0.0, 0.0, 0.0, 1.0)
            for offset, tint in op.stops:
                gradient.add_color_stop_rgba(offset, *tint)
            self._glows[op.stops] = gradient
        context = self._pen
        context.save()
        context.translate(op.cx, op.cy)
        context.scale(max(op.rx, 0.01), max(op.ry, 0.01))
        self._context.set_source(gradient)
        context.rectangle(-1.0, -1.0, 2.0, 2.0)
        context.fill()
        context.restore()

    def _push_clip(self, op: PushClip) -> None:
        self._pen.save()
        self._trace(op.path)
        self._pen.clip()

    def _pop_clip(self, _: PopClip) -> None:
        self._pen.restore()

    def _snapshot(self, op: Snapshot) -> None:
        height, width = self.pixels.shape[:2]
        left, top = max(0, int(op.box[0])), max(0, int(op.box[1]))
        right, bottom = min(width, int(op.box[2]) + 1), min(height, int(op.box[3]) + 1)
        if right <= left or bottom <= top:
            self._remembers = False
            return
        self._surface.flush()
        if self._memory is None:
            pixels = np.zeros_like(self.pixels)
            surface = self._cairo.ImageSurface.create_for_data(
                pixels.data.cast("B"), self._cairo.FORMAT_ARGB32, width, height, 4 * width
            )
            self._memory = (pixels, surface)
        pixels, surface = self._memory
        pixels[top:bottom, left:right] = self.pixels[top:bottom, left:right]
        surface.mark_dirty()
        self._remembers = True

    def _knockout(self, op: Knockout) -> None:
        if not self._remembers or self._memory is None:
            return
        context = self._context
        self._caps(False)
        self._trace(op.path)
        context.set_source_surface(self._memory[1], 0, 0)
        context.set_operator(self._cairo.OPERATOR_SOURCE)
        context.set_line_width(op.width)
        context.stroke()
        context.set_operator(self._cairo.OPERATOR_OVER)

    def _paste(self, op: Pixels) -> None:
        cairo, context = self._cairo, self._context
        kept = self._pictures.get(id(op.pixels))
        if kept is None:
            if len(self._pictures) > 64:
                self._pictures.clear()
            alpha = op.pixels[..., 3:].astype(np.uint16)
            colours = (op.pixels[..., 2::-1] * alpha + 127) // 255
            ours = np.concatenate([colours, alpha], axis=-1).astype(np.uint8)
            height, width = ours.shape[:2]
            surface = cairo.ImageSurface.create_for_data(
                ours.data.cast("B"), cairo.FORMAT_ARGB32, width, height, 4 * width
            )
            kept = self._pictures[id(op.pixels)] = (op.pixels, ours, surface)
        height, width = op.pixels.shape[:2]
        context.set_source_surface(kept[2], op.x, op.y)
        if op.inside:
            context.set_operator(cairo.OPERATOR_ATOP)
        context.rectangle(op.x, op.y, width, height)
        context.fill()
        if op.inside:
            context.set_operator(cairo.OPERATOR_OVER)

    def _bloom(self, op: Bloom) -> None:
        cairo, context = self._cairo, self._context
        box = bloom_box(op, self.pixels.shape[1], self.pixels.shape[0])
        if box is None:
            return
        left, top, wide, high, k = box
        small = self._small
        if small is None or small.pixels.shape[0] < high + 2 or small.pixels.shape[1] < wide + 2:
            small = self._small = _Canvas(cairo, wide + 60, high + 60)
        small.pixels[: high + 2, : wide + 2] = 0
        small.touched()
        round_caps = small._round
        small._context.save()
        small._context.rectangle(0, 0, wide, high)
        small._context.clip()
        small._context.scale(1.0 / k, 1.0 / k)
        small._context.translate(-left, -top)
        small.paint(stroke._replace(width=max(stroke.width, k)) for stroke in op.strokes)
        small._context.restore()
        small._round = round_caps
        light = blurred(small.pixels[:high, :wide], op.strength, op.halo)
        if op.floor is not None:
            above = op.floor - (top + k * (np.arange(high) + 0.5))
            fading = np.clip(1.0 - np.maximum(above, 0.0) / max(op.fade, 1e-6), 0.0, 1.0)
            light = (light * fading[:, None, None]).astype(np.uint8)
        small.pixels[:high, :wide] = light
        small.touched()
        # Light is enlarged first and added then: cairo is slow at doing both at once.
        if self._light is None:
            self._light = _Canvas(cairo, self.pixels.shape[1], self.pixels.shape[0])
        enlarged = self._light._context
        enlarged.save()
        bottom = top + k * high
        if op.floor is None:
            enlarged.translate(left, top)
            enlarged.scale(k, k)
        else:
            context.save()
            context.rectangle(left, op.floor, wide * k, op.fade)
            context.clip()
            enlarged.translate(left, 2.0 * op.floor - top)
            enlarged.scale(k, -k)
            top, bottom = op.floor, min(2.0 * op.floor - top, op.floor + op.fade)
        enlarged.set_source_surface(small._surface, 0, 0)
        enlarged.identity_matrix()
        enlarged.set_operator(cairo.OPERATOR_SOURCE)
        x, y = floor(left), floor(top)
        area = (x, y, ceil(left + k * wide) - x, ceil(bottom) - y)
        enlarged.rectangle(*area)
        enlarged.fill()
        enlarged.restore()
        context.set_source_surface(self._light._surface, 0, 0)
        context.set_operator(cairo.OPERATOR_ADD)
        context.rectangle(*area)
        context.fill()
        context.set_operator(cairo.OPERATOR_OVER)
        if op.floor is not None:
            context.restore()


def pen(cairo: ModuleType, context: Any) -> Any:
    """Return *context*, or what offers its drawing methods for less.

    cairocffi asks cairo after every call whether all is well, which takes longer than the call.
    cairo remembers an error and does nothing more, so that asking once a picture is enough.
    """
    if cairo.__name__ != "cairocffi":
        return context
    methods = (
        "move_to", "line_to", "curve_to", "new_sub_path", "arc", "close_path", "rectangle", "fill",
        "stroke", "clip", "save", "restore", "translate", "scale", "set_line_width",
        "set_source_rgb", "set_source_rgba",
    )  # fmt: skip
    quick = {
        name: partial(getattr(cairo.cairo, f"cairo_{name}"), context._pointer) for name in methods
    }
    return SimpleNamespace(**quick)


_ELEMENTS: Final = {"M": (0, 2), "L": (1, 2), "C": (2, 4), "Z": (3, 1)}
"""What cairo calls a piece of a path, and its length: a header and its points."""


def _tracer(cairo: ModuleType, context: Any) -> Callable[[Path], bool]:
    """Return a function that adds a path to *context* and says whether it could.

    A call through cffi costs more than the line it draws, so there the path is laid out in memory
    as cairo's own path data (a header of type and length, then points) and added by one call.
    """
    if cairo.__name__ != "cairocffi":
        return lambda path: False

    header = np.dtype([("type", np.int32), ("length", np.int32), ("unused", np.float64)])
    ffi, library, pointer = cairo.ffi, cairo.cairo, context._pointer
    kind, length = np.zeros(256, np.int32), np.zeros(256, np.int32)
    for code, (name, size) in _ELEMENTS.items():
        kind[ord(code)], length[ord(code)] = name, size
    layouts: dict[str, tuple[NDArray[np.float64], NDArray[np.intp], Any]] = {}

    def layout(codes: str) -> tuple[NDArray[np.float64], NDArray[np.intp], Any]:
        which = np.frombuffer(codes.encode(), np.uint8)
        sizes = length[which]
        headers = np.cumsum(sizes) - sizes
        data = np.zeros(int(sizes.sum()), dtype=header)
        data["type"][headers], data["length"][headers] = kind[which], sizes
        points = np.delete(np.arange(len(data)), headers)
        record = ffi.new("cairo_path_t *")
        record.status = 0
        record.data = ffi.cast("cairo_path_data_t *", ffi.from_buffer(data))
        record.num_data = len(data)
        return data.view(np.float64).reshape(-1, 2), points, record

    def at_once(path: Path) -> bool:
        codes = path.codes
        found = layouts.get(codes)
        if found is None:
            if "O" in codes:
                return False
            if len(layouts) > 256:
                layouts.clear()
            found = layouts[codes] = layout(codes)
        data, points, record = found
        data[points] = np.array(path.numbers).reshape(-1, 2)
        library.cairo_append_path(pointer, record)
        return True

    return at_once
