"""``stickgen data``: stores are merged, checked, divided and described from the command line."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from stickgen.core.cli.main import main
from stickgen.core.storage import ClipStore
from stickgen.core.testing.figures import standing
from stickgen.core.types import Clip, Motion


def swaying(seed: int, frames: int = 60) -> Motion:
    """Return a figure that stands and sways a little, never the same twice."""
    time = np.arange(frames) / 25.0
    sway = 0.05 * np.sin(2.0 * np.pi * (0.3 + 0.01 * seed) * time)
    joints = np.repeat(standing()[None], frames, axis=0)
    joints[..., 0] += sway[:, None] * (joints[..., 1] > 0.2)
    return Motion.from_joints(joints)


def store(path: Path, source: str, clips: int, mirrors: bool = False) -> Path:
    with ClipStore(path).writer() as writer:
        for i in range(clips):
            one = Clip(
                swaying(i),
                f"{source}/{i:02d}",
                texts=(f"A person sways, take {i}.",),
                source=source,
                licence="CC0-1.0",
                recording_id=f"{source}/{i:02d}",
            )
            pair = [one]
            if mirrors:
                other = Clip(
                    swaying(i),
                    f"{source}/M{i:02d}",
                    texts=one.texts,
                    source=source,
                    licence=one.licence,
                    recording_id=one.recording_id,
                    parent_id=one.clip_id,
                )
                pair.append(other)
            writer.add(one.clip_id, pair)
    return path


def test_no_source_outweighs_the_others(tmp_path: Path) -> None:
    stores = [store(tmp_path / s, s, n) for s, n in (("a", 30), ("b", 5), ("c", 5), ("d", 5))]
    out = tmp_path / "all"
    assert main(["data", "merge", *map(str, stores), "-o", str(out), "-q"]) == 0
    counts = Counter(clip.source for clip in ClipStore(out))
    assert counts["a"] / counts.total() <= 0.3
    assert (counts["b"], counts["c"], counts["d"]) == (5, 5, 5)
    assert (tmp_path / "all.stats.json").stat().st_size > 0
    assert main(["data", "merge", *map(str, stores), "-o", str(out), "-q"]) == 6


def test_a_name_that_two_stores_use_is_not_taken_twice(tmp_path: Path, capsys) -> None:
    one, two = store(tmp_path / "one", "a", 3), store(tmp_path / "two", "a", 3)
    assert main(["data", "merge", str(one), str(two), "-o", str(tmp_path / "x"), "-q"]) != 0
    assert "a/00" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


def test_a_clip_and_its_mirror_are_never_divided(tmp_path: Path) -> None:
    whole = store(tmp_path / "whole", "a", 40, mirrors=True)
    assert main(["data", "split", str(whole), "-o", str(tmp_path / "split"), "-q"]) == 0
    splits: dict[str, set[str | None]] = {}
    for clip in ClipStore(tmp_path / "split"):
        splits.setdefault(clip.recording_id, set()).add(clip.split)
    assert len(splits) == 40
    assert all(len(each) == 1 for each in splits.values())
    assert {name for each in splits.values() for name in each} == {"train", "val", "test"}


def test_validate_names_the_clip_that_breaks_a_rule(tmp_path: Path, capsys) -> None:
    good = store(tmp_path / "good", "a", 2)
    assert main(["data", "validate", str(good), "--strict", "-q"]) == 0
    aloft = np.array([0.0, 5.0, 0.0])
    frozen = Motion.from_joints(np.repeat(standing()[None], 60, axis=0) + aloft)
    with ClipStore(tmp_path / "bad").writer() as writer:
        writer.add("b", [Clip(frozen, "b/aloft", texts=("A person stands.",), source="b")])
    capsys.readouterr()
    assert main(["data", "validate", str(tmp_path / "bad"), "--strict"]) == 4
    told = capsys.readouterr()
    assert "b/aloft" in told.out + told.err


def test_the_page_of_figures_counts_what_is_there(tmp_path: Path) -> None:
    source = store(tmp_path / "s", "a", 7)
    page = tmp_path / "s.html"
    assert main(["data", "stats", str(source), "-o", str(page), "--clips", "2", "-q"]) == 0
    text = page.read_text("utf-8")
    assert "<svg" in text
    assert "CC0-1.0" in text
    assert "http://" not in text.replace("http://www.w3.org", "")


@pytest.mark.parametrize("command", ["merge", "split", "validate", "stats"])
def test_a_store_that_is_not_there_is_one_sentence(command: str, tmp_path: Path, capsys) -> None:
    out = [] if command == "validate" else ["-o", str(tmp_path / "out.html")]
    assert main(["data", command, str(tmp_path / "nowhere"), *out]) in (2, 4)
    told = capsys.readouterr().err
    assert "nowhere" in told
    assert "Traceback" not in told
    assert json.dumps(sorted(path.name for path in tmp_path.iterdir())) == "[]"
