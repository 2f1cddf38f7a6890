"""How fast the player draws in headless Chromium with WebGL in software, at 1920x1080.

Two actors of ten seconds and a ball. A frame's time runs until its last pixel is there (read back),
for every style, with the camera still and with the backdrop painted anew each time as when it
travels; the 2-D canvas is the baseline. Then the page plays for a few seconds and the frames that
reach the screen are counted, the processor time they took (of all the browser's processes), and a
fresh page says how long its first picture took.

``python bench_player.py``; needs Chromium.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from pathlib import Path

from figures import report

WIDTH, HEIGHT = 1920, 1080
BAR = 76
"""Height of the controls below the picture."""
FRAMES = 60
SECONDS = 4.0
STYLES = ("normal", "sketch", "ink", "neon")


def page(folder: Path) -> Path:
    """Write the page under test."""
    from stickgen.core.pipeline import generate

    target = folder / "player.html"
    generate("Two friends play catch with a ball", seed=7, duration=10).save(target)
    return target


def processor_seconds(process: int) -> float | None:
    """Return the processor time of *process* and its descendants, None where it is not known."""
    children: dict[int, list[int]] = {}
    spent: dict[int, float] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        number = int(entry.parent.name)
        children.setdefault(int(fields[1]), []).append(number)
        spent[number] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    family = [process]
    for each in family:
        family += children.get(each, [])
    return sum(spent.get(each, 0.0) for each in family) if process in spent else None


def main() -> None:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "render"))
    from chromium import Chromium, executable

    if executable() is None:
        print("bench_player needs Chromium", file=sys.stderr)
        return
    frames = "new Promise(done => { let n = 0; const from = performance.now();"
    frames += "(function f() { n++; const t = performance.now() - from;"
    frames += f"t > {1000 * SECONDS} ? done(1000 * n / t) : requestAnimationFrame(f); }})(); }})"
    with tempfile.TemporaryDirectory() as folder:
        target = page(Path(folder))
        report("player page", target.stat().st_size / 1000, "kB")
        with Chromium(WIDTH, HEIGHT + BAR) as browser:

            def opened(style: str, renderer: str) -> None:
                browser.open(f"{target.as_uri()}#t=0&style={style}&renderer={renderer}")
                browser.until("!!window.stickgen")
                browser.run("stickgen.measure(5)")

            for style in STYLES:
                opened(style, "canvas")
                slow = statistics.median(browser.run(f"stickgen.measure({FRAMES // 4})"))
                opened(style, "webgl2")
                if browser.run("stickgen.renderer") != "webgl2":
                    print("this Chromium has no WebGL 2", file=sys.stderr)
                    return
                first = browser.run("stickgen.ready")
                still = statistics.median(browser.run(f"stickgen.measure({FRAMES})"))
                moving = statistics.median(browser.run(f"stickgen.measure({FRAMES}, true)"))
                browser.run("stickgen.play(true)")
                before = processor_seconds(browser.process.pid)
                rate = browser.run(frames)
                after = processor_seconds(browser.process.pid)
                report(
                    f"player {style}, a frame", still, "ms", baseline=slow, target="value <= 16.7"
                )
                report(f"player {style}, a frame with its backdrop", moving, "ms")
                report(f"player {style}, playing", rate, "frames/s", target="value >= 58")
                if before is not None and after is not None:
                    spent = 1000 * (after - before) / (rate * SECONDS)
                    report(f"player {style}, processor time a played frame", spent, "ms")
                report(f"player {style}, first picture", first, "ms", target="value <= 500")


if __name__ == "__main__":
    main()
