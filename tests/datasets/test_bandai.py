"""The Bandai Namco dataset: labels, sentences and sides."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from alignment import LIMBS, distance, laid_onto
from bvh_text import bvh_text
from plain_bvh import PlainBvh

from stickgen.core.errors import SourceError
from stickgen.core.schema import J
from stickgen.core.testing import ConverterContract
from stickgen.core.types import Clip
from stickgen.datasets.bandai import BandaiConverter
from stickgen.datasets.gates import Refused

REFUSED = {"dataset-1_dash_normal_001": "length", "dataset-1_run_normal_001": "length"}


class TestContract(ConverterContract):
    name = "bandai"

    def sample(self, folder: Path) -> Path:
        (folder / "data").mkdir()
        (folder / "data" / "dataset-1_bow_sad_001.bvh").write_text(bvh_text(frames=40))
        (folder / "data" / "dataset-1_bow_sad_001.json").write_text('{"content": 3, "style": 11}')
        (folder / "dataset-2_walk_active_003.bvh").write_text(bvh_text(frames=30))
        return folder


@pytest.fixture(scope="module")
def converted(real_data: Callable[[str], Path]) -> tuple[dict[Path, Clip], dict[str, str]]:
    root = real_data("bandai")
    converter = BandaiConverter()
    clips: dict[Path, Clip] = {}
    refused: dict[str, str] = {}
    for path in converter.find(root):
        try:
            (clips[path],) = converter.read(path, root)
        except Refused as error:
            refused[path.stem] = error.rule
    return clips, refused


def test_nearly_all_real_files_become_clips(converted) -> None:
    clips, refused = converted
    assert len(clips) + len(refused) == 229
    assert refused == REFUSED  # less than a second
    assert all(clip.licence == "CC-BY-NC-4.0" for clip in clips.values())
    assert all(clip.meta["unit"] == "0.01 m" for clip in clips.values())
    assert all(1.5 < clip.meta["height"] < 1.9 for clip in clips.values())


def test_content_and_style_are_told_in_sentences(converted) -> None:
    by_name = {path.stem: clip for path, clip in converted[0].items()}
    angry = by_name["dataset-1_walk_angry_001"]
    assert angry.texts == (
        "A person walks angrily.", "An angry person walks.", "Someone is walking angrily."
    )  # fmt: skip
    assert (angry.meta["content"], angry.meta["style"]) == ("walk", "angry")
    plain = by_name["dataset-1_kick_normal_001"]
    assert plain.texts == ("A person kicks.", "Someone is kicking.")
    for clip in by_name.values():
        assert clip.meta["action"] is not None
        assert not any("does " in text or "_" in text for text in clip.texts)


def test_left_is_left(converted) -> None:
    lifted = {"raise up left hand": "l", "raise up right hand": "r",
              "wave left hand": "l", "wave right hand": "r"}  # fmt: skip
    veers = {"walk left": -1, "walk turn left": -1, "walk right": 1, "walk turn right": 1}
    seen = set()
    for clip in converted[0].values():
        points = clip.motion.joints[:, 0].astype(float)
        content = clip.meta["content"]
        if content in lifted:
            side = lifted[content]
            other = "r" if side == "l" else "l"
            top = points[:, J[f"{side}_wrist"], 1].max()
            assert top > points[:, J[f"{other}_wrist"], 1].max() + 0.3
            seen.add(content)
        if content in veers:
            way = points[-1, 0] - points[0, 0]
            assert way[2] * veers[content] > 0.3
            seen.add(content)
    assert seen == set(lifted) | set(veers)


def test_limbs_are_where_another_kinematics_puts_them(converted) -> None:
    words = {"hip": "UpperLeg", "knee": "LowerLeg", "ankle": "Foot",
             "shoulder": "UpperArm", "elbow": "LowerArm", "wrist": "Hand"}  # fmt: skip
    path, clip = next(
        (path, clip) for path, clip in converted[0].items() if "slash_normal" in path.stem
    )
    plain = PlainBvh(path)
    exact = range(0, clip.motion.n_frames, 5)  # 25 and 30 a second meet every fifth
    poses = [plain.pose(k * 6 // 5) for k in exact]
    expected = np.array(
        [[pose[f"{words[limb[2:]]}_{limb[0].upper()}"] for limb in LIMBS] for pose in poses]
    )
    got = clip.motion.joints[list(exact), 0][:, [J[limb] for limb in LIMBS]].astype(float)
    assert distance(laid_onto(expected, got), got) < 1e-3


@pytest.mark.parametrize(
    ("label", "says"),
    [
        ("{", "is not JSON"),
        ("[1]", "does not hold 'content'"),
        ('{"content": "walk"}', "does not hold 'content'"),
        ("", "is not JSON"),
    ],
)
def test_damaged_labels_are_named(tmp_path: Path, label: str, says: str) -> None:
    path = tmp_path / "dataset-1_bow_sad_001.bvh"
    path.write_text(bvh_text(frames=40))
    path.with_suffix(".json").write_text(label)
    with pytest.raises(SourceError, match=rf"bow_sad_001\.json.*{says}"):
        list(BandaiConverter().read(path, tmp_path))


def test_labels_in_words_win_and_none_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "take.bvh"
    path.write_text(bvh_text(frames=40))
    with pytest.raises(SourceError, match="neither its name nor"):
        list(BandaiConverter().read(path, tmp_path))
    path.with_suffix(".json").write_text('{"content": "wave-left-hand", "style": "youthful"}')
    (clip,) = BandaiConverter().read(path, tmp_path)
    assert clip.texts[1] == "A young person waves the left hand."
    path.write_text(path.read_text()[:-400])
    with pytest.raises(SourceError, match="cut short"):
        list(BandaiConverter().read(path, tmp_path))
