"""`ModelGenerator`: a trained model as a generator, whatever runs it.

A beat becomes a sentence and a row of labels, the model draws 47 features a frame, and from them a
body is made that keeps its bones, follows on from the pose it was in, goes where the beat says and
stands on its feet. All that is here, so that every backend performs alike.

With the phases ``draft`` another generator makes a draft of the beat, which the model redraws; see
`stickgen.core.drafting`.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from functools import cached_property
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core import features, ops, registries, schema, validator
from stickgen.core.actions import ACTIONS, action
from stickgen.core.actions import NO_OVERLAY as UNLAID
from stickgen.core.drafting import grafted
from stickgen.core.environments import ENVIRONMENTS
from stickgen.core.errors import PluginError, SchemaError, UsageError
from stickgen.core.inbetween import through
from stickgen.core.kinematics import Body, bone_lengths
from stickgen.core.ops import together
from stickgen.core.protocols import Generator, TextEncoder
from stickgen.core.sampling import (
    NO_LABEL,
    NO_OVERLAY,
    SOURCES,
    Backend,
    Drawn,
    Recipe,
    Wanted,
    candidates,
    sample,
)
from stickgen.core.settling import SETTLE, calmed, eased_from, limber, settled
from stickgen.core.types import ActorState, Beat, Motion
from stickgen.core.wording import sentence

Array = NDArray[np.float64]

LONGEST: Final = 250
"""Frames sampled at once; longer motions are made in stretches that follow one another."""

SHORTEST: Final = 12
"""Frames sampled at least; shorter motions are cut."""

DRAFTER: Final = "procedural"
"""Name of the generator whose motions are drafts."""

MOST: Final = 16
"""Candidates drawn at most for one to be kept."""

LEADS: Final = 4
"""Actors of a story whose drafts are redrawn; of a crowd the others stay as they are staged."""

SPEEDS: Final = (0.5, 2.0)
"""What a beat's speed is held to."""

TURN: Final = 0.7
"""Seconds in which a body turns to where it should go."""

_PELVIS = schema.J["pelvis_center"]

_FIRM_GROUND: Final = tuple(
    row.name for row in ENVIRONMENTS if row.gravity_scale == 1.0 and row.buoyancy == 0.0
)
"""The environments whose bodies move as those of the training clips do."""

_FROM_BELOW: Final = ("stand", "get_up", "crawling", "swimming", "flying")
"""Actions that nobody begins standing upright."""


class ModelGenerator:
    """Performs beats with the model of *backend*; see `stickgen.core.protocols.Generator`.

    Args:
        backend: what runs the model.
        encoder: the text encoder the model was trained with.
        recipe: how to sample.
        labels: tell the model which action it is, beside the sentence.
        drafter: name of the generator that makes the drafts, where the phases are ``draft``.
    """

    api_version: ClassVar[int] = 1
    max_actors: ClassVar[int] = 1

    def __init__(
        self,
        backend: Backend,
        encoder: TextEncoder,
        *,
        recipe: Recipe | None = None,
        labels: bool = True,
        drafter: str = DRAFTER,
    ) -> None:
        config = backend.config
        wanted = config["architecture"]["text_dim"]
        if encoder.dim != wanted:
            raise PluginError(
                f"the model hears {config.get('text_encoder')!r} with {wanted} numbers a word, the"
                f" text encoder {encoder.name!r} gives {encoder.dim}"
            )
        self.backend = backend
        self.encoder = encoder
        self.recipe = recipe or Recipe()
        self.labels = labels
        self.drafter = drafter
        self.opening: Array | None = None
        """Pose ``[16, 3]`` in which a body that has none yet begins, if it is to be a certain one:
        of the standard body, the pelvis over the origin, facing +x.
        """
        self.mean = np.asarray(config["mean"], np.float64)
        self.std = np.asarray(config["std"], np.float64)
        self.good_at: tuple[str, ...] = tuple(config.get("good_at", ()))
        self.leads: int | None = LEADS if self.recipe.phases == "draft" else None
        """Of how many actors of a story it takes the beats, where it performs beside others."""
        self.environments = _FIRM_GROUND
        if config.get("partners"):
            self.max_actors = 2  # type: ignore[misc]
        self.sources = {str(k): int(v) for k, v in config.get("best_source", {}).items()}

    # -- the two ways in -------------------------------------------------------------------------

    def generate(
        self,
        beat: Beat,
        actors: Sequence[ActorState],
        rng: np.random.Generator,
        *,
        fps: float = schema.FPS,
    ) -> Motion:
        """Return the motion ``[T, A]`` of *beat*, which follows on from the actors' states.

        Two move together where the model was trained with partners: one alone, the other beside
        him, then he again beside the other.

        Raises `UsageError` for more actors than `max_actors`, an action outside the table, or a
        number out of its range.
        """
        _check(beat, actors, fps, self.max_actors)
        if self.recipe.phases == "draft":
            states = [self._opened(state) for state in actors]
            draft = self._drafts.generate(beat, states, rng, fps=fps)
            return self._redrawn(draft, sentence(beat), rng) if len(actors) == 1 else draft
        if len(actors) == 1:
            return self._alone(beat, actors[0], rng, fps, None)
        if beat.seconds is None:
            beat = replace(beat, seconds=action(beat.action).seconds)
        made: list[Motion | None] = [None, None]
        for me in (0, 1, 0):
            other, own = made[1 - me], made[me]
            partner = None
            if other is not None:
                where = np.array([actors[me].position[0], 0.0, actors[me].position[1]])
                where[1] = Body(actors[me].height).pelvis_height
                root = where if own is None else own.joints[:, 0, _PELVIS, None]
                partner = np.asarray(other.joints[:, 0] - root, np.float64)
            made[me] = self._alone(beat, actors[me], rng, fps, partner)
        return together([each for each in made if each is not None])

    def _alone(
        self, beat: Beat, state: ActorState, rng: np.random.Generator, fps: float,
        partner: Array | None,
    ) -> Motion:  # fmt: skip
        """Return the motion ``[T, 1]`` of one actor; *partner* ``[T, 16, 3]`` are somebody else's
        joints relative to the own pelvis.
        """
        row = action(beat.action)
        seconds = beat.seconds
        if seconds is None:
            seconds = row.seconds * max(1, beat.repetitions or 1) / min(max(beat.speed, 0.5), 2.0)
        pace = float(np.clip(beat.speed, *SPEEDS)) if np.isfinite(beat.speed) else 1.0
        frames = max(1, round(seconds * fps))
        begins, before = None, None
        if state.pose is not None:
            begins = np.asarray(state.pose, np.float64)
            if state.velocity is not None:
                begins = begins + np.asarray(state.velocity, np.float64) / fps
            before = _own_pose(state)
        elif self.opening is not None or (row.speed <= 0.2 and row.name not in _FROM_BELOW):
            before = _put(Body().rest() if self.opening is None else self.opening, state)
            begins = before * (state.height / schema.HEIGHT)
            place = np.array([state.position[0], 0.0, state.position[1]])
            begins = begins + place - begins[_PELVIS] * (1.0, 0.0, 1.0)
        extra = int(before is not None)
        drawn = max(SHORTEST, round(seconds * features.MODEL_FPS * pace) + extra)
        overlay = UNLAID if beat.overlay is None else action(beat.overlay).index
        labels = np.full(drawn, row.index, np.int64)
        if partner is not None:
            at = (np.arange(drawn) - extra) * (fps / (features.MODEL_FPS * pace))
            partner = _at(partner, np.clip(at, 0, len(partner) - 1))
            partner = partner * (schema.HEIGHT / state.height)
            if before is None:
                partner = features.turn(partner, -state.heading)
        joints, contacts = self._draw(
            sentence(beat), labels, np.full(drawn, overlay, np.int64), rng, before, partner=partner
        )
        joints = _placed(joints, state, beat, given=before is not None)
        joints, contacts = _retimed(joints, contacts, pace, fps, frames + extra)
        joints = settled(joints[extra:], contacts[extra:], Body(state.height), begins, fps)
        return Motion.from_joints(
            joints[:, None],
            fps=fps,
            actions=np.full((frames, 1), row.index, np.int64),
            overlay=np.full((frames, 1), overlay, np.int64),
        )

    def sample(
        self,
        text: str,
        frames: int,
        rng: np.random.Generator,
        *,
        actions: NDArray[np.int64] | None = None,
        overlay: NDArray[np.int64] | None = None,
        keys: Motion | None = None,
        keyed: NDArray[np.bool_] | None = None,
    ) -> Motion:
        """Return one actor's motion of *frames* frames at 25 fps for a sentence of any kind.

        *actions* and *overlay* ``[T]`` are rows of the action table a frame; None leaves it to the
        words alone. Different actions are drawn one after another, each told as a
        beat is: the words are then heard through their labels alone. *keys* (one actor,
        T frames) gives poses that are kept exactly in the frames where *keyed* ``[T]`` is True.

        With the phases ``draft``, *actions* are needed and keys are refused (`UsageError`).
        """
        if self.recipe.phases == "draft":
            if keys is not None:
                raise UsageError("a draft has poses of its own; choose other phases for given ones")
            return self._staged(text, frames, rng, actions, overlay)
        given = None
        if keys is not None and keyed is not None:
            given = (np.asarray(keys.joints[:, 0], np.float64), np.asarray(keyed, np.bool_))
        opening = self.opening if given is None else None
        joints, contacts = self._draw(text, actions, overlay, rng, opening, frames, given)
        if given is None:
            joints = settled(joints, contacts, Body(), opening, features.MODEL_FPS)
        labels = np.zeros(frames, np.int64) if actions is None else actions
        above = np.full(frames, UNLAID, np.int64) if overlay is None else overlay
        return Motion.from_joints(
            joints[:, None], fps=features.MODEL_FPS, actions=labels[:, None], overlay=above[:, None]
        )

    def inbetween(
        self, motion: Motion, keyed: NDArray[np.bool_], text: str, rng: np.random.Generator
    ) -> Motion:
        """Return *motion* ``[T, 1]`` with its frames where *keyed* ``[T]`` is True as they are and
        the others drawn by the model, which hears *text* and the motion's labels.

        Raises `UsageError` for other than one actor and for a motion without a given frame.
        """
        if motion.n_actors != 1:
            raise UsageError(f"this generator moves one actor at a time, not {motion.n_actors}")
        if not keyed.any():
            raise UsageError("no frame is given to draw the others between")
        joints = np.array(motion.joints[:, 0], np.float64)
        lengths = np.median(bone_lengths(joints[keyed]), axis=0)
        size = float(lengths.sum() / Body().lengths.sum())
        ratio = features.MODEL_FPS / motion.fps
        frames = int(np.ceil((len(joints) - 1) * ratio)) + 1
        at = np.minimum(np.arange(frames) / ratio, len(joints) - 1)
        near = np.round(at).astype(int)
        known = np.zeros(frames, np.bool_)
        known[np.round(np.flatnonzero(keyed) * ratio).astype(int)] = True
        path, contacts = self._drawn_between(
            _at(joints, at) / size, known, text, motion.actions[near, 0], motion.overlay[near, 0],
            rng,
        )  # fmt: skip
        drawn = features.keep_bones(calmed(_without_jumps(path, known)), Body())
        drawn = settled(drawn, contacts, Body(), None, features.MODEL_FPS, carry=False)
        drawn = _at(drawn, np.minimum(np.arange(len(joints)) * ratio, frames - 1)) * size
        drawn = drawn + _back_to(joints - drawn, keyed, round(SETTLE * motion.fps))
        drawn = features.point_bones(drawn, lengths)
        drawn[keyed] = joints[keyed]
        return Motion.from_joints(
            drawn[:, None], fps=motion.fps, actions=motion.actions, overlay=motion.overlay
        )

    def _drawn_between(
        self, path: Array, known: NDArray[np.bool_], text: str, actions: NDArray[np.int64],
        overlay: NDArray[np.int64], rng: np.random.Generator,
    ) -> tuple[Array, Array]:  # fmt: skip
        """Return *path* ``[T, 16, 3]`` (25 fps, the standard body) with what is not *known* drawn,
        and contacts ``[T, 2]``.
        """
        tokens, pooled = self.encoder.tokens(text), self.encoder.encode([text])[0]
        path, known = path.copy(), known.copy()
        contacts = features.foot_contacts(path).astype(np.float64)
        start = 0
        while start < len(path) and not known[start:].all():
            stop = min(start + LONGEST, len(path))
            later = np.flatnonzero(known[start + SHORTEST : stop])
            if stop < len(path) and len(later):
                # a stretch that ends with a key is not torn from the next one
                stop = start + SHORTEST + int(later[-1]) + 1
            part = slice(start, stop)
            wanted = self._wanted(tokens, pooled, actions, overlay, part, stop - start)
            wanted, facing = _with_keys(wanted, path[part], known[part], self)
            recipe = self.recipe
            if recipe.phases == "draft":
                recipe = replace(recipe, phases="refine")
            got = sample(self.backend, wanted, rng, recipe)
            joints, stands = features.decode(got.features * self.std + self.mean)
            joints = features.turn(joints, facing)
            keys = np.flatnonzero(known[part])
            if len(keys):
                # velocities sum up to another way than from key to key
                drift = path[part][keys, _PELVIS] - joints[keys, _PELVIS]
                drift[:, 1] = 0.0
                joints += through(keys, drift, stop - start)[:, None]
            fresh = ~known[part]
            path[part][fresh], contacts[part][fresh] = joints[fresh], stands[fresh]
            known[stop - 1] = True
            start = stop - 1 if stop < len(path) else stop
        return path, contacts

    # -- from a draft to a body ------------------------------------------------------------------

    @cached_property
    def _drafts(self) -> Generator:
        return registries.generators.create(self.drafter)

    def _opened(self, state: ActorState) -> ActorState:
        """Return *state* with the pose that a body is to begin in, if it is to be a certain one."""
        if state.pose is not None or self.opening is None:
            return state
        place = np.array([state.position[0], 0.0, state.position[1]])
        pose = features.turn(self.opening * (state.height / schema.HEIGHT), state.heading) + place
        return replace(state, pose=pose)

    def _redrawn(self, draft: Motion, text: str, rng: np.random.Generator) -> Motion:
        """Return one actor's *draft* redrawn by the model, which hears *text* and its labels."""
        ratio = features.MODEL_FPS / draft.fps
        frames = int(np.ceil((draft.n_frames - 1) * ratio)) + 1
        if frames < SHORTEST:
            return draft
        joints = np.asarray(draft.joints[:, 0], np.float64)
        lengths = np.median(bone_lengths(joints), axis=0)
        size = float(lengths.sum() / Body().lengths.sum())
        at = np.minimum(np.arange(frames) / ratio, draft.n_frames - 1)
        near = np.round(at).astype(int)
        path = _at(joints, at) / size
        actions, overlay = draft.actions[near, 0], draft.overlay[near, 0]
        tokens, pooled = self.encoder.tokens(text), self.encoder.encode([text])[0]
        change = np.zeros_like(path)
        bounds = np.linspace(0, frames, -(-frames // LONGEST) + 1).round().astype(int)
        for start, stop in itertools.pairwise(bounds.tolist()):
            part = slice(start, stop)
            wanted = self._wanted(tokens, pooled, actions, overlay, part, stop - start)
            wanted = replace(wanted, source=SOURCES.index("real"))
            facing = float(ops.heading(path[start]))
            seen = features.turn(path[part], -facing)
            wanted = replace(wanted, draft=_encoded(seen, self))
            drawn = candidates(self.backend, wanted, rng, self.recipe)
            change[part] = self._alive(path[part], seen[0], facing, drawn, actions[part])
        joints = joints + size * _at(change, np.arange(draft.n_frames) * ratio)
        joints = features.point_bones(joints, lengths)
        return Motion.from_joints(
            joints[:, None], fps=draft.fps, actions=draft.actions, overlay=draft.overlay
        )

    def _alive(
        self, draft: Array, first: Array, facing: float, drawn: Drawn, actions: NDArray[np.int64]
    ) -> Array:
        """Return by how much *draft* ``[T, 16, 3]`` is changed by the candidate that shows best
        what was asked for, of those that the safety critic passes; zeros if it passes none.
        """
        for chosen in np.argsort(-drawn.likeness, kind="stable"):
            joints, _ = features.decode(drawn.features[chosen] * self.std + self.mean)
            joints = calmed(joints) + first[_PELVIS] * (1.0, 0.0, 1.0)
            joints = grafted(draft, features.turn(joints, facing))
            if validator.check(Motion.from_joints(joints[:, None], actions=actions[:, None])).ok:
                return joints - draft
        return np.zeros_like(draft)

    def _staged(
        self, text: str, frames: int, rng: np.random.Generator, actions: NDArray[np.int64] | None,
        overlay: NDArray[np.int64] | None,
    ) -> Motion:  # fmt: skip
        """Return *frames* frames of the labelled actions, one beat after the other."""
        if actions is None or (actions >= len(ACTIONS)).any():
            raise UsageError("a draft is of actions, not of words alone; choose other phases")
        above = np.full(frames, UNLAID, np.int64) if overlay is None else overlay
        above = np.where((above < 0) | (above >= len(ACTIONS)), UNLAID, above)
        changes = (np.diff(actions) != 0) | (np.diff(above) != 0)
        starts = [0]
        for start in (np.flatnonzero(changes) + 1).tolist():
            if start - starts[-1] >= SHORTEST and frames - start >= SHORTEST:
                starts.append(start)
        state, pieces = ActorState(), []
        for start, stop in itertools.pairwise([*starts, frames]):
            laid = None if above[start] < 0 else ACTIONS[int(above[start])].name
            seconds = (stop - start) / schema.FPS
            beat = Beat((0,), ACTIONS[int(actions[start])].name, overlay=laid, seconds=seconds)
            begins = [self._opened(state)]
            try:
                draft = self._drafts.generate(beat, begins, rng)
            except UsageError:
                draft = self._drafts.generate(replace(beat, overlay=None), begins, rng)
            told = text if len(starts) == 1 else sentence(beat)
            pieces.append(self._redrawn(draft, told, rng))
            state = ops.left_in(pieces[-1], beat.action)
        joined = np.concatenate([piece.joints for piece in pieces])
        return Motion.from_joints(joined, actions=actions[:, None], overlay=above[:, None])

    # -- from words to a body --------------------------------------------------------------------

    def _draw(
        self,
        text: str,
        actions: NDArray[np.int64] | None,
        overlay: NDArray[np.int64] | None,
        rng: np.random.Generator,
        before: Array | None,
        frames: int | None = None,
        given: tuple[Array, NDArray[np.bool_]] | None = None,
        partner: Array | None = None,
    ) -> tuple[Array, Array]:
        """Return joints ``[T, 16, 3]`` of the standard body, facing +x at first, and contacts.

        *before* ``[16, 3]`` is the pose of frame 0, if it is given; *partner* ``[T, 16, 3]`` are
        somebody's joints relative to the pelvis.
        """
        total = len(actions) if actions is not None else int(frames or 0)
        if total < 1:
            raise UsageError("a motion needs at least one frame")
        pieces: list[tuple[Array, Array]] = []
        done = 0
        ends = self._ends(actions, total) if given is None else []
        while done < total:
            stop = min(done + LONGEST, total, *(end for end in ends if end > done))
            n = stop - done + (1 if pieces else 0)
            part = slice(stop - n, stop)
            first = before if not pieces else pieces[-1][0][-1]
            told = text if actions is None or not ends else _told(actions, overlay, stop - 1)
            tokens, pooled = self.encoder.tokens(told), self.encoder.encode([told])[0]
            wanted = self._wanted(tokens, pooled, actions, overlay, part, n, from_last=bool(pieces))
            if given is not None:
                wanted, turned = _with_keys(wanted, given[0][part], given[1][part], self)
            elif first is not None:
                wanted, turned = _with_first(wanted, first, self)
            else:
                turned = 0.0
            if partner is not None:
                seen = features.turn(partner[part], -turned)
                wanted = replace(wanted, partner=schema.joints_to_segments(seen))
            drawn = candidates(self.backend, wanted, rng, self.recipe)
            joints, contacts = self._best(drawn, wanted.actions, smooth=given is None)
            joints = features.turn(joints, turned)
            if first is not None:
                joints[..., [0, 2]] += first[_PELVIS, [0, 2]]
            if given is not None:
                at = int(np.argmax(given[1][part]))
                joints += given[0][part][at, _PELVIS] - joints[at, _PELVIS]
            if pieces:
                joints, contacts = joints[1:], contacts[1:]
                joints = features.keep_bones(
                    eased_from(joints, _next(pieces[-1][0]), features.MODEL_FPS), Body()
                )
            pieces.append((joints, contacts))
            done = stop
        return np.concatenate([p[0] for p in pieces]), np.concatenate([p[1] for p in pieces])

    def _ends(self, actions: NDArray[np.int64] | None, total: int) -> list[int]:
        """Return where one action ends and the next begins: each is drawn by itself, told as a beat
        is, and goes on from where the one before has come to.
        """
        if actions is None or not self.labels or (actions >= len(ACTIONS)).any():
            return []
        ends = (np.flatnonzero(np.diff(actions)) + 1).tolist()
        whole = [0, *ends, total]
        short = any(b - a < SHORTEST for a, b in itertools.pairwise(whole))
        return [] if short else ends

    def _best(
        self, drawn: Drawn, labels: NDArray[np.int64], *, smooth: bool
    ) -> tuple[Array, Array]:
        """Return joints ``[T, 16, 3]`` and contacts ``[T, 2]`` of the candidate that shows best
        what was asked for, of those that the safety critic passes, if there are any.
        """
        bodies = []
        for values in drawn.features:
            joints, contacts = features.decode(values * self.std + self.mean)
            if smooth:
                joints = features.keep_bones(calmed(joints), Body())
            bodies.append((joints, contacts))
        if len(bodies) == 1:
            return bodies[0]
        doing = np.where(labels < len(ACTIONS), labels, 0)[:, None]
        sound = [
            validator.check(Motion.from_joints(
                limber(features.keep_bones(joints, Body()))[:, None], actions=doing
            )).ok
            for joints, _ in bodies
        ]  # fmt: skip
        return bodies[max(range(len(bodies)), key=lambda i: (sound[i], drawn.likeness[i]))]

    def _wanted(
        self, tokens: Any, pooled: Any, actions: NDArray[np.int64] | None,
        overlay: NDArray[np.int64] | None, part: slice, n: int, *, from_last: bool = False,
    ) -> Wanted:  # fmt: skip
        """Return what the *n* frames *part* of a motion are to be like; *from_last*: the first of
        them is the last of those before, whose action is over.
        """
        none = np.full(n, NO_LABEL, np.int64)
        labels, above, source = none, none, SOURCES.index("real")
        if actions is not None and self.labels:
            labels = actions[part]
            if from_last and n > 1:
                labels = np.concatenate([labels[1:2], labels[1:]])
            names = [ACTIONS[i].name for i in np.unique(labels) if i < len(ACTIONS)]
            kinds = {self.sources.get(name, source) for name in names}
            source = kinds.pop() if len(kinds) == 1 else SOURCES.index("composed")
            if overlay is not None:
                above = np.where(overlay[part] < 0, NO_OVERLAY, overlay[part])
        return Wanted(tokens, pooled, labels, above, source=source)


def recipe_of(config: Mapping[str, Any], **changes: Any) -> Recipe:
    """Return the recipe that a model's configuration recommends, with *changes* that are not None:
    ``recipe`` is for everything, ``drafts`` says what is otherwise where the phases are ``draft``.

    Raises `UsageError` for a value that cannot be.
    """
    known = {f.name for f in fields(Recipe)}
    changes = {k: v for k, v in changes.items() if v is not None}
    values = dict(config.get("recipe", {}))
    if changes.get("phases", values.get("phases")) == "draft":
        values |= config.get("drafts", {})
    values = {k: v for k, v in values.items() if k in known} | changes
    recipe = Recipe(**values)
    if recipe.steps < 1 or recipe.draws < 1:
        raise UsageError(f"a model cannot be sampled in {min(recipe.steps, recipe.draws)} steps")
    if not (np.isfinite(recipe.temperature) and recipe.temperature >= 0):
        raise UsageError(f"a temperature of {recipe.temperature} is not a number from 0 up")
    if not 1 <= recipe.candidates <= MOST:
        raise UsageError(
            f"the best of {recipe.candidates} candidates cannot be kept, only of 1 to {MOST}"
        )
    if not 0.0 <= recipe.start < 1.0:
        raise UsageError(f"a draft starts at {recipe.start}, not from 0 to below 1")
    if not (np.isfinite(recipe.guidance) and recipe.guidance >= 0):
        raise UsageError(f"a guidance of {recipe.guidance} is not a number from 0 up")
    return recipe


def _check(beat: Beat, actors: Sequence[ActorState], fps: float, most: int) -> None:
    action(beat.action)
    if beat.overlay is not None:
        action(beat.overlay)
    for state in actors:
        if not (np.isfinite(state.position).all() and np.isfinite(state.heading)):
            raise SchemaError("an actor's position or heading is not finite")
    if not 1 <= len(actors) <= most:
        at_a_time = "one actor at a time" if most == 1 else f"up to {most} actors together"
        raise UsageError(f"this generator moves {at_a_time}, not {len(actors)}")
    if not (np.isfinite(fps) and fps > 0):
        raise UsageError(f"a frame rate of {fps} is not positive")
    if beat.seconds is not None and not (np.isfinite(beat.seconds) and beat.seconds > 0):
        raise UsageError(f"a beat of {beat.seconds} seconds is not positive")


def _own_pose(state: ActorState) -> Array:
    """Return the pose ``[16, 3]`` of *state* on the standard body, where it is."""
    pose = np.asarray(state.pose, np.float64)
    return pose * (schema.HEIGHT / state.height)


def _put(pose: Array, state: ActorState) -> Array:
    """Return *pose* ``[16, 3]`` of the standard body where *state* says, facing its way."""
    pose = features.turn(pose, state.heading)
    return np.asarray(
        pose + np.array([state.position[0], 0.0, state.position[1]]), dtype=np.float64
    )


def _told(actions: NDArray[np.int64], overlay: NDArray[np.int64] | None, frame: int) -> str:
    """Return the sentence of the beat that *frame* is part of."""
    above = -1 if overlay is None else int(overlay[frame])
    laid = ACTIONS[above].name if 0 <= above < len(ACTIONS) else None
    return sentence(Beat((0,), ACTIONS[int(actions[frame])].name, overlay=laid))


def _next(joints: Array) -> Array:
    """Return the pose ``[16, 3]`` that *joints* ``[T, 16, 3]`` are heading for after their last."""
    return np.asarray(joints[-1] + (joints[-1] - joints[-2] if len(joints) > 1 else 0.0))


def _encoded(joints: Array, generator: ModelGenerator) -> NDArray[np.float32]:
    stand = features.foot_contacts(joints)
    values = features.encode(joints, stand)
    return ((values - generator.mean) / generator.std).astype(np.float32)


def _with_first(wanted: Wanted, pose: Array, generator: ModelGenerator) -> tuple[Wanted, float]:
    """Return *wanted* with its first frame given, and the heading to turn the result by."""
    facing = float(ops.heading(pose))
    seen = features.turn(pose, -facing)[None]
    keys = np.zeros((wanted.frames, features.DIM), np.float32)
    keys[0] = _encoded(seen, generator)[0]
    keyed = np.zeros(wanted.frames, np.bool_)
    keyed[0] = True
    return replace(wanted, keys=keys, keyed=keyed), facing


def _with_keys(
    wanted: Wanted, joints: Array, keyed: NDArray[np.bool_], generator: ModelGenerator
) -> tuple[Wanted, float]:
    """Return *wanted* with the frames *keyed* of *joints* given, and the heading of the first."""
    if not keyed.any():
        return wanted, 0.0
    facing = float(ops.heading(joints[int(np.argmax(keyed))]))
    keys = _encoded(features.turn(joints, -facing), generator)
    return replace(wanted, keys=keys, keyed=keyed), facing


def _placed(joints: Array, state: ActorState, beat: Beat, *, given: bool) -> Array:
    """Return *joints* of the standard body where and as large as *state* says, going its way.

    If their first pose was *given*, they face as the state does already.
    """
    size = state.height / schema.HEIGHT
    joints = joints * size
    place = np.array([state.position[0], 0.0, state.position[1]])
    if not given:
        joints = features.turn(joints, state.heading)
    start = joints[0, _PELVIS] * (1.0, 0.0, 1.0)
    joints = joints - start + place
    angle = _way(state, beat)
    return joints if abs(angle) < np.radians(8.0) else _turned_along(joints, angle)


def _way(state: ActorState, beat: Beat) -> float:
    """Return by how much the actor has to turn, radians in (-pi, pi]."""
    facing = state.heading
    if state.pose is not None:
        facing = float(ops.heading(np.asarray(state.pose, np.float64)))
    aim = facing
    travels = action(beat.action).speed > 0.2
    if beat.direction in ("toward", "away") and state.target is not None:
        dx = state.target[0] - state.position[0]
        dz = state.target[1] - state.position[1]
        if np.hypot(dx, dz) > 0.05:
            aim = float(np.arctan2(-dz, dx)) + (np.pi if beat.direction == "away" else 0.0)
    elif beat.direction in ("left", "right") and travels:
        aim = state.heading + (0.5 * np.pi if beat.direction == "left" else -0.5 * np.pi)
    elif state.pose is not None and travels:
        aim = state.heading
    return float((aim - facing + np.pi) % (2 * np.pi) - np.pi)


def _turned_along(joints: Array, angle: float) -> Array:
    """Return *joints* whose body and way turn by *angle* over the first `TURN` seconds."""
    t = np.arange(len(joints)) / features.MODEL_FPS
    u = np.clip(t / max(TURN * abs(angle) / (0.5 * np.pi), 0.3), 0.0, 1.0)
    angles = angle * u * u * (3.0 - 2.0 * u)
    root = joints[:, _PELVIS].copy()
    local = joints - root[:, None]
    step = np.diff(root, axis=0, prepend=root[:1])
    step[:, 1] = 0.0
    for i, a in enumerate(angles):
        local[i] = features.turn(local[i], a)
        step[i] = features.turn(step[i], a)
    way = root[0] * (1.0, 0.0, 1.0) + np.cumsum(step, axis=0)
    way[:, 1] = root[:, 1]
    out: Array = local + way[:, None]
    return out


def _retimed(
    joints: Array, contacts: Array, pace: float, fps: float, frames: int
) -> tuple[Array, Array]:
    """Return the same motion *pace* times as fast, at *fps*, *frames* long."""
    at = np.arange(frames) * (features.MODEL_FPS * pace / fps)
    at = np.minimum(at, len(joints) - 1)
    return _at(joints, at), _at(contacts, at)


def _at(track: Array, at: NDArray[np.floating]) -> Array:
    """Return *track* ``[T, ...]`` at frames *at* ``[N]``, which may lie between two."""
    low = np.minimum(np.floor(at).astype(int), max(len(track) - 2, 0))
    high = np.minimum(low + 1, len(track) - 1)
    w = (at - low).reshape(-1, *[1] * (track.ndim - 1))
    return np.asarray((1 - w) * track[low] + w * track[high], dtype=np.float64)


def _without_jumps(path: Array, known: NDArray[np.bool_]) -> Array:
    """Return *path* ``[T, 16, 3]`` whose drawn stretches leave and reach the *known* frames ``[T]``
    as they were heading; what they are off by fades within `SETTLE` seconds.
    """
    out = path.copy()
    edges = np.flatnonzero(np.diff(np.concatenate([[True], known, [True]]).astype(np.int8)))
    for a, b in zip(edges[::2], edges[1::2], strict=True):
        own = calmed(path[a:b])
        reach = min(SETTLE * features.MODEL_FPS, b - a)
        for end, step in ((0, 1), (-1, -1)):
            before = a - 1 if step > 0 else b
            if not 0 <= before < len(path):
                continue
            heading = own[end] - own[end + step] if b - a > 1 else 0.0
            gap = path[before] - own[end] - heading
            u = np.clip(np.arange(1, b - a + 1) / (reach + 1), 0.0, 1.0)[::step]
            own = own + (1.0 - u * u * (3.0 - 2.0 * u))[:, None, None] * gap
        out[a:b] = own
    return out


def _back_to(gap: Array, keyed: NDArray[np.bool_], reach: int) -> Array:
    """Return *gap* ``[T, ...]`` where *keyed* ``[T]``, fading to zero within *reach* frames."""
    at = np.flatnonzero(keyed)
    points = {int(k): gap[k] for k in at}
    for a, b in itertools.pairwise([-(10**9), *at.tolist(), 10**9]):
        if b - a > 2 * reach:
            for free in (a + reach, b - reach):
                if 0 <= free < len(gap):
                    points[free] = np.zeros_like(gap[0])
    order = sorted(points)
    return through(np.array(order), np.stack([points[k] for k in order]), len(gap))
