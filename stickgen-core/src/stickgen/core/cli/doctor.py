"""``stickgen doctor``: what works on this machine, what is missing and how to get it."""

from __future__ import annotations

import os
import platform
import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from stickgen.core.cli.output import Output, common_options, table
from stickgen.core.errors import PluginError

if TYPE_CHECKING:
    from stickgen.core.registry import Registry

NEEDED = {
    "planner": "planner",
    "stager": "stager",
    "generator": "generator",
    "renderer": "renderer",
    "mp4": "mp4 exporter",
    "libx264": "H.264 encoder",
}
"""Kinds, or names of a kind, of which one must work to make a video; what each is called."""

LIBRARIES = (
    "numpy",
    "click",
    "pluggy",
    "rich",
    "safetensors",
    "av",
    "isal",
    "pillow",
    "pycairo",
    "cairocffi",
    "pyarrow",
    "scipy",
    "onnxruntime",
    "torch",
    "sentence-transformers",
)
"""Distributions whose version decides what works."""


@click.command()
@common_options
@click.pass_context
def doctor(ctx: click.Context, output: Output) -> None:
    """Say what works here, what is missing and how to get it.

    Every renderer draws a small picture and every generator makes a short motion, so "ok" means
    tried. Exit code 3 when a sentence cannot become a video.
    """
    checks = _checks()
    works = {check[key] for check in checks if check["ok"] for key in ("kind", "name")}
    lacking = [what for key, what in NEEDED.items() if key not in works]
    versions, missing = _versions(), _missing()
    machine = {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "cpus": _cpus(),
    }
    output.text(
        f"Python {machine['python']} on {machine['platform']}, {machine['cpus']} CPUs\n"
        + ", ".join(f"{name} {version}" for name, version in versions.items())
        + "\n"
    )
    rows = [(c["kind"], c["name"], "ok" if c["ok"] else "no", c["detail"]) for c in checks]
    output.text(table(rows))
    if missing:
        output.text("\nNot installed:\n" + table([(f"  {m['what']}", m["get"]) for m in missing]))
    verdict = (
        f"stickgen generate cannot make a video: no working {', '.join(lacking)};"
        " install it with: pip install stickgen"
        if lacking
        else "stickgen generate can make videos here."
    )
    casting = {} if lacking else _casting()
    if len(casting) > 1:
        output.text(
            "\nBy default "
            + ", ".join(
                f"{name} performs {'all else' if good is None else ' '.join(good) or 'nothing'}"
                for name, good in casting.items()
            )
            + "."
        )
    output.text("\n" + verdict)
    output.document(
        {
            "ok": not lacking,
            **machine,
            "executable": sys.executable,
            "versions": versions,
            "checks": checks,
            "default_generators": casting,
            "missing": missing,
        }
    )
    if lacking:
        ctx.exit(3)


def _casting() -> dict[str, list[str] | None]:
    """Return who performs by default: by name what each is good at, None for all it is asked.

    Nobody does where one of them does not work, which the checks tell.
    """
    from stickgen.core import casting, pipeline

    name = pipeline.default_generator()
    try:
        maker = pipeline.make_generator(name)
    except PluginError:
        return {}
    if not isinstance(maker, casting.Casting):
        return {name: None}
    goods = [getattr(each, "good_at", None) for each in maker.generators]
    return {
        each: None if good is None else list(good)
        for each, good in zip(maker.names, goods, strict=True)
    }


def _checks() -> list[dict[str, Any]]:
    """Try everything that is installed and return what came of it, in the order of the pipeline."""
    from stickgen.core.registries import ALL

    trials = {"generators": _moves, "renderers": _draws}
    found = []
    for kind in (
        "llm_backends",
        "text_encoders",
        "stagers",
        "generators",
        "renderers",
        "exporters",
    ):
        for name in ALL[kind]:
            trial = trials[kind](name) if kind in trials else _made(ALL[kind], name)
            label = "planner" if kind == "llm_backends" else ALL[kind].kind
            found.append(_try(label, name, trial))
    return [
        *found,
        _try("cairo", "libcairo", _cairo),
        _try("H.264 encoder", "libx264", _h264),
        _try("clip store", "pyarrow", _pyarrow),
    ]


def _try(kind: str, name: str, trial: Callable[[], str]) -> dict[str, Any]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            detail, ok = trial(), True
    except Exception as error:
        detail, ok = str(error) or type(error).__name__, False
    return {"kind": kind, "name": name, "ok": ok, "detail": detail.partition("\n")[0]}


def _made(registry: Registry[Any], name: str) -> Callable[[], str]:
    def trial() -> str:
        ref = registry.resolve(name)
        registry.create(name)
        return ref.origin

    return trial


def _moves(name: str) -> Callable[[], str]:
    def trial() -> str:
        import numpy as np

        from stickgen.core.registries import generators
        from stickgen.core.types import ActorState, Beat

        beat, rng = Beat((0,), "idle", seconds=1.0), np.random.default_rng(0)
        motion = generators.create(name).generate(beat, [ActorState()], rng)
        return f"{generators.resolve(name).origin}, made {motion.n_frames} frames"

    return trial


def _draws(name: str) -> Callable[[], str]:
    def trial() -> str:
        from stickgen.core.registries import renderers
        from stickgen.core.testing.figures import tiny_scene
        from stickgen.core.types import RenderOptions

        options = RenderOptions(width=320, height=180)
        picture = renderers.create(name).open(tiny_scene(), options).frame(0)
        return f"{renderers.resolve(name).origin}, drew {picture.shape[1]}x{picture.shape[0]}"

    return trial


def _cairo() -> str:
    try:
        import cairo

        return f"pycairo {cairo.version}, cairo {cairo.cairo_version_string()}"
    except ImportError:
        pass
    try:
        import cairocffi

        return f"cairocffi {cairocffi.VERSION}, cairo {cairocffi.cairo_version_string()}"
    except ImportError:
        raise PluginError("no binding; get one with: pip install stickgen") from None
    except OSError:
        raise PluginError(
            "cairocffi finds no libcairo; install it (apt install libcairo2, brew install cairo)"
        ) from None


def _h264() -> str:
    try:
        import av
    except ImportError:
        raise PluginError("no PyAV; get it with: pip install stickgen") from None
    av.codec.Codec("libx264", "w")
    return f"PyAV {av.__version__}"


def _pyarrow() -> str:
    try:
        import pyarrow
    except ImportError:
        raise PluginError('get it with: pip install "stickgen[store]"') from None
    return f"pyarrow {pyarrow.__version__}"


def _missing() -> list[dict[str, str]]:
    """Return the names an extra would bring, each with the command that gets it."""
    from stickgen.core.registries import ALL
    from stickgen.core.registry import install_command

    return [
        {"what": f"{registry.kind} {name}", "get": install_command(requirement)}
        for registry in ALL.values()
        for name, requirement in registry.known.items()
        if name not in registry
    ]


def _versions() -> dict[str, str]:
    """Return the versions of stickgen's distributions, of plugins and of `LIBRARIES`."""
    from importlib.metadata import PackageNotFoundError, version

    from stickgen.core.registry import distributions

    found = {}
    for name in dict.fromkeys(("stickgen-core", *distributions(), *LIBRARIES)):
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def _cpus() -> int:
    """Return how many CPUs this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
