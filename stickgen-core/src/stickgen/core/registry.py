"""Finding plugins by entry point and loading one by name. Stdlib only.

A *registry* is for things of which the user picks one by name (a hook is called on everyone
installed, see `stickgen.core.hooks`). Listing a registry imports nothing; getting a name imports
that one plugin; a broken plugin is a value in `Registry.status` and an error only when it is used.

**Environment**
    - ``STICKGEN_PLUGINS``: ``none`` leaves only stickgen's own distributions, ``a,b`` those and
      the distributions a and b; unset takes everything installed.
    - ``STICKGEN_NO_PLUGIN``: distributions to leave out, separated by commas or blanks
      (``stickgen --no-plugin X`` sets it, so worker processes follow).

    A distribution may be named without its ``stickgen-plugin-`` or ``stickgen-``.

**Contents**
    - `PluginRef`, `PluginStatus`: what is known before and after loading.
    - `Registry`: the registry of one kind.
    - `UnknownPlugin`, `AmbiguousPlugin`, `PluginLoadError`, `IncompatiblePlugin`: the errors.
    - `discover`, `refresh`, `distributions`, `switched_off`: the entry points themselves.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Generic, TypeVar

from stickgen.core.entry_points import providers, target
from stickgen.core.errors import PluginError, StickgenError, UsageError

T = TypeVar("T")

PREFIX: Final = "stickgen."
"""What the name of every entry point group of ours starts with."""

OWN: Final = (
    "stickgen-core",
    "stickgen-datasets",
    "stickgen-render",
    "stickgen-llm",
    "stickgen-train",
    "stickgen-procedural",
    "stickgen-model-small",
)
"""Distributions that ``STICKGEN_PLUGINS`` does not leave out."""

HERE: Final = "this process"
"""Distribution of what was registered by `Registry.register`."""


class UnknownPlugin(PluginError):  # noqa: N818 - reads as what it is
    """Nothing installed has that name."""


class AmbiguousPlugin(PluginError):  # noqa: N818 - reads as what it is
    """Two distributions provide that name."""


class PluginLoadError(PluginError):
    """A plugin is installed and cannot be imported or started."""


class IncompatiblePlugin(PluginError):  # noqa: N818 - reads as what it is
    """A plugin was written for another version of the interface."""


class PluginWarning(UserWarning):
    """A plugin was left out; the message says which and why."""


@dataclass(frozen=True, slots=True)
class PluginRef:
    """An installed plugin, known from metadata alone.

    ``value`` is the entry point's target (``module:attribute``).
    """

    group: str
    name: str
    value: str
    distribution: str
    version: str

    @property
    def qualified(self) -> str:
        """The name that is never ambiguous: ``distribution:name``."""
        return f"{self.distribution}:{self.name}"

    @property
    def origin(self) -> str:
        """Distribution and version as one reads them in a sentence."""
        return f"{self.distribution} {self.version}".rstrip()


@dataclass(frozen=True, slots=True)
class PluginStatus:
    """What became of loading a plugin; ``error`` is None when all is well."""

    ref: PluginRef
    error: PluginError | None = None

    @property
    def state(self) -> str:
        """One of ok, broken, incompatible, ambiguous."""
        match self.error:
            case None:
                return "ok"
            case IncompatiblePlugin():
                return "incompatible"
            case AmbiguousPlugin():
                return "ambiguous"
            case _:
                return "broken"


# -- entry points --------------------------------------------------------------------------------


def _canonical(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution.strip()).lower()


def _names(text: str) -> tuple[str, ...]:
    return tuple(_canonical(name) for name in re.split(r"[,\s]+", text) if name)


def _is_called(distribution: str, name: str) -> bool:
    """Whether *distribution* may be called *name*: in full, or without its usual prefix."""
    full = _canonical(distribution)
    return name in (full, full.removeprefix("stickgen-plugin-"), full.removeprefix("stickgen-"))


@cache
def _scan(path: tuple[str, ...]) -> dict[str, tuple[PluginRef, ...]]:
    """Return every entry point of ours on *path*, by group.

    Of two distributions with the same name the first on the path counts, as for an import.
    """
    groups: dict[str, list[PluginRef]] = {}
    seen: set[str] = set()
    for dist in providers(path, PREFIX):
        if _canonical(dist.name) in seen:
            continue
        seen.add(_canonical(dist.name))
        for group, name, value in dist.points:
            ref = PluginRef(group, name, value, dist.name, dist.version)
            groups.setdefault(group, []).append(ref)
    return {
        group: tuple(sorted(refs, key=lambda ref: (ref.name, ref.distribution)))
        for group, refs in groups.items()
    }


def refresh() -> None:
    """Forget what was found: after installing a package into the running process."""
    import importlib

    importlib.invalidate_caches()
    _scan.cache_clear()


def _installed() -> dict[str, tuple[PluginRef, ...]]:
    return _scan(tuple(sys.path))


def _taken(distribution: str) -> bool:
    """Whether the environment leaves *distribution* in."""
    if any(
        _is_called(distribution, name) for name in _names(os.environ.get("STICKGEN_NO_PLUGIN", ""))
    ):
        return False
    wanted = os.environ.get("STICKGEN_PLUGINS")
    if wanted is None or not wanted.strip() or _canonical(distribution) in OWN:
        return True
    return any(_is_called(distribution, name) for name in _names(wanted))


def discover(group: str) -> tuple[PluginRef, ...]:
    """Return the plugins of *group* that are installed and not switched off; imports nothing."""
    return tuple(ref for ref in _installed().get(group, ()) if _taken(ref.distribution))


def distributions() -> tuple[str, ...]:
    """Return the distributions that provide plugins, switched off or not, in alphabetical order."""
    return tuple(sorted({ref.distribution for refs in _installed().values() for ref in refs}))


def switched_off() -> tuple[str, ...]:
    """Return the installed distributions that the environment leaves out.

    A name in the environment that nothing installed has raises `UsageError`.
    """
    installed = distributions()
    for variable in ("STICKGEN_PLUGINS", "STICKGEN_NO_PLUGIN"):
        for name in _names(os.environ.get(variable, "")):
            if name == "none" and variable == "STICKGEN_PLUGINS":
                continue
            if not any(_is_called(distribution, name) for distribution in (*installed, *OWN)):
                where = "--no-plugin" if variable == "STICKGEN_NO_PLUGIN" else variable
                raise UsageError(
                    f"{where} names {name!r}, which no installed plugin is called"
                    f"{_did_you_mean(name, installed)}; installed: {', '.join(installed) or 'none'}"
                )
    return tuple(name for name in installed if not _taken(name))


def _did_you_mean(name: str, candidates: tuple[str, ...]) -> str:
    import difflib

    near = difflib.get_close_matches(name, candidates, n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


# -- one kind ------------------------------------------------------------------------------------


class Registry(Generic[T]):
    """The plugins of one kind, by name.

    Args:
        group: the entry point group, ``stickgen.converters``.
        kind: what one of them is called in a sentence, ``converter``.
        api: the oldest and the newest ``api_version`` this core speaks; None checks nothing.
        known: names that are not always installed, each with the requirement that brings it.
        modules: top-level modules plugins may lack, each with the requirement that brings it.
    """

    def __init__(
        self,
        group: str,
        kind: str,
        *,
        api: tuple[int, int] | None = (1, 1),
        known: Mapping[str, str] | None = None,
        modules: Mapping[str, str] | None = None,
    ) -> None:
        self.group = group
        self.kind = kind
        self.api = api
        self.known = dict(known or {})
        self.modules = dict(modules or {})
        self._registered: dict[str, Callable[..., T]] = {}

    def __repr__(self) -> str:
        return f"Registry({self.group!r})"

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names in alphabetical order, each once; imports nothing."""
        return iter(sorted({ref.name for ref in self.refs()}))

    def __contains__(self, name: object) -> bool:
        return any(name in (ref.name, ref.qualified) for ref in self.refs())

    def refs(self) -> tuple[PluginRef, ...]:
        """Return every plugin of this kind, two with the same name as two; imports nothing."""
        here = tuple(
            PluginRef(self.group, name, f"{_home(factory)}", HERE, "")
            for name, factory in self._registered.items()
        )
        return tuple(sorted(discover(self.group) + here, key=lambda r: (r.name, r.distribution)))

    def resolve(self, name: str) -> PluginRef:
        """Return the plugin called *name* (or ``distribution:name``); imports nothing.

        Raises `UnknownPlugin` or `AmbiguousPlugin`.
        """
        refs = self.refs()
        found = [ref for ref in refs if name == ref.name] or [
            ref for ref in refs if _matches(ref, name)
        ]
        if len(found) == 1:
            return found[0]
        if found:
            raise self._ambiguous(name, found)
        raise UnknownPlugin(self._unknown(name))

    def get(self, name: str) -> Callable[..., T]:
        """Import the plugin called *name* and return its class or factory.

        Raises `UnknownPlugin`, `AmbiguousPlugin`, `PluginLoadError` or `IncompatiblePlugin`.
        """
        return self._load(self.resolve(name))

    def create(self, name: str, /, **config: object) -> T:
        """Return an instance of the plugin called *name*, made with *config*.

        Raises what `get` raises, `UsageError` for a setting it does not take, and
        `PluginLoadError` when it cannot be started.
        """
        ref = self.resolve(name)
        factory = self._load(ref)
        if config:
            self._check_config(ref, factory, config)
        try:
            return factory(**config)
        except StickgenError:
            raise
        except Exception as error:
            raise PluginLoadError(self._broken(ref, "start", error)) from error

    def register(self, name: str, factory: Callable[..., T]) -> None:
        """Add *factory* under *name* for this process: in a notebook or a test.

        It stands beside installed plugins and never replaces one: a name that is taken becomes
        ambiguous. Registering the name again replaces what this process registered before.
        """
        self._registered[name] = factory

    def status(self) -> tuple[PluginStatus, ...]:
        """Import every plugin of this kind and return what became of each; never raises for one."""
        refs = self.refs()
        result = []
        for ref in refs:
            twins = [other for other in refs if other.name == ref.name]
            error: PluginError | None = None
            try:
                self._load(ref)
                if len(twins) > 1:
                    error = self._ambiguous(ref.name, twins)
            except PluginError as failure:
                error = failure
            result.append(PluginStatus(ref, error))
        return tuple(result)

    # -- loading and the sentences -------------------------------------------------------------

    def _load(self, ref: PluginRef) -> Callable[..., T]:
        if ref.distribution == HERE:
            factory = self._registered[ref.name]
        else:
            try:
                factory = target(ref.value)
            except (Exception, SystemExit) as error:
                raise PluginLoadError(self._broken(ref, "import", error)) from error
        self._check_api(ref, factory)
        return factory

    def _check_api(self, ref: PluginRef, factory: object) -> None:
        if self.api is None:
            return
        low, high = self.api
        version = getattr(factory, "api_version", None)
        if isinstance(version, int) and low <= version <= high:
            return
        speaks = f"api {low}" if low == high else f"api {low} to {high}"
        says = "declares no api_version" if version is None else f"speaks api {version}"
        raise IncompatiblePlugin(
            f"{self.kind} {ref.name!r} from {ref.origin} {says}, this stickgen-core speaks"
            f" {speaks}; {_remedy(version, high, ref.distribution)}"
        )

    def _check_config(
        self, ref: PluginRef, factory: Callable[..., T], config: dict[str, Any]
    ) -> None:
        import inspect

        try:
            parameters = inspect.signature(factory).parameters.values()
        except ValueError:
            return
        if any(p.kind is p.VAR_KEYWORD for p in parameters):
            return
        takes = [p.name for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
        for key in config:
            if key not in takes:
                raise UsageError(
                    f"{self.kind} {ref.name!r} has no setting {key!r}"
                    f"{_did_you_mean(key, tuple(takes))}; it has: {', '.join(takes) or 'none'}"
                )

    def _broken(self, ref: PluginRef, verb: str, error: BaseException) -> str:
        return failure_sentence(self.kind, ref, verb, error, self.modules)

    def _ambiguous(self, name: str, refs: list[PluginRef]) -> AmbiguousPlugin:
        times = "twice" if len(refs) == 2 else f"{len(refs)} times"
        return AmbiguousPlugin(
            f"{self.kind} {name!r} is provided {times}; say which:"
            f" {', '.join(ref.qualified for ref in refs)}, or switch one off with --no-plugin"
        )

    def switched_off(self, name: str) -> tuple[str, ...]:
        """Return the distributions that have a plugin called *name* and are left out."""
        refs = _installed().get(self.group, ())
        return tuple(r.distribution for r in refs if r.name == name and not _taken(r.distribution))

    def _unknown(self, name: str) -> str:
        installed = tuple(self)
        parts = [f"unknown {self.kind} {name!r}"]
        off = self.switched_off(name)
        requirement = None if off else self.known.get(name)
        if off:
            parts.append(f"{off[0]}, which has it, is switched off")
        elif requirement is None:
            import difflib

            near = difflib.get_close_matches(name, (*installed, *self.known), n=1)
            if near:
                parts.append(f"did you mean {near[0]!r}?")
                requirement = self.known.get(near[0]) if near[0] not in installed else None
        if requirement is not None:
            parts.append(f"it comes with: {install_command(requirement)}")
        parts.append(f"installed: {', '.join(installed) or 'none'}")
        return "; ".join(parts)


def failure_sentence(
    kind: str, ref: PluginRef, verb: str, error: BaseException, modules: Mapping[str, str]
) -> str:
    """Return the sentence that says why *ref* failed to *verb*, and which extra would help."""
    text = " ".join(str(error).split())
    cause = f"{type(error).__name__}: {text}" if text else type(error).__name__
    hint = missing_module_hint(error, modules)
    return f"{kind} {ref.name!r} from {ref.origin} failed to {verb}: {cause}" + (
        f"; it comes with: {hint}" if hint else ""
    )


def missing_module_hint(error: BaseException, modules: Mapping[str, str]) -> str | None:
    """Return the command that installs the module whose absence *error* reports, or None."""
    if not isinstance(error, ModuleNotFoundError) or not error.name:
        return None
    requirement = modules.get(error.name.partition(".")[0])
    return install_command(requirement) if requirement else None


def install_command(requirement: str) -> str:
    """Return the shell command that installs *requirement*, quoted where brackets need it."""
    return f'pip install "{requirement}"' if "[" in requirement else f"pip install {requirement}"


def _matches(ref: PluginRef, name: str) -> bool:
    distribution, colon, short = name.rpartition(":")
    return (
        bool(colon)
        and short == ref.name
        and _canonical(distribution) == _canonical(ref.distribution)
    )


def _remedy(version: object, newest: int, distribution: str) -> str:
    if isinstance(version, int) and version > newest:
        return "upgrade stickgen: pip install --upgrade stickgen-core"
    return f"upgrade the plugin: pip install --upgrade {distribution}"


def _home(factory: Callable[..., Any]) -> str:
    module = getattr(factory, "__module__", "?")
    return f"{module}:{getattr(factory, '__qualname__', type(factory).__name__)}"
