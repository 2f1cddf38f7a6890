"""What the place does to a body: gravity, water, ice and wind, after the table of core.

Three things follow from an `Environment`: how a beat is performed (tempo, speed over the ground,
height and duration of flights), what is laid over it (floating, balancing, leaning into the wind,
bearing up under a high gravity), and how far standing feet glide.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core.environments import environment
from stickgen.core.types import ActorState
from stickgen_procedural import curves, pose
from stickgen_procedural.pose import ARM, BEND, LEAN, NOD, SIDE, TILT
from stickgen_procedural.steps import forward, rightward

if TYPE_CHECKING:
    from stickgen_procedural.performance import Performance

Array = NDArray[np.float64]

GRAVITY: Final = 9.81
LONGEST: Final = 4.0
"""Seconds in the air that no flight exceeds."""
WEIGHTLESS: Final = 0.02
"""Share of the earth's gravity below which nothing would come down again; it is held to that."""


@dataclass(frozen=True)
class Surroundings:
    """What a place does to a body, in numbers the actions use; the default changes nothing."""

    gravity: float = GRAVITY
    """Acceleration of free fall, m/s²."""
    leap: float = 1.0
    """Factor on the height of a jump."""
    landing: float = 1.0
    """Factor on how deep a body gives way when it lands."""
    pace: float = 1.0
    """Factor on the speed over the ground."""
    lift: float = 1.0
    """Factor on how high feet are lifted."""
    tempo: float = 1.0
    """Factor on the tempo of everything else."""
    afloat: float = 0.0
    """How far a resting body floats off the ground, as a fraction of the height."""
    drift: float = 0.0
    """0-1: how much limbs drift."""
    glide: float = 0.0
    """Share of the body's own speed with which a standing foot slides along."""
    balance: float = 0.0
    """0-1: how much arms are held out for balance."""
    heavy: float = 0.0
    """Times the earth's gravity that bears on the body beyond the first."""
    wind: tuple[float, float] = (0.0, 0.0)
    """Where the wind blows to (x, z), and by its length how strongly, 0-1."""
    stoop: float = 0.0
    """Forward lean of somebody who goes uphill, radians."""

    @property
    def aloft(self) -> float:
        """Factor on the duration of a flight that the earth's gravity would end."""
        return min(float(np.sqrt(self.leap * GRAVITY / self.gravity)), LONGEST)

    def flight(self, rise: float) -> float:
        """Return the seconds in the air of a jump that raises the body by *rise* metres here on
        earth: twice the time to fall from its height.
        """
        return min(2.0 * float(np.sqrt(2.0 * rise * self.leap / self.gravity)), LONGEST)

    def stretched(self, seconds: float) -> float:
        """Return how long a flight of so many *seconds* on earth takes here."""
        return float(min(seconds * self.aloft, LONGEST))


def surroundings(state: ActorState) -> Surroundings:
    """Return what the place and the weather of *state* do."""
    name, weather = state.environment, state.weather
    if name == "earth_normal" and weather is None:
        return Surroundings()
    here = environment(name).in_weather(weather)
    scale = max(here.gravity_scale, WEIGHTLESS)
    fluid = float(np.clip((here.air_resistance - 1.0) / 2.0, 0.0, 1.0)) * (here.buoyancy > 0.0)
    light = float(np.clip((0.5 - scale) / 0.4, 0.0, 1.0))
    floats = float(np.clip((here.buoyancy - 0.45) / 0.45, 0.0, 1.0)) * light
    slow = max(fluid, 0.6 * light)
    slippery = float(np.clip((0.30 - here.friction) / 0.25, 0.0, 1.0)) * (1.0 - floats)
    wind, way = here.wind_strength, here.wind_direction
    return Surroundings(
        gravity=GRAVITY * scale,
        leap=here.jump_height_scale,
        landing=float(np.clip(here.landing_impact, 0.2, 1.5)),
        pace=here.movement_speed_scale * (0.82 if here.buoyancy > 0.2 else 1.0),
        lift=float(np.clip(here.step_height_scale, 0.5, 1.6)),
        tempo=float(1.0 - 0.55 * slow - 0.15 * min(max(scale - 1.0, 0.0), 1.5)),
        afloat=0.17 * floats,
        drift=max(floats, fluid),
        glide=0.55 * slippery,
        balance=float(np.clip(max(0.5 * (here.balance_difficulty - 1.2), slippery), 0.0, 1.0)),
        heavy=float(np.clip(scale - 1.0, 0.0, 1.5)),
        wind=(wind * float(np.cos(way)), -wind * float(np.sin(way))),
        stoop=0.5 * here.slope_angle,
    )


def sunk(state: ActorState, place: Surroundings) -> float:
    """Return how far above the ground a floating body of *state* hangs, in metres."""
    if place.afloat == 0.0 or state.pose is None:
        return 0.0
    from stickgen.core import schema

    ankles = np.asarray(state.pose)[[schema.J["l_ankle"], schema.J["r_ankle"]], 1]
    up = float(ankles.min()) - schema.ANKLE_HEIGHT * state.height
    return float(np.clip(up, 0.0, 1.3 * place.afloat * state.height))


def lay_over(score: Performance) -> None:
    """Lay over a whole performance what its place adds to any: see the module."""
    place, t = score.place, score.time
    if place == Surroundings():
        return
    p, H = score.pose, score.body.height
    upper = p.upper
    # Whoever holds on to something or somebody is steadier.
    tall = curves.ramp(np.cos(upper[:, LEAN]), 0.15, 0.60) * (1.0 - 0.8 * score.busy_hands)
    gone = np.linalg.norm(np.gradient(p.pelvis[:, [0, 2]], t, axis=0), axis=-1) if len(t) > 1 else 0
    going = curves.ramp(np.broadcast_to(gone, t.shape), 0.15, 0.9)
    if place.heavy:
        load = place.heavy * tall
        p.pelvis[:, 1] -= 0.022 * H * load
        upper[:, LEAN] += 0.10 * load
        upper[:, BEND] += 0.13 * load
        upper[:, NOD] += 0.10 * load
    if place.stoop:
        upper[:, LEAN] += place.stoop * (0.3 + 0.7 * going) * tall
    strength = float(np.hypot(*place.wind))
    if strength > 0.05:
        _lean_into_the_wind(score, strength, tall)
    if place.balance:
        _balance(score, place.balance, tall)
    if place.drift:
        _drift(score, place.drift, tall * (1.0 - 0.5 * going))


def _lean_into_the_wind(score: Performance, strength: float, tall: Array) -> None:
    p, t = score.pose, score.time
    upper = p.upper
    way = np.array(score.place.wind)
    gust = 0.75 + 0.25 * curves.noise(score.rng, t, 1.3, 2)
    along, across = forward(p.yaw) @ way, rightward(p.yaw) @ way
    upper[:, LEAN] -= 0.36 * along * gust[:, 0] * tall
    upper[:, SIDE] -= 0.30 * across * gust[:, 0] * tall
    upper[:, NOD] += 0.16 * strength * tall
    for arm in (0, 1):
        # Hanging arms are blown along and flutter.
        hanging = _hanging(score, arm)
        flutter = 0.10 * np.sin(2 * np.pi * 2.3 * t + 2.0 * arm) * strength
        blown = score.swing_arms(
            arm,
            0.75 * along * gust[:, 1] + flutter,
            0.45 + 0.2 * strength,
            0.20 + 0.40 * np.clip(across * (1.0 if arm else -1.0), 0, 1) * gust[:, 1],
        )
        score.put_arm(arm, blown, 0.8 * strength * hanging * tall)


def _balance(score: Performance, amount: float, tall: Array) -> None:
    p, t = score.pose, score.time
    upper = p.upper
    reel = curves.noise(score.rng, t, 1.5, 4)
    upper[:, SIDE] += 0.11 * amount * reel[:, 0] * tall
    upper[:, TILT] -= 0.08 * amount * reel[:, 0] * tall
    upper[:, LEAN] += amount * (0.08 + 0.06 * reel[:, 1]) * tall
    p.pelvis[:, 1] -= 0.020 * score.body.height * amount * tall
    for arm, sign in ((0, -1.0), (1, 1.0)):
        hanging = _hanging(score, arm)
        up = -0.25 + 0.30 * (sign * reel[:, 0] + 0.5 * reel[:, 2 + arm])
        out = np.stack([0.25 + 0.15 * reel[:, 3 - arm], up, np.full(len(t), 0.95)], axis=-1)
        fore = np.stack([0.45 + 0 * t, up + 0.15, np.full(len(t), 0.85)], axis=-1)
        score.put_arm(arm, pose.arm_angles(out, fore), 0.9 * amount * hanging * tall)


def _drift(score: Performance, amount: float, free: Array) -> None:
    """Let limbs that do nothing else float about."""
    t, upper = score.time, score.pose.upper
    slow = curves.noise(score.rng, t, 4.0, 6)
    upper[:, LEAN] += 0.06 * amount * slow[:, 0] * free
    upper[:, SIDE] += 0.05 * amount * slow[:, 1] * free
    for arm in (0, 1):
        hanging = _hanging(score, arm)
        out = np.stack(
            [
                0.35 + 0.30 * slow[:, 2 + arm],
                -0.10 + 0.30 * slow[:, 4 + arm],
                np.full(len(t), 0.85),
            ],
            axis=-1,
        )
        fore = np.stack(
            [0.60 + 0.2 * slow[:, 4 + arm], 0.15 + 0.25 * slow[:, 2 + arm], np.full(len(t), 0.55)],
            axis=-1,
        )
        score.put_arm(arm, pose.arm_angles(out, fore), 0.85 * amount * hanging * free)


LOOSE: Final = 0.2
"""Seconds (of a Gaussian) for which an arm has to hang before it is left to wind, water or ice."""


def _hanging(score: Performance, arm: int) -> Array:
    """Return how much an arm just hangs ``[T]``, 0-1; one that swings through does not."""
    bones, fore = pose.arm_bones(score.pose.upper[:, ARM[arm]])
    down = curves.ramp(-bones[:, 1] - 0.25 * np.maximum(fore[:, 1], 0.0), 0.45, 0.85)
    return np.clip(curves.smooth(down, LOOSE, score.fps), 0.0, 1.0)


def floating(score: Performance) -> Array:
    """Return how far above the ground a body floats here ``[T]``, without its heaving."""
    up = np.full(len(score.time), score.place.afloat * score.body.height)
    if score.start is None:
        return up
    w = curves.ramp(score.time, 0.0, 2.2)
    return np.asarray(score.hung * (1.0 - w) + up * w)


def float_off(score: Performance) -> None:
    """Lift a body that floats off the ground, legs dangling, with a slow heave and sway."""
    place, t, p = score.place, score.time, score.pose
    if place.afloat == 0.0:
        return
    H = score.body.height
    heave = curves.noise(score.rng, t, 6.0, 3) * (1.0 - 0.8 * score.busy_hands)[:, None]
    goal = place.afloat * H * (1.0 + 0.22 * heave[:, 0])
    # Whoever lies, flies or travels over the ground by foot is left to that.
    gone = np.linalg.norm(np.gradient(p.pelvis[:, [0, 2]], t, axis=0), axis=-1) if len(t) > 1 else 0
    free = 1.0 - curves.ramp(np.broadcast_to(gone, t.shape), 0.12, 0.45)
    free = curves.smooth(free, 0.4, score.fps)
    if score.start is None:
        up = goal * free
    else:
        w = curves.ramp(t, 0.0, 2.2)
        up = score.hung * (1.0 - w) + goal * free * w
        if score.before is not None and score.hung > 0.0:
            dangled = score.before.ankles[0] - score.before.pelvis[0]
            gap = dangled - (p.ankles[0] - p.pelvis[0])
            for foot in (0, 1):
                p.ankles[:, foot] += curves.settle(t, gap[foot], np.zeros(3), 1.2)
    share = np.clip(up / (place.afloat * H), 0.0, 1.0)
    if score.hung > 0.0:
        share = share * curves.ramp(t, 0.0, 1.5)
    p.pelvis[:, 1] += up
    p.pelvis[:, [0, 2]] += (0.025 * H * heave[:, 1] * share)[:, None] * rightward(p.yaw)
    p.ankles[..., 1] += up[:, None]
    for foot, lag in ((0, 0.0), (1, 1.4)):
        sway = np.sin(2 * np.pi * t / 3.7 + lag)
        back = (0.05 + 0.035 * sway) * H * share
        p.ankles[:, foot, 1] += (0.030 + 0.020 * sway) * H * share
        p.ankles[:, foot, [0, 2]] -= back[:, None] * forward(p.yaw)
    score.planted &= (up < 0.01 * H)[:, None]
