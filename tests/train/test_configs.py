"""Every ready-made configuration trains: twenty steps of each on tiny data.

All are read, built and counted as they are. ``small`` trains as it is, the others with their own
settings at a width that a test can afford.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import torch

from stickgen.core.errors import UsageError
from stickgen.train import checkpoint, lora, picture_pose, settings
from stickgen.train.corpus import Corpus
from stickgen.train.model import VARIANTS, ModelConfig, MotionTransformer, parameters
from stickgen.train.settings import Adapters, Settings
from stickgen.train.training import Trainer, train

MILLIONS = {"small": 7.2, "medium": 20.6, "large": 44.6}
MOTION = [name for name in settings.names() if name != "picture"]
NARROW = ModelConfig(width=32, layers=1, heads=2, hidden=48, image_dim=24)

ENCODERS = ("lightweight_cnn", "resnet", "mini_vit")
FUSIONS = ("gated", "cross_attention", "film", "concat")
LONG = {("lightweight_cnn", "gated"), ("resnet", "cross_attention"), ("mini_vit", "film"),
        ("lightweight_cnn", "concat")}  # fmt: skip
"""Pairs that train for twenty steps, each encoder and each fusion among them; the others for one.
"""


def tiny(given: Settings, steps: int = 20, **more: object) -> Settings:
    """Return the settings of a file as they are, but for how much is shown and for how long."""
    return replace(
        given, epochs=None, steps=steps, minutes=None, tokens=8, windows={16: 1.0},
        accumulate=min(given.accumulate, 2), validate_every=0, warmup=2, picture_size=32, **more,
    )  # fmt: skip


def fixed_loss(trainer: Trainer) -> float:
    """Return the loss of the model as it is now on its batch, always with the same noise."""
    trainer.objective.eval()
    torch.manual_seed(0)
    with torch.no_grad():
        sample = trainer.sample(0, 0)
        return float(np.mean([float(trainer.objective(sample)["total"]) for _ in range(8)]))


def on_one_batch(trainer: Trainer, *, told: bool = False) -> Trainer:
    """Return *trainer* that is shown one batch again and again: what it can learn in 20 steps.

    Every clip of the batch has words if *told*.
    """
    samples = (trainer.sample(step, 0) for step in range(50))
    sample = next(s for s in samples if not told or s.conditions.token_mask.any(dim=1).all())
    trainer.sample = lambda step, part: sample  # type: ignore[method-assign]
    return trainer


@pytest.fixture(scope="module")
def base(tiny_corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a checkpoint of the narrow size to begin from."""
    folder = tmp_path_factory.mktemp("narrow")
    trainer = Trainer(tiny(settings.read("small")), tiny_corpus, folder, config=NARROW)
    with torch.no_grad():  # as if it had been trained: gates are open
        for p in trainer.model.parameters():
            p.add_(0.02 * torch.randn_like(p))
    trainer.average = {n: v.clone() for n, v in trainer.model.state_dict().items()}
    trainer.save()
    return folder / "latest"


@pytest.mark.parametrize("name", MOTION)
def test_every_configuration_trains(
    name: str, tiny_corpus: Corpus, base: Path, tmp_path: Path
) -> None:
    given = settings.read(name)
    with torch.device("meta"):
        model = MotionTransformer(VARIANTS[given.variant])
        assert parameters(model) / 1e6 == pytest.approx(MILLIONS[given.variant], rel=0.03)
    config = VARIANTS["small"] if name == "small" else NARROW
    begin = None if given.stage == "pretrain" else base
    # the rates of the files are for thousands of steps
    quick = tiny(given, learning_rate=1e-3 if given.lora is None else 5e-3)
    trainer = on_one_batch(Trainer(quick, tiny_corpus, tmp_path, config=config, init_from=begin))
    before = fixed_loss(trainer)
    losses: list[float] = []
    train(trainer, lambda _, each: losses.append(each["total"]))
    assert len(losses) == 20
    assert np.isfinite(losses).all()
    assert fixed_loss(trainer) < before
    if given.lora is None:
        written, facts = checkpoint.load(tmp_path / "latest")
        assert all(torch.isfinite(p).all() for p in written.parameters())
    else:
        facts = checkpoint.read_config(tmp_path / "latest", lora.KIND)
        assert given.lora == Adapters(*((16, 32) if given.variant == "large" else (8, 16)), 0.05)
    assert facts["training"]["step"] == 20
    assert facts["training"]["settings"]["stage"] == given.stage


@pytest.mark.parametrize(("image", "fusion"), list(product(ENCODERS, FUSIONS)))
def test_every_encoder_trains_with_every_fusion(
    image: str, fusion: str, tiny_corpus: Corpus, tmp_path: Path
) -> None:
    pytest.importorskip("stickgen.render", reason="the renderers are not installed")
    steps = 20 if (image, fusion) in LONG else 1
    given = tiny(settings.read("small"), steps, image=image, fusion=fusion)
    trainer = Trainer(given, tiny_corpus, tmp_path, config=NARROW)
    trainer = on_one_batch(trainer, told=True)  # without a text FiLM has nothing to bend
    encoder, mixer = trainer.model.image_encoder, trainer.model.fusion
    assert encoder is not None
    assert mixer is not None
    before = [p.detach().clone() for p in (*encoder.parameters(), *mixer.parameters())]
    begun = fixed_loss(trainer)
    losses = [trainer.advance()["total"] for _ in range(steps)]
    assert np.isfinite(losses).all()
    if steps == 20:
        assert fixed_loss(trainer) < begun
        after = (*encoder.parameters(), *mixer.parameters())
        moved = [not torch.equal(a, b) for a, b in zip(before, after, strict=True)]
        # a normalised attention may leave a bias of its keys where it is
        assert np.mean(moved) > 0.9


def test_the_reader_of_poses_trains(tiny_corpus: Corpus, tmp_path: Path) -> None:
    pytest.importorskip("stickgen.render", reason="the renderers are not installed")
    from stickgen.core.picture_pose import PoseReader

    given = replace(
        settings.read("picture"), steps=20, minutes=None, pictures=16, picture_size=32,
        warmup=2, validate_every=0, shares={"procedural": 1.0},
    )  # fmt: skip
    losses: list[float] = []
    folder = picture_pose.train(given, tiny_corpus, tmp_path, lambda _, x, __: losses.append(x))
    assert len(losses) == 20
    assert np.mean(losses[-5:]) < np.mean(losses[:5])
    assert PoseReader(folder).config["training"]["step"] == 20


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("lerning_rate=1", "did you mean 'learning_rate'"),
        ("steps=many", "expected int"),
        ("windows={7: 1.0}", "four divides"),
        ("losses.flow=x", "losses: flow"),
        ("variant=huge", "unknown variant"),
        ("stage=lora", "belong together"),
        ("picture_size=33", "16 must divide it"),
    ],
)
def test_settings_that_cannot_be_are_refused(change: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        settings.read("small", [change])


def test_what_fine_tuning_weighs_is_written_down() -> None:
    """The weights of the SFT stage: smoothness 0.1, action 0.2, heads 0.25; the plan deviates."""
    for name in ("small-sft", "medium-sft", "large-sft"):
        read = settings.read(name)
        w = read.losses
        assert (w.flow, w.smoothness, w.action, w.heads) == (1.0, 0.1, 0.2, 0.25)
        assert read.learning_rate == (5e-5 if read.variant == "large" else 1e-4)
        assert read.epochs == {"small": 15, "medium": 20, "large": 25}[read.variant]
