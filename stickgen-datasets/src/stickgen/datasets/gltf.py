"""Characters with a skeleton and named animations in glTF: one clip an animation.

What is done to them, and said in the meta:
    - Bones keep their length: only what carries the whole body (the pelvis and what is above it in
      the tree) keeps the translations it is given; elsewhere, where a rig stretches a shoulder or
      a hip, the middle place is taken (``stretch``, metres).
    - An animation that is shorter than a clip must be is repeated when it is a cycle that goes on
      moving where it ends (``cycles``); else its end is held, as a player holds it (``held``,
      seconds).
    - A gait without way is one on the spot, as games use it: ``in_place``. It stays as it is.
    - Where a rig has no neck, the neck is where the head begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core import schema
from stickgen.core.errors import SourceError
from stickgen.datasets.animation_names import sentence_about
from stickgen.datasets.canonical import Take
from stickgen.datasets.gates import MIN_FRAMES
from stickgen.datasets.gltf_file import Animation, GltfFile, Node, quaternions_of, read_gltf
from stickgen.datasets.skeletons import JointMap, map_joints
from stickgen.datasets.source import SourceConverter, clip_name
from stickgen.datasets.tracks import Array, SkeletonTrack, multiply, rotate
from stickgen.datasets.words import action_of

_RATES: Final = (24.0, 25.0, 30.0, 48.0, 50.0, 60.0, 100.0, 120.0)
_MIN_SECONDS: Final = (MIN_FRAMES - 1) / schema.FPS
_MAX_SECONDS: Final = 3600.0
_UNEVEN: Final = 0.02
"""Scales along x, y and z that differ by less than this share are one scale."""
_GAITS: Final = frozenset({"walk", "run", "sprint", "jog", "crawling", "sneak", "march", "flying"})
_STRIKES: Final = frozenset({"punch", "kick", "kicking"})
_ENDLESS: Final = frozenset({"idle", "loop", "cycle"})
_CLOSED: Final = 0.005
"""Joints that are this share of the height from where they began are there again."""
_ON_THE_SPOT: Final = 0.2
"""A gait slower than this, in heights a second, is one on the spot."""
_NECK_TO_HEAD: Final = 0.0879
"""From the neck to the skull's base, where a rig has no neck, in (leg + torso): on a figure of the
schema's proportions the head's centre then is .128 of the height above the neck."""

_OTHER_NAMES: Final[tuple[Mapping[str, str], ...]] = (
    {"neck": "spine004", "head": "spine006"},  # Rigify
    {"l_wrist": "wristl", "r_wrist": "wristr"},  # KayKit: the hand is the grip
    {"neck": "neck01", "head": "head"},  # Unreal, Mesh2Motion
)
"""Joints, by simplified name, of rigs that call them in a way of their own."""


class GltfConverter(SourceConverter):
    """Any folder of glTF files with skinned, animated people."""

    name: ClassVar[str] = "gltf"
    licence: ClassVar[str] = "unknown"
    download: ClassVar[str] = (
        "anywhere: this converter reads the characters you have, e.g. https://kaylousberg.com (CC0)"
    )
    citation: ClassVar[str] = "none: the files' own"
    layout: ClassVar[str] = "*.glb and *.gltf (with their buffers beside them) at any depth"
    suffixes: ClassVar[tuple[str, ...]] = (".glb", ".gltf")
    unit: ClassVar[float | None] = None
    fps_rule: ClassVar[str] = "the spacing of the key times, else 100"
    text_rule: ClassVar[str] = "the animation's name"

    def takes(self, path: Path, root: Path) -> Iterator[Take]:
        """Yield one performance an animation."""
        content = read_gltf(path)
        if not content.animations:
            raise SourceError(path, "holds no animation")
        used: set[str] = set()
        for animation in content.animations:
            slug = re.sub(r"[^\w.-]+", "_", animation.name).strip("_") or "animation"
            while slug in used:
                slug += "_"
            used.add(slug)
            yield self._take(path, content, animation, f"{clip_name(path, root)}/{slug}")

    def _take(self, path: Path, content: GltfFile, animation: Animation, name: str) -> Take:
        where = f"animation {animation.name!r}"
        if not animation.channels:
            raise SourceError(path, "moves nothing", place=where)
        body = _Body(path, content, animation, where)
        fps = self.fps_given or frame_rate(animation.times)
        first, last = float(animation.times[0]), float(animation.times[-1])
        if last - first > _MAX_SECONDS:
            raise SourceError(path, f"lasts {last - first:g} s", place=where)
        count = int(np.floor((last - first) * fps + 1e-3)) + 1
        seconds: Array = first + np.arange(count, dtype=np.float64) / fps
        track, roles, stretch = body.track(seconds, self.joint_map)
        texts = sentence_about(animation.name)
        cycles, held = 1, 0.0
        wanted = int(np.ceil(_MIN_SECONDS * fps - 1e-6))
        if count <= wanted and _is_cycle(animation.name, texts):
            track, cycles = _repeated(track, roles, wanted)
        if track.n_frames <= wanted:
            track, held = _held(track, wanted + 1, fps)
        meta = {
            "animation": animation.name,
            "in_place": _in_place(track, roles, fps, texts),
            "cycles": cycles,
            "held": round(held, 4),
            "still": count == 1,
            "stretch": round(stretch * (self.metres or 1.0), 4),
            "text_from": "animation name",
        }
        return Take(
            tracks=[track],
            fps=fps,
            name=name,
            texts=[texts] if texts else [],
            up=self.up_axis,
            unit=self.metres,
            joint_map={role: track.names[joint] for role, joint in roles.items()},
            meta=meta,
        )


def frame_rate(times: Array) -> float:
    """Return the usual rate on whose frames all key *times* stand, 100 if there is none."""
    since = times - times[0]
    for fps in _RATES:
        frames = since * fps
        if np.abs(frames - np.rint(frames)).max() < 0.02 and (
            len(times) < 3 or np.diff(times).min() * fps < 1.5
        ):
            return fps
    return 100.0


@dataclass(frozen=True, eq=False)
class _Body:
    """The skeleton one animation moves."""

    path: Path
    content: GltfFile
    animation: Animation
    where: str

    def track(
        self, seconds: Array, override: Mapping[str, str]
    ) -> tuple[SkeletonTrack, Mapping[str, int], float]:
        """Return the body at *seconds*, who is who, and by how much it stretches."""
        nodes = self.content.nodes
        joints = self._joints()
        place = {node: i for i, node in enumerate(joints)}
        parents = [place.get(nodes[node].parent, -1) for node in joints]
        names = _distinct([nodes[node].name for node in joints])
        n = len(seconds)
        turns = np.repeat(np.array([nodes[node].rotation for node in joints])[None], n, axis=0)
        steps = np.repeat(np.array([nodes[node].translation for node in joints])[None], n, axis=0)
        sizes = np.repeat(np.array([nodes[node].scale for node in joints])[None], n, axis=0)
        kinds = {"rotation": turns, "translation": steps, "scale": sizes}
        for channel in self.animation.channels:
            if channel.node in place:
                kinds[channel.path][:, place[channel.node]] = channel.at(seconds)
        rest = self._rest(joints, parents)
        scales = self._scales(sizes, parents, names)
        rotations = np.empty_like(turns)
        offsets = np.empty_like(steps)
        for i, parent in enumerate(parents):
            frame = rest[parent] if parent >= 0 else np.array([1.0, 0.0, 0.0, 0.0])
            back = rest[i] * np.array([1.0, -1.0, -1.0, -1.0])
            rotations[:, i] = multiply(multiply(frame, turns[:, i]), back)
            size = scales[:, parent, None] if parent >= 0 else 1.0
            offsets[:, i] = rotate(np.broadcast_to(frame, (n, 4)), steps[:, i] * size)
        track = SkeletonTrack(
            names=names,
            parents=parents,
            offsets=np.median(offsets, axis=0),
            rotations=rotations,
            moving=range(len(joints)),
            translations=offsets,
        )
        track, roles = self._mapped(track, override)
        return _rigid(track, roles)

    def _joints(self) -> list[int]:
        """Return the nodes of the skeleton that is moved, and what is above it, parents first."""
        nodes = self.content.nodes
        groups: list[set[int]] = []
        for skin in self.content.skins:
            joints = set(skin.joints)
            apart = []
            for group in groups:
                if group & joints:
                    joints |= group
                else:
                    apart.append(group)
            groups = [*apart, joints]
        moved = {channel.node for channel in self.animation.channels}
        groups = [group for group in groups if group & moved] or [set(range(len(nodes)))]
        chosen = max(groups, key=lambda group: len(group & moved))
        kept: set[int] = set()
        for node in chosen:
            while node >= 0 and node not in kept:
                kept.add(node)
                node = nodes[node].parent
        return _parents_first(nodes, kept)

    def _rest(self, joints: Sequence[int], parents: Sequence[int]) -> Array:
        """Return how each joint is turned where the mesh hangs on it, else where it rests."""
        nodes = self.content.nodes
        rest = np.empty((len(joints), 4))
        for i, node in enumerate(joints):
            own = nodes[node].rotation
            rest[i] = multiply(rest[parents[i]], own) if parents[i] >= 0 else own
        place = {node: i for i, node in enumerate(joints)}
        for skin in self.content.skins:
            if skin.bind is not None and set(skin.joints) <= set(joints):
                lengths = np.linalg.norm(skin.bind, axis=2, keepdims=True)
                # the inverse, as stored by columns: its transpose is the turn of the joint
                found = quaternions_of(skin.bind / np.maximum(lengths, 1e-12))
                for joint, turn in zip(skin.joints, found, strict=True):
                    rest[place[joint]] = turn
        return rest

    def _scales(self, sizes: Array, parents: Sequence[int], names: Sequence[str]) -> Array:
        """Return the scale of the world at each joint ``[T, J]``."""
        out = np.empty(sizes.shape[:2])
        carries = set(parents)
        for i, parent in enumerate(parents):
            size = sizes[:, i]
            mean = size.mean(axis=1)
            uneven = np.abs(size - mean[:, None]).max() > _UNEVEN * np.abs(mean).max()
            if i in carries and (uneven or (mean <= 0).any()):
                shown = ", ".join(f"{x:g}" for x in size[0])
                raise SourceError(
                    self.path,
                    f"the node {names[i]!r} is scaled unevenly or mirrored ({shown})",
                    place=self.where,
                    hint="apply the scale in the program it was made with",
                )
            out[:, i] = mean * (out[:, parent] if parent >= 0 else 1.0)
        return out

    def _mapped(
        self, track: SkeletonTrack, override: Mapping[str, str]
    ) -> tuple[SkeletonTrack, Mapping[str, int]]:
        """Return *track*, with a neck if it had none, and which joint plays which role."""
        known = dict(override)
        simple = {_simple(name): name for name in reversed(track.names)}
        for table in _OTHER_NAMES:
            if all(name in simple for name in table.values()) and not (
                "head" in table and table["head"] != "head" and "head" in simple
            ):
                for role, name in table.items():
                    known.setdefault(role, simple[name])
        necks = [name for name in simple if name.startswith("neck")]
        if not necks and "neck" not in known and "head" in simple:
            head = track.names.index(simple["head"])
            track = _with_neck(track, head)
            known |= {"neck": track.names[head], "head": track.names[-1]}
        mapped: JointMap = map_joints(self.path, track, known)
        if "neck" in known and known["neck"] in track.names and track.names[-1] == _SKULL:
            track = _skull_placed(track, mapped.roles)
        return track, mapped.roles


_SKULL: Final = "(base of the skull)"


def _with_neck(track: SkeletonTrack, head: int) -> SkeletonTrack:
    """Return *track* with the base of the skull as one more joint, which goes with *head*."""
    n = track.n_frames
    assert track.translations is not None
    still = np.zeros((n, 1, 4))
    still[..., 0] = 1.0
    return replace(
        track,
        names=[*track.names, _SKULL],
        parents=[*track.parents, head],
        offsets=np.concatenate([track.offsets, track.offsets[head][None]]),
        rotations=np.concatenate([track.rotations, still], axis=1),
        moving=range(len(track.names) + 1),
        translations=np.concatenate([track.translations, track.translations[:, [head]]], axis=1),
    )


def _skull_placed(track: SkeletonTrack, roles: Mapping[str, int]) -> SkeletonTrack:
    """Return *track* with the base of the skull above the neck, by the body's own measures."""
    pose = track.locate(np.zeros(1), [roles[role] for role in _MEASURED])[0]
    at = dict(zip(_MEASURED, pose, strict=True))
    legs = [
        np.linalg.norm(at[f"{side}_{a}"] - at[f"{side}_{b}"])
        for side in "lr"
        for a, b in (("hip", "knee"), ("knee", "ankle"))
    ]
    torso = np.linalg.norm(0.5 * (at["l_hip"] + at["r_hip"]) - at["neck"])
    length = _NECK_TO_HEAD * (0.5 * sum(legs) + torso)
    offsets = track.offsets.copy()
    up = offsets[roles["neck"]]
    offsets[-1] = up * (length / max(float(np.linalg.norm(up)), 1e-9))
    assert track.translations is not None
    translations = track.translations.copy()
    translations[:, -1] = offsets[-1]
    return replace(track, offsets=offsets, translations=translations)


_MEASURED: Final = ("neck", "l_hip", "l_knee", "l_ankle", "r_hip", "r_knee", "r_ankle")


def _rigid(
    track: SkeletonTrack, roles: Mapping[str, int]
) -> tuple[SkeletonTrack, Mapping[str, int], float]:
    """Return *track* with bones of one length, and by how much one differed at most."""
    above = set(_line_up(track.parents, roles["l_hip"])) & set(
        _line_up(track.parents, roles["r_hip"])
    )
    assert track.translations is not None
    carriers = sorted(above)
    wanted: set[int] = set()
    for joint in roles.values():
        wanted |= {joint, *_line_up(track.parents, joint)}
    spread = np.abs(track.translations - track.offsets)
    limbs = sorted(wanted - above)
    stretch = float(np.linalg.norm(spread[:, limbs], axis=-1).max()) if limbs else 0.0
    kept = replace(track, moving=carriers, translations=track.translations[:, carriers])
    return kept, roles, stretch


def _line_up(parents: Sequence[int], joint: int) -> list[int]:
    line = []
    while (joint := parents[joint]) >= 0:
        line.append(joint)
    return line


def _parents_first(nodes: Sequence[Node], kept: set[int]) -> list[int]:
    """Return the nodes *kept* in an order in which none comes before its parent."""
    depth: dict[int, int] = {}

    def depth_of(node: int) -> int:
        line = []
        while node >= 0 and node not in depth:
            line.append(node)
            node = nodes[node].parent
        level = depth.get(node, -1)
        for each in reversed(line):
            level += 1
            depth[each] = level
        return level

    for node in kept:
        depth_of(node)
    return sorted(kept, key=lambda node: (depth[node], node))


def _distinct(names: Sequence[str]) -> list[str]:
    """Return *names*, those that are there already with a number."""
    out: list[str] = []
    for name in names:
        own, number = name, 2
        while own in out:
            own, number = f"{name} ({number})", number + 1
        out.append(own)
    return out


def _simple(name: str) -> str:
    plain = re.sub(r"[^a-z0-9]", "", name.rsplit(":", 1)[-1].lower())
    return plain.removeprefix("def")


def _is_cycle(name: str, text: str) -> bool:
    """Return whether an animation of this *name* is made to be played again and again."""
    words = set(re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()))
    action = action_of(text)
    if action in _GAITS or words & _ENDLESS:
        return True
    return action not in _STRIKES and any(word.endswith("ing") for word in words)


def _repeated(
    track: SkeletonTrack, roles: Mapping[str, int], wanted: int
) -> tuple[SkeletonTrack, int]:
    """Return a cycle played until it has *wanted* steps, and how often; else the track as it is.

    A cycle ends where it begins, or one step before.
    """
    n = track.n_frames
    if n < 4:
        return track, 1
    joints = list(roles.values())
    pose = track.locate(np.array([0, 1, n - 2, n - 1], dtype=np.float64), joints)
    hips = [joints.index(roles["l_hip"]), joints.index(roles["r_hip"])]
    pelvis = pose[:, hips].mean(axis=1)
    height = float(np.linalg.norm(pose.max(axis=1) - pose.min(axis=1), axis=-1).max())
    first, second, before, last = pose - pelvis[:, None] * [1.0, 0.0, 1.0]
    gap, out, into = (
        float(np.linalg.norm(a - b, axis=-1).mean()) / max(height, 1e-9)
        for a, b in ((first, last), (first, second), (before, last))
    )
    closed = gap < max(_CLOSED, 0.3 * (out + into) / 2)
    if not closed and gap > 1.6 * (out + into) / 2:
        return track, 1
    steps = n - 1 if closed else n
    cycles = int(np.ceil(wanted / steps))
    way = (pelvis[3] - pelvis[0]) * [1.0, 0.0, 1.0] * (1.0 if closed else n / (n - 1.0))
    frames: NDArray[np.intp] = np.arange(cycles * steps + 1)
    index = frames % steps
    assert track.translations is not None
    translations = track.translations[index]
    top = [k for k, joint in enumerate(track.moving) if track.parents[joint] < 0]
    translations[:, top] += ((frames // steps)[:, None] * way)[:, None]
    return replace(track, rotations=track.rotations[index], translations=translations), cycles


def _held(track: SkeletonTrack, frames: int, fps: float) -> tuple[SkeletonTrack, float]:
    """Return *track* with its last frame held until there are *frames*, and for how long."""
    n = track.n_frames
    index = np.minimum(np.arange(frames), n - 1)
    assert track.translations is not None
    longer = replace(
        track, rotations=track.rotations[index], translations=track.translations[index]
    )
    return longer, (frames - n) / fps


def _in_place(track: SkeletonTrack, roles: Mapping[str, int], fps: float, text: str) -> bool:
    """Return whether *text* speaks of a gait and the body stays where it is."""
    if action_of(text) not in _GAITS:
        return False
    frames = np.arange(track.n_frames, dtype=np.float64)
    points = track.locate(frames, [roles["l_hip"], roles["r_hip"], roles["neck"], roles["l_ankle"]])
    height = float(np.linalg.norm(points[:, 2] - points[:, 3], axis=-1).max()) / 0.75
    pelvis = points[:, :2].mean(axis=1)[:, [0, 2]]
    way = float(np.linalg.norm(pelvis[-1] - pelvis[0]))
    return way < _ON_THE_SPOT * height * (track.n_frames - 1) / fps
