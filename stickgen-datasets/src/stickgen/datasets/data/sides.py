"""Words that a mirror changes, and words that a change of speed makes untrue."""

from __future__ import annotations

import re
from typing import Final

from stickgen.datasets.words import lemmas, tokens

_PAIRS: Final = (
    ("left", "right"),
    ("lefts", "rights"),
    ("leftward", "rightward"),
    ("leftwards", "rightwards"),
    ("leftmost", "rightmost"),
    ("lefthand", "righthand"),
    ("lefthanded", "righthanded"),
    ("leftie", "rightie"),
    ("lefty", "righty"),
    ("leftside", "rightside"),
    ("clockwise", "counterclockwise"),
)
_SWAP: Final = {a: b for pair in _PAIRS for a, b in (pair, pair[::-1])} | {
    "anticlockwise": "clockwise",
    "counter-clockwise": "clockwise",
    "anti-clockwise": "clockwise",
}
_SIDE: Final = re.compile(
    r"\b(" + "|".join(sorted(map(re.escape, _SWAP), key=len, reverse=True)) + r")\b",
    re.IGNORECASE,
)
_NO_SIDE: Final = re.compile(
    r"\ball right\b"
    r"|\bright (?:away|now|after|before|next to|in front of|angles?)\b"
    r"|\b(?:he|she|they|it|who|person|man|woman|has|have|had|having) left (?=a\b|an\b|the\b|for\b)"
    r"|\bleft (?:behind|over|alone)\b",
    re.IGNORECASE,
)
"""Where "right" is no side but a manner of speaking, and "left" comes from leaving."""
_VIEWER: Final = re.compile(
    r"\b(?P<to>towards?|away from) (?P<who>(?:the )?(?:viewer|camera|audience|spectator))\b",
    re.IGNORECASE,
)

_SPEED_WORDS: Final = frozenset(
    {
        "slow", "slowly", "slower", "fast", "faster", "quick", "quickly", "quicker", "rapid",
        "rapidly", "speed", "speedy", "swift", "swiftly", "brisk", "briskly", "hurry", "hurriedly",
        "rush", "leisurely", "accelerate", "decelerate", "sudden", "suddenly", "gradual",
        "gradually", "pace", "tempo", "bpm", "rhythm", "beat", "second", "minute", "moderate",
        "moderately", "jog", "sprint", "dash", "stroll", "steadily", "energetically", "lively",
        "sluggish", "sluggishly", "unhurried", "unhurriedly", "hastily", "haste", "instantly",
        "immediately", "abruptly", "abrupt",
    }
)  # fmt: skip


def mirrored(text: str, viewer: bool = True) -> str:
    """Return *text* as it is true of the mirror image: left and right have changed places.

    Clockwise becomes counterclockwise and back; with *viewer* also "toward the camera" becomes
    "away from the camera", as in a mirror that is the picture plane. Capitals are kept. "Right
    away" and "left the room" name no side and stay.
    """
    kept = [match.span() for match in _NO_SIDE.finditer(text)]

    def swap(match: re.Match[str]) -> str:
        if any(start <= match.start() < end for start, end in kept):
            return match[0]
        return _like(match[0], _SWAP[match[0].lower()])

    text = _SIDE.sub(swap, text)
    return _VIEWER.sub(_turned, text) if viewer else text


def _turned(match: re.Match[str]) -> str:
    away = match["to"].lower().startswith("away")
    return f"{_like(match['to'], 'toward' if away else 'away from')} {match['who']}"


def _like(model: str, word: str) -> str:
    """Return *word* with the capitals of *model*."""
    if model.isupper():
        return word.upper()
    return word[0].upper() + word[1:] if model[0].isupper() else word


def tells_speed(text: str) -> bool:
    """Return whether *text* speaks of speed or duration, by whole words and their lemmas."""
    return any(lemmas(word) & _SPEED_WORDS for word in tokens(text))
