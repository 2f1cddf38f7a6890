"""The command line as a person meets it: help, exit codes, one sentence for every mistake."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from stickgen.core import __version__, registries
from stickgen.core.cli import main as main_module
from stickgen.core.cli.main import COMMANDS, cli, main
from stickgen.core.errors import (
    DataError,
    OutputError,
    PluginError,
    ServiceError,
    SourceError,
    UsageError,
)
from stickgen.core.testing import install

HEAVY = (
    "numpy",
    "torch",
    "scipy",
    "PIL",
    "cairo",
    "cairocffi",
    "av",
    "pyarrow",
    "httpx",
    "pydantic",
)
counter = itertools.count()


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch) -> Path:
    """A home and a working directory of one's own, without configuration."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home" / ".config"))
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return tmp_path / "home"


@pytest.fixture
def command(monkeypatch, tmp_path):
    """Install a plugin whose command has the given body; returns its name."""

    def command(body: str, name: str = "toy", options: str = "") -> str:
        module = f"toy_command_{next(counter)}"
        source = (
            "import click\n"
            "from stickgen.core.cli.output import common_options\n"
            f"@click.command()\n{options}@common_options\n"
            f"def toy(output, **values):\n    '''A toy.'''\n    {body}\n"
        )
        site = tmp_path / module
        install(
            site, module, "1.0", {"stickgen.commands": {name: f"{module}:toy"}}, {module: source}
        )
        monkeypatch.syspath_prepend(str(site))
        return name

    yield command
    for module in [m for m in sys.modules if m.startswith("toy_command_")]:
        del sys.modules[module]


def every_command() -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = [()]

    def walk(group: click.Group, path: tuple[str, ...]) -> None:
        context = click.Context(group)
        for name in group.list_commands(context):
            found.append((*path, name))
            inner = group.get_command(context, name)
            if isinstance(inner, click.Group):
                walk(inner, (*path, name))

    walk(cli, ())
    return found


def test_help_imports_nothing_heavy() -> None:
    """One process asks every command, and says which was the first to import what."""
    program = (
        "import sys\nfrom stickgen.core.cli.main import main\nseen = set()\n"
        f"for path in {every_command()!r}:\n"
        "    code = main([*path, '--help'])\n"
        f"    heavy = set({HEAVY!r}) & set(sys.modules) - seen\n"
        "    seen |= heavy\n"
        "    if code or heavy: print(*path, code, *heavy, file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    for path in every_command():
        assert " ".join(("Usage: stickgen", *path)) in done.stdout


def test_listing_our_own_commands_imports_none_of_them() -> None:
    program = (
        "import sys\nfrom stickgen.core.cli.main import COMMANDS, main\nmain(['--help'])\n"
        "ours = {target.partition(':')[0] for target, _ in COMMANDS.values()}\n"
        "print(*(ours & set(sys.modules)), file=sys.stderr, end='')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stderr == ""
    for name in COMMANDS:
        assert f"  {name} " in done.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_the_table_says_what_the_command_says(name) -> None:
    found = cli.get_command(click.Context(cli), name)
    assert found is not None
    assert found.name == name
    assert found.get_short_help_str(200)
    assert not COMMANDS[name][1].endswith("...")


def test_version(capsys) -> None:
    assert main(["--version"]) == 0
    assert __version__ in capsys.readouterr().out


def test_no_arguments_shows_the_help(capsys) -> None:
    assert main([]) == 2
    said = capsys.readouterr()
    assert "Commands:" in said.out + said.err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["rendr"], "No such command 'rendr'; did you mean 'render'?"),
        (["zzz"], "No such command 'zzz'"),
        (["schema", "--nope"], "No such option"),
        (["--no-plugin", "nobody", "schema"], "--no-plugin names 'nobody'"),
        (["plugins", "list", "toys"], "'toys' is not one of"),
    ],
)
def test_usage_errors(arguments, sentence, capsys) -> None:
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert sentence in said.err
    assert "Traceback" not in said.err
    assert said.out == ""


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("a"), 2),
        (PluginError("a"), 3),
        (DataError("a"), 4),
        (SourceError("a.bvh", "torn", place="line 3"), 4),
        (ServiceError("a"), 5),
        (OutputError("a"), 6),
        (OSError(28, "No space left on device", "x.mp4"), 6),
        (ModuleNotFoundError("No module named 'pyarrow'", name="pyarrow"), 3),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_every_error_ends_with_its_code_and_one_sentence(monkeypatch, capsys, error, code) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise error

    monkeypatch.setattr(main_module.cli, "main", fail)
    assert main(["schema"]) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("Error: ")
    assert said.err.count("\n") == 1


def test_a_bug_keeps_its_traceback(command, capsys) -> None:
    command("raise ZeroDivisionError('oops')")
    assert main(["toy"]) == 1
    said = capsys.readouterr().err
    assert "Traceback" in said
    assert said.splitlines()[-1] == (
        "Error: this is a bug in stickgen or in a plugin; please report the above."
    )


def test_twice_verbose_shows_where_an_error_came_from(command, capsys) -> None:
    command("from stickgen.core.errors import DataError\n    raise DataError('torn')")
    assert main(["toy", "-vv"]) == 4
    said = capsys.readouterr().err
    assert "Traceback" in said
    assert said.endswith("Error: torn\n")


def test_interrupted(command, capsys) -> None:
    command("raise KeyboardInterrupt")
    assert main(["toy"]) == 130
    assert "Traceback" not in capsys.readouterr().err


def test_a_reader_who_leaves_is_no_error() -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "stickgen.core.cli.main", "schema"],
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(write)
    assert done.returncode == 0
    assert done.stderr == ""


def test_a_warning_is_one_line(command) -> None:
    command("import warnings; warnings.warn('left out')")
    code = "from stickgen.core.cli.main import main; main(['toy'])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
    )
    assert done.stderr == "Warning: left out\n"


# -- plugged commands ----------------------------------------------------------------------------


def test_a_plugin_adds_a_command(command, capsys) -> None:
    command("output.document({'seen': True})")
    assert main(["--help"]) == 0
    assert "toy       A toy." in capsys.readouterr().out
    assert main(["toy", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"seen": True}


def test_a_command_that_cannot_be_imported_is_listed_and_says_why_when_run(
    tmp_path, monkeypatch, capsys
) -> None:
    points = {"stickgen.commands": {"torn": "torn_command:go", "odd": "odd_command:go"}}
    sources = {"torn_command": "import no_such_module_at_all\n", "odd_command": "go = 3\n"}
    monkeypatch.syspath_prepend(
        str(install(tmp_path / "site", "torn-plugin", "1.0", points, sources))
    )
    assert main(["--help"]) == 0
    rows = capsys.readouterr().out.splitlines()
    for name in ("torn", "odd"):
        (row,) = [row for row in rows if row.startswith(f"  {name} ")]
        assert "(failed to load; see `stickgen plugins check`)" in row
    assert main(["torn", "--seed", "3", "x"]) == 3
    said = capsys.readouterr().err
    assert said.startswith("Error: command 'torn' from torn-plugin 1.0 failed to import")
    assert main(["odd"]) == 3
    assert "is not a click command" in capsys.readouterr().err


def test_a_plugin_cannot_take_the_place_of_a_command_of_ours(command, capsys) -> None:
    command("raise SystemExit(99)", name="schema")
    assert main(["schema", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["dim"] == 48
    assert main(["plugins", "check", "commands"]) == 3
    assert "has the name of a command of stickgen itself" in capsys.readouterr().err


def test_a_command_provided_twice_runs_by_its_full_name(command, capsys) -> None:
    command("output.text('one')")
    command("output.text('two')")
    assert main(["toy"]) == 3
    assert "is provided twice" in capsys.readouterr().err
    names = [ref.qualified for ref in registries.commands.refs() if ref.name == "toy"]
    assert main([names[0]]) == 0
    assert capsys.readouterr().out == "one\n"


def test_a_known_command_names_what_brings_it(isolated_registries, capsys) -> None:
    assert main(["convert"]) == 3
    assert 'pip install "stickgen[datasets]"' in capsys.readouterr().err


def test_no_plugin_switches_off_for_this_run_only(command, capsys, monkeypatch) -> None:
    monkeypatch.delenv("STICKGEN_NO_PLUGIN", raising=False)
    command("output.text('here')")
    owner = registries.commands.resolve("toy").distribution
    assert main(["--no-plugin", owner, "toy"]) == 2
    assert "STICKGEN_NO_PLUGIN" not in os.environ
    assert main(["toy"]) == 0


# -- configuration -------------------------------------------------------------------------------

OPTIONS = (
    "@click.option('--size', type=int, default=1)\n"
    "@click.option('-o', '--output-file', 'files', multiple=True)\n"
)


def configured(text: str, capsys, *arguments: str) -> object:
    Path("stickgen.toml").write_text(text)
    code = main(["toy", "--json", *arguments])
    said = capsys.readouterr()
    return json.loads(said.out) if code == 0 else (code, said.err)


def test_flags_win_over_environment_over_project_over_user(
    command, capsys, monkeypatch, home
) -> None:
    command("output.document(values)", options=OPTIONS)
    user = home / ".config" / "stickgen" / "config.toml"
    user.parent.mkdir(parents=True)
    user.write_text("[toy]\nsize = 2\noutput-file = ['user.mp4']\n")
    assert main(["toy", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"size": 2, "files": ["user.mp4"]}
    assert configured("[toy]\nsize = 3\n", capsys) == {"size": 3, "files": ["user.mp4"]}
    monkeypatch.setenv("STICKGEN_TOY_SIZE", "4")
    assert configured("[toy]\nsize = 3\n", capsys)["size"] == 4
    assert configured("[toy]\nsize = 3\n", capsys, "--size", "5")["size"] == 5


def test_one_value_will_do_for_an_option_that_may_repeat(command, capsys) -> None:
    command("output.document(values)", options=OPTIONS)
    assert configured("[toy]\noutput_file = 'a.mp4'\n", capsys)["files"] == ["a.mp4"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[toy]\nsise = 3\n", "toy has no option 'sise'; did you mean 'size'?"),
        ("[toy]\nsize = 'big'\n", "'size' cannot be 'big'"),
        ("[toi]\nsize = 1\n", "no command is called 'toi'; did you mean 'toy'?"),
        ("size = 1\n", "key 'size' stands outside a table"),
        ("[toy\n", "not a TOML file"),
        ("[plugins.lst]\njson = true\n", None),
    ],
)
def test_a_wrong_configuration_is_one_sentence_naming_the_file(
    command, capsys, text, sentence
) -> None:
    command("output.document(values)", options=OPTIONS)
    if sentence is None:
        Path("stickgen.toml").write_text(text)
        assert main(["plugins", "list"]) == 2
        assert "did you mean 'list'" in capsys.readouterr().err
        return
    code, said = configured(text, capsys)
    assert code == 2
    assert "stickgen.toml" in said
    assert sentence in said
    assert said.count("\n") == 1


def test_tables_reach_commands_of_commands(capsys) -> None:
    Path("stickgen.toml").write_text("[plugins.list]\njson = true\n")
    assert main(["plugins", "list"]) == 0
    assert "plugins" in json.loads(capsys.readouterr().out)


def test_help_is_there_whatever_the_configuration(capsys) -> None:
    Path("stickgen.toml").write_text("[broken\n")
    assert main(["--help"]) == 0


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shell_completion(shell) -> None:
    script = subprocess.run(
        [sys.executable, "-m", "stickgen.core.cli.main"],
        env={**os.environ, "_STICKGEN_COMPLETE": f"{shell}_source"},
        capture_output=True,
        text=True,
    )
    assert "stickgen" in script.stdout, script.stderr
    words = {"COMP_WORDS": "stickgen plu", "COMP_CWORD": "1" if shell != "fish" else "plu"}
    found = subprocess.run(
        [sys.executable, "-m", "stickgen.core.cli.main"],
        env={**os.environ, "_STICKGEN_COMPLETE": f"{shell}_complete", **words},
        capture_output=True,
        text=True,
    )
    assert "plugins" in found.stdout, found.stderr
