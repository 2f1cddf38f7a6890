"""How fast pictures are drawn and encoded, beside matplotlib drawing the same figure.

The *plain* figure is 12 round-capped lines, a head and the ground at 1280x720, the same for all.
matplotlib draws it the usual way: clear the axes, plot, draw with Agg. The *normal* style is what
people get: backdrop, shadows, a figure with a face; its ratio is to matplotlib's plain figure.
Frames a second are per core: they count the processor time of the process. Figures with H.264 go
through the same exporter, in one process.

Each library is measured in a process of its own: ``python bench_render.py --library cairocffi``.
The baseline is measured before and after the others and its better figure counts.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar

from figures import report

WIDTH, HEIGHT = 1280, 720
FRAMES = 250
LONG = 600
"""Seconds of the clip whose memory is measured."""
REPEATS = 3
LIBRARIES = ("matplotlib", "pycairo", "cairocffi", "pillow")


def bones() -> list[tuple[int, int]]:
    """Return the twelve lines of the plain figure as pairs of points."""
    from stickgen.render.figure import ARMS, LEGS

    chains = [[0, 1, 2], *(list(range(part.start, part.stop)) for part in (*ARMS, *LEGS))]
    return [pair for chain in chains for pair in list(pairwise(chain))[-3:]][:12]


def plain_style() -> type:
    """Return a style that draws the plain figure."""
    import numpy as np

    from stickgen.render.display import Fill, Op, Path, Stroke
    from stickgen.render.figure import HEAD
    from stickgen.render.shot import Shot

    ink, paper, ground = (0.15, 0.15, 0.15, 1.0), (1.0, 1.0, 1.0, 1.0), (0.6, 0.6, 0.6, 1.0)
    lines = bones()

    class PlainStyle:
        api_version: ClassVar[int] = 1
        name = "plain"

        def fixed(self, shot: Shot) -> list[Op]:
            floor = 0.9 * shot.height
            return [
                Fill(Path().rectangle(0.0, 0.0, shot.width, shot.height), paper),
                Stroke(Path().polyline((0.0, floor, float(shot.width), floor)), ground, 2.8),
            ]

        def frame(self, shot: Shot, index: int) -> list[Op]:
            ops: list[Op] = []
            for actor in np.flatnonzero(shot.cast.visible[index]):
                points = shot.cast.points[index, actor].tolist()
                for a, b in lines:
                    ops.append(Stroke(Path().polyline((*points[a], *points[b])), ink, 8.0))
                ops.append(Fill(Path().circle(*points[HEAD], 21.0), ink))
            return ops

        def changing(self, shot: Shot) -> tuple[float, float, float, float]:
            boxes = np.array([b for b in map(shot.bounds, range(shot.n_frames)) if b is not None])
            low, high = boxes[:, :2].min(axis=0) - 8.0, boxes[:, 2:].max(axis=0) + 8.0
            return (float(low[0]), float(low[1]), float(high[0]), float(high[1]))

    return PlainStyle


def matplotlib_renderer() -> type:
    """Return a renderer that clears and plots, as animations with matplotlib usually do."""
    import matplotlib as mpl
    import numpy as np

    from stickgen.render.figure import HEAD
    from stickgen.render.shot import Shot, shoot

    mpl.use("Agg")
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    class Drawing:
        pixel_format = "rgba"

        def __init__(self, shot: Shot) -> None:
            self.shot = shot
            figure = Figure(figsize=(WIDTH / 100, HEIGHT / 100), dpi=100)
            self.canvas = FigureCanvasAgg(figure)
            self.axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))

        def __len__(self) -> int:
            return self.shot.n_frames

        def frame(self, index: int) -> Any:
            axes, shot = self.axes, self.shot
            axes.clear()
            axes.set(xlim=(0, WIDTH), ylim=(HEIGHT, 0))
            axes.axis("off")
            axes.plot([0, WIDTH], [0.9 * HEIGHT, 0.9 * HEIGHT], color="0.6", linewidth=2)
            for actor in np.flatnonzero(shot.cast.visible[index]):
                points = shot.cast.points[index, actor]
                for a, b in bones():
                    axes.plot(points[[a, b], 0], points[[a, b], 1], color="0.15", linewidth=5.8,
                              solid_capstyle="round")  # fmt: skip
                axes.plot(*points[HEAD], "o", color="0.15", markersize=30)
            self.canvas.draw()
            return np.asarray(self.canvas.buffer_rgba())

    class MatplotlibRenderer:
        api_version: ClassVar[int] = 1

        def open(self, scene: Any, options: Any) -> Drawing:
            return Drawing(shoot(scene, options))

    return MatplotlibRenderer


def performed(action: str) -> Any:
    """Return the animation of one person doing *action* for `FRAMES` frames."""
    import numpy as np

    from stickgen.core import registries
    from stickgen.core.ops import slice_frames
    from stickgen.core.pipeline import Animation
    from stickgen.core.types import ActorState, Beat, Scene

    generator = registries.generators.create("procedural")
    beat = Beat((0,), action, seconds=FRAMES / 25.0 + 0.5)
    motion = generator.generate(beat, [ActorState()], np.random.default_rng(7))
    return Animation(Scene(slice_frames(motion, 0, FRAMES)))


def drawn(animation: Any) -> float:
    """Return frames a second of processor time, the best of some runs."""
    drawing = animation.drawing()
    drawing.frame(0)
    best = 0.0
    for _ in range(REPEATS):
        start = time.process_time()
        for index in range(len(drawing)):
            drawing.frame(index)
        best = max(best, len(drawing) / (time.process_time() - start))
    return best


def measure(library: str) -> dict[str, float]:
    """Return the figures of one library: frames a second per core, wall seconds, megabytes."""
    if library == "cairocffi":
        sys.modules["cairo"] = None  # type: ignore[assignment] # so that it is not found
    from stickgen.core import registries

    renderer = library if library in ("pillow", "matplotlib") else "cairo"
    if library == "matplotlib":
        registries.renderers.register("matplotlib", matplotlib_renderer())
    registries.styles.register("plain", plain_style())
    standing = performed("wave").with_(renderer=renderer)
    walking = performed("walk").with_(renderer=renderer)
    plain = standing.with_(style="plain", jobs=1)
    found = {"draw plain": drawn(plain)}
    if library != "matplotlib":
        found["draw normal, camera still"] = drawn(standing)
        found["draw normal, camera following"] = drawn(walking)
    with tempfile.TemporaryDirectory() as folder:
        rates = []
        for attempt in range(REPEATS):
            start = time.process_time()
            plain.save(Path(folder) / f"one{attempt}.mp4")
            rates.append(FRAMES / (time.process_time() - start))
        found["draw + H.264 plain"] = max(rates)
        if library == "cairocffi":
            found |= styled(standing.with_(jobs=1), Path(folder))
            found |= ended(standing, Path(folder))
    return found


def spent(animation: Any, path: Path, **options: Any) -> float:
    """Return the processor seconds it takes to save *animation* in one process, the best of some
    runs.
    """
    best = float("inf")
    for _ in range(REPEATS):
        start = time.process_time()
        animation.save(path, force=True, **options)
        best = min(best, time.process_time() - start)
    return best


def styled(animation: Any, folder: Path) -> dict[str, float]:
    """Return what styles, sizes and a GIF cost: processor seconds of a 10-s clip, and ratios."""
    plain = spent(animation, folder / "normal.mp4")
    found = {"normal": plain}
    for style in ("sketch", "ink", "neon"):
        found[f"{style} over normal"] = (
            spent(animation, folder / f"{style}.mp4", style=style) / plain
        )
    large = spent(animation, folder / "large.mp4", width=1920, height=1080)
    found["1080p over 720p"] = large / plain
    found["gif 640x360"] = spent(animation, folder / "small.gif", width=640, height=360)
    return found


def ended(animation: Any, folder: Path) -> dict[str, float]:
    """Return the wall seconds of a clip with two processes, and the megabytes of a long one."""
    from stickgen.core.ops import resample
    from stickgen.core.pipeline import Animation
    from stickgen.core.types import Scene

    walls = []
    for attempt in range(REPEATS):
        start = time.perf_counter()
        animation.save(folder / f"two{attempt}.mp4")
        walls.append(time.perf_counter() - start)
    motion = animation.scene.motion
    slow = resample(motion, motion.fps * LONG / motion.seconds)
    long = Animation(Scene(replace(slow, fps=motion.fps)), animation.options)
    long.save(folder / "long.mp4", width=320, height=180, quality="draft")
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    workers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return {"wall": min(walls), "memory": max(own, workers) / 1024}


def measured(library: str) -> dict[str, float]:
    """Return the figures of *library*, measured in a process of its own."""
    command = [sys.executable, __file__, "--library", library]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    figures: dict[str, float] = json.loads(printed.splitlines()[-1])
    return figures


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--library", choices=LIBRARIES)
    chosen = parser.parse_args().library
    if chosen:
        print(json.dumps(measure(chosen)))
        sys.exit()
    base = measured("matplotlib")
    ours = {}
    for each in LIBRARIES[1:]:
        if each == "pycairo" and importlib.util.find_spec("cairo") is None:
            print("pycairo is not installed and not measured", file=sys.stderr)
            continue
        ours[each] = measured(each)
    again = measured("matplotlib")
    base = {name: max(value, again[name]) for name, value in base.items()}
    drawing_targets = {"pycairo": "ratio >= 20", "cairocffi": "ratio >= 20"}
    for each, found in ours.items():
        fast = drawing_targets.get(each)
        for name, target in (
            ("draw plain", fast),
            ("draw + H.264 plain", fast and "ratio >= 3"),
            ("draw normal, camera still", None),
            ("draw normal, camera following", None),
        ):
            baseline = base.get(name, base["draw plain"])
            report(f"{name}, {each}", found[name], "frames/s", baseline=baseline, target=target)
    found = ours["cairocffi"]
    report("10-s clip to mp4, one process", found["normal"], "CPU s")
    for name, most in (("sketch", 2.0), ("ink", 2.0), ("neon", 2.0)):
        key = f"{name} over normal"
        report(f"10-s clip, {key}", found[key], "times", target=f"value <= {most}")
    report("10-s clip, 1080p over 720p", found["1080p over 720p"], "times", target="value <= 2.2")
    report("10-s clip to gif 640x360", found["gif 640x360"], "CPU s", target="value <= 1.5")
    report("10-s clip to mp4, wall", found["wall"], "s", target="value <= 2.0")
    report(f"largest process, {LONG}-s clip", found["memory"], "MB", target="value <= 500")
