"""How many clips a second the small model and the predecessor's recipe are taught, side by side.

Both take the same batches of noise (values do not change the cost) of 10-second clips and do whole
training steps: loss, gradients, clipping, AdamW. They take turns, so that what else the machine
does falls on both.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import torch

from stickgen.core import features
from stickgen.core.actions import N_CLASSES
from stickgen.core.sampling import PATCH, SOURCES
from stickgen.train.evaluation.baselines import POSE, Predecessor
from stickgen.train.model import VARIANTS, Conditions, MotionTransformer, parameters
from stickgen.train.objective import Objective, Sample, Skeleton

FRAMES: Final = 250
BATCH: Final = 16
TEXT: Final = 192
"""Numbers a word of the static text encoder."""
WORDS: Final = 12


@dataclass(frozen=True)
class Throughput:
    """Clips of 250 frames a second of the wall clock and of the processor, best of the repeats."""

    name: str
    parameters: int
    threads: int
    clips_per_second: float
    clips_per_cpu_second: float

    def record(self) -> dict[str, Any]:
        """Return the figures as what JSON can hold."""
        return asdict(self)


def measure(
    *, repeats: int = 3, threads: int = 2, progress: Callable[[int, int], None] | None = None
) -> list[Throughput]:
    """Return the small model's and the predecessor's throughput on *threads* threads."""
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            works = {"small": _small(), "predecessor": _predecessor()}
            best = {name: (float("inf"), float("inf")) for name in works}
            for turn in range(repeats + 1):
                for name, (step, _) in works.items():
                    wall, processor = time.perf_counter(), time.process_time()
                    step()
                    spent = (time.perf_counter() - wall, time.process_time() - processor)
                    if turn:  # the first step allocates
                        best[name] = (min(best[name][0], spent[0]), min(best[name][1], spent[1]))
                if progress is not None:
                    progress(turn + 1, repeats + 1)
    finally:
        torch.set_num_threads(before)
    return [
        Throughput(name, works[name][1], threads, BATCH / wall, BATCH / processor)
        for name, (wall, processor) in best.items()
    ]


def _stepping(net: torch.nn.Module, loss: Callable[[], torch.Tensor]) -> Callable[[], None]:
    optimiser = torch.optim.AdamW(net.parameters(), lr=1e-4, fused=True)

    def step() -> None:
        loss().backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)

    return step


def _small() -> tuple[Callable[[], None], int]:
    """Return one step of the small model, and its parameters."""
    model = MotionTransformer(replace(VARIANTS["small"], text_dim=TEXT, dropout=0.0))
    objective = Objective(model, Skeleton(torch.zeros(features.DIM), torch.ones(features.DIM)))
    objective.train()
    frames = -(-FRAMES // PATCH) * PATCH
    labels = torch.randint(N_CLASSES, (BATCH, frames))
    mask = torch.zeros(BATCH, frames, dtype=torch.bool)
    mask[:, :FRAMES] = True
    sample = Sample(
        x=torch.randn(BATCH, frames, features.DIM),
        mask=mask,
        mass=torch.randn(BATCH, frames, 6),
        conditions=Conditions(
            tokens=torch.randn(BATCH, WORDS, TEXT),
            token_mask=torch.ones(BATCH, WORDS, dtype=torch.bool),
            pooled=torch.randn(BATCH, TEXT),
            actions=labels,
            overlay=labels,
            seconds=torch.full((BATCH,), 10.0),
            source=torch.randint(len(SOURCES), (BATCH,)),
        ),
    )
    return _stepping(model, lambda: objective(sample)["total"]), parameters(model)


def _predecessor() -> tuple[Callable[[], None], int]:
    """Return one step of the predecessor's recipe, and its parameters."""
    net = Predecessor(TEXT).train()
    x, text = torch.randn(BATCH, FRAMES, POSE), torch.randn(BATCH, TEXT)
    actions = torch.randint(N_CLASSES, (BATCH, FRAMES))
    valid = torch.ones(BATCH, FRAMES, dtype=torch.bool)
    return _stepping(net, lambda: net.loss(x, text, actions, valid)), parameters(net)
