"""How each action of the table is put into words, and what may be varied about it.

Verb phrases are in their base form (see `stickgen.datasets.english`). Adverbials of one word that
ends in -ly may also stand before the verb.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from stickgen.core.actions import ACTIONS

Posture = Literal["standing", "seated", "kneeling", "crouched", "lying"]


@dataclass(frozen=True, slots=True)
class Act:
    """What can be said of one action.

    ``slow``, ``fast``, ``soft`` and ``strong`` are the adverbials for a low or high speed or
    intensity; an action without them is not varied that way. ``limb`` is hand, fist or leg where
    the beat's hand can be seen, ``side`` where it is the way one turns. ``most`` repetitions can be
    counted, by ``tally`` ("throw {n} punches") or by "twice". ``ways`` are its directions.
    ``leaves`` is the posture it ends in and ``needs`` the ones it begins in. ``under`` is how it is
    called beneath a second action, where there can be one. ``styles`` are those that can be seen.
    """

    phrases: tuple[str, ...]
    slow: tuple[str, ...] = ()
    fast: tuple[str, ...] = ()
    soft: tuple[str, ...] = ()
    strong: tuple[str, ...] = ()
    limb: str | None = None
    most: int = 0
    tally: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()
    leaves: Posture = "standing"
    needs: tuple[Posture, ...] = ("standing",)
    under: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()


_SLOW: Final = ("slowly", "at a slow pace", "in slow steps", "unhurriedly")
_BRISK: Final = ("quickly", "briskly", "at a brisk pace", "with quick steps")
_MOODS: Final = ("happy", "sad", "angry", "tired")
_GAITS: Final = ("happy", "sad", "angry", "tired", "proud", "sneaky", "old", "drunk")
_LOW: Final[tuple[Posture, ...]] = ("seated", "kneeling", "crouched")
_ANY: Final[tuple[Posture, ...]] = ("standing", "seated")


def _act(*phrases: str, **facts: Any) -> Act:
    return Act(phrases, **facts)


ACTS: Final[dict[str, Act]] = {
    "idle": _act("stand still", "stand around", "wait", "do nothing", "stand idly",
                 "stand in place", styles=("sad", "tired", "proud", "old", "drunk")),
    "walk": _act("walk", "stroll", "go for a walk", "take a walk", slow=_SLOW, fast=_BRISK,
                 ways=("forward", "backward"), under=("walk",), styles=_GAITS),
    "run": _act("run", "jog", slow=("slowly", "at an easy pace", "lightly"),
                fast=("fast", "quickly", "at high speed"), under=("run", "jog"),
                ways=("forward",), styles=("happy", "tired", "angry")),
    "sprint": _act("sprint", "dash", "run as fast as possible", "race ahead"),
    "jump": _act("jump", "leap", "hop up", "jump up", soft=("a little", "a little way up"),
                 strong=("high", "high into the air", "as high as possible"), most=4,
                 tally=("do {n} jumps", "make {n} jumps"), ways=("forward", "backward"),
                 styles=("happy",)),
    "wave": _act("wave", "wave hello", "wave goodbye", "greet someone with a wave",
                 slow=("slowly", "unhurriedly"), fast=("quickly", "rapidly", "hastily"),
                 soft=("a little", "shyly", "with small movements"),
                 strong=("energetically", "vigorously", "with big movements"), limb="hand",
                 needs=_ANY, styles=("happy", "sad", "tired")),
    "talk": _act("talk", "speak", "talk with gestures", "chat", "explain something",
                 soft=("quietly", "calmly"), strong=("animatedly", "with lively gestures"),
                 needs=_ANY, styles=_MOODS),
    "shout": _act("shout", "yell", "call out", "scream", needs=_ANY, styles=("angry",)),
    "whisper": _act("whisper", "murmur", "whisper something", needs=_ANY),
    "sing": _act("sing", "sing a song", "hum a tune", needs=_ANY),
    "point": _act("point", "point at something", "point into the distance",
                  "point something out", limb="hand", needs=_ANY),
    "clap": _act("clap", "applaud", slow=("slowly",),
                 fast=("quickly", "rapidly"), soft=("softly", "politely", "with small movements"),
                 strong=("loudly", "enthusiastically", "with big movements"), needs=_ANY,
                 styles=("happy", "tired")),
    "batting": _act("swing a bat", "bat", "hit a ball with a bat"),
    "pitching": _act("pitch a ball", "throw a pitch", "pitch"),
    "catching": _act("catch a ball", "catch something", "catch the ball"),
    "running_bases": _act("run the bases", "run around the bases"),
    "fielding": _act("field a ball", "scoop up a ground ball"),
    "throwing": _act("throw a ball", "throw something", "toss a ball", "hurl something away"),
    "kicking": _act("kick a ball", "kick the ball", "shoot at goal"),
    "dribbling": _act("dribble a basketball", "dribble a ball"),
    "shooting": _act("shoot a basketball", "shoot a basket", "take a shot at the basket"),
    "fight": _act("fight", "fight an invisible opponent", "shadow-box", "box the air",
                  strong=("fiercely", "hard"), styles=("angry", "tired")),
    "punch": _act("punch", "throw a punch", "punch the air", "strike",
                  slow=("slowly",), fast=("quickly", "fast"), soft=("lightly", "softly"),
                  strong=("hard", "with force", "powerfully"), limb="fist", most=4,
                  tally=("throw {n} punches",), styles=("angry", "tired")),
    "kick": _act("kick", "kick the air", "give a kick", "deliver a kick",
                 slow=("slowly",), fast=("quickly", "fast"), soft=("low",),
                 strong=("high", "hard"), limb="leg", most=3,
                 tally=("deliver {n} kicks", "do {n} kicks"), styles=("angry",)),
    "dodge": _act("dodge", "duck away", "dodge to the side", "evade a blow"),
    "sit": _act("sit down", "take a seat", "sit down on a chair", "sit on a chair",
                slow=("slowly", "carefully"), fast=("quickly", "hastily"), leaves="seated",
                under=("sit",), styles=("tired", "sad", "old", "happy")),
    "stand": _act(
        "stand up", "get up from a chair", "rise from a chair", "get up from the seat",
                  slow=("slowly", "with care"), fast=("quickly", "swiftly"), needs=_LOW,
                  styles=("tired", "old")),
    "kneel": _act("kneel down", "kneel", "get down on one knee", "drop to one knee",
                  slow=("slowly", "carefully"), fast=("quickly",), leaves="kneeling",
                  under=("kneel",), styles=("sad", "tired")),
    "lie_down": _act("lie down", "lie down on the floor", "lie down to sleep", leaves="lying",
                     slow=("slowly",), fast=("quickly",), styles=("tired",)),
    "eating": _act("eat", "eat something", "have a meal", needs=_ANY),
    "drinking": _act("drink", "drink from a cup", "take a drink", "have a drink", limb="hand",
                     needs=_ANY, styles=("tired", "happy")),
    "reading": _act("read", "read a book", "read something", needs=_ANY),
    "typing": _act("type", "type on a laptop", "write on a keyboard", needs=_ANY),
    "looking_around": _act("look around", "look about", "glance around", needs=_ANY),
    "climbing": _act("climb", "climb a ladder", "climb up"),
    "crawling": _act("crawl", "crawl on all fours", "creep along the floor"),
    "swimming": _act("swim", "swim along"),
    "flying": _act("fly", "fly through the air", "soar"),
    "celebrate": _act("celebrate", "jump for joy", "cheer with both arms raised", "rejoice",
                      soft=("a little",), strong=("wildly", "exuberantly"), styles=("happy",)),
    "dance": _act("dance", "dance to the music", "perform a dance", styles=("happy",)),
    "cry": _act("cry", "weep", "sob", needs=_ANY),
    "laugh": _act("laugh", "laugh out loud", "giggle", "burst out laughing",
                  soft=("quietly", "a little"), strong=("heartily", "uncontrollably"),
                  needs=_ANY),
    "handshake": _act("shake hands", "greet each other with a handshake"),
    "hug": _act("hug", "embrace", "hug each other"),
    "high_five": _act("high-five", "give each other a high five"),
    "fight_stance": _act("take a fighting stance", "stand in a fighting stance",
                         "raise both fists in guard", "stand on guard"),
    "bow": _act("bow", "take a bow", "bow politely", "make a bow", slow=("slowly",),
                fast=("quickly",), soft=("slightly", "a little"), strong=("deeply", "very low"),
                most=3, tally=("make {n} bows", "take {n} bows"), styles=("sad",)),
    "pick_up": _act("pick something up", "pick an object up from the floor", "lift something"),
    "push": _act("push something", "push against something", "give something a push"),
    "fall": _act("fall down", "fall over", "collapse", leaves="lying"),
    "get_up": _act("get up from the floor", "get up", "get back up", needs=("lying",)),
    "crouch": _act("crouch down", "crouch", "squat down", slow=("slowly",), fast=("quickly",),
                   leaves="crouched", under=("crouch", "squat"), styles=("sneaky", "tired")),
    "cartwheel": _act("do a cartwheel", "turn a cartwheel"),
    "backflip": _act("do a backflip", "perform a backflip"),
    "jumping_jacks": _act("do jumping jacks", "perform jumping jacks", under=()),
    "hop": _act("hop", "hop along", "hop on one leg"),
    "march": _act("march", "march like a soldier", "parade", slow=_SLOW[:2], fast=_BRISK[:2],
                  ways=("forward",), under=("march",), styles=("proud", "tired", "angry")),
    "turn": _act("turn around", "turn about", "turn to face the other way", limb="side",
                 styles=("tired", "old", "drunk")),
    "nod": _act("nod", "nod in agreement", "give a nod", slow=("slowly",), fast=("quickly",),
                soft=("slightly", "a little"), strong=("emphatically", "vigorously"), most=4,
                needs=_ANY),
    "salute": _act("salute", "give a salute", "give a military salute", limb="hand", needs=_ANY),
}  # fmt: skip
"""Every action of the table by its name."""

FULL_TURN: Final = ("turn all the way around", "do a full turn", "spin all the way around")
"""What turning is called when one comes to face the old way again."""

RISING: Final = ("stand up", "get up", "rise", "straighten up")
"""What standing up is called where there is no chair."""

STYLE_WORDS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "happy": (("happy", "cheerful"), ("happily", "cheerfully", "in a happy mood")),
    "sad": (("sad", "gloomy", "dejected"), ("sadly", "gloomily", "with a heavy heart")),
    "angry": (("angry", "furious"), ("angrily", "in an angry way", "full of anger")),
    "tired": (("tired", "weary", "exhausted"), ("tiredly", "wearily", "in a tired way")),
    "proud": (("proud", "confident"), ("proudly", "confidently", "in a proud way")),
    "sneaky": (("sneaky", "stealthy"), ("sneakily", "stealthily", "as if sneaking")),
    "old": (("old", "elderly"), ("like an old person", "as if very old")),
    "drunk": (("drunk", "tipsy"), ("drunkenly", "as if drunk", "in a drunken way")),
}
"""Style to the adjectives of who has it and the adverbials of what is done in it."""

if missing := {row.name for row in ACTIONS} ^ set(ACTS):
    raise AssertionError(f"actions without words, or words without an action: {missing}")
