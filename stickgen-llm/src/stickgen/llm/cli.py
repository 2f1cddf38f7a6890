"""``stickgen story``: a sentence becomes a script one can read, edit and perform."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from stickgen.core.cli.output import Output, common_options, table

if TYPE_CHECKING:
    from stickgen.core.types import Beat, Script


@click.command()
@click.argument("prompt")
@click.option(
    "-o",
    "--output-file",
    "paths",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Write the script here (.json or .yaml); may repeat.",
)
@click.option("--backend", "--planner", default="rules", show_default=True, help="Who plans it.")
@click.option("--seed", type=int, default=0, show_default=True, help="For backends that vary.")
@click.option("--duration", type=float, help="Seconds; default: what the prompt says, else 10.")
@click.option("--force", is_flag=True, help="Overwrite files that exist.")
@common_options
def story(
    output: Output,
    prompt: str,
    paths: tuple[Path, ...],
    backend: str,
    seed: int,
    duration: float | None,
    force: bool,
) -> None:
    """Plan PROMPT and show who does what, when and how.

    `stickgen generate --script FILE` performs what `-o FILE` wrote; edit it in between.
    """
    from stickgen.core.errors import UsageError
    from stickgen.core.pipeline import plan
    from stickgen.core.storage import atomic_path
    from stickgen.llm import document

    for path in paths:
        if path.suffix.lower() not in {".json", ".yaml", ".yml"}:
            raise UsageError(f"{path}: a script is written as .json or .yaml; name the file so")
    script = plan(prompt, seed=seed, duration=duration, planner=backend)
    for warning in script.warnings:
        output.warn(warning)
    for path in paths:
        with atomic_path(path, force=force) as scratch:
            yaml = path.suffix.lower() != ".json"
            text = document.dumps_yaml(script) if yaml else document.dumps(script)
            scratch.write_text(text, encoding="utf-8")
        output.path(path)
    if not paths:
        output.text(_told(script))
    output.document({**document.to_dict(script), "out": [str(path) for path in paths]})


def _told(script: Script) -> str:
    """Return the script as lines for a person."""
    place = script.environment + (f", {script.weather}" if script.weather else "")
    length = f"{script.duration:g} s" if script.duration else "as long as it takes"
    roles = ", ".join(
        role.name if role.kind in {"human", role.name} else f"{role.name} ({role.kind})"
        for role in script.roles
    )
    rows = [_row(script, beat) for beat in script.beats]
    return f"{roles} · {place} · {length}\n" + table(rows)


def _row(script: Script, beat: Beat) -> list[str]:
    who = ", ".join(script.roles[i].name for i in beat.actors)
    what = beat.action + (f" + {beat.overlay}" if beat.overlay else "")
    target = script.roles[beat.target].name if isinstance(beat.target, int) else beat.target
    how = [
        f"x{beat.repetitions}" if beat.repetitions else "",
        beat.direction or "",
        f"→ {target}" if target else "",
        beat.style if beat.style != "neutral" else "",
        f"speed {beat.speed:g}" if beat.speed != 1 else "",
        f"intensity {beat.intensity:g}" if beat.intensity != 1 else "",
        f"{beat.hand} hand" if beat.hand else "",
        f'"{beat.line}"' if beat.line else "",
    ]
    return [
        "&" if beat.with_previous else "-",
        f"{beat.seconds:.1f} s" if beat.seconds else "",
        who,
        what,
        " · ".join(part for part in how if part),
    ]
