"""What a command says: paths or one JSON document on stdout, everything else on stderr.

**Contents**
    - `common_options`: ``--json --quiet --verbose --no-color``, handed over as one `Output`.
    - `Output`: the two streams.
    - `table`: rows in aligned columns.
"""

from __future__ import annotations

import functools
import json as json_module
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar

import click

from stickgen.core.cli import interrupts

P = ParamSpec("P")
R = TypeVar("R")

SECONDS_BETWEEN_LINES = 2.0
"""How often progress is reported where stderr is not a terminal."""


class Output:
    """Where a command puts its results and its talk.

    Args:
        json: print one JSON document instead of paths and text.
        quiet: no progress and no warnings (they are still in the JSON document).
        verbose: 0 for what matters, 1 for details.
        colour: None follows the terminal, ``NO_COLOR`` and ``FORCE_COLOR``.
    """

    def __init__(
        self,
        json: bool = False,
        quiet: bool = False,
        verbose: int = 0,
        colour: bool | None = None,
    ) -> None:
        self.json = json
        self.quiet = quiet
        self.verbose = verbose
        self.colour = _colour() if colour is None else colour
        self.warnings: list[str] = []
        """Every warning so far, each sentence once."""

    # -- stdout --------------------------------------------------------------------------------

    def path(self, path: str | os.PathLike[str]) -> None:
        """Print *path* on a line of its own; with ``--json`` nothing, the document names it."""
        if not self.json:
            click.echo(os.fspath(path))

    def text(self, text: str) -> None:
        """Print *text*, the answer of a command; nothing with ``--json``."""
        if not self.json:
            click.echo(text, color=self.colour)

    def document(self, document: Mapping[str, Any], *, always: bool = False) -> None:
        """Print *document*, once per command: with ``--json``, or *always*.

        Paths, tuples and numpy numbers and arrays become what JSON has for them; a number that
        is not finite becomes null.
        """
        if self.json or always:
            click.echo(json_module.dumps(_plain(document), indent=2, ensure_ascii=False))

    # -- stderr --------------------------------------------------------------------------------

    def warn(self, text: str) -> None:
        """Print a warning, the same sentence once."""
        if text in self.warnings:
            return
        self.warnings.append(text)
        if not self.quiet:
            label = click.style("Warning:", fg="yellow") if self.colour else "Warning:"
            click.echo(f"{label} {text}", err=True, color=self.colour)

    def say(self, text: str) -> None:
        """Print something good to know; nothing with ``--quiet``."""
        if not self.quiet:
            click.echo(text, err=True, color=self.colour)

    def detail(self, text: str) -> None:
        """Print something only ``--verbose`` asks for."""
        if self.verbose and not self.quiet:
            click.echo(text, err=True, color=self.colour)

    @contextmanager
    def progress(
        self, label: str, total: int | None = None
    ) -> Iterator[Callable[[int, int], None]]:
        """Show how far *label* is while the block runs; yields a callable ``(done, total)``.

        A bar on a terminal, a line every 2 seconds elsewhere, nothing with ``--quiet``.
        """
        if self.quiet:
            yield _interruptible(_silent)
        elif sys.stderr.isatty():
            with _bar(label, total, self.colour) as update:
                yield _interruptible(update)
        else:
            yield _interruptible(_Lines(label))


def _interruptible(update: Callable[[int, int], None]) -> Callable[[int, int], None]:
    """Return *update*, ending the work if Ctrl-C was pressed and lost."""

    def checked(done: int, total: int) -> None:
        interrupts.check()
        update(done, total)

    return checked


def common_options(command: Callable[..., R]) -> Callable[..., R]:
    """Give a command ``--json --quiet --verbose --no-color``; it receives ``output``, an `Output`.

    Write it next to the function, below the command's own options.
    """

    @functools.wraps(command)
    def wrapper(
        *args: Any, json: bool, quiet: bool, verbose: int, no_color: bool, **options: Any
    ) -> R:
        context = click.get_current_context(silent=True)
        if context is not None and isinstance(context.obj, dict):
            context.obj["verbose"] = verbose
        output = Output(json, quiet, verbose, False if no_color else None)
        return command(*args, output=output, **options)

    for option in (
        click.option("--no-color", is_flag=True, help="No colours."),
        click.option("-v", "--verbose", count=True, help="Say more; twice for tracebacks."),
        click.option("-q", "--quiet", is_flag=True, help="No progress and no warnings."),
        click.option("--json", is_flag=True, help="Print one JSON document."),
    ):
        wrapper = option(wrapper)
    return wrapper


def table(rows: Sequence[Sequence[str]], header: Sequence[str] = ()) -> str:
    """Return *rows* as lines with aligned columns, under *header* where there is one."""
    every = [list(header), *map(list, rows)] if header else [list(row) for row in rows]
    if not every:
        return ""
    widths = [max(len(row[i]) for row in every) for i in range(len(every[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in every
    )


def _colour() -> bool:
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stderr.isatty()


def _silent(done: int, total: int) -> None:
    """Take a progress report and keep it to itself."""


class _Lines:
    """Progress as plain lines: at most one every `SECONDS_BETWEEN_LINES`, and one at the end."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.start = self.last = time.monotonic()
        self.finished = False

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        ending = done >= total and not self.finished
        if now - self.last < SECONDS_BETWEEN_LINES and not (ending and self.last > self.start):
            return
        self.last, self.finished = now, done >= total
        rate = done / max(now - self.start, 1e-9)
        left = (total - done) / rate if rate > 0 else 0.0
        click.echo(f"{self.label} {done}/{total} · {rate:.0f}/s · {_clock(left)} left", err=True)


@contextmanager
def _bar(label: str, total: int | None, colour: bool) -> Iterator[Callable[[int, int], None]]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(f"{task.finished_speed or task.speed or 0:.0f}/s")

    console = Console(stderr=True, no_color=not colour)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(label, total=total)

        def update(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        yield update


def _clock(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    return f"{minutes}:{seconds:02d}"


def _plain(value: Any) -> Any:
    """Return *value* as what JSON can hold."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, bool | int | str) or value is None:
        return value
    if isinstance(value, float):
        return value if value - value == 0 else None
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    return os.fspath(value) if isinstance(value, os.PathLike) else str(value)
