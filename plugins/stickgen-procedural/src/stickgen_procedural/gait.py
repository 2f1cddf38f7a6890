"""Ways of going: the figures of walk, run and sprint, fitted to the clips named in the docs.

Lengths are for a figure of 1.70 m and scale with the height, times with its square root.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Field: TypeAlias = Any
"""A number; an array over time while gaits blend."""


@dataclass(frozen=True)
class Gait:
    """A gait at its own speed; each field is a number, or an array over time while gaits blend."""

    speed: Field
    """Metres per second."""
    cycle: Field
    """Seconds from one step of the left foot to its next."""
    duty: Field
    """Share of the cycle for which a foot is planted."""
    width: Field
    """How far a foot lands from the line walked."""
    shift: Field
    """How far ahead of the pelvis the middle of a foot's stance lies."""
    lift: Field
    """How high the swinging ankle is carried above its line."""
    peak: Field
    """Where in the swing it is highest, 0-1."""
    rolloff: Field
    """How far the heel has risen at toe-off, radians about the ball of the foot."""
    strike: Field
    """How far the toes are up at touch-down, radians about the heel."""
    touch: Field
    """Speed at which the foot comes down, metres per second."""
    height: Field
    """Mean height of the pelvis."""
    bob: Field
    """Half the rise and fall of a walking pelvis (runners fly instead)."""
    flight: Field
    """0 for gaits with both feet down twice a cycle, 1 for gaits with flight."""
    sway: Field
    """How far the pelvis moves over the planted foot."""
    drop: Field
    """How far the hip of the swinging leg drops, radians."""
    turn: Field
    """How far the pelvis turns with the swinging leg, radians."""
    twist: Field
    """How far the shoulders turn against the pelvis, radians."""
    lean: Field
    """Forward lean of the torso, radians."""
    swing: Field
    """Half the range of the upper arm, radians."""
    arm: Field
    """Mean angle of the upper arm, forward positive, radians."""
    elbow: Field
    """Mean flexion of the elbow, radians."""
    elbow_swing: Field
    """Half its range, radians."""

    def at(self, ratio: float) -> Gait:
        """Return the gait at *ratio* times its speed: longer and quicker steps share the change."""
        ratio = float(np.clip(ratio, 0.15, 2.2))
        wide = ratio**0.55
        return replace(
            self,
            speed=self.speed * ratio,
            cycle=self.cycle * ratio**-0.45,
            duty=float(np.clip(self.duty * ratio**-0.06, 0.2, 0.75)),
            shift=self.shift * wide,
            lift=self.lift * ratio**0.3,
            rolloff=self.rolloff * min(1.15, wide),
            bob=self.bob * wide,
            turn=self.turn * min(1.3, wide),
            twist=self.twist * min(1.3, wide),
            lean=self.lean * ratio,
            swing=self.swing * min(1.5, wide),
            elbow_swing=self.elbow_swing * min(1.3, wide),
        )

    def under(self, gravity: float) -> Gait:
        """Return the gait under another *gravity* in m/s^2: the lighter a body, the longer each of
        its steps lasts and the more it bounds (a pendulum's period goes with its root, Froude).
        """
        slower = float(np.clip((9.81 / gravity) ** 0.5, 0.85, 1.7))
        if slower == 1.0:
            return self
        return replace(
            self,
            cycle=self.cycle * slower,
            duty=float(np.clip(self.duty * slower**-0.25, 0.2, 0.75)),
            bob=self.bob * slower**1.5,
            lift=self.lift * slower**0.5,
        )

    def sized(self, height: float) -> Gait:
        """Return the gait for a figure of another height in metres."""
        scale = height / 1.70
        lengths = ("width", "shift", "lift", "height", "bob", "sway", "touch", "speed")
        return replace(
            self,
            cycle=self.cycle * scale**0.5,
            **{name: getattr(self, name) * scale for name in lengths},
        )


WALK: Final = Gait(
    speed=1.3, cycle=1.03, duty=0.60, width=0.07, shift=-0.045, lift=0.105, peak=0.32,
    rolloff=0.76, strike=0.18, touch=0.70, height=0.798, bob=0.019, flight=0.0, sway=0.022,
    drop=0.06, turn=0.10, twist=0.20, lean=0.03, swing=0.42, arm=0.0, elbow=0.60, elbow_swing=0.25,
)  # fmt: skip
RUN: Final = Gait(
    speed=3.15, cycle=0.73, duty=0.30, width=0.045, shift=-0.125, lift=0.235, peak=0.27,
    rolloff=0.50, strike=0.05, touch=1.3, height=0.765, bob=0.0, flight=1.0, sway=0.015,
    drop=0.06, turn=0.14, twist=0.36, lean=0.16, swing=0.50, arm=-0.28, elbow=1.95,
    elbow_swing=0.36,
)  # fmt: skip
SPRINT: Final = Gait(
    speed=6.0, cycle=0.50, duty=0.23, width=0.035, shift=-0.10, lift=0.205, peak=0.29,
    rolloff=0.36, strike=0.0, touch=2.2, height=0.765, bob=0.0, flight=1.0, sway=0.010,
    drop=0.05, turn=0.16, twist=0.44, lean=0.34, swing=0.90, arm=-0.10, elbow=1.70,
    elbow_swing=0.40,
)  # fmt: skip
STEP: Final = replace(
    WALK.at(0.5), speed=0.0, cycle=0.95, duty=0.62, width=0.10, shift=0.0, lift=0.085, peak=0.45,
    rolloff=0.15, strike=0.0, touch=0.35, height=0.820, bob=0.0, sway=0.03, swing=0.10, elbow=0.35,
    elbow_swing=0.03, twist=0.05, turn=0.03, lean=0.0, arm=0.02,
)  # fmt: skip
"""Small steps on the spot, and standing."""

MARCH: Final = replace(
    WALK, speed=1.2, cycle=1.06, duty=0.58, shift=-0.02, lift=0.20, peak=0.46, rolloff=0.45,
    strike=0.0, touch=1.0, bob=0.022, swing=1.00, arm=0.12, elbow=0.10, elbow_swing=0.04,
    twist=0.10, lean=-0.05,
)  # fmt: skip
"""Knees up, arms nearly straight."""

DRIBBLE: Final = replace(
    RUN, speed=1.25, cycle=0.84, duty=0.46, width=0.08, lift=0.17, shift=-0.04, height=0.765,
    touch=0.9, rolloff=0.45, lean=0.08, swing=0.10, arm=0.0, elbow=0.9, elbow_swing=0.1, twist=0.10,
)  # fmt: skip
"""A low, wide jog beside the ball."""

GAITS: Final = {
    "walk": WALK,
    "run": RUN,
    "sprint": SPRINT,
    "march": MARCH,
    "dribbling": DRIBBLE,
    "running_bases": replace(SPRINT.at(5.2 / 6.0), lean=0.20, twist=0.48),
}


_FIELDS: Final = tuple(f.name for f in fields(Gait))


def mixed(a: Gait, b: Gait, weight: Array) -> Gait:
    """Return the gait *weight* ``[T]`` of the way from *a* to *b*, every field an array."""
    return Gait(
        **{
            f.name: (1.0 - weight) * getattr(a, f.name) + weight * getattr(b, f.name)
            for f in fields(Gait)
        }
    )


def natural(speed: Array, height: float) -> Gait:
    """Return the gait people fall into at each *speed* ``[T]``: step, walk, run or sprint."""
    ladder = [gait.sized(height) for gait in (STEP, WALK, RUN, SPRINT)]
    speeds = [gait.speed for gait in ladder]
    return Gait(
        **{
            f.name: np.interp(np.abs(speed), speeds, [getattr(gait, f.name) for gait in ladder])
            for f in fields(Gait)
        }
    )


def sampled(gait: Gait, at: Array, grid: Array) -> Gait:
    """Return a gait known at the times *grid* at the times *at*, every field an array."""
    return Gait(**{f.name: np.interp(at, grid, getattr(gait, f.name)) for f in fields(Gait)})


def moment(gait: Gait, at: float, grid: Array) -> Gait:
    """Return a gait known at the times *grid* at one time, every field a number."""
    last = len(grid) - 1
    i = int(np.searchsorted(grid, at, side="right")) - 1
    if i < 0 or i >= last:  # held before and after
        i = min(max(i, 0), last)
        return Gait(*(float(getattr(gait, name)[i]) for name in _FIELDS))
    gone, width = at - float(grid[i]), float(grid[i + 1] - grid[i])
    ends = (getattr(gait, name)[i : i + 2].tolist() for name in _FIELDS)
    return Gait(*((b - a) / width * gone + a for a, b in ends))
