"""Paths or one JSON document on stdout, everything else on stderr."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from stickgen.core.cli import interrupts
from stickgen.core.cli import output as output_module
from stickgen.core.cli.output import Output, table


def test_paths_and_text_go_to_stdout_and_talk_to_stderr(capsys) -> None:
    out = Output()
    out.path(Path("a") / "walk.mp4")
    out.text("answer")
    out.document({"not": "asked for"})
    out.say("seed 7")
    out.warn("no depth")
    out.warn("no depth")
    out.detail("only when verbose")
    said = capsys.readouterr()
    assert said.out == f"{Path('a') / 'walk.mp4'}\nanswer\n"
    assert said.err == "seed 7\nWarning: no depth\n"
    assert out.warnings == ["no depth"]


def test_with_json_stdout_is_one_document(capsys) -> None:
    out = Output(json=True)
    out.path("walk.mp4")
    out.text("answer")
    out.document(
        {
            "path": Path("walk.mp4"),
            "array": np.arange(3, dtype=np.float32),
            "number": np.int64(3),
            "nothing": float("nan"),
            "endless": np.float32("inf"),
            "tuple": (1, 2.5, True, None),
            7: "é",
        }
    )
    assert json.loads(capsys.readouterr().out) == {
        "path": "walk.mp4",
        "array": [0.0, 1.0, 2.0],
        "number": 3,
        "nothing": None,
        "endless": None,
        "tuple": [1, 2.5, True, None],
        "7": "é",
    }


def test_quiet_says_nothing_and_remembers_warnings(capsys) -> None:
    out = Output(quiet=True, verbose=1)
    out.say("seed 7")
    out.warn("no depth")
    out.detail("detail")
    with out.progress("render", 2) as progress:
        progress(1, 2)
        progress(2, 2)
    assert capsys.readouterr() == ("", "")
    assert out.warnings == ["no depth"]


def test_verbose_tells_details(capsys) -> None:
    Output(verbose=1).detail("detail")
    assert capsys.readouterr().err == "detail\n"


@pytest.mark.parametrize(
    ("variable", "colour"), [("NO_COLOR", False), ("FORCE_COLOR", True), (None, False)]
)
def test_colour_follows_the_environment(monkeypatch, capsys, variable, colour) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    if variable:
        monkeypatch.setenv(variable, "1")
    Output().warn("x")
    assert ("\x1b[" in capsys.readouterr().err) is colour
    Output(colour=False).warn("x")
    assert "\x1b[" not in capsys.readouterr().err


def test_progress_is_a_line_now_and_then_where_there_is_no_terminal(monkeypatch, capsys) -> None:
    now = 0.0
    monkeypatch.setattr(output_module.time, "monotonic", lambda: now)
    with Output().progress("render", 100) as progress:
        for done in range(0, 101):
            progress(done, 100)
            now += 0.0625
    lines = capsys.readouterr().err.splitlines()
    assert [line.split()[1] for line in lines] == ["32/100", "64/100", "96/100", "100/100"]
    assert lines[0] == "render 32/100 · 16/s · 0:04 left"


def test_quick_work_reports_no_progress(capsys) -> None:
    with Output().progress("render", 3) as progress:
        for done in range(4):
            progress(done, 3)
    assert capsys.readouterr().err == ""


@pytest.mark.skipif(os.name == "nt", reason="platform: no pseudo-terminals")
def test_progress_is_a_bar_on_a_terminal() -> None:
    import pty

    leader, follower = pty.openpty()
    program = (
        "import time\nfrom stickgen.core.cli.output import Output\n"
        "with Output().progress('render', 8) as progress:\n"
        "    for done in range(9):\n        progress(done, 8)\n        time.sleep(0.05)\n"
        "print('walk.mp4')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=follower,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "80"},
        text=True,
    )
    os.close(follower)
    said = b""
    try:
        while chunk := os.read(leader, 65536):
            said += chunk
    except OSError:  # the other end is closed
        pass
    os.close(leader)
    assert done.stdout == "walk.mp4\n"
    assert "━" in said.decode()
    assert "/8" in said.decode()


def test_table() -> None:
    assert table([("a", "bcd"), ("longer", "e")], ("X", "Y")) == "X       Y\na       bcd\nlonger  e"
    assert table([]) == ""


@pytest.mark.skipif(os.name == "nt", reason="platform: no SIGTERM")
def test_termination_cleans_up(tmp_path) -> None:
    program = (
        "import sys, time\nfrom pathlib import Path\nimport stickgen.core.cli.main as m\n"
        "from stickgen.core.storage import atomic_path\n"
        "def work(*args, **kwargs):\n"
        f"    with atomic_path(Path({str(tmp_path / 'walk.mp4')!r})) as path:\n"
        "        path.write_text('half')\n        print('ready', flush=True)\n"
        "        time.sleep(60)\n"
        "m.cli.main = work\nsys.exit(m.main([]))\n"
    )
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.readline() == "ready\n"
        assert len(list(tmp_path.iterdir())) == 1
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 143
    assert list(tmp_path.iterdir()) == []


def test_a_lost_interrupt_ends_the_work_at_the_next_report(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(signal, "getsignal", lambda number: signal.default_int_handler)
    try:
        interrupts.watch()
        with Output(False, True, 0).progress("frames", 10) as report:
            report(1, 10)
            with pytest.raises(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)
            with pytest.raises(KeyboardInterrupt):
                report(2, 10)
        interrupts.watch()
        interrupts.check()
    finally:
        signal.signal(signal.SIGINT, before)
