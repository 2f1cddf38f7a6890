"""The player page: one small file, safe with any text, the same every time."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser

import numpy as np
import pytest

from stickgen.core.errors import DataError, SchemaError, UsageError
from stickgen.core.schema import J
from stickgen.core.types import CameraTrack, Caption, Look, Motion, Prop, RenderOptions, Scene
from stickgen.render.player.archive import read_archive
from stickgen.render.player.document import document
from stickgen.render.player.exporter import HtmlExporter, player_page
from stickgen.render.player.page import SCRIPTS, asset, page

LARGEST = 200_000
"""Bytes of a page besides its motion."""

HOSTILE = (
    "</script><script>alert(1)</script>",
    "<!-- <script>",
    "]]> ' \" ` & &amp; {{scene}} ${1}",
    "日本語 Ünï 🎉 \u2028\u2029 \u202e",
    "a\nb\tc\x00d",
)


class _Elements(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found, self.data, self.inside = [], {}, []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        self.inside.append((tag, dict(attrs).get("id", "")))

    def handle_data(self, data):
        if self.inside:
            key = self.inside[-1]
            self.data[key] = self.data.get(key, "") + data


def _scene_of(text):
    return json.loads(_Elements(text).data[("script", "scene")])


def _unpacked(text, kind):
    return np.frombuffer(base64.b64decode(text), kind)


def _page(scene, **options):
    scene = scene if isinstance(scene, Scene) else Scene(scene)
    return player_page(scene, RenderOptions(**options))


def test_one_small_file_that_asks_for_nothing(motions):
    text = _page(motions.walk())
    seen = _scene_of(text)
    packed = sum(len(seen[key]) for key in ("points", "turns", "faces", "camera"))
    assert len(text.encode()) - packed < LARGEST
    assert packed < 4 * 25 * 300  # 216 bytes a frame and actor, and what the camera needs
    elements = _Elements(text)
    scripts = [attrs for tag, attrs in elements.found if tag == "script"]
    assert scripts == [{"id": "scene", "type": "application/json"}, {}]  # classic and inline
    for tag, attrs in elements.found:
        assert tag not in ("link", "img", "iframe", "object", "embed") or attrs.get("rel") == "icon"
        for name in ("src", "srcset", "action"):
            assert name not in attrs
        assert attrs.get("href", "data:").startswith("data:")
    program = text[text.rindex("<script>") :]
    words = ("fetch(", "XMLHttpRequest", "import ", "WebSocket", "http://", "https://", "eval(")
    for word in words:
        assert word not in program
    assert "url(" not in asset("player.css")


def test_every_part_of_the_program_is_in_it():
    from importlib import resources

    folder = resources.files("stickgen.render.player") / "assets"
    assert {p.name for p in folder.iterdir() if p.name.endswith(".js")} == set(SCRIPTS)
    for name in SCRIPTS:
        assert "</" not in asset(name), name


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_escapes_from_where_it_belongs(motions, text):
    scene = Scene(
        motions.stand(seconds=0.4),
        looks=(Look(name=text),),
        captions=(Caption(text, 0.0, 1.0, 0),),
        meta={"prompt": text, "seed": 7, "command": text},
    )
    out = _page(scene)
    elements = _Elements(out)
    plain = _Elements(_page(motions.stand(seconds=0.4)))
    assert [tag for tag, _ in elements.found] == [tag for tag, _ in plain.found]
    assert "<script>alert" not in out
    seen = _scene_of(out)
    assert seen["title"] == seen["command"] == text
    assert seen["actors"][0]["name"] == seen["captions"][0]["text"] == text
    canvas = next(attrs for tag, attrs in elements.found if attrs.get("id") == "picture")
    spoken = " ".join(text.split()).replace("\x00", "").replace("\u202e", "")
    assert canvas["aria-label"].split() == ["Animation:", *spoken.split()]
    block = out[out.index('id="scene"') : out.index("</script>", out.index('id="scene"'))]
    assert "<" not in block[block.index(">") + 1 :]
    assert block.isascii()


def test_the_same_scene_makes_the_same_bytes(motions, tmp_path):
    code = (
        "import sys; from pathlib import Path; from stickgen.core.pipeline import load;"
        "from stickgen.core.types import RenderOptions;"
        "from stickgen.render.player.exporter import HtmlExporter;"
        "HtmlExporter().write(load(sys.argv[1]).scene, Path(sys.argv[2]), RenderOptions())"
    )
    from stickgen.core.storage import write_motion

    scene = Scene(motions.walk(seconds=1), meta={"prompt": "x", "seed": 1})
    write_motion(scene, tmp_path / "a.motion")
    for n in (1, 2):
        subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / "a.motion"), str(tmp_path / f"{n}.html")],
            check=True,
            env={**os.environ, "PYTHONHASHSEED": str(n)},
        )
    assert (tmp_path / "1.html").read_bytes() == (tmp_path / "2.html").read_bytes()


def test_bodies_come_out_where_they_are(motions):
    motion = motions.walk(seconds=2)
    seen = document(Scene(motion), RenderOptions())
    points = _unpacked(seen["points"], "<i2").reshape(50, 1, 22, 3) * seen["unit"] + seen["origin"]
    joints = motion.joints
    pairs = {0: "pelvis_center", 3: "head_center", 20: "l_ankle", 21: "r_ankle"}
    for point, joint in pairs.items():
        gap = np.abs(points[:, :, point] - joints[:, :, J[joint]]).max()
        assert gap <= 0.51 * seen["unit"] + 1e-4
    assert seen["unit"] == 0.001
    faces = _unpacked(seen["faces"], "<u1").reshape(50, 1, 12) / 110.0 - 1.0
    assert 0.9 < faces[0, 0, 11] <= 1.01  # eyes open
    turns = _unpacked(seen["turns"], "<i1").reshape(50, 1, 9) / 127.0
    np.testing.assert_allclose(np.linalg.norm(turns.reshape(-1, 3, 3), axis=-1), 1.0, atol=0.02)


def test_a_still_camera_is_one_row_and_a_moving_one_a_row_a_frame(motions):
    motion = motions.stand(seconds=1)
    assert len(_unpacked(document(Scene(motion), RenderOptions())["camera"], "<f4")) == 13
    track = CameraTrack(
        position=np.linspace((0, 1, 5), (2, 1, 5), 25),
        target=np.tile((0.0, 1.0, 0.0), (25, 1)),
        fov=np.full(25, 40.0),
        roll=np.zeros(25),
    )
    rows = _unpacked(document(Scene(motion, camera=track), RenderOptions())["camera"], "<f4")
    rows = rows.reshape(25, 13)
    np.testing.assert_allclose(rows[:, :3], track.position, atol=1e-5)
    np.testing.assert_allclose(rows[:, 9], 0.5 / np.tan(np.radians(20)), rtol=1e-5)


def test_who_comes_and_goes_and_what_stands_there(motions):
    joints = np.stack([motions.stand_joints(1), motions.stand_joints(1, x=1.0)], axis=1)
    present = np.ones((25, 2), bool)
    present[10:, 1] = False
    joints[~present] = 0.0
    motion = Motion.from_joints(joints, present=present)
    moving = np.linspace((0, 0, 0), (1, 1, 0), 25)
    scene = Scene(
        motion,
        looks=(Look("Ann", "robot", "#00ff00"), Look("Bo")),
        props=(Prop("ball", moving), Prop("tree", np.array([2.0, 0.0, -1.0]), 1.5, "#123")),
        captions=(Caption("Hi", 0.1, 0.9, 1),),
    )
    seen = document(scene, RenderOptions(style="ink"))
    assert _unpacked(seen["present"], "<u1").sum() == 35
    ann, bo = seen["actors"]
    assert (ann["name"], ann["kind"], ann["own"], bo["own"]) == ("Ann", "robot", True, False)
    assert set(ann["inks"].values()) == {"#00ff00"}
    assert len(set(bo["inks"].values())) >= 3
    ball, tree = seen["props"]
    np.testing.assert_allclose(_unpacked(ball["position"], "<f4").reshape(25, 3), moving, atol=1e-6)
    assert (tree["position"], tree["tint"], tree["scale"]) == ([2.0, 0.0, -1.0], "#112233", 1.5)
    assert ball["rolls"]
    assert seen["captions"] == [{"text": "Hi", "start": 0.1, "end": 0.9, "actor": 1}]
    assert seen["style"] == "ink"
    assert set(bo["inks"]) == {"normal", "sketch", "ink", "neon"}


def test_every_place_fits_in_the_page(motions):
    from stickgen.core.environments import ENVIRONMENTS, environment

    motion = motions.stand(seconds=0.2)
    for row in (*ENVIRONMENTS[::5], environment("stadium"), environment("track")):
        out = _page(Scene(motion, environment=row.name))
        assert len(out.encode()) < LARGEST, row.name
        place = _scene_of(out)["place"]
        assert all(each["kind"] in place["shapes"] for each in place["pieces"])
        for layer in place["layers"]:
            line = np.array(layer["line"]).reshape(-1, 2)
            assert (np.diff(line[:, 0]) >= 0).all()
            assert line[-1, 0] <= layer["span"] + 0.1
            if layer["form"] not in ("skyline", "flat"):  # one span goes on into the next
                assert abs(line[0, 1] - line[-1, 1]) < 30, (row.name, layer["form"])
        night = place["dark"]
        ink = _scene_of(out)["actors"][0]["inks"]["normal"]
        assert (sum(int(ink[i : i + 2], 16) for i in (1, 3, 5)) > 330) == night, row.name


@pytest.mark.parametrize("scale", [1e-4, 1.0, 1e6])
def test_any_size_of_scene_makes_a_page(motions, scale):
    joints = motions.stand_joints(0.2) * scale
    seen = _scene_of(_page(Motion.from_joints(joints)))
    assert seen["unit"] >= 0.001
    assert np.isfinite(seen["unit"])


def test_one_frame_many_actors_and_flat_motions(motions):
    assert _scene_of(_page(Motion.from_joints(motions.stand_joints(0.01))))["frames"] == 1
    crowd = _scene_of(_page(motions.crowd(60, seconds=0.2)))
    assert len(crowd["actors"]) == 60
    assert _scene_of(_page(Motion.from_joints(motions.walk_joints(1)[..., :2])))["flat"]


def test_what_cannot_be_drawn_is_one_sentence(motions, tmp_path):
    motion = motions.stand(seconds=0.2)
    frames = motion.frames.copy()
    object.__setattr__(motion, "frames", frames)
    frames[1, 0, 3] = np.nan
    with pytest.raises(SchemaError, match="not finite at frame 1"):
        _page(motion)
    with pytest.raises(UsageError, match="actor 0"):
        _page(Scene(motions.stand(seconds=0.2), looks=(Look(colour="red"),)))
    with pytest.warns(UserWarning, match="begins in normal"):
        text = _page(motions.stand(seconds=0.2), style="watercolour")
    assert _scene_of(text)["style"] == "normal"
    with pytest.warns(UserWarning, match="no transparency"):
        _page(motions.stand(seconds=0.2), transparent=True)


def test_every_control_has_a_name(motions):
    text = page(document(Scene(motions.stand(seconds=0.2)), RenderOptions()))
    labelled = re.findall(r"<label>[^<]*<(?:select|input) id=\"(\w+)\"", text)
    labelled += re.findall(r"<label><input id=\"(\w+)\"", text)
    elements = _Elements(text)
    for tag, attrs in elements.found:
        if tag in ("button", "select", "input"):
            spoken = elements.data.get((tag, attrs.get("id", "")), "").strip()
            assert attrs.get("aria-label") or spoken or attrs["id"] in labelled, attrs
    assert next(attrs for tag, attrs in elements.found if tag == "html") == {"lang": "en"}


def test_the_exporter_writes_and_reports(motions, tmp_path):
    seen = []
    HtmlExporter().write(
        Scene(motions.stand(seconds=0.2)),
        tmp_path / "a.html",
        RenderOptions(fps=10),
        lambda done, total: seen.append((done, total)),
    )
    data = (tmp_path / "a.html").read_bytes()
    assert b"\r" not in data
    assert _scene_of(data.decode())["fps"] == 10
    assert seen == [(5, 5)]


# -- stickgen view ---------------------------------------------------------------------------------


def _view(*words, cwd):
    from click.testing import CliRunner

    from stickgen.core.cli.main import cli

    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(cwd)
        patch.setenv("TMPDIR", str(cwd))
        patch.setattr("tempfile.tempdir", str(cwd))
        for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
            patch.delenv(name, raising=False)
        return CliRunner().invoke(cli, ["view", *words])


def test_view_writes_a_page_and_prints_its_path(motions, tmp_path):
    from stickgen.core.storage import write_motion

    write_motion(Scene(motions.stand(seconds=0.4)), tmp_path / "a b.motion")
    done = _view("a b.motion", "--no-open", cwd=tmp_path)
    assert done.exit_code == 0, done.output
    path = done.stdout.strip()
    assert path.endswith("a-b.html")
    assert (tmp_path / path).read_text().startswith("<!DOCTYPE html>")
    done = _view("a b.motion", "-o", "out/kept.html", "--style", "neon", "--json", cwd=tmp_path)
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["opened"] is False
    assert "no browser" in done.stderr
    assert _scene_of((tmp_path / "out/kept.html").read_text())["style"] == "neon"


def test_view_shows_trails_on_request(motions, tmp_path):
    from stickgen.core.storage import write_motion

    write_motion(Scene(motions.walk(seconds=1.0)), tmp_path / "a.motion")
    for words in ((), ("--trails",)):
        done = _view("a.motion", "-o", "a.html", "-f", "--no-open", *words, cwd=tmp_path)
        assert done.exit_code == 0, done.output
        seen = _scene_of((tmp_path / "a.html").read_text())
        assert (seen["trails"] is not None) == bool(words)


def test_view_refuses_in_one_sentence(motions, tmp_path):
    from stickgen.core.errors import OutputError, StickgenError
    from stickgen.core.storage import write_motion

    write_motion(Scene(motions.stand(seconds=0.4)), tmp_path / "a.motion")
    (tmp_path / "kept.html").write_text("mine")
    (tmp_path / "bad.motion").write_text("{")
    for words, kind, code in (
        (("a.motion", "-o", "kept.html"), OutputError, 6),
        (("a.motion", "-o", "x.mp4"), UsageError, 2),
        (("a.motion", "--clip", "x"), UsageError, 2),
        (("bad.motion",), StickgenError, 4),
        (("missing.motion",), StickgenError, 4),
    ):
        done = _view(*words, "--no-open", cwd=tmp_path)
        assert isinstance(done.exception, kind), (words, done.exception)
        assert done.exception.exit_code == code
    assert (tmp_path / "kept.html").read_text() == "mine"
    assert sorted(p.name for p in tmp_path.iterdir() if not p.is_dir()) == [
        "a.motion", "bad.motion", "kept.html",
    ]  # fmt: skip


def test_the_page_knows_the_cuts_and_the_trails(motions):
    path = np.zeros((50, 3))
    path[:, 0] = 0.2 + 5.0 * np.clip((np.arange(50) - 20) / 25.0, 0.0, 1.0)
    scene = Scene(motions.stand(seconds=2), props=(Prop("soccer_ball", path),))
    seen = _scene_of(_page(scene, camera=("close-up on 0 1s-",)))
    assert seen["cuts"] == [25]
    trails = seen["trails"]
    flown = np.frombuffer(base64.b64decode(trails["flown"]), np.uint8)
    assert flown.shape == (50,)
    assert set(np.flatnonzero(flown)) == set(range(20, 45))
    ((first, last, prop, *numbers),) = trails["hits"]
    assert 19 <= first <= last <= 26
    assert prop == 0
    assert np.allclose(numbers[3:], (1, 0, 0))
    assert _scene_of(_page(motions.stand(seconds=1)))["trails"] is None


def test_an_archive_plays_as_the_motion_it_was_written_from(motions, tmp_path):
    from stickgen.core.storage.exporters import NpzExporter

    for motion in (motions.walk(seconds=1), Motion(motions.walk(seconds=1).frames)):
        path = tmp_path / "walk.npz"
        NpzExporter().write(Scene(motion, meta={"prompt": "walks"}), path, RenderOptions())
        scene = read_archive(path)
        assert scene.meta["prompt"] == "walks"
        assert (scene.motion.depth is None) == (motion.depth is None)
        assert np.allclose(scene.motion.joints, motion.joints, atol=1e-5)
        assert np.array_equal(scene.motion.actions, motion.actions)


@pytest.mark.parametrize("what", ["nothing", "text", "another", "shape"])
def test_what_is_no_archive_of_a_motion_is_refused(what, tmp_path):
    path = tmp_path / "clip.npz"
    if what == "text":
        path.write_text("hello")
    elif what == "another":
        np.savez(path, x=np.zeros(3))
    elif what == "shape":
        np.savez(path, joints=np.zeros((4, 2)))
    with pytest.raises(DataError, match=r"clip\.npz"):
        read_archive(path)
