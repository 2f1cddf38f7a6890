"""Things in the distance: what stands on the horizon, hangs on a wall or floats in the sky.

They are pictures like props, in metres with the base at the origin, but made to be seen small and
behind: few parts, large shapes. A backdrop names them; the kinds of prop can stand there, too.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from stickgen.render import props
from stickgen.render.landmarks import feasts, nature, places, plants, rooms, town
from stickgen.render.outlines import Picture

_KINDS: Final = {
    **plants.KINDS,
    **nature.KINDS,
    **town.KINDS,
    **rooms.KINDS,
    **feasts.KINDS,
    **places.KINDS,
}

KINDS: Final = frozenset(_KINDS) | props.KINDS
"""The names of everything there is a picture for, the kinds of prop included."""


@cache
def landmark(kind: str) -> Picture:
    """Return how *kind*, one of `KINDS`, looks from afar."""
    return _KINDS[kind]() if kind in _KINDS else props.picture(kind)
