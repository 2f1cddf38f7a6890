"""NTU RGB+D and LSMB19: files as published, written from a body whose joints are known."""

from __future__ import annotations

from pathlib import Path

import known_body
import numpy as np
import pytest
from kinect_text import sample_text, seen_by_kinect, skeleton_text

from stickgen.core import schema
from stickgen.core.actions import ACTIONS
from stickgen.core.errors import SourceError
from stickgen.core.schema import J
from stickgen.core.testing import ConverterContract
from stickgen.core.types import Clip, Motion
from stickgen.datasets.gates import Refused, check_motion
from stickgen.datasets.lsmb19 import Lsmb19Converter
from stickgen.datasets.ntu import NtuConverter
from stickgen.datasets.ntu_labels import LABELS
from stickgen.datasets.points import bridged, steady

NAME = "S001C002P003R002A023.skeleton"
PAIR = "S001C002P008R001A050.skeleton"


def times(frames: int) -> np.ndarray:
    return np.arange(frames) / 30.0


def body(frames: int = 90, **options: float) -> np.ndarray:
    return seen_by_kinect(known_body.joints(times(frames), **options))


def convert(folder: Path, text: str, name: str = NAME, height: float | None = None) -> list[Clip]:
    (folder / name).write_text(text, newline="")
    return list(NtuConverter(height=height).read(folder / name, folder))


def joints(clip: Clip, actor: int = 0) -> np.ndarray:
    return clip.motion.joints[:, actor].astype(float)


class TestNtu(ConverterContract):
    name = "ntu"

    def sample(self, folder: Path) -> Path:
        (folder / "more").mkdir()
        (folder / NAME).write_text(skeleton_text({"7": (body(), None)}))
        two = {"1": (body(), None), "2": (body(side=0.8), None)}
        (folder / "more" / PAIR).write_text(skeleton_text(two))
        (folder / "readme.txt").write_text("no motion")
        return folder


class TestLsmb19(ConverterContract):
    name = "lsmb19"

    def sample(self, folder: Path) -> Path:
        text = sample_text({"S001C003P007R002A043_61": body(), "S001C003P007R002A008_0": body()})
        (folder / "cs_training_samples.txt").write_text(text)
        (folder / "readme.txt").write_text("no motion")
        return folder


def test_the_joints_are_those_of_the_body(tmp_path: Path) -> None:
    (clip,) = convert(tmp_path, skeleton_text({"72057594037931101": (body(), None)}))
    expected = known_body.joints(known_body.at_25(90, 30.0))
    np.testing.assert_allclose(joints(clip), expected, atol=1e-3)
    assert clip.motion.fps == schema.FPS
    known_body.assert_stands(joints(clip))


def test_left_stays_left(tmp_path: Path) -> None:
    (clip,) = convert(tmp_path, skeleton_text({"1": (body(), None)}))
    points = joints(clip)
    # it is the left forearm that beats time and the left arm that is held out to the front
    assert np.ptp(points[:, J["l_wrist"], 1]) > 0.2
    assert np.ptp(points[:, J["r_wrist"], 1]) < 1e-3
    assert (points[:, J["l_wrist"], 0] - points[:, J["pelvis_center"], 0]).min() > 0.3


def test_people_are_brought_to_one_height(tmp_path: Path) -> None:
    (clip,) = convert(tmp_path, skeleton_text({"1": (body(), None)}), height=schema.HEIGHT)
    assert clip.meta["height"] == pytest.approx(known_body.HEIGHT, abs=1e-3)
    expected = known_body.joints(known_body.at_25(90, 30.0)) * schema.HEIGHT / known_body.HEIGHT
    np.testing.assert_allclose(joints(clip), expected, atol=1e-3)


def test_what_the_name_says(tmp_path: Path) -> None:
    (clip,) = convert(tmp_path, skeleton_text({"1": (body(), None)}))
    assert clip.texts[0] == "A person waves a hand."
    assert len(set(clip.texts)) == 3
    assert {ACTIONS[i].name for i in np.unique(clip.motion.actions)} == {"wave"}
    assert clip.subject == "P003"
    assert clip.split == "test"
    assert clip.meta["label_code"] == 23
    assert (clip.meta["setup"], clip.meta["camera"], clip.meta["replication"]) == (1, 2, 2)


def test_all_120_classes_have_sentences_and_an_action() -> None:
    assert list(LABELS) == list(range(1, 121))
    names = {action.name for action in ACTIONS}
    pairs = {code for code, label in LABELS.items() if label.people == 2}
    assert pairs == {*range(50, 61), *range(106, 121)}
    for label in LABELS.values():
        assert label.action in names
        assert len(set(label.sentences)) == 3
        assert all(text[0].isupper() and text.endswith(".") for text in label.sentences)
    assert LABELS[8].sentences[1] == "Someone is sitting down."
    assert LABELS[50].sentences[2] == "A person punches another person."
    assert LABELS[57].sentences[2] == "A person touches another person's pocket."
    assert LABELS[58].sentences[0] == "Two people shake hands."
    assert LABELS[101].name == "cross toe touch"


def test_two_people_keep_their_distance(tmp_path: Path) -> None:
    two = {"1": (body(), None), "2": (body(side=0.8), [True] * 89 + [False])}
    (clip,) = convert(tmp_path, skeleton_text(two), PAIR)
    assert clip.motion.n_actors == 2
    gap = joints(clip, 1)[:-1] - joints(clip, 0)[:-1]
    np.testing.assert_allclose(gap, np.broadcast_to([0.0, 0.0, 0.8], gap.shape), atol=1e-3)
    assert clip.split == "train"


def test_labels_of_one_person_keep_one(tmp_path: Path) -> None:
    two = {"1": (body(side=0.8), [True] * 60 + [False] * 30), "2": (body(), None)}
    (clip,) = convert(tmp_path, skeleton_text(two))
    assert clip.motion.n_actors == 1
    assert clip.meta["people_seen"] == 2
    np.testing.assert_allclose(
        joints(clip), known_body.joints(known_body.at_25(90, 30.0)), atol=1e-3
    )


def test_of_three_people_the_two_tracked_longest_stay(tmp_path: Path) -> None:
    three = {
        "1": (body(side=3.0), [frame < 40 for frame in range(90)]),
        "2": (body(side=1.0), [frame > 20 for frame in range(90)]),
        "3": (body(), None),
    }
    (clip,) = convert(tmp_path, skeleton_text(three), PAIR)
    assert clip.motion.n_actors == 2
    late = joints(clip, 1)[-1] - joints(clip, 0)[-1]
    np.testing.assert_allclose(late, np.broadcast_to([0, 0, 1.0], late.shape), atol=1e-3)


def test_a_second_person_may_come_and_go(tmp_path: Path) -> None:
    seen = [30 <= frame < 75 for frame in range(90)]
    two = {"1": (body(), None), "2": (body(side=0.8), seen)}
    (clip,) = convert(tmp_path, skeleton_text(two), PAIR)
    assert clip.motion.present[:, 0].all()
    there = clip.motion.present[:, 1]
    assert list(np.flatnonzero(np.diff(there.astype(int)))) == [24, 61]
    assert not clip.motion.frames[~there, 1].any()
    gap = joints(clip, 1)[there] - joints(clip, 0)[there]
    np.testing.assert_allclose(gap, np.broadcast_to([0, 0, 0.8], gap.shape), atol=1e-3)


def test_furniture_is_nobody(tmp_path: Path) -> None:
    two = {"1": (body(), None), "2": (body(side=0.8), [frame < 8 for frame in range(90)])}
    (clip,) = convert(tmp_path, skeleton_text(two), PAIR)
    assert clip.motion.n_actors == 1


def test_ten_empty_frames_are_bridged(tmp_path: Path) -> None:
    seen = [not 40 <= frame < 50 for frame in range(90)]
    (clip,) = convert(tmp_path, skeleton_text({"1": (body(), seen)}))
    expected = known_body.joints(known_body.at_25(90, 30.0))
    got = joints(clip)
    away = [i for i in range(16) if i != J["l_wrist"]]
    np.testing.assert_allclose(got[:, away], expected[:, away], atol=1e-3)
    # a forearm that turns through the gap is drawn straight through it, at its length
    np.testing.assert_allclose(got[:, J["l_wrist"]], expected[:, J["l_wrist"]], atol=0.06)
    assert clip.meta["frames_bridged"] == 10


def test_eleven_empty_frames_cut(tmp_path: Path) -> None:
    seen = [not 40 <= frame < 51 for frame in range(90)]
    first, second = convert(tmp_path, skeleton_text({"1": (body(), seen)}))
    assert (first.clip_id, second.clip_id) == (f"{NAME[:-9]}_1", f"{NAME[:-9]}_2")
    assert first.recording_id == second.recording_id == "S001P003R002A023"
    assert first.meta["frames_kept"] == [0, 40]
    assert second.meta["frames_kept"] == [51, 90]
    np.testing.assert_allclose(
        joints(first), known_body.joints(known_body.at_25(40, 30.0)), atol=1e-3
    )


def test_what_is_too_short_after_a_cut_goes(tmp_path: Path) -> None:
    seen = [not 10 <= frame < 30 for frame in range(90)]
    (clip,) = convert(tmp_path, skeleton_text({"1": (body(), seen)}))
    assert clip.meta["frames_kept"] == [30, 90]
    with pytest.raises(Refused, match="length"):
        convert(tmp_path, skeleton_text({"1": (body(12), None)}))


def test_one_person_under_two_ids(tmp_path: Path) -> None:
    two = {
        "1": (body(), [frame < 50 for frame in range(90)]),
        "2": (body(), [frame >= 54 for frame in range(90)]),
    }
    (clip,) = convert(tmp_path, skeleton_text(two))
    assert clip.meta["people_seen"] == 1
    assert clip.meta["frames_bridged"] == 4
    far = {"1": two["1"], "2": (body(side=2.0), two["2"][1])}
    clips = convert(tmp_path, skeleton_text(far))
    assert [clip.meta["frames_kept"] for clip in clips] == [[0, 50]]
    assert clips[0].meta["people_seen"] == 2


def test_bones_that_waver_become_constant(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    wavering = body() + rng.normal(0.0, 0.006, (90, 25, 3))
    (clip,) = convert(tmp_path, skeleton_text({"1": (wavering, None)}))
    points = joints(clip)
    lengths = np.stack(
        [np.linalg.norm(points[:, J[a]] - points[:, J[b]], axis=-1) for _, a, b in schema.SEGMENTS]
    )
    assert np.abs(lengths / np.median(lengths, axis=1, keepdims=True) - 1).max() < 0.02
    off = np.linalg.norm(points - known_body.joints(known_body.at_25(90, 30.0)), axis=-1)
    assert np.median(off) < 0.03
    # as it was measured, the gate refuses it
    raw = known_body.joints(times(90)) + rng.normal(0.0, 0.006, (90, 16, 3))
    with pytest.raises(Refused, match="bone lengths"):
        check_motion(tmp_path, Motion.from_joints(raw, fps=30.0), known_body.HEIGHT)


def test_constant_bones_are_left_alone() -> None:
    rng = np.random.default_rng(0)
    parents, hips = [-1, 0, 0, 0, 3, 4], (1, 2)
    lengths = [0.0, 0.1, 0.1, 0.5, 0.3, 0.2]
    points = np.zeros((40, 6, 3))
    points[:, 0] = rng.normal(size=(40, 3))
    for joint in range(1, 6):
        step = rng.normal(size=(40, 3))
        step *= lengths[joint] / np.linalg.norm(step, axis=1, keepdims=True)
        if joint == 2:
            step = points[:, 0] - points[:, 1]
        points[:, joint] = points[:, parents[joint]] + step
    np.testing.assert_allclose(steady(points, parents, hips), points, atol=1e-12)


def test_gaps_are_bridged_up_to_their_length() -> None:
    seen = np.array([0, 1, 0, 0, 1, 0, 0, 0, 1, 0], dtype=bool)
    assert list(bridged(seen, 2)) == [
        False,
        True,
        True,
        True,
        True,
        False,
        False,
        False,
        True,
        False,
    ]
    assert list(bridged(seen, 3)[4:]) == [True] * 5 + [False]


def good() -> str:
    return skeleton_text({"1": (body(40), None)}, newline="\n")


def changed(line: int, to: str) -> str:
    lines = good().split("\n")
    lines[line - 1] = to
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        ("0\n", "line 1: announces no frames"),
        ("40\n" + "0\n" * 40, "holds no body in any frame"),
        ("many\n1\n", "line 1: the number of frames must be"),
        (good()[:2000], "cut short|holds"),
        ("\n".join(good().split("\n")[:60]), r"line 60 \(frame 2\): ends where"),
        (changed(2, "7"), r"line 2 \(frame 0\): the number of bodies must be 0 to 6, not '7'"),
        (changed(4, "24"), "announces 24 joints"),
        (changed(4, "-1"), "the number of joints must be"),
        (changed(5, "nan 1 2 3 4 5 6 7 8 9 10 2"), r"line 5 \(frame 0\).*not finite"),
        (changed(5, "x 1 2 3 4 5 6 7 8 9 10 2"), r"line 5 \(frame 0\).*not a place"),
        (changed(5, "1 2 3"), "holds 3 numbers, expected a joint of 12"),
        (good() + "1\n", "goes on after the 40 frames"),
        (changed(1, "99999999999999999999"), "the number of frames"),
        ("{\\rtf1}", "line 1"),
    ],
)
def test_bad_files_say_where(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(SourceError, match=says) as caught:
        convert(tmp_path, text)
    assert NAME in str(caught.value)
    assert "\n" not in str(caught.value)


def test_binary_files_are_refused(tmp_path: Path) -> None:
    for data in (b"\x80\x02cos\nsystem\n.", b"\xff\xfe1\x000\x00", b"\x00" * 100):
        (tmp_path / NAME).write_bytes(data)
        with pytest.raises(SourceError, match=NAME):
            list(NtuConverter().read(tmp_path / NAME, tmp_path))


# -- LSMB19 --------------------------------------------------------------------------------------


def samples(folder: Path, text: str, name: str = "cs_training_samples.txt") -> list[Clip]:
    (folder / name).write_text(text)
    return list(Lsmb19Converter(height=None).read(folder / name, folder))


def test_samples_are_read_one_by_one(tmp_path: Path) -> None:
    text = sample_text({"S001C003P007R002A043_61": body(), "S017C001P008R002A008_1200": body(60)})
    first, second = samples(tmp_path, text)
    expected = known_body.joints(known_body.at_25(90, 30.0))
    np.testing.assert_allclose(joints(first), expected, atol=1e-3)
    known_body.assert_stands(joints(first))
    assert first.clip_id == "cs_training_samples/S001C003P007R002A043_61"
    assert first.recording_id == "S001P007R002A043"
    assert first.meta["sample_of"] == "S001C003P007R002A043"
    assert first.texts[0] == "A person falls down."
    assert ACTIONS[int(first.motion.actions[0, 0])].name == "fall"
    assert first.meta["offset"] == 61
    assert first.meta["protocol"] == "cross-subject"
    assert second.subject == "P008"
    assert second.motion.n_frames == 50
    assert second.texts[0] == "A person sits down."


def test_a_sample_without_a_body_leaves_the_others(tmp_path: Path) -> None:
    text = sample_text({"S001C001P001R001A001_0": np.zeros((40, 25, 3)),
                        "S001C001P001R001A002_9": body()})  # fmt: skip
    path = tmp_path / "cv_samples.txt"
    path.write_text(text)
    clips: list[Clip] = []
    with pytest.raises(SourceError, match="line 1: the sample holds no body"):
        clips.extend(Lsmb19Converter().read(path, tmp_path))
    assert len(clips) == 1
    assert clips[0].meta["protocol"] == "cross-view"


def test_only_sample_files_are_found(tmp_path: Path) -> None:
    for name in ("cs_training_samples.txt", "cv_training_samples.txt", "notes.txt", "cs.txt"):
        (tmp_path / name).write_text("x")
    found = [path.name for path in Lsmb19Converter().find(tmp_path)]
    assert found == ["cs_training_samples.txt", "cv_training_samples.txt"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "holds no sample"),
        ("0,0,0;" * 25, "line 1: a frame comes before any sample"),
        ("S1_2\n", "line 1: 'S1_2' is not the name of a sample"),
        ("S001C001P001R001A001_0\n", "line 1: the sample .* has no frames"),
        ("S001C001P001R001A001_0\n" + "0,0,0;" * 24, "line 2: holds 24 joints"),
        ("S001C001P001R001A001_0\n" + "0,0,0;" * 24 + "0,0", "line 2: '0,0' is not a place"),
        ("S001C001P001R001A001_0\n" + "0,0,0;" * 24 + "0,nan,0", "line 2: .* not finite"),
    ],
)
def test_bad_samples_say_where(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(SourceError, match=says) as caught:
        samples(tmp_path, text)
    assert "\n" not in str(caught.value)
