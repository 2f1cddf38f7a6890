"""The public names of stickgen.core: ``python .ci/scripts/public_api.py`` prints them.

They are what users and plugins stand on; the commands are in the reference and not here.

``--write`` puts them into tests/repo/public_api.txt, which a test compares with the sources: a
name that comes, goes or changes its signature shows up in review. Nothing is imported.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
CORE = ROOT / "stickgen-core" / "src" / "stickgen" / "core"
RECORD = ROOT / "tests" / "repo" / "public_api.txt"


def public_api() -> list[str]:
    """Return one sorted line a public function, class, method or constant."""
    lines = []
    for path in CORE.rglob("*.py"):
        parts = ("stickgen", "core", *path.relative_to(CORE).with_suffix("").parts)
        if parts[-1] == "__init__":
            parts = parts[:-1]
        if "cli" not in parts and not any(private(part) for part in parts):
            tree = ast.parse(path.read_text("utf-8"))
            lines += [".".join((*parts, name)) for name in names(tree.body)]
    return sorted(set(lines))


def names(body: list[ast.stmt]) -> Iterator[str]:
    """Yield what *body* defines for others, functions with their arguments."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not private(node.name):
            yield f"{node.name}({arguments(node.args)})"
        elif isinstance(node, ast.ClassDef) and not private(node.name):
            yield node.name
            yield from (f"{node.name}.{name}" for name in names(node.body))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            if not private(node.target.id):
                yield node.target.id
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name) and not private(target.id):
                    yield target.id


def private(name: str) -> bool:
    return name.startswith("_")


def arguments(args: ast.arguments) -> str:
    """Return the names of *args*, an equals sign after those with a default."""
    words = []
    plain = [*args.posonlyargs, *args.args]
    required = len(plain) - len(args.defaults)
    for index, arg in enumerate(plain):
        words.append(arg.arg + ("=" if index >= required else ""))
        if args.posonlyargs and index == len(args.posonlyargs) - 1:
            words.append("/")
    if args.vararg:
        words.append(f"*{args.vararg.arg}")
    elif args.kwonlyargs:
        words.append("*")
    for arg, default in zip(args.kwonlyargs, args.kw_defaults, strict=True):
        words.append(arg.arg + ("=" if default is not None else ""))
    if args.kwarg:
        words.append(f"**{args.kwarg.arg}")
    return ", ".join(word for word in words if word not in ("self", "cls"))


if __name__ == "__main__":
    text = "\n".join(public_api()) + "\n"
    if "--write" in sys.argv[1:]:
        RECORD.write_text(text, "utf-8")
    else:
        sys.stdout.write(text)
