"""BVH and GLB: other programs find every joint where it was, whichever way the figure faces."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from stickgen.core.kinematics import euler
from stickgen.core.schema import J
from stickgen.core.types import Look, Motion, RenderOptions, Scene
from stickgen.render.bvh import BvhExporter, euler_zyx
from stickgen.render.glb import GlbExporter, capsule, quaternions_of
from stickgen.render.rig import BONES, rigs

NAMED = {bone.name: bone.joint for bone in BONES if bone.joint is not None}


def turning(motions, seconds=1.6):
    """A walker who turns twice about himself, arms over the head half of the time."""
    joints = motions.walk_joints(seconds=seconds)
    n = len(joints)
    for side, z in (("l", -0.1), ("r", 0.1)):
        up = np.linspace(0.0, 1.0, n)[:, None]
        for k, name in enumerate(("elbow", "wrist"), start=1):
            high = joints[:, J[f"{side}_shoulder"]] + np.array([0.0, 0.26 * k, z * k])
            low = joints[:, J[f"{side}_{name}"]]
            joints[:, J[f"{side}_{name}"]] = low + up * (high - low)
    turned = [motions.yawed(pose, 720.0 * i / n) for i, pose in enumerate(joints)]
    return Motion.from_joints(np.array(turned))


def facing(motions, degrees):
    return Motion.from_joints(motions.yawed(motions.walk_joints(seconds=0.8), degrees))


def written(exporter, motion, path, **looks):
    exporter.write(Scene(motion, **looks), path, RenderOptions())
    return path


# -- BVH -------------------------------------------------------------------------------------------


def bvhio_joints(path, frames):
    """Return {name: places [n, 3]} as the library bvhio reads them."""
    bvhio = pytest.importorskip("bvhio", reason="needs the reader bvhio (pip install bvhio)")
    root = bvhio.readAsHierarchy(str(path))
    places = {}
    for frame in frames:
        root.loadPose(frame)
        for joint, *_ in root.layout():
            places.setdefault(joint.Name, []).append(np.array(joint.PositionWorld))
    return {name: np.array(each) for name, each in places.items()}


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_bvhio_finds_the_joints_whichever_way_the_figure_faces(motions, tmp_path, degrees):
    motion = facing(motions, degrees)
    frames = range(0, motion.n_frames, 3)
    found = bvhio_joints(written(BvhExporter(), motion, tmp_path / "a.bvh"), frames)
    for name, joint in NAMED.items():
        wanted = motion.joints[list(frames), 0, J[joint]]
        assert np.abs(found[name] - wanted).max() <= 1e-3, name


def test_the_bvh_package_finds_the_channels(motions, tmp_path):
    bvh = pytest.importorskip("bvh")
    motion = facing(motions, 180)
    parsed = bvh.Bvh(written(BvhExporter(), motion, tmp_path / "a.bvh").read_text())
    assert parsed.nframes == motion.n_frames
    assert parsed.frame_time == pytest.approx(1 / 25)
    assert parsed.get_joints_names()[0] == "Hips"
    assert parsed.joint_channels("LeftArm") == ["Zrotation", "Yrotation", "Xrotation"]
    root = [
        [parsed.frame_joint_channel(t, "Hips", f"{axis}position") for axis in "XYZ"]
        for t in range(motion.n_frames)
    ]
    assert np.abs(np.array(root) - motion.joints[:, 0, 0]).max() < 1e-5


def test_curves_never_jump_by_a_turn(motions, tmp_path):
    text = written(BvhExporter(), turning(motions), tmp_path / "a.bvh").read_text()
    rows = text.split("Frame Time:")[1].splitlines()[1:]
    values = np.array([[float(x) for x in row.split()] for row in rows])
    hips = values[:, 3:6]
    assert np.abs(np.diff(hips, axis=0)).max() < 45.0
    assert np.ptp(hips, axis=0).max() > 600.0  # two turns, counted up and not wrapped


@pytest.mark.parametrize("locked", [0.0, np.pi / 2, -np.pi / 2])
def test_angles_give_the_rotations_back(locked):
    angles = np.cumsum(np.random.default_rng(3).normal(0.0, 0.2, (200, 3)), axis=0)
    if locked:
        angles[80:120, 1] = locked
    rotations = euler("zyx", *angles.T)
    found = euler_zyx(rotations)
    assert np.abs(euler("zyx", *found.T) - rotations).max() < 1e-6
    if not locked:
        assert np.abs(np.diff(found, axis=0)).max() < np.pi


def test_bones_of_changing_length_keep_their_joints(motions, tmp_path):
    """The shins of the test's own walker stretch: the joint then moves, and says so."""
    motion = motions.walk(seconds=1.6)
    ((_, rig),) = rigs(Scene(motion), "bvh")
    assert "LeftFoot" in {BONES[i].name for i in rig.moving}
    found = bvhio_joints(written(BvhExporter(), motion, tmp_path / "a.bvh"), range(0, 40, 5))
    wanted = motion.joints[0:40:5, 0, J["l_ankle"]]
    assert np.abs(found["LeftFoot"] - wanted).max() <= 1e-3


def test_actors_go_into_files_of_their_own(motions, tmp_path):
    from stickgen.core.pipeline import export

    motion = motions.crowd(3, seconds=0.2)
    export(Scene(motion), tmp_path / "who_%d.bvh")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["who_0.bvh", "who_1.bvh", "who_2.bvh"]
    found = bvhio_joints(tmp_path / "who_2.bvh", [0])
    assert np.abs(found["Hips"][0] - motion.joints[0, 2, 0]).max() < 1e-3
    export(Scene(motion), tmp_path / "all.bvh")
    text = (tmp_path / "all.bvh").read_text()
    assert [line for line in text.splitlines() if line.startswith("ROOT")] == [
        "ROOT Hips_1",
        "ROOT Hips_2",
        "ROOT Hips_3",
    ]


def test_an_absent_actor_holds_still(motions):
    motion = motions.crowd(2, seconds=0.4)
    present = np.ones((10, 2), dtype=bool)
    present[:4, 1] = False
    joints = np.where(present[..., None, None], motion.joints, 0.0)
    cast = rigs(Scene(Motion.from_joints(joints, present=present)), "bvh")
    places = cast[1][1].translations[:, 0]
    assert np.abs(places[:4] - places[4]).max() == 0.0


# -- GLB -------------------------------------------------------------------------------------------


class Glb:
    """A GLB file as the specification says it is read."""

    def __init__(self, path):
        data = path.read_bytes()
        size = int.from_bytes(data[12:16], "little")
        self.json = json.loads(data[20 : 20 + size])
        self.binary = data[28 + size :]

    def values(self, number):
        accessor = self.json["accessors"][number]
        view = self.json["bufferViews"][accessor["bufferView"]]
        kind = {5126: "<f4", 5123: "<u2", 5121: "u1"}[accessor["componentType"]]
        width = {"SCALAR": 1, "VEC3": 3, "VEC4": 4, "MAT4": 16}[accessor["type"]]
        raw = self.binary[view["byteOffset"] : view["byteOffset"] + view["byteLength"]]
        return np.frombuffer(raw, kind).reshape(accessor["count"], width)

    def channels(self, node):
        """Return {path: values} of what the animation does to *node*."""
        animation = self.json["animations"][0]
        return {
            channel["target"]["path"]: self.values(
                animation["samplers"][channel["sampler"]]["output"]
            )
            for channel in animation["channels"]
            if channel["target"]["node"] == node
        }

    def places(self, node, frames):
        """Return {name: places [n, 3]} of *node* and all below it, by its animated transforms."""
        out = {}

        def visit(number, turn, place):
            entry, moves = self.json["nodes"][number], self.channels(number)
            shift = moves.get("translation", np.tile(entry["translation"], (max(frames) + 1, 1)))
            place = place + np.einsum("tij,tj->ti", turn, shift[list(frames)])
            out[entry["name"]] = place
            if "rotation" in moves:
                turn = turn @ matrices(moves["rotation"][list(frames)])
            for child in entry.get("children", ()):
                visit(child, turn, place)

        n = len(frames)
        visit(node, np.tile(np.eye(3), (n, 1, 1)), np.zeros((n, 3)))
        return out


def matrices(q):
    x, y, z, w = q.astype(float).T
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ]
    return np.moveaxis(np.array(rows), -1, 0)


@pytest.mark.parametrize("degrees", [0, 180])
def test_glb_holds_the_joints(motions, tmp_path, degrees):
    motion = facing(motions, degrees)
    glb = Glb(written(GlbExporter(), motion, tmp_path / "a.glb"))
    frames = range(0, motion.n_frames, 4)
    found = glb.places(glb.json["skins"][0]["joints"][0], frames)
    for name, joint in NAMED.items():
        assert np.abs(found[name] - motion.joints[list(frames), 0, J[joint]]).max() < 1e-4, name


def test_an_actor_has_a_colour_and_no_size_while_away(motions, tmp_path):
    motion = motions.crowd(2, seconds=0.4)
    present = np.ones((10, 2), dtype=bool)
    present[3:6, 1] = False
    joints = np.where(present[..., None, None], motion.joints, 0.0)
    motion = Motion.from_joints(joints, present=present)
    looks = (Look("Ann", colour="#ff0000"), Look("Bob"))
    glb = Glb(written(GlbExporter(), motion, tmp_path / "a.glb", looks=looks))
    colours = [m["pbrMetallicRoughness"]["baseColorFactor"] for m in glb.json["materials"]]
    assert colours[0] == [1.0, 0.0, 0.0, 1.0]
    bob = next(i for i, node in enumerate(glb.json["nodes"]) if node["name"] == "Bob")
    assert glb.channels(bob)["scale"][:, 0].tolist() == [1.0, 0.0, 1.0]


def test_quaternions_of_half_turns_are_numbers():
    down = np.array([np.diag(d) for d in ([1.0, -1, -1], [-1.0, 1, -1], [-1.0, -1, 1])])
    found = quaternions_of(down)
    assert np.abs(matrices(found) - down).max() < 1e-12
    spin = euler("y", np.linspace(0.0, 4 * np.pi, 50))
    steps = np.diff(quaternions_of(spin), axis=0)
    assert np.linalg.norm(steps, axis=1).max() < 0.2  # no sign flips


@pytest.mark.parametrize("end", [(0, 1, 0), (0, -1, 0), (1, 0, 0), (0, 0, 0)])
def test_capsules_are_closed_and_face_outward(end):
    corners, normals, faces = capsule(np.zeros(3), np.array(end, dtype=float), 0.1)
    a, b, c = (corners[faces[:, i]] for i in range(3))
    volume = float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6.0)
    length = float(np.linalg.norm(end))
    exact = np.pi * 0.01 * length + 4 / 3 * np.pi * 0.001
    assert 0.85 * exact < volume < exact
    assert np.isfinite(normals).all()
    assert np.linalg.norm(normals, axis=1) == pytest.approx(np.ones(len(normals)))


@pytest.mark.external
def test_the_khronos_validator_finds_nothing(motions, tmp_path):
    folder = os.environ.get("STICKGEN_NODE", "")
    package = Path(folder, "node_modules", "gltf-validator")
    if not folder or not package.is_dir() or shutil.which("node") is None:
        pytest.skip("needs node and gltf-validator (.ci/scripts/node_tools.sh, STICKGEN_NODE)")
    motion = motions.crowd(3, seconds=0.4)
    present = np.ones((10, 3), dtype=bool)
    present[3:6, 1] = False
    joints = np.where(present[..., None, None], motion.joints, 0.0)
    files = [
        written(GlbExporter(), turning(motions), tmp_path / "turning.glb"),
        written(GlbExporter(), motions.stand(seconds=0.04), tmp_path / "still.glb"),
        written(GlbExporter(), Motion.from_joints(joints, present=present), tmp_path / "away.glb"),
    ]
    script = (
        "const [, package, ...files] = process.argv, fs = require('fs');"
        "const validator = require(package);"
        "Promise.all(files.map(f => validator.validateBytes(new Uint8Array(fs.readFileSync(f)))))"
        ".then(all => console.log(JSON.stringify(all.map(report => report.issues))));"
    )
    done = subprocess.run(
        ["node", "-e", script, str(package), *map(str, files)],
        capture_output=True,
        text=True,
        check=True,
    )
    for issues in json.loads(done.stdout):
        counted = [issues[key] for key in ("numErrors", "numWarnings", "numInfos", "numHints")]
        assert counted == [0, 0, 0, 0], issues["messages"]
