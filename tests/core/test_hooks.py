"""Hooks: a broken module is left out and named, a hook that raises is heard."""

from __future__ import annotations

import itertools
import sys

import pytest

from stickgen.core import hooks, provenance
from stickgen.core.errors import PluginError, UsageError
from stickgen.core.registry import PluginWarning
from stickgen.core.testing import install

HEAD = "from stickgen.core.hooks import hookimpl\n"
counter = itertools.count()


@pytest.fixture
def put(tmp_path, monkeypatch):
    """Install a distribution with one module of hooks; nothing else is found."""
    names = []

    def put(source: str, name: str = "hooker") -> str:
        module = f"hooks_{next(counter)}"
        names.append(name)
        site = tmp_path / module
        install(site, name, "1.0", {"stickgen.hooks": {name: module}}, {module: HEAD + source})
        monkeypatch.syspath_prepend(str(site))
        monkeypatch.setenv("STICKGEN_PLUGINS", ",".join(names))
        return module

    yield put
    for module in [m for m in sys.modules if m.startswith("hooks_")]:
        del sys.modules[module]


def test_every_implementation_is_called(put) -> None:
    for name, value in (("one", 1), ("two", 2)):
        put(
            f"@hookimpl\ndef stickgen_clip_converted(clip, source): return [(source, {value})]\n",
            name,
        )
    found = hooks.manager().hook.stickgen_clip_converted(clip=None, source="a.bvh")
    assert sorted(item for each in found for item in each) == [("a.bvh", 1), ("a.bvh", 2)]
    assert hooks.failures() == ()
    assert [status.state for status in hooks.status()] == ["ok", "ok"]


def test_an_implementation_need_not_take_every_argument(put) -> None:
    put("@hookimpl\ndef stickgen_motion_generated(prompt): return [prompt]\n")
    assert hooks.manager().hook.stickgen_motion_generated(prompt="x", motion=None) == [["x"]]


@pytest.mark.parametrize(
    ("source", "cause"),
    [
        ("import no_such_module_at_all\n", "failed to import: ModuleNotFoundError"),
        ("raise SystemExit\n", "failed to import: SystemExit"),
        ("@hookimpl\ndef stickgen_script_planned(promt): pass\n", "failed to register"),
        (
            "@hookimpl\ndef stickgen_clip_convrted(clip): pass\n",
            "stickgen_clip_convrted, which is no",
        ),
    ],
)
def test_a_bad_module_is_left_out_and_the_good_one_is_called(put, source, cause) -> None:
    put("@hookimpl\ndef stickgen_provenance(): return {'good': True}\n", "good")
    put(source + "@hookimpl\ndef stickgen_provenance(): return {'bad': True}\n", "bad")
    with pytest.warns(PluginWarning, match=cause):
        manager = hooks.manager()
    assert manager.hook.stickgen_provenance() == [{"good": True}]
    (failure,) = hooks.failures()
    assert failure.ref.distribution == "bad"
    assert "'bad' from bad 1.0" in str(failure.error)
    assert hooks.manager() is manager  # and no second warning


def test_a_hook_that_raises_is_heard_with_the_names_of_those_called(put) -> None:
    put("@hookimpl\ndef stickgen_artifact_written(artifact): raise ValueError('disk')\n", "bad")
    put("@hookimpl\ndef stickgen_artifact_written(artifact): pass\n", "good")
    with pytest.raises(ValueError, match="disk") as raised:
        hooks.manager().hook.stickgen_artifact_written(artifact=None)
    (note,) = raised.value.__notes__
    assert note.startswith("while calling hook stickgen_artifact_written on: ")
    assert "bad:bad" in note
    assert "good:good" in note


def test_the_seven_hooks() -> None:
    assert {name for name in vars(hooks) if name.startswith("stickgen_")} == {
        "stickgen_clip_converted",
        "stickgen_script_planned",
        "stickgen_motion_generated",
        "stickgen_draw_overlay",
        "stickgen_artifact_written",
        "stickgen_train_event",
        "stickgen_provenance",
    }


# -- provenance ----------------------------------------------------------------------------------


def test_the_record_is_the_same_every_time(isolated_registries, monkeypatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    facts = {"prompt": "A person walks", "seed": 7, "planner": "rules", "duration": None}
    record = provenance.collect(**facts)
    assert record == provenance.collect(**facts)
    assert record == {
        "stickgen": provenance.__version__,
        "prompt": "A person walks",
        "seed": 7,
        "planner": "rules",
        "command": "stickgen generate 'A person walks' --seed 7",
    }
    assert "created" in provenance.collect(dated=True)


def test_the_command_repeats_what_was_asked_for() -> None:
    import shlex

    text = provenance.command(
        'It\'s "Ada"; rm -rf', seed=1, fps=30.0, duration=4.5, generator="small", stager="theatre"
    )
    assert shlex.split(text)[2:] == [
        'It\'s "Ada"; rm -rf', "--seed", "1", "--duration", "4.5", "--fps", "30",
        "--generator", "small",
    ]  # fmt: skip


def test_the_date_comes_from_source_date_epoch(isolated_registries, monkeypatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert provenance.collect()["created"] == "1970-01-01T00:00:00+00:00"
    for bad in ("soon", "9" * 30):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", bad)
        with pytest.raises(UsageError, match="SOURCE_DATE_EPOCH"):
            provenance.collect()


def test_plugins_add_to_the_record_and_replace_nothing(put) -> None:
    put("@hookimpl\ndef stickgen_provenance(): return {'studio': 'Ada & Sons'}\n", "one")
    assert provenance.collect()["studio"] == "Ada & Sons"
    put("@hookimpl\ndef stickgen_provenance(): return {'stickgen': '9'}\n", "two")
    with pytest.raises(PluginError, match="key of its own"):
        provenance.collect()


def test_the_comment_is_one_line() -> None:
    text = provenance.comment({"prompt": "one\ntwo é", "seed": 1})
    assert "\n" not in text
    assert "é" in text
