"""Every command and every Python block in the README and in docs/ runs as written.

The commands of one page run in order in one folder, which also holds ``walk.bvh``, a real file, if
the page mentions it; its Python blocks run as one program. What is indented instead of fenced is
only shown. What sets up an environment is left to the sessions ``demo`` and ``plugin``.

``stickgen …`` alone on a line runs in this process, which saves importing everything again, and
where it says nothing about size or quality it makes small pictures: a ``stickgen.toml`` says so.
"""

from __future__ import annotations

import os
import re
import runpy
import shlex
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest

from stickgen.core.cli.main import main

ROOT = Path(__file__).resolve().parent.parent.parent
commands = runpy.run_path(str(ROOT / ".ci" / "scripts" / "readme.py"))["commands"]
SCRIPTS = sysconfig.get_path("scripts")
TESTED_BY_A_SESSION = ROOT / "docs" / "tutorial" / "first-plugin.md"


def runnable(page: Path) -> list[str]:
    """Return the commands of *page* but those that set up an environment."""
    return [each for each in commands(page) if not each.startswith(("python3 -m venv", "pip "))]


def program(page: Path) -> str:
    """Return the ``python`` blocks of *page*, one after the other."""
    text = page.read_text("utf-8")
    return "\n".join(re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE))


def shown(page: Path) -> bool:
    """Return whether *page* shows something that is to be run here."""
    if page == TESTED_BY_A_SESSION or page.parent.name == "reference":
        return False
    return bool(program(page) or runnable(page))


PAGES = [
    page for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))) if shown(page)
]


SMALL = """\
[generate]
size = "320x180"
quality = "draft"

[render]
size = "320x180"
quality = "draft"
"""


def run(command: str, folder: Path) -> None:
    """Run *command* in *folder*; a shell runs what only a shell can."""
    words = shlex.split(command)
    if words[0] == "stickgen" and not re.search(r"[|&;<>$*]", command):
        assert main(words[1:]) == 0, command
        return
    environment = {**os.environ, "PATH": SCRIPTS + os.pathsep + os.environ["PATH"]}
    done = subprocess.run(
        ["bash", "-euc", command], cwd=folder, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{command}\n{done.stderr}"


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_page(page: Path, tmp_path: Path, real_data, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "stickgen.toml").write_text(SMALL)
    if "walk.bvh" in page.read_text("utf-8"):
        shutil.copy(real_data("cmu_bvh") / "cmu_bvh" / "07_01.bvh", tmp_path / "walk.bvh")
    for command in runnable(page):
        run(command, tmp_path)
    exec(compile(program(page), str(page), "exec"), {"__name__": "__main__"})
