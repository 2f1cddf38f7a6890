"""`Corpus`: a clip store as flat arrays on disk, from which batches of windows are drawn.

A store is read once (`build`): every actor of every clip becomes features at 25 fps
(`stickgen.core.features`), seen from its own first frame, on the one body all models share. The
arrays are opened as memory maps, so a batch costs a few copies and no parsing.

**Files** (F frames of R tracks; X texts with W words)
    ``features.npy`` ``[F, 47]``, ``labels.npy`` int16 ``[F, 2]`` (action, overlay; -1 = none),
    ``mass.npy`` ``[F, 6]`` (velocity and acceleration of the centre of mass), ``words.npy``
    float16 ``[W, E]``, ``partner.npy`` float16 ``[P, 16, 3]`` (joints of whoever is nearest to an
    actor who is not alone, relative to that actor's pelvis) and ``index.json``.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core import features, ops, physics, registries, schema
from stickgen.core.actions import ACTIONS, action
from stickgen.core.errors import DataError
from stickgen.core.kinematics import Body
from stickgen.core.sampling import MAX_WORDS, NO_LABEL, NO_OVERLAY, PATCH, SOURCES
from stickgen.core.storage import ClipStore
from stickgen.core.types import Clip, Motion

FORMAT: Final = 2
"""Version of the files; from another one a corpus is built again where its store is at hand."""

READABLE: Final = (1, 2)
"""Versions that can be trained on; 1 knows of no partners."""

SHORTEST: Final = 16
"""Frames below which a track teaches nothing."""

SIDES: Final = {
    "left": "right",
    "clockwise": "counterclockwise",
    "leftward": "rightward",
    "leftwards": "rightwards",
    "anticlockwise": "clockwise",
}
"""Words that change places in the caption of a mirrored clip."""

_SWAP: Final = {**SIDES, **{b: a for a, b in SIDES.items() if a != "anticlockwise"}}


def mirrored_words(text: str) -> str:
    """Return *text* with left and right (and the sense of turns) exchanged."""
    import re

    def other(match: re.Match[str]) -> str:
        word = match.group(0)
        new = _SWAP[word.lower()]
        return new.capitalize() if word[0].isupper() else new

    return re.sub(r"\b(" + "|".join(_SWAP) + r")\b", other, text, flags=re.IGNORECASE)


def _mirror_table() -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Return for each feature which one it becomes in a mirror (z -> -z, sides change) and how."""
    order = np.arange(features.DIM)
    sign = np.ones(features.DIM, np.float32)
    sign[1] = -1.0
    # the left hip mirrored is the right hip, which is minus the left: (-x, -y, z)
    sign[3:6] = (-1.0, -1.0, 1.0)
    for i, joint in enumerate(features.FREE):
        other = features.FREE.index(schema.SYMMETRY[joint])
        order[6 + 3 * i : 9 + 3 * i] = np.arange(6 + 3 * other, 9 + 3 * other)
        sign[8 + 3 * i] = -1.0
    order[-2:] = features.DIM - 1, features.DIM - 2
    return order, sign


MIRROR_ORDER, MIRROR_SIGN = _mirror_table()


def turn_features(values: NDArray[np.float32], angle: float) -> NDArray[np.float32]:
    """Return features ``[T, 47]`` of the same motion turned by *angle* (`features.turn`)."""
    out = values.copy()
    cos, sin = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    for x, z in ((0, 1), *((i, i + 2) for i in range(3, 45, 3))):
        out[:, x] = cos * values[:, x] + sin * values[:, z]
        out[:, z] = -sin * values[:, x] + cos * values[:, z]
    return out


def partner_segments(
    joints: NDArray[np.floating], angle: float = 0.0, mirrored: bool = False
) -> NDArray[np.float32]:
    """Return a partner's *joints* ``[T, 16, 3]``, relative to the own pelvis, as a model hears
    them: segments ``[T, 48]`` of the same scene turned by *angle*, or in a mirror.
    """
    seen = features.turn(joints, angle)
    if mirrored:
        seen = seen[:, schema.SYMMETRY] * (1.0, 1.0, -1.0)
    return schema.joints_to_segments(seen)


def facing(frame: NDArray[np.float32]) -> float:
    """Return the heading of the body in one frame of features ``[47]``."""
    joints, _ = features.decode(frame[None])
    return float(ops.heading(joints[0]))


@dataclass(frozen=True)
class Track:
    """One actor of one clip: where its frames are, and what is known of it."""

    start: int
    frames: int
    texts: tuple[int, ...]
    source: int
    held_out: bool
    style: tuple[float, ...] | None
    main: int
    """Its most frequent action."""
    clip_id: str
    recording_id: str
    partner: int = -1
    """Where its partner's frames begin in ``partner.npy``; -1: it is alone."""


@dataclass(frozen=True)
class Batch:
    """Windows of tracks as numpy arrays; see `stickgen.train.model` for shapes and classes."""

    features: NDArray[np.float32]
    mask: NDArray[np.bool_]
    actions: NDArray[np.int64]
    overlay: NDArray[np.int64]
    mass: NDArray[np.float32]
    tokens: NDArray[np.float32]
    token_mask: NDArray[np.bool_]
    pooled: NDArray[np.float32]
    seconds: NDArray[np.float32]
    source: NDArray[np.int64]
    style: NDArray[np.float32]
    partner: NDArray[np.float32] | None = None
    """Segments ``[B, T, 48]`` relative to the own pelvis, NaN where there is nobody; None where
    all are alone.
    """


def source_of(clip: Clip) -> int:
    """Return the index of *clip*'s kind in `SOURCES`."""
    name = clip.source.lower()
    if name == "synth":
        name = "procedural" if clip.meta.get("kind") in ("single", "loop") else "composed"
    return SOURCES.index(name) if name in SOURCES else SOURCES.index("real")


def fits(folder: Path, store: Path, encoder: str) -> bool:
    """Return whether *folder* holds the corpus of *store* as it is now, for *encoder*."""
    try:
        index = json.loads((folder / "index.json").read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return bool(
        index.get("format") == FORMAT
        and index.get("encoder") == encoder
        and index.get("store") == fingerprint(store)
    )


def fingerprint(store: Path) -> list[list[Any]]:
    """Return name, size and time of the store's shards: what changes when its clips do."""
    shards = ClipStore(store).shards
    return [[s.name, s.stat().st_size, s.stat().st_mtime_ns] for s in shards]


def build(store: Path, folder: Path, encoder: str = "static") -> None:
    """Write the corpus of the clip store *store* into *folder*.

    Raises `DataError` when no clip of the store can be used.
    """
    folder.mkdir(parents=True, exist_ok=True)
    texts: dict[str, int] = {}
    tracks: list[dict[str, Any]] = []
    values: list[NDArray[np.float32]] = []
    labels: list[NDArray[np.int16]] = []
    masses: list[NDArray[np.float32]] = []
    partners: list[NDArray[np.float16]] = [np.zeros((0, schema.N_JOINTS, 3), np.float16)]
    beside = 0
    skipped: Counter[str] = Counter()
    licences: Counter[str] = Counter()
    start = 0
    body = Body()
    for clip in ClipStore(store):
        if clip.motion.depth is None:
            skipped["flat"] += 1
            continue
        licences[f"{clip.source} ({clip.licence})"] += 1
        numbers = tuple(texts.setdefault(text, len(texts)) for text in clip.texts)
        for actor in range(clip.motion.n_actors):
            made = _track(clip.motion, actor, clip.meta, body)
            if made is None:
                skipped["short"] += 1
                continue
            value, label, mass = made
            main = int(np.bincount(label[:, 0].clip(0)).argmax())
            other = _partner(clip.motion, actor)
            tracks.append({
                "start": start, "frames": len(value),
                "texts": list(numbers) if clip.motion.n_actors == 1 else [],
                "source": source_of(clip), "held_out": clip.split in ("val", "test"),
                "style": _style(clip.meta), "main": main,
                "clip_id": clip.clip_id, "recording_id": clip.recording_id,
                "split": clip.split, "partner": -1 if other is None else beside,
            })  # fmt: skip
            if other is not None:
                partners.append(other)
                beside += len(other)
            start += len(value)
            values.append(value)
            labels.append(label)
            masses.append(mass)
    if not tracks:
        raise DataError(f"{store} holds no clip in three dimensions to train on")
    mirrored = {text: mirrored_words(text) for text in texts}
    every = list(dict.fromkeys([*texts, *mirrored.values()]))
    place = {text: i for i, text in enumerate(every)}
    coder = registries.text_encoders.create(encoder)
    pooled = coder.encode(every)
    words = [coder.tokens(text)[:MAX_WORDS].astype(np.float16) for text in every]
    ends = np.cumsum([0, *map(len, words)])
    np.save(folder / "features.npy", np.concatenate(values))
    np.save(folder / "labels.npy", np.concatenate(labels))
    np.save(folder / "mass.npy", np.concatenate(masses))
    np.save(folder / "words.npy", np.concatenate(words))
    np.save(folder / "pooled.npy", pooled.astype(np.float16))
    np.save(folder / "partner.npy", np.concatenate(partners))
    index = {
        "format": FORMAT, "store": fingerprint(store), "encoder": encoder,
        "text_dim": coder.dim, "ends": ends.tolist(),
        "texts": every,
        "mirror": [place[mirrored.get(text, text)] for text in every],
        "tracks": tracks, "skipped": dict(skipped), "licences": dict(licences),
    }  # fmt: skip
    (folder / "index.json").write_text(json.dumps(index), "utf-8")


def _track(
    motion: Motion, actor: int, meta: Any, body: Body
) -> tuple[NDArray[np.float32], NDArray[np.int16], NDArray[np.float32]] | None:
    """Return features, labels and the mass's motion of one actor, or None if it is too short."""
    contacts = meta.get("contacts")
    own = ops.select(motion, [actor]) if motion.n_actors > 1 else motion
    seen = np.flatnonzero(own.present[:, 0])
    if len(seen) < SHORTEST or seen[-1] - seen[0] + 1 != len(seen):
        return None
    if abs(own.fps - features.MODEL_FPS) > 1e-6:
        own, contacts = ops.resample(own, features.MODEL_FPS), None
    joints = np.asarray(own.joints[:, 0], np.float64)[own.present[:, 0]]
    stand = _contacts(contacts, actor, len(own.present))
    if stand is None:
        stand = features.foot_contacts(joints)
    else:
        stand = stand[own.present[:, 0]]
    joints = features.turn(joints, -float(ops.heading(joints[0])))
    fixed = features.keep_bones(joints, body)
    # a body of other bones is set down so that its lower ankle keeps its height
    lowest = [j[:, features.ANKLES, 1].min(axis=1) for j in (joints, fixed)]
    fixed[..., 1] += (lowest[0] - lowest[1])[:, None]
    centre = np.einsum("tjd,j->td", fixed, physics.JOINT_WEIGHTS)
    fps = features.MODEL_FPS
    speed = np.gradient(centre, 1.0 / fps, axis=0)
    push = np.gradient(speed, 1.0 / fps, axis=0)
    present = own.present[:, 0]
    label = np.stack([own.actions[present, 0], own.overlay[present, 0]], axis=1).astype(np.int16)
    mass = np.concatenate([speed, push], axis=1).astype(np.float32)
    return features.encode(fixed, stand), label, mass


def _partner(motion: Motion, actor: int) -> NDArray[np.float16] | None:
    """Return the joints ``[T, 16, 3]`` of whoever is nearest to *actor* most of the time, as seen
    from *actor*'s pelvis and his first heading, NaN while absent; None where nobody is.

    Frames are those of `_track`.
    """
    if motion.n_actors < 2:
        return None
    if abs(motion.fps - features.MODEL_FPS) > 1e-6:
        motion = ops.resample(motion, features.MODEL_FPS)
    seen = motion.present[:, actor]
    joints = np.asarray(motion.joints, np.float64)[seen]
    here = motion.present[seen]
    gap = np.linalg.norm(joints[:, :, 0] - joints[:, actor, None, 0], axis=-1)
    gap = np.where(here, gap, np.inf)
    gap[:, actor] = np.inf
    other = int(np.argmin(np.where(np.isfinite(gap), gap, 100.0).mean(axis=0)))
    if not here[:, other].any() or other == actor:
        return None
    seen_from = joints[:, other] - joints[:, actor, :1]
    turned = features.turn(seen_from, -float(ops.heading(joints[0, actor])))
    return np.where(here[:, other, None, None], turned, np.nan).astype(np.float16)


def _contacts(meta: Any, actor: int, frames: int) -> NDArray[np.bool_] | None:
    """Return the contacts of both feet ``[T, 2]`` that a clip's meta holds, if it does.

    They are stored as ``[{"left": [[start, stop), ...], "right": ...}, ...]``, one entry an actor.
    """
    if not isinstance(meta, list) or len(meta) <= actor:
        return None
    out = np.zeros((frames, 2), np.bool_)
    for column, side in enumerate(("left", "right")):
        for start, stop in meta[actor].get(side, ()):
            out[int(start) : int(stop), column] = True
    return out


def _style(meta: Any) -> list[float] | None:
    """Return tempo, energy, smoothness, valence and arousal where the clip's meta has them."""
    enhanced = meta.get("enhanced_meta", meta)
    style = enhanced.get("motion_style") if isinstance(enhanced, dict) else None
    if not isinstance(style, dict):
        return None
    emotion = enhanced.get("emotion") or {}
    row = [style.get("tempo"), style.get("energy_level"), style.get("smoothness"),
           emotion.get("valence"), emotion.get("arousal")]  # fmt: skip
    return [float("nan") if v is None else float(v) for v in row]


class Corpus:
    """A corpus on disk, made by `build`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            index = json.loads((folder / "index.json").read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise DataError(f"{folder} is not a training corpus ({error})") from error
        if index.get("format") not in READABLE:
            raise DataError(f"{folder} was made by another version; delete it to build it again")
        self.encoder: str = index["encoder"]
        self.text_dim: int = index["text_dim"]
        self.texts: list[str] = index["texts"]
        self.licences: dict[str, int] = index["licences"]
        self._mirror: list[int] = index["mirror"]
        self._ends = np.array(index["ends"])
        self.splits = [row.pop("split") for row in index["tracks"]]
        self.tracks = [
            Track(**{**row, "texts": tuple(row["texts"]),
                     "style": None if row["style"] is None else tuple(row["style"])})
            for row in index["tracks"]
        ]  # fmt: skip
        self.features, self.labels, self.mass, self.words, self.pooled = (
            np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
            for name in ("features", "labels", "mass", "words", "pooled")
        )
        path = folder / "partner.npy"
        self.partner = np.load(path, mmap_mode="r", allow_pickle=False) if path.exists() else None

    def statistics(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return mean and deviation ``[47]`` of the training tracks' features.

        Deviations are not below 5 cm (for the hips 2 cm), so that joints that hardly move do not
        fill the loss with noise; contacts keep their 0-1 as -1 to 1.
        """
        train = [t for t in self.tracks if not t.held_out]
        total = np.zeros(features.DIM)
        square = np.zeros(features.DIM)
        n = 0
        for track in train:
            part = np.asarray(self.features[track.start : track.start + track.frames], np.float64)
            total += part.sum(0)
            square += (part**2).sum(0)
            n += len(part)
        mean = total / n
        std = np.sqrt(np.maximum(square / n - mean**2, 0.0))
        # what is symmetric stays symmetric: both sides of the body share their scale
        mean = 0.5 * (mean + (MIRROR_SIGN * mean[MIRROR_ORDER]))
        std = 0.5 * (std + std[MIRROR_ORDER])
        std = np.sqrt(std**2 + 0.05**2)
        std[3:6] = np.sqrt(std[3:6] ** 2 + 0.02**2)
        mean[features.CONTACTS], std[features.CONTACTS] = 0.5, 0.5
        return mean.astype(np.float32), std.astype(np.float32)

    def weights(
        self,
        chosen: Sequence[int],
        shares: dict[str, float],
        power: float = 0.5,
        emphasis: dict[str, float] | None = None,
    ) -> NDArray[np.float64]:
        """Return how often each of the tracks *chosen* is drawn ``[K]``, summing to 1.

        The kinds of source get their *shares*; within a kind an action of f frames gets the weight
        f ** *power* (times its *emphasis*), shared among its tracks by their length.
        """
        factor = {action(name).index: value for name, value in (emphasis or {}).items()}
        frames: Counter[tuple[int, int]] = Counter()
        for i in chosen:
            frames[self.tracks[i].source, self.tracks[i].main] += self.tracks[i].frames
        weight = np.array([
            factor.get(self.tracks[i].main, 1.0) * self.tracks[i].frames
            / frames[self.tracks[i].source, self.tracks[i].main] ** (1.0 - power)
            for i in chosen
        ])  # fmt: skip
        kinds = np.array([self.tracks[i].source for i in chosen])
        for kind in np.unique(kinds):
            weight[kinds == kind] *= shares.get(SOURCES[kind], 0.0) / weight[kinds == kind].sum()
        if weight.sum() <= 0:
            raise DataError(f"{self.folder} has no clip of a kind with a share above 0")
        share: NDArray[np.float64] = weight / weight.sum()
        return share

    def batch(
        self,
        chosen: Sequence[int],
        frames: int,
        rng: np.random.Generator,
        *,
        mirror: bool = True,
        crop: bool = True,
    ) -> Batch:
        """Return a window of at most *frames* frames of each of the tracks *chosen*."""
        b = len(chosen)
        paired = self.partner is not None and any(self.tracks[i].partner >= 0 for i in chosen)
        out = Batch(
            features=np.zeros((b, frames, features.DIM), np.float32),
            mask=np.zeros((b, frames), np.bool_),
            actions=np.full((b, frames), NO_LABEL, np.int64),
            overlay=np.full((b, frames), NO_LABEL, np.int64),
            mass=np.zeros((b, frames, 6), np.float32),
            tokens=np.zeros((b, MAX_WORDS, self.text_dim), np.float32),
            token_mask=np.zeros((b, MAX_WORDS), np.bool_),
            pooled=np.zeros((b, self.text_dim), np.float32),
            seconds=np.zeros(b, np.float32),
            source=np.zeros(b, np.int64),
            style=np.full((b, 5), np.nan, np.float32),
            partner=np.full((b, frames, schema.DIM), np.nan, np.float32) if paired else None,
        )
        for row, number in enumerate(chosen):
            self._window(out, row, self.tracks[number], frames, rng, mirror, crop)
        return out

    def _window(
        self, out: Batch, row: int, track: Track, frames: int, rng: np.random.Generator,
        mirror: bool, crop: bool,
    ) -> None:  # fmt: skip
        labels = np.asarray(self.labels[track.start : track.start + track.frames])
        first = _first_frame(labels, track, frames, rng) if crop else 0
        n = min(track.frames - first, frames)
        at = track.start + first
        value = np.array(self.features[at : at + n])
        labels = labels[first : first + n]
        mass = np.array(self.mass[at : at + n])
        angle = -facing(value[0]) if first else 0.0
        if first:
            value = turn_features(value, angle)
        cos, sin = np.cos(angle), np.sin(angle)
        mass = mass[:, [0, 1, 3, 4]] if not first else np.stack(
            [cos * mass[:, 0] + sin * mass[:, 2], mass[:, 1],
             cos * mass[:, 3] + sin * mass[:, 5], mass[:, 4]], axis=1)  # fmt: skip
        flip = mirror and bool(rng.random() < 0.5)
        if flip:
            value = value[:, MIRROR_ORDER] * MIRROR_SIGN
        if out.partner is not None and self.partner is not None and track.partner >= 0:
            other = self.partner[track.partner + first : track.partner + first + n]
            out.partner[row, :n] = partner_segments(other, angle, flip)
        out.features[row, :n] = value
        out.features[row, n:] = value[-1]
        out.mask[row, :n] = True
        out.actions[row, :n] = labels[:, 0]
        out.actions[row, n:] = labels[-1, 0]
        overlay = np.where(labels[:, 1] < 0, NO_OVERLAY, labels[:, 1])
        out.overlay[row, :n] = overlay
        out.overlay[row, n:] = overlay[-1]
        out.mass[row, :n, :4] = mass
        out.mass[row, :n, 4:] = mass[:, :2]
        out.seconds[row] = n / features.MODEL_FPS
        out.source[row] = track.source
        if track.style is not None:
            out.style[row] = track.style
        every = self.labels[track.start : track.start + track.frames, 0]
        whole = n >= 0.8 * track.frames or bool((every == every[0]).all())
        if track.texts and whole:
            text = int(track.texts[int(rng.integers(len(track.texts)))])
            text = self._mirror[text] if flip else text
            words = self.words[self._ends[text] : self._ends[text + 1]]
            out.tokens[row, : len(words)] = words
            out.token_mask[row, : len(words)] = True
            out.pooled[row] = self.pooled[text]


def _first_frame(
    labels: NDArray[np.int16], track: Track, frames: int, rng: np.random.Generator
) -> int:
    """Return where a window begins: mostly where an action does."""
    last = track.frames - frames
    if last <= 0:
        return 0
    if rng.random() < 0.6:
        starts = np.flatnonzero(np.diff(labels[:, 0], prepend=-2))
        starts = starts[starts <= last]
        if len(starts):
            return int(starts[int(rng.integers(len(starts)))])
    return int(rng.integers(last + 1))


def bucket(frames: int) -> int:
    """Return *frames* rounded up to whole tokens."""
    return -(-frames // PATCH) * PATCH


def action_names(classes: Sequence[int]) -> list[str]:
    """Return the names of action classes."""
    return [ACTIONS[i].name for i in classes if 0 <= i < len(ACTIONS)]
