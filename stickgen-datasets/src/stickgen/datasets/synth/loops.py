"""Endless motions: the stretch whose end flows into its beginning, gone through several times."""

from __future__ import annotations

from typing import Final

import numpy as np

from stickgen.core import kinematics, ops
from stickgen.core.schema import J
from stickgen.core.types import Motion

SHORTEST: Final = 0.7
"""Seconds of the shortest stretch that counts as a cycle."""

CLOSE: Final = 0.09
"""Mean distance of joints in metres up to which two poses, with their speeds, are the same."""

LIVELY: Final = 0.7
"""Least movement a second of a cycle, as a share of the whole motion's: a pause is no cycle."""

_LOOKAHEAD: Final = 0.12
"""Seconds over which speeds count as distances."""

_SEAM: Final = 0.25


def looped(motion: Motion, seconds: float) -> Motion | None:
    """Return about *seconds* of a cycle found in *motion* of one actor, None if it has none.

    The last frame flows into the first as any frame does into the next (moved over the ground with
    the figure), so that the clip can be repeated for ever.
    """
    cycle = find_cycle(motion)
    if cycle is None:
        return None
    start, stop = cycle
    one = ops.slice_frames(motion, start, stop)
    count = max(1, round(seconds / one.seconds))
    # The first pass does not come out of a pass before it, as all others do: it is left out.
    whole = ops.concat([one] * (count + 1), blend=min(_SEAM, 0.4 * one.seconds), follow=True)
    return ops.slice_frames(whole, one.n_frames)


def find_cycle(motion: Motion) -> tuple[int, int] | None:
    """Return the frames (start, stop) between which *motion* comes back to the same pose.

    Poses are compared as seen from the body, place and heading taken out, with their speeds. Of
    cycles that close nearly as well, the longest wins; a stretch of standing about is none.
    """
    least = round(SHORTEST * motion.fps)
    if motion.n_frames < least + 3 or motion.n_actors != 1:
        return None
    joints = motion.joints[:, 0].astype(np.float64)
    heading = ops.heading(joints)
    turn = kinematics.axis_rotation(1, -heading)
    root = joints[:, J["pelvis_center"]] * np.array([1.0, 0.0, 1.0])
    local = np.einsum("tij,tkj->tki", turn, joints - root[:, None])
    rate = np.gradient(joints, 1.0 / motion.fps, axis=0)
    speed = np.einsum("tij,tkj->tki", turn, rate) * _LOOKAHEAD
    both = np.concatenate([local, speed], axis=1)[1:-1]
    flat = both.reshape(len(both), -1)
    squares = (flat**2).sum(axis=1)
    gap = squares[:, None] + squares[None, :] - 2.0 * flat @ flat.T
    gap = np.sqrt(np.maximum(gap, 0.0) / both.shape[1])
    early, late = np.triu_indices(len(both), least)
    if not early.size:
        return None
    travelled = np.linalg.norm(np.diff(local[1:-1], axis=0), axis=-1).mean(axis=-1)
    travelled = np.concatenate([[0.0], np.cumsum(travelled)])
    rate_of = (travelled[late] - travelled[early]) / (late - early)
    lively = rate_of >= LIVELY * travelled[-1] / (len(both) - 1)
    early, late = early[lively], late[lively]
    if not early.size:
        return None
    found = gap[early, late]
    best = float(found.min())
    if best > CLOSE:
        return None
    good = np.flatnonzero(found <= min(CLOSE, best * 1.15 + 0.005))
    pick = good[np.argmax(late[good] - early[good])]
    return int(early[pick]) + 1, int(late[pick]) + 1
