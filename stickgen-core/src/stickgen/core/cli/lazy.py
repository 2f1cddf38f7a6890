"""A click group that imports a command when it is used, and never before.

Own commands come from a table, so that ``--help`` imports none of them; commands of plugins come
from the entry point group ``stickgen.commands`` and are imported for their line of help. One that
cannot be imported stays in the list and says why when it is run.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from stickgen.core.errors import PluginError
from stickgen.core.registries import commands
from stickgen.core.registry import UnknownPlugin, install_command

FAILED = "(failed to load; see `stickgen plugins check`)"
"""Help line of a command that cannot be imported."""


class FailedCommand(click.Command):
    """Stands for a command that cannot be imported: takes any arguments, raises *error*."""

    def __init__(self, name: str, error: PluginError) -> None:
        super().__init__(
            name,
            short_help=FAILED,
            add_help_option=False,
            context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
        )
        self.error = error

    def invoke(self, ctx: click.Context) -> Any:
        raise self.error


class LazyGroup(click.Group):
    """Commands by name: *lazy* maps a name to (``module:attribute``, line of help)."""

    def __init__(self, *args: Any, lazy: Mapping[str, tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lazy = dict(lazy)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *self.lazy, *commands})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in self.lazy:
            module, _, attribute = self.lazy[cmd_name][0].partition(":")
            command = getattr(import_module(module), attribute)
            assert isinstance(command, click.Command)
            return command
        try:
            plugged = commands.get(cmd_name)
        except UnknownPlugin:
            return super().get_command(ctx, cmd_name)
        except PluginError as error:
            return FailedCommand(cmd_name, error)
        if isinstance(plugged, click.Command):
            return plugged
        ref = commands.resolve(cmd_name)
        sentence = f"command {cmd_name!r} from {ref.origin} is not a click command: {ref.value}"
        return FailedCommand(cmd_name, PluginError(sentence))

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # whoever read our output has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise click.exceptions.Exit(0) from None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        brings = commands.known.get(name)
        if brings and name not in commands and not ctx.resilient_parsing:
            raise UnknownPlugin(
                f"command {name!r} is not installed; it comes with: {install_command(brings)}"
            )
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from difflib import get_close_matches

            near = get_close_matches(name, self.list_commands(ctx), n=1)
            if not near:
                raise
            sentence = f"No such command {name!r}; did you mean {near[0]!r}?"
            raise click.UsageError(sentence, ctx) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        names = self.list_commands(ctx)
        limit = formatter.width - 6 - max(map(len, names), default=0)
        rows = []
        for name in names:
            if name in self.lazy:
                rows.append((name, self.lazy[name][1]))
                continue
            command = self.get_command(ctx, name)
            if command is not None and not command.hidden:
                rows.append((name, command.get_short_help_str(limit)))
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)
