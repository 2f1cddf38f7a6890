"""`ActionClassifier`: which action a motion shows, learnt from real clips alone.

An ensemble of small networks over the kinematic features of two-second windows (`features`). It
knows nothing of any generator, of captions, or of procedural motion, so it can judge them. How far
it can be trusted is told by `cross_validate`: its accuracy on real recordings it has not seen.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stickgen.core.actions import ACTIONS
from stickgen.core.errors import DataError, SourceError
from stickgen.train.evaluation import features
from stickgen.train.evaluation.samples import Sample

Array = NDArray[np.float64]

WINDOW: Final = 60
"""Frames the classifier looks at together: 2.4 s."""

STRIDE: Final = 20
"""Frames between windows."""

PURE: Final = 0.8
"""Share of a training window that must show one action."""

RECORDINGS: Final = 3
"""Recordings an action needs to be learnt."""

MEMBERS: Final = 5
HIDDEN: Final = 96
STEPS: Final = 600
FOLDS: Final = 5


class Windows(NamedTuple):
    """Training material: features ``[N, D]``, labels ``[N]`` and recordings ``[N]``."""

    rows: Array
    labels: NDArray[np.str_]
    recordings: NDArray[np.str_]
    mirrored: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class ActionClassifier:
    """Says how likely each of ``actions`` is; build one with `train` or `load`.

    ``mean`` and ``spread`` ``[D]`` standardise the features; ``layers`` are per member the weights
    of a network of one hidden layer: ``[D, H]``, ``[H]``, ``[H, K]``, ``[K]``.
    """

    actions: tuple[str, ...]
    mean: Array
    spread: Array
    layers: tuple[tuple[Array, Array, Array, Array], ...]

    def windows(self, joints: Array) -> Array:
        """Return the probabilities ``[W, K]`` in each window of *joints* ``[T, 16, 3]``.

        In heights at 25 fps; window w begins at frame `STRIDE` · w.
        """
        rows = np.stack([features.kinematic(part) for part in _cut(joints)])
        x = np.clip((rows - self.mean) / self.spread, -4.0, 4.0)
        total = np.zeros((len(x), len(self.actions)))
        for a, b, c, d in self.layers:
            total += _softmax(_gelu(x @ a + b) @ c + d)
        return np.asarray(total / len(self.layers))

    def probabilities(self, joints: Array) -> Array:
        """Return the probabilities ``[K]`` of the whole motion: windows count as opinions."""
        mean = np.log(self.windows(joints) + 1e-4).mean(axis=0)
        return np.asarray(_softmax(mean[None])[0])

    def action(self, joints: Array) -> str:
        """Return the likeliest action of *joints* ``[T, 16, 3]``."""
        return self.actions[int(self.probabilities(joints).argmax())]

    def knows(self, action: str) -> bool:
        return action in self.actions

    def save(self, path: Path) -> None:
        """Write the classifier to *path*, a safetensors file."""
        from safetensors.numpy import save_file

        from stickgen.core.storage import atomic_path

        tensors = {"mean": self.mean, "spread": self.spread}
        for i, member in enumerate(self.layers):
            for name, array in zip(("a", "b", "c", "d"), member, strict=True):
                tensors[f"{i}.{name}"] = array
        half = {name: np.ascontiguousarray(t, dtype=np.float32) for name, t in tensors.items()}
        with atomic_path(path, force=True) as temporary:
            save_file(half, temporary, metadata={"actions": json.dumps(self.actions)})

    @classmethod
    def load(cls, path: Path) -> ActionClassifier:
        """Return the classifier in *path*; `SourceError` for a file that is none."""
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(path, "np") as file:
                actions = tuple(json.loads((file.metadata() or {})["actions"]))
                tensors = {name: file.get_tensor(name).astype(np.float64) for name in file.keys()}  # noqa: SIM118
            members = (len(tensors) - 2) // 4
            layers = tuple(
                (tensors[f"{i}.a"], tensors[f"{i}.b"], tensors[f"{i}.c"], tensors[f"{i}.d"])
                for i in range(members)
            )
            return cls(actions, tensors["mean"], tensors["spread"], layers)
        except (SafetensorError, OSError, KeyError, ValueError) as error:
            raise SourceError(
                path, "not an action classifier", hint="delete it; it is made anew"
            ) from error


def train(
    samples: Sequence[Sample], *, seed: int = 0, members: int = MEMBERS, steps: int = STEPS
) -> ActionClassifier:
    """Return a classifier of the actions with at least `RECORDINGS` recordings in *samples*.

    Idle is no action: it is what unlabelled clips have. Raises `DataError` where fewer than two
    actions are left.
    """
    return _fit(_gather(samples), seed, members, steps)


class Validation(NamedTuple):
    """How often held-out recordings are recognised: ``accuracy``, and per action (right, of)."""

    accuracy: float
    by_action: dict[str, tuple[int, int]]

    @property
    def macro(self) -> float:
        """The mean over actions."""
        return float(np.mean([right / of for right, of in self.by_action.values()]))


def cross_validate(
    samples: Sequence[Sample], *, seed: int = 0, members: int = 2, steps: int = STEPS
) -> Validation:
    """Return how often recordings that were left out of training are recognised.

    Five folds by recording, stratified by action; mirrored copies are trained on, never tested.
    """
    windows = _gather(samples)
    rng = np.random.default_rng(seed)
    fold: dict[str, int] = {}
    label_of = dict(zip(windows.recordings.tolist(), windows.labels.tolist(), strict=True))
    for action in sorted(set(label_of.values())):
        names = sorted(name for name, label in label_of.items() if label == action)
        for i, j in enumerate(rng.permutation(len(names))):
            fold[names[j]] = i % FOLDS
    folds = np.array([fold[name] for name in windows.recordings.tolist()])
    counts: dict[str, list[int]] = {}
    for held in range(FOLDS):
        inside = folds != held
        outside = (folds == held) & ~windows.mirrored
        if not outside.any():
            continue
        model = _fit(Windows(*(column[inside] for column in windows)), seed, members, steps)
        x = np.clip((windows.rows[outside] - model.mean) / model.spread, -4.0, 4.0)
        p = sum(_softmax(_gelu(x @ a + b) @ c + d) for a, b, c, d in model.layers)
        logs = np.log(np.asarray(p) / len(model.layers) + 1e-4)
        owners, labels = windows.recordings[outside], windows.labels[outside]
        for name, label in sorted({*zip(owners.tolist(), labels.tolist(), strict=True)}):
            mine = (owners == name) & (labels == label)
            found = model.actions[int(logs[mine].mean(axis=0).argmax())]
            tally = counts.setdefault(label, [0, 0])
            tally[0] += found == label
            tally[1] += 1
    right, of = (sum(tally[i] for tally in counts.values()) for i in (0, 1))
    return Validation(right / max(of, 1), {a: (t[0], t[1]) for a, t in sorted(counts.items())})


def _cut(joints: Array) -> list[Array]:
    """Return the windows of *joints* ``[T, 16, 3]``: one if it is short."""
    last = max(len(joints) - WINDOW, 0)
    return [joints[start : start + WINDOW] for start in range(0, last + 1, STRIDE)]


def _gather(samples: Sequence[Sample]) -> Windows:
    """Return the windows of *samples* and of their mirror images that show one action."""
    found: list[tuple[Array, str, str, bool]] = []
    for sample in samples:
        last = max(len(sample.joints) - WINDOW, 0)
        for start in range(0, last + 1, STRIDE):
            labels = sample.actions[start : start + WINDOW]
            index = int(np.bincount(labels).argmax())
            if index == 0 or (labels == index).mean() < PURE:
                continue
            part = sample.joints[start : start + WINDOW]
            name = ACTIONS[index].name
            found.append((features.kinematic(part), name, sample.recording, False))
            flipped = features.kinematic(features.mirrored(part))
            found.append((flipped, name, sample.recording, True))
    homes: dict[str, set[str]] = {}
    for _, label, recording, _ in found:
        homes.setdefault(label, set()).add(recording)
    known = {label for label, names in homes.items() if len(names) >= RECORDINGS}
    found = [each for each in found if each[1] in known]
    if len(known) < 2:
        raise DataError(
            f"an action classifier needs 2 actions with {RECORDINGS} real recordings each, there"
            f" are {len(known)}"
        )
    return Windows(
        np.stack([row for row, _, _, _ in found]),
        np.array([label for _, label, _, _ in found]),
        np.array([recording for _, _, recording, _ in found]),
        np.array([mirror for _, _, _, mirror in found]),
    )


def _fit(windows: Windows, seed: int, members: int, steps: int) -> ActionClassifier:
    """Return an ensemble trained on *windows*: recordings weigh the same, actions by their root."""
    import torch

    actions = tuple(sorted(set(windows.labels.tolist())))
    y = np.array([actions.index(label) for label in windows.labels.tolist()])
    mean, spread = windows.rows.mean(axis=0), windows.rows.std(axis=0) + 1e-3
    x = np.clip((windows.rows - mean) / spread, -4.0, 4.0)
    share = Counter(windows.recordings.tolist())
    recordings = {a: set(windows.recordings[y == i].tolist()) for i, a in enumerate(actions)}
    weight = np.array(
        [
            1.0 / share[name] / np.sqrt(len(recordings[label]))
            for name, label in zip(
                windows.recordings.tolist(), windows.labels.tolist(), strict=True
            )
        ]
    )
    inputs = torch.tensor(x, dtype=torch.float32)
    targets, chances = torch.tensor(y), torch.tensor(weight / weight.sum())
    layers = []
    for member in range(members):
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed * 1000 + member)
            layers.append(_member(inputs, targets, chances, len(actions), steps))
    return ActionClassifier(actions, mean, spread, tuple(layers))


def _member(
    inputs: Any, targets: Any, chances: Any, classes: int, steps: int
) -> tuple[Array, Array, Array, Array]:
    import torch
    from torch import nn

    net = nn.Sequential(
        nn.Dropout(0.2),
        nn.Linear(inputs.shape[1], HIDDEN),
        nn.GELU(approximate="tanh"),
        nn.Dropout(0.4),
        nn.Linear(HIDDEN, classes),
    )
    optimiser = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    for _ in range(steps):
        drawn = torch.multinomial(chances, 128, replacement=True)
        noisy = inputs[drawn] + 0.1 * torch.randn(128, inputs.shape[1])
        loss = nn.functional.cross_entropy(net(noisy), targets[drawn], label_smoothing=0.1)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    weights = [p.detach().numpy().astype(np.float64) for p in net.parameters()]
    return weights[0].T, weights[1], weights[2].T, weights[3]


def _gelu(x: Array) -> Array:
    """Return the tanh form of the Gaussian error linear unit (Hendrycks and Gimpel 2016)."""
    return np.asarray(0.5 * x * (1.0 + np.tanh(np.sqrt(2.0 / np.pi) * (x + 0.044715 * x**3))))


def _softmax(x: Array) -> Array:
    raised = np.exp(x - x.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))
