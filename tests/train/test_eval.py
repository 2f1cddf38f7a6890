"""The evaluation as a whole, on a small store whose "recordings" the procedural generator made."""

from __future__ import annotations

import json
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from stickgen.core import ops, registries
from stickgen.core.actions import action
from stickgen.core.cli.main import cli
from stickgen.core.errors import DataError, SourceError, UsageError
from stickgen.core.storage import ClipStore
from stickgen.core.types import ActorState, Beat, Clip, Motion
from stickgen.train.evaluation import battery, features, prompts, samples, systems, table
from stickgen.train.evaluation.classifier import ActionClassifier, train
from stickgen.train.evaluation.samples import Corpus, Request
from stickgen.train.evaluation.table import Setting, default_rows

torch = pytest.importorskip("torch", reason="needs torch")

pytestmark = pytest.mark.torch

PROMPTS = Path(__file__).parent.parent / "data" / "eval_prompts.yaml"
WORDS = {
    "walk": ("A person walks.", "Someone strolls along."),
    "run": ("A person runs.", "A man jogs by."),
    "sit": ("A person sits down.", "She takes a seat."),
    "wave": ("A person waves.", "A man waves hello."),
    "crawling": ("A person crawls.", "A baby creeps on all fours."),
}


def perform(name: str, seed: int, seconds: float = 2.4) -> Motion:
    maker = registries.generators.create("procedural")
    beat = Beat((0,), name, seconds=seconds)
    return maker.generate(beat, [ActorState()], np.random.default_rng(seed))


def clip(name: str, number: int, split: str | None, source: str = "real") -> Clip:
    return Clip(
        perform(name, number),
        clip_id=f"{name}-{number}",
        texts=WORDS[name],
        source=source,
        recording_id=f"take/{name}-{number}",
        split=split,
    )


def write(folder: Path, clips: list[Clip]) -> ClipStore:
    store = ClipStore(folder)
    with store.writer() as writer:
        writer.add("all", clips)
    return store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> ClipStore:
    clips = [
        clip(name, number, "test" if number == 0 else "val" if number == 1 else "train")
        for name in WORDS
        for number in range(6)
    ]
    clips.append(clip("walk", 99, "train", source="procedural"))
    return write(tmp_path_factory.mktemp("store") / "clips", clips)


@pytest.fixture(scope="module")
def corpus(store: ClipStore) -> Corpus:
    return samples.load(store)


@pytest.fixture(scope="module")
def classifier(corpus: Corpus) -> ActionClassifier:
    return train(corpus.train, members=1, steps=150)


def quiet(label: str):  # type: ignore[no-untyped-def]
    return nullcontext(lambda done, total: None)


# -- samples -------------------------------------------------------------------------------------


def test_only_recordings_are_truth(corpus: Corpus) -> None:
    assert (len(corpus.train), len(corpus.val), len(corpus.test)) == (20, 5, 5)
    assert corpus.left_out == {"not a recording": 1}


def test_a_recording_in_two_parts_is_a_leak_and_refused(tmp_path: Path) -> None:
    clips = [clip("walk", number, "train") for number in range(2)]
    clips.append(replace(clips[0], clip_id="again", split="test"))
    with pytest.raises(DataError, match=r"take/walk-0.*train and in test"):
        samples.load(write(tmp_path / "store", clips))


def test_what_a_composed_training_clip_shows_is_no_longer_held_out(tmp_path: Path) -> None:
    clips = [clip("walk", n, "train") for n in range(8)] + [
        clip("run", n, "test") for n in range(5)
    ]
    part = clip("run", 9, "train", source="composed")
    clips.append(replace(part, meta={"parts": ["walk-0", "run-3"]}))
    found = samples.load(write(tmp_path / "store", clips))
    assert [s.clip_id for s in found.test] == ["run-0", "run-1", "run-2", "run-4"]
    assert found.left_out["part of a composed training clip"] == 1


def test_recordings_of_another_store_are_left_out(corpus: Corpus, tmp_path: Path) -> None:
    taught = write(tmp_path / "other", [clip("walk", 0, "train"), clip("run", 0, "test")])
    left = table._unseen(corpus, (taught.path,))
    assert [s.clip_id for s in left.test] == ["run-0", "sit-0", "wave-0", "crawling-0"]
    more = write(tmp_path / "more", [clip(n, 0, "train") for n in ("walk", "run")])
    with pytest.raises(DataError, match="3 held-out clips are left"):
        table._unseen(corpus, (more.path,))


def test_a_store_without_splits_is_split_by_recording_and_always_the_same_way() -> None:
    parts = [samples._part(None, f"take/{i}") for i in range(400)]
    assert parts == [samples._part(None, f"take/{i}") for i in range(400)]
    assert {"train", "val", "test"} == set(parts)
    assert 0.7 < parts.count("train") / 400 < 0.9


def test_a_store_that_cannot_be_evaluated_says_what_is_missing(tmp_path: Path) -> None:
    flat = replace(clip("walk", 0, "train"), motion=replace(perform("walk", 0), depth=None))
    with pytest.raises(DataError, match=r"0 real train clips.*1 no depth"):
        samples.load(write(tmp_path / "store", [flat]))


def test_a_request_names_its_beats() -> None:
    labels = np.array([1] * 30 + [2] * 20)
    over = np.array([-1] * 15 + [5] * 15 + [-1] * 20)
    request = Request("x", labels, over)
    assert request.beats == (("walk", None, 15), ("walk", "wave", 15), ("run", None, 20))


def test_similar_texts_are_similar() -> None:
    texts = ["a person walks", "a person walks", "a person runs", "two dogs bark"]
    alike = samples.text_similarity(texts, texts)
    assert alike[0, 1] == pytest.approx(1.0)
    assert alike[0, 1] > alike[0, 2] > alike[0, 3]


# -- features ------------------------------------------------------------------------------------

MOTIONS = [perform(name, 7) for name in ("walk", "crawling")]


@settings(max_examples=20, deadline=None)
@given(
    st.sampled_from(MOTIONS),
    st.floats(-180.0, 180.0),
    st.floats(-20.0, 20.0),
    st.floats(0.5, 2.0),
)
def test_features_do_not_see_where_a_clip_happens(
    motion: Motion, turn: float, shift: float, size: float
) -> None:
    moved = ops.scale(ops.translate(ops.yaw(motion, turn), (shift, 0.0, -shift)), size)
    a, b = (features.kinematic(features.joints_of(m)) for m in (motion, moved))
    assert np.abs(a - b).max() < 2e-2
    assert np.isfinite(a).all()
    a, b = (features.tracks(features.joints_of(m)) for m in (motion, moved))
    np.testing.assert_allclose(a, b, atol=2e-2)


def test_features_see_what_is_different() -> None:
    walk = features.joints_of(MOTIONS[0])
    assert np.abs(features.kinematic(walk) - features.kinematic(walk[::-1])).max() > 0.1
    mirror = features.mirrored(walk)
    np.testing.assert_allclose(features.mirrored(mirror), walk)
    assert features.local(walk).forward.mean() > 0.3
    assert features.local(mirror).forward.mean() == pytest.approx(
        features.local(walk).forward.mean(), rel=1e-3
    )
    assert features.local(walk[::-1]).forward.mean() < -0.3


def test_the_shortest_motion_has_features_and_a_shorter_one_says_why_not() -> None:
    short = ops.slice_frames(MOTIONS[0], 0, features.SHORTEST)
    assert np.isfinite(features.kinematic(features.joints_of(short))).all()
    with pytest.raises(UsageError, match="too short"):
        features.joints_of(ops.slice_frames(MOTIONS[0], 0, 3))


def test_whitening_makes_numbers_of_order_one_that_do_not_go_together() -> None:
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(300, 20)) @ rng.normal(size=(20, 20)) * 50.0 + 9.0
    found = features.whitening(rows, 5)(rows)
    cov = np.cov(found.T)
    assert np.abs(cov - np.diag(np.diag(cov))).max() < 1e-6
    assert np.trace(cov) / 5 == pytest.approx(1.0, abs=0.02)


# -- the classifier ------------------------------------------------------------------------------


def test_held_out_clips_are_recognised(classifier: ActionClassifier, corpus: Corpus) -> None:
    held_out = (*corpus.test, *corpus.val)
    right = sum(classifier.action(sample.joints) == sample.action for sample in held_out)
    assert right >= 9
    assert not classifier.knows("swimming")


def test_a_kept_classifier_says_the_same(
    classifier: ActionClassifier, corpus: Corpus, tmp_path: Path
) -> None:
    classifier.save(tmp_path / "c.safetensors")
    again = ActionClassifier.load(tmp_path / "c.safetensors")
    for sample in corpus.test:
        np.testing.assert_allclose(
            again.probabilities(sample.joints), classifier.probabilities(sample.joints), atol=1e-4
        )
    (tmp_path / "c.safetensors").write_bytes(b"noise")
    with pytest.raises(SourceError, match="not an action classifier"):
        ActionClassifier.load(tmp_path / "c.safetensors")


def test_two_actions_are_found_in_their_order(classifier: ActionClassifier) -> None:
    walk, wave = perform("walk", 40, 4.0), perform("wave", 41, 4.0)
    for pair, names in (((walk, wave), ("walk", "wave")), ((wave, walk), ("wave", "walk"))):
        joined = ops.concat(list(pair), follow=True)
        assert prompts.halves(classifier, features.joints_of(joined)) == names


# -- systems -------------------------------------------------------------------------------------


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["walk", "run"]), st.none(), st.integers(1, 60)), min_size=1)
)
def test_merging_short_beats_keeps_every_frame(beats: list[tuple[str, None, int]]) -> None:
    merged = systems.merged(beats)
    assert sum(b[2] for b in merged) == sum(b[2] for b in beats)
    assert len(merged) == 1 or min(b[2] for b in merged) >= systems.SHORTEST_BEAT


def test_a_generator_is_asked_beat_by_beat_and_follows_on() -> None:
    labels = np.array([action("walk").index] * 50 + [action("sit").index] * 50)
    request = Request("A person walks, then sits.", labels, np.full(100, -1))
    (motion,) = systems.Plugin("procedural", "procedural").perform([request], seed=3)
    assert motion.n_frames == 100
    assert (motion.actions[:, 0] == labels).all()
    steps = np.linalg.norm(np.diff(motion.joints[:, 0], axis=0), axis=-1)
    assert steps.max() < 0.25  # nobody leaps at the seam
    (again,) = systems.Plugin("procedural", "procedural").perform([request], seed=3)
    np.testing.assert_array_equal(again.frames, motion.frames)


def test_retrieval_plays_the_clip_of_the_nearest_caption(corpus: Corpus) -> None:
    row = systems.Retrieval.of(corpus.train, registries.text_encoders.create("hash"))
    request = Request("A person crawls.", np.ones(130, int), np.full(130, -1))
    (motion,) = row.perform([request], seed=0)
    assert motion.n_frames == 130  # its clips have 60
    played = motion.joints[:55, 0]
    own = [s for s in corpus.train if s.action == "crawling"]
    assert min(np.abs(s.motion.joints[:55, 0] - played).max() for s in own) < 1e-4


def test_a_generator_of_beats_is_not_said_to_have_heard_words() -> None:
    request = Request("A person walks.", np.ones(30, int), np.full(30, -1))
    with pytest.raises(UsageError, match="no method 'sample'"):
        systems.Plugin("x", "procedural", labels=False).perform([request], 0)


def test_permuted_words_are_the_same_words_in_another_order() -> None:
    rng = np.random.default_rng(0)
    for text in ("first walk then run", "walk run"):
        other = systems.reordered(text, rng)
        assert other != text
        assert sorted(other.split()) == sorted(text.split())
    assert systems.reordered("go go", rng) == "go go"


# -- the evaluator and the rivals ----------------------------------------------------------------


@pytest.mark.slow
def test_the_evaluator_learns_and_does_not_care_for_company(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stickgen.train.evaluation import evaluator
    from stickgen.train.metrics.matching import r_precision

    monkeypatch.setattr(evaluator, "WIDTH", 48)
    monkeypatch.setattr(evaluator, "BATCH", 20)
    made = evaluator.train(corpus.train, seeds=[1], steps=40)
    assert made.names == ("attention-1", "convolution-1")
    clips = [s.joints for s in corpus.test]
    together = made.motions([*clips, clips[0][:20]])
    np.testing.assert_allclose(np.linalg.norm(together, axis=-1), 1.0, atol=1e-5)
    np.testing.assert_allclose(made.motions(clips[:1])[:, 0], together[:, 0], atol=1e-4)
    texts = made.texts([s.texts[0] for s in corpus.test])
    for text, seen in zip(texts, together[:, :5], strict=True):
        found = r_precision(text, seen, np.random.default_rng(0), pool=5)
        assert found.top[0] >= 0.6  # one in five by chance
    made.save(tmp_path / "e.safetensors")
    again = evaluator.Evaluator.load(tmp_path / "e.safetensors")
    np.testing.assert_allclose(again.texts(["a walk"]), made.texts(["a walk"]), atol=1e-6)
    assert np.isfinite(made.texts(["", "?!"])).all()


def test_words_that_name_a_side_change_sides() -> None:
    from stickgen.train.evaluation.evaluator import swapped

    assert swapped("He kicks with the left foot") == "he kicks with the right foot"
    assert swapped("He kicks") is None


@pytest.mark.parametrize("kind", ["predecessor", "mdm"])
def test_a_rival_is_as_large_as_the_small_model(kind: str) -> None:
    from stickgen.train.evaluation import baselines
    from stickgen.train.model import parameters

    with torch.device("meta"):
        assert 6.5e6 < parameters(baselines.KINDS[kind](192)) < 8e6


@pytest.fixture
def little(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let rivals have small nets and small batches."""
    from stickgen.train.evaluation import baselines

    for name, value in (("WIDTH", 32), ("LAYERS", 2), ("HEADS", 2), ("BATCH", 4)):
        monkeypatch.setattr(baselines, name, value)


@pytest.mark.usefixtures("little")
@pytest.mark.parametrize("kind", ["predecessor", "mdm"])
def test_a_rival_trains_and_answers(kind: str, store: ClipStore, tmp_path: Path) -> None:
    from stickgen.train.evaluation import baselines
    from stickgen.train.evaluation.material import material

    encoder = registries.text_encoders.create("hash")
    learnt = material(store, encoder, {"take/walk-2"})
    assert len(learnt.poses) == 20  # 20 real and 1 procedural, one of them held out
    made = baselines.fit(kind, learnt, encoder, cpu_seconds=0.1)
    assert made.budget["steps"] >= 2
    asked = [
        Request("A person walks.", np.ones(n, dtype=np.int64), np.full(n, -1)) for n in (12, 20)
    ]
    first = made.perform(asked, 5)
    assert [m.n_frames for m in first] == [12, 20]
    limbs = ops.bone_lengths(first[1])[:, 0, 3:11]
    assert limbs.std(axis=0).max() < 1e-5
    baselines.save(made, tmp_path / "b.safetensors")
    second = baselines.load(tmp_path / "b.safetensors", encoder).perform(asked, 5)
    np.testing.assert_allclose(first[0].frames, second[0].frames, atol=1e-5)
    other = made.perform(asked, 6)
    assert np.allclose(first[0].frames, other[0].frames) == (kind == "predecessor")


@pytest.mark.usefixtures("little")
def test_a_rival_that_was_stopped_goes_on(
    store: ClipStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stickgen.train.evaluation import baselines
    from stickgen.train.evaluation.material import material

    encoder = registries.text_encoders.create("hash")
    learnt = material(store, encoder)
    kept, kind = tmp_path / "p.unfinished", "predecessor"
    monkeypatch.setattr(baselines, "KEEP_EVERY", 0.0)
    seen: list[int] = []

    def stop(done: int, total: int) -> None:
        seen.append(done)
        if len(seen) == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        baselines.fit(
            "predecessor", learnt, encoder, cpu_seconds=1e6, progress=stop, unfinished=kept
        )
    assert kept.exists()
    made = baselines.fit(kind, learnt, encoder, cpu_seconds=1e-3, unfinished=kept)
    assert made.budget["steps"] == 3  # the fourth was not kept
    assert made.budget["clips"] == 12
    assert not kept.exists()
    kept.write_bytes(b"noise")
    with pytest.raises(SourceError, match="not an unfinished baseline"):
        baselines.fit(kind, learnt, encoder, cpu_seconds=1e-3, unfinished=kept)


# -- the commands --------------------------------------------------------------------------------


@pytest.mark.slow
def test_one_command_prints_one_table(store: ClipStore, tmp_path: Path) -> None:
    arguments = [
        *("eval", str(store.path), "--rows", "real,half,shuffled,mean-pose,retrieval,procedural"),
        *("--seeds", "2", "--evaluator-seeds", "1", "--evaluator-steps", "10", "--json"),
        *("--classifier-steps", "60"),
        *("--encoder", "hash", "--cache", str(tmp_path), "--held-out", "both"),
    ]
    runner = CliRunner()
    first = runner.invoke(cli, arguments, catch_exceptions=False)
    assert first.exit_code == 0, first.output
    document = json.loads(first.stdout)
    rows = {row["name"]: row for row in document["rows"]}
    assert len(rows) == 6
    assert document["store"]["clips"]["test"] == 10
    real, still, made = rows["real"], rows["mean-pose"], rows["procedural"]
    assert "fid" not in real["figures"]
    assert still["figures"]["jerk"]["value"] == pytest.approx(0.0, abs=1e-6)
    assert still["figures"]["kid"]["value"] > made["figures"]["kid"]["value"]
    assert made["figures"]["multimodality"]["value"] > 0.0
    assert made["figures"]["accuracy"]["value"] > still["figures"]["accuracy"]["value"]
    assert made["cpu_seconds"] > 0.0
    assert (
        rows["retrieval"]["figures"]["nearest_train"]["value"]
        < (real["figures"]["nearest_train"]["value"])
    )
    arguments[3] = "procedural"
    second = runner.invoke(cli, arguments, catch_exceptions=False)
    (again,) = json.loads(second.stdout)["rows"]
    assert again["figures"] == made["figures"]  # a seed is a seed


@pytest.mark.slow
def test_the_battery_judges_prompts(store: ClipStore, tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text(
        "- {text: A person walks., actions: [walk], seconds: 3}\n"
        "- {text: She walks and then crawls, actions: [walk, crawling],"
        " seconds: 6}\n"
    )
    asked = prompts.read(path)
    setting = Setting(
        rows=("procedural",), seeds=1, encoder="hash", cache=tmp_path, classifier_steps=100
    )
    found = battery.run(store, setting, asked, quiet)
    (judged,) = found.batteries
    assert judged.single == (1, 1)
    assert judged.order[1] == 1
    assert judged.valid == 1.0
    assert judged.bone_error < 0.01
    low, high = judged.ranges["walk speed, m/s"]
    assert 0.5 < low <= high < 2.0
    assert any(f"in order {judged.order[0]}/1" in line for line in prompts.words(judged))


def test_the_sixty_sentences_ask_for_known_actions_in_many_words() -> None:
    asked = prompts.read(PROMPTS)
    assert len(asked) == 60
    assert sum(len(p.actions) == 2 for p in asked) == 20
    assert len({p.text for p in asked}) == 60
    for prompt in asked:
        assert prompt.request().n_frames == round(prompt.seconds * 25)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("{", "cannot be read as YAML"),
        ("[]", "holds no list of prompts"),
        ("- {text: x, actions: [levitate], seconds: 2}", "prompt 1: unknown action 'levitate'"),
        ("- {text: x, actions: [walk], seconds: 99}", "1 to 10 seconds"),
        ("- {text: x, seconds: 2}", "prompt 1"),
    ],
)
def test_a_bad_battery_is_told_in_one_sentence(text: str, cause: str, tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(text)
    with pytest.raises(SourceError, match=cause):
        prompts.read(tmp_path / "p.yaml")


def test_mistakes_have_their_exit_codes(store: ClipStore, tmp_path: Path) -> None:
    runner = CliRunner()
    for arguments, code, words in (
        ((str(tmp_path / "none"),), 4, "no such store"),
        ((str(store.path), "--rows", "real,teleport"), 2, "unknown row 'teleport'"),
        ((str(store.path), "--generator", "nobody"), 3, "nobody"),
        ((str(store.path), "--set", "checkpoint"), 2, "KEY=VALUE"),
        ((str(store.path), "--cache", str(tmp_path), "--no-cache"), 2, "contradict"),
    ):
        result = runner.invoke(cli, ["eval", *arguments])
        code_found = getattr(result.exception, "exit_code", result.exit_code)
        assert code_found == code, result.output
        assert words in result.output + str(result.exception)


def test_models_are_asked_in_all_their_variants() -> None:
    rows = default_rows(("small", "procedural"))
    own = [row.removeprefix("small") for row in rows if row.startswith("small")]
    assert own == ["", "+both", "+plan", "+refine", "+draft", "+words", "+permuted", "+shuffled"]
    assert rows.count("procedural") == 1


@pytest.mark.slow
def test_bench_tells_what_things_cost_and_what_does_not_work() -> None:
    result = CliRunner().invoke(
        cli, ["bench", "--generator", "procedural", "--repeats", "1", "--json"]
    )
    assert result.exit_code == 0, result.output
    (row,) = json.loads(result.stdout)["plugins"]
    assert row["problem"] is None
    assert 0.0 < row["cpu"] < 5.0
    assert row["cold"] >= 0.0


@pytest.mark.parametrize(
    ("recognised", "rival", "skate", "sound", "good"),
    [
        (6, 6, 0.1, 8, True),
        (5, 6, 0.1, 8, False),  # the rules do it better
        (3, 0, 0.1, 8, False),  # seldom enough to be seen
        (8, 0, 0.13, 8, False),  # feet slide more than 1.2 times the real ones
        (8, 8, 0.1, 7, False),  # the critic refuses one
    ],
)
def test_a_model_takes_an_action_over_only_if_nothing_gets_worse(
    recognised: int, rival: int, skate: float, sound: int, good: bool
) -> None:
    from stickgen.train.evaluation.good_at import Verdict

    assert Verdict("walk", 8, recognised, rival, skate, 0.1, sound).good is good


def test_the_rule_is_asked_by_beats(classifier: ActionClassifier, corpus: Corpus) -> None:
    from stickgen.train.evaluation import good_at

    found = good_at.judge("procedural", {}, classifier, corpus.test, answers=1)
    assert {each.action for each in found} == set(WORDS)
    for each in found:
        assert each.recognised == each.rival  # against itself
        assert each.sound == 1


def test_the_best_constant_is_the_best() -> None:
    from stickgen.train.evaluation import heads

    torch.manual_seed(0)
    real = torch.randn(500, 48) * torch.linspace(0.1, 3.0, 48) + 0.3
    for name in ("velocity", "pose"):
        best = heads._best_constant(name, real)
        for other in (real.mean(0), real.median(0).values, torch.zeros(48)):
            assert best <= heads._error(name, other.expand_as(real), real) + 1e-5
    classes = torch.tensor([0] * 30 + [1] * 10)
    share = torch.tensor([0.75, 0.25]).log().expand(40, 2)
    assert heads._best_constant("action", classes) == pytest.approx(
        heads._error("action", share, classes), abs=1e-5
    )


def test_the_heads_of_a_checkpoint_are_held_against_constants(
    store: ClipStore, tmp_path: Path
) -> None:
    from stickgen.core import features as model_features
    from stickgen.train import checkpoint
    from stickgen.train.evaluation import heads
    from stickgen.train.model import ModelConfig, MotionTransformer

    dim = registries.text_encoders.create("hash").dim
    model = MotionTransformer(
        ModelConfig(width=32, layers=1, heads=2, hidden=32, text_dim=dim, dropout=0.0)
    )
    flat = np.zeros(model_features.DIM, np.float32)
    config = checkpoint.describe(
        model, flat, flat + 1.0, text_encoder="hash", sources=[], training={}, metrics={}
    )
    checkpoint.save(tmp_path / "model", config, model.state_dict())
    found = heads.measure(tmp_path / "model", store)
    assert [head.name for head in found] == list(heads.UNITS)
    for head in found:
        assert np.isfinite([head.constant, *head.errors.values()]).all()
    assert not next(head for head in found if head.name == "action").beaten  # it has learnt nothing
    result = CliRunner().invoke(cli, ["eval", str(store.path), "--heads", str(tmp_path / "model")])
    assert result.exit_code == 0, result.output
    assert "best constant" in result.output


def test_training_throughput_is_told_side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    from stickgen.train.evaluation import throughput

    monkeypatch.setattr(throughput, "BATCH", 2)
    monkeypatch.setattr(throughput, "FRAMES", 24)
    result = CliRunner().invoke(
        cli, ["bench", "--training", "--threads", "1", "--repeats", "1", "--json"]
    )
    assert result.exit_code == 0, result.output
    small, predecessor = json.loads(result.stdout)["training"]
    assert small["clips_per_cpu_second"] > 0.0
    assert 0.9 < small["parameters"] / predecessor["parameters"] < 1.1
