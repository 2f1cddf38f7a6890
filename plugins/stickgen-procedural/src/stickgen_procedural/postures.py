"""Going down and coming up again: bow, crouch, kneel."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stickgen.core.actions import action
from stickgen_procedural import locomotion, pose
from stickgen_procedural.curves import bump, keys, ramp, window
from stickgen_procedural.gestures import hand
from stickgen_procedural.performance import Performance
from stickgen_procedural.pose import ARM, BEND, LEAN, NOD
from stickgen_procedural.steps import forward, rightward

Array = NDArray[np.float64]


def bow(score: Performance) -> None:
    """Fold at the hips, one arm before the belly, hold, and come up."""
    beat, t, k = score.beat, score.time, score.scale
    locomotion.stand(score)
    first = score.ready + (0.05 if score.start is not None else 0.25)
    count = beat.repetitions or 1
    room = max(t[-1] - first, 0.5)
    shortest = 1.2 * score.slow
    one = 2.0 / (score.person.tempo * beat.speed)
    one = float(np.clip(one, shortest, max(shortest, room / count)))
    deep = float(np.clip(beat.intensity, 0.4, 1.3))
    down = np.zeros_like(t)
    for i in range(count):
        begin = first + i * one
        down += window(t, begin, begin + one, 0.40 * one, 0.45 * one)
    score.soothe(1.0 - 0.8 * down)
    upper, p = score.pose.upper, score.pose
    upper[:, LEAN] += 0.92 * deep * down
    upper[:, BEND] += 0.18 * deep * down
    upper[:, NOD] += 0.28 * deep * down
    ahead = score.ahead(1.0, 0.0, 0.0, np.zeros(3))
    p.pelvis -= (0.105 * deep * down)[:, None] * ahead
    p.pelvis[:, 1] -= 0.025 * k * down
    front = hand(score)
    middle = pose.shoulders(score.body, p).mean(axis=1)
    frame = pose.chest_frame(p)
    local = np.array([0.15, -0.26, -0.04 if front else 0.04]) * k
    spot = middle + np.einsum("tij,j->ti", frame, local)
    score.put_arm(front, score.reach(front, spot, (-0.4, -0.7, 0.8)), down)
    p.upper[:, ARM[1 - front].start] -= 0.25 * down
    score.actions[(t >= first) & (t < first + count * one)] = action("bow").index


def crouch(score: Performance) -> None:
    """Go down on one's haunches and stay there, forearms on the thighs."""
    t, k, H = score.time, score.scale, score.body.height
    half = 0.125 * k
    stays = score.state.action == "crouch" and score.depth > 0.5
    locomotion.stand(score, ((0.03 * k, -half), (-0.03 * k, half)))
    first = score.ready + (0.05 if score.start is not None else 0.20)
    takes = float(np.clip(0.75 / (score.person.tempo * score.beat.speed), 0.45, 1.4))
    if stays:
        first = -takes
    down = ramp(t, first, first + takes)
    p = score.pose
    score.soothe(1.0 - 0.6 * down)
    p.upper[:, LEAN] += score.power * keys(
        t, [first, first + 0.5 * takes, first + takes], [0.0, 0.75, 0.62]
    )
    p.upper[:, BEND] += 0.22 * down
    p.upper[:, NOD] -= 0.34 * down
    ahead = score.ahead(1.0, 0.0, 0.0, np.zeros(3))
    p.pelvis -= (0.105 * down)[:, None] * ahead
    p.pelvis[:, 1] += down * (0.225 * H - p.pelvis[:, 1])
    p.knees += 0.25 * down[:, None]
    for arm, sign in ((0, -1.0), (1, 1.0)):
        spot = score.ahead(0.40, 0.10, sign * 0.14, p.pelvis)
        score.put_arm(arm, score.reach(arm, spot, (-0.5, -0.6, 0.7)), ramp(down, 0.3, 1.0))
    score.actions[t >= first] = action("crouch").index


def _feet_as_they_are(score: Performance) -> locomotion.Stance:
    """Return where the feet are: (forward, right) of the middle between them, metres."""
    assert score.start is not None
    feet = score.start.ankles[:, [0, 2]]
    yaw = score.start.yaw
    gap = (feet - feet.mean(axis=0)) @ np.stack([forward(yaw), rightward(yaw)], axis=-1)
    (a, b), (c, d) = gap.tolist()
    return (a, b), (c, d)


def kneel(score: Performance) -> None:
    """Step back with one foot and go down on that knee."""
    t, k, H = score.time, score.scale, score.body.height
    stays = score.state.action == "kneel" and score.depth > 0.5
    locomotion.stand(score, _feet_as_they_are(score) if stays else None)
    first = score.ready + (0.05 if score.start is not None else 0.25)
    takes = float(np.clip(1.15 / (score.person.tempo * score.beat.speed), 0.8, 2.2))
    back = hand(score)
    if stays:
        first = -takes - 0.4
        back = int(np.argmin(score.feet[:, [0, 2]] @ forward(score.home_yaw)))
    front = score.feet[1 - back]
    p = score.pose
    ahead = score.ahead(1.0 / k, 0.0, 0.0, np.zeros(3))
    step = ramp(t, first, first + 0.45 * takes)
    down = ramp(t, first + 0.12 * takes, first + takes)
    score.soothe(1.0 - 0.6 * down)
    goal = score.feet[back] - (0.0 if stays else 0.425 * H) * ahead
    goal[1] = 0.026 * H
    path = score.feet[back] + step[:, None] * (goal - score.feet[back])
    path[:, 1] += 0.045 * H * bump((t - first) / (0.45 * takes), 0.45)
    moving = t >= first
    p.ankles[moving, back] = path[moving]
    score.planted[moving, back] = t[moving] > first + 0.45 * takes
    spot = front - 0.205 * H * ahead
    middle = p.pelvis.copy()
    middle[:, [0, 2]] += down[:, None] * (spot[[0, 2]] - p.pelvis[:, [0, 2]])
    p.pelvis = middle
    p.pelvis[:, 1] += down * (0.247 * H - p.pelvis[:, 1])
    p.upper[:, LEAN] += keys(
        t,
        [first, first + 0.55 * takes, first + takes, first + takes + 0.4],
        [0.0, 0.30 * score.power, 0.22 * score.power, 0.12 * score.power**2 - 0.05],
    )
    p.upper[:, BEND] += 0.10 * down
    p.upper[:, NOD] += 0.14 * down
    rest = ramp(down, 0.55, 1.0)
    knee = 1 - back
    sign = 1.0 if knee else -1.0
    for arm in (0, 1):
        high = 0.085 if arm == knee else 0.115
        spot3 = score.ahead(0.30, high, sign * (0.10 if arm == knee else 0.04), p.pelvis)
        score.put_arm(arm, score.reach(arm, spot3, (-0.5, -0.7, 0.6)), rest)
    score.actions[moving] = action("kneel").index
