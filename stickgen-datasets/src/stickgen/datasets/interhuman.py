"""InterHuman: two people in one frame of reference, with three captions a recording.

``motions/<id>.pkl`` holds ``mocap_framerate``, ``person1`` and ``person2``, each with ``trans``
``[T, 3]``, ``root_orient`` ``[T, 3]``, ``pose_body`` ``[T, 63]`` and ``betas``: SMPL bodies as in
AMASS, z up, metres. ``motions_processed/person1/<id>.npy`` and ``person2/<id>.npy`` hold the same
at 30 frames a second as positions of 62 joints, the body's 22 first, and their rotations; they are
read for recordings that have no ``.pkl``.

The pickles say nothing about the joints of a person's own shape. Both bodies are the neutral rest
skeleton in one common size, the one in which their feet stand on the floor, so that the distance
between the two is the recorded one.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar, Final

import numpy as np

from stickgen.core.errors import SourceError
from stickgen.datasets.arrays import read_array
from stickgen.datasets.canonical import Take
from stickgen.datasets.pickles import Table, read_pickle
from stickgen.datasets.smpl import JOINTS, PARENTS, REST_JOINTS, fitted_scale, smpl_track
from stickgen.datasets.source import Companion, SourceConverter, clip_name
from stickgen.datasets.tracks import Array, PointTrack, Track

PEOPLE: Final[tuple[str, ...]] = ("person1", "person2")
PROCESSED_FPS: Final = 30.0

_SPLITS: Final = ("train", "val", "test")
_POSITIONS: Final = 3 * len(JOINTS)
_CAPTION_BYTES: Final = 100_000


def read_motion_pickle(path: Path) -> tuple[list[tuple[Array, Array]], float, dict[str, Any]]:
    """Return both people's rotations ``[T, 22, 3]`` and translation, the frame rate, and facts.

    Raises:
        SourceError: it is no such file; names the person and the key.
    """
    table = Table(path, read_pickle(path))
    fps = table.number("mocap_framerate")
    if fps <= 0:
        raise SourceError(path, f"must be positive, not {fps:g}", place="key 'mocap_framerate'")
    people = []
    facts: dict[str, Any] = {}
    for name in PEOPLE:
        person = table.table(name)
        root = person.numbers("root_orient", (None, 3))
        body = person.numbers("pose_body", (len(root), 63))
        translation = person.numbers("trans", (len(root), 3))
        people.append((np.hstack([root, body]).reshape(-1, 22, 3), translation))
        if "betas" in person:
            betas = person.numbers("betas", None).ravel()[:16]
            facts[f"{name}_betas"] = [round(float(beta), 5) for beta in betas]
    return people, fps, facts


class InterHumanConverter(SourceConverter):
    """InterHuman: interactions of two people."""

    name: ClassVar[str] = "interhuman"
    licence: ClassVar[str] = "CC-BY-NC-SA-4.0 (no redistribution)"
    download: ClassVar[str] = "https://tr3e.github.io/intergen-page: motions, annots, split"
    companions: ClassVar[tuple[Companion, ...]] = (
        Companion("annots/*.txt", "the captions"),
        Companion("split/*.txt", "the official split"),
    )
    citation: ClassVar[str] = (
        "Liang et al., InterGen: Diffusion-based Multi-human Motion Generation under Complex"
        " Interactions, IJCV 2024"
    )
    layout: ClassVar[str] = (
        "motions/<id>.pkl, or motions_processed/person1/<id>.npy and person2/<id>.npy;"
        " annots/<id>.txt, split/{train,val,test}.txt"
    )
    suffixes: ClassVar[tuple[str, ...]] = (".pkl", ".npy")
    up: ClassVar[str | None] = "z"
    fps_rule: ClassVar[str] = "mocap_framerate in the .pkl; processed files run at 30"
    text_rule: ClassVar[str] = "annots/<id>.txt, one caption a line"

    def find(self, root: Path) -> list[Path]:
        """Return one file a recording under *root*, or *root* itself, if it is one."""
        found = super().find(root)
        if root.is_file():
            return found
        raw = [path for path in found if path.suffix.lower() == ".pkl"]
        known = {path.stem for path in raw}
        processed = [
            path
            for path in found
            if path.suffix.lower() == ".npy"
            and path.parent.name == PEOPLE[0]
            and path.stem not in known
        ]
        return sorted([*raw, *processed])

    def takes(self, path: Path, root: Path) -> Iterator[Take]:
        """Yield the one performance of two people."""
        tracks: list[Track]
        if path.suffix.lower() == ".npy":
            tracks, fps, facts = list(_processed(path)), PROCESSED_FPS, {"body": "processed joints"}
        else:
            tracks, fps, facts = self._bodies(path)
        captions = _captions(path)
        frames = [track.n_frames for track in tracks]
        yield Take(
            tracks=tracks,
            fps=self.fps_given or fps,
            name=clip_name(path, root).replace(f"{PEOPLE[0]}/", ""),
            texts=captions,
            up=self.up_axis,
            unit=self.metres,
            split=_split_of(path),
            meta={
                **facts,
                "frames_dropped": max(frames) - min(frames),
                "text_from": "annots" if captions else "none",
            },
        )

    def _bodies(self, path: Path) -> tuple[list[Track], float, dict[str, Any]]:
        people, fps, facts = read_motion_pickle(path)
        n = min(len(translation) for _, translation in people)
        people = [(rotations[:n], translation[:n]) for rotations, translation in people]
        size = 1.0
        if self.up_axis == "z":
            size = float(np.mean([fitted_scale(*person) for person in people]))
        facts |= {"body": "neutral rest skeleton, not the people's own shapes"}
        facts |= {"body_scale": round(size, 4)}
        tracks = [smpl_track(*person, REST_JOINTS * size) for person in people]
        return list(tracks), fps, facts


def _processed(path: Path) -> Iterator[PointTrack]:
    """Yield the tracks in the two processed files of a recording, one a person."""
    files = [path.parent.parent / name / path.name for name in PEOPLE]
    if path.parent.name not in PEOPLE:
        raise SourceError(
            path,
            "lies in no folder of a person",
            hint="expected person1/<id>.npy, person2/<id>.npy",
        )
    people = []
    for file in files:
        if not file.is_file():
            raise SourceError(path, f"has no partner: there is no {file}")
        numbers = read_array(file, (None, None))
        if numbers.shape[1] < _POSITIONS:
            raise SourceError(
                file, f"has {numbers.shape[1]} columns, expected {_POSITIONS} or more (62 joints)"
            )
        people.append(numbers[:, :_POSITIONS].reshape(-1, len(JOINTS), 3))
    n = min(len(points) for points in people)
    for points in people:
        yield PointTrack(JOINTS, PARENTS, points[:n])


def _beside(path: Path, folder: str, name: str) -> Path | None:
    """Return the file *name* in *folder* beside the folder of motions *path* lies in."""
    for parent in list(path.absolute().parents)[1:3]:
        found = parent / folder / name
        if found.is_file():
            return found
    return None


def _captions(path: Path) -> tuple[str, ...]:
    file = _beside(path, "annots", f"{path.stem}.txt")
    return () if file is None else tuple(dict.fromkeys(_lines(file)))


def _split_of(path: Path) -> str | None:
    for split in _SPLITS:
        file = _beside(path, "split", f"{split}.txt")
        if file is not None and path.stem in _members(file, file.stat().st_mtime_ns):
            return split
    return None


@lru_cache(maxsize=8)
def _members(file: Path, stamp: int) -> frozenset[str]:
    """Return the recordings in a list; *stamp* makes a changed one be read again."""
    return frozenset(_lines(file, size=None))


def _lines(file: Path, size: int | None = _CAPTION_BYTES) -> list[str]:
    try:
        if size is not None and file.stat().st_size > size:
            raise SourceError(file, "is too large for captions")
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise SourceError(file, f"cannot be read ({error.strerror or error})") from None
    except UnicodeDecodeError:
        raise SourceError(file, "is not text in UTF-8") from None
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]
