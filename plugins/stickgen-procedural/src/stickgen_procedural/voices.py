"""What goes with a voice: talking, shouting, whispering, singing, laughing, crying."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stickgen_procedural import pose
from stickgen_procedural.curves import keys, window
from stickgen_procedural.gestures import (
    aside,
    bout,
    calm,
    clear_hand,
    hand,
    lean_ahead,
    strength,
    to_head,
)
from stickgen_procedural.performance import Performance
from stickgen_procedural.pose import BEND, COCK, HEAD_FOLLOWS, LEAN, NOD, SIDE, TWIST

Array = NDArray[np.float64]

REST = (0.05, -0.47, 0.08)
PHRASES = (
    ((0.36, -0.02, 0.34), REST),
    ((0.24, 0.16, 0.24), REST),
    ((0.33, -0.10, -0.09), (0.31, -0.25, -0.07)),
    ((0.18, -0.14, -0.14), (0.36, -0.12, 0.30)),
)
"""Where a talker holds the leading and the other hand, (forward, up, out) of the shoulders in
metres: here you are; mind you; first, on the palm of the other hand; I for one."""


SHOUT_ELBOW = (0.0, -1.3, 0.75)
"""Where a shouter's elbows point, (forward, up, out)."""


def talking(score: Performance, start: float, end: float) -> Array:
    """Explain with one hand at a time, one gesture a phrase and a beat on every stress, the weight
    shifting from foot to foot; returns the weight ``[T]``.
    """
    t, rng = score.time, score.rng
    weight = bout(score, start, end, 0.45, 0.5)
    power = strength(score)
    times, places, stress = [start - 1.0], [PHRASES[0]], np.zeros_like(t)
    at, lead, last = start, hand(score), -1
    leads = [lead]
    while at < end:
        long = float(rng.uniform(0.9, 1.3)) / score.brisk
        pick = (last + int(rng.integers(1, len(PHRASES)))) % len(PHRASES)
        own = PHRASES[pick] if lead == 1 else PHRASES[pick][::-1]
        times += [at + 0.36 / score.brisk, at + long]
        places += [own, own]
        leads += [lead, lead]
        stress += window(t, at + 0.25, at + long, 0.15) * np.sin(
            2 * np.pi * 1.5 * score.brisk * (t - at) - 0.6
        )
        lead, last, at = 1 - lead, pick, at + long
    spots = keys(t, times, np.array(places)[:, ::-1])
    one = keys(t, times, 2.0 * np.array(leads) - 1.0) * weight
    far = 0.8 + 0.2 * power
    for side in (0, 1):
        wrist = spots[:, side] * [far, 1.0, far]
        leading = 0.5 + (one if side else -one) * 0.5
        beat = (0.06 * power) * stress * leading
        wrist[:, :2] += np.array([0.4, 1.0]) * beat[:, None]
        arm = pose.arm_reach(score.body, wrist * score.scale, (-0.35, -1.0, 0.35))
        score.put_arm(side, arm, weight)
    upper = score.pose.upper
    upper[:, NOD] += 0.08 * stress * weight * power
    upper[:, COCK] += 0.12 * one
    upper[:, LEAN] += 0.05 * weight * power
    upper[:, BEND] += 0.04 * weight
    upper[:, TWIST] += 0.10 * one
    shift = one * calm(score) * power
    score.pose.pelvis += (0.055 * score.scale * shift)[:, None] * aside(score.pose.yaw)
    upper[:, SIDE] += 0.08 * shift
    return weight


def shouting(score: Performance, start: float, end: float) -> Array:
    """Rear back for breath, then drop into the knees and throw the whole body behind a call
    through both hands cupped about the mouth; returns the weight ``[T]``.
    """
    t = score.time
    weight = bout(score, start, end, 0.40, 0.50)
    turn = (0.62 * score.brisk * (t - start - 0.05)) % 1.0
    marks = [0.0, 0.22, 0.42, 0.80, 1.0]
    breath = keys(turn, marks, [0.5, 1.0, 0.0, 0.0, 0.5]) * weight
    call = keys(turn, marks, [0.0, 0.0, 1.0, 0.9, 0.0]) * weight
    shake = np.sin(2 * np.pi * 3.0 * (t - start)) * call
    upper = score.pose.upper
    power = min(strength(score), 1.15)
    lean_ahead(score, power * (0.66 * call - 0.26 * breath))
    upper[:, BEND] += power * (-0.26 * breath + 0.02 * call + 0.02 * shake)
    upper[:, NOD] += -0.30 * breath - 0.62 * call
    ahead = score.ahead(1.0, 0.0, 0.0, np.zeros(3))
    low = power * calm(score)
    score.pose.pelvis += ((0.13 * call - 0.08 * breath) * low)[:, None] * ahead
    score.pose.pelvis[:, 1] -= score.scale * (0.09 * call + 0.02 * breath) * low
    # The hands go with the mouth, whichever way the chest leans.
    mouth = (1.0 - HEAD_FOLLOWS) * (upper[:, LEAN] + upper[:, BEND]) - upper[:, NOD] - 0.95
    for arm, sign in ((0, -1.0), (1, 1.0)):
        fore, up = 0.20 * np.cos(mouth), 0.20 * np.sin(mouth)
        cup = to_head(score, arm, fore, up - 0.06, sign * 0.14, SHOUT_ELBOW)
        score.put_arm(arm, cup, weight)
    return weight


def laughing(score: Performance, start: float, end: float) -> Array:
    """Hold the belly and rear back shaking, double up and slap the knee, point at what is so funny,
    and rear back again; returns the weight ``[T]``.
    """
    t, side = score.time, hand(score)
    weight = bout(score, start, end, 0.45, 0.6)
    power = strength(score)
    turn = (score.brisk * (t - start) / 3.5) % 1.0
    marks = [0.0, 0.10, 0.36, 0.46, 0.66, 0.76, 0.92, 1.0]
    back = keys(turn, marks, [0.7, 1.0, 0.9, 0.0, 0.0, 0.45, 0.55, 0.7]) * weight
    fold = keys(turn, marks, [0.0, 0.0, 0.0, 1.0, 0.9, 0.0, 0.0, 0.0]) * weight
    jab = keys(turn, marks, [0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0]) * weight
    shake = np.sin(2 * np.pi * 3.9 * (t - start)) * weight
    slap = 1.0 - (0.5 + 0.5 * np.cos(2 * np.pi * 1.7 * score.brisk * (t - start))) ** 3
    upper = score.pose.upper
    upper[:, LEAN] += power * (0.58 * fold - 0.30 * back)
    upper[:, BEND] += power * (0.30 * fold - 0.24 * back + 0.05 * shake)
    upper[:, NOD] += power * (0.08 * fold - 0.55 * back + 0.05 * shake)
    ahead = score.ahead(1.0, 0.0, 0.0, np.zeros(3))
    standing = power * calm(score)
    score.pose.pelvis += ((0.07 * back - 0.11 * fold) * standing)[:, None] * ahead
    low = 0.060 * fold + 0.050 * back + 0.012 * shake
    score.pose.pelvis[:, 1] -= score.scale * low * standing
    middle = pose.shoulders(score.body, score.pose).mean(axis=1)
    frame = pose.chest_frame(score.pose)
    for arm, sign in ((0, -1.0), (1, 1.0)):
        local = np.array([0.17, -0.30 if arm == side else -0.37, sign * 0.03]) * score.scale
        spot = middle + np.einsum("tij,j->ti", frame, local)
        spot[:, 1] += 0.022 * shake * score.scale
        score.put_arm(arm, score.reach(arm, spot, (-0.9, -0.2, 0.8)), weight)
    sign = 1.0 if side else -1.0
    far = 0.30 + 0.34 * slap
    knee = (
        score.pose.pelvis + far[:, None] * ahead + 0.10 * sign * score.scale * aside(score.pose.yaw)
    )
    knee[:, 1] += (-0.16 + 0.26 * slap * power) * score.scale
    score.put_arm(side, score.reach(side, knee, (-0.3, 0.3, 0.9)), fold)
    out = pose.arm_reach(score.body, np.array([0.52, -0.02, 0.02]) * score.scale, (-0.2, -1.0, 0.4))
    score.put_arm(side, np.broadcast_to(out, (len(t), 4)), jab)
    return weight


def singing(score: Performance, start: float, end: float) -> Array:
    """Hold a microphone before the mouth and sing to the last row: the free arm gathers
    each phrase at the heart and flings it wide open to the side, hips swaying from foot to foot;
    returns the weight ``[T]``.
    """
    t, side = score.time, clear_hand(score)
    weight = bout(score, start, end, 0.5, 0.55)
    hz = 0.42 * score.brisk
    power = strength(score)
    sway = np.sin(2 * np.pi * hz * (t - start))
    turn = (hz * (t - start) - 0.10) % 1.0
    note = keys(turn, [0.0, 0.26, 0.76, 1.0], [0.0, 1.0, 1.0, 0.0]) * weight
    high = keys(turn, [0.0, 0.26, 0.76, 1.0], [0.0, 0.35, 1.0, 0.0]) * weight
    trill = np.sin(2 * np.pi * 1.1 * score.brisk * (t - start))
    upper = score.pose.upper
    free = -1.0 if side else 1.0
    upper[:, SIDE] += (0.10 * sway * weight - 0.08 * free * high) * power
    upper[:, COCK] += 0.08 * sway * weight
    upper[:, LEAN] -= 0.08 * power * note
    upper[:, BEND] -= (0.04 + 0.20 * power * note) * weight
    upper[:, NOD] -= (0.04 + 0.30 * power * high) * weight
    level = power * weight * calm(score)
    score.pose.pelvis += (0.075 * score.scale * sway * level)[:, None] * aside(score.pose.yaw)
    score.pose.pelvis[:, 1] -= 0.03 * score.scale * np.abs(sway) * level
    wide = 0.75 + 0.25 * power
    wrist = np.stack(
        [
            0.23 - 0.18 * note,
            -0.10 + (0.34 * note + 0.26 * high + 0.02 * trill * note) * wide,
            -0.16 + 0.54 * note * wide - 0.16 * high,
        ],
        axis=-1,
    )
    arm = pose.arm_reach(score.body, wrist * score.scale, (-0.3, -1.0, 0.5))
    score.put_arm(1 - side, arm, weight)
    microphone = to_head(score, side, 0.27, -0.24, -0.10 * free, (-0.2, -0.8, 1.0))
    score.put_arm(side, microphone, weight)
    return weight


def whispering(score: Performance, start: float, end: float) -> Array:
    """A finger to the lips and a look about; then lean far over to one side and murmur behind a
    hand held up beside the mouth; returns the weight ``[T]``.
    """
    t, side = score.time, hand(score)
    weight = bout(score, start, end, 0.45, 0.6)
    sign = 1.0 if side else -1.0
    turn = (score.brisk * (t - start) / 4.0) % 1.0
    marks = [0.0, 0.28, 0.40, 0.92, 1.0]
    lean = keys(turn, marks, [0.0, 0.0, 1.0, 1.0, 0.0]) * weight
    murmur = np.sin(2 * np.pi * 1.3 * score.brisk * (t - start)) * weight
    look = keys(turn, [0.0, 0.06, 0.17, 0.28, 1.0], [0.0, 1.0, -1.0, 0.0, 0.0]) * weight
    upper = score.pose.upper
    power = 0.6 + 0.4 * strength(score)
    upper[:, LEAN] += (0.16 * lean + 0.03 * murmur) * power
    upper[:, SIDE] += 0.55 * sign * lean * power
    upper[:, BEND] += 0.10 * (weight - lean) * power
    upper[:, NOD] += 0.04 * murmur
    upper[:, COCK] += 0.12 * sign * lean + 0.12 * look
    upper[:, TWIST] += 0.34 * look
    standing = power * calm(score)
    score.pose.pelvis += (0.05 * sign * lean * standing)[:, None] * aside(score.pose.yaw)
    score.pose.pelvis[:, 1] -= (0.03 * lean + 0.05 * (weight - lean)) * score.scale * standing
    lips = to_head(score, side, 0.245, -0.08, 0.0, (0.3, -1.0, 0.0))
    shield = to_head(score, side, 0.22, -0.13 + 0.008 * murmur, sign * 0.13, (0.2, -0.6, 1.0))
    score.put_arm(side, lips, weight)
    score.put_arm(side, shield, lean)
    return weight


def crying(score: Performance, start: float, end: float) -> Array:
    """Bury the face in both hands, sink deeper with every sob, then let one arm hang and wipe the
    eyes with the back of the other hand; returns the weight ``[T]``.
    """
    t, side = score.time, hand(score)
    weight = bout(score, start, end, 0.7, 0.7)
    power = strength(score)
    gust = np.clip(0.55 + 0.6 * np.sin(2 * np.pi * 0.4 * (t - start)), 0.1, 1.0)
    hz = 2.4 * score.brisk
    sob = np.sin(2 * np.pi * hz * (t - start)) * gust * power
    turn = (score.brisk * (t - start) / 3.4) % 1.0
    wipe = keys(turn, [0.0, 0.50, 0.62, 0.92, 1.0], [0.0, 0.0, 1.0, 1.0, 0.0]) * weight
    deep = keys(turn, [0.0, 0.45, 0.70, 1.0], [0.5, 1.0, 0.25, 0.5]) * weight
    upper = score.pose.upper
    upper[:, LEAN] += (0.12 + 0.06 * power) * weight + 0.26 * power * deep
    upper[:, BEND] += (0.34 + 0.045 * sob) * weight + 0.12 * deep
    upper[:, NOD] += (0.46 + 0.07 * sob) * weight + 0.10 * deep
    low = 0.03 * weight + 0.07 * power * deep + 0.010 * sob * weight
    score.pose.pelvis[:, 1] -= low * score.scale * calm(score)
    across = 0.07 * np.sin(2 * np.pi * 1.1 * score.brisk * (t - start))
    for arm, sign in ((0, -1.0), (1, 1.0)):
        face = to_head(score, arm, 0.185, -0.01, sign * 0.07, (0.0, -1.0, 0.25))
        score.put_arm(arm, face, weight)
        if arm == side:
            eyes = to_head(score, arm, 0.19, 0.02, sign * 0.05 + across, (0.2, -0.7, 0.9))
            score.put_arm(arm, eyes, wipe)
        else:
            score.put_arm(arm, score.swing_arms(arm, 0.10, 0.20), wipe)
    return weight
