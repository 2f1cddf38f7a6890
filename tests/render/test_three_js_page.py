"""The loader that docs/how-to/three-js.md shows works: three.js puts the joints where they are."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from stickgen.core.pipeline import export
from stickgen.core.schema import JOINTS
from stickgen.core.types import Look, Motion, Scene

pytestmark = pytest.mark.external

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "three-js.md"
PROGRAM = """
import * as THREE from "three";
import { readFileSync } from "node:fs";
import { JOINTS, MotionFigures } from "./motion.js";
const figures = new MotionFigures(JSON.parse(readFileSync("a.motion", "utf8")));
const out = [0, 0.16, 0.26].map((seconds) => {
  figures.update(seconds);
  figures.updateMatrixWorld(true);
  return figures.figures.map((figure) => ({
    visible: figure.visible,
    joints: figure.joints.map((ball) => ball.getWorldPosition(new THREE.Vector3()).toArray()),
    tops: figure.bones.map((bone) => bone.localToWorld(new THREE.Vector3(0, 0.5, 0)).toArray()),
    colour: figure.joints[0].material.color.getHexString(),
  }));
});
console.log(JSON.stringify({ JOINTS, out }));
"""


def test_the_loader_finds_the_joints(motions, tmp_path):
    folder = os.environ.get("STICKGEN_NODE", "")
    modules = Path(folder, "node_modules")
    if not folder or not (modules / "three").is_dir() or shutil.which("node") is None:
        pytest.skip("needs node and three (.ci/scripts/node_tools.sh, STICKGEN_NODE)")
    motion = motions.crowd(2, seconds=0.4)
    present = np.ones((10, 2), dtype=bool)
    present[:2, 1] = False
    joints = np.where(present[..., None, None], motion.joints, 0.0)
    motion = Motion.from_joints(joints, present=present)
    scene = Scene(motion, looks=(Look(colour="#ff8000"), Look()))
    export(scene, tmp_path / "a.motion")
    (loader,) = re.findall(r"^```js\n(.*?)^```", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    (tmp_path / "motion.js").write_text(loader, encoding="utf-8")
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "main.js").write_text(PROGRAM, encoding="utf-8")
    (tmp_path / "node_modules").symlink_to(modules)
    done = subprocess.run(
        ["node", "main.js"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["JOINTS"] == list(JOINTS)
    first, fourth, between = told["out"]
    assert [figure["visible"] for figure in first] == [True, False]
    assert first[0]["colour"] == "ff8000"
    for actor in range(2):
        found = np.array(fourth[actor]["joints"])
        assert np.abs(found - motion.joints[4, actor]).max() < 1e-4
        middle = 0.5 * (motion.joints[6, actor] + motion.joints[7, actor])
        assert np.abs(np.array(between[actor]["joints"]) - middle).max() < 1e-4
        # The first bone ends at the chest: cylinders point where they should.
        assert np.abs(np.array(fourth[actor]["tops"][0]) - motion.joints[4, actor, 1]).max() < 1e-4
