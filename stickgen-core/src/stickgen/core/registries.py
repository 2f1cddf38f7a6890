"""The registries: one per kind of plugin, each with the names that an extra would bring.

Importing this module imports no plugin, no numpy and nothing outside the standard library.

**Contents**
    - `converters`, `text_encoders`, `image_encoders`, `fusions`, `generators`, `renderers`,
      `exporters`, `styles`, `llm_backends`, `stagers`, `metrics`, `commands`: the registries.
    - `ALL`: all of them by the word ``stickgen plugins list KIND`` takes.
    - `exporter_for`: the exporter that a file name asks for by its suffix.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final

from stickgen.core.errors import UsageError
from stickgen.core.registry import PREFIX, Registry, UnknownPlugin, install_command

if TYPE_CHECKING:
    import click

    from stickgen.core.protocols import (
        Converter,
        Exporter,
        Fusion,
        Generator,
        ImageEncoder,
        LLMBackend,
        Metric,
        Renderer,
        Stager,
        Style,
        TextEncoder,
    )

HOOKS: Final = PREFIX + "hooks"
"""The thirteenth group: modules of hooks, which are not chosen but all called."""

_BASE = "stickgen"
_DATASETS = "stickgen[datasets]"
_TRAIN = "stickgen[train]"

MODULES: Final[dict[str, str]] = {
    "av": _BASE,
    "bvh": _DATASETS,
    "cairo": "stickgen[cairo]",
    "cairocffi": _BASE,
    "httpx": _BASE,
    "isal": _BASE,
    "onnxruntime": "stickgen[small]",
    "PIL": _BASE,
    "pyarrow": "stickgen[store]",
    "pydantic": _BASE,
    "scipy": _DATASETS,
    "sentence_transformers": _TRAIN,
    "torch": _TRAIN,
}
"""Third-party modules of our own plugins, each with the requirement that brings it."""


def _registry(
    plural: str,
    kind: str,
    known: dict[str, str] | None = None,
    api: tuple[int, int] | None = (1, 1),
) -> Registry[Any]:
    return Registry(PREFIX + plural, kind, api=api, known=known, modules=MODULES)


_CONVERTERS: Final = (
    "100style aist amass babel bandai beat bvh cmu deepmimic gltf humanml3d interhuman kit_ml"
    " lsmb19 ntu"
)
converters: Final[Registry[Converter]] = _registry(
    "converters", "converter", dict.fromkeys(_CONVERTERS.split(), _DATASETS)
)
text_encoders: Final[Registry[TextEncoder]] = _registry(
    "text_encoders",
    "text encoder",
    {"hash": _DATASETS, "static": _BASE, "sentence-transformers": _TRAIN},
)
image_encoders: Final[Registry[ImageEncoder]] = _registry("image_encoders", "image encoder")
fusions: Final[Registry[Fusion]] = _registry("fusions", "fusion")
generators: Final[Registry[Generator]] = _registry("generators", "generator", {"procedural": _BASE})
renderers: Final[Registry[Renderer]] = _registry(
    "renderers", "renderer", {"cairo": _BASE, "pillow": _BASE}
)
_EXPORTERS: Final = (
    "mp4 webm gif webp apng png sheet.png onion.png svg html lottie lottie.json bvh glb"
)
exporters: Final[Registry[Exporter]] = _registry(
    "exporters", "exporter", dict.fromkeys(_EXPORTERS.split(), _BASE)
)
styles: Final[Registry[Style]] = _registry(
    "styles", "style", {"normal": _BASE, "sketch": _BASE, "ink": _BASE, "neon": _BASE}
)
llm_backends: Final[Registry[LLMBackend]] = _registry(
    "llm_backends",
    "LLM backend",
    dict.fromkeys(("rules", "ollama", "openai", "grok", "replay"), _BASE),
)
stagers: Final[Registry[Stager]] = _registry("stagers", "stager", {"theatre": _BASE})
metrics: Final[Registry[Metric]] = _registry(
    "metrics", "metric", {"kinematic": _TRAIN, "contacts": _TRAIN}
)
commands: Final[Registry[click.Command]] = _registry(
    "commands",
    "command",
    {
        "bench": _TRAIN,
        "convert": _DATASETS,
        "data": _DATASETS,
        "eval": _TRAIN,
        "parallax": _BASE,
        "story": _BASE,
        "ui": _BASE,
        "view": _BASE,
    },
    api=None,
)

ALL: Final[dict[str, Registry[Any]]] = {
    registry.group.removeprefix(PREFIX): registry
    for registry in (
        converters,
        text_encoders,
        image_encoders,
        fusions,
        generators,
        renderers,
        exporters,
        styles,
        llm_backends,
        stagers,
        metrics,
        commands,
    )
}


def exporter_for(path: str | os.PathLike[str]) -> tuple[str, Callable[..., Exporter]]:
    """Return the name of the exporter that serves *path*, and its factory (imports that one).

    The longest registered suffix wins: ``a.sheet.png`` is served by ``sheet.png`` where that is
    installed, else by ``png``; ``frames_%04d.png`` by ``png``. Upper and lower case are the same.

    Raises `UsageError` for a name without a suffix, `UnknownPlugin` for a suffix nobody serves.
    """
    name = PurePath(path).name
    if "." not in name.strip("."):
        raise UsageError(
            f"output {os.fspath(path)!r} has no suffix to tell its format by;"
            f" suffixes: {_suffixes(exporters)}"
        )
    tails = name.lower().split(".")
    candidates = [".".join(tails[i:]) for i in range(1, len(tails))]
    by_suffix = {suffix.lower(): suffix for suffix in exporters}
    for candidate in candidates:
        if candidate in by_suffix:
            return by_suffix[candidate], exporters.get(by_suffix[candidate])
    known = next((exporters.known[c] for c in candidates if c in exporters.known), None)
    off = [distribution for c in candidates for distribution in exporters.switched_off(c)]
    hint = ""
    if off:
        hint = f"; {off[0]}, which does, is switched off"
    elif known:
        hint = f"; it comes with: {install_command(known)}"
    raise UnknownPlugin(
        f"no exporter writes '.{candidates[-1]}' files ({os.fspath(path)}){hint};"
        f" suffixes: {_suffixes(exporters)}"
    )


def _suffixes(registry: Registry[Any]) -> str:
    return ", ".join(registry) or "none installed"
