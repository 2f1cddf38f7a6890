"""The exporters that draw nothing: ``.motion`` and ``.npz``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from stickgen.core import schema
from stickgen.core.protocols import Progress
from stickgen.core.storage.motion_file import MEDIA_TYPE, to_text
from stickgen.core.types import RenderOptions, Scene


class MotionExporter:
    """Writes the scene as a ``.motion`` file (see `stickgen.core.storage.motion_file`)."""

    api_version: ClassVar[int] = 1
    media_type: ClassVar[str] = MEDIA_TYPE

    def write(
        self, scene: Scene, path: Path, options: RenderOptions, progress: Progress | None = None
    ) -> None:
        """Write *scene* to *path* at the motion's own frame rate, whatever *options* say."""
        path.write_text(to_text(scene), encoding="utf-8")


class NpzExporter:
    """Writes the joints as a NumPy archive, readable with ``np.load(path)``.

    Arrays: ``joints`` float32 ``[T, A, 16, 3]`` in metres, ``joint_names`` ``[16]``, ``parents``
    ``[16]`` (-1 for the root), ``fps``, ``present`` bool ``[T, A]``, ``actions`` and ``overlay``
    int64 ``[T, A]``, ``has_depth`` (False: every z is 0), and ``face`` float32 ``[T, A, 7]`` if
    there is one.
    """

    api_version: ClassVar[int] = 1
    media_type: ClassVar[str] = "application/x-npz"

    def write(
        self, scene: Scene, path: Path, options: RenderOptions, progress: Progress | None = None
    ) -> None:
        """Write *scene* to *path* at the motion's own frame rate, whatever *options* say."""
        motion = replace(scene.motion)  # checked anew: its arrays may have been changed since
        arrays: dict[str, Any] = {
            "joints": motion.joints,
            "joint_names": np.array(schema.JOINTS),
            "parents": np.array(schema.PARENTS),
            "fps": np.array(motion.fps),
            "present": motion.present,
            "actions": motion.actions,
            "overlay": motion.overlay,
            "has_depth": np.array(motion.depth is not None),
        }
        if motion.face is not None:
            arrays["face"] = motion.face
        with path.open("wb") as file:
            np.savez_compressed(file, **arrays)
