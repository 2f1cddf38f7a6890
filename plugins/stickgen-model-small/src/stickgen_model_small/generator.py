"""The generator ``small``: the shipped model, without torch."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from stickgen.core.model_generator import ModelGenerator, recipe_of
from stickgen_model_small.encoder import StaticEncoder
from stickgen_model_small.graphs import FOLDER, OnnxBackend


class SmallGenerator(ModelGenerator):
    """Performs beats with the small dual-phase model; see the model card in the README.

    Args:
        phases: both, or plan or refine alone.
        labels: tell the model the action of the beat beside its sentence.
        steps: steps of the refiner.
        guidance: how much what is asked for is stressed; 1 is as learned.
        threads: of onnxruntime; 0 lets it choose.
    """

    api_version: ClassVar[int] = 1
    max_actors: ClassVar[int] = 1
    licence: ClassVar[str] = "MIT"

    def __init__(
        self,
        *,
        phases: str | None = None,
        labels: bool = True,
        steps: int | None = None,
        guidance: float | None = None,
        threads: int = 0,
        folder: Path | None = None,
    ) -> None:
        backend = OnnxBackend(folder or FOLDER, threads=threads)
        options: dict[str, Any] = {"phases": phases, "steps": steps, "guidance": guidance}
        super().__init__(
            backend, StaticEncoder(), recipe=recipe_of(backend.config, **options), labels=labels
        )
