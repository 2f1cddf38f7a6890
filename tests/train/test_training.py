"""Training: that it learns, resumes to the bit, and ends well when things go wrong."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from stickgen.core import registries
from stickgen.core.cli.main import main
from stickgen.core.errors import DataError, OutputError, SourceError, UsageError
from stickgen.core.storage import ClipStore
from stickgen.core.types import ActorState, Beat, Clip
from stickgen.train import checkpoint, corpus, settings
from stickgen.train.model import VARIANTS, ModelConfig
from stickgen.train.settings import Settings
from stickgen.train.training import Trainer, train

TINY = ModelConfig(width=32, layers=2, heads=2, hidden=48)
SHORT = Settings(
    steps=6, tokens=48, windows={24: 1.0}, validate_every=0, warmup=2,
    shares={"procedural": 1.0},
)  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store of twelve procedural clips."""
    folder = tmp_path_factory.mktemp("train") / "store"
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


@pytest.fixture(scope="module")
def data(store: Path) -> corpus.Corpus:
    folder = store.parent / "corpus"
    corpus.build(store, folder, "hash")
    return corpus.Corpus(folder)


def trained(data: corpus.Corpus, folder: Path, steps: int = 6, **more: Any) -> Trainer:
    return train(Trainer(replace(SHORT, steps=steps, **more), data, folder, config=TINY))


def weights(trainer: Trainer) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in trainer.model.state_dict().items()}


def test_resuming_gives_the_uninterrupted_run_to_the_bit(
    data: corpus.Corpus, tmp_path: Path
) -> None:
    whole = trained(data, tmp_path / "a")
    first = Trainer(SHORT, data, tmp_path / "b", config=TINY)
    for _ in range(3):
        first.advance()
    first.save()
    again = Trainer(SHORT, data, tmp_path / "b", config=TINY)
    again.resume(tmp_path / "b" / "latest")
    train(again)
    for name, value in weights(whole).items():
        torch.testing.assert_close(weights(again)[name], value, rtol=0, atol=0, msg=name)
        torch.testing.assert_close(again.average[name], whole.average[name], rtol=0, atol=0)


def test_what_is_learned_holds_on_clips_it_has_not_seen(
    data: corpus.Corpus, tmp_path: Path
) -> None:
    quick = replace(SHORT, learning_rate=5e-3, ema=0.8)
    trainer = Trainer(quick, data, tmp_path, config=TINY)
    before = trainer.validate(batches=1)
    for _ in range(25):
        trainer.advance()
    after = trainer.validate(batches=1)
    assert after["plan"] < 0.95 * before["plan"]
    assert after["action"] < before["action"]


def test_a_loss_that_is_no_number_ends_training_and_leaves_the_checkpoint(
    data: corpus.Corpus, tmp_path: Path
) -> None:
    trainer = trained(data, tmp_path, steps=2)
    with torch.no_grad():
        next(trainer.model.parameters()).fill_(float("nan"))
    with pytest.raises(DataError, match="not a number at step 2"):
        trainer.advance()
    model, _ = checkpoint.load(tmp_path / "latest")
    assert all(torch.isfinite(p).all() for p in model.parameters())


def test_a_full_disk_leaves_the_checkpoint_before(
    data: corpus.Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import safetensors.torch

    trainer = trained(data, tmp_path, steps=2)
    kept = (tmp_path / "latest" / "model.safetensors").read_bytes()

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(safetensors.torch, "save_file", full)
    with pytest.raises(OutputError, match="No space left"):
        trainer.save()
    assert (tmp_path / "latest" / "model.safetensors").read_bytes() == kept
    assert sorted(path.name for path in tmp_path.iterdir()) == ["latest"]


def test_the_command_trains_resumes_and_says_how_fast(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "run"
    common = ["train", "small", "--data", str(store), "-o", str(out), "--json", "--quiet"]
    short = ["--set", "tokens=24", "--set", "windows={24: 1.0}", "--set", "encoder=hash",
             "--set", "validate_every=0", "--set", "minutes=null",
             "--set", "shares={procedural: 1.0}"]  # fmt: skip
    assert main([*common, *short, "--steps", "1"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["steps"] == 1
    assert told["clips_per_second"] > 0
    assert main([*common, *short, "--steps", "2", "--resume"]) == 0
    assert json.loads(capsys.readouterr().out)["steps"] == 2
    config = checkpoint.read_config(out / "latest")
    assert config["text_encoder"] == "hash"
    assert config["architecture"]["width"] == VARIANTS["small"].width


@pytest.mark.parametrize("name", settings.names())
def test_every_configuration_reads(name: str) -> None:
    read = settings.read(name)
    assert name.startswith(read.variant)
    assert (read.stage == "lora") == name.endswith("-lora")


def test_sizes_are_printed_without_data(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "small", "--dry-run", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["parameters"] == pytest.approx(7.2e6, rel=0.03)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("lerning_rate=1", "did you mean 'learning_rate'"),
        ("steps=many", "expected int"),
        ("windows={7: 1.0}", "four divides"),
        ("losses.flow=x", "losses: flow"),
        ("variant=huge", "unknown variant"),
    ],
)
def test_settings_that_cannot_be_are_refused(change: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        settings.read("small", [change])


def test_a_folder_that_is_no_checkpoint_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="not a checkpoint"):
        checkpoint.load(tmp_path)


# -- the corpus ----------------------------------------------------------------------------------


def test_a_mirrored_window_is_the_window_of_the_mirrored_motion(data: corpus.Corpus) -> None:
    value = np.array(data.features[:30])
    twice = (value[:, corpus.MIRROR_ORDER] * corpus.MIRROR_SIGN)[:, corpus.MIRROR_ORDER]
    np.testing.assert_array_equal(twice * corpus.MIRROR_SIGN, value)
    from stickgen.core import features, schema

    joints, _ = features.decode(value)
    other, _ = features.decode(value[:, corpus.MIRROR_ORDER] * corpus.MIRROR_SIGN)
    np.testing.assert_allclose(
        other, joints[:, list(schema.SYMMETRY)] * (1.0, 1.0, -1.0), atol=1e-5
    )


def test_words_for_sides_change_places_in_a_mirror() -> None:
    said = "Waves the left hand, turns clockwise to the Right."
    assert corpus.mirrored_words(said) == (
        "Waves the right hand, turns counterclockwise to the Left."
    )
    assert corpus.mirrored_words("A leftover lights up brightly.") == (
        "A leftover lights up brightly."
    )


def test_a_batch_holds_windows_with_their_words(data: corpus.Corpus) -> None:
    batch = data.batch([0, 1], 48, np.random.default_rng(1), mirror=False, crop=False)
    assert batch.mask.sum(axis=1).tolist() == [data.tracks[i].frames for i in (0, 1)]
    assert batch.token_mask.any(axis=1).all()
    assert set(batch.actions[0][batch.mask[0]]) == {data.tracks[0].main}


def test_held_out_clips_are_not_trained_on(data: corpus.Corpus, tmp_path: Path) -> None:
    trainer = Trainer(SHORT, data, tmp_path, config=TINY)
    assert not any(data.tracks[i].held_out for i in trainer.train_tracks)
    assert all(data.tracks[i].held_out for i in trainer.held_tracks)
