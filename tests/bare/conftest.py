"""These tests need an environment with core alone; ``nox -s bare`` makes one."""

import os

if not os.environ.get("STICKGEN_BARE"):
    collect_ignore_glob = ["*"]
