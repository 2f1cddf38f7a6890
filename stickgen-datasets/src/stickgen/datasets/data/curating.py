"""Two stores out of one: what is good enough to learn motion from, and the best of it.

=========  =====  ==============  ============  ==========  ==========================
store      score  artifact at     camera        validator   share of one main action
                  most            at least
=========  =====  ==============  ============  ==========  ==========================
pretrain   0.5    0.5             any           any         any
sft        0.8    0.35            0.6           no issue    0.3 (see `caps`)
=========  =====  ==============  ============  ==========  ==========================

Score, artifact and camera are those of `quality`; clips have 25 to 500 frames. What is in ``sft``
is in ``pretrain`` too. The main action of a clip is the one most of its frames have. Which clips
go where an action has too many is drawn by a hash of the seed and the clip's name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from stickgen.core import ops, validator
from stickgen.core.actions import ACTIONS
from stickgen.core.errors import UsageError
from stickgen.core.protocols import Progress
from stickgen.core.storage import ClipStore, ClipWriter
from stickgen.core.types import CameraTrack, Clip
from stickgen.datasets import contacts
from stickgen.datasets.data.augmenting import TIMED
from stickgen.datasets.data.caps import Cap, cap
from stickgen.datasets.data.charts import Histogram
from stickgen.datasets.data.passing import (
    Tally,
    new_store,
    opened,
    rank,
    refuse,
    usable,
    write_json,
)
from stickgen.datasets.data.quality import Quality, measure, place, quality
from stickgen.datasets.enhanced_meta import with_enhanced_meta
from stickgen.datasets.words import is_airborne


@dataclass(frozen=True, slots=True)
class Bar:
    """What a clip must reach."""

    score: float
    artifact: float
    camera: float = 0.0


@dataclass(frozen=True, slots=True)
class Criteria:
    """What is asked of a clip; the defaults are those of the table of the module."""

    pretrain: Bar = Bar(0.5, 0.5)
    sft: Bar = Bar(0.8, 0.35, 0.6)
    max_action_fraction: float = 0.3
    min_frames: int = 25
    max_frames: int = 500
    cut: bool = False
    """Cut longer clips into equal pieces instead of leaving them out."""

    def __post_init__(self) -> None:
        if self.sft.score < self.pretrain.score or self.sft.artifact > self.pretrain.artifact:
            raise UsageError(
                "the bar for sft is below the one for pretrain, expected a score of at least"
                f" {self.pretrain.score:g} and artifacts of at most {self.pretrain.artifact:g}"
            )
        if self.sft.camera < self.pretrain.camera:
            raise UsageError("the camera's bar for sft is below the one for pretrain")
        if not 1 <= self.min_frames <= self.max_frames:
            raise UsageError(f"clips of {self.min_frames} to {self.max_frames} frames do not exist")


@dataclass(slots=True)
class Curation:
    """What became of a curation: clips in each store, and why the others are in neither."""

    criteria: Criteria
    seed: int
    tally: Tally
    sft: int = 0
    cap: Cap = field(default_factory=lambda: Cap(1.0, 1.0, 0))
    refused: Counter[str] = field(default_factory=Counter)
    not_sft: Counter[str] = field(default_factory=Counter)
    actions: Counter[str] = field(default_factory=Counter)
    sft_actions: Counter[str] = field(default_factory=Counter)
    terms: dict[str, Histogram] = field(
        default_factory=lambda: {name: Histogram(1 / 64) for name in Quality.__dataclass_fields__}
    )

    def document(self) -> dict[str, Any]:
        """Return the figures as JSON."""
        return {
            "read": self.tally.read,
            "pretrain": self.tally.written,
            "sft": self.sft,
            "seed": self.seed,
            "max_action_fraction": {"asked": self.cap.asked, "used": self.cap.used},
            "refused": dict(self.refused.most_common()),
            "pretrain_only": dict(self.not_sft.most_common()),
            "pretrain_actions": dict(self.actions.most_common()),
            "sft_actions": dict(self.sft_actions.most_common()),
            "quality": {
                name: {
                    "mean": round(data.mean, 4),
                    "p05": round(data.quantile(0.05), 4),
                    "median": round(data.quantile(0.5), 4),
                    "p95": round(data.quantile(0.95), 4),
                }
                for name, data in self.terms.items()
            },
            "skipped": [
                {"clip": each.clip, "rule": each.rule, "reason": each.reason}
                for each in self.tally.skipped
            ],
        }


def curate(
    store: Path,
    out: Path,
    *,
    criteria: Criteria | None = None,
    seed: int = 0,
    force: bool = False,
    strict: bool = False,
    progress: Progress | None = None,
) -> Curation:
    """Write ``out/pretrain``, ``out/sft`` and ``out/stats.json`` from the clips of *store*.

    Every clip gets its quality into ``meta["quality"]`` and its `enhanced_meta`. A store for which
    no clip is good enough is not written, and one of an earlier run is then removed.

    Args:
        store: the store.
        out: folder of the two stores.
        criteria: what is asked of a clip.
        seed: chooses the clips of an action that stay.
        force: replace what is there.
        strict: stop at the first clip that cannot be read.
        progress: called with clips done and to do.

    Raises:
        DataError: no clip is good enough for pretraining.
    """
    criteria = criteria or Criteria()
    pretrain, best = out / "pretrain", out / "sft"
    refuse(pretrain, force)
    refuse(best, force)
    opened_store = opened(store)
    result = Curation(criteria, seed, Tally(strict))
    candidates: dict[str, str] = {}
    with new_store(pretrain, force) as writer:
        for _, whole in usable([opened_store], result.tally, progress):
            for clip in pieces(whole, criteria):
                action = _grade(result, clip, writer)
                if action is not None:
                    candidates[clip.clip_id] = action
    result.cap = cap(Counter(candidates.values()), criteria.max_action_fraction)
    _write_best(result, candidates, ClipStore(pretrain), best, force)
    write_json(result.document(), out / "stats.json", force=True)
    return result


def _grade(result: Curation, clip: Clip, writer: ClipWriter) -> str | None:
    """Write *clip* if it is good enough; return its main action if it may be one of the best."""
    criteria = result.criteria
    if not criteria.min_frames <= clip.motion.n_frames <= criteria.max_frames:
        result.refused["frames"] += 1
        return None
    airborne = is_airborne(" ".join(clip.texts))
    report = validator.check(clip.motion, off_ground=airborne, environment=place(clip))
    found = quality(measure(clip, report))
    for name, data in result.terms.items():
        data.add([getattr(found, name)])
    short = below(found, criteria.pretrain)
    if short is not None:
        result.refused[short] += 1
        return None
    graded = replace(clip, meta={**clip.meta, "quality": found.rounded()})
    before = result.tally.written
    result.tally.add(writer, with_enhanced_meta(graded))
    if result.tally.written == before:
        return None
    action = main_action(clip)
    result.actions[action] += 1
    short = below(found, criteria.sft) or (None if report.ok else "validator")
    if short is not None:
        result.not_sft[short] += 1
        return None
    return action


def pieces(clip: Clip, criteria: Criteria) -> Iterator[Clip]:
    """Yield *clip*, or where it is too long and is to be cut, its pieces.

    They are of equal length up to a frame, each in the canonical view (unless there is a camera,
    which would have to move along), and called ``NAME~1`` and so on. What the meta says of moments
    of the whole is left out, and the captions are those of the whole.
    """
    frames = clip.motion.n_frames
    if not criteria.cut or frames <= criteria.max_frames:
        yield clip
        return
    count = -(-frames // criteria.max_frames)
    edges = [frames * i // count for i in range(count + 1)]
    timed = (*TIMED, contacts.KEY)
    meta = {key: value for key, value in clip.meta.items() if key not in timed}
    for i in range(count):
        start, stop = edges[i], edges[i + 1]
        motion, track = ops.slice_frames(clip.motion, start, stop), clip.camera
        if track is None:
            motion = ops.canonical(motion)
        else:
            parts = (track.position, track.target, track.fov, track.roll)
            track = CameraTrack(*(part[start:stop] for part in parts))
        yield replace(
            clip,
            motion=motion,
            camera=track,
            clip_id=f"{clip.clip_id}~{i + 1}",
            parent_id=clip.clip_id,
            recording_id=clip.recording_id or clip.clip_id,
            meta={**meta, **_feet(clip, start, stop), "cut": [start, stop]},
        )


def _write_best(
    result: Curation, candidates: dict[str, str], pretrain: ClipStore, best: Path, force: bool
) -> None:
    """Write the clips of *candidates* (name to action) that the cap leaves to the store *best*."""
    chosen: set[str] = set()
    ranked = sorted(candidates, key=lambda clip_id: rank("curate", result.seed, clip_id))
    for clip_id in ranked:
        action = candidates[clip_id]
        if result.sft_actions[action] < result.cap.limit:
            result.sft_actions[action] += 1
            chosen.add(clip_id)
        else:
            result.not_sft["action cap"] += 1
    if not chosen:
        for shard in ClipStore(best).shards:
            shard.unlink()
        return
    with new_store(best, force) as writer:
        for clip in pretrain:
            if clip.clip_id in chosen:
                writer.add(clip.clip_id, [clip])
    result.sft = len(chosen)


def below(found: Quality, bar: Bar) -> str | None:
    """Return the first of score, artifact and camera in which *found* does not reach *bar*."""
    if found.score < bar.score:
        return "score"
    if found.artifact > bar.artifact:
        return "artifact"
    return "camera" if found.camera < bar.camera else None


def main_action(clip: Clip) -> str:
    """Return the name of the action that most frames of *clip* have, all actors together."""
    actions = clip.motion.actions[clip.motion.present]
    return ACTIONS[int(np.bincount(actions).argmax())].name if actions.size else ACTIONS[0].name


def _feet(clip: Clip, start: int, stop: int) -> dict[str, Any]:
    """Return the contacts of a piece of *clip*, where it has them."""
    if contacts.KEY not in clip.meta:
        return {}
    piece = contacts.from_meta(clip.meta, clip.motion)[start:stop]
    return {contacts.KEY: contacts.to_meta(piece)}
