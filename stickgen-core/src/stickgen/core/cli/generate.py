"""``stickgen generate``: a sentence in, an animation out."""

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
@click.argument("prompt", required=False)
@drawing_options
@click.option(
    "--script",
    "script_file",
    type=click.Path(),
    default=None,
    metavar="FILE",
    help="Perform this script (see `stickgen story`) instead of planning one.",
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=None, help="Makes the result reproducible."
)
@click.option(
    "--duration",
    type=float,
    default=None,
    metavar="SECONDS",
    help="Length; by default the story's own, 10 s when it says nothing.",
)
@click.option("--fps", type=float, default=25.0, show_default=True, help="Frames a second.")
@click.option(
    "--planner", default="rules", show_default=True, help="What turns the prompt into a script."
)
@click.option(
    "--generator", default=None, help="What makes the motion; the best installed by default."
)
@click.option(
    "--lora",
    multiple=True,
    metavar="NAME=WEIGHT",
    help="An adapter for the model: a folder or a name, and how much of it; repeatable.",
)
@click.option(
    "--image", metavar="FILE", help="A picture to begin as, for a model that looks at pictures."
)
@click.option(
    "--image-camera",
    metavar="X,Y,Z,X,Y,Z,FOV",
    help="Where its camera stood and looked, m, and its field of view, degrees.",
)
@click.option(
    "--stager", default="theatre", show_default=True, help="What puts the script on stage."
)
@click.option("--check", is_flag=True, help="Fail when the motion does not pass the validator.")
@click.option("--dry-run", is_flag=True, help="Print the plan and write nothing.")
@common_options
def generate(
    output: Output,
    prompt: str | None,
    outputs: tuple[str, ...],
    script_file: str | None,
    seed: int | None,
    duration: float | None,
    fps: float,
    planner: str,
    generator: str | None,
    lora: tuple[str, ...],
    image: str | None,
    image_camera: str | None,
    stager: str,
    check: bool,
    dry_run: bool,
    **drawing: Any,
) -> None:
    """Animate PROMPT and write it to one file or several.

    \b
    stickgen generate "A person walks and waves" -o walk.mp4
    stickgen generate "Two friends wave" -o a.gif -o a.motion --seed 7
    stickgen generate --script story.json -o story.mp4
    """  # noqa: D301 - click wants the control character
    from stickgen.core import pipeline
    from stickgen.core.errors import DataError, UsageError

    force = drawing["force"]
    if not outputs and not dry_run:
        raise UsageError("nothing to write; name an output, e.g. -o walk.mp4")
    if (prompt is None) == (script_file is None):
        raise UsageError("give a prompt or a --script, one of them")
    if script_file is not None and duration is not None:
        raise UsageError("--duration belongs to a prompt; a script says how long its beats take")
    options = render_options(**drawing)
    paths = check_outputs(outputs, force=force)
    if seed is None:
        import secrets

        seed = secrets.randbelow(2**31)

    started = time.perf_counter()
    if script_file is not None:
        from stickgen.core.storage import read_script

        script = read_script(script_file)
    else:
        script = pipeline.plan(prompt or "", seed=seed, duration=duration, planner=planner)
    planned = time.perf_counter()
    for warning in script.warnings:
        output.warn(warning)
    if dry_run:
        import dataclasses

        output.document(
            {"schema": 1, "seed": seed, "script": dataclasses.asdict(script)}, always=True
        )
        return
    scene = pipeline.perform(
        script, seed=seed, fps=fps, generator=generator, stager=stager, lora=lora, image=image,
        image_camera=image_camera,
    )  # fmt: skip
    animation = pipeline.Animation(scene, options)
    for warning in animation.warnings:
        if warning not in script.warnings:
            output.warn(warning)
    if check:
        from stickgen.core import validator

        report = validator.check(scene.motion, environment=scene.environment)
        if not report.ok:
            raise DataError(f"the motion does not pass the validator: {report.issues[0].message}")
    performed = time.perf_counter()
    artifacts = write_all(animation, paths, output)
    written = time.perf_counter()
    output.say(f"seed {seed}")
    output.document(
        document(
            animation,
            artifacts,
            {
                "plan": planned - started,
                "motion": performed - planned,
                "write": written - performed,
            },
        )
    )
