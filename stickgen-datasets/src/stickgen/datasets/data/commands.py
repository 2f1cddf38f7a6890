"""The commands of ``stickgen data``: what they take and what they say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from stickgen.core.cli.output import Output, common_options, table
from stickgen.datasets.engines import engine_option

if TYPE_CHECKING:
    from stickgen.datasets.data.passing import Tally

C = TypeVar("C", bound=Callable[..., Any])

_PATH = click.Path(path_type=Path)
_UNIT = click.FloatRange(0.0, 1.0)
_store = click.argument("store", type=_PATH)
_force = click.option("--force", is_flag=True, help="Replace what is there.")
_strict = click.option("--strict", is_flag=True, help="Stop at the first clip that is left out.")
_seed = click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)


def _out(help_: str, metavar: str = "STORE", required: bool = True) -> Callable[[C], C]:
    return click.option(
        "-o", "--out", "out", metavar=metavar, type=_PATH, required=required, help=help_
    )


@click.command()
@click.argument("stores", nargs=-1, required=True, type=_PATH)
@_out("Folder of the new store.")
@click.option(
    "--max-source-fraction",
    type=click.FloatRange(0.0, 1.0, min_open=True),
    default=0.3,
    show_default=True,
    metavar="SHARE",
    help="Largest share of the clips that one source may have; 1 keeps everything.",
)
@click.option(
    "--duplicates",
    type=click.Choice(["refuse", "prefix"]),
    default="refuse",
    show_default=True,
    help="What to do with a clip name that an earlier store has: stop, or put its store before it.",
)
@_seed
@_force
@_strict
@common_options
def merge(output: Output, stores: tuple[Path, ...], out: Path, **settings: Any) -> None:
    """Merge STORES into one, balanced by source; write the figures beside it.

    \b
    stickgen data merge cmu bandai humanml3d synth -o all
    """  # noqa: D301 - click wants the control character
    from stickgen.datasets.data.merging import merge as run
    from stickgen.datasets.data.passing import beside

    with output.progress("Merging") as progress:
        merged = run(stores, out, progress=progress, **settings)
    if merged.cap.used > merged.cap.asked + 1e-9:
        output.warn(
            f"of {len(merged.found)} sources none can have less than {merged.cap.used:.0%} at"
            f" most, so that is the cap instead of {merged.cap.asked:.0%}"
        )
    document = merged.document()
    rows = [
        (name, f"{each['found']:,}", f"{each['kept']:,}", f"{each['share']:.1%}")
        for name, each in document["sources"].items()
    ]
    output.say(table(rows, header=("source", "found", "kept", "share")))
    _told(output, merged.tally, out)
    output.document({"output": out, "stats": beside(out, "stats.json"), **document})


@click.command()
@_store
@click.option(
    "--report", metavar="FILE", type=_PATH, help="Write one JSON object a clip, a line each."
)
@_force
@click.option("--strict", is_flag=True, help="End with exit code 4 if a clip breaks a rule.")
@common_options
def validate(output: Output, store: Path, report: Path | None, force: bool, strict: bool) -> None:
    """Check every clip of STORE by the validator and the gates, and list what is broken.

    \b
    stickgen data validate all --strict
    """  # noqa: D301 - click wants the control character
    from stickgen.core.errors import DataError
    from stickgen.datasets.data.validating import validate as run

    with output.progress("Checking") as progress:
        result = run(store, report=report, force=force, progress=progress)
    for each in result.findings:
        output.text(f"{each.clip}: [{each.rule}] {each.message}")
    rules = [(rule, f"{count:,}") for rule, count in result.rules.items()]
    if rules:
        output.say(table(rules, header=("rule", "clips")))
    output.say(f"{result.sound:,} of {result.clips:,} clips break no rule")
    if report is not None:
        output.path(report)
    output.document(
        {
            "store": store,
            "report": report,
            "clips": result.clips,
            "sound": result.sound,
            "rules": result.rules,
            "findings": [
                {"clip": each.clip, "rule": each.rule, "message": each.message}
                for each in result.findings
            ],
        }
    )
    if strict and result.findings:
        broken = result.clips - result.sound
        raise DataError(f"{broken:,} of the {result.clips:,} clips in {store} break a rule")


@click.command()
@_store
@_out("Folder of the new store; with --force it may be STORE.")
@click.option(
    "--by",
    type=click.Choice(["recording", "subject"]),
    default="recording",
    show_default=True,
    help="What stays together.",
)
@click.option(
    "--fractions",
    default="80/10/10",
    show_default=True,
    metavar="TRAIN/VAL/TEST",
    callback=lambda context, option, value: _fractions(value),
    help="Shares of the three, in per cent.",
)
@click.option("--keep", is_flag=True, help="Keep the split that a data set has given its clips.")
@_seed
@_force
@_strict
@common_options
def split(output: Output, store: Path, out: Path, **settings: Any) -> None:
    """Divide STORE into train, val and test; do it before clips are augmented.

    \b
    stickgen data split all -o divided
    """  # noqa: D301 - click wants the control character
    from stickgen.datasets.data.splitting import SPLITS
    from stickgen.datasets.data.splitting import split as run

    with output.progress("Splitting") as progress:
        result = run(store, out, progress=progress, **settings)
    whole = max(sum(result.clips.values()), 1)
    rows = [
        (name, f"{result.clips[name]:,}", f"{result.clips[name] / whole:.1%}",
         f"{result.groups[name]:,}")
        for name in SPLITS
    ]  # fmt: skip
    output.say(table(rows, header=("split", "clips", "share", "groups")))
    empty = [name for name in SPLITS if not result.clips[name]]
    if empty:
        output.warn(
            f"{' and '.join(empty)} got no clips: {sum(result.groups.values())} groups are few;"
            " another --seed divides them otherwise"
        )
    _told(output, result.tally, out)
    output.document(
        {
            "output": out,
            "clips": {name: result.clips[name] for name in SPLITS},
            "groups": {name: result.groups[name] for name in SPLITS},
            "skipped": _skipped(result.tally),
        }
    )


@click.command()
@_store
@_out("Folder of the two new stores, pretrain and sft.", "DIR")
@click.option("--pretrain-score", type=_UNIT, default=0.5, show_default=True, metavar="Q")
@click.option("--sft-score", type=_UNIT, default=0.8, show_default=True, metavar="Q")
@click.option("--pretrain-artifact", type=_UNIT, default=0.5, show_default=True, metavar="Q")
@click.option("--sft-artifact", type=_UNIT, default=0.35, show_default=True, metavar="Q")
@click.option("--sft-camera", type=_UNIT, default=0.6, show_default=True, metavar="Q")
@click.option(
    "--max-action-fraction",
    type=click.FloatRange(0.0, 1.0, min_open=True),
    default=0.3,
    show_default=True,
    metavar="SHARE",
    help="Largest share of sft that clips of one main action may have.",
)
@click.option(
    "--frames",
    nargs=2,
    type=click.IntRange(min=1),
    default=(25, 500),
    show_default=True,
    metavar="MIN MAX",
    help="Fewest and most frames of a clip.",
)
@click.option("--cut", is_flag=True, help="Cut longer clips into pieces; captions stay the same.")
@_seed
@_force
@_strict
@common_options
def curate(
    output: Output,
    store: Path,
    out: Path,
    pretrain_score: float,
    sft_score: float,
    pretrain_artifact: float,
    sft_artifact: float,
    sft_camera: float,
    max_action_fraction: float,
    frames: tuple[int, int],
    cut: bool,
    **settings: Any,
) -> None:
    """Keep the clips of STORE that are good enough: DIR/pretrain, and the best of it, DIR/sft.

    \b
    stickgen data curate all -o curated
    """  # noqa: D301 - click wants the control character
    from stickgen.datasets.data.curating import Bar, Criteria
    from stickgen.datasets.data.curating import curate as run

    criteria = Criteria(
        Bar(pretrain_score, pretrain_artifact),
        Bar(sft_score, sft_artifact, sft_camera),
        max_action_fraction,
        *frames,
        cut,
    )
    with output.progress("Curating") as progress:
        result = run(store, out, criteria=criteria, progress=progress, **settings)
    for title, counts in (("refused for", result.refused), ("kept from sft by", result.not_sft)):
        if counts:
            rows = [(name, f"{count:,}") for name, count in counts.most_common()]
            output.say(table(rows, header=(title, "clips")))
    if result.sft and result.cap.used > result.cap.asked + 1e-9:
        output.warn(
            f"sft has {len(result.sft_actions)} main actions, so none can be kept below"
            f" {result.cap.used:.0%}; the cap of {result.cap.asked:.0%} was not used"
        )
    if not result.sft:
        output.warn("no clip is good enough for sft, so that store was not written")
    output.say(
        f"{result.tally.read:,} clips read: {result.tally.written:,} for pretrain,"
        f" {result.sft:,} of them for sft"
    )
    for each in result.tally.skipped:
        output.say(f"left out [{each.rule}] {each.reason}")
    output.path(out)
    output.document({"output": out, "stats": out / "stats.json", **result.document()})


@click.command()
@_store
@_out("Folder of the new store; with --force it may be STORE.")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(["speed", "position", "scale", "mirror", "camera"]),
    help="What to vary; repeatable. Everything by default.",
)
@click.option(
    "--rounds",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    metavar="N",
    help="How often each kind is drawn anew.",
)
@click.option("--every-split", is_flag=True, help="Derive from val and test clips too.")
@engine_option
@_seed
@_force
@_strict
@common_options
def augment(output: Output, store: Path, out: Path, **settings: Any) -> None:
    """Add varied copies of the clips of STORE: speed, place, size, mirror image, camera.

    \b
    stickgen data augment divided -o more --kind mirror --kind speed
    """  # noqa: D301 - click wants the control character
    from stickgen.datasets.data.augmenting import augment as run

    with output.progress("Augmenting") as progress:
        result = run(store, out, progress=progress, **settings)
    rows = [
        (kind, f"{result.kinds[kind]:,}", f"{result.unsuited[kind]:,}")
        for kind in sorted({*result.kinds, *result.unsuited})
    ]
    if rows:
        output.say(table(rows, header=("kind", "made", "unsuited")))
    _told(output, result.tally, out)
    output.document(
        {
            "output": out,
            "originals": result.originals,
            "clips": result.tally.written,
            "kinds": dict(result.kinds),
            "unsuited": dict(result.unsuited),
            "skipped": _skipped(result.tally),
        }
    )


@click.command()
@_store
@click.option(
    "--encoder",
    default="hash",
    show_default=True,
    metavar="NAME",
    help="A text encoder; `stickgen plugins list text_encoders` knows them.",
)
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="KEY=VALUE",
    callback=lambda context, option, values: _settings(values),
    help="A setting of the encoder, e.g. dim=256; repeatable.",
)
@_out(
    "The file; STORE.embeddings-NAME.safetensors beside the store by default.",
    "FILE",
    required=False,
)
@click.option(
    "--batch",
    type=click.IntRange(min=1),
    default=256,
    show_default=True,
    metavar="N",
    help="Captions that are encoded at once.",
)
@click.option("--force", is_flag=True, help="Encode everything anew.")
@common_options
def embed(
    output: Output,
    store: Path,
    encoder: str,
    settings: dict[str, Any],
    out: Path | None,
    batch: int,
    force: bool,
) -> None:
    """Encode the captions of STORE; a second run encodes only what is new.

    \b
    stickgen data embed all --encoder static
    """  # noqa: D301 - click wants the control character
    from stickgen.datasets.data.embedding import embed as run

    with output.progress("Encoding") as progress:
        result = run(
            store, encoder, settings=settings, out=out, batch=batch, force=force, progress=progress
        )
    output.say(
        f"{result.captions:,} different captions as {result.dim} numbers each,"
        f" {result.encoded:,} of them encoded now"
    )
    output.path(result.path)
    output.document(
        {
            "output": result.path,
            "encoder": result.encoder,
            "dim": result.dim,
            "captions": result.captions,
            "encoded": result.encoded,
        }
    )


@click.command()
@_store
@_out("A .pt file (clips-%03d.pt: several), or a folder for .motion files.", "FILE_OR_DIR")
@click.option(
    "--clips-per-file",
    type=click.IntRange(min=1),
    default=1000,
    show_default=True,
    metavar="N",
    help="Clips in each of several .pt files.",
)
@_force
@_strict
@common_options
def export(output: Output, store: Path, out: Path, **settings: Any) -> None:
    """Write the clips of STORE as one .pt list of dicts, or as .motion files.

    \b
    stickgen data export all -o all.pt
    stickgen data export all -o motions
    """  # noqa: D301 - click wants the control character
    from stickgen.datasets.data.exchanging import export as run

    with output.progress("Exporting") as progress:
        tally = run(store, out, progress=progress, **settings)
    _told(output, tally, out)
    output.document({"output": out, "clips": tally.written, "skipped": _skipped(tally)})


@click.command("import")
@click.argument("source", metavar="FILE_OR_DIR", type=_PATH)
@_out("Folder of the new store.")
@click.option("--source", "name", metavar="NAME", help="Source recorded with every clip.")
@click.option("--licence", metavar="NAME", help="Licence recorded with every clip.")
@_force
@_strict
@common_options
def import_(output: Output, source: Path, out: Path, **settings: Any) -> None:
    """Read .pt lists of dicts and .motion files into a store.

    \b
    stickgen data import canonical.pt -o clips --licence CC-BY-4.0
    """  # noqa: D301 - click wants the control character
    from stickgen.datasets.data.exchanging import import_ as run

    with output.progress("Importing") as progress:
        tally = run(source, out, progress=progress, **settings)
    _told(output, tally, out)
    output.document({"output": out, "clips": tally.written, "skipped": _skipped(tally)})


@click.command()
@_store
@_out("The page; STORE.stats.html beside the store by default.", "FILE.html", required=False)
@click.option(
    "--clips",
    type=click.IntRange(min=0),
    default=24,
    show_default=True,
    metavar="N",
    help="How many random clips are drawn.",
)
@_seed
@_force
@_strict
@common_options
def stats(
    output: Output,
    store: Path,
    out: Path | None,
    clips: int,
    seed: int,
    force: bool,
    strict: bool,
) -> None:
    """Write a page about STORE: what it holds in figures, plots and pictures.

    \b
    stickgen data stats all -o all.html
    """  # noqa: D301 - click wants the control character
    from stickgen.core.errors import OutputError
    from stickgen.datasets.data import report
    from stickgen.datasets.data.passing import beside
    from stickgen.datasets.data.statistics import gather

    path = out or beside(store, "stats.html")
    if path.exists() and not force:
        raise OutputError(f"{path} exists already; give --force to overwrite it")
    with output.progress("Counting") as progress:
        statistics = gather(store, sample=clips, seed=seed, strict=strict, progress=progress)
    missing = report.write(statistics, path, force)
    if missing:
        output.warn(f"the page has no pictures: {missing}")
    _told(output, statistics.tally, path)
    output.document({"output": path, **statistics.document()})


def _fractions(value: str) -> tuple[float, ...]:
    try:
        return tuple(float(part) / 100.0 for part in value.split("/"))
    except ValueError:
        raise click.BadParameter(f"{value!r} is not three numbers like 80/10/10") from None


def _settings(values: tuple[str, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for value in values:
        key, equals, setting = value.partition("=")
        if not (equals and key.strip()):
            raise click.BadParameter(f"{value!r} is not KEY=VALUE")
        whole = setting.lstrip("-").isdecimal()
        found[key.strip().replace("-", "_")] = int(setting) if whole else setting
    return found


def _told(output: Output, tally: Tally, out: Path) -> None:
    """List what was left out, and print where the result is."""
    for each in tally.skipped:
        output.say(f"left out [{each.rule}] {each.reason}")
    if tally.written:
        output.say(
            f"{tally.written:,} clips written, {tally.frames:,} frames;"
            f" {len(tally.skipped):,} could not be used"
        )
    output.path(out)


def _skipped(tally: Tally) -> list[dict[str, str]]:
    return [{"clip": each.clip, "rule": each.rule, "reason": each.reason} for each in tally.skipped]
