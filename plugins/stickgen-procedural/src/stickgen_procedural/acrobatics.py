"""Backflip and cartwheel."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stickgen_procedural import pose
from stickgen_procedural.ball_games import repeat
from stickgen_procedural.curves import window
from stickgen_procedural.gestures import VIEWER
from stickgen_procedural.keyposes import STANDING as UP
from stickgen_procedural.keyposes import Floor, Key, chest, in_air, mirrored, swing
from stickgen_procedural.performance import Performance

Array = NDArray[np.float64]

LEAVE, LAND = 0.86, 1.56
"""Take-off and landing of a backflip: 0.7 s in the air raise the centre of mass by 0.6 m."""

BACK = 0.20
"""How far behind the take-off the feet land."""


def _turned(lean: float, fore: float, down: float) -> tuple[float, float]:
    """Return (forward, up) of a foot held *fore* before and *down* below a leaning pelvis."""
    return (
        fore * np.cos(lean) - down * np.sin(lean),
        -fore * np.sin(lean) - down * np.cos(lean),
    )


def _flip() -> tuple[Key, ...]:
    table = [
        Key(0.0),
        Key(0.55, (-0.05, 0.36, 0.0), lean=0.62, bend=0.15, head=0.05, left=swing(-1.0, 0.2, 0.2),
            right=swing(-1.0, 0.2, 0.2), knees=(0.15, 0.15)),
        Key(0.72, (-0.04, 0.42, 0.0), lean=0.25, head=-0.1, left=swing(0.9, 0.2, 0.2),
            right=swing(0.9, 0.2, 0.2)),
        Key(LEAVE, (-0.02, UP + 0.03, 0.0), lean=-0.30, bend=-0.18, head=-0.6,
            left=swing(2.7, 0.15, 0.35), right=swing(2.7, 0.15, 0.35),
            left_foot=(0.03, 0.055, 0.0), right_foot=(0.03, 0.055, 0.0)),
    ]  # fmt: skip
    # In the air: the trunk turns steadily while the knees are tucked in and let go again.
    air = LAND - LEAVE
    for u, tuck in ((0.22, 0.55), (0.38, 1.0), (0.52, 1.0), (0.66, 0.9), (0.82, 0.25)):
        lean = -0.30 - (2 * np.pi - 0.30 - 0.45) * u**0.95
        fore, down = 0.08 + 0.16 * tuck, 0.42 - 0.20 * tuck
        x, y = -0.02 - BACK * u, 0.62
        dx, dy = _turned(lean, fore, down)
        foot = (x + dx, y + dy - 0.045, 0.0)
        hands = chest(0.14 + 0.06 * tuck, 0.05 - 0.22 * tuck, 0.02, (-0.3, -0.6, 0.8))
        table.append(
            Key(LEAVE + air * u, (x, y, 0.0), lean=lean, bend=0.35 * tuck, head=lean + 0.2,
                left=hands, right=hands, left_foot=foot, right_foot=foot, knees=(0.15, 0.15))
        )  # fmt: skip
    full = -2 * np.pi
    ground = (-BACK, 0.0, 0.0)
    touch = (-BACK, 0.012, 0.0)
    table += [
        Key(LAND, (-BACK - 0.03, 0.43, 0.0), lean=full + 0.45, bend=0.15, head=full + 0.15,
            left=swing(0.9, 0.4, 0.4), right=swing(0.9, 0.4, 0.4), left_foot=touch,
            right_foot=touch, knees=(0.2, 0.2)),
        Key(LAND + 0.20, (-BACK - 0.07, 0.31, 0.0), lean=full + 0.80, bend=0.20, head=full + 0.25,
            left=swing(1.1, 0.4, 0.4), right=swing(1.1, 0.4, 0.4), left_foot=ground,
            right_foot=ground, knees=(0.25, 0.25)),
        Key(LAND + 0.62, (-BACK - 0.01, UP - 0.02, 0.0), lean=full + 0.10, head=full,
            left=chest(0.10, 0.24, 0.16), right=chest(0.10, 0.24, 0.16), left_foot=ground,
            right_foot=ground),
        Key(LAND + 1.05, (-BACK, UP, 0.0), lean=full, head=full, left_foot=ground,
            right_foot=ground),
    ]  # fmt: skip
    return tuple(table)


FLIP = _flip()


def backflip(score: Performance) -> None:
    """Crouch, throw the arms up, turn over backward in a tuck, land in a squat, rise."""
    longer = score.place.aloft
    table = in_air(FLIP, LEAVE, LAND, longer)
    begins, pace = repeat(score, table, -BACK, handed=False, loud=False)
    land = LEAVE + longer * (LAND - LEAVE)
    score.flights += [(begin + pace * LEAVE, begin + pace * land) for begin in begins]


FAR = 1.45
"""How far a cartwheel goes."""

_T = (0.0, 0.40, 0.78, 1.02, 1.19, 1.37, 1.55, 1.73, 1.97, 2.28, 2.80)
HANDS = ((1.00, 1.56, 0.62), (1.18, 1.74, 0.84))
"""From when to when a hand is on the ground, and where: the leading, then the other."""


def _wheel() -> tuple[Key, ...]:
    """Return a cartwheel to the body's left, chest to the right of the way."""
    a, b = (0.30, 0.0, 0.05), (0.0, 0.0, -0.06)
    high = chest(0.0, 0.295, 0.09, (-0.2, 0.0, 1.0))
    table = [
        Key(0.0),
        Key(_T[1], (0.02, UP, 0.0), yaw=-1.2, left=high, right=high, left_foot=(0.14, 0.09, 0.03),
            right_foot=b),
    ]  # fmt: skip
    rows = (
        (_T[2], 0.17, 0.43, 0.40, True, True),
        (_T[3], 0.38, 0.46, 1.35, True, False),
        (_T[4], 0.58, 0.52, 2.25, False, False),
        (_T[5], 0.735, 0.56, np.pi, False, False),
        (_T[6], 0.89, 0.53, 4.05, False, False),
        (_T[7], 1.08, 0.455, 4.90, False, False),
        (_T[8], 1.27, 0.44, 5.85, False, True),
        (_T[9], 1.36, UP - 0.01, 2 * np.pi, True, True),
    )
    for at, x, y, turn, _, _ in rows:
        feet = []
        for sign in (1.0, -1.0):
            spread = 0.55 if at not in (_T[9],) else 0.1
            along = (-np.cos(spread), sign * np.sin(spread))
            fx = x + 0.435 * (along[0] * np.sin(turn) + along[1] * np.cos(turn))
            fy = y + 0.435 * (along[0] * np.cos(turn) - along[1] * np.sin(turn))
            feet.append((float(fx), float(fy) - 0.045, 0.06 * sign))
        left, right = feet
        if at in (_T[2], _T[3]):
            left = a
        if at == _T[2]:
            right = (0.0, 0.01, -0.06)
        if at >= _T[7]:
            right = (1.20, 0.0, -0.06)
        if at >= _T[8]:
            left = (FAR + 0.03, 0.0, 0.06)
        table.append(
            Key(at, (x, y, 0.0), yaw=-0.5 * np.pi, side=-turn, roll=-turn, left=high, right=high,
                left_foot=left, right_foot=right)
        )  # fmt: skip
    return (
        *table,
        Key(
            _T[10], (FAR, UP, 0.0), side=-2 * np.pi, roll=-2 * np.pi,
            left_foot=(FAR, 0.0, 0.0), right_foot=(FAR, 0.0, 0.0),
        ),
    )  # fmt: skip


WHEEL = _wheel()


def cartwheel(score: Performance) -> None:
    """Lunge, hand, hand, over with the legs apart, foot, foot; the chest toward the viewer."""
    yaw = score.state.heading if score.start is None else score.start.yaw
    gap = (VIEWER - yaw + np.pi) % (2 * np.pi) - np.pi
    flipped = gap > 0
    table = tuple(mirrored(WHEEL)) if flipped else WHEEL
    begins, pace = repeat(score, table, FAR, handed=False, loud=False)
    H = score.body.height
    for n, begin in enumerate(reversed(begins)):
        origin = score.home - (n + 1) * (
            Floor(score.home, score.home_yaw).at(np.array([FAR, 0.0, 0.0]), H) - score.home
        )
        floor = Floor(origin, score.home_yaw)
        t, p = score.time, score.pose
        whole = window(t, begin + pace * _T[1], begin + pace * _T[9], 0.25 * pace, 0.15 * pace)
        frame, shoulder = pose.chest_frame(p), pose.shoulders(score.body, p)
        for side, (down, up, place) in zip((1, 0) if flipped else (0, 1), HANDS, strict=True):
            spot = floor.at(np.array([place, 0.02, 0.0]), H)
            high = np.array([0.0, 0.295, 0.09 if side else -0.09]) * H
            free = shoulder[:, side] + frame @ high
            on = window(t, begin + pace * (down - 0.2), begin + pace * (up + 0.2), 0.2 * pace)
            target = free + on[:, None] * (spot - free)
            score.put_arm(side, score.reach(side, target, (-0.2, 0.0, 1.0)), whole)
