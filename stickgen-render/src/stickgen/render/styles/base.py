"""What a style offers to the backends."""

from __future__ import annotations

from typing import ClassVar, Protocol, TypeAlias, runtime_checkable

from stickgen.render.display import Op
from stickgen.render.shot import Shot

Box: TypeAlias = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels."""


@runtime_checkable
class PictureStyle(Protocol):
    """Turns a shot into display lists: one for what never changes, one for each frame.

    ``fixed`` is painted once and kept; ``frame`` is painted over a copy of it. Both are pure
    functions of the shot, so frames may be asked for in any order and by several processes.

    A style may also have ``changing(shot)``, which returns the box (left, top, right, bottom) in
    pixels outside which ``frame`` paints nothing; without it, every pixel may change. And it may
    have ``shapes_every``: formats that hold shapes take every so many frames of it, for a hand that
    draws each line anew is not missed in between, and each takes room.
    """

    api_version: ClassVar[int]
    name: str

    def fixed(self, shot: Shot) -> list[Op]: ...

    def frame(self, shot: Shot, index: int) -> list[Op]: ...


def changing(style: PictureStyle, shot: Shot) -> Box:
    """Return the box of the pixels that differ between frames: even numbers, inside the picture."""
    ask = getattr(style, "changing", None)
    whole = (0.0, 0.0, float(shot.width), float(shot.height))
    left, top, right, bottom = whole if ask is None else ask(shot)
    box = (
        max(0, int(left) // 2 * 2),
        max(0, int(top) // 2 * 2),
        min(shot.width, -(-int(right + 1) // 2) * 2),
        min(shot.height, -(-int(bottom + 1) // 2) * 2),
    )
    return box if box[2] > box[0] and box[3] > box[1] else (0, 0, 2, 2)
