"""Check the video the README's first command made, and the light install that made it.

Runs under the interpreter of that install: ``.venv/bin/python .ci/scripts/check_demo.py walk.mp4``.
Prints what it measured and exits with 1 at the first thing that is not as promised.
"""

from __future__ import annotations

import argparse
import importlib.util
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

HEAVY = ("torch", "scipy", "pyarrow", "onnxruntime")
MAX_MEGABYTES = 320
MAX_SECONDS = 4.0


def require(holds: bool, promise: str) -> None:
    """Print *promise* and go on, or stop the program when it is broken."""
    if not holds:
        sys.exit(f"BROKEN  {promise}")
    print(f"ok      {promise}")


def check_video(path: Path) -> None:
    """Check that *path* is ten seconds of H.264 in which something moves."""
    import av
    import numpy as np

    with av.open(str(path)) as video:
        stream = video.streams.video[0]
        context = stream.codec_context
        what = f"{context.name} {context.pix_fmt} {stream.average_rate} fps"
        frames = [frame.to_ndarray(format="gray") for frame in video.decode(stream)]
    require(what == "h264 yuv420p 25 fps", f"{path.name} is H.264, yuv420p, 25 fps ({what})")
    require(len(frames) == 250, f"{path.name} lasts 10 s ({len(frames)} frames)")
    drawn = min(float(frame.std()) for frame in frames)
    require(drawn > 2.0, f"no picture is blank (least standard deviation {drawn:.1f})")
    changes = [
        float(np.abs(later.astype(int) - earlier).mean())
        for earlier, later in zip(frames[::25], frames[12::25], strict=False)
    ]
    require(min(changes) > 0.05, f"it moves all the time (least change {min(changes):.2f} levels)")


def check_install() -> None:
    """Check that the environment this runs in is light."""
    present = [name for name in HEAVY if importlib.util.find_spec(name)]
    require(not present, f"no {', '.join(HEAVY)} in the light install {present or ''}".rstrip())
    site = Path(sysconfig.get_path("purelib"))
    installers = ("pip", "setuptools", "_distutils_hack", "pkg_resources")
    total = sum(
        path.stat().st_size
        for path in site.rglob("*")
        if path.is_file() and not path.relative_to(site).parts[0].lower().startswith(installers)
    )
    require(total / 1e6 <= MAX_MEGABYTES, f"it takes {total / 1e6:.0f} MB (<= {MAX_MEGABYTES})")


def check_speed() -> None:
    """Make a second, different video three times and say how long the best cold start took.

    The clock decides nothing here, since the machine may be busy; `nox -s bench` judges speed.
    """
    stickgen = Path(sys.executable).parent / "stickgen"
    seconds = []
    with tempfile.TemporaryDirectory() as folder:
        for attempt in range(3):
            target = Path(folder) / f"jump{attempt}.mp4"
            start = time.perf_counter()
            subprocess.run(
                [stickgen, "generate", "A girl runs, then jumps", "-q", "-o", target],
                check=True,
                stdout=subprocess.DEVNULL,
            )
            seconds.append(time.perf_counter() - start)
            require(target.stat().st_size > 0, f"a second prompt makes {target.name}")
    print(f"note    a second prompt takes {min(seconds):.2f} s (wanted: < {MAX_SECONDS:g})")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("video", type=Path)
    check_video(parser.parse_args().video)
    check_install()
    check_speed()
