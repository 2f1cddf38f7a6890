"""Scenes from the NumPy archives that ``-o x.npz`` writes."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import numpy as np

from stickgen.core.errors import DataError, StickgenError
from stickgen.core.types import Motion, Scene


def read_archive(path: Path) -> Scene:
    """Return the scene of the archive *path*: its joints and, where they are there, who is present,
    actions, faces and how it was made.

    Raises `DataError` for a file that is no such archive. Nothing in it is executed.
    """
    try:
        with np.load(path, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise DataError(f"{path} is not a NumPy archive that can be read: {error}") from error
    if "joints" not in arrays:
        raise DataError(f"{path} has no array called joints; write one with stickgen -o x.npz")
    try:
        deep = bool(arrays.get("has_depth", True))
        motion = Motion.from_joints(
            arrays["joints"] if deep else arrays["joints"][..., :2],
            fps=float(arrays.get("fps", 25.0)),
            **{k: arrays[k] for k in ("present", "actions", "overlay", "face") if k in arrays},
        )
        meta = json.loads(str(arrays.get("provenance", "")) or "{}")
    except (StickgenError, IndexError, TypeError, ValueError) as error:
        raise DataError(f"{path} does not hold a motion: {error}") from error
    return Scene(motion, meta=meta if isinstance(meta, dict) else {})
