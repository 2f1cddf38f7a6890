"""Ships the plugin template inside the wheel, so that ``stickgen plugins new`` has it everywhere.

There is one copy of it, ``plugins/template`` in the checkout. The source distribution carries it
as ``template``; an editable installation reads it where it is.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LEFT_BEHIND = {"__pycache__", ".pytest_cache", ".ruff_cache", ".mypy_cache", ".hypothesis", "dist"}


class TemplateHook(BuildHookInterface):  # type: ignore[type-arg]
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add every file of the template to what is built."""
        if version == "editable":
            return
        root = Path(self.root)
        source = next(
            place
            for place in (root / "template", root.parent / "plugins" / "template")
            if (place / "pyproject.toml").is_file()
        )
        target = "stickgen/core/template" if self.target_name == "wheel" else "template"
        for path in sorted(source.rglob("*")):
            part = path.relative_to(source)
            if path.is_file() and not LEFT_BEHIND.intersection(part.parts):
                build_data["force_include"][str(path)] = f"{target}/{part.as_posix()}"
