"""The normal style: what a viewer would notice."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from stickgen.core.actions import EXPRESSIONS
from stickgen.core.errors import UsageError
from stickgen.core.schema import J
from stickgen.core.types import Look, Motion, RenderOptions, Scene
from stickgen.render.display import Knockout, Stroke, colour
from stickgen.render.figure import HEAD, HEAD_OUTLINE, HEAD_RADIUS, LEGS, LINE
from stickgen.render.shot import shoot
from stickgen.render.styles.normal import PALETTE, SKY, NormalStyle, crossing_of

GOLDEN = Path(__file__).parent / "golden"


def _rgb(drawing, index=0):
    return drawing.frame(index)[..., [2, 1, 0]].astype(int)


def _pixel(picture, point):
    return picture[round(point[1]), round(point[0])]


def _close(a, b, tolerance=6):
    return np.abs(np.asarray(a) - np.asarray(b)).max() <= tolerance


def _near_knee(shot, actor):
    leg = LEGS[int(shot.cast.near[0, actor, 1])]
    return shot.cast.points[0, actor, leg.start + 1]


def _bytes(text):
    return np.array([round(255 * c) for c in colour(text)[:3]])


def _luminance(rgb):
    c = np.asarray(rgb) / 255.0
    c = np.where(c <= 0.03928, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    return c @ [0.2126, 0.7152, 0.0722]


@pytest.mark.parametrize("name", ["walk", "crowd"])
def test_pictures_have_not_changed(motions, draw, name):
    from PIL import Image

    motion = motions.walk(seconds=2) if name == "walk" else motions.crowd(5)
    found = _rgb(draw(motion, width=320, height=180), 12)
    wanted = np.asarray(Image.open(GOLDEN / f"{name}.png").convert("RGB")).astype(int)
    difference = np.abs(found - wanted)
    assert difference.mean() < 0.6
    assert (difference.max(axis=-1) > 40).mean() < 0.004


def test_line_to_height_ratio_and_head_size(motions):
    shot = shoot(Scene(motions.walk(seconds=4)), RenderOptions())
    ratio = shot.cast.line / shot.cast.size
    assert ((ratio > 0.034) & (ratio < 0.046)).all()
    strokes = [op for op in NormalStyle().frame(shot, 10) if isinstance(op, Stroke)]
    assert max(s.width for s in strokes) < 1.5 * LINE * shot.cast.size[10, 0]
    head = 2.0 * HEAD_RADIUS + HEAD_OUTLINE
    assert head == pytest.approx(0.224, abs=0.002)


def test_limbs_are_joined_and_solid(motions, draw):
    drawing = draw(motions.walk(seconds=2))
    for index in (0, 7, 13, 21):
        picture = _rgb(drawing, index)
        points = drawing.shot.cast.points[index, 0]
        ink = _bytes(PALETTE[0])
        for a, b in ((0, 1), (1, 2), (2, HEAD)):
            for t in np.linspace(0, 0.1 if b == HEAD else 1, 12):
                at = points[a] + t * (points[b] - points[a])
                window = picture[
                    round(at[1]) - 3 : round(at[1]) + 4, round(at[0]) - 3 : round(at[0]) + 4
                ]
                assert np.abs(window - ink).max(axis=-1).min() < 60
        for leg in LEGS:
            hip = points[leg.start]
            window = picture[
                round(hip[1]) - 2 : round(hip[1]) + 3, round(hip[0]) - 2 : round(hip[0]) + 3
            ]
            assert window.mean(axis=-1).min() < 110


def test_the_far_leg_is_lighter(motions, draw):
    drawing = draw(motions.walk(seconds=2))
    picture, cast = _rgb(drawing, 0), drawing.shot.cast
    near = int(cast.near[0, 0, 1])
    assert near == 1  # facing right, the right side is nearer
    tone = [
        _pixel(picture, 0.5 * (cast.points[0, 0, leg.start + 1] + cast.points[0, 0, leg.start + 2]))
        for leg in LEGS
    ]
    assert tone[0].mean() > tone[1].mean() + 30


def test_turning_round_changes_sides_without_a_flash(motions):
    joints = motions.stand_joints(seconds=4)
    turning = np.stack(
        [
            motions.yawed(j[None], a)[0]
            for j, a in zip(joints, np.linspace(0, 360, len(joints)), strict=True)
        ]
    )
    shot = shoot(Scene(Motion.from_joints(turning)), RenderOptions(view="side"))
    assert np.abs(np.diff(shot.cast.shade, axis=0)).max() < 0.25
    for kind in range(2):
        assert (np.diff(shot.cast.near[:, 0, kind]) != 0).sum() == 2


def test_a_near_leg_leaves_a_gap_where_it_crosses_the_far_one(motions):
    shot = shoot(Scene(motions.walk(seconds=2)), RenderOptions())
    gaps = [
        sum(isinstance(op, Knockout) for op in NormalStyle().frame(shot, index))
        for index in range(shot.n_frames)
    ]
    assert max(gaps) == 1
    # Legs that lie along each other get no gap: it would leave slivers.
    assert crossing_of([(0, 0), (0, 50), (0, 99)], [(5, 0), (8, 50), (6, 99)]) == 0.0
    assert crossing_of([(0, 0), (30, 50), (0, 99)], [(0, 0), (-30, 50), (0, 99)]) == 1.0


def test_an_arm_in_front_of_the_trunk_is_set_off_and_cuts_nothing(motions, draw):
    joints = motions.stand_joints(0.2)
    chest = joints[:, J["chest"]]
    for side, out in (("l", -0.16), ("r", 0.20)):
        joints[:, J[f"{side}_elbow"]] = chest + np.array([-0.12, -0.16, out])
        joints[:, J[f"{side}_wrist"]] = chest + np.array([0.16, -0.05, out])
    drawing = draw(Motion.from_joints(joints), view="side")
    picture, cast = _rgb(drawing), drawing.shot.cast
    near = int(cast.near[0, 0, 0])
    assert cast.arm_front[0, 0, near]
    points, line = cast.points[0, 0], cast.line[0, 0]
    # Down the middle of the spine there is nothing as light as the backdrop.
    spine = [points[0] + t * (points[2] - points[0]) for t in np.linspace(0.05, 0.95, 60)]
    tones = np.array([_pixel(picture, p).mean() for p in spine])
    assert tones.max() < 190
    # And beside the forearm there is an edge lighter than both arm and trunk.
    assert tones.max() > 80
    assert np.median(tones) < 60
    assert line > 10


def test_faces_tell_the_expressions_apart(motions, draw):
    """At a thumbnail's size every two expressions differ by more than a blur."""
    heads = []
    for index in range(len(EXPRESSIONS)):
        motion = motions.stand(seconds=0.4)
        face = np.zeros((motion.n_frames, 1, 7))
        face[..., 0] = index
        drawing = draw(Motion(motion.frames, depth=motion.depth, face=face), width=320, height=180)
        x, y = drawing.shot.cast.points[0, 0, HEAD]
        heads.append(_rgb(drawing)[round(y) - 9 : round(y) + 10, round(x) - 9 : round(x) + 10])
    for i, a in enumerate(heads):
        for b in heads[:i]:
            assert np.abs(a - b).max() > 60
            assert np.abs(a - b).mean() > 2.0


def test_hair_from_behind_and_a_face_in_profile(motions, draw):
    def marks(degrees, *, low=False):
        joints = motions.yawed(motions.stand_joints(0.2), degrees)
        drawing = draw(Motion.from_joints(joints), view="side")
        x, y = drawing.shot.cast.points[0, 0, HEAD]
        r = 0.055 * drawing.shot.cast.size[0, 0]
        face = _rgb(drawing)[round(y - r) : round(y + r), round(x - r) : round(x + r)]
        dark = face.sum(axis=-1) < 300
        return dark[len(dark) * 4 // 5 :].sum() if low else dark.sum()

    assert marks(90) > 50
    assert marks(90, low=True) == 0
    assert marks(-90, low=True) > 10
    assert marks(-90) > 50
    assert marks(0) > 50
    assert marks(180) > 50


def test_shadows_fade_with_height(motions, draw):
    def darkness(rise):
        joints = motions.stand_joints(0.2) + np.array([0, rise, 0])
        with_one = _rgb(draw(Motion.from_joints(joints)))
        empty = motions.stand(seconds=0.2)
        absent = Motion(empty.frames * 0, depth=empty.depth * 0, present=np.zeros((5, 1)))
        without = _rgb(draw(absent))
        return (without - with_one)[590:640].clip(0).max()

    assert darkness(0.0) > 40
    assert 5 < darkness(0.6) < 0.75 * darkness(0.0)


def test_palette_contrasts_with_the_sky():
    sky = _luminance(_bytes(SKY[1]))
    for tint in PALETTE:
        ratio = (sky + 0.05) / (_luminance(_bytes(tint)) + 0.05)
        assert ratio > 4.5, tint


def test_looks_choose_colours_and_heads(motions, draw):
    motion = motions.stand(seconds=0.2)
    plain = _rgb(draw(motion))
    for kind in ("robot", "alien", "animal"):
        other = _rgb(draw(Scene(motion, looks=(Look(kind=kind),))))
        assert (np.abs(plain - other).max(axis=-1) > 60).sum() > 150
    green = draw(Scene(motion, looks=(Look(colour="#00a040"),)))
    assert _close(_pixel(_rgb(green), _near_knee(green.shot, 0)), (0, 160, 64))
    with pytest.raises(UsageError, match="actor 0: 'red' is not a colour"):
        draw(Scene(motion, looks=(Look(colour="red"),))).frame(0)


def test_actors_have_colours_of_their_own(motions, draw):
    drawing = draw(motions.crowd(3))
    picture = _rgb(drawing)
    front = drawing.shot.cast.order[0, -1]
    assert _close(_pixel(picture, _near_knee(drawing.shot, front)), _bytes(PALETTE[front]))


def test_the_land_moves_past_a_walker_by_its_distance(motions):
    style = NormalStyle()
    shot = shoot(Scene(motions.walk(seconds=10)), RenderOptions())
    travel = np.ptp(style._set_for(shot).horizon.travel)
    assert travel > 1500
    assert len(style.frame(shot, 0)) > 0
    assert np.array_equal(
        shot.cast.points, shoot(Scene(motions.walk(seconds=10)), RenderOptions()).cast.points
    )


def test_transparent_pictures_have_figures_and_no_backdrop(motions, draw):
    picture = draw(motions.stand(seconds=0.2), transparent=True).frame(0)
    assert (picture[0, 0] == 0).all()
    covered = (picture[..., 3] == 255).mean()
    assert 0.005 < covered < 0.1


def test_overlapping_actors_are_painted_from_back_to_front(motions):
    near = motions.stand_joints(1) + np.array([0.0, 0, 0.6])
    shot = shoot(
        Scene(Motion.from_joints(np.stack([near, motions.stand_joints(1)], axis=1))),
        RenderOptions(view="side"),
    )
    assert shot.cast.order[0].tolist() == [1, 0]
