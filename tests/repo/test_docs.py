"""The pages for people: their links lead somewhere, their commands are the ones that are run."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest
from tree import ROOT, files, name, texts

commands = runpy.run_path(str(ROOT / ".ci" / "scripts" / "readme.py"))["commands"]
PAGES = [path for path in files() if path.suffix == ".md" and "template" not in path.parts]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)|<img[^>]*\ssrc=\"([^\"]+)\"")


def anchors(page: Path) -> set[str]:
    """Return the anchors the headings of *page* make."""
    headings = re.findall(r"^#+ (.*)$", texts()[page], re.MULTILINE)
    return {
        re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-") for heading in headings
    }


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    prose = re.sub(r"^```.*?^```", "", texts()[page], flags=re.DOTALL | re.MULTILINE)
    for match in LINK.finditer(prose):
        link = match[1] or match[2]
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), link


def test_the_readme_begins_with_its_two_commands() -> None:
    first, second = commands()[:2]
    assert first.startswith("python3 -m venv")
    assert 'stickgen generate "A person walks and waves" -o walk.mp4' in first
    assert second.startswith("python3 -m venv")
    assert second.endswith("nox -s tests")


def test_ci_runs_the_readmes_test_command() -> None:
    assert commands()[1] in (ROOT / ".ci" / "run").read_text("utf-8")


def test_a_page_without_an_end_is_refused(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```sh\n# note\none \\\n  two\nthree &&\nfour\n```\n")
    assert commands(page) == ["one \\\n  two", "three &&\nfour"]
    page.write_text("```sh\none \\\n```\n")
    with pytest.raises(ValueError, match="has no end"):
        commands(page)


def test_contributing_is_short() -> None:
    assert len((ROOT / "CONTRIBUTING.md").read_text("utf-8").splitlines()) <= 60


def test_the_contents_list_every_page() -> None:
    listed = re.findall(r"[\w/.-]+\.md$", (ROOT / "mkdocs.yml").read_text("utf-8"), re.MULTILINE)
    docs = [path.relative_to(ROOT / "docs").as_posix() for path in PAGES if "docs" in path.parts]
    assert sorted(listed) == sorted(page for page in docs if not page.startswith("gallery/"))
