"""Picking things up, pushing, and getting out of the way."""

from __future__ import annotations

from stickgen_procedural.ball_games import repeat
from stickgen_procedural.gestures import hand
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

_FLUNG = chest(0.22, -0.16, 0.16)
_COVER = chest(0.06, 0.235, -0.03, (0.6, 0.3, 0.8))

DUCK = (
    Key(0.0),
    Key(0.14, (0.0, UP - 0.012, 0.0), lean=0.08, left=chest(0.14, -0.12, 0.03),
        right=chest(0.14, -0.12, 0.03)),
    Key(0.38, (0.03, UP - 0.075, 0.04), lean=-0.58, side=0.22, bend=-0.24, tilt=0.10, head=-0.25,
        left=_FLUNG, right=_FLUNG, right_foot=(-0.16, 0.0, 0.05), knees=(0.20, 0.30)),
    Key(0.66, (0.03, UP - 0.085, 0.04), lean=-0.64, side=0.24, bend=-0.26, tilt=0.10, head=-0.28,
        left=_FLUNG, right=_FLUNG, right_foot=(-0.16, 0.0, 0.05), knees=(0.20, 0.30)),
    Key(0.86, (-0.04, UP - 0.070, 0.0), lean=0.15, bend=0.10, head=0.10,
        left=chest(0.16, 0.06, 0.02), right=chest(0.16, 0.06, 0.02),
        right_foot=(-0.16, 0.0, 0.05), knees=(0.25, 0.30)),
    Key(1.08, (-0.10, 0.285, -0.05), lean=0.72, side=-0.20, bend=0.42, head=0.70,
        left=_COVER, right=_COVER, left_foot=(0.02, 0.0, -0.05), right_foot=(-0.16, 0.0, 0.05),
        knees=(0.40, 0.40)),
    Key(1.40, (-0.105, 0.272, -0.05), lean=0.78, side=-0.22, bend=0.44, head=0.75,
        left=_COVER, right=_COVER, left_foot=(0.02, 0.0, -0.05), right_foot=(-0.16, 0.0, 0.05),
        knees=(0.40, 0.40)),
    Key(1.66, (-0.04, UP - 0.060, 0.0), lean=0.06, bend=0.04,
        left=chest(0.16, 0.0, 0.02), right=chest(0.16, 0.0, 0.02),
        left_foot=(0.02, 0.0, -0.05), right_foot=(-0.16, 0.0, 0.05), knees=(0.20, 0.20)),
    Key(1.88, (0.00, UP - 0.085, -0.06), lean=-0.46, side=-0.36, bend=-0.24, tilt=-0.16, head=-0.2,
        left=_FLUNG, right=_FLUNG, left_foot=(0.02, 0.0, -0.05), right_foot=(-0.16, 0.0, 0.05),
        knees=(0.30, 0.20)),
    Key(2.12, (0.00, UP - 0.090, -0.06), lean=-0.50, side=-0.38, bend=-0.26, tilt=-0.16, head=-0.2,
        left=_FLUNG, right=_FLUNG, left_foot=(0.02, 0.0, -0.05), right_foot=(-0.16, 0.0, 0.05),
        knees=(0.30, 0.20)),
    Key(2.42, (-0.03, UP - 0.030, 0.0), lean=0.06, bend=0.06,
        left=chest(0.14, -0.06, 0.0), right=chest(0.14, -0.06, 0.0),
        right_foot=(-0.06, 0.0, 0.03), knees=(0.15, 0.15)),
    Key(2.80),
)  # fmt: skip
"""Back out of the way of one thing, down under the next with the arms over the head, and back to
the other side before a third."""


def pick_up(score: Performance) -> None:
    """Squat, grasp with both hands on the ground, and lift to the belly."""
    repeat(score, LIFT)


def push(score: Performance) -> None:
    """Draw the hands in, drive the whole body behind them, hold, come back."""
    repeat(score, SHOVE)


def dodge(score: Performance) -> None:
    """Throw the body back, duck deep, throw it back to the other side, and come up again."""
    side = hand(score)
    repeat(score, DUCK, handed=side == 0, fill=0.6)
