"""An exporter: ``-o walk.template`` writes every joint of every frame as a line of text."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import numpy as np

from stickgen.core.errors import SchemaError
from stickgen.core.protocols import Progress
from stickgen.core.schema import JOINTS
from stickgen.core.types import RenderOptions, Scene


class TemplateExporter:
    """Writes comma-separated lines: seconds, actor, joint, x, y, z in metres."""

    api_version: ClassVar[int] = 1
    media_type: ClassVar[str] = "text/csv"

    def write(
        self, scene: Scene, path: Path, options: RenderOptions, progress: Progress | None = None
    ) -> None:
        """Write *scene* at *path*; actors who are off stage have no lines."""
        motion = scene.motion
        if not np.isfinite(motion.joints).all():
            raise SchemaError("the motion is not finite")
        with path.open("w", encoding="utf-8", newline="\n") as file:
            file.write("seconds,actor,joint,x,y,z\n")
            for frame, actors in enumerate(motion.joints):
                for actor, joints in enumerate(actors):
                    if motion.present[frame, actor]:
                        for name, (x, y, z) in zip(JOINTS, joints, strict=True):
                            seconds = frame / motion.fps
                            file.write(f"{seconds:.3f},{actor},{name},{x:.4f},{y:.4f},{z:.4f}\n")
                if progress is not None:
                    progress(frame + 1, motion.n_frames)
