"""``stickgen train``: what it takes and what it says."""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stickgen.core.cli.output import SECONDS_BETWEEN_LINES, Output, common_options

if TYPE_CHECKING:
    from stickgen.train.corpus import Corpus
    from stickgen.train.settings import Settings
    from stickgen.train.training import Trainer

_PATH = click.Path(path_type=Path)

BAR = 24
"""Characters of the bar on a terminal."""


@click.command("train")
@click.argument("config")
@click.option("--data", type=_PATH, metavar="STORE", help="The clip store to train on.")
@click.option("-o", "--out", type=_PATH, metavar="DIR", help="Folder of the checkpoints.")
@click.option(
    "--set",
    "changes",
    multiple=True,
    metavar="KEY=VALUE",
    help="A setting that replaces the file's, e.g. losses.contact=0.5; repeatable.",
)
@click.option("--steps", type=click.IntRange(min=1), help="How many steps.")
@click.option("--minutes", type=click.FloatRange(min=0, min_open=True), help="How long at most.")
@click.option("--seed", type=click.IntRange(min=0), help="Seed of weights, data order and noise.")
@click.option("--resume", is_flag=True, help="Go on from the latest checkpoint in DIR.")
@click.option("--resume-from", type=_PATH, metavar="DIR", help="Go on from this checkpoint.")
@click.option("--init-from", type=_PATH, metavar="DIR", help="Begin from these weights alone.")
@click.option("--dry-run", is_flag=True, help="Print the sizes of the model and stop.")
@common_options
def train(
    output: Output,
    config: str,
    data: Path | None,
    out: Path | None,
    changes: tuple[str, ...],
    steps: int | None,
    minutes: float | None,
    seed: int | None,
    resume: bool,
    resume_from: Path | None,
    init_from: Path | None,
    dry_run: bool,
) -> None:
    """Train a motion model by CONFIG: small, medium, large, each with -sft and -lora, or a file.

    CONFIG picture trains the small network that reads a pose from a picture.

    \b
    stickgen train small --data store/ -o runs/small
    stickgen train small --data store/ -o runs/small --resume
    stickgen train small-sft --data store/ -o runs/tuned --init-from runs/small/best
    accelerate launch --multi_gpu -m stickgen.core.cli.main train large --data store/ -o runs/large
    """  # noqa: D301 - click wants the control character
    from stickgen.core.errors import UsageError
    from stickgen.train import settings as files

    given = [*_environment(), *changes]
    flags = {"steps": steps, "minutes": minutes, "seed": seed}
    given += [f"{name}={value}" for name, value in flags.items() if value is not None]
    if steps is not None:
        given.append("epochs=null")
    settings = files.read(config, given)
    start = resume_from or (out / "latest" if resume and out is not None else None)
    start = start or (Path(settings.resume_from) if settings.resume_from else None)
    begin = init_from or (Path(settings.init_from) if settings.init_from else None)
    if dry_run:
        _sizes(output, settings, {"resume_from": start, "init_from": begin})
        return
    if data is None or out is None:
        raise UsageError("name the clip store with --data and the folder of checkpoints with -o")
    if settings.stage == "picture":
        if start is not None or begin is not None:
            raise UsageError("the stage picture takes minutes and begins anew each time")
        _picture(output, settings, data, out)
        return
    if settings.stage != "pretrain" and begin is None and start is None:
        raise UsageError(f"stage {settings.stage} begins from a checkpoint; name it: --init-from")
    trainer = _trainer(output, settings, data, out, begin)
    if start is not None:
        trainer.resume(start)
        output.say(f"going on from {start} at step {trainer.step}")
    _run(output, trainer)


def _environment() -> list[str]:
    """Return what the reference's environment variables set."""
    out = []
    for variable, key in (
        ("RESUME_FROM_CHECKPOINT", "resume_from"),
        ("INIT_FROM_CHECKPOINT", "init_from"),
    ):
        if value := os.environ.get(variable):
            out.append(f"{key}={json.dumps(value)}")
    return out


def _sizes(output: Output, settings: Settings, start: dict[str, Path | None]) -> None:
    """Print how many numbers each part of the model has, and from where it would start."""
    from dataclasses import replace

    import torch

    from stickgen.core import registries
    from stickgen.train import lora
    from stickgen.train.model import VARIANTS, MotionTransformer, parameters

    if settings.stage == "picture":
        from stickgen.train.picture_pose import PoseNet

        count = parameters(PoseNet(settings.picture_size))
        output.text(f"reader of poses: {count:,} parameters, {settings.picture_size} px")
        output.document({"stage": "picture", "parameters": count})
        return
    config = VARIANTS[settings.variant]
    own = replace(
        config, text_dim=registries.text_encoders.create(settings.encoder).dim,
        image=settings.image, fusion=settings.fusion,
    )  # fmt: skip
    with torch.device("meta"):  # counted, not filled
        nominal = parameters(MotionTransformer(config))
        model = MotionTransformer(own)
        used = parameters(model)
        eyes = sum(
            parameters(part) for part in (model.image_encoder, model.fusion) if part is not None
        )
        trained = used if settings.lora is None else lora.attach(model, settings.lora)
    facts = {
        "variant": settings.variant,
        "stage": settings.stage,
        "parameters": nominal,
        "parameters_with_encoder": used,
        "parameters_of_pictures": eyes,
        "parameters_trained": trained,
        "encoder": settings.encoder,
        "width": config.width,
        "layers": config.layers,
        "heads": config.heads,
        "learning_rate": settings.learning_rate,
        **start,
    }
    output.text(
        f"{settings.variant}: {nominal:,} parameters with a 1024-d text adapter,"
        f" {used:,} with {settings.encoder} ({own.text_dim}-d)"
        + (f" and {settings.image}" if settings.image else "")
        + (f", {trained:,} of adapters trained" if settings.lora else "")
        + f"; d {config.width}, L {config.layers}, H {config.heads}"
    )
    output.document(facts)


def _trainer(
    output: Output, settings: Settings, data: Path, out: Path, init_from: Path | None
) -> Trainer:
    from stickgen.train.training import Trainer

    return Trainer(settings, _corpus(output, settings, data, out), out, init_from=init_from)


def _corpus(output: Output, settings: Settings, data: Path, out: Path) -> Corpus:
    """Return the corpus in *out*; of several processes one reads the store and the others wait."""
    from accelerate import PartialState

    from stickgen.train import corpus as corpora
    from stickgen.train.training import processors_alone

    folder = out / "corpus"
    with PartialState(cpu=processors_alone()).main_process_first():
        if not corpora.fits(folder, data, settings.encoder):
            output.say(f"reading {data}")
            corpora.build(data, folder, settings.encoder)
    return corpora.Corpus(folder)


def _picture(output: Output, settings: Settings, data: Path, out: Path) -> None:
    from stickgen.train import picture_pose

    corpus = _corpus(output, settings, data, out)
    shown = {"at": time.monotonic()}

    def report(step: int, loss: float, error: float) -> None:
        now = time.monotonic()
        if now - shown["at"] >= SECONDS_BETWEEN_LINES:
            shown["at"] = now
            known = "" if error != error else f" · {100 * error:.1f} cm off on held-out poses"
            output.say(f"step {step}/{settings.steps} · loss {loss:.3f}{known}")

    folder = picture_pose.train(settings, corpus, out, report)
    output.path(folder)
    output.document({"checkpoint": folder})


def _run(output: Output, trainer: Trainer) -> None:
    from stickgen.train.training import train as run

    settings = trainer.settings
    main = trainer.accelerator.is_main_process
    boards = _boards(trainer) if main else []
    first, begun = trainer.step, time.monotonic()
    seen = {"clips": 0, "shown": 0.0}

    with _line(output) as show:

        def report(trainer: Trainer, losses: dict[str, float]) -> None:
            seen["clips"] += trainer.clips
            for board in boards:
                board(losses, trainer.step)
            spent = time.monotonic() - begun
            pause = 0.2 if show.quick else SECONDS_BETWEEN_LINES
            if not main or (spent - seen["shown"] < pause and trainer.step < settings.steps):
                return
            seen["shown"] = spent
            rate = spent / max(1, trainer.step - first)
            left = rate * (settings.steps - trainer.step)
            if settings.minutes:
                left = min(left, 60.0 * settings.minutes - trainer.spent)
            show(
                trainer.step / settings.steps,
                f"step {trainer.step}/{settings.steps} · loss {losses['total']:.3f}"
                f" · {seen['clips'] / max(spent, 1e-9):.1f} clips/s"
                f" · {max(left, 0) / 60:.0f} min left",
            )

        run(trainer, report)
    if not main:
        return
    facts: dict[str, Any] = {
        "steps": trainer.step,
        "seconds": round(trainer.spent, 1),
        "clips_per_second": round(seen["clips"] / max(time.monotonic() - begun, 1e-9), 2),
        "processes": trainer.accelerator.num_processes,
        "checkpoint": trainer.folder / "latest",
        "validation": trainer.history[-1] if trainer.history else None,
    }
    output.path(trainer.folder / "latest")
    output.document(facts)


class _Line:
    """One line that says how training goes: redrawn on a terminal, now and then elsewhere."""

    def __init__(self, output: Output, terminal: bool) -> None:
        self.quick, self._output = terminal, output

    def __call__(self, done: float, text: str) -> None:
        if not self.quick:
            self._output.say(text)
            return
        filled = round(BAR * min(done, 1.0))
        click.echo(f"\r\x1b[K{'━' * filled}{'╌' * (BAR - filled)} {text}", err=True, nl=False)


@contextmanager
def _line(output: Output) -> Iterator[_Line]:
    line = _Line(output, sys.stderr.isatty() and not output.quiet)
    try:
        yield line
    finally:
        if line.quick:
            click.echo(err=True)


def _boards(trainer: Trainer) -> list[Callable[[dict[str, float], int], None]]:
    """Return what else the losses are told to: TensorBoard, Weights & Biases.

    Raises `PluginError` for one that is asked for and not installed.
    """
    from dataclasses import asdict

    from stickgen.core.errors import PluginError

    settings = trainer.settings
    out: list[Callable[[dict[str, float], int], None]] = []
    if settings.tensorboard:
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ImportError as error:
            raise PluginError(
                "TensorBoard is not installed: pip install tensorboard, or set tensorboard=false"
            ) from error
        writer: Any = SummaryWriter(str(trainer.folder / "tensorboard"))

        def draw(losses: dict[str, float], step: int) -> None:
            for name, value in losses.items():
                writer.add_scalar(name, value, step)

        out.append(draw)
    if settings.wandb:
        try:
            wandb: Any = importlib.import_module("wandb")
        except ImportError as error:
            raise PluginError(
                "Weights & Biases is not installed: pip install wandb, or set wandb=null"
            ) from error
        run = wandb.init(project=settings.wandb, dir=str(trainer.folder), config=asdict(settings))
        out.append(lambda losses, step: run.log(dict(losses), step=step))
    return out
