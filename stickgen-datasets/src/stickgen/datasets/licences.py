"""Licences that hold together: "MIT AND (CMU: free for all uses)" and its parts."""

from __future__ import annotations

from collections.abc import Iterable

_AND = " AND "


def joined(licences: Iterable[str]) -> str:
    """Return the expression under which what is made of several works is: each part once."""
    parts = dict.fromkeys(part for each in licences for part in parted(each))
    if len(parts) < 2:
        return "".join(parts)
    return _AND.join(f"({part})" if " " in part else part for part in parts)


def parted(licence: str) -> tuple[str, ...]:
    """Return the licences of an expression, without the brackets around each.

    Only AND between them is understood; anything else in brackets stays together.
    """
    parts, depth, start = [], 0, 0
    for i, letter in enumerate(licence):
        depth += (letter == "(") - (letter == ")")
        if depth == 0 and licence.startswith(_AND, i):
            parts.append(licence[start:i])
            start = i + len(_AND)
    parts.append(licence[start:])
    found: dict[str, None] = {}
    for part in map(str.strip, parts):
        inner = _bare(part)
        for each in (parted(inner) if inner != part else (part,)) if part else ():
            found.setdefault(each)
    return tuple(found)


def _bare(part: str) -> str:
    """Return *part* without a pair of brackets around all of it."""
    if not (part.startswith("(") and part.endswith(")")):
        return part
    depth = 0
    for i, letter in enumerate(part):
        depth += (letter == "(") - (letter == ")")
        if depth == 0 and i < len(part) - 1:
            return part
    return part[1:-1].strip()
