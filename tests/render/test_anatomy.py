"""What figures derive from joints: height, feet, faces."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stickgen.core.actions import EXPRESSIONS, action
from stickgen.core.types import Motion
from stickgen.render.faces import HIDDEN_YAW, PARAMETERS, face_tracks, turned
from stickgen.render.figure import ARMS, FOOT, LEGS, SOLE, figures
from stickgen.render.smoothing import gaussian, switch


@pytest.mark.parametrize("height", [1.2, 1.7, 2.1])
def test_standing_height_is_found_from_the_bones(motions, height):
    found = figures(motions.stand(height=height)).height[0]
    assert found == pytest.approx(height, rel=0.02)


def test_planted_feet_lie_flat_on_the_ground_and_point_ahead(motions):
    people = figures(motions.stand())
    for leg in LEGS:
        heel, toe = people.points[:, 0, leg.start + 2], people.points[:, 0, leg.start + 3]
        assert np.allclose(heel[:, 1], SOLE * people.height[0], atol=0.004)
        assert np.allclose(toe[:, 1], SOLE * people.height[0], atol=0.01)
        assert ((toe - heel)[:, 0] > 0.9 * FOOT * people.height[0]).all()


def test_feet_turn_with_the_body(motions):
    people = figures(Motion.from_joints(motions.yawed(motions.stand_joints(), 90)))
    heel, toe = people.points[0, 0, LEGS[0].start + 2], people.points[0, 0, LEGS[0].start + 3]
    assert (toe - heel)[2] < -0.9 * FOOT * people.height[0]


def test_toes_never_sink_and_point_down_behind(motions):
    people = figures(motions.walk(seconds=4))
    for leg in LEGS:
        heel, toe = people.points[:, 0, leg.start + 2], people.points[:, 0, leg.start + 3]
        assert (toe[:, 1] >= SOLE * people.height[0] - 0.005).all()
        behind = people.points[:, 0, 0, 0] - heel[:, 0] > 0.15
        lifted = heel[:, 1] > 0.09 * people.height[0]
        assert (behind & lifted).any()
        assert (toe[behind & lifted, 1] < heel[behind & lifted, 1]).all()


def test_feet_move_smoothly(motions):
    people = figures(motions.walk(seconds=4))
    for leg in LEGS:
        foot = people.points[:, 0, leg.start + 3] - people.points[:, 0, leg.start + 2]
        angle = np.unwrap(np.arctan2(foot[:, 1], foot[:, 0]))
        assert np.abs(np.diff(angle)).max() < np.radians(35)


def test_a_flat_motion_faces_the_way_it_goes(motions):
    right = motions.walk(seconds=2)
    flat = Motion(right.frames)
    mirrored = Motion(flat.frames * np.tile([-1, 1], 24))
    assert figures(flat).heading[-1, 0, 0] > 0.99
    assert figures(mirrored).heading[-1, 0, 0] < -0.99


def test_limbs_begin_on_the_spine(motions):
    people = figures(motions.walk(seconds=2))
    for arm in ARMS:
        along = np.linalg.norm(people.points[:, 0, arm.start] - people.points[:, 0, 2], axis=-1)
        assert (along < 0.03 * people.height[0]).all()
    for leg in LEGS:
        gap = np.linalg.norm(people.points[:, 0, leg.start] - people.points[:, 0, 0], axis=-1)
        assert (gap < 0.02 * people.height[0]).all()


# -- faces ---------------------------------------------------------------------------------------


def _face(motion, t=0):
    return dict(zip(PARAMETERS, face_tracks(motion)[0][t, 0], strict=True))


def test_the_action_table_chooses_the_expression(motions):
    faces = {
        name: _face(motions.stand(action=action(name).index))
        for name in ("idle", "wave", "cry", "punch", "catching")
    }
    assert faces["wave"]["lip_lower"] > faces["idle"]["lip_lower"] + 0.2
    assert faces["cry"]["lip_upper"] < faces["cry"]["mouth_corner"] - 0.2
    assert faces["punch"]["teeth"] == pytest.approx(1.0)
    assert faces["punch"]["brow_inner"] > faces["punch"]["brow_outer"]
    assert faces["catching"]["eye_height"] > faces["idle"]["eye_height"]


def test_a_face_track_outranks_the_action_and_is_eased(motions):
    motion = motions.stand(seconds=4)
    face = np.zeros((100, 1, 7))
    face[50:, 0, 0] = EXPRESSIONS.index("angry")
    faces, _ = face_tracks(replace(motion, face=face))
    teeth = faces[:, 0, PARAMETERS.index("teeth")]
    assert teeth[20] < 0.01
    assert teeth[80] > 0.99
    assert np.abs(np.diff(teeth)).max() < 0.3
    assert 4 <= ((teeth > 0.05) & (teeth < 0.95)).sum() <= 12


def test_talking_moves_the_mouth(motions):
    faces, _ = face_tracks(motions.stand(seconds=2, action=action("talk").index))
    lip = faces[:, 0, PARAMETERS.index("lip_lower")]
    assert np.ptp(lip) > 0.1
    quiet, _ = face_tracks(motions.stand(seconds=2))
    assert np.ptp(quiet[:, 0, PARAMETERS.index("lip_lower")]) < 1e-6


def test_openness_opens_every_mouth(motions):
    motion = motions.stand(seconds=1)
    for index in range(len(EXPRESSIONS)):
        gaps = []
        for openness in (0.0, 1.0):
            face = np.zeros((25, 1, 7))
            face[..., 0], face[..., 4] = index, openness
            found = _face(replace(motion, face=face))
            gaps.append(found["lip_lower"] - found["lip_upper"])
        assert gaps[1] > gaps[0] + 0.15


def test_eyes_blink_every_three_to_five_seconds_for_three_frames(motions):
    _, eyes = face_tracks(motions.stand(seconds=30))
    shut = eyes[:, 0] < 0.5
    starts = np.flatnonzero(np.diff(shut.astype(int)) == 1)
    assert ((np.diff(starts) / 25 > 2.9) & (np.diff(starts) / 25 < 5.1)).all()
    assert 6 <= len(starts) <= 11
    assert 1 <= shut.sum() / len(starts) <= 4
    again = face_tracks(motions.stand(seconds=30))[1]
    assert np.array_equal(eyes, again)


@given(st.floats(-3.1, 3.1))
def test_faces_slide_round_the_head_without_a_jump(yaw):
    assert turned(-yaw) == pytest.approx(-turned(yaw))
    assert abs(turned(yaw + 0.01) - turned(yaw)) < 0.06
    if abs(yaw) >= HIDDEN_YAW:
        assert abs(turned(yaw)) > 1.4


# -- filters -------------------------------------------------------------------------------------


@given(st.integers(1, 60), st.floats(0.1, 20.0), st.floats(-5, 5), st.floats(-100, 100))
def test_smoothing_keeps_straight_lines(n, sigma, slope, start):
    line = start + slope * np.arange(n)
    assert np.allclose(gaussian(line, sigma), line, atol=1e-8 * max(1, abs(start) + n * 5))


@settings(max_examples=50)
@given(st.lists(st.floats(-1, 1), min_size=1, max_size=80), st.integers(1, 5))
def test_a_switch_holds_its_state(values, hold):
    on = switch(np.array(values), -0.3, 0.3, hold)
    changes = np.flatnonzero(np.diff(on.astype(int)))
    for at in changes:
        wanted = np.array(values[at + 1 : at + 1 + hold])
        assert (wanted > 0.3).all() if on[at + 1] else (wanted < -0.3).all()
