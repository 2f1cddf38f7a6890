"""LSMB19: long sequences put together from NTU RGB+D recordings, as cut samples.

``cs_training_samples.txt`` and ``cv_training_samples.txt`` (cross-subject and cross-view) hold one
sample after the other: a line ``SssCcccPpppRrrrAaaa_offset``, the NTU recording and the frame of
the long sequence it begins at, then one line a frame with 25 joints ``x, y, z; x, y, z; ...`` in
the order and the axes of the Kinect. A joint of zeros was not seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import ClassVar, Final

import numpy as np

from stickgen.core.errors import SourceError
from stickgen.datasets.canonical import Take
from stickgen.datasets.kinect import FPS, JOINTS
from stickgen.datasets.ntu import Body, kinect_takes, ntu_name
from stickgen.datasets.source import SourceConverter, clip_name
from stickgen.datasets.tracks import Array

_FILE: Final = re.compile(r"(cs|cv)_\w+\.txt$", re.IGNORECASE)
_HEADER: Final = re.compile(r"(S\d{3}C\d{3}P\d{3}R\d{3}A\d{3})_(\d+)")
_PROTOCOLS: Final = {"cs": "cross-subject", "cv": "cross-view"}


def read_samples(path: Path) -> Iterator[tuple[str, int, int, Array]]:
    """Yield the samples of a file: recording, offset, line number, joints ``[T, 25, 3]``.

    Raises:
        SourceError: it is not one; names the line.
    """
    header: tuple[str, int, int] | None = None
    frames: list[Array] = []
    try:
        with path.open(encoding="ascii") as stream:
            for number, line in enumerate(stream, start=1):
                text = line.strip()
                if not text:
                    continue
                if text[0] != "S":
                    if header is None:
                        raise SourceError(
                            path, "a frame comes before any sample", place=f"line {number}"
                        )
                    frames.append(_frame(path, text, number))
                    continue
                if header is not None:
                    yield *header, _stacked(path, header, frames)
                found = _HEADER.fullmatch(text)
                if found is None:
                    raise SourceError(
                        path,
                        f"{text[:60]!r} is not the name of a sample",
                        place=f"line {number}",
                        hint="expected SsssCcccPpppRrrrAaaa_offset",
                    )
                header, frames = (found[1], int(found[2]), number), []
    except OSError as error:
        raise SourceError(path, f"cannot be read ({error.strerror or error})") from None
    except UnicodeDecodeError:
        raise SourceError(path, "is not a text of numbers") from None
    if header is None:
        raise SourceError(path, "holds no sample")
    yield *header, _stacked(path, header, frames)


def _stacked(path: Path, header: tuple[str, int, int], frames: list[Array]) -> Array:
    if not frames:
        raise SourceError(
            path, f"the sample {header[0]}_{header[1]} has no frames", place=f"line {header[2]}"
        )
    return np.stack(frames)


def _frame(path: Path, text: str, number: int) -> Array:
    """Return the joints ``[25, 3]`` on a line."""
    joints = [part for part in text.split(";") if part.strip()]
    if len(joints) != len(JOINTS):
        raise SourceError(
            path,
            f"holds {len(joints)} joints, expected {len(JOINTS)}",
            place=f"line {number}",
            hint="the file is cut short or damaged",
        )
    values = []
    for part in joints:
        try:
            x, y, z = (float(word) for word in part.split(","))
        except ValueError:
            raise SourceError(
                path, f"{part.strip()[:60]!r} is not a place x, y, z", place=f"line {number}"
            ) from None
        values.append((x, y, z))
    frame = np.array(values)
    if not np.isfinite(frame).all():
        raise SourceError(path, "holds a number that is not finite", place=f"line {number}")
    return frame


class Lsmb19Converter(SourceConverter):
    """The samples of LSMB19, one person each."""

    name: ClassVar[str] = "lsmb19"
    licence: ClassVar[str] = "NTU RGB+D (academic research only, no redistribution)"
    download: ClassVar[str] = "the authors, https://disa.fi.muni.cz: cs_*.txt and cv_*.txt"
    citation: ClassVar[str] = (
        "Sedmidubsky, Elias, Zezula, Benchmarking Search and Annotation in Continuous Human"
        " Skeleton Sequences, ICMR 2019; and NTU RGB+D, of which it is made"
    )
    layout: ClassVar[str] = "cs_*.txt and cv_*.txt, samples of NTU RGB+D as text"
    suffixes: ClassVar[tuple[str, ...]] = (".txt",)
    fps_rule: ClassVar[str] = "always 30"
    text_rule: ClassVar[str] = "sentences for the class in the sample's name"

    def find(self, root: Path) -> list[Path]:
        """Return the sample files under *root*, or *root* itself, if it is one."""
        found = super().find(root)
        return found if root.is_file() else [path for path in found if _FILE.match(path.name)]

    def takes(self, path: Path, root: Path) -> Iterator[Take | SourceError]:
        """Yield the samples of a file, in pieces where nobody was seen for long."""
        protocol = _PROTOCOLS.get(path.name[:2].lower(), "")
        for recording, offset, line, points in read_samples(path):
            body = Body(points, np.asarray(points.any(axis=(1, 2))))
            if not body.seen.any():
                yield SourceError(path, "the sample holds no body", place=f"line {line}")
                continue
            name = f"{clip_name(path, root)}/{recording}_{offset}"
            recorded = ntu_name(recording)
            fps = self.fps_given or FPS
            facts = {"sample_of": recording, "offset": offset, "protocol": protocol}
            for take in kinect_takes(path, name, [body], recorded, fps):
                yield replace(take, meta={**take.meta, **facts})
