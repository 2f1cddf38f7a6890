"""Named sets of colours for the actors, and colours given one by one."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Final

from stickgen.core.errors import UsageError
from stickgen.render.display import colour

PALETTES: Final[dict[str, tuple[str, ...]]] = {
    "house": (),
    "mono": ("#24242c", "#55555f", "#3b3b45", "#6b6b75"),
    "candy": ("#b3246b", "#6a35b8", "#1d6fa5", "#2a7d4f", "#b5501a"),
    "forest": ("#2f5d34", "#6b4a1f", "#28565a", "#7a5c12", "#45612a"),
    "ocean": ("#123f6b", "#0c6a78", "#2b4ea0", "#1a7a63", "#4b3f94"),
    "sunset": ("#a8321d", "#8a2a5c", "#b0530e", "#5b2f86", "#7a3b1a"),
    "colour-blind": ("#0072b2", "#a64b00", "#007a5a", "#a34a83", "#1b1b1b"),
}
"""Palettes by name; the style's own colours are called house. The colour-blind one follows Okabe
and Ito (2008), darkened until it stands off from a light ground."""


def palette_colours(wanted: str | None) -> tuple[str, ...]:
    """Return the colours of *wanted*: a name of `PALETTES`, or #rrggbb's with commas between.

    None, and the palette ``house``, give no colours: the style chooses. Raises `UsageError` for a
    name or a colour there is not.
    """
    if wanted is None:
        return ()
    text = wanted.strip()
    if text in PALETTES:
        return PALETTES[text]
    if not text.startswith("#"):
        near = get_close_matches(text, PALETTES, n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(PALETTES)}"
        raise UsageError(f"unknown palette {wanted!r}; {hint} or colours like #c2301d,#23648f")
    colours = tuple(each.strip() for each in text.split(",") if each.strip())
    for each in colours:
        try:
            colour(each)
        except ValueError as error:
            raise UsageError(f"palette: {error}") from None
    return colours
