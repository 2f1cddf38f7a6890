"""How all backends and exporters begin: choose a renderer, find the style, frame the shot."""

from __future__ import annotations

import json
import warnings
from dataclasses import replace

from stickgen.core.errors import PluginError
from stickgen.core.types import RenderOptions, Scene
from stickgen.render.shot import Shot, shoot
from stickgen.render.styles.base import PictureStyle


def open_style(name: str) -> PictureStyle:
    """Return a new style called *name* from the registry."""
    from stickgen.core.registries import styles

    style = styles.create(name)
    if not isinstance(style, PictureStyle):
        raise PluginError(f"style {name!r} cannot be drawn here: it lacks fixed() or frame()")
    return style


def open_shot(scene: Scene, options: RenderOptions) -> Shot:
    """Return the shot of *scene*."""
    return shoot(scene, options)


def opaque(options: RenderOptions, what: str) -> RenderOptions:
    """Return *options* with a backdrop; warns if they asked for none, which *what* cannot show."""
    if options.transparent:
        warnings.warn(f"{what} has no transparency, so the backdrop is drawn", stacklevel=3)
    return replace(options, transparent=False)


def comment(scene: Scene) -> str:
    """Return the provenance of *scene* as one line of ASCII JSON, "" if there is none."""
    if not scene.meta:
        return ""
    return json.dumps(dict(scene.meta), sort_keys=True, default=str)
