"""SVG: the drawing as shapes, still or moving by itself (SMIL), sharp at any size.

All browsers play it, in pages and as pictures. Every style can be written; where a style blurs
light, the file asks the browser to. Numbers are given where they are needed, a quarter of a pixel
off at most, and the browser fills in at its own frame rate.
"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import ClassVar
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray

from stickgen.core.errors import UsageError
from stickgen.core.protocols import Progress
from stickgen.core.types import RenderOptions, Scene
from stickgen.render.display import Stops
from stickgen.render.drawing import comment
from stickgen.render.png import encode_png
from stickgen.render.shot import at_rate
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


class SvgExporter:
    """A drawing for pages and slides that stays sharp, still or moving."""

    api_version: ClassVar[int] = 1
    media_type: ClassVar[str] = "image/svg+xml"

    def write(
        self, scene: Scene, path: Path, options: RenderOptions, progress: Progress | None = None
    ) -> None:
        """Write *scene* to *path* as an endless loop, or the picture at ``options.still`` seconds.

        The prompt is the title; the whole record of how it was made is in the metadata element.
        """
        scene = at_rate(scene, options.fps)
        motion = scene.motion
        frames: range = range(motion.n_frames)
        if options.still is not None:
            if not 0.0 <= options.still <= motion.seconds:
                raise UsageError(
                    f"there is no picture at {options.still:g} s; the clip lasts"
                    f" {motion.seconds:g} s"
                )
            index = min(round(options.still * motion.fps), motion.n_frames - 1)
            frames = range(index, index + 1)
        clip = vector_clip(scene, options, frames, progress)
        path.write_text(_Writer(clip).document(scene), encoding="utf-8")


class _Writer:
    """Writes one clip; keeps count of what is referred to by name."""

    def __init__(self, clip: VectorClip) -> None:
        self._clip = clip
        self._definitions: list[str] = []
        self._names: dict[object, str] = {}
        self._count = 0

    def document(self, scene: Scene) -> str:
        """Return the whole file."""
        clip = self._clip
        body = [self._entry(entry, visible=True) for entry in clip.entries]
        title = escape(str(scene.meta.get("prompt") or "stick figure animation"))
        record = comment(scene)
        return "\n".join(
            [
                '<svg xmlns="http://www.w3.org/2000/svg"'
                f' viewBox="0 0 {clip.width} {clip.height}" width="{clip.width}"'
                f' height="{clip.height}" stroke-linejoin="round" stroke-linecap="round"'
                ' fill="none" role="img" style="isolation:isolate">',
                f"<title>{title}</title>",
                *([f"<metadata>{escape(record)}</metadata>"] if record else []),
                f"<defs>{''.join(self._definitions)}</defs>",
                *body,
                "</svg>",
                "",
            ]
        )

    # -- elements ----------------------------------------------------------------------------------

    def _entry(self, entry: Entry, visible: bool = False) -> str:
        """Return the element of *entry*; with *visible* it is seen only while it lives."""
        inside = self._life(entry) if visible else ""
        hidden = ' visibility="hidden"' if inside and entry.start > 0 else ""
        if isinstance(entry, Leaf):
            return getattr(self, f"_{entry.kind}")(entry, hidden, inside)  # type: ignore[no-any-return]
        children = "".join(self._entry(child) for child in entry.children)
        if entry.kind == "bloom":
            return self._bloom(entry, children, hidden, inside)
        name = self._name()
        shape = self._path(entry)
        if entry.kind == "clip":
            clip = f'<clipPath id="{name}"><path{shape}</path></clipPath>'
            return f'{clip}<g clip-path="url(#{name})"{hidden}>{inside}{children}</g>'
        width = self._animated("stroke-width", entry, entry.rest[:, :1])
        whole = f'width="{self._clip.width}" height="{self._clip.height}"'
        # Everything is seen but what lies under the black line.
        mask = (
            f'<mask id="{name}" maskUnits="userSpaceOnUse" x="0" y="0" {whole}>'
            f'<rect {whole} fill="#fff"/>'
            f'<path stroke="#000" stroke-linecap="butt"{width.attribute}'
            f"{shape}{width.element}</path></mask>"
        )
        return f'{mask}<g mask="url(#{name})"{hidden}>{inside}{children}</g>'

    def _fill(self, leaf: Leaf, hidden: str, inside: str) -> str:
        ink = self._ink("fill", leaf)
        return f"<path{hidden}{ink.attribute}{self._path(leaf)}{inside}{ink.element}</path>"

    def _stroke(self, leaf: Leaf, hidden: str, inside: str) -> str:
        ink = self._ink("stroke", leaf)
        width = self._animated("stroke-width", leaf, leaf.rest[:, 4:5])
        cap = "" if leaf.detail else ' stroke-linecap="butt"'
        return (
            f"<path{hidden}{ink.attribute}{width.attribute}{cap}{self._path(leaf)}"
            f"{inside}{ink.element}{width.element}</path>"
        )

    def _shade(self, leaf: Leaf, hidden: str, inside: str) -> str:
        name = self._name()
        ends = [
            self._animated(key, leaf, leaf.rest[:, i : i + 1])
            for i, key in enumerate(("x1", "y1", "x2", "y2"))
        ]
        alpha = self._animated("opacity", leaf, leaf.rest[:, 4:5], digits=3)
        gradient = (
            f'<linearGradient id="{name}" gradientUnits="userSpaceOnUse"'
            f"{''.join(end.attribute for end in ends)}>{_stops(leaf.detail)}"
            f"{''.join(end.element for end in ends)}</linearGradient>"
        )
        return (
            f'{gradient}<path{hidden} fill="url(#{name})"{alpha.attribute}'
            f"{self._path(leaf)}{inside}{alpha.element}</path>"
        )

    def _glow(self, leaf: Leaf, hidden: str, inside: str) -> str:
        name = self._names.get(leaf.detail)
        if name is None:
            name = self._names[leaf.detail] = self._name()
            self._definitions.append(
                f'<radialGradient id="{name}">{_stops(leaf.detail)}</radialGradient>'
            )
        parts = [
            self._animated(key, leaf, leaf.rest[:, i : i + 1], digits=3 if i == 4 else 1)
            for i, key in enumerate(("cx", "cy", "rx", "ry", "opacity"))
        ]
        return (
            f'<ellipse{hidden} fill="url(#{name})"{"".join(p.attribute for p in parts)}>'
            f"{inside}{''.join(p.element for p in parts)}</ellipse>"
        )

    def _pixels(self, leaf: Leaf, hidden: str, inside: str) -> str:
        if leaf.detail.inside:
            return ""  # the grain on a figure without a backdrop: no blend mode paints just there
        name = self._names.get(leaf.detail)
        height, width = leaf.detail.pixels.shape[:2]
        if name is None:
            name = self._names[leaf.detail] = self._name()
            data = base64.b64encode(encode_png(leaf.detail.pixels)).decode("ascii")
            self._definitions.append(
                f'<image id="{name}" width="{width}" height="{height}"'
                f' href="data:image/png;base64,{data}"/>'
            )
        x, y = leaf.rest[0]
        return f'<use href="#{name}" x="{x:g}" y="{y:g}"{hidden}>{inside}</use>'

    def _bloom(self, group: Group, children: str, hidden: str, inside: str) -> str:
        radius, strength = float(group.rest[:, 0].mean()), float(group.rest[0, 1])
        key = ("blur", round(radius, 1), round(strength, 3))
        name = self._names.get(key)
        if name is None:
            name = self._names[key] = self._name()
            # The painted blur has a spread of 0.57 radii.
            self._definitions.append(
                f'<filter id="{name}" filterUnits="userSpaceOnUse" x="0" y="0"'
                f' width="{self._clip.width}" height="{self._clip.height}"'
                ' color-interpolation-filters="sRGB">'
                f'<feGaussianBlur stdDeviation="{0.57 * radius:.1f}"/>'
                f'<feComponentTransfer><feFuncA type="linear" slope="{strength:.3f}"/>'
                "</feComponentTransfer></filter>"
            )
        light = 'style="mix-blend-mode:plus-lighter"'
        blurred = f'<g filter="url(#{name})">{children}</g>'
        if group.rest.shape[1] == 2:
            return f"<g {light}{hidden}>{inside}{blurred}</g>"
        floor, fade = float(group.rest[0, 2]), float(group.rest[0, 3])
        mask = self._name()
        shade = self._name()
        width = self._clip.width
        return (
            f'<linearGradient id="{shade}" gradientUnits="userSpaceOnUse" x1="0" x2="0"'
            f' y1="{floor:.1f}" y2="{floor + fade:.1f}"><stop stop-color="#fff"/>'
            '<stop offset="1" stop-color="#000"/></linearGradient>'
            f'<mask id="{mask}" maskUnits="userSpaceOnUse" x="0" y="{floor:.1f}" width="{width}"'
            f' height="{fade:.1f}"><rect y="{floor:.1f}" width="{width}" height="{fade:.1f}"'
            f' fill="url(#{shade})"/></mask>'
            f'<g {light} mask="url(#{mask})"{hidden}>{inside}'
            f'<g transform="matrix(1 0 0 -1 0 {2.0 * floor:.1f})">{blurred}</g></g>'
        )

    # -- attributes that may move ------------------------------------------------------------------

    def _name(self) -> str:
        self._count += 1
        return f"s{self._count}"

    def _path(self, entry: Entry) -> str:
        """Return the attribute d, the end of the opening tag and what moves the path."""
        texts = [_outline(entry.codes, row) for row in _kept(entry.path)]
        animation = self._animation("d", entry, thinned(entry.path), texts)
        return f' d="{texts[0]}">{animation}'

    def _ink(self, what: str, leaf: Leaf) -> _Moving:
        rest = leaf.rest
        keys = thinned(rest[:, :4] * weights(leaf)[:4], TOLERANCE)
        hues = [_hue(rest[k]) for k in keys]
        colour = self._listed(what, leaf, keys, hues)
        if (rest[:, 3] > 0.998).all():
            return colour
        alphas = [_number(float(rest[k, 3]), 3) for k in keys]
        alpha = self._listed(f"{what}-opacity", leaf, keys, alphas)
        return _Moving(colour.attribute + alpha.attribute, colour.element + alpha.element)

    def _animated(self, name: str, entry: Entry, values: Array, digits: int = 1) -> _Moving:
        scale = 1.0 if digits == 1 else 60.0
        keys = thinned(values * scale, TOLERANCE)
        return self._listed(name, entry, keys, [_number(float(values[k, 0]), digits) for k in keys])

    def _listed(self, name: str, entry: Entry, keys: list[int], texts: list[str]) -> _Moving:
        return _Moving(f' {name}="{texts[0]}"', self._animation(name, entry, keys, texts))

    def _animation(self, name: str, entry: Entry, keys: list[int], texts: list[str]) -> str:
        """Return the element that moves an attribute through *texts* at the frames *keys*, which
        count from the beginning of the entry.
        """
        if len(set(texts)) == 1:
            return ""
        total = self._clip.n_frames
        times = [(entry.start + key) / total for key in keys]
        if times[0] > 0.0:
            times, texts = [0.0, *times], [texts[0], *texts]
        times, texts = [*times, 1.0], [*texts, texts[-1]]
        return (
            f'<animate attributeName="{name}" dur="{self._seconds()}s" repeatCount="indefinite"'
            f' keyTimes="{";".join(_number(t, 5) for t in times)}" values="{";".join(texts)}"/>'
        )

    def _life(self, entry: Entry) -> str:
        """Return the element that shows *entry* while it lives, "" if that is always."""
        total = self._clip.n_frames
        steps = [(0, "hidden")] if entry.start > 0 else []
        steps.append((entry.start, "visible"))
        if entry.end < total:
            steps.append((entry.end, "hidden"))
        if len(steps) == 1:
            return ""
        return (
            '<animate attributeName="visibility" calcMode="discrete"'
            f' dur="{self._seconds()}s" repeatCount="indefinite"'
            f' keyTimes="{";".join(_number(t / total, 5) for t, _ in steps)}"'
            f' values="{";".join(text for _, text in steps)}"/>'
        )

    def _seconds(self) -> str:
        return f"{self._clip.n_frames / self._clip.fps:.6g}"


class _Moving:
    """An attribute as it is at first, and the element inside that changes it."""

    def __init__(self, attribute: str, element: str) -> None:
        self.attribute = attribute
        self.element = element


def _kept(values: Array) -> Array:
    return np.asarray(values[thinned(values)])


def _outline(codes: str, numbers: Array) -> str:
    """Return path data; a code is not repeated, nor a space before a minus sign."""
    texts = [_number(x, 1) for x in numbers.tolist()]
    out, i, last = [], 0, ""
    for code in codes:
        n = {"C": 6, "Z": 0}.get(code, 2)
        # After a move, plain pairs are lines.
        follows = code == last or (code == "L" and last == "M")
        out.append(" " if follows and n else code)
        out.append(" ".join(texts[i : i + n]))
        i += n
        last = code
    return "".join(out).replace(" -", "-")


def _number(value: float, digits: int) -> str:
    text = f"{value:.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _hue(rest: Array) -> str:
    r, g, b = (round(255 * min(max(float(c), 0.0), 1.0)) for c in rest[:3])
    return f"#{r:02x}{g:02x}{b:02x}"


def _stops(stops: Stops) -> str:
    out = []
    for offset, (r, g, b, a) in stops:
        opacity = "" if a == 1.0 else f' stop-opacity="{_number(a, 4)}"'
        hue = _hue(np.array([r, g, b]))
        out.append(f'<stop offset="{_number(offset, 4)}" stop-color="{hue}"{opacity}/>')
    return "".join(out)
