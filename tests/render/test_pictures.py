"""PNG stills, sequences and contact sheets."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

from stickgen.core.errors import UsageError
from stickgen.core.types import Motion, RenderOptions, Scene
from stickgen.render.png import PngExporter, best_frame, encode_png, is_sequence, straight
from stickgen.render.sheet import ContactSheetExporter

SMALL = {"width": 320, "height": 180}


@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize("size", [(1, 1), (7, 13), (64, 200)])
def test_png_is_read_back_bit_for_bit(tmp_path, channels, size):
    pixels = np.random.default_rng(0).integers(0, 256, (*size, channels), dtype=np.uint8)
    path = tmp_path / "a.png"
    path.write_bytes(encode_png(pixels, {"Comment": "hello"}))
    with Image.open(path) as picture:
        assert picture.mode == ("RGB" if channels == 3 else "RGBA")
        assert picture.text == {"Comment": "hello"}
        assert np.array_equal(np.asarray(picture), pixels)


def test_premultiplied_colours_are_divided_out():
    alpha = np.arange(256, dtype=np.float64)
    colour = np.array([200.0, 100.0, 30.0])
    frame = np.zeros((1, 256, 4), dtype=np.uint8)
    frame[0, :, :3] = np.rint(colour[::-1] * alpha[:, None] / 255)
    frame[0, :, 3] = alpha
    out = straight(frame, "bgra", True)[0].astype(int)
    strong = alpha > 100
    assert np.abs(out[strong, :3] - colour).max() <= 2
    assert np.array_equal(out[:, 3], alpha)


def test_a_still_at_a_time(motions, tmp_path, draw):
    motion = motions.walk(seconds=2)
    path = tmp_path / "a.png"
    scene = Scene(motion, meta={"prompt": "é", "seed": 7})
    PngExporter().write(scene, path, RenderOptions(**SMALL, still=1.0))
    with Image.open(path) as picture:
        assert json.loads(picture.text["Comment"]) == {"prompt": "é", "seed": 7}
        found = np.asarray(picture)
    assert np.array_equal(found, draw(motion, **SMALL).frame(25)[..., [2, 1, 0]])


def test_a_still_of_its_own_choice_shows_the_widest_pose(motions, tmp_path):
    joints = motions.stand_joints(seconds=2)
    joints[20, [8, 9, 14, 15], 0] += np.array([-0.5, 0.5, -0.5, 0.5])
    assert best_frame(Motion.from_joints(joints)) == 20
    PngExporter().write(Scene(motions.walk(seconds=1)), tmp_path / "a.png", RenderOptions(**SMALL))
    assert (tmp_path / "a.png").stat().st_size > 1000


@pytest.mark.parametrize("still", [-0.1, 2.5])
def test_a_still_outside_the_clip_is_refused(motions, tmp_path, still):
    with pytest.raises(UsageError, match="lasts 2 s"):
        PngExporter().write(
            Scene(motions.walk(seconds=2)), tmp_path / "a.png", RenderOptions(still=still)
        )


def test_a_sequence_numbers_its_frames(motions, tmp_path):
    path = tmp_path / "frame_%03d.png"
    assert is_sequence(path)
    assert not is_sequence(tmp_path / "100%.png")
    PngExporter().write(Scene(motions.stand(seconds=0.2)), path, RenderOptions(**SMALL))
    assert [p.name for p in sorted(tmp_path.iterdir())] == [f"frame_{i:03d}.png" for i in range(5)]


def test_transparent_stills_have_alpha(motions, tmp_path):
    path = tmp_path / "a.png"
    PngExporter().write(
        Scene(motions.stand(seconds=0.2)), path, RenderOptions(**SMALL, transparent=True)
    )
    with Image.open(path) as picture:
        assert picture.mode == "RGBA"
        assert picture.getpixel((0, 0)) == (0, 0, 0, 0)


def test_a_sheet_shows_twelve_moments_with_the_figure_in_each(motions, tmp_path):
    path = tmp_path / "a.sheet.png"
    seen = []
    scene = Scene(motions.walk(seconds=6), meta={"seed": 1})
    ContactSheetExporter().write(
        scene, path, RenderOptions(width=800, height=450), lambda d, n: seen.append((d, n))
    )
    with Image.open(path) as picture:
        page = np.asarray(picture).astype(int)
        assert json.loads(picture.text["Comment"]) == {"seed": 1}
    assert seen[-1] == (12, 12)
    assert 780 <= page.shape[1] <= 800
    cells = [
        page[row * page.shape[0] // 3 + 12 : (row + 1) * page.shape[0] // 3 - 12,
             column * page.shape[1] // 4 + 12 : (column + 1) * page.shape[1] // 4 - 12]
        for row in range(3) for column in range(4)
    ]  # fmt: skip
    for cell in cells:
        ink = (cell.sum(axis=-1) < 130).mean()
        assert 0.02 < ink < 0.4


@pytest.mark.parametrize("frames", [1, 2, 5])
def test_a_sheet_of_a_short_clip(motions, tmp_path, frames):
    path = tmp_path / "a.sheet.png"
    motion = motions.walk(seconds=frames / 25)
    ContactSheetExporter().write(Scene(motion), path, RenderOptions(**SMALL))
    with Image.open(path) as picture:
        assert picture.width > 300


def test_a_sheet_when_nobody_is_there(tmp_path):
    motion = Motion(np.zeros((3, 1, 48)), present=np.zeros((3, 1)))
    path = tmp_path / "a.sheet.png"
    ContactSheetExporter().write(Scene(motion), path, RenderOptions(**SMALL))
    assert path.stat().st_size > 500


def test_a_drawing_of_another_make_gets_a_sheet_too(motions, tmp_path):
    """A renderer that knows no boxes: the whole picture is shown."""
    from stickgen.core.registries import renderers

    class Plain:
        pixel_format = "rgba"

        def __init__(self, n, options):
            self._n, self._shape = n, (options.height, options.width, 4)

        def __len__(self):
            return self._n

        def frame(self, index):
            return np.full(self._shape, 40 * index, dtype=np.uint8)

    class PlainRenderer:
        api_version = 1

        def open(self, scene, options):
            return Plain(scene.motion.n_frames, options)

    renderers.register("plain-test", PlainRenderer)
    path = tmp_path / "a.sheet.png"
    ContactSheetExporter().write(
        Scene(motions.stand(seconds=0.2)), path, RenderOptions(**SMALL, renderer="plain-test")
    )
    with Image.open(path) as picture:
        assert picture.width > 300
