"""From a recording to the stretches of it that show one thing.

======== ==========================================================================================
cut      which stretches
======== ==========================================================================================
whole    what lies between the first and the last movement, in pieces of at most `LONGEST` seconds
still    everything, in pieces: for what is held, such as sitting
gait     the stretches in which the figure goes somewhere; walk, run or sprint by flight and speed,
         and turning by the change of direction
jump     one stretch a flight of both feet, from the crouch before it to the landing
sit      sitting down, staying seated and standing up again, by how level the thighs are
======== ==========================================================================================

Times are given in frames of the motion.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core import ops, schema
from stickgen.core.schema import J
from stickgen.core.types import Motion
from stickgen.datasets.contacts import Flags, runs

Array = NDArray[np.float64]

LONGEST: Final = 10.0
"""Seconds of the longest stretch."""
SHORTEST: Final = 1.0
"""Seconds of the shortest one."""

GOING: Final = 0.35
"""Speed of the pelvis over the ground, in m/s, from which a figure goes somewhere."""
RUNNING: Final = 1.9
"""Speed in m/s from which a gait with flight is running."""
SPRINTING: Final = 5.2
GRAVITY: Final = 9.81


@dataclass(frozen=True, slots=True)
class Stretch:
    """Frames ``start`` to ``stop`` of a recording, with what the cut found out about them.

    ``action`` and ``phrases`` are empty where the table of shows says it.
    """

    start: int
    stop: int
    action: str = ""
    phrases: tuple[str, ...] = ()
    facts: dict[str, float] = field(default_factory=dict)


Cut = Callable[[Motion, Flags, float], Iterator[Stretch]]


def smooth(values: Array, fps: float, seconds: float) -> Array:
    """Return *values* ``[T]`` averaged over *seconds* around each frame."""
    radius = max(0, round(seconds * fps / 2))
    if radius == 0 or len(values) < 3:
        return values
    width = 2 * radius + 1
    padded = np.pad(values, radius, mode="edge")
    return np.asarray(np.convolve(padded, np.ones(width) / width, mode="valid"))


def movement(motion: Motion) -> Array:
    """Return how fast the second fastest joint moves ``[T]``, in m/s, over a quarter second."""
    joints = motion.joints[:, 0].astype(np.float64)
    if len(joints) < 2:
        return np.zeros(len(joints))
    rate = np.linalg.norm(np.gradient(joints, 1.0 / motion.fps, axis=0), axis=-1)
    return smooth(np.sort(rate, axis=1)[:, -2], motion.fps, 0.25)


def pace(motion: Motion) -> Array:
    """Return the pelvis' speed over the ground ``[T]`` in m/s, over 0.6 s."""
    root = motion.joints[:, 0, J["pelvis_center"]].astype(np.float64)[:, [0, 2]]
    reach = max(1, round(0.3 * motion.fps))
    index = np.arange(len(root))
    before, after = np.maximum(index - reach, 0), np.minimum(index + reach, len(root) - 1)
    way = np.linalg.norm(root[after] - root[before], axis=-1)
    return np.asarray(way * motion.fps / np.maximum(after - before, 1))


def active(motion: Motion, level: float = 0.2) -> tuple[int, int]:
    """Return the frames between which something moves, with a quarter of a second around it."""
    moving = np.flatnonzero(movement(motion) > level)
    if not moving.size:
        return 0, motion.n_frames
    pad = round(0.25 * motion.fps)
    return max(0, int(moving[0]) - pad), min(motion.n_frames, int(moving[-1]) + 1 + pad)


def pieces(start: int, stop: int, fps: float, longest: float = LONGEST) -> Iterator[Stretch]:
    """Yield equal pieces of at most *longest* seconds of the frames *start* to *stop*."""
    length = stop - start
    count = max(1, int(np.ceil(length / (longest * fps) - 1e-9)))
    edges = np.linspace(start, stop, count + 1).round().astype(int)
    for first, last in itertools.pairwise(edges):
        if last - first >= SHORTEST * fps:
            yield Stretch(int(first), int(last))


def whole(motion: Motion, planted: Flags, longest: float) -> Iterator[Stretch]:
    """Yield what lies between the first and the last movement."""
    yield from pieces(*active(motion), motion.fps, longest)


def still(motion: Motion, planted: Flags, longest: float) -> Iterator[Stretch]:
    """Yield everything."""
    yield from pieces(0, motion.n_frames, motion.fps, longest)


def gait(motion: Motion, planted: Flags, longest: float) -> Iterator[Stretch]:
    """Yield the stretches in which the figure goes somewhere."""
    going = pace(motion) > GOING
    fps = motion.fps
    for start, stop in runs(~going):
        if start > 0 and stop < len(going) and stop - start < 0.8 * fps:
            going[start:stop] = True
    for start, stop in runs(going):
        for piece in pieces(start, stop, fps, longest):
            yield _gone(motion, planted, piece)


def _gone(motion: Motion, planted: Flags, piece: Stretch) -> Stretch:
    fps = motion.fps
    joints = motion.joints[piece.start : piece.stop, 0].astype(np.float64)
    root = joints[:, J["pelvis_center"]][:, [0, 2]]
    radius = max(1, round(min(0.3 * fps, len(root) / 6)))
    even = (root[2 * radius :] - root[: -2 * radius]) / (2 * radius)
    steps = even if len(even) else np.diff(root, axis=0)
    mean = float(np.linalg.norm(steps, axis=-1).mean() * fps)
    flight = float((~planted[piece.start : piece.stop].any(axis=-1)).mean())
    direction = np.unwrap(np.arctan2(-steps[:, 1], steps[:, 0]))
    moving = np.linalg.norm(steps, axis=-1) * fps > 0.5 * GOING
    turned = float(direction[moving][-1] - direction[moving][0]) if moving.sum() > 2 else 0.0
    facing = np.unwrap(ops.heading(joints))[radius : radius + len(steps)]
    backward = float(np.cos(direction - facing)[moving].mean()) if moving.any() else 1.0
    name = "walk"
    if mean > RUNNING and flight > 0.08:
        name = "sprint" if mean > SPRINTING else "run"
    facts = {"speed": round(mean, 3), "flight": round(flight, 3), "turned": round(turned, 3),
             "forward": round(backward, 3)}  # fmt: skip
    return Stretch(piece.start, piece.stop, name, gait_phrases(name, facts), facts)


def gait_phrases(name: str, facts: dict[str, float]) -> tuple[str, ...]:
    """Return what a gait is called, by its speed, its direction and its turning."""
    verbs = {"walk": ("walk", "stroll", "step"), "run": ("run", "jog"), "sprint": ("sprint", "run")}
    speed, turned = facts["speed"], np.degrees(facts["turned"])
    verb, other = verbs[name][:2]
    said = [verb, f"{verb} forward", other, f"{verb} ahead"]
    if facts["forward"] < -0.5:
        return (f"{verb} backward", f"{verb} backwards", "go backward", "step backwards")
    if abs(facts["forward"]) < 0.4:
        return (f"{verb} sideways", f"{verb} to the side", "sidestep", "move sideways")
    if name == "walk" and speed < 0.85:
        said = ["walk slowly", "walk at a slow pace", "stroll slowly", "take slow steps", "walk"]
    elif name == "walk" and speed > 1.55:
        said = ["walk quickly", "walk at a brisk pace", "walk briskly", "stride along", "walk fast"]
    elif name == "run" and speed < 2.6:
        said = ["jog", "jog forward", "run slowly", "run at an easy pace", "jog along"]
    elif name == "run" and speed > 3.8:
        said = ["run fast", "run", "run quickly", "run at high speed", "dash forward"]
    elif name == "sprint":
        said = ["sprint", "run very fast", "sprint forward", "run at full speed", "dash ahead"]
    if abs(turned) > 300:
        return (f"{verb} in a circle", f"{other} in a circle", f"{verb} around in a loop")
    side = "left" if turned > 0 else "right"
    if abs(turned) > 120:
        return (
            f"{verb} and >turn around to the {side}",
            f"{verb} and then >turn back",
            f"{verb} forward, >turn around and >come back",
            f"{verb} in a curve to the {side}",
        )
    if abs(turned) > 45:
        return (
            f"{verb} and >turn {side}",
            f"{verb} in a curve to the {side}",
            f"{verb} forward and >turn to the {side}",
            f"{verb} to the {side}",
        )
    if abs(turned) > 22:
        return (
            f"{verb} forward, veering {side}",
            f"{verb} slightly to the {side}",
            verb,
            f"{verb} forward",
        )
    return tuple(said)


def _clearance(motion: Motion) -> Array:
    """Return how high the lower ankle is above where it rests ``[T]``, in metres."""
    height = float(ops.standing_height(motion)[0])
    ankles = motion.joints[:, 0, [J["l_ankle"], J["r_ankle"]], 1].astype(np.float64)
    return np.asarray(ankles.min(axis=1) - schema.ANKLE_HEIGHT * height)


def flown(motion: Motion) -> list[tuple[int, int]]:
    """Return the frames [start, stop) of the flights: both feet up and the body in free fall."""
    fps = motion.fps
    height = float(ops.standing_height(motion)[0])
    body = motion.joints[:, 0, J["pelvis_center"], 1].astype(np.float64)
    found = []
    for start, stop in runs(_clearance(motion) > 0.05 * height):
        if stop - start < 0.16 * fps:
            continue
        fit = np.polyfit(np.arange(stop - start) / fps, body[start:stop], 2)
        if 2.0 * fit[0] < -0.4 * GRAVITY:
            found.append((start, stop))
    return found


def jump(motion: Motion, planted: Flags, longest: float) -> Iterator[Stretch]:
    """Yield one stretch a flight."""
    fps = motion.fps
    joints = motion.joints[:, 0].astype(np.float64)
    ankles = _clearance(motion)
    flights = flown(motion)
    for number, (start, stop) in enumerate(flights):
        before = flights[number - 1][1] if number else 0
        after = flights[number + 1][0] if number + 1 < len(flights) else motion.n_frames
        first = max(round((before + start) / 2) if number else 0, start - round(1.0 * fps))
        last = min((stop + after) // 2 if number + 1 < len(flights) else after,
                   stop + round(0.9 * fps))  # fmt: skip
        if last - first < SHORTEST * fps:
            continue
        root = joints[first:last, J["pelvis_center"]]
        way = float(np.linalg.norm((joints[stop - 1, 0] - joints[start, 0])[[0, 2]]))
        facts = {"rise": round(float(ankles[start:stop].max()), 3), "way": round(way, 3),
                 "apex": round(float(root[:, 1].max()), 3)}  # fmt: skip
        yield Stretch(int(first), int(last), "jump", jump_phrases(facts), facts)


def jump_phrases(facts: dict[str, float]) -> tuple[str, ...]:
    """Return what a jump is called, by how far and how high it goes."""
    if facts["way"] > 0.35:
        return (
            "jump forward",
            "leap forward",
            "do a forward jump",
            "jump ahead",
            "crouch and >jump forward",
            "take a jump forward",
        )
    if facts["rise"] > 0.4:
        return (
            "jump high",
            "jump up high",
            "jump high into the air",
            "leap into the air",
            "crouch and >jump up high",
        )
    return ("jump", "jump up", "jump up on the spot", "do a jump", "leap up",
            "crouch and >jump up")  # fmt: skip


def sit(motion: Motion, planted: Flags, longest: float) -> Iterator[Stretch]:
    """Yield sitting down, staying seated, and standing up."""
    fps, joints = motion.fps, motion.joints[:, 0].astype(np.float64)
    drop = [(joints[:, J[f"{s}_hip"]] - joints[:, J[f"{s}_knee"]]) for s in "lr"]
    level = np.mean([d[:, 1] / np.linalg.norm(d, axis=-1) for d in drop], axis=0)
    level = smooth(level, fps, 0.2)
    seated = level < 0.62
    for start, stop in runs(~seated):
        if start > 0 and stop < len(seated) and stop - start < 0.6 * fps:
            seated[start:stop] = True
    for start, stop in runs(seated):
        if stop - start < 0.8 * fps:
            continue
        upright = np.flatnonzero(level[:start] > 0.93)
        if start > 0.5 * fps and upright.size:
            begin = max(0, int(upright[-1]) - round(0.4 * fps))
            end = min(stop, start + round(1.6 * fps))
            if end - begin <= longest * fps:
                yield Stretch(begin, end, "sit")
        if stop - start > 4.0 * fps:
            for piece in pieces(start + round(0.6 * fps), stop - round(0.6 * fps), fps, 6.0):
                yield Stretch(piece.start, piece.stop, "sit", ("sit", "stay seated"))
        upright = np.flatnonzero(level[stop:] > 0.93)
        if upright.size:
            begin = max(start, stop - round(0.8 * fps))
            end = min(len(level), stop + int(upright[0]) + round(0.4 * fps))
            if end - begin <= longest * fps:
                yield Stretch(begin, end, "stand")


CUTS: Final[dict[str, Cut]] = {
    "whole": whole, "still": still, "gait": gait, "jump": jump, "sit": sit,
}  # fmt: skip
"""Every cut by its name."""
