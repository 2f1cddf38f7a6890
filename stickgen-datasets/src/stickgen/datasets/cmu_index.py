"""What the CMU motion capture database says about a trial: ``cmu_index.csv`` or ``index.csv``.

The tables have the columns ``trial`` or ``id``, ``description`` or ``text``, ``subject_category``
and, where it is known, the true ``fps``. They are looked for beside a file and in the folders
above it.
"""

from __future__ import annotations

import csv
import math
import re
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Final

from stickgen.core.errors import SourceError
from stickgen.datasets.sentences import predicate, sentence

CMU_LICENCE: Final = "CMU: free for all uses, credit mocap.cs.cmu.edu (NSF EIA-0196217)"
_NAMES: Final = ("cmu_index.csv", "index.csv")
_LEVELS: Final = 4
"""Folders looked into, the file's own and those above it."""
_SAYS_NOTHING: Final = frozenset({"", "unknown", "clean", "motion", "start", "none"})
_LETTERS: Final = re.compile(r"\b[AB]\b|subject [AB]")
"""Two people, called by letters: their sentence is the description itself."""
_VERBS: Final = frozenset({
    "balance", "bend", "climb", "crawl", "crouch", "dance", "dive", "dodge", "duck", "fall", "hang",
    "hop", "jog", "jump", "kick", "kneel", "leap", "lie", "limp", "march", "punch", "roll", "run",
    "sit", "skip", "spin", "stand", "step", "stop", "stretch", "stumble", "swing", "throw", "turn",
    "twist", "veer", "walk", "wave",
})  # fmt: skip
"""Verbs that begin a description or follow another in it."""
_WAYS: Final = frozenset({"left", "right", "up", "down", "over", "forward", "backward", "around"})
_THINGS: Final = frozenset(
    {"jump kick", "kick flip", "jump twist", "spin kick", "kick flip stumble"}
)
_COUNTED: Final = frozenset({
    "cartwheel", "dribble", "flip", "hop", "jog", "jump", "kick", "kick flip", "leap", "march",
    "punch", "run", "shot", "signal", "slip", "spin", "step", "stop", "stretch", "stride",
    "stumble", "turn", "twist", "walk", "wave", "left", "right",
})  # fmt: skip
"""Things that are done once, which take an article."""
_GERUND_WITH_S: Final = re.compile(r"[aeiou].*ings$")
_SETTING: Final = re.compile(r"^[^,()]* - ")
"""What precedes the dash in "playground - climb, hang": where, not what."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What is known about a trial.

    ``texts`` are the sentence made of the description and the description as it stands, ``fps``
    is the true frame rate where the table gives one, ``origin`` the table's name.
    """

    texts: tuple[str, ...] = ()
    fps: float | None = None
    origin: str = "none"
    meta: dict[str, str] = field(default_factory=dict)


def describe(path: Path, trial: str, index: Path | None = None) -> Trial:
    """Return what a table says about *trial*, e.g. "02_01".

    Args:
        path: the motion file; tables beside it and above it are asked, the nearest first.
        trial: subject and number.
        index: a table to ask instead.

    Raises:
        SourceError: a table is there but cannot be read, or *index* is not there.
    """
    if index is not None and not index.is_file():
        raise SourceError(index, "there is no such table of CMU trials")
    fps: float | None = None
    for table in (index,) if index is not None else _tables(path):
        row = _rows(table, table.stat().st_mtime_ns).get(_key(trial))
        if row is None:
            continue
        fps = fps or _rate(table, row.get("fps", ""), trial)
        text = row.get("description") or row.get("text") or ""
        meta = {k: row[k] for k in ("subject_category", "skeleton", "header_fps") if row.get(k)}
        return Trial(texts_of(text), fps, table.name, meta)
    return Trial()


def texts_of(description: str) -> tuple[str, ...]:
    """Return the texts of a description: a sentence first, then the description as it stands.

    "playground - climb, hang, swing" is "A person climbs, hangs, then swings."; a description
    that says nothing gives none.
    """
    plain = " ".join(description.replace("CleanedGRS", "").replace("_", " ").split())
    if plain.lower() in _SAYS_NOTHING or not re.search(r"[A-Za-z]{2}", plain):
        return ()
    if _LETTERS.search(plain):
        return (plain,)
    told = re.sub(r"(?<=[a-z])(?=[A-Z0-9])", " ", plain)
    told = re.sub(r"\([^)]*\)", " ", _SETTING.sub("", told)).lower()
    told = re.sub(r"\b(\w+)/\w+", r"\1", told)
    parts = [step for part in re.split(r"[,;]|\band\b|\bthen\b", told) for step in _steps(part)]
    made = sentence(parts) if parts and all(_reads_well(part, len(parts)) for part in parts) else ""
    return tuple(dict.fromkeys(text for text in (made, plain) if text))


def _reads_well(step: str, count: int) -> bool:
    """Return whether a sentence can be made of *step*: it is done, or is a thing that is done."""
    said = predicate(step).split()
    if said[0] == "does":
        return step.startswith("a ") or step.removesuffix("s") in _COUNTED
    return not _GERUND_WITH_S.search(said[0]) and (said[0] != "is" or count == 1)


def _steps(phrase: str) -> list[str]:
    """Return the verb phrases in one: "run turn left" is "run" and "turn left".

    A phrase that begins with no verb is a thing that is done and gets its article.
    """
    words = re.sub(r"\b\d+$", "", phrase.strip()).split()
    if not words:
        return []
    if " ".join(words) in _THINGS or (
        words[0] not in _VERBS and predicate(" ".join(words)).startswith("does ")
    ):
        counted = words[-1] in _COUNTED and not words[0].endswith("ing")
        return [" ".join(["a", *words] if counted else words)]
    steps = [[words[0]]]
    for before, word in pairwise(words):
        measured = any(each.isdigit() for each in steps[-1])
        if word in _VERBS and before in _VERBS | _WAYS and not measured:
            steps.append([word])
        else:
            steps[-1].append(word)
    return [" ".join(step) for step in steps]


def _key(trial: str) -> str:
    """Return one spelling of "2_1", "02_01" and "002_01"."""
    return "_".join(part.lstrip("0") or "0" for part in trial.split("_"))


def _tables(path: Path) -> list[Path]:
    folders = list(path.absolute().parents)[:_LEVELS]
    tables = (folder / name for folder in folders for name in _NAMES)
    return [table for table in tables if table.is_file()]


@lru_cache(maxsize=8)
def _rows(table: Path, stamp: int) -> dict[str, dict[str, str]]:
    """Return the rows by trial; *stamp* makes a changed table be read again."""
    try:
        with table.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            rows = [
                {(k or "").strip().lower(): v.strip() for k, v in row.items() if isinstance(v, str)}
                for row in reader
            ]
    except OSError as error:
        raise SourceError(table, f"cannot be read ({error.strerror or error})") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise SourceError(table, f"is not a CSV table ({error})") from None
    return {_key(name): row for row in rows if (name := row.get("trial") or row.get("id"))}


def _rate(table: Path, value: str, trial: str) -> float | None:
    if not value:
        return None
    try:
        fps = float(value)
    except ValueError:
        fps = math.nan
    if not (math.isfinite(fps) and fps > 0):
        raise SourceError(
            table, f"fps must be a positive number, not {value!r}", place=f"row {trial!r}"
        )
    return fps
