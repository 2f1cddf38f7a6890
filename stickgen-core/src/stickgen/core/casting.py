"""`Casting`: several generators as one; each beat goes to the first that does it well.

A generator may declare ``actions``, ``overlays``, ``styles`` and ``environments`` (tuples of
names): what it can do; and ``good_at``: the actions it was found to do at least as well as the
generators that usually come after it. One that declares nothing of a kind takes anything of it. One
that takes its time may declare ``leads``: it then takes beats of so many actors, the first of the
story, and leaves those of others, and of all of them together, to the next.

The class of a generator may declare ``in_casting``: the settings it is created with where it
performs beside others and not alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np

from stickgen.core import ops
from stickgen.core.actions import action
from stickgen.core.errors import PluginError, UsageError
from stickgen.core.protocols import Generator
from stickgen.core.types import ActorState, Beat, Motion

SIGN = "+"
"""Stands between the names of generators that are to be tried in order: ``small+procedural``."""


class Casting:
    """Performs each beat with the first of *generators* that declares it can.

    What several actors do together goes to a generator that moves them together. Where nobody
    declares a beat, the last generator is asked and may refuse.
    """

    api_version: ClassVar[int] = 1
    max_actors: ClassVar[int] = 1
    """Of the generator that moves the most at once (of an instance, not of the class)."""

    def __init__(self, generators: Sequence[Generator], names: Sequence[str] = ()) -> None:
        """*names* are those of the *generators* in the registry, else those of the classes."""
        if not generators:
            raise PluginError("no generator to choose from")
        self.generators = tuple(generators)
        self.names = tuple(names) or tuple(type(each).__name__ for each in generators)
        self.performed: dict[str, list[str]] = {}
        """Who has performed which actions so far: of each generator that has, in their order."""
        most = max(int(each.max_actors) for each in self.generators)
        self.max_actors = most  # type: ignore[misc]
        last: Any = self.generators[-1]
        self.actions = tuple(
            dict.fromkeys(n for each in self.generators for n in getattr(each, "actions", ()))
        )
        for name in ("seat_height", "seat_behind"):
            if hasattr(last, name):
                setattr(self, name, getattr(last, name))

    def chosen(self, beat: Beat, actors: Sequence[ActorState]) -> Generator:
        """Return the generator that performs *beat*."""
        for each in self.generators:
            enough = len(actors) <= each.max_actors or action(beat.action).actors == 1
            if enough and declares(each, beat, actors):
                return each
        return self.generators[-1]

    def generate(
        self,
        beat: Beat,
        actors: Sequence[ActorState],
        rng: np.random.Generator,
        *,
        fps: float = 25.0,
    ) -> Motion:
        """Return the motion ``[T, A]`` of *beat* by the generator chosen for it.

        One that moves fewer at once performs for one after the other; one that turns out not to be
        able after all is passed over; the last one's `UsageError` is raised.
        """
        last = self.generators[-1]
        first = self.chosen(beat, actors)
        if first is not last:
            try:
                return self._noted(first, beat, _performed(first, beat, actors, rng, fps))
            except UsageError:
                pass
        return self._noted(last, beat, _performed(last, beat, actors, rng, fps))

    def _noted(self, generator: Generator, beat: Beat, motion: Motion) -> Motion:
        name = self.names[self.generators.index(generator)]
        actions = self.performed.setdefault(name, [])
        if beat.action not in actions:
            actions.append(beat.action)
        return motion


def _performed(
    generator: Generator, beat: Beat, actors: Sequence[ActorState], rng: np.random.Generator,
    fps: float,
) -> Motion:  # fmt: skip
    if len(actors) <= generator.max_actors:
        return generator.generate(beat, actors, rng, fps=fps)
    if beat.seconds is None:
        beat = replace(beat, seconds=action(beat.action).seconds)
    return ops.together([generator.generate(beat, [each], rng, fps=fps) for each in actors])


def declares(generator: Any, beat: Beat, actors: Sequence[ActorState]) -> bool:
    """Return whether *generator* declares that it does *beat* (well) for *actors*."""
    leads = getattr(generator, "leads", None)
    if leads is not None and any(actor >= leads for actor in beat.actors):
        return False
    wanted = (
        ("actions", {beat.action}),
        ("good_at", {beat.action}),
        ("overlays", {beat.overlay} - {None}),
        ("styles", {beat.style}),
        ("environments", {state.environment for state in actors}),
    )
    for name, values in wanted:
        declared = getattr(generator, name, None)
        if declared is not None and not values <= set(declared):
            return False
    return True


def filler(generator: Any, actions: set[str] | None = None) -> Any:
    """Return who of *generator* (a `Casting` or one alone) makes poses between given ones; see
    `stickgen.core.inbetween`.

    Of a casting it is the first that does so and is good at *actions* (None: at any), else the last
    generator, which then does not.
    """
    if not isinstance(generator, Casting):
        return generator
    for each in generator.generators:
        good: Any = getattr(each, "good_at", None)
        able = actions is None or good is None or actions <= set(good)
        if able and hasattr(each, "inbetween"):
            return each
    return generator.generators[-1]
