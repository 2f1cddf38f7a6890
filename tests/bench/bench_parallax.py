"""How fast pictures for training are drawn, beside the same pictures encoded by Pillow.

Two actors wave and hug; every picture is drawn from another side. *Per core* counts the processor
time of one process that draws and encodes and writes nothing; its ratio is to the same drawing
encoded by Pillow with its own settings. *Two processes* is ``stickgen parallax`` as people run it,
by the clock on the wall, so it wants two idle cores.
"""

from __future__ import annotations

import io
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from figures import report

VIEWS = 100
STEPS = 4
REPEATS = 3
CLIPS = 4


def motions() -> list[Any]:
    """Return clips of two actors."""
    from stickgen.core.pipeline import generate
    from stickgen.core.types import Clip

    return [
        Clip(generate("Two friends wave and hug", seed=seed).scene.motion, clip_id=f"clip-{seed}")
        for seed in range(CLIPS)
    ]


def rate(make: Callable[[int], Iterable[object]], views: int) -> float:
    """Return pictures a second of processor time, the best of some runs."""
    best = 0.0
    for _ in range(REPEATS):
        start = time.process_time()
        count = sum(1 for _ in make(views))
        best = max(best, count / (time.process_time() - start))
    return best


def per_core(clips: list[Any], size: int) -> None:
    """Report one process at *size*, encoded by us and by Pillow."""
    from PIL import Image

    from stickgen.render.parallax import ParallaxDataset
    from stickgen.render.workers import keep_memory

    keep_memory()
    ours = ParallaxDataset(clips, size=size, views=VIEWS, frames_per_view=STEPS, masks=False)

    def pillow(views: int) -> Iterator[None]:
        for index in range(views * STEPS):
            Image.fromarray(ours[index]["image"]).save(io.BytesIO(), "PNG")
            yield

    def read(views: int) -> Iterator[None]:
        for index in range(views * STEPS):
            with Image.open(io.BytesIO(files[index % len(files)])) as picture:
                picture.load()
            yield

    def drawn(views: int) -> Iterator[object]:
        return (ours[index] for index in range(views * STEPS))

    files = [ours.png(0, view, 0)[0] for view in range(10)]
    best = rate(lambda views: ours.pngs(0, 0, views), VIEWS)
    usual = rate(pillow, VIEWS // 5)
    report(
        f"parallax {size}x{size}, per core", best, "PNG/s", baseline=usual, target="ratio >= 3.5"
    )
    report(
        f"parallax {size}x{size}, drawn on the fly instead of read by Pillow",
        rate(drawn, VIEWS),
        "pictures/s",
        baseline=rate(read, VIEWS),
    )


def two_processes(store: Path, folder: Path, size: int, form: str, target: float) -> None:
    """Report ``stickgen parallax --jobs 2``; starting the processes is left out of the time."""
    from stickgen.render.parallax.files import write_pictures

    marks: list[tuple[float, int]] = []

    def progress(done: int, total: int) -> None:
        marks.append((time.perf_counter(), done))

    write_pictures(
        store, folder / f"{form}-{size}", size=size, form=form, jobs=2, progress=progress
    )
    (begin, first), (end, last) = marks[1], marks[-1]
    what = "loose files" if form == "png" else "tar shards"
    report(
        f"parallax {size}x{size}, two processes, {what}",
        (last - first) / (end - begin),
        "PNG/s",
        target=f"value >= {target:g}",
    )


def main() -> None:
    from stickgen.core.storage import ClipStore

    clips = motions()
    for size in (256, 512):
        per_core(clips, size)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with ClipStore(folder / "store").writer() as writer:
            for clip in clips:
                writer.add(clip.clip_id, [clip])
        two_processes(folder / "store", folder, 256, "png", 2500)
        two_processes(folder / "store", folder, 512, "png", 900)
        two_processes(folder / "store", folder, 512, "wds", 1200)


if __name__ == "__main__":
    main()
