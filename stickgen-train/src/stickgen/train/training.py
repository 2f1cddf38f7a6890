"""`train`: the training loop, from a corpus to checkpoints.

Data order and noise of step s depend on (seed, s) alone, not on what ran before; so a run that
was killed and resumed from a checkpoint goes on bit for bit as if nothing had happened (on a CPU).
"""

from __future__ import annotations

import math
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor, nn

from stickgen.core.errors import DataError, SourceError, UsageError
from stickgen.train import checkpoint, lora, pictures
from stickgen.train.corpus import Batch, Corpus
from stickgen.train.model import VARIANTS, Conditions, ModelConfig, MotionTransformer
from stickgen.train.objective import Objective, Sample, Skeleton
from stickgen.train.settings import Settings, with_epochs

EYES: Final = ("image_encoder.", "fusion.", "fused_in.")
"""Parts of the model that may be new when it begins from the weights of one without eyes."""

LATEST: Final = "latest"
BEST: Final = "best"


def processors_alone() -> bool:
    """Return whether this is one of several processes on a machine without an accelerator.

    ``accelerate launch`` does not tell them so.
    """
    return int(os.environ.get("WORLD_SIZE", "1")) > 1 and not torch.accelerator.is_available()


def as_sample(batch: Batch, skeleton: Skeleton, device: torch.device | str = "cpu") -> Sample:
    """Return a batch of the corpus as tensors on *device*."""

    def t(array: Any) -> Tensor:
        return torch.from_numpy(array).to(device)

    longest = max(1, int(batch.token_mask.sum(axis=1).max()))
    return Sample(
        x=skeleton.normalise(t(batch.features)),
        mask=t(batch.mask),
        mass=t(batch.mass),
        conditions=Conditions(
            tokens=t(batch.tokens[:, :longest]),
            token_mask=t(batch.token_mask[:, :longest]),
            pooled=t(batch.pooled),
            actions=t(batch.actions),
            overlay=t(batch.overlay),
            seconds=t(batch.seconds),
            source=t(batch.source),
            style=t(batch.style),
            partner=None if batch.partner is None else t(batch.partner),
        ),
    )


def with_pictures(s: Sample, values: Any, rng: np.random.Generator, size: int) -> Sample:
    """Return *s* with a picture of the first pose of each window of features *values*."""
    shown, cameras = pictures.of_windows(values, rng, size)
    device = s.x.device
    return replace(
        s, pictures=torch.from_numpy(shown).to(device).permute(0, 3, 1, 2).float() / 255.0,
        picture_cameras=torch.from_numpy(cameras).to(device),
    )  # fmt: skip


class Trainer:
    """Everything a run holds: model, average, optimiser, corpus, and where it stands."""

    def __init__(
        self,
        settings: Settings,
        corpus: Corpus,
        folder: Path,
        *,
        config: ModelConfig | None = None,
        init_from: Path | None = None,
    ) -> None:
        from accelerate import Accelerator, DistributedDataParallelKwargs
        from accelerate.state import AcceleratorState

        train = [i for i, t in enumerate(corpus.tracks) if not t.held_out]
        held = [i for i, t in enumerate(corpus.tracks) if t.held_out]
        if not train:
            raise DataError(f"{corpus.folder} has no training clips")
        settings = with_epochs(settings, sum(corpus.tracks[i].frames for i in train))
        self.settings, self.corpus, self.folder = settings, corpus, folder
        precision = {"fp32": "no"}.get(settings.precision, settings.precision)
        if AcceleratorState._shared_state.get("_mixed_precision", precision) != precision:
            # a run before this one, in the same process, was of another precision
            AcceleratorState._reset_state()
        self.accelerator = Accelerator(
            cpu=processors_alone(),
            mixed_precision=precision,
            # nobody may have had a style or a partner in a batch
            kwargs_handlers=[DistributedDataParallelKwargs(find_unused_parameters=True)],
        )
        torch.manual_seed(settings.seed)
        base = config or VARIANTS[settings.variant]
        sizes = asdict(base) | {"text_dim": corpus.text_dim, "dropout": settings.dropout}
        if settings.image is not None:
            sizes |= {"image": settings.image, "fusion": settings.fusion or "gated"}
        model = MotionTransformer(ModelConfig(**sizes))
        mean, std = corpus.statistics()
        if init_from is not None:
            start = checkpoint.read_config(init_from)
            if start.get("text_encoder") != corpus.encoder:
                raise UsageError(
                    f"{init_from} was trained with the text encoder {start.get('text_encoder')!r},"
                    f" the data with {corpus.encoder!r}; build the data with the same"
                )
            checkpoint.fill(model, init_from, EYES)
            mean = np.array(start["mean"], np.float32)
            std = np.array(start["std"], np.float32)
        self.mean, self.std = mean, std
        if settings.lora is not None:
            lora.attach(model, settings.lora)
        skeleton = Skeleton(torch.from_numpy(mean), torch.from_numpy(std))
        self.model = model
        self.objective = Objective(model, skeleton, settings.losses, settings.corruption)
        self.optimizer = _optimizer(model, settings)
        self.prepared, self.optimizer = self.accelerator.prepare(self.objective, self.optimizer)
        self.average = {n: p.detach().clone() for n, p in model.state_dict().items()}
        self.step = 0
        self.spent = 0.0
        self.best = math.inf
        self.stale = 0
        self.history: list[dict[str, float]] = []
        self.clips = 0
        """Clips of the last step, all processes together."""
        self.train_tracks = np.array(train)
        self.weights = corpus.weights(train, settings.shares, settings.balance, settings.emphasis)
        self.held_tracks = held or train[:: max(1, len(train) // 64)]

    # -- one step --------------------------------------------------------------------------------

    def batch(self, step: int, part: int) -> Batch:
        """Return the batch of *step*; *part* counts the accumulated ones."""
        s = self.settings
        rank = self.accelerator.process_index
        rng = np.random.default_rng([s.seed, step, part, rank])
        same = np.random.default_rng([s.seed, step, part])
        lengths = list(s.windows)
        share = np.array([s.windows[n] for n in lengths], float)
        frames = int(lengths[int(same.choice(len(lengths), p=share / share.sum()))])
        size = max(2, s.tokens * 4 // frames)
        chosen = rng.choice(self.train_tracks, size=size, p=self.weights)
        return self.corpus.batch([int(i) for i in chosen], frames, rng)

    def sample(self, step: int, part: int) -> Sample:
        """Return the batch of *step* as tensors, with pictures if the model looks at them."""
        batch = self.batch(step, part)
        sample = as_sample(batch, self.objective.skeleton, self.accelerator.device)
        if self.model.image_encoder is None:
            return sample
        rank = self.accelerator.process_index
        rng = np.random.default_rng([self.settings.seed, step, part, rank, 1])
        return with_pictures(sample, batch.features, rng, self.settings.picture_size)

    def rate(self) -> float:
        """Return the learning rate's factor: warm-up, then half a cosine.

        With a time limit the cosine follows the clock, whichever is further on.
        """
        s = self.settings
        if self.step < s.warmup:
            return (self.step + 1) / s.warmup
        done = (self.step - s.warmup) / max(1, s.steps - s.warmup)
        if s.minutes:
            done = max(done, self.spent / (60.0 * s.minutes))
        done = min(done, 1.0)
        return s.final_rate + (1 - s.final_rate) * 0.5 * (1 + math.cos(math.pi * done))

    def advance(self) -> dict[str, float]:
        """Do one step and return its losses."""
        s = self.settings
        begin = time.monotonic()
        self.prepared.train()
        for group in self.optimizer.param_groups:
            group["lr"] = group["base_lr"] * self.rate()
        torch.manual_seed(_mix(s.seed, self.step, self.accelerator.process_index))
        totals: dict[str, float] = {}
        self.clips = 0
        for part in range(s.accumulate):
            sample = self.sample(self.step, part)
            self.clips += len(sample.x) * self.accelerator.num_processes
            last = part == s.accumulate - 1
            with _maybe_no_sync(self.accelerator, self.prepared, not last):
                losses = self.prepared(sample)
                loss = losses["total"] / s.accumulate
                if self.any(not torch.isfinite(loss)):
                    raise DataError(
                        f"the loss is not a number at step {self.step}; the last checkpoint in"
                        f" {self.folder} is good: resume from it with a lower learning rate"
                    )
                self.accelerator.backward(loss)
            for name, value in losses.items():
                totals[name] = totals.get(name, 0.0) + float(value.detach()) / s.accumulate
        norm = self.accelerator.clip_grad_norm_(self.prepared.parameters(), s.clip)
        totals["gradient"] = float(norm)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self._follow()
        self.step += 1
        self.spent += time.monotonic() - begin
        return self._shared(totals)

    def any(self, flag: bool) -> bool:
        """Return whether *flag* is True in any of the processes, which all must ask."""
        if self.accelerator.num_processes == 1:
            return flag
        value = torch.tensor(float(flag), device=self.accelerator.device)
        return bool(float(self.accelerator.reduce(value, "sum")) > 0)

    def _shared(self, totals: dict[str, float]) -> dict[str, float]:
        """Return the mean of *totals* over the processes, which agree on the time spent, too."""
        if self.accelerator.num_processes == 1:
            return totals
        mine = torch.tensor(
            [*totals.values(), self.spent], dtype=torch.float64, device=self.accelerator.device
        )
        mean: list[float] = self.accelerator.reduce(mine, "mean").tolist()
        self.spent = mean.pop()
        return dict(zip(totals, mean, strict=True))

    @torch.no_grad()
    def _follow(self) -> None:
        """Let the average follow the weights (Karras et al. 2024: shorter memory at first)."""
        beta = min(self.settings.ema, (1 + self.step) / (10 + self.step))
        for name, value in self.model.state_dict().items():
            kept = self.average[name]
            if value.dtype.is_floating_point:
                kept.lerp_(value.detach(), 1 - beta)
            else:
                kept.copy_(value)

    @torch.no_grad()
    def validate(self, batches: int = 6) -> dict[str, float]:
        """Return the losses of the average on held-out clips, always with the same noise."""
        current = {n: v.detach().clone() for n, v in self.model.state_dict().items()}
        self.model.load_state_dict(self.average)
        self.objective.eval()
        totals: dict[str, float] = {}
        state = torch.random.get_rng_state()
        for i in range(batches):
            rng = np.random.default_rng([12345, i])
            chosen = [int(j) for j in rng.choice(self.held_tracks, size=24)]
            torch.manual_seed(_mix(12345, i, 0))
            batch = self.corpus.batch(chosen, 128, rng)
            sample = as_sample(batch, self.objective.skeleton, self.accelerator.device)
            if self.model.image_encoder is not None:
                sample = with_pictures(sample, batch.features, rng, self.settings.picture_size)
            for name, value in self.objective(sample).items():
                totals[name] = totals.get(name, 0.0) + float(value) / batches
        torch.random.set_rng_state(state)
        self.model.load_state_dict(current)
        return totals

    # -- to and from disk ------------------------------------------------------------------------

    def save(self, name: str = LATEST) -> None:
        """Write a checkpoint: the average as the model, and what is needed to go on."""
        if not self.accelerator.is_main_process:
            return
        config = checkpoint.describe(
            self.model, self.mean, self.std,
            text_encoder=self.corpus.encoder, sources=list(self.corpus.licences),
            partners=any(track.partner >= 0 for track in self.corpus.tracks),
            training={"settings": asdict(self.settings), "step": self.step,
                      "seconds": round(self.spent, 1), "seed": self.settings.seed},
            metrics=self.history[-1] if self.history else {},
        )  # fmt: skip
        state = {f"weights.{n}": v for n, v in self.model.state_dict().items()}
        inner = self.optimizer.optimizer if hasattr(self.optimizer, "optimizer") else self.optimizer
        numbers = {id(p): n for n, p in self.model.named_parameters()}
        for parameter, moments in inner.state.items():
            for key, value in moments.items():
                tensor = value if isinstance(value, Tensor) else torch.tensor(float(value))
                state[f"optimizer.{key}.{numbers[id(parameter)]}"] = tensor
        facts = {"step": self.step, "spent": self.spent, "best": self.best, "stale": self.stale,
                 "history": self.history}  # fmt: skip
        if self.settings.lora is not None:
            adapters = self.settings.lora
            base = lora.identity(self.model)
            lora.save(self.folder / name, config, self.average, adapters, (state, facts), base)
            return
        checkpoint.save(self.folder / name, config, self.average, (state, facts))

    def resume(self, folder: Path) -> None:
        """Go on from the checkpoint *folder* as if training had never stopped."""
        if self.accelerator.is_main_process:
            checkpoint.mend(folder)
        self.accelerator.wait_for_everyone()
        state, facts = checkpoint.load_state(folder)
        weights = {n[8:]: v for n, v in state.items() if n.startswith("weights.")}
        if self.settings.lora is None:
            checkpoint.fill(self.model, folder)
        else:
            # the base comes from the training state, the averaged adapter from its own file
            self._take(folder, weights | lora.state(folder))
        if self.settings.stage != "pretrain":
            # features are scaled as those of the model it began from, not as this corpus
            kind = "dual-phase" if self.settings.lora is None else lora.KIND
            config = checkpoint.read_config(folder, kind)
            self.mean = np.array(config["mean"], np.float32)
            self.std = np.array(config["std"], np.float32)
            self.objective.skeleton.mean.copy_(torch.from_numpy(self.mean))
            self.objective.skeleton.std.copy_(torch.from_numpy(self.std))
        self.average = {n: p.detach().clone() for n, p in self.model.state_dict().items()}
        self._take(folder, weights)
        inner = self.optimizer.optimizer if hasattr(self.optimizer, "optimizer") else self.optimizer
        parameters_by_name = dict(self.model.named_parameters())
        for name, value in state.items():
            if name.startswith("optimizer."):
                _, key, parameter = name.split(".", 2)
                owner = parameters_by_name[parameter]
                inner.state[owner][key] = value.to(owner.device) if value.ndim else value
        self.step, self.spent = int(facts["step"]), float(facts["spent"])
        self.best, self.stale = float(facts["best"]), int(facts["stale"])
        self.history = list(facts["history"])

    def _take(self, folder: Path, weights: dict[str, Tensor]) -> None:
        """Set the model to *weights*, which are of *folder*; `SourceError` if they do not fit."""
        try:
            self.model.load_state_dict(weights)
        except RuntimeError as error:
            first = str(error).splitlines()[0]
            raise SourceError(folder, f"does not fit these settings ({first})") from error


def train(
    trainer: Trainer, report: Callable[[Trainer, dict[str, float]], None] | None = None
) -> Trainer:
    """Run *trainer* to its end: the last step, its time limit, or validation that has stopped
    getting better. SIGTERM and Ctrl-C write a checkpoint first.
    """
    s = trainer.settings
    saved = time.monotonic()
    with _interruptible() as stopped:
        while trainer.step < s.steps and not trainer.any(stopped()):
            if s.minutes and trainer.spent >= 60.0 * s.minutes:
                break
            losses = trainer.advance()
            if report is not None:
                report(trainer, losses)
            if s.validate_every and trainer.step % s.validate_every == 0:
                value = trainer.validate()
                trainer.history.append(
                    {"step": trainer.step, **{k: round(v, 5) for k, v in value.items()}}
                )
                trainer.stale += 1
                if value["total"] < trainer.best:
                    trainer.best, trainer.stale = value["total"], 0
                    trainer.save(BEST)
                if s.patience and trainer.stale >= s.patience:
                    break
            if time.monotonic() - saved > 60.0 * s.save_minutes:
                trainer.save()
                saved = time.monotonic()
        trainer.save()
        if trainer.any(stopped()):
            raise KeyboardInterrupt
    return trainer


@contextmanager
def _interruptible() -> Iterator[Callable[[], bool]]:
    """Let SIGTERM and SIGINT end the loop after the step it is in."""
    caught: list[int] = []
    before = {}
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(ValueError):  # not the main thread
            before[number] = signal.signal(number, lambda n, _: caught.append(n))
    try:
        yield lambda: bool(caught)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _maybe_no_sync(accelerator: Any, module: Any, skip: bool) -> Iterator[None]:
    if skip:
        with accelerator.no_sync(module):
            yield
    else:
        yield


def _mix(*numbers: int) -> int:
    """Return a seed for torch that depends on all *numbers*."""
    return int(np.random.SeedSequence(list(numbers)).generate_state(1, np.uint64)[0] >> 1)


def _optimizer(model: MotionTransformer, s: Settings) -> torch.optim.Optimizer:
    """Return the optimiser; matrices of the blocks decay, norms, tables and embeddings do not."""
    matrices: list[nn.Parameter] = []
    rest: list[nn.Parameter] = []
    for name, p in model.named_parameters():
        if not p.requires_grad:
            continue
        inside = name.startswith("blocks.") and p.ndim == 2 and not name.endswith("table")
        (matrices if inside else rest).append(p)
    groups = [
        {"params": matrices, "weight_decay": s.weight_decay, "base_lr": s.learning_rate},
        {"params": rest, "weight_decay": 0.0, "base_lr": s.learning_rate},
    ]
    return torch.optim.AdamW(groups, lr=s.learning_rate, betas=(0.9, 0.99), fused=True)
