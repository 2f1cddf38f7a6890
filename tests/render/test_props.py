"""Props: every kind is drawn, in its place, at its size, in the right order."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from stickgen.core.errors import SchemaError, UsageError
from stickgen.core.types import Prop, RenderOptions, Scene
from stickgen.render.props import KINDS, picture
from stickgen.render.shot import shoot

REFERENCE_KINDS = frozenset(
    [
        "tree",
        "rock",
        "grass",
        "building",
        "house",
        "stadium",
        "ball",
        "baseball",
        "basketball",
        "soccer_ball",
        "bat",
        "glove",
        "base",
        "laptop",
        "phone",
        "computer",
        "table",
        "chair",
        "bench",
        "food",
        "plate",
        "cup",
        "spaceship",
        "planet",
        "star",
        "ufo",
    ]
)


def _rgb(drawing, index=0):
    return drawing.frame(index)[..., [2, 1, 0]].astype(int)


def test_all_kinds_of_the_reference_have_a_picture():
    assert len(REFERENCE_KINDS) == 26
    assert REFERENCE_KINDS <= KINDS
    for kind in KINDS:
        shape = picture(kind)
        assert 0.03 < shape.half < 3.0
        assert 0.05 < shape.height < 4.0
        assert min(y for part in shape.parts for _, y in part.points) > -0.02


def test_a_chair_is_as_high_as_people_sit():
    assert picture("chair").height == pytest.approx(0.45, abs=0.03)


@pytest.mark.parametrize("renderer", ["cairo", "pillow"])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_prop_leaves_ink_where_it_stands(motions, kind, renderer):
    from stickgen.core.registries import renderers

    motion = motions.stand(seconds=0.2)
    options = RenderOptions(width=320, height=180, transparent=True, view="side")
    scene = Scene(motion, props=(Prop(kind, np.array([0.9, 0.0, 0.0])),))
    drawing = renderers.create(renderer).open(scene, options)
    left, top, right, bottom = drawing.shot.stage.box(0)[0]
    inside = drawing.frame(0)[
        max(0, int(top)) : int(bottom) + 1, max(0, int(left)) : int(right) + 1, 3
    ]
    assert (inside > 200).sum() > 0.10 * shape_area(drawing, kind)


def shape_area(drawing, kind):
    k = float(drawing.shot.stage.scale[0, 0])
    return 2.0 * picture(kind).half * picture(kind).height * k * k


def test_nearer_things_cover_farther_ones(motions, draw):
    motion = motions.stand(seconds=0.2)

    def chest(z):
        scene = Scene(motion, props=(Prop("crate", np.array([0.0, 0.7, z]), 1.0),))
        drawing = draw(scene, view="side")
        x, y = drawing.shot.cast.points[0, 0, 1]
        return _rgb(drawing)[round(y), round(x)]

    assert chest(-0.4).max() < 70
    assert chest(0.4).max() > 60


def test_a_sitter_is_in_front_of_the_chair_under_him(motions):
    scene = Scene(motions.stand(seconds=0.2), props=(Prop("chair", np.zeros(3)),))
    assert shoot(scene, RenderOptions()).paint_order(0) == [("prop", 0), ("actor", 0)]


def test_a_prop_moves_and_a_ball_rolls(motions):
    motion = motions.stand(seconds=1.0)
    path = np.stack([np.linspace(0.0, 0.12 * 2 * np.pi, 25), np.zeros(25), np.zeros(25)], axis=-1)
    shot = shoot(Scene(motion, props=(Prop("ball", path),)), RenderOptions(view="side"))
    stage = shot.stage
    assert stage.base[-1, 0, 0] > stage.base[0, 0, 0] + 50
    assert stage.turn[-1, 0] == pytest.approx(2 * np.pi, rel=1e-6)
    slower = shoot(Scene(motion, props=(Prop("ball", path),)), RenderOptions(view="side", fps=10.0))
    assert len(slower.stage.base) == slower.n_frames


def test_things_beside_the_actors_are_in_the_picture(motions):
    scene = Scene(motions.stand(seconds=0.2), props=(Prop("bench", np.array([1.3, 0.0, 0.0])),))
    shot = shoot(scene, RenderOptions(view="side", width=480, height=480))
    left, _, right, _ = shot.stage.box(0)[0]
    assert left > 0
    assert right < 480 + 20
    far = Scene(motions.stand(seconds=0.2), props=(Prop("bench", np.array([40.0, 0.0, 0.0])),))
    alone = Scene(motions.stand(seconds=0.2))
    options = RenderOptions(view="side")
    assert np.allclose(shoot(far, options).cast.points, shoot(alone, options).cast.points)


def test_colour_and_scale_are_obeyed(motions, draw):
    motion = motions.stand(seconds=0.2)

    def ball(**how):
        scene = Scene(motion, props=(Prop("crate", np.array([0.8, 0.0, 0.0]), **how),))
        drawing = draw(scene, view="side")
        x, y = drawing.shot.stage.base[0, 0]
        k = drawing.shot.stage.scale[0, 0]
        return k, _rgb(drawing)[round(y - 0.03 * k), round(x)]

    k, green = ball(colour="#00a040")
    assert np.abs(green - (0, 160, 64)).max() <= 3
    larger, _ = ball(scale=2.0)
    assert larger > 1.5 * k


def test_unknown_kinds_are_left_out_with_one_warning(motions, draw):
    props = (Prop("kraken", np.zeros(3)), Prop("ball", np.zeros(3)), Prop("kraken", np.ones(3)))
    with pytest.warns(UserWarning, match="no picture for the props kraken") as caught:
        drawing = draw(Scene(motions.stand(seconds=0.2), props=props), width=160, height=90)
    assert len(caught) == 1
    assert len(drawing.shot.stage.pictures) == 1


@pytest.mark.parametrize(
    ("prop", "error", "words"),
    [
        (Prop("ball", np.zeros((3, 3))), SchemaError, "shape"),
        (Prop("ball", np.array([np.nan, 0, 0])), SchemaError, "not finite"),
        (Prop("ball", np.zeros(3), scale=-1.0), SchemaError, "scale"),
        (Prop("ball", np.zeros(3), colour="reddish"), UsageError, "not a colour"),
    ],
)
def test_impossible_props_are_refused(motions, draw, prop, error, words):
    with pytest.raises(error, match=words):
        draw(Scene(motions.stand(seconds=0.2), props=(prop,)))


def test_a_frame_paints_only_in_the_box_it_names(motions, draw):
    path = np.stack([np.linspace(-0.8, 0.8, 25), np.full(25, 1.4), np.zeros(25)], axis=-1)
    scene = Scene(motions.stand(seconds=1.0), props=(Prop("ball", path),))
    drawing = draw(scene)
    left, top, right, bottom = drawing.changing
    outside = np.ones((720, 1280), dtype=bool)
    outside[top:bottom, left:right] = False
    first = drawing.frame(0).copy()
    for index in (5, 12, 24):
        assert (drawing.frame(index)[outside] == first[outside]).all()


def test_a_scene_without_props_is_as_before(motions):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        shot = shoot(Scene(motions.walk(seconds=1)), RenderOptions())
    assert shot.stage is None
