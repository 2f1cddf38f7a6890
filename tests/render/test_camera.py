"""Cameras: everybody in the picture, steady, smooth."""

from __future__ import annotations

import numpy as np
import pytest

from stickgen.core.errors import UsageError
from stickgen.core.types import CameraTrack, Motion, RenderOptions, Scene
from stickgen.render.camera import SAFE, frame_everyone, margins, view_yaw
from stickgen.render.figure import figures
from stickgen.render.landscape import ground_marks, horizon
from stickgen.render.shot import shoot

SIZES = [(1280, 720), (720, 1280), (640, 480), (512, 512), (1000, 300)]


def _worst_margin(motion, width, height, yaw):
    """How far ink stays inside the safe area, in pixels, over the whole clip."""
    people = figures(motion)
    camera = frame_everyone(people, width, height, yaw)
    pixels, depth = camera.project(people.points)
    ink = margins(people)[None] * camera.focal[0] / depth
    x, y = pixels[..., 0], pixels[..., 1]
    inside = [
        x - ink - SAFE * width,
        (1 - SAFE) * width - x - ink,
        y - ink - SAFE * height,
        (1 - SAFE) * height - y - ink,
    ]
    return min(side[people.present].min() for side in inside)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("yaw", [0.0, 30.0, 90.0, -120.0])
def test_nobody_leaves_the_safe_area(motions, size, yaw):
    for motion in (
        motions.walk(seconds=10),
        motions.walk(seconds=4, speed=4.0),
        motions.stand(),
        motions.crowd(20),
    ):
        assert _worst_margin(motion, *size, yaw) > -0.5


def test_two_who_part_stay_in_the_safe_area(motions):
    a = motions.walk_joints(seconds=8)
    b = motions.yawed(motions.walk_joints(seconds=8), 160)
    assert _worst_margin(Motion.from_joints(np.stack([a, b], axis=1)), 1280, 720, 30.0) > -0.5


def test_jumpers_and_fliers_stay_in_the_safe_area(motions):
    joints = motions.stand_joints(seconds=4)
    for top in (0.8, 3.0, 15.0):
        rise = np.sin(np.linspace(0, np.pi, len(joints))) * top
        flying = joints + rise[:, None, None] * np.array([0, 1, 0])
        assert _worst_margin(Motion.from_joints(flying), 1280, 720, 30.0) > -0.5


@pytest.mark.parametrize("seconds", [1, 10])
def test_one_actor_takes_40_to_50_percent_of_the_height(motions, seconds):
    shot = shoot(Scene(motions.walk(seconds=seconds)), RenderOptions())
    assert 0.40 <= shot.cast.size[seconds * 12, 0] / 720 <= 0.50


def test_short_ways_are_watched_standing_still_and_long_ones_followed(motions):
    assert frame_everyone(figures(motions.stand()), 1280, 720, 30.0).still
    camera = frame_everyone(figures(motions.walk(seconds=10)), 1280, 720, 30.0)
    assert not camera.still
    travelled = camera.position[-1, 0] - camera.position[0, 0]
    assert travelled > 8.0


def test_following_is_smooth_and_level(motions):
    joints = np.concatenate([motions.stand_joints(seconds=3), motions.walk_joints(seconds=9)])
    camera = frame_everyone(figures(Motion.from_joints(joints)), 1280, 720, 30.0)
    step = np.diff(camera.position, axis=0) * 25
    assert np.abs(np.diff(step, axis=0)).max() * 25 < 3.0  # m/s^2: no jerks
    assert np.ptp(camera.position[:, 1]) == 0
    assert np.ptp(camera.focal) == 0
    assert np.ptp(horizon(camera).edge) < 0.01


def test_a_walker_gets_room_ahead(motions):
    shot = shoot(Scene(motions.walk(seconds=10)), RenderOptions())
    middle = shot.cast.points[100:150, 0, 0, 0].mean()
    assert 0.33 * 1280 < middle < 0.49 * 1280


def test_the_same_spot_is_found_after_travel(motions):
    near, far = motions.stand_joints(), motions.stand_joints() + np.array([4096.0, 0, -2048.0])
    a = shoot(Scene(Motion.from_joints(near)), RenderOptions()).cast.points
    b = shoot(Scene(Motion.from_joints(far)), RenderOptions()).cast.points
    assert np.abs(a - b).max() < 1.0


def test_default_view_maps_plus_x_to_the_right_and_toward_the_viewer(motions):
    camera = frame_everyone(figures(motions.stand()), 1280, 720, view_yaw("three-quarter"))
    right, _, toward = camera.axes[0]
    assert right[0] == pytest.approx(np.cos(np.radians(30)))
    assert toward[0] == pytest.approx(np.sin(np.radians(30)))
    assert right[2] == pytest.approx(-0.5)


@pytest.mark.parametrize(
    ("view", "degrees"), [("side", 0), ("front", 90), ("12.5", 12.5), (-40, -40)]
)
def test_views_by_name_and_by_angle(view, degrees):
    assert view_yaw(view) == degrees


@pytest.mark.parametrize("view", ["upside", "nan", float("inf")])
def test_wrong_views_are_refused(view):
    with pytest.raises(UsageError, match="view"):
        view_yaw(view)


def _track(n, position, target):
    return CameraTrack(
        np.broadcast_to(position, (n, 3)),
        np.broadcast_to(target, (n, 3)),
        np.full(n, 30.0),
        np.zeros(n),
    )


def test_a_scene_camera_looks_at_its_target(motions):
    motion = motions.stand()
    track = _track(motion.n_frames, (3.0, 1.5, 4.0), (0.0, 0.83, 0.0))
    shot = shoot(Scene(motion, camera=track), RenderOptions())
    pixels, depth = shot.camera.project(np.broadcast_to((0.0, 0.83, 0.0), (motion.n_frames, 3)))
    assert np.allclose(pixels, (640, 360), atol=1e-6)
    assert depth[0] == pytest.approx(np.linalg.norm((3.0, 0.67, 4.0)))


def test_roll_turns_the_camera_counter_clockwise(motions):
    n = motions.stand().n_frames
    track = CameraTrack(
        *(getattr(_track(n, (0, 1, 5), (0, 1, 0)), k) for k in ("position", "target", "fov")),
        np.full(n, 10.0),
    )
    shot = shoot(Scene(motions.stand(), camera=track), RenderOptions())
    pixels, _ = shot.camera.project(np.broadcast_to((1.0, 1.0, 0.0), (n, 3)))
    assert pixels[0, 1] > 360  # what is to the right sinks


def test_a_camera_on_its_own_target_is_refused(motions):
    motion = motions.stand()
    with pytest.raises(UsageError, match="target at frame 0"):
        shoot(Scene(motion, camera=_track(motion.n_frames, (0, 1, 0), (0, 1, 0))), RenderOptions())


def test_a_flat_motion_warns_that_it_has_one_view_only(motions):
    flat = Motion(motions.walk(seconds=1).frames)
    with pytest.warns(UserWarning, match="no depth") as caught:
        shoot(Scene(flat), RenderOptions(view="front"))
    assert len(caught) == 1


def test_marks_on_the_ground_belong_to_the_world(motions):
    a = frame_everyone(figures(motions.walk(seconds=8)), 1280, 720, 30.0)
    b = frame_everyone(figures(motions.walk(seconds=10)), 1280, 720, 30.0)
    first = {tuple(p) for p in ground_marks(a, 1.0).position.round(6)}
    second = {tuple(p) for p in ground_marks(b, 1.0).position.round(6)}
    assert len(first & second) > 0.9 * len(first) > 20


def test_odd_rates_are_resampled_with_the_camera(motions):
    motion = motions.walk(seconds=2)
    x = np.linspace(0, 1, motion.n_frames)
    track = CameraTrack(
        np.stack([x, x * 0 + 1, x * 0 + 5], -1),
        np.stack([x, x * 0 + 1, x * 0], -1),
        x * 0 + 30,
        x * 0,
    )
    shot = shoot(Scene(motion, camera=track), RenderOptions(fps=12.0))
    assert shot.n_frames == 24
    assert np.all(np.diff(shot.camera.position[:, 0]) > 0)


def test_a_row_that_would_hide_itself_is_seen_from_elsewhere(motions):
    """Three abreast along the line of sight: the camera goes round until all are seen."""
    toward = np.array([np.sin(np.radians(30)), 0.0, np.cos(np.radians(30))])
    row = np.stack([motions.stand_joints(1) + k * toward for k in (-1, 0, 1)], axis=1)
    shot = shoot(Scene(Motion.from_joints(row)), RenderOptions())
    x = np.sort(shot.cast.points[0, :, 0, 0])
    assert np.diff(x).min() > 0.17 * shot.cast.size[0].mean()
    asked = shoot(Scene(Motion.from_joints(row)), RenderOptions(view=30.0))
    assert np.ptp(asked.cast.points[0, :, 0, 0]) < 30  # who asks for a view gets it
