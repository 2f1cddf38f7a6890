"""Several stores become one, with no source outweighing the others.

A first pass reads only names and sources, decides who stays, and who must be renamed; the second
copies. Which clips of a source stay is drawn by a hash of the seed and the clip's name: the same
clips whatever the order of the stores, and adding a store exchanges as few as possible.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from stickgen.core.errors import DataError
from stickgen.core.protocols import Progress
from stickgen.core.types import Clip
from stickgen.datasets.data.caps import Cap, cap
from stickgen.datasets.data.passing import (
    Tally,
    beside,
    new_store,
    opened,
    rank,
    refuse,
    usable,
    write_json,
)
from stickgen.datasets.enhanced_meta import with_enhanced_meta

DUPLICATES: Final = ("refuse", "prefix")
"""What to do with a clip name that two stores use."""


@dataclass(slots=True)
class Merged:
    """What became of a merge; ``sources`` has what was found and what was kept of each."""

    tally: Tally
    cap: Cap
    seed: int
    stores: list[str]
    renamed: int = 0
    found: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    frames: Counter[str] = field(default_factory=Counter)
    licences: Counter[str] = field(default_factory=Counter)

    def document(self) -> dict[str, Any]:
        """Return the statistics as JSON."""
        whole = max(self.tally.written, 1)
        return {
            "stores": self.stores,
            "clips": self.tally.written,
            "frames": self.tally.frames,
            "seed": self.seed,
            "max_source_fraction": {"asked": self.cap.asked, "used": self.cap.used},
            "renamed": self.renamed,
            "sources": {
                source: {
                    "found": count,
                    "kept": self.kept[source],
                    "share": round(self.kept[source] / whole, 4),
                    "frames": self.frames[source],
                }
                for source, count in sorted(self.found.items())
            },
            "licences": dict(sorted(self.licences.items())),
            "skipped": [
                {"clip": each.clip, "rule": each.rule, "reason": each.reason}
                for each in self.tally.skipped
            ],
        }


def merge(
    stores: Sequence[Path],
    out: Path,
    *,
    max_source_fraction: float = 0.3,
    seed: int = 0,
    duplicates: str = "refuse",
    force: bool = False,
    strict: bool = False,
    progress: Progress | None = None,
) -> Merged:
    """Merge *stores* into *out* and write ``<out>.stats.json`` beside it.

    Args:
        stores: the stores, in the order in which their clips are written.
        out: the new store; it may be one of *stores* with *force*.
        max_source_fraction: largest share of the clips one source may have; see `caps`.
        seed: chooses the clips that stay where a source has too many.
        duplicates: what to do with a clip name that is there already: ``refuse`` the merge, or
            ``prefix`` the later one with its store's name. The recording's name stays, so that
            pieces of one recording are still known as such.
        force: replace what is there.
        strict: stop at the first clip that cannot be read.
        progress: called with clips done and to do.

    Raises:
        DataError: two clips have the same name and *duplicates* is ``refuse``.
    """
    refuse(out, force)
    opened_stores = [opened(path) for path in stores]
    names = _store_names(stores)
    renamed: list[dict[str, str]] = []
    known: set[str] = set()
    found: Counter[str] = Counter()
    for store, prefix in zip(opened_stores, names, strict=True):
        again: dict[str, str] = {}
        for row in store.rows("clip_id", "source"):
            clip_id = str(row["clip_id"])
            if clip_id in known:
                if duplicates == "refuse":
                    raise DataError(
                        f"{store.path} has a clip {clip_id!r}, and so has a store before it;"
                        " give --duplicates prefix to rename the later one"
                    )
                again[clip_id] = clip_id = _free(f"{prefix}/{clip_id}", known)
            known.add(clip_id)
            found[str(row["source"] or "")] += 1
        renamed.append(again)

    limit = cap(found, max_source_fraction)
    last = _last_ranks(
        ((str(row["source"] or ""), _rank(seed, again.get(str(row["clip_id"]), row["clip_id"])))
         for store, again in zip(opened_stores, renamed, strict=True)
         for row in store.rows("clip_id", "source")),
        limit.limit,
        {source for source, count in found.items() if count > limit.limit},
    )  # fmt: skip
    merged = Merged(Tally(strict), limit, seed, list(map(str, stores)), found=found)
    with new_store(out, force) as writer:
        for index, clip in usable(opened_stores, merged.tally, progress):
            new = _renamed(clip, renamed[index])
            if clip.source in last and _rank(seed, new.clip_id) > last[clip.source]:
                continue
            before = merged.tally.written
            merged.tally.add(writer, with_enhanced_meta(new))
            if merged.tally.written > before:
                merged.renamed += new is not clip
                merged.kept[clip.source] += 1
                merged.frames[clip.source] += clip.motion.n_frames
                merged.licences[clip.licence or "unknown"] += 1
    write_json(merged.document(), beside(out, "stats.json"), force=True)
    return merged


def _rank(seed: int, clip_id: object) -> int:
    return rank("merge", seed, clip_id)


def _last_ranks(ranks: Any, keep: int, capped: set[str]) -> dict[str, int]:
    """Return for each *capped* source the largest of the *keep* smallest (source, rank)."""
    heaps: dict[str, list[int]] = {source: [] for source in capped}
    for source, value in ranks:
        heap = heaps.get(source)
        if heap is None:
            continue
        if len(heap) < keep:
            heapq.heappush(heap, -value)
        elif heap and -value > heap[0]:
            heapq.heapreplace(heap, -value)
    return {source: -heap[0] if heap else -1 for source, heap in heaps.items()}


def _store_names(stores: Sequence[Path]) -> list[str]:
    """Return a name for each store: its folder's, numbered where two are called the same."""
    names: list[str] = []
    for path in stores:
        names.append(_free(path.resolve().name or "store", set(names)))
    return names


def _free(name: str, taken: set[str]) -> str:
    number, free = 2, name
    while free in taken:
        free, number = f"{name}-{number}", number + 1
    return free


def _renamed(clip: Clip, names: dict[str, str]) -> Clip:
    """Return *clip* with its name, and its parent's, as *names* has them."""
    parent = clip.parent_id
    if clip.clip_id not in names and parent not in names:
        return clip
    return replace(
        clip,
        clip_id=names.get(clip.clip_id, clip.clip_id),
        parent_id=None if parent is None else names.get(parent, parent),
    )
