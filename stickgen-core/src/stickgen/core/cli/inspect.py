"""``stickgen inspect``: what a motion file, a clip store or a script holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stickgen.core.cli.output import Output, common_options, table

if TYPE_CHECKING:
    from stickgen.core.types import Motion, Script


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@common_options
def inspect(output: Output, file: Path) -> None:
    """Say what FILE holds: a .motion file, a folder of clips, or a script in JSON.

    Length, actors and actions, what the validator says of it, and where it comes from.
    """
    from stickgen.core.errors import SourceError

    if not file.exists():
        raise SourceError(file, "there is no such file or folder")
    if file.is_dir():
        facts = _store(file, output)
    elif _is_script(file):
        facts = _script(file)
    else:
        facts = _motion(file)
    output.text(f"{file}: {facts['kind']}")
    output.text(_lines(facts))
    output.document({"path": file, **facts})


def _motion(path: Path) -> dict[str, Any]:
    from stickgen.core.storage import read_motion

    scene = read_motion(path)
    return {
        "kind": "motion",
        **_measures(scene.motion),
        "actor_names": [look.name for look in scene.looks if look.name],
        "props": [prop.kind for prop in scene.props],
        "camera": scene.camera is not None,
        "environment": scene.environment,
        "validator": _verdict(scene.motion),
        "provenance": dict(scene.meta),
    }


def _measures(motion: Motion) -> dict[str, Any]:
    return {
        "frames": motion.n_frames,
        "fps": motion.fps,
        "seconds": round(motion.seconds, 3),
        "actors": motion.n_actors,
        "depth": motion.depth is not None,
        "face": motion.face is not None,
        "actions": _action_seconds(motion),
    }


def _action_seconds(motion: Motion) -> dict[str, float]:
    """Return for how many seconds each action is done, all actors together, longest first."""
    import numpy as np

    from stickgen.core.actions import ACTIONS

    indices = np.concatenate([motion.actions[motion.present], motion.overlay[motion.present]])
    values, counts = np.unique(indices[indices >= 0], return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return {ACTIONS[int(values[i])].name: round(float(counts[i] / motion.fps), 3) for i in order}


def _verdict(motion: Motion) -> dict[str, Any]:
    from stickgen.core import validator

    report = validator.check(motion)
    return {
        "ok": report.ok,
        "issues": [
            {
                "rule": issue.rule,
                "actor": issue.actor,
                "frames": [issue.start, issue.stop],
                "message": issue.message,
            }
            for issue in report.issues
        ],
    }


def _store(path: Path, output: Output) -> dict[str, Any]:
    """Sum the clips of a store up, reading one at a time."""
    from collections import Counter

    from stickgen.core import validator
    from stickgen.core.errors import SourceError
    from stickgen.core.storage import ClipStore

    store = ClipStore(path)
    total = len(store)
    if total == 0:
        raise SourceError(path, "this folder holds no clips", hint="name a store or a file")
    tallies: dict[str, Counter[Any]] = {
        name: Counter() for name in ("fps", "actors", "sources", "licences", "splits", "rules")
    }
    seconds: list[float] = []
    actions: Counter[str] = Counter()
    valid = with_depth = with_texts = 0
    with output.progress("inspect", total) as progress:
        for done, clip in enumerate(store, 1):
            motion = clip.motion
            seconds.append(motion.seconds)
            tallies["fps"][motion.fps] += 1
            tallies["actors"][motion.n_actors] += 1
            tallies["sources"][clip.source] += 1
            tallies["licences"][clip.licence] += 1
            tallies["splits"][clip.split or "none"] += 1
            actions.update(_action_seconds(motion))
            report = validator.check(motion)
            tallies["rules"].update(report.rules)
            valid += report.ok
            with_depth += motion.depth is not None
            with_texts += bool(clip.texts)
            progress(done, total)
    return {
        "kind": "clip store",
        "clips": total,
        "seconds": round(sum(seconds), 3),
        "shortest": round(min(seconds), 3),
        "longest": round(max(seconds), 3),
        "with_depth": with_depth,
        "with_texts": with_texts,
        **{name: dict(tally.most_common()) for name, tally in tallies.items() if name != "rules"},
        "actions": {name: round(value, 3) for name, value in actions.most_common()},
        "validator": {"ok": valid, "broken_rules": dict(tallies["rules"].most_common())},
    }


def _is_script(path: Path) -> bool:
    """Whether *path* is JSON that has beats: a script, not a motion."""
    return path.suffix.lower() == ".json" and "beats" in _json(path)


def _json(path: Path) -> dict[str, Any]:
    import json

    from stickgen.core.errors import SourceError

    try:
        document = json.loads(path.read_bytes())
    except OSError as error:
        raise SourceError(path, f"cannot be read: {error.strerror}") from None
    except json.JSONDecodeError as error:
        raise SourceError(path, f"not JSON: {error.msg}", place=f"line {error.lineno}") from None
    except (UnicodeDecodeError, RecursionError):
        raise SourceError(path, "not JSON") from None
    if not isinstance(document, dict):
        raise SourceError(path, "not a script and not a motion: the JSON is not an object")
    return document


def _script(path: Path) -> dict[str, Any]:
    from stickgen.core.errors import DataError, SourceError
    from stickgen.core.storage.scene_json import script_from_json

    try:
        script: Script = script_from_json(_json(path))
    except SourceError:
        raise
    except DataError as error:
        raise SourceError(path, str(error)) from None
    return {
        "kind": "script",
        "prompt": script.prompt,
        "roles": [role.name for role in script.roles],
        "beats": [_beat(script, index) for index in range(len(script.beats))],
        "environment": script.environment,
        "duration": script.duration,
        "planner": script.planner,
        "warnings": list(script.warnings),
    }


def _beat(script: Script, index: int) -> str:
    beat = script.beats[index]
    who = " and ".join(
        script.roles[actor].name if actor < len(script.roles) else f"role {actor}"
        for actor in beat.actors
    )
    what = f"{beat.action} + {beat.overlay}" if beat.overlay else beat.action
    long = f", {beat.seconds:g} s" if beat.seconds else ""
    times = f", {beat.repetitions} times" if beat.repetitions else ""
    return f"{who}: {what}{long}{times}" + (" (meanwhile)" if beat.with_previous else "")


def _lines(facts: dict[str, Any]) -> str:
    rows = [(key.replace("_", " "), _text(key, value)) for key, value in facts.items()]
    return table([("  " + key, value) for key, value in rows[1:] if value])


def _text(key: str, value: Any) -> str:
    match value:
        case True:
            return "yes"
        case False:
            return "no"
        case {"ok": bool(ok), "issues": [*issues]}:
            worst = "; ".join(f"{issue['rule']}: {issue['message']}" for issue in issues[:5])
            return "passes" if ok else worst + (" …" if len(issues) > 5 else "")
        case {"ok": int(count), "broken_rules": dict(rules)}:
            broken = ", ".join(f"{rule} {times}" for rule, times in rules.items())
            return f"{count} pass" + (f"; broken: {broken}" if broken else "")
        case dict():
            unit = " s" if key == "actions" else ""
            return ", ".join(f"{name} {item}{unit}" for name, item in value.items())
        case list():
            return (";\n    " if key == "beats" else ", ").join(map(str, value))
        case None:
            return ""
        case _:
            return str(value)
