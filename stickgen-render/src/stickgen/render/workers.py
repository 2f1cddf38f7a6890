"""Several processes share the frames of one clip: each draws and encodes a contiguous part.

Workers are spawned, so nothing of the parent's state leaks into them, and they ignore Ctrl-C: the
parent ends them. A worker that cannot be started (a script without the ``__main__`` guard, a
plugin registered in this process only) leaves its part to the parent.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import pairwise
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, Final, Generic, TypeVar

from stickgen.core.errors import PluginError, StickgenError

Result = TypeVar("Result")
Tick = Callable[[int], None]
"""Called with how many frames of a part are done."""

FRAMES_PER_WORKER: Final = 60
"""A part shorter than this is not worth a process of its own."""

HEAD_START: Final = 16
"""So many frames more are drawn by the process that is there already while others start."""


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def parts(n_frames: int, jobs: int) -> list[range]:
    """Return the frames of each job: *jobs* contiguous ranges, the first longer by `HEAD_START` if
    each of the others has `FRAMES_PER_WORKER` left, else as equal as can be.

    *jobs* 0 asks for as many as there are cores, at most two, and only where a part gets at least
    `FRAMES_PER_WORKER` frames.
    """
    if jobs == 0:
        jobs = min(2, cores(), n_frames // FRAMES_PER_WORKER)
    jobs = max(1, min(jobs, n_frames))
    ahead = HEAD_START if jobs > 1 and n_frames >= jobs * FRAMES_PER_WORKER + HEAD_START else 0
    edges = [ahead + round((n_frames - ahead) * i / jobs) for i in range(jobs + 1)]
    return [range(a, b) for a, b in pairwise([0, *edges[1:]])]


def _run(connection: Connection, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    """Do the work of one worker and report: ("done", n), then ("result", value) or ("error", e)."""
    with suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    keep_memory()
    try:

        def tick(done: int) -> None:
            if done % 8 == 0:
                connection.send(("done", done))

        result = work(*arguments, tick)
        connection.send(("result", result))
    except StickgenError as error:
        connection.send(("error", error))
    except (BrokenPipeError, EOFError):
        pass
    except Exception as error:
        sentence = f"a render worker failed: {type(error).__name__}: {error}"
        connection.send(("error", StickgenError(sentence)))
    finally:
        connection.close()


def keep_memory() -> None:
    """Tell glibc to keep freed picture buffers instead of giving them back page by page."""
    import sys

    if sys.platform != "linux":
        return
    import ctypes

    with suppress(OSError, AttributeError):
        libc = ctypes.CDLL("libc.so.6")
        libc.mallopt(-3, 1 << 28)  # M_MMAP_THRESHOLD
        libc.mallopt(-1, (1 << 31) - 1)  # M_TRIM_THRESHOLD


class Worker(Generic[Result]):
    """One process at work; ``done`` is how many frames it has finished."""

    def __init__(self, work: Callable[..., Result], arguments: tuple[Any, ...]) -> None:
        self.done = 0
        self._work = work
        self._arguments = arguments
        self._message: tuple[str, Any] | None = None
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe(duplex=False)
        self._process: BaseProcess = context.Process(
            target=_run, args=(theirs, work, arguments), daemon=True
        )
        with _interrupt_ignored():
            self._process.start()
        theirs.close()

    def poll(self) -> None:
        """Read what the worker has reported so far, without waiting."""
        with suppress(EOFError, OSError):
            while self._message is None and self._connection.poll():
                self._take(self._connection.recv())

    def _take(self, message: tuple[str, Any]) -> None:
        if message[0] == "done":
            self.done = int(message[1])
        else:
            self._message = message

    def result(self, tick: Tick) -> Result:
        """Return what the work returned; raises what it raised.

        Does the work here if the worker could not begin it.
        """
        while self._message is None:
            try:
                self._take(self._connection.recv())
            except (EOFError, OSError):
                return self._ended_early(tick)
            tick(self.done)
        kind, value = self._message
        if kind == "error":
            if isinstance(value, PluginError):
                return self._work(*self._arguments, tick)
            raise value
        self._process.join()
        return value  # type: ignore[no-any-return]

    def _ended_early(self, tick: Tick) -> Result:
        self._process.join()
        if self.done == 0 and self._process.exitcode == 1:
            return self._work(*self._arguments, tick)
        raise StickgenError(
            f"a render worker ended unexpectedly (exit code {self._process.exitcode});"
            " try again with one job"
        )

    def stop(self) -> None:
        """End the process if it is still there."""
        if self._process.is_alive():
            self._process.terminate()
        self._process.join()
        self._connection.close()


@contextmanager
def _interrupt_ignored() -> Iterator[None]:
    """Let a process started inside inherit that Ctrl-C is not for it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    previous = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)


@contextmanager
def workers(
    work: Callable[..., Result], argument_lists: list[tuple[Any, ...]]
) -> Iterator[list[Worker[Result]]]:
    """Yield one `Worker` for each tuple of arguments; none is left when the block ends."""
    started: list[Worker[Result]] = []
    try:
        for arguments in argument_lists:
            started.append(Worker(work, arguments))
        yield started
    finally:
        for worker in started:
            worker.stop()
