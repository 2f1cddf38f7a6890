"""`Settings`: how to train, and the YAML files that say so.

A file holds the fields of `Settings` by name; ``losses`` and ``corruption`` are tables of their
own. Ready-made ones are called ``small``, ``small-sft``, ``small-lora`` and so on for medium and
large. What is said on the command line wins over the environment, and that over the file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from difflib import get_close_matches
from importlib import resources
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from stickgen.core.actions import action
from stickgen.core.errors import SourceError, UsageError


@dataclass(frozen=True)
class LossWeights:
    """How much each term counts; see `stickgen.train.objective`."""

    flow: float = 1.0
    plan: float = 1.0
    position: float = 0.5
    velocity: float = 1.0
    smoothness: float = 0.03
    travel: float = 0.3
    contact: float = 0.3
    bones: float = 0.3
    action: float = 0.02
    heads: float = 0.02


@dataclass(frozen=True)
class Corruption:
    """What is done to a batch before the model sees it; shares of clips, 0-1."""

    planner: float = 0.35
    """Clips that teach the planner; the others teach the refiner."""
    no_text: float = 0.2
    no_labels: float = 0.35
    nothing: float = 0.1
    """Clips without any condition, for guidance."""
    planned: float = 0.5
    """Clips of the refiner's part that start from a (spoilt) plan, the others from noise."""
    plan_noise: float = 0.6
    """Largest deviation of the noise on a plan."""
    start_noise: float = 0.35
    """Deviation of the noise added to a plan before the first step of the refiner."""
    keyed: float = 0.3
    """Clips of which some frames are given exactly."""
    prefix_noise: float = 0.3
    """Largest deviation of the noise on what the planner has seen."""
    no_source: float = 0.1
    no_style: float = 0.5
    no_image: float = 0.3
    no_partner: float = 0.3
    draws: int = 3
    """Times drawn for each token of the planner's flow network."""


@dataclass(frozen=True)
class Adapters:
    """Low-rank adapters (LoRA, Hu et al. 2021) instead of the whole model."""

    rank: int = 8
    alpha: int = 16
    dropout: float = 0.05


@dataclass(frozen=True)
class Settings:
    """How to train."""

    variant: str = "small"
    stage: str = "pretrain"
    """pretrain, sft or lora, of which the last two begin from the weights of ``init_from``; or
    picture, which trains what reads poses from pictures (`stickgen.train.picture_pose`).
    """
    init_from: str | None = None
    resume_from: str | None = None
    image: str | None = None
    """Image encoder by its name in the registry: train on pictures of each first pose, too."""
    fusion: str | None = None
    """Fusion of text, picture and camera by its name; gated if there is an image encoder."""
    picture_size: int = 64
    """Pixels of the side of such a picture."""
    pictures: int = 64
    """Pictures of a batch in the stage picture, which trains what reads poses from pictures."""
    reuse: int = 8
    """How often such a picture is shown, half of the times mirrored."""
    encoder: str = "static"
    """Text encoder by its name in the registry."""
    seed: int = 0
    steps: int = 3000
    epochs: float | None = None
    """If given, steps are counted from it: one epoch shows as many frames as there are."""
    tokens: int = 1024
    """Tokens (of four frames) of a batch."""
    accumulate: int = 1
    """Batches whose gradients are summed before a step."""
    windows: dict[int, float] = field(
        default_factory=lambda: {48: 0.25, 80: 0.35, 128: 0.25, 252: 0.15}
    )
    """Lengths of windows in frames, and how often each is drawn."""
    learning_rate: float = 1e-3
    weight_decay: float = 0.01
    warmup: int = 60
    final_rate: float = 0.03
    """Learning rate at the end, as a part of the highest."""
    clip: float = 1.0
    ema: float = 0.995
    dropout: float = 0.0
    precision: str = "fp32"
    shares: dict[str, float] = field(
        default_factory=lambda: {"real": 0.45, "procedural": 0.35, "composed": 0.2}
    )
    balance: float = 0.5
    """0: every action is seen as often, 1: as often as there are frames of it."""
    emphasis: dict[str, float] = field(default_factory=dict)
    """How much more often than the others the named actions are seen."""
    validate_every: int = 200
    patience: int = 0
    """Validations without a better one after which training ends; 0: never."""
    save_minutes: float = 5.0
    minutes: float | None = None
    """Wall-clock limit; the learning rate comes down in time for it."""
    tensorboard: bool = False
    wandb: str | None = None
    """Project of Weights & Biases that the losses are sent to."""
    lora: Adapters | None = None
    losses: LossWeights = field(default_factory=LossWeights)
    corruption: Corruption = field(default_factory=Corruption)


def names() -> list[str]:
    """Return the names of the ready-made configurations."""
    folder = resources.files("stickgen.train") / "configs"
    return sorted(
        f.name.removesuffix(".yaml") for f in folder.iterdir() if f.name.endswith(".yaml")
    )


def read(config: str, changes: Sequence[str] = ()) -> Settings:
    """Return the settings of a YAML file or a ready-made configuration, with *changes*
    ``key=value`` (``losses.contact=0.5``).

    Raises `SourceError` for a file that cannot be read and `UsageError` for a key or a value that
    cannot be.
    """
    import yaml

    path = Path(config)
    if path.suffix in (".yaml", ".yml") or path.is_file():
        where = config
        try:
            text = path.read_text("utf-8")
        except OSError as error:
            raise SourceError(path, f"cannot be read: {error.strerror}") from None
    elif config in names():
        where = f"configuration {config}"
        text = (resources.files("stickgen.train") / "configs" / f"{config}.yaml").read_text("utf-8")
    else:
        near = get_close_matches(config, names(), n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(names())}"
        raise UsageError(f"no configuration is called {config!r} and no file is; {hint}")
    try:
        values = yaml.safe_load(text) or {}
        for change in changes:
            key, sign, value = change.partition("=")
            if not sign:
                raise UsageError(f"{change!r} is not key=value")
            _put(values, key.strip().split("."), yaml.safe_load(value))
    except yaml.YAMLError as error:
        raise SourceError(path, f"not YAML ({str(error).splitlines()[0]})") from None
    settings: Settings = _fitted(Settings, values, where)
    return _checked(settings, where)


def _put(values: Any, keys: list[str], value: Any) -> None:
    for key in keys[:-1]:
        inner = values.get(key)
        values[key] = values = inner if isinstance(inner, dict) else {}
    values[keys[-1]] = value


def _fitted(kind: Any, values: Any, where: str) -> Any:
    """Return the dataclass *kind* filled from a mapping, checked field by field."""
    if not isinstance(values, Mapping):
        raise UsageError(f"{where}: expected a table of settings, not {values!r}")
    hints = get_type_hints(kind)
    known = {f.name for f in fields(kind)}
    out = {}
    for key, value in values.items():
        if key not in known:
            near = get_close_matches(str(key), known, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise UsageError(f"{where}: no setting is called {key!r}{hint}")
        out[key] = _value(hints[key], value, f"{where}: {key}")
    return kind(**out)


def _value(hint: Any, value: Any, where: str) -> Any:
    """Return *value* as what *hint* asks for."""
    options = [o for o in get_args(hint) if o is not type(None)] or [hint]
    if value is None and type(None) in get_args(hint):
        return None
    if get_origin(hint) is dict:
        key, inner = get_args(hint)
        if not isinstance(value, Mapping):
            raise UsageError(f"{where} is {value!r}, expected a table")
        return {_value(key, k, where): _value(inner, v, where) for k, v in value.items()}
    kind = options[0]
    if is_dataclass(kind):
        return _fitted(kind, value, where)
    if kind is float and isinstance(value, str):
        # YAML 1.1 reads 1e-4 as text
        try:
            return float(value)
        except ValueError:
            pass
    if kind is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if kind is int and isinstance(value, int) and not isinstance(value, bool):
        return value
    if kind in (bool, str) and isinstance(value, kind):
        return value
    raise UsageError(f"{where} is {value!r}, expected {getattr(kind, '__name__', kind)}")


def _checked(s: Settings, where: str) -> Settings:
    """Return *s* unchanged, or raise `UsageError` naming what cannot be."""
    from stickgen.train.model import VARIANTS

    def refuse(text: str) -> None:
        raise UsageError(f"{where}: {text}")

    if s.variant not in VARIANTS:
        refuse(f"unknown variant {s.variant!r}; choose from {', '.join(VARIANTS)}")
    if s.stage not in ("pretrain", "sft", "lora", "picture"):
        refuse(f"unknown stage {s.stage!r}; choose from pretrain, sft, lora, picture")
    if s.precision not in ("fp32", "bf16", "fp16"):
        refuse(f"unknown precision {s.precision!r}; choose from fp32, bf16, fp16")
    for name in ("steps", "tokens", "accumulate", "pictures", "reuse"):
        if getattr(s, name) < 1:
            refuse(f"{name} is {getattr(s, name)}; it must be at least 1")
    if not s.windows or any(frames < 8 or frames % 4 for frames in s.windows):
        refuse("windows must be lengths in frames of at least 8 that four divides")
    if s.picture_size < 32 or s.picture_size % 16:
        refuse(f"picture_size is {s.picture_size}; it must be at least 32 and 16 must divide it")
    if not s.learning_rate > 0:
        refuse(f"learning_rate is {s.learning_rate}; it must be more than 0")
    if (s.stage == "lora") != (s.lora is not None):
        refuse("stage lora and the table lora belong together")
    for name in s.emphasis:
        action(name)
    return s


def with_epochs(s: Settings, frames: int) -> Settings:
    """Return *s* with its epochs over *frames* training frames turned into steps."""
    if s.epochs is None:
        return s
    each = max(1, round(frames / (4 * s.tokens * s.accumulate)))
    return replace(s, steps=max(1, round(s.epochs * each)))
