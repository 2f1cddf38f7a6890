"""What ``stickgen generate`` does with the model: who performs what, loops, keys, variations."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from stickgen.core import validator
from stickgen.core.cli.main import main
from stickgen.core.schema import J
from stickgen.core.storage import read_motion, write_motion
from stickgen.core.types import Beat, Motion

generator = pytest.importorskip("stickgen_model_small.generator")


def made(path: Path, *arguments: str) -> Motion:
    assert main(["generate", *arguments, "-o", str(path), "--seed", "1", "-q"]) == 0
    return read_motion(path).motion


def model_good_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *names: str
) -> list[tuple[str, int]]:
    """Let the shipped model declare itself good at the actions *names*; returns what it is asked
    for: the action, and the number of actors.
    """
    folder = tmp_path / "model"
    shutil.copytree(generator.FOLDER, folder)
    config = json.loads((folder / "config.json").read_text("utf-8"))
    (folder / "config.json").write_text(json.dumps({**config, "good_at": names}))
    monkeypatch.setattr(generator, "FOLDER", folder)
    asked: list[tuple[str, int]] = []
    perform = generator.SmallGenerator.generate

    def generate(self, beat: Beat, actors, rng, **more) -> Motion:
        asked.append((beat.action, len(actors)))
        return perform(self, beat, actors, rng, **more)

    monkeypatch.setattr(generator.SmallGenerator, "generate", generate)
    return asked


def test_by_default_each_beat_is_performed_by_who_is_good_at_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = model_good_at(tmp_path, monkeypatch, "walk")
    words = ("A person walks, then waves", "--duration", "4")
    motion = made(tmp_path / "a.motion", *words)
    assert asked == [("walk", 1)]
    joints = motion.joints[:, 0]
    at = int(np.flatnonzero(np.diff(motion.actions[:, 0]))[0])
    steps = np.linalg.norm(np.diff(joints, axis=0), axis=-1)
    # where one takes over from the other, nobody jumps
    assert steps[at - 1 : at + 3].max() < max(0.15, 1.5 * steps[:at].max())
    assert validator.check(motion).ok
    # whoever is named does everything
    asked.clear()
    made(tmp_path / "b.motion", *words, "--generator", "procedural")
    assert asked == []
    made(tmp_path / "c.motion", *words, "--generator", "small")
    assert [name for name, _ in asked] == ["walk", "wave"]


def test_every_actor_has_the_model_to_himself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = model_good_at(tmp_path, monkeypatch, "wave")
    motion = made(tmp_path / "a.motion", "Two friends wave", "--duration", "2")
    assert motion.n_actors == 2
    assert asked == [("wave", 1), ("wave", 1)]


@pytest.mark.parametrize("who", ["small", "procedural"])
def test_a_loop_has_no_seam(tmp_path: Path, who: str) -> None:
    words = ("A person waves", "--duration", "2", "--loop", "--generator", who)
    joints = made(tmp_path / "a.motion", *words).joints[:, 0]
    steps = np.linalg.norm(np.diff(joints[[*range(50), 0]], axis=0), axis=-1).max(axis=1)
    assert len(joints) == 50
    assert steps[-1] < max(0.05, 1.2 * np.percentile(steps, 95))


@pytest.mark.parametrize("who", ["small", "procedural"])
def test_key_frames_are_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str], who: str) -> None:
    source = made(tmp_path / "whole.motion", "A person sits down", "--duration", "2")
    present = np.zeros(source.present.shape, np.bool_)
    keys = [5, 20, 44]
    present[keys] = True
    sparse = np.where(present[..., None, None], source.joints, 0.0)
    write_motion(Motion.from_joints(sparse, present=present), tmp_path / "keys.motion")
    arguments = ["generate", "A person sits down", "--keyframes", str(tmp_path / "keys.motion")]
    out = tmp_path / "a.motion"
    assert main([*arguments, "--generator", who, "-o", str(out), "--seed", "1"]) == 0
    assert ("interpolated" in capsys.readouterr().err) == (who == "procedural")
    motion = read_motion(out).motion
    assert motion.n_frames == 45
    np.testing.assert_allclose(motion.joints[keys], source.joints[keys], atol=1e-5)
    hips = motion.joints[:, 0, J["pelvis_center"], 1]
    assert hips[44] < hips[5] - 0.1
    assert np.abs(np.diff(motion.joints[:, 0], axis=0)).max() < 0.4


def test_variations_are_the_seeds_that_follow(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["generate", "A person waves", "--duration", "1", "--seed", "7", "-q"]
    out = tmp_path / "a.motion"
    assert main([*arguments, "--variations", "2", "-o", str(out), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    paths = [tmp_path / f"a.{i}.motion" for i in (1, 2)]
    assert [each["out"][0]["path"] for each in told["variations"]] == [str(p) for p in paths]
    assert [each["seed"] for each in told["variations"]] == [7, 8]
    first, second = (read_motion(path).motion.joints for path in paths)
    assert np.abs(first - second).max() > 0.01
    assert main(["generate", "A person waves", "--duration", "1", "--seed", "8", "-q",
                 "-o", str(out)]) == 0  # fmt: skip
    np.testing.assert_array_equal(read_motion(out).motion.joints, second)
    assert paths[0].exists()
    # nothing is begun where one of the files is there already
    assert main([*arguments, "--variations", "3", "-o", str(out)]) == 6
    assert not (tmp_path / "a.3.motion").exists()


def test_a_row_of_the_evaluation_goes_the_whole_way_from_a_sentence() -> None:
    from stickgen.train.evaluation import systems
    from stickgen.train.evaluation.samples import Request

    unlabelled = np.zeros(50, np.int64), np.full(50, -1)
    asked = [Request(text, *unlabelled) for text in ("A person walks.", "A person sits down.")]
    walks, sits = systems.Default("default").perform(asked, 1)
    assert walks.n_frames == sits.n_frames == 50

    def way(motion: Motion) -> float:
        return float(np.linalg.norm(motion.joints[-1, 0, 0] - motion.joints[0, 0, 0]))

    assert way(walks) > 1.0 > way(sits)
    swapped = systems.Default("default+shuffled", shuffled=True).perform(asked, 1)
    assert way(swapped[0]) < 1.0 < way(swapped[1])


def test_what_is_written_says_who_performed_what(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "a.motion"
    words = ["generate", "A person walks, then waves", "--duration", "4", "--seed", "1"]
    assert main([*words, "-o", str(out), "-v"]) == 0
    assert "small performed: walk" in capsys.readouterr().err
    assert read_motion(out).meta["performed"]["small"] == ["walk"]
    assert "wave" in read_motion(out).meta["performed"]["procedural"]
    default = read_motion(out).motion
    assert main([*words, "-o", str(out), "--force", "--generator", "procedural"]) == 0
    assert "performed" not in read_motion(out).meta
    moved = np.linalg.norm(default.joints - read_motion(out).motion.joints, axis=-1)
    assert 0.01 < moved.mean() < 0.2


def test_doctor_says_who_performs_what(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    model_good_at(tmp_path, monkeypatch, "walk", "sit")
    assert main(["doctor"]) == 0
    text = capsys.readouterr().out
    assert "By default small performs walk sit, procedural performs all else." in text
    # a damaged model is one line of the report and not its end
    (tmp_path / "model" / "config.json").write_text("{")
    assert main(["doctor", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["default_generators"] == {}
    (row,) = [row for row in told["checks"] if row["name"] == "small"]
    assert not row["ok"]
