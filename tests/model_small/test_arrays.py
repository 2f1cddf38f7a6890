"""The shipped model computed by numpy says what its graphs and PyTorch say, from the same noise."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from stickgen.core.sampling import (
    MAX_WORDS,
    NO_OVERLAY,
    Backend,
    Heard,
    Recipe,
    Wanted,
    empty_past,
    sample,
)
from stickgen_model_small.arrays import FOLDER, NumpyBackend
from stickgen_model_small.encoder import StaticEncoder
from stickgen_model_small.generator import SmallGenerator

CLOSE = 1e-4


@pytest.fixture(scope="module")
def ours() -> NumpyBackend:
    return NumpyBackend(threads=2)


@pytest.fixture(scope="module", params=["onnxruntime", "torch"])
def theirs(request: pytest.FixtureRequest) -> Backend:
    if request.param == "onnxruntime":
        pytest.importorskip("onnxruntime")
        from stickgen_model_small.graphs import OnnxBackend

        return OnnxBackend(threads=1)
    pytest.importorskip("stickgen.train.torch_backend")
    from stickgen.train.torch_backend import TorchBackend

    # the folder of the weights is a checkpoint as any
    return TorchBackend.read(FOLDER)


def conditions(rows: int, words: int, tokens: int) -> dict[str, Any]:
    rng = np.random.default_rng(3)
    frames = 4 * tokens
    partner = rng.standard_normal((rows, frames, 48), dtype=np.float32)
    partner[1] = np.nan
    style = np.full((rows, 5), np.nan, np.float32)
    style[0, :3] = 0.5
    return {
        "tokens": rng.standard_normal((rows, words, StaticEncoder.dim), dtype=np.float32),
        "token_mask": rng.random((rows, words)) < np.linspace(1, 0, rows)[:, None],
        "pooled": rng.standard_normal((rows, StaticEncoder.dim), dtype=np.float32),
        "actions": rng.integers(0, 64, (rows, frames)),
        "overlay": rng.integers(0, 65, (rows, frames)),
        "seconds": np.linspace(0.5, 12.0, rows, dtype=np.float32),
        "source": np.arange(rows) % 4,
        "style": style,
        "partner": partner,
    }


def differences(got: Heard, wanted: Heard) -> Mapping[str, float]:
    return {name: float(np.abs(got[name] - wanted[name]).max()) for name in wanted}


@pytest.mark.parametrize(("rows", "words", "tokens"), [(2, 8, 3), (3, MAX_WORDS, 7)])
def test_the_functions_are_those_of_other_backends(
    ours: NumpyBackend, theirs: Backend, rows: int, words: int, tokens: int
) -> None:
    given = conditions(rows, words, tokens)
    heard = theirs.hear(given)
    assert max(differences(ours.hear(given), heard).values()) < CLOSE

    rng = np.random.default_rng(4)
    past = empty_past(ours, rows, tokens)
    noise = rng.random(rows, dtype=np.float32)
    for i in range(tokens):
        token = rng.standard_normal((rows, 4, 47), dtype=np.float32)
        now = {**heard, "frames": heard["frames"][:, i : i + 1]}
        seen = past[:, :, :, :, :i]
        hidden, kept = theirs.plan_step(token, float(i == 0), i, noise, now, seen)
        got = ours.plan_step(token, float(i == 0), i, noise, now, seen)
        np.testing.assert_allclose(got[0], hidden, atol=CLOSE)
        np.testing.assert_allclose(got[1], kept, atol=CLOSE)
        past[:, :, :, :, i : i + 1] = kept
        for t in np.linspace(0, 1, 3, dtype=np.float32):
            x = rng.standard_normal((rows, 188), dtype=np.float32)
            at = np.full(rows, t)
            np.testing.assert_allclose(
                ours.draw(hidden, x, at), theirs.draw(hidden, x, at), atol=CLOSE
            )

    x, plan = rng.standard_normal((2, rows, 4 * tokens, 47), dtype=np.float32)
    known, keyed = (rng.random((2, rows, 4 * tokens)) < 0.5).astype(np.float32)
    asked = (x, plan, known, keyed, rng.random(rows, dtype=np.float32), heard)
    wanted = theirs.refine(*asked)
    np.testing.assert_allclose(ours.refine(*asked), wanted, atol=CLOSE)
    np.testing.assert_allclose(ours.recognise(*asked), theirs.recognise(*asked), atol=CLOSE)
    with ours.running():  # each row in a thread of its own
        np.testing.assert_allclose(ours.refine(*asked), wanted, atol=CLOSE)


@pytest.mark.parametrize("phases", ["both", "plan", "refine"])
def test_the_same_noise_gives_the_same_motion(
    ours: NumpyBackend, theirs: Backend, phases: Any
) -> None:
    encoder = StaticEncoder()
    text = "A person walks forward, then jumps and waves."
    labels = np.repeat([1, 4, 5], 20)
    wanted = Wanted(
        encoder.tokens(text), encoder.encode([text])[0], labels, np.full(60, NO_OVERLAY), source=1
    )
    recipe = Recipe(phases, steps=5, draws=4, guidance=2.5)
    one, two = (
        sample(backend, wanted, np.random.default_rng(3), recipe).features
        for backend in (ours, theirs)
    )
    np.testing.assert_allclose(one, two, atol=1e-3)


def test_leaves_no_thread_and_nothing_heavy_behind() -> None:
    before = threading.active_count()
    SmallGenerator().sample("A person walks.", 20, np.random.default_rng(1))
    assert threading.active_count() == before
    program = (
        "import sys, numpy as np;"
        "from stickgen_model_small.generator import SmallGenerator as G;"
        "G().sample('A person walks.', 12, np.random.default_rng(0));"
        "print({'torch', 'onnxruntime', 'scipy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "set()", done.stderr
