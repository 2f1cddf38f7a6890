"""A skeleton of turning bones, as animation programs want it, worked out from the 16 joints.

**Conventions**
    Metres, y up. At rest a figure stands in a T-pose at the origin and faces +z, its left at +x;
    every joint's own axes are the world's then. A rotation matrix turns from a joint's axes to
    its parent's. Joints are named as in the CMU and Mixamo skeletons, which retargeting tools know.

**What is exact**
    Bones of constant length keep every joint where it was. Where a joint's distance from its parent
    changes (mocap shoulders slide), the joint moves as well: `Rig.moving` says which do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stickgen.core.errors import DataError
from stickgen.core.kinematics import rotation_between, unit
from stickgen.core.schema import HEIGHT, J
from stickgen.core.types import Motion, Scene

Array = NDArray[np.float64]

TOLERANCE: Final = 1e-4
"""A joint that strays farther than this from its place on its parent's bone moves, in metres."""
_HALF_HEAD: Final = 0.065
"""From the skull's base to the middle of the head, as a fraction of the height (after Winter)."""


class Bone(NamedTuple):
    """A joint: its name, its parent's, the joint of the schema it lies on, None for the skull's
    base.
    """

    name: str
    parent: str | None
    joint: str | None


BONES: Final = (
    Bone("Hips", None, "pelvis_center"),
    Bone("Spine", "Hips", "pelvis_center"),
    Bone("Chest", "Spine", "chest"),
    Bone("Neck", "Chest", "neck"),
    Bone("Head", "Neck", None),
    Bone("HeadCenter", "Head", "head_center"),
    Bone("LeftShoulder", "Chest", "neck"),
    Bone("LeftArm", "LeftShoulder", "l_shoulder"),
    Bone("LeftForeArm", "LeftArm", "l_elbow"),
    Bone("LeftHand", "LeftForeArm", "l_wrist"),
    Bone("RightShoulder", "Chest", "neck"),
    Bone("RightArm", "RightShoulder", "r_shoulder"),
    Bone("RightForeArm", "RightArm", "r_elbow"),
    Bone("RightHand", "RightForeArm", "r_wrist"),
    Bone("LeftUpLeg", "Hips", "l_hip"),
    Bone("LeftLeg", "LeftUpLeg", "l_knee"),
    Bone("LeftFoot", "LeftLeg", "l_ankle"),
    Bone("RightUpLeg", "Hips", "r_hip"),
    Bone("RightLeg", "RightUpLeg", "r_knee"),
    Bone("RightFoot", "RightLeg", "r_ankle"),
)
INDEX: Final = {bone.name: i for i, bone in enumerate(BONES)}
PARENTS: Final = tuple(-1 if bone.parent is None else INDEX[bone.parent] for bone in BONES)

ENDS: Final = {
    "HeadCenter": (0.0, 0.112, 0.0),
    "LeftHand": (0.03, 0.0, 0.0),
    "RightHand": (-0.03, 0.0, 0.0),
    "LeftFoot": (0.0, -0.025, 0.080),
    "RightFoot": (0.0, -0.025, 0.080),
}
"""Where the last bones end, from their joint, as fractions of the height."""


@dataclass(frozen=True, eq=False)
class Rig:
    """One actor as a skeleton of N = 20 joints (`BONES`), over T frames.

    ``offsets`` ``[N, 3]`` is each joint at rest, seen from its parent (of the root: the height it
    stands at); ``rotations`` ``[T, N, 3, 3]`` are relative to the parent, ``translations``
    ``[T, N, 3]`` each joint seen from its parent, of the root in the world; ``moving`` are the
    joints (not the root) whose translation differs from their offset; ``present`` ``[T]``.
    While an actor is absent the skeleton holds the nearest pose it was seen in.
    """

    offsets: Array
    rotations: Array
    translations: Array
    moving: tuple[int, ...]
    height: float
    present: NDArray[np.bool_]

    def end(self, name: str) -> Array:
        """Return where the last bone *name* ends ``[3]``, from its joint at rest."""
        return self.height * np.array(ENDS[name])

    def rest(self) -> Array:
        """Return the world places ``[N, 3]`` of the joints at rest."""
        places = np.zeros((len(BONES), 3))
        for i, parent in enumerate(PARENTS):
            places[i] = self.offsets[i] + (places[parent] if parent >= 0 else 0.0)
        return places


def rigs(scene: Scene, what: str) -> list[tuple[int, Rig]]:
    """Return (index, rig) of every actor of *scene* that is ever there.

    Raises `DataError` for a motion without depth, whose bones have no lengths to turn, and for
    one in which nobody ever appears; *what* names the format.
    """
    motion = replace(scene.motion)  # checked anew: its arrays may have been changed since
    if motion.depth is None:
        raise DataError(
            f"{what} needs a motion with depth, and this one is flat; write it as .npz, .csv or"
            " .motion, or generate it anew"
        )
    seen = np.flatnonzero(motion.present.any(axis=0)).tolist()
    if not seen:
        raise DataError(f"{what} needs an actor, and nobody is on stage at any time")
    return [(actor, _rig(motion, actor)) for actor in seen]


def held(track: Array, valid: NDArray[np.bool_]) -> Array:
    """Return *track* ``[T, ...]`` whose invalid frames repeat the last valid one (or the first)."""
    good = np.flatnonzero(valid)
    if len(good) == 0:
        return track
    at = good[np.clip(np.searchsorted(good, np.arange(len(track)), "right") - 1, 0, None)]
    return np.asarray(track[at])


def _frame(across: Array, up: Array, fallback: Array | None) -> Array:
    """Return axes ``[T, 3, 3]`` (columns x, y, z) with y along *up* and x as near *across*.

    Where the two are parallel or of no length, the last good frame is turned to *up*.
    """
    y = unit(up)
    x = across - (across * y).sum(-1, keepdims=True) * y
    good = (np.linalg.norm(x, axis=-1) > 0.05 * np.linalg.norm(across, axis=-1) + 1e-6) & (
        np.linalg.norm(up, axis=-1) > 1e-6
    )
    x = unit(x)
    axes = np.stack([x, y, np.cross(x, y)], axis=-1)
    if good.all():
        return axes
    if not good.any():
        return np.tile(np.eye(3), (len(y), 1, 1)) if fallback is None else fallback
    kept = held(axes, good)
    turned = rotation_between(kept[..., 1], np.where(good[:, None], y, kept[..., 1])) @ kept
    return np.asarray(turned)


def _swung(parent: Array, rest: Array, direction: Array) -> Array:
    """Return *parent* axes ``[T, 3, 3]`` turned the shortest way so that *rest* points along
    *direction* ``[T, 3]``.
    """
    length = np.linalg.norm(direction, axis=-1, keepdims=True)
    before = parent @ rest
    after = np.where(length > 1e-6, direction, before)
    return np.asarray(rotation_between(before, after) @ parent)


def _rig(motion: Motion, actor: int) -> Rig:
    present = np.array(motion.present[:, actor])
    joints = held(motion.joints[:, actor].astype(np.float64), present)
    at = {name: joints[:, j] for name, j in J.items()}
    tall = _height(joints)
    nod = unit(at["head_center"] - at["neck"])
    base = (
        at["head_center"]
        - np.minimum(
            _HALF_HEAD * tall, 0.5 * np.linalg.norm(at["head_center"] - at["neck"], axis=-1)
        )[:, None]
        * nod
    )
    places = np.stack([base if b.joint is None else at[b.joint] for b in BONES], axis=1)

    hips = at["l_hip"] - at["r_hip"]
    shoulders = at["l_shoulder"] - at["r_shoulder"]
    lower, upper = at["chest"] - at["pelvis_center"], at["neck"] - at["chest"]
    # The pelvis turns with the hips' line, which must stay its x axis: y gives way to it.
    spine = _frame(hips, lower, None)
    x = unit(np.where(np.linalg.norm(hips, axis=-1, keepdims=True) > 1e-6, hips, spine[..., 0]))
    z = unit(np.cross(x, spine[..., 1]))
    z = np.where(np.linalg.norm(z, axis=-1, keepdims=True) > 0.5, z, spine[..., 2])
    pelvis = np.stack([x, np.cross(z, x), z], axis=-1)

    world: dict[str, Array] = {"Hips": pelvis, "Spine": spine}
    chest = world["Chest"] = _frame(shoulders, upper, spine)
    world["Neck"] = world["Head"] = world["HeadCenter"] = _swung(
        chest, np.array([0.0, 1.0, 0.0]), at["head_center"] - at["neck"]
    )
    rest: dict[str, Array] = {}
    for side, name, out in (("l", "Left", 1.0), ("r", "Right", -1.0)):
        slope = at[f"{side}_shoulder"] - at["neck"]
        usual = np.median(np.einsum("tji,tj->ti", chest, slope), axis=0)
        if not np.linalg.norm(usual) > 1e-6:
            usual = np.array([out, 0.0, 0.0])
        rest[f"{name}Arm"] = unit(usual)
        sideways, down = np.array([out, 0.0, 0.0]), np.array([0.0, -1.0, 0.0])
        elbow, wrist = at[f"{side}_elbow"], at[f"{side}_wrist"]
        knee, ankle = at[f"{side}_knee"], at[f"{side}_ankle"]
        collar = world[f"{name}Shoulder"] = _swung(chest, rest[f"{name}Arm"], slope)
        arm = world[f"{name}Arm"] = _swung(collar, sideways, elbow - at[f"{side}_shoulder"])
        forearm = world[f"{name}ForeArm"] = _swung(arm, sideways, wrist - elbow)
        world[f"{name}Hand"] = forearm
        thigh = world[f"{name}UpLeg"] = _swung(pelvis, down, knee - at[f"{side}_hip"])
        shin = world[f"{name}Leg"] = _swung(thigh, down, ankle - knee)
        world[f"{name}Foot"] = shin

    axes = np.stack([world[bone.name] for bone in BONES], axis=1)
    rotations, translations = axes.copy(), places.copy()
    offsets = np.zeros((len(BONES), 3))
    moving = []
    for i, parent in enumerate(PARENTS):
        if parent < 0:
            continue
        inverse = axes[:, parent].swapaxes(-1, -2)
        rotations[:, i] = inverse @ axes[:, i]
        translations[:, i] = np.einsum("tij,tj->ti", inverse, places[:, i] - places[:, parent])
        offsets[i] = np.median(translations[:, i], axis=0)
        if np.linalg.norm(translations[:, i] - offsets[i], axis=-1).max() > TOLERANCE:
            moving.append(i)
    leg = offsets[INDEX["LeftUpLeg"]] + offsets[INDEX["LeftLeg"]] + offsets[INDEX["LeftFoot"]]
    offsets[0] = (0.0, -leg[1] + 0.045 * tall, 0.0)
    return Rig(offsets, rotations, translations, tuple(moving), tall, present)


def _height(joints: Array) -> float:
    """Return the standing height that the bones of ``[T, 16, 3]`` add up to.

    Legs, torso and neck make 0.845 of it (see `stickgen.render.figure.heights`).
    """
    chains = (("l_hip", "l_knee", 0.5), ("l_knee", "l_ankle", 0.5), ("r_hip", "r_knee", 0.5),
              ("r_knee", "r_ankle", 0.5), ("pelvis_center", "chest", 1.0), ("chest", "neck", 1.0),
              ("neck", "head_center", 1.0))  # fmt: skip
    total = sum(
        weight * float(np.median(np.linalg.norm(joints[:, J[a]] - joints[:, J[b]], axis=-1)))
        for a, b, weight in chains
    )
    return total / 0.845 if total > 1e-3 else HEIGHT
