"""From labels and file names to sentences: "walk forward" is "A person walks forward."."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from stickgen.core.actions import ACTIONS
from stickgen.datasets.words import lemmas

_VERBS: Final = frozenset({
    "adjust", "aim", "approach", "arrange", "balance", "bend", "bring", "brush", "button",
    "carry", "change", "chop", "circle", "clean", "climb", "close", "cough", "count", "cover",
    "cross", "cut", "descend", "dip", "do", "drag", "draw", "drop", "dust", "extend", "face",
    "fix", "flap", "flex", "follow", "get", "give", "go", "grasp", "hang", "have", "hit",
    "hold", "itch", "juggle", "keep", "knock", "lean", "leave", "let", "lift", "look", "lower",
    "lunge", "make", "mix", "move", "open", "perform", "place", "play", "pose", "pour",
    "practise", "practice", "prepare", "press", "pull", "put", "raise", "reach", "release",
    "remove", "repeat", "return", "roll", "rub", "scratch", "serve", "shake", "shift", "show",
    "shrug", "shuffle", "sidestep", "slide", "sneeze", "spread", "squeeze", "stack", "start",
    "step", "stir", "stop", "stretch", "stroke", "stumble", "sway", "sweep", "swing", "switch",
    "tap", "tilt", "touch", "try", "twist", "unscrew", "use", "warm", "wash", "wipe", "wiggle",
    "yawn", "zip",
})  # fmt: skip
"""Base forms that labels begin with, beside the verbs of the actions."""
_IRREGULAR: Final = {"have": "has", "be": "is", "do": "does", "go": "goes"}
_NOT_A_VERB: Final = frozenset({"jumping jacks", "jumping jack"})


@cache
def _verbs() -> frozenset[str]:
    first = (verb.split()[0] for action in ACTIONS for verb in action.verbs)
    return _VERBS | {verb for verb in first if verb.isalpha()}


def third_person(verb: str) -> str:
    """Return the form of *verb* that goes with she: walk, walks; carry, carries; go, goes."""
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if re.search(r"(?:s|x|z|ch|sh)$", verb):
        return verb + "es"
    if re.search(r"[^aeiou]y$", verb):
        return verb[:-1] + "ies"
    return verb + "s"


def predicate(label: str) -> str:
    """Return what a person who does *label* does: "walks forward", "is turning", "does a kick".

    A label that is no verb phrase is a thing that is done: "does yoga".
    """
    words = re.sub(r"[^\w\s'/,-]", " ", label.replace("_", " ")).lower().split()
    if not words:
        return ""
    first, rest = words[0], words[1:]
    base = lemmas(first) & _verbs()
    if " ".join(words[:2]) in _NOT_A_VERB:
        return " ".join(["does", *words])
    if first in _verbs():
        return " ".join([third_person(first), *_conjugated(rest)])
    if base and first.endswith("ing"):
        return " ".join(["is", *words])
    if base and any(third_person(verb) == first for verb in base):
        return " ".join(words)
    return " ".join(["does", *words])


def _conjugated(words: Sequence[str]) -> list[str]:
    """Return *words* with the verbs behind "and" and "then" in the third person."""
    return [
        third_person(word) if before in ("and", "then") and word in _verbs() else word
        for before, word in zip(("", *words), words, strict=False)
    ]


def sentence(labels: Sequence[str]) -> str:
    """Return one sentence about a person who does *labels* one after the other, or ""."""
    parts: list[str] = []
    for label in labels:
        part = predicate(label)
        if part and (not parts or parts[-1] != part):
            parts.append(part)
    if not parts:
        return ""
    if len(parts) == 1:
        return f"A person {parts[0]}."
    return f"A person {', '.join(parts[:-1])}, then {parts[-1]}."
