"""Blind comparison by eye: the same sentences by the model, by retrieval and by the procedural
generator, in an order nobody knows.

    python docs/gallery/blind.py draw STORE OUT [--model small] [--set KEY=VALUE] [--seeds 2]
    python docs/gallery/blind.py tally OUT/key.json ANSWERS.txt [ANSWERS.txt ...] [--actions]

`draw` writes pages ``page-01.png`` ... on which every sentence has three strips A, B and C (twelve
moments each, the same plain figure for all; the line is the ground, its marks are half a metre
apart), and ``key.json``, which readers must not see. A reader writes a line for each number, from
best to worst: ``17: B > A = C``. ``--set phases=draft`` shows what the model makes of drafts; the
procedural strip beside it is then the very draft. `tally` counts, family by family, how often the
model was preferred to each of the others; a tie is half a win.

The sentences are those of ``tests/data/eval_prompts.yaml`` that ask for one action.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from stickgen.core import schema
from stickgen.core.schema import J
from stickgen.core.storage import ClipStore
from stickgen.core.types import Motion

PROMPTS = Path(__file__).parents[2] / "tests" / "data" / "eval_prompts.yaml"

MOMENTS = 12
CELL = (124, 150)
SHARP = 3
"""Pixels drawn for each one kept."""
PER_PAGE = 3
YAW = np.radians(30.0)
METRES = 2.3
"""What the height of a cell shows."""

FAMILIES = {
    "on foot": ("walk", "run", "crawling", "climbing"),
    "jumps and falls": ("jump", "cartwheel", "fall", "dodge"),
    "fighting": ("punch", "fight", "kick"),
    "ball games": ("kicking", "dribbling"),
    "in place": ("sit", "stand", "get_up", "drinking", "laugh", "dance"),
}
"""Families of actions; each is judged by itself."""

BONES = tuple((j, p) for j, p in enumerate(schema.PARENTS) if p >= 0)
FAR = (120, 132, 150)
NEAR = (24, 28, 38)


def family(action: str) -> str:
    return next((name for name, members in FAMILIES.items() if action in members), "other")


def strip(motion: Motion) -> Image.Image:
    """Return twelve moments of *motion* side by side, seen from 30 degrees."""
    joints = motion.joints[:, 0].astype(np.float64)
    across = joints[..., 0] * np.cos(YAW) + joints[..., 2] * np.sin(YAW)
    depth = -joints[..., 0] * np.sin(YAW) + joints[..., 2] * np.cos(YAW)
    width, height = CELL[0] * SHARP, CELL[1] * SHARP
    scale = height / METRES
    foot = height - 10 * SHARP
    out = Image.new("RGB", (width * MOMENTS, height), (255, 255, 255))
    for cell, frame in enumerate(np.linspace(0, len(joints) - 1, MOMENTS).round().astype(int)):
        # who climbs out of the cell is followed; ticks at its edge are then half a metre apart
        rise = max(0.0, float(joints[frame, :, 1].max()) + 0.35 - METRES)
        picture = Image.new("RGB", (width, height), (255, 255, 255))
        draw = ImageDraw.Draw(picture)
        ground = foot + rise * scale
        centre = across[frame, J["pelvis_center"]]
        x = (across[frame] - centre) * scale + width / 2
        y = ground - joints[frame, :, 1] * scale
        draw.line([(0, ground), (width, ground)], fill=(160, 160, 160), width=SHARP)
        first = np.ceil((centre - METRES) / 0.5) * 0.5
        for mark in np.arange(first, centre + METRES, 0.5):
            at = (mark - centre) * scale + width / 2
            draw.line([(at, ground), (at, ground + 4 * SHARP)], fill=(160, 160, 160), width=SHARP)
        for level in np.arange(0.0, METRES + rise, 0.5) if rise else ():
            y_level = ground - level * scale
            draw.line([(0, y_level), (4 * SHARP, y_level)], fill=(160, 160, 160), width=SHARP)
        order = sorted(BONES, key=lambda bone: depth[frame, list(bone)].mean())
        middle = depth[frame].mean()
        for child, parent in order:
            far = depth[frame, [child, parent]].mean() < middle - 0.04
            ends = [(x[parent], y[parent]), (x[child], y[child])]
            draw.line(ends, fill=FAR if far else NEAR, width=4 * SHARP)
            for px, py in ends:
                r = 2 * SHARP
                draw.ellipse([px - r, py - r, px + r, py + r], fill=FAR if far else NEAR)
        head, r = J["head_center"], 0.11 * scale
        draw.ellipse([x[head] - r, y[head] - r, x[head] + r, y[head] + r], fill=NEAR)
        out.paste(picture, (cell * width, 0))
    return out.resize((CELL[0] * MOMENTS, CELL[1]), Image.Resampling.LANCZOS)


def draw(given: argparse.Namespace) -> None:
    """Let all three perform, and write the pages and the key."""
    from stickgen.core import registries
    from stickgen.train.evaluation import prompts, samples
    from stickgen.train.evaluation.systems import Plugin, Retrieval

    options = dict(pair.split("=", 1) for pair in given.set)
    asked = [p for p in prompts.read(PROMPTS) if len(p.actions) == 1]
    corpus = samples.load(ClipStore(given.store))
    encoder = registries.text_encoders.create("static")
    systems = {
        "model": Plugin("model", given.model, options),
        "retrieval": Retrieval.of(corpus.train, encoder),
        "procedural": Plugin("procedural", "procedural"),
    }
    requests = [prompt.request() for prompt in asked]
    shown = {
        (name, seed): system.perform(requests, given.seed + seed)
        for name, system in systems.items()
        for seed in range(given.seeds)
    }
    rng = np.random.default_rng(given.seed)
    cases = [(i, seed) for seed in range(given.seeds) for i in rng.permutation(len(asked))]
    font = ImageFont.load_default(15)
    given.out.mkdir(parents=True, exist_ok=True)
    key = {}
    margin, title, gap = 24, 22, 14
    block = title + 3 * (CELL[1] + 2) + gap
    for page, start in enumerate(range(0, len(cases), PER_PAGE), start=1):
        part = cases[start : start + PER_PAGE]
        size = (margin + CELL[0] * MOMENTS + 4, block * len(part))
        sheet = Image.new("RGB", size, (255, 255, 255))
        pen = ImageDraw.Draw(sheet)
        for place, (i, seed) in enumerate(part):
            number, top = start + place + 1, place * block
            prompt = asked[i]
            pen.text((4, top + 2), f"{number}.  {prompt.text}", fill=(0, 0, 0), font=font)
            names = [list(systems)[j] for j in rng.permutation(len(systems))]
            for row, name in enumerate(names):
                at = top + title + row * (CELL[1] + 2)
                pen.text((5, at + CELL[1] // 2), "ABC"[row], fill=(0, 0, 0), font=font)
                sheet.paste(strip(shown[name, seed][i]), (margin, at))
            key[str(number)] = {
                "text": prompt.text,
                "action": prompt.actions[0],
                "family": family(prompt.actions[0]),
                **dict(zip("ABC", names, strict=True)),
            }
            pen.line([(0, top + block - 4), (size[0], top + block - 4)], fill=(200, 200, 200))
        few = sheet.quantize(24)
        few.save(given.out / f"page-{page:02d}.png", optimize=True)
    (given.out / "key.json").write_text(json.dumps(key, indent=1) + "\n", "utf-8")
    sys.stdout.write(f"{page} pages of {len(cases)} comparisons in {given.out}\n")


def preferred(line: str) -> tuple[str, dict[str, int]] | None:
    """Return the number and the rank of each letter in a reader's *line*, None if it is none."""
    found = re.match(r"\s*(\d+)\s*[.:)]?\s*([ABC](?:\s*[>=]\s*[ABC])*)\s*$", line.upper())
    if not found:
        return None
    ranks = {
        letter: rank
        for rank, tied in enumerate(found[2].split(">"))
        for letter in re.findall("[ABC]", tied)
    }
    return found[1], ranks


def tally(given: argparse.Namespace) -> None:
    """Print how often the model was preferred, by family and opponent."""
    key = json.loads(given.key.read_text("utf-8"))
    wins: dict[tuple[str, str], list[float]] = defaultdict(list)
    for path in given.answers:
        for line in path.read_text("utf-8").splitlines():
            answer = preferred(line)
            if answer is None or answer[0] not in key:
                continue
            case, ranks = key[answer[0]], answer[1]
            rank = {case[letter]: ranks.get(letter, 9) for letter in "ABC"}
            for other in ("retrieval", "procedural"):
                score = 0.5 + 0.5 * np.sign(rank[other] - rank["model"])
                for group in (case["action"],) if given.actions else (case["family"], "all"):
                    wins[group, other].append(float(score))
    sys.stdout.write(f"{'family':18s} {'against':12s} preferred\n")
    for (group, other), scores in sorted(wins.items()):
        share = f"{sum(scores):g}/{len(scores)} = {np.mean(scores):.0%}"
        verdict = "at least as often as not" if np.mean(scores) >= 0.5 else "LESS often"
        sys.stdout.write(f"{group:18s} {other:12s} {share}, {verdict}\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    commands = parser.add_subparsers(required=True)
    first = commands.add_parser("draw", help="write the pages and the key")
    first.add_argument("store", type=Path)
    first.add_argument("out", type=Path)
    first.add_argument("--model", default="small")
    first.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    first.add_argument("--seeds", type=int, default=2)
    first.add_argument("--seed", type=int, default=0)
    first.set_defaults(work=draw)
    second = commands.add_parser("tally", help="count the answers of readers")
    second.add_argument("key", type=Path)
    second.add_argument("answers", type=Path, nargs="+")
    second.add_argument("--actions", action="store_true", help="action by action")
    second.set_defaults(work=tally)
    given = parser.parse_args()
    given.work(given)


if __name__ == "__main__":
    main()
