"""From a prompt to a file: plan, perform, draw. Names of plugins only, never their classes.

**Contents**
    - `plan`: prompt -> `Script`, by a language-model backend.
    - `perform`: script -> `Scene`, by a stager that calls a generator beat by beat.
    - `export`: scene -> file, by the exporter that serves the suffix.
    - `generate`, `load`: the whole way in one call; both return an `Animation`.
"""

from __future__ import annotations

import dataclasses
import hashlib
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core import casting, hooks, inbetween, provenance, registries, wording
from stickgen.core.actions import ACTIONS, action
from stickgen.core.camera_moves import parse_moves
from stickgen.core.drawing import open_drawing
from stickgen.core.errors import PluginError, UsageError
from stickgen.core.storage import atomic_path, read_motion
from stickgen.core.types import Artifact, Beat, RenderOptions, Scene, Script

if TYPE_CHECKING:
    from stickgen.core.protocols import Drawing, Generator, Progress

PREFERRED_GENERATORS: Final = ("small", "procedural")
"""Together the default where both are installed, each beat by the first that does it well; else
the first of them that is; else any other.
"""

MAX_SECONDS: Final = 600.0
"""Longest animation a prompt may ask for, s."""

MAX_PIXELS: Final = 7680 * 4320
"""Largest picture, in pixels (8K)."""


def default_generator() -> str:
    """Return the name of the generator used when none is asked for."""
    installed = list(registries.generators)
    preferred = [name for name in PREFERRED_GENERATORS if name in installed]
    if preferred:
        return casting.SIGN.join(preferred)
    if installed:
        return installed[0]
    raise PluginError("no generator is installed; install one with: pip install stickgen")


def make_generator(name: str, **settings: object) -> Generator:
    """Return the generator called *name*; names joined by + are tried in order, beat by beat.

    *settings* are for the generator that takes such; `UsageError` where it does not, or where there
    is more than one.
    """
    names = name.split(casting.SIGN)
    if len(names) == 1:
        return registries.generators.create(name, **settings)
    if settings:
        raise UsageError(
            f"{' and '.join(settings)} belong to one model; name it, e.g. --generator small"
        )
    return casting.Casting([_member(each) for each in names], names)


def _member(name: str) -> Generator:
    own: dict[str, Any] = getattr(registries.generators.get(name), "in_casting", {})
    return registries.generators.create(name, **own)


def check_options(options: RenderOptions) -> RenderOptions:
    """Return *options* unchanged, or raise `UsageError` naming the one that cannot be."""
    if options.width < 16 or options.height < 16:
        raise UsageError(
            f"picture size {options.width}x{options.height} is too small; ask for at least 16x16"
        )
    if options.width * options.height > MAX_PIXELS:
        raise UsageError(
            f"picture size {options.width}x{options.height} is too large; the limit is 7680x4320"
        )
    if options.fps is not None and not 1 <= options.fps <= 240:
        raise UsageError(f"frame rate {options.fps:g} is out of range; ask for 1 to 240")
    if options.quality not in ("draft", "standard", "high"):
        raise UsageError(
            f"unknown quality {options.quality!r}; choose from draft, standard and high"
        )
    if isinstance(options.view, str) and options.view not in ("side", "front", "three-quarter"):
        raise UsageError(
            f"unknown view {options.view!r}; choose from side, front, three-quarter or degrees"
        )
    if options.theme not in ("auto", "light", "dark"):
        raise UsageError(f"unknown theme {options.theme!r}; choose from auto, light and dark")
    parse_moves(options.camera)
    if options.jobs < 0:
        raise UsageError(f"jobs is {options.jobs}; ask for 0 (automatic) or more")
    registries.styles.resolve(options.style)
    if options.renderer is not None:
        registries.renderers.resolve(options.renderer)
    return options


def plan(
    prompt: str, *, seed: int = 0, duration: float | None = None, planner: str = "rules"
) -> Script:
    """Return the story that *planner* makes of *prompt*; an empty prompt raises `UsageError`."""
    if not prompt.strip():
        raise UsageError('the prompt is empty; say what happens, e.g. "A person walks and waves"')
    if duration is not None and not 0 < duration <= MAX_SECONDS:
        raise UsageError(
            f"duration is {duration:g} s; ask for more than 0 and at most {MAX_SECONDS:g} s"
        )
    script = registries.llm_backends.create(planner).plan(prompt, seed=seed, duration=duration)
    hooks.manager().hook.stickgen_script_planned(prompt=prompt, script=script)
    return script


def perform(
    script: Script,
    *,
    seed: int = 0,
    fps: float = 25.0,
    generator: str | None = None,
    stager: str = "theatre",
    lora: Sequence[str] = (),
    image: str | None = None,
    image_camera: str | None = None,
    loop: bool = False,
    keyframes: str | Path | None = None,
) -> Scene:
    """Return the scene of *script*: every beat generated, joined and put on a stage.

    With *loop* its end leads back to its beginning. With *keyframes*, a ``.motion`` file, nothing
    is staged: the actors go through the poses of that file, each at its time, and the script says
    what they do between them and where it plays. See `stickgen.core.inbetween`.

    The scene's ``meta`` carries what is needed to make it again: prompt, seed, the names of the
    plugins used and the version; and, where several generators took part, which of them performed
    which actions (``performed``).
    """
    if not 1 <= fps <= 240:
        raise UsageError(f"frame rate {fps:g} is out of range; ask for 1 to 240")
    name = generator or default_generator()
    settings = {"lora": tuple(lora), "image": image, "image_camera": image_camera}
    maker = make_generator(name, **{key: value for key, value in settings.items() if value})
    rng = np.random.default_rng(seed)
    if keyframes is None:
        scene = registries.stagers.create(stager).stage(script, maker, rng, fps=fps)
    else:
        scene = _between_keys(script, Path(keyframes), maker, rng, fps)
    if loop:
        scene = _looped(scene, script, maker, rng)
    hooks.manager().hook.stickgen_motion_generated(prompt=script.prompt, motion=scene.motion)
    record = provenance.collect(
        prompt=script.prompt,
        seed=seed,
        generator=name,
        lora=list(lora) or None,
        image=image,
        image_camera=image_camera,
        loop=loop or None,
        keyframes=None if keyframes is None else str(keyframes),
        planner=script.planner,
        stager=stager,
        fps=fps,
        duration=script.duration,
        performed=dict(maker.performed) or None if isinstance(maker, casting.Casting) else None,
    )
    return dataclasses.replace(scene, meta={**scene.meta, **record})


def _between_keys(
    script: Script, path: Path, maker: Generator, rng: np.random.Generator, fps: float
) -> Scene:
    """Return the scene whose actors go through the poses of the ``.motion`` file *path*."""
    keys = read_motion(path).motion
    frames = None if script.duration is None else max(1, round(script.duration * fps))
    motion, keyed = inbetween.spread(keys, fps, frames)
    actions = np.array(motion.actions)
    texts = []
    for actor in range(motion.n_actors):
        own = [beat for beat in script.beats if actor % len(script.roles) in beat.actors]
        texts.append(_told(own))
        if own and not actions[:, actor].any():
            # poses without labels: what the words say, one beat after the other
            ends = np.cumsum([beat.seconds or action(beat.action).seconds for beat in own])
            at = np.arange(len(actions)) / len(actions) * ends[-1]
            rows = np.array([action(beat.action).index for beat in own])
            actions[:, actor] = rows[np.searchsorted(ends, at, side="right")]
    motion = dataclasses.replace(motion, actions=actions)
    motion, warnings = inbetween.fill(motion, keyed, texts, casting.filler(maker), rng)
    return Scene(
        motion, environment=script.environment, weather=script.weather, script=script,
        meta={"warnings": [*script.warnings, *warnings]},
    )  # fmt: skip


def _looped(scene: Scene, script: Script, maker: Generator, rng: np.random.Generator) -> Scene:
    last = [ACTIONS[i].name for i in scene.motion.actions[-1]]
    texts = [
        _told([beat for beat in script.beats if actor in beat.actors][-1:])
        for actor in range(scene.motion.n_actors)
    ]
    motion, warnings = inbetween.looped(scene.motion, texts, casting.filler(maker, set(last)), rng)
    told = [*scene.meta.get("warnings", ()), *warnings]
    return dataclasses.replace(scene, motion=motion, meta={**scene.meta, "warnings": told})


def _told(beats: Sequence[Beat]) -> str:
    """Return what somebody does in *beats* as sentences."""
    return " ".join(wording.sentence(beat) for beat in beats) or "A person stands still."


def export(
    scene: Scene,
    path: str | Path,
    options: RenderOptions | None = None,
    *,
    progress: Progress | None = None,
) -> Artifact:
    """Write *scene* to *path* by the exporter that serves its suffix and return what was written.

    The file appears complete or not at all. Raises `OutputError` when it exists (unless
    ``options.force``) or its place cannot be written, `PluginError` for a suffix nobody serves.
    """
    options = check_options(options or RenderOptions())
    path = Path(path)
    _, factory = registries.exporter_for(path)
    exporter = factory()
    with atomic_path(path, force=options.force) as temporary:
        exporter.write(scene, temporary, options, progress)
    artifact = _describe(path, exporter.media_type, scene.meta)
    hooks.manager().hook.stickgen_artifact_written(artifact=artifact)
    return artifact


def _describe(path: Path, media_type: str, record: Mapping[str, Any]) -> Artifact:
    """Return the artifact at *path*; a numbered sequence is described by its pieces in order."""
    pieces = [path] if path.exists() else sorted(path.parent.glob(_as_glob(path.name)))
    digest = hashlib.sha256()
    size = 0
    for piece in pieces:
        size += piece.stat().st_size
        with piece.open("rb") as handle:
            while block := handle.read(1 << 20):
                digest.update(block)
    return Artifact(path, media_type, digest.hexdigest(), size, dict(record))


def _as_glob(name: str) -> str:
    import re

    return re.sub(r"%0?\d*d", "*", name)


@dataclass(frozen=True, eq=False)
class Animation:
    """A scene and how it is to be drawn: ``generate("…", seed=7).save("a.mp4")``."""

    scene: Scene
    options: RenderOptions = field(default_factory=RenderOptions)

    @property
    def seed(self) -> int | None:
        """The seed that makes this animation again, if it was generated."""
        seed = self.scene.meta.get("seed")
        return None if seed is None else int(seed)

    @property
    def script(self) -> Script | None:
        """The story, if there is one."""
        return self.scene.script

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person should know: unknown verbs, actions a generator has not got."""
        own = self.scene.script.warnings if self.scene.script else ()
        return tuple(dict.fromkeys((*own, *self.scene.meta.get("warnings", ()))))

    @property
    def joints(self) -> NDArray[np.float32]:
        """Joints ``[T, A, 16, 3]`` in metres."""
        return self.scene.motion.joints

    def with_(self, **options: Any) -> Animation:
        """Return the same animation drawn otherwise: any field of `RenderOptions` by name."""
        known = {each.name for each in dataclasses.fields(RenderOptions)}
        for name in options:
            if name not in known:
                raise UsageError(f"unknown option {name!r}; there are: {', '.join(sorted(known))}")
        return Animation(self.scene, check_options(dataclasses.replace(self.options, **options)))

    def save(
        self, path: str | Path, *, progress: Progress | None = None, **options: Any
    ) -> Artifact:
        """Write the animation; the suffix of *path* chooses the format."""
        return export(self.scene, path, self.with_(**options).options, progress=progress)

    def drawing(self, **options: Any) -> Drawing:
        """Return the pictures, to be asked for one at a time and in any order."""
        return open_drawing(self.scene, self.with_(**options).options)

    def frame(self, seconds: float = 0.0, **options: Any) -> NDArray[np.uint8]:
        """Return the picture at *seconds* as RGBA uint8 ``[H, W, 4]``."""
        drawing = self.drawing(**options)
        index = min(max(round(seconds * self.scene.motion.fps), 0), len(drawing) - 1)
        return _rgba(drawing, index)

    def frames(self, **options: Any) -> Iterator[NDArray[np.uint8]]:
        """Yield every picture as RGBA uint8 ``[H, W, 4]``."""
        drawing = self.drawing(**options)
        for index in range(len(drawing)):
            yield _rgba(drawing, index)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        """Show a player in a notebook, and a still where players are not allowed."""
        import base64
        import html
        import tempfile

        player = "html" in registries.exporters
        small = self.with_(width=640, height=360, quality="draft", captions=True, transparent=False)
        bundle: dict[str, Any] = {}
        with tempfile.TemporaryDirectory(prefix="stickgen-") as folder:
            still = small.save(Path(folder) / "still.png").path.read_bytes()
            bundle["image/png"] = base64.b64encode(still).decode("ascii")
            artifact = small.save(Path(folder) / ("clip.html" if player else "clip.mp4"))
            data = artifact.path.read_bytes()
        if player:
            page = html.escape(data.decode("utf-8"), quote=True)
            bundle["text/html"] = (
                f'<iframe srcdoc="{page}" title="stickgen player" allow="fullscreen"'
                ' style="width:100%;max-width:960px;aspect-ratio:16/10;border:0"></iframe>'
            )
        else:
            video = base64.b64encode(data).decode("ascii")
            bundle["text/html"] = (
                '<video controls loop autoplay muted width="640"'
                f' src="data:video/mp4;base64,{video}"></video>'
            )
        bundle["text/plain"] = repr(self)
        return bundle

    def __repr__(self) -> str:
        motion = self.scene.motion
        prompt = self.scene.meta.get("prompt")
        return (
            f"<Animation {prompt!r}: {motion.n_actors} actors, {motion.seconds:.2f} s at"
            f" {motion.fps:g} fps, seed {self.seed}>"
        )


def _rgba(drawing: Drawing, index: int) -> NDArray[np.uint8]:
    picture = drawing.frame(index)
    if drawing.pixel_format == "bgra":
        picture = picture[..., [2, 1, 0, 3]]
    return np.array(picture)


def generate(
    prompt: str,
    *,
    seed: int | None = None,
    duration: float | None = None,
    fps: float = 25.0,
    planner: str = "rules",
    generator: str | None = None,
    stager: str = "theatre",
    lora: Sequence[str] = (),
    image: str | None = None,
    image_camera: str | None = None,
    loop: bool = False,
    keyframes: str | Path | None = None,
    **options: Any,
) -> Animation:
    """Return the animation of *prompt*.

    Args:
        prompt: what happens, in plain English.
        seed: makes the result reproducible; None draws one, kept in ``Animation.seed``.
        duration: seconds; None leaves it to the planner (10 s when the prompt says nothing).
        fps: frame rate of the motion.
        planner: name of the LLM backend.
        generator: name of the generator; None takes the best that is installed.
        stager: name of the stager.
        lora: adapters to blend into the model, ``("style=0.7",)``.
        image: file of a picture to begin as, for a model that looks at pictures.
        image_camera: where its camera stood, ``"3,1.5,0,0,1,0,45"``.
        loop: let the end lead back to the beginning.
        keyframes: a ``.motion`` file of poses to go through, each at its time.
        options: fields of `RenderOptions`.

    Raises:
        UsageError: an argument cannot be.
        PluginError: a plugin is missing, broken or incompatible.
    """
    if seed is None:
        seed = secrets.randbelow(2**31)
    if not 0 <= seed < 2**63:
        raise UsageError(f"seed is {seed}; ask for 0 or more")
    blank = RenderOptions()
    script = plan(prompt, seed=seed, duration=duration, planner=planner)
    if keyframes is not None and duration is None:
        script = dataclasses.replace(script, duration=None)
    scene = perform(
        script, seed=seed, fps=fps, generator=generator, stager=stager, lora=lora, image=image,
        image_camera=image_camera, loop=loop, keyframes=keyframes,
    )  # fmt: skip
    return Animation(scene, blank).with_(**options) if options else Animation(scene, blank)


def scene_of_clip(store: str | Path, clip_id: str | None = None) -> Scene:
    """Return the scene of one clip of a store; *clip_id* may be left out when there is only one."""
    from stickgen.core.storage import ClipStore

    clips = ClipStore(Path(store))
    if clip_id is None:
        ids = list(clips.clip_ids())
        if len(ids) != 1:
            few = ", ".join(ids[:5]) + (", …" if len(ids) > 5 else "")
            raise UsageError(f"{store} holds {len(ids)} clips; name one with --clip ({few})")
        clip_id = ids[0]
    clip = clips.clip(clip_id)
    record = {
        "prompt": clip.texts[0] if clip.texts else "",
        "clip_id": clip.clip_id,
        "source": clip.source,
        "licence": clip.licence,
    }
    return Scene(clip.motion, camera=clip.camera, meta=record)


def load(path: str | Path) -> Animation:
    """Return the animation stored in a ``.motion`` file."""
    return Animation(read_motion(Path(path)))
