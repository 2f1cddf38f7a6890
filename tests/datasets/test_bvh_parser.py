"""The BVH parser: what it reads, and the sentence it refuses the rest with."""

from __future__ import annotations

import pickle
import random
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from bvh_text import ARMS_DOWN, BODY, bvh_text
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plain_bvh import PlainBvh

from stickgen.core.errors import SourceError
from stickgen.datasets.bvh import frame_rate, read_bvh

TURNS = {name: (random.Random(i).uniform(-80, 80), 17.0 * i % 90, -11.0 * i % 70)
         for i, (name, _, _) in enumerate(BODY)}  # fmt: skip


def write(folder: Path, text: str | bytes, name: str = "a.bvh") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def places(path: Path, frames: list[float]) -> np.ndarray:
    track = read_bvh(path).track
    return track.locate(np.array(frames), range(len(track.names)))


@pytest.mark.parametrize("order", ["XYZ", "XZY", "YXZ", "YZX", "ZXY", "ZYX"])
def test_any_rotation_order_places_joints_as_matrices_do(tmp_path: Path, order: str) -> None:
    path = write(tmp_path, bvh_text(frames=3, order=order, angles=lambda frame: TURNS))
    expected = PlainBvh(path).pose(1)
    names = read_bvh(path).track.names
    np.testing.assert_allclose(places(path, [1.0])[0], [expected[n] for n in names], atol=1e-9)


@pytest.mark.parametrize("name", ["dataset-1_bow_active_001", "dataset-1_walk_normal_001"])
def test_position_channels_on_every_joint(real_data, name: str) -> None:
    path = real_data("bandai") / "bandai" / f"{name}.bvh"
    plain = PlainBvh(path)
    names = read_bvh(path).track.names
    for frame in (0, plain.n_frames - 1):
        expected = plain.pose(frame)
        got = places(path, [float(frame)])[0]
        np.testing.assert_allclose(got, [expected[n] for n in names], atol=1e-6)


def test_line_ends_tabs_exponents_and_a_byte_order_mark(tmp_path: Path) -> None:
    plain = write(tmp_path, bvh_text(frames=5, angles=lambda frame: TURNS))
    odd = bvh_text(
        frames=5, angles=lambda frame: TURNS, newline="\r\n", number=lambda value: f"{value:.9e}"
    )
    head, motion = odd.split("Frame Time")
    odd = head.replace(" {", "{") + "Frame Time" + motion.replace(" ", "\t")
    other = write(
        tmp_path, b"\xef\xbb\xbf" + odd.replace("Frame\tTime", "Frame Time").encode(), "b.bvh"
    )
    np.testing.assert_allclose(places(other, [2.0]), places(plain, [2.0]), atol=1e-5)


def test_braces_on_the_line_of_the_joint_and_names_of_two_words(tmp_path: Path) -> None:
    text = bvh_text(frames=4, rename=lambda name: f"Bip01 {name}")
    head, motion = text.split("MOTION")
    squeezed = "\n".join(line.strip() for line in head.splitlines()).replace("\n{", " {")
    path = write(tmp_path, squeezed + "\nMOTION" + motion)
    track = read_bvh(path).track
    assert list(track.names) == [f"Bip01 {name}" for name in PlainOrder().names]


class PlainOrder:
    """The joints of the test body in the order of its file: children follow their parent."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.visit("Hips")

    def visit(self, name: str) -> None:
        self.names.append(name)
        for child, parent, _ in BODY:
            if parent == name:
                self.visit(child)


def test_one_rotation_and_rows_wrapped_over_lines(tmp_path: Path) -> None:
    text = """HIERARCHY
ROOT a
{
  OFFSET 0 0 0
  CHANNELS 2 Yposition Zrotation
  JOINT b
  {
    OFFSET 1 0 0
    End Site
    {
      OFFSET 1 0 0
    }
  }
}
MOTION
Frames: 2
Frame Time: 0.1
5
90
6 180
"""
    got = places(write(tmp_path, text), [0.0, 1.0])
    np.testing.assert_allclose(got[0], [[0, 5, 0], [0, 6, 0]], atol=1e-12)
    np.testing.assert_allclose(got[1], [[0, 6, 0], [-1, 6, 0]], atol=1e-12)


def test_between_frames_bones_keep_their_length(tmp_path: Path) -> None:
    path = write(tmp_path, bvh_text(frames=2, angles=lambda f: TURNS if f else ARMS_DOWN))
    between = places(path, list(np.linspace(0, 1, 11)))
    parents = read_bvh(path).track.parents
    for joint, parent in enumerate(parents):
        if parent >= 0:
            lengths = np.linalg.norm(between[:, joint] - between[:, parent], axis=-1)
            np.testing.assert_allclose(lengths, lengths[0], atol=1e-9)


@pytest.mark.parametrize(
    ("written", "fps"),
    [(".0083333", 120), ("0.00833", 120), (".03333", 30), ("0.0333667", 30000 / 1001), ("0.04", 25),
     ("0.017", 60), ("4e-2", 25), ("0.010000", 100), ("0.0137", 1 / 0.0137)],
)  # fmt: skip
def test_frame_times_written_with_few_digits(written: str, fps: float) -> None:
    assert frame_rate(written) == pytest.approx(fps, rel=1e-12)


GOOD = bvh_text(frames=30)
LINES = GOOD.splitlines()
MOTION = LINES.index("MOTION")


def edited(line: int, text: str) -> str:
    return "\n".join([*LINES[:line], text, *LINES[line + 1 :]]) + "\n"


FLAW = LINES[MOTION + 7]
DEEP = (
    "HIERARCHY\nROOT a\n{\nOFFSET 0 0 0\n"
    + "JOINT b\n{\nOFFSET 0 0 0\n" * 3000
    + "}\n" * 3001
    + "MOTION\n"
)
BAD = {
    "empty": (b"", ["is empty"]),
    "blank": (b"  \n\n", ["is empty"]),
    "noise": (random.Random(1).randbytes(5000), ["line 1", "does not begin with HIERARCHY"]),
    "noise with a head": (b"HIERARCHY\n" + random.Random(2).randbytes(5000), ["no MOTION block"]),
    "cut in the hierarchy": (GOOD[: len(GOOD) // 9], ["no MOTION block", "line "]),
    "cut before the motion": (GOOD[: GOOD.index("MOTION")], ["no MOTION block", "line "]),
    "cut in a row": (
        GOOD[: -len(LINES[-1]) // 2],
        [f"line {len(LINES)} (frame 29)", "channels", "cut short"],
    ),
    "cut between rows": ("\n".join(LINES[:-7]) + "\n", ["30 frames, the file holds 23"]),
    "a row too many": (GOOD + LINES[-1] + "\n", ["30 frames, the file holds 31"]),
    "2 GB promised": (
        edited(MOTION + 1, "Frames: 99999999"),
        ["announces 99999999 frames, the file holds 30"],
    ),
    "no number of frames": (edited(MOTION + 1, "Frames: many"), [f"line {MOTION + 2}", "'many'"]),
    "minus frames": (edited(MOTION + 1, "Frames: -3"), [f"line {MOTION + 2}", "'-3'"]),
    "frames missing": (edited(MOTION + 1, ""), ["'Frames:' is missing"]),
    "no time": (edited(MOTION + 2, "Frame Time: 0"), [f"line {MOTION + 3}", "'0'"]),
    "time nan": (edited(MOTION + 2, "Frame Time: nan"), [f"line {MOTION + 3}", "'nan'"]),
    "time missing": (edited(MOTION + 2, ""), ["'Frame Time:' is missing"]),
    "nan": (edited(MOTION + 7, FLAW.replace("93.000000", "nan", 1)), ["frame 4", "finite"]),
    "overflow": (edited(MOTION + 7, "1e999 " + FLAW.split(" ", 1)[1]), ["frame 4", "finite"]),
    "a word": (
        edited(MOTION + 7, FLAW.replace("93", "9x3", 1)),
        [f"line {MOTION + 8} (frame 4)", "9x3"],
    ),
    "a number too many": (
        edited(MOTION + 7, FLAW + " 1.0"),
        [f"line {MOTION + 8} (frame 4)", "channels"],
    ),
    "channel count": (GOOD.replace("CHANNELS 6", "CHANNELS 7", 1), ["'Hips'", "7 and names 6"]),
    "channel kind": (GOOD.replace("Xposition", "Xshear", 1), ["'Hips'", "'xshear'"]),
    "no offset": (GOOD.replace("OFFSET", "OFSET", 1), ["'Hips'", "no OFFSET"]),
    "no root": (GOOD.replace("ROOT", "TOOT", 1), ["line "]),
    "open brace": (GOOD.replace("}", "", 1), ["never closed"]),
    "closing brace": (GOOD.replace("MOTION", "}\nMOTION"), ["never opened", "line "]),
    "nested 3000 deep": (DEEP, ["more than 2000 joints"]),
}


@pytest.mark.parametrize("flaw", BAD)
def test_bad_files_are_refused_in_one_sentence(tmp_path: Path, flaw: str) -> None:
    content, says = BAD[flaw]
    path = write(tmp_path, content)
    with pytest.raises(SourceError) as caught:
        read_bvh(path)
    message = str(caught.value)
    assert message.startswith(str(path))
    assert "\n" not in message
    assert len(message) < 400
    for part in says:
        assert part in message
    assert str(pickle.loads(pickle.dumps(caught.value))) == message


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        read_bvh(tmp_path / "none.bvh")


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_damage_raises_nothing_but_source_errors(tmp_path: Path, data: st.DataObject) -> None:
    raw = bytearray(bvh_text(frames=3).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw) - 1))
        match data.draw(st.sampled_from(["cut", "flip", "drop", "insert"])):
            case "cut":
                del raw[max(at, 1) :]
            case "flip":
                raw[at] = data.draw(st.integers(0, 255))
            case "drop":
                del raw[at : at + 20]
            case "insert":
                raw[at:at] = data.draw(st.binary(max_size=10))
        raw = raw or bytearray(b" ")
    path = write(tmp_path, bytes(raw))
    with suppress(SourceError):
        assert np.isfinite(read_bvh(path).track.rotations).all()
