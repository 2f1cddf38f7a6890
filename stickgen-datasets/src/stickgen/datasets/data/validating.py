"""Is every clip of a store what it says it is?

A clip is checked by the core's validator (`stickgen.core.validator`), by the gates every converted
clip has passed (`stickgen.datasets.gates`; they ask about people who are there throughout), and for
what a data set needs to know about it: a licence, a source, a recording, texts that are not blank.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import numpy as np

from stickgen.core import ops, validator
from stickgen.core.protocols import Progress
from stickgen.core.storage import atomic_path
from stickgen.core.types import Clip
from stickgen.datasets.data.passing import Tally, opened, usable
from stickgen.datasets.data.quality import place
from stickgen.datasets.gates import Refused, check_motion
from stickgen.datasets.words import is_airborne


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that a clip breaks."""

    clip: str
    rule: str
    message: str


@dataclass(slots=True)
class Validation:
    """What a validation found: how many clips were read, how many are sound, and the findings."""

    clips: int = 0
    sound: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def rules(self) -> dict[str, int]:
        """How many clips break each rule, the most broken first."""
        pairs = {(finding.clip, finding.rule) for finding in self.findings}
        return dict(Counter(rule for _, rule in sorted(pairs)).most_common())


def validate(
    store: Path,
    *,
    report: Path | None = None,
    force: bool = False,
    progress: Progress | None = None,
) -> Validation:
    """Check every clip of *store*.

    Args:
        store: the store.
        report: a file that gets one JSON object a clip, a line each.
        force: replace the report that is there.
        progress: called with clips done and to do.
    """
    if report is None:
        return _validate(store, None, progress)
    with atomic_path(report, force) as temporary, temporary.open("w", encoding="utf-8") as file:
        return _validate(store, file, progress)


def _validate(store: Path, file: IO[str] | None, progress: Progress | None) -> Validation:
    result, tally = Validation(), Tally()
    seen: set[str] = set()
    for _, clip in usable([opened(store)], tally, progress):
        found = findings(clip, store)
        if clip.clip_id in seen:
            sentence = f"the name {clip.clip_id!r} is used by more than one clip"
            found.append(Finding(clip.clip_id, "name", sentence))
        seen.add(clip.clip_id)
        result.sound += not found
        result.findings += found
        _write(file, clip.clip_id, found)
    for each in tally.skipped:
        finding = Finding(each.clip, each.rule, each.reason)
        result.findings.append(finding)
        _write(file, each.clip, [finding])
    result.clips = tally.read
    return result


def findings(clip: Clip, store: Path) -> list[Finding]:
    """Return every rule that *clip* breaks."""
    motion, broken = clip.motion, []
    airborne = is_airborne(" ".join(clip.texts))
    report = validator.check(motion, off_ground=airborne, environment=place(clip))
    for issue in report.issues:
        broken.append((issue.rule, issue.message))
    everywhere = np.flatnonzero(motion.present.all(axis=0))
    if len(everywhere):
        height = float(np.median(ops.standing_height(motion)))
        try:
            check_motion(store, ops.select(motion, everywhere.tolist()), height, airborne)
        except Refused as error:
            broken.append((f"gate: {error.rule}", error.reason))
    if not motion.present.any():
        broken.append(("present", "nobody is ever there"))
    for name in ("source", "licence", "recording_id"):
        if not getattr(clip, name):
            broken.append((name, f"it has no {name}"))
    for text in clip.texts:
        if not text.strip() or text != text.strip() or "\n" in text:
            broken.append(("text", f"the text {text[:40]!r} is blank or not one trimmed line"))
            break
    return [Finding(clip.clip_id, rule, message) for rule, message in broken]


def _write(file: IO[str] | None, clip: str, found: list[Finding]) -> None:
    if file is not None:
        issues: list[dict[str, Any]] = [
            {"rule": each.rule, "message": each.message} for each in found
        ]
        document = {"clip": clip, "ok": not found, "issues": issues}
        file.write(json.dumps(document, ensure_ascii=False) + "\n")
