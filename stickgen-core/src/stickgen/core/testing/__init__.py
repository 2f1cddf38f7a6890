"""For authors of plugins: contract tests to subclass, and pytest fixtures.

A plugin proves itself in six lines::

    from stickgen.core.testing import ExporterContract


    class TestAscii(ExporterContract):
        name = "txt"

**Contents**
    - `ConverterContract`, `GeneratorContract`, `RendererContract`, `ExporterContract`,
      `TextEncoderContract`, `ImageEncoderContract`, `FusionContract`, `LLMBackendContract`,
      `StagerContract`, `MetricContract`: the contracts; each test says what it wants in its name.
    - `standing`, `tiny_motion`, `tiny_scene`: a figure of three frames that never changes;
      `StillGenerator`: a generator of it.
    - `install`: writes a small distribution, to test what finds plugins.
    - The pytest fixtures ``tiny_motion``, ``tiny_scene``, ``isolated_registries`` and
      ``no_network`` are there wherever stickgen-core and pytest are installed.

The contracts need pytest; the figures do not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stickgen.core.testing.contracts import ConverterContract as ConverterContract
    from stickgen.core.testing.contracts import ExporterContract as ExporterContract
    from stickgen.core.testing.contracts import FusionContract as FusionContract
    from stickgen.core.testing.contracts import GeneratorContract as GeneratorContract
    from stickgen.core.testing.contracts import ImageEncoderContract as ImageEncoderContract
    from stickgen.core.testing.contracts import LLMBackendContract as LLMBackendContract
    from stickgen.core.testing.contracts import MetricContract as MetricContract
    from stickgen.core.testing.contracts import PluginContract as PluginContract
    from stickgen.core.testing.contracts import RendererContract as RendererContract
    from stickgen.core.testing.contracts import StagerContract as StagerContract
    from stickgen.core.testing.contracts import TextEncoderContract as TextEncoderContract
    from stickgen.core.testing.figures import StillGenerator as StillGenerator
    from stickgen.core.testing.figures import standing as standing
    from stickgen.core.testing.figures import tiny_motion as tiny_motion
    from stickgen.core.testing.figures import tiny_scene as tiny_scene
    from stickgen.core.testing.installed import install as install

_FIGURES = ("StillGenerator", "standing", "tiny_motion", "tiny_scene")
_CONTRACTS = (
    "ConverterContract",
    "ExporterContract",
    "FusionContract",
    "GeneratorContract",
    "ImageEncoderContract",
    "LLMBackendContract",
    "MetricContract",
    "PluginContract",
    "RendererContract",
    "StagerContract",
    "TextEncoderContract",
)

_HOMES = {
    **dict.fromkeys(_CONTRACTS, "contracts"),
    **dict.fromkeys(_FIGURES, "figures"),
    "install": "installed",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
