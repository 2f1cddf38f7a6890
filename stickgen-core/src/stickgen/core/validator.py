"""Is a motion physically believable? Checks with named rules, and the measures behind them.

**Rules** (thresholds in `Limits`, all in physical units)
    finite, connectivity, fps
        The motion obeys the schema and has a frame rate of 1 to 240 Hz.
    bone_length
        With depth, each of the 12 bones stays within 2 % of its median length.
    joint_speed
        No joint moves faster than 15 m/s for more than 2 frames.
    acceleration
        No joint accelerates by more than 1000 m/s² for more than 2 frames.
    teleport
        No step of the pelvis differs by more than 0.2 m from the steps around it.
    penetration
        No joint is more than 2 cm under the ground for more than 2 frames.
    frozen
        A clip of a second or more is not motionless in more than 80 % of its frames.
    grounded
        A foot comes within 0.1 m of the ground at some time, unless the action leaves it.
    foot_skate
        Planted feet are not dragged along: the median speed of the slower planted foot is under
        three quarters of the body's (or under 0.3 m/s).
    joint_limits
        With depth, in at most 10 % of the frames does a knee bend forward by more than 20 degrees
        (the shin before the thigh), an elbow or a knee fold to less than 15, or the trunk or the
        neck fold by more than 140.
    jitter
        Not in more than half of the frames do three joints or more reverse an acceleration of over
        10 m/s² from one 25th of a second to the next: a body has mass, noise has none.
    overlap
        Two actors are not in one place (pelvises within 8 cm) in more than 10 % of the frames.

Calibrated on 384 real clips (CMU, Bandai, AnimatedDrawings), which all pass: over 3 frames their
joints reach 14.3 m/s and 760 m/s² and 1.9 cm under the ground, and the slower planted foot moves
with at most a third of the body's speed (in ballet 0.71 of it). `foot_skate` of their walks is
1.3 % of the height a frame with a foot planted all the time, of their runs 2.3 % with one planted
in 80 % of the frames (medians). In 607 real clips (those, DeepMimic, KayKit, Mesh2Motion) at most
0.6 % of a clip's frames have a knee bent forward and 3 % a limb folded, and 33 % jitter (a roll on
the floor; the median is 0), while noise of 5 mm makes 97 % of a walk's frames jitter.

**In another place** the limits change: see `limits_in`.

**Contents**
    - `check`, `check_arrays`: a `Report` of every rule broken, per actor.
    - `Report.by_frame`, `Report.score`, `Report.safe`: the safety critic's view of it.
    - `limits_in`: the limits under water, on the moon, on ice …
    - `planted`, `foot_skate`: contact by height, and how far planted feet slide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stickgen.core import ops, schema
from stickgen.core.actions import ACTIONS
from stickgen.core.ops import standing_height as standing_height
from stickgen.core.physics import stretches
from stickgen.core.schema import J
from stickgen.core.types import BoolArray, Motion

Array = NDArray[np.float64]

RULES: Final[tuple[str, ...]] = (
    "finite",
    "connectivity",
    "fps",
    "bone_length",
    "joint_speed",
    "acceleration",
    "teleport",
    "penetration",
    "frozen",
    "grounded",
    "foot_skate",
    "joint_limits",
    "jitter",
    "overlap",
)
"""Names of the rules, in the order in which they are checked."""

SEVERITY: Final[Mapping[str, float]] = {
    "finite": 1.0,
    "connectivity": 1.0,
    "fps": 0.3,
    "bone_length": 0.7,
    "joint_speed": 0.8,
    "acceleration": 0.7,
    "teleport": 0.8,
    "penetration": 0.7,
    "frozen": 0.9,
    "grounded": 0.5,
    "foot_skate": 0.7,
    "joint_limits": 0.8,
    "jitter": 0.7,
    "overlap": 0.5,
}
"""How bad it is to break a rule, 0-1; from 0.7 on a motion is not safe to show."""

UNSAFE: Final = 0.7

PLACES: Final[Mapping[str, tuple[float, float, float]]] = {
    "space_vacuum": (0.5, 0.3, -10.0),
    "moon": (1.5, 0.5, -0.1),
    "mars": (1.3, 0.7, -0.1),
    "asteroid": (0.5, 0.3, -10.0),
    "alien_planet_low_g": (1.5, 0.5, -0.1),
    "cloud_realm": (0.6, 0.4, -10.0),
    "underwater": (0.4, 0.4, -10.0),
    "ocean_surface": (0.6, 0.5, -10.0),
    "river": (0.5, 0.5, -5.0),
    "lake": (0.5, 0.5, -5.0),
    "pool": (0.5, 0.5, -2.0),
    "swamp": (0.6, 0.5, -0.1),
    "rink": (1.5, 0.7, -0.1),
    "arctic": (1.2, 0.8, -0.1),
    "ice_realm": (1.3, 0.7, -0.1),
    "rooftop": (1.0, 1.0, -5.0),
    "forest": (0.9, 1.0, -0.1),
    "desert": (0.9, 1.0, -0.1),
    "beach": (0.9, 1.0, -0.1),
    "mountain": (0.8, 1.0, -0.1),
    "stadium": (1.2, 1.2, -0.1),
    "arena": (1.2, 1.2, -0.1),
    "track": (1.3, 1.2, -0.1),
    "field": (1.1, 1.0, -0.1),
}
"""The reference's table: factors on the fastest speed and the strongest acceleration, and how deep
(m) a body may go. A depth of -0.1 is the ground of everywhere else; deeper is open water or air.
"""

SLIPPERY: Final = 0.3
"""Friction below which feet may slide."""

OFF_GROUND: Final[frozenset[str]] = frozenset(
    {"jump", "climbing", "swimming", "flying", "backflip", "cartwheel"}
)
"""Actions whose feet need not come near the ground."""

DRAGGING: Final[frozenset[str]] = frozenset(
    {"crawling", "swimming", "flying", "lie_down", "kneel", "fall", "get_up", "climbing"}
)
"""Actions in which a low ankle does not carry the body, so that it may slide."""

_ANKLES: Final = [J["l_ankle"], J["r_ankle"]]


@dataclass(frozen=True, slots=True)
class Limits:
    """Thresholds of `check`; change one with ``dataclasses.replace``."""

    fps_low: float = 1.0
    """Lowest legal frame rate, Hz."""
    fps_high: float = 240.0
    """Highest legal frame rate, Hz."""
    bone_tolerance: float = 0.02
    """Allowed deviation of a bone from its median length, as a fraction of it."""
    joint_speed: float = 15.0
    """Fastest a joint may move for longer than `patience`, m/s."""
    acceleration: float = 1000.0
    """Strongest acceleration of a joint for longer than `patience`, m/s²."""
    patience: int = 2
    """Frames for which a speed, an acceleration or a depth under ground may be exceeded."""
    teleport: float = 0.2
    """Largest difference of a step of the pelvis from the mean of the steps around it, m."""
    teleport_acceleration: float = 40.0
    """Added to `teleport` as this many m/s² over one frame: low rates take long steps."""
    penetration: float = 0.02
    """How far a joint may be under the ground, m."""
    frozen_speed: float = 0.005
    """A figure is motionless while no joint is faster than this, m/s."""
    frozen_share: float = 0.8
    """Largest share of motionless frames."""
    frozen_seconds: float = 1.0
    """Shortest clip that is checked for being frozen, s."""
    reach: float = 0.1
    """How near the ground a sole must come at some time, m."""
    skate_share: float = 0.75
    """Fastest a body may drag its planted feet along, as a share of its own speed."""
    skate_speed: float = 0.3
    """Feet that slide slower than this never count as dragged, m/s."""
    skate_contact: float = 0.25
    """Share of frames with a foot planted below which sliding cannot be judged."""
    knee_forward: float = 20.0
    """Furthest a knee may bend the wrong way, degrees."""
    folded: float = 15.0
    """Smallest angle between the bones of an elbow or a knee, degrees."""
    trunk: float = 140.0
    """Largest angle between two neighbouring bones of the trunk and the neck, degrees."""
    limits_share: float = 0.1
    """Largest share of frames in which a joint may be beyond its limits."""
    jitter: float = 10.0
    """A reversal of an acceleration stronger than this counts as jitter, m/s²."""
    jitter_joints: int = 3
    """So many joints must do so at once."""
    jitter_share: float = 0.5
    """Largest share of frames that jitter."""
    overlap: float = 0.08
    """Two pelvises nearer to each other than this are in one place, m."""
    overlap_share: float = 0.1
    """Largest share of frames in which two actors may be in one place."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One rule broken by one actor, from frame ``start`` to ``stop`` (exclusive)."""

    rule: str
    actor: int
    start: int
    stop: int
    message: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.message}"


@dataclass(frozen=True, eq=False)
class Report:
    """What `check` found: the ``issues``, and the measures behind them in ``tracks``.

    Tracks are arrays ``[T, A]``: ``joint_speed`` (m/s, the fastest joint), ``acceleration``
    (m/s², the strongest), ``lowest`` (m, the lowest joint), ``bone_error`` (largest share by
    which a bone differs from its median; absent from a flat motion) and ``skate`` (m that planted
    feet slid since the frame before); and ``planted`` ``[T, A, 2]`` (left, right). There are none
    if the motion does not even obey the schema.
    """

    issues: tuple[Issue, ...] = ()
    tracks: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    by_frame: Mapping[str, BoolArray] = field(default_factory=dict)
    """For each rule that looks at frames, in which ``[T, A]`` it is exceeded, whether or not often
    or long enough to break it."""

    @property
    def ok(self) -> bool:
        """Whether no rule is broken."""
        return not self.issues

    @property
    def rules(self) -> tuple[str, ...]:
        """Names of the broken rules, each once, in the order of `RULES`."""
        broken = {issue.rule for issue in self.issues}
        return tuple(rule for rule in RULES if rule in broken)

    @property
    def score(self) -> float:
        """1 for a motion without fault, down to 0: less a third of the broken rules' severities."""
        return max(0.0, 1.0 - sum(SEVERITY[rule] for rule in self.rules) / 3.0)

    @property
    def safe(self) -> bool:
        """Whether no broken rule is as bad as `UNSAFE`."""
        return all(SEVERITY[rule] < UNSAFE for rule in self.rules)

    def __str__(self) -> str:
        return "; ".join(map(str, self.issues)) or "no rule is broken"


# -- contact -------------------------------------------------------------------------------------


class FootSkate(NamedTuple):
    """How much planted feet slide, per actor ``[A]``.

    ``skate`` is their mean horizontal displacement per frame as a fraction of the standing height
    (NaN where no foot is ever planted for two frames running), ``planted`` the share of frames in
    which a foot is planted, ``root_speed`` the mean speed of the pelvis over the ground in m/s. A
    figure that does not travel has no skate to be proud of: read the three together.
    """

    skate: Array
    planted: Array
    root_speed: Array


def planted(motion: Motion) -> BoolArray:
    """Return whether the left and the right foot is planted, ``[T, A, 2]``.

    A foot is planted while its ankle is within 0.03 H of 0.045 H, the height of a flat-standing
    ankle; its speed does not count. H is the actor's `standing_height`.
    """
    height = standing_height(motion)[None, :, None]
    ankles = motion.joints[:, :, _ANKLES, 1].astype(np.float64)
    near = np.abs(ankles - schema.ANKLE_HEIGHT * height) <= schema.PLANTED_MARGIN * height
    return near & motion.present[..., None]


def _slides(motion: Motion, contact: BoolArray) -> tuple[Array, BoolArray]:
    """Return each foot's horizontal step since the frame before and whether it was planted in both.

    Both are ``[T, A, 2]``; the step of frame 0 is 0.
    """
    ankles = motion.joints[:, :, _ANKLES].astype(np.float64)[..., [0, 2]]
    steps = np.zeros(contact.shape)
    held = np.zeros(contact.shape, dtype=np.bool_)
    steps[1:] = np.linalg.norm(np.diff(ankles, axis=0), axis=-1)
    held[1:] = contact[1:] & contact[:-1]
    return steps, held


def foot_skate(motion: Motion) -> FootSkate:
    """Return how far planted feet slide per frame, with the planted share and the root's speed.

    The step of a foot counts when it is planted in both frames (see `planted`).
    """
    contact = planted(motion)
    steps, held = _slides(motion, contact)
    count = held.sum(axis=(0, 2))
    total = np.where(held, steps, 0.0).sum(axis=(0, 2))
    mean = np.divide(total, count, out=np.full(len(count), np.nan), where=count > 0)
    frames = np.maximum(motion.present.sum(axis=0), 1)
    speed = ops.root_speed(motion).sum(axis=0) / frames
    return FootSkate(
        skate=mean / standing_height(motion),
        planted=contact.any(axis=-1).sum(axis=0) / frames,
        root_speed=speed,
    )


# -- rules ---------------------------------------------------------------------------------------


def limits_in(environment: str, limits: Limits | None = None) -> Limits:
    """Return *limits* for a place of `stickgen.core.environments`.

    Speed and acceleration are scaled by `PLACES`; where bodies swim, float or fly, none has to
    come down and none can be under the ground; on ice feet may slide. Raises `UsageError` for an
    unknown place.
    """
    from dataclasses import replace

    from stickgen.core.environments import environment as row

    limits, place = limits or Limits(), row(environment)
    speed, acceleration, depth = PLACES.get(environment, (1.0, 1.0, -0.1))
    deep = depth < -0.1
    return replace(
        limits,
        joint_speed=limits.joint_speed * speed,
        acceleration=limits.acceleration * acceleration,
        penetration=max(limits.penetration, -depth) if deep else limits.penetration,
        reach=np.inf if deep else limits.reach,
        skate_speed=np.inf if deep or place.friction < SLIPPERY else limits.skate_speed,
    )


def check(
    motion: Motion,
    limits: Limits | None = None,
    *,
    off_ground: bool = False,
    environment: str | None = None,
) -> Report:
    """Return every rule that *motion* breaks, at most one issue per rule and actor (the worst).

    *off_ground* says that the feet need not come near the ground (a swimmer by its caption);
    frames whose action is in `OFF_GROUND` say so by themselves. *environment* names the place,
    which changes the limits (`limits_in`).
    """
    limits = limits or Limits()
    if environment is not None:
        limits = limits_in(environment, limits)
    measures = _Measures(motion)
    issues = [issue for rule in _CHECKS for issue in rule(measures, limits)]
    if not off_ground:
        issues += _grounded(measures, limits)
    issues += _skating(measures, limits)
    wrong = _wrong_joints(motion, limits)
    jittery = _reversals(motion, limits)
    together = _together(motion, limits)
    issues += _too_often(motion, "joint_limits", wrong, limits.limits_share,
                         "bends a joint as no body can")  # fmt: skip
    issues += _too_often(motion, "jitter", jittery, limits.jitter_share, "jitters")
    issues += _too_often(motion, "overlap", together, limits.overlap_share,
                         "is in one place with another")  # fmt: skip
    order = {rule: i for i, rule in enumerate(RULES)}
    issues.sort(key=lambda issue: (order[issue.rule], issue.actor))
    tracks: dict[str, NDArray[Any]] = {
        "joint_speed": measures.speed.max(axis=-1),
        "acceleration": measures.acceleration.max(axis=-1),
        "lowest": measures.lowest,
        "planted": measures.contact,
        "skate": np.where(measures.held, measures.steps, 0.0).max(axis=-1),
    }
    by_frame = {
        "joint_speed": tracks["joint_speed"] > limits.joint_speed,
        "acceleration": tracks["acceleration"] > limits.acceleration,
        "penetration": measures.lowest < -limits.penetration,
        "frozen": measures.known & (tracks["joint_speed"] < limits.frozen_speed),
        "foot_skate": tracks["skate"] * motion.fps > limits.skate_speed,
        "joint_limits": wrong,
        "jitter": jittery,
        "overlap": together,
    }
    if measures.bone_error is not None:
        tracks["bone_error"] = measures.bone_error.max(axis=-1)
        by_frame["bone_length"] = tracks["bone_error"] > limits.bone_tolerance
    return Report(tuple(issues), tracks, by_frame)


def check_arrays(
    frames: ArrayLike,
    fps: float,
    *,
    limits: Limits | None = None,
    off_ground: bool = False,
    environment: str | None = None,
    **tracks: Any,
) -> Report:
    """Return the `check` of raw arrays, which may break what a `Motion` refuses to hold.

    *frames* is ``[T, A, 48]`` or ``[T, 48]``; *tracks* are the other fields of `Motion`. Values
    that are not finite and points that do not meet are reported as issues; raises `SchemaError`
    only for shapes and labels that are not a motion at all.
    """
    frames = np.asarray(frames, dtype=np.float64)
    if frames.ndim == 2:
        frames = frames[:, None]
    arrays = {"frames": frames, "depth": tracks.get("depth"), "face": tracks.get("face")}
    issues = []
    for name, array in arrays.items():
        bad = ~np.isfinite(np.asarray(0.0 if array is None else array, dtype=np.float64))
        if bad.any():
            frame, actor = (int(i) for i in np.argwhere(bad)[0][:2])
            message = f"actor {actor} has {name} that is not finite at frame {frame}"
            issues.append(Issue("finite", actor, frame, frame + 1, message))
    if not issues and frames.ndim == 3 and frames.shape[-1] == schema.DIM:
        broken = schema.connectivity_error(frames, tracks.get("present"))
        if broken is not None:
            message = (
                f"actor {broken.actor} breaks the rule {broken.rule!r} at frame {broken.frame}"
                f" by {broken.gap:.4g} m"
            )
            issue = Issue("connectivity", broken.actor, broken.frame, broken.frame + 1, message)
            issues.append(issue)
    if not (np.isfinite(fps) and fps > 0):
        issues.append(Issue("fps", 0, 0, len(frames), f"the frame rate is {fps}"))
    if issues:
        return Report(tuple(issues))
    motion = Motion(frames.astype(np.float32), fps=fps, **tracks)
    return check(motion, limits, off_ground=off_ground, environment=environment)


class _Measures:
    """Everything the rules look at, computed once."""

    def __init__(self, motion: Motion) -> None:
        self.motion = motion
        fps, present = motion.fps, motion.present
        joints = motion.joints.astype(np.float64)
        self.height = standing_height(motion)
        known = np.zeros(present.shape, dtype=np.bool_)  # present here and one frame before
        known[1:] = present[1:] & present[:-1]
        step = np.zeros_like(joints)
        step[1:] = np.diff(joints, axis=0)
        self.step = np.where(known[..., None, None], step, 0.0)
        self.known = known
        self.speed = np.linalg.norm(self.step, axis=-1) * fps
        change = np.zeros_like(joints)
        twice = known[1:] & known[:-1]
        change[1:] = np.where(twice[..., None, None], np.diff(self.step, axis=0), 0.0)
        self.acceleration = np.linalg.norm(change, axis=-1) * fps**2
        self.root_speed = ops.root_speed(motion)
        self.lowest = np.where(present, joints[..., 1].min(axis=-1), 0.0)
        self.ankles = np.where(present, joints[:, :, _ANKLES, 1].min(axis=-1), np.inf)
        self.contact = planted(motion)
        self.steps, self.held = _slides(motion, self.contact)
        self.bone_error = None
        if motion.depth is not None:
            lengths = np.where(present[..., None], ops.bone_lengths(motion), np.nan)
            error = np.zeros_like(lengths)
            for actor in np.flatnonzero(present.any(axis=0)):
                middle = np.nanmedian(lengths[:, actor], axis=0)
                error[:, actor] = np.abs(lengths[:, actor] / np.maximum(middle, 1e-3) - 1.0)
            self.bone_error = np.where(present[..., None], error, 0.0)

    def does(self, actor: int, names: frozenset[str]) -> BoolArray:
        """Return in which frames ``[T]`` the actor's main action is one of *names*."""
        rows = [i for i, row in enumerate(ACTIONS) if row.name in names]
        return np.isin(self.motion.actions[:, actor], rows)


def _worst(
    rule: str, actor: int, values: Array, limit: float, patience: int
) -> tuple[int, int, int, str] | None:
    """Return the longest run ``[T, K]`` above *limit* that exceeds *patience* frames, else None.

    As (start, stop, column, "" or how many other runs there are).
    """
    runs = [
        (stop - start, start, stop, k)
        for k in np.flatnonzero((values > limit).any(axis=0))
        for start, stop in stretches(values[:, k] > limit)
        if stop - start > patience
    ]
    if not runs:
        return None
    _, start, stop, k = max(runs, key=lambda run: (run[0], -run[1]))
    return start, stop, int(k), f", and {len(runs) - 1} times more" if len(runs) > 1 else ""


def _fps(m: _Measures, limits: Limits) -> Iterator[Issue]:
    fps = m.motion.fps
    if not limits.fps_low <= fps <= limits.fps_high:
        message = (
            f"the frame rate is {fps:g} Hz, expected {limits.fps_low:g} to {limits.fps_high:g}"
        )
        yield Issue("fps", 0, 0, m.motion.n_frames, message)


def _bone_length(m: _Measures, limits: Limits) -> Iterator[Issue]:
    if m.bone_error is None:
        return
    for actor in range(m.motion.n_actors):
        error = m.bone_error[:, actor]
        found = _worst("bone_length", actor, error, limits.bone_tolerance, 0)
        if found:
            start, stop, k, more = found
            share = error[start:stop, k].max()
            message = (
                f"actor {actor}'s {schema.SEGMENTS[k][0]} differs by {share:.1%} from its median"
                f" length at frames {start}-{stop - 1}{more}"
            )
            yield Issue("bone_length", actor, start, stop, message)


def _joint_speed(m: _Measures, limits: Limits) -> Iterator[Issue]:
    for actor in range(m.motion.n_actors):
        speed = m.speed[:, actor]
        found = _worst("joint_speed", actor, speed, limits.joint_speed, limits.patience)
        if found:
            start, stop, k, more = found
            message = (
                f"actor {actor}'s {schema.JOINTS[k]} moves at {speed[start:stop, k].max():.1f} m/s"
                f" at frames {start}-{stop - 1}{more}"
            )
            yield Issue("joint_speed", actor, start, stop, message)


def _acceleration(m: _Measures, limits: Limits) -> Iterator[Issue]:
    for actor in range(m.motion.n_actors):
        values = m.acceleration[:, actor]
        found = _worst("acceleration", actor, values, limits.acceleration, limits.patience)
        if found:
            start, stop, k, more = found
            message = (
                f"actor {actor}'s {schema.JOINTS[k]} accelerates at"
                f" {values[start:stop, k].max():.0f} m/s² at frames {start}-{stop - 1}{more}"
            )
            yield Issue("acceleration", actor, start, stop, message)


def _teleport(m: _Measures, limits: Limits) -> Iterator[Issue]:
    root = m.step[:, :, J["pelvis_center"]]
    limit = limits.teleport + limits.teleport_acceleration / m.motion.fps**2
    for actor in range(m.motion.n_actors):
        jumps = np.zeros(m.motion.n_frames)
        for start, stop in stretches(m.known[:, actor]):
            steps = root[start:stop, actor]
            if len(steps) < 2:
                continue
            around = np.empty_like(steps)
            around[0], around[-1] = steps[1], steps[-2]
            around[1:-1] = (steps[:-2] + steps[2:]) / 2.0
            jumps[start:stop] = np.linalg.norm(steps - around, axis=-1)
        frame = int(np.argmax(jumps))
        if jumps[frame] > limit:
            message = (
                f"actor {actor} leaps by {jumps[frame]:.2f} m from frame {frame - 1} to {frame}"
            )
            yield Issue("teleport", actor, frame, frame + 1, message)


def _penetration(m: _Measures, limits: Limits) -> Iterator[Issue]:
    for actor in range(m.motion.n_actors):
        under = -m.lowest[:, actor, None]
        found = _worst("penetration", actor, under, limits.penetration, limits.patience)
        if found:
            start, stop, _, more = found
            message = (
                f"actor {actor} is {under[start:stop].max() * 100:.1f} cm under the ground at"
                f" frames {start}-{stop - 1}{more}"
            )
            yield Issue("penetration", actor, start, stop, message)


def _frozen(m: _Measures, limits: Limits) -> Iterator[Issue]:
    fastest = m.speed.max(axis=-1)
    for actor in range(m.motion.n_actors):
        known = m.known[:, actor]
        if known.sum() / m.motion.fps < limits.frozen_seconds:
            continue
        still: BoolArray = known & (fastest[:, actor] < limits.frozen_speed)
        share = still.sum() / known.sum()
        if share > limits.frozen_share:
            start, stop = max(stretches(still), key=lambda run: run[1] - run[0])
            message = f"actor {actor} is motionless in {share:.0%} of the frames"
            yield Issue("frozen", actor, start, stop, message)


def _grounded(m: _Measures, limits: Limits) -> Iterator[Issue]:
    for actor in range(m.motion.n_actors):
        here = m.motion.present[:, actor]
        if not here.any() or (m.does(actor, OFF_GROUND) & here).any():
            continue
        sole = float(m.ankles[:, actor].min()) - schema.ANKLE_HEIGHT * float(m.height[actor])
        if sole > limits.reach:
            start, stop = int(np.argmax(here)), int(len(here) - np.argmax(here[::-1]))
            message = f"actor {actor}'s feet never come nearer to the ground than {sole:.2f} m"
            yield Issue("grounded", actor, start, stop, message)


def _skating(m: _Measures, limits: Limits) -> Iterator[Issue]:
    """Judge the slower planted foot: in every gait one foot rests while the other may pass low."""
    slower = np.where(m.held, m.steps, np.inf).min(axis=-1) * m.motion.fps
    for actor in range(m.motion.n_actors):
        slow = slower[:, actor]
        planting = np.isfinite(slow) & ~m.does(actor, DRAGGING)
        share = planting.sum() / max(1, m.known[:, actor].sum())
        if not planting.any() or share < limits.skate_contact:
            continue
        feet = float(np.median(slow[planting]))
        body = float(m.root_speed[planting, actor].mean())
        if feet > max(limits.skate_speed, limits.skate_share * body):
            start, stop = max(stretches(planting), key=lambda run: run[1] - run[0])
            message = (
                f"actor {actor}'s planted feet slide at {feet:.2f} m/s while its body moves at"
                f" {body:.2f} m/s"
            )
            yield Issue("foot_skate", actor, start, stop, message)


def _angle(a: Array, b: Array) -> Array:
    """Return the angle between two directions ``[..., 3]`` in degrees."""
    size = np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1)
    cos = np.sum(a * b, axis=-1) / np.maximum(size, 1e-9)
    return np.asarray(np.degrees(np.arccos(np.clip(cos, -1.0, 1.0))))


def _wrong_joints(motion: Motion, limits: Limits) -> BoolArray:
    """Return in which frames ``[T, A]`` a joint is beyond its limits (in none without depth)."""
    wrong = np.zeros(motion.present.shape, dtype=np.bool_)
    if motion.depth is None:
        return wrong
    joints = motion.joints.astype(np.float64)

    def bone(a: str, b: str) -> Array:
        return np.asarray(joints[:, :, J[b]] - joints[:, :, J[a]])

    right = bone("l_hip", "r_hip")
    right /= np.maximum(np.linalg.norm(right, axis=-1, keepdims=True), 1e-9)
    forward = np.sin(np.radians(limits.knee_forward))
    for side in "lr":
        thigh, shin = bone(f"{side}_hip", f"{side}_knee"), bone(f"{side}_knee", f"{side}_ankle")
        size = np.linalg.norm(thigh, axis=-1) * np.linalg.norm(shin, axis=-1)
        sense = np.sum(np.cross(thigh, shin) * right, axis=-1) / np.maximum(size, 1e-9)
        wrong |= sense > forward
        wrong |= _angle(thigh, shin) > 180.0 - limits.folded
        upper = bone(f"{side}_shoulder", f"{side}_elbow")
        wrong |= _angle(upper, bone(f"{side}_elbow", f"{side}_wrist")) > 180.0 - limits.folded
    lower, higher = bone("pelvis_center", "chest"), bone("chest", "neck")
    wrong |= _angle(lower, higher) > limits.trunk
    wrong |= _angle(higher, bone("neck", "head_center")) > limits.trunk
    return wrong & motion.present


def _reversals(motion: Motion, limits: Limits) -> BoolArray:
    """Return in which frames ``[T, A]`` several joints reverse a strong acceleration at once.

    Looked at in steps of about a 25th of a second, whatever the frame rate.
    """
    out = np.zeros(motion.present.shape, dtype=np.bool_)
    stride = max(1, round(motion.fps / schema.FPS))
    present = motion.present[::stride]
    joints = motion.joints[::stride].astype(np.float64)
    if len(joints) < 4:
        return out
    change = np.diff(joints, n=2, axis=0) * (motion.fps / stride) ** 2
    size = np.linalg.norm(change, axis=-1)
    cos = np.sum(change[1:] * change[:-1], axis=-1) / np.maximum(size[1:] * size[:-1], 1e-9)
    back = (cos < -0.3) & (np.minimum(size[1:], size[:-1]) > limits.jitter)
    known = present[3:] & present[2:-1] & present[1:-2] & present[:-3]
    busy = (back.sum(axis=-1) >= limits.jitter_joints) & known
    coarse = np.concatenate([busy[:1], busy[:1], busy, busy[-1:]])
    return np.repeat(coarse, stride, axis=0)[: len(out)] & motion.present


def _together(motion: Motion, limits: Limits) -> BoolArray:
    """Return in which frames ``[T, A]`` an actor is where another one is."""
    out = np.zeros(motion.present.shape, dtype=np.bool_)
    if motion.n_actors < 2 or motion.depth is None:
        return out
    pelvis = motion.joints[:, :, J["pelvis_center"]].astype(np.float64)
    gap = np.linalg.norm(pelvis[:, :, None] - pelvis[:, None], axis=-1)
    both = motion.present[:, :, None] & motion.present[:, None]
    near = (gap < limits.overlap) & both & ~np.eye(motion.n_actors, dtype=np.bool_)
    return np.asarray(near.any(axis=-1))


def _too_often(
    motion: Motion, rule: str, flags: BoolArray, share: float, does: str
) -> Iterator[Issue]:
    """Yield an issue for each actor of whom *flags* ``[T, A]`` hold in too large a *share*."""
    for actor in range(motion.n_actors):
        count = int(motion.present[:, actor].sum())
        often = flags[:, actor].sum() / max(count, 1)
        if often <= share or flags[:, actor].sum() <= 2:
            continue
        start, stop = max(stretches(flags[:, actor]), key=lambda run: run[1] - run[0])
        message = f"actor {actor} {does} in {often:.0%} of the frames, as at {start}-{stop - 1}"
        yield Issue(rule, actor, start, stop, message)


_CHECKS: Final = (_fps, _bone_length, _joint_speed, _acceleration, _teleport, _penetration, _frozen)
