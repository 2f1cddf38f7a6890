"""`card`: what a checkpoint says of itself, as the page a model hub shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

USE = {
    "safetensors": "    STICKGEN_CHECKPOINT=. stickgen generate \"A person walks\""
    " --generator dual-phase -o walk.mp4",
    "onnx": "The graphs `hear`, `plan_step`, `draw`, `refine` and `recognise` are what\n"
    "`stickgen.core.sampling.sample` calls.",
    "torchscript": "`torch.jit.load(\"model.pt\")` has the methods `hear`, `plan_step`, `draw`,"
    " `refine` and `recognise`,\nwhich are what `stickgen.core.sampling.sample` calls.",
    "lora": "    STICKGEN_CHECKPOINT=BASE stickgen generate \"A person walks\""
    " --generator dual-phase --lora .=0.7 -o walk.mp4",
}  # fmt: skip
"""How to use each format."""


def card(config: Mapping[str, Any], format: str = "safetensors") -> str:
    """Return the model card, in Markdown, of a checkpoint's ``config.json``."""
    lora = config.get("kind") == "lora"
    sizes: Mapping[str, Any] = config.get("architecture", {})
    training: Mapping[str, Any] = config.get("training", {})
    what = "a low-rank adapter (LoRA) for a" if lora else "a"
    lines = [
        "---",
        "library_name: stickgen",
        "license: other",
        "language: en",
        "tags: [text-to-motion, stick-figure, stickgen]",
        "---",
        "",
        "# stickgen motion model" + (" adapter" if lora else ""),
        "",
        f"This is {what} dual-phase text-to-motion model of stickgen: a sentence in,"
        " the motion of a stick figure out.",
        "",
        f"- Width {sizes.get('width')}, {sizes.get('layers')} layers, {sizes.get('heads')} heads",
        f"- Text encoder: `{config.get('text_encoder', 'unknown')}` ({sizes.get('text_dim')}-d)",
    ]
    if sizes.get("image"):
        lines.append(f"- Looks at pictures: `{sizes['image']}`, joined by `{sizes.get('fusion')}`")
    if lora:
        lines.append(f"- Rank {config.get('rank')}, alpha {config.get('alpha')}")
    if config.get("adapters"):
        lines.append(f"- Adapters blended in: {', '.join(config['adapters'])}")
    if training.get("step") is not None:
        seed = training.get("seed")
        lines.append(f"- Trained for {training['step']:,} steps, seed {seed}")
    lines += ["", "## Training data and licences", ""]
    lines += [f"- {name}" for name in config.get("sources", ())] or ["Not recorded."]
    lines += ["", "## Measurements on held-out clips", ""]
    metrics: Mapping[str, Any] = config.get("metrics") or {}
    lines += [f"- {name}: {value}" for name, value in metrics.items()] or ["None were made."]
    lines += [
        "",
        "## Limits",
        "",
        "English only; one body at a time; what the training data does not show, it cannot do.",
        "",
        "## Use",
        "",
        USE["lora" if lora else format],
    ]
    return "\n".join(lines) + "\n"
