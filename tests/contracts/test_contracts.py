"""The contract kit, run on every plugin that is installed.

A new plugin is under contract as soon as its entry point exists. A converter needs a small sample
of its data, so its contract stands with its own tests; one without is found here.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from stickgen.core import registries
from stickgen.core.cli.main import main
from stickgen.core.registry import PluginRef, distributions
from stickgen.core.testing import (
    ExporterContract,
    FusionContract,
    GeneratorContract,
    ImageEncoderContract,
    LLMBackendContract,
    MetricContract,
    PluginContract,
    RendererContract,
    StagerContract,
    TextEncoderContract,
)

CONTRACTS: dict[str, type[PluginContract]] = {
    "text_encoders": TextEncoderContract,
    "image_encoders": ImageEncoderContract,
    "fusions": FusionContract,
    "generators": GeneratorContract,
    "renderers": RendererContract,
    "exporters": ExporterContract,
    "llm_backends": LLMBackendContract,
    "stagers": StagerContract,
    "metrics": MetricContract,
}
NEEDS_A_DOWNLOAD = {"sentence-transformers", "ollama", "openai", "grok", "dual-phase"}
"""Plugins that need a model or a service from elsewhere; their own tests stand in for it."""


def _contract(kind: str, ref: PluginRef) -> type[PluginContract]:
    members: dict[str, Any] = {
        "name": ref.qualified,
        "test_importing_it_imports_no_torch": None,  # one process tells it of all of them, below
    }
    return type(f"Test_{kind}_{ref.name}", (CONTRACTS[kind],), members)


for _kind in CONTRACTS:
    for _ref in registries.ALL[_kind].refs():
        if _ref.name not in NEEDS_A_DOWNLOAD:
            _class = _contract(_kind, _ref)
            globals()[_class.__name__] = _class


def test_importing_plugins_imports_no_torch() -> None:
    modules = {
        ref.value.partition(":")[0]
        for registry in registries.ALL.values()
        for ref in registry.refs()
        if ref.distribution not in ("stickgen-train", "stickgen-plugin-broken")
    }
    program = (
        "import importlib, sys\nfor name in sys.argv[1:]:\n    importlib.import_module(name)\n"
        "    if 'torch' in sys.modules: sys.exit(f'importing {name} imports torch')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *sorted(modules)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_every_converter_of_ours_is_under_contract() -> None:
    tests = Path(__file__).parent.parent / "datasets"
    contracts = {
        name
        for path in tests.glob("test_*.py")
        for name in re.findall(
            r'^class Test\w*\(ConverterContract\):\n(?:    .*\n|\n)*?    name = "([\w-]+)"',
            path.read_text(),
            re.MULTILINE,
        )
    }
    ours = {ref.name for ref in registries.converters.refs() if "datasets" in ref.distribution}
    assert ours - contracts == set()


def test_every_known_name_is_a_real_one() -> None:
    """What a hint promises, the distribution that it names delivers."""
    installed = set(distributions())
    homes = {
        "stickgen": {
            "stickgen-render",
            "stickgen-llm",
            "stickgen-procedural",
            "stickgen-model-small",
        },
        "stickgen[datasets]": {"stickgen-datasets"},
        "stickgen[train]": {"stickgen-train"},
    }
    for registry in registries.ALL.values():
        for name, requirement in registry.known.items():
            if homes[requirement] <= installed:
                assert name in registry, f"{registry.kind} {name}"


def test_everything_that_is_installed_loads(capsys) -> None:
    assert main(["plugins", "check"]) == 0, capsys.readouterr().err


def test_doctor_finds_that_a_video_can_be_made(capsys) -> None:
    assert main(["doctor", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    broken = [row for row in told["checks"] if not row["ok"]]
    # nothing is trained yet, and doctor says so
    assert [row["name"] for row in broken if "needs a checkpoint" not in row["detail"]] == []
