"""The words for how, how long, how often and where to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from stickgen.llm.people import COLOURS
from stickgen.llm.words import Word, number, word_set


@dataclass(frozen=True, slots=True)
class Modifier:
    """One thing said about how something is done: the field of the beat and its value."""

    field: str
    value: float | int | str


_STYLES: Final[dict[str, str]] = {
    "happy": "jolly jubilant jubilantly elated thrilled overjoyed ecstatic ecstatically blissful"
    " blissfully joyous delightedly content contentedly gleeful eager eagerly happy happily"
    " cheerful cheerfully joyful joyfully merrily gleefully merry glad gladly"
    " excited excitedly enthusiastically joyously playful playfully delighted smiling",
    "sad": "lonely lonesome sorrowful melancholy mournful downcast dejected despondent"
    " tearful tearfully forlorn forlornly glum glumly upset crestfallen sad sadly unhappy"
    " unhappily depressed gloomily gloomy sorrowfully miserably miserable"
    " mournfully dejectedly heartbroken",
    "angry": "irritated annoyed irate outraged livid angry angrily furious furiously mad"
    " madly aggressive aggressively enraged fiercely"
    " violently rage grumpy grumpily",
    "tired": "fatigued drowsy drowsily worn groggy groggily weakened tired tiredly exhausted"
    " wearily weary sleepy sleepily lazily lazy sluggishly"
    " exhaustedly heavily weak weakly bored",
    "proud": "arrogant arrogantly haughty cocky smug smugly victorious victoriously triumphant"
    " proud proudly confident confidently boldly heroic heroically triumphantly"
    " majestically regally haughtily",
    "sneaky": "sly slyly cunning suspiciously covertly noiselessly soundlessly sneaky sneakily"
    " stealthily stealthy secretly quietly silently cautiously carefully"
    " furtively",
    "old": "old elderly aged frail feebly",
    "drunk": "drunk drunken drunkenly dizzy dizzily unsteadily tipsy wobbly",
    "scared": "scared frightened terrified fearful fearfully afraid anxious anxiously nervous"
    " nervously panicked panicky petrified trembling timid timidly alarmed spooked",
}
STYLES: Final[dict[str, str]] = {
    word: style for style, words in _STYLES.items() for word in words.split()
}
"""Adverb or adjective to style."""

SPEEDS: Final[dict[str, float]] = {
    word: speed
    for speed, words in (
        (0.6, "slowly slow leisurely unhurriedly calmly slower casually"),
        (1.35, "quickly quick fast rapidly swiftly briskly hurriedly hastily speedily faster swift"
         " rapid energetically"),
    )
    for word in words.split()
}  # fmt: skip
"""Adverb to the factor on the action's own speed."""

INTENSITIES: Final[dict[str, float]] = {
    word: value
    for value, words in (
        (1.5, "hard high powerfully strongly wildly vigorously forcefully strong powerful loudly"
         " mightily frantically dramatically huge big deeply hysterically"),
        (0.6, "gently softly lightly slightly gentle small low weakly faintly timidly shyly subtly"
         " half-heartedly politely tiny"),
    )
    for word in words.split()
}  # fmt: skip
"""Adverb or adjective to intensity."""

DIRECTIONS: Final[dict[str, str]] = {
    "left": "left", "leftwards": "left", "leftward": "left", "right": "right",
    "rightwards": "right", "rightward": "right", "forward": "forward", "forwards": "forward",
    "ahead": "forward", "onward": "forward", "onwards": "forward", "straight": "forward",
    "backward": "backward", "backwards": "backward", "away": "away", "off": "away",
}  # fmt: skip
"""Adverb of place to direction."""

_VERY: Final = word_set("very extremely really incredibly super so too quite")
_SECONDS: Final[dict[str, float]] = {
    "second": 1.0, "seconds": 1.0, "sec": 1.0, "secs": 1.0, "s": 1.0, "minute": 60.0,
    "minutes": 60.0, "min": 60.0, "moment": 1.5, "while": 4.0,
}  # fmt: skip
_TIMES: Final = {"once": 1, "twice": 2, "thrice": 3}
_ARTICLES: Final = word_set("a an the his her their its my your our one's each")


def read(words: list[Word], at: int) -> tuple[list[Modifier], int] | None:
    """Return what is said about the manner at word *at* and where it ends, or None."""
    return (
        _duration(words, at)
        or _count(words, at)
        or _hand(words, at)
        or _phrase(words, at)
        or _single(words, at)
    )


def _low(words: list[Word], at: int) -> str:
    return words[at].low if at < len(words) else ""


def _duration(words: list[Word], at: int) -> tuple[list[Modifier], int] | None:
    start = at
    if _low(words, at) in {"for", "during", "lasting", "about"}:
        at += 1
    if _low(words, at) in {"about", "around", "exactly", "roughly", "another", "the", "next"}:
        at += 1
    if at >= len(words):
        return None
    amount = number(words[at])
    if amount is None and _low(words, at) in {"a", "an", "one", "half"} and at > start:
        amount = 0.5 if _low(words, at) == "half" else 1.0
        if _low(words, at) == "half" and _low(words, at + 1) in {"a", "an"}:
            at += 1
    if amount is None:
        return None
    unit = _SECONDS.get(_low(words, at + 1))
    if unit is None or amount <= 0:
        return None
    end = at + 2
    if _low(words, end) in {"later", "afterwards", "after", "long", "clip", "video", "animation"}:
        return (
            ([], end) if _low(words, end) == "later" else ([Modifier("total", amount * unit)], end)
        )
    return [Modifier("seconds", amount * unit)], end


def _count(words: list[Word], at: int) -> tuple[list[Modifier], int] | None:
    low = _low(words, at)
    if low in _TIMES:
        return [Modifier("repetitions", _TIMES[low])], at + 1
    if low == "a" and _low(words, at + 1) in {"few", "couple"}:
        end = at + 2 + (_low(words, at + 2) == "of")
        if _low(words, end) == "times":
            return [Modifier("repetitions", 3 if _low(words, at + 1) == "few" else 2)], end + 1
        return None
    if low in {"several", "many", "multiple", "few"} and _low(words, at + 1) == "times":
        return [Modifier("repetitions", 5 if low == "many" else 4)], at + 2
    amount = number(words[at])
    if amount is not None and 1 <= amount <= 1000:
        end = at + 1 + (_low(words, at + 1) == "more")
        if _low(words, end) in {"times", "time"}:
            return [Modifier("repetitions", int(amount))], end + 1
    return None


def _hand(words: list[Word], at: int) -> tuple[list[Modifier], int] | None:
    start = at
    bare = _low(words, at) in {"left", "right"}
    if not bare and _low(words, at) not in {"with", "using", "on", "his", "her", "their", "its",
                                            "a", "the"}:  # fmt: skip
        return None
    if _low(words, at) == "on" and _low(words, at + 1) not in _ARTICLES | {"left", "right"}:
        return None
    while _low(words, at) in {"with", "using", "on"} | _ARTICLES:
        at += 1
    side = _low(words, at)
    if side in {"left", "right"} and _low(words, at + 1) in {
        "hand", "arm", "fist", "leg", "foot", "hands", "knee",
    }:  # fmt: skip
        end = at + 2 + (_low(words, at + 2) in {"raised", "up", "extended", "outstretched"})
        return [Modifier("hand", side)], end
    both = side == "both" and _low(words, at + 1) in {"hands", "arms"}
    return ([], at + 2) if both and at > start else None


def _phrase(words: list[Word], at: int) -> tuple[list[Modifier], int] | None:
    low, following = _low(words, at), _low(words, at + 1)
    if low in {"to", "toward", "towards", "on", "at", "from"} and following in _ARTICLES:
        side = _low(words, at + 2)
        if side in {"left", "right"} and _low(words, at + 3) not in {"hand", "side"}:
            return [Modifier("direction", side)], at + 3
        if side in {"left", "right"} and _low(words, at + 3) == "side":
            return [Modifier("direction", side)], at + 4
    to_viewer = following == "the" and _low(words, at + 2) in {"viewer", "camera", "audience"}
    if low in {"toward", "towards", "to", "at"} and (following in {"us", "me"} or to_viewer):
        toward = [Modifier("direction", "toward")] if low.startswith("toward") else []
        return toward, at + (2 if following in {"us", "me"} else 3)
    if low == "back" and following == "and" and _low(words, at + 2) == "forth":
        return [], at + 3
    if low == "up" and following == "and" and _low(words, at + 2) == "down":
        return [], at + 3
    if low in {"like", "as"} and following in {"a", "an"}:
        for ahead in range(at + 2, min(at + 5, len(words))):
            if words[ahead].low in STYLES:
                return None
    if low in _VERY and following in SPEEDS:
        factor = SPEEDS[following]
        return [Modifier("speed", 0.45 if factor < 1 else 1.6)], at + 2
    if low in _VERY and following in STYLES:
        return [Modifier("style", STYLES[following]), Modifier("intensity", 1.3)], at + 2
    if low in _VERY and following in INTENSITIES:
        return [Modifier("intensity", 1.8 if INTENSITIES[following] > 1 else 0.4)], at + 2
    if low == "in" and following in {"slow", "fast"} and _low(words, at + 2) == "motion":
        return [Modifier("speed", 0.5 if following == "slow" else 1.5)], at + 3
    circle = following == "a" and _low(words, at + 2) == "circle"
    if low in {"in", "around", "round"} and (following == "circles" or circle):
        return [Modifier("path", "circle")], at + (2 if following == "circles" else 3)
    if low in {"in", "wearing"}:
        ahead = at + 1 + (following in _ARTICLES)
        colour = COLOURS.get(_low(words, ahead))
        if colour is not None:
            end = ahead + 1
            if _low(words, end) and words[end].kind == "word" and _wearable(_low(words, end)):
                end += 1 + (_low(words, end) == "t" and _low(words, end + 1) == "shirt")
            return [Modifier("colour", colour)], end
    return None


def _wearable(word: str) -> bool:
    from stickgen.llm.people import CLOTHES

    return word in CLOTHES


def _single(words: list[Word], at: int) -> tuple[list[Modifier], int] | None:
    low = _low(words, at)
    if low in SPEEDS:
        return [Modifier("speed", SPEEDS[low])], at + 1
    if low in STYLES:
        return [Modifier("style", STYLES[low])], at + 1
    if low in INTENSITIES:
        return [Modifier("intensity", INTENSITIES[low])], at + 1
    if low in DIRECTIONS:
        return [Modifier("direction", DIRECTIONS[low])], at + 1
    return None
