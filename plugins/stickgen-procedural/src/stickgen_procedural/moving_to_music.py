"""Dancing, jumping jacks and hopping: moves on a beat."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stickgen.core.actions import action
from stickgen_procedural import locomotion, pose
from stickgen_procedural.curves import ramp
from stickgen_procedural.gestures import VIEWER, clear_hand, hand, open_up
from stickgen_procedural.keyposes import STANDING as UP
from stickgen_procedural.keyposes import Arm, Key, chest, here, perform, swing
from stickgen_procedural.performance import Performance
from stickgen_procedural.pose import ARM, BEND, LEAN, NOD, TILT

Array = NDArray[np.float64]

BEAT = 0.50
"""Seconds of a beat of dance music."""

JACK = 1.04
HOP, HOP_AIR = 0.56, 0.28

_HIGH = chest(0.06, 0.27, 0.13, (0.2, -0.2, 1.0))
_OPEN = chest(0.06, 0.12, 0.27, (0.0, -0.9, 0.3))
_HIP = chest(0.02, -0.21, 0.02, (-0.5, 0.0, 1.0))
_PUMP = chest(0.13, 0.14, 0.13, (0.0, -0.7, 0.8))
_LOW = chest(0.03, -0.14, 0.25, (-0.2, -0.6, 0.8))
_ACROSS = chest(0.12, -0.20, -0.16, (0.0, -0.5, 1.0))
_DISCO = chest(0.05, 0.235, 0.19, (0.0, -0.4, 0.9))

# (left arm, right arm) on each beat of four figures of four beats.
_FIGURES: tuple[tuple[tuple[Arm, Arm], ...], ...] = (
    ((_PUMP, _LOW), (_LOW, _PUMP), (_PUMP, _LOW), (_LOW, _PUMP)),
    ((_HIP, _DISCO), (_HIP, _ACROSS), (_HIP, _DISCO), (_HIP, _ACROSS)),
    ((_OPEN, _HIGH), (_HIGH, _OPEN), (_OPEN, _HIGH), (_HIGH, _OPEN)),
    ((_DISCO, _HIP), (_ACROSS, _HIP), (_DISCO, _HIP), (_ACROSS, _HIP)),
)


def _measure(n: int, at: float, strong: float) -> list[Key]:
    """Return the keys of beat *n*: down onto one foot with the hip out, and up again."""
    figure = _FIGURES[(n // 4) % len(_FIGURES)]
    left, right = figure[n % 4]
    out = 1.0 if n % 2 else -1.0
    step = 0.105
    feet = {
        "left_foot": (0.0, 0.0, -step) if out > 0 else (0.015, 0.045, -step),
        "right_foot": (0.0, 0.0, step) if out < 0 else (0.015, 0.045, step),
    }
    hip = 0.072 * strong
    down = Key(
        at, (0.0, UP - 0.055 * strong - 0.012, out * hip), yaw=0.20 * out,
        roll=0.16 * out * strong, lean=0.09, bend=0.03, side=-0.15 * out * strong,
        tilt=0.24 * out * strong, twist=-0.36 * out, head=0.07, cock=0.18 * out,
        left=left, right=right, knees=(0.28, 0.28), **feet,
    )  # fmt: skip
    up = Key(
        at + 0.5 * BEAT, (0.0, UP - 0.018, 0.3 * out * hip), lean=0.0,
        side=-0.03 * out, twist=-0.05 * out, head=-0.06, left=left, right=right,
        knees=(0.22, 0.22), left_foot=(0.0, 0.0, -step), right_foot=(0.0, 0.0, step),
    )  # fmt: skip
    return [down, up]


def _to_the_audience(score: Performance) -> float | None:
    """Return the heading that shows the moves to the viewer, unless the beat says where to face."""
    if score.state.target is not None or score.beat.direction is not None:
        return None
    yaw = score.state.heading if score.start is None else score.start.yaw
    gap = (VIEWER - yaw + np.pi) % (2 * np.pi) - np.pi
    return yaw + float(np.clip(gap, -1.9, 1.9))


def dance(score: Performance) -> None:
    """Step from side to side on the beat, hips out, arms through four figures in turn."""
    locomotion.stand(score, turn_to=_to_the_audience(score))
    t, beat = score.time, score.beat
    first = score.ready + (0.05 if score.start is not None else 0.10)
    tempo = float(np.clip(beat.speed * score.person.tempo, 0.6, 1.5))
    count = max(2, int(((t[-1] - first) * tempo - 0.8) / BEAT))
    strong = float(np.clip(beat.intensity, 0.5, 1.5))
    begin = int(score.rng.integers(0, 4)) * 4
    table = [Key(0.0)]
    for n in range(count):
        table += _measure(begin + n, 0.45 + n * BEAT, strong)
    table.append(Key(table[-1].at + 0.55))
    end = perform(score, table, first, 1.0 / tempo, fade_in=0.3, fade_out=0.4)
    score.actions[(t >= first) & (t < end - 0.2)] = action("dance").index


def jumping_jacks(score: Performance) -> None:
    """Jump the feet apart with the hands over the head, and together again."""
    locomotion.stand(score, turn_to=_to_the_audience(score))
    t, beat = score.time, score.beat
    first = score.ready + (0.05 if score.start is not None else 0.20)
    one = JACK / float(np.clip(beat.speed * score.person.tempo, 0.8, 1.25))
    longer = score.place.stretched(0.25 * one) - 0.25 * one
    one += 2.0 * longer
    room = t[-1] - first - 0.5
    count = beat.repetitions or max(1, int(room / one))
    low = chest(0.02, -0.295, 0.06, (-0.5, -0.5, 0.5))
    wide = chest(0.01, 0.03, 0.305, (0.0, -0.9, 0.2))
    high = chest(0.02, 0.295, -0.03, (0.0, 0.0, 1.0))
    table = [Key(0.0), Key(0.22, (0.0, UP - 0.045, 0.0), lean=0.06, left=low, right=low)]
    flights = []
    at = 0.22
    width = 0.11 * score.power
    half = 0.5 * one
    for n in range(2 * count):
        opening = n % 2 == 0
        a, b = (0.0, width) if opening else (width, 0.0)
        ends = (low, high) if opening else (high, low)
        brief = half - longer
        leave, land = at + 0.30 * brief, at + 0.80 * brief + longer
        for when, w, arm, up, toe in (
            (leave, a, None, -0.004, 0.018),
            (0.5 * (leave + land), 0.5 * (a + b), wide, 0.0, 0.03),
            (land, b, None, -0.012, 0.012),
        ):
            drop = 0.5 * w * w
            left = arm or (ends[0] if when == leave else ends[1])
            hands = left if when != leave else ends[0]
            table.append(
                Key(
                    when,
                    (0.0, UP - drop + up, 0.0),
                    left=hands,
                    right=hands,
                    left_foot=(0.0, toe, -w),
                    right_foot=(0.0, toe, w),
                )
            )
        flights.append((leave, land))
        at += half
        table.append(
            Key(
                at,
                (0.0, UP - 0.5 * b * b - 0.035, 0.0),
                lean=0.04,
                left=ends[1],
                right=ends[1],
                left_foot=(0.0, 0.0, -b),
                right_foot=(0.0, 0.0, b),
                knees=(0.25, 0.25),
            )
        )
    table.append(Key(at + 0.5))
    end = perform(score, table, first, fade_in=0.15, fade_out=0.3)
    score.flights += [(first + leave, first + land) for leave, land in flights]
    score.actions[(t >= first) & (t < end - 0.2)] = action("jumping_jacks").index


def hop(score: Performance) -> None:
    """Hop along on one leg, the other foot drawn up behind, arms pumping."""
    locomotion.stand(score)
    t, beat = score.time, score.beat
    first = score.ready + (0.05 if score.start is not None else 0.20)
    floor = here(score)
    pace = float(np.clip(beat.speed * score.person.stride, 0.4, 1.8))
    far = (
        0.9 * HOP * pace * score.place.pace / 1.70 * (-0.6 if beat.direction == "backward" else 1.0)
    )
    room = t[-1] - first - 1.1
    high = float(np.clip(0.55 + 0.45 * beat.intensity, 0.6, 1.25)) ** 0.5
    air = score.place.stretched(HOP_AIR * high)
    one = HOP - HOP_AIR + air
    count = beat.repetitions or max(1, int(room / one))
    leg = hand(score)
    s = 1.0 if leg else -1.0
    names = ("left_foot", "right_foot")

    def key(at: float, x: float, up: float, toe: float, arms: float, lean: float, fore: float,
            free: tuple[float, float, float], foot: float) -> Key:  # fmt: skip
        feet = {names[leg]: (foot, toe, -0.035 * s), names[1 - leg]: (x + free[0], free[1], 0.0)}
        return Key(
            at, (x + fore, UP + up, 0.030 * s), roll=-0.05 * s, lean=lean, side=0.05 * s,
            left=swing(arms, 1.1, 0.35), right=swing(arms, 1.1, 0.35),
            left_foot=feet["left_foot"], right_foot=feet["right_foot"],
        )  # fmt: skip

    up_behind = (-0.14, 0.20, 0.0)
    table = [Key(0.0)]
    table.append(key(0.40, 0.0, -0.075, 0.0, -0.7, 0.20, 0.02, up_behind, 0.0))
    at, x = 0.40, 0.0
    flights = []
    for _ in range(count):
        leave, land = at + 0.13, at + 0.13 + air
        table.append(key(leave, x, 0.0, 0.04, 0.6, 0.10, 0.05, up_behind, x + 0.02))
        middle = x + 0.5 * far
        table.append(
            key(0.5 * (leave + land), middle, 0.03, 0.10, 0.8, 0.06, 0.04, (-0.16, 0.24, 0), middle)
        )
        x += far
        table.append(key(land, x, -0.012, 0.015, 0.1, 0.10, -0.01, up_behind, x))
        flights.append((leave, land))
        at += one
        table.append(key(at, x, -0.075, 0.0, -0.6, 0.20, 0.02, up_behind, x))
    table.append(Key(at + 0.5, (x, UP, 0.0), left_foot=(x, 0.0, 0.0), right_foot=(x, 0.0, 0.0)))
    shift = floor.at(np.array([x, 0.0, 0.0]), score.body.height) - floor.origin
    later = t > first + 0.5 * at
    score.pose.pelvis[later] += shift
    score.pose.ankles[later] += shift
    end = perform(score, table, first, floor=floor, fade_in=0.3, fade_out=0.3)
    score.flights += [(first + leave, first + land) for leave, land in flights]
    score.actions[(t >= first) & (t < end - 0.2)] = action("hop").index


def dribble(score: Performance) -> None:
    """Jog along with one hand bouncing a ball, the other arm held out to guard it."""
    locomotion.go(score)
    t, p, H = score.time, score.pose, score.body.height
    side = clear_hand(score)
    sign = 1.0 if side else -1.0
    on = ramp(t, 0.0, 0.7) if score.start is not None else np.ones_like(t)
    if score.lying or score.seated:
        on = ramp(t, score.ready - 0.4, score.ready + 0.2)
    hard = float(np.clip(0.6 + 0.4 * score.beat.intensity, 0.7, 1.3))
    push_down = 1.40 * min(hard, 1.03)
    phase = 0.0
    if score.before is not None and score.state.action == "dribbling":
        # The ball goes on bouncing as it does.
        on = np.ones_like(t)
        elbow, earlier = score.before.upper[:, ARM[side].stop - 1]
        gone = float(np.clip((1.60 - elbow) / push_down, 0.0, 1.0))
        phase = float(np.arccos(1.0 - 2.0 * gone)) * (1.0 if elbow <= earlier else -1.0)
    wave = np.cos(2 * np.pi * 1.6 * float(np.clip(score.beat.speed, 0.7, 1.4)) * t + phase)
    low = 0.5 - 0.5 * wave
    p.upper[:, LEAN] += (0.02 + 0.12 * low) * on
    p.upper[:, TILT] += sign * (0.02 + 0.10 * low) * on
    p.upper[:, BEND] += (0.02 + 0.08 * low) * on
    p.upper[:, NOD] += 0.16 * on
    p.pelvis[:, 1] -= 0.016 * H * low * on
    # The forearm pushes the ball down beside the knee and rides up with it.
    push = score.swing_arms(side, 0.62, 1.60 - push_down * low, 0.38)
    score.put_arm(side, push, on)
    shield = pose.arm_reach(
        score.body, np.array([0.24, -0.16, 0.34]) * score.scale, (-0.6, -0.5, 0.8)
    )
    score.put_arm(1 - side, np.broadcast_to(shield, (len(t), 4)), on)
    if score.state.target is None:
        open_up(score, 0.9 * on, 0.40, feet_free=False)
