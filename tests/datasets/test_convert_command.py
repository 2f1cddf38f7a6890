"""``stickgen convert``: stores, single files, resuming, workers, and what it says when it fails."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bvh_text import bvh_text

from stickgen.core.cli.main import main
from stickgen.core.schema import J
from stickgen.core.storage import ClipStore, read_motion


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """Run ``stickgen convert`` in this process and return its exit code, stdout and stderr."""
    code = 0
    try:
        code = int(main(["convert", *map(str, arguments)]) or 0)
    except SystemExit as end:
        code = int(end.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture
def takes(tmp_path: Path) -> Path:
    folder = tmp_path / "takes"
    (folder / "more").mkdir(parents=True)
    for i in range(6):
        name = f"more/walk_{i}.bvh" if i % 2 else f"stand_{i}.bvh"
        (folder / name).write_text(bvh_text(frames=30 + i))
    return folder


def test_a_folder_becomes_a_store(tmp_path: Path, takes: Path, capsys) -> None:
    store = tmp_path / "clips"
    code, out, err = run(capsys, "--source", "bvh", takes, "-o", store, "--licence", "CC0-1.0")
    assert (code, out.strip()) == (0, str(store))
    assert "6 clips from 6 files" in err
    clips = list(ClipStore(store))
    assert {clip.clip_id for clip in clips} == {
        "stand_0", "stand_2", "stand_4", "more/walk_1", "more/walk_3", "more/walk_5",
    }  # fmt: skip
    assert {clip.licence for clip in clips} == {"CC0-1.0"}
    assert {clip.motion.fps for clip in clips} == {25.0}
    assert {clip.texts for clip in clips} == {("stand",), ("walk",)}


def test_workers_make_the_same_store(tmp_path: Path, takes: Path, capsys) -> None:
    (takes / "bad.bvh").write_text("nothing")
    stores = []
    for jobs in (1, 2):
        store = tmp_path / f"clips{jobs}"
        code, out, _ = run(capsys, "--source", "bvh", takes, "-o", store, "--jobs", jobs, "--json")
        document = json.loads(out)
        assert code == 0
        assert [each["rule"] for each in document["refused"]] == ["readable"]
        stores.append(list(ClipStore(store)))
    for one, two in zip(*stores, strict=True):
        assert one.clip_id == two.clip_id
        np.testing.assert_array_equal(one.motion.frames, two.motion.frames)


def test_resuming_adds_what_is_new_and_nothing_twice(tmp_path: Path, takes: Path, capsys) -> None:
    store = tmp_path / "clips"
    assert run(capsys, "--source", "bvh", takes, "-o", store, "--limit", 4)[0] == 0
    before = {path.name: path.stat().st_mtime_ns for path in store.glob("*.parquet")}
    code, out, _ = run(capsys, "--source", "bvh", takes, "-o", store, "--resume", "--json")
    document = json.loads(out)
    assert (code, document["done_before"], document["clips"]) == (0, 4, 2)
    assert len(ClipStore(store)) == len(set(ClipStore(store).clip_ids())) == 6
    for name, when in before.items():
        assert (store / name).stat().st_mtime_ns == when


def test_a_store_that_is_there_is_not_touched(tmp_path: Path, takes: Path, capsys) -> None:
    store = tmp_path / "clips"
    run(capsys, "--source", "bvh", takes, "-o", store)
    code, out, err = run(capsys, "--source", "bvh", takes, "-o", store)
    assert (code, out) == (6, "")
    assert "--resume" in err
    assert run(capsys, "--source", "bvh", takes, "-o", store, "--force", "--limit", 1)[0] == 0
    assert len(ClipStore(store)) == 1


@pytest.mark.skipif(os.name == "nt", reason="platform: no SIGKILL")
@pytest.mark.parametrize("jobs", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_a_killed_run_goes_on_where_it_stopped(tmp_path: Path, jobs: int) -> None:
    takes, store = tmp_path / "takes", tmp_path / "clips"
    takes.mkdir()
    for i in range(280):
        (takes / f"walk_{i:03d}.bvh").write_text(bvh_text(frames=30)) if i == 0 else os.link(
            takes / "walk_000.bvh", takes / f"walk_{i:03d}.bvh"
        )
    start = "import sys; from stickgen.core.cli.main import main; sys.exit(main())"
    command = [sys.executable, "-c", start, "convert", "--source", "bvh"]
    command += [str(takes), "-o", str(store), "--quiet", "--jobs", str(jobs)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    while not list(store.glob("shard-*.parquet")):
        assert process.poll() is None or process.returncode == 0
        time.sleep(0.005)
    os.killpg(process.pid, signal.SIGKILL)  # its workers with it
    process.wait()
    half = len(ClipStore(store))
    assert half >= 256  # a shard
    done = subprocess.run([*command, "--resume", "--json"], capture_output=True, check=True)
    assert len(ClipStore(store)) == 280 or b'"clips": 0' in done.stdout
    assert len(set(ClipStore(store).clip_ids())) == 280


def test_one_file_becomes_a_motion_file(tmp_path: Path, takes: Path, capsys) -> None:
    target = tmp_path / "walk.motion"
    code, out, _ = run(capsys, "--source", "bvh", takes / "more/walk_1.bvh", "-o", target)
    assert (code, out.strip()) == (0, str(target))
    scene = read_motion(target)
    assert scene.motion.depth is not None
    assert scene.meta["prompt"] == "walk"
    assert run(capsys, "--source", "bvh", takes / "more/walk_1.bvh", "-o", target)[0] == 6
    code, _, err = run(capsys, "--source", "bvh", takes, "-o", tmp_path / "all.motion")
    assert code == 2
    assert "6 files" in err


def test_strict_stops_and_keeps_what_was_done(tmp_path: Path, takes: Path, capsys) -> None:
    (takes / "stand_1.bvh").write_text(bvh_text(frames=10))
    store = tmp_path / "clips"
    code, _, err = run(capsys, "--source", "bvh", takes, "-o", store, "--strict")
    assert code == 4
    assert "'length'" in err
    assert 0 < len(ClipStore(store)) < 6


def test_check_writes_nothing(tmp_path: Path, takes: Path, capsys) -> None:
    before = sorted(tmp_path.rglob("*"))
    code, out, _ = run(capsys, "--source", "bvh", takes, "--check", "--json")
    assert (code, json.loads(out)["clips"]) == (0, 6)
    assert sorted(tmp_path.rglob("*")) == before


def test_options_reach_the_converter(tmp_path: Path, takes: Path, capsys) -> None:
    names = {"Neck": "C7"}
    odd = tmp_path / "odd.bvh"
    odd.write_text(bvh_text(rename=lambda name: names.get(name, name)))
    (tmp_path / "map.toml").write_text('neck = "C7"\n')
    target = tmp_path / "odd.motion"
    options = ["--joint-map", tmp_path / "map.toml", "--fps", 50, "--up", "y", "--unit", "cm"]
    code, _, _ = run(capsys, "--source", "bvh", odd, "-o", target, *options, "--height", "native")
    assert code == 0
    motion = read_motion(target).motion
    assert motion.seconds == pytest.approx(60 / 50, abs=1 / 25)
    assert motion.joints[0, 0, J["head_center"], 1] > 1.62  # 1.84 m tall, not 1.70


def test_the_list_says_what_is_expected(capsys) -> None:
    code, out, _ = run(capsys, "--list", "--json")
    (bvh,) = [each for each in json.loads(out)["converters"] if each["name"] == "bvh"]
    assert code == 0
    assert "index.csv" in bvh["layout"]
    assert {"licence", "citation", "fps_rule", "text_rule"} <= bvh.keys()
    assert "index.csv" in run(capsys, "--list")[1]


BAD: dict[str, tuple[int, list[str]]] = {
    "{tmp}/none": (4, ["there is no such file or folder"]),
    "{tmp}/empty": (4, ["holds nothing for 'bvh'"]),
    "{tmp}/bad.bvh": (4, ["bad.bvh, line 1", "HIERARCHY"]),
    "{tmp}/short.bvh": (4, ["refused by the rule 'length'"]),
}


@pytest.mark.parametrize("root", BAD)
@pytest.mark.parametrize("out", ["clips", "clip.motion"])
def test_bad_input_is_one_sentence_and_leaves_nothing(
    tmp_path: Path, capsys, root: str, out: str
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "bad.bvh").write_bytes(b"\x00\x01" * 300)
    (tmp_path / "short.bvh").write_text(bvh_text(frames=5))
    code, says = BAD[root]
    target = tmp_path / out
    got, stdout, err = run(
        capsys, "--quiet", "--source", "bvh", root.format(tmp=tmp_path), "-o", target
    )
    assert (got, stdout) == (code, "")
    assert len(err.strip().splitlines()) == 1
    for part in says:
        assert part in err
    assert not list(tmp_path.rglob("*.parquet"))
    assert not (tmp_path / "clip.motion").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["x"], 2, "--source"),
        (["--source", "bvh"], 2, "name a file or a folder"),
        (["--source", "bvh", "x"], 2, "-o"),
        (["--source", "bhv", "x", "-o", "y"], 3, "bvh"),
        (["--source", "bvh", "x", "-o", "y", "--unit", "furlong"], 2, "furlong"),
        (["--source", "bvh", "x", "-o", "y", "--height", "tall"], 2, "tall"),
        (["--source", "bvh", "x", "-o", "y", "--joint-map", "nowhere.toml"], 4, "nowhere.toml"),
        (["--source", "bvh", "x", "-o", "y", "--resume", "--force"], 2, "exclude"),
    ],
)
def test_wrong_arguments(
    tmp_path: Path, monkeypatch, capsys, arguments: list[Any], code: int, says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    got, out, err = run(capsys, *arguments)
    assert (got, out) == (code, "")
    assert says in err
    assert "Traceback" not in err


def test_the_command_module_is_light() -> None:
    code = (
        "import sys, stickgen.datasets.cli; "
        "print([m for m in ('numpy', 'scipy', 'pyarrow', 'bvh') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
