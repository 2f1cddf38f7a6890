"""When each beat of a script is played, in frames."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

from stickgen.core.actions import action as row_of
from stickgen.core.errors import SchemaError, UsageError
from stickgen.core.types import Beat, Script
from stickgen.llm import timing


@dataclass(frozen=True, slots=True)
class Cue:
    """A beat and the frames ``start`` to ``end`` (exclusive) in which it is played."""

    beat: Beat
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """The cues of a script in order, and how many frames all of it has."""

    cues: tuple[Cue, ...]
    frames: int


def steps_of(beats: tuple[Beat, ...]) -> list[list[Beat]]:
    """Return the beats grouped into those that start together.

    A beat with ``with_previous`` whose actors are all free joins the step before it; one that
    asks somebody for two things at once comes after.
    """
    steps: list[list[Beat]] = []
    for beat in beats:
        busy = {i for other in steps[-1] for i in other.actors} if steps else set()
        if beat.with_previous and steps and not busy & set(beat.actors):
            steps[-1].append(beat)
        else:
            steps.append([beat])
    return steps


_ANSWERED: Final = (("throwing", "catching"), ("pitching", "batting"), ("kicking", "catching"))


def _in_rounds(beat: Beat) -> Beat:
    """Return *beat* with time for two rounds where an odd number does what two do together."""
    row = row_of(beat.action)
    if row.actors < 2 or len(beat.actors) < 3 or len(beat.actors) % 2 == 0:
        return beat
    return replace(beat, seconds=max(beat.seconds or 0.0, 2.0 * (row.seconds + 1.0)))


def linked(script: Script) -> Script:
    """Return *script* with each who throws and who catches in one step aiming at each other.

    A catch that is told right after the throw belongs to its step, and an odd number who shake
    hands have the time to do it in two rounds.
    """
    steps: list[Beat] = []
    grouped = steps_of(script.beats)
    for number in range(len(grouped) - 1, 0, -1):
        step, before = grouped[number], grouped[number - 1]
        busy = {i for beat in before for i in beat.actors}
        catches = len(step) == 1 and step[0].action == "catching"
        if catches and not busy & set(step[0].actors) and before[0].action == "throwing":
            before.append(replace(step[0], with_previous=True))
            del grouped[number]
    for step in grouped:
        beats = [_in_rounds(beat) for beat in step]
        lone = [i for i, beat in enumerate(beats) if len(beat.actors) == 1]
        for sends, takes in _ANSWERED:
            one = [i for i in lone if beats[i].action == sends]
            other = [i for i in lone if beats[i].action == takes]
            for i, j in zip(one, other, strict=False):
                for k, partner in ((i, j), (j, i)):
                    if not isinstance(beats[k].target, int):
                        beats[k] = replace(beats[k], target=beats[partner].actors[0])
        steps += beats
    return replace(script, beats=tuple(steps))


def settled(beat: Beat) -> bool:
    """Whether *beat* shows somebody who sits, kneels or lies while he does something else, and so
    has done so for a while when it opens the story.
    """
    return beat.action in {"sit", "kneel", "lie_down", "crouch"} and beat.overlay is not None


def arrange(script: Script, fps: float) -> Timeline:
    """Return when everything happens: exactly ``round(duration * fps)`` frames.

    Beats without seconds take their natural time, or share what the script's duration leaves; where
    the beats take less than the duration a short pause comes before the first and a longer one
    after the last. Raises `UsageError` for a beat of somebody who is not in the script, an unknown
    action, or a length that is not positive, and `SchemaError` for a start that is not finite.
    """
    _check(script)
    steps = steps_of(script.beats)
    facts = [[(b.action, b.seconds, b.repetitions, b.speed) for b in step] for step in steps]
    if script.duration is None:
        lengths = [[timing.natural(row_of(a), s, r, v) for a, s, r, v in step] for step in facts]
        total = sum(max(step) for step in lengths) if lengths else timing.DEFAULT_SECONDS
    else:
        lengths, total, _ = timing.distribute(facts, script.duration)
    frames = max(1, round(total * fps))
    spare = total - sum(max(step) for step in lengths) if lengths else 0.0
    standing = bool(steps) and row_of(steps[0][0].action).speed == 0
    standing = standing and not any(settled(beat) for beat in steps[0])
    clock = min(0.6, 0.2 * spare) if spare > 1e-6 and standing else 0.0
    cues = []
    for step, seconds in zip(steps, lengths, strict=True):
        for beat, own in zip(step, seconds, strict=True):
            start, end = round(clock * fps), min(frames, round((clock + own) * fps))
            if end > start:
                cues.append(Cue(beat, start, end))
        clock += max(seconds)
    return Timeline(tuple(cues), frames)


def _check(script: Script) -> None:
    if not script.roles:
        raise UsageError("the script has no roles; name at least one in 'roles'")
    if script.duration is not None and not 0 < script.duration < float("inf"):
        raise UsageError(f"the script's duration is {script.duration:g} s; it must be more than 0")
    for role in script.roles:
        numbers = (*(role.start or ()), role.heading or 0.0)
        if not all(math.isfinite(number) for number in numbers):
            raise SchemaError(
                f"role {role.name!r} of the script starts at a place that is not finite"
            )
    for number, beat in enumerate(script.beats):
        row_of(beat.action)
        if beat.overlay is not None:
            row_of(beat.overlay)
        if not beat.actors:
            raise UsageError(f"beat {number} of the script ({beat.action}) has no actors")
        missing = [i for i in beat.actors if not 0 <= i < len(script.roles)]
        if missing:
            raise UsageError(
                f"beat {number} of the script ({beat.action}) names actor {missing[0]}, but there"
                f" are {len(script.roles)} roles"
            )
        if isinstance(beat.target, int) and not 0 <= beat.target < len(script.roles):
            raise UsageError(
                f"beat {number} of the script ({beat.action}) has target {beat.target}, but there"
                f" are {len(script.roles)} roles"
            )
        if beat.seconds is not None and not 0 < beat.seconds < float("inf"):
            raise UsageError(
                f"beat {number} of the script ({beat.action}) takes {beat.seconds:g} s; it must be"
                " more than 0"
            )
        if beat.repetitions is not None and beat.repetitions < 1:
            raise UsageError(
                f"beat {number} of the script ({beat.action}) is repeated {beat.repetitions} times;"
                " it must be at least 1"
            )
