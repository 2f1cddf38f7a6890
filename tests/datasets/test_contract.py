"""The promises every converter makes, kept by ours."""

from __future__ import annotations

from pathlib import Path

from bvh_text import bvh_text

from stickgen.core.testing import ConverterContract


class TestBvh(ConverterContract):
    name = "bvh"

    def sample(self, folder: Path) -> Path:
        (folder / "more").mkdir()
        (folder / "stand.bvh").write_text(bvh_text(frames=40))
        (folder / "more" / "stand.BVH").write_text(bvh_text(frames=30))
        (folder / "notes.md").write_text("no motion")
        return folder
