"""Measure how much nearer a motion begins to a picture when the model is shown the picture.

    python scripts/pictures.py CORPUS [--poses 60]

CORPUS is the folder ``corpus`` that `stickgen train` makes beside its checkpoints. Of held-out
recorded clips (one window each) the first pose is drawn from a random side; the generator ``small``
is asked for the clip's words twice, with the same noise, alone and with the picture and its camera.
Printed are the mean distances in metres between the joints of the first generated pose and of the
true one, about the pelvis, and the interval that holds 95 % of means of recordings drawn again.
Needs stickgen-train and stickgen-render.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

from stickgen.core import features, picture_pose, registries, schema
from stickgen.core.sampling import SOURCES
from stickgen.train import pictures
from stickgen.train.corpus import Corpus, facing
from stickgen.train.picture_pose import cameras

PELVIS = schema.J["pelvis_center"]


def off(got: np.ndarray, true: np.ndarray) -> float:
    """Return the mean distance of two poses ``[16, 3]`` about the pelvis, m."""
    return float(np.linalg.norm((got - got[PELVIS]) - (true - true[PELVIS]), axis=-1).mean())


def interval(values: np.ndarray, groups: list[str]) -> str:
    """Return mean and bootstrap interval of *values*, drawing recordings again and again."""
    rng = np.random.default_rng(0)
    names = sorted(set(groups))
    rows = [np.flatnonzero(np.array(groups) == name) for name in names]
    means = [
        float(
            values[
                np.concatenate([rows[k] for k in rng.integers(len(rows), size=len(rows))])
            ].mean()
        )
        for _ in range(2000)
    ]
    low, high = np.quantile(means, [0.025, 0.975])
    return f"{values.mean():.4f} m (95 %: {low:.4f} to {high:.4f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--poses", type=int, default=60)
    parser.add_argument("--frames", type=int, default=24)
    parser.add_argument("--reader", type=Path)
    given = parser.parse_args()
    corpus = Corpus(given.corpus)
    reader = picture_pose.PoseReader(given.reader) if given.reader else picture_pose.find()
    rng = np.random.default_rng(1)
    held = [
        i for i, t in enumerate(corpus.tracks)
        if t.held_out and SOURCES[t.source] == "real" and t.texts
    ]  # fmt: skip
    chosen = rng.permutation(held)[: given.poses]
    maker = registries.generators.create("small")
    alone, shown, read, groups = [], [], [], []
    for number in chosen:
        track = corpus.tracks[int(number)]
        at = track.start + int(rng.integers(track.frames))
        frame = np.array(corpus.features[at : at + 1])
        joints = features.turn(features.decode(frame)[0][0], -facing(frame[0]))
        place = cameras(joints[None], rng)
        drawn = pictures.draw(joints[None], place, reader.size)[0]
        pose = reader.pose((drawn / np.float32(255)).transpose(2, 0, 1), place[0])
        text = corpus.texts[track.texts[0]]
        for opening, into in ((None, alone), (pose, shown)):
            maker.opening = opening
            motion = maker.sample(text, given.frames, np.random.default_rng(int(number)))
            into.append(off(np.asarray(motion.joints[0, 0], np.float64), joints))
        read.append(off(pose, joints))
        groups.append(track.recording_id)
    first, second = np.array(alone), np.array(shown)
    sys.stdout.write(f"{len(groups)} held-out poses of {len(set(groups))} recordings\n")
    sys.stdout.write(f"text alone:       {interval(first, groups)}\n")
    sys.stdout.write(f"text and picture: {interval(second, groups)}\n")
    sys.stdout.write(f"as it was read:   {interval(np.array(read), groups)}\n")
    sys.stdout.write(f"gain:             {interval(first - second, groups)}\n")
    sys.stdout.write(f"nearer in {100 * float((second < first).mean()):.0f} % of the poses\n")


if __name__ == "__main__":
    main()
