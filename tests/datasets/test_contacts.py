"""When feet stand: known stances are found, low swings are not, and changes of a clip keep them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sample_clips import clip, motion

from stickgen.core import ops
from stickgen.core.registries import converters
from stickgen.core.testing import standing
from stickgen.core.types import Motion
from stickgen.datasets import contacts
from stickgen.datasets.data.augmenting import derive

HEIGHT = 1.7
STANCE = 0.6  # seconds a foot stands, and seconds it swings


def walker(fps: float, speed: float = 1.2, seconds: float = 4.8, rest: float = 0.08):
    """Return ankles ``[T, 2, 3]`` of a walk at *speed* and when each foot stands ``[T, 2]``."""
    time = np.arange(round(seconds * fps)) / fps
    step = speed * 2 * STANCE
    ankles = np.zeros((len(time), 2, 3))
    stands = np.zeros((len(time), 2), dtype=bool)
    for foot in range(2):
        cycle = time / (2 * STANCE) + 0.5 * foot
        number, phase = np.floor(cycle), cycle % 1.0
        swing = np.clip(2.0 * (phase - 0.5), 0.0, 1.0)
        ease = swing * swing * (3.0 - 2.0 * swing)
        ankles[:, foot, 0] = step * (number + ease)
        ankles[:, foot, 1] = rest + 0.12 * np.sin(np.pi * swing)
        ankles[:, foot, 2] = (-0.1, 0.1)[foot]
        stands[:, foot] = phase < 0.5
    return ankles, stands


@pytest.mark.parametrize("fps", [25.0, 30.0, 60.0, 120.0])
def test_the_stances_of_a_walk_are_found_to_a_few_hundredths_of_a_second(fps: float) -> None:
    ankles, stands = walker(fps)
    found = contacts.of_ankles(ankles, fps, HEIGHT)
    wrong = found != stands
    assert wrong.mean() < 0.12
    edges = np.abs(np.diff(stands.astype(int), axis=0)).astype(bool)
    far = np.ones_like(stands)
    for frame, foot in np.argwhere(edges):
        reach = int(np.ceil(0.1 * fps))
        far[max(0, frame - reach) : frame + reach + 2, foot] = False
    assert not (wrong & far).any()


def test_the_height_of_the_ground_and_of_the_ankle_do_not_matter() -> None:
    ankles, _ = walker(60.0)
    lifted = ankles.copy()
    lifted[..., 1] += 3.0
    lifted[:, 1, 1] += 0.04  # a skeleton whose right ankle is higher
    np.testing.assert_array_equal(
        contacts.of_ankles(ankles, 60.0, HEIGHT), contacts.of_ankles(lifted, 60.0, HEIGHT)
    )


def test_an_ankle_that_passes_low_and_fast_does_not_stand() -> None:
    fps, time = 120.0, np.arange(240) / 120.0
    ankles = np.zeros((240, 2, 3))
    ankles[:, 0, 0] = 3.0 * time  # glides along as low as can be
    ankles[:, 0, 1] = 0.08
    ankles[:, 1, 0] = 3.0 * time
    ankles[:, 1, 1] = 0.08 + 0.3 * np.abs(np.sin(6.0 * time))
    assert not contacts.of_ankles(ankles, fps, HEIGHT).any()


def test_who_stands_stands_on_both_feet_and_who_is_absent_on_none() -> None:
    joints = np.broadcast_to(standing(), (50, 2, 16, 3)).copy()
    present = np.ones((50, 2), dtype=bool)
    present[:20, 1] = False
    joints[~present] = 0.0
    found = contacts.of_motion(Motion.from_joints(joints, present=present))
    np.testing.assert_array_equal(found, np.repeat(present[..., None], 2, axis=-1))


def test_what_is_stored_is_read_again() -> None:
    flags = np.zeros((30, 2, 2), dtype=bool)
    flags[3:9, 0, 0] = flags[20:30, 0, 0] = flags[0:4, 1, 1] = True
    stored = contacts.to_meta(flags)
    assert stored == [
        {"left": [[3, 9], [20, 30]], "right": []},
        {"left": [], "right": [[0, 4]]},
    ]
    shown = motion(frames=30, actors=2)
    np.testing.assert_array_equal(contacts.from_meta({contacts.KEY: stored}, shown), flags)
    np.testing.assert_array_equal(contacts.from_meta({}, shown), contacts.of_motion(shown))


def test_mirror_images_swap_the_feet_and_faster_clips_keep_them_in_step() -> None:
    flags = np.zeros((50, 1, 2), dtype=bool)
    flags[10:30, 0, 0] = True
    known = clip(motion=motion(frames=50))
    known = replace(known, meta={contacts.KEY: contacts.to_meta(flags)})
    other = contacts.from_meta(derive(known, "mirror").meta, motion(frames=50))
    np.testing.assert_array_equal(other, flags[..., ::-1])
    faster = derive(known, "speed")
    spans = faster.meta[contacts.KEY][0]["left"]
    factor = faster.meta["augmentation"]["factor"]
    assert spans[0] == pytest.approx([10 / factor, 30 / factor], abs=1.01)


@pytest.mark.parametrize(
    ("file", "flight"), [("07_01.bvh", (0.0, 0.15)), ("09_01.bvh", (0.3, 0.7))]
)
def test_a_real_walk_has_always_a_foot_down_and_a_real_run_has_not(
    real_data: Callable[[str], Path], file: str, flight: tuple[float, float]
) -> None:
    path = next(real_data("cmu_bvh").rglob(file))
    (take,) = converters.create("bvh").read(path, path.parent)
    planted = contacts.from_meta(take.meta, take.motion)[:, 0]
    assert flight[0] <= float((~planted.any(axis=-1)).mean()) <= flight[1]
    ankles = take.motion.joints[:, 0, list(contacts.ANKLES)]
    steps = np.linalg.norm(np.diff(ankles, axis=0)[..., [0, 2]], axis=-1)
    held = planted[1:] & planted[:-1]
    body = float(ops.root_speed(take.motion).mean()) / 25.0
    assert steps[held].mean() < 0.35 * body
