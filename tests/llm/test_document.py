"""Scripts as JSON and YAML: nothing is lost, and what is wrong is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stickgen.core.errors import DataError, SourceError
from stickgen.core.types import Beat, Role, Script
from stickgen.llm import document
from stickgen.llm.rules import RulesBackend

SCRIPT = Script(
    prompt="x",
    roles=(Role("Ann", colour="#ff0000", start=(1.0, -2.0), heading=90.0), Role("R2", "robot")),
    beats=(
        Beat((0,), "walk", "wave", 2.5, direction="toward", target=1, speed=1.2, style="happy"),
        Beat(
            (1,),
            "talk",
            with_previous=True,
            line="Grüß Gott “quoted”\n",
            target="ball",
            hand="left",
        ),
    ),
    title="t",
    environment="moon",
    weather="rainy",
    mood="happy",
    props=("ball",),
    camera=("pan left",),
    duration=7.5,
    planner="rules",
    warnings=("a warning",),
)


def test_there_and_back() -> None:
    assert document.loads(document.dumps(SCRIPT)) == SCRIPT


@pytest.mark.parametrize(
    "prompt",
    [
        "A person walks and waves",
        'Two teams of three players run. One shouts "Goal!" and the others celebrate.',
        "Tom chases Jerry through the park, then both sit down",
        "A red robot fights three blue aliens on the moon",
    ],
)
def test_what_the_planner_writes_can_be_read(prompt: str) -> None:
    script = RulesBackend(encoder=None).plan(prompt)
    assert document.loads(document.dumps(script)) == script


def test_a_short_document_takes_the_defaults() -> None:
    script = document.from_dict(
        {"roles": [{"name": "a"}], "beats": [{"actors": [0], "action": "jump"}]}
    )
    assert script == Script("", (Role("a"),), (Beat((0,), "jump"),))


def _changed(path: str, value: Any) -> dict[str, Any]:
    data = document.to_dict(SCRIPT)
    *way, last = path.split(".")
    place: Any = data
    for key in way:
        place = place[int(key) if key.isdigit() else key]
    place[last] = value
    return data


@pytest.mark.parametrize(
    ("data", "key", "cause"),
    [
        (_changed("beats.1.action", "wlak"), "beats.1.action", "did you mean walk"),
        (_changed("beats.0.overlay", "wav"), "beats.0.overlay", "is not an action"),
        (_changed("beats.0.actors", [7]), "beats.0.actors", "only 2 roles"),
        (_changed("beats.0.target", 5), "beats.0.target", "only 2 roles"),
        (_changed("beats.0.actors", []), "beats.0.actors", "at least 1"),
        (_changed("beats.0.seconds", -1), "beats.0.seconds", "greater than 0"),
        (_changed("beats.0.seconds", float("nan")), "beats.0.seconds", "finite"),
        (_changed("beats.0.secnds", 1), "beats.0.secnds", "did you mean 'seconds'"),
        (_changed("beats.0.style", "grumpy"), "beats.0.style", "'neutral'"),
        (_changed("roles.0.colour", "red"), "roles.0.colour", "pattern"),
        (_changed("roles", []), "roles", "at least 1"),
        (_changed("version", 99), "", "version is 99"),
        (_changed("duration", "long"), "duration", "number"),
        ({"roles": [{"name": "a"}]}, "beats", "missing"),
        ([], "", "dictionary"),
        (None, "", "dictionary"),
    ],
)
def test_what_is_wrong_is_named(data: Any, key: str, cause: str) -> None:
    with pytest.raises(DataError) as caught:
        document.from_dict(data, source="story.json")
    message = str(caught.value)
    assert message.startswith("story.json")
    assert key in message
    assert cause in message
    assert "\n" not in message


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, '{"a": 1e999', "\x00"])
def test_text_that_is_no_json(text: str, tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=r"s\.json"):
        document.read(path)


def test_a_file_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such file"):
        document.read(tmp_path / "none.json")
    (tmp_path / "noise.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SourceError, match="UTF-8"):
        document.read(tmp_path / "noise.json")


def test_yaml_by_hand(tmp_path: Path) -> None:
    pytest.importorskip("yaml", reason="needs pyyaml (pip install stickgen-llm[yaml])")
    path = tmp_path / "story.yaml"
    path.write_text(
        "roles:\n- name: Ann\n- {name: Bob, kind: robot}\n"
        "beats:\n- {actors: [0], action: walk, target: 1, direction: toward}\n"
        "- actors: [0, 1]\n  action: hug\n",
        encoding="utf-8",
    )
    script = document.read(path)
    assert [role.name for role in script.roles] == ["Ann", "Bob"]
    assert script.beats[1] == Beat((0, 1), "hug")


@pytest.mark.parametrize(
    "text",
    [
        "roles: [",
        "!!python/object/apply:os.system ['true']",
        "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]",
        "- " * 5000,
    ],
)
def test_hostile_yaml(text: str, tmp_path: Path) -> None:
    pytest.importorskip("yaml", reason="needs pyyaml (pip install stickgen-llm[yaml])")
    path = tmp_path / "story.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=r"story\.yml"):
        document.read(path)


def test_the_published_schema_is_that_of_the_models() -> None:
    assert document.json_schema() == json.loads(json.dumps(document.build_json_schema()))
    assert document.json_schema()["title"] == "stickgen script"
