"""What a generator can do: what it declares, and for the rest what it does when asked.

A generator may carry ``actions``, ``overlays`` and ``styles``, tuples of names. Whatever it does
not declare is found out by asking for it: a generator raises `UsageError` for what it cannot do,
and what it can do shows in the labels of its motion.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from stickgen.core.actions import ACTIONS, action
from stickgen.core.errors import PluginError, UsageError
from stickgen.core.protocols import Generator
from stickgen.core.types import ActorState, Beat, Motion
from stickgen.datasets.synth.acts import STYLE_WORDS

_SECONDS = 4.0
"""Length of a trial."""


@dataclass(frozen=True, slots=True)
class Repertoire:
    """Names of the actions, overlays and styles a generator can do, and its most actors at once."""

    actions: tuple[str, ...]
    overlays: tuple[str, ...]
    styles: tuple[str, ...]
    max_actors: int


def repertoire(generator: Generator) -> Repertoire:
    """Return what *generator* can do, in the order of the table.

    Raises `PluginError` if it can do nothing.
    """
    alone = [row.name for row in ACTIONS if row.actors <= generator.max_actors]
    actions = _declared(generator, "actions")
    if actions is None:
        actions = [name for name in alone if _shows(generator, name)]
    actions = [name for name in alone if name in actions]
    if not actions:
        raise PluginError(
            f"the generator {type(generator).__name__} performs no action of the table;"
            " choose another with --generator"
        )
    overlays = _declared(generator, "overlays")
    if overlays is None:
        base = next((name for name in ("walk", "idle", *actions) if name in actions), actions[0])
        overlays = [row.name for row in ACTIONS if row.overlay and _lays(generator, base, row.name)]
    styles = _declared(generator, "styles")
    if styles is None:
        styles = [style for style in STYLE_WORDS if _try(generator, actions[0], style=style)]
    return Repertoire(
        actions=tuple(actions),
        overlays=tuple(row.name for row in ACTIONS if row.name in overlays),
        styles=tuple(style for style in STYLE_WORDS if style in styles),
        max_actors=generator.max_actors,
    )


def _declared(generator: Generator, what: str) -> list[str] | None:
    names = getattr(generator, what, None)
    return None if names is None else [str(name) for name in names]


def _try(generator: Generator, name: str, **facts: Any) -> Motion | None:
    count = action(name).actors
    states = [ActorState((0.8 * i, 0.0), np.pi * i) for i in range(count)]
    beat = Beat(tuple(range(count)), name, seconds=_SECONDS, **facts)
    try:
        return generator.generate(beat, states, np.random.default_rng(0))
    except UsageError:
        return None


def _shows(generator: Generator, name: str) -> bool:
    motion = _try(generator, name)
    return motion is not None and bool((motion.actions == action(name).index).any())


def _lays(generator: Generator, base: str, name: str) -> bool:
    motion = _try(generator, base, overlay=name)
    return motion is not None and bool((motion.overlay == action(name).index).any())
