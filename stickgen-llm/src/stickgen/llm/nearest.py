"""The nearest known action for a verb that the action table does not have."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from stickgen.core.actions import ACTIONS
from stickgen.core.errors import StickgenError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stickgen.core.protocols import TextEncoder

THRESHOLD: Final = 0.6
"""Least cosine similarity that counts as a likeness.

Chosen for precision: of 60 verbs that the table lacks, ``static`` puts none on a wrong action
above it (the first wrong one, "shrug", is at 0.57).
"""


@lru_cache(maxsize=4)
def _known(name: str) -> tuple[TextEncoder, tuple[str, ...], NDArray[np.float32]] | None:
    from stickgen.core import registries

    try:
        encoder: TextEncoder = registries.text_encoders.create(name)
        pairs = [(verb, row.name) for row in ACTIONS for verb in row.verbs]
        vectors = encoder.encode([verb for verb, _ in pairs])
    except StickgenError:
        return None
    return encoder, tuple(action for _, action in pairs), vectors


def nearest_action(verb: str, encoder: str = "static") -> tuple[str, float] | None:
    """Return the action whose verbs are most like *verb*, and the cosine; None if none is near or
    no encoder of that name is installed.
    """
    known = _known(encoder)
    if known is None:
        return None
    model, actions, vectors = known
    scores = vectors @ model.encode([verb])[0]
    best = int(np.argmax(scores))
    if not scores[best] >= THRESHOLD:
        return None
    return actions[best], float(scores[best])
