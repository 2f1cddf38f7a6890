"""Cairo and Pillow paint the same display lists, and a missing cairo is no disaster."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickgen.core import protocols, registries
from stickgen.core.drawing import open_drawing
from stickgen.core.errors import PluginError, UsageError
from stickgen.core.types import Motion, RenderOptions, Scene
from stickgen.render import cairo as cairo_backend
from stickgen.render.display import Fill, Path, Stroke, rounded, trimmed
from stickgen.render.pillow import PillowRenderer, flatten
from stickgen.render.png import straight

WHITE = (1.0, 1.0, 1.0, 1.0)
RED = (1.0, 0.0, 0.0, 1.0)


class _Blank:
    """A style that paints what it is given."""

    api_version = 1
    name = "blank"

    def __init__(self, ops):
        self._ops = ops

    def fixed(self, shot):
        return [Fill(Path().rectangle(0, 0, shot.width, shot.height), WHITE)]

    def frame(self, shot, index):
        return self._ops


@pytest.fixture(params=["cairo", "pillow"])
def paint(request, motions, monkeypatch):
    """Return a function from ops to the RGB picture, 64x64, of one backend."""

    def painted(*ops):
        monkeypatch.setattr(f"stickgen.render.{request.param}.open_style", lambda _: _Blank(ops))
        options = RenderOptions(width=64, height=64)
        drawing = registries.renderers.create(request.param).open(
            Scene(motions.stand(seconds=0.1)), options
        )
        return straight(drawing.frame(0), drawing.pixel_format, False).astype(int)

    return painted


def test_renderers_fulfil_the_contract(motions):
    for name in ("cairo", "pillow"):
        renderer = registries.renderers.create(name)
        assert isinstance(renderer, protocols.Renderer)
        drawing = renderer.open(Scene(motions.stand()), RenderOptions(width=64, height=48))
        assert isinstance(drawing, protocols.Drawing)
        assert len(drawing) == 50
        picture = drawing.frame(3)
        assert picture.shape == (48, 64, 4)
        assert picture.dtype == np.uint8
        assert (picture[..., 3] == 255).all()


def test_cairo_and_pillow_agree(motions, draw):
    for motion, index in ((motions.walk(seconds=2), 9), (motions.crowd(4), 3)):
        options = RenderOptions(width=640, height=360)
        other = PillowRenderer().open(Scene(motion), options)
        a = draw(motion, width=640, height=360).frame(index)[..., [2, 1, 0]].astype(int)
        b = other.frame(index)[..., :3].astype(int)
        difference = np.abs(a - b)
        assert difference.mean() < 0.6
        assert (difference.max(axis=-1) > 40).mean() < 0.004


def test_fills_cover_exactly_their_pixels(paint):
    picture = paint(Fill(Path().rectangle(10, 20, 30, 8), RED))
    red = (picture == (255, 0, 0)).all(axis=-1)
    assert red[20:28, 10:40].all()
    assert red.sum() == 240


def test_strokes_have_their_width_and_round_ends(paint):
    picture = paint(Stroke(Path().polyline((16, 32, 48, 32)), RED, 10.0))
    covered = 255 - picture[..., 1]
    assert covered[:, 32].sum() / 255 == pytest.approx(10.0, abs=0.3)
    assert covered.sum() / 255 == pytest.approx(32 * 10 + np.pi * 25, rel=0.02)


def test_circles_are_round(paint):
    covered = 255 - paint(Fill(Path().circle(32, 32, 20), RED))[..., 1]
    assert covered.sum() / 255 == pytest.approx(np.pi * 400, rel=0.01)
    assert np.abs(covered - covered.T).max() < 80


def test_half_transparent_paint_mixes(paint):
    picture = paint(Fill(Path().rectangle(0, 0, 64, 64), (0.0, 0.0, 0.0, 0.5)))
    assert np.abs(picture - 127.5).max() <= 1.0


def test_frames_do_not_depend_on_what_was_drawn_before(motions, draw):
    motion = motions.walk(seconds=6)
    first = draw(motion, width=320, height=180)
    alone = first.frame(40).copy()
    first.frame(3)
    first.frame(149)
    assert np.array_equal(first.frame(40), alone)
    assert np.array_equal(draw(motion, width=320, height=180).frame(40), alone)


@pytest.mark.parametrize("renderer", ["cairo", "pillow"])
def test_frames_differ_only_inside_the_changing_box(motions, renderer):
    for motion in (motions.walk(seconds=8), motions.walk(seconds=1), motions.stand()):
        options = RenderOptions(width=320, height=180, renderer=renderer)
        drawing = open_drawing(Scene(motion), options)
        left, top, right, bottom = drawing.changing
        frames = [drawing.frame(i).copy() for i in range(0, len(drawing), 11)]
        differs = np.any([frame != frames[0] for frame in frames], axis=(0, 3))
        assert differs.any()
        differs[top:bottom, left:right] = False
        assert not differs.any()
        assert all(edge % 2 == 0 for edge in (left, top, right, bottom))


def test_without_cairo_pillow_steps_in_and_says_so_once(motions, monkeypatch):
    monkeypatch.setitem(sys.modules, "cairo", None)
    monkeypatch.setitem(sys.modules, "cairocffi", None)
    cairo_backend.library.cache_clear()
    try:
        scene, options = Scene(motions.stand(seconds=0.2)), RenderOptions(width=64, height=64)
        with pytest.warns(UserWarning, match="pillow, which is slower") as caught:
            drawing = open_drawing(scene, options)
        assert len(caught) == 1
        assert drawing.pixel_format == "rgba"
        with pytest.raises(PluginError, match="libcairo2"):
            open_drawing(scene, RenderOptions(width=64, height=64, renderer="cairo"))
    finally:
        cairo_backend.library.cache_clear()


@pytest.mark.parametrize("size", [(16, 16), (17, 333), (2000, 40)])
@pytest.mark.parametrize("renderer", ["cairo", "pillow"])
def test_unusual_sizes_are_drawn(motions, size, renderer):
    options = RenderOptions(width=size[0], height=size[1], renderer=renderer)
    drawing = open_drawing(Scene(motions.walk(seconds=0.4)), options)
    assert drawing.frame(5).shape == (size[1], size[0], 4)


@pytest.mark.parametrize("size", [(0, 720), (15, 15), (8193, 20), (8192, 8192), (-4, 5)])
def test_impossible_sizes_are_refused(motions, size):
    with pytest.raises(UsageError, match=r"pixels|out of range"):
        open_drawing(Scene(motions.stand()), RenderOptions(width=size[0], height=size[1]))


def _odd_motions():
    points = np.zeros((4, 1, 48)), np.zeros((4, 1, 16))
    yield "a point", Motion(points[0], depth=points[1])
    yield "a flat point", Motion(points[0])
    yield "nobody", Motion(points[0], depth=points[1], present=np.zeros((4, 1)))
    rng = np.random.default_rng(3)
    yield "noise", Motion.from_joints(rng.normal(size=(5, 2, 16, 3)) * 3)
    yield "a giant far away", Motion.from_joints(rng.normal(size=(5, 1, 16, 3)) * 1e3 + 1e5)
    yield "one frame", Motion.from_joints(rng.normal(size=(1, 1, 16, 3)))


@pytest.mark.parametrize(("name", "motion"), list(_odd_motions()))
@pytest.mark.parametrize("renderer", ["cairo", "pillow"])
def test_odd_motions_are_drawn(name, motion, renderer):
    drawing = open_drawing(Scene(motion), RenderOptions(width=160, height=90, renderer=renderer))
    for index in range(len(drawing)):
        assert drawing.frame(index).shape == (90, 160, 4)


# -- paths ---------------------------------------------------------------------------------------

_points = st.lists(st.tuples(st.floats(-500, 500), st.floats(-500, 500)), min_size=1, max_size=8)


@given(_points, st.floats(0, 80))
def test_rounded_paths_keep_their_ends_and_stay_inside(points, radius):
    path = rounded(points, radius)
    (line, _), *rest = flatten(path)
    assert not rest
    assert line[0] == pytest.approx(points[0])
    assert np.allclose(line[-1], points[-1], atol=1e-5)
    xs, ys = zip(*points, strict=True)
    left, top, right, bottom = path.bounds()
    assert left >= min(xs) - 1e-6
    assert right <= max(xs) + 1e-6
    assert top >= min(ys) - 1e-6
    assert bottom <= max(ys) + 1e-6


@given(_points, st.floats(0, 2000))
def test_trimming_takes_away_that_much_length(points, start):
    def length(line):
        return float(np.linalg.norm(np.diff(np.array(line), axis=0), axis=1).sum())

    rest = trimmed(points, start)
    if rest is None:
        assert length(points) <= start + 1e-6
    else:
        assert length(rest) == pytest.approx(length(points) - start, abs=1e-6)
