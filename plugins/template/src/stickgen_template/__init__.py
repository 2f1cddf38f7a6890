"""A plugin of stickgen: the generator and the exporter called ``template``, and a hook."""

__version__ = "0.1.0"
