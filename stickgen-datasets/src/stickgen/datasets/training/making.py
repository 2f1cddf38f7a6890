"""The whole run: permitted recordings in, the store of a model's training out.

Real clips first, then single actions of the generator, then compositions of both. Every clip stands
on the same skeleton, faces +x, has 25 frames a second, its captions, the labels of its frames, and
in its meta when each foot stands. The same seed and the same recordings give the same store.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from stickgen.core import ops, validator
from stickgen.core.actions import action
from stickgen.core.errors import SourceError, StickgenError
from stickgen.core.protocols import Progress
from stickgen.core.registries import converters
from stickgen.core.storage import ClipStore
from stickgen.core.types import Clip, Motion
from stickgen.datasets import contacts
from stickgen.datasets.data.passing import new_store, rank, refuse, uniform
from stickgen.datasets.engines import Engine, in_order
from stickgen.datasets.licences import joined
from stickgen.datasets.source import Refusals
from stickgen.datasets.synth.plans import Kind, Plan, Track, draw, varied
from stickgen.datasets.synth.production import Composer, Recipe
from stickgen.datasets.synth.proof import prove
from stickgen.datasets.synth.stage import Unfit, perform
from stickgen.datasets.synth.wording import captions
from stickgen.datasets.training.cutting import CUTS, Stretch, flown
from stickgen.datasets.training.dividing import divided
from stickgen.datasets.training.one_body import on_one_body, relabelled
from stickgen.datasets.training.permitted import Permitted, folders
from stickgen.datasets.training.shows import Show, Shows
from stickgen.datasets.training.telling import told

TEXTS: Final = 6
"""Captions a clip."""

_AIRBORNE: Final = frozenset({"climbing", "flying", "swimming"})
_MOST_DRAWS: Final = 12

REAL: Final = 0.8
"""Share of the compositions that use real clips, where there are fitting ones."""

OFTEN: Final[dict[Kind, float]] = {"sequence": 0.5, "overlay": 0.25, "loop": 0.15, "several": 0.10}
"""How often each kind of composition is drawn, where the action allows it."""


@dataclass(slots=True)
class Made:
    """What became of a run.

    ``clips`` and ``seconds`` are counted by source (real, procedural, composed), ``splits`` by
    part, ``actions`` by source and action; ``left_out`` says which recordings gave nothing and why.
    """

    clips: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    splits: Counter[str] = field(default_factory=Counter)
    actions: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    recordings: int = 0
    left_out: list[tuple[str, str]] = field(default_factory=list)

    def add(self, clip: Clip) -> None:
        """Count *clip*."""
        self.clips[clip.source] += 1
        self.seconds[clip.source] += clip.motion.seconds
        self.splits[clip.split or ""] += 1
        self.actions[clip.source][clip.meta["action"]] += 1


def make(
    root: Path,
    out: Path,
    *,
    procedural: int = 3000,
    composed: int = 4000,
    seed: int = 0,
    generator: str = "procedural",
    shows: Path | None = None,
    jobs: int | None = None,
    engine: Engine = "local",
    force: bool = False,
    progress: Progress | None = None,
) -> Made:
    """Write the training store made of the permitted data sets in *root* to *out*.

    Args:
        root: folder with the data sets, each a folder or an archive.
        out: the new store.
        procedural: how many single actions of the generator.
        composed: how many compositions.
        seed: of everything random.
        generator: name in the registry of generators.
        shows: a table of what the recordings show, instead of the one that comes along.
        jobs: workers, and
        engine: where they are (`stickgen.datasets.engines`); they see the folder of *out*.
        force: replace what is there.
        progress: called with clips done and to do.

    Raises:
        SourceError: *root* holds no permitted data set.
        OutputError: *out* is there already, or cannot be written.
    """
    refuse(out, force)
    table = Shows(shows)
    made = Made()
    real = list(_real(root, table, seed, made))
    if not real:
        first = ": ".join(made.left_out[0]) if made.left_out else "there are none"
        raise SourceError(root, f"none of its recordings can be used; {first}")
    total = len(real) + procedural + composed
    out.parent.mkdir(parents=True, exist_ok=True)
    with (
        TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as scratch,
        new_store(out, force) as writer,
    ):
        parts = Path(scratch) / "real"
        with ClipStore(parts).writer() as own:
            for clip in real:
                own.add(clip.clip_id, [clip])
        made_up = chain(
            in_order(_singles, (seed, generator), range(procedural), jobs=jobs, engine=engine),
            in_order(
                _compositions, (seed, generator, parts), range(composed), jobs=jobs, engine=engine
            ),
        )
        for done, made_clip in enumerate(chain(real, made_up), start=1):
            if made_clip is not None:
                writer.add(made_clip.clip_id, [made_clip])
                made.add(made_clip)
            if progress is not None:
                progress(done, total)
    return made


# -- real clips ----------------------------------------------------------------------------------


def _real(root: Path, table: Shows, seed: int, made: Made) -> Iterator[Clip]:
    found: dict[str, list[Clip]] = {}
    with folders(root) as permitted:
        for each, folder in permitted:
            for recording in _recordings(each, folder, made):
                made.recordings += 1
                shows = table.of(recording.clip_id)
                if not shows:
                    made.left_out.append((recording.clip_id, "not in the table of shows"))
                    continue
                name = recording.recording_id
                if any(clip.meta["origin"] != each.name for clip in found.get(name, ())):
                    made.left_out.append((recording.clip_id, "another data set has this recording"))
                    continue
                clips = [clip for show in shows for clip in cut(recording, show, each, seed)]
                clips = [clip for clip in clips if _sound(clip, made)]
                if clips:
                    found.setdefault(name, []).extend(clips)
                else:
                    made.left_out.append((recording.clip_id, "nothing is left of it"))
    shown = {name: {clip.meta["action"] for clip in clips} for name, clips in found.items()}
    parts = divided(shown, seed)
    for name, clips in found.items():
        for clip in clips:
            yield replace(clip, split=parts[name])


def _sound(clip: Clip, made: Made) -> bool:
    """Return whether a clip passes the validator; one that does not is noted as left out."""
    report = validator.check(clip.motion, off_ground=clip.meta["action"] in _AIRBORNE)
    if not report.ok:
        made.left_out.append((clip.clip_id, f"the validator's rule {report}"))
    return report.ok


def _recordings(each: Permitted, folder: Path, made: Made) -> Iterator[Clip]:
    converter = converters.create(each.source)
    for path in converter.find(folder):
        try:
            for clip in converter.read(path, folder):
                name = clip.clip_id
                base = f"{each.name}/{name.removeprefix(each.name + '/')}"
                recording = clip.recording_id
                if "/" not in recording or not recording.startswith("cmu/"):
                    recording = _recording(each, recording)
                yield replace(clip, clip_id=base, recording_id=recording)
        except Refusals as error:
            for refusal in error.refusals:
                made.left_out.append((f"{each.name}/{path.name}", str(refusal.cause)))
        except SourceError as error:
            made.left_out.append((f"{each.name}/{path.name}", str(error.cause)))


def _recording(each: Permitted, name: str) -> str:
    """Return one name for a recording in all the data sets that hold it."""
    name = name.removeprefix(f"{each.name}/")
    if each.name in ("cmu_bvh", "asf_amc", "cmu_deepmimic_format") and name[:1].isdigit():
        return f"cmu/{name}"
    if "deepmimic" in each.name:
        return f"deepmimic/{name}"
    return f"{each.name}/{name}"


def cut(recording: Clip, show: Show, each: Permitted, seed: int) -> Iterator[Clip]:
    """Yield the clips of what *show* says about *recording*, on the one body."""
    motion = recording.motion
    start = round(show.begin * motion.fps)
    stop = motion.n_frames if show.end is None else round(show.end * motion.fps)
    motion = ops.slice_frames(motion, start, min(stop, motion.n_frames))
    planted = contacts.from_meta(recording.meta, recording.motion)[
        start : start + motion.n_frames, 0
    ]
    for number, stretch in enumerate(CUTS[show.cut](motion, planted, show.most)):
        name = show.action or stretch.action
        phrases = show.phrases or _phrases(stretch, show)
        piece = ops.slice_frames(motion, stretch.start, stretch.stop)
        feet = planted[stretch.start : stretch.stop]
        shown = on_one_body(piece, feet, grounded=name not in _AIRBORNE)
        row = action(name)
        shown = relabelled(shown, row.index, action(show.overlay).index if show.overlay else -1)
        if show.lead:
            shown = replace(shown, actions=_led(piece, row.index, action(show.lead).index))
        clip_id = f"{recording.clip_id}#{start + stretch.start}-{start + stretch.stop}"
        rng = np.random.default_rng(rank("told", seed, clip_id) % 2**32)
        yield Clip(
            shown,
            clip_id=clip_id,
            texts=told(phrases, rng, TEXTS),
            source="real",
            licence=each.licence,
            recording_id=recording.recording_id,
            subject=recording.subject,
            meta={
                "action": name,
                "origin": each.name,
                "credit": each.credit,
                "kind": "recording",
                "cut": show.cut,
                "number": number,
                "facts": dict(stretch.facts),
                "original_texts": list(recording.texts),
                "temporal": recording.meta.get("temporal"),
                contacts.KEY: contacts.to_meta(feet[:, None]),
            },
        )


def _led(piece: Motion, index: int, lead: int) -> NDArray[np.int64]:
    """Return the labels ``[T, 1]`` of a motion that leads in to a flight, and on from it."""
    fps = piece.fps
    labels = np.full((piece.n_frames, 1), lead)
    for start, stop in flown(piece) or [(0, piece.n_frames)]:
        labels[max(0, start - round(0.35 * fps)) : stop + round(0.3 * fps)] = index
    return labels


def _phrases(stretch: Stretch, show: Show) -> tuple[str, ...]:
    if stretch.phrases:
        if show.seat and stretch.action == "sit":
            return (f"sit {show.seat}", "stay seated", "sit")
        return stretch.phrases
    seat = show.seat or "on a chair"
    if stretch.action == "stand":
        return ("stand up", f"stand up from {seat.removeprefix('on ')}", "get up from the seat",
                f"get up from {seat.removeprefix('on ')}", "rise from the seat")  # fmt: skip
    return ("sit down", f"sit down {seat}", "take a seat", f"take a seat {seat}")


# -- single actions ------------------------------------------------------------------------------


def _singles(seed: int, generator: str) -> Callable[[int], Clip | None]:
    """Return the work on one index: a single action, in rounds of all the generator can do."""
    composer = Composer(Recipe(seed=seed, generator=generator), parts=())

    def work(index: int) -> Clip | None:
        name = composer.action(index)
        turn = index // len(composer.actions)
        for attempt in range(_MOST_DRAWS):
            rng = np.random.default_rng([seed, index, attempt, 7])
            plan = _single(rng, name, turn, composer)
            clip_id = f"procedural/{seed}/{index:06d}"
            clip = _performed(composer, plan, rng, clip_id, seed, None)
            if clip is not None:
                return replace(clip, source="procedural")
        return None

    return work


def _single(rng: np.random.Generator, name: str, turn: int, composer: Composer) -> Plan:
    if action(name).actors > 1:
        return draw(rng, name, composer.means)
    step = varied(rng, name, composer.can)
    styles = [style for style in step.words.styles if style in composer.can.styles]
    if styles and turn % 2:
        # Every other one has a style, each in its turn, at the speed that belongs to it.
        step = replace(step, style=styles[(turn // 2) % len(styles)], speed=1.0)
    return Plan("single", name, (Track((step,)),))


# -- compositions --------------------------------------------------------------------------------


def _compositions(seed: int, generator: str, parts: Path) -> Callable[[int], Clip | None]:
    """Return the work on one index: a sequence, a layer, a loop or a group."""
    composer = Composer(Recipe(seed=seed, generator=generator, stores=(parts,), real=REAL))

    def work(index: int) -> Clip | None:
        name = composer.action(index)
        for attempt in range(_MOST_DRAWS):
            rng = np.random.default_rng([seed, index, attempt, 8])
            plan = draw(rng, name, composer.means, OFTEN)
            splits = {part.split for part in plan.parts}
            if len(splits) > 1:
                continue
            clip_id = f"composed/{seed}/{index:06d}"
            split = splits.pop() if splits else None
            clip = _performed(composer, plan, rng, clip_id, seed, split)
            if clip is not None:
                return replace(clip, source="composed")
        return None

    return work


def _performed(
    composer: Composer,
    plan: Plan,
    rng: np.random.Generator,
    clip_id: str,
    seed: int,
    split: str | None,
) -> Clip | None:
    try:
        shown = perform(plan, composer.generator, composer.parts, rng, composer.recipe.fps)
        prove(plan, shown, composer.recipe.seconds)
    except (Unfit, StickgenError):
        return None
    texts = captions(plan, rng, TEXTS)
    motion = shown.motion
    meta: dict[str, Any] = {
        "action": plan.action,
        "origin": "generated" if not plan.parts else "mixed",
        "kind": plan.kind,
        "arrangement": plan.arrangement,
        "steps": [
            [
                {"start": a, "stop": b, "action": step.action, "style": step.style}
                | ({"overlay": step.overlay} if step.overlay else {})
                for step, (a, b) in zip(track.steps, where, strict=True)
            ]
            for track, where in zip(plan.tracks, shown.spans, strict=True)
        ],
        contacts.KEY: contacts.to_meta(contacts.of_motion(motion)),
    }
    parts = plan.parts
    if parts:
        meta["parts"] = [part.clip_id for part in parts]
    licences = [composer.licence, *(part.licence for part in parts)]
    return Clip(
        motion,
        clip_id=clip_id,
        texts=texts,
        source="",
        licence=joined(licences),
        recording_id=parts[0].recording_id if parts else clip_id,
        split=split or _side(clip_id, seed),
        meta=meta,
    )


def _side(clip_id: str, seed: int) -> str:
    value = uniform("side", seed, clip_id)
    return "train" if value < 0.9 else "val" if value < 0.95 else "test"
