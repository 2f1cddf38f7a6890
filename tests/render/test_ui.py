"""The page to make animations with: it works, and nobody else can use it."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from stickgen.core.errors import OutputError, UsageError
from stickgen.render.ui import jobs as jobs_module
from stickgen.render.ui.jobs import BusyError, Jobs
from stickgen.render.ui.requests import choices, exporting, formats, generating
from stickgen.render.ui.server import LARGEST_BODY, serving


@pytest.fixture
def server():
    with serving() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def _ask(server, method, place, body=None, headers=None, *, secret=None, raw=None):
    """Return (status, headers, bytes) of one request."""
    port = server.server_address[1]
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    data = raw if raw is not None else None if body is None else json.dumps(body).encode()
    every = {"Content-Type": "application/json"} if data is not None else {}
    every |= headers or {}
    path = f"/{server.secret if secret is None else secret}/{place}"
    connection._encode_request = lambda request: request.encode("utf-8")
    connection.putrequest(method, path, skip_host="Host" in every)
    if data is not None and "Content-Length" not in every:
        every["Content-Length"] = str(len(data))
    for name, value in every.items():
        connection.putheader(name, value)
    connection.endheaders(data)
    answer = connection.getresponse()
    found = answer.status, dict(answer.getheaders()), answer.read()
    connection.close()
    return found


# -- who may ask -----------------------------------------------------------------------------------


def test_the_page_is_served_to_who_knows_the_secret(server):
    status, headers, data = _ask(server, "GET", "")
    assert status == 200
    assert b"What happens?" in data
    assert b"{{" not in data
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    nonce = policy.split("'nonce-")[1].split("'")[0]
    assert data.count(f'nonce="{nonce}"'.encode()) == 2
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert _ask(server, "GET", "")[1]["Content-Security-Policy"] != policy


@pytest.mark.parametrize("secret", ["", "wrong", "é", "x" * 5000, ".."])
def test_a_wrong_secret_finds_nothing(server, secret):
    assert _ask(server, "GET", "", secret=secret)[0] == 404
    status, _, data = _ask(server, "POST", "generate", {"prompt": "A man walks"}, secret=secret)
    assert status == 404
    assert server.secret.encode() not in data
    assert server.jobs.jobs == {}


def test_a_secret_is_new_each_time_and_long():
    with serving() as one, serving() as other:
        assert one.secret != other.secret
        assert len(one.secret) >= 32


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1:1", "127.0.0.1", "[::1]:{port}", ""]
)
def test_a_foreign_host_is_refused_even_with_the_secret(server, host):
    """A name that points at 127.0.0.1 (DNS rebinding) arrives with its own Host."""
    named = host.format(port=server.server_address[1])
    status, _, data = _ask(server, "GET", "", headers={"Host": named})
    assert status == 421
    assert b"What happens" not in data


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "https://127.0.0.1:{port}", "http://127.0.0.1:1", "null", ""]
)
def test_a_foreign_origin_is_refused_even_with_the_secret(server, origin):
    sender = {"Origin": origin.format(port=server.server_address[1])}
    assert _ask(server, "GET", "choices", headers=sender)[0] == 403
    assert _ask(server, "POST", "generate", {"prompt": "A man walks"}, sender)[0] == 403
    assert server.jobs.jobs == {}


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_browser_that_comes_from_elsewhere_is_refused(server, site):
    assert _ask(server, "GET", "", headers={"Sec-Fetch-Site": site})[0] == 403


def test_our_own_origin_is_welcome(server):
    port = server.server_address[1]
    for name in ("127.0.0.1", "localhost"):
        own = {"Host": f"{name}:{port}", "Origin": f"http://{name}:{port}"}
        assert _ask(server, "GET", "choices", headers=own)[0] == 200


def test_it_listens_to_this_computer_only(server):
    assert server.server_address[0] == "127.0.0.1"


# -- what may be asked -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "place",
    [
        "result/../../../etc/passwd",
        "result/0123456789abcdef/../scene.motion",
        "result/0123456789abcdef/..%2fscene.motion",
        "result/%2e%2e/secret.txt",
        "result//etc/passwd",
        "result/0123456789abcdef/.hidden",
        "job/../../x",
        "nothing",
    ],
)
def test_no_path_leads_out_of_the_results(server, place):
    (server.jobs.home / "secret.txt").write_text("secret")
    status, _, data = _ask(server, "GET", place)
    assert status == 404
    assert b"secret" not in data


def test_a_link_in_a_result_is_not_followed(server, tmp_path):
    name = server.jobs.new_result()
    outside = tmp_path / "outside.txt"
    outside.write_text("private")
    (server.jobs.home / name / "a.txt").write_text("public")
    (server.jobs.home / name / "b.txt").symlink_to(outside)
    status, headers, data = _ask(server, "GET", f"result/{name}/a.txt")
    assert (status, data) == (200, b"public")
    assert headers["Content-Disposition"] == 'attachment; filename="a.txt"'
    assert _ask(server, "GET", f"result/{name}/b.txt")[0] == 404


def test_a_large_body_is_refused_unread(server):
    for length in (str(LARGEST_BODY + 1), "9" * 30):
        headers = {"Content-Length": length}
        assert _ask(server, "POST", "generate", headers=headers, raw=b"{}")[0] == 413


@pytest.mark.parametrize(
    ("headers", "raw", "status"),
    [
        ({"Content-Length": "-1"}, b"", 411),
        ({"Content-Length": "1e3"}, b"", 411),
        ({"Content-Length": "²"}, b"", 411),
        ({"Transfer-Encoding": "chunked", "Content-Length": "2"}, b"{}", 411),
        ({"Content-Type": "text/plain"}, b"{}", 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"prompt=x", 415),
        ({}, b"{", 400),
        ({}, b"\xff\xfe", 400),
        ({}, b"[" * 60000, 400),
        ({}, b"[]", 400),
    ],
)
def test_what_is_not_a_request_is_refused(server, headers, raw, status):
    headers = {name: value.encode().decode("latin-1") for name, value in headers.items()}
    assert _ask(server, "POST", "generate", headers=headers, raw=raw)[0] == status
    assert _ask(server, "GET", "choices")[0] == 200


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"prompt": " "}, "prompt"),
        ({"prompt": 7}, "prompt"),
        ({"prompt": "x" * 2001}, "prompt"),
        ({"prompt": "a\0b"}, "prompt"),
        ({"seed": -1}, "seed"),
        ({"seed": True}, "seed"),
        ({"seed": 2**40}, "seed"),
        ({"duration": 0}, "duration"),
        ({"duration": 1e9}, "duration"),
        ({"duration": "3"}, "duration"),
        ({"style": "../x"}, "style"),
        ({"view": "--help"}, "view"),
        ({"size": "99999x99999"}, "size"),
        ({"camera": "-o"}, "camera"),
        ({"output": "/tmp/x"}, "unknown field 'output'"),
    ],
)
def test_impossible_wishes_are_named(change, message):
    with pytest.raises(UsageError, match=message):
        generating({"prompt": "A man walks", **change})


@pytest.mark.parametrize("form", ["exe", "", None, 7, "../mp4", "mp4/../../x", "MP4"])
def test_an_unknown_format_is_refused(server, form):
    with pytest.raises(UsageError, match="format"):
        exporting({"format": form})
    name = server.jobs.new_result()
    (server.jobs.home / name / "scene.motion").write_text("{}")
    status, _, data = _ask(server, "POST", f"export/{name}", {"format": form})
    assert status == 400
    assert b"format" in data


def test_every_exporter_is_offered():
    from stickgen.core.registries import exporters

    assert [each["format"] for each in formats()] == list(exporters)
    assert {"mp4", "gif", "png", "html", "motion"} <= set(exporters)
    assert {"normal", "sketch", "ink", "neon"} <= set(choices()["styles"])


def test_a_camera_goes_into_what_is_shown_and_what_is_downloaded():
    from stickgen.core.camera_moves import parse_moves

    for camera in choices()["cameras"]:
        assert parse_moves((camera,))
        for words, _ in (
            generating({"prompt": "A man walks", "camera": camera}),
            exporting({"format": "mp4", "camera": camera}),
        ):
            assert words[words.index("--camera") + 1] == camera
    assert "--camera" not in generating({"prompt": "A man walks", "camera": ""})[0]


def test_a_prompt_never_becomes_an_option():
    words, seed = generating({"prompt": "--help", "seed": 7})
    assert seed == 7
    assert words[-2:] == ["--", "--help"]


# -- work ------------------------------------------------------------------------------------------


def _finished(server, facts, seconds=60):
    end = time.monotonic() + seconds
    while facts["state"] == "running":
        assert time.monotonic() < end
        time.sleep(0.05)
        facts = json.loads(_ask(server, "GET", f"job/{facts['job']}")[2])
    return facts


def _stickgen(monkeypatch, program):
    """Let the jobs run *program* instead of stickgen."""
    real = subprocess.Popen

    def popen(command, **how):
        return real([command[0], "-c", program, *command[3:]], **how)

    monkeypatch.setattr(jobs_module.subprocess, "Popen", popen)


@pytest.mark.slow
def test_from_prompt_to_download(server):
    pytest.importorskip("stickgen.llm", reason="needs stickgen-llm to plan")
    pytest.importorskip("stickgen_procedural", reason="needs stickgen-procedural to move")
    wish = {"prompt": "A person waves </script>", "seed": 3, "duration": 1, "size": "640x360"}
    status, _, data = _ask(server, "POST", "generate", wish)
    assert status == 202, data
    facts = json.loads(data)
    assert facts["seed"] == 3
    facts = _finished(server, facts)
    assert facts["state"] == "done", facts
    status, headers, page = _ask(server, "GET", f"result/{facts['result']}/player.html")
    assert status == 200
    assert "Content-Disposition" not in headers
    assert "connect-src" not in headers["Content-Security-Policy"]  # default-src 'none' covers it
    assert b'id="picture"' in page
    status, _, data = _ask(
        server, "POST", f"export/{facts['result']}", {"format": "png", "size": "640x360"}
    )
    assert status == 202, data
    done = _finished(server, json.loads(data))
    assert done["state"] == "done", done
    status, headers, picture = _ask(server, "GET", f"result/{done['result']}/{done['file']}")
    assert status == 200
    assert picture.startswith(b"\x89PNG")
    assert headers["Content-Disposition"] == 'attachment; filename="stickgen.png"'


def test_one_job_at_a_time_and_it_can_be_cancelled(server, monkeypatch):
    _stickgen(monkeypatch, "import time; time.sleep(60)")
    wish = {"prompt": "A man walks"}
    first = json.loads(_ask(server, "POST", "generate", wish)[2])
    assert first["state"] == "running"
    assert _ask(server, "POST", "generate", wish)[0] == 409
    process = server.jobs.find(first["job"]).process
    assert process.poll() is None
    facts = json.loads(_ask(server, "POST", f"cancel/{first['job']}", {})[2])
    assert facts["state"] == "cancelled"
    assert process.wait(5) is not None
    assert _ask(server, "POST", "cancel/0123456789abcdef", {})[0] == 404


def test_a_job_that_takes_too_long_is_stopped(monkeypatch):
    _stickgen(monkeypatch, "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(60)")
    jobs = Jobs()
    try:
        job = jobs.start(jobs.new_result(), "x.html", [], limit=0.3)
        with pytest.raises(BusyError):
            jobs.start(job.result, "x.html", [], limit=1)
        end = time.monotonic() + 20
        while job.process.poll() is None:
            assert time.monotonic() < end
            time.sleep(0.02)
        assert job.state == "failed"
        assert "took more than 0.3 s" in job.message
    finally:
        jobs.close()


def test_a_job_that_fails_says_why(server, monkeypatch):
    lines = "walk 3/10 · 5/s · 0:01 left\\nWarning: odd\\nError: no such verb"
    _stickgen(monkeypatch, f"import sys; print('{lines}', file=sys.stderr); sys.exit(4)")
    facts = _finished(server, json.loads(_ask(server, "POST", "generate", {"prompt": "x"})[2]))
    assert facts["state"] == "failed"
    assert facts["message"] == "no such verb"
    assert facts["warnings"] == ["odd"]
    assert (facts["done"], facts["total"]) == (3, 10)


def test_only_the_last_results_are_kept(server):
    names = [server.jobs.new_result() for _ in range(jobs_module.KEPT + 2)]
    kept = [(server.jobs.home / name).is_dir() for name in names]
    assert kept == [False] * 2 + [True] * jobs_module.KEPT
    assert _ask(server, "POST", f"export/{names[0]}", {"format": "png"})[0] == 404


def test_nothing_is_left_when_it_ends(monkeypatch):
    _stickgen(monkeypatch, "import time; time.sleep(60)")
    with serving() as server:
        home = server.jobs.home
        job = server.jobs.start(server.jobs.new_result(), "x.html", [], limit=60)
        assert home.stat().st_mode & 0o077 == 0
    assert not home.exists()
    assert job.process.poll() is not None


def test_a_taken_port_is_one_sentence():
    taken = pytest.raises(OutputError, match="is taken; choose another")
    with serving() as server, taken, serving(server.server_address[1]):
        pass


# -- the command -----------------------------------------------------------------------------------


@pytest.mark.skipif(os.name != "posix", reason="platform: signals as on POSIX")
def test_ctrl_c_ends_the_command_cleanly(tmp_path):
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    process = subprocess.Popen(
        [sys.executable, "-m", "stickgen.core.cli.main", "ui", "--no-open"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    assert address.startswith("http://127.0.0.1:")
    port = int(address.split(":")[2].split("/")[0])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", address.split(str(port), 1)[1])
    with connection.getresponse() as answer:
        assert answer.status == 200
        answer.read()
    connection.close()
    assert [path.name.startswith("stickgen-ui-") for path in Path(tmp_path).iterdir()] == [True]
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert out == ""
    assert err.split("\n") == ["Ctrl-C ends it", "", "Interrupted.", ""]
    assert list(Path(tmp_path).iterdir()) == []
