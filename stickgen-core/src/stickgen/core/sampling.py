"""The sampling loop of motion models, written once over callables that take and return numpy.

A backend (torch in stickgen-train, numpy or onnxruntime in stickgen-model-small) offers a few
functions; see `Backend`. The loop, the noise, the guidance and the order of steps are here, so
every backend draws the same motion from the same generator of random numbers.

**Two phases**
    `plan` draws token after token (four frames each) from a causal model that keeps what it has
    seen; `refine` takes the whole plan and carries it to the end of a straight path (flow
    matching) in a few Euler steps. Either can be left out. Instead of a plan the refiner can be
    given a *draft*, a motion somebody else has made: it is put back some way into noise and carried
    to the end from there (Meng et al. 2021, SDEdit).

**Guidance** (Ho & Salimans 2022): the model is asked twice, with and without conditions, and the
difference is stretched. Both questions go in one call, as two rows of a batch.

**Candidates**: several motions can be drawn at once, as more rows. Which of them shows best what
was asked for is told by the model itself, see `Drawn.likeness`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any, Final, Literal, Protocol, get_args

import numpy as np
from numpy.typing import NDArray

from stickgen.core.actions import N_CLASSES
from stickgen.core.errors import UsageError
from stickgen.core.features import DIM

Floats = NDArray[np.float32]

PATCH: Final = 4
"""Frames of a token."""

TOKEN: Final = PATCH * DIM
"""Numbers of a token: 188."""

NO_LABEL: Final = N_CLASSES
"""Class of an action (or overlay) nobody has named."""

NO_OVERLAY: Final = N_CLASSES + 1
"""Class of an overlay known to be none."""

SOURCES: Final = ("unknown", "real", "procedural", "composed")
"""Kinds of training clips, by index."""

STYLE: Final = ("tempo", "energy", "smoothness", "valence", "arousal")
"""The style vector, each 0-1 (valence -1 to 1); NaN where unknown."""

MAX_WORDS: Final = 32
"""Tokens of a text that are read; the rest is cut off."""

Phases = Literal["both", "plan", "refine", "draft"]

PHASES: Final = get_args(Phases)

Heard = Mapping[str, Floats]
"""Conditions as a backend's blocks take them: words, word_mask, whole and frames."""


@dataclass(frozen=True)
class Wanted:
    """What one motion of T frames is to be like.

    ``tokens`` ``[N, E]`` and ``pooled`` ``[E]`` come from the text encoder of the model;
    ``actions`` and ``overlay`` int64 ``[T]`` are rows of the action table, `NO_LABEL` or (overlay)
    `NO_OVERLAY`; ``source`` indexes `SOURCES`; ``keys`` ``[T, 47]`` are normalised features that
    count where ``keyed`` ``[T]`` is True: those frames are kept exactly. ``partner`` ``[T, 48]``
    are the segments of somebody else relative to the own pelvis, NaN where there is nobody.
    ``draft`` ``[T, 47]`` are the normalised features of the motion to begin at, if there is one.
    """

    tokens: Floats
    pooled: Floats
    actions: NDArray[np.int64]
    overlay: NDArray[np.int64]
    source: int = 0
    style: Floats | None = None
    keys: Floats | None = None
    keyed: NDArray[np.bool_] | None = None
    partner: Floats | None = None
    draft: Floats | None = None

    @property
    def frames(self) -> int:
        return len(self.actions)


@dataclass(frozen=True)
class Recipe:
    """How to sample: which phases, how many steps, how much guidance."""

    phases: Phases = "both"
    steps: int = 8
    """Steps of the refiner."""
    draws: int = 6
    """Steps of the planner's flow network for each token."""
    guidance: float = 2.0
    """1: conditions as they are; more: stretched."""
    plan_guidance: float = 1.5
    start_noise: float = 0.35
    """Deviation of the noise added to a plan before it is refined, as in training."""
    prefix_noise: float = 0.05
    """What the planner is told about the noise in what it has drawn so far."""
    unguided: int = 2
    """Last steps of the refiner without guidance: there it only costs time."""
    temperature: float = 1.0
    """Deviation of the noise a motion begins in where there is no plan: less of it gives steadier
    motions that differ less.
    """
    candidates: int = 1
    """Motions the refiner draws at once, of which the best is kept."""
    start: float = 0.4
    """How far on its way out of noise a draft is when the refiner takes it over: from 0, where
    nothing is left of it, towards 1, where nothing is done to it. It takes that share less steps.
    """


class Backend(Protocol):
    """The functions of a model, numpy in and out; B rows, n tokens, d width.

    Features are normalised. ``past`` is float32 ``[L, 2, B, H, m, h]``. A backend may also offer
    ``running()``, a context in which one motion is drawn.
    """

    @property
    def config(self) -> Mapping[str, Any]:
        """``config.json`` of the checkpoint: architecture, encoder, mean, std, what it can."""
        ...

    def hear(self, conditions: Mapping[str, NDArray[Any]]) -> Heard:
        """Return what the blocks hear of tokens ``[B, N, E]``, token_mask ``[B, N]``, pooled
        ``[B, E]``, actions and overlay ``[B, T]``, seconds ``[B]``, source ``[B]``, style
        ``[B, 5]`` and, where there is one, partner ``[B, T, 48]``.
        """
        ...

    def plan_step(
        self, token: Floats, first: float, index: int, noise: Floats, heard: Heard, past: Floats
    ) -> tuple[Floats, Floats]:
        """Return the planner's thought ``[B, d]`` before token *index* and what it adds to *past*.

        *token* ``[B, 4, 47]`` is the one before, ``heard["frames"]`` ``[B, 1, d]`` this one's.
        """
        ...

    def draw(self, hidden: Floats, x: Floats, t: Floats) -> Floats:
        """Return the velocity ``[B, 188]`` of tokens *x* ``[B, 188]`` at time *t* ``[B]``."""
        ...

    def refine(
        self, x: Floats, plan: Floats, known: Floats, keyed: Floats, t: Floats, heard: Heard
    ) -> Floats:
        """Return the velocity ``[B, T, 47]``; *known* and *keyed* are 0 or 1 ``[B, T]``."""
        ...

    def recognise(
        self, x: Floats, plan: Floats, known: Floats, keyed: Floats, t: Floats, heard: Heard
    ) -> Floats:
        """Return which action the refiner takes each frame of *x* for: chances ``[B, T, 64]``.
        Asked only where there are candidates.
        """
        ...


@dataclass
class Sampled:
    """What came out: normalised ``features`` ``[T, 47]`` and, if there was one, the ``plan``."""

    features: Floats
    plan: Floats | None = field(default=None, repr=False)


@dataclass
class Drawn:
    """Candidates: normalised ``features`` ``[N, T, 47]``, the ``plan`` of all of them, and how well
    each shows what was asked for, ``likeness`` ``[N]``; zeros where there is only one.

    The likeness of a candidate is told by the refiner without hearing anything: it looks at the
    motion (`LOOK` of the way out of noise) and says of each frame which action it shows. The
    logarithms of the chances it gives to what was asked, none below `DOUBT`, are averaged over a
    second; the worst second counts. What was asked is the label of each frame or, where there is
    none, what the refiner makes of the words before it has drawn anything.
    """

    features: Floats
    likeness: NDArray[np.float64]
    plan: Floats | None = field(default=None, repr=False)


LOOK: Final = 0.9
"""How far on its way from noise a motion is when the refiner says what it shows."""

DOUBT: Final = -6.0
"""The least that the logarithm of a chance counts."""

SECOND: Final = 25
"""Frames over which what the refiner says is averaged."""


def sample(
    backend: Backend, wanted: Wanted, rng: np.random.Generator, recipe: Recipe | None = None
) -> Sampled:
    """Return a motion drawn from the model of *backend*, of candidates the likeliest.

    Raises `UsageError` for no frames, no candidates or unknown phases.
    """
    drawn = candidates(backend, wanted, rng, recipe)
    return Sampled(drawn.features[int(drawn.likeness.argmax())], drawn.plan)


def candidates(
    backend: Backend, wanted: Wanted, rng: np.random.Generator, recipe: Recipe | None = None
) -> Drawn:
    """Return the candidates drawn from the model of *backend*; a plan alone is only one.

    Raises `UsageError` for no frames, no candidates or unknown phases.
    """
    recipe = recipe or Recipe()
    if wanted.frames < 1:
        raise UsageError("a motion of no frames cannot be sampled")
    if recipe.candidates < 1:
        raise UsageError(f"the best of {recipe.candidates} candidates cannot be kept")
    if recipe.phases not in PHASES:
        raise UsageError(f"unknown phases {recipe.phases!r}; choose one of {', '.join(PHASES)}")
    if (recipe.phases == "draft") != (wanted.draft is not None):
        raise UsageError("a draft is what the phases 'draft' begin at, and no others")
    frames = -(-wanted.frames // PATCH) * PATCH
    keys, keyed = _keys(wanted, frames)
    plan = None
    with getattr(backend, "running", nullcontext)():
        asked = conditions(wanted, frames)
        heard = backend.hear(asked)
        if recipe.phases in ("both", "plan"):
            plan = _plan(backend, heard, frames, rng, recipe, keys, keyed)
        if recipe.phases == "plan":
            assert plan is not None
            only = plan[: wanted.frames]
            return Drawn(only[None], np.zeros(1), only)
        if recipe.candidates > 1:
            heard = {k: np.repeat(v, recipe.candidates, axis=0) for k, v in heard.items()}
        draft = None if wanted.draft is None else _lasting(wanted.draft, frames)
        out = _refine(backend, heard, plan, frames, rng, recipe, keys, keyed, draft)
        likeness = np.zeros(recipe.candidates)
        if recipe.candidates > 1:
            likeness = _likeness(
                backend, heard, out, asked["actions"][0], wanted.frames, rng, keys, keyed
            )
    return Drawn(out[:, : wanted.frames], likeness, None if plan is None else plan[: wanted.frames])


def conditions(wanted: Wanted, frames: int) -> dict[str, NDArray[Any]]:
    """Return the two rows a backend hears: everything that is *wanted*, and nothing."""
    n = max(1, min(len(wanted.tokens), MAX_WORDS))
    tokens = np.zeros((2, n, wanted.pooled.shape[-1]), np.float32)
    mask = np.zeros((2, n), np.bool_)
    words = wanted.tokens[:MAX_WORDS]
    tokens[0, : len(words)] = words
    mask[0, : len(words)] = True
    pooled = np.zeros((2, wanted.pooled.shape[-1]), np.float32)
    pooled[0] = wanted.pooled
    labels = np.full((2, 2, frames), NO_LABEL, np.int64)
    for row, given in enumerate((wanted.actions, wanted.overlay)):
        labels[row, 0, : len(given)] = given
        labels[row, 0, len(given) :] = given[-1]
    style = np.full((2, len(STYLE)), np.nan, np.float32)
    if wanted.style is not None:
        style[0] = wanted.style
    out: dict[str, NDArray[Any]] = {
        "tokens": tokens,
        "token_mask": mask,
        "pooled": pooled,
        "actions": labels[0],
        "overlay": labels[1],
        "seconds": np.full(2, wanted.frames / 25.0, np.float32),
        "source": np.array([wanted.source, 0], np.int64),
        "style": style,
    }
    if wanted.partner is not None:
        out["partner"] = np.full((2, frames, wanted.partner.shape[1]), np.nan, np.float32)
        out["partner"][0, : wanted.frames] = wanted.partner
        out["partner"][0, wanted.frames :] = wanted.partner[-1]
    return out


def _keys(wanted: Wanted, frames: int) -> tuple[Floats, Floats]:
    keys = np.zeros((frames, DIM), np.float32)
    keyed = np.zeros(frames, np.float32)
    if wanted.keys is not None and wanted.keyed is not None:
        keys[: wanted.frames] = np.where(wanted.keyed[:, None], wanted.keys, 0.0)
        keyed[: wanted.frames] = wanted.keyed
    return keys, keyed


def _lasting(values: Floats, frames: int) -> Floats:
    """Return *values* ``[T, 47]`` for so many *frames*, the last one held."""
    return np.pad(values, ((0, frames - len(values)), (0, 0)), mode="edge")


def _rows(value: Floats, rows: int) -> Floats:
    return np.repeat(value[None], rows, axis=0)


def _guided(told: Floats, silent: Floats, guidance: float) -> Floats:
    """Return the velocity with conditions, moved away from the one without."""
    out: Floats = silent + np.float32(guidance) * (told - silent)
    return out


def _plan(
    backend: Backend, heard: Heard, frames: int, rng: np.random.Generator, recipe: Recipe,
    keys: Floats, keyed: Floats,
) -> Floats:  # fmt: skip
    """Return a plan ``[T, 47]`` drawn token by token."""
    rows = 2 if recipe.plan_guidance != 1.0 else 1
    kept = {name: value[:rows] for name, value in heard.items()}
    n = frames // PATCH
    out = np.zeros((n, PATCH, DIM), np.float32)
    noise = np.full(rows, recipe.prefix_noise, np.float32)
    past = empty_past(backend, rows, n)
    token = np.zeros((rows, PATCH, DIM), np.float32)
    place = keyed.reshape(n, PATCH, 1)
    given = keys.reshape(n, PATCH, DIM)
    for i in range(n):
        now = {**kept, "frames": kept["frames"][:, i : i + 1]}
        seen = past[:, :, :, :, :i]
        hidden, past[:, :, :, :, i : i + 1] = backend.plan_step(
            token, float(i == 0), i, noise, now, seen
        )
        x = rng.standard_normal(TOKEN, dtype=np.float32)
        for k in range(recipe.draws):
            t = np.full(rows, k / recipe.draws, np.float32)
            v = backend.draw(hidden, np.repeat(x[None], rows, axis=0), t)
            step = _guided(v[0], v[1], recipe.plan_guidance) if rows == 2 else v[0]
            x = x + step / np.float32(recipe.draws)
        out[i] = np.where(place[i] > 0, given[i], x.reshape(PATCH, DIM))
        token = np.repeat(out[i][None], rows, axis=0)
    return out.reshape(frames, DIM)


def empty_past(backend: Backend, rows: int, tokens: int = 0) -> Floats:
    """Return room for what a planner keeps of *tokens* tokens ``[L, 2, B, H, tokens, h]``."""
    sizes = backend.config["architecture"]
    layers, heads = int(sizes["layers"]), int(sizes["heads"])
    return np.zeros((layers, 2, rows, heads, tokens, int(sizes["width"]) // heads), np.float32)


def _refine(
    backend: Backend, heard: Heard, plan: Floats | None, frames: int, rng: np.random.Generator,
    recipe: Recipe, keys: Floats, keyed: Floats, draft: Floats | None = None,
) -> Floats:  # fmt: skip
    """Return the motions ``[N, T, 47]`` at the end of paths that begin at the plan, or in noise, or
    where the *draft* ``[T, 47]`` is at the start of the recipe; the first half of the rows of
    *heard* has conditions.
    """
    n, steps, start = recipe.candidates, recipe.steps, 0.0
    x = rng.standard_normal((n, frames, DIM), dtype=np.float32)
    place = keyed[:, None] > 0
    if plan is None:
        base, known = np.where(place, keys, np.float32(0.0)), keyed
        x = np.float32(recipe.temperature) * x
        if draft is not None:
            start = recipe.start
            steps = max(1, round((1.0 - start) * steps))
            x = np.float32(1.0 - start) * x + np.float32(start) * draft
    else:
        base, known = np.where(place, keys, plan), np.ones_like(keyed)
        x = plan + np.float32(recipe.start_noise) * x
    x = np.where(place, keys, x)
    told = {name: value[:n] for name, value in heard.items()}
    for k in range(steps):
        t = start + (1.0 - start) * k / steps
        if recipe.guidance != 1.0 and k < steps - recipe.unguided:
            both = _ask(backend.refine, np.concatenate([x, x]), base, known, keyed, t, heard)
            step = _guided(both[:n], both[n:], recipe.guidance)
        else:
            step = _ask(backend.refine, x, base, known, keyed, t, told)
        x = x + step / np.float32(steps / (1.0 - start))
        x = np.where(place, keys, x)
    return x


def _likeness(
    backend: Backend, heard: Heard, x: Floats, labels: NDArray[np.int64], length: int,
    rng: np.random.Generator, keys: Floats, keyed: Floats,
) -> NDArray[np.float64]:  # fmt: skip
    """Return the `Drawn.likeness` ``[N]`` of the first *length* frames of *x* ``[N, T, 47]``."""
    n = len(x)
    noise = rng.standard_normal(x.shape[1:], dtype=np.float32)
    place = keyed[:, None] > 0
    given = np.where(place, keys, np.float32(0.0))
    silent = {name: value[n:] for name, value in heard.items()}
    seen = np.where(place, keys, np.float32(1.0 - LOOK) * noise + np.float32(LOOK) * x)
    shown = _ask(backend.recognise, seen, given, keyed, keyed, LOOK, silent)
    doubts = np.maximum(np.log(np.maximum(shown, np.float32(1e-9))), DOUBT)
    asked = np.eye(shown.shape[-1] + 1, dtype=np.float32)[labels][:, :-1]
    if (labels == NO_LABEL).any():
        first = {name: value[:1] for name, value in heard.items()}
        start = np.where(place, keys, noise)[None]
        asked = _ask(backend.recognise, start, given, keyed, keyed, 0.0, first)[0]
    own = (doubts * asked).sum(axis=-1, dtype=np.float64)[:, :length]
    seconds = np.lib.stride_tricks.sliding_window_view(own, min(SECOND, length), axis=1)
    return np.asarray(seconds.mean(axis=-1).min(axis=-1))


def _ask(
    function: Callable[..., Floats], x: Floats, base: Floats, known: Floats, keyed: Floats,
    t: float, heard: Heard,
) -> Floats:  # fmt: skip
    """Return what a backend's *function* says of *x* ``[B, T, 47]``, of one plan, at time *t*."""
    rows = len(x)
    alike = (_rows(each, rows) for each in (base, known, keyed))
    return function(x, *alike, np.full(rows, t, np.float32), heard)
