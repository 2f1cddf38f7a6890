"""A plugin whose import fails, as plugins do when what they depend on has changed."""

raise RuntimeError("this plugin is broken on purpose")
