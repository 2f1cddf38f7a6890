"""Fixtures every test may use: real motion files, and the rule that CI skips nothing by accident.

**Real data.** ``real_data("cmu_bvh")`` is the folder ``cmu_bvh.zip`` unpacks to, and
``real_data("cmu_index.csv")`` that file. They are looked for in ``$STICKGEN_REAL_DATA``, by
default ``../shared/data`` beside the checkout; where they are absent the test is skipped.

**Commands.** ``stickgen("generate", …, cwd=folder)`` runs a command in this process and returns
what `subprocess.run` would: a process of its own spends most of its time on imports. What is about
processes (signals, imports, encodings of the terminal) starts one.

**Threads.** One each, here and in what tests start: two workers with two threads each on two cores
spend most of their time waiting for one another.

**Coverage.** Where it is measured (``nox -s tests``), it is measured in the tests in `MEASURED`:
tracing makes a test take half as long again, and only core's coverage is asked for.

**Examples.** ``--hypothesis-profile thorough`` tries many more than usual. ``--one-each`` runs a
parametrised test with its first values only: enough to see that a distribution needs no more than
it declares.

**Skips.** With ``STICKGEN_CI`` set, a skipped test fails: there the programs and the data that
tests need are installed. A skip that no installation can cure says so by a reason that begins
with ``platform:``.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tempfile
import warnings
import zipfile
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("OMP_NUM_THREADS", "1")  # read when numpy and torch are imported

# No clock decides whether a test passes: the machine may be busy.
settings.register_profile(
    "here", max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
# In CI the same examples each time: a new one is found by a person.
settings.register_profile("ci", settings.get_profile("here"), derandomize=True)
settings.register_profile("thorough", settings.get_profile("here"), max_examples=1000)
settings.load_profile("ci" if {"CI", "STICKGEN_CI"} & set(os.environ) else "here")

ROOT = Path(__file__).resolve().parent.parent
MEASURED = tuple(
    ROOT / "tests" / name
    for name in ("bare", "contracts", "core", "docs", "integration", "model_small")
)


class CoverageOfCore:
    """Traces the tests in `MEASURED`, and what they start, and no others."""

    def __init__(self, coverage: Any) -> None:
        self._coverage = coverage
        self._traced = True
        self._for_subprocesses = {
            name: value for name, value in os.environ.items() if name.startswith("COVERAGE_PROCESS")
        }

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> None:
        traced = any(item.path.is_relative_to(folder) for folder in MEASURED)
        if traced == self._traced:
            return
        self._traced = traced
        if traced:
            self._coverage.start()
            os.environ.update(self._for_subprocesses)
        else:
            self._coverage.stop()
            for name in self._for_subprocesses:
                del os.environ[name]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--one-each", action="store_true", help="run parametrised tests with their first values"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--one-each"):
        return
    first = {item.nodeid.partition("[")[0]: item for item in reversed(items)}
    kept = [item for item in items if first[item.nodeid.partition("[")[0]] is item]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


def pytest_configure(config: pytest.Config) -> None:
    coverage = sys.modules.get("coverage")
    running = coverage and coverage.Coverage.current()
    if running:
        config.pluginmanager.register(CoverageOfCore(running))


def real_data_root() -> Path:
    """Return the folder that holds the archives of real motion files; it may not exist."""
    return Path(os.environ.get("STICKGEN_REAL_DATA") or ROOT.parent / "shared" / "data")


@pytest.fixture(scope="session")
def real_data(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return a function from an archive's name (no suffix) or a file's name to its path."""
    base = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        base = base.parent  # shared by the workers of one run
    unpacked = base / "real_data"
    unpacked.mkdir(exist_ok=True)

    def find(name: str) -> Path:
        source = real_data_root() / name
        if source.is_file():
            return source
        archive = source.with_name(f"{name}.zip")
        target = unpacked / name
        if target.is_dir():
            return target
        if not archive.is_file():
            pytest.skip(f"needs the real motion files {archive.name} (set STICKGEN_REAL_DATA)")
        scratch = Path(tempfile.mkdtemp(dir=unpacked, prefix=f".{name}-"))
        with zipfile.ZipFile(archive) as bundle:
            bundle.extractall(scratch)
        try:
            scratch.rename(target)
        except OSError:  # another worker was first
            shutil.rmtree(scratch)
        return target

    return find


@pytest.fixture(scope="session")
def stickgen() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Return a function that runs a command here, in folder *cwd* and with *env* besides."""

    def run(
        *words: str, cwd: Path | str = ".", env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        from stickgen.core.cli.main import main

        out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
        with (
            pytest.MonkeyPatch.context() as patch,
            warnings.catch_warnings(),
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            warnings.simplefilter("default")  # a warning is told, as to a person
            patch.chdir(cwd)
            for name, value in (env or {}).items():
                patch.setenv(name, value)
            code = main(words)
        told = [each.buffer.getvalue().decode() for each in (out, err)]
        return subprocess.CompletedProcess(words, code, *told)

    return run


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):  # type: ignore[no-untyped-def]
    report = yield
    _forbid_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector):  # type: ignore[no-untyped-def]
    report = yield
    _forbid_skip(report)
    return report


def _forbid_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip into a failure in CI, unless its reason is the platform."""
    if not report.skipped or hasattr(report, "wasxfail") or not os.environ.get("STICKGEN_CI"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    reason = reason.removeprefix("Skipped: ")
    if not reason.startswith("platform:"):
        report.outcome = "failed"
        report.longrepr = f"skipped although STICKGEN_CI is set: {reason}"
