"""Kicks and punches: gather, strike fast, follow through, recover."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stickgen.core.actions import action
from stickgen_procedural import locomotion, pose
from stickgen_procedural.curves import ease, keys, ramp, window
from stickgen_procedural.gestures import VIEWER
from stickgen_procedural.performance import Performance
from stickgen_procedural.pose import BEND, LEAN, NOD, SIDE, TWIST
from stickgen_procedural.steps import rightward, rolled

Array = NDArray[np.float64]

PUNCH_GATHER, PUNCH_STRIKE, PUNCH_HOLD, PUNCH_BACK = 0.22, 0.13, 0.07, 0.34
KICK_GATHER, KICK_STRIKE, KICK_HOLD, KICK_BACK = 0.44, 0.29, 0.18, 0.72


def striking_side(score: Performance) -> int:
    """Return the stronger hand or foot, 0 left, 1 right: the one named, else the one nearer to the
    viewer, so that a fighter in guard shows his front.
    """
    if score.beat.hand in ("left", "right"):
        return 0 if score.beat.hand == "left" else 1
    asked = locomotion.facing(score)
    yaw = score.state.heading if score.start is None else score.start.yaw
    gap = (VIEWER - (yaw if asked is None else asked) + np.pi) % (2 * np.pi) - np.pi
    return 1 if gap < 0 else 0


def guard(score: Performance, side: int, lead: bool) -> Array:
    """Return the angles of an arm held up before the chin: [4]."""
    wrist = [0.33, 0.0, 0.02] if lead else [0.27, -0.02, 0.02]
    elbow = [-0.15, -1.0, 0.30] if lead else [-0.35, -1.0, 0.40]
    return pose.arm_reach(score.body, np.array(wrist) * score.scale, elbow)


PUNCH = PUNCH_GATHER + PUNCH_STRIKE + PUNCH_HOLD + PUNCH_BACK
KICK = KICK_GATHER + KICK_STRIKE + KICK_HOLD + KICK_BACK
DUCK = 0.85
TAKES = {"punch": PUNCH, "kick": KICK + 0.15, "duck": DUCK}
"""Seconds of each move of a fight."""

ROUND = ("punch", "punch", "punch", "duck", "punch", "punch", "kick", "punch")
"""The moves of a fight in turn."""


def punch(score: Performance) -> None:
    """Throw punches from a guard, right and left in turn (or one hand, if the beat names it)."""
    _box(score, 1)


def fight(score: Performance) -> None:
    """Circle in guard, punch in series, kick, duck under what comes back."""
    _box(score, 2)


def fight_stance(score: Performance) -> None:
    """Stand in guard, light on the feet, and strike at nothing."""
    _box(score, 0)


def _moves(score: Performance, least: int, room: float) -> tuple[list[str], list[float]]:
    """Return which moves there is *room* for, in seconds, and the pauses after them."""
    beat, rng = score.beat, score.rng
    if least == 0:
        return [], []
    kinds = ROUND if least == 2 else ("punch",)
    offset = int(rng.integers(0, 2)) if least == 2 and beat.repetitions is None else 0
    moves: list[str] = []
    gaps: list[float] = []
    while True:
        move = kinds[(len(moves) + offset) % len(kinds)]
        if beat.repetitions is not None:
            if len(moves) == beat.repetitions:
                break
        elif moves:
            whole = sum(TAKES[m] for m in moves) + sum(gaps) + TAKES[move]
            if (not beat.seconds and len(moves) >= (4 if least == 2 else 1)) or whole > room - 0.3:
                break
        moves.append(move)
        quick = move == "punch" and rng.random() < 0.7
        gaps.append(-0.14 if beat.repetitions is not None or quick else 0.30)
    gaps[-1] = 0.0
    return moves, gaps


def _box(score: Performance, least: int) -> None:
    """Take a guard and strike: not at all, with fists as the beat wants, or (2) with everything."""
    beat, t, k = score.beat, score.time, score.scale
    strong = striking_side(score)
    sign = 1.0 if strong else -1.0
    half = 0.115 * k
    fore = (0.155 * k, -0.175 * k)
    feet = ((fore[0 if strong else 1], -half), (fore[1 if strong else 0], half))
    locomotion.stand(score, feet)
    first = max(score.ready - 0.15, 0.0) + 0.25
    first = min(first, max(0.10, t[-1] - PUNCH))
    room = t[-1] - first
    moves, gaps = _moves(score, least, room)
    long = sum(TAKES[move] for move in moves) + sum(gaps)
    pace = float(np.clip((room - 0.3) / max(long, 0.1), 0.8, 1.0))
    pace /= float(np.clip(beat.speed * score.person.tempo, 0.6, 1.3))
    begins, at = [], first
    for move, gap in zip(moves, gaps, strict=True):
        begins.append(at)
        at += (TAKES[move] + gap) * pace
    end = at if moves else t[-1]
    held = window(t, first - 0.35, min(end + 0.45, t[-1] + 1.0), 0.45, 0.5)
    if end + 0.45 > t[-1] or (least != 1 and beat.seconds and beat.repetitions is None):
        # A fighter keeps his guard for as long as the fight lasts.
        end = max(end, float(t[-1]))
        held = ramp(t, first - 0.35, first + (0.55 if least == 0 else 0.10))
    if score.start is None:
        held = np.maximum(held, (t < first + 0.2) * 1.0)
    p = score.pose
    power = float(np.clip(0.4 + 0.6 * beat.intensity, 0.6, 1.4))
    score.soothe(1.0 - 0.6 * held)
    p.pelvis[:, 1] -= 0.034 * k * power * held
    bob = np.sin(2 * np.pi * 1.9 * score.brisk * t)
    p.pelvis[:, 1] += (0.006 if least == 1 else 0.014) * k * power * bob * held
    if least != 1:
        step = 0.035 * np.sin(2 * np.pi * 0.47 * score.brisk * t + 6.28 * score.person.phase)
        p.pelvis += (step * power * held)[:, None] * score.ahead(1.0, 0.0, 0.0, np.zeros(3))
        p.upper[:, SIDE] += 0.06 * power * np.sin(2 * np.pi * 0.95 * score.brisk * t) * held
    p.upper[:, LEAN] += 0.11 * held
    p.upper[:, BEND] += 0.09 * held
    p.upper[:, NOD] += 0.06 * held
    p.upper[:, TWIST] += sign * -0.28 * held
    p.yaw = p.yaw - sign * 0.20 * held
    for side in (0, 1):
        score.put_arm(side, guard(score, side, side != strong), held)
    blows: list[tuple[int, Array, Array]] = []
    fists = 0
    for move, begin in zip(moves, begins, strict=True):
        if move == "kick":
            _one_kick(score, begin, pace, strong, arms=False)
        elif move == "duck":
            _duck(score, begin, DUCK * pace)
        else:
            leads = beat.hand is not None or fists % 2 == (0 if len(moves) == 1 else 1)
            side = strong if leads else 1 - strong
            blows.append((side, *_blow(score, begin, pace, side, side == strong)))
            fists += 1
    for side, out, gather in blows:
        across = -0.02 if side else 0.02
        target = score.ahead(0.80, 1.275, across)
        elbow = (-0.3, -0.9, 0.45)
        straight = score.reach(side, np.broadcast_to(target, (len(t), 3)), elbow)
        back = pose.arm_angles([-0.25, -0.85, 0.45], [0.75, 0.40, -0.10])
        score.put_arm(side, back, 0.65 * gather)
        score.put_arm(side, straight, out)
    doing = (t >= first - 0.3) & (t < end + 0.3)
    score.actions[doing] = action(beat.action).index


def _duck(score: Performance, begin: float, takes: float) -> None:
    """Slip under a blow: knees deep, trunk forward and over to one side, and up on the other."""
    t, p, H = score.time, score.pose, score.body.height
    on = window(t, begin, begin + takes, 0.45 * takes, 0.50 * takes)
    over = np.sin(2 * np.pi * np.clip((t - begin) / takes, 0.0, 1.0))
    p.pelvis[:, 1] -= 0.115 * H * on
    p.upper[:, LEAN] += 0.38 * on
    p.upper[:, BEND] += 0.14 * on
    p.upper[:, NOD] -= 0.16 * on
    p.upper[:, SIDE] += 0.26 * over * on


def _blow(
    score: Performance, begin: float, pace: float, side: int, strong: bool
) -> tuple[Array, Array]:
    """Write trunk and feet of one blow; returns how far the fist is out and how far it is drawn."""
    t, p, k = score.time, score.pose, score.scale
    a = begin + PUNCH_GATHER * pace
    b = a + PUNCH_STRIKE
    c = b + PUNCH_HOLD
    d = c + PUNCH_BACK * pace
    out = np.where(t < b, np.clip((t - a) / (b - a), 0, 1) ** 1.6, 1.0 - ease((t - c) / (d - c)))
    out = np.where(t < a, 0.0, out)
    body = keys(t, [begin, a, b + 0.01, c + 0.04, d], [0.0, -0.35, 1.0, 0.95, 0.0])
    gather = keys(t, [begin, a, b, d], [0.0, 1.0, 0.0, 0.0])
    s = 1.0 if side else -1.0
    power = float(np.clip(score.beat.intensity, 0.4, 1.5)) * (1.0 if strong else 0.6)
    p.upper[:, TWIST] += s * 0.62 * power * body
    p.yaw = p.yaw + s * 0.34 * power * body
    p.upper[:, LEAN] += 0.12 * power * body
    p.upper[:, SIDE] -= s * 0.04 * body
    ahead = score.ahead(1.0, 0.0, 0.0, np.zeros(3))
    p.pelvis += (0.085 * power * body)[:, None] * ahead
    p.pelvis[:, 1] -= 0.02 * k * np.abs(body)
    if strong:
        over, up = rolled(score.body, 0.75 * np.clip(body, 0, 1))
        p.ankles[:, side] += over[:, None] * ahead / k + up[:, None] * [0, 1, 0]
    return out, gather


def kick(score: Performance) -> None:
    """Kick forward: weight over the other leg, knee first, then the shin; the foot comes back."""
    beat, t = score.beat, score.time
    leg = striking_side(score)
    ready = 0.09 * score.scale if beat.direction is None else 0.0
    half = 0.115 * score.scale * score.person.width
    ahead = (-ready, ready) if leg == 0 else (ready, -ready)
    locomotion.stand(score, ((ahead[0], -half), (ahead[1], half)))
    one = KICK
    first = score.ready + (0.08 if score.start is not None else 0.25)
    room = t[-1] - first
    count = beat.repetitions or max(1, int((room + 0.15) / (one + 0.35)) if beat.seconds else 1)
    pace = float(np.clip((room - 0.1) / (count * (one + 0.1)), 0.7, 1.0))
    pace /= float(np.clip(beat.speed * score.person.tempo, 0.7, 1.5))
    rest = float(np.clip((room - count * one * pace) / count, 0.05, 0.45))
    at = first
    for _ in range(count):
        _one_kick(score, at, pace, leg)
        at += one * pace + rest
    end = at - rest
    held = window(t, first - 0.35, end + 0.3, 0.4, 0.4)
    score.pose.pelvis[:, 1] -= 0.02 * score.scale * held
    score.actions[(t >= first) & (t < end)] = action("kick").index


def _one_kick(
    score: Performance, begin: float, pace: float, leg: int, *, arms: bool = True
) -> None:
    t, p, k = score.time, score.pose, score.scale
    s = 1.0 if leg else -1.0
    high = float(np.clip(0.35 + 0.65 * score.beat.intensity, 0.5, 1.30))
    a = begin + 0.17 * pace
    b = begin + KICK_GATHER * pace
    c = b + 0.5 * KICK_STRIKE
    d = b + KICK_STRIKE
    e = d + KICK_HOLD
    f = e + 0.42 * KICK_BACK * pace
    g = e + KICK_BACK * pace
    h = g + 0.25 * pace
    on = window(t, begin, h, 0.2, 0.3)
    if arms:
        score.soothe(1.0 - 0.8 * on)
    foot = score.feet[leg]
    home = score.home
    local = foot - home
    fore0 = float(local[[0, 2]] @ score.ahead(1 / k, 0, 0, np.zeros(3))[[0, 2]]) / k
    right0 = float(local[[0, 2]] @ rightward(score.home_yaw)) / k
    low = foot[1] / k
    lifted = (t > a) & (t < g)
    path = keys(
        t,
        [a, b - 0.05 * pace, b + 0.02, c, d, e, f, g],
        [
            [fore0, low, right0],
            [fore0 - 0.34, 0.32, right0],
            [fore0 - 0.31, 0.34, right0],
            [0.26, 0.42 * high, right0 * 0.8],
            [0.84, 0.95 * high, right0 * 0.6],
            [0.83, 0.97 * high, right0 * 0.6],
            [0.26, 0.36, right0 * 0.9],
            [fore0, low, right0],
        ],
    )
    world = score.ahead(path[:, 0], path[:, 1], path[:, 2])
    p.ankles[lifted, leg] = world[lifted]
    score.planted[lifted, leg] = False
    marks = [begin, a, b, d, e, f, g, h]
    ahead = score.ahead(1.0, 0.0, 0.0, np.zeros(3))
    side = np.array([rightward(score.home_yaw)[0], 0.0, rightward(score.home_yaw)[1]]) * k
    weight = keys(t, marks, [0.0, 0.8, 1.0, 1.0, 1.0, 0.9, 0.5, 0.0])
    p.pelvis -= (s * 0.075 * weight)[:, None] * side
    p.pelvis += keys(t, marks, [0.0, -0.01, -0.02, 0.07, 0.08, 0.04, 0.0, 0.0])[:, None] * ahead
    p.pelvis[:, 1] += keys(t, marks, [0.0, -0.02, -0.035, 0.0, 0.0, -0.025, -0.02, 0.0]) * k
    p.upper[:, LEAN] += keys(t, marks, [0.0, 0.05, 0.14, -0.42, -0.46, -0.05, 0.05, 0.0])
    p.upper[:, BEND] += keys(t, marks, [0.0, 0.03, 0.05, 0.14, 0.16, 0.06, 0.0, 0.0])
    p.upper[:, NOD] += keys(t, marks, [0.0, 0.03, 0.0, 0.16, 0.18, 0.05, 0.0, 0.0])
    p.upper[:, SIDE] -= s * 0.06 * weight
    turn = keys(t, marks, [0.0, -0.10, -0.25, 0.32, 0.34, 0.10, 0.0, 0.0])
    p.yaw = p.yaw + s * turn
    p.upper[:, TWIST] -= s * 1.7 * turn
    p.roll = p.roll - s * keys(t, marks, [0.0, 0.05, 0.05, 0.12, 0.12, 0.06, 0.0, 0.0])
    if not arms:
        return
    swing = keys(t, marks, [0.0, 0.2, 0.45, -0.75, -0.80, -0.2, 0.0, 0.0])
    bent = keys(t, marks, [0.6, 0.9, 1.1, 0.55, 0.55, 0.9, 0.7, 0.6])
    wide = keys(t, marks, [0.18, 0.24, 0.38, 0.50, 0.50, 0.35, 0.24, 0.18])
    same = score.swing_arms(leg, swing, bent, wide)
    # The arm across from the leg stays up before the chest.
    up = guard(score, 1 - leg, True)
    score.put_arm(leg, same, on)
    score.put_arm(1 - leg, np.broadcast_to(up, (len(t), 4)), on)
