"""100STYLE: a hundred ways to walk and run, one BVH file a style and content.

https://www.ianxmason.com/100style/. ``<Style>_<Content>.bvh`` holds one performer at 60 frames a
second, in centimetres. ``Frame_Cuts.csv`` tells for each style where the performance begins and
ends (``BR_START``, ``BR_STOP``, ...; frames from 0, the last one not included): what is outside is
the way into place and is cut off. ``Dataset_List.csv`` describes the styles.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import ClassVar, Final

from stickgen.core.errors import SourceError
from stickgen.datasets.bvh import read_bvh
from stickgen.datasets.canonical import Take
from stickgen.datasets.source import Companion, SourceConverter, clip_name
from stickgen.datasets.tracks import SkeletonTrack

CONTENTS: Final[dict[str, tuple[str, str, str]]] = {
    "BR": ("runs backwards", "running backwards", "run"),
    "BW": ("walks backwards", "walking backwards", "walk"),
    "FR": ("runs forwards", "running forwards", "run"),
    "FW": ("walks forwards", "walking forwards", "walk"),
    "ID": ("stands in place", "standing in place", "idle"),
    "SR": ("runs sideways", "running sideways", "run"),
    "SW": ("walks sideways", "walking sideways", "walk"),
    "TR1": ("walks, changing pace and direction", "walking with changes of pace", "walk"),
    "TR2": ("walks, stopping and starting", "walking, stopping and starting", "walk"),
    "TR3": ("walks, turning this way and that", "walking and turning this way and that", "walk"),
}
"""What is done by the code in a file's name: it does, it is doing, and the action that it is."""

_FILE: Final = re.compile(r"(?P<style>[A-Za-z0-9]+)_(?P<content>[A-Z]{2}\d?)")
_FORM: Final = re.compile(r"(?P<code>[A-Z]{2}\d?)_(?P<end>START|STOP)")
_LEVELS: Final = 3
"""Folders the tables are looked for in, the file's own and those above it."""

_STYLES: Final[dict[str, str]] = {
    "Aeroplane": "with the arms out like an aeroplane", "Akimbo": "with the hands on the hips",
    "Angry": "in an angry way", "ArmsAboveHead": "with the arms above the head",
    "ArmsBehindBack": "with the arms behind the back", "ArmsBySide": "with the arms by the sides",
    "ArmsFolded": "with folded arms", "Balance": "as if balancing on a beam",
    "BeatChest": "beating the chest", "BentForward": "bent forward",
    "BentKnees": "with bent knees", "BigSteps": "with big steps",
    "BouncyLeft": "bouncing on the left leg", "BouncyRight": "bouncing on the right leg",
    "Cat": "like a cat", "Chicken": "like a chicken", "CrossOver": "crossing the feet over",
    "Crouched": "crouched low", "CrowdAvoidance": "as if avoiding a crowd",
    "Depressed": "in a depressed way", "Dinosaur": "like a dinosaur",
    "DragLeftLeg": "dragging the left leg", "DragRightLeg": "dragging the right leg",
    "Drunk": "like a drunk person", "DuckFoot": "with the toes turned out like a duck",
    "Elated": "in an elated way", "FairySteps": "with tiny fairy steps",
    "Flapping": "flapping the arms", "FlickLegs": "flicking the legs",
    "Followed": "as if being followed", "GracefulArms": "with graceful arms",
    "HandsBetweenLegs": "with the hands between the legs",
    "HandsInPockets": "with the hands in the pockets", "Heavyset": "like a heavyset person",
    "HighKnees": "with high knees", "InTheDark": "as if in the dark",
    "KarateChop": "doing karate chops", "Kick": "kicking", "LawnMower": "like a lawn mower",
    "LeanBack": "leaning back", "LeanLeft": "leaning to the left",
    "LeanRight": "leaning to the right", "LeftHop": "hopping on the left leg",
    "LegsApart": "with the legs apart", "LimpLeft": "limping on the left leg",
    "LimpRight": "limping on the right leg", "LookUp": "looking up", "Lunge": "in lunges",
    "March": "in a marching way", "Monk": "like a monk", "Morris": "like a Morris dancer",
    "Neutral": "", "Old": "like an old person", "OnHeels": "on the heels",
    "OnPhoneLeft": "with a phone at the left ear",
    "OnPhoneRight": "with a phone at the right ear",
    "OnToesBentForward": "on the toes, bent forward", "OnToesCrouched": "on the toes, crouched",
    "PendulumHands": "swinging the hands like pendulums", "Penguin": "like a penguin",
    "PigeonToed": "with the toes turned in", "Proud": "in a proud way", "Punch": "punching",
    "Quail": "like a quail", "RaisedLeftArm": "with the left arm raised",
    "RaisedRightArm": "with the right arm raised", "RightHop": "hopping on the right leg",
    "Roadrunner": "like a roadrunner", "Robot": "like a robot", "Rocket": "like a rocket",
    "Rushed": "in a rush", "ShieldedLeft": "shielding the left side",
    "ShieldedRight": "shielding the right side", "Skip": "skipping",
    "SlideFeet": "sliding the feet", "SpinAntiClockwise": "spinning anticlockwise",
    "SpinClockwise": "spinning clockwise", "Star": "with arms and legs spread like a star",
    "StartStop": "starting and stopping", "Stiff": "in a stiff way",
    "Strutting": "in a strutting way", "Superman": "like Superman",
    "Swat": "swatting at insects", "Sweep": "as if sweeping the floor",
    "Swimming": "moving the arms as if swimming", "SwingArmsRound": "swinging the arms round",
    "SwingShoulders": "swinging the shoulders", "Teapot": "like a teapot",
    "Tiptoe": "on tiptoe", "TogetherStep": "bringing the feet together at each step",
    "TwoFootJump": "jumping with both feet",
    "WalkingStickLeft": "with a walking stick in the left hand",
    "WalkingStickRight": "with a walking stick in the right hand", "Waving": "waving",
    "WhirlArms": "whirling the arms", "WideLegs": "with the legs wide apart",
    "WiggleHips": "wiggling the hips", "WildArms": "with wild arms",
    "WildLegs": "with wild legs", "Zombie": "like a zombie",
}  # fmt: skip
"""How it is done, by the style in a file's name."""


class Style100Converter(SourceConverter):
    """The 100STYLE dataset."""

    name: ClassVar[str] = "100style"
    licence: ClassVar[str] = "CC-BY-4.0"
    download: ClassVar[str] = (
        "https://www.ianxmason.com/100style: the BVH files, Frame_Cuts.csv, Dataset_List.csv"
    )
    companions: ClassVar[tuple[Companion, ...]] = (
        Companion("Frame_Cuts.csv", "where each take begins and ends", needed=True),
        Companion("Dataset_List.csv", "what the styles are called in words"),
    )
    citation: ClassVar[str] = (
        "Mason, Starke, Komura: Real-Time Style Modelling of Human Locomotion via Feature-Wise"
        " Transformations and Local Motion Phases, Proc. ACM Comput. Graph. Interact. Tech. 5(1),"
        " 2022"
    )
    layout: ClassVar[str] = (
        "<Style>/<Style>_<Content>.bvh with Frame_Cuts.csv and Dataset_List.csv above them"
    )
    suffixes: ClassVar[tuple[str, ...]] = (".bvh",)
    unit: ClassVar[float | None] = 0.01
    fps_rule: ClassVar[str] = "'Frame Time' in the header, 60"
    text_rule: ClassVar[str] = "style and content in the file name"

    def takes(self, path: Path, root: Path) -> Iterator[Take]:
        """Yield the performance of a file, without the way into place."""
        named = _FILE.fullmatch(path.stem)
        if named is None or named["content"] not in CONTENTS:
            raise SourceError(
                path,
                "its name does not tell style and content",
                hint=f"expected <Style>_<Content>.bvh with one of {', '.join(CONTENTS)}",
            )
        style, content = named["style"], named["content"]
        recording = read_bvh(path)
        first, last = _cut(path, style, content, recording.track.n_frames)
        about = _description(path, style)
        yield Take(
            tracks=[_between(recording.track, first, last)],
            fps=self.fps_given or recording.fps,
            name=clip_name(path, root),
            texts=sentences(style, content),
            action=CONTENTS[content][2],
            up=self.up_axis,
            unit=self.metres,
            meta={
                "style": style,
                "content": content,
                "cut": [first, last],
                "text_from": "file name",
                **({"style_description": about} if about else {}),
            },
        )


def sentences(style: str, content: str) -> tuple[str, ...]:
    """Return what can be said about a *content* in a *style*, e.g. "BW" and "Angry"."""
    third, doing, _ = CONTENTS[content]
    words = re.sub(r"(?<=[a-z])(?=[A-Z0-9])", " ", style).lower()
    how = _STYLES.get(style, f"in the style {words}")
    manner = f" {how}" if how else ""
    said = [f"A person {third}{manner}.", f"Someone is {doing}{manner}."]
    if how:
        said.append(f"{how[0].upper()}{how[1:]}, a person {third}.")
    return tuple(said)


def _between(track: SkeletonTrack, first: int, last: int) -> SkeletonTrack:
    places = track.translations
    return replace(
        track,
        rotations=track.rotations[first:last],
        translations=places[first:last] if places is not None else None,
    )


def _cut(path: Path, style: str, content: str, n_frames: int) -> tuple[int, int]:
    """Return the first frame of the performance and the one after its last."""
    table = _beside(path, "Frame_Cuts.csv")
    if table is None:
        raise SourceError(
            path,
            "Frame_Cuts.csv, which tells where the performance begins, is not beside or above it",
            hint="download it with the dataset; without it the way into place would be kept",
        )
    cuts = _cuts(table, table.stat().st_mtime_ns)
    if (style, content) not in cuts:
        raise SourceError(
            table,
            f"tells no frames for {path.name}",
            place=f"row {style!r}, column {content}_START",
        )
    first, last = cuts[style, content]
    if not 0 <= first < last <= n_frames:
        raise SourceError(
            table,
            f"frames {first} to {last} are not in {path.name}, which has {n_frames}",
            place=f"row {style!r}, column {content}_START",
        )
    return first, last


def _beside(path: Path, name: str) -> Path | None:
    for folder in list(path.absolute().parents)[:_LEVELS]:
        if (folder / name).is_file():
            return folder / name
    return None


@lru_cache(maxsize=4)
def _cuts(table: Path, stamp: int) -> dict[tuple[str, str], tuple[int, int]]:
    """Return first and last frame by style and content; *stamp* makes a changed table be read."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for number, row in enumerate(_table(table), start=2):
        style = row.get("STYLE_NAME", "")
        if not style:
            raise SourceError(table, "has no STYLE_NAME", place=f"line {number}")
        for column, value in row.items():
            named = _FORM.fullmatch(column)
            if named is None or value.upper() in ("", "N/A", "NA", "NAN"):
                continue
            try:
                frame = int(float(value))
            except (ValueError, OverflowError):
                raise SourceError(
                    table,
                    f"{value[:20]!r} is no frame number",
                    place=f"line {number}, column {column}",
                ) from None
            found.setdefault((style, named["code"]), {})[named["end"]] = frame
    return {
        key: (ends["START"], ends["STOP"])
        for key, ends in found.items()
        if {"START", "STOP"} <= set(ends)
    }


def _description(path: Path, style: str) -> str:
    """Return what Dataset_List.csv says about a style, "" if it is not there."""
    table = _beside(path, "Dataset_List.csv")
    if table is None:
        return ""
    return _descriptions(table, table.stat().st_mtime_ns).get(style, "")


@lru_cache(maxsize=4)
def _descriptions(table: Path, stamp: int) -> dict[str, str]:
    out = {}
    for row in _table(table):
        plain = {re.sub(r"[^a-z]", "", column.lower()): value for column, value in row.items()}
        style = plain.get("stylename") or plain.get("style") or ""
        if style and plain.get("description"):
            out[style] = plain["description"]
    return out


def _table(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return [
                {(k or "").strip(): v.strip() for k, v in row.items() if isinstance(v, str)}
                for row in csv.DictReader(stream)
            ]
    except OSError as error:
        raise SourceError(path, f"cannot be read ({error.strerror or error})") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise SourceError(path, f"is not a CSV table ({error})") from None
