"""Where pictures come from: the renderer that was asked for, or the best there is."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Final

from stickgen.core import registries
from stickgen.core.errors import PluginError

if TYPE_CHECKING:
    from stickgen.core.protocols import Drawing
    from stickgen.core.types import RenderOptions, Scene

PREFERRED_RENDERERS: Final = ("cairo", "pillow")
"""Tried in this order where nobody asked for a certain one; then any other that is installed."""


def open_drawing(scene: Scene, options: RenderOptions) -> Drawing:
    """Return *scene* ready for drawing, by ``options.renderer`` or the first renderer that works.

    Warns where a later choice has to do. Raises `PluginError` when none works.
    """
    if options.renderer is not None:
        return registries.renderers.create(options.renderer).open(scene, options)
    installed = list(registries.renderers)
    order: list[str] = [name for name in PREFERRED_RENDERERS if name in installed]
    order += [name for name in installed if name not in order]
    failure: PluginError | None = None
    for name in order:
        try:
            drawing = registries.renderers.create(name).open(scene, options)
        except PluginError as error:
            failure = failure or error
            continue
        if failure is not None:
            warnings.warn(f"drawing with {name}, which is slower: {failure}", stacklevel=2)
        return drawing
    raise failure or PluginError("no renderer is installed; install one with: pip install stickgen")
