"""Plots as SVG text: histograms, bars and tables for a page that stands on its own.

Every chart is a string that starts with ``<svg``; colours come from the page's CSS classes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Final

import numpy as np
from numpy.typing import NDArray

WIDTH: Final = 460
HEIGHT: Final = 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 10, 20, 40
_ROW: Final = 19


def nice_ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Return round numbers that span *low* to *high*, 1, 2, 2.5 or 5 times a power of ten apart.

    >>> nice_ticks(0.0, 9.0)
    [0.0, 2.0, 4.0, 6.0, 8.0]
    """
    if not high > low:
        return [low]
    raw = (high - low) / about
    power = 10.0 ** np.floor(np.log10(raw))
    step = float(min((m * power for m in (1, 2, 2.5, 5, 10)), key=lambda s: abs(s - raw)))
    first = np.ceil(low / step - 1e-9)
    count = int(np.floor(high / step + 1e-9) - first) + 1
    return [float(round((first + i) * step, 12)) + 0.0 for i in range(max(count, 1))]


def number(value: float) -> str:
    """Return *value* as it is written at an axis: 12,000 or 0.25."""
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:.6g}"


class Histogram:
    """Counts of values in bins of a fixed width that double when the range is outgrown.

    So a histogram of any number of values takes the memory of its bins. *whole* says that the
    values are whole numbers.
    """

    def __init__(self, width: float, bins: int = 256, whole: bool = False) -> None:
        self.width = width
        self.whole = whole
        self.counts: NDArray[np.int64] = np.zeros(bins, dtype=np.int64)
        self.n = 0
        self.total = 0.0
        self.low = np.inf
        self.high = -np.inf

    def add(self, values: NDArray[np.floating] | Sequence[float]) -> None:
        """Count *values*, which are at least 0."""
        array = np.asarray(values, dtype=np.float64).ravel()
        if not len(array):
            return
        self.n += len(array)
        self.total += float(array.sum())
        self.low, self.high = min(self.low, float(array.min())), max(self.high, float(array.max()))
        while self.high >= self.width * len(self.counts):
            self.counts = np.concatenate(
                [self.counts.reshape(-1, 2).sum(axis=1), np.zeros(len(self.counts) // 2, np.int64)]
            )
            self.width *= 2.0
        index = np.minimum((array / self.width).astype(np.intp), len(self.counts) - 1)
        self.counts += np.bincount(index, minlength=len(self.counts))

    @property
    def mean(self) -> float:
        return self.total / self.n if self.n else 0.0

    def quantile(self, share: float) -> float:
        """Return the value below which *share* of the values are, linear within a bin."""
        if not self.n:
            return 0.0
        below = np.concatenate([[0], np.cumsum(self.counts)])
        edges = np.arange(len(below)) * self.width
        value = float(np.interp(share * self.n, below, edges))
        value = float(np.floor(value)) if self.whole else value
        return min(max(value, float(self.low)), float(self.high))


def histogram(data: Histogram, label: str, unit: str) -> str:
    """Return the chart of *data*: bars, with the median marked."""
    if not data.n:
        return _empty()
    last = int(np.flatnonzero(data.counts).max()) + 1
    counts = data.counts[:last]
    while len(counts) > 40:
        counts = np.append(counts, 0) if len(counts) % 2 else counts
        counts = counts.reshape(-1, 2).sum(axis=1)
    width = data.width * 2 ** round(np.log2(max(last / len(counts), 1.0)))
    high, top = width * len(counts), float(counts.max())
    x = _scale(0.0, high, _LEFT, WIDTH - _RIGHT)
    y = _scale(0.0, top, HEIGHT - _BOTTOM, _TOP)
    parts = [_grid_y(y, top)]
    told = f" {escape(unit)}" if unit else ""
    for i, count in enumerate(counts.tolist()):
        if count:
            parts.append(
                f'<rect class="bar" x="{x(i * width) + 0.5:.1f}" y="{y(count):.1f}"'
                f' width="{x(width) - x(0.0) - 1:.1f}" height="{y(0.0) - y(count):.1f}">'
                f"<title>{number(i * width)}–{number((i + 1) * width)}{told}:"
                f" {count:,}</title></rect>"
            )
    middle = data.quantile(0.5)
    anchor = "end" if x(middle) > WIDTH * 0.75 else "start"
    shift = -4 if anchor == "end" else 4
    parts.append(
        f'<line class="mark" x1="{x(middle):.1f}" x2="{x(middle):.1f}" y1="6"'
        f' y2="{y(0.0):.1f}"/><text class="marked" x="{x(middle) + shift:.1f}" y="13"'
        f' text-anchor="{anchor}">median {number(float(f"{middle:.3g}"))}{told}</text>'
    )
    for tick in nice_ticks(0.0, high):
        parts.append(
            f'<text x="{x(tick):.1f}" y="{HEIGHT - _BOTTOM + 15}" text-anchor="middle">'
            f"{number(tick)}</text>"
        )
    parts.append(
        f'<text class="label" x="{(_LEFT + WIDTH - _RIGHT) / 2}" y="{HEIGHT - 6}"'
        f' text-anchor="middle">{escape(label)}{escape(f" ({unit})" if unit else "")}</text>'
    )
    return _svg(HEIGHT, label, parts)


def bars(
    values: Mapping[str, float], label: str, unit: str = "", most: int = 20, shares: bool = True
) -> str:
    """Return the chart of *values* as horizontal bars, the longest first, and the rest as a sum.

    With *shares* each says what part of all of them it is.
    """
    ranked = sorted(values.items(), key=lambda item: (-item[1], item[0]))
    shown = ranked if len(ranked) <= most else ranked[: most - 1]
    rest = ranked[len(shown) :]
    if rest:
        shown = [*shown, (f"{len(rest)} others", sum(value for _, value in rest))]
    if not shown:
        return _empty()
    left = 12 + 6.6 * min(max(len(name) for name, _ in shown), 26)
    top = max(value for _, value in ranked[: len(shown) - bool(rest)])
    whole = sum(value for _, value in shown)
    x = _scale(0.0, max(top, 1e-9), left, WIDTH - 118)
    height = _ROW * len(shown) + 10
    parts = []
    for i, (name, value) in enumerate(shown):
        y = 5 + _ROW * i
        short = name if len(name) <= 26 else name[:25] + "…"
        told = f"{number(round(value, 1))}{' ' + unit if unit else ''}"
        part = f"{100.0 * value / whole if whole else 0.0:.1f} %"
        part = f'<tspan class="share" dx="6">{part}</tspan>' if shares else ""
        parts.append(
            f'<text x="{left - 6:.1f}" y="{y + 12}" text-anchor="end">{escape(short)}</text>'
        )
        end = left
        if not rest or i < len(shown) - 1:
            end = x(value)
            parts.append(
                f'<rect class="bar" x="{left:.1f}" y="{y + 2}"'
                f' width="{max(end - left, 0.8):.1f}" height="{_ROW - 5}">'
                f"<title>{escape(name)}: {told}</title></rect>"
            )
        parts.append(f'<text class="value" x="{end + 5:.1f}" y="{y + 12}">{told}{part}</text>')
    return _svg(height, label, parts)


def _scale(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    return lambda value: start + (value - low) / (high - low) * (end - start)


def _grid_y(y: Callable[[float], float], top: float) -> str:
    lines = []
    for tick in nice_ticks(0.0, top, 4):
        lines.append(
            f'<line class="grid" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y(tick):.1f}"'
            f' y2="{y(tick):.1f}"/><text x="{_LEFT - 5}" y="{y(tick) + 3.5:.1f}"'
            f' text-anchor="end">{number(tick)}</text>'
        )
    return "".join(lines)


def _svg(height: float, label: str, parts: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {height:g}" role="img" aria-label="{escape(label)}">'
        + "".join(parts)
        + "</svg>"
    )


def _empty() -> str:
    return _svg(40, "nothing", ['<text x="10" y="24">nothing to show</text>'])
