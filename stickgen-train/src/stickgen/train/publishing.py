"""``stickgen export`` and ``stickgen push``: what they take and what they say."""

from __future__ import annotations

from pathlib import Path

import click

from stickgen.core.cli.output import Output, common_options

_PATH = click.Path(path_type=Path)


@click.command("export")
@click.argument("checkpoint", type=_PATH)
@click.option("-o", "--out", type=_PATH, metavar="DIR", required=True, help="Folder to write.")
@click.option(
    "--format",
    type=click.Choice(["safetensors", "onnx", "torchscript"]),
    default="safetensors",
    show_default=True,
)
@click.option(
    "--lora",
    "adapters",
    multiple=True,
    metavar="NAME=WEIGHT",
    help="An adapter to blend in: a folder or a name, and how much of it; repeatable.",
)
@click.option("--force", is_flag=True, help="Write over an earlier export.")
@common_options
def export(
    output: Output,
    checkpoint: Path,
    out: Path,
    format: str,
    adapters: tuple[str, ...],
    force: bool,
) -> None:
    """Write a trained model for use elsewhere, verified against PyTorch by its outputs.

    \b
    stickgen export runs/small/best -o model/
    stickgen export runs/small/best -o model/ --format onnx --lora runs/style/best=0.7
    """  # noqa: D301 - click wants the control character
    from stickgen.train.exports import export as write
    from stickgen.train.onnx_export import TOLERANCE

    done = write(checkpoint, out, format, adapters=adapters, force=force)
    worst = max(done.differences.values())
    output.say(f"outputs differ from PyTorch by {worst:.1e} at most ({TOLERANCE:g} are allowed)")
    output.path(done.folder)
    output.document(
        {
            "folder": done.folder,
            "format": done.format,
            "files": list(done.files),
            "differences": done.differences,
        }
    )


@click.command("push")
@click.argument("folder", type=_PATH)
@click.argument("repo")
@click.option("--private", is_flag=True, help="Only you may see a repository that is made.")
@click.option("--message", default="Upload a stickgen model", show_default=True)
@click.option(
    "--timeout",
    type=click.FloatRange(0.1, 3600.0),
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    help="How long the hub may say nothing.",
)
@common_options
def push(
    output: Output, folder: Path, repo: str, private: bool, message: str, timeout: float
) -> None:
    """Upload the model in FOLDER, with its card, to the repository REPO (owner/name) of a hub.

    The token is read from HF_TOKEN or the keyring, the hub's address from HF_ENDPOINT.

    \b
    stickgen push model/ somebody/walker
    """  # noqa: D301 - click wants the control character
    from stickgen.train.hub import push as upload

    address, files = upload(folder, repo, private=private, message=message, timeout=timeout)
    output.say(f"{len(files)} files")
    output.text(address)
    output.document({"address": address, "files": files})
