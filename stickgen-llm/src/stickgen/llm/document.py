"""Scripts as documents: a `Script` to JSON and back, checked key by key.

The format is published as ``script.schema.json`` beside this module (`json_schema` returns it).
Keys that are left out take the defaults of `stickgen.core.types.Script`; unknown keys are refused,
since they are mostly misspelt ones.
"""

from __future__ import annotations

import difflib
import importlib
import json
from dataclasses import asdict
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from stickgen.core.actions import ACTIONS
from stickgen.core.camera_moves import parse_moves
from stickgen.core.errors import DataError, PluginError, SourceError, UsageError
from stickgen.core.types import SCRIPT_VERSION, Beat, Role, Script

if TYPE_CHECKING:
    from typing import Self

STYLES: Final = (
    "neutral", "happy", "sad", "angry", "tired", "proud", "sneaky", "old", "drunk", "scared",
)  # fmt: skip
DIRECTIONS: Final = (
    "forward",
    "backward",
    "left",
    "right",
    "toward",
    "away",
    "in",
    "out",
    "around",
)
KINDS: Final = ("human", "robot", "alien", "animal")

MAX_ROLES: Final = 100
MAX_BEATS: Final = 2000

_ACTION_NAMES: Final = tuple(row.name for row in ACTIONS)


def _known_action(value: object) -> object:
    if isinstance(value, str) and value not in _ACTION_NAMES:
        near = difflib.get_close_matches(value, _ACTION_NAMES, n=3)
        hint = f"did you mean {', '.join(near)}?" if near else "see `stickgen schema --actions`"
        raise ValueError(f"{value!r} is not an action; {hint}")
    return value


def _known_move(value: object) -> object:
    if isinstance(value, str):
        try:
            parse_moves((value,))
        except UsageError as error:
            raise ValueError(str(error)) from None
    return value


CameraEntry = Annotated[str, BeforeValidator(_known_move), Field(max_length=200)]
ActionName = Annotated[
    str, BeforeValidator(_known_action), Field(json_schema_extra={"enum": list(_ACTION_NAMES)})
]
Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]
Text = Annotated[str, Field(max_length=100_000)]


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class RoleDocument(_Document):
    """Somebody in the story."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    kind: Literal["human", "robot", "alien", "animal"] = "human"
    team: str | None = None
    colour: Colour | None = None
    start: tuple[float, float] | None = Field(
        default=None, description="(x, z) on the ground in metres; null leaves it to the stager"
    )
    heading: float | None = Field(
        default=None,
        description="direction faced in degrees, counter-clockwise from above, 0 = +x",
    )


class BeatDocument(_Document):
    """One thing that some of the roles do together."""

    actors: Annotated[tuple[Annotated[int, Field(ge=0)], ...], Field(min_length=1)]
    action: ActionName
    overlay: ActionName | None = None
    seconds: Annotated[float, Field(gt=0, le=3600)] | None = None
    repetitions: Annotated[int, Field(ge=1, le=1000)] | None = None
    with_previous: bool = False
    direction: (
        Literal["forward", "backward", "left", "right", "toward", "away", "in", "out", "around"]
        | None
    ) = None
    target: Annotated[int, Field(ge=0)] | str | None = None
    speed: Annotated[float, Field(gt=0, le=10)] = 1.0
    intensity: Annotated[float, Field(ge=0, le=2)] = 1.0
    style: Literal[
        "neutral", "happy", "sad", "angry", "tired", "proud", "sneaky", "old", "drunk", "scared"
    ] = "neutral"
    hand: Literal["left", "right"] | None = None
    line: Text | None = None


class ScriptDocument(_Document):
    """A planned story: who is in it, where it plays, what happens in which order."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, allow_inf_nan=False, title="stickgen script"
    )

    version: Annotated[int, Field(ge=1)] = SCRIPT_VERSION
    prompt: Text = ""
    title: Text | None = None
    roles: Annotated[tuple[RoleDocument, ...], Field(min_length=1, max_length=MAX_ROLES)]
    beats: Annotated[tuple[BeatDocument, ...], Field(min_length=1, max_length=MAX_BEATS)]
    environment: Annotated[str, Field(min_length=1)] = "earth_normal"
    weather: str | None = None
    mood: str | None = None
    props: tuple[str, ...] = ()
    camera: tuple[CameraEntry, ...] = Field(
        default=(),
        description="shots and moves such as 'close-up', 'dolly in 2s-5s', 'orbit left 90'",
    )
    duration: Annotated[float, Field(gt=0, le=3600)] | None = None
    planner: str = ""
    warnings: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _everybody_is_there(self) -> Self:
        if self.version > SCRIPT_VERSION:
            raise ValueError(
                f"version is {self.version}, this stickgen reads up to {SCRIPT_VERSION}; update it"
            )
        count = len(self.roles)
        for number, beat in enumerate(self.beats):
            for key, index in [("actors", i) for i in beat.actors] + [("target", beat.target)]:
                if isinstance(index, int) and index >= count:
                    raise ValueError(
                        f"beats.{number}.{key} names role {index}, but there are only {count} roles"
                        " (counted from 0)"
                    )
        return self

    def script(self) -> Script:
        """Return the core value of this document."""
        fields = self.model_dump(exclude={"roles", "beats"})
        return Script(
            roles=tuple(Role(**role.model_dump()) for role in self.roles),
            beats=tuple(Beat(**beat.model_dump()) for beat in self.beats),
            **fields,
        )


def to_dict(script: Script) -> dict[str, Any]:
    """Return *script* as plain JSON values, every key written out."""
    document: dict[str, Any] = json.loads(json.dumps(asdict(script)))
    return document


def from_dict(document: object, *, source: object = "the script") -> Script:
    """Return the script that *document* describes.

    Raises `SourceError` with one sentence that names *source*, the key and what is wrong with it.
    """
    try:
        return ScriptDocument.model_validate(document).script()
    except ValidationError as error:
        raise _refused(error, source) from None


def dumps(script: Script) -> str:
    """Return *script* as indented JSON text."""
    return json.dumps(to_dict(script), indent=2, ensure_ascii=False) + "\n"


def dumps_yaml(script: Script) -> str:
    """Return *script* as YAML to be edited by hand: what has its default value is left out.

    Raises `PluginError` where YAML is not installed.
    """
    yaml = _yaml_module("writing YAML")
    values = to_dict(script)
    defaults = {
        "roles": asdict(Role("")), "beats": asdict(Beat((), "")), "": asdict(Script("", (), ())),
    }  # fmt: skip
    kept = {k: v for k, v in values.items() if k == "version" or v != _plain(defaults[""].get(k))}
    for part in ("roles", "beats"):
        plain = {k: _plain(v) for k, v in defaults[part].items()}
        kept[part] = [
            {k: v for k, v in entry.items() if k in {"name", "action"} or v != plain[k]}
            for entry in values[part]
        ]
    text: str = yaml.safe_dump(kept, sort_keys=False, allow_unicode=True, width=100)
    return text


def _plain(value: object) -> object:
    """Return *value* as JSON gives it back: tuples as lists."""
    return list(value) if isinstance(value, tuple) else value


def _yaml_module(purpose: str) -> Any:
    try:
        return importlib.import_module("yaml")
    except ImportError:
        raise PluginError(
            f"{purpose} needs pyyaml; install it with: pip install stickgen-llm[yaml]"
        ) from None


def loads(text: str, *, source: object = "the script", yaml: bool = False) -> Script:
    """Return the script in *text*, JSON or (with *yaml*) YAML; raises as `from_dict` does."""
    return from_dict(_yaml(text, source) if yaml else _json(text, source), source=source)


def read(path: str | Path) -> Script:
    """Return the script in the file *path*; ``.yaml`` and ``.yml`` are read as YAML.

    Raises `SourceError` naming the file, the place and the cause, and `PluginError` where YAML is
    not installed.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise SourceError(path, "this is not UTF-8 text", place=f"byte {error.start}") from None
    except OSError as error:
        raise SourceError(path, (error.strerror or str(error)).lower()) from None
    return loads(text, source=path, yaml=path.suffix.lower() in {".yaml", ".yml"})


@cache
def json_schema() -> dict[str, Any]:
    """Return the published JSON schema of a script."""
    text = files("stickgen.llm").joinpath("script.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def build_json_schema() -> dict[str, Any]:
    """Return the JSON schema as the models define it; the published file is a copy of it."""
    schema = ScriptDocument.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _json(text: str, source: object) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise SourceError(
            source, f"this is not JSON ({error.msg.lower()})", place=f"line {error.lineno}"
        ) from None
    except (RecursionError, ValueError) as error:
        raise SourceError(source, f"this is not JSON ({type(error).__name__})") from None


def _yaml(text: str, source: object) -> object:
    yaml = _yaml_module(f"{source}: reading YAML")
    if any(isinstance(token, yaml.AliasToken) for token in _tokens(yaml, text, source)):
        raise SourceError(source, "aliases (*name) are not allowed in a script")
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise _not_yaml(error, source) from None


def _tokens(yaml: Any, text: str, source: object) -> list[object]:
    try:
        return list(yaml.scan(text))
    except (yaml.YAMLError, RecursionError) as error:
        raise _not_yaml(error, source) from None


def _not_yaml(error: Exception, source: object) -> SourceError:
    mark = getattr(error, "problem_mark", None)
    cause = getattr(error, "problem", None) or type(error).__name__
    return SourceError(
        source, f"this is not YAML ({cause})", place=f"line {mark.line + 1}" if mark else None
    )


def _refused(error: ValidationError, source: object) -> DataError:
    """Return one sentence about the first thing wrong, saying how many more there are."""
    problems = error.errors(include_url=False, include_context=False)
    first = problems[0]
    key = ".".join(str(part) for part in first["loc"] if not _is_branch(part))
    message = first["msg"].removeprefix("Value error, ")
    message = message[:1].lower() + message[1:]
    if first["type"] == "extra_forbidden":
        known = [
            name
            for model in (ScriptDocument, RoleDocument, BeatDocument)
            for name in model.model_fields
        ]
        near = difflib.get_close_matches(str(first["loc"][-1]), known, n=1)
        message = "this key is not known" + (f"; did you mean {near[0]!r}?" if near else "")
    elif first["type"] == "missing":
        message = "this key is missing"
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    place = f"key {key!r}" if key else None
    return SourceError(source, f"{message}{more}", place=place)


def _is_branch(part: object) -> bool:
    """Whether *part* of a location is pydantic's name for a branch of a union, and no key."""
    return isinstance(part, str) and (
        part in {"int", "str", "float", "constrained-int", "constrained-str"} or "[" in part
    )
