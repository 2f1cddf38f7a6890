"""Which words call which action: the verbs of the action table and the planner's own additions.

**Contents**
    - `Sense`: one meaning of a verb or verb phrase: an action and the manner it implies.
    - `SENSES`: every sense by the written form that begins it.
    - `NOUNS`: nouns that name an action after a light verb ("takes a *walk*").
    - `find`: the longest sense that begins at a word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from stickgen.core.actions import ACTIONS
from stickgen.llm.inflection import Form, forms
from stickgen.llm.words import Word, word_set


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


_MANNER: Final[tuple[Sense, ...]] = tuple(
    Sense(tuple(phrase.split()), action, **manner)
    for phrases, action, manner in (
        ("sneak, prowl, tiptoe", "walk", {"style": "sneaky", "speed": 0.7}),
        ("limp, hobble, shuffle, shamble", "walk", {"style": "old", "speed": 0.6}),
        ("stagger, lurch, reel", "walk", {"style": "drunk", "speed": 0.8}),
        ("trudge, plod, drag oneself", "walk", {"style": "tired", "speed": 0.7}),
        ("strut, swagger, stride", "walk", {"style": "proud", "speed": 1.1}),
        ("stroll, amble, saunter, wander, roam", "walk", {"speed": 0.8}),
        ("stomp, tramp", "march", {"style": "angry", "intensity": 1.4}),
        ("goose step", "march", {"intensity": 1.4}),
        ("jog, trot", "run", {"speed": 0.75}),
        ("gallop, charge, hasten, scurry, scamper, run off", "run", {}),
        ("flee, escape, run away", "run", {"direction": "away"}),
        ("chase, run after, pursue, play tag", "run", {"mutual": True}),
        (
            "dart, bound, make a run for it, break into a run, race off, take off, run for cover,"
            " scuttle, speed off, hightail, bolt away",
            "run",
            {},
        ),
        ("bring, circle, bump", "walk", {}),
        ("slow down, slow to a walk", "walk", {"speed": 0.7}),
        ("trade punches, exchange punches, trade blows, exchange blows", "fight", {}),
        ("teach, instruct", "talk", {}),
        ("accept", "nod", {}),
        ("dig", "pick_up", {}),
        ("glide across, glide over, glide along", "walk", {"speed": 1.5}),
        ("fetch, retrieve", "run", {}),
        (
            "swing one's sword, swing a sword, slash, brandish, draw one's sword, wield a sword",
            "fight",
            {},
        ),
        ("explore", "walk", {"overlay": "looking_around"}),
        (
            "part, part ways, split up, go their separate ways, walk away from each other",
            "walk",
            {"direction": "away"},
        ),
        ("pull, tug, drag, haul", "walk", {"direction": "backward", "speed": 0.6}),
        ("skate, ski, roller skate, ice skate, skateboard, slide", "walk", {"speed": 1.5}),
        ("knock down, knock over, knock out, floor", "punch", {"makes": "fall"}),
        ("defeat, vanquish, slay", "fight", {"makes": "fall"}),
        ("tackle, trip up, take down, push over, shove over, push down", "push", {"makes": "fall"}),
        ("scare, frighten, startle", "shout", {"makes": "jump"}),
        ("follow", "walk", {"mutual": True}),
        ("meet, meet up, gather", "walk", {"direction": "toward", "mutual": True}),
        ("approach, come up to", "walk", {"direction": "toward"}),
        ("leave, exit, depart, go away, walk out, storm out", "walk", {"direction": "out"}),
        ("run out, rush out", "run", {"direction": "out"}),
        ("enter, arrive, come in, walk in", "walk", {"direction": "in"}),
        ("run in, rush in", "run", {"direction": "in"}),
        (
            "return, cross, head, travel, journey, carry, pass by, walk by",
            "walk",
            {},
        ),
        ("advance", "walk", {"direction": "forward"}),
        ("retreat, back away, back up, moonwalk", "walk", {"direction": "backward"}),
        ("pounce, lunge, jump up, jump up and down, jump down", "jump", {}),
        ("skip", "hop", {"style": "happy"}),
        ("skip rope, jump rope", "hop", {}),
        (
            "stop, halt, freeze, stand there, stay put, linger, loiter, take a break,"
            " take a breath, catch one's breath, meditate, hang around, remain, breathe, yawn,"
            " stretch, sneeze, cough, shrug, sigh, think, ponder, shiver, tremble, knock, cook,"
            " hesitate, stand in line, queue, draw, listen, admire, balance, wobble, hammer, rub,"
            " chop, order, practise, tie, wash, wipe, clean, sweep, paint, hammer a nail",
            "idle",
            {},
        ),
        ("smile, grin, beam", "idle", {"style": "happy"}),
        ("frown, sulk, pout, mope", "idle", {"style": "sad"}),
        ("glare, scowl, fume", "idle", {"style": "angry"}),
        ("kiss, comfort, console", "hug", {}),
        ("fist bump", "high_five", {}),
        ("congratulate", "handshake", {}),
        ("blow a kiss, welcome, conduct", "wave", {}),
        ("make a toast, toast, clink glasses", "drinking", {}),
        (
            "juggle, play fetch, play frisbee, play dodgeball, play darts, bowl, play bowling,"
            " serve the ball, fire a snowball",
            "throwing",
            {},
        ),
        (
            "shoot at, shoot an arrow, shoot a gun, fire a gun, fire at, open fire, take aim,"
            " give a thumbs up, hand over, offer, hand",
            "point",
            {},
        ),
        ("shoot at the basket, shoot at the hoop, make a basket, score a basket", "shooting", {}),
        (
            "play tennis, play golf, play cricket, play hockey, play badminton, play ping pong,"
            " swing, swing a racket, swing a club, swing a golf club, bunt",
            "batting",
            {},
        ),
        ("play the piano, play piano, play the keyboard, draw a picture, sketch", "typing", {}),
        (
            "drive a car, drive, ride a horse, ride a bike, ride, play chess, play cards,"
            " play video games, cycle, row a boat, knit, fish,"
            " rock in one's chair, rock in a chair, rock on a chair",
            "sit",
            {},
        ),
        ("roll over, roll around, sunbathe", "lie_down", {}),
        ("worship", "kneel", {}),
        ("pose, strike a pose, stand to attention, stand at attention", "stand", {}),
        (
            "flex one's muscles, flex, raise one's arms, throw up one's arms, throw one's arms up,"
            " lift one's arms, raise one's hands, pump one's fist, throw up one's hands,"
            " do a victory dance, go wild, go crazy, go nuts, raise a trophy, lift a trophy",
            "celebrate",
            {},
        ),
        ("do the wave", "wave", {}),
        ("snowboard, surf", "fight_stance", {}),
        ("raise hand, beckon, wave hello, wave hi, wave back, bid farewell, say bye", "wave", {}),
        (
            "reply, respond, announce, lecture, preach, complain, gossip, debate, negotiate,"
            " recite, give a speech, make a call, tell a story, quarrel, bicker, apologise,"
            " apologize, narrate, mumble, rap, introduce",
            "talk",
            {},
        ),
        ("roar, bellow, cry out, shriek, howl, bark, boo, call for help", "shout", {}),
        ("sing a song, chant, hum a tune, whistle", "sing", {}),
        ("explode", "fall", {}),
        ("raise a fist, raise one's fist, raise one's arm", "celebrate", {}),
        ("reach out, reach, gesture, gesture at, gesture to, aim", "point", {}),
        ("give a round of applause, clap one's hands", "clap", {}),
        ("throw a fastball, throw a curveball, wind up", "pitching", {}),
        (
            "play baseball, hit a home run, hit a baseball, hit the baseball, swing at the ball",
            "batting",
            {},
        ),
        ("play soccer, play football, score a goal, kick a soccer ball, kick it", "kicking", {}),
        ("play basketball, bounce a ball, bounce the ball, bounce a basketball", "dribbling", {}),
        ("make a shot, shoot the ball, throw a free throw", "shooting", {}),
        ("play catch", "throwing", {}),
        ("duel, clash, grapple, sword fight, have a fight, shadow box", "fight", {}),
        (
            "throw a punch, throw a jab, throw an uppercut, throw a hook, throw punches, slap,"
            " smack, knock out",
            "punch",
            {},
        ),
        ("throw a kick, throw kicks", "kick", {}),
        ("step aside, swerve", "dodge", {}),
        ("skulk, slink", "walk", {"style": "sneaky", "speed": 0.7}),
        ("sashay, mosey, traipse, ramble, wade, march off, parade around", "walk", {}),
        ("skedaddle, hurtle, storm off, take off running", "run", {}),
        ("yodel, croon", "sing", {}),
        ("chortle, guffaw, cackle, snigger, snicker", "laugh", {}),
        ("snivel, sniffle, whimper, bawl", "cry", {}),
        ("gobble", "eating", {}),
        ("slurp", "drinking", {}),
        ("clobber, wallop, thump", "punch", {}),
        ("fence, scuffle, tussle", "fight", {}),
        ("slumber, recline, sprawl", "lie_down", {}),
        ("gyrate, foxtrot, cavort, frolic, breakdance", "dance", {}),
        ("gawk, squint, ogle", "looking_around", {}),
        ("levitate", "flying", {}),
        ("perch, have a seat, be seated", "sit", {}),
        (
            "stand guard, stand tall, get to one's feet,"
            " get on one's feet, rise to one's feet, straighten",
            "stand",
            {},
        ),
        (
            "take a knee, go down on one knee, get down on one knee, drop to one's knees,"
            " fall to one's knees, sink to one's knees, go down on one's knees",
            "kneel",
            {},
        ),
        ("go to sleep, fall asleep, go to bed, doze, doze off, snooze, lie back", "lie_down", {}),
        (
            "munch, devour, nibble, dine, feast, bite, taste, have a meal, have a snack",
            "eating",
            {},
        ),
        ("swallow, guzzle, have a drink", "drinking", {}),
        (
            "peek, peer, gaze, stare, inspect, examine, investigate, look at, look behind,"
            " look back, survey",
            "looking_around",
            {},
        ),
        ("crawl up", "crawling", {}),
        ("climb out, climb over, climb down", "climbing", {}),
        ("paddle, snorkel", "swimming", {}),
        ("fly away, take flight", "flying", {}),
        ("triumph, raise arms, lift arms, throw arms up, raise hands, party", "celebrate", {}),
        (
            "break dance, tap dance, tango, moon dance, sway, shimmy, jive, twerk",
            "dance",
            {},
        ),
        ("burst into tears, break into tears, wail, shed tears", "cry", {}),
        ("burst into laughter, burst out laughing, start laughing", "laugh", {}),
        ("shake each other's hands, shake one's hand", "handshake", {}),
        ("give a hug", "hug", {}),
        ("give a high five, give five", "high_five", {}),
        ("curtsey, bend over, bend down, bend, bend forward, lean over, stoop", "bow", {}),
        ("pick something up, gather up, scoop up", "pick_up", {}),
        ("fall over, topple, topple over, crash, drop dead, pass out", "fall", {}),
        ("cower, squat down, duck down, take cover", "crouch", {}),
        ("get off, get out of bed", "get_up", {}),
        (
            "turn back, whirl, whirl around, pivot, pirouette, twist, look over one's shoulder",
            "turn",
            {},
        ),
        ("nod one's head", "nod", {}),
    )
    for phrase in (p.strip() for p in phrases.split(","))
)

_SHOWS_NOTHING: Final = (
    "begin, start, continue, keep, go on, proceed, try, attempt, want, need, decide, plan, hope,"
    " pretend, seem, appear, become, like, love, hate, think, feel, know, see, hear, notice,"
    " realise, realize, hold, wear, use, let, make, help, have, do, be, get, land, own, live,"
    " exist, happen, remember, forget, believe, manage, prepare, finish, end, belong, contain,"
    " show, smell, dream, stop being, find, put, keep on, ready, intend, dare, enjoy, give, invite,"
    " form, struggle, gasp, appear, drop, lose, disappear, vanish, face, gain, earn, fail"
)

QUIET: Final[frozenset[str]] = frozenset(v.strip() for v in _SHOWS_NOTHING.split(","))
"""Verbs that say how or whether something is done, and show nothing of their own."""

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
    " enjoy practise practice deliver"
)
"""Verbs that leave the meaning to the noun after them: take a walk, do a dance."""

FILLERS: Final[frozenset[str]] = word_set(
    "a an the his her their its my our your some another one more few several for into out in"
    " of quick little big small long short nice lovely great huge deep good light brief single"
    " little sudden gentle polite perfect beautiful fancy simple complete full double triple"
    " slow fast him them me us it her each other very happy sad angry victory quick friendly loud"
    " spinning flying roundhouse fierce mighty joyful warm cheerful slight evil hearty tight firm"
    " high wild"
)
"""Words that may stand between a light verb and its noun."""

_NOUNS: Final[dict[str, str]] = {
    "walk": "walk stroll hike step ramble",
    "run": "run jog",
    "sprint": "sprint dash race",
    "jump": "jump leap bounce",
    "jumping_jacks": "exercise exercises workout pushup situp crunches burpee lunge",
    "wave": "wave",
    "talk": "talk chat speech conversation lecture",
    "shout": "shout scream yell",
    "sing": "song",
    "clap": "clap applause",
    "batting": "swing",
    "pitching": "pitch",
    "catching": "catch",
    "throwing": "throw toss",
    "shooting": "shot",
    "fight": "fight",
    "punch": "punch jab uppercut hook",
    "kick": "kick roundhouse",
    "sit": "seat",
    "lie_down": "nap",
    "eating": "bite snack lunch dinner breakfast meal",
    "drinking": "drink sip",
    "looking_around": "look glance peek",
    "climbing": "climb",
    "swimming": "swim dive",
    "celebrate": "cheer celebration",
    "dance": "dance waltz twirl tango jig",
    "cry": "tears sob cry",
    "laugh": "laugh laughter giggle chuckle",
    "handshake": "handshake",
    "hug": "hug embrace cuddle",
    "high_five": "high-five",
    "fight_stance": "stance",
    "bow": "bow curtsy",
    "push": "push shove",
    "fall": "fall tumble",
    "crouch": "squat crouch",
    "cartwheel": "cartwheel",
    "backflip": "backflip flip somersault",
    "hop": "hop skip",
    "turn": "turn spin pirouette",
    "nod": "nod",
    "salute": "salute",
    "idle": "rest break pause",
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
        ("push", "up", "jumping_jacks"),
        ("sit", "up", "jumping_jacks"),
        ("star", "jump", "jumping_jacks"),
        ("hand", "stand", "cartwheel"),
        ("forward", "roll", "backflip"),
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
_AFTER_PARTICLE: Final[frozenset[str]] = word_set(
    "and then while as before after but with slowly quickly proudly sadly happily first again"
)
_PARTICLES: Final[frozenset[str]] = word_set("up down over out around")


def _inflected(words: tuple[str, ...]) -> dict[str, tuple[Form, ...]]:
    """Return the written forms of the word of the phrase that is inflected."""
    return forms(words[0])


@cache
def senses() -> dict[str, tuple[tuple[Sense, tuple[Form, ...]], ...]]:
    """Return every sense, with what the form may be, by the written form of its first word.

    Senses with more words come first, and the planner's own before the table's, since they say
    more about the manner.
    """
    table: dict[str, dict[tuple[str, ...], tuple[Sense, tuple[Form, ...]]]] = {}

    def add(sense: Sense) -> None:
        if sense.words[0] in {"fighting", "jumping"}:
            return
        if sense.words == ("high", "five"):
            for last, found in forms("five").items():
                table.setdefault("high", {}).setdefault(
                    ("high", last), (replace(sense, words=("high", last)), found)
                )
            return
        for written, found in _inflected(sense.words).items():
            table.setdefault(written, {}).setdefault(sense.words, (sense, found))

    for sense in _MANNER:
        add(sense)
    for row in ACTIONS:
        for verb in row.verbs:
            add(Sense(tuple(verb.replace("-", " ").replace("'s", "'s").split()), row.name))
    for verb in QUIET:
        add(Sense(tuple(verb.split()), None))
    return {
        written: tuple(sorted(found.values(), key=lambda item: -len(item[0].words)))
        for written, found in table.items()
    }


def find(words: Sequence[Word], start: int) -> tuple[Sense, tuple[Form, ...], int] | None:
    """Return the longest sense that begins at *start*, what its form may be, and where it ends."""
    for sense, found in senses().get(words[start].low, ()):
        end = _match(sense.words[1:], words, start + 1)
        leads = end is not None and end < len(words) and words[end].low == "of"
        if leads and sense.words[-1] == "out":
            continue  # walks out *of a house*
        if end is not None and sense.words[-1] == "in" and not _ends_there(words, end):
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
        if wanted == "one's":
            if at < len(words) and words[at].low in _POSSESSIVES:
                at += 1
                continue
            return None
        start = at
        limit = 4 if wanted in _PARTICLES else 3
        while at < len(words) and words[at].kind == "word" and at - start < limit:
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


def _same(written: str, wanted: str) -> bool:
    return written == wanted or written in {wanted + "s", wanted + "es"}


def _may_skip(words: Sequence[Word], start: int, at: int) -> bool:
    low = words[at].low
    if low in _DETERMINERS or low in {"something", "it", "him", "them", "someone", "himself"}:
        return True
    # one plain word after a determiner: kicks the red ball, swings a wooden bat
    return at > start and words[at - 1].low in _DETERMINERS and low.isalpha()


def _separable(gap: Sequence[Word]) -> bool:
    return gap[0].low in _DETERMINERS | {"it", "something", "him", "them", "someone"}


def noun(word: str) -> str | None:
    """Return the action that the noun *word* names, or None."""
    return NOUNS.get(word)
