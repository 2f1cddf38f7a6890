"""What an answer costs: a system performs in a process of its own, which reports on itself."""

from __future__ import annotations

import platform
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from stickgen.core.errors import DataError
from stickgen.core.types import Motion
from stickgen.train.evaluation.samples import Request
from stickgen.train.evaluation.systems import System


@dataclass(frozen=True, eq=False)
class Answers:
    """The motions of one seed and their cost.

    ``cpu_seconds`` is the processor time of all threads for one motion (mean, first use included),
    ``peak_mb`` the most memory the process held, None where the platform does not say.
    """

    motions: tuple[Motion, ...]
    cpu_seconds: float
    peak_mb: float | None


def perform(system: System, requests: Sequence[Request], seed: int) -> Answers:
    """Return what *system* answers, performed in a fresh process.

    Raises whatever it raises, and `DataError` if the process dies or an answer has not the length
    asked for.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        try:
            answers = pool.submit(_work, system, list(requests), seed).result()
        except BrokenProcessPool as error:
            raise DataError(
                f"the process of {system.name!r} died; it may have run out of memory"
            ) from error
    for request, motion in zip(requests, answers.motions, strict=True):
        if motion.n_frames != request.n_frames:
            raise DataError(
                f"{system.name!r} answered {request.text!r} with {motion.n_frames} frames instead"
                f" of {request.n_frames}"
            )
    return answers


def _work(system: System, requests: list[Request], seed: int) -> Answers:
    start = time.process_time()
    motions = system.perform(requests, seed)
    spent = time.process_time() - start
    return Answers(tuple(motions), spent / max(len(requests), 1), peak_megabytes())


def peak_megabytes() -> float | None:
    """Return the most resident memory this process has held, in MB; None if unknown.

    Linux tells in /proc: the maximum of getrusage survives exec and so may be the parent's.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        for line in status.read_text("ascii", "replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024.0
        return None
    try:
        import resource
    except ImportError:
        return None
    peak: int = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024.0 * 1024.0 if platform.system() == "Darwin" else 1024.0)
