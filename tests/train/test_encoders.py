"""The encoder around sentence-transformers models, tried on a tiny one made here."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stickgen.core import registries
from stickgen.core.errors import ServiceError, SourceError
from stickgen.core.testing import TextEncoderContract
from stickgen.train.encoders import DEFAULT_MODEL, SentenceTransformerEncoder

pytest.importorskip("torch", reason="needs torch")
pytest.importorskip("sentence_transformers", reason="needs sentence-transformers")

pytestmark = pytest.mark.torch

WORDS = "a person walks runs then waves and ##s jump two friends play catch in the rain somebody"
DIM = 16


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a small untrained BERT with mean pooling."""
    return make_model(tmp_path_factory.mktemp("model"), seed=0)


def make_model(folder: Path, seed: int) -> Path:
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    bert = folder / "bert"
    bert.mkdir()
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS.split()]
    (bert / "vocab.txt").write_text("\n".join(vocabulary), "utf-8")
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=DIM,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
    )
    BertModel(config).save_pretrained(bert)
    BertTokenizerFast(str(bert / "vocab.txt")).save_pretrained(bert)
    # A plain transformers model gets mean pooling.
    whole = SentenceTransformer(str(bert), device="cpu")
    whole.save(str(folder / "whole"))
    return folder / "whole"


class TestSentenceTransformerEncoder(TextEncoderContract):
    name = "sentence-transformers"

    @pytest.fixture(autouse=True)
    def model(self, tiny: Path, tmp_path: Path) -> None:
        self.settings = {"model": tiny, "device": "cpu", "cache": tmp_path / "cache"}

    def create(self) -> Any:
        return registries.text_encoders.create(self.name, **self.settings)


def test_the_default_is_the_large_bge_model_and_asking_its_size_loads_nothing() -> None:
    encoder = SentenceTransformerEncoder(cache=False)
    assert (encoder.name, encoder.dim) == (DEFAULT_MODEL, 1024)
    assert encoder.encode([]).shape == (0, 1024)
    assert "_model" not in vars(encoder)


def test_tokens_are_those_of_the_words(tiny: Path) -> None:
    encoder = SentenceTransformerEncoder(tiny, device="cpu", cache=False)
    assert len(encoder.tokens("a person walks then jumps")) == 6  # jump ##s
    assert encoder.tokens("").shape == (0, DIM)
    assert encoder.dim == DIM


def test_pooled_vectors_are_those_of_the_library(tiny: Path) -> None:
    from sentence_transformers import SentenceTransformer

    texts = ["a person walks", "somebody jumps and waves then runs"]
    theirs = SentenceTransformer(str(tiny), device="cpu").encode(texts, normalize_embeddings=True)
    ours = SentenceTransformerEncoder(tiny, device="cpu", cache=False).encode(texts)
    np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_a_long_batch_keeps_its_order(tiny: Path) -> None:
    encoder = SentenceTransformerEncoder(tiny, device="cpu", batch_size=2, cache=False)
    texts = ["walks " * n + "jump" for n in (9, 1, 5, 3, 7)] + ["walks jump"]
    together = encoder.encode(texts)
    alone = np.concatenate([encoder.encode([text]) for text in texts])
    np.testing.assert_allclose(together, alone, atol=1e-5)
    np.testing.assert_array_equal(together[1], together[5])


def test_the_cache_answers_without_the_model(tiny: Path, tmp_path: Path) -> None:
    first = SentenceTransformerEncoder(tiny, device="cpu", cache=tmp_path)
    pooled, tokens = first.encode(["a person walks"]), first.tokens("a person walks")
    second = SentenceTransformerEncoder(tiny, device="cpu", cache=tmp_path)
    np.testing.assert_array_equal(second.encode(["a person walks"]), pooled)
    np.testing.assert_array_equal(second.tokens("a person walks"), tokens)
    assert "_model" not in vars(second)
    second.encode(["a person runs"])
    assert "_model" in vars(second)


def test_the_cache_tells_models_apart(tmp_path: Path) -> None:
    vectors = []
    for seed in (1, 2):
        (tmp_path / str(seed)).mkdir()
        model = make_model(tmp_path / str(seed), seed)
        vectors.append(
            SentenceTransformerEncoder(model, cache=tmp_path / "cache").encode(["walks"])
        )
    assert np.abs(vectors[0] - vectors[1]).max() > 1e-3


@pytest.mark.parametrize("damage", [b"", b"noise" * 20, b"\xff" * 8])
def test_a_damaged_cache_file_is_made_anew(tiny: Path, tmp_path: Path, damage: bytes) -> None:
    pooled = SentenceTransformerEncoder(tiny, cache=tmp_path).encode(["walks"])
    (path,) = tmp_path.rglob("*.safetensors")
    whole = path.read_bytes()
    path.write_bytes(damage)
    again = SentenceTransformerEncoder(tiny, cache=tmp_path).encode(["walks"])
    np.testing.assert_array_equal(again, pooled)
    assert path.read_bytes() == whole


def test_a_cache_that_cannot_be_written_loses_no_result(tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    encoder = SentenceTransformerEncoder(tiny, cache=tmp_path / "file")
    with pytest.warns(UserWarning, match="text vectors are not kept"):
        vectors = encoder.encode(["walks", "runs"])
    # computed anew, alone instead of in a batch: the sums are rounded otherwise
    np.testing.assert_allclose(encoder.encode(["walks"]), vectors[:1], atol=1e-6)


def test_without_a_cache_nothing_is_written(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    SentenceTransformerEncoder(tiny, cache=False).encode(["walks"])
    assert not any(tmp_path.iterdir())
    SentenceTransformerEncoder(tiny).encode(["walks"])
    assert (tmp_path / "stickgen" / "text").is_dir()


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such folder"):
        SentenceTransformerEncoder(tmp_path / "gone", cache=False).encode(["walks"])


def test_a_folder_without_a_model(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="not a usable text model"):
        SentenceTransformerEncoder(tmp_path, cache=False).encode(["walks"])


def test_a_hub_that_cannot_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub

    monkeypatch.setattr(huggingface_hub.constants, "ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr(time, "sleep", lambda _: None)  # between its tries
    with pytest.raises(ServiceError, match="'nobody/no-such-model' is not on this machine"):
        SentenceTransformerEncoder("nobody/no-such-model", cache=False).encode(["walks"])


def test_importing_the_module_does_not_import_torch() -> None:
    code = "import sys, stickgen.train.encoders; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
