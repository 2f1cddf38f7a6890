"""What makes one actor move unlike the next: small habits, and the style of a beat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from stickgen.core.errors import UsageError


@dataclass(frozen=True)
class Manner:
    """A style of moving: factors (1 is the norm) and postures in radians or heights."""

    tempo: float = 1.0
    """Of gestures, strikes and sitting down."""
    speed: float = 1.0
    """Over the ground."""
    swing: float = 1.0
    """Of the arms."""
    bounce: float = 1.0
    """Of the pelvis."""
    lift: float = 1.0
    """Of the feet."""
    width: float = 1.0
    """Between the feet."""
    lean: float = 0.0
    """Of the whole torso, forward."""
    slouch: float = 0.0
    """Of the upper torso beyond that."""
    nod: float = 0.0
    """Of the head, down."""
    sink: float = 0.0
    """Of the pelvis into bent knees, as a fraction of the height."""
    elbow: float = 0.0
    """Flexion added to hanging arms."""
    spread: float = 0.0
    """Outward angle added to hanging arms."""
    sway: float = 0.0
    """Slow reeling of the trunk."""


STYLES: Final[dict[str, Manner]] = {
    "neutral": Manner(),
    "happy": Manner(tempo=1.10, speed=1.05, swing=1.35, bounce=2.0, lift=1.15, lean=-0.03,
                    slouch=-0.12, nod=-0.13, elbow=0.25, spread=0.12),
    "sad": Manner(tempo=0.78, speed=0.72, swing=0.40, bounce=0.6, lift=0.8, lean=0.05, slouch=0.22,
                  nod=0.32, sink=0.004, spread=-0.04),
    "angry": Manner(tempo=1.15, speed=1.15, swing=1.15, bounce=1.3, width=1.15, lean=0.11,
                    slouch=0.05, nod=0.04, elbow=0.45, spread=0.14),
    "tired": Manner(tempo=0.75, speed=0.68, swing=0.55, bounce=0.8, lift=0.75, lean=0.10,
                    slouch=0.20, nod=0.24, sink=0.012, sway=0.4),
    "proud": Manner(tempo=0.95, speed=1.0, swing=1.15, bounce=1.2, lean=-0.05, slouch=-0.19,
                    nod=-0.14, elbow=0.15, spread=0.22),
    "sneaky": Manner(tempo=0.85, speed=0.55, swing=0.5, bounce=0.6, lift=1.7, lean=0.26,
                     slouch=0.16, nod=-0.12, sink=0.045, elbow=0.85, spread=0.05),
    "old": Manner(tempo=0.68, speed=0.50, swing=0.5, bounce=0.6, lift=0.62, lean=0.22, slouch=0.30,
                  nod=0.0, sink=0.022, elbow=0.40),
    "drunk": Manner(tempo=0.85, speed=0.72, swing=1.2, bounce=1.2, width=1.9, lean=0.03,
                    slouch=0.06, nod=0.08, sink=0.008, spread=0.22, sway=2.2),
    "scared": Manner(tempo=1.12, speed=0.75, swing=0.45, bounce=0.8, lift=1.05, width=0.85,
                     lean=0.03, slouch=0.17, nod=0.05, sink=0.024, elbow=0.60, spread=-0.04),
}  # fmt: skip
"""The styles a beat may ask for."""


@dataclass(frozen=True)
class Person:
    """Habits that stay within a beat; 1 is the norm of every factor."""

    tempo: float = 1.0
    stride: float = 1.0
    arm_swing: float = 1.0
    bounce: float = 1.0
    width: float = 1.0
    right_handed: bool = True
    phase: float = 0.0
    manner: Manner = STYLES["neutral"]


def person(rng: np.random.Generator, style: str, tempo_here: float = 1.0) -> Person:
    """Return somebody: small deviations from the norm, nine in ten right-handed, in a *style*.

    *tempo_here* is what the place leaves of the tempo.

    An unknown style raises `UsageError`.
    """
    if style not in STYLES:
        raise UsageError(f"unknown style {style!r} of a beat; there are {', '.join(STYLES)}")
    manner = STYLES[style]
    tempo, stride, arm_swing, bounce, width = 1.0 + np.clip(
        rng.normal(0.0, [0.03, 0.03, 0.12, 0.12, 0.10]), -0.25, 0.25
    )
    return Person(
        tempo=float(tempo) * manner.tempo * tempo_here,
        stride=float(stride) * manner.speed,
        arm_swing=float(arm_swing) * manner.swing,
        bounce=float(bounce) * manner.bounce,
        width=float(width) * manner.width,
        right_handed=bool(rng.random() < 0.9),
        phase=float(rng.random()),
        manner=manner,
    )
