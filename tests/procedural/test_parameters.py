"""What a beat may ask for beside its action: each wish shows, and can be measured."""

from __future__ import annotations

import numpy as np
import pytest
from stage import J, heading, joints, perform

from stickgen.core.actions import action
from stickgen.core.types import ActorState
from stickgen_procedural import ProceduralGenerator
from stickgen_procedural.person import STYLES

ACTIONS = ProceduralGenerator.actions

SAME_AT_ANY_INTENSITY = {"get_up", "backflip", "cartwheel"}
"""Their size is given by the body."""

SAME_AT_ANY_SPEED = {"fall"}
"""Gravity alone sets the pace."""

ONE_HAND = (
    "wave", "point", "drinking", "eating", "salute", "sing", "whisper", "looking_around", "reading",
    "laugh", "bow", "kneel", "throwing", "pitching", "batting", "fielding", "shooting", "kicking",
    "punch", "kick", "fight", "fight_stance", "dodge", "dribbling", "hop", "flying", "turn",
)  # fmt: skip

COUNTED = (
    "wave", "clap", "nod", "drinking", "eating", "jump", "celebrate", "punch", "kick", "fight",
    "throwing", "pitching", "catching", "batting", "fielding", "shooting", "kicking", "pick_up",
    "push", "dodge", "bow", "jumping_jacks", "hop", "backflip", "cartwheel", "turn", "high_five",
)  # fmt: skip


def shape(name: str, **facts: object) -> np.ndarray:
    """Return the joints relative to the pelvis ``[T, 16, 3]``."""
    j = joints(perform(name, seconds=5.0, seed=2, **facts))
    return j - j[:, :1]


def apart(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.linalg.norm(a - b, axis=-1).max())


@pytest.mark.parametrize("name", [n for n in ACTIONS if n not in SAME_AT_ANY_INTENSITY])
def test_intensity_shows(name: str) -> None:
    assert apart(shape(name, intensity=0.5), shape(name, intensity=1.6)) > 0.04


@pytest.mark.parametrize("name", [n for n in ACTIONS if n not in SAME_AT_ANY_SPEED])
def test_speed_shows(name: str) -> None:
    slow, fast = (joints(perform(name, seconds=5.0, seed=2, speed=s)) for s in (0.6, 1.5))
    assert apart(slow, fast) > 0.025


@pytest.mark.parametrize("name", ONE_HAND)
def test_the_hand_that_is_named_is_used(name: str) -> None:
    assert apart(shape(name, hand="left"), shape(name, hand="right")) > 0.15


@pytest.mark.parametrize("name", COUNTED)
def test_repetitions_are_counted(name: str) -> None:
    one, three = (joints(perform(name, seconds=9.0, seed=2, repetitions=n)) for n in (1, 3))

    def busy(j: np.ndarray) -> float:
        step = np.linalg.norm(np.diff(j - j[:, :1], axis=0), axis=-1).max(axis=-1)
        return float((step > 0.015).sum())

    assert busy(three) > 1.4 * busy(one)


def test_styles_change_the_pace_and_the_carriage_of_a_walk() -> None:
    went = {s: float(joints(perform("walk", seconds=5.0, style=s))[-1, 0, 0]) for s in STYLES}
    assert went["old"] < went["sad"] < went["neutral"] < went["angry"]
    assert went["sneaky"] < 0.7 * went["neutral"]

    def head(style: str) -> float:
        j = joints(perform("walk", seconds=5.0, style=style))
        return float(j[:, J["head_center"], 1].mean())

    assert head("old") < head("sad") < head("neutral") < head("proud") + 0.02


@pytest.mark.parametrize("target", [(3.0, 1.5), (3.0, -1.5), (-2.0, 1.0)])
def test_a_target_is_pointed_at(target: tuple[float, float]) -> None:
    j = joints(perform("point", ActorState(target=target), seconds=4.0, direction="toward"))
    hold = j[45:75]
    reach = hold[:, [J["l_wrist"], J["r_wrist"]]] - hold[:, [J["l_shoulder"], J["r_shoulder"]]]
    side = int(np.linalg.norm(reach, axis=-1).mean(axis=0).argmax())
    arm = reach[:, side].mean(axis=0)
    way = np.array(target) - hold[:, 0][:, [0, 2]].mean(axis=0)
    cos = arm[[0, 2]] @ way / np.linalg.norm(arm[[0, 2]]) / np.linalg.norm(way)
    assert cos > 0.95
    assert np.linalg.norm(arm) > 0.9 * 0.312 * 1.7


def test_walking_to_a_target_faces_it() -> None:
    motion = perform("walk", ActorState(target=(2.0, -2.0)), seconds=4.0, direction="toward")
    assert heading(motion)[-30] == pytest.approx(np.pi / 4, abs=0.25)


def test_loud_and_quick_stay_what_they_are() -> None:
    """The far ends of every number still pass for the action's own speed over the ground."""
    for name in ("walk", "run"):
        slow, fast = (
            joints(perform(name, seconds=5.0, speed=s))[-1, 0, 0] / 5.0 for s in (0.5, 1.5)
        )
        assert slow < 0.7 * action(name).speed < 1.3 * action(name).speed < fast * 1.05
