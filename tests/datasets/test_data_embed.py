"""Embeddings: one vector a caption, computed once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
import sample_clips as samples
from numpy.typing import NDArray
from safetensors.numpy import load_file

from stickgen.core.errors import OutputError, PluginError, SourceError
from stickgen.core.registries import text_encoders
from stickgen.datasets.data.embedding import Embeddings, embed


class Counting:
    """An encoder that remembers what it was asked."""

    api_version: ClassVar[int] = 1
    name = "counting"
    asked: ClassVar[list[str]] = []

    def __init__(self, dim: int = 4) -> None:
        self.dim = dim

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked.extend(texts)
        out = np.zeros((len(texts), self.dim), np.float32)
        for row, text in zip(out, texts, strict=True):
            row[len(text) % self.dim] = 1.0
        return out

    def tokens(self, text: str) -> NDArray[np.float32]:
        return self.encode(text.split())


@pytest.fixture
def encoder(isolated_registries: None) -> type[Counting]:
    text_encoders.register("counting", Counting)
    Counting.asked.clear()
    return Counting


def _clips(*texts: Sequence[str]) -> list:
    return [samples.clip(f"c{i}", text) for i, text in enumerate(texts)]


def test_each_caption_once(tmp_path: Path, encoder: type[Counting]) -> None:
    store = samples.store(tmp_path / "s", _clips(["one", "two"], ["two", "größer"], []))
    result = embed(store, "counting", batch=2)
    assert encoder.asked == ["one", "two", "größer"]
    assert (result.captions, result.encoded) == (3, 3)
    assert result.path == tmp_path / "s.embeddings-counting.safetensors"
    found = Embeddings(result.path)
    assert set(found) == {"one", "two", "größer"}
    for text, vector in found.items():
        np.testing.assert_array_equal(vector, Counting().encode([text])[0])
    assert load_file(result.path)["embeddings"].shape == (3, 4)


def test_a_second_run_encodes_what_is_new(tmp_path: Path, encoder: type[Counting]) -> None:
    out = tmp_path / "e.safetensors"
    embed(samples.store(tmp_path / "s", _clips(["one"], ["two"])), "counting", out=out)
    encoder.asked.clear()
    more = samples.store(tmp_path / "t", _clips(["two"], ["three"]))
    assert embed(more, "counting", out=out).encoded == 1
    assert encoder.asked == ["three"]
    assert set(Embeddings(out)) == {"two", "three"}
    encoder.asked.clear()
    assert embed(more, "counting", out=out, settings={"dim": 6}).encoded == 2
    assert Embeddings(out).dim == 6
    assert embed(more, "counting", out=out, settings={"dim": 6}, force=True).encoded == 2


def test_other_files_are_left_alone(tmp_path: Path, encoder: type[Counting]) -> None:
    store = samples.store(tmp_path / "s", _clips(["one"]))
    out = tmp_path / "notes.safetensors"
    out.write_text("mine")
    with pytest.raises(OutputError, match="holds no embeddings"):
        embed(store, "counting", out=out)
    assert out.read_text() == "mine"
    embed(store, "counting", out=out, force=True)
    text_encoders.register("other", Counting)
    with pytest.raises(OutputError, match="'counting'"):
        embed(store, "other", out=out)


def test_a_store_without_captions(tmp_path: Path) -> None:
    result = embed(samples.store(tmp_path / "s", _clips([])), "hash")
    assert len(Embeddings(result.path)) == 0


def test_an_encoder_that_breaks_its_word(tmp_path: Path, isolated_registries: None) -> None:
    class Wrong(Counting):
        def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
            return np.zeros((1, 2), np.float32)

    text_encoders.register("wrong", Wrong)
    with pytest.raises(PluginError, match=r"shape \[1, 2\].*expected \[2, 4\]"):
        embed(samples.store(tmp_path / "s", _clips(["a", "b"])), "wrong")
    assert not list(tmp_path.glob("*.safetensors"))


@pytest.mark.parametrize("size", [0, 5, 40, 200])
def test_a_damaged_file(tmp_path: Path, size: int) -> None:
    result = embed(samples.store(tmp_path / "s", _clips(["one"])), "hash")
    result.path.write_bytes(result.path.read_bytes()[:size])
    with pytest.raises(SourceError, match="embeddings"):
        Embeddings(result.path)
