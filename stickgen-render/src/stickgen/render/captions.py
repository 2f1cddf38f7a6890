"""Captions: subtitles at the foot of the picture, and speech bubbles beside who speaks.

The words are set in the font that comes with Pillow, so no font of the system is needed and a
picture is the same everywhere.
"""

from __future__ import annotations

from functools import lru_cache
from math import cos, pi, sin
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core.types import Caption
from stickgen.render.display import Colour, Fill, Op, Path, Pixels, Stroke, colour
from stickgen.render.figure import HEAD, HEAD_RADIUS

if TYPE_CHECKING:
    from stickgen.render.shot import Shot

_SIZE: Final = 0.046
"""Height of the letters' line over the picture's height."""
_SMALLEST: Final = 11.0
_MOST_LETTERS: Final = 400
_MOST_LINES: Final = 4
_BUBBLE: Final[tuple[Colour, Colour]] = (colour("#fffdf8"), colour("#3a3633"))
_SUBTITLE: Final = (0.09, 0.08, 0.10, 0.72)


def _font_size(shot: Shot) -> float:
    return max(_SIZE * min(shot.height, 0.8 * shot.width), _SMALLEST)


@lru_cache(maxsize=64)
def words(text: str, size: float, width: int, tint: Colour) -> NDArray[np.uint8]:
    """Return *text* as RGBA ``[h, w, 4]``, at most *width* pixels wide, in lines of even length.

    What takes more than four lines is set smaller, and cut with an ellipsis where even half the
    size is too large.
    """
    from PIL import Image, ImageDraw, ImageFont

    text = " ".join(text.split())
    if len(text) > _MOST_LETTERS:
        text = text[:_MOST_LETTERS] + "…"
    while True:
        font = ImageFont.load_default(size)
        lines = _wrapped(text, font.getlength, width)
        if len(lines) <= _MOST_LINES or size * 0.9 < _SMALLEST * 0.8:
            break
        size *= 0.9
    if len(lines) > _MOST_LINES:
        lines = lines[:_MOST_LINES]
        while lines[-1] and font.getlength(lines[-1] + "…") > width:
            lines[-1] = lines[-1][:-1]
        lines[-1] += "…"
    step = 1.24 * size
    wide = min(width, round(max(font.getlength(line) for line in lines)) + 2)
    mask = Image.new("L", (max(wide, 1), round(step * len(lines)) + 2), 0)
    pen = ImageDraw.Draw(mask)
    for i, line in enumerate(lines):
        pen.text((0.5 * wide, 1.0 + (i + 0.5) * step), line, fill=255, font=font, anchor="mm")
    out = np.empty((mask.height, mask.width, 4), dtype=np.uint8)
    out[..., :3] = [round(255 * c) for c in tint[:3]]
    out[..., 3] = np.asarray(mask)
    out.flags.writeable = False
    return out


def _wrapped(text: str, length: Any, width: float) -> list[str]:
    """Return *text* in as few lines as fit into *width*, those about as long as each other."""

    def broken(limit: float) -> list[str]:
        lines: list[str] = []
        for word in text.split():
            while length(word) > limit and len(word) > 1:
                part, most = 1, len(word)
                while part + 1 < most:
                    middle = (part + most) // 2
                    fits = length(word[:middle]) <= limit
                    part, most = (middle, most) if fits else (part, middle)
                lines.append(word[:part])
                word = word[part:]
            if lines and length(f"{lines[-1]} {word}") <= limit:
                lines[-1] = f"{lines[-1]} {word}"
            else:
                lines.append(word)
        return lines

    best = broken(width)
    for share in (0.55, 0.65, 0.75, 0.85, 0.93):
        tried = broken(share * width)
        if len(tried) == len(best):
            return tried
    return best


def _now(captions: tuple[Caption, ...], seconds: float) -> list[Caption]:
    return [c for c in captions if c.start <= seconds < c.end and c.text.strip()]


def draw_captions(
    out: list[Op], shot: Shot, index: int, bubble: tuple[Colour, Colour] = _BUBBLE
) -> None:
    """Append the captions of frame *index*; *bubble* is the paper and the ink of a bubble."""
    if not shot.captions:
        return
    now = _now(shot.captions, (index + 0.5) / shot.figures.fps)
    taken: list[tuple[float, float, float, float]] = []
    below = float(shot.height) * 0.965
    for caption in now:
        actor = caption.actor
        spoken = actor is not None and 0 <= actor < shot.figures.n_actors
        if spoken and shot.cast.visible[index, actor]:
            _bubble(out, shot, index, caption, bubble, taken)
        else:
            below = _subtitle(out, shot, caption, below)


def _subtitle(out: list[Op], shot: Shot, caption: Caption, below: float) -> float:
    """Append a subtitle whose lower edge is at *below*; return where the next one may end."""
    size = _font_size(shot)
    text = words(caption.text, size, int(0.82 * shot.width), (1.0, 1.0, 1.0, 1.0))
    high, wide = text.shape[:2]
    pad = 0.32 * size
    left, top = (shot.width - wide) // 2, max(round(below - pad - high), 0)
    plate = _round_box(left - 1.6 * pad, top - pad, wide + 3.2 * pad, high + 2 * pad, 0.45 * size)
    out.append(Fill(plate, _SUBTITLE))
    out.append(Pixels(left, top, text))
    return float(top - 2.0 * pad)


def _bubble(
    out: list[Op],
    shot: Shot,
    index: int,
    caption: Caption,
    bubble: tuple[Colour, Colour],
    taken: list[tuple[float, float, float, float]],
) -> None:
    paper, ink = bubble
    size = _font_size(shot)
    text = words(caption.text, size, int(0.34 * shot.width), ink)
    high, wide = text.shape[:2]
    pad = 0.55 * size
    margin = 0.018 * shot.height
    box_w, box_h = wide + 2.4 * pad, high + 1.6 * pad
    hx, hy = shot.cast.points[index, caption.actor, HEAD].tolist()
    r = HEAD_RADIUS * float(shot.cast.size[index, caption.actor])
    side = 1.0 if hx < 0.5 * shot.width else -1.0
    x = hx + side * (0.9 * r + 0.5 * box_w)
    y = hy - 1.9 * r - 0.5 * box_h
    x = min(max(x, margin + 0.5 * box_w), shot.width - margin - 0.5 * box_w)
    y = min(max(y, margin + 0.5 * box_h), shot.height - margin - 0.5 * box_h)
    if y + 0.5 * box_h > hy - 1.1 * r and abs(x - hx) < 0.5 * box_w + 1.1 * r:
        # No room above the head: beside it, if there is room.
        x = hx + side * (1.5 * r + 0.5 * box_w)
        x = min(max(x, margin + 0.5 * box_w), shot.width - margin - 0.5 * box_w)
    for left, top, right, bottom in taken:
        if abs(x - 0.5 * (left + right)) < 0.5 * (box_w + right - left) and top < y + box_h:
            y = max(min(y, top - 0.55 * box_h - margin), margin + 0.5 * box_h)
            del bottom
    left, top = x - 0.5 * box_w, y - 0.5 * box_h
    taken.append((left, top, left + box_w, top + box_h))
    line = max(0.0042 * shot.height, 1.2)
    # The tail: from the bubble's edge nearest the head most of the way to it.
    near_x = min(max(hx + side * 0.4 * r, left + 0.22 * box_w), left + 0.78 * box_w)
    near_y = min(max(hy, top + 0.3 * box_h), top + box_h)
    tip_x, tip_y = hx + side * 0.85 * r, hy - 0.85 * r
    away = max(((near_x - tip_x) ** 2 + (near_y - tip_y) ** 2) ** 0.5, 1e-6)
    nx, ny = -(near_y - tip_y) / away, (near_x - tip_x) / away
    half = 0.32 * size
    inward = (near_x + (x - near_x) * 0.25, near_y + (y - near_y) * 0.25)
    tail = Path().move(inward[0] + nx * half, inward[1] + ny * half)
    tail.line(tip_x, tip_y).line(inward[0] - nx * half, inward[1] - ny * half).close()
    plate = _round_box(left, top, box_w, box_h, min(0.5 * box_h, 0.9 * size))
    out += [Stroke(tail, ink, 2 * line), Stroke(plate, ink, 2 * line)]
    out += [Fill(plate, paper), Fill(tail, paper)]
    out.append(Pixels(round(x - 0.5 * wide), round(y - 0.5 * high), text))


def _round_box(left: float, top: float, width: float, height: float, r: float) -> Path:
    r = min(r, 0.5 * width, 0.5 * height)
    points: list[float] = []
    corners = (
        (left + width - r, top + r, -90.0),
        (left + width - r, top + height - r, 0.0),
        (left + r, top + height - r, 90.0),
        (left + r, top + r, 180.0),
    )
    for cx, cy, start in corners:
        for i in range(9):
            a = (start + 90.0 * i / 8.0) * pi / 180.0
            points += (cx + r * cos(a), cy + r * sin(a))
    return Path().polyline(points, closed=True)
