"""Training: that it learns, resumes to the bit, and ends well when things go wrong."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch

from stickgen.core.cli.main import main
from stickgen.core.errors import DataError, OutputError, SourceError
from stickgen.train import checkpoint, corpus, model
from stickgen.train.model import VARIANTS, ModelConfig
from stickgen.train.settings import Settings
from stickgen.train.training import Trainer, train

TINY = ModelConfig(width=32, layers=2, heads=2, hidden=48)
SHORT = Settings(
    steps=6, tokens=48, windows={24: 1.0}, validate_every=0, warmup=2,
    shares={"procedural": 1.0},
)  # fmt: skip


@pytest.fixture(scope="module")
def data(tiny_corpus: corpus.Corpus) -> corpus.Corpus:
    return tiny_corpus


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


RUN = """
import json, sys
from dataclasses import replace
from pathlib import Path
from stickgen.train.corpus import Corpus
from stickgen.train.model import ModelConfig
from stickgen.train.settings import Settings
from stickgen.train.training import Trainer, train

folder = Path(sys.argv[2])
settings = Settings(steps=500, tokens=48, windows={24: 1.0}, validate_every=0, warmup=2,
                    shares={"procedural": 1.0}, save_minutes=0.0)
trainer = Trainer(settings, Corpus(Path(sys.argv[1])), folder,
                  config=ModelConfig(width=32, layers=2, heads=2, hidden=48))
log = open(folder / "losses", "w")
def report(trainer, losses):
    print(json.dumps(losses), file=log, flush=True)
train(trainer, report)
"""


def test_a_run_that_is_killed_goes_on_along_the_same_curve(
    data: corpus.Corpus, tmp_path: Path
) -> None:
    """SIGKILL while it writes a checkpoint after every step; then the losses to the last bit."""
    threads = {"OMP_NUM_THREADS": str(torch.get_num_threads())}
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, str(data.folder), str(tmp_path)],
        env={**os.environ, **threads}, stderr=subprocess.PIPE,
    )  # fmt: skip
    log = tmp_path / "losses"
    while process.poll() is None and not (log.exists() and log.read_text().count("\n") >= 5):
        time.sleep(0.02)
    process.kill()
    _, told = process.communicate()
    assert process.returncode == -signal.SIGKILL, told.decode()
    until = [json.loads(line) for line in log.read_text().splitlines() if line.endswith("}")]

    long = replace(SHORT, steps=500)
    again = Trainer(long, data, tmp_path, config=TINY)
    again.resume(tmp_path / "latest")
    at = again.step
    assert 0 < len(until) - at <= 1 or at == len(until)
    whole = Trainer(long, data, tmp_path / "whole", config=TINY)
    curve = [whole.advance() for _ in range(at + 3)]
    assert until[:at] == curve[:at]
    assert [again.advance() for _ in range(3)] == curve[at:]
    assert all(torch.equal(v, weights(whole)[n]) for n, v in weights(again).items())
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


@pytest.mark.parametrize("moment", ["old away", "new half written"])
def test_a_checkpoint_survives_a_kill_at_the_worst_moment(
    moment: str, data: corpus.Corpus, tmp_path: Path
) -> None:
    trainer = trained(data, tmp_path, steps=2)
    latest = tmp_path / "latest"
    if moment == "old away":
        latest.rename(tmp_path / ".latest.old-77")
    (tmp_path / ".latest.new-77").mkdir()
    (tmp_path / ".latest.new-77" / "model.safetensors").write_bytes(b"half")
    again = Trainer(SHORT, data, tmp_path, config=TINY)
    again.resume(latest)
    assert again.step == trainer.step
    assert sorted(path.name for path in tmp_path.iterdir()) == ["latest"]


def test_sigterm_writes_a_checkpoint_first(data: corpus.Corpus, tmp_path: Path) -> None:
    def terminate(trainer: Trainer, _: dict[str, float]) -> None:
        if trainer.step == 2:
            os.kill(os.getpid(), signal.SIGTERM)

    trainer = Trainer(SHORT, data, tmp_path, config=TINY)
    with pytest.raises(KeyboardInterrupt):
        train(trainer, terminate)
    assert checkpoint.read_config(tmp_path / "latest")["training"]["step"] == 2
    again = Trainer(SHORT, data, tmp_path, config=TINY)
    again.resume(tmp_path / "latest")
    assert train(again).step == SHORT.steps


@pytest.mark.slow
def test_two_processes_train_one_model(tiny_store: Path, tmp_path: Path) -> None:
    """By ``accelerate launch``: the same losses on both, one checkpoint, and it resumes."""
    config = tmp_path / "tiny.yaml"
    config.write_text(
        "variant: small\nencoder: hash\ntokens: 8\nwindows: {16: 1.0}\nvalidate_every: 0\n"
        "shares: {procedural: 1.0}\nsteps: 2\naccumulate: 2\n"
    )
    out = tmp_path / "run"
    # what each process says of each step goes to a file of its own
    program = tmp_path / "rank.py"
    program.write_text(
        "import json, os, sys\n"
        "from stickgen.train import model, training\n"
        "model.VARIANTS['small'] = model.ModelConfig(width=32, layers=2, heads=2, hidden=48)\n"
        "step = training.Trainer.advance\n"
        "def told(self):\n"
        "    losses = step(self)\n"
        f"    with open(os.path.join({str(tmp_path)!r}, 'rank' + os.environ['RANK']), 'a') as f:\n"
        "        f.write(json.dumps([self.step, losses, float(self.model.pose.weight.sum())]))\n"
        "        f.write('\\n')\n"
        "    return losses\n"
        "training.Trainer.advance = told\n"
        "from stickgen.core.cli.main import main\n"
        "for more in ([], ['--resume', '--steps', '3']):\n"
        "    code = main(sys.argv[1:] + more)\n"
        "    assert code == 0, code\n"
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    done = subprocess.run(
        [sys.executable, "-m", "accelerate.commands.launch", "--multi_gpu", "--num_processes", "2",
         "--main_process_port", str(port),
         "--num_machines", "1", "--mixed_precision", "no", "--dynamo_backend", "no",
         "--num_cpu_threads_per_process", "1", str(program),
         "train", str(config), "--data", str(tiny_store), "-o", str(out), "--json", "-q"],
        capture_output=True, text=True, timeout=600,
        env={**os.environ, "CUDA_VISIBLE_DEVICES": ""},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    ranks = [(tmp_path / f"rank{i}").read_text().splitlines() for i in range(2)]
    assert ranks[0] == ranks[1]
    assert [json.loads(line)[0] for line in ranks[0]] == [1, 2, 3]
    decoder, documents, rest = json.JSONDecoder(), [], done.stdout.strip()
    while rest:  # the main process alone says what came out, once a run
        document, stop = decoder.raw_decode(rest)
        documents.append(document)
        rest = rest[stop:].strip()
    assert [d["steps"] for d in documents] == [2, 3]
    assert all(d["processes"] == 2 for d in documents)
    assert sorted(p.name for p in out.iterdir()) == ["corpus", "latest"]
    made, facts = checkpoint.load(out / "latest")
    assert facts["training"]["step"] == 3
    assert made.config.width == 32


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
    kept, _ = checkpoint.load(tmp_path / "latest")
    assert all(torch.isfinite(p).all() for p in kept.parameters())


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
    tiny_store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "run"
    common = ["train", "small", "--data", str(tiny_store), "-o", str(out), "--json", "--quiet"]
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


def told(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert main(["train", *arguments, "--dry-run", "--json"]) == 0
    out: dict[str, Any] = json.loads(capsys.readouterr().out)
    return out


def test_sizes_are_printed_without_data(capsys: pytest.CaptureFixture[str]) -> None:
    plain = told(["small"], capsys)
    assert plain["parameters"] == pytest.approx(7.2e6, rel=0.03)
    assert plain["parameters_trained"] == plain["parameters_with_encoder"]
    lora = told(["medium-lora"], capsys)
    assert lora["parameters"] == pytest.approx(20.6e6, rel=0.03)
    assert lora["parameters_trained"] < 0.06 * lora["parameters"]
    seeing = told(["small", "--set", "image=mini_vit", "--set", "fusion=film"], capsys)
    assert seeing["parameters_of_pictures"] > 7.8e6
    assert 5e5 < told(["picture"], capsys)["parameters"] < 2e6


def test_the_command_line_wins_over_the_environment_and_that_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "own.yaml"
    config.write_text("resume_from: from-file\ninit_from: begin-file\nlearning_rate: 3e-4\n")
    own = [str(config)]
    read = told(own, capsys)
    assert (read["resume_from"], read["init_from"]) == ("from-file", "begin-file")
    assert read["learning_rate"] == 3e-4
    monkeypatch.setenv("RESUME_FROM_CHECKPOINT", "from-environment")
    monkeypatch.setenv("INIT_FROM_CHECKPOINT", "begin: 'environment'")
    read = told(own, capsys)
    assert (read["resume_from"], read["init_from"]) == ("from-environment", "begin: 'environment'")
    said = [*own, "--resume-from", "from-line", "--init-from", "begin-line",
            "--set", "learning_rate=1e-3"]  # fmt: skip
    read = told(said, capsys)
    assert (read["resume_from"], read["init_from"]) == ("from-line", "begin-line")
    assert read["learning_rate"] == 1e-3
    read = told([*own, "--set", "resume_from=from-setting"], capsys)
    assert read["resume_from"] == "from-setting"


def test_losses_are_told_to_the_boards_that_are_asked_for(
    tiny_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    config = tmp_path / "tiny.yaml"
    config.write_text(
        "encoder: hash\ntokens: 8\nwindows: {16: 1.0}\nvalidate_every: 0\nsteps: 2\n"
        "shares: {procedural: 1.0}\n"
    )
    monkeypatch.setitem(model.VARIANTS, "small", TINY)
    seen: list[tuple[int, float]] = []

    class Run:
        def log(self, losses: dict[str, float], step: int) -> None:
            seen.append((step, losses["total"]))

    wandb = ModuleType("wandb")
    wandb.init = lambda **given: Run()  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "wandb", wandb)
    run = ["train", str(config), "--data", str(tiny_store), "-o", str(tmp_path / "run")]
    assert main([*run, "--set", "wandb=walkers"]) == 0
    assert [step for step, _ in seen] == [1, 2]
    said = capsys.readouterr().err
    assert re.search(r"step 2/2 · loss \d+\.\d+ · [\d.]+ clips/s · 0 min left", said)
    for name, module in (("wandb=w", "wandb"), ("tensorboard=true", "torch.utils.tensorboard")):
        monkeypatch.setitem(sys.modules, module, None)
        assert main([*run, "--set", name]) == 3
        assert "pip install" in capsys.readouterr().err


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
