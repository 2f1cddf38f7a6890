"""``stickgen parallax``: pictures of every motion of a store, from many sides."""

from __future__ import annotations

from pathlib import Path

import click

from stickgen.core.cli.output import Output, common_options


@click.command()
@click.argument("store", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--out",
    "out",
    type=click.Path(path_type=Path),
    required=True,
    metavar="DIR",
    help="Folder for the pictures.",
)
@click.option(
    "--views", type=click.IntRange(min=1), default=250, show_default=True, help="Cameras a motion."
)
@click.option(
    "--frames-per-view",
    type=click.IntRange(min=1),
    default=4,
    show_default=True,
    help="Pictures a camera, at moments spread over the motion.",
)
@click.option(
    "--size",
    type=click.IntRange(16, 4096),
    default=256,
    show_default=True,
    help="Width and height in pixels.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Another seed gives other cameras and moments.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["png", "wds"]),
    default="png",
    show_default=True,
    help="One folder of PNG a clip, or tar shards for WebDataset.",
)
@click.option("--jobs", type=click.IntRange(min=0), default=0, help="Worker processes; 0 chooses.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most N clips.")
@click.option("--resume", is_flag=True, help="Go on where a stopped run left off.")
@click.option("-f", "--force", is_flag=True, help="Replace what an earlier run has left.")
@click.option("--strict", is_flag=True, help="Stop at the first clip that cannot be drawn.")
@common_options
def parallax(
    output: Output,
    store: Path,
    out: Path,
    views: int,
    frames_per_view: int,
    size: int,
    seed: int,
    form: str,
    jobs: int,
    limit: int | None,
    resume: bool,
    force: bool,
    strict: bool,
) -> None:
    """Draw every motion of STORE (or of one .motion file) from many sides.

    \b
    stickgen parallax clips/ -o pictures/
    stickgen parallax clips/ -o shards/ --format wds --size 512 --jobs 2
    """  # noqa: D301 - click wants the control character
    import time

    from stickgen.render.parallax.files import write_pictures

    started = time.perf_counter()
    with output.progress("pictures") as progress:
        summary = write_pictures(
            store,
            out,
            views=views,
            frames_per_view=frames_per_view,
            size=size,
            seed=seed,
            form=form,
            jobs=jobs,
            limit=limit,
            resume=resume,
            force=force,
            strict=strict,
            progress=progress,
        )
    seconds = time.perf_counter() - started
    for reason in summary.skipped:
        output.warn(f"left out: {reason}")
    output.path(out)
    output.document(
        {
            "schema": 1,
            "out": str(out),
            "format": form,
            "pictures": summary.pictures,
            "clips": len(summary.paths) if form == "png" else None,
            "files": [str(path) for path in summary.paths],
            "kept": summary.kept,
            "skipped": summary.skipped,
            "seed": seed,
            "seconds": round(seconds, 3),
        }
    )
    output.say(
        f"{summary.pictures} pictures in {seconds:.1f} s"
        f" ({summary.pictures / max(seconds, 1e-9):.0f}/s)"
        + (f", {summary.kept} clips were there already" if summary.kept else "")
        + (f", {len(summary.skipped)} left out" if summary.skipped else "")
    )
