"""The pieces a sentence is cut into: figures, verbs and the rest, and the walk that cuts them."""

from __future__ import annotations

from dataclasses import dataclass, field

from stickgen.llm.inflection import Form
from stickgen.llm.lexicon import Sense
from stickgen.llm.manner import Modifier
from stickgen.llm.words import Word


@dataclass(frozen=True, slots=True)
class Figure:
    """Words that name somebody: "two old robots", "Ann", "he", "the other".

    ``reference`` tells how to find out who: new (a man), known (the man), name, pronoun, part
    (the first, one, the other), everyone, reciprocal (each other).
    """

    text: str
    reference: str
    noun: str = "person"
    count: int | None = 1
    plural: bool = False
    counted: bool = False
    colour: str | None = None
    style: str | None = None
    part: str | None = None
    adjective: str | None = None
    teams: int = 0
    attributive: tuple[Verb, ...] = ()
    names: tuple[str, ...] = ()
    """What the members of a group are called: two girls, *Anna and Lisa*."""
    whole: Figure | None = None
    """The group that it is a part of, where that is named: one of *the three soldiers*."""
    without: tuple[Figure, ...] = ()
    """Those of it who are not meant: everyone except *the king*."""


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb in the text: its sense (None for a word no list knows), form and extent."""

    text: str
    sense: Sense | None
    forms: tuple[Form, ...]
    modifiers: tuple[Modifier, ...] = ()
    auxiliary: bool = False
    infinitive: bool = False
    passive: bool = False


@dataclass(frozen=True, slots=True)
class Chunk:
    """One piece of a sentence; ``kind`` is figure, verb, modifier, link, negation, quote, comma,
    stop, preposition, thing or other.
    """

    kind: str
    text: str
    figure: Figure | None = None
    verb: Verb | None = None
    modifiers: tuple[Modifier, ...] = field(default=())


class Reading:
    """A walk along the words of a prompt, leaving chunks behind.

    ``subject`` and ``verbs`` tell whether somebody was named and how many verbs came since the last
    stop or link.
    """

    def __init__(self, words: list[Word]) -> None:
        self.words = words
        self.chunks: list[Chunk] = []
        self.at = 0
        self.subject: Figure | None = None
        self.verbs = 0
        self.last_forms: tuple[Form, ...] = ()
        self.relative = False
        self.light = False

    def _low(self, offset: int = 0) -> str:
        at = self.at + offset
        return self.words[at].low if 0 <= at < len(self.words) else ""

    def _add(self, chunk: Chunk, end: int) -> None:
        self.chunks.append(chunk)
        self.at = end

    def _text(self, end: int) -> str:
        return " ".join(word.text for word in self.words[self.at : end])

    def _previous_low(self) -> str:
        return self.words[self.at - 1].low if self.at else ""
