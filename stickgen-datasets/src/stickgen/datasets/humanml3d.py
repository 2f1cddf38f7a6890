"""HumanML3D: joints or 263 rotation-invariant features of AMASS takes, with captions.

``new_joints/*.npy`` ``[T, 22, 3]`` are positions in metres, y up, 20 frames a second.
``new_joint_vecs/*.npy`` ``[T, 263]`` hold the same motion as features::

    0      turn of the root about y to the next frame, half the angle in radians
    1-2    movement of the root to the next frame along its own x and z, metres
    3      height of the root
    4-66   the other 21 joints, relative to the root in x and z and turned to its heading
    67-    rotations, velocities and foot contacts, which are not needed

Files on disk are not normalised. Some copies are; that shows in their foot contacts and is undone
with the Mean.npy and Std.npy beside them. A file whose name begins with M is the mirror of
the one without.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import ClassVar, Final

import numpy as np

from stickgen.core.errors import SourceError
from stickgen.datasets.arrays import read_array
from stickgen.datasets.canonical import Take
from stickgen.datasets.captions import Caption, Captions, splits_of
from stickgen.datasets.smpl import JOINTS, PARENTS
from stickgen.datasets.source import Companion, SourceConverter
from stickgen.datasets.tracks import Array, PointTrack, rotate

JOINTS_FOLDER: Final = "new_joints"
FEATURES_FOLDER: Final = "new_joint_vecs"
_MIRROR: Final = "M"


def n_features(n_joints: int) -> int:
    """Return the number of features of a body of *n_joints* joints: 263 for 22, 251 for 21."""
    return 12 * n_joints - 1


def recover_joints(features: Array, n_joints: int = 22) -> Array:
    """Return the positions ``[T, n_joints, 3]`` that *features* ``[T, 12 n_joints - 1]`` describe.

    The root's heading is the sum of its turns and its place the sum of its movements, each turned
    to the world's axes; only then are the other joints turned and added (Guo et al., Generating
    Diverse and Natural 3D Human Motions from Text, CVPR 2022, section 3).
    """
    n = len(features)
    half = np.zeros(n)
    half[1:] = np.cumsum(features[:-1, 0])
    # What turns the world to the body's heading is (cos, 0, sin, 0); this is its inverse.
    heading = np.stack([np.cos(half), np.zeros(n), -np.sin(half), np.zeros(n)], axis=-1)
    step = np.zeros((n, 3))
    step[1:, [0, 2]] = features[:-1, 1:3]
    root = np.cumsum(rotate(heading, step), axis=0)
    root[:, 1] = features[:, 3]
    local = features[:, 4 : 1 + 3 * n_joints].reshape(n, n_joints - 1, 3)
    others = rotate(heading[:, None], local)
    others[..., [0, 2]] += root[:, None, [0, 2]]
    return np.concatenate([root[:, None], others], axis=1)


def are_normalised(features: Array) -> bool:
    """Return whether *features* had their mean and deviation taken out.

    The last four are foot contacts, 0 or 1 as computed and something else when normalised.
    """
    contacts = features[:, -4:]
    return bool((np.minimum(np.abs(contacts), np.abs(contacts - 1.0)) > 1e-3).any())


class HumanML3DConverter(SourceConverter):
    """HumanML3D as its authors' scripts write it.

    Captions about part of a clip make clips of their own, cut to those seconds; the others share
    the whole clip.
    """

    name: ClassVar[str] = "humanml3d"
    licence: ClassVar[str] = "MIT (captions and features), AMASS and HumanAct12 terms (motions)"
    download: ClassVar[str] = (
        "https://github.com/EricGuo5513/HumanML3D: texts.zip; its scripts make the motions"
    )
    companions: ClassVar[tuple[Companion, ...]] = (
        Companion("texts/*.txt|texts.zip", "the captions"),
        Companion("train.txt", "the official split"),
        Companion("index.csv", "which AMASS take each one is"),
    )
    citation: ClassVar[str] = (
        "Guo et al., Generating Diverse and Natural 3D Human Motions from Text, CVPR 2022"
    )
    layout: ClassVar[str] = (
        "new_joints/*.npy or new_joint_vecs/*.npy, texts/*.txt or texts.zip, optionally train.txt,"
        " val.txt, test.txt, index.csv, and Mean.npy and Std.npy for normalised features"
    )
    suffixes: ClassVar[tuple[str, ...]] = (".npy",)
    fps_rule: ClassVar[str] = "20"
    text_rule: ClassVar[str] = "caption#tokens#start#end in texts/<name>.txt or texts.zip"

    rate: ClassVar[float] = 20.0
    """Frames a second of the files."""
    joint_names: ClassVar[tuple[str, ...]] = JOINTS
    joint_parents: ClassVar[tuple[int, ...]] = PARENTS

    def find(self, root: Path) -> list[Path]:
        """Return one file a clip under *root*: its joints, or its features where there are none."""
        found = super().find(root)
        if root.is_file():
            return found
        motions = [path for path in found if path.parent.name in (JOINTS_FOLDER, FEATURES_FOLDER)]
        joints = {
            (path.parent.parent, path.stem) for path in motions if path.parent.name == JOINTS_FOLDER
        }
        return [
            path
            for path in motions
            if path.parent.name == JOINTS_FOLDER or (path.parent.parent, path.stem) not in joints
        ]

    def takes(self, path: Path, root: Path) -> Iterator[Take]:
        """Yield the clip, and a piece of it for every stretch that captions are about."""
        positions, meta = self.faithful(path, self.positions(path))
        base = path.parent.parent
        name = path.stem
        original = name.removeprefix(_MIRROR)
        fps = self.fps_given or self.rate
        captions = Captions(base).of(name)
        split = splits_of(base).get(name)
        source = source_paths(base).get(original)
        for start, end in _stretches(captions):
            first, last = _frames(path, start, end, len(positions), fps)
            about = [each.text for each in captions if (each.start, each.end) == (start, end)]
            texts = tuple(dict.fromkeys(about))
            whole = start == end == 0.0
            suffix = "" if whole else f"@{start:g}-{end:g}"
            yield Take(
                tracks=[PointTrack(self.joint_names, self.joint_parents, positions[first:last])],
                fps=fps,
                name=name + suffix,
                texts=texts,
                up=self.up_axis,
                unit=self.metres,
                recording=source or original,
                split=split,
                parent=original + suffix if name != original else None,
                meta={
                    **meta,
                    "text_from": "captions" if texts else "none",
                    "mirror": name != original,
                    **({} if whole else {"start_sec": start, "end_sec": end}),
                },
            )

    def positions(self, path: Path) -> Array:
        """Return the joints ``[T, n, 3]`` in the file at *path*, of positions or of features."""
        n = len(self.joint_names)
        array = read_array(path, None)
        if array.ndim == 3 and array.shape[1:] == (n, 3):
            return array
        if array.ndim == 2 and array.shape[1] == n_features(n):
            return recover_joints(self._raw(path, array), n)
        raise SourceError(
            path,
            f"has the shape {list(array.shape)}, expected [any, {n}, 3] or [any, {n_features(n)}]",
        )

    def faithful(self, path: Path, positions: Array) -> tuple[Array, dict[str, object]]:
        """Return *positions* as they were recorded, and what was to be done for that."""
        return positions, {}

    def _raw(self, path: Path, features: Array) -> Array:
        """Return *features* with mean and deviation put back where they were taken out."""
        if not are_normalised(features):
            return features
        base = path.parent.parent
        mean_path, std_path = base / "Mean.npy", base / "Std.npy"
        if not (mean_path.is_file() and std_path.is_file()):
            raise SourceError(
                path,
                "holds normalised features",
                hint=f"put the Mean.npy and Std.npy they were made with into {base}",
            )
        width = (features.shape[1],)
        raw = features * read_array(std_path, width) + read_array(mean_path, width)
        if are_normalised(raw):
            raise SourceError(
                path,
                "holds features that were normalised with another Mean.npy and Std.npy",
                hint=f"those in {base} do not give foot contacts of 0 and 1",
            )
        return raw


def _stretches(captions: tuple[Caption, ...]) -> list[tuple[float, float]]:
    """Return the seconds captions are about, (0, 0) for all of the clip, each once."""
    if not captions:
        return [(0.0, 0.0)]
    return list(dict.fromkeys((each.start, each.end) for each in captions))


def _frames(path: Path, start: float, end: float, n_frames: int, fps: float) -> tuple[int, int]:
    """Return the first frame of a stretch and the one after its last."""
    if start == end == 0.0:
        return 0, n_frames
    first, last = round(start * fps), min(round(end * fps), n_frames)
    if first >= last:
        raise SourceError(
            path,
            f"is {n_frames / fps:g} s long, a caption is about {start:g} to {end:g} s of it",
        )
    return first, last


def source_paths(root: Path) -> dict[str, str]:
    """Return the recording each clip was cut from, by clip: ``index.csv`` of HumanML3D.

    Pieces of one recording must not end up on both sides of a split.
    """
    path = root / "index.csv"
    return _source_paths(path, path.stat().st_mtime_ns) if path.is_file() else {}


@lru_cache(maxsize=4)
def _source_paths(path: Path, stamp: int) -> dict[str, str]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream))
    except OSError as error:
        raise SourceError(path, f"cannot be read ({error.strerror or error})") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise SourceError(path, f"is not a CSV table ({error})") from None
    table = {}
    for row in rows:
        name, source = row.get("new_name"), row.get("source_path")
        if name and source:
            key = source.replace("\\", "/").removeprefix("./").removeprefix("pose_data/")
            table[Path(name).stem] = key.removesuffix(".npy")
    return table
