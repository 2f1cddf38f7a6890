"""`TorchBackend`: a checkpoint as the functions that `stickgen.core.sampling` calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from stickgen.core.sampling import Floats, Heard
from stickgen.train import checkpoint, lora
from stickgen.train.model import Conditions, MotionTransformer
from stickgen.train.model import Heard as HeardTensors


class TorchBackend:
    """Any checkpoint folder, or a model in memory with its configuration."""

    def __init__(self, model: MotionTransformer, config: Mapping[str, Any]) -> None:
        self.model = model.eval()
        self.config = config
        self.seen: tuple[Tensor, Tensor] | None = None
        """Features ``[1, F]`` and camera ``[1, 7]`` of what the next motion begins as."""

    @torch.inference_mode()
    def look(self, picture: Floats, camera: Floats) -> None:
        """Let the next motion begin as in *picture* ``[1, 3, H, W]``, 0-1, seen from *camera*
        ``[1, 7]``.

        Raises `UsageError` for a model that does not look at pictures.
        """
        self.seen = self.model.look(_tensor(picture), _tensor(camera))

    @classmethod
    def read(cls, folder: Path, adapters: Sequence[str] = ()) -> TorchBackend:
        """Return the backend of the checkpoint *folder*; `SourceError` if it is none.

        *adapters* (``name=weight``) are blended into it: see `stickgen.train.lora`.
        """
        model, config = checkpoint.load(folder)
        if adapters:
            lora.apply(model, config, adapters, folder)
        return cls(model, config)

    @torch.inference_mode()
    def hear(self, conditions: Mapping[str, NDArray[Any]]) -> Heard:
        given = {name: torch.from_numpy(np.ascontiguousarray(v)) for name, v in conditions.items()}
        if self.seen is not None:
            # the first row is what is wanted; the second, without conditions, sees nothing
            rows = [(len(given["source"]), *part.shape[1:]) for part in self.seen]
            image, camera = (torch.full(size, torch.nan) for size in rows)
            image[0], camera[0] = self.seen[0][0], self.seen[1][0]
            self.seen = None
            given |= {"image": image, "image_camera": camera}
        heard = self.model.hear(Conditions(**given))
        return {
            "words": heard.words.numpy(),
            "word_mask": heard.word_mask[:, 0, 0].float().numpy(),
            "whole": heard.whole.numpy(),
            "frames": heard.frames.numpy(),
        }

    @torch.inference_mode()
    def plan_step(
        self, token: Floats, first: float, index: int, noise: Floats, heard: Heard, past: Floats
    ) -> tuple[Floats, Floats]:
        hidden, kept = self.model.plan_step(
            _tensor(token), torch.tensor(first), torch.tensor(index), _tensor(noise),
            as_tensors(heard), _tensor(past),
        )  # fmt: skip
        return hidden.numpy(), kept.numpy()

    @torch.inference_mode()
    def draw(self, hidden: Floats, x: Floats, t: Floats) -> Floats:
        out: Floats = self.model.draw(_tensor(hidden), _tensor(x), _tensor(t)).numpy()
        return out

    @torch.inference_mode()
    def refine(
        self, x: Floats, plan: Floats, known: Floats, keyed: Floats, t: Floats, heard: Heard
    ) -> Floats:
        out, _ = self.model.refine(
            _tensor(x), _tensor(plan), _tensor(known), _tensor(keyed), _tensor(t),
            as_tensors(heard), None,
        )  # fmt: skip
        velocity: Floats = out.numpy()
        return velocity

    @torch.inference_mode()
    def recognise(
        self, x: Floats, plan: Floats, known: Floats, keyed: Floats, t: Floats, heard: Heard
    ) -> Floats:
        _, hidden = self.model.refine(
            _tensor(x), _tensor(plan), _tensor(known), _tensor(keyed), _tensor(t),
            as_tensors(heard), None,
        )  # fmt: skip
        said: Floats = self.model.read(hidden)["action"].softmax(dim=-1).numpy()
        return said


def as_tensors(heard: Heard) -> HeardTensors:
    """Return what the blocks hear as the model takes it."""
    mask = _tensor(heard["word_mask"])[:, None, None] > 0.5
    return HeardTensors(
        _tensor(heard["words"]), mask, _tensor(heard["whole"]), _tensor(heard["frames"])
    )


def _tensor(value: Floats) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(value))
