"""Low-rank adapters (LoRA, Hu et al. 2021): small files that bend a model one way, e.g. a style.

An adapter adds to the weight W of a projection the product (alpha / rank) B A. It is trained by
peft with W frozen, and is a folder of ``adapter_model.safetensors`` and ``adapter_config.json``
(both as peft writes them) and ``config.json``, which tells what it was trained on top of.

Several adapters are blended in delta space: W + sum of weight (alpha / rank) B A. Adding up the
factors A and B instead would mix every B with every other A.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor, nn

from stickgen.core.errors import SourceError, UsageError
from stickgen.train import checkpoint
from stickgen.train.model import MotionTransformer
from stickgen.train.settings import Adapters

KIND: Final = "lora"
WEIGHTS: Final = "adapter_model.safetensors"
PEFT_CONFIG: Final = "adapter_config.json"
FOLDER: Final = "adapters"
"""Folder in a checkpoint where its adapters are looked for by name."""

GROUP: Final = "stickgen.adapters"
"""Entry points that name the folder of an adapter: a value, or a function that returns it."""

TARGETS: Final = (
    r"blocks\.\d+\.(?:attention|words)\.(?:q|k|v|out)"
    r"|blocks\.\d+\.feed\.(?:gate|up|down)|pose"
)
"""Names of the projections with an adapter: attention, feed-forward and the pose head."""

_PREFIX: Final = "base_model.model."


def _peft_config(adapters: Adapters) -> Any:
    from peft import LoraConfig

    return LoraConfig(
        r=adapters.rank, lora_alpha=adapters.alpha, lora_dropout=adapters.dropout,
        target_modules=TARGETS, bias="none",
    )  # fmt: skip


def attach(model: MotionTransformer, adapters: Adapters) -> int:
    """Freeze *model* and put fresh adapters on it, in place; return how many numbers they have."""
    from peft import inject_adapter_in_model

    model.requires_grad_(False)
    inject_adapter_in_model(_peft_config(adapters), model)
    return sum(p.numel() for p in model.parameters() if p.requires_grad)


def weights_of(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the adapter in the state of a model that has one attached, named as peft names it."""
    return {
        _PREFIX + name.replace(".default.", "."): value
        for name, value in state.items()
        if ".lora_" in name
    }


def save(
    folder: Path,
    config: Mapping[str, Any],
    weights: Mapping[str, Tensor],
    adapters: Adapters,
    training: tuple[dict[str, Tensor], dict[str, Any]] | None = None,
) -> None:
    """Write the adapter in a model's *weights* to *folder*, replacing what is there in one step.

    *config* is what `stickgen.train.checkpoint.describe` says of the model. Raises `OutputError`
    when the disk is full or not writable.
    """
    told = {k: sorted(v) if isinstance(v, set) else v
            for k, v in _peft_config(adapters).to_dict().items()}  # fmt: skip
    checkpoint.save(
        folder,
        {**config, "kind": KIND, "rank": adapters.rank, "alpha": adapters.alpha},
        weights_of(weights), training, name=WEIGHTS,
        beside={PEFT_CONFIG: json.dumps(told, indent=1, default=str)},
    )  # fmt: skip


def state(folder: Path) -> dict[str, Tensor]:
    """Return the weights of the adapter *folder*, named as in a model it is attached to."""
    from safetensors.torch import load_file

    try:
        weights = load_file(folder / WEIGHTS)
    except Exception as error:
        raise SourceError(folder / WEIGHTS, f"cannot be read ({error})") from error
    return {
        name.removeprefix(_PREFIX).removesuffix(".weight") + ".default.weight": value
        for name, value in weights.items()
    }


def read(folder: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Return the change of each projection by its name, ``[out, in]``, and ``config.json``.

    Raises `SourceError` for a folder that is no adapter or is damaged.
    """
    from safetensors.torch import load_file

    try:
        config = checkpoint.read_config(folder, KIND)
        scale = float(config["alpha"]) / int(config["rank"])
        weights = load_file(folder / WEIGHTS)
        deltas = {}
        for name, a in weights.items():
            if name.endswith(".lora_A.weight"):
                b = weights[name.replace("lora_A", "lora_B")]
                module = name.removeprefix(_PREFIX).removesuffix(".lora_A.weight")
                deltas[module] = scale * (b.float() @ a.float())
    except SourceError:
        raise
    except Exception as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise SourceError(
            folder, f"cannot be read as an adapter ({first})", hint="train one with the stage lora"
        ) from error
    if not deltas:
        raise SourceError(folder / WEIGHTS, "holds no adapter")
    return deltas, config


def blend(
    model: MotionTransformer, chosen: Sequence[tuple[Path, float]], base: Mapping[str, Any]
) -> None:
    """Set *model* to its own weights plus the adapters *chosen* times their weights, in place.

    What was blended in before is taken back first, so doing it twice is doing it once, and without
    adapters the model is what it was, to the bit. *base* is the configuration of the model; an
    adapter made for another architecture or text encoder raises `SourceError`.
    """
    total: dict[str, Tensor] = {}
    for folder, weight in chosen:
        deltas, config = read(folder)
        for key in ("architecture", "text_encoder"):
            if config.get(key) != base.get(key):
                raise SourceError(
                    folder, f"was made for a model of another {key.replace('_', ' ')}"
                )
        for name, delta in deltas.items():
            total[name] = total.get(name, torch.zeros_like(delta)) + weight * delta
    own = _own_weights(model)
    with torch.no_grad():
        for name, value in own.items():
            _projection(model, name).copy_(value)
        own.clear()
        for name, delta in total.items():
            target = _projection(model, name)
            if target.shape != delta.shape:
                raise SourceError(chosen[0][0], f"does not fit the model at {name}")
            own[name] = target.detach().clone()
            target.add_(delta)


def _own_weights(model: MotionTransformer) -> dict[str, Tensor]:
    """Return the weights that an earlier `blend` has changed, as they were before."""
    kept: dict[str, Tensor] | None = model.__dict__.get("_weights_without_adapters")
    if kept is None:
        kept = model.__dict__["_weights_without_adapters"] = {}
    return kept


def _projection(model: nn.Module, name: str) -> Tensor:
    out: Tensor = model.get_parameter(f"{name}.weight")
    return out


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


def find(name: str, near: Path | None = None) -> Path:
    """Return the folder of the adapter *name*: a path, a folder in ``adapters`` of the checkpoint
    *near*, or what an entry point of the group ``stickgen.adapters`` names.

    Raises `UsageError` that says which there are.
    """
    places = [Path(name)] + ([near / FOLDER / name] if near is not None else [])
    for place in places:
        if (place / checkpoint.CONFIG).is_file():
            return place
    installed = {point.name: point for point in entry_points(group=GROUP)}
    if name in installed:
        value = installed[name].load()
        return Path(value() if callable(value) else value)
    known = sorted(installed)
    if near is not None and (near / FOLDER).is_dir():
        known += sorted(p.name for p in (near / FOLDER).iterdir() if p.is_dir())
    listed = f"there are {', '.join(known)}" if known else "none is installed"
    raise UsageError(f"no adapter is called {name!r} and no folder is one; {listed}")


def apply(
    model: MotionTransformer, config: Mapping[str, Any], texts: Sequence[str], near: Path
) -> None:
    """Blend the adapters *texts* (``name=weight``) into the *model* of the checkpoint *near*."""
    chosen = [(find(name, near), weight) for name, weight in map(wanted, texts)]
    blend(model, chosen, config)
