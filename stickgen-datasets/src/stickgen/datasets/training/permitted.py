"""The data sets that a published model may be trained on, and how they are read.

A data set is here only if its licence lets anybody train on it and publish the result. What is for
research or non-commercial use alone (Bandai Namco, AMASS, HumanML3D, KIT-ML, BABEL, NTU and others)
is not, and no option adds it.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from stickgen.core.errors import SourceError


@dataclass(frozen=True, slots=True)
class Permitted:
    """A data set: its folder (or its archive, NAME.zip), the converter, and the terms."""

    name: str
    source: str
    licence: str
    credit: str


CMU: Final = "CMU: free for all uses, credit mocap.cs.cmu.edu (NSF EIA-0196217)"
_CREDIT: Final = "Carnegie Mellon University Motion Capture Database, mocap.cs.cmu.edu"

PERMITTED: Final = (
    Permitted("cmu_bvh", "bvh", CMU, _CREDIT),
    Permitted("asf_amc", "cmu", CMU, _CREDIT),
    Permitted("cmu_deepmimic_format", "deepmimic", f"MIT AND ({CMU})", f"{_CREDIT}; arpspoof/Jump"),
    Permitted("deepmimic", "deepmimic", "MIT", "Peng et al., DeepMimic (xbpeng/DeepMimic)"),
    Permitted("gltf", "gltf", "CC0-1.0", "Kay Lousberg, KayKit; Mesh2Motion"),
    Permitted("animated_drawings", "bvh", "MIT", "Smith et al., Animated Drawings"),
)
"""Every data set, in the order in which a recording found in two of them is preferred."""


@contextmanager
def folders(root: Path) -> Iterator[list[tuple[Permitted, Path]]]:
    """Yield the permitted data sets in *root* with their folders; archives are unpacked meanwhile.

    Raises `SourceError` where there is none, or an archive is damaged.
    """
    if not root.is_dir():
        raise SourceError(root, "is not a folder")
    with TemporaryDirectory(prefix="stickgen-") as scratch:
        found = []
        for each in PERMITTED:
            folder, archive = root / each.name, root / f"{each.name}.zip"
            if folder.is_dir():
                found.append((each, folder))
            elif archive.is_file():
                found.append((each, _unpacked(archive, Path(scratch) / each.name)))
        if not found:
            names = ", ".join(each.name for each in PERMITTED)
            raise SourceError(root, "holds none of the permitted data sets", hint=f"any of {names}")
        yield found


def _unpacked(archive: Path, target: Path) -> Path:
    try:
        with zipfile.ZipFile(archive) as file:
            file.extractall(target)
    except (zipfile.BadZipFile, OSError, RuntimeError) as error:
        raise SourceError(archive, f"cannot be unpacked ({error})") from error
    inner = target / target.name
    return inner if inner.is_dir() else target
