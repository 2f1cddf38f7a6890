"""Clips for the tests of ``stickgen data``: a figure that walks, swings an arm and is filmed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from stickgen.core.actions import action
from stickgen.core.schema import J
from stickgen.core.storage import ClipStore
from stickgen.core.testing import standing
from stickgen.core.types import CameraTrack, Clip, Motion


def motion(
    frames: int = 50, speed: float = 0.2, fps: float = 25.0, name: str = "walk", actors: int = 1
) -> Motion:
    """Return a figure that glides along +x and swings its left arm; ankles are lifted a little."""
    time = np.arange(frames) / fps
    joints = np.empty((frames, actors, 16, 3))
    for actor in range(actors):
        joints[:, actor] = standing(z=1.5 * actor)
        joints[:, actor, :, 0] += speed * time[:, None]
        shoulder = joints[:, actor, J["l_shoulder"]]
        angle = 0.6 * np.sin(2 * np.pi * 1.0 * time)
        for joint, length in (("l_elbow", 0.272), ("l_wrist", 0.53)):
            joints[:, actor, J[joint]] = shoulder + length * np.stack(
                [np.sin(angle), -np.cos(angle), np.zeros(frames)], axis=-1
            )
    labels = np.full((frames, actors), action(name).index)
    labels[: frames // 4] = action("stand").index
    return Motion.from_joints(joints, fps, actions=labels)


def camera(frames: int) -> CameraTrack:
    x = np.linspace(0.0, 1.0, frames)
    target = np.stack([x, np.ones(frames), 0.3 * x], axis=-1)
    return CameraTrack(
        target + np.array([0.5, 0.4, 5.0]), target, np.full(frames, 30.0), np.full(frames, 4.0)
    )


def clip(clip_id: str = "a", texts: Iterable[str] = ("A person walks along the road",), **facts):
    facts.setdefault("source", "studio")
    facts.setdefault("licence", "CC0-1.0")
    facts.setdefault("recording_id", clip_id)
    shown = facts.pop("motion", None) or motion()
    return Clip(shown, clip_id, tuple(texts), **facts)


def store(path: Path, clips: Iterable[Clip], shard_clips: int = 256) -> Path:
    with ClipStore(path).writer(shard_clips=shard_clips) as writer:
        for each in clips:
            writer.add(each.clip_id, [each])
    return path


def damage(path: Path, clip_id: str) -> None:
    """Break the motion of one clip in the store at *path*, as a bad disk would."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    for shard in ClipStore(path).shards:
        table = pq.read_table(shard)
        rows = table.to_pylist()
        for row in rows:
            if row["clip_id"] == clip_id:
                row["motion"] = row["motion"][:-5]
        pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), shard)
