"""A text-motion evaluator of our own: motions and sentences in one space, learnt here.

The recipe of TMR (Petrovich et al. 2023) scaled down to small stores: contrastive only, two
encoders trained together on the real clips of the training part and nothing else, with hard
negatives (the clip played backwards, the mirrored clip of a sentence that names a side). The text
encoder is its own, words by their letter n-grams, so that no generator shares it. Two architectures
(``attention``, ``convolution``) under several seeds make an `Evaluator`: figures are means over
its members, and their spread tells how much an evaluator's own chance decides.

An evaluator is worth what its `gates` say: real motions must find their sentences far more often
than chance, shuffled sentences must not, and damage must cost. Where real R-precision@3 is below
60 % the evaluator calls itself unreliable.
"""

from __future__ import annotations

import itertools
import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stickgen.core.errors import SourceError
from stickgen.train.evaluation import features
from stickgen.train.evaluation.samples import Sample, text_similarity, words
from stickgen.train.metrics.matching import mm_dist, r_precision

if TYPE_CHECKING:
    import torch

Array = NDArray[np.float64]

ARCHITECTURES: Final = ("attention", "convolution")
EMBEDDING: Final = 64
WIDTH: Final = 96
BUCKETS: Final = 4096
"""Rows of the table of letter n-grams."""
GRAMS: Final = 24
"""Letter n-grams of a word that are read."""
WORDS: Final = 24
"""Words of a sentence that are read."""
LENGTH: Final = 250
"""Frames of a clip that are read: 10 s."""
TEMPERATURE: Final = 0.1
SAME: Final = 0.8
"""Texts as alike as this are no negatives of each other (TMR)."""
BATCH: Final = 48
RELIABLE: Final = 0.60
"""Share of real motions whose text must be among the nearest 3 of 32."""


@dataclass(frozen=True, eq=False)
class Evaluator:
    """Trained members; `train` and `load` build one."""

    members: tuple[Any, ...]
    names: tuple[str, ...]
    mean: NDArray[np.float32]
    spread: NDArray[np.float32]

    def motions(self, joints: Sequence[Array]) -> Array:
        """Return the embeddings ``[M, N, 64]`` of motions ``[T, 16, 3]`` by each of M members."""
        import torch

        out: list[list[Array]] = [[] for _ in self.members]
        order = np.argsort([len(each) for each in joints])
        with torch.no_grad():
            for start in range(0, len(order), BATCH):
                batch = [self._tracks(joints[i]) for i in order[start : start + BATCH]]
                x, mask = _padded(batch)
                for member, rows in zip(self.members, out, strict=True):
                    rows.append(member.motion(x, mask).numpy().astype(np.float64))
        back = np.argsort(order)
        return np.stack([np.concatenate(rows)[back] for rows in out])

    def texts(self, texts: Sequence[str]) -> Array:
        """Return the embeddings ``[M, N, 64]`` of sentences by each of M members."""
        import torch

        with torch.no_grad():
            grams = torch.from_numpy(_spelled(texts))
            return np.stack([m.text(grams).numpy().astype(np.float64) for m in self.members])

    def _tracks(self, joints: Array) -> NDArray[np.float32]:
        return (features.tracks(joints[:LENGTH]) - self.mean) / self.spread

    def save(self, path: Path) -> None:
        """Write all members to *path*, a safetensors file."""
        import torch
        from safetensors.torch import save_file

        from stickgen.core.storage import atomic_path

        tensors = {"mean": torch.from_numpy(self.mean), "spread": torch.from_numpy(self.spread)}
        for i, member in enumerate(self.members):
            for name, value in member.state_dict().items():
                tensors[f"{i}.{name}"] = value.contiguous()
        with atomic_path(path, force=True) as temporary:
            save_file(tensors, str(temporary), metadata={"names": json.dumps(self.names)})

    @classmethod
    def load(cls, path: Path) -> Evaluator:
        """Return the evaluator in *path*; `SourceError` for a file that is none."""
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(path, "pt") as file:
                names = tuple(json.loads((file.metadata() or {})["names"]))
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            members: list[Any] = []
            for i, name in enumerate(names):
                member = _member(name.split("-")[0])
                prefix = f"{i}."
                member.load_state_dict(
                    {n.removeprefix(prefix): t for n, t in tensors.items() if n.startswith(prefix)}
                )
                members.append(member.eval())
            return cls(tuple(members), names, tensors["mean"].numpy(), tensors["spread"].numpy())
        except (SafetensorError, OSError, KeyError, ValueError, RuntimeError) as error:
            raise SourceError(
                path, "not a text-motion evaluator", hint="delete it; it is made anew"
            ) from error


def train(
    samples: Sequence[Sample],
    *,
    seeds: Sequence[int] = (0, 1, 2),
    architectures: Sequence[str] = ARCHITECTURES,
    steps: int = 300,
    progress: Callable[[int, int], None] | None = None,
) -> Evaluator:
    """Return an evaluator of ``len(seeds) * len(architectures)`` members trained on *samples*.

    *samples* must be the training part: whatever is measured later must not be in it.
    """
    import torch

    material = _material(samples)
    members: list[Any] = []
    names: list[str] = []
    total = len(seeds) * len(architectures) * steps

    def tick(done: int) -> None:
        if progress is not None:
            progress(len(members) * steps + done, total)

    for architecture in architectures:
        for seed in seeds:
            with torch.random.fork_rng(devices=[]):
                torch.manual_seed(seed)
                net = _member(architecture)
                _fit(
                    net,
                    material,
                    np.random.default_rng([seed, zlib.crc32(architecture.encode())]),
                    steps,
                    tick,
                )
            members.append(net.eval())
            names.append(f"{architecture}-{seed}")
    return Evaluator(tuple(members), tuple(names), material.mean, material.spread)


# -- gates ---------------------------------------------------------------------------------------


class Gates(NamedTuple):
    """What an evaluator makes of real motion and of motion damaged on purpose.

    ``real``, ``shuffled``, ``jitter`` and ``damage`` are R-precision@3, the mean over members;
    ``chance`` is what knowing nothing gives and ``margin`` two standard deviations of it.
    ``distances`` are MM-Dist of real motion and of each jitter, from light to heavy.
    """

    real: float
    shuffled: float
    chance: float
    margin: float
    jitter: dict[str, float]
    damage: dict[str, float]
    distances: tuple[float, ...]

    @property
    def passed(self) -> dict[str, bool]:
        """Each gate by its name."""
        return {
            "real is far from chance": self.real > self.chance + 2.0 * self.margin,
            "shuffled is chance": abs(self.shuffled - self.chance) <= self.margin,
            "more noise is worse": all(
                less < more for less, more in itertools.pairwise(self.distances)
            ),
        }

    @property
    def reliable(self) -> bool:
        """Whether R-precision may be a headline at all."""
        return self.real >= RELIABLE and all(self.passed.values())


JITTERS: Final = (0.01, 0.02, 0.05)
"""Standard deviations of the noise on every joint, in heights."""


def gates(
    evaluator: Evaluator, samples: Sequence[Sample], seed: int = 0, members: Sequence[int] = ()
) -> Gates:
    """Return what *evaluator*, or some of its *members*, makes of *samples*, whole and damaged."""
    texts = [sample.texts[0] for sample in samples]
    chosen = list(members) or list(range(len(evaluator.members)))
    said = evaluator.texts(texts)[chosen]
    alike = text_similarity(texts, texts)

    def precision(seen: Array, sentences: Array = said) -> tuple[float, int]:
        found = [
            r_precision(s, m, np.random.default_rng(seed), similarity=alike, repeats=5)
            for s, m in zip(sentences, seen, strict=True)
        ]
        return float(np.mean([f.top[2] for f in found])), found[0].pool

    def look(joints: Sequence[Array]) -> Array:
        return evaluator.motions(joints)[chosen]

    def distance(seen: Array) -> float:
        return float(np.mean([mm_dist(s, m) for s, m in zip(said, seen, strict=True)]))

    rng = np.random.default_rng(seed)
    plain = [sample.joints for sample in samples]
    whole = look(plain)
    real, pool = precision(whole)
    shuffles = [
        precision(whole, said[:, _derangement(len(texts), np.random.default_rng([seed, i]))])[0]
        for i in range(4)
    ]
    chance = 3.0 / pool
    noisy = {
        f"jitter {sigma:g} H": look([each + rng.normal(0.0, sigma, each.shape) for each in plain])
        for sigma in JITTERS
    }
    damaged = {
        "played backwards": [joints[::-1] for joints in plain],
        "half speed": [joints[np.arange(2 * len(joints)) // 2][:LENGTH] for joints in plain],
        "mirrored": [features.mirrored(joints) for joints in plain],
    }
    return Gates(
        real,
        float(np.mean(shuffles)),
        chance,
        2.0 * float(np.sqrt(chance * (1.0 - chance) / len(samples))),
        {name: precision(seen)[0] for name, seen in noisy.items()},
        {name: precision(look(joints))[0] for name, joints in damaged.items()},
        (distance(whole), *map(distance, noisy.values())),
    )


def _derangement(n: int, rng: np.random.Generator) -> NDArray[np.intp]:
    """Return a permutation of n that leaves nothing in its place."""
    order = rng.permutation(n)
    out = np.empty(n, dtype=np.intp)
    out[order] = np.roll(order, 1)
    return out


# -- text ----------------------------------------------------------------------------------------


def _spelled(texts: Sequence[str]) -> NDArray[np.int64]:
    """Return the letter n-grams ``[N, WORDS, GRAMS]`` of *texts* as rows of a table, 0 = none.

    A word is itself and its 3- and 4-grams between borders (Bojanowski et al. 2017), each hashed
    by CRC-32 so that it is the same everywhere.
    """
    out = np.zeros((len(texts), WORDS, GRAMS), dtype=np.int64)
    for row, text in zip(out, texts, strict=True):
        for place, word in zip(row, words(text)[:WORDS], strict=False):
            edged = f"<{word}>"
            grams = [edged, *(edged[i : i + n] for n in (3, 4) for i in range(len(edged) - n + 1))]
            for i, gram in enumerate(grams[:GRAMS]):
                place[i] = 1 + zlib.crc32(gram.encode()) % (BUCKETS - 1)
    return out


_SIDES: Final = {
    "left": "right",
    "right": "left",
    "clockwise": "counterclockwise",
    "counterclockwise": "clockwise",
    "anticlockwise": "clockwise",
}


def swapped(text: str) -> str | None:
    """Return *text* with its sides exchanged, None where it names none."""
    found = words(text)
    if not any(word in _SIDES for word in found):
        return None
    return " ".join(_SIDES.get(word, word) for word in found)


# -- training ------------------------------------------------------------------------------------


class _Material(NamedTuple):
    """Training clips, each followed by its mirror image, and the captions of each."""

    tracks: list[NDArray[np.float32]]
    texts: list[tuple[str, ...]]
    travels: NDArray[np.bool_]
    mean: NDArray[np.float32]
    spread: NDArray[np.float32]
    chance: Array
    places: dict[str, int]
    """Row of each caption in ``spelled`` and in ``same``."""
    spelled: NDArray[np.int64]
    same: NDArray[np.bool_]


def _material(samples: Sequence[Sample]) -> _Material:
    tracks, texts, travels, owners = [], [], [], []
    for sample in samples:
        for mirror in (False, True):
            joints = features.mirrored(sample.joints) if mirror else sample.joints
            tracks.append(features.tracks(joints))
            said = tuple(swapped(t) or t for t in sample.texts) if mirror else sample.texts
            texts.append(said)
            own = features.local(joints)
            rise = joints[-1, 0, 1] - joints[0, 0, 1]
            travels.append(abs(own.forward.mean()) > 0.3 or abs(rise) > 0.15)
            owners.append(sample.recording)
    every = np.concatenate(tracks)
    mean, spread = every.mean(axis=0), every.std(axis=0) + 0.02
    counts = {name: owners.count(name) for name in set(owners)}
    chance = np.array([1.0 / np.sqrt(counts[name]) for name in owners])
    distinct = sorted({text for said in texts for text in said})
    return _Material(
        [(t - mean) / spread for t in tracks],
        texts,
        np.array(travels),
        mean,
        spread,
        chance / chance.sum(),
        {text: i for i, text in enumerate(distinct)},
        _spelled(distinct),
        text_similarity(distinct, distinct) > SAME,
    )


def _batches(
    material: _Material, rng: np.random.Generator, steps: int
) -> Iterator[tuple[list[NDArray[np.float32]], list[str], NDArray[np.bool_]]]:
    """Yield clips, their sentences, and which of the clips may be played backwards as a foil."""
    size = min(BATCH, len(material.tracks) // 2)
    for _ in range(steps):
        chosen = rng.choice(len(material.tracks), size=size, replace=False, p=material.chance)
        clips, texts = [], []
        for i in chosen:
            track = material.tracks[i]
            longest = min(len(track), 150)
            length = int(rng.integers(max(features.SHORTEST, int(0.7 * longest)), longest + 1))
            start = int(rng.integers(0, len(track) - length + 1))
            noisy = track[start : start + length]
            clips.append(noisy + 0.05 * rng.standard_normal(noisy.shape).astype(np.float32))
            texts.append(str(rng.choice(np.array(material.texts[i], dtype=object))))
        yield clips, texts, material.travels[chosen]


def _fit(
    net: Any,
    material: _Material,
    rng: np.random.Generator,
    steps: int,
    progress: Callable[[int], None],
) -> None:
    import torch
    from torch.nn import functional

    optimiser = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 1e-3, total_steps=steps)
    net.train()
    for step, (clips, texts, travels) in enumerate(_batches(material, rng, steps)):
        own = net.motion(*_padded(clips))
        places = [material.places[text] for text in texts]
        said = net.text(torch.from_numpy(material.spelled[places]))
        back = np.flatnonzero(travels)[:16]
        foils = [_backwards(clips[i]) for i in back]
        turned = [other for text in texts[:16] if (other := swapped(text)) is not None]
        same = torch.from_numpy(material.same[np.ix_(places, places)])
        same.fill_diagonal_(False)
        logits = (said @ own.T / TEMPERATURE).masked_fill(same, -1e4)
        rows, columns = logits, logits.T
        if foils:
            rows = torch.cat([rows, said @ net.motion(*_padded(foils)).T / TEMPERATURE], dim=1)
        if turned:
            wrong = net.text(torch.from_numpy(_spelled(turned)))
            columns = torch.cat([columns, own @ wrong.T / TEMPERATURE], dim=1)
        target = torch.arange(len(texts))
        loss = functional.cross_entropy(rows, target) + functional.cross_entropy(columns, target)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        progress(step + 1)


def _backwards(track: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return standardised tracks ``[T, 99]`` played backwards: places reversed, speeds negated.

    Exact but for the mean speeds, which are near 0.
    """
    out = track[::-1].copy()
    out[:, 48:] *= -1.0
    return out


def _padded(clips: Sequence[NDArray[np.float32]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return clips as ``[B, T, 99]`` and which frames exist ``[B, T]``."""
    import torch

    longest = max(len(clip) for clip in clips)
    longest += -longest % 4
    x = torch.zeros(len(clips), longest, features.TRACKS)
    mask = torch.zeros(len(clips), longest, dtype=torch.bool)
    for i, clip in enumerate(clips):
        x[i, : len(clip)] = torch.from_numpy(np.ascontiguousarray(clip))
        mask[i, : len(clip)] = True
    return x, mask


def _member(architecture: str) -> Any:
    """Return an untrained member: a module with ``motion`` and ``text``."""
    from stickgen.train.evaluation.encoders import Attention, Convolution

    return {"attention": Attention, "convolution": Convolution}[architecture]()
