"""What is in a store, in figures: gathered clip by clip, in memory that does not grow with it."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from stickgen.core import ops
from stickgen.core.actions import ACTIONS
from stickgen.core.protocols import Progress
from stickgen.core.types import Clip
from stickgen.datasets.data.charts import Histogram
from stickgen.datasets.data.passing import Tally, opened, rank, usable
from stickgen.datasets.data.quality import measure, quality
from stickgen.datasets.licences import parted
from stickgen.datasets.words import tokens

_BELOW_ONE: Final = 1.0 - 1e-9
"""A full score is counted in the last bin below 1."""
_STOP_WORDS: Final = """
    a an the and or of to in on at by for from with as is are was were be been being it its his her
    their he she they them him himself herself themselves then while who that this there into onto
    up down out off over some someone person man woman people one two figure stick i
    something other each another does do not
"""
STOP_WORDS: Final = frozenset(_STOP_WORDS.split())
"""Words that say little about a motion."""


@dataclass(slots=True)
class Totals:
    """Clips and seconds of a kind of clips."""

    clips: int = 0
    seconds: float = 0.0

    def add(self, seconds: float) -> None:
        self.clips += 1
        self.seconds += seconds


@dataclass(slots=True)
class Statistics:
    """The figures of a store. Seconds are clip time; *person* seconds count every actor there."""

    name: str
    clips: int = 0
    frames: int = 0
    seconds: float = 0.0
    person_seconds: float = 0.0
    with_depth: int = 0
    with_face: int = 0
    with_camera: int = 0
    captioned: int = 0
    captions: int = 0
    derived: int = 0
    durations: Histogram = field(default_factory=lambda: Histogram(0.25))
    speeds: Histogram = field(default_factory=lambda: Histogram(0.05))
    peaks: Histogram = field(default_factory=lambda: Histogram(0.25))
    caption_words: Histogram = field(default_factory=lambda: Histogram(1.0, 32, whole=True))
    scores: Histogram = field(default_factory=lambda: Histogram(1.0 / 200.0, 200))
    actions: Counter[str] = field(default_factory=Counter)
    overlays: Counter[str] = field(default_factory=Counter)
    actors: Counter[str] = field(default_factory=Counter)
    rates: Counter[str] = field(default_factory=Counter)
    splits: Counter[str] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)
    sources: dict[str, Totals] = field(default_factory=dict)
    licences: dict[str, Totals] = field(default_factory=dict)
    recordings: set[int] = field(default_factory=set)
    subjects: set[int] = field(default_factory=set)
    sentences: set[int] = field(default_factory=set)
    sample: list[Clip] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)

    def add(self, clip: Clip) -> None:
        """Count *clip*."""
        motion = clip.motion
        self.clips += 1
        self.frames += motion.n_frames
        self.seconds += motion.seconds
        self.person_seconds += float(motion.present.sum()) / motion.fps
        self.with_depth += motion.depth is not None
        self.with_face += motion.face is not None
        self.with_camera += clip.camera is not None
        self.derived += clip.parent_id is not None
        self.durations.add([motion.seconds])
        self._add_motion(clip)
        self._add_words(clip.texts)
        self.actors[str(motion.n_actors)] += 1
        self.rates[f"{motion.fps:g}"] += 1
        self.splits[clip.split or "none"] += 1
        self.sources.setdefault(clip.source or "unknown", Totals()).add(motion.seconds)
        for licence in parted(clip.licence) or ("unknown",):
            self.licences.setdefault(licence, Totals()).add(motion.seconds)
        self.recordings.add(rank(clip.source, clip.recording_id or clip.clip_id))
        if clip.subject:
            self.subjects.add(rank(clip.source, clip.subject))

    def _add_motion(self, clip: Clip) -> None:
        motion = clip.motion
        here = motion.present
        speed = ops.root_speed(motion)
        self.speeds.add([float(speed[:, a][here[:, a]].mean()) for a in _there(clip)])
        measures = measure(clip)
        self.peaks.add([measures.speed])
        self.scores.add([min(quality(measures).score, _BELOW_ONE)])
        for tracks, counts in ((motion.actions, self.actions), (motion.overlay, self.overlays)):
            values = tracks[here]
            rows = np.bincount(values[values >= 0], minlength=len(ACTIONS))
            for row in np.flatnonzero(rows):
                counts[ACTIONS[row].name] += float(rows[row]) / motion.fps  # type: ignore[assignment]

    def _add_words(self, texts: Sequence[str]) -> None:
        self.captioned += bool(texts)
        self.captions += len(texts)
        self.caption_words.add([float(len(text.split())) for text in texts])
        for text in texts:
            self.sentences.add(rank(text))
            self.words.update(word for word in tokens(text) if word not in STOP_WORDS)

    def document(self) -> dict[str, Any]:
        """Return the figures as JSON."""

        def spread(data: Histogram) -> dict[str, float]:
            known = {"mean": data.mean, "median": data.quantile(0.5), "p95": data.quantile(0.95)}
            known |= {"min": data.low, "max": data.high} if data.n else {}
            return {name: round(float(value), 4) for name, value in known.items()}

        def totals(each: dict[str, Totals]) -> dict[str, Any]:
            return {
                name: {"clips": total.clips, "seconds": round(total.seconds, 2)}
                for name, total in sorted(each.items())
            }

        return {
            "store": self.name,
            "clips": self.clips,
            "frames": self.frames,
            "seconds": round(self.seconds, 2),
            "person_seconds": round(self.person_seconds, 2),
            "recordings": len(self.recordings),
            "subjects": len(self.subjects),
            "with_depth": self.with_depth,
            "with_face": self.with_face,
            "with_camera": self.with_camera,
            "derived": self.derived,
            "captioned": self.captioned,
            "captions": self.captions,
            "different_captions": len(self.sentences),
            "vocabulary": len(self.words),
            "duration_seconds": spread(self.durations),
            "root_speed_m_per_s": spread(self.speeds),
            "peak_joint_speed_m_per_s": spread(self.peaks),
            "caption_words": spread(self.caption_words),
            "quality": spread(self.scores),
            "actors": dict(self.actors),
            "fps": dict(self.rates),
            "splits": dict(self.splits),
            "action_seconds": {name: round(s, 2) for name, s in self.actions.most_common()},
            "overlay_seconds": {name: round(s, 2) for name, s in self.overlays.most_common()},
            "sources": totals(self.sources),
            "licences": totals(self.licences),
            "words": dict(self.words.most_common(200)),
            "skipped": [
                {"clip": each.clip, "rule": each.rule, "reason": each.reason}
                for each in self.tally.skipped
            ],
        }


def gather(
    store: Path,
    *,
    sample: int = 24,
    seed: int = 0,
    strict: bool = False,
    progress: Progress | None = None,
) -> Statistics:
    """Return the figures of *store*, with *sample* clips drawn at random by *seed*."""
    result = Statistics(store.resolve().name, tally=Tally(strict))
    drawn: list[tuple[int, str, Clip]] = []
    for _, clip in usable([opened(store)], result.tally, progress):
        result.add(clip)
        entry = (-rank("sample", seed, clip.clip_id), clip.clip_id, clip)
        if len(drawn) < sample:
            heapq.heappush(drawn, entry)
        elif drawn and entry[:2] > drawn[0][:2]:
            heapq.heapreplace(drawn, entry)
    result.sample = [clip for _, _, clip in sorted(drawn, key=lambda each: -each[0])]
    return result


def _there(clip: Clip) -> list[int]:
    """Return the actors of *clip* that are ever there."""
    return np.flatnonzero(clip.motion.present.any(axis=0)).tolist()
