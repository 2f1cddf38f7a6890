"""From a description to an action of the table: whole words and lemmas, never parts of words."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from stickgen.core.actions import ACTIONS

_ARTICLES: Final = frozenset({"a", "an", "the"})
_IRREGULAR: Final[dict[str, str]] = {
    "ate": "eat", "begun": "begin", "caught": "catch", "came": "come",
    "crept": "creep", "drank": "drink", "fell": "fall", "fallen": "fall", "flew": "fly",
    "fought": "fight", "got": "get", "hung": "hang", "knelt": "kneel", "laid": "lay",
    "leapt": "leap", "lying": "lie", "ran": "run", "sang": "sing", "sat": "sit", "shook": "shake",
    "shot": "shoot", "slept": "sleep", "spoke": "speak", "spun": "spin", "stood": "stand",
    "struck": "strike", "swam": "swim", "swung": "swing", "threw": "throw", "thrown": "throw",
    "took": "take", "went": "go", "woke": "wake", "wrote": "write",
}  # fmt: skip
_MORE: Final[dict[str, str]] = {
    "bye": "wave", "bye bye": "wave", "byebye": "wave", "stride": "walk", "jog": "run",
    "swordplay": "fight", "slash": "fight", "karate": "fight", "kata": "fight",
    "jete": "dance", "arabesque": "dance", "ballet": "dance", "salsa": "dance", "dab": "dance",
    "empi": "fight", "heiansyodan": "fight", "gedanbarai": "fight", "syutouuke": "fight",
    "mawashigeri": "kick",
}  # fmt: skip
"""Nouns and names that mocap descriptions use, beside the verbs of the table."""

_AIRBORNE_ACTIONS: Final = frozenset({"climbing", "swimming", "flying"})
_AIRBORNE_WORDS: Final = frozenset(
    {"climb", "swim", "fly", "hang", "swing", "dive", "float", "dangle", "levitate", "hover"}
)


def lemmas(word: str) -> frozenset[str]:
    """Return what *word* may be an inflection of, itself included."""
    word = word.lower()
    found = {word, _IRREGULAR.get(word, word)}
    for ending, put in (("ies", "y"), ("ied", "y"), ("es", ""), ("s", ""), ("ed", ""), ("ed", "e"),
                        ("ing", ""), ("ing", "e")):  # fmt: skip
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= 2:
            found.add(stem + put)
            if put == "" and len(stem) > 2 and stem[-1] == stem[-2] and stem[-1] not in "aeiou":
                found.add(stem[:-1])
    return frozenset(found)


def tokens(text: str) -> list[str]:
    """Return the words of *text* in lower case, articles left out."""
    words = re.findall(r"[a-z]+(?:'[a-z]+)?", text.lower())
    return [word for word in words if word not in _ARTICLES]


@cache
def _phrases() -> dict[tuple[str, ...], str]:
    """Return every phrase that calls an action, as words without articles."""
    table: dict[tuple[str, ...], str] = {}
    for action in ACTIONS:
        for verb in (*action.verbs, action.name.replace("_", " ")):
            table.setdefault(tuple(tokens(verb)), action.name)
    for noun, name in _MORE.items():
        table.setdefault(tuple(tokens(noun)), name)
    return table


def action_of(text: str) -> str | None:
    """Return the name of the first action *text* speaks of, or None.

    Of the phrases that begin at the same word the longest wins: "kicks the ball" is kicking a
    ball, "kicks" is a kick.
    """
    words = [lemmas(word) for word in tokens(text)]
    phrases = _phrases()
    longest = max(len(phrase) for phrase in phrases)
    for start in range(len(words)):
        for length in range(min(longest, len(words) - start), 0, -1):
            window = words[start : start + length]
            for phrase, name in phrases.items():
                if len(phrase) == length and all(
                    word in forms for word, forms in zip(phrase, window, strict=True)
                ):
                    return name
    return None


def action_called(name: str) -> str | None:
    """Return the action that *name* as a whole calls, or None: "stand up", not "stand on hands"."""
    words = [lemmas(word) for word in tokens(name)]
    for phrase, action in _phrases().items():
        if len(phrase) == len(words) and all(
            word in forms for word, forms in zip(phrase, words, strict=True)
        ):
            return action
    return None


def is_airborne(text: str) -> bool:
    """Return whether *text* speaks of something done off the ground: climbing, swimming, flying."""
    if action_of(text) in _AIRBORNE_ACTIONS:
        return True
    return any(lemmas(word) & _AIRBORNE_WORDS for word in tokens(text))
