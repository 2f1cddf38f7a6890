"""From a plan to a motion: every step performed or fetched, joined, placed and put together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from stickgen.core import ops
from stickgen.core.actions import ACTIONS, action
from stickgen.core.errors import DataError
from stickgen.core.protocols import Generator
from stickgen.core.types import ActorState, Beat, Motion
from stickgen.datasets.synth.layering import fitted, layered, skeleton
from stickgen.datasets.synth.loops import looped
from stickgen.datasets.synth.parts import Parts
from stickgen.datasets.synth.plans import Plan, Step, Track

SEAM: Final = 0.35
"""Seconds in which a real clip takes over from what went before."""

LOOP_SECONDS: Final = (3.0, 6.0)


class Unfit(Exception):  # noqa: N818 - reads as what it is
    """A plan that cannot be carried out; ``rule`` names why, and it is drawn again."""

    def __init__(self, rule: str, cause: str) -> None:
        self.rule = rule
        super().__init__(cause)


@dataclass(frozen=True, eq=False)
class Performance:
    """The motion of a plan, and for each actor the frames (start, stop) of each of its steps."""

    motion: Motion
    spans: tuple[tuple[tuple[int, int], ...], ...]


def perform(
    plan: Plan, generator: Generator, parts: Parts, rng: np.random.Generator, fps: float
) -> Performance:
    """Return the motion of *plan* in the canonical view, at *fps*.

    Raises `Unfit` when a part is flat or shares no cycle, or what a generator returns is not what
    it was asked for.
    """
    if plan.joint:
        motion = _jointly(plan, generator, rng, fps)
        return Performance(ops.canonical(motion), (((0, motion.n_frames),),) * motion.n_actors)
    tracks, spans = [], []
    seconds = _common_seconds(plan)
    for track in plan.tracks:
        own, where = _solo(track, generator, parts, rng, fps, seconds)
        tracks.append(own)
        spans.append(where)
    if plan.kind == "loop":
        whole = looped(tracks[0], float(rng.uniform(*LOOP_SECONDS)))
        if whole is None:
            raise Unfit("loop", f"{plan.action} never comes back to the same pose")
        tracks, spans = [whole], [[(0, whole.n_frames)]]
    shortest = min(track.n_frames for track in tracks)
    if len(tracks) > 1:
        tracks = [ops.slice_frames(track, 0, shortest) for track in tracks]
        spans = [[(a, min(b, shortest)) for a, b in where] for where in spans]
    motion = ops.canonical(ops.together(tracks))
    return Performance(motion, tuple(tuple(where) for where in spans))


def beat(step: Step, actors: tuple[int, ...] = (0,), *, layer: bool = False) -> Beat:
    """Return what the generator is asked for; with *layer* the arms of the step alone."""
    return Beat(
        actors,
        step.overlay if layer and step.overlay else step.action,
        overlay=None if step.over is not None or step.over_beat else step.overlay,
        seconds=step.seconds,
        repetitions=step.repetitions,
        direction=None if layer else step.direction,
        speed=step.speed,
        intensity=step.intensity,
        style=step.style,
        hand=step.hand,
    )


def _jointly(plan: Plan, generator: Generator, rng: np.random.Generator, fps: float) -> Motion:
    states = [
        ActorState(position=track.place, heading=track.heading, target=track.target)
        for track in plan.tracks
    ]
    step = plan.tracks[0].steps[0]
    motion = generator.generate(beat(step, tuple(range(len(states)))), states, rng, fps=fps)
    if motion.n_actors != len(states):
        raise Unfit("actors", f"{motion.n_actors} actors came for {len(states)}")
    return motion


def _common_seconds(plan: Plan) -> float | None:
    """Return how long all actors of a group take, so that nobody is cut off in the middle."""
    if len(plan.tracks) < 2:
        return None
    real = [((s.stop or s.part.n_frames) - s.start) / s.part.fps for s in plan.steps if s.part]
    if real:
        return min(real)
    return max(
        step.seconds or action(step.action).seconds * (step.repetitions or 1) + 0.6
        for step in plan.steps
    )


def _solo(
    track: Track,
    generator: Generator,
    parts: Parts,
    rng: np.random.Generator,
    fps: float,
    seconds: float | None,
) -> tuple[Motion, list[tuple[int, int]]]:
    """Return what one actor does, and the frames of each step."""
    whole: Motion | None = None
    spans: list[tuple[int, int]] = []
    lengths = None
    if len(track.steps) > 1 and any(step.part is not None for step in track.steps):
        # One body for all: the generator's own, which cannot be chosen, else the first clip's.
        generated = next((step for step in track.steps if step.part is None), None)
        if generated is not None:
            trial = replace(beat(generated), seconds=1.0, repetitions=None)
            made = generator.generate(trial, [_state(track)], np.random.default_rng(0), fps=fps)
            lengths = skeleton(made)
    for step in track.steps:
        if seconds is not None and step.part is None:
            step = replace(step, seconds=seconds)
        if step.part is not None:
            piece = _fetched(step, parts, fps)
            if lengths is None and len(track.steps) > 1:
                lengths = skeleton(piece)
            if lengths is not None:
                piece = fitted(piece, lengths)
            if whole is None:
                piece = _placed(piece, track)
            blend = SEAM
        else:
            state = _state(track) if whole is None else _after(whole, track)
            piece = generator.generate(beat(step), [state], rng, fps=fps)
            blend = 0.0
        if step.overlay is not None and (step.over is not None or step.over_beat):
            piece = _with_arms(piece, step, generator, parts, rng, fps)
        start = 0 if whole is None else whole.n_frames
        if whole is None:
            whole = piece
        else:
            whole = ops.concat([whole, piece], blend=blend, follow=step.part is not None)
        spans.append((start, whole.n_frames))
    assert whole is not None
    return whole, spans


def _fetched(step: Step, parts: Parts, fps: float) -> Motion:
    assert step.part is not None
    try:
        return parts.motion(step.part, fps, step.start, step.stop)
    except DataError as error:
        raise Unfit("part", str(error)) from error


def _with_arms(
    piece: Motion,
    step: Step,
    generator: Generator,
    parts: Parts,
    rng: np.random.Generator,
    fps: float,
) -> Motion:
    if step.over is not None:
        arms = _fetched(replace(step, part=step.over, start=0, stop=None), parts, fps)
    else:
        performance = replace(beat(step, layer=True), seconds=piece.seconds)
        arms = generator.generate(performance, [ActorState()], rng, fps=fps)
    late = max(0, piece.n_frames - arms.n_frames)
    start = int(rng.integers(0, min(late, round(1.0 * fps)) + 1))
    return layered(piece, arms, start, step.overlay)


def _state(track: Track) -> ActorState:
    return ActorState(position=track.place, heading=track.heading, target=track.target)


def _after(motion: Motion, track: Track) -> ActorState:
    """Return the state of an actor at the end of *motion*."""
    name = ACTIONS[int(motion.actions[-1, 0])].name
    return replace(ops.left_in(motion, name), target=track.target)


def _placed(motion: Motion, track: Track) -> Motion:
    """Return a canonical *motion* moved to the place of *track* and turned to its heading."""
    turned = ops.yaw(motion, float(np.degrees(track.heading)))
    return ops.translate(turned, (track.place[0], 0.0, track.place[1]))
