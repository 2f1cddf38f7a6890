"""Draw all actions as silhouettes alone, for readers who say what they see.

    python docs/gallery/silhouettes.py OUT [--seed 13]

writes ``OUT/page-1.png`` and so on, six actions a page in an order drawn from the seed, eight
moments each that differ, as large as fits, without a face, a thing or a place; and
``OUT/key.json``, which tells the actions and is not for readers. A reader writes for each number
what the figure does.
"""

from __future__ import annotations

import argparse
import json
import random
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from stickgen.core import pipeline
from stickgen.core.actions import ACTIONS
from stickgen.core.schema import J
from stickgen.core.types import Beat, Motion, Role, Script

PAIRS = ("handshake", "hug", "high_five", "fight", "talk")
MOMENTS, ROWS, SIDE, OVER = 8, 6, 180, 3
WIDTH, HEAD = 0.068, 0.18
"""Of a limb, and of a head's radius, in metres."""
MARGIN = 0.12
"""Around what is drawn, in metres."""

CHAINS = (
    *(("l_hip", "l_knee", "l_ankle"), ("l_shoulder", "l_elbow", "l_wrist")),
    *(("r_hip", "r_knee", "r_ankle"), ("r_shoulder", "r_elbow", "r_wrist")),
    ("pelvis_center", "chest", "neck", "head_center"),
    ("l_hip", "r_hip"),
    ("l_shoulder", "neck", "r_shoulder"),
)


def performed(action: str, seed: int) -> Motion:
    """Return four seconds of *action*, by two where it takes two."""
    who = tuple(range(2 if action in PAIRS else 1))
    script = Script(
        prompt="",
        roles=tuple(Role(f"actor {i}") for i in who),
        beats=(Beat(actors=who, action=action, seconds=4.0),),
        duration=4.0,
    )
    return pipeline.perform(script, seed=seed, generator="procedural").motion


def seen(motion: Motion) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return how far across and up (m) each joint is, seen from a yaw of 30 degrees."""
    joints = np.asarray(motion.joints, np.float64)
    c, s = np.cos(np.radians(30.0)), np.sin(np.radians(30.0))
    across = c * joints[..., 0] - s * joints[..., 2]
    across -= across[:, :, J["pelvis_center"]].mean(axis=1)[:, None, None]
    return across, joints[..., 1]


def moments(motion: Motion) -> list[int]:
    """Return `MOMENTS` frames: the first, then in each eighth the one least like those before."""
    moved = np.abs(np.diff(motion.joints, axis=0)).max(axis=(1, 2, 3))
    busy = np.flatnonzero(moved > 0.012)
    first, last = (busy[0], busy[-1]) if len(busy) > 10 else (0, motion.n_frames - 2)
    edges = np.linspace(first + 2, last + 1, MOMENTS + 1).astype(np.int64)
    poses = np.stack(seen(motion), axis=-1).reshape(motion.n_frames, -1)
    chosen = [int(edges[0])]
    for start, end in pairwise(edges[1:]):
        apart = np.linalg.norm(poses[start:end, None] - poses[chosen], axis=-1).min(axis=1)
        chosen.append(int(start + apart.argmax()))
    return chosen


def strip(motion: Motion) -> Image.Image:
    """Return the silhouettes of *motion* side by side."""
    out = Image.new("L", (MOMENTS * SIDE, SIDE + 3), 255)
    at = moments(motion)
    across, up = (side[at] for side in seen(motion))
    room = max(2 * (np.abs(across).max() + HEAD), up.max() + HEAD) + MARGIN
    scale = OVER * SIDE / room
    ground = OVER * SIDE - MARGIN * scale
    spots = np.stack([OVER * SIDE / 2 + across * scale, ground - up * scale], axis=-1)
    for column, figures in enumerate(spots):
        picture = Image.new("L", (OVER * SIDE, OVER * SIDE), 255)
        draw = ImageDraw.Draw(picture)
        draw.line((0, ground, OVER * SIDE, ground), fill=150, width=3)
        for figure in figures:
            for chain in CHAINS:
                points = [tuple(figure[J[name]]) for name in chain]
                draw.line(points, fill=0, width=round(WIDTH * scale), joint="curve")
                for point in points:
                    draw.circle(point, WIDTH * scale / 2, fill=0)
            draw.circle(tuple(figure[J["head_center"]]), HEAD * scale, fill=0)
        small = picture.resize((SIDE, SIDE), Image.Resampling.LANCZOS)
        out.paste(small, (column * SIDE, 0))
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=13)
    parser.add_argument("--actions", help="only these, with commas between them")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    names = given.actions.split(",") if given.actions else [row.name for row in ACTIONS]
    random.Random(given.seed).shuffle(names)
    for page, start in enumerate(range(0, len(names), ROWS), start=1):
        shown = names[start : start + ROWS]
        sheet = Image.new("RGB", (MOMENTS * SIDE, len(shown) * (SIDE + 3)), "white")
        for row, name in enumerate(shown):
            sheet.paste(strip(performed(name, given.seed)), (0, row * (SIDE + 3)))
            number = f"#{start + row}"
            ImageDraw.Draw(sheet).text((4, row * (SIDE + 3) + 4), number, fill=(200, 0, 0))
        sheet.save(given.out / f"page-{page}.png")
    key = {str(number): name for number, name in enumerate(names)}
    (given.out / "key.json").write_text(json.dumps(key, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
