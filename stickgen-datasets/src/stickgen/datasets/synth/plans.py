"""What a clip is to show: a plan, drawn at random from what the generator and the stores can give.

==========  ========================================================================================
kind        what it is
==========  ========================================================================================
single      one action, its speed, intensity, style, hand, direction or repetitions varied
sequence    two to four actions, one after the other
overlay     one action with the upper body on top of another
loop        an action that goes on and on; the end flows into the beginning
several     two or three actors, placed and facing: the same, different things, or one approaches
==========  ========================================================================================
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import numpy as np

from stickgen.core.actions import action
from stickgen.datasets.synth.acts import ACTS, Act, Posture
from stickgen.datasets.synth.parts import LONGEST, Part, Parts
from stickgen.datasets.synth.repertoire import Repertoire

Kind = Literal["single", "sequence", "overlay", "loop", "several"]
Arrangement = Literal["alone", "facing", "side by side", "single file", "circle", "approach",
                      "contact"]  # fmt: skip

KINDS: Final[dict[Kind, float]] = {
    "single": 0.30,
    "sequence": 0.26,
    "overlay": 0.24,
    "loop": 0.10,
    "several": 0.17,
}
"""How often each kind is drawn, where the action allows it."""

SLOW, FAST = (0.60, 0.75), (1.30, 1.55)
SOFT, STRONG = (0.45, 0.65), (1.35, 1.60)
"""Ranges of speed and intensity that are worth a word."""

_UPRIGHT: Final = frozenset({"walk", "run", "sprint", "march", "running_bases", "dribbling"})
"""Actions that can be done side by side or in single file over the ground."""


_ENDLESS_BUT: Final = frozenset({"idle", "climbing"})
"""Actions without an end that cannot be repeated: standing about, and what gets ever higher."""

_ELSEWHERE: Final = frozenset({"swimming", "flying", "climbing"})
"""Actions that nobody begins or ends in the middle of a room: they make no sequences."""

_SPREADING: Final = frozenset(
    {"fall", "lie_down", "pitching", "fielding", "kicking", "throwing", "batting", "dodge"}
)
"""Actions that need room in front or behind."""


@dataclass(frozen=True, slots=True)
class Step:
    """One action of one actor: by the generator, or, with a ``part``, frames of a real clip.

    ``over`` is a real clip, or with ``over_beat`` a performance of ``overlay`` by the generator,
    whose arms are laid on top. The other fields are those of `stickgen.core.types.Beat`.
    """

    action: str
    overlay: str | None = None
    seconds: float | None = None
    repetitions: int | None = None
    direction: str | None = None
    speed: float = 1.0
    intensity: float = 1.0
    style: str = "neutral"
    hand: str | None = None
    part: Part | None = None
    start: int = 0
    stop: int | None = None
    over: Part | None = None
    over_beat: bool = False

    @property
    def words(self) -> Act:
        return ACTS[self.action]

    @property
    def parts(self) -> tuple[Part, ...]:
        return tuple(part for part in (self.part, self.over) if part is not None)


@dataclass(frozen=True, slots=True)
class Track:
    """One actor: where it stands, (x, z) in metres, the way it faces in radians, and its steps."""

    steps: tuple[Step, ...]
    place: tuple[float, float] = (0.0, 0.0)
    heading: float = 0.0
    target: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a clip is to show. ``joint`` says that one beat is for all actors together."""

    kind: Kind
    action: str
    tracks: tuple[Track, ...]
    arrangement: Arrangement = "alone"
    joint: bool = False

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(step for track in self.tracks for step in track.steps)

    @property
    def parts(self) -> tuple[Part, ...]:
        """The real clips it is composed of, each once."""
        return tuple(dict.fromkeys(part for step in self.steps for part in step.parts))


@dataclass(frozen=True, slots=True)
class Means:
    """What a plan can be made of.

    ``real`` is the share of sequences, overlays, loops and groups that use real clips, where there
    are fitting ones; ``seconds`` is how long a clip may be.
    """

    can: Repertoire
    parts: Parts
    real: float = 0.5
    seconds: float = 10.0


def draw(
    rng: np.random.Generator, name: str, means: Means, often: Mapping[Kind, float] = KINDS
) -> Plan:
    """Return a plan in which the action *name* takes part; *often* says how often each kind is."""
    row, act = action(name), ACTS[name]
    if row.actors > 1:
        return _contact(rng, name)
    kinds: dict[Kind, bool] = {
        "single": True,
        "sequence": name not in _ELSEWHERE,
        "overlay": bool(_overlays(means)) and (name in _overlays(means) or bool(act.under)),
        "loop": row.loops and name not in _ENDLESS_BUT,
        "several": "standing" in act.needs,
    }
    weights = np.array(
        [often.get(kind, 0.0) * open_ for kind, open_ in zip(KINDS, kinds.values(), strict=True)]
    )
    if not weights.any():
        weights = np.array([float(kind == "single") for kind in KINDS])
    kind = list(KINDS)[int(rng.choice(len(KINDS), p=weights / weights.sum()))]
    real = bool(means.parts) and kind != "single" and rng.random() < means.real
    if kind == "sequence":
        return _sequence(rng, name, means, real)
    if kind == "overlay":
        return _overlay(rng, name, means, real)
    if kind == "loop":
        return _loop(rng, name, means, real)
    if kind == "several":
        return _several(rng, name, means, real)
    step = varied(rng, name, means.can)
    return Plan("single", name, (Track((step,)),))


# -- single actions ------------------------------------------------------------------------------


def varied(rng: np.random.Generator, name: str, can: Repertoire) -> Step:
    """Return a step of the action *name* with at most two of its features varied."""
    row, act = action(name), ACTS[name]
    step = Step(name)
    if row.loops or name in ("idle", "fight_stance", "sit", "kneel", "crouch", "lie_down"):
        least = max(2.0, 0.75 * row.seconds)
        step = replace(step, seconds=round(float(rng.uniform(least, least + 3.5)), 2))
    features = []
    if act.slow or act.fast:
        features.append("speed")
    if act.soft or act.strong:
        features.append("intensity")
    if act.limb:
        features.append("hand")
    if act.most:
        features.append("count")
    if act.ways:
        features.append("way")
    if name == "turn":
        features.append("count")
    if set(act.styles) & set(can.styles):
        features.append("style")
    rng.shuffle(features)
    number = int(rng.choice(3, p=[0.30, 0.45, 0.25]))
    for feature in features[:number]:
        step = _vary(rng, step, feature, act, can)
    return step


def _vary(rng: np.random.Generator, step: Step, feature: str, act: Act, can: Repertoire) -> Step:
    def between(bounds: tuple[float, float]) -> float:
        return round(float(rng.uniform(*bounds)), 2)

    if feature == "speed" and step.style == "neutral":
        slow = bool(act.slow) and (not act.fast or rng.random() < 0.5)
        return replace(step, speed=between(SLOW if slow else FAST))
    if feature == "intensity":
        soft = bool(act.soft) and (not act.strong or rng.random() < 0.5)
        return replace(step, intensity=between(SOFT if soft else STRONG))
    if feature == "hand":
        return replace(step, hand=str(rng.choice(["left", "right"])))
    if feature == "count":
        most = act.most or 2
        count = int(rng.integers(2 if step.action == "turn" else 1, most + 1))
        # A number decides how long it takes.
        return replace(step, repetitions=count, seconds=None)
    if feature == "way":
        return replace(step, direction=str(rng.choice(list(act.ways))))
    if feature == "style" and step.speed == 1.0:
        styles = [style for style in act.styles if style in can.styles]
        return replace(step, style=str(rng.choice(styles)))
    return step


# -- several actions -----------------------------------------------------------------------------


def _sequence(rng: np.random.Generator, name: str, means: Means, real: bool) -> Plan:
    """Two to four actions in a row, *name* among them, each possible where the last one ends."""
    count = int(rng.choice([2, 3, 4], p=[0.5, 0.35, 0.15]))
    for _ in range(20):
        names = _row_of_names(rng, name, means, count)
        if names is not None:
            break
    else:
        return Plan("single", name, (Track((varied(rng, name, means.can),)),))
    style = "neutral"
    shared = set(means.can.styles)
    for each in names:
        shared &= set(ACTS[each].styles)
    if shared and rng.random() < 0.3:
        style = str(rng.choice(sorted(shared)))
    steps = [_short(rng, each, means.can, style) for each in names]
    if real:
        steps = _with_parts(rng, steps, means.parts)
    while len(steps) > 2 and sum(map(_estimate, steps)) > means.seconds:
        if any(step.action == name for step in steps[:-1]):
            steps = steps[:-1]
        elif "standing" in steps[1].words.needs:
            steps = steps[1:]
        else:
            break
    if len(steps) < 2:
        return Plan("single", name, (Track((varied(rng, name, means.can),)),))
    return Plan("sequence", name, (Track(tuple(steps)),))


def _with_parts(rng: np.random.Generator, steps: list[Step], parts: Parts) -> list[Step]:
    """Return *steps* with some of them taken from real clips, or led in by a real clip."""
    open_ = [i for i, step in enumerate(steps) if step.action in parts.by_action]
    if not open_:
        names = [
            name
            for name, act in sorted(ACTS.items())
            if name in parts.by_action
            and name not in _ELSEWHERE
            and name != steps[0].action
            and "standing" in act.needs
            and act.leaves == "standing"
        ]
        first = _pick(rng, parts, str(rng.choice(names))) if names else None
        lead_in = first is not None and "standing" in steps[0].words.needs
        return [_window(rng, first, most=3.0), *steps] if first is not None and lead_in else steps
    out, split = list(steps), None
    for i in [i for i in open_ if rng.random() < 0.7] or open_[:1]:
        part = _pick(rng, parts, steps[i].action, split)
        if part is not None:
            split = part.split
            out[i] = _window(rng, part, most=3.5)
    return out


def _row_of_names(
    rng: np.random.Generator, name: str, means: Means, count: int
) -> list[str] | None:
    at = int(rng.integers(count))
    names: list[str] = []
    posture: Posture = "standing"
    for i in range(count):
        if i == at:
            choice = name
        else:
            open_ = [
                other
                for other in means.can.actions
                if action(other).actors == 1
                and posture in ACTS[other].needs
                and (not names or other != names[-1])
                and other not in _ELSEWHERE | {"idle"}
            ]
            if posture == "seated":
                open_ += [other for other in ("stand",) if other in open_] * 3
            if not open_:
                return None
            choice = str(rng.choice(open_))
        if posture not in ACTS[choice].needs or (names and choice == names[-1]):
            return None
        names.append(choice)
        if not (posture == "seated" and "seated" in ACTS[choice].needs and choice != "stand"):
            posture = ACTS[choice].leaves
    return names


def _short(rng: np.random.Generator, name: str, can: Repertoire, style: str) -> Step:
    """Return a step that leaves room for others."""
    row, act = action(name), ACTS[name]
    step = Step(name, style=style)
    if row.loops or name in ("sit", "kneel", "crouch", "lie_down"):
        least = 2.4 if name in ("sit", "kneel", "crouch", "lie_down") else 1.8
        step = replace(step, seconds=round(float(rng.uniform(least, least + 1.4)), 2))
    features = [f for f, has in (("way", act.ways), ("count", act.most > 1), ("hand", act.limb))
                if has]  # fmt: skip
    if features and rng.random() < 0.35:
        step = _vary(rng, step, str(rng.choice(features)), act, can)
    if step.repetitions is not None and step.repetitions > 2 and name != "turn":
        step = replace(step, repetitions=2)
    return step


def _estimate(step: Step) -> float:
    if step.part is not None:
        return ((step.stop or step.part.n_frames) - step.start) / step.part.fps
    natural = action(step.action).seconds * (step.repetitions or 1)
    return step.seconds if step.seconds is not None else natural


def _loop(rng: np.random.Generator, name: str, means: Means, real: bool) -> Plan:
    if real and (part := _pick(rng, means.parts, name)) is not None:
        step = _window(rng, part, most=LONGEST)
    else:
        step = Step(name, seconds=6.0)
    return Plan("loop", name, (Track((step,)),))


def _overlays(means: Means) -> list[str]:
    """Return what can be laid over something: by the generator, or as a layer of its own."""
    own = [name for name in means.can.actions if action(name).overlay]
    return [*means.can.overlays, *(name for name in own if name not in means.can.overlays)]


def _overlay(rng: np.random.Generator, name: str, means: Means, real: bool) -> Plan:
    tops = _overlays(means)
    bases = [base for base in means.can.actions if ACTS[base].under]
    if name in tops and (not ACTS[name].under or rng.random() < 0.5) and bases:
        base, top = str(rng.choice(bases)), name
    elif ACTS[name].under:
        base, top = name, str(rng.choice(tops))
    else:
        return Plan("single", name, (Track((varied(rng, name, means.can),)),))
    seconds = round(float(rng.uniform(3.5, 6.0)), 2)
    step = Step(base, top, seconds=seconds)
    if base == "walk" and rng.random() < 0.25:
        step = replace(step, direction=str(rng.choice(["forward", "backward"])))
    if top in means.can.overlays:
        step = replace(step, over_beat=False)
        if ACTS[top].limb == "hand" and rng.random() < 0.35:
            step = replace(step, hand=str(rng.choice(["left", "right"])))
    else:
        step = replace(step, over_beat=True)
    if real:
        below = _pick(rng, means.parts, base)
        above = _pick(rng, means.parts, top, below.split if below else None)
        if above is not None and (below is None or rng.random() < 0.6):
            step = replace(step, over=above, over_beat=False, hand=None)
        elif below is not None:
            # The arms of the generator over a real body: a layer, whatever the generator can do.
            step = replace(step, over_beat=top in means.can.actions, hand=None)
            if not step.over_beat:
                below = None
        if below is not None and (step.over is not None or step.over_beat):
            window = _window(rng, below, most=5.0)
            step = replace(step, part=below, start=window.start, stop=window.stop, direction=None)
    return Plan("overlay", name, (Track((step,)),))


# -- several actors ------------------------------------------------------------------------------


def _contact(rng: np.random.Generator, name: str) -> Plan:
    """Two who touch: the generator brings them together."""
    gap = round(float(rng.uniform(0.9, 1.4)), 2)
    step = Step(name)
    tracks = (
        Track((step,), target=(gap, 0.0)),
        Track((step,), place=(gap, 0.0), heading=np.pi, target=(0.0, 0.0)),
    )
    return Plan("several", name, tracks, "contact", joint=True)


def _several(rng: np.random.Generator, name: str, means: Means, real: bool) -> Plan:
    in_place = action(name).speed == 0.0
    meets = in_place or name == "walk"
    if "walk" in means.can.actions and meets and rng.random() < (0.4 if name == "walk" else 0.08):
        return _approach(rng, "idle" if name == "walk" else name)
    count = 2 if rng.random() < 0.65 else 3
    travels = name in _UPRIGHT
    if travels:
        arrangement: Arrangement = "side by side" if rng.random() < 0.6 else "single file"
    elif in_place and name not in _SPREADING:
        round_: Arrangement = "facing" if count == 2 else "circle"
        arrangement = round_ if rng.random() < 0.55 else "side by side"
    else:
        arrangement = "side by side"
    spots = _spots(rng, arrangement, count)
    step = replace(_short(rng, name, means.can, "neutral"), hand=None, direction=None)
    if travels or rng.random() < 0.4:
        tracks = tuple(Track((step,), *spot) for spot in spots)
        return Plan("several", name, tracks, arrangement, joint=count <= means.can.max_actors)
    others = [other for other in means.can.actions
              if other != name and action(other).actors == 1 and action(other).speed == 0
              and "standing" in ACTS[other].needs and other != "idle"]  # fmt: skip
    if arrangement in ("facing", "circle"):
        others = [other for other in others if other not in _SPREADING]
    if not others or not in_place:
        tracks = tuple(Track((step,), *spot) for spot in spots)
        return Plan("several", name, tracks, arrangement, joint=count <= means.can.max_actors)
    picked = [
        str(other) for other in rng.choice(others, size=count - 1, replace=len(others) < count)
    ]
    steps = [step, *(replace(_short(rng, other, means.can, "neutral"), hand=None, direction=None)
                     for other in picked)]  # fmt: skip
    if real:
        split: str | None = None
        for i, each in enumerate(steps):
            part = _pick(rng, means.parts, each.action, split)
            if part is not None and rng.random() < 0.7:
                split = part.split
                steps[i] = _window(rng, part, most=5.0)
    order = list(rng.permutation(count))
    tracks = tuple(Track((steps[i],), *spot) for i, spot in zip(order, spots, strict=True))
    return Plan("several", name, tracks, arrangement)


def _approach(rng: np.random.Generator, name: str) -> Plan:
    """One walks up to another, who does *name* meanwhile."""
    gap = round(float(rng.uniform(3.0, 4.5)), 2)
    walk = Step("walk", direction="toward", seconds=round(gap / 1.3 + 1.0, 2))
    waits = Step(name, seconds=walk.seconds)
    tracks = (
        Track((walk,), target=(gap, 0.0)),
        Track((waits,), place=(gap, 0.0), heading=np.pi, target=(0.0, 0.0)),
    )
    return Plan("several", name, tracks, "approach")


Spot = tuple[tuple[float, float], float, tuple[float, float] | None]


def _spots(rng: np.random.Generator, arrangement: Arrangement, count: int) -> list[Spot]:
    """Return place, heading and target of each actor; the first stands at 0 and faces +x."""
    gap = round(float(rng.uniform(1.9, 2.6)), 2)
    if arrangement == "facing":
        return [((0.0, 0.0), 0.0, (gap, 0.0)), ((gap, 0.0), float(np.pi), (0.0, 0.0))]
    if arrangement == "circle":
        centre = (gap * 0.65, 0.0)
        spots: list[Spot] = []
        for i in range(count):
            angle = np.pi + 2.0 * np.pi * i / count
            place = (
                centre[0] + centre[0] * float(np.cos(angle)),
                -centre[0] * float(np.sin(angle)),
            )
            facing = float(np.arctan2(np.sin(angle + np.pi), np.cos(angle + np.pi)))
            spots.append((place, facing, centre))
        return spots
    if arrangement == "single file":
        return [((-gap * i, 0.0), 0.0, None) for i in range(count)]
    return [((0.0, 0.75 * gap * i), 0.0, None) for i in range(count)]


# -- real clips ----------------------------------------------------------------------------------


def _pick(
    rng: np.random.Generator, parts: Parts, name: str, split: str | None = None
) -> Part | None:
    """Return a part that shows *name*, of the same *split* where one is given."""
    known: Sequence[Part] = parts.by_action.get(name, ())
    if split is not None:
        known = [part for part in known if part.split == split]
    return known[int(rng.integers(len(known)))] if known else None


def _window(rng: np.random.Generator, part: Part, most: float = 4.0) -> Step:
    """Return a step of a real clip: whole, or a stretch of what goes on and on."""
    facts: dict[str, Any] = {}
    if action(part.action).loops and part.seconds > most:
        length = int(rng.uniform(min(2.0, 0.6 * most), most) * part.fps)
        start = int(rng.integers(0, part.n_frames - length + 1))
        facts = {"start": start, "stop": start + length}
    return Step(part.action, part=part, **facts)
