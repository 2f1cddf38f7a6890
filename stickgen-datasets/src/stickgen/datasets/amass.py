"""AMASS: SMPL+H and SMPL-X bodies fitted to marker recordings, one ``.npz`` a take.

**Two generations of files**
    - ``*_poses.npz`` (SMPL+H): ``poses`` ``[T, 156]``, ``trans``, ``betas``, ``gender``,
      ``mocap_framerate``.
    - ``*_stageii.npz`` (SMPL-X, and SMPL+H anew): ``root_orient``, ``pose_body``, ``pose_hand``,
      ``trans``, ``betas``, ``mocap_frame_rate``, ``surface_model_type``.

Both hold axis-angle rotations of a z-up world in metres. With the body models' files the joints
are those of the person's own shape; without, the rotations turn a neutral body of average shape,
which the clip's meta says.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar, Final, Unpack

import numpy as np

from stickgen.core.errors import SourceError
from stickgen.datasets.arrays import Archive, open_archive
from stickgen.datasets.body_models import rest_joints
from stickgen.datasets.canonical import Take
from stickgen.datasets.gates import FPS_RANGE
from stickgen.datasets.json_files import read_json_object
from stickgen.datasets.sentences import sentence
from stickgen.datasets.smpl import REST_JOINTS, fitted_scale, smpl_track
from stickgen.datasets.source import Settings, SourceConverter, clip_name
from stickgen.datasets.tracks import Array, SkeletonTrack

_SKIPPED: Final = re.compile(r"(?:^|.*_)(?:shape|stagei)\.npz$|^(?:SMPL[HX]?_\w+|model)\.npz$")
"""Files of shapes and first-stage fits beside the motions, and body models."""
_ENDING: Final = re.compile(r"_(?:poses|stageii)$")
_MODELS: Final[dict[int, str]] = {72: "smpl", 156: "smplh", 162: "smplx", 165: "smplx"}
"""Body model by the number of pose parameters."""
_FPS_KEYS: Final = ("mocap_framerate", "mocap_frame_rate")
_NOISE: Final = frozenset({
    "poses", "stageii", "c3d", "dynamics", "mosh", "sample", "rom", "amass", "test", "trial",
    "take", "subject",
    "female", "male",
})  # fmt: skip
"""Words in file and folder names that say nothing about the motion."""
_MAX_BETAS: Final = 400
_MAX_ANGLE: Final = 1000.0
_MAX_PLACE: Final = 1e5
_MAX_FPS: Final = 1000.0
"""Highest frame rate of which every other frame (or fewer) is taken; those above are damage."""


@dataclass(frozen=True, slots=True)
class AmassMotion:
    """What an AMASS file holds, every second frame of it where there are more than 240 a second.

    ``rotations`` are axis-angle ``[T, 22, 3]``, ``translation`` ``[T, 3]`` is in metres, z up;
    ``model`` is smpl, smplh or smplx, ``betas`` are the coefficients of the body's shape.
    """

    rotations: Array
    translation: Array
    betas: Array
    gender: str
    model: str
    fps: float


def read_amass(path: Path, fps: float | None = None) -> AmassMotion:
    """Return the motion in the AMASS file at *path*, of either generation.

    Args:
        path: the file.
        fps: the true frame rate, where the one in the file is wrong.

    Raises:
        SourceError: it is not one; names the key that is wrong.
    """
    with open_archive(path) as archive:
        fps = fps or _frame_rate(archive)
        if "poses" in archive:
            poses = archive.numbers("poses", (None, None))
            width = poses.shape[1]
            if width not in _MODELS:
                raise SourceError(
                    path,
                    f"has {width} pose parameters, expected {', '.join(map(str, sorted(_MODELS)))}",
                    place="key 'poses'",
                )
            body = poses[:, :66]
        else:
            root = archive.numbers("root_orient", (None, 3))
            body = np.hstack([root, archive.numbers("pose_body", (len(root), 63))])
            width = 165
        translation = archive.numbers("trans", (len(body), 3))
        for what, values, most in (
            ("rotations in radians", body, _MAX_ANGLE),
            ("places in metres", translation, _MAX_PLACE),
        ):
            if np.abs(values).max() > most:
                raise SourceError(path, f"holds {what} beyond {most:g}", hint="it is damaged")
        betas = archive.numbers("betas", (None,)) if "betas" in archive else np.zeros(0)
        if len(betas) > _MAX_BETAS:
            raise SourceError(path, f"holds {len(betas)} shape coefficients", place="key 'betas'")
        named = archive.word("surface_model_type").lower()
        model = named if named in _MODELS.values() else _MODELS[width]
        # The 250 frames a second of some recordings are more than the gates let through.
        stride = math.ceil(fps / FPS_RANGE[1]) if FPS_RANGE[1] < fps <= _MAX_FPS else 1
        return AmassMotion(
            rotations=body.reshape(len(body), 22, 3)[::stride],
            translation=translation[::stride],
            betas=betas,
            gender=archive.word("gender").lower() or "neutral",
            model=model,
            fps=fps / stride,
        )


def _frame_rate(archive: Archive) -> float:
    for key in _FPS_KEYS:
        if key in archive:
            fps = archive.number(key)
            if fps <= 0:
                raise SourceError(
                    archive.path, f"must be positive, not {fps:g}", place=f"key {key!r}"
                )
            return fps
    raise SourceError(
        archive.path,
        "holds no frame rate",
        place=f"key {' or '.join(map(repr, _FPS_KEYS))}",
        hint="only motion files are read, shapes and first-stage fits are not",
    )


def motion_key(path: str) -> str:
    """Return what the names of one take in both generations, and in lists of them, have in common.

    "KIT/KIT/4/Walk 01_poses.npz" and "KIT/4/Walk_01_stageii.npz" are "KIT/4/Walk_01".
    """
    parts = path.replace("\\", "/").removesuffix(".npz").strip("/").split("/")
    if len(parts) > 2 and parts[0] == parts[1]:
        parts = parts[1:]
    return _ENDING.sub("", "/".join(parts)).replace(" ", "_")


def keywords(path: Path, root: Path) -> str:
    """Return the words of a file's name, or where it has none, those of its folder's.

    "KIT/4/WalkingStraightForward01_poses.npz" is "walking straight forward".
    """
    folders = list(path.relative_to(root).parent.parts) if path.is_relative_to(root) else []
    for name in (path.stem, *reversed(folders[1:])):
        spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
        words = [word.lower() for word in re.findall(r"[^\W\d_]+", spaced)]
        words = [word for word in words if len(word) > 1 and word not in _NOISE]
        if words:
            return " ".join(words)
    return ""


@dataclass(frozen=True, slots=True)
class Known:
    """What a list of takes says about one of them."""

    texts: tuple[str, ...] = ()
    meta: Mapping[str, object] = field(default_factory=dict)


class AmassConverter(SourceConverter):
    """AMASS folders as they are downloaded.

    Args:
        body_models: folder of SMPL-H and SMPL-X model files; None poses a neutral body.
        texts: JSON file of descriptions by path, see `read_texts`.
        settings: see `SourceConverter`.
    """

    name: ClassVar[str] = "amass"
    licence: ClassVar[str] = "AMASS (non-commercial research, no redistribution)"
    download: ClassVar[str] = (
        "https://amass.is.tue.mpg.de, after registration: subsets as SMPL+H G or SMPL-X N/G"
    )
    citation: ClassVar[str] = (
        "Mahmood et al., AMASS: Archive of Motion Capture as Surface Shapes, ICCV 2019;"
        " cite the recordings used as well"
    )
    layout: ClassVar[str] = (
        "<subset>/<subject>/*_poses.npz (SMPL+H) or *_stageii.npz (SMPL-X); shape.npz and"
        " *_stagei.npz are skipped"
    )
    suffixes: ClassVar[tuple[str, ...]] = (".npz",)
    up: ClassVar[str | None] = "z"
    fps_rule: ClassVar[str] = "mocap_framerate or mocap_frame_rate in the file"
    text_rule: ClassVar[str] = "the file of --set texts=FILE, else the words of the path"

    def __init__(
        self,
        *,
        body_models: str | Path | None = None,
        texts: str | Path | None = None,
        **settings: Unpack[Settings],
    ) -> None:
        super().__init__(**settings)
        self.body_models = Path(body_models) if body_models is not None else None
        self.texts = Path(texts) if texts is not None else None

    def find(self, root: Path) -> list[Path]:
        """Return the motion files under *root*, or *root* itself, if it is one."""
        found = super().find(root)
        if root.is_file():
            return found
        return [path for path in found if not _SKIPPED.match(path.name)]

    def takes(self, path: Path, root: Path) -> Iterator[Take]:
        """Yield the one performance of an AMASS file."""
        motion = read_amass(path, self.fps_given)
        track, meta = self._track(motion)
        name = clip_name(path, root)
        known = self._known(path, root)
        words = keywords(path, root)
        texts = known.texts or ((sentence([words]),) if words else ())
        origin = "texts file" if known.texts else "path" if words else "none"
        yield Take(
            tracks=[track],
            fps=motion.fps,
            name=name,
            texts=texts,
            up=self.up_axis,
            unit=self.metres,
            recording=motion_key(f"{name}.npz"),
            subject=_subject(path, root),
            meta={**known.meta, **meta, "text_from": origin},
        )

    def _track(self, motion: AmassMotion) -> tuple[SkeletonTrack, dict[str, object]]:
        """Return the body that moves, and what is known about it."""
        facts: dict[str, object] = {"gender": motion.gender, "body_model": motion.model}
        if motion.betas.size:
            facts["betas"] = [round(float(beta), 5) for beta in motion.betas[:16]]
        if self.body_models is None or motion.model == "smpl":
            size = fitted_scale(motion.rotations, motion.translation) if self.up_axis == "z" else 1
            rest = REST_JOINTS * size
            facts["body"] = "neutral rest skeleton, not the person's own shape"
            facts["body_scale"] = round(size, 4)
        else:
            rest = rest_joints(self.body_models, motion.model, motion.gender, motion.betas)
            facts["body"] = "the person's own shape"
        return smpl_track(motion.rotations, motion.translation, rest), facts

    def _known(self, path: Path, root: Path) -> Known:
        if self.texts is None:
            return Known()
        table = read_texts(self.texts)
        full = path.absolute() if root.is_file() else path.relative_to(root)
        parts = full.as_posix().split("/")
        for start in range(max(0, len(parts) - 4), len(parts)):
            key = motion_key("/".join(parts[start:]))
            if key in table:
                return table[key]
        return Known()


def read_texts(path: Path) -> dict[str, Known]:
    """Return what a JSON file says about takes, by `motion_key`.

    Three forms are read: ``{path: sentence or [sentences]}``; the AMASS annotations of KIT-ML,
    ``{id: {"path": ..., "annotations": [{"text": ...}]}}``; and BABEL's ``{path: id}``, whose ids
    go into the meta.

    Raises:
        SourceError: it is none of them; names the entry.
    """
    try:
        stamp = path.stat().st_mtime_ns
    except OSError as error:
        raise SourceError(path, f"cannot be read ({error.strerror or error})") from None
    return _read_texts(path, stamp)


@lru_cache(maxsize=4)
def _read_texts(path: Path, stamp: int) -> dict[str, Known]:
    table: dict[str, Known] = {}
    for key, value in read_json_object(path).items():
        place = f"entry {key!r}"
        if isinstance(value, dict):
            take = value.get("path")
            notes = value.get("annotations")
            if not isinstance(take, str) or not isinstance(notes, list):
                raise SourceError(path, "has no 'path' and 'annotations'", place=place)
            texts = [note.get("text") if isinstance(note, dict) else None for note in notes]
            known = Known(_sentences(path, texts, place), {"kit_id": key})
            table[motion_key(take)] = known
        elif isinstance(value, str) and value.isdigit():
            table[motion_key(key)] = Known(meta={"babel_id": value})
        else:
            texts = value if isinstance(value, list) else [value]
            table[motion_key(key)] = Known(_sentences(path, texts, place))
    return table


def _sentences(path: Path, texts: list[Any], place: str) -> tuple[str, ...]:
    if not all(isinstance(text, str) for text in texts):
        raise SourceError(path, "holds something that is not a text", place=place)
    return tuple(dict.fromkeys(text.strip() for text in texts if text.strip()))


def _subject(path: Path, root: Path) -> str:
    """Return subset and subject, the two folders a take lies in: "KIT/4"."""
    if root.is_file() or not path.is_relative_to(root):
        return path.parent.name
    return "/".join(motion_key(path.relative_to(root).as_posix()).split("/")[:-1][-2:])
