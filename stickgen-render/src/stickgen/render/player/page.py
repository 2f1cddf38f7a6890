"""The page: a scene's document and the player's program in one HTML file."""

from __future__ import annotations

import html
import json
from functools import cache
from importlib import resources
from typing import Any, Final

SCRIPTS: Final = (
    "camera.js",
    "model.js",
    "shapes.js",
    "webgl.js",
    "canvas.js",
    "figure.js",
    "props.js",
    "trails.js",
    "scenery.js",
    "styles.js",
    "player.js",
)
"""The parts of the program in the order they need each other."""


@cache
def asset(name: str) -> str:
    """Return the text of the file *name* beside this module's assets."""
    folder = resources.files("stickgen.render.player") / "assets"
    return (folder / name).read_text(encoding="utf-8")


@cache
def script() -> str:
    """Return the whole program as one classic script."""
    parts = "\n".join(asset(name) for name in SCRIPTS)
    return f'(function () {{\n"use strict";\n{parts}\n}})();'


def embedded(value: Any) -> str:
    """Return *value* as JSON that can stand inside a ``<script>`` element.

    Every ``<``, ``>`` and ``&`` is written as an escape, so no text can end the element or open a
    comment; so are the line separators that some parsers stumble over, and all other non-ASCII.
    """
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"), sort_keys=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _line(text: str) -> str:
    """Return *text* as one line without control characters (marks of direction among them)."""
    joiners = "\u200c\u200d"
    line = " ".join(text.split())
    return "".join(c for c in line if c.isprintable() or c in joiners)


def page(document: dict[str, Any]) -> str:
    """Return the HTML page that plays *document* (see `stickgen.render.player.document`)."""
    title = _line(str(document["title"]))
    label = f"Animation: {title}" if title else "Animation of stick figures"
    values = {
        "version": html.escape(str(document["version"])),
        "title": html.escape(title or "stickgen"),
        "label": html.escape(label),
        "untitled": "" if title else "hidden",
        "css": asset("player.css").strip(),
        "scene": embedded(document),
        "script": script(),
    }
    out: list[str] = []
    for piece in asset("player.html").split("{{"):
        name, mark, rest = piece.partition("}}")
        out.append(values[name] + rest if mark and out else piece)
    return "".join(out)
