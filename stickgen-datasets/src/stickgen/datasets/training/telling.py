"""Captions of a stretch of motion, from verb phrases in their base form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from stickgen.datasets.english import Form, inflected, sentence, with_article

SUBJECTS: Final = (
    ("a person", 0.46), ("a man", 0.13), ("a woman", 0.13), ("someone", 0.1),
    ("the person", 0.08), ("a figure", 0.05), ("a stick figure", 0.05),
)  # fmt: skip
"""Who does it, and how often it is called so."""

_FORMS: Final = ("third", "third", "third", "third", "is", "past")


def told(
    phrases: Sequence[str], rng: np.random.Generator, count: int, style: str | None = None
) -> tuple[str, ...]:
    """Return up to *count* different sentences about somebody who does one of the *phrases*.

    The first is "A person ...s" with the first phrase. A *style* is an adjective of the subject in
    every other sentence, for what the phrases do not say.
    """
    names = [name for name, _ in SUBJECTS]
    weights = np.array([weight for _, weight in SUBJECTS])
    found: dict[str, None] = {}
    first = _said("a person", phrases[0], "third")
    found.setdefault(first)
    for attempt in range(12 * count):
        if len(found) >= count:
            break
        who = names[int(rng.choice(len(names), p=weights / weights.sum()))]
        if style is not None and attempt % 2 and " " in who:
            article, noun = who.split(" ", 1)
            name = f"{style} {noun}"
            who = f"the {name}" if article == "the" else with_article(name)
        phrase = phrases[int(rng.integers(len(phrases)))]
        found.setdefault(_said(who, phrase, _FORMS[int(rng.integers(len(_FORMS)))]))
    return tuple(found)


def _said(who: str, phrase: str, form: str) -> str:
    """Return a sentence; the verbs of a phrase, the first and those after ``>``, take the form."""
    shape: Form = "past" if form == "past" else "ing" if form == "is" else "third"
    said = "".join(_inflected(part, shape) for part in phrase.split(">"))
    return sentence(f"{who} is {said}" if form == "is" else f"{who} {said}")


def _inflected(part: str, form: Form) -> str:
    """Return *part* with its verb in *form*, whatever comma follows it: "run, then "."""
    verb, space, rest = part.partition(" ")
    bare = verb.rstrip(",")
    return inflected(bare, form) + verb[len(bare) :] + space + rest
