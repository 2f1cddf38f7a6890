"""The one way from a recorded body to a clip; every converter takes it.

Joints in the file's own axes and unit → metres, y up → set-up frames removed → 25 frames a
second → the 16 joints of the schema → standing 1.70 m tall → on the ground, facing +x from the
origin → quality gates → `Clip`.

**What is derived, and how it stays rigid**
    - pelvis_center is the middle of the hips.
    - chest is the point at 55 % of the way from the pelvis to the neck along the spine joints. A
      spine of several joints has no rigid point, so the two torso bones get their median lengths
      and the chest is placed on the circle where both hold, on the side the spine bends to.
    - head_center is half a head (0.065 of the height, after Winter) above the joint at the skull's
      base, or the joint named head_center, at a constant distance from the neck.
    - People are scaled to one standing height, all in a take by one factor: mocap libraries
      retarget their performers to a stock figure, so a file's own height is seldom anybody's.
      What it was stays in ``meta["height"]``; time is not scaled.
    - Bones keep their length when a rate is not a whole multiple of 25: rotations are
      interpolated, then joints are placed (`stickgen.datasets.tracks`).

Winter: Biomechanics and Motor Control of Human Movement, 4th edition, figure 4.1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core import ops, schema
from stickgen.core.actions import ACTIONS
from stickgen.core.errors import SourceError
from stickgen.core.schema import J
from stickgen.core.types import Clip, Motion
from stickgen.datasets import contacts
from stickgen.datasets.gates import check_frame_rate, check_motion, check_speed
from stickgen.datasets.labels import Span, action_tracks
from stickgen.datasets.skeletons import JointMap, map_joints
from stickgen.datasets.tracks import Array, Track
from stickgen.datasets.words import action_of, is_airborne

UNITS: Final[dict[str, float]] = {
    "m": 1.0,
    "cm": 0.01,
    "mm": 0.001,
    "inch": 0.0254,
    "cmu": 0.0254 / 0.45,
}
"""Metres in each unit of length; ``cmu`` is that of the CMU ASF files, 1/0.45 inch."""

PLAUSIBLE_HEIGHT: Final = (1.4, 2.1)
"""Standing heights in metres between which a unit is believed."""

UP_AXES: Final[tuple[str, ...]] = ("y", "z")

CHEST_SHARE: Final = 0.55
"""Where the chest is on the way from the pelvis to the neck, as in the project's own figure."""

HALF_HEAD: Final = 0.065
"""From the skull's base to the middle of the head, as a fraction of the standing height."""

_LIMBS: Final = tuple(name for name in schema.JOINTS if name[:2] in ("l_", "r_"))
_CHAIN: Final = 0.845
"""(shin + thigh + torso + neck to head centre) / standing height of the project's own figure."""
_GROUND_REACH: Final = 0.1
"""A figure whose lowest ankle is within this fraction of its height of the ground is put on it."""


@dataclass(frozen=True, eq=False)
class Take:
    """What a converter's parser found: one performance, as recorded.

    Args:
        tracks: one a person, all of the same length.
        fps: the true frame rate.
        name: unique name of the clip within the root folder.
        texts: descriptions.
        action: name of the main action where the source labels it; else it is read from the text.
        up: axis that points up, y or z, or None to judge by how people stand.
        unit: metres in a unit of length, or None to judge by the skeleton's height.
        setup_frames: whether it may begin with an inserted T-pose, which is then removed.
        recording: name shared by all pieces of one recording; the take's own name if empty.
        subject: who moved.
        licence: licence of this take; that of the source if empty.
        spans: what is done when, in seconds of the recording; frames outside are the main action.
        split: part of the dataset it belongs to, e.g. train.
        parent: name of the take it was derived from, if it was.
        joint_map: names of joints the format is known to call otherwise, or to mean otherwise;
            see `stickgen.datasets.skeletons`.
        present: who is there ``[T, A]``, everybody throughout if None; tracks hold a plausible
            place for a body that is not.
        face: faces as recorded ``[T, A, 7]``, laid out as in `stickgen.core.types.Motion`.
        meta: whatever else is worth keeping, JSON-able.
    """

    tracks: Sequence[Track]
    fps: float
    name: str
    texts: Sequence[str] = ()
    action: str | None = None
    up: str | None = None
    unit: float | None = None
    setup_frames: bool = False
    recording: str = ""
    subject: str = ""
    licence: str = ""
    spans: Sequence[Span] = ()
    split: str | None = None
    parent: str | None = None
    joint_map: Mapping[str, str] = field(default_factory=dict)
    present: NDArray[np.bool_] | None = None
    face: Array | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)


def to_clip(
    path: Path,
    take: Take,
    source: str,
    licence: str,
    joint_map: Mapping[str, str] | None = None,
    fps: float = schema.FPS,
    height: float | None = schema.HEIGHT,
) -> Clip:
    """Return the clip of *take*, at *fps* frames a second in the canonical view.

    Args:
        path: the file, for errors.
        take: what the parser found in it.
        source: name of the converter.
        licence: licence of the source.
        joint_map: names of joints that are not recognised by themselves.
        fps: frame rate of the clip.
        height: standing height of the figures in metres, or None to keep their own.

    Raises:
        SourceError: the skeleton cannot be mapped.
        Refused: the motion does not pass a quality gate; names the rule.
    """
    check_frame_rate(path, take.fps)
    roles = {**take.joint_map, **(joint_map or {})}
    bodies = [_Body(path, track, map_joints(path, track, roles)) for track in take.tracks]
    up = take.up or _up_axis(bodies[0])
    unit, unit_name = (take.unit, f"{take.unit:g} m") if take.unit else _unit(bodies[0])
    first = _setup_frames(bodies[0], unit, take.fps) if take.setup_frames else 0
    native_frames = bodies[0].track.n_frames - first
    count = int(np.floor((native_frames - 1) * fps / take.fps + 1e-6)) + 1
    frames: Array = first + np.arange(count, dtype=np.float64) * (take.fps / fps)
    with np.errstate(over="ignore", invalid="ignore"):
        joints = np.stack([_upright(body.joints(frames), up) * unit for body in bodies], axis=1)
    if not np.isfinite(joints).all() or np.abs(joints).max() > 1e6:
        raise SourceError(
            path, "holds positions beyond any stage", hint="it is damaged, or give --unit"
        )

    description = " ".join(take.texts)
    name = take.action or (None if take.spans else action_of(description))
    main, overlay = action_tracks(take.spans, frames / take.fps, name)
    actors = np.ones(len(bodies), dtype=np.int64)
    nearest = np.rint(frames).astype(np.intp)
    motion = Motion.from_joints(
        joints,
        fps=fps,
        actions=main[:, None] * actors,
        overlay=overlay[:, None] * actors,
        face=None if take.face is None else take.face[nearest],
    )
    if take.spans and name is None and main.any():
        name = ACTIONS[int(np.bincount(main[main > 0]).argmax())].name
    airborne = is_airborne(description)
    own_height = float(np.median(ops.standing_height(motion)))
    if height is None:
        height = own_height
    else:
        motion = ops.scale(motion, height / own_height)
    motion = ops.canonical(_grounded(motion, height, airborne))
    check_motion(path, motion, height, airborne)
    every = np.arange(first, bodies[0].track.n_frames, dtype=np.float64)
    feet = np.zeros((count, len(bodies), 2), dtype=np.bool_)
    for actor, body in enumerate(bodies):
        recorded = body.joints(every) * (unit * height / own_height)
        check_speed(path, recorded, take.fps)
        ankles = _upright(recorded[:, list(contacts.ANKLES)], up)
        standing = contacts.of_ankles(ankles, take.fps, height)
        feet[:, actor] = standing[nearest - first]
    if take.present is not None:
        around = (np.floor(frames + 1e-6), np.ceil(frames - 1e-6))
        before, after = (take.present[each.astype(np.intp)] for each in around)
        motion = _without_absent(motion, before & after)
    return Clip(
        motion,
        clip_id=take.name,
        texts=tuple(take.texts),
        source=source,
        licence=take.licence or licence,
        recording_id=take.recording or take.name,
        subject=take.subject,
        parent_id=take.parent,
        split=take.split,
        meta={
            **take.meta,
            "action": name,
            "height": round(own_height, 4),
            "up": up,
            "unit": unit_name,
            "setup_frames": first,
            contacts.KEY: contacts.to_meta(feet & motion.present[..., None]),
            "temporal": {
                "original_fps": take.fps,
                "original_duration_sec": round(native_frames / take.fps, 6),
                "original_num_frames": native_frames,
            },
        },
    )


class _Body:
    """The joints of the schema in one track, in the file's own axes and unit."""

    def __init__(self, path: Path, track: Track, joint_map: JointMap) -> None:
        self.path = path
        self.track = track
        self._wanted = [joint_map.roles[role] for role in (*_LIMBS, "neck", "head")]
        self._spine = list(joint_map.spine)
        self._chest_named = "chest" in joint_map.roles
        centre = joint_map.roles.get("head_center")
        self._centre = [] if centre is None else [centre]
        n = min(track.n_frames, 16)
        self.sample: Array = np.rint(np.linspace(0, track.n_frames - 1, n, dtype=np.float64))
        found = self._locate(self.sample)
        self.height = self._standing_height(found)

    def _locate(self, frames: Array) -> Array:
        """Return limb joints, neck, head, head centre, spine joints, head tip ``[N, n, 3]``.

        The head centre is there only if a joint is named so.
        """
        joints = [*self._wanted, *self._centre, *self._spine]
        return self.track.locate(frames, joints, [self._wanted[-1]])

    def _standing_height(self, found: Array) -> float:
        """Return the height the bones add up to, from poses as `_locate` returns them."""
        limb = {name: found[:, i] for i, name in enumerate(_LIMBS)}
        neck, head = found[:, len(_LIMBS)], found[:, len(_LIMBS) + 1]
        legs = np.mean(
            [
                np.median(_length(limb[f"{side}_{a}"] - limb[f"{side}_{b}"]))
                for side in "lr"
                for a, b in (("hip", "knee"), ("knee", "ankle"))
            ]
        )
        pelvis = 0.5 * (limb["l_hip"] + limb["r_hip"])
        torso = _length(pelvis - neck).max()
        top = found[:, len(_LIMBS) + 2] if self._centre else head
        chain = float(2 * legs + torso + np.median(_length(top - neck)))
        if not (np.isfinite(chain) and chain > 0):
            raise SourceError(self.path, "has a skeleton without size")
        return chain / (_CHAIN if self._centre else _CHAIN - HALF_HEAD)

    def joints(self, frames: Array) -> Array:
        """Return the 16 joints ``[N, 16, 3]`` at (fractional) *frames*."""
        found = self._locate(frames)
        n = len(_LIMBS)
        out = np.empty((len(frames), schema.N_JOINTS, 3))
        out[:, [J[name] for name in _LIMBS]] = found[:, :n]
        pelvis = out[:, J["pelvis_center"]] = 0.5 * (out[:, J["l_hip"]] + out[:, J["r_hip"]])
        neck = out[:, J["neck"]] = found[:, n]
        head, tip = found[:, n + 1], found[:, -1]
        above = tip - head
        centre = (
            found[:, n + 2]
            if self._centre
            else head
            + above * (HALF_HEAD * self.height / np.maximum(_length(above), 1e-9))[:, None]
        )
        nod = centre - neck
        distance = _length(nod)
        out[:, J["head_center"]] = (
            neck + nod * (np.median(distance) / np.maximum(distance, 1e-9))[:, None]
        )
        spine = found[:, n + 2 + len(self._centre) : -1]
        chest = spine[:, 0] if self._chest_named else _along(pelvis, spine, neck)
        back = np.cross(out[:, J["r_hip"]] - out[:, J["l_hip"]], neck - pelvis)
        out[:, J["chest"]] = _two_bones(pelvis, chest, neck, back)
        return out


def _length(vectors: Array) -> Array:
    out: Array = np.linalg.norm(vectors, axis=-1)
    return out


def _along(pelvis: Array, spine: Array, neck: Array) -> Array:
    """Return the material point at `CHEST_SHARE` of the way up the spine ``[N, 3]``."""
    line = np.concatenate([pelvis[:, None], spine, neck[:, None]], axis=1)
    lengths = np.median(_length(np.diff(line, axis=1)), axis=0)
    ends = np.cumsum(lengths)
    k = int(np.searchsorted(ends, CHEST_SHARE * ends[-1]).clip(0, len(lengths) - 1))
    share = (CHEST_SHARE * ends[-1] - (ends[k] - lengths[k])) / max(lengths[k], 1e-9)
    point: Array = line[:, k] + share * (line[:, k + 1] - line[:, k])
    return point


def _two_bones(low: Array, bend: Array, high: Array, back: Array) -> Array:
    """Return the point nearest to *bend* at constant distances from *low* and *high* ``[N, 3]``.

    The distances are the medians of the given ones, lengthened together where *low* and *high* are
    ever further apart. *back* says which way to bend where the three are in one line.
    """
    chord = high - low
    span = np.maximum(_length(chord), 1e-9)
    first = float(np.median(_length(bend - low)))
    second = float(np.median(_length(high - bend)))
    stretch = max(1.0, 1.0005 * float(span.max()) / max(first + second, 1e-9))
    first, second = first * stretch, second * stretch
    axis = chord / span[:, None]
    side = bend - low
    side = side - axis * np.einsum("ni,ni->n", side, axis)[:, None]
    side = side + back * (0.01 * span / np.maximum(_length(back), 1e-9))[:, None]
    side = side / np.maximum(_length(side), 1e-9)[:, None]
    along = (first**2 - second**2 + span**2) / (2.0 * span)
    out = np.sqrt(np.maximum(first**2 - along**2, 0.0))
    point: Array = low + axis * along[:, None] + side * out[:, None]
    return point


def _upright(points: Array, up: str) -> Array:
    """Return *points* ``[..., 3]`` with y up, turned about x if z was."""
    if up == "z":
        return np.stack([points[..., 0], points[..., 2], -points[..., 1]], axis=-1)
    return points


def _up_axis(body: _Body) -> str:
    """Return the axis along which the body mostly stands: y, unless it clearly is z."""
    joints = body.joints(body.sample)
    feet = 0.5 * (joints[:, J["l_ankle"]] + joints[:, J["r_ankle"]])
    stance = joints[:, J["neck"]] - feet
    stance = stance / np.maximum(_length(stance), 1e-9)[:, None]
    upright = (stance > 0.7).mean(axis=0)
    floor = np.abs(joints.min(axis=1)) < 0.15 * body.height
    on_floor = floor.mean(axis=0) > 0.7
    lies = on_floor[1] and not on_floor[2]
    return "z" if upright[2] > 0.6 and upright[1] < 0.25 and not lies else "y"


def _unit(body: _Body) -> tuple[float, str]:
    """Return metres in a unit and its name: the unit in which the skeleton is as tall as a person.

    The units are so far apart that at most one fits; if none does, the skeleton is 1.70 m tall.
    """
    low, high = PLAUSIBLE_HEIGHT
    for name, metres in UNITS.items():
        if low <= body.height * metres <= high:
            return metres, name
    return schema.HEIGHT / body.height, f"unknown, scaled to {schema.HEIGHT:.2f} m"


def _setup_frames(body: _Body, unit: float, fps: float) -> int:
    """Return how many frames at the start belong to an inserted T-pose.

    The pose must be one (straight arms out to both sides, straight legs) and several joints must
    leave it by a jump that dwarfs the steps a quarter of a second later. Files that were smoothed
    after the pose was inserted glide out of it: that glide goes too, as long as its steps are
    larger than those later ones, for at most 0.08 s.
    """
    window = int(np.ceil(0.25 * fps)) + 8
    if body.track.n_frames < window:
        return 0
    joints = body.joints(np.arange(window, dtype=np.float64)) * unit
    step = np.percentile(_length(np.diff(joints, axis=0)), 85, axis=1)
    usual = float(np.median(step[-8:]))
    held = 0
    while held < window // 2 and _is_t_pose(joints[held]):
        held += 1
    if held == 0 or step[held - 1] < max(0.03, 3.0 * usual):
        return 0
    first = held
    while first < held + 0.08 * fps and step[first] > 1.5 * usual + 0.003:
        first += 1
    return first if first == held else first + 1


def _is_t_pose(pose: Array) -> bool:
    """Return whether *pose* ``[16, 3]`` has straight arms out to both sides and straight legs."""

    def limb(side: str, parts: tuple[str, str, str]) -> tuple[Array, float]:
        a, b, c = (pose[J[f"{side}_{part}"]] for part in parts)
        whole = c - a
        path = float(_length(b - a) + _length(c - b))
        return whole, float(_length(whole)) / max(path, 1e-9)

    arms = [limb(side, ("shoulder", "elbow", "wrist")) for side in "lr"]
    legs = [limb(side, ("hip", "knee", "ankle")) for side in "lr"]
    if min(straight for _, straight in (*arms, *legs)) < 0.95:
        return False
    (left, _), (right, _) = arms
    span = float(np.linalg.norm(left) * np.linalg.norm(right))
    return float(left @ right) < -0.8 * span


def _without_absent(motion: Motion, present: NDArray[np.bool_]) -> Motion:
    """Return *motion* with zeros where a body is not *present* ``[T, A]``."""
    joints = np.where(present[..., None, None], motion.joints, 0.0)
    return Motion.from_joints(
        joints,
        fps=motion.fps,
        present=present,
        actions=motion.actions,
        overlay=motion.overlay,
        face=motion.face,
    )


def _grounded(motion: Motion, height: float, airborne: bool) -> Motion:
    """Return *motion* with flat-standing ankles at their height above y = 0.

    What is nearly on the ground is put on it, and so is what is below it, where nobody can be. A
    body that stays in the air is left there: the ground gate judges it.
    """
    moved = ops.on_ground(motion)
    shift = float(moved.frames[0, 0, 1] - motion.frames[0, 0, 1])
    if shift < -_GROUND_REACH * height or (airborne and shift < 0):
        return motion
    return moved
