"""``.pt`` files: the reference's list of dicts, for what was written around it.

Such a file is one list, so it is as large in memory as on disk; a name with a number pattern
(``clips-%03d.pt``) writes several. Files are read by ``torch.load(weights_only=True)`` alone, which
runs nothing that is in them.

**A clip as a dict** (T frames; A actors, the axis left out if there is one)
    ====================  ==============================================================
    key                   value
    ====================  ==============================================================
    description           the first caption, or ""; all_descriptions: the list of them
    motion                float32 [T, 48] or [T, A, 48], metres
    actions               int64 [T] or [T, A]; action_label: the commonest one's name
    physics               float32 [T, 6] or [T, A, 6]
    camera                float32 [T, 3] x, y, zoom; or None
    face                  float32 [T, 7] or [T, A, 7]; only if there is one
    source, meta,         as the clip has them; `enhanced_meta` computed if it is missing
    enhanced_meta
    unit, fps, depth,     what the reference does not have: "m", the frame rate, and the
    present, overlay,     rest of the clip, so that nothing is lost on the way back
    camera_track,
    clip_id, ...
    ====================  ==============================================================

**Files of others** have no ``unit``. Their units differ (stick units of 0.68 m, figures 1.8 or 1.0
tall), so each is scaled until the median actor stands 1.70 m tall, and put on the ground; the frame
rate is that of ``meta["temporal"]`` or of ``meta``, else 25. Motions of 48 numbers or 12 x 4 a
frame are read; the older 20 numbers have neither knees nor elbows and are refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core import ops, physics, schema
from stickgen.core.errors import DataError, PluginError, SourceError
from stickgen.core.storage.motion_file import camera_from_reference
from stickgen.core.storage.scene_json import plain
from stickgen.core.types import CameraTrack, Clip, Motion
from stickgen.datasets.data.curating import main_action
from stickgen.datasets.enhanced_meta import KEY, enhanced_meta

UNIT: Final = "m"
_TEXTS: Final = ("clip_id", "recording_id", "subject", "parent_id", "split", "licence")
_VIEW: Final = 10.0
"""Units that zoom 1 shows from top to bottom in files of others."""


def torch() -> Any:
    """Return the module torch; `PluginError` where it is not installed."""
    try:
        import torch as module
    except ImportError as error:
        raise PluginError(
            'a .pt file needs torch, which is not installed: pip install "stickgen[train]"'
        ) from error
    return module


def write(clips: list[Clip], path: Path) -> None:
    """Write *clips* to the file *path*."""
    module = torch()

    def tensors(value: Any) -> Any:
        return module.from_numpy(np.array(value)) if isinstance(value, np.ndarray) else value

    module.save([{k: tensors(v) for k, v in sample(clip).items()} for clip in clips], path)


def sample(clip: Clip) -> dict[str, Any]:
    """Return *clip* as the dict of the table above, with numpy arrays."""
    motion = clip.motion

    def track(values: NDArray[Any]) -> NDArray[Any]:
        return values[:, 0] if motion.n_actors == 1 else values

    meta: dict[str, Any] = plain(clip.meta, "meta")
    enhanced = meta.pop(KEY, None) or enhanced_meta(clip)
    found: dict[str, Any] = {
        "description": clip.texts[0] if clip.texts else "",
        "all_descriptions": list(clip.texts),
        "motion": track(motion.frames),
        "actions": track(motion.actions),
        "action_label": main_action(clip),
        "physics": track(physics.features(motion)),
        "camera": None if clip.camera is None else clip.camera.reference,
        "source": clip.source,
        "meta": meta,
        "enhanced_meta": enhanced,
        "unit": UNIT,
        "fps": motion.fps,
        "overlay": track(motion.overlay),
        "present": track(motion.present),
        **{name: getattr(clip, name) for name in _TEXTS},
    }
    if motion.depth is not None:
        found["depth"] = track(motion.depth)
    if motion.face is not None:
        found["face"] = track(motion.face)
    if clip.camera is not None:
        camera = clip.camera
        columns = [camera.position, camera.target, camera.fov[:, None], camera.roll[:, None]]
        found["camera_track"] = np.concatenate(columns, axis=1)
    score = meta.get("quality")
    if isinstance(score, dict) and "score" in score:
        found["quality_score"] = score["score"]
    return found


def read(path: Path) -> Iterator[Clip | SourceError]:
    """Yield the clips of the file *path*, in the place of a bad one the error that says why.

    Raises `SourceError` for a file that is no list of dicts, `PluginError` where torch is missing.
    """
    module = torch()
    try:
        samples = module.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError as error:
        raise SourceError(path, "there is no such file") from error
    except Exception as error:  # torch raises whatever the broken file makes it raise
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(". ")
        raise SourceError(
            path, f"this .pt file cannot be read ({reason[:120]})", hint="nothing in it was run"
        ) from error
    if not isinstance(samples, list):
        raise SourceError(path, f"holds a {type(samples).__name__}, expected a list of dicts")
    for number in range(len(samples)):
        each, samples[number] = samples[number], None
        try:
            yield clip_of(each, f"{path.stem}/{number:06d}")
        except (DataError, ValueError, TypeError, OverflowError) as error:
            yield SourceError(path, str(error), place=f"item {number}")


def clip_of(sample: Any, name: str) -> Clip:
    """Return the clip of a dict of the reference; *name* is its clip_id if it brings none.

    Raises `DataError` naming the key that is wrong.
    """
    if not isinstance(sample, Mapping):
        raise DataError(f"this is a {type(sample).__name__}, expected a dict")
    frames = _array(sample, "motion")
    if frames is None:
        raise DataError("the key 'motion' is missing")
    if frames.shape[-2:] == (schema.N_SEGMENTS, 4):
        frames = frames.reshape(*frames.shape[:-2], schema.DIM)
    if frames.ndim not in (2, 3) or frames.shape[-1] != schema.DIM:
        raise DataError(
            f"the motion has shape {list(frames.shape)}, expected [T, {schema.DIM}],"
            f" [T, A, {schema.DIM}] or [T, {schema.N_SEGMENTS}, 4]"
        )
    if frames.ndim == 2:
        frames = frames[:, None]
    meta = _mapping(sample, "meta")
    own = sample.get("unit") == UNIT
    tracks: dict[str, Any] = {
        key: _track(sample, key, frames, *tail)
        for key, *tail in (
            ("depth", schema.N_JOINTS), ("present",), ("actions",), ("overlay",), ("face", 7)
        )
    }  # fmt: skip
    motion = Motion(frames.astype(np.float32), fps=_rate(sample, meta), **tracks)
    camera = _camera(sample, len(frames))
    if not own:
        motion, camera = _in_metres(motion, camera)
    texts = [sample.get("description"), *_list(sample.get("all_descriptions"))]
    known = dict.fromkeys(t.strip() for t in texts if isinstance(t, str) and t.strip())
    enhanced = _mapping(sample, "enhanced_meta")
    named = sample.get("environment_type")
    place = {"environment": named} if isinstance(named, str) else {}
    fields = {key: value for key in _TEXTS if isinstance(value := sample.get(key), str) and value}
    fields.setdefault("clip_id", name)
    fields.setdefault("recording_id", fields["clip_id"])
    return Clip(
        motion,
        texts=tuple(known),
        source=str(sample.get("source") or "pt"),
        camera=camera,
        meta={**meta, **place, **({KEY: enhanced} if enhanced else {})},
        **fields,
    )


def _in_metres(motion: Motion, camera: CameraTrack | None) -> tuple[Motion, CameraTrack | None]:
    """Return a motion of unknown unit, and its camera, with people of 1.70 m on the ground."""
    factor = schema.HEIGHT / float(np.median(ops.standing_height(motion)))
    scaled = ops.scale(motion, factor)
    placed = ops.on_ground(scaled)
    lift = float(placed.frames[0, 0, 1] - scaled.frames[0, 0, 1])
    if camera is not None:
        x, y, zoom = camera.reference.T.astype(np.float64)
        # 6.8 m / zoom is what `CameraTrack` shows, 10 units / zoom what was meant.
        seen = np.stack([x * factor, y * factor + lift, zoom * 6.8 / (_VIEW * factor)], axis=-1)
        camera = camera_from_reference(seen)
    return placed, camera


def _camera(sample: Mapping[str, Any], frames: int) -> CameraTrack | None:
    track = _array(sample, "camera_track")
    if track is not None and track.shape == (frames, 8):
        return CameraTrack(track[:, :3], track[:, 3:6], track[:, 6], track[:, 7])
    camera = _array(sample, "camera")
    if camera is None:
        return None
    if camera.shape != (frames, 3) or not (np.isfinite(camera).all() and (camera[:, 2] > 0).all()):
        raise DataError(
            f"the camera has shape {list(camera.shape)}, expected [{frames}, 3] = x, y and a zoom"
            " above 0"
        )
    return camera_from_reference(camera.astype(np.float64))


def _rate(sample: Mapping[str, Any], meta: Mapping[str, Any]) -> float:
    temporal = meta.get("temporal") or _mapping(sample, "enhanced_meta").get("temporal")
    told = [sample.get("fps"), meta.get("fps")]
    told += [temporal.get("original_fps")] if isinstance(temporal, Mapping) else []
    for value in told:
        if isinstance(value, int | float) and not isinstance(value, bool) and 1 <= value <= 240:
            return float(value)
    return schema.FPS


def _track(
    sample: Mapping[str, Any], key: str, frames: NDArray[Any], *tail: int
) -> NDArray[Any] | None:
    """Return the array *key* ``[T, A, *tail]``; one without actors is everybody's."""
    values = _array(sample, key)
    n_frames, n_actors = frames.shape[:2]
    if values is None or values.shape == (n_frames, n_actors, *tail):
        return values
    if values.shape == (n_frames, *tail):
        return np.repeat(values[:, None], n_actors, axis=1)
    raise DataError(f"{key} has shape {list(values.shape)}, the motion {list(frames.shape)}")


def _array(sample: Mapping[str, Any], key: str) -> NDArray[Any] | None:
    value = sample.get(key)
    if value is None:
        return None
    if hasattr(value, "detach"):
        value = value.detach().cpu().numpy()
    array = np.asarray(value)
    if array.dtype.kind not in "fiub" or not array.ndim:
        raise DataError(f"the key {key!r} is no array of numbers")
    return array


def _mapping(sample: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = sample.get(key)
    if not isinstance(value, Mapping):
        return {}
    kept: dict[str, Any] = {}
    for name, item in value.items():
        with suppress(DataError):
            kept[str(name)] = plain(_detached(item), f"{key}.{name}")
    return kept


def _detached(value: Any) -> Any:
    """Return *value* with tensors as lists."""
    if hasattr(value, "detach"):
        return value.detach().cpu().tolist()
    if isinstance(value, Mapping):
        return {key: _detached(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_detached(item) for item in value]
    return value


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []
