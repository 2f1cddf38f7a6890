"""Picking things up, pushing, and getting out of the way."""

from __future__ import annotations

from stickgen_procedural.ball_games import repeat
from stickgen_procedural.keyposes import STANDING as UP
from stickgen_procedural.keyposes import Key, chest, swing, world
from stickgen_procedural.performance import Performance

LIFT = (
    Key(0.0),
    Key(0.30, (-0.02, UP - 0.03, 0.0), lean=0.30, bend=0.12, head=0.30,
        left=swing(0.25, 0.4), right=swing(0.3, 0.4)),
    Key(0.85, (-0.06, 0.285, 0.0), lean=0.85, bend=0.30, head=0.70,
        left=world(0.22, 0.10, -0.07), right=world(0.22, 0.10, 0.07), knees=(0.30, 0.30)),
    Key(1.10, (-0.06, 0.280, 0.0), lean=0.88, bend=0.30, head=0.70,
        left=world(0.22, 0.075, -0.055), right=world(0.22, 0.075, 0.055), knees=(0.30, 0.30)),
    Key(1.50, (-0.05, 0.40, 0.0), lean=0.45, bend=0.14, head=0.30,
        left=chest(0.19, -0.20, -0.03), right=chest(0.19, -0.20, -0.03), knees=(0.2, 0.2)),
    Key(1.90, (-0.01, UP, 0.0), lean=-0.06, bend=0.0, head=0.10,
        left=chest(0.17, -0.13, -0.03), right=chest(0.17, -0.13, -0.03)),
    Key(2.35, (-0.01, UP, 0.0), lean=-0.05, head=0.08,
        left=chest(0.17, -0.13, -0.03), right=chest(0.17, -0.13, -0.03)),
    Key(2.85),
)  # fmt: skip

SHOVE = (
    Key(0.0),
    Key(0.38, (-0.04, UP - 0.05, 0.0), lean=0.02, bend=0.05,
        left=chest(0.10, -0.05, 0.02, (-0.7, -0.7, 0.3)),
        right=chest(0.10, -0.05, 0.02, (-0.7, -0.7, 0.3)),
        left_foot=(0.10, 0.0, 0.0)),
    Key(0.55, (-0.06, UP - 0.06, 0.0), lean=-0.06, bend=0.04,
        left=chest(0.07, -0.05, 0.03, (-0.7, -0.7, 0.3)),
        right=chest(0.07, -0.05, 0.03, (-0.7, -0.7, 0.3)),
        left_foot=(0.16, 0.0, 0.0)),
    Key(0.74, (0.16, UP - 0.085, 0.0), lean=0.46, bend=0.04, head=0.10,
        left=chest(0.29, 0.10, -0.01), right=chest(0.29, 0.10, -0.01),
        left_foot=(0.20, 0.0, 0.0), right_foot=(-0.14, 0.03, 0.0)),
    Key(1.20, (0.18, UP - 0.09, 0.0), lean=0.52, bend=0.03, head=0.12,
        left=chest(0.285, 0.12, -0.01), right=chest(0.285, 0.12, -0.01),
        left_foot=(0.20, 0.0, 0.0), right_foot=(-0.14, 0.035, 0.0)),
    Key(1.60, (0.06, UP - 0.03, 0.0), lean=0.15, left=swing(0.5, 0.9), right=swing(0.5, 0.9),
        left_foot=(0.20, 0.0, 0.0), right_foot=(-0.05, 0.0, 0.0)),
    Key(2.05),
)  # fmt: skip

_GUARD = chest(0.15, 0.06, -0.02)
_COVER = chest(0.06, 0.235, -0.03, (0.6, 0.3, 0.8))
_FORE, _REAR = (0.08, 0.0, -0.07), (-0.10, 0.0, 0.07)

DUCK = (
    Key(0.0),
    Key(0.16, (0.0, UP - 0.020, 0.0), yaw=-0.25, lean=0.08, left=_GUARD, right=_GUARD,
        left_foot=(0.04, 0.03, -0.04)),
    Key(0.44, (0.0, UP - 0.100, -0.07), yaw=-0.60, lean=0.10, side=0.62, bend=0.10, tilt=0.20,
        twist=-0.2, left=_GUARD, right=_GUARD, knees=(0.35, 0.35), left_foot=_FORE,
        right_foot=_REAR),
    Key(0.66, (0.0, UP - 0.105, -0.07), yaw=-0.60, lean=0.10, side=0.66, bend=0.10, tilt=0.20,
        twist=-0.2, left=_GUARD, right=_GUARD, knees=(0.35, 0.35), left_foot=_FORE,
        right_foot=_REAR),
    Key(0.96, (-0.05, 0.275, 0.0), yaw=-0.55, lean=0.70, bend=0.40, head=0.70,
        left=_COVER, right=_COVER, knees=(0.45, 0.45), left_foot=_FORE,
        right_foot=_REAR),
    Key(1.16, (-0.05, 0.270, 0.01), yaw=-0.55, lean=0.74, bend=0.42, head=0.72,
        left=_COVER, right=_COVER, knees=(0.45, 0.45), left_foot=_FORE,
        right_foot=_REAR),
    Key(1.46, (0.0, UP - 0.100, 0.07), yaw=-0.60, lean=0.10, side=-0.62, bend=0.10, tilt=-0.20,
        twist=0.2, left=_GUARD, right=_GUARD, knees=(0.35, 0.35), left_foot=_FORE,
        right_foot=_REAR),
    Key(1.68, (0.0, UP - 0.105, 0.07), yaw=-0.60, lean=0.10, side=-0.66, bend=0.10, tilt=-0.20,
        twist=0.2, left=_GUARD, right=_GUARD, knees=(0.35, 0.35), left_foot=_FORE,
        right_foot=_REAR),
    Key(2.04, (0.05, UP - 0.090, 0.0), yaw=-0.40, lean=-0.62, bend=-0.26, head=-0.30,
        left=_GUARD, right=_GUARD, knees=(0.25, 0.25), left_foot=_FORE,
        right_foot=_REAR),
    Key(2.36, (0.055, UP - 0.100, 0.0), yaw=-0.40, lean=-0.70, bend=-0.30, head=-0.36,
        left=_GUARD, right=_GUARD, knees=(0.25, 0.25), left_foot=_FORE,
        right_foot=_REAR),
    Key(2.76, (0.0, UP - 0.030, 0.0), yaw=-0.20, lean=0.08, bend=0.05, left=_GUARD, right=_GUARD,
        left_foot=(0.08, 0.0, -0.07), right_foot=(-0.04, 0.02, 0.03)),
    Key(3.20),
)  # fmt: skip
"""Weave to one side, duck under with the arms over the head, weave to the other side, and bend far
back from under the last."""


def pick_up(score: Performance) -> None:
    """Squat, grasp with both hands on the ground, and lift to the belly."""
    repeat(score, LIFT)


def push(score: Performance) -> None:
    """Draw the hands in, drive the whole body behind them, hold, come back."""
    repeat(score, SHOVE)


def dodge(score: Performance) -> None:
    """Weave aside, duck deep, weave to the other side, bend far back, and come up again."""
    repeat(score, DUCK, fill=0.6)
