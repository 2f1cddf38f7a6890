"""What is said to the camera is taken out of the story and told to the camera."""

from __future__ import annotations

import pytest

from stickgen.core.camera_moves import parse_moves
from stickgen.core.types import Beat, Role, Script
from stickgen.llm.camera_words import take_out
from stickgen.llm.director import direct
from stickgen.llm.rules import RulesBackend
from stickgen.llm.words import dialogue, tokenise


def plan(prompt: str) -> Script:
    return RulesBackend(encoder=None).plan(prompt)


@pytest.mark.parametrize(
    ("prompt", "left", "told"),
    [
        ("Wide shot of a crowd dancing", "a crowd dancing", ["wide"]),
        ("Close-up on a woman laughing", "a woman laughing", ["close-up"]),
        ("The camera zooms in while a man bows", "a man bows", ["zoom in"]),
        ("A girl twirls as the camera orbits around her", "A girl twirls", ["orbit"]),
        ("Pan left. A soldier marches.", "A soldier marches .", ["pan left"]),
        ("A tracking shot follows a thief who runs", "a thief who runs", ["track"]),
        ("Zoom out slowly as the hero flies off", "the hero flies off", ["zoom out"]),
        ("He sings; the camera slowly dollies in", "He sings ;", ["dolly in"]),
        ("Camera pans right across two people talking", "two people talking", ["pan right"]),
        ("A man waves. Cut to a close-up of his face.", "A man waves .", ["close-up"]),
        ("The camera rises up. Ann waves.", "Ann waves .", ["crane up"]),
        ("Handheld shot of a man who runs", "a man who runs", ["shake"]),
        ("A man holds a camera and waves", "A man holds a camera and waves", []),
        ("A person walks and waves", "A person walks and waves", []),
    ],
)
def test_the_camera_is_told_and_the_story_left(prompt: str, left: str, told: list[str]) -> None:
    directed = take_out(tokenise(prompt))
    assert " ".join(word.text for word in directed.words) == left
    assert [direction.told for direction in directed.directions] == told


def test_slow_motion_slows() -> None:
    assert plan("In slow motion, a man runs").beats[0].speed == 0.5
    assert plan("Slow motion: a man runs").beats[0].speed == 0.5


def test_what_comes_last_is_told_for_the_last_third() -> None:
    script = plan("A man walks, then the camera zooms in on his face")
    assert script.camera == ("zoom in 6.67s-10s",)


def test_lines_of_a_play_are_spoken() -> None:
    words = dialogue(tokenise('Ann: "Hi!" Bob: "Hello!"'))
    assert " ".join(word.text for word in words) == "Ann says Hi! . Bob says Hello!"
    script = plan('Ann: "Hi!" Bob: "Hello!"')
    assert [(beat.actors, beat.line) for beat in script.beats] == [((0,), "Hi!"), ((1,), "Hello!")]


@pytest.mark.parametrize(
    ("prompt", "told"),
    [
        ("A person walks and waves", ()),
        ("Twenty people dance, then they bow", ()),
        ("Two men bow and fight", "orbit"),
        ("Ann runs to Bob, then they hug", "dolly in"),
        ("A man sprints", "track"),
        ("A hero flies", "crane up"),
        ("Two teams play baseball", "frame on 0,5 0s"),
    ],
)
def test_the_director_moves_the_camera_where_it_tells_more(prompt: str, told: str) -> None:
    camera = plan(prompt).camera
    if told:
        assert any(entry.startswith(told) for entry in camera)
    else:
        assert camera == ()
    parse_moves(camera)


def test_who_asks_for_a_camera_gets_that_one() -> None:
    assert plan("Pan left. Two men bow and fight.").camera == ("pan left",)


def test_a_story_without_times_is_not_directed() -> None:
    script = Script("", (Role("a"), Role("b")), (Beat((0, 1), "bow"), Beat((0, 1), "hug")))
    assert direct(script) == ()
