"""More clips from those there are, each change true of its motion, its words and its camera.

========  =================================================================================
kind      what it does
========  =================================================================================
speed     plays the clip 0.85 to 1.15 times as fast, by time: fewer or more frames at the same
          rate. Captions that speak of speed or duration forbid it; the rate of speech and the
          beat of the music change with it
position  puts everyone, and the camera, up to 0.5 m elsewhere on the ground
scale     makes everyone 0.9 to 1.1 times as large about the ground's origin, the camera's
          distance with them
mirror    reflects everyone and the camera in the picture plane (`ops.mirror`) and swaps the
          side words of the captions
camera    adds a camera, or moves the one there is, around the middle of the figures by up to
          60° to either side; the motion stays, since the view belongs to the camera
========  =================================================================================

Labels, faces and presence follow frame by frame. A derived clip is called ``NAME~KIND`` (with a
number from the second round on), names its parent in ``parent_id`` and keeps the recording's name,
so that a split of either puts both on one side. What was drawn is in ``meta["augmentation"]``.
Numbers are drawn by the seed, the clip's name, the kind and the round, and by nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core import ops
from stickgen.core.errors import UsageError
from stickgen.core.protocols import Progress
from stickgen.core.types import CameraTrack, Clip
from stickgen.datasets import contacts
from stickgen.datasets.data.passing import Tally, new_store, opened, refuse, uniform, usable
from stickgen.datasets.data.sides import mirrored, tells_speed
from stickgen.datasets.engines import Engine, in_order
from stickgen.datasets.enhanced_meta import KEY, with_enhanced_meta

Array = NDArray[np.float64]

SPEED: Final = (0.85, 1.15)
SHIFT: Final = 0.5
SCALE: Final = (0.9, 1.1)
YAW: Final = 60.0
TIMED: Final = ("labels", "steps", "words")
"""Lists in a clip's meta that say what happens when."""
_SIDED: Final = frozenset({"direction", "hand", "side", "text"})
FOV: Final = 30.0
"""Vertical angle of view of an added camera, in degrees."""


@dataclass(slots=True)
class Augmentation:
    """What became of an augmentation: derived clips by kind, and those a kind does not suit."""

    tally: Tally
    originals: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    unsuited: Counter[str] = field(default_factory=Counter)


def augment(
    store: Path,
    out: Path,
    *,
    kinds: Sequence[str] = (),
    rounds: int = 1,
    seed: int = 0,
    every_split: bool = False,
    jobs: int | None = None,
    engine: Engine = "local",
    force: bool = False,
    strict: bool = False,
    progress: Progress | None = None,
) -> Augmentation:
    """Write the clips of *store*, and what is derived from them, to *out*.

    Args:
        store: the store.
        out: the new store; the same one with *force*.
        kinds: names of `KINDS`; all of them if empty.
        rounds: how often each kind is drawn anew. A mirror image is made once.
        seed: another seed draws other numbers.
        every_split: derive from validation and test clips too; else they are copied only.
        jobs: workers, and
        engine: where they are (`stickgen.datasets.engines`).
        force: replace what is there.
        strict: stop at the first clip that cannot be used.
        progress: called with clips done and to do.
    """
    unknown = sorted(set(kinds) - set(KINDS))
    if unknown:
        raise UsageError(f"there is no augmentation {unknown[0]!r}; there are {', '.join(KINDS)}")
    chosen = [kind for kind in KINDS if not kinds or kind in kinds]
    refuse(out, force)
    opened_store = opened(store)
    result = Augmentation(Tally(strict))
    with new_store(out, force) as writer:
        clips = (clip for _, clip in usable([opened_store], result.tally, progress))
        arguments = (chosen, rounds, seed, every_split, strict)
        for own, derived, tally in in_order(_varying, arguments, clips, jobs=jobs, engine=engine):
            result.tally.add(writer, own)
            result.originals += 1
            result.tally.skipped += tally.skipped
            for kind, made in derived:
                if made is None:
                    result.unsuited[kind] += 1
                    continue
                result.tally.add(writer, made)
                result.kinds[kind] += 1
    return result


Varied = tuple[Clip, list[tuple[str, Clip | None]], Tally]


def _varying(
    kinds: Sequence[str], rounds: int, seed: int, every_split: bool, strict: bool
) -> Callable[[Clip], Varied]:
    """Return the work on one clip: itself, what is derived from it, and what failed."""

    def work(clip: Clip) -> Varied:
        tally = Tally(strict)
        if clip.split not in (None, "train") and not every_split:
            return clip, [], tally
        return clip, list(variants(clip, kinds, rounds, seed, tally)), tally

    return work


def variants(
    clip: Clip, kinds: Sequence[str], rounds: int, seed: int, tally: Tally
) -> Iterator[tuple[str, Clip | None]]:
    """Yield each kind with the clip it makes of *clip*, None where it does not suit."""
    for number in range(rounds):
        for kind in kinds:
            if kind == "mirror" and number:
                continue
            if not suits(kind, clip):
                if not number:
                    yield kind, None
                continue

            def derived(clip: Clip, kind: str = kind, number: int = number) -> Clip:
                return derive(clip, kind, number, seed)

            made = tally.attempt(clip, derived)
            if made is not None:
                yield kind, made


def suits(kind: str, clip: Clip) -> bool:
    """Return whether *kind* leaves what is said about *clip* true, and can be done at all."""
    if kind == "speed":
        return not any(map(tells_speed, clip.texts))
    return kind != "camera" or clip.motion.depth is not None


def derive(clip: Clip, kind: str, number: int = 0, seed: int = 0) -> Clip:
    """Return what *kind* makes of *clip* in round *number*: named, with its parent, and graded."""

    def draw(low: float, high: float, what: str) -> float:
        share = uniform("augment", seed, clip.clip_id, kind, number, what)
        return round(low + (high - low) * share, 4)

    changed, drawn = KINDS[kind](clip, draw)
    name = f"{clip.clip_id}~{kind}" + (str(number + 1) if number else "")
    meta = {**changed.meta, "augmentation": {"kind": kind, **drawn}}
    meta.pop("quality", None)
    new = replace(
        changed,
        clip_id=name,
        parent_id=clip.clip_id,
        recording_id=clip.recording_id or clip.clip_id,
        meta=meta,
    )
    return with_enhanced_meta(new) if KEY in meta else new


Draw = Callable[[float, float, str], float]
"""Returns a number between two bounds, by the name of what it is for."""


def speed(clip: Clip, draw: Draw) -> tuple[Clip, dict[str, Any]]:
    """Return *clip* played faster or slower."""
    factor = draw(*SPEED, "factor")
    motion = clip.motion
    faster = replace(motion, fps=motion.fps * factor)
    new = ops.resample(faster, motion.fps)
    if new.face is not None:
        face = new.face.copy()
        face[..., 6] *= factor
        new = replace(new, face=face)
    camera = clip.camera
    if camera is not None:
        at = np.minimum(np.arange(new.n_frames) * factor, motion.n_frames - 1)
        camera = _camera_at(camera, at)
    meta = dict(clip.meta)
    music = meta.get("music")
    if isinstance(music, Mapping) and isinstance(music.get("bpm"), int | float):
        meta["music"] = {**music, "bpm": round(music["bpm"] * factor, 3)}
    for key in TIMED:
        if key in meta:
            meta[key] = _sooner(meta[key], factor, new.n_frames)
    if contacts.KEY in meta:
        at = np.minimum(np.arange(new.n_frames) * factor, motion.n_frames - 1)
        flags = contacts.from_meta(meta, motion)[at.round().astype(np.intp)]
        meta[contacts.KEY] = contacts.to_meta(flags)
    return replace(clip, motion=new, camera=camera, meta=meta), {"factor": factor}


def _sooner(value: Any, factor: float, frames: int) -> Any:
    """Return a record of what happens when with its times divided by *factor*.

    ``start`` and ``end`` are seconds, ``start`` and ``stop`` whole frames of the *frames* there
    are.
    """
    if isinstance(value, list):
        return [_sooner(each, factor, frames) for each in value]
    if not isinstance(value, Mapping):
        return value
    new = dict(value)
    in_frames = "stop" in new
    for key in ("start", "stop", "end"):
        time = new.get(key)
        if isinstance(time, bool) or not isinstance(time, int | float):
            continue
        new[key] = min(frames, round(time / factor)) if in_frames else round(time / factor, 4)
    return new


def _camera_at(camera: CameraTrack, at: Array) -> CameraTrack:
    """Return *camera* at the frames *at*, linear between them; roll takes the short way round."""
    frames = np.arange(len(camera.fov))

    def track(values: Array) -> Array:
        columns = values.reshape(len(values), -1).T
        moved = np.stack([np.interp(at, frames, column) for column in columns], axis=-1)
        return moved.reshape(len(at), *values.shape[1:])

    roll = np.degrees(np.unwrap(np.radians(camera.roll)))
    return CameraTrack(track(camera.position), track(camera.target), track(camera.fov), track(roll))


def position(clip: Clip, draw: Draw) -> tuple[Clip, dict[str, Any]]:
    """Return *clip* elsewhere on the ground: along x, and along z where there is depth."""
    x = draw(-SHIFT, SHIFT, "x")
    z = draw(-SHIFT, SHIFT, "z") if clip.motion.depth is not None else 0.0
    offset = np.array([x, 0.0, z])
    camera = clip.camera
    if camera is not None:
        camera = replace(camera, position=camera.position + offset, target=camera.target + offset)
    moved = ops.translate(clip.motion, (x, 0.0, z))
    return replace(clip, motion=moved, camera=camera), {"offset": [x, 0.0, z]}


def scale(clip: Clip, draw: Draw) -> tuple[Clip, dict[str, Any]]:
    """Return *clip* with everyone larger or smaller."""
    factor = draw(*SCALE, "factor")
    camera = clip.camera
    if camera is not None:
        camera = replace(camera, position=camera.position * factor, target=camera.target * factor)
    meta = dict(clip.meta)
    if isinstance(meta.get("height"), int | float):
        meta["height"] = round(meta["height"] * factor, 4)
    scaled = ops.scale(clip.motion, factor)
    return replace(clip, motion=scaled, camera=camera, meta=meta), {"factor": factor}


def mirror(clip: Clip, draw: Draw) -> tuple[Clip, dict[str, Any]]:
    """Return the mirror image of *clip*.

    A camera is reflected too, so that what is toward it stays so; without one the viewer is where
    z grows, and what was toward the viewer is now away.
    """
    camera = clip.camera
    if camera is not None:
        across = np.array([1.0, 1.0, -1.0])
        camera = replace(
            camera,
            position=camera.position * across,
            target=camera.target * across,
            roll=-camera.roll,
        )
    texts = tuple(mirrored(text, viewer=camera is None) for text in clip.texts)
    meta = dict(clip.meta)
    for key in TIMED:
        if key in meta:
            meta[key] = _other_side(meta[key])
    if contacts.KEY in meta:
        flags = contacts.from_meta(meta, clip.motion)[..., ::-1]
        meta[contacts.KEY] = contacts.to_meta(flags)
    if isinstance(meta.get("mirror"), bool):
        meta["mirror"] = not meta["mirror"]
    return replace(clip, motion=ops.mirror(clip.motion), camera=camera, texts=texts, meta=meta), {}


def _other_side(value: Any, key: str = "") -> Any:
    """Return a record of what happens with the sides in it exchanged."""
    if isinstance(value, list):
        return [_other_side(each, key) for each in value]
    if isinstance(value, Mapping):
        return {name: _other_side(each, name) for name, each in value.items()}
    return mirrored(value, False) if isinstance(value, str) and key in _SIDED else value


def camera(clip: Clip, draw: Draw) -> tuple[Clip, dict[str, Any]]:
    """Return *clip* seen from another side."""
    degrees = draw(-YAW, YAW, "yaw")
    low, high = ops.bounds(clip.motion)
    middle = (low + high) / 2.0
    track = clip.camera or _still_camera(clip, low, high)
    angle = np.radians(degrees)
    cos, sin = np.cos(angle), np.sin(angle)
    # As `ops.yaw` turns: +x towards -z.
    turn = np.array([[cos, 0.0, sin], [0.0, 1.0, 0.0], [-sin, 0.0, cos]])
    turned = replace(
        track,
        position=(track.position - middle) @ turn.T + middle,
        target=(track.target - middle) @ turn.T + middle,
    )
    return replace(clip, camera=turned), {"yaw": degrees}


def _still_camera(clip: Clip, low: Array, high: Array) -> CameraTrack:
    """Return a camera straight on that has everyone in a picture of 16:9, with a margin."""
    radius = float(np.linalg.norm(high - low)) / 2.0
    size = max(1.15 * radius, 0.5)
    distance = size / np.sin(np.radians(FOV) / 2.0)
    target = np.tile((low + high) / 2.0, (clip.motion.n_frames, 1))
    place = target + np.array([0.0, 0.0, distance])
    frames = clip.motion.n_frames
    return CameraTrack(place, target, np.full(frames, FOV), np.zeros(frames))


KINDS: Final[dict[str, Callable[[Clip, Draw], tuple[Clip, dict[str, Any]]]]] = {
    "speed": speed,
    "position": position,
    "scale": scale,
    "mirror": mirror,
    "camera": camera,
}
"""Every augmentation by its name."""
