"""Filters along time: smoothing that does not lag, and switches that do not flicker."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def gaussian(track: Array, sigma: float) -> Array:
    """Return *track* ``[T, ...]`` smoothed by a Gaussian of *sigma* frames, without lag.

    Both ends are continued by point reflection, so that a straight line stays a straight line.
    """
    n = len(track)
    radius = min(int(np.ceil(3.0 * sigma)), n - 1)
    if sigma <= 0 or radius < 1:
        return np.array(track, dtype=np.float64)
    kernel = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    kernel /= kernel.sum()
    flat = np.asarray(track, dtype=np.float64).reshape(n, -1)
    before = 2.0 * flat[0] - flat[radius:0:-1]
    after = 2.0 * flat[-1] - flat[-2 : -radius - 2 : -1]
    padded = np.concatenate([before, flat, after])
    out = np.empty_like(flat)
    for column in range(flat.shape[1]):
        out[:, column] = np.convolve(padded[:, column], kernel, mode="valid")
    return out.reshape(track.shape)


def gaussian_between(cuts: tuple[int, ...], track: Array, sigma: float) -> Array:
    """Return *track* smoothed by `gaussian`, each piece between two *cuts* by itself."""
    return np.concatenate([gaussian(piece, sigma) for piece in np.split(track, cuts)])


def switch(signal: Array, low: float, high: float, hold: int = 3) -> NDArray[np.bool_]:
    """Return for *signal* ``[T]`` whether it is on: on above *high*, off below *low*.

    Between the two it keeps its state, and a new state must last *hold* frames to be taken over;
    it is then valid from the first of them on.
    """
    on = signal > high
    off = signal < low
    state = bool(signal[0] > 0.5 * (low + high))
    out = np.empty(len(signal), dtype=np.bool_)
    for i in range(len(signal)):
        if (off if state else on)[i : i + hold].all():
            state = not state
        out[i] = state
    return out


def smoothstep(x: Array, low: float, high: float) -> Array:
    """Return 0 below *low*, 1 above *high* and 3p^2 - 2p^3 between."""
    p = np.clip((x - low) / (high - low), 0.0, 1.0)
    return np.asarray(p * p * (3.0 - 2.0 * p))


def unit(v: Array, fallback: Array | tuple[float, ...] | None = None) -> Array:
    """Return *v* ``[..., D]`` at length 1; vectors shorter than 1e-9 become *fallback* (or 0)."""
    length = np.linalg.norm(v, axis=-1, keepdims=True)
    out = v / np.maximum(length, 1e-12)
    zero = length < 1e-9
    return np.where(zero, 0.0 if fallback is None else np.asarray(fallback), out)
