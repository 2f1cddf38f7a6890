"""The tokenizer of the static encoder against the reference one, which comes with torch models."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

tokenizers = pytest.importorskip("tokenizers", reason="needs the tokenizers package")
pytest.importorskip("stickgen_model_small", reason="needs stickgen-model-small")

from stickgen_model_small.encoder import StaticEncoder  # noqa: E402

Cut = Callable[[str], list[int]]


@pytest.fixture(scope="module")
def reference() -> tuple[Cut, Cut]:
    """Return our cut and the reference's by the shipped vocabulary, both without unknown words."""
    ours = StaticEncoder()._wordpiece
    ids = {piece: i for i, piece in enumerate(ours.vocabulary)}
    ids["[UNK]"] = len(ids)
    model = tokenizers.models.WordPiece(ids, unk_token="[UNK]", max_input_chars_per_word=100)
    theirs = tokenizers.Tokenizer(model)
    theirs.normalizer = tokenizers.normalizers.BertNormalizer(lowercase=True)
    theirs.pre_tokenizer = tokenizers.pre_tokenizers.BertPreTokenizer()
    unknown = ids["[UNK]"]
    return ours.ids, lambda text: [i for i in theirs.encode(text).ids if i != unknown]


def _older_than_2015(text: str) -> bool:
    """Say whether the reference, whose tables are those of Unicode 8, knows all characters."""
    return all(
        ord(c) < 0x500 or 0x2000 <= ord(c) < 0x2E00 or 0x3000 <= ord(c) < 0xA000 for c in text
    )


SENTENCES = [
    "A person walks forward, then jumps three times and waves happily!",
    "Two friends gallop, clamber & slither (slowly) -- they're pirouetting...",
    "Ünïcödé: Ærøskøbing, 走って is running; ‘quotes’ “double” №5 €3.50 µm²",
    "supercalifragilisticexpialidocious antidisestablishmentarianism zzzzqqqq",
    "line one\r\nline\ttwo\x0bthree\x07 [brackets] {braces} <tag> a_b c-d e/f",
]


@pytest.mark.parametrize("text", SENTENCES)
def test_sentences_are_cut_as_the_reference_cuts_them(
    reference: tuple[Cut, Cut], text: str
) -> None:
    ours, theirs = reference
    assert ours(text) == theirs(text)


@given(text=st.text().filter(_older_than_2015))
def test_any_text_is_cut_as_the_reference_cuts_it(reference: tuple[Cut, Cut], text: str) -> None:
    ours, theirs = reference
    assert ours(text) == theirs(text)
