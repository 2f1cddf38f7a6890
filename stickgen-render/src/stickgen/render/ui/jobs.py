"""Work that the page asks for: one command of stickgen at a time, in a process of its own.

A process can be stopped at any moment, has its memory given back, and cannot harm the server. What
it makes lies in one temporary folder that goes when the server ends.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

GENERATE_SECONDS: Final = 180.0
EXPORT_SECONDS: Final = 900.0
KEPT: Final = 6
"""Results that stay on disk; the oldest goes when there are more."""

_PROGRESS: Final = re.compile(r"^(\S+) (\d+)/(\d+)\b")


class BusyError(Exception):
    """Another job is running."""


@dataclass
class Job:
    """A command at work: ``state`` is running, done, failed or cancelled."""

    key: str
    result: str
    folder: Path
    makes: str
    limit: float
    started: float = field(default_factory=time.monotonic)
    state: str = "running"
    message: str = ""
    done: int = 0
    total: int = 0
    warnings: list[str] = field(default_factory=list)
    process: subprocess.Popen[str] | None = None

    def facts(self) -> dict[str, Any]:
        """Return what the page is told."""
        return {
            "job": self.key,
            "result": self.result,
            "state": self.state,
            "message": self.message,
            "done": self.done,
            "total": self.total,
            "warnings": self.warnings,
            "file": self.makes,
            "seconds": round(time.monotonic() - self.started, 1),
        }


class Jobs:
    """Runs jobs one after the other and keeps what the last ones made."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="stickgen-ui-"))
        self.lock = threading.Lock()
        self.jobs: dict[str, Job] = {}
        self.results: list[str] = []
        self.closed = False

    def new_result(self) -> str:
        """Return the name of a new, empty folder for a result."""
        name = secrets.token_hex(8)
        (self.home / name).mkdir()
        with self.lock:
            self.results.append(name)
            while len(self.results) > KEPT:
                old = self.results.pop(0)
                shutil.rmtree(self.home / old, ignore_errors=True)
        return name

    def folder(self, result: str) -> Path | None:
        """Return the folder of *result*, None if there is none (any more)."""
        return self.home / result if result in self.results else None

    def find(self, key: str) -> Job | None:
        return self.jobs.get(key)

    def running(self) -> Job | None:
        """Return the job that is at work."""
        return next((job for job in self.jobs.values() if job.state == "running"), None)

    def start(self, result: str, makes: str, words: Sequence[str], limit: float) -> Job:
        """Run ``stickgen`` with *words* in the folder of *result*; it writes the file *makes*.

        Raises `BusyError` while another job runs.
        """
        with self.lock:
            if self.running() is not None or self.closed:
                raise BusyError
            folder = self.home / result
            job = Job(secrets.token_hex(8), result, folder, makes, limit)
            self.jobs = dict(list(self.jobs.items())[-20:])
            self.jobs[job.key] = job
            group: dict[str, Any] = {"start_new_session": True} if os.name == "posix" else {}
            job.process = subprocess.Popen(
                [sys.executable, "-m", "stickgen.core.cli.main", *words],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                errors="replace",
                env={**os.environ, "NO_COLOR": "1", "PYTHONUTF8": "1"},
                **group,
            )
        threading.Thread(target=self._watch, args=(job,), daemon=True).start()
        return job

    def _watch(self, job: Job) -> None:
        """Follow *job* to its end."""
        process = job.process
        assert process is not None
        assert process.stderr is not None
        alarm = threading.Timer(job.limit, self._too_long, args=(job,))
        alarm.daemon = True
        alarm.start()
        last = ""
        for line in process.stderr:
            text = line.strip()
            if match := _PROGRESS.match(text):
                job.done, job.total = int(match[2]), int(match[3])
            elif text.startswith("Warning: "):
                job.warnings.append(text.removeprefix("Warning: "))
            elif text:
                last = text
        code = process.wait()
        process.stderr.close()
        alarm.cancel()
        if job.state != "running":
            return
        if code == 0 and (job.folder / job.makes).is_file():
            job.state = "done"
        else:
            job.message = last.removeprefix("Error: ") or f"the command ended with code {code}"
            job.state = "failed"

    def _too_long(self, job: Job) -> None:
        self.stop(job, f"took more than {job.limit:g} s and was stopped", "failed")

    def stop(self, job: Job, message: str = "cancelled", state: str = "cancelled") -> None:
        """End *job* and wait until its process is gone; nothing if it has ended already."""
        with self.lock:
            if job.state != "running":
                return
            job.state, job.message = state, message
        process = job.process
        assert process is not None
        for sign in (signal.SIGTERM, getattr(signal, "SIGKILL", signal.SIGTERM)):
            _signal(process, sign)
            try:
                process.wait(3.0)
                return
            except subprocess.TimeoutExpired:
                continue

    def close(self) -> None:
        """End what runs and remove every file."""
        self.closed = True
        job = self.running()
        if job is not None:
            self.stop(job)
        shutil.rmtree(self.home, ignore_errors=True)


def _signal(process: subprocess.Popen[str], sign: int) -> None:
    """Send *sign* to *process* and the workers it has started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if os.name == "posix":
            os.killpg(process.pid, sign)
        else:
            process.terminate()
