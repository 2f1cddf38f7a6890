"""The project's tasks: ``nox -l`` lists them, plain ``nox`` runs a full check.

Every session installs the wheels that `wheels` builds from this checkout, so that what is checked
is what a user gets. Torch is large, so one environment holds it, the one of `wheelhouse`; `tests`
and `typing` use it too.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import nox

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "virtualenv"
nox.options.reuse_venv = "yes"
nox.options.download_python = "never"
nox.options.error_on_missing_interpreters = True

ROOT = Path(__file__).resolve().parent
WHEELS = ROOT / "dist"
FOLDERS = sorted(
    folder.parent
    for pattern in ("stickgen-*", "plugins/stickgen-*")
    for folder in ROOT.glob(f"{pattern}/pyproject.toml")
)
UNITS = ("core", "datasets", "render", "llm", "procedural", "model_small")
OWN_EXTRAS = {"core": "[store]", "llm": "[yaml]", "model_small": "[onnx]"}
TEST_TOOLS = ("pytest>=8.4", "hypothesis>=6.100")
FULL_TEST_TOOLS = (
    *TEST_TOOLS, "build>=1.2", "bvhio>=1.5", "coverage>=7.10", "hatchling>=1.27",
    "jsonschema>=4.20", "onnx>=1.17", "pytest-xdist>=3.6", "pyyaml>=6", "ray>=2.30",
    "smplx>=0.1.28",
)  # fmt: skip
EXAMPLES = ("stickgen-plugin-ascii", "stickgen-plugin-broken")
COVERAGE_OF_CORE = 95

nox.options.sessions = [
    "lint", "wheelhouse", "typing", *(f"unit({name})" for name in UNITS), "bare", "plugin", "demo",
    "tests",
]  # fmt: skip

os.environ["PIP_CONSTRAINT"] = str(ROOT / "constraints.txt")
os.environ["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"


def load(path: str) -> ModuleType:
    """Import a file of this repository by its path."""
    spec = importlib.util.spec_from_file_location(Path(path).stem, ROOT / path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def wheels_of(*distributions: str) -> list[str]:
    """Return the paths of the built wheels of *distributions*."""
    found = {path.name.split("-")[0].replace("_", "-"): str(path) for path in WHEELS.glob("*.whl")}
    return [found[name] for name in distributions]


def first_party(*, examples: bool = False) -> list[str]:
    names = ["stickgen", *(folder.name for folder in FOLDERS)]
    return [name for name in names if examples or name not in EXAMPLES]


def light() -> list[str]:
    """Return what plain `pip install stickgen` brings of ours: the lines of requirements.txt."""
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    return [Path(line).name or "stickgen" for line in lines if line.startswith(".")]


def install(session: nox.Session, *requirements: str, fresh: list[str]) -> None:
    """Install *requirements* with first-party ones from the wheels, *fresh* ones as just built."""
    session.install("--find-links", str(WHEELS), *requirements)
    session.install("--no-deps", "--no-index", "--force-reinstall", *wheels_of(*fresh))


def installed(session: nox.Session) -> list[str]:
    """Return the first-party distributions in the session's environment."""
    listed = session.run("python", "-m", "pip", "list", "--format=json", silent=True) or "[]"
    names = {entry["name"].replace("_", "-") for entry in json.loads(listed)}
    return [name for name in first_party(examples=True) if name in names]


def everything(session: nox.Session) -> str:
    """Return the interpreter of the environment `wheelhouse` made."""
    home = Path(session.env.get("NOX_ENVDIR") or ROOT / ".nox") / "wheelhouse"
    for python in (home / "bin" / "python", home / "Scripts" / "python.exe"):
        if python.is_file():
            return str(python)
    session.error("the environment of the session 'wheelhouse' is missing: run nox -s wheelhouse")


@nox.session(default=False)
def wheels(session: nox.Session) -> None:
    """Build the wheels of all distributions into dist/."""
    session.install("hatchling>=1.27")
    shutil.rmtree(WHEELS, ignore_errors=True)
    folders = [str(folder) for folder in (*FOLDERS, ROOT)]
    session.run(
        "python", "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation",
        "--wheel-dir", str(WHEELS), *folders,
    )  # fmt: skip


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, import borders and the state of the repository."""
    session.install("ruff>=0.12", "import-linter>=2.3", *TEST_TOOLS)
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    sources = os.pathsep.join(str(folder / "src") for folder in FOLDERS)
    session.run("lint-imports", "--no-logo", env={"PYTHONPATH": sources})
    session.run("pytest", "-q", "tests/repo")


@nox.session(requires=["wheels"])
def wheelhouse(session: nox.Session) -> None:
    """Install "stickgen[all]" from the wheels and use it."""
    install(session, "stickgen[all]", fresh=first_party())
    session.run("python", "-m", "pip", "check")
    namespace = session.run(
        "python", "-c", "import stickgen; print(*stickgen.__path__, sep='\\n')", silent=True
    )
    for folder in (namespace or "").split("\n"):
        if folder and Path(folder, "__init__.py").exists():
            session.error(f"{folder}/__init__.py hides the siblings of the namespace")
    session.run("stickgen", "--version")
    session.run("stickgen", "plugins", "check")
    target = Path(session.create_tmp()) / "walk.mp4"
    session.run("stickgen", "generate", "A person walks", "-o", str(target), "--force")


@nox.session(requires=["wheelhouse"], venv_backend="none")
def typing(session: nox.Session) -> None:
    """Check the types of all packages, strictly."""
    python = everything(session)
    tools = ("mypy>=1.18", *TEST_TOOLS)  # stickgen.core.testing imports pytest
    session.run(python, "-m", "pip", "install", "--quiet", *tools, external=True)
    sources = [str(folder / "src") for folder in FOLDERS if folder.name not in EXAMPLES[1:]]
    session.run(
        python, "-m", "mypy", "--strict", "--explicit-package-bases", *sources,
        external=True, env={"MYPYPATH": os.pathsep.join(sources)},
    )  # fmt: skip


@nox.session(requires=["wheels"])
@nox.parametrize("name", [*UNITS, nox.param("train", id="train")], ids=[*UNITS, "train"])
def unit(session: nox.Session, name: str) -> None:
    """Run one distribution's tests with nothing but what it declares."""
    distribution = f"stickgen-{name.replace('_', '-')}"
    requirement = distribution + OWN_EXTRAS.get(name, "")
    session.install("--find-links", str(WHEELS), requirement, *TEST_TOOLS, "pytest-xdist>=3.6")
    session.install("--no-deps", "--no-index", "--force-reinstall", *wheels_of(*installed(session)))
    # What a test needs beyond that is there in `tests`; here it may skip, in CI too, and what is
    # slow, wants another program or repeats a test with other values runs there only.
    quick = ("-n", "auto", "--dist", "worksteal", "--one-each", "-m", "not slow and not external")
    session.run("pytest", "-q", *quick, f"tests/{name}", *session.posargs, env={"STICKGEN_CI": ""})


@nox.session(requires=["wheels"])
def bare(session: nox.Session) -> None:
    """Use core alone, with a broken plugin beside it."""
    own = ["stickgen-core", "stickgen-plugin-broken"]
    install(session, *own, *TEST_TOOLS, fresh=own)
    session.run("pytest", "-q", "tests/bare", *session.posargs, env={"STICKGEN_BARE": "1"})


@nox.session(requires=["wheelhouse"], venv_backend="none")
def tests(session: nox.Session) -> None:
    """Run all tests in one environment; without arguments, hold the coverage of core too."""
    python = everything(session)
    fresh = wheels_of("stickgen-plugin-ascii")
    session.run(python, "-m", "pip", "install", "--quiet", *FULL_TEST_TOOLS, *fresh, external=True)
    if session.posargs:
        session.run(python, "-m", "pytest", *session.posargs, external=True)
        return
    session.env["COVERAGE_FILE"] = str(ROOT / ".coverage")  # for subprocesses in other folders too
    coverage = (python, "-m", "coverage")
    session.run(*coverage, "erase", external=True)
    # Whoever steals work takes neighbours: what a file's tests share is mostly made once.
    split = ("-n", "auto", "--dist", "worksteal")
    session.run(*coverage, "run", "-m", "pytest", "-q", *split, external=True)
    session.run(*coverage, "combine", "--quiet", external=True)
    session.run(
        *coverage, "report", "--skip-covered", f"--fail-under={COVERAGE_OF_CORE}", external=True
    )


@nox.session(venv_backend="none")
def demo(session: nox.Session) -> None:
    """Run the README's first command in a copy of the checkout and look at the video."""
    copy = Path(session.create_tmp()).resolve() / "checkout"
    shutil.rmtree(copy, ignore_errors=True)
    listing = session.run(
        "git", "ls-files", "--cached", "--others", "--exclude-standard",
        external=True, silent=True, log=False,
    )  # fmt: skip
    for name in (listing or "").splitlines():
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy / name)
    command = load(".ci/scripts/readme.py").commands()[0]
    ours = ("PIP_CONSTRAINT", "VIRTUAL_ENV", "PYTHONPATH")
    environment = {key: value for key, value in os.environ.items() if key not in ours}
    session.log(command)
    start = time.monotonic()
    done = subprocess.run(["bash", "-euc", command], cwd=copy, env=environment, check=False)
    if done.returncode:
        session.error(f"the README's first command failed with exit code {done.returncode}")
    session.log(f"from clone to walk.mp4: {time.monotonic() - start:.1f} s")
    python = copy / ".venv" / "bin" / "python"
    session.run(
        str(python),
        str(ROOT / ".ci" / "scripts" / "check_demo.py"),
        str(copy / "walk.mp4"),
        external=True,
    )


@nox.session(requires=["wheels"])
def plugin(session: nox.Session) -> None:
    """Write a plugin from the template as the tutorial says, use it and run its tests."""
    install(session, "stickgen", *TEST_TOOLS, fresh=light())
    folder = Path(session.create_tmp()).resolve() / "work"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    session.chdir(folder)
    for command in load(".ci/scripts/readme.py").commands(ROOT / "docs/tutorial/first-plugin.md"):
        session.run("bash", "-euc", command, external=True)
    session.run("python", "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", ".",
                "./stickgen-plugin-telegraph")  # fmt: skip
    session.run("python", "-m", "pip", "uninstall", "-qy", "stickgen-plugin-telegraph")
    session.install("--no-deps", "--no-index", *map(str, folder.glob("*.whl")))
    session.run("stickgen", "plugins", "check")
    session.run("stickgen", "generate", "A person waits", "--generator", "telegraph",
                "-o", "wheel.telegraph")  # fmt: skip


@nox.session(requires=["wheels"], default=False)
def bench(session: nox.Session) -> None:
    """Measure speed and size, each beside its baseline; --strict fails on a missed target."""
    fresh = [*light(), "stickgen-datasets"]
    install(session, "stickgen[datasets]", "matplotlib>=3.9", "imageio-ffmpeg", fresh=fresh)
    session.run("python", "-m", "pip", "install", "--quiet", "pycairo>=1.26", success_codes=[0, 1])
    rows = []
    for script in sorted((ROOT / "tests" / "bench").glob("bench_*.py")):
        printed = session.run("python", str(script), silent=True) or ""
        rows += [json.loads(line) for line in printed.splitlines() if line.startswith("{")]
    headings = ("name", "value", "unit", "baseline", "ratio", "target", "")
    table = [headings] + [
        (
            *(f"{row[key]:.4g}" if isinstance(row[key], float) else str(row[key] or "")
              for key in headings[:-1]),
            "" if row["target"] is None else "met" if met(row) else "MISSED",
        )
        for row in rows
    ]  # fmt: skip
    widths = [max(len(row[column]) for row in table) for column in range(len(headings))]
    for row in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)))
    missed = [row["name"] for row in rows if row["target"] is not None and not met(row)]
    if missed and "--strict" in session.posargs:
        session.error(f"missed: {', '.join(missed)}")


def met(row: dict[str, Any]) -> bool:
    """Return whether a row of figures reaches its target, e.g. "ratio >= 15" or "value <= 2.5"."""
    figure, comparison, limit = row["target"].split()
    value = row[figure]
    return value >= float(limit) if comparison == ">=" else value <= float(limit)


@nox.session(requires=["wheelhouse"], venv_backend="none", default=False)
def docs(session: nox.Session) -> None:
    """Write the generated pages of docs/reference anew."""
    session.run(everything(session), ".ci/scripts/reference.py", "--write", external=True)


@nox.session(default=False)
def bump(session: nox.Session) -> None:
    """Give all distributions a new version: nox -s bump -- 0.2.0; collects changes/ too."""
    if len(session.posargs) != 1:
        session.error("which version? nox -s bump -- 0.2.0")
    (new,) = session.posargs
    session.install("towncrier>=24.8")
    session.run("python", ".ci/scripts/bump.py", new)
    session.run("towncrier", "build", "--yes", "--version", new)
