"""`export`: a checkpoint in the format another program reads, verified against PyTorch by outputs.

**Formats**
    - ``safetensors``: the checkpoint without what only training needs; any adapters are in it.
    - ``onnx``: five graphs over ``model.safetensors`` in half precision; see
      `stickgen.train.onnx_export`.
    - ``torchscript``: one file, ``model.pt``, whose methods ``hear``, ``plan_step``, ``draw``,
      ``refine`` and ``recognise`` take what those of `stickgen.core.sampling.Backend` take, as
      tensors.

Whatever is exported is run beside the model it came from; where an output differs by more than
`TOLERANCE`, nothing is written. ONNX graphs and TorchScript hear words and labels, not pictures.
"""

from __future__ import annotations

import json
import os
import shutil
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor, nn

from stickgen.core.errors import DataError, OutputError, UsageError
from stickgen.train import checkpoint, lora, onnx_export
from stickgen.train.model import MotionTransformer
from stickgen.train.model_card import card
from stickgen.train.onnx_export import GRAPHS, TOLERANCE

FORMATS: Final = ("safetensors", "onnx", "torchscript")

SCRIPT: Final = "model.pt"
CARD: Final = "README.md"

_OURS: Final = frozenset(
    {CARD, SCRIPT, checkpoint.CONFIG, checkpoint.WEIGHTS} | {f"{name}.onnx" for name in GRAPHS}
)


@dataclass(frozen=True)
class Exported:
    """What was written, and the largest difference of each function's outputs from PyTorch."""

    folder: Path
    format: str
    files: tuple[str, ...]
    differences: dict[str, float]


def export(
    folder: Path,
    target: Path,
    format: str = "safetensors",
    *,
    adapters: Sequence[str] = (),
    force: bool = False,
) -> Exported:
    """Write the checkpoint *folder* to the folder *target* and return what was written.

    *adapters* (``name=weight``) are blended in first. Raises `SourceError` for a folder that is
    no checkpoint, `OutputError` where *target* exists (and not *force*) or cannot be written,
    `DataError` where the export computes something else than PyTorch.
    """
    if format not in FORMATS:
        raise UsageError(f"unknown format {format!r}; choose from {', '.join(FORMATS)}")
    model, config = checkpoint.load(folder)
    if adapters:
        lora.apply(model, config, adapters, folder)
        config = {**config, "adapters": list(adapters)}
    with _placed(target, force) as fresh:
        if format == "onnx":
            differences = onnx_export.export_model(model, config, fresh)
        elif format == "torchscript":
            differences = _torchscript(model, config, fresh)
        else:
            differences = _safetensors(model, config, fresh)
        worst = max(differences, key=differences.__getitem__)
        if not differences[worst] <= TOLERANCE:
            raise DataError(
                f"the {format} export of {folder} is not written: its {worst} differs from PyTorch"
                f" by {differences[worst]:.2g}, more than {TOLERANCE:g}"
            )
        (fresh / CARD).write_text(card(config, format), "utf-8")
        files = tuple(sorted(path.name for path in fresh.iterdir()))
    return Exported(target, format, files, differences)


@contextmanager
def _placed(target: Path, force: bool) -> Iterator[Path]:
    """Yield a fresh folder that becomes *target* at success and is gone otherwise."""
    if target.exists() and not target.is_dir():
        raise OutputError(f"{target} is a file; name a folder with -o")
    if target.is_dir():
        foreign = sorted(p.name for p in target.iterdir() if p.name not in _OURS)
        if foreign:
            raise OutputError(f"{target} holds {foreign[0]}, which is no export; name a new folder")
        if any(target.iterdir()) and not force:
            raise OutputError(f"{target} exists; use --force to write over it")
    fresh = target.with_name(f".{target.name}.new-{os.getpid()}")
    try:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            fresh.mkdir()
            yield fresh
            if target.is_dir():
                shutil.rmtree(target)
            fresh.rename(target)
        except OSError as error:
            raise OutputError(f"{target} cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _write_config(config: dict[str, Any], fresh: Path) -> None:
    (fresh / checkpoint.CONFIG).write_text(json.dumps(config, indent=1), "utf-8")


def _safetensors(model: MotionTransformer, config: dict[str, Any], fresh: Path) -> dict[str, float]:
    from safetensors.torch import save_file

    weights = {name: value.detach().contiguous() for name, value in model.state_dict().items()}
    save_file(weights, fresh / checkpoint.WEIGHTS, metadata={"format": "pt"})
    _write_config(config, fresh)
    again, _ = checkpoint.load(fresh)
    theirs = onnx_export.trials(again)
    return {
        name: _difference(theirs[name][0], module, inputs)
        for name, (module, inputs, _, _) in onnx_export.trials(model).items()
    }


class _Script(nn.Module):
    """The functions as methods of one module, so that they share its weights."""

    parts: dict[str, nn.Module]

    def __init__(self, model: MotionTransformer) -> None:
        super().__init__()
        self.model = model
        trials = onnx_export.trials(model)
        # kept out of the module's children: they hold the same model
        self.__dict__["parts"] = {name: trials[name][0] for name in GRAPHS}

    def hear(
        self, tokens: Tensor, token_mask: Tensor, pooled: Tensor, actions: Tensor, overlay: Tensor,
        seconds: Tensor, source: Tensor, style: Tensor, partner: Tensor,
    ) -> Any:  # fmt: skip
        return self.parts["hear"].forward(
            tokens, token_mask, pooled, actions, overlay, seconds, source, style, partner
        )

    def plan_step(
        self, token: Tensor, first: Tensor, index: Tensor, noise: Tensor, words: Tensor,
        word_mask: Tensor, whole: Tensor, frames: Tensor, past: Tensor,
    ) -> Any:  # fmt: skip
        return self.parts["plan_step"].forward(
            token, first, index, noise, words, word_mask, whole, frames, past
        )

    def draw(self, hidden: Tensor, x: Tensor, t: Tensor) -> Any:
        return self.parts["draw"].forward(hidden, x, t)

    def refine(
        self, x: Tensor, plan: Tensor, known: Tensor, keyed: Tensor, t: Tensor, words: Tensor,
        word_mask: Tensor, whole: Tensor, frames: Tensor,
    ) -> Any:  # fmt: skip
        return self.parts["refine"].forward(
            x, plan, known, keyed, t, words, word_mask, whole, frames
        )

    def recognise(
        self, x: Tensor, plan: Tensor, known: Tensor, keyed: Tensor, t: Tensor, words: Tensor,
        word_mask: Tensor, whole: Tensor, frames: Tensor,
    ) -> Any:  # fmt: skip
        return self.parts["recognise"].forward(
            x, plan, known, keyed, t, words, word_mask, whole, frames
        )


def _torchscript(model: MotionTransformer, config: dict[str, Any], fresh: Path) -> dict[str, float]:
    trials = onnx_export.trials(model)
    inputs = {name: tuple(trials[name][1].values()) for name in GRAPHS}
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        script = torch.jit.trace_module(_Script(model).eval(), inputs, check_trace=False)
        torch.jit.save(script, fresh / SCRIPT)
        again = torch.jit.load(fresh / SCRIPT)
    _write_config(config, fresh)
    out = {}
    for name, (module, given, _, _) in onnx_export.trials(model, rows=3, tokens=5, words=9).items():
        out[name] = _difference(getattr(again, name), module, given)
    return out


def _difference(other: Any, module: nn.Module, inputs: dict[str, Tensor]) -> float:
    """Return the largest difference between the outputs of *other* and of *module*."""
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        got, wanted = other(*inputs.values()), module(*inputs.values())
    if isinstance(got, Tensor):
        got, wanted = (got,), (wanted,)
    return max(float((g - w).abs().max()) for g, w in zip(got, wanted, strict=True))
