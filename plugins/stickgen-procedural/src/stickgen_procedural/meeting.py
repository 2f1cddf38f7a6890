"""Handshake, hug and high five: each does their half, toward the partner at the target."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from stickgen.core import schema
from stickgen.core.actions import action
from stickgen_procedural import locomotion, pose
from stickgen_procedural.curves import keys, ramp, window
from stickgen_procedural.performance import Performance
from stickgen_procedural.pose import BEND, LEAN, NOD, SIDE, TWIST

Array = NDArray[np.float64]

APART = 0.75
"""How far in front a partner nobody has named is taken to stand, metres for 1.70 m."""


def partner(score: Performance) -> Array:
    """Return where the partner stands on the ground: the target, else somebody in front."""
    target = score.state.target
    if target is None:
        return score.ahead(APART, 0.0, 0.0)
    return np.array([target[0], 0.0, target[1]])


def _face(score: Performance) -> tuple[float, float]:
    """Stand facing the partner; returns from when to when there is time to meet."""
    state = score.state
    turn = None
    if state.target is not None:
        here = np.array(state.position)
        gap = np.array(state.target) - here
        if np.hypot(*gap) > 1e-3:
            yaw = float(state.heading) if score.start is None else score.start.yaw
            way = float(np.arctan2(-gap[1], gap[0]))
            turn = yaw + (way - yaw + np.pi) % (2 * np.pi) - np.pi
            if score.start is None:
                score.state = replace(state, heading=way)
                turn = None
    locomotion.stand(score, turn_to=turn)
    return score.ready + (0.05 if score.start is not None else 0.20), float(score.time[-1])


def _between(score: Performance, up: float) -> Array:
    """Return the point half-way to the partner at a height *up* (metres for 1.70 m)."""
    middle = 0.5 * (score.home + partner(score))
    middle[1] = up * score.shared / schema.HEIGHT
    return middle


def _stoop(score: Performance, side: int, point: Array, on: Array, spare: float = 0.03) -> None:
    """Lean in as far as a hand needs to reach *point* with a share of the arm to *spare*, at most
    to a full bow.
    """
    p, body = score.pose, score.body
    shoulder = pose.shoulders(body, p)[:, side]
    far = np.linalg.norm(point - shoulder, axis=-1)
    short = float(np.clip(np.median(far) - (1.0 - spare) * body.arm, 0.0, 0.5 * body.height))
    torso = 0.25 * body.height
    lean = float(np.clip(short / torso, 0.0, 0.85))
    p.upper[:, LEAN] += lean * on
    p.upper[:, NOD] -= 0.4 * lean * on
    sign = 1.0 if side else -1.0
    p.upper[:, TWIST] += sign * 0.25 * on


def handshake(score: Performance) -> None:
    """Offer the right hand, meet half-way, shake three times, let go."""
    first, last = _face(score)
    t, beat = score.time, score.beat
    end = max(first + 1.6, last - 0.15)
    on = window(t, first, end, 0.50, 0.50)
    shakes = window(t, first + 0.55, end - 0.55, 0.15, 0.15)
    wave = np.sin(2 * np.pi * 2.2 * score.brisk * (t - first - 0.55)) * shakes
    score.soothe(1.0 - on)
    point = _between(score, 0.95)
    spot = np.broadcast_to(point, (len(t), 3)).copy()
    spot[:, 1] += 0.050 * float(np.clip(beat.intensity, 0.3, 1.8)) * score.scale * wave
    score.pose.upper[:, LEAN] += 0.08 * on
    score.pose.upper[:, NOD] += 0.03 * wave
    _stoop(score, 1, point, on)
    score.hold(1, spot, on, (-0.5, -0.9, 0.35))
    score.actions[(t >= first) & (t < end)] = action("handshake").index


def high_five(score: Performance) -> None:
    """Draw the right hand back and up, slap above head height, swing through and down."""
    first, last = _face(score)
    t, beat = score.time, score.beat
    one = 1.5 / float(np.clip(score.brisk, 0.7, 1.25))
    room = last - first
    count = beat.repetitions or (max(1, int((room + 0.3) / (one + 0.6))) if beat.seconds else 1)
    gap = max(one, room / count)
    pace = float(np.clip(room / (count * one), 0.95, 1.0))
    for n in range(count):
        begin = first + n * gap
        hit = begin + 0.62 * pace
        end = begin + one * pace
        on = window(t, begin, end, 0.3 * pace, 0.45 * pace)
        score.soothe(1.0 - on)
        # Farther apart, hands meet lower, where both can reach.
        apart = float(np.linalg.norm((partner(score) - score.home)[[0, 2]])) / score.scale
        far = float(np.clip((apart - 0.75) / 0.35, 0.0, 1.0))
        point = _between(score, 1.62 - 0.11 * far)
        point[1] = min(point[1], 0.955 * score.smaller)
        body = keys(t, [begin, begin + 0.36 * pace, hit, hit + 0.25, end], [0, -0.5, 1, 0.7, 0])
        score.pose.upper[:, TWIST] += 0.34 * score.power * body
        score.pose.upper[:, LEAN] += 0.09 * score.power * body
        score.pose.pelvis += (0.03 * body)[:, None] * score.ahead(1.0, 0, 0, np.zeros(3))
        _stoop(score, 1, point, on * np.clip(body, 0, 1), 0.03 + 0.07 * far)
        back = pose.arm_reach(
            score.body, np.array([-0.05, 0.30, 0.20]) * score.scale, (-0.3, -0.2, 1.0)
        )
        score.put_arm(1, np.broadcast_to(back, (len(t), 4)), on)
        slap = ramp(t, begin + 0.30 * pace, hit) * (1.0 - ramp(t, hit + 0.14, hit + 0.56))
        score.hold(1, np.broadcast_to(point, (len(t), 3)), slap, (0.0, -0.6, 0.8))
        down = ramp(t, hit + 0.14, hit + 0.66 * pace)
        score.put_arm(1, score.swing_arms(1, 0.1, 0.35), down * on)
        score.actions[(t >= begin) & (t < end)] = action("high_five").index


def hug(score: Performance) -> None:
    """Open the arms, step in, wrap them round the partner's back, rock, let go."""
    first, last = _face(score)
    t, p, k = score.time, score.pose, score.scale
    end = max(first + 2.0, last - 0.15)
    on = window(t, first, end, 0.45, 0.55)
    close = window(t, first + 0.35, end - 0.30, 0.65, 0.60)
    score.soothe(1.0 - on)
    target = partner(score)
    gap = float(np.linalg.norm((target - score.home)[[0, 2]]))
    come = max(0.0, 0.5 * (gap - 0.30 * k))
    ahead = score.ahead(1.0 / k, 0.0, 0.0, np.zeros(3))
    step = ramp(t, first + 0.35, first + 0.95) - ramp(t, end - 0.80, end - 0.15)
    come = min(come, 0.6 * k)
    p.pelvis += (come * step)[:, None] * ahead
    p.pelvis[:, 1] -= 0.02 * k * close
    for foot, late in ((1, 0.0), (0, 0.22)):
        go = ramp(t, first + 0.33 + late, first + 0.68 + late)
        back = ramp(t, end - 0.80 + 0.22 - late, end - 0.45 + 0.22 - late)
        far = min(come, 0.6 * k) * (go - back)
        p.ankles[:, foot] += far[:, None] * ahead
        hop = np.sin(np.pi * go) + np.sin(np.pi * back)
        p.ankles[:, foot, 1] += 0.06 * k * hop * (come > 0.03)
        score.planted[(hop > 1e-3), foot] = False
    rock = np.sin(2 * np.pi * 0.7 * score.brisk * (t - first)) * close * score.power**2
    # Each to their own left, so that the heads pass one another.
    p.upper[:, SIDE] += 0.07 * rock - 0.15 * close
    p.pelvis += (0.045 * close)[:, None] * score.ahead(0.0, 0.0, -1.0, np.zeros(3))
    p.upper[:, LEAN] += 0.10 * close
    p.upper[:, BEND] += 0.10 * close
    p.upper[:, NOD] += 0.10 * close
    p.upper[:, pose.COCK] -= 0.30 * close
    for side, sign in ((0, -1.0), (1, 1.0)):
        open_ = pose.arm_reach(score.body, np.array([0.30, 0.02, 0.26]) * k, (-0.3, -0.9, 0.5))
        score.put_arm(side, np.broadcast_to(open_, (len(t), 4)), on)
        high = 1.18 if side else 1.00
        spot = score.ahead(0.31, high, sign * 0.05, score.home) + (come * step)[:, None] * ahead
        score.put_arm(side, score.reach(side, spot, (0.1, -0.3, 1.0)), close)
    score.actions[(t >= first) & (t < end)] = action("hug").index
