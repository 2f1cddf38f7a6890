"""Things done with arms and head, alone or on top of another action: wave, point, clap, talk …"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stickgen.core import schema
from stickgen_procedural import pose
from stickgen_procedural.curves import ease, keys, ramp, window
from stickgen_procedural.performance import Performance
from stickgen_procedural.pose import BEND, COCK, LEAN, NOD, SIDE, TILT, TWIST

Array = NDArray[np.float64]

VIEWER = -np.pi / 3
"""Heading of somebody who faces the viewer of the default three-quarter picture."""

WAVE_HZ, CLAP_HZ = 1.85, 2.6

SIDEWAYS = 1.33
"""How far outward of forward a waving arm is held by choice, radians."""


def hand(score: Performance) -> int:
    """Return the hand (or foot) an action prefers: 0 left, 1 right."""
    if score.beat.hand in ("left", "right"):
        return 0 if score.beat.hand == "left" else 1
    return 1 if score.person.right_handed else 0


def open_up(score: Performance, weight: Array, most: float, *, feet_free: bool) -> None:
    """Turn the trunk toward the audience by up to *most* radians, as actors do on a stage."""
    p = score.pose
    gap = (VIEWER - p.yaw + np.pi) % (2 * np.pi) - np.pi
    turn = np.clip(gap, -most, most) * weight
    hips = 0.35 if feet_free else 0.0
    p.yaw = p.yaw + hips * turn
    p.upper[:, TWIST] += (1.0 - hips) * turn


def _seen(score: Performance, start: float, end: float) -> tuple[int, float]:
    """Return the hand to wave with and how far outward of forward it is held, in radians, so that
    head and body do not hide it from the viewer.
    """
    middle = (score.time >= start + 0.4) & (score.time <= max(end - 0.4, start + 0.6))
    facing_ = score.pose.yaw + score.pose.upper[:, TWIST]
    yaw = float(np.mean(facing_[middle])) if middle.any() else float(facing_[-1])
    own = hand(score)
    sides = (own,) if score.beat.hand else (own, 1 - own)
    best = (-np.inf, own, SIDEWAYS)
    for side in sides:
        for out in np.linspace(0.25, 1.40, 24):
            across = abs(np.sin(yaw + (-out if side else out) - VIEWER))
            worth = min(across, 0.85) - 0.10 * abs(out - SIDEWAYS) - 0.12 * (side != own)
            best = max(best, (float(worth), side, float(out)))
    return best[1], best[2]


def waving(score: Performance, start: float, end: float, count: int | None = None) -> Array:
    """Raise one arm, wave the forearm, lower it; returns the weight ``[T]`` of the gesture."""
    t, person = score.time, score.person
    side, out = _seen(score, start, end)
    rise = 0.42
    hz = WAVE_HZ * person.tempo * float(np.clip(score.beat.speed, 0.6, 1.6))
    if count is not None:
        end = min(end, start + rise + count / hz + 0.45)
    weight = window(t, start, end, rise, 0.48)
    waves = window(t, start + 0.6 * rise, end - 0.25, 0.25, 0.25)
    strength = float(np.clip(score.beat.intensity, 0.4, 1.6))
    angle = 2 * np.pi * hz * (t - start - rise)
    swing = np.sin(angle) * waves * strength
    lag = np.sin(angle + 0.9) * waves * strength
    ahead, aside = np.cos(out), np.sin(out)
    upper = np.stack([0.93 * ahead + 0 * t, 0.30 + 0.07 * lag, 0.93 * aside + 0 * t], axis=-1)
    tip = 0.32 + 0.48 * swing
    fore = np.stack([0.05 + ahead * np.sin(tip), np.cos(tip), aside * np.sin(tip)], axis=-1)
    # The hand rises in front of the body, elbow first.
    lift = np.clip((t - start) / rise, 0, 1)
    early = ((1 - ease(lift)) * (lift > 0))[:, None]
    fore = fore + early * np.array([0.9, -0.6, 0.0])
    score.put_arm(side, pose.arm_angles(upper, fore), weight)
    sign = 1.0 if side else -1.0
    score.pose.upper[:, TILT] -= 0.07 * sign * weight
    score.pose.upper[:, COCK] += (0.10 * sign + 0.03 * lag) * weight
    score.pose.upper[:, NOD] -= 0.04 * weight
    return weight


def clapping(score: Performance, start: float, end: float, count: int | None = None) -> Array:
    """Bring the hands up and clap; returns the weight ``[T]`` of the gesture."""
    t, person = score.time, score.person
    hz = CLAP_HZ * person.tempo * float(np.clip(score.beat.speed, 0.6, 1.6))
    rise = 0.36
    if count is not None:
        end = min(end, start + rise + (count - 0.5) / hz + 0.45)
    weight = window(t, start, end, rise, 0.42)
    # Phase 0 is the clap: hands fly apart quickly, hang, and come together faster still.
    phase = ((t - start - rise) * hz) % 1.0
    wide = float(np.clip(score.beat.intensity, 0.5, 1.6))
    last = end - 0.40
    apart = np.where((t < start + rise) | (t > last), 1.0, np.sin(np.pi * phase**0.85) ** 0.8)
    if count is not None:
        apart = np.where((t - start - rise) * hz > count - 0.75, np.maximum(apart, 0), apart)
    gap = 0.020 + 0.120 * wide * apart
    dip = 0.015 * np.cos(2 * np.pi * phase)
    frame = pose.chest_frame(score.pose)
    middle = pose.shoulders(score.body, score.pose).mean(axis=1)
    k = score.scale
    for side, sign in ((0, -1.0), (1, 1.0)):
        local = np.stack(
            [0.445 - 0.02 * apart, -0.050 - dip - 0.02 * apart * (1 - sign), sign * gap],
            axis=-1,
        )
        spot = middle + np.einsum("tij,tj->ti", frame, local * k)
        score.put_arm(side, score.reach(side, spot, (-0.25, -0.95, 0.50)), weight)
    score.pose.upper[:, BEND] += 0.02 * np.cos(2 * np.pi * phase) * weight
    score.pose.upper[:, NOD] += (-0.03 + 0.02 * np.cos(2 * np.pi * phase)) * weight
    return weight


def pointing(score: Performance, start: float, end: float) -> Array:
    """Draw the hand in, thrust it out, hold it; returns the weight ``[T]`` of the gesture."""
    t = score.time
    weight = window(t, start, end, 0.38, 0.55)
    target = _pointed_at(score)
    side = _pointing_hand(score, target)
    thrust = ramp(t, start + 0.20, start + 0.46)
    sign = 1.0 if side else -1.0
    p = score.pose.upper
    p[:, TWIST] += sign * (0.16 * thrust - 0.10 * (1 - thrust)) * weight
    p[:, LEAN] += 0.05 * thrust * weight
    p[:, NOD] -= 0.03 * weight
    overshoot = 0.07 * np.exp(-(((t - start - 0.50) / 0.09) ** 2))
    shoulder = pose.shoulders(score.body, score.pose)[:, side]
    way = target - shoulder
    way = way / np.linalg.norm(way, axis=-1, keepdims=True)
    arm = score.body.arm
    far = (0.42 + 0.565 * thrust + 0.2 * overshoot) * arm
    drift = 0.012 * np.sin(2 * np.pi * 0.6 * (t - start))
    spot = shoulder + far[:, None] * way
    spot[:, 1] += (0.05 * (1 - thrust) * -1 + drift + overshoot) * score.scale
    score.put_arm(side, score.reach(side, spot, (-0.2, -0.9, 0.6)), weight)
    return weight


def _pointed_at(score: Performance) -> Array:
    """Return the place in the world ``[T, 3]`` that is pointed at."""
    beat, state = score.beat, score.state
    k = score.scale
    n = len(score.time)
    base = score.pose.pelvis
    if state.target is not None:
        spot = np.array([state.target[0], 1.15 * k, state.target[1]])
        if np.hypot(*(spot[[0, 2]] - base[0, [0, 2]])) > 0.3:
            return np.array(np.broadcast_to(spot, (n, 3)))
    ways = {"left": (-3.0, 0.0), "right": (3.0, 0.0), "toward": (1.5, 2.6), "away": (-1.5, -2.6)}
    if beat.direction in ways:
        x, z = ways[beat.direction]
        return np.asarray(base + np.array([x, 0.62 * k, z]))
    # Nothing is named: point where the picture shows the arm at full length.
    yaw = score.pose.yaw if not score.feet.any() else np.full(n, score.home_yaw)
    way = yaw + np.clip(_across(yaw), -1.05, 1.05)
    level = 3.0 * np.stack([np.cos(way), np.zeros(n), -np.sin(way)], axis=-1)
    return np.asarray(base + level + np.array([0.0, 0.62 * k, 0.0]))


def _across(yaw: Array) -> Array:
    """Return the turn from *yaw* to the nearer of the two headings that lie across the picture."""
    return np.asarray((VIEWER + 0.5 * np.pi - yaw + 0.5 * np.pi) % np.pi - 0.5 * np.pi)


def _pointing_hand(score: Performance, target: Array) -> int:
    """Return the hand on the side of the *target*, unless the beat names one."""
    if score.beat.hand in ("left", "right"):
        return hand(score)
    gap = np.median(target - score.pose.pelvis, axis=0)
    yaw = float(np.median(score.pose.yaw))
    aside = gap[0] * np.sin(yaw) + gap[2] * np.cos(yaw)
    return hand(score) if abs(aside) < 0.15 * np.hypot(gap[0], gap[2]) else int(aside > 0)


def talking(score: Performance, start: float, end: float) -> Array:
    """Underline words with the hands, phrase by phrase; returns the weight ``[T]``."""
    t, rng = score.time, score.rng
    weight = window(t, start, end, 0.45, 0.5)
    strength = float(np.clip(score.beat.intensity, 0.4, 1.6))
    beats = np.zeros((2, len(t)))
    lifts = np.zeros((2, len(t)))
    at, lead = start, hand(score)
    while at < end:
        long = float(rng.uniform(0.9, 1.8))
        both = rng.random() < 0.4
        hz = float(rng.uniform(1.4, 2.2))
        phrase = window(t, at, at + long, 0.3, 0.35)
        for side in (0, 1):
            share = 1.0 if side == lead or both else 0.15
            lifts[side] += share * phrase
            beats[side] += share * phrase * np.sin(2 * np.pi * hz * (t - at))
        lead = 1 - lead if rng.random() < 0.35 else lead
        at += long + float(rng.uniform(0.05, 0.5))
    for side in (0, 1):
        up = 0.35 + 0.65 * np.clip(lifts[side], 0, 1)
        nudge = 0.07 * strength * beats[side]
        wrist = np.stack(
            [0.16 + 0.14 * up + 0.4 * nudge, -0.34 + 0.20 * up + nudge, -0.02 + 0.12 * up], axis=-1
        )
        arm = pose.arm_reach(score.body, wrist * score.scale, (-0.45, -0.9, 0.35))
        score.put_arm(side, arm, weight)
    upper = score.pose.upper
    upper[:, NOD] += 0.05 * (beats[0] + beats[1]) * weight * strength
    upper[:, COCK] += 0.05 * (lifts[1] - lifts[0]) * weight
    upper[:, BEND] += 0.03 * np.clip(lifts.sum(axis=0), 0, 1) * weight
    upper[:, TWIST] += 0.08 * (lifts[1] - lifts[0]) * weight
    return weight


def shouting(score: Performance, start: float, end: float) -> Array:
    """Cup both hands round the mouth and call, leaning into it; returns the weight ``[T]``."""
    t = score.time
    weight = window(t, start, end, 0.35, 0.45)
    call = np.clip(np.sin(2 * np.pi * 0.75 * (t - start - 0.3)), -0.4, 1.0) * weight
    upper = score.pose.upper
    upper[:, LEAN] += 0.05 * weight + 0.07 * call
    upper[:, BEND] += -0.04 * weight + 0.05 * call
    upper[:, NOD] += -0.14 * weight - 0.06 * call
    for side, sign in ((0, -1.0), (1, 1.0)):
        score.put_arm(side, _to_head(score, side, 0.135, -0.055, sign * 0.125), weight)
    return weight


def saluting(score: Performance, start: float, end: float) -> Array:
    """Bring the hand to the brow, hold it there, snap it down; returns the weight ``[T]``."""
    t, side = score.time, hand(score)
    weight = window(t, start, end, 0.34, 0.30)
    sign = 1.0 if side else -1.0
    upper = score.pose.upper
    upper[:, BEND] -= 0.06 * weight
    upper[:, NOD] -= 0.03 * weight
    brow = _to_head(score, side, 0.07, 0.10, sign * 0.19, (0.10, 0.15, 1.0))
    score.put_arm(side, brow, weight)
    return weight


def drinking(score: Performance, start: float, end: float) -> Array:
    """Raise a cup to the mouth, tilt it with the head, lower it; returns the weight ``[T]``."""
    t, side = score.time, hand(score)
    weight = window(t, start, end, 0.5, 0.55)
    sign = 1.0 if side else -1.0
    sips = (t - start) % 2.7
    up = ramp(sips, 0.35, 0.95) * (1 - ramp(sips, 1.85, 2.45)) * weight
    tilt = ramp(sips, 0.80, 1.35) * (1 - ramp(sips, 1.70, 2.05)) * weight
    upper = score.pose.upper
    upper[:, NOD] -= 0.30 * tilt
    upper[:, BEND] -= 0.07 * tilt
    low = pose.arm_reach(
        score.body, np.array([0.27, -0.20, -0.01]) * score.scale, (-0.5, -0.9, 0.45)
    )
    score.put_arm(side, np.broadcast_to(low, (len(t), 4)), weight)
    lips = _to_head(score, side, 0.185 + 0.03 * tilt, -0.06 + 0.05 * tilt, sign * 0.03)
    score.put_arm(side, lips, up)
    return weight


def nodding(score: Performance, start: float, end: float, count: int | None = None) -> Array:
    """Nod, each time a little less deeply; returns the weight ``[T]``."""
    t = score.time
    hz = 1.7 * float(np.clip(score.beat.speed, 0.6, 1.6))
    if count is not None:
        end = min(end, start + 0.2 + count / hz + 0.2)
    weight = window(t, start, end, 0.15, 0.3)
    down = 0.5 - 0.5 * np.cos(2 * np.pi * hz * (t - start))
    upper = score.pose.upper
    upper[:, NOD] += (0.42 * down - 0.06) * weight * score.beat.intensity
    upper[:, BEND] += 0.07 * down * weight
    return weight


def laughing(score: Performance, start: float, end: float) -> Array:
    """Shake with laughter, back and forth, a hand on the belly; returns the weight ``[T]``."""
    t, side = score.time, hand(score)
    weight = window(t, start, end, 0.4, 0.6)
    strength = float(np.clip(score.beat.intensity, 0.4, 1.6))
    rock = np.sin(2 * np.pi * 0.42 * (t - start) + 2.6)
    gust = np.clip(0.75 + 0.5 * np.sin(2 * np.pi * 0.55 * (t - start)), 0.2, 1.0)
    shake = np.sin(2 * np.pi * 4.3 * (t - start)) * gust
    upper = score.pose.upper
    upper[:, LEAN] += strength * (0.04 + 0.16 * rock) * weight
    upper[:, BEND] += strength * (0.08 + 0.16 * rock + 0.030 * shake) * weight
    upper[:, NOD] += strength * (-0.16 + 0.16 * rock + 0.05 * shake) * weight
    score.pose.pelvis[:, 1] -= 0.02 * score.scale * np.clip(rock, 0, 1) * weight
    sign = 1.0 if side else -1.0
    middle = pose.shoulders(score.body, score.pose).mean(axis=1)
    frame = pose.chest_frame(score.pose)
    for own, place in ((side, (0.165, -0.27, 0.02)), (1 - side, (0.13, -0.33, -0.10))):
        local = np.array([place[0], place[1], sign * place[2]]) * score.scale
        spot = middle + np.einsum("tij,j->ti", frame, local)
        spot[:, 1] += 0.012 * shake * score.scale
        score.put_arm(own, score.reach(own, spot, (-0.5, -0.6, 0.9)), weight)
    return weight


def eating(score: Performance, start: float, end: float) -> Array:
    """Take a bite from the hand, lower it, chew with the head; returns the weight ``[T]``."""
    t, side = score.time, hand(score)
    weight = window(t, start, end, 0.5, 0.55)
    sign = 1.0 if side else -1.0
    bites = (t - start) % 1.7
    up = ramp(bites, 0.15, 0.60) * (1 - ramp(bites, 0.80, 1.25)) * weight
    chew = np.sin(2 * np.pi * 2.1 * (t - start)) * weight
    upper = score.pose.upper
    upper[:, BEND] += 0.10 * weight + 0.06 * up
    upper[:, NOD] += 0.10 * weight + 0.10 * up + 0.030 * chew
    bowl = pose.arm_reach(
        score.body, np.array([0.20, -0.26, -0.10]) * score.scale, (-0.5, -0.9, 0.45)
    )
    low = pose.arm_reach(
        score.body, np.array([0.25, -0.24, -0.06]) * score.scale, (-0.5, -0.9, 0.45)
    )
    score.put_arm(1 - side, np.broadcast_to(bowl, (len(t), 4)), weight)
    score.put_arm(side, np.broadcast_to(low, (len(t), 4)), weight)
    score.put_arm(side, _to_head(score, side, 0.165, -0.09, sign * 0.03), up)
    return weight


def reading(score: Performance, start: float, end: float) -> Array:
    """Hold a book open before the chest, look down along the lines, turn pages; returns the
    weight ``[T]``.
    """
    t, side = score.time, hand(score)
    weight = window(t, start, end, 0.55, 0.55)
    upper = score.pose.upper
    line = ((t - start) * 0.45) % 1.0
    gaze = (np.where(line < 0.85, line / 0.85, 1 - (line - 0.85) / 0.15) - 0.5) * weight
    upper[:, BEND] += 0.08 * weight
    upper[:, NOD] += 0.42 * weight
    upper[:, COCK] += 0.05 * _smooth(gaze, 3)
    page = (t - start - 1.2) % 3.2
    turning = window(page, 0.0, 0.75, 0.35, 0.35) * weight
    for own in (0, 1):
        wrist = np.stack([0.235 + 0 * t, -0.185 + 0 * t, -0.055 + 0 * t], axis=-1)
        if own == side:
            wrist[:, 1] += 0.05 * turning
            wrist[:, 2] -= 0.13 * np.sin(np.pi * np.clip(page / 0.75, 0, 1)) * turning
        book = pose.arm_reach(score.body, wrist * score.scale, (-0.35, -0.9, 0.45))
        score.put_arm(own, book, weight)
    return weight


def _smooth(values: Array, radius: int) -> Array:
    kernel = np.hanning(2 * radius + 3)[1:-1]
    return np.convolve(np.pad(values, radius, mode="edge"), kernel / kernel.sum(), mode="valid")


def typing(score: Performance, start: float, end: float) -> Array:
    """Hold both hands over a keyboard and patter on it; returns the weight ``[T]``."""
    t = score.time
    weight = window(t, start, end, 0.45, 0.45)
    upper = score.pose.upper
    burst = np.clip(1.2 * np.sin(2 * np.pi * 0.31 * (t - start) + 0.9) + 0.9, 0.0, 1.0)
    upper[:, LEAN] += 0.05 * weight
    upper[:, BEND] += 0.13 * weight
    upper[:, NOD] += 0.16 * weight
    for own, late in ((0, 0.0), (1, 0.5)):
        tap = np.maximum(0.0, np.sin(2 * np.pi * (3.1 * (t - start) + late))) * burst
        drift = np.sin(2 * np.pi * 0.37 * (t - start) + 2.0 * own)
        wrist = np.stack(
            [0.275 + 0.008 * drift, -0.235 + 0.045 * tap, -0.035 + 0.018 * drift], axis=-1
        )
        keys_ = pose.arm_reach(score.body, wrist * score.scale, (-0.55, -0.9, 0.30))
        score.put_arm(own, keys_, weight)
    return weight


def singing(score: Performance, start: float, end: float) -> Array:
    """Hold a microphone to the mouth, sway, and let the other arm open on the long notes;
    returns the weight ``[T]``.
    """
    t, side = score.time, hand(score)
    weight = window(t, start, end, 0.5, 0.55)
    sign = 1.0 if side else -1.0
    sway = np.sin(2 * np.pi * 0.45 * (t - start))
    note = np.clip(np.sin(2 * np.pi * 0.225 * (t - start) - 0.4), 0.0, 1.0) ** 1.5
    upper = score.pose.upper
    upper[:, SIDE] += 0.07 * sway * weight
    upper[:, COCK] += 0.08 * sway * weight
    upper[:, BEND] -= 0.12 * note * weight
    upper[:, NOD] -= (0.05 + 0.22 * note) * weight
    microphone = _to_head(score, side, 0.205, -0.10, sign * 0.03, (-0.1, -0.8, 0.9))
    score.put_arm(side, microphone, weight)
    wrist = np.stack([0.18 + 0.14 * note, -0.26 + 0.34 * note, 0.10 + 0.26 * note], axis=-1)
    free = pose.arm_reach(score.body, wrist * score.scale, (-0.4, -0.9, 0.4))
    score.put_arm(1 - side, free, weight)
    return weight


def whispering(score: Performance, start: float, end: float) -> Array:
    """Lean in with one hand shielding the mouth; returns the weight ``[T]``."""
    t, side = score.time, hand(score)
    weight = window(t, start, end, 0.5, 0.5)
    sign = 1.0 if side else -1.0
    murmur = np.sin(2 * np.pi * 1.3 * (t - start)) * weight
    upper = score.pose.upper
    upper[:, LEAN] += 0.26 * weight
    upper[:, BEND] += 0.14 * weight
    upper[:, SIDE] -= 0.06 * sign * weight
    upper[:, COCK] += 0.14 * sign * weight
    upper[:, NOD] += 0.06 * weight + 0.03 * murmur
    shield = _to_head(score, side, 0.20, -0.01, sign * 0.13, (-0.2, -0.9, 0.6))
    score.put_arm(side, shield, weight)
    return weight


def crying(score: Performance, start: float, end: float) -> Array:
    """Bury the face in both hands, sink, and shake with sobs; returns the weight ``[T]``."""
    t = score.time
    weight = window(t, start, end, 0.7, 0.7)
    strength = float(np.clip(score.beat.intensity, 0.4, 1.6))
    gust = np.clip(0.55 + 0.6 * np.sin(2 * np.pi * 0.4 * (t - start)), 0.1, 1.0)
    sob = np.sin(2 * np.pi * 2.6 * (t - start)) * gust * strength
    upper = score.pose.upper
    upper[:, LEAN] += 0.12 * weight
    upper[:, BEND] += (0.30 + 0.035 * sob) * weight
    upper[:, NOD] += (0.40 + 0.05 * sob) * weight
    score.pose.pelvis[:, 1] -= 0.02 * score.scale * weight
    for side, sign in ((0, -1.0), (1, 1.0)):
        face = _to_head(score, side, 0.165, -0.02, sign * 0.07, (0.1, -1.0, 0.35))
        score.put_arm(side, face, weight)
    return weight


def looking(score: Performance, start: float, end: float) -> Array:
    """Shade the eyes with one hand and turn to one side, to the other, and back; returns the
    weight ``[T]``.
    """
    t, side = score.time, hand(score)
    weight = window(t, start, end, 0.45, 0.5)
    sign = 1.0 if side else -1.0
    u = (t - start) / 3.6
    phase = u % 1.0
    glance = keys(phase, [0.0, 0.12, 0.42, 0.58, 0.90, 1.0], [0.0, 1.0, 1.0, -1.0, -1.0, 0.0])
    p = score.pose
    p.upper[:, TWIST] += -sign * 0.55 * glance * weight
    p.yaw = p.yaw + sign * -0.22 * glance * weight
    p.upper[:, LEAN] += 0.16 * np.abs(glance) * weight
    p.upper[:, BEND] += 0.06 * np.abs(glance) * weight
    p.upper[:, SIDE] += 0.05 * sign * glance * weight
    p.upper[:, COCK] += 0.10 * sign * glance * weight
    p.upper[:, NOD] -= 0.14 * weight
    brow = _to_head(score, side, 0.17, 0.07, sign * 0.10, (0.10, -0.2, 1.0))
    score.put_arm(side, brow, weight)
    return weight


def _to_head(
    score: Performance, side: int, fore: ArrayLike, up: ArrayLike, right: float,
    elbow: tuple[float, float, float] = (0.2, -0.8, 0.75),
) -> Array:  # fmt: skip
    """Return arm angles that bring a wrist to (forward, up, right) metres of the head's centre."""
    joints = pose.joints(score.body, score.pose)
    face = joints[:, schema.J["head_center"]]
    frame = pose.chest_frame(score.pose)
    n = len(score.time)
    local = np.stack([np.broadcast_to(v, (n,)) for v in (fore, up, right)], axis=-1) * score.scale
    return score.reach(side, face + np.einsum("tij,tj->ti", frame, local), elbow)
