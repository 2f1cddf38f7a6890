"""Display lists as moving shapes, for formats that hold shapes instead of pixels (SVG, Lottie).

The display lists of all frames are matched, frame by frame: an item that is there again, of the
same kind and with the same codes in its path, is the same item moved. What comes out is one list
in painting order; each entry lives for some frames, and its numbers change over them.

**Contents**
    - `Leaf`, `Group`: an item, and items under a common clip or gap, over the frames they live.
    - `vector_clip`: a scene as such entries.
    - `thinned`: the frames at which numbers must be given, so that straight lines in time between
      them come close enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from stickgen.core.errors import PluginError
from stickgen.core.protocols import Progress
from stickgen.core.types import RenderOptions, Scene
from stickgen.render.display import (
    Bloom,
    Colour,
    Fill,
    Glow,
    Knockout,
    Op,
    Path,
    Pixels,
    PopClip,
    PushClip,
    Shade,
    Snapshot,
    Stops,
    Stroke,
)
from stickgen.render.drawing import open_shot, open_style

Array = NDArray[np.float64]

TOLERANCE: Final = 0.25
"""Pixels by which a thinned path may be off."""
_COLOUR_WEIGHT: Final = 60.0
"""A colour may be off by `TOLERANCE` over this."""
_LEAP: Final = 0.09
"""Something that moves farther from one frame to the next, in picture heights, is another thing."""


@dataclass(frozen=True, eq=False)
class Leaf:
    """A painted item over the frames ``start`` to ``end`` (not included).

    ``kind`` is fill, stroke, shade, glow or pixels; ``codes`` the path's, of M, L, C and Z;
    ``detail`` what never changes (round caps, gradient stops, the picture); ``path`` ``[n, P]`` the
    path's numbers, ``rest`` ``[n, R]`` everything else: of a fill and a stroke red, green, blue,
    alpha (and width), of a shade x and y of both ends and then its alpha, of a glow centre, radii
    and alpha, of pixels the corner. *n* is the number of frames, or 1 where nothing changes.
    """

    kind: str
    codes: str
    detail: Any
    start: int
    end: int
    path: Array
    rest: Array


@dataclass(frozen=True, eq=False)
class Group:
    """Entries that share a ``kind``:

    - clip: they are seen inside the path only.
    - gap: they are not seen along the path, a line of the width ``rest[:, 0]`` with flat ends.
    - bloom: strokes whose blurred light is added; ``rest`` holds radius and strength, and for a
      reflection the floor and the fade, as in `stickgen.render.display.Bloom`.
    """

    kind: str
    codes: str
    start: int
    end: int
    path: Array
    rest: Array
    children: tuple[Leaf | Group, ...]


Entry: TypeAlias = Leaf | Group


@dataclass(frozen=True, eq=False)
class VectorClip:
    """Entries in painting order, what never moves first; they share ``n_frames`` frames."""

    width: int
    height: int
    n_frames: int
    fps: float
    entries: tuple[Entry, ...]


class _Node(NamedTuple):
    """An item of one frame: what must agree for it to be matched, and its numbers."""

    key: tuple[Any, ...]
    path: list[float] | NDArray[np.float32]
    rest: tuple[float, ...]
    children: tuple[_Node, ...]


def vector_clip(
    scene: Scene, options: RenderOptions, frames: Sequence[int], progress: Progress | None = None
) -> VectorClip:
    """Return the given *frames* of *scene*, drawn in ``options.style``, as moving shapes.

    A style may ask for fewer (``shapes_every``); the clip lasts as long.
    """
    shot, style = open_shot(scene, options), open_style(options.style)
    seconds = len(frames) / scene.motion.fps
    frames = frames[:: getattr(style, "shapes_every", 1)]
    total = len(frames)
    fixed = [_entry([node], 0, total) for node in _nodes(style.fixed(shot), _Pictures())]
    pictures = _Pictures()
    tracks: list[_Track] = []
    alive: list[_Track] = []
    for t, index in enumerate(frames):
        nodes = _nodes(style.frame(shot, index), pictures)
        alive = _continued(tracks, alive, nodes, t, _LEAP * shot.height)
        if progress is not None:
            progress(t + 1, total)
    moving = [_entry(track.nodes, track.start, track.start + len(track.nodes)) for track in tracks]
    return VectorClip(shot.width, shot.height, total, total / seconds, (*fixed, *moving))


# -- one frame -------------------------------------------------------------------------------------


class _Pictures:
    """Numbers for the pixel arrays of a clip: the same for the same content."""

    def __init__(self) -> None:
        self._known: dict[bytes, NDArray[np.uint8]] = {}

    def same(self, pixels: NDArray[np.uint8]) -> bytes:
        import hashlib

        digest = hashlib.blake2b(pixels.tobytes(), digest_size=12).digest()
        self._known.setdefault(digest, pixels)
        return digest


def plain(path: Path) -> tuple[str, list[float]]:
    """Return *path* as codes and numbers with every circle made of four curves."""
    if "O" not in path.codes:
        return path.codes, list(path.numbers)
    codes, numbers, i = "", [], 0
    for code in path.codes:
        if code == "O":
            cx, cy, r = path.numbers[i : i + 3]
            circle = Path().ellipse(cx, cy, (r, 0.0), (0.0, r))
            codes += circle.codes
            numbers += circle.numbers
            i += 3
            continue
        n = {"C": 6, "Z": 0}.get(code, 2)
        codes += code
        numbers += path.numbers[i : i + n]
        i += n
    return codes, numbers


def _nodes(ops: Sequence[Op], pictures: _Pictures) -> list[_Node]:
    """Return the items of a display list; what a clip or a gap applies to lies under it."""
    stack: list[tuple[Path | None, list[_Node]]] = [(None, [])]
    memory: tuple[list[_Node], int] | None = None
    for op in ops:
        here = stack[-1][1]
        if isinstance(op, PushClip):
            stack.append((op.path, []))
        elif isinstance(op, PopClip):
            path, inside = stack.pop()
            assert path is not None
            codes, numbers = plain(path)
            if inside:
                stack[-1][1].append(_Node(("clip", codes, None), numbers, (), tuple(inside)))
        elif isinstance(op, Snapshot):
            memory = (here, len(here))
        elif isinstance(op, Knockout):
            # Bringing back what was there before is the same as not painting what came since.
            if memory is None or memory[0] is not here or memory[1] >= len(here):
                continue
            since = tuple(here[memory[1] :])
            codes, numbers = plain(op.path)
            here[memory[1] :] = [_Node(("gap", codes, None), numbers, (op.width,), since)]
        elif isinstance(op, Bloom):
            strokes = tuple(_leaf(stroke, pictures) for stroke in op.strokes)
            rest: tuple[float, ...] = (op.radius, op.strength)
            if op.floor is not None:
                rest += (op.floor, op.fade)
            here.append(_Node(("bloom", "", None), [], rest, strokes))
        else:
            here.append(_leaf(op, pictures))
    return stack[0][1]


def _leaf(op: Op, pictures: _Pictures) -> _Node:
    if isinstance(op, Fill):
        codes, numbers = plain(op.path)
        return _Node(("fill", codes, None), numbers, op.colour, ())
    if isinstance(op, Stroke):
        codes, numbers = plain(op.path)
        return _Node(("stroke", codes, op.round_caps), numbers, (*op.colour, op.width), ())
    if isinstance(op, Shade):
        codes, numbers = plain(op.path)
        stops, alpha = _relative(op.stops)
        return _Node(("shade", codes, stops), numbers, (*op.a, *op.b, alpha), ())
    if isinstance(op, Glow):
        stops, alpha = _relative(op.stops)
        return _Node(("glow", "", stops), [], (op.cx, op.cy, op.rx, op.ry, alpha), ())
    if isinstance(op, Pixels):
        digest = pictures.same(op.pixels)
        return _Node(
            ("pixels", "", _Picture(digest, op.pixels, op.inside)),
            [],
            (float(op.x), float(op.y)),
            (),
        )
    raise PluginError(f"a style paints {type(op).__name__}, which cannot be written as a shape")


@dataclass(frozen=True)
class _Picture:
    """A picture as the detail of a leaf; equal where the content is."""

    digest: bytes
    pixels: NDArray[np.uint8]
    inside: bool

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Picture) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)


def _relative(stops: Stops) -> tuple[Stops, float]:
    """Return *stops* with alphas relative to the largest, and that."""
    most = max(tint[3] for _, tint in stops)

    def scaled(tint: Colour) -> Colour:
        r, g, b = (round(c, 4) for c in tint[:3])
        return (r, g, b, round(tint[3] / most, 4) if most > 0 else 0.0)

    return tuple((round(offset, 4), scaled(tint)) for offset, tint in stops), most


# -- all frames ------------------------------------------------------------------------------------


class _Track:
    """An item over consecutive frames."""

    def __init__(self, start: int, node: _Node) -> None:
        self.start = start
        self.signature = _signature(node)
        self.nodes = [node]

    def add(self, node: _Node) -> None:
        """Take *node* as the next frame; the one before is put away small."""
        self.nodes[-1] = _packed(self.nodes[-1])
        self.nodes.append(node)


def _packed(node: _Node) -> _Node:
    path = np.array(node.path, dtype=np.float32)
    return node._replace(path=path, children=tuple(_packed(child) for child in node.children))


def _signature(node: _Node) -> tuple[Any, ...]:
    return (*node.key, len(node.rest), *(_signature(child) for child in node.children))


def _continued(
    tracks: list[_Track], alive: list[_Track], nodes: list[_Node], t: int, leap: float
) -> list[_Track]:
    """Add the *nodes* of frame *t* to the tracks that were *alive* before, or begin new ones.

    A new track comes into the list *tracks* right after the one painted before it, so that this
    list stays in painting order for every frame. Returns the tracks that are alive now, in order.
    """
    signatures = [_signature(node) for node in nodes]
    before = [track.signature for track in alive]
    partner: dict[int, _Track] = {}
    if before == signatures:
        pairs = [(i, i) for i in range(len(nodes))]
    else:
        numbers: dict[Any, int] = {}
        old = [numbers.setdefault(s, len(numbers)) for s in before]
        new = [numbers.setdefault(s, len(numbers)) for s in signatures]
        blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
        pairs = [(b.a + k, b.b + k) for b in blocks for k in range(b.size)]
    for i, j in pairs:
        if _near(alive[i].nodes[-1], nodes[j], leap):
            alive[i].add(nodes[j])
            partner[j] = alive[i]
    now: list[_Track] = []
    for j, node in enumerate(nodes):
        track = partner.get(j)
        if track is None:
            track = _Track(t, node)
            place = tracks.index(now[-1]) + 1 if now else 0
            tracks.insert(place, track)
        now.append(track)
    return now


def _near(a: _Node, b: _Node, leap: float) -> bool:
    """Return whether *b* may be *a* a frame later: nothing leaps, no colour jumps."""
    if len(a.path):
        gap = max(abs(x - y) for x, y in zip(a.path, b.path, strict=True))
        if gap > leap:
            return False
    if a.key[0] in ("fill", "stroke"):
        return max(abs(x - y) for x, y in zip(a.rest[:3], b.rest[:3], strict=True)) < 0.12
    if a.key[0] == "pixels":
        return a.rest == b.rest
    return all(_near(x, y, leap) for x, y in zip(a.children, b.children, strict=True))


def _entry(nodes: Sequence[_Node], start: int, end: int) -> Entry:
    """Return the entry of one item's *nodes*, one a frame (or one for all)."""
    kind, codes, detail = nodes[0].key
    path = np.array([node.path for node in nodes], dtype=np.float64)
    rest = np.array([node.rest for node in nodes], dtype=np.float64)
    path = path[:1] if (np.abs(path - path[0]) < 0.05).all() else path
    rest = rest[:1] if (np.abs(rest - rest[0]) < 1e-3).all() else rest
    if kind in ("clip", "gap", "bloom"):
        children = zip(*(node.children for node in nodes), strict=True)
        return Group(
            kind, codes, start, end, path, rest, tuple(_entry(c, start, end) for c in children)
        )
    return Leaf(kind, codes, detail, start, end, path, rest)


def weights(entry: Entry) -> Array:
    """Return how much each of the numbers ``entry.rest`` counts beside a pixel."""
    if entry.kind in ("fill", "stroke"):
        return np.array([_COLOUR_WEIGHT] * 4 + [1.0] * (entry.rest.shape[1] - 4))
    if entry.kind in ("shade", "glow"):
        return np.array([1.0] * (entry.rest.shape[1] - 1) + [_COLOUR_WEIGHT])
    return np.ones(entry.rest.shape[1])


def thinned(values: Array, tolerance: float = TOLERANCE) -> list[int]:
    """Return the rows of *values* ``[n, m]`` to keep, first and last included.

    Between them, straight lines are at most *tolerance* off (Ramer, Douglas and Peucker).
    """
    n = len(values)
    keep = {0, n - 1}
    parts = [(0, n - 1)]
    while parts:
        a, b = parts.pop()
        if b - a < 2:
            continue
        share = (np.arange(a + 1, b) - a)[:, None] / (b - a)
        line = values[a] + share * (values[b] - values[a])
        off = np.abs(values[a + 1 : b] - line).max(axis=1)
        worst = int(np.argmax(off))
        if off[worst] > tolerance:
            middle = a + 1 + worst
            keep.add(middle)
            parts += [(a, middle), (middle, b)]
    return sorted(keep)
