"""Going and standing: the two things every other action starts from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from stickgen.core.actions import action
from stickgen_procedural import lying
from stickgen_procedural.curves import keys, noise, ramp
from stickgen_procedural.gait import GAITS, STEP
from stickgen_procedural.performance import Performance, follow
from stickgen_procedural.pose import ARM, BEND, COCK, LEAN, NOD, SIDE, TILT, TWIST
from stickgen_procedural.steps import forward, rightward, route, walk_along

Array = NDArray[np.float64]

RISING = 0.75
"""Seconds after which somebody getting up from a chair can take a step."""

STRAIGHTENING = 0.60
"""Seconds after which somebody who has knelt can."""

AHEAD = 0.040
"""How far the left foot of somebody at ease stands before the middle, and the right behind it,
metres: from the side both legs are to be seen."""

Stance = tuple[tuple[float, float], tuple[float, float]]


def at_ease(score: Performance) -> Stance:
    """Return where the feet stand at rest: (forward, right) of the pelvis, left and right foot."""
    half = 0.105 * score.scale * score.person.width
    return ((AHEAD * score.scale, -half), (-AHEAD * score.scale, half))


def facing(score: Performance) -> float | None:
    """Return the heading a beat's direction or target asks for, or None to stay as one is."""
    beat, state = score.beat, score.state
    heading = _heading(score)
    if beat.direction in ("left", "right"):
        return np.pi if beat.direction == "left" else 0.0
    if beat.direction in ("toward", "away"):
        if state.target is None:
            way = -0.5 * np.pi
        else:
            dx = state.target[0] - state.position[0]
            dz = state.target[1] - state.position[1]
            if np.hypot(dx, dz) < 1e-3:
                return None
            way = float(np.arctan2(-dz, dx))
        return way if beat.direction == "toward" else way + np.pi
    return heading if score.start is None else None


def _heading(score: Performance) -> float:
    return float(score.state.heading)


def _nearest(heading: float | None, to: float) -> float | None:
    """Return *heading* plus as many whole turns as bring it nearest to another."""
    if heading is None:
        return None
    return to + (heading - to + np.pi) % (2 * np.pi) - np.pi


def _delay(score: Performance) -> float:
    """Return after how many seconds the body can take a step."""
    if score.lying is not None:
        return lying.rising_seconds(score) - 0.25
    return RISING * score.slow if score.seated else _standing_up(score)


def _standing_up(score: Performance) -> float:
    """Return after how many seconds somebody deep in the knees is up far enough for a step."""
    return STRAIGHTENING * score.depth * score.slow


def stand(
    score: Performance,
    stance: Stance | None = None,
    *,
    rise: bool = True,
    turn_to: float | None = None,
    brisk: float = 1.0,
) -> None:
    """Bring the body to rest on its feet (by steps where it must) and let it breathe."""
    stance = stance or at_ease(score)
    start, body = score.start, score.body
    here = np.array(score.state.position, dtype=np.float64)
    gait = STEP.sized(body.height)
    yaw = score.state.heading if start is None else start.yaw
    turn = None if score.seated and not rise else facing(score)
    if start is None and turn is not None:
        yaw, turn = turn, None
    turn = _nearest(turn, yaw) if turn_to is None else turn_to
    if start is not None:
        here = start.place
        if score.seated or (all(start.planted) and np.linalg.norm(start.velocity) < 0.25):
            offsets = np.array(stance)
            feet = start.ankles[:, [0, 2]]
            centre = offsets.mean(axis=0)
            here = feet.mean(axis=0) - centre[0] * forward(yaw) - centre[1] * rightward(yaw)
    way = route(
        score.time[-1], start, place=here, yaw=yaw, speed=0.0, gait=gait,
        height=body.height, turn_to=turn, phase=score.person.phase,
        wait=max(_delay(score), 0.8 * score.unfolding) if rise else 0.0, brisk=brisk,
    )  # fmt: skip
    stay = _standing_up(score) if rise else 0.0
    steps = walk_along(
        body, way, start, score.time[-1], stance=stance, glide=score.place.glide, stay=stay
    )
    follow(score, way, steps)
    score.ready = max(steps.landed, stay, score.unfolding if rise else 0.0)
    last = way.place[-1]
    score.home = np.array([last[0], 0.0, last[1]])
    score.home_yaw = float(way.yaw[-1])
    score.feet = steps.ankles(score.time[-1:] + 1.0)[0]
    if score.seated and rise:
        get_up(score)
    breathe(score)
    if score.lying is not None and rise:
        lying.rise(score)


def get_up(score: Performance) -> None:
    """Leave the chair of the beat before: lean, bring the weight over the feet, straighten."""
    t, p, was = score.time / score.slow, score.pose, score.before
    assert was is not None
    gap = was.pelvis[0] - p.pelvis[0]
    p.pelvis[:, [0, 2]] += (1.0 - ramp(t, 0.15, 1.0))[:, None] * gap[[0, 2]]
    p.pelvis[:, 1] += (1.0 - ramp(t, 0.30, 1.25)) * gap[1]
    bow = keys(t, [0.0, 0.45, 0.70, 1.25], [0.0, 1.0, 0.9, 0.0])
    p.upper[:, LEAN] += 0.62 * bow
    p.upper[:, BEND] += 0.18 * bow
    p.upper[:, NOD] -= 0.25 * bow
    for arm in (0, 1):
        reaching = score.swing_arms(arm, 0.25 + 0.75 * bow, 0.40, 0.15)
        score.put_arm(arm, reaching, ramp(t, 0.0, 0.7) * (1.0 - ramp(t, 0.8, 1.35)))
    score.ready = max(score.ready, 1.15 * score.slow)
    score.haste = 0.78 * score.slow


def turn(score: Performance) -> None:
    """Turn about in steps (half a turn for each repetition), or to face the beat's direction."""
    way = facing(score) if score.beat.direction else None
    yaw = float(score.state.heading) if score.start is None else score.start.yaw
    side = -1.0 if score.beat.hand == "right" else 1.0
    halves = score.beat.repetitions or 1
    about = yaw + side * halves * np.pi
    stand(score, turn_to=about if way is None else _nearest(way, yaw), brisk=score.brisk)
    # Arms fly out a little, the head goes first.
    t, p = score.time, score.pose
    rate = np.gradient(p.yaw, t) if len(t) > 1 else np.zeros_like(t)
    spin = np.clip(rate / 3.0, -1.0, 1.0) * score.power
    p.upper[:, TWIST] -= 0.30 * spin
    p.upper[:, SIDE] -= 0.06 * spin
    for arm in (0, 1):
        out = score.swing_arms(arm, 0.15, 0.35, 0.75)
        score.put_arm(arm, out, np.clip(np.abs(spin), 0.0, 1.0))
    score.actions[score.time < score.ready + 0.2] = action("turn").index


def breathe(score: Performance, amount: float = 1.0) -> None:
    """Add what a body at rest never stops doing: breathing and shifting its weight."""
    t, p = score.time, score.pose
    before = {name: getattr(p, name).copy() for name in ("pelvis", "roll", "upper")}
    calm = 1.0 - np.interp(t, score.route.time, score.route.stirring)
    calm = calm * amount
    breath = np.sin(2 * np.pi * t / (3.4 * score.person.tempo) + 6.28 * score.person.phase)
    p.upper[:, BEND] += 0.020 * breath * calm
    p.upper[:, LEAN] -= 0.008 * breath * calm
    p.pelvis[:, 1] += 0.0035 * score.scale * breath * calm
    for arm in (0, 1):
        p.upper[:, ARM[arm].start + 1] += 0.025 * breath * calm
    drift = noise(score.rng, t, 5.0, 5)
    shift = 0.040 * score.scale * drift[:, 0] * calm
    p.pelvis[:, [0, 2]] += shift[:, None] * rightward(p.yaw)
    p.pelvis[:, [0, 2]] += (0.010 * score.scale * drift[:, 1] * calm)[:, None] * forward(p.yaw)
    p.pelvis[:, 1] -= 0.12 * np.abs(shift)
    p.roll = p.roll - 1.5 * shift / score.scale
    p.upper[:, TWIST] += 0.08 * drift[:, 4] * calm
    p.upper[:, SIDE] -= 1.5 * shift / score.scale
    p.upper[:, TILT] += 1.8 * shift / score.scale
    p.upper[:, NOD] += 0.06 * drift[:, 2] * calm
    p.upper[:, COCK] += 0.05 * drift[:, 4] * calm
    p.upper[:, ARM[0]] += np.outer(0.04 * drift[:, 3] * calm, [1, 0, 0, 1.5])
    p.upper[:, ARM[1]] += np.outer(0.04 * drift[:, 2] * calm, [1, 0, 0, 1.5])
    score.idling = {name: getattr(p, name) - was for name, was in before.items()}


def go(score: Performance) -> None:
    """Walk, run or sprint in the beat's direction."""
    beat, body, start, person = score.beat, score.body, score.start, score.person
    base = GAITS[beat.action]
    place = score.place
    ratio = max(0.2, beat.speed) * person.stride * place.pace
    if beat.direction == "backward":
        ratio *= 0.6
    gait = base.at(ratio).sized(body.height).under(place.gravity)
    manner = person.manner
    lift = 1.0 + (manner.lift - 1.0) * (1.0 - 0.75 * float(base.flight))
    power = score.power
    gait = replace(
        gait,
        lift=gait.lift * lift * place.lift * power ** (0.5 - 0.5 * float(base.flight)),
        width=gait.width * person.width,
        swing=gait.swing * power,
        elbow_swing=gait.elbow_swing * power,
        twist=gait.twist * power,
        lean=gait.lean * power,
        bob=gait.bob * power,
    )
    speed = gait.speed * (-1.0 if beat.direction == "backward" else 1.0)
    here = np.array(score.state.position, dtype=np.float64)
    yaw = score.state.heading if start is None else start.yaw
    turn = facing(score)
    if start is None and turn is not None:
        yaw, turn = turn, None
    turn = _nearest(turn, yaw)
    if start is not None:
        here = start.ankles[:, [0, 2]].mean(axis=0) if score.seated else start.place
    distance = None
    if beat.direction == "toward" and score.state.target is not None:
        distance = max(0.0, float(np.hypot(*(np.array(score.state.target) - here))) - 0.75)
    way = route(
        score.time[-1], start, place=here, yaw=yaw, speed=speed, gait=gait,
        height=body.height, turn_to=turn, stop_after=distance, phase=person.phase,
        wait=_delay(score),
    )  # fmt: skip
    steps = walk_along(
        body, way, start, score.time[-1], stance=at_ease(score), glide=score.place.glide,
        stay=_standing_up(score),
    )  # fmt: skip
    follow(score, way, steps)
    if score.seated:
        get_up(score)
    breathe(score)
    if score.lying is not None:
        lying.rise(score)
    score.actions[:] = action(beat.action).index
