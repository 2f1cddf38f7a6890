"""Common English nouns by what they mean: people, animals and things, after WordNet.

The planner's own lists come first, since they say more; these tell what else may act on stage and
what may not.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def listed(kind: str) -> frozenset[str]:
    """Return the nouns, in the singular and in lower case, of *kind*: person, animal or thing."""
    text = Path(__file__).with_name("nouns.txt").read_text(encoding="ascii")
    line = next(line for line in text.splitlines() if line.startswith(f"{kind}: "))
    return frozenset(line[len(kind) + 2 :].split())


def is_thing(word: str) -> bool:
    """Return whether *word*, singular or plural and in lower case, is the name of a thing."""
    things = listed("thing")
    return word in things or any(
        word.endswith(ending) and word[: -len(ending)] + stem in things
        for ending, stem in (("s", ""), ("es", ""), ("ies", "y"))
    )
