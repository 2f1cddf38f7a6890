"""``stickgen data training``: what gets in, on which body, how it is cut, and how it is told."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from bvh_text import ARMS_DOWN, bvh_text
from click.testing import CliRunner

from stickgen.core import kinematics, validator
from stickgen.core.actions import ACTIONS, action
from stickgen.core.errors import SourceError, StickgenError
from stickgen.core.registries import generators
from stickgen.core.storage import ClipStore
from stickgen.core.types import Clip
from stickgen.datasets import contacts
from stickgen.datasets.synth.layering import skeleton
from stickgen.datasets.training import cutting
from stickgen.datasets.training.command import training
from stickgen.datasets.training.dividing import divided
from stickgen.datasets.training.making import make
from stickgen.datasets.training.permitted import PERMITTED
from stickgen.datasets.training.shows import Shows
from stickgen.datasets.training.telling import told

pytestmark = pytest.mark.skipif(
    "procedural" not in generators, reason="stickgen-procedural is not installed"
)
FORBIDDEN = ("bandai", "amass", "humanml3d", "kitml", "babel", "ntu", "interhuman", "aist", "beat")


def swinging(frames: int = 75) -> str:
    """Return a BVH file of somebody who stands and swings both arms."""

    def angles(frame: int):
        swing = 60.0 * np.sin(2 * np.pi * frame / 25.0)
        return {**ARMS_DOWN, "LeftArm": (-85.0, 0.0, swing), "RightArm": (85.0, 0.0, swing)}

    return bvh_text(frames=frames, angles=angles)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("data")
    (root / "cmu_bvh").mkdir()
    for i in range(1, 9):
        (root / "cmu_bvh" / f"60_{i:02d}.bvh").write_text(swinging())
    (root / "cmu_bvh" / "99_99.bvh").write_text(swinging())  # nobody knows what it shows
    (root / "cmu_bvh" / "08_01.bvh").write_text("HIERARCHY\n")
    (root / "bandai").mkdir()
    (root / "bandai" / "dataset-1_walk_normal_001.bvh").write_text(swinging())
    return root


@pytest.fixture(scope="module")
def store(data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Clip], dict]:
    out = tmp_path_factory.mktemp("out") / "store"
    arguments = [str(data), "-o", str(out), "--procedural", "20", "--synth", "24", "--json"]
    result = CliRunner().invoke(training, arguments)
    assert result.exit_code == 0, result.output
    return list(ClipStore(out)), json.loads(result.stdout)


def test_only_what_may_be_used_and_is_known_gets_in(store: tuple[list[Clip], dict]) -> None:
    clips, document = store
    real = [clip for clip in clips if clip.source == "real"]
    assert {clip.recording_id for clip in real} == {f"cmu/60_{i:02d}" for i in range(1, 9)}
    assert {clip.source for clip in clips} == {"real", "procedural", "composed"}
    assert document["clips"] == {"real": len(real), "procedural": 20, "composed": 24}
    reasons = {each["clip"]: each["reason"] for each in document["left_out"]}
    assert reasons["cmu_bvh/99_99"] == "not in the table of shows"
    assert "08_01" in "".join(reasons)
    assert not any("bandai" in name for name in reasons)
    assert all("CMU" in clip.licence and clip.meta["credit"] for clip in real)


def test_no_entry_is_for_a_data_set_that_must_not_be_used() -> None:
    assert not {each.name for each in PERMITTED} & set(FORBIDDEN)
    known = tuple(f"{each.name}/" for each in PERMITTED)
    for show in Shows().all:
        assert all(pattern.startswith(known) for pattern in show.of)


def test_everybody_has_the_same_bones(store: tuple[list[Clip], dict]) -> None:
    lengths = kinematics.Body().lengths
    for clip in store[0]:
        for actor in range(clip.motion.n_actors):
            np.testing.assert_allclose(skeleton(clip.motion, actor), lengths, atol=2e-3)


def test_every_clip_is_sound_labelled_and_says_when_its_feet_stand(
    store: tuple[list[Clip], dict],
) -> None:
    for clip in store[0]:
        assert clip.motion.fps == 25.0
        assert clip.motion.depth is not None
        assert clip.split in ("train", "val", "test")
        assert len(clip.meta[contacts.KEY]) == clip.motion.n_actors
        assert 1 <= len(clip.texts) <= 6
        for text in clip.texts:
            assert re.fullmatch(r"[A-Z][^.>]*(\. [A-Z][^.>]*)?\.", text), text
        index = action(clip.meta["action"]).index
        assert (clip.motion.actions == index).any() or (clip.motion.overlay == index).any()
        if clip.source != "real":
            assert validator.check(clip.motion).ok


def test_what_is_composed_of_a_recording_stays_on_its_side(store: tuple[list[Clip], dict]) -> None:
    sides = {clip.clip_id: clip.split for clip in store[0] if clip.source == "real"}
    mixed = [clip for clip in store[0] if clip.meta.get("parts")]
    assert mixed
    for clip in mixed:
        assert {sides[part] for part in clip.meta["parts"]} == {clip.split}


@pytest.mark.slow
def test_the_same_seed_gives_the_same_store_with_two_workers(
    data: Path, tmp_path: Path, store: tuple[list[Clip], dict]
) -> None:
    make(data, tmp_path / "again", procedural=20, composed=24, jobs=2)
    for one, other in zip(store[0], ClipStore(tmp_path / "again"), strict=True):
        assert (one.clip_id, one.texts, one.split) == (other.clip_id, other.texts, other.split)
        np.testing.assert_array_equal(one.motion.frames, other.motion.frames)


def test_archives_are_unpacked_and_folders_without_data_are_refused(
    data: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(tmp_path / "cmu_bvh.zip", "w") as archive:
        for path in sorted((data / "cmu_bvh").glob("60_0[12].bvh")):
            archive.write(path, f"cmu_bvh/{path.name}")
    made = make(tmp_path, tmp_path / "store", procedural=0, composed=0)
    assert made.clips == {"real": 2}
    (tmp_path / "deepmimic.zip").write_bytes(b"no archive")
    with pytest.raises(SourceError, match=r"deepmimic\.zip"):
        make(tmp_path, tmp_path / "other", procedural=0, composed=0)
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError, match="none of the permitted"):
        make(tmp_path / "empty", tmp_path / "other", procedural=0, composed=0)
    assert not (tmp_path / "other").exists()


# -- the table -----------------------------------------------------------------------------------


def test_a_table_of_ones_own_is_checked(tmp_path: Path) -> None:
    table = tmp_path / "shows.toml"

    def wrong(text: str, match: str) -> None:
        table.write_text(text)
        with pytest.raises(StickgenError, match=match):
            _ = Shows(table).all

    wrong("[[show]\n", "cannot be read")
    wrong("", "no \\[\\[show\\]\\]")
    wrong('[[show]]\nof = ["a"]\ncut = "gate"', "'gate'")
    wrong('[[show]]\nof = ["a"]\naction = "walk"', "needs an action and phrases")
    wrong('[[show]]\nof = ["a"]\naction = "wlak"\nphrases = ["x"]', "wlak")
    wrong('[[show]]\nof = ["a"]\nfoo = 1', "'foo'")
    wrong('[[show]]\ncut = "gait"', "names no clips")


def test_every_entry_has_an_action_of_the_table_and_phrases_that_can_be_inflected() -> None:
    names = {row.name for row in ACTIONS}
    for show in Shows().all:
        assert show.action in names or not show.action
        for phrase in show.phrases:
            assert re.fullmatch(r"[a-z>][A-Za-z ,>'-]*", phrase), phrase


def test_captions_agree_in_all_their_verbs() -> None:
    found: set[str] = set()
    for seed in range(60):
        found |= set(told(("run, >jump and >stop",), np.random.default_rng(seed), 6))
    assert "A person runs, jumps and stops." in found
    assert any("ran, jumped and stopped" in text for text in found)
    assert any("is running, jumping and stopping" in text for text in found)


# -- dividing and cutting ------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
def test_every_action_with_three_recordings_is_in_test_and_in_train(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shown = {}
    for i in range(120):
        main = int(rng.integers(14) ** 2 / 14)
        shown[f"r{i}"] = {f"a{main}"} | ({f"a{rng.integers(14)}"} if i % 5 == 0 else set())
    parts = divided(shown, seed)
    for name in {each for names in shown.values() for each in names}:
        known = [parts[recording] for recording, names in shown.items() if name in names]
        assert "train" in known
        if len(known) >= 3:
            assert "test" in known, (name, known)
    share = sum(part == "test" for part in parts.values()) / len(parts)
    assert 0.07 < share < 0.2


def test_real_recordings_are_cut_to_what_they_show(
    real_data: Callable[[str], Path], tmp_path: Path
) -> None:
    root = tmp_path / "data"
    (root / "cmu_bvh").mkdir(parents=True)
    source = real_data("cmu_bvh")
    for name in ("13_13", "14_31", "01_01", "09_01"):
        path = next(source.rglob(f"{name}.bvh"))
        (root / "cmu_bvh" / path.name).symlink_to(path)
    make(root, tmp_path / "store", procedural=0, composed=0)
    by_action: dict[str, list[Clip]] = {}
    for clip in ClipStore(tmp_path / "store"):
        by_action.setdefault(clip.meta["action"], []).append(clip)
    assert set(by_action) == {"jump", "sit", "stand", "run"}
    for clip in by_action["jump"]:
        assert len(cutting.flown(clip.motion)) == 1
        assert clip.motion.seconds < 3.0
    for clip in by_action["stand"]:
        hips = clip.motion.joints[:, 0, 0, 1]
        assert hips[-1] > hips[0] + 0.2
    for clip in by_action["sit"]:
        hips = clip.motion.joints[:, 0, 0, 1]
        assert hips[-5:].mean() < 0.75
    (run,) = by_action["run"]
    assert run.meta["facts"]["speed"] > 2.5
