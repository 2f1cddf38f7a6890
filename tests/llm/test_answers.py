"""Reading the JSON in what a model wrote, and making a script of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from model_server import BROKEN, GOOD, STORY

from stickgen.core.testing.contracts import LLMBackendContract
from stickgen.llm import answers, authoring, document

JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "```json\n{}\n```",
        "Sure! Here it is:\n\n{}\n\nShall I {{go on}}?",
        "\ufeff{}",
        "<think>{{}} maybe</think>{}",
        "// a comment\n{}",
    ],
)
def test_what_stands_around_the_story_is_forgiven(around: str) -> None:
    assert answers.parse(around.format(GOOD)) == STORY


def test_commas_and_comments_are_forgiven() -> None:
    text = '{"a": [1, 2,], /* two */ "b": "x, }] // kept",\n // end\n}'
    assert answers.parse(text) == {"a": [1, 2], "b": "x, }] // kept"}


@pytest.mark.parametrize("text", ["", "no", BROKEN, "[1, 2]", "{" * 100_000, '{"a": ' * 30_000])
def test_what_holds_no_story_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="answer"):
        answers.parse(text)


@settings(max_examples=40)
@given(st.dictionaries(st.text(), JSON))
def test_every_object_survives(value: dict[str, Any]) -> None:
    assert answers.parse(f"Here:\n```\n{json.dumps(value)}\n```") == value


@given(st.text())
def test_any_text_is_an_object_or_a_sentence(text: str) -> None:
    try:
        found: object = answers.parse(text)
    except ValueError as error:
        found = str(error)
    assert isinstance(found, dict) or "the answer" in str(found)


_BEAT = st.fixed_dictionaries(
    {
        "who": st.lists(st.sampled_from(["Ann", "ZOG", "Bob"]), min_size=1, max_size=3),
        "do": st.sampled_from(["walk", "Handshake", "high five", "sit", "talk", "xyzzy"]),
    },
    optional={
        "overlay": st.sampled_from(["wave", "walk", "nothing", None]),
        "seconds": st.floats(0.01, 3600) | st.just(-1),
        "times": st.integers(1, 50),
        "together": st.booleans(),
        "target": st.sampled_from(["Ann", "zog", "ball", "soccer ball", "the void"]),
        "speed": st.floats(0.2, 4),
        "line": st.text(max_size=20),
    },
)


@given(st.lists(_BEAT, min_size=1, max_size=8), st.none() | st.floats(0.5, 600))
def test_any_story_is_a_sound_script_or_a_sentence(
    beats: list[dict[str, Any]], duration: float | None
) -> None:
    answer = {"roles": [{"name": "Ann"}, {"name": "Zog"}], "beats": beats}
    try:
        script = authoring.to_script(answer, "p", planner="x", duration=duration)
    except ValueError as error:
        sentence = str(error)
    else:
        sentence = ""
    if sentence:
        assert "key 'beats." in sentence
        return
    LLMBackendContract.check(script)
    assert document.from_dict(document.to_dict(script)) == script
    assert duration is None or script.duration == round(duration, 3)


def test_both_hands_of_a_handshake_are_there() -> None:
    beats = [{"who": ["Ann"], "do": "handshake", "target": "Zog"}]
    script = authoring.to_script({**STORY, "beats": beats}, "p", planner="x", duration=None)
    assert script.beats[0].actors == (0, 1)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"roles": [{"name": "A"}, {"name": "a"}]}, "twice"),
        ({"beats": [{"who": ["Nobody"], "do": "walk"}]}, "'Nobody' is not a role"),
        ({"beats": [{"who": ["Ann"], "do": "wavee"}]}, "did you mean wave"),
        ({"beats": [{"who": ["Ann"]}]}, "beats.0.do"),
        ({"beats": STORY["beats"] * 100}, "beats"),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        authoring.to_script({**STORY, **change}, "p", planner="x", duration=None)
