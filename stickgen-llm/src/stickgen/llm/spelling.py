"""Slips of the pen put right: jumpin, wlaks, runing, cellebrates.

Only a word that none of the planner's lists knows is touched, and only where a single slip
(letters swapped, one missing, one too many) leads to a verb or to somebody.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from stickgen.core.actions import ACTIONS
from stickgen.llm import grammar, lexicon, manner, people, places
from stickgen.llm.inflection import forms
from stickgen.llm.nouns import is_thing
from stickgen.llm.verbs import VERBS
from stickgen.llm.words import NUMBERS, Word, word_set

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_SHORTEST: Final = 5
"""Letters of the shortest word that may hold a slip; shorter ones resemble too many others."""

_SPOKEN: Final[dict[str, str]] = {
    "ppl": "people", "gonna": "will", "wanna": "wants", "n": "and", "w": "with", "thru": "through",
    "til": "until", "wud": "would", "plz": "please", "pls": "please", "u": "you", "da": "the",
    "teh": "the", "adn": "and", "nad": "and", "hte": "the", "thne": "then",
    "tehn": "then", "tehy": "they", "whiel": "while", "wihle": "while", "befor": "before",
    "aftr": "after", "gurl": "girl", "mna": "man", "womna": "woman", "grl": "girl",
    "explainer": "tutorial", "donw": "down", "dwon": "down", "wiht": "with", "fo": "of",
}  # fmt: skip
"""Short spellings to the words they stand for."""
_PLAINEST: Final = word_set(
    "man men woman women boys girl girls person people guys kids child children dogs cats robot"
    " robots alien aliens dancer dancers runner runners player players friend friends soldier"
    " soldiers pirate pirates zombie zombies ninja ninjas knight knights teacher student students"
    " doctor nurse singer couple wizard witch ghost clown clowns boxer boxers baby mother father"
    " brother sister monkey horse"
)
"""Words for people that are typed most."""


@cache
def _wanted() -> frozenset[str]:
    """Return the words that a slip may have been meant as."""
    words = {*lexicon.written(), *people.COMMON, *people.COLLECTIVE_FORMS}
    return frozenset(word for word in words if len(word) >= _SHORTEST)


@cache
def _plainest() -> frozenset[str]:
    """Return the commonest of them, which a short word may have been meant as too."""
    verbs = {verb for row in ACTIONS for verb in row.verbs if " " not in verb and "-" not in verb}
    words = {form for verb in verbs for form in forms(verb)}
    return frozenset(word for word in {*words, *_PLAINEST} if len(word) >= _SHORTEST - 1)


@cache
def _lists() -> tuple[Container[str], ...]:
    """Return the planner's lists of words, and all the words of its phrases."""
    phrases = {word for line in VERBS.split() for word in line.replace(",", " ").split()}
    phrases |= {word for phrase in (*grammar.LINKS, *grammar.NEGATIONS) for word in phrase}
    return (
        people.FIGURES, people.COLLECTIVE_FORMS, phrases, lexicon.NOUNS, NUMBERS, people.NAMES,
        people.INANIMATE, people.COLOURS, people.TITLES, people.CLOTHES, people.VAGUE,
        people.ADJECTIVE_PAIRS, manner.STYLES, manner.SPEEDS, manner.INTENSITIES,
        manner.DIRECTIONS, lexicon.COMPOUNDS, lexicon.FILLERS, grammar.ADJECTIVES, grammar.SKIPPED,
        grammar.PREPOSITIONS, grammar.DETERMINERS, grammar.AUXILIARIES, grammar.PRONOUNS,
        grammar.PARTS, grammar.NOT_NAMES, places.vocabulary(),
    )  # fmt: skip


@lru_cache(maxsize=8192)
def _known(word: str) -> bool:
    listed = any(word in words for words in _lists())
    return listed or bool(lexicon.senses(word)) or is_thing(word)


def _slips(word: str) -> set[str]:
    """Return what *word* may have been meant as, one slip away."""
    cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    swapped = {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    shorter = {a + b[1:] for a, b in cuts if b and a[-1:] == b[0]}
    longer = {a + a[-1:] + b for a, b in cuts}
    changed: set[str] = set()
    if len(word) <= _SHORTEST + 2:
        plain = {a + letter + b for a, b in cuts for letter in _LETTERS}
        if len(word) >= _SHORTEST:
            plain |= {a + letter + b[1:] for a, b in cuts if b for letter in _LETTERS}
        plain |= {a + b[1:] for a, b in cuts if b}
        changed = plain & _plainest()
    if len(word) >= _SHORTEST:
        longer |= {a + letter + b for a, b in cuts for letter in _LETTERS}
    if len(word) > _SHORTEST + 2:
        changed |= {a + letter + b[1:] for a, b in cuts if b for letter in _LETTERS}
    return {each for each in swapped | shorter | longer | changed if each[:1] == word[:1]}


@cache
def real_words() -> frozenset[str]:
    """Return the English words that no list knows but that are no slips: *sleek*, not sleep."""
    text = Path(__file__).with_name("real_words.txt").read_text(encoding="ascii")
    return frozenset(w for line in text.splitlines() if line[:1] != "#" for w in line.split())


@lru_cache(maxsize=8192)
def meant(word: str) -> str:
    """Return the word that *word*, in lower case, was meant as: mostly itself."""
    if word in _SPOKEN:
        return _SPOKEN[word]
    if _known(word) or (word.endswith("s") and _known(word[:-1])):
        return word
    if word.endswith("in") and _known(word + "g"):
        return word + "g"
    if len(word) < _SHORTEST - 1 or not word.isascii() or word in real_words():
        return word
    wanted = _wanted() | _plainest() if len(word) >= _SHORTEST else _plainest()
    likely = sorted(_slips(word) & wanted)
    # the most alike: the same letters in another order, else the same ending
    likely.sort(
        key=lambda each: (
            sorted(each) != sorted(word),
            len(each) == len(word),
            each[-2:] != word[-2:],
        )
    )
    return likely[0] if likely else word


def corrected(words: list[Word]) -> list[Word]:
    """Return *words* with slips put right; names, numbers and quoted lines stay as they are."""
    out = []
    for index, word in enumerate(words):
        opens = index == 0 or words[index - 1].kind == "stop"
        name = word.capitalised and not word.text.isupper() and not opens
        low = word.low if word.kind != "word" or name else meant(word.low)
        out.append(word if low == word.low else replace(word, text=low, low=low))
    return out
