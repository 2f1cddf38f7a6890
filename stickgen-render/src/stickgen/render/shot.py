"""A shot: figures and camera of one clip, projected and ready to be drawn frame by frame."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core.camera_moves import CameraMove, parse_moves
from stickgen.core.errors import SchemaError, UsageError
from stickgen.core.types import CameraTrack, Caption, Look, Motion, Prop, RenderOptions, Scene
from stickgen.render.backdrops import Backdrop, backdrop, by_day, by_night
from stickgen.render.camera import Camera, frame_everyone, from_track, view_yaw
from stickgen.render.cuts import cut, part
from stickgen.render.figure import ARMS, HEAD, HEAD_RADIUS, LEGS, Figures, figures
from stickgen.render.flights import Flights, flights
from stickgen.render.moves import moved
from stickgen.render.palettes import palette_colours
from stickgen.render.poses import opened, openness
from stickgen.render.props import Stage, corners, known, paint_order, picture, places, stage
from stickgen.render.smoothing import gaussian, gaussian_between, smoothstep, switch

Array = NDArray[np.float64]

SMALLEST: Final = 16
LARGEST: Final = 8192
MOST_PIXELS: Final = 8192 * 4320
_CUT_SHARE: Final = 0.33
"""The least height of a figure for which a picture of some actors stands still."""
_HAZE: Final = 0.6
"""How much of the air's colour those take on who are far away."""


@dataclass(frozen=True, eq=False)
class Cast:
    """What a style needs to know about the actors of a shot, all in pixels and radians.

    ``points`` ``[T, A, N_POINTS, 2]``; ``scale`` ``[T, A]`` pixels a metre at the actor;
    ``size`` ``[T, A]`` = H in pixels; ``line`` ``[T, A]`` width of a limb; ``near`` ``[T, A, 2]``
    the near side (0 left, 1 right) of arms and legs; ``shade`` ``[T, A, 2]`` how far each side is
    away from the viewer (0-1); ``arm_front`` and ``over_face`` ``[T, A, 2]`` whether an arm is in
    front of the trunk, and of the head; ``yaw``, ``pitch``, ``tilt`` ``[T, A]`` of the head;
    ``gaze`` ``[T, A, 2]`` where the
    eyes look, right and down in the frame of the head, -1 to 1; ``order`` ``[T, A]`` the actors
    from back to front; ``depth`` ``[T, A]`` metres from the camera; ``haze`` ``[T, A]`` how much of
    the air's colour an actor takes on who is far behind what the camera looks at (0-1);
    ``visible`` ``[T, A]``.
    """

    points: Array
    scale: Array
    size: Array
    line: Array
    near: NDArray[np.int64]
    shade: Array
    arm_front: NDArray[np.bool_]
    over_face: NDArray[np.bool_]
    yaw: Array
    pitch: Array
    tilt: Array
    gaze: Array
    order: NDArray[np.int64]
    depth: Array
    haze: Array
    visible: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Shot:
    """A clip seen through a camera."""

    width: int
    height: int
    transparent: bool
    figures: Figures
    camera: Camera
    looks: tuple[Look, ...]
    stage: Stage | None = None
    captions: tuple[Caption, ...] = ()
    place: Backdrop = field(default_factory=lambda: backdrop("earth_normal"))
    palette: tuple[str, ...] = ()
    dark: bool = False
    trails: bool = False
    flights: Flights | None = None

    @property
    def n_frames(self) -> int:
        return self.figures.n_frames

    @cached_property
    def cast(self) -> Cast:
        return _cast(self.figures, self.camera)

    @cached_property
    def openness(self) -> Array:
        """How much of the actors' limbs stands clear in each frame ``[T]``, 0-1."""
        return openness(self.cast.points, self.cast.size, self.cast.visible)

    def paint_order(self, index: int) -> list[tuple[str, int]]:
        """Return ("actor" or "prop", number) of all seen in frame *index*, from back to front."""
        cast = self.cast
        actors = [a for a in cast.order[index].tolist() if cast.visible[index, a]]
        if self.stage is None:
            return [("actor", a) for a in actors]
        everything = paint_order(
            actors, cast.depth[index].tolist(), self.stage.depth[index].tolist()
        )
        seen = self.stage.seen[index]
        return [(kind, i) for kind, i in everything if kind == "actor" or seen[i]]

    def bounds(self, index: int) -> tuple[float, float, float, float] | None:
        """Return (left, top, right, bottom) of the actors' ink in frame *index*, None if nobody is
        there.
        """
        cast = self.cast
        who = np.flatnonzero(cast.visible[index])
        if len(who) == 0:
            return None
        points = cast.points[index, who]
        size = cast.size[index, who]
        low = (points.min(axis=1) - 0.04 * size[:, None]).min(axis=0)
        high = (points.max(axis=1) + 0.04 * size[:, None]).max(axis=0)
        head = points[:, HEAD]
        low = np.minimum(low, (head - 0.13 * size[:, None]).min(axis=0))
        high = np.maximum(high, (head + 0.13 * size[:, None]).max(axis=0))
        return (float(low[0]), float(low[1]), float(high[0]), float(high[1]))


def check_size(width: int, height: int) -> None:
    """Raise `UsageError` if no picture of this size can be drawn."""
    for name, value in (("width", width), ("height", height)):
        if not SMALLEST <= value <= LARGEST:
            raise UsageError(
                f"picture {name} {value} is out of range; use {SMALLEST} to {LARGEST} pixels"
            )
    if width * height > MOST_PIXELS:
        raise UsageError(
            f"a picture of {width}x{height} pixels is too large; use at most {MOST_PIXELS:,} pixels"
        )


def at_rate(scene: Scene, fps: float | None) -> Scene:
    """Return *scene* at *fps* frames a second (None: as it is), camera and props included."""
    if fps is None or fps == scene.motion.fps:
        return scene
    if not (np.isfinite(fps) and 0 < fps <= 240):
        raise UsageError(f"frame rate {fps:g} is out of range; use more than 0 and at most 240")
    from stickgen.core.ops import resample

    motion: Motion = resample(scene.motion, fps)
    old = np.arange(scene.motion.n_frames) / scene.motion.fps
    new = np.arange(motion.n_frames) / fps

    def along(track: Array) -> Array:
        flat = track.reshape(len(track), -1)
        columns = [np.interp(new, old, flat[:, i]) for i in range(flat.shape[1])]
        return np.stack(columns, axis=-1).reshape(len(new), *track.shape[1:])

    camera = scene.camera
    if camera is not None:
        camera = CameraTrack(
            along(camera.position), along(camera.target), along(camera.fov), along(camera.roll)
        )

    def moved(prop: Prop) -> Prop:
        if np.ndim(prop.position) == 2:
            prop = replace(prop, position=along(np.asarray(prop.position)))
        if prop.axis is not None and np.ndim(prop.axis) == 2:
            prop = replace(prop, axis=along(np.asarray(prop.axis)))
        return prop

    props = tuple(moved(prop) for prop in scene.props)
    return replace(scene, motion=motion, camera=camera, props=props)


def shoot(scene: Scene, options: RenderOptions) -> Shot:
    """Return the shot of *scene* that *options* ask for.

    Raises `SchemaError` for a motion that is not finite (arrays can be changed behind its back).
    Warns once when a view is asked of a flat motion, which has only one.
    """
    check_size(options.width, options.height)
    yaw = view_yaw(options.view)
    for name, values in (("frames", scene.motion.frames), ("depth", scene.motion.depth)):
        if values is not None and not np.isfinite(values).all():
            frame, actor = (int(i) for i in np.argwhere(~np.isfinite(values))[0][:2])
            raise SchemaError(f"motion {name} is not finite at frame {frame}, actor {actor}")
    props = known(scene.props)
    scene = at_rate(replace(scene, props=props), options.fps)
    people = figures(scene.motion)
    props = scene.props
    bases = places(props, people.n_frames) if props else None
    if people.flat:
        if scene.camera is not None:
            warnings.warn(
                "the motion has no depth, so its camera is ignored and it is drawn from the side",
                stacklevel=2,
            )
        elif options.view not in ("side", "three-quarter") and yaw != 0.0:
            warnings.warn(
                f"the motion has no depth, so the view {options.view} is ignored"
                " and it is drawn from the side",
                stacklevel=2,
            )
        yaw = 0.0
    beside: Array | None = None
    if scene.camera is not None and not people.flat:
        tall = float(people.height.max())
        camera = from_track(scene.camera, options.width, options.height, reach=2.0 * tall)
        needed = _reach_needed(people, camera) + 0.7 * tall
        camera = replace(camera, reach=max(camera.reach, needed))
    else:
        beside = None if bases is None else corners(props, bases)
        if options.view == "three-quarter" and not people.flat:
            yaw = _clear_view(people, options, yaw)
            yaw = _sidelong(people, beside, options, yaw)
        camera = frame_everyone(people, options.width, options.height, yaw, beside)
    moves = _moves(scene, options, people.flat)
    some = [move for move in moves if move.on]
    if some and (scene.camera is None or people.flat):

        def framed(who: Figures, frames: slice, turn: float) -> Camera:
            things = None if beside is None else beside[frames]
            way = yaw if people.flat else yaw + turn
            size = (options.width, options.height)
            return frame_everyone(who, *size, way, things, still_share=_CUT_SHARE)

        camera = cut(camera, some, people, framed)
        needed = _reach_needed(people, camera) + 0.7 * float(people.height.max())
        camera = replace(camera, reach=max(camera.reach, needed))
    camera = moved(camera, [move for move in moves if move.kind != "frame"], people)
    if bases is not None:
        _, away = camera.project(bases)
        deep = float((away - camera.distance[:, None]).max())
        most = 3.0 * float(people.height.max())
        camera = replace(camera, reach=max(camera.reach, min(deep + 0.4, most)))
    flown = None if bases is None else _flights(people, props, bases)
    people = opened(people, camera, bases)
    place = backdrop(scene.environment, scene.weather)
    if options.theme == "dark":
        place = by_night(place)
    elif options.theme == "light":
        place = by_day(place)
    return Shot(
        width=options.width,
        height=options.height,
        transparent=options.transparent,
        figures=people,
        camera=camera,
        looks=scene.looks,
        stage=None if bases is None else stage(props, bases, camera),
        captions=scene.captions if options.captions else (),
        place=place,
        palette=palette_colours(options.palette),
        dark=options.theme == "dark",
        trails=options.trails,
        flights=flown,
    )


def _flights(people: Figures, props: tuple[Prop, ...], bases: Array) -> Flights:
    """Return the flights of *props* whose bases are at ``[T, P, 3]``."""
    pictures = [picture(prop.kind) for prop in props]
    middle = np.array(
        [0.5 * p.height * prop.scale for p, prop in zip(pictures, props, strict=True)]
    )
    path = bases + middle[:, None] * np.array([0.0, 1.0, 0.0])
    return flights(people, path, np.array([p.rolls for p in pictures]))


_HIDDEN: Final = 0.22
"""Two bodies nearer to each other in the picture than this, in heights, hide one another."""
_OPENER: Final = 12.0
"""So many degrees farther round two are looked at who hide less of themselves from there."""
_GAIN: Final = 0.07
"""How much more of two people must be seen for that."""


def _clear_view(people: Figures, options: RenderOptions, yaw: float) -> float:
    """Return *yaw* in degrees, or one near it from which the actors do not stand in line.

    Only a group that hides itself for most of the clip is looked at from elsewhere, and two of whom
    clearly more is seen from a little farther round.
    """
    n = people.n_actors
    if not 2 <= n <= 12:
        return yaw
    root = people.points[::5, :, 0]
    present = people.present[::5]
    first, second = np.triu_indices(n, 1)
    both = present[:, first] & present[:, second]
    if not both.any():
        return yaw
    between = root[:, first] - root[:, second]
    tall = float(people.height.mean())

    def hidden(degrees: float) -> float:
        a = np.radians(degrees)
        aside = between[..., 0] * np.cos(a) - between[..., 2] * np.sin(a)
        return float((np.abs(aside)[both] < _HIDDEN * tall).mean())

    now = hidden(yaw)
    if now >= 0.6:
        for turn in (-12.0, 12.0, -22.0, 22.0, 34.0, -40.0):
            if hidden(yaw + turn) < 0.35 * now:
                return yaw + turn
        return yaw
    if (
        n == 2
        and _openness(people, options, yaw + _OPENER) > _openness(people, options, yaw) + _GAIN
    ):
        return yaw + _OPENER
    return yaw


def _openness(people: Figures, options: RenderOptions, yaw: float) -> float:
    """Return how much of the limbs of *people* stands clear, seen from *yaw* degrees (0-1)."""
    some = part(people, slice(0, None, max(1, people.n_frames // 16)), range(people.n_actors))
    camera = frame_everyone(some, options.width, options.height, yaw)
    points, depth = camera.project(some.points)
    size = people.height[None] * camera.focal[:, None] / np.maximum(depth[:, :, 0], 1e-3)
    return float(openness(points, size, some.present).mean())


def _sidelong(people: Figures, beside: Array | None, options: RenderOptions, yaw: float) -> float:
    """Return *yaw* in degrees, or one nearer to the side from which more is seen of what flies.

    A ball that is kicked toward the viewer soon leaves the picture below.
    """
    if beside is None or people.n_actors > 2:
        return yaw
    goes = np.ptp(beside, axis=0).max(axis=-1) > 0.5 * float(people.height.max())
    if not goes.any():
        return yaw

    def seen(degrees: float) -> float:
        camera = frame_everyone(people, options.width, options.height, degrees, beside)
        pixels, depth = camera.project(beside[:, goes])
        inside = (pixels > 0.0) & (pixels < (options.width, options.height))
        return float((inside.all(axis=-1) & (depth > 0.0)).mean())

    best, most = yaw, seen(yaw)
    for degrees in (0.6 * yaw, 0.3 * yaw):
        share = seen(degrees)
        if share > most + 0.04:
            best, most = degrees, share
    return best


def _moves(scene: Scene, options: RenderOptions, flat: bool) -> list[CameraMove]:
    """Return what the camera is told: by the options, else by the script of a scene without a
    camera of its own. Warns once about an orbit round a flat motion, and about entries of a script
    that nobody understands.
    """
    told: list[CameraMove] = []
    if options.camera:
        told = list(parse_moves(options.camera))
    elif scene.script is not None and scene.camera is None:
        for text in scene.script.camera:
            try:
                told += parse_moves((text,))
            except UsageError as error:
                warnings.warn(f"the script's {error}; the move is left out", stacklevel=3)
    if flat and any(move.kind == "orbit" for move in told):
        warnings.warn("the motion has no depth, so the orbit is left out", stacklevel=3)
        told = [move for move in told if move.kind != "orbit"]
    return told


def _reach_needed(people: Figures, camera: Camera) -> float:
    _, depth = camera.project(people.points[:, :, :1])
    beyond = depth[..., 0] - camera.distance[:, None]
    return float(beyond[people.present].max(initial=0.0))


def _cast(people: Figures, camera: Camera) -> Cast:
    fps = people.fps
    points, depth = camera.project(people.points)
    right, up, toward = (camera.axes[:, i][:, None] for i in range(3))

    body = gaussian_between(camera.cuts, depth[:, :, 0], 0.1 * fps)
    visible = people.present & (depth.min(axis=2) > 0.1 * camera.distance[:, None])
    body = np.maximum(body, 0.1 * camera.distance[:, None])
    scale = camera.focal[:, None] / body
    size = people.height[None] * scale
    at_target = people.height[None] * (camera.focal / camera.distance)[:, None]
    relative = np.clip((size / at_target) ** 0.85, 0.6, 1.6)
    line = np.maximum(0.040 * at_target * relative, 2.2)

    # Which side is nearer: the left one where `across` points toward the viewer.
    toward_left = (people.across * toward).sum(axis=-1)
    eased = gaussian_between(camera.cuts, toward_left, 0.06 * fps)
    left_far = smoothstep(-eased, 0.06, 0.52)
    right_far = smoothstep(eased, 0.06, 0.52)
    shade = np.stack([left_far, right_far], axis=-1)

    H = people.height[None]
    n_frames, n_actors = people.n_frames, people.n_actors
    near = np.empty((n_frames, n_actors, 2), dtype=np.int64)
    arm_front = np.empty((n_frames, n_actors, 2), dtype=np.bool_)
    limb_depth = {
        "arms": [depth[:, :, arm][:, :, 2:].mean(axis=-1) for arm in ARMS],
        "legs": [depth[:, :, leg][:, :, 1:3].mean(axis=-1) for leg in LEGS],
    }
    chest = 0.5 * (depth[:, :, 1] + depth[:, :, 2])
    # Seen from the front, the limb that is nearer decides; seen from the side, the side does.
    sidelong = smoothstep(np.abs(eased), 0.15, 0.45)
    for kind, name in enumerate(("arms", "legs")):
        lead = (limb_depth[name][1] - limb_depth[name][0]) / H
        signal = eased * sidelong + np.clip(2.0 * lead, -0.5, 0.5) * (1.0 - sidelong)
        for actor in range(n_actors):
            left_near = switch(signal[:, actor], -0.06, 0.06)
            near[:, actor, kind] = np.where(left_near, 0, 1)
    for side in range(2):
        ahead = (chest - limb_depth["arms"][side]) / H
        usual = np.where(near[:, :, 0] == side, -0.045, 0.075)
        for actor in range(n_actors):
            signal = ahead[:, actor] - usual[:, actor]
            arm_front[:, actor, side] = switch(signal, -0.02, 0.02)

    over_face = _over_face(points, depth, people.height, size)

    # The head: lean in the picture, then turn and nod in the frame that leans with it.
    crown, facing = people.crown, people.facing
    cx, cy = (crown * right).sum(-1), (crown * up).sum(-1)
    seen = np.hypot(cx, cy)
    lean = np.where(seen > 0.15, np.arctan2(cx, cy), 0.0)
    lean = _unwrapped(lean)
    tilt = gaussian_between(camera.cuts, lean, 0.04 * fps)
    c, s = np.cos(tilt)[..., None], np.sin(tilt)[..., None]
    head_right, head_up = right * c - up * s, up * c + right * s
    fx, fy = (facing * head_right).sum(-1), (facing * head_up).sum(-1)
    fz = (facing * toward).sum(-1)
    yaw = gaussian_between(camera.cuts, _unwrapped(np.arctan2(fx, fz)), 0.06 * fps)
    yaw = (yaw + np.pi) % (2.0 * np.pi) - np.pi
    pitch = -np.arcsin(np.clip(gaussian(fy, 0.04 * fps), -1.0, 1.0))

    order = np.empty((n_frames, n_actors), dtype=np.int64)
    current = list(np.argsort(-body[0], kind="stable"))
    margin = 0.06 * float(people.height.mean())
    for t in range(n_frames):
        for i in range(1, n_actors):
            j = i
            while j > 0 and body[t, current[j]] > body[t, current[j - 1]] + margin:
                current[j], current[j - 1] = current[j - 1], current[j]
                j -= 1
        order[t] = current
    return Cast(
        points=points,
        scale=scale,
        size=size,
        line=line,
        near=near,
        shade=shade,
        arm_front=arm_front,
        over_face=over_face,
        yaw=yaw,
        pitch=pitch,
        tilt=tilt,
        gaze=_gaze(people, head_right, head_up, fps),
        order=order,
        depth=body,
        haze=_HAZE * smoothstep(body / camera.distance[:, None], 1.22, 1.9),
        visible=visible,
    )


def _over_face(points: Array, depth: Array, height: Array, size: Array) -> NDArray[np.bool_]:
    """Return whether each arm ``[T, A, 2]`` is drawn over the head: where its hand is before it.

    An arm that only passes the head on its way up or ahead goes behind it, on whichever side it
    is: a face says more than an elbow.
    """
    out = np.empty((*points.shape[:2], 2), dtype=np.bool_)
    for side, arm in enumerate(ARMS):
        hand = arm.stop - 1
        away = np.linalg.norm(points[:, :, hand] - points[:, :, HEAD], axis=-1)
        away = away / np.maximum(HEAD_RADIUS * size, 1e-6)
        nearer = (depth[:, :, HEAD] - depth[:, :, hand]) / height[None]
        # 1 where the hand is in the middle of the head and well before it, 0 at its edge.
        signal = np.minimum(1.25 - away, 8.0 * (nearer - 0.005))
        for actor in range(points.shape[1]):
            out[:, actor, side] = switch(signal[:, actor], -0.12, 0.06)
    return out


def _gaze(people: Figures, right: Array, up: Array, fps: float) -> Array:
    """Return where each actor's eyes look ``[T, A, 2]``: at the nearest other before him, else
    ahead with a glance aside now and then. *right* and *up* ``[T, A, 3]`` are his head's axes.
    """
    heads = people.points[:, :, HEAD]
    n_frames, n_actors = people.n_frames, people.n_actors
    out = np.zeros((n_frames, n_actors, 2))
    seconds = np.arange(n_frames) / fps
    for actor in range(n_actors):
        glance = np.sin(0.9 * seconds + 2.1 * actor) + np.sin(0.53 * seconds + 1.3 * actor)
        out[:, actor, 0] = 0.45 * np.clip((np.abs(glance) - 1.25) / 0.5, 0.0, 1.0) * np.sign(glance)
        if n_actors == 1 or n_actors > 24:
            continue
        away = heads - heads[:, actor : actor + 1]
        length = np.linalg.norm(away, axis=-1)
        length = np.where(people.present, length, np.inf)
        length[:, actor] = np.inf
        nearest = length.argmin(axis=1)
        found = length[np.arange(n_frames), nearest]
        toward = away[np.arange(n_frames), nearest] / np.maximum(found, 1e-6)[:, None]
        toward = np.where(np.isfinite(found)[:, None], toward, 0.0)
        ahead = (toward * people.facing[:, actor]).sum(-1)
        share = smoothstep(ahead, 0.15, 0.5) * smoothstep(-found, -6.0, -3.0)
        off = toward - ahead[:, None] * people.facing[:, actor]
        look = np.stack([(off * right[:, actor]).sum(-1), -(off * up[:, actor]).sum(-1)], axis=-1)
        look = np.clip(1.6 * look, -1.0, 1.0)
        out[:, actor] += (look - out[:, actor]) * share[:, None]
    return gaussian(out, 0.08 * fps)


def _unwrapped(angle: Array) -> Array:
    return np.unwrap(angle, axis=0) if len(angle) > 1 else angle
