"""``stickgen export`` and ``stickgen push``: what is written is verified, what fails says why."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from stickgen.core.cli.main import main
from stickgen.core.errors import DataError, OutputError, SourceError
from stickgen.train import checkpoint, exports, hub
from stickgen.train.model import ModelConfig, MotionTransformer

TINY = ModelConfig(width=32, layers=2, heads=2, hidden=48, text_dim=8)
SECRET = "hf_thisIsNotAToken"


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("publishing") / "tiny"
    torch.manual_seed(0)
    model = MotionTransformer(TINY)
    for p in model.parameters():
        torch.nn.init.normal_(p, std=0.1)
    zeros, ones = np.zeros(47, np.float32), np.ones(47, np.float32)
    config = checkpoint.describe(
        model, zeros, ones, text_encoder="hash", sources=["cmu (CMU)"],
        training={"step": 5, "seed": 3}, metrics={"total": 1.5},
    )  # fmt: skip
    state = ({"weights.x": torch.zeros(3)}, {"step": 5})
    checkpoint.save(folder, config, model.state_dict(), state)
    return folder


FILES = {
    "safetensors": {"README.md", "config.json", "model.safetensors"},
    "onnx": {
        "README.md", "config.json", "model.safetensors",
        "hear.onnx", "plan_step.onnx", "draw.onnx", "refine.onnx", "recognise.onnx",
    },
    "torchscript": {"README.md", "config.json", "model.pt"},
}  # fmt: skip


@pytest.mark.parametrize("format", exports.FORMATS)
def test_every_format_computes_what_pytorch_does(
    format: str, saved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["export", str(saved), "-o", str(out), "--format", format, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert set(told["files"]) == FILES[format] == {path.name for path in out.iterdir()}
    assert set(told["differences"]) == {"hear", "plan_step", "draw", "refine", "recognise"}
    assert max(told["differences"].values()) <= 1e-4
    card = (out / "README.md").read_text("utf-8")
    assert "cmu (CMU)" in card
    assert "5 steps" in card


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # torch.jit itself
def test_torchscript_takes_any_length(saved: Path, tmp_path: Path) -> None:
    exports.export(saved, tmp_path / "ts", "torchscript")
    model, _ = checkpoint.load(saved)
    script = torch.jit.load(tmp_path / "ts" / "model.pt")
    from stickgen.train.onnx_export import trials

    for name, (module, inputs, _, _) in trials(model, rows=5, tokens=11, words=13).items():
        with torch.no_grad():
            got, wanted = getattr(script, name)(*inputs.values()), module(*inputs.values())
        for g, w in zip(
            got if isinstance(got, tuple) else (got,),
            wanted if isinstance(wanted, tuple) else (wanted,),
            strict=True,
        ):
            torch.testing.assert_close(g, w, atol=1e-4, rtol=1e-4)


def test_an_export_that_computes_something_else_is_not_written(
    saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = checkpoint.load

    def spoilt(folder: Path) -> Any:
        model, config = load(folder)
        if folder != saved:
            with torch.no_grad():
                model.pose.weight.add_(0.01)
        return model, config

    monkeypatch.setattr(checkpoint, "load", spoilt)
    with pytest.raises(DataError, match="refine differs from PyTorch"):
        exports.export(saved, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_an_export_is_not_overwritten_unasked(saved: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    exports.export(saved, out)
    with pytest.raises(OutputError, match="--force"):
        exports.export(saved, out)
    exports.export(saved, out, force=True)
    (out / "diary.txt").write_text("mine", "utf-8")
    with pytest.raises(OutputError, match=r"diary\.txt"):
        exports.export(saved, out, force=True)
    assert (out / "diary.txt").read_text("utf-8") == "mine"
    with pytest.raises(SourceError, match="not a checkpoint"):
        exports.export(tmp_path, tmp_path / "other")


# -- push -----------------------------------------------------------------------------------------


class Hub(ThreadingHTTPServer):
    """A model hub on this machine: as much of its HTTP API as one commit needs."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.fails: tuple[str, int] | None = None
        """Part of a path, and the status it is answered with; 0: no answer at all."""
        self.asked: list[tuple[str, str | None]] = []
        self.stored: dict[str, bytes] = {}
        self.message = ""


class _Answers(BaseHTTPRequestHandler):
    server: Hub

    def log_message(self, *_: Any) -> None:
        pass

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        server = self.server
        server.asked.append((self.path, self.headers.get("Authorization")))
        if server.fails and server.fails[0] in self.path:
            if server.fails[1] == 0:
                time.sleep(1.5)
                return
            self.answer(server.fails[1], {"error": "so it is"})
        elif self.path == "/api/repos/create":
            told = json.loads(body)
            name = f"{told['organization']}/{told['name']}"
            self.answer(200, {"url": f"https://huggingface.co/{name}", "name": name})
        elif "/preupload/" in self.path:
            files = [
                {"path": f["path"], "uploadMode": "regular", "shouldIgnore": False}
                for f in json.loads(body)["files"]
            ]
            self.answer(200, {"files": files})
        elif "/commit/" in self.path:
            for line in map(json.loads, body.splitlines()):
                if line["key"] == "header":
                    server.message = line["value"]["summary"]
                elif line["key"] == "file":
                    content = base64.b64decode(line["value"]["content"])
                    server.stored[line["value"]["path"]] = content
            address = "https://huggingface.co/somebody/walker/commit/c0ffee"
            self.answer(200, {"commitUrl": address, "commitOid": "c0ffee", "success": True})
        else:
            self.answer(200, {"errors": [], "warnings": []})

    def answer(self, status: int, document: Any) -> None:
        content = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    made = Hub()
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{made.server_address[1]}")
    monkeypatch.setenv("HF_TOKEN", SECRET)
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def test_push_uploads_the_model_and_its_card_in_one_commit(
    server: Hub, saved: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["push", str(saved), "somebody/walker", "--message", "First", "--json"]) == 0
    out, err = capsys.readouterr()
    told = json.loads(out)
    assert told["address"].endswith("/somebody/walker")
    # the state of training stays at home; a checkpoint without a card gets one
    assert set(server.stored) == {"README.md", "config.json", "model.safetensors"}
    assert server.stored["model.safetensors"] == (saved / "model.safetensors").read_bytes()
    assert b"cmu (CMU)" in server.stored["README.md"]
    assert server.message == "First"
    assert any(told == f"Bearer {SECRET}" for _, told in server.asked)
    assert SECRET not in out + err


@pytest.mark.parametrize(
    ("where", "status", "told"),
    [
        ("/api/repos/create", 401, "refuses the token (401)"),
        ("/commit/", 403, "refuses the token (403)"),
        ("/api/repos/create", 500, "answered with the error 500"),
        ("/commit/", 500, "answered with the error 500"),
        ("/api/repos/create", 0, "did not answer within 0.3 s"),
        ("/commit/", 0, "did not answer within 0.3 s"),
    ],
)
def test_what_the_hub_does_wrong_is_one_sentence(
    where: str, status: int, told: str, server: Hub, saved: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    server.fails = (where, status)
    code = main(["push", str(saved), "somebody/walker", "--timeout", "0.3", "-v"])
    out, err = capsys.readouterr()
    assert code == 5
    assert told in err
    assert "Traceback" not in err
    assert out == ""
    assert SECRET not in err
    assert server.stored == {}


def test_a_hub_that_is_not_there(
    saved: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("HF_TOKEN", SECRET)
    assert main(["push", str(saved), "somebody/walker", "--timeout", "1"]) == 5
    assert "cannot be used" in capsys.readouterr().err


def test_push_wants_a_token_a_name_and_a_model(
    server: Hub, saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    assert main(["push", str(saved), "not a name!"]) == 2
    assert main(["push", str(tmp_path), "somebody/walker"]) == 4
    for name in hub.TOKENS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(hub, "token", lambda: None)
    assert main(["push", str(saved), "somebody/walker"]) == 2
    assert "HF_TOKEN" in capsys.readouterr().err
    assert server.stored == {}
