"""The contract, what may be asked and what is refused, overlays, styles, and following on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stage import ANKLES, H, J, after, heading, joints, made, perform, speeds

from stickgen.core import validator
from stickgen.core.actions import NO_OVERLAY, action
from stickgen.core.errors import UsageError
from stickgen.core.kinematics import Body, bone_lengths
from stickgen.core.testing import GeneratorContract
from stickgen.core.types import ActorState, Beat
from stickgen_procedural import ProceduralGenerator
from stickgen_procedural.person import STYLES
from stickgen_procedural.repertoire import GESTURES, PERFORMED

ACTIONS = ProceduralGenerator.actions


class TestContract(GeneratorContract):
    name = "procedural"
    actions = ACTIONS


# -- following on --------------------------------------------------------------------------------

BASIC = [
    "idle",
    "walk",
    "run",
    "sprint",
    "jump",
    "wave",
    "point",
    "clap",
    "punch",
    "kick",
    "sit",
    "stand",
]
OTHERS = [name for name in ACTIONS if name not in BASIC]
PAIRS = (
    [(a, b) for a in BASIC for b in BASIC]
    + [(a, b) for a in OTHERS for b in ("idle", "walk", "sit", "jump")]
    + [(a, b) for a in ("idle", "run", "sit") for b in OTHERS]
)
CUTS = (1.0, 2.13)
"""When the first of two actions is cut off, seconds: in a crouch, in the air, in mid-step; pairs
take them in turn.
"""


@pytest.fixture(scope="module")
def loudest() -> dict[str, float]:
    """The fastest joint of each action on its own, m/s."""
    return {
        name: max(
            float(speeds(joints(perform(name, seconds=5.0, seed=s)), 25.0).max()) for s in (1, 2)
        )
        for name in ACTIONS
    }


@pytest.mark.parametrize(
    ("first", "second", "cut"), [(*pair, CUTS[i % 2]) for i, pair in enumerate(PAIRS)]
)
def test_any_action_follows_on_from_any_other(
    first: str, second: str, cut: float, loudest: dict[str, float]
) -> None:
    one = perform(first, seconds=cut, seed=7)
    two = perform(second, after(one, first), seconds=2.6, seed=8)
    both = np.concatenate([joints(one)[-1:], joints(two)])
    limit = 1.5 * max(loudest[first], loudest[second], 2.0)
    assert speeds(both, 25.0).max() < limit
    lengths = bone_lengths(both)
    np.testing.assert_allclose(lengths, np.broadcast_to(Body().lengths, lengths.shape), atol=3e-5)
    assert both[..., 1].min() > -0.02
    report = validator.check(two)
    assert report.ok, str(report)


def test_the_first_frame_is_one_step_on() -> None:
    one = perform("walk", seconds=2.0)
    two = perform("walk", after(one, "walk"), seconds=2.0, seed=9)
    a, b = joints(one), joints(two)
    expected = a[-1] + (a[-1] - a[-2])
    assert np.linalg.norm(b[0] - expected, axis=-1).max() < 0.03
    assert np.linalg.norm(b[0, 0] - a[-1, 0]) > 0.03


def test_a_walker_who_stops_steps_to_a_stand() -> None:
    one = perform("run", seconds=2.0)
    two = perform("idle", after(one, "run"), seconds=4.0)
    j = joints(two)
    assert speeds(j[-20:], 25.0).max() < 0.5
    apart = np.abs(j[-1, ANKLES[0], 0] - j[-1, ANKLES[1], 0])
    assert apart < 0.15
    braked = j[-1, 0, 0] - j[0, 0, 0]
    assert 0.5 < braked < 2.5


def test_a_turn_on_the_spot_is_stepped() -> None:
    one = perform("idle", seconds=1.0)
    motion = perform("walk", after(one, "idle"), seconds=4.0, direction="left")
    turned = heading(motion)
    assert abs(abs(turned[-1]) - np.pi) < 0.25
    assert 100 * validator.foot_skate(motion).skate[0] < 0.5


@pytest.mark.parametrize(
    ("name", "seed"),
    [("walk", 2), ("run", 3), ("running_bases", 2), ("dribbling", 0), ("crawling", 3),
     ("climbing", 4), ("dance", 1)],
)  # fmt: skip
def test_an_action_after_itself_has_no_seam(name: str, seed: int) -> None:
    one = perform(name, seconds=6.0, seed=seed)
    two = perform(name, after(one, name), seconds=3.0, seed=seed + 1)
    both = np.concatenate([joints(one), joints(two)])
    sudden = np.linalg.norm(np.diff(both, n=2, axis=0), axis=-1).max(axis=-1) * 25.0**2
    seam = slice(one.n_frames - 3, one.n_frames + 2)
    assert sudden[seam].max() < 1.1 * np.delete(sudden, seam).max()


@pytest.mark.parametrize("name", ["crouch", "kneel"])
def test_who_is_down_stays_down(name: str) -> None:
    one = perform(name, seconds=3.0)
    j = joints(perform(name, after(one, name), seconds=3.0))
    assert np.ptp(np.append(j[:, 0, 1], joints(one)[-1, 0, 1])) < 0.02


@pytest.mark.parametrize("style", ["neutral", "old"])
def test_who_has_knelt_rises_before_a_foot_is_lifted(style: str) -> None:
    one = perform("kneel", seconds=4.0, style=style)
    j = joints(perform("walk", after(one, "kneel"), seconds=4.0, style=style))
    gone = np.linalg.norm(j[:, ANKLES] - joints(one)[-1, ANKLES], axis=-1).max(axis=-1)
    assert j[int(np.argmax(gone > 0.1)), 0, 1] > 0.36 * H


@pytest.mark.parametrize("seconds", [2.32, 2.64, 3.2])
def test_the_feet_of_a_swimmer_come_down_over_their_place(seconds: float) -> None:
    one = perform("swimming", seconds=seconds, seed=7, style="old")
    motion = perform("fall", after(one, "swimming"), seconds=4.0, seed=9, style="old")
    report = validator.check(motion)
    assert report.ok, str(report)


# -- what may be asked ---------------------------------------------------------------------------


def test_seconds_are_kept_and_time_is_chosen_where_none_is_given() -> None:
    for name in ACTIONS:
        assert perform(name, seconds=3.2).n_frames == 80
        assert perform(name).seconds == pytest.approx(action(name).seconds, abs=1.6)
    few, many = perform("jump", repetitions=1), perform("jump", repetitions=4)
    assert many.seconds > few.seconds + 2


@pytest.mark.parametrize("base", ["walk", "run", "idle", "sit"])
@pytest.mark.parametrize("top", sorted(GESTURES))
def test_an_overlay_moves_arms_or_head_and_leaves_the_legs(base: str, top: str) -> None:
    plain = perform(base, seconds=6.0)
    laid = perform(base, seconds=6.0, overlay=top)
    np.testing.assert_array_equal(plain.actions, laid.actions)
    assert (plain.overlay == NO_OVERLAY).all()
    doing = laid.overlay[:, 0] == action(top).index
    assert 0.3 < doing.mean() < 1.0
    a, b = joints(plain), joints(laid)
    assert np.abs(a[:, ANKLES] - b[:, ANKLES]).max() < 0.02
    parts = [J["head_center"]] if top == "nod" else [J["l_wrist"], J["r_wrist"]]
    moved = np.linalg.norm(a - b, axis=-1)[:, parts].max(axis=-1)
    assert moved[doing].max() > (0.08 if top == "nod" else 0.2)
    assert np.median(moved[~doing]) < 0.05
    assert speeds(b, 25.0).max() < max(9.0, 1.1 * speeds(a, 25.0).max())


def test_an_overlay_comes_in_bouts() -> None:
    laid = perform("walk", seconds=12.0, overlay="wave")
    doing = (laid.overlay[:, 0] == action("wave").index).astype(int)
    assert (np.diff(np.concatenate([[0], doing])) == 1).sum() >= 2


@pytest.mark.parametrize("style", sorted(STYLES))
def test_every_style_is_believable(style: str) -> None:
    for name in ("walk", "idle", "punch"):
        report = validator.check(perform(name, seconds=5.0, style=style))
        assert report.ok, f"{name}: {report}"


def test_styles_show() -> None:
    def lean(style: str) -> float:
        j = joints(perform("walk", seconds=4.0, style=style))
        return float((j[:, J["head_center"], 0] - j[:, 0, 0]).mean())

    def speed(style: str) -> float:
        return float(joints(perform("walk", seconds=4.0, style=style))[-1, 0, 0] / 4)

    assert lean("sad") > lean("neutral") + 0.08
    assert lean("proud") < lean("neutral") - 0.03
    assert speed("tired") < 0.8 * speed("neutral")
    assert speed("angry") > 1.08 * speed("neutral")


def test_two_actors_are_not_clones() -> None:
    states = [ActorState(), ActorState(position=(0.0, 1.5))]
    rng = np.random.default_rng(1)
    motion = ProceduralGenerator().generate(Beat((0, 1), "walk", seconds=4.0), states, rng)
    a, b = (
        motion.joints[:, 0] - motion.joints[:, 0, :1],
        motion.joints[:, 1] - motion.joints[:, 1, :1],
    )
    assert np.abs(a - b).max() > 0.1


# -- what is refused -----------------------------------------------------------------------------


def test_an_action_it_has_not_got_is_refused_with_those_it_has(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(PERFORMED, "swimming")
    with pytest.raises(UsageError, match=r"cannot perform 'swimming'; it knows idle, walk"):
        made("swimming")
    with pytest.raises(UsageError, match="unknown action"):
        made("levitate")
    with pytest.raises(UsageError, match="cannot lay 'jump' over 'walk'"):
        made("walk", overlay="jump")


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        ({"seconds": 0.0}, "seconds"),
        ({"seconds": float("nan")}, "seconds"),
        ({"repetitions": 0}, "repetitions"),
        ({"speed": -1.0}, "speed"),
        ({"intensity": float("inf")}, "intensity"),
        ({"style": "heroic"}, "heroic"),
        ({"fps": 0.0}, "frame rate"),
    ],
)
def test_numbers_out_of_range_are_refused(facts: dict[str, object], word: str) -> None:
    with pytest.raises(UsageError, match=word):
        perform("idle", **facts)  # type: ignore[arg-type]


def test_nobody_and_too_many_are_refused() -> None:
    generator, rng = ProceduralGenerator(), np.random.default_rng(0)
    with pytest.raises(UsageError, match="at least one"):
        generator.generate(Beat((0,), "idle"), [], rng)
    crowd = [ActorState()] * (generator.max_actors + 1)
    with pytest.raises(UsageError, match="too many"):
        generator.generate(Beat((0,), "idle"), crowd, rng)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_body_in_any_state_can_do_anything(data: st.DataObject) -> None:
    """Wild poses and speeds, heights, rates and beats: always a motion of whole bones."""
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    height = data.draw(st.sampled_from([0.4, 1.1, 1.7, 2.4]))
    pose = velocity = None
    if data.draw(st.booleans()):
        pose = Body(height).rest() + rng.normal(
            0, data.draw(st.sampled_from([0, 0.1, 0.5])), (16, 3)
        )
        velocity = rng.normal(0, data.draw(st.sampled_from([0, 1, 8])), (16, 3))
        if data.draw(st.booleans()):
            pose = pose[:, [1, 0, 2]]  # lying down
    state = ActorState(
        heading=float(rng.uniform(-9, 9)), height=height, pose=pose, velocity=velocity
    )
    motion = perform(
        data.draw(st.sampled_from(ACTIONS)),
        state,
        fps=data.draw(st.sampled_from([1.0, 12.0, 25.0, 60.0])),
        seconds=data.draw(st.sampled_from([None, 0.04, 0.5, 2.0])),
        overlay=data.draw(st.sampled_from([None, *GESTURES])),
        direction=data.draw(
            st.sampled_from([None, "forward", "backward", "left", "right", "toward", "away"])
        ),
        speed=data.draw(st.floats(0, 4)),
        intensity=data.draw(st.floats(0, 2)),
        repetitions=data.draw(st.sampled_from([None, 1, 7])),
        style=data.draw(st.sampled_from(sorted(STYLES))),
    )
    bones = bone_lengths(joints(motion))
    np.testing.assert_allclose(bones, np.broadcast_to(Body(height).lengths, bones.shape), atol=1e-3)
    assert np.abs(joints(motion)[..., 1]).max() < 6 * height


def test_the_page_about_it_names_every_action_and_overlay() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "procedural.md").read_text()
    rows = {
        line.split("|")[1].strip(): line for line in page.splitlines() if line.startswith("| `")
    }
    for name in ACTIONS:
        assert f"{name}," in rows["`action`"] or f"{name})" in rows["`action`"], name
    for name in GESTURES:
        assert name in rows["`overlay`"], name
    for name in STYLES:
        assert name in rows["`style`"], name
