"""BABEL: who does what when in AMASS takes.

``train.json``, ``val.json``, ``extra_train.json`` and ``extra_val.json`` hold, by sequence id,
``{"feat_p": path in AMASS, "dur": seconds, "seq_ann": {"labels": [...]}, "frame_ann": ...}``; the
extra ones hold lists, ``seq_anns`` and ``frame_anns``, of several annotators. A label is
``{"raw_label", "proc_label", "act_cat": [...], "start_t", "end_t"}``, in seconds of the recording
at its own frame rate. Labels of the whole sequence have no times.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar, Final, Unpack

from stickgen.core.errors import SourceError
from stickgen.datasets.amass import AmassConverter, motion_key, read_amass
from stickgen.datasets.canonical import Take
from stickgen.datasets.json_files import read_json_object
from stickgen.datasets.labels import Span
from stickgen.datasets.sentences import sentence
from stickgen.datasets.source import Companion, Settings
from stickgen.datasets.words import action_called, action_of

FILES: Final[tuple[str, ...]] = ("train", "val", "test", "extra_train", "extra_val")
"""The label files, without their ending, the most trusted first."""

_CATEGORIES: Final[Mapping[str, str | None]] = MappingProxyType(
    {
        "transition": None,
        "move something": None,
        "move up/down incline": "walk",
        "take/pick something up": "pick_up",
        "lift something": "pick_up",
        "forward movement": None,
        "backwards movement": None,
        "sideways movement": None,
        "circular movement": None,
        "a pose": None,
        "t pose": None,
        "perform": None,
        "play": None,
        "play sport": None,
        "clap hands": "clap",
        "applause": "clap",
        "telephone call": "talk",
        "communicate (vocalise)": "talk",
        "martial art": "fight",
        "stances": None,
        "stumble": "fall",
        "flip": "backflip",
        "yawn": None,
    }
)
"""Categories that are no action of ours although their words are, or the other way round."""

_NO_WORDS: Final = frozenset({"transition", "move something"})
"""Categories of labels whose words are not to be read either."""

_PARTS_OF_A_BODY: Final = frozenset(
    {
        "arm movements", "hand movements", "leg movements", "foot movements", "knee movement",
        "head movements", "waist movements", "raising body part", "lowering body part",
        "swing body part", "touching body part", "touching face", "crossing limbs", "stretch",
    }
)  # fmt: skip
"""Categories in which lifting is of an arm, and moving is of a leg."""

_GESTURES: Final = frozenset(
    {"wave", "nod", "kick", "punch", "clap", "point", "salute", "bow", "turn"}
)

_TOLERANCE: Final = 0.5
"""Seconds by which a take may be longer or shorter than its labels say."""

_UNSAID: Final = frozenset({"transition", "t pose", "a pose", "unknown", "none"})
"""Categories that a sentence does not mention."""


@dataclass(frozen=True, slots=True)
class Label:
    """What one annotator wrote: words, categories, and seconds, None for all of the sequence."""

    raw: str
    categories: tuple[str, ...]
    start: float | None = None
    end: float | None = None

    @property
    def action(self) -> str | None:
        """The action of the table it names: by a category as a whole, else by its words."""
        for category in self.categories:
            name = _CATEGORIES.get(category) or (
                None if category in _CATEGORIES else action_called(category)
            )
            if name:
                return name
        if not _NO_WORDS.isdisjoint(self.categories):
            return None
        name = action_of(self.raw)
        if not _PARTS_OF_A_BODY.isdisjoint(self.categories) and name not in _GESTURES:
            return None
        return name

    @property
    def said(self) -> bool:
        """Whether it belongs in a sentence."""
        return bool(self.raw) and not (
            set(self.categories) & _UNSAID or self.raw.lower() in _UNSAID
        )


@dataclass(frozen=True, slots=True)
class LabelledTake:
    """The labels of one AMASS take: one list a whole annotation, one a timed annotation."""

    sid: str
    split: str
    path: str
    duration: float
    whole: tuple[tuple[Label, ...], ...]
    timed: tuple[tuple[Label, ...], ...]

    @property
    def spans(self) -> tuple[Span, ...]:
        """What is done when, of the first annotation with times."""
        timed = self.timed[0] if self.timed else ()
        spans = [
            Span(name, label.start, label.end)
            for label in timed
            if label.start is not None and label.end is not None and (name := label.action)
        ]
        return tuple(spans)

    @property
    def main(self) -> str:
        """The first action that labels of the whole name, idle if they name none."""
        labels = self.whole[0] if self.whole else ()
        return next((name for label in labels if (name := label.action)), "idle")

    @property
    def texts(self) -> tuple[str, ...]:
        """One sentence an annotation: those about the whole first, then those told in order."""
        found = [sentence([label.raw for label in labels if label.said]) for labels in self.whole]
        for labels in self.timed:
            ordered = sorted(labels, key=lambda label: (label.start or 0.0, label.end or 0.0))
            found.append(sentence([label.raw for label in ordered if label.said]))
        return tuple(dict.fromkeys(text for text in found if text))


def read_babel(path: Path) -> dict[str, LabelledTake]:
    """Return the labelled takes in a BABEL file by sequence id.

    Raises:
        SourceError: it is not one; names the sequence and the key.
    """
    try:
        stamp = path.stat().st_mtime_ns
    except OSError as error:
        raise SourceError(path, f"cannot be read ({error.strerror or error})") from None
    return _read_babel(path, stamp)


@lru_cache(maxsize=8)
def _read_babel(path: Path, stamp: int) -> dict[str, LabelledTake]:
    split = path.stem.removeprefix("extra_")
    return {
        sid: _labelled_take(path, split, sid, entry)
        for sid, entry in read_json_object(path).items()
    }


def _labelled_take(path: Path, split: str, sid: str, entry: object) -> LabelledTake:
    place = f"sequence {sid!r}"
    if not isinstance(entry, dict):
        raise SourceError(path, "is not an object", place=place)
    feature_path = entry.get("feat_p")
    if not isinstance(feature_path, str) or not feature_path:
        raise SourceError(path, "has no path in AMASS", place=f"{place}, key 'feat_p'")
    duration = entry.get("dur", 0.0)
    return LabelledTake(
        sid=sid,
        split=split,
        path=feature_path,
        duration=_seconds(path, duration, f"{place}, key 'dur'"),
        whole=_annotations(path, entry, "seq_ann", place),
        timed=_annotations(path, entry, "frame_ann", place),
    )


def _annotations(
    path: Path, entry: Mapping[str, Any], key: str, place: str
) -> tuple[tuple[Label, ...], ...]:
    """Return the labels of every annotator under *key* or its plural."""
    plural = f"{key}s"
    found = entry.get(plural) if plural in entry else [entry.get(key)]
    where = f"{place}, key {plural if plural in entry else key!r}"
    if found is None:
        return ()
    if not isinstance(found, list):
        raise SourceError(path, "is not a list of annotations", place=where)
    out = []
    for annotation in found:
        if annotation is None:
            continue
        labels = annotation.get("labels") if isinstance(annotation, dict) else None
        if not isinstance(labels, list):
            raise SourceError(path, "has no list of labels", place=where)
        read = tuple(_label(path, label, where) for label in labels)
        if read:
            out.append(read)
    return tuple(out)


def _label(path: Path, label: object, place: str) -> Label:
    if not isinstance(label, dict):
        raise SourceError(path, "holds a label that is not an object", place=place)
    raw = label.get("raw_label") or label.get("proc_label") or ""
    categories = label.get("act_cat") or []
    if not isinstance(raw, str):
        raise SourceError(path, "holds a raw_label that is not a text", place=place)
    if not isinstance(categories, list) or not all(isinstance(each, str) for each in categories):
        raise SourceError(path, "holds an act_cat that is not a list of names", place=place)
    start, end = (
        None if label.get(key) is None else _seconds(path, label[key], f"{place}, {key}")
        for key in ("start_t", "end_t")
    )
    if start is not None and end is not None and start > end:
        raise SourceError(path, f"holds a label from {start:g} to {end:g} s", place=place)
    names = tuple(each.strip().lower() for each in categories if each.strip())
    return Label(" ".join(raw.split()), names, start, end)


def _seconds(path: Path, value: object, place: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e6:
        raise SourceError(path, f"is {value!r}, expected seconds", place=place)
    return float(value)


class BabelConverter(AmassConverter):
    """BABEL's label files, with AMASS under the same root or where ``amass`` says.

    Args:
        amass: root of AMASS; the root folder itself if None.
        body_models: see `AmassConverter`.
        settings: see `SourceConverter`.
    """

    name: ClassVar[str] = "babel"
    licence: ClassVar[str] = "BABEL and AMASS (non-commercial research, no redistribution)"
    download: ClassVar[str] = "https://babel.is.tue.mpg.de, after registration, and AMASS itself"
    companions: ClassVar[tuple[Companion, ...]] = (
        Companion(
            "*_poses.npz|*_stageii.npz",
            "the motions, from AMASS; elsewhere with --set amass=DIR",
            needed=True,
        ),
    )
    citation: ClassVar[str] = (
        "Punnakkal et al., BABEL: Bodies, Action and Behavior with English Labels, CVPR 2021;"
        " Mahmood et al., AMASS, ICCV 2019"
    )
    layout: ClassVar[str] = (
        "train.json, val.json, extra_train.json, extra_val.json (one is enough) and below them,"
        " or at --set amass=DIR, the folders of AMASS"
    )
    text_rule: ClassVar[str] = "raw_label of the labels, as sentences"

    def __init__(
        self,
        *,
        amass: str | Path | None = None,
        body_models: str | Path | None = None,
        **settings: Unpack[Settings],
    ) -> None:
        super().__init__(body_models=body_models, **settings)
        self.amass = Path(amass) if amass is not None else None
        self._labels: dict[Path, list[Path]] = {}

    def find(self, root: Path) -> list[Path]:
        """Return the AMASS files that the label files under *root* are about.

        Raises:
            SourceError: there are labels, but none of the takes they are about.
        """
        labels = self._labels[root] = _label_files(root)
        if not labels:
            return []
        base = self._amass_root(root)
        there = {_short(motion_key(p.relative_to(base).as_posix())): p for p in super().find(base)}
        known = _by_take(tuple((path, path.stat().st_mtime_ns) for path in labels))
        found = sorted(there[key] for key in known if key in there)
        if known and not found:
            raise SourceError(
                base,
                f"holds none of the {len(known)} takes of AMASS that are labelled",
                hint="name the folder with --set amass=DIR",
            )
        return found

    def takes(self, path: Path, root: Path) -> Iterator[Take]:
        """Yield the one performance of an AMASS file, with its labels."""
        if root not in self._labels:
            self._labels[root] = _label_files(root)
        labels = self._labels[root]
        known = _by_take(tuple((each, each.stat().st_mtime_ns) for each in labels))
        base = self._amass_root(root)
        inside = path.relative_to(base) if path.is_relative_to(base) else path
        labelled = known.get(_short(motion_key(inside.as_posix())))
        if not labelled:
            raise SourceError(path, f"is not labelled in {root}")
        first = labelled[0]
        motion = read_amass(path, self.fps_given)
        track, meta = self._track(motion)
        seconds = track.n_frames / motion.fps
        texts = tuple(dict.fromkeys(text for each in labelled for text in each.texts))
        if first.duration and abs(first.duration - seconds) > _TOLERANCE:
            raise SourceError(
                path,
                f"is {seconds:.2f} s long, its labels are about {first.duration:.2f} s",
                hint="the labels were written for another version of the take",
            )
        yield Take(
            tracks=[track],
            fps=motion.fps,
            name=first.sid,
            texts=texts,
            action=None if first.spans else first.main,
            up=self.up_axis,
            unit=self.metres,
            recording=motion_key(first.path),
            subject="/".join(motion_key(first.path).split("/")[:-1]),
            spans=first.spans,
            split=first.split,
            meta={
                **meta,
                "babel_id": first.sid,
                "feat_p": first.path,
                "labels": [
                    {"text": each.raw, "start": each.start, "end": each.end, "action": each.action}
                    for each in (first.timed or first.whole)[0]
                ],
                "text_from": "raw_label" if texts else "none",
            },
        )

    def _amass_root(self, root: Path) -> Path:
        if self.amass is None:
            return root.parent if root.is_file() else root
        if not self.amass.is_dir():
            raise SourceError(self.amass, "is not a folder of AMASS")
        return self.amass


def _label_files(root: Path) -> list[Path]:
    """Return the label files under *root*, the most trusted first."""
    if root.is_file():
        return [root] if root.suffix.lower() == ".json" else []
    if not root.is_dir():
        raise SourceError(root, "is neither a file nor a folder")
    found = [path for path in root.rglob("*.json") if path.stem in FILES and path.is_file()]
    return sorted(found, key=lambda path: (FILES.index(path.stem), path))


@lru_cache(maxsize=4)
def _by_take(files: tuple[tuple[Path, int], ...]) -> dict[str, tuple[LabelledTake, ...]]:
    """Return what *files*, with the time each was changed, say about takes, by short path."""
    table: dict[str, tuple[LabelledTake, ...]] = {}
    for path, _ in files:
        for take in read_babel(path).values():
            if take.whole or take.timed:
                key = _short(motion_key(take.path))
                table[key] = (*table.get(key, ()), take)
    return table


def _short(key: str) -> str:
    """Return subset, subject and take of a path in AMASS."""
    return "/".join(key.split("/")[-3:])
