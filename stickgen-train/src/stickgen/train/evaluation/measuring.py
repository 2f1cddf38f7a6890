"""One row of the table: everything that is measured of the answers of one system.

`Yardstick` holds what all rows are measured against (the held-out recordings, the features of the
training clips, the classifier, the evaluator); its `measure` turns the answers into named figures,
most of them with a confidence interval by recording.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core import validator
from stickgen.core.types import Motion
from stickgen.train.evaluation import features
from stickgen.train.evaluation.classifier import ActionClassifier
from stickgen.train.evaluation.evaluator import Evaluator
from stickgen.train.evaluation.samples import Corpus, Request, Sample, same_meaning, text_similarity
from stickgen.train.metrics.bootstrap import (
    Interval,
    bootstrap,
    kernel_distance_interval,
    mean_interval,
)
from stickgen.train.metrics.contacts import clip_contacts
from stickgen.train.metrics.distributions import diversity, frechet_distance, multimodality
from stickgen.train.metrics.kinematic import KinematicMetrics
from stickgen.train.metrics.matching import hits, mm_dist
from stickgen.train.metrics.novelty import nearest_distances

Array = NDArray[np.float64]

WINDOW: Final = 60
"""Frames of the windows by which memory is judged: 2.4 s."""

TRAIN_STRIDE: Final = 10
COORDINATES: Final = 16
"""Numbers the kinematic features are whitened to."""

SINGLE: Final = 0.8
"""Share of a request's frames that must ask for one action for it to count as that action."""


@dataclass(frozen=True, eq=False)
class Row:
    """The figures of one system; an interval whose bounds are NaN has none."""

    name: str
    figures: dict[str, Interval]
    cpu_seconds: float | None = None
    peak_mb: float | None = None
    note: str = ""
    by_action: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Per action how many requests were recognised, and of how many."""


@dataclass(frozen=True, eq=False)
class Yardstick:
    """What every row is measured against; build one with `of`."""

    test: tuple[Sample, ...]
    whiten: features.Whitening
    windows: features.Whitening
    train_windows: Array
    real_rows: Array
    classifier: ActionClassifier
    evaluator: Evaluator
    scored: tuple[int, ...]
    """Members of the evaluator that the table uses: none that chose a checkpoint."""
    seed: int = 0

    @classmethod
    def of(
        cls,
        corpus: Corpus,
        classifier: ActionClassifier,
        evaluator: Evaluator,
        *,
        scored: Sequence[int] | None = None,
        seed: int = 0,
    ) -> Yardstick:
        """Return the yardstick of *corpus*."""
        train = features.kinematic_rows([sample.joints for sample in corpus.train])
        pieces = [part for s in corpus.train for part in _windows(s.joints, TRAIN_STRIDE)]
        rows = features.kinematic_rows(pieces)
        whiten = features.whitening(train, COORDINATES)
        windows = features.whitening(rows, COORDINATES)
        test = [sample.joints for sample in corpus.test]
        return cls(
            corpus.test,
            whiten,
            windows,
            windows(rows),
            whiten(features.kinematic_rows(test)),
            classifier,
            evaluator,
            tuple(scored if scored is not None else range(len(evaluator.members))),
            seed,
        )

    @property
    def recordings(self) -> list[str]:
        """The recording of each held-out clip."""
        return [sample.recording for sample in self.test]

    def measure(
        self,
        name: str,
        asked: Sequence[Sequence[Request]],
        answers: Sequence[Sequence[Motion]],
        *,
        real: bool = False,
        note: str = "",
        cpu_seconds: float | None = None,
        peak_mb: float | None = None,
    ) -> Row:
        """Return the row of a system; *asked* and *answers* hold one sequence for each seed.

        Request i of every seed belongs to held-out clip i. With *real* the answers are the
        held-out clips, whose distance from themselves is not worth telling.
        """
        rng = np.random.default_rng(self.seed)
        names = [name for _ in answers for name in self.recordings]
        motions = [motion for seed in answers for motion in seed]
        requests = [request for seed in asked for request in seed]
        joints = [features.joints_of(motion) for motion in motions]
        rows = self.whiten(features.kinematic_rows(joints))
        figures: dict[str, Interval] = {}
        if not real:
            figures["fid"] = _plain(
                np.mean(
                    [
                        frechet_distance(part, self.real_rows)
                        for part in np.split(rows, len(answers))
                    ]
                )
            )
            figures["kid"] = kernel_distance_interval(
                rows, self.real_rows, names, self.recordings, rng
            )
        figures["diversity"] = _plain(diversity(rows, np.random.default_rng(self.seed)))
        if len(answers) > 1 and not real:
            groups = rows.reshape(len(answers), len(self.test), -1).transpose(1, 0, 2)
            figures["multimodality"] = bootstrap(
                lambda index: multimodality(groups[index]), self.recordings, rng
            )
        figures |= self._matching(requests, joints, names, len(answers), rng, real=real)
        figures |= self._physics(motions, names, rng)
        near = [self._nearest(each) for each in joints]
        figures["nearest_train"] = mean_interval(near, names, rng)
        right, by_action = self._recognised(requests, joints)
        figures["accuracy"] = mean_interval(right, names, rng)
        return Row(name, figures, cpu_seconds, peak_mb, note, by_action)

    def split_half(self) -> Row:
        """Return the distances of one half of the held-out recordings from the other.

        Nothing can be expected to come nearer: it is the floor of FID at this number of clips.
        Halves have half as many clips as other rows, so their FID is biased up further.
        """
        rng = np.random.default_rng(self.seed)
        names = np.array(self.recordings)
        fid, kid = [], []
        for _ in range(20):
            drawn = rng.permutation(np.unique(names))
            first = np.isin(names, drawn[: len(drawn) // 2])
            a, b = self.real_rows[first], self.real_rows[~first]
            fid.append(frechet_distance(a, b))
            kid.append(
                kernel_distance_interval(
                    a, b, names[first].tolist(), names[~first].tolist(), rng, 2
                ).value
            )
        figures = {
            "fid": Interval(float(np.mean(fid)), *map(float, np.percentile(fid, [2.5, 97.5]))),
            "kid": Interval(float(np.mean(kid)), *map(float, np.percentile(kid, [2.5, 97.5]))),
        }
        return Row("real, split in half", figures, note="20 splits by recording")

    # -- parts of a row ---------------------------------------------------------------------------

    def _matching(
        self,
        requests: Sequence[Request],
        joints: Sequence[Array],
        names: list[str],
        seeds: int,
        rng: np.random.Generator,
        *,
        real: bool,
    ) -> dict[str, Interval]:
        """Return R-precision, MM-Dist and the distances in the evaluator's own space."""
        texts = [request.text for request in requests]
        said = self.evaluator.texts(texts)[list(self.scored)]
        seen = self.evaluator.motions(joints)[list(self.scored)]
        truth = self.evaluator.motions([s.joints for s in self.test])[list(self.scored)]
        n = len(self.test)
        alike = text_similarity(texts, texts)
        meaning = np.tile(same_meaning(self.test).astype(float), (seeds, seeds))
        raw, distinct = np.zeros((len(texts), 3)), np.zeros((len(texts), 3))
        pools = (0, 0)
        for text, motion in zip(said, seen, strict=True):
            for first in range(0, len(texts), n):  # pools are drawn within a seed
                part = slice(first, first + n)
                one, size = hits(text[part], motion[part], rng, similarity=alike[part, part])
                two, fewer = hits(text[part], motion[part], rng, similarity=meaning[part, part])
                raw[part] += one / len(said)
                distinct[part] += two / len(said)
                pools = (size, fewer)
        figures = {f"r{k}": mean_interval(raw[:, k - 1], names, rng) for k in (1, 2, 3)}
        figures["r3_distinct"] = mean_interval(distinct[:, 2], names, rng)
        figures["pool"], figures["pool_distinct"] = map(_plain, pools)
        figures["mm_dist"] = _plain(
            np.mean([mm_dist(text, motion) for text, motion in zip(said, seen, strict=True)])
        )
        if not real:
            both = [
                kernel_distance_interval(m * 8.0, t * 8.0, names, self.recordings, rng, 60)
                for m, t in zip(seen, truth, strict=True)
            ]
            figures["kid_evaluator"] = Interval(*np.mean(both, axis=0).tolist())
        return figures

    def _physics(
        self, motions: Sequence[Motion], names: list[str], rng: np.random.Generator
    ) -> dict[str, Interval]:
        columns: dict[str, list[float]] = {}
        kinematic = KinematicMetrics()
        for motion in motions:
            figures = clip_contacts(motion) | kinematic.measure([motion])
            figures["valid"] = float(validator.check(motion).ok)
            for name in _PHYSICS:
                columns.setdefault(name, []).append(figures.get(name, float("nan")))
        return {name: mean_interval(column, names, rng) for name, column in columns.items()}

    def _nearest(self, joints: Array) -> float:
        rows = self.windows(features.kinematic_rows(_windows(joints, WINDOW // 2)))
        return float(nearest_distances(rows, self.train_windows).mean())

    def _recognised(
        self, requests: Sequence[Request], joints: Sequence[Array]
    ) -> tuple[list[float], dict[str, tuple[int, int]]]:
        """Return 1, 0 or NaN (not an action the classifier knows) for each request."""
        right, counts = [], dict[str, list[int]]()
        for request, each in zip(requests, joints, strict=True):
            action = single_action(request)
            if action is None or not self.classifier.knows(action):
                right.append(float("nan"))
                continue
            found = self.classifier.action(each) == action
            tally = counts.setdefault(action, [0, 0])
            tally[0] += found
            tally[1] += 1
            right.append(float(found))
        return right, {name: (t[0], t[1]) for name, t in sorted(counts.items())}


_PHYSICS: Final = (
    "skate",
    "planted_fraction",
    "low_foot_skate",
    "jerk",
    "bone_error",
    "ground_penetration",
    "root_speed",
    "valid",
)


def single_action(request: Request) -> str | None:
    """Return the action nearly all frames of *request* ask for, None if there is none."""
    from stickgen.core.actions import ACTIONS

    index = int(np.bincount(request.actions).argmax())
    if index == 0 or (request.actions == index).mean() < SINGLE:
        return None
    return ACTIONS[index].name


def _windows(joints: Array, stride: int) -> list[Array]:
    last = max(len(joints) - WINDOW, 0)
    return [joints[start : start + WINDOW] for start in range(0, last + 1, stride)]


def _plain(value: float | np.floating) -> Interval:
    return Interval(float(value), float("nan"), float("nan"))
