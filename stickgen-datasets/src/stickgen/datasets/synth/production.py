"""The whole run: recipe in, store of captioned clips out; by one worker or several.

Clip i depends on the recipe and on i alone: its action is the i-th of shuffled rounds of all
actions, and its draws come from a generator of random numbers seeded with (seed, i, draw). Neither
the number of workers nor an interruption can change it. Clips are written in order, each under a
key of its own, so that a killed run goes on where its last shard ended.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import numpy as np

from stickgen.core.actions import VOCABULARY_VERSION, action
from stickgen.core.errors import StickgenError, UsageError
from stickgen.core.protocols import Generator, Progress
from stickgen.core.registries import generators
from stickgen.core.storage import ClipStore
from stickgen.core.storage.clips import SHARD_CLIPS
from stickgen.core.types import Clip
from stickgen.datasets.engines import Engine, in_order
from stickgen.datasets.licences import joined
from stickgen.datasets.synth.parts import Part, Parts
from stickgen.datasets.synth.plans import Means, Plan, Step, draw
from stickgen.datasets.synth.proof import prove
from stickgen.datasets.synth.repertoire import Repertoire, repertoire
from stickgen.datasets.synth.stage import Performance, Unfit, perform
from stickgen.datasets.synth.wording import captions

VERSION: Final = 1
"""Raised whenever the same recipe gives other clips, so that nobody continues an older store."""

MOST_DRAWS: Final = 12
"""Draws after which a clip is given up."""

_CHUNK: Final = 8


@dataclass(frozen=True, slots=True)
class Recipe:
    """What to compose.

    Args:
        seed: of everything random.
        generator: name in the registry of generators.
        stores: clip stores whose real clips may become parts.
        actions: names of the actions to compose; all the generator can do if empty.
        real: share of the compositions that use real clips, where there are fitting ones.
        fps: frame rate of the clips.
        seconds: longest clip that is planned.
        texts: captions a clip.
    """

    seed: int = 0
    generator: str = "procedural"
    stores: tuple[Path, ...] = ()
    actions: tuple[str, ...] = ()
    real: float = 0.5
    fps: float = 25.0
    seconds: float = 10.0
    texts: int = 4

    def __post_init__(self) -> None:
        if self.seed < 0:
            raise UsageError(f"seed is {self.seed}, expected 0 or more")
        if not 0.0 <= self.real <= 1.0:
            raise UsageError(f"real is {self.real}, expected a share of 0 to 1")
        if not (np.isfinite(self.fps) and 1.0 <= self.fps <= 240.0):
            raise UsageError(f"fps is {self.fps}, expected 1 to 240")
        if not (np.isfinite(self.seconds) and self.seconds >= 4.0):
            raise UsageError(f"seconds is {self.seconds}, expected at least 4")
        if not 1 <= self.texts <= 10:
            raise UsageError(f"texts is {self.texts}, expected 1 to 10")
        for name in self.actions:
            action(name)


@dataclass(frozen=True, slots=True)
class Rejection:
    """A draw that was not accepted: of which clip, for which action, by which rule and why."""

    index: int
    draw: int
    action: str
    kind: str
    rule: str
    reason: str


@dataclass(slots=True)
class Summary:
    """What became of a run; ``first`` counts (tried, accepted) first draws by action."""

    clips: int = 0
    frames: int = 0
    done_before: int = 0
    composed: int = 0
    given_up: int = 0
    seconds: float = 0.0
    kinds: Counter[str] = field(default_factory=Counter)
    first: dict[str, tuple[int, int]] = field(default_factory=dict)
    rejections: list[Rejection] = field(default_factory=list)

    @property
    def first_draw_rate(self) -> float:
        """Share of the clips whose first draw was accepted."""
        tried = sum(t for t, _ in self.first.values())
        return sum(a for _, a in self.first.values()) / tried if tried else 1.0

    @property
    def rules(self) -> dict[str, int]:
        """How many draws each rule rejected."""
        return dict(Counter(each.rule for each in self.rejections).most_common())


class Composer:
    """Composes clip after clip of a *recipe*; the same in every process.

    Raises `PluginError` for a generator that is not there or can do nothing, `UsageError` for
    actions it cannot do, `SourceError` for a store that cannot be read.
    """

    def __init__(
        self, recipe: Recipe, can: Repertoire | None = None, parts: tuple[Part, ...] | None = None
    ) -> None:
        self.recipe = recipe
        self.generator: Generator = generators.create(recipe.generator)
        self.can = repertoire(self.generator) if can is None else can
        self.parts = Parts(recipe.stores, parts)
        self.actions = recipe.actions or self.can.actions
        unable = [name for name in self.actions if name not in self.can.actions]
        if unable:
            raise UsageError(
                f"the generator {recipe.generator!r} cannot do {', '.join(unable)}; it can do"
                f" {', '.join(self.can.actions)}"
            )
        self.means = Means(self.can, self.parts, recipe.real, recipe.seconds)
        ref = generators.resolve(recipe.generator)
        self.origin = f"{ref.name} ({ref.origin})"
        self.licence = str(getattr(self.generator, "licence", None) or _licence(ref.distribution))

    def action(self, index: int) -> str:
        """Return the action clip *index* is about: rounds of all of them, each shuffled anew."""
        turn, place = divmod(index, len(self.actions))
        order = np.random.default_rng([self.recipe.seed, turn, 1]).permutation(len(self.actions))
        return self.actions[int(order[place])]

    def clip(self, index: int) -> tuple[Clip | None, list[Rejection]]:
        """Return clip *index* and the draws that were rejected; None if none was accepted."""
        name = self.action(index)
        rejected: list[Rejection] = []
        for attempt in range(MOST_DRAWS):
            rng = np.random.default_rng([self.recipe.seed, index, attempt, 2])
            plan = draw(rng, name, self.means)
            try:
                shown = perform(plan, self.generator, self.parts, rng, self.recipe.fps)
                prove(plan, shown, self.recipe.seconds)
            except Unfit as error:
                rejected.append(Rejection(index, attempt, name, plan.kind, error.rule, str(error)))
                continue
            except StickgenError as error:
                rejected.append(Rejection(index, attempt, name, plan.kind, "error", str(error)))
                continue
            texts = captions(plan, rng, self.recipe.texts)
            return self._made(index, attempt, plan, shown, texts, rejected), rejected
        return None, rejected

    def _made(
        self,
        index: int,
        attempt: int,
        plan: Plan,
        shown: Performance,
        texts: tuple[str, ...],
        rejected: list[Rejection],
    ) -> Clip:
        parts = plan.parts
        own = any(step.part is None or step.over_beat for step in plan.steps)
        own = own or any(step.overlay and not step.over for step in plan.steps)
        licences = ([self.licence] if own else []) + [part.licence for part in parts]
        licences = list(dict.fromkeys(filter(None, licences)))
        clip_id = f"synth/{self.recipe.seed}/{index:06d}"
        splits = {part.split for part in parts if part.split is not None}
        meta: dict[str, Any] = {
            "kind": plan.kind,
            "action": plan.action,
            "arrangement": plan.arrangement,
            "seed": self.recipe.seed,
            "index": index,
            "draw": attempt,
            "rejected": [each.rule for each in rejected],
            "generator": self.origin if own else None,
            "steps": [
                [
                    {"start": start, "stop": stop} | _facts(step)
                    for step, (start, stop) in zip(track.steps, spans, strict=True)
                ]
                for track, spans in zip(plan.tracks, shown.spans, strict=True)
            ],
        }
        if plan.kind == "loop":
            meta["loop"] = True
        if parts:
            meta["licences"] = licences
            meta["parts"] = [
                {
                    "clip_id": part.clip_id,
                    "source": part.source,
                    "licence": part.licence,
                    "recording_id": part.recording_id,
                }
                for part in parts
            ]
        return Clip(
            shown.motion,
            clip_id=clip_id,
            texts=texts,
            source="composed" if parts else "synth",
            licence=joined(licences),
            recording_id=parts[0].recording_id if parts else clip_id,
            subject="",
            split=splits.pop() if len(splits) == 1 else None,
            meta=meta,
        )  # fmt: skip


def _facts(step: Step) -> dict[str, Any]:
    """Return what is not as usual about a step, for the meta."""
    usual = Step(step.action)
    names = ("overlay", "repetitions", "direction", "speed", "intensity", "style", "hand")
    facts: dict[str, Any] = {"action": step.action}
    facts |= {n: getattr(step, n) for n in names if getattr(step, n) != getattr(usual, n)}
    facts |= {n: part.clip_id for n in ("part", "over") if (part := getattr(step, n)) is not None}
    return facts


def _licence(distribution: str) -> str:
    """Return the licence a distribution declares, or "unknown"."""
    try:
        facts: Mapping[str, Any] = metadata.metadata(distribution)  # type: ignore[assignment]
    except metadata.PackageNotFoundError:
        return "unknown"
    return str(facts.get("License-Expression") or facts.get("License") or "unknown")


# -- the run -------------------------------------------------------------------------------------


def synthesise(
    recipe: Recipe,
    store: Path,
    clips: int,
    *,
    jobs: int | None = None,
    engine: Engine = "local",
    resume: bool = False,
    force: bool = False,
    shard_clips: int = SHARD_CLIPS,
    progress: Progress | None = None,
) -> Summary:
    """Compose the first *clips* clips of *recipe* into the clip store at *store*.

    Args:
        recipe: what to compose.
        store: folder of the store.
        clips: how many; a finished store can be continued with more.
        jobs: workers, and
        engine: where they are (`stickgen.datasets.engines`).
        resume: continue a store of the same recipe.
        force: empty a store that is there.
        shard_clips: clips after which a shard is written; at most so many are lost to a kill.
        progress: called with clips done and clips to do.

    Raises:
        UsageError: a store of another recipe is to be continued, or is one of its own parts.
        OutputError: the store exists or cannot be written.
    """
    started = time.perf_counter()
    if clips < 1:
        raise UsageError(f"{clips} clips are nothing to compose")
    if any(Path(part).resolve() == store.resolve() for part in recipe.stores):
        raise UsageError(f"{store} cannot be made of itself; name another folder with -o")
    composer = Composer(recipe)
    prefix = f"synth:{_fingerprint(composer)}:"
    summary = Summary()
    with ClipStore(store).writer(resume=resume, force=force, shard_clips=shard_clips) as writer:
        finished = writer.finished
        if any(not key.startswith(prefix) for key in finished):
            raise UsageError(
                f"{store} was made by another recipe, other stores or another stickgen; continue it"
                " with the same options, or begin anew with --force"
            )
        todo = [i for i in range(clips) if f"{prefix}{i}" not in finished]
        summary.done_before = clips - len(todo)
        for done, (index, clip, rejected) in enumerate(
            _made(composer, todo, jobs, engine), start=1
        ):
            writer.add(f"{prefix}{index}", [] if clip is None else [clip])
            _count(summary, composer.action(index), clip, rejected)
            if progress is not None:
                progress(done, len(todo))
    summary.seconds = time.perf_counter() - started
    return summary


def _count(summary: Summary, name: str, clip: Clip | None, rejected: list[Rejection]) -> None:
    tried, accepted = summary.first.get(name, (0, 0))
    summary.first[name] = (tried + 1, accepted + (not rejected))
    summary.rejections += rejected
    if clip is None:
        summary.given_up += 1
        return
    summary.clips += 1
    summary.frames += clip.motion.n_frames
    summary.composed += clip.source == "composed"
    summary.kinds[clip.meta["kind"]] += 1


def _fingerprint(composer: Composer) -> str:
    """Return what tells one recipe's clips from another's: every setting, and every part."""
    recipe = composer.recipe
    facts = {
        "version": VERSION,
        "vocabulary": VOCABULARY_VERSION,
        "seed": recipe.seed,
        "generator": composer.origin,
        "can": [composer.can.actions, composer.can.overlays, composer.can.styles],
        "actions": recipe.actions,
        "real": recipe.real,
        "fps": recipe.fps,
        "seconds": recipe.seconds,
        "texts": recipe.texts,
    }
    digest = hashlib.sha256(json.dumps(facts, sort_keys=True).encode())
    for part in composer.parts.all:
        digest.update(f"{part.store}|{part.clip_id}|{part.n_frames}|{part.licence}".encode())
    return digest.hexdigest()[:16]


_Result = tuple[int, Clip | None, list[Rejection]]


def _made(
    composer: Composer, todo: list[int], jobs: int | None, engine: Engine
) -> Iterator[_Result]:
    """Yield the clips *todo* in order."""
    if engine == "local" and (jobs is None or jobs == 1 or len(todo) <= _CHUNK):
        for index in todo:
            yield index, *composer.clip(index)
        return
    chunks = [todo[i : i + _CHUNK] for i in range(0, len(todo), _CHUNK)]
    arguments = (composer.recipe, composer.can, composer.parts.all)
    for results in in_order(_composing, arguments, chunks, jobs=jobs, engine=engine):
        yield from results


def _composing(
    recipe: Recipe, can: Repertoire, parts: tuple[Part, ...]
) -> Callable[[list[int]], list[_Result]]:
    """Return the work on some indices: their clips."""
    composer = Composer(recipe, can, parts)
    return lambda indices: [(index, *composer.clip(index)) for index in indices]
