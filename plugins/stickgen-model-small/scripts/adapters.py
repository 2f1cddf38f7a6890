"""Train the adapters this package ships, and measure what they do.

    python scripts/adapters.py train CHECKPOINT style
    python scripts/adapters.py verify CHECKPOINT

CHECKPOINT is a folder `stickgen train` wrote, or the folder ``model`` of this package. ``train``
draws clips of the procedural generator in the adapter's manner, trains on them (a few minutes on
one core) and writes ``src/stickgen_model_small/adapters/NAME``. ``verify`` generates walks with
each adapter at weights 0 to 1 and prints how fast and how upright they are; an adapter whose effect
grows with its weight is noted to be for that model as well, any other is not. An adapter is refused
by a model it is not for. Needs stickgen-train and stickgen-procedural.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from stickgen.core import registries, schema
from stickgen.core.adapters import fingerprint, read_config
from stickgen.core.sampling import SOURCES
from stickgen.core.storage import ClipStore
from stickgen.core.types import ActorState, Beat, Clip, Motion
from stickgen.core.wording import sentence

TARGET = Path(__file__).parent.parent / "src" / "stickgen_model_small" / "adapters"

WALKS = 48
OTHERS = ("idle", "run", "wave", "sit", "turn", "bow", "march", "clap")

MANNERS = {
    "style": {"style": "tired"},
    "timing": {"speed": 1.6},
}
"""What the beats of an adapter's clips are like."""

EFFECTS = {"style": "head ahead", "timing": "speed"}
"""What of a walk an adapter makes more."""

WEIGHTS = (0.0, 0.5, 1.0)


def clips(name: str, folder: Path) -> None:
    """Write the clips of the adapter *name* to a store in *folder*."""
    maker = registries.generators.create("procedural")
    names = ["walk"] * WALKS + [action for action in OTHERS for _ in range(4)]
    with ClipStore(folder).writer() as writer:
        for i, action in enumerate(names):
            rng = np.random.default_rng([7, i])
            seconds = float(rng.uniform(3.0, 4.5))
            beat = Beat((0,), action, seconds=seconds, **MANNERS[name])  # type: ignore[arg-type]
            motion = maker.generate(beat, [ActorState()], rng)
            # said as it is said of anybody: the manner is the adapter's, not the words'
            text = sentence(Beat((0,), action))
            clip = Clip(motion, f"{name}-{i}", (text,), "procedural", "MIT", f"{name}-{i}")
            writer.add(clip.clip_id, [clip])


def train(checkpoint: Path, name: str, steps: int) -> Path:
    """Train the adapter *name* on top of *checkpoint* and return its folder."""
    from safetensors.numpy import load_file, save_file

    from stickgen.train import corpus as corpora
    from stickgen.train import settings as files
    from stickgen.train import training

    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        clips(name, place / "store")
        corpora.build(place / "store", place / "corpus", "static")
        corpus = corpora.Corpus(place / "corpus")
        # the model is asked for recorded and for procedural motion: the adapter is for both
        for i in range(0, len(corpus.tracks), 2):
            corpus.tracks[i] = replace(corpus.tracks[i], source=SOURCES.index("real"))
        settings = replace(
            files.read("small-lora"), epochs=None, steps=steps, tokens=384, ema=0.95, warmup=10,
            windows={64: 0.5, 100: 0.5}, learning_rate=1.5e-3, validate_every=0, final_rate=0.0,
            shares={"real": 0.5, "procedural": 0.5},
        )  # fmt: skip

        def report(trainer: training.Trainer, losses: dict[str, float]) -> None:
            if trainer.step % 10 == 0:
                sys.stderr.write(f"{name} {trainer.step}/{steps} loss {losses['total']:.3f}\n")

        trainer = training.Trainer(settings, corpus, place / "run", init_from=checkpoint)
        training.train(trainer, report)
        made = place / "run" / "latest"
        target = TARGET / name
        target.mkdir(parents=True, exist_ok=True)
        weights = load_file(made / "adapter_model.safetensors")
        halves = {key: value.astype(np.float16) for key, value in weights.items()}
        save_file(halves, target / "adapter_model.safetensors", metadata={"format": "pt"})
        (target / "adapter_config.json").write_bytes((made / "adapter_config.json").read_bytes())
        config = json.loads((made / "config.json").read_text("utf-8"))
        for key in ("metrics", "mean", "std"):
            config.pop(key, None)
        config["training"].pop("settings", None)
        config["manner"] = MANNERS[name]
        (target / "config.json").write_text(json.dumps(config, indent=1) + "\n", "utf-8")
    return target


def walk(checkpoint: Path, lora: str, seed: int) -> Motion:
    """Return four seconds of walking by the model in *checkpoint* with *lora* blended in."""
    maker = registries.generators.create("small", folder=checkpoint, lora=lora)
    rng = np.random.default_rng(seed)
    made: Motion = maker.generate(Beat((0,), "walk", seconds=4.0), [ActorState()], rng)
    return made


def measured(motion: Motion) -> dict[str, float]:
    """Return speed in m/s, cadence in steps a second and how far the head is ahead, cm."""
    joints = np.asarray(motion.joints[10:, 0], np.float64)
    root = joints[:, schema.J["pelvis_center"]]
    ankles = joints[:, [schema.J["l_ankle"], schema.J["r_ankle"]]]
    apart = ankles[:, 0, 0] - ankles[:, 1, 0]
    apart = apart - apart.mean()
    crossings = int((np.diff(np.sign(apart)) != 0).sum())
    seconds = len(joints) / motion.fps
    return {
        "speed": float(np.linalg.norm(root[-1, [0, 2]] - root[0, [0, 2]]) / seconds),
        "cadence": crossings / seconds,
        "head ahead": float(100 * (joints[:, schema.J["head_center"], 0] - root[:, 0]).mean()),
    }


def identity(checkpoint: Path) -> str:
    from safetensors.numpy import load_file

    return fingerprint(load_file(checkpoint / "model.safetensors")["pose.weight"])


def verify(checkpoint: Path, seeds: int) -> bool:
    """Print what each adapter does to *checkpoint*; note the ones that do what they should."""
    good = True
    own = identity(checkpoint)
    for name, figure in EFFECTS.items():
        folder = TARGET / name
        config = read_config(folder)
        known = list(config["bases"])
        path = folder / "config.json"
        # for the measurement the adapter may be used with this model
        config["bases"] = sorted({*known, own}, key=[*known, own].index)
        path.write_text(json.dumps(config, indent=1) + "\n", "utf-8")
        rows = []
        for weight in WEIGHTS:
            lora = f"{folder}={weight}"
            each = [measured(walk(checkpoint, lora, seed)) for seed in range(seeds)]
            rows.append({key: float(np.mean([e[key] for e in each])) for key in each[0]})
            told = ", ".join(f"{key} {value:.2f}" for key, value in rows[-1].items())
            sys.stdout.write(f"{name}={weight}: {told}\n")
        steps = np.diff([row[figure] for row in rows])
        works = bool((steps > 0).all())
        if not works:
            config["bases"] = known
            path.write_text(json.dumps(config, indent=1) + "\n", "utf-8")
        sys.stdout.write(f"{name} is {'' if works else 'not '}for the model {own}\n")
        good &= works
    return good


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("task", choices=("train", "verify"))
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("name", nargs="?", choices=sorted(MANNERS))
    parser.add_argument("--steps", type=int, default=150)
    parser.add_argument("--seeds", type=int, default=6)
    given = parser.parse_args()
    if given.task == "verify":
        sys.exit(not verify(given.checkpoint, given.seeds))
    for name in [given.name] if given.name else sorted(MANNERS):
        sys.stdout.write(f"{train(given.checkpoint, name, given.steps)}\n")


if __name__ == "__main__":
    main()
