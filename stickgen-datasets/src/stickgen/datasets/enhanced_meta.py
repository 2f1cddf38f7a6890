"""The descriptive fields of a clip that the reference calls ``enhanced_meta``.

Joint speeds are taken about the body: v_j of the 16 joints, weighted by the share w_j each has in
the centre of mass (`stickgen.core.physics.JOINT_WEIGHTS`), derivatives by differences over one
frame, means over the frames in which the actor is present and over actors.

**motion_style**, each from 0 to 1
    - ``tempo`` = clip((f - 0.5 Hz) / 2.5 Hz): f is the frequency at the highest peak of the
      autocorrelation of the speed Σ w_j |v_j| between lags of 0.1 s and 2 s, as long as that peak
      is at least 0.2 of the variance; 0.5 where there is none, or less than a second.
    - ``energy_level`` = e / (e + 1 J/kg), with e = mean ½ Σ w_j |v_j|² the kinetic energy of one
      kilogram of body: 0.5 at a brisk walk of 1.4 m/s, 0.92 at 5 m/s.
    - ``smoothness`` = 1 / (1 + q / 100 m/s³), q = the mean of Σ w_j |jerk_j|.
**subject**
    ``height_cm`` as recorded; ``gender`` and ``age_group`` as the source says, else None.
**music**
    ``bpm``, ``beat_frames`` and ``genre`` as the source says; the beat's frames follow from the
    tempo, counted from the first frame, at 60·fps/bpm frames a beat.
**interaction**
    ``contact_frames``: in how many frames two actors have joints within 0.15 m of each other.
    ``interaction_role``: for each actor "active" if its mean speed is at least 1.2 times that of
    the others, "passive" if theirs is at least 1.2 times its own, else "equal"; "solo" if alone.
    ``interaction_type``: the action two people do together if there is one (handshake, hug,
    high_five, fight), else "contact", "proximity" (pelvises within 1.5 m), "apart" or "none".
**temporal**
    ``original_fps``, ``original_duration_sec``, ``original_num_frames`` of the recording.
**quality**
    ``reconstruction_confidence``: share of frames and actors that were there; ``marker_quality``
    = 1 up to 4 mm of noise, 0 from 12 mm on (`stickgen.datasets.data.quality.jitter`);
    ``physics_score``: the term physics of `stickgen.datasets.data.quality`.
**emotion**
    ``emotion_label`` as the source says, or by a word of its style or captions, else "neutral";
    ``valence`` (-1 to 1) that of the label in the circumplex of affect (J. A. Russell, 1980),
    ``arousal`` (0 to 1) the mean of the label's and the energy level.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core import ops, validator
from stickgen.core.actions import ACTIONS
from stickgen.core.physics import JOINT_WEIGHTS, stretches
from stickgen.core.schema import J
from stickgen.core.types import Clip, Motion
from stickgen.datasets.data.quality import RANGES, falling, jitter, kept_up
from stickgen.datasets.words import lemmas, tokens

Array = NDArray[np.float64]

KEY: Final = "enhanced_meta"
"""Where the fields are in the ``meta`` of a clip."""

CONTACT: Final = 0.15
"""Distance of two people's joints, in metres, below which they touch."""
PROXIMITY: Final = 1.5
_ROLE_RATIO: Final = 1.2
_ENERGY: Final = 1.0
_JERK: Final = 100.0

EMOTIONS: Final[Mapping[str, tuple[float, float]]] = {
    "neutral": (0.0, 0.3), "happy": (0.8, 0.6), "excited": (0.7, 0.9), "proud": (0.6, 0.6),
    "calm": (0.5, 0.1), "surprised": (0.2, 0.8), "bored": (-0.4, 0.1), "tired": (-0.3, 0.1),
    "sad": (-0.7, 0.25), "afraid": (-0.7, 0.8), "disgusted": (-0.7, 0.5), "angry": (-0.7, 0.9),
}  # fmt: skip
"""Valence and arousal of each emotion."""

_WORDS: Final[Mapping[str, str]] = {
    word: label
    for label, words in {
        "happy": "happy happily happiness joyful joyfully cheerful cheerfully glad",
        "excited": "excited excitedly elated enthusiastic enthusiastically",
        "proud": "proud proudly", "calm": "calm calmly relaxed", "bored": "bored",
        "surprised": "surprised surprise astonished",
        "tired": "tired tiredly exhausted weary wearily depressed",
        "sad": "sad sadly sadness sorrowful mournful",
        "afraid": "afraid fear fearful fearfully scared frightened",
        "disgusted": "disgusted disgust contempt",
        "angry": "angry angrily anger furious furiously",
        "neutral": "neutral",
    }.items()
    for word in words.split()
}  # fmt: skip


def with_enhanced_meta(clip: Clip) -> Clip:
    """Return *clip* with its `enhanced_meta` in ``meta``, computed anew."""
    return replace(clip, meta={**clip.meta, KEY: enhanced_meta(clip)})


def enhanced_meta(clip: Clip) -> dict[str, Any]:
    """Return the descriptive fields of *clip*, JSON-able; the formulas are those of the module."""
    motion, meta = clip.motion, clip.meta
    velocity, speed = _velocities(motion)
    energy = _energy_level(motion, velocity)
    return {
        "motion_style": {
            "tempo": round(_tempo(motion, speed), 4),
            "energy_level": round(energy, 4),
            "smoothness": round(_smoothness(motion), 4),
        },
        "subject": _subject(motion, meta),
        "music": _music(motion, meta),
        "interaction": _interaction(motion, speed),
        "temporal": _temporal(motion, meta),
        "quality": _quality(motion),
        "emotion": _emotion(clip, energy),
    }


def _velocities(motion: Motion) -> tuple[Array, Array]:
    """Return the joints' velocities ``[T-1, A, 16, 3]`` and the body's speeds ``[T-1, A]``, m/s.

    Both are 0 where the actor is not there in both frames.
    """
    joints = motion.joints.astype(np.float64)
    known = motion.present[1:] & motion.present[:-1]
    velocity = np.where(known[..., None, None], np.diff(joints, axis=0), 0.0) * motion.fps
    return velocity, np.asarray(np.linalg.norm(velocity, axis=-1) @ JOINT_WEIGHTS)


def _mean(values: Array, known: NDArray[np.bool_]) -> float:
    return float(values[known].mean()) if known.any() else 0.0


def _energy_level(motion: Motion, velocity: Array) -> float:
    known = motion.present[1:] & motion.present[:-1]
    energy = _mean(0.5 * ((velocity**2).sum(axis=-1) @ JOINT_WEIGHTS), known)
    return energy / (energy + _ENERGY)


def _smoothness(motion: Motion) -> float:
    if motion.n_frames < 4:
        return 1.0
    here = motion.present
    known = here[3:] & here[2:-1] & here[1:-2] & here[:-3]
    jerk = np.diff(motion.joints.astype(np.float64), n=3, axis=0) * motion.fps**3
    strength = _mean(np.linalg.norm(jerk, axis=-1) @ JOINT_WEIGHTS, known)
    return 1.0 / (1.0 + strength / _JERK)


def _tempo(motion: Motion, speed: Array) -> float:
    """Return the tempo of the actor that is there longest."""
    actor = int(motion.present.sum(axis=0).argmax())
    runs = stretches(motion.present[1:, actor] & motion.present[:-1, actor])
    if not runs:
        return 0.5
    start, stop = max(runs, key=lambda run: run[1] - run[0])
    signal = speed[start:stop, actor]
    if len(signal) < motion.fps or signal.std() < 1e-6:
        return 0.5
    signal = signal - signal.mean()
    power = np.abs(np.fft.rfft(signal, 2 * len(signal))) ** 2
    overlap = np.arange(len(signal), 0, -1)
    correlation = np.fft.irfft(power)[: len(signal)] / overlap
    correlation = correlation / correlation[0]
    low = max(1, int(np.ceil(0.1 * motion.fps)))
    high = min(int(2.0 * motion.fps), len(signal) * 2 // 3)
    inner = correlation[low : high + 1]
    peaks = np.flatnonzero((inner[1:-1] >= inner[:-2]) & (inner[1:-1] > inner[2:])) + 1
    if not len(peaks):
        return 0.5
    best = int(peaks[inner[peaks].argmax()])
    if inner[best] < 0.2:
        return 0.5
    frequency = motion.fps / (low + best)
    return float(np.clip((frequency - 0.5) / 2.5, 0.0, 1.0))


def _subject(motion: Motion, meta: Mapping[str, Any]) -> dict[str, Any]:
    height = _number(meta.get("height"))
    if height is None or not 0.5 < height < 2.6:
        height = float(np.median(ops.standing_height(motion)))
    return {
        "height_cm": round(100.0 * height, 1),
        "gender": _word(meta.get("gender")),
        "age_group": _word(meta.get("age_group")),
    }


def _music(motion: Motion, meta: Mapping[str, Any]) -> dict[str, Any]:
    music = meta.get("music")
    bpm = _number(music.get("bpm")) if isinstance(music, Mapping) else None
    beats = None
    if bpm is not None and bpm > 0:
        times = np.arange(0.0, motion.n_frames, 60.0 * motion.fps / bpm)
        beats = np.minimum(np.rint(times), motion.n_frames - 1).astype(int).tolist()
    return {"bpm": bpm, "beat_frames": beats, "genre": _word(meta.get("genre"))}


def _interaction(motion: Motion, speed: Array) -> dict[str, Any]:
    n = motion.n_actors
    if n == 1:
        return {"contact_frames": 0, "interaction_role": "solo", "interaction_type": "none"}
    joints, touching = motion.joints.astype(np.float64), np.zeros(motion.n_frames, dtype=np.bool_)
    near = np.zeros(motion.n_frames, dtype=np.bool_)
    for a in range(n):
        for b in range(a + 1, n):
            both = motion.present[:, a] & motion.present[:, b]
            apart = joints[:, a, :, None] - joints[:, b, None, :]
            distance = np.linalg.norm(apart, axis=-1)
            touching |= both & (distance.min(axis=(1, 2)) < CONTACT)
            near |= both & (distance[:, J["pelvis_center"], J["pelvis_center"]] < PROXIMITY)
    means = [
        _mean(speed[:, a : a + 1], (motion.present[1:] & motion.present[:-1])[:, a : a + 1])
        for a in range(n)
    ]
    roles = []
    for a in range(n):
        others = float(np.mean([mean for b, mean in enumerate(means) if b != a]))
        active = means[a] > _ROLE_RATIO * others
        passive = others > _ROLE_RATIO * means[a]
        roles.append("active" if active else "passive" if passive else "equal")
    rows = np.bincount(motion.actions[motion.present], minlength=len(ACTIONS))
    shared = [
        (int(rows[row.index]), row.name)
        for row in ACTIONS
        if rows[row.index] and (row.actors > 1 or row.name == "fight")
    ]
    kind = (
        max(shared)[1] if shared
        else "contact" if touching.any()
        else "proximity" if near.any()
        else "apart"
    )  # fmt: skip
    return {
        "contact_frames": int(touching.sum()),
        "interaction_role": roles,
        "interaction_type": kind,
    }


def _temporal(motion: Motion, meta: Mapping[str, Any]) -> dict[str, Any]:
    known = meta.get("temporal")
    return {
        "original_fps": motion.fps,
        "original_duration_sec": round(motion.seconds, 6),
        "original_num_frames": motion.n_frames,
        **(dict(known) if isinstance(known, Mapping) else {}),
    }


def _quality(motion: Motion) -> dict[str, float]:
    tracks = validator.check(motion).tracks
    physics = min(
        falling(kept_up(tracks["joint_speed"]), *RANGES["speed"]),
        falling(kept_up(tracks["acceleration"]), *RANGES["acceleration"]),
    )
    return {
        "reconstruction_confidence": round(float(motion.present.mean()), 4),
        "marker_quality": round(falling(1000.0 * jitter(motion), *RANGES["jitter"]), 4),
        "physics_score": round(physics, 4),
    }


def _emotion(clip: Clip, energy: float) -> dict[str, Any]:
    told = clip.meta.get("emotion")
    said = [told.get("emotion_label") if isinstance(told, Mapping) else told]
    said += [clip.meta.get("style"), *clip.texts]
    label = next((found for text in said if (found := _emotion_in(text))), "neutral")
    valence, arousal = EMOTIONS[label]
    return {
        "emotion_label": label,
        "valence": valence,
        "arousal": round(0.5 * (arousal + energy), 4),
    }


def _emotion_in(text: Any) -> str | None:
    if not isinstance(text, str):
        return None
    for word in tokens(text):
        for form in (word, *sorted(lemmas(word))):
            if form in _WORDS:
                return _WORDS[form]
    return None


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if np.isfinite(value) else None


def _word(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
