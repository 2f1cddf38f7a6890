"""The contract kit fails plugins that break their contract, and passes those that keep it."""

from __future__ import annotations

import re
import socket

import numpy as np
import pytest

from stickgen.core import validator
from stickgen.core.testing import install, standing, tiny_motion, tiny_scene

pytest_plugins = ["pytester"]

GOOD = """
from pathlib import Path
import numpy as np
from stickgen.core.errors import SchemaError
class Exporter:
    api_version = 1
    media_type = "text/plain"
    def write(self, scene, path, options, progress=None):
        if not np.isfinite(scene.motion.frames).all():
            raise SchemaError("not finite")
        path.write_bytes(scene.motion.frames.tobytes())
        if progress:
            progress(1, 1)
"""


def failed(pytester, source: str) -> set[str]:
    """Return the names of the tests of the exporter contract that *source* fails."""
    site = pytester.mkdir("site")
    points = {"stickgen.exporters": {"kittest": "kit_exporter:Exporter"}}
    install(site, "kittest", "1.0", points, {"kit_exporter": source})
    pytester.makepyfile(
        "from stickgen.core.testing import ExporterContract\n"
        "class TestKit(ExporterContract):\n    name = 'kittest'\n"
    )
    pytester.syspathinsert(site)
    result = pytester.runpytest_inprocess("-q", "-p", "no:cacheprovider")
    outcomes = result.parseoutcomes()
    names = set(re.findall(r"^FAILED .*::(\w+)", result.stdout.str(), re.MULTILINE))
    assert set(outcomes) <= {"passed", "failed"}, outcomes
    assert outcomes.get("failed", 0) == len(names)
    assert sum(outcomes.values()) == 13
    return names


def test_a_good_exporter_passes(pytester) -> None:
    assert failed(pytester, GOOD) == set()


@pytest.mark.parametrize(
    ("old", "new", "test"),
    [
        ('"text/plain"', '"text"', "test_names_its_media_type"),
        ("import numpy as np", "import numpy as np, os, sys; sys.modules['torch'] = os",
         "test_importing_it_imports_no_torch"),
        ("frames.tobytes()", "frames.tobytes() + np.random.bytes(8)",
         "test_the_same_scene_gives_the_same_bytes"),
        ("raise SchemaError", "raise ValueError", "test_refuses_a_motion_that_is_not_finite"),
        ("progress(1, 1)", "progress(2, 1)", "test_progress_goes_forward"),
        ("if progress:", "path.with_suffix('.bak').touch()\n        if progress:",
         "test_writes_the_file_and_no_other"),
        ("            progress(1, 1)",
         "            try: progress(1, 1)\n            except KeyboardInterrupt: pass",
         "test_progress_that_raises_cancels"),
        ("        path.write_bytes",
         "        scene.motion.present.setflags(write=True); scene.motion.present[:] = False\n"
         "        path.write_bytes",
         "test_leaves_the_scene_as_it_was"),
    ],
)  # fmt: skip
def test_a_broken_promise_fails_the_test_that_is_named_after_it(pytester, old, new, test) -> None:
    assert old in GOOD
    assert failed(pytester, GOOD.replace(old, new, 1)) == {test}


def test_an_exporter_that_calls_home_is_caught(pytester) -> None:
    home = "import socket; socket.create_connection(('example.org', 80))\n        "
    source = GOOD.replace("path.write_bytes", home + "path.write_bytes")
    assert "test_writes_the_file_and_no_other" in failed(pytester, source)


def test_an_exporter_of_another_api_is_caught(pytester) -> None:
    found = failed(pytester, GOOD.replace("api_version = 1", "api_version = 7"))
    assert "test_speaks_the_api_version_of_this_core" in found
    assert "test_is_found_through_its_entry_point" not in found


def test_a_registered_exporter_has_no_entry_point(pytester) -> None:
    pytester.makeconftest(
        "from stickgen.core.registries import exporters\n"
        + GOOD
        + "exporters.register('kittest', Exporter)\n"
    )
    pytester.makepyfile(
        "from stickgen.core.testing import ExporterContract\n"
        "class TestKit(ExporterContract):\n    name = 'kittest'\n"
    )
    result = pytester.runpytest_inprocess("-q", "-p", "no:cacheprovider")
    assert "::test_is_found_through_its_entry_point" in result.stdout.str()


def test_the_tiny_figure_is_a_good_motion() -> None:
    for motion in (tiny_motion(), tiny_motion(frames=60), tiny_scene().motion):
        assert validator.check(motion).ok
    joints = standing(1.8, x=1.0, z=-2.0)
    np.testing.assert_allclose(joints[0, [0, 2]], (1.0, -2.0))
    assert joints[:, 1].min() == pytest.approx(0.045 * 1.8)


def test_the_fixtures_are_there(tiny_motion, tiny_scene) -> None:
    assert tiny_motion.n_frames == 3
    assert tiny_scene.motion.n_actors == 2


def test_no_network_stops_connections_and_leaves_local_sockets(no_network) -> None:
    with pytest.raises(pytest.fail.Exception, match="network"):
        socket.create_connection(("127.0.0.1", 9), timeout=1)
    with socket.socket() as plain, pytest.raises(pytest.fail.Exception, match="network"):
        plain.connect(("127.0.0.1", 9))
    one, two = socket.socketpair()
    one.sendall(b"x")
    assert two.recv(1) == b"x"
    one.close()
    two.close()


def test_importing_core_imports_no_pytest() -> None:
    import subprocess
    import sys

    code = (
        "import sys, stickgen.core, stickgen.core.testing, stickgen.core.cli.main\n"
        "from stickgen.core.testing import tiny_scene\n"
        "sys.exit('pytest' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
