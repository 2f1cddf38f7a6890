"""What the trained rivals learn from: every training clip of a store, whatever made it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np

from stickgen.core import ops, schema
from stickgen.core.errors import DataError
from stickgen.core.storage import ClipStore
from stickgen.train.evaluation.baselines import POSE, Material


def material(store: ClipStore, encoder: Any, held_out: Collection[str] = ()) -> Material:
    """Return the training clips of *store* as the rivals see them, actor by actor.

    Clips of the recordings *held_out*, flat ones and those without words are left out. Raises
    `DataError` where nothing is left.
    """
    poses, actions, captions = [], [], []
    for clip in store:
        if clip.split not in (None, "train") or clip.recording_id in held_out:
            continue
        if clip.motion.depth is None or not clip.texts:
            continue
        motion = ops.resample(clip.motion, schema.FPS)
        for actor in range(motion.n_actors):
            here = motion.present[:, actor]
            if here.sum() < 16:
                continue
            joints = motion.joints[here, actor].astype(np.float32)
            joints[..., [0, 2]] -= joints[0, 0, [0, 2]]
            poses.append(joints.reshape(-1, POSE))
            actions.append(motion.actions[here, actor])
            captions.append(tuple(clip.texts))
    if len(poses) < 4:
        raise DataError(
            f"{store.path} has {len(poses)} training clips with depth and words; a trained rival"
            " needs 4"
        )
    distinct = sorted({text for texts in captions for text in texts})
    vectors = dict(zip(distinct, encoder.encode(distinct), strict=True))
    texts = tuple(np.stack([vectors[text] for text in said]) for said in captions)
    return Material(tuple(poses), tuple(actions), texts)
