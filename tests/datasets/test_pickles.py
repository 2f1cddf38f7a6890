"""Pickles are read as data: every form numpy has written, and nothing else."""

from __future__ import annotations

import collections
import contextlib
import os
import pickle
import struct
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from stickgen.core.errors import SourceError
from stickgen.datasets import pickles
from stickgen.datasets.pickles import Table, read_pickle


def stored(folder: Path, data: bytes) -> Path:
    path = folder / "data.pkl"
    path.write_bytes(data)
    return path


def equal(a: object, b: object) -> bool:
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        return type(a) is type(b) and a.dtype == b.dtype and np.array_equal(a, b)
    if isinstance(a, dict):
        return isinstance(b, dict) and set(a) == set(b) and all(equal(a[k], b[k]) for k in a)
    if isinstance(a, list | tuple):
        return (
            type(a) is type(b)
            and len(a) == len(b)
            and all(equal(x, y) for x, y in zip(a, b, strict=True))
        )
    return bool(a == b)


VALUES = {
    "array": np.arange(24, dtype=np.float32).reshape(2, 3, 4),
    "fortran": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    "slice": np.arange(20.0)[::2],
    "big endian": np.arange(3, dtype=">i4"),
    "empty": np.zeros((0, 3)),
    "no axes": np.array(7.5),
    "words": np.array(["left", "right"]),
    "flags": np.array([True, False]),
    "number": np.float64(59.94),
    "small": np.int8(-3),
    "plain": [1, 2.5, "three", None, True, (4, b"five"), {"six": {7}}],
    "long": 10**40,
    "ordered": collections.OrderedDict(a=1),
}


@pytest.mark.parametrize("protocol", range(6))
def test_every_protocol_is_read(tmp_path: Path, protocol: int) -> None:
    got = read_pickle(stored(tmp_path, pickle.dumps(VALUES, protocol)))
    assert equal(got, VALUES | {"ordered": {"a": 1}})


@pytest.mark.parametrize("protocol", range(6))
def test_numpy_before_and_since_version_2(tmp_path: Path, protocol: int) -> None:
    data = pickle.dumps({"a": np.arange(5.0), "b": np.float32(2)}, protocol)
    new, old = b"numpy._core.", b"numpy.core."
    if protocol < 4:
        other = data.replace(new, old) if new in data else data.replace(old, new)
    else:
        # the name is preceded by its length, the whole by that of the frame
        for module in (b"multiarray", b"numeric"):
            for a, b in ((new, old), (old, new)):
                name = a + module
                if bytes([len(name)]) + name in data:
                    data = data.replace(
                        bytes([len(name)]) + name, bytes([len(b + module)]) + b + module
                    )
                    break
        other = data[:3] + struct.pack("<Q", len(data) - 11) + data[11:]
    got = read_pickle(stored(tmp_path, other))
    assert equal(got, {"a": np.arange(5.0), "b": np.float32(2)})


def test_python_2_files_are_read(tmp_path: Path) -> None:
    # what Python 2.7 and numpy 1.16 write for {'poses': array([1.5, -2.0])}, protocol 2
    raw = struct.pack("<2d", 1.5, -2.0)
    data = (
        b"\x80\x02}q\x00U\x05posesq\x01cnumpy.core.multiarray\n_reconstruct\nq\x02cnumpy\nndarray\n"
        b"q\x03K\x00\x85U\x01b\x87R(K\x01K\x02\x85cnumpy\ndtype\nU\x02f8K\x00K\x01\x87R(K\x03U\x01<"
        b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89U" + bytes([len(raw)]) + raw + b"tbs."
    )
    got = read_pickle(stored(tmp_path, data))
    np.testing.assert_array_equal(got["poses"], [1.5, -2.0])


@settings(max_examples=40)
@given(
    value=arrays.arrays(
        st.sampled_from(["f8", "<f4", ">i2", "u1", "c16", "?", "U3"]),
        arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4),
    ),
    protocol=st.integers(0, 5),
)
def test_any_plain_array_comes_back(
    tmp_path_factory: pytest.TempPathFactory, value: np.ndarray, protocol: int
) -> None:
    path = stored(tmp_path_factory.mktemp("p"), pickle.dumps(value, protocol))
    got = read_pickle(path)
    assert got.dtype == value.dtype
    assert got.tobytes() == value.tobytes()
    assert got.shape == value.shape


class Runs:
    """Asks the unpickler to call something."""

    def __init__(self, function: object, *args: object) -> None:
        self.call = (function, args)

    def __reduce__(self) -> object:
        return self.call


class Plain:
    pass


def mark(folder: str) -> None:
    Path(folder, "ran").write_text("it ran")


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize(
    ("function", "args", "named"),
    [
        (os.system, ("touch {}/ran",), ".system"),
        (subprocess.Popen, (["touch", "{}/ran"],), "Popen"),
        (eval, ("open('{}/ran', 'w')",), ".eval"),
        (getattr, ("x", "upper"), ".getattr"),
        (np.load, ("{}/ran.npy",), "numpy.load"),
        (mark, ("{}",), "test_pickles.mark"),
        (Plain, (), "test_pickles.Plain"),
    ],
)
def test_nothing_is_called(
    tmp_path: Path, protocol: int, function: object, args: tuple[object, ...], named: str
) -> None:
    filled = tuple(
        [word.format(tmp_path) for word in each] if isinstance(each, list)
        else str(each).format(tmp_path)
        for each in args
    )  # fmt: skip
    data = pickle.dumps({"a": [1, Runs(function, *filled)]}, protocol)
    with pytest.raises(SourceError) as caught:
        read_pickle(stored(tmp_path, data))
    sentence = str(caught.value)
    assert named in sentence
    assert "data.pkl" in sentence
    assert "\n" not in sentence
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"(S'x'\nios\nsystem\n.", "INST for 'os system'"),
        (b"(cos\nsystem\nS'x'\no.", "OBJ"),
        (b"\x80\x02cos\nsystem\n)\x81.", "NEWOBJ"),
        (b"\x80\x02\x82\x01.", "EXT1"),
        (b"Pkey\n.", "PERSID"),
        (b"\x80\x05\x97.", "NEXT_BUFFER"),
        (b"\x80\x02]r\xff\xff\xff\x7f.", "out of bounds"),
        (b"\x80\x04\x8c\x05numpy\x8c\x0cload.__doc__\x93.", "numpy.load.__doc__"),
        # state set on the function that is to be called
        (b"cnumpy.core.multiarray\n_reconstruct\n(dS'__code__'\nI1\nsb.", "only may call"),
        (b"cnumpy\ndtype\n.", "a type where a value"),
        (b"\x80\x02]q\x00h\x00a.", "holds itself"),
        (b"\x80\x02}q\x00U\x01ah\x00s.", "holds itself"),
        (b"\x80\x02" + b"]" * 60 + b"a" * 59 + b".", "nested more than"),
    ],
)  # fmt: skip
def test_each_trick_is_named(tmp_path: Path, data: bytes, says: str) -> None:
    with pytest.raises(SourceError, match=says):
        read_pickle(stored(tmp_path, data))


def test_arrays_of_objects_and_records_are_refused(tmp_path: Path) -> None:
    for value, says in (
        (np.array([1, "a", None], dtype=object), "'O8'"),
        (np.zeros(3, dtype=[("x", "f8")]), "'V8'"),
        (np.array(["2020-01-01"], dtype="M8[D]"), "'M8'"),
        (np.ma.masked_array([1.0, 2.0], [True, False]), "numpy.ma"),
    ):
        with pytest.raises(SourceError, match=says):
            read_pickle(stored(tmp_path, pickle.dumps({"a": value}, 2)))


def test_an_array_must_fit_its_bytes(tmp_path: Path) -> None:
    data = pickle.dumps(np.arange(4.0), 2)
    # the shape (4,) becomes (1073741824,)
    assert data.count(b"K\x04\x85") == 1
    bomb = data.replace(b"K\x04\x85", b"J\x00\x00\x00\x40\x85")
    with pytest.raises(SourceError, match="does not fit"):
        read_pickle(stored(tmp_path, bomb))


def test_doubling_lists_stay_small(tmp_path: Path) -> None:
    value: list[object] = ["lol"]
    for _ in range(30):
        value = [value, value]
    got = read_pickle(stored(tmp_path, pickle.dumps(value, 2)))
    depth = 0
    while got != "lol":
        assert len(got) == 1 or got[0] is got[1]
        got, depth = got[0], depth + 1
    assert depth == 31


def test_a_file_that_is_too_large_is_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = stored(tmp_path, pickle.dumps(np.zeros(10_000)))
    monkeypatch.setattr(pickles, "MAX_BYTES", 10_000)
    with pytest.raises(SourceError, match="MB large"):
        read_pickle(path)
    monkeypatch.setattr(pickles, "MAX_BYTES", 10**9)
    monkeypatch.setattr(pickles, "MAX_STEPS", 3)
    with pytest.raises(SourceError, match="more than 3 steps"):
        read_pickle(path)


def test_damage_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is empty"):
        read_pickle(stored(tmp_path, b""))
    with pytest.raises(SourceError, match="cannot be read"):
        read_pickle(tmp_path / "nowhere.pkl")
    for text in (b"hello there\n", b"\x93NUMPY\x01\x00", b"PK\x03\x04", b"\x00" * 40):
        with pytest.raises(SourceError, match=r"data\.pkl: "):
            read_pickle(stored(tmp_path, text))


@pytest.mark.parametrize("protocol", [0, 2, 4, 5])
def test_cut_anywhere_it_is_refused(tmp_path: Path, protocol: int) -> None:
    whole = pickle.dumps({"a": np.arange(6.0), "b": [1, "x"]}, protocol)
    for end in range(len(whole)):
        with pytest.raises(SourceError) as caught:
            read_pickle(stored(tmp_path, whole[:end]))
        assert "\n" not in str(caught.value)


@settings(max_examples=150)
@given(at=st.integers(0, 10_000), byte=st.integers(0, 255), protocol=st.sampled_from([0, 2, 4]))
def test_one_wrong_byte_never_gets_out(
    tmp_path_factory: pytest.TempPathFactory, at: int, byte: int, protocol: int
) -> None:
    data = bytearray(pickle.dumps({"a": np.arange(6.0), "b": [1, "x", 2.5]}, protocol))
    data[at % len(data)] = byte
    with contextlib.suppress(SourceError):
        read_pickle(stored(tmp_path_factory.mktemp("p"), bytes(data)))


def test_tables_name_the_key(tmp_path: Path) -> None:
    entries = {b"fps": np.array([60.0]), "person1": {"trans": np.zeros((3, 3)), "n": [1.0, np.nan]}}
    table = Table(Path("a.pkl"), entries)
    assert table.number("fps") == 60.0
    assert "person1" in table
    person = table.table("person1")
    assert person.numbers("trans", (None, 3)).shape == (3, 3)
    assert np.isnan(person.numbers("n", (2,), finite=False)[1])
    for ask, says in (
        (lambda: table.numbers("poses", None), "'poses': is missing, the dictionary holds fps"),
        (lambda: person.numbers("trans", (None, 4)), "'person1', 'trans': has the shape"),
        (lambda: person.numbers("n", (2,)), "not finite"),
        (lambda: table.numbers("person1", None), "'person1': holds object"),
        (lambda: person.number("trans"), "9 numbers"),
        (lambda: Table(Path("a.pkl"), [1]), "holds a list, expected a dictionary"),
    ):
        with pytest.raises(SourceError, match=says):
            ask()
