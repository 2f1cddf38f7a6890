"""Layers, fitted bodies and loops: bones keep their lengths, and arms go where they are sent."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stickgen.core import ops, validator
from stickgen.core.actions import action
from stickgen.core.errors import SchemaError
from stickgen.core.registries import converters, generators
from stickgen.core.schema import PARENTS, J
from stickgen.core.types import ActorState, Beat, Motion
from stickgen.datasets.synth.layering import fitted, layered, skeleton
from stickgen.datasets.synth.loops import find_cycle, looped

LEGS = [J[f"{s}_{part}"] for s in "lr" for part in ("hip", "knee", "ankle")]

pytestmark = pytest.mark.skipif(
    "procedural" not in generators, reason="stickgen-procedural is not installed"
)


def does(name: str, seed: int = 0, **facts: object) -> Motion:
    beat = Beat((0,), name, **facts)  # type: ignore[arg-type]
    rng = np.random.default_rng(seed)
    return generators.create("procedural").generate(beat, [ActorState()], rng)


def lengths(motion: Motion) -> np.ndarray:
    joints = motion.joints[:, 0].astype(float)
    return np.linalg.norm(joints[:, 1:] - joints[:, list(PARENTS[1:])], axis=-1)


def test_layering_keeps_every_bone_and_the_whole_lower_body() -> None:
    walk, wave = does("walk", seconds=4.0), ops.scale(does("wave", hand="right"), 1.2)
    both = layered(walk, wave, 15)
    assert np.abs(lengths(both) - lengths(walk)).max() < 2e-6
    kept = [J["pelvis_center"], J["chest"], J["neck"], J["l_shoulder"], J["r_shoulder"], *LEGS]
    np.testing.assert_allclose(both.joints[:, :, kept], walk.joints[:, :, kept], atol=2e-6)


def test_layered_arms_do_what_the_upper_motion_does() -> None:
    """The right hand is over the shoulder while it waves, and hangs while it does not."""
    walk, wave = does("walk", seconds=5.0), does("wave", hand="right", seconds=2.4)
    both = layered(walk, wave, 50)
    rise = both.joints[:, 0, J["r_wrist"], 1] - both.joints[:, 0, J["r_shoulder"], 1]
    assert rise[:45].max() < 0
    assert rise[70:90].min() > 0
    assert rise[-8:].max() < 0
    left = both.joints[:, 0, J["l_wrist"], 1] - both.joints[:, 0, J["l_shoulder"], 1]
    assert left.max() < 0
    assert validator.check(both).ok


def test_layers_are_labelled_where_they_show() -> None:
    both = layered(does("walk", seconds=4.0), does("wave", seconds=2.0), 25)
    wave, walk = action("wave").index, action("walk").index
    assert (both.actions == walk).all()
    assert (both.overlay[:25] == -1).all()
    assert (both.overlay[35:60, 0] == wave).mean() > 0.8
    assert (both.overlay[-10:] == -1).all()


@settings(max_examples=15, deadline=None)
@given(start=st.integers(0, 60), factor=st.floats(0.6, 1.5), seed=st.integers(0, 50))
def test_layering_never_changes_lengths(start: int, factor: float, seed: int) -> None:
    walk = does("walk", seed, seconds=3.0)
    both = layered(walk, ops.scale(does("clap", seed), factor), start)
    assert np.abs(lengths(both) - lengths(walk)).max() < 2e-6
    step = np.linalg.norm(np.diff(both.joints[:, 0], axis=0), axis=-1)
    assert step.max() * both.fps < 15.0


def test_layers_come_in_and_go_out_smoothly() -> None:
    walk = does("walk", seconds=4.0)
    both = layered(walk, does("wave", seconds=2.0), 20)
    rate = np.diff(both.joints[:, 0], n=2, axis=0) * both.fps**2
    assert np.linalg.norm(rate, axis=-1).max() < 400.0


def test_a_real_upper_body_goes_onto_a_real_lower_body(
    real_data: Callable[[str], Path],
) -> None:
    bvh = converters.create("bvh")
    folder = real_data("bandai")
    files = {path.stem: path for path in folder.rglob("*.bvh")}
    wave = next(files[name] for name in sorted(files) if "wave-right-hand" in name)
    walk = next(files[name] for name in sorted(files) if "_walk_normal" in name)
    below, above = (next(iter(bvh.read(path, folder))).motion for path in (walk, wave))
    both = layered(ops.slice_frames(below, 0, 150), above, 10, "wave")
    part = ops.slice_frames(below, 0, 150)
    assert np.abs(lengths(both) - lengths(part)).max() < 3e-6
    np.testing.assert_allclose(both.joints[:, :, LEGS], part.joints[:, :, LEGS], atol=3e-6)
    wrists = both.joints[40:, 0, J["r_wrist"], 1] - part.joints[40:, 0, J["r_wrist"], 1]
    assert wrists.max() > 0.3


def test_a_body_is_fitted_exactly_and_stands_on_the_ground() -> None:
    walk = ops.scale(does("walk", seconds=3.0), 1.3)
    body = skeleton(does("idle"))
    small = fitted(walk, body)
    assert np.abs(lengths(small) - body[1:]).max() < 3e-6
    assert validator.check(small).ok
    far = [float(m.joints[-1, 0, 0, 0] - m.joints[0, 0, 0, 0]) for m in (walk, small)]
    assert far[0] / far[1] == pytest.approx(1.3, rel=0.01)


def test_parts_must_be_one_solid_actor() -> None:
    walk = does("walk", seconds=2.0)
    flat = Motion(walk.frames, actions=walk.actions)
    with pytest.raises(SchemaError, match="3-D"):
        layered(flat, walk)
    with pytest.raises(SchemaError, match="one actor"):
        layered(walk, ops.together([walk, walk]))
    with pytest.raises(SchemaError, match="frame 500"):
        layered(walk, walk, 500)


@pytest.mark.parametrize("name", ["walk", "run", "clap", "wave", "march"])
def test_a_loop_flows_from_its_end_into_its_beginning(name: str) -> None:
    loop = looped(does(name, seconds=6.0), 4.0)
    assert loop is not None
    twice = ops.concat([loop, loop], blend=0.0, follow=True)
    n = loop.n_frames
    step = np.linalg.norm(np.diff(twice.joints[:, 0], axis=0), axis=-1).max(axis=-1)
    assert step[n - 1] < 1.25 * step[: n - 1].max() + 1e-3
    speed = np.diff(twice.joints[:, 0], axis=0) * loop.fps
    jerk = np.linalg.norm(np.diff(speed, axis=0), axis=-1).max(axis=-1)
    assert jerk[n - 2 : n].max() < 1.5 * jerk[: n - 2].max() + 0.2


def test_one_kick_is_no_loop() -> None:
    kick = does("kick")
    middle = ops.slice_frames(kick, 12, 36)
    assert find_cycle(middle) is None


def test_standing_about_after_moving_is_no_loop() -> None:
    walk = ops.slice_frames(does("walk", seconds=5.0), 30)
    joints = np.repeat(walk.joints[-1:, :], 150, axis=0)
    still = Motion.from_joints(joints, actions=np.ones((150, 1), np.int64))
    both = ops.concat([walk, still], blend=0.2, follow=False)
    cycle = find_cycle(both)
    assert cycle is not None
    assert cycle[1] <= walk.n_frames + 5
