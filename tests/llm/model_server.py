"""A language-model service on this machine that speaks the protocols and misbehaves on request."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

STORY: dict[str, Any] = {
    "title": "A greeting",
    "environment": "moon",
    "roles": [{"name": "Ann"}, {"name": "Zog", "kind": "alien", "colour": "#00ff00"}],
    "beats": [
        {"who": ["Ann"], "do": "walk", "direction": "toward", "target": "Zog", "seconds": 2},
        {"who": "Ann", "do": "wave", "times": 2, "target": "Zog", "line": "Hello"},
        {"who": ["Zog"], "do": "jump", "together": True},
        {"who": ["Ann", "Zog"], "do": "handshake"},
    ],
}
GOOD = json.dumps(STORY)
BROKEN = GOOD[: len(GOOD) // 2]


@dataclass
class Reply:
    """One answer: what the model writes, or the raw ``body``; ``hang`` waits for the test's end."""

    says: str = GOOD
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    hang: bool = False
    drop: bool = False
    drip: bool = False


class ModelServer:
    """The service: answers ``replies`` in turn, the last one for ever, and keeps the requests."""

    def __init__(self) -> None:
        self.replies: list[Reply] = [Reply()]
        self.requests: list[dict[str, Any]] = []
        self.asked = threading.Event()
        self.over = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                server._serve(self)

            def log_message(self, *_: object) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.root = f"http://127.0.0.1:{self._http.server_port}"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,))

    def base_url(self, backend: str) -> str:
        return self.root if backend == "ollama" else self.root + "/v1"

    def _serve(self, request: BaseHTTPRequestHandler) -> None:
        size = int(request.headers["Content-Length"])
        reply = self.replies[min(len(self.requests), len(self.replies) - 1)]
        self.requests.append(
            {
                "path": request.path,
                "authorization": request.headers.get("Authorization"),
                **json.loads(request.rfile.read(size)),
            }
        )
        self.asked.set()
        if reply.hang:
            self.over.wait(30)
        if reply.hang or reply.drop:
            request.close_connection = True
            return
        body = reply.body
        if body is None:
            body = _worded(request.path, reply)
        try:
            request.send_response(reply.status)
            for name, value in {"Content-Length": str(len(body)), **reply.headers}.items():
                request.send_header(name, value)
            request.end_headers()
            if not reply.drip:
                request.wfile.write(body)
                return
            for start in range(0, len(body), 16):
                request.wfile.write(body[start : start + 16])
                request.wfile.flush()
                if self.over.wait(0.02):
                    return
        except OSError:
            request.close_connection = True  # the client went away, as it may

    @contextmanager
    def running(self) -> Iterator[ModelServer]:
        self._thread.start()
        try:
            yield self
        finally:
            self.over.set()
            self._http.shutdown()
            self._http.server_close()
            self._thread.join()


def _worded(path: str, reply: Reply) -> bytes:
    """Return *reply* as the protocol at *path* wraps it."""
    message = {"role": "assistant", "content": reply.says}
    if path == "/api/chat":
        ok: object = {"model": "m", "message": message, "done": True}
        bad: object = {"error": reply.says}
    elif path == "/v1/chat/completions":
        ok = {"object": "chat.completion", "choices": [{"index": 0, "message": message}]}
        bad = {"error": {"message": reply.says, "type": "x"}}
    else:
        return b"no such path"
    return json.dumps(ok if reply.status < 300 else bad).encode()
