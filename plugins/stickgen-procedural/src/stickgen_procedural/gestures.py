"""Things done with arms and head, alone or on top of another action: wave, point, clap, talk …"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stickgen.core import schema
from stickgen_procedural import curves, pose
from stickgen_procedural.curves import bump, ease, keys, ramp, window
from stickgen_procedural.performance import FLUID, Performance
from stickgen_procedural.pose import BEND, COCK, LEAN, NOD, SIDE, TILT, TWIST

Array = NDArray[np.float64]

VIEWER = -np.pi / 3
"""Heading of somebody who faces the viewer of the default three-quarter picture."""

WAVE_HZ, CLAP_HZ, NOD_HZ = 1.85, 2.1, 1.35

SIDEWAYS = 1.33
"""How far outward of forward a waving arm is held by choice, radians."""


def hand(score: Performance) -> int:
    """Return the hand (or foot) an action prefers: 0 left, 1 right."""
    if score.beat.hand in ("left", "right"):
        return 0 if score.beat.hand == "left" else 1
    return 1 if score.person.right_handed else 0


def clear_hand(score: Performance) -> int:
    """Return the hand that can be seen before the face: the one named, else the one farther from
    the viewer.
    """
    if score.beat.hand in ("left", "right"):
        return hand(score)
    gap = (VIEWER - float(np.median(score.pose.yaw)) + np.pi) % (2 * np.pi) - np.pi
    return 0 if gap < 0 else 1


def open_up(score: Performance, weight: Array, most: float, *, feet_free: bool) -> None:
    """Turn the trunk toward the audience by up to *most* radians, as actors do on a stage; a
    negative *most* turns it side-on to them instead, which shows what hands do before the body.
    """
    p = score.pose
    gap = _across(p.yaw) if most < 0 else (VIEWER - p.yaw + np.pi) % (2 * np.pi) - np.pi
    turn = np.clip(gap, -abs(most), abs(most)) * weight
    hips = 0.35 if feet_free else 0.0
    p.yaw = p.yaw + hips * turn
    p.upper[:, TWIST] += (1.0 - hips) * turn


OPENS = {
    "idle": 0.40,
    "wave": 0.75,
    "salute": 0.85,
    "talk": 0.50,
    "sing": 0.40,
    "shout": 0.45,
    "clap": 0.50,
    "reading": -0.50,
    "eating": 0.45,
    "cry": 0.15,
    "laugh": -0.40,
    "drinking": 0.55,
    "looking_around": 0.95,
    "nod": -0.50,
    "whisper": 0.60,
}
"""How far somebody who stands and has no partner turns toward the audience, radians."""


def strength(score: Performance) -> float:
    """Return the beat's intensity, held to where a gesture stays one."""
    return float(np.clip(score.beat.intensity, 0.4, 1.6))


def bout(score: Performance, start: float, end: float, rise: float, fall: float) -> Array:
    """Return the weight ``[T]`` of a gesture from *start* to *end* that takes so many seconds to
    come and to go, and longer in somebody slow.
    """
    slow = 1.0 / min(score.brisk, 1.0)
    most = 0.5 * max(end - start, 0.1)
    return window(score.time, start, end, min(rise * slow, most), min(fall * slow, most))


def akimbo(score: Performance, side: int, weight: Array) -> None:
    """Put a hand on the hip, elbow out, with a *weight* ``[T]``."""
    p, k = score.pose, score.scale
    sign = 1.0 if side else -1.0
    ahead = np.stack([np.cos(p.yaw), 0 * p.yaw, -np.sin(p.yaw)], axis=-1)
    spot = p.pelvis + k * (0.04 * ahead + sign * 0.155 * aside(p.yaw))
    spot[:, 1] += 0.09 * k
    score.put_arm(side, score.reach(side, spot, (-0.55, 0.15, 1.0)), weight)


def waiting(score: Performance) -> None:
    """Rest on one leg, then on the other; look about; somebody restless puts a hand on the hip."""
    t, p, k, rng = score.time, score.pose, score.scale, score.rng
    power = strength(score)
    still = calm(score)
    begin = score.ready + 0.2 if score.start is not None else float(rng.uniform(0.2, 0.7))
    score.soothe(0.4 * still)
    lean = np.zeros_like(t)
    look = np.zeros_like(t)
    hip = np.zeros((2, len(t)))
    side = 1.0 if rng.random() < 0.5 else -1.0
    at, asked = begin, hand(score)
    while at < t[-1]:
        long = float(rng.uniform(1.9, 3.4)) / score.brisk
        part = window(t, at, at + long + 0.5, 0.65, 0.65)
        lean += side * part
        look += float(rng.choice([-1.0, 1.0])) * window(t, at + 0.5, at + long, 0.5, 0.6)
        if score.beat.intensity > 1.2 and rng.random() < 0.6:
            rest = asked if rng.random() < 0.7 else 1 - asked
            hip[rest] = np.maximum(hip[rest], window(t, at + 0.2, at + long + 0.4, 0.55, 0.55))
        side, at = -side, at + long
    lean, look = lean * still * power, look * still
    if score.state.target is None and score.beat.direction is None:
        open_up(score, 0.5 * still * window(t, begin - 0.2, t[-1] + 9.0, 0.9), OPENS["idle"],
                feet_free=True)  # fmt: skip
    p.pelvis += (0.052 * k * lean)[:, None] * aside(p.yaw)
    p.pelvis[:, 1] -= 0.016 * k * np.abs(lean)
    p.roll = p.roll - 0.085 * lean
    p.upper[:, SIDE] -= 0.085 * lean
    p.upper[:, TILT] += 0.115 * lean
    p.upper[:, COCK] += 0.05 * lean + 0.10 * look
    p.upper[:, TWIST] += 0.30 * look
    p.upper[:, NOD] += 0.05 * np.abs(look)
    for arm in (0, 1):
        if hip[arm].any():
            akimbo(score, arm, hip[arm] * still)


def aside(yaw: Array) -> Array:
    """Return the direction to the right of a heading ``[T]`` in the world ``[T, 3]``."""
    return np.stack([np.sin(yaw), np.zeros_like(yaw), np.cos(yaw)], axis=-1)


def calm(score: Performance) -> Array:
    """Return how far the body stands at rest on its feet ``[T]``, 0-1."""
    if score.seated:
        return np.zeros_like(score.time)
    return 1.0 - np.interp(score.time, score.route.time, np.clip(4 * score.route.stirring, 0, 1))


def lean_ahead(score: Performance, angle: Array) -> None:
    """Lean the trunk by *angle* ``[T]`` radians to where the chest faces."""
    upper = score.pose.upper
    upper[:, LEAN] += angle * np.cos(upper[:, TWIST])
    upper[:, SIDE] -= angle * np.sin(upper[:, TWIST])


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
    t = score.time
    side, out = _seen(score, start, end)
    rise = 0.42
    hz = WAVE_HZ * score.brisk
    if count is not None:
        end = min(end, start + rise + count / hz + 0.45)
    weight = window(t, start, end, rise, 0.48)
    waves = window(t, start + 0.6 * rise, end - 0.25, 0.25, 0.25)
    power = strength(score)
    angle = 2 * np.pi * hz * (t - start - rise)
    swing = np.sin(angle) * waves * power
    lag = np.sin(angle + 0.9) * waves * power
    ahead, across = np.cos(out), np.sin(out)
    upper = np.stack([0.93 * ahead + 0 * t, 0.30 + 0.07 * lag, 0.93 * across + 0 * t], axis=-1)
    tip = 0.32 + 0.48 * swing
    fore = np.stack([0.05 + ahead * np.sin(tip), np.cos(tip), across * np.sin(tip)], axis=-1)
    # The hand rises in front of the body, elbow first.
    lift = np.clip((t - start) / rise, 0, 1)
    early = ((1 - ease(lift)) * (lift > 0))[:, None]
    fore = fore + early * np.array([0.9, -0.6, 0.0])
    score.put_arm(side, pose.arm_angles(upper, fore), weight)
    sign = 1.0 if side else -1.0
    # The weight goes to the other leg, and the whole body sways along behind the hand.
    still = calm(score) * weight
    along = sign * np.sin(angle - 0.5) * waves * power
    shift = -0.045 * sign + 0.014 * along
    score.pose.pelvis += (score.scale * shift * still)[:, None] * aside(score.pose.yaw)
    score.pose.pelvis[:, 1] -= score.scale * (0.010 - 0.006 * along) * still
    score.pose.roll = score.pose.roll + 0.05 * sign * still
    score.pose.upper[:, SIDE] += (0.05 * sign + 0.030 * along) * weight
    score.pose.upper[:, TILT] += (-0.10 * sign + 0.020 * along) * weight
    score.pose.upper[:, COCK] += (0.10 * sign + 0.03 * lag) * weight
    score.pose.upper[:, NOD] -= 0.04 * weight
    return weight


def clapping(score: Performance, start: float, end: float, count: int | None = None) -> Array:
    """Bring the hands up and clap, one palm down on the other; returns the weight ``[T]``."""
    t = score.time
    hz = CLAP_HZ * score.brisk
    rise = 0.36
    if count is not None:
        end = min(end, start + rise + count / hz + 0.45)
    weight = window(t, start, end, rise, 0.42)
    # Phase 0 is the clap: hands fly apart, and come together again.
    phase = ((t - start - rise) * hz + 0.5) % 1.0
    wide = strength(score)
    # Rounding the arms' way off costs a quick clap some of its width: aim beyond.
    more = np.exp(0.5 * (2 * np.pi * hz * FLUID) ** 2)
    # The last clap is finished: the hands go down from where they are apart.
    last = start + rise + max(int((end - 0.40 - start - rise) * hz), 1) / hz
    apart = np.where(
        (t < start + rise) | (t > last), 1.0, 0.5 - 0.5 * more * np.cos(2 * np.pi * phase)
    )
    # A manner that holds the elbows out would keep the hands from meeting.
    out = 0.25 * max(score.person.manner.spread, 0.0)
    gap = 0.016 - out + (0.31 + 0.12 * wide) * apart
    frame = pose.chest_frame(score.pose)
    middle = pose.shoulders(score.body, score.pose).mean(axis=1)
    k, above = score.scale, hand(score)
    for side, sign in ((0, -1.0), (1, 1.0)):
        up = 0.02 + 0.10 * apart if side == above else -0.02 + 0.08 * apart
        local = np.stack([0.420 - 0.10 * apart, -0.10 + up, sign * gap], axis=-1)
        spot = middle + np.einsum("tij,tj->ti", frame, local * k)
        score.put_arm(side, score.reach(side, spot, (-0.3, -1.0, 0.70)), weight)
    beat = np.cos(2 * np.pi * phase)
    score.pose.upper[:, BEND] += (0.03 + 0.03 * beat) * weight
    score.pose.upper[:, NOD] += (0.02 + 0.03 * beat) * weight
    return weight


def pointing(score: Performance, start: float, end: float) -> Array:
    """Draw the hand in, thrust it out, hold it; returns the weight ``[T]`` of the gesture."""
    t = score.time
    weight = bout(score, start, end, 0.38, 0.55)
    target = _pointed_at(score)
    side = _pointing_hand(score, target)
    draw = start + 0.20 / score.brisk
    thrust = ramp(t, draw, draw + 0.28 / score.brisk)
    sign = 1.0 if side else -1.0
    p = score.pose.upper
    power = strength(score)
    p[:, TWIST] += sign * (0.26 * thrust - 0.16 * (1 - thrust)) * weight
    p[:, LEAN] += power * (0.17 * thrust - 0.05 * (1 - thrust)) * weight
    p[:, BEND] -= 0.04 * thrust * weight
    p[:, NOD] += (0.05 - 0.12 * thrust) * weight
    if score.beat.action == "point":
        akimbo(score, 1 - side, weight * ramp(t, start + 0.1, start + 0.55))
    overshoot = 0.07 * np.exp(-(((t - draw - 0.30 / score.brisk) / 0.09) ** 2))
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


def saluting(score: Performance, start: float, end: float) -> Array:
    """Draw oneself up, bring the hand to the temple with the elbow level, hold it there, cut it
    away; returns the weight ``[T]``.
    """
    t, side = score.time, hand(score)
    weight = window(t, start, end, 0.40 / score.brisk, 0.36 / score.brisk)
    sign = 1.0 if side else -1.0
    upper = score.pose.upper
    smart = weight * strength(score)
    upper[:, LEAN] -= 0.05 * smart
    upper[:, BEND] -= 0.13 * smart
    upper[:, NOD] -= 0.05 * smart
    score.pose.pelvis[:, 1] += 0.006 * score.scale * smart
    temple = to_head(score, side, 0.07, 0.05, sign * 0.205, (0.0, 0.45, 1.0))
    score.put_arm(side, temple, weight)
    score.put_arm(1 - side, score.swing_arms(1 - side, -0.05, 0.03, 0.06), weight)
    return weight


def drinking(score: Performance, start: float, end: float, count: int | None = None) -> Array:
    """Raise a cup to the mouth, tilt it with the head, lower it; returns the weight ``[T]``."""
    t, side = score.time, clear_hand(score)
    if count is not None:
        end = min(end, start + count * 2.7 / score.brisk + 0.3)
    weight = bout(score, start, end, 0.5, 0.75)
    sign = 1.0 if side else -1.0
    sips = ((t - start) * score.brisk) % 2.7
    up = ramp(sips, 0.35, 0.95) * (1 - ramp(sips, 1.85, 2.45)) * weight
    tilt = ramp(sips, 0.80, 1.35) * (1 - ramp(sips, 1.70, 2.05)) * weight
    upper = score.pose.upper
    power = strength(score)
    upper[:, NOD] -= 0.48 * power * tilt
    upper[:, BEND] -= 0.16 * power * tilt
    upper[:, LEAN] -= 0.05 * power * tilt
    low = pose.arm_reach(
        score.body, np.array([0.31, -0.15, 0.02]) * score.scale, (-0.4, -0.9, 0.45)
    )
    score.put_arm(side, np.broadcast_to(low, (len(t), 4)), weight)
    elbow = (0.70, -0.20, 0.75)
    lips = to_head(score, side, 0.215 + 0.01 * tilt, -0.055 + 0.075 * tilt, sign * 0.05, elbow)
    score.put_arm(side, lips, up)
    if score.beat.action == "drinking" and not score.seated:
        akimbo(score, 1 - side, weight)
    return weight


def nodding(score: Performance, start: float, end: float, count: int | None = None) -> Array:
    """Nod deeply with the head, neck and shoulders; returns the weight ``[T]`` of the gesture."""
    t = score.time
    hz = NOD_HZ * score.brisk
    if count is not None:
        end = min(end, start + 0.2 + count / hz + 0.2)
    weight = bout(score, start, end, 0.25, 0.35)
    wave = np.cos(2 * np.pi * hz * (t - start))
    # Chin down and chin up last longer than the way between them.
    down = 0.5 - 0.5 * np.sin(0.5 * np.pi * wave)
    upper = score.pose.upper
    power = strength(score)
    upper[:, NOD] += (1.10 * down - 0.30) * weight * power
    upper[:, BEND] += (0.36 * down - 0.10) * weight * power
    upper[:, LEAN] += (0.06 * down - 0.01) * weight * power
    return weight


def eating(score: Performance, start: float, end: float, count: int | None = None) -> Array:
    """Take a bite from the hand, lower it, chew with the head; returns the weight ``[T]``."""
    t, side = score.time, clear_hand(score)
    if count is not None:
        end = min(end, start + count * 1.6 / score.brisk + 0.2)
    weight = bout(score, start, end, 0.5, 0.55)
    sign = 1.0 if side else -1.0
    bites = ((t - start) * score.brisk) % 1.6
    up = ramp(bites, 0.12, 0.58) * (1 - ramp(bites, 0.80, 1.25)) * weight
    chew = np.sin(2 * np.pi * 2.1 * (t - start)) * weight
    upper = score.pose.upper
    power = strength(score)
    upper[:, LEAN] += 0.07 * weight + 0.09 * power * up
    upper[:, BEND] += 0.14 * weight + 0.12 * power * up
    upper[:, NOD] += 0.12 * weight + 0.10 * up + 0.040 * chew
    bowl = pose.arm_reach(
        score.body, np.array([0.30, -0.17, -0.05]) * score.scale, (-0.5, -0.9, 0.45)
    )
    low = pose.arm_reach(score.body, np.array([0.33, -0.15, 0.00]) * score.scale, (-0.3, -0.8, 0.7))
    score.put_arm(1 - side, np.broadcast_to(bowl, (len(t), 4)), weight)
    score.put_arm(side, np.broadcast_to(low, (len(t), 4)), weight)
    mouth = to_head(score, side, 0.215, -0.085, sign * 0.05, (0.60, -0.35, 0.80))
    score.put_arm(side, mouth, up)
    return weight


def reading(score: Performance, start: float, end: float) -> Array:
    """Hold a book open before the belly, head bent over its lines, and turn a page now and then;
    returns the weight ``[T]``.
    """
    t, side = score.time, hand(score)
    weight = bout(score, start, end, 0.55, 0.55)
    upper = score.pose.upper
    line = ((t - start) * 0.30) % 1.0
    gaze = (np.where(line < 0.85, line / 0.85, 1 - (line - 0.85) / 0.15) - 0.5) * weight
    upper[:, BEND] += 0.10 * weight
    upper[:, NOD] += 0.62 * weight
    upper[:, COCK] += 0.10 * strength(score) * curves.smooth(gaze, 0.12, score.fps)
    page = (score.brisk * (t - start) - 1.2) % 3.2
    over = np.clip(page / 1.1, 0.0, 1.0)
    turning = np.sin(np.pi * over) * weight * (t > start + 1.2 / score.brisk)
    for own in (0, 1):
        wrist = np.stack([0.330 + 0 * t, -0.145 + 0 * t, -0.035 + 0 * t], axis=-1)
        if own == side:
            # Up and over to the other page in an arc, and back with it.
            wrist[:, 0] += 0.03 * turning
            wrist[:, 1] += (0.08 + 0.08 * strength(score)) * turning
            wrist[:, 2] -= 0.14 * turning
        book = pose.arm_reach(score.body, wrist * score.scale, (-0.45, -1.0, 0.45))
        score.put_arm(own, book, weight)
    return weight


def typing(score: Performance, start: float, end: float) -> Array:
    """Hold both hands over a keyboard and patter on it in turn; returns the weight ``[T]``."""
    t, side = score.time, hand(score)
    weight = bout(score, start, end, 0.80, 0.45)
    upper = score.pose.upper
    burst = np.clip(1.2 * np.sin(2 * np.pi * 0.31 * (t - start) + 0.9) + 0.9, 0.0, 1.0)
    hz = 2.5 * score.brisk
    power = strength(score)
    upper[:, LEAN] += 0.12 * weight
    upper[:, BEND] += 0.18 * weight
    upper[:, NOD] += 0.05 * weight + 0.03 * burst * np.sin(2 * np.pi * 0.5 * hz * (t - start))
    # At the end of a line the leading hand goes up and out to the side, and comes back.
    line = (0.30 * score.brisk * (t - start - 0.6)) % 1.0
    turned = bump(np.clip(line / 0.22, 0.0, 1.0)) * (t > start + 0.6)
    for own, late in ((0, 0.0), (1, 0.5)):
        tap = np.maximum(0.0, np.sin(2 * np.pi * (hz * (t - start) + late))) * burst * power
        drift = np.sin(2 * np.pi * 0.37 * (t - start) + 2.0 * own)
        away = turned if own == side else 0.0 * turned
        wrist = np.stack(
            [
                0.385 + 0.008 * drift,
                -0.190 + 0.060 * tap * (1.0 - away) + 0.03 * away,
                -0.060 + 0.02 * drift + 0.16 * away,
            ],
            axis=-1,
        )
        keys_ = pose.arm_reach(score.body, wrist * score.scale, (-0.55, -0.9, 0.30))
        score.put_arm(own, keys_, weight)
    return weight


def looking(score: Performance, start: float, end: float) -> Array:
    """Shade the eyes with a hand before the brow, and turn the whole body to one side, peering,
    then to the other; returns the weight ``[T]``.
    """
    t, side = score.time, hand(score)
    weight = bout(score, start, end, 0.45, 0.5)
    sign = 1.0 if side else -1.0
    u = (t - start) * score.brisk / 3.6
    power = strength(score)
    phase = u % 1.0
    glance = keys(phase, [0.0, 0.14, 0.42, 0.60, 0.90, 1.0], [0.0, 1.0, 1.0, -1.0, -1.0, 0.0])
    far = np.clip(power, 0.6, 1.2) * glance * weight
    p = score.pose
    peer = np.abs(far)
    standing = calm(score)
    p.upper[:, TWIST] += -sign * 0.42 * far
    p.yaw = p.yaw - sign * 0.55 * far * standing
    lean_ahead(score, 0.34 * power * peer)
    p.upper[:, BEND] += 0.08 * peer
    p.upper[:, COCK] += 0.10 * sign * far
    p.upper[:, NOD] -= 0.16 * weight
    p.pelvis[:, 1] -= 0.03 * score.scale * peer * standing
    # The hand on the side looked to shades the eyes, if the beat names none.
    other = np.clip(0.5 - 0.5 * glance, 0.0, 1.0) if score.beat.hand is None else 0.0 * t
    for arm, share in ((side, 1.0 - other), (1 - side, other)):
        out = 1.0 if arm else -1.0
        brow = to_head(score, arm, 0.22, 0.07, out * 0.02, (1.0, 0.55, 0.9))
        score.put_arm(arm, brow, weight * share)
    return weight


def to_head(
    score: Performance, side: int, fore: ArrayLike, up: ArrayLike, right: ArrayLike,
    elbow: tuple[float, float, float] = (0.2, -0.8, 0.75),
) -> Array:  # fmt: skip
    """Return arm angles that bring a wrist to (forward, up, right) metres of the head's centre."""
    joints = pose.joints(score.body, score.pose)
    face = joints[:, schema.J["head_center"]]
    frame = pose.chest_frame(score.pose)
    n = len(score.time)
    local = np.stack([np.broadcast_to(v, (n,)) for v in (fore, up, right)], axis=-1) * score.scale
    return score.reach(side, face + np.einsum("tij,tj->ti", frame, local), elbow)
