"""What we write as BVH and GLB, our own converters read back as the same motion."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from stickgen.core import generate, load, ops
from stickgen.core.schema import J
from stickgen.core.types import Motion

OTHERS = [joint for name, joint in J.items() if name != "chest"]


def turned(motion: Motion, degrees: float) -> Motion:
    a = np.radians(degrees)
    turn = np.array([[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]])
    return Motion.from_joints(motion.joints @ turn.T, fps=motion.fps)


@pytest.mark.parametrize(
    ("suffix", "source", "most"), [("bvh", "bvh", 1e-3), ("glb", "gltf", 4e-3)]
)
@pytest.mark.parametrize("degrees", [0, 180])
def test_converted_back(
    stickgen, tmp_path: Path, suffix: str, source: str, most: float, degrees: float
) -> None:
    from stickgen.core.pipeline import export
    from stickgen.core.types import Scene

    made = generate("A person dances", seed=3, duration=2, generator="procedural").scene.motion
    export(Scene(turned(made, degrees)), tmp_path / f"a.{suffix}")
    done = stickgen("convert", "--source", source, f"a.{suffix}", "-o", "back.motion", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    back = load(tmp_path / "back.motion").scene.motion
    wanted = ops.canonical(made)
    gap = np.abs(back.joints - wanted.joints)
    assert gap[:, :, OTHERS].max() <= most
    # Converters place the chest anew, on the arc that keeps both halves of the spine rigid.
    assert gap.max() <= 0.012
