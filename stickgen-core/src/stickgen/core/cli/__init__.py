"""The command line: ``stickgen`` and its commands.

Command modules import only the standard library, click and light modules of `stickgen.core` at
the top; everything heavy is imported inside the function that needs it, so that ``--help`` is
instant.
"""
