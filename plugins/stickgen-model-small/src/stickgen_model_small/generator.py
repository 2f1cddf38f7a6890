"""The generator ``small``: the shipped model, without torch."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from stickgen.core.errors import UsageError
from stickgen.core.model_generator import DRAFTER, ModelGenerator, recipe_of
from stickgen.core.sampling import Backend
from stickgen_model_small.arrays import FOLDER, NumpyBackend
from stickgen_model_small.encoder import StaticEncoder


class SmallGenerator(ModelGenerator):
    """Performs beats with the small dual-phase model; see the model card in the README.

    Args:
        phases: both, or plan or refine alone; or draft: what another generator makes is redrawn.
        labels: tell the model the action of the beat beside its sentence.
        steps: steps of the refiner.
        guidance: how much what is asked for is stressed; 1 is as learned.
        temperature: how much chance is in it; 1 is as learned, less is steadier.
        candidates: how many motions are drawn for the best to be kept.
        start: how much of a draft is left for the model to begin at, 0 to 1.
        drafter: name of the generator that makes drafts.
        threads: 0 chooses.
        folder: weights, graphs and configuration of another model than the shipped one.
        backend: what computes it, numpy or onnx (needs onnxruntime); both give the same.
        lora: adapters to blend in, ``("style=0.7",)`` or ``"style=0.7,timing=0.2"``.
        image: a picture of the pose to begin in; see `stickgen.core.picture_pose`.
        image_camera: where its camera stood relative to a figure at 0 that faces +x: position and
            target in metres and field of view in degrees; by default at its side.
    """

    api_version: ClassVar[int] = 1
    max_actors: ClassVar[int] = 1
    licence: ClassVar[str] = "MIT"
    in_casting: ClassVar[dict[str, Any]] = {"phases": "draft"}
    """Beside ``procedural`` it redraws what that one stages; alone it draws from the words."""

    def __init__(
        self,
        *,
        phases: str | None = None,
        labels: bool = True,
        steps: int | None = None,
        guidance: float | None = None,
        temperature: float | None = None,
        candidates: int | None = None,
        start: float | None = None,
        drafter: str = DRAFTER,
        threads: int = 0,
        folder: str | os.PathLike[str] | None = None,
        backend: str = "numpy",
        lora: str | Sequence[str] = (),
        image: str | os.PathLike[str] | None = None,
        image_camera: str | None = None,
    ) -> None:
        runs = _backend(backend, Path(folder or FOLDER), threads, lora)
        options: dict[str, Any] = {
            "phases": phases, "steps": steps, "guidance": guidance, "temperature": temperature,
            "candidates": candidates, "start": start,
        }  # fmt: skip
        super().__init__(
            runs, StaticEncoder(), recipe=recipe_of(runs.config, **options), labels=labels,
            drafter=drafter,
        )  # fmt: skip
        if image is not None:
            from stickgen.core import picture_pose

            place = picture_pose.camera_of(image_camera or picture_pose.SIDE_VIEW)
            reader = picture_pose.find(Path(folder or FOLDER))
            self.opening = reader.read(Path(image), place)


def _backend(name: str, folder: Path, threads: int, lora: str | Sequence[str]) -> Backend:
    if name == "numpy":
        made = NumpyBackend(folder, threads=threads, lora=lora)
        if lora:
            made.load()
        return made
    if name == "onnx":
        if lora:
            raise UsageError("graphs cannot take adapters; leave the backend to numpy")
        from stickgen_model_small.graphs import OnnxBackend

        return OnnxBackend(folder, threads=threads)
    raise UsageError(f"unknown backend {name!r}; choose numpy or onnx")
