"""A browser shows SVG and Lottie files as the cairo renderer draws the same moment."""

from __future__ import annotations

import io
import os
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from stickgen.core.types import RenderOptions, Scene
from stickgen.render.lottie import LottieJsonExporter
from stickgen.render.svg import SvgExporter
from stickgen.render.webm import WebmExporter

pytestmark = pytest.mark.external

WIDTH, HEIGHT = 480, 270
MOMENT = 12
PAGE = "<!doctype html><meta charset=utf-8><style>body{margin:0;background:#fff}svg{display:block}"
PAGE += "</style>"


@pytest.fixture(scope="module")
def chromium():
    spec = spec_from_file_location("chromium", Path(__file__).with_name("chromium.py"))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    if module.executable() is None:
        pytest.skip("needs Chromium (Debian: apt-get install chromium)")
    with module.Chromium(WIDTH, HEIGHT) as browser:
        yield browser


@pytest.fixture(scope="module")
def lottie_web():
    """The source of the player lottie-web."""
    folder = os.environ.get("STICKGEN_NODE", "")
    script = Path(folder, "node_modules/lottie-web/build/player/lottie.min.js")
    if not folder or not script.is_file():
        pytest.skip("needs lottie-web (.ci/scripts/node_tools.sh, STICKGEN_NODE)")
    return script.read_text(encoding="utf-8")


def shown(browser, tmp_path, body):
    """Return what the page *body* looks like, and check that it does not complain."""
    page = tmp_path / "page.html"
    page.write_text(PAGE + body, encoding="utf-8")
    browser.open(page)
    browser.until("window.ready === undefined || window.ready === true")
    browser.run("new Promise(d => requestAnimationFrame(() => requestAnimationFrame(d)))")
    assert browser.complaints() == []
    assert [url for url in browser.requests() if url.startswith("http")] == []
    return picture(browser)


def picture(browser):
    return np.asarray(Image.open(io.BytesIO(browser.picture())).convert("RGB")).astype(float)


def wanted(draw, scene, **options):
    drawing = draw(scene, width=WIDTH, height=HEIGHT, **options)
    return drawing.frame(MOMENT)[..., [2, 1, 0]].astype(float)


@pytest.mark.parametrize("style", ["normal", "sketch", "ink", "neon"])
def test_svg_looks_like_the_drawing(chromium, motions, draw, tmp_path, style):
    scene = Scene(motions.walk(seconds=0.8))
    path = tmp_path / "a.svg"
    SvgExporter().write(scene, path, RenderOptions(width=WIDTH, height=HEIGHT, style=style))
    seek = (
        "<script>const s = document.querySelector('svg'); s.pauseAnimations();"
        f" s.setCurrentTime({MOMENT / 25 + 1e-4});</script>"
    )
    found = shown(chromium, tmp_path, path.read_text(encoding="utf-8") + seek)
    gap = np.abs(found - wanted(draw, scene, style=style))
    assert gap.mean() < 2.0
    assert (gap.max(axis=-1) > 60).mean() < 0.004


def test_svg_plays_by_itself(chromium, motions, tmp_path):
    path = tmp_path / "a.svg"
    SvgExporter().write(
        Scene(motions.walk(seconds=0.8)), path, RenderOptions(width=WIDTH, height=HEIGHT)
    )
    chromium.open(path)
    first = picture(chromium)
    assert chromium.complaints() == []
    for _ in range(20):
        chromium.wait(0.1)
        if np.abs(picture(chromium) - first).mean() > 0.3:
            return
    pytest.fail("the picture never changed")


@pytest.mark.parametrize(("style", "most"), [("normal", 2.0), ("ink", 2.0), ("neon", 4.0)])
def test_lottie_web_plays_what_was_drawn(
    chromium, lottie_web, motions, draw, tmp_path, style, most
):
    scene = Scene(motions.walk(seconds=0.8))
    path = tmp_path / "a.lottie.json"
    LottieJsonExporter().write(scene, path, RenderOptions(width=WIDTH, height=HEIGHT, style=style))
    body = (
        f'<div id="x" style="width:{WIDTH}px;height:{HEIGHT}px"></div>'
        f"<script>{lottie_web}</script><script>"
        "window.ready = false;"
        "const a = lottie.loadAnimation({container: document.getElementById('x'),"
        " renderer: 'svg', loop: false, autoplay: false,"
        f" animationData: {path.read_text(encoding='utf-8')}}});"
        f"a.addEventListener('DOMLoaded', () => {{ a.goToAndStop({MOMENT / 25 * 1000}, false);"
        " window.ready = true; });</script>"
    )
    found = shown(chromium, tmp_path, body)
    gap = np.abs(found - wanted(draw, scene, style=style))
    assert gap.mean() < most
    if style != "neon":  # its light is lines here, and a blur in the drawing
        assert (gap.max(axis=-1) > 60).mean() < 0.004


def test_a_page_shows_through_a_transparent_webm(chromium, motions, tmp_path):
    import base64

    path = tmp_path / "a.webm"
    options = RenderOptions(width=WIDTH, height=HEIGHT, transparent=True)
    WebmExporter().write(Scene(motions.walk(seconds=0.4)), path, options)
    data = base64.b64encode(path.read_bytes()).decode()
    body = (
        "<style>body{background:#00c800}video{display:block}</style>"
        f'<video id="v" muted src="data:video/webm;base64,{data}"></video>'
        "<script>window.ready = false; v.onloadeddata = () => { window.ready = true; };</script>"
    )
    found = shown(chromium, tmp_path, body)
    page = np.abs(found - [0, 200, 0]).max(axis=-1) < 12
    assert 0.8 < page.mean() < 0.995  # everything but the figure
