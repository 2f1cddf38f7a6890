"""The little English that captions need: forms of verb phrases, articles, counts and lists.

A verb phrase is written in its base form, "sit down on the floor"; its first word is the verb.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal

Form = Literal["base", "third", "ing", "past"]
"""Base (walk), third person (walks), -ing (walking), past (walked)."""

_PASTS: Final = (
    "be/was become/became begin/began bend/bent blow/blew bring/brought build/built buy/bought"
    " catch/caught come/came creep/crept cut/cut do/did draw/drew drink/drank drive/drove eat/ate"
    " fall/fell feel/felt fight/fought find/found flee/fled fling/flung fly/flew get/got give/gave"
    " go/went grow/grew hang/hung have/had hide/hid hit/hit hold/held keep/kept kneel/knelt"
    " know/knew lay/laid lead/led leap/leapt leave/left let/let lie/lay lose/lost make/made"
    " meet/met put/put read/read ride/rode ring/rang rise/rose run/ran say/said see/saw send/sent"
    " set/set shake/shook shoot/shot show/showed sing/sang sink/sank sit/sat sleep/slept"
    " slide/slid speak/spoke spin/spun split/split spread/spread spring/sprang stand/stood"
    " steal/stole stick/stuck stride/strode strike/struck sweep/swept swim/swam swing/swung"
    " take/took teach/taught tear/tore tell/told think/thought throw/threw wake/woke wear/wore"
    " weep/wept win/won write/wrote"
)
_PAST: Final[dict[str, str]] = dict(entry.split("/") for entry in _PASTS.split())
_THIRD: Final = {"be": "is", "have": "has"}
_ING: Final = {"lie": "lying", "die": "dying", "tie": "tying", "begin": "beginning"}
_DOUBLED: Final = re.compile(r"(?:qu|[^aeiou])*[aeiou][bdgklmnprtv]")
"""One syllable, one vowel, one final consonant: sit, sitting; but walk, walking."""
_CONSONANT_Y: Final = re.compile(r"[^aeiou]y$")
_SILENT: Final = re.compile(r"(?<![eoy])e$")
_COUNTS: Final = ("", "once", "twice", "three times", "four times", "five times", "six times")
_NUMBERS: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
                   "ten")  # fmt: skip


def inflected(phrase: str, form: Form) -> str:
    """Return a verb phrase in another form: "sit down" is "sits down", "sitting down", "sat down".

    A hyphenated verb is inflected at its end: "high-five", "high-fives".
    """
    verb, space, rest = phrase.partition(" ")
    head, hyphen, last = verb.rpartition("-")
    return head + hyphen + _verb(last, form) + space + rest


def _verb(verb: str, form: Form) -> str:
    if form == "base":
        return verb
    doubled = _DOUBLED.fullmatch(verb) is not None
    if form == "third":
        if verb in _THIRD:
            return _THIRD[verb]
        if _CONSONANT_Y.search(verb):
            return verb[:-1] + "ies"
        return verb + ("es" if re.search(r"(?:s|x|z|ch|sh|[^o]o)$", verb) else "s")
    if form == "ing":
        if verb in _ING:
            return _ING[verb]
        if doubled:
            return verb + verb[-1] + "ing"
        return _SILENT.sub("", verb) + "ing" if len(verb) > 2 else verb + "ing"
    if verb in _PAST:
        return _PAST[verb]
    if _CONSONANT_Y.search(verb):
        return verb[:-1] + "ied"
    if verb.endswith("e"):
        return verb + "d"
    return verb + (verb[-1] if doubled else "") + "ed"


def with_article(noun: str) -> str:
    """Return *noun* after a or an, by its first letter: "a person", "an old man"."""
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


def times(count: int) -> str:
    """Return how often: "once", "twice", "three times"."""
    return _COUNTS[count] if 0 < count < len(_COUNTS) else f"{number(count)} times"


def number(count: int) -> str:
    """Return *count* in words up to ten, in digits beyond."""
    return _NUMBERS[count] if 0 <= count < len(_NUMBERS) else str(count)


def listed(parts: Sequence[str], word: str = "and") -> str:
    """Return parts as a list: "a", "a and b", "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def sentence(text: str) -> str:
    """Return *text* with a capital at its beginning and a full stop at its end."""
    text = " ".join(text.split())
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")
