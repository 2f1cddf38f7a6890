"""GLB: skinned figures with their motion, for Blender, three.js, Unity, Unreal and slide shows.

Format: glTF 2.0 in one binary file, https://registry.khronos.org/glTF/specs/2.0/glTF-2.0.html.
Metres, y up. Every actor is a skeleton (`stickgen.render.rig`) with one skin of capsules in the
actor's colour, at rest in a T-pose; one animation moves them all. The record of how the motion was
made is in ``asset.extras``.
"""

from __future__ import annotations

import json
import struct
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core import __version__
from stickgen.core.kinematics import rotation_between
from stickgen.core.protocols import Progress
from stickgen.core.types import RenderOptions, Scene
from stickgen.render.drawing import open_style
from stickgen.render.figure import HAND, HEAD_RADIUS, LINE, TORSO
from stickgen.render.palettes import palette_colours
from stickgen.render.rig import BONES, INDEX, PARENTS, Rig, rigs
from stickgen.render.shot import at_rate
from stickgen.render.styles.normal import PALETTE, actor_colour

Array = NDArray[np.float64]

_FLOAT, _SHORT, _BYTE = 5126, 5123, 5121
_SIDES: Final = 12
"""Corners of a capsule's cross-section."""
_RINGS: Final = 3
"""Rings of each of its rounded ends."""


class GlbExporter:
    """A scene of moving skeletons in three dimensions."""

    api_version: ClassVar[int] = 1
    media_type: ClassVar[str] = "model/gltf-binary"

    def write(
        self, scene: Scene, path: Path, options: RenderOptions, progress: Progress | None = None
    ) -> None:
        """Write the actors of *scene* to *path*; raises `DataError` for a motion without depth."""
        scene = at_rate(scene, options.fps)
        cast = rigs(scene, "glb")
        palette = palette_colours(options.palette)
        palette = palette or getattr(open_style(options.style), "palette", PALETTE)
        file = _File()
        times = np.arange(scene.motion.n_frames) / scene.motion.fps
        time = file.accessor(times, "SCALAR", bounds=True)
        for actor, rig in cast:
            look = scene.looks[actor]
            name = look.name or f"actor {actor + 1}"
            _add_actor(file, rig, name, actor_colour(look, actor, palette), time, times)
        path.write_bytes(file.packed(dict(scene.meta)))
        if progress is not None:
            progress(1, 1)


class _File:
    """A glTF document under construction and its binary chunk."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.views: list[dict[str, Any]] = []
        self.accessors: list[dict[str, Any]] = []
        self.nodes: list[dict[str, Any]] = []
        self.meshes: list[dict[str, Any]] = []
        self.materials: list[dict[str, Any]] = []
        self.skins: list[dict[str, Any]] = []
        self.roots: list[int] = []
        self.samplers: list[dict[str, Any]] = []
        self.channels: list[dict[str, Any]] = []

    def accessor(
        self,
        values: NDArray[Any],
        kind: str,
        component: int = _FLOAT,
        *,
        target: int | None = None,
        bounds: bool = False,
    ) -> int:
        """Store *values* and return the number of the accessor that reads them."""
        array = np.ascontiguousarray(
            values, dtype={_FLOAT: "<f4", _SHORT: "<u2", _BYTE: "u1"}[component]
        )
        self.data += b"\0" * (-len(self.data) % 4)
        view: dict[str, Any] = {
            "buffer": 0,
            "byteOffset": len(self.data),
            "byteLength": array.nbytes,
        }
        if target is not None:
            view["target"] = target
        self.data += array.tobytes()
        self.views.append(view)
        entry: dict[str, Any] = {
            "bufferView": len(self.views) - 1,
            "componentType": component,
            "count": len(array),
            "type": kind,
        }
        if bounds:
            flat = array.reshape(len(array), -1)
            entry["min"], entry["max"] = flat.min(axis=0).tolist(), flat.max(axis=0).tolist()
        self.accessors.append(entry)
        return len(self.accessors) - 1

    def animate(
        self, node: int, path: str, time: int, values: Array, kind: str, how: str = "LINEAR"
    ) -> None:
        """Let *values* drive the translation, rotation or scale of *node*."""
        output = self.accessor(values, kind)
        self.samplers.append({"input": time, "output": output, "interpolation": how})
        self.channels.append(
            {"sampler": len(self.samplers) - 1, "target": {"node": node, "path": path}}
        )

    def packed(self, record: dict[str, Any]) -> bytes:
        """Return the finished GLB file; *record* goes into its asset."""
        asset: dict[str, Any] = {"version": "2.0", "generator": f"stickgen {__version__}"}
        if record:
            asset["extras"] = json.loads(json.dumps(record, sort_keys=True, default=str))
        document = {
            "asset": asset,
            "scene": 0,
            "scenes": [{"nodes": self.roots}],
            "nodes": self.nodes,
            "meshes": self.meshes,
            "materials": self.materials,
            "skins": self.skins,
            "animations": [
                {"name": "motion", "samplers": self.samplers, "channels": self.channels}
            ],
            "accessors": self.accessors,
            "bufferViews": self.views,
            "buffers": [{"byteLength": len(self.data)}],
        }
        text = json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()
        text += b" " * (-len(text) % 4)
        binary = bytes(self.data) + b"\0" * (-len(self.data) % 4)
        total = 12 + 8 + len(text) + 8 + len(binary)
        return b"".join(
            (
                struct.pack("<4sII", b"glTF", 2, total),
                struct.pack("<I4s", len(text), b"JSON"),
                text,
                struct.pack("<I4s", len(binary), b"BIN\0"),
                binary,
            )
        )


def _add_actor(
    file: _File, rig: Rig, name: str, colour: tuple[float, ...], time: int, times: Array
) -> None:
    """Add the nodes, the skin and the animation of one actor."""
    first = len(file.nodes)
    for i, bone in enumerate(BONES):
        node: dict[str, Any] = {"name": bone.name, "translation": _listed(rig.offsets[i])}
        children = [first + child for child, parent in enumerate(PARENTS) if parent == i]
        if children:
            node["children"] = children
        file.nodes.append(node)
    actor_node = len(file.nodes)
    file.nodes.append({"name": name, "children": [first]})

    positions, normals, joints, triangles = _body(rig)
    weights = np.zeros((len(positions), 4))
    weights[:, 0] = 1.0
    influences = np.zeros((len(positions), 4))
    influences[:, 0] = joints
    attributes = {
        "POSITION": file.accessor(positions, "VEC3", target=34962, bounds=True),
        "NORMAL": file.accessor(normals, "VEC3", target=34962),
        "JOINTS_0": file.accessor(influences, "VEC4", _BYTE, target=34962),
        "WEIGHTS_0": file.accessor(weights, "VEC4", target=34962),
    }
    indices = file.accessor(triangles.ravel(), "SCALAR", _SHORT, target=34963)
    linear = [round(c, 6) for c in _linear(colour[:3])]
    file.materials.append(
        {
            "name": name,
            "pbrMetallicRoughness": {
                "baseColorFactor": [*linear, 1.0],
                "metallicFactor": 0.0,
                "roughnessFactor": 0.9,
            },
        }
    )
    primitive = {
        "attributes": attributes,
        "indices": indices,
        "material": len(file.materials) - 1,
    }
    file.meshes.append({"name": name, "primitives": [primitive]})
    inverse = np.tile(np.eye(4), (len(BONES), 1, 1))
    inverse[:, :3, 3] = -rig.rest()
    file.skins.append(
        {
            "joints": [first + i for i in range(len(BONES))],
            "skeleton": first,
            # matrices are stored column by column
            "inverseBindMatrices": file.accessor(inverse.swapaxes(1, 2).reshape(-1, 16), "MAT4"),
        }
    )
    mesh_node = len(file.nodes)
    file.nodes.append(
        {"name": f"{name} body", "mesh": len(file.meshes) - 1, "skin": len(file.skins) - 1}
    )
    file.roots += [actor_node, mesh_node]

    file.animate(first, "translation", time, rig.translations[:, 0], "VEC3")
    for i in range(len(BONES)):
        quaternions = quaternions_of(rig.rotations[:, i])
        if i == 0 or np.abs(quaternions - [0.0, 0.0, 0.0, 1.0]).max() > 1e-6:
            file.animate(first + i, "rotation", time, quaternions, "VEC4")
        if i in rig.moving:
            file.animate(first + i, "translation", time, rig.translations[:, i], "VEC3")
    if not rig.present.all():
        # Nobody is hidden in glTF: an actor that is away has no size.
        there = rig.present
        change = np.concatenate([[True], there[1:] != there[:-1]])
        size = np.repeat(there[change].astype(np.float64)[:, None], 3, axis=1)
        moments = file.accessor(times[change], "SCALAR", bounds=True)
        file.animate(actor_node, "scale", moments, size, "VEC3", "STEP")


def _listed(vector: Array) -> list[float]:
    return [round(float(x), 7) for x in vector]


def _linear(colour: tuple[float, ...]) -> list[float]:
    """Return an sRGB colour as linear light, which glTF takes."""
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]


def quaternions_of(rotations: Array) -> Array:
    """Return unit quaternions ``[T, 4]`` (x, y, z, w) of *rotations* ``[T, 3, 3]``.

    The largest component is found first, so that none is divided by a small number; each sign is
    the one nearest to the quaternion before.
    """
    m = rotations
    diagonal = m[:, [0, 1, 2], [0, 1, 2]]
    trace = diagonal.sum(axis=1)
    out = np.empty((len(m), 4))
    largest = np.argmax(np.concatenate([diagonal, trace[:, None]], axis=1), axis=1)
    for case in range(4):
        at = largest == case
        r = m[at]
        if case == 3:
            q = np.stack(
                [
                    r[:, 2, 1] - r[:, 1, 2],
                    r[:, 0, 2] - r[:, 2, 0],
                    r[:, 1, 0] - r[:, 0, 1],
                    1.0 + trace[at],
                ],
                axis=1,
            )
        else:
            i, j, k = case, (case + 1) % 3, (case + 2) % 3
            q = np.empty((len(r), 4))
            q[:, i] = 1.0 + r[:, i, i] - r[:, j, j] - r[:, k, k]
            q[:, j] = r[:, j, i] + r[:, i, j]
            q[:, k] = r[:, k, i] + r[:, i, k]
            q[:, 3] = r[:, k, j] - r[:, j, k]
        out[at] = q
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    turned = np.cumprod(np.where((out[1:] * out[:-1]).sum(axis=1) < 0, -1.0, 1.0))
    out[1:] *= turned[:, None]
    return out


def _body(rig: Rig) -> tuple[Array, Array, NDArray[np.intp], NDArray[np.intp]]:
    """Return the skin at rest: corners ``[V, 3]``, normals, the joint that carries each corner
    ``[V]``, and triangles ``[F, 3]``.
    """
    places = {bone.name: place for bone, place in zip(BONES, rig.rest(), strict=True)}
    thin = 0.5 * LINE * rig.height
    thick = TORSO * thin
    pieces: list[tuple[str, Array, Array, float]] = [
        ("Spine", places["Spine"], places["Chest"], thick),
        ("Chest", places["Chest"], places["Neck"], thick),
        ("Neck", places["Neck"], places["HeadCenter"], thin),
        ("Head", places["HeadCenter"], places["HeadCenter"], HEAD_RADIUS * rig.height),
    ]
    for side in ("Left", "Right"):
        chains = (("Shoulder", "Arm", "ForeArm", "Hand"), ("UpLeg", "Leg", "Foot"))
        for here, there in (pair for chain in chains for pair in pairwise(chain)):
            pieces.append((side + here, places[side + here], places[side + there], thin))
        pieces.append(("Hips", places["Hips"], places[side + "UpLeg"], thin))
        hand = places[side + "Hand"]
        pieces.append((side + "Hand", hand, hand, HAND * LINE * rig.height))
        foot = places[side + "Foot"]
        pieces.append((side + "Foot", foot, foot + rig.end(side + "Foot"), thin))
    corners, normals, joints, triangles = [], [], [], []
    count = 0
    for name, start, end, radius in pieces:
        points, outward, faces = capsule(start, end, radius)
        corners.append(points)
        normals.append(outward)
        joints.append(np.full(len(points), INDEX[name]))
        triangles.append(faces + count)
        count += len(points)
    return (
        np.concatenate(corners),
        np.concatenate(normals),
        np.concatenate(joints),
        np.concatenate(triangles),
    )


def capsule(start: Array, end: Array, radius: float) -> tuple[Array, Array, NDArray[np.intp]]:
    """Return corners ``[V, 3]``, outward normals and triangles ``[F, 3]`` of a round-ended line.

    Where *start* and *end* coincide it is a ball.
    """
    axis = end - start
    length = float(np.linalg.norm(axis))
    quarter = np.linspace(0.0, 0.5 * np.pi, _RINGS + 1)
    ball = length < 1e-9
    angles = np.concatenate([quarter - 0.5 * np.pi, quarter[1:] if ball else quarter])
    rise = np.where(np.arange(len(angles)) > _RINGS, length, 0.0)
    turn = np.eye(3) if ball else rotation_between([0.0, 1.0, 0.0], axis)
    around = 2.0 * np.pi * np.arange(_SIDES) / _SIDES
    ring = np.cos(angles)[:, None]
    outward = np.stack(
        [
            ring * np.sin(around),
            np.repeat(np.sin(angles)[:, None], _SIDES, axis=1),
            ring * np.cos(around),
        ],
        axis=-1,
    ).reshape(-1, 3)
    points = radius * outward
    points[:, 1] += np.repeat(rise, _SIDES)
    faces = []
    rings = len(angles)
    for r in range(rings - 1):
        for s in range(_SIDES):
            a, b = r * _SIDES + s, r * _SIDES + (s + 1) % _SIDES
            c, d = a + _SIDES, b + _SIDES
            if r > 0:  # the lowest ring is a point, and so is the highest
                faces.append((a, b, d))
            if r < rings - 2:
                faces.append((a, d, c))
    return points @ turn.T + start, outward @ turn.T, np.array(faces)
