"""Merge, split and validate: what is in the stores afterwards."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import sample_clips as samples
from hypothesis import given
from hypothesis import strategies as st

from stickgen.core.errors import DataError, OutputError, SourceError, UsageError
from stickgen.core.storage import ClipStore
from stickgen.core.types import Motion
from stickgen.datasets.data.caps import cap
from stickgen.datasets.data.merging import merge
from stickgen.datasets.data.splitting import SPLITS, assign, split
from stickgen.datasets.data.validating import validate

# Caps.


@given(
    st.dictionaries(st.integers(0, 9), st.integers(1, 5000), min_size=1),
    st.floats(0.01, 1.0),
)
def test_a_cap_is_met_and_wastes_nothing(counts: dict[int, int], fraction: float) -> None:
    found = cap(counts, fraction)
    kept = {name: min(count, found.limit) for name, count in counts.items()}
    whole = sum(kept.values())
    assert whole >= len(counts)
    assert found.used == pytest.approx(max(fraction, 1 / len(counts)), abs=1e-4)
    assert max(kept.values()) <= found.used * whole * (1 + 1e-9)
    # One more for each group that has more would break the cap.
    more = {name: min(count, found.limit + 1) for name, count in counts.items()}
    if more != kept:
        assert max(more.values()) > found.used * sum(more.values()) * (1 - 1e-9) - 1e-9


def test_a_third_of_three_is_one() -> None:
    assert cap({"a": 1, "b": 1, "c": 1}, 1 / 3).limit == 1


# Merge.


def _sources(tmp_path: Path, counts: dict[str, int]) -> list[Path]:
    short = samples.motion(frames=25)
    return [
        samples.store(
            tmp_path / source,
            (samples.clip(f"{source}/{i}", source=source, motion=short) for i in range(count)),
        )
        for source, count in counts.items()
    ]


def test_merge_balances_sources(tmp_path: Path) -> None:
    stores = _sources(tmp_path, {"a": 40, "b": 10, "c": 6, "d": 4})
    merged = merge(stores, tmp_path / "all", max_source_fraction=0.4)
    kept = Counter(clip.source for clip in ClipStore(tmp_path / "all"))
    assert kept == {"a": 13, "b": 10, "c": 6, "d": 4}
    assert kept["a"] <= 0.4 * sum(kept.values())
    stats = json.loads((tmp_path / "all.stats.json").read_text())
    assert stats["clips"] == merged.tally.written == 33
    assert stats["sources"]["a"] == {"found": 40, "kept": 13, "share": 0.3939, "frames": 325}
    assert stats["licences"] == {"CC0-1.0": 33}


def test_merge_draws_by_the_seed_and_not_by_the_order(tmp_path: Path) -> None:
    stores = _sources(tmp_path, {"a": 40, "b": 5, "c": 5, "d": 5})
    merge(stores, tmp_path / "one", seed=1)
    merge(stores[::-1], tmp_path / "two", seed=1)
    merge(stores, tmp_path / "three", seed=2)
    one, two, three = (set(ClipStore(tmp_path / n).clip_ids()) for n in ("one", "two", "three"))
    assert one == two
    assert one != three


def test_merge_warns_of_a_cap_that_cannot_be(tmp_path: Path) -> None:
    merged = merge(_sources(tmp_path, {"a": 10, "b": 3}), tmp_path / "all")
    assert merged.cap.used == 0.5
    assert merged.kept == {"a": 3, "b": 3}


def test_merge_refuses_or_renames_duplicates(tmp_path: Path) -> None:
    one = samples.store(tmp_path / "one", [samples.clip("x", recording_id="r")])
    two = samples.store(
        tmp_path / "two",
        [samples.clip("x", ["Other"], recording_id="r"), samples.clip("y", parent_id="x")],
    )
    with pytest.raises(DataError, match="two has a clip 'x'"):
        merge([one, two], tmp_path / "all")
    assert not (tmp_path / "all").exists()
    merge([one, two], tmp_path / "all", duplicates="prefix", max_source_fraction=1.0)
    clips = {clip.clip_id: clip for clip in ClipStore(tmp_path / "all")}
    assert set(clips) == {"x", "two/x", "y"}
    assert clips["two/x"].texts == ("Other",)
    assert clips["two/x"].recording_id == clips["x"].recording_id == "r"
    assert clips["y"].parent_id == "two/x"


def test_merge_adds_the_descriptive_fields(tmp_path: Path) -> None:
    merge(_sources(tmp_path, {"a": 1}), tmp_path / "all")
    (clip,) = ClipStore(tmp_path / "all")
    assert clip.meta["enhanced_meta"]["temporal"]["original_num_frames"] == 25


def test_bad_clips_are_left_out_and_listed(tmp_path: Path) -> None:
    (store,) = _sources(tmp_path, {"a": 5})
    samples.damage(store, "a/2")
    merged = merge([store], tmp_path / "all")
    assert ClipStore(tmp_path / "all").clip_ids() == ("a/0", "a/1", "a/3", "a/4")
    (skipped,) = merged.tally.skipped
    assert "a/2" in skipped.clip
    assert "motion has" in skipped.reason
    with pytest.raises(DataError, match="a/2"):
        merge([store], tmp_path / "strict", strict=True)
    assert not (tmp_path / "strict").exists()
    assert not list(tmp_path.glob(".strict*"))


def test_a_damaged_shard_does_not_hide_the_others(tmp_path: Path) -> None:
    clips = [samples.clip(f"c{i}", motion=samples.motion(25)) for i in range(6)]
    store = samples.store(tmp_path / "s", clips, shard_clips=2)
    shard = ClipStore(store).shards[1]
    shard.write_bytes(shard.read_bytes()[:100])
    found = list(ClipStore(store).scan())
    assert [type(each).__name__ for each in found] == ["Clip"] * 2 + ["SourceError"] + ["Clip"] * 2
    assert [row["clip_id"] for row in ClipStore(store).rows("clip_id")] == ["c0", "c1", "c4", "c5"]


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (store,) = _sources(tmp_path, {"a": 3})
    merge([store], tmp_path / "all")
    with pytest.raises(OutputError, match="--force"):
        merge([store], tmp_path / "all")
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "diary.txt").write_text("mine")
    with pytest.raises(OutputError, match="other things"):
        split(store, notes, force=True)
    assert (notes / "diary.txt").read_text() == "mine"
    split(store, store, force=True)
    assert all(clip.split in SPLITS for clip in ClipStore(store))
    with pytest.raises(SourceError, match="no such store"):
        merge([tmp_path / "nowhere"], tmp_path / "x")


# Split.

IDS = st.sampled_from("abcdefgh")
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "clip_id": st.integers(0, 40).map(str),
            "recording_id": IDS,
            "subject": st.sampled_from(["", "s1", "s2", "s3"]),
            "parent_id": st.one_of(st.none(), st.integers(0, 40).map(str)),
            "source": st.sampled_from(["x", "y"]),
            "split": st.none(),
        }
    ),
    unique_by=lambda row: row["clip_id"],
)


@given(ROWS, st.sampled_from(["recording", "subject"]), st.integers(0, 5))
def test_what_belongs_together_stays_together(rows: list[dict], by: str, seed: int) -> None:
    sides = assign(rows, by, seed=seed).of_clip
    assert set(sides) == {row["clip_id"] for row in rows}
    for row in rows:
        side = sides[row["clip_id"]]
        if row["parent_id"] in sides:
            assert sides[row["parent_id"]] == side
        for other in rows:
            if other["source"] != row["source"]:
                continue
            if other["recording_id"] == row["recording_id"]:
                assert sides[other["clip_id"]] == side
            if by == "subject" and row["subject"] and other["subject"] == row["subject"]:
                assert sides[other["clip_id"]] == side


@given(ROWS, st.randoms())
def test_the_order_of_clips_does_not_matter(rows: list[dict], random) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert assign(rows).of_clip == assign(shuffled).of_clip


def _rows(count: int) -> list[dict]:
    empty = {"subject": "", "parent_id": None, "source": "x", "split": None}
    return [{"clip_id": f"c{i}", "recording_id": f"r{i}", **empty} for i in range(count)]


def test_fractions_are_met_on_average() -> None:
    sides = Counter(assign(_rows(5000)).of_clip.values())
    assert sides["train"] == pytest.approx(4000, abs=120)
    assert sides["val"] == pytest.approx(500, abs=90)


def test_later_clips_do_not_move_earlier_ones() -> None:
    few, many = assign(_rows(50)).of_clip, assign(_rows(80)).of_clip
    assert all(many[clip] == side for clip, side in few.items())


def test_a_published_split_can_be_kept() -> None:
    rows = _rows(40)
    for row in rows[:20]:
        row["split"] = "test"
    rows[20]["split"] = "validation"
    kept = assign(rows, keep=True).of_clip
    assert {kept[f"c{i}"] for i in range(20)} == {"test"}
    assert kept["c20"] == "val"
    assert "train" in {kept[f"c{i}"] for i in range(21, 40)}


@pytest.mark.parametrize("fractions", [(0.8, 0.1), (0.8, 0.1, 0.2), (1.1, -0.1, 0.0)])
def test_fractions_must_be_shares(tmp_path: Path, fractions: tuple[float, ...]) -> None:
    with pytest.raises(UsageError, match="sum to 1"):
        split(tmp_path, tmp_path / "out", fractions=fractions)


# Validate.


def test_validate_names_rule_and_clip(tmp_path: Path) -> None:
    good = samples.clip("good")
    still = np.repeat(good.motion.joints[:1], 50, axis=0)
    store = samples.store(
        tmp_path / "s",
        [
            good,
            samples.clip("frozen", motion=Motion.from_joints(still)),
            samples.clip("short", motion=samples.motion(20)),
            samples.clip("nameless", [" "], licence=""),
            samples.clip("broken"),
        ],
    )
    samples.damage(store, "broken")
    report = tmp_path / "report.jsonl"
    found = validate(store, report=report)
    assert (found.clips, found.sound) == (5, 1)
    rules = {(finding.clip.split("'")[-2] if "'" in finding.clip else finding.clip, finding.rule)
             for finding in found.findings}  # fmt: skip
    assert rules == {
        ("frozen", "frozen"), ("short", "gate: length"), ("nameless", "licence"),
        ("nameless", "text"), ("broken", "readable"),
    }  # fmt: skip
    lines = [json.loads(line) for line in report.read_text().splitlines()]
    assert len(lines) == 5
    assert sum(line["ok"] for line in lines) == 1
    with pytest.raises(OutputError, match="--force"):
        validate(store, report=report)
