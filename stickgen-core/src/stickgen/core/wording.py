"""`sentence`: what a beat says, in words, for generators that listen to text."""

from __future__ import annotations

from typing import Final

from stickgen.core.actions import action
from stickgen.core.types import Beat

PHRASES: Final[dict[str, str]] = {
    "idle": "stands still",
    "walk": "walks",
    "run": "runs",
    "sprint": "sprints",
    "jump": "jumps",
    "wave": "waves",
    "talk": "talks",
    "shout": "shouts",
    "whisper": "whispers",
    "sing": "sings",
    "point": "points",
    "clap": "claps",
    "batting": "swings a bat",
    "pitching": "pitches a ball",
    "catching": "catches a ball",
    "running_bases": "runs the bases",
    "fielding": "fields the ball",
    "throwing": "throws a ball",
    "kicking": "kicks a ball",
    "dribbling": "dribbles a ball",
    "shooting": "shoots a basketball",
    "fight": "fights",
    "punch": "punches",
    "kick": "kicks",
    "dodge": "dodges",
    "sit": "sits down",
    "stand": "stands up",
    "kneel": "kneels down",
    "lie_down": "lies down",
    "eating": "eats",
    "drinking": "drinks",
    "reading": "reads",
    "typing": "types",
    "looking_around": "looks around",
    "climbing": "climbs",
    "crawling": "crawls",
    "swimming": "swims",
    "flying": "flies",
    "celebrate": "celebrates",
    "dance": "dances",
    "cry": "cries",
    "laugh": "laughs",
    "handshake": "shakes hands",
    "hug": "hugs",
    "high_five": "gives a high five",
    "fight_stance": "takes a fighting stance",
    "bow": "bows",
    "pick_up": "picks something up",
    "push": "pushes",
    "fall": "falls down",
    "get_up": "gets up",
    "crouch": "crouches down",
    "cartwheel": "does a cartwheel",
    "backflip": "does a backflip",
    "jumping_jacks": "does jumping jacks",
    "hop": "hops",
    "march": "marches",
    "turn": "turns around",
    "nod": "nods",
    "salute": "salutes",
}
"""Every action in the third person."""

_WAYS: Final = {
    "forward": "forward",
    "backward": "backwards",
    "left": "to the left",
    "right": "to the right",
}

_MANNERS: Final = {
    "happy": "happily",
    "sad": "sadly",
    "angry": "angrily",
    "tired": "tiredly",
    "proud": "proudly",
    "sneaky": "stealthily",
    "old": "like an old person",
    "drunk": "drunkenly",
    "scared": "fearfully",
}

_TIMES: Final = {1: "once", 2: "twice", 3: "three times", 4: "four times", 5: "five times"}


def sentence(beat: Beat) -> str:
    """Return *beat* as a sentence: "A person walks forward quickly while waving."."""
    words = ["A person", PHRASES[action(beat.action).name]]
    if beat.direction in _WAYS:
        words.append(_WAYS[beat.direction])
    if beat.hand in ("left", "right"):
        words.append(f"with the {beat.hand} hand")
    if beat.repetitions in _TIMES:
        words.append(_TIMES[beat.repetitions])
    if beat.speed >= 1.25:
        words.append("quickly")
    elif beat.speed <= 0.8:
        words.append("slowly")
    if beat.style in _MANNERS:
        words.append(_MANNERS[beat.style])
    if beat.overlay is not None:
        words += ["and", PHRASES[action(beat.overlay).name], "at the same time"]
    return " ".join(words) + "."
