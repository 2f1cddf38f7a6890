"""The sentences of a plan: a small generative grammar.

A caption is subject × verb phrase × adverb × direction × count × connective. Subjects carry their
number, pronoun and possessive, so that verbs and pronouns agree with them; clauses are kept in the
base form and inflected where they stand. The first caption says everything that was varied, the
others may leave some of it out; they never say what is not there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from stickgen.core.actions import action
from stickgen.datasets.english import (
    Form,
    inflected,
    listed,
    number,
    sentence,
    times,
    with_article,
)
from stickgen.datasets.synth.acts import ACTS, FULL_TURN, RISING, STYLE_WORDS
from stickgen.datasets.synth.plans import Plan, Step

Tense = Literal["present", "past"]

_LIGHT: Final = frozenset({"take", "give", "make", "do", "deliver", "throw", "perform", "go",
                           "have", "burst", "greet", "raise", "drop", "get"})  # fmt: skip
"""Verbs whose phrases take no further adverb: "take a bow deeply"."""

_FLAT: Final = frozenset({"high", "hard", "low", "fast"})
_REPEATED: Final = frozenset({"wave", "clap", "dribbling", "hop"})
_ON_THE_SPOT: Final = frozenset({"dance", "dodge", "fight"})
"""Actions with a speed that people can still stand in a circle and do."""

_TRIES: Final = 40


@dataclass(frozen=True, slots=True)
class Subject:
    """Who a sentence is about; ``again`` is how the next sentence calls the same one."""

    text: str
    again: str
    possessive: str
    plural: bool = False

    def form(self, tense: Tense) -> Form:
        """Return the form a verb takes after the subject."""
        return "past" if tense == "past" else "base" if self.plural else "third"

    def form_again(self, tense: Tense) -> Form:
        """Return the form after `again`: they takes the base form though it is one person."""
        if tense == "past":
            return "past"
        return "base" if self.plural or self.again == "they" else "third"

    @property
    def be(self) -> str:
        return "are" if self.plural else "is"


@dataclass(frozen=True, slots=True)
class Clause:
    """A verb phrase with its adverbials: ``before`` stands before the verb, ``after`` behind."""

    phrase: str
    before: str = ""
    after: tuple[str, ...] = ()

    def text(self, form: Form) -> str:
        """Return the clause with its verb in *form*."""
        return " ".join(filter(None, (self.before, inflected(self.phrase, form), *self.after)))


_NOUNS: Final = (("person", "they", "their"), ("man", "he", "his"), ("woman", "she", "her"),
                 ("figure", "it", "its"), ("stick figure", "it", "its"))  # fmt: skip
_NOUN_WEIGHTS: Final = (0.52, 0.18, 0.18, 0.06, 0.06)


def captions(plan: Plan, rng: np.random.Generator, count: int = 4) -> tuple[str, ...]:
    """Return up to *count* different sentences, or short texts of two, that describe *plan*."""
    write = _WRITERS[plan.kind]
    found: dict[str, None] = {}
    for attempt in range(_TRIES):
        whole = not found
        found.setdefault(write(plan, _Pen(rng, whole)))
        if len(found) == count or attempt >= 6 * count:
            break
    return tuple(found)


class _Pen:
    """Chooses words at random; *whole* leaves nothing out."""

    def __init__(self, rng: np.random.Generator, whole: bool) -> None:
        self.rng = rng
        self.whole = whole

    def pick(self, options: Sequence[str]) -> str:
        return options[int(self.rng.integers(len(options)))]

    def chance(self, share: float) -> bool:
        return bool(self.rng.random() < share)

    def keeps(self) -> bool:
        """Return whether a detail is said."""
        return self.whole or self.chance(0.75)

    def tense(self) -> Tense:
        return "past" if self.chance(0.15) else "present"

    # -- who ---------------------------------------------------------------------------------

    def subject(self, style: str = "neutral") -> Subject:
        """Return somebody; with a *style*, described by it."""
        if style == "neutral" and self.chance(0.12):
            return Subject("someone", "they", "their")
        noun, pronoun, possessive = _NOUNS[int(self.rng.choice(len(_NOUNS), p=_NOUN_WEIGHTS))]
        adjective = ""
        if style != "neutral":
            adjective = self.pick(STYLE_WORDS[style][0])
        name = f"{adjective} {noun}".strip()
        text = f"the {name}" if self.chance(0.15) else with_article(name)
        again = f"the {noun}" if self.chance(0.12) else pronoun
        return Subject(text, again, possessive)

    def people(self, count: int) -> Subject:
        nouns = ["people", "people", "people", "figures", "men", "women"]
        text = f"{number(count)} {self.pick(nouns)}"
        if count == 2 and self.chance(0.2):
            text = "a man and a woman"
        return Subject(text, "they", "their", plural=True)

    # -- what --------------------------------------------------------------------------------

    def clause(
        self, step: Step, subject: Subject, style: bool = False, low: bool = False
    ) -> Clause:
        """Return *step* in words; with *style* its manner is an adverbial, too.

        *low* says that there is no chair to get up from.
        """
        if step.part is not None:
            return Clause(step.part.phrase or self.plain(step.action, subject.plural))
        act = step.words
        way = step.direction if step.direction in act.ways and self.keeps() else None
        manners = []
        if style and step.style != "neutral":
            manners.append(self.pick(STYLE_WORDS[step.style][1]))
        if step.speed != 1.0 and self.keeps():
            manners.append(self.pick(act.slow if step.speed < 1.0 else act.fast))
        if step.intensity != 1.0 and self.keeps():
            manners.append(self.pick(act.soft if step.intensity < 1.0 else act.strong))
        if len(manners) > 1:
            manners = [listed(manners)]
        if step.action == "turn":
            return self._turning(step, manners)
        counted = act.most and step.repetitions is not None and self.keeps()
        limb = self._limb(step, subject) if self.keeps() else ""
        if (
            counted
            and act.tally
            and (step.repetitions or 0) > 1
            and not manners
            and not way
            and self.chance(0.5)
        ):
            tally = self.pick(act.tally).format(n=number(step.repetitions or 1))
            return Clause(tally, after=(limb,) if limb else ())
        phrases = RISING if step.action == "stand" and low else act.phrases
        phrase = self._phrase(phrases, manners, way, bool(counted), limb, subject.plural)
        after: list[str] = []
        before = ""
        if way is not None:
            after.append(self._way(way))
        for manner in manners:
            single = manner.endswith("ly") and " " not in manner
            if single and not before and self.chance(0.4):
                before = manner
            else:
                after.append(manner)
        if counted:
            after.append(times(step.repetitions or 1))
        return Clause(phrase, before, (*after, *((limb,) if limb else ())))

    def plain(self, name: str, plural: bool = False) -> str:
        """Return the action alone, as what may go on for a while."""
        act = ACTS[name]
        phrases = [p for p in act.phrases if p.split()[0] not in _LIGHT] or list(act.phrases)
        if plural:
            phrases = [p for p in phrases if not _singular(p)] or phrases
        return self.pick(phrases)

    def _phrase(
        self,
        phrases: Sequence[str],
        manners: Sequence[str],
        way: str | None,
        counted: bool,
        limb: str,
        plural: bool,
    ) -> str:
        flat = way is not None or any(
            m.split()[0] in _FLAT
            or m in _FLAT
            or m.startswith(("as high", "very low", "a little way"))
            for m in manners
        )
        fitting = []
        for phrase in phrases:
            words = phrase.split()
            light = words[0] in _LIGHT
            if (manners or counted or way) and light and " a " in f"{phrase} ":
                continue
            if manners and any(word.endswith("ly") for word in words):
                continue
            if flat and len(words) > 1:
                continue
            if (limb or manners) and ("with" in words or "both" in words):
                continue
            if plural and _singular(phrase):
                continue
            fitting.append(phrase)
        return self.pick(fitting or [phrases[0]])

    def _turning(self, step: Step, manners: list[str]) -> Clause:
        halves = step.repetitions or 1
        phrases = step.words.phrases if halves % 2 else FULL_TURN
        before = next((m for m in manners if m.endswith("ly") and " " not in m), "")
        rest = [m for m in manners if m != before]
        if step.hand is not None and self.keeps():
            side = [p for p in phrases if "face" not in p]
            return Clause(self.pick(side), before, (f"to the {step.hand}", *rest))
        return Clause(self.pick(phrases), before, tuple(rest))

    def _limb(self, step: Step, subject: Subject) -> str:
        if step.hand is None or step.words.limb in (None, "side"):
            return ""
        names = {"hand": ("hand", "arm"), "fist": ("fist", "hand"), "leg": ("leg", "foot")}
        noun = self.pick(names[step.words.limb or "hand"])
        if step.action != "kick" and noun == "arm":
            noun = "hand" if step.action != "point" else "arm"
        whose = subject.possessive if self.chance(0.35) else "the"
        return f"with {whose} {step.hand} {noun}"

    def _way(self, way: str) -> str:
        words = {"forward": ("forward", "forwards", "straight ahead"),
                 "backward": ("backward", "backwards")}  # fmt: skip
        return self.pick(words[way])


def _singular(phrase: str) -> bool:
    """Return whether several people cannot share a phrase: one object, or one against another."""
    return phrase == "fight" or bool(set(phrase.split()) & {"a", "an", "someone"})


# -- the kinds -----------------------------------------------------------------------------------


def _single(plan: Plan, pen: _Pen) -> str:
    step = plan.tracks[0].steps[0]
    plain = step.speed == step.intensity == 1.0
    adverb = step.style != "neutral" and plain and pen.chance(0.5)
    subject = pen.subject("neutral" if adverb else step.style)
    clause = pen.clause(step, subject, style=adverb)
    tense = pen.tense()
    if tense == "present" and not _punctual(step) and pen.chance(0.3):
        return sentence(f"{subject.text} {subject.be} {clause.text('ing')}")
    return sentence(f"{subject.text} {clause.text(subject.form(tense))}")


def _punctual(step: Step) -> bool:
    """Return whether a step is over in a moment, or counted, so that it is not "going on"."""
    return step.repetitions is not None or step.action in ("jump", "kick", "punch", "turn", "stand")


def _sequence(plan: Plan, pen: _Pen) -> str:
    steps = plan.tracks[0].steps
    style = next((step.style for step in steps if step.style != "neutral"), "neutral")
    subject, tense = pen.subject(style), pen.tense()
    clauses = []
    for before, step in zip((None, *steps), steps, strict=False):
        clauses.append(pen.clause(step, subject, low=before is not None and before.action != "sit"))
    form, again = subject.form(tense), subject.form_again(tense)
    told = [clause.text(form) for clause in clauses]
    retold = [clause.text(again) for clause in clauses]
    who, who_again = subject.text, subject.again
    if len(clauses) == 2:
        first, second = told
        makers: list[Callable[[], str]] = [
            lambda: f"{who} {first} and then {second}",
            lambda: f"{who} {first}, then {second}",
            lambda: f"{who} {first} before {clauses[1].text('ing')}",
            lambda: f"after {clauses[0].text('ing')}, {who} {second}",
            lambda: f"{who} {first}. Then {who_again} {retold[1]}",
            lambda: f"first {who} {first}, then {who_again} {retold[1]}",
            lambda: f"{who} {first}, and after that {who_again} {retold[1]}",
        ]
    else:
        makers = [
            lambda: f"{who} {listed(told, 'and then')}",
            lambda: f"{who} {told[0]}, then {listed(told[1:], 'and finally')}",
            lambda: f"{who} {', then '.join(told[:-1])}, and finally {told[-1]}",
            lambda: f"{who} {told[0]}. Then {who_again} {listed(retold[1:])}",
            lambda: (
                f"first {who} {told[0]}, then {who_again} {listed(retold[1:-1])},"
                f" and finally {who_again} {retold[-1]}"
            ),
            lambda: f"after {clauses[0].text('ing')}, {who} {listed(told[1:], 'and then')}",
        ]
    return sentence(makers[int(pen.rng.integers(len(makers)))]())


def _overlay(plan: Plan, pen: _Pen) -> str:
    step = plan.tracks[0].steps[0]
    assert step.overlay is not None
    subject = pen.subject()
    way = ""
    if step.direction is not None and step.part is None and pen.keeps():
        way = pen._way(step.direction)
    under = pen.pick(ACTS[step.action].under)
    if step.part is not None and step.part.phrase is not None:
        under = step.part.phrase
    base = Clause(under, after=(way,) if way else ())
    limb = ""
    if step.hand is not None and pen.keeps():
        limb = pen._limb(Step(step.overlay, hand=step.hand), subject)
    name = step.overlay
    if step.over is not None and step.over.phrase is not None:
        top = Clause(step.over.phrase)
    elif limb:
        top = Clause(ACTS[name].phrases[0], after=(limb,))
    else:
        top = Clause(pen.plain(name))
    tense = pen.tense()
    form, again = subject.form(tense), subject.form_again(tense)
    who = subject.text
    makers: list[Callable[[], str]] = [
        lambda: f"{who} {base.text(form)} while {top.text('ing')}",
        lambda: f"{who} {top.text(form)} while {base.text('ing')}",
        lambda: f"{who} {base.text(form)} and {top.text(form)} at the same time",
        lambda: f"while {base.text('ing')}, {who} {top.text(form)}",
        lambda: f"{who} {top.text(form)} as {subject.again} {base.text(again)}",
        lambda: f"{who} {subject.be} {base.text('ing')} and {top.text('ing')}",
        lambda: f"{who} {subject.be} {top.text('ing')} while {base.text('ing')}",
    ]
    return sentence(makers[int(pen.rng.integers(len(makers)))]())


def _loop(plan: Plan, pen: _Pen) -> str:
    step = plan.tracks[0].steps[0]
    subject, tense = pen.subject(), pen.tense()
    phrase = step.part.phrase if step.part and step.part.phrase else pen.plain(step.action)
    clause, who, form = Clause(phrase), subject.text, subject.form(tense)
    makers: list[Callable[[], str]] = [
        lambda: f"{who} {inflected('keep', form)} {clause.text('ing')}",
        lambda: f"{who} {inflected('continue', form)} to {clause.text('base')}",
        lambda: f"{who} {clause.text(form)} without stopping",
        lambda: f"{who} {subject.be} {clause.text('ing')} all the time",
    ]
    if ACTS[step.action].most or step.action in _REPEATED:
        makers.append(lambda: f"{who} {clause.text(form)} again and again")
    return sentence(makers[int(pen.rng.integers(len(makers)))]())


_PLACED: Final[dict[str, tuple[str, ...]]] = {
    "facing": ("facing each other", "face to face"),
    "side by side": ("side by side", "next to each other"),
    "single file": ("in single file", "one behind the other"),
    "circle": ("in a circle",),
    "alone": ("together",),
}


def _several(plan: Plan, pen: _Pen) -> str:
    tense = pen.tense()
    steps = [track.steps[0] for track in plan.tracks]
    if plan.arrangement == "contact":
        people = pen.people(2)
        return sentence(f"{people.text} {inflected(pen.plain(plan.action), people.form(tense))}")
    if plan.arrangement == "approach":
        return _approach(plan, pen, tense)
    placed = pen.pick(_PLACED[plan.arrangement])
    if len(set(steps)) == 1:
        return _alike(plan, pen, tense, placed)
    return _different(plan, pen, tense, placed)


def _alike(plan: Plan, pen: _Pen, tense: Tense, placed: str) -> str:
    people, step = pen.people(len(plan.tracks)), plan.tracks[0].steps[0]
    form = people.form(tense)
    clause = pen.clause(step, people)
    who, does = people.text, clause.text(form)
    makers: list[Callable[[], str]]
    if (
        action(step.action).speed > 0.0 and step.action not in _ON_THE_SPOT
    ) or step.action == "idle":
        makers = [lambda: f"{who} {does} {placed}", lambda: f"{placed}, {who} {does}"]
        if not _punctual(step):
            makers.append(lambda: f"{who} {people.be} {clause.text('ing')} {placed}")
    else:
        stand = inflected("stand", form)
        makers = [
            lambda: f"{who} {stand} {placed} and {does}",
            lambda: f"{who} who {stand} {placed} {does}",
        ]
    return sentence(makers[int(pen.rng.integers(len(makers)))]())


def _different(plan: Plan, pen: _Pen, tense: Tense, placed: str) -> str:
    one = Subject("one person", "they", "their")
    form = one.form(tense)
    steps = [track.steps[0] for track in plan.tracks]
    does = [pen.clause(step, one).text(form) for step in steps]
    stand = inflected("stand", "past" if tense == "past" else "base")
    if len(does) == 2:
        makers: list[Callable[[], str]] = [
            lambda: f"one person {does[0]} while the other {does[1]}",
            lambda: f"a person {does[0]} while another {does[1]}",
            lambda: f"a man {does[0]} and a woman {does[1]}",
            lambda: f"two people {stand} {placed}; one {does[0]} and the other {does[1]}",
        ]
    else:
        makers = [
            lambda: f"one person {does[0]}, another {does[1]} and a third {does[2]}",
            lambda: (
                f"three people {stand} {placed}: one {does[0]}, one {does[1]} and one {does[2]}"
            ),
            lambda: f"the first person {does[0]}, the second {does[1]} and the third {does[2]}",
        ]
    return sentence(makers[int(pen.rng.integers(len(makers)))]())


def _approach(plan: Plan, pen: _Pen, tense: Tense) -> str:
    walker, waiter = pen.subject(), plan.tracks[1].steps[0]
    goes = inflected(pen.pick(("walk up", "walk over", "walk across")), walker.form(tense))
    other = pen.pick(("another person", "somebody else"))
    if waiter.action == "idle":
        return sentence(f"{walker.text} {goes} to {other}")
    under = ACTS[waiter.action].under
    doing = inflected(pen.pick(under) if under else pen.plain(waiter.action), "ing")
    was = "was" if tense == "past" else "is"
    makers: list[Callable[[], str]] = [
        lambda: f"{walker.text} {goes} to {other} who {was} {doing}",
        lambda: f"while one person {was} {doing}, another {goes} to them",
    ]
    return sentence(makers[int(pen.rng.integers(len(makers)))]())


_WRITERS: Final[dict[str, Callable[[Plan, _Pen], str]]] = {
    "single": _single,
    "sequence": _sequence,
    "overlay": _overlay,
    "loop": _loop,
    "several": _several,
}
