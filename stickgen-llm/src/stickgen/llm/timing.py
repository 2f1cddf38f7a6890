"""How long each step of a story takes."""

from __future__ import annotations

from collections.abc import Sequence

from stickgen.core.actions import Action
from stickgen.core.actions import action as row_of

DEFAULT_SECONDS = 10.0
"""Length of a story whose prompt says nothing about it."""

LONGEST_DEFAULT = 60.0
"""No story without a wanted length is longer than this."""

_HELD = frozenset({"sit", "stand", "kneel", "lie_down", "crouch", "fall", "point", "fight_stance"})
_SHORTEST = {"loop": 0.6, "held": 0.9}
"""The least share of its natural time that something elastic is given."""

SETTLE = 0.8
"""Seconds for getting ready and coming to rest around a one-shot performance."""


def repetition_seconds(row: Action) -> float:
    """Return how long one of several repetitions takes: one pass, a third of a loop's stretch."""
    return max(0.5, row.seconds / 3.0) if row.loops else row.seconds


def natural(row: Action, seconds: float | None, repetitions: int | None, speed: float) -> float:
    """Return how long a beat takes by itself, in seconds."""
    if seconds is not None:
        return seconds
    if repetitions is not None:
        once = repetition_seconds(row)
    else:
        once = row.seconds
    if row.loops or row.name in _HELD:
        return (repetitions or 1) * once
    return (repetitions or 1) * once / min(max(speed, 0.5), 2.0) + SETTLE


def elastic(row: Action, seconds: float | None, repetitions: int | None) -> bool:
    """Whether a beat may last longer than natural: it loops, or ends in a posture to be held."""
    return seconds is None and repetitions is None and (row.loops or row.name in _HELD)


def distribute(
    steps: Sequence[Sequence[tuple[str, float | None, int | None, float]]],
    wanted: float | None,
) -> tuple[list[list[float]], float, bool]:
    """Return the seconds of every beat, the length of the story, and whether it was squeezed.

    *steps* hold (action, seconds, repetitions, speed) for each beat of each step. Beats that loop
    or can be held share what is left in proportion to their natural length; one-shot performances
    keep theirs. With nothing wanted the length is `DEFAULT_SECONDS`, or more where the story needs
    it. Too little time squeezes everything alike. Where nothing can be stretched the steps add up
    to less than the length, and the stager lets everybody idle for the rest.
    """
    least: list[float] = []
    stretch: list[float] = []
    for step in steps:
        rows = [(row_of(name), seconds, count, speed) for name, seconds, count, speed in step]
        rigid = [natural(*beat) for beat in rows if not elastic(*beat[:3])]
        loose = [beat for beat in rows if elastic(*beat[:3])]
        shortest = [
            natural(*beat) * _SHORTEST["loop" if beat[0].loops else "held"] for beat in loose
        ]
        least.append(max(rigid + shortest))
        stretch.append(max((natural(*beat) for beat in loose), default=0.0))
    total = wanted
    if total is None:
        total = min(max(DEFAULT_SECONDS, sum(least)), LONGEST_DEFAULT)
    squeezed = total < sum(least) - 1e-9
    if squeezed:
        lengths = [total / sum(least) * each for each in least]
    else:
        lengths = _stretched(least, stretch, total)
    seconds = []
    for step, length in zip(steps, lengths, strict=True):
        row_seconds = []
        for name, wanted_seconds, count, speed in step:
            row = row_of(name)
            own = natural(row, wanted_seconds, count, speed)
            if elastic(row, wanted_seconds, count) or squeezed:
                own = length
            row_seconds.append(min(own, length))
        seconds.append(row_seconds)
    return seconds, total, squeezed


def _stretched(least: list[float], stretch: list[float], total: float) -> list[float]:
    """Return the length of each step when *total* is shared in proportion to *stretch*, nobody
    getting less than *least*.
    """
    fixed = {i for i, weight in enumerate(stretch) if weight == 0}
    while True:
        free = total - sum(least[i] for i in fixed)
        pool = sum(weight for i, weight in enumerate(stretch) if i not in fixed)
        share = free / pool if pool else 0.0
        small = {
            i
            for i, weight in enumerate(stretch)
            if i not in fixed and share * weight < least[i] - 1e-9
        }
        if not small:
            break
        fixed |= small
    return [least[i] if i in fixed else share * weight for i, weight in enumerate(stretch)]
