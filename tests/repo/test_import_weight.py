"""Command modules import nothing heavy, so that ``stickgen --help`` stays quick."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tree import FOLDERS, ROOT, project

HEAVY = (
    "IPython", "PIL", "av", "cairo", "cairocffi", "httpx", "numpy", "onnxruntime", "pyarrow",
    "pydantic", "scipy", "sentence_transformers", "torch",
)  # fmt: skip
COMMAND_MODULES = sorted(
    {
        target.partition(":")[0]
        for folder in FOLDERS
        if "broken" not in folder.name and "template" not in folder.name
        for target in project(folder).get("entry-points", {}).get("stickgen.commands", {}).values()
    }
    | {
        f"stickgen.core.cli.{path.stem}"
        for path in ROOT.glob("stickgen-core/src/stickgen/core/cli/*.py")
        if path.stem != "__init__"
    }
)


@pytest.mark.parametrize("module", ["stickgen.core", "stickgen.core.registries", *COMMAND_MODULES])
def test_light(module: str, tmp_path: Path) -> None:
    sources = os.pathsep.join(str(folder / "src") for folder in FOLDERS)
    program = (
        f"import sys, {module}\n"
        f"print(*sorted(set({HEAVY!r}) & {{name.partition('.')[0] for name in sys.modules}}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": sources},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []
