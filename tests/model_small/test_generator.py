"""The shipped model: what a user sees of it. Its contract is run with everybody's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from stickgen.core import validator
from stickgen.core.actions import action
from stickgen.core.errors import PluginError, UsageError
from stickgen.core.kinematics import Body, bone_lengths
from stickgen.core.schema import J
from stickgen.core.types import ActorState, Beat, Motion
from stickgen_model_small.arrays import FOLDER, WEIGHTS, NumpyBackend
from stickgen_model_small.generator import SmallGenerator


@pytest.fixture(scope="module")
def small() -> SmallGenerator:
    # of candidates one is enough for what is looked at here
    return SmallGenerator(threads=1, candidates=1)


def made(small: SmallGenerator, name: str, seed: int = 1, **beat) -> Motion:
    beat = {"seconds": 2.0, **beat}
    return small.generate(Beat((0,), name, **beat), [ActorState()], np.random.default_rng(seed))


def way(motion: Motion) -> float:
    pelvis = motion.joints[:, 0, J["pelvis_center"]]
    return float(pelvis[-1, 0] - pelvis[0, 0])


def test_bones_have_the_lengths_of_the_body(small: SmallGenerator) -> None:
    for name in ("walk", "bow"):
        lengths = bone_lengths(made(small, name).joints[:, 0])
        np.testing.assert_allclose(lengths[:, 1:] / Body().lengths[1:], 1.0, atol=0.01)


def test_walks_and_runs_where_it_faces_and_runs_faster(small: SmallGenerator) -> None:
    walks = [way(made(small, "walk", seed)) for seed in range(3)]
    runs = [way(made(small, "run", seed)) for seed in range(3)]
    assert 1.0 < np.mean(walks) < 5.0
    assert np.mean(runs) > 1.3 * np.mean(walks)


def test_sits_lower_than_it_stands(small: SmallGenerator) -> None:
    def height(name: str) -> float:
        return float(np.median(made(small, name).joints[25:, 0, J["pelvis_center"], 1]))

    assert height("sit") < 0.75 * height("idle")


def test_words_alone_change_the_motion(small: SmallGenerator) -> None:
    said = [
        small.sample(text, 50, np.random.default_rng(1)).joints
        for text in ("A person runs fast.", "A person bows.")
    ]
    assert np.abs(said[0] - said[1]).max() > 0.3


def test_another_seed_is_another_motion(small: SmallGenerator) -> None:
    assert np.abs(made(small, "wave", 1).joints - made(small, "wave", 2).joints).max() > 0.1


def test_follows_on_from_the_pose_before(small: SmallGenerator) -> None:
    first = made(small, "walk")
    pose = first.joints[-1, 0].astype(float)
    velocity = 25.0 * (pose - first.joints[-2, 0])
    pelvis = pose[J["pelvis_center"]]
    state = ActorState((pelvis[0], pelvis[2]), pose=pose, velocity=velocity)
    rng = np.random.default_rng(1)
    following = small.generate(Beat((0,), "run", seconds=1.0), [state], rng)
    gap = np.linalg.norm(following.joints[0, 0] - (pose + velocity / 25.0), axis=-1)
    assert gap.max() < 0.1


def test_one_action_goes_over_into_the_next() -> None:
    labels = np.repeat([action("walk").index, action("sit").index], 75)
    motion = SmallGenerator(threads=1).sample(
        "A person walks, then sits down.", 150, np.random.default_rng(1), actions=labels
    )
    step = np.linalg.norm(np.diff(motion.joints[:, 0], axis=0), axis=-1).max(axis=1) * 25.0
    assert step[73:79].max() < 6.0
    pelvis = motion.joints[:, 0, J["pelvis_center"]]
    assert np.median(pelvis[-15:, 1]) < 0.85 * np.median(pelvis[10:45, 1])
    assert np.linalg.norm(pelvis[45, [0, 2]] - pelvis[0, [0, 2]]) > 0.5
    assert validator.check(motion).ok


def test_given_poses_are_kept(small: SmallGenerator) -> None:
    target = made(small, "walk")
    keyed = np.zeros(target.n_frames, np.bool_)
    keyed[[0, -1]] = True
    out = small.sample(
        "A person walks.", target.n_frames, np.random.default_rng(5), keys=target, keyed=keyed
    )
    local = [m.joints[keyed, 0] - m.joints[keyed, 0, :1] for m in (out, target)]
    np.testing.assert_allclose(local[0], local[1], atol=0.08)


@pytest.mark.parametrize("phases", ["plan", "both"])
def test_either_phase_can_be_asked_for(phases: str) -> None:
    motion = made(SmallGenerator(phases=phases, threads=1), "walk", seconds=1.0)
    assert motion.n_frames == 25


def test_most_of_what_it_makes_is_sound(small: SmallGenerator) -> None:
    reports = [validator.check(made(small, name)) for name in ("walk", "idle", "bow", "clap")]
    assert sum(report.ok for report in reports) >= 3, [r.issues for r in reports]


def test_refuses_what_it_cannot(small: SmallGenerator) -> None:
    with pytest.raises(UsageError, match="one actor at a time"):
        small.generate(Beat((0, 1), "walk"), [ActorState()] * 2, np.random.default_rng(1))
    with pytest.raises(UsageError, match="unknown action"):
        made(small, "levitate")
    with pytest.raises(UsageError, match="unknown phases"):
        made(SmallGenerator(phases="sideways"), "walk")
    with pytest.raises(UsageError, match="numpy or onnx"):
        SmallGenerator(backend="abacus")


def test_a_damaged_installation_says_so(tmp_path: Path) -> None:
    with pytest.raises(PluginError, match=r"config\.json.*reinstall"):
        SmallGenerator(folder=tmp_path)
    (tmp_path / "config.json").write_text((FOLDER / "config.json").read_text())
    with pytest.raises(PluginError, match=r"model\.safetensors.*reinstall"):
        made(SmallGenerator(folder=tmp_path), "walk")
    (tmp_path / WEIGHTS).write_bytes((FOLDER / WEIGHTS).read_bytes()[:5000])
    with pytest.raises(PluginError, match=r"model\.safetensors.*reinstall"):
        made(SmallGenerator(folder=tmp_path), "walk")
    pytest.importorskip("onnxruntime")
    with pytest.raises(PluginError, match=r"hear\.onnx.*reinstall"):
        made(SmallGenerator(folder=tmp_path, backend="onnx"), "walk")


def test_is_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 20e6


def test_names_what_it_was_trained_on() -> None:
    config = NumpyBackend().config
    assert config["text_encoder"] == "static"
    assert any("mocap.cs.cmu.edu" in source for source in config["sources"])


def test_standing_feet_do_not_slide(small: SmallGenerator) -> None:
    """Less than the recordings' own sliding, 0.1 % of the height a frame, on what was found to
    stand by height and speed.
    """
    for name in ("walk", "wave"):
        motion = made(small, name, seconds=3.0)
        ankles = motion.joints[:, 0, [J["l_ankle"], J["r_ankle"]]].astype(float)
        speed = np.linalg.norm(np.gradient(ankles, 0.04, axis=0), axis=-1) / 1.7
        stands = (speed < 0.35) & (ankles[..., 1] / 1.7 < 0.045 + 0.03)
        held = stands[1:] & stands[:-1]
        step = np.linalg.norm(np.diff(ankles[..., [0, 2]], axis=0), axis=-1) / 1.7
        assert held.mean() > 0.15
        assert 100 * step[held].mean() < 0.1
