"""Data at rest: the Parquet store of clips, ``.motion`` files, and files that appear whole or not.

Importing this package imports nothing heavy; names are loaded when first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stickgen.core.storage.atomic import atomic_path as atomic_path
    from stickgen.core.storage.clips import ClipStore as ClipStore
    from stickgen.core.storage.clips import ClipWriter as ClipWriter
    from stickgen.core.storage.exporters import MotionExporter as MotionExporter
    from stickgen.core.storage.exporters import NpzExporter as NpzExporter
    from stickgen.core.storage.motion_file import motion_schema as motion_schema
    from stickgen.core.storage.motion_file import read_motion as read_motion
    from stickgen.core.storage.motion_file import write_motion as write_motion
    from stickgen.core.storage.script_file import read_script as read_script

_HOME_OF = {
    "ClipStore": "clips",
    "ClipWriter": "clips",
    "MotionExporter": "exporters",
    "NpzExporter": "exporters",
    "atomic_path": "atomic",
    "motion_schema": "motion_file",
    "read_motion": "motion_file",
    "read_script": "script_file",
    "write_motion": "motion_file",
}

__all__ = sorted(_HOME_OF)


def __getattr__(name: str) -> object:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    return __all__
