"""The fast way to draw figures for training: plain round lines, from far to near, no backdrop.

One buffer is reused for all pictures. Colours are handed to cairo with red and blue exchanged, so
that its BGRA memory is RGBA for us; alpha is divided out only where an edge is half covered.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from stickgen.render.cairo import library
from stickgen.render.figure import (
    ARMS,
    HEAD,
    HEAD_OUTLINE,
    HEAD_RADIUS,
    LEGS,
    LINE,
    SPINE,
    TORSO,
)
from stickgen.render.png import SIGNATURE, chunk, header

Array = NDArray[np.float64]
Ink: TypeAlias = tuple[float, float, float]
"""Red, green and blue, 0-1."""
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
_PLATE: Final = (1.0, 1.0, 1.0)
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

    def draw(
        self,
        pixels: Array,
        depth: Array,
        heights: Array,
        focal: float,
        colours: Sequence[Ink],
    ) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """Return the picture, RGBA ``[size, size, 4]``, and the parts in the order of painting.

        Args:
            pixels: points of the actors ``[A, N_POINTS, 2]`` (see `stickgen.render.figure`).
            depth: their distance from the camera ``[A, N_POINTS]`` in metres.
            heights: standing heights ``[A]`` in metres.
            focal: focal length in pixels.
            colours: (red, green, blue) of each actor, 0-1.

        The order holds ``actor * 6 + part``, from far to near. The picture is overwritten by the
        next call.
        """
        away = part_depths(depth)
        order = painting_order(away)
        scales = focal * heights[:, None] / away
        behind = np.maximum((away - depth[:, :1]) / (0.3 * heights[:, None]), 0.0)
        behind = np.minimum(behind, 1.0)
        inks = [
            [(r + (1.0 - r) * pale, g + (1.0 - g) * pale, b + (1.0 - b) * pale) for pale in pales]
            for (r, g, b), pales in zip(colours, (_PALE * behind).tolist(), strict=True)
        ]
        sheet = self._colours
        sheet.clear(self._drawn)
        _paint(sheet, order, pixels, scales, inks, plate=True)
        sheet.flush()
        self._drawn = self._box(pixels, HEAD_RADIUS * float(scales.max(initial=0.0)) + 2.0)
        divide_alpha(sheet.pixels[self._drawn])
        return sheet.pixels, order

    def _box(self, points: Array, reach: float) -> Box:
        """Return where *points* ``[..., 2]`` and all within *reach* pixels of them are."""
        if not points.size:
            return slice(0), slice(0)
        flat = points.reshape(-1, 2)
        left, top = np.maximum(flat.min(axis=0) - reach, 0.0).tolist()
        right, bottom = np.minimum(flat.max(axis=0) + reach + 1.0, self.size).tolist()
        return slice(int(top), max(int(bottom), 0)), slice(int(left), max(int(right), 0))

    def mask(
        self, order: NDArray[np.int64], pixels: Array, depth: Array, heights: Array, focal: float
    ) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Return part numbers and actor numbers, both uint8 ``[size, size]``, 0 for nothing.

        Numbers begin at 1. A picture is painted again in the *order* it was drawn in, without soft
        edges.
        """
        if self._mask is None:
            self._mask = _Sheet(self.size, smooth=False)
        sheet = self._mask
        sheet.clear((slice(None), slice(None)))
        scales = focal * heights[:, None] / part_depths(depth)
        numbers = range(1, len(PARTS) + 1)
        inks = [
            [(part / 255.0, (actor + 1) / 255.0, 0.0) for part in numbers]
            for actor in range(len(pixels))
        ]
        _paint(sheet, order, pixels, scales, inks, plate=False)
        sheet.flush()
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


def _paint(
    sheet: _Sheet,
    order: NDArray[np.int64],
    pixels: Array,
    scales: Array,
    inks: list[list[Ink]],
    plate: bool,
) -> None:
    """Paint the parts in *order*; *scales* ``[A, 6]`` is the size of a figure in pixels there, and
    *plate* leaves a head only its outline.
    """
    points, sizes = pixels.tolist(), scales.tolist()
    for item in order.tolist():
        actor, part = divmod(item, len(PARTS))
        size, ink = sizes[actor][part], inks[actor][part]
        if part == _HEAD_PART:
            x, y = points[actor][HEAD]
            outer = HEAD_RADIUS * size
            sheet.disc(x, y, outer, ink)
            if plate:
                sheet.disc(x, y, max(outer - HEAD_OUTLINE * size, 0.5 * outer), _PLATE)
        else:
            width = LINE * size * (TORSO if part == 0 else 1.0)
            sheet.line(points[actor][_SLICES[part]], max(width, 1.0), ink)


def part_depths(depth: Array) -> Array:
    """Return the mean distance ``[A, 6]`` of each part, of distances ``[A, N_POINTS]``."""
    return np.asarray(np.add.reduceat(depth, _STARTS, axis=1) / _COUNTS)


def painting_order(away: Array) -> NDArray[np.int64]:
    """Return ``actor * 6 + part`` from far to near, of the parts' distances *away* ``[A, 6]``.

    Parts at the same distance keep the order of their numbers. A head less than 5 cm behind its
    torso is painted over it.
    """
    by = away.copy()
    by[:, 1] = np.minimum(by[:, 1], np.maximum(by[:, 0] - 1e-6, by[:, 1] - 0.05))
    return np.argsort(-by.ravel(), kind="stable").astype(np.int64)


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
        self._context = context
        if cairo.__name__ == "cairocffi":
            # The methods of cairocffi check for errors after every call; the functions do not.
            self._calls: Any = _Raw(cairo.cairo, context._pointer)
        else:
            self._calls = context

    def clear(self, box: Box) -> None:
        self.pixels[box] = 0
        self._surface.mark_dirty()

    def flush(self) -> None:
        self._surface.flush()

    def line(self, points: list[list[float]], width: float, ink: Ink) -> None:
        calls = self._calls
        calls.move_to(*points[0])
        for point in points[1:]:
            calls.line_to(*point)
        calls.set_source_rgb(ink[2], ink[1], ink[0])
        calls.set_line_width(width)
        calls.stroke()

    def disc(self, x: float, y: float, radius: float, ink: Ink) -> None:
        calls = self._calls
        calls.arc(x, y, radius, 0.0, _TAU)
        calls.set_source_rgb(ink[2], ink[1], ink[0])
        calls.fill()


class _Raw:
    """The drawing functions of libcairo, bound to one context."""

    def __init__(self, functions: Any, pointer: Any) -> None:
        from functools import partial

        for name in (
            "move_to",
            "line_to",
            "arc",
            "set_source_rgb",
            "set_line_width",
            "stroke",
            "fill",
        ):
            setattr(self, name, partial(getattr(functions, f"cairo_{name}"), pointer))
