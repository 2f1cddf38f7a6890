"""Blender opens our BVH and GLB files and finds every joint in its place."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from stickgen.core.schema import J
from stickgen.core.types import Motion, RenderOptions, Scene
from stickgen.render.bvh import BvhExporter
from stickgen.render.glb import GlbExporter
from stickgen.render.rig import BONES

pytestmark = [pytest.mark.external, pytest.mark.slow]

FRAME = 12


@pytest.mark.parametrize("exporter", [BvhExporter, GlbExporter])
def test_blender_finds_the_joints_of_both_actors(motions, tmp_path, exporter):
    if shutil.which("blender") is None:
        pytest.skip("needs Blender (Debian: apt-get install blender python3-numpy)")
    one = motions.yawed(motions.walk_joints(seconds=0.8), 180.0)
    two = motions.walk_joints(seconds=0.8) + np.array([0.0, 0.0, -1.5])
    motion = Motion.from_joints(np.stack([one, two], axis=1))
    path = tmp_path / ("a.bvh" if exporter is BvhExporter else "a.glb")
    exporter().write(Scene(motion), path, RenderOptions())
    script = Path(__file__).with_name("blender_joints.py")
    out = tmp_path / "places.json"
    done = subprocess.run(
        ["blender", "-b", "--factory-startup", "--python-exit-code", "3", "--python", str(script),
         "--", str(path), str(out), str(FRAME)],
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-1500:]
    told = json.loads(out.read_text())
    assert told["fps"] == 25
    for bone in BONES:
        if bone.joint is None:
            continue
        found = [
            place
            for places in told["actors"]
            for name, place in places.items()
            if name.partition("_")[0].partition(".")[0] == bone.name
        ]
        wanted = motion.joints[FRAME, :, J[bone.joint]]
        assert len(found) == 2, bone.name
        gap = np.linalg.norm(np.array(found)[:, None] - wanted[None], axis=-1)
        assert gap.min(axis=1).max() < 1e-3, bone.name
