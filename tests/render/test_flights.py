"""Things in flight: the trail behind them, the marks of a hit, the room they are given."""

from __future__ import annotations

import numpy as np

from stickgen.core.types import Prop, RenderOptions, Scene
from stickgen.render.shot import shoot

_KICKED = 25
"""The frame at which the ball begins to fly."""


def _path(first, last, *, seconds=4, height=1.0):
    """Return a ball that lies at *first* and flies to *last* within a second from `_KICKED` on."""
    share = np.clip((np.arange(round(25 * seconds)) - _KICKED) / 25.0, 0.0, 1.0)
    path = np.array(first) + share[:, None] * (np.array(last) - np.array(first))
    path[:, 1] += 4.0 * height * share * (1.0 - share)
    return path


def _shot(motions, path, **options):
    scene = Scene(motions.stand(seconds=4), props=(Prop("soccer_ball", path),))
    return shoot(scene, RenderOptions(**options))


def test_a_ball_that_is_kicked_leaves_a_trail_and_a_mark(motions):
    found = _shot(motions, _path((0.2, 0, 0), (5, 0, 0))).flights
    swift = np.flatnonzero(found.strength[:, 0] > 0)
    assert swift.min() == _KICKED
    assert swift.max() <= _KICKED + 25
    hit = np.flatnonzero(found.hit[:, 0] >= 0)
    assert _KICKED - 1 <= hit.min() <= hit.max() <= _KICKED + 6


def test_what_nobody_touches_or_what_rolls_slowly_is_not_marked(motions):
    far = _shot(motions, _path((3, 0, 0), (8, 0, 0))).flights
    assert (far.hit < 0).all()
    slow = _shot(motions, _path((0.2, 0, 0), (1, 0, 0), height=0.0)).flights
    assert (slow.hit < 0).all()
    assert not slow.strength.any()


def test_a_ball_stays_in_the_picture_of_who_kicks_it(motions):
    shot = _shot(motions, _path((0.2, 0, 0), (4.5, 0, 0)))
    ball = shot.stage.base[:, 0]
    assert ((ball > 0) & (ball < (shot.width, shot.height))).all()
    assert shot.cast.size.min() > 0.33 * shot.height


def test_a_ball_that_flies_too_far_is_let_go(motions):
    near = shoot(Scene(motions.stand(seconds=4)), RenderOptions()).cast.size.min()
    assert _shot(motions, _path((0.2, 0, 0), (60, 0, 0))).cast.size.min() > 0.7 * near
