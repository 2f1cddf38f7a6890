"""Adapters: small files that bend a model one way, folded into its weights before it runs.

An adapter (LoRA, Hu et al. 2021) adds to the weight W of a projection the product (alpha / rank)
B A. It is a folder of ``adapter_model.safetensors`` (the factors, as peft names them) and
``config.json``, which tells the architecture, the text encoder and the models it is for.

Several are blended in delta space: W + sum of weight (alpha / rank) B A. Adding up the factors A
and B instead would mix every B with every other A. Since the change is made to the weights, it
costs nothing when the model runs, whatever runs it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, MutableMapping, Sequence
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core.actions import VOCABULARY_VERSION
from stickgen.core.errors import SourceError, UsageError

Floats = NDArray[np.float32]

KIND: Final = "lora"
FORMAT: Final = 1
"""Version of ``config.json``, of adapters and of models."""

CONFIG: Final = "config.json"
WEIGHTS: Final = "adapter_model.safetensors"

FOLDER: Final = "adapters"
"""Folder beside a model where its adapters are looked for by name."""

GROUP: Final = "stickgen.adapters"
"""Entry points that name the folder of an adapter: a value, or a function that returns it."""

IDENTITY: Final = "pose.weight"
"""The weight by which a model is known again; see `fingerprint`."""

_PREFIX: Final = "base_model.model."


def wanted(text: str) -> tuple[str, float]:
    """Return name and weight of ``name=0.7``; without a number the weight is 1.

    Raises `UsageError` for anything else.
    """
    name, sign, number = text.rpartition("=")
    if not sign:
        name, number = text, "1"
    try:
        weight = float(number)
    except ValueError:
        raise UsageError(f"the weight in --lora {text} is not a number; say name=0.7") from None
    if not name or weight != weight or abs(weight) > 10:
        raise UsageError(f"--lora {text} does not say name=weight with a weight from -10 to 10")
    return name, weight


def asked_for(lora: str | Sequence[str]) -> list[tuple[str, float]]:
    """Return names and weights of ``"style=0.7,brisk=0.2"`` or ``("style=0.7", "brisk=0.2")``."""
    texts = lora.split(",") if isinstance(lora, str) else lora
    return [wanted(text.strip()) for text in texts if text.strip()]


def find(name: str, near: Path | None = None) -> Path:
    """Return the folder of the adapter *name*: a path, a folder in ``adapters`` of the model's
    folder *near*, or what an entry point of the group ``stickgen.adapters`` names.

    Raises `UsageError` that says which there are.
    """
    places = [Path(name)] + ([near / FOLDER / name] if near is not None else [])
    for place in places:
        if (place / CONFIG).is_file():
            return place
    installed = {point.name: point for point in entry_points(group=GROUP)}
    if name in installed:
        value = installed[name].load()
        return Path(value() if callable(value) else value)
    known = set(installed)
    if near is not None and (near / FOLDER).is_dir():
        known |= {p.name for p in (near / FOLDER).iterdir() if p.is_dir()}
    listed = f"there are {', '.join(sorted(known))}" if known else "none is installed"
    raise UsageError(f"no adapter is called {name!r} and no folder is one; {listed}")


def fingerprint(pose: NDArray[np.floating]) -> str:
    """Return by what a model is known again: a digest of its weight *pose* in half precision.

    So a checkpoint and what was exported from it are the same, and a model that was trained on is
    another.
    """
    half = np.ascontiguousarray(np.asarray(pose, np.float16))
    return hashlib.sha256(half.tobytes()).hexdigest()[:16]


def read_config(folder: Path, kind: str = KIND) -> dict[str, Any]:
    """Return the ``config.json`` of the adapter, or of another *kind* of checkpoint, in *folder*.

    Raises `SourceError` if it is none, or one of a newer stickgen.
    """
    path = folder / CONFIG
    what = "an adapter" if kind == KIND else "a checkpoint"
    try:
        config: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        hint = "give a folder that `stickgen train` wrote"
        raise SourceError(path, f"not {what} ({error})", hint=hint) from error
    if not isinstance(config, dict) or config.get("kind") != kind:
        raise SourceError(path, f"not the configuration of a {kind} model")
    if config.get("format", 0) > FORMAT or config.get("vocabulary_version", 0) > VOCABULARY_VERSION:
        raise SourceError(path, "written by a newer stickgen", hint="upgrade stickgen")
    return config


def read(folder: Path) -> tuple[dict[str, Floats], dict[str, Any]]:
    """Return the change of each projection by its name, ``[out, in]``, and ``config.json``.

    Raises `SourceError` for a folder that is no adapter or is damaged.
    """
    from safetensors.numpy import load_file

    config = read_config(folder)
    try:
        scale = float(config["alpha"]) / int(config["rank"])
        weights = {n: v.astype(np.float32) for n, v in load_file(folder / WEIGHTS).items()}
        deltas = {}
        for name, a in weights.items():
            if name.endswith(".lora_A.weight"):
                b = weights[name.replace("lora_A", "lora_B")]
                module = name.removeprefix(_PREFIX).removesuffix(".lora_A.weight")
                deltas[module] = (np.float32(scale) * (b @ a)).astype(np.float32)
    except Exception as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise SourceError(
            folder, f"cannot be read as an adapter ({first})", hint="train one with the stage lora"
        ) from error
    if not deltas:
        raise SourceError(folder / WEIGHTS, "holds no adapter")
    return deltas, config


def blended(
    chosen: Sequence[tuple[Path, float]], config: Mapping[str, Any], identity: str
) -> dict[str, Floats]:
    """Return the adapters in the folders *chosen* times their weights, added up, by projection.

    *config* is that of the model they are for and *identity* its `fingerprint`. `SourceError` for
    an adapter of another architecture, another text encoder or another model.
    """
    total: dict[str, Floats] = {}
    for folder, weight in chosen:
        deltas, own = read(folder)
        for key in ("architecture", "text_encoder"):
            if own.get(key) != config.get(key):
                raise SourceError(
                    folder, f"was made for a model of another {key.replace('_', ' ')}"
                )
        if own.get("bases") and identity not in own["bases"]:
            raise SourceError(
                folder,
                f"was made for the model {own['bases'][0]}, this one is {identity}",
                hint="train the adapter again from this model",
            )
        for name, delta in deltas.items():
            total[name] = total.get(name, np.float32(0)) + np.float32(weight) * delta
    return total


def fold(
    weights: MutableMapping[str, Floats],
    config: Mapping[str, Any],
    lora: str | Sequence[str],
    near: Path | None = None,
) -> None:
    """Add the adapters that *lora* asks for (``"style=0.7"``) to *weights*, in place.

    *weights* are a model's float32 arrays by their names (``pose.weight`` ``[out, in]``), untouched
    so far; *config* is its ``config.json`` and *near* the folder it lies in.
    """
    chosen = [(find(name, near), weight) for name, weight in asked_for(lora)]
    if not chosen:
        return
    for name, delta in blended(chosen, config, fingerprint(weights[IDENTITY])).items():
        key = f"{name}.weight"
        if key not in weights or weights[key].shape != delta.shape:
            raise SourceError(chosen[0][0], f"does not fit the model at {name}")
        weights[key] = np.ascontiguousarray(weights[key] + delta, dtype=np.float32)
