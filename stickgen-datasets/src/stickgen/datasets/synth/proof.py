"""Whether a motion shows what its plan says, so that its captions are true.

=========  =========================================================================================
rule       a motion is drawn again when
=========  =========================================================================================
label      an action or overlay of the plan is nowhere in the labels of its frames
direction  who was to go forward or backward went another way, or nowhere
turn       a turn goes the wrong way round, or not far enough
hand       the other hand, or foot, does more
pace       slow is not slower, or fast not faster, than the action's own speed
apart      two actors come closer than 0.6 m, though they do not touch on purpose
meeting    who was to walk up to somebody does not arrive
length     it is shorter than a second, or half as long again as asked
=========  =========================================================================================

The rules of `stickgen.core.validator` come on top.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core import ops, validator
from stickgen.core.actions import action
from stickgen.core.schema import J
from stickgen.core.types import Motion
from stickgen.datasets.synth.plans import Plan, Step
from stickgen.datasets.synth.stage import Performance, Unfit

Array = NDArray[np.float64]

APART: Final = 0.6


def prove(plan: Plan, shown: Performance, seconds: float) -> None:
    """Raise `Unfit` with the first rule that *shown* breaks; *seconds* is how long it may be."""
    motion = shown.motion
    report = validator.check(motion)
    if not report.ok:
        raise Unfit(report.rules[0], str(report))
    if motion.seconds < 1.0 or motion.seconds > 1.5 * seconds:
        raise Unfit("length", f"it takes {motion.seconds:.1f} s")
    joints = motion.joints.astype(np.float64)
    for actor, (track, spans) in enumerate(zip(plan.tracks, shown.spans, strict=True)):
        for step, (start, stop) in zip(track.steps, spans, strict=True):
            _labelled(motion, actor, step, start, stop)
            if step.part is None:
                _as_asked(joints[start:stop, actor], step, motion.fps)
    if len(plan.tracks) > 1:
        _distances(plan, joints)


def _labelled(motion: Motion, actor: int, step: Step, start: int, stop: int) -> None:
    main = motion.actions[start:stop, actor] == action(step.action).index
    if step.overlay is None:
        if not main.any():
            raise Unfit("label", f"no frame is labelled {step.action}")
        return
    over = motion.overlay[start:stop, actor] == action(step.overlay).index
    if not (main & over).any():
        raise Unfit("label", f"no frame is labelled {step.overlay} on top of {step.action}")


def _as_asked(joints: Array, step: Step, fps: float) -> None:
    path = joints[-1, J["pelvis_center"]] - joints[0, J["pelvis_center"]]
    heading = np.unwrap(ops.heading(joints))
    forward = path[0] * np.cos(heading[0]) - path[2] * np.sin(heading[0])
    least = 0.1 if step.action == "jump" else 0.4
    if step.direction == "forward" and forward < least:
        raise Unfit("direction", f"{step.action} goes {forward:.2f} m forward")
    if step.direction == "backward" and forward > -least:
        raise Unfit("direction", f"{step.action} goes {-forward:.2f} m backward")
    if step.action == "turn":
        turned = float(heading[-1] - heading[0])
        wanted = np.pi * (step.repetitions or 1)
        side = {"left": turned, "right": -turned}.get(step.hand or "", abs(turned))
        if abs(side - wanted) > 0.7:
            raise Unfit("turn", f"it turns by {np.degrees(turned):.0f} degrees")
    elif step.hand is not None:
        _handed(joints, step)
    usual = action(step.action).speed
    if usual and step.speed != 1.0 and step.direction != "backward":
        speed = np.linalg.norm(np.diff(joints[:, 0], axis=0)[:, [0, 2]], axis=-1) * fps
        pace = float(np.percentile(speed, 75)) / usual
        if (step.speed > 1.0) != (pace > 1.0):
            raise Unfit("pace", f"{step.action} goes at {pace:.2f} of its usual speed")


def _handed(joints: Array, step: Step) -> None:
    """Compare both hands: fists by how far they travel, feet and other hands by how high they get.

    Against its own shoulder or hip, so that swinging along with the steps does not count.
    """
    end, root = ("ankle", "hip") if step.action == "kick" else ("wrist", "shoulder")
    does = {}
    for side in ("left", "right"):
        limb = joints[:, J[f"{side[0]}_{end}"]] - joints[:, J[f"{side[0]}_{root}"]]
        travel = np.linalg.norm(np.diff(limb, axis=0), axis=-1).sum()
        does[side] = float(travel if step.action == "punch" else np.percentile(limb[:, 1], 95))
    other = "left" if step.hand == "right" else "right"
    if does[step.hand or "right"] <= does[other]:
        raise Unfit("hand", f"the {other} one does more")


def _distances(plan: Plan, joints: Array) -> None:
    pelvis = joints[:, :, J["pelvis_center"]][..., [0, 2]]
    for a in range(len(plan.tracks)):
        for b in range(a):
            gap = np.linalg.norm(pelvis[:, a] - pelvis[:, b], axis=-1)
            if plan.arrangement != "contact" and gap.min() < APART:
                raise Unfit("apart", f"actors {b} and {a} are {gap.min():.2f} m apart")
            if plan.arrangement == "approach" and not (gap[-1] < 1.4 and gap[0] > gap[-1] + 1.0):
                raise Unfit("meeting", f"they end {gap[-1]:.2f} m apart")
