"""The browser of whoever sits here: where pages for it are put, and how they are opened."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from pathlib import Path


def temporary_page(name: str) -> Path:
    """Return the path of a page *name*.html in a new folder that only this user can read.

    Browsers read pages late, so nobody removes the folder; the system clears its temporary files.
    """
    stem = re.sub(r"[^\w.-]+", "-", name).strip(".-")[:60] or "scene"
    return Path(tempfile.mkdtemp(prefix="stickgen-view-")) / f"{stem}.html"


def open_page(page: Path | str) -> bool:
    """Open *page*, a file or an address, in the default browser; False where there is none.

    Text browsers are not started: they would take over the terminal and show nothing.
    """
    import webbrowser

    if sys.platform.startswith("linux"):
        windows = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
        if not windows and not os.environ.get("BROWSER"):
            return False
    address = page.resolve().as_uri() if isinstance(page, Path) else page
    try:
        return webbrowser.open(address)
    except (webbrowser.Error, OSError):
        return False
