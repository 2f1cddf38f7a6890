"""Stick figures in plain text: the exporter ``txt`` writes an animation as a comic strip."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from stickgen.core.errors import SchemaError
from stickgen.core.protocols import Progress
from stickgen.core.types import RenderOptions, Scene


class AsciiExporter:
    """Writes panels of ASCII characters, left to right, each with its time.

    There are at most 24 of them (one with ``still``); the picture size is the text's own.
    """

    api_version: ClassVar[int] = 1
    media_type: ClassVar[str] = "text/plain"

    def write(
        self, scene: Scene, path: Path, options: RenderOptions, progress: Progress | None = None
    ) -> None:
        """Write *scene* at *path*."""
        import numpy as np

        from stickgen_ascii.strip import strip

        if not np.isfinite(scene.motion.joints).all():
            raise SchemaError("the motion is not finite, it cannot be drawn")
        text = strip(scene, view=options.view, still=options.still, progress=progress)
        path.write_text(text, encoding="utf-8", newline="\n")
