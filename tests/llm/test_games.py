"""Games by name: everybody has something to do, and what the text says goes first."""

from __future__ import annotations

from itertools import combinations
from math import dist

import pytest

from stickgen.core.types import Script
from stickgen.llm.rules import RulesBackend


def plan(prompt: str) -> Script:
    return RulesBackend(encoder=None).plan(prompt)


def actions(script: Script) -> list[str]:
    return [beat.action for beat in script.beats]


@pytest.mark.parametrize(
    ("prompt", "players", "shown", "place"),
    [
        ("Two teams play baseball", 10, {"pitching", "batting", "running_bases"}, "field"),
        ("A World Series final", 10, {"pitching", "batting", "celebrate"}, "stadium"),
        ("Two teams of four play soccer", 8, {"kicking", "jump", "celebrate"}, "field"),
        ("Six people play basketball", 6, {"dribbling", "shooting"}, "court"),
        ("A boxing match", 2, {"fight_stance", "fight", "punch", "fall"}, "gym"),
        ("Four runners race", 4, {"crouch", "sprint", "celebrate"}, "track"),
        ("Three children play catch", 3, {"throwing", "catching"}, "earth_normal"),
        ("A boy plays basketball", 1, {"dribbling", "shooting"}, "court"),
    ],
)
def test_a_game_brings_its_own_actions(
    prompt: str, players: int, shown: set[str], place: str
) -> None:
    script = plan(prompt)
    assert len(script.roles) == players
    assert shown <= set(actions(script))
    assert script.environment == place
    assert {i for beat in script.beats for i in beat.actors} == set(range(players))
    marks = [role.start for role in script.roles if role.start is not None]
    assert len(marks) == players
    assert all(dist(a, b) > 0.9 for a, b in combinations(marks, 2))


def test_a_place_that_is_named_is_kept() -> None:
    assert plan("Two teams play soccer on the beach").environment == "beach"


def test_two_teams_wear_two_colours() -> None:
    teams = [role.team for role in plan("Six people play basketball").roles]
    assert len(set(teams)) == 2
    assert teams.count(teams[0]) == 3


def test_what_the_text_says_comes_after_the_game() -> None:
    script = plan("Five runners race and the winner dances")
    assert actions(script)[-1] == "dance"
    assert script.beats[-1].actors == (0,)
    assert "celebrate" not in actions(script)


@pytest.mark.parametrize(
    "prompt",
    [
        "A basketball player dribbles, shoots and cheers",
        "Two boxers fight",
        "The batter hits the ball",
        "A man races to the door",
    ],
)
def test_who_says_what_is_done_gets_just_that(prompt: str) -> None:
    script = plan(prompt)
    assert len(script.beats) <= 3
    assert all(role.start is None for role in script.roles)


def test_a_ball_passed_to_and_fro_is_thrown_and_caught_in_turn() -> None:
    script = plan("Two players pass a basketball back and forth")
    assert actions(script)[:4] == ["throwing", "catching", "throwing", "catching"]
    assert [beat.actors for beat in script.beats[:4]] == [(0,), (1,), (1,), (0,)]
