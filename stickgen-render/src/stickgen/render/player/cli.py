"""``stickgen view``: look at a motion in the browser."""

from __future__ import annotations

import time
from typing import Any

import click

from stickgen.core.cli.drawing import Size, View
from stickgen.core.cli.output import Output, common_options


@click.command()
@click.argument("motion", type=click.Path())
@click.option(
    "-o",
    "--output",
    "target",
    default=None,
    metavar="FILE",
    help="Keep the page here; a temporary file by default.",
)
@click.option("--clip", default=None, metavar="ID", help="Which clip, when MOTION is a clip store.")
@click.option("--style", default="normal", show_default=True, help="The style to begin with.")
@click.option(
    "--view",
    type=View(),
    default="three-quarter",
    show_default=True,
    help="side, front, three-quarter or a yaw in degrees.",
)
@click.option(
    "--size",
    type=Size(),
    default="1280x720",
    show_default=True,
    help="Shape of the picture that everyone is framed in.",
)
@click.option("--trails", is_flag=True, help="Draw the trails of fast hands and feet.")
@click.option("--no-open", is_flag=True, help="Print the path and leave the browser alone.")
@click.option("-f", "--force", is_flag=True, help="Overwrite what is there.")
@common_options
def view(
    output: Output,
    motion: str,
    target: str | None,
    clip: str | None,
    no_open: bool,
    **drawing: Any,
) -> None:
    """Play MOTION, a .motion or .npz file or one clip of a store, in the browser.

    The page is a single file that needs no network. Its path is printed.

    \b
    stickgen view walk.motion
    stickgen view STORE --clip cmu_01_01 -o clip.html --no-open
    """  # noqa: D301 - click wants the control character
    from pathlib import Path

    from stickgen.core import pipeline
    from stickgen.core.cli.drawing import check_outputs, render_options
    from stickgen.core.errors import UsageError
    from stickgen.render.player.browser import open_page, temporary_page

    if target is not None and Path(target).suffix.lower() not in (".html", ".htm"):
        raise UsageError(f"the page {target} must end in .html")
    options = render_options(captions=True, **drawing)
    if target is not None:
        check_outputs((target,), force=options.force)
    started = time.perf_counter()
    source = Path(motion)
    if source.is_dir():
        scene = pipeline.scene_of_clip(source, clip)
    elif clip is not None:
        raise UsageError(f"--clip needs a clip store, and {source} is a file")
    elif source.suffix.lower() == ".npz":
        from stickgen.render.player.archive import read_archive

        scene = read_archive(source)
    else:
        scene = pipeline.load(source).scene
    path = Path(target) if target is not None else temporary_page(source.stem)
    artifact = pipeline.export(scene, path, options)
    opened = not no_open and open_page(path)
    output.path(path)
    if not no_open and not opened:
        output.say(f"no browser could be started here; open {path} yourself")
    output.document(
        {
            "schema": 1,
            "out": [
                {
                    "path": str(path),
                    "media_type": artifact.media_type,
                    "sha256": artifact.sha256,
                    "size": artifact.size,
                }
            ],
            "opened": opened,
            "frames": scene.motion.n_frames,
            "actors": scene.motion.n_actors,
            "seconds": {"write": round(time.perf_counter() - started, 3)},
        }
    )
