"""``stickgen plugins``: list what is installed, check that it loads, begin a new one."""

from __future__ import annotations

from pathlib import Path

import click

from stickgen.core.cli.output import Output, common_options, table
from stickgen.core.registries import ALL, HOOKS
from stickgen.core.registry import PluginRef, PluginStatus, discover, switched_off

KINDS = (*ALL, "hooks")


@click.group()
def plugins() -> None:
    """List, check and write plugins."""


@plugins.command("list")
@click.argument("kind", type=click.Choice(KINDS), required=False)
@common_options
def list_(output: Output, kind: str | None) -> None:
    """List the installed plugins, of one KIND or of all; imports none of them."""
    refs = _refs(kind)
    times: dict[tuple[str, str], int] = {}
    for ref in refs:
        times[ref.group, ref.name] = times.get((ref.group, ref.name), 0) + 1
    rows = [
        (*_row(ref), "" if times[ref.group, ref.name] == 1 else f"ask for {ref.qualified}")
        for ref in refs
    ]
    if rows:
        output.text(table(rows, ("NAME", "KIND", "DISTRIBUTION", "VERSION", "")))
    off = switched_off()
    if off:
        output.warn(f"switched off: {', '.join(off)}")
    output.document({"plugins": [_facts(ref) for ref in refs], "switched_off": off})


@plugins.command()
@click.argument("kind", type=click.Choice(KINDS), required=False)
@common_options
@click.pass_context
def check(ctx: click.Context, output: Output, kind: str | None) -> None:
    """Import every plugin, of one KIND or of all, and say which cannot be used and why.

    Exit code 3 when there is such a one.
    """
    found = _status(kind)
    output.text(
        table(
            [(*_row(status.ref), status.state) for status in found],
            ("NAME", "KIND", "DISTRIBUTION", "VERSION", "STATE"),
        )
    )
    bad = [status for status in found if status.error is not None]
    if not output.json:
        for sentence in dict.fromkeys(str(status.error) for status in bad):
            click.echo(f"Error: {sentence}", err=True)
    output.document(
        {
            "ok": not bad,
            "plugins": [
                {
                    **_facts(status.ref),
                    "state": status.state,
                    "error": None if status.error is None else str(status.error),
                }
                for status in found
            ],
            "switched_off": switched_off(),
        }
    )
    if bad:
        ctx.exit(3)


@plugins.command()
@click.argument("name")
@click.option(
    "-o",
    "--output",
    "folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where to write; ./stickgen-plugin-NAME by default.",
)
@common_options
def new(output: Output, name: str, folder: Path | None) -> None:
    """Begin a plugin called NAME: a package with a generator, an exporter, a hook and its tests."""
    from stickgen.core.cli import template

    names = template.Names.of(name)
    target = folder if folder is not None else Path(names.distribution)
    files = template.write(names, target)
    output.path(target)
    output.say(f'next: pip install -e "{target}[test]" && pytest {target}')
    output.document(
        {
            "path": target,
            "distribution": names.distribution,
            "module": names.module,
            "files": files,
        }
    )


def _refs(kind: str | None) -> list[PluginRef]:
    refs = [ref for key in ALL if kind in (None, key) for ref in ALL[key].refs()]
    return refs + (list(discover(HOOKS)) if kind in (None, "hooks") else [])


def _status(kind: str | None) -> list[PluginStatus]:
    found: list[PluginStatus] = []
    for key in ALL:
        if kind in (None, key):
            found += ALL[key].status()
    if kind in (None, "commands"):
        found = [_not_hidden(status) for status in found]
    if kind in (None, "hooks") and discover(HOOKS):
        import warnings

        from stickgen.core import hooks

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the rows below say the same
            found += hooks.status()
    return found


def _not_hidden(status: PluginStatus) -> PluginStatus:
    """Return *status*, as an error when stickgen has a command of that name itself."""
    from stickgen.core.cli.main import COMMANDS
    from stickgen.core.registries import commands
    from stickgen.core.registry import AmbiguousPlugin

    ref = status.ref
    if ref.group != commands.group or ref.name not in COMMANDS or status.error is not None:
        return status
    sentence = (
        f"command {ref.name!r} from {ref.origin} has the name of a command of stickgen itself;"
        f" it runs as {ref.qualified}"
    )
    return PluginStatus(ref, AmbiguousPlugin(sentence))


def _row(ref: PluginRef) -> tuple[str, str, str, str]:
    return ref.name, ref.group.removeprefix("stickgen."), ref.distribution, ref.version


def _facts(ref: PluginRef) -> dict[str, str]:
    return {
        "name": ref.name,
        "kind": ref.group.removeprefix("stickgen."),
        "distribution": ref.distribution,
        "version": ref.version,
        "target": ref.value,
    }
