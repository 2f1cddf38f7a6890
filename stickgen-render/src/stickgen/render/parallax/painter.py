"""The fast way to draw figures for training: plain round lines, from far to near, no backdrop.

What is to be drawn is worked out for many pictures at once (`lay_out`), and one buffer is reused
for all of them. Colours are handed to cairo with red and blue exchanged, so that its BGRA memory is
RGBA for us; alpha is divided out only where an edge is half covered.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from stickgen.render.cairo import library, pen
from stickgen.render.figure import (
    ARMS,
    HEAD,
    HEAD_OUTLINE,
    HEAD_RADIUS,
    LEGS,
    LINE,
    N_POINTS,
    SPINE,
    TORSO,
)
from stickgen.render.png import SIGNATURE, chunk, header

Array = NDArray[np.float64]
Box: TypeAlias = tuple[slice, slice]
"""Rows and columns of a picture."""

PARTS: Final = ("torso", "head", "l_arm", "r_arm", "l_leg", "r_leg")
"""Parts of a figure; in the mask, part i has the value i + 1."""

_SLICES: Final = (SPINE, slice(HEAD, HEAD + 1), *ARMS, *LEGS)
_STARTS: Final = np.array([part.start for part in _SLICES])
_COUNTS: Final = np.array([part.stop - part.start for part in _SLICES])
_PALE: Final = 0.34
"""How far a part behind the body goes toward white, at most."""
_HEAD_PART: Final = PARTS.index("head")
_BOLD: Final = np.array([TORSO if part == "torso" else 1.0 for part in PARTS])
"""Width of a part in limb lines."""
_TOLERANCE: Final = 0.2
"""How far a curve may be from its pieces, in pixels."""
_TAU: Final = 6.283185307179586


def _straight_table() -> NDArray[np.uint8]:
    """Return colour values by 256 * alpha + premultiplied value."""
    alpha = np.arange(256)[:, None]
    value = np.arange(256)[None, :]
    straight = np.minimum((value * 255 + alpha // 2) // np.maximum(alpha, 1), 255)
    return np.ascontiguousarray(straight, dtype=np.uint8).reshape(-1)


_STRAIGHT: Final = _straight_table()


@dataclass(frozen=True, eq=False)
class Layout:
    """What is painted where in N pictures of the same A actors.

    ``order`` int64 ``[N, 6 A]``: ``actor * 6 + part`` from far to near; ``points`` ``[N, A,
    N_POINTS, 2]`` in pixels; ``pens`` ``[N, 6 A, 4]``: blue, green and red (0-1) and width in
    pixels of every part; ``heads`` ``[N, A, 4]``: x, y, radius of the head and of the plate in it,
    in pixels; ``boxes`` int64 ``[N, 4]``: left, top, right and bottom of what is painted.
    """

    order: NDArray[np.int64]
    points: Array
    pens: Array
    heads: Array
    boxes: NDArray[np.int64]


def lay_out(
    points: Array, depth: Array, heights: Array, focal: Array, inks: Array, size: int
) -> Layout:
    """Return what is painted where in N pictures of *size* x *size* pixels.

    Args:
        points: points of the actors ``[N, A, N_POINTS, 2]`` (see `stickgen.render.figure`) in
            pixels.
        depth: their distance from the camera ``[N, A, N_POINTS]`` in metres.
        heights: standing heights ``[A]`` in metres.
        focal: focal lengths ``[N]`` in pixels.
        inks: red, green and blue of each actor ``[A, 3]``, 0-1.
        size: width and height of the pictures.
    """
    n, n_actors = depth.shape[:2]
    away = part_depths(depth)
    tall = heights[:, None]
    scales = focal[:, None, None] * tall / away
    behind = np.minimum(np.maximum((away - depth[..., :1]) / (0.3 * tall), 0.0), 1.0)
    colours = inks[:, None, ::-1]
    pens = np.empty((n, n_actors, len(PARTS), 4))
    pens[..., :3] = colours + (1.0 - colours) * (_PALE * behind)[..., None]
    pens[..., 3] = np.maximum(LINE * scales * _BOLD, 1.0)

    heads = np.empty((n, n_actors, 4))
    size_there = scales[..., _HEAD_PART]
    outer = HEAD_RADIUS * size_there
    heads[..., :2] = points[..., HEAD, :]
    heads[..., 2] = outer
    heads[..., 3] = np.maximum(outer - HEAD_OUTLINE * size_there, 0.5 * outer)

    reach = HEAD_RADIUS * scales.reshape(n, -1).max(axis=1)[:, None] + 2.0
    flat = points.reshape(n, -1, 2)
    boxes = np.empty((n, 4))
    boxes[:, :2] = flat.min(axis=1) - reach
    boxes[:, 2:] = np.minimum(flat.max(axis=1) + reach + 1.0, size)
    return Layout(
        order=painting_order(away),
        points=points,
        pens=pens.reshape(n, -1, 4),
        heads=heads,
        boxes=np.maximum(boxes, 0.0).astype(np.int64),
    )


class Painter:
    """Draws square pictures of *size* pixels, one after the other, into the same memory.

    Only the part of a picture that the figures are in is cleared, worked on and copied.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self._colours = _Sheet(size, smooth=True)
        self._mask: _Sheet | None = None
        self._rows = np.zeros((size, 1 + 4 * size), dtype=np.uint8)
        self._drawn: Box = (slice(0), slice(0))
        self._copied: Box = (slice(0), slice(0))
        self._head = SIGNATURE + header(self._colours.pixels)
        self._tail = chunk(b"IEND", b"")

    def draw(self, layout: Layout, picture: int = 0) -> NDArray[np.uint8]:
        """Return a picture of *layout*, RGBA ``[size, size, 4]``; the next call overwrites it."""
        sheet = self._colours
        sheet.clear(self._drawn)
        sheet.paint(layout, picture, layout.pens[picture], plate=True)
        left, top, right, bottom = layout.boxes[picture].tolist()
        self._drawn = slice(top, bottom), slice(left, right)
        divide_alpha(sheet.pixels[self._drawn])
        return sheet.pixels

    def mask(self, layout: Layout, picture: int = 0) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Return part numbers and actor numbers, both uint8 ``[size, size]``, 0 for nothing.

        Numbers begin at 1. A picture is painted in the same order, without soft edges.
        """
        if self._mask is None:
            self._mask = _Sheet(self.size, smooth=False)
        sheet = self._mask
        sheet.clear((slice(None), slice(None)))
        actor, part = np.divmod(np.arange(layout.pens.shape[1]), len(PARTS))
        pens = layout.pens[picture].copy()
        pens[:, 0], pens[:, 1], pens[:, 2] = 0.0, (actor + 1) / 255.0, (part + 1) / 255.0
        sheet.paint(layout, picture, pens, plate=False)
        return sheet.pixels[..., 0].copy(), sheet.pixels[..., 1].copy()

    def png(self) -> bytes:
        """Return the PNG file of the picture drawn last: unfiltered rows, compressed fast."""
        from isal import isal_zlib

        pixels = self._colours.pixels.reshape(self.size, -1)
        rows = self._rows[:, 1:]
        for box, source in ((self._copied, None), (self._drawn, pixels)):
            part = box[0], slice(4 * (box[1].start or 0), 4 * box[1].stop)
            rows[part] = 0 if source is None else source[part]
        self._copied = self._drawn
        data = b"IDAT" + isal_zlib.compress(self._rows, 1)
        length = (len(data) - 4).to_bytes(4, "big")
        checksum = zlib.crc32(data).to_bytes(4, "big")
        return b"".join((self._head, length, data, checksum, self._tail))


def part_depths(depth: Array) -> Array:
    """Return the mean distance ``[..., 6]`` of each part, of distances ``[..., N_POINTS]``."""
    return np.asarray(np.add.reduceat(depth, _STARTS, axis=-1) / _COUNTS)


def painting_order(away: Array) -> NDArray[np.int64]:
    """Return ``actor * 6 + part`` from far to near ``[N, 6 A]``, of the parts' distances *away*
    ``[N, A, 6]``.

    Parts at the same distance keep the order of their numbers. A head less than 5 cm behind its
    torso is painted over it.
    """
    by = away.copy()
    by[..., 1] = np.minimum(by[..., 1], np.maximum(by[..., 0] - 1e-6, by[..., 1] - 0.05))
    return np.argsort(-by.reshape(len(by), -1), axis=-1, kind="stable").astype(np.int64)


def divide_alpha(pixels: NDArray[np.uint8]) -> None:
    """Divide the alpha out of premultiplied *pixels* ``[H, W, 4]`` in place."""
    words = pixels.view("<u4")[..., 0]
    # Adding 1 to the alpha byte leaves only 0 (now 1) and 255 (now 0) below 2.
    at = np.flatnonzero((words + np.uint32(0x01000000)) >= np.uint32(0x02000000))
    flat = words.reshape(-1)
    some = flat.take(at)
    values = some.view(np.uint8).reshape(-1, 4)
    entry = values + ((some >> 24) << 8).astype(np.uint16)[:, None]
    straight = _STRAIGHT.take(entry)
    straight[:, 3] = values[:, 3]
    flat[at] = straight.view("<u4")[:, 0]
    words[...] = flat.reshape(words.shape)


class _Sheet:
    """A cairo surface over ``pixels`` ``[size, size, 4]``, with the two shapes figures need."""

    def __init__(self, size: int, smooth: bool) -> None:
        cairo: Any = library()
        self.pixels: NDArray[np.uint8] = np.zeros((size, size, 4), dtype=np.uint8)
        self._surface = cairo.ImageSurface.create_for_data(
            self.pixels.data.cast("B"), cairo.FORMAT_ARGB32, size, size, 4 * size
        )
        context = cairo.Context(self._surface)
        context.set_line_join(cairo.LINE_JOIN_ROUND)
        context.set_line_cap(cairo.LINE_CAP_ROUND)
        context.set_tolerance(_TOLERANCE)
        # FAST has 17 levels at an edge: enough for a picture this small, and easier to compress.
        context.set_antialias(cairo.ANTIALIAS_FAST if smooth else cairo.ANTIALIAS_NONE)
        self._pen = pen(cairo, context)
        self._lines = (_PathData if cairo.__name__ == "cairocffi" else _Points)(cairo, context)

    def clear(self, box: Box) -> None:
        self.pixels[box] = 0
        self._surface.mark_dirty()

    def paint(self, layout: Layout, picture: int, pens: Array, plate: bool) -> None:
        """Paint a picture with *pens* ``[6 A, 4]`` (see `Layout`); *plate* leaves a head only its
        outline.
        """
        context, lines = self._pen, self._lines
        lines.put(layout.points[picture])
        colours, heads = pens.tolist(), layout.heads[picture].tolist()
        for item in layout.order[picture].tolist():
            blue, green, red, width = colours[item]
            context.set_source_rgb(blue, green, red)
            actor, part = divmod(item, len(PARTS))
            if part == _HEAD_PART:
                x, y, outer, inner = heads[actor]
                context.arc(x, y, outer, 0.0, _TAU)
                context.fill()
                if plate:
                    context.set_source_rgb(1.0, 1.0, 1.0)
                    context.arc(x, y, inner, 0.0, _TAU)
                    context.fill()
            else:
                lines.trace(item)
                context.set_line_width(width)
                context.stroke()
        self._surface.flush()


class _Points:
    """Points of figures as paths of a cairo context, one call a point."""

    def __init__(self, cairo: Any, context: Any) -> None:
        self._context = context
        self._points: list[list[list[float]]] = []

    def put(self, points: Array) -> None:
        """Take the points of a picture, ``[A, N_POINTS, 2]``."""
        self._points = points.tolist()

    def trace(self, item: int) -> None:
        """Begin the path of part *item* = ``actor * 6 + part``."""
        actor, part = divmod(item, len(PARTS))
        first, *others = self._points[actor][_SLICES[part]]
        self._context.move_to(*first)
        for point in others:
            self._context.line_to(*point)


class _PathData:
    """The same for cairocffi, where a call takes longer than the line it draws: points lie in
    memory as cairo's own path data (a header of type and length, then the point), so that a part is
    one call.
    """

    def __init__(self, cairo: Any, context: Any) -> None:
        self._cairo, self._pointer = cairo, context._pointer
        self._append = cairo.cairo.cairo_append_path
        self._data: Array = np.zeros((0, N_POINTS, 2, 2))
        self._records: list[Any] = []

    def put(self, points: Array) -> None:
        if len(points) > len(self._data):
            self._make_room(len(points))
        self._data[: len(points), :, 1] = points

    def trace(self, item: int) -> None:
        self._append(self._pointer, self._records[item])

    def _make_room(self, n_actors: int) -> None:
        ffi = self._cairo.ffi
        self._data = np.zeros((n_actors, N_POINTS, 2, 2))
        kind_and_length = self._data.view(np.int32)[:, :, 0, :2]
        kind_and_length[:] = self._cairo.PATH_LINE_TO, 2
        kind_and_length[:, _STARTS, 0] = self._cairo.PATH_MOVE_TO
        self._records = []
        for actor in range(n_actors):
            for start, count in zip(_STARTS, _COUNTS, strict=True):
                record = ffi.new("cairo_path_t *")
                record.status = 0
                place = self._data[actor, start:].ctypes.data
                record.data = ffi.cast("cairo_path_data_t *", place)
                record.num_data = 2 * int(count)
                self._records.append(record)
