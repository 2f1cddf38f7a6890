"""Backdrops and weather: every place of the table, in every style, steady over time."""

from __future__ import annotations

import numpy as np
import pytest

from stickgen.core.environments import ENVIRONMENTS, WEATHERS
from stickgen.core.errors import UsageError
from stickgen.core.types import Prop, RenderOptions, Scene
from stickgen.render.backdrops import BACKDROPS, backdrop, by_night, missing
from stickgen.render.display import Fill, Stroke, colour
from stickgen.render.figure import HEAD, LEGS
from stickgen.render.landmarks import KINDS as LANDMARKS
from stickgen.render.landmarks import landmark
from stickgen.render.landscape import ridge
from stickgen.render.palettes import PALETTES, palette_colours
from stickgen.render.props import KINDS as PROPS
from stickgen.render.shot import shoot
from stickgen.render.styles.normal import NormalStyle, contrast
from stickgen.render.weather import KINDS, flakes, lightning

STYLES = ("normal", "sketch", "ink", "neon")
OBJECTS = (
    *("tree", "rock", "grass", "building", "house", "stadium", "ball", "baseball", "basketball"),
    *("soccer_ball", "bat", "glove", "base", "laptop", "phone", "computer", "table", "chair"),
    *("bench", "food", "plate", "cup", "spaceship", "planet", "star", "ufo"),
)
TINY = {"width": 160, "height": 90}


def test_every_environment_and_every_object_can_be_drawn():
    assert missing() == []
    assert len(BACKDROPS) == len(ENVIRONMENTS) == 64
    assert set(OBJECTS) <= PROPS
    for place in BACKDROPS.values():
        assert {each.kind for each in place.landmarks} <= LANDMARKS
        assert place.weather is None or place.weather in KINDS
    for kind in LANDMARKS:
        assert landmark(kind).half > 0


@pytest.mark.parametrize("style", STYLES)
def test_places_look_different_from_one_another(motions, draw, style):
    names = ("earth_normal", "forest", "beach", "city_street", "office", "space_vacuum", "stadium")
    motion = motions.stand(seconds=0.2)
    pictures = [
        draw(Scene(motion, environment=name), style=style, **TINY).frame(0).astype(int)
        for name in names
    ]
    for i, a in enumerate(pictures):
        for b in pictures[:i]:
            assert (np.abs(a - b).max(axis=-1) > 14).mean() > 0.06


def test_figures_stand_out_in_every_place(motions):
    style = NormalStyle()
    for name in BACKDROPS:
        shot = shoot(Scene(motions.crowd(2), environment=name), RenderOptions())
        tones = style._set_for(shot).tones
        sky, ground = shot.place.sky, shot.place.ground
        for ink, _, _ in tones:
            for behind, least in ((sky[1], 4.5), (sky[2], 4.4), (ground[0], 3.2)):
                assert contrast(ink, colour(behind)) >= least, (name, behind)


def test_actors_stand_clear_of_the_landmarks(motions):
    """A camera that stands still moves the trees aside."""
    style = NormalStyle()
    from stickgen.render.scenery import columns, pieces

    for x in (-0.5, 0.4, 1.2):
        motion = motions.stand(seconds=0.4, x=x)
        shot = shoot(Scene(motion, environment="desert"), RenderOptions())
        settings = style._set_for(shot)
        head = shot.cast.points[0, 0, HEAD, 0]
        for piece in pieces(shot.place):
            for at in columns(shot, settings.horizon, 0, piece, shot.place, settings.offset):
                assert abs(at - head) > piece.half


def test_the_same_place_of_the_land_keeps_its_height():
    for form in ("hills", "peaks", "dunes", "rocks", "canopy", "puffs", "waves", "skyline"):
        x, y = ridge(form, 0.0, 900.0, 420.0, 0.7)
        other_x, other_y = ridge(form, 300.0, 900.0, 420.0, 0.7)
        assert np.abs(y).max() < 2.5
        at = np.linspace(400.0, 800.0, 50) + 0.123
        assert np.allclose(np.interp(at, x, y), np.interp(at, other_x, other_y), atol=1e-9)


@pytest.mark.parametrize("weather", WEATHERS)
def test_weather_lies_over_a_place_outdoors_only(weather):
    assert backdrop("city_street", weather).weather == backdrop(weather).weather
    assert backdrop("office", weather) == backdrop("office")


def test_an_unknown_place_is_drawn_as_the_plain_earth():
    assert backdrop("atlantis") == backdrop("earth_normal")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("before", [False, True])
def test_flakes_move_steadily(kind, before):
    """From frame to frame they go a short way in one direction: nothing flickers or jumps."""
    now = flakes(kind, 3.0, 1280, 720, 0.0, before=before)
    then = flakes(kind, 3.04, 1280, 720, 0.0, before=before)
    step = np.hypot(then.x - now.x, then.y - now.y)
    wrapped = step > 300
    assert wrapped.mean() < 0.15
    limit = 0.08 * np.hypot(KINDS[kind].right, KINDS[kind].down) + 14
    assert step[~wrapped].max() < limit
    assert np.array_equal(now.size, then.size)
    again = flakes(kind, 3.0, 1280, 720, 0.0, before=before)
    assert np.array_equal(now.x, again.x)


@pytest.mark.parametrize("style", STYLES)
def test_weather_is_seen_and_repeats_exactly(motions, draw, style):
    motion = motions.stand(seconds=1)
    dry = draw(Scene(motion), style=style, **TINY).frame(12).astype(int)
    wet = draw(Scene(motion, weather="rainy"), style=style, **TINY)
    picture = wet.frame(12).astype(int)
    assert (np.abs(picture - dry).max(axis=-1) > 10).mean() > 0.02
    wet.frame(20)
    assert np.array_equal(wet.frame(12), picture)


def test_lightning_is_rare_and_short():
    bright = np.array([lightning(t)[0] for t in np.arange(0, 30, 0.04)])
    assert 0 < (bright > 0).mean() < 0.08
    flashes = np.flatnonzero(np.diff((bright > 0).astype(int)) == 1) * 0.04
    assert np.diff(flashes).min() > 3.0  # slow enough to hurt nobody


def test_a_night_is_dark_and_its_figures_are_light(motions, draw):
    day = draw(motions.stand(seconds=0.2), theme="light")
    night = draw(motions.stand(seconds=0.2), theme="dark")
    assert day.frame(0)[:200, :, :3].mean() > 200
    assert night.frame(0)[:200, :, :3].mean() < 70
    x, y = night.shot.cast.points[0, 0, 1]
    assert night.frame(0)[round(y), round(x), :3].mean() > 180
    assert by_night(by_night(backdrop("forest"))) == by_night(backdrop("forest"))
    pale = draw(Scene(motions.stand(seconds=0.2), environment="cave"), theme="light")
    assert pale.frame(0)[:200, :, :3].mean() > 150


@pytest.mark.parametrize("style", ["sketch", "ink"])
def test_paper_has_a_dark_side(motions, draw, style):
    light = draw(motions.stand(seconds=0.2), style=style, **TINY).frame(0)
    dark = draw(motions.stand(seconds=0.2), style=style, theme="dark", **TINY).frame(0)
    assert light[:40, :, :3].mean() > 180
    assert dark[:40, :, :3].mean() < 80


def test_palettes_colour_the_actors(motions, draw):
    drawing = draw(motions.crowd(2), palette="#0a7d3c,#7d0a5a")
    for actor, tint in enumerate(((10, 125, 60), (125, 10, 90))):
        leg = LEGS[int(drawing.shot.cast.near[0, actor, 1])]
        x, y = drawing.shot.cast.points[0, actor, leg.start + 1]
        near = drawing.frame(0)[round(y) - 4 : round(y) + 5, round(x) - 4 : round(x) + 5, 2::-1]
        assert np.abs(near.astype(int) - tint).max(axis=-1).min() <= 3
    for name in PALETTES:
        assert palette_colours(name) == PALETTES[name]
    with pytest.raises(UsageError, match="did you mean ocean"):
        palette_colours("ocaen")
    with pytest.raises(UsageError, match="'#12' is not a colour"):
        palette_colours("#12")


def test_a_prop_with_an_axis_lies_along_it(motions):
    motion = motions.stand(seconds=0.2)
    props = [Prop("bat", np.array([0.5, 1.0, 0.0]), axis=np.array(axis, dtype=float))
             for axis in ((0, 1, 0), (1, 0, 0), (0, 0, 1))]  # fmt: skip
    shot = shoot(Scene(motion, props=tuple(props)), RenderOptions(view="side"))
    stage = shot.stage
    boxes = []
    for i in range(3):
        points = np.array(
            [p for part in stage.pictures[i].parts for p in stage.outline(0, i, part)]
        )
        boxes.append(np.ptp(points, axis=0))
    assert boxes[0][1] > 4 * boxes[0][0]
    assert boxes[1][0] > 4 * boxes[1][1]
    assert max(boxes[2]) < 0.4 * max(boxes[0])  # seen from its end


def test_the_ground_line_of_drawings_is_under_the_feet(motions):
    from stickgen.core.registries import styles

    shot = shoot(Scene(motions.stand(seconds=0.2)), RenderOptions())
    feet = shot.cast.points[0, 0, 12:, 1].max() + 0.5 * shot.cast.line[0, 0]
    for name in ("sketch", "ink"):
        assert abs(styles.create(name)._base(shot, 0) - feet) < 7


def test_a_transparent_picture_has_no_weather(motions):
    shot = shoot(
        Scene(motions.stand(seconds=0.2), weather="stormy"), RenderOptions(transparent=True)
    )
    dry = shoot(Scene(motions.stand(seconds=0.2)), RenderOptions(transparent=True))
    style = NormalStyle()
    assert len(style.frame(shot, 0)) == len(style.frame(dry, 0))
    assert all(not isinstance(op, Fill | Stroke) for op in style.fixed(shot))
