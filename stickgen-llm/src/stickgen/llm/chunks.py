"""A prompt cut into chunks: who, does what, how, and the little words that link them.

This is the shallow half of the parser: it decides word by word what is a figure, a verb (and not
a noun that looks like one), a modifier or a link. `stickgen.llm.sentences` puts them together.
"""

from __future__ import annotations

from stickgen.llm import grammar, lexicon, manner, people
from stickgen.llm.inflection import forms
from stickgen.llm.manner import Modifier
from stickgen.llm.noun_phrases import NounPhrases
from stickgen.llm.phrases import Chunk, Figure, Verb
from stickgen.llm.words import NUMBERS, Word, word_set


def cut(words: list[Word]) -> list[Chunk]:
    """Return the chunks of *words* in order."""
    return _Cutter(words).run()


_HAILS = frozenset({"hey", "hi", "hello", "yo", "greetings", "welcome", "howdy"})
_EVENTS = word_set(
    "race match game contest tournament final practice training lesson class party day night show"
    " scene story duel battle competition olympics championship session rehearsal audition routine"
    " workout drill explainer tutorial demo clip video animation advert commercial trailer sketch"
)
_CARRIED = people.BODY | word_set(
    "hair purse wallet handbag pocket shoulder cheek nose ear forehead wrist foot belly beard"
)
"""What belongs so closely to somebody that he is there too."""
_HAPPENS = frozenset(
    {"ensues", "ensued", "erupts", "erupted", "begins", "began", "starts", "started"}
)
_BREAKS_OUT = frozenset(
    {("breaks", "out"), ("broke", "out"), ("takes", "place"), ("took", "place")}
)
_ALIVE = word_set("laugh talk whisper nod eating drinking hug clap celebrate salute")
"""Actions that make somebody of the thing that they are told of."""
_SAYING = frozenset(
    (verb,)
    for verb in word_set("say shout yell scream whisper exclaim cry mutter roar holler reply")
)


class _Cutter(NounPhrases):
    def run(self) -> list[Chunk]:
        while self.at < len(self.words):
            before = self.at
            self._next()
            if self.at == before:  # every branch moves on; this keeps a slip from looping
                self.at += 1
        return self.chunks

    def _next(self) -> None:
        word = self.words[self.at]
        if word.kind in {"stop", "comma", "quote", "possessive"}:
            if word.kind == "stop":
                self.subject, self.verbs, self.relative = None, 0, False
                self.light = self.light and word.text.startswith(":")
            if word.kind == "comma":
                self.relative = False
            if word.kind == "possessive":
                self.at += 1
                return
            self._add(Chunk(word.kind, word.text), self.at + 1)
            return
        if (
            self._heading()
            or self._hailed()
            or self._exclaimed()
            or self._performed()
            or self._so_does()
        ):
            return
        if self._idiom() or self._owner() or self._guise() or self._lifeless():
            return
        if self._excepted() or self._link() or self._negation() or self._auxiliary():
            return
        if self._listed_verb() or self._listed_noun() or self._with_noun():
            return
        phrase = lexicon.find(self.words, self.at)
        is_phrase = phrase is not None and phrase[2] > self.at + 1 and phrase[0].action is not None
        found = None if is_phrase else manner.read(self.words, self.at)
        if found is not None and not self._manner_is_noun(found[1]):
            modifiers, end = found
            self._add(Chunk("modifier", self._text(end), modifiers=tuple(modifiers)), end)
            return
        if self._figure() or self._verb():
            return
        low = word.low
        if low in {"who", "that", "which"} and self.subject is not None:
            following = self._low(1)
            if low == "that" and following in grammar.PRONOUNS | grammar.DETERMINERS:
                self.subject, self.verbs = None, 0
                self._add(Chunk("link", "then"), self.at + 1)
                return
            self.relative = True
        kind = "preposition" if low in grammar.PREPOSITIONS else "thing"
        if kind == "thing" and low in grammar.SKIPPED:
            kind = "other"
        self._add(Chunk(kind, word.text), self.at + 1)

    def _heading(self) -> bool:
        """Pass over a heading that names an event: *Relay race:* the first runner starts."""
        lasts = len(self.chunks) == 1 and any(m.field == "total" for m in self.chunks[0].modifiers)
        if self.chunks and self.chunks[-1].kind != "stop" and not lasts:
            return False
        for end in range(self.at + 1, min(self.at + 6, len(self.words))):
            if self.words[end].kind == "stop":
                warm = (self.words[end - 2].low, self.words[end - 1].low) == ("warm", "up")
                event = (warm or self.words[end - 1].low in _EVENTS) and self.words[end].text[
                    :1
                ] == ":"
                if event:
                    self._add(Chunk("other", self._text(end)), end)
                return event
            if self.words[end].kind != "word":
                return False
        return False

    def _hailed(self) -> bool:
        """Pass over a greeting to whoever reads: *Hey guys, welcome back!* A man waves."""
        if self._low() not in _HAILS or (self.chunks and self.chunks[-1].kind != "stop"):
            return False
        for end in range(self.at + 1, min(self.at + 7, len(self.words) - 1)):
            if self.words[end].kind in {"stop", "comma"}:
                self._add(Chunk("other", self._text(end)), end)
                return True
        return False

    def _exclaimed(self) -> bool:
        """Read the one word that is said: he shouts *Eureka!*"""
        word = self.words[self.at]
        after = self.words[self.at + 1] if self.at + 1 < len(self.words) else None
        last = self.chunks[-1] if self.chunks else None
        if (
            last is None or last.verb is None or last.verb.sense is None
            or last.verb.sense.words not in _SAYING or not word.capitalised
            or word.low in people.NAMES or (after is not None and after.kind == "word")
        ):  # fmt: skip
            return False
        self._add(Chunk("quote", word.text), self.at + 1)
        return True

    def _idiom(self) -> bool:
        """Pass over a fixed phrase: they leave *hand in hand*."""
        for size in (4, 3, 2):
            phrase = tuple(w.low for w in self.words[self.at : self.at + size])
            if len(phrase) == size and phrase in grammar.IDIOMS:
                self._add(Chunk("other", self._text(self.at + size)), self.at + size)
                return True
        return False

    def _guise(self) -> bool:
        """Pass over what somebody looks like or is called: a man *dressed as a clown* juggles."""
        phrase = (self._low(), self._low(1))
        if phrase not in {
            ("dressed", "as"), ("disguised", "as"), ("known", "as"), ("dressed", "like"),
            ("masked", "as"), ("costumed", "as"), ("dressed", "in"), ("dressed", "up"),
            ("looking", "like"), ("looks", "like"), ("clad", "in"), ("armed", "with"),
        }:  # fmt: skip
            return False
        end = self.at + 2
        ahead = self._parse_figure(end) if end < len(self.words) else None
        self._add(
            Chunk("other", self._text(ahead[1] if ahead else end)), ahead[1] if ahead else end
        )
        return True

    def _owner(self) -> bool:
        """Pass over whose somebody or something is: *the old man's* dog."""
        first = self.words[self.at]
        begins = first.low in grammar.DETERMINERS or first.low in people.FIGURES
        begins = begins or first.capitalised
        for end in range(self.at + 1, min(self.at + 5, len(self.words))):
            kind = self.words[end].kind
            if kind == "possessive":
                owned = self.words[end + 1].low if end + 1 < len(self.words) else ""
                owner = self._owning(end) if owned in _CARRIED else None
                if owner is not None:
                    self.subject = self.subject or owner
                    self._add(Chunk("figure", owner.text, figure=owner), end + 1)
                    return True
                if begins:
                    self._add(Chunk("other", self._text(end)), end + 1)
                return begins
            low = self.words[end].low
            if kind != "word" or (low,) in grammar.LINKS or low in grammar.DETERMINERS:
                return False
        return False

    def _owning(self, end: int) -> Figure | None:
        """Return who it is that ends before the possessive at *end*: cuts *a customer's* hair."""
        whole, self.words = self.words, self.words[:end]
        figure = self._parse_figure(self.at)
        self.words = whole
        return figure[0] if figure is not None and figure[1] == end else None

    def _lifeless(self) -> bool:
        """Pass over what is told of a thing: *The bell rings* and the pupils stand up."""
        words = self.words
        previous = self.chunks[-1].kind if self.chunks else "stop"
        if previous not in {"stop", "link", "comma"} or words[self.at].kind != "word":
            return False
        end = self.at
        if words[end].low in grammar.DETERMINERS | grammar.POSSESSIVE or words[end].low in NUMBERS:
            end += 1
        held = end + 1 < len(words) and words[end].low in people.BODY
        found = lexicon.find(words, end + 1) if held else None
        if found is not None and {"past", "participle"} & set(found[1]):
            self._add(Chunk("other", self._text(found[2])), found[2])  # legs crossed
            return True
        placed = end + 1 < len(words) and words[end + 1].low in {
            "in", "on", "behind", "above", "over", "at", "up", "down", "out", "by", "together"
        }  # fmt: skip
        if (
            held
            and placed
            and previous != "link"
            and words[end].low.endswith(("s", "head", "feet"))
        ):
            while end < len(words) and words[end].kind in {"word", "possessive"}:
                end += 1
            if end < len(words) and words[end].kind == "comma":
                self._add(Chunk("other", self._text(end)), end)  # hands in his pockets
                return True
            return False
        start = end
        doing = lexicon.find(words, end) if start == self.at else None
        if doing is not None and {"third", "past"} & set(doing[1]) and (
            words[end].low not in people.LIFELESS
        ):  # fmt: skip
            return False  # exits *stage left*
        while end < len(words) and end - start < 3 and words[end].kind == "word":
            low = words[end].low
            following = words[end + 1].low if end + 1 < len(words) else ""
            if low in people.FIGURES or low in people.NAMES or (low,) in grammar.LINKS:
                return False
            thing = low in people.LIFELESS or (start > self.at and people.lifeless(low))
            if thing and not (people.lifeless(following) or following in people.FIGURES):
                break
            end += 1
        else:
            return False
        if end >= len(words) or not people.lifeless(words[end].low):
            return False
        found = lexicon.find(words, end + 1) if end + 1 < len(words) else None
        if found is not None and (
            (words[end].low in people.COLLECTIVE_FORMS and found[0].action not in {None, "idle"})
            or (found[0].action in _ALIVE and not words[end].low.endswith("s"))
            or (words[end].low == "bat" and found[0].action == "flying")
        ):  # fmt: skip
            return False  # the class sits
        acts = found is not None and bool({"third", "past"} & set(found[1]))
        if found is not None and not acts and words[end].low.endswith("s"):
            acts = start > self.at and "base" in found[1]
        verb_end = found[2] if acts and found else end + 2
        if not acts:
            acts = end + 1 < len(words) and self._looks_like_a_verb(words[end + 1])
        if not acts or not self._somebody_else(verb_end):
            return False
        if words[verb_end - 1].low in grammar.AUXILIARIES:  # the stadium is *packed*
            said = lexicon.find(words, verb_end) if verb_end < len(words) else None
            if said is not None and self._done_by(said[2]):
                return False
            if said is not None and {"participle", "ing"} & set(said[1]):
                verb_end = said[2]
        infinitive = verb_end < len(words) and words[verb_end].low == "to"
        if infinitive and verb_end + 1 < len(words):  # the rain begins *to fall*
            wanted = lexicon.find(words, verb_end + 1)
            verb_end = wanted[2] if wanted else verb_end
        self._add(Chunk("other", self._text(verb_end)), verb_end)
        return True

    def _done_by(self, at: int) -> bool:
        """Whether what was done to a thing was done *by somebody*, a few words after *at*."""
        for end in range(at, min(at + 5, len(self.words) - 1)):
            if self.words[end].kind != "word":
                return False
            if self.words[end].low == "by":
                return self._parse_figure(end + 1) is not None
        return False

    def _performed(self) -> bool:
        """Read what is done by somebody as a noun: *a bow is taken by the actor*; and what a noun
        tells by itself: *a fight breaks out*.
        """
        words = self.words
        opens = not self.chunks or self.chunks[-1].kind in {"stop", "link"}
        if not opens or self.subject is not None or words[self.at].kind != "word":
            return False
        first = self._light_noun(self.at, self.at)
        if first is None or first[2] >= len(words):
            return False
        deeds, at = [first], first[2]
        comma = words[at].kind == "comma"
        if self._low(at + comma - self.at) in {"preceded", "followed"} and (
            self._low(at + comma + 1 - self.at) == "by" and at + comma + 2 < len(words)
        ):  # fmt: skip
            other = self._light_noun(at + comma + 2, at + comma + 2)
            if other is None or other[2] >= len(words):
                return False
            before = words[at + comma].low == "preceded"
            deeds.insert(0 if before else 1, other)
            at = other[2] + (words[other[2]].kind == "comma")
        figure: tuple[Figure, int] | None = None
        if self._low(at - self.at) in grammar.PASSIVE and at + 1 < len(words):
            while grammar.is_adverb(self._low(at + 1 - self.at)):
                at += 1
            done = any(
                "participle" in forms(verb).get(self._low(at + 1 - self.at), ())
                for verb in lexicon.LIGHT
            )
            by = at + 2
            while by < len(words) and grammar.is_adverb(words[by].low):
                by += 1
            if not done or self._low(by - self.at) != "by" or by + 1 >= len(words):
                return False
            figure = self._parse_figure(by + 1)
            if figure is None:
                return False
            end = figure[1]
        elif (self._low(at - self.at), self._low(at + 1 - self.at)) in _BREAKS_OUT:
            end = at + 2
        elif self._low(at - self.at) in _HAPPENS:
            end = at + 1
        else:
            return False
        text = self._text(end)
        if figure is not None:
            self.subject = figure[0]
            self._add(Chunk("figure", figure[0].text, figure=figure[0]), self.at)
        for number_of, (action, modifiers, after) in enumerate(deeds):
            if number_of:
                self._add(Chunk("link", "then"), self.at)
            sense = lexicon.Sense(("do", words[after - 1].low), action)
            self._add_verb(Verb(text, sense, ("past",), modifiers), self.at)
        self.light = True
        self.at = end
        return True

    def _manner_is_noun(self, end: int) -> bool:
        """Whether the adjective read here belongs to a figure (happy girl, slow robot)."""
        word = self.words[self.at]
        if end != self.at + 1 and word.low not in {"very", "so", "too", "really", "quite"}:
            return False
        before = self.chunks[-1].kind if self.chunks else ""
        told_in_past = before == "link" and self.last_forms == ("past", "participle")
        if word.low == "left" and (told_in_past or (before == "figure" and not self.verbs)):
            following = self.words[end] if end < len(self.words) else None
            if before == "figure" and following is not None and following.low != "of":
                return True
            return following is None or following.kind != "word"
        if word.low == "left" and self._low(1) in {"the", "his", "her", "their"}:
            return True
        if grammar.is_adverb(word.low):
            return False
        ahead = self._parse_figure(self.at)
        return ahead is not None and self._previous_low() not in {"is", "are", "was", "were"}

    def _link(self) -> bool:
        for size in (4, 3, 2, 1):
            phrase = tuple(w.low for w in self.words[self.at : self.at + size])
            if len(phrase) < size or phrase not in grammar.LINKS:
                continue
            link = grammar.LINKS[phrase]
            end = self.at + size
            trailing = phrase == ("followed", "by") and end < len(self.words)
            if trailing and self._parse_figure(end) and not self._light_noun(end, end):
                return False  # the duck walks, followed by five others
            if phrase == ("next",) and self._low(1) in {"to", "door"}:
                return False
            if phrase == ("first",) or (phrase[-1:] == ("end",) and self._low(size) == "of"):
                return False
            if phrase in {("once",), ("soon",)} and not self._clause_follows(end):
                return False
            if phrase == ("so",) and not self._clause_follows(end):
                return False
            if phrase == ("as",) and not self._clause_follows(end):
                self._skip_comparison(end)
                return True
            if link in {"after", "before"} and not self._clause_follows(end):
                if self._told_by_a_noun(link, end):
                    return True
                if size == 1 and end < len(self.words) and self._parse_figure(end):
                    return False
                if phrase[-1] in {"before", "after"} and (
                    end >= len(self.words) or self.words[end].kind != "word"
                ):
                    self._add(Chunk("link", self._text(end), modifiers=()), end)
                    return True
                self._skip_comparison(end)
                return True
            if phrase in {("until",), ("till",)} and self._clause_follows(end):
                self.subject, self.verbs = None, 0
                self._add(Chunk("link", "until"), end)
                return True
            if phrase in {("when",), ("until",)} and link == "after" and self._going_on():
                link = "then"  # a man is reading when a dog barks
            if link in {"then", "while", "but", "after", "before"}:
                self.subject, self.verbs = None, 0
            self._add(Chunk("link", link), end)
            return True
        return False

    def _told_by_a_noun(self, link: str, end: int) -> bool:
        """Read an event told by its noun: *after a long hug*, they wave."""
        if end >= len(self.words) or self.words[end].low not in {
            "a", "an", "his", "her", "their", "its", "my", "our"
        }:  # fmt: skip
            return False
        found = self._light_noun(end, end)
        if found is None or not self._ends_here(found[2]):
            return False
        action, modifiers, after = found
        self.subject, self.verbs = None, 0
        self._add(Chunk("link", link), end)
        sense = lexicon.Sense(("do", self.words[after - 1].low), action)
        self._add_verb(Verb(self._text(after), sense, ("ing",), modifiers), after)
        return True

    def _ends_here(self, at: int) -> bool:
        return at >= len(self.words) or self.words[at].kind in {"comma", "stop"}

    def _going_on(self) -> bool:
        """Whether the last verb of this sentence tells what is going on: is reading."""
        for chunk in reversed(self.chunks):
            if chunk.kind == "stop":
                return False
            if chunk.verb is not None:
                return chunk.verb.auxiliary and chunk.verb.forms == ("ing",)
        return False

    def _clause_follows(self, at: int) -> bool:
        """Whether a verb comes before the next comma, stop or link."""
        cutter = _Cutter(self.words)
        cutter.at = at
        limit = min(len(self.words), at + 12)
        while cutter.at < limit:
            if self.words[cutter.at].kind in {"comma", "stop"}:
                return False
            count = len(cutter.chunks)
            low = self.words[cutter.at].low
            if low in grammar.AUXILIARIES and cutter.subject is not None:
                return True
            if low in {"and", "then", "while", "before", "after", "but", "when"}:
                joins = cutter.at + 1 < len(self.words) and self._parse_figure(cutter.at + 1)
                if cutter.subject is None or low != "and" or not joins:
                    return False
                cutter.at += 1
                continue
            if low in {"as", "once", "so", "until", "soon"}:
                return False
            cutter._next()
            for chunk in cutter.chunks[count:]:
                if chunk.kind == "verb" and chunk.verb is not None:
                    ing = "ing" in chunk.verb.forms
                    done = chunk.verb.auxiliary and "participle" in chunk.verb.forms
                    if ing or done or cutter.subject is not None:
                        return True
                if chunk.kind == "figure":
                    cutter.subject = chunk.figure
        return False

    def _skip_comparison(self, end: int) -> None:
        """Pass over what is no clause: "after the race", "as a robot", "before dinner"."""
        start = self.at
        while end < len(self.words) and self.words[end].kind == "word":
            low = self.words[end].low
            if (low,) in grammar.LINKS or low in {"who", "that"}:
                break
            nominal = low in grammar.DETERMINERS or low in people.FIGURES or end == start + 1
            head = low in people.INANIMATE or low in lexicon.NOUNS or low in people.FIGURES
            end += 1
            if head and not nominal:
                break
            if low in people.FIGURES or head:
                break
        said = lexicon.find(self.words, end) if end < len(self.words) else None
        if said is not None and people.lifeless(self.words[end - 1].low) and (
            {"third", "past"} & set(said[1]) and self._somebody_else(end)
        ):  # fmt: skip
            end = said[2]  # as lightning *strikes*
        self._add(Chunk("other", self._text(end)), end)

    def _excepted(self) -> bool:
        """Read "nobody but" as the one who does it, and who is left out after the verb: everyone
        claps *except the king*.
        """
        for phrase in grammar.NOBODY:
            if tuple(w.low for w in self.words[self.at : self.at + len(phrase)]) == phrase:
                end = self.at + len(phrase)
                but = end + 1 if end < len(self.words) and self.words[end].low == "but" else None
                only = self._except(end) or but
                if only is not None and only < len(self.words) and self._parse_figure(only):
                    self._add(Chunk("other", self._text(only)), only)
                    return True
        nothing = self._low() in {"does", "do", "did", "doing"} and self._low(1) == "nothing"
        if nothing and self._low(2) in {"but", "except"}:
            self._add(Chunk("auxiliary", "does"), self.at + 3)
            return True
        left = self._except(self.at)
        if left is None and self._low() == "but" and self._of_all():
            figure = self._parse_figure(self.at + 1) if self.at + 1 < len(self.words) else None
            early = self.subject is not None and not self.verbs
            ends = figure is not None and (early or not self._verb_like(figure[1]))
            left = self.at + 1 if ends else None
        if left is None:
            return False
        kind = "preposition" if self._parse_figure(left) else "other"
        self._add(Chunk(kind, "except"), left)
        return True

    def _of_all(self) -> bool:
        """Whether this sentence is about nobody or everybody."""
        for chunk in reversed(self.chunks):
            if chunk.kind == "stop":
                return False
            if chunk.kind == "negation" or (chunk.figure and chunk.figure.reference == "everyone"):
                return True
        return False

    def _negation(self) -> bool:
        if self._low() == "not" and self._low(1) in {"only", "just"}:
            self._add(Chunk("other", "not only"), self.at + 2)
            return True
        if (self._low(), self._low(1)) in grammar.IMPENDING:
            wished = Modifier("wished", 1)
            self._add(Chunk("modifier", "about to", modifiers=(wished,)), self.at + 2)
            return True
        for size in (3, 2, 1):
            phrase = tuple(w.low for w in self.words[self.at : self.at + size])
            if len(phrase) == size and phrase in grammar.NEGATIONS:
                if phrase[0] in grammar.BEFORE_PARTICIPLE and size == 1:
                    if phrase == ("no",) and self._low(1) in people.FIGURES:
                        return False
                    if not self._low(1).endswith("ing"):
                        return False
                if phrase[0] in grammar.BEFORE_VERB and not self._verb_ahead():
                    return False
                self._add(Chunk("negation", grammar.NEGATIONS[phrase]), self.at + size)
                return True
        low = self._low()
        if low in {"stops", "stopped", "stop", "quits", "quit", "stopping", "cease", "ceases"}:
            ahead = self._low(1)
            if ahead.endswith("ing") and lexicon.find(self.words, self.at + 1):
                ceased = Modifier("ceased", 1)
                self._add(Chunk("modifier", low, modifiers=(ceased,)), self.at + 1)
                return True
            if ahead == "to":
                self._add(Chunk("other", f"{low} to"), self.at + 2)
                return True
        return False

    def _verb_ahead(self) -> bool:
        """Whether a verb in another than the -ing form follows: almost *falls*."""
        found = lexicon.find(self.words, self.at + 1) if self.at + 1 < len(self.words) else None
        return found is not None and found[1] != ("ing",)

    def _got(self) -> bool:
        """Read "gets" before a participle: *gets* knocked out, *got* hit by a ball."""
        if self._low() not in {"get", "gets", "got", "getting"}:
            return False
        whole = lexicon.find(self.words, self.at)
        found = lexicon.find(self.words, self.at + 1) if self.at + 1 < len(self.words) else None
        if found is None or "participle" not in found[1] or whole is None or whole[2] > self.at + 1:
            return False
        by = found[2] < len(self.words) and self.words[found[2]].low == "by"
        if not by and {"base", "third"} & set(found[1]):
            return False
        self._add(Chunk("auxiliary", self._low()), self.at + 1)
        return True

    def _likewise(self) -> bool:
        """Read "does" that stands for a verb: then she *does*; and the boy *does too*."""
        if self._low() not in {"does", "do", "did"}:
            return False
        end = self.at + 1
        if self._low(1) in {"it", "that", "this"}:
            after = self.at + 2
            again = self._low(2) in {"again", "once", "twice", "all"} or (
                after < len(self.words) and manner.read(self.words, after) is not None
            )
            if again or self._ends_here(after):
                verb = Verb("does", lexicon.Sense(("do", "so"), None), ("third",))
                self._add_verb(verb, after)
                return True
        if self.subject is None:
            return False
        if end < len(self.words) and self.words[end].low in {"too", "also", "likewise"}:
            end += 1
        elif not self._ends_here(end):
            return False
        self._add_verb(Verb("does", lexicon.Sense(("do", "so"), None), ("third",)), end)
        return True

    def _so_does(self) -> bool:
        """Read who does the same: he jumps and *so does she*; he claps, *as do the others*."""
        if self._low() not in {"so", "as"} or self._low(1) not in {"does", "do", "did"}:
            return False
        figure = self._parse_figure(self.at + 2) if self.at + 2 < len(self.words) else None
        if figure is None:
            return False
        self._add(Chunk("link", "and"), self.at)
        self._add(Chunk("figure", figure[0].text, figure=figure[0]), self.at)
        verb = Verb("does", lexicon.Sense(("do", "so"), None), ("third",))
        self._add_verb(verb, figure[1])
        return True

    def _causes(self) -> bool:
        """Read "have" before somebody who is to do something: *Have* the wizard fly."""
        opens = not self.chunks or self.chunks[-1].kind in {"stop", "comma", "link"}
        if self._low() != "have" or not opens or self.at + 1 >= len(self.words):
            return False
        ahead = self._parse_figure(self.at + 1)
        if ahead is None or ahead[1] >= len(self.words):
            return False
        found = lexicon.find(self.words, ahead[1])
        if found is None or not {"base", "ing"} & set(found[1]):
            return False
        verb = Verb("have", lexicon.Sense(("let",), None), ("base",))
        self._add_verb(verb, self.at + 1)
        return True

    def _auxiliary(self) -> bool:
        if self._got() or self._causes() or self._likewise():
            return True
        if self._low() not in grammar.AUXILIARIES:
            return False
        ahead = self.at + 1
        while ahead < len(self.words) and (
            self.words[ahead].low
            in grammar.SKIPPED | grammar.AUXILIARIES | {"not", "never", "to", "going"}
            or self.words[ahead].low in manner.STYLES
            or grammar.is_adverb(self.words[ahead].low)
        ):
            ahead += 1
        phrase = lexicon.find(self.words, self.at)
        if phrase is not None and phrase[2] > self.at + 1 and phrase[0].action is not None:
            done_by = phrase[2] < len(self.words) and self.words[phrase[2]].low == "by"
            if done_by:  # is tackled by two men
                self._add(Chunk("auxiliary", self._low()), self.at + 1)
            return done_by
        light = self._low() in {"has", "have", "had", "do", "does", "did", "having"}
        if light and ahead < len(self.words) and self._light_verb(self.at):
            return False
        self._add(Chunk("auxiliary", self._low()), self.at + 1)
        return True
