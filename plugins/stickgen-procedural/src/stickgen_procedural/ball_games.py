"""Throwing, catching, pitching, batting, fielding, shooting and kicking a ball."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from stickgen.core.actions import action
from stickgen_procedural import locomotion
from stickgen_procedural.gestures import hand
from stickgen_procedural.keyposes import STANDING as UP
from stickgen_procedural.keyposes import (
    Key,
    chest,
    here,
    in_air,
    mirrored,
    perform,
    swing,
    tempered,
)
from stickgen_procedural.performance import Performance

THROW = (
    Key(0.0),
    Key(0.30, (-0.02, UP - 0.02, 0.02), yaw=-0.5, twist=-0.25, left=chest(0.20, -0.05, 0.0),
        right=chest(0.12, -0.08, 0.02)),
    Key(0.64, (-0.07, UP - 0.035, 0.03), yaw=-1.0, lean=-0.12, side=0.10, twist=-0.35, head=-0.03,
        left=chest(0.12, 0.12, 0.26, (0.2, -0.9, 0.3)),
        right=chest(-0.06, 0.13, 0.20, (-0.3, -0.4, 0.9)), left_foot=(0.06, 0.14, -0.01)),
    Key(0.86, (0.02, UP - 0.045, 0.0), yaw=-0.8, lean=-0.12, bend=-0.05, twist=-0.30,
        left=chest(0.20, 0.06, 0.20), right=chest(-0.10, 0.19, 0.16, (-0.1, 0.2, 1.0)),
        left_foot=(0.22, 0.0, -0.01)),
    Key(1.06, (0.08, UP - 0.05, 0.0), yaw=0.05, lean=0.14, bend=0.08, twist=0.42,
        left=chest(0.08, -0.16, 0.14), right=chest(0.20, 0.21, 0.05, (0.1, 0.2, 1.0)),
        left_foot=(0.22, 0.0, -0.01), right_foot=(0.02, 0.025, 0.0)),
    Key(1.28, (0.12, UP - 0.07, -0.01), yaw=0.35, lean=0.48, bend=0.22, twist=0.62, head=0.15,
        left=swing(-0.55, 0.5, 0.30), right=chest(0.22, -0.16, -0.12, (0.0, -0.2, 1.0)),
        left_foot=(0.22, 0.0, -0.01), right_foot=(0.03, 0.06, 0.0)),
    Key(1.56, (0.12, UP - 0.05, -0.01), yaw=0.3, lean=0.36, bend=0.18, twist=0.5, head=0.05,
        left=swing(-0.3, 0.5, 0.25), right=swing(0.35, 0.5, 0.0),
        left_foot=(0.22, 0.0, -0.01), right_foot=(0.03, 0.04, 0.0)),
    Key(1.90, (0.06, UP - 0.01, 0.0), lean=0.06, left=swing(0.0, 0.4, 0.2),
        right=swing(0.1, 0.5, 0.2), left_foot=(0.10, 0.05, 0.0)),
    Key(2.15),
)  # fmt: skip

PITCH = (
    Key(0.0),
    Key(0.45, (-0.01, UP, 0.02), yaw=-1.0, left=chest(0.15, -0.03, -0.07),
        right=chest(0.15, -0.03, -0.07)),
    Key(0.95, (-0.03, UP - 0.005, 0.055), yaw=-1.35, lean=-0.10, side=0.05, roll=0.12,
        left=chest(0.15, 0.00, -0.07), right=chest(0.15, 0.0, -0.07),
        left_foot=(0.12, 0.34, 0.10), knees=(0.10, 0.10)),
    Key(1.25, (0.10, UP - 0.085, 0.03), yaw=-1.25, lean=-0.06, side=0.16, twist=-0.15,
        left=chest(0.06, 0.04, 0.28, (0.0, -0.9, 0.3)),
        right=chest(-0.10, -0.02, 0.24, (-0.4, -0.6, 0.7)), left_foot=(0.34, 0.10, -0.01)),
    Key(1.44, (0.24, UP - 0.115, 0.0), yaw=-0.75, lean=-0.08, bend=-0.10, side=0.05, twist=-0.4,
        left=chest(0.20, -0.02, 0.14), right=chest(-0.12, 0.19, 0.14, (-0.1, 0.2, 1.0)),
        left_foot=(0.46, 0.0, -0.02), right_foot=(0.02, 0.03, 0.0)),
    Key(1.70, (0.31, UP - 0.12, 0.0), yaw=0.20, lean=0.30, bend=0.15, twist=0.45,
        left=chest(0.05, -0.18, 0.05), right=chest(0.24, 0.19, 0.03, (0.1, 0.2, 1.0)),
        left_foot=(0.46, 0.0, -0.02), right_foot=(0.06, 0.06, 0.0)),
    Key(2.02, (0.36, UP - 0.10, -0.02), yaw=0.5, lean=0.86, bend=0.30, twist=0.7, head=0.35,
        left=swing(-0.8, 0.5, 0.3), right=chest(0.16, -0.24, -0.12, (0.0, -0.2, 1.0)),
        left_foot=(0.46, 0.0, -0.02), right_foot=(0.10, 0.20, 0.0)),
    Key(2.40, (0.40, UP - 0.06, 0.0), yaw=0.2, lean=0.35, bend=0.15, twist=0.2,
        left=swing(0.1, 0.9, 0.2), right=swing(0.4, 0.7, 0.1),
        left_foot=(0.46, 0.0, -0.02), right_foot=(0.46, 0.0, 0.02)),
    Key(2.78, (0.46, UP, 0.0), left_foot=(0.46, 0.0, -0.02), right_foot=(0.46, 0.0, 0.02)),
)  # fmt: skip

CATCH = (
    Key(0.0),
    Key(0.35, (0.0, UP - 0.06, 0.0), lean=0.12, bend=0.08, left=chest(0.17, -0.05, -0.02),
        right=chest(0.17, -0.05, -0.02)),
    Key(0.62, (0.03, UP - 0.04, 0.0), lean=0.10, bend=0.02, head=-0.08,
        left=chest(0.265, 0.085, -0.055), right=chest(0.265, 0.085, -0.055)),
    Key(0.72, (0.02, UP - 0.045, 0.0), lean=0.06, head=-0.02,
        left=chest(0.24, 0.03, -0.06), right=chest(0.24, 0.03, -0.06)),
    Key(0.95, (-0.03, UP - 0.085, 0.0), lean=0.22, bend=0.25, head=0.18,
        left=chest(0.12, -0.14, -0.065), right=chest(0.12, -0.14, -0.065)),
    Key(1.25, (-0.02, UP - 0.05, 0.0), lean=0.12, bend=0.16, head=0.14,
        left=chest(0.12, -0.14, -0.065), right=chest(0.12, -0.14, -0.065)),
    Key(1.6, (0.0, UP, 0.0), bend=0.04, left=chest(0.13, -0.16, -0.06),
        right=chest(0.13, -0.16, -0.06)),
    Key(2.1),
)  # fmt: skip

BAT = (
    Key(0.0),
    Key(0.42, (0.0, UP - 0.055, 0.03), yaw=-1.15, lean=0.12, bend=0.06, twist=-0.15,
        left=chest(0.16, 0.02, -0.10), right=chest(0.09, 0.05, 0.05, (-0.2, -0.1, 1.0)),
        left_foot=(0.06, 0.0, -0.03), right_foot=(-0.06, 0.0, 0.03), knees=(0.2, 0.2)),
    Key(0.84, (-0.035, UP - 0.055, 0.04), yaw=-1.35, lean=0.14, bend=0.06, twist=-0.42,
        left=chest(0.14, 0.06, -0.13), right=chest(0.03, 0.10, 0.09, (-0.2, 0.3, 1.0)),
        left_foot=(0.09, 0.12, -0.01), right_foot=(-0.06, 0.0, 0.03), knees=(0.2, 0.2)),
    Key(1.06, (0.03, UP - 0.07, 0.03), yaw=-1.20, lean=0.14, bend=0.06, twist=-0.40,
        left=chest(0.15, 0.04, -0.13), right=chest(0.03, 0.08, 0.08, (-0.2, 0.1, 1.0)),
        left_foot=(0.18, 0.0, -0.04), right_foot=(-0.06, 0.0, 0.03), knees=(0.2, 0.2)),
    Key(1.26, (0.07, UP - 0.08, 0.0), yaw=-0.60, lean=0.12, twist=0.20,
        left=chest(0.28, -0.08, 0.04), right=chest(0.26, -0.08, -0.08),
        left_foot=(0.18, 0.0, -0.04), right_foot=(-0.05, 0.02, 0.03)),
    Key(1.47, (0.09, UP - 0.065, -0.01), yaw=-0.25, lean=0.0, bend=-0.05, twist=0.60,
        left=chest(0.17, 0.09, 0.18), right=chest(0.24, 0.09, -0.10),
        left_foot=(0.18, 0.0, -0.04), right_foot=(-0.04, 0.04, 0.03)),
    Key(1.74, (0.09, UP - 0.055, -0.01), yaw=-0.12, lean=-0.12, bend=-0.06, twist=0.66,
        left=chest(0.02, 0.18, 0.17, (0.2, 0.3, 1.0)), right=chest(0.14, 0.19, -0.14),
        left_foot=(0.18, 0.0, -0.04), right_foot=(-0.04, 0.045, 0.03)),
    Key(2.10, (0.06, UP - 0.02, 0.0), yaw=-0.1, twist=0.3, left=chest(0.10, -0.10, 0.05),
        right=chest(0.16, -0.10, -0.08), left_foot=(0.18, 0.0, -0.04),
        right_foot=(0.0, 0.0, 0.03)),
    Key(2.60),
)  # fmt: skip

FIELD = (
    Key(0.0),
    Key(0.35, (-0.02, UP - 0.10, 0.0), lean=0.45, bend=0.15, head=0.12,
        left=chest(0.20, -0.18, 0.0), right=chest(0.20, -0.18, 0.0),
        left_foot=(0.06, 0.0, -0.06), right_foot=(-0.04, 0.0, 0.06)),
    Key(0.70, (-0.055, 0.275, 0.0), lean=0.98, bend=0.30, head=0.75,
        left=chest(0.15, -0.21, -0.06), right=chest(0.17, -0.20, -0.08),
        left_foot=(0.06, 0.0, -0.06), right_foot=(-0.04, 0.0, 0.06), knees=(0.35, 0.35)),
    Key(0.90, (-0.055, 0.275, 0.0), lean=1.00, bend=0.34, head=0.85,
        left=chest(0.17, -0.20, -0.07), right=chest(0.17, -0.20, -0.07),
        left_foot=(0.06, 0.0, -0.06), right_foot=(-0.04, 0.0, 0.06), knees=(0.35, 0.35)),
    Key(1.20, (0.0, UP - 0.06, 0.0), lean=0.20, bend=0.15, yaw=-0.3, head=0.0,
        left=chest(0.12, -0.12, -0.065), right=chest(0.12, -0.12, -0.065),
        left_foot=(0.06, 0.0, -0.06), right_foot=(-0.04, 0.0, 0.06)),
    *(replace(k, at=k.at + 0.85, left=chest(0.15, -0.10, 0.0)) for k in THROW[2:4]),
    *(replace(k, at=k.at + 0.85) for k in THROW[4:]),
)  # fmt: skip

SHOOT_LEAVE, SHOOT_LAND = 0.83, 1.17
SHOOT = (
    Key(0.0),
    Key(0.35, (0.0, UP - 0.08, 0.0), lean=0.16, bend=0.10, left=chest(0.15, -0.14, -0.06),
        right=chest(0.14, -0.13, -0.05)),
    Key(0.60, (-0.02, UP - 0.11, 0.0), lean=0.16, head=-0.15, left=chest(0.19, 0.02, -0.06),
        right=chest(0.16, 0.0, -0.06, (0.4, -0.9, 0.4))),
    Key(0.82, (0.02, UP + 0.02, 0.0), bend=-0.04, head=-0.30,
        left=chest(0.12, 0.19, -0.03), right=chest(0.10, 0.22, -0.05, (0.9, 0.0, 0.5)),
        left_foot=(0.035, 0.05, 0.0), right_foot=(0.035, 0.05, 0.0)),
    Key(0.98, (0.03, UP + 0.05, 0.0), bend=-0.02, head=-0.32,
        left=chest(0.13, 0.18, 0.0), right=chest(0.15, 0.262, -0.02, (0.9, 0.0, 0.5)),
        left_foot=(0.03, 0.09, 0.0), right_foot=(0.03, 0.07, 0.0)),
    Key(1.18, (0.04, UP - 0.01, 0.0), head=-0.28,
        left=chest(0.17, 0.10, 0.03), right=chest(0.19, 0.235, 0.0, (0.9, 0.0, 0.5)),
        left_foot=(0.045, 0.02, 0.0), right_foot=(0.045, 0.02, 0.0)),
    Key(1.34, (0.03, UP - 0.085, 0.0), lean=0.10, head=-0.22,
        left=chest(0.18, 0.0, 0.03), right=chest(0.20, 0.20, 0.0, (0.9, 0.0, 0.5)),
        left_foot=(0.05, 0.0, 0.0), right_foot=(0.05, 0.0, 0.0)),
    Key(1.75, (0.05, UP - 0.01, 0.0), head=-0.15,
        left=swing(0.2, 0.5, 0.15), right=chest(0.20, 0.12, 0.0),
        left_foot=(0.05, 0.0, 0.0), right_foot=(0.05, 0.0, 0.0)),
    Key(2.2, (0.05, UP, 0.0), left_foot=(0.05, 0.0, 0.0), right_foot=(0.05, 0.0, 0.0)),
)  # fmt: skip

KICK_BALL = (
    Key(0.0),
    Key(0.20, (0.04, UP - 0.035, 0.0), lean=0.16, left=swing(-0.35, 0.9), right=swing(0.35, 0.9),
        left_foot=(0.02, 0.05, 0.0)),
    Key(0.42, (0.20, UP - 0.045, 0.0), yaw=-0.10, lean=0.20, twist=0.15, left=swing(-0.5, 1.0),
        right=swing(0.5, 1.0), left_foot=(0.28, 0.0, 0.0), right_foot=(0.02, 0.05, 0.0)),
    Key(0.66, (0.45, UP - 0.045, 0.0), yaw=-0.10, lean=0.18, twist=-0.15, left=swing(0.5, 1.0),
        right=swing(-0.5, 1.0), left_foot=(0.32, 0.06, 0.0), right_foot=(0.54, 0.0, 0.0)),
    Key(0.92, (0.70, UP - 0.065, -0.04), yaw=-0.45, lean=-0.06, side=-0.16, bend=-0.08, twist=-0.30,
        left=swing(0.70, 0.3, 0.95), right=swing(-0.85, 0.5, 0.45),
        left_foot=(0.84, 0.0, -0.03), right_foot=(0.42, 0.25, 0.03)),
    Key(1.05, (0.79, UP - 0.060, -0.04), yaw=-0.15, lean=0.04, side=-0.18, twist=0.0,
        left=swing(0.35, 0.3, 1.0), right=swing(-0.5, 0.5, 0.45),
        left_foot=(0.84, 0.0, -0.03), right_foot=(0.74, 0.04, -0.01)),
    Key(1.20, (0.86, UP - 0.035, -0.04), yaw=0.30, lean=0.02, bend=0.16, side=-0.12, twist=-0.20,
        head=0.20, left=swing(0.70, 0.25, 0.85), right=swing(-0.80, 0.4, 0.55),
        left_foot=(0.84, 0.0, -0.03), right_foot=(1.22, 0.20, -0.06)),
    Key(1.35, (0.90, UP - 0.020, -0.03), yaw=0.40, lean=-0.06, bend=0.20, twist=-0.25,
        head=0.15, left=swing(0.9, 0.25, 0.7), right=swing(-0.95, 0.4, 0.5),
        left_foot=(0.84, 0.0, -0.03), right_foot=(1.30, 0.34, -0.08)),
    Key(1.71, (0.98, UP - 0.035, 0.0), yaw=0.1, lean=0.10, left=swing(0.1, 0.5, 0.3),
        right=swing(0.0, 0.5, 0.3), left_foot=(0.84, 0.0, -0.03), right_foot=(1.10, 0.0, 0.02)),
    Key(2.03, (1.04, UP - 0.015, 0.0), left_foot=(0.90, 0.03, -0.02), right_foot=(1.10, 0.0, 0.02)),
    Key(2.33, (1.10, UP, 0.0), left_foot=(1.10, 0.0, 0.0), right_foot=(1.10, 0.0, 0.0)),
)  # fmt: skip
"""Two quick steps, the standing foot planted beside the ball, the leg drawn far back, the instep
through the ball, and a step after it."""

TABLES: dict[str, Sequence[Key]] = {
    "throwing": THROW,
    "pitching": PITCH,
    "catching": CATCH,
    "batting": BAT,
    "fielding": FIELD,
    "shooting": SHOOT,
    "kicking": KICK_BALL,
}
TRAVEL = {"pitching": 0.46, "shooting": 0.05, "kicking": 1.10}
"""Fraction of the height by which a table ends ahead of where it began."""


def play(score: Performance) -> None:
    """Do one of `TABLES`, as often as asked."""
    name = score.beat.action
    table, longer = TABLES[name], score.place.aloft
    if name == "shooting":
        table = in_air(table, SHOOT_LEAVE, SHOOT_LAND, longer)
    begins, pace = repeat(score, table, TRAVEL.get(name, 0.0))
    if name == "shooting":
        land = SHOOT_LEAVE + longer * (SHOOT_LAND - SHOOT_LEAVE)
        score.flights += [(begin + pace * SHOOT_LEAVE, begin + pace * land) for begin in begins]


def repeat(
    score: Performance,
    table: Sequence[Key],
    travel: float = 0.0,
    *,
    handed: bool = True,
    loud: bool = True,
    fill: float = 1.2,
) -> tuple[list[float], float]:
    """Stand and perform *table* as often as asked, or as fits with *fill* seconds between.

    *loud* lets the beat's intensity have its way with it. Returns the moments at which it begins,
    and the pace.
    """
    locomotion.stand(score)
    if handed and hand(score) == 0:
        table = mirrored(table)
    t, beat = score.time, score.beat
    if loud:
        table = tempered(table, beat.intensity)
    first = score.ready + (0.05 if score.start is not None else 0.20)
    long = table[-1].at
    pace = 1.0 / float(np.clip(beat.speed * score.person.tempo, 0.42, 1.35))
    room = t[-1] - first
    count = beat.repetitions or max(1, int((room + fill) / (long * pace + fill)))
    if not beat.seconds:
        count = beat.repetitions or 1
    slowest = min(score.place.tempo, 1.0)
    soonest = 0.86 * score.slow**0.5
    pace = float(np.clip(min(pace, room / (count * long)), soonest / slowest, 1.7 / slowest))
    rest = float(np.clip((room - count * long * pace) / max(count, 1), 0.02, fill))
    begins = []
    for _ in range(count):
        floor = here(score)
        begins.append(first)
        shift = floor.at(np.array([travel, 0.0, 0.0]), score.body.height) - floor.origin
        later = t > first + 0.5 * long * pace
        score.pose.pelvis[later] += shift
        score.pose.ankles[later] += shift
        end = perform(score, table, first, pace, floor=floor)
        score.actions[(t >= first) & (t < end - 0.2)] = action(beat.action).index
        score.home, score.feet = score.home + shift, score.feet + shift
        first = end + rest
    return begins, pace
