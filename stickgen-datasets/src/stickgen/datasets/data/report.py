"""The figures of a store as one page of HTML that needs nothing else."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Final

from stickgen.core.errors import PluginError
from stickgen.core.storage import atomic_path
from stickgen.core.types import Clip
from stickgen.datasets.data.charts import bars, histogram, number
from stickgen.datasets.data.contact_sheet import strip
from stickgen.datasets.data.statistics import Statistics, Totals

_STYLE: Final = """
:root { --ink: #1d2433; --soft: #667085; --line: #e3e7ee; --bar: #3565a8;
  --mark: #c2410c; }
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  color: var(--ink); background: #fff; margin: 0 auto; padding: 36px 28px; max-width: 1060px; }
h1 { font-size: 27px; line-height: 1.2; margin: 0 0 4px; }
h2 { font-size: 17px; margin: 38px 0 10px; padding-bottom: 5px;
  border-bottom: 1px solid var(--line); }
h3 { font-size: 13.5px; font-weight: 600; margin: 0 0 4px; }
p.lead { color: var(--soft); margin: 0 0 22px; max-width: 46em; }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(148px, 1fr)); gap: 10px; }
.fact { border: 1px solid var(--line); border-radius: 8px; padding: 9px 12px; }
.fact b { display: block; font-size: 19px; line-height: 1.3; white-space: nowrap;
  font-variant-numeric: tabular-nums; }
.fact span { color: var(--soft); font-size: 12.5px; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(400px, 1fr));
  gap: 22px 34px; align-items: start; }
figure { margin: 0; break-inside: avoid; } figure + figure { margin-top: 16px; }
.pair > figure, .clips > figure { margin-top: 0; }
figcaption { color: var(--soft); font-size: 12.5px; margin-top: 2px; }
svg { width: 100%; height: auto; display: block; overflow: visible; }
svg text { font: 11px system-ui, "Segoe UI", Roboto, sans-serif; fill: var(--soft);
  font-variant-numeric: tabular-nums; }
svg text.label, svg text.value { fill: var(--ink); }
svg .share { fill: var(--soft); }
svg .bar { fill: var(--bar); }
svg .grid { stroke: var(--line); } svg .mark { stroke: var(--mark); stroke-dasharray: 3 3; }
svg text.marked { fill: var(--mark); }
table { border-collapse: collapse; width: 100%; font-size: 13.5px;
  font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: 4px 12px 4px 0; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 600; }
th:first-child, td:first-child { text-align: left; }
.words { display: grid; grid-template-columns: repeat(auto-fill, minmax(128px, 1fr));
  gap: 1px 22px; font-size: 13.5px; }
.words div { display: flex; justify-content: space-between; align-items: baseline;
  border-bottom: 1px solid var(--line); }
.words i { font-style: normal; color: var(--soft); font-size: 12.5px; }
.clips { display: grid; grid-template-columns: repeat(auto-fill, minmax(470px, 1fr));
  gap: 18px 24px; }
.clips img { width: 100%; display: block; border: 1px solid var(--line); border-radius: 6px; }
.clips figcaption { overflow-wrap: anywhere; } .clips b { color: var(--ink); font-weight: 500; }
li { overflow-wrap: anywhere; }
footer { margin-top: 40px; color: var(--soft); font-size: 12.5px; }
@media print { body { padding: 0; } }
"""

_MOST_SKIPPED: Final = 50


def write(statistics: Statistics, path: Path, force: bool = False) -> str | None:
    """Write the page about *statistics* to *path*.

    Returns why it has no pictures of clips, where no renderer works; else None.
    """
    pictures, missing = _pictures(statistics.sample)
    with atomic_path(path, force) as temporary:
        temporary.write_text(page(statistics, pictures, missing), encoding="utf-8")
    return missing


def _pictures(clips: Sequence[Clip]) -> tuple[list[tuple[Clip, bytes]], str | None]:
    pictures = []
    for clip in clips:
        try:
            pictures.append((clip, strip(clip)))
        except PluginError as error:
            return [], str(error)
    return pictures, None


def page(
    statistics: Statistics,
    pictures: Sequence[tuple[Clip, bytes]] = (),
    missing: str | None = None,
) -> str:
    """Return the page: *pictures* are clips with a PNG of each; *missing* says why none."""
    s = statistics
    title = f"The clips of {s.name}"
    parts = [
        f"<h1>{escape(title)}</h1>",
        f'<p class="lead">{escape(_lead(s))}</p>',
        _facts(s),
        "<h2>Where they come from</h2>",
        _totals_table(s),
        '<div class="pair">',
        _figure("Clips by source", bars(_clips(s.sources), "clips by source", "clips")),
        _figure(
            "Clips by licence",
            bars(_clips(s.licences), "clips by licence", "clips"),
            "What is made of several works counts for the licence of each.",
        ),
        "</div>",
        "<h2>How they move</h2>",
        '<div class="pair">',
        _figure(
            "Duration of a clip",
            histogram(s.durations, "duration", "s"),
            f"Mean {s.durations.mean:.2f} s, from {_low(s.durations.low):.2f} to"
            f" {_low(s.durations.high):.2f} s.",
        ),
        _figure(
            "Speed over the ground",
            histogram(s.speeds, "mean speed of the pelvis", "m/s"),
            "One value an actor and clip; a walk is about 1.3 m/s.",
        ),
        _figure(
            "Fastest joint",
            histogram(s.peaks, "speed kept up for three frames", "m/s"),
            "One value a clip, of its fastest joint.",
        ),
        _figure(
            "Quality",
            histogram(s.scores, "score", ""),
            "Physics, artifacts, camera and caption, as stickgen data curate weighs them.",
        ),
        "</div>",
        "<h2>What is done</h2>",
        '<div class="pair">',
        _figure(
            "Main action",
            bars(s.actions, "person-seconds by action", "s", 26),
            "Seconds, counted for every actor. Idle is also what nobody has labelled.",
        ),
        "<div>",
        _figure("On top of it", bars(s.overlays, "person-seconds by overlay", "s", 12))
        if s.overlays
        else "",
        _figure("Actors in a clip", bars(s.actors, "clips by actors", "clips", 8)),
        _figure("Split", bars(s.splits, "clips by split", "clips", 6)),
        "</div>",
        "</div>",
        "<h2>What is said about them</h2>",
        '<div class="pair">',
        _figure(
            "Length of a caption",
            histogram(s.caption_words, "words", ""),
            f"{s.captions:,} captions, {len(s.sentences):,} of them different;"
            f" {len(s.words):,} different words that say something.",
        ),
        _figure("Commonest words", bars(dict(s.words.most_common(12)), "words", "", 12, False)),
        "</div>",
        _words(s),
        "<h2>Some of them, drawn at random</h2>",
        _clips_grid(pictures, missing),
        _skipped(s),
        f"<footer>Written by stickgen {_version()}.</footer>",
    ]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>\n"
        + "\n".join(part for part in parts if part)
        + "\n</body></html>\n"
    )


def _lead(s: Statistics) -> str:
    sources = _count(len(s.sources), "source")
    text = (
        f"{_count(s.clips, 'clip')} of {_count(len(s.recordings), 'recording')} from {sources},"
        f" {_clock(s.seconds)} in all, {s.captions:,} captions."
    )
    if s.derived:
        text += f" {_count(s.derived, 'clip')} derived from others."
    return text


def _facts(s: Statistics) -> str:
    def part(count: int) -> str:
        return f"{100.0 * count / s.clips:.0f} %" if s.clips else "–"

    facts = (
        (f"{s.clips:,}", "clips"),
        (_clock(s.seconds), "clip time"),
        (f"{s.frames:,}", "frames"),
        (_clock(s.person_seconds), "person time"),
        (f"{len(s.recordings):,}", "recordings"),
        (f"{len(s.subjects):,}" if s.subjects else "–", "named subjects"),
        (part(s.with_depth), "with depth"),
        (part(s.captioned), "with a caption"),
        (part(s.with_face), "with a face"),
        (part(s.with_camera), "with a camera"),
        (" · ".join(sorted(s.rates, key=float)), "frames a second"),
        (f"{s.scores.quantile(0.5):.2f}", "median quality"),
    )
    cells = "".join(
        f'<div class="fact"><b>{escape(value)}</b><span>{escape(name)}</span></div>'
        for value, name in facts
    )
    return f'<div class="facts">{cells}</div>'


def _totals_table(s: Statistics) -> str:
    rows = "".join(
        f"<tr><td>{escape(name)}</td><td>{total.clips:,}</td>"
        f"<td>{100.0 * total.clips / max(s.clips, 1):.1f} %</td>"
        f"<td>{_clock(total.seconds)}</td><td>{total.seconds / max(total.clips, 1):.1f} s</td></tr>"
        for name, total in sorted(s.sources.items(), key=lambda item: -item[1].clips)
    )
    return (
        "<table><thead><tr><th>source</th><th>clips</th><th>share</th><th>time</th>"
        f"<th>mean length</th></tr></thead><tbody>{rows}</tbody></table><p></p>"
    )


def _clips(totals: Mapping[str, Totals]) -> dict[str, float]:
    return {name: float(total.clips) for name, total in totals.items()}


def _figure(title: str, chart: str, caption: str = "") -> str:
    told = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    return f"<figure><h3>{escape(title)}</h3>{chart}{told}</figure>"


def _words(s: Statistics) -> str:
    """Return the table of words: by count, larger where commoner."""
    ranked = s.words.most_common(84)
    if not ranked:
        return ""
    top = math.log1p(ranked[0][1])
    cells = "".join(
        f'<div><span style="font-size:{11.5 + 7.0 * (math.log1p(count) / top) ** 2:.1f}px">'
        f"{escape(word)}</span><i>{count:,}</i></div>"
        for word, count in ranked
    )
    return f'<p></p><div class="words">{cells}</div>'


def _clips_grid(pictures: Sequence[tuple[Clip, bytes]], missing: str | None) -> str:
    if missing is not None:
        return f"<p>There are no pictures: {escape(missing)}</p>"
    cells = []
    for clip, picture in pictures:
        data = base64.b64encode(picture).decode()
        text = clip.texts[0] if clip.texts else "no caption"
        cells.append(
            f'<figure><img alt="{escape(text)}" src="data:image/png;base64,{data}">'
            f"<figcaption><b>{escape(text)}</b><br>{escape(clip.clip_id)} ·"
            f" {escape(clip.source or 'unknown')} · {clip.motion.seconds:.1f} s</figcaption>"
            "</figure>"
        )
    return f'<div class="clips">{"".join(cells)}</div>'


def _skipped(s: Statistics) -> str:
    skipped = s.tally.skipped
    if not skipped:
        return ""
    items = "".join(f"<li>{escape(each.reason)}</li>" for each in skipped[:_MOST_SKIPPED])
    more = len(skipped) - _MOST_SKIPPED
    rest = f"<p>and {more:,} more.</p>" if more > 0 else ""
    return f"<h2>Left out</h2><ul>{items}</ul>{rest}"


def _clock(seconds: float) -> str:
    """Return a duration as a person says it: 3.2 s, 14 min 5 s, 2 h 30 min."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if minutes < 10 else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours:,} h {minutes} min"


def _count(count: int, noun: str) -> str:
    return f"{number(count)} {noun}" + ("" if count == 1 else "s")


def _low(value: float) -> float:
    return value if math.isfinite(value) else 0.0


def _version() -> str:
    from importlib.metadata import version

    return version("stickgen-datasets")
