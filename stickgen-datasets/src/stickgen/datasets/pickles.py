"""Datasets that ship as pickle, read without ever running what is in them.

A pickle is a small program. Here it may do one thing: put together numpy arrays of numbers or
words, plain containers and plain values. Names it asks for are not imported: the few that belong
to numpy's and Python's own plain types are answered by makers of this module, and any other name
is refused in a sentence. Files of Python 2 (latin1), of numpy before and since 2.0, and of every
pickle protocol are read.

The size of the file, the number of its steps and the depth of what it builds are bounded, an array
must be as large as the bytes it comes with, and a container must not hold itself.
"""

from __future__ import annotations

import io
import math
import pickle
import pickletools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core.errors import SourceError
from stickgen.datasets.arrays import checked
from stickgen.datasets.tracks import Array

MAX_BYTES: Final = 256 * 1024**2
"""Largest file that is opened; the datasets' largest ones are about 20 MB."""
MAX_STEPS: Final = 2_000_000
MAX_DEPTH: Final = 32

_REFUSED_STEPS: Final = frozenset({
    "EXT1", "EXT2", "EXT4", "INST", "OBJ", "NEWOBJ", "NEWOBJ_EX", "PERSID", "BINPERSID",
    "NEXT_BUFFER", "READONLY_BUFFER",
})  # fmt: skip
"""Steps of a pickle that plain data never takes."""
_MEMO_STEPS: Final = frozenset({"PUT", "BINPUT", "LONG_BINPUT"})
_DTYPE: Final = re.compile(r"[<>=|]?(?:[biufcSU][0-9]{1,5}|[?bBhHiIlLqQefdFD])")
_HINT: Final = "nothing in the file was run"


class _Bad(Exception):  # noqa: N818 - reads as what it is
    """What is wrong with the data a pickle puts together."""


class _Maker:
    """Stands for a name a pickle may use; calling it makes the value, nothing else can be done."""

    __slots__ = ("_make",)
    __hash__: ClassVar[None]  # type: ignore[assignment]

    def __init__(self, make: Callable[..., object]) -> None:
        self._make = make

    def __call__(self, *args: object) -> object:
        return self._make(*args)

    def __eq__(self, other: object) -> bool:
        return self is other

    def __setstate__(self, state: object) -> None:
        raise _Bad("tries to change what it only may call")


class _Dtype:
    """A dtype under construction: its name, then the byte order a pickle sets."""

    __slots__ = ("_name", "_order")
    __hash__: ClassVar[None]  # type: ignore[assignment]

    def __init__(self, name: object, align: object = False, copy: object = True) -> None:
        text = name.decode("latin1") if isinstance(name, bytes) else name
        if not isinstance(text, str) or not _DTYPE.fullmatch(text):
            raise _Bad(f"holds an array of {_shown(text)}, expected numbers")
        self._name = text.lstrip("<>=|")
        self._order = text[0] if text[0] in "<>=|" else "="

    def __eq__(self, other: object) -> bool:
        return self is other

    def __setstate__(self, state: object) -> None:
        if not isinstance(state, tuple) or len(state) < 5 or any(state[2:5]):
            raise _Bad("holds an array with named columns, expected numbers")
        order = state[1].decode("latin1") if isinstance(state[1], bytes) else state[1]
        if order not in ("<", ">", "=", "|"):
            raise _Bad("holds an array of unknown byte order")
        self._order = order

    def dtype(self) -> np.dtype[Any]:
        try:
            return np.dtype(self._order + self._name)
        except TypeError:
            raise _Bad(f"holds an array of {_shown(self._name)}, expected numbers") from None


class _Array:
    """An array under construction: empty until a pickle sets its shape and bytes."""

    __slots__ = ("_value",)
    __hash__: ClassVar[None]  # type: ignore[assignment]

    def __init__(self, value: NDArray[Any] | None = None) -> None:
        self._value = value

    def __eq__(self, other: object) -> bool:
        return self is other

    def __setstate__(self, state: object) -> None:
        if not isinstance(state, tuple) or len(state) not in (4, 5):
            raise _Bad("holds an array without shape and bytes")
        shape, dtype, fortran, data = state[-4:]
        self._value = _filled(data, dtype, shape, "F" if fortran else "C")

    def array(self) -> NDArray[Any]:
        if self._value is None:
            raise _Bad("holds an array that is never filled")
        return self._value


def _filled(data: object, dtype: object, shape: object, order: object) -> NDArray[Any]:
    """Return the array of *shape* in the bytes *data*, which must be exactly as many."""
    if not isinstance(dtype, _Dtype):
        raise _Bad("holds an array of no type")
    if isinstance(data, list):
        raise _Bad("holds an array of Python objects, expected numbers")
    kind = dtype.dtype()
    sizes = shape if isinstance(shape, tuple) else (shape,)
    whole = all(isinstance(n, int) and not isinstance(n, bool) and n >= 0 for n in sizes)
    if not whole or len(sizes) > MAX_DEPTH:
        raise _Bad(f"holds an array of the shape {_shown(shape)}")
    raw = _bytes(data)
    if kind.itemsize == 0 or math.prod(sizes) * kind.itemsize != len(raw):
        raise _Bad(
            f"holds an array of the shape {_shown(list(sizes))} and the type {kind} in"
            f" {len(raw)} bytes, which does not fit"
        )
    flat = np.frombuffer(raw, dtype=kind)
    return flat.reshape(sizes, order="F" if order == "F" else "C")


def _bytes(data: object) -> bytes:
    """Return the bytes of an array; Python 2 wrote them as text in latin1."""
    if isinstance(data, str):
        try:
            return data.encode("latin1")
        except UnicodeEncodeError:
            raise _Bad("holds an array whose bytes are not bytes") from None
    if isinstance(data, bytes | bytearray):
        return bytes(data)
    raise _Bad("holds an array without bytes")


def _empty_array(kind: object, *rest: object) -> _Array:
    if kind is not _NDARRAY:
        raise _Bad("holds an array of an unknown class")
    return _Array()


def _array_of_buffer(data: object, dtype: object, shape: object, order: object = "C") -> _Array:
    return _Array(_filled(data, dtype, shape, order))


def _scalar(dtype: object, data: object = b"") -> object:
    return _filled(data, dtype, (), "C")[()]


def _latin1(text: object, encoding: object = "latin1") -> bytes:
    if not isinstance(text, str) or encoding not in ("latin1", "latin-1"):
        raise _Bad("holds bytes in an unknown encoding")
    return _bytes(text)


def _no_array(*args: object) -> object:
    raise _Bad("makes an array by hand")


_NDARRAY: Final = _Maker(_no_array)
_ITERABLES: Final = (list, tuple, set, frozenset, dict)


def _container(kind: Callable[[Iterable[Any]], object]) -> _Maker:
    def make(items: object = ()) -> object:
        if not isinstance(items, _ITERABLES):
            raise _Bad("makes a container out of something that is none")
        return kind(items)

    return _Maker(make)


def _makers() -> dict[tuple[str, str], _Maker]:
    """Return who answers for each name a pickle may use."""
    table = {
        ("numpy", "ndarray"): _NDARRAY,
        ("numpy", "dtype"): _Maker(_Dtype),
        ("_codecs", "encode"): _Maker(_latin1),
        ("collections", "OrderedDict"): _container(dict),
    }
    for package in ("numpy.core", "numpy._core"):
        table[f"{package}.multiarray", "_reconstruct"] = _Maker(_empty_array)
        table[f"{package}.multiarray", "scalar"] = _Maker(_scalar)
        table[f"{package}.numeric", "_frombuffer"] = _Maker(_array_of_buffer)
    for module in ("builtins", "__builtin__"):
        for kind in (list, dict, set, frozenset):
            table[module, kind.__name__] = _container(kind)
        table[module, "bytearray"] = _Maker(lambda data=b"", *rest: _bytes(data))
        table[module, "bytes"] = _Maker(lambda data=(): _bytes(data or b""))
    return table


_MAKERS: Final = _makers()


class _PlainUnpickler(pickle.Unpickler):
    """An unpickler that imports nothing."""

    def find_class(self, module: str, name: str) -> Any:
        maker = _MAKERS.get((module, name))
        if maker is None:
            raise _Bad(f"asks for {_shown(f'{module}.{name}')}, which is no plain data")
        return maker

    def persistent_load(self, pid: Any) -> Any:
        raise _Bad("refers to something outside of it")


def read_pickle(path: Path) -> Any:
    """Return what the pickle at *path* holds: arrays, containers, numbers, words, None.

    Raises:
        SourceError: it is cut short or damaged, too large or too deep, or asks for anything that
            is not plain data, which is then named; nothing in it is ever run.
    """
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise SourceError(
                path, f"is {size // 1024**2} MB large, expected at most {MAX_BYTES // 1024**2} MB"
            )
        data = path.read_bytes()
    except OSError as error:
        raise SourceError(path, f"cannot be read ({error.strerror or error})") from None
    if not data:
        raise SourceError(path, "is empty")
    try:
        _check_steps(data)
        loaded = _PlainUnpickler(io.BytesIO(data), encoding="latin1").load()
        return _plain(loaded)
    except _Bad as error:
        raise SourceError(path, str(error), hint=_HINT) from None
    except MemoryError:
        raise SourceError(path, "announces more data than fits into memory", hint=_HINT) from None
    except Exception as error:  # an unpickler raises anything for a damaged file
        raise SourceError(
            path,
            f"is not a pickle ({type(error).__name__})",
            hint="it is cut short or damaged",
        ) from None


def _check_steps(data: bytes) -> None:
    """Refuse a pickle with too many steps, or with steps that plain data never takes."""
    for number, (step, argument, _) in enumerate(pickletools.genops(data)):
        if number >= MAX_STEPS:
            raise _Bad(f"takes more than {MAX_STEPS} steps")
        if step.name in _REFUSED_STEPS:
            name = f" for {_shown(argument)}" if isinstance(argument, str) else ""
            raise _Bad(f"takes the step {step.name}{name}, which plain data never takes")
        if step.name in _MEMO_STEPS and not 0 <= int(argument or 0) <= MAX_STEPS:
            raise _Bad(f"keeps a value under the number {argument}, which is out of bounds")


def _plain(value: object) -> Any:
    """Return *value* with finished arrays; refuse what is not plain data."""
    done: dict[int, Any] = {}
    open_now: set[int] = set()

    def walk(item: object, depth: int) -> Any:
        if item is None or isinstance(item, bool | int | float | complex | str | bytes):
            return item
        if isinstance(item, np.generic):
            return item
        if id(item) in done:
            return done[id(item)]
        if id(item) in open_now:
            raise _Bad("holds a container that holds itself")
        if depth > MAX_DEPTH:
            raise _Bad(f"is nested more than {MAX_DEPTH} deep")
        open_now.add(id(item))
        out: Any
        if isinstance(item, _Array):
            out = item.array()
        elif isinstance(item, dict):
            out = {walk(key, depth + 1): walk(each, depth + 1) for key, each in item.items()}
        elif isinstance(item, list | tuple | set | frozenset):
            out = type(item)(walk(each, depth + 1) for each in item)
        elif isinstance(item, bytearray):
            out = bytes(item)
        else:
            raise _Bad("holds a type where a value should be")
        open_now.discard(id(item))
        done[id(item)] = out
        return out

    return walk(value, 0)


def _shown(value: object) -> str:
    text = str(value)
    return repr(text if len(text) <= 80 else text[:80] + "...")


class Table:
    """The entries of a pickled dictionary, by key; ``place`` says where in the file it stands."""

    def __init__(self, path: Path, entries: object, place: str = "") -> None:
        if not isinstance(entries, Mapping):
            raise SourceError(
                path,
                f"holds a {type(entries).__name__}, expected a dictionary",
                place=place or None,
            )
        self.path = path
        self._entries = {_word(key): value for key, value in entries.items()}
        self._place = place

    def __contains__(self, key: str) -> bool:
        return key in self._entries

    def raw(self, key: str) -> Any:
        """Return the entry under *key*; raises `SourceError` when there is none."""
        if key not in self._entries:
            there = ", ".join(sorted(self._entries)[:12]) or "nothing"
            raise SourceError(
                self.path, f"is missing, the dictionary holds {there}", place=self._at(key)
            )
        return self._entries[key]

    def table(self, key: str) -> Table:
        """Return the dictionary under *key*."""
        return Table(self.path, self.raw(key), self._at(key))

    def numbers(self, key: str, shape: Sequence[int | None] | None, finite: bool = True) -> Array:
        """Return the numbers under *key* as float64.

        Args:
            key: name of the entry.
            shape: the shape it must have, None for any; None within it stands for any size.
            finite: whether every number must be finite.

        Raises:
            SourceError: missing, not numbers, of another shape, or not finite.
        """
        value = self.raw(key)
        try:
            array = np.asarray(value)
        except ValueError:
            array = np.asarray("")
        if not finite and array.dtype.kind == "f":
            checked(self.path, np.nan_to_num(array), shape, self._at(key))
            return np.asarray(array, dtype=np.float64)
        return checked(self.path, array, shape, self._at(key))

    def number(self, key: str) -> float:
        """Return the one number under *key*, wrapped in an array or not."""
        value = self.numbers(key, None)
        if value.size != 1:
            raise SourceError(
                self.path, f"holds {value.size} numbers, expected one", place=self._at(key)
            )
        return float(value.reshape(()))

    def _at(self, key: str) -> str:
        return f"{self._place}, {key!r}" if self._place else f"key {key!r}"


def _word(key: object) -> str:
    return key.decode("latin1") if isinstance(key, bytes) else str(key)
