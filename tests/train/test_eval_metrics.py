"""The figures of the evaluation, against what is known without them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stickgen.core.errors import UsageError
from stickgen.core.kinematics import Body
from stickgen.core.types import Motion
from stickgen.train.metrics.bootstrap import (
    bootstrap,
    kernel_distance_interval,
    mean_interval,
)
from stickgen.train.metrics.contacts import ContactMetrics, contacts
from stickgen.train.metrics.distributions import (
    diversity,
    frechet_distance,
    kernel_distance,
    multimodality,
)
from stickgen.train.metrics.matching import median_rank, mm_dist, r_precision
from stickgen.train.metrics.novelty import nearest_distances

seeds = st.integers(0, 2**32 - 1)
examples = settings(max_examples=25, deadline=None)


# -- Fréchet distance ----------------------------------------------------------------------------


@examples
@given(seeds, st.integers(1, 8), st.integers(2, 40))
def test_a_set_has_no_frechet_distance_from_itself(seed: int, width: int, n: int) -> None:
    rows = np.random.default_rng(seed).normal(size=(n, width)) * 3.0
    assert frechet_distance(rows, rows[::-1]) == pytest.approx(0.0, abs=1e-6 * width * 9)


@examples
@given(seeds, st.integers(1, 6))
def test_a_shift_costs_its_square(seed: int, width: int) -> None:
    rng = np.random.default_rng(seed)
    rows, shift = rng.normal(size=(50, width)), rng.normal(size=width)
    assert frechet_distance(rows, rows + shift) == pytest.approx(shift @ shift, rel=1e-5, abs=1e-6)


@examples
@given(seeds, st.floats(0.1, 5.0))
def test_a_scaling_costs_what_the_formula_says(seed: int, factor: float) -> None:
    rows = np.random.default_rng(seed).normal(size=(60, 4))
    rows -= rows.mean(axis=0)
    trace = np.trace(np.cov(rows.T))
    assert frechet_distance(rows, rows * factor) == pytest.approx(
        trace * (1.0 - factor) ** 2, rel=1e-5, abs=1e-6
    )


def test_covariances_that_do_not_commute_need_the_true_root() -> None:
    """Tr(S1^½ S2^½) or sqrt(Tr S1 Tr S2), which the predecessor took, give other figures."""
    rng = np.random.default_rng(0)
    white = rng.normal(size=(4000, 2))
    white -= white.mean(axis=0)
    white = white @ np.linalg.inv(np.linalg.cholesky(np.cov(white.T))).T
    first, second = np.array([[3.0, 0.0], [1.0, 0.5]]), np.array([[0.4, 0.0], [-2.0, 1.0]])
    a, b = white @ first.T, white @ second.T
    s1, s2 = first @ first.T, second @ second.T
    # of a 2x2 matrix M with positive eigenvalues, Tr M^½ = sqrt(Tr M + 2 sqrt(det M))
    product = s1 @ s2
    root = np.sqrt(np.trace(product) + 2.0 * np.sqrt(np.linalg.det(product)))
    assert frechet_distance(a, b) == pytest.approx(np.trace(s1) + np.trace(s2) - 2.0 * root)


@examples
@given(seeds)
def test_rotating_both_changes_nothing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(30, 5)), rng.normal(size=(25, 5)) * 2.0 + 1.0
    turn, _ = np.linalg.qr(rng.normal(size=(5, 5)))
    assert frechet_distance(a @ turn, b @ turn) == pytest.approx(frechet_distance(a, b), rel=1e-6)
    assert frechet_distance(a, b) == pytest.approx(frechet_distance(b, a), rel=1e-6)


# -- kernel distance -----------------------------------------------------------------------------


def test_equal_distributions_have_an_expected_kernel_distance_of_zero_at_any_size() -> None:
    rng = np.random.default_rng(3)
    for n in (8, 40):
        draws = [
            kernel_distance(rng.normal(size=(n, 6)), rng.normal(size=(n, 6))) for _ in range(300)
        ]
        error = np.std(draws) / np.sqrt(len(draws))
        assert abs(np.mean(draws)) < 3.0 * error
        assert min(draws) < 0.0  # unbiased, so on both sides of it


def test_a_biased_estimate_would_be_noticed() -> None:
    rng = np.random.default_rng(4)
    biased = []
    for _ in range(100):
        a, b = rng.normal(size=(8, 6)), rng.normal(size=(8, 6))

        def kernel(x: np.ndarray, y: np.ndarray) -> float:
            return float(((x @ y.T / 6 + 1) ** 3).mean())

        biased.append(kernel(a, a) + kernel(b, b) - 2 * kernel(a, b))
    assert np.mean(biased) > 10.0 * np.std(biased) / np.sqrt(len(biased))


@examples
@given(seeds, st.floats(1.0, 4.0))
def test_distributions_further_apart_are_further_apart(seed: int, shift: float) -> None:
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(60, 4)), rng.normal(size=(60, 4))
    assert kernel_distance(a, b + shift) > kernel_distance(a, b + shift / 4.0) - 0.05
    assert kernel_distance(a, b + shift) == pytest.approx(kernel_distance(b + shift, a))


# -- diversity and multimodality ------------------------------------------------------------------


@examples
@given(seeds)
def test_diversity_of_a_gaussian_is_known(seed: int) -> None:
    """Two draws of N(0, 1) are sqrt(2) chi(D) apart: 1.128 in one dimension."""
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(3000, 1))
    assert diversity(rows, rng, pairs=4000) == pytest.approx(2.0 / np.sqrt(np.pi), abs=0.08)


def test_one_answer_to_everything_has_no_diversity() -> None:
    rng = np.random.default_rng(0)
    assert diversity(np.ones((10, 3)), rng) == 0.0
    assert multimodality(np.broadcast_to(rng.normal(size=(5, 1, 3)), (5, 4, 3))) == 0.0


def test_multimodality_is_the_spread_within_a_caption_alone() -> None:
    centres = np.array([[0.0], [100.0]])
    groups = centres[:, None, :] + np.array([[-1.0], [1.0]])
    assert multimodality(groups) == pytest.approx(2.0)


# -- matching ------------------------------------------------------------------------------------


def test_embeddings_that_know_nothing_are_right_by_chance() -> None:
    rng = np.random.default_rng(5)
    texts, motions = rng.normal(size=(200, 8)), rng.normal(size=(200, 8))
    found = r_precision(texts, motions, rng)
    assert found.pool == 32
    expected = np.array([1, 2, 3]) / 32
    deviation = np.sqrt(expected * (1 - expected) / 200)
    assert (np.abs(found.top - expected) < 4 * deviation).all()


@examples
@given(seeds, st.integers(5, 40))
def test_embeddings_that_know_everything_are_right(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    texts = rng.normal(size=(n, 6))
    found = r_precision(texts, texts, rng, repeats=3)
    assert (found.top == 1.0).all()
    assert median_rank(texts, texts) == 1.0
    assert mm_dist(texts, texts) == 0.0


def test_constant_embeddings_are_right_by_chance_and_not_always() -> None:
    """With ``<=`` instead of a fair tie, a collapsed evaluator would be perfect."""
    found = r_precision(np.ones((100, 4)), np.ones((100, 4)), np.random.default_rng(0))
    assert found.top[0] < 0.05


@examples
@given(seeds)
def test_shuffled_texts_are_found_less(seed: int) -> None:
    rng = np.random.default_rng(seed)
    texts = rng.normal(size=(60, 6))
    motions = texts + 0.3 * rng.normal(size=texts.shape)
    own = r_precision(texts, motions, rng, repeats=2)
    other = r_precision(np.roll(texts, 7, axis=0), motions, rng, repeats=2)
    assert own.top[2] > other.top[2]
    assert mm_dist(texts, motions) < mm_dist(np.roll(texts, 7, axis=0), motions)


def test_the_same_caption_never_meets_itself_in_a_pool() -> None:
    texts = np.repeat(np.eye(10), 6, axis=0)  # ten captions, six motions each
    alike = texts @ texts.T
    rng = np.random.default_rng(0)
    found = r_precision(texts, texts, rng, similarity=alike, pool=32)
    assert found.pool == 10
    assert (found.top == 1.0).all()
    with pytest.raises(UsageError, match="at least 4"):
        r_precision(texts[:18], texts[:18], rng, similarity=alike[:18, :18])


# -- novelty and intervals -------------------------------------------------------------------------


@examples
@given(seeds, st.integers(1, 150))
def test_the_nearest_is_the_nearest(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    rows, train = rng.normal(size=(n, 3)), rng.normal(size=(20, 3))
    slow = np.linalg.norm(rows[:, None] - train[None], axis=-1).min(axis=1)
    np.testing.assert_allclose(nearest_distances(rows, train), slow, atol=1e-6)
    np.testing.assert_allclose(nearest_distances(train, train), 0.0, atol=1e-6)


def test_pieces_of_one_recording_do_not_count_as_many() -> None:
    rng = np.random.default_rng(0)
    level = rng.normal(size=10)
    values = np.repeat(level, 50)
    apart = mean_interval(values, [str(i) for i in range(500)], np.random.default_rng(1))
    together = mean_interval(values, [str(i // 50) for i in range(500)], np.random.default_rng(1))
    assert together.value == apart.value == pytest.approx(values.mean())
    assert (together.high - together.low) > 4.0 * (apart.high - apart.low)


def test_the_interval_covers_the_mean_about_as_often_as_it_says() -> None:
    covered = 0
    for trial in range(100):
        rng = np.random.default_rng(trial)
        level = rng.normal(size=30)
        values = np.repeat(level, 3) + 0.1 * rng.normal(size=90)
        found = mean_interval(values, [str(i // 3) for i in range(90)], rng, repeats=150)
        covered += found.low <= 0.0 <= found.high
    assert 85 <= covered <= 100


def test_one_recording_says_nothing_about_others() -> None:
    found = bootstrap(lambda rows: float(len(rows)), ["a", "a"], np.random.default_rng(0))
    assert found.value == 2.0
    assert np.isnan(found.low)


def test_the_interval_of_the_kernel_distance_is_about_that_distance() -> None:
    rng = np.random.default_rng(0)
    names = [str(i) for i in range(50)]
    a, b = rng.normal(size=(50, 4)), rng.normal(size=(50, 4))
    near = kernel_distance_interval(a, b, names, names, rng)
    assert near.value == pytest.approx(kernel_distance(a, b), abs=1e-9)
    assert near.low < 0.0 < near.high
    far = kernel_distance_interval(a, b + 1.0, names, names, rng)
    assert far.low > near.high
    # what is there three times over is no new evidence
    thrice, tripled = np.concatenate([a] * 3), names * 3
    again = kernel_distance_interval(thrice, b, tripled, names, np.random.default_rng(1))
    assert again.value == pytest.approx(near.value, abs=1e-9)


# -- contacts ------------------------------------------------------------------------------------


def standing(slide: float = 0.0, seconds: float = 2.0) -> Motion:
    """Return a body at rest that is pushed along at *slide* m/s."""
    frames = round(seconds * 25)
    joints = np.repeat(Body().rest()[None], frames, axis=0)
    joints[..., 0] += (np.arange(frames) * slide / 25.0)[:, None]
    return Motion.from_joints(joints)


def test_a_standing_figure_stands() -> None:
    assert contacts(standing()).all()
    figures = ContactMetrics().measure([standing()])
    assert figures == {"skate": 0.0, "planted_fraction": 1.0, "low_foot_skate": 0.0}


def test_sliding_is_measured_in_heights_a_frame() -> None:
    figures = ContactMetrics().measure([standing(slide=0.425)])
    assert figures["skate"] == pytest.approx(100.0 * 0.425 / 25.0 / 1.70, rel=1e-3)
    assert figures["low_foot_skate"] == pytest.approx(figures["skate"])


def test_a_foot_that_races_along_the_ground_carries_nobody() -> None:
    figures = ContactMetrics().measure([standing(slide=3.0)])
    assert "skate" not in figures
    assert figures["planted_fraction"] == 0.0
    assert figures["low_foot_skate"] > 5.0


def test_a_lifted_foot_is_no_contact_and_a_flicker_is_none_either() -> None:
    joints = np.repeat(Body().rest()[None], 50, axis=0)
    joints[10:20, :, 1] += 0.3  # everything in the air
    joints[30, :, 1] += 0.08  # for one frame only: noise
    found = contacts(Motion.from_joints(joints))[:, 0]
    assert not found[11:19].any()
    assert found[:8].all()
    assert found[23:].all()
