"""The story planner of stickgen: a prompt becomes a script, a script becomes a scene.

**Contents**
    - `stickgen.llm.rules`: the offline planner (backend ``rules``).
    - `stickgen.llm.staging`: the stager ``theatre``, which performs a script with a generator.
    - `stickgen.llm.document`: scripts as JSON or YAML documents.
"""
