"""Who is meant: the roles of a story, and the figures in the text that refer to them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from stickgen.core.types import Role
from stickgen.llm import people
from stickgen.llm.phrases import Figure
from stickgen.llm.words import word_set

MAX_ROLES = 20
"""Nobody beyond this many comes on stage."""

_GENERIC = frozenset({"person", "figure", "character", "individual", "human", "adult", "one"})

_SIBLINGS = frozenset({"brother", "sister", "friend", "twin", "teammate", "buddy", "partner"})
"""Nouns that somebody of the same group may be called by: four kids run; her *sister* trips."""
_EITHER = word_set(
    "man woman boy girl guy gal lady gentleman husband wife bride groom boyfriend girlfriend father"
    " mother dad mom mum lad lass brother sister son daughter king queen prince princess"
)
"""Nouns that one of a couple may be called by."""


@dataclass(slots=True)
class _Member:
    noun: str
    gender: str | None
    named: bool = False
    style: str | None = None
    adjective: str | None = None
    collective: str | None = None
    complete: bool = False
    """Whether the text says whom his group is of: a crew *of five sailors*."""


class Cast:
    """The roles in the order of their appearance, and whom a phrase refers to.

    *pair* tells that the text speaks of "the other" in the singular: a group whose size nobody
    gives then has two members.
    """

    def __init__(self, *, pair: bool = False) -> None:
        self.roles: list[Role] = []
        self.truncated = False
        self._members: list[_Member] = []
        self._mentions: list[tuple[int, ...]] = []
        self._taken: set[int] = set()
        self._group: tuple[int, ...] = ()
        self._pair = pair
        self._teams = 0
        self._teller: tuple[int, ...] | None = None
        self._other: tuple[int, ...] = ()
        self.busy: tuple[int, ...] = ()
        """Who is told to do something else at the same time."""

    # -- what the planner asks ------------------------------------------------------------------

    def bring(self, roles: list[Role]) -> None:
        """Bring in *roles* that the text does not name."""
        for role in roles:
            self.roles.append(role)
            self._members.append(_Member("person", None))

    def style(self, index: int) -> str | None:
        """Return the style that role *index* moves in, if its words gave it one."""
        return self._members[index].style

    def noun(self, index: int) -> str:
        """Return the noun that role *index* was last called by, in the singular."""
        return self._members[index].noun

    @property
    def several(self) -> bool:
        """Whether a group has been named, of whom one may be spoken of."""
        return bool(self._group)

    def may_be(self, index: int, gender: str | None) -> bool:
        """Return whether role *index* may be spoken of as *gender*: m, f or None (it)."""
        own = self._members[index].gender
        return own in {None, gender} if gender else self.roles[index].kind != "human"

    def set_style(self, roles: tuple[int, ...], style: str | None) -> None:
        """Give *roles* a *style*, if there is one."""
        for index in roles:
            self._members[index].style = style or self._members[index].style

    def default(self) -> tuple[int, ...]:
        """Return whom a sentence without a subject is about: the last ones named, or one person."""
        if self._mentions:
            return self._mentions[-1]
        self._mentions.append(self._introduce(Figure("person", "new")))
        return self._mentions[-1]

    def refer(
        self, figure: Figure, *, current: tuple[int, ...] = (), subject: bool = True
    ) -> tuple[int, ...]:
        """Return the roles that *figure* means; newcomers are added. *current* is the subject of
        the clause before, which a pronoun means first.
        """
        found = self._refer(figure, current, subject)
        if found:
            self._mentions.append(found)
            if len(found) > 1 and found != self._group and figure.reference != "part":
                self._group, self._taken = found, set()
        return found

    def join(self, groups: list[tuple[int, ...]]) -> tuple[int, ...]:
        """Return the roles of a coordination (Ann and Bob) and remember them as a group."""
        joined = tuple(dict.fromkeys(i for group in groups for i in group))
        if len(groups) > 1:
            self._mentions.append(joined)
            self._group, self._taken = joined, set()
        return joined

    # -- inside ---------------------------------------------------------------------------------

    def _introduce(self, figure: Figure) -> tuple[int, ...]:
        count = figure.count
        if count is None:
            count = 2 if self._pair or figure.noun in people.COUPLES else 3
        elif self._pair and figure.plural and not figure.counted and not figure.teams:
            count = 2
        free = MAX_ROLES - len(self.roles)
        if count > free:
            self.truncated = True
            count = max(free, 0)
        if count == 0:
            return self._mentions[-1] if self._mentions else ()
        first = len(self.roles)
        before = self._teams
        self._teams += figure.teams
        for position in range(count):
            named = figure.reference == "name"
            label = figure.text if named else figure.noun
            name = label if count == 1 else f"{label} {position + 1}"
            if position < len(figure.names):
                name = figure.names[position]
            used = {role.name for role in self.roles}
            if name in used:
                number = 2
                while f"{label} {number}" in used:
                    number += 1
                name = f"{label} {number}"
            team = None
            if figure.teams:
                letter = before + position * figure.teams // count
                team = "ABCDEFGHIJKLMNOPQRST"[min(letter, 19)]
            self.roles.append(
                Role(name=name, kind=people.kind_of(figure.noun), colour=figure.colour, team=team)
            )
            self._members.append(
                _Member(
                    figure.noun,
                    people.gender_of_name(name.lower())
                    if named or position < len(figure.names)
                    else people.gender_of(figure.noun),
                    named or position < len(figure.names),
                    figure.style,
                    figure.adjective,
                    figure.part if figure.part in people.COLLECTIVES else None,
                    figure.counted and figure.noun not in _GENERIC,
                )
            )
        return tuple(range(first, first + count))

    def _refer(self, figure: Figure, current: tuple[int, ...], subject: bool) -> tuple[int, ...]:
        match figure.reference:
            case "new":
                return self._introduce(figure)
            case "name":
                return self._named(figure)
            case "pronoun":
                return self._pronoun(figure, current, subject)
            case "part":
                return self._part(figure)
            case "everyone":
                alone = not subject and len(self.roles) == 1 and figure.whole is None
                return () if alone else self._everyone(figure)
            case _:
                return self._known(figure, subject, current)

    def _named(self, figure: Figure) -> tuple[int, ...]:
        for index, role in enumerate(self.roles):
            if role.name == figure.text:
                return (index,)
        parts = set(figure.text.split())
        for index, role in enumerate(self.roles):  # Little Timmy, Timmy
            if self._members[index].named and (
                parts < set(role.name.split()) or set(role.name.split()) < parts
            ):
                return (index,)
        return self._introduce(figure)

    def _known(self, figure: Figure, subject: bool, current: tuple[int, ...]) -> tuple[int, ...]:
        """Find "the man" or "her child": same noun, else somebody it may be another word for."""
        latest = self._mentions[-1] if self._mentions else ()
        subject_of = next(
            (m for m in (current, latest) if len(m) == 1 and set(m) <= set(self._group)), ()
        )
        if figure.noun in people.PLACES_WON and len(self._group) > 1 and not figure.plural:
            place = self._group[0 if figure.noun in people.WINNERS else -1]
            return (place,)
        if figure.part in people.COLLECTIVES:
            return self._collective(figure)
        same = tuple(i for i, m in enumerate(self._members) if m.noun == figure.noun)
        if figure.adjective is not None:
            alike = tuple(i for i in same if self._members[i].adjective == figure.adjective)
            told = any(self._members[i].adjective for i in same)
            same = alike or (() if told and not figure.plural else same)
        if figure.colour is not None:
            coloured = tuple(i for i in same if self.roles[i].colour == figure.colour)
            same = coloured or tuple(i for i in same if self.roles[i].colour is None)
        if same:
            if figure.plural:
                return same[: figure.count] if figure.count else same
            if figure.colour is not None and self.roles[same[0]].colour is None:
                self.roles[same[0]] = replace(self.roles[same[0]], colour=figure.colour)
                return (same[0],)
            recent = [m for m in reversed(self._mentions) if set(m) & set(same)]
            if recent and len(recent[0]) == 1:
                return recent[0]
            return (same[0],)
        if figure.noun in people.COUNTERPARTS and figure.reference in {"own", "known"} and (
            len(self._group) == 2 and not figure.plural and subject_of
        ):  # fmt: skip
            return tuple(i for i in self._group if i not in subject_of)[:1]
        if figure.reference == "known" and not figure.plural:
            before = people.ALSO_CALLED.get(figure.noun, frozenset())
            for mention in reversed(self._mentions):
                if len(mention) == 1 and self._members[mention[0]].noun in before:
                    return mention
        if figure.reference != "own" and not figure.plural:
            gender = people.gender_of(figure.noun)
            unknown = [i for i in self._group if self._anybody(i)]
            if gender and len(self._group) == 2 and unknown and figure.noun in _EITHER:
                chosen = unknown[0 if gender == "m" else -1]
                self._members[chosen].noun, self._members[chosen].gender = figure.noun, gender
                return (chosen,)
            for mention in reversed(self._mentions):
                if len(mention) != 1:
                    continue
                member = self._members[mention[0]]
                generic = figure.noun in _GENERIC or member.noun in _GENERIC
                if member.named and member.gender == gender and gender:
                    return mention
                same_kind = people.kind_of(member.noun) == people.kind_of(figure.noun)
                if generic and same_kind and (member.gender in {None, gender} or gender is None):
                    if figure.style:
                        member.style = member.style or figure.style
                    return mention
        kin = figure.reference == "own" and figure.noun in _SIBLINGS
        if (figure.reference == "known" or kin) and not figure.plural and self._group:
            one_of_them = self._member(figure) if subject else None
            if one_of_them is not None:
                return (one_of_them,)
        if figure.plural and figure.counted and (squad := self._squad(figure)):
            return squad
        if figure.plural and figure.noun in _GENERIC and self._group:
            kinds = {self.roles[i].kind for i in self._group}
            if kinds == {people.kind_of(figure.noun)}:
                return self._group
        return self._introduce(replace(figure, reference="new"))

    def _squad(self, figure: Figure) -> tuple[int, ...]:
        """Return the group that is counted now: our team wins; *all five players* cheer."""
        found = tuple(i for i, m in enumerate(self._members) if m.collective is not None)
        count = figure.count or 0
        if not found or any(self._members[i].noun != "person" for i in found):
            return ()
        for index in found:
            self._members[index].noun = figure.noun
        if count > len(found):
            more = replace(figure, reference="new", count=count - len(found))
            found = (*found, *self._introduce(more))
        return found[:count]

    def _collective(self, figure: Figure) -> tuple[int, ...]:
        """Find "the band", "the group", "the team": those called so, else the group there is."""
        found = tuple(i for i, m in enumerate(self._members) if m.collective == figure.part)
        if not found and figure.part in {"group", "couple", "pair", "trio", "duo", "team", "gang"}:
            fits = figure.part not in {"couple", "pair", "duo"} or len(self._group) == 2
            found = self._group if fits else ()
        return found or self._introduce(replace(figure, reference="new"))

    def _member(self, figure: Figure) -> int | None:
        """Return who of the last group is meant by a narrower word: two children, *the girl*."""
        gender = people.gender_of(figure.noun)
        latest = self._mentions[-1] if self._mentions else ()
        others = self._group if figure.reference != "own" else ()
        for index in (*(i for i in self._group if i not in self._taken), *others):
            if figure.reference == "own" and (index,) == latest:
                continue
            member = self._members[index]
            if index in self.busy and len(self.busy) > 1 and member.collective is not None:
                continue
            within = people.MEMBERS.get(member.collective or "", frozenset())
            narrower = figure.noun in people.NARROWER.get(member.noun, ()) or (
                figure.noun in within and not member.complete
            )
            if narrower and not member.named and member.gender in {None, gender}:
                self._taken.add(index)
                member.noun, member.gender = figure.noun, gender or member.gender
                return index
        return None

    def _anybody(self, index: int) -> bool:
        """Whether role *index* may be a man or a woman: one of a couple, say."""
        member = self._members[index]
        return member.noun in _GENERIC and member.gender is None and not member.named

    def _pronoun(self, figure: Figure, current: tuple[int, ...], subject: bool) -> tuple[int, ...]:
        word = figure.part or ""
        if word in {"they", "them", "we", "us"}:
            if self._group and set(self._group) >= set(current) and word != "us":
                return self._group
            if self._group:
                return self._group
            if len(self.roles) == 1:
                return (0,)
            if self.roles:
                return tuple(range(len(self.roles)))
            return self._introduce(Figure("person", "new", count=2, plural=True, counted=True))
        if word in {"i", "me"}:
            if self._teller is None and subject:
                self._teller = self._introduce(Figure("I", "name"))
            return self._teller or ()
        if word == "you":
            return (0,) if self.roles else self._introduce(Figure("person", "new"))
        gender = {"he": "m", "him": "m", "his": "m", "she": "f", "her": "f"}.get(word)
        if word == "it":
            if subject and len(current) == 1 and self.roles[current[0]].kind != "human":
                return current
            for mention in reversed(self._mentions):
                if len(mention) == 1 and self.roles[mention[0]].kind != "human":
                    return mention
            return current if subject and len(current) == 1 else ()
        order = [current] if subject and len(current) == 1 else []
        order += [m for m in reversed(self._mentions) if len(m) == 1]
        order += [(i,) for i in range(len(self.roles))]
        if not subject:
            order = [m for m in order if m != current] or order
        for wanted in (True, False):
            for mention in order:
                member = self._members[mention[0]]
                if member.gender == gender or (not wanted and member.gender is None):
                    if not subject and mention == current:
                        continue
                    if wanted is False and any(self._members[m[0]].gender == gender for m in order):
                        continue
                    member.gender = gender
                    return mention
        if not subject and word not in {"him", "her"}:
            return ()
        noun = "man" if gender == "m" else "woman"
        return self._introduce(Figure(noun, "new", noun=noun))

    def _part(self, figure: Figure) -> tuple[int, ...]:
        """Find "one", "the first", "the other" within the last group, or add the missing ones."""
        if figure.whole is not None:
            whole = self.refer(figure.whole, subject=False)
            if len(whole) > 1:
                self._group, self._taken = whole, set()
        group = self._group
        part = figure.part or "one"
        if figure.adjective is not None:  # the tall one
            alike = [i for i, m in enumerate(self._members) if m.adjective == figure.adjective]
            free = [i for i in group if i not in self._taken]
            if alike or free:
                meant = (alike or free)[0]
                self._taken.add(meant)
                self._members[meant].adjective = figure.adjective
                if figure.colour is not None:
                    self.roles[meant] = replace(self.roles[meant], colour=figure.colour)
                return (meant,)
            return self._introduce(replace(figure, reference="new", noun="person", count=1))
        if figure.text == "others" and group and not self._taken:
            noun = self._members[group[0]].noun
            return self._introduce(
                Figure(noun, "new", noun=noun, count=len(group), plural=True, counted=True)
            )
        if part == "one" and not group:
            return self._introduce(replace(figure, reference="new", noun="person", count=1))
        if part == "other" and not group and self._other:
            return self._other
        if part in {"other", "others"} and not group:
            latest = self._mentions[-1] if self._mentions else ()
            rest = tuple(i for i in range(len(self.roles)) if (i,) != latest)
            if rest and len(self.roles) > 1:
                return rest if part == "others" else rest[:1]
            noun = self._members[-1].noun if self._members else "person"
            noun = noun if figure.noun == "person" else figure.noun
            told = figure.count if (figure.count or 0) > 1 else 3
            count = told or 3 if part == "others" else 1
            self._other = self._introduce(
                Figure("other", "new", noun=noun, count=count, plural=count > 1, counted=True)
            )
            return self._other
        ordinal = {"first": 0, "former": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4,
                   "last": len(group) - 1, "latter": len(group) - 1}  # fmt: skip
        if part in ordinal:
            position = ordinal[part]
            if 0 <= position < len(group):
                self._taken.add(group[position])
                return (group[position],)
            return self._introduce(
                replace(figure, reference="new", noun=self._noun(figure), count=1)
            )
        free = [i for i in group if i not in self._taken]
        if part == "some":
            size = figure.count or 1
            if figure.text in {"most", "half", "several", "many", "few"} and group:
                size = max(1, len(group) - 1 if figure.text == "most" else (len(group) + 1) // 2)
            if not group:
                return self._introduce(replace(figure, reference="new", noun="person", count=size))
            chosen = tuple(free[:size]) or group[:size]
            self._taken.update(chosen)
            return chosen
        if part in {"other", "others"}:
            chosen = tuple(free) or group[-1:]
            self._taken.update(chosen)
            return chosen if part == "others" or len(group) == 2 else chosen[:1]
        if not free:
            if part == "another":
                return self._introduce(
                    replace(figure, reference="new", noun=self._noun(figure), count=1)
                )
            self._taken = set()
            free = list(group)
        self._taken.add(free[0])
        return (free[0],)

    def _noun(self, figure: Figure) -> str:
        if figure.noun != "person" or not self._members:
            return figure.noun
        return self._members[-1].noun

    def _everyone(self, figure: Figure) -> tuple[int, ...]:
        if figure.whole is not None:
            return self.refer(figure.whole, subject=False)
        others = figure.text.lower() in {"everyone", "everybody"} and len(self.roles) == 1
        if others:  # the monster roars and everyone flees
            return self._introduce(Figure("person", "new", count=3, plural=True, counted=True))
        if figure.text.lower() in {"everyone", "everybody", "all"} and self.roles:
            return tuple(range(len(self.roles)))
        if self._group:
            return self._group
        if self.roles:
            return tuple(range(len(self.roles)))
        size = figure.count if figure.text == "all" else None
        count = 2 if figure.text.lower() in {"both", "two"} else size or 3
        return self._introduce(Figure("person", "new", count=count, plural=True, counted=True))
