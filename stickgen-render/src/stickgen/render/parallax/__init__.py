"""Pictures of one motion from many sides, to train models that see.

**Contents**
    - `ParallaxDataset`: draws item i on the fly, from (motion, view, frame) alone.
    - `stickgen.render.parallax.cameras`: where the camera stands, from a counter-based generator.
    - `stickgen.render.parallax.painter`: the fast way to draw a figure, and its PNG.
    - `stickgen.render.parallax.files`: the same pictures as PNG files or tar shards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stickgen.render.parallax.dataset import ParallaxDataset

__all__ = ["ParallaxDataset"]


def __getattr__(name: str) -> object:
    """Import the dataset, and numpy with it, when it is asked for."""
    if name == "ParallaxDataset":
        from stickgen.render.parallax.dataset import ParallaxDataset

        return ParallaxDataset
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
