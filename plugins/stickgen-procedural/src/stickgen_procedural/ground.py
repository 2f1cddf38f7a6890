"""On the ground: falling, lying down, getting up, crawling."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from stickgen.core.actions import action
from stickgen_procedural import locomotion, sitting
from stickgen_procedural.curves import bump, ramp
from stickgen_procedural.keyposes import STANDING as UP
from stickgen_procedural.keyposes import (
    Floor,
    Key,
    here,
    hold_hand,
    perform,
    swing,
    tempered,
    world,
)
from stickgen_procedural.lying import (
    FOURS,
    LIES,
    ON_BACK,
    RISE_FROM_BACK,
    SUPINE,
    moved,
    settle_feet,
)
from stickgen_procedural.performance import Performance
from stickgen_procedural.pose import BEND, LEAN, NOD, SIDE
from stickgen_procedural.steps import forward, rightward

Array = NDArray[np.float64]

F, G = (0.0, 0.045, -0.06), (0.0, 0.045, 0.06)

# Down: through a squat onto the seat behind the feet, then back.
DOWN = (
    Key(0.0, left_foot=F, right_foot=G),
    Key(0.40, (-0.06, UP - 0.10, 0.0), lean=0.55, bend=0.20, head=0.25, left=swing(0.5, 0.4, 0.2),
        right=swing(0.5, 0.4, 0.2), left_foot=F, right_foot=G),
    Key(0.95, (-0.17, 0.20, 0.0), lean=0.55, bend=0.22, head=0.20, left=swing(0.45, 0.3, 0.3),
        right=swing(0.45, 0.3, 0.3), left_foot=F, right_foot=G, knees=(0.2, 0.2)),
    Key(1.30, (-0.24, 0.075, 0.0), lean=-0.10, bend=0.20, head=0.10,
        left=world(-0.42, 0.04, -0.14, (-0.8, 0.2, 0.5)),
        right=world(-0.42, 0.04, 0.14, (-0.8, 0.2, 0.5)), left_foot=F, right_foot=G),
    Key(1.75, (-0.25, 0.065, 0.0), lean=-0.75, bend=0.10, head=-0.35,
        left=world(-0.50, 0.035, -0.18, (-0.9, 0.0, 0.5)),
        right=world(-0.50, 0.035, 0.18, (-0.9, 0.0, 0.5)), left_foot=F, right_foot=G),
    Key(2.35, (-0.25, LIES, 0.0), lean=-1.50, head=-1.30, left=swing(0.10, 0.35, 0.30),
        right=swing(0.10, 0.35, 0.30), left_foot=F, right_foot=G),
    Key(2.95, (-0.25, LIES, 0.0), lean=-1.53, bend=-0.02, head=-1.40,
        left=swing(0.10, 0.25, 0.28), right=swing(0.10, 0.25, 0.28),
        left_foot=(0.185, 0.045, -0.075), right_foot=(0.02, 0.045, 0.06)),
    moved(ON_BACK, 3.35, -0.25),
)  # fmt: skip


def lie_down(score: Performance) -> None:
    """Go down through a squat onto the seat and back, stretch out, breathe."""
    t = score.time
    if score.lying == SUPINE:
        was = score.before
        assert was is not None
        locomotion.stand(score, rise=False)
        floor = Floor(np.array([was.pelvis[0, 0], 0.0, was.pelvis[0, 2]]), float(was.yaw[0]))
        flat = (moved(ON_BACK, 0.0), moved(ON_BACK, 0.5))
        perform(score, flat, 0.0, floor=floor, placed=True, fade_in=0.0, stays=True)
        settle_feet(score, 0.4)
        first = 0.0
    else:
        locomotion.stand(score)
        first = score.ready + (0.05 if score.start is not None else 0.20)
        pace = 1.0 / float(np.clip(score.beat.speed * score.person.tempo, 0.7, 1.4))
        soonest = 0.75 * score.slow**0.6
        pace = float(np.clip(min(pace, (t[-1] - first - 0.2) / DOWN[-1].at), soonest, 1.5))
        table = _from_the_feet(score, DOWN)
        table = tuple(tempered(table, score.beat.intensity))
        perform(score, table, first, pace, placed=True, stays=True)
        still = first + pace * DOWN[-1].at
        _rest(score, ramp(t, still - 0.5, still + 0.5))
    if first == 0.0:
        _rest(score, np.ones_like(t))
    score.actions[t >= first] = action("lie_down").index


def _rest(score: Performance, on: Array) -> None:
    """Breathe lying, and shift a little now and then."""
    t, upper = score.time, score.pose.upper
    breath = np.sin(2 * np.pi * t / 3.6)
    upper[:, BEND] += 0.03 * breath * on
    upper[:, NOD] += 0.02 * np.sin(2 * np.pi * t / 5.3 + 1.0) * on
    upper[:, 7 + 1] += 0.04 * breath * on
    upper[:, 11 + 1] += 0.04 * breath * on


def _from_the_feet(score: Performance, table: tuple[Key, ...]) -> tuple[Key, ...]:
    """Return *table* with the feet of its standing keys where they really stand."""
    H = score.body.height
    frame = np.stack([forward(score.home_yaw), rightward(score.home_yaw)])
    own = []
    for f in (0, 1):
        fore, right = frame @ (score.feet[f] - score.home)[[0, 2]] / H
        own.append((float(fore), float(score.feet[f, 1] / H), float(right)))
    return tuple(
        replace(
            k,
            left_foot=own[0] if k.left_foot == F else k.left_foot,
            right_foot=own[1] if k.right_foot == G else k.right_foot,
        )
        for k in table
    )


# A fall forward: stumble, arms out, knees, hands, down flat.
FALL_FORWARD = (
    Key(0.0, left_foot=F, right_foot=G),
    Key(0.22, (0.05, UP - 0.015, 0.0), lean=0.20, bend=-0.10, head=-0.1, left=swing(0.9, 0.4, 0.7),
        right=swing(-0.5, 0.5, 0.6), left_foot=F, right_foot=(0.0, 0.075, 0.06)),
    Key(0.42, (0.16, UP - 0.05, 0.0), lean=0.45, bend=-0.05, head=0.05, left=swing(1.9, 0.4, 0.7),
        right=swing(1.3, 0.5, 0.7), left_foot=(0.0, 0.06, -0.06), right_foot=(0.17, 0.06, 0.06)),
    Key(0.66, (0.30, 0.30, 0.0), lean=0.80, bend=0.0, head=0.30, left=swing(1.9, 0.3, 0.4),
        right=swing(1.8, 0.3, 0.4), left_foot=(0.0, 0.06, -0.06), right_foot=(0.10, 0.06, 0.06)),
    Key(0.82, (0.36, 0.20, 0.0), lean=1.15, bend=0.05, head=0.70,
        left=world(0.72, 0.03, -0.14, (-0.2, -0.8, 0.6)),
        right=world(0.74, 0.03, 0.14, (-0.2, -0.8, 0.6)),
        left_foot=(-0.02, 0.07, -0.07), right_foot=(0.02, 0.07, 0.07)),
    Key(1.02, (0.40, 0.075, 0.0), lean=1.47, bend=0.02, head=1.30,
        left=world(0.74, 0.03, -0.17, (-0.2, -0.4, 0.9)),
        right=world(0.76, 0.03, 0.17, (-0.2, -0.4, 0.9)),
        left_foot=(-0.015, 0.08, -0.08), right_foot=(-0.015, 0.10, 0.08)),
    Key(1.16, (0.405, 0.082, 0.0), lean=1.45, bend=0.02, head=1.25,
        left=world(0.75, 0.03, -0.18, (-0.2, -0.4, 0.9)),
        right=world(0.77, 0.03, 0.18, (-0.2, -0.4, 0.9)),
        left_foot=(-0.020, 0.06, -0.08), right_foot=(-0.020, 0.065, 0.08)),
    Key(1.40, (0.41, 0.062, 0.0), lean=1.50, bend=0.03, head=1.46,
        left=world(0.77, 0.03, -0.19, (-0.2, -0.4, 0.9)),
        right=world(0.79, 0.03, 0.20, (-0.2, -0.4, 0.9)),
        left_foot=(-0.030, 0.045, -0.08), right_foot=(-0.028, 0.045, 0.08)),
    Key(1.70, (0.41, 0.062, 0.0), lean=1.50, bend=0.03, head=1.48,
        left=world(0.77, 0.03, -0.19, (-0.2, -0.4, 0.9)),
        right=world(0.79, 0.03, 0.20, (-0.2, -0.4, 0.9)),
        left_foot=(-0.030, 0.045, -0.08), right_foot=(-0.028, 0.045, 0.08)),
)  # fmt: skip

# A fall backward: slip, arms flail, seat, back, legs flung up and down again.
FALL_BACK = (
    Key(0.0, left_foot=F, right_foot=G),
    Key(0.20, (-0.02, UP - 0.02, 0.0), lean=-0.18, bend=0.15, head=0.05, left=swing(1.4, 0.4, 0.7),
        right=swing(0.9, 0.5, 0.8), left_foot=F, right_foot=(0.06, 0.10, 0.06)),
    Key(0.42, (-0.10, 0.36, 0.0), lean=-0.45, bend=0.20, head=0.10, left=swing(1.9, 0.3, 0.8),
        right=swing(1.4, 0.4, 0.9), left_foot=(0.06, 0.06, -0.06), right_foot=(0.20, 0.22, 0.07)),
    Key(0.66, (-0.19, 0.085, 0.0), lean=-0.60, bend=0.25, head=-0.05, left=swing(1.35, 0.4, 0.8),
        right=swing(0.9, 0.4, 0.9), left_foot=(0.15, 0.16, -0.07), right_foot=(0.18, 0.30, 0.07)),
    Key(0.86, (-0.20, 0.068, 0.0), lean=-1.30, bend=0.10, head=-0.95, left=swing(0.75, 0.25, 0.9),
        right=swing(0.5, 0.2, 0.9), left_foot=(0.12, 0.28, -0.07), right_foot=(0.13, 0.33, 0.07)),
    Key(1.02, (-0.20, 0.062, 0.0), lean=-1.54, bend=0.0, head=-1.42, left=swing(0.4, 0.2, 0.75),
        right=swing(0.25, 0.2, 0.8), left_foot=(0.14, 0.22, -0.07), right_foot=(0.16, 0.26, 0.08)),
    Key(1.30, (-0.20, LIES, 0.0), lean=-1.52, bend=0.0, head=-1.38, left=swing(0.15, 0.25, 0.6),
        right=swing(0.1, 0.25, 0.7), left_foot=(0.21, 0.06, -0.08), right_foot=(0.06, 0.06, 0.09)),
    Key(1.70, (-0.20, LIES, 0.0), lean=-1.53, bend=-0.02, head=-1.40, left=swing(0.1, 0.25, 0.5),
        right=swing(0.1, 0.25, 0.6), left_foot=(0.23, 0.045, -0.08),
        right_foot=(0.05, 0.045, 0.09)),
)  # fmt: skip


def fall(score: Performance) -> None:
    """Fall, forward over one's feet or back off them, and stay down."""
    t, beat = score.time, score.beat
    locomotion.stand(score)
    quick = (
        score.before is not None
        and score.lying is None
        and float(score.before.pelvis[0, 1]) > 0.40 * score.body.height
    )
    first = min(score.ready, 0.35) + 0.02 if quick else score.ready + 0.20
    latest = max(0.05, t[-1] - 1.5)
    # Nobody falls who is not up yet.
    first = min(first, latest if score.lying is None else max(latest, score.ready))
    moving = 0.0
    if score.start is not None:
        moving = float(score.start.velocity @ forward(score.start.yaw))
    back = beat.direction == "backward" or (moving < 0.5 and score.rng.random() < 0.5)
    back = back and beat.direction != "forward"
    if moving > 1.0:
        _fall_running(score, first, moving)
    else:
        table = _from_the_feet(score, FALL_BACK if back else FALL_FORWARD)
        table = tuple(tempered(table, beat.intensity))
        perform(score, table, first, placed=True, stays=True, fade_in=0.15)
    _rest(score, ramp(t, first + 1.6, first + 2.4))
    score.actions[t >= first] = action("fall").index


SKID = 0.22
"""Seconds within which a falling runner loses most of the speed."""


def _fall_running(score: Performance, first: float, speed: float) -> None:
    """Trip at a run: fall forward where one is by then, and skid on."""
    t, p = score.time, score.pose
    assert score.start is not None
    x, z = (float(np.interp(first, t, p.pelvis[:, axis])) for axis in (0, 2))
    floor = Floor(np.array([x, 0.0, z]), score.start.yaw)
    base = p.ankles.copy()
    perform(score, FALL_FORWARD, first, floor=floor, placed=True, stays=True, fade_in=0.35)
    late = np.clip(t - first, 0.0, None)
    skid = speed * SKID * (1.0 - np.exp(-late / SKID)) / score.body.height
    shift = floor.at(np.stack([skid, 0 * t, 0 * t], axis=-1), score.body.height) - floor.origin
    on = ramp(t, first, first + 0.35)[:, None]
    p.pelvis += on * shift
    p.ankles = base + on[..., None] * (p.ankles + shift[:, None] - base)
    score.planted[t >= first] = False


def get_up(score: Performance) -> None:
    """Get up from the ground; somebody who stands gets up from where he is taken to lie."""
    t = score.time
    if score.lying is not None or score.start is not None:
        locomotion.stand(score)
        if score.lying is None:
            score.ready = max(score.ready, 0.0)
    else:
        locomotion.stand(score)
        shift = -0.24
        sitting.move(score, -shift * score.body.height)
        floor = here(score)
        origin = floor.at(np.array([shift, 0.0, 0.0]), score.body.height)
        pace = 1.0 / float(np.clip(score.beat.speed * score.person.tempo, 0.7, 1.4))
        wait = float(np.clip(0.15 * t[-1], 0.15, 0.6))
        pace *= 1.15
        room = (t[-1] - wait - 0.3) / RISE_FROM_BACK[-1].at
        pace = float(np.clip(min(pace, room), 0.75, 1.9))
        table = RISE_FROM_BACK[:1] + tuple(moved(k, k.at + wait / pace) for k in RISE_FROM_BACK)
        table = tuple(_standing_feet(score, k, shift) for k in table)
        end = perform(
            score, table, 0.0, pace, floor=Floor(origin, floor.yaw), placed=True, fade_in=0.0
        )
        _rest(score, 1.0 - ramp(t, wait, wait + 0.5))
        score.ready = end
    score.actions[t <= score.ready + 0.1] = action("get_up").index


def _standing_feet(score: Performance, key: Key, shift: float) -> Key:
    """Return *key* with drawn-in feet where the body will really stand."""
    if key.at < 0.9 or key.left_foot is None or abs(key.left_foot[0] - 0.24) > 1e-6:
        return key
    H = score.body.height
    frame = np.stack([forward(score.home_yaw), rightward(score.home_yaw)])
    own = [frame @ (score.feet[f] - score.home)[[0, 2]] / H for f in (0, 1)]
    return replace(
        key,
        left_foot=(float(own[0][0]) - shift, 0.045, float(own[0][1])),
        right_foot=(float(own[1][0]) - shift, 0.045, float(own[1][1])),
    )


CRAWL_CYCLE, CRAWL_SPEED = 1.25, 0.54
CRAWL_HIP, CRAWL_KNEE = 0.255, 0.045
CRAWL_TOES = 0.036
"""How high the foot of a knee on its way forward is lifted off the ground."""


def crawl(score: Performance) -> None:
    """Go on hands and knees: a hand and the knee across from it move together."""
    t, H, k = score.time, score.body.height, score.scale
    beat = score.beat
    pace = float(np.clip(beat.speed * score.person.stride, 0.4, 2.0))
    speed = CRAWL_SPEED * k * pace**0.6 * (-1.0 if beat.direction == "backward" else 1.0)
    cycle = CRAWL_CYCLE * pace**-0.4 * k**0.5
    at = score.person.phase
    if score.lying == FOURS:
        locomotion.stand(score, rise=False)
        was = score.before
        assert was is not None
        floor = Floor(np.array([was.pelvis[0, 0], 0.0, was.pelvis[0, 2]]), float(was.yaw[0]))
        down, begin = np.ones_like(t), 0.0
        ahead = forward(floor.yaw) * np.sign(speed)
        if score.goes_on((ahead[0], 0.0, ahead[1])):
            begin, at = -5.0, score.swaying("roll", None, 1.0 / cycle)
    elif score.start is None:
        locomotion.stand(score)
        floor, down, begin = here(score), np.ones_like(t), -5.0
    else:
        locomotion.stand(score)
        floor = here(score)
        begin = score.ready + 0.05
        down = ramp(t, begin, begin + score.slow)
        begin += 0.9 * score.slow
    p = score.pose
    score.soothe(1.0 - down)
    way = np.array([forward(floor.yaw)[0], 0.0, forward(floor.yaw)[1]])
    aside = np.array([rightward(floor.yaw)[0], 0.0, rightward(floor.yaw)[1]])
    going = np.clip(t - begin, 0.0, None)
    # Speed rises within half a second.
    path = np.where(going < 0.5, speed * going**2, speed * (going - 0.25))
    if begin < 0:
        path = speed * t
    phase = path / (abs(speed) * cycle)
    if begin < 0:
        phase = phase + at
    centre = floor.origin + path[:, None] * way
    wave = np.sin(2 * np.pi * phase) * score.power**2
    stand_ankles = p.ankles.copy()
    pelvis = centre + 0.012 * H * wave[:, None] * aside
    pelvis[:, 1] = CRAWL_HIP * H + 0.006 * H * np.cos(4 * np.pi * phase)
    p.pelvis = p.pelvis + down[:, None] * (pelvis - p.pelvis)
    p.yaw = p.yaw + down * (floor.yaw + 0.06 * wave - p.yaw)
    p.roll = p.roll + down * (0.05 * wave - p.roll)
    upper = np.zeros_like(p.upper)
    upper[:, LEAN], upper[:, BEND] = 1.38, 0.06
    upper[:, SIDE] = -0.05 * wave
    upper[:, NOD] = 0.95 - 0.4 * 1.44 + 0.04 * np.cos(4 * np.pi * phase)
    arms = p.upper[:, 7:].copy()
    p.upper[:, :7] = p.upper[:, :7] + down[:, None] * (upper[:, :7] - p.upper[:, :7])
    p.upper[:, 7:] = arms
    duty = 0.62

    def limb(offset: float, ahead: float, right: float, lift: float, height: float) -> Array:
        """Return a place on the ground that is left behind and caught up with in turn."""
        own = phase + offset
        whole, part = np.floor(own), own - np.floor(own)
        stride = speed * cycle
        swing = np.clip((part - duty) / (1.0 - duty), 0.0, 1.0)
        step = swing * swing * (3.0 - 2.0 * swing)
        # In stance the limb rests where the body passes it in the middle of the stance.
        rest = (whole - offset + 0.5 * duty + step) * stride
        if begin < 0:
            rest = rest - at * stride
        spot = floor.origin + rest[:, None] * way + (ahead * H) * way + (right * H) * aside
        spot[:, 1] = height * H + lift * H * bump(swing, 0.45)
        return np.asarray(spot)

    for side, sign in ((0, -1.0), (1, 1.0)):
        hand = limb(0.5 if side else 0.0, 0.27, sign * 0.085, 0.05, 0.03)
        hold_hand(score, side, hand, down, (-0.1, -0.9, 0.45))
        knee = limb(0.0 if side else 0.5, -0.01, sign * 0.06, 0.012, CRAWL_KNEE)
        ankle = knee - 0.217 * H * way
        own = phase + (0.0 if side else 0.5)
        drawn = np.clip((own - np.floor(own) - duty) / (1.0 - duty), 0.0, 1.0)
        ankle[:, 1] = 0.046 * H + CRAWL_TOES * H * np.sin(np.pi * drawn) ** 0.4
        track = stand_ankles[:, side] + down[:, None] * (ankle - stand_ankles[:, side])
        track[:, 1] += 0.04 * H * bump(down, 0.5)
        p.ankles[:, side] = track
    score.planted &= (down < 1e-3)[:, None]
    if score.lying == FOURS:
        settle_feet(score, 0.4)
    score.actions[down > 0.02] = action("crawling").index
