"""What must not be in the repository."""

from __future__ import annotations

import re

import pytest
from tree import files, name, texts

LARGEST = 4_000_000
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:work|farm|root|opt|tmp/sg)/|/home/\w")
REGISTRY = re.compile(r"pypi\.org|pythonhosted\.org|deb\.debian\.org|npmjs\.org", re.IGNORECASE)
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
STUB = re.compile(r"raise NotImplemented" + r"Error")
DANGEROUS = re.compile(
    r"\bpickle\.loads?\(|\ballow_pickle\s*=\s*True|weights_only\s*=\s*False"
    r"|(?<![\w.])(?:eval|exec)\("
)


def offences(pattern: re.Pattern[str], suffixes: tuple[str, ...] = ()) -> list[str]:
    """Return "file:line: text" for every line that matches, in files of the given kinds."""
    return [
        f"{name(path)}:{number}: {line.strip()[:100]}"
        for path, text in texts().items()
        if path.name != "test_tree.py" and (not suffixes or path.suffix in suffixes)
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_large_file_but_the_model() -> None:
    large = {
        name(path): path.stat().st_size
        for path in files()
        if path.stat().st_size > LARGEST and "stickgen-model-" not in name(path)
    }
    assert not large


@pytest.mark.parametrize("pattern", [MACHINE_PATH, REGISTRY], ids=["machine path", "registry host"])
def test_no_place_of_one_machine(pattern) -> None:
    assert not offences(pattern)


@pytest.mark.parametrize("pattern", [UNFINISHED, STUB], ids=["mark", "stub"])
def test_nothing_unfinished(pattern) -> None:
    assert not offences(pattern, (".py", ".md", ".toml"))


def test_no_file_is_ever_executed() -> None:
    assert not [line for line in offences(DANGEROUS, (".py",)) if not line.startswith("tests/")]


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (MACHINE_PATH, "cd /work/main"),
        (MACHINE_PATH, 'Path("/home/somebody/x")'),
        (REGISTRY, "https://pypi.org/simple"),
        (UNFINISHED, "# TO" + "DO: later"),
        (DANGEROUS, "np.load(path, allow_pickle=True)"),
        (DANGEROUS, "value = eval(text)"),
    ],
)
def test_the_patterns_find_what_they_look_for(pattern, line) -> None:
    assert pattern.search(line)
