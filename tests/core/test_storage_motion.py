""".motion files: what is written is read back, and what is wrong is named."""

import json
import re
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from stickgen.core import __version__, ops, schema
from stickgen.core.errors import DataError, OutputError, SourceError
from stickgen.core.schema import J
from stickgen.core.storage import motion_schema, read_motion, write_motion
from stickgen.core.storage.motion_file import camera_from_reference, to_text
from stickgen.core.types import (
    Beat,
    CameraTrack,
    Caption,
    Look,
    Motion,
    Prop,
    RenderOptions,
    Role,
    Scene,
    Script,
)


def rich(figure, frames=20):
    """A scene that uses everything a scene has."""
    joints = np.stack([figure.walk(frames), figure.walk(frames) + np.array([1, 0, 1])], axis=1)
    present = np.ones((frames, 2), bool)
    present[:4, 1] = False
    joints[~present] = 0
    motion = Motion.from_joints(
        joints,
        fps=29.97,
        present=present,
        actions=np.full((frames, 2), 1),
        overlay=np.full((frames, 2), 5),
        face=np.random.default_rng(0).uniform(0, 1, (frames, 2, 7)),
    )
    t = np.linspace(0, 1, frames)
    camera = CameraTrack(
        position=np.stack([t, 1 + 0 * t, 6 + t], axis=-1),
        target=np.stack([t, 1 + 0 * t, 0 * t], axis=-1),
        fov=30 + t,
        roll=t,
    )
    script = Script(
        prompt="Ann walks to the ball, Bob talks",
        roles=(Role("Ann", colour="#ff0000", start=(0.0, 1.5)), Role("Bob", kind="robot")),
        beats=(
            Beat((0,), "walk", overlay="wave", seconds=2.0, target="ball", direction="right"),
            Beat((0, 1), "handshake", target=1, repetitions=2, with_previous=True, line="Hi ü"),
        ),
        props=("ball",),
        warnings=("nothing serious",),
        duration=4.0,
    )
    return Scene(
        motion,
        looks=(Look("Ann", colour="#ff0000"), Look("Bob", kind="robot", team="blue")),
        props=(
            Prop("ball", np.array([1.0, 0.0, 0.5]), scale=0.3, colour="#ffffff"),
            Prop("cup", np.stack([t, t, t], axis=-1), layer="front"),
        ),
        captions=(Caption("Hi", 0.1, 0.5, actor=1), Caption("The end", 0.6, 0.7)),
        camera=camera,
        environment="beach",
        weather="rainy",
        script=script,
        meta={"prompt": "Ann walks", "seed": 7, "speeds": (np.float32(0.5), np.int64(3))},
    )


def same(a, b, atol=6e-5):
    there = a.present
    np.testing.assert_array_equal(there, b.present)
    np.testing.assert_allclose(a.joints[there], b.joints[there], atol=atol)
    np.testing.assert_array_equal(a.actions, b.actions)
    np.testing.assert_array_equal(a.overlay, b.overlay)
    assert a.fps == b.fps
    assert (a.depth is None) == (b.depth is None)


# -- round trip ----------------------------------------------------------------------------------


def test_a_whole_scene_survives(figure, tmp_path):
    scene = rich(figure)
    write_motion(scene, tmp_path / "a.motion")
    back = read_motion(tmp_path / "a.motion")
    same(scene.motion, back.motion)
    np.testing.assert_allclose(back.motion.face, scene.motion.face, atol=6e-5)
    for name in ("position", "target", "fov", "roll"):
        np.testing.assert_allclose(
            getattr(back.camera, name), getattr(scene.camera, name), atol=6e-5
        )
    assert back.looks == scene.looks
    assert back.captions == scene.captions
    assert back.script == scene.script
    assert (back.environment, back.weather) == ("beach", "rainy")
    for a, b in zip(scene.props, back.props, strict=True):
        assert (a.kind, a.scale, a.colour, a.layer) == (b.kind, b.scale, b.colour, b.layer)
        np.testing.assert_allclose(a.position, b.position)
    assert back.meta == {"prompt": "Ann walks", "seed": 7, "speeds": [0.5, 3]}
    # Once more changes nothing at all.
    assert to_text(back) == to_text(read_motion(tmp_path / "a.motion"))


@given(
    joints=arrays(np.float64, (3, 2, 16, 3), elements=st.floats(-50, 50)),
    fps=st.floats(1, 240),
    deep=st.booleans(),
)
@settings(max_examples=40, deadline=None)
def test_any_motion_survives_to_a_tenth_of_a_millimetre(tmp_path_factory, joints, fps, deep):
    motion = Motion.from_joints(joints if deep else joints[..., :2], fps=fps)
    path = tmp_path_factory.mktemp("m") / "a.motion"
    write_motion(motion, path)
    back = read_motion(path).motion
    same(motion, back, atol=1e-4)
    assert schema.connectivity_error(back.frames) is None


def test_what_is_written_obeys_the_published_schema(figure):
    jsonschema = pytest.importorskip(
        "jsonschema", reason="needs jsonschema: pip install jsonschema"
    )
    jsonschema.Draft202012Validator.check_schema(motion_schema())
    for scene in (rich(figure), Motion.from_joints(figure.stand()[None, :, :2])):
        document = json.loads(to_text(scene))
        jsonschema.validate(document, motion_schema())
    document["meta"]["version"] = "9.0"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, motion_schema())


def test_the_keys_of_version_one_mean_what_they_meant(figure):
    motion = Motion.from_joints(figure.walk(4))
    document = json.loads(to_text(Scene(motion, meta={"prompt": "go"})))
    assert document["meta"] | {"provenance": 0} == {
        "version": "2.0", "generator": f"stickgen {__version__}", "fps": 25.0, "duration": 0.16,
        "total_frames": 4, "description": "go", "vocabulary_version": 1, "provenance": 0,
    }  # fmt: skip
    assert document["skeleton"]["input_dim"] == 48
    np.testing.assert_allclose(document["motion"], motion.frames.ravel(), atol=6e-5)
    assert document["actions"] == [0, 0, 0, 0]
    assert len(document["physics"]) == 24
    assert not {"overlay", "present", "face", "camera", "props", "script"} & set(document)


def test_lists_may_be_nested_and_keys_unknown(figure, tmp_path):
    motion = Motion.from_joints(figure.walk(5))
    document = json.loads(to_text(motion))
    document["motion"] = motion.frames.reshape(5, 1, 12, 4).tolist()
    document["depth"] = motion.depth.tolist()
    document["later"] = {"more": 1}
    document["meta"]["later"] = 1
    path = tmp_path / "a.motion"
    path.write_text("\ufeff" + json.dumps(document), encoding="utf-8")
    same(motion, read_motion(path).motion)


def test_the_file_is_written_whole_or_not_at_all(figure, tmp_path):
    path = tmp_path / "a.motion"
    scene = Scene(Motion.from_joints(figure.stand()[None]), meta={"bad": float("nan")})
    with pytest.raises(DataError, match=r"meta\.bad: nan is not a finite number"):
        write_motion(scene, path)
    assert list(tmp_path.iterdir()) == []
    write_motion(scene.motion, path)
    with pytest.raises(OutputError, match="exists already"):
        write_motion(scene.motion, path)
    write_motion(scene.motion, path, force=True)
    odd = Scene(scene.motion, meta={"of": {"x": object()}})
    with pytest.raises(DataError, match=r"meta\.of\.x: a object cannot be written as JSON"):
        to_text(odd)
    fine = Scene(scene.motion, meta={"p": path, "s": {2, 1}, "b": np.bool_(True), "a": np.eye(2)})
    assert json.loads(to_text(fine))["meta"]["provenance"] == {
        "p": str(path), "s": [1, 2], "b": True, "a": [[1, 0], [0, 1]],
    }  # fmt: skip


# -- version 1.0 ---------------------------------------------------------------------------------


def old(motion, dim=48, **more):
    frames = np.asarray(motion)
    names = [name for name, _, _ in schema.SEGMENTS]
    return {
        "meta": {
            "version": "1.0", "generator": "Stick-Gen v2", "created_at": "2025-01-01",
            "fps": 25, "duration": len(frames) / 25, "total_frames": len(frames),
            "description": "somebody walks",
        },
        "skeleton": {
            "type": "stick_figure_12_segment_v3", "joint_format": "xy_lines_flat",
            "input_dim": dim, "segments": names if dim == 48 else ["torso"],
        },
        "motion": frames.round(4).ravel().tolist(),
        "actions": [1] * len(frames),
    } | more  # fmt: skip


def save(document, tmp_path):
    path = tmp_path / "a.motion"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_an_older_file_is_read_in_metres_and_put_on_the_ground(figure, tmp_path):
    true = Motion.from_joints(figure.walk(30)[..., :2])
    units = ops.translate(true, (0.0, -1.3, 0.0)).frames[:, 0] / 0.68
    camera = np.tile([0.0, 1.0, 2.0], (30, 1)).ravel().tolist()
    scene = read_motion(save(old(units, camera=camera, physics=[0] * 180), tmp_path))
    np.testing.assert_allclose(scene.motion.joints, true.joints, atol=0.01)
    assert scene.meta == {"prompt": "somebody walks"}
    assert (scene.motion.actions == 1).all()
    # The camera moved up with the figure: half the usual 6.8 m, from straight ahead.
    reference = scene.camera.reference
    np.testing.assert_allclose(reference[:, 2], 2.0, rtol=1e-5)
    np.testing.assert_allclose(reference[:, 1], 0.68 + 1.3, atol=0.01)
    np.testing.assert_allclose(scene.camera.position[:, 0], 0)


def test_five_lines_become_a_whole_figure(tmp_path):
    hip = np.array([0.3, 0.0])
    up, foot, hand = np.array([0, 1.0]), np.array([0.4, -1.5]), np.array([0.55, 0.3])
    neck = hip + up
    mirror = np.array([-1, 1])
    lines = [neck, hip, hip, hip + foot * mirror, hip, hip + foot]
    lines += [neck, hip + hand * mirror, neck, hip + hand]
    frames = np.tile(np.concatenate(lines), (3, 1))
    motion = read_motion(save(old(frames, dim=20), tmp_path)).motion
    joints = motion.joints[0, 0, :, :2]
    place = {name: joints[i] - joints[J["pelvis_center"]] for name, i in J.items()}
    np.testing.assert_allclose(place["neck"], [0, 0.68], atol=1e-4)
    np.testing.assert_allclose(place["chest"], [0, 0.374], atol=1e-4)
    np.testing.assert_allclose(place["head_center"], [0, 1.02], atol=1e-4)
    np.testing.assert_allclose(place["l_hip"], place["r_hip"], atol=1e-4)
    np.testing.assert_allclose(place["l_shoulder"], place["neck"], atol=1e-4)
    np.testing.assert_allclose(place["r_ankle"], foot * 0.68, atol=1e-4)
    np.testing.assert_allclose(place["l_knee"], foot * mirror * 0.34, atol=1e-4)
    np.testing.assert_allclose(place["r_elbow"], (hand + up) * 0.34, atol=1e-4)
    height = ops.standing_height(motion)[0]
    assert joints[J["l_ankle"], 1] == pytest.approx(0.045 * height, abs=1e-3)

    frames[2, 4] += 1.0
    with pytest.raises(SourceError, match="frame 2: line 'l_leg' does not start where the torso"):
        read_motion(save(old(frames, dim=20), tmp_path))


def test_the_reference_camera_alone_is_enough(figure, tmp_path):
    document = json.loads(to_text(Motion.from_joints(figure.walk(4))))
    document["camera"] = [1, 2, 0.5] * 4
    camera = read_motion(save(document, tmp_path)).camera
    np.testing.assert_allclose(camera.reference, np.tile([1, 2, 0.5], (4, 1)), rtol=1e-6)
    assert camera_from_reference(np.ones((2, 3)), fov=60).fov.tolist() == [60, 60]


# -- bad files -----------------------------------------------------------------------------------

DELETE = object()


def change(document, keys, value):
    *path, last = keys.split(".")
    for key in path:
        document = document[int(key) if key.isdecimal() else key]
    if value is DELETE:
        del document[last]
    else:
        document[int(last) if last.isdecimal() else last] = value


MISTAKES = [
    ("meta", DELETE, "key 'meta': this key is missing"),
    ("meta", [], "key 'meta': this is not an object"),
    ("meta.version", DELETE, "key 'meta.version': this key is missing"),
    ("meta.version", 2, "key 'meta.version': a whole number where a text was expected"),
    ("meta.version", "two", "'two' is not a version such as '2.0'"),
    ("meta.version", "2.1", "version 2.1 is newer than 2.0, the newest this stickgen reads; upgr"),
    ("meta.version", "99.0", "version 99.0 is newer"),
    ("meta.fps", DELETE, "key 'meta.fps': this key is missing"),
    ("meta.fps", "25", "key 'meta.fps': a text where a number was expected"),
    ("meta.fps", True, "key 'meta.fps': true or false where a number was expected"),
    ("meta.fps", 0, "key 'meta.fps': 0 is not a positive frame rate"),
    ("meta.fps", -25, "-25 is not a positive frame rate"),
    ("meta.fps", 1e999, "key 'meta.fps': inf is not a finite number"),
    ("meta.fps", 10**400, "key 'meta.fps': inf is not a finite number"),
    ("meta.vocabulary_version", 99, "action table 99 is newer than 1"),
    ("meta.total_frames", 7, "key 'motion': 960 numbers, but 7 frames x 2 actors x 48 are 672"),
    ("meta.total_frames", 2**40, "960 numbers, but 1099511627776 frames"),
    ("meta.total_frames", 0, "960 numbers, but 0 frames"),
    ("meta.provenance", 3, "key 'meta.provenance': this is not an object"),
    ("skeleton", DELETE, "key 'skeleton': this key is missing"),
    ("skeleton.input_dim", 20, "key 'skeleton.input_dim': 20 is not 48"),
    ("skeleton.input_dim", None, "null where a whole number was expected"),
    ("skeleton.n_actors", 0, "key 'skeleton.n_actors': 0 actors, expected at least 1"),
    ("skeleton.n_actors", 3, "key 'motion': 960 numbers, but 10 frames x 3 actors x 48 are 1440"),
    ("motion", DELETE, "key 'motion': this key is missing"),
    ("motion", {}, "key 'motion': this is not a list"),
    ("motion", [], "key 'motion': 0 numbers, but 10 frames x 2 actors x 48 are 960"),
    ("motion", [1.0] * 959, "key 'motion': 959 numbers"),
    ("motion", [[[[[[[0.0]]]]]]], "key 'motion': lists are nested more than four deep"),
    ("motion.5", [1.0], "key 'motion': lists and numbers are mixed"),
    ("motion.5", "1.0", "key 'motion': \"1.0\" where number 5 was expected"),
    ("motion.5", None, "key 'motion': null where number 5 was expected"),
    ("motion.5", True, "key 'motion': true where number 5 was expected"),
    ("motion.5", 10**400, "key 'motion': a number too large to hold"),
    ("motion.200", float("nan"), "key 'motion': a value at frame 2 is not a finite number"),
    ("motion.200", float("inf"), "key 'motion': a value at frame 2 is not a finite number"),
    ("motion.200", 1e35, "key 'motion': a value at frame 2 is not a finite number"),
    ("motion.800", 5.0, "key 'motion': frame 8, actor 0 breaks the rule 'l_thigh.end = l_shin.st"),
    ("depth", [0.0], "key 'depth': 1 numbers, but 10 frames x 32 are needed"),
    ("depth", "deep", "key 'depth': this is not a list of numbers"),
    ("depth.33", float("nan"), "key 'depth': a value at frame 1 is not a finite number"),
    ("present.2", 2, "key 'present': a value at frame 1 is neither 0 nor 1"),
    ("present", [1], "key 'present': 1 numbers, but 10 frames x 2 are needed"),
    ("actions", [0], "key 'actions': 1 numbers"),
    ("actions.3", 0.5, "key 'actions': a value at frame 1 is not a whole number"),
    ("actions.3", 64, "motion actions holds 64 at frame 1, actor 1; the table has 60 actions"),
    ("actions.3", 1e20, "motion actions holds 2147483648 at frame 1"),
    ("overlay.3", -2, "motion overlay holds -2 at frame 1, actor 1"),
    ("face.0", float("nan"), "key 'face': a value at frame 0 is not a finite number"),
    ("physics", [0.0] * 7, "key 'physics': 7 numbers, but 10 frames x 12 are needed"),
    ("camera_track", [], "key 'camera_track': this is not an object"),
    ("camera_track.fov", DELETE, "key 'camera_track.fov': this key is missing"),
    ("camera_track.fov.3", 180, "key 'camera_track.fov': an angle that is not between 0 and 180"),
    ("camera_track.roll", [1], "key 'camera_track.roll': 1 numbers, but 10 frames x 1 are needed"),
    ("looks", [{}], "key 'looks': 1 looks for 2 actors"),
    ("looks.1", 3, "key 'looks[1]': a whole number where an object was expected"),
    ("looks.1.kind", None, "key 'looks[1].kind': null where a text was expected"),
    ("props", 1, "key 'props': this is not a list"),
    ("props.0", "ball", "key 'props[0]': a prop must be an object"),
    ("props.0.position", DELETE, "key 'props[0].position': this key is missing"),
    ("props.0.position", [1, 2], "key 'props[0].position': 2 numbers, expected 3 or 10 frames x 3"),
    ("props.0.position", [1, 2, float("nan")], "key 'props[0].position': a value is not"),
    ("props.0.scale", "big", "key 'props[0].scale': a text where a number was expected"),
    ("captions.0.text", DELETE, "key 'captions[0]': the key 'text' is missing"),
    ("captions.0.start", [], "key 'captions[0].start': a list where a number was expected"),
    ("captions.0.actor", 2, "key 'captions[0].actor': there is no actor 2"),
    ("environment", 3, "key 'environment': a whole number where a text was expected"),
    ("weather", 0.5, "key 'weather': a number where a text was expected"),
    ("script", "x", "key 'script': a text where an object was expected"),
    ("script.version", 2, "key 'script.version': script version 2 is newer than 1"),
    ("script.roles", {}, "key 'script.roles': an object where a list was expected"),
    ("script.roles.0.start", [1], "key 'script.roles[0].start': 1 values where 2 were expected"),
    ("script.beats.0.action", DELETE, "key 'script.beats[0]': the key 'action' is missing"),
    ("script.beats.0.target", 1.5, "key 'script.beats[0].target': a number where a text was"),
    ("script.beats.0.actors", [2], "key 'script.beats[0].actors': [2] does not fit a script of 2"),
]


@pytest.mark.parametrize(("key", "value", "message"), MISTAKES)
def test_a_mistake_is_named_by_its_key_and_frame(figure, tmp_path, key, value, message):
    document = json.loads(to_text(rich(figure, 10)))
    change(document, key, value)
    path = save(document, tmp_path)
    with pytest.raises(SourceError) as caught:
        read_motion(path)
    assert str(caught.value).startswith(str(path))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_zoom_must_be_positive(figure, tmp_path):
    document = json.loads(to_text(Motion.from_joints(figure.walk(4))))
    document["camera"] = [1, 2, 1, 1, 2, 0, 1, 2, 1, 1, 2, 1]
    with pytest.raises(SourceError, match="key 'camera': a zoom that is not positive at frame 1"):
        read_motion(save(document, tmp_path))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty"),
        (b" \n ", "the file is empty"),
        (bytes(range(256)) * 20, "byte 128: this is not text, so it is not a .motion file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "byte 0: this is not text"),
        (b"HIERARCHY\nROOT", "line 1, column 1: this is not JSON (expecting value)"),
        (b'{"meta": {"version": "2.0",\n "fps"', "the file may be cut off"),
        (b"[1, 2]", "the JSON is not an object"),
        (b"null", "the JSON is not an object"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"a":' * 200_000, "nested too deeply"),
        (b'{"meta": ' + b"9" * 5000 + b"}", "a whole number in the JSON is absurdly long"),
        (b'{"meta": {"version": "2.0", "fps": NaN}}', "key 'meta.fps': nan is not a finite number"),
    ],
)
def test_what_is_no_motion_file_is_refused_in_a_sentence(tmp_path, data, message):
    path = tmp_path / "a.motion"
    path.write_bytes(data)
    with pytest.raises(SourceError, match=re.escape(message)) as caught:
        read_motion(path)
    assert len(str(caught.value)) < 250 + len(str(path))


def test_missing_files_folders_devices_and_giants_are_refused(tmp_path, monkeypatch):
    with pytest.raises(SourceError, match="no such file or directory"):
        read_motion(tmp_path / "none.motion")
    with pytest.raises(SourceError, match="this is a folder"):
        read_motion(tmp_path)
    with pytest.raises(SourceError, match="this is not a regular file"):
        read_motion("/dev/zero")
    with (tmp_path / "giant.motion").open("wb") as file:
        file.truncate(2 << 30)  # sparse: two gigabytes that take no room
    with pytest.raises(SourceError, match="2,147,483,648 bytes, more than"):
        read_motion(tmp_path / "giant.motion")


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_damaged_file_is_read_or_refused_and_nothing_else(figure, tmp_path_factory, data):
    text = to_text(Motion.from_joints(figure.walk(3))).encode()
    cut = data.draw(st.integers(0, len(text)))
    noise = data.draw(st.binary(max_size=8))
    skip = data.draw(st.integers(0, 8))
    path = tmp_path_factory.mktemp("d") / "a.motion"
    path.write_bytes(text[:cut] + noise + text[cut + skip :])
    with suppress(SourceError):
        read_motion(path)


def test_the_exporter_writes_the_same_file(figure, tmp_path):
    from stickgen.core.registries import exporters

    scene = rich(figure)
    exporter = exporters.create("motion")
    exporter.write(scene, tmp_path / "a.motion", RenderOptions())
    assert (tmp_path / "a.motion").read_text("utf-8") == to_text(scene)


def test_the_npz_exporter_gives_joints_to_numpy(figure, tmp_path):
    from stickgen.core.registries import exporters

    scene = rich(figure)
    exporters.create("npz").write(scene, tmp_path / "a.npz", RenderOptions())
    with np.load(tmp_path / "a.npz", allow_pickle=False) as file:
        np.testing.assert_array_equal(file["joints"], scene.motion.joints)
        np.testing.assert_array_equal(file["present"], scene.motion.present)
        np.testing.assert_array_equal(file["face"], scene.motion.face)
        assert file["fps"] == pytest.approx(29.97)
        assert file["joint_names"].tolist() == list(schema.JOINTS)
        assert file["has_depth"]
    bare = Scene(Motion.from_joints(figure.stand()[None, :, :2]))
    exporters.create("npz").write(bare, tmp_path / "b.npz", RenderOptions())
    with np.load(tmp_path / "b.npz", allow_pickle=False) as file:
        assert "face" not in file
        assert not file["has_depth"]


def test_the_package_gives_its_names_lazily():
    from stickgen.core import storage

    assert set(dir(storage)) >= {"ClipStore", "read_motion", "atomic_path"}
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        storage.nothing  # noqa: B018
