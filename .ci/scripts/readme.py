"""The shell commands of a Markdown page: ``python .ci/scripts/readme.py [PAGE]`` prints them."""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def commands(page: Path = ROOT / "README.md") -> list[str]:
    """Return the commands in the ``sh`` blocks of *page*, one string each, in order.

    A line that ends in a backslash or in ``&&`` goes on in the next one; comments are left out.
    """
    found: list[str] = []
    for block in re.findall(
        r"^```sh\n(.*?)^```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE
    ):
        unfinished = ""
        for line in block.splitlines():
            if not unfinished and (not line.strip() or line.startswith("#")):
                continue
            unfinished += line + "\n"
            if not line.rstrip().endswith(("\\", "&&")):
                found.append(unfinished.strip())
                unfinished = ""
        if unfinished:
            raise ValueError(f"{page.name}: the command {unfinished.strip()!r} has no end")
    return found


if __name__ == "__main__":
    print("\n".join(commands(*map(Path, sys.argv[1:2]))))
