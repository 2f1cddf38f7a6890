"""A new version reaches every distribution."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest
from tree import ROOT, files, project

bump = runpy.run_path(str(ROOT / ".ci" / "scripts" / "bump.py"))["bump"]


def test_no_old_version_is_left(tmp_path: Path) -> None:
    old = project(ROOT)["version"]
    pages = [path for path in files() if path.name in ("pyproject.toml", "__init__.py")]
    for page in pages:
        copy = tmp_path / page.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(page.read_bytes())
    changed = bump(tmp_path, "9.8.7")
    assert {path.name for path in changed} == {"pyproject.toml", "__init__.py"}
    for page in pages:
        text = (tmp_path / page.relative_to(ROOT)).read_text("utf-8")
        if page.name == "pyproject.toml":
            assert f'"{old}"' not in text, page
            assert f"={old}" not in text, page
        assert f'__version__ = "{old}"' not in text, page


def test_a_version_is_a_version(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not a version"):
        bump(tmp_path, "next")
