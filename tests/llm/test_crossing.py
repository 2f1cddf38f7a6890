"""Ways round people and things."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from gliders import figure

from stickgen.core.actions import action
from stickgen.core.types import Motion, Prop
from stickgen.llm.crossing import BODY, Disc, clearance, detour, seated, solids, trespasses


def length(points: list[tuple[float, float]]) -> float:
    return sum(math.dist(a, b) for a, b in pairwise(points))


def sampled(points: list[tuple[float, float]]) -> np.ndarray:
    """Return places along the way by *points*, a centimetre apart."""
    share = np.linspace(0.0, 1.0, 400)[:, None]
    legs = pairwise(points)
    return np.concatenate([np.add(a, share * np.subtract(b, a)) for a, b in legs])


def walk(start: tuple[float, float], end: tuple[float, float], name: str = "walk") -> Motion:
    """Return somebody who goes from *start* to *end* in four seconds."""
    share = np.linspace(0.0, 1.0, 100)[:, None]
    places = np.add(start, share * np.subtract(end, start))
    joints = np.stack([figure(x, z, 0.0) for x, z in places])[:, None]
    return Motion.from_joints(joints, actions=np.full((100, 1), action(name).index))


def test_a_free_way_is_straight() -> None:
    assert detour((0, 0), (5, 0), []) == []
    assert detour((0, 0), (5, 0), [Disc(2.5, 2.0, 0.7), Disc(9.0, 0.0, 0.7)]) == []


@pytest.mark.parametrize("beside", [0.0, 0.2, -0.4])
def test_a_way_leads_round_what_is_in_it_and_not_far_round(beside: float) -> None:
    disc = Disc(2.5, beside, 0.7)
    way = [(0.0, 0.0), *detour((0, 0), (5, 0), [disc]), (5.0, 0.0)]
    assert clearance([disc], sampled(way)) >= -1e-3
    assert 5.0 < length(way) < 5.6


def test_a_wall_is_gone_round_at_its_nearer_end() -> None:
    wall = [Disc(2.5, z, 0.5) for z in np.arange(-0.5, 3.0, 0.4)]
    way = [(0.0, 0.0), *detour((0, 0), (5, 0), wall), (5.0, 0.0)]
    assert clearance(wall, sampled(way)) >= -1e-3
    assert min(z for _, z in way) < -0.9


def test_any_field_of_things_is_crossed_without_touching_one() -> None:
    rng = np.random.default_rng(5)
    for _ in range(100):
        field = [Disc(*rng.uniform((0.8, -2), (5.2, 2)), 0.5) for _ in range(6)]
        way = [(0.0, 0.0), *detour((0, 0), (6, 0), field), (6.0, 0.0)]
        assert clearance(field, sampled(way)) >= -1e-3 or len(way) == 2
        assert length(way) < 12.0


def test_who_stands_too_near_comes_no_nearer() -> None:
    disc = Disc(0.3, 0.0, 0.6)
    way = [(0.0, 0.0), *detour((0, 0), (3, 0), [disc]), (3.0, 0.0)]
    assert np.hypot(*(sampled(way) - disc[:2]).T).min() > 0.28


def test_a_bench_covers_its_length_and_a_ball_nothing() -> None:
    bench = solids([Prop("bench", np.array([1.0, 0.0, 2.0]))])
    middles = np.array([disc[:2] for disc in bench])
    assert np.allclose(middles.mean(axis=0), [1.0, 2.0], atol=1e-6)
    assert np.hypot(*np.ptp(middles, axis=0)) == pytest.approx(1.0, abs=0.05)
    assert all(disc.room > BODY for disc in bench)
    assert solids([Prop("ball", np.zeros(3)), Prop("cup", np.zeros((50, 3)))]) == []


def test_who_walks_through_a_chair_is_noticed_and_who_passes_is_not() -> None:
    chair = Prop("chair", np.array([2.0, 0.0, 0.0]))
    assert trespasses(walk((0, 0), (4, 0)), [chair]) == 1
    assert trespasses(walk((0, 0.6), (4, 0.6)), [chair]) == 0
    assert trespasses(walk((0, 0), (4, 0), "flying"), [chair]) == 0


def test_who_sits_is_known_by_place_and_frame() -> None:
    (actor, since, place) = seated(walk((1, 1), (1, 1), "sit"))[0]
    assert (actor, since) == (0, 0)
    assert np.allclose(place, [1.0, 1.0], atol=1e-6)
