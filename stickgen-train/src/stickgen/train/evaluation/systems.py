"""What is compared: everything that answers a `Request` with a motion.

**Contents**
    - `System`: the protocol; `Answers` says what the answers cost.
    - `Recorded`, `MeanPose`, `Retrieval`: rows without any generator.
    - `Plugin`: any generator of the registry, asked beat by beat as the stage asks it, or with the
      sentence itself where it has a method ``sample``.
    - `Default`: all of ``stickgen generate``, from the sentence alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from stickgen.core import ops, pipeline, registries, schema
from stickgen.core.actions import NO_OVERLAY
from stickgen.core.errors import UsageError
from stickgen.core.features import keep_bones
from stickgen.core.kinematics import Body
from stickgen.core.types import ActorState, Beat, Motion
from stickgen.train.evaluation.samples import Request, Sample

Array = NDArray[np.float64]

SHORTEST_BEAT: Final = 10
"""Frames below which a stretch of labels is given to the beat before it."""


class System(Protocol):
    """Answers requests. The same seed gives the same motions."""

    @property
    def name(self) -> str:
        """What the row is called."""
        ...

    def perform(self, requests: Sequence[Request], seed: int) -> list[Motion]:
        """Return one motion of one actor at 25 fps for each request, of its length."""
        ...


@dataclass(frozen=True, eq=False)
class Recorded:
    """Answers with the held-out recordings themselves."""

    samples: Sequence[Sample]
    name: str = "real"

    def perform(self, requests: Sequence[Request], seed: int) -> list[Motion]:
        return [sample.motion for sample in self.samples]


@dataclass(frozen=True, eq=False)
class MeanPose:
    """Stands in the mean pose of the training clips and never moves."""

    pose: Array
    name: str = "mean pose"

    @classmethod
    def of(cls, samples: Sequence[Sample]) -> MeanPose:
        """Return the row for the training *samples*."""
        poses = []
        for sample in samples:
            joints = sample.motion.joints[:, 0].astype(np.float64)
            joints[..., [0, 2]] -= joints[:, :1, [0, 2]]
            poses.append(joints.mean(axis=0))
        return cls(keep_bones(np.mean(poses, axis=0), Body()))

    def perform(self, requests: Sequence[Request], seed: int) -> list[Motion]:
        return [
            Motion.from_joints(
                np.repeat(self.pose[None], request.n_frames, axis=0),
                actions=request.actions,
                overlay=request.overlay,
            )
            for request in requests
        ]


@dataclass(frozen=True, eq=False)
class Retrieval:
    """Plays the training clip whose caption is nearest, joined to itself until it is long enough.

    The sentence is cut at "then" and commas; each part has its own clip, and all parts last the
    same time. ``vectors`` ``[captions, dim]`` belong to ``owners`` ``[captions]``, indices of
    ``motions``. It has no chance in it: every seed gives the same.
    """

    encoder: Any
    motions: Sequence[Motion]
    vectors: NDArray[np.float32]
    owners: NDArray[np.intp]
    name: str = "retrieval"

    @classmethod
    def of(cls, samples: Sequence[Sample], encoder: Any) -> Retrieval:
        """Return the row that plays the training *samples*."""
        texts = [text for sample in samples for text in sample.texts]
        owners = np.repeat(np.arange(len(samples)), [len(sample.texts) for sample in samples])
        return cls(encoder, [s.motion for s in samples], encoder.encode(texts), owners)

    def perform(self, requests: Sequence[Request], seed: int) -> list[Motion]:
        return [self._answer(request) for request in requests]

    def _answer(self, request: Request) -> Motion:
        parts = [part for part in re.split(r"\bthen\b|,|;", request.text) if len(part.split()) > 1]
        parts = parts if 1 < len(parts) <= request.n_frames // 25 else [request.text]
        bounds = np.linspace(0, request.n_frames, len(parts) + 1).round().astype(int)
        pieces = []
        for part, start, stop in zip(parts, bounds[:-1], bounds[1:], strict=True):
            best = self.owners[int((self.vectors @ self.encoder.encode([part])[0]).argmax())]
            pieces.append(lasting(self.motions[int(best)], int(stop - start)))
        return relabelled(ops.concat(pieces, follow=True), request)


@dataclass(frozen=True, eq=False)
class Plugin:
    """A generator of the registry.

    Args:
        name: of the row.
        generator: its name in the registry.
        options: what it is created with.
        labels: whether it is told the planner's labels frame by frame; without, the words alone.
        shuffled: whether each request is asked with somebody else's words (and no labels): a
            generator that still fits is not listening.
        permuted: whether the words of each request are put in any order (no labels either): what a
            generator loses by that, it knew from their order.
    """

    name: str
    generator: str
    options: dict[str, Any] = field(default_factory=dict)
    labels: bool = True
    shuffled: bool = False
    permuted: bool = False

    def perform(self, requests: Sequence[Request], seed: int) -> list[Motion]:
        maker: Any = registries.generators.create(self.generator, **self.options)
        hears = hasattr(maker, "sample")
        told = self.labels and not self.shuffled and not self.permuted
        if not hears and not told:
            raise UsageError(
                f"generator {self.generator!r} takes beats only: it has no method 'sample' that"
                " hears a sentence"
            )
        texts = sentences(requests, seed, shuffled=self.shuffled, permuted=self.permuted)
        out = []
        for number, (text, request) in enumerate(zip(texts, requests, strict=True)):
            rng = np.random.default_rng([seed, number])
            if hears:
                motion = maker.sample(
                    text,
                    request.n_frames,
                    rng,
                    actions=request.actions if told else None,
                    overlay=request.overlay if told else None,
                )
            else:
                motion = by_beats(maker, request, rng)
            out.append(relabelled(lasting(motion, request.n_frames), request))
        return out


@dataclass(frozen=True, eq=False)
class Default:
    """What ``stickgen generate`` makes of the sentence alone: the planner reads it, the stage asks
    the default generators for its beats, and of who is on stage the first is looked at.

    Args:
        name: of the row.
        shuffled, permuted: what is done to the sentences first, see `Plugin`.
    """

    name: str
    shuffled: bool = False
    permuted: bool = False

    def perform(self, requests: Sequence[Request], seed: int) -> list[Motion]:
        texts = sentences(requests, seed, shuffled=self.shuffled, permuted=self.permuted)
        out = []
        for number, (text, request) in enumerate(zip(texts, requests, strict=True)):
            own = 1000 * seed + number
            script = pipeline.plan(text, seed=own, duration=request.n_frames / schema.FPS)
            motion = pipeline.perform(script, seed=own).motion
            first = Motion.from_joints(motion.joints[motion.present[:, 0], :1], fps=motion.fps)
            out.append(relabelled(lasting(first, request.n_frames), request))
        return out


def sentences(
    requests: Sequence[Request], seed: int, *, shuffled: bool, permuted: bool
) -> list[str]:
    """Return the sentences of *requests*, each in the place of somebody else's if they are
    *shuffled*, each with its words in another order if they are *permuted*.
    """
    texts = [request.text for request in requests]
    if shuffled:
        order = np.random.default_rng(seed).permutation(len(texts))
        texts = [texts[i] for i in np.roll(order, 1)[np.argsort(order)]]
    if permuted:
        texts = [reordered(text, np.random.default_rng([seed, i])) for i, text in enumerate(texts)]
    return texts


def reordered(text: str, rng: np.random.Generator) -> str:
    """Return the words of *text* in any order but their own, if there are two of them."""
    words = text.split()
    if len(set(words)) < 2:
        return text
    while True:
        order = [words[i] for i in rng.permutation(len(words))]
        if order != words:
            return " ".join(order)


def by_beats(maker: Any, request: Request, rng: np.random.Generator) -> Motion:
    """Return what generator *maker* makes of the labels of *request*, one beat after another.

    An overlay it cannot do is left out; an action it cannot do raises its `UsageError`.
    """
    pieces: list[Motion] = []
    state = ActorState()
    for action, overlay, frames in merged(request.beats):
        seconds = (frames + bool(pieces)) / schema.FPS
        beat = Beat((0,), action, overlay=overlay, seconds=seconds)
        can = getattr(maker, "overlays", None)
        if overlay is not None and can is not None and overlay not in can:
            beat = Beat((0,), action, seconds=seconds)
        try:
            piece = maker.generate(beat, [state], rng)
        except UsageError:
            if beat.overlay is None:
                raise
            piece = maker.generate(Beat((0,), action, seconds=seconds), [state], rng)
        if pieces and _repeats(piece, state):
            piece = ops.slice_frames(piece, 1)
        piece = lasting(piece, frames)
        pieces.append(piece)
        state = ops.left_in(piece, action)
    return ops.concat(pieces, blend=0.0) if len(pieces) > 1 else pieces[0]


def _repeats(motion: Motion, state: ActorState) -> bool:
    """Return whether *motion* begins with the pose of *state* and not with the one after it."""
    if state.pose is None or state.velocity is None or motion.n_frames < 2:
        return False
    first = motion.joints[0, 0].astype(np.float64)
    gap = first - state.pose
    return bool(np.abs(gap).max() <= np.abs(gap - state.velocity / motion.fps).max())


def merged(
    beats: Sequence[tuple[str, str | None, int]],
) -> list[tuple[str, str | None, int]]:
    """Return *beats* without those shorter than `SHORTEST_BEAT`: a neighbour gets their frames."""
    out: list[tuple[str, str | None, int]] = []
    owed = 0
    for action, overlay, frames in beats:
        if frames < SHORTEST_BEAT and out:
            out[-1] = (*out[-1][:2], out[-1][2] + frames)
        elif frames < SHORTEST_BEAT:
            owed += frames
        else:
            out.append((action, overlay, frames + owed))
            owed = 0
    if not out:
        action, overlay, _ = beats[0]
        out = [(action, overlay, sum(frames for _, _, frames in beats))]
    return out


def lasting(motion: Motion, frames: int) -> Motion:
    """Return *motion* with exactly *frames* frames: cut, or joined to itself until it is enough."""
    if motion.n_frames < frames:
        copies = -(-frames // motion.n_frames)
        motion = ops.concat([motion] * copies, follow=motion.depth is not None)
    return ops.slice_frames(motion, 0, frames)


def relabelled(motion: Motion, request: Request) -> Motion:
    """Return *motion* with the labels of *request*, which is what it was asked to show."""
    from dataclasses import replace

    overlay = np.where(request.overlay < 0, NO_OVERLAY, request.overlay)
    return replace(motion, actions=request.actions[:, None], overlay=overlay[:, None])
