"""Which words call which action: the verbs of the action table and the planner's own additions.

**Contents**
    - `Sense`: one meaning of a verb or verb phrase: an action and the manner it implies.
    - `senses`: every sense that begins with a written form.
    - `NOUNS`: nouns that name an action after a light verb ("takes a *walk*").
    - `find`: the longest sense that begins at a word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

from stickgen.core.actions import ACTIONS
from stickgen.llm.inflection import Form, forms, lemmas
from stickgen.llm.verbs import VERBS
from stickgen.llm.words import NUMBERS, Word, word_set


@dataclass(frozen=True, slots=True)
class Sense:
    """A verb or verb phrase in base form, the action it calls and the manner it implies.

    ``action`` None is a verb that shows nothing of its own (try, want, seem).
    """

    words: tuple[str, ...]
    action: str | None
    style: str | None = None
    speed: float = 1.0
    intensity: float = 1.0
    direction: str | None = None
    mutual: bool = False
    """Whether somebody named as its object does the same (chase, meet)."""
    overlay: str | None = None
    makes: str | None = None
    """What it makes somebody named as its object do afterwards (knock down: fall)."""

    @property
    def phrase(self) -> str:
        return " ".join(self.words)


_SAME: Final = frozenset(
    {
        "do the same",
        "do likewise",
        "follow suit",
        "do too",
        "do it too",
        "do as well",
        "do also",
        "do so again",
        "do the same thing",
        "do the same again",
        "repeat it",
        "repeat that",
        "repeat this",
    }
)
"""Phrases for what was told of somebody else just before, as in *do so*."""


def _sense(phrase: str, head: str) -> Sense:
    """Return the sense of *phrase* under *head*: an action and its manner, or nothing."""
    if phrase in _SAME:
        return Sense(("do", "so"), None)
    action, *settings = head.split() or [""]
    manner: dict[str, Any] = {}
    for setting in settings:
        field, _, value = setting.partition("=")
        manner[field] = float(value) if field in {"speed", "intensity"} else value or True
    return Sense(tuple(phrase.split()), action or None, **manner)


_SHOWS_NOTHING: Final = (
    "begin, start, continue, keep, go on, proceed, try, attempt, want, need, decide, plan, hope,"
    " pretend, seem, appear, become, like, love, hate, think, feel, know, see, hear, notice,"
    " realise, realize, hold, wear, use, let, make, help, have, do, be, get, land, own, live,"
    " exist, happen, remember, forget, believe, manage, prepare, finish, end, belong, contain,"
    " show, smell, dream, stop being, find, put, keep on, ready, intend, dare, enjoy, give, invite,"
    " form, struggle, gasp, appear, drop, lose, disappear, vanish, face, gain, earn, fail,"
    " take turns, get ready, take part, hold hands, hold on, make sure, set about, turn out, wish,"
    " expect, mean, dare, take care, come to, go ahead, happen to, end up, wind up, rain, rain"
    " cats and dogs, pour down, drizzle, change one's"
    " mind, make up one's mind, lose patience, lose hope, spot, find out, learn, recognise,"
    " recognize, attempt to, resume, stick, stay awake, cause, allow, force, choose, be able to,"
    " repeat, do so, " + ", ".join(sorted(_SAME))
)

_STATES: Final[dict[str, str]] = {
    "asleep": "lie_down", "unconscious": "lie_down", "seated": "sit", "airborne": "flying",
}  # fmt: skip
"""Adjectives that tell what somebody does as a participle would: is *asleep*."""

QUIET: Final[frozenset[str]] = frozenset(v.strip() for v in _SHOWS_NOTHING.split(","))
"""Verbs that say how or whether something is done, and show nothing of their own."""

WISHES: Final[frozenset[str]] = word_set(
    "want wish hope plan intend dream think expect like love hate need prepare"
)
"""Verbs whose infinitive need not come true: wants *to dance* but stays seated."""

ASKING: Final[frozenset[str]] = word_set(
    "ask tell order invite beg command warn teach forbid challenge advise persuade"
)
"""Verbs whose infinitive is somebody else's business: asks her *to dance*."""

ON_THE_WAY: Final[frozenset[str]] = word_set("bend stoop reach lean go come stop")
"""Verbs that only lead to the infinitive after them: bends down *to pick up* a box."""

VAGUE: Final[frozenset[str]] = word_set(
    "play work train practise practice compete behave act visit spend use relax interact greet"
    " participate cooperate"
)
"""Verbs that say no more than that something is going on; what else is said tells what."""

LIGHT: Final[frozenset[str]] = word_set(
    "do take have give make perform execute go break burst throw land try attempt let start"
    " enjoy practise practice deliver share exchange engage hold lead join utter emit release"
    " unleash cast steal sneak crack flash bust pull offer begin erupt launch manage complete"
    " receive get trade add show finish drop sink fall settle roll savour savor deal throw nail"
    " end open conclude close answer respond reply follow continue"
    " crack pull stick strike assume adopt raise score win come"
)
"""Verbs that leave the meaning to the noun after them: take a walk, do a dance."""

ENDING: Final[frozenset[str]] = word_set(
    "finish end start begin open conclude close answer respond reply follow continue celebrate"
    " greet break surprise score win"
)
"""Light verbs that take their noun after "with": finishes *with a backflip*."""

FILLERS: Final[frozenset[str]] = word_set(
    "a an the his her their its my our your some another one more few several for into out in"
    " of quick little big small long short nice lovely great huge deep good light brief single"
    " little sudden gentle polite perfect beautiful fancy simple complete full double triple"
    " slow fast him them me us it her each other very happy sad angry victory quick friendly loud"
    " spinning flying roundhouse fierce mighty joyful warm cheerful slight evil hearty tight firm"
    " high wild off from to standing military bear silly strange awkward elegant playful respectful"
    " formal final last first second third deep proper heated lively dramatic enormous massive"
    " elaborate swift nervous sharp faint loud giddy bitter good old running ballroom morning"
    " evening daily brisk leisurely cold hot refreshing series combination flurry string sequence"
    " couple invisible imaginary"
)
"""Words that may stand between a light verb and its noun."""

FOLD: Final[dict[str, int]] = {"double": 2, "triple": 3, "quadruple": 4}
"""Words before a noun that tell how often: a *double* backflip."""

_NOUNS: Final[dict[str, str]] = {
    "walk": "walk stroll hike step pace ramble saunter amble trek patrol",
    "run": "run jog gallop",
    "sprint": "sprint dash race",
    "jump": "jump leap bounce vault",
    "jumping_jacks": "exercise exercises workout burpee yoga aerobics pilates calisthenics",
    "wave": "wave goodbye hello farewell greeting goodbyes greetings",
    "talk": "talk chat speech conversation lecture discussion argument debate quarrel joke"
    " monologue presentation announcement",
    "shout": "shout scream yell roar howl shriek bellow growl",
    "whisper": "whisper murmur",
    "sing": "song tune lullaby solo duet hymn ballad aria anthem",
    "clap": "clap applause ovation",
    "batting": "swing",
    "pitching": "pitch fastball curveball",
    "catching": "catch",
    "throwing": "throw toss pass",
    "shooting": "shot dunk layup",
    "kicking": "penalty",
    "fight": "fight brawl duel battle scuffle bout",
    "punch": "punch jab uppercut hook slap blow",
    "kick": "kick roundhouse",
    "dodge": "dodge sidestep",
    "sit": "seat",
    "stand": "pose",
    "lie_down": "nap snooze siesta pushup situp crunches plank",
    "eating": "bite snack lunch dinner breakfast meal brunch supper picnic feast",
    "drinking": "drink sip gulp swig",
    "looking_around": "look glance peek gaze",
    "climbing": "climb",
    "swimming": "swim dive dip",
    "flying": "flight",
    "celebrate": "cheer celebration whoop",
    "dance": "dance waltz twirl tango jig polka salsa samba foxtrot ballet boogie routine",
    "cry": "tears sob cry",
    "laugh": "laugh laughter giggle chuckle cackle guffaw",
    "handshake": "handshake",
    "hug": "hug embrace cuddle kiss",
    "high_five": "high-five",
    "fight_stance": "stance",
    "bow": "bow curtsy curtsey",
    "push": "push shove nudge",
    "fall": "fall tumble stumble spill",
    "crouch": "squat crouch lunge",
    "cartwheel": "cartwheel handstand handspring roundoff",
    "backflip": "backflip flip somersault frontflip",
    "hop": "hop skip",
    "turn": "turn spin pirouette",
    "nod": "nod",
    "salute": "salute",
    "idle": "rest break pause breather yawn shrug sigh stretch",
    "march": "march",
}


def _plural(noun: str) -> str:
    return noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s")


NOUNS: Final[dict[str, str]] = {
    form: action
    for action, nouns in _NOUNS.items()
    for noun in nouns.split()
    for form in (noun, _plural(noun))
}
"""Noun, singular or plural, to the action it names."""

PAIRED_NOUNS: Final[dict[tuple[str, str], str]] = {
    (first, second + ending): action
    for first, second, action in (
        ("jumping", "jack", "jumping_jacks"),
        ("high", "five", "high_five"),
        ("back", "flip", "backflip"),
        ("front", "flip", "backflip"),
        ("back", "somersault", "backflip"),
        ("fighting", "stance", "fight_stance"),
        ("fight", "stance", "fight_stance"),
        ("cart", "wheel", "cartwheel"),
        ("push", "up", "lie_down"),
        ("sit", "up", "lie_down"),
        ("star", "jump", "jumping_jacks"),
        ("hand", "stand", "cartwheel"),
        ("forward", "roll", "backflip"),
        ("thumbs", "up", "point"),
        ("standing", "ovation", "clap"),
        ("home", "run", "batting"),
        ("free", "kick", "kicking"),
        ("penalty", "kick", "kicking"),
        ("corner", "kick", "kicking"),
        ("free", "throw", "shooting"),
        ("jump", "shot", "shooting"),
        ("slam", "dunk", "shooting"),
        ("lay", "up", "shooting"),
        ("round", "off", "cartwheel"),
        ("back", "handspring", "backflip"),
        ("snow", "angel", "lie_down"),
        ("deep", "breath", "idle"),
        ("karate", "chop", "punch"),
        ("fist", "bump", "high_five"),
        ("fist", "pump", "celebrate"),
        ("victory", "lap", "run"),
        ("belly", "flop", "swimming"),
        ("dance", "move", "dance"),
        ("dance", "routine", "dance"),
        ("dance", "performance", "dance"),
        ("tap", "dance", "dance"),
        ("moon", "walk", "walk"),
        ("martial", "art", "fight"),
        ("group", "hug", "hug"),
    )
    for ending in ("", "s")
}
"""Nouns of two words to the action they name."""

COMPOUNDS: Final[frozenset[str]] = word_set(
    "floor pool track shoe shoes ring glove gloves bag stick room rope board machine wall"
    " lesson school area ground competition song contest class studio hall court club car cars"
    " team match partner season music party move moves routine game games book books chair suit"
    " boots cage zone line bar field street path"
)
"""Nouns that turn an action word before them into a part of a name: dance floor, swimming pool."""

_DETERMINERS: Final[frozenset[str]] = word_set(
    "a an the his her their its my our your some another this that these those one's each both"
)
_POSSESSIVES: Final[frozenset[str]] = word_set("his her their its my our your")
_REFLEXIVES: Final[frozenset[str]] = word_set(
    "himself herself itself themselves themself myself yourself ourselves oneself"
)
_AFTER_PARTICLE: Final[frozenset[str]] = word_set(
    "and then while as before after but with slowly quickly proudly sadly happily first again"
)
_LIMBS: Final[frozenset[str]] = word_set("hand arm fist leg foot")
_PARTICLES: Final[frozenset[str]] = word_set("up down over out around")


@cache
def _phrases() -> dict[str, dict[str, str]]:
    """Return the phrases that begin with each verb in base form, and the head of each.

    The planner's own come before the action table's, since they say more about the manner.
    """
    found: dict[str, dict[str, str]] = {}
    lines = [line.partition(": ") for line in VERBS.strip().splitlines()]
    entries = [(head, phrases.replace("other's", "other 's")) for head, _, phrases in lines]
    entries += [(row.name, ", ".join(row.verbs).replace("-", " ")) for row in ACTIONS]
    for head, phrases in (*entries, ("", ", ".join(sorted(QUIET)))):
        for phrase in phrases.split(", "):
            found.setdefault(phrase.partition(" ")[0], {}).setdefault(phrase, head)
    for noun in ("fighting", "jumping"):  # fighting stance, jumping jack
        found.pop(noun, None)
    return found


@cache
def written() -> frozenset[str]:
    """Return every written form of the verbs that the senses begin with."""
    return frozenset(form for verb in _phrases() for form in forms(verb)) | set(_STATES)


@lru_cache(maxsize=8192)
def senses(word: str) -> tuple[tuple[tuple[str, ...], Sense, tuple[Form, ...]], ...]:
    """Return the phrases that begin with the written form *word*, the sense of each and what the
    form may be, those with more words first.
    """
    found: dict[tuple[str, ...], tuple[Sense, tuple[Form, ...]]] = {}
    for verb in lemmas(word):
        for phrase, head in _phrases().get(verb, {}).items():
            words = tuple(phrase.split())
            if words != ("high", "five"):
                found.setdefault(words, (_sense(phrase, head), forms(verb)[word]))
    if word == "high":
        for last, kinds in forms("five").items():
            found[word, last] = (_sense(f"high {last}", "high_five"), kinds)
    if word in _STATES:
        found.setdefault((word,), (_sense(word, _STATES[word]), ("ing",)))
    # "hands" before "hand", which may be either in the text
    order = sorted(found, key=lambda phrase: (-len(phrase), phrase[-1][-1:] != "s"))
    return tuple((phrase, *found[phrase]) for phrase in order)


def find(words: Sequence[Word], start: int) -> tuple[Sense, tuple[Form, ...], int] | None:
    """Return the longest sense that begins at *start*, what its form may be, and where it ends."""
    for phrase, sense, found in senses(words[start].low):
        end = _match(phrase[1:], words, start + 1)
        leads = end is not None and end < len(words) and words[end].low == "of"
        if leads and phrase[-1] == "out":
            continue  # walks out *of a house*
        last = phrase[-1] == "in" or phrase == ("go", "down")
        if end is not None and last and not _ends_there(words, end):
            continue  # walks in *the rain*
        if end is not None:
            return sense, found, end
    return None


def _ends_there(words: Sequence[Word], at: int) -> bool:
    """Whether a clause, or all that is said of its verb, ends before word *at*."""
    if at >= len(words) or words[at].kind != "word":
        return True
    return words[at].low in _AFTER_PARTICLE or words[at].low.endswith("ing")


def _match(rest: tuple[str, ...], words: Sequence[Word], at: int) -> int | None:
    """Return where *rest* ends when it follows at *at*; determiners may differ or be missing, a
    noun may carry one more word, and a particle may stand after a short object.
    """
    for wanted in rest:
        if wanted in _DETERMINERS and wanted != "one's":
            continue
        if wanted == "oneself":
            if at < len(words) and words[at].low in _REFLEXIVES:
                at += 1
                continue
            return None
        if wanted == "one's":
            if at < len(words) and words[at].low in _POSSESSIVES:
                at += 1
            owned = _owner(words, at)
            if owned is None and words[at - 1].low not in _POSSESSIVES:
                return None
            at = owned or at
            continue
        start = at
        limit = 4 if wanted in _PARTICLES else 3
        kinds = {"word", "possessive"} if wanted == "'s" else {"word"}
        while at < len(words) and words[at].kind in kinds and at - start < limit:
            if _same(words[at].low, wanted):
                break
            if not _may_skip(words, start, at):
                return None
            at += 1
        else:
            return None
        if wanted in _PARTICLES and at > start and not _separable(words[start:at]):
            return None
        at += 1
    return at


def _owner(words: Sequence[Word], at: int) -> int | None:
    """Return where "the old king's" that begins at *at* ends, or None if nobody's is said there."""
    for end in range(at, min(at + 4, len(words))):
        if words[end].kind == "possessive":
            return end + 1 if end > at else None
        if words[end].kind != "word":
            return None
    return None


def _same(written: str, wanted: str) -> bool:
    return written == wanted or written in {wanted + "s", wanted + "es"}


def _may_skip(words: Sequence[Word], start: int, at: int) -> bool:
    low = words[at].low
    if (
        low in _DETERMINERS
        or low in NUMBERS
        or low in {"something", "it", "him", "them", "someone", "himself"}
        or (low in {"left", "right"} and words[at + 1 : at + 2] and words[at + 1].low in _LIMBS)
    ):
        return True
    # one plain word after a determiner: kicks the red ball, swings a wooden bat
    plain = at > start and words[at - 1].low in _DETERMINERS and low.isalpha()
    return plain and low not in NOUNS


def _separable(gap: Sequence[Word]) -> bool:
    return gap[0].low in _DETERMINERS | {"it", "something", "him", "them", "someone"}


def noun(word: str) -> str | None:
    """Return the action that the noun *word* names, or None."""
    return NOUNS.get(word)
