"""``stickgen convert``: motion files of a dataset into a store of clips."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stickgen.core.cli.output import Output, common_options
from stickgen.datasets.engines import Engine, engine_option

if TYPE_CHECKING:
    from stickgen.datasets.conversion import Job, Summary


def _height(
    context: click.Context, option: click.Parameter, value: str | None
) -> float | str | None:
    try:
        return value if value is None or value == "native" else float(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is neither a number of metres nor 'native'") from None


def _extra(
    context: click.Context, option: click.Parameter, values: tuple[str, ...]
) -> dict[str, str]:
    pairs = {}
    for value in values:
        key, equals, setting = value.partition("=")
        if not (equals and key.strip()):
            raise click.BadParameter(f"{value!r} is not KEY=VALUE")
        pairs[key.strip().replace("-", "_")] = setting
    return pairs


@click.command()
@click.argument("root", metavar="FILE_OR_DIR", type=click.Path(path_type=Path), required=False)
@click.option("--source", metavar="NAME", help="The converter; see --list.")
@click.option(
    "-o",
    "--out",
    "out",
    metavar="STORE",
    type=click.Path(path_type=Path),
    help="Folder of the clip store, or a .motion file for one clip.",
)
@engine_option
@click.option("--resume", is_flag=True, help="Go on with a store a killed run has left.")
@click.option("--force", is_flag=True, help="Replace what is there.")
@click.option("--strict", is_flag=True, help="Stop at the first clip that is refused.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most N files.")
@click.option(
    "--joint-map",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="TOML or JSON: role = joint name, for skeletons that are not recognised.",
)
@click.option("--fps", type=float, help="True frame rate, where the files' own is wrong.")
@click.option("--up", type=click.Choice(["y", "z"]), help="Axis that points up.")
@click.option("--unit", metavar="UNIT", help="m, cm, mm, inch, cmu, or metres in a unit.")
@click.option(
    "--height",
    callback=_height,
    metavar="METRES",
    help="Standing height given to the figures, 1.70 by default; 'native' keeps their own.",
)
@click.option("--licence", metavar="NAME", help="Licence recorded with every clip.")
@click.option(
    "--body-models",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder of SMPL-H or SMPL-X model files, for amass and babel.",
)
@click.option(
    "--set",
    "extra",
    multiple=True,
    metavar="KEY=VALUE",
    callback=_extra,
    help="A setting of the converter, e.g. texts=annotations.json; repeatable.",
)
@click.option(
    "--list",
    "list_",
    is_flag=True,
    help="List the converters: licence, where to get the data, layout, citation.",
)
@click.option(
    "--check",
    is_flag=True,
    help="Say what is there and what is missing, read it all, write nothing.",
)
@common_options
def convert(
    output: Output,
    root: Path | None,
    source: str | None,
    out: Path | None,
    jobs: int | None,
    engine: Engine,
    resume: bool,
    force: bool,
    strict: bool,
    limit: int | None,
    list_: bool,
    check: bool,
    joint_map: Path | None,
    extra: dict[str, str],
    **settings: Any,
) -> None:
    """Convert the motion files at FILE_OR_DIR into clips.

    \b
    stickgen convert --source bvh recordings/ -o clips/ --jobs 2
    stickgen convert --source bvh walk.bvh -o walk.motion
    stickgen convert --source bvh --check recordings/
    """  # noqa: D301 - click wants the control character
    from stickgen.core.errors import UsageError

    if list_:
        _list(output)
        return
    if root is None:
        raise UsageError("nothing to convert; name a file or a folder")
    if source is None:
        raise UsageError("no converter named; give --source, e.g. --source bvh (see --list)")
    if out is None and not check:
        raise UsageError("nowhere to write; name a folder or a .motion file with -o")
    if resume and force:
        raise UsageError("--resume and --force exclude each other")

    from stickgen.datasets import conversion

    config = {key: value for key, value in settings.items() if value is not None}
    for key in extra:
        if key in settings or key == "joint_map":
            raise UsageError(f"--set {key} has an option of its own: --{key.replace('_', '-')}")
    config |= extra
    if config.get("height") == "native":
        config["height"] = None
    if joint_map is not None:
        from stickgen.datasets.skeletons import read_joint_map

        config["joint_map"] = read_joint_map(joint_map)
    job = conversion.Job(source, config, root)
    if check:
        _tell(output, job)
        with output.progress("Checking") as progress:
            summary = conversion.check(
                job, jobs=jobs, engine=engine, strict=strict, limit=limit, progress=progress
            )
    elif out is not None and out.suffix == ".motion":
        summary = conversion.convert_to_motion(job, out, force=force)
    else:
        assert out is not None
        with output.progress("Converting") as progress:
            summary = conversion.convert_to_store(
                job,
                out,
                jobs=jobs,
                engine=engine,
                resume=resume,
                force=force,
                strict=strict,
                limit=limit,
                progress=progress,
            )
    _report(output, job, summary, None if check else out)


def _report(output: Output, job: Job, summary: Summary, out: Path | None) -> None:
    """Print what became of the run; raise when nothing came of it."""
    from stickgen.core.errors import DataError

    refused = summary.refused
    if refused and not summary.clips and not summary.done_before:
        more = f" (and {len(refused) - 1} more)" if len(refused) > 1 else ""
        raise DataError(refused[0].reason + more)
    for each in refused:
        output.say(f"refused [{each.rule}] {each.reason}")
    rate = summary.clips / summary.seconds if summary.seconds else 0.0
    known = f", {summary.done_before} files were there already" if summary.done_before else ""
    output.say(
        f"{_count(summary.clips, 'clip')} from {_count(summary.files, 'file')}"
        f" in {summary.seconds:.1f} s"
        f" ({rate:.0f} clips/s), {len(refused)} refused{known}"
    )
    if out is not None:
        output.path(out)
    output.document(
        {
            "source": job.source,
            "root": job.root,
            "output": out,
            "files": summary.files,
            "done_before": summary.done_before,
            "clips": summary.clips,
            "frames": summary.frames,
            "seconds": round(summary.seconds, 3),
            "refused": [
                {"file": each.file, "rule": each.rule, "reason": each.reason} for each in refused
            ],
        }
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _tell(output: Output, job: Job) -> None:
    """Say what is there and what is missing, before anything is read."""
    from stickgen.datasets.conversion import inventory

    there = inventory(job)
    output.say(f"{_count(there.files, 'file')} for {job.source}")
    for companion, count in there.companions:
        names = companion.pattern.replace("|", " or ")
        state = (
            f"{count:,} found" if count else "missing, and needed" if companion.needed else "none"
        )
        output.say(f"{names} ({companion.what}): {state}")


def _list(output: Output) -> None:
    """Print every converter with what it expects; a broken one is listed with its fault."""
    from stickgen.core.registries import converters

    facts = ("licence", "download", "layout", "citation", "fps_rule", "text_rule")
    shown = {"licence": "licence", "download": "get it", "layout": "layout", "citation": "cite"}
    documents: list[dict[str, Any]] = []
    for status in converters.status():
        entry: dict[str, Any] = {"name": status.ref.name, "from": status.ref.origin}
        output.text(status.ref.name)
        if status.error is not None:
            entry["error"] = str(status.error)
            output.text(f"    broken: {entry['error']}")
        else:
            factory = converters.get(status.ref.qualified)
            entry |= {fact: value for fact in facts if (value := getattr(factory, fact, None))}
            for fact, title in shown.items():
                if fact in entry:
                    output.text(f"    {title + ':':<9}{entry[fact]}")
        documents.append(entry)
    output.document({"converters": documents})
