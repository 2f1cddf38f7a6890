"""The pytest plugin of stickgen-core: four fixtures, loaded wherever pytest runs.

It is imported by every pytest of an environment, so it imports next to nothing itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from stickgen.core.types import Motion, Scene

pytest.register_assert_rewrite("stickgen.core.testing.contracts")


@pytest.fixture
def tiny_motion() -> Motion:
    """A figure that stands for three frames and raises a hand."""
    from stickgen.core.testing import figures

    return figures.tiny_motion()


@pytest.fixture
def tiny_scene() -> Scene:
    """Two such figures on a stage, with a ball and a caption."""
    from stickgen.core.testing import figures

    return figures.tiny_scene()


@pytest.fixture
def isolated_registries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing installed is found: a test sees only what it registers itself.

    What was registered before is put aside and comes back afterwards.
    """
    from stickgen.core import registries, registry

    monkeypatch.setattr(registry, "_installed", dict)
    for each in registries.ALL.values():
        monkeypatch.setattr(each, "_registered", {})


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens a connection or looks a host up fails the test; local sockets work."""
    import socket

    def guarded(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(self: socket.socket, *args: Any) -> Any:
            if self.family in (socket.AF_INET, socket.AF_INET6):
                pytest.fail(f"the network was used: {args!r}")
            return real(self, *args)

        return call

    def refuse(*args: object, **kwargs: object) -> None:
        pytest.fail(f"the network was used: {args!r}")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, guarded(getattr(socket.socket, name)))
    for name in ("create_connection", "getaddrinfo", "gethostbyname"):
        monkeypatch.setattr(socket, name, refuse)
