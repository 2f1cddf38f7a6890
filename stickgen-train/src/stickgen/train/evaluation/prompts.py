"""The battery: sentences a person might type, judged by what can be seen without knowing them.

A sentence asks for one action, or for two of which each gets half of the time. The classifier of
real motion (`stickgen.train.evaluation.classifier`, here learnt from every real clip: no sentence
of the battery is one) says what is seen. Speed, contact and jump height are held against the 10th
to 90th percentile of real clips of the same action.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core import schema, validator
from stickgen.core.actions import action
from stickgen.core.errors import SourceError, StickgenError
from stickgen.core.schema import J
from stickgen.core.types import Motion
from stickgen.train.evaluation import features
from stickgen.train.evaluation.classifier import STRIDE, WINDOW, ActionClassifier
from stickgen.train.evaluation.samples import Request, Sample
from stickgen.train.metrics.contacts import clip_contacts
from stickgen.train.metrics.kinematic import KinematicMetrics

Array = NDArray[np.float64]

TRAVEL: Final = ("walk", "run")
"""Actions whose speed is held against real clips."""


@dataclass(frozen=True)
class Prompt:
    """A sentence, the one or two actions it asks for, and how long it is to last."""

    text: str
    actions: tuple[str, ...]
    seconds: float

    def request(self) -> Request:
        """Return the request; of two actions each gets half of the frames."""
        frames = round(self.seconds * schema.FPS)
        bounds = np.linspace(0, frames, len(self.actions) + 1).round().astype(int)
        labels = np.zeros(frames, dtype=np.int64)
        for name, start, stop in zip(self.actions, bounds[:-1], bounds[1:], strict=True):
            labels[start:stop] = action(name).index
        return Request(self.text, labels, np.full(frames, -1, dtype=np.int64), self.text)


def read(path: Path) -> list[Prompt]:
    """Return the prompts in a YAML file: a list of ``{text, actions, seconds}``.

    Raises `SourceError` for a file that is none.
    """
    import yaml

    try:
        entries = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise SourceError(path, f"cannot be read as YAML ({reason})") from error
    if not isinstance(entries, list) or not entries:
        raise SourceError(path, "holds no list of prompts")
    prompts = []
    for i, entry in enumerate(entries):
        try:
            names = tuple(str(name) for name in entry["actions"])
            for name in names:
                action(name)
            prompt = Prompt(str(entry["text"]), names, float(entry["seconds"]))
            if not (1 <= len(names) <= 2 and 1.0 <= prompt.seconds <= 10.0):
                raise ValueError("one or two actions and 1 to 10 seconds are expected")
        except (KeyError, TypeError, ValueError, StickgenError) as error:
            raise SourceError(path, f"{error}", place=f"prompt {i + 1}") from error
        prompts.append(prompt)
    return prompts


@dataclass(frozen=True, eq=False)
class Battery:
    """What became of the prompts of one system, all seeds together.

    ``single`` and ``order`` are (recognised, of); ``by_action`` splits ``single``. ``within`` gives
    for each range check (inside, of), ``ranges`` the real bounds. ``single_real`` is the share of
    real recordings that are recognised, weighted by how often the prompts ask for the action.
    """

    name: str
    single: tuple[int, int]
    order: tuple[int, int]
    by_action: dict[str, tuple[int, int]]
    single_real: float
    within: dict[str, tuple[int, int]]
    ranges: dict[str, tuple[float, float]]
    skate_ratio: float
    bone_error: float
    valid: float
    misses: list[tuple[str, str]] = field(default_factory=list)
    """Sentences that were not recognised, and what was seen instead."""


def judge(
    name: str,
    prompts: Sequence[Prompt],
    answers: Sequence[Sequence[Motion]],
    classifier: ActionClassifier,
    real: Sequence[Sample],
    recognised: dict[str, tuple[int, int]],
) -> Battery:
    """Return what *classifier* and the *real* clips make of the answers of each seed.

    *recognised* tells of real recordings of each action how many are recognised, of how many.
    """
    single, order, by_action = [0, 0], [0, 0], dict[str, list[int]]()
    misses: list[tuple[str, str]] = []
    ranges = bounds(real)
    within: dict[str, list[int]] = {check: [0, 0] for check in ranges}
    skates: dict[str, list[float]] = {}
    bones, valid, fair = [], [], []
    kinematic = KinematicMetrics()
    for motions in answers:
        for prompt, motion in zip(prompts, motions, strict=True):
            joints = features.joints_of(motion)
            bones.append(kinematic.measure([motion]).get("bone_error_max", 0.0))
            valid.append(validator.check(motion).ok)
            if not all(classifier.knows(each) for each in prompt.actions):
                continue
            if len(prompt.actions) == 2:
                seen = halves(classifier, joints)
                order[0] += seen == prompt.actions
                order[1] += 1
                if seen != prompt.actions:
                    misses.append((prompt.text, " then ".join(seen)))
                continue
            (asked,) = prompt.actions
            found = classifier.action(joints)
            single[0] += found == asked
            single[1] += 1
            tally = by_action.setdefault(asked, [0, 0])
            tally[0] += found == asked
            tally[1] += 1
            if found != asked:
                misses.append((prompt.text, found))
            right, of = recognised.get(asked, (0, 0))
            fair.append(right / of if of else 1.0)
            contact = clip_contacts(motion)
            skates.setdefault(asked, []).append(contact["skate"])
            for check, value in checks(asked, motion, contact).items():
                if check in ranges:
                    low, high = ranges[check]
                    within[check][0] += low <= value <= high
                    within[check][1] += 1
    return Battery(
        name,
        (single[0], single[1]),
        (order[0], order[1]),
        {key: (t[0], t[1]) for key, t in sorted(by_action.items())},
        float(np.mean(fair)) if fair else float("nan"),
        {check: (t[0], t[1]) for check, t in within.items() if t[1]},
        ranges,
        _skate_ratio(skates, real),
        float(np.max(bones)),
        float(np.mean(valid)),
        misses,
    )


def halves(classifier: ActionClassifier, joints: Array) -> tuple[str, str]:
    """Return the likeliest pair of different actions in *joints* ``[T, 16, 3]``, in their order.

    Every cut between windows and every pair of actions the classifier knows is weighed; the pair
    with the highest total log-probability wins. That there are two is all it is told. Windows are
    a third of the clip, at most the classifier's own.
    """
    length = min(WINDOW, max(len(joints) // 3, features.SHORTEST + 4))
    step = max(STRIDE // 2, 1)
    starts = list(range(0, len(joints) - length + 1, step))
    logs = np.log(np.stack([classifier.windows(joints[s : s + length])[0] for s in starts]) + 1e-3)
    total = np.concatenate([np.zeros((1, logs.shape[1])), np.cumsum(logs, axis=0)])
    best, pair = -np.inf, (0, 1)
    # neither action may be left with less than a quarter of the clip
    least = max(1, len(starts) // 4)
    for cut in range(least, len(starts) - least + 1):
        before, after = total[cut], total[-1] - total[cut]
        both = before[:, None] + after[None]
        np.fill_diagonal(both, -np.inf)
        value = float(both.max())
        if value > best:
            first, second = np.unravel_index(int(both.argmax()), both.shape)
            best, pair = value, (int(first), int(second))
    return classifier.actions[pair[0]], classifier.actions[pair[1]]


def checks(asked: str, motion: Motion, contact: dict[str, float]) -> dict[str, float]:
    """Return what is held against real clips: speed, planted fraction, jump height."""
    joints = motion.joints[:, 0].astype(np.float64)
    root = joints[:, J["pelvis_center"]]
    out = {}
    if asked in TRAVEL:
        step = np.linalg.norm(np.diff(root[:, [0, 2]], axis=0), axis=-1) * motion.fps
        out[f"{asked} speed, m/s"] = float(step.mean())
        out[f"{asked} planted fraction"] = contact["planted_fraction"]
    if asked == "jump":
        ankles = joints[:, [J["l_ankle"], J["r_ankle"]], 1].min(axis=1)
        out["jump height, m"] = float(ankles.max() - ankles.min())
    return out


def bounds(real: Sequence[Sample]) -> dict[str, tuple[float, float]]:
    """Return the 10th and 90th percentile of each of `checks` over the *real* clips."""
    found: dict[str, list[float]] = {}
    for sample in real:
        if sample.action not in (*TRAVEL, "jump"):
            continue
        for check, value in checks(
            sample.action, sample.motion, clip_contacts(sample.motion)
        ).items():
            found.setdefault(check, []).append(value)
    return {
        check: (float(np.percentile(values, 10)), float(np.percentile(values, 90)))
        for check, values in sorted(found.items())
        if len(values) >= 5
    }


def _skate_ratio(skates: dict[str, list[float]], real: Sequence[Sample]) -> float:
    """Return the skate of the answers, every action weighing the same, over that of *real* clips.

    Not the mean of the actions' ratios: of real clips in which nobody steps it is next to nothing.
    """
    own: dict[str, list[float]] = {}
    for sample in real:
        if sample.action in skates:
            own.setdefault(sample.action, []).append(clip_contacts(sample.motion)["skate"])
    pairs = []
    for name, values in skates.items():
        truth = [v for v in own.get(name, []) if np.isfinite(v)]
        made = [v for v in values if np.isfinite(v)]
        if truth and made:
            pairs.append((float(np.mean(made)), float(np.mean(truth))))
    if not pairs:
        return float("nan")
    slid, real_slid = np.mean(pairs, axis=0)
    return float(slid / max(float(real_slid), 1e-9))


def words(battery: Battery) -> list[str]:
    """Return *battery* as lines for a person."""
    right, of = battery.single
    first, both = battery.order
    bar = 0.9 * battery.single_real
    share = right / of if of else float("nan")
    lines = [
        f"{battery.name}: single action {right}/{of} = {share:.0%} (real recordings of these"
        f" actions {battery.single_real:.0%}, 90 % of that is {bar:.0%}:"
        f" {'passed' if share >= bar else 'NOT passed'})",
        f"  both actions in order {first}/{both}"
        + (f" = {first / both:.0%} (70 % asked)" if both else ""),
    ]
    for check, (inside, total) in battery.within.items():
        low, high = battery.ranges[check]
        lines.append(f"  {check}: {inside}/{total} within the real {low:.2f} to {high:.2f}")
    lines.append(
        f"  planted feet slide {battery.skate_ratio:.2f} x as far as in real clips of the same"
        f" actions; bones differ by at most {battery.bone_error:.2%}; the safety critic passes"
        f" {battery.valid:.0%}"
    )
    return lines


def document(battery: Battery) -> dict[str, Any]:
    """Return *battery* as what JSON can hold."""
    from dataclasses import asdict

    return asdict(battery)
