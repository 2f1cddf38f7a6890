"""Where the feet go: a route over the ground, the footholds along it, and the ankles between them.

A foot is planted on the spot the body passes (or rests over) at the middle of its stance, so that
speeding up, turning on the spot, backing and stopping all come from one rule. A foot that would
land where it already stands is not lifted.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core.kinematics import Body
from stickgen_procedural.curves import bump, ease, hermite, ramp
from stickgen_procedural.gait import Gait, mixed, moment, natural, sampled

Array = NDArray[np.float64]

STEP_S: Final = 0.01
BEFORE, AFTER = 4.5, 4.0
"""Seconds by which a route is known before and after the time asked for."""

SOONER: Final = 0.035
"""Seconds by which a foot is over its place before it is down."""

HASTIEST: Final = 1.6
"""How many times as fast as the body a foot goes on average that has to catch up with it."""

SWING: Final = 0.3
"""Seconds that a foot takes which has waited for the body to rise, if it waited no longer."""

DROPS: Final = 0.8
"""Speed in m/s at which a foot that was in the air comes down at most."""

RISES: Final = (0.30, 0.76)
"""Height of the foot that has pushed off, as a share of both together, when a flight begins and
when it ends."""

BALL, HEEL = 0.060, 0.026
"""Ball and heel of the foot ahead of and behind the ankle, as fractions of the height."""


def forward(yaw: Array | float) -> Array:
    """Return the ground direction (x, z) ``[..., 2]`` of a heading in radians."""
    out = np.empty((*np.shape(yaw), 2))
    out[..., 0], out[..., 1] = np.cos(yaw), -np.sin(yaw)
    return out


def rightward(yaw: Array | float) -> Array:
    """Return the ground direction (x, z) ``[..., 2]`` to the right of a heading."""
    out = np.empty((*np.shape(yaw), 2))
    out[..., 0], out[..., 1] = np.sin(yaw), np.cos(yaw)
    return out


def rolled(body: Body, angle: Array) -> tuple[Array, Array]:
    """Return how far the ankle comes forward and up when the heel rises by *angle* radians."""
    ball, height = BALL * body.height, body.ankle_height
    cos, sin = np.cos(angle), np.sin(angle)
    return ball - ball * cos + height * sin, ball * sin + height * cos - height


@dataclass(eq=False)
class Start:
    """How a body moves when the route begins: place and velocity over the ground (x, z), heading,
    and its ankles with their velocities ``[2, 3]``; ``planted`` says which of them stand.
    """

    place: Array
    velocity: Array
    yaw: float
    ankles: Array
    ankle_velocity: Array
    planted: tuple[bool, bool]


@dataclass(eq=False)
class Route:
    """A path over the ground on a fine time grid, with the gait that follows it.

    ``place`` ``[N, 2]``, ``yaw`` ``[N]`` the way faced, ``speed`` ``[N]`` (negative: backward),
    ``phase`` ``[N]`` in cycles: the left foot is at mid-stance at whole numbers, the right
    at halves.
    """

    time: Array
    place: Array
    yaw: Array
    speed: Array
    phase: Array
    gait: Gait
    stirring: Array
    """0-1: how much of a gait's sway and swing is to be seen."""


@dataclass(eq=False)
class Foothold:
    start: float
    end: float
    place: Array
    yaw: float
    strike: float = 0.0
    rolloff: float = 0.0
    anchor: float | None = None
    """When a gliding foot is at its place; in the middle of its stance by default."""


def phase_of(start: Start, gait: Gait, speed: float) -> float:
    """Return the phase of a body caught in the middle of moving."""
    duty = float(gait.duty)
    ahead = forward(start.yaw)
    along = (start.ankles[:, [0, 2]] - start.place) @ ahead
    left_leads = along[0] > along[1]
    down = start.planted
    if down[0] and down[1]:
        # The rear foot lifts next.
        return 0.5 - 0.5 * (1.0 - duty) - 0.06 if not left_leads else -0.5 * (1.0 - duty) - 0.06
    if down[0] != down[1]:
        air = 0 if down[1] else 1
        stride = max(abs(speed) * gait.cycle * 0.5, 0.35)
        done = np.clip(0.5 + 0.5 * (along[air] - along[1 - air]) / stride, 0.05, 0.85)
        swing = 1.0 - duty
        return (0.5 if air == 0 else 0.0) - 0.5 * swing + swing * float(done)
    # In flight the foot that has pushed off rises behind.
    trail = start.ankles[1 if left_leads else 0, 1] / max(float(start.ankles[:, 1].sum()), 1e-6)
    flown = float(np.clip((trail - RISES[0]) / (RISES[1] - RISES[0]), 0.0, 1.0))
    since = 0.5 * duty + flown * max(0.5 - duty - 0.04, 0.0)
    return since + (0.5 if left_leads else 0.0)


def route(
    seconds: float,
    start: Start | None,
    *,
    place: Array,
    yaw: float,
    speed: float,
    gait: Gait,
    height: float,
    turn_to: float | None = None,
    stop_after: float | None = None,
    wait: float = 0.0,
    phase: float = 0.2,
    brisk: float = 1.0,
) -> Route:
    """Return the route of *seconds* that starts as given and takes up *gait* at *speed*.

    Without a *start* the body is in the middle of its gait at *place*, facing *yaw*. It turns to
    *turn_to* (*brisk* times as quickly as usual), waits for *wait* seconds before it sets off, and
    comes to rest after *stop_after* metres if that is given. A *speed* of 0 stops; negative goes
    backward.
    """
    time = np.arange(-BEFORE, seconds + AFTER, STEP_S)
    target = yaw if turn_to is None else turn_to
    delta = target - yaw
    if start is None:
        initial, drift, resting = speed, np.zeros(2), speed == 0
    else:
        initial = float(start.velocity @ forward(yaw))
        initial = float(np.clip(initial, -2.0, 8.0))
        if abs(initial) < 0.25:
            initial = 0.0
        drift = start.velocity - initial * forward(yaw)
        resting = initial == 0.0
        if resting:
            drift = np.zeros(2)
    turn_time = 0.0
    heading = np.full(len(time), yaw)
    if abs(delta) > 1e-3:
        turn_time = 0.35 + 0.75 * abs(delta) / np.pi * (1.0 if resting else 1.2)
        turn_time /= brisk
        heading = yaw + delta * ramp(time, wait, wait + turn_time)
    hold = wait + (0.75 * turn_time if resting and abs(delta) > 0.6 else 0.0)
    change = abs(speed - initial)
    accelerating = abs(speed) > abs(initial)
    takes = 0.30 + change / (4.0 if accelerating else 4.6) if change > 1e-6 else 0.0
    velocity = initial + (speed - initial) * ramp(time, hold, hold + max(takes, 1e-6))
    if start is None:
        velocity = np.full(len(time), float(speed))
    if stop_after is not None:
        velocity = _stopping(time, velocity, stop_after)
    track = velocity[:, None] * forward(heading)
    track += drift * (1.0 - ramp(time, 0.0, 0.45))[:, None] * (time >= 0)[:, None]
    path = np.cumsum(track, axis=0) * STEP_S
    zero = int(np.searchsorted(time, -1e-9))
    path += place - path[zero]
    busy = np.abs(velocity) / max(abs(speed), abs(initial), 0.6)
    turning = np.abs(np.gradient(heading, STEP_S)) / 2.5
    stirring = np.clip(np.maximum(busy, np.minimum(turning, 0.4)), 0.0, 1.0)
    # People fall into the gait that suits their speed until they have the one that is asked for.
    there = (
        1.0 - np.abs(velocity - speed) / max(change, 1e-6) if change > 1e-6 else np.ones_like(time)
    )
    going = mixed(natural(velocity, height), gait, ease(there))
    rate = 1.0 / going.cycle
    phases = np.cumsum(rate) * STEP_S
    phases += (
        phase if start is None else phase_of(start, moment(going, 0.0, time), initial)
    ) - phases[zero]
    return Route(time, path, heading, velocity, phases, going, stirring)


def _stopping(time: Array, velocity: Array, distance: float) -> Array:
    """Return *velocity* slowed so that the way from time 0 on comes to *distance* metres."""
    top = float(np.max(np.abs(velocity)))
    brake = 0.3 + top / 3.0
    gone = np.concatenate([[0.0], np.cumsum(np.abs(velocity[time >= 0]))]) * STEP_S
    begin = max(0.0, distance - 0.5 * top * brake)
    i = int(np.searchsorted(gone, begin))
    at = i * STEP_S
    return velocity * (1.0 - ramp(time, at, at + brake))


@dataclass(eq=False)
class Steps:
    """The footholds of both feet, and where the ankles are at any time."""

    body: Body
    gait: Gait
    route: Route
    feet: list[list[Foothold]]
    start: Start | None = None
    glide: float = 0.0
    """Share of the body's way that a standing foot slides along."""
    landed: float = 0.0
    """When the last foot has come down, seconds (0 when none was lifted)."""

    def ankles(self, time: Array) -> Array:
        """Return both ankles ``[T, 2, 3]`` at *time*."""
        return np.stack([self._ankle(foot, time) for foot in (0, 1)], axis=1)

    def planted(self, time: Array) -> NDArray[np.bool_]:
        """Return ``[T, 2]``: which foot stands."""
        out = np.zeros((len(time), 2), dtype=np.bool_)
        for foot in (0, 1):
            for hold in self.feet[foot]:
                out[:, foot] |= (time >= hold.start) & (time <= hold.end)
        return out

    def _ankle(self, foot: int, time: Array) -> Array:
        out = np.empty((len(time), 3))
        holds = self.feet[foot]
        for hold in holds:
            here = (time >= hold.start) & (time <= hold.end)
            if here.any():
                out[here] = self._standing(hold, time[here])
        pairs: list[tuple[Foothold | None, Foothold]] = list(itertools.pairwise(holds))
        if holds[0].start > time[0]:
            pairs.insert(0, (None, holds[0]))
        for before, after in pairs:
            begin = before.end if before is not None else 0.0
            here = (time >= begin) & (time < after.start)
            if not here.any():
                continue
            span = after.start - begin
            u = (time[here] - begin) / span
            eps = 1e-3
            b0 = self._standing(after, np.array([after.start, after.start + eps]))
            fresh = self.start
            if before is not None:
                a0 = self._standing(before, np.array([before.end - eps, before.end]))
                position, rate = a0[1], (a0[1] - a0[0]) / eps
                lift, peak, touch = self._lift(before, after, begin + 0.5 * span)
            else:
                assert fresh is not None
                position, rate = fresh.ankles[foot], fresh.ankle_velocity[foot]
                # What is high already, or on its way down, is not lifted again.
                low = min(max(2.5 - position[1] / (0.04 * self.body.height), 0.0), 1.0)
                low *= min(max(1.0 + rate[1] / 0.4, 0.0), 1.0)
                lift, peak = 0.04 * self.body.height * low, 0.5
                touch = 0.35
            end_rate = (b0[1] - b0[0]) / eps
            end_rate = end_rate * [0.4, 0.0, 0.4] - [0.0, touch, 0.0]
            # The faster a foot must go, the more evenly it spends the little time it has.
            far = float(np.linalg.norm((b0[0] - position)[[0, 2]]))
            snap = min(max(far / span / 4.0 - 0.3, 0.0), 0.8)
            curve = hermite(u, position, rate * span, b0[0], end_rate * span, snap)
            # It is over its place before it touches down.
            sooner = np.minimum(u / max(1.0 - SOONER / span, 0.9), 1.0)
            level = hermite(sooner, position, rate * span, b0[0], end_rate * span, snap)
            curve[:, [0, 2]] = level[:, [0, 2]]
            curve[:, 1] += lift * bump(u, peak)
            out[here] = curve
        return out

    def _lift(self, before: Foothold, after: Foothold, middle: float) -> tuple[float, float, float]:
        gait = moment(self.gait, middle, self.route.time)
        far = float(np.linalg.norm(after.place - before.place))
        full = max(0.6 * gait.speed * gait.cycle, 0.3)
        share = min(max(far / full, 0.45), 1.0)
        return gait.lift * share, gait.peak, gait.touch * share

    def _standing(self, hold: Foothold, time: Array) -> Array:
        """Return the ankle over a foot on the ground, which rolls from heel to ball."""
        height, heel = self.body.ankle_height, HEEL * self.body.height
        span = max(min(hold.end, hold.start + 3.0) - hold.start, 1e-6)
        part = min(span, 0.9)
        roll = min(max(0.9 * part - 0.02, 0.22 * part), 0.42 * part)
        late = np.minimum(np.maximum((time - (hold.end - roll)) / roll, 0.0), 1.0)
        up = hold.rolloff * late**2
        early = np.minimum(np.maximum((time - hold.start) / (0.16 * min(span, 0.9)), 0.0), 1.0)
        down = hold.strike * (1 - early) ** 2
        along, rise = rolled(self.body, up)
        along = along + heel * np.cos(down) - height * np.sin(down) - heel
        rise = rise + heel * np.sin(down) + height * np.cos(down)
        level = hold.place + along[:, None] * forward(hold.yaw)
        if self.glide:
            middle = 0.5 * (hold.start + min(hold.end, hold.start + 3.0))
            at = np.append(np.maximum(time, 0.0), middle if hold.anchor is None else hold.anchor)
            path = [np.interp(at, self.route.time, self.route.place[:, k]) for k in (0, 1)]
            way = np.stack(path, axis=-1)
            level = level + self.glide * (way[:-1] - way[-1])
        out = np.empty((len(time), 3))
        out[:, [0, 2]], out[:, 1] = level, rise
        return out


def walk_along(
    body: Body,
    way: Route,
    start: Start | None,
    seconds: float,
    *,
    stance: tuple[tuple[float, float], tuple[float, float]],
    loose: float = 0.09,
    glide: float = 0.0,
    stay: float = 0.0,
) -> Steps:
    """Return the steps along a route.

    *stance* is where each foot goes when the body is at rest: (forward, right) of the pelvis in
    metres. *loose* is how far from there a standing foot is left alone, *glide* the share of the
    body's way that a standing foot slides along, *stay* for how many seconds none is lifted.
    """
    time, gait = way.time, way.gait
    steps = Steps(body, gait, way, [[], []], start, glide)
    for foot in (0, 1):
        sign = -1.0 if foot == 0 else 1.0
        n = np.arange(np.floor(way.phase[0]) - 1, np.ceil(way.phase[-1]) + 2) + 0.5 * foot
        middle = np.interp(n, way.phase, time)
        duty = np.interp(middle, time, gait.duty)
        down = np.interp(n - 0.5 * duty, way.phase, time)
        off = np.interp(n + 0.5 * duty, way.phase, time)
        inside = (n - 0.5 * duty > way.phase[0]) & (n + 0.5 * duty < way.phase[-1])
        g = sampled(gait, middle, time)
        rest = 1.0 - ease(np.clip(np.abs(np.interp(middle, time, way.speed)) / 0.5, 0, 1))
        yaw = np.interp(middle, time, way.yaw)
        place = np.stack([np.interp(middle, time, way.place[:, k]) for k in (0, 1)], axis=-1)
        ahead = rest * stance[foot][0] + (1 - rest) * np.asarray(g.shift)
        aside = rest * stance[foot][1] + (1 - rest) * sign * np.asarray(g.width)
        place = place + ahead[:, None] * forward(yaw) + aside[:, None] * rightward(yaw)
        holds = [
            Foothold(float(down[i]), float(off[i]), place[i], float(yaw[i]))
            for i in np.flatnonzero(inside)
        ]
        steps.feet[foot] = _merged(holds, start, foot, body, way, loose, stay)
    _dress(steps, seconds)
    return steps


def _merged(
    holds: list[Foothold], start: Start | None, foot: int, body: Body, way: Route, loose: float,
    stay: float,
) -> list[Foothold]:  # fmt: skip
    """Return the footholds from the start on, those that would not move a foot joined into one."""
    if start is not None:
        ground = start.ankles[foot, [0, 2]]
        later = [h for h in holds if h.start > 0.08]
        now = [h for h in holds if h.start <= 0.08 and h.end > 0.0]
        while start.planted[foot] and now and now[-1].end < stay and len(later) > 1:
            late = later[0].start + 0.35 * (later[0].end - later[0].start)
            if stay < SWING and stay + SWING < late:
                # The step is made all the same, a little later: a foot left out trails far behind.
                now[-1].end, later[0].start = stay, max(later[0].start, stay + SWING)
                break
            now.append(later.pop(0))
        if start.planted[foot]:
            end = now[-1].end if now else min(0.1, later[0].start - 0.2)
            later = [h for h in later if h.start > end]
            first = Foothold(-BEFORE, max(end, 0.02), ground, start.yaw, anchor=0.0)
            holds = [first, *later]
        else:
            # Give the foot time to get there; what carries the body carries it too.
            holds = [h for h in holds if h.end > 0.06]
            spot = np.array([holds[0].place[0], body.ankle_height, holds[0].place[1]])
            carried = float(np.linalg.norm(start.velocity))
            far = float(np.linalg.norm(start.ankles[foot] - spot))
            own = float(np.linalg.norm(start.ankle_velocity[foot]))
            soon = 0.08 * (carried < 1.0) + far / max(2.6, 1.7 * carried, own)
            high = float(start.ankles[foot, 1]) - body.ankle_height
            least = max(0.05 if carried < 2.0 else 0.08, high / max(DROPS, 0.5 * carried))
            least = min(least, 0.16)
            soon = float(np.clip(soon, least, 0.6))
            late = holds[0].start + 0.35 * (holds[0].end - holds[0].start)
            if float(np.interp(late, way.time, np.abs(way.speed))) > 1.0:
                # Nobody who goes on can wait for a foot beyond its stance.
                soon = min(soon, max(least, late, far / max(3.5, 2.2 * carried)))
            holds = [h for h in holds if h.end > soon + 0.12]
            holds[0].start = max(holds[0].start, soon)
    out = [holds[0]]
    for hold in holds[1:]:
        last = out[-1]
        speed = float(np.interp(0.5 * (hold.start + hold.end), way.time, np.abs(way.speed)))
        limit = 0.04 if speed > 0.15 else loose
        turned = abs((hold.yaw - last.yaw + np.pi) % (2 * np.pi) - np.pi)
        if np.linalg.norm(hold.place - last.place) < limit * body.height / 1.7 and turned < 0.45:
            last.end = hold.end
        else:
            out.append(hold)
    out[-1].end = max(out[-1].end, way.time[-1] + 1.0)
    if start is not None and len(out) > 1:
        _give_time(out[0], out[1], float(np.linalg.norm(start.velocity)))
    return out


def _give_time(before: Foothold, after: Foothold, carried: float) -> None:
    """Let a foot that is too far behind a body *carried* along come down later, within the first
    third of its stance.
    """
    if carried < 1.0:
        return
    far = float(np.linalg.norm(after.place - before.place))
    late = before.end + far / (HASTIEST * carried) - after.start
    after.start += float(np.clip(late, 0.0, 0.35 * min(after.end - after.start, 0.6)))


def _dress(steps: Steps, seconds: float) -> None:
    """Give every foothold its heel strike and its roll-off, by how far the foot travels."""
    for foot in (0, 1):
        holds = steps.feet[foot]
        for a, b in itertools.pairwise(holds):
            g = moment(steps.gait, a.end, steps.route.time)
            far = float((b.place - a.place) @ forward(a.yaw))
            full = max(0.7 * g.speed * g.cycle, 0.5)
            share = min(max(far / full, 0.0), 1.0)
            a.rolloff = g.rolloff * share
            b.strike = g.strike * share
        moved = [h.start for h in holds[1:] if h.start < seconds + AFTER]
        if steps.start is not None and not steps.start.planted[foot]:
            moved.append(holds[0].start)
        steps.landed = max([steps.landed, *moved])
