"""Captioned clips composed from whatever generator is installed and from real clips.

**Contents**
    - `stickgen.datasets.synth.production`: `Recipe` and `synthesise`, the whole run.
    - `stickgen.datasets.synth.repertoire`: what a generator can do.
    - `stickgen.datasets.synth.plans`: what a clip is to show, drawn at random.
    - `stickgen.datasets.synth.stage`: the motion of a plan.
    - `stickgen.datasets.synth.layering`: the upper body of one motion over another.
    - `stickgen.datasets.synth.proof`: whether a motion shows what its plan says.
    - `stickgen.datasets.synth.wording`: the sentences of a plan.

Importing the package imports nothing else.
"""
