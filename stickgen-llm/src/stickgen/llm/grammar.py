"""The little words of English: links, negations, auxiliaries, prepositions, determiners."""

from __future__ import annotations

from typing import Final

from stickgen.llm import manner, people
from stickgen.llm.words import word_set

LINKS: Final[dict[tuple[str, ...], str]] = {
    tuple(phrase.split()): link
    for link, phrases in {
        "then": "then, and then, after that, afterwards, afterward, next, later, later on, finally,"
        " lastly, eventually, subsequently, and finally, at last, in the end, before finally,"
        " followed by, and next, after which, until, till, so that he, thereafter, soon, suddenly,"
        " second of all, at first, first of all, to begin with, to finish, before long,"
        " after a while, whereupon, at which point, upon which, thereupon, ending with,"
        " finishing with, and lastly, to end, secondly, thirdly, ultimately, at length, only to,"
        " moments later, seconds later, minutes later, a moment later, a second later, soon after,"
        " shortly afterwards, straight away, right away, instantly, a few seconds later, in turn,"
        " immediately, right after that, once more then, so that, such that, at the end,"
        " at the very end",
        "and": "and, plus, as well as, &, also",
        "or": "or, nor",
        "but": "but, however, yet, though, although, so",
        "while": "while, whilst, as, meanwhile, at the same time, simultaneously, all while,"
        " and meanwhile, at the same time as, whereas, and at the same time, and simultaneously,"
        " and while, just as, even as, right as, as long as, so long as, in the meantime, during"
        " which, where, all the while",
        "after": "the moment, the minute, the instant, now that, by the time, just after,"
        " directly after, because, after, right after, shortly after, immediately after, as soon"
        " as, once,"
        " when, whenever, and when, upon, but first, but first of all, but before that, though"
        " first, but only after, only after, but not before, but not until, not until, only once,"
        " only when, but only once, but only when, having first",
        "before": "before, right before, shortly before, just before, prior to, previous to,"
        " ahead of",
    }.items()
    for phrase in (p.strip() for p in phrases.split(","))
}
NEGATIONS: Final[dict[tuple[str, ...], str]] = {
    ("not",): "one", ("never",): "one", ("without",): "many", ("instead", "of"): "many",
    ("rather", "than"): "many", ("no", "longer"): "one", ("no",): "many", ("neither",): "many",
    ("avoids",): "many", ("avoid",): "many", ("avoiding",): "many", ("refuses", "to"): "one",
    ("refuse", "to"): "one", ("refusing", "to"): "one", ("fails", "to"): "one",
    ("nobody",): "one", ("no", "one"): "one", ("forgets", "to"): "one", ("nor",): "one",
    ("hardly",): "one", ("barely",): "one", ("almost",): "one", ("nearly",): "one",
    ("unable", "to"): "one", ("failing", "to"): "one", ("failed", "to"): "one",
    ("refused", "to"): "one", ("forgot", "to"): "one", ("too", "tired", "to"): "one",
    ("too", "scared", "to"): "one", ("too", "afraid", "to"): "one", ("too", "shy", "to"): "one",
    ("too", "weak", "to"): "one", ("too", "lazy", "to"): "one", ("declines", "to"): "one",
    ("declined", "to"): "one", ("avoided",): "many", ("rarely",): "one", ("seldom",): "one",
    ("afraid", "to"): "one", ("far", "from"): "many", ("anything", "but"): "many",
    ("in", "place", "of"): "many", ("in", "lieu", "of"): "many", ("as", "opposed", "to"): "many",
    ("not", "once"): "one", ("at", "no", "point"): "one", ("none",): "one", ("decides", "against"):
    "many", ("decided", "against"): "many", ("stops", "short", "of"): "many", ("resists",): "many",
    ("by", "no", "means"): "one", ("in", "no", "way"): "one", ("keeps", "from"): "many",
}  # fmt: skip
_IDIOMS: Final = (
    "hand in hand, arm in arm, side by side, back to back, face to face, shoulder to shoulder,"
    " cheek to cheek, one by one, two by two, step by step, again and again, over and over,"
    " little by little, one after another, one after the other, in turn, by turns, head on,"
    " time and again, day and night, on all fours, at first sight, out of breath, up and away,"
    " hand over hand, toe to toe, nose to nose, heart to heart, all day long, once upon a time,"
    " in passing, in a hurry, on foot, by hand, in the end zone, on the run, at rest, in flight,"
    " on guard, in march, in may, hot dog, guinea pig, monkey bars, couch potato"
)
IDIOMS: Final[frozenset[tuple[str, ...]]] = frozenset(
    tuple(phrase.split()) for phrase in _IDIOMS.split(", ")
)
"""Phrases that say how or in which order, whatever their words mean elsewhere."""
EXCEPT: Final[tuple[tuple[str, ...], ...]] = (
    ("with", "the", "exception", "of"), ("except", "for"), ("apart", "from"), ("aside", "from"),
    ("other", "than"), ("save", "for"), ("except",), ("excluding",), ("excepting",), ("besides",),
)  # fmt: skip
"""Phrases before those who are left out: everyone *except* the king."""
NOBODY: Final[tuple[tuple[str, ...], ...]] = (
    ("none", "of", "them"), ("none", "of", "us"), ("not", "one", "of", "them"), ("no", "one"),
    ("no", "one", "else"), ("nobody", "else"), ("nobody",), ("none",),
)  # fmt: skip
"""Phrases for nobody, longest first where they begin alike."""
BEFORE_VERB: Final = word_set("almost nearly hardly barely rarely seldom")
"""Words that deny the verb after them and nothing else."""
BEFORE_PARTICIPLE: Final = word_set("no avoid avoids avoiding avoided")
"""Words that deny an -ing form after them; before anything else they deny nothing that shows."""
IMPENDING: Final[frozenset[tuple[str, ...]]] = frozenset(
    {("about", "to"), ("supposed", "to"), ("meant", "to"), ("due", "to"), ("set", "to")}
)
"""Phrases before a verb that tell of something that has not happened yet."""
AUXILIARIES: Final = word_set(
    "is are was were be been being am has have had having do does did will would shall should"
    " can could may might must gonna"
)
PASSIVE: Final = word_set("is are was were be been being get gets got getting")
"""Auxiliaries whose participle is done to the subject, and not by it."""

SKIPPED: Final = word_set(
    "there here just always still again together alone suddenly already even only really almost"
    " now all both each very too quite rather well around up down in out on over along through"
    " past back across home inside outside upstairs downstairs aside by while once more first"
    " lastly repeatedly continuously constantly briefly nearby somewhere everywhere today please"
    " immediately simultaneously"
)
"""Words that may stand between a subject and its verb or between a verb and what follows it."""

PREPOSITIONS: Final = word_set(
    "to toward towards at with from into onto in on over under behind beside near by around"
    " through across against for of past next along between among off up down like about inside"
    " outside above below upon within via before after"
)
DETERMINERS: Final = word_set(
    "a an the this that these those his her their its my our your whose another some several many"
    " few both all each every any multiple various numerous"
)
DEFINITE: Final = word_set("the this that these those")
POSSESSIVE: Final = word_set("his her their its my our your whose")
PRONOUNS: Final = word_set("he she they it him them i we you us me himself herself")
EVERYONE: Final = word_set("everyone everybody all both each")
PARTS: Final = word_set("first second third fourth fifth last other others latter former")
NOT_NAMES: Final = word_set(
    "the a an and then after before while as in on at he she they it his her their one two"
    " first finally next meanwhile suddenly later there once this that when with without instead"
    " now but so if or not no please make show create generate draw animate let i we you both"
    " all everyone someone somebody nobody again still scene act nothing something anything"
    " everything monday tuesday wednesday thursday friday saturday sunday january february april"
    " june july august september october november december christmas easter halloween morning"
    " evening night noon midnight today tonight tomorrow yesterday"
)
ADJECTIVES: Final = word_set(
    "young little tall big small short fat thin strong brave nervous lonely scared elderly"
    " frightened terrified hungry thirsty famous clever pretty beautiful handsome ugly tiny huge"
    " mysterious masked bearded bald blonde wounded injured muscular skinny chubby careful"
    " giant tiny male female blind lone single evil wild stick cute wise rich poor very shy"
    " curious friendly clumsy"
)


def is_adjective(word: str) -> bool:
    """Return whether *word*, in lower case, is a known adjective for a figure."""
    return word in ADJECTIVES or any(
        word in table for table in (manner.STYLES, manner.SPEEDS, people.COLOURS)
    )


_NOT_ADVERBS: Final = word_set(
    "family bully ally belly jelly butterfly fly lily rally italy assembly sally emily molly billy"
    " kelly polly holly lilly willy monopoly supply reply apply multiply curly ugly silly lonely"
    " elderly friendly lovely bubbly smelly hilly wooly woolly chilly cowardly"
)


def is_adverb(word: str) -> bool:
    """Return whether *word*, in lower case, has the ending of an adverb and is one."""
    return word.endswith("ly") and word not in _NOT_ADVERBS
