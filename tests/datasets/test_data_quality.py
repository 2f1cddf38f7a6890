"""The quality score: monotone, continuous, and blind to nothing a viewer would mind."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
import sample_clips as samples
from hypothesis import given
from hypothesis import strategies as st

from stickgen.core import ops
from stickgen.core.types import Motion
from stickgen.datasets.data.quality import RANGES, Measures, jitter, measure, quality
from stickgen.datasets.data.validating import findings

NAMES = [field.name for field in fields(Measures)]


def _range(name: str) -> st.SearchStrategy[float]:
    return st.floats(0.0, 2.0 * max(RANGES[name]), allow_nan=False)


MEASURES = st.builds(Measures, **{name: _range(name) for name in NAMES})


@given(MEASURES, st.sampled_from(NAMES), st.floats(0.0, 1.0))
def test_worse_in_one_measure_is_never_better(known: Measures, name: str, share: float) -> None:
    good, bad = RANGES[name]
    worse = replace(known, **{name: getattr(known, name) + share * (bad - good)})
    before, after = quality(known), quality(worse)
    assert after.score <= before.score + 1e-12
    assert after.physics <= before.physics + 1e-12
    assert after.artifact >= before.artifact - 1e-12
    assert after.camera <= before.camera + 1e-12
    assert after.caption <= before.caption + 1e-12


@given(MEASURES, st.sampled_from(NAMES), st.floats(0.0, 1e-3))
def test_a_small_change_is_a_small_change(known: Measures, name: str, share: float) -> None:
    good, bad = RANGES[name]
    changed = replace(known, **{name: getattr(known, name) + share * (bad - good)})
    assert abs(quality(changed).score - quality(known).score) <= share + 1e-12


@given(MEASURES)
def test_everything_is_between_0_and_1(known: Measures) -> None:
    found = quality(known)
    for value in (found.score, found.physics, found.artifact, found.camera, found.caption):
        assert 0.0 <= value <= 1.0


@pytest.mark.parametrize("name", NAMES)
def test_every_measure_counts(name: str) -> None:
    clean = Measures(words=10.0)
    spoilt = replace(clean, **{name: RANGES[name][1]})
    assert quality(clean).score == pytest.approx(1.0)
    assert quality(spoilt).score < 0.95


@pytest.mark.parametrize("noise", [0.003, 0.01, 0.03])
def test_jitter_is_the_noise_in_metres(noise: float) -> None:
    still = samples.motion(frames=200)
    rng = np.random.default_rng(1)
    joints = still.joints + rng.normal(0.0, noise, still.joints.shape)
    assert jitter(Motion.from_joints(joints)) == pytest.approx(noise, rel=0.12)


def test_faults_are_seen() -> None:
    clean = samples.clip()
    fine = quality(measure(clean))
    assert fine.score > 0.95

    def graded(joints: np.ndarray) -> float:
        return quality(measure(replace(clean, motion=Motion.from_joints(joints)))).score

    joints = clean.motion.joints.astype(np.float64)
    shaken = joints + np.random.default_rng(2).normal(0.0, 0.02, joints.shape)
    frozen = np.repeat(joints[:1], len(joints), axis=0)
    sunk = joints - [0.0, 0.5, 0.0]
    jumping = joints.copy()
    jumping[::6] += [0.0, 2.0, 0.0]
    for spoilt in (shaken, frozen, sunk, jumping):
        assert graded(spoilt) < fine.score - 0.1
    assert quality(measure(replace(clean, texts=()))).score == pytest.approx(fine.score - 0.25)


def test_a_shaky_camera_is_seen() -> None:
    calm = samples.clip(camera=samples.camera(50))
    track = calm.camera
    assert track is not None
    rng = np.random.default_rng(3)
    shaky = replace(track, position=track.position + rng.normal(0.0, 0.05, track.position.shape))
    assert quality(measure(calm)).camera > 0.95
    assert quality(measure(replace(calm, camera=shaky))).camera < 0.6


def test_absent_actors_do_not_count() -> None:
    both = samples.motion(actors=2)
    present = both.present.copy()
    present[10:20, 1] = False
    joints = np.where(present[..., None, None], both.joints, 0.0)
    leaving = Motion.from_joints(joints, both.fps, present=present)
    found = measure(samples.clip(motion=leaving))
    assert found.speed < 3.0
    assert found.acceleration < 100.0


def test_a_clip_is_judged_by_the_place_its_metadata_name() -> None:
    made = samples.motion()
    walk = samples.clip(motion=ops.translate(made, (0.0, 1.5, 0.0)))

    def rules(**meta: str) -> set[str]:
        clip = replace(walk, meta={**walk.meta, **meta})
        return {finding.rule for finding in findings(clip, Path("store"))}

    assert "grounded" in rules()
    assert rules(environment="atlantis") == rules()
    assert "grounded" not in rules(environment="space_vacuum")
