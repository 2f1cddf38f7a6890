"""The static text encoder: its contract, what its vectors say, and what a damaged file gives."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from stickgen.core import protocols, registries
from stickgen.core.errors import PluginError
from stickgen.core.testing import TextEncoderContract
from stickgen_model_small import encoder as module
from stickgen_model_small.encoder import StaticEncoder


class TestStaticEncoder(TextEncoderContract):
    name = "static"


@pytest.fixture(scope="module")
def static() -> StaticEncoder:
    return StaticEncoder()


def cosine(static: StaticEncoder, a: str, b: str) -> float:
    one, two = static.encode([a, b])
    return float(one @ two)


def test_is_in_the_registry() -> None:
    made = registries.text_encoders.create("static")
    assert isinstance(made, protocols.TextEncoder)
    assert (made.name, made.dim) == ("static", 192)


@pytest.mark.parametrize(
    ("a", "near", "far"),
    [
        ("a person jogs", "a person runs", "a person sits down"),
        ("he weeps", "she cries", "they applaud"),
        ("somebody leaps into the air", "someone jumps", "someone sleeps on a bed"),
        ("a man eats his lunch", "a woman is having dinner", "a woman kicks a ball"),
        ("chuckling", "laughing", "climbing"),
    ],
)
def test_like_meanings_lie_closer(static: StaticEncoder, a: str, near: str, far: str) -> None:
    assert cosine(static, a, near) > cosine(static, a, far) + 0.1


def test_what_happens_weighs_more_than_small_words(static: StaticEncoder) -> None:
    the, gallops = static.tokens("the"), static.tokens("gallop")
    assert np.linalg.norm(the) < 0.2 * np.linalg.norm(gallops)
    sentence = "he is in the air after a jump"
    assert cosine(static, sentence, "jump") > 0.5 > cosine(static, sentence, "he is in the after a")


def test_word_order_shows_in_tokens_and_not_in_the_sentence_vector(static: StaticEncoder) -> None:
    one, two = "walk then jump", "jump then walk"
    np.testing.assert_allclose(*static.encode([one, two]), atol=1e-6)
    np.testing.assert_array_equal(static.tokens(one), static.tokens(two)[::-1])


def test_case_and_accents_do_not_matter(static: StaticEncoder) -> None:
    np.testing.assert_array_equal(static.tokens("A PERSON Wálks"), static.tokens("a person walks"))


@pytest.mark.parametrize("text", ["", "  \n", "\x00", "走る", "🕺"])
def test_a_text_without_known_words_is_zero(static: StaticEncoder, text: str) -> None:
    assert static.tokens(text).shape == (0, 192)
    assert not static.encode([text]).any()


def test_tables_are_small_enough_to_ship() -> None:
    sizes = {path.name: path.stat().st_size for path in module._FILES.iterdir()}
    assert sizes.keys() == {"scale.npy", "vectors.npy", "vocabulary.txt"}
    assert sum(sizes.values()) < 10e6


def test_vocabulary_has_no_entry_twice(static: StaticEncoder) -> None:
    vocabulary = static._wordpiece.vocabulary
    assert len(set(vocabulary)) == len(vocabulary)
    assert all(piece == piece.strip() and piece for piece in vocabulary)


def test_making_one_reads_nothing_and_importing_it_is_light() -> None:
    code = (
        "import sys, stickgen_model_small.encoder as m, pathlib;"
        "m._FILES = pathlib.Path('nowhere'); m.StaticEncoder();"
        "heavy = {'torch', 'scipy', 'tokenizers', 'transformers'} & set(sys.modules);"
        "sys.exit(', '.join(heavy) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the tables that may be broken."""
    copy = tmp_path / "static"
    shutil.copytree(module._FILES, copy)
    monkeypatch.setattr(module, "_FILES", copy)
    return copy


@pytest.mark.parametrize("name", ["scale.npy", "vectors.npy", "vocabulary.txt"])
@pytest.mark.parametrize("damage", ["gone", "empty", "noise", "short"])
def test_a_damaged_file_is_one_sentence(damaged: Path, name: str, damage: str) -> None:
    path = damaged / name
    whole = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        pieces = {"empty": b"", "noise": b"\xff\xfe\x80" * 40, "short": whole[: len(whole) // 2]}
        path.write_bytes(pieces[damage])
    with pytest.raises(PluginError, match="reinstall stickgen-model-small") as caught:
        StaticEncoder().encode(["a person walks"])
    assert "\n" not in str(caught.value)
