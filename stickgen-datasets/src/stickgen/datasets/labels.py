"""What is done when: labelled stretches of time become an action, and one on top, per frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stickgen.core.actions import NO_OVERLAY, action

IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Span:
    """An *action* of the table, by name, done from *start* to *end* seconds of the recording."""

    action: str
    start: float
    end: float


def action_tracks(
    spans: Sequence[Span], times: NDArray[np.float64], default: str | None = None
) -> tuple[IntArray, IntArray]:
    """Return the main action and the one on top of it for each of *times* ``[T]``.

    Of actions done at the same time, one that can be done with the upper body on top of another
    becomes the overlay. Among those left the one with the shorter label is the main action: a kick
    within a fight is the kick.

    Args:
        spans: what is done when.
        times: seconds of the recording.
        default: name of the action where no label is; idle if None.
    """
    idle = action(default).index if default else 0
    main = np.full(len(times), idle, dtype=np.int64)
    overlay = np.full(len(times), NO_OVERLAY, dtype=np.int64)
    labelled = np.zeros(len(times), dtype=np.bool_)
    whole = [span for span in spans if not action(span.action).overlay]
    upper = [span for span in spans if action(span.action).overlay]
    for span in _longest_first(whole):
        here = (times >= span.start) & (times < span.end)
        main[here] = action(span.action).index
        labelled |= here
    for span in _longest_first(upper):
        here = (times >= span.start) & (times < span.end)
        index = action(span.action).index
        beneath = here & labelled & (main != index)
        overlay[beneath] = index
        alone = here & ~labelled
        main[alone] = index
        labelled |= alone
    return main, overlay


def _longest_first(spans: Sequence[Span]) -> list[Span]:
    return sorted(spans, key=lambda span: span.start - span.end)
