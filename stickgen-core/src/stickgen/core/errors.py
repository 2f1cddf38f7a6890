"""Every error stickgen raises on purpose, and the exit code each one ends the command line with.

A message is one sentence: what is wrong, where (file, line, frame), what to do about it.

====  ==========================================  ======================
code  meaning                                     class
====  ==========================================  ======================
0     success                                     --
1     a bug in stickgen                           any other exception
2     the command line or an argument is wrong    `UsageError`
3     a plugin or an extra is missing or broken   `PluginError`
4     the data is bad                             `DataError`
5     an outside service failed                   `ServiceError`
6     the output exists or cannot be written      `OutputError`
130   interrupted                                 ``KeyboardInterrupt``
====  ==========================================  ======================
"""

from __future__ import annotations

from typing import ClassVar


class StickgenError(Exception):
    """Base of all errors meant for a person; ``exit_code`` is what the command line returns."""

    exit_code: ClassVar[int] = 1


class UsageError(StickgenError):
    """An argument is wrong: an empty prompt, an unknown style, a negative frame rate."""

    exit_code = 2


class PluginError(StickgenError):
    """A plugin or an extra is missing, broken, ambiguous or incompatible."""

    exit_code = 3


class DataError(StickgenError):
    """A file or an array holds something it must not hold."""

    exit_code = 4


class SchemaError(DataError):
    """A motion breaks the schema: wrong shape, not finite, or joints that do not meet."""


class SourceError(DataError):
    """A file could not be read; names the file, the place and the cause.

    Args:
        path: the file.
        cause: what is wrong, without a full stop.
        place: where in the file ("line 12", "frame 3", "key 'fps'"), if known.
        hint: what to do about it, if there is something to do.
    """

    def __init__(
        self, path: object, cause: str, *, place: str | None = None, hint: str | None = None
    ) -> None:
        self.path = str(path)
        self.cause = cause
        self.place = place
        self.hint = hint
        where = f"{self.path}, {place}" if place else self.path
        super().__init__(f"{where}: {cause}" + (f"; {hint}" if hint else ""))

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild_source_error, (self.path, self.cause, self.place, self.hint))


def _rebuild_source_error(
    path: str, cause: str, place: str | None, hint: str | None
) -> SourceError:
    """Rebuild a `SourceError` that crossed a process border (keyword arguments do not pickle)."""
    return SourceError(path, cause, place=place, hint=hint)


class ServiceError(StickgenError):
    """An outside service (a language model, a hub) did not answer as it should."""

    exit_code = 5


class OutputError(StickgenError):
    """An output already exists, or its place cannot be written."""

    exit_code = 6
