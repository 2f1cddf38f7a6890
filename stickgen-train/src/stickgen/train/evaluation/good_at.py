"""Which actions a model may perform by default: the rule, and what it rests on.

A model takes an action over from the procedural generator if, asked by beats as a story asks,

1. the classifier recognises it at least as often as the procedural generator's, and in at least
   half of the answers (0 of 8 is not as good as 0 of 8);
2. its standing feet slide at most `SKATE` times as far as in real clips of the action;
3. the safety critic (`stickgen.core.validator`) passes every answer.

Actions that the classifier does not know stay where they are: nobody has measured them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from stickgen.core import registries, validator
from stickgen.core.actions import ACTIONS
from stickgen.core.types import ActorState, Beat, Motion
from stickgen.train.evaluation import features
from stickgen.train.evaluation.classifier import ActionClassifier
from stickgen.train.evaluation.samples import Sample
from stickgen.train.metrics.contacts import clip_contacts

SKATE: Final = 1.2
"""How many times the slide of real feet is allowed."""

SECONDS: Final = 4.0
"""How long each answer lasts."""

RIVAL: Final = "procedural"


@dataclass(frozen=True)
class Verdict:
    """What became of one action; *recognised*, *rival* and *sound* count answers ``of`` so many."""

    action: str
    of: int
    recognised: int
    rival: int
    skate: float
    """Slide of standing feet, % of the height a frame."""
    real_skate: float
    sound: int

    @property
    def good(self) -> bool:
        """Whether the model may have the action."""
        return (
            self.recognised >= max(self.rival, self.of / 2)
            and not self.skate > SKATE * self.real_skate
            and self.sound == self.of
        )

    def record(self) -> dict[str, Any]:
        """Return the figures as what JSON can hold."""
        return {**asdict(self), "good": self.good}


def judge(
    model: str,
    options: dict[str, Any],
    classifier: ActionClassifier,
    real: Sequence[Sample],
    *,
    answers: int = 8,
    seed: int = 0,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[Verdict]:
    """Return a verdict on the generator *model* for each action that *classifier* knows.

    *real* are the clips whose feet it is held against.
    """
    ours, theirs = (
        registries.generators.create(model, **options),
        registries.generators.create(RIVAL),
    )
    names = [row.name for row in ACTIONS if classifier.knows(row.name)]
    out = []
    for number, name in enumerate(names):
        mine, its = (_asked(maker, name, answers, seed) for maker in (ours, theirs))
        truth = [clip_contacts(s.motion)["skate"] for s in real if s.action == name]
        out.append(
            Verdict(
                name,
                answers,
                _recognised(classifier, name, mine),
                _recognised(classifier, name, its),
                _mean([clip_contacts(motion)["skate"] for motion in mine]),
                _mean(truth),
                sum(validator.check(motion).ok for motion in mine),
            )
        )
        progress(number + 1, len(names))
    return out


def _asked(maker: Any, name: str, answers: int, seed: int) -> list[Motion]:
    """Return what *maker* makes of beats of the action *name*."""
    beat = Beat((0,), name, seconds=SECONDS)
    return [
        maker.generate(beat, [ActorState()], np.random.default_rng([seed, i]))
        for i in range(answers)
    ]


def _recognised(classifier: ActionClassifier, name: str, motions: Sequence[Motion]) -> int:
    return sum(classifier.action(features.joints_of(motion)) == name for motion in motions)


def _mean(values: Sequence[float]) -> float:
    """Return the mean of what is known, 0 where no foot ever stands."""
    known = [value for value in values if np.isfinite(value)]
    return float(np.mean(known)) if known else 0.0
