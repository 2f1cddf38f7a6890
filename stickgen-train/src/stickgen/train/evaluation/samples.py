"""The clips an evaluation is about: real ones, in three parts that share no recording.

**Contents**
    - `Sample`: one real clip of one actor, with its words and its labels.
    - `Request`: what a generator is asked for, taken from a held-out sample.
    - `load`: the samples of a store by part; composed, procedural and mirrored clips stay out.
    - `Corpus`: the three parts, and what was left out.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core import ops, schema
from stickgen.core.actions import ACTIONS, NO_OVERLAY
from stickgen.core.errors import DataError, UsageError
from stickgen.core.storage import ClipStore
from stickgen.core.types import Clip, Motion
from stickgen.train.evaluation import features

Array = NDArray[np.float64]
IntArray = NDArray[np.int64]

PARTS: Final = ("train", "val", "test")

LONGEST: Final = 250
"""Frames of a held-out clip that count: 10 s at 25 fps."""

_MADE: Final = re.compile(r"procedural|synth|compos|generated|loop", re.IGNORECASE)
"""Sources of clips that are not recordings of a person."""


@dataclass(frozen=True, eq=False)
class Request:
    """What a generator is asked for: ``text``, length, and per frame the labels of a planner.

    ``actions`` and ``overlay`` are ``[T]``; ``recording`` says for whom an answer counts.
    """

    text: str
    actions: IntArray
    overlay: IntArray
    recording: str = ""

    @property
    def n_frames(self) -> int:
        return len(self.actions)

    @property
    def beats(self) -> tuple[tuple[str, str | None, int], ...]:
        """The stretches of one action and one overlay: (action, overlay, frames)."""
        edges = np.flatnonzero((np.diff(self.actions) != 0) | (np.diff(self.overlay) != 0)) + 1
        out = []
        for part in np.split(np.arange(self.n_frames), edges):
            over = int(self.overlay[part[0]])
            name = None if over == NO_OVERLAY else ACTIONS[over].name
            out.append((ACTIONS[int(self.actions[part[0]])].name, name, len(part)))
        return tuple(out)


@dataclass(frozen=True, eq=False)
class Sample:
    """A real clip: ``motion`` of one actor at 25 fps, ``joints`` ``[T, 16, 3]`` in heights."""

    clip_id: str
    recording: str
    texts: tuple[str, ...]
    motion: Motion
    joints: Array = field(repr=False)

    @property
    def actions(self) -> IntArray:
        return self.motion.actions[:, 0]

    @property
    def overlay(self) -> IntArray:
        return self.motion.overlay[:, 0]

    @property
    def action(self) -> str:
        """The action most of the frames show."""
        return ACTIONS[int(np.bincount(self.actions).argmax())].name

    @property
    def meaning(self) -> tuple[tuple[int, int], ...]:
        """The labels in order, each change once: what every caption of this clip says."""
        pairs = list(zip(self.actions.tolist(), self.overlay.tolist(), strict=True))
        return tuple(b for a, b in zip([(-1, -1), *pairs], pairs, strict=False) if a != b)

    def request(self, seed: int) -> Request:
        """Return what to ask a generator for, with one of the captions."""
        text = self.texts[seed % len(self.texts)]
        return Request(text, self.actions, self.overlay, self.recording)


@dataclass(frozen=True, eq=False)
class Corpus:
    """The real clips by part, and how many clips were left out for which reason."""

    train: tuple[Sample, ...]
    val: tuple[Sample, ...]
    test: tuple[Sample, ...]
    left_out: dict[str, int]
    digest: str
    """SHA-256 over the identifiers, captions and numbers of all samples."""

    def __str__(self) -> str:
        return ", ".join(
            f"{part} {len(samples)} clips of {len({s.recording for s in samples})} recordings"
            for part, samples in ((part, getattr(self, part)) for part in PARTS)
        )


def load(store: ClipStore, *, longest: int = LONGEST) -> Corpus:
    """Return the real clips of *store*; those without depth, words or length are left out, and
    held-out ones that are part of a composed training clip.

    The part is the clip's own split; where a store has none, a tenth of the recordings each is
    held out for val and for test, chosen by their names. Raises `DataError` for a store that does
    not give at least 8 training and 4 test clips, or in which a recording is in two parts.
    """
    parts: dict[str, list[Sample]] = {part: [] for part in PARTS}
    left_out: Counter[str] = Counter()
    home: dict[str, str] = {}
    digest = hashlib.sha256()
    taught: set[str] = set()
    for clip in store:
        if clip.split == "train":
            taught.update(map(str, clip.meta.get("parts", ())))
        reason = _unfit(clip)
        if reason:
            left_out[reason] += 1
            continue
        recording = clip.recording_id or clip.clip_id
        part = _part(clip.split, recording)
        if home.setdefault(recording, part) != part:
            raise DataError(
                f"{store.path}: recording {recording!r} is in {home[recording]} and in {part};"
                " split by recording (`stickgen data curate --split`)"
            )
        motion = ops.resample(ops.select(clip.motion, [0]), schema.FPS)
        if part != "train" and motion.n_frames > longest:
            motion = ops.slice_frames(motion, 0, longest)
        sample = Sample(
            clip.clip_id, recording, tuple(clip.texts), motion, features.joints_of(motion)
        )
        parts[part].append(sample)
        digest.update(clip.clip_id.encode() + "\n".join(clip.texts).encode())
        digest.update(motion.frames.tobytes())
    for part in ("val", "test"):
        fresh = [sample for sample in parts[part] if sample.clip_id not in taught]
        if len(fresh) < len(parts[part]):
            left_out["part of a composed training clip"] += len(parts[part]) - len(fresh)
        parts[part] = fresh
    for part, least in (("train", 8), ("test", 4)):
        if len(parts[part]) < least:
            raise DataError(
                f"{store.path} has {len(parts[part])} real {part} clips with depth and words, an"
                f" evaluation needs {least}"
                + (f" (left out: {_told(left_out)})" if left_out else "")
            )
    train, val, test = (tuple(parts[part]) for part in PARTS)
    return Corpus(train, val, test, dict(left_out), digest.hexdigest())


def requests(samples: Sequence[Sample], seed: int) -> list[Request]:
    """Return one request a sample; another *seed* takes another of its captions."""
    return [sample.request(seed) for sample in samples]


def words(text: str) -> list[str]:
    """Return the lower-case words of *text*."""
    return re.findall(r"[a-z]+|[0-9]+", text.lower())


def text_similarity(texts: Sequence[str], corpus: Iterable[str]) -> Array:
    """Return the cosine ``[N, N]`` of the TF-IDF vectors of *texts*, with weights from *corpus*.

    Words weigh log((1 + captions) / (1 + captions with the word)) + 1 (Salton and Buckley 1988).
    """
    seen: Counter[str] = Counter()
    total = 0
    for text in corpus:
        seen.update(set(words(text)))
        total += 1
    vocabulary = {word: i for i, word in enumerate(sorted({w for t in texts for w in words(t)}))}
    rows = np.zeros((len(texts), max(len(vocabulary), 1)))
    for row, text in zip(rows, texts, strict=True):
        for word in words(text):
            row[vocabulary[word]] += np.log((1.0 + total) / (1.0 + seen[word])) + 1.0
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return np.asarray(rows @ rows.T)


def same_meaning(samples: Sequence[Sample]) -> NDArray[np.bool_]:
    """Return which samples ``[N, N]`` show the same actions in the same order."""
    names = [sample.meaning for sample in samples]
    return np.array([[a == b for b in names] for a in names], dtype=np.bool_)


def _unfit(clip: Clip) -> str | None:
    """Return why *clip* is no held-out truth, or None."""
    kind = str(clip.meta.get("kind") or clip.meta.get("provenance") or clip.source)
    if _MADE.search(kind) or _MADE.search(clip.source):
        return "not a recording"
    if clip.meta.get("mirrored") or clip.meta.get("augmentation"):
        return "an augmented copy"
    if clip.motion.depth is None:
        return "no depth"
    if not any(text.strip() for text in clip.texts):
        return "no words"
    here = clip.motion.present[:, 0]
    if here.sum() / clip.motion.fps * schema.FPS < features.SHORTEST + 2 or not here.all():
        return "too short, or the first actor is not always there"
    return None


def _part(split: str | None, recording: str) -> str:
    if split in PARTS:
        return str(split)
    if split in ("validation", "valid", "dev"):
        return "val"
    if split:
        raise UsageError(f"unknown split {split!r}; a store's splits are {', '.join(PARTS)}")
    draw = int.from_bytes(hashlib.sha256(recording.encode()).digest()[:4]) % 10
    return "test" if draw == 0 else "val" if draw == 1 else "train"


def _told(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {reason}" for reason, count in counts.most_common())
