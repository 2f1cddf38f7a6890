"""``stickgen data synth``: compose captioned clips."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stickgen.core.cli.output import Output, common_options, table
from stickgen.datasets.engines import Engine, engine_option

if TYPE_CHECKING:
    from stickgen.datasets.synth.production import Summary


@click.command()
@click.option(
    "-o",
    "--out",
    "out",
    metavar="STORE",
    type=click.Path(path_type=Path),
    required=True,
    help="Folder of the clip store.",
)
@click.option(
    "--clips",
    "-n",
    type=click.IntRange(min=1),
    default=10_000,
    show_default=True,
    metavar="N",
    help="How many clips.",
)
@click.option(
    "--from",
    "stores",
    multiple=True,
    metavar="STORE",
    type=click.Path(path_type=Path),
    help="A clip store whose real clips may become parts; repeatable.",
)
@click.option(
    "--generator",
    default="procedural",
    show_default=True,
    metavar="NAME",
    help="The generator that performs the actions.",
)
@click.option(
    "--action",
    "actions",
    multiple=True,
    metavar="NAME",
    help="Compose around this action only; repeatable. All the generator can do by default.",
)
@click.option(
    "--real",
    type=click.FloatRange(0.0, 1.0),
    default=0.5,
    show_default=True,
    metavar="SHARE",
    help="Share of the compositions that use real clips, where there are fitting ones.",
)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@click.option("--fps", type=float, default=25.0, show_default=True, help="Frames a second.")
@click.option(
    "--seconds", type=float, default=10.0, show_default=True, help="Longest clip that is planned."
)
@click.option(
    "--texts",
    type=click.IntRange(1, 10),
    default=4,
    show_default=True,
    metavar="N",
    help="Captions a clip.",
)
@engine_option
@click.option("--resume", is_flag=True, help="Go on with a store of the same recipe.")
@click.option("--force", is_flag=True, help="Replace what is there.")
@common_options
def synth(
    output: Output,
    out: Path,
    clips: int,
    stores: tuple[Path, ...],
    actions: tuple[str, ...],
    jobs: int | None,
    engine: Engine,
    resume: bool,
    force: bool,
    **settings: Any,
) -> None:
    """Compose captioned clips: actions, sequences, overlays, loops and groups.

    \b
    stickgen data synth -o synth -n 10000 --jobs 2
    stickgen data synth -o mixed -n 10000 --from cmu --from bandai
    """  # noqa: D301 - click wants the control character
    from stickgen.core.errors import UsageError
    from stickgen.datasets.synth.production import Recipe, synthesise

    if resume and force:
        raise UsageError("--resume and --force exclude each other")
    recipe = Recipe(stores=stores, actions=actions, **settings)
    with output.progress("Composing") as progress:
        summary = synthesise(
            recipe,
            out,
            clips,
            jobs=jobs,
            engine=engine,
            resume=resume,
            force=force,
            progress=progress,
        )
    _report(output, summary, out)


def _report(output: Output, summary: Summary, out: Path) -> None:
    rate = summary.clips / summary.seconds if summary.seconds else 0.0
    known = f", {summary.done_before} were there already" if summary.done_before else ""
    output.say(
        f"{summary.clips} clips ({summary.composed} with real parts) in {summary.seconds:.1f} s"
        f" ({rate:.0f} clips/s){known}"
    )
    if summary.first:
        output.say(f"{summary.first_draw_rate:.2%} of the first draws were accepted")
    if summary.rejections:
        low = sorted(
            (accepted / tried, name, f"{accepted} of {tried}")
            for name, (tried, accepted) in summary.first.items()
            if accepted < tried
        )
        rows = [(name, share) for _, name, share in low]
        output.say(table(rows, header=("action", "first draws accepted")))
        rules = [(rule, str(count)) for rule, count in summary.rules.items()]
        output.say(table(rules, header=("rule", "draws rejected")))
    if summary.given_up:
        output.warn(f"{summary.given_up} clips were given up after 12 draws each; --json lists why")
    output.path(out)
    output.document(
        {
            "output": out,
            "clips": summary.clips,
            "composed": summary.composed,
            "frames": summary.frames,
            "done_before": summary.done_before,
            "given_up": summary.given_up,
            "seconds": round(summary.seconds, 3),
            "kinds": dict(summary.kinds),
            "first_draw_rate": summary.first_draw_rate,
            "actions": {
                name: {"clips": tried, "first_draw": accepted}
                for name, (tried, accepted) in summary.first.items()
            },
            "rules": summary.rules,
            "rejected": [
                {
                    "index": each.index,
                    "draw": each.draw,
                    "action": each.action,
                    "kind": each.kind,
                    "rule": each.rule,
                    "reason": each.reason,
                }
                for each in summary.rejections
            ],
        }
    )
