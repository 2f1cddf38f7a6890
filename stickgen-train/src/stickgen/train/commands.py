"""``stickgen train``: what it takes and what it says."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stickgen.core.cli.output import Output, common_options

if TYPE_CHECKING:
    from stickgen.train.settings import Settings
    from stickgen.train.training import Trainer

_PATH = click.Path(path_type=Path)


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

    \b
    stickgen train small --data store/ -o runs/small
    stickgen train small --data store/ -o runs/small --resume
    stickgen train small-sft --data store/ -o runs/tuned --init-from runs/small/best
    accelerate launch -m stickgen.core.cli.main train large --data store/ -o runs/large
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
        _sizes(output, settings)
        return
    if data is None or out is None:
        raise UsageError("name the clip store with --data and the folder of checkpoints with -o")
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
            out.append(f"{key}={value!r}")
    return out


def _sizes(output: Output, settings: Settings) -> None:
    """Print how many numbers each part of the model has."""
    from dataclasses import replace

    from stickgen.core import registries
    from stickgen.train.model import VARIANTS, MotionTransformer, parameters

    config = VARIANTS[settings.variant]
    own = replace(config, text_dim=registries.text_encoders.create(settings.encoder).dim)
    nominal, used = parameters(MotionTransformer(config)), parameters(MotionTransformer(own))
    facts = {
        "variant": settings.variant,
        "parameters": nominal,
        "parameters_with_encoder": used,
        "encoder": settings.encoder,
        "width": config.width,
        "layers": config.layers,
        "heads": config.heads,
    }
    output.text(
        f"{settings.variant}: {nominal:,} parameters with a 1024-d text adapter,"
        f" {used:,} with {settings.encoder} ({own.text_dim}-d);"
        f" d {config.width}, L {config.layers}, H {config.heads}"
    )
    output.document(facts)


def _trainer(
    output: Output, settings: Settings, data: Path, out: Path, init_from: Path | None
) -> Trainer:
    from stickgen.train import corpus as corpora
    from stickgen.train.training import Trainer

    folder = out / "corpus"
    if not corpora.fits(folder, data, settings.encoder):
        output.say(f"reading {data}")
        corpora.build(data, folder, settings.encoder)
    return Trainer(settings, corpora.Corpus(folder), out, init_from=init_from)


def _run(output: Output, trainer: Trainer) -> None:
    from stickgen.train.training import train as run

    settings = trainer.settings
    board = _board(trainer) if settings.tensorboard else None
    first, begun = trainer.step, time.monotonic()
    seen = {"clips": 0, "shown": 0.0}

    def report(trainer: Trainer, losses: dict[str, float]) -> None:
        seen["clips"] += trainer.clips
        if board is not None:
            for name, value in losses.items():
                board.add_scalar(name, value, trainer.step)
        spent = time.monotonic() - begun
        if spent - seen["shown"] < 2.0 and trainer.step < settings.steps:
            return
        seen["shown"] = spent
        rate = spent / max(1, trainer.step - first)
        left = rate * (settings.steps - trainer.step)
        if settings.minutes:
            left = min(left, 60.0 * settings.minutes - trainer.spent)
        output.say(
            f"step {trainer.step}/{settings.steps} · loss {losses['total']:.3f}"
            f" · {seen['clips'] / max(spent, 1e-9):.1f} clips/s · {max(left, 0) / 60:.0f} min left"
        )

    run(trainer, report)
    facts: dict[str, Any] = {
        "steps": trainer.step,
        "seconds": round(trainer.spent, 1),
        "clips_per_second": round(seen["clips"] / max(time.monotonic() - begun, 1e-9), 2),
        "checkpoint": trainer.folder / "latest",
        "validation": trainer.history[-1] if trainer.history else None,
    }
    output.path(trainer.folder / "latest")
    output.document(facts)


def _board(trainer: Trainer) -> Any:
    """Return a TensorBoard writer into the run's folder."""
    from stickgen.core.errors import PluginError

    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError as error:
        raise PluginError(
            "TensorBoard is not installed: pip install tensorboard, or set tensorboard=false"
        ) from error
    return SummaryWriter(str(trainer.folder / "tensorboard"))
