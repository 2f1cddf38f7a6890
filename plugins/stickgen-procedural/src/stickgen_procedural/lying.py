"""Being on the ground: how a body lies there, and how it gets up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from stickgen_procedural import pose
from stickgen_procedural.curves import ramp, settle
from stickgen_procedural.keyposes import STANDING as UP
from stickgen_procedural.keyposes import Arm, Floor, Key, perform, swing, world
from stickgen_procedural.performance import Performance
from stickgen_procedural.pose import LEAN, SIDE
from stickgen_procedural.steps import forward, rightward

Array = NDArray[np.float64]

LIES = 0.060
"""Height of a lying pelvis, as a fraction of the height."""

SUPINE, PRONE, FOURS, ALOFT = "supine", "prone", "fours", "aloft"

ON_BACK = Key(
    0.0, (0.0, LIES, 0.0), lean=-1.53, bend=-0.02, head=-1.40,
    left=swing(0.10, 0.25, 0.28), right=swing(0.10, 0.25, 0.28),
    left_foot=(0.435, 0.045, -0.075), right_foot=(0.440, 0.045, 0.085),
)  # fmt: skip


def moved(key: Key, at: float, fore: float = 0.0) -> Key:
    """Return *key* at another moment and further forward."""

    def shift(place: tuple[float, float, float] | None) -> tuple[float, float, float] | None:
        return None if place is None else (place[0] + fore, place[1], place[2])

    def reach(arm: Arm) -> Arm:
        return arm if arm.kind != "world" else replace(arm, place=shift(arm.place) or arm.place)

    pelvis = shift(key.pelvis)
    assert pelvis is not None
    return replace(
        key, at=at, pelvis=pelvis,
        left_foot=shift(key.left_foot), right_foot=shift(key.right_foot),
        left=reach(key.left), right=reach(key.right),
    )  # fmt: skip


# Up from the back: sit up, draw the feet in, weight over them, straighten.
RISE_FROM_BACK = (
    moved(ON_BACK, 0.0),
    Key(0.35, (0.0, LIES, 0.0), lean=-1.35, bend=0.25, head=-0.75,
        left=world(-0.22, 0.035, -0.17, (-0.9, 0.2, 0.4)),
        right=world(-0.22, 0.035, 0.17, (-0.9, 0.2, 0.4)),
        left_foot=(0.40, 0.045, -0.075), right_foot=(0.27, 0.045, 0.07)),
    Key(0.80, (0.0, 0.068, 0.0), lean=-0.45, bend=0.30, head=0.10,
        left=world(-0.16, 0.035, -0.14, (-0.9, 0.2, 0.4)),
        right=world(-0.16, 0.035, 0.14, (-0.9, 0.2, 0.4)),
        left_foot=(0.24, 0.045, -0.06), right_foot=(0.24, 0.045, 0.06)),
    Key(1.20, (0.06, 0.115, 0.0), lean=0.45, bend=0.35, head=0.25, left=swing(0.9, 0.3, 0.2),
        right=swing(0.9, 0.3, 0.2), left_foot=(0.24, 0.045, -0.06),
        right_foot=(0.24, 0.045, 0.06), knees=(0.2, 0.2)),
    Key(1.55, (0.19, 0.22, 0.0), lean=0.85, bend=0.30, head=0.30, left=swing(0.9, 0.3, 0.15),
        right=swing(0.9, 0.3, 0.15), left_foot=(0.24, 0.045, -0.06),
        right_foot=(0.24, 0.045, 0.06), knees=(0.25, 0.25)),
    Key(2.00, (0.22, UP - 0.05, 0.0), lean=0.35, bend=0.12, head=0.10, left=swing(0.1, 0.4),
        right=swing(0.1, 0.4), left_foot=(0.24, 0.045, -0.06), right_foot=(0.24, 0.045, 0.06)),
    Key(2.40, (0.24, UP, 0.0), left_foot=(0.24, 0.045, -0.06), right_foot=(0.24, 0.045, 0.06)),
)  # fmt: skip

# Up from all fours or the front: onto the hands, one foot under the body, push off, straighten.
RISE_FROM_FRONT = (
    Key(0.0, (0.0, 0.20, 0.0), lean=1.30, bend=0.10, head=1.10,
        left=world(0.26, 0.03, -0.10, (-0.2, -0.9, 0.4)),
        right=world(0.26, 0.03, 0.10, (-0.2, -0.9, 0.4)),
        left_foot=(-0.22, 0.045, -0.07), right_foot=(-0.22, 0.045, 0.07)),
    Key(0.45, (-0.02, 0.27, 0.0), lean=1.20, bend=0.15, head=0.80,
        left=world(0.24, 0.03, -0.10, (-0.2, -0.9, 0.4)),
        right=world(0.24, 0.03, 0.10, (-0.2, -0.9, 0.4)),
        left_foot=(-0.22, 0.045, -0.07), right_foot=(0.03, 0.06, 0.08)),
    Key(0.70, (-0.02, 0.27, 0.0), lean=1.15, bend=0.18, head=0.70,
        left=world(0.22, 0.03, -0.10, (-0.2, -0.9, 0.4)), right=swing(1.1, 0.5, 0.1),
        left_foot=(-0.22, 0.045, -0.07), right_foot=(0.05, 0.045, 0.07)),
    Key(1.15, (0.0, 0.33, 0.0), lean=0.55, bend=0.20, head=0.25, left=swing(0.5, 0.5, 0.2),
        right=swing(0.6, 0.6, 0.1), left_foot=(-0.16, 0.06, -0.06), right_foot=(0.05, 0.045, 0.07)),
    Key(1.65, (0.03, UP - 0.03, 0.0), lean=0.22, bend=0.08, head=0.05, left=swing(0.1, 0.4),
        right=swing(0.1, 0.4), left_foot=(0.03, 0.045, -0.06), right_foot=(0.05, 0.045, 0.07)),
    Key(2.05, (0.04, UP, 0.0), left_foot=(0.03, 0.045, -0.06), right_foot=(0.05, 0.045, 0.07)),
)  # fmt: skip

RISE_FROM_FLAT = (
    Key(0.0, (0.0, 0.062, 0.0), lean=1.50, bend=0.03, head=1.46,
        left=world(0.36, 0.03, -0.17, (-0.2, -0.4, 0.9)),
        right=world(0.36, 0.03, 0.17, (-0.2, -0.4, 0.9)),
        left_foot=(-0.435, 0.045, -0.07), right_foot=(-0.435, 0.045, 0.07)),
    Key(0.40, (-0.02, 0.09, 0.0), lean=1.25, bend=-0.15, head=0.80,
        left=world(0.30, 0.03, -0.12, (-0.2, -0.9, 0.5)),
        right=world(0.30, 0.03, 0.12, (-0.2, -0.9, 0.5)),
        left_foot=(-0.43, 0.045, -0.07), right_foot=(-0.43, 0.045, 0.07)),
    *(moved(key, key.at + 0.85, -0.10) for key in RISE_FROM_FRONT),
)  # fmt: skip

RISES = {
    SUPINE: (RISE_FROM_BACK, 0.24),
    PRONE: (RISE_FROM_FLAT, -0.06),
    FOURS: (RISE_FROM_FRONT, 0.04),
}
"""How one gets up, and how far ahead of the lying pelvis one then stands."""


EASY_RISE = 1.2
"""How much more slowly than written somebody gets up who has not been told to."""


HELD_UP = ("climbing", "swimming", "flying")
"""Actions that leave a body in the air without it falling."""


def posture(was: pose.Pose, height: float, action: str | None = None) -> str | None:
    """Return how a body is on the ground, supine, prone or on all fours (or aloft), or None."""
    pitch = float(was.upper[0, LEAN])
    high = was.ankles[0, :, 1].min() / height
    low = was.pelvis[0, 1] / height
    upright = np.cos(pitch) * np.cos(float(was.upper[0, SIDE]))
    if (action in HELD_UP and high > 0.10) or (low > 0.34 and upright < 0.45):
        return ALOFT
    if high > 0.17 and low > 0.80:
        return ALOFT
    if low > 0.34 or (abs(pitch) < 0.95 and (low > 0.17 or pitch > 0.3)):
        return None
    if pitch < 0.3:
        return SUPINE
    behind = (was.pelvis[0, [0, 2]] - was.ankles[0][:, [0, 2]]) @ forward(float(was.yaw[0]))
    if behind.min() < 0.03 * height:
        # Folded over feet that stand.
        return None
    return PRONE if low < 0.15 else FOURS


def rising_seconds(score: Performance) -> float:
    """Return how long getting up from how one lies takes."""
    how = score.lying
    assert how is not None
    return score.slow * (1.25 if how == ALOFT else EASY_RISE * float(RISES[how][0][-1].at))


def standing_place(was: pose.Pose, how: str, height: float) -> Array:
    """Return where on the ground (x, z) somebody stands after getting up."""
    far = 0.15 if how == ALOFT else RISES[how][1]
    ahead = forward(float(was.yaw[0])) * far * height
    return np.asarray(was.pelvis[0, [0, 2]] + ahead)


def rise(score: Performance) -> None:
    """Get up from how one lies: sit up or push off, feet under the body, straighten."""
    was, how = score.before, score.lying
    assert was is not None
    assert how is not None
    if how == ALOFT:
        high = max(0.0, float(was.pelvis[0, 1]) / score.body.height - 0.488)
        score.haste = (1.50 + 1.10 * high) * score.slow
        score.ready = max(score.ready, score.haste)
        soft = ramp(score.time, 0.55 * score.haste, score.haste)
        soft = soft * (1.0 - ramp(score.time, score.haste, score.haste + 0.5))
        score.pose.pelvis[:, 1] -= 0.05 * score.body.height * soft
        return
    table, _ = RISES[how]
    floor = Floor(np.array([was.pelvis[0, 0], 0.0, was.pelvis[0, 2]]), float(was.yaw[0]))
    end = perform(
        score, table, 0.0, EASY_RISE * score.slow, floor=floor, placed=True, fade_in=0.0,
        fade_out=0.35,
    )  # fmt: skip
    settle_feet(score, 0.35)
    score.ready = max(score.ready, end - 0.1)


def settle_feet(score: Performance, seconds: float) -> None:
    """Bring the ankles from where they were to where the score has them within *seconds*."""
    ankles = score.pose.ankles
    gap = score.fallen - ankles[0]
    own = (ankles[1] - ankles[0]) * score.fps if len(ankles) > 1 else np.zeros((2, 3))
    rate = score.fallen_velocity - own
    for foot in (0, 1):
        ankles[:, foot] += settle(score.time, gap[foot], rate[foot], seconds)


def notice(score: Performance) -> None:
    """Note how a body lies, if it does, and put the start of the route where it will stand."""
    was, start = score.before, score.start
    if was is None or start is None:
        return
    how = posture(was, score.body.height, score.state.action)
    if how is None:
        return
    score.lying = how
    score.seated = False
    score.fallen = start.ankles.copy()
    if how == ALOFT:
        score.fallen_velocity = np.clip(start.ankle_velocity, -4.0, 4.0)
        # Upside down, angles swing round faster than the body does.
        swings = () if score.state.action in HELD_UP else ("yaw", "roll", "upper")
        for name in swings:
            rows = getattr(was, name)
            rows[1] = rows[0] - np.clip(rows[0] - rows[1], -0.05, 0.05)
    elif how == FOURS and score.state.action == "crawling":
        score.fallen_velocity = np.clip(start.ankle_velocity, -4.0, 4.0)
    else:
        # The ground takes most of what a falling body still moves with.
        for name in ("pelvis", "yaw", "roll", "upper"):
            rows = getattr(was, name)
            rows[1] = rows[0] + 0.3 * (rows[1] - rows[0])
    start.place = standing_place(was, how, score.body.height)
    start.velocity = np.zeros(2)
    start.planted = (True, True)
    H = score.body.height
    half = 0.06 * H
    at = np.stack(
        [start.place - half * rightward(start.yaw), start.place + half * rightward(start.yaw)]
    )
    if how != SUPINE:
        at = at + np.outer([-0.01 * H, 0.01 * H], forward(start.yaw))
    start.ankles = np.stack([at[:, 0], np.full(2, score.body.ankle_height), at[:, 1]], axis=-1)
    start.ankle_velocity = np.zeros((2, 3))
