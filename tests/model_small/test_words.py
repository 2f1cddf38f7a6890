"""Words matter to the shipped model, and so does each of its two phases."""

from __future__ import annotations

import numpy as np
import pytest

from stickgen.core import sampling
from stickgen.core.sampling import NO_LABEL, Recipe, Wanted
from stickgen_model_small.generator import SmallGenerator

FRAMES = 48


@pytest.fixture(scope="module")
def small() -> SmallGenerator:
    return SmallGenerator(threads=1)


def wanted(small: SmallGenerator, text: str) -> Wanted:
    nothing = np.full(FRAMES, NO_LABEL, np.int64)
    pooled = small.encoder.encode([text])[0]
    return Wanted(small.encoder.tokens(text), pooled, nothing, nothing, source=1)


def drawn(small: SmallGenerator, text: str, phases: str = "refine") -> np.ndarray:
    """Return joints of a motion for *text* alone, always from the same noise."""
    small.recipe, before = Recipe(phases=phases), small.recipe  # type: ignore[arg-type]
    try:
        return small.sample(text, FRAMES, np.random.default_rng(3)).joints[:, 0]
    finally:
        small.recipe = before


@pytest.mark.parametrize("phases", ["refine", "plan"])
def test_the_order_of_words_changes_the_motion(small: SmallGenerator, phases: str) -> None:
    told = drawn(small, "a person walks, then jumps", phases)
    turned = drawn(small, "a person jumps, then walks", phases)
    assert np.abs(told - turned).max() > 0.02


def test_a_swapped_sentence_changes_the_motion_more_than_another_wording(
    small: SmallGenerator,
) -> None:
    runs = drawn(small, "A person runs.")
    again = drawn(small, "A person is running.")
    sits = drawn(small, "A person sits down.")
    assert np.abs(runs - sits).mean() > 1.5 * np.abs(runs - again).mean()


def test_two_plans_give_two_refinements(small: SmallGenerator) -> None:
    """The same words and the same noise: what differs can only come from the plan."""
    asked = wanted(small, "A person walks.")
    recipe = Recipe(start_noise=0.35)
    heard = small.backend.hear(sampling.conditions(asked, FRAMES))
    keys, keyed = np.zeros((FRAMES, 47), np.float32), np.zeros(FRAMES, np.float32)
    plans = [
        sampling._plan(
            small.backend, heard, FRAMES, np.random.default_rng(seed), recipe, keys, keyed
        )
        for seed in (0, 1)
    ]
    refined = [
        sampling._refine(
            small.backend, heard, plan, FRAMES, np.random.default_rng(9), recipe, keys, keyed
        )[0]
        for plan in plans
    ]
    apart = np.abs(refined[0] - refined[1]).mean()
    assert apart > 0.2 * np.abs(plans[0] - plans[1]).mean()
    # and a refinement stays with its own plan
    own = np.abs(refined[0] - plans[0]).mean() + np.abs(refined[1] - plans[1]).mean()
    other = np.abs(refined[0] - plans[1]).mean() + np.abs(refined[1] - plans[0]).mean()
    assert own < other


def test_without_the_plan_or_the_refiner_it_is_another_motion(small: SmallGenerator) -> None:
    made = {
        phases: drawn(small, "A person walks.", phases) for phases in ("both", "plan", "refine")
    }
    for one, two in (("both", "plan"), ("both", "refine"), ("plan", "refine")):
        assert np.abs(made[one] - made[two]).max() > 0.01
