"""Faces: what is felt and said shows, changes take time, speech lasts as long as it should."""

from __future__ import annotations

import numpy as np
import pytest
from gliders import Glider

from stickgen.core.actions import EXPRESSIONS
from stickgen.core.schema import J
from stickgen.core.types import Beat, Role, Scene, Script
from stickgen.llm.expressions import EYES, GAZE, MOUTHS, SPEECH, spoken_seconds, syllables
from stickgen.llm.rules import RulesBackend
from stickgen.llm.staging import Theatre

FPS = 25.0


def stage(script: Script | str, fps: float = FPS) -> Scene:
    if isinstance(script, str):
        script = RulesBackend(encoder=None).plan(script)
    return Theatre().stage(script, Glider(), np.random.default_rng(1), fps=fps)


def face(script: Script | str, actor: int = 0, fps: float = FPS) -> np.ndarray:
    track = stage(script, fps).motion.face
    assert track is not None
    return track[:, actor]


def expressions(track: np.ndarray) -> list[str]:
    index = track[:, 0].astype(int)
    kept = index[np.insert(np.diff(index) != 0, 0, True)]
    return [EXPRESSIONS[i] for i in kept]


def test_each_scene_has_a_face_for_everybody() -> None:
    track = stage("Three people wave").motion.face
    assert track is not None
    assert track.shape == (250, 3, 7)


@pytest.mark.parametrize(
    ("prompt", "shown"),
    [
        ("A person waves", "happy"),
        ("A man walks", "neutral"),
        ("A sad man walks", "sad"),
        ("An angry woman waves", "angry"),
        ("A person cries", "sad"),
        ("A happy man cries", "sad"),
        ("A man celebrates", "excited"),
        ("A proud king walks", "happy"),
    ],
)
def test_what_is_done_and_felt_shows(prompt: str, shown: str) -> None:
    assert shown in expressions(face(prompt))


def test_an_expression_takes_three_tenths_of_a_second() -> None:
    script = Script("", (Role("a"),), (Beat((0,), "idle", seconds=2.0),
                                       Beat((0,), "celebrate", seconds=2.0)))  # fmt: skip
    fps = 100.0
    track = face(script, fps=fps)
    brow = track[:, 2]
    moving = np.flatnonzero(np.abs(np.diff(brow)) > 1e-6)
    assert (moving[-1] - moving[0] + 1) / fps == pytest.approx(0.3, abs=0.03)
    assert brow[0] == 0.0
    assert brow[-1] == 15.0
    # eyes, mouth and the expression itself change half-way
    change = int(np.flatnonzero(np.diff(track[:, 0]))[0])
    assert change - moving[0] == pytest.approx(0.15 * fps, abs=2)


@pytest.mark.parametrize("kind", list(SPEECH))
def test_speech_goes_on_at_its_rate_as_long_as_it_lasts(kind: str) -> None:
    fps = 60.0
    track = face(Script("", (Role("a"),), (Beat((0,), kind, seconds=4.0),)), fps=fps)
    speech = SPEECH[kind]
    assert (track[:, 5] == 1).all()
    assert (track[:, 6] == speech.hz).all()
    openness = track[:, 4]
    assert openness.min() >= speech.least - 1e-6
    assert openness.max() <= speech.most + 1e-6
    spectrum = np.abs(np.fft.rfft(openness - openness.mean()))
    strongest = np.fft.rfftfreq(len(openness), 1.0 / fps)[spectrum.argmax()]
    assert strongest == pytest.approx(speech.hz, abs=0.3)
    assert {MOUTHS[int(i)] for i in track[:, 3]} == set(speech.shapes)


def test_speech_survives_a_change_of_expression() -> None:
    script = Script("", (Role("a"),), (Beat((0,), "idle", seconds=1.0),
                                       Beat((0,), "shout", seconds=3.0)))  # fmt: skip
    track = face(script)
    assert (track[25:, 5] == 1).all()
    assert np.ptp(track[60:, 4]) > 0.3


def test_a_line_shapes_the_mouth_syllable_by_syllable() -> None:
    script = Script("", (Role("a"),), (Beat((0,), "talk", seconds=6.0, line="No, no, papa!"),))
    track = face(script)
    said = track[track[:, 5] == 1]
    shapes = [MOUTHS[int(i)] for i in said[:, 3]]
    changes = [s for n, s in enumerate(shapes) if n == 0 or shapes[n - 1] != s]
    assert changes == ["small_o", "open"]  # no-no, pa-pa
    assert len(said) / FPS == pytest.approx(4 * 0.4, abs=0.1)
    assert (track[len(said) :, 5] == 0).all()


@pytest.mark.parametrize(
    ("line", "count"), [("Hello", 2), ("I am here", 3), ("Stone", 1), ("brrr", 1), ("", 1)]
)
def test_syllables_are_counted(line: str, count: int) -> None:
    assert len(syllables(line)) == count


def test_a_long_line_is_given_its_time() -> None:
    line = "This is a rather long line that nobody could ever say within three seconds or so"
    script = RulesBackend(encoder=None).plan(f'A man says "{line}" and walks')
    assert script.beats[0].seconds == pytest.approx(spoken_seconds(line), abs=0.01)


def test_eyes_blink_now_and_then() -> None:
    track = face("A man walks for 20 seconds")
    closed = track[:, 1] == EYES.index("closed")
    starts = np.flatnonzero(np.diff(closed.astype(int)) == 1)
    assert 3 <= len(starts) <= 7
    assert closed.sum() <= 3 * (len(starts) + 1)


def test_who_meets_an_alien_is_startled() -> None:
    assert "surprised" in expressions(face("A man walks to an alien"))


def test_who_is_hit_is_startled() -> None:
    assert "surprised" in expressions(face("Ann punches Bob", actor=1))


def test_eyes_turn_to_the_partner_and_open_ones_keep_their_type() -> None:
    script = Script(
        "",
        (
            Role("a", start=(0.0, 0.0), heading=0.0),
            Role("to its right", start=(0.5, 2.0), heading=0.0),
            Role("to its left", start=(0.5, -2.0), heading=0.0),
        ),
        (
            Beat((0,), "wave", seconds=2.0, target=1),
            Beat((0,), "wave", seconds=2.0, target=2),
            Beat((0,), "idle", seconds=2.0),
        ),
        duration=6.0,
    )
    scene = stage(script)
    assert scene.motion.face is not None
    eyes = scene.motion.face[:, 0, 1]
    gaze = (eyes - np.rint(eyes)) / GAZE
    open_ = np.rint(eyes) != EYES.index("closed")
    hips = scene.motion.joints[:, 0]
    heads = scene.motion.joints[:, :, J["head_center"]]
    for partner, span in ((1, slice(10, 40)), (2, slice(60, 90))):
        across = hips[span, J["r_hip"]] - hips[span, J["l_hip"]]
        side = ((heads[span, partner] - heads[span, 0]) * across).sum(-1)
        turned = np.abs(side) > 0.05
        agree = np.sign(gaze[span]) == np.sign(side)
        assert agree[turned & open_[span]].all()
    assert np.abs(gaze[115:145]).max() < 0.05
    assert set(np.rint(eyes).astype(int)) <= set(range(len(EYES)))
