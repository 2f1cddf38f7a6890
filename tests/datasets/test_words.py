"""Descriptions: what they are taken from, and which action they speak of."""

from __future__ import annotations

from pathlib import Path

import pytest

from stickgen.core.errors import SourceError
from stickgen.datasets.sidecars import read_sidecar
from stickgen.datasets.words import action_of, is_airborne


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("walk", "walk"),
        ("slow walk/stride", "walk"),
        ("a man is running", "run"),
        ("ran away", "run"),
        ("basketball - forward dribble, 90-degree left turns", "dribbling"),
        ("soccer - kick ball", "kicking"),
        ("Front Kick", "kick"),
        ("he kicks the ball hard", "kicking"),
        ("jumping jacks, side twists", "jumping_jacks"),
        ("sit on high stool, stand up", "sit"),
        ("climb 3 steps", "climbing"),
        ("boxing", "fight"),
        ("hopped twice", "hop"),
        ("salsa dance", "dance"),
        ("bye, sad", "wave"),
        ("they lie down", "lie_down"),
        # parts of words are not words
        ("transition", None),
        ("the defeat of a shop", None),
        ("trunk rotation", None),
        ("believe", None),
        ("wash windows", None),
        ("", None),
    ],
)
def test_the_action_of_a_description(text: str, action: str | None) -> None:
    assert action_of(text) == action


@pytest.mark.parametrize(
    ("text", "airborne"),
    [("swims a lap", True), ("hangs on the bar", True), ("walk", False), ("fly fishing", True),
     ("butterfly", False), ("changing clothes", False)],
)  # fmt: skip
def test_who_may_leave_the_ground(text: str, airborne: bool) -> None:
    assert is_airborne(text) is airborne


def beside(folder: Path, name: str, **files: str) -> Path:
    path = folder / name
    path.write_text("")
    for suffix, text in files.items():
        path.with_suffix("." + suffix).write_text(text, encoding="utf-8")
    return path


def test_an_index_comes_first(tmp_path: Path) -> None:
    (tmp_path / "index.csv").write_text(
        "\ufeffid,file,fps,text\n01,a.bvh,60,\"salsa, slow\"\nb,,,\nc,,120,run\n", encoding="utf-8"
    )  # fmt: skip
    found = read_sidecar(beside(tmp_path, "a.bvh", txt="something else"))
    assert (found.texts, found.fps, found.origin) == (("salsa, slow",), 60.0, "index.csv")
    assert read_sidecar(beside(tmp_path, "b.bvh", txt="one\n\n two \n")).texts == ("one", "two")
    assert read_sidecar(beside(tmp_path, "c.bvh")).fps == 120.0


def test_labels_and_file_names(tmp_path: Path) -> None:
    path = beside(tmp_path, "x1.bvh", json='{"content": "walk-back", "style": "angry"}')
    assert read_sidecar(path).texts == ("walk back, angry",)
    path = beside(tmp_path, "dataset-1_walk_normal_001.bvh", json='{"content": 6, "style": 11}')
    assert read_sidecar(path).texts == ("walk",)
    assert read_sidecar(beside(tmp_path, "jumpingJacks_02.bvh")).texts == ("jumping jacks",)
    nothing = read_sidecar(beside(tmp_path, "02_01.bvh"))
    assert (nothing.texts, nothing.origin) == ((), "none")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.json", b"{", "not JSON"),
        ("a.txt", b"\xff\xfe\x00", "not text"),
        ("index.csv", b"file,fps\na.bvh,fast\n", "row 'a.bvh'"),
        ("index.csv", b"\xff\xfe\x00\x01", "not a CSV"),
    ],
)
def test_damaged_sidecars_are_named(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    path = beside(tmp_path, "a.bvh")
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=says) as caught:
        read_sidecar(path)
    assert caught.value.path.endswith(name)
