import dataclasses

import numpy as np

from stickgen.core.schema import J
from stickgen.core.testing import ExporterContract, standing
from stickgen.core.types import Motion, RenderOptions, Scene
from stickgen_ascii import AsciiExporter
from stickgen_ascii.strip import strip


class TestTxt(ExporterContract):
    name = "txt"


def test_a_figure_stands_on_the_ground_with_its_head_on_top(tiny_scene):
    lines = strip(tiny_scene, view="side", still=0.0).splitlines()
    assert lines[0] == "Somebody waves"
    ground = next(i for i, line in enumerate(lines) if line.count("_") > 10)
    heads = next(i for i, line in enumerate(lines) if "( ^^)" in line)
    assert lines[heads].count("( ^^)") == 2
    assert 12 <= ground - heads <= 16
    assert all(line.isascii() for line in lines)


def test_a_walker_looks_where_it_goes_and_passes_the_tufts():
    joints = np.stack([standing(x=0.1 * frame) for frame in range(50)])[:, None]
    there = strip(Scene(Motion.from_joints(joints)), view="side")
    assert "( oo)" in there
    grounds = {line[:20] for line in there.splitlines() if line.count("_") > 10}
    assert len(grounds) > 1
    turned = np.array(joints) * (-1, 1, -1)
    assert "(oo )" in strip(Scene(Motion.from_joints(turned)), view="side")


def test_a_raised_arm_is_higher_than_the_head():
    joints = standing()[None, None]
    joints[..., J["l_elbow"], :] = joints[..., J["l_shoulder"], :] + (0.1, 0.25, 0)
    joints[..., J["l_wrist"], :] = joints[..., J["l_elbow"], :] + (0.1, 0.3, 0)
    lines = strip(Scene(Motion.from_joints(joints)), view="front").splitlines()
    hand = next(i for i, line in enumerate(lines) if line.strip() == "o")
    assert hand < next(i for i, line in enumerate(lines) if "(o o)" in line)


def test_a_long_clip_has_at_most_24_panels(tiny_scene):
    joints = np.repeat(standing()[None, None], 10_000, axis=0)
    text = strip(Scene(Motion.from_joints(joints)))
    assert 12 <= text.count(" s ") + text.count(" s\n") <= 24


def test_a_crowd_fits_the_page():
    joints = np.stack([standing(x=4.0 * actor) for actor in range(8)])[None]
    text = strip(Scene(Motion.from_joints(joints)), view="side")
    assert max(map(len, text.splitlines())) <= 100


def test_an_actor_off_stage_is_not_drawn(tiny_scene, tmp_path):
    present = np.ones((3, 2), bool)
    present[:, 1] = False
    scene = dataclasses.replace(
        tiny_scene, motion=dataclasses.replace(tiny_scene.motion, present=present)
    )
    path = tmp_path / "a.txt"
    AsciiExporter().write(scene, path, RenderOptions(still=0.0, view="side"))
    assert path.read_text().count("( ^^)") == 1
