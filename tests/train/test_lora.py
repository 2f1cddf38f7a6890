"""Adapters: trained with the model frozen, small on disk, blended by weight in delta space."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from stickgen.core.cli.main import main
from stickgen.core.errors import SourceError, UsageError
from stickgen.core.storage import read_motion
from stickgen.core.types import ActorState, Beat
from stickgen.train import checkpoint, corpus, lora
from stickgen.train.generator import DualPhaseGenerator
from stickgen.train.model import VARIANTS, ModelConfig, MotionTransformer
from stickgen.train.settings import Adapters, Settings, read
from stickgen.train.training import Trainer, train

TINY = ModelConfig(width=32, layers=2, heads=2, hidden=48)
BASE = Settings(
    steps=2, tokens=32, windows={16: 1.0}, validate_every=0, warmup=1, shares={"procedural": 1.0}
)
STAGE = replace(BASE, stage="lora", steps=20, learning_rate=1e-2, lora=Adapters(2, 4, 0.05))


@pytest.fixture(scope="module")
def data(tiny_corpus: corpus.Corpus) -> corpus.Corpus:
    return tiny_corpus


@pytest.fixture(scope="module")
def base(data: corpus.Corpus, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("base")
    torch.manual_seed(0)
    trainer = Trainer(BASE, data, folder, config=TINY)
    for p in trainer.model.parameters():  # as if it had been trained: gates open
        torch.nn.init.normal_(p, std=0.1)
    trainer.average = {n: v.clone() for n, v in trainer.model.state_dict().items()}
    trainer.save()
    return folder / "latest"


@pytest.fixture(scope="module")
def adapter(data: corpus.Corpus, base: Path) -> Path:
    folder = base.parent / "adapter"
    settings = replace(STAGE, steps=4)
    return train(Trainer(settings, data, folder, config=TINY, init_from=base)).folder / "latest"


@pytest.fixture(scope="module")
def other(data: corpus.Corpus, base: Path) -> Path:
    folder = base.parent / "other"
    settings = replace(STAGE, steps=3, seed=4)
    return train(Trainer(settings, data, folder, config=TINY, init_from=base)).folder / "latest"


def test_steps_change_the_adapter_and_nothing_else(
    data: corpus.Corpus, base: Path, tmp_path: Path
) -> None:
    """That the loss comes down is in ``test_configs``."""
    trainer = Trainer(STAGE, data, tmp_path, config=TINY, init_from=base)
    before = {n: v.clone() for n, v in trainer.model.state_dict().items()}
    for _ in range(3):
        trainer.advance()
    for name, value in trainer.model.state_dict().items():
        if ".lora_" not in name:
            assert torch.equal(value, before[name]), name
    changed = [n for n, v in trainer.model.state_dict().items() if not torch.equal(v, before[n])]
    for part in ("attention.q", "words.out", "feed.gate", "feed.down", "pose"):
        assert any(part in name for name in changed)


def test_it_resumes_to_the_bit(data: corpus.Corpus, base: Path, tmp_path: Path) -> None:
    settings = replace(STAGE, steps=4)
    whole = train(Trainer(settings, data, tmp_path / "a", config=TINY, init_from=base))
    first = Trainer(settings, data, tmp_path / "b", config=TINY, init_from=base)
    for _ in range(2):
        first.advance()
    first.save()
    again = Trainer(settings, data, tmp_path / "b", config=TINY)
    again.resume(tmp_path / "b" / "latest")
    train(again)
    for name, value in whole.model.state_dict().items():
        assert torch.equal(again.model.state_dict()[name], value), name
        assert torch.equal(again.average[name], whole.average[name]), name


def test_on_disk_it_is_small_and_no_pickle(adapter: Path, base: Path) -> None:
    names = {path.name for path in adapter.iterdir()}
    assert {lora.WEIGHTS, lora.PEFT_CONFIG, checkpoint.CONFIG} <= names
    assert all(path.suffix in (".json", ".safetensors") for path in adapter.iterdir())
    size = (adapter / lora.WEIGHTS).stat().st_size
    assert size < 0.5 * (base / checkpoint.WEIGHTS).stat().st_size
    told = json.loads((adapter / lora.PEFT_CONFIG).read_text("utf-8"))
    assert (told["r"], told["lora_alpha"], told["lora_dropout"]) == (2, 4, 0.05)


def test_peft_computes_what_blending_does(adapter: Path, base: Path) -> None:
    """The file, read by peft, gives the outputs of the model with the adapter blended in."""
    from peft import PeftModel

    model, config = checkpoint.load(base)
    blended, _ = checkpoint.load(base)
    lora.blend(blended, [(adapter, 1.0)], config)
    theirs = PeftModel.from_pretrained(model, str(adapter)).eval().base_model.model  # type: ignore[arg-type]
    x = torch.randn(3, TINY.width)
    for name in ("blocks.1.feed.gate", "blocks.0.attention.q", "pose"):
        got, wanted = theirs.get_submodule(name)(x), blended.get_submodule(name)(x)
        torch.testing.assert_close(got, wanted, atol=1e-5, rtol=1e-5)


def test_blending_adds_up_changes_not_factors(adapter: Path, other: Path, base: Path) -> None:
    model, config = checkpoint.load(base)
    own = {n: v.clone() for n, v in model.state_dict().items()}
    lora.blend(model, [(adapter, 0.7), (other, 0.3)], config)
    one, two = (load_file(folder / lora.WEIGHTS) for folder in (adapter, other))
    key = "base_model.model.pose.lora_{}.weight"
    wanted = own["pose.weight"] + sum(
        w * 2.0 * (each[key.format("B")] @ each[key.format("A")])
        for w, each in ((0.7, one), (0.3, two))
    )
    torch.testing.assert_close(model.pose.weight, wanted)
    assert not torch.allclose(model.pose.weight, own["pose.weight"])


def test_blending_twice_is_blending_once_and_can_be_taken_back(
    adapter: Path, other: Path, base: Path
) -> None:
    model, config = checkpoint.load(base)
    own = {n: v.clone() for n, v in model.state_dict().items()}
    lora.blend(model, [(adapter, 0.7)], config)
    once = {n: v.clone() for n, v in model.state_dict().items()}
    lora.blend(model, [(other, 0.2)], config)
    for _ in range(2):
        lora.blend(model, [(adapter, 0.7)], config)
    assert all(torch.equal(v, once[n]) for n, v in model.state_dict().items())
    lora.blend(model, [], config)
    assert all(torch.equal(v, own[n]) for n, v in model.state_dict().items())


def test_the_generator_moves_otherwise_with_an_adapter(adapter: Path, base: Path) -> None:
    beat, quick = Beat((0,), "walk", seconds=0.6), {"steps": 2, "phases": "refine"}

    def frames(*chosen: str) -> np.ndarray:
        made = DualPhaseGenerator(base, lora=chosen, **quick)
        return made.generate(beat, [ActorState()], np.random.default_rng(0)).frames

    plain = frames()
    assert np.abs(frames(f"{adapter}=1.0") - plain).max() > 1e-3
    np.testing.assert_array_equal(frames(f"{adapter}=0"), plain)


def test_the_command_blends_adapters_and_says_how_to_do_it_again(
    adapter: Path, base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setenv("STICKGEN_CHECKPOINT", str(base))
    common = ["generate", "A person walks", "--seed", "1", "--duration", "1", "--quiet"]
    model = [*common, "--generator", "dual-phase"]
    assert main([*model, "-o", str(tmp_path / "plain.motion")]) == 0
    asked = f"{adapter}=0.8"
    assert main([*model, "--lora", asked, "-o", str(tmp_path / "bent.motion")]) == 0
    plain, bent = (read_motion(tmp_path / f"{name}.motion") for name in ("plain", "bent"))
    assert np.abs(plain.motion.frames - bent.motion.frames).max() > 1e-3
    assert f"--lora {asked}" in bent.meta["command"]
    capsys.readouterr()
    out = ["-o", str(tmp_path / "c.motion")]
    assert main([*model, "--lora", "nobody=1", *out]) == 2
    assert "no adapter is called 'nobody'" in capsys.readouterr().err
    assert main([*common, "--generator", "procedural", "--lora", asked, *out]) == 2
    assert "has no setting 'lora'" in capsys.readouterr().err
    assert not (tmp_path / "c.motion").exists()


def test_adapters_are_found_by_name_beside_the_checkpoint(adapter: Path, base: Path) -> None:
    (base / lora.FOLDER).mkdir(exist_ok=True)
    link = base / lora.FOLDER / "brisk"
    if not link.exists():
        link.symlink_to(adapter, target_is_directory=True)
    assert lora.find("brisk", base) == link
    with pytest.raises(UsageError, match=r"no adapter is called 'brsk'.*brisk"):
        lora.find("brsk", base)


@pytest.mark.parametrize("text", ["style=much", "=0.5", "style=nan", "style=1e9"])
def test_weights_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(UsageError):
        lora.wanted(text)
    assert lora.wanted("style") == ("style", 1.0)
    assert lora.wanted("a=b=0.5") == ("a=b", 0.5)


def test_what_is_no_adapter_or_for_another_model_is_refused(
    adapter: Path, base: Path, tmp_path: Path
) -> None:
    model, config = checkpoint.load(base)
    with pytest.raises(SourceError, match="not the configuration of a lora model"):
        lora.blend(model, [(base, 1.0)], config)
    with pytest.raises(SourceError, match="another architecture"):
        lora.blend(model, [(adapter, 1.0)], {**config, "architecture": {}})
    with torch.no_grad():  # a model that was trained on
        model.pose.weight[0, 0] += 0.1
    with pytest.raises(SourceError, match="was made for the model"):
        lora.blend(model, [(adapter, 1.0)], config)
    (tmp_path / "config.json").write_text((adapter / "config.json").read_text("utf-8"), "utf-8")
    (tmp_path / lora.WEIGHTS).write_bytes((adapter / lora.WEIGHTS).read_bytes()[:300])
    with pytest.raises(SourceError, match="cannot be read as an adapter"):
        lora.blend(model, [(tmp_path, 1.0)], config)


@pytest.mark.parametrize(
    ("name", "rank", "alpha"), [("small", 8, 16), ("medium", 8, 16), ("large", 16, 32)]
)
def test_ranks_of_the_ready_made_configurations(name: str, rank: int, alpha: int) -> None:
    settings = read(f"{name}-lora")
    assert settings.lora == Adapters(rank, alpha, 0.05)
    with torch.device("meta"):
        model = MotionTransformer(VARIANTS[name])
        count = lora.attach(model, settings.lora)
    config = VARIANTS[name]
    d, h = config.width, config.hidden
    each = 8 * 2 * d + 3 * (d + h)
    assert count == rank * (config.layers * each + d + 188)
