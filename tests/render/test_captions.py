"""Captions: shown when asked for, in time, in the frame, beside who speaks."""

from __future__ import annotations

import numpy as np
import pytest

from stickgen.core.types import Caption, Scene
from stickgen.render.captions import draw_captions, words
from stickgen.render.display import Pixels

LONG = "word " * 60 + "incomprehensibilities" * 6


def _changed(draw, motion, captions, index=0, **options):
    with_them = draw(Scene(motion, captions=captions), captions=True, **options).frame(index)
    without = draw(Scene(motion), **options).frame(index)
    rows, columns = np.nonzero((with_them != without).any(axis=-1))
    return rows, columns


def test_captions_are_drawn_only_when_asked_for(motions, draw):
    motion = motions.stand(seconds=1)
    captions = (Caption("Hello there", 0.0, 0.5),)
    assert len(_changed(draw, motion, captions)[0]) > 5000
    off = draw(Scene(motion, captions=captions)).frame(0)
    assert (off == draw(Scene(motion)).frame(0)).all()


def test_captions_come_and_go_in_time(motions, draw):
    motion = motions.stand(seconds=1)
    captions = (Caption("Hello", 0.4, 0.6),)
    assert len(_changed(draw, motion, captions, 5)[0]) == 0
    assert len(_changed(draw, motion, captions, 12)[0]) > 1000
    assert len(_changed(draw, motion, captions, 20)[0]) == 0


def test_a_subtitle_is_at_the_foot_and_a_bubble_beside_the_head(motions, draw):
    motion = motions.stand(seconds=0.4)
    rows, _ = _changed(draw, motion, (Caption("Hello", 0.0, 1.0),))
    assert rows.min() > 0.85 * 720
    drawing = draw(Scene(motion))
    rows, columns = _changed(draw, motion, (Caption("Hello", 0.0, 1.0, 0),))
    x, y = drawing.shot.cast.points[0, 0, 3]
    assert rows.max() < y
    assert np.abs(columns - x).min() < 60


@pytest.mark.parametrize("size", [(1280, 720), (320, 180), (180, 320), (64, 64)])
@pytest.mark.parametrize("actor", [None, 0])
def test_words_never_leave_the_frame(motions, draw, size, actor):
    width, height = size
    motion = motions.stand(seconds=0.2)
    for text in ("Hi", LONG):
        scene = Scene(motion, captions=(Caption(text, 0.0, 1.0, actor),))
        drawing = draw(scene, captions=True, width=width, height=height)
        out = []
        draw_captions(out, drawing.shot, 0)
        (picture,) = [op for op in out if isinstance(op, Pixels)]
        high, wide = picture.pixels.shape[:2]
        assert picture.x >= 0
        assert picture.x + wide <= width
        assert picture.y >= 0
        assert high > height or picture.y + high <= height
        drawing.frame(0)


def test_letters_are_legible_in_a_small_picture(motions, draw):
    scene = Scene(motions.stand(seconds=0.2), captions=(Caption("Hello", 0.0, 1.0),))
    drawing = draw(scene, captions=True, width=320, height=180)
    out = []
    draw_captions(out, drawing.shot, 0)
    (picture,) = [op for op in out if isinstance(op, Pixels)]
    rows = np.flatnonzero((picture.pixels[..., 3] > 128).any(axis=1))
    assert np.ptp(rows) >= 7  # the height of a capital in pixels
    picture = drawing.frame(0)[..., :3].astype(int).sum(axis=-1)
    foot = picture[140:]
    assert foot.max() > 700
    assert foot.min() < 420


def test_lines_are_balanced_and_too_much_ends_with_an_ellipsis():
    one = words("Hello there", 30.0, 600, (0, 0, 0, 1))
    two = words("Hello there my dear old friend how are you", 30.0, 400, (0, 0, 0, 1))
    assert two.shape[0] == pytest.approx(2 * one.shape[0], rel=0.1)
    many = words(LONG, 30.0, 300, (0, 0, 0, 1))
    assert many.shape[1] <= 300
    assert many.shape[0] < 8 * one.shape[0]


def test_two_speakers_have_a_bubble_each(motions, draw):
    captions = (Caption("Hello!", 0.0, 1.0, 0), Caption("Good morning!", 0.0, 1.0, 1))
    drawing = draw(Scene(motions.crowd(2), captions=captions), captions=True)
    out = []
    draw_captions(out, drawing.shot, 0)
    a, b = [op for op in out if isinstance(op, Pixels)]

    def box(op):
        return (op.x, op.y, op.x + op.pixels.shape[1], op.y + op.pixels.shape[0])

    (al, at, ar, ab), (bl, bt, br, bb) = box(a), box(b)
    assert ar <= bl or br <= al or ab <= bt or bb <= at
