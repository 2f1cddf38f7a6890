"""Things on stage: what hands hold, what somebody works or eats at, and what stands around.

Everything is placed after the motion is known, so that hands and things meet and nobody walks
through anything.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core.actions import action as row_of
from stickgen.core.schema import J
from stickgen.core.types import Beat, Motion, Prop, Script
from stickgen.llm.balls import RADIUS, contact
from stickgen.llm.crossing import clearance, solids

Array = NDArray[np.float64]

HELD: Final[dict[str, str]] = {
    "eating": "food", "drinking": "cup", "reading": "book", "sing": "microphone",
}  # fmt: skip
"""What is in the hand of who does an action."""

_HELD_FROM: Final[dict[str, float]] = {"food": 0.04, "cup": 0.05, "phone": 0.08, "book": 0.10,
                                     "microphone": 0.0}  # fmt: skip
"""Metres from the middle of the hand down to the base of a thing that is held."""

_HUGE: Final[dict[str, float]] = {
    "house": 3.0, "building": 3.4, "stadium": 5.0, "spaceship": 3.0, "ufo": 2.6, "tree": 1.6,
    "planet": 2.4,
}  # fmt: skip
"""Width in metres kept free for what is wide; other things take one metre."""

_ALOFT: Final[dict[str, float]] = {"star": 3.6, "planet": 3.2, "ufo": 2.6}
"""Height in metres at which things hang in the sky."""

_SOLID: Final = frozenset({"tree", "rock", "table", "house", "building", "crate"})
_HANDLED: Final = frozenset({*RADIUS, "bat", "glove", "food", "cup", "phone", "plate", "book",
                             "laptop", "computer", "chair", "bench", "base", "hoop", "ring", "goal",
                             "finish", "microphone"})  # fmt: skip
AWAY: Final = np.array([-0.5, 0.0, -0.866])
"""Straight away from the viewer in the default view, whose yaw is 30 degrees."""

_RIGHT: Final = np.array([0.866, 0.0, -0.5])
"""To the right in the default view."""
_SIDELONG: Final = 0.35
"""So much of the way somebody looks must go right or left for him to be seen from the side."""

_BY_HAND: Final = frozenset({"climbing", "pick_up", "push"})
"""What is done to a thing within reach."""

PASSES_BY: Final = -0.10
"""Metres by which people's ways are clear of a thing: a little less than they keep from it."""

CLEAR: Final = 0.9
"""Metres between what stands around and anybody's path."""


@dataclass(frozen=True, slots=True)
class Played:
    """A beat as it was played: which frames of whom."""

    beat: Beat
    actor: int
    start: int
    end: int
    action: str


def around(script: Script, motion: Motion, played: Sequence[Played]) -> tuple[Prop, ...]:
    """Return all props but balls and seats: in hands, in front of hands, and on the stage."""
    joints = motion.joints.astype(np.float64)
    props = [
        *_bats(joints, motion.fps, played),
        *_in_hand(joints, played),
        *_at_work(joints, played),
        *_marks_of_games(script, joints, played),
    ]
    taken = {"table" if prop.kind.startswith("desk") else prop.kind for prop in props}
    wanted = [p for p in dict.fromkeys(script.props) if p not in _HANDLED and p not in taken]
    for beat in script.beats:
        if isinstance(beat.target, str) and beat.target not in _HANDLED | taken | {*wanted}:
            wanted.append(beat.target)
    return (*props, *_standing(wanted, joints, played))


def _in_hand(joints: Array, played: Sequence[Played]) -> list[Prop]:
    """Return what is eaten, drunk, read or phoned with, in the hand that is nearer the head."""
    props = []
    seen: set[tuple[int, str]] = set()
    for each in played:
        for name in (each.action, each.beat.overlay):
            kind = HELD.get(name or "")
            if name == "talk" and each.beat.target == "phone":
                kind = "phone"
            if kind == "food" and isinstance(each.beat.target, str):
                kind = each.beat.target if each.beat.target in {"food", "plate"} else kind
            if kind is None or (each.actor, kind) in seen:
                continue
            seen.add((each.actor, kind))
            place = _held(joints, each, kind)
            if kind == "microphone":
                # It is held up to the chin, so that the mouth is seen, its middle in the hand.
                own = joints[:, each.actor]
                across = own[:, J["l_shoulder"]] - own[:, J["r_shoulder"]]
                ahead = np.cross(across, np.array([0.0, 1.0, 0.0]))
                ahead /= np.maximum(np.linalg.norm(ahead, axis=-1, keepdims=True), 1e-9)
                mouth = own[:, J["head_center"]] + 0.20 * ahead - (0.0, 0.08, 0.0)
                away = mouth - place
                axis = away / np.maximum(np.linalg.norm(away, axis=-1, keepdims=True), 1e-9)
                axis[:, 1] += 1.2
                axis /= np.maximum(np.linalg.norm(axis, axis=-1, keepdims=True), 1e-9)
                base = place - 0.13 * axis
                top = base[:, 1] + 0.244 * axis[:, 1] - own[:, J["head_center"], 1]
                base[:, 1] -= np.clip(top + 0.15, 0.0, 0.12)
                props.append(Prop(kind, base, 0.8, axis=axis))
                continue
            props.append(Prop(kind, place))
    return props


def _bats(joints: Array, fps: float, played: Sequence[Played]) -> list[Prop]:
    """Return the bat of everybody who bats: in both hands, dropped after the swing."""
    props = []
    for each in played:
        if each.action != "batting":
            continue
        own = joints[:, each.actor]
        wrists = own[:, [J["l_wrist"], J["r_wrist"]]]
        hands = wrists.mean(axis=1)
        # away from the body: up behind the head at first, out along the arms in the swing
        out = hands - 0.5 * (own[:, J["chest"]] + own[:, J["neck"]])
        raised = np.clip((out[:, 1] + 0.25) / 0.3, 0.0, 1.0)
        axis = out / np.maximum(np.linalg.norm(out, axis=-1, keepdims=True), 1e-9)
        axis = axis + (0.9 * raised)[:, None] * np.array([0.0, 1.0, 0.0])
        span = slice(each.start, each.end)
        swing = each.start + contact("batting", own[span], fps)
        frames = np.arange(len(joints))
        level = np.exp(-0.5 * ((frames - swing) / (0.14 * fps)) ** 2)[:, None]
        flat = axis * np.array([1.0, 0.15, 1.0])
        flat = flat / np.maximum(np.linalg.norm(flat, axis=-1, keepdims=True), 1e-9)
        axis = axis + level * (1.4 * flat - axis)
        axis = axis / np.maximum(np.linalg.norm(axis, axis=-1, keepdims=True), 1e-9)
        drop = min(swing + round(0.6 * fps), len(joints) - 1)
        seconds = np.maximum(frames - drop, 0) / fps
        fallen = frames >= drop
        place = hands.copy()
        place[fallen] = hands[drop]
        place[fallen, 1] = np.maximum(hands[drop, 1] - 4.905 * seconds[fallen] ** 2, 0.03)
        rest = np.array([axis[drop, 0], 0.0, axis[drop, 2]])
        rest /= max(float(np.linalg.norm(rest)), 1e-9)
        lie = np.clip(seconds / 0.4, 0.0, 1.0)[:, None]
        axis = np.where(fallen[:, None], axis[drop] + lie * (rest - axis[drop]), axis)
        props.append(Prop("bat", place, axis=axis))
    return props


def _held(joints: Array, each: Played, kind: str) -> Array:
    span = slice(each.start, each.end)
    head = joints[span, each.actor, J["head_center"]]
    hands = []
    for side in "lr":
        wrist = joints[:, each.actor, J[f"{side}_wrist"]]
        fore = wrist - joints[:, each.actor, J[f"{side}_elbow"]]
        unit = fore / np.maximum(np.linalg.norm(fore, axis=-1, keepdims=True), 1e-9)
        hands.append(wrist + 0.03 * unit)
    # A microphone stays near the mouth, while the other hand may pass it.
    nearest = np.median if kind == "microphone" else np.min
    near = [float(nearest(np.linalg.norm(hand[span] - head, axis=-1))) for hand in hands]
    place = hands[0] if near[0] < near[1] - 0.02 else hands[1]
    if kind == "book":
        place = 0.5 * (hands[0] + hands[1])
    return np.asarray(place - np.array([0.0, _HELD_FROM.get(kind, 0.05), 0.0]))


def _at_work(joints: Array, played: Sequence[Played]) -> list[Prop]:
    """Return a desk with a laptop under the hands of everybody who types.

    Who is seen from the side has it before him, a little farther from the viewer than he is: one
    sees his hands on the keys.
    """
    props: list[Prop] = []
    seen: set[int] = set()
    for each in played:
        if "typing" not in {each.action, each.beat.overlay} or each.actor in seen:
            continue
        seen.add(each.actor)
        late = slice(each.start + (each.end - each.start) // 3, each.end)
        body = joints[late, each.actor]
        wrists = body[:, [J["l_wrist"], J["r_wrist"]]]
        hands = wrists.mean(axis=(0, 1))
        high = max(0.35, float(np.percentile(wrists[..., 1], 10)) - 0.05)
        spot = np.array([hands[0], 0.0, hands[2]])
        ahead = hands - body[:, J["pelvis_center"]].mean(axis=0)
        desk = desk_at(spot, ahead[[0, 2]])
        if desk.kind == "table":
            props.append(replace(desk, scale=high / 0.745))
            props.append(Prop("laptop", spot + np.array([0.0, high, 0.05])))
            continue
        top = high + 0.01
        forward = (1.0 if desk.kind == "desk_right" else -1.0) * _RIGHT
        props.append(replace(desk, scale=top / 0.745))
        up = np.array([0.0, top, 0.0])
        kind = desk.kind.replace("desk", "laptop")
        props.append(Prop(kind, spot - 0.04 * forward + 0.40 * AWAY + up, 1.25))
    return props


def desk_at(spot: Array, ahead: Array) -> Prop:
    """Return the desk of somebody whose hands are above *spot* and who looks *ahead* (x, z)."""
    sideways = float(ahead @ _RIGHT[[0, 2]]) / max(float(np.hypot(*ahead)), 1e-9)
    if abs(sideways) < _SIDELONG:
        return Prop("table", spot)
    forward = math.copysign(1.0, sideways) * _RIGHT
    kind = "desk_right" if sideways > 0 else "desk_left"
    return Prop(kind, spot + 0.34 * forward + 0.45 * AWAY)


def _marks_of_games(script: Script, joints: Array, played: Sequence[Played]) -> list[Prop]:
    """Return bases, a goal, a finish line, a ring: where the players make use of them."""
    props: list[Prop] = []
    wanted = set(script.props)
    by_action: dict[str, list[Played]] = {}
    for each in played:
        by_action.setdefault(each.action, []).append(each)

    def ground(frame: int, actor: int, fore: float = 0.0, up: float = 0.0) -> Array:
        body = joints[min(frame, len(joints) - 1), actor]
        across = body[J["r_hip"]] - body[J["l_hip"]]
        ahead = np.array([across[2], 0.0, -across[0]])
        ahead /= max(float(np.linalg.norm(ahead)), 1e-9)
        spot = body[0] * np.array([1.0, 0.0, 1.0]) + fore * ahead
        return np.asarray(spot + np.array([0.0, up, 0.0]))

    if "base" in wanted or "running_bases" in by_action:
        for each in by_action.get("running_bases", [])[:1]:
            legs = [e for e in by_action["running_bases"] if e.actor == each.actor]
            home, first = ground(each.start, each.actor, 0.35), ground(legs[-1].end - 1, each.actor)
            way = first - home
            side = np.array([way[2], 0.0, -way[0]])
            side *= -1.0 if side[2] > 0 else 1.0
            props += [Prop("base", home), Prop("base", first)]
            props += [Prop("base", home + 0.5 * way + 0.35 * side),
                      Prop("base", home + 0.5 * way - 0.25 * side)]  # fmt: skip
    if "goal" in wanted and "kicking" in by_action:
        each = by_action["kicking"][-1]
        target = each.beat.target
        spot = ground(each.end - 1, target) if isinstance(target, int) else None
        if spot is None:
            spot = ground(each.end - 1, each.actor, 6.0)
        else:
            here = ground(each.end - 1, each.actor)
            far = spot - here
            spot = spot + 0.9 * far / max(float(np.linalg.norm(far)), 1e-9)
        props.append(Prop("goal", spot))
    if "finish" in wanted:
        sprints = by_action.get("sprint", []) + by_action.get("run", [])
        if sprints:
            winner = max(sprints, key=lambda e: float(joints[e.end - 1, e.actor, 0, 0]))
            spot = joints[winner.end - 1, winner.actor, 0] * np.array([1.0, 0.0, 0.0])
            spot[2] = float(joints[0, :, 0, 2].min()) - 0.7
            props.append(Prop("finish", spot - np.array([0.6, 0.0, 0.0])))
    if "ring" in wanted:
        middle = joints[0, :2, 0].mean(axis=0) * np.array([1.0, 0.0, 1.0])
        props.append(Prop("ring", middle + 1.4 * AWAY))
    return props


def _standing(wanted: Sequence[str], joints: Array, played: Sequence[Played]) -> list[Prop]:
    """Return what stands around: where a beat aims at it, else behind everybody in a row."""
    props: list[Prop] = []
    roots = joints[:, :, 0]
    low, high = roots.min(axis=(0, 1)), roots.max(axis=(0, 1))
    aimed = {each.beat.target: each for each in played if isinstance(each.beat.target, str)}
    middle = 0.5 * (low[0] + high[0])
    widths = [_HUGE.get(kind, 1.0) for kind in wanted if kind not in aimed]
    x = middle - 0.5 * (sum(widths) + 1.1 * max(len(widths) - 1, 0))
    for kind in wanted:
        size = _HUGE.get(kind, 1.0)
        each = aimed.get(kind)
        if each is not None and kind in _SOLID | {"spaceship", "ufo"}:
            props.append(_off_the_ways(Prop(kind, _beyond(each, roots, joints, 0.5 * size)),
                                       each, roots))  # fmt: skip
            continue
        if each is not None:
            x = middle - 0.5 * size
        z = low[2] - CLEAR - (1.6 if size > 2.0 else 0.5)
        lift = _ALOFT.get(kind, 0.0)
        spot = np.array([x + 0.5 * size, lift, 0.5 * (low[2] + high[2])])
        behind = (spot[2] - z + (1.5 if lift else 0.0)) / -AWAY[2]
        props.append(Prop(kind, spot + behind * AWAY))
        x += size + 1.1
    return props


def _off_the_ways(prop: Prop, each: Played, roots: Array) -> Prop:
    """Return *prop*, which a beat aims at, moved on to where nobody has gone through it."""
    ways = roots.reshape(-1, 3)[:, [0, 2]]
    ahead = prop.position - roots[each.end - 1, each.actor]
    ahead = ahead * (1.0, 0.0, 1.0) / max(float(np.hypot(ahead[0], ahead[2])), 1e-9)
    if each.action in _BY_HAND or not solids([prop]):
        return prop
    for metres in np.arange(0.0, 3.1, 0.3):
        for way in (ahead, AWAY):
            moved = replace(prop, position=prop.position + metres * way)
            if clearance(solids([moved]), ways) > PASSES_BY:
                return moved
    return prop


def _beyond(each: Played, roots: Array, joints: Array, half: float) -> Array:
    """Return where the thing stands that a beat aims at: ahead of where its actor comes to rest,
    or beside his way when he goes past it.
    """
    last = each.end - 1
    spot = roots[last, each.actor] * np.array([1.0, 0.0, 1.0])
    body = joints[last, each.actor]
    across = body[J["r_hip"]] - body[J["l_hip"]]
    ahead = np.array([across[2], 0.0, -across[0]])
    ahead /= max(float(np.linalg.norm(ahead)), 1e-9)
    if row_of(each.action).speed > 0.2 or each.action in {"climbing", "point", "pick_up", "push"}:
        spot = spot + (0.45 + half) * ahead
    else:
        spot = spot - np.array([0.0, 0.0, 0.35 + half])
    spot[2] -= 0.15
    return np.asarray(spot)
