"""Every suffix: the same bytes each time, readable by others, and no trouble from odd scenes."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import replace

import av
import numpy as np
import pytest
from PIL import Image

from stickgen.core.errors import DataError
from stickgen.core.registries import exporter_for
from stickgen.core.types import Motion, RenderOptions, Scene
from stickgen.render.onion import onion_scene
from stickgen.render.png import straight

SMALL = {"width": 160, "height": 90}
META = {"prompt": "Jürgen <walks> & waves", "seed": 7}
DRAWN = ("webm", "gif", "webp", "apng", "png", "sheet.png", "onion.png")
SHAPES = ("svg", "lottie", "lottie.json")
SKELETONS = ("bvh", "glb")
TABLES = ("csv", "npz", "motion")
ALL = (*DRAWN, *SHAPES, *SKELETONS, *TABLES)


def write(scene, path, **options):
    scene = scene if isinstance(scene, Scene) else Scene(scene, meta=META)
    _, factory = exporter_for(path)
    factory().write(scene, path, RenderOptions(**{**SMALL, **options}), None)
    return path


@pytest.mark.parametrize(
    ("suffix", "transparent"),
    [(suffix, False) for suffix in ("mp4", *ALL)]
    + [(suffix, True) for suffix in ("webm", "gif", "webp", "apng", "png", "svg", "lottie")],
)
def test_the_same_scene_gives_the_same_bytes(motions, tmp_path, suffix, transparent):
    scene = Scene(motions.walk(seconds=0.4), meta=META)
    one, two = (
        write(scene, tmp_path / f"{name}.{suffix}", transparent=transparent) for name in "ab"
    )
    assert one.read_bytes() == two.read_bytes()


# -- odd scenes ------------------------------------------------------------------------------------


def absent(motion, rows):
    present = np.ones((motion.n_frames, motion.n_actors), dtype=bool)
    present[rows] = False
    joints = np.where(present[..., None, None], motion.joints, 0.0)
    return Motion.from_joints(joints, fps=motion.fps, present=present)


def odd(motions, kind):
    if kind == "one frame":
        return motions.stand(seconds=0.04)
    if kind == "20 actors":
        return motions.crowd(20, seconds=0.08)
    if kind == "flat":
        motion = motions.walk(seconds=0.2)
        return Motion(motion.frames, fps=motion.fps)
    if kind == "comes late":
        return absent(motions.crowd(2, seconds=0.32), np.s_[:4, 1])
    if kind == "nobody":
        return absent(motions.crowd(2, seconds=0.12), np.s_[:])
    if kind == "a point":
        return Motion.from_joints(np.zeros((3, 1, 16, 3)))
    return Motion.from_joints(1e4 * motions.walk_joints(seconds=0.12))


@pytest.mark.parametrize(
    "kind", ["one frame", "20 actors", "flat", "comes late", "nobody", "a point", "giant"]
)
@pytest.mark.parametrize("suffix", ALL)
def test_odd_scenes_are_written_or_refused_in_a_sentence(motions, tmp_path, suffix, kind):
    path = tmp_path / f"a.{suffix}"
    if suffix in SKELETONS and kind in ("flat", "nobody"):
        with pytest.raises(DataError, match=r"this one is flat|nobody is on stage") as caught:
            write(odd(motions, kind), path)
        assert "\n" not in str(caught.value)
        assert not path.exists()
        return
    write(odd(motions, kind), path)
    assert path.stat().st_size > 20


# -- read by others --------------------------------------------------------------------------------


def drawn(draw, motion, index, **options):
    drawing = draw(motion, **{**SMALL, **options})
    return straight(drawing.frame(index), "bgra", options.get("transparent", False)).astype(float)


def seen(rgba):
    """What *rgba* looks like on black: colours count for as much as they cover."""
    rgba = np.asarray(rgba, dtype=float)
    return rgba[..., :3] * rgba[..., 3:] / 255.0


@pytest.mark.parametrize("suffix", ["gif", "webp", "apng"])
@pytest.mark.parametrize("transparent", [False, True])
def test_pillow_sees_every_frame(motions, draw, tmp_path, suffix, transparent):
    motion = motions.walk(seconds=0.6)
    allowed = {"gif": 4.0, "webp": 3.0, "apng": 0.0}[suffix]
    duration = 0
    with Image.open(write(motion, tmp_path / f"a.{suffix}", transparent=transparent)) as image:
        assert image.n_frames == 15
        assert image.info["loop"] == 0
        for index in range(15):
            image.seek(index)
            found = np.asarray(image.convert("RGBA"))
            duration += image.info["duration"] if suffix != "webp" else 40
            wanted = drawn(draw, motion, index, transparent=transparent)
            if not transparent:
                wanted = np.dstack([wanted, np.full(wanted.shape[:2], 255.0)])
            else:
                half = {"gif": 128.0, "webp": 4.0, "apng": 0.0}[suffix]
                assert np.abs(found[..., 3].astype(float) - wanted[..., 3]).max() <= half
                assert (found[..., 3] == 0).mean() > 0.5
            assert np.abs(seen(found) - seen(wanted)).mean() <= allowed
    assert duration == 600


def test_webp_keeps_time_at_any_rate(motions, tmp_path):
    motion = motions.stand(seconds=1.0, fps=30.0)
    data = write(motion, tmp_path / "a.webp").read_bytes()
    at, total = 12, 0
    while at < len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        if data[at : at + 4] == b"ANMF":
            total += int.from_bytes(data[at + 8 + 12 : at + 8 + 15], "little")
        at += 8 + size + size % 2
    assert total == 1000


@pytest.mark.parametrize("jobs", [1, 2])
def test_webm_has_every_frame_once(motions, draw, tmp_path, jobs):
    motion = motions.walk(seconds=1.0)
    path = write(motion, tmp_path / "a.webm", jobs=jobs)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(stream)]
        assert stream.codec_context.name == "vp9"
        assert container.duration == 1_000_000
        assert stream.codec_context.colorspace == 1
        comment = {key.lower(): value for key, value in container.metadata.items()}["comment"]
    assert json.loads(comment) == META
    assert len(frames) == 25
    for index in (0, 12, 13, 24):
        assert np.abs(frames[index] - drawn(draw, motion, index)).mean() < 6.0


def test_webm_carries_alpha(motions, draw, tmp_path):
    motion = motions.walk(seconds=0.4)
    path = write(motion, tmp_path / "a.webm", transparent=True)
    decoder = av.CodecContext.create("libvpx-vp9", "r")
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        frames = [f for packet in container.demux(stream) for f in decoder.decode(packet)]
    assert len(frames) == 10
    alpha = frames[5].to_ndarray(format="rgba")[..., 3].astype(float)
    wanted = drawn(draw, motion, 5, transparent=True)[..., 3]
    assert np.abs(alpha - wanted).mean() < 2.0
    assert (alpha == 0).mean() > 0.5
    assert alpha.max() == 255


def _provenance(path):
    """Return what *path* says about how it was made, by whatever reads such files."""
    suffix = path.name.partition(".")[2]
    if suffix in ("png", "sheet.png", "onion.png", "apng"):
        with Image.open(path) as image:
            return json.loads(image.info["Comment"])
    if suffix == "webp":
        with Image.open(path) as image:
            record = ET.fromstring(image.info["xmp"])
        return json.loads(next(e.text for e in record.iter() if e.tag.endswith("}li")))
    if suffix == "svg":
        return json.loads(ET.parse(path).findtext("{http://www.w3.org/2000/svg}metadata"))
    if suffix == "lottie.json":
        return json.loads(path.read_text())["meta"]["stickgen"]
    if suffix == "lottie":
        with zipfile.ZipFile(path) as archive:
            return json.loads(archive.read("animations/animation.json"))["meta"]["stickgen"]
    if suffix == "glb":
        data = path.read_bytes()
        size = int.from_bytes(data[12:16], "little")
        return json.loads(data[20 : 20 + size])["asset"]["extras"]
    return json.loads(str(np.load(path)["provenance"]))


@pytest.mark.parametrize(
    "suffix",
    ["png", "sheet.png", "onion.png", "apng", "webp", "svg", "lottie", "lottie.json", "glb", "npz"],
)
def test_prompt_and_seed_are_in_the_file(motions, tmp_path, suffix):
    path = write(motions.walk(seconds=0.2), tmp_path / f"a.{suffix}")
    assert _provenance(path) == META


def test_csv_is_a_tidy_table(motions, tmp_path):
    import csv

    motion = odd(motions, "comes late")
    with write(motion, tmp_path / "a.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 16 * int(motion.present.sum())
    row = next(r for r in rows if r["actor"] == "1" and r["joint"] == "l_wrist")
    assert float(row["time"]) == pytest.approx(4 / 25)
    place = [float(row[axis]) for axis in "xyz"]
    assert place == pytest.approx(motion.joints[4, 1, 8].tolist(), abs=1e-5)
    flat = write(odd(motions, "flat"), tmp_path / "b.csv").read_text().splitlines()
    assert flat[1].endswith(",")


# -- onion skin ------------------------------------------------------------------------------------


def test_an_onion_skin_shows_the_way(motions):
    motion = motions.walk(seconds=2.0)
    scene = onion_scene(Scene(motion), RenderOptions(width=640, height=360))
    stills = scene.motion
    assert 4 <= stills.n_actors <= 7
    x = stills.joints[0, :, 0, 0]
    assert (np.diff(x) > 0.05).all()  # from where it came to where it goes
    light = [sum(int(look.colour[i : i + 2], 16) for i in (1, 3, 5)) for look in scene.looks]
    assert light == sorted(light, reverse=True)  # the earlier, the paler
    assert light[0] > light[-1] + 200


def test_an_onion_skin_of_a_long_way_stays_large(motions, draw):
    motion = motions.walk(seconds=20.0, speed=2.0)
    options = RenderOptions(width=640, height=360)
    drawing = draw(onion_scene(Scene(motion), options), width=640, height=360)
    _, top, _, bottom = drawing.bounds(0)
    assert bottom - top > 0.25 * 360


def test_several_outputs_share_one_generation(tmp_path, monkeypatch):
    pytest.importorskip("stickgen_procedural")
    pytest.importorskip("stickgen.llm")
    from stickgen.core import pipeline
    from stickgen.core.cli.main import main

    calls = []
    perform = pipeline.perform

    def counted(*args, **kwargs):
        calls.append(args)
        return perform(*args, **kwargs)

    monkeypatch.setattr(pipeline, "perform", counted)
    names = [f"a.{suffix}" for suffix in ("svg", "bvh", "glb", "csv", "webp", "motion")]
    outputs = [word for name in names for word in ("-o", str(tmp_path / name))]
    command = ["generate", "A person waves", "--duration", "1", "--seed", "3", "--size", "160x90"]
    assert main([*command, "--generator", "procedural", *outputs]) == 0
    assert len(calls) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)


def test_a_cancelled_export_leaves_nothing(motions, tmp_path):
    from stickgen.core.pipeline import export

    def cancel(done, total):
        raise KeyboardInterrupt

    scene = Scene(motions.walk(seconds=0.4))
    for suffix in ("webm", "webp", "apng", "svg", "lottie", "csv"):
        with pytest.raises(KeyboardInterrupt):
            export(scene, tmp_path / f"a.{suffix}", RenderOptions(**SMALL), progress=cancel)
    assert list(tmp_path.iterdir()) == []


def test_numbers_that_are_not_finite_are_refused(motions, tmp_path):
    motion = replace(motions.walk(seconds=0.2))
    motion.frames.base.flags.writeable = True
    motion.frames.base[2, 0, 5] = np.nan
    for suffix in ("webm", "webp", "apng", "onion.png", "svg", "lottie", "bvh", "glb", "csv"):
        with pytest.raises(DataError, match="not finite at frame 2"):
            write(motion, tmp_path / f"a.{suffix}")
