"""The director: which shot and which moves of the camera suit a story that asks for none.

A camera that frames everybody is right for most of what happens; it moves where that tells more: it
goes along with who sprints, round those who fight or dance, closer when two embrace or one weeps.
Where many are on stage and some of them act while the others look on, it shows those who act.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from stickgen.core.actions import action as row_of
from stickgen.core.types import Beat, Script
from stickgen.llm.timeline import steps_of

CLOSE: Final = frozenset({"hug", "handshake", "cry", "kneel", "whisper"})
"""Actions at whose end the camera comes closer."""

FEW: Final = 2
"""Up to so many people the camera moves round or toward them; more would leave the picture."""

MANY: Final = 5
"""From so many people on, a picture of all makes everybody small."""

LOOKING_ON: Final = frozenset(
    {"idle", "stand", "clap", "celebrate", "crouch", "fight_stance", "sit", "looking_around",
     "wave", "kneel"}
)  # fmt: skip
"""What those do beside whom others act."""

LINGERS: Final = 0.35
"""Seconds by which a picture outlasts what it shows, so that one sees how it ends."""

LONG: Final = 12.0
"""Seconds from which a story of several steps opens with a wide shot."""

_ROUND: Final = {"fight": 24, "dance": 30}
_LEAST: Final = 1.2


def direct(script: Script) -> tuple[str, ...]:
    """Return what the camera of *script* is told, in the grammar of `stickgen.core.camera_moves`.

    The times are those of beats that have their seconds; without them nothing is told.
    """
    told: list[str] = []
    few = len(script.roles) <= FEW
    spans = list(_spans(script))
    total = spans[-1][2] if spans else 0.0
    if len(script.roles) >= MANY:
        shots = _shots(script, spans)
        if shots:
            return shots
    if len(spans) >= 3 and total >= LONG:
        told.append("wide 0s-1.8s")
    for number, (step, start, end) in enumerate(spans):
        actions = {beat.action for beat in step}
        last = number == len(spans) - 1
        if end - start < _LEAST:
            continue
        time = f"{start:.3g}s-{end:.3g}s"
        round_ = next((name for name in _ROUND if name in actions), None)
        if few and round_ and len(spans) > 1:
            told.append(f"orbit right {_ROUND[round_]} {time}")
        elif few and last and len(spans) > 1 and actions & CLOSE:
            told.append(f"dolly in 1.25 {time}")
        elif "flying" in actions and few:
            told.append(f"crane up 0.5 {time}")
        elif few and "sprint" in actions and len(script.roles) == 1:
            told.append(f"track {time}")
    return tuple(told[:4])


def _shots(script: Script, spans: Sequence[tuple[list[Beat], float, float]]) -> tuple[str, ...]:
    """Return a picture for each step in which some act and the others look on.

    Where nobody acts, those who acted last are seen once more, and how they take it.
    """
    shots: list[tuple[tuple[int, ...], float, float]] = []
    acted: tuple[int, ...] = ()
    for step, start, end in spans:
        who = _acting(step)
        if not who and acted:
            cheering = {a for beat in step if beat.action == "celebrate" for a in beat.actors}
            who = tuple(a for a in acted if a in cheering) or acted
        acted = who
        if not 0 < len(who) < min(MANY, len(script.roles)):
            acted = ()
            continue
        if shots and shots[-1][0] == who and abs(shots[-1][2] - start) < 0.01:
            shots[-1] = (who, shots[-1][1], end)
        else:
            shots.append((who, start, end))
    told = []
    for number, (who, start, end) in enumerate(shots):
        begins = start if not number or start - shots[number - 1][2] > 0.01 else start + LINGERS
        ends = end + LINGERS if number + 1 < len(shots) else end
        told.append(f"frame on {','.join(map(str, who))} {begins:.3g}s-{ends:.3g}s")
    return tuple(told)


def _acting(step: Sequence[Beat]) -> tuple[int, ...]:
    """Return who does more in *step* than look on, and with whom."""
    who: list[int] = []
    for beat in step:
        if beat.action not in LOOKING_ON or beat.line:
            who += beat.actors
            who += [beat.target] if isinstance(beat.target, int) else []
    return tuple(dict.fromkeys(who))


def _spans(script: Script) -> Sequence[tuple[list[Beat], float, float]]:
    """Return the steps with the seconds at which they begin and end."""
    clock, spans = 0.0, []
    for step in steps_of(script.beats):
        if any(beat.seconds is None for beat in step):
            return []
        length = max(beat.seconds or row_of(beat.action).seconds for beat in step)
        spans.append((step, clock, clock + length))
        clock += length
    return spans
