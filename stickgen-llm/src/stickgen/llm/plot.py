"""Predicates put in order of time: what follows what, and what happens at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from stickgen.core.actions import Action
from stickgen.core.actions import action as row_of
from stickgen.llm import lexicon, people, places
from stickgen.llm.adverbials import KEEPERS, other_action
from stickgen.llm.cast import Cast
from stickgen.llm.inflection import guess_lemma
from stickgen.llm.phrases import Figure
from stickgen.llm.sentences import Predicate, Story

POSTURES = frozenset({"sit", "stand", "kneel", "lie_down", "crouch"})
"""Actions that end in a way of being, in which something else can be done."""

_VOICE = frozenset({"talk", "shout", "whisper", "sing", "cry", "laugh"})
_ALL_LIMBS = frozenset({"climbing", "crawling", "swimming"})
_REACTIONS = frozenset({"fall", "get_up", "cry", "dodge"})
_CAUSES = frozenset({"push", "punch", "kick", "fight", "throwing", "kicking"})
_JOINT = frozenset({"fight", "dance", "handshake", "hug", "high_five"})
_ANSWERS = frozenset({"catching", "dodge", "batting", "fielding", "talk"})
"""Actions that go with what they answer, and do not wait for its end."""
_DONE_TO = frozenset(
    {"punch", "kick", "push", "fight", "hug", "catching", "pick_up", "throwing", "run", "walk",
     "point", "shout", "whisper"}
)  # fmt: skip
"""Actions that a passive (is pushed by) can be about."""
_SEATS = frozenset({"armchair", "chair", "seat", "stool", "desk", "throne", "rocking"})
_ARMED = frozenset(
    {"cowboy", "gunslinger", "gunfighter", "gunman", "sheriff", "outlaw", "bandit", "deputy",
     "marshal", "duelist", "duellist"}
)  # fmt: skip
_GIVES = frozenset({"give", "hand", "offer", "pass", "serve", "bring", "throw", "toss", "pour"})
_TAKING = frozenset({"eating", "drinking", "reading", "pick_up", "catching", "nod"})
_WAYS = frozenset(
    {"out", "into", "through", "toward", "towards", "home", "along", "down", "across", "around",
     "away", "back", "forward", "up", "past", "to", "off", "in", "from"}
)  # fmt: skip
_PUPILS = frozenset({"student", "pupil", "child", "kid", "schoolboy", "schoolgirl", "classmate"})
_NEVER_DONE_TO = frozenset(
    {"sit", "stand", "lie_down", "kneel", "idle", "fall", "crouch", "get_up"}
)
_SLUGGERS = frozenset(
    {"batter", "hitter", "slugger", "golfer", "cricketer", "batsman", "baseballer"}
)
_ORDINALS = frozenset({"first", "second", "third", "fourth", "fifth", "last"})
_SIDES = {"left": "left", "right": "right", "forward": "forward", "backward": "backward",
          "backwards": "backward"}  # fmt: skip
_RIDING = frozenset({"off", "on", "onto", "ride", "rides", "mount", "mounts", "mounted", "rode"})
_SHOTS = frozenset({"kicking", "shooting", "throwing", "batting"})
_FISTS = frozenset({"boxer", "kickboxer", "brawler", "bully"})
_TRAVEL_AT = frozenset({"walk", "run", "sprint", "march", "hop", "crawling", "flying", "swimming"})


def _by(predicate: Predicate) -> bool:
    """Whether *predicate* is a participle done by somebody who is named: "caught by Ben"."""
    agent = any(preposition == "by" for preposition, _ in predicate.objects)
    return agent and "participle" in predicate.verb.forms


@dataclass(slots=True)
class Event:
    """Something that some roles do: a beat in the making."""

    actors: tuple[int, ...]
    action: str
    overlay: str | None = None
    seconds: float | None = None
    repetitions: int | None = None
    direction: str | None = None
    target: int | str | None = None
    speed: float = 1.0
    intensity: float = 1.0
    style: str | None = None
    hand: str | None = None
    line: str | None = None
    understood: bool = True
    """False for the idling that stands for a verb nobody knows."""
    mutual: bool = False
    """Whether each of the actors does it with regard to the other."""
    played: bool = False
    """Whether the words only say that a game is played, not what is done in it."""
    thrown_to: bool = False
    """Whether somebody is thrown something so that he may catch it."""
    ended: bool = False
    """Whether it is what somebody stops doing, with which nothing goes along."""
    met: bool = False
    """Whether it is a meeting, at whose end the two greet each other."""

    @property
    def row(self) -> Action:
        return row_of(self.action)


Step = list[Event]
"""Events that begin together; nobody is in two of them."""


class Plot:
    """Builds the steps of a story."""

    def __init__(
        self, story: Story, cast: Cast, nearest: Callable[[str], tuple[str, float] | None]
    ):
        self.story = story
        self.cast = cast
        self.nearest = nearest
        self.steps: list[Step] = []
        self.warnings: list[str] = []
        self._known: dict[int, tuple[int, ...]] = {}
        self._rides = False
        self._unseen: Figure | None = None
        """Several to whom something was done, who are not on stage."""

    def build(self) -> list[Step]:
        """Return the steps in order of time."""
        subjects = self._subjects()
        ordered = self._in_time()
        refused = False  # whether somebody new just did not do what was asked
        passed_on: str | None = None  # the link of a verb that shows nothing ("then starts to run")
        for position, (predicate, link) in enumerate(ordered):
            actors = subjects[id(predicate)]
            if predicate.negated or not actors:
                refused = predicate.negated and bool(predicate.subject) and link == "then"
                continue
            if refused and link in {"and", "comma"} and not predicate.subject:
                link = "then"  # but he refuses to dance *and walks off*
            refused = False
            if predicate.wished and self._outdone(predicate, actors, subjects):
                continue
            if predicate.asked and self._told_again(predicate):
                continue
            event = self._event(predicate, actors, subjects)
            if predicate.ceased and isinstance(event, Event):
                event = Event(actors, "idle") if self._did(event) else event
                event.ended = True
            if event is None:
                sense = predicate.verb.sense
                begins = sense is not None and sense.words[0] in {"start", "begin"}
                passed_on = "then" if begins and link in {"and", "comma"} else link
                continue
            if passed_on is not None:
                link = passed_on if link == "start" else "comma" if link == "and" else link
                passed_on = None
            if isinstance(event, tuple):  # the second does the same because of the first
                self._place(event[0], predicate, link if position else "start")
                self._place(event[1], predicate, "with")
            else:
                self._place(event, predicate, link if position else "start")
            self._effect(predicate)
        self._catches()
        self._greetings()
        self._bystanders(len(self.story.predicates))
        return self.steps

    def _outdone(
        self, wished: Predicate, actors: tuple[int, ...], subjects: dict[int, tuple[int, ...]]
    ) -> bool:
        """Whether those who only want to do something are told to do something else."""
        return any(
            set(subjects.get(id(p), ())) & set(actors)
            for p in self.story.predicates
            if p is not wished and not (p.negated or p.wished)
            and (p.verb.sense is None or p.verb.sense.action is not None)
        )  # fmt: skip

    def _told_again(self, asked: Predicate) -> bool:
        """Whether what somebody is asked to do is told, or denied, once more."""
        sense = asked.verb.sense
        rest = self.story.predicates[self.story.predicates.index(asked) + 1 :]
        said = [p.verb.sense for p in rest if p.verb.sense is not None]
        refused = any(p.negated for p in rest) or any(
            each.words[0] in {"refuse", "decline", "ignore"} for each in said
        )
        return sense is None or refused or any(each.action == sense.action for each in said)

    def _did(self, event: Event) -> bool:
        """Whether those of *event* have done the same before."""
        return any(
            e.action == event.action and set(e.actors) & set(event.actors)
            for step in self.steps
            for e in step
        )

    # -- who ------------------------------------------------------------------------------------

    def _subjects(self) -> dict[int, tuple[int, ...]]:
        """Return the actors of each predicate, by its identity, found in the order of the text."""
        found: dict[int, tuple[int, ...]] = {}
        current: tuple[int, ...] = ()
        waiting: list[Predicate] = []
        self._objects: dict[int, list[tuple[str, tuple[int, ...]]]] = {}
        sentence = -1
        main: tuple[int, ...] = ()
        chief: tuple[int, ...] = ()  # whom the sentence is about, subordinate clauses aside
        distracted = False  # by somebody who is only seen doing something
        topic: tuple[int, ...] = ()  # whom the sentence before was about
        known = 0  # roles before this sentence
        for position, predicate in enumerate(self.story.predicates):
            self._bystanders(position)
            if predicate.sentence != sentence:
                for late in waiting:
                    found[id(late)] = current or self.cast.default()
                    current = found[id(late)]
                waiting = []
                sentence = predicate.sentence
                current, chief, distracted = chief or current, (), False
                topic, known = current, len(self.cast.roles)
            shows = predicate.verb.sense is None or predicate.verb.sense.action is not None
            teller = [f for f in predicate.subject if f.part in {"i", "you", "we"}]
            if not shows and (teller or not predicate.subject) and not current:
                found[id(predicate)] = ()  # "I want", "make", "show me"
                self._objects[id(predicate)] = []
                continue
            if predicate.subject:
                self._announced(predicate, position)
                self._once_more(predicate)
                self._come_into_view(predicate)
                newcomer = len(current) == 1 and current[0] >= known
                if newcomer and predicate.link.startswith("main") and len(topic) == 1:
                    self._about(predicate.subject[0], topic)
                self._suffers(predicate, position)
                self.cast.busy = current if predicate.link in {"while", "aside"} else ()
                groups = [self._who(f, current) for f in predicate.subject]
                actors = self.cast.join([g for g in groups if g])
                for late in waiting:
                    found[id(late)] = actors
                waiting = []
                current = actors
                if not predicate.relative and not predicate.switched:
                    main = actors
                told_of = not predicate.switched and (
                    predicate.link not in {"while", "after", "before"} if chief
                    else not predicate.relative
                )  # fmt: skip
                if told_of:
                    chief = actors
                distracted = predicate.switched and predicate.verb.forms == ("ing",)
            elif (
                predicate.fronted
                and predicate.link.startswith("fronted")
                and not any(
                    p.sentence == sentence and p.subject and p is not predicate
                    for p in self.story.predicates[: self.story.predicates.index(predicate)]
                )
                and any(
                    p.sentence == sentence and p.subject
                    for p in self.story.predicates[self.story.predicates.index(predicate) :]
                )
            ) or (waiting and predicate.fronted):
                waiting.append(predicate)
                actors = ()
            elif not current and _by(predicate):
                actors = ()  # "the ball is thrown by Ann": nobody but the doer
            else:
                again = distracted and bool({"third", "past"} & set(predicate.verb.forms))
                again = again or self._agrees_with(predicate, main, current, position)
                if main and (predicate.relative or again):
                    current = main  # he sees her sitting and *waves*
                before = self.story.predicates[position - 1] if position else predicate
                aside = before.link in {"after", "before"} and bool(before.subject)
                if chief and aside and predicate.link == "then" and (
                    before.sentence == sentence
                ):  # fmt: skip
                    current = chief  # the dog barks as soon as she rings, then *runs*
                if not current and not predicate.negated:
                    current = self.cast.default()
                actors = current
                for late in waiting:
                    found[id(late)] = actors
                waiting = []
            found.setdefault(id(predicate), actors)
            self._rides = bool(_RIDING & set(predicate.verb.text.lower().split()))
            self._objects[id(predicate)] = [
                (preposition, self._object(preposition, figure, actors))
                for preposition, figure in predicate.objects
            ]
            if _by(predicate) and not actors:
                doers = [
                    r for preposition, r in self._objects[id(predicate)] if preposition == "by"
                ]
                found[id(predicate)] = doers[0]
            if not predicate.subject and predicate.relative:
                current = main or current
        for late in waiting:
            found[id(late)] = current or self.cast.default()
        return found

    def _announced(self, predicate: Predicate, position: int) -> None:
        """Let a pronoun in a clause that stands first mean who is named in the main clause: before
        *she* sits down, the lady looks around.
        """
        pronoun = predicate.subject[0]
        if not predicate.fronted or pronoun.reference != "pronoun" or self.cast.roles or (
            len(predicate.subject) > 1
        ):  # fmt: skip
            return
        for following in self.story.predicates[position + 1 :]:
            if following.sentence != predicate.sentence:
                return
            if following.subject and following.subject[0].reference in {"new", "known", "name"}:
                named = following.subject[0]
                gender = {"he": "m", "she": "f"}.get(pronoun.part or "")
                told = people.gender_of_name(named.text.lower()) if (
                    named.reference == "name"
                ) else people.gender_of(named.noun)  # fmt: skip
                plural = pronoun.part == "they"
                if (plural == named.plural or plural) and told in {None, gender} | (
                    {told} if plural or pronoun.part == "it" else set()
                ):
                    self._known[id(pronoun)] = self.cast.join(
                        [self._who(f, ()) for f in following.subject]
                    )
                return

    def _agrees_with(
        self, predicate: Predicate, main: tuple[int, ...], current: tuple[int, ...], position: int
    ) -> bool:
        """Whether the form of a verb tells that *main* does it, and not the several whom a clause
        between told of: passes four kids who are playing and *waves*.
        """
        before = self.story.predicates[position - 1] if position else None
        return (
            before is not None
            and before.relative
            and before.sentence == predicate.sentence
            and len(main) == 1
            and len(current) > 1
            and predicate.verb.forms == ("third",)
            and not predicate.verb.auxiliary
        )

    def _bystanders(self, position: int) -> None:
        """Bring in those whom the text names before predicate *position* without an action."""
        while self.story.idle and self.story.idle[0][0] <= position:
            _, figure, style = self.story.idle.pop(0)
            self.cast.set_style(self._who(figure, ()), style)

    def _suffers(self, predicate: Predicate, position: int) -> None:
        """Let a pronoun that tells how somebody suffers mean him to whom the verb before was done:
        one kid pushes another and *he* falls.
        """
        before = self.story.predicates[position - 1] if position else None
        sense, cause = predicate.verb.sense, before.verb.sense if before is not None else None
        if before is None or sense is None or cause is None or len(predicate.subject) != 1:
            return
        pronoun = predicate.subject[0]
        patients = [
            roles for preposition, roles in self._objects.get(id(before), []) if len(roles) == 1
        ]
        suffers = sense.action in _REACTIONS and (cause.action in _CAUSES or cause.makes)
        takes = sense.action in _TAKING and cause.words[0] in _GIVES
        if (
            pronoun.reference == "pronoun" and pronoun.part in {"he", "she", "it"} and patients
            and (suffers or takes) and not before.negated
        ):  # fmt: skip
            gender = {"he": "m", "she": "f"}.get(pronoun.part or "")
            if self.cast.may_be(patients[0][0], gender):
                self._known[id(pronoun)] = patients[0]

    def _come_into_view(self, predicate: Predicate) -> None:
        """Let those to whom something was only done act: he inspects the troops; *they* bow."""
        pronoun = predicate.subject[0]
        if pronoun.part == "they" and self._unseen is not None and len(self.cast.roles) == 1:
            self._known[id(pronoun)] = self.cast.refer(replace(self._unseen, reference="new"))
            self._unseen = None

    def _about(self, pronoun: Figure, topic: tuple[int, ...]) -> None:
        """Let a pronoun after a clause that brings somebody new mean whom the story is about: a
        guard walks; when a stranger comes, *he* shouts.
        """
        gender = {"he": "m", "she": "f"}.get(pronoun.part or "")
        if pronoun.part in {"he", "she", "it"} and self.cast.may_be(topic[0], gender):
            self._known[id(pronoun)] = topic

    def _once_more(self, predicate: Predicate) -> None:
        """Let somebody who does it *again* be the one who was named before: a monkey jumps, a
        monkey jumps again.
        """
        if "again" in predicate.tail:
            predicate.subject = [
                replace(f, reference="known") if f.reference == "new" else f
                for f in predicate.subject
            ]

    def _who(self, figure: Figure, current: tuple[int, ...]) -> tuple[int, ...]:
        """Return the roles *figure* means; the same words mean the same roles again."""
        if id(figure) not in self._known:
            found = self.cast.refer(figure, current=current)
            left_out = {i for other in figure.without for i in self._who(other, ())}
            self._known[id(figure)] = tuple(i for i in found if i not in left_out)
        return self._known[id(figure)]

    def _object(self, preposition: str, figure: Figure, actors: tuple[int, ...]) -> tuple[int, ...]:
        if preposition == "reciprocal":
            return ()
        if figure.part in people.COLLECTIVES and figure.reference == "known" and (
            preposition != "by" and figure.part not in {"couple", "pair", "duo", "trio"}
        ):  # fmt: skip
            self._unseen = figure
            return ()
        mounted = preposition in {"on", "off", "onto", "from", "down"} or self._rides
        if figure.noun in people.INSECTS or (figure.noun in people.MOUNTS and mounted):
            return ()
        if figure.part == "me" and preposition == "" and id(figure) not in self._known:
            self._known[id(figure)] = self.cast.refer(figure, current=actors)
        watchers = figure.noun in people.WATCHERS and figure.plural and not figure.counted
        if figure.noun in people.SHAPED or watchers:
            self._unseen = figure if watchers else self._unseen
            return ()
        if figure.reference == "part" and figure.part in _ORDINALS and not self.cast.several:
            return ()  # trips over *the fourth*
        if figure.part == "some" and figure.reference == "part" and figure.whole is None and (
            not self.cast.several
        ):  # fmt: skip
            return ()  # flips five pancakes and eats *three of them*
        scenery = figure.plural and not figure.counted and figure.noun in people.ANIMALS
        if scenery and figure.reference in {"new", "known"}:
            self._unseen = figure
            return ()
        if id(figure) not in self._known:
            self._known[id(figure)] = self.cast.refer(figure, current=actors, subject=False)
        return self._known[id(figure)]

    # -- when -----------------------------------------------------------------------------------

    def _in_time(self) -> list[tuple[Predicate, str]]:
        """Return the predicates in order of time with how each follows the one before."""
        ordered: list[tuple[Predicate, str]] = []
        by_sentence: dict[int, list[Predicate]] = {}
        for predicate in self.story.predicates:
            by_sentence.setdefault(predicate.sentence, []).append(predicate)
        for predicates in by_sentence.values():
            ordered.extend(self._sentence_in_time(predicates))
        return ordered

    def _sentence_in_time(self, predicates: list[Predicate]) -> list[tuple[Predicate, str]]:
        ordered: list[tuple[Predicate, str]] = []
        delayed: list[tuple[Predicate, str]] = []
        block = 0  # where the clause chain begins that "after" comes before
        index = 0
        while index < len(predicates):
            predicate = predicates[index]
            link = predicate.link
            if link == "fronted-before":
                chain, index = self._chain(predicates, index, fronted=True)
                delayed = [(p, "then" if n == 0 else p.link) for n, p in enumerate(chain)]
                continue
            if link in {"fronted-after", "fronted-while"}:
                chain, index = self._chain(predicates, index, fronted=True)
                ordered += [(p, "sentence" if n == 0 else p.link) for n, p in enumerate(chain)]
                continue
            if link == "after":
                chain, index = self._chain(predicates, index, fronted=False)
                own = len(ordered) - 1  # what somebody else did comes before its own verb alone
                if chain[0].subject and own > block and ordered[own][0].subject != chain[0].subject:
                    told = {f.reference for f in chain[0].subject}
                    block = own if not told & {"pronoun"} else block
                head = ordered[block:]
                first_link = head[0][1] if head else "sentence"
                moved = [(p, first_link if n == 0 else p.link) for n, p in enumerate(chain)]
                if head:
                    head[0] = (head[0][0], "then")
                ordered[block:] = moved + head
                continue
            if link == "main-while":
                link = "while"
            elif link in {"main-after", "main-before"} or link == "before":
                link = "then"
            if link == "then":
                mains = predicate.link.startswith("main")
                if delayed and not predicate.fronted and ordered and not mains:
                    ordered += delayed
                    delayed = []
                block = len(ordered)
            ordered.append((predicate, link))
            index += 1
        return ordered + delayed

    def _chain(
        self, predicates: list[Predicate], start: int, *, fronted: bool
    ) -> tuple[list[Predicate], int]:
        """Return the clause that begins at *start*, with what "and" adds, and where it ends."""
        end = start + 1
        while end < len(predicates):
            following = predicates[end]
            if fronted and not following.fronted:
                break
            if fronted and following.link.startswith("fronted") and (
                following.link != predicates[start].link
            ):  # fmt: skip
                break
            if not fronted and following.link not in {"and", "or", "start"}:
                break
            if not fronted and following.subject:
                break
            end += 1
        return predicates[start:end], end

    # -- what -----------------------------------------------------------------------------------

    def _event(
        self,
        predicate: Predicate,
        actors: tuple[int, ...],
        subjects: dict[int, tuple[int, ...]],
    ) -> Event | tuple[Event, Event] | None:
        verb = predicate.verb
        sense = verb.sense
        if sense is not None and sense.words == ("trip",) and not verb.passive and any(
            preposition == "" and roles for preposition, roles in self._objects[id(predicate)]
        ):  # fmt: skip
            sense = replace(sense, action="push", makes="fall")
            verb = predicate.verb = replace(verb, sense=sense)
        if sense is None:
            if guess_lemma(verb.text.lower()) in lexicon.VAGUE and any(
                p.verb.sense is not None
                and p.verb.sense.action is not None
                and not p.negated
                and set(subjects[id(p)]) & set(actors)
                for p in self.story.predicates
            ):
                return None
            name = self._unknown(verb.text)
            sense = lexicon.Sense((verb.text.lower(),), name)
        if sense.words == ("do", "so"):  # he jumps and *so does* she
            done = [e for step in self.steps for e in step if e.understood]
            if not done:
                return None
            same = replace(done[-1], actors=actors, target=None, line=None)
            self._modify(same, predicate)
            return same
        if sense.action is None:
            if sense.words[0] in {"continue", "resume", "proceed", "go"} and self._alone(predicate):
                return self._resumed(actors)
            handed = sense.words[0] == "give" and predicate.things and any(
                roles for _, roles in self._objects[id(predicate)]
            )  # fmt: skip
            if predicate.line is None and not handed:
                return None
            sense = lexicon.Sense(sense.words, "point" if handed else "talk")
        if verb.passive or _by(predicate):
            event = self._passive(predicate, actors, sense)
            if event is not None:
                return event
        event = Event(
            actors,
            sense.action or "idle",
            overlay=sense.overlay,
            played=sense.words[0] == "play" or verb.text.lower().startswith("play"),
            met=sense.words[0] == "meet",
            mutual=sense.words[0] in {"part", "split"} and len(actors) == 2,
            understood=verb.sense is not None or sense.action != "idle",
            style=sense.style,
            speed=sense.speed,
            intensity=sense.intensity,
            direction=sense.direction,
        )
        self._modify(event, predicate)
        if event.direction is None:
            event.direction = next((_SIDES[w] for w in sense.words if w in _SIDES), None)
        self._suit(event, predicate, sense)
        told = any(m.field == "style" for m in predicate.modifiers)
        if sense.style is not None and not told and all(map(self.cast.style, actors)):
            event.style = None  # a *sad* robot trudges
        if predicate.line is not None:
            event.line = predicate.line
            if event.row.speech is None:
                if event.action == "wave" and sense.words[0] == "say":
                    event.action, event.overlay = "wave", None
                elif event.overlay is None and not event.row.overlay:
                    event.overlay = "talk"
        partner = self._aim(event, predicate)
        if sense.words[0] in {"greet", "welcome"} and self._greeted(predicate):
            return None  # greets somebody with a handshake
        if event.met and not partner:
            event.mutual = len(event.actors) == 2
            event.direction = "toward" if event.mutual else None
        if event.action == "throwing" and predicate.particle == "back":
            threw = [e.actors[0] for step in self.steps for e in step if e.action == "throwing"]
            others = [i for i in threw if i not in event.actors]
            event.target = others[-1] if others else event.target
        if sense.mutual and partner:
            back = replace(event, actors=partner, target=actors[0])
            event.target = partner[0]
            if event.direction == "toward":
                return event, back
            return event, replace(back, target=None, direction=None)
        return event

    def _alone(self, predicate: Predicate) -> bool:
        """Whether *predicate* stands without the verb that says what is continued."""
        here = self.story.predicates.index(predicate)
        following = self.story.predicates[here + 1 : here + 2]
        return predicate.line is None and not any(
            f.sentence == predicate.sentence
            and (f.verb.infinitive or (f.verb.forms == ("ing",) and f.link in {"start", "while"}))
            for f in following
        )

    def _resumed(self, actors: tuple[int, ...]) -> Event:
        """Return what *actors* did last that goes on for a while, once more; else a walk."""
        for step in reversed(self.steps):
            for event in step:
                goes_on = event.row.loops and not event.row.overlay and event.action != "idle"
                if set(event.actors) & set(actors) and goes_on:
                    return replace(event, actors=actors, line=None, seconds=None)
        return Event(actors, "walk")

    def _greeted(self, predicate: Predicate) -> bool:
        """Whether the sentence of *predicate* goes on to say by which gesture somebody greets."""
        here = self.story.predicates.index(predicate)
        for following in self.story.predicates[here + 1 : here + 2]:
            sense = following.verb.sense
            with_it = sense is not None and (sense.words[0] == "with" or following.line is not None)
            by_it = following.link in {"start", "while"} and following.verb.forms == ("ing",)
            if (
                sense is not None
                and following.sentence == predicate.sentence
                and (with_it or by_it)
            ):
                following.objects = following.objects or predicate.objects
                self._objects[id(following)] = (
                    self._objects[id(following)] or self._objects[id(predicate)]
                )
                return True
        return False

    def _suit(self, event: Event, predicate: Predicate, sense: lexicon.Sense) -> None:
        """Choose the action that suits who does it, and where, for a verb with several meanings."""
        verb = sense.words[0]
        nouns = {self.cast.noun(i) for i in event.actors}
        rises = (
            sense.words in {("take", "off"), ("lift", "off")} and "running" not in predicate.tail
        )
        floats = verb in {"float", "drift", "hover"} and len(sense.words) == 1
        if (rises or floats) and nouns <= people.FLIERS:
            event.action = "flying"
        elif verb == "serve" and event.action == "idle" and not (
            predicate.things or predicate.objects
        ):  # fmt: skip
            event.action = "batting"
        elif verb == "glide" and nouns & people.SLIDERS:
            event.action, event.speed = "walk", 1.5
        elif event.action == "lie_down" and set(predicate.things) & _SEATS:
            event.action = "sit"
        elif verb == "pass" and event.action == "throwing" and not predicate.things and any(
            preposition == "" and f.reference in {"new", "known"}
            for preposition, f in predicate.objects
        ):  # fmt: skip
            event.action = "walk"  # passes a dog
        elif verb == "save" and event.action == "idle" and (
            nouns & KEEPERS or any(e.action in _SHOTS for step in self.steps[-1:] for e in step)
        ):  # fmt: skip
            event.action = "catching"
        tail = [*predicate.verb.text.lower().split()[1:], *predicate.tail]
        event.action = other_action(event.action, verb, tail, nouns) or event.action
        if verb == "stumble" and event.action == "fall" and set(predicate.tail[:1]) & _WAYS:
            event.action, event.style = "walk", event.style or "drunk"
        if event.action == "celebrate" and verb in {"raise", "put", "lift"} and nouns & _PUPILS:
            event.action = "wave"
        somebody = any(roles for _, roles in self._objects[id(predicate)])
        pitched = any(e.action == "pitching" for step in self.steps for e in step)
        if event.action == "punch" and verb in {"hit", "strike", "smash", "whack"} and (
            not somebody and (nouns & _SLUGGERS or (pitched and "it" in tail))
        ):  # fmt: skip
            event.action = "batting"
        armed = nouns & _ARMED or set(tail) & {"gun", "pistol", "revolver", "weapon", "guns"}
        if verb == "draw" and event.action in {"typing", "idle"} and armed:
            event.action = "point"
        at_somebody = [f for preposition, f in predicate.objects if preposition in {"", "at"}]
        if event.action == "batting" and verb == "swing" and (
            at_somebody or nouns & _FISTS
        ):  # fmt: skip
            event.action = "punch"

    def _passive(
        self, predicate: Predicate, actors: tuple[int, ...], sense: lexicon.Sense
    ) -> Event | tuple[Event, Event] | None:
        """Return what "is pushed by her" shows, done by whom it names; "is knocked down", done by
        nobody in particular, shows its effect.
        """
        agents = [roles for preposition, roles in self._objects[id(predicate)]
                  if preposition == "by" and roles]  # fmt: skip
        whole = predicate.verb.passive and sense.action not in _NEVER_DONE_TO
        if agents and (sense.action in _DONE_TO or whole):
            patient = next((i for i in actors if i not in agents[0]), None)
            event = Event(agents[0], str(sense.action), target=patient, style=sense.style)
            if patient is not None and event.row.actors == 2:
                event.actors, event.target = (*agents[0], patient), None
            elif patient is not None and sense.mutual:
                self._modify(event, predicate)
                return event, replace(event, actors=actors, target=None)
            elif patient is None:
                to = [r for _, r in self._objects[id(predicate)] if r and r != agents[0]]
                event.target = to[0][0] if to else self._thing(predicate)
            if event.action == "kick" and patient is None:
                event.action = "kicking"  # the ball is kicked by her
            self._modify(event, predicate)
            return event
        if sense.makes is not None:
            return Event(actors, sense.makes)
        if not agents and sense.action in {"punch", "kick", "push", "fight", "throwing"}:
            return Event(actors, "fall")  # is hit by a car
        return None

    def _effect(self, predicate: Predicate) -> None:
        """Let the object of "knocks him down" fall."""
        sense = predicate.verb.sense
        if sense is None or sense.makes is None or not self.steps:
            return
        done = self.steps[-1]
        if predicate.verb.passive and all(e.action == sense.makes for e in done):
            return
        targets = {e.target for e in done if isinstance(e.target, int)}
        if not targets and sense.action == "fight":
            targets = {e.actors[-1] for e in done if len(e.actors) == 2}
        if targets:
            self.steps.append([Event(tuple(sorted(targets)), sense.makes)])

    def _catches(self) -> None:
        """Let who is thrown something catch it, if nothing else is told of him after that."""
        for number, step in enumerate(self.steps):
            for event in list(step):
                target = event.target
                if event.action not in {"throwing", "pitching"} or not isinstance(target, int):
                    continue
                busy = {i for e in step for i in e.actors}
                later = any(target in e.actors for s in self.steps[number + 1 :] for e in s)
                if event.thrown_to and target not in busy and not later:
                    step.append(Event((target,), "catching", target=event.actors[0]))

    def _greetings(self) -> None:
        """Let those who meet greet each other, unless the story goes on to say what they do."""
        for number, step in enumerate(self.steps):
            met = tuple(dict.fromkeys(i for e in step if e.met for i in e.actors))
            if len(met) < 2 or any(
                set(e.actors) & set(met) for later in self.steps[number + 1 :] for e in later
            ):
                continue
            greeting = Event(met, "wave", mutual=len(met) == 2, seconds=3.0)
            self.steps.insert(number + 1, [greeting])

    def _unknown(self, word: str) -> str:
        lemma = guess_lemma(word.lower())
        near = self.nearest(lemma)
        if near is None:
            self.warnings.append(f"the verb {word!r} is not known; the figure idles instead")
            return "idle"
        self.warnings.append(f"the verb {word!r} is not known; the nearest action is {near[0]!r}")
        return near[0]

    def _modify(self, event: Event, predicate: Predicate) -> None:
        for modifier in predicate.modifiers:
            value = modifier.value
            if modifier.field == "speed":
                event.speed = round(event.speed * float(value), 3)
            elif modifier.field == "intensity":
                event.intensity = min(2.0, round(event.intensity * float(value), 3))
            elif modifier.field == "repetitions":
                event.repetitions = int(value)
            elif modifier.field == "seconds":
                event.seconds = float(value)
            elif modifier.field == "path" and event.action in _TRAVEL_AT:
                event.direction = "around"
            elif modifier.field == "style":
                event.style = str(value)
            elif modifier.field == "direction":
                if event.direction not in {"left", "right"} or value in {"left", "right"}:
                    event.direction = str(value)
            elif modifier.field == "hand":
                event.hand = str(value)
        if (
            predicate.particle == "back"
            and event.action == "walk"
            and predicate.verb.text.lower().startswith(("step", "mov"))
        ):
            event.direction = event.direction or "backward"

    def _aim(self, event: Event, predicate: Predicate) -> tuple[int, ...]:
        """Set the target of *event* from the objects of its verb; return the roles it is about."""
        partner: tuple[int, ...] = ()
        together: list[int] = []
        for preposition, roles in self._objects[id(predicate)]:
            if preposition == "reciprocal":
                event.mutual = len(event.actors) == 2 and event.row.actors == 1
                if event.action in _TRAVEL_AT and event.direction is None:
                    event.direction = "toward"
                if len(event.actors) == 1:
                    rest = [i for i in range(len(self.cast.roles)) if i not in event.actors]
                    if len(rest) == 1:
                        together.extend(rest)
                continue
            others = tuple(i for i in roles if i not in event.actors)
            if not others:
                continue
            partner = partner or others
            if (
                event.row.actors == 2
                or (event.action in _JOINT and preposition in {"", "with"})
                or (preposition == "with" and not event.row.overlay)
            ):
                together.extend(others)
            if event.target is None:
                event.target = others[0]
                event.thrown_to = preposition == "to"
            if event.action in _TRAVEL_AT and event.direction in {None, "forward"}:
                if preposition in {"to", "toward", "towards", "at", "up", "into", "over"}:
                    event.direction = "toward"
                elif preposition in {"from", "off", "of"}:
                    event.direction = "away"
        if together:
            event.actors = tuple(dict.fromkeys((*event.actors, *together)))
            if event.target in event.actors:
                event.target = None
        if event.row.actors == 2 and len(event.actors) == 1:
            others = tuple(i for i in range(len(self.cast.roles)) if i not in event.actors)
            if len(others) == 1:
                partner = others
            else:
                noun = "partner"
                partner = self.cast.refer(Figure(noun, "new", noun=noun), subject=False)
            event.actors = (*event.actors, *partner[:1])
        if event.target is None:
            event.target = self._thing(predicate)
            going = any(thing.startswith("to:") for thing in predicate.things)
            if event.target and going and event.action in _TRAVEL_AT and event.direction is None:
                event.direction = "toward"
        return partner

    def _thing(self, predicate: Predicate) -> str | None:
        words = [w for w in predicate.things if not w.startswith("to:")]
        words += predicate.verb.text.lower().split()[1:]
        for size in (2, 1):
            for start in range(len(words)):
                found = places.prop(words[start : start + size])
                if found is not None:
                    return found
        return None

    # -- together or one after another ----------------------------------------------------------

    def _place(self, event: Event, predicate: Predicate, link: str) -> None:
        if not self.steps:
            self.steps.append([event])
            return
        last = self.steps[-1]
        if link == "with":
            busy = {i for e in last for i in e.actors}
            event.actors = tuple(i for i in event.actors if i not in busy)
            if event.actors:
                last.append(event)
            return
        if link == "comma" and predicate.verb.text.lower().endswith(" back"):
            link = "then"
        sense = predicate.verb.sense
        halts = sense is not None and sense.words[0] in {"stop", "halt", "freeze", "pause"}
        if link == "aside" and halts and self._shared(event, last):
            link = "then"  # a man who is running *stops*
        if link in {"while", "aside"}:
            self._at_once(event, aside=link == "aside")
            return
        if link in {"and", "or", "comma", "start"} and self._shared(event, last):
            rests = next((e for e in last if e.actors == event.actors), None)
            held = rests is not None and rests.action in POSTURES - {"stand"}
            if event.action == "idle" and event.understood and held and link != "comma":
                return  # sits and thinks
            if link == "and" and not predicate.listed and self._goes_along(event, last, predicate):
                self._at_once(event, posture=True)
                return
            twin = next((e for e in last if e.actors == event.actors), None)
            same = twin is not None and twin.action == event.action and not event.met
            joined = link in {"and", "start"} or (link == "comma" and event.action == "idle")
            if same and twin is not None and joined:
                self._again(twin, event)
                return
        elif link in {"and", "comma"} and not self._shared(event, last):
            cause = any(e.action in _CAUSES for e in last)
            answer = event.action not in _ANSWERS and any(
                (isinstance(e.target, int) and e.target in event.actors)
                or (event.target in e.actors and not e.row.loops and link == "comma")
                for e in last
            )
            if not ((event.action in _REACTIONS and cause) or answer) or not predicate.subject:
                last.append(event)
                return
        elif link == "sentence" and not self._shared(event, last) and self._background(predicate):
            last.append(event)
            return
        self.steps.append([event])

    def _shared(self, event: Event, step: Step) -> bool:
        return bool({i for e in step for i in e.actors} & set(event.actors))

    def _background(self, predicate: Predicate) -> bool:
        """Whether a new sentence goes on describing what is already happening."""
        contrast = any(f.part in {"other", "others"} for f in predicate.subject)
        return contrast or (predicate.verb.auxiliary and "ing" in predicate.verb.forms)

    def _again(self, twin: Event, event: Event) -> None:
        twin.target = event.target if twin.target is None else twin.target
        if not twin.row.loops:
            twin.repetitions = (twin.repetitions or 1) + (event.repetitions or 1)

    def _goes_along(self, event: Event, last: Step, predicate: Predicate) -> bool:
        """Whether "and" means at the same time: walks and waves, sits and reads."""
        twins = [e for e in last if set(e.actors) & set(event.actors)]
        if len(twins) != 1 or twins[0].overlay is not None or not twins[0].understood:
            return False
        if twins[0].ended:
            return False
        first, second = twins[0].row, event.row
        participles = predicate.verb.forms == ("ing",)
        if event.repetitions is not None and twins[0].repetitions is not None:
            return False  # hops three times and claps twice
        if first.name == "sing" and second.name in {"dance", "walk", "march"}:
            return True
        if first.name == "idle" and not participles:
            return False  # stops and points
        if second.overlay and not first.overlay:
            if first.name in _ALL_LIMBS and second.name not in _VOICE and not participles:
                return False
            return first.loops or first.name in POSTURES or participles
        if first.overlay and second.overlay:
            apart = (first.name in _VOICE) != (second.name in _VOICE)
            return apart or (participles and first.name != second.name)
        return participles and first.overlay and not second.overlay

    def _at_once(self, event: Event, *, posture: bool = False, aside: bool = False) -> None:
        """Let *event* happen during the last step; what cannot follows, said unless *aside*."""
        step = self.steps[-1]
        busy = {i: e for e in step for i in e.actors}
        if event.row.actors == 2 and set(event.actors) & set(busy):
            self.steps.append([event])  # two who do it together need both their hands
            return
        free = tuple(i for i in event.actors if i not in busy)
        if free:
            step.append(replace(event, actors=free))
        for other in [e for e in step if set(e.actors) & set(event.actors) - set(free)]:
            shared = tuple(i for i in other.actors if i in event.actors)
            both = self._combined(replace(other, actors=shared), event)
            if both is None:
                self.steps.append([replace(event, actors=shared)])
                if not aside:
                    self.warnings.append(
                        f"{other.action!r} and {event.action!r} cannot be done at the same time;"
                        " they follow one another"
                    )
                continue
            rest = tuple(i for i in other.actors if i not in shared)
            if posture and other.action in POSTURES and both.action in POSTURES and (
                len(step) == 1
            ):  # fmt: skip
                self.steps.append([both])
                continue
            where = step.index(other)
            step[where : where + 1] = ([replace(other, actors=rest)] if rest else []) + [both]

    def _combined(self, first: Event, second: Event) -> Event | None:
        """Return one event that does both, or None if no body can."""
        one, two = first.row, second.row
        if one.name == two.name:
            merged = replace(first)
            merged.direction = first.direction or second.direction
            merged.style = second.style or first.style
            merged.target = first.target if first.target is not None else second.target
            merged.line = first.line or second.line
            return merged
        if first.overlay is not None and second.overlay is not None:
            return None
        if two.overlay and first.overlay is None:
            main, top = first, second
        elif one.overlay and second.overlay is None:
            main, top = second, first
        elif one.name == "idle":
            return replace(second, actors=first.actors)
        elif two.name == "idle":
            return replace(first)
        elif {one.name, two.name} == {"run", "dribbling"} or {one.name, two.name} == {
            "walk",
            "dribbling",
        }:
            main = first if one.name == "dribbling" else second
            return replace(
                main, actors=first.actors, speed=1.4 if "run" in {one.name, two.name} else 1.0
            )
        else:
            return None
        return replace(
            main,
            actors=first.actors,
            overlay=top.action,
            hand=top.hand or main.hand,
            line=top.line or main.line,
            target=main.target if main.target is not None else top.target,
            style=main.style or top.style,
            seconds=main.seconds or top.seconds,
            intensity=max(main.intensity, top.intensity),
            repetitions=main.repetitions or top.repetitions,
            mutual=main.mutual or top.mutual,
        )
