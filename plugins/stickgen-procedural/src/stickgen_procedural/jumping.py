"""Jumps: crouch, push, ballistic flight, landing, recovery."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stickgen.core.actions import action
from stickgen.core.physics import JOINT_WEIGHTS
from stickgen_procedural import locomotion, pose
from stickgen_procedural.curves import keys, knots, ramp, window
from stickgen_procedural.gestures import open_up
from stickgen_procedural.performance import Performance
from stickgen_procedural.pose import BEND, LEAN, NOD
from stickgen_procedural.steps import forward, rolled
from stickgen_procedural.surroundings import Surroundings

Array = NDArray[np.float64]

RISE = 0.42
"""How high the centre of mass rises after take-off at intensity 1, metres for 1.70 m."""

DIP, PUSH, SOAK, REBOUND, RECOVER = 0.40, 0.22, 0.20, 0.26, 0.60
"""Seconds of crouch, push, landing, turning point between two jumps, and getting up again."""

STRIDE = {"forward": 0.62, "left": 0.62, "right": 0.62, "backward": -0.38}
"""Metres covered by a jump in a direction."""


@dataclass(frozen=True)
class Leap:
    """The moments of one jump, in seconds."""

    begin: float
    bottom: float
    leave: float
    land: float
    absorbed: float
    over: float


def jump_seconds(
    count: int, intensity: float, scale: float = 1.0, place: Surroundings | None = None
) -> float:
    """Return how long *count* jumps take from the first dip to standing again."""
    air = _air(intensity, scale, place or Surroundings())
    return DIP + SOAK + RECOVER + count * (PUSH + air) + (count - 1) * (SOAK + REBOUND)


def _air(intensity: float, scale: float, place: Surroundings) -> float:
    return place.flight(RISE * scale * float(np.clip(intensity, 0.3, 2.0)))


def jump(score: Performance) -> None:
    """Jump on the spot, or in the beat's direction, as often as asked (or as fits)."""
    beat = score.beat
    stride = STRIDE.get(beat.direction or "", 0.0) * score.scale * beat.intensity
    _jumps(score, beat.intensity, stride)


def celebrate(score: Performance) -> None:
    """Hop for joy with both arms up, pumping the fists."""
    t = score.time
    start, end = _jumps(score, 0.42 * score.beat.intensity, 0.0, stoop=0.4)
    start = max(start - 0.25, 0.0)
    if score.beat.repetitions is None:
        end = max(end, float(t[-1]) - 0.25)
    on = ramp(t, start, start + 0.4) * (1.0 - ramp(t, end - 0.35, end + 0.25))
    beat = 2 * np.pi * 1.9 * score.person.tempo * (t - start)
    for arm in (0, 1):
        pump = 0.5 + 0.5 * np.sin(beat + 0.7 * arm)
        up = np.stack([0.08 + 0.04 * pump, 0.45 + 0.45 * pump, 0.90 - 0.15 * pump], axis=-1)
        fore = np.stack([0.05 + 0.0 * t, 0.95 + 0.0 * t, 0.08 + 0.30 * pump], axis=-1)
        score.put_arm(arm, pose.arm_angles(up, fore), on)
    if score.state.target is None:
        open_up(score, on, 0.85, feet_free=True)
    score.pose.upper[:, NOD] -= 0.08 * on
    score.actions[(t >= start) & (t < end)] = action("celebrate").index


def _jumps(
    score: Performance, intensity: float, stride: float, stoop: float = 1.0
) -> tuple[float, float]:
    """Write jumps of one height and width; return when the first begins and the last is over."""
    beat, t, scale = score.beat, score.time, score.scale
    locomotion.stand(score)
    first = score.ready + (0.08 if score.start is not None else 0.20)
    room = t[-1] - first
    count = beat.repetitions or 1
    place = score.place
    if beat.repetitions is None and beat.seconds:
        while jump_seconds(count + 1, intensity, scale, place) < room - 0.2:
            count += 1
    pace = float(np.clip(room / jump_seconds(count, intensity, scale, place), 0.7, 1.0))
    pace /= float(np.clip(score.person.tempo * beat.speed, 0.7, 1.4))
    series: list[Leap] = []
    begin, dip, air = first, DIP * pace, _air(intensity, scale, place)
    # Where a fall takes its time, a short beat is left a lower jump rather than half of one.
    spare = (room - pace * (DIP + RECOVER) - SOAK) / count - PUSH - (SOAK + REBOUND) * (count > 1)
    air = min(air, max(spare, 0.35)) if air > 1.0 else air
    for i in range(count):
        bottom = begin + dip
        leave = bottom + PUSH
        absorbed = leave + air + SOAK
        over = absorbed + (RECOVER if i == count - 1 else REBOUND) * pace
        series.append(Leap(begin, bottom, leave, leave + air, absorbed, over))
        begin, dip = absorbed, REBOUND * pace
    _body(score, series, stride)
    _limbs(score, series, stoop)
    for number, leap in enumerate(series):
        _fly(score, leap, number * stride, stride)
    score.actions[(t >= first) & (t < series[-1].over)] = action("jump").index
    return first, series[-1].over


def _body(score: Performance, series: list[Leap], stride: float) -> None:
    """Move pelvis and feet for all jumps as if the ground were never left."""
    t, p, H = score.time, score.pose, score.body.height
    tall = float(np.median(p.pelvis[:, 1]))
    soft = 0.368 - 0.05 * (score.place.landing - 1.0)
    deep, off, touch, low = 0.345 * H, 0.512 * H, 0.462 * H, soft * H
    times, heights, speeds = [series[0].begin], [tall], [0.0]
    when, along = [series[0].begin], [0.0]
    carried = np.zeros_like(t)
    for n, leap in enumerate(series):
        v = 0.5 * score.place.gravity * (leap.land - leap.leave)
        times += [leap.bottom, leap.leave, leap.land, leap.absorbed]
        heights += [deep if n == 0 else low - 0.01 * H, off, touch, low]
        speeds += [0.0, 0.95 * v, -0.9 * v, 0.0]
        here = n * stride
        when += [leap.bottom, leap.leave, leap.land, leap.absorbed]
        along += [
            here - 0.03 * H,
            here + 0.02 * H + 0.12 * stride,
            here + 0.86 * stride,
            here + stride,
        ]
        carried += stride * (t >= leap.land)
    last = series[-1]
    times, heights, speeds = [*times, last.over], [*heights, tall], [*speeds, 0.0]
    when, along = [*when, last.over], [*along, len(series) * stride]
    score.soothe(1.0 - window(t, series[0].begin, last.over, 0.25, 0.5))
    ahead = np.array([forward(score.home_yaw)[0], 0.0, forward(score.home_yaw)[1]])
    on = window(
        t, series[0].begin, last.over, last.bottom - series[0].begin, last.over - last.absorbed
    )
    on = on[:, None]
    spot = score.home + keys(t, when, along)[:, None] * ahead
    shift = carried[:, None] * ahead
    p.pelvis += shift
    base = p.pelvis.copy()
    p.pelvis += on * (spot - p.pelvis) * [1, 0, 1]
    p.pelvis[:, 1] = knots(t, times, heights, speeds) + (base[:, 1] - tall) * (1 - on[:, 0])
    p.ankles += shift[:, None]
    for leap in series:
        roll = 0.95 * ramp(t, leap.leave - 0.13, leap.leave) * (t < leap.land)
        over, up = rolled(score.body, roll)
        p.ankles += (over[:, None] * ahead + up[:, None] * [0, 1, 0])[:, None]


def _limbs(score: Performance, series: list[Leap], stoop: float) -> None:
    """Swing the arms back, up and down again, and fold the trunk by *stoop* with them."""
    t, upper = score.time, score.pose.upper
    strength = float(np.clip(score.beat.intensity, 0.5, 1.25))
    times: list[float] = [series[0].begin]
    rows = [[0.0, 0.0, 0.0, 0.0, 0.35, 0.13]]
    for n, leap in enumerate(series):
        last = n == len(series) - 1
        middle = 0.5 * (leap.leave + leap.land)
        times += [
            leap.bottom - (0.06 if n else 0.10),
            leap.leave,
            middle,
            leap.land,
            leap.absorbed + 0.04,
        ]
        rows += [
            [0.62, 0.20, -0.30, (-0.55 if n else -0.90) * strength, 0.25, 0.24],
            [0.04, -0.08, -0.10, min(1.35 * strength, 1.6), 0.20, 0.18],
            [0.06, -0.02, 0.0, min(2.10 * strength, 2.25), 0.15, 0.22],
            [0.16, 0.05, 0.05, 1.20, 0.35, 0.24],
            [0.50, 0.15, -0.12, 0.25 if last else -0.15, 0.70 if last else 0.45, 0.30],
        ]
    times.append(series[-1].over)
    rows.append([0.0, 0.0, 0.0, 0.0, 0.3, 0.13])
    lean, bend, nod, flex, elbow, spread = keys(t, times, rows).T
    on = window(t, series[0].begin, series[-1].over, 0.2, 0.35)
    for column, curve in ((LEAN, stoop * lean), (BEND, stoop * bend), (NOD, stoop * nod)):
        upper[:, column] += on * (curve - upper[:, column])
    for arm in (0, 1):
        late = 0.06 * arm * (1 - score.person.right_handed)
        score.put_arm(arm, score.swing_arms(arm, flex * (1 - late), elbow, spread), on)


def _fly(score: Performance, leap: Leap, gone: float, stride: float) -> None:
    """Take the feet off the ground and put the centre of mass on the parabola of gravity."""
    t, p, body = score.time, score.pose, score.body
    flying = (t > leap.leave) & (t < leap.land)
    if not flying.any():
        return
    H, air = body.height, leap.land - leap.leave
    u = (t[flying] - leap.leave) / air
    ahead = np.array([forward(score.home_yaw)[0], 0.0, forward(score.home_yaw)[1]])
    leave = score.home + (gone + 0.02 * H + 0.12 * stride) * ahead + [0.0, 0.512 * H, 0.0]
    land = score.home + (gone + 0.86 * stride) * ahead + [0.0, 0.462 * H, 0.0]
    over, up = rolled(body, np.array([0.95]))
    tuck = float(np.clip(score.beat.intensity, 0.4, 1.6)) * (1.0 + 0.4 * (abs(stride) > 0))
    toes = over * ahead + up * np.array([0.0, 1.0, 0.0])
    ankles = np.empty((len(u), 2, 3))
    for foot in (0, 1):
        stood = score.feet[foot] + gone * ahead
        a, b = stood + toes - leave, stood + stride * ahead - land
        aside = a - (a @ ahead) * ahead
        middle = aside * [1, 0, 1] - np.array([0, (0.415 - 0.055 * tuck + 0.012 * foot) * H, 0])
        middle = middle - (0.05 - 0.10 * (stride > 0) - 0.02 * foot) * H * ahead
        trail = a - 0.04 * H * ahead - np.array([0.0, 0.006 * H, 0.0])
        ankles[:, foot] = keys(
            u, [0.0, 0.14, 0.5, 0.86, 1.0], [a, trail, middle, 0.15 * middle + 0.85 * b, b]
        )
    part = pose.Pose(
        np.zeros((len(u), 3)), p.yaw[flying], p.roll[flying], p.upper[flying], ankles,
        p.knees[flying],
    )  # fmt: skip
    centre = np.einsum("j,tjd->td", JOINT_WEIGHTS, pose.joints(body, part))
    ends = np.interp([leap.leave, leap.land], t[flying], centre[:, 1])
    p.pelvis[flying] = leave + u[:, None] * (land - leave)
    path = leave[1] + ends[0] + u * (land[1] + ends[1] - leave[1] - ends[0])
    p.pelvis[flying, 1] = path + 0.5 * score.place.gravity * air**2 * u * (1.0 - u) - centre[:, 1]
    p.ankles[flying] = p.pelvis[flying][:, None] + ankles
    score.planted[flying] = False
    score.flights.append((leap.leave, leap.land))
