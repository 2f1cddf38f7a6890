"""The player page in a real browser, with WebGL drawn in software."""

from __future__ import annotations

import html
import io

import numpy as np
import pytest
from PIL import Image

from stickgen.core.types import Caption, Look, Motion, Prop, RenderOptions, Scene
from stickgen.render.player.exporter import player_page

pytestmark = pytest.mark.external

WIDTH, HEIGHT = 720, 480
STYLES = ("normal", "sketch", "ink", "neon")
TWO_FRAMES = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
INK = np.array([0x24, 0x24, 0x2C])


@pytest.fixture(scope="module")
def chromium():
    from importlib.util import module_from_spec, spec_from_file_location
    from pathlib import Path

    spec = spec_from_file_location("chromium", Path(__file__).with_name("chromium.py"))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    if module.executable() is None:
        pytest.skip("needs Chromium (Debian: apt-get install chromium)")
    with module.Chromium(WIDTH, HEIGHT) as browser:
        yield browser


@pytest.fixture
def show(chromium, tmp_path):
    """Return a function that opens the player of a scene at an address with *words* behind #."""

    def opened(scene, words="t=0", **options):
        scene = scene if isinstance(scene, Scene) else Scene(scene)
        page = tmp_path / "page.html"
        page.write_text(player_page(scene, RenderOptions(**options)), encoding="utf-8")
        chromium.send("Emulation.setEmulatedMedia", features=[])
        chromium.open(f"{page.as_uri()}#{words}")
        chromium.until("!!window.stickgen")
        chromium.run(
            "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )
        return chromium

    return opened


def _picture(browser):
    browser.run(TWO_FRAMES)
    return np.asarray(Image.open(io.BytesIO(browser.picture())).convert("RGB")).astype(int)


def _stage(browser):
    """The part of the picture above the controls and below the title."""
    bottom = int(browser.run("document.getElementById('bar').getBoundingClientRect().top"))
    return _picture(browser)[45 : bottom - 1]


def _get(browser, what):
    return browser.run(f"stickgen.{what}")


def _like(picture, point, colour, near=4):
    """Whether *colour* is somewhere within *near* pixels of *point*."""
    x, y = (round(v) for v in point)
    part = picture[max(y - near, 0) : y + near + 1, max(x - near, 0) : x + near + 1]
    return bool((np.abs(part - colour).max(axis=-1) <= 12).any())


def test_it_plays_from_a_file_without_a_word_or_a_request(show, motions):
    browser = show(Scene(motions.walk(seconds=2), meta={"prompt": "A walk", "seed": 7}), "")
    assert _get(browser, "renderer") == "webgl2"
    assert _get(browser, "playing") is True
    before = _get(browser, "time")
    browser.until(f"stickgen.time !== {before}")
    assert browser.complaints() == []
    asked = browser.requests()
    assert len([a for a in asked if a.startswith("file:")]) == 1
    assert all(a.startswith(("file:", "data:", "about:")) for a in asked), asked
    assert browser.run("document.title") == "A walk"


def test_a_body_is_where_it_should_be(show, motions):
    joints = np.stack([motions.stand_joints(1), motions.stand_joints(1, x=1.2)], axis=1)
    browser = show(Scene(Motion.from_joints(joints), looks=(Look(), Look(colour="#0000ff"))))
    picture = _picture(browser)
    for actor, colour in ((0, INK), (1, np.array([0, 0, 255]))):
        body = _get(browser, f"body({actor})")
        assert _like(picture, body["pelvis"], colour)
        assert any(_like(picture, foot, colour) for foot in body["feet"])  # one is far and paler
        x, y = body["head"]
        radius = 0.112 * body["height"]
        assert _like(picture, (x, y - radius), colour)
        assert _like(picture, (x - 0.6 * radius, y), np.array([0xFF, 0xFD, 0xF8]))
        assert 0.3 * HEIGHT < body["height"] < 0.6 * HEIGHT
    browser.click("#more")
    browser.click("#actors input")
    browser.click("#more")
    assert not _like(_picture(browser), _get(browser, "body(0)")["pelvis"], INK)


@pytest.mark.parametrize(
    "style",
    ["normal", "neon", *(pytest.param(s, marks=pytest.mark.slow) for s in ("sketch", "ink"))],
)
def test_both_ways_to_paint_agree(show, motions, style):
    scene = Scene(
        motions.walk(seconds=1),
        props=(Prop("ball", np.array([0.9, 0.0, 0.2])), Prop("crate", np.array([-0.6, 0.0, -0.4]))),
    )
    pictures = []
    for renderer in ("webgl2", "canvas"):
        browser = show(scene, f"t=0.4&style={style}&renderer={renderer}")
        assert _get(browser, "renderer") == renderer
        assert browser.complaints() == []
        pictures.append(_stage(browser))
    one, other = pictures
    assert one.std() > 4
    gap = np.abs(one - other)
    assert gap.mean() < 5.0
    # What is drawn in the one is drawn in the other: compared at a twelfth of the size.
    h, w = (n // 12 * 12 for n in one.shape[:2])
    small = [p[:h, :w].reshape(h // 12, 12, w // 12, 12, 3).mean((1, 3)) for p in pictures]
    assert np.abs(small[0] - small[1]).max() < 70


def test_the_picture_is_that_of_the_renderer(show, chromium, motions, draw):
    """Framing, bodies, props, backdrop and shadows agree with what an mp4 of the scene shows."""
    moving = np.linspace((-0.5, 0.0, 0.4), (0.9, 0.0, 0.4), 50)
    scene = Scene(
        motions.walk(seconds=2),
        props=(Prop("ball", moving), Prop("tree", np.array([1.4, 0.0, -0.8]))),
        environment="city_park",
    )
    browser = show(scene, "t=0.8", width=WIDTH, height=WIDTH * 9 // 16)
    bar = int(browser.run("document.getElementById('bar').offsetHeight"))
    try:
        chromium.resize(WIDTH, WIDTH * 9 // 16 + bar)
        browser.until(f"document.getElementById('stage').offsetHeight === {WIDTH * 9 // 16}")
        browser.run("document.getElementById('title').hidden = true")
        seen = _picture(browser)[: WIDTH * 9 // 16]
    finally:
        chromium.resize(WIDTH, HEIGHT)
    drawing = draw(scene, width=WIDTH, height=WIDTH * 9 // 16)
    wanted = drawing.frame(20)[..., [2, 1, 0]].astype(int)
    gap = np.abs(seen - wanted)
    assert gap.mean() < 3.0
    assert (gap.max(axis=-1) > 60).mean() < 0.015


def test_styles_look_different(show, motions):
    browser = show(motions.stand(seconds=1))
    pictures = {}
    for key, style in zip("1234", STYLES, strict=True):
        browser.press(key)
        browser.until(f"stickgen.style === '{style}'")
        pictures[style] = _stage(browser)
    for one in STYLES:
        for other in STYLES:
            if one != other:
                assert np.abs(pictures[one] - pictures[other]).mean() > 5, (one, other)
    assert pictures["neon"].mean() < 60
    assert browser.complaints() == []


def test_keys(show, motions):
    browser = show(motions.walk(seconds=2), "t=0.4")
    assert _get(browser, "playing") is False
    browser.press("ArrowRight", 39)
    assert _get(browser, "time") == pytest.approx(0.44)
    for _ in range(3):
        browser.press("ArrowLeft", 37)
    assert _get(browser, "time") == pytest.approx(0.32)
    browser.press("ArrowRight", 39, modifiers=8)
    assert _get(browser, "time") == pytest.approx(1.32)
    browser.press("End", 35)
    assert _get(browser, "time") == pytest.approx(49 / 25)
    browser.press("ArrowRight", 39)
    assert _get(browser, "time") == pytest.approx(49 / 25)
    browser.press("Home", 36)
    assert _get(browser, "time") == 0
    browser.press(" ", 32)
    assert _get(browser, "playing") is True
    assert browser.run("document.getElementById('play').getAttribute('aria-label')") == "Pause"
    browser.press(" ", 32)
    assert _get(browser, "playing") is False
    plain = _stage(browser)
    browser.press("b")
    assert np.abs(_stage(browser) - plain).max() > 100
    browser.press("b")
    assert np.abs(_stage(browser) - plain).max() == 0
    browser.press("e")
    without = np.abs(_stage(browser) - plain)
    x, y = _get(browser, "body(0)")["head"]
    rows, columns = np.nonzero(without.max(axis=-1) > 40)
    assert len(rows) > 20
    assert np.abs(columns - x).max() < 40
    assert np.abs(rows + 45 - y).max() < 40
    browser.press("?", 191)
    assert browser.run("document.getElementById('keys').open") is True
    browser.press("Escape", 27)
    assert browser.run("document.getElementById('keys').open") is False
    browser.press("l")
    assert browser.run("document.getElementById('loop').getAttribute('aria-pressed')") == "false"


def test_pointer_turns_moves_and_zooms(show, motions):
    browser = show(motions.stand(seconds=1))
    start = _get(browser, "body(0)")
    home = _stage(browser)
    browser.drag((300, 200), (400, 230))
    view = _get(browser, "view")
    assert view["yaw"] == pytest.approx(-0.8, abs=0.05)
    assert view["pitch"] == pytest.approx(0.18, abs=0.05)
    assert abs(_get(browser, "body(0)")["yaw"] - start["yaw"]) > 0.4
    assert np.abs(_stage(browser) - home).mean() > 0.5
    browser.run("document.getElementById('reset').click()")
    assert _get(browser, "view") == {"yaw": 0, "pitch": 0, "zoom": 1, "pan": [0, 0]}
    assert np.abs(_stage(browser) - home).max() == 0
    browser.drag((300, 200), (360, 240), modifiers=8)
    moved = _get(browser, "body(0)")["pelvis"]
    assert moved[0] - start["pelvis"][0] == pytest.approx(60, abs=6)
    assert moved[1] - start["pelvis"][1] == pytest.approx(40, abs=6)
    browser.run("document.getElementById('reset').click()")
    browser.mouse("mouseWheel", 300, 200, deltaX=0, deltaY=-240)
    browser.until("stickgen.view.zoom > 1.2")
    assert _get(browser, "body(0)")["height"] > 1.2 * start["height"]
    for kind in ("mousePressed", "mouseReleased"):
        browser.mouse(kind, 300, 200, button="left", clickCount=2)
    browser.until("stickgen.view.zoom === 1")


def test_two_fingers_zoom(show, motions):
    browser = show(motions.stand(seconds=1))
    for i, kind in enumerate(("touchStart", "touchMove", "touchMove", "touchMove", "touchEnd")):
        points = [{"x": 300 - 20 * i, "y": 200, "id": 0}, {"x": 340 + 20 * i, "y": 200, "id": 1}]
        browser.send(
            "Input.dispatchTouchEvent", type=kind, touchPoints=[] if kind == "touchEnd" else points
        )
    browser.until("stickgen.view.zoom > 1.5")
    assert browser.complaints() == []


def test_a_flat_motion_cannot_be_turned_and_says_so(show, motions):
    browser = show(Motion.from_joints(motions.walk_joints(1)[..., :2]))
    browser.drag((300, 200), (400, 230))
    assert _get(browser, "view.yaw") == 0
    assert "no depth" in browser.run("document.getElementById('status').textContent")


def test_time_can_be_dragged_and_linked_to(show, motions):
    browser = show(motions.walk(seconds=4), "t=1.2&style=ink")
    assert _get(browser, "time") == pytest.approx(1.2)
    assert _get(browser, "style") == "ink"
    browser.click("#time")
    assert _get(browser, "time") == pytest.approx(0.5 * 99 / 25, abs=0.1)
    assert "1.9" in browser.run("document.getElementById('clock').textContent")
    browser.run("location.hash = '#t=0.5'")
    browser.until("Math.abs(stickgen.time - 0.5) < 1e-6")
    browser.click("#next")
    browser.press("ArrowRight", 39)
    browser.click("#play")
    browser.click("#play")
    assert browser.run("location.hash").startswith("#t=")


def test_captions_stay_with_who_speaks(show, motions):
    words = "Hello <b>there</b>"
    scene = Scene(
        motions.stand(seconds=2),
        captions=(Caption(words, 0.0, 1.0, 0), Caption("Later that day", 0.0, 1.0)),
    )
    browser = show(scene, "t=0.2")
    assert browser.run("document.querySelector('.bubble').textContent") == words
    assert browser.run("document.getElementById('subtitle').textContent") == "Later that day"
    box = browser.run("document.querySelector('.bubble').getBoundingClientRect().toJSON()")
    head = _get(browser, "body(0)")["head"]
    assert box["bottom"] < head[1]
    assert abs(box["x"] + box["width"] / 2 - head[0]) < 150
    browser.press("t")
    browser.until("!document.querySelector('.bubble')")
    assert browser.run("document.getElementById('subtitle').hidden")
    browser.press("t")
    browser.run("stickgen.seek(1.5)")
    browser.until("!document.querySelector('.bubble')")


def test_wishes_of_who_watches_are_kept(show, chromium, motions):
    browser = show(motions.walk(seconds=1), "")
    wish = [{"name": "prefers-reduced-motion", "value": "reduce"}]
    wish.append({"name": "prefers-color-scheme", "value": "dark"})
    chromium.send("Emulation.setEmulatedMedia", features=wish)
    chromium.send("Page.reload")
    chromium.wait(0.3)
    chromium.until("!!window.stickgen")
    assert _get(browser, "playing") is False
    assert browser.run("document.documentElement.classList.contains('dark')")
    assert browser.run("getComputedStyle(document.getElementById('bar')).color").startswith("rgb(2")
    browser.press("d")
    assert not browser.run("document.documentElement.classList.contains('dark')")


def test_every_control_is_reached_by_tab_and_contrasts(show, motions):
    browser = show(motions.stand(seconds=1))
    order = []
    for _ in range(14):
        browser.press("Tab", 9)
        order.append(browser.run("document.activeElement.id"))
    wanted = ["copy", "time", "play", "back", "next", "style", "speed", "loop", "reset", "more"]
    assert [o for o in order if o in wanted][: len(wanted) - 1] == wanted[1:], order
    contrast = """(() => {
      const light = (c) => { const [r, g, b] = c.match(/[\\d.]+/g).map(Number).map((v) => v / 255)
        .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
      const paper = light(getComputedStyle(document.getElementById('bar')).backgroundColor);
      return [...document.querySelectorAll('#bar button, #bar label, #bar output')].map((e) => {
        const own = getComputedStyle(e), a = light(own.color);
        const b = own.backgroundColor === 'rgba(0, 0, 0, 0)' ? paper : light(own.backgroundColor);
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05); });
    })()"""
    for _ in range(2):
        assert min(browser.run(contrast)) >= 4.5
        browser.press("d")


@pytest.mark.slow
@pytest.mark.parametrize("case", ["one frame", "crowd", "huge", "tiny", "comes and goes"])
def test_odd_scenes_play_without_complaint(show, motions, case):
    joints = motions.stand_joints(0.4)
    if case == "one frame":
        motion = Motion.from_joints(joints[:1])
    elif case == "crowd":
        motion = motions.crowd(60, seconds=0.2)
    elif case == "comes and goes":
        present = np.arange(len(joints))[:, None] > 4
        motion = Motion.from_joints(np.where(present[..., None], joints, 0.0), present=present)
    else:
        motion = Motion.from_joints(joints * (1e6 if case == "huge" else 1e-3))
    browser = show(motion, "")
    browser.wait(0.3)
    for style in STYLES:
        browser.run(f"stickgen.dress('{style}'); stickgen.draw()")
    assert browser.complaints() == []
    assert _stage(browser).std() > 1


def test_hostile_words_do_nothing(show, motions):
    words = "</script><script>window.hit = 1</script><img src=x onerror='window.hit = 2'>"
    scene = Scene(
        motions.stand(seconds=0.4),
        looks=(Look(name=words),),
        captions=(Caption(words, 0, 1, 0), Caption(words, 0, 1)),
        meta={"prompt": words, "seed": 1},
    )
    browser = show(scene)
    browser.press("m")
    browser.wait(0.2)
    assert browser.run("window.hit") is None
    assert browser.run("document.title") == words
    assert browser.run("document.querySelectorAll('script').length") == 2
    assert browser.complaints() == []


def test_it_plays_in_a_notebooks_frame(chromium, tmp_path, motions):
    page = html.escape(player_page(Scene(motions.walk(seconds=1)), RenderOptions()), quote=True)
    outer = tmp_path / "notebook.html"
    outer.write_text(
        f'<!DOCTYPE html><iframe srcdoc="{page}" style="width:600px;height:400px"></iframe>',
        encoding="utf-8",
    )
    chromium.open(outer)
    inside = "document.querySelector('iframe').contentWindow.stickgen"
    chromium.until(f"!!{inside}")
    assert chromium.run(f"{inside}.renderer") == "webgl2"
    chromium.until(f"{inside}.time > 0.05")
    assert chromium.complaints() == []


def test_the_local_page_makes_and_shows_an_animation(chromium, monkeypatch, motions):
    """`stickgen ui` in the browser: the form, the player in its frame, the downloads."""
    import threading

    from stickgen.core.storage import write_motion
    from stickgen.render.ui import jobs
    from stickgen.render.ui.server import serving

    def start(self, result, makes, words, limit):
        assert words[-1] == "A man walks"
        write_motion(Scene(motions.walk(seconds=1)), self.home / result / "scene.motion")
        (self.home / result / makes).write_text(
            player_page(Scene(motions.walk(seconds=1)), RenderOptions()), encoding="utf-8"
        )
        job = jobs.Job("0" * 16, result, self.home / result, makes, limit, state="done")
        self.jobs[job.key] = job
        return job

    monkeypatch.setattr(jobs.Jobs, "start", start)
    with serving() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            chromium.open(server.address)
            chromium.until("document.querySelectorAll('#formats button').length > 3")
            chromium.run("document.getElementById('prompt').value = 'A man walks'")
            chromium.click("#go")
            chromium.until("!document.getElementById('player').hidden")
            chromium.wait(1.0)
            assert "Seed" in chromium.run("document.getElementById('status').textContent")
            chromium.until("!document.getElementById('downloads').hidden")
            assert chromium.complaints() == []
            picture = _picture(chromium)
            left = int(
                chromium.run("document.getElementById('stage').getBoundingClientRect().left")
            )
            assert (np.abs(picture[:, left:] - INK).max(axis=-1) < 12).sum() > 200
            own = {f"http://127.0.0.1:{server.server_address[1]}"}
            asked = {
                a.split("/", 3)[0] + "//" + a.split("/", 3)[2]
                for a in chromium.requests()
                if "//" in a
            }
            assert asked <= own
        finally:
            server.shutdown()
            thread.join()
    assert not server.jobs.home.exists()
