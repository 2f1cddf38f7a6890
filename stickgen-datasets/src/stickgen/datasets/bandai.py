"""Bandai Namco Research Motion Dataset: BVH files of a content performed in a style.

https://github.com/BandaiNamcoResearchInc/Bandai-Namco-Research-Motiondataset. A file is called
``dataset-<n>_<content>_<style>_<number>.bvh``; the ``.json`` beside it holds the same two labels,
in words or as numbers (of the order of the dataset's own list, then the name tells). Positions are
recorded for every joint, 30 frames a second.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, Final

from stickgen.core.errors import SourceError
from stickgen.datasets.bvh import read_bvh
from stickgen.datasets.canonical import Take
from stickgen.datasets.source import Companion, SourceConverter, clip_name

_NAME: Final = re.compile(r"dataset-(\d+)_([^_]+)_([^_]+)_(\d+)")

_CONTENTS: Final[dict[str, tuple[str, str, str]]] = {
    "bow": ("bows", "bowing", "bow"),
    "bye": ("waves goodbye", "waving goodbye", "wave"),
    "byebye": ("waves goodbye with both hands", "waving goodbye with both hands", "wave"),
    "call": ("beckons someone over", "beckoning someone over", "wave"),
    "dance long": ("dances for a while", "dancing for a while", "dance"),
    "dance short": ("dances", "dancing", "dance"),
    "dash": ("dashes forward", "dashing forward", "sprint"),
    "guide": ("shows someone the way", "showing someone the way", "point"),
    "kick": ("kicks", "kicking", "kick"),
    "punch": ("punches", "punching", "punch"),
    "respond": ("responds by raising a hand", "responding by raising a hand", "wave"),
    "run": ("runs", "running", "run"),
    "slash": ("slashes with a sword", "slashing with a sword", "fight"),
    "walk": ("walks", "walking", "walk"),
    "walk back": ("walks backwards", "walking backwards", "walk"),
    "walk left": ("walks and veers left", "walking and veering left", "walk"),
    "walk right": ("walks and veers right", "walking and veering right", "walk"),
    "walk turn left": ("walks and turns left", "walking and turning left", "walk"),
    "walk turn right": ("walks and turns right", "walking and turning right", "walk"),
    "raise up both hands": ("raises both hands", "raising both hands", "celebrate"),
    "raise up left hand": ("raises the left hand", "raising the left hand", "wave"),
    "raise up right hand": ("raises the right hand", "raising the right hand", "wave"),
    "wave both hands": ("waves both hands", "waving both hands", "wave"),
    "wave left hand": ("waves the left hand", "waving the left hand", "wave"),
    "wave right hand": ("waves the right hand", "waving the right hand", "wave"),
}
"""What is done (it does, it is doing), and the action of the table that it is."""

_STYLES: Final[dict[str, tuple[str, str]]] = {
    "active": ("an active person", "full of energy"),
    "angry": ("an angry person", "angrily"),
    "childish": ("a childish person", "like a child"),
    "chimpira": ("a street punk", "with the swagger of a street punk"),
    "elderly": ("an elderly person", "like an elderly person"),
    "exhausted": ("an exhausted person", "with the last of their strength"),
    "feminine": ("a woman", "in a feminine way"),
    "giant": ("a giant", "heavily, like a giant"),
    "happy": ("a happy person", "happily"),
    "masculine": ("a man", "in a masculine way"),
    "masculinity": ("a man", "in a masculine way"),
    "musical": ("a musical person", "as if to music"),
    "normal": ("a person", ""),
    "not confident": ("a shy person", "without confidence"),
    "old": ("an old person", "like an old person"),
    "proud": ("a proud person", "proudly"),
    "sad": ("a sad person", "sadly"),
    "tired": ("a tired person", "tiredly"),
    "youthful": ("a young person", "in a youthful way"),
}
"""Who does it, and how."""


class BandaiConverter(SourceConverter):
    """The Bandai Namco Research Motion Dataset, both parts."""

    name: ClassVar[str] = "bandai"
    licence: ClassVar[str] = "CC-BY-NC-4.0"
    download: ClassVar[str] = (
        "https://github.com/BandaiNamcoResearchInc/Bandai-Namco-Research-Motiondataset"
    )
    companions: ClassVar[tuple[Companion, ...]] = (
        Companion("*.json", "content and style in words"),
    )
    citation: ClassVar[str] = (
        "Kobayashi, Liao, Inoue, Yojima, Takahashi: Motion Capture Dataset for Practical Use of"
        " AI-based Motion Editing and Stylization, arXiv:2306.08861, 2023"
    )
    layout: ClassVar[str] = (
        "dataset-<n>_<content>_<style>_<number>.bvh at any depth, optionally with a .json of the"
        " same name"
    )
    suffixes: ClassVar[tuple[str, ...]] = (".bvh",)
    unit: ClassVar[float | None] = 0.01
    fps_rule: ClassVar[str] = "'Frame Time' in the header, 30"
    text_rule: ClassVar[str] = "content and style, in the .json if there in words, else in the name"

    def takes(self, path: Path, root: Path) -> Iterator[Take]:
        """Yield the one performance of a file."""
        part, content, style, number = labels(path)
        recording = read_bvh(path)
        does = _CONTENTS.get(content)
        yield Take(
            tracks=[recording.track],
            fps=self.fps_given or recording.fps,
            name=clip_name(path, root),
            texts=sentences(content, style),
            action=does[2] if does else None,
            up=self.up_axis,
            unit=self.metres,
            meta={
                "content": content,
                "style": style,
                "part": part,
                "number": number,
                "text_from": "label",
            },
        )


def labels(path: Path) -> tuple[str, str, str, str]:
    """Return part, content, style and number of a recording, words separated by spaces.

    Raises:
        SourceError: neither the label file nor the name tells them, or the label file is damaged.
    """
    name = _NAME.fullmatch(path.stem)
    part, content, style, number = name.groups() if name else ("", "", "", "")
    beside = path.with_suffix(".json")
    if beside.is_file():
        try:
            data = json.loads(beside.read_text(encoding="utf-8"))
        except OSError as error:
            raise SourceError(beside, f"cannot be read ({error.strerror or error})") from None
        except (ValueError, RecursionError) as error:
            raise SourceError(beside, f"is not JSON ({str(error)[:80]})") from None
        if not isinstance(data, dict) or not {"content", "style"} <= set(data):
            raise SourceError(beside, "does not hold 'content' and 'style'")
        content = data["content"] if isinstance(data["content"], str) else content
        style = data["style"] if isinstance(data["style"], str) else style
    content, style = (" ".join(re.findall(r"[a-z]+", label.lower())) for label in (content, style))
    if not content or not style:
        raise SourceError(
            path,
            "neither its name nor a .json beside it tells content and style",
            hint="expected a name like dataset-1_walk_angry_001.bvh",
        )
    return part, content, style, number


def sentences(content: str, style: str) -> tuple[str, ...]:
    """Return what can be said about a *content* done in a *style*."""
    third, doing, _ = _CONTENTS.get(content, (f"does {content}", f"doing {content}", ""))
    who, how = _STYLES.get(style, ("a person", f"in a {style} way"))
    manner = f" {how}" if how else ""
    said = (
        f"A person {third}{manner}.",
        f"{who[0].upper()}{who[1:]} {third}.",
        f"Someone is {doing}{manner}.",
    )
    return tuple(dict.fromkeys(said))
