"""BEAT: people who talk, as BVH, with their words, their faces and how they feel.

Beside ``<speaker>/<id>.bvh`` (120 frames a second) stand ``<id>.TextGrid`` (words),
``<id>.json`` (52 ARKit face weights, 60 frames a second) and ``<id>.csv`` or ``<id>.txt``
(emotion); each may be missing. Names are ``<number>_<speaker>_<type>_<first>_<last>``.

**Pieces.** A recording longer than 10 s is cut in pauses: in the longest one between 4 and 10 s
after the last cut, else between two words, else after 10 s. Every piece has its own words.

**Face.** The expression is that of the emotion, the mouth opens as ``jawOpen`` says, and eyes are
closed while both ``eyeBlink`` are above one half. Since the openness is measured frame by frame,
the speech rate of the face track is 0.

**Emotion.** It is read from the ``.csv``, else the ``.txt``: an emotion's name, or a number from 0
to 7 in the last column, the most frequent one. Else it follows from the number in the name of a
speech, as the authors assigned it: 65-72 happiness, 73-80 anger, 81-86 sadness, 87-94 contempt,
95-102 surprise, 103-110 fear, 111-118 disgust.
"""

from __future__ import annotations

import csv
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar, Final

import numpy as np

from stickgen.core.actions import EXPRESSIONS
from stickgen.core.errors import SourceError
from stickgen.datasets.bvh import read_bvh
from stickgen.datasets.canonical import Take
from stickgen.datasets.json_files import read_json_object
from stickgen.datasets.labels import Span
from stickgen.datasets.source import Companion, SourceConverter, clip_name
from stickgen.datasets.textgrid import Word, read_words
from stickgen.datasets.tracks import Array, SkeletonTrack

LONGEST: Final = 10.0
"""Seconds of the longest piece."""
FACE_FPS: Final = 60.0

EMOTIONS: Final[tuple[str, ...]] = (
    "neutral", "happiness", "anger", "sadness", "contempt", "surprise", "fear", "disgust",
)  # fmt: skip
"""The emotions by their number in the dataset."""

_EXPRESSION: Final = {
    "happiness": "happy",
    "anger": "angry",
    "sadness": "sad",
    "surprise": "surprised",
    "fear": "surprised",
    "disgust": "angry",
}
_VOICE: Final = {
    "happiness": "happily",
    "anger": "angrily",
    "sadness": "sadly",
    "contempt": "with contempt",
    "surprise": "in surprise",
    "fear": "fearfully",
    "disgust": "in disgust",
}
_OTHER_NAMES: Final = {
    "happy": "happiness", "angry": "anger", "sad": "sadness", "surprised": "surprise",
    "fearful": "fear", "disgusted": "disgust",
}  # fmt: skip
_NUMBERED: Final = (
    (65, "happiness"),
    (73, "anger"),
    (81, "sadness"),
    (87, "contempt"),
    (95, "surprise"),
    (103, "fear"),
    (111, "disgust"),
    (119, "neutral"),
)
"""From which number on in a speech's name which emotion was played."""
_SPEECHES: Final = frozenset({0, 2, 4, 6})
"""Types of recordings that are speeches; the others are conversations."""
_NAME: Final = re.compile(r"(\d+)_([A-Za-z]+)_(\d+)_(\d+)_(\d+)")

# Eye type, eyebrow angle in degrees and mouth at rest of each expression: the reference's table.
_FEATURES: Final = {
    "neutral": (0, 0.0, 0),
    "happy": (1, 10.0, 1),
    "sad": (0, -15.0, 2),
    "surprised": (2, 20.0, 3),
    "angry": (0, -20.0, 2),
    "excited": (2, 15.0, 1),
}
_EYES_CLOSED: Final = 3
_OPEN, _WIDE_OPEN, _SMALL_O = 3, 4, 5
_SHORTEST: Final = 1.2
"""Seconds of the shortest piece that is cut off."""
_EARLIEST: Final = 4.0
_BREATH: Final = 0.3
"""Seconds between two words that do not end a stretch of talking."""


def expression_of(emotion: str) -> str:
    """Return the facial expression of one of `EMOTIONS`."""
    return _EXPRESSION.get(emotion, "neutral")


def read_face(path: Path) -> tuple[Array, Array, Array]:
    """Return what a file of ARKit weights tells: times ``[F]`` in seconds, openness, eyes closed.

    Openness is 0-1; eyes closed is 1 while both are.

    Raises:
        SourceError: it is no such file, or a weight is missing or not finite; names the frame.
    """
    content = read_json_object(path)
    names, frames = content.get("names"), content.get("frames")
    if not isinstance(names, list) or not isinstance(frames, list) or not frames:
        raise SourceError(path, "holds no 'names' and 'frames' of face weights")
    if "jawOpen" not in names:
        raise SourceError(path, "has no weight 'jawOpen'", place="key 'names'")
    rows = np.array([_weights(path, frame, k, len(names)) for k, frame in enumerate(frames)])
    if not np.isfinite(rows).all():
        raise SourceError(
            path, "holds a weight that is not finite",
            place=f"frame {int(np.argwhere(~np.isfinite(rows))[0][0])}",
        )  # fmt: skip
    blinks = [names.index(name) for name in ("eyeBlinkLeft", "eyeBlinkRight") if name in names]
    closed: Array = np.zeros(len(rows))
    if len(blinks) == 2:
        closed[(rows[:, blinks] > 0.5).all(axis=1)] = 1.0
    opening: Array = np.clip(rows[:, names.index("jawOpen")], 0.0, 1.0)
    return np.arange(len(rows)) / FACE_FPS, opening, closed


def _weights(path: Path, frame: object, number: int, n: int) -> list[float]:
    weights = frame.get("weights") if isinstance(frame, dict) else None
    if not isinstance(weights, list) or len(weights) != n:
        raise SourceError(path, f"must hold {n} weights", place=f"frame {number}")
    if not all(isinstance(each, int | float) and not isinstance(each, bool) for each in weights):
        raise SourceError(path, "holds a weight that is no number", place=f"frame {number}")
    return [float(each) for each in weights]


def face_track(
    times: Array, emotion: str, words: Sequence[Word], face: tuple[Array, Array, Array] | None
) -> Array:
    """Return the face ``[T, 1, 7]`` at *times*, laid out as in `stickgen.core.types.Motion`."""
    expression = expression_of(emotion)
    eyes, brows, mouth = _FEATURES[expression]
    out = np.zeros((len(times), 1, 7))
    out[:, 0, 0] = EXPRESSIONS.index(expression)
    out[:, 0, 1] = eyes
    out[:, 0, 2] = brows
    out[:, 0, 3] = mouth
    for word in words:
        out[(times >= word.start) & (times < word.end), 0, 5] = 1.0
    if face is not None:
        at, opening, closed = face
        out[:, 0, 4] = np.interp(times, at, opening)
        out[np.interp(times, at, closed) > 0.5, 0, 1] = _EYES_CLOSED
        out[out[:, 0, 4] > 0.1, 0, 3] = _OPEN
        out[out[:, 0, 4] > 0.5, 0, 3] = _WIDE_OPEN
    else:
        talking = out[:, 0, 5] > 0
        out[talking, 0, 3:5] = (_SMALL_O, 0.35)
        out[talking, 0, 6] = 8.0
    return out


def read_emotion(path: Path) -> str | None:
    """Return the emotion a table beside a recording tells, None if it tells none.

    Raises:
        SourceError: it cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        rows = [row for row in csv.reader(text.replace("\t", ",").splitlines()) if row]
    except OSError as error:
        raise SourceError(path, f"cannot be read ({error.strerror or error})") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise SourceError(path, f"is not a table of text ({error})") from None
    words = (cell.strip().lower() for row in rows for cell in row)
    named = Counter(
        emotion for word in words if (emotion := _OTHER_NAMES.get(word, word)) in EMOTIONS
    )
    if named:
        return named.most_common(1)[0][0]
    codes = [row[-1].strip() for row in rows]
    counted = Counter(EMOTIONS[int(code)] for code in codes if re.fullmatch("[0-7]", code))
    return counted.most_common(1)[0][0] if counted else None


def emotion_in_name(stem: str) -> str:
    """Return the emotion that follows from a recording's name, neutral for conversations."""
    found = _NAME.fullmatch(stem)
    if found is None or int(found[3]) not in _SPEECHES:
        return "neutral"
    number = int(found[4])
    return next((emotion for first, emotion in reversed(_NUMBERED) if number >= first), "neutral")


def cuts(words: Sequence[Word], seconds: float, longest: float = LONGEST) -> list[float]:
    """Return where a recording of *seconds* is cut, in seconds: 0, the cuts, and its end."""
    ends = [0.0, *(word.end for word in words)]
    starts = [*(word.start for word in words), seconds]
    gaps = [(a, b) for a, b in zip(ends, starts, strict=True) if b >= a]
    found = [0.0]
    while seconds - found[-1] > longest + 1e-9:
        latest = min(found[-1] + longest, seconds - _SHORTEST)
        found.append(_cut(gaps, found[-1], latest))
    return [*found, seconds]


def _cut(gaps: list[tuple[float, float]], last: float, latest: float) -> float:
    """Return the middle of the longest gap after *last* and before *latest*."""
    for earliest in (min(last + _EARLIEST, latest), min(last + _SHORTEST, latest)):
        clipped = [
            (max(a, earliest), min(b, latest)) for a, b in gaps if b >= earliest and a <= latest
        ]
        if clipped:
            a, b = max(clipped, key=lambda gap: (round(gap[1] - gap[0], 3), gap[0]))
            return 0.5 * (a + b)
    return latest


def sentences(words: Sequence[Word], emotion: str) -> tuple[str, ...]:
    """Return what a piece shows: what is said, and how."""
    voice = f" {_VOICE[emotion]}" if emotion in _VOICE else ""
    said = " ".join(word.text for word in words)
    if not said:
        return ("A person stands and is silent.",)
    return (f'A person says{voice}: "{said}"', f"Someone talks{voice} with gestures.")


class BeatConverter(SourceConverter):
    """BEAT: speech with gestures, faces and emotions."""

    name: ClassVar[str] = "beat"
    licence: ClassVar[str] = "BEAT (non-commercial)"
    download: ClassVar[str] = (
        "https://pantomatrix.github.io/BEAT: BVH, TextGrid, JSON and emotion files"
    )
    companions: ClassVar[tuple[Companion, ...]] = (
        Companion("*.TextGrid", "what is said, word by word"),
        Companion("*.json", "the face"),
        Companion("*.csv|*.txt", "the emotion"),
    )
    citation: ClassVar[str] = (
        "Liu et al., BEAT: A Large-Scale Semantic and Emotional Multi-Modal Dataset for"
        " Conversational Gestures Synthesis, ECCV 2022"
    )
    layout: ClassVar[str] = (
        "<speaker>/<id>.bvh with <id>.TextGrid, <id>.json (face) and <id>.csv or .txt (emotion)"
    )
    suffixes: ClassVar[tuple[str, ...]] = (".bvh",)
    unit: ClassVar[float | None] = 0.01
    fps_rule: ClassVar[str] = "'Frame Time' in the header, 120"
    text_rule: ClassVar[str] = "the words of the .TextGrid, and the emotion"

    def takes(self, path: Path, root: Path) -> Iterator[Take | SourceError]:
        """Yield the pieces of a recording."""
        content = read_bvh(path)
        fps = self.fps_given or content.fps
        grid, weights = path.with_suffix(".TextGrid"), path.with_suffix(".json")
        words = read_words(grid) if grid.is_file() else ()
        face = read_face(weights) if weights.is_file() else None
        emotion, origin = _emotion(path)
        n = content.track.n_frames
        bounds = cuts(words, n / fps)
        name = clip_name(path, root)
        edges = [min(round(bound * fps), n) for bound in bounds]
        for number, (first, end) in enumerate(itertools.pairwise(edges), start=1):
            times = np.arange(first, end) / fps
            said = _within(words, first / fps, end / fps)
            yield Take(
                tracks=[_part(content.track, first, end)],
                fps=fps,
                name=name if len(edges) == 2 else f"{name}_{number:03d}",
                texts=sentences(said, emotion) if grid.is_file() else ("A person talks.",),
                action=None if said else "idle" if grid.is_file() else "talk",
                up=self.up_axis,
                unit=self.metres,
                setup_frames=first == 0,
                recording=name,
                subject=_speaker(path),
                spans=_talking(said, first / fps),
                face=face_track(times, emotion, said, face),
                meta={
                    "transcript": " ".join(word.text for word in said),
                    "words": [
                        [word.text, round(word.start - first / fps, 3),
                         round(word.end - first / fps, 3)]
                        for word in said
                    ],
                    "emotion": {"emotion_label": emotion, "from": origin},
                    "seconds_kept": [round(first / fps, 4), round(end / fps, 4)],
                    "face_from": "weights" if face is not None else "emotion and words",
                    "text_from": "TextGrid" if grid.is_file() else "dataset",
                },
            )  # fmt: skip


def _part(track: SkeletonTrack, first: int, end: int) -> SkeletonTrack:
    moved = None if track.translations is None else track.translations[first:end]
    return replace(track, rotations=track.rotations[first:end], translations=moved)


def _within(words: Sequence[Word], start: float, end: float) -> list[Word]:
    """Return the words whose middle lies between *start* and *end*, cut to that time."""
    return [
        Word(word.text, max(word.start, start), min(word.end, end))
        for word in words
        if start <= 0.5 * (word.start + word.end) < end
    ]


def _talking(words: Sequence[Word], start: float) -> list[Span]:
    """Return the stretches of talking, in seconds after *start*; a breath does not end one."""
    spans: list[Span] = []
    for word in words:
        begin, end = word.start - start, word.end - start
        if spans and begin - spans[-1].end <= _BREATH:
            spans[-1] = Span("talk", spans[-1].start, end)
        else:
            spans.append(Span("talk", begin, end))
    return spans


def _emotion(path: Path) -> tuple[str, str]:
    """Return the emotion of a recording, and where it is told."""
    for suffix in (".csv", ".txt"):
        table = path.with_suffix(suffix)
        emotion = read_emotion(table) if table.is_file() else None
        if emotion is not None:
            return emotion, suffix
    return emotion_in_name(path.stem), "file name"


def _speaker(path: Path) -> str:
    found = _NAME.fullmatch(path.stem)
    return f"{found[1]}_{found[2]}" if found else path.parent.name
