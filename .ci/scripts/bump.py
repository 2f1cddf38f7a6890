"""One new version for all distributions: ``python .ci/scripts/bump.py 0.2.0``."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def bump(root: Path, new: str) -> list[Path]:
    """Replace the version of the root distribution by *new* wherever it stands under *root*.

    That is: in every ``pyproject.toml``, as a version and in the pins of our own distributions, and
    in every ``__version__``. Returns the files that changed.
    """
    if not re.fullmatch(r"\d+\.\d+\.\d+((a|b|rc)\d+)?", new):
        raise ValueError(f"{new!r} is not a version; write 0.2.0 or 0.2.0rc1")
    old = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    plain = re.escape(old)
    rules = (
        (rf'^((?:version|__version__) = "){plain}"', rf'\g<1>{new}"'),
        (rf'("stickgen[a-z-]*(?:\[[a-z,-]+\])?[=~]=){plain}"', rf'\g<1>{new}"'),
    )
    pages = [root / "pyproject.toml"]
    for pattern in ("stickgen-*", "plugins/*"):
        pages += root.glob(f"{pattern}/pyproject.toml")
        pages += root.glob(f"{pattern}/src/**/__init__.py")
    changed = []
    for page in pages:
        text = before = page.read_text("utf-8")
        for rule, replacement in rules:
            text = re.sub(rule, replacement, text, flags=re.MULTILINE)
        if text != before:
            page.write_text(text, "utf-8")
            changed.append(page)
    return changed


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("which version? python .ci/scripts/bump.py 0.2.0")
    try:
        print(*(path.relative_to(ROOT) for path in bump(ROOT, sys.argv[1])), sep="\n")
    except ValueError as error:
        sys.exit(str(error))
