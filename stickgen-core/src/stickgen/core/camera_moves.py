"""What a camera is told, in words: ``dolly in 2s-5s``, ``orbit left 90``, ``close-up 6s-``.

One entry is a shot or a move, which way it goes, how far, when, and how it starts and stops:

    MOVE [WAY] [AMOUNT] [on ACTORS] [START-END] [linear|smooth|ease]

A move without times takes the whole clip. Moves add up where they overlap. A shot may say whom it
shows by the numbers of actors, the first being 0: ``frame on 0,5 2s-4s`` cuts to a picture that
fits these two, ``close-up on 1`` to a face.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from stickgen.core.errors import UsageError

WAYS: Final[dict[str, tuple[str, ...]]] = {
    "static": (),
    "pan": ("left", "right", "up", "down"),
    "zoom": ("in", "out"),
    "track": (),
    "dolly": ("in", "out", "left", "right"),
    "crane": ("up", "down"),
    "orbit": ("left", "right"),
    "shake": (),
    "frame": (),
    "wide": (),
    "medium": (),
    "close-up": (),
}
"""Every move and shot, and the ways it can go; the first is meant where none is given."""

SHOTS: Final = ("frame", "wide", "medium", "close-up")
"""The entries that say how much of the actors is seen; they may name some of them."""

AMOUNTS: Final[dict[str, tuple[float, float, float, str]]] = {
    "pan": (0.24, 0.0, 1.0, "widths of the picture"),
    "zoom": (1.6, 1.0, 10.0, "times"),
    "dolly": (1.5, 1.0, 10.0, "times closer, or metres aside"),
    "crane": (1.2, 0.0, 50.0, "metres"),
    "orbit": (70.0, 0.0, 3600.0, "degrees"),
    "shake": (1.0, 0.0, 10.0, "times the usual"),
}
"""The usual amount of a move, its least and most, and its unit."""

EASINGS: Final = ("linear", "smooth", "ease")
"""How a move goes from 0 to 1: linear starts and stops at once, smooth (3p² - 2p³) has a steady
speed, ease (6p⁵ - 15p⁴ + 10p³) a steady acceleration, too."""

_OTHER_NAMES: Final = {
    "closeup": "close-up",
    "close": "close-up",
    "follow": "track",
    "tracking": "track",
    "still": "static",
    "fixed": "static",
    "handheld": "shake",
    "full": "wide",
    "long": "wide",
}
_OTHER_WAYS: Final = {"forward": "in", "forwards": "in", "closer": "in", "back": "out",
                      "backward": "out", "backwards": "out", "away": "out"}  # fmt: skip
_NUMBER: Final = r"\d+(?:\.\d+)?"
_AMOUNT: Final = re.compile(rf"({_NUMBER})(?:x|m|°|deg|degrees|%)?")
_SPAN: Final = re.compile(rf"({_NUMBER})s?-(?:({_NUMBER})s?)?$|-({_NUMBER})s?$")


@dataclass(frozen=True, slots=True)
class CameraMove:
    """One entry: ``start`` and ``end`` in seconds (None: to the end of the clip), ``on`` the
    actors a shot shows (none: everybody).
    """

    kind: str
    way: str = ""
    amount: float = 0.0
    start: float = 0.0
    end: float | None = None
    easing: str = "smooth"
    on: tuple[int, ...] = ()


def parse_move(text: str) -> CameraMove:
    """Return the move *text* describes; raises `UsageError` saying which word is not understood."""
    words = text.lower().replace(",", " ").split()
    if not words:
        raise UsageError("a camera move is empty; write one like 'dolly in 2s-5s'")
    name = _OTHER_NAMES.get(words[0], words[0])
    if name not in WAYS:
        near = get_close_matches(name, WAYS, n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(WAYS)}"
        raise UsageError(f"camera move {text!r}: unknown move {words[0]!r}; {hint}")
    ways = WAYS[name]
    way = ways[0] if ways else ""
    amount, low, high, unit = AMOUNTS.get(name, (0.0, 0.0, 0.0, ""))
    start, end, easing = 0.0, None, "smooth"
    on: list[int] = []
    naming = False
    for word in words[1:]:
        naming = name in SHOTS and (word == "on" or (naming and word.isdecimal()))
        if naming:
            on += [int(word)] if word != "on" else []
            continue
        span = _SPAN.match(word)
        turned = _OTHER_WAYS.get(word, word)
        if turned in ways:
            way = turned
        elif word in EASINGS:
            easing = word
        elif span:
            start = float(span[1] or 0.0)
            last = span[2] or span[3]
            end = None if last is None else float(last)
        elif name in AMOUNTS and (number := _AMOUNT.fullmatch(word)):
            amount = float(number[1]) / (100.0 if word.endswith("%") else 1.0)
        elif word not in ("shot", "from", "the", "slowly", "quickly", "on", "to"):
            choice = f" {', '.join(ways)}," if ways else ""
            raise UsageError(
                f"camera move {text!r}: {word!r} is not understood; {name} takes{choice} a time"
                " such as 2s-5s and linear, smooth or ease"
            )
    if name in AMOUNTS and not low <= amount <= high:
        raise UsageError(
            f"camera move {text!r}: {amount:g} is out of range; use {low:g} to {high:g} {unit}"
        )
    if end is not None and end <= start:
        raise UsageError(f"camera move {text!r} ends at {end:g} s, before it starts")
    return CameraMove(name, way, amount, start, end, easing, tuple(dict.fromkeys(on)))


def parse_moves(texts: Sequence[str]) -> tuple[CameraMove, ...]:
    """Return the moves of *texts*; an entry may hold several, parted by ``;`` or ``+``."""
    return tuple(
        parse_move(part) for text in texts for part in re.split(r"[;+]", text) if part.strip()
    )
