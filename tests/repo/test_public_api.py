"""A public name comes, goes or changes its signature only on purpose."""

from __future__ import annotations

import ast
import runpy

from tree import ROOT

SCRIPT = runpy.run_path(str(ROOT / ".ci" / "scripts" / "public_api.py"))


def test_the_record_is_fresh() -> None:
    recorded = set((ROOT / "tests/repo/public_api.txt").read_text("utf-8").splitlines())
    now = set(SCRIPT["public_api"]())
    assert (sorted(now - recorded), sorted(recorded - now)) == ([], []), (
        "the public names changed; if that is meant: python .ci/scripts/public_api.py --write"
    )


def test_signatures_are_recorded() -> None:
    source = """
class Box:
    _hidden = 1
    width: int = 3
    def grow(self, by, /, times=1, *, slowly=False, **more): ...
def _private(): ...
LIMIT = 3
"""
    assert list(SCRIPT["names"](ast.parse(source).body)) == [
        "Box",
        "Box.width",
        "Box.grow(by, /, times=, *, slowly=, **more)",
        "LIMIT",
    ]
