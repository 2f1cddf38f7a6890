"""Adverbial phrases that make another action of a verb: goes *at a run*, rests *on the bed*."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from stickgen.llm.nouns import listed
from stickgen.llm.words import word_set

_WATER: Final = word_set(
    "water pool lake sea ocean river pond swimming underwater waves wave stream surf bath lagoon"
    " reef depths deep canal fountain hot tub jacuzzi"
)
_POSSESSOR: Final = r"(?:his|her|its|their|my|your|our|the|a|an)"
_GOING: Final = word_set("walk run sprint march crawling flying jump hop climbing idle")
_STILL: Final = word_set("idle sit lie_down fall stand")
_WHOLE: Final[tuple[tuple[frozenset[str], str, str], ...]] = tuple(
    (actions, rf"\b(?:{pattern})\b", action)
    for actions, pattern, action in (
        (
            _GOING,
            rf"on (?:{_POSSESSOR} )?hands and knees|on all fours"
            rf"|on {_POSSESSOR} (?:belly|stomach|bellies|stomachs|tummy)",
            "crawling",
        ),
        (
            word_set("walk run idle"),
            "at (?:a|full|top) (?:sprint|speed|tilt|pelt)|at breakneck speed|flat out"
            "|like the wind|like lightning|as fast as|full speed",
            "sprint",
        ),
        (
            word_set("walk idle"),
            "at a (?:run|gallop|trot|jog|canter|brisk jog|steady jog)|at the double",
            "run",
        ),
        (word_set("jump walk"), "on one (?:leg|foot)|on (?:his|her|its|the) (?:left|right) "
         "(?:leg|foot)", "hop"),
        (
            word_set("talk"),
            r"in (?:a )?(?:whispers?|low voices?|hushed tones?|hushed voices?|low tones?)"
            r"|in a (?:soft|quiet|hushed) voice|under \w+ breath",
            "whisper",
        ),
        (word_set("talk sing"), "at the top of", "shout"),
        (word_set("crouch"), "hands and knees", "crawling"),
    )
)  # fmt: skip
_ALOFT: Final = re.compile(
    r"\b(?:air|sky|skies|clouds|heavens|space|overhead|orbit|city|rooftops|trees|treetops)\b"
)
_RISING: Final = word_set(
    "glide zoom float rise drift circle sail take lift shoot hover whoosh whizz speed ascend"
    " rocket blast launch wheel"
)
_BEDS: Final = word_set(
    "bed couch sofa grass hammock beach floor ground mattress blanket sand lawn back side stomach"
    " bunk rug carpet hay sun lounger sunbed"
)
_SEATS: Final = word_set(
    "chair armchair bench stool throne seat recliner pew swing rocker chairs seats log step steps"
    " curb kerb deckchair wheelchair saddle"
)
_SWUNG: Final = word_set(
    "rope vine vines branch branches tree trees bars trapeze chandelier ropes rafters liana"
)
_SWINGERS: Final = word_set(
    "monkey ape gorilla chimp chimpanzee orangutan acrobat trapezist gibbon"
)
KEEPERS: Final = word_set("goalkeeper goalie keeper goaltender shortstop outfielder receiver")


def other_action(action: str, verb: str, tail: Sequence[str], nouns: set[str]) -> str | None:
    """Return the action that is meant instead of *action*, or None.

    *verb* is the first word of the verb in base form, *tail* what is said after it, in lower case,
    and *nouns* what those who do it are called.
    """
    text = " ".join(tail)
    words = frozenset(tail)
    for actions, pattern, meant in _WHOLE:
        if action in actions and re.search(pattern, text):
            return meant
    if verb == "dive" and action == "swimming":
        reaching = re.search(r"\b(?:for|after|to|behind|over|at|onto|under|across|left|right)\b",
                             text)  # fmt: skip
        if not words & _WATER and (reaching or nouns & KEEPERS):
            return "jump"
    if verb in _RISING and action in _GOING | {"swimming", "stand", "pick_up"}:
        lifted = verb not in {"take", "rise", "shoot"} or not words & {"hand", "hands"}
        if verb == "lift":
            lifted = list(tail[:1]) in (["off"], ["into"])
        high = _ALOFT.search(text) and (action != "run" or words & {"sky", "air", "clouds"})
        if high and lifted and not words & _WATER and (action != "walk" or not words & {"city"}):
            return "flying"
    if action == "batting" and verb == "swing" and (words & _SWUNG or nouns & _SWINGERS):
        return "climbing"
    if action == "idle" and verb in {"rest", "relax", "lounge", "chill", "laze", "loll", "recover"}:
        if words & _BEDS:
            return "lie_down"
        if words & _SEATS:
            return "sit"
    return None


def meal(words: Sequence[str]) -> str | None:
    """Return eating or drinking where the first noun of *words* is food or drink, else None."""
    for word in words:
        single = word[:-1] if word.endswith("s") and not word.endswith("ss") else word
        for each in (word, single, word[:-2] if word.endswith("es") else word):
            if each in listed("drink"):
                return "drinking"
            if each in listed("food"):
                return "eating"
    return None
