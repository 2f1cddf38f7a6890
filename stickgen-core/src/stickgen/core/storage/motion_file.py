"""``.motion`` files: one scene as JSON, for people, web players and other programs.

**Layout** (version 2.0; the JSON schema is `motion_schema`)
    One object. T frames, A actors, every array one flat list in C order; numbers have at least
    four decimals (0.1 mm).

    ==============  ==================================================================
    key             value
    ==============  ==================================================================
    meta            ``version`` "2.0", ``generator``, ``fps``, ``duration`` (s),
                    ``total_frames``, ``description``, ``vocabulary_version``,
                    ``provenance`` (prompt, seed, ... as the scene carries it)
    skeleton        ``type``, ``joint_format`` "xy_lines_flat", ``input_dim`` 48,
                    ``segments`` (12 names), ``n_actors``
    motion          T x A x 48 metres, y up
    depth           T x A x 16 metres, absent for a flat motion
    present         T x A of 0 and 1, absent if everyone always is
    actions         T x A rows of the action table
    overlay         T x A rows, -1 = none, absent if there never is one
    face            T x A x 7, absent if there is none
    physics         T x A x 6, derived from the motion (`stickgen.core.physics`)
    camera          T x 3: x, y, zoom, derived from camera_track
    camera_track    ``position`` T x 3, ``target`` T x 3, ``fov`` T, ``roll`` T
    looks           per actor ``name``, ``kind``, ``colour``, ``team``
    props           ``kind``, ``position`` (3 or T x 3), ``scale``, ``colour``, ``layer``
    captions        ``text``, ``start``, ``end``, ``actor``
    environment     a name; ``weather`` a name or null
    script          the fields of `stickgen.core.types.Script`
    ==============  ==================================================================

    With one actor the keys that version 1.0 has mean what they meant there, in metres.

**Version 1.0**
    Files of the older single-actor layout are read too, with ``input_dim`` 48 or 20. Their stick
    units are 0.68 m, and the whole motion is then lifted or lowered so that the feet stand on the
    ground (`stickgen.core.ops.on_ground`). The five lines of the 20-number layout (torso, legs,
    arms) become a figure with knees and elbows half-way, the chest at 55 % of the torso, hips and
    shoulders at its ends, and the head half a torso above the neck.

Lists may also be nested frame by frame. What a file claims is never trusted: every count is
checked against the numbers that are there.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib import resources
from itertools import chain
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core import __version__, ops, physics, schema
from stickgen.core.actions import NO_OVERLAY, VOCABULARY_VERSION
from stickgen.core.errors import DataError, SchemaError, SourceError
from stickgen.core.schema import J
from stickgen.core.storage.atomic import atomic_path
from stickgen.core.storage.json_file import read_object
from stickgen.core.storage.scene_json import (
    RecordError,
    fit,
    plain,
    record,
    script_from_json,
    script_to_json,
)
from stickgen.core.types import CameraTrack, Caption, Look, Motion, Prop, Scene

VERSION: Final = "2.0"
"""Version of the layout this module writes."""

MEDIA_TYPE: Final = "application/vnd.stickgen.motion+json"

LARGEST: Final = 1 << 28
"""Largest file that is read, in bytes (a quarter of a gigabyte: hours of one actor)."""

STICK_UNIT: Final = 0.68
"""Metres in a stick unit of version 1.0."""

_SNAP: Final = 1e-3
"""Points that should meet may be this far apart in a file (rounding), in metres."""

_DECIMALS: Final = 4
_FACE, _PHYSICS = 7, 6

Array = NDArray[np.float64]


@cache
def motion_schema() -> dict[str, Any]:
    """Return the JSON schema (draft 2020-12) of version 2.0 files."""
    text = (
        resources.files("stickgen.core.storage").joinpath("motion.schema.json").read_text("utf-8")
    )
    document: dict[str, Any] = json.loads(text)
    return document


# -- writing -------------------------------------------------------------------------------------


def write_motion(
    scene: Scene | Motion, path: str | os.PathLike[str], *, force: bool = False
) -> None:
    """Write *scene* (or just a motion) as a ``.motion`` file, whole or not at all.

    Raises `OutputError` if *path* exists (and not *force*) or cannot be written, `DataError` if
    the scene's provenance holds something JSON has no word for, and `SchemaError` if the motion's
    arrays were changed into something that is not a motion.
    """
    text = to_text(scene)
    with atomic_path(path, force=force) as temporary:
        temporary.write_text(text, encoding="utf-8")


def to_text(scene: Scene | Motion) -> str:
    """Return the contents of the ``.motion`` file of *scene*; same scene, same text."""
    if isinstance(scene, Motion):
        scene = Scene(scene)
    try:
        document = _document(scene)
    except RecordError as error:
        raise DataError(f"the scene cannot be written as .motion: {error}") from error
    return json.dumps(document, separators=(",", ":"), allow_nan=False, ensure_ascii=False)


def _document(scene: Scene) -> dict[str, Any]:
    motion = replace(scene.motion)  # checked anew: its arrays may have been changed since
    provenance = plain(scene.meta, "meta")
    description = provenance.get("prompt") or (scene.script.prompt if scene.script else "")
    document: dict[str, Any] = {
        "meta": {
            "version": VERSION,
            "generator": f"stickgen {__version__}",
            "fps": motion.fps,
            "duration": round(motion.seconds, 6),
            "total_frames": motion.n_frames,
            "description": str(description),
            "vocabulary_version": VOCABULARY_VERSION,
            "provenance": provenance,
        },
        "skeleton": {
            "type": schema.SKELETON_TYPE,
            "joint_format": "xy_lines_flat",
            "input_dim": schema.DIM,
            "segments": [name for name, _, _ in schema.SEGMENTS],
            "n_actors": motion.n_actors,
        },
        "motion": _flat(motion.frames),
    }
    if motion.depth is not None:
        document["depth"] = _flat(motion.depth)
    if not motion.present.all():
        document["present"] = motion.present.astype(int).ravel().tolist()
    document["actions"] = motion.actions.ravel().tolist()
    if (motion.overlay != NO_OVERLAY).any():
        document["overlay"] = motion.overlay.ravel().tolist()
    if motion.face is not None:
        document["face"] = _flat(motion.face)
    document["physics"] = _flat(physics.features(motion))
    if scene.camera is not None:
        document["camera"] = _flat(scene.camera.reference)
        document["camera_track"] = {
            name: _flat(getattr(scene.camera, name))
            for name in ("position", "target", "fov", "roll")
        }
    document["looks"] = plain(scene.looks, "looks")
    if scene.props:
        document["props"] = plain(scene.props, "props")
    if scene.captions:
        document["captions"] = plain(scene.captions, "captions")
    document["environment"] = scene.environment
    document["weather"] = scene.weather
    if scene.script is not None:
        document["script"] = script_to_json(scene.script)
    return document


def _flat(array: NDArray[Any]) -> list[float]:
    """Return *array* as a flat list of numbers rounded to `_DECIMALS` (never -0.0)."""
    rounded: list[float] = (array.astype(np.float64).round(_DECIMALS) + 0.0).ravel().tolist()
    return rounded


# -- reading -------------------------------------------------------------------------------------


def read_motion(path: str | os.PathLike[str]) -> Scene:
    """Return the scene of a ``.motion`` file, of this version or of version 1.0.

    Joints are put back together after rounding: a file whose points are more than 1 mm apart is
    refused. Raises `SourceError`, naming the key, the frame and the cause, for every file that is
    missing, unreadable, malformed or written by a newer stickgen.
    """
    path = Path(path)
    document = read_object(path, "a .motion file", LARGEST)
    try:
        return _Reader(document).scene()
    except RecordError as error:
        place, cause = error.place, error.cause
        raise SourceError(path, cause, place=f"key {place!r}") from error
    except SchemaError as error:
        raise SourceError(path, str(error)) from error


class _Reader:
    """Turns the JSON object of a file into a scene; raises `RecordError` with the key."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.meta = self._object(document, "meta")
        self.old = self._version() < (2, 0)
        self.fps = self._get(self.meta, "meta", "fps", float)
        if self.fps <= 0:
            raise RecordError("meta.fps", f"{self.fps:g} is not a positive frame rate")
        skeleton = self._object(document, "skeleton")
        self.dim = self._get(skeleton, "skeleton", "input_dim", int, schema.DIM)
        legal = (schema.DIM, 20) if self.old else (schema.DIM,)
        if self.dim not in legal:
            raise RecordError(
                "skeleton.input_dim", f"{self.dim} is not {' or '.join(map(str, legal))}"
            )
        self.actors = self._get(skeleton, "skeleton", "n_actors", int, 1)
        if self.actors < 1:
            raise RecordError("skeleton.n_actors", f"{self.actors} actors, expected at least 1")
        vocabulary = self._get(self.meta, "meta", "vocabulary_version", int, VOCABULARY_VERSION)
        if vocabulary > VOCABULARY_VERSION:
            raise RecordError(
                "meta.vocabulary_version",
                f"action table {vocabulary} is newer than {VOCABULARY_VERSION}, the newest this"
                " stickgen knows; upgrade stickgen",
            )
        self.frames = self._frame_count()

    def scene(self) -> Scene:
        """Return everything the file holds."""
        motion = self._motion()
        lifted = 0.0
        if self.old:
            before, motion = motion, ops.on_ground(motion)
            lifted = float(motion.frames[0, 0, 1] - before.frames[0, 0, 1])
        looks = self._records("looks", Look)
        if looks and len(looks) != motion.n_actors:
            raise RecordError("looks", f"{len(looks)} looks for {motion.n_actors} actors")
        captions = self._records("captions", Caption)
        for i, caption in enumerate(captions):
            if caption.actor is not None and not 0 <= caption.actor < motion.n_actors:
                raise RecordError(f"captions[{i}].actor", f"there is no actor {caption.actor}")
        script = self.document.get("script")
        return Scene(
            motion,
            looks=looks,
            props=self._props(),
            captions=captions,
            camera=self._camera(lifted),
            environment=self._get(self.document, "", "environment", str, "earth_normal"),
            weather=fit(str | None, self.document.get("weather"), "weather"),
            script=None if script is None else script_from_json(script),
            meta=self._provenance(),
        )

    # The pieces, in the order of the file.

    def _version(self) -> tuple[int, int]:
        text = self._get(self.meta, "meta", "version", str)
        major, _, minor = text.partition(".")
        if not (major.isdecimal() and minor.isdecimal() and len(text) < 12):
            raise RecordError("meta.version", f"{text[:40]!r} is not a version such as {VERSION!r}")
        version = int(major), int(minor)
        newest = VERSION.split(".")
        if version > (int(newest[0]), int(newest[1])):
            raise RecordError(
                "meta.version",
                f"version {text} is newer than {VERSION}, the newest this stickgen reads;"
                " upgrade stickgen",
            )
        return version

    def _frame_count(self) -> int:
        count = len(_flattened(self._list("motion"), "motion"))
        width = self.actors * self.dim
        frames = count // width
        claimed: int = self._get(self.meta, "meta", "total_frames", int, frames)
        if claimed < 1 or count != claimed * width:
            raise RecordError(
                "motion",
                f"{count} numbers, but {claimed} frames x {self.actors} actors x {self.dim} are"
                f" {claimed * width}",
            )
        return claimed

    def _motion(self) -> Motion:
        present = self._track("present", 1)
        if present is not None:
            self._refuse_where("present", ~np.isin(present, (0, 1)), "neither 0 nor 1")
        here = None if present is None else present[..., 0].astype(np.bool_)
        lines = self._track("motion", self.dim)
        assert lines is not None
        if self.old:
            lines = lines * STICK_UNIT
        frames = lines if self.dim == schema.DIM else _from_five_lines(lines)
        broken = schema.connectivity_error(frames, here, tolerance=_SNAP)
        if broken is not None:
            raise RecordError(
                "motion",
                f"frame {broken.frame}, actor {broken.actor} breaks the rule {broken.rule!r}: the"
                f" two points are {broken.gap:.4g} m apart",
            )
        joints: Array = schema.segments_to_joints(frames).astype(np.float64)
        depth = self._track("depth", schema.N_JOINTS)
        if depth is not None:
            joints = np.concatenate([joints, depth[..., None]], axis=-1)
        if here is not None:
            joints = np.where(here[..., None, None], joints, 0.0)
        face = self._track("face", _FACE)
        self._track("physics", _PHYSICS)
        return Motion.from_joints(
            joints,
            fps=self.fps,
            present=here,
            actions=self._labels("actions"),
            overlay=self._labels("overlay"),
            face=None if face is None else face.astype(np.float32),
        )

    def _camera(self, lifted: float) -> CameraTrack | None:
        track = self.document.get("camera_track")
        if track is not None:
            track = self._object(self.document, "camera_track")
            columns = {"position": 3, "target": 3, "fov": 1, "roll": 1}
            values = {
                name: self._numbers(track, name, width, "camera_track.")
                for name, width in columns.items()
            }
            for name in ("fov", "roll"):
                values[name] = values[name][:, 0]
            if not ((values["fov"] > 0) & (values["fov"] < 180)).all():
                raise RecordError("camera_track.fov", "an angle that is not between 0 and 180")
            return CameraTrack(**values)
        if self.document.get("camera") is None:
            return None
        camera = self._numbers(self.document, "camera", 3)
        if not (camera[:, 2] > 0).all():
            frame = int(np.argmax(camera[:, 2] <= 0))
            raise RecordError("camera", f"a zoom that is not positive at frame {frame}")
        if self.old:
            camera[:, :2] = camera[:, :2] * STICK_UNIT + np.array([0.0, lifted])
        return camera_from_reference(camera)

    def _props(self) -> tuple[Prop, ...]:
        props = []
        for i, value in enumerate(self._list("props", [])):
            place = f"props[{i}]"
            if not isinstance(value, dict):
                raise RecordError(place, "a prop must be an object")
            position = self._array(_need(value, "position", place), f"{place}.position")
            if position.size not in (3, 3 * self.frames):
                raise RecordError(
                    f"{place}.position",
                    f"{position.size} numbers, expected 3 or {self.frames} frames x 3",
                )
            if not np.isfinite(position).all():
                raise RecordError(f"{place}.position", "a value is not a finite number")
            shape = (3,) if position.size == 3 else (self.frames, 3)
            props.append(
                Prop(
                    kind=self._get(value, place, "kind", str),
                    position=position.reshape(shape),
                    scale=self._get(value, place, "scale", float, 1.0),
                    colour=fit(str | None, value.get("colour"), f"{place}.colour"),
                    layer=self._get(value, place, "layer", str, "stage"),
                )
            )
        return tuple(props)

    def _provenance(self) -> Mapping[str, Any]:
        provenance = self.meta.get("provenance")
        if provenance is not None:
            return self._object(self.meta, "provenance", "meta.")
        description = self.meta.get("description")
        return {"prompt": description} if isinstance(description, str) and description else {}

    # Typed access.

    def _get(self, where: Mapping[str, Any], place: str, key: str, kind: Any, *default: Any) -> Any:
        if default and key not in where:
            return default[0]
        return fit(kind, _need(where, key, place), f"{place}.{key}" if place else key)

    def _object(self, where: Mapping[str, Any], key: str, prefix: str = "") -> dict[str, Any]:
        value = _need(where, key, prefix.rstrip("."))
        if not isinstance(value, dict):
            raise RecordError(prefix + key, "this is not an object")
        return value

    def _list(self, key: str, *default: list[Any]) -> list[Any]:
        value = self.document.get(key, *default) if default else _need(self.document, key, "")
        if not isinstance(value, list):
            raise RecordError(key, "this is not a list")
        return value

    def _records(self, key: str, kind: type[Any]) -> tuple[Any, ...]:
        return tuple(
            record(kind, value, f"{key}[{i}]") for i, value in enumerate(self._list(key, []))
        )

    def _array(self, value: Any, place: str) -> Array:
        """Return the finite numbers of a list, flat."""
        if not isinstance(value, list):
            raise RecordError(place, "this is not a list of numbers")
        values = _flattened(value, place)
        if not set(map(type, values)) <= {int, float}:
            i, bad = next((i, v) for i, v in enumerate(values) if type(v) not in (int, float))
            raise RecordError(place, f"{json.dumps(bad)[:40]} where number {i} was expected")
        try:
            return np.array(values, dtype=np.float64)
        except OverflowError:
            raise RecordError(place, "a number too large to hold") from None

    def _numbers(self, where: Mapping[str, Any], key: str, width: int, prefix: str = "") -> Array:
        """Return the list *key* as ``[T, width]``."""
        array = self._array(_need(where, key, prefix.rstrip(".")), prefix + key)
        if array.size != self.frames * width:
            raise RecordError(
                prefix + key, f"{array.size} numbers, but {self.frames} frames x {width} are needed"
            )
        array = array.reshape(self.frames, width)
        self._refuse_where(prefix + key, ~(np.abs(array) < 1e30), "not a finite number")
        return array

    def _track(self, key: str, width: int) -> Array | None:
        """Return the optional list *key* as ``[T, A, width]``."""
        if self.document.get(key) is None:
            return None
        numbers = self._numbers(self.document, key, self.actors * width)
        return numbers.reshape(self.frames, self.actors, width)

    def _labels(self, key: str) -> NDArray[np.int64] | None:
        labels = self._track(key, 1)
        if labels is None:
            return None
        self._refuse_where(key, labels != np.floor(labels), "not a whole number")
        return labels[..., 0].clip(-(2**31), 2**31).astype(np.int64)

    def _refuse_where(self, key: str, bad: NDArray[np.bool_], cause: str) -> None:
        if bad.any():
            frame = int(np.argwhere(bad)[0][0])
            raise RecordError(key, f"a value at frame {frame} is {cause}")


def _need(where: Mapping[str, Any], key: str, place: str) -> Any:
    if key not in where:
        raise RecordError(f"{place}.{key}" if place else key, "this key is missing")
    return where[key]


def _flattened(values: list[Any], place: str) -> list[Any]:
    """Return a list, nested or not, as a flat one."""
    for _ in range(5):
        if not any(isinstance(value, list) for value in values):
            return values
        if not all(isinstance(value, list) for value in values):
            raise RecordError(place, "lists and numbers are mixed")
        values = list(chain.from_iterable(values))
    raise RecordError(place, "lists are nested more than four deep")


def _from_five_lines(lines: Array) -> Array:
    """Return segments ``[T, A, 48]`` of the 20-number layout: torso, left leg, right leg, arms."""
    ends = lines.reshape(*lines.shape[:-1], 5, 2, 2)
    names = ("l_leg", "r_leg", "l_arm", "r_arm")
    neck, hip = ends[..., 0, 0, :], ends[..., 0, 1, :]
    for k, name in enumerate(names, start=1):
        start = hip if name.endswith("leg") else neck
        gap = np.abs(ends[..., k, 0, :] - start).max(axis=-1)
        if (gap > _SNAP * np.maximum(1.0, np.abs(start).max(axis=-1))).any():
            frame = int(np.argwhere(gap > _SNAP)[0][0])
            raise RecordError(
                "motion", f"frame {frame}: line {name!r} does not start where the torso ends"
            )
    joints = np.empty((*lines.shape[:-1], schema.N_JOINTS, 2))
    joints[..., J["pelvis_center"], :] = hip
    joints[..., J["neck"], :] = neck
    joints[..., J["chest"], :] = hip + 0.55 * (neck - hip)
    joints[..., J["head_center"], :] = neck + 0.5 * (neck - hip)
    for k, (side, top, middle, end) in enumerate(
        (
            ("l", "hip", "knee", "ankle"),
            ("r", "hip", "knee", "ankle"),
            ("l", "shoulder", "elbow", "wrist"),
            ("r", "shoulder", "elbow", "wrist"),
        ),
        start=1,
    ):
        start = hip if top == "hip" else neck
        joints[..., J[f"{side}_{top}"], :] = start
        joints[..., J[f"{side}_{end}"], :] = ends[..., k, 1, :]
        joints[..., J[f"{side}_{middle}"], :] = (start + ends[..., k, 1, :]) / 2.0
    return schema.joints_to_segments(joints).astype(np.float64)


def camera_from_reference(camera: Array, fov: float = 30.0) -> CameraTrack:
    """Return the camera track of ``[T, 3]`` = x, y, zoom: straight on, at a *fov* in degrees.

    The inverse of `CameraTrack.reference` for cameras that look along -z: zoom 1 shows 6.8 m.
    """
    target = np.concatenate([camera[:, :2], np.zeros((len(camera), 1))], axis=-1)
    distance = 6.8 / camera[:, 2] / (2.0 * np.tan(np.radians(fov) / 2.0))
    position = target + np.stack([np.zeros_like(distance)] * 2 + [distance], axis=-1)
    angles = np.full(len(camera), fov)
    return CameraTrack(position, target, angles, np.zeros(len(camera)))
