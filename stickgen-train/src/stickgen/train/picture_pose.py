"""Training of the network that reads a pose from a picture; `stickgen.core.picture_pose` runs it.

Poses of the corpus are drawn on the fly, from random sides and in all styles of the renderer. A
batch is taken from the last `KEPT` pictures, half of it mirrored.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from stickgen.core import features, registries, schema
from stickgen.core import picture_pose as reading
from stickgen.core.errors import DataError
from stickgen.train import checkpoint, pictures
from stickgen.train.corpus import MIRROR_ORDER, MIRROR_SIGN, Corpus, facing
from stickgen.train.settings import Settings

CHANNELS: Final = (3, 16, 32, 64, 128)
"""Channels before and after each of the convolutions, which halve the picture."""

WIDTH: Final = 256

KEPT: Final = 16384
"""Pictures that are kept to be shown again."""

DRAWN: Final = 128
"""Pictures that are drawn at once."""

STYLES: Final = {"normal": 0.5, "ink": 0.2, "sketch": 0.2, "neon": 0.1}
"""How often a picture is drawn in which style, of those that are installed."""

OFF_TARGET: Final = 0.12
"""Deviation in metres of where a camera looks from the middle of the figure."""

DEPTH: Final = 0.5
"""How much an error toward the camera, which the picture hardly shows, counts."""

_MIRROR: Final = [schema.SYMMETRY[j] for j in range(schema.N_JOINTS)]


class PoseNet(nn.Module):
    """The network; its forward is what `PoseReader` computes in numpy."""

    def __init__(self, size: int) -> None:
        super().__init__()
        pairs = list(pairwise(CHANNELS))
        self.convolutions = nn.ModuleList(
            nn.Conv2d(a, b, 3, stride=2, padding=1, bias=False) for a, b in pairs
        )
        self.norms = nn.ModuleList(nn.GroupNorm(reading.GROUPS, b) for _, b in pairs)
        self.flat = nn.Linear(CHANNELS[-1] * (size // 2 ** len(pairs)) ** 2, WIDTH)
        self.camera = nn.Linear(reading.CAMERA_NUMBERS, 64)
        self.modulate = nn.Linear(64, 2 * WIDTH)
        self.hidden = nn.Linear(WIDTH, WIDTH)
        self.out = nn.Linear(WIDTH, 3 * schema.N_JOINTS)

    def forward(self, picture: Tensor, told: Tensor) -> Tensor:
        """Return joints ``[B, 16, 3]`` along the axes of the cameras *told* of ``[B, 8]``, from
        pictures ``[B, 3, size, size]``, 0-1.
        """
        x = 1.0 - picture
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            x = functional.relu(norm(convolution(x)))
        h = functional.relu(self.flat(x.flatten(1)))
        scale, shift = self.modulate(functional.relu(self.camera(told))).chunk(2, dim=-1)
        h = functional.relu(self.hidden(h * (1.0 + scale) + shift))
        out: Tensor = self.out(h).unflatten(-1, (schema.N_JOINTS, 3))
        return out


def poses(corpus: Corpus, tracks: Sequence[int], rng: np.random.Generator) -> NDArray[np.float64]:
    """Return the joints ``[B, 16, 3]`` of a random frame of each of the *tracks*, facing +x."""
    out = np.empty((len(tracks), schema.N_JOINTS, 3))
    for row, number in enumerate(tracks):
        track = corpus.tracks[number]
        at = track.start + int(rng.integers(track.frames))
        frame = np.array(corpus.features[at : at + 1])
        if rng.random() < 0.5:
            frame = frame[:, MIRROR_ORDER] * MIRROR_SIGN
        joints, _ = features.decode(frame)
        out[row] = features.turn(joints[0], -facing(frame[0]))
    return out


def cameras(joints: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float32]:
    """Return a camera ``[B, 7]`` for each pose, not quite looking at its middle."""
    out = np.stack([pictures.camera(pose, rng) for pose in joints])
    off = rng.normal(0.0, OFF_TARGET, (len(out), 3)).clip(-2 * OFF_TARGET, 2 * OFF_TARGET)
    out[:, 0:3] += off
    out[:, 3:6] += off
    # further away by as much as the figure may have left the middle
    out[:, 0:3] += (out[:, 0:3] - out[:, 3:6]) * np.float32(0.15)
    return out


class _Pool:
    """Pictures drawn so far, a ring of at most `KEPT`."""

    def __init__(self, size: int) -> None:
        self.pictures = np.empty((KEPT, size, size, 3), np.uint8)
        self.cameras = np.empty((KEPT, 7), np.float32)
        self.joints = np.empty((KEPT, schema.N_JOINTS, 3), np.float64)
        self.filled, self.next = 0, 0

    def add(self, joints: Any, cameras: Any, drawn: Any) -> None:
        places = [(self.next + i) % KEPT for i in range(len(joints))]
        self.joints[places], self.cameras[places], self.pictures[places] = joints, cameras, drawn
        self.next = (self.next + len(joints)) % KEPT
        self.filled = min(KEPT, self.filled + len(joints))


def _spoilt(drawn: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.float32]:
    """Return pictures ``[B, 3, H, W]``, 0-1, in other colours, some of them noisy."""
    b = len(drawn)
    x = drawn.astype(np.float32).transpose(0, 3, 1, 2) / np.float32(255)
    ink = np.float32(1) - x
    colour = rng.uniform(0.55, 1.0, (b, 3, 1, 1)).astype(np.float32)
    paper = rng.uniform(0.88, 1.0, (b, 3, 1, 1)).astype(np.float32)
    paper[rng.random(b) < 0.5] = 1.0
    colour[rng.random(b) < 0.5] = 1.0
    x = paper * (np.float32(1) - ink * colour)
    x += rng.normal(0.0, 1.0, x.shape).astype(np.float32) * rng.uniform(
        0.0, 0.03, (b, 1, 1, 1)
    ).astype(np.float32)
    clipped: NDArray[np.float32] = np.clip(x, 0.0, 1.0)
    return clipped


def mirrored(
    drawn: NDArray[np.uint8], joints: NDArray[np.float64], places: NDArray[np.float32]
) -> tuple[NDArray[np.uint8], NDArray[np.float64], NDArray[np.float32]]:
    """Return pictures, poses and cameras as a mirror in the plane z = 0 shows them."""
    flip = np.array([1.0, 1.0, -1.0])
    camera = places.copy()
    camera[:, [2, 5]] *= -1
    return drawn[:, :, ::-1], joints[:, _MIRROR] * flip, camera


def train(
    settings: Settings,
    corpus: Corpus,
    folder: Path,
    report: Callable[[int, float, float], None] | None = None,
) -> Path:
    """Train a reader on *corpus* and return the folder it is in, *folder*/latest.

    *report* is told the step, the loss and the error in metres of held-out poses seen last.

    Raises `DataError` for a loss that is not a number.
    """
    s = settings
    torch.manual_seed(s.seed)
    net = PoseNet(s.picture_size)
    average = {n: v.detach().clone() for n, v in net.state_dict().items()}
    optimizer = torch.optim.AdamW(net.parameters(), lr=s.learning_rate, weight_decay=s.weight_decay)
    train_tracks = np.array([i for i, t in enumerate(corpus.tracks) if not t.held_out])
    held = [i for i, t in enumerate(corpus.tracks) if t.held_out] or train_tracks.tolist()
    weights = corpus.weights(train_tracks.tolist(), s.shares, s.balance, s.emphasis)
    pool = _Pool(s.picture_size)
    styles = [name for name in STYLES if name in registries.styles] or ["normal"]
    often = np.array([STYLES[name] for name in styles])
    every = max(1, DRAWN * s.reuse // s.pictures)
    begin, saved, error = time.monotonic(), time.monotonic(), float("nan")
    step = 0
    while step < s.steps:
        spent = time.monotonic() - begin
        done = step / s.steps
        if s.minutes:
            done = max(done, spent / (60.0 * s.minutes))
        if done >= 1.0:
            break
        rng = np.random.default_rng([s.seed, step])
        if step % every == 0:
            tracks = rng.choice(train_tracks, size=DRAWN, p=weights)
            joints = poses(corpus, tracks.tolist(), rng)
            places = cameras(joints, rng)
            style = styles[int(rng.choice(len(styles), p=often / often.sum()))]
            drawn = pictures.draw(joints, places, s.picture_size, style=style)
            pool.add(joints, places, drawn)
        chosen = rng.integers(pool.filled, size=s.pictures)
        shown, body, place = pool.pictures[chosen], pool.joints[chosen], pool.cameras[chosen]
        flip = rng.random(len(chosen)) < 0.5
        shown[flip], body[flip], place[flip] = mirrored(shown[flip], body[flip], place[flip])
        wanted = torch.from_numpy(reading.seen_from(body, place).astype(np.float32))
        seen = torch.from_numpy(_spoilt(shown, rng))
        rate = min(1.0, (step + 1) / max(1, s.warmup)) * (1.0 - done)
        for group in optimizer.param_groups:
            group["lr"] = s.learning_rate * rate
        said = net(seen, torch.from_numpy(reading.told_of(place)))
        each = functional.smooth_l1_loss(said, wanted, reduction="none", beta=0.05) / 0.05
        loss = (each * each.new_tensor([1.0, 1.0, DEPTH])).mean()
        if not torch.isfinite(loss):
            raise DataError(
                f"the loss is not a number at step {step}; train with a lower learning rate"
            )
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), s.clip)
        optimizer.step()
        step += 1
        beta = min(s.ema, (1 + step) / (10 + step))
        for name, value in net.state_dict().items():
            average[name].lerp_(value.detach(), 1.0 - beta)
        if s.validate_every and step % s.validate_every == 0:
            error = _error(net, average, corpus, held, s)
        if report is not None:
            report(step, float(loss.detach()), error)
        if time.monotonic() - saved > 60.0 * s.save_minutes:
            save(folder / "latest", average, s, step, error)
            saved = time.monotonic()
    error = _error(net, average, corpus, held, s)
    save(folder / "latest", average, s, step, error)
    return folder / "latest"


@torch.no_grad()
def _error(
    net: PoseNet, average: dict[str, Tensor], corpus: Corpus, held: list[int], s: Settings
) -> float:
    """Return the mean distance in metres of the joints of held-out poses, as *average* reads them.

    They are compared about the pelvis, with the bones of the standard body.
    """
    rng = np.random.default_rng(2024)
    joints = poses(corpus, rng.choice(held, size=96).tolist(), rng)
    places = cameras(joints, rng)
    drawn = pictures.draw(joints, places, s.picture_size)
    current = {n: v.clone() for n, v in net.state_dict().items()}
    net.load_state_dict(average)
    x = torch.from_numpy(drawn.astype(np.float32).transpose(0, 3, 1, 2) / 255.0)
    said = net(x, torch.from_numpy(reading.told_of(places))).numpy()
    net.load_state_dict(current)
    got = np.stack([reading.tidied(pose) for pose in reading.placed(said, places)])
    pelvis = schema.J["pelvis_center"]
    got, joints = got - got[:, [pelvis]], joints - joints[:, [pelvis]]
    return float(np.linalg.norm(got - joints, axis=-1).mean())


def save(folder: Path, weights: dict[str, Tensor], s: Settings, step: int, error: float) -> None:
    """Write a reader to *folder*, in half precision, replacing what is there in one step."""
    config: dict[str, Any] = {
        "format": 1, "kind": reading.KIND, "size": s.picture_size,
        "convolutions": len(CHANNELS) - 1,
        "training": {"settings": json.loads(json.dumps(asdict(s))), "step": step},
        "held_out_error_m": round(error, 4),
    }  # fmt: skip
    checkpoint.save(folder, config, {n: v.half() for n, v in weights.items()})
