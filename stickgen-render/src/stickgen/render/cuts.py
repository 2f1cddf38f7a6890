"""Cuts: from one picture of some of the actors to another, as an editor joins them.

A picture of some is framed as if they were alone, for the time it lasts. Others may be seen behind
them; one whom the edge of the picture would cut in two is taken in where that costs little, and
where somebody stands before them the camera looks from a little farther round.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core.camera_moves import CameraMove
from stickgen.render.camera import SAFE, Camera
from stickgen.render.figure import HEAD, Figures

Array = NDArray[np.float64]
Frame = Callable[[Figures, slice, float], Camera]

_SMALLEST: Final = 0.30
"""Nobody is taken into a picture that would make a standing figure smaller than this share."""
_HALVED: Final = (0.06, 0.94)
"""A body of which more than the first share is in the picture, and less than the second in its safe
area, is cut in two by its edge or presses against it."""
_BESIDE: Final = 0.26
"""So many heights from the middle of a body nobody is hidden behind it."""
_TURNS: Final = (0.0, 14.0, -14.0, 28.0, -28.0, 42.0, -42.0, 56.0)
"""From where else, in degrees round, those are looked at whom somebody hides."""
_SHORTEST: Final = 2
"""Frames from which a piece of a clip is worth a cut."""


def part(figures: Figures, frames: slice, actors: Sequence[int]) -> Figures:
    """Return *figures* in some *frames* with some *actors*."""
    who = list(actors)
    return replace(
        figures,
        points=figures.points[frames, who],
        height=figures.height[who],
        across=figures.across[frames, who],
        heading=figures.heading[frames, who],
        facing=figures.facing[frames, who],
        crown=figures.crown[frames, who],
        faces=figures.faces[frames, who],
        eyes=figures.eyes[frames, who],
        present=figures.present[frames, who],
    )


def cut(
    camera: Camera,
    moves: Sequence[CameraMove],
    figures: Figures,
    frame: Frame,
) -> Camera:
    """Return *camera* with a picture of its own wherever a move frames some of the actors.

    *frame* gives the camera that keeps the actors of a part of the clip in the picture, turned by
    so many degrees. Actors whom nobody knows, or who are not there at that time, are passed over.
    """
    n, fps = figures.n_frames, figures.fps
    position, axes, focal = camera.position.copy(), camera.axes.copy(), camera.focal.copy()
    centre, roll, distance = camera.centre.copy(), camera.roll.copy(), camera.distance.copy()
    reach, starts = camera.reach, set(camera.cuts)
    done = False
    for move in moves:
        first = min(max(round(move.start * fps), 0), n)
        last = n if move.end is None else min(round(move.end * fps), n)
        frames = slice(first, last)
        there = np.any(figures.present[frames], axis=0).tolist()
        who = [actor for actor in move.on if actor < figures.n_actors and there[actor]]
        if last - first < _SHORTEST or not who:
            continue
        seen = _whole(who, frames, figures, frame)
        position[frames], axes[frames], focal[frames] = seen.position, seen.axes, seen.focal
        centre[frames], roll[frames], distance[frames] = seen.centre, seen.roll, seen.distance
        reach = max(reach, seen.reach)
        starts |= {first, last} - {0, n}
        done = True
    if not done:
        return camera
    everywhere = replace(
        camera, position=position, axes=axes, focal=focal, centre=centre, roll=roll,
        distance=distance, reach=reach, cuts=tuple(sorted(starts)),
    )  # fmt: skip
    tracks = (position, axes.reshape(n, 9), focal[:, None], centre, distance[:, None])
    varies = any(float(np.ptp(track, axis=0).max()) > 1e-9 for track in tracks)
    return replace(everywhere, still=not varies)


def _whole(who: list[int], frames: slice, figures: Figures, frame: Frame) -> Camera:
    """Return the camera for *who*, and for those whom its picture would cut in two."""
    best, least = None, np.inf
    for turn in _TURNS:
        camera = _with_the_halved(who, frames, figures, frame, turn)
        covered = _covered(camera, figures, frames, who) + 0.001 * abs(turn)
        if covered < least - 0.02:
            best, least = camera, covered
        if least < 0.08:
            break
    assert best is not None
    return best


def _with_the_halved(
    who: list[int], frames: slice, figures: Figures, frame: Frame, turn: float
) -> Camera:
    camera = frame(part(figures, frames, who), frames, turn)
    while True:
        halved = [a for a in _halved(camera, figures, frames) if a not in who]
        wider = [(frame(part(figures, frames, [*who, a]), frames, turn), a) for a in halved]
        wider = [(c, a) for c, a in wider if _share(c, figures) >= _SMALLEST]
        if not wider:
            return camera
        camera, more = min(wider, key=lambda pair: float(pair[0].distance.max()))
        who = [*who, more]


def _covered(camera: Camera, figures: Figures, frames: slice, who: list[int]) -> float:
    """Return for which share of the time others stand before *who*, or the edge cuts others in two
    who are nearer than they.
    """
    pixels, depth = camera.project(figures.points[frames])
    here, away = pixels[..., HEAD, 0], depth[..., 0]
    wide = _BESIDE * figures.height[None] * camera.focal[:, None] / np.maximum(away, 1e-3)
    present = figures.present[frames]
    others = [a for a in range(figures.n_actors) if a not in who]
    total = 0.0
    for a in who:
        before = np.zeros(len(away), dtype=bool)
        for other in others:
            near = (away[:, other] < away[:, a]) & present[:, other] & present[:, a]
            before |= near & (np.abs(here[:, other] - here[:, a]) < wide[:, other])
        total += float(before.mean())
    feet = pixels[..., 1].max(axis=2)
    for other in others:
        in_it = (here[:, other] > 0.0) & (here[:, other] < camera.width) & present[:, other]
        total += float((in_it & (feet[:, other] > camera.height) & (away[:, other] > 0.0)).mean())
    return total / len(who)


def _share(camera: Camera, figures: Figures) -> float:
    """Return the height of a standing figure as a share of the picture's."""
    tall = float(figures.height.max())
    return float((tall * camera.focal / camera.distance).min()) / camera.height


def _halved(camera: Camera, figures: Figures, frames: slice) -> list[int]:
    """Return the actors who are seen for much of the time, but not whole in the safe area."""
    pixels, depth = camera.project(figures.points[frames])
    across, margin = pixels[..., 0], SAFE * camera.width
    seen = (across > 0.0) & (across < camera.width) & (depth > 0.0)
    safe = seen & (across > margin) & (across < camera.width - margin)
    cut_off = (seen.mean(axis=2) > _HALVED[0]) & (safe.mean(axis=2) < _HALVED[1])
    cut_off &= figures.present[frames]
    return [int(a) for a in np.flatnonzero(cut_off.mean(axis=0) > 0.25)]
