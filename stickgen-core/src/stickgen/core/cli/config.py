"""Defaults of options from files: ``./stickgen.toml``, then the user's own ``config.toml``.

A table is a command, a key one of its options::

    [generate]
    style = "normal"
    seed = 7

    [plugins.list]
    json = true

Flags win over ``STICKGEN_<COMMAND>_<OPTION>`` in the environment, those over ``./stickgen.toml``,
that over the user's file, that over the built-in defaults. A key that no option has is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from stickgen.core.errors import UsageError


@dataclass
class Config:
    """The merged tables, and which file each key came from (for the sentence when it is wrong)."""

    values: dict[str, Any] = field(default_factory=dict)
    origins: dict[tuple[str, ...], Path] = field(default_factory=dict)


def user_file() -> Path:
    """Return where the user's own defaults live, whether or not the file exists."""
    return Path(click.get_app_dir("stickgen")) / "config.toml"


def load() -> Config:
    """Return the defaults of ``./stickgen.toml`` over those of the user's file.

    Raises `UsageError` naming the file for one that is not TOML or cannot be read.
    """
    config = Config()
    for path in (user_file(), Path("stickgen.toml")):
        if path.is_file():
            _merge(config, config.values, _read(path), path, ())
    return config


def check_tables(config: Config, names: list[str]) -> None:
    """Raise `UsageError` for a table that is not called like one of the commands *names*."""
    for name, value in config.values.items():
        where = config.origins[(name,)]
        if not isinstance(value, dict):
            raise UsageError(
                f"{where}: key {name!r} stands outside a table; write it under the command it is"
                " for, [generate] say"
            )
        if name not in names:
            raise UsageError(f"{where}: no command is called {name!r}{_near(name, names)}")


def fit_keys(config: Config, command: click.Command, path: tuple[str, ...]) -> None:
    """Give every key under *path* the name by which click knows the option of *command*.

    Raises `UsageError` for a key that no option has and for a value that its option cannot take.
    """
    table: Any = config.values
    for name in path:
        table = table.get(name, {})
    subcommands = command.commands if isinstance(command, click.Group) else {}
    options = {
        name: param
        for param in command.params
        if isinstance(param, click.Option)
        for name in _names(param)
    }
    context = click.Context(command, info_name=path[-1])
    for key, value in list(table.items()):
        where = f"{config.origins[(*path, key)]}, [{'.'.join(path)}]"
        if key in subcommands:
            fit_keys(config, subcommands[key], (*path, key))
            continue
        option = options.get(key)
        if option is None:
            names = sorted(str(name) for name in (*options, *subcommands))
            raise UsageError(
                f"{where}: {command.name} has no option {key!r}{_near(key, names)};"
                f" it has: {', '.join(names)}"
            )
        if option.multiple and not isinstance(value, list):
            value = [value]
        del table[key]
        table[option.name] = value
        try:
            option.type_cast_value(context, value)
        except (click.BadParameter, TypeError) as error:
            cause = error.message if isinstance(error, click.BadParameter) else str(error)
            raise UsageError(f"{where}: {key!r} cannot be {value!r}: {cause}") from None


def _names(option: click.Option) -> list[str]:
    """Return what *option* may be called in a file: its long flags, with underscores."""
    return [flag[2:].replace("-", "_") for flag in option.opts if flag.startswith("--")]


def _read(path: Path) -> dict[str, Any]:
    import tomllib

    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: not a TOML file: {error}") from None
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from None


def _merge(
    config: Config, into: dict[str, Any], new: Mapping[str, Any], path: Path, at: tuple[str, ...]
) -> None:
    for key, value in new.items():
        name = key.replace("-", "_") if at else key
        config.origins[(*at, name)] = path
        if isinstance(value, dict):
            inner = into.get(name)
            into[name] = inner = inner if isinstance(inner, dict) else {}
            _merge(config, inner, value, path, (*at, name))
        else:
            into[name] = value


def _near(name: str, names: list[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, names, n=1)
    return f"; did you mean {near[0]!r}?" if near else ""
