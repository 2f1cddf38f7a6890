"""``stickgen render``: draw a motion that is already there."""

from __future__ import annotations

import time
from typing import Any

import click

from stickgen.core.cli.drawing import (
    check_outputs,
    document,
    drawing_options,
    render_options,
    write_all,
)
from stickgen.core.cli.output import Output, common_options


@click.command()
@click.argument("motion", type=click.Path())
@drawing_options
@click.option("--clip", default=None, metavar="ID", help="Which clip, when MOTION is a clip store.")
@common_options
def render(
    output: Output, motion: str, outputs: tuple[str, ...], clip: str | None, **drawing: Any
) -> None:
    """Draw MOTION, a .motion file or one clip of a store.

    \b
    stickgen render walk.motion -o walk.mp4 -o walk.gif
    stickgen render STORE --clip cmu_01_01 -o clip.mp4
    """  # noqa: D301 - click wants the control character
    from pathlib import Path

    from stickgen.core import pipeline
    from stickgen.core.errors import UsageError

    force = drawing["force"]
    if not outputs:
        raise UsageError("nothing to write; name an output, e.g. -o walk.mp4")
    options = render_options(**drawing)
    paths = check_outputs(outputs, force=force)
    started = time.perf_counter()
    source = Path(motion)
    if source.is_dir():
        scene = pipeline.scene_of_clip(source, clip)
    elif clip is not None:
        raise UsageError(f"--clip needs a clip store, and {source} is a file")
    else:
        scene = pipeline.load(source).scene
    animation = pipeline.Animation(scene, options)
    read = time.perf_counter()
    artifacts = write_all(animation, paths, output)
    output.document(
        document(
            animation, artifacts, {"read": read - started, "write": time.perf_counter() - read}
        )
    )
