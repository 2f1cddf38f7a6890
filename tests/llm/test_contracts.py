"""The planner and the stager keep the promises of their kinds of plugin."""

from __future__ import annotations

from stickgen.core.testing.contracts import LLMBackendContract, StagerContract


class TestRules(LLMBackendContract):
    name = "rules"


class TestTheatre(StagerContract):
    name = "theatre"
