"""glTF 2.0 files, ``.gltf`` and ``.glb``: what stands in them, checked before it is believed.

Format: https://registry.khronos.org/glTF/specs/2.0/glTF-2.0.html. Read are node trees, skins and
animations; buffers may be the binary chunk of a ``.glb``, embedded as base64, or files in the same
folder or below it.
"""

from __future__ import annotations

import base64
import binascii
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

import numpy as np

from stickgen.core.errors import SourceError
from stickgen.datasets.tracks import Array, slerp

MAX_NODES: Final = 20_000
MAX_VALUES: Final = 50_000_000
"""More numbers than this in one accessor are no animation of a body."""

_WIDTHS: Final = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16}
_TYPES: Final = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_PATHS: Final = {"translation": 3, "rotation": 4, "scale": 3}
_PACKED: Final = ("EXT_meshopt_compression", "KHR_meshopt_compression")
_JSON, _BIN = 0x4E4F534A, 0x004E4942


@dataclass(frozen=True, eq=False)
class Node:
    """A node: its name, its parent (-1 for none), and where it rests in its parent's frame.

    ``rotation`` is a unit quaternion (w, x, y, z).
    """

    name: str
    parent: int
    translation: Array
    rotation: Array
    scale: Array


@dataclass(frozen=True, eq=False)
class Channel:
    """How one property of a node changes: ``values`` at ``times``, quaternions as (w, x, y, z).

    With CUBICSPLINE ``values`` is ``[n, 3, k]``: in-tangent, value, out-tangent.
    """

    node: int
    path: str
    times: Array
    values: Array
    interpolation: str

    def at(self, seconds: Array) -> Array:
        """Return the property at *seconds* ``[N]``; outside the keys it does not change."""
        times = self.times
        seconds = np.clip(seconds, times[0], times[-1])
        if len(times) == 1:
            only = self.values[0, 1] if self.interpolation == "CUBICSPLINE" else self.values[0]
            return np.repeat(only[None], len(seconds), axis=0)
        low = np.clip(np.searchsorted(times, seconds, side="right") - 1, 0, len(times) - 2)
        span = times[low + 1] - times[low]
        share = ((seconds - times[low]) / span)[:, None]
        if self.interpolation == "STEP":
            return self.values[low + (share[:, 0] >= 1.0)]
        if self.interpolation == "CUBICSPLINE":
            a, b = self.values[low], self.values[low + 1]
            t, t2, t3 = share, share**2, share**3
            out: Array = (
                (2 * t3 - 3 * t2 + 1) * a[:, 1]
                + (t3 - 2 * t2 + t) * span[:, None] * a[:, 2]
                + (3 * t2 - 2 * t3) * b[:, 1]
                + (t3 - t2) * span[:, None] * b[:, 0]
            )
        elif self.path == "rotation":
            out = slerp(self.values[low], self.values[low + 1], share[:, 0])
        else:
            out = self.values[low] + share * (self.values[low + 1] - self.values[low])
        if self.path == "rotation":
            out = out / np.maximum(np.linalg.norm(out, axis=-1, keepdims=True), 1e-12)
        return out


@dataclass(frozen=True, eq=False)
class Animation:
    """A named animation: its channels that move nodes."""

    name: str
    channels: list[Channel]

    @property
    def times(self) -> Array:
        """Every key time in seconds, in order, once."""
        return np.unique(np.concatenate([channel.times for channel in self.channels]))


@dataclass(frozen=True, eq=False)
class Skin:
    """The nodes a mesh hangs on, and how each was turned when it was hung there ``[n, 3, 3]``."""

    joints: list[int]
    bind: Array | None


@dataclass(frozen=True, eq=False)
class GltfFile:
    """What a glTF file holds of a moving body."""

    nodes: list[Node]
    skins: list[Skin]
    animations: list[Animation]


def read_gltf(path: Path) -> GltfFile:
    """Return nodes, skins and animations of the glTF file at *path*.

    Raises:
        SourceError: it is not one, is cut short, or contradicts itself; names the element.
    """
    reader = _Reader(path)
    return GltfFile(reader.nodes(), reader.skins(), reader.animations())


@dataclass
class _Reader:
    path: Path
    document: Mapping[str, Any] = field(init=False)
    chunk: bytes | None = field(init=False, default=None)
    _buffers: dict[int, bytes] = field(init=False, default_factory=dict)
    _arrays: dict[int, Array] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        try:
            data = self.path.read_bytes()
        except OSError as error:
            raise SourceError(self.path, f"cannot be read ({error.strerror or error})") from None
        if not data:
            raise SourceError(self.path, "is empty")
        text = self._unpack(data) if data[:4] == b"glTF" else data
        try:
            document = json.loads(text.decode("utf-8-sig"))
        except RecursionError:
            raise SourceError(self.path, "is nested deeper than any scene") from None
        except ValueError as error:
            raise SourceError(self.path, f"is not glTF: its JSON is wrong ({error})") from None
        if not isinstance(document, dict) or not isinstance(document.get("asset"), dict):
            raise SourceError(self.path, "is not glTF: it has no 'asset'")
        version = str(document["asset"].get("version", ""))
        if not version.startswith("2."):
            raise SourceError(
                self.path, f"is glTF of version {version[:10]!r}, only 2.x is read", place="asset"
            )
        required = document.get("extensionsRequired")
        for name in required if isinstance(required, list) else []:
            if name in _PACKED:
                raise SourceError(
                    self.path, f"is compressed ({name})", hint="unpack it, e.g. with gltf-transform"
                )
        self.document = document

    def _unpack(self, data: bytes) -> bytes:
        """Return the JSON chunk of a binary file and keep its binary one."""
        if len(data) < 20:
            raise SourceError(self.path, "is cut short", place=f"byte {len(data)}")
        version, length = struct.unpack_from("<II", data, 4)
        if version != 2:
            raise SourceError(self.path, f"is glTF of version {version}, only 2 is read")
        if length > len(data):
            raise SourceError(
                self.path, f"announces {length} bytes, the file has {len(data)}",
                hint="it is cut short",
            )  # fmt: skip
        text: bytes | None = None
        place = 12
        while place + 8 <= length:
            size, kind = struct.unpack_from("<II", data, place)
            content = data[place + 8 : place + 8 + size]
            if len(content) < size:
                raise SourceError(self.path, "a chunk is cut short", place=f"byte {place}")
            if kind == _JSON and text is None:
                text = content
            elif kind == _BIN and self.chunk is None:
                self.chunk = content
            place += 8 + size
        if text is None:
            raise SourceError(self.path, "has no JSON chunk", place="byte 12")
        return text

    # -- elements ----------------------------------------------------------------------------

    def _list(self, name: str, owner: Any = None, place: str = "") -> list[Any]:
        found = (self.document if owner is None else owner).get(name, [])
        if not isinstance(found, list):
            raise SourceError(self.path, f"{name!r} must be a list", place=place or name)
        return found

    def _object(self, value: Any, place: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise SourceError(self.path, "must be an object", place=place)
        return value

    def _index(self, value: Any, count: int, what: str, place: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < count:
            shown = "nothing" if value is None else repr(value)[:20]
            raise SourceError(
                self.path, f"names {what} {shown}, the file has {count} of them", place=place
            )
        return value

    def nodes(self) -> list[Node]:
        """Return the nodes; each has one parent at most and none is above itself."""
        entries = self._list("nodes")
        if len(entries) > MAX_NODES:
            raise SourceError(self.path, f"has {len(entries)} nodes, expected at most {MAX_NODES}")
        parents = [-1] * len(entries)
        for i, entry in enumerate(entries):
            place = f"nodes[{i}]"
            for child in self._list("children", self._object(entry, place), place):
                child = self._index(child, len(entries), "the node", place)
                if parents[child] >= 0:
                    raise SourceError(
                        self.path, f"the node {child} hangs from two nodes", place=place
                    )
                parents[child] = i
        rooted: set[int] = set()
        for i in range(len(entries)):
            line: list[int] = []
            at = i
            while at >= 0 and at not in rooted:
                if len(line) > len(entries):
                    raise SourceError(
                        self.path, "the nodes hang from each other in a circle", place=f"nodes[{i}]"
                    )
                line.append(at)
                at = parents[at]
            rooted.update(line)
        return [self._node(i, entry, parents[i]) for i, entry in enumerate(entries)]

    def _node(self, i: int, entry: dict[str, Any], parent: int) -> Node:
        place = f"nodes[{i}]"
        name = entry.get("name")
        name = name if isinstance(name, str) and name else f"node {i}"
        if "matrix" in entry:
            matrix = self._numbers(entry["matrix"], 16, place).reshape(4, 4).T
            rotation, scale = _decomposed(matrix[:3, :3])
            return Node(name, parent, matrix[:3, 3], rotation, scale)
        turn = self._numbers(entry.get("rotation", [0, 0, 0, 1]), 4, place)
        return Node(
            name,
            parent,
            self._numbers(entry.get("translation", [0, 0, 0]), 3, place),
            self._unit(turn[None, [3, 0, 1, 2]], place)[0],
            self._numbers(entry.get("scale", [1, 1, 1]), 3, place),
        )

    def _numbers(self, value: Any, count: int, place: str) -> Array:
        good = isinstance(value, list) and len(value) == count
        if good and all(isinstance(x, (int, float)) and abs(x) < 1e30 for x in value):
            return np.array(value, dtype=np.float64)
        raise SourceError(self.path, f"must be {count} finite numbers", place=place)

    def _unit(self, quaternions: Array, place: str) -> Array:
        norm = np.linalg.norm(quaternions, axis=-1, keepdims=True)
        if (norm < 0.5).any():
            raise SourceError(self.path, "holds a rotation without length", place=place)
        unit: Array = quaternions / norm
        return unit

    def skins(self) -> list[Skin]:
        count = len(self._list("nodes"))
        out = []
        for i, entry in enumerate(self._list("skins")):
            place = f"skins[{i}]"
            listed = self._list("joints", self._object(entry, place), place)
            joints = [self._index(joint, count, "the node", place) for joint in listed]
            bind = None
            if "inverseBindMatrices" in entry:
                inverse = self.accessor(entry["inverseBindMatrices"], 16, place)
                if len(inverse) < len(joints):
                    raise SourceError(
                        self.path,
                        f"has {len(joints)} joints and {len(inverse)} bind matrices",
                        place=place,
                    )
                # columns first in the file, so that a row-wise read is the transpose
                turned = inverse[: len(joints)].reshape(-1, 4, 4)[:, :3, :3]
                bind = turned if (np.abs(np.linalg.det(turned)) > 1e-12).all() else None
            out.append(Skin(joints, bind))
        return out

    def animations(self) -> list[Animation]:
        nodes = len(self._list("nodes"))
        out = []
        for i, entry in enumerate(self._list("animations")):
            place = f"animations[{i}]"
            entry = self._object(entry, place)
            samplers = self._list("samplers", entry, place)
            channels = []
            for k, channel in enumerate(self._list("channels", entry, place)):
                where = f"{place}.channels[{k}]"
                target = self._object(self._object(channel, where).get("target"), where)
                if target.get("path") not in _PATHS or "node" not in target:
                    continue
                node = self._index(target["node"], nodes, "the node", where)
                sampler = self._index(channel.get("sampler"), len(samplers), "the sampler", where)
                channels.append(self._channel(samplers[sampler], node, target["path"], where))
            name = entry.get("name")
            name = name if isinstance(name, str) and name.strip() else f"animation {i}"
            out.append(Animation(name, channels))
        return out

    def _channel(self, sampler: Any, node: int, kind: str, place: str) -> Channel:
        sampler = self._object(sampler, place)
        mode = sampler.get("interpolation", "LINEAR")
        if mode not in ("LINEAR", "STEP", "CUBICSPLINE"):
            raise SourceError(self.path, f"{str(mode)[:20]!r} is no interpolation", place=place)
        times = self.accessor(sampler.get("input"), 1, place)[:, 0]
        if (np.diff(times) <= 0).any() or times[0] < 0:
            raise SourceError(self.path, "its key times do not increase", place=place)
        values = self.accessor(sampler.get("output"), _PATHS[kind], place)
        expected = len(times) * (3 if mode == "CUBICSPLINE" else 1)
        if len(values) != expected:
            raise SourceError(
                self.path, f"has {len(values)} values for {len(times)} key times ({mode})",
                place=place,
            )  # fmt: skip
        if kind == "rotation":
            values = values[:, [3, 0, 1, 2]]
        if mode == "CUBICSPLINE":
            values = values.reshape(len(times), 3, -1)
        elif kind == "rotation":
            values = self._unit(values, place)
        return Channel(node, kind, times, values, mode)

    # -- numbers -----------------------------------------------------------------------------

    def accessor(self, index: Any, width: int, owner: str) -> Array:
        """Return the numbers of an accessor ``[count, width]``, whole numbers normalised."""
        entries = self._list("accessors")
        i = self._index(index, len(entries), "the accessor", owner)
        if i not in self._arrays:
            self._arrays[i] = self._accessor(i, self._object(entries[i], f"accessors[{i}]"))
        values = self._arrays[i]
        if values.shape[1] != width:
            raise SourceError(
                self.path, f"needs {width} numbers a value, accessor {i} has {values.shape[1]}",
                place=owner,
            )  # fmt: skip
        return values

    def _accessor(self, i: int, entry: dict[str, Any]) -> Array:
        place = f"accessors[{i}]"
        width = _WIDTHS.get(str(entry.get("type")))
        kind = _TYPES.get(entry.get("componentType", 0))
        if width is None or kind is None:
            raise SourceError(self.path, "is of an unknown type", place=place)
        count = entry.get("count")
        if isinstance(count, bool) or not isinstance(count, int) or count < 1:
            raise SourceError(
                self.path, f"count must be at least 1, not {count!r:.20}", place=place
            )
        if count * width > MAX_VALUES:
            raise SourceError(self.path, f"announces {count} values", place=place)
        if "sparse" in entry:
            raise SourceError(self.path, "is sparse, which is not read", place=place)
        if "bufferView" not in entry:
            return np.zeros((count, width))
        dtype = np.dtype(kind)
        data, step = self._view(entry["bufferView"], place)
        step = step or dtype.itemsize * width
        start = self._size(entry.get("byteOffset", 0), place)
        if step < dtype.itemsize * width or (
            start + (count - 1) * step + dtype.itemsize * width > len(data)
        ):
            raise SourceError(
                self.path, f"its {count} values do not fit into its {len(data)} bytes", place=place
            )
        values = np.ndarray((count, width), dtype, data, start, (step, dtype.itemsize))
        out = values.astype(np.float64)
        if dtype.kind != "f" and entry.get("normalized") is True:
            out = np.maximum(out / np.iinfo(dtype).max, -1.0)
        if not np.isfinite(out).all():
            row = int(np.argwhere(~np.isfinite(out))[0][0])
            raise SourceError(self.path, f"value {row} is not a finite number", place=place)
        return out

    def _view(self, index: Any, owner: str) -> tuple[bytes, int]:
        """Return the bytes of a buffer view and the step between its values, 0 for packed."""
        entries = self._list("bufferViews")
        i = self._index(index, len(entries), "the buffer view", owner)
        place = f"bufferViews[{i}]"
        entry = self._object(entries[i], place)
        data = self._buffer(entry.get("buffer"), place)
        start = self._size(entry.get("byteOffset", 0), place)
        length = self._size(entry.get("byteLength"), place)
        if start + length > len(data):
            raise SourceError(
                self.path, f"ends at byte {start + length} of a buffer of {len(data)}", place=place
            )
        return data[start : start + length], self._size(entry.get("byteStride", 0), place)

    def _size(self, value: Any, place: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise SourceError(self.path, f"{value!r:.20} is no number of bytes", place=place)
        return value

    def _buffer(self, index: Any, owner: str) -> bytes:
        entries = self._list("buffers")
        i = self._index(index, len(entries), "the buffer", owner)
        if i not in self._buffers:
            place = f"buffers[{i}]"
            entry = self._object(entries[i], place)
            data = self._content(entry.get("uri"), place)
            length = self._size(entry.get("byteLength"), place)
            if len(data) < length:
                raise SourceError(
                    self.path, f"announces {length} bytes and has {len(data)}", place=place
                )
            self._buffers[i] = data[:length]
        return self._buffers[i]

    def _content(self, uri: Any, place: str) -> bytes:
        if uri is None:
            if self.chunk is None:
                raise SourceError(self.path, "has no binary chunk for it", place=place)
            return self.chunk
        if not isinstance(uri, str):
            raise SourceError(self.path, "its uri is no text", place=place)
        if uri.startswith("data:"):
            head, _, body = uri.partition(",")
            if not head.endswith(";base64"):
                raise SourceError(self.path, "is embedded, but not as base64", place=place)
            try:
                return base64.b64decode(body, validate=True)
            except (binascii.Error, ValueError):
                raise SourceError(self.path, "is embedded, but not base64", place=place) from None
        folder = self.path.parent.resolve()
        target = (folder / unquote(uri)).resolve()
        if "://" in uri or not target.is_relative_to(folder):
            raise SourceError(
                self.path, f"{uri[:60]!r} is not in the file's own folder", place=place
            )
        try:
            return target.read_bytes()
        except OSError as error:
            reason = error.strerror or error
            raise SourceError(
                self.path, f"its file {uri[:60]!r} cannot be read ({reason})", place=place
            ) from None


def _decomposed(matrix: Array) -> tuple[Array, Array]:
    """Return rotation (w, x, y, z) and scale of a matrix ``[3, 3]``; a sheared one is not exact."""
    scale = np.maximum(np.linalg.norm(matrix, axis=0), 1e-12)
    turn = matrix / scale
    if np.linalg.det(turn) < 0:
        scale, turn = scale * [-1.0, 1.0, 1.0], turn * [-1.0, 1.0, 1.0]
    return quaternions_of(turn[None])[0], scale


def quaternions_of(matrices: Array) -> Array:
    """Return the unit quaternions (w, x, y, z) of rotation matrices ``[n, 3, 3]``.

    Bar-Itzhack: New Method for Extracting the Quaternion from a Rotation Matrix, 2000: the
    eigenvector of the largest eigenvalue, so that a matrix that is nearly a rotation will do.
    """
    m = matrices
    k = np.empty((len(m), 4, 4))
    k[:, 0, 0] = m[:, 0, 0] + m[:, 1, 1] + m[:, 2, 2]
    k[:, 0, 1] = k[:, 1, 0] = m[:, 2, 1] - m[:, 1, 2]
    k[:, 0, 2] = k[:, 2, 0] = m[:, 0, 2] - m[:, 2, 0]
    k[:, 0, 3] = k[:, 3, 0] = m[:, 1, 0] - m[:, 0, 1]
    for i in range(3):
        for j in range(3):
            k[:, i + 1, j + 1] = m[:, i, j] + m[:, j, i]
        k[:, i + 1, i + 1] -= k[:, 0, 0]
    unit: Array = np.linalg.eigh(k)[1][:, :, -1]
    return unit
