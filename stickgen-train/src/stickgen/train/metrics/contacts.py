"""`ContactMetrics`: which foot carries the body, and how far it slides while it does.

A running ankle passes low in swing, so height alone takes passing feet for standing ones (the
skate of real runs comes out at several % of the height a frame). `contacts` therefore also looks
at speed, with two thresholds each so that a contact is not torn apart by noise. As a foot that
slides fast is then no contact at all, read ``skate`` together with ``planted_fraction`` and with
``low_foot_skate``, which counts every low foot whatever its speed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core import schema, validator
from stickgen.core.errors import SchemaError, UsageError
from stickgen.core.ops import standing_height
from stickgen.core.physics import stretches
from stickgen.core.schema import J
from stickgen.core.types import BoolArray, Motion

Array = NDArray[np.float64]

LOW: Final = (0.030, 0.045)
"""How far above a flat-standing ankle a foot lands, and leaves the ground, in heights."""

SLOW: Final = (0.35, 0.70)
"""Speed at which a foot lands, and is no longer standing, in heights a second."""

SHORTEST: Final = 0.08
"""Contacts and gaps of up to this many seconds are noise."""

_ANKLES: Final = [J["l_ankle"], J["r_ankle"]]


class ContactMetrics:
    """Sliding of standing feet, and how much of the time a foot stands."""

    api_version: ClassVar[int] = 1

    def measure(self, motions: Sequence[Motion], **context: Any) -> dict[str, float]:
        """Return the figures of *motions*, a figure that nothing can be said about left out.

        ``skate`` is the mean horizontal step of a standing ankle per frame at 25 fps in % of the
        height, ``planted_fraction`` the share of frames with a foot on the ground and
        ``low_foot_skate`` the step of any foot that is low (`stickgen.core.validator.planted`).
        Raises `UsageError` without motions and `SchemaError` for one that is not finite.
        """
        if not motions:
            raise UsageError("there is no motion to measure; give at least one")
        for number, motion in enumerate(motions):
            if not np.isfinite(motion.joints).all():
                raise SchemaError(
                    f"motion {number} is not finite, so nothing is measured; mend it first"
                )
        rows = [clip_contacts(motion) for motion in motions]
        names = ("skate", "planted_fraction", "low_foot_skate")
        columns = {name: np.array([row[name] for row in rows]) for name in names}
        return {
            name: float(np.nanmean(column))
            for name, column in columns.items()
            if np.isfinite(column).any()
        }


def contacts(motion: Motion) -> BoolArray:
    """Return whether the left and the right foot carries the body, ``[T, A, 2]``.

    A foot lands when its ankle is lower than the first number of `LOW` above its flat height and
    slower than the first of `SLOW`; it stands until one exceeds the second. Stretches of up to
    `SHORTEST` are removed, such gaps closed.
    """
    height = standing_height(motion)[None, :, None]
    ankles = motion.joints[:, :, _ANKLES].astype(np.float64)
    rise = ankles[..., 1] / height - schema.ANKLE_HEIGHT
    speed = np.zeros(rise.shape)
    if motion.n_frames > 1:
        speed = np.linalg.norm(np.gradient(ankles, 1.0 / motion.fps, axis=0), axis=-1) / height
    present = np.broadcast_to(motion.present[..., None], rise.shape)
    landing = np.asarray((rise < LOW[0]) & (speed < SLOW[0]) & present)
    holding = np.asarray((rise < LOW[1]) & (speed < SLOW[1]) & present)
    shortest = round(SHORTEST * motion.fps)
    out = np.zeros(rise.shape, dtype=np.bool_)
    for actor in range(motion.n_actors):
        for foot in range(2):
            out[:, actor, foot] = _tidied(
                _hysteresis(landing[:, actor, foot], holding[:, actor, foot]), shortest
            )
    return out


def clip_contacts(motion: Motion) -> dict[str, float]:
    """Return the figures of `ContactMetrics` for one motion, NaN for what is not known."""
    standing = contacts(motion)
    height = standing_height(motion)[None, :, None]
    ankles = motion.joints[:, :, _ANKLES][..., [0, 2]].astype(np.float64)
    step = np.linalg.norm(np.diff(ankles, axis=0), axis=-1) / height * (motion.fps / 25.0) * 100.0
    low = validator.planted(motion)
    here = motion.present

    def sliding(flags: BoolArray) -> float:
        held = flags[1:] & flags[:-1]
        return float(step[held].mean()) if held.any() else float("nan")

    carried = np.asarray(standing.any(axis=-1))[here]
    return {
        "skate": sliding(standing),
        "planted_fraction": float(carried.mean()) if carried.size else float("nan"),
        "low_foot_skate": sliding(low),
    }


def _hysteresis(start: BoolArray, hold: BoolArray) -> BoolArray:
    """Return flags ``[T]`` that begin where *start* is True and last while *hold* is.

    What comes before the first *start* of a stretch does not count: a foot that is still gliding
    into its place has not landed.
    """
    out = np.zeros(len(start), dtype=np.bool_)
    for first, stop in stretches(hold):
        if start[first:stop].any():
            lead = int(np.argmax(start[first:stop]))
            out[first + lead : stop] = True
    return out


def _tidied(flags: BoolArray, shortest: int) -> BoolArray:
    """Return *flags* ``[T]`` with gaps, then stretches, of up to *shortest* frames gone."""
    out = flags.copy()
    for first, stop in stretches(~out):
        if stop - first <= shortest and first > 0 and stop < len(out):
            out[first:stop] = True
    for first, stop in stretches(out):
        if stop - first <= shortest:
            out[first:stop] = False
    return out
