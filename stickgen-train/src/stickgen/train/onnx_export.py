"""`export`: a checkpoint as ONNX graphs that need no torch.

Five graphs, the functions of `stickgen.core.sampling.Backend`, share one file of weights, stored as
half precision and computed in single: a graph casts (and turns) a weight when it is loaded. That
file is ``model.safetensors`` with the weights by their names, so that the folder is a checkpoint as
well, and other programs need no graph to read it. What is exported is verified against PyTorch by
its outputs, on the rounded weights.
"""

from __future__ import annotations

import json
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor, nn

from stickgen.core.errors import DataError, PluginError
from stickgen.core.features import DIM
from stickgen.core.sampling import PATCH, SOURCES, TOKEN
from stickgen.train import checkpoint
from stickgen.train.model import Conditions, Heard, MotionTransformer

OPSET: Final = 17
WEIGHTS: Final = checkpoint.WEIGHTS
GRAPHS: Final = ("hear", "plan_step", "draw", "refine", "recognise")

TOLERANCE: Final = 1e-4
"""Largest difference of any output, in normalised units, for an export to be believed."""

_SMALL: Final = 256
"""Bytes below which a constant stays in the graph as it is."""


class _Hear(nn.Module):
    def __init__(self, model: MotionTransformer) -> None:
        super().__init__()
        self.model = model

    def forward(
        self, tokens: Tensor, token_mask: Tensor, pooled: Tensor, actions: Tensor, overlay: Tensor,
        seconds: Tensor, source: Tensor, style: Tensor, partner: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:  # fmt: skip
        heard = self.model.hear(Conditions(
            tokens, token_mask, pooled, actions, overlay, seconds, source, style, partner=partner
        ))  # fmt: skip
        return heard.words, heard.word_mask[:, 0, 0].float(), heard.whole, heard.frames


class _PlanStep(nn.Module):
    def __init__(self, model: MotionTransformer) -> None:
        super().__init__()
        self.model = model

    def forward(
        self, token: Tensor, first: Tensor, index: Tensor, noise: Tensor, words: Tensor,
        word_mask: Tensor, whole: Tensor, frames: Tensor, past: Tensor,
    ) -> tuple[Tensor, Tensor]:  # fmt: skip
        heard = Heard(words, word_mask[:, None, None] > 0.5, whole, frames)
        return self.model.plan_step(token, first, index, noise, heard, past)


class _Draw(nn.Module):
    def __init__(self, model: MotionTransformer) -> None:
        super().__init__()
        self.model = model

    def forward(self, hidden: Tensor, x: Tensor, t: Tensor) -> Tensor:
        return self.model.draw(hidden, x, t)


class _Refine(nn.Module):
    def __init__(self, model: MotionTransformer) -> None:
        super().__init__()
        self.model = model

    def forward(
        self, x: Tensor, plan: Tensor, known: Tensor, keyed: Tensor, t: Tensor, words: Tensor,
        word_mask: Tensor, whole: Tensor, frames: Tensor,
    ) -> Tensor:  # fmt: skip
        heard = Heard(words, word_mask[:, None, None] > 0.5, whole, frames)
        return self.model.refine(x, plan, known, keyed, t, heard, None)[0]


class _Recognise(nn.Module):
    def __init__(self, model: MotionTransformer) -> None:
        super().__init__()
        self.model = model

    def forward(
        self, x: Tensor, plan: Tensor, known: Tensor, keyed: Tensor, t: Tensor, words: Tensor,
        word_mask: Tensor, whole: Tensor, frames: Tensor,
    ) -> Tensor:  # fmt: skip
        heard = Heard(words, word_mask[:, None, None] > 0.5, whole, frames)
        _, hidden = self.model.refine(x, plan, known, keyed, t, heard, None)
        return self.model.read(hidden)["action"].softmax(dim=-1)


def rounded(model: MotionTransformer) -> MotionTransformer:
    """Return *model* with its weights rounded to half precision, in place."""
    with torch.no_grad():
        for p in model.parameters():
            p.copy_(p.half().float())
    return model.eval()


def export(folder: Path, target: Path) -> dict[str, float]:
    """Write the checkpoint *folder* as graphs to *target*; return the largest difference of each.

    Raises `PluginError` where onnx is missing and `DataError` for an export that computes
    something else than PyTorch.
    """
    model, config = checkpoint.load(folder)
    found = export_model(model, config, target)
    worst = max(found.values())
    if not worst <= TOLERANCE:
        raise DataError(f"the exported graphs differ from PyTorch by {worst:.2g}: {found}")
    return found


def export_model(
    model: MotionTransformer, config: dict[str, Any], target: Path
) -> dict[str, float]:
    """Write *model*, its weights rounded in place, as graphs to *target*; return the largest
    difference of each from PyTorch. Raises `PluginError` where onnx is missing.
    """
    try:
        import onnx  # noqa: F401
        import onnxruntime  # noqa: F401
    except ImportError as error:
        raise PluginError(
            "exporting to ONNX needs onnx and onnxruntime: pip install onnx onnxruntime"
        ) from error
    rounded(model)
    target.mkdir(parents=True, exist_ok=True)
    stored = _write_weights(model, target / WEIGHTS)
    made = trials(model)
    for name in GRAPHS:
        module, inputs, axes, outputs = made[name]
        graph = _traced(module, inputs, axes, outputs)
        _shrink(graph, stored)
        (target / f"{name}.onnx").write_bytes(graph.SerializeToString())
    (target / checkpoint.CONFIG).write_text(json.dumps(config, indent=1), "utf-8")
    # other sizes than the ones that were traced: the graphs must not have kept those
    others = trials(model, rows=3, tokens=5, words=9)
    return {name: _difference(target / f"{name}.onnx", *others[name][:2]) for name in GRAPHS}


_Trial = tuple[nn.Module, dict[str, Tensor], dict[str, dict[int, str]], list[str]]


def trials(
    model: MotionTransformer, rows: int = 2, tokens: int = 3, words: int = 7
) -> dict[str, _Trial]:
    """Return for each graph its module, inputs to try it with, its free axes and its outputs.

    The inputs are always the same: *rows* (at least 2) of *tokens* tokens and *words* words.
    """
    c = model.config
    torch.manual_seed(1)
    b, n = rows, tokens
    frames = n * PATCH
    hear = {
        "tokens": torch.randn(b, words, c.text_dim),
        "token_mask": torch.arange(words).expand(b, -1)
        < torch.tensor([5] + [0] * (b - 1))[:, None],
        "pooled": torch.randn(b, c.text_dim),
        "actions": torch.randint(0, 64, (b, frames)),
        "overlay": torch.randint(0, 64, (b, frames)),
        "seconds": torch.linspace(0.48, 3.0, b),
        "source": torch.arange(b) % len(SOURCES),
        "style": torch.tensor(
            [[0.5, float("nan"), 0.1, 0.2, 0.3]] + [[float("nan")] * 5] * (b - 1)
        ),
        "partner": torch.randn(b, frames, 48),
    }
    hear["partner"][1] = float("nan")
    with torch.no_grad():
        heard = _Hear(model)(**hear)
    names = ("words", "word_mask", "whole", "frames")
    conditions = dict(zip(names, heard, strict=True))
    free = {
        "words": {0: "B", 1: "M"}, "word_mask": {0: "B", 1: "M"}, "whole": {0: "B"},
        "frames": {0: "B", 1: "n"},
    }  # fmt: skip
    h = c.width // c.heads
    step = {
        "token": torch.randn(b, PATCH, DIM), "first": torch.tensor(0.0), "index": torch.tensor(2),
        "noise": torch.rand(b), **conditions, "past": torch.randn(c.layers, 2, b, c.heads, 2, h),
    }  # fmt: skip
    step["frames"] = conditions["frames"][:, 2:3]
    refine = {
        "x": torch.randn(b, frames, DIM), "plan": torch.randn(b, frames, DIM),
        "known": torch.ones(b, frames), "keyed": torch.zeros(b, frames), "t": torch.rand(b),
        **conditions,
    }  # fmt: skip
    return {
        "hear": (_Hear(model), hear, {
            "tokens": {0: "B", 1: "N"}, "token_mask": {0: "B", 1: "N"}, "pooled": {0: "B"},
            "actions": {0: "B", 1: "T"}, "overlay": {0: "B", 1: "T"}, "seconds": {0: "B"},
            "source": {0: "B"}, "style": {0: "B"}, "partner": {0: "B", 1: "T"}, **free,
        }, [*names]),
        "plan_step": (_PlanStep(model), step, {
            "token": {0: "B"}, "noise": {0: "B"}, "past": {2: "B", 4: "m"},
            **{k: v for k, v in free.items() if k != "frames"}, "frames": {0: "B"},
            "hidden": {0: "B"}, "kept": {2: "B"},
        }, ["hidden", "kept"]),
        "draw": (_Draw(model), {
            "hidden": torch.randn(b, c.width), "x": torch.randn(b, TOKEN), "t": torch.rand(b),
        }, {"hidden": {0: "B"}, "x": {0: "B"}, "t": {0: "B"}, "velocity": {0: "B"}}, ["velocity"]),
        "refine": (_Refine(model), refine, {
            "x": {0: "B", 1: "T"}, "plan": {0: "B", 1: "T"}, "known": {0: "B", 1: "T"},
            "keyed": {0: "B", 1: "T"}, "t": {0: "B"}, **free, "velocity": {0: "B", 1: "T"},
        }, ["velocity"]),
        "recognise": (_Recognise(model), refine, {
            "x": {0: "B", 1: "T"}, "plan": {0: "B", 1: "T"}, "known": {0: "B", 1: "T"},
            "keyed": {0: "B", 1: "T"}, "t": {0: "B"}, **free, "chances": {0: "B", 1: "T"},
        }, ["chances"]),
    }  # fmt: skip


def _traced(
    module: nn.Module, inputs: dict[str, Tensor], axes: dict[str, dict[int, str]],
    outputs: list[str],
) -> Any:  # fmt: skip
    """Return the ONNX model of *module*."""
    import io

    import onnx

    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module.eval(), tuple(inputs.values()), buffer,  # type: ignore[arg-type]
            input_names=list(inputs),
            output_names=outputs, dynamic_axes=axes, opset_version=OPSET, dynamo=False,
            do_constant_folding=True,
        )  # fmt: skip
    return onnx.load_from_string(buffer.getvalue())


@dataclass(frozen=True)
class _Stored:
    """Where a weight lies in the file, bytes, and its shape there."""

    offset: int
    size: int
    shape: tuple[int, ...]
    turned: bool
    """Whether the graph wants the transpose of what is stored."""


def _write_weights(model: MotionTransformer, path: Path) -> dict[bytes, _Stored]:
    """Write the weights of *model* in half precision; return where each is, by its own bytes and by
    those of its transpose.
    """
    from safetensors.torch import save

    halves = {}
    for name, value in model.state_dict().items():
        exact = value.is_floating_point() and torch.equal(value.half().float(), value.float())
        halves[name] = (value.half() if exact else value).contiguous()
    raw = save(halves, metadata={"format": "pt"})
    path.write_bytes(raw)
    size = int.from_bytes(raw[:8], "little")
    stored = {}
    for name, entry in json.loads(raw[8 : 8 + size]).items():
        if name == "__metadata__" or entry["dtype"] != "F16":
            continue
        start, stop = (8 + size + at for at in entry["data_offsets"])
        array = np.frombuffer(raw[start:stop], np.float16).reshape(entry["shape"])
        for turned in (array.ndim == 2, False):
            key = (array.T if turned else array).tobytes()
            stored[key] = _Stored(start, stop - start, array.shape, turned)
    return stored


def _shrink(model: Any, stored: dict[bytes, _Stored]) -> None:
    """Replace the weights of *model* by those in the file, cast when they are loaded."""
    import onnx
    from onnx import TensorProto, numpy_helper

    graph = model.graph
    casts = []
    for tensor in graph.initializer:
        if tensor.data_type != TensorProto.FLOAT:
            continue
        array = numpy_helper.to_array(tensor)
        half = array.astype(np.float16)
        place = stored.get(half.tobytes())
        if place is None or array.nbytes < _SMALL or not np.array_equal(half, array):
            continue
        name, shape = tensor.name, list(array.shape)
        tensor.Clear()
        tensor.name = f"{name}.half"
        tensor.data_type = TensorProto.FLOAT16
        tensor.dims.extend(place.shape if place.turned else shape)
        tensor.data_location = TensorProto.EXTERNAL
        for key, value in (
            ("location", WEIGHTS), ("offset", str(place.offset)), ("length", str(place.size))
        ):  # fmt: skip
            entry = tensor.external_data.add()
            entry.key, entry.value = key, value
        whole = f"{name}.whole" if place.turned else name
        casts.append(onnx.helper.make_node("Cast", [f"{name}.half"], [whole], to=TensorProto.FLOAT))
        if place.turned:
            casts.append(onnx.helper.make_node("Transpose", [whole], [name], perm=[1, 0]))
    nodes = list(graph.node)
    del graph.node[:]
    graph.node.extend([*casts, *nodes])


def _difference(path: Path, module: nn.Module, inputs: dict[str, Tensor]) -> float:
    """Return the largest difference between a graph's outputs and PyTorch's."""
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    known = {i.name for i in session.get_inputs()}
    got = session.run(None, {k: v.numpy() for k, v in inputs.items() if k in known})
    with torch.no_grad():
        wanted = module(*inputs.values())
    wanted = wanted if isinstance(wanted, tuple) else (wanted,)
    return max(float(np.abs(g - w.numpy()).max()) for g, w in zip(got, wanted, strict=True))
