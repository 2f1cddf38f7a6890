"""Training, validation and test: what comes from one recording stays on one side.

Clips belong together when they share a recording (of one source), or when one was derived from the
other, as a mirror is; with ``by="subject"`` also when the same person moves. These relations are
followed to the end (connected components), so nothing that was recorded once is on two sides.

A group's side follows from a hash of the seed and the group's name alone: u = SHA-256 / 2^64 in
[0, 1), train below the first fraction, then validation, then test. Clips that come later do not
move those that are there. The price is that the fractions are met on average only: a store of few
recordings may be far from them, and then it is better to split by recording than by subject.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from stickgen.core.errors import UsageError
from stickgen.core.protocols import Progress
from stickgen.datasets.data.passing import Tally, new_store, opened, refuse, uniform, usable

SPLITS: Final = ("train", "val", "test")

BY: Final = ("recording", "subject")

_SAME: Final = {"training": "train", "validation": "val", "valid": "val", "dev": "val"}
"""Other names that data sets have for the three."""


@dataclass(slots=True)
class Split:
    """What became of a split: clips and groups on each side."""

    tally: Tally
    clips: Counter[str] = field(default_factory=Counter)
    groups: Counter[str] = field(default_factory=Counter)


def split(
    store: Path,
    out: Path,
    *,
    by: str = "recording",
    fractions: Sequence[float] = (0.8, 0.1, 0.1),
    seed: int = 0,
    keep: bool = False,
    force: bool = False,
    strict: bool = False,
    progress: Progress | None = None,
) -> Split:
    """Write the clips of *store* to *out*, each with its split.

    Args:
        store: the store.
        out: the new store; the same one with *force*.
        by: what stays together: ``recording``, or ``subject`` where that is known.
        fractions: shares of train, val and test; they sum to 1.
        seed: another seed is another split.
        keep: a group that a data set has assigned to a split stays there. Where its clips
            disagree it goes to the first of test, val, train that is among them.
        force: replace what is there.
        strict: stop at the first clip that cannot be read.
        progress: called with clips done and to do.

    Raises:
        UsageError: *fractions* are not three shares of 1.
    """
    if len(fractions) != 3 or min(fractions) < 0 or abs(sum(fractions) - 1.0) > 1e-6:
        shown = "/".join(f"{each:g}" for each in fractions)
        raise UsageError(f"the fractions are {shown}, expected three shares that sum to 1")
    refuse(out, force)
    opened_store = opened(store)
    columns = ("clip_id", "recording_id", "subject", "parent_id", "source", "split")
    sides = assign(opened_store.rows(*columns), by, fractions, seed, keep)
    result = Split(Tally(strict))
    with new_store(out, force) as writer:
        for _, clip in usable([opened_store], result.tally, progress):
            side = sides.of_clip[clip.clip_id]
            result.tally.add(writer, replace(clip, split=side))
            result.clips[side] += 1
    result.groups.update(sides.of_group.values())
    return result


@dataclass(frozen=True, slots=True)
class Sides:
    """The split of every clip, and of every group by its name."""

    of_clip: dict[str, str]
    of_group: dict[str, str]


def assign(
    rows: Iterable[dict[str, Any]],
    by: str = "recording",
    fractions: Sequence[float] = (0.8, 0.1, 0.1),
    seed: int = 0,
    keep: bool = False,
) -> Sides:
    """Return the split of every clip in *rows* (dicts with the columns of a store)."""
    if by not in BY:
        raise UsageError(f"clips are kept together by {' or '.join(BY)}, not by {by!r}")
    together = _Groups()
    clips: dict[str, str] = {}
    known: dict[str, str] = {}
    for row in rows:
        clip_id, source = str(row["clip_id"]), row["source"] or ""
        clip = f"clip:{clip_id}"
        recording = f"recording:{source}:{row['recording_id'] or clip_id}"
        clips[clip_id] = clip
        together.join(clip, recording)
        if row["parent_id"]:
            together.join(clip, f"clip:{row['parent_id']}")
        if by == "subject" and row["subject"]:
            together.join(recording, f"subject:{source}:{row['subject']}")
        if row["split"]:
            name = str(row["split"]).lower()
            known[clip] = _SAME.get(name, name)
    names = together.names()
    official: dict[str, str] = {}
    if keep:
        for clip, side in known.items():
            group = names[clip]
            if side in SPLITS and SPLITS.index(side) >= SPLITS.index(official.get(group, "train")):
                official[group] = side
    of_group = {
        group: official.get(group) or _side(uniform("split", seed, group), fractions)
        for group in sorted({names[clip] for clip in clips.values()})
    }
    return Sides({clip_id: of_group[names[clip]] for clip_id, clip in clips.items()}, of_group)


def _side(value: float, fractions: Sequence[float]) -> str:
    if value < fractions[0]:
        return "train"
    return "val" if value < fractions[0] + fractions[1] else "test"


class _Groups:
    """Things that belong together, joined in pairs (union by smaller name, path halving)."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def _root(self, thing: str) -> str:
        parent = self._parent
        parent.setdefault(thing, thing)
        while parent[thing] != thing:
            parent[thing] = thing = parent[parent[thing]]
        return thing

    def join(self, one: str, other: str) -> None:
        a, b = sorted((self._root(one), self._root(other)), key=_order)
        self._parent[b] = a

    def names(self) -> dict[str, str]:
        """Return for each thing the name of its group: its first subject, recording or clip."""
        return {thing: self._root(thing) for thing in self._parent}


def _order(thing: str) -> tuple[bool, bool, str]:
    """Return what puts subjects before recordings before clips, each by name."""
    return not thing.startswith("subject:"), thing.startswith("clip:"), thing
