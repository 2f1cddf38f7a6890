"""Scripts on disk: what is written is read back, and mistakes are named by their key."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stickgen.core.errors import SourceError
from stickgen.core.storage import read_script
from stickgen.core.storage.scene_json import script_to_json
from stickgen.core.types import Beat, Role, Script

SCRIPT = Script(
    "Ann walks to Bob and waves",
    (Role("Ann", start=(-1.0, 0.0)), Role("Bob", kind="robot")),
    (Beat((0,), "walk", seconds=3.0, target=1), Beat((0, 1), "idle", overlay="wave", line="Hi!")),
    environment="beach",
)


def written(path: Path, change: Callable[[dict[str, Any]], object] = lambda d: None) -> Path:
    document = script_to_json(SCRIPT)
    change(document)
    path.write_text(json.dumps(document))
    return path


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    assert read_script(written(tmp_path / "a.json")) == SCRIPT


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d["beats"][1].update(action="wlak"), ("beats[1].action", "walk")),
        (lambda d: d["beats"][0].update(overlay="fly"), ("beats[0].overlay",)),
        (lambda d: d["beats"][0].update(seconds=-1), ("beats[0].seconds",)),
        (lambda d: d["beats"][0].update(seconds="long"), ("beats[0].seconds",)),
        (lambda d: d["beats"][0].update(speed=0), ("beats[0].speed",)),
        (lambda d: d["beats"][0].update(repetitions=0), ("beats[0].repetitions",)),
        (lambda d: d["beats"][0].update(intensity=9), ("beats[0].intensity",)),
        (lambda d: d["beats"][0].update(actors=[]), ("beats[0].actors",)),
        (lambda d: d["beats"][0].update(actors=[7]), ("beats[0].actors",)),
        (lambda d: d.update(beats=[]), ("beats",)),
        (lambda d: d.update(roles=[]), ("beats", "roles")),
        (lambda d: d.update(version=99), ("version", "newer")),
        (lambda d: d.pop("roles"), ("roles",)),
    ],
)
def test_a_mistake_is_named_by_its_key(
    change: Callable[[dict[str, Any]], object], words: tuple[str, ...], tmp_path: Path
) -> None:
    path = written(tmp_path / "bad.json", change)
    with pytest.raises(SourceError) as caught:
        read_script(path)
    assert "bad.json" in str(caught.value)
    assert any(word in str(caught.value) for word in words)
    assert words[0] in str(caught.value) or len(words) > 1


YAML = """
# edited by hand
roles:
- name: Ann
- {name: Bob, kind: robot}
beats:
- {actors: [0], action: walk, target: 1, seconds: 3.0}
- {actors: [0, 1], action: hug}
"""


def test_yaml_is_read_too(tmp_path: Path) -> None:
    pytest.importorskip("yaml", reason="needs pyyaml (pip install pyyaml)")
    (tmp_path / "a.yaml").write_text(YAML)
    script = read_script(tmp_path / "a.yaml")
    assert [role.kind for role in script.roles] == ["human", "robot"]
    assert [beat.action for beat in script.beats] == ["walk", "hug"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("roles: [", "line 1"),
        ("- a\n- b\n", "not a mapping"),
        ("a: &x [1]\nb: *x\n", "aliases"),
        ("!!python/object/apply:os.system ['true']", "not YAML"),
        (YAML.replace("hug", "hugg"), "beats[1].action"),
        ("", "empty"),
    ],
)
def test_bad_yaml_is_one_sentence(tmp_path: Path, text: str, words: str) -> None:
    pytest.importorskip("yaml", reason="needs pyyaml (pip install pyyaml)")
    (tmp_path / "a.yml").write_text(text)
    with pytest.raises(SourceError) as caught:
        read_script(tmp_path / "a.yml")
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
