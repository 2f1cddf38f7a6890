"""``stickgen data``: what is done with clips once they are in a store.

Every command goes through its stores clip by clip, so memory does not grow with them; what it
writes appears whole or not at all; a clip that cannot be used is left out, counted and listed.
"""

from __future__ import annotations

from importlib import import_module
from typing import Final

import click

_HERE: Final = "stickgen.datasets.data.commands"

COMMANDS: Final[dict[str, str]] = {
    "augment": f"{_HERE}:augment",
    "curate": f"{_HERE}:curate",
    "embed": f"{_HERE}:embed",
    "export": f"{_HERE}:export",
    "import": f"{_HERE}:import_",
    "merge": f"{_HERE}:merge",
    "split": f"{_HERE}:split",
    "stats": f"{_HERE}:stats",
    "synth": "stickgen.datasets.synth.command:synth",
    "training": "stickgen.datasets.training.command:training",
    "validate": f"{_HERE}:validate",
}
"""Where each command is, imported when it is asked for."""


class _Commands(click.Group):
    """The commands of `COMMANDS`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        command = getattr(import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=_Commands)
def data() -> None:
    """Make and prepare stores of clips."""
