"""Options shared by the commands that draw: where to write, how large, in which style."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from stickgen.core.cli.output import Output
    from stickgen.core.pipeline import Animation
    from stickgen.core.types import Artifact, RenderOptions

if TYPE_CHECKING:  # generic for the type checker, a plain class in older releases of click
    _SizeType = click.ParamType[tuple[int, int]]
    _ViewType = click.ParamType[str | float]
else:
    _SizeType = _ViewType = click.ParamType

F = TypeVar("F", bound=Callable[..., Any])

_RATIOS = {"16:9": (1280, 720), "9:16": (720, 1280), "1:1": (1080, 1080), "4:3": (960, 720)}


class Size(_SizeType):
    """``1280x720``, ``720p`` (16:9 of that height) or a ratio: 16:9, 9:16, 1:1, 4:3."""

    name = "size"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        """Return (width, height) in pixels."""
        if isinstance(value, tuple):
            return value
        text = str(value).strip().lower()
        if text in _RATIOS:
            return _RATIOS[text]
        if match := re.fullmatch(r"(\d{1,5})p", text):
            height = int(match[1])
            return (round(height * 16 / 9 / 2) * 2, height)
        if match := re.fullmatch(r"(\d{1,5})x(\d{1,5})", text):
            return (int(match[1]), int(match[2]))
        self.fail(f"{value!r} is not a size; write 1280x720, 720p or 1:1", param, ctx)


class View(_ViewType):
    """side, front, three-quarter or a yaw in degrees."""

    name = "view"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> str | float:
        """Return the name or the degrees."""
        if value in ("side", "front", "three-quarter"):
            return str(value)
        try:
            degrees = float(value)
        except (TypeError, ValueError):
            degrees = float("nan")
        if not -36000.0 <= degrees <= 36000.0:
            self.fail(
                f"{value!r} is not a view; write side, front, three-quarter or degrees", param, ctx
            )
        return degrees


def drawing_options(command: F) -> F:
    """Add the options that say what is written and how it is drawn."""
    for option in reversed(
        (
            click.option(
                "-o",
                "--output",
                "outputs",
                multiple=True,
                metavar="FILE",
                help="Where to write; may repeat, the suffix chooses the format.",
            ),
            click.option(
                "--size",
                type=Size(),
                default="1280x720",
                show_default=True,
                help="Picture size: 1280x720, 720p, 1:1, 9:16.",
            ),
            click.option("--style", default="normal", show_default=True, help="How it is drawn."),
            click.option(
                "--view",
                type=View(),
                default="three-quarter",
                show_default=True,
                help="side, front, three-quarter or a yaw in degrees.",
            ),
            click.option(
                "--renderer", default=None, help="Renderer; the best installed by default."
            ),
            click.option(
                "--quality",
                type=click.Choice(["draft", "standard", "high"]),
                default="standard",
                show_default=True,
                help="Of the encoding.",
            ),
            click.option(
                "--camera",
                multiple=True,
                metavar="MOVE",
                help="What the camera does, e.g. 'dolly in 2s-5s'; may repeat. Moves: static, pan,"
                " zoom, track, dolly, crane, orbit, shake; shots: wide, medium, close-up.",
            ),
            click.option(
                "--theme",
                type=click.Choice(["auto", "light", "dark"]),
                default="auto",
                show_default=True,
                help="Light or dark surroundings; auto goes by the place.",
            ),
            click.option(
                "--palette",
                default=None,
                metavar="NAME",
                help="Colours of the actors: a name (mono, candy, forest, ocean, sunset,"
                " colour-blind) or a list such as '#c2301d,#23648f'.",
            ),
            click.option("--captions", is_flag=True, help="Draw what is said as speech bubbles."),
            click.option("--trails", is_flag=True, help="Draw the trails of fast hands and feet."),
            click.option(
                "--transparent", is_flag=True, help="Leave the backdrop out, where the format can."
            ),
            click.option(
                "-s",
                "--still",
                type=click.FloatRange(min=0),
                default=None,
                metavar="SECONDS",
                help="The moment of a single picture.",
            ),
            click.option(
                "--jobs", type=click.IntRange(min=0), default=0, help="Worker processes; 0 chooses."
            ),
            click.option("-f", "--force", is_flag=True, help="Overwrite what is there."),
        )
    ):
        command = option(command)
    return command


def render_options(**values: Any) -> RenderOptions:
    """Return the `RenderOptions` of the parsed command-line *values*, checked."""
    from stickgen.core.pipeline import check_options
    from stickgen.core.types import RenderOptions

    width, height = values.pop("size")
    return check_options(RenderOptions(width=width, height=height, **values))


def check_outputs(outputs: tuple[str, ...], *, force: bool) -> list[Path]:
    """Return the paths to write after the quick checks, so that no work is done in vain.

    Raises `OutputError` for one that exists already, `PluginError` for a suffix nobody serves and
    `UsageError` for the same path twice.
    """
    from stickgen.core import registries
    from stickgen.core.errors import OutputError, UsageError

    paths = [Path(output) for output in outputs]
    for path in paths:
        if paths.count(path) > 1:
            raise UsageError(f"output {path} is named twice")
        registries.exporter_for(path)
        if path.is_dir():
            raise OutputError(f"{path} is a folder; name a file")
        if path.exists() and not force:
            raise OutputError(f"{path} exists already; use --force to overwrite it")
    return paths


def write_all(animation: Animation, paths: list[Path], output: Output) -> list[Artifact]:
    """Write *animation* to every path, with a progress bar each, and return what was written."""
    artifacts = []
    for path in paths:
        with output.progress(f"{path.name}", animation.scene.motion.n_frames) as progress:
            artifacts.append(animation.save(path, progress=progress))
        output.path(path)
    return artifacts


def document(
    animation: Animation, artifacts: list[Artifact], seconds: dict[str, float]
) -> dict[str, Any]:
    """Return the one JSON object a drawing command prints with ``--json``."""
    motion = animation.scene.motion
    meta = animation.scene.meta
    return {
        "schema": 1,
        "out": [
            {
                "path": str(artifact.path),
                "media_type": artifact.media_type,
                "sha256": artifact.sha256,
                "size": artifact.size,
            }
            for artifact in artifacts
        ],
        "prompt": meta.get("prompt"),
        "seed": meta.get("seed"),
        "generator": meta.get("generator"),
        "performed": meta.get("performed"),
        "planner": meta.get("planner"),
        "style": animation.options.style,
        "size": [animation.options.width, animation.options.height],
        "fps": motion.fps,
        "frames": motion.n_frames,
        "actors": motion.n_actors,
        "seconds": {key: round(value, 3) for key, value in seconds.items()},
        "warnings": list(animation.warnings),
    }
