"""The seven hooks: everyone installed is called, to look on or to contribute.

A plugin publishes a module of hook implementations in the entry point group ``stickgen.hooks``::

    from stickgen.core.hooks import hookimpl


    @hookimpl
    def stickgen_provenance():
        return {"studio": "Ada & Sons"}

A module that cannot be imported, or that asks for a hook or an argument there is not, is left out
and reported once (`PluginWarning`, `failures`). A hook that raises while it runs is never hidden:
the exception goes on to the caller with a note naming the plugins that were called.

Choosing a renderer, changing a motion and adding a command are not hooks: use a registry.

**Contents**
    - `hookimpl`: the marker.
    - the seven ``stickgen_…`` functions: what is called, when, and what may be returned.
    - `manager`, `failures`: the plugins that are called, and those that could not be.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pluggy

from stickgen.core.entry_points import target
from stickgen.core.errors import PluginError
from stickgen.core.registries import HOOKS, MODULES
from stickgen.core.registry import (
    PluginLoadError,
    PluginRef,
    PluginStatus,
    PluginWarning,
    discover,
    failure_sentence,
)

if TYPE_CHECKING:
    from stickgen.core.types import Artifact, Clip, Motion, Scene, Script

hookspec = pluggy.HookspecMarker("stickgen")
hookimpl = pluggy.HookimplMarker("stickgen")
"""Marks a function as the implementation of the hook it is named after."""


@hookspec
def stickgen_clip_converted(clip: Clip, source: str) -> Iterable[Any] | None:
    """A converter has made *clip* from the file *source*; returns issues for the quality report."""


@hookspec
def stickgen_script_planned(prompt: str, script: Script) -> None:
    """A planner has turned *prompt* into *script*."""


@hookspec
def stickgen_motion_generated(prompt: str, motion: Motion) -> Iterable[Any] | None:
    """A motion has been generated for *prompt*; returns issues worth telling."""


@hookspec
def stickgen_draw_overlay(canvas: Any, frame: int, scene: Scene) -> None:
    """Frame number *frame* of *scene* is drawn; draw on top of it: a caption, a watermark."""


@hookspec
def stickgen_artifact_written(artifact: Artifact) -> None:
    """A file is complete and has its final name: upload it, open it, index it."""


@hookspec
def stickgen_train_event(event: Mapping[str, Any]) -> None:
    """Training has come to a step, an epoch or a checkpoint, as ``event["kind"]`` says."""


@hookspec
def stickgen_provenance() -> Mapping[str, Any] | None:
    """A file is about to be written; returns JSON-able facts to embed beside our own."""


def manager() -> pluggy.PluginManager:
    """Return the manager whose ``hook.stickgen_…(…)`` calls every installed implementation.

    Modules are imported at the first call; those that cannot be are warned of once.
    """
    return _load(discover(HOOKS))[0]


def failures() -> tuple[PluginStatus, ...]:
    """Return the hook modules that were left out, each with the reason."""
    return tuple(status for status in status() if status.error is not None)


def status() -> tuple[PluginStatus, ...]:
    """Import every hook module and return what became of each."""
    return _load(discover(HOOKS))[1]


@cache
def _load(refs: tuple[PluginRef, ...]) -> tuple[pluggy.PluginManager, tuple[PluginStatus, ...]]:
    plugins = pluggy.PluginManager("stickgen")
    plugins.add_hookspecs(import_module(__name__))
    result = []
    for ref in refs:
        error = _register(plugins, ref)
        if error is not None:
            warnings.warn(f"{error}; it is not called", PluginWarning, stacklevel=3)
        result.append(PluginStatus(ref, error))
    plugins.add_hookcall_monitoring(_before, _after)
    return plugins, tuple(result)


def _register(plugins: pluggy.PluginManager, ref: PluginRef) -> PluginError | None:
    """Add the module of *ref* to *plugins*, or leave it out and return why."""
    try:
        module = target(ref.value)
    except (Exception, SystemExit) as error:
        return PluginLoadError(failure_sentence("hook", ref, "import", error, MODULES))
    try:
        plugins.register(module, name=ref.qualified)
    except (pluggy.PluginValidationError, ValueError) as error:
        if plugins.has_plugin(ref.qualified):
            plugins.unregister(name=ref.qualified)
        return PluginLoadError(failure_sentence("hook", ref, "register", error, MODULES))
    unknown = [call.name for call in plugins.get_hookcallers(module) or () if not call.has_spec()]
    if unknown:
        plugins.unregister(name=ref.qualified)
        return PluginLoadError(
            f"hook {ref.name!r} from {ref.origin} implements {', '.join(sorted(unknown))},"
            " which is no hook of this stickgen-core"
        )
    return None


def _before(hook_name: str, impls: Iterable[pluggy.HookImpl], kwargs: Mapping[str, Any]) -> None:
    """Nothing happens before a call; pluggy wants both ends."""


def _after(
    outcome: pluggy.Result[Any],
    hook_name: str,
    impls: Iterable[pluggy.HookImpl],
    kwargs: Mapping[str, Any],
) -> None:
    if outcome.exception is not None:
        names = ", ".join(impl.plugin_name for impl in impls)
        outcome.exception.add_note(f"while calling hook {hook_name} on: {names}")
