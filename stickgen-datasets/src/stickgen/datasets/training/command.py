"""``stickgen data training``: build the store that a publishable model is trained on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from stickgen.core.cli.output import Output, common_options, table
from stickgen.datasets.engines import engine_option

_PATH = click.Path(path_type=Path)


@click.command()
@click.argument("data", metavar="DATA_DIR", type=_PATH)
@click.option("-o", "--out", "out", metavar="STORE", type=_PATH, required=True,
              help="Folder of the new store.")  # fmt: skip
@click.option("--procedural", type=click.IntRange(min=0), default=3000, show_default=True,
              metavar="N", help="Single actions of the generator.")  # fmt: skip
@click.option("--synth", "composed", type=click.IntRange(min=0), default=4000, show_default=True,
              metavar="N", help="Compositions over generated and real clips.")  # fmt: skip
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@click.option("--generator", default="procedural", show_default=True, metavar="NAME",
              help="The generator that performs the actions.")  # fmt: skip
@click.option("--shows", type=_PATH, metavar="FILE.toml",
              help="What the recordings show, instead of the table that comes along.")  # fmt: skip
@engine_option
@click.option("--force", is_flag=True, help="Replace what is there.")
@common_options
def training(output: Output, data: Path, out: Path, **settings: Any) -> None:
    """Build the training store of a model from the permitted data sets in DATA_DIR.

    \b
    stickgen data training recordings/ -o store --synth 4000
    """  # noqa: D301 - click wants the control character
    from stickgen.datasets.training.making import make

    with output.progress("Making") as progress:
        made = make(data, out, progress=progress, **settings)
    rows = [
        (name, f"{made.clips[name]:,}", f"{made.seconds[name] / 60:.1f} min",
         f"{len(made.actions[name])}")
        for name in made.clips
    ]  # fmt: skip
    output.say(table(rows, header=("source", "clips", "length", "actions")))
    output.say(", ".join(f"{name} {count:,}" for name, count in sorted(made.splits.items())))
    for name, reason in made.left_out:
        output.say(f"left out {name}: {reason}")
    output.path(out)
    output.document(
        {
            "output": out,
            "clips": dict(made.clips),
            "seconds": {name: round(value, 2) for name, value in made.seconds.items()},
            "splits": dict(made.splits),
            "actions": {name: dict(each) for name, each in made.actions.items()},
            "recordings": made.recordings,
            "left_out": [{"clip": name, "reason": why} for name, why in made.left_out],
        }
    )
