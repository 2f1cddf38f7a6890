"""Ways round people and things: the shortest way on the ground that touches none of them.

What is to be passed is a set of discs on the ground. A way that a disc is in leads over corners of
octagons round the discs: the shortest path of their visibility graph, by Dijkstra's method.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stickgen.core import ops
from stickgen.core.actions import ACTIONS
from stickgen.core.actions import action as row_of
from stickgen.core.schema import J
from stickgen.core.types import Motion, Prop

Array = NDArray[np.float64]
Point = tuple[float, float]

ROOM: Final = 0.75
"""Metres between the middles of two people who pass each other without touching."""

BODY: Final = 0.30
"""Half the width of somebody who walks, with his arms, m."""

THROUGH: Final = 0.08
"""Whose hips are nearer than this to a thing goes through it with his legs, m."""

FOOTPRINTS: Final[dict[str, tuple[float, float, float]]] = {
    "chair": (0.0, 0.0, 0.20), "bench": (-0.50, 0.50, 0.20), "table": (-0.45, 0.45, 0.22),
    "desk_right": (-0.30, 0.50, 0.20), "desk_left": (-0.50, 0.30, 0.20), "tree": (0.0, 0.0, 0.18),
    "rock": (-0.20, 0.20, 0.25), "crate": (-0.10, 0.10, 0.25), "house": (-0.9, 0.9, 0.35),
    "building": (-0.7, 0.7, 0.35), "spaceship": (-0.5, 0.5, 0.4),
}  # fmt: skip
"""What a thing covers of the ground, across the picture: from, to, and half its depth, m."""

ACROSS: Final = (math.cos(math.radians(30.0)), -math.sin(math.radians(30.0)))
"""(x, z) of the direction across the picture in the default view: things are turned to it."""

_FARTHEST: Final = 3.0
"""Discs farther than this from the straight way are not looked at, m."""
_MARGIN: Final = 0.06
"""A way keeps clear of a disc by so much more than it must, m."""
_AT_HAND: Final = 0.6
"""Metres between somebody seated and what he sits on or works at, at most."""
_CORNERS: Final = 8
_NARROWER: Final = (1.0, 0.8, 0.62)
"""Shares of a disc's room that a way may be content with, where there is no other."""
_SEATED: Final = frozenset({"sit", "lie_down", "typing", "get_up"})
_UPRIGHT: Final = (0.42, 1.10)
"""Height of the hips, as a fraction of the standing height, of somebody on his feet."""


Sits = tuple[int, int, Array]
"""Who sits down, from which frame on, and where (x, z)."""


class Disc(NamedTuple):
    """A place on the ground, and how near to it nobody may come, in metres."""

    x: float
    z: float
    room: float
    users: frozenset[tuple[int, int]] = frozenset()
    """Who sits down there, and from which frame on."""


def solids(
    props: Sequence[Prop], shift: Point = (0.0, 0.0), sits: Sequence[Sits] = ()
) -> list[Disc]:
    """Return the discs that *props* cover, moved by *shift*; what moves or is held covers none.

    *sits* tell who sits down where.
    """
    discs = []
    for prop in props:
        if prop.kind not in FOOTPRINTS or np.ndim(prop.position) != 1 or prop.position[1] > 0.5:
            continue
        left, right, half = (prop.scale * metres for metres in FOOTPRINTS[prop.kind])
        count = 1 + math.ceil((right - left) / half)
        users = frozenset(
            (actor, frame)
            for actor, frame, place in sits
            if np.hypot(*(place - prop.position[[0, 2]])) < _AT_HAND + max(right, 0.0)
        )
        for offset in np.linspace(left, right, count):
            x = float(prop.position[0] + offset * ACROSS[0] + shift[0])
            z = float(prop.position[2] + offset * ACROSS[1] + shift[1])
            discs.append(Disc(x, z, half + BODY, users))
    return discs


def seated(motion: Motion) -> list[Sits]:
    """Return who sits or works from which frame on, and where (x, z): every stretch of it."""
    found = []
    hips = motion.joints[:, :, J["pelvis_center"]].astype(np.float64)
    for actor in range(motion.n_actors):
        sits = np.isin(motion.actions[:, actor], [row_of(name).index for name in ("sit", "typing")])
        starts = np.flatnonzero(sits & ~np.concatenate([[False], sits[:-1]]))
        for first in starts:
            rest = np.flatnonzero(~sits[first:])
            last = int(first + rest[0] - 1 if len(rest) else motion.n_frames - 1)
            found.append((actor, int(first), hips[last, actor, [0, 2]]))
    return found


def clearance(discs: Sequence[Disc], places: Array) -> float:
    """Return by how many metres the nearest of *places* ``[N, 2]`` is out of all *discs*."""
    if not len(places) or not discs:
        return math.inf
    at = np.array([disc[:3] for disc in discs])
    gaps = np.hypot(*np.moveaxis(places[:, None] - at[None, :, :2], -1, 0)) - at[:, 2]
    return float(gaps.min())


def detour(start: Point, goal: Point, discs: Sequence[Disc]) -> list[Point]:
    """Return the points (x, z) by which a way from *start* to *goal* leads round *discs*.

    There are none where the straight way is free, or where there is no way at all, not even a
    narrow one. Who stands nearer to a disc than it allows only has to come no nearer; the same
    holds for the goal.
    """
    near = _near(np.array(start), np.array(goal), discs)
    for share in _NARROWER:
        points = _ways(start, goal, near[:, :2], share * near[:, 2])
        if points is not None:
            return points
    return []


def _ways(start: Point, goal: Point, middles: Array, rooms: Array) -> list[Point] | None:
    """Return the points of the shortest way, or None if there is no way."""
    for end in (start, goal):
        rooms = np.minimum(rooms, np.hypot(*(middles - end).T) - 0.01)
    keep = rooms > 0.05
    middles, rooms = middles[keep], rooms[keep]
    ends = np.array([start, goal])
    if not len(middles):
        return []
    if _free(ends[:1], ends[1:], middles, rooms).all():
        return []
    angles = 2.0 * math.pi * np.arange(_CORNERS) / _CORNERS
    reach = (rooms + _MARGIN) / math.cos(math.pi / _CORNERS)
    spokes = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    corners = (middles[:, None] + reach[:, None, None] * spokes).reshape(-1, 2)
    gaps = np.hypot(*np.moveaxis(corners[:, None] - middles[None], -1, 0))
    nodes = np.concatenate([ends, corners[(gaps >= rooms).all(axis=1)]])
    return _shortest(nodes, _free(nodes, nodes, middles, rooms))


def _near(start: Array, goal: Array, discs: Sequence[Disc]) -> Array:
    """Return the discs ``[D, 3]`` that are not far from the straight way."""
    if not discs:
        return np.zeros((0, 3))
    every = np.array([disc[:3] for disc in discs], dtype=np.float64)
    gap = _distances(start[None], goal[None], every[:, :2])[0, 0]
    return np.asarray(every[gap < _FARTHEST + every[:, 2]])


def _distances(begins: Array, ends: Array, points: Array) -> Array:
    """Return how near each segment from *begins* ``[N, 2]`` to *ends* ``[M, 2]`` comes to each of
    *points* ``[D, 2]``: ``[N, M, D]``.
    """
    way = ends[None] - begins[:, None]
    long = np.maximum((way**2).sum(axis=-1), 1e-12)
    to = points[None] - begins[:, None]
    along = np.einsum("nmc,ndc->nmd", way, to) / long[..., None]
    along = np.clip(along, 0.0, 1.0)
    off = to[:, None] - along[..., None] * way[:, :, None]
    return np.asarray(np.hypot(off[..., 0], off[..., 1]))


def _free(begins: Array, ends: Array, middles: Array, rooms: Array) -> NDArray[np.bool_]:
    """Return ``[N, M]``: which of the straight ways come too near to none of the discs."""
    return np.asarray((_distances(begins, ends, middles) >= rooms).all(axis=-1))


def _shortest(nodes: Array, joined: NDArray[np.bool_]) -> list[Point] | None:
    """Return the nodes between the first and the second on the shortest way, by Dijkstra; None if
    they are not joined.
    """
    count = len(nodes)
    lengths = np.hypot(*np.moveaxis(nodes[:, None] - nodes[None], -1, 0))
    lengths = np.where(joined, lengths, np.inf)
    best = np.full(count, np.inf)
    best[0], before, open_ = 0.0, np.zeros(count, dtype=int), np.ones(count, dtype=bool)
    for _ in range(count):
        here = int(np.where(open_, best, np.inf).argmin())
        if not open_[here] or not np.isfinite(best[here]) or here == 1:
            break
        open_[here] = False
        through = best[here] + lengths[here]
        shorter = through < best
        best[shorter], before[shorter] = through[shorter], here
    if not np.isfinite(best[1]):
        return None
    points: list[Point] = []
    at = int(before[1])
    while at != 0:
        points.insert(0, (float(nodes[at, 0]), float(nodes[at, 1])))
        at = int(before[at])
    return points


def trespasses(motion: Motion, props: Sequence[Prop]) -> int:
    """Return how often somebody who is on his way goes through one of *props*.

    Who sits down there, works there or gets up may be as near as that takes, a second before and
    after, and who walks up to his seat in his last steps.
    """
    joints = motion.joints.astype(np.float64)
    heights = ops.standing_height(motion)
    sits = seated(motion)
    things = [solids([prop], sits=sits) for prop in props]
    resting = [row_of(name).index for name in _SEATED]
    on_foot = [r.index for r in ACTIONS if r.speed > 0.2 and r.name not in {"flying", "swimming"}]
    around = round(motion.fps)
    found = 0
    for actor in range(motion.n_actors):
        hips = joints[:, actor, J["pelvis_center"]]
        level = hips[:, 1] / max(float(heights[actor]), 1e-6)
        step = np.diff(hips[:, [0, 2]], axis=0, prepend=hips[:1, [0, 2]])
        going = np.isin(motion.actions[:, actor], on_foot)
        going &= np.hypot(*step.T) * motion.fps > 0.35
        going &= (level > _UPRIGHT[0]) & (level < _UPRIGHT[1]) & motion.present[:, actor]
        down = np.isin(motion.actions[:, actor], resting) | (level <= _UPRIGHT[0])
        rests = np.concatenate([[0], np.cumsum(down)])
        frames = np.arange(motion.n_frames)
        first = np.maximum(frames - around, 0)
        last = np.minimum(frames + around + 1, motion.n_frames)
        going &= rests[last] == rests[first]
        for discs in things:
            if not discs or not going.any():
                continue
            strange = going.copy()
            for who, since in discs[0].users:
                walked = np.flatnonzero(going[:since])
                if who == actor and len(walked):
                    strange[max(walked[-1] - around, 0) : since] = False
            at = np.array([disc[:3] for disc in discs])
            gap = np.hypot(*np.moveaxis(hips[strange][:, None, [0, 2]] - at[:, :2], -1, 0))
            found += bool((gap < at[:, 2] - BODY + THROUGH).any())
    return found
