"""A hook: every file that stickgen writes says that this plugin was there."""

from __future__ import annotations

from stickgen.core.hooks import hookimpl
from stickgen_template import __version__


@hookimpl
def stickgen_provenance() -> dict[str, str]:
    """Return what is embedded beside the prompt and the seed."""
    return {"stickgen-plugin-template": __version__}
