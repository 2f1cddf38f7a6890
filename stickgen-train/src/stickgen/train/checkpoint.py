"""Checkpoints: a folder of ``model.safetensors`` and ``config.json``, never a pickle.

What is needed to go on training lies beside them: ``training.safetensors`` (the raw weights and
the optimiser's moments) and ``training.json``. A checkpoint is written under another name and put
in place by a rename, so whatever stands under its own name is whole.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from stickgen.core import adapters
from stickgen.core.actions import VOCABULARY_VERSION
from stickgen.core.errors import DataError, OutputError, SourceError
from stickgen.train.model import ModelConfig, MotionTransformer

FORMAT: Final = adapters.FORMAT
CONFIG: Final = adapters.CONFIG
WEIGHTS: Final = "model.safetensors"
STATE: Final = "training.safetensors"
STATE_CONFIG: Final = "training.json"


def describe(
    model: MotionTransformer, mean: NDArray[np.float32], std: NDArray[np.float32], **facts: Any
) -> dict[str, Any]:
    """Return what ``config.json`` holds: architecture, normalisation, vocabulary and *facts*."""
    return {
        "format": FORMAT,
        "kind": "dual-phase",
        "vocabulary_version": VOCABULARY_VERSION,
        "architecture": asdict(model.config),
        "mean": [round(float(v), 7) for v in mean],
        "std": [round(float(v), 7) for v in std],
        **facts,
    }


def save(
    folder: Path,
    config: dict[str, Any],
    weights: dict[str, Tensor],
    state: tuple[dict[str, Tensor], dict[str, Any]] | None = None,
    *,
    name: str = WEIGHTS,
    beside: Mapping[str, str] | None = None,
) -> None:
    """Write a checkpoint to *folder*, replacing what is there in one step.

    *name* is the file of the weights, *beside* are more texts by the names of their files.

    Raises `OutputError` when the disk is full or not writable; then what was there still is.
    """
    from safetensors.torch import save_file

    fresh = folder.with_name(f".{folder.name}.new-{os.getpid()}")
    old = folder.with_name(f".{folder.name}.old-{os.getpid()}")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir()
        save_file(_plain(weights), fresh / name)
        for file, text in (beside or {}).items():
            (fresh / file).write_text(text, "utf-8")
        (fresh / CONFIG).write_text(json.dumps(config, indent=1), "utf-8")
        if state is not None:
            save_file(_plain(state[0]), fresh / STATE)
            (fresh / STATE_CONFIG).write_text(json.dumps(state[1]), "utf-8")
        if folder.exists():
            folder.rename(old)
        fresh.rename(folder)
    except Exception as error:
        shutil.rmtree(fresh, ignore_errors=True)
        if old.exists() and not folder.exists():
            old.rename(folder)
        if isinstance(error, OSError) or "No space left" in str(error) or "Disk" in str(error):
            raise OutputError(
                f"the checkpoint {folder} cannot be written ({error}); the one before it is whole"
            ) from error
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def mend(folder: Path) -> None:
    """Bring back the checkpoint *folder* if a process was killed between taking the old one away
    and putting the new one in its place, and clear away what it had half written.
    """
    old = sorted(folder.parent.glob(f".{folder.name}.old-*"), key=lambda p: p.stat().st_mtime)
    if old and not folder.exists():
        old.pop().rename(folder)
    for left in (*old, *folder.parent.glob(f".{folder.name}.new-*")):
        shutil.rmtree(left, ignore_errors=True)


def _plain(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name: value.detach().cpu().contiguous() for name, value in tensors.items()}


def read_config(folder: Path, kind: str = "dual-phase") -> dict[str, Any]:
    """Return the ``config.json`` of a checkpoint; `SourceError` for anything else.

    *kind* is ``dual-phase`` for a model, ``lora`` for an adapter.
    """
    return adapters.read_config(folder, kind)


def architecture(config: dict[str, Any], folder: Path) -> ModelConfig:
    """Return the sizes that a checkpoint's configuration names."""
    known = {f.name for f in fields(ModelConfig)}
    given = config.get("architecture")
    if not isinstance(given, dict) or not set(given) <= known:
        raise SourceError(folder / CONFIG, "names an architecture this version does not know")
    return ModelConfig(**given)


def load(folder: Path) -> tuple[MotionTransformer, dict[str, Any]]:
    """Return the model of a checkpoint, ready for use, and its configuration.

    Raises `SourceError` for a folder that is not a checkpoint, is damaged or does not fit.
    """
    config = read_config(folder)
    model = MotionTransformer(architecture(config, folder))
    fill(model, folder)
    return model.eval(), config


def fill(model: torch.nn.Module, folder: Path, may_lack: tuple[str, ...] = ()) -> None:
    """Put the weights of the checkpoint *folder* into *model*.

    Weights whose names begin with one of *may_lack* may be missing; the model keeps its own.
    """
    from safetensors.torch import load_file

    try:
        weights = load_file(folder / WEIGHTS)
        if may_lack:
            own = {n: v for n, v in model.state_dict().items() if n.startswith(may_lack)}
            weights = own | weights
        model.load_state_dict(weights)
    except Exception as error:
        first = str(error).splitlines()[0]
        raise SourceError(folder / WEIGHTS, f"cannot be used ({first})") from error


def load_state(folder: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Return what a checkpoint holds to go on training from."""
    from safetensors.torch import load_file

    if not (folder / STATE).exists():
        raise DataError(f"{folder} holds no training state; use it with --init-from instead")
    try:
        return load_file(folder / STATE), json.loads((folder / STATE_CONFIG).read_text("utf-8"))
    except Exception as error:
        raise SourceError(folder / STATE, f"cannot be read ({error})") from error
