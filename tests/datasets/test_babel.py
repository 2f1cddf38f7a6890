"""BABEL: labels become actions at the right frames, and sentences."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from plain_smpl import walk, write_smplh, write_smplx

from stickgen.core.actions import NO_OVERLAY, action
from stickgen.core.errors import SourceError
from stickgen.core.schema import J
from stickgen.core.testing import ConverterContract
from stickgen.core.types import Clip
from stickgen.datasets.babel import BabelConverter, Label, read_babel
from stickgen.datasets.conversion import Job, convert_to_store

TAKE = "BMLmovi/BMLmovi/Subject_11_F_MoSh/Subject_11_F_10_poses.npz"


def label(raw: str, *categories: str, start: float | None = None, end: float | None = None) -> dict:
    out = {"raw_label": raw, "proc_label": raw, "act_cat": list(categories), "seg_id": raw}
    return out if start is None else out | {"start_t": start, "end_t": end}


def entry(whole: list | None, timed: list | None = None, **changes: object) -> dict:
    """Return one sequence as train.json holds it."""
    return {
        "babel_sid": 4,
        "url": "http://example.org/4.mp4",
        "feat_p": TAKE,
        "dur": 4.0,
        "seq_ann": {"babel_lid": "a", "anntr_id": "b", "mul_act": True, "labels": whole}
        if whole is not None
        else None,
        "frame_ann": {"babel_lid": "c", "anntr_id": "d", "mul_act": True, "labels": timed}
        if timed is not None
        else None,
    } | changes


TIMED = [
    label("walk forward", "walk", "forward movement", start=0.0, end=1.5),
    label("transition", "transition", start=1.5, end=2.0),
    label("wave with right hand", "wave", "hand movements", start=0.5, end=1.0),
    label("sitting", "sit", start=2.0, end=3.5),
]
WHOLE = [label("walk and sit", "walk", "sit")]


def lay_out(root: Path, fps: float = 100.0, name: str = "train.json", **sequences: dict) -> Path:
    root.mkdir(exist_ok=True)
    (root / name).write_text(json.dumps(sequences or {"4": entry(WHOLE, TIMED)}))
    write_smplh(root / "amass" / TAKE, walk(fps=fps, seconds=4.0))
    return root


def convert(root: Path, **settings: object) -> Clip:
    converter = BabelConverter(**settings)
    (path,) = converter.find(root)
    (clip,) = converter.read(path, root)
    return clip


class TestContract(ConverterContract):
    name = "babel"

    def sample(self, folder: Path) -> Path:
        return lay_out(folder)


@pytest.mark.parametrize("fps", [60.0, 100.0, 120.0])
def test_labels_are_at_their_seconds(tmp_path: Path, fps: float) -> None:
    motion = convert(lay_out(tmp_path, fps=fps)).motion
    names = {"walk": slice(0, 38), "idle": slice(38, 50), "sit": slice(50, 88)}
    for name, frames in names.items():
        assert (motion.actions[frames] == action(name).index).all(), name
    assert (motion.actions[88:] == 0).all()
    over = np.full(motion.n_frames, NO_OVERLAY)
    over[13:25] = action("wave").index
    assert (motion.overlay[:, 0] == over).all()


def test_sentences_tell_what_is_done_in_order(tmp_path: Path) -> None:
    clip = convert(lay_out(tmp_path))
    assert clip.texts == (
        "A person walks and sits.",
        "A person walks forward, waves with right hand, then is sitting.",
    )
    assert clip.clip_id == "4"
    assert clip.split == "train"
    assert clip.recording_id == "BMLmovi/Subject_11_F_MoSh/Subject_11_F_10"
    assert clip.meta["labels"][0] == {
        "text": "walk forward", "start": 0.0, "end": 1.5, "action": "walk",
    }  # fmt: skip
    assert clip.meta["action"] == "walk"


def test_left_is_left_and_walking_is_to_plus_x(tmp_path: Path) -> None:
    joints = convert(lay_out(tmp_path)).motion.joints[:, 0]
    assert (joints[:, J["l_wrist"], 1] > joints[:, J["r_wrist"], 1]).all()
    assert (joints[:, J["l_hip"], 2] < joints[:, J["r_hip"], 2]).all()
    assert joints[-1, J["pelvis_center"], 0] > 3
    assert np.median(joints[:, J["head_center"], 1]) > 1.4


def test_without_times_the_first_action_lasts(tmp_path: Path) -> None:
    one = convert(lay_out(tmp_path / "a", **{"4": entry([label("jogging", "jog")])}))
    assert (one.motion.actions == action("run").index).all()
    assert one.texts == ("A person is jogging.",)
    two = convert(lay_out(tmp_path / "b", **{"4": entry(WHOLE)}))
    assert (two.motion.actions == action("walk").index).all()
    none = convert(lay_out(tmp_path / "c", **{"4": entry([label("move arm", "arm movements")])}))
    assert (none.motion.actions == 0).all()


def test_extra_files_hold_several_annotators(tmp_path: Path) -> None:
    extra = entry(None) | {
        "seq_anns": [{"labels": [label("run", "run")]}, {"labels": [label("jog", "jog")]}],
        "frame_anns": None,
    }
    clip = convert(lay_out(tmp_path, name="extra_val.json", **{"4": extra}))
    assert clip.texts == ("A person runs.", "A person jogs.")
    assert clip.split == "val"


def test_amass_elsewhere_and_of_the_other_generation(tmp_path: Path) -> None:
    root = tmp_path / "babel"
    root.mkdir()
    (root / "val.json").write_text(json.dumps({"7": entry(WHOLE, TIMED)}))
    amass = tmp_path / "amass"
    with pytest.raises(SourceError, match="amass=DIR"):
        BabelConverter().find(root)
    write_smplx(amass / "BMLmovi/Subject_11_F_MoSh/Subject_11_F_10_stageii.npz", walk(seconds=4.0))
    clip = convert(root, amass=str(amass))
    assert (clip.clip_id, clip.split) == ("7", "val")
    store = tmp_path / "store"
    job = Job("babel", {"amass": str(amass)}, root)
    assert convert_to_store(job, store).clips == 1
    assert convert_to_store(job, store, resume=True).done_before == 1


@pytest.mark.parametrize(
    ("raw", "categories", "expected"),
    [
        ("walk", ["walk"], "walk"),
        ("transition", ["transition"], None),
        ("transition from sit to stand", ["transition"], None),
        ("defeat", ["gesture"], None),
        ("shop", ["interact with/use object"], None),
        ("trunk rotation", ["waist movements"], None),
        ("believe", ["gesture"], None),
        ("turn around", ["turn"], "turn"),
        ("pick up box", ["take/pick something up", "grasp object"], "pick_up"),
        ("lift left arm", ["raising body part", "arm movements"], None),
        ("move left arm", ["arm movements"], None),
        ("nod", ["head movements"], "nod"),
        ("move box", ["move something"], None),
        ("applaud", ["clap hands"], "clap"),
        ("cartwheels", ["cartwheel"], "cartwheel"),
        ("squatting", ["squat"], "crouch"),
        ("walk backwards", ["backwards movement"], "walk"),
        ("t-pose", ["t pose"], None),
        ("standing up", ["stand up"], "stand"),
        ("throw ball", ["throw", "action with ball"], "throwing"),
    ],
)
def test_categories_are_matched_whole(
    raw: str, categories: list[str], expected: str | None
) -> None:
    assert Label(raw, tuple(categories)).action == expected


def test_labels_of_another_version_of_the_take_are_refused(tmp_path: Path) -> None:
    root = lay_out(tmp_path, **{"4": entry(WHOLE, TIMED, dur=9.0)})
    with pytest.raises(SourceError, match=r"labels are about 9\.00 s"):
        convert(root)


HOSTILE: dict[str, tuple[object, str]] = {
    "list": ([], "list"),
    "no object": ({"4": 3}, "sequence '4'"),
    "no path": ({"4": entry(WHOLE) | {"feat_p": None}}, "feat_p"),
    "no duration": ({"4": entry(WHOLE) | {"dur": "long"}}, "dur"),
    "labels": ({"4": entry(WHOLE) | {"seq_ann": {"labels": 3}}}, "seq_ann"),
    "label": ({"4": entry(["walk"])}, "seq_ann"),
    "category": ({"4": entry([label("a") | {"act_cat": "walk"}])}, "act_cat"),
    "raw": ({"4": entry([label("a") | {"raw_label": 3}])}, "raw_label"),
    "times": ({"4": entry(None, [label("a", start="now", end=2)])}, "start_t"),  # type: ignore[arg-type]
    "backwards": ({"4": entry(None, [label("a", start=3, end=2)])}, "from 3 to 2"),
    "negative": ({"4": entry(None, [label("a", start=-3, end=2)])}, "start_t"),
    "annotators": ({"4": entry(None) | {"seq_anns": 3}}, "seq_anns"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_bad_label_file_is_one_sentence(tmp_path: Path, case: str) -> None:
    root = lay_out(tmp_path)
    content, place = HOSTILE[case]
    (root / "train.json").write_text(json.dumps(content))
    with pytest.raises(SourceError, match=r"train\.json") as caught:
        convert(root)
    assert place in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("size", [0, 1, 100])
def test_a_truncated_label_file_is_named(tmp_path: Path, size: int) -> None:
    root = lay_out(tmp_path)
    path = root / "train.json"
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(SourceError, match=r"train\.json"):
        convert(root)


def test_not_a_number_as_a_time(tmp_path: Path) -> None:
    root = lay_out(tmp_path)
    text = (root / "train.json").read_text().replace('"start_t": 0.0', '"start_t": NaN')
    (root / "train.json").write_text(text)
    with pytest.raises(SourceError, match="start_t"):
        read_babel(root / "train.json")
