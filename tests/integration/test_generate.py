"""The main job, end to end: a sentence in, files out."""

from __future__ import annotations

import json
from pathlib import Path

import av
import numpy as np
import pytest

from stickgen.core import actions, generate, load, validator

TWELVE = (
    "idle", "walk", "run", "sprint", "jump", "wave", "sit", "stand", "kick", "punch", "clap",
    "point",
)  # fmt: skip

SENTENCES = {
    "idle": "A person stands still",
    "walk": "A person walks",
    "run": "A person runs",
    "sprint": "A person sprints",
    "jump": "A person jumps",
    "wave": "A person waves",
    "sit": "A person sits down",
    "stand": "A person sits down, then stands up",
    "kick": "A person kicks",
    "punch": "A person punches",
    "clap": "A person claps",
    "point": "A person points",
}


def test_the_headline_command(stickgen, tmp_path: Path) -> None:
    done = stickgen(
        "generate", "A person walks and waves", "-o", "walk.mp4", "-o", "walk.motion",
        "--seed", "7", "--json", cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["seed"] == 7
    assert [Path(each["path"]).name for each in document["out"]] == ["walk.mp4", "walk.motion"]
    with av.open(str(tmp_path / "walk.mp4")) as container:
        stream = container.streams.video[0]
        assert stream.codec_context.name == "h264"
        assert stream.codec_context.pix_fmt == "yuv420p"
        assert stream.average_rate == 25
        pictures = sum(1 for _ in container.decode(stream))
    assert pictures == 250
    motion = load(tmp_path / "walk.motion").scene.motion
    assert motion.n_frames == 250
    done_actions = {actions.ACTIONS[i].name for i in np.unique(motion.actions)}
    overlays = {actions.ACTIONS[i].name for i in np.unique(motion.overlay) if i >= 0}
    assert "walk" in done_actions
    assert "wave" in done_actions | overlays
    assert float(np.ptp(motion.joints[:, 0, 0, 0])) > 2.0


def test_the_motion_file_draws_the_same_film(stickgen, tmp_path: Path) -> None:
    one = stickgen(
        "generate", "A person waves", "--duration", "1", "--seed", "3", "--size", "320x180",
        "-o", "a.mp4", "-o", "a.motion", cwd=tmp_path,
    )  # fmt: skip
    assert one.returncode == 0, one.stderr
    two = stickgen("render", "a.motion", "--size", "320x180", "-o", "b.mp4", cwd=tmp_path)
    assert two.returncode == 0, two.stderr

    def pictures(name: str) -> np.ndarray:
        with av.open(str(tmp_path / name)) as container:
            return np.stack([f.to_ndarray(format="rgb24") for f in container.decode(video=0)])

    difference = np.abs(pictures("a.mp4").astype(int) - pictures("b.mp4").astype(int))
    assert difference.mean() < 0.5


@pytest.mark.parametrize("name", TWELVE)
def test_every_verb_gives_its_action(name: str) -> None:
    animation = generate(SENTENCES[name], seed=5, duration=6)
    motion = animation.scene.motion
    assert actions.action(name).index in set(np.unique(motion.actions).tolist())
    assert not animation.warnings
    assert motion.n_frames == 150
    report = validator.check(motion)
    assert report.ok, report.issues


def test_same_seed_same_bytes_other_seed_other_motion(tmp_path: Path) -> None:
    for name, seed in (("a", 4), ("b", 4), ("c", 5)):
        generate("Two people walk", seed=seed, duration=2).save(tmp_path / f"{name}.motion")
    first, same, other = ((tmp_path / f"{n}.motion").read_bytes() for n in "abc")
    assert first == same
    assert first != other


def test_words_change_the_motion() -> None:
    walk = generate("A person walks", seed=1, duration=3).joints
    wave = generate("A person waves", seed=1, duration=3).joints
    assert np.abs(walk - wave).max() > 0.3


def test_dry_run_plans_and_writes_nothing(stickgen, tmp_path: Path) -> None:
    done = stickgen(
        "generate", "A person walks, then sits", "--dry-run", "--seed", "1", cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    script = json.loads(done.stdout)["script"]
    assert [beat["action"] for beat in script["beats"]] == ["walk", "sit"]
    assert list(tmp_path.iterdir()) == []


def test_a_notebook_shows_a_player() -> None:
    bundle = generate("A person waves", seed=1, duration=1)._repr_mimebundle_()
    assert bundle["text/html"].startswith("<iframe srcdoc=")
    assert bundle["image/png"]
    assert "A person waves" in bundle["text/plain"]


def test_unknown_action_is_a_warning_and_the_figure_idles() -> None:
    animation = generate("A person frobnicates", seed=1, duration=2)
    assert any("frobnicate" in warning for warning in animation.warnings)
    assert set(np.unique(animation.scene.motion.actions).tolist()) == {actions.action("idle").index}


def test_a_script_is_planned_edited_and_performed(stickgen, tmp_path: Path) -> None:
    planned = stickgen("story", "A man waves", "--seed", "1", "-o", "s.json", cwd=tmp_path)
    assert planned.returncode == 0, planned.stderr
    script = json.loads((tmp_path / "s.json").read_text())
    script["beats"][0].update(action="jump", repetitions=2, seconds=6.0)
    (tmp_path / "s.json").write_text(json.dumps(script))
    done = stickgen("generate", "--script", "s.json", "--seed", "1", "-o", "s.motion", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    motion = load(tmp_path / "s.motion").scene.motion
    assert actions.action("jump").index in set(np.unique(motion.actions).tolist())
    assert actions.action("wave").index not in set(np.unique(motion.actions).tolist())
    both = stickgen("generate", "A man waves", "--script", "s.json", "-o", "t.motion", cwd=tmp_path)
    assert both.returncode == 2
