"""The store a model is trained on: real clips that may be used, generated ones, and compositions.

**Contents**
    - `stickgen.datasets.training.permitted`: the data sets a published model may be trained on.
    - `stickgen.datasets.training.shows`: what each known recording shows, and how it is cut.
    - `stickgen.datasets.training.cutting`: from a recording to the stretches that show one thing.
    - `stickgen.datasets.training.one_body`: every motion on the same skeleton.
    - `stickgen.datasets.training.telling`: captions of a stretch.
    - `stickgen.datasets.training.dividing`: train, val and test, with every action in each.
    - `stickgen.datasets.training.making`: the whole run.

Importing the package imports nothing else.
"""
