"""The action vocabulary: one ordered, append-only table.

Rows 0-45 are the reference vocabulary in its order, 46-59 are ours, 60-63 are reserved; model
heads therefore have `N_CLASSES` = 64 outputs. A row never moves and never changes its name;
readers accept files written with an older (shorter) table and refuse newer ones.

Speeds are metres per second along the ground for actions that travel, 0 for those that stay.
``seconds`` is how long one natural performance takes: one full pass for actions that do not loop,
a pleasant stretch for those that do.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from stickgen.core.errors import UsageError

VOCABULARY_VERSION: Final = 1
"""Raised whenever rows are appended."""

N_CLASSES: Final = 64
"""Outputs of a model's action head: the table plus its reserved rows."""

EXPRESSIONS: Final[tuple[str, ...]] = ("neutral", "happy", "sad", "surprised", "angry", "excited")
"""Facial expressions in the order of the first number of a face track."""


@dataclass(frozen=True, slots=True)
class Action:
    """One row of the vocabulary."""

    index: int
    name: str
    verbs: tuple[str, ...]
    """Lemmas (base forms, possibly of several words) that call this action."""
    speed: float = 0.0
    """Default speed along the ground, m/s."""
    seconds: float = 2.0
    """Natural duration of one performance, s."""
    loops: bool = False
    """Whether the action goes on until told to stop."""
    expression: str = "neutral"
    """Default facial expression, one of `EXPRESSIONS`."""
    speech: str | None = None
    """Kind of mouth movement while it lasts: talk, shout, whisper or sing."""
    props: tuple[str, ...] = ()
    """Objects the action is about."""
    overlay: bool = False
    """Whether it can be done with the upper body on top of another action."""
    actors: int = 1
    """How many take part."""


def _table() -> tuple[Action, ...]:
    rows: list[Action] = []

    def row(name: str, verbs: str, **facts: object) -> None:
        lemmas = tuple(v.strip() for v in verbs.split(","))
        rows.append(Action(len(rows), name, lemmas, **facts))  # type: ignore[arg-type]

    row(
        "idle",
        "idle, wait, rest, stay, pause, stand still, relax, do nothing",
        seconds=3.0,
        loops=True,
    )
    row(
        "walk",
        "walk, stroll, pace, step, wander, amble, saunter, go, come, approach, explore, limp, "
        "tiptoe, sneak, hike, patrol, stagger, move",
        speed=1.3,
        seconds=4.0,
        loops=True,
    )
    row(
        "run",
        "run, jog, rush, hurry, chase, flee, trot, escape",
        speed=3.4,
        seconds=3.0,
        loops=True,
    )
    row(
        "sprint",
        "sprint, dash, race, bolt, run fast, run very fast",
        speed=6.0,
        seconds=2.5,
        loops=True,
        expression="excited",
    )
    row("jump", "jump, leap, bounce, vault, spring", seconds=1.4, expression="excited")
    row(
        "wave",
        "wave, greet, say hello, say hi, say goodbye, wave goodbye",
        seconds=2.4,
        loops=True,
        expression="happy",
        overlay=True,
    )
    row(
        "talk",
        "talk, speak, chat, converse, say, tell, explain, argue, discuss, ask, answer",
        seconds=3.0,
        loops=True,
        speech="talk",
        overlay=True,
    )
    row(
        "shout",
        "shout, yell, scream, call out, holler",
        seconds=2.0,
        loops=True,
        expression="excited",
        speech="shout",
        overlay=True,
    )
    row(
        "whisper",
        "whisper, murmur, mutter",
        seconds=2.5,
        loops=True,
        speech="whisper",
        overlay=True,
    )
    row(
        "sing",
        "sing, hum, serenade",
        seconds=4.0,
        loops=True,
        expression="happy",
        speech="sing",
        overlay=True,
    )
    row("point", "point, gesture at, indicate", seconds=2.0, overlay=True)
    row("clap", "clap, applaud", seconds=2.5, loops=True, expression="happy", overlay=True)
    row(
        "batting",
        "bat, swing a bat, swing the bat, hit a ball, hit the ball",
        seconds=1.6,
        props=("bat", "baseball"),
    )
    row("pitching", "pitch, throw a pitch", seconds=2.0, props=("baseball",))
    row("catching", "catch, grab the ball", seconds=1.4, expression="surprised", props=("ball",))
    row(
        "running_bases",
        "run the bases, run bases, round the bases, steal a base",
        speed=5.2,
        seconds=3.0,
        loops=True,
        expression="excited",
        props=("base",),
    )
    row(
        "fielding",
        "field, field the ball, scoop up the ball",
        seconds=2.0,
        props=("glove", "baseball"),
    )
    row("throwing", "throw, toss, hurl, lob, fling, pass", seconds=1.8, props=("ball",))
    row(
        "kicking",
        "kick a ball, kick the ball, shoot a goal, shoot at goal",
        seconds=1.6,
        props=("soccer_ball",),
    )
    row("dribbling", "dribble", speed=1.6, seconds=3.0, loops=True, props=("basketball",))
    row(
        "shooting",
        "shoot, shoot a basket, shoot a basketball, shoot hoops, dunk, take a shot",
        seconds=1.8,
        expression="excited",
        props=("basketball",),
    )
    row(
        "fight",
        "fight, brawl, battle, spar, attack, wrestle, box",
        speed=0.2,
        seconds=3.0,
        loops=True,
        expression="angry",
    )
    row("punch", "punch, jab, hit, strike, uppercut", seconds=1.0, expression="angry")
    row("kick", "kick, roundhouse", seconds=1.3, expression="angry")
    row(
        "dodge",
        "dodge, duck, evade, block, sidestep, parry",
        speed=0.9,
        seconds=3.0,
        expression="surprised",
    )
    row("sit", "sit, sit down, take a seat", seconds=3.0)
    row("stand", "stand, stand up, rise, straighten up, get to one's feet", seconds=2.0)
    row("kneel", "kneel, kneel down, genuflect, beg, pray, propose", seconds=2.5, expression="sad")
    row("lie_down", "lie, lie down, lay down, sleep, nap, take a nap", seconds=3.5)
    row(
        "eating",
        "eat, chew, snack, have lunch, have dinner, have breakfast",
        seconds=3.0,
        loops=True,
        expression="happy",
        props=("food",),
        overlay=True,
    )
    row(
        "drinking",
        "drink, sip, gulp",
        seconds=3.0,
        loops=True,
        expression="happy",
        props=("cup",),
        overlay=True,
    )
    row("reading", "read, study", seconds=4.0, loops=True, overlay=True)
    row(
        "typing",
        "type, code, program, work on a laptop, work on a computer, write",
        seconds=3.0,
        loops=True,
        props=("laptop",),
        overlay=True,
    )
    row(
        "looking_around",
        "look around, look, search, glance, scan, watch, look for",
        seconds=3.0,
        loops=True,
        expression="surprised",
        overlay=True,
    )
    row("climbing", "climb, scale, ascend, climb up", speed=0.34, seconds=3.0, loops=True)
    row("crawling", "crawl, creep", speed=0.54, seconds=3.0, loops=True)
    row("swimming", "swim, float, dive", speed=0.82, seconds=3.0, loops=True)
    row(
        "flying",
        "fly, soar, hover, glide",
        speed=2.0,
        seconds=3.0,
        loops=True,
        expression="excited",
    )
    row(
        "celebrate",
        "celebrate, cheer, rejoice, win, score",
        seconds=2.5,
        loops=True,
        expression="excited",
    )
    row(
        "dance",
        "dance, boogie, groove, waltz, twirl, perform",
        speed=0.3,
        seconds=4.0,
        loops=True,
        expression="happy",
    )
    row(
        "cry",
        "cry, weep, sob, mourn, grieve",
        seconds=3.0,
        loops=True,
        expression="sad",
        overlay=True,
    )
    row(
        "laugh",
        "laugh, giggle, chuckle, crack up",
        seconds=2.5,
        loops=True,
        expression="happy",
        overlay=True,
    )
    row(
        "handshake", "shake hands, handshake, shake hand", seconds=2.5, expression="happy", actors=2
    )
    row("hug", "hug, embrace, cuddle", seconds=3.0, expression="happy", actors=2)
    row(
        "high_five", "high five, high-five, slap hands", seconds=1.6, expression="excited", actors=2
    )
    row(
        "fight_stance",
        "take a fighting stance, fighting stance, fight stance, guard, square up",
        seconds=2.5,
        loops=True,
        expression="angry",
    )
    row("bow", "bow, curtsy, take a bow", seconds=2.2)
    row("pick_up", "pick up, lift, pick, grab, collect, take", seconds=2.2)
    row("push", "push, shove", seconds=2.0)
    row(
        "fall",
        "fall, fall down, collapse, faint, trip, tumble, die, stumble, slip",
        seconds=2.0,
        expression="surprised",
    )
    row("get_up", "get up, wake up, get back up", seconds=2.5)
    row("crouch", "crouch, squat, crouch down, hide", seconds=2.0)
    row("cartwheel", "cartwheel, do a cartwheel", speed=1.2, seconds=1.8, expression="excited")
    row("backflip", "backflip, flip, do a backflip, somersault", seconds=1.6, expression="excited")
    row(
        "jumping_jacks",
        "do jumping jacks, jumping jack, exercise, warm up, work out",
        seconds=3.0,
        loops=True,
    )
    row("hop", "hop, skip", speed=0.9, seconds=2.5, loops=True)
    row("march", "march, parade", speed=1.2, seconds=4.0, loops=True)
    row("turn", "turn, turn around, spin, spin around, rotate", seconds=1.6)
    row("nod", "nod, agree", seconds=1.6, overlay=True)
    row("salute", "salute", seconds=2.0, overlay=True)
    return tuple(rows)


ACTIONS: Final[tuple[Action, ...]] = _table()
"""The table, in index order."""

NO_OVERLAY: Final = -1
"""Value of an overlay track where nothing is done on top of the main action."""


@cache
def _by_name() -> dict[str, Action]:
    return {action.name: action for action in ACTIONS}


def action(name: str) -> Action:
    """Return the row called *name*; an unknown one raises `UsageError` with the nearest names."""
    try:
        return _by_name()[name]
    except KeyError:
        import difflib

        near = difflib.get_close_matches(name, _by_name(), n=3)
        hint = f"; did you mean {', '.join(near)}?" if near else "; see `stickgen schema --actions`"
        raise UsageError(f"unknown action {name!r}{hint}") from None
