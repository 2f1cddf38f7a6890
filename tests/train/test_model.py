"""The dual-phase model: what it may see, what it must not, and how large it is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from stickgen.core.features import DIM
from stickgen.core.sampling import NO_LABEL, PATCH, TOKEN
from stickgen.train.model import (
    VARIANTS,
    Conditions,
    ModelConfig,
    MotionTransformer,
    parameters,
)

TINY = ModelConfig(width=32, layers=2, heads=2, hidden=48, text_dim=8, dropout=0.0)
B, T, WORDS = 2, 24, 5
N = T // PATCH


@pytest.fixture
def model() -> MotionTransformer:
    torch.manual_seed(0)
    made = MotionTransformer(TINY)
    for p in made.parameters():  # an untrained model's gates are shut
        torch.nn.init.normal_(p, std=0.2)
    return made.eval()


def conditions(batch: int = B, frames: int = T) -> Conditions:
    torch.manual_seed(1)
    return Conditions(
        tokens=torch.randn(batch, WORDS, TINY.text_dim),
        token_mask=torch.ones(batch, WORDS, dtype=torch.bool),
        pooled=torch.randn(batch, TINY.text_dim),
        actions=torch.full((batch, frames), 3),
        overlay=torch.full((batch, frames), NO_LABEL),
        seconds=torch.full((batch,), frames / 25),
        source=torch.ones(batch, dtype=torch.long),
    )


def refined(model: MotionTransformer, c: Conditions, x: torch.Tensor, valid=None) -> torch.Tensor:
    flags = torch.zeros(x.shape[:2])
    with torch.no_grad():
        return model.refine(
            x, torch.zeros_like(x), flags, flags, torch.full((len(x),), 0.5), model.hear(c), valid
        )[0]


@pytest.mark.parametrize(
    ("variant", "millions"), [("small", 7.2), ("medium", 20.6), ("large", 44.6)]
)
def test_variants_are_as_large_as_they_say(variant: str, millions: float) -> None:
    with torch.device("meta"):
        count = parameters(MotionTransformer(VARIANTS[variant]))
    assert count / 1e6 == pytest.approx(millions, rel=0.03)


def test_the_planner_does_not_see_what_is_to_come(model: MotionTransformer) -> None:
    x = torch.randn(B, T, DIM)
    valid = torch.ones(B, N, dtype=torch.bool)
    heard = model.hear(conditions())
    with torch.no_grad():
        before = model.plan(x, torch.zeros(B), heard, valid)
        x[:, 3 * PATCH :] += 5.0
        after = model.plan(x, torch.zeros(B), heard, valid)
    torch.testing.assert_close(after[:, :4], before[:, :4])
    assert (after[:, 4:] - before[:, 4:]).abs().max() > 1e-3


def test_token_by_token_the_planner_thinks_what_it_thinks_at_once(
    model: MotionTransformer,
) -> None:
    x = torch.randn(B, T, DIM)
    heard = model.hear(conditions())
    noise = torch.full((B,), 0.1)
    h = TINY.width // TINY.heads
    past = torch.zeros(TINY.layers, 2, B, TINY.heads, 0, h)
    with torch.no_grad():
        whole = model.plan(x, noise, heard, torch.ones(B, N, dtype=torch.bool))
        for i in range(N):
            token = x[:, max(i - 1, 0) * PATCH : max(i, 1) * PATCH]
            now = replace(heard, frames=heard.frames[:, i : i + 1])
            first, index = torch.tensor(float(i == 0)), torch.tensor(i)
            hidden, kept = model.plan_step(token, first, index, noise, now, past)
            past = torch.cat([past, kept], dim=4)
            torch.testing.assert_close(hidden, whole[:, i], atol=1e-5, rtol=1e-4)


def test_padding_is_not_looked_at(model: MotionTransformer) -> None:
    x = torch.randn(B, T, DIM)
    valid = torch.ones(B, N, dtype=torch.bool)
    valid[:, 4:] = False
    c = conditions()
    before = refined(model, c, x, valid)
    x[:, 4 * PATCH :] = 9.0
    after = refined(model, c, x, valid)
    torch.testing.assert_close(after[:, : 4 * PATCH], before[:, : 4 * PATCH])
    # and the words that are not there are not heard
    c.token_mask[:, 3:] = False
    before = refined(model, c, x)
    c.tokens[:, 3:] = 7.0
    torch.testing.assert_close(refined(model, c, x), before)


def test_the_order_of_words_counts(model: MotionTransformer) -> None:
    x = torch.randn(B, T, DIM)
    c = conditions()
    before = refined(model, c, x)
    c.tokens = c.tokens.flip(1)
    assert (refined(model, c, x) - before).abs().max() > 1e-3


def test_every_condition_is_heard_and_may_be_missing(model: MotionTransformer) -> None:
    x = torch.randn(B, T, DIM)
    plain = refined(model, conditions(), x)
    nan = float("nan")
    for change in (
        {"actions": torch.full((B, T), 5)},
        {"overlay": torch.full((B, T), 5)},
        {"seconds": torch.full((B,), 7.0)},
        {"source": torch.zeros(B, dtype=torch.long)},
        {"style": torch.full((B, 5), 0.5)},
        {"camera": torch.ones(B, T, 3)},
        {"partner": torch.ones(B, T, 48)},
    ):
        out = refined(model, replace(conditions(), **change), x)
        assert (out - plain).abs().max() > 1e-4, change
    unknown = replace(
        conditions(),
        style=torch.full((B, 5), nan),
        camera=torch.full((B, T, 3), nan),
        partner=torch.full((B, T, 48), nan),
    )
    torch.testing.assert_close(refined(model, unknown, x), plain)
    everything = torch.ones(B, dtype=torch.bool)
    silent = conditions().without(everything, everything)
    assert torch.isfinite(refined(model, silent, x)).all()


def test_there_are_six_heads(model: MotionTransformer) -> None:
    read = model.read(torch.randn(B, N, TINY.width))
    sizes = {name: value.shape for name, value in read.items()}
    assert sizes == {
        "position": (B, T, 2),
        "velocity": (B, T, 2),
        "action": (B, T, 64),
        "physics": (B, T, 6),
        "environment": (B, T, 32),
    }
    assert model.draw(torch.randn(B, TINY.width), torch.randn(B, TOKEN), torch.rand(B)).shape == (
        B,
        TOKEN,
    )


def test_a_new_model_says_nothing_and_learns_from_there() -> None:
    torch.manual_seed(0)
    made = MotionTransformer(TINY)
    out = refined(made.eval(), conditions(), torch.randn(B, T, DIM))
    np.testing.assert_array_equal(out.numpy(), 0.0)
