"""Training of low-rank adapters by peft, and blending them into a model of torch.

What an adapter is and how adapters are found, checked and added up is told in
`stickgen.core.adapters`, which every runtime shares.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor, nn

from stickgen.core import adapters as files
from stickgen.core.adapters import FOLDER, GROUP, KIND, WEIGHTS, find, fingerprint, wanted
from stickgen.core.errors import SourceError
from stickgen.train import checkpoint
from stickgen.train.model import MotionTransformer
from stickgen.train.settings import Adapters

__all__ = ["FOLDER", "GROUP", "KIND", "WEIGHTS", "apply", "attach", "blend", "find", "identity",
           "save", "state", "wanted", "weights_of"]  # fmt: skip

PEFT_CONFIG: Final = "adapter_config.json"

TARGETS: Final = (
    r"blocks\.\d+\.(?:attention|words)\.(?:q|k|v|out)"
    r"|blocks\.\d+\.feed\.(?:gate|up|down)|pose"
)
"""Names of the projections with an adapter: attention, feed-forward and the pose head."""

_PREFIX: Final = "base_model.model."
_POSE: Final = files.IDENTITY.removesuffix(".weight")


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


def identity(model: nn.Module) -> str:
    """Return by what the frozen *model* that has adapters attached is known again."""
    pose = model.get_parameter(f"{_POSE}.base_layer.weight")
    return fingerprint(pose.detach().cpu().numpy())


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
    base: str | None = None,
) -> None:
    """Write the adapter in a model's *weights* to *folder*, replacing what is there in one step.

    *config* is what `stickgen.train.checkpoint.describe` says of the model; to it goes which model
    the adapter is for. Raises `OutputError` when the disk is full or not writable.
    """
    told = {k: sorted(v) if isinstance(v, set) else v
            for k, v in _peft_config(adapters).to_dict().items()}  # fmt: skip
    checkpoint.save(
        folder,
        {**config, "kind": KIND, "rank": adapters.rank, "alpha": adapters.alpha,
         "bases": [base] if base else []},
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


def blend(
    model: MotionTransformer, chosen: Sequence[tuple[Path, float]], base: Mapping[str, Any]
) -> None:
    """Set *model* to its own weights plus the adapters *chosen* times their weights, in place.

    What was blended in before is taken back first, so doing it twice is doing it once, and without
    adapters the model is what it was, to the bit. *base* is the configuration of the model; an
    adapter made for another architecture, text encoder or model raises `SourceError`.
    """
    own = _own_weights(model)
    pose = own.get(_POSE, _projection(model, _POSE))
    total = files.blended(chosen, base, fingerprint(pose.detach().cpu().numpy()))
    with torch.no_grad():
        for name, value in own.items():
            _projection(model, name).copy_(value)
        own.clear()
        for name, change in total.items():
            delta = torch.from_numpy(change)
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


def apply(
    model: MotionTransformer, config: Mapping[str, Any], texts: Sequence[str], near: Path
) -> None:
    """Blend the adapters *texts* (``name=weight``) into the *model* of the checkpoint *near*."""
    chosen = [(find(name, near), weight) for name, weight in map(wanted, texts)]
    blend(model, chosen, config)
