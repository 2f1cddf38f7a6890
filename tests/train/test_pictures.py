"""Pictures as a condition: the encoders, the fusions and the model that looks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from stickgen.core import picture_pose as reading
from stickgen.core import registries
from stickgen.core.cli.main import main
from stickgen.core.errors import UsageError
from stickgen.core.features import DIM
from stickgen.core.sampling import NO_LABEL
from stickgen.core.types import ActorState, Beat
from stickgen.train import checkpoint, corpus, picture_pose, pictures
from stickgen.train.model import VARIANTS, Conditions, ModelConfig, MotionTransformer, parameters
from stickgen.train.settings import Settings
from stickgen.train.training import Trainer

TINY = ModelConfig(
    width=32, layers=1, heads=2, hidden=48, text_dim=16, image="lightweight_cnn", image_dim=24
)

ENCODERS = {"lightweight_cnn": 2.1, "resnet": 11.7, "mini_vit": 7.9}
FUSIONS = ("concat", "gated", "film", "cross_attention")


def size(module: torch.nn.Module) -> float:
    return sum(p.numel() for p in module.parameters()) / 1e6


@pytest.mark.parametrize(("name", "millions"), ENCODERS.items())
def test_image_encoders_are_as_large_as_they_say(name: str, millions: float) -> None:
    with torch.device("meta"):
        module = registries.image_encoders.create(name).build(1024)
    assert size(module) == pytest.approx(millions, rel=0.02)


@pytest.mark.parametrize("name", ENCODERS)
def test_a_picture_becomes_one_vector_whatever_is_beside_it(name: str) -> None:
    torch.manual_seed(0)
    module = registries.image_encoders.create(name).build(48).eval()
    seen = torch.rand(2, 3, 64, 64)
    with torch.no_grad():
        both = module(seen)
        assert both.shape == (2, 48)
        torch.testing.assert_close(module.train()(seen[:1]), both[:1], atol=1e-4, rtol=1e-4)
        assert (both[0] - both[1]).abs().max() > 1e-4
        # an oblong picture of another size will do
        assert torch.isfinite(module(torch.rand(1, 3, 48, 96))).all()


@pytest.mark.parametrize("name", FUSIONS)
def test_a_fusion_joins_all_three(name: str) -> None:
    torch.manual_seed(0)
    module = registries.fusions.create(name).build(16, 24, 7).eval()
    for p in module.parameters():
        torch.nn.init.normal_(p, std=0.3)
    text, image, camera = torch.randn(3, 16), torch.randn(3, 24), torch.randn(3, 7)
    with torch.no_grad():
        out = module(text, image, camera)
        assert out.shape == text.shape
        for changed in (
            module(text + 1.0, image, camera),
            module(text, image.flip(1), camera),
            module(text, image, camera + 1.0),
        ):
            assert (changed - out).abs().max() > 1e-3


def test_film_leaves_the_text_as_it_is_at_first() -> None:
    config = replace(TINY, fusion="film")
    module = MotionTransformer(config).fusion
    assert module is not None
    text = torch.randn(3, 16)
    torch.testing.assert_close(module(text, torch.randn(3, 24), torch.randn(3, 7)), text)


@pytest.mark.parametrize(
    ("variant", "image", "fusion", "millions"),
    [
        ("small", "lightweight_cnn", "gated", 11.7),
        ("medium", "lightweight_cnn", "gated", 25.1),
        ("large", "resnet", "cross_attention", 71.3),
    ],
)
def test_models_that_look_are_as_large_as_they_say(
    variant: str, image: str, fusion: str, millions: float
) -> None:
    with torch.device("meta"):
        model = MotionTransformer(replace(VARIANTS[variant], image=image, fusion=fusion))
    assert parameters(model) / 1e6 == pytest.approx(millions, rel=0.03)


def conditions(frames: int = 16) -> Conditions:
    return Conditions(
        tokens=torch.zeros(2, 3, 16), token_mask=torch.ones(2, 3, dtype=torch.bool),
        pooled=torch.ones(2, 16), actions=torch.full((2, frames), NO_LABEL),
        overlay=torch.full((2, frames), NO_LABEL), seconds=torch.ones(2),
        source=torch.ones(2, dtype=torch.long),
    )  # fmt: skip


@pytest.mark.parametrize("fusion", FUSIONS)
def test_the_picture_is_seen_and_may_be_missing(fusion: str) -> None:
    torch.manual_seed(0)
    model = MotionTransformer(replace(TINY, fusion=fusion)).eval()
    for p in model.parameters():
        torch.nn.init.normal_(p, std=0.2)
    seen, place = torch.rand(2, 3, 32, 32), torch.tensor([[0.0, 1, 3, 0, 1, 0, 45]]).repeat(2, 1)
    with torch.no_grad():
        plain = model.hear(conditions()).whole
        image, camera = model.look(seen, place)
        with_picture = model.hear(replace(conditions(), image=image, image_camera=camera)).whole
        assert (with_picture - plain).abs().max() > 1e-3
        moved = camera + 1.0
        other = model.hear(replace(conditions(), image=image, image_camera=moved)).whole
        assert (other - with_picture).abs().max() > 1e-4
        camera = camera.clone()
        camera[0] = float("nan")
        half = model.hear(replace(conditions(), image=image, image_camera=camera)).whole
    torch.testing.assert_close(half[0], plain[0])
    torch.testing.assert_close(half[1], with_picture[1])


def test_a_model_without_eyes_says_so() -> None:
    model = MotionTransformer(replace(TINY, image=None))
    with pytest.raises(UsageError, match="does not look at pictures"):
        model.look(torch.rand(1, 3, 32, 32), torch.zeros(1, 7))


# -- drawing and training -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def data(tiny_corpus: corpus.Corpus) -> corpus.Corpus:
    return tiny_corpus


def test_a_picture_shows_the_figure_from_where_its_camera_stands() -> None:
    pytest.importorskip("stickgen.render", reason="the renderers are not installed")
    from stickgen.core import schema

    maker = registries.generators.create("procedural")
    beat = Beat((0,), "point", seconds=1.0)
    motion = maker.generate(beat, [ActorState()], np.random.default_rng(0))
    joints = np.asarray(motion.joints[15, 0], np.float64)
    for seed in range(4):
        place = pictures.camera(joints, np.random.default_rng(seed))
        shown = pictures.draw(joints[None], place[None], 96)[0]
        ink = np.argwhere(shown.min(axis=-1) < 128)
        assert len(ink) > 40
        # the whole figure is in the picture, and its middle is where the camera looks
        assert ink.min() > 0
        assert ink.max() < 95
        position, target, fov = place[:3], place[3:6], place[6]
        ahead = (target - position) / np.linalg.norm(target - position)
        right = np.cross(ahead, (0.0, 1.0, 0.0))
        right /= np.linalg.norm(right)
        up = np.cross(right, ahead)
        ray = joints[schema.J["head_center"]] - position
        focal = 48 / np.tan(np.radians(fov) / 2)
        column = 48 + focal * (ray @ right) / (ray @ ahead)
        row = 48 - focal * (ray @ up) / (ray @ ahead)
        assert np.abs(ink - (row, column)).max(axis=1).min() < 6


def test_pictures_do_not_show_the_pose_before() -> None:
    """Poses drawn together look as each does by itself."""
    pytest.importorskip("stickgen.render", reason="the renderers are not installed")
    maker = registries.generators.create("procedural")
    joints = np.stack([
        np.asarray(
            maker.generate(Beat((0,), name, seconds=1.0), [ActorState()], np.random.default_rng(0))
            .joints[12, 0], np.float64,
        )
        for name in ("jump", "crouch", "cartwheel")
    ])  # fmt: skip
    places = np.tile(np.array([0.0, 1.2, 3.6, 0.0, 0.9, 0.0, 45.0], np.float32), (3, 1))
    together = pictures.draw(joints, places, 64).astype(int)
    alone = np.concatenate([pictures.draw(j[None], places[:1], 64) for j in joints])
    # a face may look another way
    assert (np.abs(together - alone).max(axis=-1) > 60).sum(axis=(1, 2)).max() < 12


def test_what_numpy_reads_is_what_was_trained(tmp_path: Path) -> None:
    torch.manual_seed(0)
    net = picture_pose.PoseNet(32)
    picture_pose.save(tmp_path / "reader", net.state_dict(), Settings(picture_size=32), 1, 0.1)
    reader = reading.PoseReader(tmp_path / "reader")
    rng = np.random.default_rng(0)
    seen = rng.random((3, 32, 32), np.float32)
    camera = reading.camera_of(reading.SIDE_VIEW)
    told = reading.told_of(camera)
    net.load_state_dict({n: v.half().float() for n, v in net.state_dict().items()})
    with torch.no_grad():
        wanted = net(torch.from_numpy(seen)[None], torch.from_numpy(told)[None])[0].numpy()
    np.testing.assert_allclose(reader._say(seen, told), wanted, atol=1e-4)
    # what the network says and the joints are one another's inverse
    joints = rng.normal(0.5, 1.0, (16, 3))
    np.testing.assert_allclose(reading.placed(reading.seen_from(joints, camera), camera), joints)


def test_a_mirrored_picture_is_the_picture_of_the_mirrored_pose() -> None:
    pytest.importorskip("stickgen.render", reason="the renderers are not installed")
    maker = registries.generators.create("procedural")
    motion = maker.generate(
        Beat((0,), "wave", seconds=1.0), [ActorState()], np.random.default_rng(0)
    )
    joints = np.asarray(motion.joints[15], np.float64)
    place = pictures.camera(joints[0], np.random.default_rng(2))[None]
    shown = pictures.draw(joints, place, 64)
    flipped, body, camera = picture_pose.mirrored(shown, joints, place)
    again = pictures.draw(body, camera, 64)
    dark = (flipped[0].min(-1) < 100), (again[0].min(-1) < 100)
    assert (dark[0] & dark[1]).sum() > 0.8 * (dark[0] | dark[1]).sum()


def test_a_model_may_begin_from_one_without_eyes(data: corpus.Corpus, tmp_path: Path) -> None:
    pytest.importorskip("stickgen.render", reason="the renderers are not installed")
    blind = Settings(
        steps=1, tokens=16, windows={16: 1.0}, validate_every=0, shares={"procedural": 1.0}
    )
    base = Trainer(blind, data, tmp_path / "blind", config=replace(TINY, image=None))
    base.save()
    looks = replace(blind, stage="sft", image="lightweight_cnn", picture_size=32)
    trainer = Trainer(
        looks, data, tmp_path / "looks", config=replace(TINY, image=None),
        init_from=tmp_path / "blind" / "latest",
    )  # fmt: skip
    mine, theirs = trainer.model.state_dict(), base.model.state_dict()
    assert all(torch.equal(mine[name], value) for name, value in theirs.items())
    assert np.isfinite(trainer.advance()["total"])


def test_pictures_the_trainer_shows_belong_to_the_first_pose(data: corpus.Corpus) -> None:
    """They come from a batch's own features: a mirrored or turned window has its own picture."""
    from stickgen.core import features

    batch = data.batch([0, 1, 2], 16, np.random.default_rng(3))
    joints = pictures.first_poses(batch.features)
    assert joints.shape == (3, 16, 3)
    wanted, _ = features.decode(batch.features[1])
    np.testing.assert_allclose(joints[1], wanted[0], atol=1e-6)
    assert batch.features.shape[-1] == DIM


# -- generating -----------------------------------------------------------------------------------


def saved(folder: Path, image: str | None) -> Path:
    """Return a checkpoint that looks at pictures or does not, with a reader of poses beside it."""
    torch.manual_seed(0)
    dim = registries.text_encoders.create("hash").dim
    model = MotionTransformer(replace(TINY, image=image, text_dim=dim))
    for p in model.parameters():
        torch.nn.init.normal_(p, std=0.15)
    zeros, ones = np.zeros(DIM, np.float32), np.ones(DIM, np.float32)
    config = checkpoint.describe(
        model, zeros, ones, text_encoder="hash", training={"settings": {"picture_size": 32}}
    )
    checkpoint.save(folder, config, model.state_dict())
    net = picture_pose.PoseNet(32)
    picture_pose.save(folder / "picture", net.state_dict(), Settings(picture_size=32), 1, 0.1)
    return folder


def pictured(folder: Path) -> tuple[Path, Path]:
    from PIL import Image

    for name, colour in (("a", (0, 0, 0, 255)), ("b", (250, 30, 40, 120))):
        Image.new("RGBA", (40, 60), colour).save(folder / f"{name}.png")
    return folder / "a.png", folder / "b.png"


@pytest.mark.parametrize("eyes", ["lightweight_cnn", None])
def test_the_first_motion_depends_on_the_picture_and_its_camera(
    eyes: str | None, tmp_path: Path
) -> None:
    from stickgen.train.generator import DualPhaseGenerator

    model = saved(tmp_path / "model", eyes)
    one, two = pictured(tmp_path)
    begin = [ActorState()]

    def frames(states: list[ActorState] = begin, **settings: object) -> np.ndarray:
        maker = DualPhaseGenerator(model, phases="refine", steps=2, **settings)  # type: ignore[arg-type]
        return maker.generate(
            Beat((0,), "wave", seconds=0.6), states, np.random.default_rng(0)
        ).joints

    shown = frames(image=one)
    np.testing.assert_array_equal(frames(image=one), shown)
    for other in (
        frames(),
        frames(image=two),
        frames(image=one, image_camera="3,1.5,0,0,1,0,45"),
    ):
        assert np.abs(other - shown).max() > 1e-3
    # the first frame is the pose that was read
    place = reading.camera_of(reading.SIDE_VIEW)
    pose = reading.PoseReader(model / "picture").read(one, place)
    np.testing.assert_allclose(shown[0, 0], pose, atol=1e-4)
    # a body that is already somewhere goes on from there
    on = [ActorState(pose=pose)]
    np.testing.assert_array_equal(frames(on, image=one), frames(on))


def test_pictures_that_cannot_be_seen_are_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    picture, _ = pictured(tmp_path)
    (tmp_path / "torn.png").write_bytes(picture.read_bytes()[:40])
    monkeypatch.setenv("STICKGEN_CHECKPOINT", str(saved(tmp_path / "looks", None)))
    out = str(tmp_path / "a.motion")
    for name, more, code, told in (
        ("torn.png", (), 4, "cannot be read as a picture"),
        ("none.png", (), 4, "cannot be read as a picture"),
        ("a.png", ("--image-camera", "1,2,3"), 2, "is not seven numbers"),
    ):
        given = ["generate", "A person walks", "--generator", "dual-phase", "-o", out, "-q"]
        assert main([*given, "--image", str(tmp_path / name), *more]) == code
        assert told in capsys.readouterr().err
    assert not Path(out).exists()
