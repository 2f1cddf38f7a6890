"""Beginning a plugin: the folder ``plugins/template`` with every name in it replaced."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from stickgen.core.errors import OutputError, PluginError, UsageError

LEFT_BEHIND = {"__pycache__", ".pytest_cache", ".ruff_cache", ".mypy_cache", ".hypothesis", "dist"}


@dataclass(frozen=True, slots=True)
class Names:
    """What a plugin called *short* calls its parts."""

    short: str

    @classmethod
    def of(cls, name: str) -> Names:
        """Return the names of a plugin called *name*, with or without ``stickgen-plugin-``.

        Raises `UsageError` for one that cannot be the name of a package.
        """
        short = re.sub(r"[-_.\s]+", "-", name.strip()).lower().removeprefix("stickgen-plugin-")
        if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", short):
            raise UsageError(
                f"{name!r} cannot be the name of a plugin; use letters, digits and hyphens,"
                " beginning with a letter"
            )
        return cls(short)

    @property
    def distribution(self) -> str:
        return f"stickgen-plugin-{self.short}"

    @property
    def module(self) -> str:
        return f"stickgen_{self.short.replace('-', '_')}"

    @property
    def classes(self) -> str:
        """What its class names begin with."""
        return "".join(part.capitalize() for part in self.short.split("-"))

    def rename(self, text: str) -> str:
        """Return *text* of the template with our names in place of its own."""
        for old, new in (
            ("stickgen-plugin-template", self.distribution),
            ("stickgen_template", self.module),
            ("Template", self.classes),
            ("template", self.short),
        ):
            text = text.replace(old, new)
        return text


def folder() -> Path:
    """Return the template: shipped beside this package, or in the checkout it is installed from."""
    package = Path(__file__).resolve().parent.parent
    for place in (package / "template", *(p / "plugins" / "template" for p in package.parents)):
        if (place / "pyproject.toml").is_file():
            return place
    raise PluginError(
        "the plugin template is missing from this installation of stickgen-core; reinstall it:"
        " pip install --force-reinstall stickgen-core"
    )


def write(names: Names, target: Path) -> list[str]:
    """Write a plugin with these *names* at *target*, all of it or nothing; returns its files.

    Raises `OutputError` when *target* exists and is not an empty folder, or cannot be written.
    """
    import shutil
    import tempfile

    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise OutputError(f"{target} exists already; choose another place with -o DIR")
    source = folder()
    files = []
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".stickgen-") as scratch:
            draft = Path(scratch) / "plugin"
            for path in sorted(source.rglob("*")):
                part = path.relative_to(source)
                if path.is_dir() or LEFT_BEHIND.intersection(part.parts):
                    continue
                place = names.rename(part.as_posix())
                files.append(place)
                copy = draft / place
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_text(names.rename(path.read_text("utf-8")), "utf-8")
            if target.exists():
                target.rmdir()
            shutil.move(draft, target)
    except OSError as error:
        raise OutputError(f"{target} cannot be written: {error.strerror or error}") from None
    return files
