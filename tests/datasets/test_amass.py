"""AMASS: both generations of files against an independent kinematics, and the real sample."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from plain_smpl import (
    NUMBERS,
    distance_after_turning,
    pose,
    walk,
    write_smplh,
    write_smplx,
    y_up,
)

from stickgen.core.cli.main import main
from stickgen.core.errors import SourceError, UsageError
from stickgen.core.registries import converters
from stickgen.core.schema import J
from stickgen.core.storage import ClipStore
from stickgen.core.testing import ConverterContract
from stickgen.core.types import Clip
from stickgen.datasets.amass import AmassConverter, keywords, motion_key, read_amass, read_texts

WRITERS = {"_poses.npz": write_smplh, "_stageii.npz": write_smplx}


def convert(path: Path, root: Path | None = None, **settings: object) -> Clip:
    (clip,) = AmassConverter(**settings).read(path, root or path.parent)
    return clip


class TestContract(ConverterContract):
    name = "amass"

    def sample(self, folder: Path) -> Path:
        write_smplh(folder / "KIT" / "4" / "WalkingForward01_poses.npz", walk(seconds=1.2))
        write_smplx(folder / "KIT" / "4" / "Turning_02_stageii.npz", walk(seconds=1.2))
        np.savez(folder / "KIT" / "4" / "shape.npz", betas=np.zeros(16))
        np.savez(folder / "KIT" / "4" / "neutral_stagei.npz", betas=np.zeros(16))
        return folder


@pytest.fixture(scope="module")
def neutral(real_data: Callable[[str], Path]) -> np.ndarray:
    """The published neutral body."""
    table = json.loads(real_data("smplx22_rest_joints.json").read_text())
    return np.array(table["positions"])


@pytest.mark.parametrize("ending", WRITERS)
def test_joints_are_where_plain_kinematics_puts_them(
    tmp_path: Path, neutral: np.ndarray, ending: str
) -> None:
    walker = walk()
    path = WRITERS[ending](tmp_path / f"walk{ending}", walker)
    clip = convert(path, height=None)
    assert "neutral rest skeleton" in clip.meta["body"]
    expected = y_up(pose(neutral * clip.meta["body_scale"], walker))[::2]
    found = clip.motion.joints[:, 0].astype(float)
    names = list(NUMBERS)
    there = found[:, [J[name] for name in names]]
    assert len(found) == len(expected)
    apart = distance_after_turning(there, expected[:, [NUMBERS[name] for name in names]])
    assert apart < 1e-3


@pytest.mark.parametrize("raised", ["left", "right"])
def test_the_raised_hand_is_on_the_right_side(tmp_path: Path, raised: str) -> None:
    path = write_smplh(tmp_path / "walk_poses.npz", walk(raised=raised))
    joints = convert(path).motion.joints[:, 0]
    up, other = ("l", "r") if raised == "left" else ("r", "l")
    assert (joints[:, J[f"{up}_wrist"], 1] > joints[:, J[f"{up}_shoulder"], 1]).all()
    assert (joints[:, J[f"{other}_wrist"], 1] < joints[:, J[f"{other}_shoulder"], 1]).all()


def test_stands_upright_and_walks_to_plus_x(tmp_path: Path) -> None:
    clip = convert(write_smplh(tmp_path / "walk_poses.npz", walk(heading=140.0)))
    joints = clip.motion.joints[:, 0].astype(float)
    y = np.median(joints[..., 1], axis=0)
    assert 1.4 < y[J["head_center"]] < 1.75
    assert y[J["neck"]] > y[J["pelvis_center"]] > y[J["l_knee"]] > y[J["l_ankle"]] > 0
    way = joints[-1, J["pelvis_center"]] - joints[0, J["pelvis_center"]]
    assert way[0] > 1.5
    assert abs(np.degrees(np.arctan2(way[2], way[0]))) < 10
    # facing +x, with the camera at +z, the left side is the far one
    assert (joints[:, J["l_hip"], 2] < joints[:, J["r_hip"], 2]).all()
    assert abs(clip.motion.seconds - 2.0) <= 1 / 25


def test_other_axes_of_the_world_are_not_taken_for_up(tmp_path: Path) -> None:
    """The predecessor of every bug here: x and y of z-up data drawn as a picture."""
    joints = convert(write_smplh(tmp_path / "a_poses.npz", walk())).motion.joints[:, 0]
    assert np.abs(joints[:, J["l_hip"], 0] - joints[:, J["r_hip"], 0]).max() < 0.25


def test_the_real_sample_stays_with_its_markers(real_data: Callable[[str], Path]) -> None:
    path = real_data("amass") / "amass" / "amass_sample.npz"
    clip = convert(path, height=None)
    with np.load(path) as arrays:
        markers = y_up(arrays["markers"])
        fps = float(arrays["mocap_framerate"])
    joints = clip.motion.joints[:, 0].astype(float)
    some = np.arange(0, len(joints), 4)
    joints, cloud = joints[some], markers[np.rint(some * fps / 25).astype(int)]
    # the canonical view turns about y and moves: find the turn by the body's own heading
    best = np.inf
    for degrees in np.arange(0, 360, 3):
        c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
        turned = joints @ np.array([[c, 0, -s], [0, 1, 0], [s, 0, c]])
        shift = cloud.mean(axis=(0, 1)) - turned.mean(axis=(0, 1))
        for _ in range(12):
            away = np.linalg.norm((turned + shift)[:, :, None] - cloud[:, None], axis=-1)
            near = np.take_along_axis(cloud, away.argmin(axis=2)[..., None], axis=1)
            shift = shift + (near - turned - shift).mean(axis=(0, 1))
        best = min(best, float(np.sqrt((away.min(axis=2) ** 2).mean())))
    assert best < 0.10
    assert clip.meta["temporal"]["original_fps"] == 120.0
    assert clip.meta["gender"] == "female"


@pytest.mark.parametrize(("size", "found"), [(0.9, 0.9), (1.05, 1.05), (0.5, 1.0), (1.17, 1.0)])
def test_the_neutral_body_is_sized_by_the_floor(
    tmp_path: Path, neutral: np.ndarray, size: float, found: float
) -> None:
    walker = walk()
    toes = pose(neutral * size, walker)[:, [10, 11], 2].min()
    walker.translation[:, 2] += 0.02 - toes
    clip = convert(write_smplh(tmp_path / "walk_poses.npz", walker))
    assert clip.meta["body_scale"] == pytest.approx(found, abs=0.03)


def test_shapes_and_first_stages_are_no_motions(tmp_path: Path) -> None:
    write_smplh(tmp_path / "a_poses.npz", walk())
    for name in ("shape.npz", "female_stagei.npz", "SMPLH_FEMALE.npz", "model.npz"):
        np.savez(tmp_path / name, betas=np.zeros(16))
    assert [path.name for path in AmassConverter().find(tmp_path)] == ["a_poses.npz"]


@pytest.mark.parametrize("key", ["mocap_framerate", "mocap_frame_rate"])
def test_both_spellings_of_the_frame_rate(tmp_path: Path, key: str) -> None:
    path = write_smplh(
        tmp_path / "a_poses.npz", walk(fps=100), **{"mocap_framerate": None, key: np.array(100)}
    )
    assert read_amass(path).fps == 100.0


def test_250_frames_a_second_are_thinned_not_refused(tmp_path: Path) -> None:
    clip = convert(write_smplh(tmp_path / "a_poses.npz", walk(fps=250.0)))
    assert clip.meta["temporal"]["original_fps"] == 125.0
    assert abs(clip.motion.seconds - 2.0) < 1 / 25 + 1e-9


def test_a_frame_rate_given_counts(tmp_path: Path) -> None:
    clip = convert(write_smplh(tmp_path / "a_poses.npz", walk(fps=50.0)), fps=100)
    assert abs(clip.motion.seconds - 1.0) < 1 / 25 + 1e-9


def test_gender_in_bytes_and_in_a_pickle(tmp_path: Path) -> None:
    path = write_smplh(tmp_path / "a_poses.npz", walk(), gender=np.array(b"male"))
    assert read_amass(path).gender == "male"
    path = write_smplh(tmp_path / "b_poses.npz", walk(), gender=np.array({"male": 1}, dtype=object))
    assert read_amass(path).gender == "neutral"


def test_texts_come_from_the_path(tmp_path: Path) -> None:
    name = tmp_path / "BioMotionLab_NTroje" / "rub055" / "0020_lifting_heavy2_poses.npz"
    clip = convert(write_smplh(name, walk()), tmp_path)
    assert clip.texts == ("A person is lifting heavy.",)
    assert clip.clip_id == "BioMotionLab_NTroje/rub055/0020_lifting_heavy2_poses"
    assert clip.subject == "BioMotionLab_NTroje/rub055"
    assert clip.recording_id == "BioMotionLab_NTroje/rub055/0020_lifting_heavy2"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("KIT/4/WalkingStraightForward01_poses.npz", "walking straight forward"),
        ("ACCAD/Male2MartialArtsStances_c3d/D7 - walk to bow_poses.npz", "walk to bow"),
        ("CMU/01/01_01_poses.npz", ""),
        ("ACCAD/Female1Running_c3d/C3_stageii.npz", "running"),
    ],
)
def test_words_of_a_path(path: str, words: str) -> None:
    assert keywords(Path("root") / path, Path("root")) == words


@pytest.mark.parametrize(
    "path",
    [
        "KIT/KIT/4/Walk 01_poses.npz",
        "KIT/4/Walk_01_stageii.npz",
        "KIT\\4\\Walk 01_poses.npz",
        "KIT/4/Walk_01_poses",
    ],
)
def test_names_of_one_take_are_one_key(path: str) -> None:
    assert motion_key(path) == "KIT/4/Walk_01"


def test_texts_by_path_from_the_real_list(tmp_path: Path, real_data: Callable[[str], Path]) -> None:
    captions = real_data("kitml") / "kitml" / "annotations.json"
    name = tmp_path / "KIT" / "KIT" / "4" / "WalkingStraightForward02_poses.npz"
    clip = convert(write_smplh(name, walk()), tmp_path, texts=captions)
    assert clip.texts == ("A person walks 4 steps forward.",)
    assert clip.meta["kit_id"] == "00002"
    assert len(read_texts(captions)) > 5000
    ids = real_data("babel") / "babel" / "amass_to_babel.json"
    name = tmp_path / "BioMotionLab_NTroje" / "rub055" / "0020_lifting_heavy2_poses.npz"
    clip = convert(write_smplh(name, walk()), tmp_path, texts=str(ids))
    assert clip.meta["babel_id"] == "5788"
    assert clip.texts == ("A person is lifting heavy.",)


@pytest.mark.parametrize(
    "content", ["[]", "{", '{"a": {"path": 3}}', '{"a": [3]}', "\x00", "[" * 100000]
)
def test_a_bad_list_of_texts_is_named(tmp_path: Path, content: str) -> None:
    path = write_smplh(tmp_path / "a_poses.npz", walk())
    (tmp_path / "texts.json").write_text(content)
    with pytest.raises(SourceError, match=r"texts\.json"):
        convert(path, texts=tmp_path / "texts.json")


NAN = np.full((100, 156), np.nan)
HOSTILE: dict[str, tuple[dict[str, object], str]] = {
    "no poses": ({"poses": None}, "root_orient"),
    "no frame rate": ({"mocap_framerate": None}, "frame rate"),
    "frame rate zero": ({"mocap_framerate": np.array(0.0)}, "mocap_framerate"),
    "two frame rates": ({"mocap_framerate": np.array([60.0, 60.0])}, "mocap_framerate"),
    "not a number": ({"poses": NAN}, "row 0"),
    "wrong width": ({"poses": np.zeros((100, 99))}, "99 pose parameters"),
    "wrong rank": ({"poses": np.zeros((100, 52, 3))}, "shape"),
    "no frames": ({"poses": np.zeros((0, 156))}, "empty"),
    "other length": ({"trans": np.zeros((7, 3))}, "trans"),
    "words": ({"poses": np.full((100, 156), "x")}, "numbers"),
    "complex": ({"trans": np.zeros((100, 3), dtype=complex)}, "numbers"),
    "pickled": ({"poses": np.array([{}] * 3, dtype=object)}, "poses"),
    "huge turns": ({"poses": np.full((100, 156), 1e300)}, "rotations"),
    "far away": ({"trans": np.full((100, 3), 1e300)}, "places"),
    "too fast": ({"mocap_framerate": np.array(1e9)}, "frame rate"),
    "huge shape": ({"betas": np.zeros(5000)}, "betas"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_wrong_array_is_one_sentence(tmp_path: Path, case: str) -> None:
    changes, place = HOSTILE[case]
    path = write_smplh(tmp_path / "bad_poses.npz", walk(), **changes)
    with pytest.raises(SourceError) as caught:
        convert(path)
    assert "bad_poses.npz" in str(caught.value)
    assert place in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("size", [0, 10, 500, 5000])
def test_a_truncated_file_is_named(tmp_path: Path, size: int) -> None:
    path = write_smplh(tmp_path / "cut_poses.npz", walk())
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(SourceError, match=r"cut_poses\.npz"):
        convert(path)


def test_pickles_are_not_opened(tmp_path: Path) -> None:
    trap = tmp_path / "sprung"
    bomb = f"cposix\nsystem\n(S'touch {trap}'\ntR.".encode()
    path = tmp_path / "bomb_poses.npz"
    path.write_bytes(bomb)
    with pytest.raises(SourceError, match="bomb_poses"):
        convert(path)
    assert not trap.exists()


def test_unknown_settings_are_named() -> None:
    with pytest.raises(UsageError, match="body_models"):
        converters.create("amass", body_model="here")


def test_settings_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    take = write_smplh(tmp_path / "amass" / "KIT" / "4" / "Walking_poses.npz", walk())
    (tmp_path / "texts.json").write_text('{"KIT/4/Walking": "somebody strolls"}')
    store = tmp_path / "clips"
    line = ["convert", "--source", "amass", str(tmp_path / "amass"), "-o", str(store)]

    def run(*more: str) -> tuple[int, str]:
        try:
            code = int(main([*line, *more]) or 0)
        except SystemExit as end:
            code = int(end.code or 0)
        return code, capsys.readouterr().err

    assert run("--set", f"texts={tmp_path / 'texts.json'}")[0] == 0
    (clip,) = ClipStore(store)
    assert clip.texts == ("somebody strolls",)
    for more, words in {
        ("--set", "texts"): "KEY=VALUE",
        ("--set", "text=a"): "texts",
        ("--set", "fps=3"): "--fps",
        ("--body-models", str(tmp_path / "nowhere")): "not a folder of body models",
    }.items():
        code, said = run("--force", *more)
        assert code in (2, 4)
        assert words in said
        assert "Traceback" not in said
    assert take.is_file()
