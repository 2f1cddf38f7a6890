"""The generator ``dual-phase``: any checkpoint of the model, run by torch."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from stickgen.core import registries
from stickgen.core.errors import UsageError
from stickgen.core.model_generator import ModelGenerator, recipe_of

VARIABLE = "STICKGEN_CHECKPOINT"
"""Environment variable that names the checkpoint where the user does not."""


class DualPhaseGenerator(ModelGenerator):
    """Performs beats with the model in the folder *checkpoint* (default: $STICKGEN_CHECKPOINT).

    *phases* is both, plan or refine; *steps* and *guidance* replace those the checkpoint
    recommends; *labels* False leaves the action to the sentence. *lora* are adapters to blend in,
    ``("style=0.7",)`` or ``"style=0.7,brisk=0.2"``.
    """

    api_version: ClassVar[int] = 1
    max_actors: ClassVar[int] = 1

    def __init__(
        self,
        checkpoint: str | os.PathLike[str] | None = None,
        *,
        phases: str | None = None,
        labels: bool = True,
        steps: int | None = None,
        guidance: float | None = None,
        lora: str | Sequence[str] = (),
    ) -> None:
        from stickgen.train.torch_backend import TorchBackend

        folder = checkpoint or os.environ.get(VARIABLE)
        if not folder:
            raise UsageError(
                "the generator dual-phase needs a checkpoint: train one with `stickgen train`"
                f" and name its folder in the environment variable {VARIABLE}"
            )
        adapters = lora.split(",") if isinstance(lora, str) else lora
        backend = TorchBackend.read(Path(folder), adapters)
        encoder = registries.text_encoders.create(str(backend.config["text_encoder"]))
        options: dict[str, Any] = {"phases": phases, "steps": steps, "guidance": guidance}
        super().__init__(
            backend, encoder, recipe=recipe_of(backend.config, **options), labels=labels
        )
