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
from stickgen.llm import balls, placement
from stickgen.llm.clasp import CLASPS, clasp
from stickgen.llm.crossing import detour
from stickgen.llm.expressions import express
from stickgen.llm.furniture import seats
from stickgen.llm.performer import Performer, held
from stickgen.llm.things import Played, around
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

STOPPING: Final = 0.9
"""Seconds in which who has come along comes to rest before he sits down."""

SEAT_TURN: Final = math.radians(32.0)
"""By up to so much who has come along turns to the viewer before he sits down, radians."""

ASIDE_OF_WAY: Final = 0.9
"""Metres beside a way to and fro at which a seat stands."""

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
        return _Performance(script, generator, rng, fps).run()


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


class _Performance:
    def __init__(
        self, script: Script, generator: Generator, rng: np.random.Generator, fps: float
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
        if beat.direction == "around":
            self._in_a_circle(beat, frames)
            return
        frames -= self._round_others(beat, frames, targets)
        legs = placement.legs(beat, frames, self.fps, paced=cue in self.paced)
        for number, (leg, length) in enumerate(legs):
            last = number == len(legs) - 1
            if last and number and self._sits_next(cue):
                self._to_a_seat(leg, length)
            else:
                self._perform(leg, beat.actors, length, targets)

    def _off_the_way(
        self, beat: Beat, frames: int, targets: list[tuple[float, float] | None]
    ) -> tuple[int, list[tuple[float, float] | None]]:
        """Let who has come along and sits down stop first, and turn to the viewer a little: the
        seat behind him is then beside the way he came and not on it.

        Returns the frames it took to stop, and what the actors turn to.
        """
        performer = self.performers[beat.actors[0]]
        came = performer.last_action is not None and row_of(performer.last_action).speed > 0.2
        if beat.action != "sit" or len(beat.actors) > 1 or any(targets) or not came:
            return 0, targets
        stopping = min(round(STOPPING * self.fps), frames // 4)
        self._wait(beat.actors[0], performer.frames + stopping)
        heading = performer.state().heading
        gap = (placement.TO_VIEWER - heading + math.pi) % (2.0 * math.pi) - math.pi
        heading += math.copysign(min(abs(gap), SEAT_TURN), gap)
        x, z = performer.position
        return stopping, [(x + 3.0 * math.cos(heading), z - 3.0 * math.sin(heading))]

    def _sits_next(self, cue: Cue) -> bool:
        """Whether the next thing that one actor of *cue* does is to sit down."""
        later = (c for c in self.timeline.cues if c.start >= cue.end)
        following = next((c for c in later if set(c.beat.actors) & set(cue.beat.actors)), None)
        return (
            following is not None and following.beat.action == "sit" and len(cue.beat.actors) == 1
        )

    def _to_a_seat(self, leg: Beat, frames: int) -> None:
        """Let the last leg of a way to and fro end beside the others, so that the seat at its end
        stands in nobody's way.
        """
        x, z = self.performers[leg.actors[0]].position
        way = -1.0 if leg.direction == "left" else 1.0
        metres = row_of(leg.action).speed * leg.speed * frames / self.fps
        share = (metres + STOPS_SHORT) / max(metres, 1e-6)
        aim = (x + share * way * metres, z - share * ASIDE_OF_WAY)
        self._perform(replace(leg, direction="toward", target=None), leg.actors, frames, [aim])

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
        left.
        """
        speed = max(row_of(beat.action).speed * beat.speed, 0.3)
        radius = float(np.clip(speed * frames / self.fps / (2.0 * math.pi), 0.9, WIDEST_CIRCLE))
        turn = float(np.clip(LEG_SECONDS * speed / radius, LEG_TURN, 1.6 * LEG_TURN))
        chord = 2.0 * radius * math.sin(0.5 * turn)
        length = max(2, round(chord / speed * self.fps))
        for actor in beat.actors:
            performer = self.performers[actor]
            heading = performer.state().heading
            done = 0
            while done < frames:
                size = length if frames - done >= 2 * length else frames - done
                heading += turn if done else 0.5 * turn
                x, z = performer.position
                aim = (x + 6.0 * math.cos(heading), z - 6.0 * math.sin(heading))
                leg = replace(beat, actors=(actor,), direction="toward", target=None, line=None)
                self._perform(leg, (actor,), size, [aim])
                done += size

    def _round_others(
        self, beat: Beat, frames: int, targets: Sequence[tuple[float, float] | None]
    ) -> int:
        """Let somebody who goes to a place pass those who stand in his way; returns the frames it
        took, after which the straight way is free.
        """
        row = row_of(beat.action)
        goal = targets[0]
        alone = len(beat.actors) == 1 and beat.direction == "toward"
        if row.speed <= 0.2 or goal is None or not alone:
            return 0
        me = beat.actors[0]
        here = self.performers[me].position
        others = [
            performer.position
            for i, performer in enumerate(self.performers)
            if i not in {me, beat.target}
        ]
        used = 0
        for point in detour(here, goal, others):
            gap = math.dist(here, point)
            length = min(round(gap / (row.speed * beat.speed) * self.fps), frames - used)
            if length < 3 or gap < 1e-6:
                break
            beyond = 1.0 + 4.0 / gap  # he does not slow down there
            aim = (here[0] + beyond * (point[0] - here[0]), here[1] + beyond * (point[1] - here[1]))
            self._perform(replace(beat, line=None), beat.actors, length, [aim])
            here = self.performers[me].position
            used += length
        return used

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
        return ops.translate(motion, [-float(middle[0]), 0.0, -float(middle[2])])

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
