"""The stager: who stands where, what is performed when, and what happens when it cannot be."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from gliders import Glider, Soloist
from hypothesis import given, settings
from hypothesis import strategies as st

from stickgen.core import schema
from stickgen.core.actions import ACTIONS, action
from stickgen.core.errors import UsageError
from stickgen.core.types import Beat, Role, Scene, Script
from stickgen.llm.rules import RulesBackend
from stickgen.llm.staging import Theatre

PELVIS = schema.J["pelvis_center"]


def stage(script: Script | str, generator: Glider | None = None, fps: float = 25.0) -> Scene:
    if isinstance(script, str):
        script = RulesBackend(encoder=None).plan(script)
    rng = np.random.default_rng(3)
    return Theatre().stage(script, generator or Glider(), rng, fps=fps)


def ground(scene: Scene) -> np.ndarray:
    """Return everybody's place on the ground, [T, A, 2]."""
    return scene.motion.joints[:, :, PELVIS][..., [0, 2]]


def shown(scene: Scene, actor: int = 0) -> list[str]:
    """Return the actions of an actor in order, with overlays."""
    names: list[str] = []
    for main, over in zip(
        scene.motion.actions[:, actor], scene.motion.overlay[:, actor], strict=True
    ):
        name = ACTIONS[main].name + (f"+{ACTIONS[over].name}" if over >= 0 else "")
        if names[-1:] != [name]:
            names.append(name)
    return names


def nearest(scene: Scene) -> float:
    """Return the least distance between two actors at any time."""
    at = ground(scene)
    gaps = np.linalg.norm(at[:, :, None] - at[:, None], axis=-1)
    n = at.shape[1]
    return float(gaps[:, ~np.eye(n, dtype=bool)].min())


# -- time ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("fps", [12.5, 25.0, 29.97, 60.0])
def test_the_scene_has_exactly_the_frames_of_its_duration(fps: float) -> None:
    scene = stage("A man walks, jumps twice, then waves", fps=fps)
    assert scene.motion.n_frames == round(10.0 * fps)
    assert scene.motion.fps == fps


def test_beats_follow_one_another_at_their_times() -> None:
    roles = (Role("a"), Role("b"))
    script = Script(
        "",
        roles,
        (
            Beat((0,), "walk", seconds=2.0),
            Beat((1,), "wave", seconds=1.0, with_previous=True),
            Beat((0, 1), "clap", seconds=1.0),
        ),
    )
    scene = stage(script)
    assert scene.motion.n_frames == 75
    assert shown(scene, 0) == ["walk", "clap"]
    assert shown(scene, 1) == ["wave", "idle", "clap"]
    assert np.flatnonzero(scene.motion.actions[:, 0] == 11)[0] == 50


def test_a_story_shorter_than_its_duration_idles() -> None:
    scene = stage("A man jumps")
    assert scene.motion.n_frames == 250
    assert shown(scene) == ["idle", "jump", "idle"]


def test_somebody_seated_stays_seated_while_others_act() -> None:
    scene = stage("Ann sits down, then Bob claps, then Ann claps")
    assert shown(scene, 0) == ["idle", "sit", "sit+clap"] or shown(scene, 0) == ["sit", "sit+clap"]


# -- space ---------------------------------------------------------------------------------------


def test_a_single_path_is_centred() -> None:
    way = ground(stage("A person walks and waves"))[:, 0]
    assert way[0] == pytest.approx(-way[-1], abs=1e-4)
    assert np.ptp(way[:, 0]) > 8.0


def test_who_walks_among_others_stays_in_the_picture() -> None:
    scene = stage("A man walks while a woman sits", Glider())
    way = ground(scene)[:, 0]
    assert np.ptp(way[:, 0]) < 9.0
    assert np.linalg.norm(np.diff(way, axis=0), axis=-1).sum() > 12.0
    assert shown(scene, 0) == ["walk"]


def test_one_shots_do_not_cut_short_what_goes_on_beside_them() -> None:
    scene = stage("A man dances while a woman jumps")
    assert shown(scene, 0) == ["dance"]
    assert shown(scene, 1) == ["jump", "idle"]


def test_it_begins_where_the_script_says() -> None:
    roles = (Role("a", start=(2.0, -1.0), heading=90.0), Role("b", start=(5.0, 0.0)))
    scene = stage(Script("", roles, (Beat((0, 1), "idle", seconds=1.0),)))
    assert ground(scene)[0] == pytest.approx(np.array([[2.0, -1.0], [5.0, 0.0]]), abs=1e-5)


@pytest.mark.parametrize(
    "approach", ["A man walks to a woman", "Two people walk toward each other"]
)
def test_who_walks_to_somebody_ends_before_him(approach: str) -> None:
    glider = Glider()
    scene = stage(approach + ", then they talk", glider)
    at = ground(scene)
    assert np.linalg.norm(at[0, 0] - at[0, 1]) > 1.8
    assert np.linalg.norm(at[-1, 0] - at[-1, 1]) == pytest.approx(1.0, abs=0.1)
    for beat, states in glider.calls[-1:]:
        assert beat.action == "talk"
        for state in states:
            assert state.target is not None
            to = np.subtract(state.target, state.position)
            ahead = np.array([np.cos(state.heading), -np.sin(state.heading)])
            assert ahead @ to > 0.95 * np.linalg.norm(to)


@pytest.mark.parametrize(
    "prompt",
    [
        "Twelve people dance",
        "Five people wave",
        "Two people talk, then both laugh",
        "Four kids run, then they fall",
        "Six people walk to the left",
        "A man walks while a woman sits and two kids jump",
        "A crowd cheers while one man runs",
        "Tom chases Jerry",
        "Two people walk. They wave.",
    ],
)
def test_nobody_gets_too_close(prompt: str) -> None:
    assert nearest(stage(prompt)) >= 0.9 - 1e-6


def test_partners_out_of_reach_walk_up_to_each_other() -> None:
    roles = (Role("a", start=(-3.0, 0.0)), Role("b", start=(3.0, 0.0)))
    scene = stage(Script("", roles, (Beat((0, 1), "handshake", seconds=9.0),)))
    at = ground(scene)
    assert np.linalg.norm(at[-1, 0] - at[-1, 1]) == pytest.approx(1.0, abs=0.15)
    assert shown(scene, 0) == ["walk", "handshake"]


# -- what cannot be ------------------------------------------------------------------------------


def test_what_the_generator_cannot_do_becomes_idling() -> None:
    scene = stage("A man dances, then walks", Glider(refuses=("dance",)))
    assert shown(scene) == ["idle", "walk"]
    assert any("cannot perform dance" in text for text in scene.meta["warnings"])


def test_what_it_cannot_lay_over_is_left_out() -> None:
    scene = stage("A man walks while singing", Glider(refuses=("sing",)))
    assert shown(scene) == ["walk"]
    assert any("walk with sing" in text for text in scene.meta["warnings"])


def test_a_generator_for_one_is_called_once_per_actor() -> None:
    soloist = Soloist()
    scene = stage("Three people walk", soloist)
    assert scene.motion.n_actors == 3
    assert {len(states) for _, states in soloist.calls} == {1}


def test_a_generator_that_jumps_is_eased() -> None:
    smooth = stage("A man walks, then claps, then walks", Glider(jumps=0.3))
    speed = np.linalg.norm(np.diff(smooth.motion.joints[:, 0], axis=0), axis=-1) * 25
    assert speed.max() < 5.0  # a jump of 0.3 m within one frame would be 7.5 m/s


@pytest.mark.parametrize(
    ("script", "message"),
    [
        (Script("", (), ()), "no roles"),
        (Script("", (Role("a"),), (Beat((1,), "walk"),)), "names actor 1"),
        (Script("", (Role("a"),), (Beat((), "walk"),)), "no actors"),
        (Script("", (Role("a"),), (Beat((0,), "wlak"),)), "did you mean walk"),
        (Script("", (Role("a"),), (Beat((0,), "walk", seconds=-1.0),)), "must be more than 0"),
        (Script("", (Role("a"),), (Beat((0,), "walk", target=4),)), "target 4"),
        (Script("", (Role("a"),), (Beat((0,), "walk", repetitions=0),)), "at least 1"),
        (Script("", (Role("a"),), (), duration=0.0), "duration is 0"),
    ],
)
def test_an_impossible_script_is_refused(script: Script, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        stage(script)


# -- everything else -----------------------------------------------------------------------------


def test_looks_captions_and_provenance() -> None:
    scene = stage('A red robot says "Beep" to a woman')
    assert [look.kind for look in scene.looks] == ["robot", "human"]
    assert scene.looks[0].colour == "#d62828"
    assert [(c.text, c.actor) for c in scene.captions] == [("Beep", 0)]
    assert scene.captions[0].end <= scene.motion.seconds + 1e-6
    assert scene.meta["prompt"].startswith("A red robot")
    assert scene.camera is None


beats = st.builds(
    Beat,
    actors=st.lists(st.integers(0, 3), min_size=1, max_size=4, unique=True).map(tuple),
    action=st.sampled_from([row.name for row in ACTIONS]),
    overlay=st.sampled_from([None, "wave", "talk"]),
    seconds=st.one_of(st.none(), st.floats(0.01, 3.0)),
    repetitions=st.one_of(st.none(), st.integers(1, 3)),
    with_previous=st.booleans(),
    direction=st.sampled_from([None, "forward", "left", "toward", "away"]),
    target=st.one_of(st.none(), st.integers(0, 3), st.just("ball")),
)


@given(
    st.lists(beats, max_size=6),
    st.one_of(st.none(), st.floats(0.1, 8.0)),
    st.sampled_from([Glider, Soloist]),
)
@settings(max_examples=30, deadline=None)
def test_any_script_is_played_in_full(
    chosen: list[Beat], duration: float | None, kind: type[Glider]
) -> None:
    roles = tuple(Role(name) for name in "abcd")
    script = Script("", roles, tuple(chosen), duration=duration)
    one, two = (stage(script, kind()) for _ in range(2))
    assert one.motion.n_actors == 4
    assert np.array_equal(one.motion.frames, two.motion.frames)
    if duration is not None:
        assert one.motion.n_frames == max(1, round(duration * 25))
    joints = one.motion.joints
    assert np.isfinite(joints).all()
    assert all(
        np.linalg.norm(b - a, axis=-1).max() < 0.7 for a, b in pairwise(joints)
    )  # 17 m/s: nobody is beamed


def test_an_audience_stands_apart_from_the_action_in_even_rows() -> None:
    places = ground(stage("Two boxers fight while ten people cheer"))[0]
    toward_viewer = np.array([0.5, 0.866])
    depth = places @ toward_viewer
    assert depth[:2].min() - depth[2:].max() >= 2.5
    gaps = np.linalg.norm(places[2:, None] - places[None, 2:], axis=-1)
    assert gaps[~np.eye(10, dtype=bool)].min() > 0.9


def test_nobody_goes_to_and_fro_through_the_seat_he_takes_later() -> None:
    scene = stage("A man walks for six seconds and sits down on a stool while a woman dances")
    sits = scene.motion.actions[:, 0] == action("sit").index
    first = int(np.flatnonzero(sits)[0])
    way = ground(scene)[:, 0]
    early = way[: first - 40]
    assert np.linalg.norm(early - way[first + 5], axis=-1).min() > 0.5
