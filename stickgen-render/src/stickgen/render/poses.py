"""Open silhouettes: what an animator cheats so that a pose reads, and how well it reads.

An arm that hangs at rest lies on the trunk in the picture, and legs at rest close into one post.
Both are moved aside a little, in the plane of the picture and only while they rest: an arm turns
about its shoulder, a foot is put down farther out. A foot that stands never slides for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stickgen.render.camera import Camera
from stickgen.render.figure import ARMS, HEAD, HEAD_RADIUS, LEGS, Figures
from stickgen.render.smoothing import gaussian, gaussian_between, smoothstep

Array = NDArray[np.float64]

ARM_ROOM: Final = 0.092
"""How far out a hanging arm is, on average between elbow and hand, as a fraction of H."""
STRIDE: Final = 0.190
"""How far apart the heels of somebody standing are in the picture, as a fraction of H."""
_MOST_TURN: Final = 0.42
"""An arm is turned by no more than this, in radians."""
_MOST_STEP: Final = 0.072
"""A foot is moved by no more than this, as a fraction of H."""
_REST: Final = (0.40, 0.90)
"""Speeds of a hand in H/s below which it rests, and above which it does not."""
_STANDS: Final = 0.10
"""Speed of a foot in H/s below which it stands."""
_HOLDS: Final = 0.12
"""A hand this near to a thing or to somebody else, in H, has hold of it and stays there."""
_ROOM: Final = 0.085
"""Lines farther apart than this in the picture, as a fraction of H, read as two."""


def opened(people: Figures, camera: Camera, things: Array | None = None) -> Figures:
    """Return *people* with resting arms off the trunk and resting feet apart for *camera*.

    *things* ``[T, P, 3]`` are what hands may have hold of. A flat motion is left as it is, and so
    are poses that are not a movement (less than one a second): those are to be shown exactly.
    """
    if people.flat or people.n_frames < 1 or people.fps < 1.0:
        return people
    points = people.points.copy()
    right, up = camera.axes[:, None, 0], camera.axes[:, None, 1]
    for side in range(2):
        _open_arm(points, people, camera, side, right, up, things)
    _open_legs(points, people, camera, right)
    return replace(people, points=points)


def _speed(track: Array, fps: float) -> Array:
    """Return the speed ``[T, A]`` of ``[T, A, 3]``, metres a second."""
    if len(track) < 2:
        return np.zeros(track.shape[:2])
    return np.asarray(np.linalg.norm(np.gradient(track, axis=0), axis=-1) * fps)


def _open_arm(
    points: Array,
    people: Figures,
    camera: Camera,
    side: int,
    right: Array,
    up: Array,
    things: Array | None,
) -> None:
    arm, fps = ARMS[side].start, people.fps
    H = people.height[None]
    shoulder, elbow, wrist = (points[:, :, arm + i] for i in (1, 2, 3))
    neck, pelvis = points[:, :, 2], points[:, :, 0]
    # Out of the trunk on the side where the arm is seen; straight from the side the nearer arm goes
    # behind the trunk and the other before it.
    outward = people.across * (1.0 if side == 0 else -1.0)
    across = (outward * right).sum(-1)
    toward = camera.axes[:, None, 2]
    across = across - 0.2 * (people.heading * right).sum(-1) * (outward * toward).sum(-1)
    out = np.clip(gaussian_between(camera.cuts, across, 0.35 * fps) / 0.22, -1.0, 1.0)

    def beside(joint: Array) -> Array:
        """Return how far right of the trunk *joint* is, at its own height, in H."""
        x = ((joint - neck) * right).sum(-1)
        y, tall = ((joint - neck) * up).sum(-1), ((pelvis - neck) * up).sum(-1)
        down = np.clip(y / np.where(tall < -1e-6, tall, -1.0), 0.0, 1.0)
        return np.asarray((x - down * ((pelvis - neck) * right).sum(-1)) / H)

    room = 0.5 * (beside(elbow) + beside(wrist)) * np.sign(out)
    fall = ((shoulder - elbow) * up).sum(-1) / H
    drop = ((elbow - wrist) * up).sum(-1) / H
    hangs = smoothstep(fall, 0.05, 0.11) * smoothstep(drop, 0.02, 0.08)
    upright = smoothstep(((neck - pelvis) * up).sum(-1) / H, 0.14, 0.22)
    ways = [_speed(joint - pelvis, fps) for joint in (elbow, wrist)]
    rests = 1.0 - smoothstep(np.maximum(*ways) / H, *_REST)
    free = _free(points, people, wrist, things)
    along = smoothstep(room, -0.16, -0.03)
    weight = hangs * upright * free * np.abs(out) * along * _least(rests, round(0.2 * fps))
    need = np.clip((ARM_ROOM - room) / np.maximum(fall + 0.5 * drop, 0.12), 0.0, _MOST_TURN)
    angle = gaussian_between(camera.cuts, weight * need * np.sign(out), 0.12 * fps)
    c, s = np.cos(angle)[..., None], np.sin(angle)[..., None]
    for joint in (elbow, wrist):
        away = joint - shoulder
        x, y = (away * right).sum(-1, keepdims=True), (away * up).sum(-1, keepdims=True)
        joint += (c * x - s * y - x) * right + (s * x + c * y - y) * up


def _least(track: Array, frames: int) -> Array:
    """Return the least of *track* ``[T, A]`` within *frames* before and after."""
    out = track
    for shift in {1, max(frames // 3, 1), max(2 * frames // 3, 1), max(frames, 1)}:
        if shift >= len(track):
            continue
        later = np.concatenate([track[shift:], np.repeat(track[-1:], shift, axis=0)])
        before = np.concatenate([np.repeat(track[:1], shift, axis=0), track[:-shift]])
        out = np.minimum(out, np.minimum(later, before))
    return out


def _free(points: Array, people: Figures, wrist: Array, things: Array | None) -> Array:
    """Return 0-1 ``[T, A]``: whether a hand holds nothing and nobody."""
    H = people.height[None]
    free = np.ones(wrist.shape[:2])
    if things is not None and things.shape[1]:
        gap = np.linalg.norm(wrist[:, :, None] - things[:, None], axis=-1).min(axis=2)
        free = smoothstep(gap / H, _HOLDS, 1.6 * _HOLDS)
    n = people.n_actors
    if 1 < n <= 24:
        hands = np.stack([points[:, :, a.stop - 1] for a in ARMS], axis=2).reshape(
            len(wrist), -1, 3
        )
        gap = np.linalg.norm(wrist[:, :, None] - hands[:, None], axis=-1)
        for actor in range(n):
            gap[:, actor, 2 * actor : 2 * actor + 2] = np.inf
        free = free * smoothstep(gap.min(axis=2) / H, 0.6 * _HOLDS, _HOLDS)
    return free


def _open_legs(points: Array, people: Figures, camera: Camera, right: Array) -> None:
    fps, H = people.fps, people.height[None]
    heels = [points[:, :, leg.start + 2] for leg in LEGS]
    gap = ((heels[0] - heels[1]) * right).sum(-1) / H
    across = gaussian_between(camera.cuts, (people.across * right).sum(-1), 0.2 * fps)
    speeds = [_speed(heel, fps) / H for heel in heels]
    low = np.maximum(*(heel[..., 1] / H for heel in heels)) < 0.05
    tall = points[:, :, 0, 1] / H > 0.38
    stands = (np.maximum(*speeds) < _STANDS) & low & tall
    for actor in range(people.n_actors):
        calm = _lasting(stands[:, actor], max(round(0.3 * fps), 2))
        if not calm.any():
            continue
        # The side a foot is put to: where it is already, or where its hip is seen.
        lead = np.where(np.abs(gap[:, actor]) > 0.035, gap[:, actor], 0.2 * across[:, actor])
        turn = np.where(lead >= 0.0, 1.0, -1.0)
        need = np.clip(0.5 * (STRIDE - gap[:, actor] * turn), 0.0, _MOST_STEP) * turn
        moves = _puts([s[:, actor] for s in speeds], calm, need, fps)
        for leg, sign, move in zip(LEGS, (1.0, -1.0), moves, strict=True):
            step = (sign * people.height[actor] * move)[:, None] * right[:, 0]
            points[:, actor, leg.start + 1] += 0.5 * step
            points[:, actor, leg.start + 2] += step
            points[:, actor, leg.start + 3] += step


def _lasting(on: NDArray[np.bool_], frames: int) -> NDArray[np.bool_]:
    """Return *on* ``[T]`` without what is shorter than *frames*."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], on.astype(int), [0]])))
    out = np.zeros_like(on)
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        if last - first >= min(frames, len(on)):
            out[first:last] = True
    return out


def _puts(speeds: list[Array], calm: NDArray[np.bool_], need: Array, fps: float) -> list[Array]:
    """Return how far out each foot is put ``[T]`` in H: changed only while that foot moves.

    For each stand of those *calm* the middle of what it needs is aimed at, from the step before on.
    """
    n = len(calm)
    goal = np.zeros(n)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], calm.astype(int), [0]])))
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        goal[max(0, first - round(0.5 * fps)) : last] = float(np.median(need[first:last]))
    out = []
    for speed in speeds:
        move, here = np.empty(n), float(goal[0])
        for t, (aim, may) in enumerate(
            zip(goal.tolist(), (0.6 * speed / fps).tolist(), strict=True)
        ):
            here += min(max(aim - here, -may), may)
            move[t] = here
        out.append(gaussian(move, 0.03 * fps))
    return out


# -- how well a pose reads ------------------------------------------------------------------------

_BEFORE: Final = -1.0
"""What an arm is worth whose hand is before the face, as a share of what it is else."""
_ALONG: Final = (0.34, 0.67, 1.0)
"""Shares of a bone at which the room around it is looked at."""


def openness(points: Array, size: Array, visible: NDArray[np.bool_]) -> Array:
    """Return 0-1 ``[T]``: how much of the limbs stands clear in the picture.

    Of *points* ``[T, A, N_POINTS, 2]`` in pixels, of figures *size* ``[T, A]`` pixels tall, the
    limbs are followed from shoulder and hip outward; a spot counts as far as it is away from trunk
    and head, from the other limbs and from other people.
    """
    n_frames, n_actors = points.shape[:2]
    total, count = np.zeros(n_frames), np.zeros(n_frames)
    limbs = []
    for part in (*ARMS, *LEGS):
        a = points[:, :, part.start + 1 : part.stop - 1]
        b = points[:, :, part.start + 2 : part.stop]
        if part in LEGS:
            a, b = (
                points[:, :, part.start : part.stop - 2],
                points[:, :, part.start + 1 : part.stop - 1],
            )
        limbs.append((a, b))
    spots = [
        np.stack([a + share * (b - a) for share in _ALONG], axis=3).reshape(
            n_frames, n_actors, -1, 2
        )
        for a, b in limbs
    ]
    for actor in range(n_actors):
        seen, tall = visible[:, actor], np.maximum(size[:, actor], 1e-6)[:, None]
        for number, own in enumerate(spots):
            spot = own[:, actor]
            gaps = [_gap(spot, points[:, actor, i], points[:, actor, i + 1]) for i in range(2)]
            head = np.linalg.norm(spot - points[:, actor, HEAD : HEAD + 1], axis=-1)
            gaps.append(np.maximum(head - HEAD_RADIUS * tall, 0.0))
            for other, (a, b) in enumerate(limbs):
                if other != number:
                    gaps += [_gap(spot, a[:, actor, i], b[:, actor, i]) for i in range(2)]
            gap = np.min(gaps, axis=0)
            near_root = number > 1
            gap[:, 0] = np.where(
                near_root, np.maximum(gap[:, 0], 0.5 * _ROOM * tall[:, 0]), gap[:, 0]
            )
            for other in range(n_actors):
                if other != actor and n_actors <= 6:
                    rest = np.concatenate([s[:, other] for s in spots], axis=1)
                    between = np.linalg.norm(spot[:, :, None] - rest[:, None], axis=-1).min(axis=2)
                    gap = np.minimum(gap, np.where(visible[:, other, None], between, np.inf))
            clear = np.clip(gap / (_ROOM * tall), 0.0, 1.0).mean(axis=1)
            if number < len(ARMS):
                clear = np.where(
                    head[:, -1] < 1.1 * HEAD_RADIUS * tall[:, 0], _BEFORE * clear, clear
                )
            total += np.where(seen, clear, 0.0)
        count += 4.0 * seen
    return np.asarray(total / np.maximum(count, 1.0))


def _gap(spot: Array, a: Array, b: Array) -> Array:
    """Return how far each of *spot* ``[T, K, 2]`` is from the line from *a* to *b* ``[T, 2]``."""
    way = (b - a)[:, None]
    long = np.maximum((way * way).sum(-1), 1e-12)
    share = np.clip(((spot - a[:, None]) * way).sum(-1) / long, 0.0, 1.0)
    return np.asarray(np.linalg.norm(spot - a[:, None] - share[..., None] * way, axis=-1))


def best_frames(score: Array, wanted: Sequence[float] | Array, reach: float) -> list[int]:
    """Return the frame near each of *wanted* at which *score* ``[T]`` is best, no further than
    *reach* frames away; the farther, the better it must be (by 0.25 at *reach*).
    """
    frames = np.arange(len(score))
    found = []
    for at in wanted:
        away = np.abs(frames - at) / max(reach, 0.5)
        found.append(int(np.argmax(np.where(away <= 1.0, score - 0.25 * away**2, -np.inf))))
    return found
