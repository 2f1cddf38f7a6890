"""A headless Chromium for the tests of pages, spoken to through a pair of pipes.

Only the standard library is needed: with ``--remote-debugging-pipe`` the DevTools protocol is JSON
messages that end with a null byte, read from file descriptor 3 and written to 4.
"""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--mute-audio",
    "--no-first-run",
    "--remote-debugging-pipe",
)

_SHIM = """
import os, sys
into, out = (os.dup(os.dup(int(fd))) for fd in sys.argv[1:3])
while min(into, out) < 5:
    into, out = os.dup(into), os.dup(out)
os.dup2(into, 3)
os.dup2(out, 4)
os.execv(sys.argv[3], sys.argv[3:])
"""
"""Puts the two pipes where Chromium looks for them, then becomes Chromium."""


def executable() -> str | None:
    """Return the path of Chromium or Chrome, None if there is none."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    return next((found for found in map(shutil.which, names) if found), None)


class Chromium:
    """A browser with one page; a context manager that ends it."""

    def __init__(self, width: int = 960, height: int = 600, flags: tuple[str, ...] = ()) -> None:
        program = executable()
        assert program is not None
        self.size = width, height
        self.home = tempfile.TemporaryDirectory(prefix="stickgen-chromium-")
        here, self.out = os.pipe()
        self.into, there = os.pipe()
        command = [program, *FLAGS, *flags, f"--user-data-dir={self.home.name}"]
        shim = [sys.executable, "-IS", "-c", _SHIM, str(here), str(there)]
        self.process = subprocess.Popen(
            [*shim, *command, "about:blank"],
            pass_fds=(here, there),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "HOME": self.home.name},
        )
        os.close(here)
        os.close(there)
        self.number = 0
        self.buffer = b""
        self.events: list[dict[str, Any]] = []
        try:
            self._attach()
        except BaseException:
            self.close()
            raise

    def _attach(self) -> None:
        targets = self.send("Target.getTargets", None)["targetInfos"]
        target = next(t["targetId"] for t in targets if t["type"] == "page")
        attached = self.send("Target.attachToTarget", None, targetId=target, flatten=True)
        self.session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.send(f"{domain}.enable")
        self.resize(*self.size)

    def __enter__(self) -> Chromium:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the browser and remove its files."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.out)
        os.close(self.into)
        for _attempt in range(20):  # its helpers may still be writing
            try:
                self.home.cleanup()
                return
            except OSError:
                time.sleep(0.1)

    # -- the protocol ----------------------------------------------------------------------------

    def send(self, method: str, session: str | None = "", /, **params: Any) -> dict[str, Any]:
        """Call *method* of the protocol and return its result."""
        self.number += 1
        message: dict[str, Any] = {"id": self.number, "method": method, "params": params}
        if session is not None:
            message["sessionId"] = self.session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read(60.0)
            if answer is None:
                raise TimeoutError(f"Chromium does not answer {method}")
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                result: dict[str, Any] = answer["result"]
                return result
            self.events.append(answer)

    def _read(self, seconds: float) -> dict[str, Any] | None:
        end = time.monotonic() + seconds
        while b"\0" not in self.buffer:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.into], [], [], left)[0]:
                return None
            piece = os.read(self.into, 1 << 20)
            if not piece:
                raise RuntimeError("Chromium ended")
            self.buffer += piece
        raw, _, self.buffer = self.buffer.partition(b"\0")
        message: dict[str, Any] = json.loads(raw)
        return message

    def wait(self, seconds: float) -> None:
        """Let the page run for *seconds* and keep what it reports."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            event = self._read(left)
            if event is not None:
                self.events.append(event)

    # -- the page --------------------------------------------------------------------------------

    def resize(self, width: int, height: int, scale: float = 1.0) -> None:
        self.size = width, height
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=scale,
            mobile=False,
        )

    def open(self, url: str | Path) -> None:
        """Load *url* or a file and wait until it has."""
        address = url.resolve().as_uri() if isinstance(url, Path) else url
        self.events.clear()
        self.send("Page.navigate", url="about:blank")
        self.send("Page.navigate", url=address)
        self.until("document.readyState === 'complete' && location.href !== 'about:blank'")

    def run(self, script: str) -> Any:
        """Return the value of *script*; promises are awaited, exceptions raised."""
        answer = self.send(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(json.dumps(answer["exceptionDetails"])[:2000])
        return answer["result"].get("value")

    def until(self, condition: str, seconds: float = 90.0) -> None:
        """Wait until the script *condition* is true."""
        end = time.monotonic() + seconds
        while not self.run(condition):
            if time.monotonic() > end:
                raise TimeoutError(f"never true: {condition}; the page says {self.complaints()}")
            self.wait(0.05)

    def press(self, key: str, code: int = 0, **more: Any) -> None:
        """Press and release a key."""
        text = {"text": key} if len(key) == 1 else {}
        for kind in ("keyDown", "keyUp"):
            self.send(
                "Input.dispatchKeyEvent",
                type=kind,
                key=key,
                windowsVirtualKeyCode=code or (ord(key.upper()) if len(key) == 1 else 0),
                **(text if kind == "keyDown" else {}),
                **more,
            )

    def mouse(self, kind: str, x: float, y: float, **more: Any) -> None:
        self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)

    def click(self, selector: str) -> None:
        """Click the middle of the first element of *selector*."""
        box = self.run(
            f"(() => {{ const b = document.querySelector({json.dumps(selector)})"
            ".getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.mouse(kind, box[0], box[1], button="left", clickCount=1)

    def drag(
        self, start: tuple[float, float], end: tuple[float, float], modifiers: int = 0
    ) -> None:
        """Drag with the left button."""
        more = {"button": "left", "modifiers": modifiers}
        self.mouse("mousePressed", *start, clickCount=1, **more)
        for i in range(1, 5):
            t = i / 4
            x, y = start[0] + (end[0] - start[0]) * t, start[1] + (end[1] - start[1]) * t
            self.mouse("mouseMoved", x, y, buttons=1, **more)
        self.mouse("mouseReleased", *end, clickCount=1, **more)

    def picture(self) -> bytes:
        """Return the page as PNG."""
        return base64.b64decode(self.send("Page.captureScreenshot", format="png")["data"])

    def complaints(self) -> list[str]:
        """Return what the page has complained about: exceptions, console errors and warnings."""
        out = []
        for event in self.events:
            params = event.get("params", {})
            match event.get("method"):
                case "Runtime.exceptionThrown":
                    details = params["exceptionDetails"]
                    out.append(str(details.get("exception", details).get("description", details)))
                case "Runtime.consoleAPICalled" if params["type"] in ("error", "warning", "assert"):
                    out.append(" ".join(str(a.get("value", a)) for a in params["args"]))
                case "Log.entryAdded" if params["entry"]["level"] in ("error", "warning"):
                    out.append(params["entry"]["text"])
        return out

    def requests(self) -> list[str]:
        """Return the addresses the page has asked for since it was opened."""
        return [
            event["params"]["request"]["url"]
            for event in self.events
            if event.get("method") == "Network.requestWillBeSent"
        ]
