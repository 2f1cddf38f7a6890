"""Joints by name, over the names skeletons go by."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from bvh_text import bvh_text

from stickgen.core.errors import SourceError
from stickgen.datasets.bvh import read_bvh
from stickgen.datasets.skeletons import map_joints, read_joint_map

MIXAMO = {
    "l_hip": "LeftUpLeg", "l_knee": "LeftLeg", "l_ankle": "LeftFoot", "l_shoulder": "LeftArm",
    "l_elbow": "LeftForeArm", "l_wrist": "LeftHand", "neck": "Neck", "head": "Head",
}  # fmt: skip


def naming(names: str) -> dict[str, str]:
    """Return a naming from names separated by commas, in the order of MIXAMO."""
    return dict(zip(MIXAMO, names.split(", "), strict=True))


SMPL = naming("L_Hip, L_Knee, L_Ankle, L_Shoulder, L_Elbow, L_Wrist, neck, head")
UNREAL = naming("thigh_l, calf_l, foot_l, upperarm_l, lowerarm_l, hand_l, neck_01, head")
BLENDER = naming("thigh.L, shin.L, foot.L, upper_arm.L, forearm.L, hand.L, neck, head")
STYLE100 = naming("LeftHip, LeftKnee, LeftAnkle, LeftShoulder, LeftElbow, LeftWrist, Neck, Head")
UNITY = naming(
    "LeftUpperLeg, LeftLowerLeg, LeftFoot, LeftUpperArm, LeftLowerArm, LeftHand, Neck, Head"
)
BIPED = naming(
    "Bip01 L Thigh, Bip01 L Calf, Bip01 L Foot, Bip01 L UpperArm, Bip01 L Forearm, Bip01 L Hand,"
    " Bip01 Neck, Bip01 Head"
)
PREFIXED = {role: f"mixamorig:{name}" for role, name in MIXAMO.items()}
SIDES = {"Left": "Right", "L_": "R_", " L ": " R ", "_l": "_r", ".L": ".R"}


def other_side(name: str) -> str:
    for left, right in SIDES.items():
        if left in name:
            return name.replace(left, right)
    raise AssertionError(name)


def renamed(names: dict[str, str]) -> dict[str, str]:
    """Return the names of the test body's joints under *names*."""
    table = {MIXAMO[role]: name for role, name in names.items()}
    table |= {
        MIXAMO[role].replace("Left", "Right"): other_side(name)
        for role, name in names.items()
        if role.startswith("l_")
    }
    prefix = "Bip01 " if names is BIPED else "mixamorig:" if names is PREFIXED else ""
    return {"Hips": prefix + "Hips", "Spine": prefix + "Spine", "Spine1": prefix + "Spine1"} | table


@pytest.mark.parametrize("names", [MIXAMO, SMPL, UNREAL, BIPED, BLENDER, STYLE100, UNITY, PREFIXED])
def test_names_of_many_rigs(tmp_path: Path, names: dict[str, str]) -> None:
    path = tmp_path / "a.bvh"
    path.write_text(bvh_text(frames=2, rename=lambda name: renamed(names)[name]))
    track = read_bvh(path).track
    found = map_joints(path, track)
    for role, name in names.items():
        assert track.names[found.roles[role]] == name
        if role.startswith("l_"):
            assert track.names[found.roles["r" + role[1:]]] == other_side(name)
    assert [re.split("[ :]", track.names[joint])[-1] for joint in found.spine] == [
        "Spine",
        "Spine1",
    ]


def odd(tmp_path: Path) -> Path:
    path = tmp_path / "odd.bvh"
    names = {"LeftHand": "paw_1", "RightHand": "paw_2", "Neck": "C7"}
    path.write_text(bvh_text(frames=2, rename=lambda name: names.get(name, name)))
    return path


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    path = odd(tmp_path)
    with pytest.raises(SourceError) as caught:
        map_joints(path, read_bvh(path).track)
    for part in ("neck", "l_wrist", "r_wrist", "--joint-map", "Hips, Spine", str(path)):
        assert part in str(caught.value)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("map.toml", 'neck = "C7"\nl_wrist = "paw_1"\nr_wrist = "paw_2"\nchest = "Spine1"\n'),
        ("map.json", '{"neck": "C7", "l_wrist": "paw_1", "r_wrist": "paw_2", "chest": "Spine1"}'),
    ],
)
def test_a_joint_map_fills_in(tmp_path: Path, name: str, text: str) -> None:
    path = odd(tmp_path)
    (tmp_path / name).write_text(text)
    track = read_bvh(path).track
    # limbs are found by name as a whole, so the rest of an arm with an odd hand must be named too
    arms = {
        f"{side}_{part}": f"{word}{joint}"
        for side, word in (("l", "Left"), ("r", "Right"))
        for part, joint in (("shoulder", "Arm"), ("elbow", "ForeArm"))
    }
    found = map_joints(path, track, arms | read_joint_map(tmp_path / name))
    assert track.names[found.roles["r_wrist"]] == "paw_2"
    assert [track.names[joint] for joint in found.spine] == ["Spine1"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("neck = ", "not a joint map"),
        ('nose = "Head"', "'nose'"),
        ("neck = 3", "must be the name"),
        ("\x00\xff", "not a joint map"),
    ],
)
def test_bad_joint_maps(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "map.toml"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(SourceError, match=says):
        read_joint_map(path)
    with pytest.raises(SourceError, match="cannot be read"):
        read_joint_map(tmp_path / "none.toml")


def test_a_joint_map_that_does_not_fit(tmp_path: Path) -> None:
    path = odd(tmp_path)
    track = read_bvh(path).track
    with pytest.raises(SourceError, match="no such joint"):
        map_joints(path, track, {"neck": "C6"})
    good = tmp_path / "good.bvh"
    good.write_text(bvh_text(frames=2))
    with pytest.raises(SourceError, match="two roles"):
        map_joints(good, read_bvh(good).track, {"l_knee": "LeftFoot"})


def test_of_several_necks_the_one_between_the_shoulders_counts(real_data) -> None:
    folder = real_data("asf_amc")
    (path,) = folder.rglob("01_01.bvh")
    track = read_bvh(path).track
    found = map_joints(path, track)
    assert track.names[found.roles["neck"]] == "Neck1"
    assert np.all(np.diff([found.roles["neck"], found.roles["head"]]) > 0)
