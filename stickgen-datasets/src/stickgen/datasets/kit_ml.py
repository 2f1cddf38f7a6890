"""KIT Motion-Language: HumanML3D's layout with the 21 joints of the Master Motor Map, or raw files.

**The layout of HumanML3D**: ``new_joints/*.npy`` ``[T, 21, 3]`` or ``new_joint_vecs/*.npy``
``[T, 251]``, y up, 12.5 frames a second, near millimetres. Its positions come from the raw files
by exchanging y and z, which is a reflection: what the map calls left is then on the body's right.
Captions speak of the person as recorded, so such motions are reflected back. Which they are shows
in the feet: they point forward, and up x forward is the body's left.

**Raw files**: ``NNNNN_mmm.xml`` with ``NNNNN_annotations.json`` and ``NNNNN_meta.json``; see
`stickgen.datasets.mmm`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, Final

import numpy as np

from stickgen.core.errors import SourceError
from stickgen.datasets.canonical import Take
from stickgen.datasets.humanml3d import HumanML3DConverter
from stickgen.datasets.json_files import read_json, read_json_object
from stickgen.datasets.mmm import read_mmm
from stickgen.datasets.source import Companion, clip_name
from stickgen.datasets.tracks import Array

JOINTS: Final[tuple[str, ...]] = (
    "root",
    "pelvis_joint",
    "thorax_joint",
    "neck",
    "head",
    *(f"{side}_{part}" for side in ("left", "right") for part in ("shoulder", "elbow", "wrist")),
    *(
        f"{side}_{part}"
        for side in ("left", "right")
        for part in ("hip", "knee", "ankle", "foot", "toe")
    ),
)
"""root, BP, BT, BLN, BUN, LS, LE, LW, RS, RE, RW, LH, LK, LA, LMrot, LF, RH, ... of the map."""

PARENTS: Final[tuple[int, ...]] = (
    -1, 0, 1, 2, 3, 3, 5, 6, 3, 8, 9, 0, 11, 12, 13, 14, 0, 16, 17, 18, 19,
)  # fmt: skip
"""Index of each joint's parent."""

_TOES: Final = ((13, 15), (18, 20))
_HIPS: Final = (11, 16)


def is_reflected(path: Path, positions: Array) -> bool:
    """Return whether the left leg of *positions* ``[T, 21, 3]``, y up, is on the body's right.

    Raises:
        SourceError: the feet point so much to the side that it cannot be told.
    """
    forward = np.mean([positions[:, toe] - positions[:, ankle] for ankle, toe in _TOES], axis=0)
    left = positions[:, _HIPS[0]] - positions[:, _HIPS[1]]
    # up x forward, without its y component: (forward_z, 0, -forward_x)
    side = forward[:, 2] * left[:, 0] - forward[:, 0] * left[:, 2]
    length = np.linalg.norm(forward[:, [0, 2]], axis=-1) * np.linalg.norm(left[:, [0, 2]], axis=-1)
    lean = float(np.median(side / np.maximum(length, 1e-9)))
    if abs(lean) < 0.3:
        raise SourceError(
            path, "has feet that do not point forward, so left and right cannot be told apart"
        )
    return lean < 0


class KitMlConverter(HumanML3DConverter):
    """KIT-ML, in the layout of HumanML3D or raw."""

    name: ClassVar[str] = "kit_ml"
    licence: ClassVar[str] = "KIT-ML (research; KIT and CMU recordings)"
    download: ClassVar[str] = (
        "https://motion-annotation.humanoids.kit.edu/dataset (raw) or the KIT-ML of HumanML3D"
    )
    companions: ClassVar[tuple[Companion, ...]] = (
        Companion("texts/*.txt|texts.zip|*_annotations.json", "the captions"),
        Companion("train.txt", "the official split"),
    )
    citation: ClassVar[str] = (
        "Plappert et al., The KIT Motion-Language Dataset, Big Data 4(4), 2016"
    )
    layout: ClassVar[str] = (
        "new_joints/*.npy or new_joint_vecs/*.npy (251 features) with texts/ or texts.zip, or raw"
        " NNNNN_mmm.xml, NNNNN_annotations.json, NNNNN_meta.json"
    )
    suffixes: ClassVar[tuple[str, ...]] = (".npy", ".xml")
    unit: ClassVar[float | None] = None
    fps_rule: ClassVar[str] = "12.5; raw files: their time steps, 100"
    text_rule: ClassVar[str] = "texts/ or texts.zip; raw files: NNNNN_annotations.json"
    rate: ClassVar[float] = 12.5
    joint_names: ClassVar[tuple[str, ...]] = JOINTS
    joint_parents: ClassVar[tuple[int, ...]] = PARENTS

    def find(self, root: Path) -> list[Path]:
        """Return one file a clip under *root*, raw ones first."""
        if root.is_file():
            return super().find(root)
        found = super().find(root)
        raw = sorted(path for path in root.rglob("*_mmm.xml") if path.is_file())
        return [*raw, *found]

    def takes(self, path: Path, root: Path) -> Iterator[Take]:
        """Yield the clip and the pieces captions are about; see the base class."""
        if path.suffix.lower() == ".xml":
            yield self._raw_take(path, root)
        else:
            yield from super().takes(path, root)

    def _raw_take(self, path: Path, root: Path) -> Take:
        motion = read_mmm(path)
        number = path.stem.removesuffix("_mmm")
        texts = read_annotations(path.with_name(f"{number}_annotations.json"))
        return Take(
            tracks=[motion.track],
            fps=self.fps_given or motion.fps,
            name=clip_name(path, root).removesuffix("_mmm"),
            texts=texts,
            up="z",
            unit=self.metres or 0.001,
            subject=motion.subject,
            meta={
                "text_from": "annotations" if texts else "none",
                "subject_height": motion.height,
                **read_meta(path.with_name(f"{number}_meta.json")),
            },
        )

    def faithful(self, path: Path, positions: Array) -> tuple[Array, dict[str, object]]:
        """Return *positions* with the left limbs on the body's left."""
        reflected = is_reflected(path, positions)
        if reflected:
            positions = positions * np.array([-1.0, 1.0, 1.0])
        return positions, {"reflected": reflected}


def read_annotations(path: Path) -> tuple[str, ...]:
    """Return the sentences in ``NNNNN_annotations.json``, none if there is no such file.

    Raises:
        SourceError: it is not a list of sentences.
    """
    if not path.is_file():
        return ()
    data = read_json(path)
    if not isinstance(data, list) or not all(isinstance(text, str) for text in data):
        raise SourceError(path, "is not a list of sentences")
    return tuple(dict.fromkeys(text.strip() for text in data if text.strip()))


def read_meta(path: Path) -> dict[str, object]:
    """Return what ``NNNNN_meta.json`` says about the source, nothing if there is no such file.

    Raises:
        SourceError: it is not an object.
    """
    if not path.is_file():
        return {}
    data = read_json_object(path)
    return {"kit_source": data["source"]} if isinstance(data.get("source"), dict) else {}
