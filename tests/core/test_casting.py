"""Which generator performs which beat, where several are asked."""

from __future__ import annotations

import numpy as np
import pytest

from stickgen.core import pipeline, registries
from stickgen.core.casting import Casting
from stickgen.core.errors import PluginError, UsageError
from stickgen.core.testing.figures import standing
from stickgen.core.types import ActorState, Beat, Motion


class Named:
    api_version = 1
    max_actors = 1

    def __init__(self, label: int, **declared: tuple[str, ...]) -> None:
        self.label = label
        for name, value in declared.items():
            setattr(self, name, value)

    def generate(self, beat, actors, rng, *, fps=25.0) -> Motion:
        if beat.hand == "left":
            raise UsageError(f"{self.label} cannot")
        joints = np.stack([standing(x=float(i)) for i in range(len(actors))])[None].repeat(4, 0)
        return Motion.from_joints(
            joints, fps=fps, actions=np.full((4, len(actors)), self.label), overlay=None
        )


class Many(Named):
    max_actors = 5


def label(casting: Casting, beat: Beat, *actors: ActorState) -> int:
    motion = casting.generate(beat, actors or (ActorState(),), np.random.default_rng(0))
    assert motion.n_actors == max(len(actors), 1)
    return int(motion.actions[0, 0])


@pytest.fixture
def casting() -> Casting:
    first = Named(1, actions=("walk", "wave"), overlays=(), environments=("earth_normal",))
    return Casting([first, Many(2)])


def test_the_first_that_declares_a_beat_performs_it(casting: Casting) -> None:
    assert label(casting, Beat((0,), "walk")) == 1
    assert label(casting, Beat((0,), "jump")) == 2


def test_everything_declared_counts(casting: Casting) -> None:
    assert label(casting, Beat((0,), "walk", overlay="wave")) == 2
    assert label(casting, Beat((0,), "walk"), ActorState(environment="moon")) == 2


def test_what_is_not_done_together_is_done_one_after_another(casting: Casting) -> None:
    pair = (ActorState(), ActorState(position=(1.0, 0.0)))
    assert label(casting, Beat((0, 1), "walk"), *pair) == 1
    assert label(casting, Beat((0, 1), "hug"), *pair) == 2


def test_one_that_refuses_after_all_is_passed_over_and_the_last_ones_reason_told() -> None:
    with pytest.raises(UsageError, match="2 cannot"):
        label(Casting([Named(1), Named(2)]), Beat((0,), "walk", hand="left"))


def test_needs_somebody() -> None:
    with pytest.raises(PluginError, match="no generator"):
        Casting([])


def test_names_joined_by_plus_are_a_casting(isolated_registries: None) -> None:
    class One(Named):
        def __init__(self) -> None:
            super().__init__(1)

    class Two(Many):
        def __init__(self) -> None:
            super().__init__(2)

    registries.generators.register("one", One)
    registries.generators.register("many", Two)
    made = pipeline.make_generator("one+many")
    assert isinstance(made, Casting)
    assert [each.label for each in made.generators] == [1, 2]


def test_one_that_takes_its_time_leaves_all_but_the_leading_actors_to_others() -> None:
    slow = Named(1)
    slow.leads = 2
    casting = Casting([slow, Many(2)], ["slow", "many"])
    assert [label(casting, Beat((actor,), "walk")) for actor in range(4)] == [1, 1, 2, 2]
    assert label(casting, Beat((3,), "jump")) == 2
    assert casting.performed == {"slow": ["walk"], "many": ["walk", "jump"]}
