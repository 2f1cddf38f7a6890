"""The words that speak to the camera, taken out of the text before the story is read.

They become entries of `Script.camera`, in the grammar of ``--camera``: a shot (wide, medium,
close-up) or a move (static, pan, zoom, track, dolly, crane, orbit, shake), which way it goes, and
when, as in "zoom in 6s-10s".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from stickgen.llm import lexicon
from stickgen.llm.words import Word, word_set

_SHOTS: Final[dict[tuple[str, ...], str]] = {
    tuple(phrase.split()): shot
    for shot, phrases in {
        "close-up": "close up, closeup, close shot, tight shot, portrait shot, close ups, zoomed in"
        " shot, close view, macro shot",
        "medium": "medium shot, mid shot, medium close up, waist shot, two shot, medium view",
        "wide": "wide shot, wide angle, wide angle shot, wide view, establishing shot, long shot,"
        " full shot, aerial shot, aerial view, panoramic shot, bird's eye view, master shot,"
        " wide shots, overhead shot, wide angle view, full view",
        "track": "tracking shot, follow shot, following shot, trailing shot, steadicam shot",
        "dolly in": "dolly shot, push in shot",
        "crane up": "crane shot, jib shot",
        "orbit": "orbit shot, orbiting shot, circling shot, 360 shot",
        "pan": "panning shot, pan shot, whip pan",
        "shake": "handheld shot, shaky shot, shaky cam, hand held shot",
        "static": "static shot, still shot, fixed shot, locked shot, static camera, still camera,"
        " fixed camera, steady shot, stationary camera",
        "zoom in": "zoom shot, zoom in shot",
        "zoom out": "zoom out shot, pull back shot",
    }.items()
    for phrase in (p.strip() for p in phrases.split(","))
}

_MOVES: Final[dict[str, str]] = {
    word: move
    for move, words in {
        "zoom": "zoom zooms zooming zoomed",
        "pan": "pan pans panning panned sweep sweeps sweeping tilts tilt tilting",
        "track": "track tracks tracking follow follows following trail trails trailing accompanies",
        "orbit": "orbit orbits orbiting circle circles circling rotate rotates rotating spin spins"
        " spinning revolves revolve revolving",
        "dolly": "dolly dollies dollying push pushes pushing pull pulls pulling move moves moving"
        " glide glides gliding drift drifts drifting creeps close closes closing back backs go"
        " goes travels slides",
        "crane": "crane cranes craning rise rises rising lift lifts lifting soar soars lower lowers"
        " lowering descends",
        "shake": "shake shakes shaking shook tremble trembles trembling jolts",
        "static": "stay stays stand stands hold holds remain remains rests keeps stops is",
        "show": "show shows showing focus focuses focusing capture captures cut cuts look looks"
        " switch switches jumps lingers starts begins opens watches films",
    }.items()
    for word in words.split()
}
_IMPERATIVES: Final = word_set("zoom pan dolly orbit crane track tilt cut fade focus")
_CAMERA: Final = word_set("camera cam lens cameraman viewpoint")
_WAYS: Final[dict[str, str]] = {
    "in": "in", "into": "in", "closer": "in", "towards": "in", "toward": "in", "inwards": "in",
    "forward": "in", "out": "out", "back": "out", "away": "out", "backwards": "out",
    "outwards": "out", "left": "left", "right": "right", "leftwards": "left",
    "rightwards": "right", "up": "up", "upwards": "up", "down": "down", "downwards": "down",
}  # fmt: skip
_TAKES: Final[dict[str, tuple[str, ...]]] = {
    "zoom": ("in", "out"),
    "dolly": ("in", "out", "left", "right"),
    "pan": ("left", "right", "up", "down"),
    "orbit": ("left", "right"),
    "crane": ("up", "down"),
}
_LITTLE: Final = word_set(
    "the a an to on onto from side across over along with around at of slowly gently quickly"
    " smoothly gradually slightly suddenly steadily dramatically further then all very really"
    " side view still fixed static motionless steady completely there while scene whole action"
    " him her them it his their its his us me everyone everything"
)
_JOINS: Final = word_set("while as and then when where until before after with but")
_PARTS_OF: Final = word_set("face faces eyes eye hand hands feet foot head smile mouth shoes")
_BEFORE_SHOT: Final = word_set("a an the in extreme slow long dramatic very one final with")
_VIEWS: Final = word_set("shot filmed seen viewed")
_SIDES: Final = word_set("side front behind above below back top")


@dataclass(frozen=True, slots=True)
class Direction:
    """What the camera is told, and the third of the story it belongs to: first, last or all."""

    told: str
    when: str = "all"


@dataclass(frozen=True, slots=True)
class Directed:
    """The words that tell the story, what the camera is told, and whether time goes slowly."""

    words: list[Word]
    directions: tuple[Direction, ...]
    slow: bool


def take_out(words: Sequence[Word]) -> Directed:
    """Return *words* without those that speak to the camera, and what those say."""
    return _Taker(list(words)).run()


class _Taker:
    def __init__(self, words: list[Word]) -> None:
        self.words = words
        self.kept: list[Word] = []
        self.found: list[Direction] = []
        self.slow = False
        self.at = 0

    def run(self) -> Directed:
        while self.at < len(self.words):
            if not (
                self._slow_motion() or self._shot() or self._clause() or self._order()
                or self._side()
            ):  # fmt: skip
                self.kept.append(self.words[self.at])
                self.at += 1
        return Directed(self.kept, tuple(dict.fromkeys(self.found)), self.slow)

    # -- looking --------------------------------------------------------------------------------

    def _low(self, at: int) -> str:
        return self.words[at].low if 0 <= at < len(self.words) else ""

    def _opens(self) -> bool:
        """Whether a clause could begin here: nothing kept, or a stop, a comma or a link before."""
        if not self.kept:
            return True
        before = self.kept[-1]
        return before.kind in {"stop", "comma"} or before.low in _JOINS

    def _boundary(self, at: int) -> int:
        while at < len(self.words) and self.words[at].kind not in {"stop", "comma"}:
            if self.words[at].low in _JOINS - {"with"}:
                break
            at += 1
        return at

    def _told(self, told: str) -> None:
        before = [word.low for word in self.kept[-2:]]
        when = "all"
        if {"then", "finally", "end", "last"} & set(before):
            when = "last"
        elif {"first"} & set(before):
            when = "first"
        self.found.append(Direction(told, when))

    def _join(self, end: int) -> None:
        """Go on at *end*; a link that only led to or from what was taken out goes too."""
        opening = not self.kept or self.kept[-1].kind == "stop"
        if not opening:
            while self.kept and (self.kept[-1].low in _JOINS or self.kept[-1].kind == "comma"):
                self.kept.pop()
            opening = not self.kept or self.kept[-1].kind == "stop"
        if opening:
            while end < len(self.words) and (
                self._low(end) in _JOINS or self.words[end].kind in {"comma", "stop"}
            ):
                end += 1
        self.at = end

    # -- taking out -----------------------------------------------------------------------------

    def _slow_motion(self) -> bool:
        at = self.at
        if self._low(at) != "slow" or self._low(at + 1) not in {"motion", "mo"}:
            return False
        self.slow = True
        if self.kept and self.kept[-1].low == "in":
            self.kept.pop()
        if self._opens():
            self._join(at + 2)
        else:
            self.at = at + 2
        return True

    def _shot(self) -> bool:
        at = self.at
        while self._low(at) in _BEFORE_SHOT:
            at += 1
        for size in (3, 2, 1):
            shot = _SHOTS.get(tuple(self._low(at + i) for i in range(size)))
            if shot is None:
                continue
            end = at + size
            if self._low(end) == "shot":
                end += 1
            opening = self._opens()
            if not opening and self._low(self.at) not in _BEFORE_SHOT and size == 1:
                return False
            if [word.low for word in self.kept[-1:]] == ["with"]:
                opening = True
                self.kept.pop()
            if self.kept and self.kept[-1].low in {"start", "starts", "begin", "begins", "open"}:
                opening = True
                self.kept.pop()
            self._told(shot)
            return self._leave_content(end, opening)
        return False

    def _leave_content(self, end: int, opening: bool) -> bool:
        """Go on with what a shot is of, unless that is only a part of somebody."""
        boundary = self._boundary(end)
        if self._low(end) in {"of", "on", "from", "follows", "following", "shows", "showing", "at"}:
            inside = {self._low(i) for i in range(end, boundary)}
            if not opening or inside & _PARTS_OF:
                self._join(boundary)
            else:
                self.at = end + 1
            return True
        self._join(end)
        return True

    def _clause(self) -> bool:
        """Take out "the camera zooms in on her"."""
        at = self.at
        if self._low(at) in {"the", "a", "our", "with"}:
            at += 1
        if self._low(at) in {"the", "a"}:
            at += 1
        if self._low(at) not in _CAMERA:
            return False
        at += 1
        while self._low(at) in {"slowly", "then", "is", "gently", "quickly", "always", "starts"}:
            if self._low(at) == "is" and _MOVES.get(self._low(at + 1)) is None:
                break
            at += 1
        move = _MOVES.get(self._low(at))
        if move is None:
            return False
        self._move(move, at + 1)
        return True

    def _order(self) -> bool:
        """Take out "zoom in on her", said to nobody else but the camera."""
        low = self._low(self.at)
        before = not self.kept or self.kept[-1].kind in {"stop", "comma"} or (
            self.kept[-1].low in {"then", "and"} and bool(self.found)
        )  # fmt: skip
        if low not in _IMPERATIVES or not before:
            return False
        following = self._low(self.at + 1)
        if low == "cut":
            if following != "to":
                return False
            self.at += 2
            if self.kept and self.kept[-1].kind != "stop":
                self.kept.append(Word(".", ".", "stop"))
            return True
        if low == "track" and following not in {"the", "a", "an", "him", "her", "them"}:
            return False
        self._move(_MOVES.get(low, "show"), self.at + 1)
        return True

    def _move(self, move: str, at: int) -> None:
        way = ""
        boundary = self._boundary(at)
        while at < boundary:
            low = self._low(at)
            if low in _WAYS and not way and _WAYS[low] in _TAKES.get(move, ()):
                way = _WAYS[low]
            elif low not in _LITTLE and low not in _WAYS:
                break
            at += 1
        if move == "pan" and way in {"up", "down"}:
            move = "crane"
        if move == "zoom":
            way = way or "in"
        if move == "dolly" and not way:
            move, way = ("track", "") if self._low(at - 1) in {"with", "along"} else ("dolly", "in")
        if move != "show":
            self._told(f"{move} {way}".strip())
        if at < boundary or (at < len(self.words) and self._low(at) in {"and", "as"}):
            content = self._content(at, boundary)
            if content is not None:
                opens = not self.kept or self.kept[-1].kind == "stop"
                self.at = content if opens else boundary
                if not opens:
                    self._join(boundary)
                return
        self._join(boundary)

    def _content(self, at: int, boundary: int) -> int | None:
        """Return where the words for whom the camera shows begin, if they say what he does."""
        acts = any(
            lexicon.find(self.words, i) is not None or self._low(i) in {"who", "that"}
            for i in range(at + 1, boundary)
        )
        if not acts:
            return None
        while at > 0 and self._low(at - 1) in {"a", "an", "the", "his", "her", "their"}:
            at -= 1
        return at

    def _side(self) -> bool:
        """Take out "seen from the side"."""
        at = self.at
        if self._low(at) not in _VIEWS or self._low(at + 1) != "from" or not self.kept:
            return False
        end = at + 2 + (self._low(at + 2) == "the")
        if self._low(end) not in _SIDES:
            return False
        if self.kept[-1].kind == "comma":
            self.kept.pop()
        self.at = end + 1
        return True


def timed(directions: Sequence[Direction], seconds: float) -> tuple[str, ...]:
    """Return the entries of `Script.camera` for a story of *seconds*."""
    spans = {"first": (0.0, seconds / 3.0), "last": (2.0 * seconds / 3.0, seconds)}
    told = []
    for direction in directions:
        span = spans.get(direction.when)
        told.append(
            direction.told if span is None else f"{direction.told} {span[0]:.3g}s-{span[1]:.3g}s"
        )
    return tuple(told)
