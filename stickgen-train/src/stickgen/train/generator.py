"""The generator ``dual-phase``: any checkpoint of the model, run by torch."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from stickgen.core import picture_pose, registries, schema
from stickgen.core.errors import UsageError
from stickgen.core.model_generator import ModelGenerator, recipe_of
from stickgen.core.types import ActorState, Beat, Motion

VARIABLE = "STICKGEN_CHECKPOINT"
"""Environment variable that names the checkpoint where the user does not."""


class DualPhaseGenerator(ModelGenerator):
    """Performs beats with the model in the folder *checkpoint* (default: $STICKGEN_CHECKPOINT).

    *phases* is both, plan or refine; *steps* and *guidance* replace those the checkpoint
    recommends; *labels* False leaves the action to the sentence. *lora* are adapters to blend in,
    ``("style=0.7",)`` or ``"style=0.7,brisk=0.2"``. *image* is a picture of the pose to begin in
    and *image_camera* where its camera stood, relative to a figure that stands at 0 and faces +x:
    position and target in metres and field of view in degrees, ``"3,1.5,0,0,1,0,45"`` (default: at
    its side). The pose is read by `stickgen.core.picture_pose` and is the first of the motion; a
    model that looks at pictures sees it as well.
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
        temperature: float | None = None,
        candidates: int | None = None,
        lora: str | Sequence[str] = (),
        image: str | os.PathLike[str] | None = None,
        image_camera: str | None = None,
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
        opening = None
        if image is not None:
            place = picture_pose.camera_of(image_camera or picture_pose.SIDE_VIEW)
            opening = picture_pose.find(Path(folder)).read(Path(image), place)
            if backend.model.image_encoder is not None:
                trained = backend.config.get("training", {}).get("settings", {})
                size = int(trained.get("picture_size", 64))
                shown = picture_pose.picture_of(Path(image), size)
                backend.look(shown[None], place[None])
        encoder = registries.text_encoders.create(str(backend.config["text_encoder"]))
        options: dict[str, Any] = {
            "phases": phases, "steps": steps, "guidance": guidance, "temperature": temperature,
            "candidates": candidates,
        }  # fmt: skip
        super().__init__(
            backend, encoder, recipe=recipe_of(backend.config, **options), labels=labels
        )
        self.opening = opening
        self._torch, self._picture = backend, backend.seen

    def generate(
        self,
        beat: Beat,
        actors: Sequence[ActorState],
        rng: np.random.Generator,
        *,
        fps: float = schema.FPS,
    ) -> Motion:
        """Return the motion ``[T, 1]`` of *beat*; the picture is for a body without a pose yet."""
        begins = bool(actors) and actors[0].pose is None
        self._torch.seen = self._picture if begins else None
        return super().generate(beat, actors, rng, fps=fps)
