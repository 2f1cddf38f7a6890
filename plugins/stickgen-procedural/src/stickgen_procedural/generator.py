"""The generator itself: a beat and the states of its actors in, a motion out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar, Final

import numpy as np

from stickgen.core.actions import action
from stickgen.core.errors import UsageError
from stickgen.core.types import ActorState, Beat, Motion
from stickgen_procedural import lying
from stickgen_procedural.performance import begin, carry, finish
from stickgen_procedural.person import person
from stickgen_procedural.repertoire import GESTURES, PERFORMED, natural_seconds, overlay
from stickgen_procedural.sitting import BACK, SEAT, SEATED
from stickgen_procedural.surroundings import lay_over, surroundings

SPEEDS: Final = (0.2, 3.0)
INTENSITIES: Final = (0.2, 2.0)
"""What a beat's speed and intensity are held to: beyond, nothing human is left."""


class ProceduralGenerator:
    """Performs beats by hand-made rules; see the protocol `stickgen.core.protocols.Generator`."""

    api_version: ClassVar[int] = 1
    max_actors: ClassVar[int] = 20
    actions: ClassVar[tuple[str, ...]] = tuple(PERFORMED)
    """Names of the actions it can perform."""
    seat_height: ClassVar[float] = SEAT - SEATED
    """Height of the seat an actor sits on, as a fraction of the actor's height."""
    seat_behind: ClassVar[float] = BACK
    """How far behind the feet its middle is, as a fraction of the actor's height."""

    def generate(
        self,
        beat: Beat,
        actors: Sequence[ActorState],
        rng: np.random.Generator,
        *,
        fps: float = 25.0,
    ) -> Motion:
        """Return the motion ``[T, A]`` of *beat*, in which each actor follows on from its state.

        Raises `UsageError` for an action outside `actions`, an overlay that cannot be laid over it,
        an unknown style, no actors or too many, or a number out of its range.
        """
        self._check(beat, actors, fps)
        beat = replace(
            beat,
            speed=float(np.clip(beat.speed, *SPEEDS)),
            intensity=float(np.clip(beat.intensity, *INTENSITIES)),
        )
        seconds = beat.seconds
        if seconds is None:
            seconds = max(natural_seconds(beat, state) for state in actors)
        joints, tracks, overlays = [], [], []
        for state in actors:
            own = np.random.default_rng(rng.integers(0, 2**63, size=4))
            someone = person(own, beat.style, surroundings(state).tempo)
            score = begin(beat, state, own, fps, seconds, someone)
            heights = [each.height for each in actors] if len(actors) == 2 else [state.height]
            score.shared, score.smaller = float(np.mean(heights)), min(heights)
            lying.notice(score)
            PERFORMED[beat.action](score)
            overlay(score)
            carry(score)
            lay_over(score)
            joints.append(finish(score))
            first = int(score.before is not None)
            tracks.append(score.actions[first:])
            overlays.append(score.overlay[first:])
        return Motion.from_joints(
            np.stack(joints, axis=1),
            fps=fps,
            actions=np.stack(tracks, axis=1),
            overlay=np.stack(overlays, axis=1),
        )

    def _check(self, beat: Beat, actors: Sequence[ActorState], fps: float) -> None:
        action(beat.action)
        if beat.action not in PERFORMED:
            raise UsageError(
                f"the procedural generator cannot perform {beat.action!r}; it knows"
                f" {', '.join(PERFORMED)}"
            )
        if beat.overlay is not None and beat.overlay not in GESTURES:
            raise UsageError(
                f"the procedural generator cannot lay {beat.overlay!r} over {beat.action!r}; it can"
                f" lay {', '.join(GESTURES)}"
            )
        if not actors:
            raise UsageError("a beat needs at least one actor")
        if len(actors) > self.max_actors:
            raise UsageError(
                f"{len(actors)} actors are too many; at most {self.max_actors} at once"
            )
        if not (np.isfinite(fps) and fps > 0):
            raise UsageError(f"a frame rate of {fps} is not positive")
        if beat.seconds is not None and not (np.isfinite(beat.seconds) and beat.seconds > 0):
            raise UsageError(f"a beat of {beat.seconds} seconds is not positive")
        if beat.repetitions is not None and beat.repetitions < 1:
            raise UsageError(f"a beat of {beat.repetitions} repetitions shows nothing")
        for name in ("speed", "intensity"):
            value = getattr(beat, name)
            if not (np.isfinite(value) and value >= 0):
                raise UsageError(f"a beat's {name} of {value} is not a number from 0 up")
