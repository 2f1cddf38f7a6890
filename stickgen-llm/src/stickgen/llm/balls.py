"""Balls: always in a hand, in flight, on the ground, and never lost.

When a ball leaves a hand, meets a bat or a foot and comes to rest in a hand is read off the staged
motion itself, so that hands and ball meet whatever the generator; in between it flies a parabola
under the gravity of the place, or rolls.

**Contents**
    - `Deed`: something that somebody does to a ball, and when.
    - `release`, `contact`: the frame of a motion at which that happens.
    - `fly`: all the balls of a scene as props with a position for every frame.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core.schema import J
from stickgen.core.types import Prop

Array = NDArray[np.float64]

RADIUS: Final[dict[str, float]] = {
    "ball": 0.12, "baseball": 0.06, "basketball": 0.13, "soccer_ball": 0.12,
}  # fmt: skip
"""Radius of each kind of ball as it is drawn, m."""

SENDS: Final = frozenset({"throwing", "pitching", "shooting", "kicking", "batting"})
TAKES: Final = frozenset({"catching", "batting", "kicking", "fielding", "pick_up"})
HANDLES: Final = SENDS | TAKES | {"dribbling"}
"""Actions that are about a ball."""

SHOWN: Final[dict[str, float]] = {"baseball": 1.6}
"""By how much a ball is drawn larger than it is, so that it is seen."""

PACE: Final[dict[str, float]] = {
    "throwing": 7.5, "pitching": 12.0, "kicking": 7.0, "batting": 14.0, "shooting": 7.0,
}  # fmt: skip
"""Metres a second along the ground at which a ball is sent."""

HAND: Final = 0.09
"""Distance from the wrist to the middle of the hand, m."""

BEYOND: Final = 7.0
"""Metres away from which a ball comes that nobody on stage has sent."""

LOB: Final = 3.8
"""Metres that a ball flies that is kicked to nobody."""

RIM: Final = 3.05
"""Height of a basket, m."""

_LEAST_GRAVITY: Final = 1.2
"""Below it a ball would never come down, m/s²."""


@dataclass(frozen=True, slots=True)
class Deed:
    """An actor does an action of `HANDLES` from frame ``start`` to ``end`` (exclusive).

    ``target`` is the actor it is meant for, if there is one, and ``kind`` the ball.
    """

    start: int
    end: int
    actor: int
    action: str
    kind: str = "ball"
    target: int | None = None


def _speed(joints: Array, fps: float) -> Array:
    """Return the speed ``[T]`` in m/s of points ``[T, 3]``."""
    if len(joints) < 2:
        return np.zeros(len(joints))
    return np.asarray(np.linalg.norm(np.gradient(joints, axis=0), axis=-1) * fps)


def _ahead(joints: Array) -> Array:
    """Return the unit vector ``[T, 3]`` along the ground in which bodies ``[T, 16, 3]`` face."""
    across = joints[:, J["r_hip"]] - joints[:, J["l_hip"]]
    ahead = np.stack([across[:, 2], np.zeros(len(across)), -across[:, 0]], axis=-1)
    return np.asarray(ahead / np.maximum(np.linalg.norm(ahead, axis=-1, keepdims=True), 1e-9))


def _striking(joints: Array, fps: float, parts: tuple[str, str]) -> tuple[int, int]:
    """Return the frame at which the faster of two joints is fastest forward of the body, and which
    it is; of hands, those at shoulder height count, if any are.
    """
    ahead = _ahead(joints)
    best, frame, side = -np.inf, 0, 1
    own = [joints[:, J[part]] - joints[:, 0] for part in parts]
    chest = joints[:, J["chest"], 1] - joints[:, 0, 1]
    high = [point[:, 1] > chest for point in own]
    only_high = parts[0].endswith("wrist") and any(each.any() for each in high)
    for index, point in enumerate(own):
        rate = np.gradient(point, axis=0) * fps if len(joints) > 1 else ahead * 0
        forward = (rate * ahead).sum(axis=-1)
        if only_high:
            forward = np.where(high[index], forward, -np.inf)
        at = int(np.argmax(forward))
        if forward[at] > best + 1e-6:
            best, frame, side = float(forward[at]), at, index
    return frame, side


def contact(action: str, joints: Array, fps: float) -> int:
    """Return the frame of *joints* ``[T, 16, 3]`` at which the body meets or lets go of a ball."""
    if action in {"throwing", "pitching"}:
        return _striking(joints, fps, ("l_wrist", "r_wrist"))[0]
    if action == "punch":
        return _striking(joints, fps, ("l_wrist", "r_wrist"))[0]
    if action in {"kicking", "kick"}:
        return _striking(joints, fps, ("l_ankle", "r_ankle"))[0]
    if action == "batting":
        hands = joints[:, [J["l_wrist"], J["r_wrist"]]].mean(axis=1)
        return int(np.argmax(_speed(hands, fps)))
    if action == "shooting":
        return int(np.argmax(joints[:, [J["l_wrist"], J["r_wrist"]], 1].max(axis=1)))
    hands = joints[:, [J["l_wrist"], J["r_wrist"]]].mean(axis=1)
    if action == "catching":
        reach = ((hands - joints[:, J["chest"]]) * _ahead(joints)).sum(axis=-1)
        early = min(round(0.4 * fps), len(reach) - 1)  # the arms may still come from elsewhere
        late = reach[early:]
        return early + int(np.argmax(late > late.max() - 0.015))
    return int(np.argmin(hands[:, 1]))


# -- one ball ------------------------------------------------------------------------------------


@dataclass(eq=False)
class _Ball:
    """A ball on its way: where it is known to be so far, and who has it."""

    kind: str
    path: Array
    holder: int | None = None
    since: int = 0
    """The first frame of what goes on now: being held, or being loose."""
    meant: int | None = None
    sent: str | None = None
    """The action that sent it, while it is loose."""
    ahead: Array = field(default_factory=lambda: np.array([1.0, 0.0, 0.0]))

    @property
    def radius(self) -> float:
        return RADIUS.get(self.kind, 0.1) * SHOWN.get(self.kind, 1.0)


class _Field:
    def __init__(self, joints: Array, fps: float, gravity: float, *, goal: bool) -> None:
        self.joints = joints
        self.goal = goal
        self.fps = fps
        self.gravity = max(gravity, _LEAST_GRAVITY)
        self.balls: list[_Ball] = []
        self.hoops: list[Array] = []
        self.n = len(joints)

    # -- hands and feet -------------------------------------------------------------------------

    def hand(self, actor: int, side: int) -> Array:
        """Return the middle of a hand ``[T, 3]``."""
        name = "lr"[side]
        wrist = self.joints[:, actor, J[f"{name}_wrist"]]
        fore = wrist - self.joints[:, actor, J[f"{name}_elbow"]]
        return np.asarray(
            wrist + HAND * fore / np.maximum(np.linalg.norm(fore, axis=-1, keepdims=True), 1e-9)
        )

    def grip(self, actor: int, side: int) -> Array:
        """Return where a ball is held ``[T, 3]``: between both hands where they are together."""
        one, other = self.hand(actor, side), self.hand(actor, 1 - side)
        gap = np.linalg.norm(one - other, axis=-1)
        both = np.clip((0.50 - gap) / 0.22, 0.0, 1.0)
        both = both * both * (3.0 - 2.0 * both)
        return np.asarray(one + 0.5 * both[:, None] * (other - one))

    def side(self, deed: Deed) -> int:
        body = self.joints[deed.start : deed.end, deed.actor]
        if deed.action in {"throwing", "pitching"}:
            return _striking(body, self.fps, ("l_wrist", "r_wrist"))[1]
        return 1

    def foot(self, deed: Deed, frame: int) -> Array:
        """Return where a ball lies that is struck at *frame*."""
        body = self.joints[deed.start : deed.end, deed.actor]
        side = _striking(body, self.fps, ("l_ankle", "r_ankle"))[1]
        ankle = self.joints[frame, deed.actor, J["lr"[side] + "_ankle"]]
        return np.asarray(ankle + 0.16 * _ahead(self.joints[frame : frame + 1, deed.actor])[0])

    # -- ways -----------------------------------------------------------------------------------

    def _arc(self, ball: _Ball, first: int, start: Array, last: int, end: Array) -> None:
        """Let *ball* fly from *start* at frame *first* to *end* at frame *last*."""
        frames = np.arange(first, min(last, self.n - 1) + 1)
        seconds = (frames - first) / self.fps
        total = max(last - first, 1) / self.fps
        rate = (end - start) / total
        rate[1] += 0.5 * self.gravity * total
        way = start + seconds[:, None] * rate
        way[:, 1] -= 0.5 * self.gravity * seconds**2
        ball.path[frames] = way

    def _roll(self, ball: _Ball, first: int, start: Array, last: int, end: Array) -> None:
        """Let *ball* roll, slowing down, and lie still from frame *last* on."""
        frames = np.arange(first, self.n)
        share = np.clip((frames - first) / max(last - first, 1), 0.0, 1.0)
        share = 1.0 - (1.0 - share) ** 1.7
        way = start + share[:, None] * (end - start)
        if max(start[1], end[1]) > ball.radius + 0.02:  # down to the ground at once, up at last
            from_start = np.exp(-(frames - first) / (0.05 * self.fps))
            to_end = np.exp(-np.maximum(last - frames, 0) / (0.05 * self.fps))
            way[:, 1] = np.maximum(
                ball.radius,
                ball.radius
                + (start[1] - ball.radius) * from_start
                + (end[1] - ball.radius) * to_end,
            )
        ball.path[frames] = way

    def _land(self, ball: _Ball, first: int, start: Array, spot: Array, pace: float) -> int:
        """Let *ball* fly to *spot* on the ground, bounce twice and roll to rest."""
        gap = float(np.linalg.norm((spot - start)[[0, 2]]))
        down = math.sqrt(2.0 * max(start[1] - spot[1], 0.05) / self.gravity)
        last = first + max(2, round(self.fps * max(down, min(gap / pace, 1.6))))
        self._arc(ball, first, start, last, spot)
        rate = (spot - start) / max(last - first, 1) * self.fps
        rate[1] = 0.0
        at, here = last, spot
        for height in (0.28, 0.07):
            hop = max(2, round(self.fps * 2.0 * math.sqrt(2.0 * height / self.gravity)))
            rate = 0.45 * rate
            there = here + rate * hop / self.fps
            if at >= self.n:
                return at
            self._arc(ball, at, here, at + hop, there)
            at, here = at + hop, there
        if at < self.n:
            stop = at + round(0.8 * self.fps)
            self._roll(ball, at, here, stop, here + 0.3 * rate)
            at = stop
        return at

    def ground(self, ball: _Ball, point: Array) -> Array:
        return np.array([point[0], ball.radius, point[2]])

    # -- what happens ---------------------------------------------------------------------------

    def of(self, actor: int) -> _Ball | None:
        return next((b for b in self.balls if b.holder == actor), None)

    def new(self, kind: str) -> _Ball:
        ball = _Ball(kind, np.full((self.n, 3), np.nan))
        self.balls.append(ball)
        return ball

    def close(self, ball: _Ball, last: int, side: int) -> None:
        """Write the hold that ends at frame *last*."""
        assert ball.holder is not None
        span = slice(ball.since, last + 1)
        grip = self.grip(ball.holder, side)[span]
        if ball.since > 0 and not np.isnan(ball.path[ball.since]).any():
            # from where it was caught into the grip
            ease = np.exp(-np.arange(len(grip)) / (0.06 * self.fps))[:, None]
            grip = grip + ease * (ball.path[ball.since] - grip[0])
        ball.path[span] = grip

    def send(self, deed: Deed, frame: int) -> None:
        """Let the ball in a hand go."""
        side = self.side(deed)
        ball = self.of(deed.actor)
        if ball is None:
            ball = self.new(deed.kind)
            ball.holder = deed.actor
        self.close(ball, frame, side)
        ball.holder, ball.since = None, frame
        ball.meant, ball.sent = deed.target, deed.action
        ball.ahead = self.toward(deed, frame)

    def toward(self, deed: Deed, frame: int) -> Array:
        here = self.joints[frame, deed.actor, 0]
        if deed.target is not None:
            gap = self.joints[frame, deed.target, 0] - here
            gap[1] = 0.0
            if np.linalg.norm(gap) > 0.3:
                return np.asarray(gap / np.linalg.norm(gap))
        return np.asarray(_ahead(self.joints[frame : frame + 1, deed.actor])[0])

    def loose(self, deed: Deed, frame: int) -> _Ball | None:
        """Return the ball that comes to who does *deed*: meant for him, else any that is loose."""
        free = [b for b in self.balls if b.holder is None and b.since < frame]
        mine = [b for b in free if b.meant == deed.actor]
        other = [b for b in free if b.kind == deed.kind and b.meant is None]
        other += [b for b in free if b.kind == deed.kind and deed.action in {"fielding", "kicking"}]
        found = mine or other
        return found[-1] if found else None

    def arrive(self, deed: Deed, frame: int, point: Array) -> _Ball:
        """Bring a ball to *point* at *frame*, on the way it was sent or from beyond the stage."""
        ball = self.loose(deed, frame)
        if ball is None:
            return self._from_beyond(deed, frame, point)
        first, start = ball.since, ball.path[ball.since].copy()
        far = float(np.linalg.norm((point - start)[[0, 2]]))
        pace = PACE.get(ball.sent or "throwing", 7.0)
        needed = max(2, round(self.fps * max(far / (2.5 * pace), 0.12)))
        low = point[1] < 0.45
        if low and ball.sent in {"kicking", "batting", "pitching"}:
            down = min(frame, first + max(2, round(self.fps * far / pace)))
            if ball.sent == "batting" and far > 2.0:
                spot = self.ground(ball, start + 0.8 * (point - start))
                down = max(first + 2, frame - round(0.45 * self.fps))
                self._arc(ball, first, start, down, spot)
                self._roll(ball, down, spot, frame, point)
            else:
                self._roll(ball, first, start, down, point)
        elif frame - first <= max(needed, round(2.4 * self.fps)):
            self._arc(ball, first, start, frame, point)
        else:
            spot = self.ground(ball, point + 0.25 * (start - point) / max(far, 1e-6))
            self._land(ball, first, start, spot, pace)
            lift = frame - max(2, round(0.3 * self.fps))
            self._arc(ball, lift, ball.path[lift].copy(), frame, point)
        return ball

    def _from_beyond(self, deed: Deed, frame: int, point: Array) -> _Ball:
        ball = self.new(deed.kind)
        ahead = _ahead(self.joints[frame : frame + 1, deed.actor])[0]
        if deed.action in {"kicking", "pick_up"}:
            ball.path[: frame + 1] = self.ground(ball, point)
        elif deed.action == "fielding":
            first = max(0, frame - round(1.2 * self.fps))
            start = self.ground(ball, point + BEYOND * ahead)
            ball.path[: first + 1] = start
            self._roll(ball, first, start, frame, point)
        else:
            first = max(0, frame - round(0.75 * self.fps))
            start = point + BEYOND * ahead
            start[1] = ball.radius
            ball.path[: first + 1] = start
            self._arc(ball, first, start, frame, point)
        return ball

    def take(self, deed: Deed, frame: int) -> None:
        """Let a ball come to rest in the hands."""
        ball = self.of(deed.actor)
        if ball is not None and deed.action != "pick_up":
            return
        point = self.grip(deed.actor, 1)[frame]
        ball = self.arrive(deed, frame, point)
        ball.path[frame] = point
        ball.holder, ball.since, ball.meant, ball.sent = deed.actor, frame, None, None

    def strike(self, deed: Deed, frame: int) -> None:
        """Let a ball be sent on by a foot or a bat."""
        held = self.of(deed.actor)
        if deed.action == "kicking":
            point = self.foot(deed, frame)
        else:
            hands = self.grip(deed.actor, 1)[frame]
            point = hands + 0.35 * _ahead(self.joints[frame : frame + 1, deed.actor])[0]
        if held is not None:
            drop = max(held.since, frame - round(0.35 * self.fps))
            self.close(held, drop, 1)
            self._arc(held, drop, held.path[drop].copy(), frame, point)
            ball = held
        else:
            if deed.action == "kicking":
                point = np.array([point[0], RADIUS.get(deed.kind, 0.1), point[2]])
            ball = self.arrive(deed, frame, point)
        ball.path[frame] = point
        ball.holder, ball.since = None, frame
        ball.meant, ball.sent = deed.target, deed.action
        ball.ahead = self.toward(deed, frame)

    def bounce(self, deed: Deed) -> None:
        """Let the ball go from the hand to the ground and back as long as a dribble lasts."""
        ball = self.of(deed.actor)
        if ball is None:
            ball = self.new(deed.kind)
            ball.holder = deed.actor
        body = self.joints[deed.start : deed.end, deed.actor]
        swing = [np.ptp(body[:, J[f"{s}_wrist"], 1] - body[:, 0, 1]) for s in "lr"]
        side = int(swing[1] >= swing[0])
        self.close(ball, deed.end - 1, side)
        hand = self.hand(deed.actor, side)[deed.start : deed.end]
        palm = hand - np.array([0.0, ball.radius, 0.0])
        rate = np.gradient(palm[:, 1]) if len(palm) > 1 else np.zeros(1)
        down = _peaks(-rate)
        way = palm.copy()
        for leave in down:
            back = next((i for i in _peaks(rate) if i > leave), None)
            if back is None or back - leave < 2:
                continue
            share = (np.arange(leave, back + 1) - leave) / (back - leave)
            fall = np.abs(2.0 * share - 1.0)
            top = palm[leave, 1] + share * (palm[back, 1] - palm[leave, 1])
            way[leave : back + 1, 1] = ball.radius + (top - ball.radius) * (
                1.0 - (1.0 - fall) * (1.0 + 0.25 * fall)
            )
        span = slice(deed.start, deed.end)
        ease = np.clip(np.arange(len(way)) / (0.25 * self.fps), 0.0, 1.0)[:, None]
        ease = np.minimum(ease, ease[::-1]) if deed.end < self.n else ease
        before = ball.path[span].copy()
        ball.path[span] = before + ease * (way - before)
        ball.since = deed.end - 1

    def shoot(self, deed: Deed, frame: int) -> None:
        self.send(deed, frame)
        ball = next(b for b in self.balls if b.since == frame and b.sent == "shooting")
        start = ball.path[frame].copy()
        rim = start + 2.6 * ball.ahead
        rim[1] = RIM
        near = [h for h in self.hoops if np.linalg.norm((h - rim)[[0, 2]]) < 3.0]
        if near:
            rim = near[0]
        else:
            self.hoops.append(rim.copy())
        total = 0.95
        last = frame + round(total * self.fps)
        self._arc(ball, frame, start, last, rim + np.array([0.0, 0.05, 0.0]))
        if last < self.n - 1:
            self._land(ball, last, ball.path[last].copy(), self.ground(ball, rim), 1.0)
        ball.since, ball.sent = min(last, self.n - 1), "dropped"
        ball.meant = None

    def end(self) -> None:
        """Let what is loose come down, and what is held be held to the end."""
        for ball in self.balls:
            if ball.holder is not None:
                self.close(ball, self.n - 1, 1)
            elif ball.sent == "dropped":
                pass
            elif ball.since < self.n - 1:
                start = ball.path[ball.since].copy()
                self._go(ball, start)
            known = np.flatnonzero(~np.isnan(ball.path[:, 0]))
            index = np.arange(self.n)
            nearest = known[np.clip(np.searchsorted(known, index, "right") - 1, 0, len(known) - 1)]
            ball.path = ball.path[nearest]

    def _go(self, ball: _Ball, start: Array) -> None:
        first = ball.since
        pace = PACE.get(ball.sent or "throwing", 7.0)
        if ball.meant is not None and ball.sent != "kicking" and ball.sent != "batting":
            spot = self.joints[min(first + 10, self.n - 1), ball.meant, 0] - 0.45 * ball.ahead
            self._land(ball, first, start, self.ground(ball, spot), pace)
        elif ball.sent == "kicking" and ball.meant is not None and not self.goal:
            feet = self.joints[min(first + 12, self.n - 1), ball.meant, 0] - 0.3 * ball.ahead
            gap = float(np.linalg.norm((feet - start)[[0, 2]]))
            self._roll(
                ball, first, start, first + round(self.fps * gap / 3.5), self.ground(ball, feet)
            )
        elif ball.sent == "kicking" and ball.meant is None and not self.goal:
            # Nobody is there to get it: a lob that stays in sight.
            side = np.array([-ball.ahead[2], 0.0, ball.ahead[0]])
            spot = start + LOB * ball.ahead + 0.4 * side
            self._land(ball, first, start, self.ground(ball, spot), 4.6)
        elif ball.sent == "kicking":
            gap = 6.5
            if ball.meant is not None:
                gap = float(np.linalg.norm(self.joints[first, ball.meant, 0] - start)) + 1.2
            side = np.array([-ball.ahead[2], 0.0, ball.ahead[0]])
            spot = start + gap * ball.ahead + 0.55 * side
            spot[1] = 0.9
            last = first + max(4, round(self.fps * gap / 9.0))
            self._arc(ball, first, start, last, spot)
            if last < self.n - 1:
                self._land(ball, last, spot, self.ground(ball, spot + 0.4 * ball.ahead), 2.0)
        else:
            far = {"batting": 11.0, "throwing": 6.5}.get(ball.sent or "", 6.0)
            self._land(ball, first, start, self.ground(ball, start + far * ball.ahead), pace)


def _peaks(values: Array) -> list[int]:
    """Return the indices of the local maxima of *values* that are above their mean."""
    inner = (values[1:-1] >= values[:-2]) & (values[1:-1] > values[2:])
    return [int(i) + 1 for i in np.flatnonzero(inner & (values[1:-1] > values.mean()))]


def _after_release(
    frame: int, deed: Deed, moments: Sequence[tuple[int, Deed]], stage: _Field
) -> int:
    """Return when *deed* takes place: a catch no sooner than what was thrown can be there."""
    if deed.action != "catching":
        return frame
    for released, other in moments:
        meant = other.action == "throwing" and other.target == deed.actor
        if meant and other.start < deed.end and released > frame - 3 and other.end > deed.start:
            at = min(released, stage.n - 1)
            gap = stage.joints[at, deed.actor, 0] - stage.joints[at, other.actor, 0]
            flight = float(np.linalg.norm(gap)) / PACE["throwing"]
            return min(released + max(4, round(flight * stage.fps)), stage.n - 1)
    return frame


def fly(
    deeds: Sequence[Deed], joints: Array, fps: float, gravity: float, *, goal: bool = False
) -> tuple[Prop, ...]:
    """Return the balls of *deeds* as props over the frames of *joints* ``[T, A, 16, 3]``.

    The last kick is a shot at goal if there is a *goal*, else a pass. A basket appears where
    somebody shoots. ``Prop.position`` is the lowest point of a ball.
    """
    if not deeds:
        return ()
    stage = _Field(np.asarray(joints, dtype=np.float64), fps, gravity, goal=goal)
    moments = []
    for deed in deeds:
        if deed.end - deed.start < 3:
            continue
        if deed.action == "dribbling":
            moments.append((deed.start, deed))
            continue
        body = stage.joints[deed.start : deed.end, deed.actor]
        moments.append((deed.start + contact(deed.action, body, fps), deed))
    moments = [(_after_release(frame, deed, moments, stage), deed) for frame, deed in moments]
    for frame, deed in sorted(moments, key=lambda moment: moment[0]):
        if deed.action == "dribbling":
            stage.bounce(deed)
        elif deed.action == "shooting":
            stage.shoot(deed, frame)
        elif deed.action in {"throwing", "pitching"}:
            stage.send(deed, frame)
        elif deed.action in {"kicking", "batting"}:
            stage.strike(deed, frame)
        else:
            stage.take(deed, frame)
    stage.end()
    props = [
        Prop(
            ball.kind,
            ball.path - np.array([0.0, ball.radius, 0.0]),
            SHOWN.get(ball.kind, 1.0),
        )
        for ball in stage.balls
    ]
    hoops = [Prop("hoop", np.array([rim[0], 0.0, rim[2]])) for rim in stage.hoops]
    return (*hoops, *props)
