"""One actor performing one beat: the score that actions write on, and its way to joints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stickgen.core import schema
from stickgen.core.actions import NO_OVERLAY
from stickgen.core.kinematics import Body, envelope, leg_room
from stickgen.core.physics import JOINT_WEIGHTS
from stickgen.core.types import ActorState, Beat
from stickgen_procedural import curves, gait, pose
from stickgen_procedural.curves import rotated, settle, way_round
from stickgen_procedural.person import Person
from stickgen_procedural.pose import (
    ARM,
    BEND,
    COCK,
    HEAD_FOLLOWS,
    LEAN,
    NOD,
    SIDE,
    TILT,
    TWIST,
    UPPER,
    Pose,
)
from stickgen_procedural.steps import Route, Start, Steps, forward, rightward
from stickgen_procedural.surroundings import (
    Surroundings,
    float_off,
    floating,
    sunk,
    surroundings,
)

Array = NDArray[np.float64]

REACH = 0.994
"""Share of a leg's full length beyond which it is not stretched: a knee keeps 12 degrees, as the
straightest ones of recorded walks and runs do."""

EASY = 0.95
"""Share of it beyond which a free leg stretches ever more slowly."""

HEAD_AHEAD = 0.08
"""How far a head is carried before the neck, radians; of recorded people 0.2 and more."""

FLUID = 0.038
"""Standard deviation in seconds of the Gaussian over all angles: flesh has mass."""

HASTE = 0.45
"""Seconds in which what went before is left behind, if it is not far."""

LOUDER = 1.4
"""How much faster the way into an action may be than the action itself or what went before."""

STROLL = 1.06
"""Speed in m/s below which no joint need stay on that way, if nobody is slow."""

HURRIES, SLOWER = 4, 1.35
"""How often the way is tried, each time so much more slowly, until it is no faster than that."""

MOST_OF_IT = 0.7
"""Share of a beat after which one has arrived at the latest, if one can."""

MOST_BENT = 2.45
"""Radians to which a style flexes an elbow at most."""

FOLDS = 2.72
"""Radians beyond which no elbow folds on the way out of what went before."""

FLUNG = 5.0
"""Speed in m/s up or down that somebody of 1.70 m goes on with at most."""

MOST_SUNK = 0.10
"""How far the pelvis comes down for a foot out of reach before the foot is let go instead."""


@dataclass(frozen=True, eq=False)
class Hold:
    """A hand at a place in the world ``[T, 3]`` with a weight ``[T]`` of 0-1."""

    side: int
    place: Array
    weight: Array
    elbow: tuple[float, float, float]
    """Where the elbow of a straight arm points, (forward, up, out) of the chest."""


@dataclass(eq=False)
class Performance:
    """What one actor does over ``time`` ``[T]`` seconds, as a pose score that actions change.

    ``pose`` holds the score; ``ready`` is when the body stands where the action wants it, and
    ``home``, ``home_yaw`` and ``feet`` are where that is.
    """

    beat: Beat
    state: ActorState
    body: Body
    person: Person
    rng: np.random.Generator
    fps: float
    time: Array
    pose: Pose
    actions: NDArray[np.int64]
    overlay: NDArray[np.int64]
    start: Start | None
    before: Pose | None
    """The poses at the start and a moment before (2 rows), if there was anything before."""
    seated: bool = False
    lying: str | None = None
    """How the body is on the ground before the beat: supine, prone, fours; None if it is not."""
    fallen: Array = field(default_factory=lambda: np.zeros((2, 3)))
    """The ankles ``[2, 3]`` of a body on the ground before the beat."""
    fallen_velocity: Array = field(default_factory=lambda: np.zeros((2, 3)))
    """Their velocities, if they move."""
    shared: float = schema.HEIGHT
    """Mean height in metres of two who meet; one's own when alone."""
    smaller: float = schema.HEIGHT
    """Height of the smaller of the two."""
    ready: float = 0.0
    planted: NDArray[np.bool_] = None  # type: ignore[assignment]
    route: Route = None  # type: ignore[assignment]
    home: Array = field(default_factory=lambda: np.zeros(3))
    """Where on the ground the body stands once it is ready, and the way it faces there."""
    home_yaw: float = 0.0
    feet: Array = field(default_factory=lambda: np.zeros((2, 3)))
    """The ankles ``[2, 3]`` of the feet once it stands there."""
    idling: dict[str, Array] = field(default_factory=dict)
    """What breathing and shifting weight have added to pelvis, roll and upper."""
    haste: float = HASTE
    """Seconds in which what went before is left behind."""
    place: Surroundings = field(default_factory=Surroundings)
    """What the place does to a body."""
    hung: float = 0.0
    """How far above the ground the body floated before the beat, metres."""
    flights: list[tuple[float, float]] = field(default_factory=list)
    """From when to when the body is in free fall."""
    holds: list[Hold] = field(default_factory=list)
    """What hands have to be at, whatever becomes of the body."""

    @property
    def scale(self) -> float:
        """Height relative to 1.70 m."""
        return self.body.height / schema.HEIGHT

    @property
    def brisk(self) -> float:
        """Tempo of a gesture: the beat's speed, the person's and the style's together."""
        return float(np.clip(self.beat.speed * self.person.tempo, 0.5, 1.6))

    @property
    def slow(self) -> float:
        """How many times as long somebody of this tempo takes to get up or down, 1 and more."""
        return 1.0 / float(np.clip(self.person.tempo, 0.6, 1.0))

    @property
    def depth(self) -> float:
        """How deep on its feet the body is when the beat begins, 0 standing to 1 kneeling."""
        if self.before is None or self.seated or self.lying is not None:
            return 0.0
        pelvis = float(self.before.pelvis[0, 1]) / self.body.height
        return float(np.clip((0.42 - pelvis) / 0.16, 0.0, 1.0))

    @property
    def unfolding(self) -> float:
        """How many seconds somebody slow takes to let go of what the arms did before."""
        if self.before is None:
            return 0.0
        return 1.2 * (self.slow - 1.0) * HASTE * _far(self.before, self.pose)

    @property
    def power(self) -> float:
        """How large a movement is: the beat's intensity, held to where it stays what it is."""
        return float(np.clip(0.5 + 0.5 * self.beat.intensity, 0.6, 1.35))

    def swing_arms(
        self, side: int, flex: ArrayLike, elbow: ArrayLike, out: ArrayLike = 0.12
    ) -> Array:
        """Return angles of an arm that hangs and swings: forward angle, elbow flexion, spread."""
        flex, elbow, out = np.broadcast_arrays(
            np.asarray(flex, float), np.asarray(elbow, float), np.asarray(out, float)
        )
        upper = np.stack([np.sin(flex), -np.cos(flex), out], axis=-1)
        total = flex + elbow
        fore = np.stack([np.sin(total), -np.cos(total), out - 0.16 * np.sin(elbow)], axis=-1)
        return pose.arm_angles(upper, fore)

    def swaying(self, name: str, column: int | None, hz: float) -> float:
        """Return the phase in cycles of what swayed at *hz* when the beat began, by how far it was
        from its middle and which way it went.
        """
        assert self.before is not None
        track = getattr(self.before, name)
        now, earlier = track if column is None else track[:, column]
        rate = (now - earlier) / (0.01 * 2 * np.pi * hz)
        return float(np.arctan2(now, rate) / (2 * np.pi))

    def goes_on(self, way: Sequence[float]) -> bool:
        """Tell whether the body is in the middle of the beat's own action, on its *way* (x, y, z)
        at more than 0.15 m/s.
        """
        pelvis = None if self.state.velocity is None else np.asarray(self.state.velocity)[0]
        return (
            self.before is not None
            and self.state.action == self.beat.action
            and pelvis is not None
            and float(pelvis @ np.asarray(way)) > 0.15 * self.scale
        )

    def soothe(self, amount: Array) -> None:
        """Scale what `stickgen_procedural.locomotion.breathe` added by *amount* ``[T]`` of 0-1."""
        for name in ("pelvis", "roll", "upper"):
            added = self.idling[name]
            scale = (1.0 - amount).reshape(-1, *([1] * (added.ndim - 1)))
            setattr(self.pose, name, getattr(self.pose, name) - scale * added)
            self.idling[name] = added - scale * added

    def ahead(
        self, fore: ArrayLike, up: ArrayLike, right: ArrayLike, base: Array | None = None
    ) -> Array:
        """Return world points ``[T, 3]`` at (forward, up, right) metres of *base* (the resting
        place on the ground by default), scaled to the figure's size.
        """
        base = self.home if base is None else base
        fore, up, right = (np.asarray(v, float)[..., None] * self.scale for v in (fore, up, right))
        level = fore * forward(self.home_yaw) + right * rightward(self.home_yaw)
        level, up = np.broadcast_arrays(level, up)
        offset = np.stack([level[..., 0], up[..., 0], level[..., 1]], axis=-1)
        return np.asarray(base + offset)

    def reach(self, side: int, target: Array, elbow: ArrayLike = (-0.2, -1.0, 0.5)) -> Array:
        """Return the arm angles ``[T, 4]`` that bring a wrist to *target* ``[T, 3]`` in the world.

        *elbow* (forward, up, out) is where the elbow points, in the frame of the chest.
        """
        frame = pose.chest_frame(self.pose)
        local = np.einsum(
            "tji,tj->ti", frame, target - pose.shoulders(self.body, self.pose)[:, side]
        )
        local[:, 2] *= 1.0 if side else -1.0
        return pose.arm_reach(self.body, local, elbow)

    def hold(
        self, side: int, place: Array, weight: Array, elbow: tuple[float, float, float]
    ) -> None:
        """Keep a wrist at *place* ``[T, 3]`` with a *weight* ``[T]``, through style, wind, ice and
        floating too.
        """
        self.put_arm(side, self.reach(side, place, elbow), weight)
        self.holds.append(Hold(side, place, weight, elbow))

    @property
    def busy_hands(self) -> Array:
        """How much a hand is kept at a place ``[T]``, 0-1."""
        held = [hold.weight for hold in self.holds]
        return np.max(held, axis=0) if held else np.zeros_like(self.time)

    def put_arm(self, side: int, angles: Array, weight: ArrayLike = 1.0) -> None:
        """Lay *angles* over an arm with a *weight* ``[T]`` of 0-1."""
        w = np.asarray(weight, dtype=np.float64)
        w = w[:, None] if w.ndim else w
        now = self.pose.upper[:, ARM[side]]
        self.pose.upper[:, ARM[side]] = now + w * (angles - now)


def begin(
    beat: Beat,
    state: ActorState,
    rng: np.random.Generator,
    fps: float,
    seconds: float,
    person: Person,
) -> Performance:
    """Return an empty score of *seconds* that knows what went before.

    After something, time 0 is its last frame, which `finish` leaves out again.
    """
    n = max(1, round(seconds * fps)) + (state.pose is not None)
    time = np.arange(n) / fps
    body = Body(state.height)
    start, before = None, None
    seated = False
    place = surroundings(state)
    hung = sunk(state, place)
    if state.pose is not None:
        joints = np.asarray(state.pose, dtype=np.float64) - [0.0, hung, 0.0]
        velocity = np.zeros_like(joints) if state.velocity is None else np.asarray(state.velocity)
        before = pose.read(np.stack([joints, joints - 0.01 * velocity]))
        start = _start(body, before, velocity)
        seated = _on_a_chair(body, start, before)
        if seated:
            start.velocity = np.zeros(2)
        if hung > 0.0:
            # Dangling feet take the place of standing ones.
            start.ankles = start.ankles.copy()
            start.ankles[:, 1] = body.ankle_height
            start.ankle_velocity = np.zeros((2, 3))
            start.planted = (True, True)
    blank = Pose(
        np.zeros((n, 3)), np.zeros(n), np.zeros(n), np.zeros((n, UPPER)), np.zeros((n, 2, 3)),
        np.full((n, 2), 0.10),
    )  # fmt: skip
    return Performance(
        beat, state, body, person, rng, fps, time, blank,
        np.zeros(n, np.int64), np.full(n, NO_OVERLAY, np.int64), start, before, seated,
        place=place, hung=hung,
    )  # fmt: skip


def _start(body: Body, before: Pose, velocity: Array) -> Start:
    J = schema.J
    ankles = before.ankles[0]
    speed = velocity[[J["l_ankle"], J["r_ankle"]]]
    low = ankles[:, 1] < (schema.ANKLE_HEIGHT + schema.PLANTED_MARGIN) * body.height
    still = np.linalg.norm(speed, axis=-1) < 0.55 * max(body.height / 1.7, 0.3)
    planted = (bool(low[0] and still[0]), bool(low[1] and still[1]))
    pelvis = before.pelvis[0]
    rate = velocity[J["pelvis_center"]]
    return Start(pelvis[[0, 2]], rate[[0, 2]], float(before.yaw[0]), ankles, speed, planted)


def _on_a_chair(body: Body, start: Start, before: Pose) -> bool:
    """Tell whether the pelvis is low and well behind two planted feet."""
    ahead = (start.ankles[:, [0, 2]] - start.place) @ forward(start.yaw)
    return bool(
        before.pelvis[0, 1] < 0.43 * body.height
        and ahead.min() > 0.04 * body.height
        and ahead.mean() > 0.07 * body.height
        and all(start.planted)
    )


def follow(score: Performance, way: Route, steps: Steps) -> None:
    """Write the going itself: pelvis, feet, swinging arms and turning trunk of *way*."""
    t, person = score.time, score.person
    g = gait.sampled(way.gait, t, way.time)
    phase = np.interp(t, way.time, way.phase)
    busy = np.interp(t, way.time, way.stirring)
    speed = np.interp(t, way.time, way.speed)
    yaw = np.interp(t, way.time, way.yaw)
    place = np.stack([np.interp(t, way.time, way.place[:, k]) for k in (0, 1)], axis=-1)
    sense = np.where(speed < -0.05, -1.0, 1.0)
    one, cos = np.sin(2 * np.pi * phase) * busy, np.cos(2 * np.pi * phase) * busy
    side = -g.sway * cos
    place = place + side[:, None] * rightward(yaw)
    bounce = _flight(phase, g, score.place.gravity)
    height = g.height + g.bob * np.cos(4 * np.pi * phase) * busy * person.bounce
    height = height + g.flight * bounce * busy
    score.pose.pelvis = np.stack([place[:, 0], height, place[:, 1]], axis=-1)
    score.pose.yaw = yaw + sense * g.turn * one
    score.pose.roll = g.drop * cos
    upper = score.pose.upper
    push = np.gradient(speed, t) if len(t) > 1 else np.zeros_like(t)
    upper[:, LEAN] = (g.lean * busy + 0.035 * np.clip(push, -4, 4)) * np.where(speed < 0, 0.3, 1.0)
    upper[:, BEND] = 0.3 * g.lean * busy
    upper[:, NOD] = -0.3 * upper[:, LEAN]
    upper[:, SIDE] = -0.3 * score.pose.roll + 0.25 * side
    upper[:, TILT] = -0.5 * score.pose.roll
    upper[:, TWIST] = -sense * g.twist * one
    for arm, sign in ((0, 1.0), (1, -1.0)):
        wave = sense * sign * np.sin(2 * np.pi * phase - 0.15) * busy
        flex = g.arm * busy + g.swing * person.arm_swing * wave
        elbow = g.elbow * (0.45 + 0.55 * busy) + g.elbow_swing * wave + 0.36 * (1 - busy)
        aside = 0.20 - 0.02 * g.flight
        upper[:, ARM[arm]] = score.swing_arms(arm, flex, elbow, aside)
    score.pose.ankles = steps.ankles(t)
    score.planted = steps.planted(t)
    score.route = way


def _flight(phase: Array, g: gait.Gait, gravity: float) -> Array:
    """Return the rise of a runner's pelvis: a spring on the ground, a parabola under gravity in
    between, meeting with one speed.
    """
    duty, step = np.asarray(g.duty), 0.5 * np.asarray(g.cycle)
    share = (2.0 * phase + 0.5) % 1.0 - 0.5
    away = np.abs(share)
    limit = np.minimum(duty, 0.495)
    air = np.maximum((1.0 - 2.0 * limit) * step, 1e-3)
    leave = 0.5 * gravity * air
    depth = leave * limit * step / (0.5 * np.pi)
    after = (away - limit) * step
    ground = -depth * np.cos(0.5 * np.pi * away / limit)
    return np.asarray(np.where(away > limit, leave * after - 0.5 * gravity * after**2, ground))


def carry(score: Performance) -> None:
    """Give the whole performance the posture of its style."""
    p, manner = score.pose, score.person.manner
    reel = curves.noise(score.rng, score.time, 1.9, 3) * manner.sway
    upper = p.upper
    # A posture is one of standing: there is none to be seen in a trunk that lies.
    tall = curves.ramp(np.cos(upper[:, LEAN]), 0.15, 0.60)
    upper[:, LEAN] += (manner.lean + 0.05 * reel[:, 0]) * tall
    upper[:, BEND] += manner.slouch * tall
    upper[:, SIDE] += 0.06 * reel[:, 1] * tall
    upper[:, NOD] += (HEAD_AHEAD + manner.nod + 0.04 * reel[:, 2]) * tall
    upper[:, COCK] -= 0.05 * reel[:, 1] * tall
    p.pelvis[:, 1] -= manner.sink * score.body.height * tall
    level = 0.018 * score.scale * reel
    p.pelvis[:, [0, 2]] += level[:, 1:2] * rightward(p.yaw) + level[:, :1] * forward(p.yaw)
    # Hanging arms stay upright below a bent back; raised ones are left to what they do.
    for arm in ARM:
        bones, _ = pose.arm_bones(upper[:, arm])
        hanging = np.clip(-1.6 * bones[:, 1] - 0.3, 0.0, 1.0)
        upper[:, arm.start] += 0.85 * (manner.lean + manner.slouch) * hanging
        upper[:, arm.start + 1] += manner.spread * hanging
        bent = upper[:, arm.start + 3]
        more = np.minimum(manner.elbow * hanging, np.maximum(MOST_BENT - bent, 0.0))
        upper[:, arm.start + 3] = bent + more


def finish(score: Performance) -> Array:
    """Return the joints ``[T, 16, 3]``: what went before left behind, feet held, bones kept."""
    _flow(score)
    flying = np.zeros(len(score.time), dtype=np.bool_)
    for leave, land in score.flights:
        flying |= (score.time > leave) & (score.time < land)
    if flying.any():
        standing = score.pose.ankles.copy()
        _ease_legs(score, flying)
        score.pose.ankles[~flying] = standing[~flying]
        _fall_free(score)
    if score.before is None:
        return _settled(score, flying)
    _suit_haste(score)
    scored, planted = score.pose, score.planted
    best: Array | None = None
    most, own = np.inf, 0.0
    for _ in range(HURRIES):
        score.pose = Pose(**{f.name: getattr(scored, f.name).copy() for f in fields(Pose)})
        score.planted = planted.copy()
        _leave_behind(score)
        out = _settled(score, flying)
        way, after = _rush(score, out)
        own = max(own, after)
        rush = way / (LOUDER * max(own, STROLL * score.scale / score.slow))
        if rush < most:
            best, most = out, rush
        if rush <= 1.0 or score.haste * SLOWER > MOST_OF_IT * score.time[-1]:
            break
        score.haste *= SLOWER
    assert best is not None
    return best[1:]


def _settled(score: Performance, flying: NDArray[np.bool_]) -> Array:
    """Return the joints ``[T, 16, 3]`` of the pose as it is now, within reach of its feet."""
    p, body = score.pose, score.body
    float_off(score)
    _keep_reach(score)
    _ease_legs(score, ~flying)
    _keep_hold(score)
    p.ankles[..., 1] = np.maximum(p.ankles[..., 1], 0.8 * body.ankle_height)
    return pose.above_ground(body, pose.joints(body, p))


def _keep_hold(score: Performance) -> None:
    """Bring hands that have to be at a place all the way there, from wherever they are."""
    p, body = score.pose, score.body
    for hold in score.holds:
        joints = pose.joints(body, p)
        shoulder, elbow, wrist = (
            joints[:, schema.J[f"{'lr'[hold.side]}_{part}"]]
            for part in ("shoulder", "elbow", "wrist")
        )
        place = hold.place + [0.0, 1.0, 0.0] * floating(score)[:, None]
        share = curves.smooth(curves.ramp(hold.weight, 0.75, 1.0), FLUID, score.fps)
        spot = wrist + share[:, None] * (place - wrist)
        frame = pose.chest_frame(p)
        bend = np.einsum("tji,tj->ti", frame, elbow - 0.5 * (shoulder + wrist))
        bend[:, 2] *= 1.0 if hold.side else -1.0
        arm = score.reach(hold.side, spot, bend + 0.02 * np.array(hold.elbow))
        score.put_arm(hold.side, arm, share > 1e-3)


def _rush(score: Performance, joints: Array) -> tuple[float, float]:
    """Return the top speed in m/s on the way into an action, and that of the action itself or of
    the body as it comes.
    """
    speed = np.linalg.norm(np.diff(joints, axis=0), axis=-1).max(axis=-1) * score.fps
    way = score.time[1:] < score.haste + 0.15
    came = score.state.velocity
    before = 0.0 if came is None else float(np.linalg.norm(came, axis=-1).max())
    own = max(before, float(speed[~way].max(initial=0.0)))
    return float(speed[way].max(initial=0.0)), own


def _ease_legs(score: Performance, frames: NDArray[np.bool_]) -> None:
    """Keep the feet of *frames* ``[T]`` within reach; free ones never stretch a leg fully, nor come
    near it with a snap of the knee. In the other frames they have been kept already.
    """
    p, body = score.pose, score.body
    hip = pose.hips(body, p)
    gap = p.ankles - hip
    far = np.linalg.norm(gap, axis=-1)
    limit, easy = REACH * body.leg, EASY * body.leg
    soft = limit - (limit - easy) * np.exp(-np.maximum(far - easy, 0.0) / (limit - easy))
    free = ~score.planted & frames[:, None] & (far > easy)
    kept = np.where(free, soft, np.minimum(far, limit))
    p.ankles = hip + gap * (kept / np.maximum(far, 1e-9))[..., None]


def _fall_free(score: Performance) -> None:
    """Put the centre of mass on the parabola between its places at the start and at the end of
    every flight; the feet go with it.
    """
    t, p, body = score.time, score.pose, score.body
    first, last = score.flights[0][0], score.flights[-1][1]
    near = (t > first - 2.0 / score.fps) & (t < last + 2.0 / score.fps)
    part = Pose(p.pelvis[near], p.yaw[near], p.roll[near], p.upper[near], p.ankles[near],
                p.knees[near])  # fmt: skip
    centre = np.zeros((len(t), 3))
    centre[near] = np.einsum("j,tjd->td", JOINT_WEIGHTS, pose.joints(body, part))
    for leave, land in score.flights:
        air = (t > leave) & (t < land)
        if not air.any():
            continue
        here = slice(max(int(air.argmax()) - 1, 0), len(t) - int(air[::-1].argmax()) + 1)
        ends = np.stack(
            [np.interp([leave, land], t[here], centre[here, d]) for d in range(3)], axis=-1
        )
        u = ((t[air] - leave) / (land - leave))[:, None]
        path = ends[0] + u * (ends[1] - ends[0])
        path[:, 1] += 0.5 * score.place.gravity * (land - leave) ** 2 * (u * (1.0 - u))[:, 0]
        shift = path - centre[air]
        p.pelvis[air] += shift
        p.ankles[air] += shift[:, None]
        score.planted[air] = False


def _flow(score: Performance) -> None:
    """Round off the corners of all angles."""
    p, fps = score.pose, score.fps
    upper = p.upper.copy()
    if np.abs(upper[:, [LEAN, SIDE]]).max() > 2.0:
        # Somebody turns over: no whole turns are to be smoothed away.
        for lower, more, head in ((LEAN, BEND, NOD), (SIDE, TILT, COCK)):
            total = HEAD_FOLLOWS * (upper[:, lower] + upper[:, more]) + upper[:, head]
            upper[:, lower] = np.unwrap(upper[:, lower])
            follows = HEAD_FOLLOWS * (upper[:, lower] + upper[:, more])
            upper[:, head] = np.unwrap(total) - follows
    # Arms as directions: their angles leap where an arm passes behind the shoulder.
    arms = [bone for arm in ARM for bone in pose.arm_bones(upper[:, arm])]
    trunk = ARM[0].start
    tracks = [upper[:, :trunk], np.unwrap(p.yaw), np.unwrap(p.roll), p.knees, *arms]
    flat = curves.smooth(np.column_stack(tracks), FLUID, fps)
    upper[:, :trunk] = flat[:, :trunk]
    p.yaw, p.roll, p.knees = flat[:, trunk], flat[:, trunk + 1], flat[:, trunk + 2 : trunk + 4]
    bones = flat[:, trunk + 4 :].reshape(len(flat), 2, 2, 3)
    for i, arm in enumerate(ARM):
        upper[:, arm] = pose.arm_angles(bones[:, i, 0], bones[:, i, 1])
    p.upper = upper


def _suit_haste(score: Performance) -> None:
    """Give who comes out of a deep bend, or has far to go with the arms, longer."""
    p, was = score.pose, score.before
    assert was is not None
    pitch = abs(float(was.upper[0, LEAN] - p.upper[0, LEAN]))
    drop = abs(float(was.pelvis[0, 1] - p.pelvis[0, 1])) / score.body.height
    if score.haste <= HASTE:
        far = float(np.clip(max(pitch / 0.40, drop / 0.09, _far(was, p)), 1.0, 2.5))
        score.haste *= far * score.slow**0.6


def _far(was: Pose, now: Pose) -> float:
    """Return how far arms have to go, 1 being as far as is quickly done, at most 2.5."""
    arms = float(np.abs(was.upper[0, 7:] - now.upper[0, 7:]).max())
    return min(arms / 0.9, 2.5)


def _leave_behind(score: Performance) -> None:
    p, t, was = score.pose, score.time, score.before
    assert was is not None
    eps = 0.01

    def carry(now: Array, earlier: Array, track: Array, seconds: ArrayLike) -> Array:
        rate = (now - earlier) / eps
        own = (track[1] - track[0]) * score.fps if len(track) > 1 else np.zeros_like(track[0])
        return settle(t, now - track[0], rate - own, seconds)

    trunk = slice(0, ARM[0].start)
    p.upper[:, trunk] += carry(
        was.upper[0, trunk], was.upper[1, trunk], p.upper[:, trunk], score.haste
    )
    for arm in ARM:
        # Arms as directions, by the shorter way round: their angles know none.
        upper, fore = pose.arm_bones(p.upper[:, arm])
        upper_was, fore_was = pose.arm_bones(was.upper[:, arm])
        away = way_round(
            t, upper, upper_was[0], (upper_was[0] - upper_was[1]) / eps, score.haste, score.fps
        )
        upper, fore = rotated(upper, away), rotated(fore, away)
        away = way_round(
            t, fore, fore_was[0], (fore_was[0] - fore_was[1]) / eps, score.haste, score.fps
        )
        scored = p.upper[:, arm.stop - 1].copy()
        p.upper[:, arm] = pose.arm_angles(upper, rotated(fore, away))
        # On the way no elbow folds further than it can, or than it is asked to.
        most = np.maximum(FOLDS, np.maximum(scored, was.upper[0, arm.stop - 1]))
        bent = p.upper[:, arm.stop - 1]
        over = np.maximum(bent - most, 0.0)
        p.upper[:, arm.stop - 1] = bent - over + 0.1 * (1.0 - np.exp(-over / 0.1))
    turn = np.unwrap(np.stack([was.yaw[1], was.yaw[0]]))
    turn += 2 * np.pi * np.round((p.yaw[0] - turn[1]) / (2 * np.pi))
    angles = np.stack([p.yaw, p.roll], axis=-1)
    angles += carry(
        np.array([turn[1], was.roll[0]]), np.array([turn[0], was.roll[1]]), angles, score.haste
    )
    p.yaw, p.roll = angles[:, 0], angles[:, 1]
    earlier = was.pelvis[1].copy()
    most_up = FLUNG * eps * score.scale**0.5
    earlier[1] = was.pelvis[0, 1] - np.clip(was.pelvis[0, 1] - earlier[1], -most_up, most_up)
    p.pelvis = p.pelvis + carry(was.pelvis[0], earlier, p.pelvis, score.haste)
    if score.lying == "aloft":
        # Feet come down over the place where they will stand.
        spans = score.haste * np.array([0.75, 1.0, 0.75])
        for foot in (0, 1):
            track = p.ankles[:, foot]
            earlier = score.fallen[foot] - eps * score.fallen_velocity[foot]
            away = carry(score.fallen[foot], earlier, track, spans)
            # A leg that swings through hangs.
            far = min(0.25 * float(np.hypot(away[0, 0], away[0, 2])), 0.12 * score.body.height)
            p.ankles[:, foot] = track + away
            high = p.ankles[:, foot, 1]
            clear = np.minimum(high, 0.09 * score.body.height)
            high[:] = np.maximum(high - far * curves.bump(t / score.haste), clear)
    p.knees = p.knees + carry(was.knees[0], was.knees[0], p.knees, score.haste)


def _keep_reach(score: Performance) -> None:
    """Lower the pelvis smoothly where a planted foot would be out of reach."""
    p, body = score.pose, score.body
    hip = pose.hips(body, p)
    room = leg_room(hip, p.ankles, REACH * body.leg, score.planted)
    room = np.where(np.isfinite(room), room, 0.0)
    p.pelvis[:, 1] -= envelope(
        np.clip(-room, 0.0, MOST_SUNK * body.height), max(1, round(0.06 * score.fps))
    )
