"""BVH read and posed the plain way, to check the converter against: one frame, one joint at a time.

It shares no code with stickgen-datasets: its own reading of the text, 4x4 matrices instead of
quaternions, rotations by scipy.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation


@dataclass
class Node:
    name: str
    offset: list[float] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)


class PlainBvh:
    def __init__(self, path: Path) -> None:
        words = path.read_text().split()
        self.order: list[Node] = []
        position = words.index("ROOT")
        self.root, position = self._node(words, position)
        assert words[position] == "MOTION"
        self.n_frames = int(words[position + 2])
        self.frame_time = float(words[position + 5])
        numbers = [float(word) for word in words[position + 6 :]]
        self.rows = np.array(numbers).reshape(self.n_frames, -1)

    def _node(self, words: list[str], i: int) -> tuple[Node, int]:
        node = Node(words[i + 1])
        self.order.append(node)
        i += 3
        while words[i] != "}":
            if words[i] == "OFFSET":
                node.offset = [float(x) for x in words[i + 1 : i + 4]]
                i += 4
            elif words[i] == "CHANNELS":
                n = int(words[i + 1])
                node.channels = words[i + 2 : i + 2 + n]
                i += 2 + n
            elif words[i] == "End":
                i = words.index("}", i) + 1
            else:
                child, i = self._node(words, i)
                node.children.append(child)
        return node, i + 1

    def pose(self, frame: int) -> dict[str, np.ndarray]:
        """Return the place of every joint in *frame*, in the file's own axes and unit."""
        values = dict(zip([id(n) for n in self.order], self._split(self.rows[frame]), strict=True))
        places: dict[str, np.ndarray] = {}

        def visit(node: Node, parent: np.ndarray) -> None:
            own = np.eye(4)
            own[:3, 3] = node.offset
            turn = np.eye(3)
            for channel, value in zip(node.channels, values[id(node)], strict=True):
                if channel.endswith("position"):
                    own["XYZ".index(channel[0]), 3] = value
                else:
                    turn = turn @ Rotation.from_euler(channel[0], value, degrees=True).as_matrix()
            own[:3, :3] = turn
            world = parent @ own
            places[node.name] = world[:3, 3]
            for child in node.children:
                visit(child, world)

        visit(self.root, np.eye(4))
        return places

    def _split(self, row: np.ndarray) -> list[np.ndarray]:
        ends = np.cumsum([len(node.channels) for node in self.order])
        return np.split(row, ends[:-1])
