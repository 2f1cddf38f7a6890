"""Ctrl-C is never lost, even where Python swallows it.

An exception that a signal raises inside a finaliser (``__del__``) is printed and forgotten. So the
handler also takes a note, and whoever reports progress asks for it.
"""

from __future__ import annotations

import signal
import threading
from types import FrameType

_pressed = threading.Event()


def _note(number: int, frame: FrameType | None) -> None:
    _pressed.set()
    raise KeyboardInterrupt


def watch() -> None:
    """Begin to take note of Ctrl-C in the main thread, unless somebody else handles it."""
    _pressed.clear()
    here = threading.current_thread() is threading.main_thread()
    if here and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _note)


def check() -> None:
    """Raise `KeyboardInterrupt` if Ctrl-C was pressed since `watch`."""
    if _pressed.is_set():
        raise KeyboardInterrupt
