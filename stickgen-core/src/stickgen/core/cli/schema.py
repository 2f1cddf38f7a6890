"""``stickgen schema``: the 48 numbers, the joints and the action table."""

from __future__ import annotations

import click

from stickgen.core.cli.output import Output, common_options, table


@click.command()
@click.option("--actions", is_flag=True, help="Show the action table instead.")
@common_options
def schema(output: Output, actions: bool) -> None:
    """Show the 48 numbers, the joints and the actions.

    A frame of one actor is 12 segments of (x1, y1, x2, y2): metres, y up, ground at y = 0.
    """
    if actions:
        _actions(output)
    else:
        _layout(output)


def _layout(output: Output) -> None:
    from stickgen.core import schema as layout

    output.text(
        f"{layout.SKELETON_TYPE}, version {layout.SCHEMA_VERSION}: {layout.DIM} floats a frame and"
        " actor, metres, y up\n"
    )
    numbers = [f"{4 * i}-{4 * i + 3}" for i in range(layout.N_SEGMENTS)]
    output.text(
        table(
            [
                (number, name, f"{start} -> {end}")
                for number, (name, start, end) in zip(numbers, layout.SEGMENTS, strict=True)
            ],
            ("NUMBERS", "SEGMENT", "x1 y1 -> x2 y2"),
        )
    )
    parents = ["" if parent < 0 else layout.JOINTS[parent] for parent in layout.PARENTS]
    rows = [
        (str(i), name, parent)
        for i, (name, parent) in enumerate(zip(layout.JOINTS, parents, strict=True))
    ]
    output.text("\n" + table(rows, ("DEPTH", "JOINT", "PARENT")))
    output.text(
        f"\nPoints that must meet, to {layout.CONNECTIVITY_TOLERANCE:g} x max(1, |x|):\n"
        + "\n".join(f"  {rule}" for rule in layout.CONNECTIVITY_RULES)
    )
    output.document(
        {
            "skeleton_type": layout.SKELETON_TYPE,
            "schema_version": layout.SCHEMA_VERSION,
            "dim": layout.DIM,
            "units": "metres",
            "fps": layout.FPS,
            "height": layout.HEIGHT,
            "segments": [
                {"name": name, "start": start, "end": end, "offset": 4 * i}
                for i, (name, start, end) in enumerate(layout.SEGMENTS)
            ],
            "joints": [
                {"name": name, "parent": parent or None}
                for name, parent in zip(layout.JOINTS, parents, strict=True)
            ],
            "rules": layout.CONNECTIVITY_RULES,
            "tolerance": layout.CONNECTIVITY_TOLERANCE,
        }
    )


def _actions(output: Output) -> None:
    import dataclasses

    from stickgen.core.actions import ACTIONS, N_CLASSES, VOCABULARY_VERSION

    rows = [
        (
            str(action.index),
            action.name,
            f"{action.speed:g}" if action.speed else "",
            f"{action.seconds:g}",
            "loops" if action.loops else "",
            action.expression,
            ", ".join(action.verbs),
        )
        for action in ACTIONS
    ]
    output.text(table(rows, ("#", "ACTION", "M/S", "S", "", "EXPRESSION", "VERBS")))
    output.document(
        {
            "vocabulary_version": VOCABULARY_VERSION,
            "classes": N_CLASSES,
            "actions": [dataclasses.asdict(action) for action in ACTIONS],
        }
    )
