"""What a place does to a body: it falls as gravity wants, floats, slides, leans and tires."""

from __future__ import annotations

import numpy as np
import pytest
from stage import ANKLES, H, J, after, heading, joints, perform

from stickgen.core import physics, schema, validator
from stickgen.core.environments import environment
from stickgen.core.kinematics import Body, bone_lengths
from stickgen.core.types import ActorState, Motion
from stickgen_procedural import ProceduralGenerator
from stickgen_procedural.surroundings import Surroundings, surroundings


def at(place: str, weather: str | None = None, **facts: object) -> ActorState:
    return ActorState(environment=place, weather=weather, **facts)  # type: ignore[arg-type]


def air(motion: Motion) -> np.ndarray:
    """Return the frames in the middle of the longest flight."""
    up = joints(motion)[:, ANKLES, 1].min(axis=-1) > (schema.ANKLE_HEIGHT + 0.05) * H
    start, stop = max(physics.stretches(up), key=lambda run: run[1] - run[0])
    return np.arange(start + 3, stop - 3)


def lean(motion: Motion) -> float:
    """Return how far the trunk leans forward on average, radians."""
    j = joints(motion)
    trunk, yaw = j[:, J["neck"]] - j[:, 0], heading(motion)
    ahead = trunk[:, 0] * np.cos(yaw) - trunk[:, 2] * np.sin(yaw)
    return float(np.mean(np.arctan2(ahead, trunk[:, 1])))


def test_the_ground_of_the_earth_changes_nothing() -> None:
    assert surroundings(ActorState()) == Surroundings()
    plain, same = perform("jump", seconds=3.0), perform("jump", at("earth_normal"), seconds=3.0)
    np.testing.assert_array_equal(plain.frames, same.frames)


@pytest.mark.parametrize("place", ["moon", "mars", "alien_planet_low_g", "alien_planet_high_g"])
def test_a_jumper_falls_with_the_gravity_of_the_place(place: str) -> None:
    motion = perform("jump", at(place), repetitions=1, fps=100.0)
    fall = physics.features(motion)[air(motion), 0, 3]
    assert np.median(fall) == pytest.approx(-environment(place).gravity, abs=0.15)
    assert np.abs(fall + environment(place).gravity).max() < 0.6


@pytest.mark.parametrize("name", ["backflip", "hop", "jumping_jacks", "celebrate", "shooting"])
def test_every_flight_obeys_the_gravity_of_the_place(name: str) -> None:
    motion = perform(name, at("mars"), seconds=7.0, repetitions=1, fps=100.0)
    ankles = joints(motion)[:, ANKLES, 1].min(axis=-1)
    high = np.flatnonzero(ankles > (schema.ANKLE_HEIGHT + 0.035) * H)
    middle = high[len(high) // 4 : -len(high) // 4]
    fall = physics.features(motion)[middle, 0, 3]
    assert np.median(fall) == pytest.approx(-environment("mars").gravity, abs=0.5)


def test_jumps_are_higher_and_longer_where_one_is_light() -> None:
    def rise(place: str) -> tuple[float, float]:
        motion = perform("jump", at(place), repetitions=1)
        return float(joints(motion)[:, 0, 1].max()), len(air(motion)) / motion.fps

    heavy, earth, mars, moon = (
        rise(place) for place in ("alien_planet_high_g", "earth_normal", "mars", "moon")
    )
    assert heavy[0] < earth[0] < mars[0] < moon[0]
    assert heavy[1] < earth[1] < mars[1] < moon[1]
    assert moon[0] - 0.8 > 4 * (earth[0] - 0.8)


def test_water_lifts_and_slows() -> None:
    motion = perform("idle", at("underwater"), seconds=6.0)
    soles = joints(motion)[:, ANKLES, 1].min(axis=-1) - schema.ANKLE_HEIGHT * H
    assert soles.mean() > 0.08 * H
    arms = joints(motion)[:, [J["l_wrist"], J["r_wrist"]]]
    dry = joints(perform("idle", seconds=6.0))[:, [J["l_wrist"], J["r_wrist"]]]
    assert arms[..., 1].mean() - soles.mean() > dry[..., 1].mean() + 0.1
    assert validator.check(motion, environment="underwater").ok
    wave, slow = perform("wave", seconds=5.0), perform("wave", at("underwater"), seconds=5.0)

    def busy(m: Motion) -> float:
        rel = joints(m) - joints(m)[:, :1]
        return float(np.linalg.norm(np.diff(rel, axis=0), axis=-1).max(axis=-1).mean())

    assert busy(slow) < 0.75 * busy(wave)


def test_floating_goes_on_from_beat_to_beat_without_a_pop() -> None:
    place = at("underwater")
    one = perform("idle", place, seconds=3.0)
    state = after(one, "idle", environment="underwater")
    for action in ("wave", "idle", "walk"):
        two = perform(action, state, seconds=3.0)
        both = np.concatenate([joints(one)[-2:], joints(two)])
        step = np.linalg.norm(np.diff(both, axis=0), axis=-1) * 25
        assert step[:4].max() < 1.3
        assert validator.check(two, environment="underwater").ok


@pytest.mark.parametrize("action", ["walk", "run"])
def test_feet_slide_on_ice_and_arms_keep_the_balance(action: str) -> None:
    dry, ice = perform(action, seconds=6.0), perform(action, at("rink"), seconds=6.0)
    assert validator.foot_skate(ice).skate[0] > 3 * validator.foot_skate(dry).skate[0]
    assert validator.check(ice, environment="rink").ok

    def spread(m: Motion) -> float:
        j = joints(m)
        return float(np.linalg.norm(j[:, J["l_wrist"]] - j[:, J["r_wrist"]], axis=-1).mean())

    if action == "walk":
        assert spread(ice) > 1.25 * spread(dry)


def test_one_leans_into_the_wind() -> None:
    # It blows to +x: whoever faces it leans forward, whoever has it at the back leans back.
    into = perform("walk", at("windy", heading=np.pi), seconds=4.0)
    along = perform("walk", at("windy"), seconds=4.0)
    calm = perform("walk", seconds=4.0)
    assert lean(into) > lean(calm) + 0.1
    assert lean(along) < lean(calm) - 0.1
    storm = perform("walk", at("grassland", "stormy", heading=np.pi), seconds=4.0)
    assert lean(storm) > lean(into)


def test_a_high_gravity_bears_down() -> None:
    heavy, easy = (
        perform("walk", at("alien_planet_high_g"), seconds=5.0),
        perform("walk", seconds=5),
    )
    assert joints(heavy)[:, 0, 1].mean() < joints(easy)[:, 0, 1].mean() - 0.02
    assert lean(heavy) > lean(easy) + 0.1
    assert joints(heavy)[-1, 0, 0] < 0.7 * joints(easy)[-1, 0, 0]


PLACES = ("moon", "underwater", "space_vacuum", "rink", "stormy", "alien_planet_high_g", "mountain")


@pytest.mark.parametrize("n", range(len(PLACES)))
def test_actions_are_believable_in_every_kind_of_place(n: int) -> None:
    """Each action in three places of the seven, each place with three actions of seven."""
    place = PLACES[n]
    for i, name in enumerate(ProceduralGenerator.actions):
        if (n - i) % 7 not in (0, 1, 3):
            continue
        motion = perform(name, at(place), seconds=5.0, seed=2)
        report = validator.check(motion, environment=place)
        assert report.ok, f"{name} at {place}: {report}"
        bones = bone_lengths(joints(motion))
        np.testing.assert_allclose(bones, np.broadcast_to(Body().lengths, bones.shape), atol=3e-5)
        assert joints(motion)[..., 1].min() > -0.02, name
