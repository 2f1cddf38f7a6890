"""Cameras: from world metres to pixels, and the camera that frames a scene by itself.

The automatic camera looks level, so verticals stay vertical and the horizon stays steady; like a
view camera it is shifted, not tilted, to put the ground where it wants it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core.errors import UsageError
from stickgen.core.types import CameraTrack
from stickgen.render.figure import HEAD, HEAD_OUTLINE, HEAD_RADIUS, LINE, N_POINTS, Figures
from stickgen.render.smoothing import gaussian

Array = NDArray[np.float64]

VIEWS: Final = {"side": 0.0, "three-quarter": 30.0, "front": 90.0}
"""Named views and their yaw in degrees."""

SAFE: Final = 0.05
"""Margin of the safe area, as a fraction of the picture's width and height."""
_ASIDE: Final = 0.085
"""The margin that a camera which stands still keeps at either side, as a fraction of the width."""

FIGURE_SHARE: Final = 0.46
"""Height of a standing figure as a fraction of the picture's, for one or two actors."""
GROUP_SHARE: Final = 0.40
STILL_SHARE: Final = 0.40
"""The least height a figure may have for the camera to stand still rather than follow."""
_FOOT_LINE: Final = 0.835
"""Where the ground under the actors lies, from the top of the picture."""
_DISTANCE: Final = 2.2
"""Distance of the camera in picture heights: a vertical field of view of 25.6 degrees."""
_ELEVATION: Final = 0.15
"""Height of the camera over its distance: how far the ground opens up."""
_BESIDE: Final = 0.8
"""Things this far from the actors, in figure heights, are still part of the picture."""
_LYING: Final = 0.62
"""As if he were of this share of his height one is framed who lies or swims all the time."""
_FLOWN: Final = (3.6, 1.7)
"""So are things on their way, as far as this aside and above, if somebody near set them going."""
_FLOWN_SHARE: Final = 0.34
"""The least height of a figure for things on their way to be taken in."""
_NEAR: Final = 0.05
"""Points nearer to the camera than this share of its distance are treated as this near."""


def view_yaw(view: str | float) -> float:
    """Return the yaw of *view* in degrees; an unknown name raises `UsageError`."""
    if isinstance(view, str):
        if view in VIEWS:
            return VIEWS[view]
        try:
            yaw = float(view)
        except ValueError:
            names = ", ".join(VIEWS)
            raise UsageError(f"unknown view {view!r}; use {names} or an angle in degrees") from None
    else:
        yaw = float(view)
    if not np.isfinite(yaw):
        raise UsageError(f"view {view!r} is not an angle; give a number of degrees")
    return yaw


@dataclass(frozen=True, eq=False)
class Camera:
    """A camera for T frames of a picture of ``width`` x ``height`` pixels.

    ``position`` ``[T, 3]``, ``axes`` ``[T, 3, 3]`` (rows: right, up, toward the camera),
    ``focal`` ``[T]`` pixels, ``centre`` ``[T, 2]`` the pixel the optical axis hits, ``roll``
    ``[T]`` radians (counter-clockwise), ``distance`` ``[T]`` metres to what it looks at,
    ``reach`` metres of ground to be seen beyond that, ``cuts`` the frames at which another picture
    begins.
    """

    width: int
    height: int
    position: Array
    axes: Array
    focal: Array
    centre: Array
    roll: Array
    distance: Array
    reach: float
    still: bool
    cuts: tuple[int, ...] = ()

    def project(self, points: Array) -> tuple[Array, Array]:
        """Return pixels ``[T, ..., 2]`` and depths in metres of *points* ``[T, ..., 3]``."""
        t = len(points)
        flat = points.reshape(t, -1, 3) - self.position[:, None]
        local = np.einsum("tij,tkj->tki", self.axes, flat)
        depth = np.maximum(-local[..., 2], _NEAR * self.distance[:, None])
        scale = self.focal[:, None] / depth
        x = self.centre[:, None, 0] + local[..., 0] * scale
        y = self.centre[:, None, 1] - local[..., 1] * scale
        pixels = np.stack([x, y], axis=-1).reshape(*points.shape[:-1], 2)
        return pixels, (-local[..., 2]).reshape(points.shape[:-1])


def _axes(yaw: float) -> Array:
    c, s = np.cos(yaw), np.sin(yaw)
    return np.array([[c, 0.0, -s], [0.0, 1.0, 0.0], [s, 0.0, c]])


def margins(figures: Figures) -> Array:
    """Return how far ink reaches around each point ``[A, N_POINTS]``, in metres."""
    pad = np.full(N_POINTS, 0.7 * LINE)
    pad[HEAD] = HEAD_RADIUS + 0.5 * HEAD_OUTLINE
    return np.asarray(figures.height[:, None] * pad[None, :])


def from_track(track: CameraTrack, width: int, height: int, reach: float) -> Camera:
    """Return the camera of a `CameraTrack`."""
    back = track.position - track.target
    distance = np.linalg.norm(back, axis=-1)
    if (distance < 1e-6).any():
        frame = int(np.argmin(distance))
        raise UsageError(f"the camera stands on its own target at frame {frame}; move it away")
    toward = back / distance[:, None]
    right = np.cross(np.array([0.0, 1.0, 0.0]), toward)
    level = np.linalg.norm(right, axis=-1, keepdims=True)
    right = np.where(level > 1e-6, right / np.maximum(level, 1e-12), np.array([1.0, 0.0, 0.0]))
    up = np.cross(toward, right)
    roll = np.radians(track.roll)
    c, s = np.cos(roll)[:, None], np.sin(roll)[:, None]
    axes = np.stack([right * c + up * s, up * c - right * s, toward], axis=1)
    fov = np.radians(np.clip(track.fov, 1.0, 150.0))
    n = len(distance)
    moving = np.ptp(track.position, axis=0).max() + np.ptp(track.target, axis=0).max() > 1e-6
    moving |= np.ptp(track.fov) > 1e-6 or np.ptp(track.roll) > 1e-6
    return Camera(
        width=width,
        height=height,
        position=track.position,
        axes=axes,
        focal=0.5 * height / np.tan(0.5 * fov),
        centre=np.tile((0.5 * width, 0.5 * height), (n, 1)),
        roll=roll,
        distance=distance,
        reach=reach,
        still=not moving,
    )


def frame_everyone(
    figures: Figures,
    width: int,
    height: int,
    yaw_degrees: float,
    beside: Array | None = None,
    still_share: float = STILL_SHARE,
) -> Camera:
    """Return a camera that keeps every actor in the safe area for the whole clip.

    It stands still where the clip fits into one picture with figures at least *still_share* of its
    height; otherwise it follows the middle of the group, with some room ahead of the motion. Its
    path is smooth, its zoom constant, and it rises only with actors who leave the ground for good.

    A camera that stands still also takes in the points *beside* ``[T, K, 3]`` of things, as far as
    they lie within `_BESIDE` figure heights of the actors, and the way of those that fly off.
    """
    axes = _axes(np.radians(yaw_degrees))
    turned = figures.points @ axes.T
    shown = figures.present
    n_frames = figures.n_frames
    if not shown.any():
        turned = np.zeros_like(turned)
        shown = np.ones_like(shown)
    pad = margins(figures)[None]
    tall = float(figures.height[figures.present.any(axis=0)].max(initial=0.0))
    tall = tall or float(figures.height.max())
    busy = int(figures.present.any(axis=0).sum())
    share = FIGURE_SHARE if busy <= 2 else GROUP_SHARE
    aspect = width / height

    def span(axis: int, points: slice | list[int], reach: Array | float) -> tuple[Array, Array]:
        low = np.where(shown[..., None], turned[:, :, points, axis] - reach, np.inf)
        high = np.where(shown[..., None], turned[:, :, points, axis] + reach, -np.inf)
        lowest, highest = low.min(axis=(1, 2)), high.max(axis=(1, 2))
        return _filled(lowest), _filled(highest)

    everything = slice(0, N_POINTS)
    left, right = span(0, everything, pad)
    root_left, root_right = span(0, [0, 2], 0.0)
    near_side, far_side = span(2, [0], 0.0)
    _, root_top = span(1, [0], 0.0)

    things = np.zeros((n_frames, 0, 3)) if beside is None or not beside.size else beside
    all_things = things
    flown, quiet = things[:, :0], np.ones(things.shape[1], dtype=np.bool_)
    if things.shape[1]:
        around = things @ axes.T
        aside = np.maximum(left[:, None] - around[..., 0], around[..., 0] - right[:, None])
        deep = np.abs(around[..., 2] - 0.5 * (near_side + far_side)[:, None]) - tall
        above = around[..., 1] - root_top.max() - 0.5 * tall
        near = np.maximum(np.maximum(aside, deep), above) < _BESIDE * tall
        always = near.all(axis=0)
        goes = near.any(axis=0) & ~always & (np.ptp(things, axis=0).max(axis=-1) > 0.5 * tall)
        within = (np.maximum(aside, deep) < _FLOWN[0] * tall) & (above < _FLOWN[1] * tall)
        flown = np.where(within[..., None], things, np.nan)[:, goes]
        things, quiet = things[:, always], ~goes

    # Who never stands up, like a swimmer, is looked at from nearer.
    stretch = float(np.ptp(turned[..., 1], axis=2)[shown].max()) + 0.25 * tall
    seen = min(max(stretch, _LYING * tall), tall)
    least, widest = seen / share, seen / still_share
    inner = 1.0 - 2.0 * _ASIDE
    reach_u = right.max() - left.min()
    reach_w = far_side.max() - near_side.min()
    follow_u = reach_u > inner * widest * aspect * 0.97
    follow_w = reach_w > 0.95 * tall + float(np.max(far_side - near_side))
    centre = np.zeros((n_frames, 3))
    sigma = 0.7 * figures.fps
    if follow_u:
        path = gaussian(0.5 * (root_left + root_right), sigma)
        if n_frames > 2:
            speed = np.gradient(path) * figures.fps
            room = 0.10 * least * aspect
            path = path + gaussian(room * np.tanh(0.5 * speed / tall), 0.5 * sigma)
        centre[:, 0] = path
        things = things[:, :0]
    else:
        low_x, high_x = left.min(), right.max()
        kept = []
        for more, most in ((things, widest), (flown, tall / _FLOWN_SHARE)):
            if more.shape[1]:
                along = (more @ axes.T)[..., 0]
                low, high = min(low_x, np.nanmin(along)), max(high_x, np.nanmax(along))
                if high - low < inner * most * aspect * 0.97:
                    low_x, high_x = low, high
                    kept.append(more)
        things = np.concatenate([things[:, :0], *kept], axis=1)
        centre[:, 0] = 0.5 * (low_x + high_x)
    middle = 0.5 * (near_side + far_side)
    centre[:, 2] = gaussian(middle, sigma) if follow_w else 0.5 * (middle.min() + middle.max())
    # What rises beyond a jump takes the camera along.
    if root_top.max() > 1.9 * tall:
        centre[:, 1] = gaussian(np.maximum(root_top - 0.75 * tall, 0.0), sigma)
        centre[:, 1] = np.maximum(centre[:, 1], 0.0)

    behind = max(0.0, float((centre[:, 2] - near_side).max()))

    def camera(shown_height: float) -> Camera:
        distance = _DISTANCE * shown_height
        position = centre + np.array([0.0, _ELEVATION * distance, distance])
        focal = _DISTANCE * height
        foot = _FOOT_LINE * height
        return Camera(
            width=width,
            height=height,
            position=position @ axes,
            axes=np.tile(axes, (n_frames, 1, 1)),
            focal=np.full(n_frames, focal),
            centre=np.tile((0.5 * width, foot - focal * _ELEVATION), (n_frames, 1)),
            roll=np.zeros(n_frames),
            distance=np.full(n_frames, distance),
            reach=max(0.30 * distance, behind + 0.7 * tall),
            still=not (follow_u or follow_w or bool(np.ptp(centre[:, 1]) > 0)),
        )

    def excess(shown_height: float) -> float:
        """Return how far ink reaches out of the safe area, in pixels; negative if it does not."""
        cam = camera(shown_height)
        pixels, depth = cam.project(figures.points)
        ink = pad * cam.focal[0] / np.maximum(depth, _NEAR * cam.distance[0])
        x, y = pixels[..., 0], pixels[..., 1]
        out = np.maximum.reduce(
            [
                _ASIDE * width - (x - ink),
                (x + ink) - (1.0 - _ASIDE) * width,
                SAFE * height - (y - ink),
                (y + ink) - (1.0 - SAFE) * height,
            ]
        )
        out = np.where(depth < 0.2 * cam.distance[0], 1e6, out)
        worst = float(out[figures.present].max(initial=-1.0))
        if things.shape[1]:
            pixels, _ = cam.project(things)
            x, y = pixels[..., 0], pixels[..., 1]
            for value in (
                SAFE * width - x,
                x - (1.0 - SAFE) * width,
                SAFE * height - y,
                y - (1.0 - SAFE) * height,
            ):
                worst = max(worst, float(np.nanmax(value)))
        return worst

    def fitted() -> float:
        """Return the least height of the picture at which everything lies in the safe area."""
        if excess(least) <= 0.0:
            return least
        low, high = least, least * 1.2
        while excess(high) > 0.0 and high < least * 1e7:
            low, high = high, high * 1.3
        for _ in range(10):
            middle = 0.5 * (low + high)
            low, high = (low, middle) if excess(middle) <= 0.0 else (middle, high)
        return high

    found = fitted()
    if flown.shape[1] and found > tall / _FLOWN_SHARE:
        return frame_everyone(
            figures, width, height, yaw_degrees, all_things[:, quiet], still_share
        )
    return camera(found)


def _filled(track: Array) -> Array:
    """Return *track* with the frames where nobody was there (infinite) interpolated."""
    good = np.isfinite(track)
    index = np.arange(len(track))
    return np.asarray(np.interp(index, index[good], track[good]))
