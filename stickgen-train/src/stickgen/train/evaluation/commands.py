"""``stickgen eval`` and ``stickgen bench``: what they take and what they say."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stickgen.core.cli.output import Output, common_options, table

if TYPE_CHECKING:
    from stickgen.train.evaluation.measuring import Row
    from stickgen.train.evaluation.table import Progress, Setting

_PATH = click.Path(path_type=Path)


@click.command("eval")
@click.argument("store", type=_PATH)
@click.option(
    "--generator",
    "generators",
    multiple=True,
    metavar="NAME",
    help="A generator to measure; may repeat. By default the model that is installed.",
)
@click.option(
    "--rows",
    metavar="LIST",
    help="Only these rows, e.g. real,retrieval,small,small+plan; by default all.",
)
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="KEY=VALUE",
    help="A setting of the model, e.g. checkpoint=runs/small; repeatable.",
)
@click.option(
    "--prompts",
    type=_PATH,
    metavar="FILE",
    help="Judge the sentences of this YAML file instead of held-out captions.",
)
@click.option(
    "--heads",
    type=_PATH,
    metavar="CHECKPOINT",
    help="Only hold the six heads of this checkpoint against the best constants, on STORE's val.",
)
@click.option(
    "--good-at",
    is_flag=True,
    help="Only tell which actions the model does well enough to have them by default.",
)
@click.option("--seeds", type=click.IntRange(1, 20), default=3, show_default=True)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@click.option("--limit", type=click.IntRange(min=4), metavar="N", help="At most N held-out clips.")
@click.option(
    "--held-out",
    type=click.Choice(["test", "val", "both"]),
    default="test",
    show_default=True,
    help="Which held-out clips; those of val may have chosen a checkpoint.",
)
@click.option(
    "--trained-on",
    type=_PATH,
    multiple=True,
    metavar="STORE",
    help="The model has learnt from this store too: leave out what it taught; repeatable.",
)
@click.option("--encoder", default="static", show_default=True, help="Text encoder of the rivals.")
@click.option(
    "--baseline-minutes",
    type=click.FloatRange(0.0, min_open=True),
    default=10.0,
    show_default=True,
    help="Processor time each trained rival gets.",
)
@click.option(
    "--classifier-steps",
    type=click.IntRange(min=10),
    default=600,
    show_default=True,
    help="Fewer are for trying things out: such a judge is a poor one.",
)
@click.option("--evaluator-seeds", type=click.IntRange(1, 10), default=3, show_default=True)
@click.option("--evaluator-steps", type=click.IntRange(min=10), default=300, show_default=True)
@click.option(
    "--cache",
    type=_PATH,
    metavar="DIR",
    help="Where trained judges and rivals are kept; by default the user's cache folder.",
)
@click.option("--no-cache", is_flag=True, help="Train everything anew and keep nothing.")
@common_options
def evaluate(
    output: Output,
    store: Path,
    generators: tuple[str, ...],
    rows: str | None,
    settings: tuple[str, ...],
    prompts: Path | None,
    heads: Path | None,
    good_at: bool,
    seeds: int,
    seed: int,
    limit: int | None,
    held_out: str,
    trained_on: tuple[Path, ...],
    encoder: str,
    baseline_minutes: float,
    classifier_steps: int,
    evaluator_seeds: int,
    evaluator_steps: int,
    cache: Path | None,
    no_cache: bool,
) -> None:
    r"""Measure generators against the held-out real clips of STORE.

    \b
    stickgen eval store/
    stickgen eval store/ --rows real,retrieval,procedural --seeds 1
    stickgen eval store/ --generator small --prompts prompts.yaml
    stickgen eval store/ --heads runs/small/latest
    """
    from stickgen.core import registries
    from stickgen.core.errors import UsageError
    from stickgen.core.storage import ClipStore
    from stickgen.train.evaluation.table import Setting

    if cache is not None and no_cache:
        raise UsageError("--cache and --no-cache contradict each other; give one of them")
    for name in generators:
        registries.generators.resolve(name)
    setting = Setting(
        rows=tuple(part.strip() for part in rows.split(",") if part.strip()) if rows else (),
        generators=generators,
        options=_settings(settings),
        seeds=seeds,
        seed=seed,
        limit=limit,
        held_out=held_out,
        trained_on=trained_on,
        encoder=encoder,
        cache=None if no_cache else cache or _cache(),
        classifier_steps=classifier_steps,
        evaluator_seeds=evaluator_seeds,
        evaluator_steps=evaluator_steps,
        baseline_seconds=baseline_minutes * 60.0,
    )
    if heads is not None:
        _heads(output, ClipStore(store), heads)
    elif good_at:
        _good_at(output, ClipStore(store), setting)
    elif prompts is not None:
        _battery(output, ClipStore(store), setting, prompts)
    else:
        _table(output, ClipStore(store), setting)


def _table(output: Output, store: Any, setting: Setting) -> None:
    from stickgen.train.evaluation import table as tables

    headings = tables.header()

    def done(row: Row) -> None:
        cells = zip(headings, tables.cells(row), strict=True)
        output.say(", ".join(f"{heading} {cell}" for heading, cell in cells if cell != "–"))

    report = tables.run(store, setting, _steps(output), done)
    for name, reason in report.skipped.items():
        output.warn(f"{name} could not be measured: {reason}")
    output.text(table([tables.cells(row) for row in report.rows], headings))
    for line in tables.caption(report):
        output.text(line)
    for verdict in tables.verdicts(report):
        output.text(tables.told(verdict))
    output.document(tables.document(report))


def _battery(output: Output, store: Any, setting: Setting, path: Path) -> None:
    from stickgen.train.evaluation import battery, prompts

    found = battery.run(store, setting, prompts.read(path), _steps(output))
    for name, reason in found.skipped.items():
        output.warn(f"{name} could not be measured: {reason}")
    for each in found.batteries:
        for line in prompts.words(each):
            output.text(line)
    output.document(
        {
            "schema": 1,
            "classifier": found.validation._asdict(),
            "skipped": found.skipped,
            "systems": [prompts.document(each) for each in found.batteries],
        }
    )


def _good_at(output: Output, store: Any, setting: Setting) -> None:
    from stickgen.core.errors import UsageError
    from stickgen.train.evaluation import good_at, samples
    from stickgen.train.evaluation import table as tables

    models = tables.installed_models(setting)
    if not models:
        raise UsageError("no model is installed; name a generator by --generator")
    progress = _steps(output)
    with progress("reading the store"):
        corpus = samples.load(store)
    real = [*corpus.train, *corpus.val, *corpus.test]
    classifier = tables.Judges(store, corpus, setting, progress).classifier(real)
    with progress(f"asking {models[0]} and {good_at.RIVAL}") as tick:
        found = good_at.judge(
            models[0], dict(setting.options), classifier, real, seed=setting.seed, progress=tick
        )
    rows = [
        [
            *(each.action, f"{each.recognised}/{each.of}", f"{each.rival}/{each.of}"),
            *(f"{each.skate:.2f}", f"{each.real_skate:.2f}", f"{each.sound}/{each.of}"),
            "yes" if each.good else "no",
        ]
        for each in found
    ]
    header = ["action", models[0], good_at.RIVAL, "skate", "real skate", "sound", "good at"]
    output.text(table(rows, header))
    names = [each.action for each in found if each.good]
    output.text(f"{models[0]} is good at: {' '.join(names) or 'nothing yet'}")
    output.document(
        {
            "schema": 1,
            "model": models[0],
            "good_at": names,
            "actions": [each.record() for each in found],
        }
    )


def _heads(output: Output, store: Any, checkpoint: Path) -> None:
    from stickgen.train.evaluation import heads

    found = heads.measure(checkpoint, store)
    rows = [
        [
            *(head.name, heads.UNITS[head.name], f"{head.constant:.3f}"),
            *(f"{head.errors[column]:.3f}" for column in heads.COLUMNS),
        ]
        for head in found
    ]
    output.text(table(rows, ["head", "error", "best constant", *heads.COLUMNS]))
    output.document({"schema": 1, "heads": [head.record() for head in found]})


@click.command()
@click.option(
    "--generator", "generators", multiple=True, metavar="NAME", help="Only this one; may repeat."
)
@click.option(
    "--renderer", "renderers", multiple=True, metavar="NAME", help="Only this one; may repeat."
)
@click.option("--repeats", type=click.IntRange(1, 50), default=3, show_default=True)
@click.option(
    "--training",
    is_flag=True,
    help="Measure training instead: clips a second of the small model and of the predecessor.",
)
@click.option(
    "--threads",
    type=click.IntRange(1, 256),
    default=2,
    show_default=True,
    help="Threads that train; with --training.",
)
@common_options
def bench(
    output: Output,
    generators: tuple[str, ...],
    renderers: tuple[str, ...],
    repeats: int,
    training: bool,
    threads: int,
) -> None:
    """Measure how fast the installed generators and renderers are.

    Each runs in a process of its own; 'warm' and 'cpu' are the best of the repeats.
    """
    from stickgen.core.errors import UsageError
    from stickgen.train.evaluation import speed

    if training:
        if generators or renderers:
            raise UsageError("--training measures no generator and no renderer; leave them out")
        _training(output, repeats, threads)
        return

    named = bool(generators or renderers)
    with output.progress("plugins") as tick:
        found = speed.measure(
            generators if named else None,
            renderers if named else None,
            repeats=repeats,
            progress=tick,
        )
    rows = [
        [
            *(each.kind, each.name, each.unit),
            *map(_number, (each.cold, each.warm, each.cpu)),
            *("–" if each.peak_mb is None else f"{each.peak_mb:.0f}", each.problem or ""),
        ]
        for each in found
    ]
    header = ["kind", "name", "unit", "cold s", "warm s", "cpu s", "MB", ""]
    output.text(table(rows, header))
    output.document({"schema": 1, "plugins": [each.record() for each in found]})


def _training(output: Output, repeats: int, threads: int) -> None:
    from stickgen.train.evaluation import throughput

    with output.progress("training steps") as tick:
        found = throughput.measure(repeats=repeats, threads=threads, progress=tick)
    rows = [
        [
            *(each.name, f"{each.parameters / 1e6:.1f} M", f"{each.threads}"),
            *(f"{each.clips_per_second:.1f}", f"{each.clips_per_cpu_second:.1f}"),
        ]
        for each in found
    ]
    output.text(table(rows, ["model", "parameters", "threads", "clips/s", "clips/CPU s"]))
    output.document({"schema": 1, "training": [each.record() for each in found]})


def _number(seconds: float | None) -> str:
    return "–" if seconds is None else f"{seconds:.4f}"


def _settings(pairs: tuple[str, ...]) -> dict[str, Any]:
    """Return ``KEY=VALUE`` pairs; what reads as JSON is what JSON says, all else a text."""
    import json

    from stickgen.core.errors import UsageError

    out: dict[str, Any] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise UsageError(f"--set {pair!r} is not KEY=VALUE")
        try:
            out[key] = json.loads(value)
        except ValueError:
            out[key] = value
    return out


def _cache() -> Path:
    """Return the folder where judges and rivals are kept between runs."""
    import os
    import sys

    if root := os.environ.get("XDG_CACHE_HOME"):
        return Path(root) / "stickgen" / "eval"
    if sys.platform == "win32" and (root := os.environ.get("LOCALAPPDATA")):
        return Path(root) / "stickgen" / "Cache" / "eval"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "stickgen" / "eval"
    return Path.home() / ".cache" / "stickgen" / "eval"


def _steps(output: Output) -> Progress:
    """Return what shows how far each step of an evaluation is."""

    @contextmanager
    def step(label: str) -> Iterator[Any]:
        output.say(label)
        with output.progress(label) as tick:
            yield tick

    return step
