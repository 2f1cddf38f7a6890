"""BEAT: BVH with words, face weights and an emotion, as published."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import bvh_text
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_bvh import PlainBvh
from plain_smpl import distance_after_turning

from stickgen.core.actions import ACTIONS, EXPRESSIONS
from stickgen.core.errors import SourceError
from stickgen.core.schema import J
from stickgen.core.testing import ConverterContract
from stickgen.core.types import Clip
from stickgen.datasets.beat import BeatConverter, cuts, emotion_in_name, read_emotion
from stickgen.datasets.textgrid import Word, read_words

NAME = "1_wayne_0_1_1"
FINGERS = ("Thumb", "Index", "Middle", "Ring", "Pinky")
ARKIT = (
    "browDownLeft", "browDownRight", "browInnerUp", "browOuterUpLeft", "browOuterUpRight",
    "cheekPuff", "cheekSquintLeft", "cheekSquintRight", "eyeBlinkLeft", "eyeBlinkRight",
    "eyeLookDownLeft", "eyeLookDownRight", "eyeLookInLeft", "eyeLookInRight", "eyeLookOutLeft",
    "eyeLookOutRight", "eyeLookUpLeft", "eyeLookUpRight", "eyeSquintLeft", "eyeSquintRight",
    "eyeWideLeft", "eyeWideRight", "jawForward", "jawLeft", "jawOpen", "jawRight", "mouthClose",
    "mouthDimpleLeft", "mouthDimpleRight", "mouthFrownLeft", "mouthFrownRight", "mouthFunnel",
    "mouthLeft", "mouthLowerDownLeft", "mouthLowerDownRight", "mouthPressLeft", "mouthPressRight",
    "mouthPucker", "mouthRight", "mouthRollLower", "mouthRollUpper", "mouthShrugLower",
    "mouthShrugUpper", "mouthSmileLeft", "mouthSmileRight", "mouthStretchLeft",
    "mouthStretchRight", "mouthUpperUpLeft", "mouthUpperUpRight", "noseSneerLeft",
    "noseSneerRight", "tongueOut",
)  # fmt: skip


def skeleton() -> tuple[tuple[str, str | None, tuple[float, float, float]], ...]:
    """Return the 75 joints of a BEAT file: name, parent, offset in cm."""
    joints: list[tuple[str, str | None, tuple[float, float, float]]] = [
        ("Hips", None, (0, 0, 0)), ("Spine", "Hips", (0, 8, 0)), ("Spine1", "Spine", (0, 10, -1)),
        ("Spine2", "Spine1", (0, 10, -1)), ("Spine3", "Spine2", (0, 10, 1)),
        ("Neck", "Spine3", (0, 12, 0)), ("Neck1", "Neck", (0, 5, 1)), ("Head", "Neck1", (0, 5, 1)),
        ("HeadEnd", "Head", (0, 16, 0)),
    ]  # fmt: skip
    for side, x in (("Right", -1.0), ("Left", 1.0)):
        joints += [
            (f"{side}Shoulder", "Spine3", (3 * x, 9, 0)),
            (f"{side}Arm", f"{side}Shoulder", (13 * x, 0, 0)),
            (f"{side}ForeArm", f"{side}Arm", (28 * x, 0, 0)),
            (f"{side}Hand", f"{side}ForeArm", (25 * x, 0, 0)),
        ]
        for finger in FINGERS:
            parent = f"{side}Hand"
            for bone in range(1, 5):
                joints.append((f"{side}Hand{finger}{bone}", parent, (3 * x, 0, 0)))
                parent = f"{side}Hand{finger}{bone}"
        joints += [
            (f"{side}UpLeg", "Hips", (9 * x, -4, 0)),
            (f"{side}Leg", f"{side}UpLeg", (0, -41, 0)),
            (f"{side}Foot", f"{side}Leg", (0, -40, 0)),
            (f"{side}ForeFoot", f"{side}Foot", (0, -6, 12)),
            (f"{side}ToeBase", f"{side}ForeFoot", (0, 0, 4)),
        ]
    return (*joints, *((f"Extra{i}", "HeadEnd", (0, 1, 0)) for i in range(75 - len(joints))))


PLACE = {
    "l_hip": "LeftUpLeg", "r_hip": "RightUpLeg", "l_knee": "LeftLeg", "r_knee": "RightLeg",
    "l_ankle": "LeftFoot", "r_ankle": "RightFoot", "l_shoulder": "LeftArm",
    "r_shoulder": "RightArm", "l_elbow": "LeftForeArm", "r_elbow": "RightForeArm",
    "l_wrist": "LeftHand", "r_wrist": "RightHand",
}  # fmt: skip


def gesture(frame: int) -> bvh_text.Angles:
    """Return arms that hang, the left forearm beating, the body swaying a little."""
    s = np.sin(2 * np.pi * frame / 120.0)
    return {
        "LeftArm": (-75.0, 10 * s, 0.0),
        "RightArm": (80.0, 0.0, 0.0),
        "LeftForeArm": (0.0, 0.0, -60.0 - 25.0 * s),
        "Spine1": (0.0, 4 * s, 6 * s),
    }


@pytest.fixture(autouse=True)
def joints_of_beat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bvh_text, "BODY", skeleton())


def words_every(seconds: float, until: float, length: float = 0.3) -> list[Word]:
    starts = np.arange(0.1, until - length, seconds)
    return [Word(f"word{i}", float(t), float(t + length)) for i, t in enumerate(starts)]


def grid(words: Sequence[Word], until: float, short: bool = False) -> str:
    """Return a TextGrid with words and silences between them, and a tier of phones."""
    intervals: list[tuple[float, float, str]] = []
    now = 0.0
    for word in words:
        if word.start > now:
            intervals.append((now, word.start, ""))
        intervals.append((word.start, word.end, word.text))
        now = word.end
    if until > now:
        intervals.append((now, until, ""))
    head = 'File type = "ooTextFile"\nObject class = "TextGrid"\n\n'
    if short:
        rows = "\n".join(f'{a}\n{b}\n"{text}"' for a, b, text in intervals)
        return (
            f'{head}0\n{until}\n<exists>\n2\n"IntervalTier"\n"phones"\n0\n{until}\n0\n'
            f'"IntervalTier"\n"words"\n0\n{until}\n{len(intervals)}\n{rows}\n'
        )
    rows = "".join(
        f"        intervals [{i}]:\n            xmin = {a} \n            xmax = {b} \n"
        f'            text = "{text}" \n'
        for i, (a, b, text) in enumerate(intervals, start=1)
    )
    return (
        f"{head}xmin = 0 \nxmax = {until} \ntiers? <exists> \nsize = 2 \nitem []: \n    item [1]:\n"
        f'        class = "IntervalTier" \n        name = "words" \n        xmin = 0 \n'
        f"        xmax = {until} \n        intervals: size = {len(intervals)} \n{rows}"
        "    item [2]:\n"
        f'        class = "TextTier" \n        name = "marks" \n        xmin = 0 \n'
        f"        xmax = {until} \n        points: size = 1 \n        points [1]:\n"
        '            number = 0.5 \n            mark = "click" \n'
    )


def face(until: float, jaw: object = lambda t: 0.3 + 0.3 * np.sin(2 * np.pi * t)) -> dict:
    assert callable(jaw)
    frames = []
    for k in range(round(until * 60)):
        weights = [0.0] * len(ARKIT)
        weights[ARKIT.index("jawOpen")] = float(jaw(k / 60))
        if 60 <= k < 72:
            weights[ARKIT.index("eyeBlinkLeft")] = weights[ARKIT.index("eyeBlinkRight")] = 0.9
        frames.append({"weights": weights, "time": k / 60, "rotation": []})
    return {"names": list(ARKIT), "frames": frames}


def write(
    root: Path,
    seconds: float = 4.0,
    name: str = NAME,
    words: Sequence[Word] | None = None,
    weights: object = None,
) -> Path:
    path = root / "1" / f"{name}.bvh"
    path.parent.mkdir(exist_ok=True)
    frames = round(120 * seconds)
    path.write_text(bvh_text.bvh_text(frames=frames, frame_time="0.008333", angles=gesture,
                                      number=lambda value: f"{value:.5g}"))  # fmt: skip
    words = words_every(0.5, seconds) if words is None else words
    path.with_suffix(".TextGrid").write_text(grid(words, seconds))
    path.with_suffix(".json").write_text(json.dumps(weights or face(seconds)))
    path.with_suffix(".csv").write_text("start,end,emotion\n0,10,happiness\n")
    return path


def convert(path: Path, root: Path, **settings: object) -> list[Clip]:
    return list(BeatConverter(**{"height": None, **settings}).read(path, root))


class TestBeat(ConverterContract):
    name = "beat"

    def sample(self, folder: Path) -> Path:
        write(folder)
        write(folder, 3.0, "2_scott_0_70_70")
        (folder / "readme.md").write_text("no motion")
        return folder


def test_joints_are_where_plain_kinematics_puts_them(tmp_path: Path) -> None:
    path = write(tmp_path)
    assert path.read_text().count("JOINT") + 1 == 75
    (clip,) = convert(path, tmp_path)
    plain = PlainBvh(path)
    frames = np.arange(0, 480, 24)
    expected = 0.01 * np.array(
        [[pose[name] for name in PLACE.values()] for pose in map(plain.pose, frames)]
    )
    got = clip.motion.joints[::5, 0][:, [J[name] for name in PLACE]].astype(float)
    assert distance_after_turning(got, expected) < 1e-3
    assert abs(clip.motion.seconds - 4.0) <= 1 / 25


def test_stands_and_left_stays_left(tmp_path: Path) -> None:
    (clip,) = convert(write(tmp_path), tmp_path)
    points = clip.motion.joints[:, 0]
    assert 1.4 < points[0, J["head_center"], 1] < 1.9
    for part in ("hip", "shoulder", "knee", "wrist"):
        assert points[0, J[f"l_{part}"], 2] < -0.02 < 0.02 < points[0, J[f"r_{part}"], 2]
    beating = np.ptp(points - points[:, :1], axis=0).max(axis=-1)
    assert beating[J["l_wrist"]] > 2 * beating[J["r_wrist"]]


def test_words_emotion_and_actions(tmp_path: Path) -> None:
    words = [Word("hello", 0.5, 0.9), Word("there", 1.0, 1.4), Word("you", 3.0, 3.3)]
    (clip,) = convert(write(tmp_path, words=words), tmp_path)
    assert clip.texts[0] == 'A person says happily: "hello there you"'
    assert clip.meta["transcript"] == "hello there you"
    assert clip.meta["words"][1] == ["there", 1.0, 1.4]
    assert clip.meta["emotion"] == {"emotion_label": "happiness", "from": ".csv"}
    assert clip.subject == "1_wayne"
    names = [ACTIONS[i].name for i in clip.motion.actions[:, 0]]
    talking = [i / 25 for i, name in enumerate(names) if name == "talk"]
    assert set(names) == {"idle", "talk"}
    assert talking[0] == pytest.approx(0.5, abs=0.04)
    # the breath between the first two words is part of talking, the pause after them is not
    assert names[24] == "talk"
    assert names[50] == "idle"


def test_the_face_follows_the_weights(tmp_path: Path) -> None:
    (clip,) = convert(write(tmp_path), tmp_path)
    track = clip.motion.face
    assert track is not None
    assert track.shape == (clip.motion.n_frames, 1, 7)
    seconds = np.arange(clip.motion.n_frames) / 25
    np.testing.assert_allclose(
        track[:, 0, 4], 0.3 + 0.3 * np.sin(2 * np.pi * seconds), atol=0.01 + 2 * np.pi * 0.3 / 240
    )
    assert {EXPRESSIONS[int(i)] for i in track[:, 0, 0]} == {"happy"}
    closed = np.flatnonzero(track[:, 0, 1] == 3) / 25
    assert closed.min() >= 0.97
    assert closed.max() <= 1.23
    assert set(np.unique(track[:, 0, 5])) == {0.0, 1.0}
    assert not track[:, 0, 6].any()
    assert set(np.unique(track[:, 0, 3])) <= {1.0, 3.0, 4.0}


def test_long_takes_are_cut_in_pauses(tmp_path: Path) -> None:
    words = [*words_every(0.5, 7.0), *[Word(f"w{i}", 8.0 + i / 2, 8.4 + i / 2) for i in range(30)]]
    path = write(tmp_path, 24.0, words=words)
    clips = convert(path, tmp_path)
    assert [clip.clip_id for clip in clips] == [f"1/{NAME}_{i:03d}" for i in (1, 2, 3)]
    assert {clip.recording_id for clip in clips} == {f"1/{NAME}"}
    # the longest pause is the one between 6.9 and 8.0 s
    assert clips[0].meta["seconds_kept"][1] == pytest.approx(7.45, abs=0.15)
    said = " ".join(clip.meta["transcript"] for clip in clips).split()
    assert said == [word.text for word in words]
    for clip in clips:
        start, end = clip.meta["seconds_kept"]
        assert end - start <= 10.0 + 1e-6
        assert all(0 <= a < b <= end - start for _, a, b in clip.meta["words"])
        assert clip.motion.face is not None
        t = start + np.arange(clip.motion.n_frames) / 25
        np.testing.assert_allclose(
            clip.motion.face[:, 0, 4], 0.3 + 0.3 * np.sin(2 * np.pi * t), atol=0.02
        )
    assert sum(clip.meta["seconds_kept"][1] - clip.meta["seconds_kept"][0] for clip in clips) == (
        pytest.approx(24.0, abs=0.02)
    )


@given(
    gaps=st.lists(st.floats(0.0, 3.0), max_size=60),
    lengths=st.lists(st.floats(0.05, 1.0), min_size=60, max_size=60),
    rest=st.floats(1.0, 40.0),
)
def test_cuts_cover_everything_and_split_no_word(
    gaps: list[float], lengths: list[float], rest: float
) -> None:
    words, now = [], 0.0
    for gap, length in zip(gaps, lengths, strict=False):
        words.append(Word("w", now + gap, now + gap + length))
        now = words[-1].end
    total = now + rest
    found = cuts(words, total)
    assert found[0] == 0.0
    assert found[-1] == total
    steps = np.diff(found)
    assert (steps > 1.0).all() or total < 1.3
    assert (steps <= 10.0 + 1e-6).all()
    for cut in found[1:-1]:
        assert not any(word.start + 1e-6 < cut < word.end - 1e-6 for word in words)


def test_without_words_or_face(tmp_path: Path) -> None:
    path = write(tmp_path, 12.0)
    for suffix in (".TextGrid", ".json", ".csv"):
        path.with_suffix(suffix).unlink()
    first, second = convert(path, tmp_path)
    assert first.texts == ("A person talks.",)
    assert {ACTIONS[i].name for i in np.unique(first.motion.actions)} == {"talk"}
    assert first.meta["face_from"] == "emotion and words"
    assert first.meta["emotion"]["from"] == "file name"
    assert first.motion.seconds + second.motion.seconds == pytest.approx(12.0, abs=0.1)


@pytest.mark.parametrize(
    ("name", "emotion"),
    [
        ("1_wayne_0_1_1", "neutral"),
        ("1_wayne_0_65_65", "happiness"),
        ("1_wayne_0_80_80", "anger"),
        ("2_scott_0_86_86", "sadness"),
        ("2_scott_0_87_87", "contempt"),
        ("2_scott_0_95_95", "surprise"),
        ("2_scott_2_110_110", "fear"),
        ("2_scott_0_118_118", "disgust"),
        ("2_scott_1_70_70", "neutral"),
        ("somebody", "neutral"),
    ],
)
def test_emotions_by_name(name: str, emotion: str) -> None:
    assert emotion_in_name(name) == emotion


@pytest.mark.parametrize(
    ("text", "emotion"),
    [
        ("emotion\nanger\n", "anger"),
        ("0.0,1.0,sad\n1.0,9.0,Sad\n9.0,9.1,happy\n", "sadness"),
        ("0,1\n1,5\n2,5\n", "surprise"),
        ("01_beat_align\t0.0\t1.2\t1.2\t0.1\tword\n", None),
        ("", None),
    ],
)
def test_emotions_in_tables(tmp_path: Path, text: str, emotion: str | None) -> None:
    (tmp_path / "a.csv").write_text(text)
    assert read_emotion(tmp_path / "a.csv") == emotion


def test_text_grids_in_either_form_and_encoding(tmp_path: Path) -> None:
    words = [Word("it's", 0.2, 0.6), Word('say ""no""', 0.6, 1.0), Word("你好", 1.5, 2.0)]
    expected = [("it's", 0.2, 0.6), ('say "no"', 0.6, 1.0), ("你好", 1.5, 2.0)]
    path = tmp_path / "a.TextGrid"
    for short in (False, True):
        for encoding in ("utf-8", "utf-8-sig", "utf-16"):
            path.write_text(grid(words, 3.0, short), encoding=encoding)
            assert [(w.text, w.start, w.end) for w in read_words(path)] == expected


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "line 1: ends too early"),
        ("hello", "ends too early"),
        ('"ooTextFile" "Sound"', "is not a TextGrid"),
        (grid([Word("a", 0.1, 0.4)], 2.0)[:250], "ends too early"),
        (grid([Word("a", 0.4, 0.1)], 2.0), "runs backwards"),
        (
            grid([Word("a", 0.1, 0.4)], 2.0).replace("size = 3", "size = 9999"),
            "no number of things",
        ),
        (grid([Word("a", 0.1, 0.4)], 2.0).replace("xmax = 0.4", "xmax = no"), "where a number"),
        (grid([Word("a", 0.1, 0.4)], 2.0).replace("xmax = 0.4", "xmax = 1e999"), "not finite"),
    ],
)
def test_bad_text_grids_name_the_line(tmp_path: Path, text: str, says: str) -> None:
    path = write(tmp_path)
    path.with_suffix(".TextGrid").write_text(text)
    with pytest.raises(SourceError, match=says) as caught:
        convert(path, tmp_path)
    assert f"{NAME}.TextGrid, line" in str(caught.value)


def changed(**entries: object) -> dict[str, object]:
    return {key: value for key, value in (face(2.0) | entries).items() if value is not None}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "is not JSON"),
        (json.dumps([1]), "expected an object"),
        (json.dumps(changed(frames=None)), "holds no 'names' and 'frames'"),
        (json.dumps(changed(frames=[])), "holds no 'names' and 'frames'"),
        (json.dumps(changed(names=["a"] * 52)), "has no weight 'jawOpen'"),
        (json.dumps(changed(frames=[{"weights": [0.0]}])), "frame 0: must hold 52 weights"),
        (json.dumps(changed(frames=[{"weights": ["a"] * 52}])), "frame 0: holds a weight that"),
        (json.dumps(changed(frames=[{"weights": [float("nan")] * 52}])), "frame 0: .*not finite"),
        ("\x80\x04cos\nsystem\n.", "is not JSON"),
    ],
)
def test_bad_faces_name_the_frame(tmp_path: Path, content: str, says: str) -> None:
    path = write(tmp_path)
    path.with_suffix(".json").write_text(content, encoding="utf-8")
    with pytest.raises(SourceError, match=says) as caught:
        convert(path, tmp_path)
    assert f"{NAME}.json" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_bad_motion_and_tables(tmp_path: Path) -> None:
    path = write(tmp_path)
    whole = path.read_text()
    path.write_text(whole[: len(whole) // 2])
    with pytest.raises(SourceError, match=r"\.bvh, line .*cut short"):
        convert(path, tmp_path)
    path.write_text(whole)
    path.with_suffix(".csv").write_bytes(b"\xff\xfe\x00bad")
    with pytest.raises(SourceError, match=r"\.csv: is not a table of text"):
        convert(path, tmp_path)
