"""The stager ``theatre``: performs a script on a stage, beat by beat, with any generator."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Final

import numpy as np

from stickgen.core import ops, schema
from stickgen.core.actions import action as row_of
from stickgen.core.environments import ENVIRONMENTS, WEATHERS, environment
from stickgen.core.errors import UsageError
from stickgen.core.types import Beat, Caption, Look, Motion, Prop, Scene, Script
from stickgen.llm import balls, placement, things
from stickgen.llm.clasp import CLASPS, clasp
from stickgen.llm.crossing import ROOM, Disc, clearance, detour, seated, solids, trespasses
from stickgen.llm.expressions import express
from stickgen.llm.furniture import BEHIND, seats
from stickgen.llm.performer import Performer, held
from stickgen.llm.things import Played, around, desk_at
from stickgen.llm.timeline import Cue, arrange, linked, settled

if TYPE_CHECKING:
    from stickgen.core.protocols import Generator

TEAM_COLOURS: Final[dict[str, str]] = {"A": "#d62828", "B": "#2962d9"}

POSTURES: Final = frozenset({"sit", "kneel", "lie_down", "crouch", "fall"})
"""Actions whose end is held until the actor's next beat."""

CONTACT: Final = frozenset({"handshake", "hug", "high_five", "push", "punch", "kick", "fight"})
"""Actions for which partners have to be within reach of each other."""

REACH: Final = 1.0
"""Metres at which partners are within reach."""

SHOULDER: Final = 0.95
"""Metres between neighbours who gather round somebody."""

STOPS_SHORT: Final = 0.75
"""Metres before a target at which a walker comes to rest."""

COASTS: Final[dict[str, float]] = {"run": 0.4, "sprint": 0.5, "running_bases": 0.9}
"""Metres by which who comes fast needs more room before the one he goes to."""

BLOWS: Final = frozenset({"punch", "kick"})
"""What a dodge is an answer to."""

SETTLING: Final = 3.0
"""Seconds that are left out before somebody is seen who sits from the beginning."""

LEG_TURN: Final = math.radians(40.0)
"""Radians by which each leg of a circle turns from the one before, and more for the quick."""

LEG_SECONDS: Final = 0.6
"""A leg of a circle lasts at least about so long."""

WIDEST_CIRCLE: Final = 2.0
"""Radius of the widest circle that is gone round, m."""

STOPPING: Final = 1.0
"""Seconds in which who has come along comes to rest before he sits down."""

SITS: Final = frozenset({"sit", "typing"})
"""Actions for which somebody sits down."""

SEAT_TURNS: Final = (32, 45, 60, 75, 90, 20, 105, 0, 120, -20, -45, -75, 150)
"""Degrees by which somebody turns to the viewer before he sits down, the best first."""

FEW: Final = 6
"""Only up to so many who sit down together choose which way they face."""

FROM_THE_VIEWER: Final = math.radians(110.0)
"""Nobody who sits down faces farther from the viewer than this, radians."""

SEAT_CLEAR: Final = -0.08
"""Metres by which places where somebody has gone are clear of a seat: a little less than he needs
who goes past it.
"""

HANDS: Final = 0.12
"""Metres from where somebody stood to his hands on the keys, once he sits."""

NEAR_HIM: Final = 0.32
"""Places so near to who sits down are where he stops, m."""

SEAT_BACK: Final = 0.36
"""Metres from where somebody stands to the seat behind him."""

TO_THE_SEAT: Final = 1.2
"""Metres before his seat at which somebody turns to it."""

ASIDE_OF_WAY: Final = 0.9
"""Metres beside a way to and fro at which a seat stands."""

OFF_THE_GROUND: Final = frozenset({"flying", "swimming", "climbing", "running_bases", "jump"})
"""Ways of getting on that nothing on the ground is in the way of, or whose way is given."""

TURNS_ABOUT: Final = math.radians(110.0)
"""A turn of more than this, radians, takes somebody who walks aside."""

BOW: Final = 0.65
"""By so much, m."""

FALLS_WITHIN: Final = 2.2
"""Somebody who stands nearer than this is fallen away from, m."""

RISING: Final = 1.0
"""Seconds in which somebody gets up before he goes."""

SHORTEST: Final = 6
"""Frames of the shortest part of a way."""

REHEARSALS: Final = 5
"""A scene is played up to so many times: what stands where, people sitting down show."""

REHEARSED: Final = 12
"""So many actors' plays are made at most: a crowd of more than six plays its scene once."""

STILL: Final = 0.25
"""Speed in m/s below which somebody stands."""

FAR_TURN: Final = 0.3
"""Radians beyond which somebody has to turn before he can offer his hand."""

TURN: Final = 2.2
"""Seconds for which one of several who talk has the word."""

ANSWERS: Final[dict[str, float]] = {"catching": 0.85, "batting": 1.25, "dodge": 0.55, "jump": 0.8}
"""Actions that wait for what somebody else sends or throws, and after how many seconds they meet
it."""


class Theatre:
    """Places the roles, has the generator perform beat after beat, and joins the pieces.

    What a generator cannot perform becomes idling, what it cannot lay over an action is left out;
    both are told in ``scene.meta["warnings"]``. Somebody without a beat idles, or stays seated,
    kneeling or lying. ``scene.camera`` is None: the renderer frames everybody.
    """

    api_version: ClassVar[int] = 1

    def stage(
        self, script: Script, generator: Generator, rng: np.random.Generator, *, fps: float = 25.0
    ) -> Scene:
        """Return the scene of *script*, ``round(duration * fps)`` frames long.

        Raises `UsageError` for a script that cannot be played: no roles, an actor or a target who
        is not in it, an unknown action, a length or a frame rate that is not positive.
        """
        if not (math.isfinite(fps) and fps > 0):
            raise UsageError(f"the frame rate is {fps:g}; it must be more than 0")
        state = rng.bit_generator.state
        known: tuple[Disc, ...] = ()
        best: tuple[int, Scene] | None = None
        plays = max(1, min(REHEARSALS, REHEARSED // max(len(script.roles), 1)))
        for _ in range(plays):
            rng.bit_generator.state = state
            performance = _Performance(script, generator, rng, fps, known)
            scene = performance.run()
            wrong = trespasses(scene.motion, scene.props) if plays > 1 else 0
            best = (wrong, scene) if best is None or wrong < best[0] else best
            if not wrong:
                break
            known += tuple(solids(scene.props, performance.shift, seated(scene.motion)))
        assert best is not None
        return best[1]


_GAME_BALLS: Final[dict[str, str]] = {
    "kicking": "soccer_ball", "batting": "baseball", "pitching": "baseball",
    "fielding": "baseball", "dribbling": "basketball", "shooting": "basketball",
}  # fmt: skip
_THROWN: Final = (*balls.RADIUS, "rock", "food", "cup", "plate", "phone", "laptop", "bat", "crate")


def _ball(script: Script) -> Callable[[Played], str]:
    """Return what tells which ball a played beat is about: one and the same in one game."""
    named = [prop for prop in script.props if prop in balls.RADIUS]
    games = [_GAME_BALLS[b.action] for b in script.beats if b.action in _GAME_BALLS]
    common = next(iter([*games, *named]), None)

    def kind(each: Played) -> str:
        if isinstance(each.beat.target, str) and each.beat.target in _THROWN[1:]:
            return each.beat.target
        thrown = next((p for p in script.props if p in _THROWN), None)
        return common or thrown or _GAME_BALLS.get(each.action, "ball")

    return kind


def _only_waits(beat: Beat) -> bool:
    """Whether *beat* shows no more than what everybody does who has nothing to do."""
    plain = Beat(beat.actors, "idle", seconds=beat.seconds, with_previous=beat.with_previous)
    return beat == plain


def _furniture(here: np.ndarray, heading: float, kind: str, *, desk: bool) -> list[Prop]:
    """Return about where the seat of somebody stands who sits down at *here*, and his *desk*."""
    ahead = np.array([math.cos(heading), -math.sin(heading)])
    seat = here - SEAT_BACK * ahead - (0.0, BEHIND)
    props = [Prop(kind, np.array([seat[0], 0.0, seat[1]]))]
    if desk:
        hands = here + HANDS * ahead
        props.append(desk_at(np.array([hands[0], 0.0, hands[1]]), ahead))
    return props


class _Performance:
    def __init__(
        self,
        script: Script,
        generator: Generator,
        rng: np.random.Generator,
        fps: float,
        solids: Sequence[Disc] = (),
    ) -> None:
        script = linked(script)
        self.script = script
        self.generator = generator
        self.rng = rng
        self.fps = fps
        self.timeline = arrange(script, fps)
        self.paced = placement.paced(self.timeline, len(script.roles))
        marks = placement.marks(script, self.timeline, fps)
        self.performers = [
            Performer(mark, role.kind, self._place(), self._weather())
            for mark, role in zip(marks, script.roles, strict=True)
        ]
        self.solids = solids
        """What things cover of the ground, as known from the rehearsal before."""
        self.shift = (0.0, 0.0)
        """(x, z) from the finished scene back to where it was played."""
        self.warnings: list[str] = list(script.warnings)
        self.captions: list[Caption] = []
        self.played: list[Played] = []
        self.entered: dict[int, int] = {}
        self.left: dict[int, int] = {}
        """The frame from which an actor is on stage, and the one until which he is."""
        self.sent: dict[int, tuple[int, str]] = {}
        """The frame at which an actor lets go of a ball, and by which action."""

    def run(self) -> Scene:
        cues = self.timeline.cues
        at = 0
        while at < len(cues):
            step = [cue for cue in cues[at:] if cue.start == cues[at].start]
            at += len(step)
            step = self._answered(step)
            for cue in step:
                for actor in cue.beat.actors:
                    self._wait(actor, cue.start)
            # everybody's aim is taken before anybody moves, so that two can meet halfway
            aims = [self._aims(cue, step) for cue in step]
            order = sorted(range(len(step)), key=lambda i: step[i].beat.action in ANSWERS)
            for i in order:
                self._play(step[i], aims[i], self._lead(step[i], step))
        for actor in range(len(self.performers)):
            self._wait(actor, self.timeline.frames)
        motion = self._centred(self._together())
        if motion.face is None:
            kinds = [role.kind for role in self.script.roles]
            mood = self.script.mood
            joints = motion.joints.astype(np.float64)
            props = self._props(motion)
            face = express(self.played, joints, kinds, mood, self.fps, props)
            motion = replace(motion, face=face)
        else:
            props = self._props(motion)
        return Scene(
            motion=self._off_stage(motion),
            looks=self._looks(),
            props=props,
            captions=tuple(self.captions),
            environment=self.script.environment,
            weather=self.script.weather,
            script=self.script,
            meta={
                "prompt": self.script.prompt,
                "planner": self.script.planner,
                "warnings": list(dict.fromkeys(self.warnings)),
            },
        )

    def _place(self) -> str:
        """Return the environment of the script, or the earth where nobody knows it."""
        known = {row.name for row in ENVIRONMENTS}
        return self.script.environment if self.script.environment in known else "earth_normal"

    def _weather(self) -> str | None:
        return self.script.weather if self.script.weather in WEATHERS else None

    # -- time -----------------------------------------------------------------------------------

    def _timed(self, cue: Cue, targets: list[tuple[float, float] | None], lead: int) -> int:
        """Let the actor of *cue* wait until what he answers comes; returns for how many frames.

        When exactly he meets it is seen only in his own motion, so that is tried first.
        """
        performer = self.performers[cue.beat.actors[0]]
        before = (list(performer.pieces), performer.frames, performer.last_action)
        count, state = len(self.played), self.rng.bit_generator.state
        self._wait(cue.beat.actors[0], cue.start + lead, targets[0])
        if cue.beat.action not in balls.TAKES:
            return lead
        begins = performer.frames
        beat = self._facing(cue.beat, targets)
        self._perform(beat, beat.actors, cue.end - begins, targets)
        body = performer.pieces[-1].joints[:, 0].astype(np.float64)
        met = balls.contact(beat.action, body, self.fps)
        late = met - round(ANSWERS[beat.action] * self.fps)
        performer.pieces, performer.frames, performer.last_action = before
        del self.played[count:]
        self.rng.bit_generator.state = state
        lead = int(np.clip(lead - late, 0, cue.end - cue.start - round(self.fps)))
        self._wait(cue.beat.actors[0], cue.start + lead, targets[0])
        return lead

    def _in_pairs(self, cue: Cue) -> None:
        """Let more than two do what two do together: by twos, in two rounds if one is left."""
        actors = list(cue.beat.actors)
        rounds = [[tuple(actors[i : i + 2]) for i in range(0, len(actors) - 1, 2)]]
        if len(actors) % 2:
            rounds.append([(actors[0], actors[-1])])
        frames = (cue.end - cue.start) // len(rounds)
        for number, pairs in enumerate(rounds):
            start = cue.start + number * frames
            for pair in pairs:
                for actor in pair:
                    self._wait(actor, start)
                part = Cue(replace(cue.beat, actors=pair, target=None), start, start + frames)
                self._play(part, self._aims(part, [part]))

    def _wait(self, actor: int, until: int, target: tuple[float, float] | None = None) -> None:
        """Let *actor* idle, or hold the posture he is in, until frame *until*, turned toward
        *target* if there is one.
        """
        performer = self.performers[actor]
        frames = until - performer.frames
        if frames <= 0:
            return
        posture = performer.last_action if performer.last_action in POSTURES else "idle"
        turned = "toward" if target is not None and posture == "idle" else None
        beat = Beat((actor,), posture or "idle", direction=turned)
        self._perform(beat, (actor,), frames, [target])

    def _answered(self, step: list[Cue]) -> list[Cue]:
        """Add a catch for everybody who is thrown something and has nothing else to do."""
        busy = {i for cue in step for i in cue.beat.actors}
        added = []
        for cue in step:
            target = cue.beat.target
            if cue.beat.action == "throwing" and isinstance(target, int) and target not in busy:
                beat = Beat((target,), "catching", target=cue.beat.actors[0], repetitions=1)
                added.append(Cue(beat, cue.start, cue.end))
                busy.add(target)
        return step + added

    def _lead(self, cue: Cue, step: Sequence[Cue]) -> int:
        """Return how many frames the actor of *cue* waits so as to meet what is sent to him."""
        beat = cue.beat
        if beat.action not in ANSWERS or len(beat.actors) != 1:
            return 0
        me = beat.actors[0]
        for other in step:
            sender = other.beat.actors[0]
            if other is cue or sender not in self.sent or other.beat.target not in {me, None}:
                continue
            frame, action = self.sent[sender]
            gap = math.dist(self.performers[sender].position, self.performers[me].position)
            flight = 0.0 if action in BLOWS else max(gap / balls.PACE[action], 0.3)
            if (action in BLOWS) != (beat.action == "dodge"):
                continue
            meets = frame + round((flight - ANSWERS[beat.action]) * self.fps)
            return int(np.clip(meets - cue.start, 0, max(0, cue.end - cue.start - round(self.fps))))
        return 0

    def _play(self, cue: Cue, targets: list[tuple[float, float] | None], lead: int = 0) -> None:
        beat = cue.beat
        if row_of(beat.action).actors == 2 and len(beat.actors) > 2:
            self._in_pairs(cue)
            return
        if beat.action == "talk" and len(beat.actors) > 1 and beat.line is None:
            self._in_turns(cue)
            return
        if _only_waits(beat):
            return  # whoever is next waits until then anyway
        beat = self._through_the_wings(cue)
        if lead:
            lead = self._timed(cue, targets, lead)
        # Somebody else may have had to do with one of them already.
        begins = max(self.performers[actor].frames for actor in beat.actors)
        frames = min(cue.end - cue.start - lead, cue.end - begins)
        if frames <= 0:
            return
        for actor in beat.actors:
            self._wait(actor, begins)
        if beat.line:
            self.captions.append(
                Caption(beat.line, cue.start / self.fps, cue.end / self.fps, beat.actors[0])
            )
        if beat.action in CONTACT:
            frames -= self._close_in(beat, frames)
        if row_of(beat.action).actors == 2:
            frames -= self._face_each_other(beat, frames)
        stopping, targets = self._off_the_way(beat, frames, targets)
        frames -= stopping
        beat = self._facing(beat, targets)
        beat = self._in_posture(beat)
        beat = self._falling_clear(beat)
        if beat.direction == "around":
            self._in_a_circle(beat, frames)
            return
        legs = placement.legs(beat, frames, self.fps, paced=cue in self.paced)
        for number, (leg, length) in enumerate(legs):
            last = number == len(legs) - 1
            free = leg.direction in {None, "forward", "left", "right"}
            if last and free and row_of(leg.action).speed > 0.2 and self._sits_next(cue):
                straight = self._before_the_seat(leg, length) if not number else 0
                self._go(leg, straight, targets)
                self._to_a_seat(leg, length - straight)
            else:
                self._go(leg, length, targets)

    def _off_the_way(
        self, beat: Beat, frames: int, targets: list[tuple[float, float] | None]
    ) -> tuple[int, list[tuple[float, float] | None]]:
        """Let those who sit down stop first and turn so that their seats stand in nobody's way, the
        one they came included.

        Returns the frames it took to stop, and what the actors turn to.
        """
        if beat.action not in SITS or any(targets) or len(beat.actors) > FEW:
            return 0, targets
        aims: list[tuple[float, float] | None] = []
        stops = False
        trodden = self._trodden()
        for actor in beat.actors:
            performer = self.performers[actor]
            sits = performer.last_action in SITS
            came = performer.last_action is not None and row_of(performer.last_action).speed > 0.2
            turn = None if sits else self._seat_turn(beat, actor, trodden, came=came)
            stops = stops or (came and not sits) or bool(turn)
            if not turn:
                aims.append(None)
                continue
            heading = performer.state().heading + turn
            x, z = performer.position
            aims.append((x + 3.0 * math.cos(heading), z - 3.0 * math.sin(heading)))
        if not stops or all(not self.performers[i].pieces for i in beat.actors):
            return 0, aims
        stopping = min(round(STOPPING * self.fps), frames // 4)
        for actor, aim in zip(beat.actors, aims, strict=True):
            self._wait(actor, self.performers[actor].frames + stopping, aim)
        return stopping, aims

    def _trodden(self) -> np.ndarray:
        """Return every place ``[N, 2]`` (x, z) where somebody has been so far."""
        places = [
            piece.joints[:, 0, schema.J["pelvis_center"]][:, [0, 2]]
            for performer in self.performers
            for piece in performer.pieces
        ]
        return np.concatenate(places) if places else np.zeros((0, 2))

    def _seat_turn(
        self, beat: Beat, actor: int, trodden: np.ndarray, *, came: bool
    ) -> float | None:
        """Return by how much *actor* turns before he sits down: as little as lets his seat stand
        where nobody has gone, and rather to the viewer than away from him.
        """
        performer = self.performers[actor]
        heading = performer.state().heading
        here = np.array(performer.position)
        others = trodden[np.hypot(*(trodden - here).T) > NEAR_HIM]
        gap = (placement.TO_VIEWER - heading + math.pi) % (2.0 * math.pi) - math.pi
        side = math.copysign(1.0, gap)
        kind = "bench" if "bench" in self.script.props else "chair"
        best: tuple[float, float] = (-math.inf, 0.0)
        for degrees in SEAT_TURNS if came else (0, *SEAT_TURNS):
            turn = side * math.radians(degrees)
            if abs(gap - turn) > FROM_THE_VIEWER:
                continue
            props = _furniture(here, heading + turn, kind, desk=beat.action == "typing")
            clear = clearance(solids(props), others)
            if clear >= SEAT_CLEAR:
                return turn
            best = max(best, (clear, turn))
        return best[1]

    def _falling_clear(self, beat: Beat) -> Beat:
        """Let somebody fall away from who stands near him, and not into him."""
        if beat.action != "fall" or beat.direction is not None or len(beat.actors) > 1:
            return beat
        me = beat.actors[0]
        x, z = self.performers[me].position
        others = [p.position for i, p in enumerate(self.performers) if i != me]
        near = min(others, key=lambda other: math.dist(other, (x, z)), default=None)
        if near is None or math.dist(near, (x, z)) > FALLS_WITHIN:
            return beat
        way = math.atan2(z - near[1], near[0] - x) - self.performers[me].state().heading
        return replace(beat, direction="backward" if math.cos(way) > 0.0 else "forward")

    def _sits_next(self, cue: Cue) -> bool:
        """Whether the next thing that one actor of *cue* does is to sit down."""
        later = (c for c in self.timeline.cues if c.start >= cue.end)
        following = next((c for c in later if set(c.beat.actors) & set(cue.beat.actors)), None)
        return (
            following is not None and following.beat.action == "sit" and len(cue.beat.actors) == 1
        )

    def _before_the_seat(self, leg: Beat, frames: int) -> int:
        """Return for how many frames somebody goes straight on before he turns to his seat."""
        pace = row_of(leg.action).speed * leg.speed * placement.haste(self.script)
        turns = max(round(TO_THE_SEAT / max(pace, 0.2) * self.fps), round(self.fps))
        return frames - turns if frames > 1.5 * turns else 0

    def _to_a_seat(self, leg: Beat, frames: int) -> None:
        """Let the last part of a way end farther from the viewer, so that the seat at its end
        stands in nobody's way: he walks up to it, turns round and sits down.
        """
        performer = self.performers[leg.actors[0]]
        x, z = performer.position
        left = leg.direction == "left" or (
            leg.direction != "right" and math.cos(performer.state().heading) < 0.0
        )
        metres = row_of(leg.action).speed * leg.speed * frames / self.fps
        share = (metres + STOPS_SHORT) / max(metres, 1e-6)
        aside = min(ASIDE_OF_WAY, 0.8 * metres)
        aim = (x + share * (-metres if left else metres), z - share * aside)
        self._go(replace(leg, direction="toward", target=None), frames, [aim])

    def _face_each_other(self, beat: Beat, frames: int) -> int:
        """Let both turn to each other before what they do together if either has far to turn or
        still moves, so that they begin at the same time; returns the frames it took.
        """
        pair = self._pair(beat)
        if pair is None or all(not self.performers[i].pieces for i in pair):
            return 0
        turns = []
        for me, other in (pair, pair[::-1]):
            (x, z), there = self.performers[me].position, self.performers[other].position
            way = math.atan2(z - there[1], there[0] - x)
            gap = (way - self.performers[me].state().heading + math.pi) % (2 * math.pi) - math.pi
            turns.append(abs(gap))
        states = [self.performers[i].state() for i in pair]
        going = max(
            0.0 if s.velocity is None else float(np.hypot(s.velocity[0, 0], s.velocity[0, 2]))
            for s in states
        )
        turning = min(round((0.5 + 0.4 * max(turns)) * self.fps), frames // 3)
        if (max(turns) < FAR_TURN and going < STILL) or turning < 1:
            return 0
        end = self.performers[beat.actors[0]].frames + frames
        for me, other in (pair, pair[::-1]):
            self._wait(me, self._until(me, beat, turning, end), self.performers[other].position)
        return turning

    def _in_turns(self, cue: Cue) -> None:
        """Let those who talk with one another take turns, while the others listen."""
        actors = cue.beat.actors
        frames = cue.end - cue.start
        count = max(len(actors), round(frames / self.fps / TURN))
        count = max(1, min(count, int(frames / (0.8 * self.fps))))
        marks = [cue.start + round(frames * i / count) for i in range(count + 1)]
        middle = np.mean([self.performers[i].position for i in actors], axis=0)
        for turn in range(count):
            speaker = actors[turn % len(actors)]
            at = self.performers[speaker].position
            for actor in actors:
                if actor != speaker:
                    self._wait(actor, marks[turn + 1], at)
            others = [i for i in actors if i != speaker]
            aim = self.performers[others[0]].position if len(others) == 1 else tuple(middle)
            beat = self._in_posture(replace(cue.beat, actors=(speaker,), target=None))
            beat = self._facing(beat, [aim])
            self._perform(beat, (speaker,), marks[turn + 1] - marks[turn], [aim])

    def _in_a_circle(self, beat: Beat, frames: int) -> None:
        """Let everybody of *beat* go round in a circle, in short straight legs that turn to the
        left, or to the right where something is in the way.
        """
        speed = max(row_of(beat.action).speed * beat.speed, 0.3)
        widest = float(np.clip(speed * frames / self.fps / (2.0 * math.pi), 0.9, WIDEST_CIRCLE))
        for actor in beat.actors:
            performer = self.performers[actor]
            done = self._clear_of_things(beat, actor, frames)
            heading = performer.state().heading
            radius, side, first_turn = self._free_circle(beat, actor, frames - done, widest)
            heading += first_turn
            turn = float(np.clip(LEG_SECONDS * speed / radius, LEG_TURN, 1.6 * LEG_TURN))
            chord = 2.0 * radius * math.sin(0.5 * turn)
            length = max(2, round(chord / speed * self.fps))
            first = done
            while done < frames:
                size = length if frames - done >= 2 * length else frames - done
                heading += side * (turn if done > first else 0.5 * turn)
                x, z = performer.position
                aim = (x + 6.0 * math.cos(heading), z - 6.0 * math.sin(heading))
                leg = replace(beat, actors=(actor,), direction="toward", target=None, line=None)
                self._perform(leg, (actor,), size, [aim])
                done += size

    def _clear_of_things(self, beat: Beat, actor: int, frames: int) -> int:
        """Let who has sat down step away from his seat before he goes in a circle; returns the
        frames it took.
        """
        if not self.performers[actor].down:
            return 0
        speed = max(row_of(beat.action).speed * beat.speed, 0.3)
        steps = min(round((RISING + 1.4 / speed) * self.fps), frames // 2)
        self._go(replace(beat, actors=(actor,), direction=None, line=None), steps, [None])
        return steps

    def _free_circle(
        self, beat: Beat, actor: int, frames: int, widest: float
    ) -> tuple[float, float, float]:
        """Return the radius of the circle that *actor* goes, 1 to the left or -1 to the right, and
        by how much he turns first: the first of some in whose way the least stands.
        """
        discs = self._obstacles(beat, actor, frames)
        if not discs:
            return widest, 1.0, 0.0
        performer = self.performers[actor]
        (x, z), heading = performer.position, performer.state().heading
        every = np.array([disc[:3] for disc in discs])
        angles = np.linspace(0.0, 2.0 * math.pi, 48)
        best: tuple[int, tuple[float, float, float]] | None = None
        for turn in (0.0, 1.0, -1.0, 2.0, -2.0, 3.0):
            for radius in (widest, 0.75 * widest, 0.9, 0.7):
                for side in (1.0, -1.0):
                    middle = heading + turn + side * 0.5 * math.pi
                    around = middle + math.pi + side * angles
                    way = np.stack(
                        [x + radius * (math.cos(middle) + np.cos(around)),
                         z - radius * (math.sin(middle) + np.sin(around))], axis=-1
                    )  # fmt: skip
                    gaps = np.hypot(*np.moveaxis(way[6:-6, None] - every[:, :2], -1, 0))
                    met = int((gaps < every[:, 2]).any(axis=0).sum())
                    if best is None or met < best[0]:
                        best = (met, (radius, side, turn))
            if best is not None and not best[0]:
                break
        assert best is not None
        return best[1]

    def _go(self, beat: Beat, frames: int, targets: Sequence[tuple[float, float] | None]) -> None:
        """Have everybody of *beat* go his way: straight on where it is free, else round what stands
        in it.
        """
        crowded = len(self.performers) > REHEARSED and beat.direction != "toward"
        if not self.solids and (crowded or len(self.performers) == 1):
            self._perform(beat, beat.actors, frames, targets)
            return
        targets = [
            self._beside(beat, actor, target)
            for actor, target in zip(beat.actors, targets, strict=True)
        ]
        ways = [
            self._way_round(beat, actor, frames, target)
            for actor, target in zip(beat.actors, targets, strict=True)
        ]
        if not any(ways):
            self._perform(beat, beat.actors, frames, targets)
            return
        for actor, target, way in zip(beat.actors, targets, ways, strict=True):
            alone = replace(beat, actors=(actor,))
            used, straight = self._along(alone, frames, way)
            if way and target is None and beat.direction in {None, "forward"}:
                x, z = self.performers[actor].position
                target = (x + 50.0 * math.cos(straight), z - 50.0 * math.sin(straight))
                alone = replace(alone, direction="toward")
            self._perform(alone, (actor,), frames - used, [target])

    def _beside(
        self, beat: Beat, actor: int, target: tuple[float, float] | None
    ) -> tuple[float, float] | None:
        """Return where *actor* aims who goes to somebody before whom a thing stands: at a free
        place beside him.
        """
        other = beat.target
        if beat.direction != "toward" or not isinstance(other, int) or target is None:
            return target
        here, there = self.performers[actor].position, self.performers[other].position
        gap = math.dist(here, target)
        if gap <= STOPS_SHORT or not self.solids:
            return target
        rest = np.add(here, np.subtract(target, here) * (gap - STOPS_SHORT) / gap)
        if clearance(self.solids, rest[None]) > things.PASSES_BY:
            return target
        way = math.atan2(here[1] - there[1], here[0] - there[0])
        for degrees in (40, -40, 75, -75, 110, -110, 150, -150):
            angle = way + math.radians(degrees)
            place = np.add(there, REACH * np.array([math.cos(angle), math.sin(angle)]))
            if clearance(self.solids, place[None]) > things.PASSES_BY:
                gap = math.dist(here, place)
                share = (gap + STOPS_SHORT) / max(gap, 1e-6)
                aim = np.add(here, share * np.subtract(place, here))
                return float(aim[0]), float(aim[1])
        return target

    def _way_round(
        self, beat: Beat, actor: int, frames: int, target: tuple[float, float] | None
    ) -> list[tuple[float, float]]:
        """Return the points by which *actor* passes the people and things in his way."""
        speed = row_of(beat.action).speed
        if speed <= 0.2 or beat.action in OFF_THE_GROUND or beat.direction in {"backward", "in"}:
            return []
        performer = self.performers[actor]
        here = performer.footing if performer.down else performer.position
        heading = performer.state().heading
        metres = 1.1 * speed * beat.speed * placement.haste(self.script) * frames / self.fps
        if beat.direction in {"left", "right"}:
            heading = math.pi if beat.direction == "left" else 0.0
        if beat.direction in {"toward", "away"} and target is not None:
            gap = math.dist(here, target)
            heading = math.atan2(here[1] - target[1], target[0] - here[0])
            if beat.direction == "toward":
                metres = min(metres, max(gap - STOPS_SHORT, 0.0))
            else:
                heading += math.pi
        elif beat.direction in {"toward", "away"}:
            heading = math.copysign(0.5 * math.pi, -1.0 if beat.direction == "toward" else 1.0)
        turn = (heading - performer.state().heading + math.pi) % (2.0 * math.pi) - math.pi
        came = performer.last_action is not None and row_of(performer.last_action).speed > 0.2
        if came and abs(turn) > TURNS_ABOUT:  # he does so in a bow
            side = performer.state().heading + math.copysign(0.5 * math.pi, turn)
            here = (here[0] + BOW * math.cos(side), here[1] - BOW * math.sin(side))
        goal = (here[0] + metres * math.cos(heading), here[1] - metres * math.sin(heading))
        return detour(here, goal, self._obstacles(beat, actor, frames))

    def _obstacles(self, beat: Beat, actor: int, frames: int) -> list[Disc]:
        """Return what stands in the ways of *actor*: things, but for the seat that he goes to, and
        people who stay in their places.
        """
        now = self.performers[actor].frames
        goes_on = min(
            (
                cue.start
                for cue in self.timeline.cues
                if cue.start >= now + frames - 1
                and actor in cue.beat.actors
                and row_of(cue.beat.action).speed > 0.2
            ),
            default=self.timeline.frames,
        )
        things = [
            disc
            for disc in self.solids
            if not any(who == actor and now <= since < goes_on for who, since in disc.users)
        ]
        crowded = len(self.performers) > REHEARSED and beat.direction != "toward"
        return things if crowded else things + self._standing(beat, actor, frames)

    def _standing(self, beat: Beat, actor: int, frames: int) -> list[Disc]:
        """Return where those stand who stay in their places while *actor* goes his way."""
        begins = self.performers[actor].frames
        moving = {
            i
            for cue in self.timeline.cues
            if cue.start < begins + frames and cue.end > begins
            for i in cue.beat.actors
            if row_of(cue.beat.action).speed > 0.2
        }
        near = {actor, beat.target, *beat.actors} | moving
        return [
            Disc(*performer.position, ROOM)
            for i, performer in enumerate(self.performers)
            if i not in near
        ]

    def _along(
        self, beat: Beat, frames: int, points: Sequence[tuple[float, float]]
    ) -> tuple[int, float]:
        """Have the actor of *beat* go by *points*; returns the frames it took, after which the
        straight way is free, and the heading he had.
        """
        performer = self.performers[beat.actors[0]]
        heading = performer.state().heading
        pace = row_of(beat.action).speed * beat.speed * placement.haste(self.script)
        used = 0
        for point in points:
            for _ in range(4):
                here = performer.footing if performer.down else performer.position
                gap = math.dist(here, point)
                rising = RISING if performer.down else 0.0
                length = max(round((gap / pace + rising) * self.fps), SHORTEST)
                length = min(length, frames - used)
                if gap < 0.2 or length < SHORTEST:
                    break
                beyond = 1.0 + 4.0 / gap  # he does not slow down there
                aim = (here[0] + beyond * (point[0] - here[0]),
                       here[1] + beyond * (point[1] - here[1]))  # fmt: skip
                leg = replace(beat, direction="toward", target=None, line=None)
                self._perform(leg, beat.actors, length, [aim])
                used += length
                if not rising:
                    gone = math.dist(here, performer.position) / length * self.fps
                    pace = float(np.clip(gone, 0.5 * pace, 1.5 * pace))
        return used, heading

    def _through_the_wings(self, cue: Cue) -> Beat:
        """Return the beat of *cue* with a way to go for who comes in or goes out, and note from or
        until when he is on stage.
        """
        beat = cue.beat
        if beat.direction not in {"in", "out"}:
            return beat
        others = [p.position[0] for i, p in enumerate(self.performers) if i not in beat.actors]
        middle = sum(others) / len(others) if others else math.inf
        for actor in beat.actors:
            if beat.direction == "in":
                self.entered.setdefault(actor, cue.start)
            else:
                self.left[actor] = cue.end
        way = "right"
        if beat.direction == "out":
            here = sum(self.performers[i].position[0] for i in beat.actors) / len(beat.actors)
            way = "left" if here < middle and others else "right"
        elif math.cos(self.performers[beat.actors[0]].mark.heading) < 0:
            way = "left"
        aimed = isinstance(beat.target, int) and beat.direction == "in"
        return replace(beat, direction="toward" if aimed else way)

    def _close_in(self, beat: Beat, frames: int) -> int:
        """Let partners who are out of reach walk up to each other; return the frames it took."""
        pair = self._pair(beat)
        if pair is None:
            return 0
        one, two = (self.performers[i].position for i in pair)
        gap = math.dist(one, two)
        if gap < REACH + 0.4:
            return 0
        movers = [i for i in pair if i in beat.actors]
        speed = row_of("walk").speed * len(movers) * min(placement.haste(self.script), 1.0)
        walk = min(round((gap - REACH) / speed * self.fps) + round(0.6 * self.fps), frames // 2)
        if walk < 1:
            return 0
        end = self.performers[beat.actors[0]].frames + frames
        for actor in beat.actors:
            if actor in movers:
                other = pair[1] if actor == pair[0] else pair[0]
                self._perform(
                    Beat((actor,), "walk", direction="toward", target=other),
                    (actor,),
                    walk,
                    [self._meeting(one if actor == pair[0] else two,
                                   two if actor == pair[0] else one, both=len(movers) == 2)],
                )  # fmt: skip
            else:
                self._wait(actor, self._until(actor, beat, walk, end))
        return walk

    def _until(self, actor: int, beat: Beat, wait: int, end: int) -> int:
        """Return the frame until which *actor* waits for *wait* frames; not beyond the *end* of
        *beat* if he is not one of its own actors, who may have done something else until then.
        """
        until = self.performers[actor].frames + wait
        return until if actor in beat.actors else min(until, end)

    def _pair(self, beat: Beat) -> tuple[int, int] | None:
        if len(beat.actors) == 2:
            return beat.actors[0], beat.actors[1]
        if len(beat.actors) == 1 and isinstance(beat.target, int) and beat.target != beat.actors[0]:
            return beat.actors[0], beat.target
        return None

    # -- space ----------------------------------------------------------------------------------

    def _aims(self, cue: Cue, step: Sequence[Cue]) -> list[tuple[float, float] | None]:
        """Return for each actor of *cue* the place the beat is about, if there is one."""
        beat = cue.beat
        aims: list[tuple[float, float] | None] = []
        for actor in beat.actors:
            other = beat.target if isinstance(beat.target, int) else None
            if other is None or other == actor:
                pair = self._pair(beat)
                together = row_of(beat.action).actors > 1 or beat.action in CONTACT
                other = None
                if pair is not None and (together or beat.action == "talk"):
                    other = pair[1] if actor == pair[0] else pair[0]
            if other is None:
                aims.append(None)
                continue
            here, there = self.performers[actor].position, self.performers[other].position
            going = row_of(beat.action).speed > 0.2 and beat.direction == "toward"
            if not going:
                aims.append(there)
                continue
            crowd = [
                i for c in step for i in c.beat.actors if c.beat.target == other and i != other
            ]
            if len(crowd) > 1 and row_of(beat.action).speed > 0.2:
                aims.append(self._among(actor, crowd, there))
                continue
            both = any(
                c.beat.target == actor and other in c.beat.actors and c.beat.direction == "toward"
                and row_of(c.beat.action).speed > 0.2
                for c in step
            )  # fmt: skip
            room = COASTS.get(beat.action, 0.0)
            aims.append(self._meeting(here, there, both=both, room=room))
        return aims

    def _among(
        self, actor: int, crowd: Sequence[int], there: tuple[float, float]
    ) -> tuple[float, float]:
        """Return where *actor* aims who goes to *there* with all of *crowd*: each has a place of
        his own on an arc round it, on the side they come from.
        """
        angles = {}
        for i in crowd:
            x, z = self.performers[i].position
            angles[i] = math.atan2(z - there[1], x - there[0])
        base = math.atan2(
            sum(math.sin(a) for a in angles.values()), sum(math.cos(a) for a in angles.values())
        )
        turned = {i: (a - base + math.pi) % (2 * math.pi) - math.pi for i, a in angles.items()}
        order = sorted(crowd, key=lambda i: (turned[i], i))
        radius = max(REACH + 0.1, SHOULDER * len(crowd) / math.radians(260.0))
        step = min(SHOULDER / radius, math.radians(260.0) / max(len(crowd) - 1, 1))
        angle = base + (order.index(actor) - 0.5 * (len(crowd) - 1)) * step
        place = (there[0] + radius * math.cos(angle), there[1] + radius * math.sin(angle))
        here = self.performers[actor].position
        gap = math.dist(here, place)
        if gap < 0.3:
            return there
        share = (gap + STOPS_SHORT) / gap
        return (here[0] + share * (place[0] - here[0]), here[1] + share * (place[1] - here[1]))

    def _meeting(
        self,
        here: tuple[float, float],
        there: tuple[float, float],
        *,
        both: bool,
        room: float = 0.0,
    ) -> tuple[float, float]:
        """Return where to aim so as to come to rest `REACH` and *room* from a partner, or to meet
        halfway.
        """
        gap = math.dist(here, there)
        if gap < 1e-6:
            return there
        rest = 0.5 * (gap - REACH) if both else gap - REACH - room
        share = (max(rest, 0.0) + STOPS_SHORT) / gap
        return (here[0] + share * (there[0] - here[0]), here[1] + share * (there[1] - here[1]))

    def _facing(self, beat: Beat, targets: Sequence[tuple[float, float] | None]) -> Beat:
        """Turn those who do something on the spot toward whom it is about."""
        if beat.direction is None and row_of(beat.action).speed <= 0.2 and any(targets):
            return replace(beat, direction="toward")
        return beat

    def _in_posture(self, beat: Beat) -> Beat:
        """Let somebody seated stay seated for what can be done seated."""
        postures = {self.performers[i].last_action for i in beat.actors}
        row = row_of(beat.action)
        if row.overlay and beat.overlay is None and len(postures) == 1:
            posture = next(iter(postures))
            if posture in POSTURES - {"fall"}:
                return replace(beat, action=str(posture), overlay=beat.action)
        return beat

    def _centred(self, motion: Motion) -> Motion:
        """Put the middle of all the ways at x = z = 0, unless the script says where to start."""
        if any(role.start is not None for role in self.script.roles):
            return motion
        pelvis = motion.joints[:, :, schema.J["pelvis_center"]]
        low, high = pelvis.min(axis=(0, 1)), pelvis.max(axis=(0, 1))
        middle = 0.5 * (low + high)
        self.shift = (float(middle[0]), float(middle[2]))
        return ops.translate(motion, [-self.shift[0], 0.0, -self.shift[1]])

    # -- motion ---------------------------------------------------------------------------------

    def _perform(
        self,
        beat: Beat,
        actors: Sequence[int],
        frames: int,
        targets: Sequence[tuple[float, float] | None],
    ) -> None:
        """Have *actors* perform *beat* for *frames* frames: together if the generator can, else
        one after another.
        """
        if frames <= 0:
            return
        size = len(actors) if self.generator.max_actors >= len(actors) else 1
        for start in range(0, len(actors), size):
            part = list(actors[start : start + size])
            aims = list(targets[start : start + size])
            fresh = all(self.performers[i].frames == 0 for i in part)
            early = round(SETTLING * self.fps) if fresh and settled(beat) else 0
            motion, done = self._generate(
                replace(beat, actors=tuple(part)), part, frames + early, aims
            )
            if early:
                motion = ops.slice_frames(motion, early)
            if done in CLASPS and len(part) == 2:
                motion = clasp(motion, done)
            for column, actor in enumerate(part):
                performer = self.performers[actor]
                first = performer.frames
                performer.add(ops.select(motion, [column]), frames, done)
                self.played.append(Played(beat, actor, first, performer.frames, done))
                if done in balls.SENDS or done in BLOWS:
                    body = performer.pieces[-1].joints[:, 0].astype(np.float64)
                    self.sent[actor] = (first + balls.contact(done, body, self.fps), done)

    def _generate(
        self,
        beat: Beat,
        actors: Sequence[int],
        frames: int,
        targets: Sequence[tuple[float, float] | None],
    ) -> tuple[Motion, str]:
        """Return the motion of *beat* and the action it shows, which is idling where the generator
        cannot do better.
        """
        asked = max(self.performers[i].asked(frames) for i in actors)
        states = [self.performers[i].state(t) for i, t in zip(actors, targets, strict=True)]
        beat = replace(beat, seconds=asked / self.fps, with_previous=False)
        plain = replace(beat, overlay=None)
        tries = [beat] + ([plain] if beat.overlay else [])
        if beat.overlay and row_of(beat.overlay).overlay:
            tries.append(replace(plain, action=beat.overlay))
        tries.append(replace(plain, action="idle", repetitions=None, direction=None))
        refusal = ""
        for attempt in tries:
            try:
                motion = self.generator.generate(attempt, states, self.rng, fps=self.fps)
            except UsageError as error:
                refusal = refusal or str(error)
                continue
            if attempt is not beat:
                wanted = beat.action + (f" with {beat.overlay}" if beat.overlay else "")
                self.warnings.append(
                    f"the generator cannot perform {wanted}; {attempt.action} is shown instead"
                )
            return self._fitted(motion, len(actors), asked), attempt.action
        raise UsageError(f"the generator cannot even idle: {refusal}")

    def _fitted(self, motion: Motion, n_actors: int, frames: int) -> Motion:
        """Return *motion* at the scene's frame rate and at least *frames* long."""
        if motion.n_actors != n_actors:
            raise UsageError(
                f"the generator returned {motion.n_actors} actors where {n_actors} were asked for"
            )
        if abs(motion.fps - self.fps) > 1e-9:
            motion = ops.resample(motion, self.fps)
        return held(motion, frames) if motion.n_frames < frames else motion

    def _props(self, motion: Motion) -> tuple[Prop, ...]:
        """Return the seats, the balls and all else that is on stage."""
        kind = _ball(self.script)
        deeds = [
            balls.Deed(
                each.start, each.end, each.actor, each.action, kind(each),
                each.beat.target if isinstance(each.beat.target, int) else None,
            )
            for each in self.played
            if each.action in balls.HANDLES
        ]  # fmt: skip
        place = environment(self._place())
        joints = motion.joints.astype(np.float64)
        bench = "bench" in self.script.props
        return (
            *seats(motion, "bench" if bench else "chair"),
            *around(self.script, motion, self.played),
            *balls.fly(deeds, joints, self.fps, place.gravity, goal="goal" in self.script.props),
        )

    def _off_stage(self, motion: Motion) -> Motion:
        """Return *motion* without those who have not come in yet, or have gone out for good."""
        if not self.entered and not self.left:
            return motion
        present = np.ones((motion.n_frames, motion.n_actors), dtype=bool)
        for actor, frame in self.entered.items():
            if not any(p.actor == actor and p.end <= frame and p.beat.action != "idle"
                       for p in self.played):  # fmt: skip
                present[:frame, actor] = False
        for actor, frame in self.left.items():
            if not any(p.actor == actor and p.start >= frame and p.beat.action != "idle"
                       for p in self.played):  # fmt: skip
                present[frame:, actor] = False
        if present.all() or not present.any():
            return motion
        gone = ~present
        frames, face = motion.frames.copy(), None if motion.face is None else motion.face.copy()
        depth = None if motion.depth is None else motion.depth.copy()
        for track in (frames, depth, face):
            if track is not None:
                track[gone] = 0.0
        return replace(motion, frames=frames, depth=depth, face=face, present=present)

    def _together(self) -> Motion:
        """Return all the actors' tracks side by side."""
        tracks = []
        for performer in self.performers:
            pieces = performer.pieces
            solid = all(piece.depth is not None for piece in pieces)
            joints = np.concatenate([piece.joints[:, 0] for piece in pieces])
            faced = all(piece.face is not None for piece in pieces)
            tracks.append(
                (
                    joints,
                    solid,
                    np.concatenate([piece.actions[:, 0] for piece in pieces]),
                    np.concatenate([piece.overlay[:, 0] for piece in pieces]),
                    np.concatenate([p.face[:, 0] for p in pieces if p.face is not None])
                    if faced
                    else None,
                )
            )
        joints = np.stack([track[0] for track in tracks], axis=1)
        solid = all(track[1] for track in tracks)
        faces = [track[4] for track in tracks if track[4] is not None]
        return Motion.from_joints(
            joints if solid else joints[..., :2],
            fps=self.fps,
            actions=np.stack([track[2] for track in tracks], axis=1),
            overlay=np.stack([track[3] for track in tracks], axis=1),
            face=np.stack(faces, axis=1) if len(faces) == len(tracks) else None,
        )

    def _looks(self) -> tuple[Look, ...]:
        return tuple(
            Look(
                name=role.name,
                kind=role.kind,
                colour=role.colour or (TEAM_COLOURS.get(role.team) if role.team else None),
                team=role.team,
            )
            for role in self.script.roles
        )
