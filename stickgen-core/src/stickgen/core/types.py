"""The frozen values that flow through stickgen: Script, Motion, Clip, Scene, Artifact.

**Conventions**
    T frames, A actors. Arrays are read-only; build a changed copy with `dataclasses.replace` or a
    function of `stickgen.core.ops`. Metres, seconds, y up (see `stickgen.core.schema`).

**Contents**
    - `Role`, `Beat`, `Script`: what a story planner writes.
    - `ActorState`: what a generator is told about a body before a beat.
    - `Motion`: what a generator or a converter returns.
    - `Clip`: one sample of a dataset, a motion with its words and its provenance.
    - `Look`, `Prop`, `Caption`, `CameraTrack`, `Scene`: what a renderer draws.
    - `RenderOptions`, `Artifact`: how it is asked to draw, and what came out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core import schema
from stickgen.core.actions import ACTIONS, NO_OVERLAY
from stickgen.core.errors import SchemaError

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

SCRIPT_VERSION: Final = 1
"""Version of the script format; raised when a field changes its meaning."""


def _frozen(array: NDArray[Any]) -> NDArray[Any]:
    """Return *array* as a read-only view of itself (copied only if it is someone else's buffer)."""
    view = array.view()
    view.flags.writeable = False
    return view


# -- story ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Role:
    """Somebody in the story.

    ``start`` is (x, z) on the ground in metres and ``heading`` the direction faced, in degrees
    counter-clockwise seen from above with 0 = +x and 90 = away from the viewer (-z); None leaves
    both to the stager. ``kind`` is human, robot, alien or animal.
    """

    name: str
    kind: str = "human"
    team: str | None = None
    colour: str | None = None
    start: tuple[float, float] | None = None
    heading: float | None = None


@dataclass(frozen=True, slots=True)
class Beat:
    """One thing that some of the roles do together.

    Beats follow one another; a beat with ``with_previous`` starts when the one before it starts.
    ``actors`` are indices into `Script.roles`; ``action`` and ``overlay`` are names of the action
    table; ``seconds`` and ``repetitions`` None mean "as long as is natural". ``direction`` is one
    of forward, backward, left, right, toward, away, in (onto the stage), out (off it), around (in a
    circle) or None; the last three are for the stager, which tells a generator the way. ``target``
    is an index into the roles or the name of a prop. ``speed`` multiplies the action's default
    speed, ``intensity`` (0-2, 1 = normal) scales its amplitude. ``style`` is neutral, happy, sad,
    angry, tired, proud, sneaky, old, drunk or scared. ``hand`` is left, right or None. ``line`` is
    what is said.
    """

    actors: tuple[int, ...]
    action: str
    overlay: str | None = None
    seconds: float | None = None
    repetitions: int | None = None
    with_previous: bool = False
    direction: str | None = None
    target: int | str | None = None
    speed: float = 1.0
    intensity: float = 1.0
    style: str = "neutral"
    hand: str | None = None
    line: str | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """A planned story: who is in it, where it plays, and what happens in which order.

    ``warnings`` are sentences the planner wants a person to read (an unknown verb, say).
    ``duration`` is the wanted length in seconds, None for as long as the beats take.
    """

    prompt: str
    roles: tuple[Role, ...]
    beats: tuple[Beat, ...]
    title: str | None = None
    environment: str = "earth_normal"
    weather: str | None = None
    mood: str | None = None
    props: tuple[str, ...] = ()
    camera: tuple[str, ...] = ()
    duration: float | None = None
    planner: str = ""
    warnings: tuple[str, ...] = ()
    version: int = SCRIPT_VERSION


@dataclass(frozen=True, slots=True)
class ActorState:
    """Where a body is and how it moves just before a beat.

    ``position`` is the pelvis over the ground (x, z) in metres, ``heading`` the direction faced in
    radians, counter-clockwise seen from above with 0 = +x. ``pose`` ``[16, 3]`` holds the world
    joints of the last frame and ``velocity`` ``[16, 3]`` their m/s, or None at the beginning.
    ``target`` is the (x, z) the beat is about (the partner, the ball), if there is one.
    ``environment`` is a name of `stickgen.core.environments` and ``weather`` one of its weathers
    or None: the gravity, the footing, the water and the wind that the body moves in.
    """

    position: tuple[float, float] = (0.0, 0.0)
    heading: float = 0.0
    height: float = schema.HEIGHT
    kind: str = "human"
    action: str | None = None
    pose: NDArray[np.float64] | None = None
    velocity: NDArray[np.float64] | None = None
    target: tuple[float, float] | None = None
    environment: str = "earth_normal"
    weather: str | None = None


# -- motion --------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Motion:
    """What A actors do for T frames.

    ``frames`` float32 ``[T, A, 48]`` is the picture-plane truth; ``depth`` float32 ``[T, A, 16]``
    is each joint's z, or None for a flat motion. ``present`` bool ``[T, A]`` tells who is on stage
    (absent frames hold zeros). ``actions`` int64 ``[T, A]`` is the main action by its index in the
    table, ``overlay`` int64 ``[T, A]`` a second one on top (-1 = none). ``face`` float32
    ``[T, A, 7]`` = expression index, eye type, eyebrow angle in degrees, mouth shape, openness
    0-1, speaking 0/1, speech rate in Hz; or None.

    Raises `SchemaError` for a wrong shape, a value that is not finite, or joints that do not meet
    (naming the rule, the actor and the frame).
    """

    frames: FloatArray
    fps: float = schema.FPS
    depth: FloatArray | None = None
    present: BoolArray = None  # type: ignore[assignment]
    actions: IntArray = None  # type: ignore[assignment]
    overlay: IntArray = None  # type: ignore[assignment]
    face: FloatArray | None = None

    def __post_init__(self) -> None:
        frames = np.ascontiguousarray(self.frames, dtype=np.float32)
        if frames.ndim == 2:
            frames = frames[:, None, :]
        if frames.ndim != 3 or frames.shape[2] != schema.DIM:
            raise SchemaError(
                f"motion frames have shape {list(np.shape(self.frames))},"
                f" expected [T, A, {schema.DIM}]"
            )
        n_frames, n_actors = frames.shape[:2]
        if n_frames == 0 or n_actors == 0:
            raise SchemaError(f"motion is empty: {n_frames} frames of {n_actors} actors")
        if not (np.isfinite(self.fps) and self.fps > 0):
            raise SchemaError(f"motion has fps {self.fps}, expected a positive number")
        shape = (n_frames, n_actors)

        def track(name: str, dtype: Any, default: Any, tail: tuple[int, ...] = ()) -> Any:
            value = getattr(self, name)
            if value is None:
                return None if default is None else np.full(shape + tail, default, dtype=dtype)
            value = np.ascontiguousarray(value, dtype=dtype)
            if value.shape == (n_frames, *tail) and n_actors == 1:
                value = value.reshape(shape + tail)
            if value.shape != shape + tail:
                raise SchemaError(
                    f"motion {name} has shape {list(value.shape)}, expected {list(shape + tail)}"
                )
            return value

        present = track("present", np.bool_, True)
        depth = track("depth", np.float32, None, (schema.N_JOINTS,))
        actions = track("actions", np.int64, 0)
        overlay = track("overlay", np.int64, NO_OVERLAY)
        face = track("face", np.float32, None, (7,))
        for name, value in (("frames", frames), ("depth", depth), ("face", face)):
            if value is not None and not np.isfinite(value).all():
                frame, actor = (int(i) for i in np.argwhere(~np.isfinite(value))[0][:2])
                raise SchemaError(f"motion {name} is not finite at frame {frame}, actor {actor}")
        for name, value, low in (("actions", actions, 0), ("overlay", overlay, NO_OVERLAY)):
            bad = (value < low) | (value >= len(ACTIONS))
            if bad.any():
                frame, actor = (int(i) for i in np.argwhere(bad)[0])
                raise SchemaError(
                    f"motion {name} holds {int(value[frame, actor])} at frame {frame}, actor"
                    f" {actor};"
                    f" the table has {len(ACTIONS)} actions"
                )
        broken = schema.connectivity_error(frames, present)
        if broken is not None:
            raise SchemaError(
                f"motion breaks the rule {broken.rule!r} at frame {broken.frame}, actor"
                f" {broken.actor}: the two points are {broken.gap:.6g} m apart"
            )
        for name, value in (
            ("frames", frames),
            ("present", present),
            ("depth", depth),
            ("actions", actions),
            ("overlay", overlay),
            ("face", face),
        ):
            object.__setattr__(self, name, None if value is None else _frozen(value))
        object.__setattr__(self, "fps", float(self.fps))

    @classmethod
    def from_joints(
        cls, joints: NDArray[np.floating], fps: float = schema.FPS, **tracks: Any
    ) -> Motion:
        """Return the motion of *joints* ``[T, A, 16, 3]`` or ``[T, 16, 3]``; D = 2 gives no depth.

        The pelvis centre is set to the midpoint of the hips, which it is by definition.
        """
        joints = np.asarray(joints, dtype=np.float64)
        if joints.ndim == 3:
            joints = joints[:, None]
        if joints.ndim != 4 or joints.shape[2] != schema.N_JOINTS or joints.shape[3] not in (2, 3):
            raise SchemaError(
                f"joints have shape {list(joints.shape)},"
                f" expected [T, A, {schema.N_JOINTS}, 2 or 3]"
            )
        joints = schema.with_mid_hip(joints)
        depth = joints[..., 2].astype(np.float32) if joints.shape[3] == 3 else None
        return cls(schema.joints_to_segments(joints), fps=fps, depth=depth, **tracks)

    @property
    def n_frames(self) -> int:
        return int(self.frames.shape[0])

    @property
    def n_actors(self) -> int:
        return int(self.frames.shape[1])

    @property
    def seconds(self) -> float:
        """Duration: frames divided by frame rate."""
        return self.n_frames / self.fps

    @property
    def segments(self) -> FloatArray:
        """A view ``[T, A, 12, 2, 2]`` of the frames: segment, start or end, x or y."""
        return self.frames.reshape(self.n_frames, self.n_actors, schema.N_SEGMENTS, 2, 2)

    @property
    def joints(self) -> FloatArray:
        """The joints ``[T, A, 16, 3]``; z is 0 for a flat motion."""
        plane = schema.segments_to_joints(self.frames)
        z = np.zeros(plane.shape[:-1], np.float32) if self.depth is None else self.depth
        return np.concatenate([plane, z[..., None]], axis=-1)


@dataclass(frozen=True, eq=False)
class Clip:
    """One sample of a dataset: a motion, what it shows in words, and where it comes from.

    ``clip_id`` is unique in a store; ``recording_id`` is shared by all pieces and mirrors of one
    recording and ``parent_id`` names the clip it was derived from. ``licence`` is an SPDX
    identifier or a short name. ``meta`` is JSON-able and carries everything else (see the
    enhanced metadata of the reference).
    """

    motion: Motion
    clip_id: str
    texts: tuple[str, ...] = ()
    source: str = ""
    licence: str = ""
    recording_id: str = ""
    subject: str = ""
    parent_id: str | None = None
    split: str | None = None
    camera: CameraTrack | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)


# -- picture -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Look:
    """How an actor is drawn: ``colour`` is #rrggbb or None for the style's own order."""

    name: str = ""
    kind: str = "human"
    colour: str | None = None
    team: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Prop:
    """A thing on stage: ``kind`` names it, ``position`` float ``[3]`` or ``[T, 3]`` is its base.

    ``axis`` float ``[3]`` or ``[T, 3]`` is the direction its height points in, for what is swung or
    carried at a slant; None is upright.
    """

    kind: str
    position: NDArray[np.float64]
    scale: float = 1.0
    colour: str | None = None
    layer: str = "stage"
    axis: NDArray[np.float64] | None = None


@dataclass(frozen=True, slots=True)
class Caption:
    """Words on the picture between two times in seconds; ``actor`` gives a bubble its owner."""

    text: str
    start: float
    end: float
    actor: int | None = None


@dataclass(frozen=True, eq=False)
class CameraTrack:
    """A camera for T frames.

    ``position`` and ``target`` ``[T, 3]`` are in metres, ``fov`` ``[T]`` is the vertical angle of
    view and ``roll`` ``[T]`` the tilt (counter-clockwise), both in degrees.
    """

    position: NDArray[np.float64]
    target: NDArray[np.float64]
    fov: NDArray[np.float64]
    roll: NDArray[np.float64]

    def __post_init__(self) -> None:
        n = len(self.position)
        for name, tail in (("position", (3,)), ("target", (3,)), ("fov", ()), ("roll", ())):
            value = np.ascontiguousarray(getattr(self, name), dtype=np.float64)
            if value.shape != (n, *tail):
                raise SchemaError(
                    f"camera {name} has shape {list(value.shape)}, expected {[n, *tail]}"
                )
            if not np.isfinite(value).all():
                frame = int(np.argwhere(~np.isfinite(value))[0][0])
                raise SchemaError(f"camera {name} is not finite at frame {frame}")
            object.__setattr__(self, name, _frozen(value))

    @property
    def reference(self) -> FloatArray:
        """The reference's camera ``[T, 3]`` = x, y of the target and zoom.

        Zoom 1 shows 6.8 m of the target plane from top to bottom (the reference's 10 stick units).
        """
        distance = np.linalg.norm(self.position - self.target, axis=-1)
        shown = 2.0 * distance * np.tan(np.radians(self.fov) / 2.0)
        zoom = 6.8 / np.maximum(shown, 1e-6)
        return np.stack([self.target[:, 0], self.target[:, 1], zoom], axis=-1).astype(np.float32)


@dataclass(frozen=True, eq=False)
class Scene:
    """Everything a renderer needs, and nothing it must look up.

    ``camera`` None asks the renderer to frame everyone by itself. ``meta`` is the provenance that
    is embedded in what is written: prompt, seed, generator, planner, version.
    """

    motion: Motion
    looks: tuple[Look, ...] = ()
    props: tuple[Prop, ...] = ()
    captions: tuple[Caption, ...] = ()
    camera: CameraTrack | None = None
    environment: str = "earth_normal"
    weather: str | None = None
    script: Script | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.camera is not None and len(self.camera.position) != self.motion.n_frames:
            raise SchemaError(
                f"scene camera has {len(self.camera.position)} frames,"
                f" the motion {self.motion.n_frames}"
            )
        if not self.looks:
            object.__setattr__(self, "looks", tuple(Look() for _ in range(self.motion.n_actors)))
        if len(self.looks) != self.motion.n_actors:
            raise SchemaError(
                f"scene has {len(self.looks)} looks for {self.motion.n_actors} actors"
            )


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """How a scene is to be drawn and written.

    ``view`` is side, front, three-quarter or a yaw in degrees; ``quality`` draft, standard or
    high; ``jobs`` worker processes; ``still`` the time in seconds of a single picture, None for the
    exporter's own choice; ``transparent`` leaves the backdrop out. ``theme`` is auto, light or
    dark; ``palette`` names a set of colours for the actors or lists them (``#c2301d,#23648f``).
    ``camera`` are moves such as ``"dolly 2s-5s"``; empty leaves the camera to the scene.
    """

    width: int = 1280
    height: int = 720
    fps: float | None = None
    style: str = "normal"
    renderer: str | None = None
    view: str | float = "three-quarter"
    quality: str = "standard"
    transparent: bool = False
    captions: bool = False
    still: float | None = None
    jobs: int = 0
    force: bool = False
    theme: str = "auto"
    palette: str | None = None
    camera: tuple[str, ...] = ()
    trails: bool = False


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file that was written: where, what it is, and from what."""

    path: Path
    media_type: str
    sha256: str
    size: int
    provenance: Mapping[str, Any] = field(default_factory=dict)
