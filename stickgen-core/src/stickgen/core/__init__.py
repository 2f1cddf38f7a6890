"""The small core of stickgen: the motion schema, the values that flow, and the registries.

Importing this package imports nothing heavy; names are loaded when first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from stickgen.core.errors import DataError as DataError
    from stickgen.core.errors import OutputError as OutputError
    from stickgen.core.errors import PluginError as PluginError
    from stickgen.core.errors import SchemaError as SchemaError
    from stickgen.core.errors import ServiceError as ServiceError
    from stickgen.core.errors import SourceError as SourceError
    from stickgen.core.errors import StickgenError as StickgenError
    from stickgen.core.errors import UsageError as UsageError
    from stickgen.core.pipeline import Animation as Animation
    from stickgen.core.pipeline import generate as generate
    from stickgen.core.pipeline import load as load
    from stickgen.core.types import Artifact as Artifact
    from stickgen.core.types import Beat as Beat
    from stickgen.core.types import CameraTrack as CameraTrack
    from stickgen.core.types import Clip as Clip
    from stickgen.core.types import Motion as Motion
    from stickgen.core.types import RenderOptions as RenderOptions
    from stickgen.core.types import Role as Role
    from stickgen.core.types import Scene as Scene
    from stickgen.core.types import Script as Script

_HOMES = {
    "errors": (
        "DataError", "OutputError", "PluginError", "SchemaError", "ServiceError", "SourceError",
        "StickgenError", "UsageError",
    ),
    "pipeline": ("Animation", "generate", "load"),
    "types": (
        "Artifact", "Beat", "CameraTrack", "Clip", "Motion", "RenderOptions", "Role", "Scene",
        "Script",
    ),
}  # fmt: skip
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = ["__version__", *sorted(_HOME_OF)]


def __getattr__(name: str) -> object:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
