"""Drafts that the model redraws: what is kept of them, what is changed, and who asks for it."""

from __future__ import annotations

import numpy as np
import pytest

from stickgen.core import features, pipeline, registries, validator
from stickgen.core.actions import ACTIONS
from stickgen.core.drafting import grafted
from stickgen.core.errors import UsageError
from stickgen.core.kinematics import Body, bone_lengths
from stickgen.core.schema import J
from stickgen.core.types import ActorState, Beat, Motion
from stickgen_model_small.generator import SmallGenerator

ANKLES = [J["l_ankle"], J["r_ankle"]]


def draft(action: str, seconds: float = 3.0) -> np.ndarray:
    maker = registries.generators.create("procedural")
    beat = Beat((0,), action, seconds=seconds)
    motion = maker.generate(beat, [ActorState()], np.random.default_rng(3))
    return motion.joints[:, 0].astype(np.float64)


def drawn(joints: np.ndarray, size: float = 0.08) -> np.ndarray:
    """Return what a model might make of *joints*: every joint slowly somewhere else, and a way that
    leads off to the side.
    """
    rng = np.random.default_rng(5)
    t = np.arange(len(joints)) / 25.0
    phase = rng.uniform(0.0, 2.0 * np.pi, (1, 16, 3))
    other = joints + size * np.sin(2.0 * np.pi * 0.8 * t[:, None, None] + phase)
    other[..., 2] += 0.3 * t[:, None]
    return features.keep_bones(other, Body())


@pytest.mark.parametrize("action", ["walk", "run", "jump", "sit", "drinking", "climbing", "clap"])
def test_a_graft_has_bones_ends_and_the_way_of_its_draft(action: str) -> None:
    joints = draft(action)
    out = grafted(joints, drawn(joints))
    assert out.shape == joints.shape
    np.testing.assert_allclose(bone_lengths(out), bone_lengths(joints), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(out[[0, -1]], joints[[0, -1]], atol=1e-6)
    way = np.abs(out - joints)[:, J["pelvis_center"], [0, 2]]
    assert way.max() < 0.09
    inner = slice(12, -12)
    # and it is no copy
    assert np.abs(out - joints)[inner, J["neck"]].mean() > 0.005


def test_feet_stand_where_the_draft_sets_them() -> None:
    joints = draft("walk", 4.0)
    out = grafted(joints, drawn(joints, 0.04))
    speed = np.linalg.norm(np.gradient(joints[:, ANKLES], 0.04, axis=0), axis=-1)
    stands = (speed < 0.05)[15:-15]
    gap = np.linalg.norm(out - joints, axis=-1)[:, ANKLES][15:-15]
    assert stands.sum() > 20
    assert gap[stands].max() < 0.02
    step = np.linalg.norm(np.diff(out[:, ANKLES][..., [0, 2]], axis=0), axis=-1)[15:-15]
    assert step[stands[:-1] & stands[1:]].mean() < 0.002


def test_a_seat_stays_a_seat() -> None:
    joints = draft("sit", 5.0)
    out = grafted(joints, drawn(joints))
    np.testing.assert_allclose(out[-40:, 0], joints[-40:, 0], atol=0.012)


def test_a_hand_at_the_mouth_and_hands_that_clap_stay_there() -> None:
    joints = draft("drinking", 5.0)
    out = grafted(joints, drawn(joints))
    gaps = [
        np.linalg.norm(j[:, J["r_wrist"]] - j[:, J["head_center"]], axis=-1) for j in (out, joints)
    ]
    other = [
        np.linalg.norm(j[:, J["l_wrist"]] - j[:, J["head_center"]], axis=-1) for j in (out, joints)
    ]
    mine, theirs = gaps if gaps[1].min() < other[1].min() else other
    near = theirs < 0.22
    assert near.sum() > 5
    np.testing.assert_allclose(mine[near], theirs[near], atol=0.02)
    joints = draft("clap")
    out = grafted(joints, drawn(joints))
    apart = [
        np.linalg.norm(j[:, J["l_wrist"]] - j[:, J["r_wrist"]], axis=-1) for j in (out, joints)
    ]
    meets = apart[1] < 0.12
    assert meets.sum() > 5
    np.testing.assert_allclose(apart[0][meets], apart[1][meets], atol=0.02)


def test_a_blow_reaches_as_far() -> None:
    joints = draft("punch")
    out = grafted(joints, drawn(joints))
    for side in "lr":
        reach = [
            np.linalg.norm(j[:, J[f"{side}_wrist"]] - j[:, J[f"{side}_shoulder"]], axis=-1).max()
            for j in (out, joints)
        ]
        assert reach[0] > reach[1] - 0.02


@pytest.fixture(scope="module")
def small() -> SmallGenerator:
    return SmallGenerator(phases="draft", threads=1)


def redrawn(small: SmallGenerator, action: str, seed: int = 1, **beat) -> tuple[Motion, Motion]:
    """Return what the model makes of a beat, and the draft of it."""
    asked = Beat((0,), action, **{"seconds": 3.0, **beat})
    state = [ActorState(height=1.5, position=(1.0, 2.0))]
    out = small.generate(asked, state, np.random.default_rng(seed))
    maker = registries.generators.create("procedural")
    return out, maker.generate(asked, state, np.random.default_rng(seed))


@pytest.mark.parametrize("action", ["walk", "fight", "wave"])
def test_the_model_changes_a_draft_but_not_its_way(small: SmallGenerator, action: str) -> None:
    out, before = redrawn(small, action)
    assert out.n_frames == before.n_frames
    assert (out.actions == before.actions).all()
    assert validator.check(out).ok
    np.testing.assert_allclose(out.joints[[0, -1]], before.joints[[0, -1]], atol=1e-5)
    changed = np.linalg.norm(out.joints - before.joints, axis=-1)
    assert 0.015 < changed.mean() < 0.10
    way = (out.joints - before.joints)[..., J["pelvis_center"], [0, 2]]
    assert np.abs(way).max() < 0.09
    again, _ = redrawn(small, action)
    np.testing.assert_array_equal(out.joints, again.joints)


def test_at_other_frame_rates_and_over_long_beats_too(small: SmallGenerator) -> None:
    asked = Beat((0,), "walk", seconds=11.0)
    out = small.generate(asked, [ActorState()], np.random.default_rng(2), fps=30.0)
    assert out.n_frames == 330
    steps = np.linalg.norm(np.diff(out.joints[:, 0], axis=0), axis=-1)
    assert steps.max() < 0.3


def test_a_draft_of_words_alone_there_is_none(small: SmallGenerator) -> None:
    with pytest.raises(UsageError, match="draft is of actions"):
        small.sample("A person walks.", 50, np.random.default_rng(1))


def test_labels_that_change_become_beats(small: SmallGenerator) -> None:
    walk, sit = (next(a.index for a in ACTIONS if a.name == n) for n in ("walk", "sit"))
    labels = np.repeat([walk, sit], 60)
    out = small.sample("walks, then sits", 120, np.random.default_rng(1), actions=labels)
    height = out.joints[:, 0, J["pelvis_center"], 1]
    assert height[:50].min() > 0.7
    assert height[-5:].max() < 0.65
    assert np.linalg.norm(np.diff(out.joints[:, 0], axis=0), axis=-1).max() < 0.3


def test_between_given_poses_the_same_generator_draws_without_a_draft(
    small: SmallGenerator,
) -> None:
    motion = registries.generators.create("procedural").generate(
        Beat((0,), "wave", seconds=1.6), [ActorState()], np.random.default_rng(1)
    )
    keyed = np.zeros(motion.n_frames, np.bool_)
    keyed[[0, 20, 39]] = True
    out = small.inbetween(motion, keyed, "A person waves.", np.random.default_rng(1))
    np.testing.assert_allclose(out.joints[keyed], motion.joints[keyed], atol=1e-5)


def test_beside_others_the_model_redraws_and_alone_it_draws() -> None:
    casting = pipeline.make_generator("small+procedural")
    assert casting.generators[0].recipe.phases == "draft"
    assert pipeline.make_generator("small").recipe.phases == "refine"
