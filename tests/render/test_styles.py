"""Sketch, ink and neon: each its own look, drawn the same every time, and alive."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from stickgen.core.registries import renderers, styles
from stickgen.core.types import CameraTrack, Look, Prop, RenderOptions, Scene
from stickgen.render.display import Bloom, Fill, Pixels, colour
from stickgen.render.figure import HEAD
from stickgen.render.landscape import behind
from stickgen.render.shot import shoot

GOLDEN = Path(__file__).parent / "golden"
HAND_DRAWN = ("sketch", "ink")
STYLES = ("sketch", "ink", "neon")
EVERY = ("normal", *STYLES)
SMALL = {"width": 320, "height": 180}


def _rgb(drawing, index=0):
    return drawing.frame(index)[..., [2, 1, 0]].astype(int)


def _scene(motions):
    props = (
        Prop("chair", np.array([-0.7, 0.0, -0.2])),
        Prop("basketball", np.array([0.8, 0.9, 0.0])),
        Prop("tree", np.array([1.6, 0.0, -1.2])),
    )
    return Scene(motions.crowd(2), props=props)


def test_all_styles_are_registered():
    assert set(EVERY) <= set(styles)
    for name in EVERY:
        assert styles.create(name).name == name


@pytest.mark.parametrize("style", STYLES)
def test_pictures_have_not_changed(motions, draw, style):
    from PIL import Image

    found = _rgb(draw(_scene(motions), style=style, **SMALL), 12)
    wanted = np.asarray(Image.open(GOLDEN / f"{style}.png").convert("RGB")).astype(int)
    difference = np.abs(found - wanted)
    assert difference.mean() < 0.8
    assert (difference.max(axis=-1) > 48).mean() < 0.006


@pytest.mark.parametrize("style", STYLES)
def test_the_same_scene_gives_the_same_bytes_in_any_order(motions, draw, style):
    scene = _scene(motions)
    one, other = draw(scene, style=style, **SMALL), draw(scene, style=style, **SMALL)
    forward = [one.frame(i).copy() for i in (0, 7, 13)]
    backward = [other.frame(i).copy() for i in (13, 7, 0)][::-1]
    for a, b in zip(forward, backward, strict=True):
        assert (a == b).all()


@pytest.mark.parametrize(("style", "held"), [("sketch", 3), ("ink", 4)])
def test_lines_are_drawn_anew_between_6_and_12_times_a_second(motions, style, held):
    """Somebody who does not move is redrawn every third or fourth frame, not in between."""
    motion = motions.stand(seconds=1.0)
    frozen = type(motion)(
        np.repeat(motion.frames[:1], 25, axis=0), depth=np.repeat(motion.depth[:1], 25, axis=0)
    )
    shot = shoot(Scene(frozen), RenderOptions(style=style))
    pen = styles.create(style)
    lines = [
        next(op.path.numbers for op in pen.frame(shot, i) if isinstance(op, Fill))
        for i in range(25)
    ]
    changes = [i for i in range(1, 25) if lines[i] != lines[i - 1]]
    gaps = np.diff(changes)
    assert 6 <= len(changes) <= 12
    assert set(gaps.tolist()) <= {held, held + 1}


@pytest.mark.parametrize("style", EVERY)
def test_figures_stand_out_from_the_backdrop(motions, draw, style):
    drawing = draw(motions.crowd(2), style=style)
    picture = _rgb(drawing)
    for actor in range(2):
        x, y = drawing.shot.cast.points[0, actor, 1]
        body = picture[round(y) - 2 : round(y) + 3, round(x) - 2 : round(x) + 3].mean(axis=(0, 1))
        aside = picture[round(y) - 2 : round(y) + 3, 1180:1200].mean(axis=(0, 1))
        assert np.abs(body - aside).max() > 90


@pytest.mark.parametrize("style", STYLES)
def test_faces_are_seen_in_a_small_picture(motions, draw, style):
    drawing = draw(motions.stand(seconds=0.2), style=style, **SMALL)
    x, y = drawing.shot.cast.points[0, 0, HEAD]
    face = _rgb(drawing)[round(y) - 5 : round(y) + 6, round(x) - 5 : round(x) + 6].sum(axis=-1)
    assert np.ptp(face) > 220


@pytest.mark.parametrize("style", EVERY)
@pytest.mark.parametrize("renderer", ["cairo", "pillow"])
def test_transparent_pictures_have_no_backdrop(motions, style, renderer):
    options = RenderOptions(width=160, height=90, style=style, transparent=True)
    picture = renderers.create(renderer).open(_scene(motions), options).frame(0)
    assert (picture[:4, :4] == 0).all()
    assert 0.01 < (picture[..., 3] > 128).mean() < 0.5
    excess = picture[..., :3].max(axis=-1).astype(int) - picture[..., 3]
    assert excess.max() <= 2  # premultiplied, up to rounding


@pytest.mark.parametrize("style", STYLES)
def test_both_renderers_draw_the_same_picture(motions, style):
    options = RenderOptions(style=style, **SMALL)
    scene = _scene(motions)
    a = renderers.create("cairo").open(scene, options).frame(3)[..., [2, 1, 0]].astype(int)
    b = renderers.create("pillow").open(scene, options).frame(3)[..., :3].astype(int)
    assert np.abs(a - b).mean() < 5.0
    assert (np.abs(a - b).max(axis=-1) > 70).mean() < 0.02


@pytest.mark.parametrize("style", EVERY)
def test_frames_differ_only_inside_the_box_the_style_names(motions, draw, style):
    drawing = draw(_scene(motions), style=style, **SMALL)
    left, top, right, bottom = drawing.changing
    outside = np.ones((180, 320), dtype=bool)
    outside[top:bottom, left:right] = False
    first = drawing.frame(0).copy()
    for index in (6, 12, 24):
        assert (drawing.frame(index)[outside] == first[outside]).all()


@pytest.mark.parametrize("style", STYLES)
def test_a_moving_and_rolling_camera_is_followed(motions, draw, style):
    motion = motions.stand(seconds=0.4)
    n = motion.n_frames
    angle = np.linspace(0.0, 1.2, n)
    position = np.stack([5 * np.sin(angle), np.full(n, 1.4), 5 * np.cos(angle)], axis=-1)
    target = np.tile([0.0, 0.9, 0.0], (n, 1))
    track = CameraTrack(position, target, np.full(n, 32.0), np.linspace(0.0, 20.0, n))
    drawing = draw(Scene(motion, camera=track), style=style, **SMALL)
    first, last = _rgb(drawing, 0), _rgb(drawing, n - 1)
    assert (np.abs(first - last).max(axis=-1) > 24).mean() > 0.01
    walking = draw(motions.walk(seconds=6), style=style, **SMALL)
    assert np.abs(_rgb(walking, 0) - _rgb(walking, 149)).max() > 40


@pytest.mark.parametrize("style", STYLES)
def test_looks_choose_colours_and_heads(motions, draw, style):
    motion = motions.stand(seconds=0.2)
    plain = _rgb(draw(motion, style=style, **SMALL))
    for look in (Look(kind="robot"), Look(kind="animal"), Look(colour="#00a040")):
        other = _rgb(draw(Scene(motion, looks=(look,)), style=style, **SMALL))
        assert (np.abs(plain - other).max(axis=-1) > 40).sum() > 15


def test_neon_glows_and_mirrors(motions):
    shot = shoot(Scene(motions.stand(seconds=0.2)), RenderOptions(style="neon"))
    blooms = [op for op in styles.create("neon").frame(shot, 0) if isinstance(op, Bloom)]
    assert any(op.floor is None for op in blooms)
    (mirrored,) = [op for op in blooms if op.floor is not None]
    ankle = shot.cast.points[0, 0, :, 1].max()
    assert abs(mirrored.floor - ankle) < 0.08 * shot.cast.size[0, 0]


def test_a_bloom_reaches_beyond_its_strokes_and_fades(motions, draw):
    drawing = draw(motions.stand(seconds=0.2), style="neon", transparent=True)
    x, y = drawing.shot.cast.points[0, 0, HEAD]
    r = 0.112 * drawing.shot.cast.size[0, 0]
    alpha = drawing.frame(0)[..., 3].astype(int)
    up = [alpha[round(y - d * r), round(x)] for d in (1.0, 1.25, 1.5, 2.6)]
    assert up[0] > 200
    assert up[0] > up[1] > up[2] > up[3]
    assert up[3] < 8


def test_paper_has_grain(motions):
    for style in HAND_DRAWN:
        shot = shoot(Scene(motions.stand(seconds=0.2)), RenderOptions(style=style))
        sheet = next(op for op in styles.create(style).fixed(shot) if isinstance(op, Pixels))
        corner = sheet.pixels[300:340, 600:640, :3].astype(float)
        assert corner.std(axis=(0, 1)).min() > 1.0
        tint = np.array(colour("#f7f3e9" if style == "sketch" else "#f3ead8")[:3]) * 255
        assert np.abs(corner.mean(axis=(0, 1)) - tint).max() < 8


@pytest.mark.parametrize("view", ["side", 30.0])
def test_nobody_stands_above_the_line_of_the_ground(motions, view):
    shot = shoot(Scene(motions.crowd(4)), RenderOptions(view=view))
    line = behind(shot.camera, shot.figures, shot.cast.visible)
    soles = shot.cast.points[:, :, [14, 15, 18, 19], 1]
    low = shot.figures.points[:, :, [14, 15, 18, 19], 1] < 0.06
    below = soles - line[:, None, None]
    assert (below[low] > -0.025 * shot.cast.size.max()).all()
    assert below[low].min() < 0.1 * shot.cast.size.max()
