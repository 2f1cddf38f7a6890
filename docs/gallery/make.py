"""Draw the contact sheets of the gallery: every action, a few scenes, a few real clips.

    python docs/gallery/make.py [--out docs/gallery] [--real FOLDER]

FOLDER is where the real motion files lie (see CONTRIBUTING); without it only generated sheets are
drawn. Prints for each generated sheet the figures that REVIEW.md cites: planted-foot skate,
planted fraction and root speed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from PIL import Image

from stickgen.core import Animation, generate, pipeline, validator

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

STYLES = ("normal", "sketch", "ink", "neon")

SHEET = {"width": 1600, "height": 900}


def draw(animation: Animation, path: Path) -> None:
    """Write the sheet of *animation*, small enough for a repository."""
    animation.save(path, force=True, **SHEET)
    with Image.open(path) as sheet:
        small = sheet.convert("RGB").resize((880, round(880 * sheet.height / sheet.width)))
    small.save(path, optimize=True)


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


def draw_styles(out: Path) -> None:
    """Write one picture of four: the same moment in every style."""
    animation = generate("Two friends wave at each other, then sit down", seed=SEED)
    width, height = 720, 405
    sheet = Image.new("RGB", (2 * width, 2 * height))
    for place, style in enumerate(STYLES):
        picture = animation.frame(2.0, style=style, width=width, height=height)
        where = (place % 2 * width, place // 2 * height)
        sheet.paste(Image.fromarray(picture).convert("RGB"), where)
    sheet.save(out / "styles.png", optimize=True)


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
    arguments = parser.parse_args()
    draw_generated(arguments.out)
    draw_styles(arguments.out)
    if arguments.real is not None:
        draw_real(arguments.out, arguments.real)


if __name__ == "__main__":
    main()
