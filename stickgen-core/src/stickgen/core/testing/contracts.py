"""What every plugin promises, as classes of tests to subclass (see `stickgen.core.testing`).

Common to all kinds: it is found through its entry point, it is made without arguments, it speaks
this core's ``api_version``, importing it does not import torch, the same input gives the same
result, what it is given stays as it was, and it reaches no network.
"""

from __future__ import annotations

import dataclasses
import importlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from numpy.typing import NDArray

from stickgen.core import protocols, registries
from stickgen.core.actions import ACTIONS, action
from stickgen.core.errors import SchemaError, SourceError, UsageError
from stickgen.core.registry import HERE, Registry
from stickgen.core.schema import DIM, J
from stickgen.core.testing.figures import StillGenerator, standing, tiny_motion
from stickgen.core.types import (
    ActorState,
    Beat,
    Clip,
    Motion,
    RenderOptions,
    Role,
    Scene,
    Script,
)

SMALL = RenderOptions(width=160, height=96, quality="draft", jobs=1)
"""A picture size at which every renderer is quick."""

_ACTION_NAMES = {row.name for row in ACTIONS}


def poisoned(motion: Motion) -> Motion:
    """Return a copy of *motion* with a number that is not finite, which no constructor lets in."""
    frames = np.array(motion.frames)
    frames[-1, 0, 3] = np.nan
    copy = dataclasses.replace(motion)
    object.__setattr__(copy, "frames", frames)
    return copy


def arrays(motion: Motion) -> dict[str, NDArray[Any]]:
    """Return copies of every array of *motion*, to compare with afterwards."""
    return {
        field.name: np.array(value)
        for field in dataclasses.fields(motion)
        if isinstance(value := getattr(motion, field.name), np.ndarray)
    }


def assert_same(before: Mapping[str, NDArray[Any]], after: Mapping[str, NDArray[Any]]) -> None:
    """Fail unless two results of `arrays` are equal, bit by bit."""
    assert before.keys() == after.keys()
    for name, array in before.items():
        np.testing.assert_array_equal(after[name], array, err_msg=name)


@pytest.mark.usefixtures("no_network")
@pytest.mark.filterwarnings("default::UserWarning")  # a plugin may say what it leaves out
class PluginContract:
    """What every kind of plugin promises.

    Set ``name`` to the name in the registry; ``config`` are the settings it is made with, nothing
    by default; ``may_import_torch`` is for plugins whose distribution depends on it.
    """

    registry: ClassVar[Registry[Any]]
    protocol: ClassVar[type]
    name: ClassVar[str]
    config: ClassVar[Mapping[str, object]] = {}
    may_import_torch: ClassVar[bool] = False

    def create(self) -> Any:
        """Return a new instance."""
        return self.registry.create(self.name, **self.config)

    def test_is_found_through_its_entry_point(self) -> None:
        assert self.registry.resolve(self.name).distribution != HERE

    def test_speaks_the_api_version_of_this_core(self) -> None:
        assert self.registry.api is not None
        low, high = self.registry.api
        assert low <= getattr(self.registry.get(self.name), "api_version", -1) <= high

    def test_is_made_without_arguments(self) -> None:
        instance = self.registry.create(self.name)
        missing = [
            attribute
            for attribute in sorted(getattr(self.protocol, "__protocol_attrs__", ()))
            if not hasattr(instance, attribute)
        ]
        assert not missing, f"{type(instance).__name__} lacks {', '.join(missing)}"
        assert isinstance(instance, self.protocol)

    def test_importing_it_imports_no_torch(self) -> None:
        if self.may_import_torch:
            return
        module = self.registry.resolve(self.name).value.partition(":")[0]
        done = subprocess.run(
            [sys.executable, "-c", f"import sys, {module}; sys.exit('torch' in sys.modules)"],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr or f"importing {module} imports torch"


class GeneratorContract(PluginContract):
    """A generator makes a motion for every beat, from where the actors are.

    ``actions`` are the actions that are tried.
    """

    registry = registries.generators
    protocol = protocols.Generator
    actions: ClassVar[Sequence[str]] = ("idle", "walk", "wave")

    def make(self, beat: Beat, *actors: ActorState, seed: int = 1, fps: float = 25.0) -> Motion:
        """Return what a new generator makes of *beat* for *actors*."""
        rng = np.random.default_rng(seed)
        motion = self.create().generate(beat, actors or (ActorState(),), rng, fps=fps)
        assert isinstance(motion, Motion)
        return motion

    @pytest.mark.parametrize("fps", [25.0, 30.0])
    def test_makes_as_long_a_motion_as_the_beat_asks_for(self, fps: float) -> None:
        for name in self.actions:
            motion = self.make(Beat((0,), name, seconds=2.0), fps=fps)
            assert motion.fps == fps
            assert motion.n_actors == 1
            assert abs(motion.n_frames - 2.0 * fps) <= 1
            assert motion.present.all()

    def test_chooses_a_length_where_the_beat_asks_for_none(self) -> None:
        for name in self.actions:
            assert self.make(Beat((0,), name)).seconds > 0.2

    def test_says_which_action_it_is(self) -> None:
        for name in self.actions:
            motion = self.make(Beat((0,), name, seconds=2.0))
            assert action(name).index in motion.actions

    def test_begins_where_the_actor_is(self) -> None:
        for name in self.actions:
            start = ActorState(position=(2.0, -1.0), heading=1.0)
            pelvis = self.make(Beat((0,), name, seconds=2.0), start).joints[
                0, 0, J["pelvis_center"]
            ]
            np.testing.assert_allclose(pelvis[[0, 2]], (2.0, -1.0), atol=0.15)

    def test_begins_in_the_pose_the_actor_has(self) -> None:
        pose = standing(x=2.0, z=-1.0)
        pose[J["l_wrist"]] += (0.15, 0.12, 0.0)
        state = ActorState(position=(2.0, -1.0), pose=pose, velocity=np.zeros_like(pose))
        for name in self.actions:
            first = self.make(Beat((0,), name, seconds=2.0), state).joints[0, 0]
            assert np.linalg.norm(first - pose, axis=-1).max() < 0.15

    def test_moves_as_many_actors_as_it_says(self) -> None:
        factory: Any = self.registry.get(self.name)
        count = min(2, int(factory.max_actors))
        assert count >= 1
        states = [ActorState(position=(1.5 * i, 0.0)) for i in range(count)]
        motion = self.make(Beat(tuple(range(count)), "idle", seconds=1.0), *states)
        assert motion.n_actors == count

    def test_the_same_seed_gives_the_same_motion(self) -> None:
        for name in self.actions:
            beat = Beat((0,), name, seconds=1.0)
            assert_same(arrays(self.make(beat, seed=3)), arrays(self.make(beat, seed=3)))

    def test_leaves_the_actors_as_they_were(self) -> None:
        pose, velocity = standing(), np.zeros((len(J), 3))
        state = ActorState(pose=pose, velocity=velocity)
        self.make(Beat((0,), "idle", seconds=1.0), state)
        np.testing.assert_array_equal(pose, standing())
        np.testing.assert_array_equal(velocity, 0.0)

    def test_refuses_an_actor_who_is_nowhere(self) -> None:
        with pytest.raises(SchemaError):
            self.make(Beat((0,), "idle", seconds=1.0), ActorState(position=(np.nan, 0.0)))


class RendererContract(PluginContract):
    """A renderer draws every frame of a scene, in any order."""

    registry = registries.renderers
    protocol = protocols.Renderer

    def draw(self, scene: Scene, options: RenderOptions = SMALL) -> list[NDArray[np.uint8]]:
        """Return a copy of every picture of *scene*."""
        drawing = self.create().open(scene, options)
        return [np.array(drawing.frame(index)) for index in range(len(drawing))]

    def test_draws_one_picture_a_frame(self, tiny_scene: Scene) -> None:
        drawing = self.create().open(tiny_scene, SMALL)
        assert drawing.pixel_format in ("bgra", "rgba")
        assert len(drawing) == tiny_scene.motion.n_frames
        picture = drawing.frame(0)
        assert picture.dtype == np.uint8
        assert picture.shape == (SMALL.height, SMALL.width, 4)

    def test_the_figure_is_in_the_picture_and_moves(self, tiny_scene: Scene) -> None:
        options = dataclasses.replace(SMALL, width=640, height=360)
        first, *_, last = self.draw(tiny_scene, options)
        assert len(np.unique(first.reshape(-1, 4), axis=0)) > 1
        assert (first != last).any()

    def test_pictures_may_be_asked_for_in_any_order(self, tiny_scene: Scene) -> None:
        in_order = self.draw(tiny_scene)
        drawing = self.create().open(tiny_scene, SMALL)
        for index in (2, 0, 1, 2):
            np.testing.assert_array_equal(drawing.frame(index), in_order[index])

    def test_the_same_scene_gives_the_same_pictures(self, tiny_scene: Scene) -> None:
        for one, two in zip(self.draw(tiny_scene), self.draw(tiny_scene), strict=True):
            np.testing.assert_array_equal(one, two)

    def test_leaves_the_scene_as_it_was(self, tiny_scene: Scene) -> None:
        before = arrays(tiny_scene.motion)
        self.draw(tiny_scene)
        assert_same(before, arrays(tiny_scene.motion))

    def test_refuses_a_motion_that_is_not_finite(self, tiny_scene: Scene) -> None:
        bad = dataclasses.replace(tiny_scene, motion=poisoned(tiny_scene.motion))
        with pytest.raises(SchemaError):
            self.draw(bad)


class ExporterContract(PluginContract):
    """An exporter writes a scene to the file it is told, and nothing else."""

    registry = registries.exporters
    protocol = protocols.Exporter

    @property
    def suffix(self) -> str:
        """The suffix it serves: its name without a distribution."""
        return self.name.rpartition(":")[2]

    def options(self) -> RenderOptions:
        """Return what it is asked for in these tests: small pictures."""
        return SMALL

    def write(self, scene: Scene, folder: Path, progress: Any = None) -> Path:
        """Return the file written of *scene* in the new folder *folder*."""
        folder.mkdir()
        path = folder / f"scene.{self.suffix}"
        self.create().write(scene, path, self.options(), progress)
        return path

    def test_names_its_media_type(self) -> None:
        factory: Any = self.registry.get(self.name)
        assert re.fullmatch(r"[a-z]+/[\w.+-]+", factory.media_type)

    def test_serves_its_suffix(self) -> None:
        assert registries.exporter_for(f"scene.{self.suffix}")[0] == self.suffix

    def test_writes_the_file_and_no_other(self, tiny_scene: Scene, tmp_path: Path) -> None:
        path = self.write(tiny_scene, tmp_path / "out")
        assert path.stat().st_size > 0
        assert list(path.parent.iterdir()) == [path]

    def test_the_same_scene_gives_the_same_bytes(self, tiny_scene: Scene, tmp_path: Path) -> None:
        one, two = (self.write(tiny_scene, tmp_path / name) for name in ("a", "b"))
        assert one.read_bytes() == two.read_bytes()

    def test_a_scene_with_one_actor_and_no_props(self, tmp_path: Path) -> None:
        assert self.write(Scene(tiny_motion()), tmp_path / "out").stat().st_size > 0

    def test_progress_goes_forward(self, tiny_scene: Scene, tmp_path: Path) -> None:
        seen: list[tuple[int, int]] = []
        self.write(tiny_scene, tmp_path / "out", lambda done, total: seen.append((done, total)))
        assert all(0 <= done <= total for done, total in seen)
        assert [done for done, _ in seen] == sorted(done for done, _ in seen)

    def test_progress_that_raises_cancels(self, tiny_scene: Scene, tmp_path: Path) -> None:
        called = False

        def cancel(done: int, total: int) -> None:
            nonlocal called
            called = True
            raise KeyboardInterrupt

        try:
            self.write(tiny_scene, tmp_path / "out", cancel)
        except KeyboardInterrupt:
            return
        assert not called, "progress raised, and the exporter went on"

    def test_leaves_the_scene_as_it_was(self, tiny_scene: Scene, tmp_path: Path) -> None:
        before = arrays(tiny_scene.motion)
        self.write(tiny_scene, tmp_path / "out")
        assert_same(before, arrays(tiny_scene.motion))

    def test_refuses_a_motion_that_is_not_finite(self, tiny_scene: Scene, tmp_path: Path) -> None:
        bad = dataclasses.replace(tiny_scene, motion=poisoned(tiny_scene.motion))
        with pytest.raises(SchemaError):
            self.write(bad, tmp_path / "out")


class ConverterContract(PluginContract):
    """A converter finds the files of a dataset and reads clips out of them, one file at a time.

    Override `sample` to lay a small dataset out.
    """

    registry = registries.converters
    protocol = protocols.Converter

    def sample(self, folder: Path) -> Path:
        """Write a small dataset into *folder* and return its root."""
        raise AssertionError(f"{type(self).__name__} must override sample(folder)")

    @pytest.fixture
    def root(self, tmp_path: Path) -> Path:
        folder = tmp_path / "dataset"
        folder.mkdir()
        return self.sample(folder)

    def read(self, root: Path) -> list[Clip]:
        """Return every clip under *root*."""
        converter = self.create()
        return [clip for path in converter.find(root) for clip in converter.read(path, root)]

    def test_says_whose_data_it_is(self) -> None:
        factory: Any = self.registry.get(self.name)
        for attribute in ("name", "licence", "citation", "layout"):
            assert str(getattr(factory, attribute)).strip(), attribute

    def test_finds_files_in_a_fixed_order(self, root: Path) -> None:
        found = self.create().find(root)
        assert found
        assert all(Path(path).is_file() for path in found)
        assert list(found) == list(self.create().find(root))

    def test_finds_nothing_in_an_empty_folder(self, tmp_path: Path) -> None:
        empty = tmp_path / "empty"
        empty.mkdir()
        assert len(self.create().find(empty)) == 0

    def test_reads_clips_one_by_one(self, root: Path) -> None:
        converter = self.create()
        clips = converter.read(converter.find(root)[0], root)
        assert isinstance(clips, Iterator)
        assert isinstance(next(clips), Clip)

    def test_clips_are_whole(self, root: Path) -> None:
        clips = self.read(root)
        assert clips
        for clip in clips:
            assert clip.motion.frames.dtype == np.float32
            assert clip.motion.frames.shape[2] == DIM
            assert np.isfinite(clip.motion.frames).all()
            assert clip.motion.fps > 0
            assert clip.clip_id
            assert clip.source
            assert clip.licence
        assert len({clip.clip_id for clip in clips}) == len(clips)

    def test_the_same_files_give_the_same_clips(self, root: Path) -> None:
        for one, two in zip(self.read(root), self.read(root), strict=True):
            assert one.clip_id == two.clip_id
            assert one.texts == two.texts
            assert_same(arrays(one.motion), arrays(two.motion))

    def test_leaves_the_files_as_they_were(self, root: Path) -> None:
        before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
        self.read(root)
        after = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
        assert before == after

    @pytest.mark.parametrize("damage", ["emptied", "noise", "cut short"])
    def test_a_bad_file_is_named(self, root: Path, damage: str) -> None:
        converter = self.create()
        path = Path(converter.find(root)[0])
        whole = path.read_bytes()
        noise = np.random.default_rng(0).bytes(4096)
        pieces = {"emptied": b"", "noise": noise, "cut short": whole[: len(whole) // 3]}
        path.write_bytes(pieces[damage])
        with pytest.raises(SourceError, match=path.name):
            list(converter.read(path, root))


class TextEncoderContract(PluginContract):
    """A text encoder turns sentences into unit vectors."""

    registry = registries.text_encoders
    protocol = protocols.TextEncoder
    sentences: ClassVar[Sequence[str]] = (
        "A person walks and waves",
        "Two friends play catch in the rain",
        "somebody jumps",
    )

    def test_one_unit_vector_a_sentence(self) -> None:
        encoder = self.create()
        vectors = encoder.encode(self.sentences)
        assert vectors.dtype == np.float32
        assert vectors.shape == (len(self.sentences), encoder.dim)
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-4)

    def test_one_vector_a_token(self) -> None:
        encoder = self.create()
        tokens = encoder.tokens(self.sentences[0])
        assert tokens.dtype == np.float32
        assert tokens.ndim == 2
        assert tokens.shape[1] == encoder.dim
        assert len(tokens) >= len(self.sentences[0].split())

    def test_no_sentences_no_vectors(self) -> None:
        encoder = self.create()
        assert encoder.encode([]).shape == (0, encoder.dim)

    def test_a_sentence_does_not_depend_on_its_neighbours(self) -> None:
        encoder = self.create()
        alone = encoder.encode(self.sentences[1:2])[0]
        np.testing.assert_allclose(encoder.encode(self.sentences)[1], alone, atol=1e-5)

    def test_the_same_sentence_gives_the_same_vector(self) -> None:
        one, two = (self.create().encode(self.sentences) for _ in range(2))
        np.testing.assert_array_equal(one, two)

    @pytest.mark.parametrize("text", ["", " ", "naïve 走る 🕺", "walk " * 2000])
    def test_any_text_gives_finite_numbers(self, text: str) -> None:
        encoder = self.create()
        assert np.isfinite(encoder.encode([text])).all()
        assert np.isfinite(encoder.tokens(text)).all()


class ImageEncoderContract(PluginContract):
    """An image encoder builds a torch module from pictures to features."""

    registry = registries.image_encoders
    protocol = protocols.ImageEncoder
    may_import_torch: ClassVar[bool] = True
    size: ClassVar[int] = 64
    """Pixels of the side of the pictures it is tried with."""

    def build(self, dim: int) -> Any:
        """Return its module with reproducible weights, not in training."""
        importlib.import_module("torch").manual_seed(0)
        return self.create().build(dim).eval()

    def pictures(self, count: int) -> Any:
        """Return *count* pictures ``[count, 3, size, size]``, 0-1."""
        values = np.random.default_rng(1).random((count, 3, self.size, self.size), np.float32)
        return importlib.import_module("torch").from_numpy(values)

    @pytest.mark.parametrize("dim", [16, 40])
    def test_as_many_features_as_are_asked_for(self, dim: int) -> None:
        out = self.build(dim)(self.pictures(2)).detach()
        assert tuple(out.shape) == (2, dim)
        assert np.isfinite(out.numpy()).all()

    def test_pictures_differ_and_do_not_depend_on_their_neighbours(self) -> None:
        module, seen = self.build(16), self.pictures(2)
        both = module(seen).detach().numpy()
        np.testing.assert_allclose(module(seen[1:]).detach().numpy()[0], both[1], atol=1e-4)
        assert np.abs(both[0] - both[1]).max() > 1e-6

    def test_it_can_be_trained(self) -> None:
        module = self.build(16)
        module(self.pictures(2)).square().mean().backward()
        gradients = [p.grad for p in module.parameters()]
        assert gradients
        assert all(g is not None and np.isfinite(g.numpy()).all() for g in gradients)


class FusionContract(PluginContract):
    """A fusion builds a torch module that joins text, picture and camera in the text's place."""

    registry = registries.fusions
    protocol = protocols.Fusion
    may_import_torch: ClassVar[bool] = True
    sizes: ClassVar[tuple[int, int, int]] = (32, 24, 7)
    """Numbers of text, picture and camera it is tried with."""

    def build(self) -> Any:
        """Return its module with reproducible weights, not in training."""
        importlib.import_module("torch").manual_seed(0)
        return self.create().build(*self.sizes).eval()

    def given(self) -> list[Any]:
        """Return text, image and camera of two clips."""
        rng, torch = np.random.default_rng(1), importlib.import_module("torch")
        return [torch.from_numpy(rng.standard_normal((2, size), np.float32)) for size in self.sizes]

    def test_one_vector_as_long_as_the_text(self) -> None:
        out = self.build()(*self.given()).detach()
        assert tuple(out.shape) == (2, self.sizes[0])
        assert np.isfinite(out.numpy()).all()

    def test_a_clip_does_not_depend_on_its_neighbours(self) -> None:
        module, given = self.build(), self.given()
        alone = module(*(part[1:] for part in given)).detach().numpy()
        np.testing.assert_allclose(module(*given).detach().numpy()[1], alone[0], atol=1e-5)

    def test_text_and_picture_are_heard_after_a_step_of_training(self) -> None:
        torch = importlib.import_module("torch")
        module = self.build()
        optimizer = torch.optim.SGD(module.parameters(), lr=0.1)
        for _ in range(3):
            (module(*self.given()) - 1.0).square().mean().backward()
            optimizer.step()
            optimizer.zero_grad()
        text, image, camera = self.given()
        before = module(text, image, camera).detach().numpy()
        for changed in (module(text + 1.0, image, camera), module(text, image + 1.0, camera)):
            assert np.abs(changed.detach().numpy() - before).max() > 1e-6


class LLMBackendContract(PluginContract):
    """A planner turns a prompt into a script that a stager can perform."""

    registry = registries.llm_backends
    protocol = protocols.LLMBackend
    prompts: ClassVar[Sequence[str]] = (
        "A person walks and waves",
        "Two people shake hands, then one jumps three times",
    )

    @staticmethod
    def check(script: Script) -> None:
        """Fail unless *script* can be performed."""
        assert isinstance(script, Script)
        assert script.roles
        assert script.beats
        for beat in script.beats:
            assert beat.actors
            assert all(0 <= actor < len(script.roles) for actor in beat.actors)
            assert beat.action in _ACTION_NAMES
            assert beat.overlay is None or beat.overlay in _ACTION_NAMES
            assert beat.seconds is None or beat.seconds > 0

    def test_plans_a_script(self) -> None:
        for prompt in self.prompts:
            script = self.create().plan(prompt)
            self.check(script)
            assert script.prompt == prompt

    def test_keeps_the_duration_asked_for(self) -> None:
        assert self.create().plan(self.prompts[0], duration=4.0).duration == 4.0

    def test_the_same_seed_gives_the_same_script(self) -> None:
        for prompt in self.prompts:
            assert self.create().plan(prompt, seed=5) == self.create().plan(prompt, seed=5)

    def test_refuses_an_empty_prompt(self) -> None:
        with pytest.raises(UsageError):
            self.create().plan("  ")

    @pytest.mark.parametrize("prompt", ["xyzzy", "歩く", "¿Quién?", "walks " * 2_000])
    def test_any_prompt_gives_a_script(self, prompt: str) -> None:
        self.check(self.create().plan(prompt))


class StagerContract(PluginContract):
    """A stager performs a script with whatever generator it is given."""

    registry = registries.stagers
    protocol = protocols.Stager
    script: ClassVar[Script] = Script(
        prompt="Ada walks and Bob waves",
        roles=(Role("Ada"), Role("Bob")),
        beats=(
            Beat((0,), "walk", seconds=1.0),
            Beat((1,), "wave", seconds=1.0, with_previous=True),
            Beat((0, 1), "idle", seconds=1.0),
        ),
        duration=2.0,
    )

    def stage(self, script: Script, seed: int = 1, fps: float = 25.0) -> Scene:
        """Return the scene of *script* performed by figures that stand still."""
        rng = np.random.default_rng(seed)
        scene = self.create().stage(script, StillGenerator(), rng, fps=fps)
        assert isinstance(scene, Scene)
        return scene

    def test_everybody_is_on_stage(self) -> None:
        assert self.stage(self.script).motion.n_actors == len(self.script.roles)

    @pytest.mark.parametrize("fps", [25.0, 30.0])
    def test_lasts_as_long_as_asked_for(self, fps: float) -> None:
        motion = self.stage(self.script, fps=fps).motion
        assert motion.fps == fps
        assert motion.n_frames == round(2.0 * fps)

    def test_performs_every_beat(self) -> None:
        motion = self.stage(self.script).motion
        for actor, name in ((0, "walk"), (1, "wave"), (0, "idle")):
            tracks = (motion.actions[:, actor], motion.overlay[:, actor])
            assert any(action(name).index in track for track in tracks), name

    def test_begins_where_the_script_says(self) -> None:
        roles = (Role("Ada", start=(2.0, -1.0), heading=0.0),)
        scene = self.stage(Script("stand", roles, (Beat((0,), "idle", seconds=1.0),)))
        pelvis = scene.motion.joints[0, 0, J["pelvis_center"]]
        np.testing.assert_allclose(pelvis[[0, 2]], (2.0, -1.0), atol=0.05)

    def test_the_same_seed_gives_the_same_scene(self) -> None:
        one, two = (self.stage(self.script, seed=9).motion for _ in range(2))
        assert_same(arrays(one), arrays(two))

    def test_refuses_an_actor_who_is_nowhere(self) -> None:
        roles = (Role("Ada", start=(float("nan"), 0.0)),)
        with pytest.raises(SchemaError):
            self.stage(Script("stand", roles, (Beat((0,), "idle", seconds=1.0),)))


class MetricContract(PluginContract):
    """A metric measures motions and returns named, finite figures.

    ``context`` is what `measure` is given beside the motions.
    """

    registry = registries.metrics
    protocol = protocols.Metric
    context: ClassVar[Mapping[str, Any]] = {}

    @staticmethod
    def motions() -> list[Motion]:
        """Return the motions that are measured."""
        return [tiny_motion(frames=50), tiny_motion(actors=2, frames=75)]

    def test_returns_named_figures(self) -> None:
        figures = self.create().measure(self.motions(), **self.context)
        assert figures
        for name, value in figures.items():
            assert isinstance(name, str)
            assert isinstance(value, float), name
            assert np.isfinite(value), name

    def test_the_same_motions_give_the_same_figures(self) -> None:
        one, two = (self.create().measure(self.motions(), **self.context) for _ in range(2))
        assert one == two

    def test_leaves_the_motions_as_they_were(self) -> None:
        motions = self.motions()
        before = [arrays(motion) for motion in motions]
        self.create().measure(motions, **self.context)
        for old, motion in zip(before, motions, strict=True):
            assert_same(old, arrays(motion))

    def test_refuses_a_motion_that_is_not_finite(self) -> None:
        with pytest.raises(SchemaError):
            self.create().measure([poisoned(m) for m in self.motions()], **self.context)
