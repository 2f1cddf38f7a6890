"""Choreography by key poses: a table of poses at moments, turned into a smooth performance.

Lengths in a table are fractions of the height; places are (forward, up, right) of where the body
stood. Tables are written for the right hand and mirrored for the left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from stickgen_procedural import pose
from stickgen_procedural.curves import bump, keys, ramp, window
from stickgen_procedural.performance import Performance
from stickgen_procedural.pose import ARM, HEAD_FOLLOWS, UPPER, Pose
from stickgen_procedural.steps import forward, rightward

Array = NDArray[np.float64]
Place = tuple[float, float, float]

STANDING = 0.482
"""Height of a standing pelvis."""


@dataclass(frozen=True)
class Arm:
    """What an arm does: ``kind`` tells what ``place`` means.

    ``swing``: forward angle, elbow flexion, spread of a hanging arm; ``chest``: the wrist (forward,
    up, out) of the shoulder; ``world``: the wrist in the place of the table. *elbow* is where the
    elbow points (forward, up, out).
    """

    kind: str
    place: Place
    elbow: Place = (-0.3, -0.9, 0.45)


def swing(flex: float, elbow: float, out: float = 0.13) -> Arm:
    """Return a hanging arm."""
    return Arm("swing", (flex, elbow, out))


def chest(fore: float, up: float, out: float, elbow: Place = (-0.3, -0.9, 0.45)) -> Arm:
    """Return an arm whose wrist is at a place seen from the shoulder."""
    return Arm("chest", (fore, up, out), elbow)


def world(fore: float, up: float, right: float, elbow: Place = (-0.3, -0.9, 0.45)) -> Arm:
    """Return an arm whose wrist is at a place of the table."""
    return Arm("world", (fore, up, right), elbow)


HANGING = swing(0.04, 0.52, 0.20)


@dataclass(frozen=True)
class Key:
    """One pose of a table, at ``at`` seconds; ``head`` is the pitch of the head in the world."""

    at: float
    pelvis: Place = (0.0, STANDING, 0.0)
    yaw: float = 0.0
    roll: float = 0.0
    lean: float = 0.0
    side: float = 0.0
    bend: float = 0.0
    tilt: float = 0.0
    twist: float = 0.0
    head: float | None = None
    cock: float = 0.0
    left: Arm = HANGING
    right: Arm = HANGING
    left_foot: Place | None = None
    """Offset of the ankle from where it stood (or place, for tables on the floor)."""
    right_foot: Place | None = None
    knees: tuple[float, float] = (0.10, 0.10)


def mirrored(table: Sequence[Key]) -> list[Key]:
    """Return *table* with left and right exchanged."""

    def flip(place: Place | None) -> Place | None:
        return None if place is None else (place[0], place[1], -place[2])

    def arm(a: Arm) -> Arm:
        return replace(a, place=(*a.place[:2], -a.place[2])) if a.kind == "world" else a

    return [
        replace(
            k, pelvis=(k.pelvis[0], k.pelvis[1], -k.pelvis[2]), yaw=-k.yaw, roll=-k.roll,
            side=-k.side, tilt=-k.tilt, twist=-k.twist, cock=-k.cock, left=arm(k.right),
            right=arm(k.left), left_foot=flip(k.right_foot), right_foot=flip(k.left_foot),
            knees=(k.knees[1], k.knees[0]),
        )
        for k in table
    ]  # fmt: skip


def tempered(table: Sequence[Key], intensity: float) -> list[Key]:
    """Return *table* with its whole body moving less or more than written; 1 changes nothing.

    Trunk, hips, hands and lifted feet keep their moments and directions; what a foot stands on and
    what a hand touches in the world stay where they are.
    """
    share = float(np.clip(0.45 + 0.55 * intensity, 0.6, 1.3))
    if share == 1.0:
        return list(table)
    more = 1.0 + 0.5 * (share - 1.0)

    def arm(a: Arm) -> Arm:
        if a.kind == "swing":
            return replace(a, place=(a.place[0] * share, a.place[1], a.place[2]))
        if a.kind == "chest":
            reach = float(np.linalg.norm(a.place))
            # Toward or away from where a loose hand hangs, within reach.
            hang = np.array([0.08, -0.27, 0.03])
            place = hang + more * (np.array(a.place) - hang)
            place *= min(1.0, max(reach, 0.30) / float(np.linalg.norm(place)))
            return replace(a, place=(float(place[0]), float(place[1]), float(place[2])))
        return a

    def foot(place: Place | None) -> Place | None:
        if place is None or place[1] < 0.05:
            return place
        return (place[0], place[1] * share, place[2])

    def key(k: Key) -> Key:
        if k == Key(k.at):
            return k
        fore, up, right = k.pelvis
        sunk = STANDING + (up - STANDING) * (share if up > 0.30 else 1.0)
        return replace(
            k, pelvis=(fore, sunk, right * more), yaw=k.yaw * more, roll=k.roll * more,
            lean=k.lean * (share if abs(k.lean) < 0.8 else 1.0), side=k.side * more,
            bend=k.bend * share, tilt=k.tilt * share, twist=k.twist * more,
            left=arm(k.left), right=arm(k.right),
            left_foot=foot(k.left_foot), right_foot=foot(k.right_foot),
        )  # fmt: skip

    return [key(k) for k in table]


@dataclass(frozen=True, eq=False)
class Floor:
    """Where a table is performed: its origin on the ground and the heading it starts from."""

    origin: Array
    yaw: float

    def at(self, place: Array, height: float) -> Array:
        """Return world points of *place* ``[..., 3]`` (forward, up, right)."""
        place = np.asarray(place, dtype=np.float64) * height
        level = place[..., :1] * forward(self.yaw) + place[..., 2:] * rightward(self.yaw)
        up = np.zeros_like(place)
        up[..., 1] = place[..., 1]
        up[..., 0], up[..., 2] = level[..., 0], level[..., 1]
        return self.origin + up


def here(score: Performance) -> Floor:
    """Return the floor under somebody who stands ready."""
    return Floor(score.home, score.home_yaw)


def compiled(
    score: Performance, table: Sequence[Key], floor: Floor, *, placed: bool = False
) -> Pose:
    """Return one row of a pose for each key; feet are *placed* or offset from the standing ones."""
    n, body, H = len(table), score.body, score.body.height
    upper = np.zeros((n, UPPER))
    for i, k in enumerate(table):
        pitch, side = k.lean + k.bend, k.side + k.tilt
        nod = 0.0 if k.head is None else k.head - HEAD_FOLLOWS * pitch
        upper[i, :7] = k.lean, k.side, k.bend, k.tilt, k.twist, nod, k.cock
        if abs(side) > 1.0:
            upper[i, 6] += (1.0 - HEAD_FOLLOWS) * side
    feet = np.empty((n, 2, 3))
    for f, name in enumerate(("left_foot", "right_foot")):
        for i, k in enumerate(table):
            place = getattr(k, name)
            if placed:
                stood = np.array([0.0, body.ankle_height / H, -0.06 if f == 0 else 0.06])
                feet[i, f] = floor.at(stood if place is None else np.array(place), H)
            else:
                shift = np.zeros(3) if place is None else np.array(place)
                feet[i, f] = score.feet[f] + floor.at(shift, H) - floor.origin
    rows = Pose(
        floor.at(np.array([k.pelvis for k in table]), H),
        floor.yaw + np.array([k.yaw for k in table]),
        np.array([k.roll for k in table]),
        upper, feet, np.array([k.knees for k in table]),
    )  # fmt: skip
    frame, joints = pose.chest_frame(rows), pose.shoulders(body, rows)
    known: dict[tuple[int, Arm], Array] = {}
    for side in (0, 1):
        for i, k in enumerate(table):
            arm = k.right if side else k.left
            if arm.kind == "world":
                local = frame[i].T @ (floor.at(np.array(arm.place), H) - joints[i, side])
                local[2] *= 1.0 if side else -1.0
                upper[i, ARM[side]] = pose.arm_reach(body, local, arm.elbow)
                continue
            angles = known.get((side, arm))
            if angles is None:
                if arm.kind == "swing":
                    angles = score.swing_arms(side, *arm.place)
                else:
                    angles = pose.arm_reach(body, np.array(arm.place) * H, arm.elbow)
                known[side, arm] = angles
            upper[i, ARM[side]] = angles
    return rows


def perform(
    score: Performance,
    table: Sequence[Key],
    start: float,
    pace: float = 1.0,
    *,
    floor: Floor | None = None,
    placed: bool = False,
    fade_in: float = 0.25,
    fade_out: float = 0.35,
    stays: bool = False,
) -> float:
    """Perform *table* from *start* on, *pace* times as slowly as written; returns when it ends.

    Outside it, the score stays as it was; inside, the table fades in and out. With *stays* the last
    pose is held to the end of the score.
    """
    floor = floor or here(score)
    t, p, H = score.time, score.pose, score.body.height
    rows = compiled(score, table, floor, placed=placed)
    when = [start + pace * k.at for k in table]
    begin, end = when[0], when[-1]
    w = window(t, begin, 1e9 if stays else end, min(fade_in, 0.5 * (end - begin)), fade_out * 1.0)
    if fade_in <= 0:
        w = window(t, begin - 1.0, 1e9 if stays else end, 0.5, max(fade_out, 0.02))

    def through(values: Array) -> Array:
        return keys(t, when, values)

    score.soothe(1.0 - w)
    yaw = np.unwrap(rows.yaw)
    p.yaw = p.yaw + w * (through(yaw) - p.yaw)
    p.roll = p.roll + w * (_wrapped(through(rows.roll)) - p.roll)
    p.pelvis = p.pelvis + w[:, None] * (through(rows.pelvis) - p.pelvis)
    p.upper = p.upper + w[:, None] * (_unwound(through(rows.upper)) - p.upper)
    p.knees = p.knees + w[:, None] * (through(rows.knees) - p.knees)
    inside = (t >= begin) & (t <= (1e9 if stays else end))
    track = through(rows.ankles)
    for f in (0, 1):
        for i in range(len(table) - 1):
            a, b = rows.ankles[i, f], rows.ankles[i + 1, f]
            here_ = (t >= when[i]) & (t <= when[i + 1])
            far = float(np.linalg.norm((b - a)[[0, 2]]))
            low = max(a[1], b[1]) < 0.085 * H
            u = (t[here_] - when[i]) / (when[i + 1] - when[i])
            if far > 0.02 * H and b[1] < 0.055 * H:
                # A foot is over its place before it comes down there.
                sooner = when[i] + (when[i + 1] - when[i]) * u * (1.0 + u - u * u)
                level = keys(sooner, when, rows.ankles[:, f])
                track[here_, f, 0], track[here_, f, 2] = level[:, 0], level[:, 2]
            if far > 0.02 * H and low:
                track[here_, f, 1] += min(0.05 * H, 0.35 * far) * bump(u, 0.4)
            if far > 1e-6 or abs(b[1] - a[1]) > 0.02 * H or not low:
                score.planted[here_, f] = False
    # Feet that are still on their way, or already on their next, are met half-way.
    late = 0.0 if stays else ramp(t, end - min(0.2, fade_out), end)
    early = 1.0 - ramp(t, begin, begin + min(0.2, fade_in)) if fade_in > 0 else 0.0
    share = np.broadcast_to(np.maximum(early, late), t.shape)[inside, None, None]
    p.ankles[inside] = track[inside] + share * (p.ankles[inside] - track[inside])
    return end


def _wrapped(angle: Array) -> Array:
    return np.asarray((angle + np.pi) % (2.0 * np.pi) - np.pi)


def _unwound(upper: Array) -> Array:
    """Return *upper* without whole turns of the trunk; the body it describes is the same."""
    out = upper.copy()
    for lower, more, head in ((pose.LEAN, pose.BEND, pose.NOD), (pose.SIDE, pose.TILT, pose.COCK)):
        if np.abs(upper[:, lower]).max() <= np.pi:
            continue
        total = HEAD_FOLLOWS * (upper[:, lower] + upper[:, more]) + upper[:, head]
        out[:, lower] = _wrapped(upper[:, lower])
        out[:, head] = _wrapped(total - HEAD_FOLLOWS * (out[:, lower] + upper[:, more]))
    return out


def hold_hand(
    score: Performance,
    side: int,
    place: Array,
    weight: Array,
    elbow: Place = (-0.3, -0.9, 0.45),
) -> None:
    """Keep a wrist at a world *place* ``[3]`` or ``[T, 3]`` with a *weight* ``[T]``; an arm that is
    too short for it stretches ever more slowly, without a snap of the elbow.
    """
    shoulder = pose.shoulders(score.body, score.pose)[:, side]
    gap = place - shoulder
    far = np.linalg.norm(gap, axis=-1)
    easy, most = 0.92 * score.body.arm, 0.99 * score.body.arm
    soft = most - (most - easy) * np.exp(-np.maximum(far - easy, 0.0) / (most - easy))
    target = shoulder + gap * (np.where(far > easy, soft, far) / np.maximum(far, 1e-9))[:, None]
    score.put_arm(side, score.reach(side, target, elbow), weight)


def in_air(table: Sequence[Key], leave: float, land: float, factor: float) -> list[Key]:
    """Return *table* with the flight from *leave* to *land* taking *factor* times as long."""

    def moment(at: float) -> float:
        return at + (factor - 1.0) * (min(max(at, leave), land) - leave)

    return [replace(key, at=moment(key.at)) for key in table]
