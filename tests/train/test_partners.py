"""Clips of two: each track knows the other, the model hears it, and two move together."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stickgen.core import registries
from stickgen.core.errors import UsageError
from stickgen.core.model_generator import ModelGenerator
from stickgen.core.schema import SYMMETRY, J, joints_to_segments, segments_to_joints
from stickgen.core.storage import ClipStore
from stickgen.core.types import ActorState, Beat, Clip
from stickgen.train import corpus
from stickgen.train.model import ModelConfig
from stickgen.train.settings import Settings
from stickgen.train.torch_backend import TorchBackend
from stickgen.train.training import Trainer, train

TINY = ModelConfig(width=32, layers=2, heads=2, hidden=48)


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pairs") / "store"
    maker = registries.generators.create("procedural")
    states = [ActorState(), ActorState((0.9, 0.0), heading=np.pi)]
    with ClipStore(folder).writer() as writer:
        for i in range(4):
            rng = np.random.default_rng(i)
            motion = maker.generate(Beat((0, 1), "handshake", seconds=1.4), states, rng)
            split = "val" if i == 3 else "train"
            clip = Clip(motion, f"c{i}", ("Two shake hands.",), "procedural", "MIT", f"r{i}",
                        split=split)  # fmt: skip
            writer.add(clip.clip_id, [clip])
            one = maker.generate(Beat((0,), "wave", seconds=1.4), [states[0]], rng)
            clip = Clip(one, f"w{i}", ("A person waves.",), "procedural", "MIT", f"s{i}",
                        split=split)  # fmt: skip
            writer.add(clip.clip_id, [clip])
    corpus.build(folder, folder.parent / "corpus", "hash")
    return folder


@pytest.fixture(scope="module")
def data(pairs: Path) -> corpus.Corpus:
    return corpus.Corpus(pairs.parent / "corpus")


def test_each_sees_the_other_before_him(pairs: Path, data: corpus.Corpus) -> None:
    paired = [i for i, track in enumerate(data.tracks) if track.partner >= 0]
    assert len(paired) == 8
    batch = data.batch(paired[:2], 32, np.random.default_rng(0), mirror=False, crop=False)
    assert batch.partner is not None
    # both face +x in their own view, so that the other stands at +x, the feet on the ground
    for row in batch.partner:
        seen = row.reshape(32, 12, 2, 2)
        assert 0.3 < np.median(seen[..., 0]) < 1.2
        assert np.isfinite(row).all()
    clip = next(iter(ClipStore(pairs)))
    joints = clip.motion.joints.astype(float)
    wanted = joints_to_segments(joints[:32, 1] - joints[:32, 0, :1])
    np.testing.assert_allclose(batch.partner[0], wanted, atol=0.02)


def test_in_a_mirror_sides_change_and_the_picture_stays(data: corpus.Corpus) -> None:
    assert data.partner is not None
    joints = np.asarray(data.partner[:5], float)
    plain, other = (
        segments_to_joints(corpus.partner_segments(joints, mirrored=flip)) for flip in (False, True)
    )
    np.testing.assert_allclose(other, plain[:, SYMMETRY], atol=1e-3)
    assert np.abs(plain - other).max() > 0.01


def test_who_is_alone_has_nobody(data: corpus.Corpus) -> None:
    alone = [i for i, track in enumerate(data.tracks) if track.partner < 0]
    assert data.batch(alone, 32, np.random.default_rng(0)).partner is None
    paired = next(i for i, track in enumerate(data.tracks) if track.partner >= 0)
    mixed = data.batch([alone[0], paired], 32, np.random.default_rng(0))
    assert mixed.partner is not None
    assert np.isnan(mixed.partner[0]).all()
    assert not np.isnan(mixed.partner[1]).all()


def test_an_older_corpus_without_partners_can_still_be_read(
    data: corpus.Corpus, tmp_path: Path
) -> None:
    for path in data.folder.iterdir():
        if path.name != "partner.npy":
            (tmp_path / path.name).write_bytes(path.read_bytes())
    index = json.loads((tmp_path / "index.json").read_text())
    index["format"] = 1
    for row in index["tracks"]:
        del row["partner"]
    (tmp_path / "index.json").write_text(json.dumps(index))
    old = corpus.Corpus(tmp_path)
    assert old.partner is None
    assert old.batch([0, 1], 32, np.random.default_rng(0)).partner is None


def test_a_model_trained_with_partners_moves_two_together(
    data: corpus.Corpus, tmp_path: Path
) -> None:
    settings = Settings(
        steps=20, tokens=48, windows={24: 1.0}, validate_every=0, warmup=2,
        shares={"procedural": 1.0},
    )  # fmt: skip
    trainer = train(Trainer(settings, data, tmp_path, config=TINY))
    moved = trainer.model.partner_in.weight.detach()
    assert trainer.step == 20
    fresh = Trainer(replace(settings, seed=0), data, tmp_path / "fresh", config=TINY)
    assert float((moved - fresh.model.partner_in.weight.detach()).abs().max()) > 1e-4
    backend = TorchBackend.read(tmp_path / "latest")
    assert backend.config["partners"] is True
    maker = ModelGenerator(backend, registries.text_encoders.create("hash"))
    assert maker.max_actors == 2
    states = [ActorState(), ActorState((0.9, 0.0), heading=np.pi)]
    beat = Beat((0, 1), "handshake", seconds=1.0)
    motion = maker.generate(beat, states, np.random.default_rng(0))
    assert motion.joints.shape == (25, 2, 16, 3)
    pelvis = motion.joints[0, :, J["pelvis_center"], 0]
    np.testing.assert_allclose(pelvis, [0.0, 0.9], atol=0.1)
    with pytest.raises(UsageError, match="up to 2 actors"):
        maker.generate(beat, [*states, states[0]], np.random.default_rng(0))
    # the partner is heard
    heard = [
        backend.hear({**_heard(backend), "partner": np.full((2, 8, 48), x, np.float32)})["frames"]
        for x in (0.0, 1.0)
    ]
    assert np.abs(heard[0] - heard[1]).max() > 1e-3


def _heard(backend: TorchBackend) -> dict[str, np.ndarray]:
    dim = backend.config["architecture"]["text_dim"]
    return {
        "tokens": np.zeros((2, 1, dim), np.float32), "token_mask": np.zeros((2, 1), np.bool_),
        "pooled": np.zeros((2, dim), np.float32), "actions": np.zeros((2, 8), np.int64),
        "overlay": np.zeros((2, 8), np.int64), "seconds": np.ones(2, np.float32),
        "source": np.zeros(2, np.int64), "style": np.full((2, 5), np.nan, np.float32),
    }  # fmt: skip
