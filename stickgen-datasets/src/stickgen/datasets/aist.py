"""AIST++: dances seen by nine cameras, as 3-D keypoints and as SMPL bodies, one pickle a dance.

``keypoints3d/<name>.pkl`` holds ``keypoints3d_optim`` (or ``keypoints3d``) ``[T, 17, 3]`` in the
COCO order, centimetres; ``motions/<name>.pkl`` holds ``smpl_poses`` ``[T, 72]``, ``smpl_scaling``
and ``smpl_trans`` ``[T, 3]``, a body that is *scaling* times the model's size, in the same
centimetres. y is up, 60 frames a second. Where a dance has both, the body is taken: it has a spine
and bones of constant length; ``kind=keypoints3d`` takes the keypoints.

**From keypoints.** The pelvis is the middle of the hips (11, 12), the head's centre the middle of
the ears (3, 4), and the neck 0.19 of the way from the middle of the shoulders (5, 6) to it, as in
the project's own figure. Bones get one length (`stickgen.datasets.points`); the neck may come
nearer to the pelvis, since a spine bends. A keypoint that is missing for at most ten frames is
interpolated.

Names: ``gBR_sBM_cAll_d04_mBR0_ch01`` = genre, situation, camera, dancer, music, choreography. The
number of a music stands for its tempo: 80 to 130 beats a minute in steps of 10, for house 110 to
135 in steps of 5 (Tsuchida et al., AIST Dance Video Database, ISMIR 2019).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import ClassVar, Final, Unpack

import numpy as np

from stickgen.core.errors import SourceError, UsageError
from stickgen.datasets.canonical import Take
from stickgen.datasets.pickles import Table, read_pickle
from stickgen.datasets.points import LONGEST_GAP, bridged, interpolated, steady
from stickgen.datasets.smpl import smpl_track
from stickgen.datasets.source import Companion, Settings, SourceConverter, clip_name
from stickgen.datasets.tracks import Array, PointTrack, SkeletonTrack

FPS: Final = 60.0
KINDS: Final[tuple[str, ...]] = ("motions", "keypoints3d")

GENRES: Final[dict[str, str]] = {
    "BR": "break dance",
    "PO": "popping",
    "LO": "locking",
    "MH": "middle hip hop",
    "LH": "LA style hip hop",
    "HO": "house dance",
    "WA": "waacking",
    "KR": "krump",
    "JS": "street jazz",
    "JB": "ballet jazz",
}
SITUATIONS: Final[dict[str, str]] = {
    "BM": "basic dance",
    "FM": "advanced dance",
    "GR": "group dance",
    "MC": "moving camera",
    "SH": "showcase",
    "CY": "cypher",
    "BT": "battle",
}

_NAME: Final = re.compile(r"g([A-Z]{2})_s([A-Z]{2})_c(\w+?)_d(\d+)_m([A-Z]{2})(\d)_ch(\d+)")
_COCO: Final = 17
_NECK_SHARE: Final = 0.19
"""Where the neck is on the way from the middle of the shoulders to the middle of the head."""
_TREE: Final[tuple[tuple[str, str | None, int | None], ...]] = (
    ("pelvis", None, None),
    ("left_hip", "pelvis", 11),
    ("right_hip", "pelvis", 12),
    ("neck", "pelvis", None),
    ("head", "neck", None),
    ("left_shoulder", "neck", 5),
    ("left_elbow", "left_shoulder", 7),
    ("left_wrist", "left_elbow", 9),
    ("right_shoulder", "neck", 6),
    ("right_elbow", "right_shoulder", 8),
    ("right_wrist", "right_elbow", 10),
    ("left_knee", "left_hip", 13),
    ("left_ankle", "left_knee", 15),
    ("right_knee", "right_hip", 14),
    ("right_ankle", "right_knee", 16),
)
"""The joints that are used: name, parent, and the COCO keypoint it is."""
_NAMES: Final = [name for name, _, _ in _TREE]
_PARENTS: Final = [-1 if parent is None else _NAMES.index(parent) for _, parent, _ in _TREE]
_SPLITS: Final = ("train", "val", "test")


@dataclass(frozen=True, slots=True)
class AistName:
    """What the name of a dance says; see the top of the module."""

    genre: str
    situation: str
    camera: str
    dancer: str
    music: str
    choreography: str

    @property
    def bpm(self) -> int | None:
        """Beats a minute of the music."""
        number = int(self.music[2])
        if number > 5:
            return None
        return 110 + 5 * number if self.music.startswith("HO") else 80 + 10 * number

    @property
    def sentences(self) -> tuple[str, ...]:
        """Several ways to say what is danced."""
        words = GENRES.get(self.genre)
        if words is None:
            return ("A person dances.",)
        article = "an" if words.startswith("LA ") else "a"
        texts = [f"A person dances {words}.", f"A dancer performs {article} {words} routine."]
        if self.bpm:
            texts.append(f"Someone dances {words} to music at {self.bpm} beats per minute.")
        return tuple(texts)


def aist_name(stem: str) -> AistName | None:
    """Return what the name of a dance says, None if it is not one."""
    found = _NAME.fullmatch(stem)
    if found is None:
        return None
    genre, situation, camera, dancer, code, number, choreography = found.groups()
    return AistName(genre, situation, camera, f"d{dancer}", f"{code}{number}", f"ch{choreography}")


def read_keypoints(path: Path, table: Table) -> Array:
    """Return the keypoints ``[T, 17, 3]`` in centimetres, short gaps interpolated.

    Raises:
        SourceError: a keypoint is missing for more than ten frames; names it.
    """
    key = "keypoints3d_optim" if "keypoints3d_optim" in table else "keypoints3d"
    points = table.numbers(key, (None, _COCO, 3), finite=False).copy()
    seen = np.asarray(np.isfinite(points).all(axis=2))
    for joint in range(_COCO):
        close = bridged(seen[:, joint])
        if not close.all():
            raise SourceError(
                path,
                f"keypoint {joint} is missing for more than {LONGEST_GAP} frames or at an end",
                place=f"key {key!r}, row {int(np.argmin(close))}",
            )
        points[:, joint] = interpolated(points[:, joint], seen[:, joint])
    return points


def keypoint_track(points: Array) -> PointTrack:
    """Return the body whose COCO keypoints are *points* ``[T, 17, 3]``."""
    shoulders = 0.5 * (points[:, 5] + points[:, 6])
    head = 0.5 * (points[:, 3] + points[:, 4])
    made = {
        "pelvis": 0.5 * (points[:, 11] + points[:, 12]),
        "neck": shoulders + _NECK_SHARE * (head - shoulders),
        "head": head,
    }
    joints = [made[name] if coco is None else points[:, coco] for name, _, coco in _TREE]
    hips = (_NAMES.index("left_hip"), _NAMES.index("right_hip"))
    flexible = [_NAMES.index("neck")]
    return PointTrack(_NAMES, _PARENTS, steady(np.stack(joints, axis=1), _PARENTS, hips, flexible))


def body_track(table: Table) -> tuple[SkeletonTrack, float]:
    """Return the SMPL body in a file of ``motions``, and how many centimetres its unit is."""
    poses = table.numbers("smpl_poses", (None, 72))
    translation = table.numbers("smpl_trans", (len(poses), 3))
    scaling = table.number("smpl_scaling")
    if scaling <= 0:
        raise SourceError(
            table.path, f"must be positive, not {scaling:g}", place="key 'smpl_scaling'"
        )
    return smpl_track(poses[:, :66].reshape(-1, 22, 3), translation / scaling), scaling


class AistConverter(SourceConverter):
    """AIST++ dances.

    Args:
        kind: motions or keypoints3d: what to take where a dance has both, and nothing else.
        settings: see `SourceConverter`.
    """

    name: ClassVar[str] = "aist"
    licence: ClassVar[str] = "CC-BY-4.0 (annotations; the AIST videos and music have own terms)"
    download: ClassVar[str] = (
        "https://google.github.io/aistplusplus_dataset: motions or keypoints3d, splits, ignore list"
    )
    companions: ClassVar[tuple[Companion, ...]] = (
        Companion("ignore_list.txt", "takes known to be bad"),
        Companion("crossmodal_*.txt", "the official split"),
    )
    citation: ClassVar[str] = (
        "Li et al., AI Choreographer: Music Conditioned 3D Dance Generation with AIST++, ICCV 2021;"
        " Tsuchida et al., AIST Dance Video Database, ISMIR 2019"
    )
    layout: ClassVar[str] = (
        "motions/*.pkl (SMPL) or keypoints3d/*.pkl (COCO), named gXX_sXX_cXXX_dNN_mXXN_chNN;"
        " ignore_list.txt and splits/crossmodal_*.txt are used"
    )
    suffixes: ClassVar[tuple[str, ...]] = (".pkl",)
    unit: ClassVar[float | None] = 0.01
    fps_rule: ClassVar[str] = "always 60"
    text_rule: ClassVar[str] = "sentences for genre and tempo in the file name"

    def __init__(self, *, kind: str | None = None, **settings: Unpack[Settings]) -> None:
        super().__init__(**settings)
        if kind is not None and kind not in KINDS:
            raise UsageError(f"kind is {kind!r}, expected {' or '.join(KINDS)}")
        self.kind = kind

    def find(self, root: Path) -> list[Path]:
        """Return one file a dance under *root*, or *root* itself, if it is one."""
        found = super().find(root)
        if root.is_file():
            return found
        ignored = _listed(root / "ignore_list.txt")
        chosen: dict[str, Path] = {}
        for kind in (self.kind,) if self.kind else KINDS:
            for path in found:
                if path.parent.name == kind and path.stem not in ignored:
                    chosen.setdefault(path.stem, path)
        return sorted(chosen.values())

    def takes(self, path: Path, root: Path) -> Iterator[Take]:
        """Yield the one dance in a file."""
        table = Table(path, read_pickle(path))
        unit = self.metres or 0.01
        track: SkeletonTrack | PointTrack
        if "smpl_poses" in table:
            track, scaling = body_track(table)
            unit *= scaling
            body, joint_map = "neutral rest skeleton", {}
        elif "keypoints3d_optim" in table or "keypoints3d" in table:
            track = keypoint_track(read_keypoints(path, table))
            body, joint_map = "keypoints", {"head_center": "head"}
        else:
            raise SourceError(
                path, "holds neither 'keypoints3d_optim', 'keypoints3d' nor 'smpl_poses'"
            )
        named = aist_name(path.stem)
        yield Take(
            tracks=[track],
            fps=self.fps_given or FPS,
            name=clip_name(path, root),
            texts=named.sentences if named else ("A person dances.",),
            action="dance",
            up=self.up_axis,
            unit=unit,
            subject=named.dancer if named else "",
            recording=path.stem,
            split=_split_of(path.stem, root),
            joint_map=joint_map,
            meta={**(_facts(named) if named else {}), "body": body, "text_from": "file name"},
        )


def _facts(named: AistName) -> dict[str, object]:
    return {
        "genre": GENRES.get(named.genre, named.genre),
        "situation": SITUATIONS.get(named.situation, named.situation),
        "camera": named.camera,
        "choreography": named.choreography,
        "music": {"code": f"m{named.music}", "bpm": named.bpm},
    }


def _split_of(stem: str, root: Path) -> str | None:
    for split in _SPLITS:
        if stem in _listed(root / "splits" / f"crossmodal_{split}.txt"):
            return split
    return None


def _listed(path: Path) -> frozenset[str]:
    """Return the names in a list, none where there is no list."""
    return _read_list(path, path.stat().st_mtime_ns) if path.is_file() else frozenset()


@lru_cache(maxsize=8)
def _read_list(path: Path, stamp: int) -> frozenset[str]:
    """Return the names in a list; *stamp* makes a changed one be read again."""
    try:
        return frozenset(path.read_text(encoding="utf-8-sig").split())
    except OSError as error:
        raise SourceError(path, f"cannot be read ({error.strerror or error})") from None
    except UnicodeDecodeError:
        raise SourceError(path, "is not text in UTF-8") from None
