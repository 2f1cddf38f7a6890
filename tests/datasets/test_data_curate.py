"""Curation: who gets into which store, and why the others do not."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import sample_clips as samples

from stickgen.core import ops
from stickgen.core.errors import DataError, UsageError
from stickgen.core.storage import ClipStore
from stickgen.core.types import Motion
from stickgen.datasets.data.curating import Bar, Criteria, curate, main_action


def _store(tmp_path: Path) -> Path:
    shaken = samples.motion()
    rng = np.random.default_rng(1)
    shaken = Motion.from_joints(shaken.joints + rng.normal(0, 0.05, shaken.joints.shape))
    track = samples.camera(50)
    shaky = type(track)(
        track.position + rng.normal(0, 0.2, (50, 3)), track.target, track.fov, track.roll
    )
    clips = [samples.clip(f"walk{i}") for i in range(12)]
    clips += [samples.clip(f"wave{i}", motion=samples.motion(name="wave")) for i in range(3)]
    clips += [samples.clip(f"point{i}", motion=samples.motion(name="point")) for i in range(3)]
    clips += [samples.clip(f"kick{i}", motion=samples.motion(name="kick")) for i in range(3)]
    clips += [
        samples.clip("mute", []),
        samples.clip("filmed", camera=shaky),
        samples.clip("long", motion=samples.motion(1100)),
        samples.clip("short", motion=samples.motion(24)),
        samples.clip("shaken", motion=shaken),
    ]
    return samples.store(tmp_path / "all", clips)


def test_two_stores_and_their_figures(tmp_path: Path) -> None:
    result = curate(_store(tmp_path), tmp_path / "out")
    pretrain = {clip.clip_id: clip for clip in ClipStore(tmp_path / "out" / "pretrain")}
    best = {clip.clip_id: clip for clip in ClipStore(tmp_path / "out" / "sft")}
    assert set(best) < set(pretrain)
    assert {"mute", "filmed"} <= set(pretrain) - set(best)
    assert not {"long", "short", "shaken"} & set(pretrain)
    actions = Counter(main_action(clip) for clip in best.values())
    assert actions == {"walk": 3, "wave": 3, "point": 3, "kick": 3}
    for clip in pretrain.values():
        assert clip.meta["quality"]["score"] >= 0.5
        assert clip.meta["enhanced_meta"]["quality"]["physics_score"] > 0.9
    stats = json.loads((tmp_path / "out" / "stats.json").read_text())
    assert stats["read"] == 26
    assert stats["pretrain"] == len(pretrain) == result.tally.written == 23
    assert stats["sft"] == len(best) == 12
    assert stats["refused"]["frames"] == 2
    assert stats["pretrain_only"] == {"action cap": 9, "score": 1, "camera": 1}
    assert sum(stats["refused"].values()) + stats["pretrain"] == stats["read"]


def test_the_bars_are_those_that_are_given(tmp_path: Path) -> None:
    store = _store(tmp_path)
    loose = Criteria(Bar(0.0, 1.0), Bar(0.0, 1.0, 0.0), max_action_fraction=1.0, min_frames=1)
    result = curate(store, tmp_path / "out", criteria=loose)
    assert result.tally.written == 25
    strict = Criteria(Bar(1.0, 0.0), Bar(1.0, 0.0), min_frames=400, max_frames=401)
    with pytest.raises(DataError, match="nothing is left"):
        curate(store, tmp_path / "none", criteria=strict)
    assert not (tmp_path / "none" / "pretrain").exists()
    with pytest.raises(UsageError, match="below"):
        Criteria(Bar(0.9, 0.5), Bar(0.8, 0.5))


def test_long_clips_are_cut_when_asked(tmp_path: Path) -> None:
    long = samples.clip("long", motion=samples.motion(1100), meta={"labels": []})
    store = samples.store(tmp_path / "s", [long])
    curate(store, tmp_path / "out", criteria=Criteria(cut=True))
    parts = list(ClipStore(tmp_path / "out" / "pretrain"))
    assert [part.clip_id for part in parts] == ["long~1", "long~2", "long~3"]
    assert sum(part.motion.n_frames for part in parts) == 1100
    assert {part.parent_id for part in parts} == {"long"}
    for part in parts:
        start, stop = part.meta["cut"]
        whole = ops.canonical(ops.slice_frames(long.motion, start, stop))
        np.testing.assert_allclose(part.motion.frames, whole.frames, atol=1e-6)
        assert abs(part.motion.joints[0, 0, 0, 0]) < 1e-6
        assert "labels" not in part.meta
