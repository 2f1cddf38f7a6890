"""MP4 and GIF: right number of frames, right time, right colours, the same every time."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import time
from itertools import pairwise

import av
import numpy as np
import pytest

from stickgen.core.errors import StickgenError, UsageError
from stickgen.core.types import RenderOptions, Scene
from stickgen.render.backdrops import BACKDROPS
from stickgen.render.display import colour
from stickgen.render.gif import GifExporter
from stickgen.render.landscape import horizon
from stickgen.render.styles.normal import PALETTE
from stickgen.render.video import Mp4Exporter, frame_rate
from stickgen.render.workers import parts, workers

SMALL = {"width": 320, "height": 180}


def _write(exporter, path, motion, meta=None, progress=None, **options):
    exporter.write(
        Scene(motion, meta=meta or {}), path, RenderOptions(**{**SMALL, **options}), progress
    )
    return path


def _read(path):
    """Return (facts, frames as RGB) of a video."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        frames = [f.to_ndarray(format="rgb24") for f in container.decode(stream)]
        context = stream.codec_context
        facts = {
            "seconds": float(stream.duration * stream.time_base),
            "rate": stream.average_rate,
            "format": context.pix_fmt,
            "codec": context.name,
            "tags": (context.colorspace, context.color_primaries, context.color_trc),
            "range": context.color_range,
            "metadata": dict(container.metadata),
            "size": (context.width, context.height),
        }
    return facts, frames


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_mp4_has_every_frame_once(motions, tmp_path, jobs):
    path = _write(Mp4Exporter(), tmp_path / "a.mp4", motions.walk(seconds=2.4), jobs=jobs)
    facts, frames = _read(path)
    assert len(frames) == 60
    assert facts["seconds"] == pytest.approx(2.4, abs=1e-6)
    assert facts["rate"] == 25
    assert facts["format"] == "yuv420p"
    assert facts["codec"] == "h264"
    assert facts["tags"] == (1, 1, 1)
    assert facts["range"] == 1
    with av.open(str(path)) as container:
        packets = [p for p in container.demux(video=0) if p.pts is not None]
    times = sorted(p.pts for p in packets)
    assert len(set(np.diff(times))) == 1
    assert all(a.dts < b.dts for a, b in pairwise(packets))
    assert sum(p.is_keyframe for p in packets) >= jobs


def test_parts_join_without_a_seam(motions, tmp_path):
    """Frames around the joint look like those of one process, up to the encoder's noise."""
    motion = motions.walk(seconds=2)
    _, one = _read(_write(Mp4Exporter(), tmp_path / "1.mp4", motion, jobs=1))
    _, two = _read(_write(Mp4Exporter(), tmp_path / "2.mp4", motion, jobs=2))
    for a, b in zip(one, two, strict=True):
        assert np.abs(a.astype(int) - b).mean() < 1.5


def test_faststart_puts_the_index_first(motions, tmp_path):
    data = _write(Mp4Exporter(), tmp_path / "a.mp4", motions.stand(seconds=1)).read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_same_input_makes_the_same_bytes(motions, tmp_path, jobs):
    digests = {
        hashlib.sha256(
            _write(
                Mp4Exporter(), tmp_path / f"{i}.mp4", motions.walk(seconds=1), jobs=jobs
            ).read_bytes()
        ).hexdigest()
        for i in range(2)
    }
    assert len(digests) == 1


def test_colours_survive_h264(motions, tmp_path, draw):
    motion = motions.stand(seconds=0.6)
    drawing = draw(motion, width=640, height=360)
    path = _write(Mp4Exporter(), tmp_path / "a.mp4", motion, width=640, height=360)
    with av.open(str(path)) as container:
        frame = next(iter(container.decode(video=0)))
        # Decoded by hand with the matrix that the tags promise.
        y, u, v = (
            np.frombuffer(p, np.uint8).reshape(p.height, p.line_size)[:, : p.width].astype(float)
            for p in frame.planes
        )
    u, v = (np.repeat(np.repeat(c, 2, 0), 2, 1) - 128 for c in (u, v))
    y = (y - 16) * 255 / 219
    kr, kb = 0.2126, 0.0722
    red = y + 2 * (1 - kr) * v * 255 / 224
    blue = y + 2 * (1 - kb) * u * 255 / 224
    green = (y - kr * red - kb * blue) / (1 - kr - kb)
    found = np.stack([red, green, blue], axis=-1)
    wanted = drawing.frame(0)[..., [2, 1, 0]].astype(float)
    # The inside of the limbs: their pixels whose neighbours are of the same colour too.
    ink = np.array([255 * c for c in colour(PALETTE[0])[:3]])
    limb = (np.abs(wanted - ink) < 0.5).all(axis=-1)
    inside = np.logical_and.reduce(
        [np.roll(limb, (y, x), (0, 1)) for y in range(-2, 3) for x in range(-2, 3)]
    )
    assert inside.sum() > 100
    assert np.abs(found[inside].mean(axis=0) - ink).max() <= 3.0
    ground = int(horizon(drawing.shot.camera).edge[0]) + 3
    assert (
        np.abs(
            found[ground : ground + 2, 20:60].mean((0, 1))
            - wanted[ground : ground + 2, 20:60].mean((0, 1))
        ).max()
        <= 3
    )
    painted = colour(BACKDROPS["earth_normal"].ground[0])
    assert np.abs(wanted[ground, 30] - [255 * c for c in painted[:3]]).max() <= 3
    sun = wanted[..., 2] < 130
    sun &= wanted[..., 0] > 235
    assert sun.sum() > 500
    inner = (
        sun & np.roll(sun, 4, 0) & np.roll(sun, -4, 0) & np.roll(sun, 4, 1) & np.roll(sun, -4, 1)
    )
    assert np.abs(found[inner].mean(axis=0) - wanted[inner].mean(axis=0)).max() <= 3


def test_provenance_is_in_the_comment(motions, tmp_path):
    meta = {"prompt": "Jürgen walks", "seed": 7}
    facts, _ = _read(_write(Mp4Exporter(), tmp_path / "a.mp4", motions.stand(seconds=0.4), meta))
    assert json.loads(facts["metadata"]["comment"]) == meta


def test_odd_sizes_become_even_with_a_warning(motions, tmp_path):
    with pytest.warns(UserWarning, match="321x181 becomes 320x180"):
        path = _write(
            Mp4Exporter(), tmp_path / "a.mp4", motions.stand(seconds=0.2), width=321, height=181
        )
    assert _read(path)[0]["size"] == (320, 180)


def test_video_draws_the_backdrop_even_if_asked_not_to(motions, tmp_path):
    with pytest.warns(UserWarning, match="no transparency"):
        path = _write(
            Mp4Exporter(), tmp_path / "a.mp4", motions.stand(seconds=0.2), transparent=True
        )
    assert _read(path)[1][0].mean() > 200


def test_frame_rates(motions, tmp_path):
    assert frame_rate(23.976).denominator == 1001
    path = _write(Mp4Exporter(), tmp_path / "a.mp4", motions.walk(seconds=2), fps=12.5)
    facts, frames = _read(path)
    assert len(frames) == 25
    assert facts["seconds"] == pytest.approx(2.0)
    with pytest.raises(UsageError, match="frame rate"):
        _write(Mp4Exporter(), tmp_path / "b.mp4", motions.stand(), fps=-3.0)


@pytest.mark.parametrize("quality", ["draft", "high"])
def test_qualities(motions, tmp_path, quality):
    facts, _ = _read(
        _write(Mp4Exporter(), tmp_path / "a.mp4", motions.stand(seconds=0.2), quality=quality)
    )
    assert facts["format"] == "yuv420p"


def test_an_unknown_quality_is_refused(motions, tmp_path):
    with pytest.raises(UsageError, match="draft, standard, high"):
        _write(Mp4Exporter(), tmp_path / "a.mp4", motions.stand(), quality="best")


def test_progress_counts_all_frames_of_all_parts(motions, tmp_path):
    seen = []
    _write(
        Mp4Exporter(), tmp_path / "a.mp4", motions.walk(seconds=2), jobs=2,
        progress=lambda done, total: seen.append((done, total)),
    )  # fmt: skip
    assert seen[-1] == (50, 50)
    assert all(total == 50 for _, total in seen)
    assert [d for d, _ in seen] == sorted(d for d, _ in seen)


def test_cancelling_ends_the_workers(motions, tmp_path):
    def cancel(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _write(Mp4Exporter(), tmp_path / "a.mp4", motions.walk(seconds=4), jobs=2, progress=cancel)
    assert multiprocessing.active_children() == []


_SCRIPT = """
import os
from stickgen.core.errors import StickgenError, UsageError
from stickgen.render.workers import workers

def work(what, tick):
    if what == "sentence":
        raise UsageError("actor 0: 'red' is not a colour")
    if what == "bug":
        raise ZeroDivisionError("oops")
    tick(8)
    os._exit(9)

if __name__ == "__main__":
    import sys
    with workers(work, [(sys.argv[1],)]) as (worker,):
        try:
            worker.result(lambda done: None)
        except StickgenError as error:
            print(type(error).__name__, error)
"""


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ("sentence", "UsageError actor 0: 'red' is not a colour"),
        ("bug", "StickgenError a render worker failed: ZeroDivisionError: oops"),
        ("dies", "StickgenError a render worker ended unexpectedly (exit code 9)"),
    ],
)
def test_errors_of_workers_arrive_as_one_sentence(tmp_path, what, message):
    script = tmp_path / "script.py"
    script.write_text(_SCRIPT)
    command = [sys.executable, str(script), what]
    found = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert found.stdout.startswith(message)
    assert found.stdout.count("\n") == 1
    assert found.stderr == ""


def test_a_script_without_a_main_guard_still_gets_its_video(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        textwrap.dedent(
            f"""
            from pathlib import Path
            import numpy as np
            from stickgen.core.types import Motion, RenderOptions, Scene
            from stickgen.render.video import Mp4Exporter
            joints = np.random.default_rng(1).normal(size=(20, 16, 3))
            options = RenderOptions(width=64, height=48, jobs=2)
            out = Path({str(tmp_path)!r}) / "a.mp4"
            Mp4Exporter().write(Scene(Motion.from_joints(joints)), out, options)
            """
        )
    )
    subprocess.run([sys.executable, str(script)], capture_output=True, check=True, timeout=60)
    assert len(_read(tmp_path / "a.mp4")[1]) == 20


@pytest.mark.skipif(sys.platform == "win32", reason="platform: sends a POSIX signal")
def test_ctrl_c_leaves_no_process_behind(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        textwrap.dedent(
            f"""
            from pathlib import Path
            import numpy as np
            from stickgen.core.types import Motion, RenderOptions, Scene
            from stickgen.render.video import Mp4Exporter
            if __name__ == "__main__":
                joints = np.tile(np.random.default_rng(1).normal(size=(1, 16, 3)), (4000, 1, 1))
                options = RenderOptions(width=1280, height=720, jobs=2)
                out = Path({str(tmp_path)!r}) / "a.mp4"
                started = Path({str(tmp_path)!r}) / "started"
                try:
                    Mp4Exporter().write(
                        Scene(Motion.from_joints(joints)), out, options,
                        lambda done, total: started.touch(),
                    )
                except KeyboardInterrupt:
                    raise SystemExit(130)
            """
        )
    )
    process = subprocess.Popen(
        [sys.executable, str(script)],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a runner may ignore it
    )
    deadline = time.monotonic() + 60
    while not (tmp_path / "started").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert errors == ""
    for _ in range(50):
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    pytest.fail("a worker outlived its parent")


def test_frames_are_shared_out_in_order():
    for total in (1, 2, 7, 250, 1000):
        for jobs in (0, 1, 2, 5, 16):
            shares = parts(total, jobs)
            assert [i for share in shares for i in share] == list(range(total))
            assert all(len(share) > 0 for share in shares)
    assert len(parts(250, 4)) == 4
    assert [len(share) for share in parts(250, 2)] == [133, 117]  # the other has to start first
    assert len(parts(30, 0)) == 1


def test_no_workers_no_processes():
    with workers(int, []) as none:
        assert none == []


# -- gif -----------------------------------------------------------------------------------------


def test_gif_has_every_frame_its_time_and_a_comment(motions, tmp_path):
    from PIL import Image

    meta = {"prompt": "A person walks", "seed": 7, "long": "x" * 600}
    path = _write(GifExporter(), tmp_path / "a.gif", motions.walk(seconds=1), meta)
    with Image.open(path) as picture:
        assert picture.n_frames == 25
        assert picture.size == (320, 180)
        assert picture.info["loop"] == 0
        total = 0
        for index in range(picture.n_frames):
            picture.seek(index)
            total += picture.info["duration"]
        assert total == 1000
    assert b"A person walks" in path.read_bytes()
    data = path.read_bytes()
    start = data.rindex(b"\x21\xfe") + 2
    text = b""
    while data[start]:
        text += data[start + 1 : start + 1 + data[start]]
        start += 1 + data[start]
    assert json.loads(text) == meta
    assert data[start + 1 :] == b"\x3b"


def test_gif_keeps_the_colours(motions, tmp_path, draw):
    from PIL import Image

    motion = motions.stand(seconds=0.4)
    path = _write(GifExporter(), tmp_path / "a.gif", motion)
    with Image.open(path) as picture:
        found = np.asarray(picture.convert("RGB")).astype(int)
    wanted = draw(motion, **SMALL).frame(0)[..., [2, 1, 0]].astype(int)
    assert np.abs(found - wanted).mean() < 3


def test_the_same_input_makes_the_same_gif(motions, tmp_path):
    a = _write(GifExporter(), tmp_path / "a.gif", motions.walk(seconds=0.4)).read_bytes()
    b = _write(GifExporter(), tmp_path / "b.gif", motions.walk(seconds=0.4)).read_bytes()
    assert a == b


def test_a_gif_of_one_frame(motions, tmp_path):
    from PIL import Image

    path = _write(GifExporter(), tmp_path / "a.gif", motions.stand(seconds=0.04))
    with Image.open(path) as picture:
        assert getattr(picture, "n_frames", 1) == 1


def test_stickgen_errors_are_not_swallowed(motions, tmp_path):
    with pytest.raises(StickgenError, match="out of range"):
        _write(GifExporter(), tmp_path / "a.gif", motions.stand(), width=4)
