"""Chunks put together: who does what, negated or not, and how each thing follows the one before."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from stickgen.core.actions import action as row_of
from stickgen.llm import grammar, lexicon, people
from stickgen.llm.manner import Modifier
from stickgen.llm.phrases import Chunk, Figure, Verb
from stickgen.llm.words import NUMBERS, word_set


@dataclass(slots=True)
class Predicate:
    """One thing said to happen.

    ``link`` is how it follows the one before: start, sentence, then, and, comma, or, while,
    after, before. ``fronted`` marks a clause that stands before the one it belongs to ("After
    jumping, he waves"). ``subject`` is empty where it is the one before's.
    """

    verb: Verb
    link: str
    sentence: int
    subject: list[Figure] = field(default_factory=list)
    objects: list[tuple[str, Figure]] = field(default_factory=list)
    modifiers: list[Modifier] = field(default_factory=list)
    things: list[str] = field(default_factory=list)
    tail: list[str] = field(default_factory=list)
    """The words that follow the verb in its clause, in lower case."""
    fronted: bool = False
    negated: bool = False
    switched: bool = False
    """Whether the subject was named as the object of the one before ("watches a man dance")."""
    relative: bool = False
    listed: bool = False
    """Whether a comma stands before the link: one more item of a list."""
    particle: str | None = None
    line: str | None = None
    wished: bool = False
    """Whether it is only wanted or about to happen, and shown if nothing else is."""
    asked: bool = False
    """Whether somebody else asked for it, which is shown unless it is told again."""
    ceased: bool = False
    """Whether it is what somebody stops doing."""


@dataclass(slots=True)
class Story:
    """What was read: the predicates in the order of the text, and what belongs to no verb."""

    predicates: list[Predicate] = field(default_factory=list)
    idle: list[tuple[int, Figure, str | None]] = field(default_factory=list)
    """Figures of sentences without a verb ("A man is angry"): how many predicates come before, who,
    and the style the sentence gives them."""
    total: float | None = None


_RANK = {"start": 0, "sentence": 0, "comma": 1, "and": 2, "or": 2, "but": 2, "then": 3,
         "while": 4, "aside": 4, "after": 5, "before": 5}  # fmt: skip
_EACH = word_set(
    "dodge catching throwing kicking kick punch jump pick_up shooting batting pitching"
)
"""Actions that are done once for each of several things."""
_PLACED = word_set(
    "walk run sprint march sit stand lie_down crouch kneel fall hop crawling flying swimming jump"
    " dance climbing idle"
)
"""Actions whose verb may stand before its subject after a place: on the bench *sit two men*."""
_PARTICLES = word_set("in away off back out")
_PERCEIVED = word_set("watch see hear let make help find spot notice look observe stare gaze")


def _speaks(predicate: Predicate) -> bool:
    sense = predicate.verb.sense
    return sense is not None and sense.action is not None and bool(row_of(sense.action).speech)


def read(chunks: list[Chunk]) -> Story:
    """Return the story that *chunks* tell."""
    return _Reader(chunks).run()


class _Reader:
    def __init__(self, chunks: list[Chunk]) -> None:
        self.chunks = chunks
        self.story = Story()
        self.sentence = 0
        self.link = "start"
        self.comma = False
        self.subject: list[Figure] = []
        self.last: Predicate | None = None  # of this clause
        self.main_seen = False  # a main clause verb in this sentence
        self.finite = False  # a verb in another form than -ing in this sentence
        self.fronted: str | None = None
        self.pending: list[Modifier] = []
        self.negation: str | None = None
        self.negated: Predicate | None = None
        self.quote: str | None = None
        self.preposition = ""
        self.since_verb = 0  # separators since the last verb
        self.relative = False
        self.of_a_thing = False
        self.stopped = False  # "stops to drink": what went on before is over

    def run(self) -> Story:
        for index, chunk in enumerate(self.chunks):
            before = self.last
            getattr(self, f"_{chunk.kind}")(index, chunk)
            if before is not None and self.last is before and not self.since_verb:
                before.tail += chunk.text.lower().split()
        self._close()
        return self.story

    # -- punctuation and links ----------------------------------------------------------------

    def _stop(self, index: int, chunk: Chunk) -> None:
        del index
        if (
            chunk.text.startswith(":")
            and self.last is None
            and all(f.part in people.COLLECTIVES and not f.counted for f in self.subject)
        ):  # a yoga class: four people stretch
            self.subject = []
        self._close()
        self.link = "sentence"
        self.comma = False
        if chunk.text.startswith((";", ":")):
            self.main_seen = False

    def _leave(self) -> None:
        """Remember who was named without a verb: they are there all the same."""
        if self.subject and self.last is None:
            style = next((str(m.value) for m in self.pending if m.field == "style"), None)
            before = len(self.story.predicates)
            self.story.idle.extend((before, figure, style) for figure in self.subject)
            self.pending = []

    def _close(self) -> None:
        self._leave()
        if self.quote is not None and self.story.predicates:
            target = self.story.predicates[-1]
            if target.line is None:
                target.line = self.quote
        if self.pending and self.story.predicates:
            self._say(self.story.predicates[-1], self.pending)
        self.quote = None
        self.pending = []
        self.sentence += 1
        self.inner = None
        self.subject, self.last, self.main_seen, self.finite = [], None, False, False
        self.fronted = self.negation = None
        self.preposition = ""
        self.relative = self.between = False
        self.negated = None

    def _comma(self, index: int, chunk: Chunk) -> None:
        del index, chunk
        self.since_verb += 1
        self.comma = True
        self.preposition = ""
        self.relative = False
        if self.parenthesis and self.last is not None:
            self.subject, self.link, self.comma = self.last.subject, "aside", False
            self.last.relative, self.last, self.parenthesis = True, None, False
            return
        if self.negation == "many" and self.last is None:
            self.negation = None
        if self.fronted and self.last is not None:
            self._end_fronted()
        elif self.last is not None and _RANK.get(self.link, 1) < _RANK["comma"]:
            self.link = "comma"

    def _end_fronted(self) -> None:
        """The subordinate clause that opened the sentence is over; the main one begins."""
        self.link = f"main-{self.fronted}"
        self.fronted = None
        self.subject = []
        self.last = None

    def _link(self, index: int, chunk: Chunk) -> None:
        link = chunk.text
        if link == "while" and self._closes_with(index):  # jumps and shouts *at the same time*
            assert self.last is not None
            if self.last.link in {"and", "comma"}:
                self.last.link = "while"
            return
        if link == "then" and self.relative and self.last is not None and self.candidate:
            self.later = True  # her teammate, who *then* sprints off
            return
        self.since_verb += 1
        self.preposition = ""
        self.relative = False
        if link == "until":  # will not stand up *until* she claps
            link = "then"
            if self.last is not None and self.last.negated and not self.last.ceased:
                self.last.negated, self.negated, link = False, None, "after"
        if link not in _RANK:
            return
        if self.fronted and self.last is not None and link == "then":
            self._end_fronted()
            return
        if self.negation == "many" and link in {"but", "then", "while"}:
            self.negation = None
        if link in {"while", "after", "before"}:
            fresh = not self.main_seen or (self.last is None and self.link in {"then"})
            if fresh and not self.subject:
                self.fronted = link
                self.link = "then" if self.link == "then" else "sentence"
                self.last = None
                return
            self._leave()
            self.link = link
            self.last = None
            self.subject = []
            return
        current = self.link if not self.link.startswith("main") else "comma"
        if _RANK.get(link, 0) >= _RANK.get(current, 0) and not self.link.startswith("main"):
            if link == "but":
                link = "and" if self.last is not None else "sentence"
                link = "then"
            self.link = link

    def _closes_with(self, index: int) -> bool:
        """Whether the word for "meanwhile" at *index* ends what was said and opens no clause."""
        rest = [chunk.kind for chunk in self.chunks[index + 1 : index + 3]]
        over = not rest or rest[0] == "stop" or rest in (["comma", "link"], ["comma", "verb"])
        over = over or (rest[0] == "link" and self.chunks[index + 1].text in {"then", "and", "but"})
        return over and self.last is not None and not self.since_verb

    # -- words ----------------------------------------------------------------------------------

    def _other(self, index: int, chunk: Chunk) -> None:
        low = chunk.text.lower()
        before = self.chunks[index - 2] if index > 1 else chunk
        self.stopped = self.stopped or low.endswith(" to")
        self.of_a_thing = low == "which" and self.last is not None and self.since_verb > 0 and (
            before.kind != "figure"
        )  # fmt: skip
        if low in {"who", "that", "which"}:
            self.relative = True
        if self.last is not None and not self.since_verb and low in _PARTICLES:
            self.last.particle = low

    def _thing(self, index: int, chunk: Chunk) -> None:
        self._other(index, chunk)
        if self.last is not None and not self.since_verb:
            self.last.things.append(chunk.text.lower())
            self._each_time(index, chunk)
            if self.preposition in {"to", "toward", "towards"}:
                self.last.things.append(f"to:{chunk.text.lower()}")

    def _each_time(self, index: int, chunk: Chunk) -> None:
        """Let what is done to several things be done as often: dodges *three snowballs*."""
        amount = NUMBERS.get(chunk.text.lower()) or (
            int(chunk.text) if chunk.text.isdecimal() else 0
        )
        following = self.chunks[index + 1] if index + 1 < len(self.chunks) else None
        sense = self.last.verb.sense if self.last is not None else None
        if (
            self.last is not None and sense is not None and sense.action in _EACH
            and 2 <= amount <= 20 and following is not None and following.kind == "thing"
            and following.text.lower().endswith("s")
        ):  # fmt: skip
            self.last.modifiers.append(Modifier("repetitions", amount))

    def _preposition(self, index: int, chunk: Chunk) -> None:
        self._other(index, chunk)
        self.preposition = chunk.text.lower()

    def _possessive(self, index: int, chunk: Chunk) -> None:
        del index, chunk

    def _auxiliary(self, index: int, chunk: Chunk) -> None:
        del index
        if chunk.text == "having" and self.last is not None and self.since_verb:
            self.link, self.last, self.subject = "after", None, []  # claps, *having* watched
        elif chunk.text == "having" and not (self.last or self.subject or self.main_seen):
            self.fronted, self.link = "after", "sentence"  # *having* bowed, he fights

    def _negation(self, index: int, chunk: Chunk) -> None:
        del index
        self.negation = chunk.text

    def _quote(self, index: int, chunk: Chunk) -> None:
        del index
        before = self.story.predicates[-1] if self.story.predicates else None
        if self.last is not None and self.last.line is None:
            self.last.line = chunk.text
        elif (
            self.last is None
            and before is not None
            and (before.sentence, before.line) == (self.sentence, None)
            and _speaks(before)
        ):
            before.line = chunk.text
        else:
            self.quote = chunk.text

    def _modifier(self, index: int, chunk: Chunk) -> None:
        modifiers = []
        for modifier in chunk.modifiers:
            if modifier.field == "total":
                self.story.total = float(modifier.value)
            else:
                modifiers.append(modifier)
        following = self._next_kind(index)
        before_verb = following == "verb" and (self.since_verb > 0 or self.last is None)
        back = index - 1
        while back > 0 and self.chunks[back].kind == "preposition":
            back -= 1
        after_link = index > 0 and self.chunks[back].kind == "link"
        if (
            after_link
            and self.last is not None
            and self.link == "then"
            and following in {"", "stop", "comma", "link"}
        ):
            # "runs to the left, then to the right"
            again = replace(
                self.last, link="then", subject=[], modifiers=list(modifiers), line=None
            )
            self.story.predicates.append(again)
            self.last, self.link, self.comma, self.since_verb = again, "start", False, 0
        elif self.last is None or before_verb:
            self.pending.extend(modifiers)
        else:
            self._say(self.last, modifiers)
        if any(m.field == "direction" for m in modifiers):
            words = chunk.text.lower().split()
            self.preposition = words[-1] if words[-1] in {"off"} else self.preposition

    def _next_kind(self, index: int) -> str:
        for chunk in self.chunks[index + 1 :]:
            if chunk.kind in {"modifier", "auxiliary", "negation"}:
                continue
            if chunk.kind == "other" and chunk.text.lower() not in _PARTICLES:
                continue
            return chunk.kind
        return ""

    def _say(self, predicate: Predicate, modifiers: list[Modifier]) -> None:
        predicate.modifiers.extend(modifiers)

    # -- figures --------------------------------------------------------------------------------

    def _figure(self, index: int, chunk: Chunk) -> None:
        figure = chunk.figure
        assert figure is not None
        preposition, self.preposition = self.preposition, ""
        if preposition in {"like", "about"}:
            return
        if chunk.text.lower().startswith("whose ") and self.subject and self.last is None:
            self._leave()
            self.owner, self.subject, self.link = self.subject, [figure], "aside"
            return
        if preposition in {"in", "within"} and figure.part in people.COLLECTIVES:
            return  # marches in a parade
        if figure.reference == "reciprocal":
            if self.last is not None:
                self.last.objects.append(("reciprocal", figure))
            return
        acts = self._acts(index)
        before = self.chunks[index - 1] if index else chunk
        open_clause = self.last is None or self.since_verb > 0
        if preposition and before.kind == "thing" and open_clause and (
            before.text.lower() not in grammar.DETERMINERS
            and (acts == "finite" or self._coordinated_subject(index))
        ):  # fmt: skip
            preposition = ""  # at the wedding *the bride and groom* dance
        if self.last is not None and (preposition == "except" or before.kind == "negation"):
            self._leave_out(figure)
            return
        if preposition == "except":
            self.left_out = figure if not self.subject else None
            self.subject = [replace(each, without=(figure,)) for each in self.subject]
            return
        if self._becomes(preposition):
            return  # turns into *a bird*
        if self._is_listed_by_name(figure, before):
            return
        if (
            figure.part == "another" and self.last is not None and self.last.things and not acts
            and before.kind == "link" and not self.last.objects
        ):  # fmt: skip
            again = replace(self.last, link="then", subject=[], line=None)
            self.story.predicates.append(again)
            self.last, self.link, self.comma, self.since_verb = again, "start", False, 0
            return
        if (
            before.kind == "auxiliary"
            and self.subject
            and self.last is None
            and before.text in {"is", "are", "was", "were"}
            and not acts
        ):  # a dog and a cat are *friends*
            return
        if self.inner is not None and self.last is None and not self.since_verb:
            self.inner.objects.append((preposition, figure))  # who is chasing *a dog*
            return
        if preposition == "of" and self.last is None and not self.subject and figure.plural:
            self.story.idle.append((len(self.story.predicates), figure, None))
            return  # of the three runners, two sprint
        if self.last is None:
            if preposition in {"with", "of", "behind", "beside", "near", "at"} and self.subject:
                if preposition == "with":
                    self.subject.append(figure)
                return
            if preposition and preposition not in {"with", "in", "between"} and not acts:
                return
            if self.subject:
                if self.relative or self._is_apposition(index, figure):
                    return
                if self._lists_members(index, figure):
                    self.subject = [figure]
                    return
                self.subject.append(figure)
            else:
                self.subject = [figure]
            for verb in figure.attributive:
                self._attribute(figure, verb)
            return
        separated = self.since_verb > 0
        perceived = (
            not separated
            and self.last.verb.sense is not None
            and bool({self.last.verb.sense.words[0]} & _PERCEIVED)
        )
        between = preposition == "between" and not self.last.subject and not separated
        if between or (self.between and self.link == "and" and not acts):
            self.last.subject.append(figure)  # a fight between a pirate and a knight
            self.subject, self.between = self.last.subject, True
            return
        enters = self.last.verb.text.lower() in {"enter", "exit", "exeunt"} and not separated
        if enters and not preposition and not self.last.subject and self.subject == []:
            self.last.subject = self.subject = [figure]  # Enter a knight.
            return
        inverted = (
            not separated and not self.last.subject and self.last.line is not None
            and self.last.link in {"start", "sentence", "comma"} and not preposition
        )  # fmt: skip
        said = self.last.line is not None and not separated and not preposition
        if said and acts == "finite" and chunk.text[:1].isupper():  # said "Hi!" They dance
            self._close()
            self.link, self.subject = "sentence", [figure]
            return
        opening = next(
            (c for c in reversed(self.chunks[:index]) if c.kind in {"stop", "comma"}), None
        )
        first = self.chunks[self.chunks.index(opening) + 1 if opening is not None else 0]
        placed = (
            before.kind == "verb" and not separated and not preposition and not self.last.subject
            and self.last.link in {"start", "sentence", "comma"} and not perceived
            and first.kind in {"preposition", "other", "modifier"} and self.last.verb.sense
            and self.last.verb.sense.action in _PLACED and not self.last.fronted
            and ({"third", "past"} & set(self.last.verb.forms) or figure.plural)
        )  # fmt: skip
        if placed:  # up the hill ran *the boy*
            self.last.subject = self.subject = [figure]
            return
        if inverted:
            self.last.subject = [figure]
            self.subject = [figure]
            return
        if separated and acts and not preposition:
            if self.negation == "many" and self.link == "comma":
                self.negation = None
            self.subject = [figure]
            self.last = None
            if self.fronted:
                self._end_fronted()
                self.subject = [figure]
            return
        if separated and self.link in {"and", "comma"} and self._coordinated_subject(index):
            self.subject = [figure]
            self.last = None
            return
        if not separated and acts == "finite" and self.fronted:
            self._end_fronted()
            self.subject = [figure]
            return
        anew = (
            not separated and acts == "finite" and not preposition and not perceived
            and self.last.verb.forms == ("third",) and not figure.plural
            and figure.reference in {"new", "name", "known"} and self._third_follows(index)
        )  # fmt: skip
        if anew:  # tom waves *jerry* waves back
            self.subject, self.link, self.last = [figure], "comma", None
            return
        quantity = figure.counted and figure.reference == "new" and figure.plural
        if not separated and acts == "finite" and quantity and not (preposition or perceived):
            self.subject, self.link, self.last = [figure], "comma", None  # dance 3 aliens watch
            return
        goes_on = self._base_ends_it(index)
        if (
            perceived
            and goes_on
            and not self.finite
            and self.last.verb.forms == ("ing",)
            and not self.last.verb.auxiliary
            and self.last.subject
            and self.last.subject[0].plural
            and not figure.plural
        ):  # the tourists watching him *clap*
            self.last.objects.append((preposition, figure))
            self.subject, self.link, self.last = self.last.subject, "aside", None
            return
        if not separated and acts and (perceived or acts == "ing" or acts == "relative"):
            if preposition != "with":
                self.last.objects.append((preposition, figure))
            self.subject = [figure]
            self.link = "while"
            self.switched = True
            self.last = None
            return
        self.last.objects.append((preposition, figure))
        for verb in figure.attributive:
            self.story.predicates.append(
                Predicate(verb, "while", self.sentence, [figure], switched=True)
            )
        self.candidate = figure  # "..., who laughs"

    def _leave_out(self, figure: Figure) -> None:
        """Let *figure* not do what was told of all, or do it alone where nobody else does."""
        assert self.last is not None
        if self.last.negated:
            alone = replace(self.last, subject=[figure], negated=False)
            self.story.predicates.append(alone)
            self.last, self.negated = alone, None
        else:
            told = self.last.subject or [Figure("they", "pronoun", plural=True, part="they")]
            self.last.subject = [replace(each, without=(figure,)) for each in told]
        self.negation = None
        self.candidate = figure

    def _third_follows(self, index: int) -> bool:
        verb = self.chunks[index + 1].verb if index + 1 < len(self.chunks) else None
        return verb is not None and verb.forms == ("third",)

    def _becomes(self, preposition: str) -> bool:
        """Whether who is named is only what somebody turns into or plays."""
        sense = self.last.verb.sense if self.last is not None and not self.since_verb else None
        if sense is None:
            return False
        if preposition in {"into", "to"} and sense.words[0] in {"turn", "change", "transform"}:
            return preposition == "into"
        return not preposition and sense.words[0] in {"become", "be", "resemble", "impersonate"}

    def _is_listed_by_name(self, figure: Figure, before: Chunk) -> bool:
        """Take the names of a group that has just been named: two girls, *Anna and Lisa*."""
        if self.last is not None or len(self.subject) != 1 or figure.reference != "name":
            return False
        group = self.subject[0]
        enough = group.count is not None and len(group.names) < group.count
        if not (group.plural and group.reference == "new" and enough):
            return False
        if before.kind != "comma" and not (group.names and before.kind == "link"):
            return False
        self.subject = [replace(group, names=(*group.names, figure.text))]
        return True

    def _lists_members(self, index: int, figure: Figure) -> bool:
        """Whether those of a group are told one by one: the guests, *a man and a woman*, laugh."""
        group = self.subject[0]
        comma = self.chunks[index - 1].kind == "comma"
        if not comma or len(self.subject) != 1 or not group.plural or group.teams:
            return False
        if figure.plural or figure.reference not in {"new", "name"}:
            return False
        at, listed, linked = index, 0, False
        while at + 1 < len(self.chunks) and self.chunks[at].kind == "figure":
            listed += 1
            joins = self.chunks[at + 1].kind
            if linked:
                ends = self.chunks[at + 2].kind if at + 2 < len(self.chunks) else ""
                whole = not group.counted or group.count == listed
                return joins == "comma" and ends in {"verb", "auxiliary"} and whole
            linked = joins == "link" or (
                joins == "comma" and self.chunks[at + 2 : at + 3] != []
                and self.chunks[at + 2].kind == "link"
            )  # fmt: skip
            at += 3 if linked and joins == "comma" else 2
        return False

    def _base_ends_it(self, index: int) -> bool:
        """Whether nothing but a verb in the base form follows in the sentence."""
        verb = self.chunks[index + 1].verb if index + 1 < len(self.chunks) else None
        ends = index + 2 >= len(self.chunks) or self.chunks[index + 2].kind == "stop"
        return verb is not None and ends and "base" in verb.forms

    def _is_apposition(self, index: int, figure: Figure) -> bool:
        """Whether *figure* says once more who the subject is: Sam, *a tall fireman*, climbs."""
        before = self.chunks[index - 1].kind if index else ""
        if before != "comma" or len(self.subject) != 1 or figure.plural != self.subject[0].plural:
            return False
        if figure.reference not in {"new", "known", "own"}:
            return False
        for ahead in range(index + 1, len(self.chunks)):
            kind = self.chunks[ahead].kind
            if kind in {"stop", "link", "figure", "verb", "auxiliary", "quote"}:
                return False
            if kind == "comma":
                after = self.chunks[ahead + 1].kind if ahead + 1 < len(self.chunks) else ""
                return after in {"verb", "auxiliary", "modifier", "negation", "other"}
        return False

    def _attribute(self, figure: Figure, verb: Verb) -> None:
        predicate = Predicate(verb, "sentence", self.sentence, [figure], fronted=False)
        predicate.relative = True
        predicate.link = self.link
        self.link = "aside"
        self.story.predicates.append(predicate)

    def _acts(self, index: int) -> str:
        """How a verb follows the figure at *index* as its subject: finite, ing, relative or not."""
        relative = False
        auxiliary = False
        denied = False
        seen_preposition = False
        for ahead in range(index + 1, len(self.chunks)):
            chunk = self.chunks[ahead]
            low = chunk.text.lower()
            if (chunk.kind == "other" and low in {"who", "that", "which"}) or (
                chunk.kind == "thing" and low in {"who", "that", "which"}
            ):
                relative = True
                continue
            if (
                chunk.kind == "comma"
                and ahead + 1 < len(self.chunks)
                and (self.chunks[ahead + 1].text.lower() == "who")
            ):
                continue
            if chunk.kind == "comma" and self._set_apart(ahead) and self._resumes(ahead + 1):
                return "finite"  # the receiver, sprinting, *catches* it
            if chunk.kind == "auxiliary":
                auxiliary = True
                continue
            if chunk.kind in {"modifier", "negation"}:
                denied = denied or chunk.kind == "negation"
                continue
            if chunk.kind == "preposition":
                if low in {"to", "by", "without", "from", "for"}:
                    return ""
                seen_preposition = True
                continue
            if chunk.kind == "other":
                auxiliary = auxiliary or low.endswith(" to")
                continue
            if chunk.kind == "thing":
                if seen_preposition:
                    continue
                return ""
            if chunk.kind == "verb" and chunk.verb is not None:
                if relative:
                    return "relative"
                if auxiliary:
                    return "finite"
                if chunk.verb.forms == ("ing",):
                    sense = chunk.verb.sense
                    along = sense is not None and sense.words[0] == "with"
                    return "" if along else "ing"  # greets him *with a handshake*
                if chunk.verb.infinitive and not denied:  # the man *refuses to* shake it
                    return ""
                return "finite"
            return ""
        return "finite" if auxiliary else ""

    def _coordinated_subject(self, index: int) -> bool:
        """Whether "and a man" opens "and a man and a woman dance"."""
        ahead = index + 1
        while ahead + 1 < len(self.chunks):
            kinds = (self.chunks[ahead].kind, self.chunks[ahead + 1].kind)
            if kinds == ("link", "figure") and self.chunks[ahead].text == "and":
                if self._acts(ahead + 1):
                    return True
                ahead += 2
                continue
            return False
        return False

    # -- verbs ----------------------------------------------------------------------------------

    candidate: Figure | None = None
    switched = False
    between = False
    parenthesis = False
    later = False
    inner: Predicate | None = None
    left_out: Figure | None = None
    owner: list[Figure] = []  # noqa: RUF012 - replaced, never changed

    def _verb(self, index: int, chunk: Chunk) -> None:
        verb = chunk.verb
        assert verb is not None
        if self.of_a_thing:  # a tree, which falls
            self.of_a_thing = False
            return
        inner, self.inner = self.inner, None
        link, listed = self.link, self.comma
        subject = list(self.subject) if self.last is None else []
        if inner is not None and inner.switched and self._back_to_the_main(index, verb):
            subject, link = [], "comma" if link == "aside" else link
        relative = self.relative
        if relative and self.candidate is not None and self.last is not None:
            subject = [self.candidate]
            link = "then" if self.later else "while"
            self.relative = self.later = False
        ing_after = verb.forms == ("ing",) and not verb.auxiliary and self.last is not None
        if ing_after and link in {"start", "sentence", "comma"}:
            assert self.last is not None
            quiet = self.last.verb.sense is not None and self.last.verb.sense.action is None
            listing = self._list_goes_on(index) or not self.finite
            if link == "comma" and self.last.verb.forms == ("ing",) and listing:
                link = "comma"
            elif not quiet or link == "comma":
                link = "while"
        bare_participle = (
            verb.forms == ("ing",)
            and not verb.auxiliary
            and not self.main_seen
            and not self.subject
            and self.last is None
            and self.fronted is None
            and self._subject_follows(index)
        )
        if bare_participle:
            self.fronted = "while"
            link = "sentence"
        if self._done_to_the_next(verb, index):  # frightened by a noise, the cat jumps
            return
        if self.stopped and link != "start":
            link = "then"
        self.stopped = False
        predicate = Predicate(
            verb,
            link,
            self.sentence,
            subject=subject,
            fronted=self.fronted is not None,
            switched=self.switched,
            relative=relative,
            listed=listed,
        )
        if predicate.fronted:
            predicate.link = f"fronted-{self.fronted}" if self.last is None else link
        self.switched = False
        asked = (
            self.last is not None
            and self.last.verb.sense is not None
            and (self.last.verb.sense.words[0] in lexicon.ASKING)
        )
        if verb.infinitive and asked:  # somebody else's business
            assert self.last is not None
            if self.negation is not None or len(self.last.objects) != 1:
                self.negation = None
                return
            predicate.subject, predicate.link = [self.last.objects[0][1]], "then"
            predicate.asked = True
        way = self.last if verb.infinitive else None
        head = way.verb.sense.words[0] if way is not None and way.verb.sense is not None else ""
        led = way is not None and way.verb.sense is not None and (
            way.verb.sense.action in {"walk", "bow", "crouch", "point", "idle", None}
        )  # fmt: skip
        raised = head in {"raise", "lift"} and {"hand", "arm"} & set(
            way.verb.text.lower().split() if way is not None else ()
        )
        if way is not None and (raised or (led and head in lexicon.ON_THE_WAY and not way.objects)):
            self._led_to(way, predicate)
        predicate.ceased = any(m.field == "ceased" for m in self.pending)
        teller = way is not None and any(f.part in {"i", "we", "you"} for f in way.subject)
        if way is not None and teller and head in lexicon.WISHES and len(way.objects) == 1:
            predicate.subject, head = [way.objects[0][1]], ""  # I want a man to jump
        predicate.wished = any(m.field == "wished" for m in self.pending) or (
            verb.infinitive and head in lexicon.WISHES
        )
        if predicate.ceased and self.negation == "one":  # never stops dancing
            predicate.ceased, self.negation = False, None
        if predicate.ceased and self.negation == "many":  # without stopping to dance
            predicate.ceased = False
        predicate.negated = self._is_negated(predicate)
        if self.left_out is not None:  # except for Bob, nobody moves
            if predicate.negated and not predicate.subject:
                predicate.subject, predicate.negated, self.negated = [self.left_out], False, None
            else:
                told = [replace(each, without=(self.left_out,)) for each in predicate.subject]
                predicate.subject = told
            self.left_out = None
        self._say(predicate, list(verb.modifiers))
        self._say(predicate, self.pending)
        self.pending = []
        if self.owner:  # a man whose dog is barking laughs
            predicate.relative = relative = True
            listed = False
        if self.quote is not None:
            predicate.line, self.quote = self.quote, None
        self.story.predicates.append(predicate)
        self.last = predicate
        if not predicate.fronted and not relative:
            self.main_seen = True
        self.finite = self.finite or verb.auxiliary or verb.forms != ("ing",)
        if relative and not listed and self.candidate is None:
            # the subject's own clause: "a man who was sitting stands up"
            self.last, self.inner = None, predicate
            self.link = "aside" if verb.auxiliary or verb.forms == ("ing",) else "then"
            self.relative = False
            self.since_verb = 0
            self._after_relative(predicate)
            self.subject, self.owner = self.owner or self.subject, []
            return
        self.candidate, self.relative = None, False
        before = self.chunks[index - 1].kind if index else ""
        self.parenthesis = (
            before == "comma" and verb.forms == ("ing",) and not verb.auxiliary
            and bool(subject) and not predicate.fronted and self._resumes(index)
        )  # fmt: skip
        self.link = "start"
        self.comma = False
        self.since_verb = 0
        self.preposition = ""

    def _back_to_the_main(self, index: int, verb: Verb) -> bool:
        """Whether a verb after a clause about somebody else tells of the subject again: passes four
        kids who are playing, *waves* at them.
        """
        if verb.auxiliary or verb.infinitive or not {"third", "past"} & set(verb.forms):
            return False
        plural = bool(self.subject) and self.subject[0].plural and verb.forms == ("third",)
        return plural or self.chunks[index - 1].kind == "comma"

    def _set_apart(self, index: int) -> bool:
        """Whether what comes after the comma at *index* opens with a participle."""
        rest = [
            c for c in self.chunks[index + 1 : index + 4] if c.kind not in {"modifier", "other"}
        ]
        verb = rest[0].verb if rest else None
        return verb is not None and (verb.forms == ("ing",) or verb.forms == ("participle",))

    def _resumes(self, index: int) -> bool:
        """Whether the main verb comes after the next comma: the girls, laughing, *run*."""
        for ahead in range(index + 1, len(self.chunks) - 1):
            kind = self.chunks[ahead].kind
            if kind in {"stop", "link", "verb"}:
                return False
            if kind == "comma":
                rest = [c for c in self.chunks[ahead + 1 :] if c.kind not in {"modifier", "other"}]
                verb = rest[0].verb if rest else None
                return verb is not None and verb.forms != ("ing",)
        return False

    def _done_to_the_next(self, verb: Verb, index: int) -> bool:
        """Whether a participle opens the sentence that was done to those who are named next."""
        return (
            "participle" in verb.forms
            and "base" not in verb.forms
            and not verb.auxiliary
            and self.last is None
            and not self.subject
            and not self.main_seen
            and self._subject_follows(index)
        )

    def _led_to(self, way: Predicate, predicate: Predicate) -> None:
        """Let *predicate* take the place of the verb that only led to it."""
        self.story.predicates.remove(way)
        predicate.link, predicate.subject = way.link, way.subject
        predicate.fronted, predicate.listed = way.fronted, way.listed
        predicate.modifiers[:0] = [m for m in way.modifiers if m.field != "direction"]

    def _after_relative(self, predicate: Predicate) -> None:
        del predicate
        self.comma = False
        self.candidate = None

    def _list_goes_on(self, index: int) -> bool:
        """Whether a later "and ...ing" makes this the middle of a list: jumping, waving and ..."""
        for ahead in range(index + 1, len(self.chunks) - 1):
            chunk = self.chunks[ahead]
            if chunk.kind in {"stop"}:
                return False
            if chunk.kind == "link" and chunk.text in {"and", "then"}:
                after = self.chunks[ahead + 1]
                return bool(after.verb is not None and after.verb.forms == ("ing",))
        return False

    def _subject_follows(self, index: int) -> bool:
        comma = False
        for ahead in range(index + 1, len(self.chunks)):
            chunk = self.chunks[ahead]
            if chunk.kind == "stop":
                return False
            if chunk.kind == "comma":
                comma = True
            if chunk.kind == "figure" and comma and self._acts(ahead) == "finite":
                return True
        return False

    def _is_negated(self, predicate: Predicate) -> bool:
        if self.negation == "one":
            self.negation = None
            self.negated = predicate
            return True
        if self.negation == "many":
            if self.negated is None or predicate.verb.forms == self.negated.verb.forms:
                self.negated = predicate
                return True
            self.negation = None
        before = self.negated
        if before is not None and predicate.link == "or":
            return True
        same_form = before is not None and set(predicate.verb.forms) & set(before.verb.forms)
        if (
            before is not None
            and same_form
            and predicate.link == "and"
            and not predicate.subject
            and before is self.story.predicates[-1]
            and "third" not in predicate.verb.forms
        ):
            self.negated = predicate
            return True
        self.negated = None
        return False
