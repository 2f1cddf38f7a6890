"""Onion skin: several moments of a clip in one picture, the earlier ones paler.

Every moment becomes an actor of its own on a stage seen by one steady camera, so that figures
overlap, cast shadows and are drawn in any style as always.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core.drawing import open_drawing
from stickgen.core.protocols import Progress
from stickgen.core.schema import J
from stickgen.core.types import Look, Motion, RenderOptions, Scene
from stickgen.render.display import mix
from stickgen.render.drawing import comment, open_style
from stickgen.render.palettes import palette_colours
from stickgen.render.png import best_frame, encode_png, straight
from stickgen.render.shot import at_rate
from stickgen.render.styles.normal import PALETTE, actor_colour

MOMENTS: Final = 7
"""Poses of an actor in one picture; fewer where there are many actors."""
MOST_FIGURES: Final = 42
_REACH: Final = 1.9
"""How far the actors may travel in one picture, in figure heights times its width over height."""
_PALEST: Final = 0.78
"""How far the first pose goes toward the colour of the backdrop."""
_BEHIND: Final = 0.02
"""Metres each earlier pose stands farther back, so that later ones overlap it."""


class OnionSkinExporter:
    """A still that shows a whole movement."""

    api_version: ClassVar[int] = 1
    media_type: ClassVar[str] = "image/png"

    def write(
        self, scene: Scene, path: Path, options: RenderOptions, progress: Progress | None = None
    ) -> None:
        """Write evenly spaced moments of *scene* to *path*, over each other."""
        scene = at_rate(scene, options.fps)
        options = replace(options, fps=None)
        drawing = open_drawing(onion_scene(scene, options), options)
        pixels = straight(drawing.frame(0), drawing.pixel_format, options.transparent)
        text = {"Software": "stickgen"}
        record = comment(scene)
        if record:
            text["Comment"] = record
        path.write_bytes(encode_png(pixels, text))
        if progress is not None:
            progress(1, 1)


def onion_scene(scene: Scene, options: RenderOptions) -> Scene:
    """Return a scene whose first frame shows the moments of *scene*, as actors of their own.

    Actors are in the order moment, actor of *scene*; the last moment keeps its colours.
    """
    motion: Motion = replace(scene.motion)  # checked anew: its arrays may have been changed since
    n_actors = motion.n_actors
    n = max(1, min(MOMENTS, MOST_FIGURES // n_actors, motion.n_frames))
    first, last = _window(motion, _REACH * options.width / options.height)
    moments = np.unique(np.linspace(first, last, n).round().astype(int))
    n = len(moments)
    # Frame t shows moment m + t in the place of moment m. Every actor so goes through the same
    # poses, and what is measured over a clip (height, where the camera stands) fits all of them;
    # one frame a second leaves nothing to be smoothed.
    turn = (np.arange(n)[:, None] + np.arange(n)[None, :]) % n
    at = moments[turn]

    def spread(track: NDArray[Any] | None) -> Any:
        if track is None:
            return None
        return track[at].reshape(n, n * n_actors, *track.shape[2:])

    depth = spread(motion.depth)
    if depth is not None:
        depth = depth - _BEHIND * np.repeat(np.arange(n)[::-1], n_actors)[None, :, None]
    stills = Motion(
        spread(motion.frames),
        fps=1.0,
        depth=depth,
        present=spread(motion.present),
        actions=spread(motion.actions),
        face=spread(motion.face),
    )
    paper = _backdrop(scene, options)
    palette = palette_colours(options.palette)
    palette = palette or getattr(open_style(options.style), "palette", PALETTE)
    looks = []
    for moment in range(n):
        pale = 0.0 if n == 1 else _PALEST * (1.0 - moment / (n - 1)) ** 0.8
        for actor, look in enumerate(scene.looks):
            own = actor_colour(look, actor, palette)
            r, g, b, _ = (round(255 * c) for c in mix(own, paper, pale))
            looks.append(replace(look, colour=f"#{r:02x}{g:02x}{b:02x}"))
    props = tuple(
        replace(prop, position=np.asarray(prop.position)[-1])
        if np.ndim(prop.position) == 2
        else prop
        for prop in scene.props
    )
    return replace(
        scene, motion=stills, looks=tuple(looks), props=props, captions=(), camera=None, script=None
    )


def _window(motion: Motion, reach: float) -> tuple[int, int]:
    """Return the first and last frame to show: as many around the best as fit into one picture."""
    joints, present = motion.joints, motion.present
    tall = (
        float(np.median(joints[present].max(axis=1)[:, 1] - joints[present].min(axis=1)[:, 1]))
        if present.any()
        else 1.0
    )
    root = joints[:, :, J["pelvis_center"]][..., [0, 2]]
    start = root[np.argmax(present, axis=0), np.arange(motion.n_actors)]
    gone = np.where(present, np.linalg.norm(root - start, axis=-1), 0.0)
    travel = np.array(gone.max(axis=1))
    best = best_frame(motion)
    first = last = best
    while last - first < motion.n_frames - 1:
        wider = max(0, first - 1), min(motion.n_frames - 1, last + 1)
        part = travel[wider[0] : wider[1] + 1]
        if np.ptp(part) > reach * max(tall, 1e-3):
            break
        first, last = wider
    return first, last


def _backdrop(scene: Scene, options: RenderOptions) -> tuple[float, float, float, float]:
    """Return the colour that most of the picture has without anybody in it."""
    motion = scene.motion
    nobody = Motion(
        motion.frames[:1],
        fps=motion.fps,
        depth=None if motion.depth is None else motion.depth[:1],
        present=np.zeros((1, motion.n_actors), dtype=bool),
    )
    empty = Scene(nobody, looks=tuple(Look() for _ in scene.looks), environment=scene.environment)
    small = replace(options, width=160, height=90, transparent=False, captions=False, fps=None)
    drawing = open_drawing(empty, small)
    middle = np.median(straight(drawing.frame(0), drawing.pixel_format, False), axis=(0, 1)) / 255
    return (float(middle[0]), float(middle[1]), float(middle[2]), 1.0)
