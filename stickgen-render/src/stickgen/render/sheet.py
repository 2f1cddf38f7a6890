"""Contact sheets: twelve moments of a clip on one page, cropped to the figures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core.drawing import open_drawing
from stickgen.core.protocols import Drawing, Progress
from stickgen.core.types import RenderOptions, Scene
from stickgen.render.drawing import comment
from stickgen.render.png import encode_png, straight
from stickgen.render.poses import best_frames
from stickgen.render.shot import Shot, at_rate

MOMENTS: Final = 12
COLUMNS: Final = 4
_GAP: Final = 6
_MARGIN: Final = 0.06
"""Room around the figures, as a fraction of the picture's height."""
_PAGE: Final = (58, 54, 51)
_INK: Final = (90, 80, 66)
_CHALK: Final = (214, 208, 224)


class ContactSheetExporter:
    """A page of stills, to judge a motion at a glance."""

    api_version: ClassVar[int] = 1
    media_type: ClassVar[str] = "image/png"

    def write(
        self, scene: Scene, path: Path, options: RenderOptions, progress: Progress | None = None
    ) -> None:
        """Write `MOMENTS` frames with their times to *path*; the sheet is ``options.width`` pixels
        wide.

        They are the first, the last, and evenly spaced ones between, each moved by at most a third
        of their distance to where the pose is seen best.
        """
        from PIL import Image, ImageDraw, ImageFont

        scene = at_rate(scene, options.fps)
        drawing = open_drawing(scene, replace(options, fps=None, transparent=False))
        total = len(drawing)
        frames = moments_of(drawing, np.linspace(0.0, 1.0, min(MOMENTS, total)))
        crop_width, crop_height = _crop_size(drawing, frames, options)
        columns = min(COLUMNS, len(frames))
        rows = -(-len(frames) // columns)
        cell_width = max(8, (options.width - _GAP * (columns + 1)) // columns)
        cell_height = max(8, round(cell_width * crop_height / crop_width))
        page = Image.new(
            "RGB",
            (
                columns * (cell_width + _GAP) + _GAP,
                rows * (cell_height + _GAP) + _GAP,
            ),
            _PAGE,
        )
        draw = ImageDraw.Draw(page)
        font = ImageFont.load_default(size=max(9, cell_width // 20))
        for n, index in enumerate(frames):
            pixels = straight(drawing.frame(index), drawing.pixel_format, False)
            left, top = _crop_place(drawing, index, pixels, crop_width, crop_height)
            piece: Any = Image.fromarray(pixels[top : top + crop_height, left : left + crop_width])
            piece = piece.resize((cell_width, cell_height), Image.Resampling.LANCZOS)
            x = _GAP + (n % columns) * (cell_width + _GAP)
            y = _GAP + (n // columns) * (cell_height + _GAP)
            page.paste(piece, (x, y))
            label = f"{index / scene.motion.fps:.2f} s"
            corner = np.asarray(piece)[: cell_width // 12, : cell_width // 5, :3]
            ink = _INK if corner.mean() > 110 else _CHALK
            draw.text((x + 5, y + 3), label, fill=ink, font=font)
            if progress is not None:
                progress(n + 1, len(frames))
        text = {"Software": "stickgen"}
        record = comment(scene)
        if record:
            text["Comment"] = record
        path.write_bytes(encode_png(np.asarray(page, dtype=np.uint8), text))


def moments_of(drawing: Drawing, shares: NDArray[np.float64]) -> list[int]:
    """Return the frames of *drawing* at *shares* of its length, in order and each once.

    A frame between the first and the last gives way to one near it whose silhouette is more open,
    where the drawing knows its figures.
    """
    total = len(drawing)
    at = np.unique((np.asarray(shares) * (total - 1)).round())
    shot = getattr(drawing, "shot", None)
    if not isinstance(shot, Shot) or len(at) < 3:
        return [int(each) for each in at]
    inner = best_frames(shot.openness, at[1:-1], float(np.diff(at).min()) / 3.0)
    ends = {int(at[0]), int(at[-1])}
    return sorted({*inner} | ends)


def _boxes(drawing: Drawing, frames: list[int]) -> list[tuple[float, float, float, float]]:
    """Return the boxes of the actors in *frames*, as far as the drawing knows them."""
    bounds = getattr(drawing, "bounds", None)
    if bounds is None:
        return []
    return [box for box in map(bounds, frames) if box is not None]


def _crop_size(drawing: Drawing, frames: list[int], options: RenderOptions) -> tuple[int, int]:
    """Return the width and height every cell is cut to: room for the largest pose."""
    boxes = _boxes(drawing, frames)
    if not boxes:
        return options.width, options.height
    margin = 2.0 * _MARGIN * options.height
    width = max(right - left for left, _, right, _ in boxes) + margin
    height = max(b[3] for b in boxes) - min(b[1] for b in boxes) + margin
    width, height = max(width, 0.62 * height), max(height, 0.5 * width)
    return (
        int(min(options.width, max(width, 16))),
        int(min(options.height, max(height, 16))),
    )


def _crop_place(
    drawing: Drawing, index: int, pixels: NDArray[np.uint8], width: int, height: int
) -> tuple[int, int]:
    """Return the left and top edge of the cut of frame *index*, which follows the actors."""
    boxes = _boxes(drawing, [index])
    if not boxes:
        return (pixels.shape[1] - width) // 2, (pixels.shape[0] - height) // 2
    left, _, right, _ = boxes[0]
    everything = _boxes(drawing, list(range(0, len(drawing), max(1, len(drawing) // 24))))
    top = min(b[1] for b in everything)
    bottom = max(b[3] for b in everything)
    x = round(0.5 * (left + right) - 0.5 * width)
    y = round(0.5 * (top + bottom) - 0.5 * height)
    return (
        min(max(x, 0), pixels.shape[1] - width),
        min(max(y, 0), pixels.shape[0] - height),
    )
