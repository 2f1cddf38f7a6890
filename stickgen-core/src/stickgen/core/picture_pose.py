"""`PoseReader`: which pose a picture of a stick figure shows, by a small network in numpy.

A motion is made to begin as in a picture in two steps: this network reads the pose from the
picture, and the sampler keeps it as the first frame of the motion (see
`stickgen.core.model_generator.ModelGenerator.opening`). So it works with every model, also with one
that has never seen a picture, and without torch.

The network sees a square picture and where its camera stood relative to a figure over the origin
that faces +x. It says where the joints are along the camera's own axes (right, up, toward it), in
halves of the picture's height at the distance of the camera's target; what a picture shows is then
the same numbers from every side. `stickgen train picture` trains one.

**Files of a reader**: ``config.json`` (kind ``picture-pose``) and ``model.safetensors``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core import features, ops, schema
from stickgen.core.errors import PluginError, SourceError, UsageError
from stickgen.core.kinematics import Body

Array = NDArray[np.float64]
Floats = NDArray[np.float32]

KIND: Final = "picture-pose"

GROUP: Final = "stickgen.pose_readers"
"""Entry points that name the folder of a reader: a value, or a function that returns it."""

SIDE_VIEW: Final = "0,1.5,3,0,1,0,45"
"""Camera of a picture of which nothing is told: the figure faces +x, it stands at its side."""

GROUPS: Final = 8
"""Groups of channels that are normalised together (Wu & He 2018)."""

CAMERA_NUMBERS: Final = 8
"""Numbers in which the network is told of a camera."""

_PELVIS, _L_HIP, _R_HIP = (schema.J[name] for name in ("pelvis_center", "l_hip", "r_hip"))


def camera_of(text: str) -> Floats:
    """Return the camera ``[7]`` of seven numbers with commas between them: position and target in
    metres, relative to a figure that stands at 0 and faces +x, and field of view in degrees.

    Raises `UsageError` for anything else.
    """
    try:
        numbers = np.array([float(part) for part in text.split(",")], np.float32)
    except ValueError:
        numbers = np.zeros(0, np.float32)
    if numbers.shape != (7,) or not np.isfinite(numbers).all():
        raise UsageError(
            f"the camera {text!r} is not seven numbers: position and target in metres, field of"
            " view in degrees, e.g. 3,1.5,0,0,1,0,45"
        )
    apart = float(np.linalg.norm(numbers[:3] - numbers[3:6]))
    if apart < 0.05 or not 1.0 <= numbers[6] <= 170.0:
        raise UsageError(
            f"the camera {text!r} sees nothing: it stands {apart:.2f} m from its target and its"
            f" field of view is {numbers[6]:g} degrees"
        )
    return numbers


def picture_of(path: Path, size: int) -> Floats:
    """Return the picture in a file as ``[3, size, size]``, 0-1: on white, and made square by white
    at its sides.

    Raises `SourceError` for a file that cannot be read as a picture and `PluginError` where Pillow
    is missing.
    """
    import importlib

    try:
        image: Any = importlib.import_module("PIL.Image")
    except ImportError as error:
        raise PluginError(
            f'pictures are read by Pillow, which is missing ({error}): pip install "stickgen"'
        ) from error
    try:
        with image.open(path) as opened:
            opened.load()
            picture = opened.convert("RGBA")
    except Exception as error:  # decoders raise whatever they please
        told = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise SourceError(path, f"cannot be read as a picture ({told})") from None
    side = max(picture.size)
    sheet = image.new("RGBA", (side, side), "white")
    sheet.alpha_composite(picture, ((side - picture.width) // 2, (side - picture.height) // 2))
    values = np.asarray(sheet.convert("RGB").resize((size, size)), np.float32) / np.float32(255)
    return np.ascontiguousarray(values.transpose(2, 0, 1))


def axes_of(camera: NDArray[np.floating]) -> Array:
    """Return right, up and toward the viewer of a *camera* ``[..., 7]`` as rows ``[..., 3, 3]``."""
    camera = np.asarray(camera, np.float64)
    toward = camera[..., 0:3] - camera[..., 3:6]
    toward = toward / np.linalg.norm(toward, axis=-1, keepdims=True)
    right = np.cross((0.0, 1.0, 0.0), toward)
    steep = np.linalg.norm(right, axis=-1, keepdims=True) < 1e-6
    right = np.where(steep, (1.0, 0.0, 0.0), right)
    right = right / np.linalg.norm(right, axis=-1, keepdims=True)
    return np.stack([right, np.cross(toward, right), toward], axis=-2)


def half_height(camera: NDArray[np.floating]) -> Array:
    """Return half the height of the picture at the distance of its target ``[...]``, m."""
    camera = np.asarray(camera, np.float64)
    far = np.linalg.norm(camera[..., 0:3] - camera[..., 3:6], axis=-1)
    return np.asarray(far * np.tan(np.radians(0.5 * camera[..., 6])))


def told_of(camera: NDArray[np.floating]) -> Floats:
    """Return what the network is told of a *camera* ``[..., 7]``: ``[..., 8]`` numbers around 1.

    The direction to the camera, half the picture's height, the field of view and the target.
    """
    camera = np.asarray(camera, np.float64)
    toward = axes_of(camera)[..., 2, :]
    view = np.radians(camera[..., 6:7])
    return np.concatenate(
        [toward, half_height(camera)[..., None], view, camera[..., 3:6]], axis=-1
    ).astype(np.float32)


def seen_from(joints: NDArray[np.floating], camera: NDArray[np.floating]) -> Array:
    """Return *joints* ``[..., 16, 3]`` as the network says them, along the axes of *camera*."""
    local = np.asarray(joints, np.float64) - np.asarray(camera, np.float64)[..., None, 3:6]
    turned = local @ np.swapaxes(axes_of(camera), -1, -2)
    return np.asarray(turned / half_height(camera)[..., None, None])


def placed(said: NDArray[np.floating], camera: NDArray[np.floating]) -> Array:
    """Return the joints ``[..., 16, 3]`` in metres of what the network *said* ``[..., 16, 3]``."""
    local = np.asarray(said, np.float64) * half_height(camera)[..., None, None]
    return np.asarray(local @ axes_of(camera) + np.asarray(camera, np.float64)[..., None, 3:6])


def tidied(joints: NDArray[np.floating]) -> Array:
    """Return a pose ``[16, 3]`` of the standard body near *joints*: with its bones, the pelvis over
    the origin, facing +x, and nothing below the ground.
    """
    body = Body()
    pose = np.array(joints, np.float64)
    pose[_PELVIS] = 0.5 * (pose[_L_HIP] + pose[_R_HIP])
    low = pose[:, 1].min()
    pose = features.keep_bones(pose, body)
    pose[:, 1] += low - pose[:, 1].min()
    pose = features.turn(pose, -float(ops.heading(pose)))
    pose -= pose[_PELVIS] * (1.0, 0.0, 1.0)
    sunk = min(0.0, float(pose[:, 1].min()) - 0.5 * body.ankle_height)
    ankles = pose[list(features.ANKLES), 1].min()
    # feet that all but stand do stand
    shift = body.ankle_height - ankles if abs(ankles - body.ankle_height) < 0.08 else -sunk
    pose[:, 1] += shift
    return pose


class PoseReader:
    """The reader in *folder*.

    Raises `SourceError` for a folder that is none or is damaged.
    """

    def __init__(self, folder: Path) -> None:
        from safetensors.numpy import load_file

        path = folder / "config.json"
        try:
            self.config: Mapping[str, Any] = json.loads(path.read_text("utf-8"))
            if self.config.get("kind") != KIND:
                raise ValueError(f"its kind is {self.config.get('kind')!r}")
            self.size = int(self.config["size"])
            self.convolutions = int(self.config["convolutions"])
            loaded = load_file(folder / "model.safetensors")
            self.weights = {name: value.astype(np.float32) for name, value in loaded.items()}
            self._say(np.zeros((3, self.size, self.size), np.float32), np.zeros(8, np.float32))
        except Exception as error:
            first = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise SourceError(
                path, f"not a reader of poses ({first})", hint="train one: stickgen train picture"
            ) from error

    def read(self, picture: Path, camera: Floats) -> Array:
        """Return the pose ``[16, 3]`` of the standard body that the file *picture* shows, seen from
        *camera* ``[7]``: over the origin, facing +x.
        """
        return self.pose(picture_of(picture, self.size), camera)

    def pose(self, picture: Floats, camera: Floats) -> Array:
        """Return the same of a picture ``[3, size, size]``, 0-1."""
        return tidied(placed(self._say(picture, told_of(camera)), camera))

    def _say(self, picture: Floats, told: Floats) -> Floats:
        """Return joints ``[16, 3]`` along the camera's axes; see the module."""
        w = self.weights
        x = 1.0 - picture
        for i in range(self.convolutions):
            x = _convolved(x, w[f"convolutions.{i}.weight"])
            x = _normed(x, w[f"norms.{i}.weight"], w[f"norms.{i}.bias"])
        h = _layer(x.reshape(-1), w, "flat", relu=True)
        both = _layer(_layer(told, w, "camera", relu=True), w, "modulate")
        scale, shift = np.split(both, 2)
        h = _layer(h * (1.0 + scale) + shift, w, "hidden", relu=True)
        out: Floats = _layer(h, w, "out").reshape(schema.N_JOINTS, 3)
        return out


def _layer(x: Floats, w: Mapping[str, Floats], name: str, *, relu: bool = False) -> Floats:
    y = w[f"{name}.weight"] @ x + w[f"{name}.bias"]
    return np.maximum(y, 0.0) if relu else y


def _convolved(x: Floats, weight: Floats) -> Floats:
    """Return *x* ``[C, H, W]`` through *weight* ``[D, C, 3, 3]``, every second place."""
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(1, 2))
    out: Floats = np.tensordot(weight, windows[:, ::2, ::2], axes=([1, 2, 3], [0, 3, 4]))
    return out


def _normed(x: Floats, weight: Floats, bias: Floats) -> Floats:
    """Return max(0, *x*) ``[C, H, W]``, normalised over groups of channels before."""
    grouped = x.reshape(GROUPS, -1)
    mean, var = grouped.mean(axis=1, keepdims=True), grouped.var(axis=1, keepdims=True)
    flat = ((grouped - mean) / np.sqrt(var + 1e-5)).reshape(x.shape)
    out: Floats = np.maximum(flat * weight[:, None, None] + bias[:, None, None], 0.0)
    return out


def find(near: Path | None = None) -> PoseReader:
    """Return the reader in the folder ``picture`` of the checkpoint *near*, or else the first that
    an entry point of the group ``stickgen.pose_readers`` names.

    Raises `PluginError` where there is none.
    """
    if near is not None and (near / "picture" / "config.json").is_file():
        return PoseReader(near / "picture")
    for point in sorted(entry_points(group=GROUP), key=lambda p: p.name):
        value = point.load()
        return PoseReader(Path(value() if callable(value) else value))
    raise PluginError(
        "nothing that reads poses from pictures is installed; pip install stickgen-model-small, or"
        " train one: stickgen train picture"
    )
