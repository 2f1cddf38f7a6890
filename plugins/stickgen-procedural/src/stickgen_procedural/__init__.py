"""The generator ``procedural``: actions in 3-D on fixed bones with planted feet."""

from stickgen_procedural.generator import ProceduralGenerator

__all__ = ["ProceduralGenerator"]
