"""Folders of what this package brings beside the model: adapters and a reader of poses."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent

STYLE: Final = _HERE / "adapters" / "style"
"""Adapter: somebody bent, as if tired."""

TIMING: Final = _HERE / "adapters" / "timing"
"""Adapter: somebody in a hurry."""

POSES: Final = _HERE / "picture"
"""Reader of poses from pictures."""
