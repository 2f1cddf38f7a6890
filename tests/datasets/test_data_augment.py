"""Augmented clips: every change is true of the motion, its words, its labels and its camera."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import sample_clips as samples
from hypothesis import assume, given
from hypothesis import strategies as st

from stickgen.core import ops
from stickgen.core.actions import action
from stickgen.core.errors import UsageError
from stickgen.core.schema import J
from stickgen.core.storage import ClipStore
from stickgen.core.types import Clip
from stickgen.datasets.data.augmenting import KINDS, augment, derive, suits
from stickgen.datasets.data.sides import mirrored, tells_speed
from stickgen.datasets.data.splitting import assign

# Words.


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A person waves with the left hand", "A person waves with the right hand"),
        ("Left, right, LEFT!", "Right, left, RIGHT!"),
        ("turns clockwise, then anti-clockwise", "turns counterclockwise, then clockwise"),
        ("counterclockwise", "clockwise"),
        ("a left-handed throw to the right side", "a right-handed throw to the left side"),
        ("steps leftwards", "steps rightwards"),
        ("stands upright in bright light", "stands upright in bright light"),
        ("sits down right away", "sits down right away"),
        ("is all right now", "is all right now"),
        ("the person left the room", "the person left the room"),
        ("he left a cup on his left", "he left a cup on his right"),
        ("the arms form a right angle", "the arms form a right angle"),
        ("walks toward the camera", "walks away from the camera"),
        ("walks away from the viewer", "walks toward the viewer"),
    ],
)
def test_side_words_change_places(text: str, expected: str) -> None:
    assert mirrored(text) == expected


VOCABULARY = ["a", "man", "kicks", "left", "right", "Right", "clockwise", "counterclockwise", "leg",
              "leftward", "RIGHT-HANDED", "and", "the", "upright", "then", "turns"]  # fmt: skip


@given(st.lists(st.sampled_from(VOCABULARY)).map(" ".join))
def test_the_mirror_of_a_mirror_says_the_same(text: str) -> None:
    # "right the" is no English, and its mirror reads as in "he left the room"
    assume(not re.search(r"\bright (a|the)\b", text, re.IGNORECASE))
    assert mirrored(mirrored(text)) == text


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("walks slowly", True),
        ("hurried to the door", True),
        ("waves for three seconds", True),
        ("jogs in a circle", True),
        ("a breakfast", False),
        ("walks along the road", False),
        ("stands fastened to a rope", False),
    ],
)
def test_speed_words(text: str, tells: bool) -> None:
    assert tells_speed(text) is tells


# Motion.


def _filmed(**facts) -> Clip:
    return samples.clip(
        "walk",
        ["A person waves with the left hand"],
        camera=samples.camera(50),
        recording_id="take",
        meta={
            "steps": [[{"start": 0, "stop": 25, "action": "stand"},
                       {"start": 25, "stop": 50, "action": "walk", "hand": "left"}]],
            "labels": [{"text": "left hand up", "start": 0.5, "end": 1.0}],
            "music": {"bpm": 100},
            "height": 1.8,
        },
        **facts,
    )  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_derived_knows_where_it_is_from(kind: str) -> None:
    clip = _filmed()
    new = derive(clip, kind, 1, seed=4)
    assert (new.clip_id, new.parent_id, new.recording_id) == (f"walk~{kind}2", "walk", "take")
    assert new.meta["augmentation"]["kind"] == kind
    again = derive(clip, kind, 1, seed=4)
    np.testing.assert_array_equal(new.motion.frames, again.motion.frames)
    if kind != "mirror":
        other = derive(clip, kind, 1, seed=5).meta["augmentation"]
        assert other != new.meta["augmentation"]
    assert new.camera is not None
    assert len(new.camera.fov) == new.motion.n_frames


def test_speed_is_time() -> None:
    face = np.zeros((50, 1, 7), np.float32)
    face[..., 6] = 4.0
    clip = _filmed(motion=replace(samples.motion(), face=face))
    new = derive(clip, "speed")
    factor = new.meta["augmentation"]["factor"]
    assert 0.85 <= factor <= 1.15
    assert factor != 1.0
    assert new.motion.fps == 25.0
    assert new.motion.seconds == pytest.approx(clip.motion.seconds / factor, abs=0.02)
    # The pelvis is where it was at the corresponding time, and labels change when they did.
    times = np.arange(new.motion.n_frames) / 25.0 * factor
    pelvis = new.motion.joints[:, 0, J["pelvis_center"], 0]
    np.testing.assert_allclose(pelvis, np.minimum(0.2 * times, 0.2 * 49 / 25), atol=1e-4)
    stood = (new.motion.actions[:, 0] == action("stand").index).sum()
    assert stood == pytest.approx(12 / factor, abs=1.5)
    assert new.motion.face is not None
    assert new.motion.face[0, 0, 6] == pytest.approx(4.0 * factor)
    assert new.meta["music"]["bpm"] == pytest.approx(100 * factor)
    assert new.meta["labels"][0]["start"] == pytest.approx(0.5 / factor, abs=1e-3)
    assert new.meta["steps"][0][1]["start"] == round(25 / factor)
    assert new.camera is not None
    followed = np.interp(times * 25.0, np.arange(50), np.linspace(0, 1, 50))
    np.testing.assert_allclose(new.camera.target[:, 0], followed, atol=1e-6)


def test_speed_leaves_captions_true() -> None:
    assert suits("speed", samples.clip(texts=["walks along"]))
    assert not suits("speed", samples.clip(texts=["walks along", "walks quickly"]))


def test_place_and_size_take_the_camera_along() -> None:
    clip = _filmed()
    assert clip.camera is not None
    for kind in ("position", "scale"):
        new = derive(clip, kind)
        assert new.camera is not None
        seen = [
            (c.camera.target - c.motion.joints[:, 0, J["pelvis_center"]])
            / ops.standing_height(c.motion)[0]
            for c in (clip, new)
            if c.camera is not None
        ]
        np.testing.assert_allclose(seen[0], seen[1], atol=1e-5)
    moved = derive(clip, "position").meta["augmentation"]["offset"]
    assert 0 < max(map(abs, moved)) <= 0.5
    scaled = derive(clip, "scale")
    factor = scaled.meta["augmentation"]["factor"]
    height = ops.standing_height(scaled.motion)[0]
    assert height == pytest.approx(ops.standing_height(clip.motion)[0] * factor, rel=1e-4)
    assert scaled.meta["height"] == pytest.approx(1.8 * factor, abs=1e-3)


def test_a_mirror_swaps_sides_everywhere() -> None:
    clip = _filmed()
    new = derive(clip, "mirror")
    assert clip.camera is not None
    assert new.camera is not None
    before, after = clip.motion.joints[:, 0], new.motion.joints[:, 0]
    flip = np.array([1.0, 1.0, -1.0])
    np.testing.assert_allclose(after[:, J["r_wrist"]], before[:, J["l_wrist"]] * flip, atol=1e-6)
    assert new.texts == ("A person waves with the right hand",)
    assert new.meta["steps"][0][1]["hand"] == "right"
    assert new.meta["labels"][0]["text"] == "right hand up"
    np.testing.assert_allclose(new.camera.position, clip.camera.position * flip)
    np.testing.assert_allclose(new.camera.roll, -clip.camera.roll)
    twice = derive(new, "mirror")
    np.testing.assert_allclose(twice.motion.frames, clip.motion.frames, atol=1e-6)
    assert twice.texts == clip.texts
    assert twice.meta["steps"] == clip.meta["steps"]


def test_toward_the_camera_stays_so_where_there_is_one() -> None:
    text = "walks toward the camera"
    assert derive(samples.clip(texts=[text], camera=samples.camera(50)), "mirror").texts == (text,)
    assert derive(samples.clip(texts=[text]), "mirror").texts == ("walks away from the camera",)


def test_the_view_belongs_to_the_camera() -> None:
    for clip in (samples.clip(), _filmed()):
        new = derive(clip, "camera")
        np.testing.assert_array_equal(new.motion.frames, clip.motion.frames)
        assert new.camera is not None
        low, high = ops.bounds(clip.motion)
        middle = (low + high) / 2
        if clip.camera is not None:
            for name in ("position", "target"):
                radius = [np.linalg.norm(getattr(c, name) - middle, axis=1)
                          for c in (clip.camera, new.camera)]  # fmt: skip
                np.testing.assert_allclose(*radius, atol=1e-6)
        else:
            # Everyone is in the picture: within half the angle of view of its axis.
            look = new.camera.target[0] - new.camera.position[0]
            rays = clip.motion.joints.reshape(-1, 3) - new.camera.position[0]
            cosine = rays @ look / np.linalg.norm(rays, axis=1) / np.linalg.norm(look)
            assert np.degrees(np.arccos(cosine.min())) < 15.0
            yaw = np.degrees(np.arctan2(-look[0], -look[2]))
            assert yaw == pytest.approx(new.meta["augmentation"]["yaw"], abs=1e-6)


# Stores.


def test_augment_a_store(tmp_path: Path) -> None:
    clips = [
        samples.clip("a", split="train"),
        samples.clip("b", ["runs fast to the left"], split="train"),
        samples.clip("c", split="test"),
    ]
    source = samples.store(tmp_path / "s", clips)
    result = augment(source, tmp_path / "more", rounds=2)
    names = set(ClipStore(tmp_path / "more").clip_ids())
    assert {"a", "b", "c", "a~speed", "a~speed2", "a~mirror", "b~scale2"} <= names
    assert not any(name.startswith(("b~speed", "c~")) for name in names)
    assert "a~mirror2" not in names
    assert result.unsuited == {"speed": 1}
    assert len(names) == result.tally.written == 3 + 9 + 7
    columns = ("clip_id", "recording_id", "subject", "parent_id", "source", "split")
    sides = assign(ClipStore(tmp_path / "more").rows(*columns)).of_clip
    for clip in ClipStore(tmp_path / "more"):
        assert sides[clip.clip_id] == sides[clip.clip_id[0]]
    with pytest.raises(UsageError, match="warp"):
        augment(source, tmp_path / "x", kinds=["warp"])


def test_a_flat_motion_is_augmented_in_its_plane(tmp_path: Path) -> None:
    flat = replace(samples.motion(), depth=None)
    source = samples.store(tmp_path / "s", [samples.clip("a", motion=flat)])
    result = augment(source, tmp_path / "more")
    assert result.kinds == {"speed": 1, "position": 1, "scale": 1, "mirror": 1}
    assert result.unsuited == {"camera": 1}
