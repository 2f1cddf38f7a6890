"""Two trained rivals of our size, each a faithful small copy of a published recipe (torch).

**Contents**
    - `Predecessor`: next-frame regression by a transformer that is *not* causal. In training each
      position can look at the very frame it is to predict, so it learns to copy; generation feeds
      its own output back, one full pass a frame, from the mean pose on.
    - `Mdm`: MDM (Tevet et al. 2023): a transformer encoder denoises whole clips, predicts x0 under
      a cosine schedule of 50 steps, with one pooled sentence token and guidance 2.5.

Both see the same training clips, captions (by the same text encoder) and per-frame labels as the
project's model, as 48 absolute coordinates a frame (16 joints in 3-D), and about as many weights
as its small one. They train for a budget of CPU seconds that `fit` is told and reports. Their
output goes through the same bone decoding as everybody's (`stickgen.core.features.keep_bones`).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from stickgen.core import features, schema
from stickgen.core.actions import N_CLASSES
from stickgen.core.errors import DataError, SourceError
from stickgen.core.kinematics import Body
from stickgen.core.protocols import TextEncoder
from stickgen.core.types import Motion
from stickgen.train.evaluation.samples import Request

Array = NDArray[np.float64]

POSE: Final = 3 * schema.N_JOINTS
LONGEST: Final = 250
BATCH: Final = 16
STEPS: Final = 50
"""Denoising steps of `Mdm`."""
GUIDANCE: Final = 2.5
WIDTH: Final = 256
LAYERS: Final = 6
HEADS: Final = 8
KEEP_EVERY: Final = 60.0
"""Processor seconds between two states of an unfinished training."""
CURVE_EVERY: Final = 20
"""Steps of which the mean loss is kept with an unfinished training."""


@dataclass(frozen=True, eq=False)
class Material:
    """Training clips: ``poses`` ``[T, 48]`` in metres, ``actions`` ``[T]``, pooled ``texts``."""

    poses: tuple[NDArray[np.float32], ...]
    actions: tuple[NDArray[np.int64], ...]
    texts: tuple[NDArray[np.float32], ...]
    """Per clip the vectors ``[captions, dim]`` of its sentences."""

    def statistics(self) -> tuple[Tensor, Tensor]:
        """Return mean and spread ``[48]`` of all coordinates."""
        every = np.concatenate(self.poses)
        return torch.from_numpy(every.mean(0)), torch.from_numpy(every.std(0) + 1e-2)


class _Rotary(nn.Module):
    def __init__(self, size: int) -> None:
        super().__init__()
        rate = 10000.0 ** (-torch.arange(0, size, 2).float() / size)
        angle = torch.arange(LONGEST + 1)[:, None] * rate
        self.register_buffer("cos", angle.cos(), persistent=False)
        self.register_buffer("sin", angle.sin(), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        n = x.shape[-2]
        cos, sin = self.cos[:n], self.sin[:n]  # type: ignore[index]
        a, b = x[..., ::2], x[..., 1::2]
        out: Tensor = torch.stack([a * cos - b * sin, a * sin + b * cos], dim=-1).flatten(-2)
        return out


class _Block(nn.Module):
    """Pre-norm attention with rotary places, and a gated feed-forward: 16 d² weights."""

    def __init__(self) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.RMSNorm(WIDTH, eps=1e-6), nn.RMSNorm(WIDTH, eps=1e-6)
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.gate = nn.Linear(WIDTH, 4 * WIDTH, bias=False)
        self.up = nn.Linear(WIDTH, 4 * WIDTH, bias=False)
        self.down = nn.Linear(4 * WIDTH, WIDTH, bias=False)
        self.rotary = _Rotary(WIDTH // HEADS)
        self.dropout = nn.Dropout(0.1)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        q, k, v = self.qkv(self.norm1(x)).unflatten(-1, (3, HEADS, -1)).permute(2, 0, 3, 1, 4)
        y = functional.scaled_dot_product_attention(
            self.rotary(q), self.rotary(k), v, attn_mask=mask
        )
        x = x + self.dropout(self.out(y.transpose(1, 2).flatten(2)))
        y = self.norm2(x)
        out: Tensor = x + self.dropout(self.down(functional.silu(self.gate(y)) * self.up(y)))
        return out


class _Body(nn.Module):
    """What both share: frames, one sentence token and labels in, hidden states out."""

    def __init__(self, text_dim: int) -> None:
        super().__init__()
        self.text_in = nn.Sequential(
            nn.Linear(text_dim, 2 * WIDTH), nn.GELU(), nn.Linear(2 * WIDTH, WIDTH)
        )
        self.motion_in = nn.Sequential(
            nn.Linear(POSE, WIDTH // 2), nn.GELU(), nn.Linear(WIDTH // 2, WIDTH)
        )
        self.action = nn.Embedding(N_CLASSES, WIDTH)
        self.blocks = nn.ModuleList(_Block() for _ in range(LAYERS))
        self.pose = nn.Sequential(
            nn.Linear(WIDTH, WIDTH // 2), nn.GELU(), nn.Linear(WIDTH // 2, POSE)
        )
        self.register_buffer("mean", torch.zeros(POSE))
        self.register_buffer("spread", torch.ones(POSE))

    def hidden(self, x: Tensor, prefix: Tensor, actions: Tensor, valid: Tensor | None) -> Tensor:
        """Return the states ``[B, T, d]`` of frames *x* ``[B, T, 48]`` behind a *prefix* token."""
        y = torch.cat([prefix[:, None], self.motion_in(x) + self.action(actions)], dim=1)
        mask = None
        if valid is not None:
            mask = functional.pad(valid, (1, 0), value=True)[:, None, None, :]
        for block in self.blocks:
            y = block(y, mask)
        return y[:, 1:]


class Predecessor(_Body):
    """The next-frame regression of the project's predecessor; see the module."""

    def __init__(self, text_dim: int) -> None:
        super().__init__(text_dim)
        self.says = nn.Sequential(
            nn.Linear(WIDTH, WIDTH // 2), nn.GELU(), nn.Linear(WIDTH // 2, N_CLASSES)
        )

    def loss(self, x: Tensor, text: Tensor, actions: Tensor, valid: Tensor) -> Tensor:
        """Return pose MSE + 0.1 mean squared step + 0.15 cross-entropy of the action."""
        before, after, there = x[:, :-1], x[:, 1:], valid[:, 1:]
        hidden = self.hidden(before, self.text_in(text), actions[:, :-1], valid[:, :-1])
        out = self.pose(hidden)
        weight = there[..., None].float()
        pose = ((out - after) ** 2 * weight).sum() / (weight.sum() * POSE)
        step = ((out[:, 1:] - out[:, :-1]) ** 2 * weight[:, 1:]).sum() / (weight.sum() * POSE)
        said = functional.cross_entropy(self.says(hidden)[there], actions[:, 1:][there])
        out_loss: Tensor = pose + 0.1 * step + 0.15 * said
        return out_loss

    @torch.no_grad()
    def sample(
        self, text: Tensor, actions: Tensor, valid: Tensor, generator: torch.Generator
    ) -> Tensor:
        """Return poses ``[B, T, 48]``: each frame by a pass over all frames so far. No chance."""
        prefix = self.text_in(text)
        x = torch.zeros(len(text), 1, POSE)
        for t in range(1, actions.shape[1]):
            hidden = self.hidden(x, prefix, actions[:, :t], None)
            x = torch.cat([x, self.pose(hidden[:, -1:])], dim=1)
        return x


class Mdm(_Body):
    """Denoising of whole clips by a transformer encoder; see the module."""

    def __init__(self, text_dim: int) -> None:
        super().__init__(text_dim)
        self.time_in = nn.Sequential(nn.Linear(64, WIDTH), nn.SiLU(), nn.Linear(WIDTH, WIDTH))
        t = torch.arange(STEPS + 1) / STEPS
        level = torch.cos((t + 0.008) / 1.008 * math.pi / 2.0) ** 2  # Nichol and Dhariwal 2021
        self.register_buffer("level", (level / level[0]).clamp(1e-4, 1.0), persistent=False)

    def denoise(self, x: Tensor, t: Tensor, text: Tensor, actions: Tensor, valid: Tensor) -> Tensor:
        """Return the clean clip that *x* ``[B, T, 48]`` at step *t* ``[B]`` (0 = clean) hides."""
        angle = t[:, None].float() / STEPS * 1000.0 * 10000.0 ** (-torch.arange(32) / 32.0)
        when = self.time_in(torch.cat([angle.sin(), angle.cos()], dim=-1))
        spoken = self.text_in(text) * (text.abs().sum(dim=-1, keepdim=True) > 0)
        hidden = self.hidden(x, when + spoken, actions, valid)
        out: Tensor = self.pose(hidden)
        return out

    def loss(self, x: Tensor, text: Tensor, actions: Tensor, valid: Tensor) -> Tensor:
        """Return the mean squared error of the clean clip; a tenth of the sentences is dropped."""
        t = torch.randint(1, STEPS + 1, (len(x),))
        level = self.level[t][:, None, None]  # type: ignore[index]
        noisy = level.sqrt() * x + (1.0 - level).sqrt() * torch.randn_like(x)
        drop = torch.rand(len(x)) < 0.1
        text = text.masked_fill(drop[:, None], 0.0)
        actions = actions.masked_fill(drop[:, None], 0)
        out = self.denoise(noisy, t, text, actions, valid)
        weight = valid[..., None].float()
        return ((out - x) ** 2 * weight).sum() / (weight.sum() * POSE)

    @torch.no_grad()
    def sample(
        self, text: Tensor, actions: Tensor, valid: Tensor, generator: torch.Generator
    ) -> Tensor:
        """Return poses ``[B, T, 48]`` by ancestral sampling (Ho et al. 2020) in 50 steps."""
        x = torch.randn(*actions.shape, POSE, generator=generator)
        for step in range(STEPS, 0, -1):
            t = torch.full((len(x),), step)
            told = self.denoise(x, t, text, actions, valid)
            blind = self.denoise(x, t, torch.zeros_like(text), torch.zeros_like(actions), valid)
            clean = blind + GUIDANCE * (told - blind)
            now, then = self.level[step], self.level[step - 1]  # type: ignore[index]
            alpha = now / then
            mean = (then.sqrt() * (1 - alpha) * clean + alpha.sqrt() * (1 - then) * x) / (1 - now)
            x = mean
            if step > 1:
                noise = torch.randn(x.shape, generator=generator)
                x = x + ((1 - then) / (1 - now) * (1 - alpha)).sqrt() * noise
        return x


KINDS: Final[dict[str, type[Predecessor] | type[Mdm]]] = {
    "predecessor": Predecessor,
    "mdm": Mdm,
}


@dataclass(frozen=True, eq=False)
class Baseline:
    """A trained rival as a system of the evaluation; ``budget`` says what it was trained with."""

    name: str
    net: Predecessor | Mdm
    encoder: TextEncoder
    budget: dict[str, float]

    def perform(self, requests: Sequence[Request], seed: int) -> list[Motion]:
        """Return one motion a request; the same *seed* gives the same motions."""
        body = Body()
        texts = self.encoder.encode([request.text for request in requests])
        out: dict[int, Motion] = {}
        order = np.argsort([request.n_frames for request in requests], kind="stable")
        generator = torch.Generator().manual_seed(seed)
        for start in range(0, len(order), BATCH):
            part = order[start : start + BATCH]
            text = torch.from_numpy(texts[part])
            actions, valid = _labels([requests[i].actions for i in part])
            x = self.net.sample(text, actions, valid, generator)
            poses = (x * self.net.spread + self.net.mean).numpy().astype(np.float64)  # type: ignore[operator]
            for i, pose in zip(part.tolist(), poses, strict=True):
                request = requests[i]
                joints = pose[: request.n_frames].reshape(-1, schema.N_JOINTS, 3)
                joints = features.keep_bones(np.nan_to_num(np.clip(joints, -50.0, 50.0)), body)
                out[i] = Motion.from_joints(
                    joints, actions=request.actions, overlay=request.overlay
                )
        return [out[i] for i in range(len(requests))]


def fit(
    kind: str,
    material: Material,
    encoder: TextEncoder,
    *,
    cpu_seconds: float,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
    unfinished: Path | None = None,
) -> Baseline:
    """Return the *kind* of `KINDS` trained on *material* for *cpu_seconds* of this process.

    AdamW 3e-4, weight decay 0.01, warm-up of 50 steps then cosine over the budget, clip 1, batches
    of 16 clips of up to 250 frames. With a file *unfinished* the state is kept there every
    `KEEP_EVERY` seconds, a run that was stopped goes on from it, and a finished one removes it.
    Raises `DataError` where the loss is no longer finite.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        net = KINDS[kind](encoder.dim)
        mean, spread = material.statistics()
        net.mean.copy_(mean)  # type: ignore[operator]
        net.spread.copy_(spread)  # type: ignore[operator]
        optimiser = torch.optim.AdamW(net.parameters(), lr=3e-4, weight_decay=0.01)
        so_far: dict[str, Any] = {"spent": 0.0, "steps": 0, "clips": 0, "loss": 0.0, "curve": []}
        if unfinished is not None and unfinished.exists():
            so_far = _resume(unfinished, net, optimiser)
        net.train()
        steps, clips, curve = int(so_far["steps"]), int(so_far["clips"]), list(so_far["curve"])
        start = time.process_time() - float(so_far["spent"])
        loss_now, recent = float(so_far.get("loss", 0.0)), list[float]()
        kept = time.process_time()
        while (spent := time.process_time() - start) < cpu_seconds or steps < 2:
            rate = min((steps + 1) / 50, 0.5 + 0.5 * math.cos(math.pi * spent / cpu_seconds))
            for group in optimiser.param_groups:
                group["lr"] = 3e-4 * max(rate, 0.01)
            # what a step draws depends on the seed and its number alone
            rng = np.random.default_rng([seed, steps])
            torch.manual_seed(int(rng.integers(2**62)))
            x, text, actions, valid = _batch(material, rng, mean, spread)
            loss = net.loss(x, text, actions, valid)
            if not torch.isfinite(loss):
                raise DataError(f"the {kind} baseline diverged at step {steps}; use other data")
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            steps, clips = steps + 1, clips + len(x)
            loss_now = float(loss.detach())
            recent.append(loss_now)
            if steps % CURVE_EVERY == 0:
                curve.append(round(float(np.mean(recent)), 4))
                recent.clear()
            if progress is not None:
                progress(min(int(spent), int(cpu_seconds)), int(cpu_seconds))
            if unfinished is not None and time.process_time() - kept > KEEP_EVERY:
                kept = time.process_time()
                so_far = {"spent": kept - start, "steps": steps, "clips": clips, "curve": curve}
                _keep(unfinished, net, optimiser, so_far | {"loss": loss_now})
    budget = {
        "cpu_seconds": round(time.process_time() - start, 1),
        "steps": steps,
        "clips": clips,
        "loss": round(loss_now, 4),
        "parameters": sum(p.numel() for p in net.parameters()),
    }
    if unfinished is not None:
        unfinished.unlink(missing_ok=True)
    return Baseline(kind, net.eval(), encoder, budget)


def _keep(
    path: Path, net: nn.Module, optimiser: torch.optim.Optimizer, so_far: dict[str, Any]
) -> None:
    """Write the state of a training to *path*."""
    import json

    from safetensors.torch import save_file

    from stickgen.core.storage import atomic_path

    tensors = {f"net.{name}": value for name, value in net.state_dict().items()}
    for number, moments in optimiser.state_dict()["state"].items():
        tensors |= {f"optimiser.{number}.{key}": value for key, value in moments.items()}
    tensors = {name: value.contiguous() for name, value in tensors.items()}
    with atomic_path(path, force=True) as temporary:
        save_file(tensors, str(temporary), metadata={"stickgen": json.dumps(so_far)})


def _resume(path: Path, net: nn.Module, optimiser: torch.optim.Optimizer) -> dict[str, Any]:
    """Set *net* and *optimiser* to the state in *path* and return how far it had come."""
    import json

    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, "pt") as file:
            so_far: dict[str, Any] = json.loads((file.metadata() or {})["stickgen"])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        net.load_state_dict({n[4:]: v for n, v in tensors.items() if n.startswith("net.")})
        moments: dict[int, dict[str, Tensor]] = {}
        for name, value in tensors.items():
            if name.startswith("optimiser."):
                _, number, key = name.split(".", 2)
                moments.setdefault(int(number), {})[key] = value
        groups = optimiser.state_dict()["param_groups"]
        optimiser.load_state_dict({"state": moments, "param_groups": groups})
    except (SafetensorError, OSError, KeyError, ValueError, RuntimeError) as error:
        raise SourceError(
            path, "not an unfinished baseline", hint="delete it; training begins anew"
        ) from error
    return so_far


def save(baseline: Baseline, path: Path) -> None:
    """Write *baseline* to *path*, a safetensors file."""
    import json

    from safetensors.torch import save_file

    from stickgen.core.storage import atomic_path

    record = {"kind": baseline.name, "encoder": baseline.encoder.name, "budget": baseline.budget}
    tensors = {name: value.contiguous() for name, value in baseline.net.state_dict().items()}
    with atomic_path(path, force=True) as temporary:
        save_file(tensors, str(temporary), metadata={"stickgen": json.dumps(record)})


def load(path: Path, encoder: TextEncoder) -> Baseline:
    """Return the baseline in *path*; `SourceError` for a file that is none of *encoder*'s."""
    import json

    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, "pt") as file:
            record: dict[str, Any] = json.loads((file.metadata() or {})["stickgen"])
            state = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        net = KINDS[record["kind"]](encoder.dim)
        net.load_state_dict(state)
    except (SafetensorError, OSError, KeyError, ValueError, RuntimeError) as error:
        raise SourceError(
            path, "not a baseline of this text encoder", hint="delete it; it is made anew"
        ) from error
    return Baseline(record["kind"], net.eval(), encoder, record["budget"])


def _batch(
    material: Material, rng: np.random.Generator, mean: Tensor, spread: Tensor
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return poses ``[B, T, 48]``, sentences ``[B, E]``, labels and what exists ``[B, T]``."""
    chosen = rng.integers(0, len(material.poses), size=min(BATCH, len(material.poses)))
    poses, actions, texts = [], [], []
    for i in chosen:
        pose = material.poses[i]
        start = int(rng.integers(0, max(len(pose) - LONGEST, 0) + 1))
        poses.append(pose[start : start + LONGEST])
        actions.append(material.actions[i][start : start + LONGEST])
        texts.append(material.texts[i][rng.integers(0, len(material.texts[i]))])
    labels, valid = _labels(actions)
    x = torch.zeros(*labels.shape, POSE)
    for row, pose in zip(x, poses, strict=True):
        row[: len(pose)] = (torch.from_numpy(pose) - mean) / spread
    return x, torch.from_numpy(np.stack(texts)), labels, valid


def _labels(actions: Sequence[NDArray[np.int64]]) -> tuple[Tensor, Tensor]:
    """Return labels ``[B, T]``, zeros behind the end, and which frames exist."""
    longest = min(max(map(len, actions)), LONGEST)
    labels = torch.zeros(len(actions), longest, dtype=torch.int64)
    valid = torch.zeros(len(actions), longest, dtype=torch.bool)
    for i, track in enumerate(actions):
        n = min(len(track), longest)
        labels[i, :n] = torch.from_numpy(np.ascontiguousarray(track[:n]))
        valid[i, :n] = True
    return labels, valid
