"""The server behind the page: loopback only, a secret in every address, no other origin.

**Addresses** (all under ``/SECRET/``)
    ==========================  =============================================================
    ``GET  `` (the page)        the page itself
    ``GET  choices``            styles, views, sizes, cameras and formats
    ``POST generate``           JSON with prompt, seed, duration, style, view, size -> a job
    ``POST export/RESULT``      JSON with format, style, view, size -> a job
    ``GET  job/JOB``            how far a job is
    ``POST cancel/JOB``         end a job
    ``GET  result/RESULT/NAME`` what a job has made
    ==========================  =============================================================

A wrong secret is answered like a page that does not exist. A request whose ``Host`` is not this
server, or whose ``Origin`` is another page, is refused before its address is looked at, so neither
a foreign page nor one that has its name point here can use the server.
"""

from __future__ import annotations

import errno
import hmac
import json
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from pathlib import Path
from typing import Any, ClassVar, Final
from urllib.parse import urlsplit

from stickgen.core.errors import OutputError, StickgenError, UsageError
from stickgen.render.ui.jobs import EXPORT_SECONDS, GENERATE_SECONDS, BusyError, Jobs
from stickgen.render.ui.requests import choices, exporting, generating

HOST: Final = "127.0.0.1"
LARGEST_BODY: Final = 64 * 1024
"""Bytes a request may send."""

_NAME: Final = re.compile(r"[\w-]+(\.[\w-]+)+")
_KEY: Final = re.compile(r"[0-9a-f]{16}")

_PLAYER_POLICY: Final = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline';"
    " img-src data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)


class Server(ThreadingHTTPServer):
    """Answers the page's requests; ``address`` is where a browser finds it."""

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = False

    def __init__(self, port: int, jobs: Jobs) -> None:
        super().__init__((HOST, port), Handler)
        self.jobs = jobs
        self.secret = secrets.token_urlsafe(24)
        number = self.server_address[1]
        self.hosts = frozenset({f"{HOST}:{number}", f"localhost:{number}"})
        self.address = f"http://{HOST}:{number}/{self.secret}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing about clients that went away; tell about bugs."""
        import sys

        error = sys.exc_info()[1]
        if not isinstance(error, ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


@contextmanager
def serving(port: int = 0) -> Iterator[Server]:
    """Yield a `Server` that is bound but not yet serving; its files and jobs go with it.

    Raises `OutputError` for a port that cannot be had.
    """
    jobs = Jobs()
    try:
        try:
            server = Server(port, jobs)
        except OSError as error:
            taken = error.errno in (errno.EADDRINUSE, errno.EACCES)
            why = "is taken" if taken and error.errno == errno.EADDRINUSE else str(error.strerror)
            raise OutputError(
                f"port {port} of {HOST} cannot be used: {why}; choose another with --port"
            ) from error
        try:
            yield server
        finally:
            server.server_close()
    finally:
        jobs.close()


class RefusedError(Exception):
    """A request that gets an error for an answer."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        self.status = status
        super().__init__(message)


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Server
    server_version = "stickgen"
    sys_version = ""
    protocol_version = "HTTP/1.1"
    timeout: ClassVar[float] = 30.0

    def do_GET(self) -> None:
        self._answer(self._get)

    def do_POST(self) -> None:
        self._answer(self._post)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet: a log would hold the secret."""

    # -- who may ask -----------------------------------------------------------------------------

    def _answer(self, method: Any) -> None:
        try:
            self._check_sender()
            method(self._place())
        except RefusedError as refusal:
            self.close_connection = True
            self._json({"error": str(refusal)}, refusal.status)
        except UsageError as error:
            self._json({"error": str(error)}, HTTPStatus.BAD_REQUEST)
        except StickgenError as error:
            self._json({"error": str(error)}, HTTPStatus.INTERNAL_SERVER_ERROR)

    def _check_sender(self) -> None:
        """Refuse what does not come from our own page or from the address bar."""
        hosts = self.headers.get_all("Host") or []
        if len(hosts) != 1 or hosts[0].strip().lower() not in self.server.hosts:
            raise RefusedError(HTTPStatus.MISDIRECTED_REQUEST, "not the name of this server")
        for origin in self.headers.get_all("Origin") or []:
            if origin.strip().lower() != f"http://{hosts[0].strip().lower()}":
                raise RefusedError(HTTPStatus.FORBIDDEN, "another page may not ask here")
        site = self.headers.get("Sec-Fetch-Site", "none").strip().lower()
        if site not in ("same-origin", "none"):
            raise RefusedError(HTTPStatus.FORBIDDEN, "another page may not ask here")

    def _place(self) -> list[str]:
        """Return the parts of the address behind the secret."""
        path = urlsplit(self.path).path
        _, _, rest = path.partition("/")
        secret, slash, rest = rest.partition("/")
        known = hmac.compare_digest(secret.encode("utf-8", "replace"), self.server.secret.encode())
        if not known or not slash:
            raise RefusedError(HTTPStatus.NOT_FOUND, "there is no such page")
        return rest.split("/")

    # -- what is answered ------------------------------------------------------------------------

    def _get(self, place: list[str]) -> None:
        match place:
            case [""]:
                self._page()
            case ["choices"]:
                self._json(choices())
            case ["job", key] if _KEY.fullmatch(key):
                job = self.server.jobs.find(key)
                if job is None:
                    raise RefusedError(HTTPStatus.NOT_FOUND, "there is no such job")
                self._json(job.facts())
            case ["result", result, name] if _KEY.fullmatch(result) and _NAME.fullmatch(name):
                self._file(result, name)
            case _:
                raise RefusedError(HTTPStatus.NOT_FOUND, "there is no such page")

    def _post(self, place: list[str]) -> None:
        body = self._body()
        jobs = self.server.jobs
        try:
            match place:
                case ["generate"]:
                    words, seed = generating(body)
                    if jobs.running() is not None:
                        raise BusyError
                    job = jobs.start(jobs.new_result(), "player.html", words, GENERATE_SECONDS)
                    self._json({**job.facts(), "seed": seed}, HTTPStatus.ACCEPTED)
                case ["export", result] if _KEY.fullmatch(result):
                    folder = jobs.folder(result)
                    if folder is None or not (folder / "scene.motion").is_file():
                        raise RefusedError(HTTPStatus.NOT_FOUND, "there is no such result any more")
                    words, name = exporting(body)
                    job = jobs.start(result, name, words, EXPORT_SECONDS)
                    self._json(job.facts(), HTTPStatus.ACCEPTED)
                case ["cancel", key] if _KEY.fullmatch(key):
                    found = jobs.find(key)
                    if found is None:
                        raise RefusedError(HTTPStatus.NOT_FOUND, "there is no such job")
                    jobs.stop(found)
                    self._json(found.facts())
                case _:
                    raise RefusedError(HTTPStatus.NOT_FOUND, "there is no such page")
        except BusyError:
            raise RefusedError(
                HTTPStatus.CONFLICT, "one thing at a time: cancel what runs or wait for it"
            ) from None

    def _body(self) -> object:
        """Return the JSON value that came with the request."""
        if self.headers.get("Transfer-Encoding"):
            raise RefusedError(HTTPStatus.LENGTH_REQUIRED, "say how long the request is")
        length = self.headers.get("Content-Length", "")
        if not length.isascii() or not length.isdigit():
            raise RefusedError(HTTPStatus.LENGTH_REQUIRED, "say how long the request is")
        if len(length) > 9 or int(length) > LARGEST_BODY:
            raise RefusedError(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"at most {LARGEST_BODY} bytes, please"
            )
        kind = self.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise RefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "send application/json")
        try:
            return json.loads(self.rfile.read(int(length)).decode("utf-8"))
        except (UnicodeDecodeError, ValueError, RecursionError):
            raise RefusedError(HTTPStatus.BAD_REQUEST, "the request is not JSON") from None

    def _page(self) -> None:
        nonce = secrets.token_urlsafe(16)
        folder = resources.files("stickgen.render.ui") / "assets"
        text = (folder / "ui.html").read_text(encoding="utf-8")
        for name in ("ui.css", "ui.js"):
            text = text.replace("{{" + name + "}}", (folder / name).read_text(encoding="utf-8"))
        policy = (
            f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}';"
            " img-src data:; connect-src 'self'; frame-src 'self'; base-uri 'none';"
            " form-action 'none'; frame-ancestors 'none'"
        )
        data = text.replace("{{nonce}}", nonce).encode("utf-8")
        self._head(HTTPStatus.OK, "text/html; charset=utf-8", len(data), policy)
        self.wfile.write(data)

    def _file(self, result: str, name: str) -> None:
        """Send a file a job has made."""
        folder = self.server.jobs.folder(result)
        path = None if folder is None else folder / name
        if folder is None or path is None or path.resolve().parent != folder.resolve():
            raise RefusedError(HTTPStatus.NOT_FOUND, "there is no such file")
        try:
            handle = path.open("rb")
        except OSError:
            raise RefusedError(HTTPStatus.NOT_FOUND, "there is no such file") from None
        with handle:
            length = _length(path)
            player = name == "player.html"
            extra = {} if player else {"Content-Disposition": f'attachment; filename="{name}"'}
            kind = "text/html; charset=utf-8" if player else "application/octet-stream"
            policy = _PLAYER_POLICY if player else "default-src 'none'; sandbox"
            self._head(HTTPStatus.OK, kind, length, policy, extra)
            left = length
            while left > 0 and (block := handle.read(min(1 << 18, left))):
                self.wfile.write(block)
                left -= len(block)

    def _json(self, value: dict[str, Any], status: HTTPStatus = HTTPStatus.OK) -> None:
        data = json.dumps(value).encode("ascii")
        self._head(status, "application/json", len(data), "default-src 'none'")
        self.wfile.write(data)

    def _head(
        self,
        status: HTTPStatus,
        kind: str,
        length: int,
        policy: str,
        extra: dict[str, str] | None = None,
    ) -> None:
        self.send_response(status)
        headers = {
            "Content-Type": kind,
            "Content-Length": str(length),
            "Content-Security-Policy": policy,
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            **(extra or {}),
        }
        if self.close_connection:
            headers["Connection"] = "close"
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()


def _length(path: Path) -> int:
    return path.stat().st_size
