"""Nobody walks through what stands on the stage."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from stickgen.core import registries
from stickgen.core.actions import action
from stickgen.core.schema import J
from stickgen.core.types import Beat, Role, Scene, Script
from stickgen.llm.crossing import solids, trespasses
from stickgen.llm.rules import RulesBackend
from stickgen.llm.staging import Theatre


def stage(script: Script | str, seed: int = 1) -> Scene:
    if isinstance(script, str):
        script = RulesBackend(encoder=None).plan(script)
    generator = registries.generators.create("procedural")
    return Theatre().stage(script, generator, np.random.default_rng(seed))


def random_script(seed: int) -> Script:
    """Return one or two people who go about, sit down, work and go to things, in any order."""
    dice = random.Random(seed)
    people = dice.randint(1, 2)
    beats: list[Beat] = []
    for _ in range(3):
        for number, actor in enumerate(dice.sample(range(people), dice.randint(1, people))):
            lot = dice.random()
            if lot < 0.55:
                way = dice.choice([None, "left", "right", "forward", "toward"])
                other = 1 - actor if way == "toward" and people == 2 else None
                way = "right" if way == "toward" and other is None else way
                beat = Beat((actor,), dice.choice(["walk", "walk", "run"]), direction=way,
                            target=other)  # fmt: skip
            elif lot < 0.75:
                beat = Beat((actor,), "sit")
            elif lot < 0.82:
                beat = Beat((actor,), "typing")
            elif lot < 0.92:
                beat = Beat((actor,), "walk", target=dice.choice(["tree", "rock", "table"]))
            else:
                beat = Beat((actor,), dice.choice(["wave", "dance"]))
            beats.append(replace(beat, with_previous=number > 0))
    return Script(
        prompt="random",
        roles=tuple(Role(name=f"person {i}") for i in range(people)),
        beats=tuple(beats),
        duration=6.0,
        props=("bench",) if dice.random() < 0.3 else (),
    )


@pytest.mark.slow
def test_no_path_leads_through_a_prop_in_a_hundred_random_scenes() -> None:
    wrong, things = [], 0
    for seed in range(100):
        scene = stage(random_script(seed), seed)
        things += len(solids(scene.props))
        if trespasses(scene.motion, scene.props):
            wrong.append(seed)
    assert things > 200
    assert wrong == []


def test_who_leaves_his_desk_goes_round_it() -> None:
    scene = stage("A man types at a desk, then stands up and walks away")
    assert any(prop.kind.startswith(("desk", "table")) for prop in scene.props)
    assert trespasses(scene.motion, scene.props) == 0


def test_a_seat_stands_beside_the_way_to_it() -> None:
    scene = stage("A woman walks across the park, sits down on a bench, gets up and walks back")
    (bench,) = (prop for prop in scene.props if prop.kind == "bench")
    assert trespasses(scene.motion, [bench]) == 0


@pytest.mark.parametrize("seed", range(4))
def test_a_boxer_falls_away_from_who_hit_him(seed: int) -> None:
    scene = stage("Two boxers fight. One punches the other and knocks him down", seed)
    joints = scene.motion.joints.astype(np.float64)
    hips = joints[:, :, 0][..., [0, 2]]
    falls = scene.motion.actions == action("fall").index
    fallen = int(np.flatnonzero(falls.any(axis=0))[0])
    first = int(np.flatnonzero(falls[:, fallen])[0])
    away = hips[first, fallen] - hips[first, 1 - fallen]
    head = joints[-1, fallen, J["head_center"]][[0, 2]]
    assert (head - hips[first, fallen]) @ away > 0
