"""Every distribution is made the same way, and all of them carry one version."""

from __future__ import annotations

import re
import tomllib

import pytest
from tree import FOLDERS, ROOT, files, name, project

EXAMPLES = {"stickgen-plugin-template", "stickgen-plugin-ascii", "stickgen-plugin-broken"}
FIRST_PARTY = [folder for folder in FOLDERS if project(folder)["name"] not in EXAMPLES]
WORKING = [folder for folder in FOLDERS if folder.name != "stickgen-plugin-broken"]
ids = [folder.name for folder in FOLDERS]


def test_no_file_hides_the_siblings_of_the_namespace() -> None:
    stray = [name(path) for path in files() if path.parts[-2:] == ("stickgen", "__init__.py")]
    assert not stray


@pytest.mark.parametrize("folder", FIRST_PARTY, ids=lambda folder: folder.name)
def test_one_version(folder) -> None:
    version = project(ROOT)["version"]
    assert project(folder)["version"] == version
    for path in (folder / "src").rglob("__init__.py"):
        for own in re.findall(r'^__version__ = "(.*)"', path.read_text("utf-8"), re.MULTILINE):
            assert own == version, name(path)


@pytest.mark.parametrize("folder", FOLDERS, ids=ids)
def test_pins_of_our_own_are_this_version(folder) -> None:
    version = project(ROOT)["version"]
    extras = project(folder).get("optional-dependencies", {}).values()
    requirements = [*project(folder)["dependencies"], *(one for extra in extras for one in extra)]
    for requirement in requirements:
        if requirement.startswith("stickgen"):
            assert requirement.endswith(f"~={version}"), requirement


def test_the_meta_distribution_pins_exactly_and_names_only_what_is_here() -> None:
    meta = project(ROOT)
    names = {project(folder)["name"] for folder in FIRST_PARTY}
    every = [*meta["dependencies"], *(x for e in meta["optional-dependencies"].values() for x in e)]
    for requirement in every:
        match = re.fullmatch(r"([a-z-]+)(?:\[[a-z,]+\])?(?:==(.+))?", requirement)
        assert match, requirement
        if match[1] != "stickgen":
            assert match[1] in names, requirement
            assert match[2] == meta["version"], requirement


def test_all_brings_every_distribution() -> None:
    meta = project(ROOT)
    extras = meta["optional-dependencies"]
    wanted = re.fullmatch(r"stickgen\[(.*)\]", extras["all"][0])
    assert wanted
    brought = meta["dependencies"] + [
        one for extra in wanted[1].split(",") for one in extras[extra]
    ]
    brought_names = {re.split(r"[\[=]", requirement)[0] for requirement in brought}
    assert brought_names == {project(folder)["name"] for folder in FIRST_PARTY}


def test_requirements_list_what_the_light_install_brings() -> None:
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    paths = [line for line in lines if line and not line.startswith("#")]
    assert paths[-1] == "."
    listed = {project(ROOT / path)["name"] for path in paths[:-1]}
    assert listed == {requirement.split("==")[0] for requirement in project(ROOT)["dependencies"]}


@pytest.mark.parametrize("folder", FOLDERS, ids=ids)
def test_every_distribution_is_complete(folder) -> None:
    meta = project(folder)
    for file in ("LICENSE", "README.md"):
        assert (folder / file).is_file(), file
    assert "MIT" in meta["license"].split(" AND ")
    assert meta["requires-python"] == ">=3.11"
    packages = [
        package
        for top in (folder / "src").iterdir()
        for package in (top.iterdir() if top.name == "stickgen" else [top])
        if package.is_dir() and package.name != "__pycache__"
    ]
    assert len(packages) == 1, "one distribution is one package"
    assert (packages[0] / "py.typed").is_file()


@pytest.mark.parametrize("folder", FOLDERS, ids=ids)
def test_the_wheel_holds_the_package_and_hatchling_builds_it(folder) -> None:
    config = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))
    assert config["build-system"]["build-backend"] == "hatchling.build"
    (top,) = [path for path in (folder / "src").iterdir() if path.name != "__pycache__"]
    assert config["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == [f"src/{top.name}"]


@pytest.mark.parametrize("folder", WORKING, ids=lambda folder: folder.name)
def test_entry_points_lead_to_files(folder) -> None:
    groups = project(folder).get("entry-points", {})
    targets = [value for group in groups.values() for value in group.values()]
    targets += project(folder).get("scripts", {}).values()
    for target in targets:
        module = target.partition(":")[0].replace(".", "/")
        source = folder / "src" / module
        assert source.with_suffix(".py").is_file() or (source / "__init__.py").is_file(), target
