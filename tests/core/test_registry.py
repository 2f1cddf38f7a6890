"""Registries find real distributions: metadata on the path, as an installer writes it."""

from __future__ import annotations

import contextlib
import re
import shutil
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickgen.core import registries, registry
from stickgen.core.errors import SourceError, UsageError
from stickgen.core.registry import (
    AmbiguousPlugin,
    IncompatiblePlugin,
    PluginLoadError,
    Registry,
    UnknownPlugin,
)
from stickgen.core.testing import install

GROUP = "stickgen.testtoys"
TOY = "class Toy:\n    api_version = 1\n"


@pytest.fixture
def toys() -> Registry[object]:
    return Registry(
        GROUP, "toy", known={"amass": "stickgen[datasets]"}, modules={"smplx": "stickgen[amass]"}
    )


@pytest.fixture
def put(tmp_path, monkeypatch):
    """Install a distribution whose one module holds *source*, and whose toys are *points*."""
    count = 0

    def put(name: str = "toybox", source: str = TOY, version: str = "1.2", **points: str) -> str:
        nonlocal count
        count += 1
        module = re.sub(r"\W", "_", f"{name}_{tmp_path.name}_{count}").lower()
        site = tmp_path / f"site{count}"
        install(
            site,
            name,
            version,
            {GROUP: {toy: f"{module}:{target}" for toy, target in points.items()}},
            {module: source},
        )
        monkeypatch.syspath_prepend(str(site))
        return module

    yield put
    for module in [
        m for m in sys.modules if m.startswith(("toybox_", "other_", "stickgen_plugin_"))
    ]:
        del sys.modules[module]


def test_listing_imports_nothing(put, toys) -> None:
    module = put(source="raise RuntimeError('imported')", zebra="Toy", ant="Toy")
    assert list(toys) == ["ant", "zebra"]
    assert [(ref.name, ref.distribution, ref.version) for ref in toys.refs()] == [
        ("ant", "toybox", "1.2"),
        ("zebra", "toybox", "1.2"),
    ]
    assert toys.resolve("ant").value == f"{module}:Toy"
    assert "ant" in toys
    assert "toybox:ant" in toys
    assert "bee" not in toys
    assert module not in sys.modules


def test_getting_one_imports_that_one(put, toys) -> None:
    one = put(ant="Toy")
    other = put(name="other", bee="Toy")
    assert type(toys.create("ant")).__name__ == "Toy"
    assert one in sys.modules
    assert other not in sys.modules


def test_unknown_name(put, toys) -> None:
    put(ant="Toy")
    with pytest.raises(UnknownPlugin) as raised:
        toys.get("amt")
    assert str(raised.value) == "unknown toy 'amt'; did you mean 'ant'?; installed: ant"
    with pytest.raises(UnknownPlugin) as raised:
        toys.get("submarine")
    assert str(raised.value) == "unknown toy 'submarine'; installed: ant"


def test_known_but_not_installed_names_the_extra_and_no_other_name(toys) -> None:
    with pytest.raises(UnknownPlugin) as raised:
        toys.get("amass")
    assert str(raised.value) == (
        "unknown toy 'amass'; it comes with: pip install \"stickgen[datasets]\"; installed: none"
    )
    with pytest.raises(UnknownPlugin) as raised:
        toys.get("amas")
    assert "did you mean 'amass'?; it comes with: pip install" in str(raised.value)


def test_a_broken_plugin_is_a_value_until_it_is_used(put, toys) -> None:
    put(source="import no_such_module_at_all\n", bad="Toy")
    put(name="other", good="Toy")
    states = {status.ref.name: status.state for status in toys.status()}
    assert states == {"bad": "broken", "good": "ok"}
    assert toys.create("good")
    with pytest.raises(PluginLoadError) as raised:
        toys.get("bad")
    assert str(raised.value) == (
        "toy 'bad' from toybox 1.2 failed to import:"
        " ModuleNotFoundError: No module named 'no_such_module_at_all'"
    )


@pytest.mark.parametrize(
    ("source", "cause"),
    [
        ("x = 1\n", "AttributeError"),
        ("def f(:\n", "SyntaxError"),
        ("raise SystemExit(9)\n", "SystemExit: 9"),
        ("raise ValueError('one\\ntwo')\n", "ValueError: one two"),
    ],
)
def test_every_way_to_break_is_one_sentence(put, toys, source, cause) -> None:
    put(source=source, bad="Toy")
    (status,) = toys.status()
    assert status.state == "broken"
    assert cause in str(status.error)
    assert "\n" not in str(status.error)


def test_a_missing_library_names_its_extra(put, toys, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "smplx", None)  # missing, whatever is installed
    put(source="import smplx.body\n", bad="Toy")
    with pytest.raises(PluginLoadError, match=r'it comes with: pip install "stickgen\[amass\]"$'):
        toys.get("bad")
    put(source=TOY + "    def __init__(self):\n        import smplx\n", late="Toy")
    with pytest.raises(PluginLoadError, match=r"failed to start: .* it comes with: pip install"):
        toys.create("late")


def test_two_providers_are_both_listed_and_must_be_told_apart(put, toys) -> None:
    one, two = put(ant="Toy"), put(name="Other.Box", ant="Toy")
    assert list(toys) == ["ant"]
    assert len(toys.refs()) == 2
    with pytest.raises(AmbiguousPlugin) as raised:
        toys.get("ant")
    assert str(raised.value).startswith(
        "toy 'ant' is provided twice; say which: Other.Box:ant, toybox:ant"
    )
    assert toys.get("toybox:ant").__module__ == one
    assert toys.get("other-box:ant").__module__ == two
    assert [status.state for status in toys.status()] == ["ambiguous", "ambiguous"]


def test_the_first_of_two_copies_of_a_distribution_counts(put, toys) -> None:
    put(version="1.0", ant="Toy")
    put(version="2.0", ant="Toy")
    assert [ref.version for ref in toys.refs()] == ["2.0"]


@pytest.mark.parametrize(
    ("line", "says", "remedy"),
    [
        ("api_version = 2", "speaks api 2", "upgrade stickgen"),
        ("api_version = 0", "speaks api 0", "upgrade the plugin"),
        ("pass", "declares no api_version", "upgrade the plugin"),
        ("api_version = '1'", "speaks api 1", "upgrade the plugin"),
    ],
)
def test_the_api_version_is_checked(put, toys, line, says, remedy) -> None:
    put(source=f"class Toy:\n    {line}\n", ant="Toy")
    with pytest.raises(IncompatiblePlugin) as raised:
        toys.get("ant")
    text = str(raised.value)
    assert text.startswith(f"toy 'ant' from toybox 1.2 {says}, this stickgen-core speaks api 1;")
    assert remedy in text
    assert toys.status()[0].state == "incompatible"


def test_a_range_of_versions_is_spoken(put) -> None:
    put(source="class Toy:\n    api_version = 2\n", ant="Toy")
    assert Registry(GROUP, "toy", api=(1, 3)).get("ant").api_version == 2
    with pytest.raises(IncompatiblePlugin, match="speaks api 3 to 4"):
        Registry(GROUP, "toy", api=(3, 4)).get("ant")
    assert Registry(GROUP, "toy", api=None).get("ant")


def test_the_environment_chooses(put, toys, monkeypatch) -> None:
    put(name="stickgen-plugin-ant", ant="Toy")
    put(name="other", bee="Toy")
    put(name="stickgen-core", core="Toy")
    for value, names in (
        ("none", ["core"]),
        ("ant", ["ant", "core"]),
        ("other, stickgen_plugin_ant", ["ant", "bee", "core"]),
        ("", ["ant", "bee", "core"]),
    ):
        monkeypatch.setenv("STICKGEN_PLUGINS", value)
        assert list(toys) == names
    monkeypatch.setenv("STICKGEN_NO_PLUGIN", "Ant core")
    assert list(toys) == ["bee"]
    with pytest.raises(UnknownPlugin, match="stickgen-plugin-ant, which has it, is switched off"):
        toys.get("ant")
    assert {"stickgen-plugin-ant", "stickgen-core"} <= set(registry.switched_off())
    monkeypatch.setenv("STICKGEN_NO_PLUGIN", "othr")
    with pytest.raises(UsageError, match=r"--no-plugin names 'othr'.*did you mean 'other'"):
        registry.switched_off()


def test_a_package_installed_meanwhile_is_found_after_a_refresh(put, toys, tmp_path) -> None:
    put(ant="Toy")
    assert list(toys) == ["ant"]
    install(tmp_path / "site1", "late", "1", {GROUP: {"bee": "nowhere:Toy"}}, {})
    registry.refresh()
    assert list(toys) == ["ant", "bee"]


def test_remains_of_a_package_are_passed_over(toys, tmp_path, monkeypatch) -> None:
    folder = tmp_path / "site" / "half-1.0.dist-info"
    folder.mkdir(parents=True)
    (folder / "entry_points.txt").write_text(f"[{GROUP}]\nant = half:Toy\n")
    (folder / "METADATA").write_text("")
    monkeypatch.syspath_prepend(str(folder.parent))
    assert list(toys) == []


def test_a_distribution_in_an_archive_is_found_too(put, toys, tmp_path, monkeypatch) -> None:
    put(ant="Toy")
    install(tmp_path / "packed", "late", "1", {GROUP: {"bee": "late_bee:Toy"}}, {"late_bee": TOY})
    archive = shutil.make_archive(str(tmp_path / "late"), "zip", tmp_path / "packed")
    monkeypatch.syspath_prepend(archive)
    assert list(toys) == ["ant", "bee"]
    assert toys.create("bee")


def test_settings(put, toys) -> None:
    source = (
        TOY
        + "    def __init__(self, *, size=1):\n"
        + "        if size < 0:\n            raise ValueError('too small')\n"
        + "        self.size = size\n"
    )
    put(source=source, ant="Toy")
    assert toys.create("ant", size=3).size == 3
    with pytest.raises(UsageError) as raised:
        toys.create("ant", sise=3)
    assert (
        str(raised.value) == "toy 'ant' has no setting 'sise'; did you mean 'size'?; it has: size"
    )
    with pytest.raises(PluginLoadError, match="failed to start: ValueError: too small"):
        toys.create("ant", size=-1)


def test_an_error_meant_for_people_comes_through(put, toys) -> None:
    source = (
        "from stickgen.core.errors import SourceError\n"
        + TOY
        + "    def __init__(self):\n        raise SourceError('a.bvh', 'torn')\n"
    )
    put(source=source, ant="Toy")
    with pytest.raises(SourceError, match=r"a\.bvh: torn"):
        toys.create("ant")


def test_registering_adds_and_never_replaces(put, toys) -> None:
    class Toy:
        api_version = 1

    toys.register("bee", Toy)
    assert isinstance(toys.create("bee"), Toy)
    assert toys.resolve("bee").distribution == registry.HERE
    put(bee="Toy")
    with pytest.raises(AmbiguousPlugin, match="this process:bee"):
        toys.get("bee")
    assert toys.get(f"{registry.HERE}:bee") is Toy


def test_isolated_registries_see_only_what_is_registered(isolated_registries) -> None:
    for each in registries.ALL.values():
        assert list(each) == []


def exporter(suffix: str) -> type:
    return type(suffix, (), {"api_version": 1, "media_type": "text/plain"})


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("a.png", "png"),
        ("deep/dir.d/A.PNG", "png"),
        ("frames_%04d.png", "png"),
        ("a.sheet.png", "sheet.png"),
        ("walk.2.sheet.png", "sheet.png"),
        ("sheet.png", "png"),
        ("a.sheet.mp4", "mp4"),
        (".hidden.mp4", "mp4"),
    ],
)
def test_the_longest_suffix_chooses_the_exporter(isolated_registries, path, name) -> None:
    for suffix in ("png", "sheet.png", "mp4"):
        registries.exporters.register(suffix, exporter(suffix))
    found, factory = registries.exporter_for(path)
    assert found == name
    assert factory.__name__ == name


def test_a_suffix_nobody_serves(isolated_registries) -> None:
    registries.exporters.register("txt", exporter("txt"))
    with pytest.raises(UnknownPlugin, match=r"'\.xyz' files \(a\.xyz\); suffixes: txt$"):
        registries.exporter_for("a.xyz")
    with pytest.raises(UnknownPlugin, match="it comes with: pip install stickgen"):
        registries.exporter_for("a.mp4")
    for bare in ("walk", "walk.", ".mp4", "dir.txt/walk"):
        with pytest.raises(UsageError, match="no suffix"):
            registries.exporter_for(bare)


def test_a_suffix_of_a_plugin_that_is_switched_off(tmp_path, monkeypatch) -> None:
    points = {"stickgen.exporters": {"chalk": "nowhere:Chalk"}}
    monkeypatch.syspath_prepend(str(install(tmp_path, "board", "1", points, {})))
    monkeypatch.setenv("STICKGEN_NO_PLUGIN", "board")
    with pytest.raises(UnknownPlugin, match=r"board, which does, is switched off; suffixes"):
        registries.exporter_for("a.chalk")


@given(st.text(max_size=30))
def test_any_file_name_has_an_exporter_or_a_sentence(name: str) -> None:
    with contextlib.suppress(UsageError, UnknownPlugin):
        suffix, _ = registries.exporter_for(name)
        assert name.lower().endswith("." + suffix)
