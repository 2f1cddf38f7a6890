"""The tokenizer: the reference's own answers, and what must hold for any text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickgen_model_small.wordpiece import WordPiece, words

TOY = WordPiece(["walk", "##s", "##ing", "a", "##b", "w", "##alk", ",", "走"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A person walks.", ["a", "person", "walks", "."]),
        ("don't—stop!", ["don", "'", "t", "—", "stop", "!"]),
        ("naïve Café ÅNGSTRÖM", ["naive", "cafe", "angstrom"]),
        ("İstanbul", ["istanbul"]),
        ("ΟΔΟΣ", ["οδοσ"]),
        ("走るa", ["走", "るa"]),
        ("a\tb\nc\u00a0d\u2003e", ["a", "b", "c", "d", "e"]),
        ("a\x00b\u200bc\ufffdd", ["abcd"]),
        ("x=1+2 $5", ["x", "=", "1", "+", "2", "$", "5"]),
        ("straße ½", ["straße", "½"]),
        ("", []),
        (" \n ", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert list(words(text)) == expected


def test_the_longest_piece_wins() -> None:
    assert TOY.ids("Walks walking walkb") == [0, 1, 0, 2, 0, 4]


def test_a_word_that_cannot_be_spelled_is_left_out() -> None:
    assert TOY.ids("walk zebra a") == [0, 3]
    assert TOY.ids("walkz") == []


def test_a_word_of_more_than_100_characters_is_left_out() -> None:
    assert len(TOY.ids("a" + "b" * 99)) == 100
    assert TOY.ids("a" + "b" * 100) == []


@given(st.text())
def test_words_are_lower_case_and_hold_no_space_or_control_character(text: str) -> None:
    for word in words(text):
        assert word
        assert not any(c.isspace() or unicodedata.category(c) in ("Cc", "Mn") for c in word)
        assert all(c == c.lower() for c in word)


@given(st.lists(st.text()))
def test_texts_joined_by_spaces_are_cut_like_each_alone(texts: list[str]) -> None:
    assert TOY.ids(" ".join(texts)) == [i for text in texts for i in TOY.ids(text)]
