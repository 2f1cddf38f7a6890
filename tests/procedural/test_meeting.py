"""Two who meet: their hands really do."""

from __future__ import annotations

import numpy as np
import pytest
from stage import J

from stickgen.core import validator
from stickgen.core.types import ActorState, Beat, Motion
from stickgen_procedural import ProceduralGenerator
from stickgen_procedural.person import STYLES


def meet(
    action: str,
    apart: float,
    heights: tuple[float, float] = (1.7, 1.7),
    place: str = "earth_normal",
    style: str = "neutral",
) -> Motion:
    """Return what two do who stand *apart* metres from each other, face to face."""
    states = [
        ActorState((0.0, 0.0), 0.0, height=heights[0], target=(apart, 0.0), environment=place),
        ActorState((apart, 0.0), np.pi, height=heights[1], target=(0.0, 0.0), environment=place),
    ]
    beat = Beat((0, 1), action, style=style)
    return ProceduralGenerator().generate(beat, states, np.random.default_rng(4))


def between(motion: Motion, one: str, other: str) -> np.ndarray:
    """Return the distance ``[T]`` of a joint of the first from a joint of the second actor."""
    j = motion.joints.astype(np.float64)
    return np.linalg.norm(j[:, 0, J[one]] - j[:, 1, J[other]], axis=-1)


@pytest.mark.parametrize("apart", [0.6, 0.75, 0.9, 1.1])
@pytest.mark.parametrize(("action", "frames"), [("handshake", 20), ("high_five", 2)])
def test_hands_meet_within_three_centimetres(action: str, frames: int, apart: float) -> None:
    motion = meet(action, apart)
    assert (between(motion, "r_wrist", "r_wrist") < 0.03).sum() >= frames
    assert between(motion, "head_center", "head_center").min() > 0.38
    report = validator.check(motion)
    assert report.ok, str(report)


@pytest.mark.parametrize("action", ["handshake", "high_five"])
def test_hands_meet_in_water_wind_and_space_on_ice_and_in_every_style(action: str) -> None:
    places = ("underwater", "space_vacuum", "moon", "rink", "rooftop", "alien_planet_high_g")
    for place in places:
        motion = meet(action, 1.1, place=place)
        assert between(motion, "r_wrist", "r_wrist").min() < 0.03, place
    for style in STYLES:
        motion = meet(action, 0.9, style=style)
        assert between(motion, "r_wrist", "r_wrist").min() < 0.03, style


def test_a_tall_and_a_small_one_shake_hands() -> None:
    motion = meet("handshake", 0.8, (1.85, 1.25))
    assert (between(motion, "r_wrist", "r_wrist") < 0.03).sum() >= 20


@pytest.mark.parametrize("apart", [0.6, 0.9, 1.2])
def test_a_hug_goes_round_the_other_and_the_heads_pass(apart: float) -> None:
    motion = meet("hug", apart)
    assert between(motion, "pelvis_center", "pelvis_center").min() < 0.5
    assert between(motion, "head_center", "head_center").min() > 0.25
    behind = motion.joints[:, 0, J["r_wrist"], 0] - motion.joints[:, 1, J["chest"], 0]
    assert behind.max() > 0.0
    assert validator.check(motion).ok
