"""Installing a distribution the way an installer leaves it: modules beside a dist-info folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def install(
    site: Path,
    name: str,
    version: str,
    points: Mapping[str, Mapping[str, str]],
    modules: Mapping[str, str],
) -> Path:
    """Write a distribution into the folder *site* and return it; put it on ``sys.path`` to find it.

    Args:
        site: the folder; made if need be.
        name: name of the distribution.
        version: its version.
        points: entry points by group: name to ``module:attribute``.
        modules: its modules: name to source.
    """
    info = site / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    (info / "entry_points.txt").write_text(
        "\n".join(
            f"[{group}]\n" + "".join(f"{key} = {value}\n" for key, value in entries.items())
            for group, entries in points.items()
        )
    )
    for module, source in modules.items():
        (site / f"{module}.py").write_text(source)
    return site
