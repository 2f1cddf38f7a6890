"""Drawing with Pillow alone: the way out where no cairo library is to be found.

Each op is drawn as a mask at `SUPERSAMPLING` times the size, reduced, and pasted through.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from math import ceil, cos, floor, hypot, sin
from typing import TYPE_CHECKING, Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core.types import RenderOptions, Scene
from stickgen.render.blooming import bloom_box, blurred
from stickgen.render.display import (
    Bloom,
    Colour,
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

if TYPE_CHECKING:
    from PIL import Image

SUPERSAMPLING: Final = 4
_CURVE_STEPS: Final = 10
_CIRCLE_STEPS: Final = 56

Line = list[tuple[float, float]]


class PillowRenderer:
    """Draws with Pillow: slower, and needs no library of the system."""

    api_version: ClassVar[int] = 1

    def open(self, scene: Scene, options: RenderOptions) -> PillowDrawing:
        """Return the drawing of *scene*."""
        return PillowDrawing(open_shot(scene, options), open_style(options.style))


class PillowDrawing:
    """A shot drawn by Pillow; frames are premultiplied RGBA."""

    pixel_format = "rgba"

    def __init__(self, shot: Shot, style: PictureStyle) -> None:
        from PIL import Image

        self.shot = shot
        self._style = style
        blank = Image.new("RGBA", (shot.width, shot.height), (0, 0, 0, 0))
        self._backdrop = _paint(blank, style.fixed(shot))

    def __len__(self) -> int:
        return self.shot.n_frames

    @property
    def changing(self) -> Box:
        """The box (left, top, right, bottom) outside which all frames are alike."""
        return changing(self._style, self.shot)

    def frame(self, index: int) -> NDArray[np.uint8]:
        """Return frame *index* as uint8 ``[H, W, 4]``."""
        image = _paint(self._backdrop.copy(), self._style.frame(self.shot, index))
        return np.array(image, dtype=np.uint8)

    def bounds(self, index: int) -> tuple[float, float, float, float] | None:
        """Return the box of the actors in frame *index*, in pixels."""
        return self.shot.bounds(index)


def flatten(path: Path) -> list[tuple[Line, bool]]:
    """Return the figures of *path* as points, each with whether it is closed."""
    figures: list[tuple[Line, bool]] = []
    points: Line = []
    numbers = path.numbers
    i = 0
    for code in path.codes:
        if code == "M":
            if points:
                figures.append((points, False))
            points = [(numbers[i], numbers[i + 1])]
            i += 2
        elif code == "L":
            points.append((numbers[i], numbers[i + 1]))
            i += 2
        elif code == "C":
            x0, y0 = points[-1]
            x1, y1, x2, y2, x3, y3 = numbers[i : i + 6]
            for step in range(1, _CURVE_STEPS + 1):
                t = step / _CURVE_STEPS
                s = 1.0 - t
                a, b, c, d = s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t
                points.append(
                    (a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3)
                )
            i += 6
        elif code == "O":
            if points:
                figures.append((points, False))
                points = []
            cx, cy, r = numbers[i : i + 3]
            turn = 2.0 * np.pi / _CIRCLE_STEPS
            ring = [(cx + r * cos(k * turn), cy + r * sin(k * turn)) for k in range(_CIRCLE_STEPS)]
            figures.append((ring, True))
            i += 3
        elif points:
            figures.append((points, True))
            points = []
    if points:
        figures.append((points, False))
    return figures


def _paint(canvas: Image.Image, ops: DisplayList) -> Image.Image:
    painter = _Painter(canvas)
    for op in ops:
        painter.paint(op)
    return canvas


class _Painter:
    def __init__(self, canvas: Image.Image) -> None:
        self._canvas = canvas
        self._clips: list[Image.Image] = []
        self._memory: Image.Image | None = None
        self._memory_at = (0, 0)

    def paint(self, op: Any) -> None:
        if isinstance(op, Fill):
            self._through(op.path.bounds(), 1.0, self._filler(op.path), op.colour)
        elif isinstance(op, Stroke):
            self._through(
                op.path.bounds(),
                op.width,
                _stroker(op.path, op.width, op.round_caps),
                op.colour,
            )
        elif isinstance(op, Shade):
            self._shade(op)
        elif isinstance(op, Glow):
            self._glow(op)
        elif isinstance(op, PushClip):
            self._push_clip(op)
        elif isinstance(op, PopClip):
            self._clips.pop()
        elif isinstance(op, Snapshot):
            box = self._inside(op.box, 1.0)
            self._memory = self._canvas.crop(box) if box else None
            self._memory_at = (box[0], box[1]) if box else (0, 0)
        elif isinstance(op, Knockout):
            self._knockout(op)
        elif isinstance(op, Pixels):
            self._pixels(op)
        elif isinstance(op, Bloom):
            self._bloom(op)

    def _pixels(self, op: Pixels) -> None:
        from PIL import Image, ImageChops

        height, width = op.pixels.shape[:2]
        box = self._inside((op.x, op.y, op.x + width, op.y + height), 0.0)
        if box is None:
            return
        left, top, right, bottom = box
        part = op.pixels[top - op.y : bottom - op.y, left - op.x : right - op.x].copy()
        mask = Image.fromarray(np.ascontiguousarray(part[..., 3]))
        for clip in self._clips:
            mask = ImageChops.multiply(mask, clip.crop(box))
        if op.inside:
            below = np.asarray(self._canvas.crop(box)).astype(np.float64)
            cover = np.asarray(mask)[..., None] / 255.0
            over = part.astype(np.float64) * cover * below[..., 3:] / 255.0
            over[..., :3] += below[..., :3] * (1.0 - cover)
            over[..., 3] = below[..., 3]
            self._canvas.paste(Image.fromarray(np.rint(over).astype(np.uint8)), box)
            return
        part[..., 3] = 255
        self._canvas.paste(Image.fromarray(part), box, mask)

    def _bloom(self, op: Bloom) -> None:
        from PIL import Image

        box = bloom_box(op, self._canvas.width, self._canvas.height)
        if box is None:
            return
        left, top, wide, high, k = box
        small = Image.new("RGBA", (wide, high), (0, 0, 0, 0))
        for stroke in op.strokes:
            moved = Path()
            moved.codes = stroke.path.codes
            moved.numbers = _shrunk(stroke.path, left, top, k)
            _Painter(small).paint(Stroke(moved, stroke.colour, max(stroke.width / k, 1.0)))
        # Channel by channel, as the light is premultiplied and Pillow would take it for straight.
        light = blurred(np.asarray(small), op.strength, op.halo)
        size = (round(wide * k), round(high * k))
        channels = [
            Image.fromarray(np.ascontiguousarray(light[..., i])).resize(
                size, Image.Resampling.BILINEAR
            )
            for i in range(4)
        ]
        layer = np.zeros((self._canvas.height, self._canvas.width, 4), dtype=np.uint16)
        lit = np.stack([np.asarray(channel) for channel in channels], axis=-1)
        y0 = round(top)
        if op.floor is not None:
            lit = lit[::-1]
            y0 = round(2.0 * op.floor - top) - len(lit)
        x0 = round(left)
        a, b = max(0, -y0), min(len(lit), len(layer) - y0)
        c, d = max(0, -x0), min(lit.shape[1], layer.shape[1] - x0)
        if b <= a or d <= c:
            return
        layer[y0 + a : y0 + b, x0 + c : x0 + d] = lit[a:b, c:d]
        if op.floor is not None:
            rows = np.arange(len(layer)) + 0.5 - op.floor
            fading = np.where(rows >= 0.0, 1.0 - rows / max(op.fade, 1e-6), 0.0).clip(0.0, 1.0)
            layer = (layer * fading[:, None, None]).astype(np.uint16)
        total = np.minimum(layer + np.asarray(self._canvas), 255).astype(np.uint8)
        self._canvas.paste(Image.fromarray(total))

    def _inside(self, bounds: tuple[float, float, float, float], margin: float) -> Box | None:
        """Return the whole pixels of *bounds* and a *margin* that are on the canvas."""
        box = (
            max(0, floor(bounds[0] - margin)),
            max(0, floor(bounds[1] - margin)),
            min(self._canvas.width, ceil(bounds[2] + margin)),
            min(self._canvas.height, ceil(bounds[3] + margin)),
        )
        return box if box[2] > box[0] and box[3] > box[1] else None

    def _mask(self, box: Box, draw: Callable[[Any, float, float, float], None]) -> Image.Image:
        """Return the coverage that *draw* leaves in *box*, clipped."""
        from PIL import Image, ImageChops, ImageDraw

        left, top, right, bottom = box
        scale = SUPERSAMPLING
        large = Image.new("L", ((right - left) * scale, (bottom - top) * scale))
        draw(ImageDraw.Draw(large), float(left), float(top), float(scale))
        mask = large.reduce(scale)
        for clip in self._clips:
            mask = ImageChops.multiply(mask, clip.crop(box))
        return mask

    def _through(
        self,
        bounds: tuple[float, float, float, float],
        margin: float,
        draw: Callable[[Any, float, float, float], None],
        colour: Colour,
    ) -> None:
        box = self._inside(bounds, margin)
        if box is None:
            return
        mask = self._mask(box, draw)
        if colour[3] < 1.0:
            alpha = colour[3]
            mask = mask.point([round(v * alpha) for v in range(256)])
        # Pasting a picture blends all four channels; pasting a colour would not where alpha is 0.
        from PIL import Image

        self._canvas.paste(Image.new("RGBA", mask.size, (*_bytes(colour), 255)), box, mask)

    @staticmethod
    def _filler(path: Path) -> Callable[[Any, float, float, float], None]:
        def draw(pen: Any, left: float, top: float, scale: float) -> None:
            for points, _ in flatten(path):
                if len(points) > 2:
                    pen.polygon(_placed(points, left, top, scale), fill=255)

        return draw

    def _shade(self, op: Shade) -> None:
        from PIL import Image, ImageChops

        box = self._inside(op.path.bounds(), 1.0)
        if box is None:
            return
        mask = self._mask(box, self._filler(op.path))
        left, top, right, bottom = box
        x = np.arange(left, right)[None, :] + 0.5 - op.a[0]
        y = np.arange(top, bottom)[:, None] + 0.5 - op.a[1]
        dx, dy = op.b[0] - op.a[0], op.b[1] - op.a[1]
        t = (x * dx + y * dy) / max(dx * dx + dy * dy, 1e-9)
        colours = _ramp(t, op.stops)
        mask = ImageChops.multiply(mask, Image.fromarray(np.ascontiguousarray(colours[..., 3])))
        colours[..., 3] = 255
        self._canvas.paste(Image.fromarray(colours), box, mask)

    def _glow(self, op: Glow) -> None:
        from PIL import Image

        bounds = (op.cx - op.rx, op.cy - op.ry, op.cx + op.rx, op.cy + op.ry)
        box = self._inside(bounds, 1.0)
        if box is None:
            return
        left, top, right, bottom = box
        x = (np.arange(left, right)[None, :] + 0.5 - op.cx) / max(op.rx, 0.01)
        y = (np.arange(top, bottom)[:, None] + 0.5 - op.cy) / max(op.ry, 0.01)
        colours = _ramp(np.hypot(x, y), op.stops)
        mask = Image.fromarray(np.ascontiguousarray(colours[..., 3]))
        colours[..., 3] = 255
        self._canvas.paste(Image.fromarray(colours), box, mask)

    def _push_clip(self, op: PushClip) -> None:
        whole = (0, 0, self._canvas.width, self._canvas.height)
        from PIL import Image

        clip = Image.new("L", self._canvas.size)
        box = self._inside(op.path.bounds(), 1.0)
        if box is not None:
            clip.paste(self._mask(box, self._filler(op.path)), box)
        self._clips.append(clip.crop(whole))

    def _knockout(self, op: Knockout) -> None:
        if self._memory is None:
            return
        box = self._inside(op.path.bounds(), op.width)
        if box is None:
            return
        x, y = self._memory_at
        right, bottom = x + self._memory.width, y + self._memory.height
        box = (max(box[0], x), max(box[1], y), min(box[2], right), min(box[3], bottom))
        if box[2] <= box[0] or box[3] <= box[1]:
            return
        mask = self._mask(box, _stroker(op.path, op.width, False))
        part = self._memory.crop((box[0] - x, box[1] - y, box[2] - x, box[3] - y))
        self._canvas.paste(part, box, mask)


def _shrunk(path: Path, left: float, top: float, k: float) -> list[float]:
    """Return the numbers of *path* seen from (left, top) at 1/k of the size."""
    numbers: list[float] = []
    i = 0
    for code in path.codes:
        n = {"Z": 0, "C": 6}.get(code, 2)
        for j in range(i, i + n, 2):
            numbers += ((path.numbers[j] - left) / k, (path.numbers[j + 1] - top) / k)
        i += n
        if code == "O":
            numbers.append(path.numbers[i] / k)
            i += 1
    return numbers


def _bytes(colour: Colour) -> tuple[int, int, int]:
    return (round(255 * colour[0]), round(255 * colour[1]), round(255 * colour[2]))


def _placed(points: Line, left: float, top: float, scale: float) -> Line:
    # Pillow's coordinates are those of pixel centres.
    return [((x - left) * scale - 0.5, (y - top) * scale - 0.5) for x, y in points]


def _ramp(t: NDArray[np.float64], stops: Stops) -> NDArray[np.uint8]:
    """Return RGBA bytes ``[H, W, 4]`` of a gradient at *t*."""
    offsets = [offset for offset, _ in stops]
    table = np.array([tint for _, tint in stops])
    channels = [np.interp(t, offsets, table[:, i]) for i in range(4)]
    return np.rint(255.0 * np.stack(channels, axis=-1)).astype(np.uint8)


def _stroker(
    path: Path, width: float, round_caps: bool
) -> Callable[[Any, float, float, float], None]:
    """Return what draws the outline of *path*: a quadrangle a line and a disc a corner."""

    def draw(pen: Any, left: float, top: float, scale: float) -> None:
        # Pillow paints the pixels on an outline, too.
        half = max(0.5 * width * scale - 0.5, 0.25)
        for points, closed in flatten(path):
            placed = _placed([*points, points[0]] if closed else points, left, top, scale)
            last = len(placed) - 1
            for i, (x, y) in enumerate(placed):
                if round_caps or closed or 0 < i < last:
                    pen.ellipse((x - half, y - half, x + half, y + half), fill=255)
            for (ax, ay), (bx, by) in pairwise(placed):
                length = hypot(bx - ax, by - ay)
                if length > 0.0:
                    nx, ny = -(by - ay) / length * half, (bx - ax) / length * half
                    corners = [
                        (ax + nx, ay + ny),
                        (bx + nx, by + ny),
                        (bx - nx, by - ny),
                        (ax - nx, ay - ny),
                    ]
                    pen.polygon(corners, fill=255)

    return draw
