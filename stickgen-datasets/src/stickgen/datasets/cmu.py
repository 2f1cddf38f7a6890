"""CMU Graphics Lab Motion Capture Database: skeleton and motion (ASF, AMC) or BVH conversions.

A trial is called by subject and number, ``02_01``; what it shows stands in a table beside or above
the files (`stickgen.datasets.cmu_index`). Where a trial is there in both formats in one folder,
the original, AMC, is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import ClassVar, Final, Unpack

from stickgen.core.errors import SourceError
from stickgen.datasets.asf_amc import AsfFile, read_amc, read_asf
from stickgen.datasets.bvh import read_bvh
from stickgen.datasets.canonical import Take
from stickgen.datasets.cmu_index import CMU_LICENCE, describe
from stickgen.datasets.source import Companion, Settings, SourceConverter, clip_name
from stickgen.datasets.tracks import SkeletonTrack

FPS: Final = 120.0
"""Frame rate of the recordings; AMC files do not say theirs."""
_ON_THORAX: Final = ("Neck", "LeftShoulder", "RightShoulder")
_TRIAL: Final = re.compile(r"(\d+)_(\d+)")


class CmuConverter(SourceConverter):
    """The CMU database, in any of its formats.

    Args:
        index: the table of trials; looked for beside the files and above them if not given.
        settings: see `SourceConverter`.
    """

    name: ClassVar[str] = "cmu"
    licence: ClassVar[str] = CMU_LICENCE
    download: ClassVar[str] = (
        "http://mocap.cs.cmu.edu: the ASF and AMC files, or one of their conversions to BVH"
    )
    companions: ClassVar[tuple[Companion, ...]] = (
        Companion("*.asf", "the skeletons of the AMC files"),
        Companion("cmu_index.csv|index.csv", "what each trial shows"),
    )
    citation: ClassVar[str] = (
        "The data used in this project was obtained from mocap.cs.cmu.edu. The database was"
        " created with funding from NSF EIA-0196217."
    )
    layout: ClassVar[str] = (
        "<subject>_<trial>.amc with <subject>.asf in the same folder or the one above, or"
        " <subject>_<trial>.bvh; optionally cmu_index.csv or index.csv beside or above them"
    )
    suffixes: ClassVar[tuple[str, ...]] = (".amc", ".bvh")
    unit: ClassVar[float | None] = None
    fps_rule: ClassVar[str] = "the table of trials, else 120 for AMC and the header for BVH"
    text_rule: ClassVar[str] = "the table of trials, with the subject's category in the meta"

    def __init__(self, *, index: str | Path | None = None, **settings: Unpack[Settings]) -> None:
        super().__init__(**settings)
        self.index = Path(index) if index is not None else None

    def find(self, root: Path) -> list[Path]:
        """Return the motions under *root*; of one trial in both formats the AMC file."""
        paths = super().find(root)
        amc = {path.with_suffix("") for path in paths if path.suffix.lower() == ".amc"}
        return [
            path
            for path in paths
            if path.suffix.lower() == ".amc" or path.with_suffix("") not in amc or path == root
        ]

    def takes(self, path: Path, root: Path) -> Iterator[Take]:
        """Yield the one performance of a file."""
        trial = _TRIAL.search(path.stem)
        known = describe(path, trial[0] if trial else path.stem, self.index)
        if path.suffix.lower() == ".amc":
            asf = skeleton_of(path)
            skeleton = _skeleton(asf, asf.stat().st_mtime_ns)
            track, fps, unit = read_amc(path, skeleton), FPS, skeleton.metres
            kind: dict[str, str] = {"skeleton": asf.name}
        else:
            content = read_bvh(path)
            fps, unit = content.fps, None
            track, restored = with_thorax(content.track)
            kind = {"thorax": "restored"} if restored else {}
        yield Take(
            tracks=[track],
            fps=self.fps_given or known.fps or fps,
            name=clip_name(path, root),
            texts=known.texts,
            up=self.up_axis,
            unit=self.metres or unit,
            setup_frames=path.suffix.lower() == ".bvh",
            recording=f"cmu/{trial[0]}" if trial else "",
            subject=trial[1] if trial else "",
            meta={"text_from": known.origin, **kind, **known.meta},
        )


def with_thorax(track: SkeletonTrack) -> tuple[SkeletonTrack, bool]:
    """Return *track* with the thorax it has lost, and whether it had lost it.

    The 31-joint conversions to BVH leave one bone of the spine out: neck and collarbones begin
    where the thorax does, 11 cm too low. The thorax of a CMU skeleton is as long as the bone
    below it, within millimetres.
    """
    at = {name: i for i, name in enumerate(track.names)}
    if not all(name in at for name in ("Spine1", *_ON_THORAX)):
        return track, False
    upper = [at[name] for name in _ON_THORAX]
    if any(track.parents[joint] != at["Spine1"] for joint in upper) or track.offsets[upper].any():
        return track, False
    offsets = track.offsets.copy()
    offsets[upper] = offsets[at["Spine1"]]
    return replace(track, offsets=offsets), True


def skeleton_of(path: Path) -> Path:
    """Return the skeleton a motion belongs to: its subject's, else the only one there.

    Looked for in the motion's folder, then in the one above.

    Raises:
        SourceError: there is none, or several and none of them the subject's.
    """
    subject = path.stem.rsplit("_", 1)[0]
    for folder in (path.parent, path.absolute().parent.parent):
        there = sorted(each for each in folder.glob("*") if each.suffix.lower() == ".asf")
        own = [each for each in there if each.stem in (subject, path.stem)]
        if own or len(there) == 1:
            return (own or there)[0]
    raise SourceError(
        path,
        f"its skeleton {subject}.asf is neither beside it nor in the folder above",
        hint="put it there; the motion cannot be read without",
    )


@lru_cache(maxsize=8)
def _skeleton(path: Path, stamp: int) -> AsfFile:
    """Return a skeleton, read once for all its motions; *stamp* makes a changed one be read."""
    return read_asf(path)
