"""``stickgen generate``: a sentence in, an animation out."""

from __future__ import annotations

import dataclasses
import time
from typing import TYPE_CHECKING, Any

import click

from stickgen.core.cli.drawing import (
    check_outputs,
    document,
    drawing_options,
    render_options,
    write_all,
)
from stickgen.core.cli.output import Output, common_options

if TYPE_CHECKING:
    from stickgen.core.types import Scene


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
@click.option("--loop", is_flag=True, help="Let the end lead back to the beginning.")
@click.option(
    "--keyframes",
    type=click.Path(),
    metavar="FILE",
    help="Go through the poses of this .motion file, each at its time.",
)
@click.option(
    "--variations",
    type=click.IntRange(1, 100),
    default=1,
    metavar="N",
    help="Make N, by the seeds from --seed on: a.mp4 becomes a.1.mp4, a.2.mp4 and so on.",
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
    loop: bool,
    keyframes: str | None,
    variations: int,
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
    stickgen generate "A person dances" -o dance.gif --loop --variations 3
    stickgen generate "A person jumps" --keyframes poses.motion -o jump.mp4
    """  # noqa: D301 - click wants the control character
    from stickgen.core import pipeline
    from stickgen.core.errors import UsageError

    force = drawing["force"]
    if not outputs and not dry_run:
        raise UsageError("nothing to write; name an output, e.g. -o walk.mp4")
    if (prompt is None) == (script_file is None):
        raise UsageError("give a prompt or a --script, one of them")
    if script_file is not None and duration is not None:
        raise UsageError("--duration belongs to a prompt; a script says how long its beats take")
    options = render_options(**drawing)
    if variations == 1:
        named = [outputs]
    else:
        named = [tuple(numbered(each, i + 1) for each in outputs) for i in range(variations)]
    every = [check_outputs(some, force=force) for some in named]
    if seed is None:
        import secrets

        seed = secrets.randbelow(2**31)
    documents = []
    for number, paths in enumerate(every):
        started = time.perf_counter()
        if script_file is not None:
            from stickgen.core.storage import read_script

            script = read_script(script_file)
        else:
            script = pipeline.plan(
                prompt or "", seed=seed + number, duration=duration, planner=planner
            )
            if keyframes is not None and duration is None:
                script = dataclasses.replace(script, duration=None)
        planned = time.perf_counter()
        for warning in script.warnings:
            output.warn(warning)
        if dry_run:
            output.document(
                {"schema": 1, "seed": seed, "script": dataclasses.asdict(script)}, always=True
            )
            return
        scene = pipeline.perform(
            script, seed=seed + number, fps=fps, generator=generator, stager=stager, lora=lora,
            image=image, image_camera=image_camera, loop=loop, keyframes=keyframes,
        )  # fmt: skip
        animation = pipeline.Animation(scene, options)
        for warning in animation.warnings:
            if warning not in script.warnings:
                output.warn(warning)
        if check:
            _check(scene)
        for name, actions in scene.meta.get("performed", {}).items():
            output.detail(f"{name} performed: {', '.join(actions)}")
        performed = time.perf_counter()
        artifacts = write_all(animation, paths, output)
        written = time.perf_counter()
        output.say(f"seed {seed + number}")
        seconds = {
            "plan": planned - started,
            "motion": performed - planned,
            "write": written - performed,
        }
        documents.append(document(animation, artifacts, seconds))
    rest = {"variations": documents} if variations > 1 else {}
    output.document({**documents[0], **rest})


def numbered(path: str, number: int) -> str:
    """Return *path* with *number* before its suffix: ``a.1.mp4``, ``a.1.lottie.json``."""
    from stickgen.core import registries

    suffix, _ = registries.exporter_for(path)
    return f"{path[: -len(suffix) - 1]}.{number}.{path[-len(suffix) :]}"


def _check(scene: Scene) -> None:
    """Raise `DataError` for a motion that does not pass the validator."""
    from stickgen.core import validator
    from stickgen.core.errors import DataError

    report = validator.check(scene.motion, environment=scene.environment)
    if not report.ok:
        raise DataError(f"the motion does not pass the validator: {report.issues[0].message}")
