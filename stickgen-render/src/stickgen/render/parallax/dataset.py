"""A dataset of pictures that are drawn when they are asked for."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core.errors import DataError, UsageError
from stickgen.core.schema import DIM, N_JOINTS
from stickgen.core.types import Clip, Motion
from stickgen.render.display import colour
from stickgen.render.figure import Figures, figures
from stickgen.render.parallax.cameras import (
    PictureCamera,
    focal_length,
    moment,
    motion_key,
    picture_camera,
    project,
    uniforms,
)
from stickgen.render.parallax.painter import PARTS, Layout, Painter, lay_out
from stickgen.render.styles.normal import PALETTE

Array = NDArray[np.float64]

SIZES: Final = (16, 4096)
"""Smallest and largest picture, in pixels."""
MOST_ACTORS: Final = 255
_AT_ONCE: Final = 64
"""So many pictures are laid out together."""
_COLOURS: Final = np.array([colour(text)[:3] for text in PALETTE])


@dataclass(frozen=True, eq=False)
class Subject:
    """A motion made ready to be drawn from any side.

    ``points`` ``[T, A, N_POINTS, 3]`` and ``joints`` ``[T, A, 16, 3]`` in metres; ``alive`` the
    frames in which anybody is there; ``middle`` ``[T, 3]`` the centre of those who are and
    ``radius`` how far they reach around it at most.
    """

    clip: Clip
    key: int
    points: Array
    joints: Array
    height: Array
    present: NDArray[np.bool_]
    alive: NDArray[np.intp]
    middle: Array
    radius: float


def subject(clip: Clip) -> Subject:
    """Return *clip* ready to be drawn; raises `DataError` if it cannot be seen from all sides."""
    motion = clip.motion
    if motion.depth is None:
        raise DataError(f"clip {clip.clip_id!r} is flat: it has no depth and only one side")
    if motion.n_actors > MOST_ACTORS:
        raise DataError(
            f"clip {clip.clip_id!r} has {motion.n_actors} actors; at most {MOST_ACTORS} are drawn"
        )
    people: Figures = figures(motion)
    present = people.present
    alive = np.flatnonzero(present.any(axis=1))
    if len(alive) == 0:
        raise DataError(f"clip {clip.clip_id!r} shows nobody at any time")
    low = np.where(present[..., None, None], people.points, np.inf).min(axis=(1, 2))
    high = np.where(present[..., None, None], people.points, -np.inf).max(axis=(1, 2))
    middle = np.zeros((len(present), 3))
    middle[alive] = 0.5 * (low + high)[alive]
    away = np.linalg.norm(people.points - middle[:, None, None], axis=-1).max(axis=2)
    radius = float(away[present].max())
    radius += 0.13 * float(people.height.max())
    return Subject(
        clip=clip,
        key=motion_key(clip.clip_id),
        points=people.points,
        joints=motion.joints.astype(np.float64),
        height=people.height,
        present=present,
        alive=alive,
        middle=middle,
        radius=radius,
    )


class ParallaxDataset:
    """Pictures of motions from random sides: item i is always the same, on every machine.

    It has a length and can be indexed, which is all that ``torch.utils.data.DataLoader`` asks for;
    items are drawn in the loader's worker processes, and the same as in the files that ``stickgen
    parallax`` writes with the same settings. Item ``(motion * views + view) * frames_per_view +
    step`` is step *step* of view *view* of motion *motion*: one view is one camera that sways a
    little, its steps are moments in the order of time, one in each equal part of the clip.

    An item is a dictionary of what the default collation of torch makes batches of:

    - ``image`` uint8 ``[S, S, 4]`` RGBA, alpha not premultiplied, nothing behind the figures
    - ``camera`` float32 ``[3, 4]``: (u, v, w) = camera (x, y, z, 1) in metres; the pixel is
      (u / w, v / w), y down, and w the distance along the optical axis
    - ``camera_pose`` float32 ``[7]``: position, target (metres) and angle of view (degrees)
    - ``joints`` float32 ``[A, 16, 2]`` pixels and ``depth`` float32 ``[A, 16]`` metres
    - ``present`` bool ``[A]``; what belongs to an absent actor is 0
    - ``order`` int64 ``[6 A]``: ``actor * 6 + part`` from far to near, then -1; parts are torso,
      head, left arm, right arm, left leg, right leg
    - ``parts`` and ``actors`` uint8 ``[S, S]``: whose part a pixel shows, counted from 1, 0 for
      nothing, edges not blended (left out with ``masks=False``)
    - ``motion_frame`` float32 ``[A, 48]`` and ``action`` int64 ``[A]`` of that moment
    - ``motion``, ``view``, ``step``, ``frame`` int; ``clip_id`` and ``text`` str

    Args:
        source: a clip store (its folder), a ``.motion`` file, or a sequence of clips or motions.
        clips: names of the clips to draw, in this order (say, those of one split); None for all.
        views: cameras a motion.
        frames_per_view: pictures a camera.
        size: width and height in pixels.
        seed: another seed gives other cameras and moments.
        masks: draw ``parts`` and ``actors`` as well, which takes longer.
        max_actors: A, the same for all items; None for the most that any motion has. Of a clip
            with more, the first A are returned, though all are drawn.
        cache: motions kept in memory; a shuffled store larger than that is read again and again.

    Raises:
        UsageError: a setting is out of range.
        DataError: a motion cannot be drawn from all sides (raised for the item); no motion at all.
    """

    def __init__(
        self,
        source: str | Path | Sequence[Clip | Motion],
        *,
        clips: Sequence[str] | None = None,
        views: int = 250,
        frames_per_view: int = 4,
        size: int = 256,
        seed: int = 0,
        masks: bool = True,
        max_actors: int | None = None,
        cache: int = 1024,
    ) -> None:
        for name, value in (("views", views), ("frames_per_view", frames_per_view)):
            if not 1 <= value <= 1_000_000:
                raise UsageError(f"{name} is {value}; ask for 1 to 1,000,000")
        if not SIZES[0] <= size <= SIZES[1]:
            raise UsageError(f"size is {size}; ask for {SIZES[0]} to {SIZES[1]} pixels")
        if not 0 <= seed < 2**63:
            raise UsageError(f"seed is {seed}; ask for 0 or more")
        self.views = views
        self.frames_per_view = frames_per_view
        self.size = size
        self.seed = seed
        self.masks = masks
        self._cache = max(1, cache)
        self._clips = _clips(source, clips)
        if not len(self._clips):
            raise DataError("there is no motion to draw")
        self._max_actors = max_actors
        self._subjects: OrderedDict[int, Subject] = OrderedDict()
        self._painter: Painter | None = None

    def __len__(self) -> int:
        return len(self._clips) * self.views * self.frames_per_view

    @property
    def clip_ids(self) -> tuple[str, ...]:
        """The names of the motions, in order."""
        return self._clips.names

    @property
    def max_actors(self) -> int:
        """A, the number of actors each item has room for."""
        if self._max_actors is None:
            self._max_actors = self._clips.most_actors()
        return self._max_actors

    def __getstate__(self) -> dict[str, Any]:
        """Return what another process needs: everything but what has been drawn or read."""
        return {**self.__dict__, "_painter": None, "_subjects": OrderedDict()}

    def place(self, index: int) -> tuple[int, int, int]:
        """Return (motion, view, step) of item *index*."""
        if not 0 <= index < len(self):
            raise IndexError(f"item {index} of {len(self)}")
        rest, step = divmod(index, self.frames_per_view)
        motion, view = divmod(rest, self.views)
        return motion, view, step

    def subject(self, motion: int) -> Subject:
        """Return motion number *motion* ready to be drawn; raises `DataError` if it cannot be."""
        kept = self._subjects.get(motion)
        if kept is None:
            kept = subject(self._clips[motion])
            self._subjects[motion] = kept
            if len(self._subjects) > self._cache:
                self._subjects.popitem(last=False)
        else:
            self._subjects.move_to_end(motion)
        return kept

    def camera(self, motion: int, view: int, step: int) -> tuple[int, PictureCamera]:
        """Return the frame and the camera of a picture."""
        who = self.subject(motion)
        share = uniforms(self.seed, who.key, view, step)[0]
        frame = int(who.alive[moment(share, step, self.frames_per_view, len(who.alive))])
        centre, radius = tuple(who.middle[frame].tolist()), who.radius
        return frame, picture_camera(self.seed, who.key, view, step, centre, radius, self.size)

    def png(self, motion: int, view: int, step: int) -> tuple[bytes, int, PictureCamera]:
        """Return the PNG file of a picture, its frame and its camera."""
        return next(self._pngs(motion, [(view, step)]))

    def pngs(
        self, motion: int, first: int, last: int
    ) -> Iterator[tuple[int, int, bytes, int, PictureCamera]]:
        """Yield view, step, PNG file, frame and camera of the pictures of views *first* to *last*
        (not included): the same as by `png`, in half the time.
        """
        places = [
            (view, step) for view in range(first, last) for step in range(self.frames_per_view)
        ]
        for place, made in zip(places, self._pngs(motion, places), strict=True):
            yield *place, *made

    def _pngs(
        self, motion: int, places: list[tuple[int, int]]
    ) -> Iterator[tuple[bytes, int, PictureCamera]]:
        """Yield PNG file, frame and camera of the pictures at *places* (view, step)."""
        who = self.subject(motion)
        painter = self._own_painter()
        for start in range(0, len(places), _AT_ONCE):
            shots = [self.camera(motion, *place) for place in places[start : start + _AT_ONCE]]
            for _, group in groupby(shots, key=lambda shot: who.present[shot[0]].tobytes()):
                same = list(group)
                layout = self._laid_out(who, same)
                for picture, (frame, camera) in enumerate(same):
                    painter.draw(layout, picture)
                    yield painter.png(), frame, camera

    def __getitem__(self, index: int) -> dict[str, Any]:
        motion, view, step = self.place(index + len(self) if index < 0 else index)
        frame, camera = self.camera(motion, view, step)
        who = self.subject(motion)
        painter = self._own_painter()
        layout = self._laid_out(who, [(frame, camera)])
        there = np.flatnonzero(who.present[frame])
        A, n = self.max_actors, len(PARTS)
        # The painter counts those who are there; everybody else counts all actors.
        order = there[layout.order[0] // n] * n + layout.order[0] % n
        ordered = np.full(A * n, -1, dtype=np.int64)
        shown = order[order < A * n]
        ordered[: len(shown)] = shown

        kept = there[there < A]
        joints, depth = np.zeros((A, N_JOINTS, 2), np.float32), np.zeros((A, N_JOINTS), np.float32)
        joints[kept], depth[kept] = project(camera.matrix, who.joints[frame, kept])
        present = np.zeros(A, dtype=np.bool_)
        present[kept] = True
        motion_frame, action = np.zeros((A, DIM), np.float32), np.zeros(A, np.int64)
        motion_frame[kept] = who.clip.motion.frames[frame, kept]
        action[kept] = who.clip.motion.actions[frame, kept]
        item: dict[str, Any] = {
            "image": painter.draw(layout).copy(),
            "camera": camera.matrix.astype(np.float32),
            "camera_pose": camera.pose,
            "joints": joints,
            "depth": depth,
            "present": present,
            "order": ordered,
        }
        if self.masks:
            parts, actors = painter.mask(layout)
            renumbered = np.zeros(256, dtype=np.uint8)
            renumbered[1 : len(there) + 1] = there + 1
            item["parts"], item["actors"] = parts, renumbered[actors]
        item.update(
            motion_frame=motion_frame,
            action=action,
            motion=motion,
            view=view,
            step=step,
            frame=frame,
            clip_id=who.clip.clip_id,
            text=who.clip.texts[0] if who.clip.texts else "",
        )
        return item

    def _own_painter(self) -> Painter:
        if self._painter is None:
            self._painter = Painter(self.size)
        return self._painter

    def _laid_out(self, who: Subject, shots: list[tuple[int, PictureCamera]]) -> Layout:
        """Return what is painted where in *shots* (frame, camera) that show the same actors."""
        there = np.flatnonzero(who.present[shots[0][0]])
        frames = [frame for frame, _ in shots]
        matrices = np.array([camera.matrix for _, camera in shots])
        focal = np.array([focal_length(camera.fov, self.size) for _, camera in shots])
        pixels, depth = project(matrices[:, None], who.points[frames][:, there])
        inks = _COLOURS[there % len(_COLOURS)]
        return lay_out(pixels, depth, who.height[there], focal, inks, self.size)


class _Stored:
    """The clips of a store, read one by one."""

    def __init__(self, path: Path, names: Sequence[str] | None) -> None:
        from stickgen.core.storage import ClipStore

        self._store = ClipStore(path)
        self.names = _chosen(self._store.clip_ids(), names)

    def __len__(self) -> int:
        return len(self.names)

    def __getitem__(self, motion: int) -> Clip:
        return self._store.clip(self.names[motion])

    def most_actors(self) -> int:
        wanted = set(self.names)
        rows = self._store.rows("clip_id", "n_actors")
        return max(int(row["n_actors"]) for row in rows if row["clip_id"] in wanted)


class _Given:
    """Clips that are in memory already."""

    def __init__(self, clips: Sequence[Clip | Motion], names: Sequence[str] | None) -> None:
        made = (
            clip if isinstance(clip, Clip) else Clip(clip, clip_id=f"motion-{i:06d}")
            for i, clip in enumerate(clips)
        )
        self._clips = {clip.clip_id: clip for clip in made}
        self.names = _chosen(tuple(self._clips), names)

    def __len__(self) -> int:
        return len(self.names)

    def __getitem__(self, motion: int) -> Clip:
        return self._clips[self.names[motion]]

    def most_actors(self) -> int:
        return max(self._clips[name].motion.n_actors for name in self.names)


def _chosen(have: Sequence[str], wanted: Sequence[str] | None) -> tuple[str, ...]:
    """Return the names to draw; raises `DataError` for one that is not there."""
    if wanted is None:
        return tuple(have)
    missing = set(wanted) - set(have)
    if missing:
        raise DataError(f"there is no clip {min(missing)!r} to draw")
    return tuple(wanted)


def _clips(
    source: str | Path | Sequence[Clip | Motion], names: Sequence[str] | None
) -> _Stored | _Given:
    if isinstance(source, str | Path):
        path = Path(source)
        if not path.is_file():
            return _Stored(path, names)
        from stickgen.core.storage import read_motion

        scene = read_motion(path)
        prompt = str(scene.meta.get("prompt") or "")
        source = [Clip(scene.motion, clip_id=path.stem, texts=(prompt,) if prompt else ())]
    return _Given(source, names)
