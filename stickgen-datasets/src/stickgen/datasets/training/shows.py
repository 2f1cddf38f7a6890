"""What each known recording shows, and how it is cut: the table ``shows.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any, Final

from stickgen.core.actions import action
from stickgen.core.errors import DataError, SourceError
from stickgen.datasets.training.cutting import CUTS, LONGEST

_FIELDS: Final = frozenset(
    {"of", "cut", "action", "overlay", "phrases", "style", "seat", "from", "to", "most", "lead"}
)
_FINDS: Final = frozenset({"gait", "jump", "sit"})
"""Cuts that find out by themselves what is done."""


@dataclass(frozen=True, slots=True)
class Show:
    """What some recordings show.

    ``of`` are patterns of clip names; ``action`` and ``phrases`` may be empty where the cut finds
    them out. ``begin`` and ``end`` are seconds of the recording, ``most`` the longest stretch;
    ``lead`` is the action of the frames that are not part of a flight of both feet.
    """

    of: tuple[str, ...]
    cut: str = "whole"
    action: str = ""
    overlay: str = ""
    phrases: tuple[str, ...] = ()
    style: str = ""
    seat: str = ""
    begin: float = 0.0
    end: float | None = None
    most: float = LONGEST
    lead: str = ""

    def shows(self, clip_id: str) -> bool:
        """Return whether it is about the clip called *clip_id*."""
        return any(fnmatchcase(clip_id, pattern) for pattern in self.of)


class Shows:
    """A table of shows: the one that comes with the package, or that of a TOML file.

    Raises `SourceError` for a file that cannot be read, `DataError` for an entry that is wrong.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path

    @cached_property
    def all(self) -> tuple[Show, ...]:
        """Every entry, in the order of the table."""
        try:
            if self.path is None:
                text = resources.files(__package__).joinpath("shows.toml").read_text("utf-8")
            else:
                text = self.path.read_text("utf-8")
            rows = tomllib.loads(text).get("show", [])
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise SourceError(self.path or "shows.toml", f"cannot be read ({error})") from error
        if not isinstance(rows, list) or not rows:
            raise SourceError(self.path or "shows.toml", "has no [[show]]")
        return tuple(self._show(number, row) for number, row in enumerate(rows, start=1))

    def of(self, clip_id: str) -> tuple[Show, ...]:
        """Return the entries about a clip, an empty tuple if it is left out."""
        return tuple(show for show in self.all if show.shows(clip_id))

    def _show(self, number: int, row: Any) -> Show:
        where = f"entry {number} of {self.path or 'shows.toml'}"
        if not isinstance(row, dict) or not row.get("of"):
            raise DataError(f'{where} names no clips; give of = ["pattern"]')
        if unknown := sorted(set(row) - _FIELDS):
            raise DataError(f"{where} has an unknown field {unknown[0]!r}")
        cut = row.get("cut", "whole")
        if cut not in CUTS:
            raise DataError(f"{where} has the cut {cut!r}, expected one of {', '.join(CUTS)}")
        for key in ("action", "overlay", "lead"):
            if row.get(key):
                action(row[key])
        if cut not in _FINDS and not (row.get("action") and row.get("phrases")):
            raise DataError(f"{where} needs an action and phrases, since {cut!r} finds neither")
        return Show(
            tuple(row["of"]), cut, row.get("action", ""), row.get("overlay", ""),
            tuple(row.get("phrases", ())), row.get("style", ""), row.get("seat", ""),
            float(row.get("from", 0.0)), row.get("to"), float(row.get("most", LONGEST)),
            row.get("lead", ""),
        )  # fmt: skip
