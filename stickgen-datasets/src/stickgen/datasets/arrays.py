"""NumPy files read safely: never a pickle, and a wrong array is one sentence naming its key.

Archives and arrays are opened with ``allow_pickle=False``; arrays of an ``.npz`` are read one at
a time, so that what is not asked for costs nothing and cannot hurt.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stickgen.core.errors import SourceError
from stickgen.datasets.tracks import Array

_DAMAGE = (ValueError, EOFError, KeyError, zipfile.BadZipFile, zlib.error, NotImplementedError)


class Archive:
    """The arrays of an open ``.npz``, by key; made by `open_archive`."""

    def __init__(self, path: Path, arrays: Any) -> None:
        self.path = path
        self._arrays = arrays

    def __contains__(self, key: str) -> bool:
        return key in self._arrays.files

    def raw(self, key: str) -> NDArray[Any]:
        """Return the array under *key* as it is.

        Raises:
            SourceError: it is not there, damaged, or a pickled object.
        """
        if key not in self:
            there = ", ".join(sorted(self._arrays.files)[:12]) or "nothing"
            raise SourceError(self.path, f"is missing, the file holds {there}", place=_key(key))
        try:
            with self._arrays.zip.open(f"{key}.npy") as stream:
                header = stream.read(6)
            if header != b"\x93NUMPY":
                raise SourceError(self.path, "is not an array", place=_key(key))
            return np.asarray(self._arrays[key])
        except OSError as error:
            raise SourceError(
                self.path, f"cannot be read ({error.strerror or error})", place=_key(key)
            ) from None
        except MemoryError:
            raise SourceError(
                self.path, "announces more data than fits into memory", place=_key(key)
            ) from None
        except _DAMAGE as error:
            raise SourceError(
                self.path, f"cannot be read ({_first_line(error)})", place=_key(key)
            ) from None

    def numbers(self, key: str, shape: Sequence[int | None]) -> Array:
        """Return the numbers under *key* as float64.

        Args:
            key: name of the array.
            shape: the shape it must have; None stands for any size.

        Raises:
            SourceError: missing, damaged, of another shape, not numbers, or not finite.
        """
        return checked(self.path, self.raw(key), shape, _key(key))

    def number(self, key: str) -> float:
        """Return the one number under *key*, wrapped in an array or not."""
        value = checked(self.path, self.raw(key), None, _key(key))
        if value.size != 1:
            raise SourceError(
                self.path, f"holds {value.size} numbers, expected one", place=_key(key)
            )
        return float(value.reshape(()))

    def word(self, key: str) -> str:
        """Return the word under *key*, "" when there is none that can be read."""
        if key not in self:
            return ""
        try:
            value = self.raw(key)
        except SourceError:
            return ""
        if value.size != 1 or value.dtype.kind not in "SU":
            return ""
        word = value.reshape(()).item()
        text = word.decode("ascii", errors="replace") if isinstance(word, bytes) else str(word)
        return text.removeprefix("b'").removesuffix("'").strip()


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """Yield the arrays of the ``.npz`` at *path*.

    Raises:
        SourceError: it is not an archive of arrays.
    """
    try:
        stream = path.open("rb")
    except OSError as error:
        raise SourceError(path, f"cannot be read ({error.strerror or error})") from None
    with stream:
        try:
            arrays = np.load(stream, allow_pickle=False)
        except OSError as error:
            raise SourceError(path, f"cannot be read ({error.strerror or error})") from None
        except MemoryError:
            raise SourceError(path, "announces more data than fits into memory") from None
        except _DAMAGE:
            raise SourceError(
                path, "is not an archive of NumPy arrays", hint="it is cut short or damaged"
            ) from None
        if not isinstance(arrays, np.lib.npyio.NpzFile):
            raise SourceError(path, "is a single array, expected an archive (.npz)")
        with arrays:
            yield Archive(path, arrays)


def read_array(path: Path, shape: Sequence[int | None] | None) -> Array:
    """Return the numbers in the ``.npy`` at *path* as float64.

    Args:
        path: the file.
        shape: the shape they must have, None for any; None within it stands for any size.

    Raises:
        SourceError: it is no array of numbers, of another shape, or not finite.
    """
    try:
        with path.open("rb") as stream:
            array = np.load(stream, allow_pickle=False)
    except OSError as error:
        raise SourceError(path, f"cannot be read ({error.strerror or error})") from None
    except MemoryError:
        raise SourceError(path, "announces more data than fits into memory") from None
    except _DAMAGE as error:
        if "pickle" in str(error):
            raise SourceError(
                path, "is pickled or not a NumPy array", hint="only plain arrays are read"
            ) from None
        raise SourceError(
            path, f"is not a NumPy array ({_first_line(error)})", hint="it is cut short or damaged"
        ) from None
    if not isinstance(array, np.ndarray):
        array.close()
        raise SourceError(path, "is an archive (.npz), expected a single array")
    return checked(path, array, shape)


def checked(
    path: Path,
    array: NDArray[Any],
    shape: Sequence[int | None] | None,
    place: str | None = None,
) -> Array:
    """Return *array* as float64 when it holds finite numbers in *shape*, else raise `SourceError`.

    *shape* None allows any; None within it stands for any size.
    """
    if array.dtype.kind not in "fiu":
        raise SourceError(path, f"holds {array.dtype} values, expected numbers", place=place)
    if shape is not None and (
        array.ndim != len(shape)
        or any(n is not None and n != m for n, m in zip(shape, array.shape, strict=True))
    ):
        wanted = ", ".join("any" if n is None else str(n) for n in shape)
        raise SourceError(
            path, f"has the shape {list(array.shape)}, expected [{wanted}]", place=place
        )
    if array.size == 0:
        raise SourceError(path, "is empty", place=place)
    numbers = np.asarray(array, dtype=np.float64)
    if not np.isfinite(numbers).all():
        row = int(np.argwhere(~np.isfinite(numbers))[0][0]) if numbers.ndim else 0
        where = f"{place}, row {row}" if place else f"row {row}"
        raise SourceError(path, "holds a number that is not finite", place=where)
    return numbers


def _key(key: str) -> str:
    return f"key {key!r}"


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:120]
