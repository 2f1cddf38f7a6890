"""People meet: hands touch, balls go from hand to hand, and nobody walks through anybody."""

from __future__ import annotations

import numpy as np
import pytest

from stickgen.core import pipeline
from stickgen.core.actions import action
from stickgen.core.environments import environment
from stickgen.core.kinematics import bone_lengths
from stickgen.core.schema import J
from stickgen.core.types import Beat, Motion, Prop, Role, Scene, Script
from stickgen.llm.balls import HAND, RADIUS, SHOWN

pytestmark = pytest.mark.filterwarnings("ignore")


def scene(story: str | Script, seed: int = 1) -> Scene:
    script = pipeline.plan(story) if isinstance(story, str) else story
    return pipeline.perform(script, seed=seed, generator="procedural")


def doing(motion: Motion, name: str) -> np.ndarray:
    return np.asarray(motion.actions == action(name).index)


def ahead(motion: Motion, actor: int, frame: int) -> np.ndarray:
    body = motion.joints[frame, actor].astype(float)
    across = body[J["r_hip"]] - body[J["l_hip"]]
    unit = np.array([across[2], -across[0]])
    return unit / np.linalg.norm(unit)


@pytest.mark.parametrize(
    ("prompt", "name", "pairs"),
    [
        ("Two people shake hands", "handshake", [(0, 1)]),
        ("A man walks to a woman and they shake hands", "handshake", [(0, 1)]),
        ("Two people walk toward each other and high five", "high_five", [(0, 1)]),
        ("Four people shake hands", "handshake", [(0, 1), (2, 3)]),
        ("Three friends high five", "high_five", [(0, 1), (0, 2)]),
    ],
)
def test_hands_meet(prompt: str, name: str, pairs: list[tuple[int, int]]) -> None:
    motion = scene(prompt).motion
    joints = motion.joints.astype(float)
    on = doing(motion, name)
    for one, other in pairs:
        both = on[:, one] & on[:, other]
        gap = np.linalg.norm(joints[:, one, J["r_wrist"]] - joints[:, other, J["r_wrist"]], axis=-1)
        gap[~both] = np.inf
        frame = int(gap.argmin())
        assert gap[frame] <= 0.03
        way = joints[frame, other, 0, [0, 2]] - joints[frame, one, 0, [0, 2]]
        way /= np.linalg.norm(way)
        assert ahead(motion, one, frame) @ way > 0.8
        assert ahead(motion, other, frame) @ -way > 0.8


@pytest.mark.parametrize("place", ["underwater", "ice_realm"])
def test_hands_meet_wherever_it_is(place: str) -> None:
    beats = (Beat((0,), "walk", direction="toward", target=1, seconds=5.0),
             Beat((0, 1), "handshake", seconds=4.0))  # fmt: skip
    roles = (Role("a", start=(-1.5, 0.0), heading=0.0), Role("b", start=(1.5, 0.0), heading=180.0))
    motion = scene(Script("", roles, beats, environment=place)).motion
    wrists = motion.joints[:, :, J["r_wrist"]].astype(float)
    assert np.linalg.norm(wrists[:, 0] - wrists[:, 1], axis=-1).min() <= 0.03
    lengths = bone_lengths(motion.joints)
    assert np.ptp(lengths, axis=0).max() < 1e-4


def test_arms_go_round_who_is_hugged() -> None:
    motion = scene("A man and a woman hug").motion
    joints = motion.joints.astype(float)
    both = doing(motion, "hug").all(axis=1)
    for one, other in ((0, 1), (1, 0)):
        back = joints[both, other, J["chest"]]
        for wrist in ("l_wrist", "r_wrist"):
            gap = np.linalg.norm(joints[both, one, J[wrist]] - back, axis=-1)
            assert gap.min() < 0.35


# -- balls ---------------------------------------------------------------------------------------


def middle(prop: Prop) -> np.ndarray:
    """Return the middle of a ball ``[T, 3]``."""
    radius = RADIUS[prop.kind] * SHOWN.get(prop.kind, 1.0)
    return np.asarray(prop.position) + np.array([0.0, radius, 0.0])


def hands(motion: Motion) -> np.ndarray:
    """Return the hands of everybody and the points between both hands ``[T, 3 A, 3]``."""
    joints = motion.joints.astype(float)
    sides = []
    for side in "lr":
        fore = joints[:, :, J[f"{side}_wrist"]] - joints[:, :, J[f"{side}_elbow"]]
        fore /= np.linalg.norm(fore, axis=-1, keepdims=True)
        sides.append(joints[:, :, J[f"{side}_wrist"]] + HAND * fore)
    return np.concatenate([*sides, 0.5 * (sides[0] + sides[1])], axis=1)


def held(motion: Motion, place: np.ndarray, reach: float = 0.03) -> np.ndarray:
    """Return in which frames ``[T]`` a ball is in a hand, or between two that close on it."""
    gap = np.linalg.norm(hands(motion) - place[:, None], axis=-1)
    n = motion.n_actors
    points = hands(motion)
    one, other = points[:, :n], points[:, n : 2 * n]
    way = other - one
    share = ((place[:, None] - one) * way).sum(-1) / np.maximum((way**2).sum(-1), 1e-9)
    on_the_way = one + np.clip(share, 0.0, 1.0)[..., None] * way
    between = np.linalg.norm(on_the_way - place[:, None], axis=-1)
    near = np.linalg.norm(way, axis=-1) < 0.55
    return np.asarray(
        (gap.min(axis=1) <= reach) | (np.where(near, between, 9.0).min(axis=1) <= reach)
    )


@pytest.mark.parametrize(
    "prompt",
    [
        "Anna throws a ball and Ben catches it",
        "Tom throws a ball to Anna, who catches it and throws it back",
        "Two kids play catch in the park",
        "Three friends pass a ball to each other",
        "A man picks up a ball and throws it",
        "He caught the ball and threw it back",
        "The pitcher throws a pitch and the batter hits the ball",
        "A boy kicks the ball to a girl",
        "Two teams play baseball",
        "On the moon, Anna throws a ball to Ben",
    ],
)
@pytest.mark.parametrize("seed", [1, 2])
def test_a_ball_is_in_a_hand_in_flight_or_at_rest(prompt: str, seed: int) -> None:
    shown = scene(prompt, seed)
    balls = [p for p in shown.props if p.kind in RADIUS]
    assert len(balls) == 1
    place = middle(balls[0])
    assert np.isfinite(place).all()
    radius = place[:, 1] - np.asarray(balls[0].position)[:, 1]
    in_hand = held(shown.motion, place)
    low = place[:, 1] - radius < 0.03
    fps = shown.motion.fps
    fall = np.diff(place, 2, axis=0) * fps**2
    gravity = max(environment(shown.environment).gravity, 1.2)
    flying = np.zeros(len(place), dtype=bool)
    inside = np.abs(fall - np.array([0.0, -gravity, 0.0])).max(axis=1) < 0.05 * gravity
    flying[1:-1] = inside
    flying[:-2] |= inside  # the frames beside a flight are its ends
    flying[2:] |= inside
    eased = np.zeros(len(place), dtype=bool)  # closing the grip takes a moment
    for frame in np.flatnonzero(np.diff(in_hand.astype(int)) != 0):
        eased[max(0, frame - 7) : frame + 8] = True
    known = in_hand | low | flying | eased
    assert known.all(), np.flatnonzero(~known)
    assert (np.linalg.norm(np.diff(place, axis=0), axis=-1) * fps).max() < 22.0


def test_a_throw_ends_in_the_hands_it_is_meant_for() -> None:
    shown = scene("Anna throws a ball and Ben catches it")
    (ball,) = [p for p in shown.props if p.kind == "ball"]
    place = middle(ball)
    in_hand = held(shown.motion, place)
    assert in_hand[10]
    assert in_hand[-5]
    gap = np.linalg.norm(shown.motion.joints[:, :, 0].astype(float) - place[:, None], axis=-1)
    assert gap[10].argmin() == 0
    assert gap[-5].argmin() == 1


def test_a_dribble_bounces_under_the_hand() -> None:
    shown = scene("A player dribbles the ball")
    (ball,) = [p for p in shown.props if p.kind == "basketball"]
    place = middle(ball)
    bottom = place[:, 1] - RADIUS["basketball"]
    hits = np.flatnonzero((bottom[1:-1] < 0.12) & (np.diff(np.sign(np.diff(bottom))) > 0))
    assert len(hits) > 8
    wrists = shown.motion.joints[:, 0, [J["l_wrist"], J["r_wrist"]]].astype(float)
    away = np.linalg.norm((place[:, None] - wrists)[..., [0, 2]], axis=-1)
    assert away.max(axis=0).min() < 0.4  # one hand is over it all the time


def test_a_shot_goes_through_the_basket() -> None:
    shown = scene("A player dribbles the ball, then shoots a basket")
    (ball,) = [p for p in shown.props if p.kind == "basketball"]
    (hoop,) = [p for p in shown.props if p.kind == "hoop"]
    gap = np.asarray(ball.position) - np.asarray(hoop.position) - np.array([0.0, 3.05, 0.0])
    assert np.linalg.norm(gap, axis=-1).min() < 0.35


# -- ways ----------------------------------------------------------------------------------------


def nearest(shown: Scene) -> float:
    motion = shown.motion
    root = motion.joints[:, :, 0][..., [0, 2]].astype(float)
    gap = np.linalg.norm(root[:, :, None] - root[:, None], axis=-1)
    there = motion.present[:, :, None] & motion.present[:, None]
    gap[~there] = np.inf
    gap[:, np.arange(motion.n_actors), np.arange(motion.n_actors)] = np.inf
    return float(gap.min())


def test_a_walker_goes_round_those_in_the_way() -> None:
    roles = (Role("a", start=(-4.0, 0.0), heading=0.0), Role("b", start=(0.0, 0.0)),
             Role("c", start=(1.2, 0.1)), Role("d", start=(4.0, 0.0), heading=180.0))  # fmt: skip
    beats = (Beat((0,), "walk", direction="toward", target=3, seconds=8.0),
             Beat((0,), "wave", target=3, seconds=2.0))  # fmt: skip
    shown = scene(Script("", roles, beats))
    assert nearest(shown) > 0.6
    end = shown.motion.joints[-1, :, 0][:, [0, 2]].astype(float)
    assert np.linalg.norm(end[0] - end[3]) < 1.6


@pytest.mark.parametrize(
    "prompt",
    ["Tom chases Jerry", "Twenty people dance", "Five people talk", "Two teams play soccer"],
)
def test_people_keep_their_distance(prompt: str) -> None:
    assert nearest(scene(prompt)) > 0.5


def test_who_talk_take_turns() -> None:
    motion = scene("Two people talk").motion
    assert motion.face is not None
    speaking = motion.face[:, :, 5] > 0.5
    assert speaking.any(axis=0).all()
    assert not speaking.all(axis=1).any()
    changes = np.diff(speaking[:, 0].astype(int))
    assert np.count_nonzero(changes) >= 3


def test_who_enters_is_not_there_before() -> None:
    motion = scene("Bob sits. Alice enters and greets him. Then Alice leaves. Bob cries.").motion
    present = motion.present
    assert present[:, 0].all()
    assert not present[0, 1]
    assert not present[-1, 1]
    assert present[:, 1].any()


def test_a_circle_comes_round() -> None:
    motion = scene("A man walks in circles").motion
    root = motion.joints[:, 0, 0][:, [0, 2]].astype(float)
    radius = np.linalg.norm(root - root.mean(axis=0), axis=1)
    assert radius.std() < 0.25 * radius.mean()
    speed = np.linalg.norm(np.diff(root, axis=0), axis=1) * motion.fps
    assert speed.min() > 0.8
    assert speed.max() < 1.8
