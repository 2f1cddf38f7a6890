"""What each of the six heads knows, beside the best constant: validation errors (torch).

A head earns its place if it errs less on clips nobody trained on than the constant that errs least
on those very clips, which no head could have known. The refiner is asked half-way along its path,
where a clip is half noise (the median of what it is trained on); the planner has seen the frames
before each token of four and guesses the token from noise. Both are told the action of each frame
or, in the columns ``words alone``, hear nothing but the sentence.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from stickgen.core import features
from stickgen.core.errors import DataError
from stickgen.core.sampling import PATCH, TOKEN
from stickgen.core.storage import ClipStore
from stickgen.train import checkpoint
from stickgen.train.corpus import Corpus, build
from stickgen.train.objective import Sample, Skeleton, head_targets
from stickgen.train.training import as_sample

FRAMES: Final = 128
"""Frames of the windows the heads are asked about."""

BATCH: Final = 24

HALF: Final = 0.5
"""Where on the refiner's path it is asked."""

UNITS: Final = {
    "pose": "cm to the joints, from the pelvis",
    "position": "smooth L1, units of 2 m",
    "velocity": "smooth L1, m/s",
    "action": "cross-entropy, nats",
    "physics": "smooth L1, units of 4 m/s (m/s²)",
    "environment": "smooth L1",
}
"""What the error of each head is measured in; lower is better everywhere."""


@dataclass(frozen=True)
class Head:
    """The error of one head by each of `COLUMNS`, and that of the best constant."""

    name: str
    constant: float
    errors: dict[str, float]

    @property
    def beaten(self) -> bool:
        """Whether the refiner errs less than the constant."""
        return self.errors["refiner"] < self.constant

    def record(self) -> dict[str, Any]:
        """Return the errors as what JSON can hold."""
        return {
            "head": self.name, "unit": UNITS[self.name], "constant": self.constant,
            **self.errors, "beats_constant": self.beaten,
        }  # fmt: skip


COLUMNS: Final = ("refiner", "refiner, words alone", "planner", "planner, words alone")


def measure(folder: Path, store: ClipStore, *, part: str = "val", batches: int = 8) -> list[Head]:
    """Return the six heads of the checkpoint *folder* on the clips of *store* in *part*.

    Raises `DataError` where the store has no such clip.
    """
    model, config = checkpoint.load(folder)
    model.eval()
    skeleton = Skeleton(torch.tensor(config["mean"]), torch.tensor(config["std"]))
    with tempfile.TemporaryDirectory() as scratch:
        drawn = _windows(store, part, Path(scratch), str(config["text_encoder"]), batches)
        given = [as_sample(batch, skeleton) for batch in drawn]
    truth: dict[str, list[Tensor]] = {}
    said: dict[str, dict[str, list[Tensor]]] = {column: {} for column in COLUMNS}
    torch.manual_seed(0)
    for sample in given:
        for name, value in _truth(skeleton, sample).items():
            truth.setdefault(name, []).append(value[sample.mask])
        for column in COLUMNS:
            heard = sample
            if column.endswith("alone"):
                nobody = torch.zeros(len(sample.x), dtype=torch.bool)
                heard = replace(sample, conditions=sample.conditions.without(nobody, ~nobody))
            ask = _refiner if column.startswith("refiner") else _planner
            for name, value in ask(model, skeleton, heard).items():
                said[column].setdefault(name, []).append(value[sample.mask])
    out = []
    for name in UNITS:
        real = torch.cat(truth[name])
        errors = {c: _error(name, torch.cat(said[c][name]), real) for c in COLUMNS}
        out.append(Head(name, _best_constant(name, real), errors))
    return out


def _windows(store: ClipStore, part: str, scratch: Path, encoder: str, batches: int) -> list[Any]:
    """Return batches of windows of the clips in *part*, every clip as often as any other."""
    own = ClipStore(scratch / "part")
    with own.writer() as writer:
        for clip in store:
            if clip.split == part:
                writer.add(clip.clip_id, [clip])
    if len(own) == 0:
        raise DataError(f"{store.path} has no clip in the part {part!r}")
    build(own.path, scratch / "corpus", encoder)
    corpus = Corpus(scratch / "corpus")
    order = np.random.default_rng(0).permutation(len(corpus.tracks))[: batches * BATCH]
    chosen = [order[i : i + BATCH].tolist() for i in range(0, len(order), BATCH)]
    return [
        corpus.batch(each, FRAMES, np.random.default_rng([1, i]), mirror=False)
        for i, each in enumerate(chosen)
    ]


def _truth(skeleton: Skeleton, s: Sample) -> dict[str, Tensor]:
    return {
        "pose": skeleton.local(s.x)[1].flatten(2),
        "action": s.conditions.actions,
        **head_targets(skeleton, s),
    }


@torch.no_grad()
def _refiner(model: Any, skeleton: Skeleton, s: Sample) -> dict[str, Tensor]:
    """Return what the heads say of clips that the refiner sees half-way between noise and truth."""
    noise, nothing = torch.randn_like(s.x), torch.zeros_like(s.mask, dtype=torch.float32)
    valid = s.mask.unflatten(1, (-1, PATCH)).any(-1)
    at, seen = torch.full((len(s.x),), HALF), (1.0 - HALF) * noise + HALF * s.x
    heard = model.hear(s.conditions)
    v, hidden = model.refine(seen, torch.zeros_like(s.x), nothing, nothing, at, heard, valid)
    pose = skeleton.local(seen + (1.0 - HALF) * v)[1].flatten(2)
    return {"pose": pose, **model.read(hidden)}


@torch.no_grad()
def _planner(model: Any, skeleton: Skeleton, s: Sample) -> dict[str, Tensor]:
    """Return what the heads say of each token when the planner has seen those before it."""
    valid = s.mask.unflatten(1, (-1, PATCH)).any(-1)
    hidden = model.plan(s.x, torch.zeros(len(s.x)), model.hear(s.conditions), valid)
    noise = torch.randn(*hidden.shape[:2], TOKEN)
    v = model.draw(hidden, noise, torch.zeros(hidden.shape[:2]))
    token = (noise + v).unflatten(-1, (PATCH, features.DIM)).flatten(1, 2)
    return {"pose": skeleton.local(token)[1].flatten(2), **model.read(hidden)}


def _error(name: str, said: Tensor, real: Tensor) -> float:
    """Return the mean error of *said* ``[N, size]`` (``[N]`` classes for the action's truth)."""
    if name == "action":
        return float(functional.cross_entropy(said, real.clamp(max=said.shape[-1] - 1)))
    if name == "pose":
        gap = (said - real).unflatten(-1, (-1, 3)).norm(dim=-1)
        return float(gap.mean()) * 100.0
    return float(functional.smooth_l1_loss(said, real))


def _best_constant(name: str, real: Tensor) -> float:
    """Return the error of the constant that errs least on *real*."""
    if name == "action":
        share = torch.bincount(real.flatten()).double() / real.numel()
        share = share[share > 0]
        return float(-(share * share.log()).sum())
    if name == "pose":
        return _error(name, _median(real).expand_as(real), real)
    # the derivative of the mean smooth L1 rises with the constant: halve the interval at its root
    low, high = real.min(dim=0).values, real.max(dim=0).values
    for _ in range(40):
        middle = 0.5 * (low + high)
        up = (middle - real).clamp(-1.0, 1.0).mean(dim=0) < 0
        low, high = torch.where(up, middle, low), torch.where(up, high, middle)
    return _error(name, low.expand_as(real), real)


def _median(real: Tensor) -> Tensor:
    """Return the geometric median of joints ``[N, 48]``, each by itself (Weiszfeld 1937)."""
    joints = real.unflatten(-1, (-1, 3))
    centre = joints.mean(dim=0)
    for _ in range(50):
        weight = 1.0 / (joints - centre).norm(dim=-1, keepdim=True).clamp(min=1e-6)
        centre = (joints * weight).sum(dim=0) / weight.sum(dim=0)
    out: Tensor = centre.flatten()
    return out
