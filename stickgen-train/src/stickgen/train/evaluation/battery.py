"""One run of the battery of sentences over several generators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from stickgen.core.errors import StickgenError, UsageError
from stickgen.core.storage import ClipStore
from stickgen.train.evaluation import cost, prompts, samples
from stickgen.train.evaluation.classifier import Validation

if TYPE_CHECKING:
    from stickgen.train.evaluation.table import Progress, Setting


@dataclass(frozen=True, eq=False)
class Found:
    """What became of the sentences of each system, and how far the classifier can be trusted."""

    batteries: tuple[prompts.Battery, ...]
    validation: Validation
    skipped: dict[str, str] = field(default_factory=dict)


def run(
    store: ClipStore, setting: Setting, asked: Sequence[prompts.Prompt], progress: Progress
) -> Found:
    """Return what the generators of *setting* make of the prompts *asked*.

    The rows are retrieval, procedural and the model in its variants unless *setting* names others.
    The classifier has learnt from all real clips: no prompt is one of them.
    """
    from stickgen.train.evaluation import table

    names = setting.rows or tuple(
        name
        for name in table.default_rows(table.installed_models(setting))
        if name not in table.ROWS or name in ("retrieval", "procedural")
    )
    with progress("reading the store"):
        corpus = samples.load(store)
    every = [*corpus.train, *corpus.val, *corpus.test]
    judges = table.Judges(store, corpus, setting, progress)
    classifier = judges.classifier(every)
    with progress("judging the classifier"):
        validation = judges.validation()
    requests = [prompt.request() for prompt in asked]
    out, skipped = [], {}
    for name in names:
        if name in ("real", "half", "shuffled"):
            raise UsageError(f"row {name!r} answers no prompts; name generators")
        with progress(f"row {name}") as tick:
            try:
                system, draws = table.system(name, corpus, setting, judges, {}, tick)
                seeds = setting.seeds if draws else 1
                answers = []
                for i in range(seeds):
                    answers.append(cost.perform(system, requests, setting.seed + i).motions)
                    tick(i + 1, seeds)
            except StickgenError as error:
                skipped[name] = str(error)
                continue
        out.append(prompts.judge(name, asked, answers, classifier, every, validation.by_action))
    return Found(tuple(out), validation, skipped)
