"""HTML: one file that plays the scene in any browser, offline."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import ClassVar

from stickgen.core.protocols import Progress
from stickgen.core.types import RenderOptions, Scene


class HtmlExporter:
    """A page with a player: turn the camera, change the style, step through the frames."""

    api_version: ClassVar[int] = 1
    media_type: ClassVar[str] = "text/html"

    def write(
        self, scene: Scene, path: Path, options: RenderOptions, progress: Progress | None = None
    ) -> None:
        """Write *scene* to *path*; the page begins in the style, view and framing of *options*.

        Warns for a style the page cannot draw (it begins in normal then) and for a missing
        backdrop, which the page always has.
        """
        path.write_text(player_page(scene, options), encoding="utf-8", newline="\n")
        if progress is not None:
            progress(scene.motion.n_frames, scene.motion.n_frames)


def player_page(scene: Scene, options: RenderOptions) -> str:
    """Return the HTML text of the player of *scene*."""
    from stickgen.render.player.document import STYLES, document
    from stickgen.render.player.page import page

    if options.style not in STYLES:
        warnings.warn(
            f"the player cannot draw the style {options.style}, so it begins in {STYLES[0]}",
            stacklevel=3,
        )
    if options.transparent:
        warnings.warn("html has no transparency, so the backdrop is drawn", stacklevel=3)
    return page(document(scene, options))
