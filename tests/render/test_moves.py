"""Camera moves: what a viewer sees them do."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from stickgen.core.errors import UsageError
from stickgen.core.types import Motion, RenderOptions, Scene, Script
from stickgen.render.figure import HEAD
from stickgen.render.moves import Key, keyframed
from stickgen.render.shot import shoot


def _shot(motions, *moves, motion=None, **options):
    scene = Scene(motions.stand(seconds=4) if motion is None else motion)
    return shoot(scene, RenderOptions(camera=moves, **options))


def _size(shot):
    return shot.cast.size[:, 0]


def _centre(shot):
    return shot.cast.points[:, 0, 0]


@pytest.mark.parametrize("move", ["zoom in", "dolly in", "zoom out", "dolly out"])
def test_figures_grow_and_shrink(motions, move):
    size = _size(_shot(motions, move))
    grows = move.endswith("in")
    assert (np.diff(size) >= -1e-6).all() if grows else (np.diff(size) <= 1e-6).all()
    factor = size[-1] / size[0]
    assert 1.4 < (factor if grows else 1 / factor) < 1.7


def test_a_dolly_changes_the_perspective_and_a_zoom_does_not(motions):
    pair = np.stack([motions.stand_joints(4), motions.stand_joints(4, z=-3.0)], axis=1)

    def ratio(move):
        sizes = _shot(motions, move, motion=Motion.from_joints(pair), view="side").cast.size
        return sizes[:, 0] / sizes[:, 1]

    assert np.ptp(ratio("zoom in")) < 1e-6
    assert ratio("dolly in")[-1] > ratio("dolly in")[0] + 0.05


@pytest.mark.parametrize(("move", "axis", "sign"), [
    ("pan right", 0, -1), ("pan left", 0, 1), ("pan up", 1, 1), ("pan down", 1, -1),
    ("dolly right", 0, -1),
])  # fmt: skip
def test_what_the_camera_turns_away_from_moves_the_other_way(motions, move, axis, sign):
    path = _centre(_shot(motions, move))[:, axis]
    assert sign * (path[-1] - path[0]) > 60


def test_an_orbit_really_turns_the_figure(motions):
    shot = _shot(motions, "orbit right 180 linear", view="side")
    across = shot.cast.points[:, 0, :, 0].max(axis=1) - shot.cast.points[:, 0, :, 0].min(axis=1)
    assert across.max() - across.min() > 20
    assert np.cos(shot.cast.yaw[0, 0]) == pytest.approx(-np.cos(shot.cast.yaw[-1, 0]), abs=0.2)
    assert np.abs(np.diff(_size(shot))).max() < 1.0  # it stays as far away


def test_a_crane_looks_down_and_keeps_them_in_the_picture(motions):
    shot = _shot(motions, "crane up 3")
    assert shot.camera.position[-1, 1] - shot.camera.position[0, 1] == pytest.approx(3.0, abs=0.3)
    assert shot.camera.axes[-1, 2, 1] > 0.2
    assert 0 < shot.cast.points[-1, 0, HEAD, 1] < _centre(shot)[-1, 1] < 720


def test_a_shake_is_small_smooth_and_ends(motions):
    shot = _shot(motions, "shake 1s-2s")
    path = _centre(shot)
    quiet = _centre(_shot(motions))
    away = np.abs(path - quiet).max(axis=1)
    assert away[:10].max() < 0.5
    assert away[-20:].max() < 0.5
    assert 1.0 < away[25:50].max() < 25.0
    assert np.abs(np.diff(path, 2, axis=0)).max() < 12.0


def test_tracking_keeps_a_walker_in_the_middle_and_static_lets_him_go(motions):
    motion = motions.walk(seconds=8)
    tracked = _centre(_shot(motions, "track", motion=motion))[30:-30, 0]
    assert np.ptp(tracked) < 120
    held = _shot(motions, "static", motion=motion)
    assert held.camera.still
    assert np.ptp(_centre(held)[:, 0]) > 1000


def test_shots_frame_the_face_or_the_place(motions):
    size = {name: _size(_shot(motions, name))[0] for name in ("wide", "medium", "close-up")}
    plain = _size(_shot(motions))[0]
    assert size["wide"] < plain < size["medium"] < size["close-up"]
    close = _shot(motions, "close-up")
    x, y = close.cast.points[10, 0, HEAD]
    assert abs(x - 640) < 80
    assert 180 < y < 400
    assert close.camera.still or np.ptp(close.camera.centre, axis=0).max() < 20


def test_moves_keep_to_their_times_and_add_up(motions):
    shot = _shot(motions, "zoom in 1s-2s", "orbit right 40 2s-3s")
    size, yaw = _size(shot), shot.camera.axes[:, 2, 0]
    assert np.ptp(size[:25]) < 0.5
    assert np.ptp(size[51:]) < 3.0
    assert np.ptp(yaw[:50]) < 1e-9
    assert np.ptp(yaw[50:76]) > 0.3
    both = _shot(motions, "dolly in 2; orbit 90")
    assert _size(both)[-1] > 1.7 * _size(both)[0]
    assert np.ptp(both.camera.axes[:, 2, 0]) > 0.5


def test_zooming_in_never_cuts_the_heads_off(motions):
    for move in ("zoom in 1.9", "dolly in 1.9"):
        shot = _shot(motions, move)
        top = shot.cast.points[:, 0, HEAD, 1] - 0.12 * _size(shot)
        assert top.min() > 0


@pytest.mark.parametrize("easing", ["linear", "smooth", "ease"])
def test_how_a_move_begins_and_ends(motions, easing):
    size = np.log(_size(_shot(motions, f"zoom in {easing}")))
    speed = np.diff(size)
    if easing == "linear":
        assert np.ptp(speed) < 1e-6
    else:
        assert speed[0] < 0.1 * speed.max()
        assert speed[-1] < 0.1 * speed.max()


def test_a_flat_motion_is_not_orbited_and_says_so_once(motions):
    flat = Motion(motions.walk(seconds=1).frames)
    with pytest.warns(UserWarning, match="no depth, so the orbit is left out") as caught:
        shot = _shot(motions, "orbit", "zoom in", motion=flat)
    assert len(caught) == 1
    assert _size(shot)[-1] > _size(shot)[0]


def test_a_script_moves_the_camera_unless_the_options_do(motions):
    def script(*moves):
        return Script("x", (), (), camera=moves)

    motion = motions.stand(seconds=2)
    told = Scene(motion, script=script("zoom in"))
    assert np.ptp(shoot(told, RenderOptions()).cast.size) > 50
    assert np.ptp(shoot(told, RenderOptions(camera=("static",))).cast.size) < 1
    with pytest.warns(UserWarning, match="unknown move 'fly'"):
        shoot(Scene(motion, script=script("fly")), RenderOptions())
    with pytest.raises(UsageError, match="unknown move"):
        shoot(told, RenderOptions(camera=("fly",)))


def test_moves_draw_without_a_warning(motions, draw):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawing = draw(
            motions.stand(seconds=1),
            width=160,
            height=90,
            camera=("orbit; crane; dolly in; shake",),
        )
        pictures = [drawing.frame(i).copy() for i in (0, 12, 24)]
    assert not np.array_equal(pictures[0], pictures[2])


def test_keyframes_are_passed_through(motions):
    keys = [
        Key(0.0, (0.0, 1.5, 6.0), (0.0, 1.0, 0.0)),
        Key(1.0, (1.0, 1.5, 5.0), (0.0, 1.0, 0.0), fov=25.0),
        Key(2.0, (3.0, 2.5, 3.0), (0.5, 1.0, 0.0), roll=4.0),
    ]
    track = keyframed(keys, 51, 25.0)
    for key, frame in zip(keys, (0, 25, 50), strict=True):
        assert np.allclose(track.position[frame], key.position)
        assert track.fov[frame] == pytest.approx(key.fov)
    speed = np.diff(track.position, axis=0) * 25
    assert np.abs(np.diff(speed, axis=0)).max() < 0.6  # C1: no jump of the speed

    def all_of(easing):
        one = [Key(key.seconds, key.position, key.target, easing=easing) for key in keys]
        return keyframed(one, 51, 25.0).position

    assert np.abs(np.diff(all_of("linear")[:25], 2, axis=0)).max() < 1e-9
    assert np.abs(np.diff(all_of("ease"), axis=0)[25]).max() < 0.01
    with pytest.raises(UsageError, match="at least one key"):
        keyframed([], 10, 25.0)


def _crowd(motions, seconds=4):
    """Return two who stand 6 m from three others, and one who stands before the first of them."""
    places = [(-4.0, 0.0), (-3.0, 0.0), (3.0, 0.0), (4.0, 0.0), (5.0, 0.0), (-3.4, 1.5)]
    joints = [motions.stand_joints(seconds, x=x, z=z) for x, z in places]
    return Motion.from_joints(np.stack(joints, axis=1))


def test_a_picture_of_some_shows_them_large_and_cuts_at_its_time(motions):
    shot = _shot(motions, "frame on 0,1 1s-3s", motion=_crowd(motions), view="side")
    size = shot.cast.size[:, 0] / shot.height
    assert size[:25].max() < 0.3
    assert size[25:75].min() > 0.38
    assert np.abs(np.diff(size))[[24, 74]].min() > 0.1
    assert np.delete(np.abs(np.diff(size)), [24, 74]).max() < 1e-6
    shown = shot.cast.points[25:75, :2]
    assert shown[..., 0].min() > 0
    assert shown[..., 0].max() < shot.width


@pytest.mark.parametrize("away", np.arange(0.8, 4.0, 0.4).tolist())
def test_a_neighbour_is_whole_in_the_picture_or_not_in_it(motions, away):
    joints = [motions.stand_joints(1, x=x) for x in (0.0, 1.0, 1.0 + away)]
    motion = Motion.from_joints(np.stack(joints, axis=1))
    shot = _shot(motions, "frame on 0,1", motion=motion, view="side")
    across = shot.cast.points[12, 2, :, 0] / shot.width
    assert across.min() > 0.98 or (across.min() > 0.04 and across.max() < 0.96)


def test_nobody_stands_before_those_whom_a_picture_shows(motions):
    shot = _shot(motions, "frame on 0", motion=_crowd(motions), view="side")
    here = shot.cast.points[:, :, HEAD, 0]
    hides = (shot.cast.depth[:, 5] < shot.cast.depth[:, 0]) & (
        np.abs(here[:, 5] - here[:, 0]) < 0.25 * shot.cast.size[:, 5]
    )
    assert hides.mean() < 0.1


def test_a_close_up_of_one_has_his_head_in_the_middle(motions):
    shot = _shot(motions, "close-up on 3", motion=_crowd(motions), view="side")
    head = shot.cast.points[50, 3, HEAD]
    assert abs(head[0] - 0.5 * shot.width) < 0.05 * shot.width
    assert shot.cast.size[50, 3] > shot.height


def test_a_picture_of_nobody_who_is_there_is_that_of_all(motions):
    shot = _shot(motions, "frame on 9 1s-2s", motion=_crowd(motions), view="side")
    assert shot.camera.cuts == ()
