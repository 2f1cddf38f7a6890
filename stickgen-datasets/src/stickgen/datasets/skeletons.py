"""Which joint of a skeleton is which: from the names of its joints to the joints of the schema.

Limbs are found by the words their joints are called by, independently for legs and arms, with the
side written as left/right or l/r before or behind: CMU (``LeftHip``, ``LeftUpLeg``, ``lThigh``),
Bandai Namco (``UpperLeg_L``), Mixamo and Rokoko (``mixamorig:LeftUpLeg``), 100STYLE, SMPL
(``L_Hip``), Unity, Unreal (``thigh_l``), 3ds Max biped (``Bip01 L Thigh``), Blender (``thigh.L``).
Namespaces, separators, capitals and a prefix common to all joints do not count. A file in TOML or
JSON names the joints of any other skeleton (`read_joint_map`).
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from stickgen.core.errors import SourceError
from stickgen.datasets.tracks import Track

_LEGS: Final = (
    ("upleg", "leg", "foot"),
    ("upperleg", "lowerleg", "foot"),
    ("thigh", "shin", "foot"),
    ("thigh", "calf", "foot"),
    ("hip", "knee", "ankle"),
    ("hip", "knee", "foot"),
    ("femur", "tibia", "foot"),
)
_ARMS: Final = (
    ("upperarm", "lowerarm", "hand"),
    ("upperarm", "forearm", "hand"),
    ("arm", "forearm", "hand"),
    ("shldr", "forearm", "hand"),
    ("shoulder", "elbow", "wrist"),
    ("shoulder", "elbow", "hand"),
    ("humerus", "radius", "wrist"),
    ("upperarm", "lowerarm", "wrist"),
)
_SIDES: Final = (("left{}", "right{}"), ("{}left", "{}right"), ("l{}", "r{}"), ("{}l", "{}r"))
_NECKS: Final = ("neck", "neck1", "neck01", "neck2", "neck02", "lowerneck", "upperneck")
_HEADS: Final = ("head", "head1", "head01")
_RIG_PREFIX: Final = re.compile(r"^(?:def|mixamorig\d*|bip0*1|valvebipedbip0*1|ccbase|jbip[clr])")
_LEG_ROLES: Final = ("hip", "knee", "ankle")
_ARM_ROLES: Final = ("shoulder", "elbow", "wrist")

ROLES: Final[tuple[str, ...]] = (
    "neck",
    "head",
    *(f"{side}_{part}" for side in "lr" for part in (*_LEG_ROLES, *_ARM_ROLES)),
)
"""The joints a skeleton must have."""

OPTIONAL_ROLES: Final[tuple[str, ...]] = ("chest", "head_center")
"""The joints a joint map may name as well: the head's centre where "head" is not its base."""


@dataclass(frozen=True, slots=True)
class JointMap:
    """Indices of the joints that play each of the `ROLES`.

    ``spine`` holds the joints strictly between the hips and the neck, from below; the one that
    becomes the chest is chosen among them by how it moves.
    """

    roles: Mapping[str, int]
    spine: tuple[int, ...]


def map_joints(path: Path, track: Track, override: Mapping[str, str] | None = None) -> JointMap:
    """Return which joints of *track* play the `ROLES`.

    Args:
        path: the file, for the error.
        track: the body; one of its poses decides between several neck joints.
        override: role to joint name, as `read_joint_map` returns it.

    Raises:
        SourceError: a role stays without a joint; names the roles and the way out.
    """
    names = list(track.names)
    roles: dict[str, int] = {}
    for role, name in (override or {}).items():
        if name not in names:
            raise SourceError(
                path, f"the joint map says {role} = {name!r}, the file has no such joint"
            )
        roles[role] = names.index(name)
    for spelling in _spellings(names):
        for role, joint in _by_name(spelling, track).items():
            roles.setdefault(role, joint)
        if all(role in roles for role in ROLES):
            break
    missing = [role for role in ROLES if role not in roles]
    if missing:
        raise SourceError(
            path,
            f"no joint is recognised as {', '.join(missing)}",
            place=f"skeleton {', '.join(names[:6])}{', ...' if len(names) > 6 else ''}",
            hint="name the joints in a file and pass it with --joint-map",
        )
    taken = [roles[role] for role in ROLES]
    if len(set(taken)) < len(taken):
        twice = next(names[joint] for joint in taken if taken.count(joint) > 1)
        raise SourceError(
            path, f"the joint {twice!r} plays two roles", hint="correct the joint map"
        )
    if "chest" in roles:
        return JointMap(roles, (roles["chest"],))
    return JointMap(roles, _spine(track.parents, roles))


def _spellings(names: Sequence[str]) -> list[dict[str, int]]:
    """Return the joints by simplified name: as they are, and without what they begin with.

    That is what all names begin with, or what the tools of rigs put before theirs.
    """
    plain = [re.sub(r"[^a-z0-9]", "", name.rsplit(":", 1)[-1].lower()) for name in names]
    first, last = min(plain), max(plain)
    same = (a == b for a, b in zip(first, last, strict=False))
    prefix = next((i for i, equal in enumerate(same) if not equal), min(len(first), len(last)))
    short = [name[prefix:] for name in plain]
    bare = [_RIG_PREFIX.sub("", name) for name in plain]
    out = []
    for spelling in (plain, short, bare):
        table: dict[str, int] = {}
        for i, name in enumerate(spelling):
            table.setdefault(name, i)
        out.append(table)
    return out


def _by_name(table: Mapping[str, int], track: Track) -> dict[str, int]:
    found: dict[str, int] = {}
    for parts, words in ((_LEG_ROLES, _LEGS), (_ARM_ROLES, _ARMS)):
        found |= _limbs(table, parts, words)
    for head in _HEADS:
        if head in table:
            found["head"] = table[head]
            break
    necks = [table[name] for name in _NECKS if name in table]
    if necks and "l_shoulder" in found:
        found["neck"] = _nearest(track, necks, (found["l_shoulder"], found["r_shoulder"]))
    elif necks:
        found["neck"] = necks[0]
    return found


def _limbs(
    table: Mapping[str, int], parts: tuple[str, ...], words: tuple[tuple[str, ...], ...]
) -> dict[str, int]:
    """Return both sides of the first naming under which all joints of both limbs are there."""
    for triple in words:
        for sides in _SIDES:
            names = {
                f"{side}_{part}": form.format(word)
                for side, form in zip("lr", sides, strict=True)
                for part, word in zip(parts, triple, strict=True)
            }
            if all(name in table for name in names.values()):
                return {role: table[name] for role, name in names.items()}
    return {}


def _nearest(track: Track, joints: Sequence[int], pair: tuple[int, int]) -> int:
    """Return the one of *joints* that is nearest to the middle of a *pair* of joints."""
    pose = track.locate(np.array([track.n_frames // 2], dtype=np.float64), [*pair, *joints])[0]
    distance = np.linalg.norm(pose[2:] - pose[:2].mean(axis=0), axis=-1)
    return joints[int(distance.argmin())]


def _spine(parents: Sequence[int], roles: Mapping[str, int]) -> tuple[int, ...]:
    """Return the joints above the hips' common ancestor and below the neck, from below."""
    above_hips: set[int] = set(_line_up(parents, roles["l_hip"])) & set(
        _line_up(parents, roles["r_hip"])
    )
    chain = [joint for joint in _line_up(parents, roles["neck"]) if joint not in above_hips]
    return tuple(reversed(chain))


def _line_up(parents: Sequence[int], joint: int) -> list[int]:
    """Return the ancestors of *joint*, nearest first."""
    line = []
    while (joint := parents[joint]) >= 0:
        line.append(joint)
    return line


def read_joint_map(path: Path) -> dict[str, str]:
    """Return the joint map in a TOML or JSON file: role to the name of a joint.

    Roles left out are found by name. Example (TOML)::

        neck = "C7"
        l_hip = "Leg_L_1"

    Raises:
        SourceError: the file cannot be read or names an unknown role.
    """
    try:
        text = path.read_text(encoding="utf-8")
        data = json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
    except OSError as error:
        raise SourceError(path, f"cannot be read ({error.strerror or error})") from None
    except ValueError as error:
        raise SourceError(path, f"is not a joint map in TOML or JSON ({error})") from None
    if not isinstance(data, dict):
        raise SourceError(path, "must hold one table of role = joint name")
    allowed = (*ROLES, *OPTIONAL_ROLES)
    for role, name in data.items():
        if role not in allowed:
            raise SourceError(
                path,
                "is not a role",
                place=f"key {role!r}",
                hint=f"the roles are {', '.join(allowed)}",
            )
        if not isinstance(name, str):
            raise SourceError(path, "must be the name of a joint", place=f"key {role!r}")
    return dict(data)
