"""One question to a language model over HTTP: bounded in time and size, repeated with patience.

A key is read from the environment or the keyring at the moment it is used. It goes into one
request header and nowhere else; should a service send it back, it is blacked out.
"""

from __future__ import annotations

import importlib
import json
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from stickgen.core.errors import PluginError, ServiceError, UsageError

if TYPE_CHECKING:
    import httpx

MAX_BYTES: Final = 2_000_000
"""Largest answer that is taken from a service."""

_PASSING: Final = frozenset({429, 500, 502, 503, 504, 529})
_EXPLAINED: Final = frozenset({400, 404, 422})
_MEANING: Final[dict[int, str]] = {
    401: "the key is missing or not accepted",
    403: "the key may not do this",
    404: "there is no such model or address",
    413: "the story is too long for it",
    429: "too many requests, or the quota is used up",
}


class RefusedError(ServiceError):
    """The service answered with an HTTP status that trying again does not change."""

    def __init__(self, message: str, status: int) -> None:
        self.status = status
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long and how often a service is asked.

    ``timeout`` is the time for one answer in seconds, ``tries`` the number of requests at most,
    ``backoff`` the first pause in seconds (each next one is twice as long) and ``longest_pause``
    the longest one, also when the service names a later time (``Retry-After``).
    """

    timeout: float = 60.0
    tries: int = 3
    backoff: float = 0.5
    longest_pause: float = 30.0


def address(text: str, name: str) -> str:
    """Return the base URL *text* without a slash at its end.

    Raises `UsageError` naming the setting *name* for anything but plain http and https addresses;
    names and passwords have no place in it.
    """
    text = text.strip()
    try:
        parts = urlsplit(text)
        odd = parts.port == 0
    except ValueError:
        raise UsageError(f"{name} is not an address; write it like http://host:port/v1") from None
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise UsageError(
            f"{name} must hold neither a password nor anything after '?' or '#'; keys are read"
            " from the environment"
        )
    if odd or parts.scheme not in {"http", "https"} or not parts.hostname or not text.isascii():
        raise UsageError(f"{name} is not an address; write it like http://host:port/v1")
    return text.rstrip("/")


def key(names: Sequence[str]) -> str | None:
    """Return the first key found under *names* in the environment, then in the keyring, or None.

    In the keyring (if the package is installed) the service is ``stickgen`` and the user the name.
    Raises `ServiceError`, without the key, for one that no header can carry.
    """
    for name in names:
        found = os.environ.get(name, "").strip() or None
        if found:
            return _sound(found, name)
    try:
        keyring: Any = importlib.import_module("keyring")
        stored = [(name, keyring.get_password("stickgen", name)) for name in names]
    except Exception:  # not installed, locked, or without a backend
        return None
    return next((_sound(found.strip(), name) for name, found in stored if found), None)


def _sound(found: str, name: str) -> str:
    if not all("!" <= character <= "~" for character in found):
        raise ServiceError(f"the key in {name} holds a space or a sign that no key has")
    return found


def ask(
    url: str,
    payload: Mapping[str, object],
    *,
    name: str,
    secret: str | None,
    patience: Patience,
) -> Any:
    """Return the JSON that the service *name* answers to *payload* at *url*.

    Too many requests (429), errors of the server (5xx) and dropped connections are tried again
    after a pause. Raises `RefusedError` or `ServiceError`, one sentence that never holds *secret*.
    An interrupt (Ctrl-C) ends it at once, whatever it waits for.
    """
    try:
        import httpx
    except ImportError:
        raise PluginError("language models need httpx; install it: pip install httpx") from None
    headers = {"Accept-Encoding": "identity", "Content-Type": "application/json"}
    if secret:
        headers["Authorization"] = f"Bearer {secret}"
    tries = max(1, patience.tries)
    try:
        with _client(headers, url, patience.timeout) as client:
            for number in range(1, tries + 1):
                wait: float | None = None
                try:
                    status, reply, body = _post(client, url, payload, patience.timeout, name)
                    if status < 300:
                        return _json(_hidden(body, secret), name)
                    failure: ServiceError = _refusal(name, status, _hidden(body, secret))
                    if status not in _PASSING:
                        raise failure
                    wait = _retry_after(reply.get("retry-after"))
                except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError) as error:
                    failure = ServiceError(
                        f"{name} broke off the connection ({type(error).__name__}); try again"
                    )
                pause = patience.backoff * 2 ** (number - 1) if wait is None else wait
                if number == tries or pause > patience.longest_pause:
                    raise failure
                time.sleep(pause)
    except httpx.TimeoutException:
        raise _late(name, patience.timeout) from None
    except httpx.HTTPError as error:
        raise ServiceError(
            f"{name} cannot be reached at {_host(url)} ({type(error).__name__}); is it running,"
            " and is its base URL right?"
        ) from None
    except httpx.InvalidURL:
        raise UsageError(f"the base URL of {name} is not an address") from None
    raise ServiceError(f"{name} did not answer")


def _client(headers: Mapping[str, str], url: str, timeout: float) -> httpx.Client:
    """Return a client that goes through the proxy of the environment, but not to this machine."""
    import httpx

    here = urlsplit(url).hostname in {"localhost", "127.0.0.1", "::1"}
    try:
        return httpx.Client(timeout=timeout, headers=headers, trust_env=not here)
    except (ImportError, ValueError, OSError, httpx.InvalidURL) as error:
        raise ServiceError(
            "the proxy or the certificates that the environment names cannot be used"
            f" ({type(error).__name__}); look at ALL_PROXY, HTTPS_PROXY and SSL_CERT_FILE"
        ) from None


def _post(
    client: httpx.Client, url: str, payload: Mapping[str, object], timeout: float, name: str
) -> tuple[int, Mapping[str, str], str]:
    """Return status, headers and text of one answer; bounds its whole time and its size."""
    end = time.monotonic() + timeout
    body = bytearray()
    with client.stream("POST", url, content=json.dumps(payload)) as reply:
        if reply.headers.get("content-encoding", "identity") != "identity":
            raise ServiceError(f"{name} sent a compressed answer, which was not asked for")
        for chunk in reply.iter_raw():
            body += chunk
            if len(body) > MAX_BYTES:
                raise ServiceError(f"the answer of {name} is larger than {MAX_BYTES:,} bytes")
            if time.monotonic() > end:
                raise _late(name, timeout)
        return reply.status_code, reply.headers, body.decode("utf-8", "replace")


def _late(name: str, timeout: float) -> ServiceError:
    return ServiceError(
        f"{name} did not answer within {timeout:g} s; set STICKGEN_LLM_TIMEOUT to wait longer"
    )


def _refusal(name: str, status: int, body: str) -> RefusedError:
    meaning = _MEANING.get(status, "the server failed" if status >= 500 else "it was refused")
    said = _said(body) if status in _EXPLAINED else ""
    return RefusedError(f"{name} answered with HTTP status {status} ({meaning}){said}", status)


def _said(body: str) -> str:
    """Return what the service says is wrong, on one printable line, or nothing."""
    try:
        error = json.loads(body)["error"]
        text = error if isinstance(error, str) else error["message"]
        line = "".join(c if c.isprintable() else " " for c in str(text))
    except (ValueError, RecursionError, KeyError, TypeError):
        return ""
    return f": {' '.join(line.split())[:200]}"


def _retry_after(value: str | None) -> float | None:
    """Return the seconds that a ``Retry-After`` header asks for: a number, or a date."""
    if value is None:
        return None
    try:
        return (
            max(0.0, float(value))
            if value.strip().isdigit()
            else max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
        )
    except (ValueError, TypeError, OverflowError):
        return None


def _json(body: str, name: str) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise ServiceError(f"{name} did not answer with JSON; is its base URL right?") from None


def _hidden(text: str, secret: str | None) -> str:
    if not secret or len(secret) < 8:
        return text
    return text.replace(secret, "[key]").replace(secret.replace("/", "\\/"), "[key]")


def _host(url: str) -> str:
    return urlsplit(url).netloc
