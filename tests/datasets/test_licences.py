"""Licences of what is made of several works: each part once, whatever brackets there were."""

from __future__ import annotations

import pytest

from stickgen.datasets.licences import joined, parted

CMU = "CMU: free for all uses, credit mocap.cs.cmu.edu (NSF EIA-0196217)"


@pytest.mark.parametrize(
    ("licence", "parts"),
    [
        ("", ()),
        ("MIT", ("MIT",)),
        (CMU, (CMU,)),
        (f"MIT AND ({CMU})", ("MIT", CMU)),
        (f"(MIT AND ({CMU})) AND CC0-1.0 AND MIT", ("MIT", CMU, "CC0-1.0")),
        ("(MIT OR CC0-1.0) AND (BSD-3-Clause)", ("MIT OR CC0-1.0", "BSD-3-Clause")),
        ("research only (no redistribution)", ("research only (no redistribution)",)),
        ("(a) and (b)", ("(a) and (b)",)),
    ],
)
def test_an_expression_comes_apart(licence: str, parts: tuple[str, ...]) -> None:
    assert parted(licence) == parts


def test_what_is_joined_names_every_part_once() -> None:
    assert joined(["MIT", "MIT"]) == "MIT"
    assert joined(["", ""]) == ""
    assert joined([CMU]) == CMU
    both = joined(["MIT", f"MIT AND ({CMU})", "CC0-1.0"])
    assert both == f"MIT AND ({CMU}) AND CC0-1.0"
    assert parted(both) == ("MIT", CMU, "CC0-1.0")
