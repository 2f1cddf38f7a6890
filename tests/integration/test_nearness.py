"""How near to recordings redrawn drafts lie: what the script's figures mean."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

SCRIPT = Path(__file__).parents[2] / "plugins/stickgen-model-small/scripts/nearness.py"


@pytest.fixture(scope="module")
def nearness():
    spec = importlib.util.spec_from_file_location("nearness", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_lies_between_is_judged_to_lie_between(nearness) -> None:
    rng = np.random.default_rng(1)
    recordings = [f"r{i // 3}" for i in range(90)]
    real, made, between = (rng.normal(mean, 1.0, (90, 6)) for mean in (1.0, -1.0, 0.0))
    logits = nearness.judged(real, made, [between], recordings)
    assert logits[0].mean() > 2.0 > logits[2].mean() > -2.0 > logits[1].mean()
    assert nearness.told_apart(logits[0], logits[1]) > 0.95
    # nothing is told apart where nothing differs, though each recording could be learnt by heart
    alike = nearness.judged(real[:45], real[45:], [], recordings[:45])
    assert 0.25 < nearness.told_apart(*alike) < 0.75


def test_the_energy_of_a_movement_is_in_its_band(nearness) -> None:
    t = np.arange(100) / 25.0
    joints = np.zeros((100, 16, 3))
    joints[:, 5, 1] = 0.1 * np.sin(2.0 * np.pi * 3.0 * t)
    bands = nearness.spectrum([joints])
    assert bands[2] > 0.9 * bands.sum()
    speed = (0.1 * 2.0 * np.pi * 3.0) ** 2 / 2.0 / 16.0
    assert bands.sum() == pytest.approx(speed, rel=0.1)


def test_the_figure_is_a_picture(nearness) -> None:
    rng = np.random.default_rng(1)
    logits = {name: rng.normal(size=20) for name in nearness.COLOURS}
    energy = {name: np.ones(len(nearness.BANDS)) for name in nearness.COLOURS}
    root = ElementTree.fromstring(nearness.drawing(logits, energy))
    assert root.tag.endswith("svg")
    assert sum(each.tag.endswith("polyline") for each in root) == 3
