"""Do the same work on many things: in this process, in several, or on a Ray cluster.

`in_order` is all there is to it. Work is a function of one thing, made once in each worker by a
maker that is given what it needs (a converter's name, a recipe); results come back in the order of
the things, whatever worker had them, so that neither the engine nor the number of workers changes
what is written. A few things a worker are under way, so memory stays bounded.

**Ray.** ``ray`` is an extra, ``pip install "stickgen-datasets[ray]"``. A running cluster is used
where ``RAY_ADDRESS`` names one, else one is started on this machine for the run. The files that
are read must be where every machine of the cluster finds them under the same path.
"""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar

import click

from stickgen.core.errors import DataError, PluginError, UsageError

if TYPE_CHECKING:
    from concurrent.futures import Future

Engine = Literal["local", "ray"]
ENGINES: Final[tuple[Engine, ...]] = ("local", "ray")

T = TypeVar("T")
R = TypeVar("R")
C = TypeVar("C", bound=Callable[..., Any])

_UNDER_WAY: Final = 3
"""Things handed to the workers ahead of what has come back, per worker."""

_KILLED: Final = (
    "a worker process was killed, perhaps for want of memory; go on with --resume --jobs 1"
)


def engine_option(command: C) -> C:
    """Give a click *command* the options ``--engine`` and ``--jobs``."""
    jobs = click.option(
        "--jobs",
        "-j",
        type=click.IntRange(min=1),
        default=None,
        metavar="N",
        help="Workers; 1 by default, with --engine ray as many as the cluster has CPUs.",
    )
    engine = click.option(
        "--engine",
        type=click.Choice(ENGINES),
        default="local",
        show_default=True,
        help="Processes of this machine, or a Ray cluster (RAY_ADDRESS, else one started here).",
    )
    return engine(jobs(command))


def in_order(
    maker: Callable[..., Callable[[T], R]],
    arguments: Sequence[Any],
    things: Iterable[T],
    *,
    jobs: int | None = None,
    engine: Engine = "local",
) -> Iterator[R]:
    """Yield the result of the work on each of *things*, in their order.

    Args:
        maker: called with *arguments* once in each worker; returns the work. A function of a
            module, since it is sent there by name.
        arguments: what the maker is given; they are pickled.
        things: what the work is done on.
        jobs: workers; None is 1, or with Ray as many as the cluster has CPUs.
        engine: ``local`` (with one job in this process) or ``ray``.

    Raises:
        UsageError: the engine or the number of jobs is impossible.
        PluginError: Ray is not installed, or its cluster cannot be reached.
        DataError: a worker was killed.
    """
    if engine not in ENGINES:
        raise UsageError(f"there is no engine {engine!r}; there are {', '.join(ENGINES)}")
    if jobs is not None and jobs < 1:
        raise UsageError(f"{jobs} jobs are none; give 1 or more")
    if engine == "ray":
        yield from _on_ray(maker, arguments, things, jobs)
    elif jobs is None or jobs == 1:
        work = maker(*arguments)
        for thing in things:
            yield work(thing)
    else:
        yield from _in_processes(maker, arguments, things, jobs)


# -- processes -----------------------------------------------------------------------------------

_work: Callable[[Any], Any] | None = None


def _start(maker: Callable[..., Callable[[Any], Any]], arguments: Sequence[Any]) -> None:
    """Make the work once in a worker; Ctrl-C is the parent's business."""
    global _work
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _work = maker(*arguments)


def _do(thing: Any) -> Any:
    assert _work is not None
    return _work(thing)


def _in_processes(
    maker: Callable[..., Callable[[T], R]], arguments: Sequence[Any], things: Iterable[T], jobs: int
) -> Iterator[R]:
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    before = os.environ.get("OMP_NUM_THREADS")
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # for the workers: they are many already
    pool = ProcessPoolExecutor(
        max_workers=jobs,
        mp_context=get_context("spawn"),
        initializer=_start,
        initargs=(maker, tuple(arguments)),
    )
    waiting: deque[Future[R]] = deque()
    remaining = iter(things)
    try:
        while True:
            while len(waiting) < jobs * _UNDER_WAY:
                try:
                    waiting.append(pool.submit(_do, next(remaining)))
                except StopIteration:
                    break
            if not waiting:
                return
            yield waiting.popleft().result()
    except BrokenProcessPool:
        raise DataError(_KILLED) from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        if before is None:
            os.environ.pop("OMP_NUM_THREADS", None)


# -- Ray -----------------------------------------------------------------------------------------


class _Worker:
    """Keeps the work of a maker, so that it is made once."""

    def __init__(
        self, maker: Callable[..., Callable[[Any], Any]], arguments: Sequence[Any]
    ) -> None:
        self._work = maker(*arguments)

    def do(self, thing: Any) -> Any:
        return self._work(thing)


def _on_ray(
    maker: Callable[..., Callable[[T], R]],
    arguments: Sequence[Any],
    things: Iterable[T],
    jobs: int | None,
) -> Iterator[R]:
    ray = _ray()
    started = not ray.is_initialized()
    if started:
        _connect(ray, jobs)
    workers: list[Any] = []
    waiting: deque[Any] = deque()
    remaining = iter(things)
    try:
        count = jobs or max(1, int(ray.cluster_resources().get("CPU", 1)))
        remote = ray.remote(num_cpus=1)(_Worker)
        workers = [remote.remote(maker, tuple(arguments)) for _ in range(count)]
        given = 0
        while True:
            while len(waiting) < count * _UNDER_WAY:
                try:
                    thing = next(remaining)
                except StopIteration:
                    break
                waiting.append(workers[given % count].do.remote(thing))
                given += 1
            if not waiting:
                return
            yield _got(ray, waiting.popleft())
    finally:
        for worker in workers:
            ray.kill(worker)
        if started:
            ray.shutdown()


def _ray() -> Any:
    try:
        import ray
    except ImportError:
        raise PluginError(
            'the engine ray needs the package ray: pip install "stickgen-datasets[ray]"'
        ) from None
    return ray


def _connect(ray: Any, jobs: int | None) -> None:
    """Join the cluster that ``RAY_ADDRESS`` names, or start one of *jobs* workers."""
    address = os.environ.get("RAY_ADDRESS")
    facts: dict[str, Any] = {"log_to_driver": False, "logging_level": "ERROR"}
    if address is None:
        facts |= {"num_cpus": jobs, "include_dashboard": False}
    try:
        ray.init(**facts)
    except (ConnectionError, RuntimeError, ValueError, OSError) as error:
        where = f"the Ray cluster at {address}" if address else "a Ray cluster on this machine"
        raise PluginError(f"{where} cannot be reached: {error}") from error


def _got(ray: Any, reference: Any) -> Any:
    try:
        return ray.get(reference)
    except ray.exceptions.RayActorError:
        raise DataError(_KILLED) from None
    except ray.exceptions.RayTaskError as error:
        raise error.cause from None
