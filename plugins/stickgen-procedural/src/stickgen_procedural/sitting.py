"""Sitting down on a chair nobody sees, and getting up from it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stickgen.core.actions import action
from stickgen_procedural import locomotion
from stickgen_procedural.curves import keys, noise, ramp
from stickgen_procedural.performance import Performance
from stickgen_procedural.pose import BEND, COCK, LEAN, NOD, SIDE, TWIST

Array = NDArray[np.float64]

SEAT = 0.30
"""Height of a sitting pelvis, as a fraction of the height: 0.51 m on a chair of 0.45 m."""

SEATED = 0.035
"""How far above the seat a sitting pelvis is, as a fraction of the height."""

BACK = 0.215
"""How far behind the feet a sitting pelvis is, as a fraction of the height."""


def sit(score: Performance) -> None:
    """Sit down and stay seated, breathing, shifting a little, hands on the thighs."""
    take_a_seat(score)


def take_a_seat(score: Performance, *, already: bool = False, ease: float = 1.0) -> float:
    """Sit down as `sit` does, taking *ease* times as long, or sit *already*; returns when the seat
    is reached, in seconds.
    """
    t = score.time
    locomotion.stand(score, rise=score.lying is not None)
    if score.seated or already:
        down = np.ones_like(t)
        lean = bend = nod = np.zeros_like(t)
        first, there = 0.0, 0.0
    else:
        first = score.ready + (0.05 if score.start is not None else 0.20)
        takes = ease * float(np.clip(1.35 / (score.person.tempo * score.beat.speed), 0.9, 2.2))
        marks = [
            first,
            first + 0.30 * takes,
            first + 0.72 * takes,
            first + takes,
            first + takes + 0.45,
        ]
        there = first + takes
        lean = score.power * keys(t, marks, [0.0, 0.38, 0.70, 0.42, 0.0])
        bend = keys(t, marks, [0.0, 0.10, 0.22, 0.14, 0.0])
        nod = keys(t, marks, [0.0, 0.05, -0.30, -0.15, 0.0])
        down = ramp(t, first + 0.10 * takes, first + takes)
    if already and score.start is None:
        move(score, BACK * score.body.height)
    _settle_on_seat(score, down, lean, bend, nod)
    if score.beat.action == "sit":
        _look_about(score, ramp(t, there + 0.3, there + 1.5) if there else np.ones_like(t))
    score.actions[t >= first] = action("sit").index
    return there


def _look_about(score: Performance, on: Array) -> None:
    """Let somebody seated look about and shift a little, with a weight ``[T]``."""
    habits = np.random.default_rng(int(1e9 * score.person.phase))
    drift = noise(habits, score.time, 3.4, 3)
    upper = score.pose.upper
    upper[:, TWIST] += 0.16 * drift[:, 0] * on
    upper[:, COCK] += 0.09 * drift[:, 0] * on
    upper[:, NOD] += 0.07 * drift[:, 1] * on
    upper[:, LEAN] += 0.05 * drift[:, 2] * on
    upper[:, SIDE] += 0.03 * drift[:, 1] * on


def _settle_on_seat(score: Performance, down: Array, lean: Array, bend: Array, nod: Array) -> None:
    """Write a body that is *down* (0 standing, 1 seated), leaning as given on the way."""
    t, p, H = score.time, score.pose, score.body.height
    score.soothe(1.0 - 0.7 * down)
    feet = score.feet.mean(axis=0)
    seat = score.ahead(0.0, 0.0, 0.0, np.array([feet[0], 0.0, feet[2]]))
    seat = seat - BACK * H * score.ahead(1.0 / score.scale, 0.0, 0.0, np.zeros(3))
    early = ramp(down, 0.0, 0.92)
    p.pelvis[:, [0, 2]] += early[:, None] * (seat[[0, 2]] - p.pelvis[:, [0, 2]])
    settle = 0.012 * H * np.sin(np.pi * np.clip((down - 0.9) / 0.1, 0, 1))
    p.pelvis[:, 1] += down * (SEAT * H - p.pelvis[:, 1]) - settle * 0.3
    p.knees += (0.16 - p.knees) * down[:, None]
    upper = p.upper
    upper[:, LEAN] += lean + 0.06 * down
    upper[:, BEND] += bend + 0.07 * down
    upper[:, NOD] += nod
    upper[:, SIDE] += 0.02 * np.sin(2 * np.pi * t / 7.0) * down
    reach = np.clip(lean / 0.7, 0, 1) * (1 - ramp(down, 0.65, 1.0))
    for arm in (0, 1):
        score.put_arm(
            arm, score.swing_arms(arm, 1.15 * reach + 0.1, 0.35 + 0.3 * reach, 0.16), reach
        )
    # Hands come to rest on the thighs.
    rest = ramp(down, 0.45, 1.0)
    for arm, sign in ((0, -1.0), (1, 1.0)):
        slide = 0.325 + 0.18 * np.clip(lean, 0.0, 1.0)
        spot = score.ahead(slide, 0.065, sign * 0.125, p.pelvis)
        score.put_arm(arm, score.reach(arm, spot, (-0.6, -0.7, 0.5)), rest)


def stand(score: Performance) -> None:
    """Get up from the chair (or straighten up) and stand tall."""
    t = score.time
    if score.start is None:
        locomotion.stand(score)
        move(score, BACK * score.body.height)
        first = 0.30
        takes = float(np.clip(1.30 / (score.person.tempo * score.beat.speed), 0.9, 2.2))
        rise(score, first, takes)
        tall = first + takes
    else:
        locomotion.stand(score)
        tall = score.ready
    p = score.pose
    proud = ramp(t, tall - 0.3, tall + 0.4)
    p.upper[:, LEAN] -= 0.02 * proud
    p.upper[:, BEND] -= 0.05 * proud
    p.upper[:, NOD] -= 0.03 * proud
    p.pelvis[:, 1] += 0.004 * score.scale * proud
    score.actions[:] = action("stand").index


def move(score: Performance, metres: float) -> None:
    """Move everything forward, so that the seat is where the actor was said to be."""
    shift = metres * score.ahead(1.0 / score.scale, 0.0, 0.0, np.zeros(3))
    score.pose.pelvis += shift
    score.pose.ankles += shift
    score.feet = score.feet + shift
    score.home = score.home + shift


def rise(score: Performance, first: float, takes: float) -> None:
    """Write getting up from the seat: lean, lift off, straighten."""
    t = score.time
    marks = [first, first + 0.38 * takes, first + 0.62 * takes, first + takes]
    lean = score.power * keys(t, marks, [0.0, 0.62, 0.58, 0.0])
    bend = keys(t, marks, [0.0, 0.20, 0.16, 0.0])
    nod = keys(t, marks, [0.0, -0.25, -0.25, 0.0])
    down = 1.0 - ramp(t, first + 0.24 * takes, first + takes)
    _settle_on_seat(score, down, lean, bend, nod)
