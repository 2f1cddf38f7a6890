"""The sampling loop, over a model whose answers are known: no network is needed to check it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stickgen.core import features, schema
from stickgen.core.errors import DataError, UsageError
from stickgen.core.kinematics import Body, bone_lengths
from stickgen.core.sampling import NO_LABEL, PATCH, Recipe, Wanted, candidates, sample
from stickgen.core.testing.figures import standing

ONE = Recipe(guidance=1.0, plan_guidance=1.0)


class Toward:
    """A model that goes straight to *goal*: v = (goal - x) / (1 - t), more so with conditions.

    The refiner keeps half of the plan where there is one.
    """

    def __init__(self, goal: float = 1.0) -> None:
        self.goal = np.float32(goal)
        self.calls: list[tuple[str, int]] = []
        self.config: Mapping[str, Any] = {
            "architecture": {"layers": 1, "heads": 1, "width": 2, "text_dim": 3}
        }

    def hear(self, conditions: Mapping[str, Any]) -> dict[str, np.ndarray]:
        self.heard = conditions
        n = conditions["actions"].shape[1] // PATCH
        told = conditions["token_mask"].any(axis=1).astype(np.float32)
        return {
            "words": np.zeros((2, 1, 2), np.float32),
            "word_mask": np.ones((2, 1), np.float32),
            "whole": np.repeat(told[:, None], 2, axis=1),
            "frames": np.zeros((2, n, 2), np.float32),
        }

    def plan_step(self, token, first, index, noise, heard, past):
        self.calls.append(("plan", len(token)))
        assert past.shape[4] == index
        assert heard["frames"].shape[1] == 1
        assert (first == 1.0) == (index == 0)
        return heard["whole"].copy(), np.zeros((1, 2, len(token), 1, 1, 2), np.float32)

    def draw(self, hidden, x, t):
        return (self.goal * hidden[:, :1] - x) / (1 - t[:, None])

    def refine(self, x, plan, known, keyed, t, heard):
        self.calls.append(("refine", len(x)))
        goal = self.goal * heard["whole"][:, :1, None]
        goal = goal + 0.5 * known[..., None] * (plan - goal)
        return (goal - x) / (1 - t[:, None, None])


def wanted(frames: int = 12, **more: Any) -> Wanted:
    labels = np.full(frames, NO_LABEL)
    return Wanted(np.ones((2, 3), np.float32), np.ones(3, np.float32), labels, labels, **more)


def drawn(backend: Toward, recipe: Recipe = ONE, seed: int = 1, **more: Any) -> np.ndarray:
    return sample(backend, wanted(**more), np.random.default_rng(seed), recipe).features


def test_arrives_where_the_model_points() -> None:
    np.testing.assert_allclose(drawn(Toward(0.7), Recipe("refine", guidance=1.0)), 0.7, atol=1e-5)
    plan = Recipe("plan", plan_guidance=1.0)
    np.testing.assert_allclose(drawn(Toward(0.7), plan), 0.7, atol=1e-5)


def test_the_refiner_starts_from_the_plan() -> None:
    model = Toward()
    first = sample(model, wanted(), np.random.default_rng(1), ONE)
    assert first.plan is not None
    np.testing.assert_allclose(first.plan, 1.0, atol=1e-5)
    # a plan elsewhere ends elsewhere, and refining without one forgets it
    model.draw = lambda hidden, x, t: (3.0 - x) / (1 - t[:, None])  # type: ignore[method-assign]
    np.testing.assert_allclose(drawn(model), 2.0, atol=1e-4)
    np.testing.assert_allclose(drawn(model, Recipe("refine", guidance=1.0)), 1.0, atol=1e-4)


def test_a_draft_is_left_as_far_as_it_is_told() -> None:
    draft = np.full((12, features.DIM), 3.0, np.float32)
    seen: list[np.ndarray] = []

    class Noting(Toward):
        def refine(self, x, plan, known, keyed, t, heard):
            seen.append(x.copy())
            return super().refine(x, plan, known, keyed, t, heard)

    recipe = Recipe(phases="draft", guidance=1.0, steps=10, start=0.6, unguided=0)
    out = sample(Noting(), wanted(draft=draft), np.random.default_rng(1), recipe).features
    noise = np.random.default_rng(1).standard_normal((1, 12, features.DIM), dtype=np.float32)
    assert len(seen) == 4
    np.testing.assert_allclose(seen[0], 0.6 * draft + 0.4 * noise, rtol=1e-5)
    np.testing.assert_allclose(out, 1.0, atol=1e-4)
    for phases, begins in (("draft", None), ("refine", draft)):
        with pytest.raises(UsageError, match="draft"):
            sample(Noting(), wanted(draft=begins), np.random.default_rng(1), Recipe(phases=phases))


def test_guidance_stretches_what_the_conditions_change() -> None:
    for phases in ("refine", "plan"):
        recipe = Recipe(phases, guidance=3.0, plan_guidance=3.0, unguided=0)
        np.testing.assert_allclose(drawn(Toward(1.0), recipe), 3.0, atol=1e-4)


def test_guidance_costs_a_second_row_only_while_it_is_used() -> None:
    model = Toward()
    drawn(model, Recipe("refine", steps=5, guidance=2.0, unguided=2))
    assert [rows for _, rows in model.calls] == [2, 2, 2, 1, 1]


def test_the_same_seed_gives_the_same_motion() -> None:
    np.testing.assert_array_equal(drawn(Toward(), seed=3), drawn(Toward(), seed=3))
    # two steps do not reach the goal of a plan that is noise, so that seeds differ
    model = Toward()
    model.draw = lambda hidden, x, t: np.zeros_like(x)  # type: ignore[method-assign]
    assert np.abs(drawn(model, seed=3) - drawn(model, seed=4)).max() > 0.1


@given(frames=st.integers(1, 41))
@settings(deadline=None, max_examples=12)
def test_any_length_comes_out_as_asked(frames: int) -> None:
    model = Toward()
    assert drawn(model, frames=frames).shape == (frames, features.DIM)
    assert model.heard["actions"].shape[1] == -(-frames // PATCH) * PATCH
    np.testing.assert_allclose(model.heard["seconds"], frames / 25.0, rtol=1e-6)


def test_given_frames_are_kept_exactly() -> None:
    keys = np.full((12, features.DIM), -2.0, np.float32)
    keyed = np.zeros(12, np.bool_)
    keyed[[0, 5, 11]] = True
    for phases in ("both", "plan", "refine"):
        recipe = Recipe(phases, guidance=1.0, plan_guidance=1.0)  # type: ignore[arg-type]
        out = drawn(Toward(), recipe, keys=keys, keyed=keyed)
        np.testing.assert_array_equal(out[keyed], -2.0)
        assert (out[~keyed] > 0).all()


class Watching(Toward):
    """Takes a frame for action 1 if its first number is above zero, else for action 2; words make
    it think of action 1.
    """

    def recognise(self, x, plan, known, keyed, t, heard):
        self.calls.append(("recognise", len(x)))
        chances = np.full((*x.shape[:2], 64), 1e-4, np.float32)
        told = heard["whole"][:, :1] > 0
        one = told | (x[..., 0] > 0)
        np.put_along_axis(chances, np.where(one, 1, 2)[..., None], 0.99, axis=-1)
        return chances


def test_of_candidates_the_one_that_shows_what_was_asked_is_kept() -> None:
    wander = Recipe("refine", steps=3, guidance=1.0, candidates=6)
    for asked, sign in ((1, 1.0), (2, -1.0)):
        model = Watching()
        # it leaves the noise as it is, so that candidates differ
        model.refine = lambda x, *rest: np.zeros_like(x)  # type: ignore[method-assign]
        wish = Wanted(
            np.ones((2, 3), np.float32), np.ones(3, np.float32),
            np.full(8, asked), np.full(8, NO_LABEL),
        )  # fmt: skip
        every = candidates(model, wish, np.random.default_rng(2), wander)
        shown = (np.sign(every.features[..., 0]) == sign).mean(axis=1)
        assert len({*shown.tolist()}) > 1
        best = sample(model, wish, np.random.default_rng(2), wander).features
        assert (np.sign(best[:, 0]) == sign).mean() == shown.max()


def test_without_labels_candidates_are_held_against_the_words() -> None:
    model = Watching()
    model.refine = lambda x, *rest: np.zeros_like(x)  # type: ignore[method-assign]
    recipe = Recipe("refine", guidance=1.0, candidates=6)
    every = candidates(model, wanted(8), np.random.default_rng(2), recipe)
    right = (every.features[..., 0] > 0).mean(axis=1)
    assert right[every.likeness.argmax()] == right.max() > right.min()


def test_candidates_are_rows_of_one_call() -> None:
    model = Watching()
    drawn(model, Recipe("refine", steps=5, guidance=2.0, unguided=2, candidates=3))
    assert [rows for what, rows in model.calls if what == "refine"] == [6, 6, 6, 3, 3]
    # the motions, and once the words
    assert [rows for what, rows in model.calls if what == "recognise"] == [3, 1]


def test_refuses_what_cannot_be() -> None:
    with pytest.raises(UsageError, match="best of 0 candidates"):
        drawn(Toward(), Recipe(candidates=0))
    with pytest.raises(UsageError, match="unknown phases"):
        drawn(Toward(), Recipe("sideways"))  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="no frames"):
        drawn(Toward(), frames=0)


# -- features ------------------------------------------------------------------------------------


def wandering(frames: int = 30) -> np.ndarray:
    rng = np.random.default_rng(5)
    joints = np.repeat(standing()[None], frames, axis=0)
    joints += 0.02 * rng.standard_normal(joints.shape).cumsum(axis=0)
    return schema.with_mid_hip(joints)


def test_features_give_the_joints_back() -> None:
    joints = wandering()
    contacts = np.arange(60).reshape(30, 2) % 3 == 0
    values = features.encode(joints, contacts)
    assert values.shape == (30, features.DIM)
    again, stands = features.decode(values)
    start = joints[0, schema.J["pelvis_center"]] * (1.0, 0.0, 1.0)
    np.testing.assert_allclose(again, joints - start, atol=1e-4)
    np.testing.assert_array_equal(stands > 0.5, contacts)


def test_whatever_a_model_says_the_segments_meet() -> None:
    noise = np.random.default_rng(1).standard_normal((20, features.DIM))
    joints, _ = features.decode(noise)
    frames = schema.joints_to_segments(joints)[:, None]
    assert schema.connectivity_error(frames) is None


def test_bones_are_those_of_the_body() -> None:
    body = Body(1.6)
    joints = features.keep_bones(wandering(), body)
    np.testing.assert_allclose(bone_lengths(joints), np.tile(body.lengths, (30, 1)), atol=1e-9)
    again = features.keep_bones(joints, body)
    np.testing.assert_allclose(again, joints, atol=1e-9)


def test_a_foot_that_passes_low_and_fast_does_not_stand() -> None:
    joints = np.repeat(Body().rest()[None], 20, axis=0)
    joints[:, features.ANKLES[1], 0] += 0.12 * np.arange(20)  # 3 m/s along the ground
    stands = features.foot_contacts(joints)
    assert stands[:, 0].all()
    assert not stands[:, 1].any()


def test_features_refuse_other_shapes() -> None:
    with pytest.raises(DataError, match=r"expected \[T, 16, 3\]"):
        features.encode(np.zeros((4, 15, 3)), np.zeros((4, 2)))


def test_the_environment_head_is_named_index_by_index() -> None:
    assert len(features.ENVIRONMENT_HEAD) == len(set(features.ENVIRONMENT_HEAD)) == 32
    assert features.ENVIRONMENT_HEAD[0] == "gravity_scale"
