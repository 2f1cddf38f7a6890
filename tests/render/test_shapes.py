"""SVG and Lottie: shapes that move as the drawing does, in few numbers."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickgen.core.errors import UsageError
from stickgen.core.types import RenderOptions, Scene
from stickgen.render.lottie import DotLottieExporter, LottieJsonExporter
from stickgen.render.svg import SvgExporter
from stickgen.render.vectors import Group, plain, thinned, vector_clip

SVG = "{http://www.w3.org/2000/svg}"


def entries(motion, **options):
    options = RenderOptions(**{"width": 320, "height": 180, **options})
    return vector_clip(Scene(motion), options, range(motion.n_frames))


def svg(motion, path, **options):
    SvgExporter().write(
        Scene(motion), path, RenderOptions(**{"width": 320, "height": 180, **options})
    )
    return ET.parse(path).getroot()


@given(
    st.lists(st.tuples(st.floats(-50, 50), st.floats(-50, 50)), min_size=1, max_size=40),
    st.floats(0.01, 5.0),
)
def test_thinned_lines_stay_within_the_tolerance(rows, tolerance):
    values = np.array(rows)
    keys = thinned(values, tolerance)
    assert keys[0] == 0
    assert keys[-1] == len(values) - 1
    at = np.arange(len(values))
    for column in values.T:
        assert np.abs(np.interp(at, keys, column[keys]) - column).max() <= tolerance + 1e-9


def test_a_straight_way_needs_two_keys():
    assert thinned(np.linspace(0.0, 90.0, 60)[:, None]) == [0, 59]


@pytest.mark.parametrize("style", ["normal", "sketch", "ink", "neon"])
def test_every_frame_shows_its_own_display_list(motions, style):
    """Whatever is alive in a frame, in order, is what the style paints in that frame."""
    from stickgen.render.drawing import open_shot, open_style

    motion = motions.walk(seconds=0.6)
    clip = entries(motion, style=style)
    options = RenderOptions(width=320, height=180, style=style)
    shot, painter = open_shot(Scene(motion), options), open_style(style)

    def leaves(entry, t):
        if isinstance(entry, Group):
            for child in entry.children:
                yield from leaves(child, t)
        elif entry.start <= t < entry.end:
            yield entry, entry.path[min(t - entry.start, len(entry.path) - 1)]

    every = 2 if style in ("sketch", "ink") else 1
    assert clip.n_frames == -(-motion.n_frames // every)
    assert clip.n_frames / clip.fps == pytest.approx(motion.seconds)
    for t in (0, 3, 7):
        painted = [
            (codes, numbers)
            for op in _items(painter.frame(shot, every * t))
            for codes, numbers in [plain(op.path)]
        ]
        alive = [
            (leaf.codes, numbers)
            for entry in clip.entries
            for leaf, numbers in leaves(entry, t)
            if leaf.kind in ("fill", "stroke", "shade")
        ]
        alive = alive[len(alive) - len(painted) :]
        assert [codes for codes, _ in alive] == [codes for codes, _ in painted]
        for (_, found), (_, wanted) in zip(alive, painted, strict=True):
            assert np.abs(found - wanted).max() <= 0.05


def _items(ops):
    """Yield everything with a path that is painted, those of a bloom too."""
    from stickgen.render.display import Bloom, Fill, Shade, Stroke

    for op in ops:
        if isinstance(op, Bloom):
            yield from op.strokes
        elif isinstance(op, Fill | Stroke | Shade):
            yield op


def test_a_still_does_not_move_and_an_animation_does(motions, tmp_path):
    motion = motions.walk(seconds=0.6)
    still = svg(motion, tmp_path / "still.svg", still=0.3)
    moving = svg(motion, tmp_path / "moving.svg")
    assert list(still.iter(f"{SVG}animate")) == []
    animations = list(moving.iter(f"{SVG}animate"))
    assert {a.get("dur") for a in animations} == {"0.6s"}
    assert {a.get("repeatCount") for a in animations} == {"indefinite"}
    for animation in animations:
        times = [float(t) for t in animation.get("keyTimes").split(";")]
        assert times[0] == 0.0
        assert times == sorted(times)
        assert len(times) == len(animation.get("values").split(";"))
        if animation.get("calcMode") != "discrete":
            assert times[-1] == 1.0
    with pytest.raises(UsageError, match=r"the clip lasts 0\.6 s"):
        svg(motion, tmp_path / "late.svg", still=9.0)


def test_nothing_in_an_svg_is_fetched_or_run(motions, tmp_path):
    root = svg(motions.walk(seconds=0.2), tmp_path / "a.svg", style="ink")
    for element in root.iter():
        assert not element.tag.endswith("script")
        for key, value in element.attrib.items():
            assert not key.lower().startswith("on")
            if key.endswith("href"):
                assert value.startswith(("#", "data:image/png;base64,"))


def test_a_transparent_svg_has_no_backdrop(motions, tmp_path):
    motion = motions.stand(seconds=0.2)
    whole = svg(motion, tmp_path / "a.svg")
    bare = svg(motion, tmp_path / "b.svg", transparent=True)
    assert len(list(bare.iter())) < len(list(whole.iter()))
    assert not list(bare.iter(f"{SVG}linearGradient"))


def test_a_walk_of_four_seconds_is_small(motions, tmp_path):
    path = tmp_path / "a.svg"
    svg(motions.walk(seconds=4.0), path, width=1280, height=720)
    assert path.stat().st_size < 800_000


def test_lottie_is_well_formed(motions, tmp_path):
    motion = motions.walk(seconds=0.6)
    path = tmp_path / "a.lottie.json"
    LottieJsonExporter().write(Scene(motion), path, RenderOptions(width=320, height=180))
    document = json.loads(path.read_text())
    assert (document["w"], document["h"]) == (320, 180)
    assert (document["fr"], document["ip"], document["op"]) == (25, 0, 15)
    assert [layer["ind"] for layer in document["layers"]] == list(
        range(1, len(document["layers"]) + 1)
    )
    for layer in document["layers"]:
        assert 0 <= layer["ip"] < layer["op"] <= 15
        for path_, keys in _keyframes(layer):
            times = [key["t"] for key in keys]
            assert times == sorted(set(times)), path_
            assert layer["ip"] <= times[0]
            assert times[-1] < layer["op"]
            assert len(keys) > 1


def _keyframes(value, where=""):
    if isinstance(value, dict):
        if value.get("a") == 1:
            yield where, value["k"]
        for key, item in value.items():
            yield from _keyframes(item, f"{where}/{key}")
    elif isinstance(value, list):
        for item in value:
            yield from _keyframes(item, where)


def test_dotlottie_packs_the_same_animation(motions, tmp_path):
    scene, options = Scene(motions.walk(seconds=0.2)), RenderOptions(width=320, height=180)
    LottieJsonExporter().write(scene, tmp_path / "a.lottie.json", options)
    DotLottieExporter().write(scene, tmp_path / "a.lottie", options)
    with zipfile.ZipFile(tmp_path / "a.lottie") as archive:
        assert archive.testzip() is None
        manifest = json.loads(archive.read("manifest.json"))
        (only,) = manifest["animations"]
        packed = archive.read(f"animations/{only['id']}.json").decode()
    assert packed == (tmp_path / "a.lottie.json").read_text()
