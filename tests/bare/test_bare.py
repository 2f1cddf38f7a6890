"""stickgen-core alone, with one broken plugin beside it."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
from importlib import metadata
from pathlib import Path

import pytest

from stickgen.core.registries import ALL

STICKGEN = Path(sysconfig.get_path("scripts")) / "stickgen"
KNOWN = sorted((kind, name) for kind, registry in ALL.items() for name in registry.known)
OURS = {"stickgen-core", "stickgen-plugin-broken"}


def stickgen(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [STICKGEN, *arguments], capture_output=True, text=True, check=False, cwd=cwd
    )


def test_nothing_else_of_ours_is_here() -> None:
    names = {each.metadata["Name"] for each in metadata.distributions()}
    assert {name for name in names if name.startswith("stickgen")} == OURS


def test_help_lists_the_commands() -> None:
    done = stickgen("--help")
    assert done.returncode == 0, done.stderr
    for command in ("generate", "render", "plugins", "inspect", "schema", "doctor"):
        assert f"  {command} " in done.stdout
    assert "Traceback" not in done.stderr


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys; from stickgen.core.cli.main import main; main(['--help'])\n"
        "heavy = {'numpy', 'torch', 'scipy', 'PIL', 'cairo', 'pluggy', 'safetensors'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_broken_plugin_is_listed_and_harms_nobody() -> None:
    done = stickgen("plugins", "list", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)["plugins"]
    assert {row["distribution"] for row in found} <= OURS
    assert any(row["distribution"] == "stickgen-plugin-broken" for row in found)


def test_checking_names_the_broken_plugin_and_it_alone() -> None:
    done = stickgen("plugins", "check", "--json")
    assert done.returncode == 3
    bad = [row for row in json.loads(done.stdout)["plugins"] if row["error"]]
    assert bad
    for row in bad:
        assert row["distribution"] == "stickgen-plugin-broken"
        assert "stickgen-plugin-broken" in row["error"]
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("kind", "name"), KNOWN, ids=[f"{k}-{n}" for k, n in KNOWN])
def test_a_known_name_says_how_to_get_it(kind: str, name: str) -> None:
    from stickgen.core.errors import PluginError

    with pytest.raises(PluginError, match=r"pip install .*stickgen") as raised:
        ALL[kind].resolve(name)
    assert "did you mean" not in str(raised.value)


@pytest.mark.parametrize(
    "arguments",
    [
        ("generate", "A person walks", "-o", "walk.mp4"),
        ("convert", "--source", "bvh", "x.bvh", "-o", "x"),
        ("generate", "A person walks", "-o", "walk.motion"),
    ],
    ids=["exporter", "command", "planner"],
)
def test_a_command_that_needs_more_says_what(arguments: tuple[str, ...], tmp_path: Path) -> None:
    done = stickgen(*arguments, cwd=tmp_path)
    assert done.returncode == 3, done.stderr
    assert done.stderr.count("\n") == 1
    assert "pip install" in done.stderr
    assert not list(tmp_path.iterdir())
