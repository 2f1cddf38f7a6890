"""More than a thousand sentences, each read as the right people doing the right things."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from stickgen.core.types import Script
from stickgen.llm.rules import RulesBackend
from stickgen.llm.timeline import steps_of

yaml = pytest.importorskip("yaml", reason="needs pyyaml (pip install stickgen-llm[yaml])")

PROMPTS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent.parent / "data" / "prompts.yaml").read_text(encoding="utf-8")
)
PLANNER = RulesBackend(encoder=None)
Step = dict[int, str]
REQUIRED = 0.97


def told(script: Script) -> list[Step]:
    """Return who does what in each step; walking, then walking and waving, counts as the latter."""
    steps: list[Step] = []
    for beats in steps_of(script.beats):
        step = {
            actor: beat.action + (f"+{beat.overlay}" if beat.overlay else "")
            for beat in beats
            for actor in beat.actors
        }
        before = steps[-1] if steps else {}
        if before.keys() == step.keys() and all(step[i].startswith(f"{before[i]}+") for i in step):
            steps[-1] = step
        else:
            steps.append(step)
    return steps


def meant(case: dict[str, Any]) -> list[Step]:
    steps: list[Step] = []
    for text in case["steps"]:
        step: Step = {}
        for part in text.split(" & "):
            who, _, what = part.rpartition(": ")
            actors = [int(i) for i in who.split(",")] if who else range(case["actors"])
            step |= dict.fromkeys(actors, what)
        steps.append(step)
    return steps


def missing(case: dict[str, Any], steps: list[dict[int, set[str]]]) -> str | None:
    """Return the first thing of ``shown`` that is not seen in *steps*, in order, or None."""
    at, used = 0, set[tuple[int, int, str]]()
    for text in case.get("shown", ()):
        reached = at
        for part in str(text).split(" & "):
            who, _, what = part.rpartition(": ")
            ways = [way.split("+") for way in what.split("|")]
            for actor in [int(i.split("|")[0]) for i in who.split(",")] if who else [None]:
                hit = next(
                    (
                        (number, way, doing)
                        for number, step in enumerate(steps)
                        if number >= at
                        for way in ways
                        if (
                            doing := [
                                i
                                for i, names in step.items()
                                if actor in {None, i}
                                and names >= set(way)
                                and not {(number, i, name) for name in way} & used
                            ]
                        )
                    ),
                    None,
                )
                if hit is None:
                    return part
                number, way, doing = hit
                used |= {(number, i, name) for i in doing for name in way}
                reached = max(reached, number)
        at = reached
    return None


def wrong(case: dict[str, Any]) -> str | None:
    """Return what is wrong with the reading of *case*, or None."""
    script = PLANNER.plan(case["prompt"])
    if len(script.roles) != case["actors"]:
        return f"{len(script.roles)} actors instead of {case['actors']}"
    if "steps" in case and told(script) != meant(case):
        return f"{told(script)} instead of {meant(case)}"
    seen = [{i: set(name.split("+")) for i, name in step.items()} for step in told(script)]
    if (lacking := missing(case, seen)) is not None:
        return f"{told(script)} does not show {lacking!r}"
    done = iter([name for beat in script.beats for name in (beat.action, beat.overlay)])
    if not all(any(name == each for each in done) for name in case.get("order", ())):
        return f"{told(script)} is not in the order {case['order']}"
    for field, value in case.get("scene", {}).items():
        got = getattr(script, field)
        if field == "camera":
            if not all(any(entry.startswith(word) for entry in got) for word in value):
                return f"the camera is told {got} instead of {value}"
        elif got != value:
            return f"{field} is {got!r} instead of {value!r}"
    for name, facts in case.get("facts", {}).items():
        beat = next(b for b in script.beats if name in (b.action, b.overlay))
        for field, value in facts.items():
            if getattr(beat, field) != value:
                return f"{name} has {field} {getattr(beat, field)!r} instead of {value!r}"
    return None


def test_there_are_hundreds_of_different_prompts() -> None:
    assert len({case["prompt"] for case in PROMPTS}) == len(PROMPTS) >= 500


def test_nearly_all_prompts_are_read_as_meant() -> None:
    failures = {case["prompt"]: reason for case in PROMPTS if (reason := wrong(case))}
    listed = "\n".join(f"{prompt!r}: {reason}" for prompt, reason in failures.items())
    assert len(failures) <= (1 - REQUIRED) * len(PROMPTS), listed


def test_the_order_of_the_words_counts() -> None:
    """Shuffling the words of the prompts with several actions changes nearly all the stories."""
    shuffler = random.Random(5)
    several = [case for case in PROMPTS if len(case.get("steps", ())) > 1]
    several = shuffler.sample(several, 80)
    changed = 0
    for case in several:
        words = case["prompt"].split()
        shuffler.shuffle(words)
        script = PLANNER.plan(" ".join(words))
        changed += told(script) != meant(case)
    assert changed >= 0.9 * len(several)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A man walks, then waves", "A man waves, then walks"),
        ("He jumps before he sits", "He sits before he jumps"),
        ("Ann chases Bob", "Bob chases Ann"),
        ("Tom claps while Eve sits", "Eve claps while Tom sits"),
        ("She runs, not walks", "She walks, not runs"),
    ],
)
def test_swapping_two_words_changes_the_story(one: str, other: str) -> None:
    first, second = (PLANNER.plan(text) for text in (one, other))
    assert (told(first), first.roles, first.beats) != (told(second), second.roles, second.beats)
