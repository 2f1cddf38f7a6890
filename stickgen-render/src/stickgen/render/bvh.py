"""BVH: the skeleton and its rotations, for Blender, MotionBuilder, Unity and retargeting tools.

Format: https://research.cs.wisc.edu/graphics/Courses/cs-838-1999/Jeff/BVH.html. Lengths are metres,
angles degrees; rotations are read from their matrices as Z, Y, X (R = Rz Ry Rx) and unwrapped, so
that a curve never jumps by a turn. The skeleton is that of `stickgen.render.rig`.

A BVH file has no place for remarks, so the seed and the prompt are not in it.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from stickgen.core.protocols import Progress
from stickgen.core.types import RenderOptions, Scene
from stickgen.render.png import is_sequence, numbered
from stickgen.render.rig import BONES, ENDS, PARENTS, Rig, rigs
from stickgen.render.shot import at_rate

Array = NDArray[np.float64]


class BvhExporter:
    """A skeleton with its motion, one actor a file."""

    api_version: ClassVar[int] = 1
    media_type: ClassVar[str] = "model/x-bvh"

    def write(
        self, scene: Scene, path: Path, options: RenderOptions, progress: Progress | None = None
    ) -> None:
        """Write the actors of *scene* to *path*.

        A *path* with a number pattern (``dance_%d.bvh``) gets one file an actor, numbered as the
        actors are. Else all are in one file, each with a ROOT of its own, which the format allows
        and Blender reads; many other programs take the first only. An actor keeps still while
        absent. Raises `DataError` for a motion without depth.
        """
        scene = at_rate(scene, options.fps)
        cast = rigs(scene, "bvh")
        fps = scene.motion.fps
        if is_sequence(path):
            for actor, rig in cast:
                numbered(path, actor).write_text(bvh_text([(actor, rig)], fps, False), "ascii")
        else:
            path.write_text(bvh_text(cast, fps, len(cast) > 1), "ascii")
        if progress is not None:
            progress(1, 1)


def bvh_text(cast: list[tuple[int, Rig]], fps: float, numbers: bool) -> str:
    """Return the BVH file of *cast*; with *numbers*, joints are called after their actor too."""
    lines = ["HIERARCHY"]
    columns: list[Array] = []
    for actor, rig in cast:
        _hierarchy(rig, 0, 0, f"_{actor + 1}" if numbers else "", lines, columns)
    values = np.concatenate(columns, axis=1)
    lines += ["MOTION", f"Frames: {len(values)}", f"Frame Time: {1.0 / fps:.9g}"]
    lines += [" ".join(_number(x) for x in row) for row in values.tolist()]
    return "\n".join(lines) + "\n"


def _hierarchy(
    rig: Rig, joint: int, depth: int, suffix: str, lines: list[str], columns: list[Array]
) -> None:
    """Add joint number *joint*, all below it and their channels to *lines* and *columns*."""
    bone, tab = BONES[joint], "\t" * depth
    lines.append(f"{tab}{'JOINT' if depth else 'ROOT'} {bone.name}{suffix}")
    lines.append(tab + "{")
    offset = rig.offsets[joint] if depth else np.zeros(3)
    lines.append(f"{tab}\tOFFSET " + " ".join(_number(x) for x in offset.tolist()))
    rotation = "Zrotation Yrotation Xrotation"
    if depth == 0 or joint in rig.moving:
        lines.append(f"{tab}\tCHANNELS 6 Xposition Yposition Zposition {rotation}")
        columns.append(rig.translations[:, joint])
    else:
        lines.append(f"{tab}\tCHANNELS 3 {rotation}")
    columns.append(np.degrees(euler_zyx(rig.rotations[:, joint])))
    for child, parent in enumerate(PARENTS):
        if parent == joint:
            _hierarchy(rig, child, depth + 1, suffix, lines, columns)
    if bone.name in ENDS:
        end = " ".join(_number(x) for x in rig.end(bone.name).tolist())
        lines += [f"{tab}\tEnd Site", tab + "\t{", f"{tab}\t\tOFFSET {end}", tab + "\t}"]
    lines.append(tab + "}")


def _number(value: float) -> str:
    text = f"{value:.6f}"
    return "0.000000" if text == "-0.000000" else text


def euler_zyx(rotations: Array) -> Array:
    """Return angles ``[T, 3]`` about z, y and x with Rz Ry Rx = *rotations* ``[T, 3, 3]``, radians.

    Each rotation has two such triples, and every angle any number of turns: the ones nearest to the
    frame before are taken. Where y is a quarter turn, only z - x (or z + x) is determined, and x is
    kept.
    """
    m = rotations
    y = np.arcsin(np.clip(-m[:, 2, 0], -1.0, 1.0))
    z, x = np.arctan2(m[:, 1, 0], m[:, 0, 0]), np.arctan2(m[:, 2, 1], m[:, 2, 2])
    locked = np.hypot(m[:, 0, 0], m[:, 1, 0]) < 1e-7
    out = np.empty((len(m), 3))
    before = np.zeros(3)
    for t in range(len(m)):
        if locked[t]:
            # Rz(z) Ry(+-90) Rx(x): the matrix holds sin and cos of x -+ z.
            sign = 1.0 if y[t] > 0 else -1.0
            both = np.arctan2(sign * m[t, 0, 1], m[t, 1, 1])
            one = np.array([sign * (before[2] - both), y[t], before[2]])
            candidates = [one]
        else:
            one = np.array([z[t], y[t], x[t]])
            candidates = [one, np.array([z[t] + np.pi, np.pi - y[t], x[t] + np.pi])]
        near = [c + 2.0 * np.pi * np.round((before - c) / (2.0 * np.pi)) for c in candidates]
        before = min(near, key=lambda c: float(np.abs(c - before).sum()))
        out[t] = before
    return out
