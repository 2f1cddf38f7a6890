"""Lottie: the drawing as moving shapes for apps and pages, ``.lottie.json`` and ``.lottie``.

Format: https://lottie.github.io/lottie-spec/. Shapes, gradients, masks and pictures only, which all
players draw; keyframes are straight lines in time. Two things other formats do better: the light
of the neon style is a few wide pale lines instead of a blur, and its reflections are left out.

``.lottie.json`` is the animation alone; ``.lottie`` is dotLottie (https://dotlottie.io), a ZIP
archive of the animation and a manifest.
"""

from __future__ import annotations

import base64
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core import __version__
from stickgen.core.protocols import Progress
from stickgen.core.types import RenderOptions, Scene
from stickgen.render.display import Path as Outline
from stickgen.render.display import Stops
from stickgen.render.png import encode_png
from stickgen.render.shot import at_rate
from stickgen.render.strokes import ribbon, sampled
from stickgen.render.vectors import (
    TOLERANCE,
    Entry,
    Group,
    Leaf,
    VectorClip,
    thinned,
    vector_clip,
    weights,
)

Array = NDArray[np.float64]
Json = dict[str, Any]

_SCREEN: Final = 2
_HALOS: Final = (
    (2.6, 0.025),
    (2.1, 0.035),
    (1.7, 0.045),
    (1.3, 0.055),
    (0.9, 0.065),
    (0.5, 0.075),
    (0.2, 0.085),
)
"""Light around a line: extra width in radii of the light, and alpha over its strength."""
_GAP_POINTS: Final = 12
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


class LottieJsonExporter:
    """An animation of shapes as one JSON document."""

    api_version: ClassVar[int] = 1
    media_type: ClassVar[str] = "application/json"

    def write(
        self, scene: Scene, path: Path, options: RenderOptions, progress: Progress | None = None
    ) -> None:
        """Write *scene* to *path*; the record of how it was made is in ``meta.stickgen``."""
        path.write_text(lottie_text(scene, options, progress), encoding="utf-8")


class DotLottieExporter:
    """The same animation, packed."""

    api_version: ClassVar[int] = 1
    media_type: ClassVar[str] = "application/zip+dotlottie"

    def write(
        self, scene: Scene, path: Path, options: RenderOptions, progress: Progress | None = None
    ) -> None:
        """Write *scene* to *path* as a dotLottie archive with one animation, ``animation``."""
        manifest = {
            "version": "1",
            "generator": f"stickgen {__version__}",
            "animations": [{"id": "animation", "autoplay": True, "loop": True}],
        }
        files = {
            "manifest.json": json.dumps(manifest),
            "animations/animation.json": lottie_text(scene, options, progress),
        }
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in files.items():
                entry = zipfile.ZipInfo(name, _EPOCH)
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, text)


def lottie_text(scene: Scene, options: RenderOptions, progress: Progress | None = None) -> str:
    """Return the Lottie document of *scene*."""
    scene = at_rate(scene, options.fps)
    clip = vector_clip(scene, options, range(scene.motion.n_frames), progress)
    document = _Writer(clip).document(scene)
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False)


class _Writer:
    """Writes one clip; keeps the pictures it has met."""

    def __init__(self, clip: VectorClip) -> None:
        self._clip = clip
        self._assets: dict[bytes, Json] = {}

    def document(self, scene: Scene) -> Json:
        clip = self._clip
        layers = [self._layer(*flat) for entry in clip.entries for flat in _flattened(entry, ())]
        layers = [layer for layer in layers if layer]
        layers.reverse()  # the first layer lies on top
        for number, layer in enumerate(layers, start=1):
            layer["ind"] = number
        record = json.loads(json.dumps(dict(scene.meta), sort_keys=True, default=str))
        return {
            "v": "5.7.0",
            "fr": _short(clip.fps, 4),
            "ip": 0,
            "op": clip.n_frames,
            "w": clip.width,
            "h": clip.height,
            "nm": str(scene.meta.get("prompt") or "stick figure animation"),
            "ddd": 0,
            "meta": {"g": f"stickgen {__version__}", "stickgen": record},
            "assets": list(self._assets.values()),
            "layers": layers,
        }

    def _layer(
        self, leaf: Leaf, masks: tuple[Group, ...], light: tuple[float, float] | None
    ) -> Json:
        """Return the layer of *leaf* under *masks*; *light* is the radius and strength of a bloom
        whose strokes are drawn.
        """
        layer: Json = {
            "ty": 4,
            "ip": leaf.start,
            "op": leaf.end,
            "st": 0,
            "sr": 1,
            "ddd": 0,
            "bm": 0 if light is None else _SCREEN,
            "ks": _transform(),
        }
        if masks:
            layer["hasMask"] = True
            layer["masksProperties"] = [mask for group in masks for mask in _masks(group)]
        if leaf.kind == "pixels":
            if leaf.detail.inside:
                return {}
            layer.update(ty=2, refId=self._asset(leaf))
            x, y = leaf.rest[0].tolist()
            layer["ks"] = _transform(position=[_short(x), _short(y)])
            return layer
        shapes = [leaf] if light is None else list(_lit(leaf, *light))
        layer["shapes"] = [self._group(shape) for shape in shapes]
        if masks:
            layer["shapes"].append(self._everywhere())
        return layer

    def _everywhere(self) -> Json:
        """Return a shape as large as the picture that paints nothing.

        lottie-web masks no farther than the box of a layer's outlines, without their width: a thin
        upright leg would lose its sides.
        """
        size = [self._clip.width, self._clip.height]
        middle = [0.5 * side for side in size]
        nothing = {"ty": "fl", "c": _fixed([0, 0, 0, 1]), "o": _fixed(0), "r": 1}
        area = {"ty": "rc", "p": _fixed(middle), "s": _fixed(size), "r": _fixed(0)}
        return {"ty": "gr", "it": [area, nothing, _place()]}

    def _asset(self, leaf: Leaf) -> str:
        """Return the name of a picture, which is stored once."""
        picture = leaf.detail
        asset = self._assets.get(picture.digest)
        if asset is None:
            data = base64.b64encode(encode_png(picture.pixels)).decode("ascii")
            height, width = picture.pixels.shape[:2]
            asset = self._assets[picture.digest] = {
                "id": f"picture{len(self._assets) + 1}",
                "w": width,
                "h": height,
                "u": "",
                "p": f"data:image/png;base64,{data}",
                "e": 1,
            }
        return str(asset["id"])

    def _group(self, leaf: Leaf) -> Json:
        """Return a group: the outlines, then what paints them, then its place."""
        rest = leaf.rest
        place = _place()
        if leaf.kind == "glow":
            # A unit circle, moved and stretched; so its gradient is stretched too.
            outlines: list[Json] = [{"ty": "el", "p": _fixed([0, 0]), "s": _fixed([2, 2])}]
            place["p"] = _moving(leaf, rest[:, :2])
            place["s"] = _moving(leaf, 100.0 * np.maximum(rest[:, 2:4], 0.01), scale=0.01)
            paint = _gradient(leaf.detail, 2, _fixed([0, 0]), _fixed([1, 0]))
            paint["o"] = _moving(leaf, 100.0 * rest[:, 4:5], scale=0.6)
        elif leaf.kind == "shade":
            outlines = _outlines(leaf)
            paint = _gradient(
                leaf.detail, 1, _moving(leaf, rest[:, :2]), _moving(leaf, rest[:, 2:4])
            )
            paint["o"] = _moving(leaf, 100.0 * rest[:, 4:5], scale=0.6)
        else:
            outlines = _outlines(leaf)
            colours = np.concatenate([rest[:, :3], np.ones((len(rest), 1))], axis=1)
            paint = {
                "ty": "fl",
                "c": _moving(leaf, colours, scale=float(weights(leaf)[0]), digits=4),
                "o": _moving(leaf, 100.0 * rest[:, 3:4], scale=0.6),
                "r": 1,
            }
            if leaf.kind == "stroke":
                del paint["r"]
                paint.update(ty="st", lc=2 if leaf.detail else 1, lj=2)
                paint["w"] = _moving(leaf, rest[:, 4:5])
        return {"ty": "gr", "it": [*outlines, paint, place]}


def _flattened(
    entry: Entry, masks: tuple[Group, ...], light: tuple[float, float] | None = None
) -> Iterator[tuple[Leaf, tuple[Group, ...], tuple[float, float] | None]]:
    """Yield the leaves of *entry* in painting order with the groups that mask them."""
    if isinstance(entry, Leaf):
        # Of clips within clips the innermost is the smallest; gaps all count.
        clips = [group for group in masks if group.kind == "clip"]
        gaps = tuple(group for group in masks if group.kind == "gap")
        yield entry, (*clips[-1:], *gaps), light
        return
    if entry.kind == "bloom":
        if entry.rest.shape[1] > 2:
            return
        light = (float(entry.rest[0, 0]), float(entry.rest[0, 1]))
    else:
        masks = (*masks, entry)
    for child in entry.children:
        yield from _flattened(child, masks, light)


def _lit(leaf: Leaf, radius: float, strength: float) -> Iterator[Leaf]:
    """Yield the wide pale lines that stand for the light around *leaf*."""
    for wider, alpha in _HALOS:
        rest = leaf.rest.copy()
        rest[:, 3] *= alpha * strength
        rest[:, 4] += wider * radius
        yield Leaf(leaf.kind, leaf.codes, True, leaf.start, leaf.end, leaf.path, rest)


def _masks(group: Group) -> list[Json]:
    """Return the masks of a clip (what is inside is seen) or a gap (what is inside is not)."""
    codes, numbers = group.codes, group.path
    if group.kind == "gap":
        rows = max(len(numbers), len(group.rest))
        lines = np.broadcast_to(numbers, (rows, numbers.shape[1]))
        widths = np.broadcast_to(group.rest[:, 0], (rows,)).tolist()
        numbers = np.array([_band(codes, line, w) for line, w in zip(lines, widths, strict=True)])
        codes = "M" + "L" * (2 * _GAP_POINTS - 1) + "Z"
    mode = "a" if group.kind == "clip" else "s"
    return [
        {
            "inv": False,
            "mode": mode,
            "pt": _path_keys(group, part, codes, numbers),
            "o": _fixed(100),
            "x": _fixed(0),
        }
        for part in _contours(codes)
    ]


def _band(codes: str, numbers: Array, width: float) -> list[float]:
    """Return the outline of a line of the given *width* along a path."""
    points: list[tuple[float, float]] = []
    i = 0
    for code in codes:
        n = {"C": 6, "Z": 0}.get(code, 2)
        if n:
            points.append((float(numbers[i + n - 2]), float(numbers[i + n - 1])))
        i += n
    line = sampled(points, 0.0, _GAP_POINTS)
    return ribbon(line, width, Outline()).numbers


# -- outlines --------------------------------------------------------------------------------------


def _contours(codes: str) -> list[slice]:
    """Return which codes make up each of the contours of a path."""
    starts = [i for i, code in enumerate(codes) if code == "M"]
    return [slice(a, b) for a, b in zip(starts, [*starts[1:], len(codes)], strict=True)]


def _outlines(leaf: Leaf) -> list[Json]:
    return [
        {"ty": "sh", "ks": _path_keys(leaf, part, leaf.codes, leaf.path)}
        for part in _contours(leaf.codes)
    ]


def _path_keys(entry: Entry, part: slice, codes: str, numbers: Array) -> Json:
    """Return the contour *part* of a path as a property, still or moving."""
    counts = [{"C": 6, "Z": 0}.get(code, 2) for code in codes]
    first = sum(counts[: part.start])
    values = numbers[:, first : first + sum(counts[part])]
    keys = thinned(values)
    shapes = [_bezier(codes[part], row) for row in values[keys].tolist()]
    if all(shape == shapes[0] for shape in shapes):
        return _fixed(shapes[0])
    return _keyed([entry.start + key for key in keys], [[shape] for shape in shapes])


def _bezier(codes: str, numbers: list[float]) -> Json:
    """Return a contour as vertices and the tangents into and out of them, relative to them."""
    v: list[list[float]] = []
    into: list[list[float]] = []
    out: list[list[float]] = []
    i = 0
    for code in codes:
        if code == "C":
            x1, y1, x2, y2, x, y = numbers[i : i + 6]
            out[-1] = [_short(x1 - v[-1][0]), _short(y1 - v[-1][1])]
            v.append([_short(x), _short(y)])
            into.append([_short(x2 - x), _short(y2 - y)])
            out.append([0, 0])
            i += 6
        elif code != "Z":
            v.append([_short(numbers[i]), _short(numbers[i + 1])])
            into.append([0, 0])
            out.append([0, 0])
            i += 2
    closed = codes.endswith("Z")
    if closed and len(v) > 1 and v[0] == v[-1]:
        # The last vertex is the first one again: they become one.
        into[0] = into[-1]
        del v[-1], into[-1], out[-1]
    return {"c": closed, "v": v, "i": into, "o": out}


# -- properties ------------------------------------------------------------------------------------


def _transform(position: list[float] | None = None) -> Json:
    return {
        "o": _fixed(100),
        "r": _fixed(0),
        "p": _fixed([*(position or [0, 0]), 0]),
        "a": _fixed([0, 0, 0]),
        "s": _fixed([100, 100, 100]),
    }


def _place() -> Json:
    """Return the transform of a group, which changes nothing."""
    return {
        "ty": "tr",
        "p": _fixed([0, 0]),
        "a": _fixed([0, 0]),
        "s": _fixed([100, 100]),
        "r": _fixed(0),
        "o": _fixed(100),
    }


def _fixed(value: Any) -> Json:
    return {"a": 0, "k": value}


def _moving(entry: Entry, values: Array, scale: float = 1.0, digits: int = 2) -> Json:
    """Return *values* ``[n, m]`` as a property; *scale* times a difference counts as pixels."""
    keys = thinned(values * scale, TOLERANCE)
    rows = [[_short(x, digits) for x in row] for row in values[keys].tolist()]
    if all(row == rows[0] for row in rows):
        return _fixed(rows[0] if len(rows[0]) > 1 else rows[0][0])
    return _keyed([entry.start + key for key in keys], rows)


def _keyed(times: list[int], values: list[Any]) -> Json:
    """Return keyframes with straight lines between them."""
    # Paths take the handles of their easing as numbers, everything else as lists.
    one: Any = 1 if isinstance(values[0][0], dict) else [1]
    none: Any = 0 if isinstance(values[0][0], dict) else [0]
    frames: list[Json] = [
        {"t": t, "s": value, "i": {"x": one, "y": one}, "o": {"x": none, "y": none}}
        for t, value in zip(times, values, strict=True)
    ]
    del frames[-1]["i"], frames[-1]["o"]
    return {"a": 1, "k": frames}


def _gradient(stops: Stops, kind: int, start: Json, end: Json) -> Json:
    """Return a gradient fill: 1 for linear, 2 for radial."""
    colours = [x for offset, (r, g, b, _) in stops for x in (offset, r, g, b)]
    alphas = [x for offset, tint in stops for x in (offset, tint[3])]
    opaque = all(tint[3] == 1.0 for _, tint in stops)
    k = [_short(x, 4) for x in (colours if opaque else colours + alphas)]
    return {
        "ty": "gf",
        "t": kind,
        "r": 1,
        "s": start,
        "e": end,
        "g": {"p": len(stops), "k": _fixed(k)},
    }


def _short(value: float, digits: int = 1) -> float:
    rounded = round(value, digits)
    return int(rounded) if rounded == int(rounded) else rounded
