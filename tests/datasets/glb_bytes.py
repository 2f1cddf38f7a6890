"""Small glTF files for tests: a standing body of known lengths with any animation."""

from __future__ import annotations

import base64
import json
import struct
from typing import Any

import numpy as np
from scipy.spatial.transform import Rotation

# name, parent, offset in metres where it stands; the body's left is at +x, it faces +z
BODY: tuple[tuple[str, str | None, tuple[float, float, float]], ...] = (
    ("root", None, (0.0, 0.0, 0.0)),
    ("pelvis", "root", (0.0, 0.95, 0.0)),
    ("spine_01", "pelvis", (0.0, 0.15, 0.0)),
    ("spine_02", "spine_01", (0.0, 0.2, 0.0)),
    ("neck_01", "spine_02", (0.0, 0.2, 0.0)),
    ("head", "neck_01", (0.0, 0.1, 0.0)),
    ("upperarm_l", "spine_02", (0.17, 0.16, 0.0)),
    ("lowerarm_l", "upperarm_l", (0.28, 0.0, 0.0)),
    ("hand_l", "lowerarm_l", (0.25, 0.0, 0.0)),
    ("upperarm_r", "spine_02", (-0.17, 0.16, 0.0)),
    ("lowerarm_r", "upperarm_r", (-0.28, 0.0, 0.0)),
    ("hand_r", "lowerarm_r", (-0.25, 0.0, 0.0)),
    ("thigh_l", "pelvis", (0.09, -0.05, 0.0)),
    ("calf_l", "thigh_l", (0.0, -0.4, 0.02)),
    ("foot_l", "calf_l", (0.0, -0.42, -0.02)),
    ("thigh_r", "pelvis", (-0.09, -0.05, 0.0)),
    ("calf_r", "thigh_r", (0.0, -0.4, 0.02)),
    ("foot_r", "calf_r", (0.0, -0.42, -0.02)),
)
NAMES = [name for name, *_ in BODY]
PARENTS = [NAMES.index(parent) if parent else -1 for _, parent, _ in BODY]
REST = {name: Rotation.from_euler("xyz", [11 * i, -7 * i, 5 * i], degrees=True)
        for i, name in enumerate(NAMES)}  # fmt: skip
"""How each bone's own axes lie in the standing body: askew, as no format forbids."""


def local(name: str, turned: Rotation) -> tuple[np.ndarray, Rotation]:
    """Return place and turn of a bone in its parent's axes, when *turned* in the body's."""
    i = NAMES.index(name)
    above = REST[NAMES[PARENTS[i]]] if PARENTS[i] >= 0 else Rotation.identity()
    return above.inv().apply(BODY[i][2]), above.inv() * turned * REST[name]


def known_joints(turns: dict[str, Rotation], root: Any = (0, 0, 0)) -> dict[str, np.ndarray]:
    """Return where the joints are when bones are turned about the body's axes."""
    place: dict[str, np.ndarray] = {}
    world: dict[str, Rotation] = {}
    for (name, parent, offset), _ in zip(BODY, PARENTS, strict=True):
        turn = turns.get(name, Rotation.identity())
        if parent is None:
            place[name], world[name] = np.asarray(root, dtype=float), turn
        else:
            place[name] = place[parent] + world[parent].apply(offset)
            world[name] = world[parent] * turn
    return place


class Glb:
    """A file in the making: nodes, one skin, animations, and a buffer that grows."""

    def __init__(self, scale: float = 1.0, rename: dict[str, str] | None = None) -> None:
        self.buffer = b""
        names = rename or {}
        nodes: list[dict[str, Any]] = []
        for i, name in enumerate(NAMES):
            place, turn = local(name, Rotation.identity())
            nodes.append({
                "name": names.get(name, name),
                "translation": [float(x) / scale for x in place],
                "rotation": [float(x) for x in turn.as_quat()],
                "children": [k for k, parent in enumerate(PARENTS) if parent == i],
            })  # fmt: skip
        nodes.append({"name": "Armature", "scale": [scale] * 3, "children": [0]})
        for node in nodes:
            if not node["children"]:
                del node["children"]
        self.scale = scale
        self.document: dict[str, Any] = {
            "asset": {"version": "2.0"}, "nodes": nodes, "scenes": [{"nodes": [len(nodes) - 1]}],
            "accessors": [], "bufferViews": [], "animations": [],
            "skins": [{"joints": list(range(len(NAMES)))}],
        }  # fmt: skip

    def accessor(self, values: np.ndarray, kind: str) -> int:
        data = np.ascontiguousarray(values, dtype="<f4").tobytes()
        views, accessors = self.document["bufferViews"], self.document["accessors"]
        views.append({"buffer": 0, "byteOffset": len(self.buffer), "byteLength": len(data)})
        accessors.append({
            "bufferView": len(views) - 1, "componentType": 5126,
            "count": len(values), "type": kind,
        })  # fmt: skip
        self.buffer += data
        return len(accessors) - 1

    def animate(
        self,
        name: str,
        times: np.ndarray,
        turns: dict[str, list[Rotation]],
        root: np.ndarray | None = None,
        mode: str = "LINEAR",
    ) -> None:
        """Add an animation: bones turned about the body's axes at *times*."""
        samplers: list[dict[str, Any]] = []
        channels: list[dict[str, Any]] = []
        clock = self.accessor(np.asarray(times)[:, None], "SCALAR")

        def add(node: int, path: str, values: np.ndarray, kind: str) -> None:
            if mode == "CUBICSPLINE":
                flat = np.zeros_like(values)
                values = np.stack([flat, values, flat], axis=1).reshape(-1, values.shape[1])
            samplers.append({"input": clock, "output": self.accessor(values, kind),
                             "interpolation": mode})  # fmt: skip
            target = {"node": node, "path": path}
            channels.append({"sampler": len(samplers) - 1, "target": target})

        for bone, poses in turns.items():
            values = np.array([local(bone, pose)[1].as_quat() for pose in poses])
            add(NAMES.index(bone), "rotation", values, "VEC4")
        if root is not None:
            add(0, "translation", np.asarray(root) / self.scale, "VEC3")
        self.document["animations"].append(
            {"name": name, "samplers": samplers, "channels": channels}
        )

    def glb(self) -> bytes:
        """Return the binary form."""
        document = self.document | {"buffers": [{"byteLength": len(self.buffer)}]}
        text = json.dumps(document).encode()
        text += b" " * (-len(text) % 4)
        data = self.buffer + b"\0" * (-len(self.buffer) % 4)
        size = 12 + 8 + len(text) + 8 + len(data)
        return (
            struct.pack("<4sII", b"glTF", 2, size)
            + struct.pack("<I4s", len(text), b"JSON") + text
            + struct.pack("<I4s", len(data), b"BIN\0") + data
        )  # fmt: skip

    def gltf(self, uri: str | None = None) -> bytes:
        """Return the text form, its buffer embedded or under *uri*."""
        embedded = "data:application/octet-stream;base64," + base64.b64encode(self.buffer).decode()
        buffers = [{"byteLength": len(self.buffer), "uri": uri or embedded}]
        return json.dumps(self.document | {"buffers": buffers}).encode()
