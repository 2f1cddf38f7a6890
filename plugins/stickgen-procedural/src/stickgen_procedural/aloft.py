"""Off the ground: swimming, flying, climbing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stickgen.core.actions import action
from stickgen_procedural import locomotion, pose
from stickgen_procedural.curves import bump, ramp
from stickgen_procedural.gestures import hand
from stickgen_procedural.keyposes import Floor, here, hold_hand
from stickgen_procedural.lying import ALOFT
from stickgen_procedural.performance import Performance
from stickgen_procedural.pose import BEND, HEAD_FOLLOWS, LEAN, NOD, SIDE, TWIST
from stickgen_procedural.steps import forward

Array = NDArray[np.float64]

SWIM_HZ, SWIM_HEIGHT = 0.80, 0.46
FLY_HEIGHT = 0.86
CLIMB_HZ = 0.75


def _leave(score: Performance, takes: float) -> tuple[Floor, Array, float]:
    """Get ready; returns the floor, how far off it the body is ``[T]``, and when it goes."""
    t = score.time
    if score.lying == ALOFT:
        was = score.before
        assert was is not None
        locomotion.stand(score, rise=False)
        floor = Floor(np.array([was.pelvis[0, 0], 0.0, was.pelvis[0, 2]]), float(was.yaw[0]))
        going = score.state.velocity
        ahead = 0.0 if going is None else float(going[0, [0, 2]] @ forward(floor.yaw))
        return floor, np.ones_like(t), -0.25 if ahead > 0.4 * score.scale else 0.0
    locomotion.stand(score)
    if score.start is None:
        return here(score), np.ones_like(t), -5.0
    begin = score.ready + 0.05
    return here(score), ramp(t, begin, begin + takes), begin + 0.65 * takes


def _gone(t: Array, begin: float, speed: float) -> Array:
    """Return the metres covered by *t*, speeding up over half a second after *begin*."""
    if begin < 0:
        return speed * t
    going = np.clip(t - begin, 0.0, None)
    return np.where(going < 0.5, speed * going**2, speed * (going - 0.25))


def _write(
    score: Performance, floor: Floor, on: Array, pelvis: Array, trunk: dict[int, Array | float],
    ankles: Array, knees: float, roll: Array,
) -> None:  # fmt: skip
    """Blend into a pose whose pelvis ``[T, 3]`` and ankles ``[T, 2, 3]`` are (forward, up, right)
    of the floor in fractions of the height.
    """
    p, H = score.pose, score.body.height
    score.soothe(1.0 - on)
    w = on[:, None]
    p.pelvis = p.pelvis + w * (floor.at(pelvis, H) - p.pelvis)
    p.yaw = p.yaw + on * (floor.yaw - p.yaw)
    p.roll = p.roll + on * (roll - p.roll)
    upper = np.zeros((len(on), 7))
    for column, value in trunk.items():
        upper[:, column] = value
    p.upper[:, :7] = p.upper[:, :7] + w * (upper - p.upper[:, :7])
    p.ankles = p.ankles + w[..., None] * (floor.at(ankles, H) - p.ankles)
    p.knees = p.knees + w * (knees - p.knees)
    score.planted &= (on < 1e-3)[:, None]
    if score.lying == ALOFT:
        score.haste = 0.9 * score.slow


def _pace(score: Performance) -> float:
    return float(np.clip(score.beat.speed * score.person.tempo, 0.4, 2.0))


def swim(score: Performance) -> None:
    """Swim the front crawl: arms wheel in turn, the body rolls, the legs flutter."""
    t, pace = score.time, _pace(score)
    floor, on, begin = _leave(score, 1.15 * score.slow)
    speed = action("swimming").speed * pace * score.scale
    gone = _gone(t, begin, speed) / score.body.height
    # Nobody wheels the arms before lying in the water.
    lies = ramp(on, 0.6, 1.0)
    if score.lying == ALOFT and score.state.action != "swimming":
        lies = lies * ramp(t, 0.2, 1.3)
    wheel = np.cumsum(lies) / score.fps
    hz, at = SWIM_HZ * pace**0.7, score.person.phase
    if score.lying == ALOFT and score.state.action == "swimming":
        at = score.swaying("upper", TWIST, hz)
    phase = 2 * np.pi * (hz * wheel + at)
    power = score.power
    roll = 0.30 * power * np.sin(phase)
    surge = 0.012 * np.sin(2 * phase + 0.6)
    n = len(t)
    pelvis = np.stack([gone + surge, SWIM_HEIGHT + 0.012 * np.sin(2 * phase), np.zeros(n)], -1)
    pitch = 1.42 + 0.03 * np.sin(2 * phase)
    ankles = np.empty((n, 2, 3))
    for side, sign in ((0, -1.0), (1, 1.0)):
        kick = np.sin(3.0 * phase + np.pi * side)
        ankles[:, side] = pelvis + np.stack(
            [np.full(n, -0.425), -0.03 + 0.075 * power * kick, np.full(n, sign * 0.055)], axis=-1
        )
    trunk: dict[int, Array | float] = {
        LEAN: pitch, BEND: 0.04, TWIST: 0.45 * power * np.sin(phase),
        NOD: 1.05 - HEAD_FOLLOWS * (pitch + 0.04), SIDE: 0.03 * np.sin(phase),
    }  # fmt: skip
    _write(score, floor, on, pelvis, trunk, ankles, 0.05, 0.5 * roll)
    for side in (0, 1):
        turn = phase + np.pi * side
        # In the chest's frame: up is ahead, forward is down; in air the elbow is bent and high.
        out_of_water = np.clip(-np.cos(turn + 0.5 * np.pi), 0.0, 1.0)
        upper = np.stack([np.sin(turn), np.cos(turn), 0.28 + 0.5 * out_of_water], axis=-1)
        late = turn - 0.9 * out_of_water - 0.35 * (1.0 - out_of_water)
        fore = np.stack([np.sin(late), np.cos(late), 0.05 + 0 * turn], axis=-1)
        score.put_arm(side, pose.arm_angles(upper, fore), on)
    score.actions[on > 0.02] = action("swimming").index


def fly(score: Performance) -> None:
    """Fly head first, one fist ahead, legs trailing, rising and sinking a little."""
    t, pace = score.time, float(np.clip(score.beat.speed, 0.3, 2.5))
    floor, on, begin = _leave(score, 1.3 * score.slow)
    speed = action("flying").speed * pace * score.scale
    gone = _gone(t, begin, speed) / score.body.height
    sway = 2 * np.pi * (0.42 * score.brisk**0.5 * t + score.person.phase)
    n = len(t)
    power = score.power
    high = FLY_HEIGHT + 0.045 * power**2 * np.sin(sway)
    pelvis = np.stack([gone, high, 0.02 * np.sin(0.7 * sway)], axis=-1)
    pitch = 1.30 - 0.10 * power**2 * np.cos(sway)
    side = hand(score)
    ankles = np.empty((n, 2, 3))
    for foot, sign in ((0, -1.0), (1, 1.0)):
        drift = 0.02 * np.sin(1.7 * sway + 1.3 * foot)
        bent = 0.06 if foot == side else 0.0
        ankles[:, foot] = pelvis + np.stack(
            [
                -0.430 * np.sin(pitch) + bent,
                -0.430 * np.cos(pitch) * 0.6 - 0.02 + drift - bent,
                np.full(n, sign * 0.05),
            ],
            axis=-1,
        )
    bank = 0.12 * power**2 * np.sin(0.7 * sway)
    trunk: dict[int, Array | float] = {
        LEAN: pitch, BEND: -0.10, NOD: 0.70 - HEAD_FOLLOWS * (pitch - 0.10), SIDE: bank,
    }  # fmt: skip
    _write(score, floor, on, pelvis, trunk, ankles, 0.05, bank)
    back = pose.arm_reach(
        score.body, np.array([-0.04, -0.29, 0.09]) * score.body.height, (-1.0, 0.0, 1.0)
    )
    ahead = pose.arm_reach(
        score.body, np.array([0.09, 0.295, 0.02]) * score.body.height, (0.3, 0.0, 1.0)
    )
    score.put_arm(side, np.broadcast_to(ahead, (n, 4)), on)
    score.put_arm(1 - side, np.broadcast_to(back, (n, 4)), on)
    score.actions[on > 0.02] = action("flying").index


def climb(score: Performance) -> None:
    """Climb something upright in front: a hand and the foot across from it move up together."""
    t, pace, H = score.time, _pace(score), score.body.height
    floor, on, begin = _leave(score, 1.1 * score.slow)
    base = 0.0
    if score.lying == ALOFT:
        assert score.before is not None
        base = max(0.0, float(score.before.pelvis[0, 1]) / H - 0.55)
    speed = action("climbing").speed * pace**0.6 * score.scale / H
    cycle = 1.0 / (CLIMB_HZ * pace**0.4)
    at = score.person.phase
    if score.lying == ALOFT and score.goes_on((0.0, 1.0, 0.0)):
        begin, base, at = -0.25, base + 0.05, score.swaying("upper", TWIST, 1.0 / cycle)
    gone = _gone(t, begin, speed)
    phase = gone / (speed * cycle) + (at if begin < 0 else 0.0)
    lag = at * speed * cycle if begin < 0 else 0.0
    n = len(t)
    wave = np.sin(2 * np.pi * phase) * score.power**1.5
    pelvis = np.stack(
        [np.full(n, 0.0), 0.50 + base + gone + 0.008 * np.sin(4 * np.pi * phase), 0.025 * wave], -1
    )
    duty = 0.66

    def hold(offset: float, fore: float, up: float, right: float, away: float) -> Array:
        """Return a rung that is held, let go of, and exchanged for a higher one."""
        own = phase + offset
        whole, part = np.floor(own), own - np.floor(own)
        swing = np.clip((part - duty) / (1.0 - duty), 0.0, 1.0)
        step = swing * swing * (3.0 - 2.0 * swing)
        rest = (whole - offset + 0.5 * duty + step) * speed * cycle - lag
        place = np.stack([np.full(n, fore), base + up + rest, np.full(n, right)], axis=-1)
        place[:, 0] -= away * bump(swing, 0.5)
        return place

    ankles = np.stack(
        [hold(0.5, 0.155, 0.165, -0.085, 0.05), hold(0.0, 0.155, 0.165, 0.085, 0.05)], axis=1
    )
    trunk: dict[int, Array | float] = {
        LEAN: 0.14, BEND: -0.04, SIDE: 0.08 * wave, TWIST: 0.10 * wave,
        NOD: -0.28 - HEAD_FOLLOWS * 0.10,
    }  # fmt: skip
    _write(score, floor, on, pelvis, trunk, ankles, 0.45, 0.12 * wave)
    for side, sign in ((0, -1.0), (1, 1.0)):
        rung = hold(0.0 if side == 0 else 0.5, 0.235, 0.93, sign * 0.10, 0.04)
        hold_hand(score, side, floor.at(rung, H), on, (-0.3, -0.8, 0.8))
    score.actions[on > 0.02] = action("climbing").index
