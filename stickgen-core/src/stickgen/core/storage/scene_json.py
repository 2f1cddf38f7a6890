"""Scripts, looks, props and captions as JSON values, and back with every mistake named."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any, TypeVar

import numpy as np

from stickgen.core.errors import DataError
from stickgen.core.types import SCRIPT_VERSION, Beat, Role, Script

T = TypeVar("T")


class RecordError(DataError):
    """A JSON value does not fit; ``place`` is the key it is at and ``cause`` what is wrong."""

    def __init__(self, place: str, cause: str) -> None:
        self.place = place
        self.cause = cause
        super().__init__(f"{place}: {cause}")


def plain(value: Any, place: str = "value") -> Any:
    """Return *value* made of what JSON knows: numbers, strings, lists and objects.

    Arrays become lists, tuples lists, paths strings, dataclasses objects. Raises `RecordError`,
    naming the key, for anything else and for numbers that are not finite.
    """
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float | np.floating):
        if not np.isfinite(value):
            raise RecordError(place, f"{value} is not a finite number")
        return float(value)
    if isinstance(value, np.bool_):
        return bool(value)
    if isinstance(value, np.integer):
        return int(value)
    if isinstance(value, np.ndarray):
        return plain(value.tolist(), place)
    if isinstance(value, PurePath):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item, f"{place}.{key}") for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        items = sorted(value) if isinstance(value, set | frozenset) else value
        return [plain(item, f"{place}[{i}]") for i, item in enumerate(items)]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: plain(getattr(value, field.name), f"{place}.{field.name}")
            for field in dataclasses.fields(value)
        }
    raise RecordError(place, f"a {type(value).__name__} cannot be written as JSON")


def script_to_json(script: Script) -> dict[str, Any]:
    """Return *script* as a JSON object whose keys are the fields of `Script`."""
    document: dict[str, Any] = plain(script, "script")
    return document


def script_from_json(value: Any, place: str = "script") -> Script:
    """Return the script of a JSON object; `RecordError` names the key of the first mistake."""
    script = record(Script, value, place)
    if script.version > SCRIPT_VERSION:
        raise RecordError(
            f"{place}.version",
            f"script version {script.version} is newer than {SCRIPT_VERSION}, the newest this"
            " stickgen reads; upgrade stickgen",
        )
    for i, beat in enumerate(script.beats):
        if not all(0 <= actor < len(script.roles) for actor in beat.actors):
            raise RecordError(
                f"{place}.beats[{i}].actors",
                f"{list(beat.actors)} does not fit a script of {len(script.roles)} roles",
            )
    return script


def record(cls: type[T], value: Any, place: str) -> T:
    """Return the dataclass *cls* filled from the JSON object *value*.

    Fields left out take their defaults and unknown keys are ignored. Raises `RecordError` for a
    missing key or a value of the wrong type, naming it.
    """
    if not isinstance(value, dict):
        raise RecordError(place, f"{_kind(value)} where an object was expected")
    hints = typing.get_type_hints(cls)
    found: dict[str, Any] = {}
    for field in dataclasses.fields(typing.cast(Any, cls)):
        if field.name in value:
            found[field.name] = fit(hints[field.name], value[field.name], f"{place}.{field.name}")
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            raise RecordError(place, f"the key {field.name!r} is missing")
    return cls(**found)


def fit(hint: Any, value: Any, place: str) -> Any:
    """Return the JSON *value* as the type *hint*: a scalar, a union, a tuple or a dataclass."""
    if isinstance(hint, types.UnionType):
        options = typing.get_args(hint)
        if value is None and types.NoneType in options:
            return None
        scalars = [option for option in options if option is not types.NoneType]
        for option in scalars[:-1]:
            try:
                return fit(option, value, place)
            except RecordError:
                continue
        return fit(scalars[-1], value, place)
    if typing.get_origin(hint) is tuple:
        args = typing.get_args(hint)
        if not isinstance(value, list):
            raise RecordError(place, f"{_kind(value)} where a list was expected")
        if args[-1] is Ellipsis:
            return tuple(fit(args[0], item, f"{place}[{i}]") for i, item in enumerate(value))
        if len(value) != len(args):
            raise RecordError(place, f"{len(value)} values where {len(args)} were expected")
        return tuple(
            fit(arg, item, f"{place}[{i}]")
            for i, (arg, item) in enumerate(zip(args, value, strict=True))
        )
    if hint in (Role, Beat):
        return record(hint, value, place)
    if hint is float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise RecordError(place, f"{_kind(value)} where a number was expected")
        try:
            number = float(value)
        except OverflowError:
            number = float("inf")
        if not np.isfinite(number):
            raise RecordError(place, f"{number} is not a finite number")
        return number
    if not isinstance(value, hint) or (hint is int and isinstance(value, bool)):
        raise RecordError(place, f"{_kind(value)} where {_kind(hint())} was expected")
    return value


def _kind(value: Any) -> str:
    """Return what JSON calls *value*, with its article."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int):
        return "a whole number"
    if isinstance(value, float):
        return "a number"
    if isinstance(value, str):
        return "a text"
    return "a list" if isinstance(value, list) else "an object"
