"""Draw the pictures of the gallery: actions, scenes, stories in every style, a few real clips.

    python docs/gallery/make.py [--out docs/gallery] [--real FOLDER] [--only stories|actions|...]

FOLDER is where the real motion files lie (see CONTRIBUTING); without it only generated sheets are
drawn. Prints for each sheet of an action or a scene the figures that REVIEW.md cites: planted-foot
skate, planted fraction and root speed. No picture is larger than 360 kB; all of them take about ten
minutes of one core.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from stickgen.core import Animation, generate, pipeline, validator
from stickgen.core.actions import ACTIONS as ACTION_TABLE
from stickgen.core.environments import ENVIRONMENTS
from stickgen.core.protocols import Drawing
from stickgen.core.types import Beat, Role, Script
from stickgen.render.poses import best_frames

SEED = 7

ACTIONS = {
    "idle": "A person stands still",
    "walk": "A person walks",
    "run": "A person runs",
    "sprint": "A person sprints",
    "jump": "A person jumps three times",
    "wave": "A person waves",
    "sit": "A person sits down",
    "stand": "A person sits down, then stands up",
    "kick": "A person kicks twice",
    "punch": "A person punches three times",
    "clap": "A person claps",
    "point": "A person points",
}

PAIRS = ("fight", "handshake", "hug", "high_five")
"""Actions that two people do together."""

SCENES = {
    "walk-and-wave": "A person walks and waves",
    "sequence": "A person walks forward, then jumps and waves",
    "two-friends": "Two friends wave at each other, then walk away",
    "run-then-sit": "A happy man runs, then sits down",
}

REAL = {
    "real-cmu-walk": ("cmu_bvh.zip", "07_01.bvh"),
    "real-cmu-run": ("cmu_bvh.zip", "09_01.bvh"),
    "real-bandai": ("bandai.zip", None),
    "real-animated-drawings": ("animated_drawings.zip", None),
}

STORIES = {
    "playoff": (
        "Two teams playing against each other in a World Series playoff",
        (0.28, 0.32, 0.50, 0.72),
    ),
    "alien": ("A man exploring space and meets an alien", (0.03, 0.34, 0.69, 0.97)),
    "rain": ("Two friends wave at each other in the rainy city", (0.08, 0.34, 0.58, 0.90)),
    "forest": ("A woman runs through the forest, then jumps", (0.14, 0.39, 0.87, 1.00)),
    "beach": ("A man kicks a ball on the beach, then celebrates", (0.00, 0.18, 0.24, 0.45)),
    "office": ("A tired man sits down in the office and types", (0.04, 0.16, 0.66, 0.76)),
    "party": ("Three friends dance at a party", (0.22, 0.34, 0.46, 0.74)),
    "snow": ("A happy girl walks through the snow, then waves", (0.22, 0.42, 0.60, 0.80)),
    "underwater": ("A woman swims under the sea", (0.05, 0.35, 0.70, 1.00)),
    "boxing": ("Two boxers fight in the arena", (0.17, 0.40, 0.51, 0.82)),
    "castle": ("A knight walks to the castle, then kneels", (0.17, 0.35, 0.53, 0.98)),
    "concert": ("A singer sings at a concert", (0.16, 0.29, 0.42, 0.56)),
}
"""Twelve varied scenes, each drawn in every style: the prompt, and four moments of the action as
shares of its length. The frame that is drawn is the one near each whose silhouette is most open.
"""

NEAR = 0.02
"""So far from the moment a frame may be, as a share of the length."""

STYLES = ("normal", "sketch", "ink", "neon")

SHEET = {"width": 1600, "height": 900}
LARGEST = 700_000
"""Bytes of a picture; it is made narrower until it fits."""


def save_small(sheet: Image.Image, path: Path) -> None:
    """Write *sheet*, no larger than `LARGEST`: in all its colours where they fit, else in 256 of
    its own, dithered where its gradients would show bands without.
    """
    sheet.save(path, optimize=True)
    if path.stat().st_size <= LARGEST:
        return
    while True:
        palette = _vivid_first(sheet).quantize(256)
        small = sheet.quantize(palette=palette, dither=Image.Dither.NONE)
        if _banding(sheet, small) > _VISIBLE:
            mixed = sheet.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG)
            mixed.paste(small, mask=_of_figures(sheet))
            small = mixed
        small.save(path, optimize=True)
        if path.stat().st_size <= LARGEST:
            return
        sheet = sheet.resize(
            (round(0.92 * sheet.width), round(0.92 * sheet.height)), Image.Resampling.LANCZOS
        )


_VISIBLE = 0.5
"""Levels (of 255) of wrong colour over an area that the eye takes for a band."""


def _banding(sheet: Image.Image, small: Image.Image) -> float:
    """Return by how many levels the areas of *small* differ from those of *sheet*, on average."""
    size = (sheet.width // 6, sheet.height // 6)
    areas = [
        np.asarray(each.convert("RGB").resize(size, Image.Resampling.BOX), dtype=np.float64)
        for each in (sheet, small)
    ]
    return float(np.abs(areas[0] - areas[1]).mean())


def _of_figures(sheet: Image.Image) -> Image.Image:
    """Return a mask of what is vivid, or very dark by day, and of its edges, which dither would
    make ragged.
    """
    pixels = np.asarray(sheet.convert("RGB")).astype(int)
    low, high = pixels.min(axis=2), pixels.max(axis=2)
    dark = (high < 70) & (np.median(high) > 128)
    plain = Image.fromarray(np.uint8(255 * ((high - low > 70) & (high > 120) | dark)))
    return plain.filter(ImageFilter.MaxFilter(5))


def _vivid_first(sheet: Image.Image) -> Image.Image:
    """Return the pixels of *sheet*, vivid and very dark ones many times over: figures are small,
    and their colours must not be lost among those of the paper.
    """
    pixels = np.asarray(sheet.convert("RGB")).reshape(-1, 3)[::7]
    low, high = pixels.min(axis=1).astype(int), pixels.max(axis=1).astype(int)
    vivid = pixels[(high - low > 70) | (high < 50)]
    often = np.repeat(vivid, max(1, round(0.3 * len(pixels) / max(len(vivid), 1))), axis=0)
    both = np.concatenate([pixels, often])
    width = 512
    return Image.fromarray(both[: len(both) // width * width].reshape(-1, width, 3))


def draw(animation: Animation, path: Path) -> None:
    """Write the sheet of *animation*, small enough for a repository."""
    animation.save(path, force=True, **SHEET)
    with Image.open(path) as sheet:
        size = (960, round(960 * sheet.height / sheet.width))
        small = sheet.convert("RGB").resize(size, Image.Resampling.LANCZOS)
    save_small(small, path)


def chosen(drawing: Drawing, shares: Sequence[float]) -> list[int]:
    """Return the frame near each of *shares* of the length of *drawing* that shows most."""
    last = len(drawing) - 1
    score = drawing.shot.openness  # type: ignore[attr-defined]
    return best_frames(score, [share * last for share in shares], NEAR * last)


def draw_stories(out: Path) -> None:
    """Write four moments of each story, a picture for each style."""
    width, height, gap = 480, 270, 4
    for name, (prompt, moments) in STORIES.items():
        animation = generate(prompt, seed=SEED, duration=6.0)
        for style in STYLES:
            drawing = animation.drawing(style=style, width=1280, height=720)
            page = Image.new("RGB", (2 * width + gap, 2 * height + gap), (58, 54, 51))
            for place, frame in enumerate(chosen(drawing, moments)):
                picture = drawing.frame(frame)
                cell = Image.fromarray(picture[..., [2, 1, 0]])
                cell = cell.resize((width, height), Image.Resampling.LANCZOS)
                page.paste(cell, (place % 2 * (width + gap), place // 2 * (height + gap)))
            save_small(page, out / f"story-{name}-{style}.png")
        print(json.dumps({"story": name, "prompt": prompt}))


def draw_generated(out: Path) -> None:
    for name, prompt in {**ACTIONS, **SCENES}.items():
        animation = generate(prompt, seed=SEED, duration=4.0 if name in ACTIONS else 8.0)
        draw(animation, out / f"{name}.sheet.png")
        skate = validator.foot_skate(animation.scene.motion)
        figures = {
            "skate_percent": [round(100 * float(x), 3) for x in skate.skate],
            "planted_percent": [round(100 * float(x), 1) for x in skate.planted],
            "root_speed": [round(float(x), 2) for x in skate.root_speed],
        }
        print(json.dumps({"sheet": name, "prompt": prompt, **figures}))


def draw_table(out: Path) -> None:
    """Write every action of the table, twelve on a page: eight moments while something moves."""
    width, height, label = 128, 108, 96
    pages = [ACTION_TABLE[i : i + 12] for i in range(0, len(ACTION_TABLE), 12)]
    for number, rows in enumerate(pages):
        page = Image.new("RGB", (label + 8 * width, len(rows) * height), "white")
        for row, action in enumerate(rows):
            people = 2 if action.name in PAIRS else 1
            script = Script(
                prompt=action.name,
                roles=tuple(Role(f"{i}") for i in range(people)),
                beats=(Beat(tuple(range(people)), action.name, seconds=4.0),),
                duration=4.0,
            )
            animation = Animation(pipeline.perform(script, seed=SEED))
            pace = np.abs(np.diff(animation.joints, axis=0)).max(axis=(1, 2, 3))
            busy = np.flatnonzero(pace > 0.012)
            first, last = (busy[0], busy[-1]) if len(busy) > 10 else (0, len(pace))
            drawing = animation.drawing(width=4 * width, height=4 * height)
            for column, moment in enumerate(np.linspace(first + 2, last - 1, 8).round()):
                picture = drawing.frame(int(moment))[..., [2, 1, 0]]
                cell = Image.fromarray(picture).resize((width, height))
                page.paste(cell, (label + column * width, row * height))
            ImageDraw.Draw(page).text((6, row * height + 46), action.name, fill="black")
        save_small(page, out / f"table-{number + 1}.png")


def draw_styles(out: Path) -> None:
    """Write the same moment in every style, a picture each."""
    animation = generate("Two friends wave at each other, then sit down", seed=SEED)
    for style in STYLES:
        picture = animation.frame(2.0, style=style, width=1280, height=720)[..., :3]
        save_small(Image.fromarray(picture).resize((720, 405)), out / f"style-{style}.png")


def draw_places(out: Path) -> None:
    """Write the 64 environments on four pages, one for each style."""
    scene = generate("A person waves", seed=SEED, duration=2.0).scene
    width, height, columns = 110, 62, 8
    for style in STYLES:
        page = Image.new("RGB", (columns * width, 8 * height))
        for place, environment in enumerate(ENVIRONMENTS):
            there = Animation(replace(scene, environment=environment.name, props=()))
            drawing = there.drawing(style=style, width=440, height=248)
            picture = Image.fromarray(drawing.frame(25)[..., [2, 1, 0]])
            where = (place % columns * width, place // columns * height)
            page.paste(picture.resize((width, height)), where)
        save_small(page, out / f"places-{style}.png")


def draw_real(out: Path, real: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, (archive, member) in REAL.items():
            files = Path(folder) / name
            with zipfile.ZipFile(real / archive) as packed:
                bvh = sorted(n for n in packed.namelist() if n.endswith(".bvh"))
                chosen = next((n for n in bvh if member and n.endswith(member)), bvh[0])
                near = [n for n in packed.namelist() if Path(n).suffix in (".csv", ".json")]
                packed.extractall(files, [chosen, *near])
            target = Path(folder) / f"{name}.motion"
            subprocess.run(
                [
                    sys.executable, "-m", "stickgen.core.cli.main", "convert", "--source", "bvh",
                    str(files / chosen), "-o", str(target), "--quiet",
                ],
                check=True,
            )  # fmt: skip
            animation = pipeline.load(target)
            draw(animation, out / f"{name}.sheet.png")
            print(json.dumps({"sheet": name, "file": Path(chosen).name}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent)
    parser.add_argument("--real", type=Path, default=None)
    parser.add_argument(
        "--only",
        action="append",
        choices=["actions", "table", "styles", "stories", "places", "real"],
    )
    arguments = parser.parse_args()
    wanted = arguments.only or ["actions", "table", "styles", "stories", "places", "real"]
    if "actions" in wanted:
        draw_generated(arguments.out)
    if "table" in wanted:
        draw_table(arguments.out)
    if "styles" in wanted:
        draw_styles(arguments.out)
    if "stories" in wanted:
        draw_stories(arguments.out)
    if "places" in wanted:
        draw_places(arguments.out)
    if "real" in wanted and arguments.real is not None:
        draw_real(arguments.out, arguments.real)


if __name__ == "__main__":
    main()
