"""Faces over time: what is done, felt and said as the face track of a motion.

A row of the track is expression, eye type, eyebrow angle in degrees, mouth shape, openness 0-1,
speaking 0/1 and speech rate in Hz (see `stickgen.core.types.Motion`). An expression takes
`EASE_SECONDS` to change: brows and openness are eased over it, eyes and mouth change half-way. The
figures are the reference's tables of expressions and of speech.

The eye type also tells where open eyes look: `GAZE` times -1 (far to the figure's own left) to 1
(far to its right) is added to its number, so that rounding it still gives the type. Closed eyes
look nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core.actions import EXPRESSIONS
from stickgen.core.actions import action as row_of
from stickgen.core.schema import J
from stickgen.core.types import Prop
from stickgen.llm.things import Played

Array = NDArray[np.float64]

EYES: Final = ("dots", "curves", "wide", "closed")
MOUTHS: Final = ("closed", "smile", "frown", "open", "wide_open", "small_o", "singing")

GAZE: Final = 0.4
"""What eyes that look to the far right add to the number of their type."""

_OUT_OF_SIGHT: Final = 0.3
"""Cosine beyond which what is behind somebody is out of his sight."""

EASE_SECONDS: Final = 0.3
"""How long an expression takes to change into another."""

_LOOKS: Final[dict[str, tuple[str, float, str, float]]] = {
    "neutral": ("dots", 0.0, "closed", 0.0),
    "happy": ("curves", 10.0, "smile", 0.0),
    "sad": ("dots", -15.0, "frown", 0.0),
    "surprised": ("wide", 20.0, "open", 0.5),
    "angry": ("dots", -20.0, "frown", 0.0),
    "excited": ("wide", 15.0, "smile", 0.3),
}
"""Eyes, eyebrow angle, mouth and openness of each expression."""


@dataclass(frozen=True, slots=True)
class Speech:
    """A kind of speech: mouth movements a second, the shapes they go through, the openness."""

    hz: float
    shapes: tuple[str, ...]
    least: float
    most: float


SPEECH: Final[dict[str, Speech]] = {
    "talk": Speech(8.0, ("small_o", "open", "closed"), 0.2, 0.5),
    "shout": Speech(6.0, ("wide_open", "open"), 0.6, 1.0),
    "whisper": Speech(10.0, ("small_o", "closed"), 0.1, 0.3),
    "sing": Speech(4.0, ("singing", "open", "small_o"), 0.4, 0.8),
}

_FELT: Final[dict[str, str]] = {
    "happy": "happy", "sad": "sad", "angry": "angry", "proud": "happy", "drunk": "happy",
    "scared": "surprised",
}  # fmt: skip
"""What each style of moving shows in the face."""

_ABOVE_MOOD: Final = frozenset({"cry", "laugh", "fall", "celebrate"})
"""Actions whose own expression is stronger than any mood."""

_VOWELS: Final = re.compile(r"[aeiouy]+", re.IGNORECASE)
_LONGEST_SYLLABLE: Final = 0.4
_BLINK_FRAMES: Final = 3
_STARTLE_SECONDS: Final = 0.9
_STARTLE_METRES: Final = 3.2


def syllables(line: str) -> list[str]:
    """Return the vowels of each syllable of *line*; a line without any has one, "a"."""
    found: list[str] = []
    for word in re.findall(r"[^\W\d_]+|\d", line):
        vowels = [v.lower() for v in _VOWELS.findall(word)]
        if len(vowels) > 1 and word.lower().endswith("e") and vowels[-1] == "e":
            vowels = vowels[:-1]
        found += vowels or ["a"]
    return found or ["a"]


def spoken_seconds(line: str, kind: str = "talk") -> float:
    """Return how long *line* takes to be said: a mouth opens and closes once a syllable."""
    return 0.3 + 2.0 * len(syllables(line)) / SPEECH[kind].hz


def express(
    played: Sequence[Played],
    joints: Array,
    kinds: Sequence[str],
    mood: str | None,
    fps: float,
    props: Sequence[Prop] = (),
) -> NDArray[np.float32]:
    """Return the face track ``[T, A, 7]`` of a scene.

    Args:
        played: the beats as they were played.
        joints: ``[T, A, 16, 3]``.
        kinds: human, robot, alien or animal, one an actor.
        mood: the story's mood, a style, or None.
        fps: frames a second.
        props: the things on stage, which somebody may look at.
    """
    n_frames, n_actors = joints.shape[:2]
    track = np.zeros((n_frames, n_actors, 7))
    felt = np.full((n_frames, n_actors), EXPRESSIONS.index(_FELT.get(mood or "", "neutral")))
    for each in played:
        felt[each.start : each.end, each.actor] = EXPRESSIONS.index(_feeling(each, mood))
    _hit(felt, played, fps)
    _startled(felt, joints, kinds, fps)
    gaze = _gaze(played, joints, props, fps)
    for actor in range(n_actors):
        _look(track[:, actor], felt[:, actor], fps)
        track[:, actor, 1] += GAZE * gaze[:, actor]
        _blink(track[:, actor], actor, fps)
    for each in played:
        _speak(track[each.start : each.end, each.actor], each, fps)
    return track.astype(np.float32)


def _feeling(each: Played, mood: str | None) -> str:
    shown = [row_of(name).expression for name in (each.beat.overlay, each.action) if name]
    own = next((e for e in shown if e != "neutral"), "neutral")
    if each.action in _ABOVE_MOOD or each.beat.overlay in _ABOVE_MOOD:
        return own
    style = _FELT.get(each.beat.style)
    if style is not None:
        return style
    return own if own != "neutral" else _FELT.get(mood or "", "neutral")


def _hit(felt: NDArray[np.int64], played: Sequence[Played], fps: float) -> None:
    """Let who is hit or pushed look surprised for a moment."""
    for each in played:
        target = each.beat.target
        if each.action in {"punch", "kick", "push"} and isinstance(target, int):
            start = each.start + round(0.45 * fps)
            felt[start : start + round(0.8 * fps), target] = EXPRESSIONS.index("surprised")


def _startled(felt: NDArray[np.int64], joints: Array, kinds: Sequence[str], fps: float) -> None:
    """Let a human who first comes near an alien or a robot look surprised for a moment."""
    root = joints[:, :, 0][..., [0, 2]]
    for actor, kind in enumerate(kinds):
        if kind != "human":
            continue
        for other, stranger in enumerate(kinds):
            if stranger not in {"alien", "robot"}:
                continue
            near = np.linalg.norm(root[:, actor] - root[:, other], axis=-1) < _STARTLE_METRES
            if near.any() and not near[0]:
                at = int(np.argmax(near))
                span = slice(at, at + round(_STARTLE_SECONDS * fps))
                felt[span, actor] = EXPRESSIONS.index("surprised")


def _gaze(played: Sequence[Played], joints: Array, props: Sequence[Prop], fps: float) -> Array:
    """Return how far to the right, -1 to 1, everybody looks ``[T, A]``: at the partner or the thing
    that his beat is about, else at who speaks; ahead where that is behind him.
    """
    n_frames, n_actors = joints.shape[:2]
    head = joints[:, :, J["head_center"]]
    aim = np.full((n_frames, n_actors, 3), np.nan)
    for each in played:  # listeners, who have nothing else to look at
        if _is_heard(each):
            span = slice(each.start, each.end)
            for other in range(n_actors):
                if other != each.actor:
                    aim[span, other] = head[span, each.actor]
    for each in played:
        span = slice(each.start, each.end)
        target = each.beat.target
        if isinstance(target, str):
            places = [_where(prop, n_frames)[span] for prop in props if prop.kind == target]
            if places:
                aim[span, each.actor] = places[0]
            continue
        if target is None or target == each.actor:
            partners = [i for i in each.beat.actors if i != each.actor]
            target = partners[0] if len(partners) == 1 else None
        if target is not None and target < n_actors:
            aim[span, each.actor] = head[span, target]
    across = joints[:, :, J["r_hip"]] - joints[:, :, J["l_hip"]]
    right = across[..., [0, 2]] / np.maximum(
        np.linalg.norm(across[..., [0, 2]], axis=-1, keepdims=True), 1e-9
    )
    ahead = np.stack([right[..., 1], -right[..., 0]], axis=-1)
    way = (aim - head)[..., [0, 2]]
    way = way / np.maximum(np.linalg.norm(way, axis=-1, keepdims=True), 1e-9)
    before = (way * ahead).sum(-1) > -_OUT_OF_SIGHT
    look = np.where(before, np.clip(1.3 * (way * right).sum(-1), -1.0, 1.0), 0.0)
    look = np.where(np.isfinite(look), look, 0.0)
    half = max(1, round(0.5 * EASE_SECONDS * fps))
    index = np.clip(
        np.arange(n_frames)[:, None] + np.arange(-half, half + 1)[None, :], 0, n_frames - 1
    )
    return np.asarray(look[index].mean(axis=1))


def _is_heard(each: Played) -> bool:
    names = [name for name in (each.beat.overlay, each.action) if name]
    return bool(each.beat.line) or any(row_of(name).speech for name in names)


def _where(prop: Prop, n_frames: int) -> Array:
    """Return where *prop* is ``[T, 3]``."""
    position = np.asarray(prop.position, dtype=np.float64)
    return np.broadcast_to(position, (n_frames, 3)) if position.ndim == 1 else position[:n_frames]


def _look(track: Array, felt: NDArray[np.int64], fps: float) -> None:
    """Write expression, eyes, brows, mouth and openness, eased from one to the next."""
    n = len(felt)
    names = [_LOOKS[name] for name in EXPRESSIONS]
    half = max(1, round(0.5 * EASE_SECONDS * fps))
    shifted = felt[np.maximum(np.arange(n) - half, 0)]  # half-way through the change
    track[:, 0] = shifted
    track[:, 1] = np.array([EYES.index(look[0]) for look in names])[shifted]
    track[:, 3] = np.array([MOUTHS.index(look[2]) for look in names])[shifted]
    index = np.arange(n)[:, None] - np.arange(2 * half)[None, :]
    window = felt[np.maximum(index, 0)]
    track[:, 2] = np.array([look[1] for look in names])[window].mean(axis=1)
    track[:, 4] = np.array([look[3] for look in names])[window].mean(axis=1)


def _blink(track: Array, actor: int, fps: float) -> None:
    """Close the eyes for three frames every 3 to 5 s."""
    rng = np.random.default_rng((20, actor))
    at = 0.8 + 2.4 * rng.random()
    while at * fps < len(track):
        first = round(at * fps)
        track[first : first + _BLINK_FRAMES, 1] = EYES.index("closed")
        at += 3.0 + 2.0 * rng.random()


def _speak(track: Array, each: Played, fps: float) -> None:
    """Move the mouth as long as the speech lasts, syllable by syllable where there is a line."""
    kind = next(
        (row_of(name).speech for name in (each.beat.overlay, each.action)
         if name and row_of(name).speech),
        "talk" if each.beat.line else None,
    )  # fmt: skip
    if kind is None:
        return
    speech = SPEECH[kind]
    n = len(track)
    wide = np.ones(n)
    if each.beat.line:
        heard = syllables(each.beat.line)
        room = n / fps / len(heard)
        each_one = max(2.0 / speech.hz, min(room, _LONGEST_SYLLABLE))
        n = min(n, max(round(len(heard) * each_one * fps), round(fps)))
        number = np.minimum((np.arange(n) / fps / each_one).astype(int), len(heard) - 1)
        wide = np.array([_WIDE.get(heard[i][0], 0.8) for i in number])
        mouth = np.array([_shape(heard[i], speech) for i in number])
    else:
        step = (np.arange(n) / fps * speech.hz).astype(int)
        mouth = np.array([MOUTHS.index(shape) for shape in speech.shapes])[
            step % len(speech.shapes)
        ]
    wave = 0.5 - 0.5 * np.cos(2.0 * np.pi * speech.hz * np.arange(n) / fps)
    track[:n, 3] = mouth
    track[:n, 4] = speech.least + (speech.most - speech.least) * wave * wide[:n]
    track[:n, 5] = 1.0
    track[:n, 6] = speech.hz


_WIDE: Final[dict[str, float]] = {"a": 1.0, "e": 0.75, "i": 0.6, "y": 0.6, "o": 0.9, "u": 0.7}
"""How wide each vowel opens the mouth, of the most."""


def _shape(vowel: str, speech: Speech) -> int:
    round_ = "singing" if "singing" in speech.shapes else "small_o"
    if vowel[0] in "ou" and (round_ in speech.shapes or speech.shapes[0] == "singing"):
        return MOUTHS.index(round_)
    if vowel[0] == "a" and "wide_open" in speech.shapes:
        return MOUTHS.index("wide_open")
    return MOUTHS.index("open" if "open" in speech.shapes else speech.shapes[0])
