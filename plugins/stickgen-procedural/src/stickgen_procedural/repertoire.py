"""Which action is performed by which function, what may be laid over it, and how long it takes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from stickgen.core.actions import action
from stickgen.core.types import ActorState, Beat
from stickgen_procedural import (
    acrobatics,
    aloft,
    ball_games,
    gestures,
    ground,
    handling,
    jumping,
    locomotion,
    meeting,
    moving_to_music,
    postures,
    sitting,
    strikes,
    voices,
)
from stickgen_procedural.curves import ramp
from stickgen_procedural.performance import Performance
from stickgen_procedural.surroundings import surroundings

Array = NDArray[np.float64]

GESTURES: dict[str, Callable[..., Array]] = {
    "wave": gestures.waving,
    "clap": gestures.clapping,
    "point": gestures.pointing,
    "talk": voices.talking,
    "shout": voices.shouting,
    "drinking": gestures.drinking,
    "laugh": voices.laughing,
    "nod": gestures.nodding,
    "salute": gestures.saluting,
    "eating": gestures.eating,
    "reading": gestures.reading,
    "typing": gestures.typing,
    "sing": voices.singing,
    "whisper": voices.whispering,
    "cry": voices.crying,
    "looking_around": gestures.looking,
}
"""What the arms can do on top of something else: (score, start, end) to the weight over time."""

COUNTED = ("wave", "clap", "nod", "eating", "drinking")
"""Gestures that are made of single moves one can count."""

BOUTS = {
    "wave": (2.6, 1.5),
    "clap": (3.2, 1.2),
    "point": (2.4, 1.8),
    "talk": (6.0, 0.8),
    "shout": (2.6, 1.2),
    "drinking": (5.4, 2.0),
    "laugh": (4.0, 1.5),
    "nod": (1.4, 1.6),
    "salute": (2.0, 2.5),
    "eating": (7.0, 1.5),
    "reading": (8.0, 1.0),
    "typing": (8.0, 0.8),
    "sing": (8.0, 1.0),
    "whisper": (4.0, 1.2),
    "cry": (6.0, 1.0),
    "looking_around": (3.6, 1.5),
}
"""Seconds for which an overlay goes on, and pauses, while the action under it lasts."""


def idle(score: Performance) -> None:
    """Wait: shift the weight from leg to leg, and look about."""
    locomotion.stand(score)
    gestures.waiting(score)


STANCES = {
    "salute": ((0.0, -0.055), (0.0, 0.055)),
    "shout": ((0.22, -0.10), (-0.22, 0.11)),
    "sing": ((0.03, -0.19), (-0.03, 0.19)),
    "whisper": ((0.08, -0.08), (-0.08, 0.08)),
}
"""Where the feet belong in what is not done at ease: (forward, right) of the left and the right
one, metres.
"""


def stance(score: Performance) -> locomotion.Stance | None:
    """Return where the feet of the beat's gesture belong, or None to stand at ease."""
    feet = STANCES.get(score.beat.action)
    if feet is None:
        return None
    left, right = ((x * score.scale, z * score.scale) for x, z in feet)
    return left, right


def gesture(score: Performance) -> None:
    """Stand and do something with the arms."""
    beat, t = score.beat, score.time
    if score.seated:
        sitting.sit(score)
    else:
        locomotion.stand(score, stance(score))
    start = 0.12 if score.start is None else min(0.15, 0.5 * score.ready) + 0.3 * score.ready
    if score.lying is not None:
        # Hands are needed for getting up.
        start = max(start, score.ready - 0.4)
    end = max(t[-1] - 0.15, start + 1.5 * score.slow)
    on = np.clip((t - start) / 0.5, 0, 1) * np.clip((end - t) / 0.5, 0, 1)
    if (
        not score.seated
        and score.state.target is None
        and beat.direction is None
        and beat.action != "point"
    ):
        most = gestures.OPENS.get(beat.action, 0.0)
        gestures.open_up(score, on * on * (3 - 2 * on), most, feet_free=True)
    count = beat.repetitions
    if beat.action in COUNTED:
        weight = GESTURES[beat.action](score, start, end, count)
    else:
        weight = GESTURES[beat.action](score, start, end)
    score.actions[weight > 0.02] = action(beat.action).index


def typing(score: Performance) -> None:
    """Type, seated; who stands sits down first, who begins with it has sat down already."""
    if score.seated:
        gesture(score)
        return
    start = sitting.take_a_seat(score, already=score.start is None, ease=1.5) + 0.12
    if score.state.target is None and score.beat.direction is None:
        gestures.open_up(score, ramp(score.time, start, start + 0.5), -0.4, feet_free=False)
    weight = gestures.typing(score, start, score.time[-1] + 0.6)
    score.actions[weight > 0.02] = action("typing").index


def overlay(score: Performance) -> None:
    """Lay the beat's overlay over what is scored already, in bouts."""
    name = score.beat.overlay
    if name is None or name == score.beat.action:
        return
    on, off = BOUTS[name]
    t = score.time
    start = 0.35
    weight = np.zeros_like(t)
    while start < t[-1] - 0.9:
        end = min(start + on * float(score.rng.uniform(0.9, 1.15)), t[-1] - 0.1)
        if t[-1] - end < 1.2:
            end = t[-1] + (0.6 if score.time[-1] - start < on else -0.05)
        if name == "wave" and score.state.target is None:
            inner = np.clip((t - start) / 0.5, 0, 1) * np.clip((end - t) / 0.5, 0, 1)
            gestures.open_up(score, inner * inner * (3 - 2 * inner), 0.45, feet_free=False)
        weight = np.maximum(weight, GESTURES[name](score, start, end))
        start = end + off * float(score.rng.uniform(0.8, 1.3))
    score.overlay[weight > 0.02] = action(name).index


PERFORMED: dict[str, Callable[[Performance], None]] = {
    "idle": idle,
    "walk": locomotion.go,
    "run": locomotion.go,
    "sprint": locomotion.go,
    "jump": jumping.jump,
    "wave": gesture,
    "point": gesture,
    "clap": gesture,
    "punch": strikes.punch,
    "kick": strikes.kick,
    "sit": sitting.sit,
    "stand": sitting.stand,
    "talk": gesture,
    "shout": gesture,
    "drinking": gesture,
    "laugh": gesture,
    "nod": gesture,
    "salute": gesture,
    "march": locomotion.go,
    "turn": locomotion.turn,
    "celebrate": jumping.celebrate,
    "fight": strikes.fight,
    "fight_stance": strikes.fight_stance,
    "bow": postures.bow,
    "crouch": postures.crouch,
    "kneel": postures.kneel,
    "eating": gesture,
    "reading": gesture,
    "typing": typing,
    "sing": gesture,
    "whisper": gesture,
    "cry": gesture,
    "looking_around": gesture,
    "throwing": ball_games.play,
    "pitching": ball_games.play,
    "catching": ball_games.play,
    "batting": ball_games.play,
    "fielding": ball_games.play,
    "shooting": ball_games.play,
    "kicking": ball_games.play,
    "pick_up": handling.pick_up,
    "push": handling.push,
    "dodge": handling.dodge,
    "fall": ground.fall,
    "lie_down": ground.lie_down,
    "get_up": ground.get_up,
    "crawling": ground.crawl,
    "swimming": aloft.swim,
    "flying": aloft.fly,
    "climbing": aloft.climb,
    "dance": moving_to_music.dance,
    "jumping_jacks": moving_to_music.jumping_jacks,
    "hop": moving_to_music.hop,
    "dribbling": moving_to_music.dribble,
    "running_bases": locomotion.go,
    "backflip": acrobatics.backflip,
    "cartwheel": acrobatics.cartwheel,
    "handshake": meeting.handshake,
    "hug": meeting.hug,
    "high_five": meeting.high_five,
}


def natural_seconds(beat: Beat, state: ActorState) -> float:
    """Return how long *beat* takes when nobody says: time to get ready, the action, a breath."""
    count = beat.repetitions or 1
    place = surroundings(state)
    pace = 1.0 / float(np.clip(beat.speed * place.tempo, 0.5, 1.6))
    own = {
        "jump": jumping.jump_seconds(count, beat.intensity, place=place) + 0.4,
        "punch": 0.7 + count * 0.8 * pace,
        "celebrate": jumping.jump_seconds(max(count, 2), 0.42 * beat.intensity, place=place) + 0.4,
        "kick": 0.6 + count * 1.6 * pace,
        "wave": 2.4 if beat.repetitions is None else 1.2 + count / gestures.WAVE_HZ,
        "clap": 2.5 if beat.repetitions is None else 1.2 + count / gestures.CLAP_HZ,
    }
    for name, table in ball_games.TABLES.items():
        own[name] = 0.3 + count * 1.06 * table[-1].at * pace
    own["lie_down"], own["get_up"] = 4.2 * pace, 3.0 * pace
    longer = (place.aloft - 1.0) * (acrobatics.LAND - acrobatics.LEAVE)
    own["backflip"] = 0.3 + count * 1.06 * (acrobatics.FLIP[-1].at + longer) * pace
    longer = (place.aloft - 1.0) * (ball_games.SHOOT_LAND - ball_games.SHOOT_LEAVE)
    own["shooting"] += count * 1.06 * longer * pace
    own["cartwheel"] = 0.3 + count * 1.06 * acrobatics.WHEEL[-1].at * pace
    if state.pose is not None and state.pose[0, 1] > 0.38 * state.height:
        own["typing"] = 2.05 * pace + action("typing").seconds * count
    own["dodge"] = 0.3 + count * 1.06 * handling.DUCK[-1].at * pace
    own["pick_up"] = 0.3 + count * 1.1 * handling.LIFT[-1].at * pace
    seconds = own.get(beat.action, action(beat.action).seconds * count)
    if state.velocity is not None and state.pose is not None and action(beat.action).speed == 0:
        seconds += 0.9 * min(1.0, float(np.linalg.norm(state.velocity[0])) / 2.0)
        if state.pose[0, 1] < 0.2 * state.height and beat.action not in ("lie_down", "crawling"):
            seconds += 2.3
        elif state.pose[0, 1] < 0.38 * state.height and beat.action != "sit":
            seconds += 1.1
    return seconds
