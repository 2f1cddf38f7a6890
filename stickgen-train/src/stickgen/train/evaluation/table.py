"""The table: every row measured in one run, with what the run rests on.

`run` trains (or finds in its cache) the classifier, the evaluator and the trained rivals, lets
every system answer the same held-out requests, and measures all answers by the same yardstick.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from stickgen.core import registries
from stickgen.core.errors import DataError, StickgenError, UsageError
from stickgen.core.storage import ClipStore
from stickgen.train.evaluation import cost, samples
from stickgen.train.evaluation.classifier import STEPS, ActionClassifier, Validation
from stickgen.train.evaluation.evaluator import Evaluator, Gates
from stickgen.train.evaluation.measuring import Row, Yardstick
from stickgen.train.evaluation.systems import (
    Default,
    MeanPose,
    Plugin,
    Recorded,
    Retrieval,
    System,
)
from stickgen.train.metrics.bootstrap import Interval

if TYPE_CHECKING:
    from stickgen.train.evaluation.baselines import Baseline, Material

ROWS: Final = (
    "real",
    "half",
    "shuffled",
    "mean-pose",
    "retrieval",
    "procedural",
    "predecessor",
    "mdm",
)
"""Rows that are always there; generators add theirs."""

VARIANTS: Final[dict[str, dict[str, Any]]] = {
    "": {},
    "+both": {"options": {"phases": "both"}},
    "+plan": {"options": {"phases": "plan"}},
    "+refine": {"options": {"phases": "refine"}},
    "+draft": {"options": {"phases": "draft"}},
    "+words": {"labels": False},
    "+permuted": {"permuted": True},
    "+shuffled": {"shuffled": True},
}
"""What may follow a generator's name: which phases it runs, and what it is told."""

DEFAULTS: Final[dict[str, dict[str, bool]]] = {
    "default": {},
    "default+permuted": {"permuted": True},
    "default+shuffled": {"shuffled": True},
}
"""Rows of the whole way from a sentence, by the generators used when none is named."""

MODELS: Final = ("small", "dual-phase")
"""Generators that are asked in all variants when no rows are named."""

Progress = Callable[[str], Any]
"""Called with the name of a step; returns a context that yields a callable ``(done, total)``."""


@dataclass(frozen=True, eq=False)
class Report:
    """All rows, and what they rest on."""

    rows: tuple[Row, ...]
    corpus: samples.Corpus
    validation: Validation
    gates: Gates
    budgets: Mapping[str, Mapping[str, float]]
    seeds: int
    skipped: dict[str, str] = field(default_factory=dict)
    """Rows that could not be measured, and why."""

    @property
    def real(self) -> Row | None:
        return next((row for row in self.rows if row.name == "real"), None)


@dataclass(frozen=True, eq=False)
class Setting:
    """How a table is made: `run` explains."""

    rows: tuple[str, ...] = ()
    generators: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    seeds: int = 3
    seed: int = 0
    limit: int | None = None
    held_out: str = "test"
    trained_on: tuple[Path, ...] = ()
    """Other stores whose training part the measured model has seen."""
    encoder: str = "static"
    cache: Path | None = None
    classifier_steps: int = STEPS
    evaluator_seeds: int = 3
    evaluator_steps: int = 300
    baseline_seconds: float = 600.0


def run(
    store: ClipStore,
    setting: Setting,
    progress: Progress,
    done: Callable[[Row], None] = lambda row: None,
) -> Report:
    """Return the table of *store*; *done* is called with each row as soon as it is measured.

    Of the evaluator, members of seed 0 are for choosing checkpoints; where there are others, only
    those score the table. Systems that do not draw (retrieval, the mean pose, the predecessor)
    answer once. A generator that fails is skipped and named in `Report.skipped`; all else raises.
    """
    names = _names(setting)
    with progress("reading the store") as _:
        corpus = _held_out(samples.load(store), setting.held_out)
        corpus = _unseen(corpus, setting.trained_on)
    if setting.limit is not None:
        corpus = _limited(corpus, setting.limit)
    judges = Judges(store, corpus, setting, progress)
    classifier, evaluator = judges.classifier(), judges.evaluator()
    with progress("judging the judges") as _:
        validation = judges.validation()
        scored = [i for i, name in enumerate(evaluator.names) if not name.endswith("-0")]
        gates = judges.gates(evaluator, scored)
        yardstick = Yardstick.of(
            corpus, classifier, evaluator, scored=scored or None, seed=setting.seed
        )
    rows: list[Row] = []
    skipped: dict[str, str] = {}
    budgets: dict[str, Mapping[str, float]] = {}
    for name in names:
        with progress(f"row {name}") as tick:
            try:
                rows.append(_row(name, corpus, setting, yardstick, judges, budgets, tick))
                done(rows[-1])
            except StickgenError as error:
                if name in ROWS:
                    raise
                skipped[name] = str(error)
    return Report(tuple(rows), corpus, validation, gates, budgets, setting.seeds, skipped)


def default_rows(generators: Sequence[str]) -> tuple[str, ...]:
    """Return the fixed rows and those of *generators*, models in all their variants."""
    out = list(ROWS)
    for name in generators:
        if name == "procedural":
            continue
        variants = VARIANTS if name in MODELS else {"": {}}
        out += [name + suffix for suffix in variants]
    return tuple(out)


def installed_models(setting: Setting) -> tuple[str, ...]:
    """Return the generators of *setting*, else the first of `MODELS` that is installed."""
    found = tuple(name for name in MODELS if name in registries.generators)
    return setting.generators or found[:1]


def _names(setting: Setting) -> tuple[str, ...]:
    known = default_rows(installed_models(setting))
    if not setting.rows:
        return known
    for name in setting.rows:
        base = name.partition("+")[0]
        suffix = name.removeprefix(base)
        if name in (*ROWS, *DEFAULTS):
            continue
        if base not in registries.generators or suffix not in VARIANTS:
            raise UsageError(
                f"unknown row {name!r}; rows are {', '.join((*ROWS, *DEFAULTS))}, any generator of"
                f" `stickgen plugins list`, and a generator followed by"
                f" {', '.join(v for v in VARIANTS if v)}"
            )
    return setting.rows


def _held_out(corpus: samples.Corpus, which: str) -> samples.Corpus:
    """Return *corpus* with the clips of val, or of both parts, in the place of test."""
    from dataclasses import replace

    parts = {"test": corpus.test, "val": corpus.val, "both": (*corpus.test, *corpus.val)}
    return replace(corpus, test=parts[which])


def _unseen(corpus: samples.Corpus, stores: Sequence[Path]) -> samples.Corpus:
    """Return *corpus* without the held-out recordings that *stores* hold in their training part."""
    from dataclasses import replace

    seen = {
        row["recording_id"]
        for path in stores
        for row in ClipStore(path).rows("recording_id", "split")
        if row["split"] == "train"
    }
    kept = tuple(sample for sample in corpus.test if sample.recording not in seen)
    if len(kept) < 4:
        raise DataError(
            f"{len(kept)} held-out clips are left that no store of --trained-on teaches; 4 are"
            " needed"
        )
    left_out = dict(corpus.left_out)
    if len(kept) < len(corpus.test):
        left_out["taught by another store"] = len(corpus.test) - len(kept)
    return replace(corpus, test=kept, left_out=left_out)


def _limited(corpus: samples.Corpus, limit: int) -> samples.Corpus:
    """Return *corpus* with *limit* held-out clips, as many recordings as possible."""
    from dataclasses import replace

    seen: dict[str, int] = {}
    ranked = []
    for sample in corpus.test:
        seen[sample.recording] = seen.get(sample.recording, 0) + 1
        ranked.append((seen[sample.recording], sample))
    chosen = {id(sample) for _, sample in sorted(ranked, key=lambda pair: pair[0])[:limit]}
    return replace(corpus, test=tuple(s for s in corpus.test if id(s) in chosen))


def _row(
    name: str,
    corpus: samples.Corpus,
    setting: Setting,
    yardstick: Yardstick,
    judges: Judges,
    budgets: dict[str, Mapping[str, float]],
    tick: Callable[[int, int], None],
) -> Row:
    if name == "half":
        return yardstick.split_half()
    if name == "shuffled":
        return _shuffled(corpus, setting, yardstick)
    answering, draws = system(name, corpus, setting, judges, budgets, tick)
    asked, answers, spent, peak = [], [], [], []
    seeds = setting.seeds if draws else 1
    for i in range(seeds):
        # one caption per clip throughout, so that answers to it can be compared
        requests = samples.requests(corpus.test, setting.seed)
        if name == "real":
            motions = answering.perform(requests, i)
        else:
            found = cost.perform(answering, requests, setting.seed + i)
            motions = list(found.motions)
            spent.append(found.cpu_seconds)
            peak.append(found.peak_mb)
        asked.append(requests)
        answers.append(motions)
        tick(i + 1, seeds)
    known = [p for p in peak if p is not None]
    return yardstick.measure(
        name,
        asked,
        answers,
        real=name == "real",
        cpu_seconds=sum(spent) / len(spent) if spent else None,
        peak_mb=max(known) if known else None,
        note="" if draws or name == "real" else "no chance in it",
    )


def _shuffled(corpus: samples.Corpus, setting: Setting, yardstick: Yardstick) -> Row:
    """Return real motions told apart by the words and labels of others."""
    import numpy as np

    rng = np.random.default_rng(setting.seed)
    order = rng.permutation(len(corpus.test))
    other = np.empty_like(order)
    other[order] = np.roll(order, 1)
    own = samples.requests(corpus.test, setting.seed)
    mixed = [own[i] for i in other]
    row = yardstick.measure("shuffled", [mixed], [[s.motion for s in corpus.test]], real=True)
    kept = ("r1", "r2", "r3", "r3_distinct", "pool", "pool_distinct", "mm_dist", "accuracy")
    figures = {name: row.figures[name] for name in kept}
    return Row("real, others' words", figures, note="what chance gives")


def system(
    name: str,
    corpus: samples.Corpus,
    setting: Setting,
    judges: Judges,
    budgets: dict[str, Mapping[str, float]],
    tick: Callable[[int, int], None],
) -> tuple[System, bool]:
    """Return the system of a row and whether its answers depend on the seed."""
    if name == "real":
        return Recorded(corpus.test), False
    if name == "mean-pose":
        return MeanPose.of(corpus.train), False
    if name == "retrieval":
        return Retrieval.of(corpus.train, judges.encoder), False
    if name in ("predecessor", "mdm"):
        baseline = judges.baseline(name, tick)
        budgets[name] = baseline.budget
        return baseline, name == "mdm"
    if name in DEFAULTS:
        return Default(name, **DEFAULTS[name]), True
    base = name.partition("+")[0]
    variant = dict(VARIANTS[name.removeprefix(base)])
    options = {**(setting.options if base in MODELS else {}), **variant.pop("options", {})}
    return Plugin(name, base, options, **variant), True


class Judges:
    """What is trained before anything is measured, kept in the cache folder between runs.

    The key of the cache is what the thing is trained on: all samples, the seed and the steps.
    """

    def __init__(
        self, store: ClipStore, corpus: samples.Corpus, setting: Setting, progress: Progress
    ) -> None:
        self.store = store
        self.corpus = corpus
        self.setting = setting
        self.progress = progress
        self.encoder: Any = registries.text_encoders.create(setting.encoder)
        self._learnt: Material | None = None

    def classifier(self, clips: Sequence[samples.Sample] | None = None) -> ActionClassifier:
        """Return the action classifier, learnt from *clips* or from the training part."""
        from stickgen.train.evaluation import classifier

        clips = self.corpus.train if clips is None else clips
        path = self._path("classifier", self.setting.seed, len(clips), *self._shortened())
        if path is not None and path.exists():
            return ActionClassifier.load(path)
        with self.progress("training the action classifier") as _:
            made = classifier.train(
                clips, seed=self.setting.seed, steps=self.setting.classifier_steps
            )
        if path is not None:
            made.save(path)
        return made

    def validation(self) -> Validation:
        """Return how often real recordings are recognised that the classifier has not seen."""
        import json

        from stickgen.core.storage import atomic_path
        from stickgen.train.evaluation import classifier

        path = self._path("validation", self.setting.seed, *self._shortened(), suffix=".json")
        if path is not None and path.exists():
            record = json.loads(path.read_text("utf-8"))
            counts = {name: (pair[0], pair[1]) for name, pair in record["by_action"].items()}
            return Validation(record["accuracy"], counts)
        every = {s.clip_id: s for part in samples.PARTS for s in getattr(self.corpus, part)}
        made = classifier.cross_validate(
            list(every.values()), seed=self.setting.seed, steps=self.setting.classifier_steps
        )
        if path is not None:
            with atomic_path(path, force=True) as temporary:
                temporary.write_text(json.dumps(made._asdict()), encoding="utf-8")
        return made

    def evaluator(self) -> Evaluator:
        """Return the text-motion evaluator, learnt from the training part."""
        from stickgen.train.evaluation import evaluator

        seeds, steps = self.setting.evaluator_seeds, self.setting.evaluator_steps
        path = self._path("evaluator", self.setting.seed, seeds, steps)
        if path is not None and path.exists():
            return Evaluator.load(path)
        with self.progress("training the evaluator") as tick:
            made = evaluator.train(
                self.corpus.train,
                seeds=[self.setting.seed + i for i in range(seeds)],
                steps=steps,
                progress=tick,
            )
        if path is not None:
            made.save(path)
        return made

    def gates(self, evaluator: Evaluator, members: Sequence[int]) -> Gates:
        """Return what *members* of *evaluator* make of the held-out clips, whole and damaged."""
        from stickgen.train.evaluation.evaluator import gates

        return gates(evaluator, self.corpus.test, self.setting.seed, members)

    def baseline(self, kind: str, tick: Callable[[int, int], None]) -> Baseline:
        """Return a trained rival; it learns from the training clips of every kind of the store."""
        from stickgen.train.evaluation import baselines

        path = self._path(
            kind, self.setting.encoder, round(self.setting.baseline_seconds), self.setting.seed
        )
        if path is not None and path.exists():
            return baselines.load(path, self.encoder)
        made = baselines.fit(
            kind,
            self._material(),
            self.encoder,
            cpu_seconds=self.setting.baseline_seconds,
            seed=self.setting.seed,
            progress=tick,
            unfinished=None if path is None else path.with_suffix(".unfinished"),
        )
        if path is not None:
            baselines.save(made, path)
        return made

    def _shortened(self) -> tuple[int, ...]:
        """Return what tells a classifier that was not trained for the usual steps from one that
        was.
        """
        steps = self.setting.classifier_steps
        return () if steps == STEPS else (steps,)

    def _material(self) -> Material:
        from stickgen.train.evaluation.material import material

        if self._learnt is None:
            held_out = {s.recording for s in (*self.corpus.val, *self.corpus.test)}
            self._learnt = material(self.store, self.encoder, held_out)
        return self._learnt

    def _path(self, name: str, *key: object, suffix: str = ".safetensors") -> Path | None:
        """Return where the thing called *name* is kept, None without a cache."""
        import hashlib

        if self.setting.cache is None:
            return None
        self.setting.cache.mkdir(parents=True, exist_ok=True)
        text = "/".join([CACHE_VERSION, self.corpus.digest, *map(str, key)])
        short = hashlib.sha256(text.encode()).hexdigest()[:16]
        return self.setting.cache / f"{name}-{short}{suffix}"


CACHE_VERSION: Final = "1"
"""Raised when what is kept would no longer be made the same way."""


# -- words ---------------------------------------------------------------------------------------

COLUMNS: Final[tuple[tuple[str, str, str, float], ...]] = (
    ("fid", "FID ↓", ".2f", 1.0),
    ("kid", "KID ↓", ".2f", 1.0),
    ("kid_evaluator", "KID-e ↓", ".2f", 1.0),
    ("r1", "R@1", ".0f", 100.0),
    ("r3", "R@3 ↑", ".0f", 100.0),
    ("r3_distinct", "R@3-d ↑", ".0f", 100.0),
    ("mm_dist", "MM ↓", ".2f", 1.0),
    ("accuracy", "action ↑", ".0f", 100.0),
    ("skate", "skate ↓", ".2f", 1.0),
    ("planted_fraction", "planted", ".0f", 100.0),
    ("low_foot_skate", "low skate", ".2f", 1.0),
    ("jerk", "jerk", ".0f", 1.0),
    ("bone_error", "bone % ↓", ".1f", 100.0),
    ("ground_penetration", "under mm ↓", ".1f", 1000.0),
    ("valid", "valid ↑", ".0f", 100.0),
    ("diversity", "div", ".2f", 1.0),
    ("multimodality", "multi", ".2f", 1.0),
    ("nearest_train", "novel", ".2f", 1.0),
)
"""(figure, heading, format, factor) of the printed table."""

BRACKETED: Final = ("kid", "r3", "accuracy", "skate")
"""Figures printed with their interval."""


def cells(row: Row) -> list[str]:
    """Return the printed figures of *row* in the order of `COLUMNS`, then its cost."""
    out = [row.name]
    for name, _, style, factor in COLUMNS:
        out.append(_cell(row.figures.get(name), style, factor, bracket=name in BRACKETED))
    out.append("–" if row.cpu_seconds is None else f"{row.cpu_seconds:.2f}")
    out.append("–" if row.peak_mb is None else f"{row.peak_mb:.0f}")
    return out


def header() -> list[str]:
    """Return the headings of `cells`."""
    return ["row", *(heading for _, heading, _, _ in COLUMNS), "CPU s", "MB"]


def _cell(figure: Interval | None, style: str, factor: float, *, bracket: bool) -> str:
    if figure is None or figure.value != figure.value:
        return "–"
    text = format(figure.value * factor, style)
    if bracket and figure.low == figure.low:
        low, high = format(figure.low * factor, style), format(figure.high * factor, style)
        return f"{text} [{low}, {high}]"
    return text


def markdown(report: Report) -> str:
    """Return the table as Markdown."""
    lines = [header(), ["---"] * len(header()), *(cells(row) for row in report.rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def caption(report: Report) -> list[str]:
    """Return the sentences that belong to the table: what it rests on and how far to trust it."""
    out = [f"Real clips: {report.corpus}."]
    test = report.corpus.test
    out.append(
        f"{len(test)} held-out clips, {report.seeds} seeds for rows with chance in them; brackets"
        " are 95 % intervals, bootstrapped by recording."
    )
    right = report.validation.accuracy
    out.append(
        f"The action classifier knows {len(report.validation.by_action)} actions and recognises"
        f" {right:.0%} of real recordings it has not seen (macro {report.validation.macro:.0%};"
        " five folds by recording)"
        + ("." if right >= 0.8 else ": less than the 80 % it should, so read 'action' with care.")
    )
    gates = report.gates
    out.append(
        f"Evaluator: real R@3 {gates.real:.0%}, shuffled {gates.shuffled:.0%}, chance"
        f" {gates.chance:.0%}; "
        + ", ".join(f"{name} {value:.0%}" for name, value in (gates.jitter | gates.damage).items())
        + "; "
        + ", ".join(f"{name}: {'yes' if ok else 'NO'}" for name, ok in gates.passed.items())
        + "."
    )
    if not gates.reliable:
        out.append(
            "The evaluator is unreliable on this store: read classifier accuracy, skate and jerk"
            " first, R-precision and MM-Dist as context only."
        )
    for name, budget in report.budgets.items():
        out.append(
            f"{name}: {budget['parameters'] / 1e6:.1f} M parameters, trained for"
            f" {budget['cpu_seconds']:.0f} CPU-seconds = {budget['clips']:.0f} clips"
            f" ({budget['steps']:.0f} steps)."
        )
    for name, reason in report.skipped.items():
        out.append(f"{name} could not be measured: {reason}.")
    return out


def document(report: Report) -> dict[str, Any]:
    """Return everything as one JSON document."""
    return {
        "schema": 1,
        "seeds": report.seeds,
        "store": {
            "digest": report.corpus.digest,
            "clips": {part: len(getattr(report.corpus, part)) for part in samples.PARTS},
            "left_out": report.corpus.left_out,
        },
        "classifier": {
            "accuracy": report.validation.accuracy,
            "macro": report.validation.macro,
            "by_action": report.validation.by_action,
        },
        "evaluator": {
            **report.gates._asdict(),
            "passed": report.gates.passed,
            "reliable": report.gates.reliable,
        },
        "budgets": report.budgets,
        "skipped": report.skipped,
        "verdicts": verdicts(report),
        "caption": caption(report),
        "rows": [
            {
                "name": row.name,
                "cpu_seconds": row.cpu_seconds,
                "peak_mb": row.peak_mb,
                "note": row.note,
                "by_action": row.by_action,
                "figures": {name: figure._asdict() for name, figure in row.figures.items()},
            }
            for row in report.rows
        ],
    }


def told(verdict: Mapping[str, Any]) -> str:
    """Return one of `verdicts` as a sentence."""
    return (
        f"{'won' if verdict['won'] else 'LOST'}"
        f"{'' if verdict['clear'] else ' (within the error)'}: {verdict['figure']} against"
        f" {verdict['against']}: {verdict['ours']:.3g} to {verdict['theirs']:.3g}"
    )


def verdicts(report: Report) -> list[dict[str, Any]]:
    """Return who wins each comparison the project set itself, and by how much.

    ``clear`` tells whether the two intervals do not overlap.
    """
    rows = {row.name: row for row in report.rows}
    ours = next((rows[name] for name in MODELS if name in rows), None)
    if ours is None:
        return []
    plan = f"{ours.name}+plan"
    out = []
    for other, figure, more in (
        ("predecessor", "kid", False),
        ("predecessor", "r3", True),
        ("predecessor", "accuracy", True),
        ("mdm", "kid", False),
        ("mdm", "r3", True),
        ("mdm", "accuracy", True),
        (plan, "skate", False),
        (plan, "jerk", False),
        ("retrieval", "multimodality", True),
        ("retrieval", "nearest_train", True),
    ):
        if other not in rows:
            continue
        mine = ours.figures.get(figure)
        theirs = rows[other].figures.get(figure)
        if theirs is None and figure == "multimodality":
            theirs = Interval(0.0, 0.0, 0.0)  # it answers the same every time
        if mine is None or theirs is None:
            continue
        won = mine.value > theirs.value if more else mine.value < theirs.value
        clear = mine.low > theirs.high if more else mine.high < theirs.low
        lost = mine.high < theirs.low if more else mine.low > theirs.high
        out.append(
            {
                "against": other,
                "figure": figure,
                "ours": mine.value,
                "theirs": theirs.value,
                "won": bool(won),
                "clear": bool(clear if won else lost),
            }
        )
    return out
