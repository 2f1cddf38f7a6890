"""Files that are no recordings, under every name a converter takes: one sentence each, no more.

What goes wrong inside files of the right kind is tested source by source.
"""

from __future__ import annotations

import io
import os
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from stickgen.core.errors import StickgenError
from stickgen.core.protocols import Converter
from stickgen.core.registries import converters
from stickgen.datasets.cli import convert
from stickgen.datasets.source import Companion, SourceConverter

OURS = sorted(
    status.ref.name
    for status in converters.status()
    if status.ref.distribution == "stickgen-datasets"
)

NAMES = {
    "100style": ("Angry/Angry_FW.bvh", "Frame_Cuts.csv", "Dataset_List.csv"),
    "aist": (
        "keypoints3d/gBR_sBM_cAll_d04_mBR0_ch01.pkl",
        "motions/gBR_sBM_cAll_d04_mBR1_ch01.pkl",
    ),
    "amass": ("KIT/4/walk_poses.npz", "KIT/4/walk_stageii.npz"),
    "babel": ("train.json", "KIT/4/walk_poses.npz"),
    "bandai": ("dataset-1_walk_normal_001.bvh", "dataset-1_walk_normal_001.json"),
    "beat": ("1/1_wayne_0_1_1.bvh", "1/1_wayne_0_1_1.TextGrid", "1/1_wayne_0_1_1.json"),
    "bvh": ("walk.bvh", "index.csv"),
    "cmu": ("01_01.amc", "01.asf", "cmu_index.csv"),
    "deepmimic": ("walk.txt", "cmu_index.csv"),
    "gltf": ("walk.glb", "run.gltf"),
    "humanml3d": ("new_joints/000001.npy", "texts/000001.txt", "new_joint_vecs/000002.npy"),
    "interhuman": ("motions/1.pkl", "annots/1.txt"),
    "kit_ml": ("new_joint_vecs/00001.npy", "00002_mmm.xml", "00002_annotations.json"),
    "lsmb19": ("cs_training_samples.txt",),
    "ntu": ("S001C001P001R001A001.skeleton",),
}


class _Bomb:
    def __init__(self, marker: Path) -> None:
        self.marker = str(marker)

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (self.marker,)


def _npy(array: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array, allow_pickle=True)
    return stream.getvalue()


def _zip(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in members.items():
            archive.writestr(f"{name}.npy", data)
    return stream.getvalue()


def hostile(kind: str, marker: Path) -> bytes:
    """Return the bytes of a file that is not what its name says."""
    bomb = np.empty(1, dtype=object)
    bomb[0] = _Bomb(marker)
    return {
        "empty": b"",
        "blank lines": b"\n \n\t\n",
        "random bytes": np.random.default_rng(3).bytes(4096),
        "zeros": b"\0" * 2048,
        "pickle bomb": pickle.dumps(_Bomb(marker)),
        "array of objects": _npy(bomb),
        "npz with a bomb": _zip(poses=_npy(bomb), trans=_npy(bomb)),
        "npy of text": _npy(np.array([["a", "b"]])),
        "npy not a number": _npy(np.full((60, 22, 3), np.nan, np.float32)),
        "npy of the wrong shape": _npy(np.zeros((60, 7), np.float32)),
        "npz with wrong keys": _zip(foo=_npy(np.zeros(3))),
        "json list": b"[1, 2, 3]",
        "json deep": b"[" * 20_000 + b"]" * 20_000,
        "json not a number": b'{"Loop": "wrap", "Frames": [[NaN, NaN]], "a": Infinity}',
        "binary glTF of nothing": b"glTF" + (2).to_bytes(4, "little") + b"\xff\xff\xff\x7f",
        "xml of entities": b'<!DOCTYPE a [<!ENTITY b "bbbbbbbb">]><a>&b;&b;</a>',
        "half a hierarchy": b"HIERARCHY\nROOT Hips\n{\n OFFSET 0 0 0\n CHANNELS 6 Xposition",
        "counts beyond reason": b"99999999999\n99999999999\n1 2 3\n",
    }[kind]


KINDS = (
    "empty", "blank lines", "random bytes", "zeros", "pickle bomb", "array of objects",
    "npz with a bomb", "npy of text", "npy not a number", "npy of the wrong shape",
    "npz with wrong keys", "json list", "json deep", "json not a number",
    "binary glTF of nothing", "xml of entities", "half a hierarchy", "counts beyond reason",
)  # fmt: skip


def test_every_converter_of_the_package_is_tried() -> None:
    assert set(NAMES) == set(OURS)


def reads(converter: Converter, root: Path) -> list[Callable[[], object]]:
    """Return what must fail: reading each file that is found, or else finding them."""
    try:
        paths = list(converter.find(root))
    except StickgenError:
        return [lambda: list(converter.find(root))]
    return [lambda path=path: list(converter.read(path, root)) for path in paths]


@pytest.mark.parametrize("source", sorted(NAMES))
def test_what_is_no_recording_is_refused_and_never_run(source: str, tmp_path: Path) -> None:
    marker = tmp_path / "executed"
    for kind in KINDS:
        root = tmp_path / kind
        for name in NAMES[source]:
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(hostile(kind, marker))
        converter = converters.create(source)
        for read in reads(converter, root):
            with pytest.raises(StickgenError) as caught:
                read()
            sentence = str(caught.value)
            assert "\n" not in sentence, (kind, sentence)
            assert str(root) in sentence, (kind, sentence)
        assert not marker.exists(), kind


def test_a_folder_of_such_files_ends_with_code_4_and_leaves_nothing(tmp_path: Path) -> None:
    root, store = tmp_path / "files", tmp_path / "store"
    root.mkdir()
    (root / "a.bvh").write_bytes(hostile("random bytes", tmp_path / "m"))
    result = CliRunner().invoke(convert, ["--source", "bvh", str(root), "-o", str(store)])
    assert isinstance(result.exception, StickgenError)
    assert result.exception.exit_code == 4
    assert not list(store.glob("*.parquet"))


# -- what a converter says about itself ----------------------------------------------------------


@pytest.mark.parametrize("source", OURS)
def test_it_tells_where_its_data_is_to_be_had_and_under_which_licence(source: str) -> None:
    factory = converters.get(source)
    assert issubclass(factory, SourceConverter)
    for fact in ("licence", "download", "layout", "citation", "fps_rule", "text_rule"):
        assert getattr(factory, fact).strip(), fact
    page = Path(__file__).parents[2] / "docs" / "how-to" / "datasets" / f"{source}.md"
    text = page.read_text("utf-8")
    for heading in ("Get it", "Licence", "Layout", "Command", "Traps"):
        assert heading in text, f"{page.name} has no {heading!r}"
    assert f"--source {source}" in text


def test_the_list_shows_it_all_and_check_tells_what_is_missing(tmp_path: Path) -> None:
    listed = CliRunner().invoke(convert, ["--list"]).output
    for source in OURS:
        assert source in listed
    assert "https://amass.is.tue.mpg.de" in listed
    assert "mocap.cs.cmu.edu" in listed
    (tmp_path / "Angry").mkdir()
    (tmp_path / "Angry" / "Angry_FW.bvh").write_text("")
    told = CliRunner().invoke(convert, ["--source", "100style", "--check", str(tmp_path)])
    assert "1 file for 100style" in told.output
    assert "Frame_Cuts.csv (where each take begins and ends): missing, and needed" in told.output


def test_companions_are_found_below_beside_and_above(tmp_path: Path) -> None:
    wanted = Companion("a.csv|b.csv", "x")
    inner = tmp_path / "in"
    inner.mkdir()
    assert wanted.count(inner) == 0
    (tmp_path / "b.csv").write_text("")
    assert wanted.count(inner) == 1
    (inner / "a.csv").write_text("")
    (inner / "b.csv").write_text("")
    assert wanted.count(inner) == 2
