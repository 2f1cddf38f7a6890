"""Verbs in the text: where a word that could be a noun is one, and where it is not."""

from __future__ import annotations

from abc import ABC, abstractmethod

from stickgen.llm import grammar, lexicon, manner, people
from stickgen.llm.adverbials import meal
from stickgen.llm.inflection import Form, forms
from stickgen.llm.manner import Modifier
from stickgen.llm.phrases import Chunk, Figure, Reading, Verb
from stickgen.llm.words import NUMBERS, number, word_set

_GESTURES = frozenset({"shout", "laugh", "wave", "bow", "nod", "salute", "hug", "cry", "handshake"})
"""What somebody may do "with a" noun while he does something else."""


_ARTICLES = frozenset({"a", "an", "the", "his", "her", "their", "its"})
_REFLEXIVE = frozenset({"himself", "herself", "itself", "themselves"})
_ALONE = word_set(
    "walk run sprint jump march hop idle sit stand lie_down kneel fall get_up crouch laugh cry nod"
    " looking_around bow turn"
)
"""Actions that are done to nobody and nothing."""
_ENTERED = frozenset({"fight_stance", "crouch", "run", "sprint", "dance", "backflip", "cartwheel"})
"""What somebody may go over into: they circle *into a fighting stance*."""
_PARTICLES = frozenset({"in", "out", "up", "down", "off", "over", "around", "away"})
_SINGULAR = frozenset({"everyone", "everybody", "each", "every"})
_TO_SOMEBODY = frozenset(
    {"give", "throw", "blow", "offer", "deal", "land", "show", "shoot", "cast"}
)
"""Light verbs that may have somebody between them and their noun."""


class VerbPhrases(Reading, ABC):
    """Reads verbs: plain ones, light ones with their noun, and those no list knows."""

    @abstractmethod
    def _parse_figure(self, at: int) -> tuple[Figure, int] | None:
        """Read somebody at word *at*; what reads figures says how."""

    def _verb_like(self, at: int, third_only: bool = False) -> bool:
        """Whether, adverbs aside, a finite verb or an -ing form of a known verb stands at *at*."""
        words = self.words
        steps = 0
        while at < len(words) and steps < 4 and (
            words[at].low in grammar.SKIPPED | {"not", "never", "also", "then"}
            or words[at].low in manner.STYLES | manner.SPEEDS
            or grammar.is_adverb(words[at].low)
        ):  # fmt: skip
            if words[at].low in {"up", "down", "in", "out"} and not steps:
                return False
            at, steps = at + 1, steps + 1
        if at >= len(words) or words[at].kind != "word":
            return False
        if words[at].low in grammar.AUXILIARIES:
            return True
        found = lexicon.find(words, at)
        if found is None:
            return False
        if at + 1 < len(words) and words[at + 1].low in lexicon.COMPOUNDS and found[2] == at + 1:
            return False
        return not (third_only and found[1] == ("base",))

    def _light_verb(self, at: int) -> tuple[Verb, int] | None:
        """Read "takes a quick walk", "does three cartwheels", "bursts into tears"."""
        words = self.words
        lemmas = [lemma for lemma in lexicon.LIGHT if words[at].low in forms(lemma)]
        loose = {"out", "loose", "fly", "off", "slip"}
        if not lemmas or ("let" in lemmas and self._low(at + 1 - self.at) not in loose):
            return None
        ends = self._low(at + 1 - self.at) in {"with", "in"} and bool(set(lemmas) & lexicon.ENDING)
        if not ends and set(lemmas) <= {"score", "win"}:
            return None
        wanted = lexicon.find(words, at + 2) if at + 2 < len(words) else None
        if words[at + 1 : at + 2] and words[at + 1].low == "to" and wanted is not None and (
            "base" in wanted[1]
        ):  # fmt: skip
            return None  # starts *to jump*
        taker = self._taker(at + 1) if set(lemmas) & _TO_SOMEBODY else None
        found = self._light_noun(at, taker if taker is not None else at + 1 + ends)
        if found is None and set(lemmas) & {"have", "enjoy", "finish", "share", "savour", "savor"}:
            found = self._meal(at + 1)
        if found is None:
            return None
        action, modifiers, end = found
        if action in {"punch", "kick"}:
            modifiers = tuple(
                Modifier("hand", m.value) if m.value in {"left", "right"} else m for m in modifiers
            )
        speed = 0.75 if action == "run" and words[end - 1].low.startswith("jog") else 1.0
        sense = lexicon.Sense((words[at].low, words[end - 1].low), action, speed=speed)
        text = " ".join(w.text for w in words[at:end])
        return Verb(text, sense, forms(lemmas[0])[words[at].low], modifiers), end

    def _light_noun(self, first: int, end: int) -> tuple[str, tuple[Modifier, ...], int] | None:
        """Return the action named by the noun phrase at *end*, what it says of it, and its end."""
        words = self.words
        modifiers: list[Modifier] = []
        started = described = False
        article = ""
        for _ in range(6):
            if end >= len(words) or words[end].kind not in {"word", "number"}:
                return None
            word = words[end]
            following = words[end + 1].low if end + 1 < len(words) else ""
            action = lexicon.noun(word.low)
            before = words[end - 1]
            determined = end > first and (
                described
                or before.low in {"left", "right"}
                or before.low in lexicon.FILLERS | grammar.DETERMINERS
                or before.low in manner.STYLES.keys() | manner.INTENSITIES.keys()
                or before.low in manner.SPEEDS
                or number(before) is not None
            )
            pair = lexicon.PAIRED_NOUNS.get((word.low, following))
            if pair is not None:
                action, end, determined = pair, end + 1, True
                following = words[end + 1].low if end + 1 < len(words) else ""
            paired = (word.low, following) in lexicon.PAIRED_NOUNS or following.endswith("s")
            later = lexicon.noun(following) is not None and determined and not paired
            strange = described and article in _ARTICLES and word.low.endswith("s")
            if action is not None and strange:
                return None  # who throws a ball *waves*
            if action is not None and not determined and self.relative and not (
                end + 1 < len(words) and self._verb_like(end + 1)
            ):  # fmt: skip
                return None  # who falls *waves*
            if action is not None and (determined or words[end].low.endswith("s")) and not later:
                if following in lexicon.COMPOUNDS:
                    return None
                return action, tuple(modifiers), end + 1
            amount = number(word)
            single = manner.read(words, end)
            if amount is not None and 1 <= amount <= 1000:
                modifiers.append(Modifier("repetitions", int(amount)))
            elif single is not None and single[1] == end + 1:
                modifiers.extend(single[0])
            elif word.low in lexicon.FOLD:
                modifiers.append(Modifier("repetitions", lexicon.FOLD[word.low]))
            elif word.low not in lexicon.FILLERS and word.low not in grammar.DETERMINERS:
                if not started or not self._describes(end):
                    return None
                described = True
            started = started or determined or word.low in grammar.DETERMINERS
            article = word.low if word.low in grammar.DETERMINERS else article
            end += 1
        return None

    def _taker(self, at: int) -> int | None:
        """Return where somebody who is given a gesture ends: gives *his teacher* a high five."""
        if at >= len(self.words) or self.words[at].low in {"a", "an"}:
            return None
        figure = self._parse_figure(at)
        end = figure[1] if figure is not None else None
        ahead = self.words[end].low if end is not None and end < len(self.words) else ""
        return end if ahead in grammar.DETERMINERS or ahead in NUMBERS else None

    def _meal(self, at: int) -> tuple[str, tuple[Modifier, ...], int] | None:
        """Read what is eaten or drunk: has *some soup*, enjoys *a slice of cake*."""
        end = at
        while end < len(self.words) and end - at < 6 and self.words[end].kind == "word":
            low = self.words[end].low
            action = meal([low])
            if action is not None:
                return action, (), end + 1
            if low not in grammar.DETERMINERS and low != "of" and not self._describes(end):
                return None
            end += 1
        return None

    def _describes(self, at: int) -> bool:
        """Whether a word after a determiner only says which kind: a *karate* kick."""
        low = self.words[at].low
        return not (
            low in people.FIGURES
            or people.worker(low) is not None
            or low in grammar.PREPOSITIONS
            or low in grammar.SKIPPED
            or low in grammar.PRONOUNS
            or low in grammar.AUXILIARIES
            or (low,) in grammar.LINKS
            or low in people.COLLECTIVE_FORMS
        )

    def _verb(self) -> bool:
        words, at = self.words, self.at
        if words[at].kind != "word":
            return False
        if words[at].low == "like" and self.chunks and self.chunks[-1].kind == "verb":
            return False
        light = (
            self._light_verb(at) if self._verb_place(at, ("base", "third", "past", "ing")) else None
        )
        if light is not None:
            verb, end = light
            exact = lexicon.find(words, at)
            whole = exact is not None and (exact[0].action is not None or exact[2] > at + 1)
            if whole and exact is not None and exact[2] >= end:
                light = None
        sense_words: tuple[str, ...] | None = None
        if light is None:
            found = lexicon.find(words, at)
            if found is None:
                return self._unknown_verb()
            sense, kinds, end = found
            sense_words = sense.words
            if not self._verb_place(at, kinds, end):
                return False
            sides = [w.low for w in words[at + 1 : end] if w.low in {"left", "right"}]
            blow = sense.action in {"punch", "kick"}
            told = tuple(Modifier("hand", s) for s in sides if blow or s not in sense.words)
            counts = [
                int(n) for w in words[at + 1 : end] if (n := number(w)) and w.low not in sense.words
            ]
            counts += [lexicon.FOLD[w.low] for w in words[at + 1 : end] if w.low in lexicon.FOLD]
            told += tuple(Modifier("repetitions", count) for count in counts[:1] if count > 1)
            verb = Verb(self._text(end), sense, kinds, told)
        auxiliary = bool(self.chunks) and self.chunks[-1].kind == "auxiliary"
        infinitive = self._previous_low() == "to"
        passive = (
            auxiliary and self.chunks[-1].text in grammar.PASSIVE and "participle" in verb.forms
        )
        verb = Verb(
            verb.text, verb.sense, verb.forms, verb.modifiers, auxiliary, infinitive, passive
        )
        self._add_verb(verb, end)
        inside = at + 1
        while inside < end:  # knocks *him* out, throws *the other* down
            found_figure = None
            if words[inside].low not in (sense_words or ()):
                found_figure = self._parse_figure(inside)
            if found_figure is None or found_figure[1] > end:
                inside += 1
                continue
            figure, inside = found_figure
            self.chunks.append(Chunk("figure", figure.text, figure=figure))
        self.light = any(words[at].low in forms(lemma) for lemma in lexicon.LIGHT)
        return True

    def _add_verb(self, verb: Verb, end: int) -> None:
        last = self.chunks[-1] if self.chunks else None
        reduced = verb.forms == ("ing",) and not verb.auxiliary and not self.verbs and (
            last is not None and last.kind == "figure"
        )  # fmt: skip
        if self.relative or reduced:  # the clause's own verb is still to come
            self.relative = False
        else:
            self.verbs += 1
        self.last_forms = verb.forms
        self._add(Chunk("verb", self._text(end), verb=verb), end)

    def _listed_verb(self) -> bool:
        """Read a verb that could be a figure too: a man *ducks*; throws, *ducks* and kicks."""
        low = self._low()
        named = low in people.FIGURES or low in people.COLLECTIVE_FORMS
        if not self.chunks or not named:
            return False
        found = lexicon.find(self.words, self.at)
        if found is None or found[0].action is None or self._verb_like(self.at + 1):
            return False
        before = self.chunks[-1]
        if (
            self.subject is not None
            and not self.verbs
            and before.kind != "figure"
            and (self._low(1) in _REFLEXIVE and "third" in found[1])
        ):  # a lady in a hat fans herself
            self._add_verb(Verb(self._text(found[2]), found[0], found[1]), found[2])
            return True
        if before.text.lower() in {"who", "which"} and self.words[self.at - 1].kind == "word":
            self._add_verb(Verb(self._text(found[2]), found[0], found[1]), found[2])
            return True
        if before.kind == "figure" and before.figure is not None:
            opens = len(self.chunks) < 2 or self.chunks[-2].kind in {"comma", "link", "stop"}
            if not opens and self.verbs:
                return False
            plural = before.figure.plural and before.figure.text.lower() not in _SINGULAR
            if plural != ("base" in found[1]):
                return False
        elif before.kind not in {"comma", "link"} or not set(found[1]) & set(self.last_forms):
            return False
        self._add_verb(Verb(self._text(found[2]), found[0], found[1]), found[2])
        return True

    def _with_noun(self) -> bool:
        """Read a gesture that goes along: *with a loud scream*, the warrior leaps."""
        if self._low() != "with" or self._low(1) not in {"a", "an", "one"}:
            return False
        found = self._light_noun(self.at + 1, self.at + 1)
        if found is None or found[0] not in _GESTURES:
            return False
        action, modifiers, end = found
        if end < len(self.words) and self.words[end].kind == "word" and self._verb_like(end):
            return False
        sense = lexicon.Sense(("with", self.words[end - 1].low), action)
        forms_before = self.last_forms
        self._add_verb(Verb(self._text(end), sense, ("ing",), modifiers), end)
        self.last_forms = forms_before
        return True

    def _counted_noun(self) -> bool:
        """Read what is only counted at the beginning of a clause: *10 jumping jacks*, then run."""
        opens = not self.chunks or self.chunks[-1].kind in {"comma", "link", "stop", "other"}
        if not opens or self.subject is not None or self.at >= len(self.words) - 1 or (
            number(self.words[self.at]) is None
        ):  # fmt: skip
            return False
        found = self._light_noun(self.at, self.at)
        figure = self._parse_figure(self.at)
        if found is None or (figure is not None and figure[1] >= found[2]):
            return False
        action, modifiers, end = found
        between = {word.low for word in self.words[self.at + 1 : end - 1]}
        several = (number(self.words[self.at]) or 0) > 1
        if between & (grammar.PREPOSITIONS | grammar.PRONOUNS) or (
            several != self.words[end - 1].low.endswith("s")
        ):  # fmt: skip
            return False  # one of them *falls*
        if end < len(self.words) and self.words[end].kind == "word" and (
            (self.words[end].low,) not in grammar.LINKS
        ):  # fmt: skip
            return False
        sense = lexicon.Sense(("do", self.words[end - 1].low), action)
        self._add_verb(Verb(self._text(end), sense, ("base",), modifiers), end)
        self.light = True
        return True

    def _listed_noun(self) -> bool:
        """Read the second noun after a light verb: does a backflip and then *a cartwheel*."""
        alone = lexicon.PAIRED_NOUNS.get((self._low(), self._low(1)))
        if self._counted_noun():
            return True
        opens = not self.chunks or self.chunks[-1].kind in {"comma", "link", "stop"}
        if (self._low(), self._low(1)) in {("sit", "up"), ("push", "up"), ("lay", "up")}:
            alone = None
        if alone is not None and opens and not self._verb_like(self.at + 2):
            sense = lexicon.Sense(("do", self._low(), self._low(1)), alone)
            forms_before = self.last_forms or ("base",)
            self._add_verb(Verb(self._text(self.at + 2), sense, forms_before), self.at + 2)
            return True
        joined = self.chunks and (
            self.chunks[-1].kind in {"comma", "link"} or self.chunks[-1].text.startswith(":")
        )
        into = self._light_noun(self.at + 1, self.at + 1) if self._low() == "into" else None
        turns = self.chunks and self.chunks[-1].kind == "verb" and into and into[0] in _ENTERED
        if into and (self.light or turns):
            self._add(Chunk("link", "then"), self.at + 1)  # a cartwheel *into a backflip*
            joined = self.light = True
        if not self.light or not joined:
            return False
        if self._low() not in grammar.DETERMINERS and number(self.words[self.at]) is None:
            return False
        found = self._light_noun(self.at, self.at)
        if found is None:
            return False
        action, modifiers, end = found
        somebody = self._parse_figure(self.at)
        if somebody is not None and somebody[1] < end:
            return False  # it starts to rain, so *the couple run*
        single = self._low() in {"a", "an", "the", "one"} and end > self.at + 2
        if single and self.words[end - 1].low.endswith("s"):
            return False  # the stranger *catches* it
        goes_on = (self.words[end].low if end < len(self.words) else "") == "followed"
        if end < len(self.words) and not goes_on and self._verb_like(end):
            return False
        sense = lexicon.Sense(("do", self.words[end - 1].low), action)
        self._add_verb(Verb(self._text(end), sense, self.last_forms, modifiers), end)
        return True

    def _verb_place(self, at: int, kinds: tuple[Form, ...], end: int | None = None) -> bool:
        """Whether a word that can be a verb of the forms *kinds* is one where it stands."""
        words = self.words
        end = at + 1 if end is None else end
        following = words[end].low if end < len(words) else ""
        if end == at + 1 and following in lexicon.COMPOUNDS and ("base" in kinds or "ing" in kinds):
            return False
        if words[at].low in lexicon.COMPOUNDS and at > 1 and lexicon.find(words, at - 1) and (
            {word.low for word in words[max(0, at - 4) : at - 1]} & _ARTICLES
        ):  # fmt: skip
            return False  # in the middle of a crowded dance *floor*
        if self.verbs and "third" in kinds and self._next_in_a_row(at, end):
            return True  # runs *stops* looks around
        back = at - 1
        while back >= 0 and words[back].kind == "word" and (
            words[back].low in {"just", "also", "always", "still", "again", "suddenly", "together",
                                "all", "both", "each", "even", "only", "there"}
            or grammar.is_adverb(words[back].low)
            or words[back].low in {"not", "never"}
        ):  # fmt: skip
            back -= 1
        if back < 0:
            return True
        previous = words[back]
        if previous.kind in {"stop", "quote", "comma"}:
            return True
        if kinds == ("ing",):
            return previous.low not in grammar.DETERMINERS
        low = previous.low
        last = self.chunks[-1] if self.chunks else None
        if self.at == at and back == at - 1 and last is not None and last.kind == "figure":
            # a figure may end in such a word: "another", "one", "person A"
            little = low in grammar.DETERMINERS or low in NUMBERS
        else:
            little = False
        if little:
            return True
        called = last is not None and last.figure is not None and last.figure.reference == "name"
        if self._inverted(at, kinds, end):
            return True
        if low in grammar.DETERMINERS or (
            number(previous) is not None and previous.low != "one" and not called
        ):
            return low in {"that", "all", "both", "each"} and self.subject is not None
        named = last is not None and last.kind == "figure" and back == at - 1
        if previous.kind == "number" and not named:
            return False
        if (low,) in grammar.LINKS or low in {
            "who",
            "which",
            "to",
        } | grammar.AUXILIARIES | grammar.PRONOUNS:
            return not (low == "to" and "base" not in kinds)
        placed = low in {"below", "above", "behind", "nearby", "inside", "outside", "opposite"}
        if placed and kinds != ("base",) and self.chunks[-2:-1] and (
            self.chunks[-2].kind == "figure" and back == at - 1
        ):  # fmt: skip
            return True  # a hiker below *points* up
        if low in grammar.PREPOSITIONS - {
            "up",
            "down",
            "in",
            "off",
            "around",
            "over",
            "through",
            "past",
        }:
            return False
        if self._in_noun_phrase(back, kinds):
            return False
        figure_before = self.chunks and self.chunks[-1].kind == "figure"
        if figure_before:
            figure = self.chunks[-1].figure
            assert figure is not None
            if kinds == ("base",) and not figure.plural and figure.reference in {"new", "known"}:
                coordinated = any(
                    c.kind == "link" and c.text == "and" for c in self.chunks[-2:-1]
                ) or figure.text in {"everyone"}
                perceived = any(c.kind == "verb" for c in self.chunks[-3:-1])
                return bool(coordinated or perceived or (self.at == at and len(self.chunks) == 1))
            return True
        if "base" in kinds and len(kinds) == 1 and self.verbs:
            return (
                self.subject is None
                and last is not None
                and last.kind == "verb"
                and (self.last_forms == ("base",))
            )
        if self.verbs and "third" in kinds:
            # a plural noun rather than a verb: "plays cards", "throws punches"
            return end > at + 1 or following in grammar.DETERMINERS
        return not (self.verbs and self.subject is None)

    def _next_in_a_row(self, at: int, end: int) -> bool:
        """Whether a verb follows another without a sign between them: runs *stops* looks around."""
        said = [c for c in self.chunks if c.kind not in {"other", "modifier"}]
        placed = said and said[-1].kind == "thing" and said[-1].text.lower() in people.INANIMATE
        if said and said[-1].text.lower() in _PARTICLES:
            said.pop()  # walks in *sits* on a chair
        elif placed and (
            not lexicon.noun(self.words[at].low)
            or (end < len(self.words) and self.words[end].low in grammar.PREPOSITIONS - {"of"})
        ):
            while said and said[-1].kind in {"thing", "preposition"}:
                said.pop()  # sits on a chair *reads*
        before = said[-1].verb if said else None
        found = lexicon.find(self.words, at)
        return (
            before is not None
            and before.sense is not None
            and before.forms == ("third",)
            and before.sense.action in _ALONE
            and found is not None
            and found[0].action not in {None, before.sense.action}
            and (end >= len(self.words) or self.words[end].low != "of")
        )

    def _inverted(self, at: int, kinds: tuple[Form, ...], end: int) -> bool:
        """Whether the subject follows its verb after a place: up the hill *ran* the boy."""
        words = self.words
        since = next((i for i in range(at - 1, -1, -1) if words[i].kind in {"stop", "comma"}), -1)
        opening = words[since + 1].low
        if self.subject is not None or self.verbs or not {"third", "past"} & set(kinds):
            return False
        if opening not in grammar.PREPOSITIONS and opening not in {"here", "there", "away"}:
            return False
        if end >= len(words) or words[end].low not in grammar.DETERMINERS:
            return False
        return words[at - 1].low not in grammar.DETERMINERS and self._parse_figure(end) is not None

    def _in_noun_phrase(self, back: int, kinds: tuple[Form, ...]) -> bool:
        """Whether an article stands a few plain words before: "the big *race*"."""
        words = self.words
        said = [c for c in self.chunks[-3:] if c.kind not in {"other", "modifier", "negation"}]
        if said and said[-1].kind == "figure":
            return False
        for _ in range(3):
            if back < 0 or words[back].kind != "word":
                return False
            low = words[back].low
            if low in NUMBERS and low not in {"one", "zero"} and kinds == ("third",):
                return True  # with three large *boxes*
            if low in grammar.DETERMINERS:
                led = back > 0 and words[back - 1].low in grammar.PREPOSITIONS
                led = led and kinds == ("base",) and not (self.subject and self.subject.plural)
                return self.subject is None or self.verbs > 0 or led
            if (
                low in grammar.PREPOSITIONS | grammar.SKIPPED | grammar.AUXILIARIES
                or (low,) in grammar.LINKS
            ):
                return False
            named = back > 0 and words[back - 1].low in {"a", "an"}
            if low in people.FIGURES or (lexicon.find(words, back) is not None and not named):
                return False
            if low in people.INANIMATE and self.verbs == 0 and self.subject is not None:
                return False
            back -= 1
        return False

    def _unknown_verb(self) -> bool:
        """Take a word that no list knows for a verb where only a verb can stand."""
        words, at = self.words, self.at
        word = words[at]
        low = word.low
        if (
            low
            in grammar.DETERMINERS
            | grammar.PREPOSITIONS
            | grammar.SKIPPED
            | grammar.AUXILIARIES
            | grammar.PRONOUNS
        ):
            return False
        if low in people.FIGURES or low in people.INANIMATE or low in lexicon.NOUNS:
            return False
        if low in {"who", "which", "that", "if", "how", "what", "where", "why", "than"}:
            return False
        if grammar.is_adverb(low) or len(low) < 3 or grammar.is_adjective(words[at].low):
            return False
        ending = (
            "ing" if low.endswith("ing") else "past" if low.endswith("ed") else
            "third" if low.endswith("s") and not low.endswith("ss") else "base"
        )  # fmt: skip
        back = len(self.chunks) - 1
        while back >= 0 and self.chunks[back].kind in {"modifier", "other", "negation"}:
            back -= 1
        previous = self.chunks[back] if back >= 0 else None
        if previous is None:
            return False
        following = words[at + 1] if at + 1 < len(words) else None
        listed = (
            following is None
            or following.kind != "word"
            or (
                (following.low,) in grammar.LINKS
                or following.low in grammar.DETERMINERS | grammar.PREPOSITIONS | grammar.SKIPPED
            )
        )
        commands = self.subject is None and self.last_forms == ("base",) and listed
        after_figure = previous.kind == "figure" and self.verbs == 0 and previous.figure is not None
        figure = previous.figure
        if after_figure and figure is not None:
            joined = [c.kind for c in self.chunks[back - 2 : back]] == ["figure", "link"]
            plural = figure.plural or figure.part == "they" or joined
            agrees = ending in {"third", "past", "ing"} or plural
            ok = agrees
        elif previous.kind == "auxiliary":
            plain = previous.text not in {"is", "are", "was", "were", "am", "has", "had", "have"}
            ok = ending == "ing" or (ending == "base" and plain)
        elif previous.kind == "link" and previous.text in {
            "and",
            "then",
            "but",
            "while",
            "after",
            "before",
        }:
            same = ending in self.last_forms and (ending != "base" or commands)
            ok = same and self.verbs_before()
        elif previous.kind == "comma":
            agrees = ending in {"third", "past"} or (ending == "base" and commands)
            ok = agrees and ending in self.last_forms and listed
        else:
            ok = False
        if not ok:
            return False
        known = lexicon.find(words, at + 1) if following is not None else None
        if known is not None and ending == "base" and "base" in known[1] and known[0].action:
            return False  # should *double* jump
        verb = Verb(word.text, None, (ending,), auxiliary=previous.kind == "auxiliary")  # type: ignore[arg-type]
        self._add_verb(verb, at + 1)
        self.light = False
        return True

    def verbs_before(self) -> bool:
        return any(chunk.kind == "verb" for chunk in self.chunks)
