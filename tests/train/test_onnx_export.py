"""Export: the graphs say what PyTorch says, step by step, from the same noise."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from stickgen.core.sampling import NO_LABEL, Recipe, Wanted, sample
from stickgen.train import checkpoint
from stickgen.train.model import ModelConfig, MotionTransformer
from stickgen.train.onnx_export import GRAPHS, TOLERANCE, WEIGHTS, export
from stickgen.train.torch_backend import TorchBackend

TINY = ModelConfig(width=32, layers=2, heads=2, hidden=48, text_dim=8)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    torch.manual_seed(0)
    model = MotionTransformer(TINY)
    for p in model.parameters():
        torch.nn.init.normal_(p, std=0.1)
    zeros, ones = np.zeros(47, np.float32), np.ones(47, np.float32)
    config = checkpoint.describe(model, zeros, ones, text_encoder="hash")
    checkpoint.save(tmp_path / "tiny", config, model.state_dict())
    return tmp_path / "tiny"


def test_the_graphs_say_what_pytorch_says(saved: Path, tmp_path: Path) -> None:
    found = export(saved, tmp_path / "graphs")
    assert set(found) == set(GRAPHS)
    assert max(found.values()) <= TOLERANCE
    # one file of half-precision weights serves all graphs
    count = sum(p.numel() for p in MotionTransformer(TINY).parameters())
    assert (tmp_path / "graphs" / WEIGHTS).stat().st_size < 2.6 * count


def test_a_checkpoint_samples_the_same_twice(saved: Path) -> None:
    labels = np.full(12, NO_LABEL)
    wanted = Wanted(np.ones((2, 8), np.float32), np.ones(8, np.float32), labels, labels)
    backend = TorchBackend.read(saved)
    one, two = (
        sample(backend, wanted, np.random.default_rng(3), Recipe(steps=3, draws=2)).features
        for _ in range(2)
    )
    assert np.isfinite(one).all()
    np.testing.assert_array_equal(one, two)
