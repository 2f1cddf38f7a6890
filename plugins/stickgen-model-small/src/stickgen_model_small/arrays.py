"""`NumpyBackend`: the shipped model computed with numpy alone, in single precision.

What each function computes is written down, with the sources of the formulas, in
``stickgen.train.model``; a test holds the two together. Here the same is arranged to be quick on
a processor:

- What depends on the conditions alone is worked out once for each set of them: keys of the words,
  values of the words already multiplied by the output matrix, and modulations of the planner.
- Words that are masked are left out. Without any, attention to words is one constant vector.
- Matrices that are multiplied by the same input stand side by side; all are stored ``[in, out]``,
  so that one or two rows (the planner) go through them as vectors and many (the refiner) at once.
- The two rows of a guided step of the refiner go to a thread each, where there are two processors.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core.actions import N_CLASSES
from stickgen.core.errors import PluginError
from stickgen.core.sampling import PATCH, TOKEN, Floats, Heard

FOLDER: Final = Path(__file__).parent / "model"

WEIGHTS: Final = "model.safetensors"

_FEW: Final = 4
"""Rows up to which vector products beat matrix products."""

_KEPT: Final = 4
"""Sets of conditions whose keys and values are remembered."""

_PLAN, _REFINE = 0, 1

_ACTION: Final = slice(4, 4 + N_CLASSES)
"""Where, of the heads beside the pose, the action's is: after position and velocity."""


def read_config(folder: Path) -> Mapping[str, Any]:
    """Return ``config.json`` of the model in *folder*; `PluginError` if it is damaged."""
    try:
        config: dict[str, Any] = json.loads((folder / "config.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise damaged("config.json", error) from error
    return config


def damaged(name: str, cause: object) -> PluginError:
    """Return the error of a file *name* that cannot be read."""
    return PluginError(
        f"the small model cannot read its file {name} ({cause}); reinstall stickgen-model-small"
    )


@dataclass(frozen=True)
class _Block:
    """One layer; matrices are ``[in, out]``."""

    table: Floats
    """``[6, d]``: shift, scale, gate of attention and of the feed-forward network."""
    qkv: Floats
    qk_norm: Floats
    """``[2, 1, h]``; the softmax's 1 / sqrt(h) is in the queries' part."""
    out: Floats
    words_q: Floats
    """With the scale of the norm before it."""
    words_q_norm: Floats
    words_k: Floats
    words_k_norm: Floats
    words_v: Floats
    words_out: Floats
    gate_up: Floats
    down: Floats


@dataclass(frozen=True)
class _Words:
    """What one row of a batch attends to: for each layer keys ``[H, h, m]`` and values times the
    output matrix ``[H m, d]``; of a single word only the latter counts.
    """

    keys: list[Floats]
    values: list[Floats]

    @property
    def alone(self) -> bool:
        return int(self.keys[0].shape[2]) == 1


class NumpyBackend:
    """The functions of `stickgen.core.sampling.Backend` from the weights in *folder*.

    Weights are read at first use, from half precision. Arrays that were handed over as conditions
    are taken to keep their values, as in the sampling loop. *lora* are adapters to blend in, see
    `stickgen.core.adapters`. A damaged installation raises `PluginError`.
    """

    def __init__(
        self, folder: Path = FOLDER, *, threads: int = 0, lora: str | Sequence[str] = ()
    ) -> None:
        self.folder = folder
        self.lora = lora
        self.threads = threads or min(2, os.cpu_count() or 1)
        self._remembered: list[tuple[Floats, Floats, list[_Words]]] = []
        self._planner: tuple[Floats, Floats, Floats] | None = None
        self._workers: ThreadPoolExecutor | None = None
        self._drawing: tuple[Floats | None, dict[bytes, Floats]] = (None, {})

    @cached_property
    def config(self) -> Mapping[str, Any]:
        """The model's ``config.json``."""
        return read_config(self.folder)

    def load(self) -> None:
        """Read the weights now, so that what is wrong with them or an adapter is said at once."""
        self._blocks  # noqa: B018 - worked out once

    @cached_property
    def _heads(self) -> int:
        return int(self.config["architecture"]["heads"])

    @cached_property
    def _w(self) -> dict[str, Floats]:
        """Weights by their names in the checkpoint; matrices of linear layers ``[in, out]``."""
        from safetensors import SafetensorError
        from safetensors.numpy import load_file

        try:
            read = load_file(self.folder / WEIGHTS)
        except (OSError, SafetensorError) as error:
            raise damaged(WEIGHTS, error) from error
        out = {name: half.astype(np.float32) for name, half in read.items()}
        if self.lora:
            from stickgen.core import adapters

            adapters.fold(out, self.config, self.lora, self.folder)
        for name, value in out.items():
            if value.ndim == 2 and not name.startswith(_TABLES) and "table" not in name:
                out[name] = np.ascontiguousarray(value.T)
        return out

    @cached_property
    def _blocks(self) -> list[_Block]:
        w = self._w
        blocks = []
        for i in range(int(self.config["architecture"]["layers"])):
            a, c, f = (f"blocks.{i}.{part}." for part in ("attention", "words", "feed"))
            q, k = w[f"{a}q_norm.weight"], w[f"{a}k_norm.weight"]
            root = np.float32(len(q) ** -0.5)
            blocks.append(_Block(
                table=w[f"blocks.{i}.table"],
                qkv=_beside(w, *(f"{a}{name}.weight" for name in "qkv")),
                qk_norm=np.stack([q * root, k])[:, None],
                out=w[f"{a}out.weight"],
                words_q=w[f"blocks.{i}.words_norm.weight"][:, None] * w[f"{c}q.weight"],
                words_q_norm=w[f"{c}q_norm.weight"] * root,
                words_k=w[f"{c}k.weight"],
                words_k_norm=w[f"{c}k_norm.weight"],
                words_v=w[f"{c}v.weight"],
                words_out=w[f"{c}out.weight"],
                gate_up=_beside(w, f"{f}gate.weight", f"{f}up.weight"),
                down=w[f"{f}down.weight"],
            ))  # fmt: skip
        return blocks

    # -- the functions ----------------------------------------------------------------------

    def hear(self, conditions: Mapping[str, NDArray[Any]]) -> Heard:
        w, c = self._w, conditions
        mask = np.asarray(c["token_mask"], np.bool_)
        words = self._linear("text_in", c["tokens"])
        words *= mask[..., None]
        rows, n, d = words.shape
        near = np.zeros((rows, n + 2, d), np.float32)
        near[:, 1:-1] = words
        order = w["text_order.weight"][:, 0]
        for k in range(3):
            words += near[:, k : k + n] * order[:, k]
        words += w["text_order.bias"] + w["text_place.weight"][:n]
        words = np.concatenate([np.repeat(w["no_words"], rows, axis=0), words], axis=1)
        pooled = _silu(self._linear("text_in", c["pooled"]))
        seconds = np.asarray(c["seconds"], np.float32)
        whole = self._linear("pooled_in", pooled)
        whole += self._linear("length_in", sinusoid(seconds / np.float32(10.0), 32))
        whole += w["source.weight"][c["source"]]
        known = ~np.isnan(c["style"])
        style = np.concatenate([np.where(known, c["style"], 0.0), known], axis=-1)
        whole += self._linear("style_in", style) * known.any(axis=-1, keepdims=True)
        frames = w["action.weight"][c["actions"]] + w["overlay.weight"][c["overlay"]]
        whole += frames.mean(axis=1)
        frames = frames.reshape(rows, -1, PATCH, d).mean(axis=2)
        frames += self._linear("progress_in", _progress(frames.shape[1], seconds))
        if "partner" in c:
            partner = np.asarray(c["partner"], np.float32).reshape(rows, frames.shape[1], -1)
            seen = ~np.isnan(partner).any(axis=-1, keepdims=True)
            given = np.concatenate([np.nan_to_num(partner), seen], axis=-1)
            frames += self._linear("partner_in", given) * seen
        audible = np.ones((rows, n + 1), np.float32)
        audible[:, 1:] = mask
        return {"words": words, "word_mask": audible, "whole": whole, "frames": frames}

    def plan_step(
        self, token: Floats, first: float, index: int, noise: Floats, heard: Heard, past: Floats
    ) -> tuple[Floats, Floats]:
        rows = len(token)
        if first:
            x = np.repeat(self._w["start"][None, None], rows, axis=0)
        else:
            x = _times(token.reshape(rows, 1, TOKEN), self._w["motion_in.weight"][:TOKEN])
            x += self._w["motion_in.bias"]
        x = x + heard["frames"]
        held = self._planner
        if held is None or held[0] is not heard["whole"] or not np.array_equal(held[1], noise):
            held = (heard["whole"], noise, self._modulation(heard["whole"], noise, _PLAN))
            self._planner = held
        hidden, kept = self._run(x, self._words(heard), held[2], index, past)
        return hidden[:, 0], kept

    def draw(self, hidden: Floats, x: Floats, t: Floats) -> Floats:
        shift, scale, gate = self._flow_modulation(hidden, t)
        y = self._linear("flow.into", x)
        for i in range(int(self.config["architecture"]["head_blocks"])):
            z = _rms(y)
            z *= scale
            z += shift
            z = self._linear(f"flow.blocks.{i}.2", _silu(self._linear(f"flow.blocks.{i}.0", z)))
            z *= gate
            y += z
        y = _rms(y)
        y *= scale
        y += shift
        return self._linear("flow.out", y)

    def refine(
        self, x: Floats, plan: Floats, known: Floats, keyed: Floats, t: Floats, heard: Heard
    ) -> Floats:
        hidden = self._refined(x, plan, known, keyed, t, heard)
        return self._linear("pose", hidden).reshape(x.shape)

    def recognise(
        self, x: Floats, plan: Floats, known: Floats, keyed: Floats, t: Floats, heard: Heard
    ) -> Floats:
        hidden = self._refined(x, plan, known, keyed, t, heard)
        others = self._linear("others", hidden).reshape(*x.shape[:2], -1)
        return _softmax(others[..., _ACTION])

    def _refined(
        self, x: Floats, plan: Floats, known: Floats, keyed: Floats, t: Floats, heard: Heard
    ) -> Floats:
        """Return what the last layer holds ``[B, n, d]`` of motions *x*."""
        rows, frames, _ = x.shape
        n = frames // PATCH
        flags = np.stack([known, keyed], axis=-1)
        parts = [x, plan * known[..., None], flags]
        both = np.concatenate([part.reshape(rows, n, -1) for part in parts], axis=-1)
        tokens = self._linear("motion_in", both) + heard["frames"]
        modulation = self._modulation(heard["whole"], t, _REFINE)
        words = self._words(heard)

        def row(i: int) -> Floats:
            one = slice(i, i + 1)
            return self._run(tokens[one], words[one], modulation[:, :, one], 0, None)[0]

        if rows > 1 and self._workers is not None:
            hidden = np.concatenate(list(self._workers.map(row, range(rows))))
        else:
            hidden, _ = self._run(tokens, words, modulation, 0, None)
        return hidden

    @contextmanager
    def running(self) -> Iterator[None]:
        """Draw one motion in this context: with our threads, without those of numpy's products.

        Products of this size are too small to be shared; threads that wait for the next one cost
        more than they do.
        """
        before = self._workers
        with self._pools.limit(limits=1, user_api="blas"):
            if self.threads == 1:
                yield
                return
            with ThreadPoolExecutor(self.threads) as self._workers:
                try:
                    yield
                finally:
                    self._workers = before

    @cached_property
    def _pools(self) -> Any:
        from threadpoolctl import ThreadpoolController

        return ThreadpoolController()

    # -- the stack -------------------------------------------------------------------------------

    def _run(
        self, x: Floats, words: list[_Words], modulation: Floats, index: int, past: Floats | None
    ) -> tuple[Floats, Floats]:
        """Return the last layer's output ``[B, n, d]`` of tokens *x*, the first of which is number
        *index*, and their keys and values ``[L, 2, B, H, n, h]``; *past* holds those before.
        """
        rows, n, d = x.shape
        heads = self._heads
        h = d // heads
        cos, sin = _turn(index, n, h)
        kept = np.empty((len(self._blocks), 2, rows, heads, n, h), np.float32)
        for i, block in enumerate(self._blocks):
            shift1, scale1, gate1, shift2, scale2, gate2 = modulation[i]
            y = _rms(x)
            y *= scale1
            y += shift1
            qkv = _times(y, block.qkv).reshape(rows, n, 3, heads, h)
            qk = _rms(qkv[:, :, :2])
            qk *= block.qk_norm
            qk = qk.transpose(2, 0, 3, 1, 4)
            a, b = qk[..., : h // 2], qk[..., h // 2 :]
            turned = np.empty((2, rows, heads, n, h), np.float32)
            np.subtract(a * cos, b * sin, out=turned[..., : h // 2])
            np.add(a * sin, b * cos, out=turned[..., h // 2 :])
            kept[i, 0] = turned[1]
            kept[i, 1] = qkv[:, :, 2].transpose(0, 2, 1, 3)
            y = _attend(turned[0], kept[i], None if past is None else past[i])
            y = _times(y.transpose(0, 2, 1, 3).reshape(rows, n, d), block.out)
            y *= gate1
            x = x + y
            self._hear_words(x, words, i)
            y = _rms(x)
            y *= scale2
            y += shift2
            y = _times(y, block.gate_up)
            inner = _silu(y[..., : y.shape[-1] // 2])
            inner *= y[..., y.shape[-1] // 2 :]
            y = _times(inner, block.down)
            y *= gate2
            x += y
        return _rms(x) * self._w["norm.weight"], kept

    def _hear_words(self, x: Floats, words: list[_Words], layer: int) -> None:
        """Add to *x* ``[B, n, d]`` what it hears of the words, in place."""
        block, heads = self._blocks[layer], self._heads
        for row, own in zip(x, words, strict=True):
            if own.alone:
                row += own.values[layer]
                continue
            q = _times(_rms(row), block.words_q).reshape(len(row), heads, -1)
            q = _rms(q)
            q *= block.words_q_norm
            weight = _softmax(q.transpose(1, 0, 2) @ own.keys[layer])
            row += _times(weight.transpose(1, 0, 2).reshape(len(row), -1), own.values[layer])

    def _words(self, heard: Heard) -> list[_Words]:
        """Return keys and values of the words of every row, worked out once."""
        words, mask = heard["words"], heard["word_mask"]
        for known_words, known_mask, found in self._remembered:
            if known_words is words and known_mask is mask:
                return found
        made = [
            self._prepared(row[audible > 0.5]) for row, audible in zip(words, mask, strict=True)
        ]
        self._remembered = [(words, mask, made), *self._remembered[: _KEPT - 1]]
        return made

    def _prepared(self, words: Floats) -> _Words:
        """Return keys and values of the words ``[m, d]`` of one row."""
        keys: list[Floats] = []
        values: list[Floats] = []
        for block in self._blocks:
            k = _rms((words @ block.words_k).reshape(len(words), self._heads, -1))
            k *= block.words_k_norm
            keys.append(np.ascontiguousarray(np.moveaxis(k, 0, 2)))
            h = k.shape[2]
            v = np.moveaxis((words @ block.words_v).reshape(len(words), self._heads, h), 1, 0)
            each = np.asarray(v @ block.words_out.reshape(self._heads, h, -1), np.float32)
            # of a single word all heads say everything
            values.append(each.sum(axis=0) if len(words) == 1 else each.reshape(-1, each.shape[2]))
        return _Words(keys, values)

    def _modulation(self, whole: Floats, time: Floats, phase: int) -> Floats:
        """Return shifts, scales (plus 1) and gates of all layers, ``[L, 6, B, 1, d]``."""
        wave = sinusoid(time, whole.shape[-1])
        told = self._linear("time_in.2", _silu(self._linear("time_in.0", wave)))
        told += whole + self._w["phase.weight"][phase]
        shared = self._linear("modulate", _silu(told)).reshape(len(whole), 6, -1)
        out = np.stack([shared + block.table for block in self._blocks])
        out[:, :, (1, 4)] += 1.0
        return out.transpose(0, 2, 1, 3)[..., None, :]

    def _flow_modulation(self, hidden: Floats, t: Floats) -> Floats:
        """Return shift, scale (plus 1) and gate of the planner's flow network, ``[3, B, d]``.

        What was asked of the thought before will be asked of this one, so it is worked out at once.
        """
        before, found = self._drawing
        wanted = np.asarray(t, np.float32).tobytes()
        if before is not hidden or wanted not in found:
            times = [wanted]
            if before is not hidden:
                times += [key for key in found if key != wanted and len(key) == len(wanted)]
                found = {}
            at = np.frombuffer(b"".join(times), np.float32).reshape(len(times), -1)
            told = self._linear("flow.time", sinusoid(at, hidden.shape[-1])) + hidden
            out = self._linear("flow.modulate", _silu(told))
            out = out.reshape(len(times), len(hidden), 3, -1).swapaxes(1, 2)
            out[:, 1] += 1.0
            found = {**found, **dict(zip(times, out, strict=True))}
            self._drawing = (hidden, found)
        return found[wanted]

    def _linear(self, name: str, x: NDArray[Any]) -> Floats:
        out = _times(np.asarray(x, np.float32), self._w[f"{name}.weight"])
        out += self._w[f"{name}.bias"]
        return out


_TABLES: Final = ("phase.", "text_place.", "source.", "action.", "overlay.")
"""Weights that are looked up, not multiplied."""


def _beside(weights: Mapping[str, Floats], *names: str) -> Floats:
    return np.ascontiguousarray(np.concatenate([weights[name] for name in names], axis=1))


def _times(x: Floats, matrix: Floats) -> Floats:
    """Return *x* ``[..., in]`` times *matrix* ``[in, out]``."""
    flat = x.reshape(-1, x.shape[-1])
    if len(flat) > _FEW:
        out = flat @ matrix
    else:
        out = np.empty((len(flat), matrix.shape[1]), np.float32)
        for row, into in zip(flat, out, strict=True):
            np.dot(row, matrix, out=into)
    return out.reshape(*x.shape[:-1], matrix.shape[1])


def _rms(x: Floats) -> Floats:
    """Return *x* over the root of its mean square along the last axis."""
    square = np.einsum("...i,...i->...", x, x)
    square /= np.float32(x.shape[-1])
    square += np.float32(1e-6)
    out: Floats = x * (np.float32(1.0) / np.sqrt(square))[..., None]
    return out


def _silu(x: Floats) -> Floats:
    # exp of at most 80 stays finite, and 80 / (1 + exp(80)) is nothing
    out = np.exp(np.minimum(-x, np.float32(80.0)))
    out += np.float32(1.0)
    return np.divide(x, out, out=out)


def _softmax(x: Floats) -> Floats:
    """Return the softmax of *x* along the last axis, in place."""
    x -= x.max(axis=-1, keepdims=True)
    np.exp(x, out=x)
    x /= x.sum(axis=-1, keepdims=True)
    return x


def _attend(q: Floats, own: Floats, past: Floats | None) -> Floats:
    """Return attention ``[B, H, n, h]`` of *q* to the keys and values *own* ``[2, B, H, n, h]`` and
    to those of the *past* ``[2, B, H, m, h]``.
    """
    score = q @ own[0].swapaxes(-1, -2)
    if past is None or not past.shape[3]:
        out: Floats = _softmax(score) @ own[1]
        return out
    m = past.shape[3]
    weight = _softmax(np.concatenate([q @ past[0].swapaxes(-1, -2), score], axis=-1))
    return np.asarray(weight[..., :m] @ past[1] + weight[..., m:] @ own[1])


def _turn(index: int, n: int, h: int) -> tuple[Floats, Floats]:
    """Return cosines and sines ``[n, h / 2]`` of the positions from *index* on."""
    rate = np.exp(np.arange(h // 2, dtype=np.float32) * np.float32(-np.log(10000.0) / (h // 2)))
    angle = np.arange(index, index + n, dtype=np.float32)[:, None] * rate
    return np.cos(angle), np.sin(angle)


def sinusoid(x: Floats, dim: int, scale: float = 1000.0) -> Floats:
    """Return the sinusoidal embedding ``[..., dim]`` of numbers *x* ``[...]`` around 0-1."""
    half = dim // 2
    rate = np.exp(np.arange(half, dtype=np.float32) * np.float32(-np.log(10000.0) / half))
    angle = np.float32(scale) * x[..., None] * rate
    return np.concatenate([np.cos(angle), np.sin(angle)], axis=-1)


def _progress(n: int, seconds: Floats) -> Floats:
    """Return for each token how far into the clip it is and how far from its end ``[B, n, 32]``."""
    at = (np.arange(n, dtype=np.float32) + np.float32(0.5)) * np.float32(PATCH / 25.0)
    left: Floats = np.clip(seconds[:, None] - at, 0.0, 10.0)
    since: Floats = np.broadcast_to(np.minimum(at, np.float32(10.0)), left.shape)
    ten = np.float32(10.0)
    return np.concatenate([sinusoid(since / ten, 16, 100.0), sinusoid(left / ten, 16, 100.0)], -1)
