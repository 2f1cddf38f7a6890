"""Hostile scenes: whatever comes, there is a picture or one sentence."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from stickgen.core.errors import SchemaError, StickgenError, UsageError
from stickgen.core.types import CameraTrack, Caption, Look, Motion, Prop, RenderOptions, Scene
from stickgen.render.cairo import CairoRenderer

STYLES = ("normal", "sketch", "ink", "neon")
SMALL = {"width": 160, "height": 90}


def _picture(scene, style="normal", index=0, **options):
    """Draw one frame with every warning an error, and check that it is a picture."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawing = CairoRenderer().open(scene, RenderOptions(style=style, **{**SMALL, **options}))
        picture = drawing.frame(min(index, len(drawing) - 1))
    assert picture.shape == (drawing.shot.height, drawing.shot.width, 4)
    assert picture[..., :3].std() > 0
    return picture


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("offset", [(1e6, 0, 0), (0, 1e6, 0), (0, 0, -1e6), (1e6, -1e6, 1e6)])
def test_far_from_the_origin(motions, style, offset):
    joints = motions.stand_joints(0.2) + np.array(offset, dtype=float)
    _picture(Scene(Motion.from_joints(joints)), style)


@pytest.mark.parametrize("style", STYLES)
def test_two_actors_two_thousand_kilometres_apart(motions, style):
    one = motions.stand_joints(0.2) - np.array([1e6, 0.0, 0.0])
    pair = np.stack([one, motions.stand_joints(0.2) + np.array([1e6, 0.0, 0.0])], axis=1)
    _picture(Scene(Motion.from_joints(pair)), style)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("scale", [0.0, 1e-6, 1e3])
def test_bones_of_any_length(motions, style, scale):
    joints = motions.walk_joints(seconds=0.4) * scale
    _picture(Scene(Motion.from_joints(joints)), style, index=5)


@pytest.mark.parametrize("style", STYLES)
def test_a_body_folded_to_a_point_for_a_while(motions, style):
    joints = motions.walk_joints(seconds=0.6)
    joints[5:9] = joints[5:9, :1]
    for index in (4, 6, 9):
        _picture(Scene(Motion.from_joints(joints)), style, index=index)


@pytest.mark.parametrize("style", STYLES)
def test_one_frame_and_nobody(motions, style):
    one = motions.stand(seconds=0.04)
    _picture(Scene(one), style)
    empty = Motion(one.frames * 0, depth=one.depth * 0, present=np.zeros((1, 1)))
    _picture(Scene(empty), style)
    _picture(Scene(empty, environment="city_street", weather="stormy"), style)


@pytest.mark.parametrize("style", STYLES)
def test_two_hundred_actors(motions, style):
    one = motions.stand_joints(0.12)
    spots = [(1.2 * (i % 20), 0.0, -1.1 * (i // 20)) for i in range(200)]
    crowd = np.stack([one + np.array(spot) for spot in spots], axis=1)
    kinds = ("human", "robot", "alien", "animal")
    looks = tuple(Look(kind=kinds[i % 4]) for i in range(200))
    _picture(Scene(Motion.from_joints(crowd), looks=looks), style, width=320, height=180)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("eye", [(0.0, 0.83, 0.05), (0.0, 1.5, 0.0), (0.02, 0.5, 0.0)])
def test_a_camera_inside_a_figure(motions, style, eye):
    motion = motions.stand(seconds=0.2)
    n = motion.n_frames
    track = CameraTrack(
        np.tile(eye, (n, 1)), np.tile((1.0, 0.8, -3.0), (n, 1)), np.full(n, 70.0), np.zeros(n)
    )
    _picture(Scene(motion, camera=track), style)


@pytest.mark.parametrize("target", [(0.0, -50.0, 0.0), (0.0, 60.0, 0.01)])
@pytest.mark.parametrize("style", STYLES)
def test_a_camera_that_looks_straight_down_or_up(motions, style, target):
    motion = motions.stand(seconds=0.2)
    n = motion.n_frames
    track = CameraTrack(
        np.tile((0.0, 5.0, 0.0), (n, 1)), np.tile(target, (n, 1)), np.full(n, 40.0), np.zeros(n)
    )
    _picture(Scene(motion, camera=track), style)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("move", ["dolly in 10", "zoom in 10", "orbit 3600", "crane up 50",
                                  "pan left 1", "shake 10", "dolly right 10"])  # fmt: skip
def test_the_wildest_moves(motions, style, move):
    _picture(Scene(motions.stand(seconds=0.4)), style, index=9, camera=(move,))


@pytest.mark.parametrize("style", STYLES)
def test_strange_looks_props_and_words(motions, style):
    motion = motions.stand(seconds=0.2)
    props = (
        Prop("planet", np.array([0.0, 0.0, 0.0]), scale=1e4),
        Prop("ball", np.array([0.0, 0.0, 0.0]), scale=1e-4),
        Prop("bat", np.array([0.2, 1.0, 0.0]), axis=np.zeros(3)),
        Prop("tree", np.array([1e6, 1e6, -1e6])),
    )
    captions = (Caption("\u202e \ud83d\ude00 " + "x" * 900, 0.0, 9.0, actor=0), Caption("", 0, 1))
    scene = Scene(
        motion,
        props=props,
        captions=captions,
        looks=(Look(kind="dragon", name="\x00"),),
        environment="nowhere",
        weather="frogs",
    )
    _picture(scene, style, captions=True)


@pytest.mark.parametrize("field", ["frames", "depth"])
def test_values_that_are_not_finite_get_one_sentence(motions, field):
    motion = motions.stand(seconds=0.2)
    broken = np.array(getattr(motion, field))
    broken.reshape(len(broken), -1)[2, 3] = np.nan
    object.__setattr__(motion, field, broken)
    with pytest.raises(SchemaError, match=f"{field} is not finite at frame 2"):
        _picture(Scene(motion))


@pytest.mark.parametrize(
    ("scene", "options"),
    [
        ({"looks": (Look(colour="purple-ish"),)}, {}),
        ({"props": (Prop("ball", np.array([np.nan, 0, 0])),)}, {}),
        ({"props": (Prop("bat", np.zeros(3), axis=np.full(3, np.inf)),)}, {}),
        ({"props": (Prop("ball", np.zeros(2)),)}, {}),
        ({}, {"width": 4, "height": 4}),
        ({}, {"width": 100_000, "height": 100}),
        ({}, {"palette": "#nothex"}),
        ({}, {"camera": ("levitate",)}),
    ],
)
def test_what_cannot_be_drawn_gets_one_sentence(motions, scene, options):
    with pytest.raises((UsageError, SchemaError, StickgenError)) as caught:
        _picture(Scene(motions.stand(seconds=0.2), **scene), **options)
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert len(sentence) < 240
