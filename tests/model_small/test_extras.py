"""What comes beside the small model: adapters that bend it, and a reader of poses from pictures."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from stickgen.core import adapters, features, ops, picture_pose, registries, schema
from stickgen.core.cli.main import main
from stickgen.core.errors import PluginError, SourceError, UsageError
from stickgen.core.kinematics import Body
from stickgen.core.storage import read_motion
from stickgen.core.types import ActorState, Beat
from stickgen_model_small.arrays import FOLDER
from stickgen_model_small.extras import POSES, STYLE, TIMING
from stickgen_model_small.generator import SmallGenerator

PELVIS = schema.J["pelvis_center"]


def walks(lora: str) -> tuple[float, float]:
    """Return how fast a person walks with the adapters *lora*, m/s, and how far the head is ahead
    of the pelvis, m, over two walks.
    """
    maker, speed, ahead = SmallGenerator(lora=lora), [], []
    for seed in range(2):
        rng = np.random.default_rng(seed)
        motion = maker.generate(Beat((0,), "walk", seconds=4.0), [ActorState()], rng)
        joints = np.asarray(motion.joints[10:, 0], np.float64)
        way = joints[:, PELVIS][:, [0, 2]]
        speed.append(float(np.linalg.norm(way[-1] - way[0])) * motion.fps / len(way))
        ahead.append(float((joints[:, schema.J["head_center"], 0] - joints[:, PELVIS, 0]).mean()))
    return float(np.mean(speed)), float(np.mean(ahead))


def test_an_adapter_does_more_the_more_there_is_of_it() -> None:
    """Somebody tired is bent; somebody in a hurry is quick."""
    plain = walks("")
    bent = [walks(f"style={w}")[1] for w in (0.5, 1.0)]
    assert plain[1] < bent[0] < bent[1]
    quick = [walks(f"timing={w}")[0] for w in (0.5, 1.0)]
    assert plain[0] < quick[0] < quick[1]


def test_adapters_are_small_found_by_name_and_of_this_model() -> None:
    for name, folder in (("style", STYLE), ("timing", TIMING)):
        assert adapters.find(name) == folder
        assert sum(p.stat().st_size for p in folder.iterdir()) < 1_000_000
        assert not list(folder.glob("training.*"))
    with pytest.raises(UsageError, match=r"no adapter is called 'stile'.*style.*timing"):
        SmallGenerator(lora="stile=1")


def test_an_adapter_of_another_model_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("stickgen.llm", reason="the planner is not installed")
    other = tmp_path / "style"
    shutil.copytree(STYLE, other)
    config = json.loads((other / "config.json").read_text("utf-8"))
    config["bases"] = ["0123456789abcdef"]
    (other / "config.json").write_text(json.dumps(config), "utf-8")
    with pytest.raises(SourceError, match="made for the model 0123456789abcdef"):
        SmallGenerator(lora=f"{other}=0.5")
    out = tmp_path / "a.motion"
    run = ["generate", "A person walks", "--generator", "small", "-o", str(out), "-q"]
    assert main([*run, "--lora", f"{other}=0.5"]) == 4
    assert "train the adapter again from this model" in capsys.readouterr().err
    assert not out.exists()


def test_without_adapters_nothing_is_changed() -> None:
    weights = {"pose.weight": np.ones((4, 4), np.float32)}
    adapters.fold(weights, {}, "")
    np.testing.assert_array_equal(weights["pose.weight"], np.ones((4, 4)))


# -- pictures -------------------------------------------------------------------------------------


def drawn(folder: Path) -> list[tuple[str, np.ndarray, str]]:
    """Return files of pictures of poses, the poses and the cameras they are seen from."""
    from PIL import Image

    from stickgen.core.types import CameraTrack, Motion, RenderOptions, Scene

    maker = registries.generators.create("procedural")
    painter = registries.renderers.create("pillow")
    out = []
    for i, name in enumerate(("wave", "crouch", "kick", "sit", "punch", "bow", "clap", "run")):
        rng = np.random.default_rng([5, i])
        motion = maker.generate(Beat((0,), name, seconds=1.2), [ActorState()], rng)
        joints = np.asarray(motion.joints[18, 0], np.float64)
        joints = joints - joints[PELVIS] * (1.0, 0.0, 1.0)
        yaw = rng.uniform(-np.pi, np.pi)
        camera = np.array([3.4 * np.sin(yaw), 1.3, 3.4 * np.cos(yaw), 0.0, 0.85, 0.0, 40.0])
        one = Motion.from_joints(joints[None, None])
        track = CameraTrack(camera[None, 0:3], camera[None, 3:6], camera[None, 6], np.zeros(1))
        options = RenderOptions(width=160, height=160, transparent=True, theme="light")
        drawing = painter.open(Scene(one, camera=track), options)
        frame = np.asarray(drawing.frame(0))
        if drawing.pixel_format == "bgra":
            frame = frame[..., [2, 1, 0, 3]]
        path = folder / f"{name}.png"
        Image.fromarray(np.ascontiguousarray(frame)).save(path)
        out.append((str(path), joints, ",".join(f"{v:.4f}" for v in camera)))
    return out


def off(got: np.ndarray, true: np.ndarray) -> float:
    return float(np.linalg.norm((got - got[PELVIS]) - (true - true[PELVIS]), axis=-1).mean())


def test_a_motion_begins_nearer_to_its_picture_than_by_words_alone(tmp_path: Path) -> None:
    pytest.importorskip("stickgen.render", reason="the renderers are not installed")
    alone, shown = [], []
    for path, joints, camera in drawn(tmp_path):
        for given, into in (({}, alone), ({"image": path, "image_camera": camera}, shown)):
            maker = SmallGenerator(phases="refine", **given)
            rng = np.random.default_rng(3)
            motion = maker.generate(Beat((0,), Path(path).stem, seconds=0.6), [ActorState()], rng)
            into.append(off(np.asarray(motion.joints[0, 0], np.float64), joints))
    assert np.mean(shown) < 0.7 * np.mean(alone)
    assert np.mean(np.array(shown) < np.array(alone)) >= 0.75


def test_the_first_frame_is_the_pose_that_was_read(tmp_path: Path) -> None:
    pytest.importorskip("stickgen.render", reason="the renderers are not installed")
    path, _, camera = drawn(tmp_path)[0]
    pose = picture_pose.PoseReader(POSES).read(Path(path), picture_pose.camera_of(camera))
    bones = np.linalg.norm(pose[1:] - pose[list(schema.PARENTS[1:])], axis=-1)
    np.testing.assert_allclose(bones, Body().lengths[1:], atol=1e-6)
    out = tmp_path / "a.motion"
    run = ["generate", "A person waves", "--generator", "small", "-o", str(out), "-q"]
    assert main([*run, "--duration", "1", "--image", path, "--image-camera", camera]) == 0
    first = np.asarray(read_motion(out).motion.joints[0, 0], np.float64)
    # the stage has turned the actor
    facing = features.turn(first, -float(ops.heading(first)))
    assert off(facing, pose) < 0.005


def test_pictures_and_cameras_that_say_nothing_are_one_sentence(tmp_path: Path) -> None:
    pytest.importorskip("PIL", reason="Pillow is not installed")
    (tmp_path / "torn.png").write_bytes(b"\x89PNG no more")
    with pytest.raises(SourceError, match="cannot be read as a picture"):
        SmallGenerator(image=tmp_path / "torn.png")
    for text, told in (
        ("1,2,3", "not seven numbers"),
        ("0,1,0,0,1,0,45", "sees nothing"),
        ("0,1,3,0,1,0,0", "sees nothing"),
    ):
        with pytest.raises(UsageError, match=told):
            SmallGenerator(image=tmp_path / "torn.png", image_camera=text)
    with pytest.raises(SourceError, match="not a reader of poses"):
        picture_pose.PoseReader(FOLDER)


def test_without_a_reader_it_is_said_what_brings_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_pose, "entry_points", lambda **_: ())
    with pytest.raises(PluginError, match="pip install stickgen-model-small"):
        picture_pose.find()
