"""The file-free text encoder: its contract, and what its vectors say."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from stickgen.core.errors import UsageError
from stickgen.core.testing import TextEncoderContract
from stickgen.datasets.hash_encoder import HashEncoder, words


class TestHash(TextEncoderContract):
    name = "hash"


def _close(one: str, other: str) -> float:
    a, b = HashEncoder(4096).encode([one, other])
    return float(a @ b)


def test_words_in_common_bring_sentences_together() -> None:
    near = _close("A person walks forward", "A person walks backward")
    assert near > _close("A person walks forward", "Two dogs bark loudly") + 0.3
    assert _close("jumping", "jumps") > _close("jumping", "kick") + 0.1


def test_the_order_of_words_counts() -> None:
    assert 0.5 < _close("walk then jump", "jump then walk") < 0.99


def test_case_does_not_count() -> None:
    assert _close("Walk NOW", "walk now") == pytest.approx(1.0, abs=1e-6)


def test_tokens_are_the_words_in_order() -> None:
    encoder = HashEncoder()
    tokens = encoder.tokens("a person jumps")
    for vector, word in zip(tokens, ["a", "person", "jumps"], strict=True):
        np.testing.assert_array_equal(vector, encoder.tokens(word)[0])
    assert words("Don't stop, left-handed 走る!") == [
        "don't",
        "stop",
        ",",
        "left-handed",
        "走る",
        "!",
    ]


def test_the_same_in_every_process() -> None:
    program = (
        "from stickgen.datasets.hash_encoder import HashEncoder;"
        "print(HashEncoder(16).encode(['a b c']).tobytes().hex())"
    )
    here = HashEncoder(16).encode(["a b c"]).tobytes().hex()
    there = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert there.stdout.strip() == here


@pytest.mark.parametrize("dim", [0, 7, 2.5, "x", True])
def test_a_dim_that_cannot_be(dim: object) -> None:
    with pytest.raises(UsageError, match="dim"):
        HashEncoder(dim)  # type: ignore[arg-type]
