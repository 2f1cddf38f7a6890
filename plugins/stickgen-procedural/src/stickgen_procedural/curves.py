"""Curves over time: easing, key frames, and settling out of whatever went before."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def ease(u: ArrayLike) -> Array:
    """Return the minimum-jerk step ``10u^3 - 15u^4 + 6u^5`` of *u*, held at 0 and 1 outside.

    Flash and Hogan (1985): how hands move between two points of rest.
    """
    u = np.minimum(np.maximum(np.asarray(u, dtype=np.float64), 0.0), 1.0)
    return np.asarray(u * u * u * (10.0 + u * (6.0 * u - 15.0)))


def ramp(t: ArrayLike, start: float, end: float) -> Array:
    """Return an eased rise from 0 at *start* to 1 at *end*."""
    return ease((np.asarray(t, dtype=np.float64) - start) / max(end - start, 1e-9))


def window(t: Array, start: float, end: float, rise: float, fall: float | None = None) -> Array:
    """Return a curve that rises from *start* over *rise* seconds and is gone by *end*."""
    fall = rise if fall is None else fall
    return ramp(t, start, start + rise) * (1.0 - ramp(t, end - fall, end))


def bump(u: ArrayLike, peak: float = 0.5) -> Array:
    """Return a smooth hill over *u* in 0-1, 1 at *peak*, flat and 0 at both ends."""
    u = np.clip(np.asarray(u, dtype=np.float64), 0.0, 1.0)
    a, b = (2.0, 2.0 * (1.0 - peak) / peak) if peak < 0.5 else (2.0 * peak / (1.0 - peak), 2.0)
    return (u / peak) ** a * ((1.0 - u) / (1.0 - peak)) ** b


def keys(t: ArrayLike, times: Sequence[float], values: ArrayLike) -> Array:
    """Return ``[T, ...]`` through key *values* at increasing *times*, held before and after.

    Cubic with harmonic-mean slopes (Fritsch and Butland, 1984): it rests at turning points, flows
    through the keys between them, and never overshoots.
    """
    x = np.asarray(times, dtype=np.float64)
    y = np.asarray(values, dtype=np.float64)
    if len(x) == 1:
        return np.array(np.broadcast_to(y, (np.size(t), *y.shape[1:])))
    t = np.clip(np.asarray(t, dtype=np.float64), x[0], x[-1])
    step = np.diff(x).reshape(-1, *([1] * (y.ndim - 1)))
    slope = np.diff(y, axis=0) / step
    tangent = np.zeros_like(y)
    a, b = slope[:-1], slope[1:]
    same = a * b > 0
    w1, w2 = 2.0 * step[1:] + step[:-1], step[1:] + 2.0 * step[:-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        tangent[1:-1] = np.where(same, (w1 + w2) / (w1 / a + w2 / b), 0.0)
    i = np.clip(np.searchsorted(x, t, side="right") - 1, 0, len(x) - 2)
    h = np.diff(x)[i].reshape(-1, *([1] * (y.ndim - 1)))
    u = (t - x[i]).reshape(h.shape) / h
    return np.asarray(
        (1 + 2 * u) * (1 - u) ** 2 * y[i]
        + u * (1 - u) ** 2 * h * tangent[i]
        + u * u * (3 - 2 * u) * y[i + 1]
        + u * u * (u - 1) * h * tangent[i + 1]
    )


def hermite(
    u: Array, start: Array, rate0: Array, end: Array, rate1: Array, snap: float = 0.0
) -> Array:
    """Return the quintic from *start* to *end* with the given slopes (per unit of u), no bend at
    either end; *snap* (0-1) mixes in the cubic, which leaves and arrives harder and is slower in
    between.
    """
    u = u[:, None]
    gap = end - start - rate0
    tail = rate1 - rate0
    cube = u**3
    soft = (
        (10 * gap - 4 * tail) * cube + (-15 * gap + 7 * tail) * u**4 + (6 * gap - 3 * tail) * u**5
    )
    hard = (3 * gap - tail) * u**2 + (tail - 2 * gap) * cube
    return np.asarray(start + rate0 * u + (1.0 - snap) * soft + snap * hard)


COASTS = 0.55
"""Seconds within which a limb loses the speed it comes with."""


def settle(t: Array, gap: Array, rate: Array, seconds: ArrayLike) -> Array:
    """Return an offset ``[T, D]`` that starts at *gap* with speed *rate* and dies within *seconds*.

    A quintic with a smooth end (inertialisation: Bollo, GDC 2018). A channel already on its way
    back is given no longer than it takes to arrive without overshooting; what speed a channel has
    is gone within `COASTS` seconds, however long the gap takes.
    """
    gap, rate = np.asarray(gap, np.float64), np.asarray(rate, np.float64)
    span = np.broadcast_to(np.asarray(seconds, np.float64), gap.shape).copy()
    with np.errstate(divide="ignore", invalid="ignore"):
        soonest = -5.0 * gap / rate
    closing = (gap * rate < 0) & (soonest < span)
    span[closing] = np.maximum(soonest[closing], 0.2)
    out = np.zeros((len(t), *gap.shape))
    n = int(np.count_nonzero(t < span.max(initial=0.0)))  # after that nothing is left
    u = np.minimum(np.maximum(t[:n, None] / span, 0.0), 1.0)
    cube, fourth, fifth = u**3, u**4, u**5
    fade = 1 - 10 * cube + 15 * fourth - 6 * fifth
    brief = np.minimum(span, COASTS)
    if (brief < span).any():
        u = np.minimum(np.maximum(t[:n, None] / brief, 0.0), 1.0)
        cube, fourth, fifth = u**3, u**4, u**5
    drift = u - 6 * cube + 8 * fourth - 3 * fifth
    out[:n] = gap * fade + rate * brief * drift
    return out


def way_round(
    t: Array, track: Array, start: Array, rate: Array, seconds: float, fps: float
) -> Array:
    """Return the rotation vectors ``[T, 3]`` that turn the directions *track* ``[T, 3]`` so that
    they begin at *start*, changing by *rate* per second, and leave them alone after *seconds*; it
    is the shorter way round.
    """
    axis = cross(track[0], start)
    sine, cosine = float(np.linalg.norm(axis)), float(track[0] @ start)
    if sine < 1e-6:
        # Where the two point opposite ways, any way round is as short.
        axis = cross(track[0], np.eye(3)[np.abs(track[0]).argmin()])
    gap = axis / max(float(np.linalg.norm(axis)), 1e-12) * np.arctan2(sine, cosine)
    own = cross(track[0], track[1]) * fps if len(track) > 1 else np.zeros(3)
    return settle(t, gap, cross(start, rate) - own, seconds)


def cross(a: Array, b: Array) -> Array:
    """Return the cross product of two ``[..., 3]``, more quickly than numpy does."""
    out = np.empty(np.broadcast_shapes(a.shape, b.shape))
    if out.ndim == 1:
        (x, y, z), (u, v, w) = a.tolist(), b.tolist()
        out[:] = y * w - z * v, z * u - x * w, x * v - y * u
        return out
    x, y, z = a[..., 0], a[..., 1], a[..., 2]
    u, v, w = b[..., 0], b[..., 1], b[..., 2]
    out[..., 0] = y * w - z * v
    out[..., 1] = z * u - x * w
    out[..., 2] = x * v - y * u
    return out


def rotated(vectors: Array, turns: Array) -> Array:
    """Return *vectors* ``[T, 3]`` turned by the rotation vectors *turns* ``[T, 3]`` (Rodrigues)."""
    angle = np.sqrt(np.add.reduce(turns * turns, axis=-1, keepdims=True))
    axis = turns / np.maximum(angle, 1e-12)
    along = np.add.reduce(axis * vectors, axis=-1, keepdims=True) * axis
    return np.asarray(
        along + np.cos(angle) * (vectors - along) + np.sin(angle) * cross(axis, vectors)
    )


def smooth(values: Array, seconds: float, fps: float) -> Array:
    """Return *values* ``[T, ...]`` after a Gaussian of standard deviation *seconds*.

    Both ends keep their value and slope (they are continued point-symmetrically); a frame rate too
    low to hold the Gaussian leaves the values as they are.
    """
    sigma = seconds * fps
    radius = min(int(np.ceil(2.5 * sigma)), len(values) - 1)
    if sigma < 0.35 or radius < 1:
        return values
    kernel = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    kernel /= kernel.sum()
    flat = values.reshape(len(values), -1)
    early = 2.0 * flat[:1] - flat[radius:0:-1]
    late = 2.0 * flat[-1:] - flat[-2 : -radius - 2 : -1]
    padded = np.concatenate([early, flat, late])
    out = np.zeros_like(flat)
    for i, weight in enumerate(kernel):
        out += weight * padded[i : i + len(flat)]
    return np.asarray(out.reshape(values.shape))


def noise(rng: np.random.Generator, t: Array, period: float, channels: int) -> Array:
    """Return slow smooth wandering ``[T, channels]`` of about unit size and a given *period*."""
    periods = period * rng.uniform(0.7, 1.6, size=(3, channels))
    phases = rng.uniform(0, 2 * np.pi, size=(3, channels))
    waves = np.sin(2 * np.pi * t[:, None, None] / periods + phases)
    return np.asarray(waves.mean(axis=1) * np.sqrt(2.0))


def knots(t: Array, times: Sequence[float], values: ArrayLike, slopes: ArrayLike) -> Array:
    """Return the cubic through *values* with the given *slopes* at *times*, held outside."""
    x = np.asarray(times, dtype=np.float64)
    y, m = np.asarray(values, dtype=np.float64), np.asarray(slopes, dtype=np.float64)
    t = np.clip(t, x[0], x[-1])
    i = np.clip(np.searchsorted(x, t, side="right") - 1, 0, len(x) - 2)
    h = np.diff(x)[i]
    u = (t - x[i]) / h
    return np.asarray(
        (1 + 2 * u) * (1 - u) ** 2 * y[i]
        + u * (1 - u) ** 2 * h * m[i]
        + u * u * (3 - 2 * u) * y[i + 1]
        + u * u * (u - 1) * h * m[i + 1]
    )
