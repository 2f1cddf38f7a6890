"""Where everybody stands when the curtain rises, and which way they face."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from stickgen.core.actions import action as row_of
from stickgen.core.environments import ENVIRONMENTS, environment
from stickgen.core.types import Beat, Script
from stickgen.llm.timeline import Cue, Timeline
from stickgen.llm.words import word_set

SPACE: Final = 1.25
"""Metres between neighbours who have nothing to do with each other."""

LANE: Final = 0.95
"""Metres between the paths of people who pass each other; never less than personal space, 0.9 m."""

ECHELON: Final = 1.15
"""Metres by which each lane is behind the next nearer one: in the default view, which sees lanes
aslant, nobody then walks before anybody else."""

ON_THE_SPOT: Final = 0.4
"""Actions slower than this, in m/s, take place where they begin: dancing, fighting."""

FACING: Final = 1.0
"""Metres between two who have to do with each other."""

THROWN: Final[dict[str, float]] = {
    "throwing": 3.6, "catching": 3.6, "kicking": 4.2, "pitching": 5.6, "batting": 5.6,
}  # fmt: skip
"""Metres between two between whom a ball goes."""

APART: Final[dict[str, float]] = {
    "wave": 1.9, "clap": 1.5, "point": 1.5, "bow": 1.5, "salute": 1.5, "shout": 1.7, "laugh": 1.3,
    "talk": 1.3, "fight_stance": 1.3,
}  # fmt: skip
"""Metres between two who have to do with each other and never touch: room for both their arms."""

BEHIND: Final = 2.2
"""Metres between a chaser and the one who is chased."""

STAGGER: Final = 0.18
"""Metres by which neighbours in a row stand before and behind its line."""

ROW: Final = 7
"""At most this many stand side by side; the others stand in rows behind them."""

STAGE_WIDTH: Final = 7.0
"""Metres that somebody covers before turning back while others stay where they are."""

TO_VIEWER: Final = -math.radians(60.0)
"""Heading of those who stand among others: toward the viewer, turned a little to the right."""

_VIEW: Final = math.radians(30.0)
"""The yaw from which a scene is seen unless somebody asks for another."""

_SHOWN: Final = word_set(
    "wave clap talk shout whisper sing point salute nod bow celebrate dance jumping_jacks laugh"
    " cry idle stand eating drinking reading typing looking_around"
)
"""Actions that read best from the front."""


AUDIENCE: Final = 2.6
"""Metres between those who only look on and cheer, and the last of those whom they look at."""

SEATS_APART: Final = 0.95
"""Metres between neighbours of an audience, and between its rows."""

AISLE: Final = 0.5
"""Metres by which each half of an audience's first row leaves the middle free for the action."""

_LOOKING_ON: Final = word_set("clap celebrate looking_around idle shout laugh sit stand sing jump")
"""What an audience does."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Where an actor starts: (x, z) metres on the ground and the heading in radians."""

    x: float
    z: float
    heading: float


def paced(timeline: Timeline, n_roles: int) -> frozenset[Cue]:
    """Return the cues in which somebody who is free to go anywhere goes to and fro.

    That is while anybody else stays in one place: so all of them stay in one picture.
    """
    if n_roles == 1:
        return frozenset()
    found = set()
    for cue in timeline.cues:
        beat = cue.beat
        free = beat.direction in {None, "forward"} and not isinstance(beat.target, int)
        if not free or row_of(beat.action).speed <= 0.2:
            continue
        going = set(beat.actors)
        for other in timeline.cues:
            if other.start == cue.start and row_of(other.beat.action).speed > 0.2:
                going |= set(other.beat.actors)
        if len(going) < n_roles:
            found.add(cue)
    return frozenset(found)


def legs(beat: Beat, frames: int, fps: float, *, paced: bool) -> list[tuple[Beat, int]]:
    """Return *beat* as the legs of a way to and fro, and their frames; one leg if not *paced*."""
    metres = row_of(beat.action).speed * beat.speed * frames / fps
    count = math.ceil(metres / (1.2 * STAGE_WIDTH)) if paced else 1
    if count <= 1:
        return [(beat, frames)]
    marks = [round(frames * i / count) for i in range(count + 1)]
    return [
        (
            replace(beat, direction="left" if i % 2 else "right", line=None if i else beat.line),
            marks[i + 1] - marks[i],
        )
        for i in range(count)
    ]


def _travel(timeline: Timeline, n_roles: int, fps: float) -> list[float]:
    """Return roughly how many metres each role gets away of its own accord."""
    travel = [0.0] * n_roles
    to_and_fro = paced(timeline, n_roles)
    for cue in timeline.cues:
        beat = cue.beat
        if beat.direction == "toward" and isinstance(beat.target, int):
            continue
        speed = row_of(beat.action).speed
        metres = speed * beat.speed * (cue.end - cue.start) / fps if speed > ON_THE_SPOT else 0.0
        if cue in to_and_fro:
            metres = min(metres, STAGE_WIDTH)
        for actor in beat.actors:
            travel[actor] += metres
    return travel


def haste(script: Script) -> float:
    """Return by how much the place of *script* lets people go faster; less than 1 is slower."""
    known = script.environment in {row.name for row in ENVIRONMENTS}
    return environment(script.environment).movement_speed_scale if known else 1.0


def _approaches(timeline: Timeline, fps: float, scale: float) -> dict[int, tuple[int, float]]:
    """Return who goes to whom first of all, and how far he can go."""
    found: dict[int, tuple[int, float]] = {}
    for cue in timeline.cues:
        beat = cue.beat
        speed = row_of(beat.action).speed * beat.speed * scale
        if beat.direction == "toward" and isinstance(beat.target, int) and speed > 0:
            for actor in beat.actors:
                if actor != beat.target and actor not in found:
                    found[actor] = (beat.target, speed * (cue.end - cue.start) / fps)
    return found


def _crowds(approaches: dict[int, tuple[int, float]]) -> dict[int, list[int]]:
    """Return for each role to whom more than one go at first, who they are."""
    found: dict[int, list[int]] = {}
    for actor, (target, _) in approaches.items():
        found.setdefault(target, []).append(actor)
    return {
        target: crowd
        for target, crowd in found.items()
        if len(crowd) > 1 and target not in approaches
    }


def _partners(script: Script) -> dict[int, int]:
    """Return for each role the one it first has to do with."""
    partners: dict[int, int] = {}
    for beat in script.beats:
        if isinstance(beat.target, int):
            for actor in beat.actors:
                if actor != beat.target:
                    partners.setdefault(actor, beat.target)
                    partners.setdefault(beat.target, actor)
        together = row_of(beat.action).actors > 1 or beat.action in {"fight", "talk"}
        if together and len(beat.actors) > 1:
            for one, two in zip(beat.actors[::2], beat.actors[1::2], strict=False):
                partners.setdefault(one, two)
                partners.setdefault(two, one)
    return partners


def _first_heading(script: Script, role: int, alone: bool) -> float:
    """Return the heading that the first thing a role does asks for."""
    for beat in script.beats:
        if role not in beat.actors:
            continue
        if row_of(beat.action).speed > 0.2 or beat.direction in {"left", "right"}:
            if beat.direction == "left":
                return math.pi
            return 0.0
        if alone:
            return -math.radians(25.0) if beat.action in _SHOWN else 0.0
        return TO_VIEWER
    return TO_VIEWER


def marks(script: Script, timeline: Timeline, fps: float) -> list[Mark]:
    """Return the starting mark of every role.

    Pairs who have to do with each other face each other; who goes to somebody starts as far away
    as he can go in time; people who travel get lanes of their own, one behind the other in depth;
    all others stand side by side toward the viewer, in rows when there are many. A role's own
    ``start`` and ``heading`` win.
    """
    n = len(script.roles)
    travel = _travel(timeline, n, fps)
    partners = _partners(script)
    approaches = _approaches(timeline, fps, haste(script))
    placed: list[Mark | None] = [None] * n
    clusters: list[list[int]] = []
    ring = _ring(script)
    if ring:
        passed = any(beat.action == "throwing" for beat in script.beats[:1])
        for index, role in enumerate(ring):
            placed[role] = _on_ring(index, len(ring), 2.2 if passed else FACING)
        clusters.append(list(ring))
    for target, crowd in _crowds(approaches).items():
        if placed[target] is None and all(placed[i] is None for i in crowd):
            way = float(np.clip(0.75 * max(approaches[i][1] for i in crowd), 1.5, 4.5))
            placed[target] = Mark(0.5 * way, 0.0, math.pi)
            for index, role in enumerate(crowd):
                row, file = divmod(index, 3)
                x = -0.5 * way - ECHELON * row - 0.4 * file
                placed[role] = Mark(x, LANE * (file - 0.5 * min(2, len(crowd) - 1)), 0.0)
            clusters.append([target, *crowd])
    for role in range(n):
        if placed[role] is not None:
            continue
        other = partners.get(role)
        if other is not None and placed[other] is None and other != role:
            placed[role], placed[other] = _pair(script, role, other, travel, approaches)
            clusters.append([role, other])
        else:
            placed[role] = Mark(0.0, 0.0, _first_heading(script, role, n == 1))
            clusters.append([role])
    done = [mark for mark in placed if mark is not None]
    audience = _audience(script)
    clusters = [cluster for cluster in clusters if not set(cluster) & audience]
    moving = [any(travel[i] > 1.0 for i in cluster) for cluster in clusters]
    if len(clusters) > 1:
        _spread(done, clusters, moving, travel)
    _behind(done, sorted(audience))
    for index, told in enumerate(script.roles):
        mark = _in_the_wings(script, timeline, fps, index, done[index])
        if told.start is not None:
            mark = replace(mark, x=float(told.start[0]), z=float(told.start[1]))
        if told.heading is not None:
            mark = replace(mark, heading=math.radians(told.heading))
        done[index] = mark
    return done


def _in_the_wings(script: Script, timeline: Timeline, fps: float, role: int, mark: Mark) -> Mark:
    """Return where *role* waits who comes in: as far outside as his way onto the stage is long."""
    cue = next((cue for cue in timeline.cues if role in cue.beat.actors), None)
    if cue is None or cue.beat.direction != "in" or len(script.roles) == 1:
        return mark
    metres = row_of(cue.beat.action).speed * cue.beat.speed * (cue.end - cue.start) / fps
    metres = min(metres, STAGE_WIDTH)
    heading = 0.0 if mark.x <= 0.0 else math.pi
    return Mark(mark.x - metres * math.cos(heading), mark.z, heading)


def _ring(script: Script) -> tuple[int, ...]:
    """Return the roles who stand in a circle from the start: more than two who talk or pass a ball,
    and an odd number who do what two do together.
    """
    if not script.beats:
        return ()
    first = script.beats[0]
    talk = first.action == "talk" and first.target is None
    passing = {b.actors[0] for b in script.beats if b.action == "throwing"}
    if first.action == "throwing" and len(passing) > 2:
        return tuple(sorted(passing))
    odd = row_of(first.action).actors > 1 and len(first.actors) % 2 == 1
    return first.actors if len(first.actors) > 2 and (talk or odd) else ()


def _on_ring(index: int, count: int, apart: float) -> Mark:
    """Return one of *count* marks round a middle that all face, *apart* metres from the neighbours;
    more than three leave the side of the viewer open.
    """
    step = 2.0 * math.pi / count if count == 3 else math.radians(220.0) / (count - 1)
    radius = 0.5 * apart / math.sin(0.5 * step)
    angle = math.radians(150.0 if count == 3 else 160.0) + step * index - _VIEW
    x, z = radius * math.cos(angle), radius * math.sin(angle)
    return Mark(x, z, math.atan2(z, -x))


def _pair(
    script: Script,
    one: int,
    two: int,
    travel: list[float],
    approaches: dict[int, tuple[int, float]],
) -> tuple[Mark, Mark]:
    if travel[one] > 1.0 and travel[two] > 1.0 and not {one, two} & set(approaches):
        first = next(b for b in script.beats if one in b.actors or two in b.actors)
        chaser = one if one in first.actors and isinstance(first.target, int) else two
        heading = _first_heading(script, chaser, alone=True)
        way = math.cos(heading)
        gap = BEHIND if isinstance(first.target, int) else FACING
        ahead = Mark(0.5 * gap * way, 0.0, heading)
        behind = Mark(-0.5 * gap * way, 0.0, heading)
        return (behind, ahead) if chaser == one else (ahead, behind)
    distance = _distance(script, one, two)
    for role, other in ((one, two), (two, one)):
        if role in approaches and approaches[role][0] == other:
            distance += float(np.clip(0.75 * approaches[role][1], 0.8, 3.5))
    left, right = Mark(-0.5 * distance, 0.0, 0.0), Mark(0.5 * distance, 0.0, math.pi)
    if two in approaches and one not in approaches:
        return right, left
    return left, right


def _distance(script: Script, one: int, two: int) -> float:
    """Return how far apart two stand, by the first thing that one does with the other."""
    for beat in script.beats:
        to_other = isinstance(beat.target, int) and {one, two} == {beat.actors[0], beat.target}
        if (to_other and len(beat.actors) == 1) or {one, two} <= set(beat.actors):
            if beat.action in THROWN:
                return THROWN[beat.action]
            return APART.get(beat.action, FACING)
    return FACING


def _audience(script: Script) -> frozenset[int]:
    """Return who only looks on: at least three who do the same and have nothing to do with anybody
    else, while others do what is worth looking at.
    """
    done: dict[int, set[str]] = {i: set() for i in range(len(script.roles))}
    aimed: set[int] = set()
    for beat in script.beats:
        for actor in beat.actors:
            done[actor].add(beat.action)
        if isinstance(beat.target, int):
            aimed.add(beat.target)
    acting = {i for i, names in done.items() if names - _LOOKING_ON}
    free = [i for i in done if i not in acting and i not in aimed and done[i]]
    same = {i for i in free if sum(done[i] == done[j] for j in free) >= 3 and done[i] != {"idle"}}
    seated = all(done[i] <= {"sit", "stand"} for i in same)
    return frozenset() if not acting or seated else frozenset(same)


def _behind(placed: list[Mark], crowd: list[int]) -> None:
    """Put *crowd* in even rows, straight behind all others as the viewer sees it."""
    if not crowd:
        return
    others = [mark for i, mark in enumerate(placed) if i not in crowd]
    side, near = (math.cos(_VIEW), -math.sin(_VIEW)), (math.sin(_VIEW), math.cos(_VIEW))
    across = [mark.x * side[0] + mark.z * side[1] for mark in others]
    middle = 0.5 * (min(across) + max(across))
    last = min(mark.x * near[0] + mark.z * near[1] for mark in others) - AUDIENCE
    files = min(len(crowd), 10)
    for index, role in enumerate(crowd):
        row, file = divmod(index, files)
        here = min(files, len(crowd) - row * files)
        offset = SEATS_APART * (file - 0.5 * (here - 1))
        right = middle + offset + math.copysign(AISLE, offset) * (row == 0 and here > 3)
        depth = last - SEATS_APART * row
        x, z = right * side[0] + depth * near[0], right * side[1] + depth * near[1]
        placed[role] = Mark(x, z, TO_VIEWER)


def _spread(
    placed: list[Mark], clusters: list[list[int]], moving: list[bool], travel: list[float]
) -> None:
    """Move whole clusters apart: those who stay side by side, those who travel into lanes of their
    own, so that the middle of their way is where the others stand.
    """
    standing = [c for c, moves in zip(clusters, moving, strict=True) if not moves]
    going = [c for c, moves in zip(clusters, moving, strict=True) if moves]
    rows = math.ceil(len(standing) / ROW)
    for row in range(rows):
        members = standing[row * ROW : (row + 1) * ROW]
        widths = [max(placed[i].x for i in c) - min(placed[i].x for i in c) for c in members]
        total = sum(widths) + SPACE * (len(members) - 1)
        x = -0.5 * total + (0.5 * SPACE if row % 2 else 0.0)
        for position, (cluster, width) in enumerate(zip(members, widths, strict=True)):
            z = -1.15 * row + (STAGGER if position % 2 else -STAGGER) * (len(members) > 2)
            left = min(placed[i].x for i in cluster)
            across, turn = x + 0.5 * width, 0.0 if going else _VIEW
            # With nobody passing by, a row lies across the picture: all stand on one line.
            dx = across * math.cos(turn) + z * math.sin(turn) - 0.5 * width - left
            _shift(placed, cluster, dx, z * math.cos(turn) - across * math.sin(turn))
            x += width + SPACE
    columns = max(1, math.ceil(len(going) / 4))
    for index, cluster in enumerate(going):
        lane, column = index % 4, index // 4
        lanes = min(4, len(going))
        z = STAGGER + LANE * (lane + 1) if standing else LANE * (0.5 * (lanes - 1) - lane)
        x = -1.6 * column + 0.8 * (columns - 1) - ECHELON * lane
        way = 1.0 if math.cos(placed[cluster[0]].heading) >= 0 else -1.0
        if standing:
            x -= 0.5 * max(travel[i] for i in cluster)
        _shift(placed, cluster, x * way, z)


def _shift(placed: list[Mark], cluster: list[int], dx: float, dz: float) -> None:
    for index in cluster:
        mark = placed[index]
        placed[index] = replace(mark, x=mark.x + dx, z=mark.z + dz)
