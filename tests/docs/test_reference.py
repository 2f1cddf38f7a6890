"""The generated pages of docs/reference say what the code says."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = runpy.run_path(str(ROOT / ".ci" / "scripts" / "reference.py"))["pages"]()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_fresh(page: Path) -> None:
    assert page.is_file(), "run nox -s docs"
    assert page.read_text("utf-8") == PAGES[page], "run nox -s docs"


def test_every_command_is_there() -> None:
    text = PAGES[ROOT / "docs" / "reference" / "cli.md"]
    for command in ("generate", "render", "convert", "story", "plugins new", "plugins check"):
        assert f"## `stickgen {command}`" in text
    assert "failed to load" not in text
