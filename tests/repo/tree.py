"""The files of the repository, and its distributions, as the tests in this folder look at them."""

from __future__ import annotations

import subprocess
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent

FOLDERS = sorted(
    folder.parent
    for pattern in ("stickgen-*", "plugins/*")
    for folder in ROOT.glob(f"{pattern}/pyproject.toml")
)
"""One folder a distribution; the root is the meta-distribution."""


def project(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]


@cache
def files() -> tuple[Path, ...]:
    """Return what is in the repository or about to be: tracked files and new ones not ignored."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    paths = (ROOT / name for name in listing.stdout.split("\0") if name)
    return tuple(path for path in paths if path.is_file())


@cache
def texts() -> dict[Path, str]:
    """Return the text of every file that is text."""
    found = {}
    for path in files():
        try:
            found[path] = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
    return found


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
