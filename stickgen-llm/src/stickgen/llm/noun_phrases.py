"""Figures in the text: nouns with their articles, counts and adjectives, names and pronouns."""

from __future__ import annotations

from dataclasses import replace

from stickgen.llm import grammar, lexicon, manner, people, places
from stickgen.llm.nouns import is_thing
from stickgen.llm.phrases import Chunk, Figure, Verb
from stickgen.llm.verb_phrases import VerbPhrases
from stickgen.llm.words import NUMBERS, Word, number


def _compared(word: str) -> bool:
    """Whether *word* compares people: taller, oldest, faster."""
    return any(
        word.endswith(ending) and _stem(word[: -len(ending)]) for ending in ("er", "est")
    ) or word in {"better", "worse", "best", "worst"}


def _furnishes(noun: str) -> bool:
    """Whether *noun*, singular or plural, is the name of a thing."""
    return is_thing(noun) or noun.rstrip("s") in people.INANIMATE


def _stem(stem: str) -> bool:
    spellings = {stem, stem + "e", stem[:-1], stem[:-1] + "y"}
    return any(grammar.is_adjective(each) or each in _GRADED for each in spellings)


_GIVING = ("give", "gave", "giving", "hand", "throw", "threw", "toss", "show", "offer", "bring",
           "brought", "feed", "fed", "tell", "told", "teach", "pass", "serve")  # fmt: skip
"""Beginnings of the verbs that have somebody and something for objects."""

_PLACES = frozenset({"first", "second", "third", "fourth", "fifth"})
_GRADED = frozenset(
    [
        "strong",
        "near",
        "close",
        "heavy",
        "light",
        "high",
        "low",
        "loud",
        "quiet",
        "wise",
        "late",
        "early",
        "eld",
    ]
)


class NounPhrases(VerbPhrases):
    """Reads the words that name somebody."""

    def _figure(self) -> bool:
        found = self._parse_figure(self.at)
        if found is None:
            return False
        figure, end = found
        if self.subject is None or self.verbs == 0:
            self.subject = figure
        if figure.text.lower().startswith("whose "):
            self.relative = True
        self._add(Chunk("figure", self._text(end), figure=figure), end)
        return True

    def _parse_figure(self, at: int) -> tuple[Figure, int] | None:
        words = self.words
        low = words[at].low
        following = words[at + 1].low if at + 1 < len(words) else ""
        if words[at].kind not in {"word", "number"}:
            return None
        if (low, following) in {("each", "other"), ("one", "another")}:
            return Figure(f"{low} {following}", "reciprocal"), at + 2
        if low in grammar.PRONOUNS:
            if low in {"himself", "herself"}:
                return None
            if low == "us" and self._previous_low() == "let":
                return None
            plural = low in {"they", "them", "we", "us"}
            return Figure(low, "pronoun", plural=plural, part=low), at + 1
        behind = following == "back" and at > 0 and words[at - 1].low in {"with", "on", "behind"}
        if low in {"her", "his"} and not behind and not self._noun_phrase_follows(at + 1):
            return Figure(low, "pronoun", part="her" if low == "her" else "his"), at + 1
        part = self._parse_part(at) or self._parse_titled(at)
        if part is not None:
            return self._leaving_out(*part)
        noun = self._parse_noun(at)
        if noun is not None:
            return self._leaving_out(*noun)
        return self._parse_name(at) or self._parse_stranger(at)

    def _leaving_out(self, figure: Figure, end: int) -> tuple[Figure, int]:
        """Read who is left out: everyone *but the king*."""
        if not figure.plural:
            return figure, end
        begins = self._except(end)
        if begins is None and figure.reference == "everyone" and self._low(end - self.at) == "but":
            begins = end + 1
        found = self._parse_figure(begins) if begins is not None else None
        if found is None:
            return figure, end
        return replace(figure, without=(found[0],)), found[1]

    def _except(self, at: int) -> int | None:
        """Return where a phrase that leaves somebody out ends, if one begins at *at*."""
        for phrase in grammar.EXCEPT:
            lows = tuple(word.low for word in self.words[at : at + len(phrase)])
            if lows == phrase and at + len(phrase) < len(self.words):
                return at + len(phrase)
        return None

    def _acts_here(self, at: int) -> bool:
        """Whether a noun that is a verb too is one: the other *ducks*."""
        found = lexicon.find(self.words, at) if at < len(self.words) else None
        if found is None or found[0].action is None or self._verb_like(at + 1):
            return False
        return self.words[at].low in people.FIGURES and "third" in found[1]

    def _noun_phrase_follows(self, at: int) -> bool:
        if at >= len(self.words) or self.words[at].kind != "word":
            return False
        low = self.words[at].low
        return low not in grammar.PREPOSITIONS | grammar.SKIPPED and (low,) not in grammar.LINKS

    def _parse_part(self, at: int) -> tuple[Figure, int] | None:
        """Read "one", "one of them", "the first", "the other two", "both", "everyone"."""
        words = self.words
        lows = [word.low for word in words[at : at + 6]] + [""] * 6
        if lows[0] in {"everyone", "everybody"} and lows[1] == "in" and "crowd" in lows[2:4]:
            end = at + 2 + lows[2:4].index("crowd") + 1
            size = people.COLLECTIVES["crowd"]
            return Figure("everyone", "new", count=size, plural=True, counted=True), end
        if lows[0] in {"everyone", "everybody", "anyone"} and lows[1] == "else":
            return Figure("everyone else", "part", part="others", plural=True), at + 2
        if lows[0] in {"everyone", "everybody"}:
            return Figure(lows[0], "everyone", plural=True, part="all"), at + 1
        if lows[0] == "all" and (lows[1] == "but" or self._except(at + 1)):
            return Figure(lows[0], "everyone", plural=True, part="all"), at + 1
        if lows[0] == "the" and lows[1] in {"rest", "remaining"}:
            end = at + 2
            if lows[2] == "of":
                inner = self._parse_noun(at + 3) if at + 3 < len(words) else None
                if inner is None and lows[3] not in {"them", "us"}:
                    return None
                end = inner[1] if inner else at + 4
            elif lows[2] in people.FIGURES or lows[2] in NUMBERS:
                end = at + 3
            elif not self._verb_like(end):
                return None
            return Figure("the rest", "part", part="others", plural=True), end
        left_out = at > 0 and words[at - 1].low in {"but", "except", "than", "for", "from"}
        if lows[0] == "the" and _compared(lows[1]) and lows[1].endswith("est") and (
            self._verb_like(at + 2, third_only=True)
            or (left_out and (at + 2 >= len(words) or words[at + 2].kind in {"stop", "comma"}))
        ):  # fmt: skip
            return Figure(lows[1], "part", part="one"), at + 2  # the youngest laughs
        opens = at == 0 or words[at - 1].kind in {"stop", "comma"} or (
            (words[at - 1].low,) in grammar.LINKS
        )  # fmt: skip
        if opens and lows[0] in _PLACES and lows[1] in people.FIGURES and self._verb_like(at + 2):
            noun, plural = people.FIGURES[lows[1]]
            if not plural:  # first person walks, second person runs
                return Figure(lows[0], "part", part=lows[0], noun=noun), at + 2
        if lows[0] == "the" and lows[1] in {"middle", "remaining"} and lows[2] == "one":
            return Figure(lows[1], "part", part="one"), at + 3
        telling = lows[1] in people.ADJECTIVE_PAIRS or lows[1] in people.COLOURS
        if lows[0] == "the" and telling and lows[2] == "one":
            shade = people.COLOURS.get(lows[1])
            return Figure(lows[1], "part", part="one", adjective=lows[1], colour=shade), at + 3
        if lows[0] == "others" and self._verb_like(at + 1):
            return Figure("others", "part", part="others", plural=True, count=None), at + 1
        if lows[0] == "the" and _compared(lows[1]) and lows[2] in {"one", "of"}:
            of = lows[2] == "of"
            told = self._parse_noun(at + 3) if of and at + 3 < len(words) else None
            if told is not None and told[0].plural:  # the fastest of the four boys
                return Figure(lows[1], "part", part="one", whole=told[0]), told[1]
            end = (
                at + 3 + (of and lows[3] in {"the", "them"}) + (of and lows[4] in {"two", "three"})
            )
            return Figure(lows[1], "part", part="one"), end
        if lows[1] == "of" and lows[2] in {
            "them", "us", "these", "those", "the", "my", "his", "her", "their", "our",
        }:  # fmt: skip
            amount = number(words[at])
            whole = self._parse_noun(at + 2) if lows[2] not in {"them", "us"} else None
            end = whole[1] if whole else at + 3 + (lows[3] in people.FIGURES)
            group = whole[0] if whole and whole[0].plural else None
            if lows[0] == "both" and group is not None:
                group = replace(group, count=2, counted=True)
            if lows[0] in {"both", "all", "each"}:
                found = Figure(lows[0], "everyone", plural=True, part="all", whole=group)
                return found, end
            if amount is not None or lows[0] in {"some", "most", "several", "many", "half", "few"}:
                size = int(amount or 2)
                share = lows[0] if amount is None else ""
                return Figure(share, "part", count=size, part="some", plural=size > 1,
                              whole=group), end  # fmt: skip
        some = number(words[at + 1]) if lows[0] == "all" and at + 1 < len(words) else None
        if some is not None and (lows[2] == "of" or self._verb_like(at + 2)):
            end = at + 2 + 2 * (lows[2] == "of")
            everyone = Figure("all", "everyone", count=int(some), plural=True, part="all")
            return everyone, end
        if lows[0] in {"both", "all"} and self._verb_like(at + 1):
            return Figure(lows[0], "everyone", plural=True, part="all"), at + 1
        amount = number(words[at])
        finite = lexicon.find(words, at + 1) if at + 1 < len(words) else None
        does = finite is not None and {"base", "past"} & set(finite[1]) and finite[0].action
        if (
            amount is not None
            and lows[0] != "one"
            and 1 < amount <= 20
            and ((lows[1] in grammar.AUXILIARIES or does) and self.at == at)
            and lows[1] not in people.FIGURES
        ):
            return Figure(lows[0], "part", count=int(amount), part="some", plural=True), at + 1
        if amount is not None and 1 < amount <= 20 and lows[1] == "others":
            others = Figure("others", "part", count=int(amount), part="others", plural=True)
            return others, at + 2
        named = lows[1] in people.FIGURES and self._verb_like(at + 2)  # one *guard* sleeps
        if (
            lows[0] in {"one", "another"}
            and not named
            and (self._verb_like(at + 1, third_only=True) or lows[1] in {"who", "is", "then", ","})
        ):
            return Figure(lows[0], "part", part=lows[0]), at + 1
        if lows[0] == "another" and lows[1] == "one":
            return Figure("another", "part", part="another"), at + 2
        if (
            lows[0] == "a"
            and lows[1] in grammar.PARTS - {"first", "last"}
            and (
                self._verb_like(at + 2)
                or lows[2] == "who"
                or at + 2 >= len(words)
                or words[at + 2].kind in {"comma", "stop"}
            )
        ):
            return Figure(lows[1], "part", part=lows[1]), at + 2
        if lows[0] == "a" and lows[1] in grammar.PARTS and lows[2] == "one":
            return Figure(lows[1], "part", part=lows[1]), at + 3
        if lows[0] in grammar.DEFINITE | {"each", "every"} and lows[1] in grammar.PARTS | {
            "one",
            "two",
            "three",
        }:
            end = at + 2
            count = number(words[at + 1])
            counted = at + 2 < len(words) and number(words[at + 2]) is not None
            if lows[1] == "other" and counted and lows[2] != "one":
                return Figure("the others", "part", part="others", count=None, plural=True), at + 3
            if lows[2] in {"one", "ones", "person", "people"} and lows[1] in grammar.PARTS:
                end += 1
                plural = lows[2] in {"ones", "people"}
            else:
                plural = lows[1] == "others"
                if lows[2] in people.FIGURES and not self._acts_here(at + 2):
                    noun, plural = people.FIGURES[lows[2]]
                    reference = "everyone" if count is not None else "part"
                    if reference == "part":
                        kind = "others" if plural and lows[1] == "other" else lows[1]
                        figure = Figure(lows[1], "part", noun=noun, part=kind, plural=plural)
                        return figure, at + 3
                    return None
                single = lows[1] in {"first", "second", "third", "fourth", "fifth", "last"}
                if not (
                    end >= len(words)
                    or words[end].kind != "word"
                    or self._verb_like(end, third_only=single)
                    or self._acts_here(end)
                    or (words[end].low,) in grammar.LINKS
                    or words[end].low
                    in grammar.PREPOSITIONS | grammar.SKIPPED | {"who", "of", "then"}
                    or grammar.is_adverb(words[end].low)
                ):
                    return None
            if count is not None:
                if lows[1] == "one":
                    return Figure("one", "part", part="one"), end
                return Figure(lows[1], "everyone", plural=True, part="all"), end
            part = "others" if lows[1] == "others" or (lows[1] == "other" and plural) else lows[1]
            return Figure(lows[1], "part", part=part, plural=part == "others"), end
        return None

    def _parse_noun(self, at: int) -> tuple[Figure, int] | None:
        words = self.words
        start = at
        low = words[at].low
        determiner: str | None = None
        count: int | None = None
        colour = style = adjective = None
        attributive: list[Verb] = []
        vague = False
        if start and words[start - 1].kind == "possessive":
            determiner = "his"
        if low == "half" and [w.low for w in words[at + 1 : at + 3]] == ["a", "dozen"]:
            count, at = 6, at + 3
        elif low in grammar.DETERMINERS:
            determiner = low
            at += 1
            if low in people.VAGUE:
                count, vague = people.VAGUE[low], True
            if at < len(words) and words[at].kind == "possessive":
                return None
        if at < len(words) and (amount := number(words[at])) is not None:
            if words[at].low in {"hundred", "dozen"} and determiner is None:
                return None
            count, at = int(amount), at + 1
            if at < len(words) and words[at].low in {"dozen", "hundred"}:
                count, at = count * (12 if words[at].low == "dozen" else 100), at + 1
        quantity = words[at].low if at < len(words) else ""
        some = quantity in people.VAGUE and quantity not in people.COLLECTIVES
        if some and determiner in {"a", "the", None}:
            count, at, vague = people.VAGUE[quantity], at + 1, True
        if at < len(words) and words[at].low in {"more", "other", "different", "same"}:
            at += 1
        skipped = 0
        while at < len(words) and skipped < 6:
            word = words[at]
            if word.kind == "comma" and skipped and at + 1 < len(words) and determiner:
                if not grammar.is_adjective(words[at + 1].low):
                    return None
                at += 1
                continue
            if word.kind not in {"word", "number"} or (skipped and number(word) is not None):
                return None  # in a forest *two* hunters
            if word.low in people.FIGURES or word.low in people.COLLECTIVE_FORMS or (
                people.worker(word.low) and skipped + (determiner is not None)
            ):  # fmt: skip
                # "a robot dog", "a baseball player": the last noun of the row is the head
                following = words[at + 1].low if at + 1 < len(words) else ""
                acts = self._verb_like(at + 1) and not (
                    at + 2 < len(words) and self._verb_like(at + 2)
                )
                if not (following in people.FIGURES and not acts):
                    break
            bare = determiner is None and count is None
            participle = bare and not skipped and self._opens_with_participle(at)
            if bare and not participle and not grammar.is_adjective(words[at].low):
                return None
            if not self._may_be_adjective(at, not bare or participle):
                return None
            if word.low in people.COLOURS:
                colour = colour or people.COLOURS[word.low]
            friends = at + 1 < len(words) and words[at + 1].low.startswith(people.FRIENDS)
            if not (word.low == "old" and friends):
                style = style or manner.STYLES.get(word.low)
            if word.low in people.ADJECTIVE_PAIRS:
                adjective = adjective or word.low
            found = lexicon.find(words, at)
            if found and found[1] == ("ing",) and found[2] == at + 1 and found[0].action:
                attributive.append(Verb(word.text, found[0], found[1]))
            at += 1
            skipped += 1
        if at >= len(words) or skipped >= 6:
            return None
        head = words[at].low
        end = at + 1
        called = self._called(end) if count in {None, 1} else None
        if called is not None and head in people.FIGURES and not people.FIGURES[head][1]:
            name, end = called
            kind = people.FIGURES[head][0]
            plain = people.kind_of(kind) == "human" and not people.gender_of(kind)
            return Figure(name, "name", noun=name.lower() if plain else kind, style=style), end
        if head in people.COLLECTIVE_FORMS and head not in people.FIGURES:
            return self._collective(start, at, determiner, count, colour, style)
        if head not in people.FIGURES and not people.worker(head):
            return None
        noun, plural = people.FIGURES.get(head) or people.worker(head) or (head, False)
        letter = words[end] if end < len(words) else None
        if letter is not None and len(letter.text) == 1 and letter.text in "ABCDEFGH":
            return Figure(f"{head} {letter.text}", "name", noun=noun), end + 1
        numbered = (
            letter is not None and not plural and count is None and number(letter) is not None
        )
        if numbered and letter is not None and (
            end + 1 >= len(words) or words[end + 1].kind != "word" or self._verb_like(end + 1)
            or words[end + 1].low in grammar.AUXILIARIES or (words[end + 1].low,) in grammar.LINKS
        ):  # fmt: skip
            value = number(letter)
            return Figure(f"{noun} {value:g}", "name", noun=noun), end + 1
        if end < len(words) and words[end].kind == "possessive":
            return None
        bare = determiner is None and count is None and not plural and skipped == 0
        if bare and not self._bare_noun(at):
            return None
        before = {w.low for w in words[start:at]}
        unreal = bool(before & people.UNREAL) or (
            bool(before & people.TOYS) and self.subject is not None and self.verbs > 0
        )
        if self._only_names_a_thing(noun, plural, end) or (noun == "dog" and "hot" in before):
            return None
        if unreal and (self.verbs or self.subject is not None):
            return None
        if determiner in grammar.POSSESSIVE:
            reference = "own"
        elif determiner in grammar.DEFINITE or determiner in {"all", "both", "each", "every"}:
            reference = "known"
        else:
            reference = "new"
        if determiner is None and count is None and noun in people.KIN and not plural:
            reference = "known"  # Grandpa sleeps
        if bare and noun not in {"someone", "somebody"}:
            reference = "known"  # man bows to robot, *robot* salutes
        if determiner in {"a", "an"} and plural and count is None and noun != head:
            return None  # a big hat *fans* her
        if determiner in {"a", "an", "one", "this", "that", "another"}:
            plural = False  # a samurai
        if noun == head and plural and count is None and determiner in grammar.DEFINITE:
            verb = lexicon.find(words, end) if end < len(words) else None
            plural = verb is None or "third" not in verb[1]  # the deer bolts
        if count is None:
            count = None if plural else 1
        worn = self._worn(end)
        if worn is not None:
            colour, end = colour or worn[0], worn[1]
        style = style or people.ROLE_STYLES.get(noun)
        text = " ".join(word.text for word in words[start:end])
        figure = Figure(
            text,
            reference,
            noun=noun,
            count=count,
            plural=plural or (count or 1) > 1,
            counted=count is not None and not vague,
            colour=colour,
            style=style,
            adjective=adjective,
            attributive=tuple(attributive),
        )
        return figure, end

    def _only_names_a_thing(self, noun: str, plural: bool, end: int) -> bool:
        """Whether a noun is a part of a thing's name: falls down a *rabbit* hole."""
        if plural or end >= len(self.words):
            return False
        if self.words[end].low in {
            "costume",
            "suit",
            "outfit",
            "mask",
            "hat",
            "onesie",
            "disguise",
        }:
            return True
        if not self.verbs:
            return False
        if people.kind_of(noun) != "animal" and noun not in {"baby", "police", "human"}:
            return False
        giving = any(c.text.lower().startswith(_GIVING) for c in self.chunks if c.kind == "verb")
        following = self.words[end].low
        return (
            not giving
            and people.lifeless(following)
            and not self._verb_like(end)
            and lexicon.find(self.words, end) is None
        )

    def _opens_with_participle(self, at: int) -> bool:
        """Whether an -ing form before a noun says what those do: *laughing* children run."""
        words = self.words
        found = lexicon.find(words, at)
        opens = not self.chunks or self.chunks[-1].kind in {"stop", "comma", "link"}
        if found is None or found[1] != ("ing",) or found[2] != at + 1 or not opens:
            return False
        if at + 1 >= len(words) or words[at + 1].low not in people.FIGURES:
            return False
        following = words[at + 2] if at + 2 < len(words) else None
        ends = following is None or following.kind == "stop"
        placed = following is not None and following.low in {"in", "on", "at", "under", "by"}
        return ends or placed or self._verb_like(at + 2)

    def _called(self, at: int) -> tuple[str, int] | None:
        """Return the name that follows a noun: my friend *Tom*, a robot named *Max*."""
        words = self.words
        if at < len(words) and words[at].low in {"named", "called"}:
            at += 1
        elif at >= len(words):
            return None
        elif words[at].low not in people.NAMES:
            strange = words[at].kind == "word" and not self._titled() and not (
                words[at].low in people.FIGURES or words[at].low in grammar.NOT_NAMES
                or people.lifeless(words[at].low) or places.is_place(words[at].low)
            )  # fmt: skip
            if not (strange and words[at - 1].capitalised and self._verb_like(at + 1)):
                return None  # Chef *Luigi* cooks
        if at >= len(words) or not words[at].capitalised or lexicon.find(words, at):
            return None
        if at + 1 < len(words) and words[at + 1].kind == "possessive":
            return None
        return words[at].text, at + 1

    def _worn(self, at: int) -> tuple[str, int] | None:
        """Return the colour of the clothes told at *at* ("in a red shirt") and where that ends."""
        words = self.words
        lows = [word.low for word in words[at : at + 5]] + [""] * 5
        if lows[0] not in {"in", "with", "wearing"}:
            return None
        here = 1 + (lows[1] in {"a", "an", "the", "his", "her"})
        colour = people.COLOURS.get(lows[here])
        clothes = lows[here + 1]
        if colour is None or not (clothes in people.CLOTHES or lows[0] == "in"):
            return None
        if clothes not in people.CLOTHES:
            plain = at + here + 1 >= len(words) or clothes == "" or self._verb_like(at + here + 1)
            return (colour, at + here + 1) if plain else None
        shirt = clothes == "t" and lows[here + 2] == "shirt"
        return colour, at + here + 2 + shirt

    def _collective(
        self,
        start: int,
        at: int,
        determiner: str | None,
        number_of: int | None,
        colour: str | None,
        style: str | None,
    ) -> tuple[Figure, int] | None:
        """Read "a group of five people", "two teams", "a crowd"."""
        words = self.words
        plural = words[at].low not in people.COLLECTIVES
        head = people.COLLECTIVE_FORMS[words[at].low]
        if plural and number_of is None:
            number_of = 2
        size = people.COLLECTIVES[head]
        end = at + 1
        noun = "person"
        attributive: tuple[Verb, ...] = ()
        if head in people.ROWS and (end >= len(words) or words[end].low != "of"):
            return None
        counted = head in {"couple", "pair", "duo", "trio", "quartet", "quintet", "sextet"}
        if end < len(words) and words[end].low == "of":
            inner = self._parse_noun(end + 1) if end + 1 < len(words) else None
            if inner is None:
                amount = number(words[end + 1]) if end + 1 < len(words) else None
                if amount is None or amount < 1:
                    return None
                inner = (Figure("", "new", count=int(amount), counted=True), end + 2)
            noun, attributive = inner[0].noun, inner[0].attributive
            colour, style = colour or inner[0].colour, style or inner[0].style
            if inner[0].count is not None and inner[0].counted:
                size, counted = inner[0].count, True
            end = inner[1]
        elif determiner is None and number_of is None and (
            head in {"class", "company", "party", "parade"} or not self._bare_noun(at, start)
        ):  # fmt: skip
            return None
        text = " ".join(word.text for word in words[start:end])
        reference = "known" if determiner in grammar.DEFINITE else "new"
        return (
            Figure(
                text,
                reference,
                noun=noun,
                count=size * (number_of or 1),
                plural=True,
                counted=counted,
                colour=colour,
                style=style,
                teams=(number_of or 1) if head in {"team", "squad"} else 0,
                part=head,
                attributive=attributive,
            ),
            end,
        )

    def _may_be_adjective(self, at: int, determined: bool) -> bool:
        low = self.words[at].low
        if grammar.is_adjective(low):
            return True
        if (
            not determined
            or low
            in grammar.DETERMINERS | grammar.PREPOSITIONS | grammar.AUXILIARIES | grammar.PRONOUNS
        ):
            return False
        if (low,) in grammar.LINKS or low in {"who", "that", "which"} or low in people.FIGURES:
            return low in people.FIGURES
        found = lexicon.find(self.words, at)
        if found is not None and found[1] != ("ing",) and "base" not in found[1]:
            return "participle" in found[1] and "past" in found[1]
        return True

    def _bare_noun(self, at: int, start: int | None = None) -> bool:
        """Whether a singular noun without an article names somebody ("person crawling"); what is
        said of it begins at *start*.
        """
        start = at if start is None else start
        previous = self.words[start - 1] if start else None
        opening = previous is None or previous.kind in {"stop", "comma", "quote"}
        opening = opening or (previous is not None and (previous.low,) in grammar.LINKS)
        low = self.words[at].low
        if low in {"someone", "somebody"}:
            return True
        verb = lexicon.find(self.words, at)
        if verb is not None and verb[0].action is not None:
            return opening and self._verb_like(at + 1)
        if opening:
            return True
        return previous is not None and previous.low in grammar.PREPOSITIONS

    def _parse_titled(self, at: int) -> tuple[Figure, int] | None:
        """Read a name with a title or a trade before it: *Uncle Bob*, *Captain Hook*."""
        words = self.words
        low = words[at].low
        titled = low in people.TITLES or (low in people.COMMON and not people.COMMON[low][1])
        end = at + 1
        if not titled or not words[at].capitalised or self._titled():
            return None
        while end < len(words) and end - at < 4 and words[end].kind == "word" and (
            words[end].capitalised and words[end].low not in grammar.NOT_NAMES
        ):  # fmt: skip
            end += 1
        while end > at + 1 and end - at > 2 and self._acts_alone(end - 1):
            end -= 1
        if end == at + 1 or (words[at].text.isupper() and words[end - 1].text.isupper()):
            return None
        named = words[at + 1].low
        plain = named in people.NAMES or lexicon.find(words, at + 1) is None
        if not plain and not (self._verb_like(end) or self.verbs):
            return None  # Captain *Hook* fights
        if (named in people.FIGURES and named not in people.NAMES) or places.is_place(named):
            return None
        text = " ".join(word.text for word in words[at:end])
        own = people.gender_of(low) or people.kind_of(low) != "human"
        return Figure(text, "name", noun=low if own else named), end

    def _acts_alone(self, at: int) -> bool:
        """Whether a word in capitals is the verb after a name, and not a part of it."""
        return lexicon.find(self.words, at) is not None and not self._verb_like(at + 1)

    def _parse_name(self, at: int) -> tuple[Figure, int] | None:
        words = self.words
        word = words[at]
        if word.kind != "word":
            return None
        if word.low in people.TITLES and at + 1 < len(words) and words[at + 1].capitalised:
            name = f"{word.text.capitalize()} {words[at + 1].text}"
            return Figure(name, "name", noun=word.low), at + 2
        title = self._title(at)
        if title is not None:
            return title
        known = word.low in people.NAMES
        ambiguous = known and word.low in {"will", "mark", "rose", "ray", "rob", "daisy", "grace",
                                           "jack", "bill", "lily", "frank", "max", "robin",
                                           "harper", "sue", "carol", "eve"}  # fmt: skip
        if (
            known
            and (not ambiguous or word.capitalised)
            and not (ambiguous and lexicon.find(words, at) and not self._verb_like(at + 1))
        ):
            return Figure(word.text.capitalize(), "name", noun=word.low), at + 1
        if not word.capitalised or word.low in grammar.NOT_NAMES:
            return None
        found = lexicon.find(words, at)
        opens = at == 0 or words[at - 1].kind == "stop"
        acts = at + 1 < len(words) and self._verb_like(at + 1, third_only=True)
        if found is not None and not (opens and acts and "base" in found[1] and found[2] == at + 1):
            return None  # *Spike* breaks them up
        if places.is_place(word.low) or number(word) is not None:
            return None
        if word.low in grammar.PREPOSITIONS or word.low in grammar.SKIPPED:
            return None
        if (
            word.low in people.FIGURES
            or grammar.is_adverb(word.low)
            or word.low in people.INANIMATE
        ):
            return None
        if (
            word.low in manner.STYLES
            or word.low in people.COLOURS
            or grammar.is_adjective(words[at].low)
        ):
            return None
        previous = words[at - 1] if at else None
        if previous is not None and previous.low in grammar.DETERMINERS | {
            "in",
            "from",
            "on",
            "of",
        }:
            return None
        end = at + 1
        while (
            end < len(words)
            and words[end].capitalised
            and words[end].kind == "word"
            and (not lexicon.find(words, end) and words[end].low not in grammar.NOT_NAMES)
        ):
            end += 1
        text = " ".join(w.text for w in words[at:end])
        following = words[end] if end < len(words) else None
        acts = self._verb_like(end) or (
            following is not None
            and (
                following.low in {"and", "is", "does", "has", "who", "then", "not", "can"}
                or self._looks_like_a_verb(following)
            )
        )
        listed = (
            following is not None
            and following.kind == "comma"
            and end + 1 < len(words)
            and (words[end + 1].capitalised)
        )
        opening = previous is None or previous.kind == "stop"
        meant = acts or listed
        if not meant and not opening:
            meant = previous is not None and (
                previous.low in {"with", "at", "toward", "towards", "by", "behind"}
                or (previous.low,) in grammar.LINKS
                or lexicon.find(words, at - 1) is not None
            )
        return (Figure(text, "name", noun=text.lower()), end) if meant else None

    def _title(self, at: int) -> tuple[Figure, int] | None:
        """Read a name of several words: *Little Red Riding Hood*, *Iron Man*."""
        words = self.words
        end = at
        while end < len(words) and words[end].kind == "word" and words[end].capitalised and (
            (words[end].low not in grammar.NOT_NAMES or words[end].low in {"little", "old"})
            and words[end].low not in grammar.AUXILIARIES and number(words[end]) is None
            and not grammar.is_adverb(words[end].low)
        ):  # fmt: skip
            end += 1
        previous = words[at - 1] if at else None
        placed = previous is not None and previous.low in {"in", "at", "on", "from", "of", "near"}
        if end - at < 2 or placed or self._titled():
            return None
        following = words[end] if end < len(words) else None
        acts = self._verb_like(end) or (
            following is not None and (following.low in {"and", "who"} or (
                following.kind == "word" and self._looks_like_a_verb(following)))
        )  # fmt: skip
        object_of = bool(self.verbs) and previous is not None and previous.kind == "word"
        if not acts and not object_of:
            return None
        if not acts and any(places.is_place(w.low) for w in words[at:end]):
            return None
        lows = [w.low for w in words[at:end]]
        noun = next((low for low in lows if people.gender_of(low)), " ".join(lows))
        return Figure(" ".join(w.text for w in words[at:end]), "name", noun=noun), end

    def _titled(self) -> bool:
        """Whether the whole prompt is written With Capitals, which then tell nothing."""
        long = [
            w for w in self.words
            if w.kind == "word" and len(w.text) > 3 and w.low not in grammar.PREPOSITIONS
            and w.low not in grammar.SKIPPED and (w.low,) not in grammar.LINKS
        ]  # fmt: skip
        return sum(w.capitalised for w in long) > 0.8 * len(long) and len(long) > 3

    def _looks_like_a_verb(self, word: Word) -> bool:
        low = word.low
        known = (
            low
            in grammar.DETERMINERS | grammar.PREPOSITIONS | grammar.SKIPPED | grammar.AUXILIARIES
            or (low,) in grammar.LINKS
        )
        ending = low.endswith(("s", "ed")) and not low.endswith("ss")
        return word.kind == "word" and len(low) > 3 and ending and not known

    def _only_verb(self, at: int) -> bool:
        """Whether a word no list knows can only be a verb where it stands: "a jester *juggles*"."""
        words = self.words
        if not self._looks_like_a_verb(words[at]) or words[at].low in people.INANIMATE:
            return False
        if words[at].low in people.FIGURES or lexicon.noun(words[at].low):
            return False
        following = words[at + 1] if at + 1 < len(words) else None
        return (
            following is None
            or following.kind != "word"
            or (
                (following.low,) in grammar.LINKS
                or following.low in grammar.DETERMINERS | grammar.PREPOSITIONS
            )
        )

    def _who_follows(self, at: int) -> bool:
        """Whether two or three plain words and "who" stand at *at*: "a receiver who catches it"."""
        words = self.words
        for end in range(at + 2, min(at + 4, len(words))):
            if words[end].low == "who":
                return words[end - 1].low not in people.INANIMATE
            if words[end].kind != "word" or words[end].low in grammar.PREPOSITIONS:
                return False
        return False

    def _parse_stranger(self, at: int) -> tuple[Figure, int] | None:
        """Read a subject whose noun no list knows: "a zorp walks", "the wizardling jumps"."""
        words = self.words
        determiner = words[at].low
        opens = not self.chunks or self.chunks[-1].kind in {"link", "comma"}
        named = self.verbs or self.subject is not None
        if named and not opens and not self._who_follows(at):
            return None
        count: int | None = None
        end = at
        if determiner in {"a", "an", "the", "this", "that", "another", "one"} or (
            determiner in {"his", "her", "their", "my"}
            and at + 1 < len(words)
            and not (_furnishes(words[at + 1].low) or words[at + 1].low in people.BODY)
        ):
            count, end = 1, at + 1
        elif (amount := number(words[at])) is not None and amount >= 1:
            count, end = int(amount), at + 1
        elif determiner in {"some", "several", "many"}:
            count, end = people.VAGUE[determiner], at + 1
        else:
            return None
        previous = words[at - 1] if at else None
        after = previous is not None and previous.low in grammar.PREPOSITIONS | grammar.POSSESSIVE
        if after and not self._who_follows(at):
            return None
        colour = style = None
        start = end
        while end < len(words) and end - start < 5 and words[end].kind == "word":
            low = words[end].low
            unknown = count == 1 and self._only_verb(end)
            if end > start and (
                low == "who" or self._verb_like(end, third_only=count == 1) or unknown
            ):
                noun = words[end - 1].low
                if noun in grammar.PRONOUNS or noun in grammar.EVERYONE:
                    return None
                if (
                    noun in people.INANIMATE
                    or noun in grammar.PREPOSITIONS
                    or noun in manner.STYLES
                    or lexicon.noun(noun) is not None
                    or (_furnishes(noun) and low != "who" and self._somebody_else(end))
                ):
                    return None
                text = " ".join(w.text for w in words[at:end])
                reference = "known" if determiner in grammar.DEFINITE else "new"
                reference = "own" if determiner in grammar.POSSESSIVE else reference
                return (
                    Figure(
                        text,
                        reference,
                        noun=noun,
                        count=count,
                        plural=(count or 1) > 1,
                        counted=True,
                        colour=colour,
                        style=style,
                    ),
                    end,
                )
            if low in grammar.DETERMINERS | grammar.PREPOSITIONS or (low,) in grammar.LINKS:
                return None
            if low in people.INANIMATE or low in {"times", "time"}:
                return None
            colour = colour or people.COLOURS.get(low)
            style = style or manner.STYLES.get(low)
            end += 1
        return None

    def _somebody_else(self, at: int) -> bool:
        """Whether the prompt names somebody, or nobody is needed since a command follows."""
        others = self.words[: self.at] + self.words[at:]
        return any(
            w.low in people.FIGURES or w.low in people.COLLECTIVE_FORMS or w.low in people.NAMES
            or w.low in grammar.PRONOUNS | grammar.EVERYONE or people.worker(w.low)
            for w in others
        )  # fmt: skip
