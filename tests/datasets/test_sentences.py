"""Sentences made of labels and file names."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickgen.datasets.sentences import predicate, sentence, third_person


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("walk forward", "walks forward"),
        ("walking straight forward", "is walking straight forward"),
        ("walks", "walks"),
        ("turn_left", "turns left"),
        ("carry a box", "carries a box"),
        ("wash and dry hands", "washes and dry hands"),
        ("walk and sit down", "walks and sits down"),
        ("T-pose", "does t-pose"),
        ("a kick", "does a kick"),
        ("jumping jacks", "does jumping jacks"),
        ("Go up stairs!", "goes up stairs"),
        ("step to the right", "steps to the right"),
        ("", ""),
        ("!!", ""),
    ],
)
def test_predicates(label: str, expected: str) -> None:
    assert predicate(label) == expected


def test_one_after_the_other() -> None:
    assert sentence(["walk", "turn"]) == "A person walks, then turns."
    assert sentence(["walk", "walk", "turn", "sit"]) == "A person walks, turns, then sits."
    assert sentence(["", "!"]) == ""


@pytest.mark.parametrize(
    ("verb", "form"),
    [("go", "goes"), ("catch", "catches"), ("play", "plays"), ("try", "tries"), ("box", "boxes")],
)
def test_third_person(verb: str, form: str) -> None:
    assert third_person(verb) == form


@given(st.lists(st.text(max_size=30), max_size=4))
def test_any_labels_give_one_clean_sentence(labels: list[str]) -> None:
    text = sentence(labels)
    assert text == "" or re.fullmatch(r"A person \S(.*\S)?\.", text)
