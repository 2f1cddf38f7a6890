"""Captions of composed clips: true to the plan, and English, whoever does what.

The checks know the verbs of the table of acts, but not how sentences are built.
"""

from __future__ import annotations

import itertools
import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from stickgen.core.actions import ACTIONS, action
from stickgen.datasets.english import inflected
from stickgen.datasets.synth.acts import ACTS, FULL_TURN, RISING, STYLE_WORDS
from stickgen.datasets.synth.parts import Part, Parts, plain_phrase
from stickgen.datasets.synth.plans import Means, Plan, Step, Track, draw
from stickgen.datasets.synth.repertoire import Repertoire
from stickgen.datasets.synth.wording import captions

EVERYTHING = Repertoire(
    actions=tuple(row.name for row in ACTIONS),
    overlays=tuple(row.name for row in ACTIONS if row.overlay),
    styles=tuple(STYLE_WORDS),
    max_actors=20,
)
VERBS = {
    phrase.split()[0]
    for phrases in (*(act.phrases + act.tally + act.under for act in ACTS.values()), FULL_TURN,
                    RISING)
    for phrase in phrases
}  # fmt: skip
THIRD = {inflected(verb, "third") for verb in VERBS}
PLURAL = r"(?:they|(?:two|three) (?:people|figures|men|women)|a man and a woman)"
SINGULAR = r"(?:someone|he|she|it|(?<!and )\b(?:an?|the) (?:\w+ )?(?:person|man|woman|figure))"


def part(name: str, phrase: str | None, split: str | None = None) -> Part:
    return Part(0, f"mocap/{name}", name, phrase, 75, 25.0, "mocap", "CC0-1.0", name, split)


@cache
def sample() -> tuple[tuple[Plan, tuple[str, ...]], ...]:
    """Every action in sixty plans, a part of them with real clips."""
    real = Parts([], [part("walk", "walk sadly"), part("wave", None), part("run", None),
                      part("drinking", "sip from a mug"), part("dance", None)])  # fmt: skip
    means = [Means(EVERYTHING, Parts([], [])), Means(EVERYTHING, real, real=1.0)]
    found = []
    for row in ACTIONS:
        for i in range(60):
            rng = np.random.default_rng([row.index, i])
            plan = draw(rng, row.name, means[i % 2])
            found.append((plan, captions(plan, rng)))
    return tuple(found)


def texts() -> list[str]:
    return [text for _, several in sample() for text in several]


def test_every_action_and_kind_is_captioned() -> None:
    assert {plan.action for plan, _ in sample()} == {row.name for row in ACTIONS}
    assert {plan.kind for plan, _ in sample()} == {
        "single", "sequence", "overlay", "loop", "several",
    }  # fmt: skip
    assert all(several and len(set(several)) == len(several) for _, several in sample())


def test_captions_are_whole_sentences() -> None:
    for text in texts():
        assert re.fullmatch(r"[A-Z][A-Za-z0-9 ,;:.'-]*\.", text), text
        assert not re.search(r"  |,,| [,.;]|\.\.|\{|\}|\bNone\b|_|neutral", text), text
        words = re.findall(r"[\w'-]+", text.lower())
        assert all(a != b for a, b in itertools.pairwise(words)), text


def test_adverbs_do_not_pile_up() -> None:
    for text in texts():
        assert not re.search(r"\b\w+ly (?:\w+ly|hard|fast|high)\b", text), text


def test_articles_agree_with_the_next_sound() -> None:
    for text in texts():
        for article, following in re.findall(r"\b(an?) (\w)", text, re.IGNORECASE):
            assert (article.lower() == "an") == (following.lower() in "aeiou"), text


def test_verbs_agree_with_one_and_with_many() -> None:
    seen = {"singular": 0, "plural": 0}
    for text in texts():
        lower = text.lower()
        for verb in re.findall(rf"\b{PLURAL} (?:\w+ly )?(\w[\w-]*)", lower):
            assert verb not in THIRD - VERBS, text
            seen["plural"] += verb in VERBS
        for verb in re.findall(rf"{SINGULAR} (?:\w+ly )?(\w[\w-]*)", lower):
            if "man and a woman" in lower:
                continue
            assert verb not in VERBS - THIRD - {inflected(v, "past") for v in VERBS}, text
            seen["singular"] += verb in THIRD
        assert not re.search(rf"\b{PLURAL} (?:is|was|has)\b", lower), text
        if "man and a woman" not in lower:
            assert not re.search(rf"{SINGULAR} are\b", lower), text
    assert seen["singular"] > 500
    assert seen["plural"] > 100


def test_pronouns_agree_with_whom_they_stand_for() -> None:
    others = {"man": {"she", "her", "it", "its", "they", "their"},
              "woman": {"he", "his", "it", "its", "they", "their"},
              "person": {"he", "his", "she", "her", "it", "its"},
              "someone": {"he", "his", "she", "her", "it", "its"},
              "figure": {"he", "his", "she", "her", "they", "their"}}  # fmt: skip
    checked = 0
    for plan, several in sample():
        if plan.kind == "several":
            continue
        for text in several:
            words = re.findall(r"\w+", text.lower())
            noun = next(word for word in words if word in others)
            assert not others[noun] & set(words), text
            checked += 1
    assert checked > 2000


def test_the_first_caption_says_all_that_was_varied() -> None:
    step = Step("walk", direction="backward", speed=0.65)
    plan = Plan("single", "walk", (Track((step,)),))
    for seed in range(50):
        first = captions(plan, np.random.default_rng(seed))[0]
        assert re.search(r"\bbackwards?\b", first), first
        assert re.search("slow|unhurried", first), first


@pytest.mark.parametrize(
    ("step", "wanted"),
    [
        (Step("jump", repetitions=3), r"three"),
        (Step("punch", repetitions=2, hand="left"), r"(two punches|twice) with \w+ left"),
        (Step("wave", hand="right"), r"with (the|his|her|their|its) right (hand|arm)"),
        (Step("turn", hand="left"), r"to the left"),
        (Step("turn", repetitions=2), r"full turn|all the way around"),
        (Step("bow", intensity=1.5), r"deeply|very low"),
        (Step("march", style="proud"), r"proud|confident"),
    ],
)
def test_details_are_said(step: Step, wanted: str) -> None:
    plan = Plan("single", step.action, (Track((step,)),))
    for seed in range(40):
        first = captions(plan, np.random.default_rng(seed))[0]
        assert re.search(wanted, first), first


def test_what_is_not_varied_is_not_said() -> None:
    plan = Plan("single", "walk", (Track((Step("walk", seconds=3.0),)),))
    for seed in range(60):
        for text in captions(plan, np.random.default_rng(seed)):
            assert not re.search("slow|quick|brisk|backward|sad|happ|left|right", text), text


def test_nobody_gets_up_from_a_chair_that_is_not_there() -> None:
    plan = Plan("sequence", "stand", (Track((Step("crouch"), Step("stand"))),))
    for seed in range(60):
        for text in captions(plan, np.random.default_rng(seed), 6):
            assert "chair" not in text, text
            assert "seat" not in text, text


@pytest.mark.parametrize(
    "name", ["walk", "swimming", "flying", "running_bases", "cartwheel", "idle"]
)
def test_nobody_stands_and_goes_at_once(name: str) -> None:
    tracks = (Track((Step(name),)), Track((Step(name),), place=(0.0, 1.5)))
    plan = Plan("several", name, tracks, "side by side")
    for seed in range(40):
        for text in captions(plan, np.random.default_rng(seed)):
            assert name == "idle" or not re.search(r"\bst(?:and|ood)", text), text
            assert len(re.findall(r"\bst(?:and|ood)", text)) < 2, text
            assert re.search("side by side|next to each other", text.lower()), text


def test_a_sequence_is_told_in_its_order() -> None:
    plan = Plan("sequence", "jump", (Track((Step("jump"), Step("clap"), Step("bow"))),))
    stems = ("jump|leap|hop", "clap|applau", "bow")
    for seed in range(60):
        for text in captions(plan, np.random.default_rng(seed)):
            places = [re.search(stem, text.lower()).start() for stem in stems]  # type: ignore[union-attr]
            assert places == sorted(places), text


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("A person raises the left hand.", "raise the left hand"),
        ("A man washes the window.", "wash the window"),
        ("A person walks slowly.", "walk slowly"),
        ("a woman carries a box", "carry a box"),
        ("A person kicks ball.", None),
        ("A person walks and waves.", None),
        ("A person waves his hand.", None),
        ("A person is walking.", None),
        ("jump, forward", None),
        ("", None),
    ],
)
def test_one_plain_sentence_gives_its_verb_phrase(text: str, phrase: str | None) -> None:
    assert plain_phrase(text) == phrase


def test_a_real_clip_is_captioned_by_its_own_words() -> None:
    step = Step("drinking", part=part("drinking", "sip from a mug"))
    plan = Plan("loop", "drinking", (Track((step,)),))
    for seed in range(20):
        assert "mug" in captions(plan, np.random.default_rng(seed))[0]


def test_parts_of_different_splits_are_never_mixed() -> None:
    parts = [part(name, None, split) for name in ("walk", "wave", "run", "clap", "dance", "bow")
             for split in ("train", "test")]  # fmt: skip
    means = Means(EVERYTHING, Parts([Path("unused")], parts), real=1.0)
    mixed = 0
    for i in range(600):
        rng = np.random.default_rng([9, i])
        plan = draw(rng, ("walk", "wave", "run", "clap", "dance", "bow")[i % 6], means)
        assert len({each.split for each in plan.parts}) <= 1
        mixed += len(plan.parts) > 1
    assert mixed > 10


def test_whoever_is_seated_stands_up_before_walking() -> None:
    means = Means(EVERYTHING, Parts([], []))
    posture = {"sit": "seated", "kneel": "kneeling", "crouch": "crouched", "lie_down": "lying",
               "fall": "lying"}  # fmt: skip
    for i in range(1500):
        plan = draw(np.random.default_rng([3, i]), ACTIONS[i % 60].name, means)
        if plan.kind != "sequence":
            continue
        now = "standing"
        for number, step in enumerate(plan.tracks[0].steps):
            if number or step.action not in ("stand", "get_up"):
                assert now in ACTS[step.action].needs, plan
            if not (now == "seated" and "seated" in ACTS[step.action].needs
                    and step.action != "stand"):  # fmt: skip
                now = posture.get(step.action, "standing")
        assert action(plan.action).actors == 1
