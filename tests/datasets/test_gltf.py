"""glTF characters: written ones against known joints, real ones by what they do."""

from __future__ import annotations

import contextlib
import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from alignment import LIMBS, distance, laid_onto
from glb_bytes import BODY, Glb, known_joints
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from stickgen.core.errors import SourceError
from stickgen.core.schema import J
from stickgen.core.testing import ConverterContract
from stickgen.core.types import Clip
from stickgen.datasets.animation_names import sentence_about
from stickgen.datasets.gltf import GltfConverter, frame_rate

WORDS = {"hip": "thigh", "knee": "calf", "ankle": "foot",
         "shoulder": "upperarm", "elbow": "lowerarm", "wrist": "hand"}  # fmt: skip
DOWN = {"upperarm_l": Rotation.from_euler("z", -80, degrees=True),
        "upperarm_r": Rotation.from_euler("z", 80, degrees=True)}  # fmt: skip


def pose(k: float) -> dict[str, Rotation]:
    s = np.sin(k / 8)
    turned = {
        "pelvis": (3 * s, 12 * s, 2), "spine_02": (5, -9 * s, 0), "head": (10 * s, 15 * s, 0),
        "lowerarm_l": (0, -70 - 10 * s, 0), "thigh_l": (-25 * s, 0, 4), "calf_l": (25, 0, 0),
        "thigh_r": (25 * s, 0, -4), "calf_r": (25 + 20 * s, 0, 0),
    }  # fmt: skip
    return DOWN | {
        name: Rotation.from_euler("xyz", each, degrees=True) for name, each in turned.items()
    }


def bones(poses: list[dict[str, Rotation]]) -> dict[str, list[Rotation]]:
    return {name: [each[name] for each in poses] for name in poses[0]}


def body(count: int = 61, name: str = "Walk", mode: str = "LINEAR", **options: Any) -> Glb:
    made = Glb(**options)
    root = np.array([[0.0, 0.0, 0.04 * k] for k in range(count)])
    made.animate(name, np.arange(count) / 30, bones([pose(k) for k in range(count)]), root, mode)
    return made


def clips_of(path: Path, **options: Any) -> list[Clip]:
    return list(GltfConverter(**options).read(path, path.parent))


def written(folder: Path, content: bytes, name: str = "hero.glb") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


class TestContract(ConverterContract):
    name = "gltf"

    def sample(self, folder: Path) -> Path:
        (folder / "more").mkdir()
        made = body()
        made.animate("Wave", np.arange(40) / 24, bones([pose(k) for k in range(40)]))
        written(folder, made.glb())
        written(folder / "more", body(40).gltf(), "other.gltf")
        return folder


@pytest.mark.parametrize("scale", [1.0, 0.01, 100.0])
@pytest.mark.parametrize("mode", ["LINEAR", "CUBICSPLINE"])
def test_joints_are_where_they_are_known_to_be(tmp_path: Path, scale: float, mode: str) -> None:
    (clip,) = clips_of(written(tmp_path, body(mode=mode, scale=scale).glb()), height=None)
    assert clip.meta["temporal"]["original_fps"] == 30.0
    assert clip.meta["unit"] == "m"
    exact = range(0, clip.motion.n_frames, 5)  # 25 and 30 a second meet every fifth
    poses = [known_joints(pose(k * 6 // 5), (0, 0, 0.04 * (k * 6 // 5))) for k in exact]
    expected = np.array(
        [[each[f"{WORDS[limb[2:]]}_{limb[0]}"] for limb in LIMBS] for each in poses]
    )
    got = clip.motion.joints[list(exact), 0][:, [J[limb] for limb in LIMBS]].astype(float)
    assert distance(laid_onto(expected, got, size=False), got) < 1e-3


def test_a_stander_stands_walks_ahead_and_left_is_left(tmp_path: Path) -> None:
    (clip,) = clips_of(written(tmp_path, body().glb()))
    points = clip.motion.joints[:, 0].astype(float)
    assert (points[:, J["l_hip"], 2] < points[:, J["r_hip"], 2]).all()
    assert points[-1, 0, 0] > 1.5
    assert 1.45 < points[0, J["head_center"], 1] < 1.75
    reach = [np.linalg.norm(points[:, J[f"{s}_wrist"]] - points[:, J[f"{s}_shoulder"]], axis=-1)
             for s in "lr"]  # fmt: skip
    assert (reach[0] < 0.95 * reach[1]).all()  # the left arm is bent
    assert clip.texts == ("A person walks.",)
    assert not clip.meta["in_place"]


def test_buffers_may_be_embedded_or_beside(tmp_path: Path) -> None:
    made = body()
    (binary,) = clips_of(written(tmp_path, made.glb()))
    (embedded,) = clips_of(written(tmp_path, made.gltf(), "hero.gltf"))
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "my hero.bin").write_bytes(made.buffer)
    beside = written(tmp_path, made.gltf("data/my%20hero.bin"), "beside.gltf")
    (apart,) = clips_of(beside)
    for other in (embedded, apart):
        np.testing.assert_array_equal(other.motion.frames, binary.motion.frames)
    (tmp_path / "data" / "my hero.bin").write_bytes(made.buffer[:-8])
    with pytest.raises(SourceError, match=r"buffers\[0\].*announces"):
        clips_of(beside)
    (tmp_path / "data" / "my hero.bin").unlink()
    with pytest.raises(SourceError, match=r"my%20hero.bin.*cannot be read"):
        clips_of(beside)
    for uri in ("../../etc/passwd", "/etc/passwd", "http://example.org/a.bin", "file:///a"):
        with pytest.raises(SourceError, match=r"own folder|cannot be read"):
            clips_of(written(tmp_path, made.gltf(uri), "far.gltf"))


RIGS: dict[str, Callable[[str], str]] = {
    "mixamo": lambda n: "mixamorig:" + MIXAMO.get(n, n),
    "mixamo, no colon": lambda n: "mixamorig" + MIXAMO.get(n, n),
    "rigify": lambda n: RIGIFY.get(n, n),
    "kaykit": lambda n: KAYKIT.get(n, n),
}
LIMB_WORDS = {"upperarm": "Arm", "lowerarm": "ForeArm", "hand": "Hand",
              "thigh": "UpLeg", "calf": "Leg", "foot": "Foot"}  # fmt: skip
SIDES = {"l": "Left", "r": "Right"}
MIXAMO = {"pelvis": "Hips", "spine_01": "Spine", "spine_02": "Spine1",
          "neck_01": "Neck", "head": "Head"} | {
    f"{word}_{s}": SIDES[s] + own for word, own in LIMB_WORDS.items() for s in "lr"}  # fmt: skip
RIGIFY = {"pelvis": "DEF-spine", "spine_01": "DEF-spine.001", "spine_02": "DEF-spine.003",
          "neck_01": "DEF-spine.004", "head": "DEF-spine.006"} | {
    f"{word}_{s}": f"DEF-{own}.{s.upper()}"
    for word, own in (("upperarm", "upper_arm"), ("lowerarm", "forearm"), ("hand", "hand"),
                      ("thigh", "thigh"), ("calf", "shin"), ("foot", "foot"))
    for s in "lr"}  # fmt: skip
KAYKIT = {"pelvis": "hips", "spine_01": "spine", "spine_02": "chest", "neck_01": "head",
          "head": "head_end"} | {
    f"{word}_{s}": f"{own}.{s}"
    for word, own in (("upperarm", "upperarm"), ("lowerarm", "lowerarm"), ("hand", "wrist"),
                      ("thigh", "upperleg"), ("calf", "lowerleg"), ("foot", "foot"))
    for s in "lr"}  # fmt: skip


@pytest.mark.parametrize("rig", RIGS)
def test_rigs_are_recognised_by_name(tmp_path: Path, rig: str) -> None:
    names = {name: RIGS[rig](name) for name, *_ in BODY}
    (plain,) = clips_of(written(tmp_path, body().glb()), height=None)
    (clip,) = clips_of(written(tmp_path, body(rename=names).glb()), height=None)
    limbs = [J[limb] for limb in (*LIMBS, "neck")]
    got, expected = (each.motion.joints[:, 0, limbs].astype(float) for each in (clip, plain))
    assert distance(got, expected) < 2e-3  # a rig without a neck is measured a little otherwise
    head = clip.motion.joints[:, 0, J["head_center"]] - clip.motion.joints[:, 0, J["neck"]]
    assert (head[:, 1] > 0.1).all()  # also where a rig has no neck


def test_gaits_on_the_spot_are_flagged_and_kept(tmp_path: Path) -> None:
    made = Glb()
    made.animate("Walking_A", np.arange(41) / 30, bones([pose(k) for k in range(41)]))
    made.animate("Idle", np.arange(41) / 30, bones([pose(k) for k in range(41)]))
    walk, idle = clips_of(written(tmp_path, made.glb()))
    assert walk.meta["in_place"] is True
    assert idle.meta["in_place"] is False
    assert walk.clip_id == "hero/Walking_A"


def test_short_cycles_are_repeated_and_the_rest_is_held(tmp_path: Path) -> None:
    made = Glb()
    times = np.arange(16) / 30
    cycle = bones([pose(k * 16 * np.pi / 15) for k in range(16)])
    way = np.array([[0.0, 0.0, 0.05 * k] for k in range(16)])
    made.animate("Run", times, cycle, way)
    made.animate("Throw", times, bones([pose(k) for k in range(16)]))
    made.animate("Sit_Pose", np.zeros(1), bones([pose(3)]))
    run, throw, still = clips_of(written(tmp_path, made.glb()))
    assert run.meta["cycles"] == 2
    pelvis = run.motion.joints[:, 0, 0, 0].astype(float)
    assert (np.diff(pelvis) > 0.03).all()  # it goes on, without a halt at the seam
    assert throw.meta["cycles"] == 1
    assert throw.meta["held"] == pytest.approx(24 / 25 - 15 / 30, abs=0.04)
    np.testing.assert_array_equal(throw.motion.frames[-1], throw.motion.frames[-3])
    assert still.meta["still"]
    assert np.ptp(still.motion.frames, axis=0).max() < 1e-6


def test_a_bone_that_slides_keeps_its_length(tmp_path: Path) -> None:
    made = body()
    animation = made.document["animations"][0]
    slide = np.array([[0.3 + 0.002 * k, 0.1, 0.0] for k in range(61)])
    animation["samplers"].append({"input": 0, "output": made.accessor(slide, "VEC3")})
    animation["channels"].append(
        {"sampler": len(animation["samplers"]) - 1, "target": {"node": 8, "path": "translation"}}
    )
    (clip,) = clips_of(written(tmp_path, made.glb()))
    points = clip.motion.joints[:, 0].astype(float)
    forearm = np.linalg.norm(points[:, J["l_wrist"]] - points[:, J["l_elbow"]], axis=-1)
    assert np.ptp(forearm) < 1e-3
    assert clip.meta["stretch"] == pytest.approx(0.06, abs=0.003)


@pytest.mark.parametrize(
    ("times", "fps"),
    [(np.arange(9) / 24, 24.0), (1 / 24 + np.arange(9) / 30, 30.0), (np.array([0.0]), 24.0),
     (np.cumsum([0.0, 0.017, 0.031, 0.0123]), 100.0)],
)  # fmt: skip
def test_the_rate_is_that_of_the_keys(times: np.ndarray, fps: float) -> None:
    assert frame_rate(times) == fps


def test_names_become_sentences() -> None:
    assert sentence_about("Sit_Chair_Down") == "A person sits down on a chair."
    assert sentence_about("Armature|mixamo.com|Walk") == "A person walks."
    assert sentence_about("Jump_01") == "A person jumps."
    assert sentence_about("CrawlRM") == "A person crawls flat on the ground."
    assert sentence_about("1H_Ranged_Shoot").endswith("with one hand.")


def test_the_real_characters(real_data: Callable[[str], Path]) -> None:
    root = real_data("gltf")
    converter = GltfConverter(licence="CC0-1.0")
    clips = {clip.clip_id.split("/")[-1]: clip
             for path in converter.find(root) for clip in converter.read(path, root)}  # fmt: skip
    assert len(clips) == 101
    assert all(clip.texts and clip.licence == "CC0-1.0" for clip in clips.values())
    at = {name: clip.motion.joints[:, 0].astype(float) for name, clip in clips.items()}
    kick = at["Unarmed_Melee_Attack_Kick"]
    feet = np.maximum(kick[:, J["l_ankle"], 1], kick[:, J["r_ankle"], 1])
    assert feet.max() > feet[0] + 0.15
    sit = at["Sit_Floor_Down"][:, J["pelvis_center"], 1]
    assert sit[-1] < 0.5 * sit[0]
    lie = at["Lie_Idle"]
    assert lie[:, [J["pelvis_center"], J["head_center"]], 1].max() < 0.5
    for name, side, other in (("Fighting_Left_Jab", "l", "r"), ("Fighting_Right_Jab", "r", "l")):
        ahead = [
            (at[name][:, J[f"{s}_wrist"], 0] - at[name][:, J["pelvis_center"], 0]).max()
            for s in (side, other)
        ]
        assert ahead[0] > ahead[1] + 0.1
    assert at["Crawl_RM"][-1, 0, 0] > 0.5
    assert not clips["Crawl_RM"].meta["in_place"]
    for name in ("Crawl", "Walking_A", "Running_A", "Run_Anime"):
        assert clips[name].meta["in_place"], name
    assert clips["Running_A"].meta["cycles"] == 2
    backwards = at["Dodge_Backward"][:, J["pelvis_center"], 0]
    assert backwards[-1] < backwards[0] - 0.3
    side = at["Dodge_Left"][:, J["pelvis_center"], 2]
    assert side[-1] < side[0] - 0.3


def put(place: str, value: Any) -> Callable[[dict[str, Any]], None]:
    """Return what sets the value at a place such as "accessors.1.count" of a document."""

    def change(document: dict[str, Any]) -> None:
        *way, last = [int(part) if part.isdigit() else part for part in place.split(".")]
        at: Any = document
        for part in way:
            at = at[part]
        at[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (put("nodes.17.children", [0]), "node 0 hangs from two nodes"),
        (put("nodes.18.children", []), None),
        (put("nodes.1.children", [99]), r"nodes\[1\].*names the node 99"),
        (put("nodes.1.children", 5), "must be a list"),
        (put("nodes.1.rotation", [0, 0, 0, 0]), r"nodes\[1\].*without length"),
        (put("nodes.1.translation", [0, 0]), "3 finite numbers"),
        (put("nodes.1.translation", [0, 0, 1e300]), "3 finite numbers"),
        (put("nodes.1.scale", [1, 2, 1]), "scaled unevenly"),
        (put("nodes.1.scale", [-1, -1, -1]), "mirrored"),
        (put("accessors.1.count", 10**9), r"accessors\[1\].*announces"),
        (put("accessors.1.count", 500), r"accessors\[1\].*do not fit"),
        (put("accessors.1.count", -1), "count must be"),
        (put("accessors.1.count", True), "count must be"),
        (put("accessors.1.byteOffset", -4), "no number of bytes"),
        (put("accessors.1.type", "VEC9"), "unknown type"),
        (put("accessors.1.bufferView", 77), "names the buffer view 77"),
        (put("accessors.1.sparse", {}), "sparse"),
        (put("accessors.1.type", "VEC3"), "needs 4 numbers"),
        (put("bufferViews.1.byteLength", 10**9), r"bufferViews\[1\].*ends at byte"),
        (put("bufferViews.1.byteStride", 1), "do not fit"),
        (put("animations.0.samplers.0.interpolation", "MAGIC"), "no interpolation"),
        (put("animations.0.samplers.0.input", 1), "needs 1 numbers"),
        (put("animations.0.channels.0.sampler", 99), "names the sampler 99"),
        (put("animations.0.channels", []), "moves nothing"),
        (put("animations", []), "holds no animation"),
        (put("animations", {}), "must be a list"),
        (put("asset", {"version": "1.0"}), "version '1.0'"),
        (put("extensionsRequired", ["EXT_meshopt_compression"]), "compressed"),
        (put("nodes.12.name", "leg"), "no joint is recognised as"),
    ],
)  # fmt: skip
def test_contradictions_are_named(
    tmp_path: Path, change: Callable[[dict[str, Any]], None], says: str | None
) -> None:
    made = body()
    change(made.document)
    path = written(tmp_path, made.glb())
    if says is None:
        assert len(clips_of(path)) == 1
        return
    with pytest.raises(SourceError, match=says) as caught:
        clips_of(path)
    assert str(path) in str(caught.value)


def test_nodes_in_a_circle_are_named(tmp_path: Path) -> None:
    made = body()
    made.document["nodes"][18]["children"] = []
    made.document["nodes"][5]["children"] = [0]
    with pytest.raises(SourceError, match="circle"):
        clips_of(written(tmp_path, made.glb()))


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_numbers_that_are_none_are_named(tmp_path: Path, value: float) -> None:
    made = body()
    start = made.document["bufferViews"][1]["byteOffset"]
    made.buffer = made.buffer[:start] + struct.pack("<f", value) + made.buffer[start + 4 :]
    with pytest.raises(SourceError, match=r"accessors\[1\], .*value 0|accessors\[1\].*value 0"):
        clips_of(written(tmp_path, made.glb()))


def test_times_that_go_back_are_named(tmp_path: Path) -> None:
    made = Glb()
    made.animate("Walk", np.array([0.0, 1.0, 0.5]), bones([pose(k) for k in range(3)]))
    with pytest.raises(SourceError, match="do not increase"):
        clips_of(written(tmp_path, made.glb()))


def test_cut_short_and_strange_files_are_named(tmp_path: Path) -> None:
    whole = body().glb()
    for end in (0, 3, 10, 19, 60, 2000, len(whole) - 5):
        with pytest.raises(SourceError, match=r"hero\.glb"):
            clips_of(written(tmp_path, whole[:end]))
    for content in (b"\x80\x04cposix\nsystem\n.", b"{}", b"[]", b"null", b"[" * 200_000,
                    b'{"asset": 3}', b"glTF" + b"\xff" * 40):  # fmt: skip
        with pytest.raises(SourceError, match=r"hero\.glb"):
            clips_of(written(tmp_path, content))
    version = whole[:4] + struct.pack("<I", 1) + whole[8:]
    with pytest.raises(SourceError, match="version 1"):
        clips_of(written(tmp_path, version))
    text = json.loads(body().gltf())
    text["buffers"][0]["uri"] = "data:application/octet-stream;base64,@@@"
    with pytest.raises(SourceError, match="not base64"):
        clips_of(written(tmp_path, json.dumps(text).encode(), "hero.gltf"))


def test_what_is_good_in_a_file_is_kept(tmp_path: Path) -> None:
    made = body()
    made.animate("Jump_Away", np.arange(61) / 30, bones([pose(k) for k in range(61)]),
                 np.array([[0.0, 0.0, 0.0 if k < 30 else 9.0] for k in range(61)]))  # fmt: skip
    clips: list[Clip] = []
    path = written(tmp_path, made.glb())
    with pytest.raises(SourceError, match="hero/Jump_Away"):
        clips.extend(GltfConverter().read(path, tmp_path))
    assert [clip.clip_id for clip in clips] == ["hero/Walk"]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(at=st.integers(0, 12000), what=st.binary(min_size=1, max_size=4), cut=st.booleans())
def test_damage_raises_nothing_but_source_errors(
    tmp_path: Path, at: int, what: bytes, cut: bool
) -> None:
    whole = body(30).glb()
    path = written(tmp_path, whole[:at] + what + (b"" if cut else whole[at + len(what) :]))
    with contextlib.suppress(SourceError):
        clips_of(path)
