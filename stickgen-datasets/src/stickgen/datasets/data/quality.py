"""How good a clip is, as one number from 0 to 1 made of measures in physical units.

**From a measure to a term**
    ``falling(x, good, bad)`` is 1 up to *good*, 0 from *bad* on and linear between: continuous,
    and never larger for a larger x. Every term below is made of it, so the score is continuous
    and monotone in each measure.

**Measures** (the worst actor counts; frames in which somebody is absent do not)
    ============  =====  ==========  ========================================================
    measure       unit   good, bad   meaning
    ============  =====  ==========  ========================================================
    speed         m/s    10, 20      largest speed that a joint keeps up for 3 frames
    acceleration  m/s²   500, 1500   largest acceleration that a joint keeps up for 3 frames
    jitter        mm     4, 12       noise of the joints' places: the median third difference
                                     over 0.6745·√20, which it has in white noise
    still         share  0.3, 0.9    frames in which no joint is faster than 5 mm/s
    burst         share  0, 0.1      frames in which a joint is faster than 15 m/s
    skate         m/s    1, 3        mean speed over the ground of feet that are planted
    sunk          m      0.02, 0.2   greatest depth under the ground kept up for 3 frames
    stretch       share  0.02, 0.2   largest deviation of a bone from its median length kept
                                     up for 3 frames (0 without depth)
    shake         m/s²   5, 50       root mean square acceleration of the camera
    swing         °/s²   50, 500     the same of its angle of view and roll
    words         words  5, 0        words of the longest caption
    ============  =====  ==========  ========================================================

Real recordings have a jitter of up to 4 mm in fast runs (0.7 mm in the middle), speeds up to
11 m/s, accelerations up to 480 m/s² and no still frames.

**Terms**
    - physics = the smaller of the falling speed and the falling acceleration.
    - artifact = 1 - Π (1 - w·(1 - falling(x))) over jitter (w = 0.8), still (0.8), burst (1),
      skate (0.6), sunk (0.6) and stretch (0.8): one grave fault is enough, small ones add up.
    - camera = falling shake times falling swing; 1 without a camera, which then stands still.
    - caption = words / 5, at most 1.
    - score = 0.30 physics + 0.30 (1 - artifact) + 0.15 camera + 0.25 caption. A clip without a
      caption therefore has at most 0.75: good enough to learn motion from, not to learn words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core import validator
from stickgen.core.environments import ENVIRONMENTS
from stickgen.core.types import CameraTrack, Clip, Motion

Array = NDArray[np.float64]

RANGES: Final[Mapping[str, tuple[float, float]]] = {
    "speed": (10.0, 20.0),
    "acceleration": (500.0, 1500.0),
    "jitter": (4.0, 12.0),
    "still": (0.3, 0.9),
    "burst": (0.0, 0.1),
    "skate": (1.0, 3.0),
    "sunk": (0.02, 0.2),
    "stretch": (0.02, 0.2),
    "shake": (5.0, 50.0),
    "swing": (50.0, 500.0),
    "words": (5.0, 0.0),
}
"""(good, bad) of each measure."""

ARTIFACT_WEIGHTS: Final[Mapping[str, float]] = {
    "jitter": 0.8, "still": 0.8, "burst": 1.0, "skate": 0.6, "sunk": 0.6, "stretch": 0.8,
}  # fmt: skip

WEIGHTS: Final[Mapping[str, float]] = {
    "physics": 0.30, "artifact": 0.30, "camera": 0.15, "caption": 0.25,
}  # fmt: skip

_KEPT_UP: Final = 3
"""Frames for which a value must be kept up to count."""


@dataclass(frozen=True, slots=True)
class Measures:
    """What `quality` is made of; see the table of the module."""

    speed: float = 0.0
    acceleration: float = 0.0
    jitter: float = 0.0
    still: float = 0.0
    burst: float = 0.0
    skate: float = 0.0
    sunk: float = 0.0
    stretch: float = 0.0
    shake: float = 0.0
    swing: float = 0.0
    words: float = 0.0


@dataclass(frozen=True, slots=True)
class Quality:
    """The score and its terms, each from 0 to 1; ``artifact`` is 0 for a clean clip."""

    score: float
    physics: float
    artifact: float
    camera: float
    caption: float

    def rounded(self) -> dict[str, float]:
        """Return everything to four decimals, by name."""
        return {name: round(value, 4) for name, value in asdict(self).items()}


def falling(value: float, good: float, bad: float) -> float:
    """Return 1 up to *good*, 0 from *bad* on, linear between (*bad* may be the smaller one)."""
    return min(1.0, max(0.0, (bad - value) / (bad - good)))


def quality(measures: Measures) -> Quality:
    """Return the quality that follows from *measures*."""
    term = {name: falling(getattr(measures, name), *RANGES[name]) for name in RANGES}
    physics = min(term["speed"], term["acceleration"])
    clean = 1.0
    for name, weight in ARTIFACT_WEIGHTS.items():
        clean *= 1.0 - weight * (1.0 - term[name])
    camera = term["shake"] * term["swing"]
    score = (
        WEIGHTS["physics"] * physics
        + WEIGHTS["artifact"] * clean
        + WEIGHTS["camera"] * camera
        + WEIGHTS["caption"] * term["words"]
    )
    return Quality(score, physics, 1.0 - clean, camera, term["words"])


def place(clip: Clip) -> str | None:
    """Return the environment that the metadata of *clip* name, which changes what a body can do
    there (`validator.limits_in`); None where they name none that is known.
    """
    named = clip.meta.get("environment", clip.meta.get("environment_type"))
    return named if named in {row.name for row in ENVIRONMENTS} else None


def measure(clip: Clip, report: validator.Report | None = None) -> Measures:
    """Return the measures of *clip*; *report* is its `validator.check`, if that is known."""
    motion = clip.motion
    tracks = (report or validator.check(motion, environment=place(clip))).tracks
    skating = validator.foot_skate(motion)
    skate = np.nan_to_num(skating.skate) * validator.standing_height(motion) * motion.fps
    shake, swing = _camera(clip.camera, motion.fps)
    return Measures(
        speed=kept_up(tracks["joint_speed"]),
        acceleration=kept_up(tracks["acceleration"]),
        jitter=1000.0 * jitter(motion),
        still=_still(motion, tracks["joint_speed"]),
        burst=float((tracks["joint_speed"] > 15.0).mean(axis=0).max()),
        skate=float(skate.max()),
        sunk=kept_up(-tracks["lowest"]),
        stretch=kept_up(tracks["bone_error"]) if "bone_error" in tracks else 0.0,
        shake=shake,
        swing=swing,
        words=float(max((len(text.split()) for text in clip.texts), default=0)),
    )


def kept_up(values: NDArray[np.floating]) -> float:
    """Return the largest value that a column of ``[T, A]`` does not go below for 3 frames."""
    values = np.asarray(values, dtype=np.float64)
    frames = min(_KEPT_UP, len(values))
    windows = np.lib.stride_tricks.sliding_window_view(values, frames, axis=0)
    return float(max(0.0, windows.min(axis=-1).max()))


def jitter(motion: Motion) -> float:
    """Return the estimated noise of the worst actor's joints, as a standard deviation in metres.

    The third difference of white noise of deviation s has the deviation s·√20, and the median of
    its magnitude is 0.6745 of that; smooth motion hardly has one. The median over frames, joints
    and axes leaves out the few steps that are meant. 0 for fewer than 4 frames.
    """
    worst = 0.0
    joints = motion.joints.astype(np.float64)[..., : 2 if motion.depth is None else 3]
    for actor in range(motion.n_actors):
        present = motion.present[:, actor]
        third = np.abs(np.diff(joints[:, actor], n=3, axis=0))
        known = present[3:] & present[2:-1] & present[1:-2] & present[:-3]
        if known.any():
            worst = max(worst, float(np.median(third[known])) / (0.6745 * np.sqrt(20.0)))
    return worst


def _still(motion: Motion, speed: NDArray[np.floating]) -> float:
    """Return the share of frames, the first left out, in which nobody present moves."""
    if motion.n_frames < 2:
        return 1.0
    here = motion.present[1:] & motion.present[:-1]
    still = here & (speed[1:] < 0.005)
    count = here.sum(axis=0)
    shares = np.divide(still.sum(axis=0), count, out=np.zeros(len(count)), where=count > 0)
    return float(shares.max())


def _camera(camera: CameraTrack | None, fps: float) -> tuple[float, float]:
    """Return the root mean square accelerations of a camera, in m/s² and in degrees/s²."""
    if camera is None or len(camera.position) < 3:
        return 0.0, 0.0

    def strength(*tracks: Array) -> float:
        second = [np.diff(track, n=2, axis=0).reshape(len(track) - 2, -1) for track in tracks]
        power = sum((each**2).sum(axis=1) for each in second)
        return float(np.sqrt(np.mean(power))) * fps**2

    return strength(camera.position, camera.target), strength(camera.fov, camera.roll)
