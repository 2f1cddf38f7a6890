"""Bad files and bad arguments: one sentence, the right exit code, nothing half-written."""

# ruff: noqa: E501  (one case a line reads better)
from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

from stickgen.core.cli.main import main

BVH = """HIERARCHY
ROOT Hips
{
  OFFSET 0 0 0
  CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation
  JOINT Spine
  {
    OFFSET 0 20 0
    CHANNELS 3 Zrotation Xrotation Yrotation
    End Site
    {
      OFFSET 0 20 0
    }
  }
}
MOTION
Frames: 2
Frame Time: 0.04
0 90 0 0 0 0 0 0 0
0 90 0 0 0 0 0 0 0
"""

OK, BUG, USAGE, PLUGIN, DATA, SERVICE, OUTPUT, INTERRUPTED = 0, 1, 2, 3, 4, 5, 6, 130


@pytest.fixture(scope="session")
def good_motion(stickgen, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    folder = tmp_path_factory.mktemp("good")
    done = stickgen(
        "generate", "A person waves", "--duration", "1", "--seed", "1", "-o", "good.motion",
        cwd=folder,
    )  # fmt: skip
    assert done.returncode == OK, done.stderr
    return json.loads((folder / "good.motion").read_text())


def broken_motion(
    change: Callable[[dict[str, object]], object],
) -> Callable[[Path, dict[str, object]], None]:
    def write(folder: Path, good: dict[str, object]) -> None:
        copy = json.loads(json.dumps(good))
        changed = change(copy)
        text = changed if isinstance(changed, str) else json.dumps(copy)
        (folder / "bad.motion").write_text(text)

    return write


def bytes_file(name: str, content: bytes) -> Callable[[Path, dict[str, object]], None]:
    def write(folder: Path, good: dict[str, object]) -> None:
        (folder / name).write_bytes(content)

    return write


def nothing(folder: Path, good: dict[str, object]) -> None:
    return


def a_folder_named_out(folder: Path, good: dict[str, object]) -> None:
    (folder / "out.mp4").mkdir()


def an_existing_output(folder: Path, good: dict[str, object]) -> None:
    (folder / "out.mp4").write_bytes(b"precious")


def a_file_where_a_folder_should_be(folder: Path, good: dict[str, object]) -> None:
    (folder / "blocked").write_bytes(b"precious")


def first_number(document: dict[str, object], value: object) -> None:
    flat = document["motion"]
    while isinstance(flat[0], list):  # type: ignore[index]
        flat = flat[0]  # type: ignore[index]
    flat[0] = value  # type: ignore[index]


RENDER = ("render", "bad.motion", "-o", "out.mp4")
CONVERT = ("convert", "--source", "bvh", "bad.bvh", "-o", "out.motion")
GENERATE = ("generate", "A person walks", "--duration", "1")

CASES: list[
    tuple[str, Callable[[Path, dict[str, object]], None], tuple[str, ...], int, tuple[str, ...]]
] = [
    ("motion: missing", nothing, RENDER, DATA, ("bad.motion",)),
    ("motion: empty", bytes_file("bad.motion", b""), RENDER, DATA, ("bad.motion",)),
    ("motion: binary", bytes_file("bad.motion", bytes(range(256)) * 64), RENDER, DATA, ("bad.motion",)),
    ("motion: not json", bytes_file("bad.motion", b"{hello"), RENDER, DATA, ("bad.motion", "line")),
    ("motion: a list", bytes_file("bad.motion", b"[1, 2, 3]"), RENDER, DATA, ("bad.motion",)),
    ("motion: deep nesting", bytes_file("bad.motion", b"[" * 100_000), RENDER, DATA, ("bad.motion",)),
    ("motion: truncated", broken_motion(lambda d: json.dumps(d)[:-300]), RENDER, DATA, ("bad.motion",)),
    ("motion: NaN", broken_motion(lambda d: first_number(d, float("nan"))), RENDER, DATA, ("bad.motion",)),
    ("motion: a word", broken_motion(lambda d: first_number(d, "x")), RENDER, DATA, ("bad.motion",)),
    ("motion: 1e400", broken_motion(lambda d: first_number(d, 10**400)), RENDER, DATA, ("bad.motion",)),
    ("motion: no frames key", broken_motion(lambda d: d.pop("motion") and None), RENDER, DATA, ("motion",)),
    ("motion: no meta", broken_motion(lambda d: d.pop("meta") and None), RENDER, DATA, ("meta",)),
    ("motion: fps 0", broken_motion(lambda d: d["meta"].update(fps=0)), RENDER, DATA, ("fps",)),
    ("motion: fps word", broken_motion(lambda d: d["meta"].update(fps="fast")), RENDER, DATA, ("fps",)),
    ("motion: count lies", broken_motion(lambda d: d["meta"].update(total_frames=9999999)), RENDER, DATA, ("bad.motion",)),
    ("motion: newer", broken_motion(lambda d: d["meta"].update(version="99.0")), RENDER, DATA, ("99",)),
    ("motion: apart", broken_motion(lambda d: first_number(d, 50.0)), RENDER, DATA, ("bad.motion",)),
    ("bvh: missing", nothing, CONVERT, DATA, ("bad.bvh",)),
    ("bvh: empty", bytes_file("bad.bvh", b""), CONVERT, DATA, ("bad.bvh",)),
    ("bvh: binary", bytes_file("bad.bvh", bytes(range(256)) * 64), CONVERT, DATA, ("bad.bvh",)),
    ("bvh: truncated hierarchy", bytes_file("bad.bvh", BVH[:120].encode()), CONVERT, DATA, ("bad.bvh",)),
    ("bvh: truncated motion", bytes_file("bad.bvh", BVH[:-14].encode()), CONVERT, DATA, ("bad.bvh",)),
    ("bvh: no motion", bytes_file("bad.bvh", BVH.split("MOTION")[0].encode()), CONVERT, DATA, ("MOTION",)),
    ("bvh: NaN", bytes_file("bad.bvh", BVH.replace("0 90 0", "0 nan 0").encode()), CONVERT, DATA, ("bad.bvh",)),
    ("bvh: huge claim", bytes_file("bad.bvh", BVH.replace("Frames: 2", "Frames: 99999999").encode()), CONVERT, DATA, ("bad.bvh",)),
    ("bvh: negative time", bytes_file("bad.bvh", BVH.replace("0.04", "-0.04").encode()), CONVERT, DATA, ("bad.bvh",)),
    ("bvh: no humanoid", bytes_file("bad.bvh", BVH.encode()), CONVERT, DATA, ("bad.bvh",)),
    ("convert: unknown source", nothing, ("convert", "--source", "amasss", ".", "-o", "out"), PLUGIN, ("amasss",)),
    ("convert: no folder", nothing, ("convert", "--source", "bvh", "nowhere", "-o", "out"), DATA, ("nowhere",)),
    ("generate: empty", nothing, ("generate", "   ", "-o", "out.mp4"), USAGE, ("empty",)),
    ("generate: no output", nothing, GENERATE, USAGE, ("-o",)),
    ("generate: unknown style", nothing, (*GENERATE, "--style", "nromal", "-o", "out.mp4"), PLUGIN, ("nromal", "normal")),
    ("generate: unknown suffix", nothing, (*GENERATE, "-o", "out.xyz"), PLUGIN, ("xyz",)),
    ("generate: no suffix", nothing, (*GENERATE, "-o", "out"), USAGE, ("out",)),
    ("generate: unknown generator", nothing, (*GENERATE, "--generator", "procedurall", "-o", "out.mp4"), PLUGIN, ("procedural",)),
    ("generate: unknown planner", nothing, (*GENERATE, "--planner", "grokk", "-o", "out.mp4"), PLUGIN, ("grokk",)),
    ("generate: negative duration", nothing, ("generate", "A person walks", "--duration", "-3", "-o", "out.mp4"), USAGE, ("duration",)),
    ("generate: endless", nothing, ("generate", "A person walks", "--duration", "1e9", "-o", "out.mp4"), USAGE, ("duration",)),
    ("generate: NaN duration", nothing, ("generate", "A person walks", "--duration", "nan", "-o", "out.mp4"), USAGE, ("duration",)),
    ("generate: fps 0", nothing, (*GENERATE, "--fps", "0", "-o", "out.mp4"), USAGE, ("frame rate",)),
    ("generate: size word", nothing, (*GENERATE, "--size", "huge", "-o", "out.mp4"), USAGE, ("huge",)),
    ("generate: size bomb", nothing, (*GENERATE, "--size", "99999x99999", "-o", "out.mp4"), USAGE, ("large",)),
    ("generate: size 1x1", nothing, (*GENERATE, "--size", "1x1", "-o", "out.mp4"), USAGE, ("small",)),
    ("generate: seed word", nothing, (*GENERATE, "--seed", "x", "-o", "out.mp4"), USAGE, ("seed",)),
    ("generate: exists", an_existing_output, (*GENERATE, "-o", "out.mp4"), OUTPUT, ("--force",)),
    ("generate: a folder", a_folder_named_out, (*GENERATE, "-o", "out.mp4"), OUTPUT, ("folder",)),
    ("generate: under a file", a_file_where_a_folder_should_be, (*GENERATE, "-o", "blocked/out.mp4"), OUTPUT, ("blocked",)),
    ("generate: read-only", nothing, (*GENERATE, "-o", "/proc/out.mp4"), OUTPUT, ("/proc",)),
    ("command: unknown", nothing, ("generat", "x"), USAGE, ("generate",)),
]  # fmt: skip


def listing(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize(
    ("prepare", "arguments", "code", "words"),
    [pytest.param(*case[1:], id=case[0]) for case in CASES],
)
def test_one_sentence_and_nothing_half_written(
    prepare: Callable[[Path, dict[str, object]], None],
    arguments: tuple[str, ...],
    code: int,
    words: tuple[str, ...],
    tmp_path: Path,
    good_motion: dict[str, object],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    prepare(tmp_path, good_motion)
    before = listing(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        returned = main(arguments)
    out, told = capsys.readouterr()
    assert returned == code, told
    assert "Traceback" not in told
    assert out == ""
    errors = [line for line in told.splitlines() if line.startswith("Error: ")]
    assert len(errors) == 1, told
    for word in words:
        assert word in errors[0], told
    assert len(errors[0]) < 400
    assert listing(tmp_path) == before


@pytest.mark.skipif(os.name != "posix", reason="signals as on POSIX")
def test_control_c_in_mid_render_leaves_nothing(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [
            sys.executable, "-m", "stickgen.core.cli.main",
            "generate", "A person walks", "--generator", "procedural", "--duration", "20",
            "--seed", "1", "-o", "out.mp4",
        ],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a runner may ignore it
    )  # fmt: skip
    assert process.stderr is not None
    while "/500" not in (line := process.stderr.readline()):  # the first frames are drawn
        assert line, process.wait()
    os.killpg(process.pid, signal.SIGINT)
    stdout, stderr = process.communicate(timeout=600)
    assert process.returncode == INTERRUPTED, stderr
    assert "Traceback" not in stderr
    assert stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_a_prompt_of_ten_thousand_words(stickgen, tmp_path: Path) -> None:
    prompt = " ".join(["A person walks and waves and then jumps quickly over there."] * 1000)
    done = stickgen(
        "generate", prompt, "--generator", "procedural", "--seed", "1", "-o", "out.motion",
        cwd=tmp_path,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    if done.returncode == OK:
        assert (tmp_path / "out.motion").stat().st_size > 0
    else:
        assert done.returncode == USAGE
        assert list(tmp_path.iterdir()) == []


def test_control_characters_in_a_prompt_are_only_text(stickgen, tmp_path: Path) -> None:
    prompt = "A person \x1b[31mwalks\x07 <script>alert(1)</script> $(touch pwned) `touch pwned`"
    done = stickgen(
        "generate", prompt, "--duration", "1", "--seed", "1", "-o", "out.motion", cwd=tmp_path
    )
    assert done.returncode == OK, done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["out.motion"]
    assert "\x1b" not in done.stderr
