"""Real clips as parts: which ones of a store can be used, what each shows, and its motion."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np

from stickgen.core import ops
from stickgen.core.actions import ACTIONS
from stickgen.core.errors import DataError, SourceError
from stickgen.core.storage import ClipStore
from stickgen.core.types import Motion
from stickgen.datasets.english import inflected
from stickgen.datasets.words import action_of

LONGEST: Final = 6.0
"""Seconds up to which a clip that does not go on and on can be a part; it is used whole."""

SHORTEST: Final = 1.0

_DOMINANT: Final = 0.7
"""Share of the frames that the action of a part must have."""

_SENTENCE: Final = re.compile(
    r"(?:an?|the|this)\s+(?:person|man|woman|figure|human|someone)\s+(?P<verb>[a-z]+s)\b(?P<rest>[^.;]*)\.?",
    re.IGNORECASE,
)
_NOT_SIMPLE: Final = frozenset(
    {"and", "then", "while", "as", "before", "after", "is", "are", "his", "her", "their", "its"}
    | {"he", "she", "it", "they", "who", "which", "that", "but", "or"}
)
"""Words after which a sentence no longer is one plain verb phrase about anybody."""
_OPENERS: Final = frozenset({
    "a", "about", "across", "again", "against", "ahead", "all", "along", "an", "around", "at",
    "away", "back", "backward", "backwards", "behind", "both", "by", "down", "each", "fast",
    "five", "for", "forward", "forwards", "four", "from", "full", "hard", "high", "in", "into",
    "left", "like", "low", "many", "near", "off", "on", "once", "one", "onto", "out", "over",
    "past", "right", "several", "sideways", "some", "somebody", "someone", "something", "still",
    "straight", "the", "three", "through", "to", "together", "toward", "towards", "twice", "two",
    "under", "up", "upright", "with", "without",
})  # fmt: skip
"""Words other than adverbs in -ly that a verb phrase may go on with."""


@dataclass(frozen=True, slots=True)
class Part:
    """A clip that can be a part: where it is, what it shows and whose it is.

    ``phrase`` is its own verb phrase in the base form, where its text is one plain sentence.
    """

    store: int
    clip_id: str
    action: str
    phrase: str | None
    n_frames: int
    fps: float
    source: str
    licence: str
    recording_id: str
    split: str | None

    @property
    def seconds(self) -> float:
        return self.n_frames / self.fps


class Parts:
    """The usable clips of the *stores*; motions are read when they are asked for.

    Raises `SourceError` for a folder that is not a store, or a shard that is damaged.
    """

    def __init__(self, stores: Sequence[Path], found: Sequence[Part] | None = None) -> None:
        self.stores = tuple(stores)
        self._open = [ClipStore(path) for path in stores]
        self.all: tuple[Part, ...] = tuple(_index(self._open)) if found is None else tuple(found)

    def __bool__(self) -> bool:
        return bool(self.all)

    @cached_property
    def by_action(self) -> Mapping[str, tuple[Part, ...]]:
        """The parts of each action."""
        table: dict[str, list[Part]] = {}
        for part in self.all:
            table.setdefault(part.action, []).append(part)
        return {name: tuple(parts) for name, parts in table.items()}

    def motion(self, part: Part, fps: float, start: int = 0, stop: int | None = None) -> Motion:
        """Return frames *start* to *stop* of a part, one 3-D actor, at *fps*.

        Raises `DataError` if it is flat or its actor leaves.
        """
        motion = self._open[part.store].clip(part.clip_id).motion
        if motion.depth is None or not motion.present.all():
            raise DataError(f"clip {part.clip_id!r} is flat or its actor leaves")
        return ops.canonical(ops.resample(ops.slice_frames(motion, start, stop), fps))


def _index(stores: Sequence[ClipStore]) -> list[Part]:
    found = []
    for number, store in enumerate(stores):
        store.clip_ids()  # opens every shard: a bad one is named here
        for shard in store.shards:
            for row in _rows(shard):
                part = _part(number, row)
                if part is not None:
                    found.append(part)
    return found


def _rows(shard: Path) -> list[dict[str, Any]]:
    """Return what the index needs of each clip in *shard*; the motions stay on the disk."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = ["clip_id", "texts", "source", "licence", "fps", "n_frames", "n_actors", "actions",
               "recording_id", "split"]  # fmt: skip
    try:
        rows: list[dict[str, Any]] = pq.read_table(shard, columns=columns).to_pylist()
    except (pa.ArrowException, OSError) as error:
        raise SourceError(shard, f"the shard cannot be read ({error})") from error
    return rows


def _part(store: int, row: dict[str, Any]) -> Part | None:
    """Return the part a row can be, None if it cannot: several actors, too short, or unclear."""
    actions = np.asarray(row["actions"], dtype=np.int64)
    if row["n_actors"] != 1 or not actions.size or not row["fps"] > 0:
        return None
    counts = np.bincount(actions, minlength=len(ACTIONS))
    main = int(counts.argmax())
    if main >= len(ACTIONS) or counts[main] < _DOMINANT * len(actions):
        return None
    facts = ACTIONS[main]
    seconds = row["n_frames"] / row["fps"]
    if facts.actors > 1 or seconds < SHORTEST or (seconds > LONGEST and not facts.loops):
        return None
    texts = [str(text) for text in row["texts"] or ()]
    phrase = next((p for text in texts if (p := plain_phrase(text)) is not None), None)
    if phrase is None:
        # The label must be the whole story: texts that name something else make it doubtful.
        if facts.name == "idle" or not texts or any(_named(text) - {facts.name} for text in texts):
            return None
    elif facts.name != "idle" and _named(phrase) - {facts.name}:
        return None
    return Part(
        store, row["clip_id"], facts.name, phrase, int(row["n_frames"]), float(row["fps"]),
        row["source"] or "", row["licence"] or "", row["recording_id"] or row["clip_id"],
        row["split"],
    )  # fmt: skip


def _named(text: str) -> frozenset[str]:
    """Return the actions that the parts of *text* name."""
    pieces = re.split(r"[,;/.]|\band\b|\bthen\b|\bwhile\b|-", text)
    return frozenset(name for piece in pieces if (name := action_of(piece)) is not None)


def plain_phrase(text: str) -> str | None:
    """Return the verb phrase of "A person walks slowly.": "walk slowly"; None for anything else.

    A text with a second verb, a pronoun or a clause is not one phrase and gives None.
    """
    match = _SENTENCE.fullmatch(text.strip())
    if match is None:
        return None
    verb, rest = match["verb"].lower(), " ".join(match["rest"].split())
    words = rest.lower().replace(",", " ,").split()
    if set(words) & _NOT_SIMPLE or "," in words or len(words) > 9:
        return None
    lemma = _lemma(verb)
    if lemma is None or (words and not _opens(words[0])):
        return None
    return f"{lemma} {rest}".strip()


def _lemma(verb: str) -> str | None:
    """Return the base form of a verb in the third person, None for "does" and what is none."""
    if verb in ("is", "has", "does"):
        return None
    if verb.endswith("ies") and len(verb) > 4:
        lemma = verb[:-3] + "y"
    elif verb.endswith(("shes", "ches", "sses", "xes", "zzes", "oes")):
        lemma = verb[:-2]
    else:
        lemma = verb[:-1]
    return lemma if len(lemma) > 1 and inflected(lemma, "third") == verb else None


def _opens(word: str) -> bool:
    """Return whether what follows a verb may begin with *word*: no bare noun, as in notes."""
    return word in _OPENERS or word.endswith("ly") or word.isdigit()
