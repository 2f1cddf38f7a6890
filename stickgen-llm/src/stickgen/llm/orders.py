"""What somebody is told to do, as told: *have her* sit, *Simon says* hop, *never mind* the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from stickgen.llm import grammar, lexicon
from stickgen.llm.words import Word, word_set

_CAUSING: Final = {"have": 0, "make": 0, "let": 0, "get": 1}
"""Verbs that make somebody do something, and how many words stand before what he does."""
_SUBJECTS: Final = {"her": "she", "him": "he", "them": "they"}
_GREETINGS: Final = word_set("hello hi hey goodbye bye farewell thanks")
_OPENERS: Final = word_set("just then now instead please simply and but so only")


def told_directly(words: Sequence[Word]) -> list[Word]:
    """Return *words* with orders as if what they ask for were told.

    *Have her sit* becomes *she sit*, *Simon says hop* becomes *hop*, and what a sentence asks
    not to mind (*never mind the dancing,*) goes.
    """
    out: list[Word] = []
    at = 0
    while at < len(words):
        opens = _opens(out)
        low = words[at].low
        following = words[at + 1].low if at + 1 < len(words) else ""
        if low == "simon" and following == "says":
            act = at + 2
            while act < len(words) and words[act].kind in {"comma", "stop"} and (
                words[act].text[:1] in {":", ","}
            ):  # fmt: skip
                act += 1
            if _done(words, act) and words[act].low not in _GREETINGS:
                at = act
                continue
        if opens and (low, following) == ("never", "mind"):
            at = _unminded(words, at)
            continue
        if opens and low in _CAUSING and following in _SUBJECTS:
            act = at + 2 + _CAUSING[low]
            if _done(words, act) and (low != "get" or words[at + 2].low == "to"):
                subject = _SUBJECTS[following]
                out.append(Word(subject, subject, "word"))
                at = act
                continue
        out.append(words[at])
        at += 1
    return out


def _opens(before: Sequence[Word]) -> bool:
    """Whether a clause begins after the words *before*."""
    rest = list(before)
    while rest and rest[-1].low in _OPENERS:
        rest.pop()
    return not rest or rest[-1].kind in {"stop", "comma"} or len(rest) < len(before)


def _done(words: Sequence[Word], at: int) -> bool:
    """Whether the word at *at* is a verb in the base form that shows something."""
    found = lexicon.find(words, at) if at < len(words) and words[at].kind == "word" else None
    return found is not None and "base" in found[1] and found[0].action is not None


def _unminded(words: Sequence[Word], at: int) -> int:
    """Return where it goes on after *never mind* at *at* and the -ing form it may be about."""
    act = at + 2
    while act < len(words) and words[act].low in grammar.DETERMINERS | {"about"}:
        act += 1
    ends = act + 1 < len(words) and words[act + 1].kind in {"comma", "stop"}
    return act + 2 if ends and words[act].low.endswith("ing") and act + 2 < len(words) else at + 2
