"""The same work in this process, in several, and on a Ray cluster: the same stores come out."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from bvh_text import bvh_text
from click.testing import CliRunner
from sample_clips import clip, motion, store

from stickgen.core.errors import DataError, PluginError, UsageError
from stickgen.core.registries import generators
from stickgen.core.storage import ClipStore
from stickgen.datasets.cli import convert
from stickgen.datasets.data.commands import augment
from stickgen.datasets.engines import Engine, in_order
from stickgen.datasets.synth.command import synth


def _times(factor: int) -> Callable[[int], tuple[int, int]]:
    return lambda number: (number * factor, os.getpid())


def _failing(sentence: str) -> Callable[[int], int]:
    def work(number: int) -> int:
        if number == 5:
            raise DataError(sentence)
        return number

    return work


def _dying() -> Callable[[int], int]:
    def work(number: int) -> int:
        os._exit(9)

    return work


def _stores_equal(a: Path, b: Path) -> None:
    left, right = list(ClipStore(a)), list(ClipStore(b))
    assert [each.clip_id for each in left] == [each.clip_id for each in right]
    assert left
    for one, other in zip(left, right, strict=True):
        assert (one.texts, one.split, dict(one.meta)) == (
            other.texts,
            other.split,
            dict(other.meta),
        )
        np.testing.assert_array_equal(one.motion.frames, other.motion.frames)
        np.testing.assert_array_equal(one.motion.actions, other.motion.actions)


def test_one_job_works_in_this_process_and_takes_things_one_by_one() -> None:
    taken: list[int] = []

    def things() -> Iterator[int]:
        for number in range(5):
            taken.append(number)
            yield number

    results = in_order(_times, (3,), things())
    assert next(results) == (0, os.getpid())
    assert taken == [0]
    assert [value for value, _ in results] == [3, 6, 9, 12]


def test_processes_keep_the_order_and_only_a_few_things_are_under_way() -> None:
    taken: list[int] = []

    def things() -> Iterator[int]:
        for number in range(40):
            taken.append(number)
            yield number

    results = in_order(_times, (2,), things(), jobs=2)
    first = next(results)
    assert len(taken) <= 7
    values = [first, *results]
    assert [value for value, _ in values] == [2 * number for number in range(40)]
    assert os.getpid() not in {worker for _, worker in values}


def test_what_a_worker_raises_arrives_and_a_dead_worker_is_named() -> None:
    with pytest.raises(DataError, match="the fifth is bad"):
        list(in_order(_failing, ("the fifth is bad",), range(9), jobs=2))
    with pytest.raises(DataError, match="--resume"):
        list(in_order(_dying, (), range(3), jobs=2))


def test_impossible_engines_and_jobs_are_refused() -> None:
    with pytest.raises(UsageError, match="local, ray"):
        list(in_order(_times, (1,), [1], engine="dask"))  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="0 jobs"):
        list(in_order(_times, (1,), [1], jobs=0))


def test_without_ray_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(PluginError, match=r"stickgen-datasets\[ray\]"):
        list(in_order(_times, (1,), [1], engine="ray"))


@pytest.mark.parametrize("engine", ["local"])
def test_workers_make_the_same_varied_copies(tmp_path: Path, engine: Engine) -> None:
    source = store(tmp_path / "source", [clip(f"c{i}", split="train") for i in range(6)])
    for name, options in (("one", []), ("two", ["--jobs", "2"])):
        out = CliRunner().invoke(augment, [str(source), "-o", str(tmp_path / name), *options])
        assert out.exit_code == 0, out.output
    _stores_equal(tmp_path / "one", tmp_path / "two")


# -- Ray -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cluster() -> Iterator[None]:
    """A Ray cluster of two workers on this machine, shared by the tests that need one."""
    ray = pytest.importorskip("ray", reason="Ray is not installed: stickgen-datasets[ray]")
    folder = str(Path(__file__).parent)
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (folder, before)))
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    yield
    ray.shutdown()
    if before is None:
        del os.environ["PYTHONPATH"]
    else:
        os.environ["PYTHONPATH"] = before


ray_test = [
    pytest.mark.slow,
    pytest.mark.usefixtures("cluster"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


class TestRay:
    pytestmark = ray_test

    def test_order_errors_and_dead_workers_are_as_in_processes(self) -> None:
        values = list(in_order(_times, (2,), range(20), engine="ray"))
        assert [value for value, _ in values] == [2 * number for number in range(20)]
        assert len({worker for _, worker in values}) == 2
        with pytest.raises(DataError, match="the fifth is bad"):
            list(in_order(_failing, ("the fifth is bad",), range(9), engine="ray"))
        with pytest.raises(DataError, match="--resume"):
            list(in_order(_dying, (), range(3), engine="ray", jobs=1))

    def test_convert_gives_the_same_store(self, tmp_path: Path) -> None:
        takes = tmp_path / "takes"
        takes.mkdir()
        for i in range(5):
            (takes / f"walk_{i}.bvh").write_text(bvh_text(frames=30 + i))
        (takes / "bad.bvh").write_text("nothing")
        for name, options in (("local", []), ("ray", ["--engine", "ray"])):
            arguments = ["--source", "bvh", str(takes), "-o", str(tmp_path / name), *options]
            result = CliRunner().invoke(convert, arguments)
            assert result.exit_code == 0, result.output
            assert "1 refused" in result.output
        _stores_equal(tmp_path / "local", tmp_path / "ray")

    def test_augment_gives_the_same_store(self, tmp_path: Path) -> None:
        clips = [clip(f"c{i}", motion=motion(30 + i)) for i in range(4)]
        source = store(tmp_path / "source", clips)
        for name, options in (("local", []), ("ray", ["--engine", "ray", "--jobs", "2"])):
            result = CliRunner().invoke(
                augment, [str(source), "-o", str(tmp_path / name), *options]
            )
            assert result.exit_code == 0, result.output
        _stores_equal(tmp_path / "local", tmp_path / "ray")

    @pytest.mark.skipif("procedural" not in generators, reason="needs stickgen-procedural")
    def test_synth_gives_the_same_store(self, tmp_path: Path) -> None:
        for name, options in (("local", []), ("ray", ["--engine", "ray"])):
            arguments = ["-o", str(tmp_path / name), "-n", "12", "--action", "nod", "--action",
                         "walk", *options]  # fmt: skip
            result = CliRunner().invoke(synth, arguments)
            assert result.exit_code == 0, result.output
        _stores_equal(tmp_path / "local", tmp_path / "ray")
