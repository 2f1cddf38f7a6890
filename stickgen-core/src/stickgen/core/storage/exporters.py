"""The exporters that draw nothing: ``.motion``, ``.npz`` and ``.csv``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from stickgen.core import schema
from stickgen.core.ops import resample
from stickgen.core.protocols import Progress
from stickgen.core.provenance import comment
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
    int64 ``[T, A]``, ``has_depth`` (False: every z is 0), ``provenance`` (how the motion was made,
    as JSON), and ``face`` float32 ``[T, A, 7]`` if there is one.
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
            "provenance": np.array(comment(scene.meta)),
        }
        if motion.face is not None:
            arrays["face"] = motion.face
        with path.open("wb") as file:
            np.savez_compressed(file, **arrays)


class CsvExporter:
    """Writes the joints as a tidy table for spreadsheets, pandas and R: one joint a row.

    Columns: ``time`` in seconds, ``actor`` counted from 0, ``joint`` by its name, ``x``, ``y``,
    ``z`` in metres. Actors have rows only while they are there; ``z`` is empty for a motion without
    depth. A CSV file has no place for remarks, so the seed and the prompt are not in it.
    """

    api_version: ClassVar[int] = 1
    media_type: ClassVar[str] = "text/csv"

    def write(
        self, scene: Scene, path: Path, options: RenderOptions, progress: Progress | None = None
    ) -> None:
        """Write *scene* to *path* at ``options.fps`` (None: the motion's own frame rate)."""
        motion = replace(scene.motion)  # checked anew: its arrays may have been changed since
        if options.fps is not None and options.fps != motion.fps:
            motion = resample(motion, options.fps)
        flat = motion.depth is None
        joints, present = motion.joints.tolist(), motion.present.tolist()
        with path.open("w", encoding="ascii", newline="") as file:
            file.write("time,actor,joint,x,y,z\r\n")
            for frame, actors in enumerate(joints):
                time = f"{frame / motion.fps:.6g}"
                for actor, points in enumerate(actors):
                    if not present[frame][actor]:
                        continue
                    for name, (x, y, z) in zip(schema.JOINTS, points, strict=True):
                        depth = "" if flat else f"{z:.5f}"
                        file.write(f"{time},{actor},{name},{x:.5f},{y:.5f},{depth}\r\n")
                if progress is not None:
                    progress(frame + 1, motion.n_frames)
