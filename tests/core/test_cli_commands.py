"""``plugins``, ``schema``, ``inspect`` and ``doctor``, each on real input."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from stickgen.core import actions, registries, schema
from stickgen.core.cli import template
from stickgen.core.cli.main import main
from stickgen.core.errors import UsageError
from stickgen.core.testing import StillGenerator, install, standing, tiny_motion, tiny_scene
from stickgen.core.types import ActorState, Beat, Clip, Motion, Role, Scene, Script

ROOT = Path(__file__).resolve().parents[2]


def document(capsys, *arguments: str, code: int = 0) -> dict:
    assert main([*arguments, "--json"]) == code
    return json.loads(capsys.readouterr().out)


# -- plugins -------------------------------------------------------------------------------------


@pytest.fixture
def broken(monkeypatch) -> dict:
    """The distribution stickgen-plugin-broken, from the checkout."""
    import tomllib

    folder = ROOT / "plugins" / "stickgen-plugin-broken"
    project = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
    site = folder / "src"
    monkeypatch.syspath_prepend(str(site))
    return project


def test_the_list_imports_nothing_and_the_check_names_what_is_broken(
    broken, tmp_path, monkeypatch, capsys
) -> None:
    site = install(tmp_path / "site", broken["name"], broken["version"], broken["entry-points"], {})
    monkeypatch.syspath_prepend(str(site))
    listed = document(capsys, "plugins", "list")["plugins"]
    ours = [row for row in listed if row["distribution"] == "stickgen-plugin-broken"]
    assert {row["kind"] for row in ours} == {"generators", "exporters", "commands", "hooks"}
    assert "stickgen_broken" not in sys.modules

    checked = document(capsys, "plugins", "check", code=3)
    assert checked["ok"] is False
    for row in checked["plugins"]:
        if row["distribution"] == "stickgen-plugin-broken":
            assert row["state"] == "broken"
            assert "RuntimeError: this plugin is broken on purpose" in row["error"]

    assert main(["plugins", "check", "hooks"]) == 3
    said = capsys.readouterr()
    assert "broken" in said.out
    assert said.err.splitlines() == [
        "Error: hook 'broken' from stickgen-plugin-broken 0.1.0 failed to import:"
        " RuntimeError: this plugin is broken on purpose"
    ]
    switched = document(capsys, "--no-plugin", "broken", "plugins", "check", "hooks")
    assert switched["ok"]
    assert "stickgen-plugin-broken" in switched["switched_off"]


def test_the_list_says_how_to_ask_for_one_of_two(tmp_path, monkeypatch, capsys) -> None:
    for name in ("one", "two"):
        points = {"stickgen.styles": {"chalk": f"{name}:Chalk"}}
        monkeypatch.syspath_prepend(str(install(tmp_path / name, name, "1", points, {})))
    assert main(["plugins", "list", "styles"]) == 0
    rows = capsys.readouterr().out
    assert "ask for one:chalk" in rows
    assert "ask for two:chalk" in rows


@pytest.mark.parametrize(
    ("name", "distribution", "module", "classes"),
    [
        ("my-thing", "stickgen-plugin-my-thing", "stickgen_my_thing", "MyThing"),
        ("stickgen-plugin-Chalk", "stickgen-plugin-chalk", "stickgen_chalk", "Chalk"),
        ("two_words 3d", "stickgen-plugin-two-words-3d", "stickgen_two_words_3d", "TwoWords3d"),
    ],
)
def test_names(name, distribution, module, classes) -> None:
    names = template.Names.of(name)
    assert (names.distribution, names.module, names.classes) == (distribution, module, classes)


@pytest.mark.parametrize("name", ["", "3d", "../up", "a/b", "é", "-", "stickgen-plugin-"])
def test_names_that_cannot_be(name) -> None:
    with pytest.raises(UsageError):
        template.Names.of(name)


def test_a_new_plugin_has_its_own_name_everywhere(tmp_path, capsys) -> None:
    target = tmp_path / "deep" / "chalk"
    told = document(capsys, "plugins", "new", "chalk", "-o", str(target))
    files = {p.relative_to(target).as_posix() for p in target.rglob("*") if p.is_file()}
    assert files == set(told["files"])
    assert {"pyproject.toml", "LICENSE", "README.md", "src/stickgen_chalk/py.typed"} <= files
    for path in target.rglob("*"):
        if path.is_file():
            assert "template" not in path.read_text().lower(), path
        compile_if_python(path)
    assert [p.name for p in target.parent.iterdir()] == ["chalk"]  # nothing left behind


def compile_if_python(path: Path) -> None:
    if path.suffix == ".py":
        compile(path.read_text(), str(path), "exec")


def test_a_new_plugin_overwrites_nothing(tmp_path, capsys) -> None:
    target = tmp_path / "chalk"
    target.mkdir()
    (target / "novel.txt").write_text("mine")
    assert main(["plugins", "new", "chalk", "-o", str(target)]) == 6
    assert "exists already" in capsys.readouterr().err
    assert [p.name for p in target.iterdir()] == ["novel.txt"]
    (tmp_path / "file").write_text("")
    assert main(["plugins", "new", "chalk", "-o", str(tmp_path / "file" / "below")]) == 6


@pytest.mark.slow
def test_a_new_plugin_builds_installs_is_listed_and_passes_its_tests(tmp_path) -> None:
    """From a wheel of core: that is where `plugins new` finds the template for a user."""
    pytest.importorskip("build", reason="needs build, which makes wheels")
    pytest.importorskip("hatchling", reason="needs hatchling, which makes wheels")

    def run(*command: str | Path, **options) -> str:
        done = subprocess.run(command, capture_output=True, text=True, **options)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    build = (sys.executable, "-m", "build", "--no-isolation")
    wheels = tmp_path / "wheels"
    # From the source distribution, which must carry the template too.
    run(*build, "--outdir", wheels, ROOT / "stickgen-core")
    home = tmp_path / "venv"
    venv.create(home, system_site_packages=True)
    python = home / ("Scripts" if os.name == "nt" else "bin") / "python"
    pip = (sys.executable, "-m", "pip", "--python", python, "install")
    pip += ("--quiet", "--no-deps", "--no-index")
    run(*pip, "--ignore-installed", next(wheels.glob("stickgen_core-*.whl")))
    site = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
    assert (Path(site) / "stickgen" / "core" / "template" / "pyproject.toml").is_file()
    environment = {**os.environ, "PYTHONPATH": site}
    stickgen = (python, "-m", "stickgen.core.cli.main")
    folder = tmp_path / "chalk"
    run(*stickgen, "plugins", "new", "chalk", "-o", folder, env=environment)
    run(*build, "--wheel", "--outdir", wheels, folder)
    run(*pip, next(wheels.glob("stickgen_plugin_chalk-*.whl")))
    listed = json.loads(run(*stickgen, "plugins", "list", "--json", env=environment))["plugins"]
    kinds = {r["kind"] for r in listed if r["distribution"] == "stickgen-plugin-chalk"}
    assert kinds == {"generators", "exporters", "hooks"}
    tests = run(python, "-m", "pytest", "-q", "-p", "no:cacheprovider", cwd=folder, env=environment)
    assert "passed" in tests
    assert "failed" not in tests


def test_the_template_keeps_its_contract_as_it_is(monkeypatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "plugins" / "template" / "src"))
    generator = import_module("stickgen_template.generator").TemplateGenerator()
    state = ActorState(position=(1.0, 2.0), heading=np.pi / 2)
    motion = generator.generate(Beat((0,), "idle", seconds=1.0), [state], np.random.default_rng(0))
    hips = motion.joints[0, 0, [schema.J["l_hip"], schema.J["r_hip"]]]
    forward = np.cross((0, 1, 0), hips[1] - hips[0])
    np.testing.assert_allclose(forward / np.linalg.norm(forward), (0, 0, -1), atol=1e-5)


# -- schema --------------------------------------------------------------------------------------


def test_schema_shows_the_48_numbers(capsys) -> None:
    told = document(capsys, "schema")
    assert told["dim"] == 48
    assert [s["offset"] for s in told["segments"]] == list(range(0, 48, 4))
    assert [joint["name"] for joint in told["joints"]] == list(schema.JOINTS)
    assert len(told["rules"]) == 9
    assert main(["schema"]) == 0
    text = capsys.readouterr().out
    assert "44-47" in text
    assert all(name in text for name in schema.JOINTS)


def test_schema_shows_the_actions(capsys) -> None:
    told = document(capsys, "schema", "--actions")
    assert [row["name"] for row in told["actions"]] == [row.name for row in actions.ACTIONS]
    assert main(["schema", "--actions"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(actions.ACTIONS) + 1


# -- inspect -------------------------------------------------------------------------------------


def test_inspect_a_motion(tmp_path, capsys) -> None:
    from stickgen.core.storage import write_motion

    path = tmp_path / "a.motion"
    write_motion(tiny_scene(), path)
    told = document(capsys, "inspect", str(path))
    assert told["kind"] == "motion"
    assert (told["frames"], told["fps"], told["actors"], told["seconds"]) == (3, 25.0, 2, 0.12)
    assert told["actions"] == {"wave": 0.24}
    assert told["validator"] == {"ok": True, "issues": []}
    assert told["provenance"]["seed"] == 7
    assert main(["inspect", str(path)]) == 0
    assert "passes" in capsys.readouterr().out


def test_inspect_tells_what_the_validator_finds(tmp_path, capsys) -> None:
    from stickgen.core.storage import write_motion

    joints = np.repeat(standing()[None, None], 50, axis=0)
    joints[25:, ..., 0] += 3.0
    path = tmp_path / "a.motion"
    write_motion(Scene(Motion.from_joints(joints)), path)
    told = document(capsys, "inspect", str(path))
    assert not told["validator"]["ok"]
    assert "teleport" in {issue["rule"] for issue in told["validator"]["issues"]}
    assert main(["inspect", str(path)]) == 0
    assert "teleport" in capsys.readouterr().out


def test_inspect_a_store(tmp_path, capsys) -> None:
    pytest.importorskip("pyarrow")
    from stickgen.core.storage import ClipStore

    with ClipStore(tmp_path / "store").writer() as writer:
        for index in range(3):
            motion = tiny_motion(actors=1 + index % 2)
            clip = Clip(motion, f"clip{index}", texts=("waves",), source="toy", licence="MIT")
            writer.add(f"file{index}", [clip])
    told = document(capsys, "inspect", str(tmp_path / "store"))
    assert told["kind"] == "clip store"
    assert told["clips"] == 3
    assert told["actors"] == {"1": 2, "2": 1}
    assert told["licences"] == {"MIT": 3}
    assert told["validator"]["ok"] == 3


def test_inspect_a_script(tmp_path, capsys) -> None:
    from stickgen.core.storage.scene_json import script_to_json

    script = Script("Ada walks", (Role("Ada"),), (Beat((0,), "walk", overlay="wave", seconds=2.0),))
    path = tmp_path / "story.json"
    path.write_text(json.dumps(script_to_json(script)))
    told = document(capsys, "inspect", str(path))
    assert told["kind"] == "script"
    assert told["roles"] == ["Ada"]
    assert told["beats"] == ["Ada: walk + wave, 2 s"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("missing.motion", None),
        ("noise.motion", bytes(range(256))),
        ("noise.json", bytes(range(256))),
        ("list.json", b"[1, 2]"),
        ("deep.json", b"[" * 100_000),
        ("beats.json", b'{"beats": 3}'),
        ("torn.json", b'{"beats": [\n'),
        ("empty.motion", b""),
    ],
)
def test_inspect_refuses_with_one_sentence(tmp_path, capsys, name, content) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    assert main(["inspect", str(path)]) == 4
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert name in said.err


def test_inspect_an_empty_folder(tmp_path, capsys) -> None:
    assert main(["inspect", str(tmp_path)]) == 4
    assert capsys.readouterr().err.count("\n") == 1


# -- doctor --------------------------------------------------------------------------------------


def test_doctor_tries_what_is_there(isolated_registries, capsys) -> None:
    class Torn:
        api_version = 1
        max_actors = 1

        def generate(self, *args: object, **kwargs: object) -> None:
            raise ValueError("out of order")

    registries.generators.register("still", StillGenerator)
    registries.generators.register("torn", Torn)
    told = document(capsys, "doctor", code=3)
    rows = {row["name"]: row for row in told["checks"]}
    assert rows["still"]["ok"]
    assert "made 25 frames" in rows["still"]["detail"]
    assert not rows["torn"]["ok"]
    assert "out of order" in rows["torn"]["detail"]
    assert told["ok"] is False
    assert {"what": "renderer cairo", "get": "pip install stickgen"} in told["missing"]
    assert main(["doctor"]) == 3
    text = capsys.readouterr().out
    assert "cannot make a video: no working planner, stager" in text
