"""``stickgen story`` as a person uses it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stickgen.llm import document


@pytest.fixture
def story(stickgen, tmp_path):
    """Return a function that runs ``stickgen story`` in ``tmp_path``."""
    return lambda *words: stickgen("story", *words, cwd=tmp_path)


def test_a_sentence_becomes_a_script(story, tmp_path: Path) -> None:
    done = story("A person walks, then zorps", "-o", "s.json", "--seed", "1")
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["s.json"]
    assert "zorps" in done.stderr
    script = document.read(tmp_path / "s.json")
    assert [beat.action for beat in script.beats] == ["walk", "idle"]


def test_one_json_document(story, tmp_path: Path) -> None:
    done = story("Two robots dance", "--json", "--duration", "4")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["duration"] == 4.0
    assert len(told["roles"]) == 2


def test_without_a_file_it_is_told(story, tmp_path: Path) -> None:
    done = story("Anna waves to Ben")
    assert done.returncode == 0, done.stderr
    assert "Anna" in done.stdout
    assert "wave" in done.stdout


def test_it_does_not_overwrite(story, tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text("mine")
    done = story("Anna waves", "-o", "s.json")
    assert done.returncode == 6
    assert (tmp_path / "s.json").read_text() == "mine"
    assert story("Anna waves", "-o", "s.json", "--force").returncode == 0


def test_bad_arguments_are_one_sentence(story, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, no folder")
    for arguments, code in (
        (("",), 2),
        (("Anna waves", "--backend", "rulez"), 3),
        (("Anna waves", "--duration", "-1"), 2),
        (("Anna waves", "-o", "s.txt"), 2),
        (("Anna waves", "-o", "taken/s.json"), 6),
    ):
        done = story(*arguments)
        assert done.returncode == code, (arguments, done.stderr)
        assert "Traceback" not in done.stderr
        assert not done.stdout


def test_a_script_may_be_yaml(story, tmp_path: Path) -> None:
    pytest.importorskip("yaml", reason="needs pyyaml (pip install stickgen-llm[yaml])")
    prompt = 'Two sad robots walk to the left, then one says "Beep"'
    done = story(prompt, "-o", "s.yaml", "-o", "s.json")
    assert done.returncode == 0, done.stderr
    assert document.read(tmp_path / "s.yaml") == document.read(tmp_path / "s.json")
    assert "speed" not in (tmp_path / "s.yaml").read_text()  # defaults are left out
