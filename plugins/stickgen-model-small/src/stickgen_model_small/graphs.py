"""`OnnxBackend`: the shipped model's graphs, run by onnxruntime."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stickgen.core.errors import PluginError
from stickgen.core.sampling import Floats, Heard
from stickgen.core.schema import DIM
from stickgen_model_small.arrays import FOLDER, damaged, read_config


class OnnxBackend:
    """The functions of `stickgen.core.sampling.Backend` as ONNX graphs in *folder*.

    Other programs than this one can run the graphs too; here `NumpyBackend` does as well without.

    A graph is loaded when it is first called. A damaged installation raises `PluginError`.
    """

    def __init__(self, folder: Path = FOLDER, *, threads: int = 0) -> None:
        self.folder = folder
        self.threads = threads
        self._sessions: dict[str, Any] = {}

    @cached_property
    def config(self) -> Mapping[str, Any]:
        """The model's ``config.json``."""
        return read_config(self.folder)

    def hear(self, conditions: Mapping[str, NDArray[Any]]) -> Heard:
        names = ("words", "word_mask", "whole", "frames")
        given = dict(conditions)
        if "partner" not in given:
            given["partner"] = np.full((*given["actions"].shape, DIM), np.nan, np.float32)
        return dict(zip(names, self._run("hear", given), strict=True))

    def plan_step(
        self, token: Floats, first: float, index: int, noise: Floats, heard: Heard, past: Floats
    ) -> tuple[Floats, Floats]:
        hidden, kept = self._run("plan_step", {
            "token": token, "first": np.array(first, np.float32), "index": np.array(index),
            "noise": noise, **heard, "past": past,
        })  # fmt: skip
        return hidden, kept

    def draw(self, hidden: Floats, x: Floats, t: Floats) -> Floats:
        return self._run("draw", {"hidden": hidden, "x": x, "t": t})[0]

    def refine(
        self, x: Floats, plan: Floats, known: Floats, keyed: Floats, t: Floats, heard: Heard
    ) -> Floats:
        return self._run("refine", {
            "x": x, "plan": plan, "known": known, "keyed": keyed, "t": t, **heard,
        })[0]  # fmt: skip

    def recognise(
        self, x: Floats, plan: Floats, known: Floats, keyed: Floats, t: Floats, heard: Heard
    ) -> Floats:
        return self._run("recognise", {
            "x": x, "plan": plan, "known": known, "keyed": keyed, "t": t, **heard,
        })[0]  # fmt: skip

    def _run(self, name: str, inputs: Mapping[str, Any]) -> list[Floats]:
        if name not in self._sessions:
            self._sessions[name] = self._load(name)
        out: list[Floats] = self._sessions[name].run(None, dict(inputs))
        return out

    def _load(self, name: str) -> Any:
        try:
            import onnxruntime
        except ImportError as error:
            raise PluginError(
                f'onnxruntime cannot be loaded ({error}): pip install "stickgen-model-small[onnx]"'
            ) from error
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = self.threads
        # two rows of sixty tokens: waiting threads would cost more than they do
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            return onnxruntime.InferenceSession(
                self.folder / f"{name}.onnx", options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:
            raise damaged(f"{name}.onnx", str(error).splitlines()[0]) from error
