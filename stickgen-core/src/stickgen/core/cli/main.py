"""The entry point of ``stickgen``: the group, and what ends a run with which exit code."""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
import warnings
from collections.abc import Sequence
from typing import Any

import click

from stickgen.core import __version__
from stickgen.core.cli import interrupts
from stickgen.core.cli.lazy import LazyGroup
from stickgen.core.errors import OutputError, StickgenError, UsageError

HERE = "stickgen.core.cli"

COMMANDS = {
    "doctor": (f"{HERE}.doctor:doctor", "Say what works here, what is missing and how to get it."),
    "generate": (f"{HERE}.generate:generate", "Make an animation from a sentence."),
    "inspect": (f"{HERE}.inspect:inspect", "Say what a motion, a store or a script holds."),
    "plugins": (f"{HERE}.plugins:plugins", "List, check and write plugins."),
    "render": (f"{HERE}.render:render", "Draw a motion file."),
    "schema": (f"{HERE}.schema:schema", "Show the 48 numbers, the joints and the actions."),
}
"""Our own commands: where each one is, and its line of help."""


def _leave_out(
    ctx: click.Context, param: click.Parameter, distributions: tuple[str, ...]
) -> tuple[str, ...]:
    """Switch plugins off before any is looked up; worker processes inherit it."""
    if distributions and not ctx.resilient_parsing:
        os.environ["STICKGEN_NO_PLUGIN"] = ",".join(distributions)
    if distributions or os.environ.get("STICKGEN_PLUGINS"):
        from stickgen.core.registry import switched_off

        switched_off()
    return distributions


@click.group(
    cls=LazyGroup,
    lazy=COMMANDS,
    context_settings={
        "auto_envvar_prefix": "STICKGEN",
        "help_option_names": ["-h", "--help"],
        "max_content_width": 100,
    },
    epilog="Defaults of options: ./stickgen.toml, STICKGEN_<COMMAND>_<OPTION>.",
)
@click.version_option(__version__, prog_name="stickgen")
@click.option(
    "--no-plugin",
    multiple=True,
    is_eager=True,
    expose_value=False,
    callback=_leave_out,
    metavar="DISTRIBUTION",
    help="Leave the plugins of a distribution out; may be given again.",
)
@click.pass_context
def cli(ctx: click.Context) -> None:
    """A sentence in, a stick-figure animation out."""
    from stickgen.core.cli import config

    defaults = config.load()
    name = ctx.invoked_subcommand
    if defaults.values and name is not None:
        group = ctx.command
        assert isinstance(group, LazyGroup)
        config.check_tables(defaults, group.list_commands(ctx))
        command = group.get_command(ctx, name) if name in defaults.values else None
        if command is not None:
            config.fit_keys(defaults, command, (name,))
        ctx.default_map = defaults.values


def main(args: Sequence[str] | None = None) -> int:
    """Run the command line on *args* (default: the process's own) and return its exit code."""
    _end_cleanly_when_terminated()
    interrupts.watch()
    state: dict[str, Any] = {"verbose": 0}
    shown, left_out = warnings.showwarning, os.environ.get("STICKGEN_NO_PLUGIN")
    warnings.showwarning = _show_warning
    try:
        result = cli.main(
            None if args is None else list(args),
            prog_name="stickgen",
            standalone_mode=False,
            obj=state,
        )
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted.", err=True)
        return 130
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except Exception as error:
        return _fail(error, verbose=state["verbose"])
    finally:
        warnings.showwarning = shown
        if left_out is None:
            os.environ.pop("STICKGEN_NO_PLUGIN", None)
        else:
            os.environ["STICKGEN_NO_PLUGIN"] = left_out
    return result if isinstance(result, int) else 0


def _end_cleanly_when_terminated() -> None:
    """Let SIGTERM end the process the way Ctrl-C does, so that no temporary file stays behind."""
    here = threading.current_thread() is threading.main_thread()
    if here and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))


def _fail(error: Exception, verbose: int) -> int:
    """Print what *error* means to a person and return the exit code."""
    known = _known(error)
    if known is None or verbose > 1:
        import traceback

        traceback.print_exception(error)
    if known is None:
        click.echo(
            "Error: this is a bug in stickgen or in a plugin; please report the above.", err=True
        )
        return 1
    label = click.style("Error:", fg="red") if _coloured() else "Error:"
    click.echo(f"{label} {known}", err=True)
    return known.exit_code


def _known(error: Exception) -> StickgenError | None:
    """Return *error* as one that a person can act on, or None if it is a bug."""
    if isinstance(error, StickgenError):
        return error
    if isinstance(error, ModuleNotFoundError):
        from stickgen.core.errors import PluginError
        from stickgen.core.registries import MODULES
        from stickgen.core.registry import missing_module_hint

        hint = missing_module_hint(error, MODULES)
        return PluginError(f"this needs {error.name}; it comes with: {hint}") if hint else None
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EROFS, errno.EDQUOT):
        return OutputError(f"{error.filename or 'the output'} cannot be written: {error.strerror}")
    if isinstance(error, UnicodeEncodeError):
        return UsageError(f"an argument is not valid text: {error.reason}")
    return None


def _show_warning(message: Warning | str, category: type[Warning], *_: Any, **__: Any) -> None:
    """Print a warning on a line of its own, without the place in the source."""
    label = click.style("Warning:", fg="yellow") if _coloured() else "Warning:"
    click.echo(f"{label} {message}", err=True)


def _coloured() -> bool:
    return sys.stderr.isatty() and not os.environ.get("NO_COLOR")


if __name__ == "__main__":
    sys.exit(main())
