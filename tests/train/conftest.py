"""A tiny store of procedural clips and its corpus, shared by the tests of training."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

if TYPE_CHECKING:
    from stickgen.train.corpus import Corpus


@pytest.fixture(scope="session")
def tiny_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store of twelve short clips, three of them held out."""
    from stickgen.core import registries
    from stickgen.core.storage import ClipStore
    from stickgen.core.types import ActorState, Beat, Clip

    folder = tmp_path_factory.mktemp("tiny") / "store"
    maker = registries.generators.create("procedural")
    with ClipStore(folder).writer() as writer:
        for i, name in enumerate(("walk", "wave", "jump") * 4):
            rng = np.random.default_rng(i)
            motion = maker.generate(Beat((0,), name, seconds=1.4), [ActorState()], rng)
            split = "val" if i >= 9 else "train"
            text = f"A person does {name} with the left hand."
            clip = Clip(motion, f"c{i}", (text,), "procedural", "MIT", f"r{i}", split=split)
            writer.add(clip.clip_id, [clip])
    return folder


@pytest.fixture(scope="session")
def tiny_corpus(tiny_store: Path) -> Corpus:
    """Return the corpus of that store, heard by the text encoder ``hash``."""
    pytest.importorskip("torch")
    from stickgen.train import corpus

    folder = tiny_store.parent / "corpus"
    corpus.build(tiny_store, folder, "hash")
    return corpus.Corpus(folder)
